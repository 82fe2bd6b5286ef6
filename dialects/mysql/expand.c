/* Columns kept in step by triggers of MySQL and MariaDB: they run before the row is written, and give it both values. */
#define _GNU_SOURCE /* strcasestr */
#include "expand.h"

#include <string.h>

#include "algorithm.h"
#include "my_object_kinds.h"
#include "mysql_internal.h"

#define SQL(arena, ...) sql_format((arena), &dialect_mysql.quoting, __VA_ARGS__)

struct writer {
    struct arena *arena;
    const struct expansion *expansion;
    const char *name; /* in the model */
    struct object_list *objects;
};

/* Is OBJECT a trigger of the table before EVENT? */
static bool is_trigger_of(const struct writer *writer, const struct object *object, const char *event) {
    const char *when = arena_printf(writer->arena, "BEFORE %s ", event);

    return strcmp(object->kind, "trigger") == 0 && text_equal(object->on, writer->expansion->entity->name) && object->definition &&
           strcasestr(object->definition, when);
}

static bool is_followed(const struct writer *writer, const struct object *object) {
    for (size_t i = 0; i < writer->objects->list.count; i++) {
        const char *follows = my_option(&writer->objects->list.at[i]->options, "follows");

        if (text_equal(writer->objects->list.at[i]->on, object->on) && text_equal(follows, object->object_name))
            return true;
    }
    return false;
}

/* The last trigger of the same event; NULL: there is none. Where there are several each says behind which it stands. */
static const struct object *last_trigger(const struct writer *writer, const char *event) {
    for (size_t i = writer->objects->list.count; i-- > 0;)
        if (is_trigger_of(writer, writer->objects->list.at[i], event) && !is_followed(writer, writer->objects->list.at[i]))
            return writer->objects->list.at[i];
    return NULL;
}

static void stand_behind(struct writer *writer, const struct object *last, struct object *object) {
    object->depends_on = (struct names){ARENA_ARRAY(writer->arena, const char *, 1), 1};
    object->depends_on.at[0] = last->name;
    object->options = (struct options){ARENA_NEW(writer->arena, struct option), 1};
    object->options.at[0] = (struct option){"follows", last->object_name};
}

/* The text is as the server keeps it: one blank behind FOR EACH ROW. */
static void add(struct writer *writer, const char *part, const char *event, const char *body) {
    const struct entity *entity = writer->expansion->entity;
    const struct object *last = last_trigger(writer, event);
    const char *name = expansion_name(writer->arena, &dialect_mysql, writer->expansion, part);
    const char *constant = arena_printf(writer->arena, "%s_%s", writer->name, part);
    struct object words = {
        .name = constant,
        .kind = "trigger",
        .object_name = name,
        .on = entity->name,
        .definition = SQL(writer->arena, "CREATE TRIGGER %I BEFORE %T ON %E FOR EACH ROW %X", name, event, entity, body),
    };

    if (last)
        stand_behind(writer, last, &words);
    expansion_object(writer->arena, writer->objects, &words);
}

/* Compared by their bytes: a collation may take other texts for the same. Not as texts where those are rounded. */
static const char *changed(struct writer *writer, const struct field *field) {
    if (my_type_is(field->native_type, "FLOAT") || my_type_is(field->native_type, "DOUBLE"))
        return SQL(writer->arena, "NOT (NEW.%I <=> OLD.%I)", field->column, field->column);
    return SQL(writer->arena, "NOT (CAST(NEW.%I AS BINARY) <=> CAST(OLD.%I AS BINARY))", field->column, field->column);
}

/* The row as far as it is known, under the names of its columns. */
static const char *row_of(struct writer *writer) {
    const struct expansion *expansion = writer->expansion;
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *text, *between = "";

    for (size_t i = 0; i < expansion->entity->field_count; i++) {
        const struct field *field = &expansion->entity->fields[i];

        if (field->computed || strcmp(field->name, expansion->new->name) == 0 || field->generated)
            continue;
        sqlf(&sql, "%TNEW.%I AS %I", between, field->column, field->column);
        between = ", ";
    }
    text = *between ? str_keep(&sql.text, writer->arena) : "1";
    sql_free(&sql);
    return text;
}

static void add_fill(struct writer *writer) {
    const struct field *new = writer->expansion->new;

    add(writer, "insert", "INSERT",
        SQL(writer->arena, "IF NEW.%I IS NULL THEN\n    SET NEW.%I = (SELECT %X FROM (SELECT %T) AS %I);\nEND IF", new->column, new->column,
            writer->expansion->fill, row_of(writer), writer->expansion->entity->table));
}

static void add_triggers(struct arena *arena, const struct expansion *expansion, const char *name, struct object_list *objects) {
    struct writer writer = {arena, expansion, name, objects};
    const struct field *old = expansion->old, *new = expansion->new;

    if (!old) {
        add_fill(&writer);
        return;
    }
    add(&writer, "insert", "INSERT",
        SQL(arena, "IF NEW.%I IS NULL THEN\n    SET NEW.%I = NEW.%I;\nELSE\n    SET NEW.%I = NEW.%I;\nEND IF", new->column, new->column,
            old->column, old->column, new->column));
    add(&writer, "update", "UPDATE",
        SQL(arena, "IF %T THEN\n    SET NEW.%I = NEW.%I;\nELSEIF %T THEN\n    SET NEW.%I = NEW.%I;\nEND IF", changed(&writer, new),
            old->column, new->column, changed(&writer, old), new->column, old->column));
}

static bool is_unique(const struct expansion *expansion) {
    const struct entity *entity = expansion->entity;

    for (size_t i = 0; i < entity->index_count; i++)
        for (size_t k = 0; entity->indexes[i].unique && k < entity->indexes[i].part_count; k++)
            if (text_equal(entity->indexes[i].parts[k].field, expansion->old->name))
                return true;
    return false;
}

/* A value that every column of TYPE takes; NULL: none is known. */
static const char *any_value(const char *type) {
    if (my_type_is_large(type))
        return NULL;
    if (my_type_is_number(type))
        return "0";
    if (my_type_is(type, "DATE") || my_type_is(type, "DATETIME") || my_type_is(type, "TIMESTAMP"))
        return "'2000-01-01'";
    return my_type_is(type, "CHAR") || my_type_is(type, "VARCHAR") || my_type_is(type, "BINARY") || my_type_is(type, "VARBINARY") ? "''"
                                                                                                                                  : NULL;
}

/* With a default that nobody reads, which comes at once; where that would be one value for several rows, or none is known, with NULL. */
static void release(const struct target *target, const struct expansion *expansion, struct script *script) {
    const char *value = is_unique(expansion) ? NULL : any_value(expansion->old->native_type), *text;
    struct my_costs costs = {0};

    my_costs_add(&costs, value ? OPERATION_SET_DEFAULT : OPERATION_SET_NULLABLE);
    if (value) {
        text = SQL(script->arena, "ALTER TABLE %E ALTER COLUMN %I SET DEFAULT %T", expansion->entity, expansion->old->column, value);
    } else {
        struct sql sql = SQL_INIT(&dialect_mysql.quoting);

        sqlf(&sql, "ALTER TABLE %E MODIFY COLUMN ", expansion->entity);
        my_define_column(&sql, &(struct my_definition){.field = expansion->old, .nullable = true});
        sqlf(&sql, "%T", my_costs_clause(&costs, target));
        text = str_keep(&sql.text, script->arena);
        sql_free(&sql);
    }
    effect_add(script->arena, script_add(script, text, NULL), my_costs_effect(&costs, target, expansion->entity));
}

const struct expand_rules my_expand = {.refuses = true, .release = release, .add_triggers = add_triggers};
