#include <stdint.h>
#include <string.h>

#include "validate_internal.h"

static const char *kind_name(enum ir_kind kind) {
    switch (kind) {
    case IR_ENTITY:
        return "an entity";
    case IR_FIELD:
        return "a field";
    case IR_RELATION:
        return "a relation";
    case IR_ENUM:
        return "an enum";
    case IR_ENUM_MEMBER:
        return "an enum member";
    case IR_OBJECT:
        return "an object";
    case IR_FOREIGN_KEY:
    case IR_KEY:
    case IR_INDEX:
    case IR_CHECK:
    case IR_EXCLUDE:
    case IR_TABLE:
        break;
    }
    return "this";
}

static void index_annotations(struct checker *check) {
    struct known_annotation *known = ARENA_ARRAY(check->arena, struct known_annotation, ir_annotation_count);
    struct ir_rows rows[IR_ANNOTATION_MAX];

    ir_annotation_rows(rows);
    for (size_t i = 0; i < ir_annotation_count; i++) {
        known[i] = (struct known_annotation){&ir_annotations[i], rows[i]};
        map_put(check->arena, &check->annotations[ir_annotations[i].on], ir_annotations[i].name, &known[i]);
    }
}

static bool has_prefix(const char *name, const char *prefix) {
    return strncmp(name, prefix, strlen(prefix)) == 0;
}

/* Where the annotation NAME may stand: "an entity or a field"; NULL when there is none. */
static const char *places_of(struct checker *check, const char *name) {
    const char *places = NULL;

    for (size_t i = 0; i < ir_annotation_count; i++)
        if (strcmp(ir_annotations[i].name, name) == 0)
            places =
                places ? arena_printf(check->arena, "%s or %s", places, kind_name(ir_annotations[i].on)) : kind_name(ir_annotations[i].on);
    return places;
}

/* Annotations that Ballerina takes on any field and reads on some only; those of a relation with codes of their own are not ours. */
static void report_without_effect(struct checker *check, const struct ast_annotation *annotation, enum ir_kind on) {
    static const char *const coded[] = {"sql:Name", "sql:Index", "sql:UniqueIndex", "sql:Generated"};

    for (size_t i = 0; i < sizeof coded / sizeof *coded; i++)
        if (strcmp(annotation->name, coded[i]) == 0)
            return;
    if (!check->strict)
        diag_warning(check->diag, check->source, annotation->at, 0, "@%s has no effect on %s", annotation->name, kind_name(on));
}

static void report_misplaced(struct checker *check, const struct ast_annotation *annotation, enum ir_kind on, const char *places) {
    bool on_field = on == IR_FIELD || on == IR_RELATION;
    bool for_field =
        map_get(&check->annotations[IR_FIELD], annotation->name) || map_get(&check->annotations[IR_RELATION], annotation->name);

    if (on_field && for_field && !has_prefix(annotation->name, "db:")) {
        report_without_effect(check, annotation, on);
        return;
    }
    diag_error(check->diag, check->source, annotation->at, 0, "@%s cannot stand on %s", annotation->name, kind_name(on));
    diag_hint(check->diag, "it is for %s", places);
}

/* An annotation that is none of ours: those of other modules are Ballerina's business. */
static void check_foreign(struct checker *check, const struct ast_annotation *annotation, enum ir_kind on) {
    bool ours = has_prefix(annotation->name, "sql:") || has_prefix(annotation->name, "db:");
    const char *places = places_of(check, annotation->name);
    struct suggestion near = check_suggest(annotation->name);

    if (places) {
        report_misplaced(check, annotation, on, places);
        return;
    }
    if (!ours && (strchr(annotation->name, ':') || strcmp(annotation->name, "display") == 0 || strcmp(annotation->name, "deprecated") == 0))
        return;
    diag_error(check->diag, check->source, annotation->name_at, 0, "there is no annotation @%s", annotation->name);
    for (size_t i = 0; i < ir_annotation_count; i++)
        check_offer(&near, ir_annotations[i].name);
    if (near.best)
        diag_hint(check->diag, "did you mean @%s?", near.best);
}

static const char *value_name(enum ast_value_kind kind) {
    switch (kind) {
    case AST_STRING:
        return "a string";
    case AST_INT:
        return "a whole number";
    case AST_FLOAT:
        return "a number";
    case AST_BOOL:
        return "true or false";
    case AST_LIST:
        return "a list";
    case AST_MAPPING:
        return "a mapping";
    case AST_OTHER:
        break;
    }
    return "an expression";
}

/* One value of an annotation: whose it is, for messages. */
struct argument {
    const struct ast_annotation *annotation;
    const struct ast_value *value;
};

static void report_kind(struct checker *check, const struct argument *argument, const struct ast_value *value, const char *wanted) {
    if (value->kind == AST_OTHER && value->at.start == value->at.end)
        return; /* a syntax error */
    diag_error(check->diag, check->source, value->at, 0, "\"%s\" of @%s should be %s, not %s", argument->value->key,
               argument->annotation->name, wanted, value_name(value->kind));
}

static bool check_kind(struct checker *check, const struct argument *argument, const struct ast_value *value, enum ast_value_kind kind) {
    if (value->kind == kind)
        return true;
    report_kind(check, argument, value, value_name(kind));
    return false;
}

static void check_choice(struct checker *check, const struct argument *argument, const char *const *choices) {
    const struct ast_value *value = argument->value;
    const char *text = value->kind == AST_BOOL ? (value->integer ? "true" : "false") : value->text;
    struct suggestion near;
    const char *all = NULL;

    for (size_t i = 0; (value->kind == AST_STRING || value->kind == AST_BOOL) && choices[i]; i++)
        if (strcmp(choices[i], text) == 0)
            return;
    for (size_t i = 0; choices[i]; i++)
        if (*choices[i])
            all = all ? arena_printf(check->arena, "%s, \"%s\"", all, choices[i]) : arena_printf(check->arena, "\"%s\"", choices[i]);
    if (value->kind != AST_STRING) {
        report_kind(check, argument, value, arena_printf(check->arena, "one of %s", all));
        return;
    }
    diag_error(check->diag, check->source, value->at, 0, "\"%s\" is no \"%s\" of @%s", text, value->key, argument->annotation->name);
    near = check_suggest(text);
    for (size_t i = 0; choices[i]; i++)
        check_offer(&near, choices[i]);
    if (near.best)
        check_hint_suggestion(check, &near);
    else
        diag_hint(check->diag, "it is one of %s", all);
}

static void check_number(struct checker *check, const struct argument *argument, const struct ast_value *value, int64_t most) {
    if (check_kind(check, argument, value, AST_INT) && (value->integer < 0 || value->integer > most))
        diag_error(check->diag, check->source, value->at, 0, "\"%s\" of @%s is from 0 to %lld", argument->value->key,
                   argument->annotation->name, (long long)most);
}

static void check_names(struct checker *check, const struct argument *argument) {
    if (!check_kind(check, argument, argument->value, AST_LIST))
        return;
    for (size_t i = 0; i < argument->value->count; i++)
        check_kind(check, argument, argument->value->items[i], AST_STRING);
}

static void check_precision(struct checker *check, const struct argument *argument) {
    const struct ast_value *value = argument->value;

    if (value->kind != AST_LIST || value->count != 2) {
        report_kind(check, argument, value, "two whole numbers");
        diag_hint(check->diag, "write [digits, digits behind the point]: [10, 2]");
        return;
    }
    check_number(check, argument, value->items[0], UINT16_MAX);
    check_number(check, argument, value->items[1], UINT16_MAX);
}

static void check_option(struct checker *check, const struct argument *argument, const struct ast_value *value) {
    if (value->kind == AST_LIST || value->kind == AST_MAPPING || value->kind == AST_OTHER)
        report_kind(check, argument, value, "a string, a number, true or false");
}

static void check_options(struct checker *check, const struct argument *argument) {
    if (!check_kind(check, argument, argument->value, AST_MAPPING))
        return;
    for (size_t i = 0; i < argument->value->count; i++)
        check_option(check, argument, argument->value->items[i]);
}

/* A limit of the constraint library may carry a message: {value: 20, message: "…"}. */
static const struct ast_value *plain_limit(const struct argument *argument) {
    const struct ast_value *value = argument->value;

    if (value->kind == AST_MAPPING && has_prefix(argument->annotation->name, "constraint:"))
        for (size_t i = 0; i < value->count; i++)
            if (strcmp(value->items[i]->key, "value") == 0)
                return value->items[i];
    return value;
}

static void check_value(struct checker *check, const struct argument *argument, const struct ir_attr *attr) {
    switch (attr->type) {
    case ATTR_TEXT:
        check_kind(check, argument, argument->value, AST_STRING);
        break;
    case ATTR_BOOL:
    case ATTR_FLAG:
        check_kind(check, argument, argument->value, AST_BOOL);
        break;
    case ATTR_LENGTH:
        check_number(check, argument, plain_limit(argument), UINT32_MAX);
        break;
    case ATTR_NUMBER:
        check_kind(check, argument, argument->value, AST_INT);
        break;
    case ATTR_CHOICE:
        check_choice(check, argument, attr->choices);
        break;
    case ATTR_NAMES:
        check_names(check, argument);
        break;
    case ATTR_OPTIONS:
        check_options(check, argument);
        break;
    case ATTR_PARTS: /* looked at by check_part2() */
        check_kind(check, argument, argument->value, AST_LIST);
        break;
    case ATTR_PRECISION:
        check_precision(check, argument);
        break;
    }
}

/* The name of an index: a string or a list of them. */
static void check_index_name(struct checker *check, const struct argument *argument) {
    if (argument->value->kind == AST_LIST)
        check_names(check, argument);
    else
        check_kind(check, argument, argument->value, AST_STRING);
}

static void report_argument(struct checker *check, const struct argument *argument, const struct known_annotation *known) {
    struct suggestion near = check_suggest(argument->value->key);
    const char *all = NULL;

    diag_error(check->diag, check->source, argument->value->key_at, 0, "@%s has no argument \"%s\"", argument->annotation->name,
               argument->value->key);
    for (size_t i = 0; i < known->rows.count; i++) {
        const char *name = ir_attrs[known->rows.first + i].argument;

        if (!name)
            continue;
        check_offer(&near, name);
        all = all ? arena_printf(check->arena, "%s, \"%s\"", all, name) : arena_printf(check->arena, "\"%s\"", name);
    }
    if (near.best)
        check_hint_suggestion(check, &near);
    else
        diag_hint(check->diag, all ? "it has %s" : "it has none", all);
}

static void check_argument(struct checker *check, const struct argument *argument, const struct known_annotation *known) {
    const char *name = known->about->name;

    for (size_t i = 0; i < known->rows.count; i++) {
        const struct ir_attr *attr = &ir_attrs[known->rows.first + i];

        if (!attr->argument && attr->type == ATTR_OPTIONS) {
            check_option(check, argument, argument->value);
            return;
        }
        if (attr->argument && strcmp(attr->argument, argument->value->key) == 0) {
            check_value(check, argument, attr);
            return;
        }
    }
    if ((strcmp(name, "sql:Index") == 0 || strcmp(name, "sql:UniqueIndex") == 0) && strcmp(argument->value->key, "name") == 0)
        check_index_name(check, argument);
    else if (!has_prefix(name, "constraint:"))
        report_argument(check, argument, known);
}

static void check_required(struct checker *check, const struct ast_annotation *annotation, const struct known_annotation *known) {
    for (size_t i = 0; i < known->rows.count; i++) {
        const struct ir_attr *attr = &ir_attrs[known->rows.first + i];

        if (!(attr->flags & ATTR_REQUIRED) || !attr->argument || ast_argument(annotation, attr->argument))
            continue;
        diag_error(check->diag, check->source, annotation->at, 0, "@%s lacks \"%s\"", annotation->name, attr->argument);
        diag_hint(check->diag, "write @%s {%s: %s}", annotation->name, attr->argument,
                  attr->type == ATTR_TEXT                                  ? "\"…\""
                  : attr->type == ATTR_NAMES || attr->type == ATTR_PARTS   ? "[\"…\"]"
                  : attr->type == ATTR_LENGTH || attr->type == ATTR_NUMBER ? "…"
                                                                           : "[10, 2]");
    }
}

static void check_arguments(struct checker *check, const struct ast_annotation *annotation, const struct known_annotation *known) {
    const struct ast_value *value = annotation->value;
    struct map keys = {0};

    if (value && value->kind != AST_MAPPING)
        return;
    for (size_t i = 0; value && i < value->count; i++) {
        const struct ast_value *item = value->items[i];

        if (value->count > 1 && map_put(check->arena, &keys, item->key, item))
            diag_error(check->diag, check->source, item->key_at, 0, "@%s has \"%s\" twice", annotation->name, item->key);
        check_argument(check, &(struct argument){annotation, item}, known);
    }
    check_required(check, annotation, known);
}

/* Reports the second @NAME of an object that can have one only. */
static void check_repeated(struct checker *check, const struct ast_annotation *annotation, struct map *seen) {
    const struct ast_annotation *other = map_put(check->arena, seen, annotation->name, annotation);

    if (!other)
        return;
    diag_error(check->diag, check->source, annotation->at, 0, "@%s stands here twice", annotation->name);
    diag_note(check->diag, check->source, other->at, "the first one is here");
}

static void check_metadata(struct checker *check, const struct ast_metadata *metadata, enum ir_kind on) {
    struct map seen = {0};

    for (size_t i = 0; i < metadata->annotation_count; i++) {
        const struct ast_annotation *annotation = &metadata->annotations[i];
        const struct known_annotation *known = map_get(&check->annotations[on], annotation->name);

        if (strchr(annotation->name, ':'))
            check_prefix(check, annotation->name, annotation->name_at);
        if (check->strict && has_prefix(annotation->name, "db:")) {
            diag_error(check->diag, check->source, annotation->at, 0, "@%s is no part of Ballerina's language", annotation->name);
        } else if (known) {
            if (metadata->annotation_count > 1 && !known->about->repeats)
                check_repeated(check, annotation, &seen);
            check_arguments(check, annotation, known);
        } else {
            check_foreign(check, annotation, on);
        }
    }
}

static void check_enum_annotations(struct checker *check, const struct ast_enum *enumeration) {
    check_metadata(check, &enumeration->metadata, IR_ENUM);
    for (size_t i = 0; i < enumeration->members.count; i++)
        check_metadata(check, &enumeration->members.at[i].metadata, IR_ENUM_MEMBER);
}

void check_annotations(struct checker *check) {
    index_annotations(check);
    for (size_t i = 0; i < check->tree->entities.count; i++) {
        const struct checked_entity *entity = &check->entities[i];

        check_metadata(check, &entity->ast->metadata, IR_ENTITY);
        for (size_t j = 0; j < entity->field_count; j++)
            check_metadata(check, &entity->fields[j]->ast->metadata, entity->fields[j]->relation ? IR_RELATION : IR_FIELD);
    }
    for (size_t i = 0; i < check->tree->enums.count; i++)
        check_enum_annotations(check, &check->tree->enums.at[i]);
    for (size_t i = 0; !check->strict && i < check->tree->objects.count; i++)
        check_metadata(check, &check->tree->objects.at[i].metadata, IR_OBJECT);
}
