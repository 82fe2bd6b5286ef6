#include <string.h>

#include "emit_internal.h"

static bool has_type(const struct enumeration *enumeration) {
    return enumeration && enumeration->type_name;
}

static void create_type(struct emitter *e, const struct enumeration *enumeration, const char *reason) {
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);

    sqlf(&sql, "CREATE TYPE %T AS ENUM (", pg_enum_type(e->arena, enumeration));
    for (size_t i = 0; i < enumeration->member_count; i++)
        sqlf(&sql, "%T%L", i ? ", " : "", enumeration->members[i].value);
    sqlf(&sql, ")");
    pg_emit_statement(e, str_keep(&sql.text, e->arena), reason, NULL);
    sql_free(&sql);
}

static void comment_type(struct emitter *e, const struct enumeration *enumeration) {
    const char *type = pg_enum_type(e->arena, enumeration);
    const char *text =
        enumeration->comment ? SQL(e, "COMMENT ON TYPE %T IS %L", type, enumeration->comment) : SQL(e, "COMMENT ON TYPE %T IS NULL", type);

    pg_emit_statement(e, text, WORDS(e, "enum %s: documentation", enumeration->name), NULL);
}

static void create_enum(struct emitter *e, const struct enumeration *enumeration) {
    create_type(e, enumeration, WORDS(e, "enum %s: new", enumeration->name));
    if (enumeration->comment)
        comment_type(e, enumeration);
}

void pg_emit_create_enum(struct emitter *e) {
    if (has_type(e->change->new_enum))
        create_enum(e, e->change->new_enum);
}

void pg_emit_drop_enum(struct emitter *e) {
    const struct enumeration *enumeration = e->change->old_enum;

    if (has_type(enumeration))
        pg_emit_statement(e, SQL(e, "DROP TYPE %T", pg_enum_type(e->arena, enumeration)), WORDS(e, "enum %s: removed", enumeration->name),
                          NULL);
}

void pg_emit_rename_enum(struct emitter *e) {
    const struct change *change = e->change;
    struct entity current = {.table = change->old_name, .namespace = change->old_namespace};
    const char *name = change->new_enum ? change->new_enum->name : change->old_enum->name;

    if (!text_equal(change->old_namespace, change->new_namespace)) {
        const char *text = change->new_namespace ? SQL(e, "ALTER TYPE %E SET SCHEMA %I", &current, change->new_namespace)
                                                 : pg_emit_do(e, SQL(e,
                                                                     "BEGIN EXECUTE format('ALTER TYPE %%s SET SCHEMA %%I', %L, "
                                                                     "current_schema()); END",
                                                                     SQL(e, "%E", &current)));

        pg_emit_statement(e, text, WORDS(e, "enum %s: moved to another schema", name), NULL);
        current.namespace = change->new_namespace;
    }
    if (strcmp(change->old_name, change->new_name) != 0)
        pg_emit_statement(e, SQL(e, "ALTER TYPE %E RENAME TO %I", &current, change->new_name),
                          WORDS(e, "enum %s: %s renamed to %s", name, change->old_name, change->new_name), NULL);
}

/* Columns that have the enum's type when the change runs: they were there before and are there behind it. */
struct column {
    const struct entity *entity; /* of plan->to */
    const struct field *old;
    const struct field *new;
};

struct columns {
    VEC(struct column) list;
};

static const struct field *old_field_of(const struct entity_pair *pair, size_t field) {
    if (pair->from == pair->to)
        return &pair->to->fields[field];
    return pair->old_of_new ? pair->old_of_new[field] : NULL;
}

static void find_columns(struct emitter *e, const struct enumeration *old_enum, struct columns *columns) {
    for (size_t i = 0; i < e->plan->pairs.count; i++) {
        const struct entity_pair *pair = &e->plan->pairs.at[i];

        if (!pair->from || !pair->to)
            continue;
        for (size_t k = 0; k < pair->to->field_count; k++) {
            const struct field *old = old_field_of(pair, k);

            if (old && old->type == TYPE_ENUM && text_equal(old->enum_name, old_enum->name) &&
                !(old->computed && pg_emit_find(e, CHANGE_DROP_COLUMN, old)))
                vec_push(e->arena, &columns->list, ((struct column){.entity = pair->to, .old = old, .new = &pair->to->fields[k]}));
        }
    }
}

/* Is the column still of the enum's type behind all changes? */
static bool keeps_type(const struct column *column, const struct enumeration *new_enum) {
    return column->new->type == TYPE_ENUM &&text_equal(column->new->enum_name, new_enum->name);
}

/* Does TEXT, an expression or NULL, have the literal VALUE in it? */
static bool has_literal(struct emitter *e, const char *text, const char *value) {
    return text && strstr(text, SQL(e, "%L", value));
}

static bool has_field_of(const struct entity *entity, const struct enumeration *enumeration) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (text_equal(entity->fields[i].enum_name, enumeration->name))
            return true;
    return false;
}

static bool index_uses(struct emitter *e, const struct index *index, const char *value) {
    for (size_t i = 0; i < index->part_count; i++)
        if (has_literal(e, index->parts[i].expression, value))
            return true;
    return has_literal(e, index->where, value);
}

static bool entity_uses(struct emitter *e, const struct entity *entity, const char *value) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (has_literal(e, entity->fields[i].default_sql, value) || has_literal(e, entity->fields[i].computed, value))
            return true;
    for (size_t i = 0; i < entity->check_count; i++)
        if (!entity->checks[i].derived && has_literal(e, entity->checks[i].value, value))
            return true;
    for (size_t i = 0; i < entity->index_count; i++)
        if (index_uses(e, &entity->indexes[i], value))
            return true;
    return false;
}

/* Does OBJECT, which is made or altered, stand on the enum, or on a table that has it? */
static bool reads_enum(const struct emitter *e, const struct object *object, const struct enumeration *enumeration) {
    const struct entity *entity = object->on ? schema_entity(e->plan->to, object->on) : NULL;

    if (entity && has_field_of(entity, enumeration))
        return true;
    for (size_t i = 0; i < object->depends_on.count; i++) {
        entity = schema_entity(e->plan->to, object->depends_on.at[i]);
        if (strcmp(object->depends_on.at[i], enumeration->name) == 0 || (entity && has_field_of(entity, enumeration)))
            return true;
    }
    return false;
}

/* Does anything behind the change use VALUE, which the server refuses until the transaction that added it is over? */
static bool is_used(struct emitter *e, const struct enumeration *enumeration, const char *value) {
    for (size_t i = 0; i < e->plan->changes.count; i++) {
        const struct change *change = &e->plan->changes.at[i];
        bool cast = change->kind == CHANGE_ALTER_COLUMN && change->aspects & COLUMN_TYPE &&
                    text_equal(change->new_field->enum_name, enumeration->name);

        if (cast || has_literal(e, change->fill, value))
            return true;
        if (change->new_object && has_literal(e, change->new_object->definition, value) && reads_enum(e, change->new_object, enumeration))
            return true;
    }
    for (size_t i = 0; i < e->plan->to->entity_count; i++)
        if (has_field_of(e->plan->to->entities[i], enumeration) && entity_uses(e, e->plan->to->entities[i], value))
            return true;
    return false;
}

static void rename_value(struct emitter *e, const char *from, const char *to) {
    const struct enumeration *enumeration = e->change->new_enum;

    pg_emit_statement(e, SQL(e, "ALTER TYPE %T RENAME VALUE %L TO %L", pg_enum_type(e->arena, enumeration), from, to),
                      WORDS(e, "enum %s: %s renamed to %s in every row", enumeration->name, from, to), NULL);
}

static bool has_value(const struct enumeration *enumeration, const char *value) {
    for (size_t i = 0; i < enumeration->member_count; i++)
        if (strcmp(enumeration->members[i].value, value) == 0)
            return true;
    return false;
}

/* The member of the old enum that MEMBER was, by the renames. */
static const struct enum_member *was(const struct emitter *e, const struct enum_member *member) {
    return enum_old_member(e->plan, e->change->new_enum, member);
}

static bool stays(const struct emitter *e, const struct enum_member *old) {
    const struct enumeration *enumeration = e->change->new_enum;

    for (size_t i = 0; i < enumeration->member_count; i++) {
        const struct enum_member *member = was(e, &enumeration->members[i]);

        if (member && strcmp(member->value, old->value) == 0)
            return true;
    }
    return false;
}

/* A value whose new name another one still has steps aside first; so does one that goes and is in the way. */
static void rename_values(struct emitter *e) {
    const struct enumeration *old = e->change->old_enum, *new = e->change->new_enum;
    bool *aside = ARENA_ARRAY(e->arena, bool, new->member_count);

    for (size_t i = 0; i < old->member_count; i++)
        if (!stays(e, &old->members[i]) && has_value(new, old->members[i].value))
            rename_value(e, old->members[i].value, WORDS(e, "persist_gone_%zu", i));
    for (size_t i = 0; i < new->member_count; i++) {
        const struct enum_member *from = was(e, &new->members[i]);

        aside[i] = from && strcmp(from->value, new->members[i].value) != 0 && has_value(old, new->members[i].value);
        if (aside[i])
            rename_value(e, from->value, WORDS(e, "persist_aside_%zu", i));
    }
    for (size_t i = 0; i < new->member_count; i++) {
        const struct enum_member *from = was(e, &new->members[i]);

        if (from && strcmp(from->value, new->members[i].value) != 0)
            rename_value(e, aside[i] ? WORDS(e, "persist_aside_%zu", i) : from->value, new->members[i].value);
    }
}

static size_t position(const struct enumeration *enumeration, const char *value) {
    for (size_t i = 0; i < enumeration->member_count; i++)
        if (strcmp(enumeration->members[i].value, value) == 0)
            return i;
    return enumeration->member_count;
}

/* Values cannot be removed from a type, nor put into another order. */
static bool needs_new_type(const struct emitter *e) {
    const struct enumeration *old = e->change->old_enum, *new = e->change->new_enum;
    size_t last = 0, kept = 0;

    for (size_t i = 0; i < new->member_count; i++) {
        const struct enum_member *from = was(e, &new->members[i]);
        size_t at = from ? position(old, from->value) + 1 : 0;

        if (!from)
            continue;
        if (at < last)
            return true;
        last = at;
        kept++;
    }
    return kept < old->member_count;
}

static void add_values(struct emitter *e) {
    const struct enumeration *new = e->change->new_enum;
    const char *type = pg_enum_type(e->arena, new);
    size_t first = 0; /* the first member that was there */

    while (first < new->member_count && !was(e, &new->members[first]))
        first++;
    for (size_t i = 0; i < new->member_count; i++) {
        const char *value = new->members[i].value;
        const char *text = i ? SQL(e, "ALTER TYPE %T ADD VALUE %L AFTER %L", type, value, new->members[i - 1].value)
                           : first < new->member_count
                               ? SQL(e, "ALTER TYPE %T ADD VALUE %L BEFORE %L", type, value, new->members[first].value)
                               : SQL(e, "ALTER TYPE %T ADD VALUE %L", type, value);
        struct statement *statement;

        if (was(e, &new->members[i]))
            continue;
        statement = pg_emit_statement(e, text, WORDS(e, "enum %s: %s added", new->name, value), NULL);
        statement->outside_transaction = is_used(e, new, value);
        if (statement->outside_transaction)
            statement->reason = WORDS(e, "enum %s: %s added; it can be used only when this is committed", new->name, value);
    }
}

static const char *removed_probe(struct emitter *e, const struct column *column) {
    const struct enumeration *old = e->change->old_enum;
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    const char *text = NULL;
    size_t count = 0;

    sqlf(&sql, "SELECT * FROM %E WHERE %I::text IN (", column->entity, column->new->column);
    for (size_t i = 0; i < old->member_count; i++)
        if (!stays(e, &old->members[i]))
            sqlf(&sql, "%T%L", count++ ? ", " : "", old->members[i].value);
    sqlf(&sql, ")");
    if (count)
        text = str_keep(&sql.text, e->arena);
    sql_free(&sql);
    return text;
}

static void alter_column(struct emitter *e, const struct column *column) {
    const struct entity *entity = column->entity;
    const struct enumeration *enumeration = e->change->new_enum;
    const char *name = column->new->column, *type = pg_enum_type(e->arena, enumeration);
    const struct effect *lock = pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG);
    struct dependants found = {0};
    struct statement *cast;

    pg_dependants_find(e, entity, column->new, false, &found);
    pg_dependants_drop(e, entity, &found);
    if (column->old->default_sql)
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E ALTER COLUMN %I DROP DEFAULT", entity, name),
                          WORDS(e, "%s.%s: the default is of the old type", entity->name, column->new->name), lock);
    cast = pg_emit_statement(e, SQL(e, "ALTER TABLE %E ALTER COLUMN %I TYPE %T USING %I::text::%T", entity, name, type, name, type),
                             WORDS(e, "%s.%s: values of enum %s removed or reordered, cast by %s::text::%s", entity->name,
                                   column->new->name, enumeration->name, name, type),
                             pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_REWRITE));
    cast->probe = removed_probe(e, column);
    if (column->old->default_sql && column->new->default_sql &&keeps_type(column, enumeration))
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E ALTER COLUMN %I SET DEFAULT %X", entity, name, column->new->default_sql),
                          WORDS(e, "%s.%s: default %s", entity->name, column->new->name, column->new->default_sql), lock);
    pg_dependants_add(e, entity, &found);
}

static void replace_type(struct emitter *e) {
    const struct enumeration *enumeration = e->change->new_enum;
    const char *old_name = dialect_name(e->arena, &dialect_postgresql, "persist_old",
                                        &(struct names){.at = (const char *[]){enumeration->type_name}, .count = 1});
    const struct entity old_type = {.table = old_name, .namespace = enumeration->type_namespace};
    struct columns columns = {0};

    pg_emit_statement(e, SQL(e, "ALTER TYPE %T RENAME TO %I", pg_enum_type(e->arena, enumeration), old_name),
                      WORDS(e, "enum %s: values cannot be removed or reordered, so the type is made again", enumeration->name), NULL);
    create_type(e, enumeration, WORDS(e, "enum %s: with its new values", enumeration->name));
    if (enumeration->comment)
        comment_type(e, enumeration);
    find_columns(e, e->change->old_enum, &columns);
    for (size_t i = 0; i < columns.list.count; i++)
        if (keeps_type(&columns.list.at[i], enumeration))
            alter_column(e, &columns.list.at[i]);
    vec_push(e->arena, &e->old_types, SQL(e, "%E", &old_type));
}

void pg_emit_alter_enum(struct emitter *e) {
    const struct enumeration *old = e->change->old_enum, *new = e->change->new_enum;

    if (has_type(old) && has_type(new)) {
        rename_values(e);
        if (needs_new_type(e)) {
            replace_type(e);
            return;
        }
        add_values(e);
        if (!text_equal(old->comment, new->comment))
            comment_type(e, new);
    } else if (has_type(new)) {
        create_enum(e, new);
    } else if (has_type(old)) {
        vec_push(e->arena, &e->old_types, pg_enum_type(e->arena, old));
    }
}

void pg_emit_drop_old_types(struct emitter *e) {
    for (size_t i = 0; i < e->old_types.count; i++)
        pg_emit_statement(e, SQL(e, "DROP TYPE %T", e->old_types.at[i]), "no column has the old type any more", NULL);
    e->old_types.count = 0;
}
