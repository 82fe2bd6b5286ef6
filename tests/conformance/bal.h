/* What the runners of Ballerina's cases share. */
#ifndef PERSIST_TEST_BAL_H
#define PERSIST_TEST_BAL_H

#include <jansson.h>

#include "dialect.h"

struct bal_run {
    struct arena arena; /* of one case */
    struct target target;
    const char *url;           /* the server */
    const struct scope *scope; /* what is read back; NULL: all */
    const char *refused;       /* the statements of Ballerina's script that the server refused in this case, or NULL */
};

/* Reads FOLDER/bal/NAME and calls CHECK for each case of the run's datastore (of "migrate", which Ballerina knows for MySQL alone, for
 * every case on every server); prints the names of the failures and the counts. The exit
 * status: 0, 1, or 77 with a line that says why when the folder or the server is not there. */
int bal_main(int argc, char **argv, const char *name, bool (*check)(struct bal_run *run, json_t *line));

/* The normal form of the model TEXT; NULL after printing what was reported. */
struct schema *bal_normal(struct bal_run *run, const char *text);

/* The declared form. */
struct schema *bal_model(struct bal_run *run, const char *text);

/* Makes a scratch database with SQL (a whole script of the server's own language) and reads it back; NULL after printing why not. */
struct schema *bal_introspect_sql(struct bal_run *run, const char *sql);

/* The same with the script that makes SCHEMA (normal form). */
struct schema *bal_introspect_schema(struct bal_run *run, const struct schema *schema);

/* Takes out what a script leaves open: names of constraints and of what backs them become a description of what they are. */
void bal_forget_names(struct bal_run *run, struct schema *schema);

/* Prints every message of DIAG, indented. */
void bal_print(const struct diag *diag);

#endif
