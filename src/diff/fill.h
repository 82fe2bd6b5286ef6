/* Values that stand in, on the way back, for what the way up dropped: a required column without a default needs some value on tables with
 * rows. Nothing is invented for keys, unique columns, foreign keys, checked columns and the database's own types: there the way back has
 * no value, and is graded so. */
#ifndef PERSIST_FILL_H
#define PERSIST_FILL_H

#include "changes.h"

struct stand_ins {
    VEC(struct backfill) list; /* in the words of plan->from: its entities and fields */
};

/* Finds them for the inverse of UP. */
void stand_ins_find(struct arena *arena, const struct plan *up, struct stand_ins *stand_ins);

#endif
