/* Columns of a table that is on both sides: which clauses and which updates of rows each one needs. */
#include <string.h>
#include <strings.h>

#include "alter_internal.h"
#include "expression.h"

/* --- deciding --- */

static struct my_column *column_of(const struct my_alter *alter, const struct field *field) {
    return &alter->columns[field - alter->to->fields];
}

static const struct field *old_of(const struct my_alter *alter, const struct field *field) {
    return alter->table->pair->old_of_new[field - alter->to->fields];
}

/* A name for a column that is there only between two statements. */
static const char *temporary_name(const struct my_alter *alter, const char *column) {
    const char *name = arena_printf(alter->arena, "persist_tmp_%.30s", column);

    while (entity_field_by_column(alter->from, name) || entity_field_by_column(alter->to, name))
        name = arena_printf(alter->arena, "%s_", name);
    return name;
}

/* Servers alter the expression of a computed column and make a stored one plain; every other change of kind is a new column. */
static enum my_fate altered_fate(const struct field *old, const struct field *new) {
    bool virtual_old = old->computed && !old->stored;
    bool virtual_new = new->computed && !new->stored;

    if (virtual_old && !new->computed)
        return FATE_SAVED;
    if (new->computed && (!old->computed || virtual_old != virtual_new))
        return FATE_REPLACED;
    return FATE_ALTERED;
}

static bool is_new_column(const struct my_alter *alter, const char *expression) {
    for (size_t i = 0; i < alter->to->field_count; i++) {
        const struct field *field = &alter->to->fields[i];
        const struct field *old = old_of(alter, field);

        if ((!old || strcmp(old->column, field->column) != 0) && expression_mentions(expression, field->column))
            return true;
    }
    return false;
}

/* Can the rows be filled while the table is still as it was? Then the column needs no second ALTER. */
static bool can_fill_before(const struct my_alter *alter, const struct change *change) {
    return change->kind == CHANGE_ALTER_COLUMN && !(change->aspects & (COLUMN_TYPE | COLUMN_VALUES | COLUMN_COMPUTED)) &&
           strcmp(change->old_field->column, change->new_field->column) == 0 && !is_new_column(alter, change->fill);
}

static bool names_value(const struct names *values, const char *value) {
    for (size_t i = 0; i < values->count; i++)
        if (strcasecmp(values->at[i], value) == 0)
            return true;
    return false;
}

/* The ENUM with the old members in their order, then the new ones: a member more at the end changes no row. Names that differ by case
 * alone are the same to a server. */
static const char *wide_enum(const struct my_alter *alter, const struct change *change) {
    struct names old = my_type_values(alter->arena, change->old_field->native_type);
    struct names new = my_type_values(alter->arena, change->new_field->native_type);
    struct names all = {.at = ARENA_ARRAY(alter->arena, const char *, old.count + new.count)};

    for (size_t i = 0; i < old.count; i++)
        all.at[all.count++] = old.at[i];
    for (size_t i = 0; i < new.count; i++)
        if (!names_value(&old, new.at[i]))
            all.at[all.count++] = new.at[i];
    return my_type_enum(alter->arena, &all);
}

/* Is the name of the new column FIELD that of an old one which is renamed now? In one statement servers take the old one's place in an index
 * for the new one's. */
static bool takes_name(const struct my_alter *alter, const struct field *field) {
    for (size_t i = 0; i < alter->from->field_count; i++) {
        const struct field *new = alter->table->pair->new_of_old[i];

        if (new &&new != field && strcasecmp(alter->from->fields[i].column, field->column) == 0 &&
            column_of(alter, new)->fate != FATE_ADDED)
            return true;
    }
    return false;
}

static void decide_aliases(struct my_alter *alter) {
    for (size_t i = 0; i < alter->to->field_count; i++) {
        struct my_column *column = &alter->columns[i];

        if (column->fate != FATE_ADDED || column->change->recreated || !takes_name(alter, &alter->to->fields[i]))
            continue;
        column->alias = temporary_name(alter, alter->to->fields[i].column);
        column->deferred = true;
    }
}

static void decide_change(struct my_alter *alter, const struct change *change) {
    struct my_column *column = column_of(alter, change->new_field);

    column->change = change;
    column->fate = change->kind == CHANGE_ADD_COLUMN ? FATE_ADDED : altered_fate(change->old_field, change->new_field);
    if (column->fate == FATE_SAVED)
        column->saved = temporary_name(alter, change->old_field->column);
    if (change->fill) {
        column->filled_before = can_fill_before(alter, change);
        column->deferred = !column->filled_before;
    }
    if (change->value_count && my_type_is(change->old_field->native_type, "ENUM") && my_type_is(change->new_field->native_type, "ENUM")) {
        column->wide = wide_enum(alter, change);
        column->deferred = true;
    }
}

/* Columns without a collation of their own follow their table's, but servers leave them as they are. */
static void decide_collation(struct my_alter *alter) {
    const struct table_options *old = &alter->from->options, *new = &alter->to->options;

    if (text_equal(old->collation, new->collation) && text_equal(old->charset, new->charset))
        return;
    for (size_t i = 0; i < alter->to->field_count; i++) {
        const struct field *field = &alter->to->fields[i];

        if (alter->columns[i].fate == FATE_KEPT && !field->collation && !field->charset && my_type_is_text(field->native_type))
            alter->columns[i].fate = FATE_ALTERED;
    }
}

static bool is_in_key(const struct my_alter *alter, const struct field *field) {
    const struct field *old = old_of(alter, field);

    return old && my_is_in_key(alter->job, alter->from, old);
}

static bool is_renamed(const struct my_alter *alter, const struct field *field) {
    const struct field *old = old_of(alter, field);

    return old && strcmp(old->column, field->column) != 0;
}

static bool renames_key(const struct my_alter *alter) {
    for (size_t i = 0; i < alter->to->field_count; i++)
        if (is_renamed(alter, &alter->to->fields[i]) && is_in_key(alter, &alter->to->fields[i]))
            return true;
    return false;
}

static bool changes_more(const struct my_alter *alter) {
    for (size_t i = 0; i < alter->table->changes.count; i++)
        if (alter->table->changes.at[i]->kind != CHANGE_RENAME_COLUMN)
            return true;
    return false;
}

/* Computed columns that read one which is there only under its alias. */
static void decide_late(struct my_alter *alter) {
    for (size_t i = 0; i < alter->to->field_count; i++) {
        const struct field *field = &alter->to->fields[i];
        bool made = alter->columns[i].fate == FATE_ADDED || alter->columns[i].fate == FATE_REPLACED;

        for (size_t k = 0; made && field->computed && k < alter->to->field_count; k++)
            if (alter->columns[k].alias && expression_mentions(field->computed, alter->to->fields[k].column))
                alter->columns[i].late = true;
    }
}

void my_columns_decide(struct my_alter *alter) {
    alter->columns = ARENA_ARRAY(alter->arena, struct my_column, alter->to->field_count);
    for (size_t i = 0; i < alter->table->changes.count; i++) {
        const struct change *change = alter->table->changes.at[i];

        if (change->kind == CHANGE_ADD_COLUMN || change->kind == CHANGE_ALTER_COLUMN)
            decide_change(alter, change);
    }
    decide_aliases(alter);
    decide_late(alter);
    decide_collation(alter);
    alter->renames_first = alter->table->changes.count && renames_key(alter) && changes_more(alter);
}

const char *my_columns_current(const struct my_alter *alter, const struct field *field) {
    enum my_fate fate = column_of(alter, field)->fate;

    return alter->renames_first && (fate == FATE_KEPT || fate == FATE_ALTERED) ? field->column : old_of(alter, field)->column;
}

/* --- what waits for the rows --- */

static bool is_deferred(const struct my_alter *alter, const char *name) {
    const struct field *field = entity_field(alter->to, name);

    return field && (column_of(alter, field)->deferred || column_of(alter, field)->late);
}

bool my_columns_defer_names(const struct my_alter *alter, const struct names *names) {
    for (size_t i = 0; i < names->count; i++)
        if (is_deferred(alter, names->at[i]))
            return true;
    return false;
}

bool my_columns_defer_expression(const struct my_alter *alter, const char *expression) {
    for (size_t i = 0; i < alter->to->field_count; i++)
        if ((alter->columns[i].deferred || alter->columns[i].late) && expression_mentions(expression, alter->to->fields[i].column))
            return true;
    return false;
}

bool my_columns_defer_index(const struct my_alter *alter, const struct index *index) {
    for (size_t i = 0; i < index->part_count; i++) {
        const struct index_part *part = &index->parts[i];

        if (part->field ? is_deferred(alter, part->field) : my_columns_defer_expression(alter, part->expression))
            return true;
    }
    return false;
}

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
    return is_in_key(alter, field) ? OPERATION_RENAME_KEY_COLUMN : OPERATION_RENAME_COLUMN;
}

static void add_alter_costs(struct my_alter *alter, const struct change *change, const struct my_definition *definition) {
    unsigned unsure = COLUMN_GENERATED | COLUMN_COMPUTED | COLUMN_COLLATION | COLUMN_ON_UPDATE | COLUMN_OPTIONS | COLUMN_IDENTITY;
    const char *type = definition->type ? definition->type : definition->field->native_type;

    if (change->aspects & COLUMN_GENERATED && is_in_key(alter, definition->field))
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
        if (column_of(alter, next)->fate != FATE_ADDED || column_of(alter, next)->change->recreated)
            return false;
    return true;
}

/* How the column is called in the main statement. */
static const char *main_name(const struct my_alter *alter, const struct field *field) {
    const char *alias = column_of(alter, field)->alias;

    return alias ? alias : field->column;
}

static const char *position(const struct my_alter *alter, const struct field *field) {
    bool late = column_of(alter, field)->late;

    while (field > alter->to->fields && !late && column_of(alter, field - 1)->late)
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
    const struct field *old = old_of(alter, field);
    const char *text = definition_text(alter, &definition);
    const char *where = column->change && column->change->aspects & COLUMN_POSITION ? position(alter, field) : "";

    if (is_renamed(alter, field) && !alter->renames_first)
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
    struct my_clauses *clauses = column_of(alter, field)->late ? &alter->after : &alter->main;

    CLAUSE(alter, &alter->main, OPERATION_UNSURE, "DROP COLUMN %I", old_of(alter, field)->column);
    CLAUSE(alter, clauses, OPERATION_UNSURE, "ADD COLUMN %X%X", definition_text(alter, &definition), position(alter, field));
}

/* The end of an UPDATE that fills FILLED, BEFORE the main statement or behind it: columns with ON UPDATE get what they have, or the server
 * would write the time into them as if the row had been changed by somebody. */
static const char *keep_stamps(const struct my_alter *alter, const struct field *filled, bool before) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    for (size_t i = 0; i < alter->to->field_count; i++) {
        const struct field *field = &alter->to->fields[i];
        const struct field *now = before ? old_of(alter, field) : field;
        const char *name;

        if (field == filled || !now || !now->on_update || (!before && column_of(alter, field)->late))
            continue;
        name = before ? my_columns_current(alter, field) : main_name(alter, field);
        sqlf(&sql, ", %I = %I", name, name);
    }
    kept = str_keep(&sql.text, alter->arena);
    sql_free(&sql);
    return kept;
}

static void emit_saved(struct my_alter *alter, const struct field *field, const struct my_column *column) {
    const struct field *old = old_of(alter, field);
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

/* --- probes --- */

/* The collation of FIELD, or its character set where that is all that is said; NULL: the database's. */
static const char *collation_of(const struct entity *entity, const struct field *field) {
    const struct table_options *table = &entity->options;

    if (field->collation || field->charset)
        return field->collation ? field->collation : field->charset;
    return table->collation ? table->collation : table->charset;
}

/* COLUMN in the character set, and under the collation where one is said, of COLLATION. */
static const char *converted(struct my_alter *alter, const char *column, const char *collation) {
    const char *charset = arena_strndup(alter->arena, collation, strcspn(collation, "_"));
    bool charset_alone = strlen(charset) == strlen(collation);

    return charset_alone ? sql_format(alter->arena, &dialect_mysql.quoting, "CONVERT(%X USING %I)", column, charset)
                         : sql_format(alter->arena, &dialect_mysql.quoting, "CONVERT(%X USING %I) COLLATE %I", column, charset, collation);
}

/* The condition of the texts with a character that the new set does not have. */
static const char *charset_refuses(struct my_alter *alter, const struct field *field, const char *column) {
    const char *from = collation_of(alter->from, old_of(alter, field)), *to = collation_of(alter->to, field);

    if (!from || !to || !my_charset_narrows(from, to))
        return NULL;
    return sql_format(alter->arena, &dialect_mysql.quoting, "HEX(CONVERT(%X USING utf8mb4)) <> HEX(CONVERT(%X USING utf8mb4))", column,
                      converted(alter, column, arena_strndup(alter->arena, to, strcspn(to, "_"))));
}

/* The FIELDS, of which one is FIELD, as they are compared afterwards; NULL: one of them is new or an expression. */
static const char *compared_columns(struct my_alter *alter, const struct field *field, const struct names *fields) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    bool known = false;
    const char *kept;

    for (size_t i = 0; i < fields->count; i++) {
        const struct field *part = fields->at[i] ? entity_field(alter->to, fields->at[i]) : NULL;
        const char *column;

        if (!part || !old_of(alter, part)) {
            known = false;
            break;
        }
        column = sql_format(alter->arena, &dialect_mysql.quoting, "%I", my_columns_current(alter, part));
        known = known || part == field;
        sqlf(&sql, "%T%X", i ? ", " : "", part == field ? converted(alter, column, collation_of(alter->to, field)) : column);
    }
    kept = known ? str_keep(&sql.text, alter->arena) : NULL;
    sql_free(&sql);
    return kept;
}

/* Rows with a NULL in it are all different to a unique index. */
static const char *without_nulls(struct my_alter *alter, const struct names *fields) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = entity_field(alter->to, fields->at[i]);

        if (old_of(alter, field)->nullable)
            sqlf(&sql, "%T%I IS NOT NULL", sql.text.length ? " AND " : " WHERE ", my_columns_current(alter, field));
    }
    kept = str_keep(&sql.text, alter->arena);
    sql_free(&sql);
    return kept;
}

/* The rows that agree in the unique FIELDS under the new collation of FIELD. */
static void probe_fold_in(struct my_alter *alter, const struct field *field, const struct names *fields) {
    const char *columns = alter->probe ? NULL : compared_columns(alter, field, fields);

    if (columns)
        alter->probe = sql_format(alter->arena, &dialect_mysql.quoting, "SELECT %X, COUNT(*) FROM %E%X GROUP BY %X HAVING COUNT(*) > 1",
                                  columns, alter->to, without_nulls(alter, fields), columns);
}

static void probe_fold(struct my_alter *alter, const struct field *field) {
    const struct entity *to = alter->to;
    const char *collation = collation_of(to, field);

    if (!collation || text_equal(collation, collation_of(alter->from, old_of(alter, field))) || !my_collation_folds(NULL, collation) ||
        strncasecmp(collation, "uca1400", 7) == 0)
        return;
    if (!to->key.absent)
        probe_fold_in(alter, field, &to->key.fields);
    for (size_t i = 0; i < to->index_count; i++) {
        struct names parts = {.at = ARENA_ARRAY(alter->arena, const char *, to->indexes[i].part_count)};

        for (size_t k = 0; to->indexes[i].unique && k < to->indexes[i].part_count; k++)
            parts.at[parts.count++] = to->indexes[i].parts[k].field;
        probe_fold_in(alter, field, &parts);
    }
}

/* The rows that an altered column refuses. CHANGE is NULL where it only follows its table. */
static void find_probe(struct my_alter *alter, const struct field *field, const struct change *change) {
    struct arena *arena = alter->arena;
    const char *column = sql_format(arena, &dialect_mysql.quoting, "%I", my_columns_current(alter, field));
    unsigned aspects = change ? change->aspects : COLUMN_COLLATION;
    const char *refused = NULL;

    if (alter->probe)
        return;
    if (aspects & COLUMN_TYPE && !change->value_count)
        refused = my_cast_refuses(arena, column, change->old_field->native_type, field->native_type);
    if (!refused && aspects & COLUMN_COLLATION)
        refused = charset_refuses(alter, field, column);
    if (!refused && aspects & COLUMN_NULLABLE && !field->nullable && !change->fill)
        refused = sql_format(arena, &dialect_mysql.quoting, "%X IS NULL", column);
    if (refused)
        alter->probe = sql_format(arena, &dialect_mysql.quoting, "SELECT * FROM %E WHERE %X", alter->to, refused);
    else if (aspects & COLUMN_COLLATION)
        probe_fold(alter, field);
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
    const struct field *old = old_of(alter, field);
    struct my_clauses *clauses = alter->renames_first ? &alter->before : &alter->main;

    if (!is_renamed(alter, field) || (column->fate != FATE_KEPT && column->fate != FATE_ALTERED))
        return;
    alter->change = rename_of(alter, field);
    if (column->fate == FATE_KEPT || alter->renames_first)
        CLAUSE(alter, clauses, rename_operation(alter, field), "RENAME COLUMN %I TO %I", old->column, field->column);
    else
        add_cost(alter, &alter->main, rename_operation(alter, field));
}

static void emit_field(struct my_alter *alter, const struct field *field) {
    const struct my_column *column = column_of(alter, field);

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
        find_probe(alter, field, column->change);
}

static bool name_is_taken(const struct my_alter *alter, const char *name) {
    for (size_t i = 0; i < alter->to->field_count; i++)
        if (is_renamed(alter, &alter->to->fields[i]) && strcasecmp(alter->to->fields[i].column, name) == 0)
            return true;
    return false;
}

/* What reads a column goes before that one is renamed; a column whose name is wanted then steps aside. */
static void emit_drop(struct my_alter *alter, const struct change *change) {
    bool before = alter->renames_first && change->recreated;
    const char *name = change->old_field->column;

    alter->change = change;
    if (alter->renames_first && !before && name_is_taken(alter, name)) {
        const char *aside = temporary_name(alter, name);

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
