/* From two versions of a model to two scripts, proved: the middle of "persist migrate" (steps 5 to 8 of the journey). */
#ifndef PERSIST_MIGRATION_PLAN_H
#define PERSIST_MIGRATION_PLAN_H

#include "cost.h"
#include "decide.h"
#include "delta.h"
#include "expand.h"
#include "proof.h"
#include "workspace.h"

struct migration_plan {
    const struct schema *from; /* declared forms */
    const struct schema *to;
    size_t table_count; /* of the whole model, of which from and to may be a part */
    struct renames renames;
    struct decisions decisions; /* what a person decided for it */
    struct deltas deltas;
    struct target target;
    struct plan *up;
    struct plan *down;
    bool may_cut;           /* in: it may be cut in two, where that is the gentle way */
    struct expansions cut;  /* what two migrations do instead of this one, and why what does not */
    struct expansions kept; /* columns that this migration begins or ends to keep in step; by the decisions "keep" and "fill" */
    struct hazards hazards;
    enum way_back way_back;
    struct way_back_reasons reasons;
    const struct sizes *sizes; /* of the tables, as far as they are known; or NULL */
    struct costs costs;        /* of up_script; those that are hazards stand among them too */
    struct script up_script;
    struct script down_script;
    struct proof proof;
    const char *unproved; /* why there is no proof; NULL when there is one */
};

/* Decides, plans and emits. 0, or -1 reported. */
int migration_plan_make(struct context *context, const struct workspace *workspace, struct migration_plan *plan);

/* PLAN as what may be cut (expand.h). */
struct expand_request migration_plan_request(const struct migration_plan *plan);

/* The same by the decisions that are recorded in plan->decisions, with nothing asked and nothing refused: a migration that was written, as
 * it would be written now. 0, or -1 reported: a side has no normal form. */
int migration_plan_again(struct context *context, const struct workspace *workspace, struct migration_plan *plan);

/* PLAN undoes another: what of that does not come back ("Invoice.note comes back empty"). */
void migration_plan_lost(struct context *context, const struct migration_plan *plan, struct way_back_reasons *lost);

/* Proves it; what does not hold is an error. 0, or -1 reported. */
int migration_plan_prove(struct context *context, const struct workspace *workspace, struct migration_plan *plan);

#endif
