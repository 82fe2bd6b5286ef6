#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bug.h"
#include "mysql_internal.h"
#include "sqlwords.h"

/* --- expressions --- */

static const char *skip_blanks(const char *at) {
    while (isspace((unsigned char)*at))
        at++;
    return at;
}

/* Behind the parenthesis that closes the one at AT, or NULL. */
static const char *skip_group(const char *at) {
    int depth = 0;

    while (*at) {
        if (*at == '\'' || *at == '"' || *at == '`') {
            at = my_skip_quoted(at);
            continue;
        }
        depth += *at == '(';
        depth -= *at == ')';
        at++;
        if (!depth)
            return at;
    }
    return NULL;
}

const char *my_expression_bare(struct arena *arena, const char *expression) {
    for (;;) {
        const char *start = skip_blanks(expression);
        size_t length = strlen(start);
        const char *end;

        while (length && isspace((unsigned char)start[length - 1]))
            length--;
        start = arena_strndup(arena, start, length);
        end = *start == '(' ? skip_group(start) : NULL;
        if (!end || *end)
            return start;
        expression = arena_strndup(arena, start + 1, length - 2);
    }
}

/* CURRENT_TIMESTAMP(n) for the spellings of NOW(n); NULL for another expression. */
static const char *now_canonical(struct arena *arena, const char *text) {
    static const char *const names[] = {"current_timestamp", "now", "localtime", "localtimestamp"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        size_t length = strlen(names[i]);
        const char *rest = text + length;

        if (strncasecmp(text, names[i], length) != 0)
            continue;
        if (!*rest)
            return strcasecmp(names[i], "now") == 0 ? NULL : "CURRENT_TIMESTAMP";
        if (strcmp(rest, "()") == 0 || strcmp(rest, "(0)") == 0)
            return "CURRENT_TIMESTAMP";
        if (*rest == '(' && isdigit((unsigned char)rest[1]) && strcmp(rest + 2, ")") == 0)
            return arena_printf(arena, "CURRENT_TIMESTAMP(%c)", rest[1]);
    }
    return NULL;
}

const char *my_default_canonical(struct arena *arena, const char *expression) {
    const char *bare;
    const char *now;

    if (!expression)
        return NULL;
    bare = my_expression_bare(arena, expression);
    now = now_canonical(arena, bare);
    if (now)
        return now;
    if (strcasecmp(bare, "null") == 0)
        return NULL;
    if (strcasecmp(bare, "true") == 0)
        return "1";
    return strcasecmp(bare, "false") == 0 ? "0" : bare;
}

bool my_default_is_now(const char *expression) {
    return strncmp(expression, "CURRENT_TIMESTAMP", strlen("CURRENT_TIMESTAMP")) == 0;
}

bool my_default_is_literal(const char *expression) {
    if (*expression == '\'')
        return !*my_skip_quoted(expression);
    if ((*expression == 'b' || *expression == 'B' || *expression == 'x' || *expression == 'X') && expression[1] == '\'')
        return !*my_skip_quoted(expression + 1);
    if (strncmp(expression, "0x", 2) == 0)
        return expression[strspn(expression + 2, "0123456789abcdefABCDEF") + 2] == '\0';
    expression += *expression == '-' || *expression == '+';
    return isdigit((unsigned char)*expression) && !expression[strspn(expression, "0123456789.eE+-")];
}

/* --- options --- */

const char *my_option(const struct options *options, const char *key) {
    for (size_t i = 0; i < options->count; i++)
        if (strcasecmp(options->at[i].key, key) == 0)
            return options->at[i].value;
    return NULL;
}

bool my_option_is(const struct options *options, const char *key) {
    const char *value = my_option(options, key);

    return value && strcasecmp(value, "false") != 0;
}

static int by_key(const void *a, const void *b) {
    return strcmp(((const struct option *)a)->key, ((const struct option *)b)->key);
}

void my_options_sort(struct options *options) {
    if (options->count > 1)
        qsort(options->at, options->count, sizeof *options->at, by_key);
}

/* --- columns --- */

/* Literals stand as they are but on types that take only expressions. */
static void define_default(struct sql *sql, const struct field *field, const char *type) {
    const char *value = field->default_sql;

    if (!value)
        return;
    if (my_default_is_now(value) || (my_default_is_literal(value) && !my_type_is_large(type)))
        sqlf(sql, " DEFAULT %X", value);
    else
        sqlf(sql, " DEFAULT (%X)", value);
}

static void define_computed(struct sql *sql, const struct field *field) {
    sqlf(sql, " GENERATED ALWAYS AS (%X) %T", field->computed, field->stored ? "STORED" : "VIRTUAL");
    if (!field->nullable)
        sqlf(sql, " NOT NULL");
}

bool my_is_numbered(const struct field *field) {
    return field->generated || my_option_is(&field->options, "autoIncrement");
}

/* A TIMESTAMP says NULL, since without it old servers make it NOT NULL. */
static void define_plain(struct sql *sql, const struct my_definition *definition, const char *type) {
    const struct field *field = definition->field;

    bool nullable = definition->nullable || field->nullable;

    if (!nullable)
        sqlf(sql, " NOT NULL");
    else if (my_type_is(type, "TIMESTAMP"))
        sqlf(sql, " NULL");
    define_default(sql, field, type);
    if (field->on_update)
        sqlf(sql, " ON UPDATE %X", field->on_update);
    if (my_is_numbered(field))
        sqlf(sql, " AUTO_INCREMENT");
}

/* The beginning or the end of a row's life in a versioned table. */
static bool define_life(struct sql *sql, const struct field *field) {
    bool start = my_option_is(&field->options, "rowStart");

    if (!start && !my_option_is(&field->options, "rowEnd"))
        return false;
    sqlf(sql, " GENERATED ALWAYS AS ROW %T", start ? "START" : "END");
    return true;
}

void my_define_column(struct sql *sql, const struct my_definition *definition) {
    const struct field *field = definition->field;
    const char *type = definition->type ? definition->type : field->native_type;
    const char *check = my_option(&field->options, "check"), *srid = my_option(&field->options, "srid");

    sqlf(sql, "%I %T", definition->column ? definition->column : field->column, type);
    if (field->charset)
        sqlf(sql, " CHARACTER SET %I", field->charset);
    if (field->collation)
        sqlf(sql, " COLLATE %I", field->collation);
    if (field->computed && !definition->plain)
        define_computed(sql, field);
    else if (!define_life(sql, field))
        define_plain(sql, definition, type);
    if (srid)
        sqlf(sql, " SRID %X", srid);
    if (my_option(&field->options, "columnFormat"))
        sqlf(sql, " COLUMN_FORMAT %X", my_option(&field->options, "columnFormat"));
    if (my_option(&field->options, "storage"))
        sqlf(sql, " STORAGE %X", my_option(&field->options, "storage"));
    if (my_option_is(&field->options, "invisible"))
        sqlf(sql, " INVISIBLE");
    if (my_option_is(&field->options, "withoutSystemVersioning"))
        sqlf(sql, " WITHOUT SYSTEM VERSIONING");
    if (field->comment)
        sqlf(sql, " COMMENT %L", field->comment);
    if (check)
        sqlf(sql, " CHECK (%X)", check);
}

/* --- indexes, keys, tables --- */

static void define_part(struct sql *sql, const struct entity *entity, const struct index_part *part) {
    if (part->field)
        sqlf(sql, "%I", entity_column(entity, part->field));
    else
        sqlf(sql, "(%X)", part->expression);
    if (part->prefix)
        sqlf(sql, "(%u)", part->prefix);
    if (part->order == ORDER_DESCENDING)
        sqlf(sql, " DESC");
}

static const char *index_kind(const struct index *index) {
    if (index->method && strcmp(index->method, "fulltext") == 0)
        return "FULLTEXT ";
    if (index->method && strcmp(index->method, "spatial") == 0)
        return "SPATIAL ";
    if (index->method && strcmp(index->method, "vector") == 0)
        return "VECTOR ";
    return index->unique ? "UNIQUE " : "";
}

/* The last member of a key that no two rows may share at the same time. */
static void define_overlaps(struct sql *sql, const struct options *options) {
    const char *period = my_option(options, "withoutOverlaps");

    if (period)
        sqlf(sql, ", %I WITHOUT OVERLAPS", period);
}

/* MySQL says INVISIBLE what is IGNORED on MariaDB. */
static void define_hidden(struct sql *sql, enum flavor flavor) {
    if (flavor == FLAVOR_NONE)
        sqlf(sql, " /*!80000 INVISIBLE */ /*M!100600 IGNORED */");
    else
        sqlf(sql, flavor == FLAVOR_MARIADB ? " IGNORED" : " INVISIBLE");
}

static void define_index_options(struct sql *sql, const struct index *index, enum flavor flavor) {
    const char *parser = my_option(&index->options, "parser"), *size = my_option(&index->options, "key_block_size");
    const char *distance = my_option(&index->options, "distance"), *m = my_option(&index->options, "m");

    if (parser)
        sqlf(sql, " WITH PARSER %I", parser);
    if (size)
        sqlf(sql, " KEY_BLOCK_SIZE=%X", size);
    if (m)
        sqlf(sql, " M=%X", m);
    if (distance)
        sqlf(sql, " DISTANCE=%X", distance);
    if (my_option_is(&index->options, "invisible"))
        define_hidden(sql, flavor);
}

void my_define_index(struct sql *sql, const struct entity *entity, const struct index *index, enum flavor flavor) {
    sqlf(sql, "%TINDEX %I (", index_kind(index), index->name);
    for (size_t i = 0; i < index->part_count; i++) {
        if (i)
            sqlf(sql, ", ");
        define_part(sql, entity, &index->parts[i]);
    }
    define_overlaps(sql, &index->options);
    sqlf(sql, ")");
    if (index->method && my_index_is_tree(index))
        sqlf(sql, " USING %T", strcmp(index->method, "btree") == 0 ? "BTREE" : "HASH");
    if (index->comment)
        sqlf(sql, " COMMENT %L", index->comment);
    define_index_options(sql, index, flavor);
}

/* "10,0" → the number at PLACE. */
static unsigned nth_number(const char *list, size_t place) {
    for (size_t i = 0; list && i < place; i++) {
        list = strchr(list, ',');
        list = list ? list + 1 : NULL;
    }
    return list ? (unsigned)strtoul(list, NULL, 10) : 0;
}

static bool nth_is_desc(const char *list, size_t place) {
    for (size_t i = 0; list && i < place; i++) {
        list = strchr(list, ',');
        list = list ? list + 1 : NULL;
    }
    return list && strncasecmp(list, "desc", 4) == 0;
}

uint32_t my_key_prefix(const struct entity *entity, size_t place) {
    return nth_number(my_option(&entity->key.options, "prefixes"), place);
}

void my_define_key(struct sql *sql, const struct entity *entity) {
    const struct options *options = &entity->key.options;
    const char *directions = my_option(options, "directions");
    const char *comment = entity->key.comment, *method = my_option(options, "using");

    sqlf(sql, "PRIMARY KEY (");
    for (size_t i = 0; i < entity->key.fields.count; i++) {
        unsigned prefix = my_key_prefix(entity, i);

        sqlf(sql, "%T%I", i ? ", " : "", entity_column(entity, entity->key.fields.at[i]));
        if (prefix)
            sqlf(sql, "(%u)", prefix);
        if (nth_is_desc(directions, i))
            sqlf(sql, " DESC");
    }
    define_overlaps(sql, options);
    sqlf(sql, ")");
    if (method)
        sqlf(sql, " USING %T", strcasecmp(method, "btree") == 0 ? "BTREE" : "HASH");
    if (comment)
        sqlf(sql, " COMMENT %L", comment);
}

void my_define_check(struct sql *sql, const struct check *check) {
    sqlf(sql, "CONSTRAINT %I CHECK (%X)%T", check->name, check->value, check->not_enforced ? " NOT ENFORCED" : "");
}

static const char *action_words(enum ref_action action) {
    switch (action) {
    case ACTION_NONE:
        return NULL;
    case ACTION_NO_ACTION:
        return "NO ACTION";
    case ACTION_RESTRICT:
        return "RESTRICT";
    case ACTION_SET_DEFAULT:
        return "SET DEFAULT";
    case ACTION_CASCADE:
        return "CASCADE";
    case ACTION_SET_NULL:
        return "SET NULL";
    }
    BUG("action %d", (int)action);
}

void my_define_foreign_key(struct sql *sql, const struct schema *schema, const struct entity *entity, const struct foreign_key *key) {
    const struct entity *target = schema_entity(schema, key->target);
    const char *on_delete = action_words((enum ref_action)key->on_delete);
    const char *on_update = action_words((enum ref_action)key->on_update);

    sqlf(sql, "CONSTRAINT %I FOREIGN KEY (%C) REFERENCES %E (%C)", key->name, entity, &key->fields, target, target, &key->target_fields);
    if (on_delete)
        sqlf(sql, " ON DELETE %T", on_delete);
    if (on_update)
        sqlf(sql, " ON UPDATE %T", on_update);
}

/* The ends of a period: fields whose option KEY is NAME, or true for that of SYSTEM_TIME. */
static const struct field *period_end(const struct entity *entity, const char *key, const char *name) {
    for (size_t i = 0; i < entity->field_count; i++) {
        const char *value = my_option(&entity->fields[i].options, key);

        if (value && (!name || strcmp(value, name) == 0))
            return &entity->fields[i];
    }
    return NULL;
}

void my_define_periods(struct sql *sql, const struct entity *entity) {
    const struct field *start = period_end(entity, "rowStart", NULL), *end = period_end(entity, "rowEnd", NULL);

    if (start && end)
        sqlf(sql, ",\n    PERIOD FOR SYSTEM_TIME (%I, %I)", start->column, end->column);
    for (size_t i = 0; i < entity->field_count; i++) {
        const char *name = my_option(&entity->fields[i].options, "periodStart");

        end = name ? period_end(entity, "periodEnd", name) : NULL;
        if (end)
            sqlf(sql, ",\n    PERIOD FOR %I (%I, %I)", name, entity->fields[i].column, end->column);
    }
}

/* How the value of a table's option is written. */
enum value_style { VALUE_BARE, VALUE_TEXT, VALUE_GROUP, VALUE_NONE };

static const struct {
    const char *key, *words;
    enum value_style style;
} option_rows[] = {
    {"data_directory", "DATA DIRECTORY", VALUE_TEXT},
    {"index_directory", "INDEX DIRECTORY", VALUE_TEXT},
    {"connection", "CONNECTION", VALUE_TEXT},
    {"compression", "COMPRESSION", VALUE_TEXT},
    {"encryption", "ENCRYPTION", VALUE_TEXT},
    {"engine_attribute", "ENGINE_ATTRIBUTE", VALUE_TEXT},
    {"secondary_engine_attribute", "SECONDARY_ENGINE_ATTRIBUTE", VALUE_TEXT},
    {"union", "UNION", VALUE_GROUP},
    {"systemversioning", NULL, VALUE_NONE},
};

static bool is_bare(const char *value) {
    return *value && !value[strspn(value, "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")];
}

void my_define_option(struct sql *sql, const struct option *option) {
    const char *words = option->key;
    enum value_style style = is_bare(option->value) ? VALUE_BARE : VALUE_TEXT;

    for (size_t i = 0; i < sizeof option_rows / sizeof *option_rows; i++)
        if (strcasecmp(option_rows[i].key, option->key) == 0) {
            words = option_rows[i].words;
            style = option_rows[i].style;
        }
    if (style == VALUE_BARE)
        sqlf(sql, " %T=%X", words, option->value);
    else if (style == VALUE_TEXT)
        sqlf(sql, " %T=%L", words, option->value);
    else if (style == VALUE_GROUP)
        sqlf(sql, " %T=(%X)", words, option->value);
}

void my_define_options(struct sql *sql, const struct table_options *options) {
    if (options->tablespace)
        sqlf(sql, " TABLESPACE=%I", options->tablespace);
    if (options->engine)
        sqlf(sql, " ENGINE=%I", options->engine);
    if (options->charset)
        sqlf(sql, " DEFAULT CHARACTER SET=%I", options->charset);
    if (options->collation)
        sqlf(sql, " DEFAULT COLLATE=%I", options->collation);
    if (options->row_format)
        sqlf(sql, " ROW_FORMAT=%T", options->row_format);
    for (size_t i = 0; i < options->options.count; i++)
        my_define_option(sql, &options->options.at[i]);
}
