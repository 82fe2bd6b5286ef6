#include "review_place.h"

#include <string.h>

static const struct span nowhere = {0, 0};

static struct span find_part(const struct entity *entity, const char *name) {
    const struct field *field = entity_field(entity, name);
    const struct relation *relation = entity_relation(entity, name);

    if (field && !field->derived)
        return field->at;
    if (relation)
        return relation->at;
    for (size_t i = 0; i < entity->index_count; i++)
        if (text_equal(entity->indexes[i].name, name))
            return entity->indexes[i].at;
    for (size_t i = 0; i < entity->check_count; i++)
        if (text_equal(entity->checks[i].name, name))
            return entity->checks[i].at;
    for (size_t i = 0; i < entity->exclude_count; i++)
        if (text_equal(entity->excludes[i].name, name))
            return entity->excludes[i].at;
    return nowhere;
}

static struct span find_member(const struct enumeration *values, const char *name) {
    for (size_t i = 0; i < values->member_count; i++)
        if (strcmp(values->members[i].name, name) == 0)
            return values->members[i].at;
    return nowhere;
}

/* The entity of this name, or with this table. */
static const struct entity *find_entity(const struct schema *schema, const char *name, size_t length) {
    for (size_t i = 0; i < schema->entity_count; i++) {
        const struct entity *entity = schema->entities[i];

        if ((strlen(entity->name) == length && strncmp(entity->name, name, length) == 0) ||
            (strlen(entity->table) == length && strncmp(entity->table, name, length) == 0))
            return entity;
    }
    return NULL;
}

static const struct enumeration *find_enum(const struct schema *schema, const char *name, size_t length) {
    for (size_t i = 0; i < schema->enum_count; i++)
        if (strlen(schema->enums[i]->name) == length && strncmp(schema->enums[i]->name, name, length) == 0)
            return schema->enums[i];
    return NULL;
}

struct span review_place(const struct schema *schema, const char *subject) {
    size_t length = strcspn(subject, ".");
    const char *part = subject[length] ? subject + length + 1 : NULL;
    const struct object *object = schema_object(schema, subject);
    const struct entity *entity = find_entity(schema, subject, length);
    const struct enumeration *values = find_enum(schema, subject, length);
    struct span at = nowhere;

    if (object)
        return object->at;
    if (part)
        at = entity ? find_part(entity, part) : values ? find_member(values, part) : nowhere;
    if (at.start != at.end)
        return at;
    return entity ? entity->at : values ? values->at : nowhere;
}
