/* What a server itself says of a database, to judge by: pg_dump where it knows the server, SHOW CREATE of MySQL and MariaDB, SQLite's schema
 * table and pragmas; for a PostgreSQL that pg_dump is too old for, what the catalogs' own functions print.
 *
 * Nothing of it goes through the project's introspection. Two dumps are compared as sets of items, as their order is the server's; what
 * else does not count is said where it is taken out: the order of columns where a column can only be added at the end (PostgreSQL,
 * SQLite), the counters of automatic numbers, and names that the server chose. */
#ifndef PERSIST_TEST_DUMP_H
#define PERSIST_TEST_DUMP_H

#include "compare.h"
#include "dialect.h"

/* One thing of a database: "TABLE public.t" and all that is said of it. */
struct dump_item {
    const char *title;
    const char *text;
};

struct dump {
    VEC(struct dump_item) items;
    VEC(const char *) names; /* of what a server names by itself where the author does not: constraints, indexes, sequences */
};

/* Appends what the server says of the database that DB is connected to; URL is the database's, for the server's tools; NULL: without them,
 * from PostgreSQL's catalogs. 0, or -1 reported. */
int dump_read(struct db *db, const char *url, struct dump *dump, struct diag *diag);

/* The SQL by which the server's own tool makes that database again; NULL where there is no such tool, or it fails. */
const char *dump_script(struct db *db, const char *url, struct arena *arena);

/* Appends what differs to FAILURES. A name counts only when one of SOURCES, the SQL of the case, holds it. True: nothing differs. */
bool dump_compare(struct arena *arena, const struct dump *found, const struct dump *expected, const struct names *sources, const char *when,
                  struct failures *failures);

/* One per kind of database. */
int dump_postgresql(struct db *db, const char *url, struct dump *dump, struct diag *diag);
const char *pg_dump_text(struct db *db, const char *url, struct diag *diag); /* NULL also for a server it does not know */
int dump_mysql(struct db *db, struct dump *dump, struct diag *diag);
int dump_sqlite(struct db *db, struct dump *dump, struct diag *diag);

/* Runs the program ARGV with INPUT on its standard input and gives what it prints; NULL reported with what it said when it failed. */
const char *program_output(struct arena *arena, char *const *argv, const char *input, struct diag *diag);

/* The URL of the database NAME on the server of URL. */
const char *database_url(struct arena *arena, const char *url, const char *name);

#endif
