/* Is it what it should be? Schemas by introspection, rows by their values. */
#ifndef PERSIST_COMPARE_H
#define PERSIST_COMPARE_H

#include "dialect.h"

struct failures {
    VEC(const char *) list;
};

/* Appends what differs between FOUND and EXPECTED, one line a difference ("after up: column note of table invoice differs"); both in
 * introspected or normal form. OPAQUE: expressions are compared only by being there, because one side is not as the server prints it. */
void compare_schemas(struct arena *arena, const struct target *target, const struct schema *found, const struct schema *expected,
                     bool opaque, const char *when, struct failures *failures);

/* The values of one table in the columns that a plan keeps, each row as one text, sorted. */
struct table_rows {
    const struct entity_pair *pair;
    VEC(const char *) rows;
};

struct contents {
    VEC(struct table_rows) tables;
};

/* Reads the rows of every table that PLAN keeps. NEW_SIDE: tables and columns are called as in plan->to, else as in plan->from. Columns
 * whose type, values or fill changes are counted as NULL or not, not compared. 0, or -1 reported. */
int contents_read(struct arena *arena, struct db *db, const struct target *target, const struct plan *plan, bool new_side,
                  struct contents *contents, struct diag *diag);

/* Appends what was lost between two readings of the same plan. */
void compare_contents(struct arena *arena, const struct contents *before, const struct contents *after, const char *when,
                      struct failures *failures);

#endif
