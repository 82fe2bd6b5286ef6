/* Where the pieces of a database's SQL end: comments, strings, quoted names, words. For what cuts a text without understanding it: scripts
 * into statements, definitions into tokens.
 *
 *     for (struct piece piece = lexing_piece(rules, at); piece.kind != PIECE_END; piece = lexing_piece(rules, piece.at + piece.length)) … */
#ifndef PERSIST_LEXING_H
#define PERSIST_LEXING_H

#include <stdbool.h>
#include <stddef.h>

/* Where a ";" stands inside a statement. */
enum bodies {
    BODIES_NONE,
    BODIES_TRIGGER, /* CREATE TRIGGER … BEGIN …; END (SQLite) */
    BODIES_ATOMIC   /* CREATE FUNCTION … BEGIN ATOMIC …; END, and in parentheses, as in CREATE RULE … DO (…; …) (PostgreSQL) */
};

/* What differs from database to database. All zero: standard SQL. */
struct lexing {
    bool nested_comments; /* a comment in a comment has an end of its own (PostgreSQL) */
    bool dollar_quotes;   /* $tag$ … $tag$, and E'…' with backslashes (PostgreSQL) */
    bool hash_comments;   /* "#" begins a comment, and "--" only with a blank behind it (MySQL) */
    bool backslash;       /* escapes in '…' and "…" (MySQL) */
    bool brackets;        /* names in `…` and […] (SQLite) */
    enum bodies bodies;
};

enum piece_kind {
    PIECE_END,
    PIECE_BLANK, /* white space */
    PIECE_COMMENT,
    PIECE_QUOTED, /* a string or a quoted name */
    PIECE_WORD,   /* a keyword, a plain name, a number */
    PIECE_SIGN    /* one character of anything else */
};

struct piece {
    enum piece_kind kind;
    const char *at;
    size_t length;
    bool open; /* a comment or quotes that the text ends in */
};

/* The piece at AT. A comment that MySQL runs is one like others. */
struct piece lexing_piece(const struct lexing *rules, const char *at);

/* Is the piece the keyword WORD, ignoring case, or the sign WORD? */
bool piece_is(struct piece piece, const char *word);

#endif
