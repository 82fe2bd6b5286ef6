/* What stands on what, and what of it is read. */
#include <stdlib.h>
#include <string.h>

#include "pg_introspect.h"

/* --- dependencies --- */

static const char *node_name(const struct node *node) {
    return node->entity ? node->entity->name : node->object ? node->object->name : node->enumeration->name;
}

/* A relation that is no node was excluded, or is nothing we read. */
static bool is_relation(const char *key) {
    return strchr(key, ':') == NULL;
}

void pg_read_dependencies(struct introspection *in) {
    const struct rows *rows = &in->catalog.dependencies;

    for (size_t row = 0; row < rows->row_count; row++) {
        const char *key = rows_text(rows, row, DEPENDENCY_KEY), *on = rows_text(rows, row, DEPENDENCY_ON);
        struct node *node = key ? map_get(&in->nodes, key) : NULL, *other = node && on ? map_get(&in->nodes, on) : NULL;

        if (other && other != node)
            vec_push(in->arena, &node->needs, other);
        else if (node && on && !other && is_relation(on) && node->object)
            node->without = "a table or view";
    }
}

/* --- choosing --- */

struct queue {
    struct node **at; /* room for all nodes: each comes in once */
    size_t first, count;
};

static void enqueue(struct queue *queue, struct node *node) {
    queue->at[queue->count++] = node;
}

static void want(struct queue *queue, struct node *node) {
    if (node->state != NODE_UNREAD)
        return;
    node->state = NODE_READ;
    enqueue(queue, node);
}

/* What a read thing needs is read; what stands on it is read with it. */
static void spread_reading(struct queue *queue) {
    while (queue->first < queue->count) {
        struct node *node = queue->at[queue->first++];

        for (size_t i = 0; i < node->needs.count; i++)
            want(queue, node->needs.at[i]);
        for (size_t i = 0; i < node->dependents.count; i++)
            if (node->dependents.at[i]->base == node)
                want(queue, node->dependents.at[i]);
    }
}

/* What needs something that is not read cannot be read either. */
static void spread_loss(struct queue *queue) {
    while (queue->first < queue->count) {
        struct node *node = queue->at[queue->first++];

        for (size_t i = 0; i < node->dependents.count; i++) {
            struct node *dependent = node->dependents.at[i];

            if (dependent->without || dependent->entity)
                continue;
            dependent->without = node->object || node->enumeration ? node_name(node) : "what it stands on";
            enqueue(queue, dependent);
        }
    }
}

static void link_dependents(struct introspection *in, struct node *node) {
    for (size_t i = 0; i < node->needs.count; i++)
        vec_push(in->arena, &node->needs.at[i]->dependents, node);
    if (node->base)
        vec_push(in->arena, &node->base->dependents, node);
}

static void choose(struct introspection *in) {
    size_t room = in->all.count + in->schema->entity_count;
    struct queue queue = {.at = ARENA_ARRAY(in->arena, struct node *, room)};

    for (size_t i = 0; i < in->schema->entity_count; i++)
        link_dependents(in, &in->tables[i].node);
    for (size_t i = 0; i < in->all.count; i++)
        link_dependents(in, in->all.at[i]);
    for (size_t i = 0; i < in->schema->entity_count; i++)
        enqueue(&queue, &in->tables[i].node);
    for (size_t i = 0; i < in->all.count; i++)
        if (in->all.at[i]->state == NODE_READ)
            enqueue(&queue, in->all.at[i]);
    spread_reading(&queue);
    queue.first = queue.count = 0;
    for (size_t i = 0; i < in->all.count; i++)
        if (in->all.at[i]->state == NODE_EXCLUDED || in->all.at[i]->without) {
            in->all.at[i]->without = in->all.at[i]->without ? in->all.at[i]->without : "what is excluded";
            enqueue(&queue, in->all.at[i]);
        }
    spread_loss(&queue);
}

/* --- schemas --- */

static void mark_namespace(struct introspection *in, struct map *used, const char *namespace) {
    if (namespace)
        map_put(in->arena, used, namespace, in);
}

static bool is_kept(const struct node *node) {
    return node->state == NODE_READ && !node->without && !node->implied;
}

/* Does something stand on NODE, a grant for one? */
static bool is_base(const struct node *node) {
    for (size_t i = 0; i < node->dependents.count; i++)
        if (node->dependents.at[i]->base == node)
            return true;
    return false;
}

/* A schema that has a thing of ours in it and no comment need not be said. */
static void leave_out_implied(struct introspection *in) {
    struct map used = {0};

    for (size_t i = 0; i < in->schema->entity_count; i++)
        mark_namespace(in, &used, in->schema->entities[i]->namespace);
    for (size_t i = 0; i < in->all.count; i++)
        if (is_kept(in->all.at[i]))
            mark_namespace(in, &used,
                           in->all.at[i]->object ? in->all.at[i]->object->namespace : in->all.at[i]->enumeration->type_namespace);
    for (size_t i = 0; i < in->all.count; i++) {
        struct node *node = in->all.at[i];
        const struct object *object = node->object;

        if (object && strcmp(object->kind, "schema") == 0 && !object->comment && !is_base(node))
            node->implied = map_get(&used, object->object_name) != NULL || strcmp(object->object_name, "public") == 0;
    }
}

/* --- into the schema --- */

static int compare_names(const void *a, const void *b) {
    const char *const *first = a;
    const char *const *second = b;

    return strcmp(*first, *second);
}

/* In byte order, each once, without what the object stands on. */
static void list_needs(struct introspection *in, struct node *node) {
    struct object *object = node->object;
    const char **names = ARENA_ARRAY(in->arena, const char *, node->needs.count);
    size_t count = 0, kept = 0;

    for (size_t i = 0; i < node->needs.count; i++)
        if (node->needs.at[i] != node->base && (node->needs.at[i]->entity || is_kept(node->needs.at[i])))
            names[count++] = node_name(node->needs.at[i]);
    if (count)
        qsort(names, count, sizeof *names, compare_names);
    for (size_t i = 0; i < count; i++)
        if (i == 0 || strcmp(names[i], names[kept - 1]) != 0)
            names[kept++] = names[i];
    object->depends_on = (struct names){.at = names, .count = kept};
}

static void report_loss(struct introspection *in, const struct node *node) {
    const char *what = node->object ? node->object->name : node->enumeration->name;

    if (node->state != NODE_READ || !node->without)
        return;
    pg_add_unsupported(in, node->object ? node->object->kind : "enum", what, node->base ? node->base->entity : NULL,
                       arena_printf(in->arena, "it needs %s, which is not read", node->without));
}

void pg_choose_nodes(struct introspection *in) {
    struct schema *schema = in->schema;
    struct map taken = {0};

    choose(in);
    leave_out_implied(in);
    schema->objects = ARENA_ARRAY(in->arena, struct object *, in->all.count);
    schema->enums = ARENA_ARRAY(in->arena, struct enumeration *, in->all.count);
    for (size_t i = 0; i < in->all.count; i++) {
        struct node *node = in->all.at[i];

        report_loss(in, node);
        if (!is_kept(node))
            continue;
        if (node->enumeration) {
            schema->enums[schema->enum_count++] = node->enumeration;
            continue;
        }
        list_needs(in, node);
        for (int number = 2; map_put(in->arena, &taken, node->object->name, node); number++)
            node->object->name = arena_printf(in->arena, "%s (%d)", node->object->name, number);
        schema->objects[schema->object_count++] = node->object;
    }
}
