/* Which tables a definition reads or writes, by the places where SQL names tables: no column or alias is taken for one. */
#ifndef PERSIST_SQLITE_REFERENCES_H
#define PERSIST_SQLITE_REFERENCES_H

#include "ir.h"

/* The names that stand where a table must stand in TEXT, a query or a trigger: behind FROM, JOIN, INTO, UPDATE, IN and the commas between
 * them; as they are written, without quotes, in order, a name perhaps more than once. Common table expressions are among them. */
struct names references_of_query(struct arena *arena, const char *text);

/* What a virtual table stands on: fts5(…, content='messages'), fts5vocab('messages', …). */
struct names references_of_virtual_table(struct arena *arena, const char *text);

#endif
