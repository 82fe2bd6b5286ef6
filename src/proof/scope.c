#include "scope.h"

#include <string.h>

/* Entities in the scope of one side, by name, and those whose neighbors are still to be looked at. */
struct scope {
    struct arena *arena;
    const struct schema *schema;
    struct map inside;
    VEC(struct entity *) list;
};

static void add(struct scope *scope, const char *name) {
    struct entity *entity = schema_entity(scope->schema, name);

    if (entity && !map_put(scope->arena, &scope->inside, name, entity))
        vec_push(scope->arena, &scope->list, entity);
}

/* Those that refer to an entity that is touched: a foreign key there sees the change. */
static void add_referrers(struct scope *scope) {
    struct map touched = {0};

    for (size_t i = 0; i < scope->list.count; i++)
        map_put(scope->arena, &touched, scope->list.at[i]->name, scope->list.at[i]);
    for (size_t i = 0; i < scope->schema->entity_count; i++) {
        const struct entity *entity = scope->schema->entities[i];

        for (size_t k = 0; k < entity->foreign_key_count; k++)
            if (map_get(&touched, entity->foreign_keys[k].target))
                add(scope, entity->name);
    }
}

/* All that is referred to, again and again until nothing is new. */
static void add_targets(struct scope *scope) {
    for (size_t i = 0; i < scope->list.count; i++)
        for (size_t k = 0; k < scope->list.at[i]->foreign_key_count; k++)
            add(scope, scope->list.at[i]->foreign_keys[k].target);
}

static struct schema shrunk(struct scope *scope) {
    struct schema result = *scope->schema;

    result.entities = scope->list.at;
    result.entity_count = scope->list.count;
    result.entity_by_name = (struct map){0};
    result.enum_by_name = (struct map){0};
    schema_index(scope->arena, &result);
    return result;
}

/* What is in the scope of one side must be in the scope of the other, or its absence would look like a change. */
static void add_partners(struct scope *scope, const struct scope *other, const struct plan *plan) {
    for (size_t i = 0; i < other->list.count; i++) {
        const struct entity_pair *pair = plan_pair(plan, other->list.at[i]);
        const struct entity *partner = pair ? (scope->schema == plan->from ? pair->from : pair->to) : NULL;

        if (partner)
            add(scope, partner->name);
    }
}

static const struct entity *in_namespace(struct entity *const *entities, size_t count, const char *namespace) {
    for (size_t i = 0; i < count; i++)
        if (text_equal(entities[i]->namespace, namespace))
            return entities[i];
    return NULL;
}

/* A namespace that the whole schema has because of a table that is not touched is there for those that come to it, too. */
static void add_namespaces(struct scope *scope, const struct scope *other) {
    for (size_t i = 0; i < other->list.count; i++) {
        const char *namespace = other->list.at[i]->namespace;
        const struct entity *found;

        if (!namespace || in_namespace(scope->list.at, scope->list.count, namespace))
            continue;
        found = in_namespace(scope->schema->entities, scope->schema->entity_count, namespace);
        if (found)
            add(scope, found->name);
    }
}

/* An enum type that is replaced alters the columns of tables that have no change of their own. */
static void add_enum_users(struct scope *scope, const struct enumeration *values) {
    for (size_t i = 0; values && i < scope->schema->entity_count; i++) {
        const struct entity *entity = scope->schema->entities[i];

        for (size_t k = 0; k < entity->field_count; k++)
            if (entity->fields[k].enum_name && strcmp(entity->fields[k].enum_name, values->name) == 0)
                add(scope, entity->name);
    }
}

void scope_shrink(struct arena *arena, const struct plan *plan, struct schema *from, struct schema *to) {
    struct scope old = {.arena = arena, .schema = plan->from};
    struct scope new = {.arena = arena, .schema = plan->to};
    size_t before;

    for (size_t i = 0; i < plan->changes.count; i++) {
        if (plan->changes.at[i].from)
            add(&old, plan->changes.at[i].from->name);
        if (plan->changes.at[i].to)
            add(&new, plan->changes.at[i].to->name);
        add_enum_users(&old, plan->changes.at[i].old_enum);
        add_enum_users(&new, plan->changes.at[i].new_enum);
    }
    add_referrers(&old);
    add_referrers(&new);
    do {
        before = old.list.count + new.list.count;
        add_targets(&old);
        add_targets(&new);
        add_namespaces(&old, &new);
        add_namespaces(&new, &old);
        add_partners(&new, &old, plan);
        add_partners(&old, &new, plan);
    } while (old.list.count + new.list.count > before);
    *from = shrunk(&old);
    *to = shrunk(&new);
}
