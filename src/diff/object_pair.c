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

/* What a table or enum that an object stands ON is called in the new schema; NULL where that has it no more. */
static const char *name_there(const struct object_matcher *match, const char *on) {
    const struct enumeration *enumeration = schema_enum(match->schema, on);
    const struct enum_pair *enums = enumeration ? plan_enum_pair(match->plan, enumeration) : NULL;
    const struct entity_pair *entities = enumeration ? NULL : plan_old_pair(match->plan, on);

    if (enums)
        return enums->to ? enums->to->name : NULL;
    return entities && entities->to ? entities->to->name : NULL;
}

/* What an object stands ON, under one key on both sides; what goes is nothing that the other side has. */
static const char *base_key(const struct object_matcher *match, const char *on) {
    const char *name = match->old ? name_there(match, on) : on;

    return name ? name : arena_printf(match->arena, "gone\n%s", on);
}

static const char *object_key(const struct object_matcher *match, const struct object *object, int depth) {
    const struct object *on = object->on && depth < MAX_DEPTH ? schema_object(match->schema, object->on) : NULL;
    const char *place = on ? object_key(match, on, depth + 1) : object->on ? base_key(match, object->on) : "";

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
