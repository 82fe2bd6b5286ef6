/* Several migrations as one: what was decided for them, carried over to the whole, or their scripts one behind the other.
 *
 * Planned anew, the one goes straight from the first version to the last. That is right for the schema always, and for the rows where no
 * column, enum member or table that has rows is changed twice on the way: a column that goes and comes again is empty by the parts, and full by
 * the shortest way. What cannot be carried over is named; the scripts one behind the other do what the parts did, whatever it is. */
#ifndef PERSIST_SQUASH_H
#define PERSIST_SQUASH_H

#include "lineage.h"
#include "migration_plan.h"

/* One of the migrations, planned again by what is recorded. */
struct squash_step {
    const struct migration *migration;
    struct migration_plan plan;
    struct script up; /* as it was written */
    struct script down;
};

struct squash {
    struct context *context;
    struct workspace *workspace;
    struct lineage lineage;
    size_t first; /* places in the chain's list */
    size_t last;
    VEC(struct squash_step) steps;
};

/* Reads the migrations and plans them again. 0, or -1 reported. */
int squash_open(struct squash *squash);

/* Has every script the statements that its plan gives, and no others? What has not is reported. 0 or -1. */
int squash_check_scripts(struct squash *squash);

/* Fills WHOLE, which is zero: from the version before the first to that behind the last. Where something cannot be carried over, it is
 * reported. 0, or -1. */
int squash_plan(struct squash *squash, struct migration_plan *whole);

/* The same with the scripts one behind the other, which can always be done. 0, or -1 reported. */
int squash_concatenate(struct squash *squash, struct migration_plan *whole);

/* Appends SCRIPT to OUT without what frames every script: the whole has that once. */
void squash_append(const struct dialect *dialect, const struct script *script, struct script *out);

/* Proves what squash_concatenate() made: each script as it was written, by itself, which together are the whole. 0, or -1 reported. */
int squash_prove_parts(struct squash *squash, struct migration_plan *whole);

#endif
