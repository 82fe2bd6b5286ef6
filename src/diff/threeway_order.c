#include <string.h>

#include "threeway_internal.h"

/* The merged order is a skeleton, what both sides and the base have, with runs of what is new behind each of its names (and before the
 * first). Two runs at one place stand in the order of their first names, so that the sides can be swapped. */
struct ordering {
    const struct order_request *request;
    struct map kept;
    struct map shared; /* the skeleton's names */
    struct map done;
    struct names *order;
};

static void emit(struct ordering *ordering, const char *name) {
    if (!map_put(ordering->request->arena, &ordering->done, name, name))
        ordering->order->at[ordering->order->count++] = name;
}

/* Those of LIST that are in MAP. */
static struct names filter(struct arena *arena, const struct names *list, const struct map *map) {
    struct names found = {ARENA_ARRAY(arena, const char *, list->count), 0};

    for (size_t i = 0; i < list->count; i++)
        if (map_get(map, list->at[i]))
            found.at[found.count++] = list->at[i];
    return found;
}

/* What stands in LIST behind ANCHOR (NULL: at the beginning) and before the next name of the skeleton. */
static struct names run_behind(struct ordering *ordering, const struct names *list, const char *anchor) {
    struct names run = {ARENA_ARRAY(ordering->request->arena, const char *, list->count), 0};
    size_t i = 0;

    if (anchor) {
        while (i < list->count && strcmp(list->at[i], anchor) != 0)
            i++;
        i++;
    }
    for (; i < list->count && !map_get(&ordering->shared, list->at[i]); i++)
        if (map_get(&ordering->kept, list->at[i]))
            run.at[run.count++] = list->at[i];
    return run;
}

static void emit_behind(struct ordering *ordering, const char *anchor) {
    struct names ours = run_behind(ordering, &ordering->request->lists[SIDE_OURS], anchor);
    struct names theirs = run_behind(ordering, &ordering->request->lists[SIDE_THEIRS], anchor);
    bool swap = ours.count && theirs.count && strcmp(ours.at[0], theirs.at[0]) > 0;
    const struct names *runs[] = {swap ? &theirs : &ours, swap ? &ours : &theirs};

    for (size_t i = 0; i < 2; i++)
        for (size_t k = 0; k < runs[i]->count; k++)
            emit(ordering, runs[i]->at[k]);
}

static void share(struct ordering *ordering) {
    const struct order_request *request = ordering->request;
    struct map of_side[SIDE_COUNT] = {0};

    for (size_t side = 0; side < SIDE_COUNT; side++)
        for (size_t i = 0; i < request->lists[side].count; i++)
            map_put(request->arena, &of_side[side], request->lists[side].at[i], request->lists[side].at[i]);
    for (size_t i = 0; i < request->kept.count; i++) {
        const char *name = request->kept.at[i];

        map_put(request->arena, &ordering->kept, name, name);
        if (map_get(&of_side[SIDE_BASE], name) && map_get(&of_side[SIDE_OURS], name) && map_get(&of_side[SIDE_THEIRS], name))
            map_put(request->arena, &ordering->shared, name, name);
    }
}

int order_merge(const struct order_request *request, struct names *order) {
    struct ordering ordering = {.request = request, .order = order};
    struct names shared[SIDE_COUNT];
    bool ours_moved;
    const struct names *skeleton;

    order->at = ARENA_ARRAY(request->arena, const char *, request->kept.count);
    share(&ordering);
    for (size_t side = 0; side < SIDE_COUNT; side++)
        shared[side] = filter(request->arena, &request->lists[side], &ordering.shared);
    ours_moved = !names_equal(&shared[SIDE_BASE], &shared[SIDE_OURS]);
    skeleton = &shared[ours_moved ? SIDE_OURS : SIDE_THEIRS];
    emit_behind(&ordering, NULL);
    for (size_t i = 0; i < skeleton->count; i++) {
        emit(&ordering, skeleton->at[i]);
        emit_behind(&ordering, skeleton->at[i]);
    }
    for (size_t i = 0; i < request->kept.count; i++)
        emit(&ordering, request->kept.at[i]);
    return ours_moved && !names_equal(&shared[SIDE_BASE], &shared[SIDE_THEIRS]) && !names_equal(&shared[SIDE_OURS], &shared[SIDE_THEIRS]);
}
