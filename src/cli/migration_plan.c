#include "migration_plan.h"

#include <string.h>

#include "connect.h"
#include "fill.h"
#include "progress.h"

static struct plan *plan_between(struct context *context, const struct plan_request *request) {
    return plan_make(&context->arena, request);
}

/* --- columns that are kept in step over two migrations --- */

/* In which of the two? The contract begins with both columns. */
static bool is_contract(const struct migration_plan *plan, const struct expansion *kept) {
    const struct entity *from = schema_entity(plan->up->from, kept->entity->name);

    return from && entity_field(from, kept->new->name);
}

/* The schema that has both columns, read from the two sides' normal forms. */
static void read_kept(struct context *context, const struct schema *from, const struct schema *to, struct migration_plan *plan) {
    static const char *const options[] = {"keep", "fill"};

    for (int fills = 0; fills < 2; fills++) {
        struct names texts = decisions_of(&context->arena, &plan->decisions, options[fills]);

        for (size_t i = 0; i < texts.count; i++) {
            struct expansion expansion;

            if (expansion_read(&context->arena, from, texts.at[i], fills, &expansion) ||
                expansion_read(&context->arena, to, texts.at[i], fills, &expansion))
                vec_push(&context->arena, &plan->kept.list, expansion);
        }
    }
}

/* On the way back an old column that must have a value gets it from the new one. */
static void give_back(struct context *context, const struct migration_plan *plan, struct stand_ins *stand_ins) {
    for (size_t i = 0; i < plan->kept.list.count; i++) {
        const struct expansion *kept = &plan->kept.list.at[i];
        struct backfill backfill = {.entity = kept->entity->name};

        if (!kept->old)
            continue;
        backfill.field = kept->old->name;
        backfill.expression = expansion_value(&context->arena, plan->target.dialect, kept->new, kept->old);
        vec_push(&context->arena, &stand_ins->list, backfill);
    }
}

static bool begins_with(const char *text, const char *beginning) {
    return strncmp(text, beginning, strlen(beginning)) == 0;
}

static bool is_about(struct arena *arena, const struct hazard *hazard, const struct expansion *kept) {
    const struct change *change = hazard->change;
    const struct field *old = change->old_field, *new = change->new_field;
    const struct entity *entity = change->to ? change->to : change->from;

    if (change->old_object)
        return begins_with(change->old_object->name, expansion_constant(arena, kept));
    if (!entity || strcmp(entity->name, kept->entity->name) != 0)
        return false;
    return (kept->old && old && strcmp(old->name, kept->old->name) == 0) || (old && strcmp(old->name, kept->new->name) == 0) ||
           (new &&strcmp(new->name, kept->new->name) == 0);
}

static bool is_settled(struct arena *arena, const struct hazard *hazard, const struct expansions *expansions) {
    for (size_t i = 0; i < expansions->list.count; i++)
        if (is_about(arena, hazard, &expansions->list.at[i]))
            return true;
    return false;
}

/* Rows can still make it fail, and what the new type cannot hold goes with the old column. */
static bool is_of_values(const struct hazard *hazard) {
    return hazard->rule->kind == HAZARD_MAY_FAIL || hazard->rule == &hazard_rules[RULE_CUT_VALUES];
}

/* What the schema in between sees to: the values of the old column are in the new one, every row has one, and clients have both. */
static void settle_hazards(struct context *context, struct migration_plan *plan, const struct expansions *expansions) {
    struct hazards left = {0};

    for (size_t i = 0; i < plan->hazards.list.count; i++) {
        const struct hazard *hazard = &plan->hazards.list.at[i];

        if (is_of_values(hazard) || !is_settled(&context->arena, hazard, expansions))
            vec_push(&context->arena, &left.list, *hazard);
    }
    plan->hazards = left;
}

/* Rows are filled behind the triggers: what is written meanwhile has both values already. */
static void fill_kept(struct migration_plan *plan) {
    for (size_t i = 0; i < plan->kept.list.count; i++) {
        const struct expansion *kept = &plan->kept.list.at[i];
        bool contract = is_contract(plan, kept);

        if (!contract)
            expansion_fill(plan->target.dialect, kept, false, &plan->up_script);
        else if (kept->old)
            expansion_fill(plan->target.dialect, kept, true, &plan->down_script);
    }
}

/* New clients write on while the contract runs, and their rows lack the old column once its triggers are gone. */
static void release_kept(struct migration_plan *plan) {
    for (size_t i = 0; i < plan->kept.list.count; i++) {
        const struct expansion *kept = &plan->kept.list.at[i];
        const struct entity *to = schema_entity(plan->up->to, kept->entity->name);

        if (is_contract(plan, kept) && to && entity_field(to, kept->new->name))
            expansion_release(&plan->target, kept, &plan->up_script);
    }
}

/* Is OTHER over the new column what INDEX is over the old one? */
static bool is_counterpart(const struct expansion *kept, const struct index *index, const struct index *other) {
    if (!other->unique || other->part_count != index->part_count || !text_equal(other->where, index->where))
        return false;
    for (size_t i = 0; i < index->part_count; i++) {
        const char *name = index->parts[i].field;

        if (!name || !text_equal(strcmp(name, kept->old->name) == 0 ? kept->new->name : name, other->parts[i].field))
            return false;
    }
    return true;
}

/* Is REASON about a unique index over the old column, whose values are unique in the new one? */
static bool is_unique_anyway(struct arena *arena, const struct expansion *kept, const char *reason) {
    const struct entity *entity = kept->entity;

    for (size_t i = 0; i < entity->index_count; i++)
        for (size_t k = 0; k < entity->index_count; k++)
            if (begins_with(reason, arena_printf(arena, "%s: the rows must fit %s again", entity->name, entity->indexes[i].name)) &&
                i != k && text_equal(kept->old->native_type, kept->new->native_type) &&
                is_counterpart(kept, &entity->indexes[i], &entity->indexes[k]))
                return true;
    return false;
}

/* Is REASON about a value that is there twice, or that every row had already? A column that is filled goes with what it holds. */
static bool is_settled_reason(struct context *context, const struct migration_plan *plan, const char *reason) {
    for (size_t i = 0; i < plan->kept.list.count; i++) {
        const struct expansion *kept = &plan->kept.list.at[i];
        const char *entity = kept->entity->name;

        if ((kept->old || is_contract(plan, kept)) && begins_with(reason, arena_printf(&context->arena, "%s.%s ", entity, kept->new->name)))
            return true;
        if (kept->old && (begins_with(reason, arena_printf(&context->arena, "%s.%s ", entity, kept->old->name)) ||
                          is_unique_anyway(&context->arena, kept, reason)))
            return true;
    }
    return false;
}

static void settle_reasons(struct context *context, const struct migration_plan *plan, struct way_back_reasons *reasons) {
    struct way_back_reasons left = {0};

    for (size_t i = 0; i < reasons->list.count; i++)
        if (!is_settled_reason(context, plan, reasons->list.at[i]))
            vec_push(&context->arena, &left.list, reasons->list.at[i]);
    *reasons = left;
}

/* The old column comes back from the new one, without what that could not hold. */
static void grade_cut_values(struct context *context, struct migration_plan *plan) {
    for (size_t i = 0; i < plan->kept.list.count; i++) {
        const struct expansion *kept = &plan->kept.list.at[i];

        if (!kept->old || !is_contract(plan, kept) ||
            plan->target.dialect->cast_risk(kept->old->native_type, kept->new->native_type) != CAST_CUTS)
            continue;
        vec_push(&context->arena, &plan->reasons.list,
                 arena_printf(&context->arena, "%s.%s lost what %s cannot hold on the way up", kept->entity->name, kept->old->name,
                              kept->new->native_type));
        plan->way_back = WAY_BACK_LOSSY;
    }
}

static void grade_way_back(struct context *context, struct migration_plan *plan) {
    plan->way_back = way_back_grade(&context->arena, plan->down, plan->target.dialect->cast_risk, &plan->reasons);
    settle_reasons(context, plan, &plan->reasons);
    if (plan->kept.list.count && !plan->reasons.list.count)
        plan->way_back = WAY_BACK_LOSSLESS;
    grade_cut_values(context, plan);
}

void migration_plan_lost(struct context *context, const struct migration_plan *plan, struct way_back_reasons *lost) {
    *lost = (struct way_back_reasons){.least = WAY_BACK_LOSSY};
    way_back_grade(&context->arena, plan->up, plan->target.dialect->cast_risk, lost);
    settle_reasons(context, plan, lost);
}

/* The way back: the same renames from the other end, with values that stand in for what is gone. */
static struct plan *plan_back(struct context *context, const struct migration_plan *plan) {
    struct renames *inverse = ARENA_NEW(&context->arena, struct renames);
    struct stand_ins stand_ins = {0};
    struct plan_request request = {.from = plan->up->to, .to = plan->up->from, .renames = inverse, .rules = &plan->target.dialect->rules};

    renames_invert(&context->arena, &plan->renames, inverse);
    give_back(context, plan, &stand_ins);
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
    read_kept(context, request.from, request.to, plan);
    plan->up = plan_between(context, &request);
    plan->down = plan_back(context, plan);
    hazards_find(&context->arena, plan->up, workspace->target.dialect->cast_risk, &plan->hazards);
    settle_hazards(context, plan, &plan->kept);
    return 0;
}

static void begin(struct context *context, const struct workspace *workspace, struct migration_plan *plan) {
    plan->target = workspace->target;
    plan->target.table_count = plan->table_count;
    plan->up_script.arena = plan->down_script.arena = &context->arena;
}

static void emit_both(struct context *context, struct migration_plan *plan) {
    const struct dialect *dialect = plan->target.dialect;
    struct target back = plan->target;

    /* Triggers and columns come back at once, or rows slip through. */
    for (size_t i = 0; i < plan->kept.list.count; i++)
        if (is_contract(plan, &plan->kept.list.at[i]))
            back.online = back.concurrently = false;
    grade_way_back(context, plan);
    release_kept(plan);
    dialect->emit(plan->up, &plan->target, &plan->up_script);
    dialect->emit(plan->down, &back, &plan->down_script);
    fill_kept(plan);
}

/* What the way up locks, rewrites and scans, and for how long where the tables have sizes. 0, or -1 reported. */
static int find_costs(struct context *context, const struct workspace *workspace, struct migration_plan *plan) {
    if (workspace_sizes(context, workspace, &plan->sizes))
        return -1;
    costs_find(&context->arena, &plan->up_script, &plan->target, plan->sizes, &plan->costs);
    cost_hazards(&context->arena, &plan->costs, &plan->up_script, plan->sizes, &plan->hazards);
    return 0;
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

struct expand_request migration_plan_request(const struct migration_plan *plan) {
    return (struct expand_request){plan->up, &plan->up_script, plan->from, plan->to, plan->target.dialect};
}

/* What goes in two migrations instead risks less. */
static void find_cut(struct context *context, struct migration_plan *plan) {
    const struct expand_request request = migration_plan_request(plan);

    if (!plan->target.online || !plan->may_cut)
        return;
    expansions_find(&context->arena, &request, &plan->cut);
    settle_hazards(context, plan, &plan->cut);
}

/* As it was decided already. */
static void take_gentle_way(struct context *context, struct migration_plan *plan) {
    plan->target.online |= decisions_of(&context->arena, &plan->decisions, "online").count > 0;
    plan->target.concurrently |= plan->target.online || decisions_of(&context->arena, &plan->decisions, "concurrently").count > 0;
}

int migration_plan_make(struct context *context, const struct workspace *workspace, struct migration_plan *plan) {
    struct backfills backfills = {0};

    begin(context, workspace, plan);
    take_gentle_way(context, plan);
    if (decide_renames(context, plan->from, plan->to, &plan->renames))
        return -1;
    deltas_find(&context->arena, plan->from, plan->to, &plan->renames, &plan->deltas);
    if (decide_backfills(context, plan->to, &backfills) || plan_both_ways(context, workspace, &backfills, plan) ||
        decide_backfills_used(context, plan->up, &backfills))
        return -1;
    emit_both(context, plan);
    find_cut(context, plan);
    if (decide_hazards(context, &plan->hazards))
        return -1;
    decide_record(context, plan->up, &plan->renames, &backfills, &plan->hazards, &plan->decisions);
    record_gentle_way(context, plan);
    return find_costs(context, workspace, plan);
}

int migration_plan_again(struct context *context, const struct workspace *workspace, struct migration_plan *plan) {
    struct backfills backfills = {0};

    begin(context, workspace, plan);
    take_gentle_way(context, plan);
    decide_again_renames(context, plan->from, plan->to, &plan->decisions, &plan->renames);
    deltas_find(&context->arena, plan->from, plan->to, &plan->renames, &plan->deltas);
    decide_again_backfills(context, plan->to, &plan->decisions, &backfills);
    if (plan_both_ways(context, workspace, &backfills, plan))
        return -1;
    emit_both(context, plan);
    return find_costs(context, workspace, plan);
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
