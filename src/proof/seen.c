#include "seen.h"

#include "declare.h"
#include "delta.h"
#include "loosen.h"
#include "run.h"

/* The statements that make SCHEMA (declared) on TARGET out of nothing; -1 reported. */
static int creation_script(struct arena *arena, const struct schema *schema, const struct target *target, struct script *script,
                           struct diag *diag) {
    struct schema *empty = ARENA_NEW(arena, struct schema);
    struct renames none = {0};
    struct plan_request request = {.from = empty, .renames = &none, .rules = &target->dialect->rules};

    schema_index(arena, empty);
    request.to = target->dialect->normalize(arena, schema, target, diag);
    if (!request.to)
        return -1;
    target->dialect->emit(plan_make(arena, &request), target, script);
    return 0;
}

static int make_in(struct arena *arena, const struct schema *schema, const struct target *target, struct db *db, struct diag *diag) {
    struct script script = {.arena = arena};
    struct target exact = *target;

    exact.table_count = schema->entity_count;
    exact.flavor = db_head(db)->flavor;
    exact.version = db_head(db)->version;
    return creation_script(arena, schema, &exact, &script, diag) ? -1 : script_run(db, &script, &exact.dialect->style, diag);
}

void seen_make(struct arena *arena, const struct schema *version, const struct target *target, const char *scratch_url, struct seen *seen) {
    struct diag diag = {.arena = arena};
    struct db *db;

    *seen = (struct seen){.version = version};
    if (!version->entity_count && !version->object_count && !version->enum_count) {
        seen->found = version;
        return;
    }
    if (!scratch_url && !target->dialect->scratch_in_memory) {
        seen->loosely = "no scratch server is configured";
        return;
    }
    db = target->dialect->driver->open_scratch(scratch_url, &diag);
    if (db && make_in(arena, version, target, db, &diag) == 0)
        seen->found = target->dialect->introspect(db, NULL, arena, &diag);
    db_close(db);
    if (!seen->found)
        seen->loosely = arena_printf(arena, "the model cannot be made on a scratch database: %s",
                                     diag.list.count ? diag.list.at[0].message : "it failed");
}

/* Can DELTA be the same thing in other words as what another one is about? Not where it is a table or a column that VERB (added or removed)
 * says of all: one that is added and one that is removed may be the same to a server that folds names. */
static bool may_be_words(const struct delta *delta, enum delta_verb verb) {
    bool whole = delta->noun == DELTA_ENTITY || delta->noun == DELTA_FIELD || delta->noun == DELTA_RELATION;

    return !whole || delta->verb != verb || (verb != DELTA_ADDED && verb != DELTA_REMOVED);
}

/* Making thousands of tables to learn nothing takes minutes on some databases. */
bool seen_compare_plainly(struct arena *arena, const struct schema *version, const struct schema *live, const struct target *target,
                          struct seen_pair *pair) {
    struct renames none = {0};
    struct deltas deltas = {0};
    bool plain = true;

    *pair = (struct seen_pair){.version = version, .live = schema_declare(arena, live, target, version)};
    deltas_find(arena, pair->live, version, &none, &deltas);
    for (size_t i = 0; i < deltas.list.count && plain; i++)
        plain = !may_be_words(&deltas.list.at[i], deltas.list.at[0].verb);
    return plain;
}

/* Is nothing to be done to make one of the two of the other? A foreign key of its own in the one may be a relation in the other, whose
 * words are different ones for the same. */
static bool needs_nothing(struct arena *arena, const struct seen_pair *pair, const struct target *target) {
    struct diag diag = {.arena = arena};
    struct diff_rules rules = target->dialect->rules;
    struct renames none = {0};
    struct plan_request request = {.renames = &none, .rules = &rules};

    rules.opaque_expressions = true;
    request.from = target->dialect->normalize(arena, pair->live, target, &diag);
    request.to = target->dialect->normalize(arena, pair->version, target, &diag);
    return request.from && request.to && plan_make(arena, &request)->changes.count == 0;
}

void seen_compare(struct arena *arena, const struct seen *seen, const struct schema *live, const struct target *target,
                  struct seen_pair *pair) {
    pair->live = schema_declare(arena, live, target, seen->version);
    if (seen->found) {
        pair->version = schema_declare(arena, seen->found, target, seen->version);
        return;
    }
    pair->version = seen->version;
    pair->live = loosen(arena, pair->live, pair->version);
    if (needs_nothing(arena, pair, target))
        pair->version = pair->live;
}
