#include <string.h>

#include "options.h"
#include "sqlite_internal.h"
#include "token.h"

/* Is NAME what normal_names() gives to what has COLUMNS, or to the second or third one with them? */
static bool is_given(struct arena *arena, const struct entity *entity, const char *prefix, const struct names *columns, const char *name) {
    struct names parts = {.at = ARENA_ARRAY(arena, const char *, columns->count + 1), .count = columns->count + 1};

    parts.at[0] = entity->table;
    for (size_t i = 0; i < columns->count; i++)
        parts.at[i + 1] = columns->at[i];
    for (size_t again = 0; again < 3; again++)
        if (strcmp(name, normal_name(arena, &dialect_sqlite, prefix, &parts, again)) == 0)
            return true;
    return false;
}

bool foreign_key_name_is_given(struct arena *arena, const struct entity *entity, const struct foreign_key *key) {
    struct names columns = {.at = ARENA_ARRAY(arena, const char *, key->fields.count), .count = key->fields.count};

    for (size_t i = 0; i < columns.count; i++)
        columns.at[i] = entity_column(entity, key->fields.at[i]);
    return is_given(arena, entity, "fk", &columns, key->name);
}

bool check_name_is_given(struct arena *arena, const struct entity *entity, const struct check *check) {
    const char *field = enum_check_field(arena, entity, check);
    const char *part = normal_check_part(arena, entity, check);

    if (is_given(arena, entity, "ck", &(struct names){.at = &part, .count = 1}, check->name))
        return true;
    part = field ? entity_column(entity, field) : NULL;
    return part && is_given(arena, entity, "ck", &(struct names){.at = &part, .count = 1}, check->name);
}

bool unique_name_is_given(struct arena *arena, const struct entity *entity, const struct index *index) {
    struct names columns = {.at = ARENA_ARRAY(arena, const char *, index->part_count), .count = index->part_count};

    for (size_t i = 0; i < columns.count; i++)
        columns.at[i] = entity_column(entity, index->parts[i].field);
    return is_given(arena, entity, "uq", &columns, index->name);
}

bool default_is_plain(const char *text, bool *constant) {
    static const char *const times[] = {"CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"};
    struct token token = token_first(text);
    bool is_sign = token_is_sign(token, '-') || token_is_sign(token, '+');

    *constant = true;
    if (is_sign)
        token = token_next(token);
    if (token_next(token).kind != TOKEN_END)
        return false;
    if (token.kind == TOKEN_NUMBER || is_sign)
        return token.kind == TOKEN_NUMBER;
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        *constant = *constant && !token_is(token, times[i]);
    return token_is_name(token) || token.kind == TOKEN_STRING;
}

static void add_conflict(struct sql *sql, const struct options *options) {
    const char *resolution = option_get(options, "onConflict");

    if (resolution)
        sqlf(sql, " ON CONFLICT %T", resolution);
}

static const struct field *only_key_field(const struct entity *entity) {
    return entity->key.fields.count == 1 ? entity_field(entity, entity->key.fields.at[0]) : NULL;
}

/* The key stands in the column's own definition where it would mean something else at the end: AUTOINCREMENT, and an INTEGER with DESC,
 * which is no rowid. */
static bool holds_key(const struct entity *entity, const struct field *field) {
    return field->generated || (field == only_key_field(entity) && option_get(&field->options, "keyOrder"));
}

static void add_column_key(struct sql *sql, const struct entity *entity, const struct field *field) {
    if (entity->key.name)
        sqlf(sql, " CONSTRAINT %I", entity->key.name);
    sqlf(sql, " PRIMARY KEY");
    if (option_get(&field->options, "keyOrder"))
        sqlf(sql, " DESC");
    add_conflict(sql, &entity->key.options);
    if (field->generated)
        sqlf(sql, " AUTOINCREMENT");
}

static void add_not_null(struct sql *sql, const struct field *field) {
    const char *name = option_get(&field->options, "notNullName");

    if (!field_says_not_null(field))
        return;
    if (name)
        sqlf(sql, " CONSTRAINT %I", name);
    sqlf(sql, " NOT NULL");
    add_conflict(sql, &field->options);
}

static void add_column(struct sql *sql, const struct entity *entity, const struct field *field) {
    bool constant;

    sqlf(sql, "%I", field->column);
    if (*field->native_type)
        sqlf(sql, " %T", field->native_type);
    if (holds_key(entity, field))
        add_column_key(sql, entity, field);
    if (field->collation)
        sqlf(sql, " COLLATE %I", field->collation);
    add_not_null(sql, field);
    if (field->default_sql)
        sqlf(sql, default_is_plain(field->default_sql, &constant) ? " DEFAULT %X" : " DEFAULT (%X)", field->default_sql);
    if (field->computed)
        sqlf(sql, " GENERATED ALWAYS AS (%X) %T", field->computed, field->stored ? "STORED" : "VIRTUAL");
}

/* Part of an index; true columns and expressions alike. */
static void add_parts(struct sql *sql, const struct entity *entity, const struct index *index) {
    for (size_t i = 0; i < index->part_count; i++) {
        const struct index_part *part = &index->parts[i];

        if (i)
            sqlf(sql, ", ");
        if (part->field)
            sqlf(sql, "%I", entity_column(entity, part->field));
        else
            sqlf(sql, "%X", part->expression);
        if (part->collation)
            sqlf(sql, " COLLATE %I", part->collation);
        if (part->order == ORDER_DESCENDING)
            sqlf(sql, " DESC");
    }
}

static void add_reference(struct sql *sql, const struct schema *schema, const struct foreign_key *key) {
    const struct entity *target = schema_entity(schema, key->target);

    sqlf(sql, "REFERENCES %E (%C)", target, target, &key->target_fields);
    if (key->on_delete != ACTION_NO_ACTION && key->on_delete != ACTION_NONE)
        sqlf(sql, " ON DELETE %T", ref_action_name((enum ref_action)key->on_delete));
    if (key->on_update != ACTION_NO_ACTION && key->on_update != ACTION_NONE)
        sqlf(sql, " ON UPDATE %T", ref_action_name((enum ref_action)key->on_update));
    if (key->deferrable != DEFERRABLE_NOT)
        sqlf(sql, " DEFERRABLE INITIALLY %T", key->deferrable == DEFERRABLE_DEFERRED ? "DEFERRED" : "IMMEDIATE");
}

/* Those of enums come first: of two checks that list the values of a column the first is taken for its enum's. */
static void add_checks(struct arena *arena, struct sql *sql, const struct entity *entity, bool derived) {
    for (size_t i = 0; i < entity->check_count; i++) {
        if (entity->checks[i].derived != derived)
            continue;
        sqlf(sql, ",\n    ");
        if (!check_name_is_given(arena, entity, &entity->checks[i]))
            sqlf(sql, "CONSTRAINT %I ", entity->checks[i].name);
        sqlf(sql, "CHECK (%X)", entity->checks[i].value);
    }
}

static void add_table_constraints(struct arena *arena, struct sql *sql, const struct schema *schema, const struct entity *entity) {
    for (size_t i = 0; i < entity->index_count; i++) {
        const struct index *unique = &entity->indexes[i];

        if (!unique->constraint)
            continue;
        sqlf(sql, ",\n    ");
        if (!unique_name_is_given(arena, entity, unique))
            sqlf(sql, "CONSTRAINT %I ", unique->name);
        sqlf(sql, "UNIQUE (");
        add_parts(sql, entity, unique);
        sqlf(sql, ")");
        add_conflict(sql, &unique->options);
    }
    add_checks(arena, sql, entity, true);
    add_checks(arena, sql, entity, false);
    for (size_t i = 0; i < entity->foreign_key_count; i++) {
        const struct foreign_key *key = &entity->foreign_keys[i];

        sqlf(sql, ",\n    ");
        if (!foreign_key_name_is_given(arena, entity, key))
            sqlf(sql, "CONSTRAINT %I ", key->name);
        sqlf(sql, "FOREIGN KEY (%C) ", entity, &key->fields);
        add_reference(sql, schema, key);
    }
}

static bool key_is_in_column(const struct entity *entity) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (holds_key(entity, &entity->fields[i]))
            return true;
    return false;
}

static void add_key(struct sql *sql, const struct entity *entity) {
    const struct names *fields = &entity->key.fields;

    if (!fields->count || key_is_in_column(entity))
        return;
    sqlf(sql, ",\n    ");
    if (entity->key.name)
        sqlf(sql, "CONSTRAINT %I ", entity->key.name);
    sqlf(sql, "PRIMARY KEY (");
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = entity_field(entity, fields->at[i]);
        const char *collation = option_get(&field->options, "keyCollation");

        sqlf(sql, i ? ", %I" : "%I", field->column);
        if (collation)
            sqlf(sql, " COLLATE %I", collation);
        if (option_get(&field->options, "keyOrder"))
            sqlf(sql, " DESC");
    }
    sqlf(sql, ")");
    add_conflict(sql, &entity->key.options);
}

static const char *finish(struct arena *arena, struct sql *sql) {
    const char *kept = str_keep(&sql->text, arena);

    sql_free(sql);
    return kept;
}

const char *define_column(struct arena *arena, const struct column_definition *column) {
    struct sql sql = SQL_INIT(&dialect_sqlite.quoting);

    add_column(&sql, column->entity, column->field);
    if (column->check && !check_name_is_given(arena, column->entity, column->check))
        sqlf(&sql, " CONSTRAINT %I", column->check->name);
    if (column->check)
        sqlf(&sql, " CHECK (%X)", column->check->value);
    if (column->foreign_key) {
        if (!foreign_key_name_is_given(arena, column->entity, column->foreign_key))
            sqlf(&sql, " CONSTRAINT %I", column->foreign_key->name);
        sqlf(&sql, " ");
        add_reference(&sql, column->schema, column->foreign_key);
    }
    return finish(arena, &sql);
}

const char *define_table(struct arena *arena, const struct schema *schema, const struct entity *entity, const char *table) {
    struct sql sql = SQL_INIT(&dialect_sqlite.quoting);

    sqlf(&sql, "CREATE TABLE %I (", table);
    for (size_t i = 0; i < entity->field_count; i++) {
        sqlf(&sql, i ? ",\n    " : "\n    ");
        add_column(&sql, entity, &entity->fields[i]);
    }
    add_key(&sql, entity);
    add_table_constraints(arena, &sql, schema, entity);
    sqlf(&sql, "\n)");
    if (entity->options.strict)
        sqlf(&sql, " STRICT");
    if (entity->options.without_rowid)
        sqlf(&sql, entity->options.strict ? ", WITHOUT ROWID" : " WITHOUT ROWID");
    return finish(arena, &sql);
}

const char *define_index(struct arena *arena, const struct entity *entity, const struct index *index) {
    struct sql sql = SQL_INIT(&dialect_sqlite.quoting);

    sqlf(&sql, "CREATE %TINDEX %I ON %E (", index->unique ? "UNIQUE " : "", index->name, entity);
    add_parts(&sql, entity, index);
    sqlf(&sql, ")");
    if (index->where)
        sqlf(&sql, " WHERE %X", index->where);
    return finish(arena, &sql);
}

const char *define_object(struct arena *arena, const struct object *object) {
    const char *columns = option_get(&object->options, "columns");

    if (strcmp(object->kind, "trigger") == 0)
        return object->definition;
    if (strcmp(object->kind, "view") != 0)
        return sql_format(arena, &dialect_sqlite.quoting, "CREATE VIRTUAL TABLE %I USING %X", object->object_name, object->definition);
    if (columns)
        return sql_format(arena, &dialect_sqlite.quoting, "CREATE VIEW %I (%X) AS\n%X", object->object_name, columns, object->definition);
    return sql_format(arena, &dialect_sqlite.quoting, "CREATE VIEW %I AS\n%X", object->object_name, object->definition);
}
