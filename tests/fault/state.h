/* What a database holds, read without the program's own eyes: by the server's words (dump.h) and plain queries. */
#ifndef PERSIST_TEST_STATE_H
#define PERSIST_TEST_STATE_H

#include "site.h"

enum part_of_state {
    PART_SCHEMA,  /* every definition */
    PART_ROWS,    /* every row of every table but the program's own */
    PART_JOURNAL, /* which migrations are there, and how each ended */
    PART_LEFT,    /* what should not be: invalid indexes, locks, files, rows without their parents */
    PART_COUNT
};

struct state {
    const char *parts[PART_COUNT];
    size_t row_count;
};

/* Reads the state of SITE's database. 0 or -1 reported. */
int state_read(const struct site *site, struct state *state, struct diag *diag);

/* Are they the same? Appends what differs to TEXT. */
bool state_compare(const struct state *found, const struct state *wanted, struct str *text);

#endif
