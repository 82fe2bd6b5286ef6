/* Which tables a proof needs: those that a plan touches, those that refer to them, all that those refer to, and one for each namespace that
 * is there on the other side. Of the objects in the database's own words those that the plan touches or that read such a table, with all
 * they read; and every base object, because an expression may name a function that nothing lists. */
#ifndef PERSIST_SCOPE_H
#define PERSIST_SCOPE_H

#include "changes.h"

/* Shrinks *FROM and *TO to the scope of PLAN; the entities themselves are shared with the originals. */
void scope_shrink(struct arena *arena, const struct plan *plan, struct schema *from, struct schema *to);

#endif
