/* Objects in the database's own words, paired by what they are: kind, namespace, name, and what they stand on. */
#include <string.h>

#include "pair.h"

struct object_matcher {
    struct arena *arena;
    const struct plan *plan;
    const struct schema *schema; /* whose objects get their keys */
    bool old;                    /* it is plan->from: tables are looked at under their new names */
};

enum { MAX_DEPTH = 8 }; /* an index on a materialized view on … */

/* What an object stands ON, under one key on both sides; a table that goes is nothing that the other side has. */
static const char *entity_key(const struct object_matcher *match, const char *on) {
    const struct entity_pair *pair = match->old ? plan_old_pair(match->plan, on) : NULL;

    if (!match->old)
        return on;
    return pair && pair->to ? pair->to->name : arena_printf(match->arena, "gone\n%s", on);
}

static const char *object_key(const struct object_matcher *match, const struct object *object, int depth) {
    const struct object *on = object->on && depth < MAX_DEPTH ? schema_object(match->schema, object->on) : NULL;
    const char *place = on ? object_key(match, on, depth + 1) : object->on ? entity_key(match, object->on) : "";

    return arena_printf(match->arena, "%s\n%s\n%s\n%s", object->kind, object->namespace ? object->namespace : "", object->object_name,
                        place);
}

void object_pairs_make(struct arena *arena, struct plan *plan) {
    const struct schema *from = plan->from, *to = plan->to;
    struct object_matcher old = {.arena = arena, .plan = plan, .schema = from, .old = true};
    struct object_matcher new = {.arena = arena, .plan = plan, .schema = to};
    bool *taken = ARENA_ARRAY(arena, bool, from->object_count);
    struct map by_key = {0};

    for (size_t i = 0; i < from->object_count; i++)
        map_put(arena, &by_key, object_key(&old, from->objects[i], 0), &from->objects[i]);
    for (size_t i = 0; i < to->object_count; i++) {
        struct object **found = map_get(&by_key, object_key(&new, to->objects[i], 0));
        bool free = found && !taken[found - from->objects];

        if (free)
            taken[found - from->objects] = true;
        vec_push(arena, &plan->object_pairs, ((struct object_pair){.from = free ? *found : NULL, .to = to->objects[i]}));
    }
    for (size_t i = 0; i < from->object_count; i++)
        if (!taken[i])
            vec_push(arena, &plan->object_pairs, (struct object_pair){.from = from->objects[i]});
}
