/* The one file that sees libpq. */
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "postgresql_internal.h"
#include "utf8.h"

enum { SCRATCH_TRIES = 100, VERSION_13 = 130000 };

enum scratch_kind { SCRATCH_NONE, SCRATCH_DATABASE, SCRATCH_SCHEMA };

struct db {
    struct db_head head; /* first, see db.h */
    struct arena arena;
    PGconn *connection;
    PGconn *maintenance; /* from which a scratch database was made and is dropped */
    enum scratch_kind scratch;
    const char *scratch_name;
};

static const char *const session_setup = "SET statement_timeout = 0; SET idle_in_transaction_session_timeout = 0; "
                                         "SET standard_conforming_strings = on; SET client_min_messages = error";

static void ignore_notice(void *unused, const char *message) {
    (void)unused;
    (void)message;
}

/* libpq's words without the line end. */
static const char *message_of(struct arena *arena, const char *message) {
    size_t length = strlen(message);

    while (length && (message[length - 1] == '\n' || message[length - 1] == ' '))
        length--;
    return arena_strndup(arena, message, length);
}

/* The byte offset of the server's 1-based position, which counts characters. */
static uint32_t position_offset(const char *sql, const char *position) {
    size_t at = 0, bytes;

    for (long left = strtol(position, NULL, 10); left > 1 && sql[at]; left--) {
        utf8_decode(sql + at, &bytes);
        at += bytes;
    }
    return (uint32_t)at;
}

/* Reports the server's words, with the statement and the place in it where the server named one. */
static int report(struct db *db, const PGresult *result, const char *sql, struct diag *diag) {
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
    const char *text = arena_strdup(diag->arena, sql);
    struct source *source = source_new(diag->arena, "statement", text, strlen(text), diag);
    struct span at = {.start = position ? position_offset(sql, position) : 0};

    at.end = at.start + (text[at.start] ? 1 : 0);
    if (!primary)
        primary = message_of(diag->arena, PQerrorMessage(db->connection));
    diag_error(diag, source, at, 0, "PostgreSQL: %s%s%s%s", primary, state ? " (" : "", state ? state : "", state ? ")" : "");
    if (detail)
        diag_hint(diag, "%s", detail);
    return -1;
}

static bool succeeded(const PGresult *result) {
    ExecStatusType status = PQresultStatus(result);

    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY;
}

static int driver_exec(struct db *db, const char *sql, struct diag *diag) {
    PGresult *result = PQexec(db->connection, sql);
    int done = succeeded(result) ? 0 : report(db, result, sql, diag);

    PQclear(result);
    return done;
}

static void copy_rows(const PGresult *result, struct arena *arena, struct rows *rows) {
    int row_count = PQntuples(result), column_count = PQnfields(result);
    size_t cell = 0;

    rows->row_count = (size_t)row_count;
    rows->column_count = (size_t)column_count;
    rows->cells = ARENA_ARRAY(arena, const char *, rows->row_count * rows->column_count);
    for (int row = 0; row < row_count; row++)
        for (int column = 0; column < column_count; column++, cell++)
            if (!PQgetisnull(result, row, column))
                rows->cells[cell] = arena_strdup(arena, PQgetvalue(result, row, column));
}

static int driver_query(struct db *db, struct arena *arena, const char *sql, struct rows *rows, struct diag *diag) {
    PGresult *result = PQexec(db->connection, sql);
    int done = succeeded(result) ? 0 : report(db, result, sql, diag);

    *rows = (struct rows){0};
    if (done == 0)
        copy_rows(result, arena, rows);
    PQclear(result);
    return done;
}

/* The parameters of URL, the database replaced where DATABASE is given, with ours where the user said nothing. */
struct parameters {
    const char *keywords[80];
    const char *values[80];
};

static void collect_parameters(const PQconninfoOption *options, const char *database, struct parameters *parameters) {
    size_t count = 0;

    for (const PQconninfoOption *option = options; option->keyword && count < 70; option++) {
        const char *value = option->val;

        if (database && strcmp(option->keyword, "dbname") == 0)
            value = database;
        if (!value && strcmp(option->keyword, "connect_timeout") == 0)
            value = "10";
        if (!value && strcmp(option->keyword, "application_name") == 0)
            value = "persist";
        if (strcmp(option->keyword, "client_encoding") == 0)
            value = "UTF8";
        if (!value)
            continue;
        parameters->keywords[count] = option->keyword;
        parameters->values[count++] = value;
    }
    parameters->keywords[count] = NULL;
}

/* Connects; NULL reported. libpq's complaint about a URL it cannot read may quote the password, and is not passed on. */
static PGconn *connect_to(const char *url, const char *database, struct diag *diag) {
    const char *shown = url_shown(diag->arena, url);
    PQconninfoOption *options = PQconninfoParse(url, NULL);
    struct parameters parameters = {0};
    PGconn *connection;

    if (!options) {
        diag_fail(diag, "the URL \"%s\" cannot be read", shown);
        diag_hint(diag, "write postgresql://user:password@host:port/database");
        return NULL;
    }
    collect_parameters(options, database, &parameters);
    connection = PQconnectdbParams(parameters.keywords, parameters.values, 0);
    PQconninfoFree(options);
    if (PQstatus(connection) == CONNECTION_OK) {
        PQsetNoticeProcessor(connection, ignore_notice, NULL);
        return connection;
    }
    diag_fail(diag, "cannot connect to %s: %s", shown, message_of(diag->arena, PQerrorMessage(connection)));
    PQfinish(connection);
    return NULL;
}

static struct db *db_new(PGconn *connection, struct diag *diag) {
    struct db *db = memory_resize(NULL, sizeof *db);
    int version = PQserverVersion(connection);

    *db = (struct db){.connection = connection};
    db->head.driver = &driver_postgresql;
    db->head.version = version;
    db->head.version_text = arena_printf(&db->arena, "PostgreSQL %d.%d", version / 10000, version % 10000);
    if (version < dialect_postgresql.baseline_version)
        diag_fail(diag, "the server is %s; PostgreSQL 12 and later are supported", db->head.version_text);
    else if (driver_exec(db, session_setup, diag) == 0)
        return db;
    db_close(db);
    return NULL;
}

static struct db *driver_open(const char *url, struct diag *diag) {
    PGconn *connection = connect_to(url, NULL, diag);

    return connection ? db_new(connection, diag) : NULL;
}

/* Runs SQL, an error of which is the caller's to understand: *STATE gets the SQLSTATE ("" for none). */
static bool try_exec(PGconn *connection, const char *sql, char state[6]) {
    PGresult *result = PQexec(connection, sql);
    const char *code = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    bool done = succeeded(result);

    memset(state, 0, 6);
    if (code)
        strncpy(state, code, 5);
    PQclear(result);
    return done;
}

/* Makes a database (or with FORM the schema) under the first free name persist_scratch_<process>_<number>. The name of one that a killed
 * run left behind is passed over. NULL when it cannot be made, with the reason in STATE. */
static const char *make_scratch(struct db *db, enum scratch_kind kind, char state[6]) {
    static int number;

    for (int i = 0; i < SCRATCH_TRIES; i++) {
        const char *name = arena_printf(&db->arena, "persist_scratch_%ld_%d", (long)getpid(), ++number);
        const char *sql = kind == SCRATCH_DATABASE
                              ? sql_format(&db->arena, &dialect_postgresql.quoting, "CREATE DATABASE %I TEMPLATE template0", name)
                              : sql_format(&db->arena, &dialect_postgresql.quoting, "CREATE SCHEMA %I", name);

        if (try_exec(db->connection, sql, state))
            return name;
        if (strcmp(state, "42P04") != 0 && strcmp(state, "42P06") != 0)
            return NULL;
    }
    return NULL;
}

/* Without the right to make databases: a schema of its own that comes first in the search path. */
static struct db *open_scratch_schema(struct db *db, struct diag *diag) {
    char state[6];
    const char *name = make_scratch(db, SCRATCH_SCHEMA, state);

    if (!name) {
        diag_fail(diag, "cannot make a scratch database or schema: %s", message_of(diag->arena, PQerrorMessage(db->connection)));
        db_close(db);
        return NULL;
    }
    db->scratch = SCRATCH_SCHEMA;
    db->scratch_name = name;
    if (driver_exec(db, sql_format(&db->arena, &dialect_postgresql.quoting, "SET search_path = %I", name), diag) == 0)
        return db;
    db_close(db);
    return NULL;
}

static struct db *driver_open_scratch(const char *url, struct diag *diag) {
    struct db *db = driver_open(url, diag);
    PGconn *connection;
    char state[6];

    if (!db)
        return NULL;
    db->scratch_name = make_scratch(db, SCRATCH_DATABASE, state);
    if (!db->scratch_name)
        return open_scratch_schema(db, diag);
    db->scratch = SCRATCH_DATABASE;
    connection = connect_to(url, db->scratch_name, diag);
    db->maintenance = db->connection;
    db->connection = connection;
    if (connection && driver_exec(db, session_setup, diag) == 0)
        return db;
    db_close(db);
    return NULL;
}

static void drop_scratch(struct db *db) {
    const struct quoting *quoting = &dialect_postgresql.quoting;
    bool force = db->head.version >= VERSION_13;
    char state[6];

    if (db->scratch == SCRATCH_DATABASE && db->maintenance) {
        PQfinish(db->connection);
        db->connection = NULL;
        try_exec(db->maintenance, sql_format(&db->arena, quoting, "DROP DATABASE %I%T", db->scratch_name, force ? " WITH (FORCE)" : ""),
                 state);
    } else if (db->scratch == SCRATCH_SCHEMA) {
        try_exec(db->connection, "ROLLBACK", state);
        try_exec(db->connection, sql_format(&db->arena, quoting, "DROP SCHEMA %I CASCADE", db->scratch_name), state);
    }
}

static void driver_close(struct db *db) {
    drop_scratch(db);
    PQfinish(db->connection);
    PQfinish(db->maintenance);
    arena_free(&db->arena);
    free(db);
}

const struct driver driver_postgresql = {
    .name = "postgresql",
    .open = driver_open,
    .open_scratch = driver_open_scratch,
    .exec = driver_exec,
    .query = driver_query,
    .close = driver_close,
};
