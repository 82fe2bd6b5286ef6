/* What the objects of one schema stand on, and the order that follows from it. */
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "plan_internal.h"

static const struct object_kind *find_kind(const struct diff_rules *rules, const char *name) {
    for (size_t i = 0; i < rules->object_kind_count; i++)
        if (strcmp(rules->object_kinds[i].name, name) == 0)
            return &rules->object_kinds[i];
    return NULL;
}

/* The place of NAME among the objects, which are sorted by name; the count when it is none. */
static size_t find_object(const struct schema *schema, const char *name) {
    size_t low = 0, high = schema->object_count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = strcmp(schema->objects[middle]->name, name);

        if (order == 0)
            return middle;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return schema->object_count;
}

static void add_read(const struct schema *schema, struct object_node *node, const char *name) {
    size_t at = find_object(schema, name);

    if (at < schema->object_count)
        node->reads[node->read_count++] = at;
    else if (schema_entity(schema, name))
        node->dependent = true;
}

static void make_node(struct planner *planner, const struct schema *schema, size_t at, struct object_node *node) {
    const struct object *object = schema->objects[at];

    *node = (struct object_node){.object = object, .kind = find_kind(planner->rules, object->kind)};
    node->reads = ARENA_ARRAY(planner->arena, size_t, object->depends_on.count + 1);
    if (object->on)
        add_read(schema, node, object->on);
    for (size_t i = 0; i < object->depends_on.count; i++)
        add_read(schema, node, object->depends_on.at[i]);
}

/* A root of the walk: lower ranks first, then by name, which is the order of the nodes. */
struct root {
    int rank;
    size_t node;
};

static int compare_roots(const void *a, const void *b) {
    const struct root *left = a, *right = b;

    if (left->rank != right->rank)
        return left->rank < right->rank ? -1 : 1;
    return left->node < right->node ? -1 : left->node > right->node;
}

struct walk {
    struct arena *arena;
    struct object_graph *graph;
    bool *seen;
    size_t *next; /* per node: the read to follow next */
    size_t placed;
};

/* Places NODE behind all it reads. What is open already is part of a cycle, which is cut there. A stack of our own, as chains may be long. */
static void place(struct walk *walk, size_t root) {
    VEC(size_t) stack = {0};

    if (walk->seen[root])
        return;
    walk->seen[root] = true;
    vec_push(walk->arena, &stack, root);
    while (stack.count) {
        size_t top = stack.at[stack.count - 1];
        const struct object_node *node = &walk->graph->nodes[top];

        if (walk->next[top] == node->read_count) {
            walk->graph->order[walk->placed++] = top;
            stack.count--;
            continue;
        }
        size_t read = node->reads[walk->next[top]++];
        if (!walk->seen[read]) {
            walk->seen[read] = true;
            vec_push(walk->arena, &stack, read);
        }
    }
}

static void find_order(struct arena *arena, struct object_graph *graph) {
    struct walk walk = {.arena = arena, .graph = graph};
    struct root *roots = ARENA_ARRAY(arena, struct root, graph->count);

    walk.seen = ARENA_ARRAY(arena, bool, graph->count);
    walk.next = ARENA_ARRAY(arena, size_t, graph->count);
    graph->order = ARENA_ARRAY(arena, size_t, graph->count);
    for (size_t i = 0; i < graph->count; i++)
        roots[i] = (struct root){.rank = graph->nodes[i].kind ? graph->nodes[i].kind->rank : INT_MAX, .node = i};
    qsort(roots, graph->count, sizeof *roots, compare_roots);
    for (size_t i = 0; i < graph->count; i++)
        place(&walk, roots[i].node);
}

/* What reads a dependent object is one itself. In a cycle that takes more than one pass. */
static void find_dependents(struct object_graph *graph) {
    bool again = true;

    while (again) {
        again = false;
        for (size_t i = 0; i < graph->count; i++) {
            struct object_node *node = &graph->nodes[graph->order[i]];

            for (size_t k = 0; !node->dependent && k < node->read_count; k++)
                if (graph->nodes[node->reads[k]].dependent)
                    node->dependent = again = true;
        }
    }
}

void object_graph_make(struct planner *planner, const struct schema *schema, struct object_graph *graph) {
    graph->count = schema->object_count;
    if (!graph->count)
        return;
    graph->nodes = ARENA_ARRAY(planner->arena, struct object_node, graph->count);
    for (size_t i = 0; i < graph->count; i++)
        make_node(planner, schema, i, &graph->nodes[i]);
    find_order(planner->arena, graph);
    find_dependents(graph);
}
