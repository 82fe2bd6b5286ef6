/* What only a person can decide: whether a drop and an add are a rename, whether data may be lost, what fills a new required column. The
 * answers come from the options, or from questions at a terminal; without an answer the command stops and prints the option to type. */
#ifndef PERSIST_DECIDE_H
#define PERSIST_DECIDE_H

#include "command.h"
#include "hazard.h"

struct backfills {
    VEC(struct backfill) list;
};

/* Finds the renames from FROM to TO (declared forms) and settles what is open. 0, or -1 reported. */
int decide_renames(struct context *context, const struct schema *from, const struct schema *to, struct renames *renames);

/* Reads the --backfill options. 0, or -1 reported. */
int decide_backfills(struct context *context, const struct schema *to, struct backfills *backfills);

/* Every --backfill must be of use in PLAN, or a typing mistake would pass unseen. 0, or -1 reported. */
int decide_backfills_used(struct context *context, const struct plan *plan, const struct backfills *backfills);

/* Stops on hazards that are not allowed, warns of the others. 0, or -1 reported. */
int decide_hazards(struct context *context, const struct hazards *hazards);

#endif
