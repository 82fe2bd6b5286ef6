/* The clauses and updates of rows that each column of a table on both sides needs, and what they cost. */
#include <string.h>
#include <strings.h>

#include "alter_internal.h"

/* --- what it costs --- */

/* Is TO the ENUM FROM with members added at its end, of which a byte still counts all? */
static bool appends_members(struct arena *arena, const char *from, const char *to) {
    struct names old = my_type_values(arena, from), new = my_type_values(arena, to);

    if (!my_type_is(from, "ENUM") || !my_type_is(to, "ENUM") || new.count < old.count || (old.count < 256) != (new.count < 256))
        return false;
    for (size_t i = 0; i < old.count; i++)
        if (strcmp(old.at[i], new.at[i]) != 0)
            return false;
    return true;
}

static size_t length_of(const char *type) {
    return my_type_is(type, "VARCHAR") ? my_type_key_bytes(&(struct field){.native_type = type, .charset = "latin1"}, 0) : 0;
}

enum { SHORT_BYTES = 127 }; /* MariaDB: lengths up to this are stored in one byte, however long the column is */

/* A VARCHAR grows in place while its length takes one byte, or two. Where nobody says the character set each width is tried. */
static enum my_operation widen_operation(const struct my_alter *alter, const struct field *old, const char *to) {
    const struct table_options *table = &alter->from->options;
    bool own = old->charset || old->collation;
    const char *charset = own ? old->charset : table->charset, *collation = own ? old->collation : table->collation;
    size_t before = length_of(old->native_type), after = length_of(to);
    bool known = charset || collation, stays = false, grows = false;
    unsigned least = known ? my_charset_width(charset, collation) : 1, most = known ? least : 4;

    if (!before || !after || after < before)
        return OPERATION_CHANGE_TYPE;
    for (unsigned width = least; width <= most; width++)
        if ((before * width > 255) == (after * width > 255))
            stays = true;
        else
            grows = true;
    if (stays && grows)
        return OPERATION_UNSURE;
    if (stays)
        return OPERATION_WIDEN_VARCHAR;
    return before * most <= SHORT_BYTES ? OPERATION_WIDEN_SHORT : OPERATION_CHANGE_TYPE;
}

static enum my_operation type_operation(const struct my_alter *alter, const struct change *change, const char *to) {
    if (strcmp(my_type_without_width(alter->arena, change->old_field->native_type), my_type_without_width(alter->arena, to)) == 0)
        return OPERATION_UNSURE; /* a width alone: the server knows that nothing is to be done */
    if (appends_members(alter->arena, change->old_field->native_type, to))
        return OPERATION_APPEND_ENUM;
    return widen_operation(alter, change->old_field, to);
}

/* Costs that no single operation has: clauses without text carry them. */
static void add_cost(struct my_alter *alter, struct my_clauses *clauses, enum my_operation operation) {
    my_clause_add(alter, clauses, operation, "");
}

static enum my_operation rename_operation(const struct my_alter *alter, const struct field *field) {
    return my_column_in_key(alter, field) ? OPERATION_RENAME_KEY_COLUMN : OPERATION_RENAME_COLUMN;
}

static void add_alter_costs(struct my_alter *alter, const struct change *change, const struct my_definition *definition) {
    unsigned unsure = COLUMN_GENERATED | COLUMN_COMPUTED | COLUMN_COLLATION | COLUMN_ON_UPDATE | COLUMN_OPTIONS | COLUMN_IDENTITY;
    const char *type = definition->type ? definition->type : definition->field->native_type;

    if (change->aspects & COLUMN_GENERATED && my_column_in_key(alter, definition->field))
        alter->unchecked = true;
    if (strcmp(type, change->old_field->native_type) != 0)
        add_cost(alter, &alter->main, type_operation(alter, change, type));
    if (change->aspects & COLUMN_NULLABLE && (definition->nullable || definition->field->nullable) != change->old_field->nullable)
        add_cost(alter, &alter->main, my_type_is(type, "TIMESTAMP") ? OPERATION_UNSURE : OPERATION_SET_NULLABLE);
    if (change->aspects & COLUMN_POSITION)
        add_cost(alter, &alter->main, OPERATION_MOVE_COLUMN);
    if (change->aspects & unsure)
        add_cost(alter, &alter->main, OPERATION_UNSURE);
}

/* Servers look whether there are rows before they give all of them a date that is none. */
static bool is_dated(const char *type) {
    return my_type_is(type, "DATE") || my_type_is(type, "DATETIME") || my_type_is(type, "TIMESTAMP");
}

static enum my_operation add_operation(const struct field *field, bool inside) {
    const char *value = field->default_sql;

    if (my_is_numbered(field))
        return OPERATION_ADD_AUTO_INCREMENT;
    if (field->computed)
        return field->stored ? OPERATION_ADD_STORED : OPERATION_ADD_VIRTUAL;
    if (value && !my_default_is_now(value) && (!my_default_is_literal(value) || my_type_is_large(field->native_type)))
        return OPERATION_ADD_COLUMN_EXPRESSION;
    if (!field->nullable && !value && is_dated(field->native_type))
        return OPERATION_UNSURE;
    return inside ? OPERATION_ADD_COLUMN_INSIDE : OPERATION_ADD_COLUMN;
}

/* --- clauses --- */

/* Is the column the last one, or followed by added ones alone? Then it need not say where it stands. */
static bool is_appended(const struct my_alter *alter, const struct field *field) {
    for (const struct field *next = field + 1; next < alter->to->fields + alter->to->field_count; next++)
        if (my_column_of(alter, next)->fate != FATE_ADDED || my_column_of(alter, next)->change->recreated)
            return false;
    return true;
}

/* How the column is called in the main statement. */
static const char *main_name(const struct my_alter *alter, const struct field *field) {
    const char *alias = my_column_of(alter, field)->alias;

    return alias ? alias : field->column;
}

static const char *position(const struct my_alter *alter, const struct field *field) {
    bool late = my_column_of(alter, field)->late;

    while (field > alter->to->fields && !late && my_column_of(alter, field - 1)->late)
        field--;
    if (field == alter->to->fields)
        return " FIRST";
    return sql_format(alter->arena, &dialect_mysql.quoting, " AFTER %I", late ? field[-1].column : main_name(alter, field - 1));
}

static const char *definition_text(const struct my_alter *alter, const struct my_definition *definition) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    my_define_column(&sql, definition);
    kept = str_keep(&sql.text, alter->arena);
    sql_free(&sql);
    return kept;
}

static struct my_definition main_definition(const struct my_column *column, const struct field *field) {
    bool nullable = column->change && column->change->fill && column->deferred;

    return (struct my_definition){.field = field, .column = column->alias, .type = column->wide, .nullable = nullable};
}

static void emit_added(struct my_alter *alter, const struct field *field, const struct my_column *column) {
    struct my_definition definition = main_definition(column, field);
    bool inside = !is_appended(alter, field);

    CLAUSE(alter, column->late ? &alter->after : &alter->main, add_operation(field, inside), "ADD COLUMN %X%X",
           definition_text(alter, &definition), inside ? position(alter, field) : "");
}

static void emit_altered(struct my_alter *alter, const struct field *field, const struct my_column *column) {
    struct my_definition definition = main_definition(column, field);
    const struct field *old = my_column_old(alter, field);
    const char *text = definition_text(alter, &definition);
    const char *where = column->change && column->change->aspects & COLUMN_POSITION ? position(alter, field) : "";

    if (my_column_renamed(alter, field) && !alter->renames_first)
        CLAUSE(alter, &alter->main, OPERATION_SET_DEFAULT, "CHANGE COLUMN %I %X%X", old->column, text, where);
    else
        CLAUSE(alter, &alter->main, OPERATION_SET_DEFAULT, "MODIFY COLUMN %X%X", text, where);
    if (column->change)
        add_alter_costs(alter, column->change, &definition);
    else
        add_cost(alter, &alter->main, OPERATION_UNSURE);
}

static void emit_replaced(struct my_alter *alter, const struct field *field) {
    struct my_definition definition = {.field = field};
    struct my_clauses *clauses = my_column_of(alter, field)->late ? &alter->after : &alter->main;

    CLAUSE(alter, &alter->main, OPERATION_UNSURE, "DROP COLUMN %I", my_column_old(alter, field)->column);
    CLAUSE(alter, clauses, OPERATION_UNSURE, "ADD COLUMN %X%X", definition_text(alter, &definition), position(alter, field));
}

/* The end of an UPDATE that fills FILLED, BEFORE the main statement or behind it: columns with ON UPDATE get what they have, or the server
 * would write the time into them as if the row had been changed by somebody. */
static const char *keep_stamps(const struct my_alter *alter, const struct field *filled, bool before) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    for (size_t i = 0; i < alter->to->field_count; i++) {
        const struct field *field = &alter->to->fields[i];
        const struct field *now = before ? my_column_old(alter, field) : field;
        const char *name;

        if (field == filled || !now || !now->on_update || (!before && my_column_of(alter, field)->late))
            continue;
        name = before ? my_columns_current(alter, field) : main_name(alter, field);
        sqlf(&sql, ", %I = %I", name, name);
    }
    kept = str_keep(&sql.text, alter->arena);
    sql_free(&sql);
    return kept;
}

static void emit_saved(struct my_alter *alter, const struct field *field, const struct my_column *column) {
    const struct field *old = my_column_old(alter, field);
    struct my_definition saved = {.field = old, .column = column->saved, .nullable = true, .plain = true};
    struct my_definition definition = main_definition(column, field);

    CLAUSE(alter, &alter->before, OPERATION_UNSURE, "ADD COLUMN %X", definition_text(alter, &saved));
    CLAUSE(alter, &alter->fills_before, OPERATION_UNSURE, "UPDATE %E SET %I = %I%X", alter->to, column->saved, old->column,
           keep_stamps(alter, field, true));
    CLAUSE(alter, &alter->main, OPERATION_UNSURE, "DROP COLUMN %I", old->column);
    CLAUSE(alter, &alter->main, OPERATION_UNSURE, "CHANGE COLUMN %I %X%X", column->saved, definition_text(alter, &definition),
           position(alter, field));
}

/* --- rows --- */

static const char *fill_text(const struct my_alter *alter, const struct field *field, const struct my_column *column) {
    struct arena *arena = alter->arena;

    if (column->fate == FATE_ADDED && field->default_sql)
        return sql_format(arena, &dialect_mysql.quoting, "UPDATE %E SET %I = %X%X", alter->to, main_name(alter, field),
                          column->change->fill, keep_stamps(alter, field, false));
    /* A new column is NULL everywhere. The condition says so for whoever fills it in batches: rows come in meanwhile. */
    if (column->fate == FATE_ADDED)
        return sql_format(arena, &dialect_mysql.quoting, "UPDATE %E SET %I = %X%X WHERE %I IS NULL", alter->to, main_name(alter, field),
                          column->change->fill, keep_stamps(alter, field, false), main_name(alter, field));
    return sql_format(arena, &dialect_mysql.quoting, "UPDATE %E SET %I = %X%X WHERE %I IS NULL", alter->to, field->column,
                      column->change->fill, keep_stamps(alter, field, column->filled_before), field->column);
}

/* All members at once, so that two may swap their values. */
static const char *values_text(const struct my_alter *alter, const struct field *field, const struct change *change) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    sqlf(&sql, "UPDATE %E SET %I = CASE %I", alter->to, field->column, field->column);
    for (size_t i = 0; i < change->value_count; i++)
        sqlf(&sql, " WHEN %L THEN %L", change->values[i].from, change->values[i].to);
    sqlf(&sql, " END%X WHERE %I IN (", keep_stamps(alter, field, false), field->column);
    for (size_t i = 0; i < change->value_count; i++) {
        if (i)
            sqlf(&sql, ", ");
        sqlf(&sql, "%L", change->values[i].from);
    }
    sqlf(&sql, ")");
    kept = str_keep(&sql.text, alter->arena);
    sql_free(&sql);
    return kept;
}

static void emit_rows(struct my_alter *alter, const struct field *field, const struct my_column *column) {
    struct my_definition definition = {.field = field};

    if (column->filled_before)
        my_clause_add(alter, &alter->fills_before, OPERATION_UNSURE, fill_text(alter, field, column));
    if (!column->deferred)
        return;
    if (column->wide)
        my_clause_add(alter, &alter->fills, OPERATION_UNSURE, values_text(alter, field, column->change));
    if (column->change->fill)
        my_clause_add(alter, &alter->fills, OPERATION_UNSURE, fill_text(alter, field, column));
    if (column->alias)
        CLAUSE(alter, &alter->after, OPERATION_UNSURE, "CHANGE COLUMN %I %X", column->alias, definition_text(alter, &definition));
    else
        CLAUSE(alter, &alter->after,
               column->wide || my_type_is(field->native_type, "TIMESTAMP") ? OPERATION_UNSURE : OPERATION_SET_NULLABLE, "MODIFY COLUMN %X",
               definition_text(alter, &definition));
}

/* The change that gives FIELD its name, or NULL. */
static const struct change *rename_of(const struct my_alter *alter, const struct field *field) {
    for (size_t i = 0; i < alter->table->changes.count; i++) {
        const struct change *change = alter->table->changes.at[i];

        if (change->kind == CHANGE_RENAME_COLUMN && change->new_field == field && strcmp(change->new_name, field->column) == 0)
            return change;
    }
    return NULL;
}

/* The new name of a column that stays: before all else, in a clause of its own, or in the CHANGE that emit_altered() writes. */
static void emit_name(struct my_alter *alter, const struct field *field, const struct my_column *column) {
    const struct field *old = my_column_old(alter, field);
    struct my_clauses *clauses = alter->renames_first ? &alter->before : &alter->main;

    if (!my_column_renamed(alter, field) || (column->fate != FATE_KEPT && column->fate != FATE_ALTERED))
        return;
    alter->change = rename_of(alter, field);
    if (column->fate == FATE_KEPT || alter->renames_first)
        CLAUSE(alter, clauses, rename_operation(alter, field), "RENAME COLUMN %I TO %I", old->column, field->column);
    else
        add_cost(alter, &alter->main, rename_operation(alter, field));
}

static void emit_field(struct my_alter *alter, const struct field *field) {
    const struct my_column *column = my_column_of(alter, field);

    emit_name(alter, field, column);
    alter->change = column->change;
    switch (column->fate) {
    case FATE_KEPT:
        return;
    case FATE_ADDED:
        emit_added(alter, field, column);
        break;
    case FATE_ALTERED:
        emit_altered(alter, field, column);
        break;
    case FATE_REPLACED:
        emit_replaced(alter, field);
        break;
    case FATE_SAVED:
        emit_saved(alter, field, column);
        break;
    }
    emit_rows(alter, field, column);
    if (column->fate == FATE_ALTERED || (column->change && column->change->kind == CHANGE_ALTER_COLUMN))
        my_columns_find_probe(alter, field, column->change);
}

static bool name_is_taken(const struct my_alter *alter, const char *name) {
    for (size_t i = 0; i < alter->to->field_count; i++)
        if (my_column_renamed(alter, &alter->to->fields[i]) && strcasecmp(alter->to->fields[i].column, name) == 0)
            return true;
    return false;
}

/* What reads a column goes before that one is renamed; a column whose name is wanted then steps aside. */
static void emit_drop(struct my_alter *alter, const struct change *change) {
    bool before = alter->renames_first && change->recreated;
    const char *name = change->old_field->column;

    alter->change = change;
    if (alter->renames_first && !before && name_is_taken(alter, name)) {
        const char *aside = my_column_aside(alter, name);

        CLAUSE(alter, &alter->before, OPERATION_RENAME_COLUMN, "RENAME COLUMN %I TO %I", name, aside);
        name = aside;
    }
    CLAUSE(alter, before ? &alter->before : &alter->main, change->old_field->computed ? OPERATION_UNSURE : OPERATION_DROP_COLUMN,
           "DROP COLUMN %I", name);
}

void my_columns_emit(struct my_alter *alter) {
    for (size_t i = 0; i < alter->table->changes.count; i++) {
        const struct change *change = alter->table->changes.at[i];

        if (change->kind == CHANGE_DROP_COLUMN)
            emit_drop(alter, change);
    }
    for (size_t i = 0; i < alter->to->field_count; i++)
        emit_field(alter, &alter->to->fields[i]);
}
