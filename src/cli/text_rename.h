/* Renames in the text of a model: the names alone change, everything around them stays. */
#ifndef PERSIST_TEXT_RENAME_H
#define PERSIST_TEXT_RENAME_H

#include "changes.h"
#include "str.h"

/* Appends to OUT the text that SCHEMA was read from, with the RENAMES that mean something in it: at the declarations, and where entities and
 * enums are types. What is a name elsewhere (in annotations, in SQL) stays, so that the result need not be a model. */
void text_rename(struct arena *arena, const struct schema *schema, const struct renames *renames, struct str *out);

#endif
