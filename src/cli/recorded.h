/* The renames between two versions of a model, with those that the migrations between them recorded. */
#ifndef PERSIST_RECORDED_H
#define PERSIST_RECORDED_H

#include "workspace.h"

struct version {
    const char *name; /* "model" is what is there, on top of the chain; NULL: no version of the model */
    const struct schema *schema;
};

/* Finds into RENAMES what the options of the command ask for, what is recorded, also on the way back, and what is certain; the rest is no
 * rename. A version that is no migration's and is not called "model" has none recorded. 0, or -1 reported. */
int recorded_renames(struct context *context, struct workspace *workspace, const struct version *from, const struct version *to,
                     struct renames *renames);

#endif
