/* What a script down takes with it: its header says the grade of the way back and why (hazard.h), the database how many rows hold it. */
#ifndef PERSIST_LOSS_H
#define PERSIST_LOSS_H

#include "apply.h"

struct loss {
    const char *migration;
    const char *subject; /* "Invoice.remark", "Invoice"; NULL: of the whole way back */
    const char *text;    /* "goes with what it holds by then", "comes back empty" */
    bool counted;
    long long rows; /* that hold something that goes */
};

struct losses {
    VEC(struct loss) list; /* what nobody holds anything of is left out */
};

/* What the database calls the things of a migration's version, before anything of the way back has run: migrations behind it, which go back
 * too, may have renamed them. */
struct loss_place {
    const struct schema *version; /* that the database is at */
    struct renames renames;       /* from behind the migration to there */
};

/* One; two where a rollback was stopped, between whose versions the database is. */
struct loss_places {
    VEC(struct loss_place) list;
};

/* Appends what rolling MIGRATION back loses. 0, or -1 reported. */
int losses_find(struct runner *runner, const struct apply_request *request, const struct migration *migration,
                const struct loss_places *places, struct losses *losses);

#endif
