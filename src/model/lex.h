/* The lexer of the model language: one token at a time, nothing allocated. Private to the model layer.
 *
 * A copy of the struct is a place to come back to. Nothing is reported here: what is no token is TOKEN_BAD, and whoever needed a token
 * says so. */
#ifndef PERSIST_LEX_H
#define PERSIST_LEX_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "arena.h"
#include "source.h"
#include "vec.h"

/* Any other character is its own kind: ';', '{', '?'. */
enum token_kind {
    TOKEN_END = 256,
    TOKEN_NAME,     /* also keywords: they are names that the parser compares */
    TOKEN_STRING,   /* "…" */
    TOKEN_TEMPLATE, /* `…` */
    TOKEN_NUMBER,
    TOKEN_DOC,          /* from "#" to the end of the line */
    TOKEN_OPEN_RECORD,  /* {| */
    TOKEN_CLOSE_RECORD, /* |} */
    TOKEN_ELLIPSIS,     /* ... */
    TOKEN_BAD           /* an unterminated string or template, a character that begins nothing */
};

struct token {
    int kind;
    struct span at;
    bool quoted;  /* TOKEN_NAME: written with a leading ' */
    bool escaped; /* TOKEN_NAME, TOKEN_STRING: holds a backslash; TOKEN_TEMPLATE: holds ${ or a carriage return */
};

struct comment_spans {
    VEC(struct span) list;
};

struct lexer {
    const char *text;
    const char *at;
    struct arena *arena;            /* of the comments */
    struct comment_spans *comments; /* NULL: they are passed over */
};

/* Reads the next token. At the end of the text it is TOKEN_END, as often as asked. */
void lexer_next(struct lexer *lexer, struct token *token);

/* Is TOKEN the name that is the LENGTH bytes at WORD, written without a quote? */
static inline bool token_is(const struct lexer *lexer, const struct token *token, const char *word, size_t length) {
    return token->kind == TOKEN_NAME && token->at.end - token->at.start == length &&
           memcmp(lexer->text + token->at.start, word, length) == 0;
}

/* The same for a literal, whose length the compiler knows. */
#define token_is_word(lexer, token, word) token_is((lexer), (token), "" word "", sizeof word - 1)

/* The text of a TOKEN_NAME without its quote, escapes resolved; NULL when an escape is wrong. */
char *lexer_name(struct arena *arena, const struct lexer *lexer, const struct token *token);

/* The text of a TOKEN_STRING, escapes resolved; NULL when an escape is wrong: *BAD_ESCAPE is its place. */
char *lexer_string(struct arena *arena, const struct lexer *lexer, const struct token *token, struct span *bad_escape);

/* The text of a TOKEN_TEMPLATE: interpolations of one string literal, ${"`"}, are that string's text; a line end is "\n" also where the
 * file has "\r\n". NULL when something else is interpolated: *BAD is its place. */
char *lexer_template(struct arena *arena, const struct lexer *lexer, const struct token *token, struct span *bad);

#endif
