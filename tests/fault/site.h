/* The database that the program runs on, and copies of it that are put back in its place again and again. */
#ifndef PERSIST_TEST_SITE_H
#define PERSIST_TEST_SITE_H

#include "dialect.h"

struct site {
    const struct dialect *dialect;
    const char *server; /* the URL of its server; NULL: SQLite, a file */
    const char *folder; /* where files lie */
    const char *name;   /* of the database */
    const char *url;    /* … and its own URL */
    const char *file;   /* … or its path; NULL: it is on a server */
    struct db *owner;   /* the connection that makes and drops databases */
    char *const *crash; /* the command that kills the server and starts it again; NULL: there is none */
};

/* A copy: another file, another database, or, on a server that copies no databases, the definitions and a database with the rows. */
struct copy {
    const char *name;
    VEC(const char *) tables;
    VEC(const char *) definitions;
    VEC(const char *) behind; /* the rows: views and triggers */
};

/* Makes SITE on the server of URL (NULL: in FOLDER); the names it uses begin with PREFIX. 0 or -1 reported. */
int site_open(struct site *site, const struct dialect *dialect, const char *url, const char *prefix, struct diag *diag);

/* The database anew, empty. */
int site_empty(struct site *site, struct diag *diag);

/* Copies the database as NAME; nobody may be connected to it. */
int site_keep(struct site *site, const char *name, struct copy *copy, struct diag *diag);

/* The database as it was when COPY was made; who is still connected to it is thrown out. */
int site_restore(struct site *site, const struct copy *copy, struct diag *diag);

/* A connection to the database. NULL reported. */
struct db *site_connect(const struct site *site, struct diag *diag);

/* Kills the server and starts it again. */
int site_crash(struct site *site, struct diag *diag);

void site_drop(struct site *site, const char *name);
void site_close(struct site *site);

bool site_is(const struct site *site, const char *dialect);

/* The tables that are not the program's own. */
int site_tables(const struct site *site, struct db *db, struct rows *rows, struct diag *diag);

#endif
