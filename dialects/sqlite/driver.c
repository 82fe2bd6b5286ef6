#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sqlite_internal.h"

enum { BUSY_MILLISECONDS = 5000, SHOWN_BYTES = 400 };

struct db {
    struct db_head head;
    struct arena arena; /* of the texts here */
    const char *path;
    bool made; /* the file was not there before */
    sqlite3 *connection;
};

/* What an error of SQLite means for a runner, and for a person who opens the file. */
static const struct {
    int code;
    enum fault fault;
    const char *words;
    const char *help;
} faults[] = {
    {SQLITE_NOTADB, FAULT_STATEMENT, "it is no SQLite database, or an encrypted one", "persist reads plain SQLite files only"},
    {SQLITE_CORRUPT, FAULT_STATEMENT, "the file is damaged", "see what \"PRAGMA integrity_check\" says"},
    {SQLITE_BUSY, FAULT_LOCKED, "another program has locked it", "try again when that is done"},
    {SQLITE_LOCKED, FAULT_LOCKED, "another program has locked it", "try again when that is done"},
    {SQLITE_PROTOCOL, FAULT_LOCKED, "another program has locked it", "try again when that is done"},
    {SQLITE_PERM, FAULT_RIGHTS, "it may not be read", NULL},
    {SQLITE_AUTH, FAULT_RIGHTS, "it may not be read", NULL},
    {SQLITE_READONLY, FAULT_READ_ONLY, "it may not be written to, which a database in WAL mode asks for even to be read",
     "read a copy, or a file that \"PRAGMA journal_mode = DELETE\" was set in"},
    {SQLITE_CANTOPEN, FAULT_READ_ONLY, "it cannot be opened",
     "is its folder there and may it be written to? A database in WAL mode asks for that even to be read"},
    {SQLITE_IOERR, FAULT_LOST, "the disk gives an error", NULL},
    {SQLITE_FULL, FAULT_FULL, "the disk is full", NULL},
    {SQLITE_INTERRUPT, FAULT_TIMEOUT, "it was interrupted", NULL},
};

static enum fault fault_of(int code) {
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++)
        if (faults[i].code == (code & 0xff))
            return faults[i].fault;
    return FAULT_STATEMENT;
}

static void describe(struct db *db, struct diag *diag) {
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        if (faults[i].code != (sqlite3_extended_errcode(db->connection) & 0xff))
            continue;
        diag_fail(diag, "the SQLite database \"%s\": %s; SQLite said: %s", db->path, faults[i].words, sqlite3_errmsg(db->connection));
        if (faults[i].help)
            diag_hint(diag, "%s", faults[i].help);
        return;
    }
    diag_fail(diag, "the SQLite database \"%s\": %s", db->path, sqlite3_errmsg(db->connection));
}

/* Is another file, or none, at the path? https://www.sqlite.org/c3ref/c_fcntl_begin_atomic_write.html */
static bool has_moved(struct db *db) {
    int moved = 0;

    return sqlite3_file_control(db->connection, "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved;
}

static int report(struct db *db, const char *sql, struct diag *diag) {
    db->head.fault = fault_of(sqlite3_extended_errcode(db->connection));
    if (has_moved(db)) {
        diag_fail(diag, "the SQLite database \"%s\" was removed or replaced while it was open; SQLite said: %s", db->path,
                  sqlite3_errmsg(db->connection));
        diag_hint(diag, "nothing was written to what is there now: run it again");
        return -1;
    }
    diag_fail(diag, "SQLite: %s", sqlite3_errmsg(db->connection));
    if (sql)
        diag_hint(diag, "the statement was: %.*s%s", SHOWN_BYTES, sql, strlen(sql) > SHOWN_BYTES ? " …" : "");
    return -1;
}

static int exec(struct db *db, const char *sql, struct diag *diag) {
    db->head.fault = FAULT_NONE;
    return sqlite3_exec(db->connection, sql, NULL, NULL, NULL) == SQLITE_OK ? 0 : report(db, sql, diag);
}

/* A file that was made here and got nothing is taken away again: whoever finds it would think that something was begun. Under the lock, so
 * that nobody writes to it meanwhile; whoever waits for the lock is told by SQLite that the file is gone, and writes nothing either. */
static void remove_unused(struct db *db) {
    struct stat file;

    if (!sqlite3_get_autocommit(db->connection))
        sqlite3_exec(db->connection, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_busy_timeout(db->connection, 0);
    if (sqlite3_exec(db->connection, "BEGIN EXCLUSIVE", NULL, NULL, NULL) != SQLITE_OK)
        return;
    if (stat(db->path, &file) == 0 && file.st_size == 0)
        unlink(db->path);
    sqlite3_exec(db->connection, "ROLLBACK", NULL, NULL, NULL);
}

static void close_connection(struct db *db) {
    struct arena arena = db->arena;

    if (db->made && db->connection)
        remove_unused(db);
    sqlite3_close(db->connection);
    arena_free(&arena);
}

/* The path in "sqlite:path", "sqlite://path" or a plain path. With "?mode=ro" behind, which a plain path does not have, the file must be
 * there and is only read; "?mode=rw" is what holds without it. */
static const char *path_of(struct arena *arena, const char *url, int *flags) {
    static const char *const modes[] = {"?mode=ro", "?mode=rw"};
    size_t length;

    *flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (strncmp(url, "sqlite:", 7) != 0)
        return url;
    url += strncmp(url, "sqlite://", 9) == 0 ? 9 : 7;
    length = strlen(url);
    for (size_t i = 0; i < 2; i++) {
        if (length < 8 || strcmp(url + length - 8, modes[i]) != 0)
            continue;
        if (i == 0)
            *flags = SQLITE_OPEN_READONLY;
        return arena_strndup(arena, url, length - 8);
    }
    return url;
}

/* A file is looked into for the first time by the first statement: whether it is a database at all is found out here. */
static bool look_into(struct db *db) {
    sqlite3_busy_timeout(db->connection, BUSY_MILLISECONDS);
    return sqlite3_exec(db->connection, "PRAGMA foreign_keys = ON; PRAGMA schema_version", NULL, NULL, NULL) == SQLITE_OK;
}

/* The path as a URI that says that nobody changes the file: https://www.sqlite.org/uri.html */
static const char *immutable_uri(struct arena *arena, const char *path) {
    struct str uri = STR_INIT;
    const char *kept;

    str_add(&uri, "file:");
    for (; *path; path++)
        if (strchr("%?#", *path))
            str_addf(&uri, "%%%02X", (unsigned)(unsigned char)*path);
        else
            str_add_char(&uri, *path);
    str_add(&uri, "?immutable=1");
    kept = str_keep(&uri, arena);
    str_free(&uri);
    return kept;
}

/* A database in WAL mode wants to write beside itself even to be read. Where that is not allowed and there is no log beside it, nobody has
 * it open, and all there is stands in the file. */
static bool open_immutable(struct db *db) {
    int code = sqlite3_extended_errcode(db->connection) & 0xff;

    if ((code != SQLITE_READONLY && code != SQLITE_CANTOPEN) || access(arena_printf(&db->arena, "%s-wal", db->path), F_OK) == 0)
        return false;
    sqlite3_close(db->connection);
    return sqlite3_open_v2(immutable_uri(&db->arena, db->path), &db->connection, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL) ==
               SQLITE_OK &&
           look_into(db);
}

/* Makes the file where there is none, as SQLite itself would. */
static bool make_file(const char *path) {
    int file = *path && strcmp(path, ":memory:") != 0 ? open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644) : -1;

    return file >= 0 && close(file) == 0;
}

static int open_file(struct db *db, int flags, struct diag *diag) {
    bool reads = flags == SQLITE_OPEN_READONLY;

    if (reads && access(db->path, F_OK) < 0)
        return diag_fail(diag, "there is no file \"%s\"", db->path);
    db->made = !reads && make_file(db->path);
    if ((sqlite3_open_v2(db->path, &db->connection, flags, NULL) == SQLITE_OK && look_into(db)) || (reads && open_immutable(db)))
        return 0;
    describe(db, diag);
    return -1;
}

static struct db *open_path(const char *url, struct diag *diag) {
    struct arena arena = {0};
    struct db *db = ARENA_NEW(&arena, struct db);
    int flags, number = sqlite3_libversion_number();

    db->head.driver = &driver_sqlite;
    db->head.version = number / 1000000 * 10000 + number / 1000 % 1000 * 100 + number % 1000;
    db->head.version_text = arena_printf(&arena, "SQLite %s", sqlite3_libversion());
    db->path = path_of(&arena, url, &flags);
    db->arena = arena;
    if (open_file(db, flags, diag) == 0)
        return db;
    close_connection(db);
    return NULL;
}

/* A file is made where there is none, as open_path() does; there are no passwords. */
static struct db *open_to_write(const char *url, struct password_source *source, struct diag *diag) {
    (void)source;
    return open_path(url, diag);
}

/* A collation that programs register themselves ("localized"): in a scratch database any will do, as no row is looked for there. */
static int compare_bytes(void *unused, int a_length, const void *a, int b_length, const void *b) {
    int shorter = a_length < b_length ? a_length : b_length;
    int order = memcmp(a, b, (size_t)shorter);

    (void)unused;
    return order ? order : a_length - b_length;
}

static void make_collation(void *unused, sqlite3 *connection, int encoding, const char *name) {
    (void)unused;
    sqlite3_create_collation(connection, name, encoding, NULL, compare_bytes);
}

static struct db *open_scratch(const char *url, struct diag *diag) {
    struct db *db = open_path(":memory:", diag);

    (void)url;
    if (db)
        sqlite3_collation_needed(db->connection, NULL, make_collation);
    return db;
}

static const char *cell(struct arena *arena, sqlite3_stmt *statement, int column) {
    return arena_strdup(arena, (const char *)sqlite3_column_text(statement, column));
}

static int query(struct db *db, struct arena *arena, const char *sql, struct rows *rows, struct diag *diag) {
    VEC(const char *) cells = {0};
    sqlite3_stmt *statement = NULL;
    int step = SQLITE_DONE;

    *rows = (struct rows){0};
    db->head.fault = FAULT_NONE;
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

/* All queries see the database as it is at the first of them: a read transaction. */
static int query_all(struct db *db, struct arena *arena, const struct queries *queries, struct rows *results, struct diag *diag) {
    bool own = sqlite3_get_autocommit(db->connection);
    int result = own ? exec(db, "BEGIN", diag) : 0;

    if (result == 0 && queries->prepare)
        result = exec(db, queries->prepare, diag);
    for (size_t i = 0; result == 0 && i < queries->count; i++)
        result = query(db, arena, queries->sql[i], &results[i], diag);
    if (own && !sqlite3_get_autocommit(db->connection))
        sqlite3_exec(db->connection, "ROLLBACK", NULL, NULL, NULL);
    return result;
}

const struct driver driver_sqlite = {
    .name = "sqlite",
    .open = open_path,
    .open_to_write = open_to_write,
    .open_scratch = open_scratch,
    .exec = exec,
    .query = query,
    .query_all = query_all,
    .close = close_connection,
};
