#include <stdarg.h>
#include <string.h>
#include <strings.h>

#include "expression.h"
#include "pg_object_kinds.h"
#include "postgresql_internal.h"
#include "vec.h"

enum { TEXT_LENGTH_MAX = 10485760, PRECISION_MAX = 1000, TYPE_CACHE = 256, VERSION_15 = 150000, VERSION_18 = 180000 };

struct normalizer {
    struct arena *arena;
    struct schema *schema;
    const struct target *target;
    struct diag *diag;
    struct entity *entity; /* at work */
    int result;
    const char *varchars[TYPE_CACHE]; /* "character varying(n)": most columns share a few */
};

static void refuse(struct normalizer *n, struct span at, const char *format, ...) __attribute__((format(printf, 3, 4)));

static void refuse(struct normalizer *n, struct span at, const char *format, ...) {
    va_list args;
    struct str text = STR_INIT;

    va_start(args, format);
    str_add_va(&text, format, args);
    va_end(args);
    n->result = diag_error(n->diag, n->schema->source, at, 0, "%s", text.text);
    str_free(&text);
}

/* Reports WHAT of the thing called NAME, which other databases have and PostgreSQL has not. */
static void refuse_foreign(struct normalizer *n, struct span at, const char *name, const char *what) {
    refuse(n, at, "PostgreSQL has no %s, but \"%s\" asks for one", what, name);
}

/* The name of a collation as the catalog has it; one that is quoted by the user stays so (it may have a namespace). */
static const char *collation_canonical(struct arena *arena, const char *collation) {
    size_t length;

    if (!collation || strcasecmp(collation, "default") == 0)
        return NULL;
    if (strncmp(collation, "pg_catalog.", 11) == 0)
        collation += 11;
    length = strlen(collation);
    if (length > 2 && *collation == '"' && strchr(collation + 1, '"') == collation + length - 1)
        return arena_strndup(arena, collation + 1, length - 2);
    return collation;
}

static const char *comment_canonical(const struct normalizer *n, const char *comment) {
    return n->target->comments && comment && *comment ? comment : NULL;
}

static const char *bare_or_null(struct arena *arena, const char *expression) {
    return expression ? pg_expression_bare(arena, expression) : NULL;
}

/* Storage parameters: names in lower case (words of ours stay as they are), values without quotes, sorted by name, as introspection gives them. */
static void normalize_options(struct normalizer *n, struct options *options) {
    struct option *at = ARENA_ARRAY(n->arena, struct option, options->count);

    for (size_t i = 0; i < options->count; i++) {
        struct option option = options->at[i];
        size_t length = strlen(option.value), j = i;

        if (pg_option_is_storage(option.key))
            option.key = arena_lower(n->arena, option.key);
        if (length >= 2 && *option.value == '"' && option.value[length - 1] == '"')
            option.value = arena_strndup(n->arena, option.value + 1, length - 2);
        for (; j > 0 && strcmp(at[j - 1].key, option.key) > 0; j--)
            at[j] = at[j - 1];
        at[j] = option;
    }
    options->at = at;
}

/* The enum type that the user's TYPE names, or NULL. */
static const struct enumeration *find_enum_type(const struct schema *schema, const char *type) {
    for (size_t i = 0; i < schema->enum_count; i++)
        if (schema->enums[i]->type_name && strcmp(schema->enums[i]->type_name, type) == 0)
            return schema->enums[i];
    return NULL;
}

static const char *said_type(struct normalizer *n, struct field *field) {
    const struct enumeration *enumeration = find_enum_type(n->schema, field->native_type);
    const char *type = pg_type_canonical(n->arena, field->native_type);
    const char *integer = pg_type_of_serial(type);

    if (enumeration)
        return pg_enum_type(n->arena, enumeration);
    if (!integer)
        return type;
    field->generated = !field->derived;
    return integer;
}

static const char *varchar_type(struct normalizer *n, unsigned length) {
    const char **cached = length < TYPE_CACHE ? &n->varchars[length] : NULL;
    const char *type = cached && *cached ? *cached : arena_printf(n->arena, "character varying(%u)", length);

    if (cached)
        *cached = type;
    return type;
}

static const char *enum_field_type(struct normalizer *n, const struct field *field) {
    const struct enumeration *enumeration = schema_enum(n->schema, field->enum_name);

    if (enumeration->type_name)
        return pg_enum_type(n->arena, enumeration);
    return varchar_type(n, normal_enum_length(enumeration));
}

static const char *string_type(struct normalizer *n, const struct field *field) {
    unsigned length = field->length ? field->length : field->fixed ? 1 : 191;

    if (length > TEXT_LENGTH_MAX)
        refuse(n, field->at, "\"%s\" is %u characters long, PostgreSQL allows %d", field->name, length, TEXT_LENGTH_MAX);
    return field->fixed ? arena_printf(n->arena, "character(%u)", length) : varchar_type(n, length);
}

static const char *decimal_type(struct normalizer *n, const struct field *field) {
    unsigned precision = field->precision, scale = field->scale;

    if (!field->precision)
        return "numeric(65,30)";
    if (precision > PRECISION_MAX)
        refuse(n, field->at, "\"%s\" has %u digits, PostgreSQL allows %d", field->name, precision, PRECISION_MAX);
    return arena_printf(n->arena, "numeric(%u,%u)", precision, scale);
}

static const char *field_native_type(struct normalizer *n, struct field *field) {
    if (field->native_type)
        return said_type(n, field);
    switch ((enum field_type)field->type) {
    case TYPE_INT:
        return "integer";
    case TYPE_BOOLEAN:
        return "boolean";
    case TYPE_FLOAT:
        return "double precision";
    case TYPE_DECIMAL:
        return decimal_type(n, field);
    case TYPE_STRING:
        return string_type(n, field);
    case TYPE_BYTES:
        return "bytea";
    case TYPE_DATE:
        return "date";
    case TYPE_TIME_OF_DAY:
        return "time without time zone";
    case TYPE_UTC:
    case TYPE_CIVIL:
        return "timestamp without time zone";
    case TYPE_ENUM:
        return enum_field_type(n, field);
    }
    return NULL;
}

static void normalize_default(struct normalizer *n, struct field *field) {
    const char *type = field->native_type;

    if (field->default_literal) {
        bool bare = pg_type_is_number(type) || pg_type_is_boolean(type);
        const char *quoted = sql_format(n->arena, &dialect_postgresql.quoting, "%L", field->default_literal);
        const char *canonical = pg_default_canonical(n->arena, quoted, type);

        if (bare && canonical && *canonical == '\'')
            refuse(n, field->at, "the default \"%s\" of \"%s\" is no value of type %s", field->default_literal, field->name, type);
        field->default_sql = canonical;
        field->default_literal = NULL;
    } else if (field->default_sql) {
        field->default_sql = pg_default_canonical(n->arena, field->default_sql, type);
    }
}

/* Serial and identity: one of them, on a whole number, never on a column that a relation brought. */
static void normalize_generation(struct normalizer *n, struct field *field) {
    if (field->derived)
        field->identity = IDENTITY_NONE;
    if (field->derived || field->identity)
        field->generated = false;
    if (!field->identity || field->identity_increment == 1)
        field->identity_increment = 0;
    if (!field->identity || field->identity_start == (field->identity_increment < 0 ? -1 : 1))
        field->identity_start = 0;
    if (!field->identity && !field->generated)
        return;
    if (!pg_type_serial(field->native_type))
        refuse(n, field->at, "\"%s\" is generated, but PostgreSQL generates whole numbers only, not %s", field->name, field->native_type);
    if (field->nullable)
        refuse(n, field->at, "\"%s\" is generated and cannot be nilable on PostgreSQL", field->name);
    if (field->default_sql)
        refuse(n, field->at, "\"%s\" is generated and cannot have a default as well", field->name);
}

static void normalize_computed(struct normalizer *n, struct field *field) {
    field->computed = bare_or_null(n->arena, field->computed);
    if (!field->computed) {
        field->stored = false;
        return;
    }
    if (!field->stored && n->target->version < VERSION_18) {
        refuse(n, field->at, "\"%s\" is computed when it is read, which PostgreSQL has from version 18 on", field->name);
        diag_hint(n->diag, "say @db:Computed {…, stored: true}");
    }
    if (!field->stored && *field->native_type == '"')
        refuse(n, field->at, "\"%s\" is computed when it is read and cannot have a type that is not PostgreSQL's own", field->name);
    if (field->default_sql)
        refuse(n, field->at, "\"%s\" is computed and cannot have a default as well", field->name);
}

static bool is_column_option(const char *key) {
    static const char *const known[] = {"storage",  "compression", "statistics", "n_distinct", "n_distinct_inherited",
                                        "sequence", "minValue",    "maxValue",   "cache",      "cycle"};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(known[i], key) == 0)
            return true;
    return false;
}

static void refuse_field_attributes(struct normalizer *n, const struct field *field) {
    if (field->charset)
        refuse_foreign(n, field->at, field->name, "character set of a column");
    if (field->on_update)
        refuse_foreign(n, field->at, field->name, "ON UPDATE of a column");
    for (size_t i = 0; i < field->options.count; i++)
        if (!is_column_option(field->options.at[i].key))
            refuse(n, field->at, "PostgreSQL has no column option \"%s\", but \"%s\" asks for it", field->options.at[i].key, field->name);
}

static void normalize_field(struct normalizer *n, struct field *field) {
    normalize_options(n, &field->options);
    refuse_field_attributes(n, field);
    field->native_type = field_native_type(n, field);
    field->collation = collation_canonical(n->arena, field->collation);
    field->comment = comment_canonical(n, field->comment);
    normalize_default(n, field);
    normalize_generation(n, field);
    normalize_computed(n, field);
}

/* The checks of the enum fields whose enum has no type of its own, before those that the model says. */
static void add_enum_checks(struct normalizer *n) {
    struct entity *entity = n->entity;
    VEC(struct check) checks = {0};

    for (size_t i = 0; i < entity->field_count; i++) {
        struct field *field = &entity->fields[i];
        const char *name = field->check_name;
        const struct enumeration *values = field->type == TYPE_ENUM ? schema_enum(n->schema, field->enum_name) : NULL;
        struct check *check;

        field->check_name = NULL;
        if (!values || values->type_name)
            continue;
        check = vec_add(n->arena, &checks);
        check->name = name;
        check->value = normal_enum_check(n->arena, &dialect_postgresql, field, values);
        check->derived = true;
        check->field = field->name;
        check->at = field->at;
    }
    for (size_t i = 0; i < entity->check_count; i++) {
        struct check check = entity->checks[i];

        if (check.not_enforced)
            refuse_foreign(n, check.at, entity->name, "check that is not enforced");
        check.value = pg_expression_bare(n->arena, check.value);
        check.comment = comment_canonical(n, check.comment);
        vec_push(n->arena, &checks, check);
    }
    entity->checks = checks.at;
    entity->check_count = checks.count;
}

/* How the index is called in messages before it has its name. */
static const char *index_shown(const struct normalizer *n, const struct index *index) {
    return index->name ? index->name : n->entity->name;
}

static bool index_reads(const struct index *index, const struct field *field) {
    if (index->where && expression_mentions(index->where, field->column))
        return true;
    for (size_t i = 0; i < index->include.count; i++)
        if (strcmp(index->include.at[i], field->name) == 0)
            return true;
    for (size_t i = 0; i < index->part_count; i++)
        if (index->parts[i].field ? strcmp(index->parts[i].field, field->name) == 0
                                  : expression_mentions(index->parts[i].expression, field->column))
            return true;
    return false;
}

static void refuse_index_of_virtual(struct normalizer *n, const struct index *index) {
    for (size_t i = 0; i < n->entity->field_count; i++) {
        const struct field *field = &n->entity->fields[i];

        if (field->computed && !field->stored && index_reads(index, field)) {
            refuse(n, index->at, "the index \"%s\" reads \"%s\", which is computed when it is read: PostgreSQL cannot index it",
                   index_shown(n, index), field->name);
            diag_hint(n->diag, "say @db:Computed {…, stored: true}");
        }
    }
}

static void normalize_part(struct normalizer *n, const struct index *index, struct index_part *part) {
    bool descending = part->order == ORDER_DESCENDING;

    if (part->prefix)
        refuse_foreign(n, index->at, index_shown(n, index), "index over the beginning of a column");
    part->expression = bare_or_null(n->arena, part->expression);
    part->collation = collation_canonical(n->arena, part->collation);
    if (part->nulls == (descending ? NULLS_FIRST : NULLS_LAST))
        part->nulls = NULLS_DEFAULT;
    if (index->constraint && (part->expression || descending || part->nulls || part->opclass || part->collation))
        refuse(n, index->at, "the unique constraint \"%s\" can name fields only; say @db:Index {unique: true, …} for the rest",
               index_shown(n, index));
}

static void normalize_index(struct normalizer *n, struct index *index) {
    char *method = arena_lower(n->arena, index->method);

    index->method = method && strcmp(method, "btree") == 0 ? NULL : method;
    index->where = bare_or_null(n->arena, index->where);
    index->comment = comment_canonical(n, index->comment);
    normalize_options(n, &index->options);
    for (size_t i = 0; i < index->part_count; i++)
        normalize_part(n, index, &index->parts[i]);
    refuse_index_of_virtual(n, index);
    if (index->constraint && index->where)
        refuse(n, index->at, "the unique constraint \"%s\" cannot be partial; say @db:Index {unique: true, where: …}",
               index_shown(n, index));
    if (!index->nulls_not_distinct || n->target->version >= VERSION_15)
        return;
    if (n->target->version == dialect_postgresql.baseline_version)
        diag_warning(n->diag, n->schema->source, index->at, 0, "nulls \"not distinct\" of \"%s\" needs PostgreSQL 15 or later",
                     index_shown(n, index));
    else
        refuse(n, index->at, "nulls \"not distinct\" of \"%s\" needs PostgreSQL 15 or later", index_shown(n, index));
}

static void normalize_excludes(struct normalizer *n) {
    struct entity *entity = n->entity;

    for (size_t i = 0; i < entity->exclude_count; i++) {
        struct exclude *exclude = &entity->excludes[i];
        const char *parts[] = {entity->table, arena_printf(n->arena, "%zu", i + 1)};

        if (!exclude->name)
            exclude->name = dialect_name(n->arena, &dialect_postgresql, "ex", &(struct names){.at = parts, .count = i ? 2 : 1});
        if (!exclude->method)
            exclude->method = "gist";
        exclude->where = bare_or_null(n->arena, exclude->where);
        exclude->comment = comment_canonical(n, exclude->comment);
    }
}

static void normalize_foreign_keys(struct normalizer *n) {
    for (size_t i = 0; i < n->entity->foreign_key_count; i++) {
        struct foreign_key *key = &n->entity->foreign_keys[i];

        key->comment = comment_canonical(n, key->comment);
        if (key->on_delete == ACTION_NO_ACTION)
            key->on_delete = ACTION_NONE;
        if (key->on_update == ACTION_NO_ACTION)
            key->on_update = ACTION_NONE;
        for (size_t k = 0; k < key->fields.count; k++) {
            const struct field *field = entity_field(n->entity, key->fields.at[k]);

            if (field->computed && !field->stored)
                refuse(n, key->at, "a foreign key over \"%s\", which is computed when it is read, is nothing PostgreSQL has", field->name);
        }
    }
}

/* PostgreSQL's own name where it fits, so that a table made by others has no other key than ours. */
static void normalize_key(struct normalizer *n) {
    struct entity *entity = n->entity;
    const char *name = arena_printf(n->arena, "%s_pkey", entity->table);

    normalize_options(n, &entity->key.options);
    entity->key.comment = comment_canonical(n, entity->key.comment);
    if (entity->key.name || !entity->key.fields.count)
        return;
    if (strlen(name) > dialect_postgresql.name_limit)
        name = dialect_name(n->arena, &dialect_postgresql, "pk", &(struct names){.at = &entity->table, .count = 1});
    entity->key.name = name;
}

static void normalize_table_options(struct normalizer *n) {
    struct entity *entity = n->entity;
    struct table_options *options = &entity->options;
    const struct {
        bool said;
        const char *what;
    } foreign[] = {{options->engine, "storage engine"},
                   {options->charset, "character set of a table"},
                   {options->collation, "collation of a table"},
                   {options->row_format, "row format"},
                   {options->strict, "STRICT table"},
                   {options->without_rowid, "table WITHOUT ROWID"}};

    for (size_t i = 0; i < sizeof foreign / sizeof *foreign; i++)
        if (foreign[i].said)
            refuse_foreign(n, entity->at, entity->name, foreign[i].what);
    normalize_options(n, &options->options);
}

static void normalize_entity(struct normalizer *n, struct entity *entity) {
    n->entity = entity;
    entity->comment = comment_canonical(n, entity->comment);
    normalize_table_options(n);
    for (size_t i = 0; i < entity->field_count; i++)
        normalize_field(n, &entity->fields[i]);
    add_enum_checks(n);
    for (size_t i = 0; i < entity->index_count; i++)
        normalize_index(n, &entity->indexes[i]);
    normalize_excludes(n);
    normalize_foreign_keys(n);
    normalize_key(n);
}

static void normalize_enum(struct normalizer *n, struct enumeration *enumeration) {
    enumeration->comment = enumeration->type_name ? comment_canonical(n, enumeration->comment) : NULL;
    for (size_t i = 0; i < enumeration->member_count; i++) {
        struct enum_member *member = &enumeration->members[i];

        member->comment = NULL;
        if (enumeration->type_name && strlen(member->value) > dialect_postgresql.name_limit)
            refuse(n, member->at, "the value \"%s\" is %zu bytes long, PostgreSQL allows %zu in an enum type", member->value,
                   strlen(member->value), dialect_postgresql.name_limit);
    }
    if (enumeration->type_name && strlen(enumeration->type_name) > dialect_postgresql.name_limit)
        refuse(n, enumeration->at, "the name \"%s\" is %zu bytes long, PostgreSQL allows %zu", enumeration->type_name,
               strlen(enumeration->type_name), dialect_postgresql.name_limit);
}

static void normalize_object(struct normalizer *n, struct object *object) {
    object->comment = comment_canonical(n, object->comment);
    if (!object->definition)
        object->definition = "";
    normalize_options(n, &object->options);
    if (!pg_object_words_of(object->kind))
        refuse(n, object->at, "PostgreSQL has no objects of the kind \"%s\", but \"%s\" is one", object->kind, object->name);
}

struct schema *pg_normalize_schema(struct arena *arena, const struct schema *schema, const struct target *target, struct diag *diag) {
    struct normalizer n = {.arena = arena, .schema = normal_copy(arena, schema), .target = target, .diag = diag};

    schema_index(arena, n.schema);
    for (size_t i = 0; i < n.schema->enum_count; i++)
        normalize_enum(&n, n.schema->enums[i]);
    for (size_t i = 0; i < n.schema->entity_count; i++)
        normalize_entity(&n, n.schema->entities[i]);
    for (size_t i = 0; i < n.schema->object_count; i++)
        normalize_object(&n, n.schema->objects[i]);
    if (normal_names(arena, n.schema, target, diag) != 0)
        n.result = -1;
    return n.result == 0 ? n.schema : NULL;
}
