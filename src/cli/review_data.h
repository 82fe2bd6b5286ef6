/* From the project to what a reviewer is told (review.h): each migration is planned again from its snapshots and the decisions that are
 * recorded in it, which gives what changes, what it risks and how the way back is graded; statements are those that are written. */
#ifndef PERSIST_REVIEW_DATA_H
#define PERSIST_REVIEW_DATA_H

#include "policy.h"
#include "review_range.h"

/* Fills REVIEW, which is zero, with the migrations of RANGE and, where it says so, the pending change; ACCEPTS with the lines of approval that
 * were looked at, whose ->used tells. 0, or -1 reported: a script or a snapshot is missing or cannot be read. */
int review_data_make(struct context *context, struct workspace *workspace, const struct review_range *range, struct review *review,
                     struct accepts *accepts);

#endif
