#include "write.h"

#include <string.h>

#include "model.h"
#include "tidy.h"

struct writer {
    struct arena arena; /* of fragments */
    struct tree *tree;
    struct tree *before;
    const struct place *place;
    struct str *out;
};

/* TEXT as a string literal of the language. */
static const char *literal(struct writer *writer, const char *text) {
    struct str out = STR_INIT;
    const char *result;

    str_add_char(&out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            str_add_char(&out, '\\');
        if (*text == '\n')
            str_add(&out, "\\n");
        else
            str_add_char(&out, *text);
    }
    str_add_char(&out, '"');
    result = str_keep(&out, &writer->arena);
    str_free(&out);
    return result;
}

static void write_name(struct writer *writer, const char *name) {
    str_addf(writer->out, "%s%s", model_is_reserved(name) ? "'" : "", name);
}

static void write_text_annotation(struct writer *writer, const char *indent, const char *annotation, const char *text) {
    if (text)
        str_addf(writer->out, "%s@%s {value: %s}\n", indent, annotation, literal(writer, text));
}

static void write_was(struct writer *writer, const char *indent, const char *old, const char *name) {
    if (old && strcmp(old, name) != 0)
        str_addf(writer->out, "%s@db:Was {name: %s}\n", indent, literal(writer, old));
}

/* Documentation lines. */
static void write_comment(struct writer *writer, const char *indent, const char *comment) {
    while (comment && *comment) {
        size_t length = strcspn(comment, "\n");

        str_addf(writer->out, "%s# %.*s\n", indent, (int)length, comment);
        comment += length + (comment[length] == '\n');
    }
}

/* What fields and entities are called before: NULL when there is no step before, or they are new. */
static struct tree_entity *old_entity(struct writer *writer, unsigned id) {
    return writer->before ? tree_entity(writer->before, id) : NULL;
}

static const char *column_name(const struct tree_field *field) {
    return field->column ? field->column : field->name;
}

static const char *quoted_column(struct writer *writer, struct tree_entity *entity, unsigned id) {
    return sql_format(&writer->arena, &writer->place->target.dialect->quoting, "%I", column_name(tree_field(entity, id)));
}

static const char *computed_text(struct writer *writer, struct tree_entity *entity, const struct tree_field *field) {
    const char *column = quoted_column(writer, entity, field->operand);

    return arena_printf(&writer->arena, field->type.type == TYPE_INT ? "%s + 1" : "upper(%s)", column);
}

/* The default of FIELD as an SQL expression; NULL when it is written as a literal. */
static const char *default_expression(const struct tree_field *field) {
    static const char *const stamps[] = {"CURRENT_TIMESTAMP", "'2024-01-01 00:00:00'"};
    static const char *const numbers[] = {"7", "0", "-1"};

    switch (tree_class(&field->type)) {
    case CLASS_INT:
        return field->type.native && strstr(field->type.native->sql, "UNSIGNED") ? "7"
               : field->fallback % 4                                             ? numbers[field->fallback % 3]
                                                                                 : NULL;
    case CLASS_DECIMAL:
    case CLASS_FLOAT:
        return field->fallback % 2 ? "1.5" : "0";
    case CLASS_BOOLEAN:
        return field->fallback % 2 ? "TRUE" : "FALSE";
    case CLASS_DATE:
        return "'2024-01-01'";
    case CLASS_TIME:
        return "'10:00:00'";
    case CLASS_STAMP:
        return stamps[field->type.native ? 1 : field->fallback % 2];
    case CLASS_TEXT:
        return field->fallback % 4 == 1 ? "'x'" : NULL;
    case CLASS_BYTES:
    case CLASS_ENUM:
    case CLASS_OTHER:
        break;
    }
    return NULL;
}

static const char *default_literal(struct writer *writer, const struct tree_field *field) {
    static const char *const texts[] = {"a", "it's", "\xC3\xA9", "", "\\", "%s", "b\"c"};
    struct tree_enum *values = tree_enum(writer->tree, field->type.enumeration);
    const struct tree_member *member = field->type.type == TYPE_ENUM && values ? tree_member(values, field->fallback) : NULL;

    if (member)
        return member->value ? member->value : member->name;
    if (field->type.type == TYPE_INT)
        return "42";
    if (field->type.length && field->type.length < 5)
        return "a";
    return texts[field->fallback % (sizeof texts / sizeof *texts)];
}

static void write_default(struct writer *writer, const struct tree_field *field) {
    const char *expression = field->fallback ? default_expression(field) : NULL;

    if (expression)
        str_addf(writer->out, "    @db:Default {value: %s}\n", literal(writer, expression));
    else if (field->fallback)
        str_addf(writer->out, "    @db:Default {literal: %s}\n", literal(writer, default_literal(writer, field)));
}

/* @sql:Index and @sql:UniqueIndex of FIELD: one annotation with all its indexes. */
static void write_field_indexes(struct writer *writer, const struct tree_entity *entity, const struct tree_field *field, bool unique) {
    size_t count = 0;

    for (size_t i = 0; i < entity->index_count; i++) {
        const struct tree_index *index = &entity->indexes[i];

        for (size_t k = 0; k < index->part_count; k++)
            if (index->form == INDEX_ON_FIELDS && index->unique == unique && index->parts[k].field == field->id) {
                str_addf(writer->out, count++ ? ", " : unique ? "    @sql:UniqueIndex {name: [" : "    @sql:Index {name: [");
                str_add(writer->out, literal(writer, index->name));
            }
    }
    if (count)
        str_add(writer->out, "]}\n");
}

static const char *type_text(struct writer *writer, const struct tree_type *type) {
    static const char *const names[] = {"int",    "boolean",   "float",          "decimal",  "string",
                                        "byte[]", "time:Date", "time:TimeOfDay", "time:Utc", "time:Civil"};

    return type->type == TYPE_ENUM ? tree_enum(writer->tree, type->enumeration)->name : names[type->type];
}

static void write_type_annotations(struct writer *writer, const struct tree_type *type) {
    if (type->native)
        write_text_annotation(writer, "    ", "db:Type", type->native->sql);
    else if (type->type == TYPE_STRING && type->length)
        str_addf(writer->out, "    @sql:%s {length: %u}\n", type->fixed ? "Char" : "Varchar", type->length);
    else if (type->type == TYPE_DECIMAL && type->precision)
        str_addf(writer->out, "    @sql:Decimal {precision: [%u, %u]}\n", type->precision, type->scale);
}

static void write_identity(struct writer *writer, const struct tree_field *field) {
    str_addf(writer->out, "    @db:Identity {always: %s", field->always ? "true" : "false");
    if (field->start)
        str_addf(writer->out, ", start: %u, increment: 2", field->start);
    str_add(writer->out, "}\n");
}

static void write_field(struct writer *writer, struct tree_entity *entity, const struct tree_field *field) {
    struct tree_entity *before = old_entity(writer, entity->id);
    const struct tree_field *old = before ? tree_field(before, field->id) : NULL;

    write_comment(writer, "    ", field->comment);
    if (field->column && strcmp(field->column, field->name) != 0)
        write_text_annotation(writer, "    ", "sql:Name", field->column);
    write_type_annotations(writer, &field->type);
    if (field->generated)
        str_add(writer->out, "    @sql:Generated\n");
    if (field->identity)
        write_identity(writer, field);
    if (field->on_update)
        str_add(writer->out, "    @db:OnUpdate {value: \"CURRENT_TIMESTAMP\"}\n");
    write_field_indexes(writer, entity, field, false);
    write_field_indexes(writer, entity, field, true);
    write_default(writer, field);
    if (field->operand)
        str_addf(writer->out, "    @db:Computed {value: %s%s}\n", literal(writer, computed_text(writer, entity, field)),
                 field->stored ? ", stored: true" : "");
    write_text_annotation(writer, "    ", "db:Collation", field->collation);
    write_was(writer, "    ", old ? old->name : NULL, field->name);
    str_addf(writer->out, "    %s%s%s ", field->key ? "readonly " : "", type_text(writer, &field->type), field->nullable ? "?" : "");
    write_name(writer, field->name);
    str_add(writer->out, ";\n");
}

static void write_reference(struct writer *writer, const struct tree_relation *relation) {
    const char *between = "    @db:Reference {";
    size_t length = writer->out->length;

    if (relation->on_delete) {
        str_addf(writer->out, "%sonDelete: \"%s\"", between, ref_action_name(relation->on_delete));
        between = ", ";
    }
    if (relation->on_update) {
        str_addf(writer->out, "%sonUpdate: \"%s\"", between, ref_action_name(relation->on_update));
        between = ", ";
    }
    if (relation->deferrable) {
        str_addf(writer->out, "%sdeferrable: \"deferred\"", between);
        between = ", ";
    }
    if (relation->constraint)
        str_addf(writer->out, "%sname: %s", between, literal(writer, relation->constraint));
    if (writer->out->length > length)
        str_add(writer->out, "}\n");
}

static void write_owner(struct writer *writer, const struct tree_relation *relation) {
    struct tree_entity *owner = tree_entity(writer->tree, relation->owner);
    const struct tree_relation *old = writer->before ? tree_relation(writer->before, relation->id) : NULL;

    if (relation->key)
        str_addf(writer->out, "    @sql:Relation {keys: [%s]}\n", literal(writer, tree_field(owner, relation->key)->name));
    else if (!relation->many && relation->optional)
        str_add(writer->out, "    @sql:Relation {}\n");
    if (relation->paired)
        str_addf(writer->out, "    @db:Inverse {field: %s}\n", literal(writer, relation->inverse));
    write_reference(writer, relation);
    write_was(writer, "    ", old ? old->name : NULL, relation->name);
    str_add(writer->out, "    ");
    write_name(writer, tree_entity(writer->tree, relation->target)->name);
    str_addf(writer->out, "%s ", relation->optional ? "?" : "");
    write_name(writer, relation->name);
    str_add(writer->out, ";\n");
}

static void write_inverse(struct writer *writer, const struct tree_relation *relation) {
    const struct tree_relation *old = writer->before ? tree_relation(writer->before, relation->id) : NULL;

    write_was(writer, "    ", old ? old->inverse : NULL, relation->inverse);
    str_add(writer->out, "    ");
    write_name(writer, tree_entity(writer->tree, relation->owner)->name);
    str_addf(writer->out, "%s ", relation->many ? "[]" : "?");
    write_name(writer, relation->inverse);
    str_add(writer->out, ";\n");
}

static void write_fields(struct writer *writer, struct tree_entity *entity) {
    for (size_t i = 0; i < entity->field_count; i++)
        write_field(writer, entity, &entity->fields[i]);
    for (size_t i = 0; i < writer->tree->relation_count; i++) {
        const struct tree_relation *relation = &writer->tree->relations[i];

        if (relation->owner == entity->id)
            write_owner(writer, relation);
        if (relation->target == entity->id)
            write_inverse(writer, relation);
    }
}

static void write_part(struct writer *writer, struct tree_entity *entity, const struct tree_part *part) {
    const struct tree_field *field = tree_field(entity, part->field);
    const char *direction = part->descending ? ", direction: \"desc\"" : "";

    if (part->expression)
        str_addf(writer->out, "{expression: %s%s}",
                 literal(writer, arena_printf(&writer->arena, "lower(%s)", quoted_column(writer, entity, part->field))), direction);
    else if (part->descending)
        str_addf(writer->out, "{field: %s%s}", literal(writer, field->name), direction);
    else
        str_add(writer->out, literal(writer, field->name));
}

static void write_index(struct writer *writer, struct tree_entity *entity, const struct tree_index *index) {
    if (index->form == INDEX_ON_FIELDS)
        return;
    str_addf(writer->out, "@db:%s {name: %s, keys: [", index->form == INDEX_CONSTRAINT ? "Unique" : "Index", literal(writer, index->name));
    for (size_t i = 0; i < index->part_count; i++) {
        str_add(writer->out, i ? ", " : "");
        write_part(writer, entity, &index->parts[i]);
    }
    str_add(writer->out, "]");
    if (index->form == INDEX_ON_ENTITY && index->unique)
        str_add(writer->out, ", unique: true");
    if (index->not_distinct)
        str_add(writer->out, ", nulls: \"not distinct\"");
    if (index->deferrable)
        str_add(writer->out, ", deferrable: \"immediate\"");
    if (index->hash)
        str_add(writer->out, ", using: \"hash\"");
    if (index->where)
        str_addf(writer->out, ", where: %s",
                 literal(writer, arena_printf(&writer->arena, "%s IS NOT NULL", quoted_column(writer, entity, index->where))));
    if (index->include)
        str_addf(writer->out, ", include: [%s]", literal(writer, tree_field(entity, index->include)->name));
    str_add(writer->out, "}\n");
}

static void write_check(struct writer *writer, struct tree_entity *entity, const struct tree_check *check) {
    static const char *const of_text[] = {"length(%s) > 0", "%s <> '-'"};
    static const char *const of_number[] = {"%s >= 0", "%s > -1000"};
    bool text = tree_field(entity, check->field)->type.type == TYPE_STRING;
    const char *column = quoted_column(writer, entity, check->field);
    const char *format = text ? of_text[check->variant] : of_number[check->variant];
    const char *hole = strstr(format, "%s");
    const char *value = arena_printf(&writer->arena, "%.*s%s%s", (int)(hole - format), format, column, hole + 2);

    str_add(writer->out, "@db:Check {");
    if (check->name)
        str_addf(writer->out, "name: %s, ", literal(writer, check->name));
    str_addf(writer->out, "value: %s}\n", literal(writer, value));
}

static void write_table(struct writer *writer, const struct tree_entity *entity) {
    const char *between = "@db:Table {";
    size_t length = writer->out->length;
    const struct {
        bool given;
        const char *text;
    } rows[] = {
        {entity->collation, arena_printf(&writer->arena, "collation: \"%s\"", entity->collation ? entity->collation : "")},
        {entity->row_format, arena_printf(&writer->arena, "rowFormat: \"%s\"", entity->row_format ? entity->row_format : "")},
        {entity->strict, "strict: true"},
        {entity->without_rowid, "withoutRowid: true"},
        {entity->unlogged, "unlogged: true"},
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].given) {
            str_addf(writer->out, "%s%s", between, rows[i].text);
            between = ", ";
        }
    if (writer->out->length > length)
        str_add(writer->out, "}\n");
}

static void write_foreign_keys(struct writer *writer, struct tree_entity *entity) {
    for (size_t i = 0; i < writer->tree->foreign_key_count; i++) {
        const struct tree_foreign_key *key = &writer->tree->foreign_keys[i];
        struct tree_entity *target = tree_entity(writer->tree, key->target);

        if (key->owner != entity->id)
            continue;
        str_add(writer->out, "@db:ForeignKey {");
        if (key->name)
            str_addf(writer->out, "name: %s, ", literal(writer, key->name));
        str_addf(writer->out, "keys: [%s], entity: %s", literal(writer, tree_field(entity, key->field)->name),
                 literal(writer, target->name));
        str_addf(writer->out, ", to: [%s]%s}\n", literal(writer, tree_field(target, key->to)->name),
                 key->on_delete == ACTION_CASCADE ? ", onDelete: \"CASCADE\"" : "");
    }
}

static void write_entity(struct writer *writer, struct tree_entity *entity) {
    const struct tree_entity *old = old_entity(writer, entity->id);

    str_add(writer->out, "\n");
    write_comment(writer, "", entity->comment);
    if (entity->table && strcmp(entity->table, entity->name) != 0)
        write_text_annotation(writer, "", "sql:Name", entity->table);
    write_text_annotation(writer, "", "sql:Schema", entity->namespace);
    if (entity->key_name)
        str_addf(writer->out, "@db:Key {name: %s}\n", literal(writer, entity->key_name));
    for (size_t i = 0; i < entity->index_count; i++)
        write_index(writer, entity, &entity->indexes[i]);
    for (size_t i = 0; i < entity->check_count; i++)
        write_check(writer, entity, &entity->checks[i]);
    write_foreign_keys(writer, entity);
    write_table(writer, entity);
    write_was(writer, "", old ? old->name : NULL, entity->name);
    str_add(writer->out, "public type ");
    write_name(writer, entity->name);
    str_add(writer->out, " record {|\n");
    write_fields(writer, entity);
    str_add(writer->out, "|};\n");
}

static void write_member(struct writer *writer, struct tree_enum *old, const struct tree_member *member) {
    const struct tree_member *was = old ? tree_member(old, member->id) : NULL;

    write_was(writer, "    ", was ? was->name : NULL, member->name);
    str_addf(writer->out, "    %s", member->name);
    if (member->value)
        str_addf(writer->out, " = %s", literal(writer, member->value));
}

static void write_enum(struct writer *writer, struct tree_enum *enumeration) {
    struct tree_enum *old = writer->before ? tree_enum(writer->before, enumeration->id) : NULL;

    str_add(writer->out, "\n");
    write_comment(writer, "", enumeration->comment);
    if (enumeration->type_name)
        str_addf(writer->out, "@db:Enum {name: %s}\n", literal(writer, enumeration->type_name));
    write_was(writer, "", old ? old->name : NULL, enumeration->name);
    str_addf(writer->out, "public enum %s {\n", enumeration->name);
    for (size_t i = 0; i < enumeration->member_count; i++) {
        write_member(writer, old, &enumeration->members[i]);
        str_add(writer->out, i + 1 < enumeration->member_count ? ",\n" : "\n");
    }
    str_add(writer->out, "}\n");
}

void tree_write(struct tree *tree, struct tree *before, const struct place *place, struct str *out) {
    struct writer writer = {.tree = tree, .before = before, .place = place, .out = out};

    str_add(out, "import ballerina/persist as _;\nimport ballerina/time;\nimport ballerinax/persist.sql;\nimport persist/db;\n");
    for (size_t i = 0; i < tree->enum_count; i++)
        write_enum(&writer, &tree->enums[i]);
    for (size_t i = 0; i < tree->entity_count; i++)
        write_entity(&writer, &tree->entities[i]);
    arena_free(&writer.arena);
}
