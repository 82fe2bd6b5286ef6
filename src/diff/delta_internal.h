/* Shared by the files that find deltas: delta.c (entities, enums, and the texts), delta_fields.c, delta_parts.c and delta_objects.c. */
#ifndef PERSIST_DELTA_INTERNAL_H
#define PERSIST_DELTA_INTERNAL_H

#include "delta.h"
#include "plan_internal.h"
#include "str.h"

struct differ {
    struct arena *arena;
    struct planner planner; /* compares as the plan does, by rules that know no database */
    struct deltas *deltas;
};

struct delta *differ_add(struct differ *differ, enum delta_verb verb, enum delta_noun noun, const char *entity);

/* What changed between two forms of a thing is collected in a text: appends to OUT what FORMAT gives, behind ", " when it is not the first. */
void delta_say(struct str *out, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "WHAT x added", "WHAT x removed", "WHAT x → y", or nothing. */
void delta_say_text(struct str *out, const char *what, const char *old, const char *new);

/* "now WHAT", "no longer WHAT", or nothing. */
void delta_say_flag(struct str *out, const char *what, bool old, bool new);

/* "comment added", "comment removed", "comment changed", or nothing. */
void delta_say_comment(struct str *out, const char *old, const char *new);

/* What changed of a foreign key besides its fields and its target. */
void delta_say_foreign_key(struct str *out, const struct foreign_key *old, const struct foreign_key *new);

/* The collected text, or NULL when nothing was said. Frees OUT. */
const char *delta_said(struct arena *arena, struct str *out);

/* Each adds what differs between the two sides of an entity that both have. */
void differ_compare_fields(struct differ *differ, const struct comparison *compare);
void differ_compare_relations(struct differ *differ, const struct comparison *compare);
void differ_compare_key(struct differ *differ, const struct comparison *compare);
void differ_compare_parts(struct differ *differ, const struct comparison *compare); /* indexes, checks, foreign keys, exclusions */

/* Adds the deltas of the objects in the differ's plan, which are paired. */
void differ_compare_schema_objects(struct differ *differ);

#endif
