#include "migration_plan.h"

#include <string.h>

#include "connect.h"
#include "fill.h"
#include "progress.h"

static struct plan *plan_between(struct context *context, const struct plan_request *request) {
    return plan_make(&context->arena, request);
}

/* The way back: the same renames from the other end, with values that stand in for what is gone. */
static struct plan *plan_back(struct context *context, const struct migration_plan *plan) {
    struct renames *inverse = ARENA_NEW(&context->arena, struct renames);
    struct stand_ins stand_ins = {0};
    struct plan_request request = {.from = plan->up->to, .to = plan->up->from, .renames = inverse, .rules = &plan->target.dialect->rules};

    renames_invert(&context->arena, &plan->renames, inverse);
    stand_ins_find(&context->arena, plan->up, &stand_ins);
    request.backfills = stand_ins.list.at;
    request.backfill_count = stand_ins.list.count;
    return plan_between(context, &request);
}

static int plan_both_ways(struct context *context, const struct workspace *workspace, const struct backfills *backfills,
                          struct migration_plan *plan) {
    struct plan_request request = {.renames = &plan->renames,
                                   .rules = &workspace->target.dialect->rules,
                                   .backfills = backfills->list.at,
                                   .backfill_count = backfills->list.count};

    request.from = workspace_normalize(context, &plan->target, plan->from);
    request.to = workspace_normalize(context, &plan->target, plan->to);
    if (!request.from || !request.to)
        return -1;
    plan->up = plan_between(context, &request);
    plan->down = plan_back(context, plan);
    hazards_find(&context->arena, plan->up, workspace->target.dialect->cast_risk, &plan->hazards);
    return 0;
}

static void begin(struct context *context, const struct workspace *workspace, struct migration_plan *plan) {
    plan->target = workspace->target;
    plan->target.table_count = plan->table_count;
    plan->up_script.arena = plan->down_script.arena = &context->arena;
}

static void emit_both(struct context *context, struct migration_plan *plan) {
    const struct dialect *dialect = plan->target.dialect;

    plan->way_back = way_back_grade(&context->arena, plan->down, dialect->cast_risk, &plan->reasons);
    dialect->emit(plan->up, &plan->target, &plan->up_script);
    dialect->emit(plan->down, &plan->target, &plan->down_script);
}

static bool same_texts(const struct script *a, const struct script *b) {
    if (a->list.count != b->list.count)
        return false;
    for (size_t i = 0; i < a->list.count; i++)
        if (strcmp(a->list.at[i].text, b->list.at[i].text) != 0)
            return false;
    return true;
}

/* The gentle way counts as a decision where it is another one. */
static void record_gentle_way(struct context *context, struct migration_plan *plan) {
    struct target plain = plan->target;
    struct script up = {.arena = &context->arena}, down = {.arena = &context->arena};

    if (!plan->target.online && !plan->target.concurrently)
        return;
    plain.online = plain.concurrently = false;
    plain.dialect->emit(plan->up, &plain, &up);
    plain.dialect->emit(plan->down, &plain, &down);
    if (!same_texts(&up, &plan->up_script) || !same_texts(&down, &plan->down_script))
        decisions_add(&context->arena, &plan->decisions, plan->target.online ? "online" : "concurrently", "");
}

int migration_plan_make(struct context *context, const struct workspace *workspace, struct migration_plan *plan) {
    struct backfills backfills = {0};

    begin(context, workspace, plan);
    if (decide_renames(context, plan->from, plan->to, &plan->renames))
        return -1;
    deltas_find(&context->arena, plan->from, plan->to, &plan->renames, &plan->deltas);
    if (decide_backfills(context, plan->to, &backfills) || plan_both_ways(context, workspace, &backfills, plan) ||
        decide_backfills_used(context, plan->up, &backfills) || decide_hazards(context, &plan->hazards))
        return -1;
    decide_record(context, plan->up, &plan->renames, &backfills, &plan->hazards, &plan->decisions);
    emit_both(context, plan);
    record_gentle_way(context, plan);
    return 0;
}

int migration_plan_again(struct context *context, const struct workspace *workspace, struct migration_plan *plan) {
    struct backfills backfills = {0};

    begin(context, workspace, plan);
    plan->target.online |= decisions_of(&context->arena, &plan->decisions, "online").count > 0;
    plan->target.concurrently |= plan->target.online || decisions_of(&context->arena, &plan->decisions, "concurrently").count > 0;
    decide_again_renames(context, plan->from, plan->to, &plan->decisions, &plan->renames);
    deltas_find(&context->arena, plan->from, plan->to, &plan->renames, &plan->deltas);
    decide_again_backfills(context, plan->to, &plan->decisions, &backfills);
    if (plan_both_ways(context, workspace, &backfills, plan))
        return -1;
    emit_both(context, plan);
    return 0;
}

static int report_failures(struct context *context, const struct proof *proof) {
    for (size_t i = 0; i < proof->failures.count; i++)
        diag_fail(&context->diag, "not proved: %s", proof->failures.at[i]);
    diag_hint(&context->diag,
              "nothing was written; this is a mistake in persist if the SQL of the model is right: please report it with the model");
    return -1;
}

static bool may_fail_on_rows(const struct hazards *hazards) {
    for (size_t i = 0; i < hazards->list.count; i++)
        if (hazards->list.at[i].rule->kind == HAZARD_MAY_FAIL)
            return true;
    return false;
}

int migration_plan_prove(struct context *context, const struct workspace *workspace, struct migration_plan *plan) {
    struct proof_request request = {
        .target = &plan->target,
        .from = plan->up->from,
        .to = plan->up->to,
        .up = plan->up,
        .down = plan->down,
        .up_script = &plan->up_script,
        .down_script = &plan->down_script,
        .up_may_fail_on_rows = may_fail_on_rows(&plan->hazards),
        .down_fails_on_rows = plan->way_back == WAY_BACK_NONE,
    };

    if (context->options.no_proof) {
        plan->unproved = "--no-proof was given";
        return 0;
    }
    if (connection_scratch(context, workspace->place, workspace->target.dialect, &request.scratch_url))
        return -1;
    if (!request.scratch_url && !plan->target.dialect->scratch_in_memory) {
        plan->unproved = arena_printf(&context->arena, "no scratch server for %s is configured (scratch = \"…\", or --scratch URL)",
                                      plan->target.dialect->title);
        return 0;
    }
    progress_step(context, request.scratch_url ? "proving on the scratch server" : "proving in memory");
    if (proof_run(&context->arena, &request, &plan->proof, &context->diag))
        return -1;
    return plan->proof.status == PROOF_HOLDS ? 0 : report_failures(context, &plan->proof);
}
