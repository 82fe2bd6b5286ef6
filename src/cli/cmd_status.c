#include <string.h>

#include "output.h"
#include "visit.h"

enum { SHOWN_APPLIED = 5 };

struct status {
    struct visit *visit;
    struct standing standing;
    struct drift drift;
    bool half;    /* drift cannot be told of a half-done migration */
    bool in_step; /* nothing pending, half-done, unknown, edited, no drift */
};

static json_t *names_json(const struct status *status, enum step_state state) {
    json_t *list = json_array();

    for (size_t i = 0; i < status->standing.steps.count; i++)
        if (status->standing.steps.at[i].state == state)
            json_array_append_new(list, json_string(status->standing.steps.at[i].migration->id));
    return list;
}

static json_t *unknown_json(const struct status *status) {
    json_t *list = json_array();

    for (size_t i = 0; i < status->standing.unknown.count; i++)
        json_array_append_new(list, json_string(status->standing.unknown.at[i]->id));
    return list;
}

static json_t *edited_json(const struct status *status) {
    json_t *list = json_array();

    for (size_t i = 0; i < status->standing.steps.count; i++)
        if (status->standing.steps.at[i].edited)
            json_array_append_new(list, json_string(status->standing.steps.at[i].migration->id));
    return list;
}

static json_t *half_json(const struct status *status) {
    const struct step *half = status->standing.half_done;

    if (!half)
        return json_null();
    return json_pack("{s:s, s:s, s:I, s:I, s:s?, s:s}", "migration", half->migration->id, "direction", half->entry->down ? "down" : "up",
                     "statement", (json_int_t)half->entry->statement, "statements", (json_int_t)half->entry->statements, "error",
                     half->entry->error, "started", half->entry->started);
}

static void print_json(struct status *status) {
    const struct standing *standing = &status->standing;

    output_json(status->visit->context,
                json_pack("{s:s, s:s, s:b, s:s?, s:I, s:o, s:o, s:o, s:o, s:o}", "model", status->visit->runner.model, "database",
                          status->visit->connection->shown, "inStep", status->in_step, "at",
                          standing->last ? standing->last->migration->id : NULL, "applied", (json_int_t)standing->applied, "pending",
                          names_json(status, STEP_PENDING), "halfDone", half_json(status), "unknown", unknown_json(status), "edited",
                          edited_json(status), "drift", output_deltas(&status->drift.deltas)));
}

/* --- for a person --- */

/* The room for ids, so that what is said of them stands in a column. */
static int id_width(const struct standing *standing) {
    size_t width = 0;

    for (size_t i = 0; i < standing->steps.count; i++) {
        size_t length = strlen(standing->steps.at[i].migration->id);

        width = length > width ? length : width;
    }
    return (int)width;
}

static bool says_more(const struct step *step) {
    return step->state != STEP_PENDING || step->migration->squashed_into || step->edited || step->below;
}

static void print_step(FILE *out, const struct step *step, int width) {
    fprintf(out, "  %-12s %-*s", step_state_name(step->state), says_more(step) ? width : 0, step->migration->id);
    if (step->state == STEP_APPLIED)
        fprintf(out, "  %s", step->entry->finished);
    else if (step->state != STEP_PENDING)
        fprintf(out, "  %zu of %zu statements, since %s", step->entry->statement, step->entry->statements, step->entry->started);
    if (step->migration->squashed_into)
        fprintf(out, "  part of %s", step->migration->squashed_into);
    fprintf(out, "%s%s\n", step->edited ? "  EDITED since" : "", step->below ? "  below one that is applied" : "");
    if (step->state != STEP_APPLIED && step->entry && step->entry->error)
        fprintf(out, "  %-12s %s\n", "", step->entry->error);
}

/* All that is not simply applied, and the last few that are. */
static void print_steps(const struct status *status, FILE *out) {
    const struct standing *standing = &status->standing;
    size_t passed = 0;
    size_t folded = standing->applied > SHOWN_APPLIED ? standing->applied - SHOWN_APPLIED : 0;
    int width = id_width(standing);

    if (folded)
        fprintf(out, "  %-12s %zu before these\n", "applied", folded);
    for (size_t i = 0; i < standing->steps.count; i++) {
        const struct step *step = &standing->steps.at[i];

        if (step->state == STEP_APPLIED && passed++ < folded && !step->edited)
            continue;
        print_step(out, step, width);
    }
    for (size_t i = 0; i < standing->unknown.count; i++)
        fprintf(out, "  %-12s %-*s  %s, and not in the chain of this project\n", "unknown", width, standing->unknown.at[i]->id,
                standing->unknown.at[i]->started);
}

static void print_text(struct status *status) {
    struct context *context = status->visit->context;
    const struct standing *standing = &status->standing;
    size_t drift = status->drift.deltas.list.count;

    print_steps(status, context->out);
    for (size_t i = 0; i < standing->others.count; i++)
        fprintf(context->out, "  %-12s %s\n", "other model", standing->others.at[i]);
    if (drift) {
        fprintf(context->out, "drift: what differs from %s to the database\n", standing->last ? standing->last->migration->id : "nothing");
        output_delta_lines(&context->arena, context->out, &status->drift.deltas);
    }
    say(context, "%s: %zu applied, %zu pending%s%s%s", status->visit->connection->shown, standing->applied, standing->pending,
        standing->half ? ", one half-done" : "", standing->unknown.count ? ", unknown ones" : "",
        drift          ? ", drift"
        : status->half ? ""
                       : ", no drift");
    if (drift && standing_is_new(standing))
        say(context, "it has no journal of persist; when it is at a version already: \"persist baseline ID\";\n"
                     "\"persist identify\" finds which it is");
    if (status->drift.loosely && !drift)
        say(context, "expressions were compared only by being there: %s", status->drift.loosely);
}

static const char *word_of(const struct status *status) {
    const struct standing *standing = &status->standing;

    if (standing->half)
        return "half-done";
    if (standing->unknown.count)
        return "unknown";
    if (standing->edited)
        return "edited";
    if (status->drift.deltas.list.count)
        return "drift";
    return standing->pending ? "pending" : "in step";
}

static enum exit_code run(struct visit *visit) {
    struct status status = {.visit = visit};
    struct standing *standing = &status.standing;

    if (visit_open(visit, false))
        return EXIT_FAILED;
    standing_find(&visit->context->arena, visit->request.chain, &visit->runner.journal, visit->runner.model, standing);
    status.half = standing->half > 0 || standing->unknown.count > 0;
    if (!status.half && apply_find_drift(&visit->runner, &visit->request, standing, &status.drift))
        return EXIT_FAILED;
    status.in_step = !status.half && !standing->pending && !standing->edited && !status.drift.deltas.list.count;
    visit->result->state = word_of(&status);
    visit->result->from = visit->result->to = standing->last ? standing->last->migration->id : NULL;
    if (visit->context->options.json)
        print_json(&status);
    else
        print_text(&status);
    return status.in_step ? EXIT_DONE : EXIT_PENDING;
}

enum exit_code cmd_status(struct context *context) {
    struct tour tour;
    enum exit_code code = EXIT_FAILED;

    if (tour_open(context, &tour) == 0)
        code = tour_run(context, &tour, run);
    tour_close(&tour);
    return code;
}
