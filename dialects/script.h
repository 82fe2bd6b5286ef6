/* A script: an ordered list of statements. Printing it and running it use the same list. */
#ifndef PERSIST_SCRIPT_H
#define PERSIST_SCRIPT_H

#include "changes.h"
#include "effect.h"
#include "lexing.h"
#include "str.h"

struct statement {
    const char *text;            /* one SQL statement, no ";" at its end */
    const char *reason;          /* why it is there, one line, for a person: "Invoice.remark: renamed from note" */
    const char *lock;            /* what it locks and whether it rewrites or scans: "invoice: ACCESS EXCLUSIVE, no rewrite"; NULL: nothing */
    VEC(struct effect) effects;  /* the same as data; none in a script that was read */
    const char *probe;           /* a query that finds the rows on which it would fail; or NULL */
    bool outside_transaction;    /* cannot run, or does not work, inside a transaction */
    bool begins;                 /* a transaction begins with it, though the one before could have gone on: its locks are let go first */
    bool session;                /* a setting of the session: said again by a runner that goes on in the middle */
    const char *batch;           /* the key by which an UPDATE of many rows may be cut into batches (a column, quoted); or NULL */
    size_t line;                 /* 1-based, of a script that was read; 0: it was made here */
    bool guard;                  /* a query that must return no row (PRAGMA foreign_key_check): a runner that sees one rolls back */
    const struct change *change; /* the first change it serves, or NULL */
};

struct script {
    struct arena *arena;
    VEC(struct statement) list;
};

/* Appends a statement and gives it for filling in. TEXT lives in the script's arena or longer; it tells whether it sets the session. */
struct statement *script_add(struct script *script, const char *text, const struct change *change);

/* How a database wants a script to be framed. */
struct script_style {
    const char *begin; /* "BEGIN", or NULL: each statement commits by itself */
    const char *commit;
    const char *preamble; /* statements without ";" line by line in front, e.g. "SET lock_timeout = '5s'"; or NULL */
    bool delimiters;      /* a statement with a ";" inside stands between DELIMITER lines, without which the client would cut it (MySQL) */
    struct lexing lexing;
};

/* The words with which a script's comments begin that say more than the reason. */
enum script_mark { MARK_BATCH, MARK_LOCK, MARK_PROBE, MARK_COUNT };
extern const char *const script_marks[MARK_COUNT];

/* Appends the text of SCRIPT: HEADER as comment lines ("-- " is put before each), the preamble, and the statements with reason, lock and
 * probe as comments; runs of statements that may run in a transaction stand between begin and commit. */
void script_print(const struct script *script, const struct script_style *style, const char *header, struct str *out);

#endif
