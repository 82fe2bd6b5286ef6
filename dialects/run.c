#include "run.h"

#include <string.h>

/* Runs one statement; a guard must return no row. */
static int run_statement(struct db *db, const struct statement *statement, struct diag *diag) {
    struct arena arena = {0};
    struct rows rows;
    int result;

    if (!statement->guard)
        return db_exec(db, statement->text, diag);
    result = db_query(db, &arena, statement->text, &rows, diag);
    if (result == 0 && rows.row_count)
        result =
            diag_fail(diag, "%s, but \"%s\" gave %zu, the first for \"%s\"", statement->reason ? statement->reason : "no row was expected",
                      statement->text, rows.row_count, rows_text(&rows, 0, 0) ? rows_text(&rows, 0, 0) : "?");
    arena_free(&arena);
    return result;
}

/* Brings the connection into or out of a transaction. */
static int set_transaction(struct db *db, const struct script_style *style, bool *open, bool wanted, struct diag *diag) {
    if (!style->begin || *open == wanted)
        return 0;
    *open = wanted;
    return db_exec(db, wanted ? style->begin : style->commit, diag);
}

static void roll_back(struct db *db) {
    struct arena arena = {0};
    struct diag ignored = {.arena = &arena};

    db_exec(db, "ROLLBACK", &ignored);
    arena_free(&arena);
}

/* The preamble: a statement a line. */
static int run_preamble(struct db *db, const char *preamble, struct diag *diag) {
    struct arena arena = {0};
    int result = 0;

    while (result == 0 && *preamble) {
        size_t length = strcspn(preamble, "\n");

        result = db_exec(db, arena_strndup(&arena, preamble, length), diag);
        preamble += length + (preamble[length] == '\n');
    }
    arena_free(&arena);
    return result;
}

int script_run(struct db *db, const struct script *script, const struct script_style *style, struct diag *diag) {
    bool open = false;
    int result = style->preamble ? run_preamble(db, style->preamble, diag) : 0;

    for (size_t i = 0; result == 0 && i < script->list.count; i++) {
        const struct statement *statement = &script->list.at[i];

        if (open && statement->begins)
            result = set_transaction(db, style, &open, false, diag);
        if (result == 0)
            result = set_transaction(db, style, &open, !statement->outside_transaction, diag);
        if (result == 0)
            result = run_statement(db, statement, diag);
    }
    if (result == 0)
        result = set_transaction(db, style, &open, false, diag);
    if (result && style->begin)
        roll_back(db);
    return result;
}
