/* What is the same thing on both sides. Used by the plan (normal forms) and by the deltas (declared forms). */
#ifndef PERSIST_PAIR_H
#define PERSIST_PAIR_H

#include "changes.h"

/* Fills pairs, enum_pairs, object_pairs and their maps in PLAN from its ->from, ->to and ->renames. */
void pairs_make(struct arena *arena, struct plan *plan);

/* object_pair.c: fills object_pairs; the entities are paired already. */
void object_pairs_make(struct arena *arena, struct plan *plan);

/* Are there two sides, and something between them? */
bool pair_differs(const struct entity_pair *pair);
bool enum_pair_differs(const struct enum_pair *pair);

/* Renames by what they rename, for looking up; ->owner is the new name of the entity or enum. */
struct rename_node {
    const struct rename *rename;
    struct rename_node *next;
};

/* Per kind, from the owner (RENAME_ENTITY and RENAME_ENUM: from the new name) to a list of struct rename_node. */
struct rename_index {
    struct map by_owner[RENAME_MEMBER + 1];
};

void rename_index_fill(struct arena *arena, struct rename_index *index, const struct renames *renames);

/* The renames of KIND in OWNER, or NULL. */
const struct rename_node *rename_index_get(const struct rename_index *index, enum rename_kind kind, const char *owner);

/* The field of the other side, or NULL when there is none; PAIR has both sides, FIELD is of the first one. */
const struct field *pair_new_field(const struct entity_pair *pair, const struct field *field);
const struct field *pair_old_field(const struct entity_pair *pair, const struct field *field);

/* What the relation RELATION of pair->to was: by the renames in NODES, then by name; or NULL. */
const struct relation *pair_old_relation(const struct entity_pair *pair, const struct rename_node *nodes, const struct relation *relation);

/* What the relation RELATION of pair->from has become, likewise. */
const struct relation *pair_new_relation(const struct entity_pair *pair, const struct rename_node *nodes, const struct relation *relation);

/* What the member of pair->to was: by the renames in NODES, by name, by value; or NULL. */
const struct enum_member *pair_old_member(const struct enum_pair *pair, const struct rename_node *nodes, const struct enum_member *member);

const struct enum_member *enumeration_member(const struct enumeration *enumeration, const char *name);

#endif
