/* Objects in the database's own words: made, dropped and described. What is altered in place stands in emit_object_alter.c. */
#include <string.h>

#include "emit_object.h"
#include "expression.h"

const char *pg_object_option(const struct object *object, const char *key) {
    return object ? pg_option_value(&object->options, key) : NULL;
}

bool pg_object_is(const struct object *object, const char *kind) {
    return strcmp(object->kind, kind) == 0;
}

bool pg_object_is_type(struct arena *arena, const struct object *object, const char *type) {
    const char *plain = object->namespace ? arena_printf(arena, "%s.%s", object->namespace, object->object_name) : object->object_name;

    return (pg_object_is(object, "domain") || pg_object_is(object, "type")) &&
           (text_equal(type, plain) || text_equal(type, pg_object_sql_name(arena, object)));
}

const char *pg_object_query(struct arena *arena, const struct object *object) {
    const char *text = object->definition ? object->definition : "";
    size_t length = strlen(text);

    while (length && strchr("; \n\t", text[length - 1]))
        length--;
    return arena_strndup(arena, text, length);
}

const char *pg_object_on(struct emitter *e, const struct schema *schema, const struct object *object) {
    const struct entity *entity = object->on ? schema_entity(schema, object->on) : NULL;
    const struct object *other = object->on && !entity ? schema_object(schema, object->on) : NULL;

    if (entity)
        return SQL(e, "%E", entity);
    return other ? pg_object_sql_name(e->arena, other) : object->on;
}

const char *pg_object_subject(struct emitter *e, const struct object *object) {
    return WORDS(e, "%s %s", object->kind, object->object_name);
}

/* The name as DROP and COMMENT ON want it, with what it stands on where the kind says so. */
static const char *full_name(struct emitter *e, const struct schema *schema, const struct object *object) {
    const char *name = pg_object_sql_name(e->arena, object);

    if (pg_object_words_of(object->kind)->naming != PG_NAMED_ON || !object->on)
        return name;
    return SQL(e, "%T ON %T", name, pg_object_on(e, schema, object));
}

/* Making. */

static const char *create_view(struct emitter *e, const struct object *object, bool replace) {
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    const char *tablespace = pg_object_option(object, "tablespace"), *method = pg_object_option(object, "accessMethod");
    const char *populated = pg_object_option(object, "populated"), *text;

    sqlf(&sql, "CREATE %T%T %T", replace ? "OR REPLACE " : "", pg_object_words_of(object->kind)->words,
         pg_object_sql_name(e->arena, object));
    if (method)
        sqlf(&sql, " USING %I", method);
    pg_emit_storage(e, &sql, &object->options);
    if (tablespace)
        sqlf(&sql, " TABLESPACE %I", tablespace);
    sqlf(&sql, " AS\n%X", pg_object_query(e->arena, object));
    if (populated && strcmp(populated, "false") == 0)
        sqlf(&sql, "\n WITH NO DATA");
    text = str_keep(&sql.text, e->arena);
    sql_free(&sql);
    return text;
}

static const char *create_extension(struct emitter *e, const struct object *object) {
    const char *schema = pg_option_value(&object->options, "schema"), *version = pg_option_value(&object->options, "version");
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    const char *text;

    sqlf(&sql, "CREATE EXTENSION IF NOT EXISTS %I", object->object_name);
    if (schema)
        sqlf(&sql, " SCHEMA %I", schema);
    if (version)
        sqlf(&sql, " VERSION %L", version);
    text = str_keep(&sql.text, e->arena);
    sql_free(&sql);
    return text;
}

/* Kinds that the emitter says in its own words. */
static const char *create_own(struct emitter *e, const struct object *object) {
    if (pg_object_is(object, "schema"))
        return SQL(e, "CREATE SCHEMA IF NOT EXISTS %I", object->object_name);
    if (pg_object_is(object, "extension"))
        return create_extension(e, object);
    if (pg_object_is(object, "partition"))
        return pg_partition_create(e, object);
    if (pg_object_is(object, "policy"))
        return SQL(e, "CREATE POLICY %I ON %T %X", object->object_name, pg_object_on(e, e->plan->to, object),
                   pg_object_query(e->arena, object));
    if (pg_object_is(object, "constraint"))
        return SQL(e, "ALTER TABLE %T ADD CONSTRAINT %I %X", pg_object_on(e, e->plan->to, object), object->object_name,
                   pg_object_query(e->arena, object));
    return create_view(e, object, false);
}

/* The bodies of functions may name what comes later, or nothing that is there yet. */
static void functions_unchecked(struct emitter *e, const struct object *object) {
    bool function = pg_object_is(object, "function") || pg_object_is(object, "procedure");

    if (!function || e->functions_unchecked)
        return;
    e->functions_unchecked = true;
    pg_emit_statement(e, "SET check_function_bodies = off", "functions may name what is made behind them", NULL);
}

const char *pg_object_create(struct emitter *e, const struct object *object, bool replace) {
    const struct pg_object_words *words = pg_object_words_of(object->kind);

    if (replace && pg_object_is(object, "view"))
        return create_view(e, object, true);
    switch (words->form) {
    case PG_FORM_WHOLE:
        return pg_object_query(e->arena, object);
    case PG_FORM_AFTER:
        return SQL(e, "CREATE %T%T %T%T%X", pg_object_option(object, "unlogged") ? "UNLOGGED " : "", words->words,
                   pg_object_sql_name(e->arena, object), words->link,
                   pg_object_is(object, "domain") ? pg_domain_definition(e, object) : pg_object_query(e->arena, object));
    case PG_FORM_OWN:
        return create_own(e, object);
    }
    return NULL;
}

/* What an extension says of itself is its comment where nothing else is said. */
static void comment_extension(struct emitter *e, const struct object *extension, const char *reason) {
    const char *body = SQL(e,
                           "BEGIN EXECUTE format('COMMENT ON EXTENSION %%I IS %%L', %L, "
                           "(SELECT comment FROM pg_available_extensions WHERE name = %L)); END",
                           extension->object_name, extension->object_name);

    pg_emit_statement(e, pg_emit_do(e, body), reason, NULL);
}

static void comment_object(struct emitter *e, const struct object *object) {
    const struct pg_object_words *words = pg_object_words_of(object->kind);
    const char *reason = WORDS(e, "%s: documentation", pg_object_subject(e, object));

    if (!object->comment && pg_object_is(object, "extension"))
        comment_extension(e, object, reason);
    else if (words->words)
        pg_emit_statement(e,
                          SQL(e, "COMMENT ON %T %T IS %T", words->words, full_name(e, e->plan->to, object),
                              object->comment ? SQL(e, "%L", object->comment) : "NULL"),
                          reason, NULL);
}

static void create_object(struct emitter *e, const struct object *object) {
    functions_unchecked(e, object);
    if (!pg_partition_attach(e, object))
        pg_object_made(e, object,
                       pg_emit_statement(e, pg_object_create(e, object, false),
                                         WORDS(e, "%s: %s", pg_object_subject(e, object), e->change->recreated ? "made again" : "new"),
                                         NULL));
    if (pg_object_is(object, "domain"))
        pg_domain_add_unvalidated(e, object);
    pg_object_set_options(e, NULL, object);
}

void pg_emit_put_object(struct emitter *e) {
    const struct object *old = e->change->old_object, *new = e->change->new_object;

    if (!pg_object_words_of(new->kind)->words) {
        pg_privilege_put(e);
        return;
    }
    if (pg_object_is(new, "comment")) {
        pg_comment_put(e);
        return;
    }
    if (pg_object_is(new, "partition"))
        pg_partitions_leave(e);
    if (!old)
        old = pg_adopt_given_up(e, new);
    if (old) {
        functions_unchecked(e, new);
        pg_object_alter(e, old, new);
    } else {
        create_object(e, new);
    }
    if (old ? !text_equal(old->comment, new->comment) : new->comment != NULL)
        comment_object(e, new);
    if (e->change->recreated)
        pg_kept_restore(e, new);
}

const char *pg_owner_column(struct emitter *e, const char *owner) {
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    const char *text;

    if (strchr(owner, '"'))
        return owner;
    for (size_t length; *owner; owner += length + (owner[length] == '.')) {
        length = strcspn(owner, ".");
        sqlf(&sql, "%T%I", sql.text.length ? "." : "", arena_strndup(e->arena, owner, length));
    }
    text = str_keep(&sql.text, e->arena);
    sql_free(&sql);
    return text;
}

/* Dropping. */

/* Something in the schema NAME that the new model has? */
static bool schema_is_used(const struct emitter *e, const char *name) {
    const struct schema *to = e->plan->to;

    for (size_t i = 0; i < to->entity_count; i++)
        if (text_equal(to->entities[i]->namespace, name))
            return true;
    for (size_t i = 0; i < to->enum_count; i++)
        if (text_equal(to->enums[i]->type_namespace, name))
            return true;
    for (size_t i = 0; i < to->object_count; i++)
        if (text_equal(to->objects[i]->namespace, name))
            return true;
    return false;
}

static const char *drop_text(struct emitter *e, const struct object *object) {
    const char *on = object->on ? pg_object_on(e, e->plan->from, object) : NULL;
    const char *name = full_name(e, e->plan->from, object);

    if (pg_object_is(object, "schema") && (schema_is_used(e, object->object_name) || strcmp(object->object_name, "public") == 0))
        return object->comment ? SQL(e, "COMMENT ON SCHEMA %T IS NULL", name) : NULL;
    if (pg_object_is(object, "constraint"))
        return SQL(e, "ALTER TABLE %T DROP CONSTRAINT %I", on, object->object_name);
    if (pg_object_option(object, "ownedBy")) /* it may have gone with its column */
        return SQL(e, "DROP SEQUENCE IF EXISTS %T", name);
    if (pg_object_is(object, "operator class") && !strstr(object->definition, " FAMILY ")) /* made with it, and takes it along */
        return SQL(e, "DROP OPERATOR FAMILY %T", name);
    return SQL(e, "DROP %T %T", pg_object_words_of(object->kind)->words, name);
}

/* A type that columns have steps aside for the new one; it goes when they are moved. */
static bool steps_aside(struct emitter *e, const struct object *object) {
    const char *old_name = dialect_name(e->arena, &dialect_postgresql, "persist_old",
                                        &(struct names){.at = (const char *[]){object->object_name}, .count = 1});
    const struct entity old_type = {.table = old_name, .namespace = object->namespace};

    if (!e->change->early || !e->change->recreated || !(pg_object_is(object, "domain") || pg_object_is(object, "type")))
        return false;
    pg_emit_statement(
        e, SQL(e, "ALTER %T %T RENAME TO %I", pg_object_words_of(object->kind)->words, pg_object_sql_name(e->arena, object), old_name),
        WORDS(e, "%s: cannot be altered, so it is made again", pg_object_subject(e, object)), NULL);
    vec_push(e->arena, &e->old_types, SQL(e, "%E", &old_type));
    return true;
}

/* Defaults that name the object go before it; the changes of their columns bring them back. */
static void drop_defaults(struct emitter *e, const struct object *object) {
    const char *name = arena_strndup(e->arena, object->object_name, pg_object_bare_length(object->object_name));

    for (size_t i = 0; i < e->plan->changes.count; i++) {
        const struct change *change = &e->plan->changes.at[i];
        const struct field *old = change->old_field;

        if (change->kind == CHANGE_ALTER_COLUMN && change->aspects & COLUMN_DEFAULT && old->default_sql &&
            expression_names(old->default_sql, name))
            pg_emit_statement(e, SQL(e, "ALTER TABLE %E ALTER COLUMN %I DROP DEFAULT", change->to, change->new_field->column),
                              WORDS(e, "%s.%s: the default names what is dropped", change->to->name, change->new_field->name),
                              pg_effect(e, change->to, PG_ACCESS_EXCLUSIVE, WORK_CATALOG));
    }
}

/* The table under a partition, over as many as there are; NULL for what stands on none. */
static const struct entity *root_table(const struct emitter *e, const struct object *object) {
    const struct schema *from = e->plan->from;

    for (; object && object->on; object = schema_object(from, object->on))
        if (schema_entity(from, object->on))
            return schema_entity(from, object->on);
    return NULL;
}

/* Partitions, and what is on them, go with their table; but a foreign key of one may hold on to another's table or partition. */
static bool goes_with_table(const struct emitter *e, const struct object *object) {
    const struct object *base = schema_object(e->plan->from, object->on ? object->on : "");
    const struct entity *root =
        pg_object_is(object, "partition") || (base && pg_object_is(base, "partition")) ? root_table(e, object) : NULL;

    if (pg_object_is(object, "constraint") && object->definition && strncmp(object->definition, "FOREIGN KEY", 11) == 0)
        return false;
    return root && !plan_pair(e->plan, root)->to;
}

static bool is_referred_to(const struct schema *schema, const struct entity *entity) {
    for (size_t i = 0; i < schema->entity_count; i++)
        for (size_t k = 0; k < schema->entities[i]->foreign_key_count; k++)
            if (strcmp(schema->entities[i]->foreign_keys[k].target, entity->name) == 0)
                return true;
    return false;
}

/* A foreign key to the table holds on to each of its partitions. True: the table was not closed for it, and need not be as the partition goes. */
static bool detach_partition(struct emitter *e, const struct object *object) {
    const struct entity *root = pg_object_is(object, "partition") ? root_table(e, object) : NULL;

    if (!root || !is_referred_to(e->plan->from, root))
        return root && pg_partition_detach(e, object);
    pg_object_detached(e, object,
                       pg_emit_statement(e,
                                         SQL(e, "ALTER TABLE %T DETACH PARTITION %T", pg_object_on(e, e->plan->from, object),
                                             pg_object_sql_name(e->arena, object)),
                                         WORDS(e, "%s: foreign keys let it go", pg_object_subject(e, object)), NULL));
    return false;
}

void pg_emit_drop_object(struct emitter *e) {
    const struct object *object = e->change->old_object;
    const char *again = e->change->recreated ? "dropped to be made again" : "removed";
    struct statement *statement;
    const char *text;
    bool detached;

    if (!pg_object_words_of(object->kind)->words) {
        pg_privilege_drop(e);
        return;
    }
    if (pg_object_is(object, "comment")) {
        pg_comment_drop(e);
        return;
    }
    if (goes_with_table(e, object) || pg_adopt_drop(e, object))
        return;
    detached = detach_partition(e, object);
    if (e->change->early && e->change->kind == CHANGE_DROP_BASE)
        drop_defaults(e, object);
    if (e->change->recreated)
        pg_kept_save(e, object);
    if (steps_aside(e, object))
        return;
    text = drop_text(e, object);
    if (!text)
        return;
    statement = pg_emit_statement(e, text, WORDS(e, "%s: %s", pg_object_subject(e, object), again), NULL);
    if (!detached)
        pg_object_dropped(e, object, statement);
}
