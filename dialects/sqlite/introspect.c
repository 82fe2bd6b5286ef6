#include "sqlite_introspect.h"

struct item *introspect_take_along(struct introspector *in, const char *name) {
    struct item *item = introspect_item(in, name);

    if (!item || item->excluded || item->internal)
        return NULL;
    if (!item->chosen) {
        item->chosen = true;
        vec_push(in->arena, &in->chosen, item);
    }
    return item;
}

void introspect_unsupported(struct introspector *in, const char *kind, const char *name, const char *entity, const char *why) {
    *vec_add(in->arena, &in->unsupported) = (struct unsupported){.kind = kind, .name = name, .entity = entity, .why = why};
}

static void read_item(struct introspector *in, struct item *item) {
    if (item->kind == ITEM_TABLE)
        introspect_table(in, item);
    else
        introspect_object(in, item);
    introspect_triggers(in, item);
    if (!item->wanted)
        vec_push(in->arena, &in->taken_along, item->name);
}

/* What the scope wants, and what that refers to. */
static void read_chosen(struct introspector *in) {
    for (size_t i = 0; i < in->items.count; i++)
        if (in->items.at[i].wanted)
            introspect_take_along(in, in->items.at[i].name);
    for (size_t i = 0; i < in->chosen.count; i++)
        read_item(in, in->chosen.at[i]);
}

/* What is still without a name: checks and unique constraints that the text gives none. Their names may meet, which matters to nobody. */
static void name_rest(struct introspector *in) {
    struct diag ignored = {.arena = in->arena};

    normal_names(in->arena, in->schema, &(struct target){.dialect = &dialect_sqlite}, &ignored);
}

static void fill_schema(struct introspector *in) {
    struct schema *schema = in->schema;

    schema->entities = in->entities.at;
    schema->entity_count = in->entities.count;
    schema->objects = in->objects.at;
    schema->object_count = in->objects.count;
    for (size_t i = 0; i < schema->entity_count; i++)
        introspect_targets(in, schema->entities[i]);
    for (size_t i = 0; i < schema->object_count; i++)
        introspect_dependencies(in, schema->objects[i]);
    schema->unsupported = in->unsupported.at;
    schema->unsupported_count = in->unsupported.count;
    schema->taken_along = (struct names){in->taken_along.at, in->taken_along.count};
}

struct schema *introspect_database(struct db *db, const struct scope *scope, struct arena *arena, struct diag *diag) {
    struct introspector in = {.arena = arena, .diag = diag, .schema = ARENA_NEW(arena, struct schema)};

    if (introspect_catalog(&in, db, scope) < 0)
        return NULL;
    read_chosen(&in);
    fill_schema(&in);
    name_rest(&in);
    schema_index(arena, in.schema);
    return in.schema;
}
