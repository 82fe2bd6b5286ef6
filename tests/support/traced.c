#include "traced.h"

#include <string.h>

#include "run.h"
#include "script_read.h"

struct run {
    struct db *db;
    const struct dialect *dialect;
    struct arena *arena;
    struct diag *diag;
};

/* --- read as printed --- */

static bool is_same(const struct statement *a, const struct statement *b, bool transactions) {
    return strcmp(a->text, b->text) == 0 && text_equal(a->reason, b->reason) && text_equal(a->lock, b->lock) &&
           text_equal(a->probe, b->probe) && text_equal(a->batch, b->batch) && a->guard == b->guard && a->session == b->session &&
           (!transactions || a->outside_transaction == b->outside_transaction);
}

static int read_again(struct run *run, const struct script *script, struct script *again) {
    struct str text = STR_INIT;
    struct source *source;
    size_t first = 0;
    int result;

    script_print(script, &run->dialect->style, "a header", &text);
    source = source_new(run->arena, "up.sql", str_keep(&text, run->arena), text.length, run->diag);
    str_free(&text);
    result = script_read(source, run->dialect, again, run->diag);
    if (result == 0 && again->list.count >= script->list.count)
        first = again->list.count - script->list.count;
    for (size_t i = 0; result == 0 && i < script->list.count; i++)
        if (first + i >= again->list.count || !is_same(&script->list.at[i], &again->list.at[first + i], run->dialect->style.begin != NULL))
            return diag_fail(run->diag, "read otherwise than printed: %s\nas: %s", script->list.at[i].text,
                             first + i < again->list.count ? again->list.at[first + i].text : "nothing");
    return result;
}

/* --- traces --- */

static const char *ask(struct run *run, const char *query) {
    struct str text = STR_INIT;
    struct rows rows;
    const char *kept;

    if (db_query(run->db, run->arena, query, &rows, run->diag) < 0)
        return NULL;
    for (size_t i = 0; i < rows.row_count * rows.column_count; i++)
        str_addf(&text, "%s\n", rows.cells[i] ? rows.cells[i] : "NULL");
    kept = str_keep(&text, run->arena);
    str_free(&text);
    return kept;
}

/* One that changes nothing which shows is run again by who goes on behind it. */
static int run_statement(struct run *run, const struct statement *statement) {
    struct trace trace = run->dialect->live->trace(run->arena, db_head(run->db), statement);
    const char *before = trace.query ? ask(run, trace.query) : "", *after;

    if (!trace.query && !trace.repeatable && !live_changes_rows(statement->text))
        return diag_fail(run->diag, "no trace of: %s", statement->text);
    if (!before || db_exec(run->db, statement->text, run->diag) < 0)
        return -1;
    after = trace.query ? ask(run, trace.query) : "-";
    if (!after || strcmp(before, after) != 0)
        return after ? 0 : -1;
    if (db_exec(run->db, statement->text, run->diag) < 0)
        return diag_fail(run->diag, "the trace stays the same over what does not run twice: %s\n%s", statement->text, before);
    return 0;
}

/* Where all is rolled back together only what stands outside needs a trace. */
static int run_each(struct run *run, const struct script *script) {
    bool transactional = run->dialect->live->transactional;
    int result = 0;

    for (size_t i = 0; result == 0 && i < script->list.count;) {
        struct script together = {.arena = run->arena};

        for (; transactional && i < script->list.count && !script->list.at[i].outside_transaction; i++)
            *script_add(&together, "", NULL) = script->list.at[i];
        if (together.list.count)
            result = script_run(run->db, &together, &(struct script_style){.begin = "BEGIN", .commit = "COMMIT"}, run->diag);
        if (result == 0 && i < script->list.count)
            result = run_statement(run, &script->list.at[i++]);
    }
    return result;
}

int traced_run(struct db *db, const struct dialect *dialect, const struct script *script, struct diag *diag) {
    struct run run = {.db = db, .dialect = dialect, .arena = script->arena, .diag = diag};
    struct script again = {.arena = script->arena};

    return read_again(&run, script, &again) < 0 ? -1 : run_each(&run, &again);
}
