/* A scanner of SQLite's SQL, enough to read the definitions that sqlite_schema holds.
 *
 *     struct token token = token_first(text);
 *     while (token.kind != TOKEN_END)
 *         token = token_next(token); */
#ifndef PERSIST_SQLITE_TOKEN_H
#define PERSIST_SQLITE_TOKEN_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

enum token_kind {
    TOKEN_END,
    TOKEN_WORD,   /* keyword or plain identifier */
    TOKEN_QUOTED, /* identifier in "…", `…` or […] */
    TOKEN_STRING, /* '…' */
    TOKEN_NUMBER,
    TOKEN_SIGN /* one character */
};

struct token {
    enum token_kind kind;
    const char *at;
    size_t length;
};

/* The first token of TEXT, and the one behind TOKEN; white space and comments are skipped. What is not closed ends with the text. */
struct token token_first(const char *text);
struct token token_next(struct token token);

/* Is it the keyword WORD (ignoring case), the sign SIGN? */
bool token_is(struct token token, const char *word);
bool token_is_sign(struct token token, char sign);

/* A word or a quoted identifier? */
bool token_is_name(struct token token);

/* A name as it is meant: without its quotes. Also for strings, which SQLite takes for names where a name must stand. */
char *token_name(struct arena *arena, struct token token);

/* Do A and B differ by the case of ASCII letters alone, SQLite's rule for names? */
bool name_equal(const char *a, const char *b);

/* NAME as all spellings have it: in lower case. */
char *name_folded(struct arena *arena, const char *name);

/* EXPRESSION without the space and the comments around it: a comment that runs to the end of its line would hide what is put behind. NULL
 * stays NULL. */
const char *expression_trim(struct arena *arena, const char *expression);

/* The same for a statement, which may end with ";". */
const char *statement_trim(struct arena *arena, const char *statement);

#endif
