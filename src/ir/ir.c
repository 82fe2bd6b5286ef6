#include "ir.h"

#include <stdlib.h>
#include <string.h>

#include "bug.h"

static int by_entity_name(const void *a, const void *b) {
    const struct entity *const *first = a;
    const struct entity *const *second = b;

    return strcmp((*first)->name, (*second)->name);
}

static int by_enum_name(const void *a, const void *b) {
    const struct enumeration *const *first = a;
    const struct enumeration *const *second = b;

    return strcmp((*first)->name, (*second)->name);
}

/* Canonical text is sorted already, so reading a snapshot sorts nothing. */
static bool is_sorted(const void *array, size_t count, int (*compare)(const void *, const void *)) {
    const char *at = array;

    for (size_t i = 1; i < count; i++)
        if (compare(at + (i - 1) * sizeof(void *), at + i * sizeof(void *)) > 0)
            return false;
    return true;
}

static void sort_pointers(void *array, size_t count, int (*compare)(const void *, const void *)) {
    if (!is_sorted(array, count, compare))
        qsort(array, count, sizeof(void *), compare);
}

static int by_object_name(const void *a, const void *b) {
    const struct object *const *first = a;
    const struct object *const *second = b;

    return strcmp((*first)->name, (*second)->name);
}

void schema_index(struct arena *arena, struct schema *schema) {
    sort_pointers(schema->entities, schema->entity_count, by_entity_name);
    sort_pointers(schema->enums, schema->enum_count, by_enum_name);
    sort_pointers(schema->objects, schema->object_count, by_object_name);
    for (size_t i = 0; i < schema->object_count; i++)
        map_put(arena, &schema->object_by_name, schema->objects[i]->name, schema->objects[i]);
    for (size_t i = 0; i < schema->entity_count; i++)
        map_put(arena, &schema->entity_by_name, schema->entities[i]->name, schema->entities[i]);
    for (size_t i = 0; i < schema->enum_count; i++)
        map_put(arena, &schema->enum_by_name, schema->enums[i]->name, schema->enums[i]);
}

struct entity *schema_entity(const struct schema *schema, const char *name) {
    return map_get(&schema->entity_by_name, name);
}

struct enumeration *schema_enum(const struct schema *schema, const char *name) {
    return map_get(&schema->enum_by_name, name);
}

struct object *schema_object(const struct schema *schema, const char *name) {
    return map_get(&schema->object_by_name, name);
}

struct field *entity_field(const struct entity *entity, const char *name) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (strcmp(entity->fields[i].name, name) == 0)
            return &entity->fields[i];
    return NULL;
}

struct field *entity_field_by_column(const struct entity *entity, const char *column) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (strcmp(entity->fields[i].column, column) == 0)
            return &entity->fields[i];
    return NULL;
}

struct relation *entity_relation(const struct entity *entity, const char *name) {
    for (size_t i = 0; i < entity->relation_count; i++)
        if (strcmp(entity->relations[i].name, name) == 0)
            return &entity->relations[i];
    return NULL;
}

const char *entity_column(const struct entity *entity, const char *name) {
    const struct field *field = entity_field(entity, name);

    if (!field)
        BUG("entity \"%s\" has no field \"%s\"", entity->name, name);
    return field->column;
}

/* Names first, in byte order; what has none comes behind them. */
static int compare_texts(const char *a, const char *b) {
    if (!a || !b)
        return (a == NULL) - (b == NULL);
    return strcmp(a, b);
}

static int compare_names(const struct names *a, const struct names *b) {
    for (size_t i = 0; i < a->count && i < b->count; i++) {
        int order = strcmp(a->at[i], b->at[i]);

        if (order)
            return order;
    }
    return (a->count > b->count) - (a->count < b->count);
}

static int compare_parts(const struct index *a, const struct index *b) {
    for (size_t i = 0; i < a->part_count && i < b->part_count; i++) {
        int order = compare_texts(a->parts[i].field, b->parts[i].field);

        order = order ? order : compare_texts(a->parts[i].expression, b->parts[i].expression);
        order = order ? order : (a->parts[i].order > b->parts[i].order) - (a->parts[i].order < b->parts[i].order);
        if (order)
            return order;
    }
    return (a->part_count > b->part_count) - (a->part_count < b->part_count);
}

static int compare_indexes(const void *first, const void *second) {
    const struct index *a = first;
    const struct index *b = second;
    int order = compare_texts(a->name, b->name);

    order = order ? order : a->constraint - b->constraint;
    order = order ? order : a->unique - b->unique;
    order = order ? order : compare_parts(a, b);
    order = order ? order : compare_texts(a->method, b->method);
    order = order ? order : compare_texts(a->where, b->where);
    return order ? order : compare_names(&a->include, &b->include);
}

static int compare_checks(const void *first, const void *second) {
    const struct check *a = first;
    const struct check *b = second;
    int order = (a->derived - b->derived);

    order = order ? order : compare_texts(a->name, b->name);
    return order ? order : compare_texts(a->value, b->value);
}

static int compare_excludes(const void *first, const void *second) {
    const struct exclude *a = first;
    const struct exclude *b = second;
    int order = compare_texts(a->name, b->name);

    order = order ? order : compare_texts(a->value, b->value);
    return order ? order : compare_texts(a->where, b->where);
}

static int compare_foreign_keys(const void *first, const void *second) {
    const struct foreign_key *a = first;
    const struct foreign_key *b = second;
    int order = compare_texts(a->name, b->name);

    order = order ? order : compare_names(&a->fields, &b->fields);
    order = order ? order : compare_texts(a->target, b->target);
    return order ? order : compare_names(&a->target_fields, &b->target_fields);
}

/* Elements are compared in place; equals are the same in all that is compared, so that their order does not matter. */
static void sort_list(void *list, size_t count, size_t size, int (*compare)(const void *, const void *)) {
    const char *at = list;

    for (size_t i = 1; i < count; i++)
        if (compare(at + (i - 1) * size, at + i * size) > 0) {
            qsort(list, count, size, compare);
            return;
        }
}

static size_t count_declared_indexes(const struct entity *entity) {
    size_t count = 0;

    while (count < entity->index_count && !entity->indexes[count].derived)
        count++;
    return count;
}

static size_t count_relation_keys(const struct entity *entity) {
    size_t count = 0;

    while (count < entity->foreign_key_count && entity->foreign_keys[count].relation)
        count++;
    return count;
}

void entity_sort(struct entity *entity) {
    size_t relations = count_relation_keys(entity);

    sort_list(entity->indexes, count_declared_indexes(entity), sizeof *entity->indexes, compare_indexes);
    sort_list(entity->checks, entity->check_count, sizeof *entity->checks, compare_checks);
    sort_list(entity->excludes, entity->exclude_count, sizeof *entity->excludes, compare_excludes);
    if (entity->foreign_key_count > relations)
        sort_list(entity->foreign_keys + relations, entity->foreign_key_count - relations, sizeof *entity->foreign_keys,
                  compare_foreign_keys);
}

static void *copy_array(struct arena *arena, const void *array, size_t count, size_t size) {
    void *copy;

    if (!count)
        return NULL;
    copy = arena_array(arena, count, size);
    return memcpy(copy, array, count * size);
}

static void copy_names(struct arena *arena, struct names *names) {
    names->at = copy_array(arena, names->at, names->count, sizeof *names->at);
}

static void copy_options(struct arena *arena, struct options *options) {
    options->at = copy_array(arena, options->at, options->count, sizeof *options->at);
}

static void copy_indexes(struct arena *arena, struct entity *entity) {
    entity->indexes = copy_array(arena, entity->indexes, entity->index_count, sizeof *entity->indexes);
    for (size_t i = 0; i < entity->index_count; i++) {
        struct index *index = &entity->indexes[i];

        index->parts = copy_array(arena, index->parts, index->part_count, sizeof *index->parts);
        copy_names(arena, &index->include);
        copy_options(arena, &index->options);
    }
}

static void copy_foreign_keys(struct arena *arena, struct entity *entity) {
    entity->foreign_keys = copy_array(arena, entity->foreign_keys, entity->foreign_key_count, sizeof *entity->foreign_keys);
    for (size_t i = 0; i < entity->foreign_key_count; i++) {
        copy_names(arena, &entity->foreign_keys[i].fields);
        copy_names(arena, &entity->foreign_keys[i].target_fields);
        copy_names(arena, &entity->foreign_keys[i].set_columns);
    }
}

struct entity *entity_copy(struct arena *arena, const struct entity *entity) {
    struct entity *copy = ARENA_NEW(arena, struct entity);

    *copy = *entity;
    copy->fields = copy_array(arena, entity->fields, entity->field_count, sizeof *entity->fields);
    for (size_t i = 0; i < copy->field_count; i++)
        copy_options(arena, &copy->fields[i].options);
    copy->relations = copy_array(arena, entity->relations, entity->relation_count, sizeof *entity->relations);
    for (size_t i = 0; i < copy->relation_count; i++)
        copy_names(arena, &copy->relations[i].keys);
    copy_names(arena, &copy->key.fields);
    copy_names(arena, &copy->key.include);
    copy_options(arena, &copy->key.options);
    copy_indexes(arena, copy);
    copy->checks = copy_array(arena, entity->checks, entity->check_count, sizeof *entity->checks);
    copy->excludes = copy_array(arena, entity->excludes, entity->exclude_count, sizeof *entity->excludes);
    copy_foreign_keys(arena, copy);
    copy_names(arena, &copy->options.inherits);
    copy_options(arena, &copy->options.options);
    return copy;
}

struct enumeration *enumeration_copy(struct arena *arena, const struct enumeration *enumeration) {
    struct enumeration *copy = ARENA_NEW(arena, struct enumeration);

    *copy = *enumeration;
    copy->members = copy_array(arena, enumeration->members, enumeration->member_count, sizeof *enumeration->members);
    return copy;
}

struct object *object_copy(struct arena *arena, const struct object *object) {
    struct object *copy = ARENA_NEW(arena, struct object);

    *copy = *object;
    copy->depends_on.at = copy_array(arena, object->depends_on.at, object->depends_on.count, sizeof *object->depends_on.at);
    copy->options.at = copy_array(arena, object->options.at, object->options.count, sizeof *object->options.at);
    return copy;
}

bool text_equal(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

bool names_equal(const struct names *a, const struct names *b) {
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->at[i], b->at[i]) != 0)
            return false;
    return true;
}

bool options_equal(const struct options *a, const struct options *b) {
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (strcmp(a->at[i].key, b->at[i].key) != 0 || strcmp(a->at[i].value, b->at[i].value) != 0)
            return false;
    return true;
}

const char *field_type_name(enum field_type type) {
    switch (type) {
    case TYPE_INT:
        return "int";
    case TYPE_BOOLEAN:
        return "boolean";
    case TYPE_FLOAT:
        return "float";
    case TYPE_DECIMAL:
        return "decimal";
    case TYPE_STRING:
        return "string";
    case TYPE_BYTES:
        return "byte[]";
    case TYPE_DATE:
        return "time:Date";
    case TYPE_TIME_OF_DAY:
        return "time:TimeOfDay";
    case TYPE_UTC:
        return "time:Utc";
    case TYPE_CIVIL:
        return "time:Civil";
    case TYPE_ENUM:
        return "enum";
    }
    BUG("field type %d", (int)type);
}

const char *ref_action_name(enum ref_action action) {
    switch (action) {
    case ACTION_NONE:
        return "";
    case ACTION_NO_ACTION:
        return "NO ACTION";
    case ACTION_RESTRICT:
        return "RESTRICT";
    case ACTION_CASCADE:
        return "CASCADE";
    case ACTION_SET_NULL:
        return "SET NULL";
    case ACTION_SET_DEFAULT:
        return "SET DEFAULT";
    }
    BUG("referential action %d", (int)action);
}
