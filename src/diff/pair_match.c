/* Pairs the things of two schemas by what they are called: by renames, by name, by the name that the database has for them. */
#include <string.h>

#include "pair_internal.h"

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

void match_all(struct matching *match, const struct renames *renames) {
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
