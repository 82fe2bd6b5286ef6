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

/* Appends what rolling MIGRATION back loses. 0, or -1 reported. */
int losses_find(struct runner *runner, const struct apply_request *request, const struct migration *migration, struct losses *losses);

#endif
