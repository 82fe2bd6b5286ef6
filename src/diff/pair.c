#include "pair.h"

#include <string.h>
#include <strings.h>

#include "equal.h"
#include "pair_internal.h"

void rename_index_fill(struct arena *arena, struct rename_index *index, const struct renames *renames) {
    for (size_t i = 0; i < renames->list.count; i++) {
        const struct rename *rename = &renames->list.at[i];
        struct map *map = &index->by_owner[rename->kind];
        struct rename_node *node = ARENA_NEW(arena, struct rename_node);
        struct rename_node *first;

        node->rename = rename;
        first = map_put(arena, map, rename->owner ? rename->owner : rename->to, node);
        if (!first)
            continue;
        node->next = first->next;
        first->next = node;
    }
}

const struct rename_node *rename_index_get(const struct rename_index *index, enum rename_kind kind, const char *owner) {
    return map_get(&index->by_owner[kind], owner);
}

const struct field *pair_new_field(const struct entity_pair *pair, const struct field *field) {
    return pair->new_of_old[field - pair->from->fields];
}

const struct field *pair_old_field(const struct entity_pair *pair, const struct field *field) {
    return pair->old_of_new[field - pair->to->fields];
}

bool pair_differs(const struct entity_pair *pair) {
    return pair->from && pair->to && !pair->same;
}

bool enum_pair_differs(const struct enum_pair *pair) {
    return pair->from && pair->to && !pair->same;
}

bool plan_any_renames_in(const struct plan *plan, const char *owner) {
    return plan->renames->list.count &&
           (rename_index_get(plan->rename_index, RENAME_FIELD, owner) || rename_index_get(plan->rename_index, RENAME_RELATION, owner) ||
            rename_index_get(plan->rename_index, RENAME_MEMBER, owner));
}

/* Entities and enums of the plan. */

static const char *entity_name(const void *thing) {
    return ((const struct entity *)thing)->name;
}

static const char *enum_name(const void *thing) {
    return ((const struct enumeration *)thing)->name;
}

/* Names in different namespaces, or that differ by case alone. */
static bool are_namesakes(const char *const from[2], const char *const to[2]) {
    return !text_equal(from[0], to[0]) || (from[1] && to[1] && strcmp(from[1], to[1]) != 0 && strcasecmp(from[1], to[1]) == 0);
}

static bool entity_namesakes(const void *from, const void *to) {
    const struct entity *a = from, *b = to;

    return are_namesakes((const char *const[2]){a->namespace, a->table}, (const char *const[2]){b->namespace, b->table});
}

static bool enum_namesakes(const void *from, const void *to) {
    const struct enumeration *a = from, *b = to;

    return are_namesakes((const char *const[2]){a->type_namespace, a->type_name}, (const char *const[2]){b->type_namespace, b->type_name});
}

static const char *entity_physical(struct arena *arena, const void *thing) {
    const struct entity *entity = thing;

    return arena_printf(arena, "%s\n%s", entity->namespace ? entity->namespace : "", entity->table);
}

static const char *enum_physical(struct arena *arena, const void *thing) {
    const struct enumeration *enumeration = thing;

    if (!enumeration->type_name)
        return NULL;
    return arena_printf(arena, "%s\n%s", enumeration->type_namespace ? enumeration->type_namespace : "", enumeration->type_name);
}

static void make_entity_pairs(struct arena *arena, struct plan *plan) {
    const struct schema *from = plan->from;
    const struct schema *to = plan->to;
    struct matching match = {
        .arena = arena, .name = entity_name, .physical = entity_physical, .namesakes = entity_namesakes, .kind = RENAME_ENTITY};

    match.from = (struct side){.things = (void *const *)from->entities, .count = from->entity_count};
    match.to = (struct side){.things = (void *const *)to->entities, .count = to->entity_count};
    match_all(&match, plan->renames);
    plan->pairs.capacity = to->entity_count + from->entity_count;
    plan->pairs.at = ARENA_ARRAY(arena, struct entity_pair, plan->pairs.capacity);
    for (size_t i = 0; i < to->entity_count; i++) {
        struct entity_pair *pair = &plan->pairs.at[plan->pairs.count++];

        pair->to = to->entities[i];
        pair->from = match.old_of_new[i] ? from->entities[match.old_of_new[i] - 1] : NULL;
    }
    for (size_t i = 0; i < from->entity_count; i++)
        if (!match.from.taken[i])
            plan->pairs.at[plan->pairs.count++].from = from->entities[i];
    for (size_t i = 0; i < plan->pairs.count; i++) {
        struct entity_pair *pair = &plan->pairs.at[i];

        if (pair->from && pair->to && pair->from->name != pair->to->name && strcmp(pair->from->name, pair->to->name) != 0)
            map_put(arena, &plan->renamed_pairs, pair->from->name, pair);
    }
}

static void make_enum_pairs(struct arena *arena, struct plan *plan) {
    const struct schema *from = plan->from;
    const struct schema *to = plan->to;
    struct matching match = {
        .arena = arena, .name = enum_name, .physical = enum_physical, .namesakes = enum_namesakes, .kind = RENAME_ENUM};

    match.from = (struct side){.things = (void *const *)from->enums, .count = from->enum_count};
    match.to = (struct side){.things = (void *const *)to->enums, .count = to->enum_count};
    match_all(&match, plan->renames);
    for (size_t i = 0; i < to->enum_count; i++) {
        struct enum_pair pair = {.to = to->enums[i]};

        if (match.old_of_new[i])
            pair.from = from->enums[match.old_of_new[i] - 1];
        vec_push(arena, &plan->enum_pairs, pair);
    }
    for (size_t i = 0; i < from->enum_count; i++)
        if (!match.from.taken[i])
            vec_push(arena, &plan->enum_pairs, (struct enum_pair){.from = from->enums[i]});
    for (size_t i = 0; i < plan->enum_pairs.count; i++) {
        struct enum_pair *pair = &plan->enum_pairs.at[i];

        if (pair->from)
            map_put(arena, &plan->enum_by_from, pair->from->name, pair);
        if (pair->to)
            map_put(arena, &plan->enum_by_to, pair->to->name, pair);
        pair->same = pair->from && pair->to && enumeration_equal(pair->from, pair->to) && !plan_any_renames_in(plan, pair->to->name);
    }
}

const struct relation *pair_old_relation(const struct entity_pair *pair, const struct rename_node *nodes, const struct relation *relation) {
    const struct rename_node *node;

    for (node = nodes; node; node = node->next)
        if (strcmp(node->rename->to, relation->name) == 0)
            return entity_relation(pair->from, node->rename->from);
    for (node = nodes; node; node = node->next)
        if (strcmp(node->rename->from, relation->name) == 0)
            return NULL;
    return entity_relation(pair->from, relation->name);
}

const struct relation *pair_new_relation(const struct entity_pair *pair, const struct rename_node *nodes, const struct relation *relation) {
    const struct rename_node *node;

    for (node = nodes; node; node = node->next)
        if (strcmp(node->rename->from, relation->name) == 0)
            return entity_relation(pair->to, node->rename->to);
    for (node = nodes; node; node = node->next)
        if (strcmp(node->rename->to, relation->name) == 0)
            return NULL;
    return entity_relation(pair->to, relation->name);
}

const struct enum_member *enumeration_member(const struct enumeration *enumeration, const char *name) {
    for (size_t i = 0; i < enumeration->member_count; i++)
        if (strcmp(enumeration->members[i].name, name) == 0)
            return &enumeration->members[i];
    return NULL;
}

/* Is the old member called NAME taken by a rename? */
static bool member_renamed(const struct rename_node *node, const char *name) {
    for (; node; node = node->next)
        if (strcmp(node->rename->from, name) == 0)
            return true;
    return false;
}

const struct enum_member *pair_old_member(const struct enum_pair *pair, const struct rename_node *nodes, const struct enum_member *member) {
    const struct enum_member *same;

    if (!pair->from)
        return NULL;
    for (const struct rename_node *node = nodes; node; node = node->next)
        if (strcmp(node->rename->to, member->name) == 0)
            return enumeration_member(pair->from, node->rename->from);
    same = enumeration_member(pair->from, member->name);
    if (same && !member_renamed(nodes, same->name))
        return same;
    for (size_t i = 0; i < pair->from->member_count; i++) {
        const struct enum_member *old = &pair->from->members[i];

        if (strcmp(old->value, member->value) == 0 && !member_renamed(nodes, old->name) && !enumeration_member(pair->to, old->name))
            return old;
    }
    return NULL;
}

/* The pair among COUNT, sorted by name, whose entity is called NAME: the one of to, or else that of from. */
static const struct entity_pair *find_pair(const struct entity_pair *pairs, size_t count, const char *name) {
    size_t low = 0;
    size_t high = count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp((pairs[middle].to ? pairs[middle].to : pairs[middle].from)->name, name);

        if (order == 0)
            return &pairs[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* The pairs of to come first; by name, as those of from behind them. */
const struct entity_pair *plan_new_pair(const struct plan *plan, const char *name) {
    return find_pair(plan->pairs.at, plan->to->entity_count, name);
}

const struct entity_pair *plan_old_pair(const struct plan *plan, const char *name) {
    size_t new_count = plan->to->entity_count;
    const struct entity_pair *pair = plan->renamed_pairs.count ? map_get(&plan->renamed_pairs, name) : NULL;

    if (pair)
        return pair;
    pair = plan_new_pair(plan, name);
    if (pair && pair->from && strcmp(pair->from->name, name) == 0)
        return pair;
    return find_pair(plan->pairs.at + new_count, plan->pairs.count - new_count, name);
}

const struct entity_pair *plan_pair(const struct plan *plan, const struct entity *entity) {
    const struct entity_pair *pair = plan_new_pair(plan, entity->name);

    if (pair && pair->to == entity)
        return pair;
    pair = plan_old_pair(plan, entity->name);
    return pair && pair->from == entity ? pair : NULL;
}

const struct enum_pair *plan_enum_pair(const struct plan *plan, const struct enumeration *enumeration) {
    const struct enum_pair *pair = map_get(&plan->enum_by_to, enumeration->name);

    if (pair && pair->to == enumeration)
        return pair;
    pair = map_get(&plan->enum_by_from, enumeration->name);
    return pair && pair->from == enumeration ? pair : NULL;
}

const struct enum_member *enum_old_member(const struct plan *plan, const struct enumeration *new_enum, const struct enum_member *member) {
    const struct enum_pair *pair = plan_enum_pair(plan, new_enum);

    return pair ? pair_old_member(pair, rename_index_get(plan->rename_index, RENAME_MEMBER, new_enum->name), member) : NULL;
}

bool enum_needs_new_type(const struct plan *plan, const struct enumeration *new_enum) {
    const struct enum_pair *pair = plan_enum_pair(plan, new_enum);
    size_t last = 0, kept = 0;

    if (!pair || !pair->from)
        return false;
    for (size_t i = 0; i < new_enum->member_count; i++) {
        const struct enum_member *old = enum_old_member(plan, new_enum, &new_enum->members[i]);
        size_t place = old ? (size_t)(old - pair->from->members) + 1 : 0;

        if (!old)
            continue;
        if (place < last)
            return true;
        last = place;
        kept++;
    }
    return kept < pair->from->member_count;
}

void pairs_make(struct arena *arena, struct plan *plan) {
    struct rename_index *renames = ARENA_NEW(arena, struct rename_index);

    rename_index_fill(arena, renames, plan->renames);
    plan->rename_index = renames;
    make_entity_pairs(arena, plan);
    make_enum_pairs(arena, plan);
    pair_all_fields(arena, plan);
    object_pairs_make(arena, plan);
}
