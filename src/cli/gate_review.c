/* The checks of the migrations that this branch adds: what they risk under the policy, and what was proved of them. Each is planned again, as
 * for a review. */
#include <string.h>

#include "file.h"
#include "gate.h"

static const struct span nowhere;

/* A line of a script, to be shown with the message. */
struct spot {
    struct source *source; /* NULL: there is none */
    struct span at;
};

static struct spot spot_in_script(struct gate *gate, const struct review_migration *migration, const struct review_hazard *hazard) {
    struct arena *arena = &gate->context->arena;
    struct diag unseen = {.arena = arena};
    struct spot spot = {0};

    if (!hazard->script_line)
        return spot;
    spot.source = source_read(arena, file_join(arena, migration->folder, hazard->down ? "down.sql" : "up.sql"), &unseen);
    if (spot.source)
        spot.at = source_line(arena, spot.source, hazard->script_line);
    return spot;
}

static struct spot spot_of(struct gate *gate, const struct review_migration *migration, const struct review_hazard *hazard) {
    if (gate->review.source && hazard->model_at.start != hazard->model_at.end)
        return (struct spot){gate->review.source, hazard->model_at};
    return spot_in_script(gate, migration, hazard);
}

/* What can be done about HAZARD, which fails. */
static void hint(struct gate *gate, const struct review_migration *migration, const struct review_hazard *hazard) {
    struct diag *diag = &gate->context->diag;

    if (policy_may_accept(&gate->workspace.place->config->policy, hazard->rule))
        diag_hint(diag, "a line in %s/plan.md accepts it: persist:accept %s %s%s%s \"why\"", migration->folder, hazard->rule->code,
                  strchr(hazard->subject, ' ') ? "\"" : "", hazard->subject, strchr(hazard->subject, ' ') ? "\"" : "");
    else if (hazard->rule->gentle)
        diag_hint(diag, "the policy lets nobody accept it; more gently: %s", hazard->rule->gentle);
    else
        diag_hint(diag, "the policy lets nobody accept it");
}

/* Once: what can be done about all the locks of which nobody knows how long they are. */
static void hint_sizes(struct gate *gate, const struct review_hazard *hazard) {
    if (gate->review.sized || gate->hinted || hazard->rule->kind != HAZARD_LOCK || !hazard->blocks)
        return;
    gate->hinted = true;
    diag_hint(&gate->context->diag, "is the table small? \"persist stats --model %s%s\" writes down how large the tables are",
              gate->workspace.place->name, gate->workspace.place->config->url ? "" : " --url URL");
}

static void report(struct gate *gate, const struct review_migration *migration, const struct review_hazard *hazard) {
    struct spot spot = spot_of(gate, migration, hazard);
    struct diag *diag = &gate->context->diag;
    const char *label = migration->id[14] ? migration->id + 15 : migration->id;
    const char *text = arena_printf(&gate->context->arena, "%s: %s: %s [%s %s]", label, hazard->subject, hazard->text, hazard->rule->code,
                                    hazard->rule->name);

    if (hazard->verdict == VERDICT_FAIL) {
        diag_error(diag, spot.source, spot.at, 0, "%s", text);
        hint(gate, migration, hazard);
    } else if (hazard->verdict == VERDICT_WARN) {
        diag_warning(diag, spot.source, spot.at, 0, "%s", text);
        hint_sizes(gate, hazard);
    }
}

/* Says in CHECK why nothing of the branch can be looked at. */
static bool skip(struct gate *gate, struct gate_check *check) {
    if (!gate->chained)
        gate_skip(check, "the chain could not be read");
    else if (!gate->range.base)
        gate_skip(check,
                  gate->checks[GATE_MAIN].diag.errors ? "what is new is not known: see main" : "there is no main branch to compare with");
    else if (!gate->reviewed)
        gate_skip(check, "the migrations could not be planned again");
    return check->state == GATE_SKIPPED;
}

void gate_hazards(struct gate *gate, struct gate_check *check) {
    const struct review *review = &gate->review;
    size_t told = 0;
    size_t accepted = 0;

    if (gate->range.base) {
        gate->range.pending = false; /* which another check is about */
        gate->reviewed = review_data_make(gate->context, &gate->workspace, &gate->range, &gate->review, &gate->accepts) == 0;
    }
    if (gate->context->diag.errors || skip(gate, check))
        return;
    for (size_t i = 0; i < review->migrations.count; i++)
        for (size_t k = 0; k < review->migrations.at[i].hazards.count; k++) {
            const struct review_hazard *hazard = &review->migrations.at[i].hazards.at[k];

            report(gate, &review->migrations.at[i], hazard);
            accepted += hazard->accepted != NULL;
            told++;
        }
    check->detail = arena_printf(&gate->context->arena, "%zu in %zu new migration%s, %zu accepted", told, review->migrations.count,
                                 review->migrations.count == 1 ? "" : "s", accepted);
}

void gate_approval(struct gate *gate, struct gate_check *check) {
    if (skip(gate, check))
        return;
    if (gate->review.migrations.count)
        accepts_warn_unused(&gate->accepts, &gate->context->diag);
    check->detail = arena_printf(&gate->context->arena, "%zu line%s", gate->accepts.list.count, gate->accepts.list.count == 1 ? "" : "s");
}

/* Why what the head of the scripts says of a proof does not hold; NULL: it does. */
static const char *lack_of_proof(const struct review_migration *migration) {
    if (migration->edited)
        return "its scripts are not what is planned from its snapshots: they were changed by hand, or written by another version, and no "
               "proof of "
               "them is known";
    return migration->proved ? NULL : migration->proof;
}

/* Was it proved, or what is said about that? */
static bool check_proof(struct gate *gate, const struct review_migration *migration) {
    enum policy_proof wanted = gate->workspace.place->config->policy.proof;
    const char *lack = lack_of_proof(migration);
    struct diag *diag = &gate->context->diag;

    if (!lack || (wanted == PROOF_OPTIONAL && !migration->edited))
        return !lack;
    if (wanted == PROOF_REQUIRED)
        diag_fail(diag, "%s: %s", migration->id, lack);
    else
        diag_warning(diag, NULL, nowhere, 0, "%s: %s", migration->id, lack);
    diag_hint(diag, "while no database has it: remove %s, restore chain and snapshot.bal beside it, and run persist migrate again%s",
              migration->folder, gate->workspace.target.dialect->scratch_in_memory ? "" : " with --scratch URL");
    return false;
}

void gate_proof(struct gate *gate, struct gate_check *check) {
    size_t proved = 0;

    if (skip(gate, check))
        return;
    for (size_t i = 0; i < gate->review.migrations.count; i++)
        proved += check_proof(gate, &gate->review.migrations.at[i]);
    check->detail = arena_printf(&gate->context->arena, "%zu of %zu", proved, gate->review.migrations.count);
}
