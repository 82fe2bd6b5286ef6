/* The normal form is the declared one with a type for each column and a name for each object. */
#include "diff_fixture.h"

#include <string.h>

#include "model.h"

/* "A int b" stands for a whole record: entities are written short, the language is long. Each line of TEXT is an item. */
static struct schema *read_model(struct fixture *fixture, const char *text) {
    const char *whole = arena_printf(&fixture->arena,
                                     "import ballerina/persist as _;\nimport ballerina/time;\nimport ballerinax/persist.sql;\n"
                                     "import persist/db;\n%s",
                                     text);
    struct source *source = source_new(&fixture->arena, "model.bal", whole, strlen(whole), &fixture->diag);
    struct model_options options = {.datastore = "postgresql", .comments = true};
    struct schema *schema = model_read(&fixture->arena, source, &options, &fixture->diag);

    if (!schema)
        diag_print(&fixture->diag, stderr, false);
    assert_non_null(schema);
    return schema;
}

static const char *type_text(struct arena *arena, const struct schema *schema, const struct field *field) {
    const struct enumeration *values = field->enum_name ? schema_enum(schema, field->enum_name) : NULL;

    if (field->native_type)
        return field->native_type;
    if (values && values->type_name)
        return values->type_name;
    if (field->type == TYPE_STRING || field->type == TYPE_ENUM)
        return arena_printf(arena, "VARCHAR(%u)", field->length ? (unsigned)field->length : 191U);
    return field_type_name((enum field_type)field->type);
}

static const char *joined(struct arena *arena, const char *prefix, const struct entity *entity, const struct names *fields) {
    const char *name = arena_printf(arena, "%s_%s", prefix, entity->table);

    for (size_t i = 0; i < fields->count; i++)
        name = arena_printf(arena, "%s_%s", name, entity_column(entity, fields->at[i]));
    return name;
}

static void add_enum_checks(struct fixture *fixture, const struct schema *schema, struct entity *entity) {
    struct check *checks = ARENA_ARRAY(&fixture->arena, struct check, entity->check_count + entity->field_count);

    for (size_t i = 0; i < entity->check_count; i++)
        checks[i] = entity->checks[i];
    entity->checks = checks;
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];
        const struct enumeration *values = field->enum_name ? schema_enum(schema, field->enum_name) : NULL;
        const char *text = arena_printf(&fixture->arena, "%s IN (", field->column);

        if (!values || values->type_name)
            continue;
        for (size_t k = 0; k < values->member_count; k++)
            text = arena_printf(&fixture->arena, "%s%s'%s'", text, k ? ", " : "", values->members[k].value);
        checks[entity->check_count++] = (struct check){.name = arena_printf(&fixture->arena, "ck_%s_%s", entity->table, field->column),
                                                       .value = arena_printf(&fixture->arena, "%s)", text),
                                                       .derived = true,
                                                       .field = field->name};
    }
}

static void normalize_entity(struct fixture *fixture, const struct schema *schema, struct entity *entity) {
    struct arena *arena = &fixture->arena;

    for (size_t i = 0; i < entity->field_count; i++) {
        entity->fields[i].native_type = type_text(arena, schema, &entity->fields[i]);
        if (entity->fields[i].default_literal)
            entity->fields[i].default_sql = arena_printf(arena, "'%s'", entity->fields[i].default_literal);
    }
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        if (!entity->foreign_keys[i].name)
            entity->foreign_keys[i].name = joined(arena, "fk", entity, &entity->foreign_keys[i].fields);
    for (size_t i = 0; i < entity->index_count; i++) {
        struct names fields = {.at = ARENA_ARRAY(arena, const char *, entity->indexes[i].part_count)};

        for (size_t k = 0; k < entity->indexes[i].part_count && entity->indexes[i].parts[k].field; k++)
            fields.at[fields.count++] = entity->indexes[i].parts[k].field;
        if (!entity->indexes[i].name)
            entity->indexes[i].name = joined(arena, entity->indexes[i].unique ? "uq" : "ix", entity, &fields);
    }
    add_enum_checks(fixture, schema, entity);
    entity->key.name = arena_printf(arena, "pk_%s", entity->table);
}

static struct schema *normalize(struct fixture *fixture, const struct schema *schema) {
    struct schema *normal = ARENA_NEW(&fixture->arena, struct schema);

    *normal = (struct schema){.source = schema->source,
                              .enums = schema->enums,
                              .enum_count = schema->enum_count,
                              .objects = schema->objects,
                              .object_count = schema->object_count};
    normal->entities = ARENA_ARRAY(&fixture->arena, struct entity *, schema->entity_count);
    normal->entity_count = schema->entity_count;
    for (size_t i = 0; i < schema->entity_count; i++) {
        normal->entities[i] = entity_copy(&fixture->arena, schema->entities[i]);
        normalize_entity(fixture, schema, normal->entities[i]);
    }
    schema_index(&fixture->arena, normal);
    return normal;
}

static struct names split(struct arena *arena, const char *text) {
    struct names names = {.at = ARENA_ARRAY(arena, const char *, text ? strlen(text) + 1 : 1)};

    while (text && *text) {
        size_t length = strcspn(text, " ");

        names.at[names.count++] = arena_strndup(arena, text, length);
        text += length + (text[length] == ' ');
    }
    return names;
}

int fixture_open(struct fixture *fixture, const struct diff_row *row) {
    struct rename_answers answers = {0};

    *fixture = (struct fixture){0};
    fixture->diag.arena = &fixture->arena;
    fixture->from = read_model(fixture, row->was);
    fixture->to = read_model(fixture, row->model);
    answers.renames = split(&fixture->arena, row->rename);
    answers.drops = split(&fixture->arena, row->drop);
    return renames_find(&fixture->arena, fixture->from, fixture->to, &answers, &fixture->renames, &fixture->diag);
}

/* The first words are the same: a view's columns, a function's result. */
static bool same_head(const struct object *from, const struct object *to) {
    size_t length = strcspn(from->definition, " ");

    return strncmp(from->definition, to->definition, length + 1) == 0;
}

static bool always(const struct object *from, const struct object *to) {
    return from && to;
}

static const struct object_kind object_kinds[] = {{"function", 1, false, false, same_head}, {"sequence", 2, false, false, always},
                                                  {"partition", 3, true, false, NULL},      {"view", 4, false, false, same_head},
                                                  {"index", 5, false, false, NULL},         {"trigger", 6, false, false, NULL}};

struct plan *fixture_plan(struct fixture *fixture, const struct diff_row *row) {
    static const struct diff_rules rules = {.object_kinds = object_kinds,
                                            .object_kind_count = sizeof object_kinds / sizeof *object_kinds,
                                            .objects_around = AROUND_RETYPED | AROUND_DROPPED,
                                            .column_order = true,
                                            .named_checks = true,
                                            .comments = true,
                                            .recreate_computed = true};
    struct plan_request *request = ARENA_NEW(&fixture->arena, struct plan_request);
    struct backfill *backfill = ARENA_NEW(&fixture->arena, struct backfill);

    request->from = normalize(fixture, fixture->from);
    request->to = normalize(fixture, fixture->to);
    request->renames = &fixture->renames;
    request->rules = &rules;
    if (row->backfill) {
        const char *dot = strchr(row->backfill, '.');

        *backfill = (struct backfill){
            .entity = arena_strndup(&fixture->arena, row->backfill, (size_t)(dot - row->backfill)), .field = dot + 1, .expression = "'x'"};
        request->backfills = backfill;
        request->backfill_count = 1;
    }
    return plan_make(&fixture->arena, request);
}

void assert_text(const char *text, const char *expected) {
    if (strcmp(text, expected) != 0)
        print_message("got:\n%s", text);
    assert_string_equal(text, expected);
}
