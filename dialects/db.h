/* A connection to a database, and rows of text from it. One struct driver per client library; nobody else sees the library. */
#ifndef PERSIST_DB_H
#define PERSIST_DB_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"
#include "diag.h"

struct db; /* opaque: the driver's own; its first member is struct db_head */

enum flavor { FLAVOR_NONE, FLAVOR_MYSQL, FLAVOR_MARIADB };

/* Why the last statement failed, as far as a runner acts on it. */
enum fault {
    FAULT_NONE,      /* it did not */
    FAULT_STATEMENT, /* the statement's own: syntax, rows that do not fit, a name that is taken */
    FAULT_LOCKED,    /* waited in vain for a lock, or gave way in a deadlock: nothing was done, and it may be tried again */
    FAULT_TIMEOUT,   /* ran longer than it was allowed to, or was canceled by somebody */
    FAULT_LOST,      /* the connection is gone: whether it was done is not known */
    FAULT_RIGHTS,    /* the user may not */
    FAULT_READ_ONLY, /* nobody may: a replica, a file that cannot be written */
    FAULT_FULL       /* the disk is full */
};

struct db_head {
    const struct driver *driver;
    enum flavor flavor;
    int version; /* as the field writes it: 3.40.1 → 34001, PostgreSQL 15.8 → 150008, MySQL 9.7.0 → 90700, MariaDB 10.11.19 → 101119 */
    const char *version_text; /* "MariaDB 10.11.19", "SQLite 3.40.1" */
    enum fault fault;         /* of the last exec or query */
};

/* A result: cells are NUL-terminated text, NULL for SQL NULL. */
struct rows {
    size_t column_count;
    size_t row_count;
    const char **cells; /* row after row */
};

/* Queries that belong together. PREPARE, or NULL, is sent before them within their transaction (settings of the session). */
struct queries {
    const char *prepare;
    const char *const *sql;
    size_t count;
};

/* Who can be asked for a password that a server wants and that nothing else gave (URL, environment, password files). */
struct password_source {
    /* The password for ACCOUNT ("postgres at db.example.org"), in ARENA; NULL: there is nobody to ask. */
    const char *(*ask)(struct password_source *source, struct arena *arena, const char *account);
};

struct driver {
    const char *name;

    /* Connects to URL ("sqlite:path", "postgresql://…", "mysql://…", "mariadb://…"); NULL when it failed (reported, without password). */
    struct db *(*open)(const char *url, struct diag *diag);

    /* The same, and where a password is missing SOURCE is asked. NULL for a database that has no passwords. */
    struct db *(*open_asking)(const char *url, struct password_source *source, struct diag *diag);

    /* The same as open_asking, to write: a SQLite file that is not there is made. NULL: open_asking, or open, can write. */
    struct db *(*open_to_write)(const char *url, struct password_source *source, struct diag *diag);

    /* A throw-away database of its own on the server of URL, empty, removed by close(): in memory for SQLite (URL is ignored), a new
     * database for PostgreSQL and MySQL. NULL when it cannot be had (reported). */
    struct db *(*open_scratch)(const char *url, struct diag *diag);

    /* Runs one statement, or several with ";" between them. 0, or -1 reported with the server's words and the statement. */
    int (*exec)(struct db *db, const char *sql, struct diag *diag);

    /* Runs one query; the rows live in ARENA. 0, or -1 reported. */
    int (*query)(struct db *db, struct arena *arena, const char *sql, struct rows *rows, struct diag *diag);

    /* Runs COUNT queries on one consistent, read-only view of the database, with as few trips to the server as the protocol allows: within
     * a repeatable-read transaction (a pipeline on PostgreSQL), a read transaction on SQLite. RESULTS has room for COUNT. Inside a
     * transaction that is open already it uses that. 0, or -1 reported; the session is as before either way. */
    int (*query_all)(struct db *db, struct arena *arena, const struct queries *queries, struct rows *results, struct diag *diag);

    /* Closes; a scratch database is removed first. */
    void (*close)(struct db *db);
};

/* Opens URL; SOURCE (may be NULL) is asked for the password that is missing. NULL when reported. */
struct db *db_open(const struct driver *driver, const char *url, struct password_source *source, struct diag *diag);

/* The same, to write. */
struct db *db_open_to_write(const struct driver *driver, const char *url, struct password_source *source, struct diag *diag);

/* What every driver has in front. */
const struct db_head *db_head(const struct db *db);

enum fault db_fault(const struct db *db);
void db_set_fault(struct db *db, enum fault fault); /* for who must clean up before the fault is asked for */

int db_exec(struct db *db, const char *sql, struct diag *diag);
int db_query(struct db *db, struct arena *arena, const char *sql, struct rows *rows, struct diag *diag);
int db_query_all(struct db *db, struct arena *arena, const struct queries *queries, struct rows *results, struct diag *diag);
void db_close(struct db *db); /* NULL is allowed */

/* The cell, and the cell as a number (0 for NULL) and as a truth value ("t", "1", "YES"). */
const char *rows_text(const struct rows *rows, size_t row, size_t column);
long long rows_number(const struct rows *rows, size_t row, size_t column);
bool rows_true(const struct rows *rows, size_t row, size_t column);

/* The URL without its password, for messages. */
const char *url_shown(struct arena *arena, const char *url);

/* A URL of the form scheme://user:password@host:port/database?key=value&…, percent-decoded except for the query; a
 * part that is not there is NULL. */
struct url {
    const char *scheme, *user, *password, *host, *port, *database, *query;
};
int url_parse(struct arena *arena, const char *text, struct url *url, struct diag *diag);
const char *url_option(struct arena *arena, const struct url *url, const char *key); /* from the query part; NULL: not there */

/* Is every key of the query part one of KNOWN (ends with NULL)? What is not is reported with the keys that there are: -1. */
int url_check_options(struct arena *arena, const struct url *url, const char *const *known, struct diag *diag);

/* The URL as text, each part percent-encoded but for the query. */
const char *url_text(struct arena *arena, const struct url *url);

/* Does TEXT, a URL, hold a password: behind the user, or as an option? */
bool url_has_password(struct arena *arena, const char *text);

/* What a message of a client library or a server means for a person. */
struct fault_row {
    const char *needle; /* a part of the message, or of its code */
    const char *words;  /* "the password is wrong, or there is no such user" */
    const char *help;   /* what to do next; or NULL */
};

/* The first of ROWS (ends with one without a needle, which fits all) whose needle is in MESSAGE. */
const struct fault_row *fault_find(const struct fault_row *rows, const char *message);

/* "cannot connect to URL: WORDS; the server said: MESSAGE", on one line, with the row's help. Always -1. */
int fault_report(struct diag *diag, const char *what, const struct fault_row *row, const char *message);

#endif
