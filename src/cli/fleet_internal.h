/* What the parts of a fleet share.
 *
 * fleet.c          which database is next, how many at a time, when to stop
 * fleet_child.c    one database in a process of its own, and what comes back from there
 * fleet_report.c   the table, the array, the line of progress */
#ifndef PERSIST_FLEET_INTERNAL_H
#define PERSIST_FLEET_INTERNAL_H

#include <jansson.h>
#include <sys/types.h>

#include "fleet.h"
#include "str.h"

/* What became of one database. */
struct fleet_row {
    const char *name;
    bool started;
    enum exit_code code;
    struct errand_result result;
    long long milliseconds;
    json_t *json; /* with --json: the errand's object with its diagnostics, or NULL */
};

struct fleet {
    struct context *context;
    const struct targets *targets;
    errand *one;
    void *job;
    struct fleet_row *rows; /* one a target */
    size_t started;
    size_t ended;
    size_t failed;
    long long began;  /* fleet_clock() */
    long long told;   /* the same, of the last line of progress */
    bool line_stands; /* it is the last on the terminal */
};

/* A process at work on one database. What it says comes by two pipes; an end that is closed is -1. */
struct fleet_child {
    pid_t pid; /* 0: none */
    struct fleet_row *row;
    int message_end; /* its row, as JSON, when it is done */
    int talk_end;    /* its standard error */
    struct str message;
    struct str talk; /* the line that has not ended yet */
    long long began;
};

/* Milliseconds on a clock that only goes forward. */
long long fleet_clock(void);

/* Runs the errand in this process for ROW, the fleet's only one. */
void fleet_alone(struct fleet *fleet, struct fleet_row *row);

/* Starts a process for ROW, whose target is AT. 0, or -1 when there can be none now. */
int fleet_child_start(struct fleet *fleet, struct fleet_row *row, struct destination *at, struct fleet_child *child);

/* Takes in what has come through the end END of CHILD, and closes it when that was all. */
void fleet_child_read(struct fleet *fleet, struct fleet_child *child, int *end);

/* Both ends are closed: waits for the process and fills its row. */
void fleet_child_end(struct fleet *fleet, struct fleet_child *child);

bool fleet_row_failed(const struct fleet_row *row);

/* "applied", "failed", "not started", … */
const char *fleet_row_state(const struct fleet_row *row);

/* One line on standard error for who waits; shown anew about every second at a terminal, every ten elsewhere. */
void fleet_report_progress(struct fleet *fleet);
void fleet_report_clear(struct fleet *fleet); /* before anything else is said */

/* Table and array on standard output; the array takes the rows' objects. */
void fleet_report_table(const struct fleet *fleet);
void fleet_report_json(struct fleet *fleet);

#endif
