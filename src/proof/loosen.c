#include "loosen.h"

#include <string.h>

/* The text of the model where both have one. */
static void take(const char **own, const char *models) {
    if (*own && models)
        *own = models;
}

static void loosen_field(struct field *field, const struct field *model) {
    bool defaults = (field->default_sql || field->default_literal) && (model->default_sql || model->default_literal);

    if (defaults) {
        field->default_sql = model->default_sql;
        field->default_literal = model->default_literal;
    }
    take(&field->computed, model->computed);
    take(&field->on_update, model->on_update);
}

static void loosen_index(struct index *index, const struct index *model) {
    take(&index->where, model->where);
    for (size_t i = 0; i < index->part_count && i < model->part_count; i++)
        take(&index->parts[i].expression, model->parts[i].expression);
}

static void loosen_indexes(struct entity *entity, const struct entity *model) {
    for (size_t i = 0; i < entity->index_count; i++)
        for (size_t k = 0; k < model->index_count; k++)
            if (entity->indexes[i].name && text_equal(entity->indexes[i].name, model->indexes[k].name))
                loosen_index(&entity->indexes[i], &model->indexes[k]);
}

/* Checks pair by name; those without one by their order, as many as both have. */
static void loosen_checks(struct entity *entity, const struct entity *model) {
    for (size_t i = 0; i < entity->check_count; i++)
        for (size_t k = 0; k < model->check_count; k++) {
            bool same =
                entity->checks[i].name ? text_equal(entity->checks[i].name, model->checks[k].name) : i == k && !model->checks[k].name;

            if (same)
                take(&entity->checks[i].value, model->checks[k].value);
        }
}

static void loosen_excludes(struct entity *entity, const struct entity *model) {
    for (size_t i = 0; i < entity->exclude_count; i++)
        for (size_t k = 0; k < model->exclude_count; k++)
            if (text_equal(entity->excludes[i].name, model->excludes[k].name)) {
                take(&entity->excludes[i].value, model->excludes[k].value);
                take(&entity->excludes[i].where, model->excludes[k].where);
            }
}

static struct entity *loosen_entity(struct arena *arena, const struct entity *entity, const struct entity *model) {
    struct entity *copy = entity_copy(arena, entity);

    for (size_t i = 0; i < copy->field_count; i++) {
        const struct field *field = entity_field(model, copy->fields[i].name);

        if (field)
            loosen_field(&copy->fields[i], field);
    }
    loosen_indexes(copy, model);
    loosen_checks(copy, model);
    loosen_excludes(copy, model);
    take(&copy->options.partition_by, model->options.partition_by);
    return copy;
}

static bool is_same_thing(const struct object *a, const struct object *b) {
    return strcmp(a->kind, b->kind) == 0 && text_equal(a->object_name, b->object_name) && text_equal(a->namespace, b->namespace) &&
           text_equal(a->on, b->on);
}

/* A view's query is told in the server's words, too. */
static struct object *loosen_object(struct arena *arena, struct object *object, const struct schema *model) {
    struct object *copy = ARENA_NEW(arena, struct object);

    *copy = *object;
    for (size_t i = 0; i < model->object_count; i++)
        if (is_same_thing(object, model->objects[i]))
            take(&copy->definition, model->objects[i]->definition);
    return copy;
}

static void loosen_objects(struct arena *arena, struct schema *copy, const struct schema *schema, const struct schema *model) {
    copy->objects = ARENA_ARRAY(arena, struct object *, schema->object_count);
    for (size_t i = 0; i < schema->object_count; i++)
        copy->objects[i] = loosen_object(arena, schema->objects[i], model);
}

struct schema *loosen(struct arena *arena, const struct schema *schema, const struct schema *model) {
    struct schema *copy = ARENA_NEW(arena, struct schema);

    *copy = *schema;
    copy->entities = ARENA_ARRAY(arena, struct entity *, schema->entity_count);
    for (size_t i = 0; i < schema->entity_count; i++) {
        const struct entity *other = schema_entity(model, schema->entities[i]->name);

        copy->entities[i] = other ? loosen_entity(arena, schema->entities[i], other) : schema->entities[i];
    }
    loosen_objects(arena, copy, schema, model);
    copy->entity_by_name = copy->enum_by_name = copy->object_by_name = (struct map){0};
    schema_index(arena, copy);
    return copy;
}
