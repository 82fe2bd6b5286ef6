/* Rows of the catalog (catalog.c) become tables; they are joined here, by names. What the catalog leaves out is taken from the servers' own
 * texts (introspect_objects.c): partitions, periods, USING, parsers, tablespaces, and the definitions of all that is no table. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "my_introspect.h"
#include "sqlwords.h"
#include "utf8.h"

bool my_is_mariadb(const struct my_reading *reading) {
    return reading->head->flavor == FLAVOR_MARIADB;
}

const char *my_said(const char *text) {
    return text && *text ? text : NULL;
}

void my_note_unsupported(struct my_reading *reading, struct unsupported what) {
    vec_push(reading->arena, &reading->unsupported, what);
}

void my_options_add(struct arena *arena, struct options *options, const char *key, const char *value) {
    struct option *grown = ARENA_ARRAY(arena, struct option, options->count + 1);

    for (size_t i = 0; i < options->count; i++)
        grown[i] = options->at[i];
    grown[options->count] = (struct option){.key = key, .value = value};
    *options = (struct options){.at = grown, .count = options->count + 1};
}

static struct my_read_table *table_of(struct my_reading *reading, const struct rows *rows, size_t row) {
    return map_get(&reading->tables, rows_text(rows, row, 0));
}

void my_each_row(struct my_reading *reading, enum my_query query, my_row_reader *read) {
    const struct rows *rows = &reading->results[query];

    for (size_t i = 0; i < rows->row_count; i++) {
        struct my_read_table *table = table_of(reading, rows, i);

        if (table)
            read(reading, table, rows, i);
    }
}

/* --- tables --- */

/* The words in front of "=" as the key of an option: "DATA DIRECTORY" → "data_directory". */
static const char *option_key(struct arena *arena, const char *words) {
    char *key = arena_strdup(arena, words);

    for (char *at = key; *at; at++)
        *at = (char)(*at == ' ' ? '_' : tolower((unsigned char)*at));
    return key;
}

static void add_create_option(struct my_reading *reading, struct entity *entity, const char *key, const char *value) {
    if (strcmp(key, "row_format") == 0)
        entity->options.row_format = arena_upper(reading->arena, value);
    else
        my_options_add(reading->arena, &entity->options.options, key, value);
}

/* "row_format=COMPRESSED key_block_size=8 partitioned `page_compressed`='1' DATA DIRECTORY='/tmp/'" as options. */
static void read_create_options(struct my_reading *reading, struct entity *entity, const char *text) {
    const char *key = NULL;
    struct my_word word;

    for (const char *at = text ? text : ""; my_word_next(&at, &word);) {
        if (my_word_is(&word, "partitioned"))
            continue;
        if (my_word_is(&word, "=") && key && my_word_next(&at, &word)) {
            add_create_option(reading, entity, option_key(reading->arena, key), my_word_text(reading->arena, &word));
            key = NULL;
        } else {
            const char *part = my_word_text(reading->arena, &word);

            key = key ? arena_printf(reading->arena, "%s %s", key, part) : part;
        }
    }
}

static void read_table(struct my_reading *reading, const struct rows *rows, size_t row) {
    struct my_read_table *table = ARENA_NEW(reading->arena, struct my_read_table);
    struct entity *entity = ARENA_NEW(reading->arena, struct entity);
    const char *engine = rows_text(rows, row, 1);

    entity->name = entity->table = rows_text(rows, row, 0);
    entity->comment = my_said(rows_text(rows, row, 4));
    entity->options.engine = strcasecmp(engine, "InnoDB") != 0 ? engine : NULL;
    table->entity = entity;
    table->collation = rows_text(rows, row, 2);
    if (table->collation && !text_equal(table->collation, reading->collation))
        entity->options.collation = table->collation;
    read_create_options(reading, entity, rows_text(rows, row, 3));
    if (strcmp(rows_text(rows, row, 5), "SYSTEM VERSIONED") == 0)
        my_options_add(reading->arena, &entity->options.options, "systemVersioning", "true");
    map_put(reading->arena, &reading->tables, entity->table, table);
    vec_push(reading->arena, &reading->list, table);
}

/* A table that the server cannot open has no engine; its comment says why. */
static void read_tables(struct my_reading *reading) {
    const struct rows *rows = &reading->results[QUERY_TABLES];

    for (size_t i = 0; i < rows->row_count; i++) {
        const char *type = rows_text(rows, i, 5), *name = rows_text(rows, i, 0);

        if ((strcmp(type, "BASE TABLE") != 0 && strcmp(type, "SYSTEM VERSIONED") != 0) || !my_is_wanted(reading, name))
            continue;
        if (rows_text(rows, i, 1))
            read_table(reading, rows, i);
        else
            my_note_unsupported(reading, (struct unsupported){.kind = "table", .name = name, .why = rows_text(rows, i, 4)});
    }
}

static void read_database(struct my_reading *reading) {
    const struct rows *rows = &reading->results[QUERY_DATABASE];

    if (!rows->row_count)
        return;
    reading->database = rows_text(rows, 0, 0);
    reading->user = rows_text(rows, 0, 1);
    reading->collation = rows_text(rows, 0, 2);
    reading->session_collation = rows_text(rows, 0, 3);
}

/* --- columns --- */

/* MySQL gives the bytes of its expressions as one character each: "ü" arrives as "Ã¼". A text of such characters alone, whose bytes are UTF-8,
 * is put back. */
static const char *join_bytes(struct arena *arena, const char *text) {
    char *copy, *out;

    if (!text[strcspn(text, "\xC2\xC3")])
        return text;
    copy = out = arena_strdup(arena, text);
    for (const char *at = text; *at; at++) {
        unsigned char byte = (unsigned char)*at;

        if (byte >= 0x80 && byte != 0xC2 && byte != 0xC3)
            return text;
        if (byte >= 0x80)
            byte = (unsigned char)(((byte & 3) << 6) | ((unsigned char)*++at & 0x3F));
        *out++ = (char)byte;
    }
    *out = '\0';
    return utf8_check(copy, (size_t)(out - copy)) == (size_t)(out - copy) ? copy : text;
}

const char *my_unescape(const struct my_reading *reading, const char *text) {
    char *copy, *out;

    if (!text || my_is_mariadb(reading))
        return text;
    text = join_bytes(reading->arena, text);
    copy = out = arena_strdup(reading->arena, text);
    for (const char *at = text; *at; at++) {
        bool escaped = *at == '\\' && at[1];

        at += escaped;
        *out++ = escaped && *at == 'n' ? '\n' : *at;
    }
    *out = '\0';
    return copy;
}

static bool takes_moment(const char *type) {
    return my_type_is(type, "DATETIME") || my_type_is(type, "TIMESTAMP");
}

/* MariaDB gives defaults as SQL. MySQL gives a literal's bare text, and an expression when EXTRA says so; a number that is written as an
 * expression keeps its parentheses, as the server does. */
static const char *read_default(struct my_reading *reading, const struct field *field, const char *text, const char *extra) {
    const char *value;

    if (!text || my_is_mariadb(reading))
        return my_default_canonical(reading->arena, my_words_unqualify(reading->arena, text, reading->database));
    if (strstr(extra, "DEFAULT_GENERATED")) {
        value = my_default_canonical(reading->arena, my_unescape(reading, text));
        return value && my_default_is_literal(value) ? arena_printf(reading->arena, "(%s)", value) : value;
    }
    if (my_type_is_number(field->native_type) || my_type_is(field->native_type, "BIT"))
        return text;
    if (takes_moment(field->native_type) && my_default_is_now(text))
        return text;
    if (field->type == TYPE_BYTES && strncmp(text, "0x", 2) == 0)
        return text;
    return sql_format(reading->arena, &dialect_mysql.quoting, "%L", text);
}

/* Words of EXTRA that are read elsewhere, or say what is known. */
static const char *const known_extras[] = {"auto_increment", "DEFAULT_GENERATED", "VIRTUAL GENERATED", "STORED GENERATED",
                                           "PERSISTENT",     "VIRTUAL",           "INVISIBLE",         "WITHOUT SYSTEM VERSIONING"};

/* What is left of EXTRA when all that is known is taken away: named, so that it is not lost. */
static void check_extra(struct my_reading *reading, const struct my_read_table *table, const struct field *field, const char *extra) {
    const char *at = extra;

    while (*at) {
        size_t known = 0;

        for (size_t i = 0; i < sizeof known_extras / sizeof *known_extras && !known; i++)
            if (strncasecmp(at, known_extras[i], strlen(known_extras[i])) == 0)
                known = strlen(known_extras[i]);
        if (!known && strncasecmp(at, "on update ", 10) == 0)
            known = 10 + strcspn(at + 10, " ,");
        if (!known && (*at == ' ' || *at == ','))
            known = 1;
        if (!known) {
            my_note_unsupported(reading, (struct unsupported){.kind = "column attribute",
                                                              .name = field->column,
                                                              .entity = table->entity->name,
                                                              .why = arena_printf(reading->arena, "%s is not known", at)});
            return;
        }
        at += known;
    }
}

static void read_extra(struct my_reading *reading, struct field *field, const char *extra) {
    const char *on_update = strstr(extra, "on update ");

    field->generated = strstr(extra, "auto_increment") != NULL;
    if (on_update) {
        const char *word = on_update + strlen("on update ");

        field->on_update = my_default_canonical(reading->arena, arena_strndup(reading->arena, word, strcspn(word, " ,")));
    }
    if (strstr(extra, "INVISIBLE"))
        my_options_add(reading->arena, &field->options, "invisible", "true");
    if (strstr(extra, "WITHOUT SYSTEM VERSIONING"))
        my_options_add(reading->arena, &field->options, "withoutSystemVersioning", "true");
    field->stored = strstr(extra, "STORED GENERATED") || strstr(extra, "PERSISTENT");
}

/* MariaDB gives a column with ON UPDATE that must not be NULL a default that nobody said: zero. */
static bool is_zero_stamp(const struct field *field, const char *value) {
    return field->on_update && !field->nullable && value && strncmp(value, "'0000-00-00 00:00:00", 20) == 0;
}

/* The values of an ENUM column as an enum of its own, called <table>_<column>. */
static void read_enum(struct my_reading *reading, const struct my_read_table *table, struct field *field) {
    struct names values = my_type_values(reading->arena, field->native_type);
    struct enumeration *enumeration;

    if (!my_type_is(field->native_type, "ENUM"))
        return;
    enumeration = ARENA_NEW(reading->arena, struct enumeration);
    enumeration->name = arena_printf(reading->arena, "%s_%s", table->entity->table, field->column);
    enumeration->members = ARENA_ARRAY(reading->arena, struct enum_member, values.count);
    enumeration->member_count = values.count;
    for (size_t i = 0; i < values.count; i++)
        enumeration->members[i].name = enumeration->members[i].value = values.at[i];
    field->type = TYPE_ENUM;
    field->enum_name = enumeration->name;
    vec_push(reading->arena, &reading->enums, enumeration);
}

/* A computed column; ROW START and ROW END are the two ends of a row's life in a versioned table. */
static void read_computed(struct my_reading *reading, struct field *field, const char *text) {
    if (!text || !*text)
        return;
    if (strcmp(text, "ROW START") == 0 || strcmp(text, "ROW END") == 0) {
        my_options_add(reading->arena, &field->options, text[4] == 'S' ? "rowStart" : "rowEnd", "true");
        field->stored = false;
        return;
    }
    field->computed = my_expression_bare(reading->arena, my_unescape(reading, text));
}

static void read_column(struct my_reading *reading, struct my_read_table *table, const struct rows *rows, size_t row) {
    struct field *field = vec_add(reading->arena, &table->fields);
    const char *collation = rows_text(rows, row, 5), *extra = rows_text(rows, row, 6), *srid = rows_text(rows, row, 9);

    field->name = field->column = rows_text(rows, row, 1);
    field->native_type = my_type_canonical(reading->arena, rows_text(rows, row, 4));
    my_type_describe(reading->arena, field);
    read_enum(reading, table, field);
    field->nullable = rows_true(rows, row, 3);
    read_extra(reading, field, extra);
    check_extra(reading, table, field, extra);
    field->default_sql = read_default(reading, field, rows_text(rows, row, 2), extra);
    if (my_is_mariadb(reading) && is_zero_stamp(field, field->default_sql))
        field->default_sql = NULL;
    if (collation && !text_equal(collation, table->collation) && my_type_is_text(field->native_type))
        field->collation = collation;
    field->comment = my_said(rows_text(rows, row, 7));
    read_computed(reading, field, rows_text(rows, row, 8));
    if (srid)
        my_options_add(reading->arena, &field->options, "srid", srid);
    vec_push(reading->arena, &table->collations, collation);
}

/* --- the schema --- */

static void mark_key(struct my_read_table *table) {
    for (size_t i = 0; i < table->key.count; i++)
        for (size_t k = 0; k < table->fields.count; k++)
            if (strcmp(table->fields.at[k].column, table->key.at[i]) == 0)
                table->fields.at[k].key = true;
}

/* The language generates a whole key that is an int; elsewhere an auto-increment is an option of its column. */
static void settle_numbering(struct my_reading *reading, struct entity *entity) {
    for (size_t i = 0; i < entity->field_count; i++) {
        struct field *field = &entity->fields[i];

        if (!field->generated || (field->key && entity->key.fields.count == 1 && field->type == TYPE_INT))
            continue;
        field->generated = false;
        my_options_add(reading->arena, &field->options, "autoIncrement", "true");
    }
}

static void sort_options(struct entity *entity) {
    my_options_sort(&entity->options.options);
    my_options_sort(&entity->key.options);
    for (size_t i = 0; i < entity->field_count; i++)
        my_options_sort(&entity->fields[i].options);
    for (size_t i = 0; i < entity->index_count; i++)
        my_options_sort(&entity->indexes[i].options);
}

static struct entity *finish_table(struct my_reading *reading, struct my_read_table *table) {
    struct entity *entity = table->entity;

    mark_key(table);
    entity->fields = table->fields.at;
    entity->field_count = table->fields.count;
    entity->key.fields = (struct names){.at = table->key.at, .count = table->key.count};
    entity->key.absent = !table->key.count;
    entity->foreign_keys = table->foreign_keys.at;
    entity->foreign_key_count = table->foreign_keys.count;
    entity->checks = table->checks.at;
    entity->check_count = table->checks.count;
    entity->indexes = table->indexes.at;
    for (size_t i = 0; i < table->indexes.count; i++)
        if (!my_index_is_implicit(entity, &table->indexes.at[i]))
            entity->indexes[entity->index_count++] = table->indexes.at[i];
    settle_numbering(reading, entity);
    sort_options(entity);
    return entity;
}

static void finish_schema(struct my_reading *reading) {
    struct schema *schema = reading->schema;

    schema->entities = ARENA_ARRAY(reading->arena, struct entity *, reading->list.count);
    for (size_t i = 0; i < reading->list.count; i++)
        schema->entities[schema->entity_count++] = finish_table(reading, reading->list.at[i]);
    schema->enums = reading->enums.at;
    schema->enum_count = reading->enums.count;
    schema->objects = reading->objects.at;
    schema->object_count = reading->objects.count;
    schema->unsupported = reading->unsupported.at;
    schema->unsupported_count = reading->unsupported.count;
    schema_index(reading->arena, schema);
}

struct schema *my_introspect(struct db *db, const struct scope *scope, struct arena *arena, struct diag *diag) {
    static const struct scope everything;
    struct my_reading reading = {.db = db, .arena = arena, .diag = diag, .head = db_head(db), .scope = scope ? scope : &everything};

    reading.schema = ARENA_NEW(arena, struct schema);
    if (my_catalog_read(&reading) != 0)
        return NULL;
    read_database(&reading);
    if (!reading.database) {
        diag_fail(diag, "no database is chosen");
        diag_hint(diag, "the URL ends in its name: mysql://user@host/name");
        return NULL;
    }
    read_tables(&reading);
    my_each_row(&reading, QUERY_COLUMNS, read_column);
    my_read_parts(&reading);
    if (my_read_statements(&reading) != 0)
        return NULL;
    my_read_privileges(&reading);
    finish_schema(&reading);
    return reading.schema;
}
