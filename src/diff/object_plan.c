/* Objects in the database's own words: which come, go, change in place, and which must be made again because of what they stand on. */
#include <string.h>

#include "plan_internal.h"

static const struct object_pair *pair_of(const struct planner *planner, const struct object_node *node) {
    return &planner->plan->object_pairs.at[node->pair];
}

static struct object_work *work_of(struct planner *planner, const struct object_node *node) {
    return &planner->object_work[node->pair];
}

/* Own differences. */

static bool same_definition(const struct planner *planner, const struct object *from, const struct object *to) {
    const char *old = from->definition ? from->definition : "", *new = to->definition ? to->definition : "";

    return planner->rules->opaque_expressions ? !*old == !*new : strcmp(old, new) == 0;
}

/* What becomes of the object of PAIR by itself. A comment alone never asks for more than a statement about it. */
static enum object_fate own_fate(const struct planner *planner, const struct object_pair *pair, const struct object_kind *kind) {
    const struct object *from = pair->from, *to = pair->to;
    bool same_comment;

    if (!from || !to)
        return from ? OBJECT_GOES : OBJECT_COMES;
    same_comment = !planner->rules->comments || text_equal(from->comment, to->comment);
    if (same_definition(planner, from, to) && options_equal(&from->options, &to->options))
        return same_comment ? OBJECT_STAYS : OBJECT_ALTERED;
    return kind && kind->replaceable && kind->replaceable(from, to) ? OBJECT_ALTERED : OBJECT_REMADE;
}

/* Base objects that go early. */

/* "f(" of "f(integer)". */
static const char *routine_name(struct arena *arena, const char *object_name) {
    return arena_strndup(arena, object_name, strcspn(object_name, "(") + 1);
}

/* Does a new object of the schema want the name of OBJECT? What is new under the name of a function with other arguments takes over what
 * reads that by its name. */
static bool is_wanted(struct planner *planner, const struct map *wanted, const struct object *object) {
    const char *name = object->object_name;

    return map_get(wanted, move_key(planner, object->namespace, name)) ||
           (strchr(name, '(') && map_get(wanted, move_key(planner, object->namespace, routine_name(planner->arena, name))));
}

/* The names that tables, types and objects of the new schema have; functions share theirs with nobody but new ones of other arguments. */
static void collect_wanted(struct planner *planner, struct map *wanted) {
    const struct schema *to = planner->plan->to;
    struct arena *arena = planner->arena;

    for (size_t i = 0; i < to->entity_count; i++)
        map_put(arena, wanted, move_key(planner, to->entities[i]->namespace, to->entities[i]->table), to);
    for (size_t i = 0; i < to->enum_count; i++)
        if (to->enums[i]->type_name)
            map_put(arena, wanted, move_key(planner, to->enums[i]->type_namespace, to->enums[i]->type_name), to);
    for (size_t i = 0; i < to->object_count; i++)
        if (!to->objects[i]->on)
            map_put(arena, wanted, move_key(planner, to->objects[i]->namespace, to->objects[i]->object_name), to);
    for (size_t i = 0; i < planner->new_objects.count; i++)
        if (!planner->plan->object_pairs.at[i].from && strchr(to->objects[i]->object_name, '('))
            map_put(arena, wanted, move_key(planner, to->objects[i]->namespace, routine_name(arena, to->objects[i]->object_name)), to);
}

static bool any_goes(const struct planner *planner) {
    for (size_t i = 0; i < planner->plan->object_pairs.count; i++)
        if (!planner->plan->object_pairs.at[i].to)
            return true;
    return false;
}

static void find_early(struct planner *planner) {
    struct map wanted = {0};

    if (!any_goes(planner))
        return;
    collect_wanted(planner, &wanted);
    for (size_t i = 0; i < planner->old_objects.count; i++) {
        const struct object_node *node = &planner->old_objects.nodes[i];
        struct object_work *work = work_of(planner, node);

        if (work->fate == OBJECT_GOES)
            work->early = node->dependent || (node->kind && node->kind->goes_first) || is_wanted(planner, &wanted, node->object);
    }
}

/* What stands on others. */

static bool is_remade(const struct object_work *work) {
    return work->fate == OBJECT_REMADE || (work->fate == OBJECT_GOES && work->early);
}

static bool reads_remade(struct planner *planner, const struct object_node *node) {
    for (size_t i = 0; i < node->read_count; i++)
        if (is_remade(work_of(planner, &planner->old_objects.nodes[node->reads[i]])))
            return true;
    return false;
}

static bool reads_replaced_enum(const struct planner *planner, const struct object *object) {
    for (size_t i = 0; planner->replaced_enums.count && i < object->depends_on.count; i++)
        if (map_get(&planner->replaced_enums, object->depends_on.at[i]))
            return true;
    return false;
}

static bool mentions(const struct object *object, const char *column) {
    return object->definition && (expression_mentions(object->definition, column) || expression_reads_all(object->definition));
}

static unsigned column_mask(unsigned around) {
    return (around & AROUND_RETYPED ? FATE_RETYPED | FATE_REPLACED : 0U) | (around & AROUND_DROPPED ? (unsigned)FATE_DROPPED : 0U) |
           (around & AROUND_RENAMED ? (unsigned)FATE_RENAMED : 0U);
}

/* Does OBJECT read a column of PAIR to which something happens that it must not see? */
static bool reads_changed_column(struct planner *planner, const struct entity_pair *pair, const struct object *object) {
    const struct pair_work *work = &planner->work[pair - planner->plan->pairs.at];
    unsigned mask = column_mask(planner->rules->objects_around);
    bool retyped_enums = planner->replaced_enums.count && planner->rules->objects_around & AROUND_RETYPED;

    if (!(work->any_fate & mask) && !retyped_enums)
        return false;
    for (size_t i = 0; i < pair->from->field_count; i++) {
        const struct field *field = &pair->from->fields[i];
        bool changed = work->fates && work->fates[i] & mask;
        bool retyped = retyped_enums && field->enum_name && map_get(&planner->replaced_enums, field->enum_name);

        if ((changed || retyped) && mentions(object, field->column))
            return true;
    }
    return false;
}

static bool table_moves(const struct entity_pair *pair) {
    return strcmp(pair->from->table, pair->to->table) != 0 || !text_equal(pair->from->namespace, pair->to->namespace);
}

/* Must the object of NODE be out of the way of what happens to the entity NAME, if it is one? */
static bool is_in_the_way(struct planner *planner, const struct object_node *node, const char *name) {
    const struct entity_pair *pair = name && schema_entity(planner->plan->from, name) ? plan_old_pair(planner->plan, name) : NULL;
    unsigned around = planner->rules->objects_around;

    if (!pair || !pair->from)
        return false;
    if (!pair->to)
        return true;
    if (node->kind && node->kind->holds_rows)
        return false;
    if (around & AROUND_ANY && map_get(&planner->changed_entities, pair->from->name))
        return true;
    if (around & AROUND_RENAMED && table_moves(pair))
        return true;
    return reads_changed_column(planner, pair, node->object);
}

static bool reads_changed_entity(struct planner *planner, const struct object_node *node) {
    if (!node->dependent)
        return false;
    if (is_in_the_way(planner, node, node->object->on))
        return true;
    for (size_t i = 0; i < node->object->depends_on.count; i++)
        if (is_in_the_way(planner, node, node->object->depends_on.at[i]))
            return true;
    return false;
}

/* Decides about the objects that stand on tables, or about the others: those that stay or change in place may have to be made again. */
static void decide_remade(struct planner *planner, bool dependent) {
    struct object_graph *graph = &planner->old_objects;

    for (size_t i = 0; i < graph->count; i++) {
        const struct object_node *node = &graph->nodes[graph->order[i]];
        struct object_work *work = work_of(planner, node);

        if (work->fate == OBJECT_GOES && reads_remade(planner, node)) /* before what it stands on does */
            work->early = true;
        if (node->dependent != dependent || (work->fate != OBJECT_STAYS && work->fate != OBJECT_ALTERED))
            continue;
        if (!reads_remade(planner, node) && !reads_replaced_enum(planner, node->object) && !reads_changed_entity(planner, node))
            continue;
        work->forced = work->fate == OBJECT_STAYS;
        work->fate = OBJECT_REMADE;
    }
}

/* Tables that stand on base objects. */

static const char *bare_name(struct arena *arena, const char *object_name) {
    return arena_strndup(arena, object_name, strcspn(object_name, "("));
}

static void collect_remade_names(struct planner *planner) {
    const struct object_graph *graph = &planner->old_objects;
    VEC(const char *) names = {0};
    VEC(const char *) types = {0};

    for (size_t i = 0; i < planner->replaced_types.count; i++)
        vec_push(planner->arena, &types, planner->replaced_types.at[i]);
    for (size_t i = 0; i < graph->count; i++) {
        const char *name = graph->nodes[i].object->object_name;

        if (graph->nodes[i].dependent || !is_remade(work_of(planner, &graph->nodes[i])))
            continue;
        vec_push(planner->arena, &names, bare_name(planner->arena, name));
        if (!strchr(name, '('))
            vec_push(planner->arena, &types, name);
    }
    planner->remade = (struct names){.at = names.at, .count = names.count};
    planner->remade_types = (struct names){.at = types.at, .count = types.count};
}

static bool names_any(const char *text, const struct names *names) {
    for (size_t i = 0; text && i < names->count; i++)
        if (expression_names(text, names->at[i]))
            return true;
    return false;
}

bool names_remade(const struct planner *planner, const char *expression) {
    return names_any(expression, &planner->remade);
}

/* A column of an enum itself is cared for with the enum. */
bool type_remade(const struct planner *planner, const struct field *field) {
    return !field->enum_name && names_any(field->native_type, &planner->remade_types);
}

static bool index_names_remade(const struct planner *planner, const struct index *index) {
    if (names_remade(planner, index->where))
        return true;
    for (size_t i = 0; i < index->part_count; i++)
        if (names_remade(planner, index->parts[i].expression))
            return true;
    return false;
}

static bool entity_names_remade(const struct planner *planner, const struct entity *entity) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (names_remade(planner, entity->fields[i].default_sql) || names_remade(planner, entity->fields[i].computed) ||
            type_remade(planner, &entity->fields[i]))
            return true;
    for (size_t i = 0; i < entity->check_count; i++)
        if (names_remade(planner, entity->checks[i].value))
            return true;
    for (size_t i = 0; i < entity->index_count; i++)
        if (index_names_remade(planner, &entity->indexes[i]))
            return true;
    for (size_t i = 0; i < entity->exclude_count; i++)
        if (names_remade(planner, entity->excludes[i].value) || names_remade(planner, entity->excludes[i].where))
            return true;
    return false;
}

/* A table that says the same is to be compared all the same when it stands on what is made again. */
static void open_entities(struct planner *planner) {
    for (size_t i = 0; (planner->remade.count || planner->remade_types.count) && i < planner->plan->pairs.count; i++) {
        struct entity_pair *pair = &planner->plan->pairs.at[i];

        if (pair->same && entity_names_remade(planner, pair->from))
            pair->same = false;
    }
}

static void number_pairs(struct planner *planner) {
    struct plan *plan = planner->plan;
    struct map pairs = {0};

    /* Nodes stand in the order of the schema's objects, pairs in the order of to, then of from. */
    for (size_t i = 0; i < plan->object_pairs.count; i++)
        if (plan->object_pairs.at[i].from)
            map_put(planner->arena, &pairs, plan->object_pairs.at[i].from->name, &plan->object_pairs.at[i]);
    for (size_t i = 0; i < planner->old_objects.count; i++) {
        const struct object_pair *pair = map_get(&pairs, planner->old_objects.nodes[i].object->name);

        planner->old_objects.nodes[i].pair = (size_t)(pair - plan->object_pairs.at);
        plan->object_pairs.at[pair - plan->object_pairs.at].old_base = !planner->old_objects.nodes[i].dependent;
    }
    for (size_t i = 0; i < planner->new_objects.count; i++) {
        planner->new_objects.nodes[i].pair = i;
        plan->object_pairs.at[i].new_base = !planner->new_objects.nodes[i].dependent;
    }
}

static void compare_objects(struct planner *planner) {
    const struct plan *plan = planner->plan;

    object_graph_make(planner, plan->from, &planner->old_objects);
    object_graph_make(planner, plan->to, &planner->new_objects);
    number_pairs(planner);
    planner->object_work = ARENA_ARRAY(planner->arena, struct object_work, plan->object_pairs.count);
    for (size_t i = 0; i < planner->new_objects.count; i++) {
        const struct object_node *node = &planner->new_objects.nodes[i];

        work_of(planner, node)->fate = own_fate(planner, pair_of(planner, node), node->kind);
    }
    for (size_t i = 0; i < plan->object_pairs.count; i++)
        if (!plan->object_pairs.at[i].to)
            planner->object_work[i].fate = OBJECT_GOES;
    find_early(planner);
    decide_remade(planner, false);
}

void defined_compare(struct planner *planner) {
    if (planner->plan->object_pairs.count)
        compare_objects(planner);
    collect_remade_names(planner);
    open_entities(planner);
}

/* Changes. */

static void collect_changed_entities(struct planner *planner) {
    const struct plan *plan = planner->plan;

    for (size_t i = 0; planner->rules->objects_around & AROUND_ANY && i < plan->changes.count; i++)
        if (plan->changes.at[i].from)
            map_put(planner->arena, &planner->changed_entities, plan->changes.at[i].from->name, plan);
}

static void add_drop(struct planner *planner, const struct object_node *node) {
    const struct object_work *work = work_of(planner, node);
    struct change *change;

    if (work->fate != OBJECT_GOES && work->fate != OBJECT_REMADE)
        return;
    change = planner_add(planner, node->dependent ? CHANGE_DROP_DEPENDENT : CHANGE_DROP_BASE, NULL);
    change->old_object = node->object;
    change->recreated = work->fate == OBJECT_REMADE;
    change->forced = work->forced;
    change->early = is_remade(work);
    change->holds_rows = node->kind && node->kind->holds_rows;
}

static void add_put(struct planner *planner, const struct object_node *node) {
    const struct object_work *work = work_of(planner, node);
    struct change *change;

    if (work->fate == OBJECT_STAYS)
        return;
    change = planner_add(planner, node->dependent ? CHANGE_PUT_DEPENDENT : CHANGE_PUT_BASE, NULL);
    change->new_object = node->object;
    change->old_object = work->fate == OBJECT_ALTERED ? pair_of(planner, node)->from : NULL;
    change->holds_rows = node->kind && node->kind->holds_rows;
    change->recreated = work->fate == OBJECT_REMADE;
    change->forced = work->forced;
}

void defined_plan(struct planner *planner) {
    if (!planner->plan->object_pairs.count)
        return;
    collect_changed_entities(planner);
    decide_remade(planner, true);
    for (size_t i = planner->old_objects.count; i-- > 0;)
        add_drop(planner, &planner->old_objects.nodes[planner->old_objects.order[i]]);
    for (size_t i = 0; i < planner->new_objects.count; i++)
        add_put(planner, &planner->new_objects.nodes[planner->new_objects.order[i]]);
}
