/* Running a script, statement by statement, on a database. */
#ifndef PERSIST_RUN_H
#define PERSIST_RUN_H

#include "db.h"
#include "dialect.h"
#include "script.h"

/* Runs SCRIPT in the dialect's frame: runs of statements that may stand in a transaction stand in one, and are rolled back when one of
 * them fails or a guard returns a row. 0, or -1 reported with the statement. */
int script_run(struct db *db, const struct script *script, const struct script_style *style, struct diag *diag);

#endif
