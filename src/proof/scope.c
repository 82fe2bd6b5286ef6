#include "scope.h"

#include <string.h>

/* Entities in the scope of one side, by name, and those whose neighbors are still to be looked at. */
struct scope {
    struct arena *arena;
    const struct schema *schema;
    struct map inside;
    VEC(struct entity *) list;
    struct map objects_inside;
    VEC(struct object *) objects;
};

static void add(struct scope *scope, const char *name) {
    struct entity *entity = schema_entity(scope->schema, name);

    if (entity && !map_put(scope->arena, &scope->inside, name, entity))
        vec_push(scope->arena, &scope->list, entity);
}

/* Puts the entity or object NAME in the scope; what an object reads follows with add_read(). */
static void add_any(struct scope *scope, const char *name) {
    struct object *object = schema_object(scope->schema, name);

    if (object && !map_put(scope->arena, &scope->objects_inside, name, object))
        vec_push(scope->arena, &scope->objects, object);
    else if (!object)
        add(scope, name);
}

static void add_read(struct scope *scope) {
    for (size_t i = 0; i < scope->objects.count; i++) {
        const struct object *object = scope->objects.at[i];

        if (object->on)
            add_any(scope, object->on);
        for (size_t k = 0; k < object->depends_on.count; k++)
            add_any(scope, object->depends_on.at[k]);
    }
}

static bool reads_inside(const struct scope *scope, const struct object *object) {
    if (object->on && map_get(&scope->inside, object->on))
        return true;
    for (size_t i = 0; i < object->depends_on.count; i++)
        if (map_get(&scope->inside, object->depends_on.at[i]))
            return true;
    return false;
}

/* The objects that read what is touched, and the base objects. */
static void add_readers(struct scope *scope, const struct plan *plan) {
    bool old = scope->schema == plan->from;

    for (size_t i = 0; i < plan->object_pairs.count; i++) {
        const struct object_pair *pair = &plan->object_pairs.at[i];
        const struct object *object = old ? pair->from : pair->to;

        if (object && ((old ? pair->old_base : pair->new_base) || reads_inside(scope, object)))
            add_any(scope, object->name);
    }
}

static void add_partner_objects(struct scope *old, struct scope *new, const struct plan *plan) {
    for (size_t i = 0; i < plan->object_pairs.count; i++) {
        const struct object_pair *pair = &plan->object_pairs.at[i];

        if (!pair->from || !pair->to)
            continue;
        if (map_get(&old->objects_inside, pair->from->name))
            add_any(new, pair->to->name);
        if (map_get(&new->objects_inside, pair->to->name))
            add_any(old, pair->from->name);
    }
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
    result.objects = scope->objects.at;
    result.object_count = scope->objects.count;
    result.entity_by_name = (struct map){0};
    result.enum_by_name = (struct map){0};
    result.object_by_name = (struct map){0};
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

static size_t count_all(const struct scope *scope) {
    return scope->list.count + scope->objects.count;
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
        if (plan->changes.at[i].old_object)
            add_any(&old, plan->changes.at[i].old_object->name);
        if (plan->changes.at[i].new_object)
            add_any(&new, plan->changes.at[i].new_object->name);
        add_enum_users(&old, plan->changes.at[i].old_enum);
        add_enum_users(&new, plan->changes.at[i].new_enum);
    }
    add_readers(&old, plan);
    add_readers(&new, plan);
    add_referrers(&old);
    add_referrers(&new);
    do {
        before = count_all(&old) + count_all(&new);
        add_partner_objects(&old, &new, plan);
        add_read(&old);
        add_read(&new);
        add_targets(&old);
        add_targets(&new);
        add_namespaces(&old, &new);
        add_namespaces(&new, &old);
        add_partners(&new, &old, plan);
        add_partners(&old, &new, plan);
    } while (count_all(&old) + count_all(&new) > before);
    *from = shrunk(&old);
    *to = shrunk(&new);
}
