/* How each column of a table that is on both sides comes about, and what has to wait for its rows. */
#include <string.h>
#include <strings.h>

#include "alter_internal.h"
#include "expression.h"

const char *my_column_aside(const struct my_alter *alter, const char *column) {
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
        const struct field *old = my_column_old(alter, field);

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
            my_column_of(alter, new)->fate != FATE_ADDED)
            return true;
    }
    return false;
}

static void decide_aliases(struct my_alter *alter) {
    for (size_t i = 0; i < alter->to->field_count; i++) {
        struct my_column *column = &alter->columns[i];

        if (column->fate != FATE_ADDED || column->change->recreated || !takes_name(alter, &alter->to->fields[i]))
            continue;
        column->alias = my_column_aside(alter, alter->to->fields[i].column);
        column->deferred = true;
    }
}

static void decide_change(struct my_alter *alter, const struct change *change) {
    struct my_column *column = my_column_of(alter, change->new_field);

    column->change = change;
    column->fate = change->kind == CHANGE_ADD_COLUMN ? FATE_ADDED : altered_fate(change->old_field, change->new_field);
    if (column->fate == FATE_SAVED)
        column->saved = my_column_aside(alter, change->old_field->column);
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

bool my_column_in_key(const struct my_alter *alter, const struct field *field) {
    const struct field *old = my_column_old(alter, field);

    return old && my_is_in_key(alter->job, alter->from, old);
}

bool my_column_renamed(const struct my_alter *alter, const struct field *field) {
    const struct field *old = my_column_old(alter, field);

    return old && strcmp(old->column, field->column) != 0;
}

static bool renames_key(const struct my_alter *alter) {
    for (size_t i = 0; i < alter->to->field_count; i++)
        if (my_column_renamed(alter, &alter->to->fields[i]) && my_column_in_key(alter, &alter->to->fields[i]))
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
    enum my_fate fate = my_column_of(alter, field)->fate;

    return alter->renames_first && (fate == FATE_KEPT || fate == FATE_ALTERED) ? field->column : my_column_old(alter, field)->column;
}

/* --- what waits for the rows --- */

static bool is_deferred(const struct my_alter *alter, const char *name) {
    const struct field *field = entity_field(alter->to, name);

    return field && (my_column_of(alter, field)->deferred || my_column_of(alter, field)->late);
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
