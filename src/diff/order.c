/* The order of a plan: names that move, tables that depend on each other, and the phases. */
#include <string.h>

#include "plan_internal.h"

/* Moves. Each name that a move wants is held by at most one other move, so the moves form chains and rings: a chain is carried out from
 * its free end, a ring is cut open by a temporary name. */

struct mover {
    struct planner *planner;
    const struct move *moves;
    const struct map *taken;
    struct map holders; /* key of the old name → struct move_state */
    struct map temporary;
    struct move_state *states;
};

struct move_state {
    const char *current; /* the name now */
    bool started;
    bool done;
};

const char *move_key(const struct planner *planner, const char *scope, const char *name) {
    const char *key = arena_printf(planner->arena, "%s\n%s", scope ? scope : "", name);

    return planner->rules->case_counts ? key : arena_lower(planner->arena, key);
}

enum { TEMPORARY_LENGTH = 36 }; /* of the name that is kept, so that the longest name fits the tightest limit */

static const char *temporary_name(struct mover *mover, const char *scope, const char *name) {
    struct arena *arena = mover->planner->arena;
    size_t length = strlen(name);

    if (length > TEMPORARY_LENGTH)
        for (length = TEMPORARY_LENGTH; ((unsigned char)name[length] & 0xC0) == 0x80;)
            length--;
    for (unsigned number = 1;; number++) {
        const char *result = number == 1 ? arena_printf(arena, "persist_tmp_%.*s", (int)length, name)
                                         : arena_printf(arena, "persist_tmp_%.*s_%u", (int)length, name, number);
        const char *key = move_key(mover->planner, scope, result);

        if (!map_get(mover->taken, key) && !map_get(&mover->temporary, key)) {
            map_put(arena, &mover->temporary, key, result);
            return result;
        }
    }
}

static void add_move(struct mover *mover, size_t at, const char *scope, const char *name) {
    const struct move *move = &mover->moves[at];
    struct change *change = planner_add(mover->planner, move->change.kind, NULL);

    *change = move->change;
    change->old_name = mover->states[at].current;
    change->new_name = name;
    if (change->kind == CHANGE_RENAME_TABLE || change->kind == CHANGE_RENAME_ENUM) {
        change->old_namespace = move->old_scope;
        change->new_namespace = scope;
    }
    mover->states[at].current = name;
}

static void step_aside(struct mover *mover, size_t at) {
    const struct move *move = &mover->moves[at];
    const char *name = temporary_name(mover, move->old_scope, move->old_name);

    add_move(mover, at, move->old_scope, name);
    if (move->goes)
        map_put(mover->planner->arena, &mover->planner->stepped_aside, move_key(mover->planner, move->old_scope, move->old_name), name);
}

/* The move that holds the name that move AT wants; itself (a change of case) counts as none. */
static struct move_state *holder_of(struct mover *mover, size_t at) {
    const struct move *move = &mover->moves[at];
    struct move_state *holder = map_get(&mover->holders, move_key(mover->planner, move->new_scope, move->new_name));

    return holder == &mover->states[at] ? NULL : holder;
}

/* Carries out the moves from START on, along the names they want: the last one of the chain first. */
static void follow_chain(struct mover *mover, size_t start) {
    VEC(size_t) chain = {0};
    size_t at = start;

    for (;;) {
        struct move_state *holder;

        mover->states[at].started = true;
        vec_push(mover->planner->arena, &chain, at);
        holder = holder_of(mover, at);
        if (!holder || holder->done)
            break;
        at = (size_t)(holder - mover->states);
        if (!holder->started && !mover->moves[at].goes)
            continue;
        step_aside(mover, at);
        holder->done = mover->moves[at].goes;
        break;
    }
    while (chain.count) {
        at = chain.at[--chain.count];
        if (mover->moves[at].old_name)
            add_move(mover, at, mover->moves[at].new_scope, mover->moves[at].new_name);
        mover->states[at].done = true;
    }
}

const char *moved_aside(struct planner *planner, const char *scope, const char *name) {
    return planner->stepped_aside.count ? map_get(&planner->stepped_aside, move_key(planner, scope, name)) : NULL;
}

void order_moves(struct planner *planner, const struct move *moves, size_t count, const struct map *taken) {
    struct mover mover = {.planner = planner, .moves = moves, .taken = taken};

    planner->stepped_aside = (struct map){0};
    mover.states = ARENA_ARRAY(planner->arena, struct move_state, count);
    for (size_t i = 0; i < count; i++) {
        mover.states[i].current = moves[i].old_name;
        if (moves[i].old_name)
            map_put(planner->arena, &mover.holders, move_key(planner, moves[i].old_scope, moves[i].old_name), &mover.states[i]);
    }
    for (size_t i = 0; i < count; i++)
        if (!mover.states[i].started && !moves[i].goes)
            follow_chain(&mover, i);
}

/* Tables. */

struct table_node {
    const struct entity_pair *pair;
    const struct entity *entity;
    size_t next_parent; /* of what it inherits from, and then the foreign key, to follow next */
    size_t next_key;
    size_t position; /* in the order, + 1; 0: not placed */
    bool open;
};

struct table_order {
    struct arena *arena;
    struct table_node *nodes;
    size_t count;
    struct map by_name;
    VEC(struct table_node *) order; /* what is referred to comes first, but for cycles */
};

/* The next table that NODE inherits from or refers to and that is to be placed before it; NULL when there is none left. */
static struct table_node *next_reference(struct table_order *job, struct table_node *node) {
    while (node->next_parent < node->entity->options.inherits.count) {
        struct table_node *parent = map_get(&job->by_name, node->entity->options.inherits.at[node->next_parent++]);

        if (parent && !parent->open && !parent->position)
            return parent;
    }
    while (node->next_key < node->entity->foreign_key_count) {
        struct table_node *target = map_get(&job->by_name, node->entity->foreign_keys[node->next_key++].target);

        if (target && !target->open && !target->position)
            return target;
    }
    return NULL;
}

/* Places NODE behind all it refers to. A stack of our own: chains of references may be as long as the model. */
static void place_table(struct table_order *job, struct table_node *node) {
    VEC(struct table_node *) stack = {0};

    if (node->position)
        return;
    node->open = true;
    vec_push(job->arena, &stack, node);
    while (stack.count) {
        struct table_node *top = stack.at[stack.count - 1];
        struct table_node *target = next_reference(job, top);

        if (target) {
            target->open = true;
            vec_push(job->arena, &stack, target);
            continue;
        }
        vec_push(job->arena, &job->order, top);
        top->position = job->order.count;
        stack.count--;
    }
}

/* Is the table new, or with NEW false, does it go? */
static bool is_one_sided(const struct entity_pair *pair, bool new) {
    return new ? !pair->from : !pair->to;
}

static size_t count_one_sided(const struct plan *plan, bool new) {
    size_t count = 0;

    for (size_t i = 0; i < plan->pairs.count; i++)
        count += is_one_sided(&plan->pairs.at[i], new);
    return count;
}

/* The tables that are new, or that go. */
static void order_references(struct table_order *job, const struct plan *plan, bool new) {
    job->nodes = ARENA_ARRAY(job->arena, struct table_node, count_one_sided(plan, new));
    for (size_t i = 0; i < plan->pairs.count; i++) {
        const struct entity_pair *pair = &plan->pairs.at[i];
        const struct entity *entity = new ? pair->to : pair->from;

        if (!is_one_sided(pair, new))
            continue;
        job->nodes[job->count] = (struct table_node){.pair = pair, .entity = entity};
        map_put(job->arena, &job->by_name, entity->name, &job->nodes[job->count]);
        job->count++;
    }
    for (size_t i = 0; i < job->count; i++)
        place_table(job, &job->nodes[i]);
}

/* In a cycle one table goes before the one that refers to it: that foreign key goes first, as does one whose key goes early. */
static void cut_references(struct planner *planner, const struct table_order *job, const struct table_node *node) {
    for (size_t i = 0; i < node->entity->foreign_key_count; i++) {
        const struct table_node *target = map_get(&job->by_name, node->entity->foreign_keys[i].target);

        if (target && (target->position > node->position || planner_comparison(planner, target->pair).work->lost.count))
            planner_add(planner, CHANGE_DROP_FOREIGN_KEY, node->pair)->old_foreign_key = &node->entity->foreign_keys[i];
    }
}

void order_tables(struct planner *planner) {
    struct table_order gone = {.arena = planner->arena};
    struct table_order new = {.arena = planner->arena};

    order_references(&gone, planner->plan, false);
    for (size_t i = gone.order.count; i-- > 0;) {
        const struct entity *entity = gone.order.at[i]->entity;

        cut_references(planner, &gone, gone.order.at[i]);
        planner_add(planner, CHANGE_DROP_TABLE, gone.order.at[i]->pair)->old_name = moved_aside(planner, entity->namespace, entity->table);
    }
    order_references(&new, planner->plan, true);
    for (size_t i = 0; i < new.order.count; i++)
        planner_add(planner, CHANGE_CREATE_TABLE, new.order.at[i]->pair);
}

/* Phases. */

/* The phase of CHANGE: its kind, in three steps. */
static size_t phase(const struct change *change) {
    switch (change->kind) {
    case CHANGE_DROP_COLUMN:
        return 3 * (size_t)change->kind + !change->old_field->computed;
    case CHANGE_ADD_COLUMN:
        return change->new_field->computed ? 3 * CHANGE_ALTER_COLUMN + 1 : 3 * (size_t)change->kind;
    case CHANGE_ALTER_COLUMN:
        return 3 * (size_t)change->kind + (change->new_field->computed != NULL);
    case CHANGE_DROP_BASE:
        return change->early ? 3 * CHANGE_DROP_COLUMN + 2 : 3 * (size_t)change->kind;
    case CHANGE_DROP_DEPENDENT:
    case CHANGE_PUT_BASE:
    case CHANGE_PUT_DEPENDENT:
    case CHANGE_DROP_FOREIGN_KEY:
    case CHANGE_DROP_CHECK:
    case CHANGE_DROP_EXCLUDE:
    case CHANGE_DROP_INDEX:
    case CHANGE_DROP_KEY:
    case CHANGE_RENAME_ENUM:
    case CHANGE_RENAME_TABLE:
    case CHANGE_RENAME_COLUMN:
    case CHANGE_RENAME_INDEX:
    case CHANGE_RENAME_CONSTRAINT:
    case CHANGE_DROP_TABLE:
    case CHANGE_CREATE_ENUM:
    case CHANGE_ALTER_ENUM:
    case CHANGE_CREATE_TABLE:
    case CHANGE_ALTER_TABLE:
    case CHANGE_COMMENT_TABLE:
    case CHANGE_ADD_KEY:
    case CHANGE_ADD_INDEX:
    case CHANGE_ADD_CHECK:
    case CHANGE_ADD_EXCLUDE:
    case CHANGE_ADD_FOREIGN_KEY:
    case CHANGE_DROP_ENUM:
    case CHANGE_KIND_COUNT:
        break;
    }
    return 3 * (size_t)change->kind;
}

void order_changes(struct planner *planner) {
    struct plan *plan = planner->plan;
    struct change *sorted = ARENA_ARRAY(planner->arena, struct change, plan->changes.count);
    size_t starts[3 * CHANGE_KIND_COUNT + 1] = {0};

    for (size_t i = 0; i < plan->changes.count; i++)
        starts[phase(&plan->changes.at[i]) + 1]++;
    for (size_t i = 1; i <= 3 * CHANGE_KIND_COUNT; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < plan->changes.count; i++)
        sorted[starts[phase(&plan->changes.at[i])]++] = plan->changes.at[i];
    plan->changes.at = sorted;
    plan->changes.capacity = plan->changes.count;
}
