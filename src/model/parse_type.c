#include <string.h>

#include "ir.h"
#include "parse_internal.h"

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
            parse_next(parser);
        else
            parse_skip_balanced(parser);
    } while (depth && parser->token.kind != TOKEN_END && parser->token.kind != ';' && !parse_closes(parser->token.kind));
    if (depth)
        parse_error_expected(parser, "\">\"");
}

/* key<…> or key(…) behind table<…>. */
static void skip_table_key(struct parser *parser) {
    if (!parse_is_word(parser, "key"))
        return;
    parse_next(parser);
    if (parser->token.kind == '(')
        parse_skip_balanced(parser);
    else
        skip_type_parameter(parser);
}

static bool parse_unsupported_word(struct parser *parser, struct ast_type *type) {
    for (size_t i = 0; i < sizeof unsupported_words / sizeof *unsupported_words; i++) {
        if (!token_is(&parser->lexer, &parser->token, unsupported_words[i], strlen(unsupported_words[i])))
            continue;
        parse_next(parser);
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

    parse_next(parser);
    if (parser->token.kind == '(')
        parse_skip_balanced(parser);
    if (parse_accept_word(parser, "returns"))
        parse_type(parser, &returned);
    set_unsupported(type, "function");
}

/* Types that begin with a keyword of their own; false: it is none. */
static bool parse_keyword_type(struct parser *parser, struct ast_type *type) {
    struct ast_type inner;

    if (parse_is_word(parser, "function")) {
        parse_function_type(parser, type);
    } else if (parse_is_word(parser, "record") || parse_is_word(parser, "object")) {
        const char *name = parse_is_word(parser, "record") ? "in-line record" : "object";

        parse_next(parser);
        if (parse_opens(parser->token.kind))
            parse_skip_balanced(parser);
        set_unsupported(type, name);
    } else if (parse_is_word(parser, "distinct")) {
        parse_next(parser);
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
        parse_next(parser);
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
        parse_next(parser);
        return true;
    }
    return false;
}

/* "Invoice", "time:Date", "redis:Client". */
static int parse_named_type(struct parser *parser, struct ast_type *type) {
    if (parse_is_word(parser, "time") || parse_is_word(parser, "'time")) {
        type->local = "time";
        parse_next(parser);
    } else {
        type->local = parse_name(parser, "a type");
    }
    type->name = type->local;
    if (!type->local)
        return -1;
    if (parser->token.kind != ':')
        return 0;
    parse_next(parser);
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

    return first >= 'a' && first <= 'z' && !parse_is_word(parser, "time");
}

/* A type without what may stand behind it. Reported when there is none: name is NULL then. */
static void parse_primary_type(struct parser *parser, struct ast_type *type) {
    if (parser->token.kind == TOKEN_NAME) {
        if (may_be_keyword(parser) && (parse_simple_type(parser, type) || parse_keyword_type(parser, type)))
            return;
        if (parse_named_type(parser, type) < 0)
            type->name = NULL;
    } else if (parser->token.kind == '(') {
        parse_next(parser);
        if (parse_accept(parser, ')')) {
            set_unsupported(type, "()");
            return;
        }
        parse_type(parser, type);
        if (type->name && !parse_accept(parser, ')'))
            parse_error_expected(parser, "\")\"");
    } else if (parser->token.kind == '[') {
        parse_skip_balanced(parser);
        set_unsupported(type, "tuple");
    } else if (parser->token.kind == TOKEN_STRING || parser->token.kind == TOKEN_NUMBER) {
        parse_next(parser);
        set_unsupported(type, "singleton");
    } else {
        parse_error_expected(parser, "a type");
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
            parse_skip_balanced(parser);
        else
            parse_next(parser);
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
        parse_next(parser);
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

void parse_type(struct parser *parser, struct ast_type *type) {
    uint32_t start = parser->token.at.start;

    *type = (struct ast_type){.kind = AST_TYPE_NAME};
    if (parser->depth >= AST_MAX_DEPTH) {
        diag_error(parser->diag, parser->tree->source, parser->token.at, 0, "nested deeper than %d levels", AST_MAX_DEPTH);
        parse_skip_balanced(parser);
        return;
    }
    parser->depth++;
    parse_primary_type(parser, type);
    type->name_at = parse_span_from(parser, start);
    parse_type_suffixes(parser, type);
    parse_joined_type(parser, type);
    if (type->kind == AST_TYPE_UNSUPPORTED)
        type->name_at = parse_span_from(parser, start);
    type->at = parse_span_from(parser, start);
    parser->depth--;
}
