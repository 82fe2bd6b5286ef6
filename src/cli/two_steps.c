#include "two_steps.h"

#include <string.h>

#include "online.h"
#include "output.h"

static bool is_cut(const struct expansions *cut, const char *option, const char *text, struct arena *arena) {
    for (size_t i = 0; i < cut->list.count; i++) {
        const struct expansion *expansion = &cut->list.at[i];
        const char *about = expansion->old ? "rename" : "backfill";

        if (strcmp(option, about) == 0 && strcmp(text, expansion_text(arena, expansion)) == 0)
            return true;
    }
    return false;
}

/* What was decided for the whole is decided for the first half, but for what is cut. */
static void decide_expand(struct context *context, const struct migration_plan *whole, struct migration_plan *plan) {
    for (size_t i = 0; i < whole->decisions.list.count; i++) {
        const struct decision *decision = &whole->decisions.list.at[i];

        if (!is_cut(&whole->cut, decision->option, decision->text, &context->arena))
            decisions_add(&context->arena, &plan->decisions, decision->option, decision->text);
    }
}

/* Consent to what goes counts for both: most goes with the second half. */
static void decide_losses(struct context *context, const struct migration_plan *whole, struct migration_plan *plan) {
    static const char *const options[] = {"allow", "drop"};

    for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
        struct names texts = decisions_of(&context->arena, &whole->decisions, options[i]);

        for (size_t k = 0; k < texts.count; k++)
            decisions_add(&context->arena, &plan->decisions, options[i], texts.at[k]);
    }
}

/* A column that gets its type under another name gets its name back. */
static void decide_contract(struct context *context, const struct migration_plan *whole, struct migration_plan *plan) {
    for (size_t i = 0; i < whole->cut.list.count; i++) {
        const struct expansion *expansion = &whole->cut.list.at[i];
        const char *entity = expansion->entity->name;

        if (!expansion->old || entity_field(schema_entity(whole->to, entity), expansion->new->name))
            continue;
        decisions_add(&context->arena, &plan->decisions, "drop", arena_printf(&context->arena, "%s.%s", entity, expansion->old->name));
        decisions_add(&context->arena, &plan->decisions, "rename",
                      arena_printf(&context->arena, "%s.%s=%s", entity, expansion->new->name, expansion->old->name));
    }
}

static void decide_kept(struct context *context, const struct expansions *cut, struct migration_plan *plan) {
    decisions_add(&context->arena, &plan->decisions, "online", "");
    for (size_t i = 0; i < cut->list.count; i++)
        decisions_add(&context->arena, &plan->decisions, cut->list.at[i].old ? "keep" : "fill",
                      expansion_text(&context->arena, &cut->list.at[i]));
}

/* The schema in between as everybody will read it: printed, and parsed again. */
static const struct schema *read_between(struct context *context, const struct draft *whole, struct str *text) {
    const struct expand_request request = migration_plan_request(&whole->plan);
    struct source *source;
    struct snapshot *snapshot;

    snapshot_print(expansions_between(&context->arena, &request, &whole->plan.cut), text);
    source = source_new(&context->arena, "the schema in between", text->text, text->length, &context->diag);
    snapshot = source ? snapshot_open(&context->arena, source, NULL, &context->diag) : NULL;
    return snapshot ? snapshot_schema(&context->arena, snapshot, &context->diag) : NULL;
}

static int make_step(struct context *context, const struct draft *whole, struct draft *step) {
    step->plan.table_count = whole->plan.table_count;
    decide_kept(context, &whole->plan.cut, &step->plan);
    return migration_plan_again(context, step->workspace, &step->plan) || online_check(context, &step->plan) ||
                   migration_plan_prove(context, step->workspace, &step->plan)
               ? -1
               : 0;
}

/* In the words of whoever has to run them. */
static void say_steps(struct context *context, struct two_steps *steps) {
    steps->expand.report.step = arena_printf(
        &context->arena, "the first of two migrations: behind it old and new clients write side by side; %s ends that when no old ones run",
        steps->contract.files.id);
    steps->contract.report.step = arena_printf(
        &context->arena, "the second of two migrations, behind %s: no client may use the old columns any more", steps->expand.files.id);
}

int two_steps_make(struct context *context, const struct draft *whole, const char *label, struct two_steps *steps) {
    const struct schema *between;

    steps->expand = draft_new(whole->workspace);
    steps->contract = draft_new(whole->workspace);
    between = read_between(context, whole, &steps->expand.files.snapshot);
    if (!between)
        return -1;
    str_add_bytes(&steps->contract.files.snapshot, whole->files.snapshot.text, whole->files.snapshot.length);
    steps->expand.plan.from = whole->plan.from;
    steps->expand.plan.to = steps->contract.plan.from = between;
    steps->contract.plan.to = whole->plan.to;
    decide_expand(context, &whole->plan, &steps->expand.plan);
    decide_contract(context, &whole->plan, &steps->contract.plan);
    decide_losses(context, &whole->plan, &steps->contract.plan);
    if (make_step(context, whole, &steps->expand) || make_step(context, whole, &steps->contract))
        return -1;
    draft_name(context, &steps->expand, arena_printf(&context->arena, "%s_expand", label));
    draft_name_behind(context, &steps->contract, &steps->expand, arena_printf(&context->arena, "%s_contract", label));
    say_steps(context, steps);
    draft_print(context, &steps->expand);
    draft_print(context, &steps->contract);
    return 0;
}

void two_steps_free(struct two_steps *steps) {
    draft_free(&steps->expand);
    draft_free(&steps->contract);
}
