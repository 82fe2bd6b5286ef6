#include <stdint.h>
#include <string.h>

#include "lower.h"

/* The indexes of one entity while they grow. */
struct index_list {
    struct lowering *lowering;
    struct entity *entity;
    VEC(struct index) list;
    struct map by_name[2]; /* of those on fields, unique or not: 1 + the place in the list; empty while there are few */
};

enum { FEW_INDEXES = 8 };

/* 1 + the place of the index NAME in the list, or 0. */
static uintptr_t find_index(const struct index_list *indexes, const char *name, bool unique) {
    if (indexes->list.count > FEW_INDEXES)
        return (uintptr_t)map_get(&indexes->by_name[unique], name);
    for (size_t i = 0; i < indexes->list.count; i++)
        if (indexes->list.at[i].unique == unique && strcmp(indexes->list.at[i].name, name) == 0)
            return i + 1;
    return 0;
}

/* From FEW_INDEXES on they are found by a map, so that an entity of thousands takes no longer for each. */
static void map_indexes(struct index_list *indexes) {
    size_t count = indexes->list.count;

    for (size_t i = count == FEW_INDEXES + 1 ? 0 : count - 1; count > FEW_INDEXES && i < count; i++) {
        const struct index *index = &indexes->list.at[i];

        map_put(indexes->lowering->scratch, &indexes->by_name[index->unique], index->name, (void *)(uintptr_t)(i + 1));
    }
}

/* The index NAME, made if there is none. */
static struct index *field_index(struct index_list *indexes, const struct ast_annotation *annotation, const char *name) {
    bool unique = strcmp(annotation->name, "sql:UniqueIndex") == 0;
    uintptr_t known = find_index(indexes, name, unique);
    struct index *index;

    if (known)
        return &indexes->list.at[known - 1];
    index = vec_add(indexes->lowering->arena, &indexes->list);
    index->name = name;
    index->unique = unique;
    index->at = annotation->at;
    map_indexes(indexes);
    return index;
}

/* Makes FIELD the next member of the index NAME. The list of members has room for a power of two of them. */
static void add_to_index(struct index_list *indexes, const struct ast_annotation *annotation, const struct field *field, const char *name) {
    struct index *index = field_index(indexes, annotation, name);
    size_t count = index->part_count;

    if (!(count & (count - 1))) {
        struct index_part *parts = ARENA_ARRAY(indexes->lowering->arena, struct index_part, count ? 2 * count : 1);

        if (count)
            memcpy(parts, index->parts, count * sizeof *parts);
        index->parts = parts;
    }
    index->parts[index->part_count++].field = field->name;
}

static const char *default_index_name(struct lowering *lowering, const char *annotation, const char *field) {
    bool unique = strcmp(annotation, "sql:UniqueIndex") == 0;
    char *name = arena_printf(lowering->arena, "%s%s", unique ? "unique_idx_" : "idx_", field);

    for (char *c = name; *c; c++)
        *c = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
    return name;
}

static void error_index_name(struct lowering *lowering, const struct ast_value *value, const char *annotation) {
    if (value->kind != AST_OTHER)
        lower_error(lowering, value->at, "\"name\" of \"@%s\" must be a string or a list of strings", annotation);
}

static void lower_field_index(struct index_list *indexes, const struct ast_annotation *annotation, const struct field *field) {
    struct lowering *lowering = indexes->lowering;
    const struct ast_value *name = ast_argument(annotation, "name");

    for (size_t i = 0; annotation->value && i < annotation->value->count; i++)
        if (strcmp(annotation->value->items[i]->key, "name") != 0)
            lower_error(lowering, annotation->value->items[i]->key_at, "\"@%s\" has no argument \"%s\"", annotation->name,
                        annotation->value->items[i]->key);
    if (!name)
        add_to_index(indexes, annotation, field, default_index_name(lowering, annotation->name, field->name));
    else if (name->kind == AST_STRING)
        add_to_index(indexes, annotation, field, name->text);
    else if (name->kind != AST_LIST)
        error_index_name(lowering, name, annotation->name);
    for (size_t i = 0; name && name->kind == AST_LIST && i < name->count; i++) {
        if (name->items[i]->kind == AST_STRING)
            add_to_index(indexes, annotation, field, name->items[i]->text);
        else
            error_index_name(lowering, name->items[i], annotation->name);
    }
}

static void lower_indexes_of_field(struct index_list *indexes, const struct ast_metadata *metadata, const struct field *field) {
    for (size_t i = 0; i < metadata->annotation_count; i++)
        if (strcmp(metadata->annotations[i].name, "sql:Index") == 0 || strcmp(metadata->annotations[i].name, "sql:UniqueIndex") == 0)
            lower_field_index(indexes, &metadata->annotations[i], field);
}

/* @sql:Index and @sql:UniqueIndex, in the order of the fields. */
static void lower_field_indexes(struct index_list *indexes, size_t index) {
    const struct ast_entity *declared = &indexes->lowering->tree->entities.at[index];
    const struct ast_relation *relation = indexes->lowering->relations.of_entity[index];
    const struct ast_relation *end = relation + indexes->lowering->relations.count[index];
    const struct field *field = indexes->entity->fields;

    for (size_t i = 0; i < declared->fields.count; i++) {
        if (relation < end && relation->field == i)
            relation++;
        else
            lower_indexes_of_field(indexes, &declared->fields.at[i].metadata, field++);
    }
}

static void lower_entity_index(struct index_list *indexes, const struct ast_annotation *annotation) {
    struct lowering *lowering = indexes->lowering;
    struct index index = {.at = annotation->at};
    const struct ast_value *include = ast_argument(annotation, "include");

    lower_annotation(lowering, annotation, ir_annotation_find(annotation->name, IR_ENTITY), &index);
    if (strcmp(annotation->name, "db:Unique") == 0)
        index.unique = index.constraint = true;
    lower_parts(lowering, indexes->entity, ast_argument(annotation, "keys"), &index);
    if (include && include->kind == AST_LIST)
        lower_names(lowering, indexes->entity, include, &index.include);
    vec_push(lowering->arena, &indexes->list, index);
}

/* Is one of the declared indexes a unique one of exactly FIELDS, in whatever order? */
static bool is_unique_already(const struct index_list *indexes, const struct names *fields) {
    for (size_t i = 0; i < indexes->list.count && !indexes->list.at[i].derived; i++) {
        const struct index *index = &indexes->list.at[i];
        bool same = index->unique && !index->where && index->part_count == fields->count;

        for (size_t j = 0; same && j < index->part_count; j++)
            same = index->parts[j].field && !index->parts[j].prefix && lower_holds(fields, index->parts[j].field);
        if (same)
            return true;
    }
    return false;
}

/* A 1-1 relation makes its foreign key unique. */
static void derive_unique(struct index_list *indexes, const struct relation *relation) {
    const struct names *fields = &indexes->entity->foreign_keys[relation->foreign_key].fields;
    struct index index = {.unique = true, .constraint = true, .derived = true, .part_count = fields->count, .at = relation->at};

    if (!fields->count || is_unique_already(indexes, fields))
        return;
    index.parts = ARENA_ARRAY(indexes->lowering->arena, struct index_part, fields->count);
    for (size_t i = 0; i < fields->count; i++)
        index.parts[i].field = fields->at[i];
    vec_push(indexes->lowering->arena, &indexes->list, index);
}

static void derive_uniques(struct index_list *indexes, size_t index) {
    const struct ast_relation *paired = indexes->lowering->relations.of_entity[index];

    for (size_t i = 0; i < indexes->entity->relation_count; i++) {
        const struct relation *relation = &indexes->entity->relations[i];

        if (relation->owner && !lower_relation_field(indexes->lowering, paired[i].inverse)->type.array &&
            !indexes->entity->foreign_keys[relation->foreign_key].not_unique)
            derive_unique(indexes, relation);
    }
}

static void lower_entity_indexes(struct index_list *indexes, const struct ast_metadata *metadata) {
    for (size_t i = 0; i < metadata->annotation_count; i++)
        if (strcmp(metadata->annotations[i].name, "db:Index") == 0 || strcmp(metadata->annotations[i].name, "db:Unique") == 0)
            lower_entity_index(indexes, &metadata->annotations[i]);
}

void lower_indexes(struct lowering *lowering, size_t index) {
    struct index_list indexes = {.lowering = lowering, .entity = lowering->entities[index]};

    lower_field_indexes(&indexes, index);
    lower_entity_indexes(&indexes, &lowering->tree->entities.at[index].metadata);
    derive_uniques(&indexes, index);
    indexes.entity->indexes = indexes.list.at;
    indexes.entity->index_count = indexes.list.count;
}
