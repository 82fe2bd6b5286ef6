/* Checks what must hold for a pair of models: each can be printed and read again, has no difference to itself, and the migration from one
 * to the other is proved both ways on a real database; and what is pulled from a database that has it says the same. */
#ifndef PERSIST_TEST_CHECK_H
#define PERSIST_TEST_CHECK_H

#include <stdio.h>

#include "diag.h"
#include "tree.h"

/* How far a pair came; everything but the first two is a failure. */
enum check_stage {
    CHECK_HOLDS,
    CHECK_REFUSED, /* the database cannot hold a model, and says so */
    CHECK_READ,    /* a model of ours is not accepted */
    CHECK_PRINT,   /* parse(print(model)) is not the model */
    CHECK_PULL,    /* pulled from a database that has it, it is another model */
    CHECK_SAME,    /* the diff of a model with itself is not empty */
    CHECK_PAIRING, /* a thing that was renamed is not recognized */
    CHECK_DECIDE,  /* a value was given where one was asked for, and is asked for again */
    CHECK_FOCUS,   /* what is planned for the part that differs is not what is planned for the whole */
    CHECK_PROOF,   /* the migration does not do what it says */
    CHECK_CRASHED,
    CHECK_STAGES
};

/* What of a pair was met, for the report at the end of a run. */
struct check_tally {
    size_t stages[CHECK_STAGES];
    size_t changes;
    size_t rows;
    size_t notes;   /* pairs whose rows could not all be put in */
    size_t focused; /* pairs whose difference could stand alone */
    size_t way_back[4];
};

struct check_request {
    const struct place *place;
    const char *was; /* the two models */
    const char *now;
    struct tree *before; /* their trees, for what is the same thing; or NULL */
    struct tree *after;
    FILE *report; /* what failed, the models and the scripts; or NULL */
};

enum check_stage check_pair(const struct check_request *request, struct check_tally *tally);

/* Writes both trees and checks them. */
enum check_stage check_trees(struct tree *before, struct tree *after, const struct place *place, FILE *report, struct check_tally *tally);

#endif
