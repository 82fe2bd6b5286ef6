/* The three-way merge of schemas that knows what a model is: two changes that are each right may give none together, as a new field that is
 * called like the column of a new relation. That is a conflict then, of what it is found in. */
#ifndef PERSIST_FITTING_MERGE_H
#define PERSIST_FITTING_MERGE_H

#include "threeway.h"

/* threeway_merge(), with conflicts where the result could not be read again, which it puts into REQUEST as misfits. What cannot be told so is
 * left: whoever reads the result is told. */
int fitting_merge(struct arena *arena, struct threeway_request *request, struct threeway *result, struct diag *diag);

#endif
