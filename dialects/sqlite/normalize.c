#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "ddl.h"
#include "options.h"
#include "sqlite_internal.h"
#include "token.h"

struct normalizer {
    struct arena *arena;
    const struct target *target;
    struct schema *schema;
    struct entity *entity; /* at work */
    struct diag *diag;
    int result;
};

static void refuse(struct normalizer *n, struct span at, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void refuse(struct normalizer *n, struct span at, const char *format, ...) {
    struct str text = STR_INIT;
    va_list args;

    va_start(args, format);
    str_add_va(&text, format, args);
    va_end(args);
    n->result = diag_error(n->diag, n->schema->source, at, 0, "%s", text.text);
    str_free(&text);
}

/* Refuses WHAT, which other databases have, when the model SAYS it on NAME. */
static void refuse_if(struct normalizer *n, bool says, struct span at, const char *name, const char *what) {
    if (says)
        refuse(n, at, "SQLite has no %s, but \"%s\" asks for one", what, name);
}

/* Refuses what is no option of SQLite's. */
static void check_options(struct normalizer *n, const struct options *options, bool of_field, const char *name, struct span at) {
    const struct option *bad = options_find_bad(options, of_field);

    if (bad)
        refuse(n, at, "SQLite has no option \"%s\" with the value \"%s\" here, but \"%s\" asks for it", bad->key, bad->value, name);
}

/* One of SQLite's collations in its own spelling, NULL for the default one. Others are registered by whoever opens the database. */
static const char *collation_canonical(const char *collation) {
    if (!collation || strcasecmp(collation, "BINARY") == 0)
        return NULL;
    if (strcasecmp(collation, "NOCASE") == 0)
        return "NOCASE";
    return strcasecmp(collation, "RTRIM") == 0 ? "RTRIM" : collation;
}

static bool is_number(const char *text) {
    struct token token;

    if (*text == '-' || *text == '+')
        text++;
    token = token_first(text);
    return token.kind == TOKEN_NUMBER && token.at == text && *token.at != 'x' && *token.at != 'X' && !token.at[token.length];
}

static const char *blob_literal(struct arena *arena, const char *text) {
    struct str out = STR_INIT;
    const char *kept;

    str_add(&out, "X'");
    for (; *text; text++)
        str_addf(&out, "%02X", (unsigned)(unsigned char)*text);
    str_add(&out, "'");
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

static const char *number_literal(struct normalizer *n, const struct field *field) {
    if (!is_number(field->default_literal))
        refuse(n, field->at, "the default \"%s\" of \"%s\" is not a number", field->default_literal, field->name);
    return field->default_literal;
}

static const char *boolean_literal(struct normalizer *n, const struct field *field) {
    if (strcasecmp(field->default_literal, "true") == 0)
        return "TRUE";
    if (strcasecmp(field->default_literal, "false") == 0)
        return "FALSE";
    return number_literal(n, field);
}

/* The default as an SQL literal of the field's type. */
static const char *literal_of(struct normalizer *n, const struct field *field) {
    switch ((enum field_type)field->type) {
    case TYPE_INT:
    case TYPE_FLOAT:
    case TYPE_DECIMAL:
        return number_literal(n, field);
    case TYPE_BOOLEAN:
        return boolean_literal(n, field);
    case TYPE_BYTES:
        return blob_literal(n->arena, field->default_literal);
    case TYPE_STRING:
    case TYPE_DATE:
    case TYPE_TIME_OF_DAY:
    case TYPE_UTC:
    case TYPE_CIVIL:
    case TYPE_ENUM:
        return sql_format(n->arena, &dialect_sqlite.quoting, "%L", field->default_literal);
    }
    BUG("type %d", (int)field->type);
}

static void check_generated(struct normalizer *n, const struct field *field) {
    if (!types_equal(field->native_type, "INTEGER"))
        refuse(n, field->at, "\"%s\" is generated and must be of the type INTEGER on SQLite, not %s", field->name, field->native_type);
    if (n->entity->options.without_rowid)
        refuse(n, field->at, "\"%s\" cannot be generated in a table without rowid", field->name);
}

static void normalize_field(struct normalizer *n, struct field *field) {
    const struct enumeration *values = field->type == TYPE_ENUM ? schema_enum(n->schema, field->enum_name) : NULL;

    refuse_if(n, field->charset != NULL, field->at, field->name, "character set for a column");
    refuse_if(n, field->on_update != NULL, field->at, field->name, "ON UPDATE expression");
    check_options(n, &field->options, true, field->name, field->at);
    refuse_if(n, field->identity != IDENTITY_NONE, field->at, field->name, "identity column (use @sql:Generated)");
    field->comment = NULL;
    if (n->entity->options.strict && field->native_type && !type_is_strict(field->native_type))
        refuse(n, field->at, "a STRICT table has no type %s, only INTEGER, REAL, TEXT, BLOB and ANY", field->native_type);
    field->native_type = type_of_field(n->arena, field, values, n->entity->options.strict);
    field->collation = collation_canonical(field->collation);
    field->computed = expression_trim(n->arena, field->computed);
    field->default_sql = expression_trim(n->arena, field->default_sql);
    if (field->default_literal)
        field->default_sql = literal_of(n, field);
    field->default_literal = NULL;
    if (field->generated)
        check_generated(n, field);
}

static void normalize_part(struct normalizer *n, const struct index *index, struct index_part *part) {
    const struct field *field = part->field ? entity_field(n->entity, part->field) : NULL;
    const char *own = field ? field->collation : NULL;
    const char *collation = collation_canonical(part->collation);

    refuse_if(n, part->opclass != NULL, index->at, index->name, "operator class");
    refuse_if(n, part->prefix > 0, index->at, index->name, "index over a prefix");
    refuse_if(n, part->nulls != NULLS_DEFAULT, index->at, index->name, "order of nulls in an index");
    if (part->collation && !collation && own)
        part->collation = "BINARY";
    else
        part->collation = collation && own && strcmp(collation, own) == 0 ? NULL : collation;
    part->expression = expression_trim(n->arena, part->expression);
    if (part->expression && index->constraint)
        refuse(n, index->at, "a unique constraint of SQLite has no expressions; use @db:Index with unique: true");
}

static void normalize_index(struct normalizer *n, struct index *index) {
    const char *name = index->name ? index->name : n->entity->name;

    refuse_if(n, index->method && strcasecmp(index->method, "btree") != 0, index->at, name, "index method");
    refuse_if(n, index->include.count > 0, index->at, name, "covering column");
    if (index->constraint)
        check_options(n, &index->options, false, name, index->at);
    else
        refuse_if(n, index->options.count > 0, index->at, name, "index option");
    refuse_if(n, index->nulls_not_distinct, index->at, name, "unique index with equal nulls");
    refuse_if(n, index->deferrable != DEFERRABLE_NOT, index->at, name, "deferrable unique constraint");
    index->method = NULL;
    index->comment = NULL;
    if (index->derived || index->where)
        index->constraint = false;
    index->where = expression_trim(n->arena, index->where);
    for (size_t i = 0; i < index->part_count; i++)
        normalize_part(n, index, &index->parts[i]);
}

static uint8_t action_canonical(uint8_t action) {
    return action == ACTION_NONE ? ACTION_NO_ACTION : action;
}

static void normalize_foreign_key(struct normalizer *n, struct foreign_key *key) {
    const char *name = key->relation ? key->relation : key->name ? key->name : n->entity->name;

    refuse_if(n, key->match_full, key->at, name, "foreign key with MATCH FULL");
    refuse_if(n, key->not_validated, key->at, name, "foreign key that is not validated");
    key->on_delete = action_canonical(key->on_delete);
    key->on_update = action_canonical(key->on_update);
}

static bool has_derived_check(const struct entity *entity, const struct field *field) {
    for (size_t i = 0; i < entity->check_count; i++)
        if (entity->checks[i].derived && text_equal(entity->checks[i].field, field->name))
            return true;
    return false;
}

static size_t count_enum_fields(const struct entity *entity) {
    size_t count = 0;

    for (size_t i = 0; i < entity->field_count; i++)
        count += entity->fields[i].type == TYPE_ENUM;
    return count;
}

/* The checks that stand for the types of the enum fields. */
static void add_enum_checks(struct normalizer *n, struct entity *entity) {
    struct check *checks = ARENA_ARRAY(n->arena, struct check, entity->check_count + count_enum_fields(entity));
    size_t count = entity->check_count;

    if (count)
        memcpy(checks, entity->checks, count * sizeof *checks);
    for (size_t i = 0; i < entity->field_count; i++) {
        struct field *field = &entity->fields[i];
        const char *name = field->check_name;

        field->check_name = NULL;
        if (field->type != TYPE_ENUM || has_derived_check(entity, field))
            continue;
        checks[count++] =
            (struct check){.name = name,
                           .value = normal_enum_check(n->arena, n->target->dialect, field, schema_enum(n->schema, field->enum_name)),
                           .derived = true,
                           .field = field->name,
                           .at = field->at};
    }
    entity->checks = checks;
    entity->check_count = count;
}

static void check_prefix(struct normalizer *n, const char *what, const char *name, struct span at) {
    if (strncasecmp(name, "sqlite_", 7) == 0 || strncasecmp(name, "persist_", 8) == 0)
        refuse(n, at, "the %s name \"%s\" begins with \"%.*s\", which is kept for %s", what, name, (int)strcspn(name, "_") + 1, name,
               strncasecmp(name, "s", 1) == 0 ? "SQLite" : "persist");
}

static void normalize_table_options(struct normalizer *n, struct entity *entity) {
    const struct table_options *options = &entity->options;

    refuse_if(n, options->engine != NULL, entity->at, entity->name, "storage engine");
    refuse_if(n, options->charset != NULL, entity->at, entity->name, "character set for a table");
    refuse_if(n, options->collation != NULL, entity->at, entity->name, "collation for a table");
    refuse_if(n, options->row_format != NULL, entity->at, entity->name, "row format");
    refuse_if(n, options->tablespace != NULL, entity->at, entity->name, "tablespace");
    refuse_if(n, options->partition_by != NULL, entity->at, entity->name, "partition");
    refuse_if(n, options->unlogged, entity->at, entity->name, "unlogged table");
    refuse_if(n, options->options.count > 0, entity->at, entity->name, "table option");
    check_options(n, &entity->key.options, false, entity->name, entity->at);
    refuse_if(n, entity->namespace != NULL, entity->at, entity->name, "schema (@sql:Schema)");
    if (options->without_rowid && !entity->key.fields.count)
        refuse(n, entity->at, "\"%s\" has no primary key; a table without rowid needs one", entity->name);
    check_prefix(n, "table", entity->table, entity->at);
}

static void normalize_entity(struct normalizer *n, struct entity *entity) {
    n->entity = entity;
    entity->comment = NULL;
    normalize_table_options(n, entity);
    for (size_t i = 0; i < entity->exclude_count; i++)
        refuse_if(n, true, entity->excludes[i].at, entity->name, "exclusion constraint");
    for (size_t i = 0; i < entity->field_count; i++)
        normalize_field(n, &entity->fields[i]);
    for (size_t i = 0; i < entity->index_count; i++)
        normalize_index(n, &entity->indexes[i]);
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        normalize_foreign_key(n, &entity->foreign_keys[i]);
    for (size_t i = 0; i < entity->check_count; i++) {
        refuse_if(n, entity->checks[i].not_validated, entity->checks[i].at, entity->name, "check that is not validated");
        refuse_if(n, entity->checks[i].not_enforced, entity->checks[i].at, entity->name, "check that is not enforced");
        entity->checks[i].value = expression_trim(n->arena, entity->checks[i].value);
    }
    add_enum_checks(n, entity);
}

/* The name in the database of what OBJECT stands on; NULL: nothing. */
static const char *name_of_on(const struct normalizer *n, const struct object *object) {
    const struct entity *entity = object->on ? schema_entity(n->schema, object->on) : NULL;
    const struct object *other = object->on ? schema_object(n->schema, object->on) : NULL;

    return entity ? entity->table : other ? other->object_name : NULL;
}

/* The statement says its name and its table as well: both must agree with what the model says. */
static void normalize_trigger(struct normalizer *n, struct object *object) {
    struct object said = {.kind = object->kind};
    const char *on = name_of_on(n, object);

    if (ddl_read_object(n->arena, object->definition, &said) < 0) {
        refuse(n, object->at, "the definition of the trigger \"%s\" is no CREATE TRIGGER statement", object->object_name);
        return;
    }
    if (!name_equal(said.object_name, object->object_name))
        refuse(n, object->at, "the trigger \"%s\" is called \"%s\" in its definition", object->object_name, said.object_name);
    if (!on || !name_equal(said.on, on))
        refuse(n, object->at, "the trigger \"%s\" is defined on \"%s\", but on: names %s", object->object_name, said.on,
               on ? arena_printf(n->arena, "\"%s\"", on) : "nothing");
    object->definition = said.definition;
}

static const struct object_kind *kind_of(const struct object *object) {
    for (size_t i = 0; i < OBJECT_KINDS; i++)
        if (strcmp(object_kinds[i].name, object->kind) == 0)
            return &object_kinds[i];
    return NULL;
}

static void normalize_object(struct normalizer *n, struct object *object) {
    bool view = strcmp(object->kind, "view") == 0;

    if (!kind_of(object)) {
        refuse(n, object->at, "SQLite has no %s; \"%s\" must be a view, a trigger or a virtual table", object->kind, object->object_name);
        return;
    }
    object->comment = NULL;
    refuse_if(n, object->namespace != NULL, object->at, object->object_name, "schema (schema:)");
    check_prefix(n, object->kind, object->object_name, object->at);
    if (object->options.count > (view && option_get(&object->options, "columns") ? 1 : 0))
        refuse(n, object->at, "\"%s\" has an option that SQLite does not know; a view has columns", object->object_name);
    if (!object->definition || !*object->definition)
        refuse(n, object->at, "\"%s\" has no definition", object->object_name);
    else if (strcmp(object->kind, "trigger") == 0)
        normalize_trigger(n, object);
    else
        object->definition = statement_trim(n->arena, object->definition);
}

struct schema *normalize_schema(struct arena *arena, const struct schema *schema, const struct target *target, struct diag *diag) {
    struct normalizer n = {.arena = arena, .target = target, .schema = normal_copy(arena, schema), .diag = diag};

    schema_index(arena, n.schema);
    for (size_t i = 0; i < n.schema->entity_count; i++)
        normalize_entity(&n, n.schema->entities[i]);
    for (size_t i = 0; i < n.schema->object_count; i++)
        normalize_object(&n, n.schema->objects[i]);
    for (size_t i = 0; i < n.schema->enum_count; i++) {
        n.schema->enums[i]->type_name = n.schema->enums[i]->type_namespace = NULL;
        n.schema->enums[i]->comment = NULL;
    }
    if (normal_names(arena, n.schema, target, diag) < 0)
        n.result = -1;
    return n.result < 0 ? NULL : n.schema;
}
