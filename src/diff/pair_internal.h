/* Shared by the files that pair the things of two schemas: pair.c (what is asked of a plan), pair_match.c (entities and enums) and
 * pair_fields.c. */
#ifndef PERSIST_PAIR_INTERNAL_H
#define PERSIST_PAIR_INTERNAL_H

#include "pair.h"

/* Entities and enums are paired by the same code: what they are called and by which name the database knows them. */
struct side {
    void *const *things; /* by name */
    size_t count;
    bool *taken; /* set by match_all() */
};

struct matching {
    struct arena *arena;
    const char *(*name)(const void *thing);
    const char *(*physical)(struct arena *arena, const void *thing); /* NULL: the database has no name for it */
    bool (*namesakes)(const void *from, const void *to);             /* does the database know both by names that are alike, not by one? */
    enum rename_kind kind;
    struct side from;
    struct side to;
    size_t *old_of_new; /* index into from + 1, or 0; set by match_all() */
};

void match_all(struct matching *match, const struct renames *renames);

/* Fills old_of_new, new_of_old and same of all pairs of entities in PLAN. */
void pair_all_fields(struct arena *arena, struct plan *plan);

/* Answers may rename fields of entities, members of enums, that say the same: a swap of two names. */
bool plan_any_renames_in(const struct plan *plan, const char *owner);

#endif
