/* Which rows would an altered column refuse? Asked before the statement that they would stop. */
#include <string.h>
#include <strings.h>

#include "alter_internal.h"

/* The collation of FIELD, or its character set where that is all that is said; NULL: the database's. */
static const char *collation_of(const struct entity *entity, const struct field *field) {
    const struct table_options *table = &entity->options;

    if (field->collation || field->charset)
        return field->collation ? field->collation : field->charset;
    return table->collation ? table->collation : table->charset;
}

/* COLUMN in the character set, and under the collation where one is said, of COLLATION. */
static const char *converted(struct my_alter *alter, const char *column, const char *collation) {
    const char *charset = arena_strndup(alter->arena, collation, strcspn(collation, "_"));
    bool charset_alone = strlen(charset) == strlen(collation);

    return charset_alone ? sql_format(alter->arena, &dialect_mysql.quoting, "CONVERT(%X USING %I)", column, charset)
                         : sql_format(alter->arena, &dialect_mysql.quoting, "CONVERT(%X USING %I) COLLATE %I", column, charset, collation);
}

/* The condition of the texts with a character that the new set does not have. */
static const char *charset_refuses(struct my_alter *alter, const struct field *field, const char *column) {
    const char *from = collation_of(alter->from, my_column_old(alter, field)), *to = collation_of(alter->to, field);

    if (!from || !to || !my_charset_narrows(from, to))
        return NULL;
    return sql_format(alter->arena, &dialect_mysql.quoting, "HEX(CONVERT(%X USING utf8mb4)) <> HEX(CONVERT(%X USING utf8mb4))", column,
                      converted(alter, column, arena_strndup(alter->arena, to, strcspn(to, "_"))));
}

/* The FIELDS, of which one is FIELD, as they are compared afterwards; NULL: one of them is new or an expression. */
static const char *compared_columns(struct my_alter *alter, const struct field *field, const struct names *fields) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    bool known = false;
    const char *kept;

    for (size_t i = 0; i < fields->count; i++) {
        const struct field *part = fields->at[i] ? entity_field(alter->to, fields->at[i]) : NULL;
        const char *column;

        if (!part || !my_column_old(alter, part)) {
            known = false;
            break;
        }
        column = sql_format(alter->arena, &dialect_mysql.quoting, "%I", my_columns_current(alter, part));
        known = known || part == field;
        sqlf(&sql, "%T%X", i ? ", " : "", part == field ? converted(alter, column, collation_of(alter->to, field)) : column);
    }
    kept = known ? str_keep(&sql.text, alter->arena) : NULL;
    sql_free(&sql);
    return kept;
}

/* Rows with a NULL in it are all different to a unique index. */
static const char *without_nulls(struct my_alter *alter, const struct names *fields) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = entity_field(alter->to, fields->at[i]);

        if (my_column_old(alter, field)->nullable)
            sqlf(&sql, "%T%I IS NOT NULL", sql.text.length ? " AND " : " WHERE ", my_columns_current(alter, field));
    }
    kept = str_keep(&sql.text, alter->arena);
    sql_free(&sql);
    return kept;
}

/* The rows that agree in the unique FIELDS under the new collation of FIELD. */
static void probe_fold_in(struct my_alter *alter, const struct field *field, const struct names *fields) {
    const char *columns = alter->probe ? NULL : compared_columns(alter, field, fields);

    if (columns)
        alter->probe = sql_format(alter->arena, &dialect_mysql.quoting, "SELECT %X, COUNT(*) FROM %E%X GROUP BY %X HAVING COUNT(*) > 1",
                                  columns, alter->to, without_nulls(alter, fields), columns);
}

static void probe_fold(struct my_alter *alter, const struct field *field) {
    const struct entity *to = alter->to;
    const char *collation = collation_of(to, field);

    if (!collation || text_equal(collation, collation_of(alter->from, my_column_old(alter, field))) ||
        !my_collation_folds(NULL, collation) || strncasecmp(collation, "uca1400", 7) == 0)
        return;
    if (!to->key.absent)
        probe_fold_in(alter, field, &to->key.fields);
    for (size_t i = 0; i < to->index_count; i++) {
        struct names parts = {.at = ARENA_ARRAY(alter->arena, const char *, to->indexes[i].part_count)};

        for (size_t k = 0; to->indexes[i].unique && k < to->indexes[i].part_count; k++)
            parts.at[parts.count++] = to->indexes[i].parts[k].field;
        probe_fold_in(alter, field, &parts);
    }
}

void my_columns_find_probe(struct my_alter *alter, const struct field *field, const struct change *change) {
    struct arena *arena = alter->arena;
    const char *column = sql_format(arena, &dialect_mysql.quoting, "%I", my_columns_current(alter, field));
    unsigned aspects = change ? change->aspects : COLUMN_COLLATION;
    const char *refused = NULL;

    if (alter->probe)
        return;
    if (aspects & COLUMN_TYPE && !change->value_count)
        refused = my_cast_refuses(arena, column, change->old_field->native_type, field->native_type);
    if (!refused && aspects & COLUMN_COLLATION)
        refused = charset_refuses(alter, field, column);
    if (!refused && aspects & COLUMN_NULLABLE && !field->nullable && !change->fill)
        refused = sql_format(arena, &dialect_mysql.quoting, "%X IS NULL", column);
    if (refused)
        alter->probe = sql_format(arena, &dialect_mysql.quoting, "SELECT * FROM %E WHERE %X", alter->to, refused);
    else if (aspects & COLUMN_COLLATION)
        probe_fold(alter, field);
}
