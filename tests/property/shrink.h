/* Makes a failing pair smaller while it fails in the same way. */
#ifndef PERSIST_TEST_SHRINK_H
#define PERSIST_TEST_SHRINK_H

#include "check.h"

/* Runs check_trees() in a process of its own, so that a crash is an answer (CHECK_CRASHED) too. */
enum check_stage check_apart(struct tree *before, struct tree *after, const struct place *place, FILE *report);

/* Takes things out of both sides and undoes changes as long as check_apart() gives STAGE; at most SECONDS. */
void shrink(struct tree *before, struct tree *after, const struct place *place, enum check_stage stage, unsigned seconds);

#endif
