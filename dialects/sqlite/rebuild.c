/* Rebuilding tables: https://www.sqlite.org/lang_altertable.html#otheralter, with two differences.
 *
 * Each RENAME makes SQLite read the text of every table of the schema again. Where there are many tables and many rebuilds the new table is
 * therefore not renamed: it is filled under a temporary name, the old one is dropped, a table of the same definition is created under the
 * right name and takes all rows over at once (INSERT … SELECT * between equal tables copies pages, it decodes no row). See
 * RENAME_COST_LIMIT in jobs.c for what it costs.
 *
 * Nothing is looked up by position: rows are copied by column name, through the pairs of fields that the plan knows. */
#include <string.h>

#include "sqlite_internal.h"

static const char *side_name(struct emitter *emitter, const struct job *job) {
    return arena_printf(emitter->arena, "persist_new_%s", job->pair->to->table);
}

/* What the old table is called when the rebuild reads it. */
static const char *source_name(const struct job *job) {
    return job->rename_first ? job->pair->to->table : job->pair->from->table;
}

static const struct change *change_of_field(const struct job *job, enum change_kind kind, const struct field *field) {
    for (size_t i = 0; i < job->changes.count; i++)
        if (job->changes.at[i]->kind == kind && job->changes.at[i]->new_field == field)
            return job->changes.at[i];
    return NULL;
}

/* Values of an enum that are called otherwise now: CASE "status" WHEN 'open' THEN 'active' … ELSE "status" END */
static const char *renamed_values(struct arena *arena, const char *column, const struct change *alter) {
    struct sql sql = SQL_INIT(&dialect_sqlite.quoting);
    const char *kept;

    sqlf(&sql, "CASE %I", column);
    for (size_t i = 0; i < alter->value_count; i++)
        sqlf(&sql, " WHEN %L THEN %L", alter->values[i].from, alter->values[i].to);
    sqlf(&sql, " ELSE %I END", column);
    kept = str_keep(&sql.text, arena);
    sql_free(&sql);
    return kept;
}

/* The type to cast to, or NULL. Numbers and text are converted by the column they go to, which keeps what it cannot convert without loss;
 * CAST would make 0 of it. Only between bytes and text nothing is converted unless asked for, and a STRICT table refuses fractions. */
static const char *cast_type(const struct field *old, const struct field *field, bool strict) {
    enum affinity from = type_affinity(old->native_type), to = type_affinity(field->native_type);

    if (from == to)
        return NULL;
    if (to == AFFINITY_BLOB)
        return "BLOB";
    if (from == AFFINITY_BLOB)
        return to == AFFINITY_TEXT ? "TEXT" : NULL;
    return strict && to == AFFINITY_INTEGER && from != AFFINITY_TEXT ? "INTEGER" : NULL;
}

/* What the copy puts into FIELD; NULL: nothing, its default stands. */
static const char *copied_value(struct emitter *emitter, const struct job *job, const struct field *field) {
    struct arena *arena = emitter->arena;
    const struct field *old = job->pair->old_of_new[field - job->pair->to->fields];
    const struct change *added = change_of_field(job, CHANGE_ADD_COLUMN, field);
    const struct change *alter = change_of_field(job, CHANGE_ALTER_COLUMN, field);
    const char *column, *value, *type, *fill;

    if (field->computed)
        return NULL;
    if (!old || (added && added->fill))
        return added ? added->fill : NULL;
    column = job->columns_first ? field->column : old->column;
    if (alter && alter->value_count)
        value = renamed_values(arena, column, alter);
    else
        value = sql_format(arena, &dialect_sqlite.quoting, "%I", column);
    type = cast_type(old, field, job->pair->to->options.strict);
    if (type)
        value = sql_format(arena, &dialect_sqlite.quoting, "CAST(%X AS %T)", value, type);
    if (!old->nullable || field->nullable)
        return value;
    fill = alter && alter->fill ? alter->fill : field->default_sql;
    return fill ? sql_format(arena, &dialect_sqlite.quoting, "COALESCE(%X, %X)", value, fill) : value;
}

static const char *copy_statement(struct emitter *emitter, const struct job *job, const char *into) {
    struct sql columns = SQL_INIT(&dialect_sqlite.quoting), values = SQL_INIT(&dialect_sqlite.quoting);
    const struct entity *to = job->pair->to;
    const char *text;

    for (size_t i = 0; i < to->field_count; i++) {
        const char *value = copied_value(emitter, job, &to->fields[i]);

        if (!value)
            continue;
        sqlf(&columns, columns.text.length ? ", %I" : "%I", to->fields[i].column);
        sqlf(&values, values.text.length ? ", %X" : "%X", value);
    }
    /* Nothing of the old columns is left: the rows are, with the defaults of the new ones. */
    if (!columns.text.length) {
        sqlf(&columns, "rowid");
        sqlf(&values, "rowid");
    }
    text = sql_format(emitter->arena, &dialect_sqlite.quoting, "INSERT INTO %I (%X)\nSELECT %X\nFROM %I", into, columns.text.text,
                      values.text.text, source_name(job));
    sql_free(&columns);
    sql_free(&values);
    return text;
}

static bool has_generated(const struct entity *entity) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].generated)
            return true;
    return false;
}

static bool has_computed(const struct entity *entity) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].computed)
            return true;
    return false;
}

/* The highest number ever given lives in sqlite_sequence, under the table's name, and may be higher than that of any row. */
static void move_mark(struct emitter *emitter, const char *from, const char *to) {
    ADD(emitter, NULL, "DELETE FROM sqlite_sequence WHERE name = %L", to)->reason =
        arena_printf(emitter->arena, "%s: numbers once given are not given again", to);
    ADD(emitter, NULL, "INSERT INTO sqlite_sequence (name, seq) SELECT %L, seq FROM sqlite_sequence WHERE name = %L", to, from);
}

static bool keeps_mark(const struct job *job) {
    return has_generated(job->pair->from) && has_generated(job->pair->to);
}

/* All changes of the job in one text. */
static const char *rebuild_reason(struct emitter *emitter, const struct job *job) {
    struct str text = STR_INIT;
    const char *kept;

    for (size_t i = 0; i < job->changes.count; i++) {
        if (text.length)
            str_add(&text, "\n");
        str_add(&text, change_reason(emitter->arena, job->changes.at[i]));
    }
    if (!text.length)
        str_addf(&text, "%s: points to what is renamed", job->pair->to->name);
    kept = str_keep(&text, emitter->arena);
    str_free(&text);
    return kept;
}

static const struct change *first_change(const struct job *job) {
    return job->changes.count ? job->changes.at[0] : NULL;
}

static void expect_all_rows(struct emitter *emitter, const char *from, const char *to) {
    expect_that(emitter,
                sql_format(emitter->arena, &dialect_sqlite.quoting, "(SELECT count(*) FROM %I) = (SELECT count(*) FROM %I)", from, to),
                NULL);
}

/* The rows of a rebuilt table are written anew; the indexes follow by statements of their own. */
static void add_copy(struct emitter *emitter, const struct job *job, struct statement *statement) {
    add_effect(emitter, statement, job->pair->to, WORK_REWRITE);
}

/* The new table under its temporary name, with the rows of the old one. */
static void fill_side(struct emitter *emitter, const struct job *job) {
    const char *side = side_name(emitter, job);
    struct statement *statement;

    statement = script_add(emitter->script, define_table(emitter->arena, emitter->plan->to, job->pair->to, side), first_change(job));
    statement->reason = rebuild_reason(emitter, job);
    statement = script_add(emitter->script, copy_statement(emitter, job, side), first_change(job));
    add_copy(emitter, job, statement);
    statement->probe = probe_rebuild(emitter->arena, emitter->plan, job);
    expect_all_rows(emitter, source_name(job), side);
    if (keeps_mark(job))
        move_mark(emitter, source_name(job), side);
}

static void drop_source(struct emitter *emitter, const struct job *job) {
    ADD(emitter, first_change(job), "DROP TABLE %I", source_name(job));
}

/* The columns that a copy names, in order. */
static const char *plain_columns(struct arena *arena, const struct entity *entity) {
    struct sql sql = SQL_INIT(&dialect_sqlite.quoting);
    const char *kept;

    for (size_t i = 0; i < entity->field_count; i++)
        if (!entity->fields[i].computed)
            sqlf(&sql, sql.text.length ? ", %I" : "%I", entity->fields[i].column);
    kept = str_keep(&sql.text, arena);
    sql_free(&sql);
    return kept;
}

/* A table with computed columns cannot be copied by SELECT *, which would give their values too. */
static void copy_back(struct emitter *emitter, const struct job *job) {
    const struct entity *to = job->pair->to;
    const char *side = side_name(emitter, job);

    script_add(emitter->script, define_table(emitter->arena, emitter->plan->to, to, to->table), first_change(job));
    if (has_computed(to)) {
        const char *columns = plain_columns(emitter->arena, to);

        add_copy(emitter, job, ADD(emitter, first_change(job), "INSERT INTO %E (%X) SELECT %X FROM %I", to, columns, columns, side));
    } else {
        add_copy(emitter, job, ADD(emitter, first_change(job), "INSERT INTO %E SELECT * FROM %I", to, side));
    }
    expect_all_rows(emitter, side, to->table);
    if (keeps_mark(job))
        move_mark(emitter, side, to->table);
    ADD(emitter, first_change(job), "DROP TABLE %I", side);
}

static void rename_side(struct emitter *emitter, const struct job *job) {
    ADD(emitter, first_change(job), "ALTER TABLE %I RENAME TO %E", side_name(emitter, job), job->pair->to);
}

void rebuild_begin(struct emitter *emitter) {
    if (!emitter->without_renames)
        return;
    for (size_t i = 0; i < emitter->job_count; i++)
        if (emitter->jobs[i].work == WORK_REBUILD)
            fill_side(emitter, &emitter->jobs[i]);
    for (size_t i = 0; i < emitter->job_count; i++)
        if (emitter->jobs[i].work == WORK_REBUILD)
            drop_source(emitter, &emitter->jobs[i]);
}

void rebuild_finish(struct emitter *emitter) {
    for (size_t i = 0; i < emitter->job_count; i++) {
        const struct job *job = &emitter->jobs[i];

        if (job->work != WORK_REBUILD)
            continue;
        if (emitter->without_renames) {
            copy_back(emitter, job);
            continue;
        }
        fill_side(emitter, job);
        drop_source(emitter, job);
        rename_side(emitter, job);
    }
}
