/* The three-way merge of schemas: what two sides made of one base, as one schema.
 *
 * Declared forms are merged element by element: entity, field, relation, key, index, check … An element that one side left as it was
 * becomes what the other made of it; what both made the same is that; else there is a conflict. Names are followed through renames: a
 * field that one side renamed and the other changed is renamed and changed.
 *
 * There is a conflict too where one side writes what a new or changed element of the other reads: it drops or changes a field that the
 * other's index, key, foreign key or relation is made of; it drops, renames or changes a column that the other's expression or view
 * mentions. What is made of names in the model follows a rename; text in SQL cannot be known to. What the diff does not know to be
 * independent is a conflict.
 *
 * Elements that conflict and stand on each other are settled together, as they are on one side. Swapping the sides gives the same schema. */
#ifndef PERSIST_THREEWAY_H
#define PERSIST_THREEWAY_H

#include "changes.h"
#include "delta.h"

/* What settles a conflict: SUBJECT ("Invoice.note", "Invoice") as it is on one side. */
struct threeway_take {
    const char *subject;
    bool theirs;
};

/* What is no model when both sides come together, as whoever reads it finds: the entity, enum or object NAME, as a side calls it. */
struct threeway_misfit {
    const char *name;
    const char *reason;
};

enum threeway_side { THREEWAY_OURS, THREEWAY_THEIRS, THREEWAY_BASE };

struct threeway_request {
    const struct schema *base;
    const struct schema *ours;
    const struct schema *theirs;
    const struct threeway_take *takes;
    size_t take_count;
    const struct threeway_misfit *misfits; /* are in conflict with all that either side changed in them */
    size_t misfit_count;
    enum threeway_side prefer; /* what is in conflict and not settled is as there */
    bool indexes_over_tables;  /* the database wants the names of indexes to be unique over tables */
};

struct threeway_conflict {
    enum delta_noun noun;
    const char *subject; /* "Invoice.note" */
    const char *ours;    /* what each side does: "drops it", "changes it from string to int" */
    const char *theirs;
    const char *reason;
};

struct threeway {
    struct schema *merged; /* without what relations derive: printing and reading it brings that (lists of names may be in it) */
    VEC(struct threeway_conflict) conflicts;
};

/* Merges into RESULT, which is zero. Conflicts that are left are no error; 0, or -1 reported: a @db:Was that contradicts itself, a take
 * that settles nothing. */
int threeway_merge(struct arena *arena, const struct threeway_request *request, struct threeway *result, struct diag *diag);

#endif
