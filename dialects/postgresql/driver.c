/* The one file that sees libpq. */
#include <libpq-fe.h>
#include <poll.h>
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

/* What can go wrong while a catalog is read, or with the connection at any time, by SQLSTATE or by libpq's words. */
static const struct fault_row catalog_faults[] = {
    {"55P03", "another session holds a lock on what has to be read, for too long",
     "wait for its ALTER TABLE or VACUUM FULL to end and try again; pg_locks names it"},
    {"57014", "the server canceled the query", "its statement_timeout may be too short for this catalog"},
    {"57P0", "the server ended the connection", NULL},
    {"42501", "the user may not read this", NULL},
    {"server closed the connection", "the connection was cut", "nothing was changed; try again"},
    {"could not receive data", "the connection was cut", "nothing was changed; try again"},
    {"could not send data", "the connection was cut", "nothing was changed; try again"},
    {"no connection to the server", "the connection was cut", "nothing was changed; try again"},
    {"SSL error", "the connection was cut", "nothing was changed; try again"},
    {NULL, NULL, NULL},
};

static enum fault fault_of(struct db *db, const char *state) {
    return PQstatus(db->connection) != CONNECTION_OK ? FAULT_LOST : pg_fault_of(state ? state : "");
}

/* Reports the server's words, with the statement and the place in it where the server named one. */
static int report(struct db *db, const PGresult *result, const char *sql, struct diag *diag) {
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL);
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *position = PQresultErrorField(result, PG_DIAG_STATEMENT_POSITION);
    const char *text = arena_strdup(diag->arena, sql);
    struct source *source;
    struct span at = {.start = position ? position_offset(sql, position) : 0};

    db->head.fault = fault_of(db, state);
    if (PQstatus(db->connection) != CONNECTION_OK) {
        text = PQerrorMessage(db->connection);
        return fault_report(diag, db->head.version_text, fault_find(catalog_faults, text), text);
    }
    source = source_new(diag->arena, "statement", text, strlen(text), diag);
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
    int done;

    db->head.fault = FAULT_NONE;
    done = succeeded(result) ? 0 : report(db, result, sql, diag);
    PQclear(result);
    return done;
}

/* The cells lie in one block, so that a catalog of a million cells costs one allocation. */
static void copy_rows(const PGresult *result, struct arena *arena, struct rows *rows) {
    int row_count = PQntuples(result), column_count = PQnfields(result);
    size_t cell = 0, size = 0;
    char *text;

    rows->row_count = (size_t)row_count;
    rows->column_count = (size_t)column_count;
    rows->cells = ARENA_ARRAY(arena, const char *, rows->row_count * rows->column_count);
    for (int row = 0; row < row_count; row++)
        for (int column = 0; column < column_count; column++)
            size += (size_t)PQgetlength(result, row, column) + 1;
    text = arena_alloc(arena, size);
    for (int row = 0; row < row_count; row++)
        for (int column = 0; column < column_count; column++, cell++) {
            size_t length = (size_t)PQgetlength(result, row, column) + 1;

            if (PQgetisnull(result, row, column))
                continue;
            rows->cells[cell] = memcpy(text, PQgetvalue(result, row, column), length);
            text += length;
        }
}

static int driver_query(struct db *db, struct arena *arena, const char *sql, struct rows *rows, struct diag *diag) {
    PGresult *result = PQexec(db->connection, sql);
    int done;

    *rows = (struct rows){0};
    db->head.fault = FAULT_NONE;
    done = succeeded(result) ? 0 : report(db, result, sql, diag);
    if (done == 0)
        copy_rows(result, arena, rows);
    PQclear(result);
    return done;
}

/* --- many queries on one view of the database --- */

static int report_catalog(struct db *db, const PGresult *result, struct diag *diag) {
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char *primary = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const char *message = primary ? primary : PQerrorMessage(db->connection);
    const char *what = arena_printf(diag->arena, "cannot read the catalog of %s", db->head.version_text);

    db->head.fault = fault_of(db, state);
    if (state)
        message = arena_printf(diag->arena, "%s, %s", message, state);
    return fault_report(diag, what, fault_find(catalog_faults, message), message);
}

/* Runs one or more statements whose results do not matter. */
static int run_quietly(struct db *db, const char *sql, struct diag *diag) {
    PGresult *result = PQexec(db->connection, sql);
    int done = succeeded(result) ? 0 : report_catalog(db, result, diag);

    PQclear(result);
    return done;
}

/* Sends what libpq still holds, and reads meanwhile: a server that waits for its answers to be taken would not read our queries. */
static bool flush(PGconn *connection) {
    for (int left = PQflush(connection); left != 0; left = PQflush(connection)) {
        struct pollfd wait = {.fd = PQsocket(connection), .events = POLLIN | POLLOUT};

        if (left < 0 || poll(&wait, 1, -1) < 0 || ((wait.revents & POLLIN) && !PQconsumeInput(connection)))
            return false;
    }
    return true;
}

static bool send_queries(PGconn *connection, const struct queries *queries) {
    if (PQsetnonblocking(connection, 1) || !PQenterPipelineMode(connection))
        return false;
    for (size_t i = 0; i < queries->count; i++)
        if (!PQsendQueryParams(connection, queries->sql[i], 0, NULL, NULL, NULL, NULL, 0))
            return false;
    return PQpipelineSync(connection) && flush(connection);
}

/* The result of one query of the pipeline, and the NULL behind it. Once one failed, the others come back as aborted. */
static int receive_result(struct db *db, struct arena *arena, struct rows *rows, struct diag *diag) {
    PGresult *result = PQgetResult(db->connection);
    ExecStatusType status = PQresultStatus(result);
    int done = status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK ? 0 : -1;

    if (done == 0)
        copy_rows(result, arena, rows);
    else if (status != PGRES_PIPELINE_ABORTED)
        report_catalog(db, result, diag);
    PQclear(result);
    PQclear(PQgetResult(db->connection));
    return done;
}

/* Sends all QUERIES at once and takes their results in order. */
static int run_pipeline(struct db *db, struct arena *arena, const struct queries *queries, struct rows *results, struct diag *diag) {
    int done = send_queries(db->connection, queries) ? 0 : report_catalog(db, NULL, diag);

    for (size_t i = 0; i < queries->count && PQstatus(db->connection) == CONNECTION_OK; i++)
        if (receive_result(db, arena, &results[i], diag))
            done = -1;
    PQsetnonblocking(db->connection, 0);
    if (PQstatus(db->connection) == CONNECTION_OK)
        PQclear(PQgetResult(db->connection)); /* of the sync */
    PQexitPipelineMode(db->connection);
    return done;
}

/* A transaction of our own, in which settings end with it; within one that is open, a savepoint does the same. A lock is not waited for
 * for ever, unless the session has a limit of its own. */
static int driver_query_all(struct db *db, struct arena *arena, const struct queries *queries, struct rows *results, struct diag *diag) {
    bool inside = PQtransactionStatus(db->connection) == PQTRANS_INTRANS;
    const char *begin = arena_printf(arena,
                                     "%s; SELECT pg_catalog.set_config('lock_timeout', '10s', true) WHERE "
                                     "pg_catalog.current_setting('lock_timeout') OPERATOR(pg_catalog.=) '0'; %s",
                                     inside ? "SAVEPOINT persist_queries" : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                                     queries->prepare ? queries->prepare : "");
    int done;

    db->head.fault = FAULT_NONE;
    done = run_quietly(db, begin, diag);
    if (done == 0)
        done = run_pipeline(db, arena, queries, results, diag);
    PQclear(PQexec(db->connection, inside ? "ROLLBACK TO SAVEPOINT persist_queries; RELEASE SAVEPOINT persist_queries" : "ROLLBACK"));
    return done;
}

/* --- connecting --- */

/* The parameters of URL, the database replaced where DATABASE is given, with ours where the user said nothing. */
struct parameters {
    const char *keywords[80];
    const char *values[80];
    size_t count;
};

static void add_parameter(struct parameters *parameters, const char *keyword, const char *value) {
    parameters->keywords[parameters->count] = keyword;
    parameters->values[parameters->count++] = value;
    parameters->keywords[parameters->count] = NULL;
}

/* What the environment says (PGCONNECT_TIMEOUT …) counts where the URL says nothing, and before ours. */
static void collect_parameters(const PQconninfoOption *options, const char *database, struct parameters *parameters) {
    for (const PQconninfoOption *option = options; option->keyword && parameters->count < 70; option++) {
        const char *value = option->val;

        if (database && strcmp(option->keyword, "dbname") == 0)
            value = database;
        if (!value && strcmp(option->keyword, "connect_timeout") == 0 && !getenv("PGCONNECT_TIMEOUT"))
            value = "10";
        if (strcmp(option->keyword, "client_encoding") == 0)
            value = "UTF8";
        if (value)
            add_parameter(parameters, option->keyword, value);
    }
    add_parameter(parameters, "fallback_application_name", "persist");
}

/* libpq's words at the time of connecting, which has no codes for them, and what they mean. The first that fits counts. */
static const struct fault_row connect_faults[] = {
    {"could not translate host name", "no such host", "check the name of the host in the URL"},
    {"Connection refused", "nothing answers there", "is the server running, and are host and port right?"},
    {"No such file or directory", "there is no such socket", "is the server running? A host in the URL makes it go over the network"},
    {"timeout expired", "no answer in time", "is the server reachable from here? \"?connect_timeout=SECONDS\" in the URL waits longer"},
    {"does not support SSL", "the server has no TLS, which the URL asks for", "sslmode=prefer goes on without it"},
    {"certificate verify failed", "the server's certificate is not trusted", "sslrootcert names the file of the authority that signed it"},
    {"does not match host name", "the server's certificate is for another host", "sslmode=verify-ca does not compare the name"},
    {"root certificate file", "the certificate of the authority cannot be read", "sslrootcert names its file"},
    {"SSL error", "TLS failed", NULL},
    {"pg_hba.conf", "the server lets nobody in from here as this user to this database",
     "its pg_hba.conf decides; it may ask for TLS: sslmode=require"},
    {"password authentication failed", "the password is wrong, or there is no such user", NULL},
    {"role \"", "there is no such user on the server, or it may not log in", NULL},
    {"database \"", "there is no such database on the server, or it takes no connections", NULL},
    {"too many", "the server has no connection left", NULL},
    {"starting up", "the server is just starting", "try again in a moment"},
    {"server closed the connection", "the connection was cut", NULL},
    {"definition of service", "the service that PGSERVICE or the URL names is not in pg_service.conf", NULL},
    {NULL, NULL, NULL},
};

static int report_connect(PGconn *connection, const char *shown, struct diag *diag) {
    const char *what = arena_printf(diag->arena, "cannot connect to %s", shown);

    if (PQconnectionNeedsPassword(connection)) {
        diag_fail(diag, "%s: the server wants a password for \"%s\", and none was given", what, PQuser(connection));
        diag_hint(diag, "put it into PGPASSWORD or ~/.pgpass, or the whole URL into a variable, named as env:NAME; at a terminal "
                        "you are asked");
        return -1;
    }
    return fault_report(diag, what, fault_find(connect_faults, PQerrorMessage(connection)), PQerrorMessage(connection));
}

/* Connects with PARAMETERS, and once more with the password that SOURCE gives when one was missing. */
static PGconn *connect_asking(struct parameters *parameters, struct password_source *source, struct arena *arena) {
    PGconn *connection = PQconnectdbParams(parameters->keywords, parameters->values, 0);
    const char *password;

    if (PQstatus(connection) == CONNECTION_OK || !source || !PQconnectionNeedsPassword(connection))
        return connection;
    password = source->ask(source, arena, arena_printf(arena, "%s at %s", PQuser(connection), PQhost(connection)));
    if (!password)
        return connection;
    PQfinish(connection);
    add_parameter(parameters, "password", password);
    return PQconnectdbParams(parameters->keywords, parameters->values, 0);
}

/* The keys that may stand in the query part of a URL, which libpq alone knows. -1 reported when URL has another. */
static int check_options(const char *text, struct diag *diag) {
    PQconninfoOption *defaults = PQconndefaults();
    struct url url;
    VEC(const char *) known = {0};
    int result = url_parse(diag->arena, text, &url, diag);

    for (const PQconninfoOption *option = defaults; option && option->keyword; option++)
        if (*option->dispchar != 'D')
            vec_push(diag->arena, &known, arena_strdup(diag->arena, option->keyword));
    vec_push(diag->arena, &known, NULL);
    PQconninfoFree(defaults);
    return result ? -1 : url_check_options(diag->arena, &url, known.at, diag);
}

/* Connects; NULL reported. libpq's complaint about a URL it cannot read may quote the password, and is not passed on. */
static PGconn *connect_to(const char *url, const char *database, struct password_source *source, struct diag *diag) {
    const char *shown = url_shown(diag->arena, url);
    PQconninfoOption *options;
    struct parameters parameters = {0};
    PGconn *connection;

    if (check_options(url, diag))
        return NULL;
    options = PQconninfoParse(url, NULL);
    if (!options) {
        diag_fail(diag, "the URL \"%s\" cannot be read", shown);
        diag_hint(diag, "write postgresql://user@host:port/database");
        return NULL;
    }
    collect_parameters(options, database, &parameters);
    connection = connect_asking(&parameters, source, diag->arena);
    PQconninfoFree(options);
    if (PQstatus(connection) == CONNECTION_OK) {
        PQsetNoticeProcessor(connection, ignore_notice, NULL);
        return connection;
    }
    report_connect(connection, shown, diag);
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

static struct db *driver_open_asking(const char *url, struct password_source *source, struct diag *diag) {
    PGconn *connection = connect_to(url, NULL, source, diag);

    return connection ? db_new(connection, diag) : NULL;
}

static struct db *driver_open(const char *url, struct diag *diag) {
    return driver_open_asking(url, NULL, diag);
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
    connection = connect_to(url, db->scratch_name, NULL, diag);
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
    .open_asking = driver_open_asking,
    .open_scratch = driver_open_scratch,
    .exec = driver_exec,
    .query = driver_query,
    .query_all = driver_query_all,
    .close = driver_close,
};
