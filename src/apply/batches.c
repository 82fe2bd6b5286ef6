#include "batches.h"

#include <time.h>

#include "line.h"
#include "lock.h"
#include "retry.h"

/* SQL and the line in one transaction. */
static int try_with_line(struct execution *execution, const char *sql) {
    struct runner *runner = execution->runner;

    if (db_exec(runner->db, runner_begin(runner), runner->diag))
        return -1;
    if (db_exec(runner->db, sql, runner->diag) == 0 && line_put(execution) == 0 && db_exec(runner->db, "COMMIT", runner->diag) == 0)
        return 0;
    runner_roll_back(runner);
    return -1;
}

static int run_with_line(struct execution *execution, const char *sql) {
    struct retry retry = retry_begin(execution->runner);
    int result;

    do
        result = try_with_line(execution, sql);
    while (result && retry_again(&retry));
    if (result == 0)
        line_note(execution, true);
    return result;
}

/* The key with which the next batch behind LAST ends, in *BOUND; NULL: none is left. */
static int find_bound(struct execution *execution, const struct batch *batch, const char *last, const char **bound) {
    struct runner *runner = execution->runner;
    const char *sql = batch_bound(runner->arena, batch, last, runner->patience.batch_rows);
    struct rows rows;

    if (db_query(runner->db, runner->arena, sql, &rows, runner->diag))
        return -1;
    *bound = rows.row_count ? rows_text(&rows, 0, 0) : NULL;
    return 0;
}

static void pause_between(const struct runner *runner) {
    struct timespec pause = {.tv_sec = runner->patience.pause / 1000, .tv_nsec = (long)(runner->patience.pause % 1000) * 1000000};

    if (runner->patience.pause)
        nanosleep(&pause, NULL);
}

static int run_one(struct execution *execution, const struct batch *batch, const char *bound) {
    const char *last = execution->entry.batch;
    const char *update = batch_update(execution->runner->arena, batch, last, bound);

    execution->entry.batch = bound;
    if (run_with_line(execution, update) == 0)
        return 0;
    execution->entry.batch = last;
    return -1;
}

static void tell_batch(struct execution *execution, size_t number) {
    struct observer *observer = execution->runner->observer;

    if (observer && observer->batch)
        observer->batch(observer, number, execution->entry.batch);
}

/* Rows that came in meanwhile with smaller keys are found by the condition of the whole. It is run only where a query finds some: InnoDB locks
 * every row that an UPDATE reads, not just those that it writes. */
static int finish(struct execution *execution, const struct batch *batch, size_t at) {
    struct journal_entry before = execution->entry;
    const char *left = NULL;

    if (batch->condition && find_bound(execution, batch, NULL, &left))
        return -1;
    execution->entry.statement = execution_done_before(execution, at + 1);
    execution->entry.batch = NULL;
    if ((left ? run_with_line(execution, execution->script->list.at[at].text) : line_commit(execution)) == 0)
        return 0;
    execution->entry = before;
    return -1;
}

int batches_run(struct execution *execution, const struct batch *batch, size_t at) {
    struct runner *runner = execution->runner;
    size_t number = 0;

    execution->entry.statement = execution_done_before(execution, at);
    /* The table of the journal commits whatever transaction it is made in. */
    if (runner_make_journal(runner))
        return -1;
    for (;;) {
        const char *bound;

        if (lock_check(runner) || find_bound(execution, batch, execution->entry.batch, &bound))
            return -1;
        if (!bound)
            return finish(execution, batch, at);
        if (run_one(execution, batch, bound))
            return -1;
        tell_batch(execution, ++number);
        pause_between(runner);
    }
}
