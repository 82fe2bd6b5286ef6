#include <string.h>

#include "plan_internal.h"

struct comparison planner_comparison(struct planner *planner, const struct entity_pair *pair) {
    return (struct comparison){.planner = planner, .pair = pair, .work = &planner->work[pair - planner->plan->pairs.at]};
}

struct change *planner_add(struct planner *planner, enum change_kind kind, const struct entity_pair *pair) {
    struct change *change = vec_add(planner->arena, &planner->plan->changes);

    *change = (struct change){.kind = kind};
    if (pair) {
        change->from = pair->from;
        change->to = pair->to;
    }
    return change;
}

/* Enums. */

static void find_values(struct planner *planner, const struct enum_pair *pair, struct enum_work *work) {
    work->typed = pair->from->type_name && pair->to->type_name;
    work->values = ARENA_ARRAY(planner->arena, struct member_rename, pair->to->member_count);
    for (size_t i = 0; i < pair->to->member_count; i++) {
        const struct enum_member *new = &pair->to->members[i];
        const struct enum_member *old = enum_old_member(planner->plan, pair->to, new);

        if (old && strcmp(old->value, new->value) != 0)
            work->values[work->value_count++] = (struct member_rename){.from = old->value, .to = new->value};
    }
}

/* Do the members have the same values in the same order, each being what it was? */
static bool same_members(const struct plan *plan, const struct enum_pair *pair) {
    if (pair->from->member_count != pair->to->member_count)
        return false;
    for (size_t i = 0; i < pair->to->member_count; i++) {
        const struct enum_member *old = enum_old_member(plan, pair->to, &pair->to->members[i]);

        if (old != &pair->from->members[i] || strcmp(old->value, pair->to->members[i].value) != 0)
            return false;
    }
    return true;
}

static void add_enum_change(struct planner *planner, enum change_kind kind, const struct enum_pair *pair) {
    struct change *change = planner_add(planner, kind, NULL);

    change->old_enum = kind == CHANGE_CREATE_ENUM ? NULL : pair->from;
    change->new_enum = kind == CHANGE_DROP_ENUM ? NULL : pair->to;
}

/* The type of an enum before and after, as a move. */
static struct move enum_move(const struct enumeration *from, const struct enumeration *to) {
    struct move move = {.goes = !to, .change = {.kind = CHANGE_RENAME_ENUM, .old_enum = from, .new_enum = to}};

    if (from) {
        move.old_scope = from->type_namespace;
        move.old_name = from->type_name;
    }
    if (to) {
        move.new_scope = to->type_namespace;
        move.new_name = to->type_name;
    }
    return move;
}

static const struct enumeration *typed(const struct enumeration *enumeration) {
    return enumeration && enumeration->type_name ? enumeration : NULL;
}

/* Renames of enum types. Types go last, so one that goes steps aside also for one that is created. */
static void plan_enum_moves(struct planner *planner) {
    const struct plan *plan = planner->plan;
    struct map taken = {0};
    VEC(struct move) moves = {0};

    for (size_t i = 0; i < plan->enum_pairs.count; i++) {
        const struct enumeration *from = typed(plan->enum_pairs.at[i].from);
        const struct enumeration *to = typed(plan->enum_pairs.at[i].to);

        if (from)
            map_put(planner->arena, &taken, move_key(planner, from->type_namespace, from->type_name), from);
        if (to)
            map_put(planner->arena, &taken, move_key(planner, to->type_namespace, to->type_name), to);
        if (from && to && strcmp(from->type_name, to->type_name) == 0 && text_equal(from->type_namespace, to->type_namespace))
            continue;
        if (from || to)
            vec_push(planner->arena, &moves, enum_move(from, to));
    }
    order_moves(planner, moves.at, moves.count, &taken);
}

static void plan_enums(struct planner *planner) {
    struct plan *plan = planner->plan;

    planner->enum_work = ARENA_ARRAY(planner->arena, struct enum_work, plan->enum_pairs.count);
    plan_enum_moves(planner);
    for (size_t i = 0; i < plan->enum_pairs.count; i++) {
        const struct enum_pair *pair = &plan->enum_pairs.at[i];
        const struct enumeration *from = typed(pair->from);
        const struct enumeration *to = typed(pair->to);

        if (enum_pair_differs(pair))
            find_values(planner, pair, &planner->enum_work[i]);
        if (from && !to) {
            add_enum_change(planner, CHANGE_DROP_ENUM, pair);
            plan->changes.at[plan->changes.count - 1].old_name = moved_aside(planner, from->type_namespace, from->type_name);
        } else if (to && !from) {
            add_enum_change(planner, CHANGE_CREATE_ENUM, pair);
        } else if (from && !pair->same && !same_members(plan, pair)) {
            add_enum_change(planner, CHANGE_ALTER_ENUM, pair);
            if (enum_needs_new_type(plan, to)) {
                map_put(planner->arena, &planner->replaced_enums, from->name, from);
                vec_push(planner->arena, &planner->replaced_types, to->type_name);
            }
        }
    }
}

/* Tables. */

static bool same_place(const struct entity_pair *pair) {
    return strcmp(pair->from->table, pair->to->table) == 0 && text_equal(pair->from->namespace, pair->to->namespace);
}

static bool any_table_moves(const struct plan *plan) {
    for (size_t i = 0; i < plan->pairs.count; i++) {
        const struct entity_pair *pair = &plan->pairs.at[i];

        if (pair_differs(pair) && !same_place(pair))
            return true;
    }
    return false;
}

static void add_table_names(struct planner *planner, struct map *taken, const struct schema *schema) {
    for (size_t i = 0; i < schema->entity_count; i++)
        map_put(planner->arena, taken, move_key(planner, schema->entities[i]->namespace, schema->entities[i]->table), schema->entities[i]);
}

static void plan_table_moves(struct planner *planner) {
    const struct plan *plan = planner->plan;
    struct map taken = {0};
    VEC(struct move) moves = {0};

    planner->stepped_aside = (struct map){0};
    if (!any_table_moves(plan))
        return;
    add_table_names(planner, &taken, plan->from);
    add_table_names(planner, &taken, plan->to);
    for (size_t i = 0; i < plan->pairs.count; i++) {
        const struct entity *from = plan->pairs.at[i].from;
        const struct entity *to = plan->pairs.at[i].to;
        struct move move = {.change = {.kind = CHANGE_RENAME_TABLE, .from = from, .to = to}, .goes = !to};

        if (!from || (to && same_place(&plan->pairs.at[i])))
            continue;
        move.old_scope = from->namespace;
        move.old_name = from->table;
        if (to) {
            move.new_scope = to->namespace;
            move.new_name = to->table;
        }
        vec_push(planner->arena, &moves, move);
    }
    order_moves(planner, moves.at, moves.count, &taken);
}

/* Are the parents the same, though they may be called otherwise now? */
static bool same_parents(const struct plan *plan, const struct names *old, const struct names *new) {
    if (old->count != new->count)
        return false;
    for (size_t i = 0; i < old->count; i++) {
        const struct entity_pair *pair = plan_old_pair(plan, old->at[i]);

        if (!pair || !pair->to || strcmp(pair->to->name, new->at[i]) != 0)
            return false;
    }
    return true;
}

static bool same_table_options(const struct plan *plan, const struct table_options *a, const struct table_options *b) {
    return text_equal(a->engine, b->engine) && text_equal(a->charset, b->charset) && text_equal(a->collation, b->collation) &&
           text_equal(a->row_format, b->row_format) && text_equal(a->tablespace, b->tablespace) &&
           text_equal(a->partition_by, b->partition_by) && options_equal(&a->options, &b->options) && a->strict == b->strict &&
           a->without_rowid == b->without_rowid && a->unlogged == b->unlogged && same_parents(plan, &a->inherits, &b->inherits);
}

/* Does a column that the table is partitioned by get another type? */
static bool retypes_partition_key(const struct comparison *compare) {
    const struct entity *from = compare->pair->from;
    const struct map *enums = &compare->planner->replaced_enums;

    for (size_t i = 0; from->options.partition_by && i < from->field_count; i++) {
        const struct field *field = &from->fields[i];
        bool retyped = compare->work->fates && compare->work->fates[i] & (FATE_RETYPED | FATE_REPLACED);

        if ((retyped || (field->enum_name && map_get(enums, field->enum_name))) &&
            expression_mentions(from->options.partition_by, field->column))
            return true;
    }
    return false;
}

/* Why no statement brings a table that is partitioned to what it is to be; NULL: one does. */
static const char *partition_refusal(const struct comparison *compare) {
    const struct entity_pair *pair = compare->pair;

    if (compare->planner->rules->repartitions)
        return NULL;
    if (!text_equal(pair->from->options.partition_by, pair->to->options.partition_by))
        return "a table that exists cannot be partitioned in another way";
    return retypes_partition_key(compare) ? "a column that a table is partitioned by cannot get another type" : NULL;
}

static void plan_table(const struct comparison *compare) {
    const struct entity_pair *pair = compare->pair;
    const char *refusal = partition_refusal(compare);

    if (refusal || !same_table_options(compare->planner->plan, &pair->from->options, &pair->to->options))
        planner_add(compare->planner, CHANGE_ALTER_TABLE, pair)->impossible = refusal;
    if (compare->planner->rules->comments && !text_equal(pair->from->comment, pair->to->comment))
        planner_add(compare->planner, CHANGE_COMMENT_TABLE, pair);
}

/* Index names are unique per table in one database and per namespace in another. A renamed index that wants the name of one whose table
 * goes drops that one first: its table goes after the renames. */

static bool wanted(const struct planner *planner, const struct map *wanted_names, const char *name) {
    return name && map_get(wanted_names, move_key(planner, NULL, name));
}

static void drop_names_in_the_way(struct planner *planner, const struct entity_pair *pair, const struct map *names) {
    struct comparison compare = planner_comparison(planner, pair);
    const struct entity *from = pair->from;
    size_t first_change = planner->plan->changes.count;

    for (size_t i = 0; i < from->index_count; i++)
        if (wanted(planner, names, from->indexes[i].name))
            planner_add(planner, CHANGE_DROP_INDEX, pair)->old_index = &from->indexes[i];
    if (!from->key.absent && wanted(planner, names, from->key.name))
        planner_add(planner, CHANGE_DROP_KEY, pair);
    objects_note_lost(&compare, first_change);
}

static void plan_name_moves(struct planner *planner, const struct move *moves, size_t count) {
    struct map taken = {0};

    for (size_t i = 0; i < count; i++) {
        map_put(planner->arena, &taken, move_key(planner, NULL, moves[i].old_name), &moves[i]);
        map_put(planner->arena, &taken, move_key(planner, NULL, moves[i].new_name), &moves[i]);
    }
    order_moves(planner, moves, count, &taken);
}

static void plan_index_moves(struct planner *planner) {
    struct map names = {0};

    for (size_t i = 0; i < planner->index_moves.count; i++)
        map_put(planner->arena, &names, move_key(planner, NULL, planner->index_moves.at[i].new_name), &planner->index_moves.at[i]);
    for (size_t i = 0; names.count && i < planner->plan->pairs.count; i++)
        if (!planner->plan->pairs.at[i].to)
            drop_names_in_the_way(planner, &planner->plan->pairs.at[i], &names);
    plan_name_moves(planner, planner->index_moves.at, planner->index_moves.count);
}

/* All columns are compared before any object is: a foreign key looks at its target. */
static void plan_entities(struct planner *planner) {
    const struct plan *plan = planner->plan;

    for (size_t i = 0; i < plan->pairs.count; i++) {
        struct comparison compare = planner_comparison(planner, &plan->pairs.at[i]);

        if (pair_differs(compare.pair))
            columns_compare(&compare);
    }
    for (size_t i = 0; i < plan->pairs.count; i++) {
        struct comparison compare = planner_comparison(planner, &plan->pairs.at[i]);

        if (pair_differs(compare.pair)) {
            plan_table(&compare);
            columns_plan(&compare);
            objects_plan(&compare);
        } else if (!compare.pair->from) {
            objects_plan_new(&compare);
        } else if (compare.pair->to && retypes_partition_key(&compare)) { /* by its enum */
            plan_table(&compare);
        }
    }
    for (size_t i = 0; i < plan->pairs.count; i++) {
        struct comparison compare = planner_comparison(planner, &plan->pairs.at[i]);

        foreign_keys_plan(&compare);
    }
}

/* Makes room for what new tables bring, which is most of what a large plan has. */
static void reserve_changes(struct planner *planner) {
    struct plan *plan = planner->plan;
    size_t count = 0;

    for (size_t i = 0; i < plan->pairs.count; i++) {
        const struct entity *to = plan->pairs.at[i].to;

        if (!plan->pairs.at[i].from)
            count += 1 + to->index_count + to->exclude_count + to->foreign_key_count;
    }
    plan->changes.at = count ? ARENA_ARRAY(planner->arena, struct change, count) : NULL;
    plan->changes.capacity = count;
}

struct plan *plan_make(struct arena *arena, const struct plan_request *request) {
    struct plan *plan = ARENA_NEW(arena, struct plan);
    struct planner planner = {.arena = arena, .request = request, .rules = request->rules, .plan = plan};

    plan->from = request->from;
    plan->to = request->to;
    plan->renames = request->renames;
    plan->rules = request->rules;
    pairs_make(arena, plan);
    planner.work = ARENA_ARRAY(arena, struct pair_work, plan->pairs.count);
    reserve_changes(&planner);
    plan_enums(&planner);
    defined_compare(&planner);
    plan_entities(&planner);
    plan_index_moves(&planner);
    plan_name_moves(&planner, planner.constraint_moves.at, planner.constraint_moves.count);
    plan_table_moves(&planner);
    order_tables(&planner);
    defined_plan(&planner);
    order_changes(&planner);
    return plan;
}
