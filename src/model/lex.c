#include "lex.h"

#include <string.h>

#include "utf8.h"

enum { SPACE = 1, NAME_START = 2, DIGIT = 4, NAME_PART = NAME_START | DIGIT };

/* What an ASCII character can begin or continue. */
static const unsigned char classes[256] = {
    ['\t'] = SPACE,     ['\n'] = SPACE,     ['\v'] = SPACE,     ['\f'] = SPACE,     ['\r'] = SPACE,     [' '] = SPACE,
    ['0'] = DIGIT,      ['1'] = DIGIT,      ['2'] = DIGIT,      ['3'] = DIGIT,      ['4'] = DIGIT,      ['5'] = DIGIT,
    ['6'] = DIGIT,      ['7'] = DIGIT,      ['8'] = DIGIT,      ['9'] = DIGIT,      ['A'] = NAME_START, ['B'] = NAME_START,
    ['C'] = NAME_START, ['D'] = NAME_START, ['E'] = NAME_START, ['F'] = NAME_START, ['G'] = NAME_START, ['H'] = NAME_START,
    ['I'] = NAME_START, ['J'] = NAME_START, ['K'] = NAME_START, ['L'] = NAME_START, ['M'] = NAME_START, ['N'] = NAME_START,
    ['O'] = NAME_START, ['P'] = NAME_START, ['Q'] = NAME_START, ['R'] = NAME_START, ['S'] = NAME_START, ['T'] = NAME_START,
    ['U'] = NAME_START, ['V'] = NAME_START, ['W'] = NAME_START, ['X'] = NAME_START, ['Y'] = NAME_START, ['Z'] = NAME_START,
    ['_'] = NAME_START, ['a'] = NAME_START, ['b'] = NAME_START, ['c'] = NAME_START, ['d'] = NAME_START, ['e'] = NAME_START,
    ['f'] = NAME_START, ['g'] = NAME_START, ['h'] = NAME_START, ['i'] = NAME_START, ['j'] = NAME_START, ['k'] = NAME_START,
    ['l'] = NAME_START, ['m'] = NAME_START, ['n'] = NAME_START, ['o'] = NAME_START, ['p'] = NAME_START, ['q'] = NAME_START,
    ['r'] = NAME_START, ['s'] = NAME_START, ['t'] = NAME_START, ['u'] = NAME_START, ['v'] = NAME_START, ['w'] = NAME_START,
    ['x'] = NAME_START, ['y'] = NAME_START, ['z'] = NAME_START,
};

static unsigned char class_of(char c) {
    return classes[(unsigned char)c];
}

static const char *line_end(const char *at) {
    return at + strcspn(at, "\n");
}

static void keep_comment(struct lexer *lexer, const char *start, const char *end) {
    struct span span = {(uint32_t)(start - lexer->text), (uint32_t)(end - lexer->text)};
    struct comment_spans *comments = lexer->comments;

    if (end > start && end[-1] == '\r')
        span.end--;
    if (comments->list.count && comments->list.at[comments->list.count - 1].start >= span.start)
        return; /* seen already: the parser went back */
    vec_push(lexer->arena, &comments->list, span);
}

static const char *skip_space(struct lexer *lexer, const char *at) {
    for (;;) {
        const char *end;

        while (class_of(*at) == SPACE)
            at++;
        if (at[0] != '/' || at[1] != '/')
            return at;
        end = line_end(at);
        if (lexer->comments)
            keep_comment(lexer, at, end);
        at = end;
    }
}

/* The end of the rest of a name that holds more than ASCII letters: code points and escapes. */
static const char *odd_name_end(const char *at, bool *escaped) {
    for (;;) {
        size_t length = 1;

        if (*at == '\\' && at[1] != '\0' && at[1] != '\n' && at[1] != '\r') {
            *escaped = true;
            utf8_decode(at + 1, &length);
            if (at[1] == 'u' && at[2] == '{')
                length = 2 + strcspn(at + 3, "}\n\"; ") + (at[3 + strcspn(at + 3, "}\n\"; ")] == '}');
            at += 1 + length;
        } else if (*at != '\0' && utf8_continues_name(utf8_decode(at, &length))) {
            at += length;
        } else {
            return at;
        }
    }
}

static const char *name_end(const char *at, bool *escaped) {
    while (class_of(*at) & NAME_PART)
        at++;
    return *at == '\\' || (unsigned char)*at >= 0x80 ? odd_name_end(at, escaped) : at;
}

static const char *string_end(const char *at, struct token *token) {
    for (at++;; at++) {
        at += strcspn(at, "\"\\\n");
        if (*at != '\\')
            break;
        token->escaped = true;
        if (at[1] == '\0' || at[1] == '\n')
            break;
        at++;
    }
    token->kind = *at == '"' ? TOKEN_STRING : TOKEN_BAD;
    return *at == '"' ? at + 1 : at;
}

/* The "}" of the interpolation whose "${" is at AT, or where it cannot go on: at a "`" outside of strings, at the end of the text. */
static const char *interpolation_end(const char *at) {
    struct token string;
    size_t depth = 1;

    for (at += 2; *at && *at != '`'; at++) {
        depth += *at == '{';
        depth -= *at == '}';
        if (!depth)
            return at;
        if (*at == '"')
            at = string_end(at, &string) - 1;
    }
    return at;
}

static const char *template_end(const char *start, struct token *token) {
    const char *at = start + 1;

    for (;; at++) {
        at += strcspn(at, "`$\r");
        if (*at == '\0' || *at == '`')
            break;
        if (*at == '$' && at[1] == '{') {
            at = interpolation_end(at);
            at -= *at != '}';
            token->escaped = true;
        }
        token->escaped = token->escaped || *at == '\r';
    }
    token->kind = *at ? TOKEN_TEMPLATE : TOKEN_BAD;
    return *at ? at + 1 : line_end(start);
}

static const char *number_end(const char *at) {
    for (;; at++) {
        bool exponent = (*at == 'e' || *at == 'E') && (at[1] == '+' || at[1] == '-');
        bool point = *at == '.' && class_of(at[1]) == DIGIT;

        if (exponent)
            at++;
        else if (!point && !(class_of(*at) & NAME_PART))
            return at;
    }
}

static const char *punctuation_end(const char *at, struct token *token) {
    size_t length;

    token->kind = (unsigned char)*at;
    if (at[0] == '{' && at[1] == '|')
        token->kind = TOKEN_OPEN_RECORD;
    else if (at[0] == '|' && at[1] == '}')
        token->kind = TOKEN_CLOSE_RECORD;
    else if (at[0] == '.' && at[1] == '.' && at[2] == '.')
        token->kind = TOKEN_ELLIPSIS;
    else if ((unsigned char)*at < 0x80)
        token->kind = (unsigned char)*at < 0x20 || *at == 0x7F || *at == '$' || *at == '\'' ? TOKEN_BAD : token->kind;
    else
        token->kind = TOKEN_BAD;
    if (token->kind == TOKEN_ELLIPSIS)
        return at + 3;
    if (token->kind == TOKEN_OPEN_RECORD || token->kind == TOKEN_CLOSE_RECORD)
        return at + 2;
    utf8_decode(at, &length);
    return at + length;
}

/* A token that does not begin with an ASCII letter. */
static const char *other_end(const char *at, struct token *token) {
    size_t length;
    const char *end;

    switch (*at) {
    case '\0':
        token->kind = TOKEN_END;
        return at;
    case '"':
        return string_end(at, token);
    case '`':
        return template_end(at, token);
    case '#':
        token->kind = TOKEN_DOC;
        return line_end(at);
    case '\'':
        token->kind = TOKEN_NAME;
        token->quoted = true;
        end = name_end(at + 1, &token->escaped);
        return end > at + 1 ? end : punctuation_end(at, token);
    default:
        break;
    }
    if (class_of(*at) == DIGIT) {
        token->kind = TOKEN_NUMBER;
        return number_end(at);
    }
    if (*at == '\\' || ((unsigned char)*at >= 0x80 && utf8_starts_name(utf8_decode(at, &length)))) {
        token->kind = TOKEN_NAME;
        end = odd_name_end(at, &token->escaped);
        if (end > at)
            return end;
    }
    return punctuation_end(at, token);
}

void lexer_next(struct lexer *lexer, struct token *token) {
    const char *at = lexer->at;

    if (class_of(*at) == SPACE || *at == '/')
        at = skip_space(lexer, at);
    token->at.start = (uint32_t)(at - lexer->text);
    token->quoted = false;
    token->escaped = false;
    if (class_of(*at) == NAME_START) {
        token->kind = TOKEN_NAME;
        at = name_end(at, &token->escaped);
    } else {
        at = other_end(at, token);
    }
    token->at.end = (uint32_t)(at - lexer->text);
    lexer->at = at;
}

static int hex_digit(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static char *put_code_point(char *out, uint32_t point) {
    if (point < 0x80) {
        *out++ = (char)point;
    } else if (point < 0x800) {
        *out++ = (char)(0xC0 | point >> 6);
        *out++ = (char)(0x80 | (point & 0x3F));
    } else if (point < 0x10000) {
        *out++ = (char)(0xE0 | point >> 12);
        *out++ = (char)(0x80 | (point >> 6 & 0x3F));
        *out++ = (char)(0x80 | (point & 0x3F));
    } else {
        *out++ = (char)(0xF0 | point >> 18);
        *out++ = (char)(0x80 | (point >> 12 & 0x3F));
        *out++ = (char)(0x80 | (point >> 6 & 0x3F));
        *out++ = (char)(0x80 | (point & 0x3F));
    }
    return out;
}

/* "{1F600}" at AT to *POINT; the place behind it, or NULL when it is no code point that a text may hold. */
static const char *read_code_point(const char *at, const char *end, uint32_t *point) {
    uint32_t value = 0;
    const char *digit = at + 1;

    if (at == end || *at != '{')
        return NULL;
    for (; digit < end && hex_digit(*digit) >= 0 && value <= 0x10FFFF; digit++)
        value = value << 4 | (uint32_t)hex_digit(*digit);
    if (digit == at + 1 || digit == end || *digit != '}' || value == 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return NULL;
    *point = value;
    return digit + 1;
}

/* Copies [AT, END) to OUT with \u{…} resolved; a name's other escapes stand for the character itself. NULL: a wrong escape. */
static char *unescape_name(const char *at, const char *end, char *out) {
    while (at < end) {
        uint32_t point;

        if (*at != '\\') {
            *out++ = *at++;
        } else if (at + 1 < end && at[1] == 'u' && at + 2 < end && at[2] == '{') {
            at = read_code_point(at + 2, end, &point);
            if (!at)
                return NULL;
            out = put_code_point(out, point);
        } else if (at + 1 == end || (class_of(at[1]) == NAME_START && at[1] != '_')) {
            return NULL;
        } else {
            *out++ = at[1];
            at += 2;
        }
    }
    return out;
}

char *lexer_name(struct arena *arena, const struct lexer *lexer, const struct token *token) {
    const char *start = lexer->text + token->at.start + token->quoted;
    const char *end = lexer->text + token->at.end;
    char *copy;
    char *copy_end;

    if (!token->escaped)
        return arena_strndup(arena, start, (size_t)(end - start));
    copy = arena_alloc(arena, (size_t)(end - start) + 1);
    copy_end = unescape_name(start, end, copy);
    if (!copy_end)
        return NULL;
    *copy_end = '\0';
    return copy;
}

/* The escape behind the backslash at AT; the place behind it, or NULL. */
static const char *unescape_one(const char *at, const char *end, char **out) {
    static const char letters[] = "ntr\\\"";
    static const char meanings[] = "\n\t\r\\\"";
    const char *letter = at + 1 < end ? strchr(letters, at[1]) : NULL;
    uint32_t point;

    if (letter && *letter) {
        *(*out)++ = meanings[letter - letters];
        return at + 2;
    }
    if (at + 1 >= end || at[1] != 'u')
        return NULL;
    at = read_code_point(at + 2, end, &point);
    if (at)
        *out = put_code_point(*out, point);
    return at;
}

char *lexer_string(struct arena *arena, const struct lexer *lexer, const struct token *token, struct span *bad_escape) {
    const char *at = lexer->text + token->at.start + 1;
    const char *end = lexer->text + token->at.end - 1;
    char *copy;
    char *out;

    if (!token->escaped)
        return arena_strndup(arena, at, (size_t)(end - at));
    out = copy = arena_alloc(arena, (size_t)(end - at) + 1);
    while (at < end) {
        const char *start = at;

        if (*at != '\\') {
            *out++ = *at++;
            continue;
        }
        at = unescape_one(at, end, &out);
        if (!at) {
            *bad_escape = (struct span){(uint32_t)(start - lexer->text), (uint32_t)(start - lexer->text) + 2};
            return NULL;
        }
    }
    *out = '\0';
    return copy;
}

static const char *skip_blanks(const char *at) {
    return at + strspn(at, " \t\r\n");
}

/* Writes the string literal of the interpolation whose "${" is at AT to *OUT; the place behind its "}", or NULL. */
static const char *read_interpolation(const char *at, const char *end, char **out) {
    at = skip_blanks(at + 2);
    if (*at++ != '"')
        return NULL;
    while (at && at < end && *at != '"') {
        if (*at == '\n')
            return NULL;
        if (*at == '\\')
            at = unescape_one(at, end, out);
        else
            *(*out)++ = *at++;
    }
    if (!at || at >= end)
        return NULL;
    at = skip_blanks(at + 1);
    return at < end && *at == '}' ? at + 1 : NULL;
}

char *lexer_template(struct arena *arena, const struct lexer *lexer, const struct token *token, struct span *bad) {
    const char *at = lexer->text + token->at.start + 1;
    const char *end = lexer->text + token->at.end - 1;
    char *copy;
    char *out;

    if (!token->escaped)
        return arena_strndup(arena, at, (size_t)(end - at));
    out = copy = arena_alloc(arena, (size_t)(end - at) + 1);
    while (at < end) {
        const char *start = at;

        if (at[0] == '$' && at[1] == '{') {
            at = read_interpolation(at, end, &out);
            if (!at) {
                *bad = (struct span){(uint32_t)(start - lexer->text), (uint32_t)(interpolation_end(start) - lexer->text)};
                bad->end += lexer->text[bad->end] == '}';
                return NULL;
            }
        } else if (at[0] == '\r' && at[1] == '\n') {
            at++;
        } else {
            *out++ = *at++;
        }
    }
    *out = '\0';
    return copy;
}
