#include <string.h>

#include "emit_internal.h"

/* Could the table have rows when the change runs? */
static bool is_old(const struct emitter *e) {
    return e->change->from != NULL;
}

/* PostgreSQL does nothing concurrently to the indexes of a partitioned table as a whole. */
static bool goes_concurrently(const struct emitter *e) {
    return e->target->concurrently && e->change->from && e->change->to && !e->change->from->options.partition_by;
}

static void add_part(struct sql *sql, const struct entity *entity, const struct index_part *part) {
    if (part->field)
        sqlf(sql, "%I", entity_column(entity, part->field));
    else
        sqlf(sql, "(%X)", part->expression);
    pg_emit_collation(sql, part->collation);
    if (part->opclass)
        sqlf(sql, " %X", part->opclass);
    if (part->order == ORDER_DESCENDING)
        sqlf(sql, " DESC");
    if (part->nulls)
        sqlf(sql, "%T", part->nulls == NULLS_FIRST ? " NULLS FIRST" : " NULLS LAST");
}

static void add_parts(struct sql *sql, const struct entity *entity, const struct index *index) {
    sqlf(sql, " (");
    for (size_t i = 0; i < index->part_count; i++) {
        sqlf(sql, "%T", i ? ", " : "");
        add_part(sql, entity, &index->parts[i]);
    }
    sqlf(sql, ")");
}

static void add_include(struct sql *sql, const struct entity *entity, const struct index *index) {
    if (index->include.count)
        sqlf(sql, " INCLUDE (%C)", entity, &index->include);
}

static const char *create_index(struct emitter *e, const struct entity *entity, const struct index *index, bool concurrently) {
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    const char *text;

    sqlf(&sql, "CREATE %TINDEX %T%I ON %E", index->unique ? "UNIQUE " : "", concurrently ? "CONCURRENTLY " : "", index->name, entity);
    if (index->method)
        sqlf(&sql, " USING %I", index->method);
    add_parts(&sql, entity, index);
    add_include(&sql, entity, index);
    if (index->nulls_not_distinct)
        sqlf(&sql, " NULLS NOT DISTINCT");
    pg_emit_storage(e, &sql, &index->options);
    pg_emit_index_tablespace(&sql, &index->options, " TABLESPACE");
    if (index->where)
        sqlf(&sql, " WHERE %X", index->where);
    text = str_keep(&sql.text, e->arena);
    sql_free(&sql);
    return text;
}

const char *pg_emit_duplicates(struct emitter *e, const struct entity *entity, const char *columns, const char *where) {
    return where ? SQL(e, "SELECT %T, count(*) FROM %E WHERE (%X) AND (%T) IS NOT NULL GROUP BY %T HAVING count(*) > 1", columns, entity,
                       where, columns, columns)
                 : SQL(e, "SELECT %T, count(*) FROM %E WHERE (%T) IS NOT NULL GROUP BY %T HAVING count(*) > 1", columns, entity, columns,
                       columns);
}

static const char *index_duplicates(struct emitter *e, const struct entity *entity, const struct index *index) {
    struct sql columns = SQL_INIT(&dialect_postgresql.quoting);
    const char *query;

    for (size_t i = 0; i < index->part_count; i++) {
        sqlf(&columns, "%T", i ? ", " : "");
        if (index->parts[i].field)
            sqlf(&columns, "%I", entity_column(entity, index->parts[i].field));
        else
            sqlf(&columns, "(%X)", index->parts[i].expression);
    }
    query = pg_emit_duplicates(e, entity, columns.text.text, index->where);
    sql_free(&columns);
    return query;
}

static const char *subject(struct emitter *e, const struct entity *entity, const struct index *index) {
    return WORDS(e, "%s: %s %s", entity->name,
                 index->constraint ? "unique constraint"
                 : index->unique   ? "unique index"
                                   : "index",
                 index->name);
}

/* The comment on a unique constraint is the constraint's, not that of the index behind it. */
void pg_emit_comment_index(struct emitter *e, const struct entity *entity, const struct index *index) {
    const char *name = pg_emit_object(e, entity, index->name);

    if (index->constraint)
        pg_emit_comment_constraint(e, entity, index->name, index->comment);
    else
        pg_emit_statement(
            e, index->comment ? SQL(e, "COMMENT ON INDEX %T IS %L", name, index->comment) : SQL(e, "COMMENT ON INDEX %T IS NULL", name),
            WORDS(e, "%s: documentation", subject(e, entity, index)), NULL);
}

static void finish_index(struct emitter *e, const struct entity *entity, const struct index *index) {
    if (index->comment)
        pg_emit_comment_index(e, entity, index);
    pg_emit_index_marks(e, entity, index->name, &index->options);
}

/* A build that lets writers go on; the table must not be locked by the transaction around it, so it has none. */
static void build_concurrently(struct emitter *e, const struct index *index) {
    const struct entity *entity = e->change->to;
    struct statement *statement;

    statement = pg_emit_statement(e, create_index(e, entity, index, true),
                                  WORDS(e, "%s: built while writers go on; a failure leaves it INVALID: DROP INDEX %s, then again",
                                        subject(e, entity, index), pg_emit_object(e, entity, index->name)),
                                  pg_effect_note(pg_effect(e, entity, PG_SHARE_UPDATE_EXCLUSIVE, WORK_INDEX), "scans the table twice"));
    statement->outside_transaction = true;
    if (index->unique)
        statement->probe = index_duplicates(e, entity, index);
}

static void build_index(struct emitter *e, const struct entity *entity, const struct index *index) {
    struct statement *statement =
        pg_emit_statement(e, create_index(e, entity, index, false), WORDS(e, "%s", subject(e, entity, index)),
                          pg_effect_note(pg_effect(e, entity, PG_SHARE, WORK_INDEX), "builds an index; writers wait"));

    if (index->unique && is_old(e))
        statement->probe = index_duplicates(e, entity, index);
}

static const char *add_constraint(struct emitter *e, const struct entity *entity, const struct index *index, bool using_index) {
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    const char *text;

    sqlf(&sql, "ALTER TABLE %E ADD CONSTRAINT %I UNIQUE", entity, index->name);
    if (using_index) {
        sqlf(&sql, " USING INDEX %I", index->name);
    } else {
        sqlf(&sql, "%T", index->nulls_not_distinct ? " NULLS NOT DISTINCT" : "");
        add_parts(&sql, entity, index);
        add_include(&sql, entity, index);
        pg_emit_storage(e, &sql, &index->options);
        pg_emit_index_tablespace(&sql, &index->options, " USING INDEX TABLESPACE");
    }
    sqlf(&sql, "%T", pg_emit_deferrable((enum deferrable)index->deferrable));
    text = str_keep(&sql.text, e->arena);
    sql_free(&sql);
    return text;
}

void pg_emit_index_again(struct emitter *e, const struct entity *entity, const struct index *index) {
    const char *text = index->constraint ? add_constraint(e, entity, index, false) : create_index(e, entity, index, false);

    pg_emit_statement(e, text, WORDS(e, "%s, as before", subject(e, entity, index)),
                      pg_effect(e, entity, index->constraint ? PG_ACCESS_EXCLUSIVE : PG_SHARE, WORK_INDEX));
    finish_index(e, entity, index);
}

static void add_unique_constraint(struct emitter *e, const struct index *index) {
    const struct entity *entity = e->change->to;
    bool concurrently = goes_concurrently(e);
    struct statement *statement;

    if (concurrently)
        build_concurrently(e, index);
    statement = pg_emit_statement(
        e, add_constraint(e, entity, index, concurrently), WORDS(e, "%s", subject(e, entity, index)),
        !is_old(e)     ? NULL
        : concurrently ? pg_effect_note(pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG), "no scan: the index is there")
                       : pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_INDEX));
    if (is_old(e) && !concurrently)
        statement->probe = index_duplicates(e, entity, index);
}

void pg_emit_add_index(struct emitter *e) {
    const struct index *index = e->change->new_index;

    if (index->constraint)
        add_unique_constraint(e, index);
    else if (goes_concurrently(e))
        build_concurrently(e, index);
    else
        build_index(e, e->change->to, index);
    finish_index(e, e->change->to, index);
}

void pg_emit_unique_index(struct emitter *e, const struct index *index) {
    build_concurrently(e, index);
}

/* A trigger that goes, and what it kept in step, go in one transaction: nothing is committed between them. */
static bool loses_triggers(const struct plan *plan) {
    for (size_t i = 0; i < plan->changes.count && plan->changes.at[i].kind <= CHANGE_DROP_INDEX; i++)
        if (plan->changes.at[i].kind == CHANGE_DROP_DEPENDENT && strcmp(plan->changes.at[i].old_object->kind, "trigger") == 0)
            return true;
    return false;
}

/* Like the build, but only of an index that goes for good and keeps no rule: what others stand on goes with them, in the transaction. */
static bool drops_concurrently(const struct emitter *e) {
    return !loses_triggers(e->plan) && goes_concurrently(e) && !e->change->recreated && !e->change->old_index->unique;
}

static void drop_concurrently(struct emitter *e, const char *reason) {
    const struct entity *entity = e->change->from;
    struct statement *statement =
        pg_emit_statement(e, SQL(e, "DROP INDEX CONCURRENTLY %T", pg_emit_object(e, entity, e->change->old_index->name)), reason,
                          pg_effect(e, entity, PG_SHARE_UPDATE_EXCLUSIVE, WORK_CATALOG));

    statement->outside_transaction = true;
}

void pg_emit_drop_index(struct emitter *e) {
    const struct entity *entity = e->change->from;
    const struct index *index = e->change->old_index;
    const char *reason = WORDS(e, "%s: dropped%s", subject(e, entity, index), e->change->recreated ? " to be made again" : "");
    const struct effect *lock = pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG);

    if (index->constraint)
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E DROP CONSTRAINT %I", entity, index->name), reason, lock);
    else if (drops_concurrently(e))
        drop_concurrently(e, reason);
    else
        pg_emit_statement(e, SQL(e, "DROP INDEX %T", pg_emit_object(e, entity, index->name)), reason, lock);
}

/* Renaming the index of a constraint renames the constraint, under the weaker lock. */
void pg_emit_rename_index(struct emitter *e) {
    const struct change *change = e->change;

    pg_emit_statement(e, SQL(e, "ALTER INDEX %T RENAME TO %I", pg_emit_object(e, change->to, change->old_name), change->new_name),
                      WORDS(e, "%s: %s renamed to %s", change->to->name, change->old_name, change->new_name),
                      pg_effect_on(e, WORDS(e, "%s (index)", change->old_name), PG_SHARE_UPDATE_EXCLUSIVE, WORK_CATALOG));
}
