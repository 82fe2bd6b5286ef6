#include "equal.h"

#include <string.h>

/* As text_equal(), in line: nearly all texts here are absent on both sides. */
static inline bool same(const char *a, const char *b) {
    return a == b || (a && b && strcmp(a, b) == 0);
}

static bool names_same(const struct names *a, const struct names *b) {
    return a->count == b->count && (!a->count || names_equal(a, b));
}

static bool options_same(const struct options *a, const struct options *b) {
    return a->count == b->count && (!a->count || options_equal(a, b));
}

static bool field_numbers_equal(const struct field *a, const struct field *b) {
    return a->type == b->type && a->length == b->length && a->precision == b->precision && a->scale == b->scale &&
           a->identity == b->identity && a->identity_start == b->identity_start && a->identity_increment == b->identity_increment &&
           a->nullable == b->nullable && a->key == b->key && a->generated == b->generated && a->fixed == b->fixed &&
           a->stored == b->stored && a->derived == b->derived && a->inherited == b->inherited;
}

bool field_equal(const struct field *a, const struct field *b) {
    return field_numbers_equal(a, b) && same(a->name, b->name) &&
           (a->column == a->name ? same(a->name, b->column) : same(a->column, b->column)) && same(a->native_type, b->native_type) &&
           same(a->default_sql, b->default_sql) && same(a->default_literal, b->default_literal) && same(a->enum_name, b->enum_name) &&
           same(a->comment, b->comment) && same(a->was, b->was) && same(a->computed, b->computed) && same(a->collation, b->collation) &&
           same(a->charset, b->charset) && same(a->on_update, b->on_update) && same(a->check_name, b->check_name) &&
           options_same(&a->options, &b->options);
}

bool relation_equal(const struct relation *a, const struct relation *b) {
    return same(a->name, b->name) && same(a->target, b->target) && same(a->inverse, b->inverse) && same(a->comment, b->comment) &&
           same(a->was, b->was) && names_same(&a->keys, &b->keys) && a->kind == b->kind && a->owner == b->owner &&
           a->foreign_key == b->foreign_key;
}

bool foreign_key_equal(const struct foreign_key *a, const struct foreign_key *b) {
    return same(a->name, b->name) && same(a->target, b->target) && same(a->relation, b->relation) && names_same(&a->fields, &b->fields) &&
           names_same(&a->target_fields, &b->target_fields) && a->on_delete == b->on_delete && a->on_update == b->on_update &&
           a->deferrable == b->deferrable && a->match_full == b->match_full && a->not_validated == b->not_validated &&
           same(a->comment, b->comment) && names_same(&a->set_columns, &b->set_columns) && a->not_unique == b->not_unique;
}

static bool part_equal(const struct index_part *a, const struct index_part *b) {
    return same(a->field, b->field) && same(a->expression, b->expression) && same(a->opclass, b->opclass) &&
           same(a->collation, b->collation) && a->prefix == b->prefix && a->order == b->order && a->nulls == b->nulls;
}

bool index_equal(const struct index *a, const struct index *b) {
    if (a->part_count != b->part_count)
        return false;
    for (size_t i = 0; i < a->part_count; i++)
        if (!part_equal(&a->parts[i], &b->parts[i]))
            return false;
    return same(a->name, b->name) && same(a->method, b->method) && same(a->where, b->where) && names_same(&a->include, &b->include) &&
           same(a->comment, b->comment) && options_same(&a->options, &b->options) && a->unique == b->unique &&
           a->constraint == b->constraint && a->nulls_not_distinct == b->nulls_not_distinct && a->derived == b->derived &&
           a->deferrable == b->deferrable;
}

bool check_equal(const struct check *a, const struct check *b) {
    return same(a->name, b->name) && same(a->value, b->value) && same(a->field, b->field) && a->derived == b->derived &&
           a->not_validated == b->not_validated && a->not_enforced == b->not_enforced && a->no_inherit == b->no_inherit &&
           same(a->comment, b->comment);
}

bool exclude_equal(const struct exclude *a, const struct exclude *b) {
    return same(a->name, b->name) && same(a->method, b->method) && same(a->value, b->value) && same(a->where, b->where) &&
           a->deferrable == b->deferrable && same(a->comment, b->comment);
}

bool key_equal(const struct key *a, const struct key *b) {
    return same(a->name, b->name) && names_same(&a->fields, &b->fields) && options_same(&a->options, &b->options) &&
           a->absent == b->absent && names_same(&a->include, &b->include) && a->deferrable == b->deferrable && same(a->comment, b->comment);
}

bool table_options_equal(const struct table_options *a, const struct table_options *b) {
    return same(a->engine, b->engine) && same(a->charset, b->charset) && same(a->collation, b->collation) &&
           same(a->row_format, b->row_format) && same(a->tablespace, b->tablespace) && same(a->partition_by, b->partition_by) &&
           names_same(&a->inherits, &b->inherits) && options_same(&a->options, &b->options) && a->strict == b->strict &&
           a->without_rowid == b->without_rowid && a->unlogged == b->unlogged;
}

static bool counts_equal(const struct entity *a, const struct entity *b) {
    return a->field_count == b->field_count && a->relation_count == b->relation_count && a->index_count == b->index_count &&
           a->check_count == b->check_count && a->exclude_count == b->exclude_count && a->foreign_key_count == b->foreign_key_count;
}

static bool columns_equal(const struct entity *a, const struct entity *b) {
    for (size_t i = 0; i < a->field_count; i++)
        if (!field_equal(&a->fields[i], &b->fields[i]))
            return false;
    for (size_t i = 0; i < a->relation_count; i++)
        if (!relation_equal(&a->relations[i], &b->relations[i]))
            return false;
    return true;
}

static bool objects_equal(const struct entity *a, const struct entity *b) {
    for (size_t i = 0; i < a->foreign_key_count; i++)
        if (!foreign_key_equal(&a->foreign_keys[i], &b->foreign_keys[i]))
            return false;
    for (size_t i = 0; i < a->index_count; i++)
        if (!index_equal(&a->indexes[i], &b->indexes[i]))
            return false;
    for (size_t i = 0; i < a->check_count; i++)
        if (!check_equal(&a->checks[i], &b->checks[i]))
            return false;
    for (size_t i = 0; i < a->exclude_count; i++)
        if (!exclude_equal(&a->excludes[i], &b->excludes[i]))
            return false;
    return true;
}

bool entity_equal(const struct entity *a, const struct entity *b) {
    if (a == b)
        return true;
    return counts_equal(a, b) && same(a->name, b->name) && same(a->table, b->table) && same(a->namespace, b->namespace) &&
           same(a->comment, b->comment) && same(a->was, b->was) && key_equal(&a->key, &b->key) && columns_equal(a, b) &&
           objects_equal(a, b) && table_options_equal(&a->options, &b->options);
}

bool member_equal(const struct enum_member *a, const struct enum_member *b) {
    return same(a->name, b->name) && same(a->value, b->value) && same(a->comment, b->comment) && same(a->was, b->was);
}

bool enumeration_equal(const struct enumeration *a, const struct enumeration *b) {
    if (a == b)
        return true;
    if (a->member_count != b->member_count || !same(a->name, b->name) || !same(a->type_name, b->type_name) ||
        !same(a->type_namespace, b->type_namespace) || !same(a->comment, b->comment) || !same(a->was, b->was))
        return false;
    for (size_t i = 0; i < a->member_count; i++)
        if (!member_equal(&a->members[i], &b->members[i]))
            return false;
    return true;
}

bool object_equal(const struct object *a, const struct object *b) {
    return a == b ||
           (same(a->name, b->name) && same(a->kind, b->kind) && same(a->object_name, b->object_name) && same(a->namespace, b->namespace) &&
            same(a->on, b->on) && same(a->definition, b->definition) && same(a->comment, b->comment) && same(a->was, b->was) &&
            names_same(&a->depends_on, &b->depends_on) && options_same(&a->options, &b->options));
}

static void share_entities(struct schema *shared, const struct schema *to) {
    size_t at = 0;

    for (size_t i = 0; i < shared->entity_count && at < to->entity_count; i++) {
        int order = -1;

        while (at < to->entity_count && (order = strcmp(to->entities[at]->name, shared->entities[i]->name)) < 0)
            at++;
        if (at < to->entity_count && order == 0 && entity_equal(shared->entities[i], to->entities[at]))
            shared->entities[i] = to->entities[at];
    }
}

static void share_enums(struct schema *shared, const struct schema *to) {
    for (size_t i = 0; i < shared->enum_count; i++) {
        struct enumeration *same_name = schema_enum(to, shared->enums[i]->name);

        if (same_name && enumeration_equal(shared->enums[i], same_name))
            shared->enums[i] = same_name;
    }
}

static void share_objects(struct schema *shared, const struct schema *to) {
    for (size_t i = 0; i < shared->object_count; i++) {
        struct object *same_name = schema_object(to, shared->objects[i]->name);

        if (same_name && object_equal(shared->objects[i], same_name))
            shared->objects[i] = same_name;
    }
}

struct schema *schema_share(struct arena *arena, const struct schema *from, const struct schema *to) {
    struct schema *shared = ARENA_NEW(arena, struct schema);

    shared->source = from->source;
    shared->entity_count = from->entity_count;
    shared->enum_count = from->enum_count;
    shared->entities = ARENA_ARRAY(arena, struct entity *, from->entity_count);
    shared->enums = ARENA_ARRAY(arena, struct enumeration *, from->enum_count);
    if (from->entity_count)
        memcpy(shared->entities, from->entities, from->entity_count * sizeof *shared->entities);
    if (from->enum_count)
        memcpy(shared->enums, from->enums, from->enum_count * sizeof *shared->enums);
    shared->object_count = from->object_count;
    shared->objects = ARENA_ARRAY(arena, struct object *, from->object_count);
    if (from->object_count)
        memcpy(shared->objects, from->objects, from->object_count * sizeof *shared->objects);
    share_entities(shared, to);
    share_enums(shared, to);
    share_objects(shared, to);
    schema_index(arena, shared);
    return shared;
}
