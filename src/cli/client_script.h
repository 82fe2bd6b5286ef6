/* A script as the databases' own clients read it, made into SQL alone: their own commands (psql's "\" and sqlite3's "." lines, mysql's
 * DELIMITER) and the rows of COPY FROM stdin are taken out. */
#ifndef PERSIST_CLIENT_SCRIPT_H
#define PERSIST_CLIENT_SCRIPT_H

#include "dialect.h"

/* Appends the SQL of TEXT to OUT. */
void client_script_print(const char *text, const struct dialect *dialect, struct str *out);

#endif
