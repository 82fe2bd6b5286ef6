#include <string.h>

#include "utf8.h"
#include "validate_internal.h"

/* The names that are already taken, with whose they are. */
struct taken {
    const struct ast_annotation *annotation; /* @sql:Name; NULL: the name of the entity or field itself */
    struct span at;
};

static const struct ast_value *text_argument(const struct ast_metadata *metadata, const char *annotation, const char *key) {
    const struct ast_annotation *found = ast_annotation_find(metadata, annotation);
    const struct ast_value *value = found ? ast_argument(found, key) : NULL;

    return value && value->kind == AST_STRING ? value : NULL;
}

static bool is_blank(const char *text) {
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* Identifiers that differ in case only are the same one for some databases. */
static const char *fold_table(struct checker *check, const char *name) {
    return check_for(check, "sqlite") ? check_lower(check, name) : name;
}

static const char *fold_column(struct checker *check, const char *name) {
    return check_for(check, "sqlite") || check_for(check, "mysql") ? check_lower(check, name) : name;
}

/* MySQL counts characters, PostgreSQL bytes, which it cuts off silently; SQLite has no limit. */
static void check_length(struct checker *check, const char *name, struct span at) {
    bool mysql = check_for(check, "mysql");
    size_t limit = mysql ? 64 : 63;
    size_t length = strlen(name);

    if (length <= limit || check->strict || (!mysql && !check_for(check, "postgresql")))
        return;
    if (mysql && utf8_count(name, length) <= limit)
        return;
    diag_error(check->diag, check->source, at, 0, "the name \"%s\" is longer than the %zu %s that the database allows", name, limit,
               mysql ? "characters" : "bytes");
    diag_hint(check->diag, "give it a shorter name");
}

/* Reports an empty and a needless @sql:Name with the value VALUE of what is called NAME at AT. */
static void check_name(struct checker *check, const struct ast_value *value, const char *name, struct span at) {
    if (check->strict ? is_blank(value->text) : !*value->text) { /* a column may well be called " " */
        check_report(check, at, 600, "invalid use of the `Name` annotation. mapping value cannot be empty.",
                     arena_printf(check->arena, "the name that @sql:Name gives \"%s\" is empty", name));
    } else if (strcmp(value->text, name) == 0) {
        diag_warning(check->diag, check->source, at, 601, "%s",
                     check->strict ? "redundant use of the `Name` annotation. mapping value is same as model definition."
                                   : arena_printf(check->arena, "@sql:Name gives \"%s\" the name it has", name));
        if (!check->strict)
            diag_hint(check->diag, "leave it out");
    }
}

static void report_taken(struct checker *check, struct span at, const char *what, const char *name) {
    check_report(check, at, 610, "invalid use of the `Name` annotation. duplicate mapping value found.",
                 arena_printf(check->arena, "there is a %s \"%s\" already", what, name));
}

static void report_entity_name(struct checker *check, struct span at, const char *name) {
    check_report(check, at, 620, "invalid use of the `Name` annotation. a mapping value should not conflict with an Entity name.",
                 arena_printf(check->arena, "\"%s\" is the table of an entity of that name", name));
}

static void report_field_name(struct checker *check, struct span at, const char *name) {
    check_report(check, at, 621, "invalid use of the `Name` annotation. a mapping value should not conflict with a field name.",
                 arena_printf(check->arena, "\"%s\" is the column of a field of that name", name));
}

/* Ballerina compares a table's name with those of other annotations and with the names of entities. */
static void check_table_strictly(struct checker *check, const struct ast_entity *entity, struct map *tables) {
    const struct ast_value *value = text_argument(&entity->metadata, "sql:Name", "value");

    if (!value)
        return;
    check_name(check, value, entity->name, entity->name_at);
    if (strcmp(value->text, entity->name) != 0 && map_get(&check->entity_by_name, value->text))
        report_entity_name(check, entity->name_at, value->text);
    if (map_put(check->arena, tables, value->text, entity))
        report_taken(check, entity->name_at, "table", value->text);
}

/* Reports NEWER, whose name OTHER has already; the code depends on which of them was given it. */
static void report_same(struct checker *check, const struct taken *newer, const struct taken *other, const char *name) {
    bool both = newer->annotation && other->annotation;
    struct span at = newer->annotation || both ? newer->at : other->at;

    if (both || (!newer->annotation && !other->annotation))
        report_taken(check, newer->at, "table", name);
    else
        report_entity_name(check, at, name);
    diag_note(check->diag, check->source, at.start == newer->at.start ? other->at : newer->at, "the other one is here");
}

/* We compare the names that the database will see: a swap of two names is none of its business. */
static void check_table(struct checker *check, const struct ast_entity *entity, struct map *tables) {
    const struct ast_value *value = text_argument(&entity->metadata, "sql:Name", "value");
    const char *name = value ? value->text : entity->name;
    struct taken *taken = ARENA_NEW(check->arena, struct taken);
    const struct taken *other;

    if (value)
        check_name(check, value, entity->name, entity->name_at);
    check_length(check, name, entity->name_at);
    *taken = (struct taken){ast_annotation_find(&entity->metadata, "sql:Name"), entity->name_at};
    other = map_put(check->arena, tables, fold_table(check, name), taken);
    if (other)
        report_same(check, taken, other, name);
}

static void check_column_strictly(struct checker *check, const struct checked_entity *entity, const struct ast_field *field,
                                  struct map *columns) {
    const struct ast_value *value = text_argument(&field->metadata, "sql:Name", "value");
    const struct checked_field *other;

    if (!value)
        return;
    check_name(check, value, field->name, check_place(check, field));
    if (map_put(check->arena, columns, value->text, field))
        report_taken(check, check_place(check, field), "column", value->text);
    other = check_field(check, entity, value->text);
    if (other && other->ast != field && other->sort == FIELD_PLAIN)
        report_field_name(check, check_place(check, field), value->text);
}

static void check_column(struct checker *check, const struct ast_field *field, struct map *columns) {
    const struct ast_value *value = text_argument(&field->metadata, "sql:Name", "value");
    const char *name = value ? value->text : field->name;
    const struct ast_field *other = map_put(check->arena, columns, fold_column(check, name), field);

    if (value)
        check_name(check, value, field->name, check_place(check, field));
    check_length(check, name, field->name_at);
    if (!other)
        return;
    if (value && text_argument(&other->metadata, "sql:Name", "value"))
        report_taken(check, check_place(check, field), "column", name);
    else
        report_field_name(check, check_place(check, value ? field : other), name);
    diag_note(check->diag, check->source, value ? other->core_at : field->core_at, "the other one is here");
}

/* One entry of an index's "name". */
static bool has_blank(const struct names *names) {
    for (size_t i = 0; i < names->count; i++)
        if (is_blank(names->at[i]))
            return true;
    return false;
}

static bool has_twice(struct checker *check, const struct names *names) {
    struct map seen = {0};

    for (size_t i = 0; i < names->count; i++)
        if (map_put(check->arena, &seen, names->at[i], names))
            return true;
    return false;
}

/* Reports CODE for the annotation @sql:NAME: in Ballerina's words, and in ours as "@sql:Name of "field" …". */
static void report_index(struct checker *check, const struct ast_field *field, int code, const char *const words[3]) {
    check_report(check, check_place(check, field), code,
                 arena_printf(check->arena, "invalid use of the `%s` annotation. %s", words[0], words[1]),
                 arena_printf(check->arena, "@sql:%s of \"%s\" %s", words[0], field->name, words[2]));
}

/* A foreign key column that a relation brings must not have the column name of a field. That it has the name of one was reported. */
static void check_derived_column(struct checker *check, const struct checked_entity *entity, const struct derived_column *derived,
                                 struct map *columns) {
    const struct ast_field *field = derived->relation->field;
    const struct ast_field *other = map_put(check->arena, columns, fold_column(check, derived->name), field);

    check_length(check, derived->name, field->name_at);
    if (!other || check_field(check, entity, derived->name))
        return;
    diag_error(check->diag, check->source, field->core_at, 621, "\"%s\" brings a column \"%s\", and there is one already", field->name,
               derived->name);
    diag_hint(check->diag, "if it is that column, write @sql:Relation {keys: [\"…\"]} before \"%s\"", field->name);
    diag_note(check->diag, check->source, other->core_at, "the other one is here");
}

/* What @sql:Index or @sql:UniqueIndex names. */
static void check_index_names(struct checker *check, const struct ast_field *field, bool unique) {
    const char *kind = unique ? "UniqueIndex" : "Index";
    const struct ast_annotation *annotation = ast_annotation_find(&field->metadata, unique ? "sql:UniqueIndex" : "sql:Index");
    const struct ast_value *value = annotation ? ast_argument(annotation, "name") : NULL;
    struct names names = check_strings(check, value);
    int odd = unique ? 1 : 0;

    if (!value)
        return;
    for (size_t i = 0; i < names.count; i++)
        check_length(check, names.at[i], value->at);
    if (value->kind == AST_STRING && is_blank(value->text))
        report_index(check, field, 622 + odd,
                     (const char *[]){kind, unique ? "unique index name cannot be empty." : "index name cannot be empty.", "has no name"});
    if (value->kind != AST_LIST)
        return;
    if (value->count == 0)
        report_index(check, field, 624 + odd,
                     (const char *[]){kind, "name array should have at least one index name.", "is a member of no index"});
    if (has_twice(check, &names))
        report_index(check, field, 613 + odd, (const char *[]){kind, "duplicate index names.", "names an index twice"});
    if (has_blank(&names))
        report_index(check, field, 615 + odd, (const char *[]){kind, "there cannot be empty index names.", "has an empty name"});
}

/* MySQL and PostgreSQL number any column, also a part of a key; Ballerina and SQLite a key of one field alone. */
static bool numbers_any(const struct checker *check) {
    return !check->strict && (check_may_be(check, "mysql") || check_may_be(check, "postgresql"));
}

static void check_generated(struct checker *check, const struct checked_entity *entity, const struct ast_field *field) {
    if (!ast_annotation_find(&field->metadata, "sql:Generated"))
        return;
    if (!field->readonly && !numbers_any(check)) {
        check_report(check, check_place(check, field), 617,
                     "invalid use of the `Generated` annotation. the `Generated` annotation can only be used for ''readonly'' fields.",
                     arena_printf(check->arena, "@sql:Generated is for the key, and \"%s\" is not readonly", field->name));
        if (!check->strict)
            diag_hint(check->diag, "a numbered column that is no key is written @db:Identity {}");
    } else if (entity->key_count > 1 && !numbers_any(check)) {
        check_report(check, check_place(check, field), 618,
                     "invalid use of the `Generated` annotation. partial key fields cannot be auto-generated.",
                     arena_printf(check->arena, "@sql:Generated is for a key of one field, and \"%s\" is one of %zu", field->name,
                                  entity->key_count));
    } else if (strcmp(field->type.name, "int") != 0) {
        check_report(
            check, check_place(check, field), 619,
            "invalid use of the `Generated` annotation. a generated field can only be an ''int'' type.",
            arena_printf(check->arena, "@sql:Generated is for an int, and \"%s\" is of type \"%s\"", field->name, field->type.name));
    }
}

static const struct ast_value *length_of(const struct ast_annotation *annotation) {
    const struct ast_value *length = annotation ? ast_argument(annotation, "length") : NULL;

    return length && length->kind == AST_INT ? length : NULL;
}

/* What @sql:Char or @sql:Varchar says of a string; LIMITS are those of MySQL and PostgreSQL. */
static void check_text_length(struct checker *check, const struct ast_field *field, const char *name, const int64_t limits[2]) {
    const struct ast_value *length = length_of(ast_annotation_find(&field->metadata, *name == 'C' ? "sql:Char" : "sql:Varchar"));
    int64_t limit = check_for(check, "mysql") ? limits[0] : check_for(check, "postgresql") ? limits[1] : INT64_MAX;

    if (!length)
        return;
    if (length->integer == 0)
        check_report(check, check_place(check, field), 607,
                     arena_printf(check->arena, "invalid use of the `'%s'` annotation. length cannot be 0.", name),
                     arena_printf(check->arena, "@sql:%s gives \"%s\" the length 0", name, field->name));
    else if (!check->strict && length->integer > limit)
        diag_error(check->diag, check->source, length->at, 0, "@sql:%s is longer than the %lld characters that the database allows", name,
                   (long long)limit);
}

static void check_texts(struct checker *check, const struct ast_field *field) {
    static const int64_t char_limits[] = {255, 10485760};
    static const int64_t varchar_limits[] = {65535, 10485760};
    bool fixed = ast_annotation_find(&field->metadata, "sql:Char");
    bool varying = ast_annotation_find(&field->metadata, "sql:Varchar");
    const char *name = fixed ? "Char" : "Varchar";

    if (!fixed && !varying)
        return;
    if (strcmp(field->type.name, "string") != 0)
        check_report(
            check, check_place(check, field), 604,
            arena_printf(check->arena, "invalid use of the `'%s'` annotation. the `'%s'` annotation can only be used for 'string' type.",
                         name, name),
            arena_printf(check->arena, "@sql:%s is for a string, and \"%s\" is of type \"%s\"", name, field->name, field->type.name));
    else if (fixed && varying)
        check_report(
            check, check_place(check, field), 605,
            "invalid use of `Varchar` and `Char` annotations. only one of either `Varchar` or `Char` annotations can be used at a time.",
            arena_printf(check->arena, "\"%s\" has both @sql:Varchar and @sql:Char", field->name));
    else
        check_text_length(check, field, name, fixed ? char_limits : varchar_limits);
}

static void check_precision(struct checker *check, const struct ast_field *field, const struct ast_value *precision) {
    int64_t digits = precision->items[0]->integer;
    int64_t scale = precision->items[1]->integer;
    int64_t limit = check_for(check, "mysql") ? 65 : check_for(check, "postgresql") ? 1000 : INT64_MAX;
    int64_t scale_limit = check_for(check, "mysql") ? 30 : limit;

    if (digits == 0)
        check_report(check, check_place(check, field), 608, "invalid use of the `Decimal` annotation. precision cannot be 0.",
                     arena_printf(check->arena, "@sql:Decimal gives \"%s\" no digits", field->name));
    if (digits < scale)
        check_report(check, check_place(check, field), 609, "invalid use of the `Decimal` annotation. precision cannot be less than scale.",
                     arena_printf(check->arena, "@sql:Decimal gives \"%s\" %lld digits, fewer than the %lld behind the point", field->name,
                                  (long long)digits, (long long)scale));
    if (!check->strict && (digits > limit || scale > scale_limit))
        diag_error(check->diag, check->source, precision->at, 0, "the database allows a decimal %lld digits, %lld behind the point",
                   (long long)limit, (long long)scale_limit);
}

static void check_decimal(struct checker *check, const struct ast_field *field) {
    const struct ast_annotation *annotation = ast_annotation_find(&field->metadata, "sql:Decimal");
    const struct ast_value *precision = annotation ? ast_argument(annotation, "precision") : NULL;

    if (!annotation)
        return;
    if (strcmp(field->type.name, "decimal") != 0)
        check_report(
            check, check_place(check, field), 606,
            "invalid use of the `Decimal` annotation. the `Decimal` annotation can only be used for ''decimal'' type.",
            arena_printf(check->arena, "@sql:Decimal is for a decimal, and \"%s\" is of type \"%s\"", field->name, field->type.name));
    else if (precision && precision->kind == AST_LIST && precision->count == 2)
        check_precision(check, field, precision);
}

/* Annotations that only a column can have. */
static void check_on_relation(struct checker *check, const struct ast_field *field) {
    if (ast_annotation_find(&field->metadata, "sql:Name")) {
        check_report(check, check_place(check, field), 602,
                     "invalid use of the `Name` annotation. the `Name` annotation cannot be used for relation fields.",
                     arena_printf(check->arena, "@sql:Name is for a column, and \"%s\" is a relation", field->name));
        if (!check->strict)
            diag_hint(check->diag, "declare the foreign key field, name its column, and write @sql:Relation {keys: […]} here");
    }
    if (ast_annotation_find(&field->metadata, "sql:Index"))
        report_index(
            check, field, 611,
            (const char *[]){"Index", "the `Index` annotation cannot be used for relation fields.", "is on a relation, not a column"});
    if (ast_annotation_find(&field->metadata, "sql:UniqueIndex"))
        report_index(check, field, 612,
                     (const char *[]){"UniqueIndex", "the `UniqueIndex` annotation cannot be used for relation fields.",
                                      "is on a relation, not a column"});
    if (ast_annotation_find(&field->metadata, "sql:Generated"))
        check_report(check, check_place(check, field), 617,
                     "invalid use of the `Generated` annotation. the `Generated` annotation can only be used for ''readonly'' fields.",
                     arena_printf(check->arena, "@sql:Generated is for the key, and \"%s\" is a relation", field->name));
}

/* Does a field of ENTITY have a column of another name? Else the columns differ as the fields do, and only their length is looked at. */
static bool has_names(const struct checked_entity *entity) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (ast_annotation_find(&entity->fields[i]->ast->metadata, "sql:Name"))
            return true;
    return false;
}

static void check_columns(struct checker *check, const struct checked_entity *entity) {
    struct map columns = {0};
    bool named = has_names(entity);

    for (size_t i = 0; i < entity->field_count; i++) {
        if (entity->fields[i]->sort != FIELD_PLAIN)
            continue;
        if (named)
            check_column(check, entity->fields[i]->ast, &columns);
        else
            check_length(check, entity->fields[i]->ast->name, entity->fields[i]->ast->name_at);
    }
    for (size_t i = 0; i < entity->derived_list.count; i++)
        check_derived_column(check, entity, &entity->derived_list.at[i], &columns);
}

static void check_entity_fields(struct checker *check, const struct checked_entity *entity) {
    struct map columns = {0};

    if (!check->strict)
        check_columns(check, entity);
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct ast_field *field = entity->fields[i]->ast;

        if (!field->metadata.annotation_count)
            continue;
        if (entity->fields[i]->sort == FIELD_RELATION)
            check_on_relation(check, field);
        if (entity->fields[i]->sort != FIELD_PLAIN)
            continue;
        if (check->strict)
            check_column_strictly(check, entity, field, &columns);
        check_texts(check, field);
        check_decimal(check, field);
        check_index_names(check, field, false);
        check_index_names(check, field, true);
        check_generated(check, entity, field);
    }
}

void check_sql(struct checker *check) {
    struct map schemas = {0};

    for (size_t i = 0; i < check->tree->entities.count; i++) {
        const struct checked_entity *entity = &check->entities[i];
        struct map *tables = check_schema(check, &schemas, check->strict ? NULL : entity);

        if (entity->redeclared)
            continue;
        if (check->strict)
            check_table_strictly(check, entity->ast, tables);
        else
            check_table(check, entity->ast, tables);
        check_entity_fields(check, entity);
    }
}
