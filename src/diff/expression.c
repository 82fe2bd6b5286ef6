#include "expression.h"

#include <ctype.h>
#include <string.h>

#include "str.h"

enum token_kind { TOKEN_END, TOKEN_NAME, TOKEN_OTHER };

struct token {
    enum token_kind kind;
    const char *start;
    size_t length;
    bool column; /* a TOKEN_NAME that may be a column */
};

struct scanner {
    const char *at;
    bool after_cast; /* the last token was "::" */
};

static bool is_name_byte(char c) {
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* Behind white space and comments. */
static const char *skip_space(const char *at) {
    for (;;) {
        if (isspace((unsigned char)*at)) {
            at++;
        } else if (at[0] == '-' && at[1] == '-') {
            at += strcspn(at, "\n");
        } else if (at[0] == '/' && at[1] == '*') {
            const char *end = strstr(at + 2, "*/");

            at = end ? end + 2 : at + strlen(at);
        } else {
            return at;
        }
    }
}

/* Behind the text that begins at AT with QUOTE; a doubled quote belongs to it, with BACKSLASH an escaped one too. */
static const char *skip_quoted(const char *at, char quote, bool backslash) {
    for (at++; *at; at++) {
        if (backslash && *at == '\\' && at[1])
            at++;
        else if (*at == quote && at[1] == quote)
            at++;
        else if (*at == quote)
            return at + 1;
    }
    return at;
}

/* Behind a dollar-quoted text, or AT when none begins there. */
static const char *skip_dollar(const char *at) {
    const char *tag_end = at + 1;
    size_t length;

    while (is_name_byte(*tag_end))
        tag_end++;
    if (*tag_end != '$' || isdigit((unsigned char)at[1]))
        return at;
    length = (size_t)(tag_end - at) + 1;
    for (const char *end = tag_end + 1; *end; end++)
        if (strncmp(end, at, length) == 0)
            return end + length;
    return at + strlen(at);
}

/* A number, with its letters (0x1F, 1e5). */
static const char *skip_number(const char *at) {
    while (is_name_byte(*at) || *at == '.')
        at++;
    return at;
}

/* A plain name, or a string with a prefix (E'…', _utf8'…'). */
static void scan_word(struct token *token, struct scanner *scanner) {
    const char *end = token->start;

    while (is_name_byte(*end) || *end == '$')
        end++;
    if (*end == '\'') {
        bool backslash = end == token->start + 1 && (*token->start == 'E' || *token->start == 'e');

        scanner->at = skip_quoted(end, '\'', backslash);
        return;
    }
    token->kind = TOKEN_NAME;
    token->column = !scanner->after_cast && *skip_space(end) != '(';
    scanner->at = end;
}

static struct token next_token(struct scanner *scanner) {
    struct token token = {.kind = TOKEN_OTHER, .start = skip_space(scanner->at)};
    char c = *token.start;
    bool cast = c == ':' && token.start[1] == ':';

    scanner->at = token.start;
    if (!c) {
        token.kind = TOKEN_END;
    } else if (c == '\'') {
        scanner->at = skip_quoted(token.start, '\'', false);
    } else if (c == '"' || c == '`') {
        token.kind = TOKEN_NAME;
        token.column = !scanner->after_cast;
        scanner->at = skip_quoted(token.start, c, false);
    } else if (isdigit((unsigned char)c)) {
        scanner->at = skip_number(token.start);
    } else if (is_name_byte(c)) {
        scan_word(&token, scanner);
    } else {
        if (c == '$')
            scanner->at = skip_dollar(token.start);
        if (scanner->at == token.start)
            scanner->at += cast ? 2 : 1;
    }
    scanner->after_cast = cast;
    token.length = (size_t)(scanner->at - token.start);
    return token;
}

static bool is_quoted(const struct token *token) {
    return token->kind == TOKEN_NAME && (*token->start == '"' || *token->start == '`');
}

/* Walks the bytes of a name in a token without its quotes. */
struct name_reader {
    const char *at;
    const char *end;
    char quote; /* or 0 */
};

static struct name_reader name_open(const struct token *token) {
    struct name_reader reader = {.at = token->start, .end = token->start + token->length};

    if (is_quoted(token)) {
        reader.quote = *reader.at++;
        if (reader.end > reader.at && reader.end[-1] == reader.quote)
            reader.end--;
    }
    return reader;
}

/* The next byte in lower case, or -1 at the end. */
static int name_next(struct name_reader *reader) {
    int c;

    if (reader->at >= reader->end)
        return -1;
    c = (unsigned char)*reader->at++;
    if (reader->quote && c == (unsigned char)reader->quote)
        reader->at++;
    return c < 0x80 ? tolower(c) : c;
}

static bool token_is(const struct token *token, const char *name) {
    struct name_reader reader = name_open(token);
    int c;

    while ((c = name_next(&reader)) >= 0) {
        int other = (unsigned char)*name++;

        if (c != (other < 0x80 ? tolower(other) : other))
            return false;
    }
    return !*name;
}

static bool tokens_equal(const struct token *a, const struct token *b) {
    struct name_reader left;
    struct name_reader right;
    int c;

    if (a->kind != b->kind)
        return false;
    if (a->kind != TOKEN_NAME)
        return a->length == b->length && memcmp(a->start, b->start, a->length) == 0;
    left = name_open(a);
    right = name_open(b);
    do {
        c = name_next(&left);
        if (c != name_next(&right))
            return false;
    } while (c >= 0);
    return true;
}

/* May NAME stand without quotes? Lower case only: a database may fold the rest. */
static bool is_plain(const char *name) {
    if (!islower((unsigned char)*name) && *name != '_')
        return false;
    for (; *name; name++)
        if (!islower((unsigned char)*name) && !isdigit((unsigned char)*name) && *name != '_')
            return false;
    return true;
}

static void add_name(struct str *out, const struct token *like, const char *name) {
    char quote = is_quoted(like) ? *like->start : '"';

    if (!is_quoted(like) && is_plain(name)) {
        str_add(out, name);
        return;
    }
    str_add_char(out, quote);
    for (; *name; name++) {
        if (*name == quote)
            str_add_char(out, quote);
        str_add_char(out, *name);
    }
    str_add_char(out, quote);
}

const char *expression_replace(struct arena *arena, const char *expression, const char *old, const char *new_name) {
    struct scanner scanner = {.at = expression};
    struct str out = STR_INIT;
    const char *copied = expression;
    const char *result;

    for (struct token token = next_token(&scanner); token.kind != TOKEN_END; token = next_token(&scanner)) {
        if (!token.column || !token_is(&token, old))
            continue;
        str_add_bytes(&out, copied, (size_t)(token.start - copied));
        add_name(&out, &token, new_name);
        copied = scanner.at;
    }
    str_add(&out, copied);
    result = str_keep(&out, arena);
    str_free(&out);
    return result;
}

bool expression_mentions(const char *expression, const char *name) {
    struct scanner scanner = {.at = expression};

    for (struct token token = next_token(&scanner); token.kind != TOKEN_END; token = next_token(&scanner))
        if (token.column && token_is(&token, name))
            return true;
    return false;
}

bool expression_names(const char *expression, const char *name) {
    struct scanner scanner = {.at = expression};

    for (struct token token = next_token(&scanner); token.kind != TOKEN_END; token = next_token(&scanner))
        if (token.kind == TOKEN_NAME && token_is(&token, name))
            return true;
    return false;
}

bool expression_reads_all(const char *text) {
    struct scanner scanner = {.at = text};
    char before = 0;

    for (struct token token = next_token(&scanner); token.kind != TOKEN_END; token = next_token(&scanner)) {
        if (*token.start == '*' && before != '(')
            return true;
        before = *token.start;
    }
    return false;
}

/* What the column in TOKEN is called now, or NULL when it is not renamed. */
static const char *renamed_to(const struct token *token, const struct expression_rename *renames, size_t count) {
    if (!token->column)
        return NULL;
    for (size_t i = 0; i < count; i++)
        if (token_is(token, renames[i].from))
            return renames[i].to;
    return NULL;
}

bool expression_equal(const char *a, const char *b, const struct expression_rename *renames, size_t count) {
    struct scanner left = {.at = a};
    struct scanner right = {.at = b};

    if (!count && strcmp(a, b) == 0)
        return true;
    for (;;) {
        struct token old = next_token(&left);
        struct token new = next_token(&right);
        const char *renamed = renamed_to(&old, renames, count);

        if (renamed ? new.kind != TOKEN_NAME || !token_is(&new, renamed) : !tokens_equal(&old, &new))
            return false;
        if (old.kind == TOKEN_END)
            return true;
    }
}
