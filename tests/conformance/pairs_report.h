/* What the runners print: a paragraph for each case that does not pass, and a table of counts. */
#ifndef PERSIST_TEST_PAIRS_REPORT_H
#define PERSIST_TEST_PAIRS_REPORT_H

#include "pairs_trial.h"
#include "pairs_work.h"

/* Appends what there is to say of TRIAL. */
void report_trial(const struct trial *trial, enum verdict verdict, bool verbose, struct str *out);

struct report_case {
    const char *server;
    const char *suite; /* or NULL */
    const char *name;
    const char *place;
    struct result result; /* a verdict and report_trial()'s text */
};

struct report_row {
    const char *server;
    const char *suite;
    size_t counts[VERDICT_COUNT];
};

struct report {
    struct arena *arena;
    bool verbose;            /* show passes and skips too */
    const char *expected[2]; /* the least rate of passes in percent, the most silent losses; NULL: all must pass */
    VEC(struct report_row) rows;
};

/* Counts the case, and prints it unless it passed or was skipped. */
void report_add(struct report *report, const struct report_case *one);

/* Prints the table. 0 when what was expected holds, else 1. */
int report_print(const struct report *report);

#endif
