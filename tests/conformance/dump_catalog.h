/* A dump from PostgreSQL's catalogs, for servers that pg_dump is too old for, and where its
 * tenth of a second is too much. */
#ifndef PERSIST_TEST_DUMP_CATALOG_H
#define PERSIST_TEST_DUMP_CATALOG_H

#include "dump.h"

int dump_catalog(struct db *db, struct dump *dump, struct diag *diag);

#endif
