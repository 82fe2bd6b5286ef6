#include "resume.h"

#include <string.h>

#include "hash.h"

/* In the place of a trace: nothing tells whether the statement took effect. */
static const char unknown[] = "unknown";

static const char *hash_rows(struct arena *arena, const struct rows *rows) {
    struct str text = STR_INIT;
    char hex[HASH_HEX_LENGTH + 1];

    for (size_t i = 0; i < rows->row_count * rows->column_count; i++) {
        if (rows->cells[i])
            str_add(&text, rows->cells[i]);
        str_add_bytes(&text, "\0", 1);
    }
    hash_print(hash_bytes(text.text, text.length), hex);
    str_free(&text);
    return arena_strdup(arena, hex);
}

static struct trace trace_of(const struct runner *runner, const struct statement *statement) {
    return runner->dialect->live->trace(runner->arena, db_head(runner->db), statement);
}

static int hash_trace(struct runner *runner, const struct trace *trace, const char **hash) {
    struct rows rows;

    *hash = trace->repeatable ? NULL : unknown;
    if (!trace->query)
        return 0;
    if (db_query(runner->db, runner->arena, trace->query, &rows, runner->diag))
        return -1;
    *hash = hash_rows(runner->arena, &rows);
    return 0;
}

int resume_trace(struct runner *runner, const struct statement *statement, const char **trace) {
    struct trace found = trace_of(runner, statement);

    return hash_trace(runner, &found, trace);
}

/* An index that CREATE INDEX CONCURRENTLY or DROP INDEX CONCURRENTLY left invalid, say. */
static int remove_half(struct runner *runner, const struct trace *trace) {
    struct rows rows;

    if (!trace->half)
        return 0;
    if (db_query(runner->db, runner->arena, trace->half, &rows, runner->diag))
        return -1;
    return rows.row_count ? runner_exec(runner, trace->undo) : 0;
}

static int refuse_unknown(struct runner *runner, const struct statement *statement) {
    diag_fail(runner->diag, "the last run stopped in a statement of which nothing tells whether it took effect: %s", statement->text);
    diag_hint(runner->diag,
              "look at the database; in %s set trace to NULL to run the statement again, and add one to statement where it took effect",
              runner->journal.place.table);
    return -1;
}

int resume_look(struct runner *runner, const struct statement *statement, const char *before, bool *taken) {
    struct trace trace = trace_of(runner, statement);
    const char *now;

    *taken = false;
    if (strcmp(before, unknown) == 0)
        return refuse_unknown(runner, statement);
    if (remove_half(runner, &trace) || hash_trace(runner, &trace, &now))
        return -1;
    *taken = now && strcmp(now, before) != 0;
    return 0;
}

void resume_settle(struct runner *runner, const struct statement *statement, const char **trace) {
    struct diag quiet = {.arena = runner->arena};
    struct diag *diag = runner->diag;
    bool taken = false;
    bool looked;

    runner->diag = &quiet;
    looked = strcmp(*trace, unknown) == 0 || resume_look(runner, statement, *trace, &taken) == 0;
    runner->diag = diag;
    if (looked && !taken)
        *trace = NULL;
}
