/* The pairs of changes in pairs.txt, which says how they are written. */
#ifndef PERSIST_TEST_PAIRS_H
#define PERSIST_TEST_PAIRS_H

#include <stdbool.h>

#include "str.h"
#include "vec.h"

enum { PAIR_OURS, PAIR_THEIRS, PAIR_SIDES };

struct pair {
    const char *name;
    const char *scripts[PAIR_SIDES]; /* sed's commands, a line each */
    const char *on;                  /* the databases that can have it; NULL: all */
    const char *conflict;            /* what is told of first; NULL: they commute */
};

struct pairs {
    const char *base; /* the path of base.bal */
    VEC(struct pair) list;
};

/* Reads FOLDER's pairs.txt. Ends the program with a message when it cannot be read. */
void pairs_read(struct arena *arena, const char *folder, struct pairs *pairs);

/* base.bal, and as SIDE of PAIR makes it. */
struct str pairs_base(struct arena *arena, const struct pairs *pairs);
struct str pairs_side(struct arena *arena, const struct pairs *pairs, const struct pair *pair, size_t side);

/* Can the database NAME have PAIR? */
bool pair_is_on(const struct pair *pair, const char *name);

#endif
