/* Is a live database what its migrations made of it? As "persist status" tells, of one database. */
#include "gate.h"
#include "output.h"
#include "visit.h"

static const struct span nowhere;

enum { SHOWN_DELTAS = 5 };

static void report_drift(struct visit *visit, const struct standing *standing, const struct drift *drift) {
    struct context *context = visit->context;
    const struct deltas *deltas = &drift->deltas;

    if (!deltas->list.count)
        return;
    if (standing_is_new(standing))
        diag_fail(&context->diag, "\"%s\" has no journal of persist, and is not empty", visit->connection->shown);
    else
        diag_fail(&context->diag, "\"%s\" is not what %s made: %zu difference%s", visit->connection->shown,
                  standing->last ? standing->last->migration->id : "nothing", deltas->list.count, deltas->list.count == 1 ? "" : "s");
    for (size_t i = 0; i < deltas->list.count && i < SHOWN_DELTAS; i++)
        diag_note(&context->diag, NULL, nowhere, "%s: %s", delta_subject(&context->arena, &deltas->list.at[i]),
                  delta_text(&context->arena, &deltas->list.at[i]));
    if (deltas->list.count > SHOWN_DELTAS)
        diag_note(&context->diag, NULL, nowhere, "and %zu more: \"persist status\" shows all", deltas->list.count - SHOWN_DELTAS);
    if (standing_is_new(standing))
        diag_hint(&context->diag, "when it is at a version already: \"persist baseline\" begins its journal");
    else
        diag_hint(&context->diag, "\"persist pull\" takes it into the model; else undo it in the database");
}

/* What the journal has and the chain has not, or otherwise, or not to its end. */
static void report_standing(struct visit *visit, const struct standing *standing) {
    struct diag *diag = &visit->context->diag;

    for (size_t i = 0; i < standing->unknown.count; i++)
        diag_fail(diag, "\"%s\" has the migration %s, which is not in the chain", visit->connection->shown, standing->unknown.at[i]->id);
    for (size_t i = 0; i < standing->steps.count; i++)
        if (standing->steps.at[i].edited)
            diag_fail(diag, "\"%s\" has %s as it was before it was edited", visit->connection->shown, standing->steps.at[i].migration->id);
    if (standing->half_done) {
        diag_fail(diag, "\"%s\" has half of %s", visit->connection->shown, standing->half_done->migration->id);
        diag_hint(diag, "run \"persist apply\" again, or \"persist repair\"");
    }
}

static void look(struct visit *visit, struct gate_check *check) {
    struct arena *arena = &visit->context->arena;
    struct standing standing;
    struct drift drift = {0};

    if (visit_open(visit, false))
        return;
    standing_find(arena, visit->request.chain, &visit->runner.journal, visit->runner.model, &standing);
    report_standing(visit, &standing);
    if (!standing.half && !standing.unknown.count && apply_find_drift(&visit->runner, &visit->request, &standing, &drift))
        return;
    check->behind = true;
    report_drift(visit, &standing, &drift);
    check->detail = standing.pending ? arena_printf(arena, "no drift; %zu to apply", standing.pending) : "no drift";
}

void gate_database(struct gate *gate, struct gate_check *check) {
    struct context *context = gate->context;
    struct tour tour = {.workspace = gate->workspace};
    struct errand_result result = {0};
    struct visit visit = {.context = context, .tour = &tour, .result = &result};

    if (!context->options.live && !context->options.url) {
        gate_skip(check, "not asked: --url or --database asks it");
    } else if (!gate->model || !gate->chained || !gate->workspace.migrations.chain.list.count) {
        gate_skip(check, "there is no chain to compare it with");
    } else if (tour_prepare(context, &tour) == 0) {
        visit.connection = &tour.targets.list.at[0].connection;
        look(&visit, check);
        visit_close(&visit);
    }
    gate->workspace = tour.workspace;
}
