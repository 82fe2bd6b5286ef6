/* The part of two versions of a model in which they differ.
 *
 * A snapshot is canonical text, so an item that is the same in two snapshots is the same to the byte. What differs is found by comparing
 * texts; of the old snapshot only the items that differ are read, the others are the same as in the new model. Everything behind (renames,
 * normal forms, plan, scripts, proof) sees just
 *
 *   the entities that differ, and all enums
 *   the entities that these name or that read them, whole: a change may have to touch them
 *   of what those refer to, the key: it only has to be there
 *   the objects that stand on no entity: any table may need one
 *
 * On a model of 10,000 entities of which a hundred changed, that is a small part of the work. */
#ifndef PERSIST_FOCUS_H
#define PERSIST_FOCUS_H

#include "diag.h"
#include "ir.h"

struct focus {
    struct schema *from;
    struct schema *to;
};

/* FROM and TO are the texts of two snapshots, WHOLE_TO the schema that TO was printed from. 0 with FOCUS filled, whose entities are in part
 * those of WHOLE_TO; 1 when no part can stand alone (a key that is referred to changes, and what refers to it changes with it; an
 * object changes, or stands on what changes) and the
 * whole must be read. Nothing is reported. */
int focus_find(struct arena *arena, const char *from, const char *to, const struct schema *whole_to, struct focus *focus);

#endif
