#include "independent.h"

#include <string.h>

#include "map.h"

/* The tables, enums and objects that something touches, by their names in the model; with tables those that refer to them and that they
 * refer to, because a foreign key, an index on it, or a view may read what changes. Objects in the database's own words may read anything. */
struct touched {
    struct map names;
    VEC(const char *) list;
    bool anything; /* an object is among them: what it reads is not known for sure */
};

static void touch(struct arena *arena, struct touched *touched, const char *name) {
    if (!map_put(arena, &touched->names, name, name))
        vec_push(arena, &touched->list, name);
}

static void touch_deltas(struct arena *arena, struct touched *touched, const struct deltas *deltas) {
    for (size_t i = 0; i < deltas->list.count; i++) {
        const struct delta *delta = &deltas->list.at[i];

        touch(arena, touched, delta->entity);
        if (delta->was && !delta->name)
            touch(arena, touched, delta->was);
        touched->anything = touched->anything || delta->noun == DELTA_OBJECT;
    }
}

static void touch_neighbors(struct arena *arena, struct touched *touched, const struct schema *schema) {
    size_t count = touched->list.count;

    for (size_t i = 0; i < count; i++) {
        const struct entity *entity = schema_entity(schema, touched->list.at[i]);

        for (size_t k = 0; entity && k < entity->foreign_key_count; k++)
            touch(arena, touched, entity->foreign_keys[k].target);
    }
}

/* What the migration AT of the chain touches. 0, or -1 reported. */
static int touch_migration(struct runner *runner, const struct apply_request *request, size_t at, struct touched *touched) {
    struct versions *versions = request->versions;
    const struct schema *from, *to;
    struct rename_answers none = {0};
    struct renames renames = {0};
    struct deltas deltas = {0};
    struct hash before;

    if (apply_version_before(runner->arena, request, at, &before, runner->diag))
        return -1;
    from = versions->schema(versions, before, runner->diag);
    to = from ? versions->schema(versions, request->chain->list.at[at].snapshot, runner->diag) : NULL;
    if (!to || renames_find(runner->arena, from, to, &none, &renames, runner->diag))
        return -1;
    deltas_find(runner->arena, from, to, &renames, &deltas);
    touch_deltas(runner->arena, touched, &deltas);
    touch_neighbors(runner->arena, touched, from);
    touch_neighbors(runner->arena, touched, to);
    return 0;
}

/* What both touch, or NULL. */
static const char *common(const struct touched *a, const struct touched *b) {
    if (a->anything && b->list.count)
        return a->list.at[0];
    if (b->anything && a->list.count)
        return b->list.at[0];
    for (size_t i = 0; i < a->list.count; i++)
        if (map_get(&b->names, a->list.at[i]))
            return a->list.at[i];
    return NULL;
}

/* One migration below against those applied behind it. */
static int check_one(struct runner *runner, const struct apply_request *request, const struct standing *standing, size_t at) {
    struct touched own = {0};

    if (touch_migration(runner, request, at, &own))
        return -1;
    for (size_t i = at + 1; i < standing->steps.count; i++) {
        struct touched other = {0};
        const char *name;

        if (standing->steps.at[i].state != STEP_APPLIED)
            continue;
        if (touch_migration(runner, request, i, &other))
            return -1;
        name = common(&own, &other);
        if (!name)
            continue;
        diag_fail(runner->diag, "%s cannot be applied out of order: it and %s, which is applied, both touch %s",
                  standing->steps.at[at].migration->id, standing->steps.at[i].migration->id, name);
        diag_hint(runner->diag, "roll back to before it with \"persist rollback\", then apply both in their order");
        return -1;
    }
    return 0;
}

int independent_check(struct runner *runner, const struct apply_request *request, const struct apply_plan *plan) {
    for (size_t i = 0; i < plan->standing.steps.count; i++)
        if (plan->standing.steps.at[i].below && check_one(runner, request, &plan->standing, i))
            return -1;
    return 0;
}

int independent_of_drift(struct runner *runner, const struct apply_request *request, const struct apply_plan *plan,
                         const struct drift *drift) {
    struct touched own = {0}, other = {0};
    const char *name;

    touch_deltas(runner->arena, &other, &drift->deltas);
    for (size_t i = 0; i < plan->steps.count; i++)
        if (touch_migration(runner, request, (size_t)(plan->steps.at[i]->migration - request->chain->list.at), &own))
            return -1;
    name = common(&own, &other);
    if (!name)
        return 0;
    drift_report(runner, drift, arena_printf(runner->arena, "the drift touches %s, which the migrations to be run touch too", name));
    return -1;
}
