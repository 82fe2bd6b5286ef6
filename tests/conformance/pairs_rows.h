/* The rows of what two databases both have, by the names that their catalogs give: found without the plan that is judged. */
#ifndef PERSIST_TEST_PAIRS_ROWS_H
#define PERSIST_TEST_PAIRS_ROWS_H

#include "compare.h"

/* A table of both schemas and its columns of both. */
struct shared_table {
    const struct entity *from;
    const struct entity *to;
};

struct kept_rows {
    struct shared_table table;
    VEC(const char *) rows;      /* of the columns that say the same on both sides, one text a row, sorted */
    VEC(const char *) others;    /* the columns that do not */
    VEC(long long) other_values; /* how many rows have a value there */
};

struct all_rows {
    VEC(struct kept_rows) tables;
};

/* Reads the rows of every table that FROM and TO (introspected) both have. 0, or -1 reported. */
int rows_read(struct arena *arena, struct db *db, const struct target *target, const struct schema *const sides[2], struct all_rows *rows,
              struct diag *diag);

/* Appends what AFTER has lost of BEFORE. */
void rows_compare(struct arena *arena, const struct all_rows *before, const struct all_rows *after, const char *when,
                  struct failures *failures);

/* How many rows there are in all. */
size_t rows_total(const struct all_rows *rows);

#endif
