/* A backfill in batches by the key of its table (batch.h): each commits with the journal's line, which has the last key that is done, so that
 * a run that was stopped goes on from there. */
#ifndef PERSIST_BATCHES_H
#define PERSIST_BATCHES_H

#include "batch.h"
#include "execute.h"

/* Runs BATCH, the statement AT. 0, or -1 reported. */
int batches_run(struct execution *execution, const struct batch *batch, size_t at);

#endif
