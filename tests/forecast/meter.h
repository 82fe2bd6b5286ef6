/* Measures what a statement does on a live server: which tables it locks how, which it writes anew, which it reads. */
#ifndef PERSIST_TEST_METER_H
#define PERSIST_TEST_METER_H

#include "trial.h"

enum { METER_ROWS = 200 }; /* in each table: to read them is to read a table */

struct measured {
    const char *table; /* as it was called before the statement */
    const char *now;   /* and behind it; NULL: it is gone */
    const char *lock;  /* the strongest that was taken, in the server's words; NULL: not known */
    bool is_table;     /* not an index, a view … */
    bool rewritten;
    bool read;
    bool locks_read; /* ->lock is known: also that there was none */
    long long id;    /* of the relation */
    long long place; /* where its rows lie */
    long long reads; /* of rows until then */
};

struct measurement {
    VEC(struct measured) list;
};

/* Runs STATEMENT and measures. NULL, or what the server says against the forecast: it refuses the algorithm, or lets writers go on. */
typedef const char *meter_function(struct trial *trial, const struct statement *statement, struct measurement *result);

meter_function meter_postgresql;
meter_function meter_mysql;

#endif
