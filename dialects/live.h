/* What a runner of migrations (src/apply) says to a live database: SQL as text, made by pure functions; one table per database.
 *
 * A query's first column is its answer unless said otherwise. HEAD is db_head() of the connection: flavor and version decide the words. */
#ifndef PERSIST_LIVE_H
#define PERSIST_LIVE_H

#include "db.h"
#include "script.h"

/* How long statements may wait and run, in milliseconds; 0: as the database has it. */
struct limits {
    unsigned lock;
    unsigned statement;
};

/* How a runner that comes after a crash finds out whether a statement that cannot be rolled back took effect. */
struct trace {
    const char *query; /* its rows are others before and behind the statement; rows of definitions, no counters that move by themselves */
    const char *undo;  /* removes or ends what the statement left half-done when it was interrupted, e.g. an invalid index; or NULL */
    const char *half;  /* a query: a row where such a leftover is there; NULL together with undo */
    bool repeatable;   /* running it again does no harm and no good: CREATE OR REPLACE, SET; query is NULL */
};

struct live_sql {
    bool transactional; /* DDL is rolled back with its transaction: script and journal commit together */
    const char *begin;  /* begins a transaction that may write, and holds the lock for that at once where the database has one lock */
    const char *table_options; /* of the journal's table, behind the ")"; "" for none */
    const char *clock;         /* the server's time, whole seconds since 1970 */
    const char *session;       /* this session's number, or NULL where there are no sessions */
    const char *read_only;     /* a row with the reason ("it is a replica") when nothing can be written; NULL: begin says it */

    /* Statements, with ";" between, that set the limits, each of them. NULL: there are none. */
    const char *(*limits)(struct arena *arena, const struct db_head *head, const struct limits *limits);

    /* What else a runner's session needs, once: to see what other nodes of a cluster did. NULL: nothing. */
    const char *(*settings)(const struct db_head *head);

    /* Does the server belong to a cluster through which its advisory locks do not reach? NULL: never. */
    const char *(*clustered)(const struct db_head *head);

    /* Advisory locks by name, at once or not at all: true when this session has it now. NULL where .begin is the lock. */
    const char *(*lock)(struct arena *arena, const struct db_head *head, const char *name);
    const char *(*unlock)(struct arena *arena, const struct db_head *head, const char *name);

    /* Who holds the lock NAME; who holds what SESSION waits for, asked from another session. Rows of four columns: session, who ("app at
     * 10.0.0.7, psql"), for how many seconds, what it does (its query, or "idle in transaction: …"). NULL where it cannot be asked. */
    const char *(*holder)(struct arena *arena, const struct db_head *head, const char *name);
    const char *(*blockers)(struct arena *arena, const struct db_head *head, const char *session);

    /* The names of the columns of TABLE (in NAMESPACE, or where names without one are found), in their order; no row: there is no such table. */
    const char *(*columns)(struct arena *arena, const char *namespace, const char *table);

    /* How large the tables are: rows of five columns: the schema (NULL: where names without one are found), the table, about how many
     * rows, bytes with indexes, and whether the rows are a guess from the bytes, because nobody has counted them. One statement. */
    const char *sizes;

    /* What the session needs to be told the sizes of now, not of yesterday. NULL: nothing. */
    const char *(*sizes_setting)(const struct db_head *head);

    /* A query whose answer is the query for what the user is granted, one grant a row. NULL: missing_rights does not need it. */
    const char *grants;

    /* A query with a row for each right that the user lacks to run SCRIPT, in words ("ALTER on table invoice"), or NULL: it needs
     * none. GRANTS are the rows of what .grants asks for. NULL where files decide. */
    const char *(*missing_rights)(struct arena *arena, const struct rows *grants, const struct script *script);

    /* See struct trace; for statements outside transactions, and for all where not .transactional. A statement that changes rows and can be
     * rolled back has no trace: it runs in a transaction with its line in the journal (live_changes_rows). */
    struct trace (*trace)(struct arena *arena, const struct db_head *head, const struct statement *statement);
};

/* Does TEXT change rows and no definitions: INSERT, UPDATE, DELETE, REPLACE, WITH? */
bool live_changes_rows(const char *text);

/* Is TEXT a setting of the session, to be said again by whoever goes on in the middle of a script: SET, PRAGMA, SELECT set_config(…)? */
bool live_sets_session(const char *text);

#endif
