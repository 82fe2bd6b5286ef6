#include <string.h>

#include "ast.h"
#include "map.h"

/* All relations of a tree, entity by entity, with what pairing needs. They are paired in three rounds: those that say their other side
 * with @db:Inverse, those to the entity itself, and the rest by order of declaration: the i-th field of type B in A with the i-th of type
 * A in B. For the last round the open relations of A wait in one queue for each B. */
struct pairing {
    const struct ast *tree;
    struct ast_relation *all;
    size_t count;
    struct waiting *next;   /* per relation: the one behind it in its queue, or among those that point to the same entity */
    struct queue *queues;   /* per entity B: open relations of the entity at hand to B */
    struct queue *incoming; /* per entity: relations of later entities to it */
    struct map *by_name;    /* per entity that is the target of an @db:Inverse: its relations */
    struct arena *arena;
    struct ast_relations *relations;
};

struct waiting {
    size_t next; /* 1 + index into all; 0: none */
};

struct queue {
    size_t first; /* 1 + index into all; 0: empty */
    size_t last;
};

static const struct ast_field *field_of(const struct pairing *pairing, const struct ast_relation *relation) {
    return &pairing->tree->entities.at[relation->entity].fields.at[relation->field];
}

static void push(struct pairing *pairing, struct queue *queue, size_t index) {
    pairing->next[index].next = 0;
    if (queue->first)
        pairing->next[queue->last - 1].next = index + 1;
    else
        queue->first = index + 1;
    queue->last = index + 1;
}

static struct ast_relation *pop(struct pairing *pairing, struct queue *queue) {
    size_t index = queue->first;

    if (!index)
        return NULL;
    queue->first = pairing->next[index - 1].next;
    return &pairing->all[index - 1];
}

enum side { SIDE_ONE, SIDE_OPTIONAL, SIDE_MANY };

static enum side side_of(const struct ast_field *field) {
    if (field->type.array)
        return SIDE_MANY;
    return field->type.nilable ? SIDE_OPTIONAL : SIDE_ONE;
}

/* The foreign key lies with the side that holds one; between equals @sql:Relation decides, and else neither has it: an error. */
static void pair(struct pairing *pairing, struct ast_relation *a, struct ast_relation *b) {
    const struct ast_field *first = field_of(pairing, a);
    const struct ast_field *second = field_of(pairing, b);

    a->inverse = b;
    b->inverse = a;
    if (side_of(first) != side_of(second)) {
        a->owner = side_of(first) < side_of(second);
        b->owner = !a->owner;
    } else if (side_of(first) != SIDE_MANY) {
        a->owner = ast_annotation_find(&first->metadata, "sql:Relation") != NULL;
        b->owner = !a->owner && ast_annotation_find(&second->metadata, "sql:Relation") != NULL;
    }
}

/* The relation NAME of ENTITY, or NULL. */
static struct ast_relation *find_relation(struct pairing *pairing, size_t entity, const char *name) {
    struct map *map = &pairing->by_name[entity];
    struct ast_relation *relations = pairing->relations->of_entity[entity];

    if (!map->count)
        for (size_t i = 0; i < pairing->relations->count[entity]; i++)
            map_put(pairing->arena, map, field_of(pairing, &relations[i])->name, &relations[i]);
    return map_get(map, name);
}

/* What @db:Inverse of RELATION names, when it can be its other side. */
static struct ast_relation *named_inverse(struct pairing *pairing, const struct ast_relation *relation) {
    const struct ast_annotation *annotation = ast_annotation_find(&field_of(pairing, relation)->metadata, "db:Inverse");
    const struct ast_value *name = ast_argument(annotation, "field");
    struct ast_relation *inverse = name && name->kind == AST_STRING ? find_relation(pairing, relation->target, name->text) : NULL;

    return inverse && inverse != relation && inverse->target == relation->entity && !inverse->inverse ? inverse : NULL;
}

static void pair_by_name(struct pairing *pairing) {
    for (size_t i = 0; i < pairing->count; i++) {
        struct ast_relation *relation = &pairing->all[i];
        struct ast_relation *inverse = relation->inverse ? NULL : named_inverse(pairing, relation);

        if (inverse)
            pair(pairing, relation, inverse);
    }
}

/* Does RELATION want to be the owner: @sql:Relation, or neither nilable nor many? */
static bool wants_to_own(const struct pairing *pairing, const struct ast_relation *relation) {
    const struct ast_field *field = field_of(pairing, relation);

    return ast_annotation_find(&field->metadata, "sql:Relation") || side_of(field) == SIDE_ONE;
}

/* Relations of an entity to itself: each array with the next single one, then the single ones left: an owner with the next other. */
static void pair_self(struct pairing *pairing, size_t entity) {
    struct ast_relation *relations = pairing->relations->of_entity[entity];
    size_t count = pairing->relations->count[entity];
    struct queue singles = {0};
    struct queue owners = {0};
    struct queue others = {0};
    struct ast_relation *one;

    for (size_t i = 0; i < count; i++)
        if (relations[i].target == entity && !relations[i].inverse && !field_of(pairing, &relations[i])->type.array)
            push(pairing, &singles, (size_t)(&relations[i] - pairing->all));
    for (size_t i = 0; i < count; i++)
        if (relations[i].target == entity && !relations[i].inverse && field_of(pairing, &relations[i])->type.array &&
            (one = pop(pairing, &singles)))
            pair(pairing, one, &relations[i]);
    while ((one = pop(pairing, &singles)))
        push(pairing, wants_to_own(pairing, one) ? &owners : &others, (size_t)(one - pairing->all));
    while (owners.first && others.first) {
        one = pop(pairing, &owners);
        pair(pairing, one, pop(pairing, &others));
    }
}

/* The open relations of ENTITY to later entities wait in queues; those that later entities hold to it take them in order. */
static void pair_in_order(struct pairing *pairing, size_t entity) {
    struct ast_relation *own = pairing->relations->of_entity[entity];
    size_t count = pairing->relations->count[entity];
    struct ast_relation *relation;

    for (size_t i = 0; i < count; i++)
        if (own[i].target > entity && !own[i].inverse)
            push(pairing, &pairing->queues[own[i].target], (size_t)(&own[i] - pairing->all));
    while ((relation = pop(pairing, &pairing->incoming[entity]))) {
        struct ast_relation *partner = pop(pairing, &pairing->queues[relation->entity]);

        if (partner)
            pair(pairing, partner, relation);
    }
    for (size_t i = 0; i < count; i++)
        pairing->queues[own[i].target] = (struct queue){0};
}

static void pair_all(struct pairing *pairing, bool by_name) {
    if (by_name)
        pair_by_name(pairing);
    for (size_t i = 0; i < pairing->count; i++)
        if (pairing->all[i].target < pairing->all[i].entity && !pairing->all[i].inverse)
            push(pairing, &pairing->incoming[pairing->all[i].target], i);
    for (size_t i = 0; i < pairing->tree->entities.count; i++) {
        pair_self(pairing, i);
        pair_in_order(pairing, i);
    }
}

/* The entity that FIELD refers to, or NULL: a type of the language, an enum or an unknown name. */
static const struct ast_entity *entity_of(const struct map *entities, const struct ast_field *field) {
    const struct ast_type *type = &field->type;

    return type->kind == AST_TYPE_NAME && !type->builtin && !type->prefix ? map_get(entities, type->name) : NULL;
}

static void map_entities(struct arena *arena, const struct ast *tree, struct map *entities) {
    for (size_t i = 0; i < tree->entities.count; i++)
        map_put(arena, entities, tree->entities.at[i].name, &tree->entities.at[i]);
}

/* The relations of entity INDEX, behind those found before. */
static void collect(struct pairing *pairing, const struct map *entities, size_t index) {
    const struct ast_entity *entity = &pairing->tree->entities.at[index];
    struct ast_relation *found = pairing->all + pairing->count;

    pairing->relations->of_entity[index] = found;
    if (!entity->named_count)
        return;
    for (size_t i = 0; i < entity->fields.count; i++) {
        const struct ast_entity *target = entity_of(entities, &entity->fields.at[i]);

        if (target)
            *found++ = (struct ast_relation){.entity = index, .field = i, .target = (size_t)(target - pairing->tree->entities.at)};
    }
    pairing->relations->count[index] = (size_t)(found - pairing->relations->of_entity[index]);
    pairing->count += pairing->relations->count[index];
}

static void pair_relations(struct arena *arena, const struct ast *tree, struct ast_relations *relations, bool by_name) {
    struct pairing pairing = {.tree = tree, .relations = relations, .arena = arena};
    struct map entities = {0};
    size_t most = 0;

    map_entities(arena, tree, &entities);
    relations->of_entity = ARENA_ARRAY(arena, struct ast_relation *, tree->entities.count);
    relations->count = ARENA_ARRAY(arena, size_t, tree->entities.count);
    for (size_t i = 0; i < tree->entities.count; i++)
        most += tree->entities.at[i].named_count;
    pairing.all = ARENA_ARRAY(arena, struct ast_relation, most);
    for (size_t i = 0; i < tree->entities.count; i++)
        collect(&pairing, &entities, i);
    pairing.next = ARENA_ARRAY(arena, struct waiting, pairing.count);
    pairing.queues = ARENA_ARRAY(arena, struct queue, tree->entities.count);
    pairing.incoming = ARENA_ARRAY(arena, struct queue, tree->entities.count);
    if (by_name)
        pairing.by_name = ARENA_ARRAY(arena, struct map, tree->entities.count);
    pair_all(&pairing, by_name);
}

void ast_pair_relations(struct arena *arena, const struct ast *tree, struct ast_relations *relations) {
    pair_relations(arena, tree, relations, true);
}

void ast_pair_by_order(struct arena *arena, const struct ast *tree, struct ast_relations *relations) {
    pair_relations(arena, tree, relations, false);
}
