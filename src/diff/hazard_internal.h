/* Shared by the files that find hazards: hazard.c (tables, objects, and who is asked about which change), hazard_columns.c (columns and
 * enums) and hazard_keys.c (keys, indexes, checks, exclusions, foreign keys). */
#ifndef PERSIST_HAZARD_INTERNAL_H
#define PERSIST_HAZARD_INTERNAL_H

#include "hazard.h"

struct finder {
    struct arena *arena;
    const struct plan *plan;
    cast_risk_function *cast_risk;
    struct hazards *hazards;
    const char *only_new_entity; /* NULL: none is new, or several */
    struct map seen;             /* code and subject of what is said once, though several changes bring it */
};

/* Says what CHANGE risks by itself. */
typedef void hazard_finder(struct finder *finder, const struct change *change);

void finder_add(struct finder *finder, enum hazard_rule_id rule, const struct change *change, struct hazard words);

/* As finder_add(), but once for a subject. */
void finder_add_once(struct finder *finder, enum hazard_rule_id rule, const struct change *change, struct hazard words);

/* "when it may go: --allow destroy:SUBJECT" */
const char *finder_allow(struct finder *finder, const char *subject);

/* "Entity.NAME", the entity of CHANGE by its new name. */
const char *finder_subject(struct finder *finder, const struct change *change, const char *name);

/* The field as the user knows it: a derived column goes by its relation. */
const char *finder_field_subject(struct finder *finder, const struct change *change, const struct field *field);

/* The field of change->from that the field NAME of change->to was, and the other way round; NULL: it is new, it goes. */
const struct field *finder_old_field(const struct finder *finder, const struct change *change, const char *name);
const struct field *finder_new_field(const struct finder *finder, const struct change *change, const char *name);

/* Does the database keep the former versions of the rows of ENTITY (system versioning)? */
bool table_keeps_history(const struct entity *entity);

/* What the change of ENUMERATION (of plan->to) does; said once, by the first change that carries it out. */
void hazard_enum(struct finder *finder, const struct change *change, const struct enumeration *enumeration);

/* The enum of FIELD in plan->to, or NULL. */
const struct enumeration *hazard_enum_of(const struct finder *finder, const struct field *field);

/* Did something that was unique before make INDEX (of change->to) unique already? */
bool hazard_was_unique(const struct finder *finder, const struct change *change, const struct index *index);

/* What a table's own collation does to the columns that follow it. */
hazard_finder hazard_collations;

hazard_finder hazard_add_column;
hazard_finder hazard_alter_column;
hazard_finder hazard_drop_column;
hazard_finder hazard_alter_enum;

hazard_finder hazard_add_key;
hazard_finder hazard_add_index;
hazard_finder hazard_add_check;
hazard_finder hazard_add_exclude;
hazard_finder hazard_add_foreign_key;
hazard_finder hazard_drop_key;
hazard_finder hazard_drop_index;
hazard_finder hazard_drop_foreign_key;

#endif
