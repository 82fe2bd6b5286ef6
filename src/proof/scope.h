/* Which tables a proof needs: those that a plan touches, those that refer to them, and all that those refer to. */
#ifndef PERSIST_SCOPE_H
#define PERSIST_SCOPE_H

#include "changes.h"

/* Shrinks *FROM and *TO to the scope of PLAN; the entities themselves are shared with the originals. */
void scope_shrink(struct arena *arena, const struct plan *plan, struct schema *from, struct schema *to);

#endif
