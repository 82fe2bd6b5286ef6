#include "physical.h"

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
        key->relation = NULL;
        if (!target) /* outside of what was introspected */
            continue;
        key->target_fields = columns(arena, target, &key->target_fields);
        key->target = table_name(arena, target);
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
    rename_indexes(arena, old, copy);
    rename_foreign_keys(arena, schema, old, copy);
    return copy;
}

/* Enums with a type of the database's own are called as that type. */
static struct enumeration *physical_enum(struct arena *arena, const struct enumeration *old) {
    struct enumeration *copy = enumeration_copy(arena, old);

    if (copy->type_name)
        copy->name = copy->type_namespace ? arena_printf(arena, "%s.%s", copy->type_namespace, copy->type_name) : copy->type_name;
    for (size_t i = 0; i < copy->member_count; i++)
        copy->members[i].name = copy->members[i].value;
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
    schema_index(arena, result);
    return result;
}
