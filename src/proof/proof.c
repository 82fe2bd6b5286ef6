#include "proof.h"

#include <string.h>

#include "compare.h"
#include "run.h"
#include "sample.h"
#include "scope.h"

/* One proof: what is asked, the part of the schemas that is made, and what introspection gave for both. */
struct prover {
    struct arena *arena;
    const struct proof_request *request;
    struct proof *proof;
    struct failures failures;
    struct schema from;            /* the scope of the plan */
    struct schema to;
    struct plan *create_from;      /* from nothing to each of them */
    struct plan *create_to;
    struct plan *between;          /* from → to, with the up plan's pairs, for reading rows */
    struct schema *seen_from;      /* by introspection */
    struct schema *seen_to;
};

static const size_t row_counts[] = {0, 1, 50};

static struct db *open_scratch(struct prover *prover, struct diag *diag) {
    return prover->request->target->dialect->driver->open_scratch(prover->request->scratch_url, diag);
}

static struct schema *introspect(struct prover *prover, struct db *db, struct diag *diag) {
    return prover->request->target->dialect->introspect(db, prover->arena, diag);
}

static int run(struct prover *prover, struct db *db, const struct script *script, struct diag *diag) {
    return script_run(db, script, &prover->request->target->dialect->style, diag);
}

/* What went wrong in DIAG's messages becomes a failure of the proof, not an error of the command. */
static void note_failure(struct prover *prover, const char *when, const struct diag *diag) {
    const char *message = diag->list.count ? diag->list.at[0].message : "failed";

    vec_push(prover->arena, &prover->failures.list, arena_printf(prover->arena, "%s: %s", when, message));
}

static struct plan *creation_plan(struct prover *prover, const struct schema *schema) {
    struct schema *empty = ARENA_NEW(prover->arena, struct schema);
    struct renames *none = ARENA_NEW(prover->arena, struct renames);
    struct plan_request request = {.from = empty, .to = schema, .renames = none, .rules = &prover->request->target->dialect->rules};

    schema_index(prover->arena, empty);
    return plan_make(prover->arena, &request);
}

static int create(struct prover *prover, struct db *db, const struct plan *plan, struct diag *diag) {
    struct script script = {.arena = prover->arena};

    prover->request->target->dialect->emit(plan, prover->request->target, &script);
    return run(prover, db, &script, diag);
}

/* Makes SCHEMA in one go in a scratch database of its own and reads it back; that must be the schema. */
static struct schema *read_back(struct prover *prover, const struct plan *plan, const char *when) {
    struct diag diag = {.arena = prover->arena};
    struct db *db = open_scratch(prover, &diag);
    struct schema *seen = NULL;

    if (db && create(prover, db, plan, &diag) == 0)
        seen = introspect(prover, db, &diag);
    if (seen)
        compare_schemas(prover->arena, prover->request->target, seen, plan->to, true, when, &prover->failures);
    else
        note_failure(prover, when, &diag);
    db_close(db);
    return seen;
}

/* Puts COUNT rows into every table, referenced tables first as in the plan that made them; a table that takes none is noted. */
static void fill(struct prover *prover, struct db *db, const struct plan *created, size_t count) {
    struct sample_range range = {.first = 1, .last = count};

    for (size_t i = 0; count && i < created->changes.count; i++) {
        const struct change *change = &created->changes.at[i];
        struct diag diag = {.arena = prover->arena};
        const char *insert;

        if (change->kind != CHANGE_CREATE_TABLE)
            continue;
        insert = sample_insert(prover->arena, prover->request->target, created->to, change->to, &range);
        if (insert && db_exec(db, insert, &diag) == 0)
            prover->proof->rows += count;
        else if (insert && count == row_counts[sizeof row_counts / sizeof *row_counts - 1])
            vec_push(prover->arena, &prover->proof->notes,
                     arena_printf(prover->arena, "no rows in table \"%s\": %s", change->to->table, diag.list.at[0].message));
    }
}

static bool check_after(struct prover *prover, struct db *db, const struct schema *expected, const char *when) {
    struct diag diag = {.arena = prover->arena};
    struct schema *seen = introspect(prover, db, &diag);
    size_t before = prover->failures.list.count;

    if (seen)
        compare_schemas(prover->arena, prover->request->target, seen, expected, false, when, &prover->failures);
    else
        note_failure(prover, when, &diag);
    return prover->failures.list.count == before;
}

/* Runs SCRIPT with rows in the tables: the schema must be EXPECTED afterwards, and what BEFORE holds still there. */
static bool step(struct prover *prover, struct db *db, const struct script *script, const struct schema *expected, const char *when) {
    struct diag diag = {.arena = prover->arena};

    if (run(prover, db, script, &diag)) {
        note_failure(prover, when, &diag);
        return false;
    }
    return check_after(prover, db, expected, when);
}

static bool check_rows(struct prover *prover, struct db *db, const struct contents *before, bool new_side, const char *when) {
    struct diag diag = {.arena = prover->arena};
    struct contents after = {0};
    size_t failures = prover->failures.list.count;

    if (contents_read(prover->arena, db, prover->request->target, prover->between, new_side, &after, &diag))
        note_failure(prover, when, &diag);
    else
        compare_contents(prover->arena, before, &after, when, &prover->failures);
    return prover->failures.list.count == failures;
}

/* Up and down once, with COUNT rows in every table of a scratch database of its own. */
static void round_trip(struct prover *prover, size_t count) {
    const char *up = arena_printf(prover->arena, "after up with %zu row%s a table", count, count == 1 ? "" : "s");
    const char *down = arena_printf(prover->arena, "after down with %zu row%s a table", count, count == 1 ? "" : "s");
    const struct proof_request *request = prover->request;
    struct diag diag = {.arena = prover->arena};
    struct contents before = {0};
    struct db *db = open_scratch(prover, &diag);

    prover->proof->rows = 0;
    if (!db || create(prover, db, prover->create_from, &diag)) {
        note_failure(prover, "making the old schema", &diag);
        db_close(db);
        return;
    }
    fill(prover, db, prover->create_from, count);
    if (contents_read(prover->arena, db, request->target, prover->between, false, &before, &diag))
        note_failure(prover, "reading the rows", &diag);
    else if (step(prover, db, request->up_script, prover->seen_to, up) && check_rows(prover, db, &before, true, up) &&
             !(count && request->down_fails_on_rows) && step(prover, db, request->down_script, prover->seen_from, down))
        check_rows(prover, db, &before, false, down);
    db_close(db);
}

/* The pairs of the up plan whose entities are in scope. */
static struct plan *plan_between(struct prover *prover) {
    struct plan *between = ARENA_NEW(prover->arena, struct plan);
    const struct plan *up = prover->request->up;

    between->from = &prover->from;
    between->to = &prover->to;
    for (size_t i = 0; i < up->pairs.count; i++)
        if (up->pairs.at[i].from && up->pairs.at[i].to && schema_entity(&prover->from, up->pairs.at[i].from->name))
            vec_push(prover->arena, &between->pairs, up->pairs.at[i]);
    return between;
}

static void prove(struct prover *prover) {
    prover->create_from = creation_plan(prover, &prover->from);
    prover->create_to = creation_plan(prover, &prover->to);
    prover->between = plan_between(prover);
    prover->seen_from = read_back(prover, prover->create_from, "the old schema, made in one go");
    prover->seen_to = read_back(prover, prover->create_to, "the new schema, made in one go");
    if (!prover->seen_from || !prover->seen_to)
        return;
    for (size_t i = 0; i < sizeof row_counts / sizeof *row_counts && !prover->failures.list.count; i++)
        round_trip(prover, row_counts[i]);
}

int proof_run(struct arena *arena, const struct proof_request *request, struct proof *proof, struct diag *diag) {
    struct prover prover = {.arena = arena, .request = request, .proof = proof};
    struct db *db = request->target->dialect->driver->open_scratch(request->scratch_url, diag);

    *proof = (struct proof){.status = PROOF_NOT_RUN};
    if (!db)
        return -1;
    proof->on = arena_strdup(arena, db_head(db)->version_text);
    db_close(db);
    scope_shrink(arena, request->up, &prover.from, &prover.to);
    proof->tables = prover.to.entity_count > prover.from.entity_count ? prover.to.entity_count : prover.from.entity_count;
    prove(&prover);
    for (size_t i = 0; i < prover.failures.list.count; i++)
        vec_push(arena, &proof->failures, prover.failures.list.at[i]);
    proof->status = proof->failures.count ? PROOF_FAILS : PROOF_HOLDS;
    return 0;
}
