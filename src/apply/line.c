#include "line.h"

#include "retry.h"

int line_put(struct execution *execution) {
    struct runner *runner = execution->runner;
    const char *sql = execution->journaled ? journal_update(runner->arena, &runner->journal, &execution->entry)
                                           : journal_insertion(runner->arena, &runner->journal, &execution->entry);

    return runner_make_journal(runner) || db_exec(runner->db, sql, runner->diag) ? -1 : 0;
}

void line_note(struct execution *execution, bool there) {
    struct journal *journal = &execution->runner->journal;

    journal->lines += there && !execution->journaled;
    journal->lines -= !there && execution->journaled;
    execution->journaled = there;
    execution->line = execution->entry;
}

int line_commit(struct execution *execution) {
    struct retry retry = retry_begin(execution->runner);
    int result;

    do
        result = line_put(execution);
    while (result && retry_again(&retry));
    if (result == 0)
        line_note(execution, true);
    return result;
}

int line_put_finished(struct execution *execution) {
    struct runner *runner = execution->runner;
    struct journal_entry *entry = &execution->entry;

    if (entry->down)
        return execution->journaled ? db_exec(runner->db, journal_deletion(runner->arena, &runner->journal, entry), runner->diag) : 0;
    entry->statement = entry->statements;
    entry->trace = entry->batch = entry->error = NULL;
    entry->finished = runner_now(runner);
    return line_put(execution);
}

int line_finish(struct execution *execution) {
    struct retry retry = retry_begin(execution->runner);
    int result;

    do
        result = line_put_finished(execution);
    while (result && retry_again(&retry));
    if (result == 0)
        line_note(execution, !execution->entry.down);
    return result;
}

/* Only the first line of what was reported: the journal is read by people. A transaction that took its line back has none. */
void line_note_error(struct execution *execution) {
    struct runner *runner = execution->runner;
    struct diag quiet = {.arena = runner->arena};
    struct diag *diag = runner->diag;
    enum fault fault = db_fault(runner->db);

    if (!diag->list.count || fault == FAULT_LOST)
        return;
    execution->entry.error = diag->list.at[diag->list.count - 1].message;
    runner->diag = &quiet;
    if (line_put(execution) == 0)
        line_note(execution, true);
    runner->diag = diag;
}
