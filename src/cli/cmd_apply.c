#include <string.h>

#include "output.h"
#include "visit.h"

static const char *or_nothing(const char *id) {
    return id ? id : "the beginning";
}

static enum exit_code plan_only(struct visit *visit) {
    struct context *context = visit->context;
    struct apply_plan plan;
    size_t count;

    if (apply_plan_up(&visit->runner, &visit->request, &plan) || visit_print_scripts(visit, &plan, false))
        return EXIT_FAILED;
    count = plan.steps.count;
    if (context->options.json)
        output_json(context, visit_json_plan(visit, &plan));
    say(context, "%s: %zu migration%s would be applied", visit->connection->shown, count, count == 1 ? "" : "s");
    visit->result->state = count ? "pending" : "in step";
    return count ? EXIT_PENDING : EXIT_DONE;
}

static void tell_done(struct visit *visit, const struct apply_outcome *outcome) {
    struct context *context = visit->context;

    if (context->options.json)
        output_json(context, visit_json(visit, outcome));
    if (!outcome->migrations)
        say(context, "%s: nothing to apply, at %s", visit->connection->shown, or_nothing(outcome->to));
    else
        say(context, "%s: %zu migration%s applied, %zu statement%s, now at %s", visit->connection->shown, outcome->migrations,
            outcome->migrations == 1 ? "" : "s", outcome->statements, outcome->statements == 1 ? "" : "s", or_nothing(outcome->to));
}

static enum exit_code run(struct visit *visit) {
    struct context *context = visit->context;
    struct apply_outcome outcome;
    int done;

    if (visit_open(visit, !context->options.dry_run))
        return EXIT_FAILED;
    if (context->options.dry_run)
        return plan_only(visit);
    done = apply_up(&visit->runner, &visit->request, &outcome);
    visit_tell(visit, &outcome);
    visit->result->state = done ? NULL : outcome.migrations ? "applied" : "in step";
    if (done)
        return EXIT_FAILED;
    tell_done(visit, &outcome);
    return EXIT_DONE;
}

enum exit_code cmd_apply(struct context *context) {
    struct tour tour;
    enum exit_code code = EXIT_FAILED;
    bool ready = tour_open(context, &tour) == 0;

    if (ready && context->options.to) {
        tour.request.to = tour_find(context, &tour, context->options.to);
        ready = tour.request.to != NULL;
    }
    if (ready)
        code = tour_run(context, &tour, run);
    tour_close(&tour);
    return code;
}
