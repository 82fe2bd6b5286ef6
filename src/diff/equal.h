/* Are two entities the same in all that a model says? The shortest way past what did not change: one comparison without any lookup. */
#ifndef PERSIST_EQUAL_H
#define PERSIST_EQUAL_H

#include "ir.h"

/* Compares everything but places in the source; expressions by their text. */
bool entity_equal(const struct entity *a, const struct entity *b);
bool enumeration_equal(const struct enumeration *a, const struct enumeration *b);
bool object_equal(const struct object *a, const struct object *b);

/* The same of one part of them; of a relation with the number of its foreign key. */
bool field_equal(const struct field *a, const struct field *b);
bool relation_equal(const struct relation *a, const struct relation *b);
bool foreign_key_equal(const struct foreign_key *a, const struct foreign_key *b);
bool index_equal(const struct index *a, const struct index *b);
bool check_equal(const struct check *a, const struct check *b);
bool exclude_equal(const struct exclude *a, const struct exclude *b);
bool key_equal(const struct key *a, const struct key *b);
bool table_options_equal(const struct table_options *a, const struct table_options *b);
bool member_equal(const struct enum_member *a, const struct enum_member *b);

/* FROM with each entity, enum and object that TO holds just so taken from TO: what is shared is told apart by its address ever after. Of the
 * declared forms before renames_find() and deltas_find(), of the normal forms before plan_make(), it saves every later comparison. */
struct schema *schema_share(struct arena *arena, const struct schema *from, const struct schema *to);

#endif
