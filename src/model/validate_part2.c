#include <stdint.h>
#include <string.h>

#include "validate_internal.h"

/* Indexes share their names within an entity on MySQL, within a schema elsewhere. */
struct index_use {
    const struct checked_entity *entity;
    const char *annotation; /* "sql:Index": the same name on another field of the entity makes it composite; else each is its own */
    struct span at;
};

static const struct ast_value *text_of(const struct ast_annotation *annotation, const char *key) {
    const struct ast_value *value = annotation ? ast_argument(annotation, key) : NULL;

    return value && value->kind == AST_STRING ? value : NULL;
}

static const struct ast_annotation *on_field(const struct ast_field *field, const char *name) {
    return ast_annotation_find(&field->metadata, name);
}

static void report_both(struct checker *check, const struct ast_annotation *a, const struct ast_annotation *b) {
    diag_error(check->diag, check->source, a->at, 0, "@%s and @%s exclude each other", a->name, b->name);
    diag_note(check->diag, check->source, b->at, "the other one is here");
}

static void check_exclusion(struct checker *check, const struct ast_field *field, const char *a, const char *b) {
    const struct ast_annotation *first = on_field(field, a);
    const struct ast_annotation *second = on_field(field, b);

    if (first && second)
        report_both(check, first, second);
}

static void check_default(struct checker *check, const struct ast_field *field) {
    const struct ast_annotation *annotation = on_field(field, "db:Default");
    const struct ast_value *value = annotation ? ast_argument(annotation, "value") : NULL;
    const struct ast_value *literal = annotation ? ast_argument(annotation, "literal") : NULL;

    if (!annotation || !value != !literal)
        return;
    diag_error(check->diag, check->source, annotation->at, 0, "@db:Default of \"%s\" %s", field->name,
               value ? "has both a value and a literal" : "says nothing");
    diag_hint(check->diag, "write value for an SQL expression, {value: \"now()\"}, or literal for a text, {literal: \"new\"}");
}

static void check_identity(struct checker *check, const struct ast_field *field) {
    const struct ast_annotation *annotation = on_field(field, "db:Identity");

    if (annotation && strcmp(field->type.name, "int") != 0)
        diag_error(check->diag, check->source, annotation->at, 0, "@db:Identity is for an int, and \"%s\" is of type \"%s\"", field->name,
                   field->type.name);
}

/* The check of an enum field is what its values become. */
static void check_enum_check(struct checker *check, const struct checked_field *field) {
    const struct ast_annotation *annotation = on_field(field->ast, "db:Check");

    if (!annotation || field->enumeration)
        return;
    diag_error(check->diag, check->source, annotation->at, 0,
               "@db:Check on a field names the check of an enum, and \"%s\" is of type \"%s\"", field->ast->name, field->ast->type.name);
    diag_hint(check->diag, "write @db:Check {value: \"…\"} before the entity");
}

static void check_field_annotations(struct checker *check, const struct ast_field *field) {
    check_default(check, field);
    check_identity(check, field);
    check_exclusion(check, field, "db:Computed", "db:Default");
    check_exclusion(check, field, "db:Computed", "sql:Generated");
    check_exclusion(check, field, "db:Computed", "db:Identity");
    check_exclusion(check, field, "db:Default", "sql:Generated");
    check_exclusion(check, field, "db:Default", "db:Identity");
    check_exclusion(check, field, "sql:Generated", "db:Identity");
}

/* Does NAME say a column of ENTITY? Derived foreign key columns count. */
static bool is_column(struct checker *check, const struct checked_entity *entity, const char *name) {
    const struct checked_field *field = check_field(check, entity, name);

    return (field && field->sort != FIELD_RELATION) || map_get(&entity->derived, name);
}

/* NAME is a column of ENTITY, or a relation that stands for its foreign key. */
static void check_column_name(struct checker *check, const struct checked_entity *entity, const char *name, struct span at) {
    const struct checked_field *field = check_field(check, entity, name);

    if (is_column(check, entity, name) || (field && field->relation->owner))
        return;
    if (!field) {
        check_unknown_field(check, entity, name, at);
        return;
    }
    diag_error(check->diag, check->source, at, 0, "relation \"%s\" has no column in entity \"%s\"", name, entity->ast->name);
    if (field->relation->inverse)
        diag_note(check->diag, check->source, field->relation->inverse->field->core_at, "its foreign key lies here");
}

void check_field_list(struct checker *check, const struct checked_entity *entity, const struct ast_value *list) {
    struct map seen = {0};

    for (size_t i = 0; list && list->kind == AST_LIST && i < list->count; i++) {
        const struct ast_value *item = list->items[i];

        if (item->kind != AST_STRING)
            continue;
        if (map_put(check->arena, &seen, item->text, item))
            diag_error(check->diag, check->source, item->at, 0, "\"%s\" is named twice", item->text);
        else
            check_column_name(check, entity, item->text, item->at);
    }
}

static const char *const directions[] = {"asc", "desc", NULL};
static const char *const nulls_places[] = {"first", "last", NULL};

/* What a key of an index may say; where CHOICES is NULL the text is free. */
static const struct part_argument {
    const char *name;
    const char *const *choices;
} part_arguments[] = {{"field", NULL},     {"expression", NULL},      {"opclass", NULL},
                      {"collation", NULL}, {"direction", directions}, {"nulls", nulls_places}};

static void check_part_text(struct checker *check, const struct part_argument *argument, const struct ast_value *item) {
    const char *const *choice = argument->choices;

    if (item->kind != AST_STRING) {
        diag_error(check->diag, check->source, item->at, 0, "\"%s\" of a key should be a string", item->key);
        return;
    }
    while (choice && *choice && strcmp(*choice, item->text) != 0)
        choice++;
    if (choice && !*choice)
        diag_error(check->diag, check->source, item->at, 0, "\"%s\" of a key is \"%s\" or \"%s\"", item->key, argument->choices[0],
                   argument->choices[1]);
}

static void check_part_argument(struct checker *check, const struct checked_entity *entity, const struct ast_value *item) {
    struct suggestion near = check_suggest(item->key);

    if (strcmp(item->key, "prefix") == 0) {
        if (item->kind != AST_INT || item->integer < 1 || item->integer > UINT32_MAX)
            diag_error(check->diag, check->source, item->at, 0, "\"prefix\" of a key is a number of characters");
        return;
    }
    for (size_t i = 0; i < sizeof part_arguments / sizeof *part_arguments; i++) {
        check_offer(&near, part_arguments[i].name);
        if (strcmp(item->key, part_arguments[i].name) != 0)
            continue;
        check_part_text(check, &part_arguments[i], item);
        if (i == 0 && item->kind == AST_STRING)
            check_column_name(check, entity, item->text, item->at);
        return;
    }
    diag_error(check->diag, check->source, item->key_at, 0, "a key of an index has no \"%s\"", item->key);
    check_hint_suggestion(check, &near);
}

static const struct ast_value *entry(const struct ast_value *mapping, const char *key) {
    for (size_t i = 0; i < mapping->count; i++)
        if (strcmp(mapping->items[i]->key, key) == 0)
            return mapping->items[i];
    return NULL;
}

static void check_part(struct checker *check, const struct checked_entity *entity, const struct ast_value *part) {
    if (part->kind == AST_STRING) {
        check_column_name(check, entity, part->text, part->at);
        return;
    }
    if (part->kind != AST_MAPPING) {
        diag_error(check->diag, check->source, part->at, 0, "a key of an index is a field, \"name\", or a mapping");
        return;
    }
    for (size_t i = 0; i < part->count; i++)
        check_part_argument(check, entity, part->items[i]);
    if (!entry(part, "field") == !entry(part, "expression"))
        diag_error(check->diag, check->source, part->at, 0, "a key of an index has either \"field\" or \"expression\"");
}

static void check_parts(struct checker *check, const struct checked_entity *entity, const struct ast_annotation *annotation) {
    const struct ast_value *keys = ast_argument(annotation, "keys");

    check_field_list(check, entity, ast_argument(annotation, "include"));
    if (!keys || keys->kind != AST_LIST)
        return;
    if (keys->count == 0)
        diag_error(check->diag, check->source, keys->at, 0, "@%s has no keys", annotation->name);
    for (size_t i = 0; i < keys->count; i++)
        check_part(check, entity, keys->items[i]);
}

/* @db:Key may give the key fields another order; which they are is said by "readonly". */
static void check_key(struct checker *check, const struct checked_entity *entity, const struct ast_annotation *annotation) {
    const struct ast_value *keys = ast_argument(annotation, "keys");
    size_t found = 0;

    check_field_list(check, entity, ast_argument(annotation, "include"));
    if (!keys || keys->kind != AST_LIST)
        return;
    check_field_list(check, entity, keys);
    for (size_t i = 0; i < keys->count; i++) {
        const struct ast_value *item = keys->items[i];
        const struct checked_field *field = item->kind == AST_STRING ? check_field(check, entity, item->text) : NULL;

        found += field && field->ast->readonly;
        if (!field || field->ast->readonly)
            continue;
        diag_error(check->diag, check->source, item->at, 0, "the key \"%s\" is not readonly", item->text);
        diag_note(check->diag, check->source, field->ast->core_at, "it is declared here");
    }
    if (found >= entity->key_count)
        return;
    diag_error(check->diag, check->source, keys->at, 0, "@db:Key names %zu of the %zu readonly fields", found, entity->key_count);
    diag_hint(check->diag, "name all of them, or leave \"keys\" out where the order is that of declaration");
}

void check_unknown_entity(struct checker *check, const struct ast_value *name) {
    struct suggestion near = check_suggest(name->text);

    diag_error(check->diag, check->source, name->at, 0, "there is no entity \"%s\"", name->text);
    for (size_t i = 0; !check->diag->truncated && i < check->tree->entities.count; i++)
        check_offer(&near, check->tree->entities.at[i].name);
    check_hint_suggestion(check, &near);
}

static void check_foreign_key(struct checker *check, const struct checked_entity *entity, const struct ast_annotation *annotation) {
    const struct ast_value *keys = ast_argument(annotation, "keys");
    const struct ast_value *to = ast_argument(annotation, "to");
    const struct ast_value *name = text_of(annotation, "entity");
    const struct checked_entity *target = name ? map_get(&check->entity_by_name, name->text) : NULL;
    size_t count;

    check_field_list(check, entity, keys);
    check_field_list(check, entity, ast_argument(annotation, "setColumns"));
    if (name && !target)
        check_unknown_entity(check, name);
    if (!target || !keys || keys->kind != AST_LIST)
        return;
    check_field_list(check, target, to);
    count = to ? to->count : target->key_count;
    if (keys->count == count)
        return;
    diag_error(check->diag, check->source, keys->at, 0, "a foreign key of %zu fields references %zu of \"%s\"", keys->count, count,
               target->ast->name);
    diag_note(check->diag, check->source, to ? to->at : target->ast->name_at, to ? "they are named here" : "its key is declared here");
}

/* Takes the name NAME for an index, or reports that it is taken. */
static void use_index_name(struct checker *check, struct map *names, const char *name, const struct index_use *use) {
    const struct index_use *other = map_get(names, name);
    struct index_use *kept;

    if (!other) {
        kept = ARENA_NEW(check->arena, struct index_use);
        *kept = *use;
        map_put(check->arena, names, name, kept);
        return;
    }
    if (other->entity == use->entity && strncmp(use->annotation, "sql:", 4) == 0 && strcmp(use->annotation, other->annotation) == 0)
        return;
    diag_error(check->diag, check->source, use->at, 0, "the index name \"%s\" is taken", name);
    diag_hint(check->diag, "give one of them another name");
    diag_note(check->diag, check->source, other->at, "the other one is here");
}

static void use_field_indexes(struct checker *check, struct map *names, const struct checked_entity *entity,
                              const struct ast_field *field) {
    static const char *const kinds[] = {"sql:Index", "sql:UniqueIndex"};
    static const char *const starts[] = {"idx_", "unique_idx_"};

    for (size_t i = 0; i < 2; i++) {
        const struct ast_annotation *annotation = on_field(field, kinds[i]);
        struct index_use use = {entity, kinds[i], annotation ? annotation->at : field->at};
        struct names given;

        if (!annotation)
            continue;
        given = check_strings(check, ast_argument(annotation, "name"));
        for (size_t j = 0; j < given.count; j++)
            if (*given.at[j])
                use_index_name(check, names, given.at[j], &use);
        if (!given.count)
            use_index_name(check, names, arena_printf(check->arena, "%s%s", starts[i], check_lower(check, field->name)), &use);
    }
}

static void use_index_names(struct checker *check, struct map *names, const struct checked_entity *entity) {
    const struct ast_metadata *metadata = &entity->ast->metadata;

    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i]->ast->metadata.annotation_count)
            use_field_indexes(check, names, entity, entity->fields[i]->ast);
    for (size_t i = 0; i < metadata->annotation_count; i++) {
        const struct ast_annotation *annotation = &metadata->annotations[i];
        const struct ast_value *name = text_of(annotation, "name");

        if (name && (strcmp(annotation->name, "db:Index") == 0 || strcmp(annotation->name, "db:Unique") == 0))
            use_index_name(check, names, name->text, &(struct index_use){entity, annotation->name, name->at});
    }
}

/* The map of index names that holds for ENTITY: its own on MySQL, else that of its schema. */
static struct map *index_names(struct checker *check, struct map *schemas, const struct checked_entity *entity) {
    if (check_for(check, "postgresql") || check_for(check, "sqlite"))
        return check_schema(check, schemas, entity);
    return ARENA_NEW(check->arena, struct map);
}

static void check_entity_annotations(struct checker *check, const struct checked_entity *entity) {
    const struct ast_metadata *metadata = &entity->ast->metadata;

    for (size_t i = 0; i < metadata->annotation_count; i++) {
        const struct ast_annotation *annotation = &metadata->annotations[i];

        if (strcmp(annotation->name, "db:Key") == 0)
            check_key(check, entity, annotation);
        else if (strcmp(annotation->name, "db:Unique") == 0 || strcmp(annotation->name, "db:Index") == 0)
            check_parts(check, entity, annotation);
        else if (strcmp(annotation->name, "db:ForeignKey") == 0)
            check_foreign_key(check, entity, annotation);
    }
}

/* @db:Was names what something was called before: no name that something else (PRESENT, or NULL) has now, unless that was called otherwise
 * too, and no two things the same one. */
static void check_was(struct checker *check, const struct ast_metadata *metadata, const struct ast_metadata *present, struct map *before) {
    const struct ast_annotation *annotation = ast_annotation_find(metadata, "db:Was");
    const struct ast_value *name = text_of(annotation, "name");
    const struct ast_annotation *other;

    if (!name)
        return;
    if (present && !ast_annotation_find(present, "db:Was")) {
        diag_error(check->diag, check->source, name->at, 0, "@db:Was names \"%s\", which still exists", name->text);
        diag_hint(check->diag, "leave it out: a name that is in use was not given up");
    }
    other = map_put(check->arena, before, name->text, annotation);
    if (!other)
        return;
    diag_error(check->diag, check->source, name->at, 0, "two things cannot both have been \"%s\"", name->text);
    diag_note(check->diag, check->source, other->at, "the other one is here");
}

/* The name that a @db:Was of METADATA says, or "". */
static const char *was_name(const struct ast_metadata *metadata) {
    const struct ast_value *name = text_of(ast_annotation_find(metadata, "db:Was"), "name");

    return name ? name->text : "";
}

static void check_fields_were(struct checker *check, const struct checked_entity *entity) {
    struct map before = {0};

    for (size_t i = 0; i < entity->field_count; i++) {
        const struct ast_metadata *metadata = &entity->fields[i]->ast->metadata;
        const struct checked_field *other;

        if (!entity->fields[i]->db)
            continue;
        other = check_field(check, entity, was_name(metadata));
        check_was(check, metadata, other ? &other->ast->metadata : NULL, &before);
    }
}

static void check_enum_was(struct checker *check, const struct ast_enum *enumeration) {
    struct map names = {0};
    struct map before = {0};

    for (size_t i = 0; i < enumeration->members.count; i++)
        map_put(check->arena, &names, enumeration->members.at[i].name, &enumeration->members.at[i].metadata);
    for (size_t i = 0; i < enumeration->members.count; i++) {
        const struct ast_metadata *metadata = &enumeration->members.at[i].metadata;

        if (metadata->annotation_count)
            check_was(check, metadata, map_get(&names, was_name(metadata)), &before);
    }
}

static void check_objects_were(struct checker *check) {
    struct map names = {0};
    struct map before = {0};

    for (size_t i = 0; i < check->tree->objects.count; i++)
        map_put(check->arena, &names, check->tree->objects.at[i].name, &check->tree->objects.at[i].metadata);
    for (size_t i = 0; i < check->tree->objects.count; i++) {
        const struct ast_metadata *metadata = &check->tree->objects.at[i].metadata;

        check_was(check, metadata, map_get(&names, was_name(metadata)), &before);
    }
}

static void check_renames(struct checker *check) {
    struct map entities = {0};
    struct map enums = {0};

    for (size_t i = 0; i < check->tree->entities.count; i++) {
        const struct ast_metadata *metadata = &check->tree->entities.at[i].metadata;
        const struct checked_entity *other = map_get(&check->entity_by_name, was_name(metadata));

        check_was(check, metadata, other ? &other->ast->metadata : NULL, &entities);
        check_fields_were(check, &check->entities[i]);
    }
    for (size_t i = 0; i < check->tree->enums.count; i++) {
        const struct ast_enum *enumeration = &check->tree->enums.at[i];
        const struct ast_enum *other = map_get(&check->enum_by_name, was_name(&enumeration->metadata));

        check_was(check, &enumeration->metadata, other ? &other->metadata : NULL, &enums);
        check_enum_was(check, enumeration);
    }
    check_objects_were(check);
}

/* The bytes that FIELD takes in an index of MySQL's: four for each character. */
static int64_t index_bytes(const struct ast_field *field) {
    const struct ast_annotation *annotation = on_field(field, "sql:Varchar");
    const struct ast_value *length;

    if (strcmp(field->type.name, "string") != 0 || on_field(field, "db:Type") || on_field(field, "db:Charset"))
        return 8;
    annotation = annotation ? annotation : on_field(field, "sql:Char");
    length = annotation ? ast_argument(annotation, "length") : NULL;
    return 4 * (length && length->kind == AST_INT ? length->integer : 191);
}

/* MySQL's InnoDB has no index over more than 3072 bytes; a table of another character set may still fit, so it is a warning. */
static void check_key_length(struct checker *check, const struct checked_entity *entity) {
    int64_t bytes = 0;

    for (size_t i = 0; i < entity->key_count; i++)
        bytes += index_bytes(entity->keys[i]->ast);
    if (bytes <= 3072 || !check_for(check, "mysql"))
        return;
    diag_warning(check->diag, check->source, entity->ast->name_at, 0, "the key of \"%s\" takes %lld bytes, and MySQL indexes 3072 at most",
                 entity->ast->name, (long long)bytes);
    diag_hint(check->diag, "make the key fields shorter with @sql:Varchar {length: …}");
}

void check_part2(struct checker *check) {
    struct map schemas = {0};

    for (size_t i = 0; i < check->tree->entities.count; i++) {
        const struct checked_entity *entity = &check->entities[i];

        if (entity->redeclared)
            continue;
        for (size_t j = 0; j < entity->field_count; j++)
            if (entity->fields[j]->db) {
                check_field_annotations(check, entity->fields[j]->ast);
                check_enum_check(check, entity->fields[j]);
            }
        check_entity_annotations(check, entity);
        use_index_names(check, index_names(check, &schemas, entity), entity);
        check_key_length(check, entity);
    }
    check_renames(check);
    check_inheritance(check);
}
