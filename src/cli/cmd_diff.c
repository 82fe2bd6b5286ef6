#include <string.h>

#include "migration_plan.h"
#include "output.h"
#include "recorded.h"
#include "sides.h"

struct comparison {
    struct workspace workspace;
    struct sides sides;
    struct migration_plan plan;
};

/* A database is no version of the model, and nothing is recorded about it. */
static int find_renames(struct context *context, struct comparison *comparison) {
    const struct sides *sides = &comparison->sides;
    struct version from = {sides->from.is_database ? NULL : sides->from.name, sides->from.schema};
    struct version to = {sides->to.is_database ? NULL : sides->to.name, sides->to.schema};

    return recorded_renames(context, &comparison->workspace, &from, &to, &comparison->plan.renames);
}

static int print_sql(struct context *context, struct comparison *comparison) {
    struct migration_plan *plan = &comparison->plan;
    struct sides *sides = &comparison->sides;
    struct plan_request request = {.renames = &plan->renames, .rules = &sides->target.dialect->rules};
    struct script script = {.arena = &context->arena};
    struct str out = STR_INIT;

    plan->target = sides->target;
    plan->target.table_count = plan->to->entity_count;
    request.from = workspace_normalize(context, &plan->target, plan->from);
    request.to = workspace_normalize(context, &plan->target, plan->to);
    if (!request.from || !request.to)
        return -1;
    plan->target.dialect->emit(plan_make(&context->arena, &request), &plan->target, &script);
    script_print(&script, &plan->target.dialect->style,
                 arena_printf(&context->arena, "from %s to %s, not proved: persist migrate proves", sides->from.name, sides->to.name),
                 &out);
    fputs(out.text, context->out);
    str_free(&out);
    return 0;
}

static void show(struct context *context, struct comparison *comparison) {
    struct deltas *deltas = &comparison->plan.deltas;
    const struct sides *sides = &comparison->sides;
    const struct model_place *place = comparison->workspace.place;

    if (context->options.json) {
        output_json(context, json_pack("{s:s?, s:s, s:s, s:b, s:o}", "model", place ? place->name : NULL, "from", sides->from.name, "to",
                                       sides->to.name, "expressions", !sides->loosely, "deltas", output_deltas(deltas)));
        return;
    }
    if (!context->options.stat)
        output_delta_lines(&context->arena, context->out, deltas);
    if (context->options.stat || !deltas->list.count)
        fprintf(context->out, "%s → %s: %s\n", sides->from.name, sides->to.name, output_counts(&context->arena, deltas));
    if (sides->loosely)
        say(context, "expressions were compared only by being there: %s", sides->loosely);
}

static int run(struct context *context, struct comparison *comparison) {
    struct migration_plan *plan = &comparison->plan;
    struct sides *sides = &comparison->sides;

    sides->from.name = context->options.argument_count > 0 ? context->options.arguments[0] : "snapshot";
    sides->to.name = context->options.argument_count > 1 ? context->options.arguments[1] : "model";
    if (sides_open(context, &comparison->workspace, sides))
        return -1;
    plan->from = sides->from.schema;
    plan->to = sides->to.schema;
    if (find_renames(context, comparison))
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

    sides_close(&comparison.sides);
    workspace_close(&comparison.workspace);
    if (result)
        return EXIT_FAILED;
    return comparison.plan.deltas.list.count ? EXIT_PENDING : EXIT_DONE;
}
