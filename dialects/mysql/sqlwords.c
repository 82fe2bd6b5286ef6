#include "sqlwords.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "str.h"

static bool is_plain(char c) {
    return isalnum((unsigned char)c) || c == '_' || c == '$' || c == '@' || (unsigned char)c >= 0x80;
}

static const char *skip_line(const char *at) {
    while (*at && *at != '\n')
        at++;
    return at;
}

static const char *skip_comment(const char *at) {
    const char *end = strstr(at + 2, "*/");

    return end ? end + 2 : at + strlen(at);
}

/* An executable comment is entered, and left at its end. */
static const char *enter_comment(const char *at) {
    at += at[2] == 'M' ? 4 : 3;
    while (isdigit((unsigned char)*at))
        at++;
    return at;
}

/* Passes over what is no word. */
static const char *skip_blanks(const char *at) {
    for (;;) {
        if (isspace((unsigned char)*at))
            at++;
        else if (*at == '#' || (strncmp(at, "--", 2) == 0 && (!at[2] || isspace((unsigned char)at[2]))))
            at = skip_line(at);
        else if (strncmp(at, "/*!", 3) == 0 || strncmp(at, "/*M!", 4) == 0)
            at = enter_comment(at);
        else if (strncmp(at, "/*", 2) == 0)
            at = skip_comment(at);
        else if (strncmp(at, "*/", 2) == 0)
            at += 2;
        else
            return at;
    }
}

const char *my_skip_quoted(const char *at) {
    char quote = *at++;

    for (; *at; at++) {
        if (*at == '\\' && quote != '`' && at[1])
            at++;
        else if (*at == quote && *++at != quote)
            return at;
    }
    return at;
}

bool my_word_next(const char **at, struct my_word *word) {
    const char *start = skip_blanks(*at), *end = start;

    *at = start;
    if (!*start)
        return false;
    if (*start == '`' || *start == '\'' || *start == '"') {
        word->kind = *start == '`' ? WORD_NAME : WORD_STRING;
        end = my_skip_quoted(start);
    } else if (is_plain(*start)) {
        word->kind = WORD_PLAIN;
        while (is_plain(*end))
            end++;
    } else {
        word->kind = WORD_SIGN;
        end = start + 1;
    }
    word->start = start;
    word->length = (size_t)(end - start);
    *at = end;
    return true;
}

bool my_word_is(const struct my_word *word, const char *text) {
    return (word->kind == WORD_PLAIN || word->kind == WORD_SIGN) && strlen(text) == word->length &&
           strncasecmp(word->start, text, word->length) == 0;
}

const char *my_word_text(struct arena *arena, const struct my_word *word) {
    char *text, *out;
    const char *last = word->start + word->length - 1;

    if (word->kind != WORD_NAME && word->kind != WORD_STRING)
        return arena_strndup(arena, word->start, word->length);
    text = out = arena_strndup(arena, word->start + 1, word->length - 1);
    for (const char *at = word->start + 1; at < last; at++) {
        if ((*at == '\\' && word->kind == WORD_STRING) || *at == *word->start)
            at++;
        *out++ = *at;
    }
    *out = '\0';
    return text;
}

const char *my_words_skip_group(const char *at) {
    struct my_word word;
    int depth = 1;

    while (depth && my_word_next(&at, &word))
        depth += my_word_is(&word, "(") - my_word_is(&word, ")");
    return at;
}

static bool names_database(struct arena *arena, const struct my_word *word, const char *database) {
    if ((word->kind != WORD_NAME && word->kind != WORD_PLAIN) || word->length < strlen(database))
        return false;
    return strcmp(my_word_text(arena, word), database) == 0;
}

static bool is_followed_by_dot(const char *at) {
    struct my_word next;

    return my_word_next(&at, &next) && my_word_is(&next, ".");
}

/* Does DATABASE stand where it qualifies nothing? */
static bool stands_alone(struct arena *arena, const char *text, const char *database) {
    struct my_word word;
    bool qualified = false;

    for (const char *at = text; my_word_next(&at, &word);) {
        if (!qualified && names_database(arena, &word, database) && !is_followed_by_dot(at))
            return true;
        qualified = my_word_is(&word, ".");
    }
    return false;
}

const char *my_words_unqualify(struct arena *arena, const char *text, const char *database) {
    struct str out = STR_INIT;
    struct my_word word;
    const char *copied = text, *kept;
    bool qualified = false;

    if (!text || !strstr(text, database) || stands_alone(arena, text, database))
        return text;
    for (const char *at = text; my_word_next(&at, &word);) {
        bool is_qualifier = !qualified && names_database(arena, &word, database) && is_followed_by_dot(at);

        qualified = is_qualifier || my_word_is(&word, ".");
        if (!is_qualifier)
            continue;
        str_add_bytes(&out, copied, (size_t)(word.start - copied));
        (void)my_word_next(&at, &word);
        copied = at;
    }
    str_add(&out, copied);
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}
