/* PostgreSQL shows it inside the transaction: the locks in pg_locks, the rows read in the counters of the transaction, a new file for a
 * table that is written anew. A statement that cannot run in a transaction is made to wait for one, and looked at while it does. */
#include <pthread.h>
#include <string.h>
#include <time.h>

#include "meter.h"

static const char relations_sql[] =
    "SELECT c.oid::bigint, c.relname, c.relkind IN ('r', 'p', 'm'), coalesce(pg_catalog.pg_relation_filenode(c.oid), 0), "
    "pg_catalog.pg_stat_get_xact_tuples_returned(c.oid) FROM pg_catalog.pg_class c "
    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' ORDER BY c.oid";

static void ask(struct trial *trial, struct db *db, const char *sql, struct rows *rows) {
    trial_must(trial, db_query(db, &trial->arena, sql, rows, &trial->diag), sql);
}

static void look_before(struct trial *trial, struct measurement *result) {
    struct rows rows;

    ask(trial, trial->db, relations_sql, &rows);
    for (size_t i = 0; i < rows.row_count; i++) {
        struct measured one = {.table = rows_text(&rows, i, 1), .is_table = rows_true(&rows, i, 2), .locks_read = true};

        one.id = rows_number(&rows, i, 0);
        one.place = rows_number(&rows, i, 3);
        one.reads = rows_number(&rows, i, 4);
        vec_push(&trial->arena, &result->list, one);
    }
}

static struct measured *find(struct measurement *result, long long id) {
    for (size_t i = 0; i < result->list.count; i++)
        if (result->list.at[i].id == id)
            return &result->list.at[i];
    return NULL;
}

static void look_behind(struct trial *trial, struct measurement *result) {
    struct rows rows;

    ask(trial, trial->db, relations_sql, &rows);
    for (size_t i = 0; i < rows.row_count; i++) {
        struct measured *one = find(result, rows_number(&rows, i, 0));

        if (!one)
            continue;
        one->now = rows_text(&rows, i, 1);
        one->rewritten = rows_number(&rows, i, 3) != one->place;
        one->read = rows_number(&rows, i, 4) - one->reads >= METER_ROWS;
    }
}

/* "AccessExclusiveLock" → "ACCESS EXCLUSIVE", from weak to strong (the manual's chapter "Explicit Locking"). */
static const char *const modes[][2] = {
    {"AccessShareLock", "ACCESS SHARE"},
    {"RowShareLock", "ROW SHARE"},
    {"RowExclusiveLock", "ROW EXCLUSIVE"},
    {"ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE"},
    {"ShareLock", "SHARE"},
    {"ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE"},
    {"ExclusiveLock", "EXCLUSIVE"},
    {"AccessExclusiveLock", "ACCESS EXCLUSIVE"},
};

static size_t strength(const char *lock) {
    for (size_t i = 0; lock && i < sizeof modes / sizeof *modes; i++)
        if (strcmp(modes[i][0], lock) == 0 || strcmp(modes[i][1], lock) == 0)
            return i + 1;
    return 0;
}

static void look_at_locks(struct trial *trial, struct db *db, const char *session, struct measurement *result) {
    struct rows rows;

    ask(trial, db,
        arena_printf(&trial->arena,
                     "SELECT relation::bigint, mode FROM pg_catalog.pg_locks WHERE pid = %s AND locktype = 'relation' AND granted",
                     session),
        &rows);
    for (size_t i = 0; i < rows.row_count; i++) {
        struct measured *one = find(result, rows_number(&rows, i, 0));
        size_t taken = strength(rows_text(&rows, i, 1));

        if (one && taken > strength(one->lock))
            one->lock = modes[taken - 1][1];
    }
}

static void measure_inside(struct trial *trial, const struct statement *statement, struct measurement *result) {
    trial_must(trial, db_exec(trial->db, "BEGIN", &trial->diag), "BEGIN");
    trial_must(trial, db_exec(trial->db, statement->text, &trial->diag), "a statement");
    look_at_locks(trial, trial->db, "pg_catalog.pg_backend_pid()", result);
    look_behind(trial, result);
    trial_must(trial, db_exec(trial->db, "COMMIT", &trial->diag), "COMMIT");
}

/* Another session that has read all tables in a transaction: what builds or drops an index beside others waits for its end. */
static struct db *open_reader(struct trial *trial, const struct measurement *result) {
    struct rows name;
    struct db *db;
    struct url url;

    ask(trial, trial->db, "SELECT pg_catalog.current_database(), host(inet_server_addr()), inet_server_port(), current_user", &name);
    url = (struct url){.scheme = "postgresql", .database = rows_text(&name, 0, 0), .host = rows_text(&name, 0, 1)};
    url.port = rows_text(&name, 0, 2);
    url.user = rows_text(&name, 0, 3);
    db = db_open(trial->target.dialect->driver, url_text(&trial->arena, &url), NULL, &trial->diag);
    trial_must(trial, db ? 0 : -1, "a second connection");
    trial_must(trial, db_exec(db, "BEGIN ISOLATION LEVEL REPEATABLE READ", &trial->diag), "BEGIN");
    for (size_t i = 0; i < result->list.count; i++)
        if (result->list.at[i].is_table)
            ask(trial, db, arena_printf(&trial->arena, "SELECT count(*) FROM \"%s\"", result->list.at[i].table), &name);
    return db;
}

struct runner {
    struct db *db;
    const char *text;
    struct arena arena;
    int result;
};

static void *run(void *data) {
    struct runner *runner = data;
    struct diag diag = {.arena = &runner->arena};

    runner->result = db_exec(runner->db, runner->text, &diag);
    if (runner->result)
        diag_print(&diag, stderr, false);
    return NULL;
}

static void wait_until_it_waits(struct trial *trial, struct db *reader, const char *session) {
    const char *sql = arena_printf(&trial->arena, "SELECT 1 FROM pg_catalog.pg_locks WHERE pid = %s AND NOT granted", session);
    struct timespec moment = {.tv_nsec = 5000000};
    struct rows rows = {0};

    for (size_t i = 0; i < 2000 && !rows.row_count; i++) {
        nanosleep(&moment, NULL);
        ask(trial, reader, sql, &rows);
    }
    trial_must(trial, rows.row_count ? 0 : -1, "waiting for the statement to wait");
}

static void measure_outside(struct trial *trial, const struct statement *statement, struct measurement *result) {
    struct runner runner = {.db = trial->db, .text = statement->text};
    struct db *reader = open_reader(trial, result);
    struct rows session;
    pthread_t thread;

    ask(trial, trial->db, "SELECT pg_catalog.pg_backend_pid()", &session);
    trial_must(trial, pthread_create(&thread, NULL, run, &runner), "a thread");
    wait_until_it_waits(trial, reader, rows_text(&session, 0, 0));
    look_at_locks(trial, reader, rows_text(&session, 0, 0), result);
    trial_must(trial, db_exec(reader, "COMMIT", &trial->diag), "COMMIT");
    db_close(reader);
    pthread_join(thread, NULL);
    trial_must(trial, runner.result, "a statement outside of transactions");
    arena_free(&runner.arena);
    look_behind(trial, result);
}

const char *meter_postgresql(struct trial *trial, const struct statement *statement, struct measurement *result) {
    look_before(trial, result);
    if (strstr(statement->text, " CONCURRENTLY "))
        measure_outside(trial, statement, result);
    else
        measure_inside(trial, statement, result);
    return NULL;
}
