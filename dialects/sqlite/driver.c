#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#include "sqlite_internal.h"

enum { BUSY_MILLISECONDS = 5000, SHOWN_BYTES = 400 };

struct db {
    struct db_head head;
    struct arena arena; /* of the head's texts */
    sqlite3 *connection;
};

static int report(struct db *db, const char *sql, struct diag *diag) {
    diag_fail(diag, "SQLite: %s", sqlite3_errmsg(db->connection));
    if (sql)
        diag_hint(diag, "the statement was: %.*s%s", SHOWN_BYTES, sql, strlen(sql) > SHOWN_BYTES ? " …" : "");
    return -1;
}

static int exec(struct db *db, const char *sql, struct diag *diag) {
    return sqlite3_exec(db->connection, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : report(db, sql, diag);
}

static void close_connection(struct db *db) {
    struct arena arena = db->arena;

    sqlite3_close(db->connection);
    arena_free(&arena);
}

/* The path in "sqlite:path", "sqlite://path" or a plain path. */
static const char *path_of(const char *url) {
    if (strncmp(url, "sqlite:", 7) != 0)
        return url;
    url += 7;
    return strncmp(url, "//", 2) == 0 ? url + 2 : url;
}

static struct db *open_path(const char *path, struct diag *diag) {
    struct arena arena = {0};
    struct db *db = ARENA_NEW(&arena, struct db);
    int number = sqlite3_libversion_number();

    db->head.driver = &driver_sqlite;
    db->head.version = number / 1000000 * 10000 + number / 1000 % 1000 * 100 + number % 1000;
    db->head.version_text = arena_printf(&arena, "SQLite %s", sqlite3_libversion());
    db->arena = arena;
    if (sqlite3_open_v2(path, &db->connection, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL) != SQLITE_OK) {
        diag_fail(diag, "cannot open the SQLite database \"%s\": %s", path, sqlite3_errmsg(db->connection));
        close_connection(db);
        return NULL;
    }
    sqlite3_busy_timeout(db->connection, BUSY_MILLISECONDS);
    if (exec(db, "PRAGMA foreign_keys = ON", diag) < 0) {
        close_connection(db);
        return NULL;
    }
    return db;
}

static struct db *open_url(const char *url, struct diag *diag) {
    return open_path(path_of(url), diag);
}

static struct db *open_scratch(const char *url, struct diag *diag) {
    (void)url;
    return open_path(":memory:", diag);
}

static const char *cell(struct arena *arena, sqlite3_stmt *statement, int column) {
    return arena_strdup(arena, (const char *)sqlite3_column_text(statement, column));
}

static int query(struct db *db, struct arena *arena, const char *sql, struct rows *rows, struct diag *diag) {
    VEC(const char *) cells = {0};
    sqlite3_stmt *statement = NULL;
    int step = SQLITE_DONE;

    *rows = (struct rows){0};
    if (sqlite3_prepare_v2(db->connection, sql, -1, &statement, NULL) != SQLITE_OK)
        return report(db, sql, diag);
    rows->column_count = (size_t)sqlite3_column_count(statement);
    while (statement && (step = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int i = 0; i < (int)rows->column_count; i++)
            vec_push(arena, &cells, cell(arena, statement, i));
        rows->row_count++;
    }
    rows->cells = cells.at;
    sqlite3_finalize(statement);
    return step == SQLITE_DONE ? 0 : report(db, sql, diag);
}

const struct driver driver_sqlite = {
    .name = "sqlite",
    .open = open_url,
    .open_scratch = open_scratch,
    .exec = exec,
    .query = query,
    .close = close_connection,
};
