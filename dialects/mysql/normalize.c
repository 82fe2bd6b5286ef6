#include <string.h>
#include <strings.h>

#include "my_object_kinds.h"
#include "mysql_internal.h"
#include "partitions.h"
#include "utf8.h"

enum { INDEX_BYTES = 3072, TABLE_COMMENT_LIMIT = 2048, COLUMN_COMMENT_LIMIT = 1024 };

struct normalizer {
    struct arena *arena;
    struct schema *schema;
    const struct target *target;
    struct diag *diag;
    struct entity *entity; /* at work */
    bool failed;
};

static void refuse(struct normalizer *normalizer, struct span at, const char *what, const char *instead) {
    diag_error(normalizer->diag, normalizer->schema->source, at, 0, "%s has no %s", normalizer->target->dialect->title, what);
    if (instead)
        diag_hint(normalizer->diag, "%s", instead);
    normalizer->failed = true;
}

/* Is it known that the server is of another flavor than ONLY? */
static bool is_other(const struct normalizer *normalizer, enum flavor only) {
    enum flavor flavor = normalizer->target->flavor;

    return only != FLAVOR_NONE && flavor != FLAVOR_NONE && flavor != only;
}

/* --- characters beyond U+FFFF ---
 *
 * The catalogs of both servers are utf8mb3: such a character in a name is refused, and elsewhere is kept as "?". */

static bool is_beyond(char byte) {
    return (unsigned char)byte >= 0xF0;
}

static bool has_beyond(const char *text) {
    while (text && *text && !is_beyond(*text))
        text++;
    return text && *text;
}

/* "Database, table, and column names cannot end with space characters": any white space, as the servers read it. */
static void check_last(struct normalizer *normalizer, const char *name, struct span at) {
    size_t length = name ? strlen(name) : 0;

    if (!length || !strchr(" \t\n\v\f\r", name[length - 1]))
        return;
    diag_error(normalizer->diag, normalizer->schema->source, at, 0, "the name \"%s\" ends in white space, which %s allows in no name", name,
               normalizer->target->dialect->title);
    diag_hint(normalizer->diag, "@sql:Name gives another name");
    normalizer->failed = true;
}

static void check_name(struct normalizer *normalizer, const char *name, struct span at) {
    check_last(normalizer, name, at);
    if (!has_beyond(name))
        return;
    diag_error(normalizer->diag, normalizer->schema->source, at, 0, "the name \"%s\" has a character that %s allows in no name", name,
               normalizer->target->dialect->title);
    diag_hint(normalizer->diag, "only characters up to U+FFFF are; @sql:Name gives another name");
    normalizer->failed = true;
}

static void check_value(struct normalizer *normalizer, const struct enum_member *member, const struct field *field) {
    if (!has_beyond(member->value))
        return;
    diag_error(normalizer->diag, normalizer->schema->source, member->at, 0,
               "%s would forget the enum value \"%s\": its catalog holds \"?\"", normalizer->target->dialect->title, member->value);
    diag_note(normalizer->diag, normalizer->schema->source, field->at, "\"%s\" is an ENUM of these values", field->name);
    diag_hint(normalizer->diag, "give the member a value without characters beyond U+FFFF, or the field the type string");
    normalizer->failed = true;
}

/* The comment as the server will keep it. */
static const char *kept_comment(struct normalizer *normalizer, const char *comment) {
    char *copy, *out;

    if (!has_beyond(comment))
        return comment;
    copy = out = arena_strdup(normalizer->arena, comment);
    for (const char *at = comment; *at; at += is_beyond(*at) ? 4 : 1)
        *out++ = is_beyond(*at) ? '?' : *at;
    *out = '\0';
    return copy;
}

/* --- columns --- */

static const char *model_type(struct normalizer *normalizer, const struct field *field) {
    struct arena *arena = normalizer->arena;
    const struct enumeration *values;
    struct names names;

    switch ((enum field_type)field->type) {
    case TYPE_INT:
        return "INT";
    case TYPE_BOOLEAN:
        return "TINYINT(1)";
    case TYPE_FLOAT:
        return "DOUBLE";
    case TYPE_DECIMAL:
        return field->precision ? arena_printf(arena, "DECIMAL(%u,%u)", field->precision, field->scale) : "DECIMAL(65,30)";
    case TYPE_STRING:
        return arena_printf(arena, "%s(%u)", field->fixed ? "CHAR" : "VARCHAR", field->length ? field->length : 191);
    case TYPE_BYTES:
        return "LONGBLOB";
    case TYPE_DATE:
        return "DATE";
    case TYPE_TIME_OF_DAY:
        return "TIME";
    case TYPE_UTC:
        return "TIMESTAMP";
    case TYPE_CIVIL:
        return "DATETIME";
    case TYPE_ENUM:
        break;
    }
    values = schema_enum(normalizer->schema, field->enum_name);
    names = (struct names){.at = ARENA_ARRAY(arena, const char *, values->member_count), .count = values->member_count};
    for (size_t i = 0; i < names.count; i++) {
        names.at[i] = values->members[i].value;
        check_value(normalizer, &values->members[i], field);
    }
    return my_type_enum(arena, &names);
}

/* Lengths that a server refuses. */
static void check_size(struct normalizer *normalizer, const struct field *field) {
    const char *message = NULL;
    unsigned width = my_charset_width(field->charset, field->collation);

    if (field->type == TYPE_DECIMAL && field->precision > 65)
        message = "decimal of more than 65 digits";
    else if (field->type == TYPE_DECIMAL && field->scale > 38)
        message = "decimal of more than 38 digits behind the point";
    else if (field->type == TYPE_STRING && !field->native_type && field->fixed && field->length > 255)
        message = "CHAR of more than 255 characters";
    else if (field->type == TYPE_STRING && !field->native_type && (size_t)field->length * width > 65532)
        message = "VARCHAR of that many characters: a row holds 65535 bytes";
    if (message)
        refuse(normalizer, field->at, message, field->type == TYPE_STRING ? "use @db:Type {value: \"TEXT\"}" : NULL);
}

/* A literal as the server wants it: numbers and truth values bare, everything else quoted. */
static const char *literal_default(struct normalizer *normalizer, const struct field *field) {
    const char *text = field->default_literal;

    if (field->type == TYPE_BOOLEAN && (strcasecmp(text, "true") == 0 || strcasecmp(text, "false") == 0))
        return strcasecmp(text, "true") == 0 ? "1" : "0";
    if (my_type_is_number(field->native_type) && my_default_is_literal(text) && *text != '\'')
        return text;
    return sql_format(normalizer->arena, &normalizer->target->dialect->quoting, "%L", text);
}

/* A literal that is written as an expression stays one on MySQL, which keeps the parentheses; MariaDB takes both for the literal. Where
 * it is not known which of them it will be, what both take. */
static const char *expression_default(struct normalizer *normalizer, const char *text) {
    const char *value = my_default_canonical(normalizer->arena, text);

    if (!value || *text != '(' || normalizer->target->flavor == FLAVOR_MARIADB || !my_default_is_literal(value))
        return value;
    return arena_printf(normalizer->arena, "(%s)", value);
}

static void normalize_default(struct normalizer *normalizer, struct field *field) {
    if (field->default_literal)
        field->default_sql = literal_default(normalizer, field);
    else
        field->default_sql = expression_default(normalizer, field->default_sql);
    field->default_literal = NULL;
    field->check_name = NULL; /* an ENUM checks itself */
    if (my_is_numbered(field))
        field->default_sql = NULL;
    if (field->on_update)
        field->on_update = my_default_canonical(normalizer->arena, field->on_update);
}

/* A collation alone says its character set; one that the table has already says nothing. */
static void normalize_collation(struct normalizer *normalizer, struct field *field) {
    const struct table_options *table = &normalizer->entity->options;

    if (!my_type_is_text(field->native_type)) {
        field->charset = field->collation = NULL;
        return;
    }
    if (field->collation && field->charset && strncasecmp(field->collation, field->charset, strlen(field->charset)) == 0)
        field->charset = NULL;
    if (field->collation && !field->charset && table->collation && strcasecmp(field->collation, table->collation) == 0)
        field->collation = NULL;
    if (field->charset && !field->collation && !table->collation && table->charset && strcasecmp(field->charset, table->charset) == 0)
        field->charset = NULL;
}

/* Options of a column, and the flavor that alone has them. */
static const struct {
    const char *key;
    enum flavor only;
} field_options[] = {{"autoIncrement", FLAVOR_NONE},
                     {"check", FLAVOR_MARIADB},
                     {"columnFormat", FLAVOR_MYSQL},
                     {"storage", FLAVOR_MYSQL},
                     {"invisible", FLAVOR_NONE},
                     {"periodEnd", FLAVOR_MARIADB},
                     {"periodStart", FLAVOR_MARIADB},
                     {"rowEnd", FLAVOR_MARIADB},
                     {"rowStart", FLAVOR_MARIADB},
                     {"srid", FLAVOR_MYSQL},
                     {"withoutSystemVersioning", FLAVOR_MARIADB}};

static void check_field_options(struct normalizer *normalizer, struct field *field) {
    for (size_t i = 0; i < field->options.count; i++) {
        const char *key = field->options.at[i].key;
        size_t row = 0;

        while (row < sizeof field_options / sizeof *field_options && strcmp(field_options[row].key, key) != 0)
            row++;
        if (row == sizeof field_options / sizeof *field_options)
            refuse(normalizer, field->at, arena_printf(normalizer->arena, "column option \"%s\" that persist knows", key), NULL);
        else if (is_other(normalizer, field_options[row].only))
            refuse(normalizer, field->at, arena_printf(normalizer->arena, "column option \"%s\"", key),
                   strcmp(key, "check") == 0 ? "use @db:Check on the entity" : NULL);
    }
    my_options_sort(&field->options);
}

static void check_field(struct normalizer *normalizer, struct field *field) {
    if (field->identity != IDENTITY_NONE)
        refuse(normalizer, field->at, "identity columns", "use @sql:Generated for AUTO_INCREMENT");
    if (field->comment && utf8_count(field->comment, strlen(field->comment)) > COLUMN_COMMENT_LIMIT)
        refuse(normalizer, field->at, "column comments of more than 1024 characters", "say options.comments = false, or make it shorter");
    check_field_options(normalizer, field);
}

static bool computed_takes_not_null(const struct normalizer *normalizer) {
    return normalizer->target->flavor == FLAVOR_MYSQL;
}

static void normalize_field(struct normalizer *normalizer, struct field *field) {
    check_name(normalizer, field->column, field->at);
    check_size(normalizer, field);
    check_field(normalizer, field);
    field->native_type = field->native_type ? my_type_canonical(normalizer->arena, field->native_type) : model_type(normalizer, field);
    if (normalizer->target->flavor != FLAVOR_MARIADB)
        field->native_type = my_type_without_width(normalizer->arena, field->native_type);
    normalize_default(normalizer, field);
    normalize_collation(normalizer, field);
    if (field->computed) {
        field->computed = my_expression_bare(normalizer->arena, field->computed);
        field->nullable = field->nullable || !computed_takes_not_null(normalizer);
    }
    if (field->key)
        field->nullable = false;
    field->comment = normalizer->target->comments ? kept_comment(normalizer, field->comment) : NULL;
}

/* --- tables --- */

static void normalize_table_options(struct normalizer *normalizer) {
    struct entity *entity = normalizer->entity;
    struct table_options *options = &entity->options;

    if (options->strict || options->without_rowid)
        refuse(normalizer, entity->at, options->strict ? "STRICT tables" : "WITHOUT ROWID tables", "they are SQLite's");
    if (options->unlogged)
        refuse(normalizer, entity->at, "unlogged tables", NULL);
    if (options->tablespace && is_other(normalizer, FLAVOR_MYSQL))
        refuse(normalizer, entity->at, "tablespaces (MariaDB)", NULL);
    options->partition_by = my_partition_canonical(normalizer->arena, options->partition_by);
    my_options_sort(&options->options);
    if (options->engine && strcasecmp(options->engine, "InnoDB") == 0)
        options->engine = NULL;
    if (options->collation && options->charset && strncasecmp(options->collation, options->charset, strlen(options->charset)) == 0)
        options->charset = NULL;
    options->row_format = arena_upper(normalizer->arena, options->row_format);
}

/* Our tables are the database's: a namespace says nothing here. */
static void normalize_table(struct normalizer *normalizer) {
    struct entity *entity = normalizer->entity;

    if (entity->namespace) {
        diag_warning(normalizer->diag, normalizer->schema->source, entity->at, 0,
                     "%s has no namespaces inside a database: @sql:Schema of \"%s\" is ignored", normalizer->target->dialect->title,
                     entity->name);
        entity->namespace = NULL;
    }
    check_name(normalizer, entity->table, entity->at);
    normalize_table_options(normalizer);
    entity->comment = normalizer->target->comments ? kept_comment(normalizer, entity->comment) : NULL;
    if (entity->comment && utf8_count(entity->comment, strlen(entity->comment)) > TABLE_COMMENT_LIMIT)
        refuse(normalizer, entity->at, "table comments of more than 2048 characters", "say options.comments = false, or make it shorter");
    entity->key.name = NULL;
    entity->key.explicit_order = false;
    my_options_sort(&entity->key.options);
    for (size_t i = 0; i < entity->exclude_count; i++)
        refuse(normalizer, entity->excludes[i].at, "exclusion constraints", "use a unique index where the values are equal");
}

/* --- indexes --- */

/* BTREE and HASH are kept where they are said: servers print them, though InnoDB makes the one of the other. */
static const char *index_method(struct normalizer *normalizer, const struct index *index) {
    static const char *const methods[] = {"btree", "fulltext", "hash", "spatial", "vector", NULL};

    if (!index->method)
        return NULL;
    for (size_t i = 0; methods[i]; i++)
        if (strcasecmp(index->method, methods[i]) == 0)
            return methods[i];
    refuse(normalizer, index->at, arena_printf(normalizer->arena, "index method \"%s\"", index->method),
           "there are btree, fulltext and spatial");
    return NULL;
}

static bool is_index_option(const char *key) {
    static const char *const keys[] = {"distance", "invisible", "key_block_size", "m", "parser", "withoutOverlaps"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strcmp(keys[i], key) == 0)
            return true;
    return false;
}

static void check_index(struct normalizer *normalizer, const struct index *index) {
    check_name(normalizer, index->name, index->at);
    if (index->where)
        refuse(normalizer, index->at, "partial indexes", "a generated column that is NULL for the other rows can be indexed instead");
    if (index->include.count)
        refuse(normalizer, index->at, "covering columns of an index", "add them behind its keys");
    if (index->nulls_not_distinct)
        refuse(normalizer, index->at, "unique index in which NULLs are equal", NULL);
    if (index->deferrable != DEFERRABLE_NOT)
        refuse(normalizer, index->at, "deferrable constraints", NULL);
    for (size_t i = 0; i < index->options.count; i++)
        if (!is_index_option(index->options.at[i].key))
            refuse(normalizer, index->at,
                   arena_printf(normalizer->arena, "index option \"%s\" that persist knows", index->options.at[i].key), NULL);
}

/* NULLs are lowest on MySQL: first where ascending, last where descending. */
static void normalize_part(struct normalizer *normalizer, const struct index *index, struct index_part *part) {
    enum nulls_order natural = part->order == ORDER_DESCENDING ? NULLS_LAST : NULLS_FIRST;

    if (part->opclass)
        refuse(normalizer, index->at, "operator classes", NULL);
    if (part->collation)
        refuse(normalizer, index->at, "collation of an index member", "give the column the collation");
    if (part->nulls != NULLS_DEFAULT && part->nulls != natural)
        refuse(normalizer, index->at, "order of NULLs in an index", "they come first ascending and last descending");
    part->nulls = NULLS_DEFAULT;
    if (!part->expression)
        return;
    part->expression = my_expression_bare(normalizer->arena, part->expression);
    if (normalizer->target->flavor == FLAVOR_MARIADB)
        refuse(normalizer, index->at, "index on an expression (MariaDB)", "index a computed column");
}

/* The bytes of PART, or 0 after a report. */
static size_t part_bytes(struct normalizer *normalizer, struct span at, const char *name, uint32_t prefix) {
    const struct field *field = entity_field(normalizer->entity, name);
    const struct table_options *table = &normalizer->entity->options;
    bool follows = !field->charset && !field->collation;

    if (my_type_is_large(field->native_type) && !prefix) {
        diag_error(normalizer->diag, normalizer->schema->source, at, 0, "an index on \"%s\" needs a length: %s is too long for a key", name,
                   field->native_type);
        diag_hint(normalizer->diag, "index its beginning with {field: \"%s\", prefix: 191}, or make it a VARCHAR", name);
        normalizer->failed = true;
        return 0;
    }
    return my_type_key_bytes(&(struct field){.native_type = field->native_type,
                                             .charset = follows ? table->charset : field->charset,
                                             .collation = follows ? table->collation : field->collation},
                             prefix);
}

static void check_bytes(struct normalizer *normalizer, struct span at, const char *what, size_t bytes) {
    if (bytes <= INDEX_BYTES)
        return;
    diag_error(normalizer->diag, normalizer->schema->source, at, 0, "%s takes %zu bytes, more than the %d that a key may have", what, bytes,
               INDEX_BYTES);
    diag_hint(normalizer->diag, "shorten the columns, or index the beginning of one with prefix");
    normalizer->failed = true;
}

/* FULLTEXT and the like have no such limit; nor has a unique index on MariaDB, which becomes one of hashes when it is too long. */
static bool is_hashed(const struct normalizer *normalizer, const struct index *index) {
    return !my_index_is_tree(index) || (index->unique && normalizer->target->flavor == FLAVOR_MARIADB);
}

static void check_index_bytes(struct normalizer *normalizer, const struct index *index) {
    size_t bytes = 0;

    if (is_hashed(normalizer, index))
        return;
    for (size_t i = 0; i < index->part_count; i++)
        if (index->parts[i].field)
            bytes += part_bytes(normalizer, index->at, index->parts[i].field, index->parts[i].prefix);
    check_bytes(normalizer, index->at, arena_printf(normalizer->arena, "the index \"%s\"", index->name ? index->name : ""), bytes);
}

static void check_key_bytes(struct normalizer *normalizer) {
    const struct entity *entity = normalizer->entity;
    size_t bytes = 0;

    for (size_t i = 0; i < entity->key.fields.count; i++) {
        const struct field *field = entity_field(entity, entity->key.fields.at[i]);

        bytes += part_bytes(normalizer, field->at, field->name, my_key_prefix(entity, i));
    }
    check_bytes(normalizer, entity->at, "the primary key", bytes);
}

static void normalize_indexes(struct normalizer *normalizer) {
    struct entity *entity = normalizer->entity;

    check_key_bytes(normalizer);
    for (size_t i = 0; i < entity->index_count; i++) {
        struct index *index = &entity->indexes[i];

        check_index(normalizer, index);
        index->method = index_method(normalizer, index);
        index->constraint = false;
        my_options_sort(&index->options);
        for (size_t k = 0; k < index->part_count; k++)
            normalize_part(normalizer, index, &index->parts[k]);
        check_index_bytes(normalizer, index);
    }
}

/* --- foreign keys and checks --- */

static bool leads(const struct names *some, const struct names *all) {
    for (size_t i = 0; i < some->count; i++)
        if (i >= all->count || strcmp(some->at[i], all->at[i]) != 0)
            return false;
    return true;
}

static bool index_leads(const struct names *some, const struct index *index) {
    for (size_t i = 0; i < some->count; i++)
        if (i >= index->part_count || !index->parts[i].field || strcmp(some->at[i], index->parts[i].field) != 0)
            return false;
    return true;
}

static bool target_has_key(const struct entity *target, const struct names *fields) {
    if (leads(fields, &target->key.fields))
        return true;
    for (size_t i = 0; i < target->index_count; i++)
        if (index_leads(fields, &target->indexes[i]))
            return true;
    return false;
}

/* InnoDB checks at once whether nothing, NO ACTION or RESTRICT is said; but each server prints the one of the two words that is not its
 * default, so it is kept where the server is known. */
static enum ref_action normalize_action(struct normalizer *normalizer, const struct foreign_key *key, enum ref_action action) {
    enum flavor flavor = normalizer->target->flavor;

    switch (action) {
    case ACTION_NONE:
        return action;
    case ACTION_NO_ACTION:
        return flavor == FLAVOR_MARIADB ? action : ACTION_NONE;
    case ACTION_RESTRICT:
        return flavor == FLAVOR_MYSQL ? action : ACTION_NONE;
    case ACTION_CASCADE:
    case ACTION_SET_NULL:
        return action;
    case ACTION_SET_DEFAULT:
        break;
    }
    refuse(normalizer, key->at, "SET DEFAULT for foreign keys", "use SET NULL or CASCADE");
    return ACTION_NONE;
}

static void check_foreign_key(struct normalizer *normalizer, const struct foreign_key *key) {
    const struct entity *target = schema_entity(normalizer->schema, key->target);

    check_name(normalizer, key->name, key->at);
    if (key->deferrable != DEFERRABLE_NOT)
        refuse(normalizer, key->at, "deferrable foreign keys", NULL);
    if (key->match_full)
        refuse(normalizer, key->at, "MATCH FULL", NULL);
    if (key->not_validated)
        refuse(normalizer, key->at, "foreign keys that leave old rows unchecked", NULL);
    if (target_has_key(target, &key->target_fields))
        return;
    diag_error(normalizer->diag, normalizer->schema->source, key->at, 0,
               "a foreign key to \"%s\" needs an index there that begins with its columns", target->name);
    diag_hint(normalizer->diag, "add @db:Unique {keys: [...]} to \"%s\"", target->name);
    normalizer->failed = true;
}

/* FIELD compares as HELD of TARGET does, which may follow its table. */
static void take_collation(const struct entity *entity, struct field *field, const struct entity *target, const struct field *held) {
    bool follows = !held->charset && !held->collation;
    const char *charset = follows ? target->options.charset : held->charset;
    const char *collation = follows ? target->options.collation : held->collation;
    bool same = text_equal(charset, entity->options.charset) && text_equal(collation, entity->options.collation);

    field->charset = same || !my_type_is_text(held->native_type) ? NULL : charset;
    field->collation = same || !my_type_is_text(held->native_type) ? NULL : collation;
}

/* A column that a relation brought has the type of the key it holds. */
static void take_key_types(struct normalizer *normalizer, struct entity *entity, const struct foreign_key *key) {
    const struct entity *target = schema_entity(normalizer->schema, key->target);

    for (size_t i = 0; i < key->fields.count; i++) {
        struct field *field = entity_field(entity, key->fields.at[i]);
        const struct field *held = entity_field(target, key->target_fields.at[i]);

        if (!field->derived)
            continue;
        field->native_type = held->native_type;
        take_collation(entity, field, target, held);
    }
}

static void normalize_foreign_keys(struct normalizer *normalizer) {
    struct entity *entity = normalizer->entity;

    for (size_t i = 0; i < entity->foreign_key_count; i++) {
        struct foreign_key *key = &entity->foreign_keys[i];

        check_foreign_key(normalizer, key);
        key->on_delete = (uint8_t)normalize_action(normalizer, key, (enum ref_action)key->on_delete);
        key->on_update = (uint8_t)normalize_action(normalizer, key, (enum ref_action)key->on_update);
    }
}

static void normalize_checks(struct normalizer *normalizer) {
    struct entity *entity = normalizer->entity;

    for (size_t i = 0; i < entity->check_count; i++) {
        check_name(normalizer, entity->checks[i].name, entity->checks[i].at);
        if (entity->checks[i].not_validated)
            refuse(normalizer, entity->checks[i].at, "checks that leave old rows unchecked", NULL);
        if (entity->checks[i].not_enforced && normalizer->target->flavor == FLAVOR_MARIADB)
            refuse(normalizer, entity->checks[i].at, "checks that are not enforced (MariaDB)", NULL);
        entity->checks[i].value = my_expression_bare(normalizer->arena, entity->checks[i].value);
    }
}

/* An index that says what the server makes by itself for a foreign key of its name is left to the server. */
static void drop_implicit(struct entity *entity) {
    size_t kept = 0;

    for (size_t i = 0; i < entity->index_count; i++)
        if (!my_index_is_implicit(entity, &entity->indexes[i]))
            entity->indexes[kept++] = entity->indexes[i];
    entity->index_count = kept;
}

/* --- the schema --- */

typedef void entity_step(struct normalizer *normalizer);

static void each_entity(struct normalizer *normalizer, entity_step *step) {
    for (size_t i = 0; i < normalizer->schema->entity_count; i++) {
        normalizer->entity = normalizer->schema->entities[i];
        step(normalizer);
    }
}

static void normalize_columns(struct normalizer *normalizer) {
    normalize_table(normalizer);
    for (size_t i = 0; i < normalizer->entity->field_count; i++)
        normalize_field(normalizer, &normalizer->entity->fields[i]);
}

/* Twice: the key that is held may itself have been brought by a relation. */
static void normalize_derived(struct normalizer *normalizer) {
    struct entity *entity = normalizer->entity;

    for (size_t i = 0; i < entity->foreign_key_count; i++)
        take_key_types(normalizer, entity, &entity->foreign_keys[i]);
}

static void normalize_rest(struct normalizer *normalizer) {
    normalize_indexes(normalizer);
    normalize_foreign_keys(normalizer);
    normalize_checks(normalizer);
}

/* Enum types are PostgreSQL's: here each column says its values. */
static void drop_enum_types(struct schema *schema) {
    for (size_t i = 0; i < schema->enum_count; i++)
        schema->enums[i]->type_name = schema->enums[i]->type_namespace = NULL;
}

struct schema *my_normalize(struct arena *arena, const struct schema *schema, const struct target *target, struct diag *diag) {
    struct normalizer normalizer = {.arena = arena, .schema = normal_copy(arena, schema), .target = target, .diag = diag};

    schema_index(arena, normalizer.schema);
    drop_enum_types(normalizer.schema);
    each_entity(&normalizer, normalize_columns);
    each_entity(&normalizer, normalize_derived);
    each_entity(&normalizer, normalize_derived);
    each_entity(&normalizer, normalize_rest);
    if (my_normalize_objects(arena, normalizer.schema, target, diag) != 0)
        return NULL;
    if (normalizer.failed || normal_names(arena, normalizer.schema, target, diag) != 0)
        return NULL;
    for (size_t i = 0; i < normalizer.schema->entity_count; i++)
        drop_implicit(normalizer.schema->entities[i]);
    return normalizer.schema;
}
