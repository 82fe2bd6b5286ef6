#include "execute.h"

#include <string.h>

#include "bug.h"
#include "line.h"
#include "lock.h"
#include "resume.h"
#include "retry.h"
#include "step.h"
#include "watch.h"

/* Session settings are no steps: whoever goes on says them again. */
static bool is_setting(const struct execution *execution, size_t at) {
    const struct statement *statement = &execution->script->list.at[at];

    return statement->session && (statement->outside_transaction || !execution->runner->dialect->live->transactional);
}

static bool is_transactional(const struct execution *execution, size_t at) {
    return execution->runner->dialect->live->transactional && !execution->script->list.at[at].outside_transaction;
}

/* Behind the last statement of the step that begins at AT. */
static size_t step_end(const struct execution *execution, size_t at) {
    size_t end = at + 1;

    if (is_setting(execution, at))
        while (end < execution->script->list.count && is_setting(execution, end))
            end++;
    else if (is_transactional(execution, at))
        while (end < execution->script->list.count && is_transactional(execution, end) && !execution->script->list.at[end].begins)
            end++;
    return end;
}

/* Is there nothing but settings from AT on? */
static bool is_tail(const struct execution *execution, size_t at) {
    while (at < execution->script->list.count && is_setting(execution, at))
        at++;
    return at == execution->script->list.count;
}

/* The settings from FROM up to TO on one trip, and ours behind them. */
static int say_settings(struct execution *execution, size_t from, size_t to) {
    struct runner *runner = execution->runner;
    struct str sql = STR_INIT;
    int result = 0;

    for (size_t i = from; i < to; i++)
        if (execution->script->list.at[i].session)
            str_addf(&sql, "%s%s", sql.length ? ";\n" : "", execution->script->list.at[i].text);
    if (sql.length)
        result = db_exec(runner->db, sql.text, runner->diag) || runner_set_limits(runner, LIMIT_STATEMENTS) ? -1 : 0;
    str_free(&sql);
    return result;
}

size_t execution_done_before(const struct execution *execution, size_t at) {
    return at ? execution->ordinals[at - 1] : 0;
}

/* Behind so many statements that are done: the next that is no setting. */
static size_t place_behind(const struct execution *execution, size_t done) {
    size_t at = 0;

    while (at < execution->script->list.count && (is_setting(execution, at) || execution->ordinals[at] <= done))
        at++;
    return at;
}

/* Where a run that was stopped goes on. -1 reported. */
static int find_start(struct execution *execution, size_t *start) {
    struct journal_entry *entry = &execution->entry;
    bool taken = false;

    *start = entry->statement ? place_behind(execution, entry->statement) : 0;
    if (!execution->journaled || (!entry->statement && !entry->trace && !entry->batch))
        return 0;
    *start = place_behind(execution, entry->statement);
    if (entry->trace && resume_look(execution->runner, &execution->script->list.at[*start], entry->trace, &taken))
        return -1;
    *start += taken;
    entry->statement += taken;
    entry->trace = NULL;
    if (entry->statement < entry->statements)
        runner_note(execution->runner, "goes on at statement %zu of %zu%s", entry->statement + 1, entry->statements,
                    taken ? ": the one before it had taken effect" : "");
    return 0;
}

/* All is done and verified outside a transaction, or there was nothing to run. */
static enum execution_end finish_alone(struct execution *execution) {
    if (execution->verifier)
        execution->verifier->committed = true;
    if (execution->verifier && execution->verifier->verify(execution->verifier, &execution->entry)) {
        line_note_error(execution);
        return EXECUTION_FAILED;
    }
    return line_finish(execution) ? EXECUTION_FAILED : EXECUTION_DONE;
}

static enum execution_end run_steps(struct execution *execution, size_t start) {
    size_t count = execution->script->list.count;
    bool finished = false;
    enum execution_end end = EXECUTION_DONE;

    if (say_settings(execution, 0, start))
        return EXECUTION_FAILED;
    for (size_t at = start, next; at < count && end == EXECUTION_DONE; at = next) {
        bool last;

        next = step_end(execution, at);
        last = is_tail(execution, next);
        if (lock_check(execution->runner))
            return EXECUTION_FAILED;
        if (is_setting(execution, at))
            end = say_settings(execution, at, next) ? EXECUTION_FAILED : EXECUTION_DONE;
        else if (is_transactional(execution, at))
            end = step_run_transaction(execution, at, next, last);
        else
            end = step_run_alone(execution, at);
        finished = finished || (last && !is_setting(execution, at) && is_transactional(execution, at));
    }
    return end == EXECUTION_DONE && !finished ? finish_alone(execution) : end;
}

/* Numbers the statements for people: settings are not counted. */
static void count_settings(struct execution *execution) {
    execution->ordinals = ARENA_ARRAY(execution->runner->arena, size_t, execution->script->list.count);
    for (size_t i = 0; i < execution->script->list.count; i++)
        execution->ordinals[i] = is_setting(execution, i) ? execution->shown : ++execution->shown;
}

enum execution_end execution_run(struct execution *execution) {
    struct watch *watch;
    enum execution_end end;
    size_t start;

    count_settings(execution);
    execution->entry.statements = execution->shown;
    if (execution->entry.statement > execution->shown || (execution->entry.trace && execution->entry.statement == execution->shown)) {
        diag_fail(execution->runner->diag, "the journal says that %zu statements of %s are done, and its script has %zu",
                  execution->entry.statement, execution->entry.id, execution->shown);
        diag_hint(execution->runner->diag, "\"persist repair\" finds what the database is");
        return EXECUTION_FAILED;
    }
    if (find_start(execution, &start))
        return EXECUTION_FAILED;
    watch = watch_start(execution->runner);
    end = run_steps(execution, start);
    watch_stop(watch);
    return end;
}
