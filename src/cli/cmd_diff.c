#include "migration_plan.h"
#include "output.h"
#include "revision.h"

struct comparison {
    struct workspace workspace;
    const char *from_name;
    const char *to_name;
    struct migration_plan plan;
};

/* The renames that are certain or asked for; the others are shown as removed and added. */
static int find_renames(struct context *context, struct migration_plan *plan) {
    struct rename_answers answers = {0};
    VEC(const char *) list = {0};

    for (char **rename = context->options.renames; rename && *rename; rename++)
        vec_push(&context->arena, &list, *rename);
    answers.renames = (struct names){list.at, list.count};
    return renames_find(&context->arena, plan->from, plan->to, &answers, &plan->renames, &context->diag);
}

static int print_sql(struct context *context, struct comparison *comparison) {
    struct migration_plan *plan = &comparison->plan;
    struct plan_request request = {.renames = &plan->renames, .rules = &comparison->workspace.target.dialect->rules};
    struct script script = {.arena = &context->arena};
    struct str out = STR_INIT;

    plan->target = comparison->workspace.target;
    plan->target.table_count = plan->to->entity_count;
    request.from = workspace_normalize(context, &plan->target, plan->from);
    request.to = workspace_normalize(context, &plan->target, plan->to);
    if (!request.from || !request.to)
        return -1;
    plan->target.dialect->emit(plan_make(&context->arena, &request), &plan->target, &script);
    script_print(
        &script, &plan->target.dialect->style,
        arena_printf(&context->arena, "from %s to %s, not proved: persist migrate proves", comparison->from_name, comparison->to_name),
        &out);
    fputs(out.text, context->out);
    str_free(&out);
    return 0;
}

static void show(struct context *context, struct comparison *comparison) {
    struct deltas *deltas = &comparison->plan.deltas;

    if (context->options.json) {
        output_json(context, json_pack("{s:s, s:s, s:s, s:o}", "model", comparison->workspace.place->name, "from", comparison->from_name,
                                       "to", comparison->to_name, "deltas", output_deltas(deltas)));
        return;
    }
    if (!context->options.stat)
        output_delta_lines(&context->arena, context->out, deltas);
    if (context->options.stat || !deltas->list.count)
        fprintf(context->out, "%s → %s: %s\n", comparison->from_name, comparison->to_name, output_counts(&context->arena, deltas));
}

static int run(struct context *context, struct comparison *comparison) {
    struct migration_plan *plan = &comparison->plan;

    comparison->from_name = context->options.argument_count > 0 ? context->options.arguments[0] : "snapshot";
    comparison->to_name = context->options.argument_count > 1 ? context->options.arguments[1] : "model";
    if (workspace_open(context, &comparison->workspace))
        return -1;
    plan->from = revision_schema(context, &comparison->workspace, comparison->from_name);
    plan->to = plan->from ? revision_schema(context, &comparison->workspace, comparison->to_name) : NULL;
    if (!plan->to || find_renames(context, plan))
        return -1;
    deltas_find(&context->arena, plan->from, plan->to, &plan->renames, &plan->deltas);
    if (context->options.sql && !context->options.json)
        return print_sql(context, comparison);
    show(context, comparison);
    return 0;
}

enum exit_code cmd_diff(struct context *context) {
    struct comparison comparison = {0};
    int result = run(context, &comparison);

    workspace_close(&comparison.workspace);
    if (result)
        return EXIT_FAILED;
    return comparison.plan.deltas.list.count ? EXIT_PENDING : EXIT_DONE;
}
