#include "runner.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lock.h"
#include "retry.h"

int runner_set_limits(struct runner *runner, enum limited limited) {
    const struct live_sql *live = runner->dialect->live;
    struct limits limits = runner->patience.limits;
    const char *sql;

    if (limited == LIMIT_LOCKS)
        limits.statement = 0;
    sql = live->limits ? live->limits(runner->arena, db_head(runner->db), &limits) : NULL;
    return sql && *sql ? db_exec(runner->db, sql, runner->diag) : 0;
}

static int set_session(struct runner *runner) {
    const struct live_sql *live = runner->dialect->live;

    if (runner_set_limits(runner, LIMIT_LOCKS))
        return -1;
    return live->settings ? db_exec(runner->db, live->settings(db_head(runner->db)), runner->diag) : 0;
}

static int read_session(struct runner *runner) {
    struct rows rows;

    if (!runner->dialect->live->session)
        return 0;
    if (db_query(runner->db, runner->arena, runner->dialect->live->session, &rows, runner->diag))
        return -1;
    runner->session = rows.row_count ? rows_text(&rows, 0, 0) : NULL;
    return 0;
}

static int refuse_read_only(struct runner *runner) {
    struct rows rows;

    if (!runner->dialect->live->read_only)
        return 0;
    if (db_query(runner->db, runner->arena, runner->dialect->live->read_only, &rows, runner->diag))
        return -1;
    if (!rows.row_count || !rows_text(&rows, 0, 0))
        return 0;
    diag_fail(runner->diag, "nothing can be written there: %s", rows_text(&rows, 0, 0));
    diag_hint(runner->diag, "name the server that takes writes");
    return -1;
}

static int read_journal(struct runner *runner) {
    if (journal_read(runner->arena, runner->db, &runner->journal, runner->diag))
        return -1;
    clock_gettime(CLOCK_MONOTONIC, &runner->read_at);
    return 0;
}

int runner_look(struct runner *runner) {
    return set_session(runner) || read_journal(runner) ? -1 : 0;
}

int runner_open(struct runner *runner) {
    if (set_session(runner) || read_session(runner) || refuse_read_only(runner) || lock_take(runner))
        return -1;
    return read_journal(runner);
}

void runner_close(struct runner *runner) {
    lock_give_back(runner);
}

void runner_note(struct runner *runner, const char *format, ...) {
    struct str text = STR_INIT;
    va_list args;

    if (!runner->observer || !runner->observer->note)
        return;
    va_start(args, format);
    str_add_va(&text, format, args);
    va_end(args);
    runner->observer->note(runner->observer, text.text);
    str_free(&text);
}

const char *runner_now(const struct runner *runner) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return journal_time(runner->arena, runner->journal.seconds + (now.tv_sec - runner->read_at.tv_sec));
}

int runner_exec(struct runner *runner, const char *sql) {
    struct retry retry = retry_begin(runner);
    int result;

    do
        result = db_exec(runner->db, sql, runner->diag);
    while (result && retry_again(&retry));
    return result;
}

int runner_make_journal(struct runner *runner) {
    if (runner->journal.exists)
        return 0;
    if (db_exec(runner->db, journal_creation(runner->arena, &runner->journal), runner->diag))
        return -1;
    runner->journal.exists = true;
    return 0;
}

void runner_roll_back(struct runner *runner) {
    struct diag quiet = {.arena = runner->arena};
    enum fault fault = db_fault(runner->db);

    if (fault != FAULT_LOST)
        db_exec(runner->db, "ROLLBACK", &quiet);
    db_set_fault(runner->db, fault);
}

const char *runner_begin(const struct runner *runner) {
    return runner->dialect->live->begin ? runner->dialect->live->begin : "BEGIN";
}
