#include "markdown.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "utf8.h"

/* A backslash takes the meaning of the first; of the second it does not on both sites, an element around them does. */
static const char escaped[] = "|`*<>&~[]!\\";
static const char wrapped[] = "@#$";

/* An underscore in a word is no markup. */
static bool is_in_word(const char *text, const char *at) {
    return at > text && isalnum((unsigned char)at[-1]) && isalnum((unsigned char)at[1]);
}

static void add_text(struct str *out, const char *text) {
    for (const char *at = text; *at; at++) {
        if (strchr(wrapped, *at)) {
            str_addf(out, "<span>%c</span>", *at);
            continue;
        }
        if (strchr(escaped, *at) || (*at == '_' && !is_in_word(text, at)))
            str_add_char(out, '\\');
        str_add_char(out, *at);
    }
}

const char *markdown_text(struct arena *arena, const char *text) {
    struct str out = STR_INIT;
    const char *result;

    add_text(&out, utf8_printable(arena, text));
    result = str_keep(&out, arena);
    str_free(&out);
    return result;
}

const char *markdown_code(struct arena *arena, const char *text) {
    bool plain;

    text = utf8_printable(arena, text);
    plain = *text && *text != ' ' && text[strlen(text) - 1] != ' ' && !strpbrk(text, "|`\\");
    return plain ? arena_printf(arena, "`%s`", text) : arena_printf(arena, "<code>%s</code>", markdown_text(arena, text));
}

static size_t longest_run(const char *text) {
    size_t longest = 0;
    size_t run = 0;

    for (; *text; text++) {
        run = *text == '`' ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

static void add_fence(struct str *out, size_t run) {
    for (size_t i = 0; i < (run < 3 ? 3 : run + 1); i++)
        str_add_char(out, '`');
}

void markdown_add_fenced(struct str *out, const char *language, const char *text) {
    size_t length = strlen(text), run = longest_run(text);

    add_fence(out, run);
    str_addf(out, "%s\n%s%s", language, text, length && text[length - 1] == '\n' ? "" : "\n");
    add_fence(out, run);
    str_add(out, "\n\n");
}
