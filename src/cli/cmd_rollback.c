#include <string.h>

#include "decide.h"
#include "loss.h"
#include "output.h"
#include "visit.h"

static const char *describe(struct arena *arena, const struct loss *loss) {
    if (!loss->subject)
        return arena_printf(arena, "%s: %s", loss->migration, loss->text);
    if (!loss->counted)
        return arena_printf(arena, "%s: %s %s", loss->migration, loss->subject, loss->text);
    return arena_printf(arena, "%s: %s %s: %lld row%s", loss->migration, loss->subject, loss->text, loss->rows, loss->rows == 1 ? "" : "s");
}

/* --allow destroy, or destroy:NAME for one of them; what is lost in general needs the first. */
static bool is_allowed(const struct context *context, const struct loss *loss) {
    static const char prefix[] = "destroy";

    for (char **allow = context->options.allows; allow && *allow; allow++) {
        const char *name = *allow + sizeof prefix - 1;

        if (strncmp(*allow, prefix, sizeof prefix - 1) != 0)
            continue;
        if (!*name || (*name == ':' && loss->subject && strcmp(name + 1, loss->subject) == 0))
            return true;
    }
    return false;
}

static int check_allows(struct context *context) {
    for (char **allow = context->options.allows; allow && *allow; allow++)
        if (strcmp(*allow, "destroy") != 0 && strncmp(*allow, "destroy:", 8) != 0)
            return diag_fail(&context->diag, "--allow \"%s\" is neither destroy nor destroy:NAME", *allow);
    return 0;
}

/* A migration that goes back: the version before it, and what it renamed on the way from there. */
struct passage {
    const struct schema *before;
    struct renames renames;
};

static const struct schema *version_of(struct visit *visit, struct hash hash) {
    return visit->request.versions->schema(visit->request.versions, hash, &visit->context->diag);
}

static int read_passage(struct visit *visit, const struct migration *migration, struct passage *passage) {
    struct context *context = visit->context;
    const struct apply_request *request = &visit->request;
    struct source *script = apply_read_script(&context->arena, request, migration, false, &context->diag);
    const struct schema *behind = version_of(visit, migration->snapshot);
    struct decisions decided = {0};
    struct hash before;

    *passage = (struct passage){0};
    if (!script || !behind ||
        apply_version_before(&context->arena, request, (size_t)(migration - request->chain->list.at), &before, &context->diag))
        return -1;
    passage->before = version_of(visit, before);
    if (!passage->before)
        return -1;
    decisions_read(&context->arena, script->text, &decided);
    decide_again_renames(context, passage->before, behind, &decided, &passage->renames);
    return 0;
}

/* The database is behind the newest of the migrations that go back; one that was stopped on its way back leaves it between two versions. */
static int begin_places(struct visit *visit, const struct step *newest, struct loss_places *places) {
    struct arena *arena = &visit->context->arena;
    struct loss_place behind = {.version = version_of(visit, newest->migration->snapshot)}, before = {0};
    struct passage passage;

    if (!behind.version)
        return -1;
    vec_push(arena, &places->list, behind);
    if (newest->state != STEP_ROLLING_BACK)
        return 0;
    if (read_passage(visit, newest->migration, &passage))
        return -1;
    before.version = passage.before;
    renames_invert(arena, &passage.renames, &before.renames);
    vec_push(arena, &places->list, before);
    return 0;
}

/* On to the migration before MIGRATION: what is called so behind that one is renamed by MIGRATION first. */
static int pass(struct visit *visit, const struct migration *migration, struct loss_places *places) {
    struct passage passage;

    if (read_passage(visit, migration, &passage))
        return -1;
    for (size_t i = 0; i < places->list.count; i++) {
        struct renames all = {0};

        renames_compose(&visit->context->arena, &passage.renames, &places->list.at[i].renames, &all);
        places->list.at[i].renames = all;
    }
    return 0;
}

static int find_losses(struct visit *visit, const struct apply_plan *plan, struct losses *losses) {
    struct loss_places places = {0};

    for (size_t i = 0; i < plan->steps.count; i++) {
        const struct step *step = plan->steps.at[i];

        if (i == 0 ? begin_places(visit, step, &places) : pass(visit, plan->steps.at[i - 1]->migration, &places))
            return -1;
        if (losses_find(&visit->runner, &visit->request, step->migration, &places, losses))
            return -1;
    }
    return 0;
}

/* Stops where something is lost that was not allowed by name; warns of the rest. */
static int decide_losses(struct visit *visit, const struct apply_plan *plan) {
    struct context *context = visit->context;
    struct losses losses = {0};
    size_t refused = 0;

    if (find_losses(visit, plan, &losses))
        return -1;
    for (size_t i = 0; i < losses.list.count; i++) {
        const struct loss *loss = &losses.list.at[i];

        if (is_allowed(context, loss))
            diag_warning(&context->diag, NULL, (struct span){0, 0}, 0, "%s", describe(&context->arena, loss));
        else if (!refused++)
            diag_fail(&context->diag, "%s", describe(&context->arena, loss));
        else
            diag_note(&context->diag, NULL, (struct span){0, 0}, "%s", describe(&context->arena, loss));
    }
    if (!refused)
        return 0;
    diag_hint(&context->diag, "that would be lost: --allow destroy%s%s goes back all the same",
              refused == 1 && losses.list.at[0].subject ? ":" : "",
              refused == 1 && losses.list.at[0].subject ? losses.list.at[0].subject : "");
    return -1;
}

static enum exit_code plan_only(struct visit *visit, const struct apply_plan *plan) {
    size_t count = plan->steps.count;

    if (visit_print_scripts(visit, plan, true))
        return EXIT_FAILED;
    if (visit->context->options.json)
        output_json(visit->context, visit_json_plan(visit, plan));
    say(visit->context, "%s: %zu migration%s would be rolled back", visit->connection->shown, count, count == 1 ? "" : "s");
    return count ? EXIT_PENDING : EXIT_DONE;
}

static void tell_done(struct visit *visit, const struct apply_outcome *outcome) {
    if (visit->context->options.json)
        output_json(visit->context, visit_json(visit, outcome));
    if (!outcome->migrations)
        say(visit->context, "%s: nothing to roll back", visit->connection->shown);
    else
        say(visit->context, "%s: %zu migration%s rolled back, now at %s", visit->connection->shown, outcome->migrations,
            outcome->migrations == 1 ? "" : "s", outcome->to ? outcome->to : "the beginning");
}

static enum exit_code run(struct visit *visit) {
    struct context *context = visit->context;
    struct apply_outcome outcome;
    struct apply_plan plan;
    int done;

    if (visit_open(visit, !context->options.dry_run) || apply_plan_down(&visit->runner, &visit->request, &plan) ||
        decide_losses(visit, &plan))
        return EXIT_FAILED;
    if (context->options.dry_run)
        return plan_only(visit, &plan);
    done = apply_down(&visit->runner, &visit->request, &outcome);
    visit_tell(visit, &outcome);
    visit->result->state = done ? NULL : outcome.migrations ? "rolled back" : "nothing";
    if (done)
        return EXIT_FAILED;
    tell_done(visit, &outcome);
    return EXIT_DONE;
}

static int find_goal(struct context *context, struct tour *tour) {
    const struct command_options *options = &context->options;

    if (options->to && options->steps)
        return diag_fail(&context->diag, "--to and --steps both say how far: leave one out");
    if (options->steps < 0)
        return diag_fail(&context->diag, "--steps is how many migrations to roll back");
    tour->request.steps = options->steps ? (size_t)options->steps : 1;
    if (options->to)
        tour->request.to = tour_find(context, tour, options->to);
    return options->to && !tour->request.to ? -1 : 0;
}

enum exit_code cmd_rollback(struct context *context) {
    struct tour tour;
    enum exit_code code = EXIT_FAILED;

    if (tour_open(context, &tour) == 0 && check_allows(context) == 0 && find_goal(context, &tour) == 0)
        code = tour_run(context, &tour, run);
    tour_close(&tour);
    return code;
}
