/* How large the tables are where they are large: a committed file that says nothing of anybody, written by "persist stats".
 *
 *     persist sizes 1
 *     # rows and bytes (with indexes), each rounded to one digit; from a database of 2026-11-20
 *     invoice 3000000 2000000000
 *     "odd name" 10 8000
 *
 * It lies beside the chain (persist/migrations/billing/sizes), one line per table in the order of the names, and is no part of any hash. */
#ifndef PERSIST_SIZES_H
#define PERSIST_SIZES_H

#include "diag.h"
#include "source.h"
#include "str.h"
#include "vec.h"

struct table_size {
    const char *table; /* with its schema in front where it is not the default one: "audit.log" */
    double rows;
    double bytes;
};

struct sizes {
    VEC(struct table_size) list; /* by name */
};

/* Reads the text of a file; 0, or -1 reported at its line. */
int sizes_parse(struct arena *arena, struct source *source, struct sizes *sizes, struct diag *diag);

/* Appends the text of SIZES, which are rounded to one digit, to OUT; two databases of about the same size give the same bytes. */
void sizes_print(const struct sizes *sizes, struct str *out);

/* The row of TABLE, or NULL. */
const struct table_size *sizes_find(const struct sizes *sizes, const char *table);

#endif
