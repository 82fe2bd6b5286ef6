#include <string.h>

#include "utf8.h"
#include "validate_internal.h"

/* Types of Ballerina that are one word; the first ones are columns. */
static const char *const words[] = {"int", "boolean", "float", "decimal", "string", "byte"};
static const char *const times[] = {"Date", "TimeOfDay", "Utc", "Civil"};

enum { WORD_COUNT = sizeof words / sizeof *words, SIMPLE_COUNT = WORD_COUNT - 1, TIME_COUNT = sizeof times / sizeof *times };

static bool is_one_of(const char *name, const char *const *list, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(name, list[i]) == 0)
            return true;
    return false;
}

static void check_others(struct checker *check) {
    for (size_t i = 0; i < check->tree->others.count; i++) {
        check_report(check, check->tree->others.at[i].at, 101, "persist model definition only supports record and enum definitions",
                     "a model holds records, enums and objects only");
        if (!check->strict)
            diag_hint(check->diag, "an entity is written: type Name record {| readonly int id; |};");
    }
    for (size_t i = 0; check->strict && i < check->tree->objects.count; i++)
        diag_error(check->diag, check->source, check->tree->objects.at[i].at, 101,
                   "persist model definition only supports record and enum definitions");
}

static const char *about_case(const char *a, const char *b) {
    return strcmp(a, b) == 0 ? "" : "; case makes no difference";
}

/* Takes the entity ENTITY into the maps, or reports that its name is taken. */
static void declare_entity(struct checker *check, struct map *lower_names, struct checked_entity *entity) {
    const struct ast_entity *ast = entity->ast;
    const struct ast_entity *other = map_put(check->arena, lower_names, check_lower(check, ast->name), ast);

    if (!other) {
        map_put(check->arena, &check->entity_by_name, ast->name, entity);
        return;
    }
    entity->redeclared = true;
    check_report(check, ast->name_at, 202, arena_printf(check->arena, "redeclared entity '%s'", ast->name),
                 arena_printf(check->arena, "entity \"%s\" is declared twice", ast->name));
    diag_note(check->diag, check->source, other->name_at, "\"%s\" is declared here%s", other->name, about_case(ast->name, other->name));
}

static void check_record(struct checker *check, const struct ast_entity *entity) {
    if (entity->open) {
        check_report(check, entity->record_at, 201, "an entity should be a closed record",
                     arena_printf(check->arena, "entity \"%s\" is an open record", entity->name));
        diag_hint(check->diag, "write {| … |} instead of { … }");
    }
    for (size_t i = 0; i < entity->odd_members.count; i++) {
        const struct ast_odd_member *member = &entity->odd_members.at[i];

        switch (member->kind) {
        case AST_REST_FIELD:
            check_report(check, member->at, 301, "an entity does not support rest descriptor field", "an entity cannot have a rest field");
            break;
        case AST_INCLUSION:
            check_report(check, member->at, 303, "an entity does not support inherited field", "an entity cannot include another type");
            diag_hint(check->diag, "declare its fields here");
            break;
        }
    }
}

static void check_optional(struct checker *check, const struct ast_field *field) {
    if (check->store->optional_field) {
        if (field->readonly)
            check_report(check, check_place(check, field), 309, "an entity does not support optional readonly field", "");
        return;
    }
    check_report(check, check_place(check, field), 304, "an entity does not support optional field",
                 arena_printf(check->arena, "field \"%s\" is optional", field->name));
    if (!check->strict)
        diag_hint(check->diag, "a column that may be null is written: %s? %s;", field->type.name, field->name);
}

/* Does FIELD count as one of ENTITY? Reports a default value and a name that is taken. */
static bool declare_field(struct checker *check, struct checked_entity *entity, struct checked_field *field) {
    const struct ast_field *ast = field->ast;
    const struct checked_field *other;

    if (ast->has_default) {
        check_report(check, check_place(check, ast), 302, "an entity does not support defaultable field",
                     arena_printf(check->arena, "field \"%s\" has a default value", ast->name));
        if (!check->strict)
            diag_hint(check->diag, "the database's default is written: @db:Default {value: \"…\"}");
        return false;
    }
    other = map_put(check->arena, &entity->by_name, check_lower(check, ast->name), field);
    if (!other)
        return true;
    check_report(check, ast->name_at, 307, arena_printf(check->arena, "redeclared field '%s'", ast->name),
                 arena_printf(check->arena, "field \"%s\" is declared twice", ast->name));
    diag_note(check->diag, check->source, other->ast->name_at, "\"%s\" is declared here%s", other->ast->name,
              about_case(ast->name, other->ast->name));
    return false;
}

static const char *enum_or_name(const struct checked_field *field) {
    return field->enumeration ? "enum" : field->ast->type.name;
}

static void report_nillable(struct checker *check, const struct ast_field *field) {
    check_report(check, field->type.at, 308, "an entity does not support nillable field", "");
}

/* The nearest of all type names to what stands in TYPE. */
static void suggest_type(struct checker *check, const struct ast_type *type) {
    struct suggestion near = check_suggest(type->name);

    if (check->diag->truncated)
        return;
    for (size_t i = 0; i < WORD_COUNT; i++)
        check_offer(&near, words[i]);
    for (size_t i = 0; i < TIME_COUNT; i++)
        check_offer(&near, arena_printf(check->arena, "time:%s", times[i]));
    for (size_t i = 0; i < check->tree->enums.count; i++)
        check_offer(&near, check->tree->enums.at[i].name);
    for (size_t i = 0; i < check->tree->entities.count; i++)
        check_offer(&near, check->tree->entities.at[i].name);
    if (!near.best && type->prefix && strcmp(type->prefix, "time") == 0)
        diag_hint(check->diag, "its types are Date, TimeOfDay, Utc and Civil");
    else
        check_hint_suggestion(check, &near);
}

static void report_type(struct checker *check, const struct checked_field *field) {
    const struct ast_type *type = &field->ast->type;

    if (type->array)
        check_report(check, type->at, 306,
                     arena_printf(check->arena, "an entity does not support %s array field type", enum_or_name(field)),
                     arena_printf(check->arena, "an array of \"%s\" is no column type", type->name));
    else
        check_report(check, type->at, 305, arena_printf(check->arena, "an entity does not support %s-typed field", type->name),
                     arena_printf(check->arena,
                                  type->kind == AST_TYPE_UNSUPPORTED ? "a column cannot be of the type \"%s\"" : "there is no type \"%s\"",
                                  type->name));
    if (check->strict)
        return;
    if (type->array)
        diag_hint(check->diag,
                  "byte[] is the only array; a list is a table of its own with a relation, or @db:Type for a database's array");
    else if (strcmp(type->name, "byte") == 0)
        diag_hint(check->diag, "bytes are written: byte[]");
    else if (type->kind == AST_TYPE_UNSUPPORTED || strcmp(type->name, "json") == 0 || strcmp(type->name, "xml") == 0)
        diag_hint(check->diag, "write the nearest type, with the database's own in @db:Type {value: \"…\"}");
    else
        suggest_type(check, type);
}

/* A type of another module: of those only time's are columns. That a wrong one is still valid as a key's type, so that 503 is reported
 * too, is how Ballerina has it. */
static bool check_imported_type(struct checker *check, const struct checked_field *field) {
    const struct ast_type *type = &field->ast->type;
    bool known = check->store->anything || (strcmp(type->prefix, "time") == 0 && is_one_of(type->local, times, TIME_COUNT));

    check_prefix(check, type->name, type->name_at);
    if (type->nilable && !check->store->nillable_time)
        report_nillable(check, field->ast);
    if (!known || (type->array && !check->store->anything))
        report_type(check, field);
    return check->strict || (known && !type->array);
}

static bool check_simple_type(struct checker *check, const struct checked_field *field) {
    const struct ast_type *type = &field->ast->type;
    bool simple = field->enumeration || is_one_of(type->name, words, SIMPLE_COUNT);
    bool right = type->array ? check->store->bytes && strcmp(type->name, "byte") == 0 : simple;
    bool nillable = !type->nilable || check->store->nillable;

    right = right || check->store->anything;
    if (!nillable)
        report_nillable(check, field->ast);
    if (!right)
        report_type(check, field);
    return right && nillable;
}

static void check_type(struct checker *check, struct checked_field *field) {
    const struct ast_type *type = &field->ast->type;

    field->sort = FIELD_PLAIN;
    if (type->kind == AST_TYPE_UNSUPPORTED) {
        field->sort = FIELD_OTHER;
        if (!check->store->anything)
            report_type(check, field);
    } else if (type->prefix) {
        field->valid = check_imported_type(check, field);
    } else if (type->builtin) {
        field->valid = check_simple_type(check, field);
    } else if (map_get(&check->entity_by_name, type->name)) {
        field->sort = FIELD_RELATION;
        field->valid = true;
    } else {
        field->enumeration = map_get(&check->enum_by_name, type->name);
        field->valid = check_simple_type(check, field);
    }
    if (!field->valid && !check->strict)
        field->sort = FIELD_OTHER;
}

static bool has_db(const struct ast_metadata *metadata) {
    for (size_t i = 0; i < metadata->annotation_count; i++)
        if (strncmp(metadata->annotations[i].name, "db:", 3) == 0)
            return true;
    return false;
}

static void add_fields(struct checker *check, struct checked_entity *entity) {
    size_t count = entity->ast->fields.count;

    entity->all = ARENA_ARRAY(check->arena, struct checked_field, count);
    entity->fields = ARENA_ARRAY(check->arena, struct checked_field *, count);
    entity->keys = ARENA_ARRAY(check->arena, struct checked_field *, count);
    for (size_t i = 0; i < count; i++) {
        struct checked_field *field = &entity->all[i];

        field->ast = &entity->ast->fields.at[i];
        if (!declare_field(check, entity, field))
            continue;
        entity->fields[entity->field_count++] = field;
        if (field->ast->optional)
            check_optional(check, field->ast);
        check_type(check, field);
        field->db = has_db(&field->ast->metadata);
        if (field->ast->readonly)
            entity->keys[entity->key_count++] = field;
    }
}

/* A type that is a key in a few databases only, or in a way that surprises. */
static void check_key_type(struct checker *check, const struct ast_type *type) {
    if (strcmp(type->name, "float") != 0 && strcmp(type->name, "decimal") != 0)
        return;
    diag_warning(check->diag, check->source, type->at, 0, "a \"%s\" as a key is compared digit by digit", type->name);
    diag_hint(check->diag, "use an int or a string as the key");
}

static void check_key(struct checker *check, const struct checked_field *field) {
    const struct ast_type *type = &field->ast->type;
    bool simple = is_one_of(type->name, words, SIMPLE_COUNT);

    if (!field->valid)
        return;
    if (check->strict ? !simple : field->sort == FIELD_RELATION) {
        check_report(check, type->at, 503,
                     arena_printf(check->arena,
                                  "only 'int', 'string', 'float', 'boolean', 'decimal' types are supported as identity fields, found '%s'",
                                  type->name),
                     arena_printf(check->arena, "the relation \"%s\" cannot be a key", field->ast->name));
        if (!check->strict)
            diag_hint(check->diag, "declare the key field, and name it at the relation: @sql:Relation {keys: [\"…\"]}");
        return;
    }
    if (type->nilable && (check->strict || !check_may_be(check, "sqlite"))) {
        check_report(check, type->at, 502, "an identity field cannot be nillable",
                     arena_printf(check->arena, "the key \"%s\" cannot be null", field->ast->name));
        if (!check->strict)
            diag_hint(check->diag, "leave the \"?\" out");
    }
    if (!check->strict)
        check_key_type(check, type);
}

static void check_keys(struct checker *check, const struct checked_entity *entity) {
    const struct ast_annotation *none = ast_annotation_find(&entity->ast->metadata, "db:NoKey");

    for (size_t i = 0; i < entity->key_count; i++)
        check_key(check, entity->keys[i]);
    if (!entity->key_count && (check->strict || !none)) {
        check_report(check, entity->ast->name_at, 501,
                     arena_printf(check->arena, "'%s' entity must have at least one identity readonly field", entity->ast->name),
                     arena_printf(check->arena, "entity \"%s\" has no key", entity->ast->name));
        if (!check->strict)
            diag_hint(check->diag, "write \"readonly\" before the field that identifies a row, or @db:NoKey before the entity");
    }
    if (entity->key_count && none && !check->strict) {
        diag_error(check->diag, check->source, none->at, 0, "entity \"%s\" has a key", entity->ast->name);
        diag_note(check->diag, check->source, entity->keys[0]->ast->name_at, "this field is readonly");
    }
}

void check_records(struct checker *check) {
    size_t count = check->tree->entities.count;
    struct map lower_names = {0};

    check_others(check);
    check->entities = ARENA_ARRAY(check->arena, struct checked_entity, count);
    for (size_t i = 0; i < count; i++) {
        check->entities[i].ast = &check->tree->entities.at[i];
        declare_entity(check, &lower_names, &check->entities[i]);
    }
    for (size_t i = 0; i < count; i++) {
        if (check->entities[i].redeclared)
            continue;
        check_record(check, check->entities[i].ast);
        add_fields(check, &check->entities[i]);
        check_keys(check, &check->entities[i]);
    }
}
