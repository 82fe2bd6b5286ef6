#include "physical.h"

#include <stdlib.h>
#include <string.h>

static const char *table_name(struct arena *arena, const struct entity *entity) {
    return entity->namespace ? arena_printf(arena, "%s.%s", entity->namespace, entity->table) : entity->table;
}

/* The columns of the fields NAMES of OWNER. */
static struct names columns(struct arena *arena, const struct entity *owner, const struct names *names) {
    struct names result = {ARENA_ARRAY(arena, const char *, names->count), names->count};

    for (size_t i = 0; i < names->count; i++)
        result.at[i] = entity_column(owner, names->at[i]);
    return result;
}

static void rename_indexes(struct arena *arena, const struct entity *old, struct entity *copy) {
    for (size_t i = 0; i < copy->index_count; i++) {
        struct index *index = &copy->indexes[i];

        index->include = columns(arena, old, &index->include);
        for (size_t k = 0; k < index->part_count; k++)
            if (index->parts[k].field)
                index->parts[k].field = entity_column(old, index->parts[k].field);
    }
}

static void rename_foreign_keys(struct arena *arena, const struct schema *schema, const struct entity *old, struct entity *copy) {
    for (size_t i = 0; i < copy->foreign_key_count; i++) {
        struct foreign_key *key = &copy->foreign_keys[i];
        const struct entity *target = schema_entity(schema, key->target);

        key->fields = columns(arena, old, &key->fields);
        key->set_columns = columns(arena, old, &key->set_columns);
        key->relation = NULL;
        if (!target) /* outside of what was introspected */
            continue;
        key->target_fields = columns(arena, target, &key->target_fields);
        key->target = table_name(arena, target);
    }
}

static void rename_parents(struct arena *arena, const struct schema *schema, struct names *parents) {
    for (size_t i = 0; i < parents->count; i++) {
        const struct entity *parent = schema_entity(schema, parents->at[i]);

        if (parent)
            parents->at[i] = table_name(arena, parent);
    }
}

static struct entity *physical_entity(struct arena *arena, const struct schema *schema, const struct entity *old) {
    struct entity *copy = entity_copy(arena, old);

    copy->name = table_name(arena, old);
    copy->relation_count = 0;
    for (size_t i = 0; i < copy->field_count; i++)
        copy->fields[i].name = copy->fields[i].column;
    for (size_t i = 0; i < copy->check_count; i++)
        if (copy->checks[i].field)
            copy->checks[i].field = entity_column(old, copy->checks[i].field);
    copy->key.fields = columns(arena, old, &old->key.fields);
    copy->key.include = columns(arena, old, &old->key.include);
    rename_parents(arena, schema, &copy->options.inherits);
    rename_indexes(arena, old, copy);
    rename_foreign_keys(arena, schema, old, copy);
    return copy;
}

/* What an enum is called when it has a type of its own; NULL: it is no thing of the database. */
static const char *type_name(struct arena *arena, const struct enumeration *enumeration) {
    if (!enumeration->type_name)
        return NULL;
    return enumeration->type_namespace ? arena_printf(arena, "%s.%s", enumeration->type_namespace, enumeration->type_name)
                                       : enumeration->type_name;
}

/* Enums with a type of the database's own are called as that type. */
static struct enumeration *physical_enum(struct arena *arena, const struct enumeration *old) {
    struct enumeration *copy = enumeration_copy(arena, old);

    copy->name = type_name(arena, old);
    for (size_t i = 0; i < copy->member_count; i++)
        copy->members[i].name = copy->members[i].value;
    return copy;
}

/* Objects stand on objects only a few levels deep (a trigger on a partition of a partition). */
enum { ON_DEPTH_MAX = 8 };

static const char *physical_on(struct arena *arena, const struct schema *schema, const char *on, int depth);

static const char *object_name(struct arena *arena, const struct schema *schema, const struct object *object, int depth) {
    const char *name = object->namespace ? arena_printf(arena, "%s %s.%s", object->kind, object->namespace, object->object_name)
                                         : arena_printf(arena, "%s %s", object->kind, object->object_name);

    return object->on ? arena_printf(arena, "%s on %s", name, physical_on(arena, schema, object->on, depth + 1)) : name;
}

/* What the entity, enum or object ON is called; ON itself when it is outside of what was introspected. */
static const char *physical_on(struct arena *arena, const struct schema *schema, const char *on, int depth) {
    const struct entity *entity = schema_entity(schema, on);
    const struct enumeration *enumeration = entity ? NULL : schema_enum(schema, on);
    const struct object *object = depth > ON_DEPTH_MAX ? NULL : schema_object(schema, on);

    if (entity)
        return table_name(arena, entity);
    if (enumeration)
        return enumeration->type_name ? type_name(arena, enumeration) : on;
    return object ? object_name(arena, schema, object, depth) : on;
}

static int by_text(const void *a, const void *b) {
    const char *const *first = a;
    const char *const *second = b;

    return strcmp(*first, *second);
}

static struct names physical_dependencies(struct arena *arena, const struct schema *schema, const struct names *names) {
    struct names result = {ARENA_ARRAY(arena, const char *, names->count), 0};

    for (size_t i = 0; i < names->count; i++) {
        const struct enumeration *enumeration = schema_enum(schema, names->at[i]);
        const char *name = enumeration ? type_name(arena, enumeration) : physical_on(arena, schema, names->at[i], 0);

        if (name)
            result.at[result.count++] = name;
    }
    if (result.count)
        qsort(result.at, result.count, sizeof *result.at, by_text);
    return result;
}

static struct object *physical_object(struct arena *arena, const struct schema *schema, const struct object *old) {
    struct object *copy = object_copy(arena, old);

    copy->name = object_name(arena, schema, old, 0);
    copy->on = old->on ? physical_on(arena, schema, old->on, 0) : NULL;
    copy->depends_on = physical_dependencies(arena, schema, &old->depends_on);
    return copy;
}

struct schema *schema_physical(struct arena *arena, const struct schema *schema) {
    struct schema *result = ARENA_NEW(arena, struct schema);

    result->entities = ARENA_ARRAY(arena, struct entity *, schema->entity_count);
    result->entity_count = schema->entity_count;
    for (size_t i = 0; i < schema->entity_count; i++)
        result->entities[i] = physical_entity(arena, schema, schema->entities[i]);
    result->enums = ARENA_ARRAY(arena, struct enumeration *, schema->enum_count);
    for (size_t i = 0; i < schema->enum_count; i++)
        if (schema->enums[i]->type_name)
            result->enums[result->enum_count++] = physical_enum(arena, schema->enums[i]);
    result->objects = ARENA_ARRAY(arena, struct object *, schema->object_count);
    result->object_count = schema->object_count;
    for (size_t i = 0; i < schema->object_count; i++)
        result->objects[i] = physical_object(arena, schema, schema->objects[i]);
    schema_index(arena, result);
    return result;
}
