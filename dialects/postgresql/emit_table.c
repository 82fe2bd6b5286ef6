#include <string.h>

#include "emit_internal.h"

void pg_emit_storage(struct sql *sql, const struct options *options) {
    if (!options->count)
        return;
    sqlf(sql, " WITH (");
    for (size_t i = 0; i < options->count; i++)
        sqlf(sql, "%T%I = %L", i ? ", " : "", options->at[i].key, options->at[i].value);
    sqlf(sql, ")");
}

/* CREATE TABLE would take a check as validated that is not meant to be. */
static void add_checks(struct sql *sql, const struct entity *entity) {
    for (size_t i = 0; i < entity->check_count; i++) {
        const struct check *check = &entity->checks[i];

        if (!check->not_validated)
            sqlf(sql, ",\n    CONSTRAINT %I CHECK (%X)", check->name, check->value);
    }
}

static void add_table_options(struct sql *sql, const struct table_options *options) {
    if (options->partition_by)
        sqlf(sql, " PARTITION BY %X", options->partition_by);
    pg_emit_storage(sql, &options->options);
    if (options->tablespace)
        sqlf(sql, " TABLESPACE %I", options->tablespace);
}

static const char *create_table(struct emitter *e, const struct entity *entity) {
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    const char *text;

    sqlf(&sql, "CREATE %TTABLE %E (", entity->options.unlogged ? "UNLOGGED " : "", entity);
    for (size_t i = 0; i < entity->field_count; i++) {
        sqlf(&sql, "%T\n    ", i ? "," : "");
        pg_emit_column_definition(&sql, &entity->fields[i]);
    }
    if (entity->key.fields.count && !entity->key.absent)
        sqlf(&sql, ",\n    CONSTRAINT %I PRIMARY KEY (%C)", entity->key.name, entity, &entity->key.fields);
    add_checks(&sql, entity);
    sqlf(&sql, "\n)");
    add_table_options(&sql, &entity->options);
    text = str_keep(&sql.text, e->arena);
    sql_free(&sql);
    return text;
}

void pg_emit_create_table(struct emitter *e) {
    const struct entity *entity = e->change->to;

    pg_emit_statement(e, create_table(e, entity), WORDS(e, "%s: new", entity->name), NULL);
    for (size_t i = 0; i < entity->check_count; i++)
        if (entity->checks[i].not_validated)
            pg_emit_check(e, entity, &entity->checks[i]);
    if (entity->comment)
        pg_emit_comment_table(e);
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].comment)
            pg_emit_comment_column(e, &entity->fields[i]);
}

void pg_emit_drop_table(struct emitter *e) {
    const struct entity *entity = e->change->from;
    struct entity current = *entity;

    if (e->change->old_name)
        current.table = e->change->old_name;
    pg_emit_statement(e, SQL(e, "DROP TABLE %E", &current), WORDS(e, "%s: removed with all its rows", entity->name),
                      pg_emit_lock(e, &current, "ACCESS EXCLUSIVE; tables it refers to: ACCESS EXCLUSIVE"));
}

/* The name and the namespace at the moment are the change's; a table that steps aside has no ->to. */
void pg_emit_rename_table(struct emitter *e) {
    const struct change *change = e->change;
    struct entity current = {.table = change->old_name, .namespace = change->old_namespace};
    const char *name = change->to ? change->to->name : change->from->name;
    const char *reason = WORDS(e, "%s: %s renamed to %s; running clients must know the new name", name, change->old_name, change->new_name);
    const char *lock = pg_emit_lock(e, &current, "ACCESS EXCLUSIVE, no rewrite");

    if (!text_equal(change->old_namespace, change->new_namespace)) {
        const char *target = change->new_namespace ? SQL(e, "%I", change->new_namespace) : NULL;
        const char *text = target ? SQL(e, "ALTER TABLE %E SET SCHEMA %T", &current, target)
                                  : pg_emit_do(e, SQL(e,
                                                      "BEGIN EXECUTE format('ALTER TABLE %%s SET SCHEMA %%I', %L, current_schema()); END",
                                                      SQL(e, "%E", &current)));

        pg_emit_statement(e, text, WORDS(e, "%s: moved to the schema %s", name, change->new_namespace ? change->new_namespace : "in use"),
                          lock);
        current.namespace = change->new_namespace;
    }
    if (strcmp(change->old_name, change->new_name) != 0)
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E RENAME TO %I", &current, change->new_name), reason, lock);
}

void pg_emit_row_security(struct emitter *e, const char *table, const char *from, const char *to) {
    bool was_on = from != NULL, is_on = to != NULL;
    bool was_forced = from && strcmp(from, "forced") == 0, is_forced = to && strcmp(to, "forced") == 0;

    if (was_on != is_on)
        pg_emit_statement(e, SQL(e, "ALTER TABLE %T %T ROW LEVEL SECURITY", table, is_on ? "ENABLE" : "DISABLE"),
                          WORDS(e, "%s: row level security %s", table, is_on ? "on" : "off"), WORDS(e, "%s: ACCESS EXCLUSIVE", table));
    if (was_forced != is_forced)
        pg_emit_statement(e, SQL(e, "ALTER TABLE %T %T ROW LEVEL SECURITY", table, is_forced ? "FORCE" : "NO FORCE"),
                          WORDS(e, "%s: row level security %s", table, is_forced ? "for its owner too" : "not for its owner"),
                          WORDS(e, "%s: ACCESS EXCLUSIVE", table));
}

void pg_emit_comment_table(struct emitter *e) {
    const struct entity *entity = e->change->to;
    const char *text =
        entity->comment ? SQL(e, "COMMENT ON TABLE %E IS %L", entity, entity->comment) : SQL(e, "COMMENT ON TABLE %E IS NULL", entity);

    pg_emit_statement(e, text, WORDS(e, "%s: documentation", entity->name),
                      e->change->from ? pg_emit_lock(e, entity, "SHARE UPDATE EXCLUSIVE") : NULL);
}

static const struct option *find_option(const struct options *options, const char *key) {
    for (size_t i = 0; i < options->count; i++)
        if (strcmp(options->at[i].key, key) == 0)
            return &options->at[i];
    return NULL;
}

static void alter_storage(struct emitter *e, const struct options *from, const struct options *to) {
    const struct entity *entity = e->change->to;

    for (size_t i = 0; i < from->count; i++)
        if (!find_option(to, from->at[i].key))
            pg_emit_statement(e, SQL(e, "ALTER TABLE %E RESET (%I)", entity, from->at[i].key),
                              WORDS(e, "%s: option %s back to its default", entity->name, from->at[i].key),
                              pg_emit_lock(e, entity, "SHARE UPDATE EXCLUSIVE"));
    for (size_t i = 0; i < to->count; i++) {
        const struct option *old = find_option(from, to->at[i].key);

        if (!old || !text_equal(old->value, to->at[i].value))
            pg_emit_statement(e, SQL(e, "ALTER TABLE %E SET (%I = %L)", entity, to->at[i].key, to->at[i].value),
                              WORDS(e, "%s: option %s", entity->name, to->at[i].key), pg_emit_lock(e, entity, "SHARE UPDATE EXCLUSIVE"));
    }
}

void pg_emit_alter_table(struct emitter *e) {
    const struct entity *entity = e->change->to;
    const struct table_options *from = &e->change->from->options, *to = &entity->options;

    if (from->unlogged != to->unlogged)
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E SET %T", entity, to->unlogged ? "UNLOGGED" : "LOGGED"),
                          WORDS(e, "%s: %s", entity->name, to->unlogged ? "unlogged" : "logged"),
                          pg_emit_lock(e, entity, "ACCESS EXCLUSIVE, rewrites the table"));
    if (!text_equal(from->tablespace, to->tablespace))
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E SET TABLESPACE %I", entity, to->tablespace ? to->tablespace : "pg_default"),
                          WORDS(e, "%s: tablespace", entity->name), pg_emit_lock(e, entity, "ACCESS EXCLUSIVE, copies the table"));
    alter_storage(e, &from->options, &to->options);
}
