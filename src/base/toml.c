#include "toml.h"

#include <stdarg.h>
#include <string.h>

#include "arena.h"
#include "diag.h"
#include "map.h"
#include "toml_internal.h"
#include "utf8.h"

/* A table or an array while it is read. A value of these types always stands in one.
 *
 * Who may still add to a table is said by its section and by closed:
 *   section 0       only headers of tables below it have named it: [a.b] makes such an "a", and one header [a] may come
 *   section n       defined by header n, or by dotted keys below header n: only dotted keys of the same section may add to it
 *   closed          an inline table or an array of values, finished: nothing may be added
 * Headers of tables below it may come at any time unless it is closed. */
struct node {
    struct toml_value value;
    size_t capacity;
    struct map by_key; /* of a large table */
    unsigned section;
    unsigned depth;
    bool closed;
    bool of_tables; /* an array made by [[…]] */
};

/* From how many keys on a table is looked up by its map. */
enum { LARGE_TABLE = 8 };

struct key {
    const char *text;
    size_t length;
    struct span at;
};

int toml_refuse(struct toml_parser *parser, struct span at, const char *format, ...) {
    struct str text = STR_INIT;
    va_list args;

    va_start(args, format);
    str_add_va(&text, format, args);
    va_end(args);
    diag_error(parser->diag, parser->source, at, 0, "%s", text.text);
    str_free(&text);
    return -1;
}

int toml_expected(struct toml_parser *parser, const char *what) {
    const char *text = parser->text + parser->at;
    struct span at = {parser->at, parser->at};
    size_t length = 0;

    if (!*text)
        return toml_refuse(parser, at, "expected %s, not the end of the file", what);
    if (toml_line_end(text))
        return toml_refuse(parser, at, "expected %s, not the end of the line", what);
    utf8_decode(text, &length);
    at.end += (uint32_t)length;
    return toml_refuse(parser, at, "expected %s, not \"%.*s\"", what, (int)length, text);
}

static void skip_blanks(struct toml_parser *parser) {
    parser->at += (uint32_t)strspn(parser->text + parser->at, " \t");
}

/* Blanks and a comment, up to the line end. */
static int skip_line_rest(struct toml_parser *parser) {
    skip_blanks(parser);
    if (parser->text[parser->at] != '#')
        return 0;
    while (toml_is_plain(parser->text[parser->at]))
        parser->at++;
    if (parser->text[parser->at] && !toml_line_end(parser->text + parser->at))
        return toml_refuse_control(parser);
    return 0;
}

/* Blanks, comments and line ends. */
static int skip_space(struct toml_parser *parser) {
    for (;;) {
        uint32_t line_end;

        if (skip_line_rest(parser))
            return -1;
        line_end = toml_line_end(parser->text + parser->at);
        if (!line_end)
            return 0;
        parser->at += line_end;
    }
}

/* The map knows no length: a NUL in a key is written in two bytes that are in no valid UTF-8. */
static const char *map_key(struct arena *arena, const char *key, size_t length) {
    struct str text = STR_INIT;
    const char *kept;

    if (strlen(key) == length)
        return key;
    for (size_t i = 0; i < length; i++)
        str_add_bytes(&text, key[i] ? key + i : "\xC0\x80", key[i] ? 1 : 2);
    kept = str_keep(&text, arena);
    str_free(&text);
    return kept;
}

static struct toml_value *find_value(struct toml_parser *parser, const struct node *table, const struct key *key) {
    const struct toml_value *value = &table->value;

    if (value->count > LARGE_TABLE)
        return map_get(&table->by_key, map_key(parser->arena, key->text, key->length));
    for (size_t i = 0; i < value->count; i++)
        if (value->items[i]->key_length == key->length && memcmp(value->items[i]->key, key->text, key->length) == 0)
            return value->items[i];
    return NULL;
}

static void push_value(struct toml_parser *parser, struct node *parent, struct toml_value *value) {
    struct toml_value *list = &parent->value;

    list->items = vec_grow(parser->arena, list->items, list->count, &parent->capacity, sizeof *list->items);
    list->items[list->count++] = value;
}

/* Puts VALUE under KEY, which is not there yet, into TABLE. */
static void put_value(struct toml_parser *parser, struct node *table, const struct key *key, struct toml_value *value) {
    struct toml_value *list = &table->value;

    value->key = key->text;
    value->key_length = key->length;
    value->key_at = key->at;
    push_value(parser, table, value);
    if (list->count <= LARGE_TABLE)
        return;
    for (size_t i = list->count == LARGE_TABLE + 1 ? 0 : list->count - 1; i < list->count; i++)
        map_put(parser->arena, &table->by_key, map_key(parser->arena, list->items[i]->key, list->items[i]->key_length), list->items[i]);
}

/* A table or array that stands in one of depth DEPTH; NULL when it is too deep. */
static struct node *new_node(struct toml_parser *parser, enum toml_type type, struct span at, unsigned depth) {
    struct node *node;

    if (depth >= TOML_MAX_DEPTH) {
        toml_refuse(parser, at, "nested more than %d deep", TOML_MAX_DEPTH);
        return NULL;
    }
    node = ARENA_NEW(parser->arena, struct node);
    node->value.type = type;
    node->value.at = at;
    node->depth = depth + 1;
    return node;
}

static struct node *node_of(struct toml_value *value) {
    return (struct node *)value;
}

static int refuse_again(struct toml_parser *parser, const struct key *key, const struct toml_value *first) {
    toml_refuse(parser, key->at, "\"%s\" is defined twice", key->text);
    diag_note(parser->diag, parser->source, first->key ? first->key_at : first->at, "first defined here");
    return -1;
}

static int read_key(struct toml_parser *parser, struct key *key) {
    const char *text = parser->text + parser->at;
    size_t length = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-");

    key->at.start = parser->at;
    if (*text == '"' || *text == '\'') {
        if (toml_read_line_string(parser))
            return -1;
        key->text = str_keep(&parser->buffer, parser->arena);
        key->length = parser->buffer.length;
    } else if (length) {
        key->text = arena_strndup(parser->arena, text, length);
        key->length = length;
        parser->at += (uint32_t)length;
    } else {
        return toml_expected(parser, "a key");
    }
    key->at.end = parser->at;
    return 0;
}

/* Goes from *TABLE into the table under KEY, which a header or a dotted key names on its way to a later part. */
static int enter_table(struct toml_parser *parser, struct node **table, const struct key *key, bool header) {
    struct toml_value *found = find_value(parser, *table, key);
    struct node *child = found ? node_of(found) : new_node(parser, TOML_TABLE, key->at, (*table)->depth);

    if (!child)
        return -1;
    if (!found)
        put_value(parser, *table, key, &child->value);
    else if (header && found->type == TOML_ARRAY && child->of_tables)
        child = node_of(found->items[found->count - 1]);
    else if (found->type != TOML_TABLE) {
        toml_refuse(parser, key->at, "\"%s\" is not a table that can be added to", key->text);
        diag_note(parser->diag, parser->source, found->key_at, "defined here");
        return -1;
    }
    if (child->closed || (!header && child->section && child->section != parser->section)) {
        toml_refuse(parser, key->at, "table \"%s\" is complete: nothing can be added to it here", key->text);
        diag_note(parser->diag, parser->source, child->value.at, "defined here");
        return -1;
    }
    if (!header)
        child->section = parser->section;
    *table = child;
    return 0;
}

/* Reads a dotted key. *TABLE, where it begins, becomes the table that its last part, *KEY, belongs into. */
static int read_path(struct toml_parser *parser, struct node **table, struct key *key, bool header) {
    for (;;) {
        if (read_key(parser, key))
            return -1;
        skip_blanks(parser);
        if (parser->text[parser->at] != '.')
            return 0;
        parser->at++;
        skip_blanks(parser);
        if (enter_table(parser, table, key, header))
            return -1;
    }
}

static struct toml_value *read_value(struct toml_parser *parser, unsigned depth);

/* KEY = VALUE, into TABLE. */
static int read_pair(struct toml_parser *parser, struct node *table) {
    const struct toml_value *found;
    struct toml_value *value;
    struct key key;

    if (read_path(parser, &table, &key, false))
        return -1;
    if (parser->text[parser->at] != '=')
        return toml_expected(parser, "\"=\" behind the key");
    parser->at++;
    found = find_value(parser, table, &key);
    if (found)
        return refuse_again(parser, &key, found);
    skip_blanks(parser);
    value = read_value(parser, table->depth);
    if (!value)
        return -1;
    put_value(parser, table, &key, value);
    return 0;
}

static int read_items(struct toml_parser *parser, struct node *array) {
    for (;;) {
        struct toml_value *item;

        if (skip_space(parser))
            return -1;
        if (parser->text[parser->at] == ']')
            return 0;
        item = read_value(parser, array->depth);
        if (!item || skip_space(parser))
            return -1;
        push_value(parser, array, item);
        if (parser->text[parser->at] == ']')
            return 0;
        if (parser->text[parser->at] != ',')
            return toml_expected(parser, "\",\" or \"]\" in the array");
        parser->at++;
    }
}

/* The pairs of an inline table: on one line, without a comma behind the last. */
static int read_pairs(struct toml_parser *parser, struct node *table) {
    skip_blanks(parser);
    if (parser->text[parser->at] == '}')
        return 0;
    for (;;) {
        if (read_pair(parser, table))
            return -1;
        skip_blanks(parser);
        if (parser->text[parser->at] == '}')
            return 0;
        if (parser->text[parser->at] != ',')
            return toml_expected(parser, "\",\" or \"}\" in the inline table");
        parser->at++;
        skip_blanks(parser);
    }
}

/* An array or an inline table; the parser stands on its bracket. */
static struct toml_value *read_list(struct toml_parser *parser, enum toml_type type, unsigned depth) {
    struct span at = {parser->at, parser->at + 1};
    struct node *node = new_node(parser, type, at, depth);

    parser->at++;
    if (!node || (type == TOML_ARRAY ? read_items(parser, node) : read_pairs(parser, node)))
        return NULL;
    parser->at++;
    node->value.at.end = parser->at;
    node->closed = true;
    return &node->value;
}

static struct toml_value *read_value(struct toml_parser *parser, unsigned depth) {
    uint32_t start = parser->at;
    struct toml_value *value;

    if (parser->text[parser->at] == '[')
        return read_list(parser, TOML_ARRAY, depth);
    if (parser->text[parser->at] == '{')
        return read_list(parser, TOML_TABLE, depth);
    value = ARENA_NEW(parser->arena, struct toml_value);
    if (toml_read_scalar(parser, value))
        return NULL;
    value->at = (struct span){start, parser->at};
    return value;
}

/* [KEY] in PARENT: a new table, or one that only headers below it have named. */
static struct node *define_table(struct toml_parser *parser, struct node *parent, const struct key *key) {
    struct toml_value *found = find_value(parser, parent, key);
    struct node *table;

    if (found && (found->type != TOML_TABLE || node_of(found)->closed || node_of(found)->section)) {
        refuse_again(parser, key, found);
        return NULL;
    }
    if (found) {
        found->key_at = key->at;
        return node_of(found);
    }
    table = new_node(parser, TOML_TABLE, key->at, parent->depth);
    if (table)
        put_value(parser, parent, key, &table->value);
    return table;
}

/* [[KEY]] in PARENT: a new table at the end of an array of tables, which the first one makes. */
static struct node *append_table(struct toml_parser *parser, struct node *parent, const struct key *key) {
    struct toml_value *found = find_value(parser, parent, key);
    struct node *array = found ? node_of(found) : new_node(parser, TOML_ARRAY, key->at, parent->depth);
    struct node *table;

    if (!array)
        return NULL;
    if (found && (found->type != TOML_ARRAY || !array->of_tables)) {
        refuse_again(parser, key, found);
        return NULL;
    }
    if (!found) {
        array->of_tables = true;
        put_value(parser, parent, key, &array->value);
    }
    table = new_node(parser, TOML_TABLE, key->at, array->depth);
    if (table)
        push_value(parser, array, &table->value);
    return table;
}

/* [KEY] or [[KEY]], which may be dotted; *TABLE is the root, and becomes the table that the lines below it belong to. */
static int read_header(struct toml_parser *parser, struct node **table) {
    uint32_t start = parser->at;
    bool array = parser->text[parser->at + 1] == '[';
    const char *close = array ? "]]" : "]";
    struct key key;

    parser->at += array ? 2 : 1;
    skip_blanks(parser);
    if (read_path(parser, table, &key, true))
        return -1;
    if (strncmp(parser->text + parser->at, close, strlen(close)) != 0)
        return toml_expected(parser, array ? "\"]]\" behind the name of the table" : "\"]\" behind the name of the table");
    parser->at += array ? 2 : 1;
    *table = array ? append_table(parser, *table, &key) : define_table(parser, *table, &key);
    if (!*table)
        return -1;
    (*table)->value.at = (struct span){start, parser->at};
    (*table)->section = ++parser->section;
    return 0;
}

static int read_document(struct toml_parser *parser, struct node *root) {
    struct node *table = root;

    for (;;) {
        if (skip_space(parser))
            return -1;
        if (!parser->text[parser->at])
            return 0;
        if (parser->text[parser->at] == '[')
            table = root;
        if (parser->text[parser->at] == '[' ? read_header(parser, &table) : read_pair(parser, table))
            return -1;
        if (skip_line_rest(parser))
            return -1;
        if (parser->text[parser->at] && !toml_line_end(parser->text + parser->at))
            return toml_expected(parser, "the end of the line");
    }
}

struct toml_value *toml_parse(struct arena *arena, struct source *source, struct diag *diag) {
    struct toml_parser parser = {arena, source, diag, source->text, 0, 1, STR_INIT};
    struct node *root = ARENA_NEW(arena, struct node);
    int result;

    root->value.type = TOML_TABLE;
    if (strncmp(parser.text, "\xEF\xBB\xBF", 3) == 0) /* a byte order mark */
        parser.at = 3;
    result = read_document(&parser, root);
    str_free(&parser.buffer);
    return result ? NULL : &root->value;
}

static const struct toml_value *get_part(const struct toml_value *table, const char *key, size_t length) {
    for (size_t i = 0; i < table->count; i++)
        if (table->items[i]->key_length == length && memcmp(table->items[i]->key, key, length) == 0)
            return table->items[i];
    return NULL;
}

const struct toml_value *toml_get(const struct toml_value *table, const char *path) {
    while (table && table->type == TOML_TABLE) {
        size_t length = strcspn(path, ".");

        table = get_part(table, path, length);
        if (!path[length])
            return table;
        path += length + 1;
    }
    return NULL;
}
