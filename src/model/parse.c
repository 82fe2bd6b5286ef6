#include "ast.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "ir.h"
#include "lex.h"
#include "str.h"

struct parser {
    struct ast_memory memory;
    struct ast *tree;
    struct diag *diag;
    struct lexer lexer;
    struct token token;                     /* the one to be looked at next */
    uint32_t end;                           /* of the token before it */
    unsigned depth;                         /* of values or types */
    VEC(struct ast_field) fields;           /* of the entity being read; used again for the next */
    VEC(struct ast_annotation) annotations; /* of the metadata being read */
};

/* Tokens. */

static void next(struct parser *parser) {
    parser->end = parser->token.at.end;
    lexer_next(&parser->lexer, &parser->token);
}

/* Is the current token the keyword WORD, a literal? */
#define is_word(parser, word) token_is_word(&(parser)->lexer, &(parser)->token, word)
#define accept_word(parser, word) (is_word(parser, word) && (next(parser), true))

static bool accept(struct parser *parser, int kind) {
    if (parser->token.kind != kind)
        return false;
    next(parser);
    return true;
}

static struct span span_from(const struct parser *parser, uint32_t start) {
    return (struct span){start, parser->end > start ? parser->end : start};
}

/* The token that begins at the current one's place and the one behind it, without moving. */
static struct token peek(const struct parser *parser) {
    struct lexer ahead = parser->lexer;
    struct token token;

    ahead.comments = NULL;
    lexer_next(&ahead, &token);
    return token;
}

/* What the current token is, for "…, found %s". */
static const char *token_words(struct parser *parser) {
    const struct token *token = &parser->token;
    char *text;

    if (parser->diag->truncated)
        return ""; /* nobody will see it */
    if (token->kind == TOKEN_END)
        return "the end of the file";
    if (token->kind == TOKEN_DOC)
        return "a documentation line";
    text = source_text(parser->diag->arena, parser->tree->source, token->at);
    return strlen(text) > 40 ? arena_printf(parser->diag->arena, "\"%.30s…\"", text) : arena_printf(parser->diag->arena, "\"%s\"", text);
}

/* Reports a token that is none, in the words of what is wrong with it. */
static void error_bad_token(struct parser *parser) {
    char first = parser->lexer.text[parser->token.at.start];
    struct span at = parser->token.at;

    if (first == '"')
        diag_error(parser->diag, parser->tree->source, at, 0, "a string without its closing quote");
    else if (first == '`')
        diag_error(parser->diag, parser->tree->source, at, 0, "a string template without its closing \"`\"");
    else
        diag_error(parser->diag, parser->tree->source, at, 0, "unexpected character %s", token_words(parser));
}

static int error_expected(struct parser *parser, const char *what) {
    if (parser->token.kind == TOKEN_BAD)
        error_bad_token(parser);
    else
        diag_error(parser->diag, parser->tree->source, parser->token.at, 0, "expected %s, found %s", what, token_words(parser));
    return -1;
}

/* A missing closing token is shown where it belongs: behind what was read last. */
static int error_missing(struct parser *parser, const char *what, const char *behind, const char *name) {
    struct span at = {parser->end, parser->end};

    if (parser->token.kind == TOKEN_BAD)
        error_bad_token(parser);
    else
        diag_error(parser->diag, parser->tree->source, at, 0, "expected \"%s\" %s \"%s\"", what, behind, name);
    return -1;
}

/* The name that is the current token. NULL: reported. */
static const char *parse_name(struct parser *parser, const char *what) {
    const char *name;

    if (parser->token.kind != TOKEN_NAME) {
        error_expected(parser, what);
        return NULL;
    }
    name = lexer_name(parser->memory.texts, &parser->lexer, &parser->token);
    if (!name)
        diag_error(parser->diag, parser->tree->source, parser->token.at, 0,
                   "a wrong escape in a name: write \\u{…} or a backslash before a sign");
    next(parser);
    return name;
}

/* Recovery. */

static bool opens(int kind) {
    return kind == '{' || kind == '(' || kind == '[' || kind == TOKEN_OPEN_RECORD;
}

static bool closes(int kind) {
    return kind == '}' || kind == ')' || kind == ']' || kind == TOKEN_CLOSE_RECORD;
}

static bool begins_item(const struct parser *parser) {
    char first = parser->lexer.text[parser->token.at.start];

    if (first != 'p' && first != 't' && first != 'e' && first != 'i')
        return false;
    return is_word(parser, "public") || is_word(parser, "type") || is_word(parser, "enum") || is_word(parser, "import");
}

/* Files are laid out with their items at the beginning of the line: where braces do not match, that is what can be relied on. */
static bool at_line_start(const struct parser *parser) {
    uint32_t start = parser->token.at.start;

    return start == 0 || parser->lexer.text[start - 1] == '\n';
}

static bool begins_item_for_sure(const struct parser *parser) {
    return at_line_start(parser) && (begins_item(parser) || parser->token.kind == '@' || parser->token.kind == TOKEN_DOC);
}

/* Passes over one token, or over all that a bracket holds. */
static void skip_balanced(struct parser *parser) {
    size_t depth = 0;

    do {
        depth += opens(parser->token.kind);
        if (closes(parser->token.kind) && depth)
            depth--;
        next(parser);
    } while (depth && parser->token.kind != TOKEN_END && !begins_item_for_sure(parser));
}

/* To the next item of the file. */
static void skip_to_item(struct parser *parser) {
    while (parser->token.kind != TOKEN_END && !begins_item_for_sure(parser))
        next(parser);
}

/* Behind the next ";" of the record, or to its end. */
static void skip_field(struct parser *parser) {
    while (parser->token.kind != TOKEN_END && parser->token.kind != '}' && parser->token.kind != TOKEN_CLOSE_RECORD &&
           !begins_item_for_sure(parser)) {
        if (accept(parser, ';'))
            return;
        skip_balanced(parser);
    }
}

/* Constant expressions. */

static struct ast_value *parse_value(struct parser *parser);

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
    next(parser);
    return text;
}

/* "…", string `…`, and several of them joined by "+". */
static const char *parse_string_part(struct parser *parser) {
    const struct token *token = &parser->token;
    const char *text;

    if (token->kind == TOKEN_STRING)
        return parse_string_text(parser);
    if (accept_word(parser, "string") && token->kind != TOKEN_TEMPLATE) {
        error_expected(parser, "\"`\"");
        return "";
    }
    if (token->escaped)
        diag_error(parser->diag, parser->tree->source, token->at, 0, "a string template in a model is constant: no ${…}");
    text = arena_strndup(parser->memory.texts, parser->lexer.text + token->at.start + 1, token->at.end - token->at.start - 2);
    next(parser);
    return text;
}

static bool at_string(const struct parser *parser) {
    return parser->token.kind == TOKEN_STRING || (is_word(parser, "string") && peek(parser).kind == TOKEN_TEMPLATE);
}

static struct ast_value *parse_string(struct parser *parser) {
    struct ast_value *value = new_value(parser, AST_STRING);

    value->text = parse_string_part(parser);
    if (parser->token.kind == '+') {
        struct str joined = STR_INIT;

        str_add(&joined, value->text);
        while (accept(parser, '+')) {
            if (!at_string(parser)) {
                error_expected(parser, "a string");
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
        next(parser);
    if (parser->token.kind != TOKEN_NUMBER) {
        error_expected(parser, "a number");
        value->kind = AST_OTHER;
        return value;
    }
    next(parser);
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
        error_bad_token(parser);
    while (parser->token.kind != TOKEN_END && parser->token.kind != ',' && parser->token.kind != ';' && !closes(parser->token.kind) &&
           !begins_item_for_sure(parser))
        skip_balanced(parser);
    value->at = span_from(parser, value->at.start);
    if (value->at.end == value->at.start)
        error_expected(parser, "a value");
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

    next(parser);
    while (parser->token.kind != ']' && parser->token.kind != TOKEN_END) {
        vec_push(parser->memory.tree, &items, parse_value(parser));
        if (!accept(parser, ','))
            break;
    }
    if (!accept(parser, ']') && parser->diag->errors == errors)
        error_expected(parser, "\",\" or \"]\"");
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
    if (!accept(parser, ':')) {
        error_missing(parser, ":", "and a value behind", key);
        return NULL;
    }
    value = parse_value(parser);
    value->key = key;
    value->key_at = key_at;
    return value;
}

/* To the "}" of the mapping: its other entries are lost, what stands behind it is not. */
static void skip_mapping(struct parser *parser) {
    while (parser->token.kind != TOKEN_END && !closes(parser->token.kind) && !begins_item_for_sure(parser))
        skip_balanced(parser);
}

static struct ast_value *parse_mapping(struct parser *parser) {
    struct ast_value *value = new_value(parser, AST_MAPPING);
    VEC(struct ast_value *) items = {0};
    size_t errors = parser->diag->errors;

    next(parser);
    while (parser->token.kind != '}' && parser->token.kind != TOKEN_END) {
        struct ast_value *entry = parse_entry(parser);

        if (!entry) {
            skip_mapping(parser);
            break;
        }
        vec_push(parser->memory.tree, &items, entry);
        if (!accept(parser, ','))
            break;
    }
    if (!accept(parser, '}')) {
        if (parser->diag->errors == errors)
            error_expected(parser, "\",\" or \"}\"");
        skip_mapping(parser);
        accept(parser, '}');
    }
    add_items(parser, value, items.at, items.count);
    return value;
}

static struct ast_value *parse_bool(struct parser *parser) {
    struct ast_value *value = new_value(parser, AST_BOOL);

    value->integer = is_word(parser, "true");
    next(parser);
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
    return is_word(parser, "true") || is_word(parser, "false") ? parse_bool(parser) : parse_other_value(parser);
}

static struct ast_value *parse_value(struct parser *parser) {
    struct ast_value *value;

    if (parser->depth >= AST_MAX_DEPTH) {
        diag_error(parser->diag, parser->tree->source, parser->token.at, 0, "nested deeper than %d levels", AST_MAX_DEPTH);
        value = new_value(parser, AST_OTHER);
        skip_balanced(parser);
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

    if (!first || !accept(parser, ':'))
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
    next(parser);
    return arena_strndup(parser->memory.tree, start, local.at.end - (uint32_t)(start - ahead.text));
}

static void parse_annotation(struct parser *parser) {
    struct ast_annotation annotation = {.at = parser->token.at};

    next(parser);
    annotation.name_at = parser->token.at;
    annotation.name = plain_annotation_name(parser);
    if (!annotation.name)
        annotation.name = parse_annotation_name(parser);
    annotation.name_at.end = parser->end;
    if (parser->token.kind == '{')
        annotation.value = parse_value(parser);
    annotation.at = span_from(parser, annotation.at.start);
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
    next(parser);
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

static void parse_metadata(struct parser *parser, struct ast_metadata *metadata) {
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
    metadata->at = span_from(parser, metadata->at.start);
    metadata->comment = keep_documentation(parser, &documentation);
    keep_annotations(parser, metadata);
}

/* Types. */

struct known_type {
    const char *name;
    size_t length;
    enum field_type type;
};

static const struct known_type simple_types[] = {
    {"int", 3, TYPE_INT}, {"string", 6, TYPE_STRING}, {"boolean", 7, TYPE_BOOLEAN}, {"decimal", 7, TYPE_DECIMAL}, {"float", 5, TYPE_FLOAT},
};

/* LENGTH is that of the part behind the colon. */
static const struct known_type time_types[] = {
    {"time:Date", 4, TYPE_DATE},
    {"time:TimeOfDay", 9, TYPE_TIME_OF_DAY},
    {"time:Utc", 3, TYPE_UTC},
    {"time:Civil", 5, TYPE_CIVIL},
};

/* Type words of Ballerina that no field can have, some with a type parameter behind. */
static const char *const unsupported_words[] = {
    "json", "error", "any", "anydata", "xml", "map", "table", "stream", "future", "typedesc", "handle", "never", "readonly",
};

static void parse_type(struct parser *parser, struct ast_type *type);

static void set_unsupported(struct ast_type *type, const char *name) {
    type->kind = AST_TYPE_UNSUPPORTED;
    type->name = name;
    type->local = name;
    type->prefix = NULL;
    type->builtin = 0;
}

/* <…> behind map, stream, table: passed over. ">" closes one "<" each, also in ">>". */
static void skip_type_parameter(struct parser *parser) {
    size_t depth = 0;

    if (parser->token.kind != '<')
        return;
    do {
        depth += parser->token.kind == '<';
        depth -= parser->token.kind == '>';
        if (parser->token.kind == '<' || parser->token.kind == '>')
            next(parser);
        else
            skip_balanced(parser);
    } while (depth && parser->token.kind != TOKEN_END && parser->token.kind != ';' && !closes(parser->token.kind));
    if (depth)
        error_expected(parser, "\">\"");
}

/* key<…> or key(…) behind table<…>. */
static void skip_table_key(struct parser *parser) {
    if (!is_word(parser, "key"))
        return;
    next(parser);
    if (parser->token.kind == '(')
        skip_balanced(parser);
    else
        skip_type_parameter(parser);
}

static bool parse_unsupported_word(struct parser *parser, struct ast_type *type) {
    for (size_t i = 0; i < sizeof unsupported_words / sizeof *unsupported_words; i++) {
        if (!token_is(&parser->lexer, &parser->token, unsupported_words[i], strlen(unsupported_words[i])))
            continue;
        next(parser);
        skip_type_parameter(parser);
        if (strcmp(unsupported_words[i], "table") == 0)
            skip_table_key(parser);
        set_unsupported(type, unsupported_words[i]);
        return true;
    }
    return false;
}

/* Behind "function": its parameters and what it returns. */
static void parse_function_type(struct parser *parser, struct ast_type *type) {
    struct ast_type returned;

    next(parser);
    if (parser->token.kind == '(')
        skip_balanced(parser);
    if (accept_word(parser, "returns"))
        parse_type(parser, &returned);
    set_unsupported(type, "function");
}

/* Types that begin with a keyword of their own; false: it is none. */
static bool parse_keyword_type(struct parser *parser, struct ast_type *type) {
    struct ast_type inner;

    if (is_word(parser, "function")) {
        parse_function_type(parser, type);
    } else if (is_word(parser, "record") || is_word(parser, "object")) {
        const char *name = is_word(parser, "record") ? "in-line record" : "object";

        next(parser);
        if (opens(parser->token.kind))
            skip_balanced(parser);
        set_unsupported(type, name);
    } else if (is_word(parser, "distinct")) {
        next(parser);
        parse_type(parser, &inner);
        set_unsupported(type, "distinct");
    } else {
        return parse_unsupported_word(parser, type);
    }
    return true;
}

/* A known type word keeps its own text: nothing is copied. */
static bool parse_simple_type(struct parser *parser, struct ast_type *type) {
    for (size_t i = 0; i < sizeof simple_types / sizeof *simple_types; i++) {
        if (!token_is(&parser->lexer, &parser->token, simple_types[i].name, simple_types[i].length))
            continue;
        type->name = type->local = simple_types[i].name;
        type->builtin = (uint8_t)(1 + simple_types[i].type);
        next(parser);
        return true;
    }
    return false;
}

/* Behind "time:": a type of that module that the language knows. */
static bool parse_time_type(struct parser *parser, struct ast_type *type) {
    struct token local = parser->token;

    local.at.start += local.quoted;
    for (size_t i = 0; i < sizeof time_types / sizeof *time_types; i++) {
        if (!token_is(&parser->lexer, &local, time_types[i].name + strlen("time:"), time_types[i].length))
            continue;
        type->name = time_types[i].name;
        type->local = type->name + strlen("time:");
        type->builtin = (uint8_t)(1 + time_types[i].type);
        next(parser);
        return true;
    }
    return false;
}

/* "Invoice", "time:Date", "redis:Client". */
static int parse_named_type(struct parser *parser, struct ast_type *type) {
    if (is_word(parser, "time") || is_word(parser, "'time")) {
        type->local = "time";
        next(parser);
    } else {
        type->local = parse_name(parser, "a type");
    }
    type->name = type->local;
    if (!type->local)
        return -1;
    if (parser->token.kind != ':')
        return 0;
    next(parser);
    type->prefix = type->local;
    if (strcmp(type->prefix, "time") == 0 && parse_time_type(parser, type))
        return 0;
    type->local = parse_name(parser, "the name of a type");
    if (!type->local)
        return -1;
    type->name = arena_printf(parser->memory.texts, "%s:%s", type->prefix, type->local);
    return 0;
}

/* Names of entities usually begin with a capital, keywords never do. */
static bool may_be_keyword(const struct parser *parser) {
    char first = parser->lexer.text[parser->token.at.start];

    return first >= 'a' && first <= 'z' && !is_word(parser, "time");
}

/* A type without what may stand behind it. Reported when there is none: name is NULL then. */
static void parse_primary_type(struct parser *parser, struct ast_type *type) {
    if (parser->token.kind == TOKEN_NAME) {
        if (may_be_keyword(parser) && (parse_simple_type(parser, type) || parse_keyword_type(parser, type)))
            return;
        if (parse_named_type(parser, type) < 0)
            type->name = NULL;
    } else if (parser->token.kind == '(') {
        next(parser);
        if (accept(parser, ')')) {
            set_unsupported(type, "()");
            return;
        }
        parse_type(parser, type);
        if (type->name && !accept(parser, ')'))
            error_expected(parser, "\")\"");
    } else if (parser->token.kind == '[') {
        skip_balanced(parser);
        set_unsupported(type, "tuple");
    } else if (parser->token.kind == TOKEN_STRING || parser->token.kind == TOKEN_NUMBER) {
        next(parser);
        set_unsupported(type, "singleton");
    } else {
        error_expected(parser, "a type");
    }
}

/* [] and ? behind a type. An array of arrays or of nilable values is an array of something that is not supported. */
static void parse_type_suffixes(struct parser *parser, struct ast_type *type) {
    while (type->name && (parser->token.kind == '[' || parser->token.kind == '?')) {
        bool array = parser->token.kind == '[';

        if (array && type->array)
            set_unsupported(type, "array");
        if (array && type->nilable)
            set_unsupported(type, "optional");
        if (array)
            skip_balanced(parser);
        else
            next(parser);
        type->nilable = !array;
        type->array = type->array || array;
        if (array)
            type->builtin = type->kind == AST_TYPE_NAME && strcmp(type->name, "byte") == 0 ? 1 + TYPE_BYTES : 0;
    }
}

static void parse_joined_type(struct parser *parser, struct ast_type *type) {
    bool is_union = false;

    while (type->name && (parser->token.kind == '|' || parser->token.kind == '&')) {
        struct ast_type other = {0};

        is_union = is_union || parser->token.kind == '|';
        next(parser);
        other.kind = AST_TYPE_NAME;
        parse_primary_type(parser, &other);
        parse_type_suffixes(parser, &other);
        if (!other.name) {
            type->name = NULL;
            return;
        }
        type->array = type->nilable = false;
        set_unsupported(type, is_union ? "union" : "intersection");
    }
}

static void parse_type(struct parser *parser, struct ast_type *type) {
    uint32_t start = parser->token.at.start;

    *type = (struct ast_type){.kind = AST_TYPE_NAME};
    if (parser->depth >= AST_MAX_DEPTH) {
        diag_error(parser->diag, parser->tree->source, parser->token.at, 0, "nested deeper than %d levels", AST_MAX_DEPTH);
        skip_balanced(parser);
        return;
    }
    parser->depth++;
    parse_primary_type(parser, type);
    type->name_at = span_from(parser, start);
    parse_type_suffixes(parser, type);
    parse_joined_type(parser, type);
    if (type->kind == AST_TYPE_UNSUPPORTED)
        type->name_at = span_from(parser, start);
    type->at = span_from(parser, start);
    parser->depth--;
}

/* Records. */

static void add_odd_member(struct parser *parser, struct ast_entity *entity, int kind, uint32_t start) {
    struct ast_odd_member *member = vec_add(parser->memory.tree, &entity->odd_members);

    if (!accept(parser, ';'))
        error_missing(parser, ";", "in", entity->name);
    if (kind == AST_INCLUSION)
        member->kind = AST_INCLUSION;
    member->at = span_from(parser, start);
}

/* "readonly" may be the type itself: "readonly r;". */
static bool parse_readonly(struct parser *parser) {
    int after;

    if (!is_word(parser, "readonly"))
        return false;
    after = peek(parser).kind;
    if (after == TOKEN_NAME) {
        struct lexer ahead = parser->lexer;
        struct token token;

        ahead.comments = NULL;
        lexer_next(&ahead, &token);
        lexer_next(&ahead, &token);
        if (token.kind == ';')
            return false;
    }
    next(parser);
    return true;
}

/* Behind the type: the name and what may follow it. 0, or -1: reported. */
static int parse_field_rest(struct parser *parser, struct ast_field *field) {
    field->name_at = parser->token.at;
    field->name = parse_name(parser, "the name of a field");
    if (!field->name)
        return -1;
    field->optional = accept(parser, '?');
    if (accept(parser, '=')) {
        field->has_default = true;
        while (parser->token.kind != ';' && parser->token.kind != TOKEN_END && !closes(parser->token.kind) && !begins_item_for_sure(parser))
            skip_balanced(parser);
    }
    if (accept(parser, ';'))
        return 0;
    error_missing(parser, ";", "after field", field->name);
    return parser->token.kind == TOKEN_NAME || parser->token.kind == '@' || parser->token.kind == TOKEN_DOC ||
                   parser->token.kind == TOKEN_CLOSE_RECORD
               ? 0
               : -1;
}

/* A member that is no field: reported or kept elsewhere, or the end of a record that was not closed, of which its caller speaks. */
static bool parse_odd_member(struct parser *parser, struct ast_entity *entity, const struct ast_field *field) {
    struct ast_type included;

    if (begins_item(parser))
        return true;
    if (!accept(parser, '*'))
        return false;
    parse_type(parser, &included);
    add_odd_member(parser, entity, AST_INCLUSION, field->metadata.at.start);
    return true;
}

/* Reads one member of the record into FIELD, with recovery behind it. 0, or -1: it is no field. */
static int parse_field(struct parser *parser, struct ast_entity *entity, struct ast_field *field) {
    uint32_t start;

    memset(field, 0, sizeof *field);
    parse_metadata(parser, &field->metadata);
    start = parser->token.at.start;
    if (parse_odd_member(parser, entity, field))
        return -1;
    field->readonly = parse_readonly(parser);
    parse_type(parser, &field->type);
    if (field->type.name && accept(parser, TOKEN_ELLIPSIS)) {
        add_odd_member(parser, entity, AST_REST_FIELD, field->metadata.at.start);
        return -1;
    }
    if (!field->type.name || parse_field_rest(parser, field) < 0) {
        skip_field(parser);
        return -1;
    }
    field->core_at = span_from(parser, start);
    field->at = span_from(parser, field->metadata.at.start);
    return 0;
}

static void keep_fields(struct parser *parser, struct ast_entity *entity) {
    size_t count = parser->fields.count;

    entity->fields.at = ARENA_ARRAY(parser->memory.tree, struct ast_field, count);
    if (count)
        memcpy(entity->fields.at, parser->fields.at, count * sizeof *entity->fields.at);
    entity->fields.count = entity->fields.capacity = count;
    for (size_t i = 0; i < count; i++) {
        entity->key_count += entity->fields.at[i].readonly;
        entity->named_count += !entity->fields.at[i].type.builtin;
    }
}

/* From "record" to ";". */
static void parse_record(struct parser *parser, struct ast_entity *entity) {
    int closing;
    bool closed;
    uint32_t start = parser->token.at.start;

    next(parser);
    entity->open = parser->token.kind == '{';
    closing = entity->open ? '}' : TOKEN_CLOSE_RECORD;
    next(parser);
    parser->fields.count = 0;
    while (parser->token.kind != '}' && parser->token.kind != TOKEN_CLOSE_RECORD && parser->token.kind != TOKEN_END && !begins_item(parser))
        if (parse_field(parser, entity, vec_add(parser->memory.tree, &parser->fields)) < 0)
            parser->fields.count--;
    keep_fields(parser, entity);
    closed = accept(parser, closing);
    if (!closed) {
        error_missing(parser, entity->open ? "}" : "|}", "to close", entity->name);
        if (closes(parser->token.kind))
            next(parser);
    }
    entity->record_at = span_from(parser, start);
    if (!accept(parser, ';') && closed)
        error_missing(parser, ";", "after entity", entity->name);
    entity->at = span_from(parser, entity->metadata.at.start);
}

/* Items. */

struct item {
    struct ast_metadata metadata;
    bool is_public;
};

/* Does the text read on as a record type, behind "type NAME"? */
static bool at_record(const struct parser *parser) {
    int after = is_word(parser, "record") ? peek(parser).kind : 0;

    return after == '{' || after == TOKEN_OPEN_RECORD;
}

/* Words that begin an item of Ballerina: where "}" ended the one before. */
static bool begins_any_item(const struct parser *parser) {
    static const char *const words[] = {
        "public",   "type",   "enum",       "import",       "function",      "const",  "final",    "isolated", "class",    "service",
        "listener", "client", "annotation", "configurable", "transactional", "remote", "resource", "distinct", "readonly", "xmlns",
    };

    if (parser->token.kind == '@' || parser->token.kind == TOKEN_DOC || parser->token.kind == TOKEN_END)
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (token_is(&parser->lexer, &parser->token, words[i], strlen(words[i])))
            return true;
    return false;
}

/* Passes over an item that is neither entity nor enum: to its ";", or to a "}" behind which it does not go on. */
static void skip_item(struct parser *parser) {
    while (parser->token.kind != TOKEN_END) {
        bool block = parser->token.kind == '{';

        if (accept(parser, ';'))
            return;
        skip_balanced(parser);
        if (begins_item_for_sure(parser) || (block && parser->token.kind != ';' && begins_any_item(parser)))
            return;
    }
}

static void parse_other(struct parser *parser, const struct item *item) {
    struct ast_other other;

    skip_item(parser);
    other.at = span_from(parser, item->metadata.at.start);
    if (ast_annotation_find(&item->metadata, "db:Object"))
        diag_error(parser->diag, parser->tree->source, ast_annotation_find(&item->metadata, "db:Object")->at, 0,
                   "definitions in the database's own words (\"@db:Object\") are not supported yet: they come with \"persist pull\"");
    else
        vec_push(parser->memory.tree, &parser->tree->others, other);
}

static void parse_entity(struct parser *parser, const struct item *item) {
    struct lexer before = parser->lexer;
    struct token type = parser->token;
    uint32_t end = parser->end;
    struct ast_entity entity = {.metadata = item->metadata, .is_public = item->is_public};

    next(parser);
    entity.name_at = parser->token.at;
    entity.name = parse_name(parser, "the name of an entity");
    if (!entity.name) {
        skip_to_item(parser);
        return;
    }
    if (at_record(parser)) {
        parse_record(parser, &entity);
        vec_push(parser->memory.tree, &parser->tree->entities, entity);
    } else if (parser->token.kind == TOKEN_OPEN_RECORD) {
        error_missing(parser, "record", "behind", entity.name);
        skip_to_item(parser);
    } else {
        parser->lexer = before;
        parser->token = type;
        parser->end = end;
        parse_other(parser, item);
    }
}

static void parse_member(struct parser *parser, struct ast_enum *enumeration) {
    struct ast_enum_member member = {0};

    parse_metadata(parser, &member.metadata);
    member.name_at = parser->token.at;
    member.name = parse_name(parser, "the name of an enum member");
    if (!member.name) {
        while (parser->token.kind != TOKEN_END && parser->token.kind != ',' && !closes(parser->token.kind) && !begins_item_for_sure(parser))
            skip_balanced(parser);
        return;
    }
    if (accept(parser, '=')) {
        const struct ast_value *value = parse_value(parser);

        member.value = value->text;
        if (value->kind != AST_STRING)
            diag_error(parser->diag, parser->tree->source, value->at, 0, "the value of enum member \"%s\" must be a string", member.name);
    }
    member.at = span_from(parser, member.metadata.at.start);
    vec_push(parser->memory.tree, &enumeration->members, member);
}

static void parse_enum(struct parser *parser, const struct item *item) {
    struct ast_enum enumeration = {.metadata = item->metadata, .is_public = item->is_public};

    next(parser);
    enumeration.name_at = parser->token.at;
    enumeration.name = parse_name(parser, "the name of an enum");
    if (!enumeration.name || parser->token.kind != '{') {
        if (enumeration.name)
            error_missing(parser, "{", "after enum", enumeration.name);
        skip_to_item(parser);
        return;
    }
    next(parser);
    while (parser->token.kind != '}' && parser->token.kind != TOKEN_END && !begins_item_for_sure(parser)) {
        parse_member(parser, &enumeration);
        if (!accept(parser, ','))
            break;
    }
    if (!accept(parser, '}')) {
        error_missing(parser, ",\" or \"}", "in enum", enumeration.name);
        skip_to_item(parser);
    }
    accept(parser, ';');
    enumeration.at = span_from(parser, item->metadata.at.start);
    vec_push(parser->memory.tree, &parser->tree->enums, enumeration);
}

/* The module's name, joined: "ballerinax/persist.sql". *LAST gets its last part. NULL: reported. */
static const char *parse_module(struct parser *parser, const char **last) {
    struct str module = STR_INIT;
    const char *kept = NULL;

    while ((*last = parse_name(parser, "the name of a module"))) {
        str_add(&module, *last);
        if (parser->token.kind != '/' && parser->token.kind != '.')
            break;
        str_add_char(&module, (char)parser->token.kind);
        next(parser);
    }
    if (*last)
        kept = str_keep(&module, parser->memory.tree);
    str_free(&module);
    return kept;
}

static void parse_import(struct parser *parser) {
    struct ast_import import = {.at = parser->token.at};

    next(parser);
    import.prefix_at = parser->token.at;
    import.module = parse_module(parser, &import.prefix);
    if (!import.module) {
        skip_to_item(parser);
        return;
    }
    import.prefix_at.end = parser->end;
    if (is_word(parser, "as")) {
        import.prefix_at = parser->token.at;
        import.prefix_written = true;
        next(parser);
        import.prefix = parse_name(parser, "a prefix");
        import.prefix_at = span_from(parser, import.prefix_at.start);
    }
    if (import.prefix && !accept(parser, ';'))
        error_missing(parser, ";", "after import", import.module);
    import.at = span_from(parser, import.at.start);
    if (import.prefix)
        vec_push(parser->memory.tree, &parser->tree->imports, import);
    else
        skip_to_item(parser);
}

static void parse_item(struct parser *parser) {
    struct item item;

    parse_metadata(parser, &item.metadata);
    if (is_word(parser, "import")) {
        parse_import(parser);
        return;
    }
    item.is_public = accept_word(parser, "public");
    if (is_word(parser, "type")) {
        parse_entity(parser, &item);
    } else if (is_word(parser, "enum")) {
        parse_enum(parser, &item);
    } else if (parser->token.kind == TOKEN_NAME) {
        parse_other(parser, &item);
    } else {
        error_expected(parser, "an entity or an enum");
        if (parser->token.kind != TOKEN_END)
            next(parser);
        skip_to_item(parser);
    }
}

void ast_parse_into(const struct ast_memory *memory, struct source *source, struct ast *tree, struct diag *diag) {
    struct comment_spans comments = {0};
    struct parser parser = {.memory = *memory, .tree = tree, .diag = diag};

    *tree = (struct ast){.source = source};
    parser.lexer = (struct lexer){.text = source->text, .at = source->text, .arena = memory->tree};
    if (memory->comments)
        parser.lexer.comments = &comments;
    next(&parser);
    while (parser.token.kind != TOKEN_END)
        parse_item(&parser);
    tree->comments.at = comments.list.at;
    tree->comments.count = comments.list.count;
    tree->comments.capacity = comments.list.capacity;
}

void ast_parse(struct arena *arena, struct source *source, struct ast *tree, struct diag *diag) {
    struct ast_memory memory = {.tree = arena, .texts = arena};

    ast_parse_into(&memory, source, tree, diag);
}

const struct ast_value *ast_argument(const struct ast_annotation *annotation, const char *key) {
    const struct ast_value *mapping = annotation ? annotation->value : NULL;

    for (size_t i = 0; mapping && i < mapping->count; i++)
        if (strcmp(mapping->items[i]->key, key) == 0)
            return mapping->items[i];
    return NULL;
}
