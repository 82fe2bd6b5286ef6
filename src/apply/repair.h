/* Mending the journal: never the database itself. A line is changed only to what the database is found to be. */
#ifndef PERSIST_REPAIR_H
#define PERSIST_REPAIR_H

#include "apply.h"

struct mend {
    const char *text; /* for a person: what is wrong, and what the journal would say */
    const char *sql;  /* the change of the journal; NULL: nothing here can mend it */
};

struct mends {
    VEC(struct mend) list;
};

/* Finds what is wrong with the journal of RUNNER's database: half-done migrations, edited scripts, migrations that are not in the chain, times
 * that have not come yet. 0, or -1 reported. */
int repair_find(struct runner *runner, const struct apply_request *request, struct mends *mends);

/* Carries out those of MENDS that have SQL. 0, or -1 reported. */
int repair_run(struct runner *runner, const struct mends *mends);

#endif
