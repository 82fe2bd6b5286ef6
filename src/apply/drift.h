/* Is a live database at a version? */
#ifndef PERSIST_DRIFT_H
#define PERSIST_DRIFT_H

#include "delta.h"
#include "runner.h"
#include "seen.h"

/* Versions by their hash, from wherever the caller keeps them; asked for the same one many times. The hash of nothing (all zero) is an empty
 * schema. NULL when reported. */
struct versions {
    const struct schema *(*schema)(struct versions *versions, struct hash hash, struct diag *diag);

    /* The same, made on a scratch database of TARGET's kind where that can be. */
    const struct seen *(*seen)(struct versions *versions, struct hash hash, const struct target *target, struct diag *diag);
};

/* What a database holds. */
struct live {
    const struct schema *found; /* as introspection gives it, without the runner's own tables */
    const char *hash;           /* of all of it, as the server prints it: 32 digits */
};

struct drift {
    struct deltas deltas; /* from the version to the database */
    bool asked;           /* a scratch database was asked how it prints the version */
    const char *loosely;  /* why expressions were compared only by being there; or NULL */
};

/* Reads what the runner's database holds; PRIVILEGES: who may do what, too. 0, or -1 reported. */
int live_read(struct runner *runner, bool privileges, struct live *live);

/* Does the version say who may do what? */
bool version_has_privileges(const struct schema *version);

/* Finds what differs from the version HASH to LIVE. 0, or -1 reported. */
int drift_find(struct runner *runner, struct versions *versions, struct hash hash, const struct live *live, struct drift *drift);

/* Is every delta of ONE in OTHER? */
bool drift_is_within(struct arena *arena, const struct drift *one, const struct drift *other);

/* Reports DRIFT: WHAT ("the database is not at 20261120_first"), and what differs, a line each. Always -1. */
int drift_report(struct runner *runner, const struct drift *drift, const char *what);

#endif
