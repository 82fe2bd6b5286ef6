/* What the parts of the parser share.
 *
 * parse.c        the driver: tokens, recovery, imports, records, enums, other items
 * parse_value.c  constant expressions and metadata: documentation and annotations
 * parse_type.c   types
 *
 * What has to be reported is reported where it is found, at its place; a reader leaves the parser behind what it took, so that the next
 * one can go on. */
#ifndef PERSIST_PARSE_INTERNAL_H
#define PERSIST_PARSE_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "ast.h"
#include "lex.h"

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

/* Tokens: every part asks for them all the time. */

static inline void parse_next(struct parser *parser) {
    parser->end = parser->token.at.end;
    lexer_next(&parser->lexer, &parser->token);
}

/* Is the current token the keyword WORD, a literal? */
#define parse_is_word(parser, word) token_is_word(&(parser)->lexer, &(parser)->token, word)
#define parse_accept_word(parser, word) (parse_is_word(parser, word) && (parse_next(parser), true))

static inline bool parse_accept(struct parser *parser, int kind) {
    if (parser->token.kind != kind)
        return false;
    parse_next(parser);
    return true;
}

static inline struct span parse_span_from(const struct parser *parser, uint32_t start) {
    return (struct span){start, parser->end > start ? parser->end : start};
}

static inline bool parse_opens(int kind) {
    return kind == '{' || kind == '(' || kind == '[' || kind == TOKEN_OPEN_RECORD;
}

static inline bool parse_closes(int kind) {
    return kind == '}' || kind == ')' || kind == ']' || kind == TOKEN_CLOSE_RECORD;
}

/* The token that begins at the current one's place and the one behind it, without moving. */
struct token parse_peek(const struct parser *parser);

/* The name that is the current token. NULL: reported. */
const char *parse_name(struct parser *parser, const char *what);

/* Reports a token that is none, in the words of what is wrong with it. */
void parse_error_bad_token(struct parser *parser);

/* "expected WHAT, found …" at the current token. Always -1: reported. */
int parse_error_expected(struct parser *parser, const char *what);

/* A missing closing token is shown where it belongs, behind what was read last: "expected WHAT BEHIND NAME". Always -1: reported. */
int parse_error_missing(struct parser *parser, const char *what, const char *behind, const char *name);

/* Does an item of the file begin here, whatever is still open? Recovery goes no further. */
bool parse_begins_item_for_sure(const struct parser *parser);

/* Passes over one token, or over all that a bracket holds. */
void parse_skip_balanced(struct parser *parser);

/* A constant expression; AST_OTHER with its place when it is none. Never NULL. */
struct ast_value *parse_value(struct parser *parser);

/* The "#" lines and annotations before an item, field or enum member; there may be none. */
void parse_metadata(struct parser *parser, struct ast_metadata *metadata);

/* A type with what may stand behind it. Reported when there is none: its name is NULL then. */
void parse_type(struct parser *parser, struct ast_type *type);

#endif
