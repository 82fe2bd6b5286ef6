#include "lexing.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

static const char *end_of(const char *at) {
    return at + strlen(at);
}

/* Behind the comment that begins at AT; at the end of the text when it has none. */
static const char *skip_block(const char *at, bool nested, bool *open) {
    unsigned depth = 1;

    for (at += 2; *at; at++) {
        if (at[0] == '*' && at[1] == '/' && --depth == 0)
            return at + 2;
        if (at[0] == '*' && at[1] == '/')
            at++;
        else if (nested && at[0] == '/' && at[1] == '*') {
            depth++;
            at++;
        }
    }
    *open = true;
    return at;
}

/* Behind the quotes that begin at AT and end with CLOSE. Doubled, it ends one and begins the next: the same to who cuts. */
static const char *skip_quotes(const char *at, char close, bool backslash, bool *open) {
    for (at++; *at; at++) {
        if (*at == close && at[1] == close && close != ']')
            at++;
        else if (*at == close)
            return at + 1;
        else if (backslash && *at == '\\' && at[1])
            at++;
    }
    *open = true;
    return at;
}

/* Behind $tag$ … $tag$; AT itself when none begins there. */
static const char *skip_dollars(const char *at, bool *open) {
    const char *end = at + 1, *close;
    size_t length;

    while (isalnum((unsigned char)*end) || *end == '_' || (unsigned char)*end >= 0x80)
        end++;
    if (*end != '$' || isdigit((unsigned char)at[1]))
        return at;
    length = (size_t)(end + 1 - at);
    for (close = strchr(end + 1, '$'); close; close = strchr(close + 1, '$'))
        if (strncmp(close, at, length) == 0)
            return close + length;
    *open = true;
    return end_of(at);
}

static bool is_line_comment(const struct lexing *rules, const char *at) {
    if (*at == '#')
        return rules->hash_comments;
    return at[0] == '-' && at[1] == '-' &&
           (!rules->hash_comments || !at[2] || isspace((unsigned char)at[2]) || iscntrl((unsigned char)at[2]));
}

static bool is_space(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* "$" belongs to words, but MySQL's scripts end statements with "$$". */
static bool is_word(const struct lexing *rules, char c, bool first) {
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80 || (c == '$' && !first && !rules->hash_comments);
}

static const char *skip_word(const struct lexing *rules, const char *at) {
    while (is_word(rules, *at, false))
        at++;
    return at;
}

static const char *skip_space(const char *at) {
    while (is_space(*at))
        at++;
    return at;
}

static char closing_quote(const struct lexing *rules, char c) {
    if (c == '\'' || c == '"')
        return c;
    if (c == '`' && (rules->brackets || rules->backslash))
        return c;
    return c == '[' && rules->brackets ? ']' : '\0';
}

static bool is_escape_string(const struct lexing *rules, const char *at) {
    return rules->dollar_quotes && (*at == 'E' || *at == 'e') && at[1] == '\'';
}

/* Comments and quotes at AT; false when there are none. */
static bool take_opaque(const struct lexing *rules, struct piece *piece) {
    const char *at = piece->at, *end = at;
    char close = closing_quote(rules, *at);

    piece->kind = PIECE_QUOTED;
    if (is_line_comment(rules, at) || (at[0] == '/' && at[1] == '*'))
        piece->kind = PIECE_COMMENT;
    if (at[0] == '/' && at[1] == '*')
        end = skip_block(at, rules->nested_comments, &piece->open);
    else if (piece->kind == PIECE_COMMENT)
        end = at + strcspn(at, "\n");
    else if (close)
        end = skip_quotes(at, close, rules->backslash && close != '`', &piece->open);
    else if (is_escape_string(rules, at))
        end = skip_quotes(at + 1, '\'', true, &piece->open);
    else if (*at == '$' && rules->dollar_quotes)
        end = skip_dollars(at, &piece->open);
    piece->length = (size_t)(end - at);
    return end > at;
}

struct piece lexing_piece(const struct lexing *rules, const char *at) {
    struct piece piece = {.at = at};

    if (!*at || take_opaque(rules, &piece))
        return *at ? piece : (struct piece){.kind = PIECE_END, .at = at};
    piece.kind = is_space(*at) ? PIECE_BLANK : is_word(rules, *at, true) ? PIECE_WORD : PIECE_SIGN;
    piece.length = piece.kind == PIECE_BLANK  ? (size_t)(skip_space(at) - at)
                   : piece.kind == PIECE_WORD ? (size_t)(skip_word(rules, at) - at)
                                              : 1;
    return piece;
}

bool piece_is(struct piece piece, const char *word) {
    return (piece.kind == PIECE_WORD || piece.kind == PIECE_SIGN) && strncasecmp(piece.at, word, piece.length) == 0 && !word[piece.length];
}
