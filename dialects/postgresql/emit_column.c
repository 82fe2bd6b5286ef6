#include <string.h>

#include "batch.h"
#include "emit_object.h"
#include "expression.h"

void pg_emit_collation(struct sql *sql, const char *collation) {
    if (collation && *collation == '"')
        sqlf(sql, " COLLATE %X", collation);
    else if (collation)
        sqlf(sql, " COLLATE %I", collation);
}

static void add_definition(struct sql *sql, const struct field *field, bool with_default, bool not_null) {
    sqlf(sql, "%I %T", field->column, field->generated ? pg_type_serial(field->native_type) : field->native_type);
    pg_emit_collation(sql, field->collation);
    if (field->identity)
        pg_emit_identity(sql, field);
    if (field->computed)
        sqlf(sql, " GENERATED ALWAYS AS (%X)%T", field->computed, field->stored ? " STORED" : " VIRTUAL");
    if (with_default && field->default_sql) {
        bool bare = pg_default_is_operand(field->default_sql);

        sqlf(sql, " DEFAULT %T%X%T", bare ? "" : "(", field->default_sql, bare ? "" : ")");
    }
    if (not_null)
        sqlf(sql, " NOT NULL");
}

void pg_emit_column_definition(struct sql *sql, const struct field *field) {
    add_definition(sql, field, true, !field->nullable);
}

void pg_emit_comment_column(struct emitter *e, const struct field *field) {
    const struct entity *entity = e->change->to;
    const char *text = field->comment ? SQL(e, "COMMENT ON COLUMN %E.%I IS %L", entity, field->column, field->comment)
                                      : SQL(e, "COMMENT ON COLUMN %E.%I IS NULL", entity, field->column);

    pg_emit_statement(e, text, WORDS(e, "%s.%s: documentation", entity->name, field->name),
                      pg_effect(e, entity, PG_SHARE_UPDATE_EXCLUSIVE, WORK_CATALOG));
}

/* Functions say of themselves when they are none of these. */
static bool is_volatile_function(const struct emitter *e, const struct object *object, const char *expression) {
    const char *name = arena_strndup(e->arena, object->object_name, pg_object_bare_length(object->object_name));

    return pg_object_is(object, "function") && expression_names(expression, name) && object->definition &&
           !strstr(object->definition, "IMMUTABLE") && !strstr(object->definition, "STABLE");
}

/* Does the database compute the default for each row apart? Then the column cannot be added without writing every row. */
static bool is_volatile(const struct emitter *e, const char *expression) {
    static const char *const functions[] = {"random", "gen_random_uuid", "uuid_generate_v1", "uuid_generate_v4", "uuidv4",
                                            "uuidv7", "clock_timestamp", "timeofday",        "nextval"};

    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (expression_names(expression, functions[i]))
            return true;
    for (size_t i = 0; i < e->plan->to->object_count; i++)
        if (is_volatile_function(e, e->plan->to->objects[i], expression))
            return true;
    return false;
}

/* A domain with a condition of its own is checked by writing every row. */
static bool is_checked_domain(const struct emitter *e, const struct field *field) {
    for (size_t i = 0; i < e->plan->to->object_count; i++) {
        const struct object *object = e->plan->to->objects[i];

        if (pg_object_is(object, "domain") && pg_object_is_type(e->arena, object, field->native_type))
            return object->definition && (strstr(object->definition, "CHECK") || strstr(object->definition, "NOT NULL"));
    }
    return false;
}

static struct effect *add_column_effect(struct emitter *e, const struct field *field) {
    bool writes = field->generated || field->identity || (field->computed && field->stored) ||
                  (field->default_sql && is_volatile(e, field->default_sql)) || is_checked_domain(e, field);

    return pg_effect(e, e->change->to, PG_ACCESS_EXCLUSIVE, writes ? WORK_REWRITE : WORK_CATALOG);
}

static const char *subject(struct emitter *e, const struct field *field) {
    return WORDS(e, "%s.%s", e->change->to->name, field->name);
}

/* Is a constraint of ENTITY, or a foreign key that points to it, checked at commit alone? Its events would be pending after an UPDATE. */
static bool has_deferred(const struct emitter *e, const struct entity *entity) {
    for (size_t i = 0; i < e->plan->to->entity_count; i++) {
        const struct entity *other = e->plan->to->entities[i];

        for (size_t k = 0; k < other->foreign_key_count; k++)
            if (other->foreign_keys[k].deferrable == DEFERRABLE_DEFERRED &&
                (other == entity || strcmp(other->foreign_keys[k].target, entity->name) == 0))
                return true;
    }
    for (size_t i = 0; i < entity->index_count; i++)
        if (entity->indexes[i].deferrable == DEFERRABLE_DEFERRED)
            return true;
    return false;
}

/* An UPDATE in the middle; ALTER TABLE refuses a table with events that are still to be checked. */
static void emit_update(struct emitter *e, const char *text, const char *reason) {
    const struct entity *entity = e->change->to;

    pg_emit_statement(e, text, reason, pg_effect_rows(e, entity));
    if (has_deferred(e, entity))
        pg_emit_statement(e, "SET CONSTRAINTS ALL IMMEDIATE", "the rows that were just written are checked before the table is altered",
                          NULL);
}

/* The key by which the rows of the table are filled in batches; NULL: in one go, within the transaction. */
static const struct field *batch_field_of(const struct emitter *e) {
    return e->batches ? batch_key(plan_pair(e->plan, e->change->to)) : NULL;
}

static void emit_batches(struct emitter *e, const char *text, const char *reason, const struct field *key) {
    struct statement *statement = pg_emit_statement(e, text, reason, pg_effect(e, e->change->to, PG_ROW_EXCLUSIVE, WORK_ROWS));

    statement->batch = SQL(e, "%I", key->column);
    statement->outside_transaction = true;
}

static void emit_fill(struct emitter *e, const struct field *field) {
    const struct entity *entity = e->change->to;
    const struct field *key = batch_field_of(e);
    const char *text, *reason;

    if (!e->change->fill)
        return;
    text = SQL(e, "UPDATE %E SET %I = %X WHERE %I IS NULL", entity, field->column, e->change->fill, field->column);
    reason = WORDS(e, "%s: rows without a value get %s", subject(e, field), e->change->fill);
    if (key)
        emit_batches(e, text, reason, key);
    else
        emit_update(e, text, reason);
}

/* The scan runs under a lock that lets readers and writers go on; SET NOT NULL then believes the check (12 and later). */
static void emit_set_not_null(struct emitter *e, const struct field *field) {
    const struct entity *entity = e->change->to;
    const char *parts[] = {entity->table, field->column};
    const char *name = dialect_name(e->arena, &dialect_postgresql, "nn", &(struct names){.at = parts, .count = 2});
    const char *what = subject(e, field);
    struct statement *validate;

    pg_emit_statement(e, SQL(e, "ALTER TABLE %E ADD CONSTRAINT %I CHECK (%I IS NOT NULL) NOT VALID", entity, name, field->column),
                      WORDS(e, "%s: no new row without a value", what),
                      pg_effect_note(pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG), "no scan"));
    validate = pg_emit_statement(e, SQL(e, "ALTER TABLE %E VALIDATE CONSTRAINT %I", entity, name),
                                 WORDS(e, "%s: every row has a value", what), pg_effect(e, entity, PG_SHARE_UPDATE_EXCLUSIVE, WORK_SCAN));
    validate->probe = SQL(e, "SELECT * FROM %E WHERE %I IS NULL", entity, field->column);
    validate->outside_transaction = e->pauses;
    pg_emit_statement(e, SQL(e, "ALTER TABLE %E ALTER COLUMN %I SET NOT NULL", entity, field->column), WORDS(e, "%s: NOT NULL", what),
                      pg_effect_note(pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG), "no scan: the check proves it"));
    pg_emit_statement(e, SQL(e, "ALTER TABLE %E DROP CONSTRAINT %I", entity, name), WORDS(e, "%s: the check has done its work", what),
                      pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG));
}

void pg_emit_set_default(struct emitter *e, const struct field *field) {
    const struct entity *entity = e->change->to;
    const struct effect *lock = pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG);

    if (field->default_sql)
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E ALTER COLUMN %I SET DEFAULT %X", entity, field->column, field->default_sql),
                          WORDS(e, "%s: default %s for new rows", subject(e, field), field->default_sql), lock);
    else
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E ALTER COLUMN %I DROP DEFAULT", entity, field->column),
                          WORDS(e, "%s: no default any more", subject(e, field)), lock);
    pg_partitions_keep_default(e, entity, field);
}

/* Online a default that would have every row written under the strong lock is for new rows; those that are there get theirs in batches. */
static void fill_by_default(struct emitter *e) {
    const struct field *field = e->change->new_field;
    struct change *change;

    if (!e->pauses || e->change->fill || !field->default_sql || !is_volatile(e, field->default_sql) || !batch_field_of(e))
        return;
    change = ARENA_NEW(e->arena, struct change);
    *change = *e->change;
    change->fill = field->default_sql;
    e->change = change;
}

void pg_emit_add_column(struct emitter *e) {
    const struct field *field = e->change->new_field;
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    bool fills;

    fill_by_default(e);
    fills = e->change->fill && !field->computed;
    if (pg_emit_follows_parent(e, e->change)) {
        sql_free(&sql);
        return;
    }
    sqlf(&sql, "ALTER TABLE %E ADD COLUMN ", e->change->to);
    add_definition(&sql, field, !fills, !fills && !field->nullable);
    pg_emit_statement(e, str_keep(&sql.text, e->arena), WORDS(e, "%s: new", subject(e, field)),
                      fills ? pg_effect(e, e->change->to, PG_ACCESS_EXCLUSIVE, WORK_CATALOG) : add_column_effect(e, field));
    sql_free(&sql);
    if (fills) {
        bool first = field->default_sql && batch_field_of(e); /* new rows have a value from here on */

        if (first)
            pg_emit_set_default(e, field);
        emit_fill(e, field);
        if (field->default_sql && !first)
            pg_emit_set_default(e, field);
        if (!field->nullable)
            emit_set_not_null(e, field);
    }
    pg_emit_column_options(e, NULL, field);
    if (field->comment)
        pg_emit_comment_column(e, field);
}

void pg_emit_drop_column(struct emitter *e) {
    const struct change *change = e->change;
    const struct field *field = change->old_field;
    const char *column = change->old_name ? change->old_name : field->column;
    const char *what = change->recreated ? "dropped to be made again" : "removed with all its values";

    if (pg_emit_follows_parent(e, change))
        return;
    pg_emit_statement(e, SQL(e, "ALTER TABLE %E DROP COLUMN %I", change->to, column),
                      WORDS(e, "%s.%s: %s", change->from->name, field->name, what),
                      pg_effect(e, change->to, PG_ACCESS_EXCLUSIVE, WORK_CATALOG));
}

void pg_emit_rename_column(struct emitter *e) {
    const struct change *change = e->change;
    const struct entity *entity = change->to;
    const struct field *field = change->new_field ? change->new_field : change->old_field;

    if (pg_emit_follows_parent(e, change))
        return;
    pg_emit_statement(e, SQL(e, "ALTER TABLE %E RENAME COLUMN %I TO %I", entity, change->old_name, change->new_name),
                      WORDS(e, "%s.%s: %s renamed to %s; running clients must know the new name", entity->name, field->name,
                            change->old_name, change->new_name),
                      pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG));
}

static bool is_moment(const char *type) {
    return strncmp(type, "timestamp", 9) == 0;
}

/* With a time zone on one side alone. */
static bool changes_zone(const char *from, const char *to) {
    return is_moment(from) && is_moment(to) && (strstr(from, "with time zone") != NULL) != (strstr(to, "with time zone") != NULL);
}

static bool is_indexed(const struct entity *entity, const struct field *field) {
    for (size_t i = 0; i < entity->index_count; i++)
        for (size_t k = 0; k < entity->indexes[i].part_count; k++)
            if (text_equal(entity->indexes[i].parts[k].field, field->name))
                return true;
    for (size_t i = 0; i < entity->key.fields.count && !entity->key.absent; i++)
        if (strcmp(entity->key.fields.at[i], field->name) == 0)
            return true;
    return false;
}

/* Another collation leaves the rows as they are, and sorts the indexes anew. */
static struct effect *type_effect(struct emitter *e, const struct field *old, const struct field *new) {
    const struct entity *entity = e->change->to;
    bool sorts = e->change->aspects & COLUMN_COLLATION && is_indexed(entity, new);

    if (pg_cast_rewrites(old->native_type, new->native_type))
        return pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_REWRITE);
    if (changes_zone(old->native_type, new->native_type))
        return pg_effect_note(pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_REWRITE), "no rewrite when TimeZone is UTC, else rewrites");
    return pg_effect_note(pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, sorts ? WORK_INDEX : WORK_CATALOG),
                          sorts ? "builds the indexes over it again" : NULL);
}

static const char *type_probe(struct emitter *e, const char *column, const char *from, const char *to) {
    const char *refused = pg_cast_refuses(e->arena, column, from, to);

    return refused ? SQL(e, "SELECT * FROM %E WHERE %X", e->change->to, refused) : NULL;
}

static bool has_part(const struct names *fields, const struct field *field) {
    for (size_t i = 0; i < fields->count; i++)
        if (text_equal(fields->at[i], field->name))
            return true;
    return false;
}

/* Rows that agree in FIELDS under the new collation of one of them, FIELD; NULL: an expression is among them, or FIELD is not. */
static const char *fold_duplicates(struct emitter *e, const struct field *field, const struct names *fields, const char *where) {
    const struct entity *entity = e->change->to;
    struct sql columns = SQL_INIT(&dialect_postgresql.quoting);
    const char *query = NULL;
    size_t i;

    for (i = 0; i < fields->count && fields->at[i] && has_part(fields, field); i++) {
        sqlf(&columns, "%T%I", i ? ", " : "", entity_column(entity, fields->at[i]));
        if (strcmp(fields->at[i], field->name) == 0)
            pg_emit_collation(&columns, field->collation);
    }
    if (i && i == fields->count)
        query = pg_emit_duplicates(e, entity, columns.text.text, where);
    sql_free(&columns);
    return query;
}

/* Only a collation that is not deterministic takes texts of other bytes for equal; what is unique over them may then no longer be so. */
static const char *fold_probe(struct emitter *e, const struct field *field) {
    const struct entity *entity = e->change->to;
    const char *query = NULL;

    if (!(e->change->aspects & COLUMN_COLLATION) || !dialect_postgresql.rules.collation_folds(e->plan->to, field->collation))
        return NULL;
    if (!entity->key.absent)
        query = fold_duplicates(e, field, &entity->key.fields, NULL);
    for (size_t i = 0; !query && i < entity->index_count; i++) {
        const struct index *index = &entity->indexes[i];
        struct names parts = {.at = ARENA_ARRAY(e->arena, const char *, index->part_count)};

        for (size_t k = 0; index->unique && k < index->part_count; k++)
            parts.at[parts.count++] = index->parts[k].field;
        query = fold_duplicates(e, field, &parts, index->where);
    }
    return query;
}

/* The cast of an enum's column goes over text, whatever the two types are; that of a domain's over what the domain is over. */
static const char *type_cast(struct emitter *e, const char *column) {
    const struct field *old = e->change->old_field, *new = e->change->new_field;

    if (e->change->aspects & COLUMN_TYPE && strcmp(old->native_type, new->native_type) == 0) /* made again under its name */
        return SQL(e, "%T::text::%T", column, new->native_type);
    if (strcmp(old->native_type, new->native_type) == 0)
        return NULL;
    return pg_cast_expression(e->arena, column, pg_domain_base(e, e->plan->from, old->native_type),
                              pg_domain_base(e, e->plan->to, new->native_type));
}

static void emit_alter_type(struct emitter *e, const char *cast) {
    const struct entity *entity = e->change->to;
    const struct field *old = e->change->old_field, *new = e->change->new_field;
    const char *column = SQL(e, "%I", new->column);
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    struct statement *statement;
    const char *reason;

    sqlf(&sql, "ALTER TABLE %E ALTER COLUMN %I TYPE %T", entity, new->column, new->native_type);
    pg_emit_collation(&sql, new->collation);
    if (cast)
        sqlf(&sql, " USING %X", cast);
    reason = cast ? WORDS(e, "%s: %s to %s, cast by %s", subject(e, new), old->native_type, new->native_type, cast)
                  : WORDS(e, "%s: %s to %s, cast by PostgreSQL itself", subject(e, new), old->native_type, new->native_type);
    if (!cast && strcmp(old->native_type, new->native_type) == 0)
        reason = WORDS(e, "%s: collation %s", subject(e, new), new->collation ? new->collation : "of the database");
    statement = pg_emit_statement(e, str_keep(&sql.text, e->arena), reason, type_effect(e, old, new));
    statement->probe = type_probe(e, column, old->native_type, new->native_type);
    if (!statement->probe)
        statement->probe = fold_probe(e, new);
    sql_free(&sql);
}

/* Is it another type, not the same with another length or precision? */
static bool is_other_type(const char *from, const char *to) {
    size_t length = strcspn(from, "(");

    return strcspn(to, "(") != length || strncmp(from, to, length) != 0;
}

/* A default that is no value of the new type stands in the way of a cast: it goes before and comes back behind. One that is cast along is
 * said again: it would keep the type that it was read with ('x'::character varying for a column of text). */
static void emit_type_and_default(struct emitter *e) {
    const struct change *change = e->change;
    const struct field *old = change->old_field, *new = change->new_field;
    const char *cast = type_cast(e, SQL(e, "%I", new->column));
    bool type = change->aspects & (COLUMN_TYPE | COLUMN_COLLATION);
    bool aside = type && old->default_sql && (cast || change->aspects & COLUMN_DEFAULT);
    const struct field none = {.name = new->name, .column = new->column};

    if (aside)
        pg_emit_set_default(e, &none);
    if (type)
        emit_alter_type(e, cast);
    if (aside || (type && is_other_type(old->native_type, new->native_type)) ? new->default_sql != NULL
                                                                             : (change->aspects & COLUMN_DEFAULT) != 0)
        pg_emit_set_default(e, new);
    if (type && new->generated && old->generated)
        pg_emit_widen_sequence(e);
}

/* All renamed values in one UPDATE, so that two can be swapped. */
static void emit_values(struct emitter *e) {
    const struct change *change = e->change;
    const char *column = change->new_field->column;
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);

    sqlf(&sql, "UPDATE %E SET %I = CASE %I", change->to, column, column);
    for (size_t i = 0; i < change->value_count; i++)
        sqlf(&sql, " WHEN %L THEN %L", change->values[i].from, change->values[i].to);
    sqlf(&sql, " ELSE %I END WHERE %I IN (", column, column);
    for (size_t i = 0; i < change->value_count; i++)
        sqlf(&sql, "%T%L", i ? ", " : "", change->values[i].from);
    sqlf(&sql, ")");
    emit_update(e, str_keep(&sql.text, e->arena), WORDS(e, "%s: stored values get their new names", subject(e, change->new_field)));
    sql_free(&sql);
}

/* A wider type comes before the values that need it, a narrower one behind those that do not fit it. */
static void emit_type_and_values(struct emitter *e) {
    const struct change *change = e->change;
    bool values_first =
        (change->aspects & COLUMN_VALUES) && pg_cast_risk_of(change->old_field->native_type, change->new_field->native_type) != CAST_SAFE;

    if (values_first)
        emit_values(e);
    emit_type_and_default(e);
    if ((change->aspects & COLUMN_VALUES) && !values_first)
        emit_values(e);
}

static void emit_nullable(struct emitter *e) {
    const struct entity *entity = e->change->to;
    const struct field *field = e->change->new_field;

    if (!field->nullable) {
        emit_fill(e, field);
        emit_set_not_null(e, field);
        return;
    }
    pg_emit_statement(e, SQL(e, "ALTER TABLE %E ALTER COLUMN %I DROP NOT NULL", entity, field->column),
                      WORDS(e, "%s: may be NULL", subject(e, field)), pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG));
}

static void alter_values(struct emitter *e, unsigned aspects) {
    if (aspects & (COLUMN_GENERATED | COLUMN_IDENTITY))
        pg_emit_drop_generation(e);
    if (aspects & (COLUMN_TYPE | COLUMN_COLLATION | COLUMN_DEFAULT | COLUMN_VALUES))
        emit_type_and_values(e);
    if (aspects & COLUMN_NULLABLE)
        emit_nullable(e);
    if (aspects & (COLUMN_GENERATED | COLUMN_IDENTITY | COLUMN_OPTIONS))
        pg_emit_add_generation(e);
    if (aspects & COLUMN_OPTIONS)
        pg_emit_column_options(e, e->change->old_field, e->change->new_field);
}

void pg_emit_alter_column(struct emitter *e) {
    if (!pg_emit_follows_parent(e, e->change))
        alter_values(e, e->change->aspects);
    if (e->change->aspects & COLUMN_COMMENT)
        pg_emit_comment_column(e, e->change->new_field);
}
