/* One step of a script, with its lines in the journal. */
#ifndef PERSIST_STEP_H
#define PERSIST_STEP_H

#include "execute.h"

/* The statements FROM … TO (excluded) in one transaction with the journal. LAST: no step comes behind it: it is verified and finished. */
enum execution_end step_run_transaction(struct execution *execution, size_t from, size_t to, bool last);

/* The statement AT, which commits by itself or (rows alone) in a transaction with the journal; in batches where it says so. */
enum execution_end step_run_alone(struct execution *execution, size_t at);

#endif
