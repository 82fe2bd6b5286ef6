/* Options of tables, columns, indexes and keys: storage parameters, and what PostgreSQL has statements of their own for. */
#include <string.h>

#include "emit_internal.h"

/* Options by words of ours; all others are storage parameters. */
static const char *const own_options[] = {"accessMethod",    "cache",       "clustered", "compression", "cycle",      "enabled",
                                          "grantable",       "maxValue",    "minValue",  "only",        "ownedBy",    "populated",
                                          "replicaIdentity", "rowSecurity", "schema",    "sequence",    "statistics", "storage",
                                          "tablespace",      "unlogged",    "version"};

bool pg_option_is_storage(const char *key) {
    for (size_t i = 0; i < sizeof own_options / sizeof *own_options; i++)
        if (strcmp(own_options[i], key) == 0)
            return false;
    return true;
}

const char *pg_option_value(const struct options *options, const char *key) {
    for (size_t i = 0; options && i < options->count; i++)
        if (strcmp(options->at[i].key, key) == 0)
            return options->at[i].value;
    return NULL;
}

/* "toast.autovacuum_enabled" has two parts. */
const char *pg_option_name(struct arena *arena, const char *key) {
    const char *dot = strchr(key, '.');

    return dot ? sql_format(arena, &dialect_postgresql.quoting, "%I.%I", arena_strndup(arena, key, (size_t)(dot - key)), dot + 1)
               : sql_format(arena, &dialect_postgresql.quoting, "%I", key);
}

void pg_emit_storage(struct emitter *e, struct sql *sql, const struct options *options) {
    size_t count = 0;

    for (size_t i = 0; i < options->count; i++)
        if (pg_option_is_storage(options->at[i].key))
            sqlf(sql, "%T%T = %L", count++ ? ", " : " WITH (", pg_option_name(e->arena, options->at[i].key), options->at[i].value);
    if (count)
        sqlf(sql, ")");
}

/* What a change of options does to the table of the change at work, or to the object that has what a table has. */
static const struct effect *effect_of(struct emitter *e, enum pg_lock lock) {
    const struct object *old = e->change->old_object, *new = e->change->new_object;

    if (!new)
        return pg_effect(e, e->change->to, lock, WORK_CATALOG);
    return old ? pg_effect_on(e, new->object_name, lock, WORK_CATALOG) : NULL;
}

static bool is_view(const struct emitter *e) {
    return e->change->new_object && strcmp(e->change->new_object->kind, "view") == 0;
}

/* The storage parameters of what ALTER_WORDS names ("ALTER TABLE x"), from OLD to NEW. */
void pg_emit_alter_storage(struct emitter *e, const char *alter_words, const char *subject, const struct option_change *change) {
    const struct effect *lock = effect_of(e, is_view(e) ? PG_ACCESS_EXCLUSIVE : PG_SHARE_UPDATE_EXCLUSIVE);

    for (size_t i = 0; i < change->old->count; i++) {
        const char *key = change->old->at[i].key;

        if (pg_option_is_storage(key) && !pg_option_value(change->new, key))
            pg_emit_statement(e, SQL(e, "%T RESET (%T)", alter_words, pg_option_name(e->arena, key)),
                              WORDS(e, "%s: option %s back to its default", subject, key), lock);
    }
    for (size_t i = 0; i < change->new->count; i++) {
        const struct option *option = &change->new->at[i];

        if (pg_option_is_storage(option->key) && !text_equal(pg_option_value(change->old, option->key), option->value))
            pg_emit_statement(e, SQL(e, "%T SET (%T = %L)", alter_words, pg_option_name(e->arena, option->key), option->value),
                              WORDS(e, "%s: option %s", subject, option->key), lock);
    }
}

/* "enabled", "forced" (for the owner too), or "forced only": it would be, were it enabled. */
static bool is_enabled(const char *row_security) {
    return row_security && strcmp(row_security, "forced only") != 0;
}

static bool is_forced(const char *row_security) {
    return row_security && strncmp(row_security, "forced", 6) == 0;
}

void pg_emit_row_security(struct emitter *e, const char *table, const struct option_change *change) {
    const char *from = pg_option_value(change->old, "rowSecurity"), *to = pg_option_value(change->new, "rowSecurity");
    const struct effect *lock = effect_of(e, PG_ACCESS_EXCLUSIVE);

    if (is_enabled(from) != is_enabled(to))
        pg_emit_statement(e, SQL(e, "ALTER TABLE %T %T ROW LEVEL SECURITY", table, is_enabled(to) ? "ENABLE" : "DISABLE"),
                          WORDS(e, "%s: row level security %s", table, is_enabled(to) ? "on" : "off"), lock);
    if (is_forced(from) != is_forced(to))
        pg_emit_statement(e, SQL(e, "ALTER TABLE %T %T ROW LEVEL SECURITY", table, is_forced(to) ? "FORCE" : "NO FORCE"),
                          WORDS(e, "%s: row level security %s", table, is_forced(to) ? "for its owner too" : "not for its owner"), lock);
}

void pg_emit_replica_identity(struct emitter *e, const char *table, const struct option_change *change) {
    const char *from = pg_option_value(change->old, "replicaIdentity"), *to = pg_option_value(change->new, "replicaIdentity");

    if (!text_equal(from, to))
        pg_emit_statement(e,
                          SQL(e, "ALTER TABLE %T REPLICA IDENTITY %T", table,
                              !to                       ? "DEFAULT"
                              : strcmp(to, "full") == 0 ? "FULL"
                                                        : "NOTHING"),
                          WORDS(e, "%s: what replication knows a row by", table), effect_of(e, PG_ACCESS_EXCLUSIVE));
}

/* Columns. */

struct column_setting {
    const char *words;
    const char *what; /* for a person */
    enum pg_lock lock;
};

static void set_column(struct emitter *e, const struct field *field, const struct column_setting *setting) {
    const struct entity *entity = e->change->to;

    pg_emit_statement(e, SQL(e, "ALTER TABLE %E ALTER COLUMN %I %T", entity, field->column, setting->words),
                      WORDS(e, "%s.%s: %s", entity->name, field->name, setting->what), pg_effect(e, entity, setting->lock, WORK_CATALOG));
}

/* What a type stores by itself has no word before 16, so it is asked for. */
static void usual_storage(struct emitter *e, const struct field *field) {
    const struct entity *entity = e->change->to;
    const char *body = SQL(e,
                           "DECLARE usual text; BEGIN SELECT CASE t.typstorage WHEN 'p' THEN 'PLAIN' WHEN 'e' THEN 'EXTERNAL' "
                           "WHEN 'm' THEN 'MAIN' ELSE 'EXTENDED' END INTO usual FROM pg_catalog.pg_attribute a "
                           "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid WHERE a.attrelid = %L::regclass AND a.attname = %L; "
                           "EXECUTE format('ALTER TABLE %%s ALTER COLUMN %%I SET STORAGE %%s', %L, %L, usual); END",
                           SQL(e, "%E", entity), field->column, SQL(e, "%E", entity), field->column);

    pg_emit_statement(e, pg_emit_do(e, body), WORDS(e, "%s.%s: stored as its type is", entity->name, field->name),
                      pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG));
}

static const char *upper(struct arena *arena, const char *word) {
    char *result = arena_strdup(arena, word);

    for (char *c = result; *c; c++)
        *c = (char)(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    return result;
}

static bool is_word(const char *value) {
    return value && value[strspn(value, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")] == '\0' && *value;
}

void pg_emit_column_options(struct emitter *e, const struct field *old, const struct field *new) {
    const struct options none = {0};
    const struct option_change change = {.old = old ? &old->options : &none, .new = &new->options};
    const char *storage = pg_option_value(change.new, "storage"), *compression = pg_option_value(change.new, "compression");
    const char *statistics = pg_option_value(change.new, "statistics");
    const char *alter = SQL(e, "ALTER TABLE %E ALTER COLUMN %I", e->change->to, new->column);

    if (!text_equal(pg_option_value(change.old, "storage"), storage)) {
        if (is_word(storage))
            set_column(
                e, new,
                &(struct column_setting){SQL(e, "SET STORAGE %T", upper(e->arena, storage)), "how it is stored", PG_ACCESS_EXCLUSIVE});
        else
            usual_storage(e, new);
    }
    if (!text_equal(pg_option_value(change.old, "compression"), compression))
        set_column(e, new,
                   &(struct column_setting){SQL(e, "SET COMPRESSION %T", is_word(compression) ? compression : "default"),
                                            "how it is compressed", PG_ACCESS_EXCLUSIVE});
    if (!text_equal(pg_option_value(change.old, "statistics"), statistics))
        set_column(e, new,
                   &(struct column_setting){SQL(e, "SET STATISTICS %T", is_word(statistics) ? statistics : "-1"),
                                            "how much is sampled of it", PG_SHARE_UPDATE_EXCLUSIVE});
    pg_emit_alter_storage(e, alter, WORDS(e, "%s.%s", e->change->to->name, new->name), &change);
}

/* Indexes, also those of constraints. */

/* "1:300 2:50": how much is sampled of which expressions. */
static void index_statistics(struct emitter *e, const char *index, const char *targets) {
    while (targets && *targets) {
        size_t length = strcspn(targets, " "), column = strcspn(targets, ":");

        if (column >= length)
            return;
        pg_emit_statement(e,
                          SQL(e, "ALTER INDEX %T ALTER COLUMN %X SET STATISTICS %X", index, arena_strndup(e->arena, targets, column),
                              arena_strndup(e->arena, targets + column + 1, length - column - 1)),
                          WORDS(e, "%s: how much is sampled", index),
                          pg_effect_on(e, WORDS(e, "%s (index)", index), PG_SHARE_UPDATE_EXCLUSIVE, WORK_CATALOG));
        targets += length + (targets[length] == ' ');
    }
}

void pg_emit_index_marks(struct emitter *e, const struct entity *entity, const char *name, const struct options *options) {
    if (pg_option_value(options, "clustered"))
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E CLUSTER ON %I", entity, name), WORDS(e, "%s: CLUSTER sorts by %s", entity->name, name),
                          pg_effect(e, entity, PG_SHARE_UPDATE_EXCLUSIVE, WORK_CATALOG));
    index_statistics(e, pg_emit_object(e, entity, name), pg_option_value(options, "statistics"));
    if (pg_option_value(options, "replicaIdentity"))
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E REPLICA IDENTITY USING INDEX %I", entity, name),
                          WORDS(e, "%s: replication knows a row by %s", entity->name, name),
                          pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG));
}

void pg_emit_index_tablespace(struct sql *sql, const struct options *options, const char *words) {
    const char *tablespace = pg_option_value(options, "tablespace");

    if (tablespace)
        sqlf(sql, "%T %I", words, tablespace);
}
