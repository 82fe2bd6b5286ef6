#include "tree.h"

#include <string.h>

#define FIND(list, count, wanted)                                                                                                          \
    for (size_t i = 0; i < (count); i++)                                                                                                   \
        if ((list)[i].id == (wanted))                                                                                                      \
            return &(list)[i];                                                                                                             \
    return NULL

struct tree_entity *tree_entity(struct tree *tree, unsigned id) {
    FIND(tree->entities, tree->entity_count, id);
}

struct tree_relation *tree_relation(struct tree *tree, unsigned id) {
    FIND(tree->relations, tree->relation_count, id);
}

struct tree_foreign_key *tree_foreign_key(struct tree *tree, unsigned id) {
    FIND(tree->foreign_keys, tree->foreign_key_count, id);
}

struct tree_enum *tree_enum(struct tree *tree, unsigned id) {
    FIND(tree->enums, tree->enum_count, id);
}

struct tree_field *tree_field(struct tree_entity *entity, unsigned id) {
    FIND(entity->fields, entity->field_count, id);
}

struct tree_index *tree_index(struct tree_entity *entity, unsigned id) {
    FIND(entity->indexes, entity->index_count, id);
}

struct tree_check *tree_check(struct tree_entity *entity, unsigned id) {
    FIND(entity->checks, entity->check_count, id);
}

struct tree_member *tree_member(struct tree_enum *enumeration, unsigned id) {
    FIND(enumeration->members, enumeration->member_count, id);
}

size_t tree_key_count(const struct tree_entity *entity) {
    size_t count = 0;

    for (size_t i = 0; i < entity->field_count; i++)
        count += entity->fields[i].key;
    return count;
}

struct tree_field *tree_single_key(struct tree_entity *entity) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].key)
            return tree_key_count(entity) == 1 ? &entity->fields[i] : NULL;
    return NULL;
}

static bool index_reads(const struct tree_index *index, unsigned id) {
    for (size_t i = 0; i < index->part_count; i++)
        if (index->parts[i].field == id && index->parts[i].expression)
            return true;
    return index->where == id;
}

bool tree_is_read(const struct tree_entity *entity, unsigned id) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].operand == id)
            return true;
    for (size_t i = 0; i < entity->check_count; i++)
        if (entity->checks[i].field == id)
            return true;
    for (size_t i = 0; i < entity->index_count; i++)
        if (index_reads(&entity->indexes[i], id))
            return true;
    return false;
}

bool tree_is_reference(const struct tree *tree, unsigned entity, unsigned id) {
    for (size_t i = 0; i < tree->relation_count; i++)
        if (tree->relations[i].owner == entity && tree->relations[i].key == id)
            return true;
    for (size_t i = 0; i < tree->foreign_key_count; i++) {
        const struct tree_foreign_key *key = &tree->foreign_keys[i];

        if ((key->owner == entity && key->field == id) || (key->target == entity && key->to == id))
            return true;
    }
    return false;
}

bool tree_is_unique(const struct tree_entity *entity, unsigned id) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].id == id && entity->fields[i].key)
            return true;
    for (size_t i = 0; i < entity->index_count; i++)
        for (size_t k = 0; k < entity->indexes[i].part_count; k++)
            if (entity->indexes[i].unique && entity->indexes[i].parts[k].field == id)
                return true;
    return false;
}

bool tree_is_distinct(const struct tree_field *field) {
    if (field->type.type == TYPE_BOOLEAN || field->type.type == TYPE_ENUM)
        return false;
    return field->type.native == NULL || field->type.native->indexed;
}

void tree_take(void *list, size_t *count, size_t i, size_t size) {
    char *at = (char *)list + i * size;

    --*count;
    memmove(at, at + size, (*count - i) * size);
}
