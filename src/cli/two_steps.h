/* One change of the model as two migrations, when clients of both sorts must be able to run in between (expand.h):
 *
 *     <label>_expand     to the schema in between, which is a real one, with a snapshot
 *     <label>_contract   from there to the model
 *
 * Both are planned and proved, and both are written, or neither. */
#ifndef PERSIST_TWO_STEPS_H
#define PERSIST_TWO_STEPS_H

#include "draft.h"

struct two_steps {
    struct draft expand;
    struct draft contract;
};

void two_steps_free(struct two_steps *steps);

/* Makes both from WHOLE, which was planned from the last migration to the model and has something to cut (plan.cut); proves, names and prints
 * them. 0, or -1 reported. */
int two_steps_make(struct context *context, const struct draft *whole, const char *label, struct two_steps *steps);

#endif
