#include "pair.h"

#include <string.h>
#include <strings.h>

#include "equal.h"
#include "words.h"

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

/* Entities and enums are paired by the same code: what they are called and by which name the database knows them. */
struct side {
    void *const *things; /* by name */
    size_t count;
    bool *taken;
};

struct matching {
    struct arena *arena;
    const char *(*name)(const void *thing);
    const char *(*physical)(struct arena *arena, const void *thing); /* NULL: the database has no name for it */
    bool (*namesakes)(const void *from, const void *to);             /* does the database know both by names that are alike, not by one? */
    enum rename_kind kind;
    struct side from;
    struct side to;
    size_t *old_of_new; /* index into from + 1, or 0 */
};

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

static void take(struct matching *match, size_t new, size_t old) {
    match->old_of_new[new] = old + 1;
    match->to.taken[new] = true;
    match->from.taken[old] = true;
}

/* The place of NAME among the things of SIDE, which are sorted by name; count when it is not there. */
static size_t side_find(const struct matching *match, const struct side *side, const char *name) {
    size_t low = 0;
    size_t high = side->count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(match->name(side->things[middle]), name);

        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return side->count;
}

static void match_renames(struct matching *match, const struct renames *renames) {
    for (size_t i = 0; i < renames->list.count; i++) {
        const struct rename *rename = &renames->list.at[i];
        size_t old;
        size_t new;

        if (rename->kind != match->kind)
            continue;
        old = side_find(match, &match->from, rename->from);
        new = side_find(match, &match->to, rename->to);
        if (old < match->from.count && new < match->to.count && !match->from.taken[old] && !match->to.taken[new])
            take(match, new, old);
    }
}

/* Two of one name in the model that the database knows by names which are alike. */
struct namesakes {
    size_t old;
    size_t new;
};

struct namesake_list {
    VEC(struct namesakes) list;
};

/* The merge-join: both sides are sorted by name. Namesakes are put aside. */
static void match_names(struct matching *match, struct namesake_list *moved) {
    size_t old = 0;

    for (size_t new = 0; new < match->to.count; new ++) {
        void *const *from = match->from.things, *const *to = match->to.things;
        int order = -1;

        while (old < match->from.count) {
            order = from[old] == to[new] ? 0 : strcmp(match->name(from[old]), match->name(to[new]));
            if (order >= 0)
                break;
            old++;
        }
        if (old == match->from.count || order != 0)
            continue;
        if (!match->from.taken[old] && !match->to.taken[new]) {
            if (match->namesakes(from[old], to[new]))
                vec_push(match->arena, &moved->list, ((struct namesakes){.old = old, .new = new}));
            else
                take(match, new, old);
        }
        old++;
    }
}

static void map_physical(struct matching *match, const struct side *side, struct map *map) {
    for (size_t i = 0; i < side->count; i++) {
        const char *name = match->physical(match->arena, side->things[i]);

        if (name)
            map_put(match->arena, map, name, &side->things[i]);
    }
}

/* Of tables that are called alike (in several namespaces, or but for case) one has the plain name in a model that was pulled. When that one
 * goes, the name passes to another: what has it now is the table that was there, and not the one that had the name, which is gone. */
static void match_moved(struct matching *match, const struct namesake_list *moved) {
    struct map before = {0}, after = {0};

    if (!moved->list.count)
        return;
    map_physical(match, &match->from, &before);
    map_physical(match, &match->to, &after);
    for (size_t i = 0; i < moved->list.count; i++) {
        const struct namesakes *pair = &moved->list.at[i];
        const char *then = match->physical(match->arena, match->from.things[pair->old]);
        const char *now = match->physical(match->arena, match->to.things[pair->new]);
        void *const *other = then && now && !map_get(&after, then) ? map_get(&before, now) : NULL;

        if (other && !match->from.taken[other - match->from.things])
            take(match, pair->new, (size_t)(other - match->from.things));
    }
    for (size_t i = 0; i < moved->list.count; i++)
        if (!match->from.taken[moved->list.at[i].old] && !match->to.taken[moved->list.at[i].new])
            take(match, moved->list.at[i].new, moved->list.at[i].old);
}

static bool any_lone(const struct side *side) {
    for (size_t i = 0; i < side->count; i++)
        if (!side->taken[i])
            return true;
    return false;
}

static void match_physical(struct matching *match) {
    struct map lone = {0};

    if (!any_lone(&match->from) || !any_lone(&match->to))
        return;
    for (size_t i = 0; i < match->from.count; i++) {
        const char *name = match->from.taken[i] ? NULL : match->physical(match->arena, match->from.things[i]);

        if (name)
            map_put(match->arena, &lone, name, &match->from.things[i]);
    }
    for (size_t i = 0; i < match->to.count; i++) {
        const char *name = match->to.taken[i] ? NULL : match->physical(match->arena, match->to.things[i]);
        void *const *found = name ? map_get(&lone, name) : NULL;

        if (found && !match->from.taken[found - match->from.things])
            take(match, i, (size_t)(found - match->from.things));
    }
}

static void match_all(struct matching *match, const struct renames *renames) {
    struct namesake_list moved = {0};

    match->from.taken = ARENA_ARRAY(match->arena, bool, match->from.count);
    match->to.taken = ARENA_ARRAY(match->arena, bool, match->to.count);
    match->old_of_new = ARENA_ARRAY(match->arena, size_t, match->to.count);
    if (renames->list.count)
        match_renames(match, renames);
    match_names(match, &moved);
    match_moved(match, &moved);
    match_physical(match);
}

/* Fields. */

struct field_pairing {
    struct arena *arena;
    const struct plan *plan;
    struct entity_pair *pair; /* of which the fields are paired */
};

/* Up to here a linear search beats a map. */
enum { SMALL_ENTITY = 32 };

static void pair_fields(struct entity_pair *pair, const struct field *old, const struct field *new) {
    pair->old_of_new[new - pair->to->fields] = old;
    pair->new_of_old[old - pair->from->fields] = new;
}

static bool is_lone_old(const struct entity_pair *pair, const struct field *old) {
    return old && !pair->new_of_old[old - pair->from->fields];
}

static bool is_lone_new(const struct entity_pair *pair, const struct field *new) {
    return new && !pair->old_of_new[new - pair->to->fields];
}

static void pair_renamed_fields(struct field_pairing *job) {
    const struct rename_node *node = rename_index_get(job->plan->rename_index, RENAME_FIELD, job->pair->to->name);

    for (; node; node = node->next) {
        const struct field *old = entity_field(job->pair->from, node->rename->from);
        const struct field *new = entity_field(job->pair->to, node->rename->to);

        if (is_lone_old(job->pair, old) && is_lone_new(job->pair, new))
            pair_fields(job->pair, old, new);
    }
}

typedef const char *field_label(const struct field *field);

static const char *label_name(const struct field *field) {
    return field->name;
}

static const char *label_column(const struct field *field) {
    return field->column;
}

static const struct field *find_label(const struct entity *entity, const struct map *map, field_label *label, const char *text) {
    if (map->count)
        return map_get(map, text);
    for (size_t i = 0; i < entity->field_count; i++)
        if (strcmp(label(&entity->fields[i]), text) == 0)
            return &entity->fields[i];
    return NULL;
}

/* Columns that relations bring. */

static const struct foreign_key *relation_key(const struct entity *entity, const struct relation *relation) {
    if (!relation->owner || relation->foreign_key >= entity->foreign_key_count)
        return NULL;
    return &entity->foreign_keys[relation->foreign_key];
}

/* A relation that is on both sides and points to the same entity. */
struct kept_relation {
    const struct foreign_key *old_key;
    const struct foreign_key *new_key; /* NULL: it is not kept */
    const struct entity_pair *target;
};

static struct kept_relation find_kept(const struct field_pairing *job, const struct relation *new) {
    const struct rename_node *nodes = rename_index_get(job->plan->rename_index, RENAME_RELATION, job->pair->to->name);
    const struct relation *old = pair_old_relation(job->pair, nodes, new);
    struct kept_relation kept = {.old_key = old ? relation_key(job->pair->from, old) : NULL};

    kept.target = kept.old_key ? plan_old_pair(job->plan, kept.old_key->target) : NULL;
    if (kept.target && kept.target->to && strcmp(kept.target->to->name, new->target) == 0)
        kept.new_key = relation_key(job->pair->to, new);
    return kept;
}

/* The place in the new key of what points to the key field that place AT of the old key pointed to; the count when there is none. */
static size_t key_place(const struct kept_relation *kept, size_t at) {
    const struct foreign_key *new_key = kept->new_key;
    const struct field *old =
        at < kept->old_key->target_fields.count ? entity_field(kept->target->from, kept->old_key->target_fields.at[at]) : NULL;
    const struct field *new = old ? pair_new_field(kept->target, old) : NULL;

    for (size_t i = 0; new &&i < new_key->target_fields.count &&i < new_key->fields.count; i++)
        if (strcmp(new_key->target_fields.at[i], new->name) == 0)
            return i;
    return new_key->fields.count;
}

/* The columns that a relation brings follow it through its rename and through the rename of the key they point to. */
static void pair_relation_fields(struct field_pairing *job, const struct kept_relation *kept) {
    for (size_t i = 0; i < kept->old_key->fields.count; i++) {
        const struct field *old_field = entity_field(job->pair->from, kept->old_key->fields.at[i]);
        size_t place = key_place(kept, i);
        const struct field *new_field =
            place < kept->new_key->fields.count ? entity_field(job->pair->to, kept->new_key->fields.at[place]) : NULL;

        if (is_lone_old(job->pair, old_field) && is_lone_new(job->pair, new_field) && old_field->derived && new_field->derived)
            pair_fields(job->pair, old_field, new_field);
    }
}

static void pair_derived_fields(struct field_pairing *job) {
    for (size_t i = 0; i < job->pair->to->relation_count; i++) {
        struct kept_relation kept = find_kept(job, &job->pair->to->relations[i]);

        if (kept.new_key)
            pair_relation_fields(job, &kept);
    }
}

/* Did the columns of a kept relation have their say? Then an equal name means nothing: they point to different fields of the key. */
static bool is_decided(const struct field_pairing *job, const struct field *old, const struct field *new) {
    const struct relation *relation = old->derived && new->derived ? words_relation_of(job->pair->to, new->name) : NULL;

    return relation && find_kept(job, relation).new_key;
}

/* Pairs the lone fields that agree in LABEL, with DERIVED the derived ones too; the same place first, where nearly all are found. */
static void pair_equal_fields(struct field_pairing *job, field_label *label, bool derived) {
    struct entity_pair *pair = job->pair;
    const struct entity *from = pair->from;
    struct map map = {0};

    for (size_t i = 0; i < pair->to->field_count; i++) {
        const struct field *new = &pair->to->fields[i];
        const struct field *old = i < from->field_count ? &from->fields[i] : NULL;

        if (!is_lone_new(pair, new) || (new->derived && !derived))
            continue;
        if (!old || (label(old) != label(new) && strcmp(label(old), label(new)) != 0)) {
            if (from->field_count > SMALL_ENTITY && !map.count)
                for (size_t k = 0; k < from->field_count; k++)
                    map_put(job->arena, &map, label(&from->fields[k]), &from->fields[k]);
            old = find_label(from, &map, label, label(new));
        }
        if (is_lone_old(pair, old) && (derived || !old->derived) && !is_decided(job, old, new))
            pair_fields(pair, old, new);
    }
}

bool pair_differs(const struct entity_pair *pair) {
    return pair->from && pair->to && !pair->same;
}

bool enum_pair_differs(const struct enum_pair *pair) {
    return pair->from && pair->to && !pair->same;
}

static const struct field **all_fields(struct arena *arena, const struct entity *entity) {
    const struct field **fields = ARENA_ARRAY(arena, const struct field *, entity->field_count);

    for (size_t i = 0; i < entity->field_count; i++)
        fields[i] = &entity->fields[i];
    return fields;
}

/* Equal entities have their fields in the same places. */
static void pair_same(struct arena *arena, struct entity_pair *pair) {
    pair->old_of_new = all_fields(arena, pair->from);
    pair->new_of_old = pair->from == pair->to ? pair->old_of_new : all_fields(arena, pair->to);
}

/* Answers may rename fields of entities that say the same: a swap of two names. */
static bool any_renames_in(const struct plan *plan, const char *owner) {
    return plan->renames->list.count &&
           (rename_index_get(plan->rename_index, RENAME_FIELD, owner) || rename_index_get(plan->rename_index, RENAME_RELATION, owner) ||
            rename_index_get(plan->rename_index, RENAME_MEMBER, owner));
}

static void pair_declared(struct field_pairing *job) {
    struct entity_pair *pair = job->pair;

    pair->same = pair->from == pair->to || (entity_equal(pair->from, pair->to) && !any_renames_in(job->plan, pair->to->name));
    if (pair->same) {
        pair_same(job->arena, pair);
        return;
    }
    pair->old_of_new = ARENA_ARRAY(job->arena, const struct field *, pair->to->field_count);
    pair->new_of_old = ARENA_ARRAY(job->arena, const struct field *, pair->from->field_count);
    if (job->plan->renames->list.count)
        pair_renamed_fields(job);
    pair_equal_fields(job, label_name, false);
}

static bool has_lone_fields(const struct entity_pair *pair) {
    for (size_t i = 0; i < pair->to->field_count; i++)
        if (!pair->old_of_new[i])
            return true;
    return false;
}

/* Declared fields of all entities come first: a derived column follows the key field that it points to. */
static void pair_all_fields(struct arena *arena, struct plan *plan) {
    struct field_pairing job = {.arena = arena, .plan = plan};

    for (size_t i = 0; i < plan->pairs.count; i++) {
        job.pair = &plan->pairs.at[i];
        if (job.pair->from && job.pair->to)
            pair_declared(&job);
    }
    for (size_t i = 0; i < plan->pairs.count; i++) {
        job.pair = &plan->pairs.at[i];
        if (!pair_differs(job.pair) || !has_lone_fields(job.pair))
            continue;
        pair_derived_fields(&job);
        pair_equal_fields(&job, label_name, true);
        if (has_lone_fields(job.pair))
            pair_equal_fields(&job, label_column, true);
    }
}

/* Entities and enums of the plan. */

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
        pair->same = pair->from && pair->to && enumeration_equal(pair->from, pair->to) && !any_renames_in(plan, pair->to->name);
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
