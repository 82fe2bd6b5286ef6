/* The way that several migrations go together, looked at for what the shortest way would do otherwise to rows.
 *
 *     struct way way = {.squash = squash};
 *     way_walk(&way, rows)                     what has data and is changed, and under which names
 *     way_carry(&way, rows, &decisions)        what was decided for the parts, for the whole
 *     way_check(&way, &whole)                  does the whole, planned by that, do what the parts did? */
#ifndef PERSIST_SQUASH_WAY_H
#define PERSIST_SQUASH_WAY_H

#include "squash.h"

/* Something with data in it that a part changed, by its name at that point of the way. */
struct touched {
    enum delta_noun noun;
    enum delta_verb verb;
    const char *owner;
    const char *name; /* NULL: the owner itself */
    const char *by;   /* the migration */
    bool is_new;      /* the owner came on the way: it has no rows */
};

struct way {
    struct squash *squash;
    bool in_order; /* the scripts run one behind the other: nothing can come to rows otherwise */
    VEC(struct touched) touched;
    VEC(const char *) names; /* columns, fields and tables that are not the same all the way */
    struct renames renames;  /* of all of the way */
};

/* Walks all of it; ROWS: there may be some. What is changed twice is reported. 0, or -1. */
int way_walk(struct way *way, bool rows);

/* Appends the decisions of the parts, by the names behind the whole. What cannot be carried over is reported. 0, or -1. */
int way_carry(struct way *way, bool rows, struct decisions *decisions);

/* Is WHOLE, which was planned by these decisions, right for the rows? 0, or -1 reported. */
int way_check(struct way *way, const struct migration_plan *whole);

#endif
