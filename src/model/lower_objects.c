#include <stdlib.h>
#include <string.h>

#include "lower.h"

static int by_text(const void *a, const void *b) {
    const char *const *first = a;
    const char *const *second = b;

    return strcmp(*first, *second);
}

/* All names that an object may depend on. */
static void map_items(struct lowering *lowering) {
    const struct ast *tree = lowering->tree;

    for (size_t i = 0; i < tree->entities.count; i++)
        map_put(lowering->scratch, &lowering->items, tree->entities.at[i].name, tree);
    for (size_t i = 0; i < tree->enums.count; i++)
        map_put(lowering->scratch, &lowering->items, tree->enums.at[i].name, tree);
    for (size_t i = 0; i < tree->objects.count; i++)
        map_put(lowering->scratch, &lowering->items, tree->objects.at[i].name, tree);
}

/* Sorted, each once, without what is not there (a part of a model) what the object stands on anyway and the object itself. */
static void settle_dependencies(const struct lowering *lowering, struct object *object) {
    struct names *names = &object->depends_on;
    size_t kept = 0;

    if (object->on && !map_get(&lowering->items, object->on))
        object->on = NULL;
    if (names->count)
        qsort(names->at, names->count, sizeof *names->at, by_text);
    for (size_t i = 0; i < names->count; i++)
        if (map_get(&lowering->items, names->at[i]) && !text_equal(names->at[i], object->on) && strcmp(names->at[i], object->name) != 0 &&
            (!kept || strcmp(names->at[kept - 1], names->at[i]) != 0))
            names->at[kept++] = names->at[i];
    names->count = kept;
}

static struct object *lower_object(struct lowering *lowering, const struct ast_object *declared) {
    struct object *object = ARENA_NEW(lowering->arena, struct object);

    object->name = declared->name;
    object->definition = declared->definition;
    object->at = declared->name_at;
    object->comment = lower_documentation(lowering, &declared->metadata);
    lower_annotations(lowering, &declared->metadata, IR_OBJECT, object);
    lower_settle_comment(lowering, &object->comment);
    settle_dependencies(lowering, object);
    return object;
}

void lower_objects(struct lowering *lowering) {
    const struct ast *tree = lowering->tree;

    if (!tree->objects.count)
        return;
    map_items(lowering);
    lowering->schema->objects = ARENA_ARRAY(lowering->arena, struct object *, tree->objects.count);
    lowering->schema->object_count = tree->objects.count;
    for (size_t i = 0; i < tree->objects.count; i++)
        lowering->schema->objects[i] = lower_object(lowering, &tree->objects.at[i]);
}
