/* The only file that sees the client library: MariaDB Connector/C, which serves MySQL and MariaDB. A server whose accounts use
 * caching_sha2_password (MySQL 8 and later) needs the connector's plugin of that name, which Debian ships with the library. */
#include <mariadb/mysql.h> /* by its folder: mysql.h is the dialect's own header here */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "mysql_internal.h"
#include "str.h"

enum { CONNECT_SECONDS = 10, SHOWN_STATEMENT = 400 };

struct db {
    struct db_head head;
    MYSQL *server;
    struct arena arena;  /* head.version_text, scratch */
    const char *scratch; /* the database to remove at the end; or NULL */
};

/* The beginning of SQL on one line. */
static const char *one_line(struct arena *arena, const char *sql) {
    size_t length = strlen(sql);
    char *text = arena_printf(arena, "%.*s%s", SHOWN_STATEMENT, sql, length > SHOWN_STATEMENT ? " …" : "");
    char *out = text;

    for (const char *at = text; *at; at++) {
        bool blank = *at == ' ' || *at == '\n' || *at == '\t';

        if (!blank || (out > text && out[-1] != ' '))
            *out++ = blank ? ' ' : *at;
    }
    *out = '\0';
    return text;
}

static int report(struct db *db, const char *sql, struct diag *diag) {
    const char *message = mysql_error(db->server);

    diag_fail(diag, "%s: %s (error %u)", db->head.version_text ? db->head.version_text : "the server", message, mysql_errno(db->server));
    diag_hint(diag, "in the statement: %s", one_line(diag->arena, sql));
    return -1;
}

/* --- opening --- */

/* An option of the URL's query, decoded. */
static const char *option(struct db *db, const struct url *url, const char *key) {
    return url_option(&db->arena, url, key);
}

/* Options as in the servers' own clients: ssl-ca, ssl-cert, ssl-key, ssl-mode (disabled, required, verify_ca, verify_identity). */
static void set_tls(struct db *db, const struct url *url) {
    const char *ca = option(db, url, "ssl-ca"), *cert = option(db, url, "ssl-cert"), *key = option(db, url, "ssl-key");
    const char *mode = option(db, url, "ssl-mode");
    my_bool on = 1;

    if (ca || cert || key)
        mysql_ssl_set(db->server, key, cert, ca, NULL, NULL);
    if (mode && (strcasecmp(mode, "required") == 0 || strncasecmp(mode, "verify_", 7) == 0))
        mysql_optionsv(db->server, MYSQL_OPT_SSL_ENFORCE, &on);
    if (mode && strncasecmp(mode, "verify_", 7) == 0)
        mysql_optionsv(db->server, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &on);
}

static void set_options(struct db *db, const struct url *url) {
    const char *seconds = option(db, url, "connect-timeout");
    const char *plugins = option(db, url, "plugin-dir");
    unsigned timeout = seconds ? (unsigned)strtoul(seconds, NULL, 10) : CONNECT_SECONDS;

    mysql_optionsv(db->server, MYSQL_OPT_CONNECT_TIMEOUT, &timeout);
    mysql_optionsv(db->server, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    if (plugins)
        mysql_optionsv(db->server, MYSQL_PLUGIN_DIR, plugins);
    set_tls(db, url);
}

/* 8.0.36-28 → 80036, 10.11.19 → 101119, 9.7.0 → 90700. */
static int version_number(const char *text) {
    char *end;
    long major = strtol(text, &end, 10);
    long minor = *end == '.' ? strtol(end + 1, &end, 10) : 0;
    long patch = *end == '.' ? strtol(end + 1, &end, 10) : 0;

    return (int)(major * 10000 + minor * 100 + patch);
}

/* MariaDB says its name in the version; behind a proxy the connector has removed "5.5.5-" already. */
static void detect_version(struct db *db) {
    const char *text = mysql_get_server_info(db->server);
    bool maria = strstr(text, "MariaDB") != NULL;

    if (maria && strncmp(text, "5.5.5-", 6) == 0)
        text += 6;
    db->head.flavor = maria ? FLAVOR_MARIADB : FLAVOR_MYSQL;
    db->head.version = version_number(text);
    db->head.version_text = arena_printf(&db->arena, "%s %.*s", maria ? "MariaDB" : "MySQL", (int)strspn(text, "0123456789."), text);
}

static int run_results(struct db *db, const char *sql, struct diag *diag) {
    int more;

    do {
        MYSQL_RES *result = mysql_store_result(db->server);

        if (result)
            mysql_free_result(result);
        else if (mysql_errno(db->server))
            return report(db, sql, diag);
        more = mysql_next_result(db->server);
    } while (more == 0);
    return more > 0 ? report(db, sql, diag) : 0;
}

static int driver_exec(struct db *db, const char *sql, struct diag *diag) {
    if (mysql_real_query(db->server, sql, strlen(sql)) != 0)
        return report(db, sql, diag);
    return run_results(db, sql, diag);
}

/* Sets what my_session says, line by line. */
static int start_session(struct db *db, struct diag *diag) {
    const char *line = my_session;

    while (*line) {
        size_t length = strcspn(line, "\n");

        if (driver_exec(db, arena_strndup(&db->arena, line, length), diag) != 0)
            return -1;
        line += length;
        line += *line == '\n';
    }
    return 0;
}

static void driver_close(struct db *db) {
    if (db->scratch) {
        struct sql sql = SQL_INIT(&dialect_mysql.quoting);

        sqlf(&sql, "DROP DATABASE IF EXISTS %I", db->scratch);
        (void)mysql_real_query(db->server, sql.text.text, sql.text.length);
        sql_free(&sql);
    }
    mysql_close(db->server);
    arena_free(&db->arena);
    free(db);
}

static int connect_to(struct db *db, const struct url *url, const char *shown, struct diag *diag) {
    unsigned port = url->port ? (unsigned)strtoul(url->port, NULL, 10) : 0;

    set_options(db, url);
    if (!mysql_real_connect(db->server, url->host ? url->host : "localhost", url->user, url->password, url->database, port,
                            option(db, url, "socket"), CLIENT_MULTI_STATEMENTS)) {
        diag_fail(diag, "cannot connect to %s: %s", shown, mysql_error(db->server));
        return -1;
    }
    detect_version(db);
    return start_session(db, diag);
}

static struct db *open_url(const struct url *url, const char *shown, struct diag *diag) {
    struct db *db = memory_resize(NULL, sizeof *db);

    *db = (struct db){.head = {.driver = &my_driver}, .server = mysql_init(NULL)};
    if (connect_to(db, url, shown, diag) == 0)
        return db;
    driver_close(db);
    return NULL;
}

static struct db *driver_open(const char *text, struct diag *diag) {
    struct arena arena = {0};
    struct url url;
    struct db *db = NULL;

    if (url_parse(&arena, text, &url, diag) == 0)
        db = open_url(&url, url_shown(&arena, text), diag);
    arena_free(&arena);
    return db;
}

/* --- scratch --- */

/* A name that no other process and no other scratch database of this one has. */
static const char *scratch_name(struct arena *arena) {
    static unsigned count;

    return arena_printf(arena, "persist_scratch_%ld_%u", (long)getpid(), ++count);
}

static int make_scratch(struct db *db, const char *name, struct diag *diag) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    int result;

    sqlf(&sql, "DROP DATABASE IF EXISTS %I; CREATE DATABASE %I CHARACTER SET utf8mb4; USE %I", name, name, name);
    result = driver_exec(db, sql.text.text, diag);
    sql_free(&sql);
    if (result == 0)
        db->scratch = arena_strdup(&db->arena, name);
    return result;
}

static struct db *driver_open_scratch(const char *text, struct diag *diag) {
    struct arena arena = {0};
    struct url url;
    struct db *db = NULL;

    if (url_parse(&arena, text, &url, diag) == 0) {
        url.database = NULL; /* the one named need not exist */
        db = open_url(&url, url_shown(&arena, text), diag);
    }
    if (db && make_scratch(db, scratch_name(&arena), diag) != 0) {
        driver_close(db);
        db = NULL;
    }
    arena_free(&arena);
    return db;
}

/* --- queries --- */

static void take_rows(MYSQL_RES *result, struct arena *arena, struct rows *rows) {
    size_t columns = mysql_num_fields(result);
    MYSQL_ROW row;
    size_t at = 0;

    rows->column_count = columns;
    rows->row_count = (size_t)mysql_num_rows(result);
    rows->cells = ARENA_ARRAY(arena, const char *, rows->row_count *columns);
    while ((row = mysql_fetch_row(result))) {
        const unsigned long *lengths = mysql_fetch_lengths(result);

        for (size_t i = 0; i < columns; i++)
            rows->cells[at++] = row[i] ? arena_strndup(arena, row[i], lengths[i]) : NULL;
    }
}

static int driver_query(struct db *db, struct arena *arena, const char *sql, struct rows *rows, struct diag *diag) {
    MYSQL_RES *result;

    *rows = (struct rows){0};
    if (mysql_real_query(db->server, sql, strlen(sql)) != 0)
        return report(db, sql, diag);
    result = mysql_store_result(db->server);
    if (!result)
        return mysql_errno(db->server) ? report(db, sql, diag) : run_results(db, sql, diag);
    take_rows(result, arena, rows);
    mysql_free_result(result);
    if (!mysql_more_results(db->server))
        return 0;
    return mysql_next_result(db->server) == 0 ? run_results(db, sql, diag) : report(db, sql, diag);
}

const struct driver my_driver = {
    .name = "mysql",
    .open = driver_open,
    .open_scratch = driver_open_scratch,
    .exec = driver_exec,
    .query = driver_query,
    .close = driver_close,
};
