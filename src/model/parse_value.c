#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "parse_internal.h"
#include "str.h"

/* Constant expressions. */

static struct ast_value *new_value(struct parser *parser, enum ast_value_kind kind) {
    struct ast_value *value = ARENA_NEW(parser->memory.tree, struct ast_value);

    value->kind = kind;
    value->at = parser->token.at;
    return value;
}

static const char *parse_string_text(struct parser *parser) {
    struct span bad;
    const char *text = lexer_string(parser->memory.texts, &parser->lexer, &parser->token, &bad);

    if (!text) {
        diag_error(parser->diag, parser->tree->source, bad, 0, "an unknown escape in a string: \\n \\t \\r \\\" \\\\ and \\u{…} are known");
        text = arena_strndup(parser->memory.texts, parser->lexer.text + parser->token.at.start + 1,
                             parser->token.at.end - parser->token.at.start - 2);
    }
    parse_next(parser);
    return text;
}

static const char *parse_template_text(struct parser *parser) {
    struct span bad;
    const char *text = lexer_template(parser->memory.texts, &parser->lexer, &parser->token, &bad);

    if (!text) {
        diag_error(parser->diag, parser->tree->source, bad, 0, "a string template in a model is constant: only a string can stand in ${…}");
        diag_hint(parser->diag, "a \"`\" in the text is written ${\"`\"}, and \"${\" is written ${\"$\"}{");
        text = "";
    }
    parse_next(parser);
    return text;
}

/* "…", string `…`, and several of them joined by "+". */
static const char *parse_string_part(struct parser *parser) {
    if (parser->token.kind == TOKEN_STRING)
        return parse_string_text(parser);
    if (parse_accept_word(parser, "string") && parser->token.kind != TOKEN_TEMPLATE) {
        parse_error_expected(parser, "\"`\"");
        parse_next(parser);
        return "";
    }
    return parse_template_text(parser);
}

/* A template without its end is a string too, and reported as such. */
static bool at_string(const struct parser *parser) {
    struct token behind;

    if (parser->token.kind == TOKEN_STRING || !parse_is_word(parser, "string"))
        return parser->token.kind == TOKEN_STRING;
    behind = parse_peek(parser);
    return behind.kind == TOKEN_TEMPLATE || (behind.kind == TOKEN_BAD && parser->lexer.text[behind.at.start] == '`');
}

static struct ast_value *parse_string(struct parser *parser) {
    struct ast_value *value = new_value(parser, AST_STRING);

    value->text = parse_string_part(parser);
    if (parser->token.kind == '+') {
        struct str joined = STR_INIT;

        str_add(&joined, value->text);
        while (parse_accept(parser, '+')) {
            if (!at_string(parser)) {
                parse_error_expected(parser, "a string");
                break;
            }
            str_add(&joined, parse_string_part(parser));
        }
        value->text = str_keep(&joined, parser->memory.texts);
        str_free(&joined);
    }
    value->at.end = parser->end;
    return value;
}

static struct ast_value *parse_number(struct parser *parser) {
    struct ast_value *value = new_value(parser, AST_INT);
    char *end;

    if (parser->token.kind == '-' || parser->token.kind == '+')
        parse_next(parser);
    if (parser->token.kind != TOKEN_NUMBER) {
        parse_error_expected(parser, "a number");
        value->kind = AST_OTHER;
        return value;
    }
    parse_next(parser);
    value->at.end = parser->end;
    value->text = arena_strndup(parser->memory.texts, parser->lexer.text + value->at.start, value->at.end - value->at.start);
    errno = 0;
    value->integer = strtoll(value->text, &end, strncmp(value->text, "0x", 2) == 0 || strncmp(value->text, "0X", 2) == 0 ? 16 : 10);
    if (*end || errno)
        value->kind = AST_FLOAT;
    return value;
}

/* Anything that is no constant of ours: kept as its place, for whoever wanted something else there. */
static struct ast_value *parse_other_value(struct parser *parser) {
    struct ast_value *value = new_value(parser, AST_OTHER);

    if (parser->token.kind == TOKEN_BAD)
        parse_error_bad_token(parser);
    while (parser->token.kind != TOKEN_END && parser->token.kind != ',' && parser->token.kind != ';' && !parse_closes(parser->token.kind) &&
           !parse_begins_item_for_sure(parser))
        parse_skip_balanced(parser);
    value->at = parse_span_from(parser, value->at.start);
    if (value->at.end == value->at.start)
        parse_error_expected(parser, "a value");
    return value;
}

static void add_items(struct parser *parser, struct ast_value *value, struct ast_value **items, size_t count) {
    value->items = ARENA_ARRAY(parser->memory.tree, struct ast_value *, count);
    if (count)
        memcpy(value->items, items, count * sizeof *items);
    value->count = count;
    value->at.end = parser->end;
}

static struct ast_value *parse_list(struct parser *parser) {
    struct ast_value *value = new_value(parser, AST_LIST);
    VEC(struct ast_value *) items = {0};
    size_t errors = parser->diag->errors;

    parse_next(parser);
    while (parser->token.kind != ']' && parser->token.kind != TOKEN_END) {
        vec_push(parser->memory.tree, &items, parse_value(parser));
        if (!parse_accept(parser, ','))
            break;
    }
    if (!parse_accept(parser, ']') && parser->diag->errors == errors)
        parse_error_expected(parser, "\",\" or \"]\"");
    add_items(parser, value, items.at, items.count);
    return value;
}

/* key: value. NULL: reported. */
static struct ast_value *parse_entry(struct parser *parser) {
    struct span key_at = parser->token.at;
    const char *key = parser->token.kind == TOKEN_STRING ? parse_string_text(parser) : parse_name(parser, "the name of an argument");
    struct ast_value *value;

    if (!key)
        return NULL;
    if (!parse_accept(parser, ':')) {
        parse_error_missing(parser, ":", "and a value behind", key);
        return NULL;
    }
    value = parse_value(parser);
    value->key = key;
    value->key_at = key_at;
    return value;
}

/* To the "}" of the mapping: its other entries are lost, what stands behind it is not. */
static void skip_mapping(struct parser *parser) {
    while (parser->token.kind != TOKEN_END && !parse_closes(parser->token.kind) && !parse_begins_item_for_sure(parser))
        parse_skip_balanced(parser);
}

static struct ast_value *parse_mapping(struct parser *parser) {
    struct ast_value *value = new_value(parser, AST_MAPPING);
    VEC(struct ast_value *) items = {0};
    size_t errors = parser->diag->errors;

    parse_next(parser);
    while (parser->token.kind != '}' && parser->token.kind != TOKEN_END) {
        struct ast_value *entry = parse_entry(parser);

        if (!entry) {
            skip_mapping(parser);
            break;
        }
        vec_push(parser->memory.tree, &items, entry);
        if (!parse_accept(parser, ','))
            break;
    }
    if (!parse_accept(parser, '}')) {
        if (parser->diag->errors == errors)
            parse_error_expected(parser, "\",\" or \"}\"");
        skip_mapping(parser);
        parse_accept(parser, '}');
    }
    add_items(parser, value, items.at, items.count);
    return value;
}

static struct ast_value *parse_bool(struct parser *parser) {
    struct ast_value *value = new_value(parser, AST_BOOL);

    value->integer = parse_is_word(parser, "true");
    parse_next(parser);
    return value;
}

static struct ast_value *parse_deep_value(struct parser *parser) {
    switch (parser->token.kind) {
    case '[':
        return parse_list(parser);
    case '{':
        return parse_mapping(parser);
    case TOKEN_NUMBER:
    case '-':
    case '+':
        return parse_number(parser);
    default:
        break;
    }
    if (at_string(parser))
        return parse_string(parser);
    return parse_is_word(parser, "true") || parse_is_word(parser, "false") ? parse_bool(parser) : parse_other_value(parser);
}

struct ast_value *parse_value(struct parser *parser) {
    struct ast_value *value;

    if (parser->depth >= AST_MAX_DEPTH) {
        diag_error(parser->diag, parser->tree->source, parser->token.at, 0, "nested deeper than %d levels", AST_MAX_DEPTH);
        value = new_value(parser, AST_OTHER);
        parse_skip_balanced(parser);
        return value;
    }
    parser->depth++;
    value = parse_deep_value(parser);
    parser->depth--;
    return value;
}

/* Metadata. */

/* "sql" ":" "Name", written without blanks as good as always. */
static const char *parse_annotation_name(struct parser *parser) {
    const char *first = parse_name(parser, "the name of an annotation");
    const char *second;

    if (!first || !parse_accept(parser, ':'))
        return first;
    second = parse_name(parser, "the name of an annotation");
    return second ? arena_printf(parser->memory.tree, "%s:%s", first, second) : NULL;
}

/* The usual "@sql:Name {": one copy instead of three. NULL when it is written in another way. */
static const char *plain_annotation_name(struct parser *parser) {
    const char *start = parser->lexer.text + parser->token.at.start;
    size_t prefix = parser->token.at.end - parser->token.at.start;
    struct lexer ahead = parser->lexer;
    struct token local;

    if (parser->token.kind != TOKEN_NAME || parser->token.quoted || parser->token.escaped || start[prefix] != ':')
        return NULL;
    ahead.at++;
    lexer_next(&ahead, &local);
    if (local.kind != TOKEN_NAME || local.quoted || local.escaped || local.at.start != parser->token.at.end + 1)
        return NULL;
    parser->lexer = ahead;
    parser->token = local;
    parse_next(parser);
    return arena_strndup(parser->memory.tree, start, local.at.end - (uint32_t)(start - ahead.text));
}

static void parse_annotation(struct parser *parser) {
    struct ast_annotation annotation = {.at = parser->token.at};

    parse_next(parser);
    annotation.name_at = parser->token.at;
    annotation.name = plain_annotation_name(parser);
    if (!annotation.name)
        annotation.name = parse_annotation_name(parser);
    annotation.name_at.end = parser->end;
    if (parser->token.kind == '{')
        annotation.value = parse_value(parser);
    annotation.at = parse_span_from(parser, annotation.at.start);
    if (!annotation.name)
        return;
    annotation.name_length = strlen(annotation.name);
    vec_push(parser->memory.tree, &parser->annotations, annotation);
}

/* The "#" line that is the current token, behind those of TEXT. */
static void add_documentation(struct parser *parser, struct str *text) {
    const char *line = parser->lexer.text + parser->token.at.start + 1;
    size_t length = parser->token.at.end - parser->token.at.start - 1;

    if (length && line[length - 1] == '\r')
        length--;
    if (length && *line == ' ') {
        line++;
        length--;
    }
    str_add_bytes(text, line, length);
    str_add_char(text, '\n');
    parse_next(parser);
}

/* The lines, without the last one's end. */
static const char *keep_documentation(struct parser *parser, struct str *text) {
    const char *kept = NULL;

    if (text->length) {
        str_truncate(text, text->length - 1);
        kept = str_keep(text, parser->memory.texts);
    }
    str_free(text);
    return kept;
}

static void keep_annotations(struct parser *parser, struct ast_metadata *metadata) {
    size_t count = parser->annotations.count;

    metadata->annotation_count = count;
    if (!count)
        return;
    metadata->annotations = ARENA_ARRAY(parser->memory.tree, struct ast_annotation, count);
    memcpy(metadata->annotations, parser->annotations.at, count * sizeof *metadata->annotations);
}

void parse_metadata(struct parser *parser, struct ast_metadata *metadata) {
    struct str documentation = STR_INIT;

    *metadata = (struct ast_metadata){.at = {parser->token.at.start, parser->token.at.start}};
    if (parser->token.kind != '@' && parser->token.kind != TOKEN_DOC)
        return;
    parser->annotations.count = 0;
    while (parser->token.kind == '@' || parser->token.kind == TOKEN_DOC) {
        if (parser->token.kind == TOKEN_DOC)
            add_documentation(parser, &documentation);
        else
            parse_annotation(parser);
    }
    metadata->at = parse_span_from(parser, metadata->at.start);
    metadata->comment = keep_documentation(parser, &documentation);
    keep_annotations(parser, metadata);
}
