/* A lock as a row that says whose it is and until when, for clusters that carry rows and no advisory locks. Whoever dies loses it when its
 * time is over; whoever runs renews it. */
#ifndef PERSIST_LEASE_H
#define PERSIST_LEASE_H

#include "runner.h"

#define LEASE_TABLE "persist_lock"

struct lease {
    const char *name;
    const char *holder; /* unlike every other runner's: host, process, and a number of its own */
    const char *seen;   /* who had it when it was last tried for */
};

/* Makes the table where it is missing, and runner->lease. 0, or -1 reported. */
int lease_begin(struct runner *runner);

/* Tries to get it: 1 it is ours, 0 another's, -1 reported. */
int lease_try(struct runner *runner);

/* Who had it at the last try. */
const char *lease_holder(const struct runner *runner);

/* Is it still ours? It is renewed by that. 0, or -1 reported. */
int lease_check(struct runner *runner);

/* The statement that renews it, for another connection; NOW: the server's clock. */
const char *lease_renewal(struct arena *arena, const struct runner *runner, long long now);

void lease_end(struct runner *runner);

#endif
