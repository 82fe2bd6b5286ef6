#include "step.h"

#include <string.h>

#include "batches.h"
#include "line.h"
#include "resume.h"
#include "retry.h"

/* --- statements --- */

static void tell(const struct execution *execution, size_t at) {
    struct observer *observer = execution->runner->observer;

    if (observer && observer->statement)
        observer->statement(observer, &execution->script->list.at[at], execution->ordinals[at], execution->shown);
}

static int run_guard(struct runner *runner, const struct statement *statement) {
    struct rows rows;

    if (db_query(runner->db, runner->arena, statement->text, &rows, runner->diag))
        return -1;
    if (!rows.row_count)
        return 0;
    return diag_fail(runner->diag, "%s, but \"%s\" gave %zu row%s, the first for \"%s\"",
                     statement->reason ? statement->reason : "no row was expected", statement->text, rows.row_count,
                     rows.row_count == 1 ? "" : "s", rows_text(&rows, 0, 0) ? rows_text(&rows, 0, 0) : "?");
}

static int run_statement(struct execution *execution, size_t at) {
    const struct statement *statement = &execution->script->list.at[at];
    struct runner *runner = execution->runner;

    tell(execution, at);
    return statement->guard ? run_guard(runner, statement) : db_exec(runner->db, statement->text, runner->diag);
}

/* --- a transaction --- */

/* The journal's table was missing when it was read: is it still? */
static bool is_journal_new(struct runner *runner, struct diag *quiet) {
    struct rows rows;
    const char *query = runner->dialect->live->columns(runner->arena, runner->journal.place.namespace, runner->journal.place.table);

    return db_query(runner->db, runner->arena, query, &rows, quiet) == 0 && rows.row_count > 0;
}

static bool same_cell(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* Where the transaction is the lock, another runner may have been here since the journal was read. */
static bool is_race(struct execution *execution) {
    struct runner *runner = execution->runner;
    struct diag quiet = {.arena = runner->arena};
    struct rows rows;
    bool there;

    if (runner->dialect->live->lock)
        return false;
    if (!runner->journal.exists)
        return is_journal_new(runner, &quiet);
    if (db_query(runner->db, runner->arena, journal_glance(runner->arena, &runner->journal, &execution->entry), &rows, &quiet))
        return true;
    there = rows_text(&rows, 0, 1) != NULL;
    if ((size_t)rows_number(&rows, 0, 0) != runner->journal.lines || there != execution->journaled)
        return true;
    return there &&
           (strcmp(rows_text(&rows, 0, 1), execution->line.down ? "down" : "up") != 0 ||
            (size_t)rows_number(&rows, 0, 2) != execution->line.statement || !same_cell(rows_text(&rows, 0, 3), execution->line.finished));
}

static int run_all(struct execution *execution, size_t from, size_t to) {
    for (size_t i = from; i < to; i++)
        if (run_statement(execution, i))
            return -1;
    return 0;
}

/* The line that goes with the step, and the verdict of the verifier where it is the last. */
static int put_step(struct execution *execution, size_t to, bool last) {
    if (!last) {
        execution->entry.statement = execution_done_before(execution, to);
        return line_put(execution);
    }
    if (execution->verifier && execution->verifier->verify(execution->verifier, &execution->entry))
        return -1;
    return line_put_finished(execution);
}

static enum execution_end try_transaction(struct execution *execution, size_t from, size_t to, bool last) {
    struct runner *runner = execution->runner;
    struct journal_entry before = execution->entry;
    bool had_journal = runner->journal.exists;

    if (db_exec(runner->db, runner_begin(runner), runner->diag))
        return EXECUTION_FAILED;
    if (is_race(execution)) {
        runner_roll_back(runner);
        return EXECUTION_RACE;
    }
    if (run_all(execution, from, to) == 0 && put_step(execution, to, last) == 0 && db_exec(runner->db, "COMMIT", runner->diag) == 0)
        return EXECUTION_DONE;
    runner_roll_back(runner);
    execution->entry = before;
    runner->journal.exists = had_journal;
    return EXECUTION_FAILED;
}

enum execution_end step_run_transaction(struct execution *execution, size_t from, size_t to, bool last) {
    struct retry retry = retry_begin(execution->runner);
    enum execution_end end;

    do
        end = try_transaction(execution, from, to, last);
    while (end == EXECUTION_FAILED && retry_again(&retry));
    if (end == EXECUTION_FAILED)
        line_note_error(execution);
    if (end == EXECUTION_DONE) {
        line_note(execution, !(last && execution->entry.down));
        execution->done += to - from;
    }
    return end;
}

/* --- a statement by itself --- */

/* Rows alone: they and the line commit together. */
static int try_rows(struct execution *execution, size_t at) {
    struct runner *runner = execution->runner;

    if (db_exec(runner->db, runner_begin(runner), runner->diag))
        return -1;
    execution->entry.statement = execution_done_before(execution, at + 1);
    if (run_statement(execution, at) == 0 && line_put(execution) == 0 && db_exec(runner->db, "COMMIT", runner->diag) == 0)
        return 0;
    execution->entry.statement = execution_done_before(execution, at);
    runner_roll_back(runner);
    return -1;
}

static int run_rows(struct execution *execution, size_t at) {
    struct retry retry;
    int result;

    /* The table of the journal commits whatever transaction it is made in. */
    if (runner_make_journal(execution->runner))
        return -1;
    retry = retry_begin(execution->runner);
    do
        result = try_rows(execution, at);
    while (result && retry_again(&retry));
    if (result == 0)
        line_note(execution, true);
    return result;
}

/* The server says that it failed: the line says that it has not begun, unless it did something all the same. */
static void settle_failure(struct execution *execution, size_t at) {
    struct runner *runner = execution->runner;
    enum fault fault = db_fault(runner->db);

    if (fault == FAULT_LOST || !execution->entry.trace)
        return;
    resume_settle(runner, &execution->script->list.at[at], &execution->entry.trace);
    db_set_fault(runner->db, fault);
}

/* A definition that cannot be rolled back: the line says first that it may begin, and what there was before. */
static int run_definition(struct execution *execution, size_t at) {
    struct runner *runner = execution->runner;
    const struct statement *statement = &execution->script->list.at[at];
    struct retry retry;
    int result;

    execution->entry.statement = execution_done_before(execution, at);
    if (resume_trace(runner, statement, &execution->entry.trace) || line_commit(execution))
        return -1;
    retry = retry_begin(runner);
    do {
        result = run_statement(execution, at);
        if (result)
            settle_failure(execution, at);
    } while (result && retry_again(&retry));
    if (result)
        return -1;
    execution->entry.statement = execution_done_before(execution, at + 1);
    execution->entry.trace = NULL;
    return 0;
}

enum execution_end step_run_alone(struct execution *execution, size_t at) {
    const struct statement *statement = &execution->script->list.at[at];
    bool rows = live_changes_rows(statement->text) && !statement->guard;
    struct batch batch;
    int result;

    if (batch_read(execution->runner->arena, execution->runner->dialect, statement, &batch)) {
        tell(execution, at);
        result = batches_run(execution, &batch, at);
    } else {
        result = rows ? run_rows(execution, at) : run_definition(execution, at);
    }

    execution->entry.error = NULL;
    if (result) {
        line_note_error(execution);
        return EXECUTION_FAILED;
    }
    execution->done++;
    return EXECUTION_DONE;
}
