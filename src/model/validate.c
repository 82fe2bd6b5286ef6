#include <stdlib.h>
#include <string.h>

#include "utf8.h"
#include "validate_internal.h"

bool check_for(const struct checker *check, const char *name) {
    return check->options->datastore && strcmp(check->options->datastore, name) == 0;
}

bool check_may_be(const struct checker *check, const char *name) {
    return check_for(check, "any") || check_for(check, name);
}

void check_report(struct checker *check, struct span at, int code, const char *theirs, const char *ours) {
    diag_error(check->diag, check->source, at, code, "%s", check->strict ? theirs : ours);
}

struct span check_place(const struct checker *check, const struct ast_field *field) {
    return check->strict ? field->at : field->core_at;
}

const char *check_lower(struct checker *check, const char *name) {
    const char *upper = name;
    char *lower;

    while (*upper && (*upper < 'A' || *upper > 'Z'))
        upper++;
    if (!*upper)
        return name;
    lower = arena_strdup(check->arena, name);
    for (char *c = lower; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return lower;
}

struct checked_field *check_field(struct checker *check, const struct checked_entity *entity, const char *name) {
    struct checked_field *field = map_get(&entity->by_name, check_lower(check, name));

    return field && strcmp(field->ast->name, name) == 0 ? field : NULL;
}

struct suggestion check_suggest(const char *word) {
    size_t length = strlen(word);

    return (struct suggestion){.word = word, .distance = length < 2 ? 1 : length < 4 ? 2 : length < 8 ? 3 : 4};
}

void check_offer(struct suggestion *suggestion, const char *candidate) {
    size_t distance = utf8_distance(suggestion->word, candidate, suggestion->distance - 1);

    if (distance >= suggestion->distance)
        return;
    suggestion->best = candidate;
    suggestion->distance = distance ? distance : 1;
}

void check_hint_suggestion(struct checker *check, const struct suggestion *suggestion) {
    if (suggestion->best)
        diag_hint(check->diag, "did you mean \"%s\"?", suggestion->best);
}

struct map *check_schema(struct checker *check, struct map *schemas, const struct checked_entity *entity) {
    const struct ast_annotation *annotation = entity ? ast_annotation_find(&entity->ast->metadata, "sql:Schema") : NULL;
    const struct ast_value *value = annotation ? ast_argument(annotation, "value") : NULL;
    const char *name = value && value->kind == AST_STRING ? value->text : "";
    struct map *map = map_get(schemas, name);

    if (!map) {
        map = ARENA_NEW(check->arena, struct map);
        map_put(check->arena, schemas, name, map);
    }
    return map;
}

struct names check_strings(struct checker *check, const struct ast_value *value) {
    struct names names = {NULL, 0};

    if (!value)
        return names;
    names.at = ARENA_ARRAY(check->arena, const char *, value->count + 1);
    if (value->kind == AST_STRING)
        names.at[names.count++] = value->text;
    for (size_t i = 0; value->kind == AST_LIST && i < value->count; i++)
        if (value->items[i]->kind == AST_STRING)
            names.at[names.count++] = value->items[i]->text;
    return names;
}

void check_unknown_field(struct checker *check, const struct checked_entity *entity, const char *name, struct span at) {
    struct suggestion near = check_suggest(name);

    diag_error(check->diag, check->source, at, 0, "entity \"%s\" has no field \"%s\"", entity->ast->name, name);
    if (check->diag->truncated)
        return;
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i]->sort == FIELD_PLAIN)
            check_offer(&near, entity->fields[i]->ast->name);
    check_hint_suggestion(check, &near);
    diag_note(check->diag, check->source, entity->ast->name_at, "the entity is declared here");
}

/* Modules whose names appear as prefixes. */
static const struct {
    const char *prefix;
    const char *module;
} modules[] = {{"time", "ballerina/time"}, {"sql", "ballerinax/persist.sql"}, {"constraint", "ballerina/constraint"}, {"db", "persist/db"}};

enum { MODULE_COUNT = sizeof modules / sizeof *modules };

void check_prefix(struct checker *check, const char *name, struct span at) {
    size_t length = strcspn(name, ":");
    const struct ast_import *import;
    const char *prefix;

    if (check->last_prefix && strncmp(check->last_prefix, name, length) == 0 && !check->last_prefix[length])
        return;
    prefix = arena_strndup(check->arena, name, length);
    import = map_get(&check->prefixes, prefix);
    check->last_prefix = import ? prefix : NULL;
    if (import || map_put(check->arena, &check->missing_prefixes, prefix, prefix))
        return;
    diag_error(check->diag, check->source, at, 0, "nothing is imported as \"%s\"", prefix);
    for (size_t i = 0; i < MODULE_COUNT; i++)
        if (strcmp(modules[i].prefix, prefix) == 0)
            diag_hint(check->diag, "add \"import %s;\" at the top of the file", modules[i].module);
}

static void check_import(struct checker *check, const struct ast_import *import) {
    const struct ast_import *other;

    if (import->prefix_written && strcmp(import->prefix, "_") != 0) {
        check_report(check, import->prefix_at, 102, "persist model definition does not support import prefix",
                     arena_printf(check->arena, "module \"%s\" cannot be imported as \"%s\"", import->module, import->prefix));
        diag_hint(check->diag, strcmp(import->module, "ballerina/persist") == 0 ? "write \"as _\"" : "leave \"as …\" out");
    }
    if (strcmp(import->prefix, "_") == 0)
        return;
    other = map_put(check->arena, &check->prefixes, import->prefix, import);
    if (!other)
        return;
    diag_error(check->diag, check->source, import->at, 0, "the prefix \"%s\" is taken", import->prefix);
    diag_note(check->diag, check->source, other->at, "it stands for \"%s\"", other->module);
}

static void check_imports(struct checker *check) {
    bool persist = false;

    for (size_t i = 0; i < check->tree->imports.count; i++) {
        check_import(check, &check->tree->imports.at[i]);
        persist = persist || strcmp(check->tree->imports.at[i].module, "ballerina/persist") == 0;
    }
    if (persist)
        return;
    diag_error(check->diag, check->source, (struct span){0, 0}, 0, "\"import ballerina/persist as _;\" is missing");
    diag_hint(check->diag, "write it as the first line: it is what makes the file a model");
}

/* Reports the members of ENUMERATION that have a name or a value twice. */
static void check_members(struct checker *check, const struct ast_enum *enumeration) {
    struct map names = {0};
    struct map values = {0};

    for (size_t i = 0; i < enumeration->members.count; i++) {
        const struct ast_enum_member *member = &enumeration->members.at[i];
        const struct ast_enum_member *other = map_put(check->arena, &names, member->name, member);
        const char *value = member->value ? member->value : member->name;

        if (other) {
            diag_error(check->diag, check->source, member->name_at, 0, "enum \"%s\" has two members \"%s\"", enumeration->name,
                       member->name);
        } else {
            other = map_put(check->arena, &values, value, member);
            if (!other || check->strict)
                continue;
            diag_error(check->diag, check->source, member->at, 0, "enum \"%s\" has the value \"%s\" twice", enumeration->name, value);
        }
        diag_note(check->diag, check->source, other->at, "the first one is here");
    }
}

/* Entities and enums share one space of names. Ballerina minds the case of an enum's name, databases may not. */
static void check_enum_name(struct checker *check, struct map *names, const struct ast_enum *enumeration) {
    const char *key = check->strict ? enumeration->name : check_lower(check, enumeration->name);
    const struct span *other = map_put(check->arena, names, key, &enumeration->name_at);

    if (!other) {
        map_put(check->arena, &check->enum_by_name, enumeration->name, enumeration);
        return;
    }
    diag_error(check->diag, check->source, enumeration->name_at, 0, "the name \"%s\" is taken", enumeration->name);
    diag_note(check->diag, check->source, *other, "it is declared here");
}

static void check_enums(struct checker *check) {
    struct map names = {0};

    for (size_t i = 0; i < check->tree->entities.count; i++) {
        const struct ast_entity *entity = &check->tree->entities.at[i];

        map_put(check->arena, &names, check->strict ? entity->name : check_lower(check, entity->name), &entity->name_at);
    }
    for (size_t i = 0; i < check->tree->enums.count; i++) {
        const struct ast_enum *enumeration = &check->tree->enums.at[i];

        check_enum_name(check, &names, enumeration);
        check_members(check, enumeration);
        if (enumeration->members.count || ast_annotation_find(&enumeration->metadata, "db:Enum"))
            continue; /* PostgreSQL has types without a value */
        diag_error(check->diag, check->source, enumeration->name_at, 0, "enum \"%s\" has no member", enumeration->name);
        diag_hint(check->diag, "name its values, one for each: enum %s { FIRST, SECOND }", enumeration->name);
    }
}

static const struct store_rules stores[] = {
    {.name = "mysql", .bytes = true, .nillable = true, .nillable_time = true},
    {.name = "inmemory", .anything = true, .bytes = true, .nillable = true, .nillable_time = true},
    {.name = "googlesheets", .nillable_time = true},
    {.name = "redis", .optional_field = true},
};

/* The rules of NAME; those of MySQL hold for all SQL databases. */
static const struct store_rules *find_store(const char *name) {
    for (size_t i = 1; name && i < sizeof stores / sizeof *stores; i++)
        if (strcmp(stores[i].name, name) == 0)
            return &stores[i];
    return &stores[0];
}

void ast_validate(struct arena *arena, const struct ast *tree, const struct model_options *options, struct diag *diag) {
    struct checker check = {.arena = arena,
                            .tree = tree,
                            .source = tree->source,
                            .options = options,
                            .diag = diag,
                            .strict = options->strict,
                            .store = find_store(options->strict ? options->datastore : NULL)};

    if (options->trusted)
        return;
    check_imports(&check);
    check_enums(&check);
    check_records(&check);
    check_relations(&check);
    check_relation_annotations(&check);
    check_annotations(&check);
    check_sql(&check);
    if (check.strict)
        return;
    check_part2(&check);
    check_objects(&check);
}
