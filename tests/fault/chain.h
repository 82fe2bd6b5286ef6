/* A case: models that follow each other, and rows of the first of them. Its project is a folder with a migration for each model, as
 * `persist migrate` writes it.
 *
 *     -- options --          the databases it is for
 *     -- model 1 --          the model "shop"
 *     -- rows --             TABLE FIRST-LAST VALUES: a row for each number, which stands for "#" in VALUES
 *     -- model 2 --
 *     -- arguments 2 --      for persist migrate, one a line
 *     -- goes --             how values begin that the last migration drops, one a line */
#ifndef PERSIST_TEST_CHAIN_H
#define PERSIST_TEST_CHAIN_H

#include "case.h"
#include "diag.h"
#include "program.h"
#include "str.h"

struct chain {
    const char *folder;    /* given: where the project is made; then the project's own */
    const char *datastore; /* given */
    const char *name;
    const char *rows; /* SQL */
    size_t row_count;
    const char **ids; /* of the migrations */
    size_t count;
};

/* Makes the project of FILE. 0; 1 when the case is not for the database; -1 reported. */
int chain_make(struct chain *chain, const struct tested *tested, const struct case_file *file, struct diag *diag);

/* The values of the rows that hold a blank, which no other row has: they must be found again, unless the case says what goes (in the section
 * "goes", the beginnings of such values). Appends those of BEFORE that AFTER lacks to TEXT. */
size_t chain_lost(const struct case_file *file, const char *before, const char *after, struct str *text);

#endif
