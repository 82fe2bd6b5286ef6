/* The only file that sees the client library: MariaDB Connector/C, which serves MySQL and MariaDB. A server whose accounts use
 * caching_sha2_password (MySQL 8 and later) needs the connector's plugin of that name, which Debian ships with the library. */
#include <mariadb/errmsg.h>
#include <mariadb/mysql.h> /* by its folder: mysql.h is the dialect's own header here */
#include <mariadb/mysqld_error.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "mysql_internal.h"
#include "str.h"

enum { CONNECT_SECONDS = 10, SHOWN_STATEMENT = 400, OLDEST_MYSQL = 80000, OLDEST_MARIADB = 100500 };

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

/* What can go wrong while a catalog is read, or with the connection at any time. */
static const struct fault_row catalog_faults[] = {
    {"error 1205:", "another session holds a lock on what has to be read, for too long", "wait for its ALTER TABLE to end and try again"},
    {"error 2013:", "the connection was cut", "nothing was changed; try again"},
    {"error 2006:", "the connection was cut", "nothing was changed; try again"},
    {"error 1317:", "the server ended the query", NULL},
    {"error 1142:", "the user may not read this", NULL},
    {"error 1044:", "the user may not read this", NULL},
    {NULL, NULL, NULL},
};

enum { TOO_MANY_ROW_VERSIONS = 4092 };

static int report(struct db *db, const char *sql, struct diag *diag) {
    const char *message = mysql_error(db->server);
    unsigned number = mysql_errno(db->server);

    db->head.fault = my_fault_of(number, message);
    if (number == CR_SERVER_LOST || number == CR_SERVER_GONE_ERROR) {
        message = arena_printf(diag->arena, "error %u: %s", number, message);
        return fault_report(diag, db->head.version_text ? db->head.version_text : "the server", fault_find(catalog_faults, message),
                            message);
    }
    diag_fail(diag, "%s: %s (error %u)", db->head.version_text ? db->head.version_text : "the server", message, number);
    if (number == TOO_MANY_ROW_VERSIONS)
        diag_hint(diag,
                  "MySQL counts the columns that come and go at once; ALTER TABLE … FORCE, ALGORITHM=INPLACE, LOCK=NONE writes the table "
                  "anew while others go on, and the count begins again; then run this again");
    else
        diag_hint(diag, "in the statement: %s", one_line(diag->arena, sql));
    return -1;
}

/* --- opening --- */

/* An option of the URL's query, decoded. */
static const char *option(struct db *db, const struct url *url, const char *key) {
    return url_option(&db->arena, url, key);
}

/* The keys that the query part of a URL may have: names as in the servers' own clients. */
static const char *const url_options[] = {"socket",      "connect-timeout", "plugin-dir", "ssl-mode",   "ssl-ca",
                                          "ssl-capath",  "ssl-cert",        "ssl-key",    "ssl-cipher", "ssl-crl",
                                          "ssl-crlpath", "tls-version",     NULL};

/* Options that the library takes as text. */
static const struct {
    const char *key;
    enum mysql_option option;
} text_options[] = {
    {"plugin-dir", MYSQL_PLUGIN_DIR}, {"ssl-ca", MYSQL_OPT_SSL_CA},           {"ssl-capath", MYSQL_OPT_SSL_CAPATH},
    {"ssl-cert", MYSQL_OPT_SSL_CERT}, {"ssl-key", MYSQL_OPT_SSL_KEY},         {"ssl-cipher", MYSQL_OPT_SSL_CIPHER},
    {"ssl-crl", MYSQL_OPT_SSL_CRL},   {"ssl-crlpath", MYSQL_OPT_SSL_CRLPATH}, {"tls-version", MARIADB_OPT_TLS_VERSION},
};

static const struct tls_mode {
    const char *name;
    bool enforced;
    bool needs_authority; /* the chain is checked as soon as an authority is named */
    bool identity;        /* the host's name is compared too */
} tls_modes[] = {
    {"disabled", false, false, false}, {"preferred", false, false, false},    {"required", true, false, false},
    {"verify_ca", true, true, false},  {"verify_identity", true, true, true},
};

static const struct tls_mode *find_tls_mode(const char *name) {
    for (size_t i = 0; i < sizeof tls_modes / sizeof *tls_modes; i++)
        if (strcasecmp(tls_modes[i].name, name) == 0)
            return &tls_modes[i];
    return NULL;
}

/* Without ssl-mode TLS is used when another of its options is there. */
static int set_tls(struct db *db, const struct url *url, struct diag *diag) {
    const char *name = option(db, url, "ssl-mode");
    const struct tls_mode *mode = name ? find_tls_mode(name) : NULL;
    bool authority = option(db, url, "ssl-ca") || option(db, url, "ssl-capath");
    my_bool on = 1;

    if (!name)
        return 0;
    if (!mode) {
        diag_fail(diag, "there is no ssl-mode \"%s\"", name);
        diag_hint(diag, "it is disabled, preferred, required, verify_ca or verify_identity");
        return -1;
    }
    if (mode->needs_authority && !authority) {
        diag_fail(diag, "ssl-mode=%s needs the certificate of the authority", mode->name);
        diag_hint(diag, "add its file to the URL: ssl-ca=/path/ca.pem");
        return -1;
    }
    if (mode->enforced)
        mysql_optionsv(db->server, MYSQL_OPT_SSL_ENFORCE, &on);
    if (mode->identity)
        mysql_optionsv(db->server, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &on);
    return 0;
}

/* The file ~/.my.cnf is read as the servers' clients read it. No server may ask for a file of ours (LOAD DATA LOCAL). */
static int set_options(struct db *db, const struct url *url, struct diag *diag) {
    const char *seconds = option(db, url, "connect-timeout");
    unsigned timeout = seconds ? (unsigned)strtoul(seconds, NULL, 10) : CONNECT_SECONDS;
    unsigned no_local_files = 0;

    mysql_optionsv(db->server, MYSQL_READ_DEFAULT_GROUP, "");
    mysql_optionsv(db->server, MYSQL_OPT_CONNECT_TIMEOUT, &timeout);
    mysql_optionsv(db->server, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    mysql_optionsv(db->server, MYSQL_OPT_LOCAL_INFILE, &no_local_files);
    for (size_t i = 0; i < sizeof text_options / sizeof *text_options; i++) {
        const char *value = option(db, url, text_options[i].key);

        if (value)
            mysql_optionsv(db->server, text_options[i].option, value);
    }
    return set_tls(db, url, diag);
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
    db->head.fault = FAULT_NONE;
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

/* What keeps us from connecting, by the number that stands in front of the message. */
static const struct fault_row connect_faults[] = {
    {"error 2002:", "nothing answers there", "is the server running, and are host, port or socket right?"},
    {"error 2003:", "nothing answers there", "is the server running, and are host and port right?"},
    {"error 2005:", "no such host", "check the name of the host in the URL"},
    {"error 1045:", "the password is wrong, or there is no such user", NULL},
    {"error 1698:", "this user does not log in with a password",
     "root often logs in through the socket alone: ?socket=/run/mysqld/mysqld.sock"},
    {"error 1049:", "there is no such database on the server", NULL},
    {"error 1044:", "the user has no right to this database", NULL},
    {"error 1130:", "the server lets nobody in from this host", NULL},
    {"error 1040:", "the server has no connection left", NULL},
    {"error 3159:", "the server wants TLS", "add ssl-mode=required to the URL"},
    {"certificate", "the server's certificate is not trusted", "ssl-ca names the file of the authority that signed it"},
    {"error 2026:", "TLS failed", NULL},
    {"error 2059:", "the server asks for a way to log in that is not installed here",
     "plugin-dir in the URL names the folder of the plugins"},
    {"error 2013:", "the connection was cut", NULL},
    {"error 2006:", "the connection was cut", NULL},
    {NULL, NULL, NULL},
};

static int report_connect(struct db *db, const char *shown, bool without_password, struct diag *diag) {
    const char *what = arena_printf(diag->arena, "cannot connect to %s", shown);
    const char *message = arena_printf(diag->arena, "error %u: %s", mysql_errno(db->server), mysql_error(db->server));

    if (mysql_errno(db->server) == ER_ACCESS_DENIED_ERROR && without_password) {
        diag_fail(diag, "%s: the server wants a password, or does not know the user (%s)", what, message);
        diag_hint(diag, "put it into MYSQL_PWD or ~/.my.cnf, or the whole URL into a variable, named as env:NAME; at a terminal "
                        "you are asked");
        return -1;
    }
    return fault_report(diag, what, fault_find(connect_faults, message), message);
}

static bool try_connect(struct db *db, const struct url *url, const char *password) {
    unsigned port = url->port ? (unsigned)strtoul(url->port, NULL, 10) : 0;

    return mysql_real_connect(db->server, url->host, url->user, password, url->database, port, option(db, url, "socket"),
                              CLIENT_MULTI_STATEMENTS) != NULL;
}

/* Was the refusal about a password that nobody gave? The server says so. */
static bool misses_password(struct db *db) {
    return mysql_errno(db->server) == ER_ACCESS_DENIED_ERROR && strstr(mysql_error(db->server), "using password: NO");
}

/* A handle that failed to connect is not used again: its options may be gone. */
static int reconnect(struct db *db, const struct url *url, const char *password, struct diag *diag) {
    mysql_close(db->server);
    db->server = mysql_init(NULL);
    return set_options(db, url, diag) || !try_connect(db, url, password) ? -1 : 0;
}

/* The oldest servers of which introspection knows the catalog. */
static int check_version(struct db *db, struct diag *diag) {
    int oldest = db->head.flavor == FLAVOR_MARIADB ? OLDEST_MARIADB : OLDEST_MYSQL;

    if (db->head.version >= oldest)
        return 0;
    return diag_fail(diag, "the server is %s; MySQL 8.0 and later and MariaDB 10.5 and later are supported", db->head.version_text);
}

struct login {
    const struct url *url;
    const char *shown;
    struct password_source *source;
};

static int connect_to(struct db *db, const struct login *login, struct diag *diag) {
    const char *user = login->url->user ? login->url->user : "you";
    const char *password = NULL;

    if (url_check_options(diag->arena, login->url, url_options, diag) || set_options(db, login->url, diag))
        return -1;
    if (!try_connect(db, login->url, login->url->password)) {
        if (login->source && misses_password(db))
            password = login->source->ask(login->source, diag->arena, arena_printf(diag->arena, "%s at %s", user, login->shown));
        if (!password || reconnect(db, login->url, password, diag))
            return report_connect(db, login->shown, misses_password(db), diag);
    }
    detect_version(db);
    return check_version(db, diag) ? -1 : start_session(db, diag);
}

static struct db *open_url(const struct login *login, struct diag *diag) {
    struct db *db = memory_resize(NULL, sizeof *db);

    *db = (struct db){.head = {.driver = &my_driver}, .server = mysql_init(NULL)};
    if (connect_to(db, login, diag) == 0)
        return db;
    driver_close(db);
    return NULL;
}

static struct db *driver_open_asking(const char *text, struct password_source *source, struct diag *diag) {
    struct arena arena = {0};
    struct url url;
    struct login login = {.url = &url, .shown = url_shown(&arena, text), .source = source};
    struct db *db = url_parse(&arena, text, &url, diag) == 0 ? open_url(&login, diag) : NULL;

    arena_free(&arena);
    return db;
}

static struct db *driver_open(const char *text, struct diag *diag) {
    return driver_open_asking(text, NULL, diag);
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
    struct login login = {.url = &url, .shown = url_shown(&arena, text)};
    struct db *db = NULL;

    if (url_parse(&arena, text, &url, diag) == 0) {
        url.database = NULL; /* the one named need not exist */
        db = open_url(&login, diag);
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

/* The results of a query one behind the other: a statement that loops gives several. Those of another width than the first are none of it. */
struct gathered {
    struct rows rows;
    VEC(const char *) cells;
};

static void gather_rows(MYSQL_RES *result, struct arena *arena, struct gathered *gathered) {
    struct rows rows;

    take_rows(result, arena, &rows);
    if (!gathered->rows.column_count)
        gathered->rows.column_count = rows.column_count;
    if (rows.column_count != gathered->rows.column_count)
        return;
    for (size_t i = 0; i < rows.row_count * rows.column_count; i++)
        vec_push(arena, &gathered->cells, rows.cells[i]);
    gathered->rows.row_count += rows.row_count;
}

static int driver_query(struct db *db, struct arena *arena, const char *sql, struct rows *rows, struct diag *diag) {
    struct gathered gathered = {0};
    int more;

    *rows = (struct rows){0};
    db->head.fault = FAULT_NONE;
    if (mysql_real_query(db->server, sql, strlen(sql)) != 0)
        return report(db, sql, diag);
    do {
        MYSQL_RES *result = mysql_store_result(db->server);

        if (result)
            gather_rows(result, arena, &gathered);
        else if (mysql_errno(db->server))
            return report(db, sql, diag);
        mysql_free_result(result);
        more = mysql_next_result(db->server);
    } while (more == 0);
    *rows = gathered.rows;
    rows->cells = gathered.cells.at;
    return more > 0 ? report(db, sql, diag) : 0;
}

/* --- many queries on one view of the database --- */

static int report_catalog(struct db *db, struct diag *diag) {
    const char *what = arena_printf(diag->arena, "cannot read the catalog of %s", db->head.version_text);
    const char *message = arena_printf(diag->arena, "error %u: %s", mysql_errno(db->server), mysql_error(db->server));

    db->head.fault = my_fault_of(mysql_errno(db->server), mysql_error(db->server));
    return fault_report(diag, what, fault_find(catalog_faults, message), message);
}

static bool is_in_transaction(struct db *db) {
    unsigned status = 0;

    return mariadb_get_infov(db->server, MARIADB_CONNECTION_SERVER_STATUS, &status) == 0 && (status & SERVER_STATUS_IN_TRANS);
}

/* Takes the results of a packet of statements in order: those with columns are RESULTS, the others only have to succeed. */
static int take_results(struct db *db, struct arena *arena, const struct queries *queries, struct rows *results) {
    size_t taken = 0;
    int more;

    do {
        MYSQL_RES *result = mysql_store_result(db->server);

        if (result && taken < queries->count)
            take_rows(result, arena, &results[taken++]);
        if (!result && mysql_errno(db->server))
            return -1;
        mysql_free_result(result);
        more = mysql_next_result(db->server);
    } while (more == 0);
    return more < 0 && taken == queries->count ? 0 : -1;
}

/* Everything goes in one packet of statements: settings, the beginning of the transaction, the queries, its end. A lock on a table is not
 * waited for as long as the server would. */
static void print_packet(const struct queries *queries, bool inside, struct str *out) {
    str_add(out, "SET @persist_wait = @@SESSION.lock_wait_timeout, SESSION lock_wait_timeout = CAST(LEAST(10, @@SESSION.lock_wait_timeout) "
                 "AS UNSIGNED)");
    if (queries->prepare)
        str_addf(out, ";%s", queries->prepare);
    if (!inside)
        str_add(out, ";START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY");
    for (size_t i = 0; i < queries->count; i++)
        str_addf(out, ";%s", queries->sql[i]);
    str_addf(out, "%s;SET SESSION lock_wait_timeout = @persist_wait", inside ? "" : ";COMMIT");
}

static int driver_query_all(struct db *db, struct arena *arena, const struct queries *queries, struct rows *results, struct diag *diag) {
    bool inside = is_in_transaction(db);
    struct str packet = STR_INIT;
    int done;

    db->head.fault = FAULT_NONE;
    print_packet(queries, inside, &packet);
    done = mysql_real_query(db->server, packet.text, packet.length) == 0 ? take_results(db, arena, queries, results) : -1;
    str_free(&packet);
    if (done == 0)
        return 0;
    report_catalog(db, diag);
    if (!inside)
        (void)mysql_query(db->server, "ROLLBACK");
    (void)mysql_query(db->server, "SET SESSION lock_wait_timeout = @persist_wait");
    return -1;
}

const struct driver my_driver = {
    .name = "mysql",
    .open = driver_open,
    .open_asking = driver_open_asking,
    .open_scratch = driver_open_scratch,
    .exec = driver_exec,
    .query = driver_query,
    .query_all = driver_query_all,
    .close = driver_close,
};
