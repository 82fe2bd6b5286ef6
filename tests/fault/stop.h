/* Stops: a run of the program ends at a call, another goes on, and the database must be where an undisturbed run leaves it. */
#ifndef PERSIST_TEST_STOP_H
#define PERSIST_TEST_STOP_H

#include "chain.h"
#include "site.h"
#include "state.h"

/* A call through which the program talks to its database, counted by preload.c. */
struct call {
    long number;
    const char *function;
    const char *text; /* its beginning */
};

/* From one copy of a database to the state at the end: a case upward or back. */
struct way {
    const struct chain *chain;
    bool back;
    struct copy from;
    struct state end;
    VEC(struct call) calls; /* of the undisturbed run */
};

struct trial {
    const struct tested *tested;
    struct site *site;
    struct diag *diag;
    struct db *other; /* another session that is in the way */
};

/* One kind of stop. */
struct kind {
    const char *name;
    const char *fault; /* MOMENT:ACTION of preload.c */
    unsigned share;    /* of the stops on a server, in percent */
    bool (*fits)(const struct site *site, const struct call *call);
    int (*meanwhile)(struct trial *trial); /* while the program stands still */
    const char *arguments[6];              /* more of them */
};

extern const struct kind stop_kinds[];
extern const size_t stop_kind_count;

struct stop {
    const struct way *way;
    const struct call *call;
    const struct kind *kind;
};

struct stops {
    VEC(struct stop) list;
};

enum stop_result { STOP_HELD, STOP_WRONG, STOP_MISSED };

/* What WAY runs: "apply" or "rollback" with its arguments. */
void way_command(const struct way *way, const struct site *site, struct run *run);

/* Tries STOP; what is wrong is appended to TEXT. A call that the run did not come to: STOP_MISSED. */
enum stop_result stop_try(struct trial *trial, const struct stop *stop, struct str *text);

/* COUNT runners at once on the beginning of WAY: one applies, the others find nothing to do. */
enum stop_result runners_try(struct trial *trial, const struct way *way, size_t count, struct str *text);

#endif
