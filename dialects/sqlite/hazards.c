/* What takes long on SQLite while the file is locked for writing, and how to do it more gently. All of a migration is one transaction, so
 * each waits for all; rows of the same table tell what makes it long. */
#include "cost.h"
#include "sqlite_internal.h"

#define KIND(kind) (1ULL << (kind))
#define WORK(work) (1U << (work))

const struct cost_rule cost_rules[COST_RULES] = {
    {.rule = {"S102", "rewrite-dropped", HAZARD_LOCK, "DROP COLUMN rewrites the table",
              "Each row is written without the value, and no other connection writes to the file until the transaction ends.",
              "leave the column in the table and stop using it; drop it when the table is rebuilt for something else"},
     .changes = KIND(CHANGE_DROP_COLUMN),
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_WRITES},
    {.rule = {"S103", "fill-search", HAZARD_LOCK, "an index is built while no other connection writes",
              "Every row is read, and the file stays locked for writing until the transaction ends.",
              "put it into a migration of its own, and let the clients wait (PRAGMA busy_timeout)"},
     .work = WORK(WORK_INDEX),
     .blocks = BLOCKS_WRITES},
    {.rule = {"S101", "rebuild-copy", HAZARD_LOCK, "a table is rebuilt while no other connection writes",
              "SQLite alters few things in place; for the others the rows are copied to a new table and all its indexes made again, in one "
              "transaction.",
              "let the clients wait (PRAGMA busy_timeout), or do it with nobody connected; a file in WAL mode can be read meanwhile"},
     .work = WORK(WORK_REWRITE),
     .blocks = BLOCKS_WRITES},
    {.rule = {"S104", "scan-added", HAZARD_LOCK, "a new column is checked on every row while no other connection writes",
              "ADD COLUMN with a check, or with a computed column that is never NULL, reads the table.",
              "put it into a migration of its own, and let the clients wait (PRAGMA busy_timeout)"},
     .changes = KIND(CHANGE_ADD_COLUMN),
     .work = WORK(WORK_SCAN),
     .blocks = BLOCKS_WRITES},
};
