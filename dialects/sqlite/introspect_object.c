#include <stdlib.h>
#include <string.h>

#include "ddl.h"
#include "references.h"
#include "sqlite_introspect.h"
#include "token.h"

static struct object *read_object(struct introspector *in, const char *kind, const struct part *part) {
    struct object *object = ARENA_NEW(in->arena, struct object);

    object->kind = kind;
    if (ddl_read_object(in->arena, part->text, object) < 0) {
        introspect_unsupported(in, kind, part->name, NULL, "its definition is not understood");
        return NULL;
    }
    object->object_name = part->name;
    vec_push(in->arena, &in->objects, object);
    return object;
}

static struct names references_of(struct arena *arena, const struct object *object) {
    return strcmp(object->kind, "virtual table") == 0 ? references_of_virtual_table(arena, object->definition)
                                                      : references_of_query(arena, object->definition);
}

static void take_references_along(struct introspector *in, const struct object *object) {
    struct names names = references_of(in->arena, object);

    for (size_t i = 0; i < names.count; i++)
        introspect_take_along(in, names.at[i]);
}

void introspect_object(struct introspector *in, struct item *item) {
    const char *kind = item->kind == ITEM_VIEW ? "view" : "virtual table";
    struct object *object = read_object(in, kind, &(struct part){.name = item->name, .text = item->text});

    if (!object)
        return;
    object->name = item->said = arena_printf(in->arena, "%s %s", kind, item->name);
    take_references_along(in, object);
}

void introspect_triggers(struct introspector *in, struct item *item) {
    for (size_t i = 0; item->said && i < item->triggers.count; i++) {
        struct object *object = read_object(in, "trigger", &item->triggers.at[i]);

        if (!object)
            continue;
        object->on = item->said;
        object->name = arena_printf(in->arena, "trigger %s on %s", object->object_name, item->name);
        take_references_along(in, object);
    }
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void introspect_dependencies(struct introspector *in, struct object *object) {
    struct names names = references_of(in->arena, object);
    struct names *out = &object->depends_on;
    size_t kept = 0;

    out->at = ARENA_ARRAY(in->arena, const char *, names.count);
    for (size_t i = 0; i < names.count; i++) {
        const struct item *item = introspect_item(in, names.at[i]);

        if (item && item->said && strcmp(item->said, object->name) != 0 && !text_equal(item->said, object->on))
            out->at[out->count++] = item->said;
    }
    if (out->count)
        qsort(out->at, out->count, sizeof *out->at, compare_names);
    for (size_t i = 0; i < out->count; i++)
        if (!i || strcmp(out->at[i], out->at[kept - 1]) != 0)
            out->at[kept++] = out->at[i];
    out->count = kept;
}
