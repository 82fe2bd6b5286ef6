/* Do two things touch each other? Migrations out of order, and drift that was accepted, must not. */
#ifndef PERSIST_INDEPENDENT_H
#define PERSIST_INDEPENDENT_H

#include "apply.h"

/* Is every migration of PLAN that lies below an applied one independent of all that were applied behind it? 0, or -1 reported. */
int independent_check(struct runner *runner, const struct apply_request *request, const struct apply_plan *plan);

/* Does DRIFT touch nothing that the migrations of PLAN touch? 0, or -1 reported. */
int independent_of_drift(struct runner *runner, const struct apply_request *request, const struct apply_plan *plan,
                         const struct drift *drift);

#endif
