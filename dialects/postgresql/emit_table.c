#include <string.h>

#include "emit_internal.h"

/* CREATE TABLE would take a check as validated that is not meant to be. */
static void add_checks(struct sql *sql, const struct entity *entity, const char **between) {
    for (size_t i = 0; i < entity->check_count; i++) {
        const struct check *check = &entity->checks[i];

        if (check->not_validated)
            continue;
        sqlf(sql, "%TCONSTRAINT %I CHECK (%X)%T", *between, check->name, check->value, check->no_inherit ? " NO INHERIT" : "");
        *between = ",\n    ";
    }
}

static void add_parents(struct emitter *e, struct sql *sql, const struct names *parents) {
    for (size_t i = 0; i < parents->count; i++)
        sqlf(sql, "%T%E", i ? ", " : " INHERITS (", schema_entity(e->plan->to, parents->at[i]));
    if (parents->count)
        sqlf(sql, ")");
}

static void add_table_options(struct emitter *e, struct sql *sql, const struct table_options *options) {
    const char *method = pg_option_value(&options->options, "accessMethod");

    add_parents(e, sql, &options->inherits);
    if (options->partition_by)
        sqlf(sql, " PARTITION BY %X", options->partition_by);
    if (method)
        sqlf(sql, " USING %I", method);
    pg_emit_storage(e, sql, &options->options);
    if (options->tablespace)
        sqlf(sql, " TABLESPACE %I", options->tablespace);
}

static const char *create_table(struct emitter *e, const struct entity *entity) {
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    const char *between = "\n    ", *text;

    sqlf(&sql, "CREATE %TTABLE %E (", entity->options.unlogged ? "UNLOGGED " : "", entity);
    for (size_t i = 0; i < entity->field_count; i++) {
        if (entity->fields[i].inherited)
            continue;
        sqlf(&sql, "%T", between);
        pg_emit_column_definition(&sql, &entity->fields[i]);
        between = ",\n    ";
    }
    if (entity->key.fields.count && !entity->key.absent) {
        sqlf(&sql, "%TCONSTRAINT %I", between, entity->key.name);
        pg_emit_key(e, &sql, entity);
        between = ",\n    ";
    }
    add_checks(&sql, entity, &between);
    sqlf(&sql, "\n)");
    add_table_options(e, &sql, &entity->options);
    text = str_keep(&sql.text, e->arena);
    sql_free(&sql);
    return text;
}

/* What an inherited column has otherwise than its parent. */
static void add_to_inherited(struct emitter *e, const struct field *field) {
    const struct field *parent = pg_emit_parent_field(e, e->plan->to, e->change->to, field);

    if (!parent || !text_equal(parent->default_sql, field->default_sql))
        pg_emit_set_default(e, field);
    if (!field->nullable && parent && parent->nullable)
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E ALTER COLUMN %I SET NOT NULL", e->change->to, field->column),
                          WORDS(e, "%s.%s: NOT NULL", e->change->to->name, field->name), NULL);
}

/* What CREATE TABLE has no room for. */
static void add_details(struct emitter *e, const struct entity *entity) {
    const struct options none = {0};
    const struct option_change options = {.old = &none, .new = &entity->options.options};

    for (size_t i = 0; i < entity->check_count; i++) {
        if (entity->checks[i].not_validated)
            pg_emit_check(e, entity, &entity->checks[i]);
        else if (entity->checks[i].comment)
            pg_emit_comment_constraint(e, entity, entity->checks[i].name, entity->checks[i].comment);
    }
    for (size_t i = 0; i < entity->field_count; i++) {
        if (entity->fields[i].inherited)
            add_to_inherited(e, &entity->fields[i]);
        pg_emit_column_options(e, NULL, &entity->fields[i]);
    }
    if (!entity->key.absent && entity->key.comment)
        pg_emit_comment_constraint(e, entity, entity->key.name, entity->key.comment);
    if (!entity->key.absent)
        pg_emit_index_marks(e, entity, entity->key.name, &entity->key.options);
    pg_emit_row_security(e, SQL(e, "%E", entity), &options);
    pg_emit_replica_identity(e, SQL(e, "%E", entity), &options);
}

void pg_emit_create_table(struct emitter *e) {
    const struct entity *entity = e->change->to;

    pg_emit_statement(e, create_table(e, entity), WORDS(e, "%s: new", entity->name), NULL);
    add_details(e, entity);
    if (entity->comment)
        pg_emit_comment_table(e);
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].comment)
            pg_emit_comment_column(e, &entity->fields[i]);
}

void pg_emit_drop_table(struct emitter *e) {
    const struct entity *entity = e->change->from;
    struct effect *effect = pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG);
    struct entity current = *entity;
    struct statement *statement;

    if (e->change->old_name)
        effect->table = current.table = e->change->old_name;
    statement = pg_emit_statement(e, SQL(e, "DROP TABLE %E", &current), WORDS(e, "%s: removed with all its rows", entity->name), effect);
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        if (!pg_emit_find(e, CHANGE_DROP_FOREIGN_KEY, &entity->foreign_keys[i]))
            pg_emit_referenced(e, statement, schema_entity(e->plan->from, entity->foreign_keys[i].target), PG_ACCESS_EXCLUSIVE);
}

/* The name and the namespace at the moment are the change's; a table that steps aside has no ->to. */
void pg_emit_rename_table(struct emitter *e) {
    const struct change *change = e->change;
    struct entity current = {.table = change->old_name, .namespace = change->old_namespace};
    const char *name = change->to ? change->to->name : change->from->name;
    const char *reason = WORDS(e, "%s: %s renamed to %s; running clients must know the new name", name, change->old_name, change->new_name);
    struct effect *lock = pg_effect(e, change->from, PG_ACCESS_EXCLUSIVE, WORK_CATALOG);

    lock->table = change->old_name;
    if (!text_equal(change->old_namespace, change->new_namespace)) {
        const char *target = change->new_namespace ? SQL(e, "%I", change->new_namespace) : NULL;
        const char *text = target
                               ? SQL(e, "ALTER TABLE %E SET SCHEMA %T", &current, target)
                               : pg_emit_do(e, SQL(e, "BEGIN EXECUTE format('ALTER TABLE %%s SET SCHEMA %%I', %L, current_schema()); END",
                                                   SQL(e, "%E", &current)));

        pg_emit_statement(e, text, WORDS(e, "%s: moved to the schema %s", name, change->new_namespace ? change->new_namespace : "in use"),
                          lock);
        current.namespace = change->new_namespace;
    }
    if (strcmp(change->old_name, change->new_name) != 0)
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E RENAME TO %I", &current, change->new_name), reason, lock);
}

void pg_emit_comment_constraint(struct emitter *e, const struct entity *entity, const char *name, const char *comment) {
    pg_emit_statement(e,
                      comment ? SQL(e, "COMMENT ON CONSTRAINT %I ON %E IS %L", name, entity, comment)
                              : SQL(e, "COMMENT ON CONSTRAINT %I ON %E IS NULL", name, entity),
                      WORDS(e, "%s: documentation of %s", entity->name, name), NULL);
}

/* Another comment on a part of the table; false when the change is about the table itself. */
static bool comment_part(struct emitter *e) {
    const struct change *change = e->change;

    if (change->new_index)
        pg_emit_comment_index(e, change->to, change->new_index);
    else if (change->new_check)
        pg_emit_comment_constraint(e, change->to, change->new_check->name, change->new_check->comment);
    else if (change->new_exclude)
        pg_emit_comment_constraint(e, change->to, change->new_exclude->name, change->new_exclude->comment);
    else if (change->new_foreign_key)
        pg_emit_comment_constraint(e, change->to, change->new_foreign_key->name, change->new_foreign_key->comment);
    else if (change->new_name)
        pg_emit_comment_constraint(e, change->to, change->new_name, change->to->key.comment);
    else
        return false;
    return true;
}

void pg_emit_comment_table(struct emitter *e) {
    const struct entity *entity = e->change->to;
    const char *text =
        entity->comment ? SQL(e, "COMMENT ON TABLE %E IS %L", entity, entity->comment) : SQL(e, "COMMENT ON TABLE %E IS NULL", entity);

    if (!comment_part(e))
        pg_emit_statement(e, text, WORDS(e, "%s: documentation", entity->name),
                          pg_effect(e, entity, PG_SHARE_UPDATE_EXCLUSIVE, WORK_CATALOG));
}

static bool changes_logging(const struct entity_pair *pair) {
    return pair && pair->from && pair->to && pair->from->options.unlogged != pair->to->options.unlogged;
}

static bool refers_to(const struct entity *entity, const struct entity *target) {
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        if (strcmp(entity->foreign_keys[i].target, target->name) == 0)
            return true;
    return false;
}

/* A table that is logged refers to no table that is not: what it refers to is LOGGED before it, what refers to it UNLOGGED. */
static void set_logging(struct emitter *e, const struct entity_pair *pair) {
    const struct entity *entity = pair->to;
    bool unlogged = entity->options.unlogged;

    if (!changes_logging(pair) || map_put(e->arena, &e->logging_set, entity->name, entity))
        return;
    for (size_t i = 0; i < e->plan->pairs.count; i++) {
        const struct entity_pair *other = &e->plan->pairs.at[i];

        if (changes_logging(other) && other->to->options.unlogged == unlogged &&
            (unlogged ? refers_to(other->from, pair->from) : refers_to(pair->from, other->from)))
            set_logging(e, other);
    }
    pg_emit_statement(e, SQL(e, "ALTER TABLE %E SET %T", entity, unlogged ? "UNLOGGED" : "LOGGED"),
                      WORDS(e, "%s: %s", entity->name, unlogged ? "unlogged" : "logged"),
                      pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_REWRITE));
}

void pg_emit_alter_table(struct emitter *e) {
    const struct entity *entity = e->change->to;
    const struct table_options *from = &e->change->from->options, *to = &entity->options;
    const struct option_change options = {.old = &from->options, .new = &to->options};
    const char *table = SQL(e, "%E", entity), *method = pg_option_value(options.new, "accessMethod");

    set_logging(e, plan_new_pair(e->plan, entity->name));
    if (!text_equal(from->tablespace, to->tablespace))
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E SET TABLESPACE %I", entity, to->tablespace ? to->tablespace : "pg_default"),
                          WORDS(e, "%s: tablespace", entity->name),
                          pg_effect_note(pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_REWRITE), "copies the table and its indexes"));
    if (!text_equal(pg_option_value(options.old, "accessMethod"), method))
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E SET ACCESS METHOD %I", entity, method ? method : "heap"),
                          WORDS(e, "%s: access method", entity->name), pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_REWRITE));
    pg_emit_alter_storage(e, SQL(e, "ALTER TABLE %E", entity), entity->name, &options);
    pg_emit_row_security(e, table, &options);
    pg_emit_replica_identity(e, table, &options);
}

/* Inheritance. */

const struct field *pg_emit_parent_field(struct emitter *e, const struct schema *schema, const struct entity *entity,
                                         const struct field *field) {
    (void)e;
    for (size_t i = 0; i < entity->options.inherits.count; i++) {
        const struct entity *parent = schema_entity(schema, entity->options.inherits.at[i]);
        const struct field *found = parent ? entity_field_by_column(parent, field->column) : NULL;

        if (found)
            return found;
    }
    return NULL;
}

bool pg_emit_follows_parent(struct emitter *e, const struct change *change) {
    const struct field *field = change->old_field ? change->old_field : change->new_field;
    const struct schema *schema = change->old_field ? e->plan->from : e->plan->to;
    const struct entity *entity = change->old_field ? change->from : change->to;
    const struct field *parent = change->from && field->inherited ? pg_emit_parent_field(e, schema, entity, field) : NULL;

    return parent && pg_emit_find(e, change->kind, parent);
}

static bool has_parent(const struct names *parents, const char *name) {
    for (size_t i = 0; i < parents->count; i++)
        if (strcmp(parents->at[i], name) == 0)
            return true;
    return false;
}

/* What the entity NAME of the old schema is called in the new one; NULL: it goes. */
static const char *new_name(const struct emitter *e, const char *name) {
    const struct entity_pair *pair = plan_old_pair(e->plan, name);

    return pair && pair->to ? pair->to->name : NULL;
}

static const struct check *find_check(const struct entity *entity, const char *name) {
    for (size_t i = 0; i < entity->check_count; i++)
        if (text_equal(entity->checks[i].name, name))
            return &entity->checks[i];
    return NULL;
}

/* What a table has from PARENT, and from what is above it, stays with it as its own: what it is not to have goes. */
static void drop_left_checks(struct emitter *e, const struct entity_pair *pair, const struct entity *parent) {
    for (size_t i = 0; i < parent->check_count; i++) {
        const struct check *check = &parent->checks[i], *wanted = find_check(pair->to, check->name);

        if (!check->no_inherit && !find_check(pair->from, check->name) && !(wanted && text_equal(wanted->value, check->value)))
            pg_emit_statement(e, SQL(e, "ALTER TABLE %E DROP CONSTRAINT %I", pair->from, check->name),
                              WORDS(e, "%s: check %s of what it inherited from", pair->from->name, check->name),
                              pg_effect(e, pair->from, PG_ACCESS_EXCLUSIVE, WORK_CATALOG));
    }
    for (size_t i = 0; i < parent->options.inherits.count; i++)
        drop_left_checks(e, pair, schema_entity(e->plan->from, parent->options.inherits.at[i]));
}

static bool has_check(const struct emitter *e, const struct entity *entity, const struct check *check) {
    const struct check *same = find_check(entity, check->name);

    if (same && !same->no_inherit && text_equal(same->value, check->value))
        return true;
    for (size_t i = 0; i < entity->options.inherits.count; i++)
        if (has_check(e, schema_entity(e->plan->from, entity->options.inherits.at[i]), check))
            return true;
    return false;
}

bool pg_emit_is_left(struct emitter *e, const struct entity *from, const struct entity *to, const struct check *check) {
    for (size_t i = 0; from && i < from->options.inherits.count; i++) {
        const char *name = new_name(e, from->options.inherits.at[i]);

        if ((!name || !has_parent(&to->options.inherits, name)) &&
            has_check(e, schema_entity(e->plan->from, from->options.inherits.at[i]), check))
            return true;
    }
    return false;
}

void pg_emit_leave_parents(struct emitter *e) {
    for (size_t i = 0; i < e->plan->pairs.count; i++) {
        const struct entity *from = e->plan->pairs.at[i].from, *to = e->plan->pairs.at[i].to;

        for (size_t k = 0; from && to && k < from->options.inherits.count; k++) {
            const char *name = new_name(e, from->options.inherits.at[k]);
            const struct entity *parent = schema_entity(e->plan->from, from->options.inherits.at[k]);

            if (name && has_parent(&to->options.inherits, name))
                continue;
            pg_emit_statement(e, SQL(e, "ALTER TABLE %E NO INHERIT %E", from, parent),
                              WORDS(e, "%s: inherits from %s no more", from->name, parent->name),
                              pg_effect(e, from, PG_ACCESS_EXCLUSIVE, WORK_CATALOG));
            drop_left_checks(e, &e->plan->pairs.at[i], parent);
        }
    }
}

static bool had_parent(const struct emitter *e, const struct names *old_parents, const char *name) {
    for (size_t i = 0; i < old_parents->count; i++)
        if (text_equal(new_name(e, old_parents->at[i]), name))
            return true;
    return false;
}

static void join_parent(struct emitter *e, const struct entity *entity, const struct entity *parent) {
    struct statement *statement = pg_emit_statement(e, SQL(e, "ALTER TABLE %E INHERIT %E", entity, parent),
                                                    WORDS(e, "%s: inherits from %s", entity->name, parent->name),
                                                    pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG));

    pg_emit_effect(e, statement, pg_effect(e, parent, PG_SHARE_UPDATE_EXCLUSIVE, WORK_CATALOG));
}

void pg_emit_join_parents(struct emitter *e) {
    for (size_t i = 0; i < e->plan->pairs.count; i++) {
        const struct entity *from = e->plan->pairs.at[i].from, *to = e->plan->pairs.at[i].to;

        for (size_t k = 0; from && to && k < to->options.inherits.count; k++) {
            const char *name = to->options.inherits.at[k];

            if (!had_parent(e, &from->options.inherits, name))
                join_parent(e, to, schema_entity(e->plan->to, name));
        }
    }
}
