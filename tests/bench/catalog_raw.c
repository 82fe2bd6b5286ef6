/* The floor of pulling: sends the queries that catalog wrote down through the client library alone, and throws the rows away.
 *
 *     catalog_raw URL FILE */
#include <libpq-fe.h>
#include <mariadb/mysql.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "db.h"
#include "diag.h"
#include "file.h"

struct script {
    const char *at;
    const char *end;
};

/* The next text with its kind in front, or NULL. */
static const char *next(struct script *script) {
    const char *text = script->at;

    if (text >= script->end)
        return NULL;
    script->at += strlen(text) + 1;
    return text;
}

static int fail(const char *message) {
    fprintf(stderr, "catalog_raw: %s\n", message);
    return 1;
}

static int run_sqlite(const char *url, struct script script) {
    sqlite3 *db;
    const char *text;
    const char *path = strncmp(url, "sqlite:", 7) == 0 ? url + 7 : url;

    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK)
        return fail("cannot open");
    while ((text = next(&script))) {
        sqlite3_stmt *statement;

        if (sqlite3_prepare_v2(db, text + 1, -1, &statement, NULL) != SQLITE_OK)
            return fail(sqlite3_errmsg(db));
        while (sqlite3_step(statement) == SQLITE_ROW)
            for (int i = 0; i < sqlite3_column_count(statement); i++)
                (void)sqlite3_column_text(statement, i);
        sqlite3_finalize(statement);
    }
    sqlite3_close(db);
    return 0;
}

/* Reads and forgets the answers of what was sent together. */
static int read_pipeline(PGconn *connection) {
    int nulls = 0;

    PQpipelineSync(connection);
    while (nulls < 2) {
        PGresult *result = PQgetResult(connection);
        ExecStatusType status = PQresultStatus(result);

        nulls = result ? 0 : nulls + 1;
        PQclear(result);
        if (status == PGRES_PIPELINE_SYNC)
            return 0;
        if (result && status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK)
            return fail(PQerrorMessage(connection));
    }
    return 0;
}

static int run_postgresql(const char *url, struct script script) {
    PGconn *connection = PQconnectdb(url);
    const char *text;
    int result = 0;
    bool together = false;

    if (PQstatus(connection) != CONNECTION_OK)
        return fail(PQerrorMessage(connection));
    PQclear(PQexec(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"));
    while (result == 0 && (text = next(&script))) {
        if (together && *text != 'g') {
            result = read_pipeline(connection);
            together = PQexitPipelineMode(connection) != 1;
        }
        if (*text != 'g') {
            PQclear(PQexec(connection, text + 1));
            continue;
        }
        together = together || PQenterPipelineMode(connection) == 1;
        if (PQsendQueryParams(connection, text + 1, 0, NULL, NULL, NULL, NULL, 0) != 1)
            result = fail(PQerrorMessage(connection));
    }
    if (together && result == 0)
        result = read_pipeline(connection);
    PQfinish(connection);
    return result;
}

static int forget_rows(MYSQL *server) {
    do {
        MYSQL_RES *rows = mysql_use_result(server);

        while (rows && mysql_fetch_row(rows)) {
        }
        mysql_free_result(rows);
    } while (mysql_next_result(server) == 0);
    return mysql_errno(server) ? fail(mysql_error(server)) : 0;
}

static int run_mysql(const struct url *url, struct script script) {
    MYSQL *server = mysql_init(NULL);
    const char *text;
    int result = 0;
    unsigned port = url->port ? (unsigned)strtoul(url->port, NULL, 10) : 0;

    if (!mysql_real_connect(server, url->host, url->user, url->password, url->database, port, NULL, CLIENT_MULTI_STATEMENTS))
        return fail(mysql_error(server));
    while (result == 0 && (text = next(&script)))
        result = mysql_query(server, text + 1) != 0 ? fail(mysql_error(server)) : forget_rows(server);
    mysql_close(server);
    return result;
}

int main(int argc, char **argv) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct script script = {0};
    struct url url;
    char *bytes;
    size_t count;
    int result;

    if (argc != 3 || file_read(&arena, argv[2], &bytes, &count, &diag))
        return fail("usage: catalog_raw URL FILE");
    script.at = bytes;
    script.end = bytes + count;
    if (strncmp(argv[1], "postgres", 8) == 0)
        result = run_postgresql(argv[1], script);
    else if (strstr(argv[1], "://") && url_parse(&arena, argv[1], &url, &diag) == 0)
        result = run_mysql(&url, script);
    else
        result = run_sqlite(argv[1], script);
    arena_free(&arena);
    return result;
}
