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
    struct schema from; /* the scope of the plan */
    struct schema to;
    struct plan *create_from; /* from nothing to each of them */
    struct plan *create_to;
    struct plan *between;     /* from → to, with the up plan's pairs, for reading rows */
    struct schema *seen_from; /* by introspection */
    struct schema *seen_to;
    struct db *db; /* a scratch database as the old schema has it, with ->filled rows a table; NULL: none is open */
    size_t filled;
    bool stuck; /* up could not run on the rows that were made */
};

static const size_t row_counts[] = {0, 1, 50};

static struct db *open_scratch(struct prover *prover, struct diag *diag) {
    return prover->request->target->dialect->driver->open_scratch(prover->request->scratch_url, diag);
}

static struct schema *introspect(struct prover *prover, struct db *db, struct diag *diag) {
    return prover->request->target->dialect->introspect(db, NULL, prover->arena, diag);
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

/* What a database holds in which PLAN made a schema in one go; that must be the schema. */
static struct schema *read_back(struct prover *prover, struct db *db, const struct plan *plan, const char *when) {
    struct diag diag = {.arena = prover->arena};
    struct schema *seen = introspect(prover, db, &diag);

    if (seen)
        compare_schemas(prover->arena, prover->request->target, seen, plan->to, true, when, &prover->failures);
    else
        note_failure(prover, when, &diag);
    return seen;
}

/* Makes the new schema in one go in a scratch database of its own, and reads it back. */
static void read_new(struct prover *prover) {
    static const char when[] = "the new schema, made in one go";
    struct diag diag = {.arena = prover->arena};
    struct db *db = open_scratch(prover, &diag);

    if (db)
        prover->proof->on = arena_strdup(prover->arena, db_head(db)->version_text);
    if (db && create(prover, db, prover->create_to, &diag) == 0)
        prover->seen_to = read_back(prover, db, prover->create_to, when);
    else
        note_failure(prover, when, &diag);
    db_close(db);
}

/* Brings every table to COUNT rows, referenced tables first as in the plan that made them; a table that takes none is noted. */
static void fill(struct prover *prover, size_t count) {
    struct sample_range range = {.first = prover->filled + 1, .last = count};
    const struct plan *created = prover->create_from;

    for (size_t i = 0; range.first <= count && i < created->changes.count; i++) {
        const struct change *change = &created->changes.at[i];
        struct diag diag = {.arena = prover->arena};
        const char *insert;

        if (change->kind != CHANGE_CREATE_TABLE)
            continue;
        insert = sample_insert(prover->arena, prover->request->target, prover->request->up, change->to, &range);
        if (insert && db_exec(prover->db, insert, &diag) == 0)
            prover->proof->rows += count - prover->filled;
        else if (insert && count == row_counts[sizeof row_counts / sizeof *row_counts - 1])
            vec_push(prover->arena, &prover->proof->notes,
                     arena_printf(prover->arena, "no rows in table \"%s\": %s", change->to->table, diag.list.at[0].message));
    }
    prover->filled = count;
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

/* Up, on COUNT rows a table. Rows that it was foreseen may stand in its way prove nothing against it: so much less is proved. */
static bool step_up(struct prover *prover, size_t count, const char *when) {
    struct diag diag = {.arena = prover->arena};

    if (!count || !prover->request->up_may_fail_on_rows)
        return step(prover, prover->db, prover->request->up_script, prover->seen_to, when);
    if (run(prover, prover->db, prover->request->up_script, &diag) == 0)
        return check_after(prover, prover->db, prover->seen_to, when);
    vec_push(prover->arena, &prover->proof->notes,
             arena_printf(prover->arena, "%zu row%s a table: the rows made for the proof do not fit the change: %s", count,
                          count == 1 ? "" : "s", diag.list.count ? diag.list.at[0].message : "failed"));
    prover->stuck = true;
    return false;
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

/* A scratch database as the old schema has it: the one that the way back before this led to, else a new one. */
static bool open_old(struct prover *prover) {
    struct diag diag = {.arena = prover->arena};

    if (prover->db)
        return true;
    prover->filled = 0;
    prover->db = open_scratch(prover, &diag);
    if (prover->db && create(prover, prover->db, prover->create_from, &diag) == 0)
        return true;
    note_failure(prover, "making the old schema", &diag);
    return false;
}

static void close_old(struct prover *prover) {
    db_close(prover->db);
    prover->db = NULL;
}

/* Up and down once, with COUNT rows in every table. */
static void round_trip(struct prover *prover, size_t count) {
    const char *rows = arena_printf(prover->arena, "with %zu row%s a table", count, count == 1 ? "" : "s");
    const char *up = arena_printf(prover->arena, "after up %s", rows);
    const char *down = arena_printf(prover->arena, "after down %s", rows);
    const struct proof_request *request = prover->request;
    struct diag diag = {.arena = prover->arena};
    struct contents before = {0};

    if (!open_old(prover))
        return;
    fill(prover, count);
    if (contents_read(prover->arena, prover->db, request->target, prover->between, false, &before, &diag)) {
        note_failure(prover, "reading the rows", &diag);
        return;
    }
    if (!step_up(prover, count, up) || !check_rows(prover, prover->db, &before, true, up))
        return;
    prover->proof->most_rows = count;
    if (count && request->down_fails_on_rows)
        close_old(prover);
    else if (step(prover, prover->db, request->down_script, prover->seen_from, down))
        check_rows(prover, prover->db, &before, false, down);
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
    read_new(prover);
    if (prover->seen_to && open_old(prover))
        prover->seen_from = read_back(prover, prover->db, prover->create_from, "the old schema, made in one go");
    for (size_t i = 0; i < sizeof row_counts / sizeof *row_counts && !prover->failures.list.count && !prover->stuck; i++)
        round_trip(prover, row_counts[i]);
    close_old(prover);
}

/* Can a scratch database be had at all? What hinders it is an error of the command, not of the migration. */
static int check_scratch(const struct proof_request *request, struct diag *diag) {
    struct db *db = request->target->dialect->scratch_in_memory ? NULL : request->target->dialect->driver->open(request->scratch_url, diag);

    if (!db && !request->target->dialect->scratch_in_memory)
        return -1;
    db_close(db);
    return 0;
}

int proof_run(struct arena *arena, const struct proof_request *request, struct proof *proof, struct diag *diag) {
    struct prover prover = {.arena = arena, .request = request, .proof = proof};

    *proof = (struct proof){.status = PROOF_NOT_RUN};
    if (check_scratch(request, diag))
        return -1;
    scope_shrink(arena, request->up, &prover.from, &prover.to);
    proof->tables = prover.to.entity_count > prover.from.entity_count ? prover.to.entity_count : prover.from.entity_count;
    prove(&prover);
    for (size_t i = 0; i < prover.failures.list.count; i++)
        vec_push(arena, &proof->failures, prover.failures.list.at[i]);
    proof->status = proof->failures.count ? PROOF_FAILS : PROOF_HOLDS;
    return 0;
}
