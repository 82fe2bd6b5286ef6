/* The journal: what was done of which model, in a table of the database that it was done to (persist_migrations, where the configuration
 * says nothing else). It is never part of a model.
 *
 *     persist_migrations(model, id, snapshot, script, direction, statement, statements, trace, batch, started, finished, applied_by,
 *                        program, live, error)
 *
 * A row is there for each migration that was begun; finished is NULL until it is done. A migration that was rolled back has no row.
 * Times are UTC by the server's clock, as text: 2026-11-20 10:15:00. */
#ifndef PERSIST_JOURNAL_H
#define PERSIST_JOURNAL_H

#include "dialect.h"
#include "hash.h"

#define JOURNAL_TABLE "persist_migrations"

struct journal_entry {
    const char *model;
    const char *id;
    struct hash snapshot; /* that the database is at once it is finished */
    struct hash script;   /* up.sql as it was run */
    bool down;            /* it is being rolled back */
    size_t statement;     /* so many statements of the script are done */
    size_t statements;    /* of the script */
    const char *trace;    /* the next statement may have begun: the hash of its trace before it; or NULL */
    const char *batch;    /* the next statement runs in batches: the last key that is done; or NULL */
    const char *started;
    const char *finished; /* NULL: not yet */
    const char *applied_by;
    const char *program;
    const char *live;  /* the hash of what introspection gave behind it: journal_live_hash(); or NULL */
    const char *error; /* of the last run that stopped in it; or NULL */
};

struct journal {
    const struct dialect *dialect;     /* this and the place are the caller's to fill */
    struct entity place;               /* its table and namespace alone: journal_place() */
    bool exists;                       /* the table is there */
    long long seconds;                 /* the server's time when it was read, since 1970 */
    const char *now;                   /* the same as text */
    const char *horizon;               /* a minute later: clocks of servers that stand in for each other differ by less */
    size_t lines;                      /* in the table, as far as this runner knows */
    VEC(struct journal_entry) entries; /* of every model, by model and id, as they were read */
};

/* Where SETTING ("journal", "schema.journal"; NULL: the usual table) says that the journal is. */
struct entity journal_place(struct arena *arena, const char *setting);

/* The table NAME beside the journal. */
struct entity journal_neighbor(const struct journal *journal, const char *name);

/* "table" or "namespace.table", as a scope's globs are written. */
const char *journal_glob(struct arena *arena, const struct entity *table);

/* Leaves out of SCHEMA, as introspected, the namespace that is there for the journal alone. */
void journal_hide(struct arena *arena, const struct entity *place, struct schema *schema);

/* Reads the journal of DB, and checks that it is one: a table of that name with other columns is another tool's, and reported. 0 or -1. */
int journal_read(struct arena *arena, struct db *db, struct journal *journal, struct diag *diag);

/* Statements, to be run by whoever holds the lock; in a transaction, where there is one, with what they tell of. */
const char *journal_creation(struct arena *arena, const struct journal *journal);
const char *journal_insertion(struct arena *arena, const struct journal *journal, const struct journal_entry *entry);
const char *journal_update(struct arena *arena, const struct journal *journal, const struct journal_entry *entry);
const char *journal_deletion(struct arena *arena, const struct journal *journal, const struct journal_entry *entry);

/* A query that tells whether others wrote since: how many lines there are, then direction, statement and finished of ENTRY's. */
const char *journal_glance(struct arena *arena, const struct journal *journal, const struct journal_entry *entry);

/* The entry for the migration ID of MODEL, or NULL. */
struct journal_entry *journal_find(const struct journal *journal, const char *model, const char *id);

/* SECONDS since 1970 in the journal's form. */
const char *journal_time(struct arena *arena, long long seconds);

#endif
