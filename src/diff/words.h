/* Small texts about schemas, shared by deltas and hazards. */
#ifndef PERSIST_WORDS_H
#define PERSIST_WORDS_H

#include "ir.h"

/* The relation that brought the foreign key column FIELD of ENTITY, or NULL. */
const struct relation *words_relation_of(const struct entity *entity, const char *field);

/* "a, b" */
const char *words_names(struct arena *arena, const struct names *names);

/* The fields and expressions of an index: "number, lower(name)". */
const char *words_index_parts(struct arena *arena, const struct index *index);

/* An SQL expression that a row could hold in FIELD, as an example to type: "'OPEN'", "0". */
const char *words_sample_value(struct arena *arena, const struct schema *schema, const struct field *field);

/* The type of FIELD in the words of the model: "string(20)", "decimal(10,2)", "Status", "time:Date". */
const char *words_type(struct arena *arena, const struct field *field);

#endif
