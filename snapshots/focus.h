/* The part of two versions of a model in which they differ.
 *
 * A snapshot is canonical text, so an item that is the same in two snapshots is the same to the byte. What differs is found by comparing
 * texts; only the items that differ are read, with those that they name and those that read them, and everything behind (renames,
 * normal forms, plan, scripts, proof) sees just these. On a model of 10,000 entities of which a hundred changed, that is a hundredth of
 * the work. */
#ifndef PERSIST_FOCUS_H
#define PERSIST_FOCUS_H

#include "diag.h"
#include "ir.h"

struct focus {
    struct schema *from;
    struct schema *to; /* its places are those of the whole model it comes from */
};

/* FROM and TO are the texts of two snapshots, WHOLE_TO the schema that TO was printed from. 0 with FOCUS filled; 1 when a part cannot stand
 * alone and the whole must be read. Nothing is reported. */
int focus_find(struct arena *arena, const char *from, const char *to, const struct schema *whole_to, struct focus *focus);

#endif
