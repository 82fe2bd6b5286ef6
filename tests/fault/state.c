#include "state.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "dump.h"
#include "sqltext.h"

enum { SHOWN_BYTES = 600 };

static const char *const part_names[PART_COUNT] = {"schema", "rows", "journal", "left behind"};

struct lines {
    VEC(const char *) list;
};

static int by_bytes(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static const char *joined(struct arena *arena, const struct lines *all) {
    struct str text = STR_INIT;
    const char *kept;

    if (all->list.count)
        qsort(all->list.at, all->list.count, sizeof *all->list.at, by_bytes);
    for (size_t i = 0; i < all->list.count; i++)
        str_addf(&text, "%s\n", all->list.at[i]);
    kept = str_keep(&text, arena);
    str_free(&text);
    return kept;
}

static const char *row_text(struct arena *arena, const struct rows *rows, size_t row) {
    struct str text = STR_INIT;
    const char *kept;

    for (size_t i = 0; i < rows->column_count; i++) {
        const char *cell = rows_text(rows, row, i);

        str_addf(&text, "%s%s", i ? "|" : "", cell ? cell : "(null)");
    }
    kept = str_keep(&text, arena);
    str_free(&text);
    return kept;
}

static int read_schema(const struct site *site, struct db *db, struct state *state, struct diag *diag) {
    struct dump dump = {0};
    struct lines all = {0};

    (void)site;
    if (dump_read(db, NULL, &dump, diag))
        return -1;
    for (size_t i = 0; i < dump.items.count; i++)
        vec_push(diag->arena, &all.list, arena_printf(diag->arena, "%s\n%s", dump.items.at[i].title, dump.items.at[i].text));
    state->parts[PART_SCHEMA] = joined(diag->arena, &all);
    return 0;
}

static int read_rows(const struct site *site, struct db *db, struct state *state, struct diag *diag) {
    struct rows tables, rows;
    struct lines all = {0};

    if (site_tables(site, db, &tables, diag))
        return -1;
    for (size_t i = 0; i < tables.row_count; i++) {
        const char *table = rows_text(&tables, i, 0);

        if (db_query(db, diag->arena, sql_format(diag->arena, &site->dialect->quoting, "SELECT * FROM %I", table), &rows, diag))
            return -1;
        for (size_t k = 0; k < rows.row_count; k++)
            vec_push(diag->arena, &all.list, arena_printf(diag->arena, "%s: %s", table, row_text(diag->arena, &rows, k)));
    }
    state->row_count = all.list.count;
    state->parts[PART_ROWS] = joined(diag->arena, &all);
    return 0;
}

/* Rows of a query, each a line of PART. */
static int read_lines(struct db *db, const char *query, const char **part, struct diag *diag) {
    struct rows rows;
    struct lines all = {0};

    if (db_query(db, diag->arena, query, &rows, diag))
        return -1;
    for (size_t i = 0; i < rows.row_count; i++)
        vec_push(diag->arena, &all.list, row_text(diag->arena, &rows, i));
    *part = joined(diag->arena, &all);
    return 0;
}

static const char journal[] = "SELECT id, snapshot, script, direction, statement, statements, finished IS NOT NULL FROM persist_migrations";

enum { MOMENTS = 20 }; /* of 0.1 s each: who is there behind them was left */

/* Also a session that still runs or holds something: whoever was killed is gone by now. */
static const char left_on_postgresql[] =
    "SELECT 'invalid index', indexrelid::regclass::text FROM pg_index WHERE NOT (indisvalid AND indisready) UNION ALL "
    "SELECT 'advisory lock', l.pid::text FROM pg_locks l JOIN pg_database d ON d.oid = l.database WHERE l.locktype = 'advisory' AND "
    "d.datname = current_database() UNION ALL "
    "SELECT 'not validated', conname FROM pg_constraint WHERE NOT convalidated UNION ALL "
    "SELECT 'session', query FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend' AND state LIKE "
    "'idle in transaction%'";

static const char left_on_mysql[] = "SELECT 'session', INFO FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND INFO IS NOT NULL "
                                    "AND ID <> CONNECTION_ID()";

static const char left_on_sqlite[] = "SELECT 'damage', integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok' UNION ALL "
                                     "SELECT 'no parent', \"table\" FROM pragma_foreign_key_check";

/* A session goes a moment later than its client. */
static int read_leftovers(const struct site *site, struct db *db, struct state *state, struct diag *diag) {
    const char *query = site->file ? left_on_sqlite : site_is(site, "mysql") ? left_on_mysql : left_on_postgresql;
    const struct timespec moment = {.tv_nsec = 100000000};
    int result = read_lines(db, query, &state->parts[PART_LEFT], diag);

    for (size_t i = 0; i < MOMENTS && result == 0 && *state->parts[PART_LEFT]; i++) {
        nanosleep(&moment, NULL);
        result = read_lines(db, query, &state->parts[PART_LEFT], diag);
    }
    return result;
}

int state_read(const struct site *site, struct state *state, struct diag *diag) {
    struct db *db = site_connect(site, diag);
    int result;

    if (!db)
        return -1;
    result = read_schema(site, db, state, diag) || read_rows(site, db, state, diag) || read_leftovers(site, db, state, diag) ||
                     read_lines(db, journal, &state->parts[PART_JOURNAL], diag)
                 ? -1
                 : 0;
    db_close(db);
    return result;
}

/* From the first line on that differs. */
static void show_difference(const char *found, const char *wanted, struct str *text) {
    size_t at = 0;

    while (found[at] && found[at] == wanted[at])
        at++;
    while (at && found[at - 1] != '\n')
        at--;
    str_addf(text, "found:\n%.*s\nwanted:\n%.*s\n", SHOWN_BYTES, found + at, SHOWN_BYTES, wanted + at);
}

bool state_compare(const struct state *found, const struct state *wanted, struct str *text) {
    bool same = true;

    for (size_t i = 0; i < PART_COUNT; i++) {
        if (strcmp(found->parts[i], wanted->parts[i]) == 0)
            continue;
        same = false;
        str_addf(text, "%s differ: ", part_names[i]);
        show_difference(found->parts[i], wanted->parts[i], text);
    }
    return same;
}
