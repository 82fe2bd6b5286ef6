#include "output.h"
#include "visit.h"

static enum exit_code run(struct visit *visit) {
    struct context *context = visit->context;
    struct apply_outcome outcome;
    int done;

    if (visit_open(visit, true))
        return EXIT_FAILED;
    done = apply_baseline(&visit->runner, &visit->request, &outcome);
    visit_tell(visit, &outcome);
    if (done)
        return EXIT_FAILED;
    visit->result->state = outcome.migrations ? "baseline" : "in step";
    if (context->options.json)
        output_json(context, visit_json(visit, &outcome));
    say(context, outcome.migrations ? "%s: is at %s, and its journal says so now" : "%s: is at %s, as its journal said before",
        visit->connection->shown, outcome.to);
    return EXIT_DONE;
}

enum exit_code cmd_baseline(struct context *context) {
    struct tour tour;
    enum exit_code code = EXIT_FAILED;
    bool ready = tour_open(context, &tour) == 0;

    if (ready) {
        const struct chain *chain = tour.request.project;

        tour.request.to = context->options.argument_count ? tour_find(context, &tour, context->options.arguments[0])
                                                          : &chain->list.at[chain->list.count - 1];
        if (tour.request.to)
            code = tour_run(context, &tour, run);
    }
    tour_close(&tour);
    return code;
}
