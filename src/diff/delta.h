/* Deltas: the differences of two schemas in the words of the model, for people: entity, field, relation, index, enum member, each with
 * the columns and objects it means. Made from the declared forms and the renames; no database is needed. */
#ifndef PERSIST_DELTA_H
#define PERSIST_DELTA_H

#include "changes.h"

enum delta_verb { DELTA_ADDED, DELTA_REMOVED, DELTA_RENAMED, DELTA_CHANGED };
enum delta_noun {
    DELTA_ENTITY,
    DELTA_FIELD,
    DELTA_RELATION,
    DELTA_KEY,
    DELTA_INDEX,
    DELTA_UNIQUE,
    DELTA_CHECK,
    DELTA_FOREIGN_KEY,
    DELTA_EXCLUDE,
    DELTA_TABLE_OPTIONS,
    DELTA_ENUM,
    DELTA_MEMBER,
    DELTA_OBJECT /* in the database's own words */
};

struct delta {
    enum delta_verb verb;
    enum delta_noun noun;
    const char *entity; /* or the enum, or the object */
    const char *name;   /* field, relation, index, member; NULL: the entity, enum or object itself */
    const char *was;    /* DELTA_RENAMED: the old name (of the entity for a DELTA_ENTITY, else of the thing) */
    const char *detail; /* "string → int", "VARCHAR(20) → VARCHAR(40), now nullable"; or NULL */
    const char *means;  /* the columns and objects: "column ownerId, foreign key to User"; or NULL */
    const char *kind;   /* DELTA_OBJECT: "view" */
};

struct deltas {
    VEC(struct delta) list; /* entities, enums, objects; by name, then in the order of the enum, then by name */
    size_t entities_added, entities_removed, entities_changed;
    size_t enums_added, enums_removed, enums_changed;
    size_t objects_added, objects_removed, objects_changed;
};

/* FROM may be an empty schema. */
void deltas_find(struct arena *arena, const struct schema *from, const struct schema *to, const struct renames *renames,
                 struct deltas *deltas);

/* One line, as in "Invoice.remark   field renamed from note": what it is about and what happened, apart for alignment. */
const char *delta_subject(struct arena *arena, const struct delta *delta);
const char *delta_text(struct arena *arena, const struct delta *delta);

/* "2 entities added, 1 entity changed, 1 enum removed", or "nothing". */
const char *deltas_counts(struct arena *arena, const struct deltas *deltas);

#endif
