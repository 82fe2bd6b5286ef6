/* From a plan to statements. All changes of one table are seen together: where each of them is an ALTER that SQLite can do they stay so,
 * else the table is rebuilt, once (rebuild.c). Foreign keys are off around anything that drops or renames a table: with them on, DROP
 * TABLE deletes the rows first and every ON DELETE CASCADE follows. */
#include <string.h>

#include "expression.h"
#include "sqlite_internal.h"
#include "token.h"

/* How many times a table's definition may be read again by the RENAMEs and DROP COLUMNs of a script. Each of them reads the definitions of
 * the whole schema, 0.1 to 0.25 ms a table; a rebuild without RENAME costs a second copy of one table instead. Below the limit, some
 * seconds, the shorter script is worth more. Measured with SQLite 3.40 on 5,000 tables of 12 columns, 2 foreign keys and an index, 50 of
 * them rebuilt: 58 s of processor time with 50 RENAMEs, 1.5 s without. */
enum { RENAME_COST_LIMIT = 20000 };

/* Who points to an entity. */
struct referrer {
    const struct entity *entity;
    const struct foreign_key *key;
    struct referrer *next;
};

static struct job *job_of(const struct emitter *emitter, const struct entity *entity) {
    return &emitter->jobs[plan_pair(emitter->plan, entity) - emitter->plan->pairs.at];
}

static struct job *job_of_change(const struct emitter *emitter, const struct change *change) {
    return job_of(emitter, change->to ? change->to : change->from);
}

static const struct change *find_change(const struct job *job, enum change_kind kind, const void *object) {
    for (size_t i = 0; i < job->changes.count; i++) {
        const struct change *change = job->changes.at[i];

        if (change->kind == kind && (change->old_index == object || change->new_field == object))
            return change;
    }
    return NULL;
}

static bool has_part(const struct index *index, const struct field *field) {
    for (size_t i = 0; i < index->part_count; i++) {
        const struct index_part *part = &index->parts[i];

        if (part->field ? strcmp(part->field, field->name) == 0 : expression_mentions(part->expression, field->column))
            return true;
    }
    return index->where && expression_mentions(index->where, field->column);
}

static bool has_name(const struct names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->at[i], name) == 0)
            return true;
    return false;
}

/* Does anything in the table's own text name the column? Then DROP COLUMN refuses. */
static bool is_named_in_table(const struct entity *entity, const struct field *field) {
    for (size_t i = 0; i < entity->check_count; i++)
        if (expression_mentions(entity->checks[i].value, field->column))
            return true;
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        if (has_name(&entity->foreign_keys[i].fields, field->name))
            return true;
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].computed && expression_mentions(entity->fields[i].computed, field->column))
            return true;
    return has_name(&entity->key.fields, field->name);
}

static bool can_drop_column(const struct job *job, const struct change *change) {
    const struct entity *from = job->pair->from;

    if (change->recreated || job->drops > 1 || is_named_in_table(from, change->old_field))
        return false;
    for (size_t i = 0; i < from->index_count; i++) {
        const struct index *index = &from->indexes[i];

        if (has_part(index, change->old_field) && (index->constraint || !find_change(job, CHANGE_DROP_INDEX, index)))
            return false;
    }
    return true;
}

/* See the table of facts in https://www.sqlite.org/lang_altertable.html#altertabaddcol */
static bool can_add_column(const struct change *change) {
    const struct field *field = change->new_field;
    bool constant = true;

    if (change->recreated || change->fill || field->key || field->generated || (field->computed && field->stored))
        return false;
    if (field->default_sql && (!default_is_plain(field->default_sql, &constant) || !constant))
        return false;
    if (field->computed)
        return true;
    return field->nullable || (field->default_sql && !name_equal(field->default_sql, "NULL"));
}

static bool column_is_added(const struct job *job, const char *field) {
    return find_change(job, CHANGE_ADD_COLUMN, entity_field(job->pair->to, field)) != NULL;
}

/* Added with its column, by REFERENCES or CHECK in the column's own definition. */
static bool foreign_key_comes_with_column(const struct job *job, const struct foreign_key *key) {
    if (key->fields.count != 1 || !column_is_added(job, key->fields.at[0]) || entity_field(job->pair->to, key->fields.at[0])->default_sql)
        return false;
    for (size_t i = 0; i < job->changes.count; i++) {
        const struct change *other = job->changes.at[i];

        if (other->kind == CHANGE_ADD_FOREIGN_KEY && other->new_foreign_key != key &&
            has_name(&other->new_foreign_key->fields, key->fields.at[0]))
            return false;
    }
    return true;
}

static bool check_comes_with_column(const struct job *job, const struct check *check) {
    return check->derived && check->field && column_is_added(job, check->field);
}

static bool name_stays_given(const struct emitter *emitter, const struct job *job, const struct change *change) {
    struct arena *arena = emitter->arena;
    const struct entity_pair *pair = job->pair;

    if (change->new_foreign_key)
        return foreign_key_name_is_given(arena, pair->from, change->old_foreign_key) &&
               foreign_key_name_is_given(arena, pair->to, change->new_foreign_key);
    if (change->new_check)
        return change->old_check->derived && change->new_check->derived;
    return change->new_index && unique_name_is_given(arena, pair->from, change->old_index) &&
           unique_name_is_given(arena, pair->to, change->new_index);
}

/* RENAME COLUMN fails on the key of a table without rowid, when it is one INTEGER and a unique constraint has it too: "error in table t after
 * rename" (SQLite 3.40). Such a table, and what points to that column, is rebuilt. */
static bool rename_is_broken(const struct entity *entity, const struct change *change) {
    if (!entity->options.without_rowid || entity->key.fields.count != 1 || !change->old_field ||
        !text_equal(entity->key.fields.at[0], change->old_field->name) || !types_equal(change->old_field->native_type, "INTEGER"))
        return false;
    for (size_t i = 0; i < entity->index_count; i++)
        if (entity->indexes[i].constraint && has_part(&entity->indexes[i], change->old_field))
            return true;
    return false;
}

static bool any_rename_is_broken(const struct job *job) {
    for (size_t i = 0; i < job->changes.count; i++)
        if (job->changes.at[i]->kind == CHANGE_RENAME_COLUMN && rename_is_broken(job->pair->from, job->changes.at[i]))
            return true;
    return false;
}

/* Does CHANGE ask for a rebuild of its table? */
static bool needs_rebuild(const struct emitter *emitter, const struct job *job, const struct change *change) {
    switch (change->kind) {
    case CHANGE_DROP_FOREIGN_KEY:
    case CHANGE_DROP_CHECK:
        return !change->forced;
    case CHANGE_ADD_FOREIGN_KEY:
        return !change->forced && !foreign_key_comes_with_column(job, change->new_foreign_key);
    case CHANGE_ADD_CHECK:
        return !change->forced && !check_comes_with_column(job, change->new_check);
    case CHANGE_DROP_INDEX:
        return change->old_index->constraint && !change->forced;
    case CHANGE_ADD_INDEX:
        return change->new_index->constraint && !change->forced;
    case CHANGE_RENAME_INDEX:
        return (!change->new_index || change->new_index->constraint) && !name_stays_given(emitter, job, change);
    case CHANGE_RENAME_CONSTRAINT:
        return !name_stays_given(emitter, job, change);
    case CHANGE_DROP_KEY:
    case CHANGE_ADD_KEY:
        return !change->forced;
    case CHANGE_ALTER_TABLE:
    case CHANGE_ALTER_COLUMN:
        return true;
    case CHANGE_DROP_COLUMN:
        return !can_drop_column(job, change);
    case CHANGE_ADD_COLUMN:
        return !can_add_column(change);
    case CHANGE_RENAME_COLUMN:
        return rename_is_broken(job->pair->from, change);
    case CHANGE_DROP_EXCLUDE:
    case CHANGE_ADD_EXCLUDE:
    case CHANGE_DROP_DEPENDENT:
    case CHANGE_PUT_BASE:
    case CHANGE_PUT_DEPENDENT:
    case CHANGE_DROP_BASE:
    case CHANGE_RENAME_ENUM:
    case CHANGE_RENAME_TABLE:
    case CHANGE_DROP_TABLE:
    case CHANGE_CREATE_ENUM:
    case CHANGE_ALTER_ENUM:
    case CHANGE_CREATE_TABLE:
    case CHANGE_COMMENT_TABLE:
    case CHANGE_DROP_ENUM:
        return false;
    case CHANGE_KIND_COUNT:
        break;
    }
    BUG("change of kind %d", (int)change->kind);
}

static void collect_changes(struct emitter *emitter) {
    for (size_t i = 0; i < emitter->plan->changes.count; i++) {
        const struct change *change = &emitter->plan->changes.at[i];
        struct job *job;

        if (!change->from && !change->to)
            continue;
        job = job_of_change(emitter, change);
        vec_push(emitter->arena, &job->changes, change);
        job->renamed |= change->kind == CHANGE_RENAME_TABLE;
        job->drops += change->kind == CHANGE_DROP_COLUMN;
        job->column_renames += change->kind == CHANGE_RENAME_COLUMN && change->new_field;
    }
}

static void choose_work(struct emitter *emitter, struct job *job) {
    if (!job->pair->from || !job->pair->to) {
        job->work = job->pair->to ? WORK_CREATE : WORK_DROP;
        return;
    }
    job->work = job->changes.count ? WORK_ALTER : WORK_NONE;
    for (size_t i = 0; i < job->changes.count; i++)
        if (needs_rebuild(emitter, job, job->changes.at[i]))
            job->work = WORK_REBUILD;
}

/* Statements that would make SQLite read the whole schema again. */
static size_t count_rereads(const struct emitter *emitter) {
    size_t count = 0;

    for (size_t i = 0; i < emitter->job_count; i++) {
        const struct job *job = &emitter->jobs[i];

        if (job->work == WORK_ALTER)
            count += job->renamed + job->column_renames + job->drops;
        else if (job->work == WORK_REBUILD)
            count += 1;
    }
    return count;
}

/* From an entity's name in plan->from to its referrers. */
static void index_referrers(const struct emitter *emitter, struct map *referrers) {
    for (size_t i = 0; i < emitter->plan->from->entity_count; i++) {
        const struct entity *entity = emitter->plan->from->entities[i];

        for (size_t k = 0; k < entity->foreign_key_count; k++) {
            struct referrer *node = ARENA_NEW(emitter->arena, struct referrer);
            struct referrer *first;

            node->entity = entity;
            node->key = &entity->foreign_keys[k];
            first = map_put(emitter->arena, referrers, node->key->target, node);
            if (!first)
                continue;
            node->next = first->next;
            first->next = node;
        }
    }
}

/* Is a field renamed that KEY points to? */
static bool renames_target_of(const struct job *job, const struct foreign_key *key) {
    for (size_t i = 0; i < job->changes.count; i++) {
        const struct change *change = job->changes.at[i];

        if (change->kind == CHANGE_RENAME_COLUMN && change->old_field && has_name(&key->target_fields, change->old_field->name))
            return true;
    }
    return false;
}

/* Rebuilds what points to JOB's table by a name that changes: to its columns, and with TABLES to the table itself. */
static void rebuild_referrers(struct emitter *emitter, const struct job *job, const struct map *referrers, bool tables) {
    for (const struct referrer *at = map_get(referrers, job->pair->from->name); at; at = at->next)
        if (job_of(emitter, at->entity)->pair->to && ((tables && job->renamed) || renames_target_of(job, at->key)))
            job_of(emitter, at->entity)->work = WORK_REBUILD;
}

/* Without RENAMEs all that would be renamed, or lose a column, is rebuilt, and so is what points to a new name. */
static void rebuild_instead_of_renames(struct emitter *emitter, const struct map *referrers) {
    for (size_t i = 0; i < emitter->job_count; i++) {
        struct job *job = &emitter->jobs[i];

        if ((job->work != WORK_ALTER && job->work != WORK_REBUILD) || !(job->renamed || job->column_renames || job->drops))
            continue;
        job->work = WORK_REBUILD;
        rebuild_referrers(emitter, job, referrers, true);
    }
}

/* Is a table of the other tables' called NAME, before or after? */
static bool name_is_taken(const struct emitter *emitter, const struct job *job, const char *name) {
    for (size_t i = 0; i < emitter->job_count; i++) {
        const struct entity_pair *pair = emitter->jobs[i].pair;

        if (&emitter->jobs[i] != job &&
            ((pair->from && name_equal(pair->from->table, name)) || (pair->to && name_equal(pair->to->table, name))))
            return true;
    }
    return false;
}

/* A rebuilt table gets its new names by the way, unless a table that is not rebuilt points to the old ones: RENAME carries its text over. */
static void choose_renames(struct emitter *emitter, struct job *job, const struct map *referrers) {
    const struct entity_pair *pair = job->pair;

    if (job->work != WORK_REBUILD || !(job->renamed || job->column_renames))
        return;
    for (const struct referrer *at = map_get(referrers, pair->from->name); at; at = at->next) {
        enum work work = job_of(emitter, at->entity)->work;

        if (work == WORK_REBUILD || work == WORK_DROP)
            continue;
        job->rename_first |= job->renamed;
        job->columns_first |= renames_target_of(job, at->key);
    }
    if (job->renamed && (name_is_taken(emitter, job, pair->to->table) || name_is_taken(emitter, job, pair->from->table)))
        job->rename_first = true;
}

static void prepare(struct emitter *emitter, const struct target *target) {
    struct map referrers = {0};
    size_t tables = target->table_count > emitter->plan->to->entity_count ? target->table_count : emitter->plan->to->entity_count;
    bool any_rename = false;

    emitter->job_count = emitter->plan->pairs.count;
    emitter->jobs = ARENA_ARRAY(emitter->arena, struct job, emitter->job_count);
    for (size_t i = 0; i < emitter->job_count; i++)
        emitter->jobs[i].pair = &emitter->plan->pairs.at[i];
    collect_changes(emitter);
    for (size_t i = 0; i < emitter->job_count; i++) {
        choose_work(emitter, &emitter->jobs[i]);
        any_rename |= emitter->jobs[i].renamed || emitter->jobs[i].column_renames;
    }
    if (any_rename)
        index_referrers(emitter, &referrers);
    for (size_t i = 0; i < emitter->job_count; i++)
        if (emitter->jobs[i].column_renames && emitter->jobs[i].pair->from && any_rename_is_broken(&emitter->jobs[i]))
            rebuild_referrers(emitter, &emitter->jobs[i], &referrers, false);
    emitter->without_renames = count_rereads(emitter) * tables > RENAME_COST_LIMIT;
    if (emitter->without_renames)
        rebuild_instead_of_renames(emitter, &referrers);
    for (size_t i = 0; i < emitter->job_count; i++) {
        struct job *job = &emitter->jobs[i];

        if (!emitter->without_renames)
            choose_renames(emitter, job, &referrers);
        emitter->guarded |= job->work == WORK_REBUILD || job->work == WORK_DROP || (job->work == WORK_ALTER && job->renamed);
    }
}

static void add_reason(struct emitter *emitter, struct statement *statement, const char *lock) {
    statement->reason = change_reason(emitter->arena, statement->change);
    statement->lock = lock;
}

static void drop_indexes(struct emitter *emitter) {
    for (size_t i = 0; i < emitter->plan->changes.count; i++) {
        const struct change *change = &emitter->plan->changes.at[i];

        if ((change->kind != CHANGE_DROP_INDEX && change->kind != CHANGE_RENAME_INDEX) || !change->old_index ||
            change->old_index->constraint)
            continue;
        if (job_of_change(emitter, change)->work == WORK_ALTER)
            add_reason(emitter, ADD(emitter, change, "DROP INDEX %I", change->old_index->name), NULL);
    }
}

static void drop_tables(struct emitter *emitter) {
    for (size_t i = 0; i < emitter->plan->changes.count; i++) {
        const struct change *change = &emitter->plan->changes.at[i];

        if (change->kind == CHANGE_DROP_TABLE)
            add_reason(emitter, ADD(emitter, change, "DROP TABLE %E", change->from), NULL);
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
    add_reason(emitter, ADD(emitter, change, "ALTER TABLE %I RENAME TO %I", old, change->new_name), "the database file for writing");
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
            add_reason(emitter, ADD(emitter, change, "ALTER TABLE %E DROP COLUMN %I", change->to, change->old_field->column),
                       "the database file for writing; rewrites the table");
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
            add_reason(emitter,
                       ADD(emitter, change, "ALTER TABLE %E RENAME COLUMN %I TO %I", change->to, change->old_name, change->new_name),
                       "the database file for writing");
    }
}

static void create_tables(struct emitter *emitter) {
    for (size_t i = 0; i < emitter->plan->changes.count; i++) {
        const struct change *change = &emitter->plan->changes.at[i];

        if (change->kind == CHANGE_CREATE_TABLE)
            add_reason(emitter,
                       script_add(emitter->script, define_table(emitter->arena, emitter->plan->to, change->to, change->to->table), change),
                       NULL);
    }
}

static void add_column(struct emitter *emitter, const struct job *job, const struct change *change) {
    struct column_definition column = {.schema = emitter->plan->to, .entity = change->to, .field = change->new_field};

    for (size_t i = 0; i < job->changes.count; i++) {
        const struct change *other = job->changes.at[i];

        if (other->kind == CHANGE_ADD_CHECK && !other->forced && strcmp(other->new_check->field, column.field->name) == 0)
            column.check = other->new_check;
        if (other->kind == CHANGE_ADD_FOREIGN_KEY && !other->forced &&
            strcmp(other->new_foreign_key->fields.at[0], column.field->name) == 0)
            column.foreign_key = other->new_foreign_key;
    }
    add_reason(emitter, ADD(emitter, change, "ALTER TABLE %E ADD COLUMN %X", change->to, define_column(emitter->arena, &column)), NULL);
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

    if (!change) {
        statement->reason = arena_printf(emitter->arena, "%s: index %s again", entity->name, index->name);
        return;
    }
    add_reason(emitter, statement, change->from ? "the database file for writing; scans the table" : NULL);
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

/* A rebuilt table loses its triggers, which the model does not know: the script stops before. */
static void guard_triggers(struct emitter *emitter) {
    struct sql tables = SQL_INIT(&dialect_sqlite.quoting);
    const char *query;

    for (size_t i = 0; i < emitter->job_count; i++)
        if (emitter->jobs[i].work == WORK_REBUILD)
            sqlf(&tables, tables.text.length ? ", %L" : "%L", emitter->jobs[i].pair->from->table);
    if (tables.text.length) {
        query = sql_format(emitter->arena, &dialect_sqlite.quoting,
                           "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name COLLATE NOCASE IN (%X)", tables.text.text);
        add_fixed(emitter, query, "no trigger may stand on a table that is rebuilt: it would be lost")->guard = true;
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
    guard_triggers(emitter);
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

    prepare(&emitter, target);
    emit_begin(&emitter);
    drop_indexes(&emitter);
    drop_tables(&emitter);
    rebuild_begin(&emitter);
    rename_tables(&emitter);
    drop_columns(&emitter);
    rename_columns(&emitter);
    create_tables(&emitter);
    add_columns(&emitter);
    emit_rebuilds(&emitter);
    create_indexes(&emitter);
    emit_end(&emitter);
}
