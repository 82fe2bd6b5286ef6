/* What a table as a whole has: options, versioning, periods, partitions. */
#include <string.h>
#include <strings.h>

#include "alter_internal.h"
#include "partitions.h"
#include "str.h"

/* --- options --- */

/* What says that an option is no longer there, where it is not DEFAULT. */
static const struct {
    const char *key, *value;
} no_options[] = {{"key_block_size", "0"}, {"avg_row_length", "0"},  {"max_rows", "0"},      {"min_rows", "0"},
                  {"checksum", "0"},       {"delay_key_write", "0"}, {"page_checksum", "0"}, {"compression", "''"},
                  {"encryption", "'N'"},   {"insert_method", "NO"},  {"union", "()"},        {"connection", "''"}};

static const char *value_of_none(const char *key) {
    for (size_t i = 0; i < sizeof no_options / sizeof *no_options; i++)
        if (strcasecmp(no_options[i].key, key) == 0)
            return no_options[i].value;
    return "DEFAULT";
}

static bool is_versioning(const struct option *option) {
    return strcasecmp(option->key, "systemVersioning") == 0;
}

static void remove_options(struct sql *sql, const struct table_options *old, const struct table_options *new) {
    for (size_t i = 0; i < old->options.count; i++) {
        const struct option *option = &old->options.at[i];

        if (!is_versioning(option) && !my_option(&new->options, option->key))
            sqlf(sql, " %T=%T", option->key, value_of_none(option->key));
    }
}

static void set_options(struct sql *sql, const struct table_options *old, const struct table_options *new) {
    for (size_t i = 0; i < new->options.count; i++)
        if (!text_equal(my_option(&old->options, new->options.at[i].key), new->options.at[i].value))
            my_define_option(sql, &new->options.at[i]);
}

static void change_words(struct sql *sql, const struct table_options *old, const struct table_options *new) {
    if (!text_equal(old->tablespace, new->tablespace))
        sqlf(sql, " TABLESPACE=%I", new->tablespace ? new->tablespace : "innodb_file_per_table");
    if (!text_equal(old->engine, new->engine))
        sqlf(sql, " ENGINE=%I", new->engine ? new->engine : "InnoDB");
    if ((old->charset || old->collation) && !new->charset && !new->collation)
        sqlf(sql, " DEFAULT CHARACTER SET=utf8mb4");
    else if (new->charset && !text_equal(old->charset, new->charset))
        sqlf(sql, " DEFAULT CHARACTER SET=%I", new->charset);
    if (new->collation && (!text_equal(old->collation, new->collation) || !text_equal(old->charset, new->charset)))
        sqlf(sql, " DEFAULT COLLATE=%I", new->collation);
    if (!text_equal(old->row_format, new->row_format))
        sqlf(sql, " ROW_FORMAT=%T", new->row_format ? new->row_format : "DEFAULT");
}

static bool excepts_columns(const struct entity *entity) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (my_option_is(&entity->fields[i].options, "withoutSystemVersioning"))
            return true;
    return false;
}

void my_options_emit(struct my_alter *alter) {
    const struct table_options *old = &alter->from->options, *new = &alter->to->options;
    bool was = my_option_is(&old->options, "systemVersioning"), is = my_option_is(&new->options, "systemVersioning");
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *text;

    change_words(&sql, old, new);
    remove_options(&sql, old, new);
    set_options(&sql, old, new);
    text = str_keep(&sql.text, alter->arena);
    sql_free(&sql);
    if (*text)
        my_clause_add(alter, &alter->main, OPERATION_TABLE_OPTIONS, text + 1);
    if (was != is) /* columns can be left out of it when it is there, and only then */
        my_clause_add(alter, is && excepts_columns(alter->to) ? &alter->before : &alter->main, OPERATION_UNSURE,
                      is ? "ADD SYSTEM VERSIONING" : "DROP SYSTEM VERSIONING");
}

/* --- periods --- */

static const char *start_of(const struct field *field, bool *system) {
    *system = my_option_is(&field->options, "rowStart");
    return *system ? "SYSTEM_TIME" : my_option(&field->options, "periodStart");
}

/* Has ENTITY the period NAME, or that of SYSTEM_TIME? */
static bool has_period(const struct entity *entity, const char *name) {
    bool system;

    for (size_t i = 0; i < entity->field_count; i++) {
        const char *other = start_of(&entity->fields[i], &system);

        if (other && strcmp(other, name) == 0)
            return true;
    }
    return false;
}

static const struct field *end_of(const struct entity *entity, const char *name, bool system) {
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct options *options = &entity->fields[i].options;

        if (system ? my_option_is(options, "rowEnd") : text_equal(my_option(options, "periodEnd"), name))
            return &entity->fields[i];
    }
    return NULL;
}

/* That of SYSTEM_TIME goes with its columns. */
void my_periods_emit(struct my_alter *alter) {
    bool system;

    for (size_t i = 0; i < alter->from->field_count; i++) {
        const char *name = start_of(&alter->from->fields[i], &system);

        if (name && !system && !has_period(alter->to, name))
            CLAUSE(alter, &alter->main, OPERATION_UNSURE, "DROP PERIOD FOR %I", name);
    }
    for (size_t i = 0; i < alter->to->field_count; i++) {
        const struct field *start = &alter->to->fields[i];
        const char *name = start_of(start, &system);
        const struct field *end = name && !has_period(alter->from, name) ? end_of(alter->to, name, system) : NULL;

        if (end && system)
            CLAUSE(alter, &alter->main, OPERATION_UNSURE, "ADD PERIOD FOR SYSTEM_TIME (%I, %I)", start->column, end->column);
        else if (end)
            CLAUSE(alter, &alter->main, OPERATION_UNSURE, "ADD PERIOD FOR %I (%I, %I)", name, start->column, end->column);
    }
}

/* --- partitions --- */

static const struct change *options_change(const struct my_alter *alter) {
    for (size_t i = 0; i < alter->table->changes.count; i++)
        if (alter->table->changes.at[i]->kind == CHANGE_ALTER_TABLE)
            return alter->table->changes.at[i];
    return NULL;
}

/* No partition is ever dropped: the rows are distributed anew, and one that no new partition takes stops the statement. */
void my_partitions_emit(struct my_alter *alter, bool before) {
    const char *old = alter->from->options.partition_by, *new = alter->to->options.partition_by;
    const char *added = my_partitions_added(alter->arena, old, new), *text;
    const struct effect copy = {.entity = alter->to,
                                .table = alter->to->table,
                                .note = "copies the table, writes wait",
                                .blocks = BLOCKS_WRITES,
                                .work = WORK_REWRITE};
    struct statement *statement;

    if (text_equal(old, new) || before != !new)
        return;
    if (added)
        text = sql_format(alter->arena, &dialect_mysql.quoting, "ALTER TABLE %E ADD PARTITION %X", alter->to, added);
    else if (new)
        text = sql_format(alter->arena, &dialect_mysql.quoting, "ALTER TABLE %E PARTITION BY %X", alter->to, new);
    else
        text = sql_format(alter->arena, &dialect_mysql.quoting, "ALTER TABLE %E REMOVE PARTITIONING", alter->to);
    statement = script_add(alter->job->script, text, options_change(alter));
    statement->reason = added ? arena_printf(alter->arena, "%s: partitions added", alter->to->name)
                              : arena_printf(alter->arena, "%s: partitions; a row that none of them takes stops it", alter->to->name);
    effect_add(alter->arena, statement, added ? my_moment_effect(alter->to) : copy);
}
