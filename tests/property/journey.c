#include "journey.h"

#include "run.h"
#include "sample.h"
#include "value.h"

static void go_wrong(struct journey *journey, const char *where, const struct diag *diag) {
    if (!journey->wrong)
        journey->wrong = arena_printf(journey->arena, "%s: %s", where, diag->list.count ? diag->list.at[0].message : "failed");
}

static const struct schema *normalize(struct journey *journey, const struct schema *schema) {
    struct diag diag = {.arena = journey->arena};
    const struct target *target = &journey->place->target;
    const struct schema *normal = target->dialect->normalize(journey->arena, schema, target, &diag);

    if (!normal)
        journey->refused = true;
    return normal;
}

/* NULL: the database cannot hold one of them. */
static struct plan *plan_between(struct journey *journey, const struct schema *from, const struct schema *to) {
    struct arena *arena = journey->arena;
    const struct dialect *dialect = journey->place->target.dialect;
    struct renames *renames = ARENA_NEW(arena, struct renames);
    struct rename_answers none = {0};
    struct hazards hazards = {0};
    struct decided decided = {0};
    struct diag diag = {.arena = arena};
    struct plan_request request = {.renames = renames, .rules = &dialect->rules};
    struct plan *plan;

    request.from = normalize(journey, from);
    request.to = normalize(journey, to);
    if (!request.from || !request.to || renames_find(arena, from, to, &none, renames, &diag))
        return NULL;
    plan = plan_make(arena, &request);
    hazards_find(arena, plan, dialect->cast_risk, &hazards);
    if (!values_decide(arena, journey->place, to, &hazards, &decided))
        return plan;
    request.backfills = decided.list.at;
    request.backfill_count = decided.list.count;
    return plan_make(arena, &request);
}

static void run_plan(struct journey *journey, const struct plan *plan, const char *where) {
    const struct target *target = &journey->place->target;
    struct script script = {.arena = journey->arena};
    struct diag diag = {.arena = journey->arena};

    target->dialect->emit(plan, target, &script);
    if (script_run(journey->db, &script, &target->dialect->style, &diag))
        journey->stuck = true;
    if (journey->stuck)
        go_wrong(journey, where, &diag);
}

static bool is_under_way(const struct journey *journey) {
    return journey->db && !journey->wrong && !journey->refused;
}

void journey_run(struct journey *journey, const struct schema *from, const struct schema *to) {
    struct plan *plan = is_under_way(journey) ? plan_between(journey, from, to) : NULL;

    if (plan)
        run_plan(journey, plan, "on the way");
}

void journey_go(struct journey *journey, const struct schema *to) {
    journey_run(journey, journey->at, to);
    journey->at = to;
}

/* Referenced tables first, as in the plan that made them; a table that takes no rows stays empty. */
static void fill(struct journey *journey, const struct plan *created, size_t count) {
    const struct sample_range range = {1, count};

    for (size_t i = 0; count && i < created->changes.count; i++) {
        const struct change *change = &created->changes.at[i];
        struct diag diag = {.arena = journey->arena};
        const char *insert;

        if (change->kind != CHANGE_CREATE_TABLE)
            continue;
        insert = sample_insert(journey->arena, &journey->place->target, journey->whole, change->to, &range);
        if (insert && db_exec(journey->db, insert, &diag) == 0)
            journey->row_count += count;
    }
}

void journey_begin(struct journey *journey, struct arena *arena, const struct place *place, const struct schema *base,
                   const struct schema *last, size_t rows) {
    struct schema *empty = ARENA_NEW(arena, struct schema);
    struct diag diag = {.arena = arena};
    struct plan *created;

    *journey = (struct journey){.arena = arena, .place = place, .at = base};
    schema_index(arena, empty);
    created = plan_between(journey, empty, base);
    journey->whole = plan_between(journey, base, last);
    if (!created || !journey->whole)
        return;
    journey->db = place->target.dialect->driver->open_scratch(place->url, &diag);
    if (!journey->db) {
        go_wrong(journey, "no database", &diag);
        return;
    }
    run_plan(journey, created, "at the beginning");
    if (!is_under_way(journey))
        return;
    fill(journey, created, rows);
    if (contents_read(arena, journey->db, &place->target, journey->whole, false, &journey->rows, &diag))
        go_wrong(journey, "reading the rows", &diag);
}

static void check_rows(struct journey *journey) {
    struct contents after = {0};
    struct failures failures = {0};
    struct diag diag = {.arena = journey->arena};

    if (contents_read(journey->arena, journey->db, &journey->place->target, journey->whole, true, &after, &diag)) {
        go_wrong(journey, "reading the rows at the end", &diag);
        return;
    }
    compare_contents(journey->arena, &journey->rows, &after, "at the end", &failures);
    if (failures.list.count)
        journey->wrong = failures.list.at[0];
}

/* Is it the last version? Expressions are compared by being there: the database prints them in its own words. */
static void check_schema(struct journey *journey) {
    struct failures failures = {0};
    const struct target *target = &journey->place->target;

    compare_schemas(journey->arena, target, journey->found, journey->whole->to, true, "at the end", &failures);
    if (failures.list.count)
        journey->wrong = failures.list.at[0];
}

void journey_end(struct journey *journey) {
    struct diag diag = {.arena = journey->arena};

    if (is_under_way(journey)) {
        check_rows(journey);
        journey->found = journey->place->target.dialect->introspect(journey->db, NULL, journey->arena, &diag);
        if (!journey->found)
            go_wrong(journey, "reading the schema", &diag);
        else if (!journey->wrong)
            check_schema(journey);
    }
    db_close(journey->db);
    journey->db = NULL;
}

const char *journeys_differ(const struct journey *one, const struct journey *other) {
    struct failures failures = {0};

    compare_schemas(one->arena, &one->place->target, one->found, other->found, false, "at the end", &failures);
    return failures.list.count ? failures.list.at[0] : NULL;
}
