#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "bug.h"
#include "mysql_internal.h"

/* --- expressions --- */

static const char *skip_blanks(const char *at) {
    while (isspace((unsigned char)*at))
        at++;
    return at;
}

/* Behind the quoted text or name at AT. */
static const char *skip_quoted(const char *at) {
    char quote = *at++;

    for (; *at; at++) {
        if (*at == '\\' && quote != '`' && at[1])
            at++;
        else if (*at == quote && *++at != quote)
            return at;
    }
    return at;
}

/* Behind the parenthesis that closes the one at AT, or NULL. */
static const char *skip_group(const char *at) {
    int depth = 0;

    while (*at) {
        if (*at == '\'' || *at == '"' || *at == '`') {
            at = skip_quoted(at);
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
        return !*skip_quoted(expression);
    if ((*expression == 'b' || *expression == 'B' || *expression == 'x' || *expression == 'X') && expression[1] == '\'')
        return !*skip_quoted(expression + 1);
    if (strncmp(expression, "0x", 2) == 0)
        return expression[strspn(expression + 2, "0123456789abcdefABCDEF") + 2] == '\0';
    expression += *expression == '-' || *expression == '+';
    return isdigit((unsigned char)*expression) && !expression[strspn(expression, "0123456789.eE+-")];
}

/* --- columns --- */

static const char *option_value(const struct options *options, const char *key) {
    for (size_t i = 0; i < options->count; i++)
        if (strcasecmp(options->at[i].key, key) == 0)
            return options->at[i].value;
    return NULL;
}

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
    if (field->generated)
        sqlf(sql, " AUTO_INCREMENT");
}

void my_define_column(struct sql *sql, const struct my_definition *definition) {
    const struct field *field = definition->field;
    const char *type = definition->type ? definition->type : field->native_type;
    const char *invisible = option_value(&field->options, "invisible");
    const char *check = option_value(&field->options, "check");

    sqlf(sql, "%I %T", definition->column ? definition->column : field->column, type);
    if (field->charset)
        sqlf(sql, " CHARACTER SET %I", field->charset);
    if (field->collation)
        sqlf(sql, " COLLATE %I", field->collation);
    if (field->computed && !definition->plain)
        define_computed(sql, field);
    else
        define_plain(sql, definition, type);
    if (invisible && strcasecmp(invisible, "false") != 0)
        sqlf(sql, " INVISIBLE");
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

void my_define_index(struct sql *sql, const struct entity *entity, const struct index *index) {
    sqlf(sql, "%TINDEX %I (", index_kind(index), index->name);
    for (size_t i = 0; i < index->part_count; i++) {
        if (i)
            sqlf(sql, ", ");
        define_part(sql, entity, &index->parts[i]);
    }
    sqlf(sql, ")");
    if (index->comment)
        sqlf(sql, " COMMENT %L", index->comment);
    for (size_t i = 0; i < index->options.count; i++)
        if (strcmp(index->options.at[i].key, "parser") == 0)
            sqlf(sql, " WITH PARSER %I", index->options.at[i].value);
}

static const char *action_words(enum ref_action action) {
    switch (action) {
    case ACTION_NONE:
    case ACTION_NO_ACTION:
    case ACTION_RESTRICT:
    case ACTION_SET_DEFAULT:
        return NULL;
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

void my_define_options(struct sql *sql, const struct table_options *options) {
    if (options->engine)
        sqlf(sql, " ENGINE=%I", options->engine);
    if (options->charset)
        sqlf(sql, " DEFAULT CHARACTER SET=%I", options->charset);
    if (options->collation)
        sqlf(sql, " DEFAULT COLLATE=%I", options->collation);
    if (options->row_format)
        sqlf(sql, " ROW_FORMAT=%T", options->row_format);
    for (size_t i = 0; i < options->options.count; i++)
        sqlf(sql, " %T=%X", options->options.at[i].key, options->options.at[i].value);
}
