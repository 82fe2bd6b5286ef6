#include "token.h"

#include <string.h>
#include <strings.h>

#include "sqlite.h"

static bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static bool starts_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 0x80;
}

static bool continues_word(char c) {
    return starts_word(c) || is_digit(c) || c == '$';
}

static const char *skip_space(const char *at) {
    for (;;) {
        while (is_space(*at))
            at++;
        if ((at[0] != '-' || at[1] != '-') && (at[0] != '/' || at[1] != '*'))
            return at;
        at += lexing_piece(&dialect_sqlite.style.lexing, at).length;
    }
}

static size_t quoted_length(const char *at) {
    return lexing_piece(&dialect_sqlite.style.lexing, at).length;
}

static size_t word_length(const char *at) {
    size_t length = 1;

    while (continues_word(at[length]))
        length++;
    return length;
}

static size_t number_length(const char *at) {
    size_t length = 1;

    while (continues_word(at[length]) || at[length] == '.' ||
           ((at[length] == '+' || at[length] == '-') && (at[length - 1] == 'e' || at[length - 1] == 'E') && at[1] != 'x' && at[1] != 'X'))
        length++;
    return length;
}

struct token token_first(const char *text) {
    const char *at = skip_space(text);

    if (!*at)
        return (struct token){TOKEN_END, at, 0};
    if (*at == '\'')
        return (struct token){TOKEN_STRING, at, quoted_length(at)};
    if ((*at == 'x' || *at == 'X') && at[1] == '\'')
        return (struct token){TOKEN_NUMBER, at, 1 + quoted_length(at + 1)};
    if (*at == '"' || *at == '`' || *at == '[')
        return (struct token){TOKEN_QUOTED, at, quoted_length(at)};
    if (starts_word(*at))
        return (struct token){TOKEN_WORD, at, word_length(at)};
    if (is_digit(*at) || (*at == '.' && is_digit(at[1])))
        return (struct token){TOKEN_NUMBER, at, number_length(at)};
    return (struct token){TOKEN_SIGN, at, 1};
}

struct token token_next(struct token token) {
    return token_first(token.at + token.length);
}

/* The first letter decides mostly, and this is asked a dozen times a token. */
bool token_is(struct token token, const char *word) {
    return token.kind == TOKEN_WORD && (*token.at | 0x20) == (*word | 0x20) && strncasecmp(token.at, word, token.length) == 0 &&
           !word[token.length];
}

bool token_is_sign(struct token token, char sign) {
    return token.kind == TOKEN_SIGN && *token.at == sign;
}

bool token_is_name(struct token token) {
    return token.kind == TOKEN_WORD || token.kind == TOKEN_QUOTED;
}

char *token_name(struct arena *arena, struct token token) {
    char *name, *out;
    char close;

    if (token.length < 2 || (token.kind != TOKEN_QUOTED && token.kind != TOKEN_STRING))
        return arena_strndup(arena, token.at, token.length);
    close = token.at[token.length - 1];
    name = out = arena_strndup(arena, token.at + 1, token.length - 2);
    for (const char *in = name; *in; in++) {
        if (*in == close && in[1] == close)
            in++;
        *out++ = *in;
    }
    *out = '\0';
    return name;
}

bool name_equal(const char *a, const char *b) {
    for (; *a && *b; a++, b++) {
        int x = *a >= 'A' && *a <= 'Z' ? *a + 32 : *a;
        int y = *b >= 'A' && *b <= 'Z' ? *b + 32 : *b;

        if (x != y)
            return false;
    }
    return *a == *b;
}

char *name_folded(struct arena *arena, const char *name) {
    char *copy = arena_strdup(arena, name);

    for (char *at = copy; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at + 32);
    return copy;
}

/* From the first token to the last; with STATEMENT without a ";" at the end. */
static const char *trim(struct arena *arena, const char *text, bool statement) {
    struct token token = token_first(text);
    const char *start = token.at, *end = start;

    for (; token.kind != TOKEN_END; token = token_next(token))
        if (!statement || !token_is_sign(token, ';') || token_next(token).kind != TOKEN_END)
            end = token.at + token.length;
    return arena_strndup(arena, start, (size_t)(end - start));
}

const char *expression_trim(struct arena *arena, const char *expression) {
    return expression ? trim(arena, expression, false) : NULL;
}

const char *statement_trim(struct arena *arena, const char *statement) {
    return trim(arena, statement, true);
}
