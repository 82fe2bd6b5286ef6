/* Expressions taken for the same where both sides have one: for comparing a model with a database when no server can be asked how it would
 * print the model's own. */
#ifndef PERSIST_LOOSEN_H
#define PERSIST_LOOSEN_H

#include "ir.h"

/* A copy of SCHEMA (declared) in which each default, computed value, check, part of an index and condition is as MODEL says it, where the two
 * have one in the same place. Objects keep their own. */
struct schema *loosen(struct arena *arena, const struct schema *schema, const struct schema *model);

#endif
