/* The columns of an entity that is on both sides. */
#include <string.h>

#include "plan_internal.h"

/* Must the computed column OLD (or what becomes one) be dropped and added again? */
static bool must_replace(const struct comparison *compare, const struct field *old, const struct field *new) {
    const struct diff_rules *rules = compare->planner->rules;
    unsigned own = compare->work->aspects[old - compare->pair->from->fields];
    unsigned read = FATE_DROPPED | FATE_REPLACED;

    if (!new->computed)
        return false;
    if (rules->recreate_renamed && old->computed && expression_fated(compare, old->computed, FATE_RENAMED))
        return true;
    if (names_remade(compare->planner, old->computed))
        return true;
    if (!rules->recreate_computed)
        return false;
    return own & (COLUMN_COMPUTED | COLUMN_TYPE) || (old->computed && expression_fated(compare, old->computed, read | FATE_RETYPED));
}

/* A computed column may read another one, so this goes on until nothing more is replaced. */
static void find_replaced(const struct comparison *compare) {
    const struct entity *from = compare->pair->from;
    bool again = true;

    while (again) {
        again = false;
        for (size_t i = 0; i < from->field_count; i++) {
            const struct field *new = compare->pair->new_of_old[i];

            if (!new || compare->work->fates[i] & FATE_REPLACED || !must_replace(compare, &from->fields[i], new))
                continue;
            compare->work->fates[i] |= FATE_REPLACED;
            compare->work->any_fate |= FATE_REPLACED;
            again = true;
        }
    }
}

/* Collects the renamed columns; needed before any expression is compared. */
static void find_renamed(const struct comparison *compare) {
    const struct entity *from = compare->pair->from;
    VEC(struct expression_rename) list = {0};

    for (size_t i = 0; i < from->field_count; i++) {
        const struct field *old = &from->fields[i];
        const struct field *new = compare->pair->new_of_old[i];

        if (!new)
            continue;
        if (strcmp(old->name, new->name) != 0)
            compare->work->fields_renamed = true;
        if (strcmp(old->column, new->column) != 0)
            vec_push(compare->planner->arena, &list, ((struct expression_rename){.from = old->column, .to = new->column}));
    }
    compare->work->columns = list.at;
    compare->work->column_count = list.count;
}

/* The rows of a column of an enum without a type whose members' values change. */
static const struct enum_work *changed_values(const struct comparison *compare, const struct field *old, const struct field *new) {
    const struct plan *plan = compare->planner->plan;
    const struct enum_pair *pair = old->enum_name && new->enum_name ? map_get(&plan->enum_by_from, old->enum_name) : NULL;
    const struct enum_work *work = pair && pair->to ? &compare->planner->enum_work[pair - plan->enum_pairs.at] : NULL;

    return work && work->value_count && !work->typed && strcmp(pair->to->name, new->enum_name) == 0 ? work : NULL;
}

static unsigned field_fate(const struct field *old, const struct field *new, unsigned aspects) {
    unsigned fate = 0;

    if (!new)
        return FATE_DROPPED;
    if (strcmp(old->column, new->column) != 0)
        fate |= FATE_RENAMED;
    if (aspects & (COLUMN_TYPE | COLUMN_COLLATION))
        fate |= FATE_RETYPED;
    if (aspects & COLUMN_COMPUTED)
        fate |= new->computed ? 0 : FATE_RETYPED;
    return fate;
}

void columns_compare(const struct comparison *compare) {
    const struct entity *from = compare->pair->from;
    struct pair_work *work = compare->work;
    bool computed = false;

    work->fates = ARENA_ARRAY(compare->planner->arena, unsigned, from->field_count);
    work->aspects = ARENA_ARRAY(compare->planner->arena, unsigned, from->field_count);
    find_renamed(compare);
    for (size_t i = 0; i < from->field_count; i++) {
        const struct field *old = &from->fields[i];
        const struct field *new = compare->pair->new_of_old[i];

        if (new)
            work->aspects[i] = column_aspects(compare, old, new);
        if (new &&changed_values(compare, old, new))
            work->aspects[i] |= COLUMN_VALUES;
        work->fates[i] = field_fate(old, new, work->aspects[i]);
        work->any_fate |= work->fates[i];
        computed = computed || (new &&new->computed);
    }
    if (computed)
        find_replaced(compare);
    if (work->any_fate & (FATE_RETYPED | FATE_REPLACED))
        map_put(compare->planner->arena, &compare->planner->touched, from->name, from);
}

/* The longest run of old places that ascends stays; the rest moves. KEEP gets a mark per element. */
static void longest_ascending(struct arena *arena, const size_t *places, size_t count, bool *keep) {
    size_t *ends = ARENA_ARRAY(arena, size_t, count + 1);   /* by length - 1: the element that ends the best run */
    size_t *before = ARENA_ARRAY(arena, size_t, count + 1); /* per element: the one before it in its run, + 1 */
    size_t length = 0;

    for (size_t i = 0; i < count; i++) {
        size_t low = 0;
        size_t high = length;

        while (low < high) {
            size_t middle = (low + high) / 2;

            if (places[ends[middle]] < places[i])
                low = middle + 1;
            else
                high = middle;
        }
        ends[low] = i;
        before[i] = low ? ends[low - 1] + 1 : 0;
        length = low == length ? length + 1 : length;
    }
    for (size_t at = length ? ends[length - 1] + 1 : 0; at; at = before[at - 1])
        keep[at - 1] = true;
}

static void find_moved(const struct comparison *compare) {
    const struct entity *to = compare->pair->to;
    size_t *places = ARENA_ARRAY(compare->planner->arena, size_t, to->field_count);
    bool *keep = ARENA_ARRAY(compare->planner->arena, bool, to->field_count);
    size_t count = 0;
    bool moved = false;

    for (size_t i = 0; i < to->field_count; i++) {
        const struct field *old = compare->pair->old_of_new[i];
        size_t place = old ? (size_t)(old - compare->pair->from->fields) : 0;

        if (!old || compare->work->fates[place] & FATE_REPLACED)
            continue;
        moved = moved || (count && places[count - 1] > place);
        places[count++] = place;
    }
    if (!moved)
        return;
    longest_ascending(compare->planner->arena, places, count, keep);
    for (size_t i = 0; i < count; i++)
        if (!keep[i])
            compare->work->aspects[places[i]] |= COLUMN_POSITION;
}

/* What the user gave for the rows that have no value; else, for a column that was there, its default. */
static const char *find_fill(const struct comparison *compare, const struct field *field, bool existed) {
    const struct plan_request *request = compare->planner->request;

    for (size_t i = 0; i < request->backfill_count; i++)
        if (strcmp(request->backfills[i].entity, compare->pair->to->name) == 0 && strcmp(request->backfills[i].field, field->name) == 0)
            return request->backfills[i].expression;
    return existed ? field->default_sql : NULL;
}

static void plan_drop(const struct comparison *compare, const struct field *old) {
    struct change *change = planner_add(compare->planner, CHANGE_DROP_COLUMN, compare->pair);
    size_t at = (size_t)(old - compare->pair->from->fields);

    change->old_field = old;
    change->old_name = moved_aside(compare->planner, NULL, old->column);
    change->recreated = compare->work->fates[at] & FATE_REPLACED;
    change->forced = change->recreated && !(compare->work->aspects[at] & COLUMN_COMPUTED);
}

static void plan_add(const struct comparison *compare, const struct field *new) {
    const struct field *old = pair_old_field(compare->pair, new);
    struct change *change = planner_add(compare->planner, CHANGE_ADD_COLUMN, compare->pair);

    change->new_field = new;
    change->recreated = old != NULL;
    change->forced = old && !(compare->work->aspects[old - compare->pair->from->fields] & COLUMN_COMPUTED);
    if (!new->nullable && !new->computed)
        change->fill = find_fill(compare, new, false);
}

static void plan_alter(const struct comparison *compare, const struct field *old, const struct field *new) {
    struct change *change = planner_add(compare->planner, CHANGE_ALTER_COLUMN, compare->pair);
    const struct enum_work *values = changed_values(compare, old, new);

    change->old_field = old;
    change->new_field = new;
    change->aspects = compare->work->aspects[old - compare->pair->from->fields];
    if (change->aspects & COLUMN_NULLABLE && !new->nullable)
        change->fill = find_fill(compare, new, true);
    if (values) {
        change->values = values->values;
        change->value_count = values->value_count;
    }
}

/* Orders the renames of columns, among them what goes and may be in their way. */
static void plan_renames(const struct comparison *compare) {
    const struct entity *from = compare->pair->from;
    const struct entity *to = compare->pair->to;
    struct arena *arena = compare->planner->arena;
    struct map taken = {0};
    VEC(struct move) moves = {0};

    for (size_t i = 0; i < from->field_count; i++) {
        const struct field *old = &from->fields[i];
        const struct field *new = compare->pair->new_of_old[i];
        struct move *move;

        map_put(arena, &taken, move_key(compare->planner, NULL, old->column), old);
        if (new && !(compare->work->fates[i] & (FATE_REPLACED | FATE_RENAMED)))
            continue;
        move = vec_add(arena, &moves);
        *move = (struct move){.old_name = old->column, .goes = !new || compare->work->fates[i] & FATE_REPLACED};
        move->new_name = move->goes ? NULL : new->column;
        move->change = (struct change){.kind = CHANGE_RENAME_COLUMN, .from = from, .to = to, .old_field = old};
        move->change.new_field = move->goes ? NULL : new;
    }
    for (size_t i = 0; i < to->field_count; i++)
        map_put(arena, &taken, move_key(compare->planner, NULL, to->fields[i].column), &to->fields[i]);
    order_moves(compare->planner, moves.at, moves.count, &taken);
}

void columns_plan(const struct comparison *compare) {
    const struct entity_pair *pair = compare->pair;

    if (compare->planner->rules->column_order)
        find_moved(compare);
    compare->planner->stepped_aside = (struct map){0};
    if (compare->work->any_fate & FATE_RENAMED)
        plan_renames(compare);
    for (size_t i = 0; i < pair->from->field_count; i++)
        if (compare->work->fates[i] & (FATE_DROPPED | FATE_REPLACED))
            plan_drop(compare, &pair->from->fields[i]);
    for (size_t i = 0; i < pair->to->field_count; i++) {
        const struct field *old = pair->old_of_new[i];
        size_t at = old ? (size_t)(old - pair->from->fields) : 0;

        if (!old || compare->work->fates[at] & FATE_REPLACED)
            plan_add(compare, &pair->to->fields[i]);
        else if (compare->work->aspects[at])
            plan_alter(compare, old, &pair->to->fields[i]);
    }
}
