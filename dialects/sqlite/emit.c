/* From a plan to statements. All changes of one table are seen together: where each of them is an ALTER that SQLite can do they stay so,
 * else the table is rebuilt, once (rebuild.c). Foreign keys are off around anything that drops or renames a table: with them on, DROP
 * TABLE deletes the rows first and every ON DELETE CASCADE follows. */
#include <string.h>

#include "expression.h"
#include "sqlite_internal.h"
#include "token.h"

struct statement *add_reason(struct emitter *emitter, struct statement *statement) {
    statement->reason = change_reason(emitter->arena, statement->change);
    return statement;
}

void add_effect(struct emitter *emitter, struct statement *statement, const struct entity *entity, enum effect_work work) {
    effect_add(
        emitter->arena, statement,
        (struct effect){
            .entity = entity, .table = entity->table, .lock = "the database file for writing", .blocks = BLOCKS_WRITES, .work = work});
}

static void drop_indexes(struct emitter *emitter) {
    for (size_t i = 0; i < emitter->plan->changes.count; i++) {
        const struct change *change = &emitter->plan->changes.at[i];

        if ((change->kind != CHANGE_DROP_INDEX && change->kind != CHANGE_RENAME_INDEX) || !change->old_index ||
            change->old_index->constraint)
            continue;
        if (job_of_change(emitter, change)->work == WORK_ALTER)
            add_effect(emitter, add_reason(emitter, ADD(emitter, change, "DROP INDEX %I", change->old_index->name)), change->from,
                       WORK_CATALOG);
    }
}

static void drop_tables(struct emitter *emitter) {
    for (size_t i = 0; i < emitter->plan->changes.count; i++) {
        const struct change *change = &emitter->plan->changes.at[i];

        if (change->kind == CHANGE_DROP_TABLE)
            add_effect(emitter, add_reason(emitter, ADD(emitter, change, "DROP TABLE %E", change->from)), change->from, WORK_CATALOG);
    }
}

/* Names that differ by case alone are one name to SQLite: such a rename goes over a third one. */
static void rename_table(struct emitter *emitter, const struct change *change) {
    const char *old = change->old_name;

    if (name_equal(old, change->new_name)) {
        const char *between = arena_printf(emitter->arena, "persist_new_%s", change->new_name);

        ADD(emitter, change, "ALTER TABLE %I RENAME TO %I", old, between);
        old = between;
    }
    add_effect(emitter, add_reason(emitter, ADD(emitter, change, "ALTER TABLE %I RENAME TO %I", old, change->new_name)), change->from,
               WORK_CATALOG);
}

/* Tables that go are gone by now; no name has to be made free of them. */
static void rename_tables(struct emitter *emitter) {
    for (size_t i = 0; i < emitter->plan->changes.count; i++) {
        const struct change *change = &emitter->plan->changes.at[i];
        const struct job *job;

        if (change->kind != CHANGE_RENAME_TABLE || !change->to)
            continue;
        job = job_of_change(emitter, change);
        if (job->work == WORK_ALTER || job->rename_first)
            rename_table(emitter, change);
    }
}

static void drop_columns(struct emitter *emitter) {
    for (size_t i = 0; i < emitter->plan->changes.count; i++) {
        const struct change *change = &emitter->plan->changes.at[i];

        if (change->kind == CHANGE_DROP_COLUMN && job_of_change(emitter, change)->work == WORK_ALTER)
            add_effect(emitter,
                       add_reason(emitter, ADD(emitter, change, "ALTER TABLE %E DROP COLUMN %I", change->to, change->old_field->column)),
                       change->to, WORK_REWRITE);
    }
}

/* Of tables that are altered the columns that go are gone by now, those of a rebuilt table are still there. */
static void rename_columns(struct emitter *emitter) {
    for (size_t i = 0; i < emitter->plan->changes.count; i++) {
        const struct change *change = &emitter->plan->changes.at[i];
        const struct job *job;

        if (change->kind != CHANGE_RENAME_COLUMN)
            continue;
        job = job_of_change(emitter, change);
        if (job->columns_first || (job->work == WORK_ALTER && change->new_field))
            add_effect(emitter,
                       add_reason(emitter, ADD(emitter, change, "ALTER TABLE %E RENAME COLUMN %I TO %I", change->to, change->old_name,
                                               change->new_name)),
                       change->to, WORK_CATALOG);
    }
}

static void create_tables(struct emitter *emitter) {
    for (size_t i = 0; i < emitter->plan->changes.count; i++) {
        const struct change *change = &emitter->plan->changes.at[i];

        if (change->kind == CHANGE_CREATE_TABLE)
            add_reason(emitter,
                       script_add(emitter->script, define_table(emitter->arena, emitter->plan->to, change->to, change->to->table), change));
    }
}

/* Rows that are there are read only to see whether they fit a check or a computed column that is never NULL. */
static void add_column(struct emitter *emitter, const struct job *job, const struct change *change) {
    struct column_definition column = {.schema = emitter->plan->to, .entity = change->to, .field = change->new_field};
    bool checks;

    for (size_t i = 0; i < job->changes.count; i++) {
        const struct change *other = job->changes.at[i];

        if (other->kind == CHANGE_ADD_CHECK && !other->forced && strcmp(other->new_check->field, column.field->name) == 0)
            column.check = other->new_check;
        if (other->kind == CHANGE_ADD_FOREIGN_KEY && !other->forced &&
            strcmp(other->new_foreign_key->fields.at[0], column.field->name) == 0)
            column.foreign_key = other->new_foreign_key;
    }
    checks = column.check || (column.field->computed && !column.field->nullable);
    add_effect(
        emitter,
        add_reason(emitter, ADD(emitter, change, "ALTER TABLE %E ADD COLUMN %X", change->to, define_column(emitter->arena, &column))),
        change->to, checks ? WORK_SCAN : WORK_CATALOG);
}

static void add_columns(struct emitter *emitter) {
    for (size_t i = 0; i < emitter->plan->changes.count; i++) {
        const struct change *change = &emitter->plan->changes.at[i];
        const struct job *job;

        if (change->kind != CHANGE_ADD_COLUMN)
            continue;
        job = job_of_change(emitter, change);
        if (job->work == WORK_ALTER)
            add_column(emitter, job, change);
    }
}

static void create_index(struct emitter *emitter, const struct entity *entity, const struct index *index, const struct change *change) {
    struct statement *statement = script_add(emitter->script, define_index(emitter->arena, entity, index), change);

    if (plan_pair(emitter->plan, entity)->from)
        add_effect(emitter, statement, entity, WORK_INDEX);
    if (!change) {
        statement->reason = arena_printf(emitter->arena, "%s: index %s again", entity->name, index->name);
        return;
    }
    add_reason(emitter, statement);
    statement->probe = probe_index(emitter->arena, emitter->plan, entity, index);
}

static const struct change *change_of_index(const struct job *job, const struct index *index) {
    for (size_t i = 0; i < job->changes.count; i++) {
        const struct change *change = job->changes.at[i];

        if (change->new_index == index && (change->kind == CHANGE_ADD_INDEX || change->kind == CHANGE_RENAME_INDEX))
            return change;
    }
    return NULL;
}

/* All at the end: names of indexes are unique in the schema, so those that go must be gone. A rebuilt table has lost all it had. */
static void create_indexes(struct emitter *emitter) {
    for (size_t i = 0; i < emitter->job_count; i++) {
        const struct job *job = &emitter->jobs[i];
        const struct entity *entity = job->pair->to;

        if (job->work == WORK_NONE || job->work == WORK_DROP)
            continue;
        for (size_t k = 0; k < entity->index_count; k++) {
            const struct change *change = change_of_index(job, &entity->indexes[k]);

            if (!entity->indexes[k].constraint && (change || job->work != WORK_ALTER))
                create_index(emitter, entity, &entity->indexes[k], change);
        }
    }
}

static struct statement *add_fixed(struct emitter *emitter, const char *text, const char *reason) {
    struct statement *statement = script_add(emitter->script, text, NULL);

    statement->reason = reason;
    return statement;
}

void expect_that(struct emitter *emitter, const char *condition, const char *reason) {
    ADD(emitter, NULL, "INSERT INTO temp.persist_guard SELECT %X", condition)->reason = reason;
    emitter->expectations++;
}

/* A rebuilt table loses its triggers. Those of the model are dropped by now, to come again; where there are others the script stops. */
static void guard_triggers(struct emitter *emitter) {
    struct sql tables = SQL_INIT(&dialect_sqlite.quoting);
    const char *query;

    for (size_t i = 0; i < emitter->job_count; i++)
        if (emitter->jobs[i].work == WORK_REBUILD)
            sqlf(&tables, tables.text.length ? ", %L" : "%L", emitter->jobs[i].pair->from->table);
    if (tables.text.length) {
        query = sql_format(emitter->arena, &dialect_sqlite.quoting,
                           "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name COLLATE NOCASE IN (%X)", tables.text.text);
        add_fixed(emitter, query, "no other trigger may stand on a table that is rebuilt: it would be lost")->guard = true;
        expect_that(emitter, sql_format(emitter->arena, &dialect_sqlite.quoting, "NOT EXISTS (%X)", query), NULL);
    }
    sql_free(&tables);
}

/* Who runs the script statement by statement stops at the first error and rolls back. The sqlite3 shell goes on, unless it was started with
 * -bail: after a copy that failed it would drop the table, and commit. So each thing that must hold puts a row into a table of its own, and
 * when one is missing at the end, the last row is refused by OR ROLLBACK: that undoes all, and leaves nothing to commit. */
static void emit_begin(struct emitter *emitter) {
    if (!emitter->guarded)
        return;
    add_fixed(emitter, "PRAGMA foreign_keys = OFF", "DROP TABLE must not cascade to other tables' rows")->outside_transaction = true;
    add_fixed(emitter, "CREATE TEMP TABLE persist_guard (holds INTEGER NOT NULL CHECK (holds))",
              "a row for each thing that must hold before all of it is committed");
}

/* A unique index that found equal rows is not there. */
static void expect_unique_indexes(struct emitter *emitter) {
    struct sql names = SQL_INIT(&dialect_sqlite.quoting);
    size_t count = 0;

    for (size_t i = 0; i < emitter->job_count; i++) {
        const struct job *job = &emitter->jobs[i];

        if (job->work == WORK_NONE || job->work == WORK_DROP)
            continue;
        for (size_t k = 0; k < job->pair->to->index_count; k++) {
            const struct index *index = &job->pair->to->indexes[k];

            if (index->unique && !index->constraint)
                sqlf(&names, count++ ? ", %L" : "%L", index->name);
        }
    }
    if (count)
        expect_that(emitter,
                    sql_format(emitter->arena, &dialect_sqlite.quoting,
                               "count(*) = %zu FROM sqlite_schema WHERE type = 'index' AND name IN (%X)", count, names.text.text),
                    NULL);
    sql_free(&names);
}

static void emit_end(struct emitter *emitter) {
    if (!emitter->guarded)
        return;
    expect_unique_indexes(emitter);
    add_fixed(emitter, "PRAGMA foreign_key_check", "every foreign key still finds its row")->guard = true;
    expect_that(emitter, "NOT EXISTS (SELECT 1 FROM pragma_foreign_key_check)", NULL);
    ADD(emitter, NULL, "INSERT OR ROLLBACK INTO temp.persist_guard SELECT count(*) = %zu FROM temp.persist_guard", emitter->expectations)
        ->reason = "if anything did not hold, all of it is undone here";
    add_fixed(emitter, "DROP TABLE temp.persist_guard", NULL);
    add_fixed(emitter, "PRAGMA foreign_keys = ON", NULL)->outside_transaction = true;
}

static bool any_rebuild(const struct emitter *emitter) {
    for (size_t i = 0; i < emitter->job_count; i++)
        if (emitter->jobs[i].work == WORK_REBUILD)
            return true;
    return false;
}

/* In the older way RENAME leaves the texts of views and other tables alone: they mean the table under its right name all the time. */
static void emit_rebuilds(struct emitter *emitter) {
    bool renames = any_rebuild(emitter) && !emitter->without_renames;

    if (renames)
        add_fixed(emitter, "PRAGMA legacy_alter_table = ON", "what names a rebuilt table goes on naming it");
    rebuild_finish(emitter);
    if (renames)
        add_fixed(emitter, "PRAGMA legacy_alter_table = OFF", NULL);
}

void emit_plan(const struct plan *plan, const struct target *target, struct script *script) {
    struct emitter emitter = {.arena = script->arena, .plan = plan, .script = script};

    jobs_prepare(&emitter, target);
    emit_begin(&emitter);
    objects_drop(&emitter);
    guard_triggers(&emitter);
    drop_indexes(&emitter);
    drop_tables(&emitter);
    rebuild_begin(&emitter);
    rename_tables(&emitter);
    drop_columns(&emitter);
    rename_columns(&emitter);
    objects_put_base(&emitter);
    create_tables(&emitter);
    add_columns(&emitter);
    emit_rebuilds(&emitter);
    create_indexes(&emitter);
    objects_put_dependent(&emitter);
    objects_drop_base(&emitter);
    emit_end(&emitter);
}
