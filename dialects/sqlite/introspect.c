#include <string.h>
#include <strings.h>

#include "ddl.h"
#include "sqlite_internal.h"
#include "token.h"

/* Three queries, whatever the number of tables: tables with their texts, all columns, all indexes with their texts. Tables of SQLite and
 * of persist itself, and virtual tables with what they keep beside them, are left out. */
static const char tables_query[] = "SELECT name, sql FROM sqlite_schema m WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                                   " AND name NOT LIKE 'persist\\_%' ESCAPE '\\' AND sql NOT LIKE 'CREATE VIRTUAL%'"
                                   " ORDER BY name";
static const char columns_query[] = "SELECT m.name, x.name, x.type, x.\"notnull\", x.dflt_value, x.pk, x.hidden"
                                    " FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) x"
                                    " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
                                    " AND m.name NOT LIKE 'persist\\_%' ESCAPE '\\' AND m.sql NOT LIKE 'CREATE VIRTUAL%'"
                                    " ORDER BY m.name, x.cid";
static const char indexes_query[] = "SELECT tbl_name, name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL"
                                    " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' AND tbl_name NOT LIKE 'persist\\_%' ESCAPE '\\'"
                                    " ORDER BY tbl_name, name";

enum { COLUMN_TABLE, COLUMN_NAME, COLUMN_TYPE_TEXT, COLUMN_NOT_NULL, COLUMN_DEFAULT_TEXT, COLUMN_KEY, COLUMN_HIDDEN };

struct introspector {
    struct arena *arena;
    struct diag *diag;
    struct rows tables;
    struct rows columns;
    struct rows indexes;
    size_t column_row; /* the next row to read; all three results are sorted by table */
    size_t index_row;
    struct map by_table; /* name in lower case → entity: references ignore case */
};

static const char *folded(struct arena *arena, const char *name) {
    char *copy = arena_strdup(arena, name);

    for (char *at = copy; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + 32);
    return copy;
}

/* The field's own spelling of the column NAME, which the text may write in another case. */
static const char *field_called(const struct entity *entity, const char *name) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (name_equal(entity->fields[i].column, name))
            return entity->fields[i].name;
    return NULL;
}

static void spell_fields(const struct entity *entity, struct names *names) {
    for (size_t i = 0; i < names->count; i++) {
        const char *name = field_called(entity, names->at[i]);

        if (name)
            names->at[i] = name;
    }
}

/* Lists of parts: a name that is no column is an expression ("rowid", or a string where one was meant); a collation that the column has
 * anyway, and BINARY on a column without one, is not said. */
static void spell_parts(const struct entity *entity, struct index *index) {
    for (size_t i = 0; i < index->part_count; i++) {
        struct index_part *part = &index->parts[i];
        const char *name = part->field ? field_called(entity, part->field) : NULL;
        const char *own = name ? entity_field(entity, name)->collation : NULL;

        if (part->field && !name)
            part->expression = part->field;
        part->field = name;
        if (part->collation && name_equal(part->collation, own ? own : "BINARY"))
            part->collation = NULL;
    }
}

static const char *collation_spelled(const char *collation) {
    if (!collation || strcasecmp(collation, "BINARY") == 0)
        return NULL;
    if (strcasecmp(collation, "NOCASE") == 0)
        return "NOCASE";
    return strcasecmp(collation, "RTRIM") == 0 ? "RTRIM" : collation;
}

static const struct ddl_column *ddl_column(const struct ddl_table *table, const char *name) {
    for (size_t i = 0; i < table->columns.count; i++)
        if (name_equal(table->columns.at[i].name, name))
            return &table->columns.at[i];
    return NULL;
}

/* A default that is one name is a string to SQLite: "ISO-8859-1" and plain are 'ISO-8859-1' and 'plain'. */
static const char *default_spelled(struct arena *arena, const char *text) {
    struct token token;
    bool constant;

    if (!text)
        return NULL;
    token = token_first(text);
    if ((token.kind != TOKEN_QUOTED && token.kind != TOKEN_WORD) || token_next(token).kind != TOKEN_END ||
        default_is_plain(text, &constant))
        return expression_trim(arena, text);
    return sql_format(arena, &dialect_sqlite.quoting, "%L", token_name(arena, token));
}

static void read_field(struct introspector *in, const struct ddl_table *table, size_t row, struct field *field) {
    const char *name = rows_text(&in->columns, row, COLUMN_NAME);
    const struct ddl_column *column = ddl_column(table, name);

    field->name = field->column = name;
    field->native_type = rows_text(&in->columns, row, COLUMN_TYPE_TEXT);
    field->key = rows_number(&in->columns, row, COLUMN_KEY) > 0;
    field->nullable = !field->key && !rows_true(&in->columns, row, COLUMN_NOT_NULL);
    field->default_sql = default_spelled(in->arena, rows_text(&in->columns, row, COLUMN_DEFAULT_TEXT));
    field->generated = field->key && table->autoincrement;
    if (column) {
        field->collation = collation_spelled(column->collation);
        field->computed = column->computed;
        field->stored = column->stored;
    }
    type_to_field(field);
}

static void read_fields(struct introspector *in, const struct ddl_table *table, struct entity *entity) {
    size_t end = in->column_row;

    while (end < in->columns.row_count && strcmp(rows_text(&in->columns, end, COLUMN_TABLE), entity->table) == 0)
        end++;
    entity->fields = ARENA_ARRAY(in->arena, struct field, end - in->column_row);
    for (; in->column_row < end; in->column_row++)
        if (rows_number(&in->columns, in->column_row, COLUMN_HIDDEN) != 1)
            read_field(in, table, in->column_row, &entity->fields[entity->field_count++]);
}

static int read_index(struct introspector *in, struct entity *entity, struct index *index) {
    const char *text = rows_text(&in->indexes, in->index_row, 2);

    index->name = rows_text(&in->indexes, in->index_row, 1);
    if (ddl_read_index(in->arena, text, index) < 0)
        return diag_fail(in->diag, "cannot read the definition of the index \"%s\": %s", index->name, text);
    index->where = expression_trim(in->arena, index->where);
    spell_parts(entity, index);
    return 0;
}

static int read_indexes(struct introspector *in, const struct ddl_table *table, struct entity *entity) {
    size_t end = in->index_row;

    while (end < in->indexes.row_count && name_equal(rows_text(&in->indexes, end, 0), entity->table))
        end++;
    entity->indexes = ARENA_ARRAY(in->arena, struct index, end - in->index_row + table->uniques.count);
    for (size_t i = 0; i < table->uniques.count; i++) {
        spell_parts(entity, &table->uniques.at[i]);
        entity->indexes[entity->index_count++] = table->uniques.at[i];
    }
    for (; in->index_row < end; in->index_row++)
        if (read_index(in, entity, &entity->indexes[entity->index_count++]) < 0)
            return -1;
    return 0;
}

/* "column" IN ('a', 'b') is what an enum becomes (normal_enum_check); gives the column, or NULL for any other check. */
static const char *enum_check_column(struct introspector *in, const struct entity *entity, const char *value) {
    struct token token = token_first(value);
    const char *column = token.kind == TOKEN_QUOTED ? field_called(entity, token_name(in->arena, token)) : NULL;

    token = token_next(token);
    if (!column || !token_is(token, "IN") || !token_is_sign(token = token_next(token), '('))
        return NULL;
    do {
        token = token_next(token);
        if (token.kind != TOKEN_STRING)
            return NULL;
        token = token_next(token);
    } while (token_is_sign(token, ','));
    return token_is_sign(token, ')') && token_next(token).kind == TOKEN_END ? column : NULL;
}

/* Names that the text does not say: as normal_names() gives them. */
static void name_checks(struct introspector *in, struct entity *entity) {
    for (size_t i = 0; i < entity->check_count; i++) {
        struct check *check = &entity->checks[i];

        if (check->name)
            continue;
        check->field = enum_check_column(in, entity, check->value);
        check->derived = check->field != NULL;
        if (check->derived)
            check->name = given_name(in->arena, entity, "ck", &(struct names){.at = &check->field, .count = 1});
    }
}

static void name_foreign_keys(struct introspector *in, struct entity *entity) {
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        if (!entity->foreign_keys[i].name)
            entity->foreign_keys[i].name = given_name(in->arena, entity, "fk", &entity->foreign_keys[i].fields);
}

static int read_table(struct introspector *in, size_t row, struct entity *entity) {
    const char *text = rows_text(&in->tables, row, 1);
    struct ddl_table table = {0};

    entity->name = entity->table = rows_text(&in->tables, row, 0);
    if (ddl_read_table(in->arena, text, &table) < 0)
        return diag_fail(in->diag, "cannot read the definition of the table \"%s\": %s", entity->table, text);
    read_fields(in, &table, entity);
    spell_fields(entity, &table.key.fields);
    entity->key = table.key;
    entity->key.absent = !table.key.fields.count;
    entity->checks = table.checks.at;
    entity->check_count = table.checks.count;
    entity->foreign_keys = table.foreign_keys.at;
    entity->foreign_key_count = table.foreign_keys.count;
    entity->options.strict = table.strict;
    entity->options.without_rowid = table.without_rowid;
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        spell_fields(entity, &entity->foreign_keys[i].fields);
    name_checks(in, entity);
    name_foreign_keys(in, entity);
    return read_indexes(in, &table, entity);
}

/* Foreign keys name their targets as the text does: in any case, without columns for the primary key, or what does not exist. Those of the
 * last kind cannot be said in a model and are left out, with a warning. */
static void resolve_targets(struct introspector *in, struct entity *entity) {
    size_t kept = 0;

    for (size_t i = 0; i < entity->foreign_key_count; i++) {
        struct foreign_key *key = &entity->foreign_keys[i];
        const struct entity *target = map_get(&in->by_table, folded(in->arena, key->target));

        if (!target) {
            diag_warning(in->diag, NULL, (struct span){0}, 0,
                         "a foreign key of the table \"%s\" points to the table \"%s\", which does not exist", entity->table, key->target);
            continue;
        }
        key->target = target->name;
        if (key->target_fields.count)
            spell_fields(target, &key->target_fields);
        else
            key->target_fields = target->key.fields;
        entity->foreign_keys[kept++] = *key;
    }
    entity->foreign_key_count = kept;
}

/* What is still without a name: checks and unique constraints of tables that persist did not make. Their names may meet, which matters
 * to nobody. */
static void name_rest(struct introspector *in, struct schema *schema) {
    struct diag ignored = {.arena = in->arena};

    normal_names(in->arena, schema, &(struct target){.dialect = &dialect_sqlite}, &ignored);
}

struct schema *introspect_database(struct db *db, const struct scope *scope, struct arena *arena, struct diag *diag) {
    struct introspector in = {.arena = arena, .diag = diag};
    struct schema *schema = ARENA_NEW(arena, struct schema);

    (void)scope;
    if (db_query(db, arena, tables_query, &in.tables, diag) < 0 || db_query(db, arena, columns_query, &in.columns, diag) < 0 ||
        db_query(db, arena, indexes_query, &in.indexes, diag) < 0)
        return NULL;
    schema->entities = ARENA_ARRAY(arena, struct entity *, in.tables.row_count);
    for (size_t i = 0; i < in.tables.row_count; i++) {
        struct entity *entity = ARENA_NEW(arena, struct entity);

        if (read_table(&in, i, entity) < 0)
            return NULL;
        schema->entities[schema->entity_count++] = entity;
        map_put(arena, &in.by_table, folded(arena, entity->table), entity);
    }
    for (size_t i = 0; i < schema->entity_count; i++)
        resolve_targets(&in, schema->entities[i]);
    name_rest(&in, schema);
    schema_index(arena, schema);
    return schema;
}
