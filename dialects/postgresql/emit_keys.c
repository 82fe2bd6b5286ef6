#include <string.h>

#include "emit_internal.h"

const char *pg_emit_deferrable(enum deferrable deferrable) {
    switch (deferrable) {
    case DEFERRABLE_NOT:
        return "";
    case DEFERRABLE_IMMEDIATE:
        return " DEFERRABLE INITIALLY IMMEDIATE";
    case DEFERRABLE_DEFERRED:
        return " DEFERRABLE INITIALLY DEFERRED";
    }
    return "";
}

static const char *again(const struct emitter *e) {
    return e->change->recreated ? " to be made again" : "";
}

/* Primary keys. */

/* The key as a unique index, to be built while writers go on. */
static void build_key_index(struct emitter *e, const struct entity *entity) {
    struct index index = {.name = entity->key.name,
                          .unique = true,
                          .part_count = entity->key.fields.count,
                          .include = entity->key.include,
                          .options = entity->key.options};

    index.parts = ARENA_ARRAY(e->arena, struct index_part, index.part_count);
    for (size_t i = 0; i < index.part_count; i++)
        index.parts[i].field = entity->key.fields.at[i];
    pg_emit_unique_index(e, &index);
}

void pg_emit_key(struct emitter *e, struct sql *sql, const struct entity *entity) {
    const struct key *key = &entity->key;

    sqlf(sql, " PRIMARY KEY (%C)", entity, &key->fields);
    if (key->include.count)
        sqlf(sql, " INCLUDE (%C)", entity, &key->include);
    pg_emit_storage(e, sql, &key->options);
    pg_emit_index_tablespace(sql, &key->options, " USING INDEX TABLESPACE");
    sqlf(sql, "%T", pg_emit_deferrable((enum deferrable)key->deferrable));
}

static const char *add_key(struct emitter *e, const struct entity *entity) {
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    const char *text;

    sqlf(&sql, "ALTER TABLE %E ADD CONSTRAINT %I", entity, entity->key.name);
    pg_emit_key(e, &sql, entity);
    text = str_keep(&sql.text, e->arena);
    sql_free(&sql);
    return text;
}

static void finish_key(struct emitter *e, const struct entity *entity) {
    if (entity->key.comment)
        pg_emit_comment_constraint(e, entity, entity->key.name, entity->key.comment);
    pg_emit_index_marks(e, entity, entity->key.name, &entity->key.options);
}

void pg_emit_add_key(struct emitter *e) {
    const struct entity *entity = e->change->to;
    const struct key *key = &entity->key;
    const char *reason = WORDS(e, "%s: primary key (%s)", entity->name, SQL(e, "%C", entity, &key->fields));
    struct statement *statement;

    if (e->target->concurrently && !entity->options.partition_by) {
        build_key_index(e, entity);
        pg_emit_statement(e,
                          SQL(e, "ALTER TABLE %E ADD CONSTRAINT %I PRIMARY KEY USING INDEX %I%T", entity, key->name, key->name,
                              pg_emit_deferrable((enum deferrable)key->deferrable)),
                          reason, pg_effect_note(pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG), "no scan: the index is there"));
        finish_key(e, entity);
        return;
    }
    statement = pg_emit_statement(e, add_key(e, entity), reason,
                                  pg_effect_note(pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_INDEX), "scans and builds an index"));
    statement->probe = pg_emit_duplicates(e, entity, SQL(e, "%C", entity, &key->fields), NULL);
    finish_key(e, entity);
}

void pg_emit_drop_key(struct emitter *e) {
    const struct entity *entity = e->change->from;

    pg_emit_statement(e, SQL(e, "ALTER TABLE %E DROP CONSTRAINT %I", entity, entity->key.name),
                      WORDS(e, "%s: primary key dropped%s", entity->name, again(e)),
                      pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG));
}

/* Checks. */

/* Within one transaction the lock of adding the constraint would be held through the scan: online it comes behind everything, alone. */
static struct statement *validate(struct emitter *e, const struct entity *entity, const char *name, const char *probe) {
    struct statement *statement = pg_emit_statement(e, SQL(e, "ALTER TABLE %E VALIDATE CONSTRAINT %I", entity, name),
                                                    WORDS(e, "%s: %s holds for the rows that are there", entity->name, name),
                                                    pg_effect(e, entity, PG_SHARE_UPDATE_EXCLUSIVE, WORK_SCAN));

    statement->probe = probe;
    return e->target->online ? pg_emit_later(e) : statement;
}

static void validate_check(struct emitter *e, const struct entity *entity, const struct check *check) {
    validate(e, entity, check->name, SQL(e, "SELECT * FROM %E WHERE NOT (%X)", entity, check->value));
}

void pg_emit_check(struct emitter *e, const struct entity *entity, const struct check *check) {
    pg_emit_statement(e,
                      SQL(e, "ALTER TABLE %E ADD CONSTRAINT %I CHECK (%X)%T NOT VALID", entity, check->name, check->value,
                          check->no_inherit ? " NO INHERIT" : ""),
                      WORDS(e, "%s: check %s for new rows", entity->name, check->name),
                      pg_effect_note(pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG), "no scan"));
    if (!check->not_validated)
        validate_check(e, entity, check);
    if (check->comment)
        pg_emit_comment_constraint(e, entity, check->name, check->comment);
}

void pg_emit_add_check(struct emitter *e) {
    if (pg_emit_is_left(e, e->change->from, e->change->to, e->change->new_check))
        return;
    if (e->change->old_check)
        validate_check(e, e->change->to, e->change->new_check);
    else
        pg_emit_check(e, e->change->to, e->change->new_check);
}

void pg_emit_drop_check(struct emitter *e) {
    const struct entity *entity = e->change->from;
    const struct check *check = e->change->old_check;

    pg_emit_statement(e, SQL(e, "ALTER TABLE %E DROP CONSTRAINT %I", entity, check->name),
                      WORDS(e, "%s: check %s dropped%s", entity->name, check->name, again(e)),
                      pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG));
}

/* Exclusions. */

void pg_emit_add_exclude(struct emitter *e) {
    const struct entity *entity = e->change->to;
    const struct exclude *exclude = e->change->new_exclude;
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);

    sqlf(&sql, "ALTER TABLE %E ADD CONSTRAINT %I EXCLUDE USING %I (%X)", entity, exclude->name, exclude->method, exclude->value);
    if (exclude->where)
        sqlf(&sql, " WHERE (%X)", exclude->where);
    sqlf(&sql, "%T", pg_emit_deferrable((enum deferrable)exclude->deferrable));
    pg_emit_statement(e, str_keep(&sql.text, e->arena), WORDS(e, "%s: exclusion %s", entity->name, exclude->name),
                      pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_INDEX));
    sql_free(&sql);
    if (exclude->comment)
        pg_emit_comment_constraint(e, entity, exclude->name, exclude->comment);
}

void pg_emit_drop_exclude(struct emitter *e) {
    const struct entity *entity = e->change->from;
    const struct exclude *exclude = e->change->old_exclude;

    pg_emit_statement(e, SQL(e, "ALTER TABLE %E DROP CONSTRAINT %I", entity, exclude->name),
                      WORDS(e, "%s: exclusion %s dropped%s", entity->name, exclude->name, again(e)),
                      pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG));
}

/* Foreign keys. */

static const char *action_sql(enum ref_action action) {
    switch (action) {
    case ACTION_NONE:
    case ACTION_NO_ACTION:
        return NULL;
    case ACTION_RESTRICT:
        return "RESTRICT";
    case ACTION_CASCADE:
        return "CASCADE";
    case ACTION_SET_NULL:
        return "SET NULL";
    case ACTION_SET_DEFAULT:
        return "SET DEFAULT";
    }
    return NULL;
}

static const char *add_foreign_key(struct emitter *e, const struct entity *target, bool not_valid) {
    const struct entity *entity = e->change->to;
    const struct foreign_key *key = e->change->new_foreign_key;
    const char *on_delete = action_sql((enum ref_action)key->on_delete), *on_update = action_sql((enum ref_action)key->on_update);
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    const char *text;

    sqlf(&sql, "ALTER TABLE %E ADD CONSTRAINT %I FOREIGN KEY (%C) REFERENCES %E (%C)", entity, key->name, entity, &key->fields, target,
         target, &key->target_fields);
    if (key->match_full)
        sqlf(&sql, " MATCH FULL");
    if (on_delete)
        sqlf(&sql, " ON DELETE %T", on_delete);
    if (on_delete && key->set_columns.count)
        sqlf(&sql, " (%C)", entity, &key->set_columns);
    if (on_update)
        sqlf(&sql, " ON UPDATE %T", on_update);
    sqlf(&sql, "%T%T", pg_emit_deferrable((enum deferrable)key->deferrable), not_valid ? " NOT VALID" : "");
    text = str_keep(&sql.text, e->arena);
    sql_free(&sql);
    return text;
}

/* Rows that refer to nothing; a key with a NULL in it refers to nothing rightly. */
static const char *orphans(struct emitter *e, const struct entity *target) {
    const struct entity *entity = e->change->to;
    const struct foreign_key *key = e->change->new_foreign_key;
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    const char *text;

    sqlf(&sql, "SELECT * FROM %E AS child WHERE (", entity);
    for (size_t i = 0; i < key->fields.count; i++)
        sqlf(&sql, "%Tchild.%I", i ? ", " : "", entity_column(entity, key->fields.at[i]));
    sqlf(&sql, ") IS NOT NULL AND NOT EXISTS (SELECT 1 FROM %E AS parent WHERE ", target);
    for (size_t i = 0; i < key->fields.count; i++)
        sqlf(&sql, "%Tparent.%I = child.%I", i ? " AND " : "", entity_column(target, key->target_fields.at[i]),
             entity_column(entity, key->fields.at[i]));
    sqlf(&sql, ")");
    text = str_keep(&sql.text, e->arena);
    sql_free(&sql);
    return text;
}

static void validate_foreign_key(struct emitter *e, const struct entity *target) {
    const struct entity *entity = e->change->to;

    pg_emit_referenced(e, validate(e, entity, e->change->new_foreign_key->name, orphans(e, target)), target, PG_ROW_SHARE);
}

/* Adding a key that is not validated takes its locks for a moment; the scan then blocks nobody. A partitioned table cannot do that
 * before 18; of one that refers to a partitioned table the parts for its partitions would stay unvalidated. */
void pg_emit_add_foreign_key(struct emitter *e) {
    const struct entity *entity = e->change->to;
    const struct foreign_key *key = e->change->new_foreign_key;
    const struct entity *target = schema_entity(e->plan->to, key->target);
    bool apart = e->change->from && !entity->options.partition_by && !target->options.partition_by;
    bool scans = !apart && !key->not_validated;
    struct effect *effect = pg_effect(e, entity, PG_SHARE_ROW_EXCLUSIVE, scans ? WORK_SCAN : WORK_CATALOG);
    struct statement *statement;

    if (e->change->old_foreign_key) {
        validate_foreign_key(e, target);
        return;
    }
    statement = pg_emit_statement(e, add_foreign_key(e, target, apart || key->not_validated),
                                  WORDS(e, "%s: foreign key %s to %s", entity->name, key->name, target->name),
                                  pg_effect_note(effect, scans ? NULL : "no scan"));
    pg_emit_referenced(e, statement, target, PG_SHARE_ROW_EXCLUSIVE);
    if (apart && !key->not_validated)
        validate_foreign_key(e, target);
    else if (e->change->from && !key->not_validated)
        statement->probe = orphans(e, target);
    if (key->comment)
        pg_emit_comment_constraint(e, entity, key->name, key->comment);
}

void pg_emit_drop_foreign_key(struct emitter *e) {
    const struct entity *entity = e->change->from;
    const struct foreign_key *key = e->change->old_foreign_key;
    const struct entity *target = schema_entity(e->plan->from, key->target);

    struct statement *statement =
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E DROP CONSTRAINT %I", entity, key->name),
                          WORDS(e, "%s: foreign key %s to %s dropped%s", entity->name, key->name, key->target, again(e)),
                          pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG));

    pg_emit_referenced(e, statement, target, PG_ACCESS_EXCLUSIVE);
}

void pg_emit_rename_constraint(struct emitter *e) {
    const struct change *change = e->change;

    pg_emit_statement(e, SQL(e, "ALTER TABLE %E RENAME CONSTRAINT %I TO %I", change->to, change->old_name, change->new_name),
                      WORDS(e, "%s: constraint %s renamed to %s", change->to->name, change->old_name, change->new_name),
                      pg_effect(e, change->to, PG_ACCESS_EXCLUSIVE, WORK_CATALOG));
}
