/* How large the tables are where they are large: a committed file that says nothing of anybody, written by "persist stats".
 *
 *     persist sizes 1
 *     # table, rows, bytes (with indexes); each number rounded to one digit
 *     invoice 3000000 2000000000
 *     "odd name" 10 8000
 *
 * It lies beside the chain (persist/migrations/billing/sizes), one line per table in the order of the names, and is no part of any hash. A
 * name that is not of letters, digits, "_", "$", "-" and "." stands in double quotes, with "\" before '"', "\" and, for a line end, "n".
 * People may edit it: lines may stand in any order, and "#" begins a line that is not read. */
#ifndef PERSIST_SIZES_H
#define PERSIST_SIZES_H

#include "diag.h"
#include "ir.h"
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

/* VALUE rounded to one digit: 2147483648 → 2000000000. */
double sizes_round(double value);

/* What the table of ENTITY is called in a file of sizes. */
const char *sizes_name(struct arena *arena, const struct entity *entity);

/* Adds what is known of TABLE; of two rows of one table the larger numbers stay: a model lives in several databases. */
void sizes_add(struct arena *arena, struct sizes *sizes, struct table_size size);

/* The row of TABLE, or NULL. */
const struct table_size *sizes_find(const struct sizes *sizes, const char *table);

#endif
