#include <string.h>

#include "validate_internal.h"

/* What the type of a foreign key must have in common with that of the key it references. */
struct key_type {
    const char *name;
    int64_t length;
    int64_t precision;
    int64_t scale;
};

static int64_t integer_argument(const struct ast_metadata *metadata, const char *annotation, const char *key, int64_t otherwise) {
    const struct ast_annotation *found = ast_annotation_find(metadata, annotation);
    const struct ast_value *value = found ? ast_argument(found, key) : NULL;

    return value && value->kind == AST_INT ? value->integer : otherwise;
}

/* The type of FIELD, with what holds where nothing is said. */
static struct key_type read_key_type(const struct ast_field *field) {
    const struct ast_metadata *metadata = &field->metadata;
    const struct ast_annotation *decimal = ast_annotation_find(metadata, "sql:Decimal");
    const struct ast_value *precision = decimal ? ast_argument(decimal, "precision") : NULL;
    struct key_type type = {field->type.name, 191, 65, 30};

    type.length = integer_argument(metadata, "constraint:String", "maxLength", type.length);
    type.length = integer_argument(metadata, "constraint:String", "length", type.length);
    type.length = integer_argument(metadata, "sql:Char", "length", type.length);
    type.length = integer_argument(metadata, "sql:Varchar", "length", type.length);
    if (precision && precision->kind == AST_LIST && precision->count == 2) {
        type.precision = precision->items[0]->integer;
        type.scale = precision->items[1]->integer;
    }
    return type;
}

static bool types_agree(const struct checker *check, const struct ast_field *field, const struct ast_field *key) {
    struct key_type a = read_key_type(field);
    struct key_type b = read_key_type(key);

    if (!check->strict && (ast_annotation_find(&field->metadata, "db:Type") || ast_annotation_find(&key->metadata, "db:Type")))
        return true; /* the database's own types count, and it knows them better */
    if (strcmp(a.name, b.name) != 0)
        return false;
    if (!check->strict) /* databases compare texts and numbers of different lengths */
        return true;
    return (strcmp(a.name, "string") != 0 || a.length == b.length) &&
           (strcmp(a.name, "decimal") != 0 || (a.precision == b.precision && a.scale == b.scale));
}

static int report_duplicate(struct checker *check, const struct checked_relation *relation, const struct names *keys) {
    for (size_t i = 0; i < keys->count; i++) {
        const struct names before = {keys->at, i};

        if (!check_contains(&before, keys->at[i]))
            continue;
        check_report(check, check_place(check, relation->field), 429,
                     "invalid use of the `Relation` annotation. keys cannot contain duplicates.",
                     arena_printf(check->arena, "the keys of \"%s\" name \"%s\" twice", check_path(check, relation), keys->at[i]));
        return -1;
    }
    return 0;
}

static int report_unknown_key(struct checker *check, const struct checked_relation *relation, const struct names *keys) {
    for (size_t i = 0; i < keys->count; i++) {
        const struct checked_field *field = check_field(check, relation->entity, keys->at[i]);
        struct suggestion near = check_suggest(keys->at[i]);

        if (field && field->sort == FIELD_PLAIN)
            continue;
        check_report(check, check_place(check, relation->field), 428,
                     arena_printf(check->arena, "invalid use of the `Relation` annotation. the field '%s' is not found in the entity '%s'.",
                                  keys->at[i], relation->entity->ast->name),
                     arena_printf(check->arena, "entity \"%s\" has no field \"%s\" to be a key of \"%s\"", relation->entity->ast->name,
                                  keys->at[i], relation->field->name));
        for (size_t j = 0; j < relation->entity->field_count; j++)
            check_offer(&near, relation->entity->fields[j]->ast->name);
        check_hint_suggestion(check, &near);
        return -1;
    }
    return 0;
}

static int report_count(struct checker *check, const struct checked_relation *relation, const struct names *keys) {
    const struct checked_entity *target = relation->target;

    if (keys->count == target->key_count)
        return 0;
    check_report(check, check_place(check, relation->field), 423,
                 arena_printf(check->arena,
                              "invalid use of the `Relation` annotation. mismatched number of reference keys for relation '%s' in entity "
                              "'%s'. expected %zu but found %zu.",
                              target->ast->name, relation->entity->ast->name, target->key_count, keys->count),
                 arena_printf(check->arena, "relation \"%s\" names %zu of the key fields, and \"%s\" has %zu", check_path(check, relation),
                              keys->count, target->ast->name, target->key_count));
    diag_note(check->diag, check->source, target->ast->name_at, "the related entity is declared here");
    return -1;
}

/* The key field of TARGET at place AT: in the order of @db:Key where that names them all, else of declaration. */
static const struct ast_field *key_field(struct checker *check, const struct checked_entity *target, size_t at) {
    const struct ast_annotation *annotation = ast_annotation_find(&target->ast->metadata, "db:Key");
    const struct ast_value *order = annotation ? ast_argument(annotation, "keys") : NULL;
    const struct checked_field *field = NULL;

    if (order && order->kind == AST_LIST && order->count == target->key_count && order->items[at]->kind == AST_STRING)
        field = check_field(check, target, order->items[at]->text);
    return field ? field->ast : target->keys[at]->ast;
}

static int report_types(struct checker *check, const struct checked_relation *relation, const struct names *keys) {
    const char *target = relation->target->ast->name;

    for (size_t i = 0; i < keys->count; i++) {
        const struct ast_field *field = check_field(check, relation->entity, keys->at[i])->ast;
        const struct ast_field *key = key_field(check, relation->target, i);

        if (types_agree(check, field, key))
            continue;
        if (check_may_be(check, "sqlite") && !check->strict)
            diag_warning(check->diag, check->source, check_place(check, relation->field), 424,
                         "key \"%s\" is of type \"%s\", and \"%s.%s\" of type \"%s\"", field->name, field->type.name, target, key->name,
                         key->type.name);
        else
            check_report(check, check_place(check, relation->field), 424,
                         arena_printf(check->arena,
                                      "invalid use of the `Relation` annotation. mismatched key types for the related entity '%s'.",
                                      target),
                         arena_printf(check->arena, "key \"%s\" is of type \"%s\", and \"%s.%s\" of type \"%s\"", field->name,
                                      field->type.name, target, key->name, key->type.name));
        diag_note(check->diag, check->source, key->core_at, "the key of the related entity is here");
        return -1;
    }
    return 0;
}

/* Are all KEYS keys of relations that stand above? Adds them to USED. */
static void check_reuse(struct checker *check, const struct checked_relation *relation, const struct names *keys, struct map *used) {
    const struct checked_relation *other = NULL;
    size_t count = 0;

    for (size_t i = 0; i < keys->count; i++) {
        const struct checked_relation *before = map_put(check->arena, used, keys->at[i], relation);

        other = before ? before : other;
        count += before != NULL;
    }
    if (count < keys->count)
        return;
    if (check->strict) {
        diag_error(check->diag, check->source, check_place(check, relation->field), 430,
                   "invalid use of the `Relation` annotation. duplicated key field.");
        return;
    }
    diag_warning(check->diag, check->source, check_place(check, relation->field), 430, "the keys of \"%s\" are those of another relation",
                 check_path(check, relation));
    if (other)
        diag_note(check->diag, check->source, other->field->core_at, "they are used here");
}

/* Does @sql:Relation stand on a side that cannot hold the foreign key? */
static int report_wrong_side(struct checker *check, const struct checked_relation *relation) {
    const char *name = relation->field->name;
    bool owner = !check->strict && (!relation->inverse || relation->owner);

    if (relation->field->type.array) {
        check_report(
            check, check_place(check, relation->field), 426,
            arena_printf(check->arena,
                         "invalid use of the `Relation` annotation. the field '%s' is an array type in a 1-n "
                         "relationship. therefore, it cannot have foreign keys.",
                         name),
            arena_printf(check->arena, "\"%s\" is the many side: the foreign key lies with the other one", check_path(check, relation)));
    } else if (relation->field->type.nilable && !owner) {
        check_report(check, check_place(check, relation->field), 427,
                     arena_printf(check->arena,
                                  "invalid use of the `Relation` annotation. the field '%s' is an optional type in a 1-1 "
                                  "relationship. therefore, it cannot have foreign keys.",
                                  name),
                     arena_printf(check->arena, "\"%s\" is the optional side: the foreign key lies with the other one",
                                  check_path(check, relation)));
    } else {
        return 0;
    }
    if (!check->strict && relation->inverse) {
        diag_hint(check->diag, "move @sql:Relation to \"%s\"", check_path(check, relation->inverse));
        diag_note(check->diag, check->source, relation->inverse->field->core_at, "the other side is here");
    }
    return -1;
}

static void check_keys(struct checker *check, const struct checked_relation *relation, struct map *used) {
    struct names keys;

    if (!check_marker(relation) || report_wrong_side(check, relation) != 0)
        return;
    keys = check_relation_keys(check, relation);
    if (!check->strict && !ast_argument(check_marker(relation), "keys"))
        return;
    if (report_duplicate(check, relation, &keys) == 0 && report_unknown_key(check, relation, &keys) == 0 &&
        report_count(check, relation, &keys) == 0 && report_types(check, relation, &keys) == 0)
        check_reuse(check, relation, &keys, used);
}

/* @db:Inverse names a relation field of the related entity that comes back here and is not taken by another. */
static void check_inverse(struct checker *check, const struct checked_relation *relation) {
    const struct ast_value *value = relation->named ? ast_argument(relation->named, "field") : NULL;
    const struct checked_entity *target = relation->target;
    const struct checked_field *field;
    struct suggestion near;

    if (!value || value->kind != AST_STRING)
        return;
    field = check_field(check, target, value->text);
    if (field && field->relation && field->relation->target == relation->entity) {
        if (relation->inverse == field->relation)
            return;
        diag_error(check->diag, check->source, value->at, 0, "\"%s.%s\" is the other side of another relation", target->ast->name,
                   value->text);
        diag_note(check->diag, check->source, field->ast->core_at, "it is declared here");
        return;
    }
    diag_error(check->diag, check->source, value->at, 0, "entity \"%s\" has no relation \"%s\" to \"%s\"", target->ast->name, value->text,
               relation->entity->ast->name);
    near = check_suggest(value->text);
    for (size_t i = 0; i < target->relation_count; i++)
        check_offer(&near, target->relations[i]->field->name);
    check_hint_suggestion(check, &near);
    diag_note(check->diag, check->source, target->ast->name_at, "the related entity is declared here");
}

/* @db:Reference describes a foreign key: it stands where that lies. */
static void check_reference(struct checker *check, const struct checked_relation *relation) {
    const struct ast_annotation *annotation = ast_annotation_find(&relation->field->metadata, "db:Reference");

    if (annotation)
        check_field_list(check, relation->entity, ast_argument(annotation, "setColumns"));
    if (!annotation || !relation->inverse || !relation->inverse->owner)
        return;
    diag_error(check->diag, check->source, annotation->at, 0, "\"%s\" does not hold the foreign key", check_path(check, relation));
    diag_hint(check->diag, "move @db:Reference to \"%s\"", check_path(check, relation->inverse));
    diag_note(check->diag, check->source, relation->inverse->field->core_at, "the other side is here");
}

void check_relation_annotations(struct checker *check) {
    for (size_t i = 0; i < check->tree->entities.count; i++) {
        const struct checked_entity *entity = &check->entities[i];
        struct map used = {0};

        for (size_t j = 0; j < entity->relation_count; j++) {
            check_keys(check, entity->relations[j], &used);
            if (check->strict)
                continue;
            check_inverse(check, entity->relations[j]);
            check_reference(check, entity->relations[j]);
        }
    }
}
