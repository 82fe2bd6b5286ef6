/* A migration that the judge made, run as people run it: by "persist apply" and "persist rollback" (src/apply), with a chain, a journal, and
 * the checks before and behind. */
#ifndef PERSIST_TEST_PAIRS_APPLY_H
#define PERSIST_TEST_PAIRS_APPLY_H

#include "pairs_trial.h"

/* A chain of two migrations: what makes the first side of TRIAL, which its database is taken to be at, and trial->up with trial->down. */
struct applied;

/* Writes the chain. NULL reported. */
struct applied *applied_begin(struct trial *trial, struct diag *diag);

/* Brings the database of the first side up or DOWN. The journal is gone behind it. 0, or -1 reported. */
int applied_run(struct applied *applied, bool down, struct diag *diag);

/* Removes what applied_begin() wrote. */
void applied_end(struct applied *applied);

#endif
