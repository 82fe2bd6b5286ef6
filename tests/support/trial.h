/* Two models of a case file on one database: read, brought into its normal form, planned, emitted, run. What cannot be done fails the test
 * with what was reported. */
#ifndef PERSIST_TRIAL_H
#define PERSIST_TRIAL_H

#include "case.h"
#include "dialect.h"

struct trial {
    struct arena arena;
    struct diag diag;
    struct case_file *file;
    struct target target;
    struct db *db; /* NULL until trial_connect() */
};

/* Reads the case PATH for STORE: "sqlite", "postgresql", "mysql" or "mariadb". */
void trial_open(struct trial *trial, const char *path, const char *store);
void trial_close(struct trial *trial);

/* Opens a throw-away database of its own; false: there is no server for it (PERSIST_TEST_*). */
bool trial_connect(struct trial *trial);

/* The way from the model in the section WAS to that in BECOMES. */
struct plan *trial_plan(struct trial *trial, const char *was, const char *becomes);

/* The statements of PLAN; the tables as they were before it, made, with ROWS rows each. */
void trial_emit(struct trial *trial, const struct plan *plan, struct script *script);
void trial_make_tables(struct trial *trial, const struct plan *plan, size_t rows);

/* Fails the test unless RESULT is 0. */
void trial_must(struct trial *trial, int result, const char *what);

#endif
