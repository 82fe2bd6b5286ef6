/* What only a person can decide: whether a drop and an add are a rename, whether data may be lost, what fills a new required column. The
 * answers come from the options, or from questions at a terminal; without an answer the command stops and prints the option to type. */
#ifndef PERSIST_DECIDE_H
#define PERSIST_DECIDE_H

#include "command.h"
#include "decisions.h"
#include "hazard.h"

/* What is said about names: by options, at the terminal, or recorded. */
struct answers {
    VEC(const char *) renames;
    VEC(const char *) drops;
};

struct backfills {
    VEC(struct backfill) list;
    size_t given; /* by options; behind them come those that are carried over */
};

/* Finds the renames from FROM to TO (declared forms) and settles what is open. 0, or -1 reported. */
int decide_renames(struct context *context, const struct schema *from, const struct schema *to, struct renames *renames);

/* Reads the --backfill options, and what is carried over of backfills. 0, or -1 reported. */
int decide_backfills(struct context *context, const struct schema *to, struct backfills *backfills);

/* Every --backfill must be of use in PLAN, or a typing mistake would pass unseen. 0, or -1 reported. */
int decide_backfills_used(struct context *context, const struct plan *plan, const struct backfills *backfills);

/* Stops on hazards that are not allowed, warns of the others. 0, or -1 reported. */
int decide_hazards(struct context *context, const struct hazards *hazards);

/* What was decided for PLAN, by options, by the model or at the terminal, as far as the plan is made of it. */
void decide_record(struct context *context, const struct plan *plan, const struct renames *renames, const struct backfills *backfills,
                   const struct hazards *hazards, struct decisions *decisions);

/* From what is recorded, where nobody is asked and nothing stops: what is left open is no rename, and what makes no sense between FROM and
 * TO is left out. */
void decide_again_renames(struct context *context, const struct schema *from, const struct schema *to, const struct decisions *recorded,
                          struct renames *renames);
void decide_again_backfills(struct context *context, const struct schema *to, const struct decisions *recorded,
                            struct backfills *backfills);

#endif
