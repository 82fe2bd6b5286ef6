#include "markup.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdbool.h>
#include <string.h>

#include "bug.h"

#include "utf8.h"

void markup_bytes(struct str *out, const char *text, size_t count) {
    static const char *const escapes[] = {['&'] = "&amp;", ['<'] = "&lt;", ['>'] = "&gt;", ['"'] = "&quot;", ['\''] = "&#39;"};

    for (size_t i = 0; i < count;) {
        size_t length;
        uint32_t code = utf8_decode(text + i, &length);

        if (code < sizeof escapes / sizeof *escapes && escapes[code])
            str_add(out, escapes[code]);
        else if (code != '\n' && code != '\t' && utf8_is_control(code))
            str_add(out, "\xEF\xBF\xBD");
        else
            str_add_bytes(out, text + i, length);
        i += length;
    }
}

void markup_text(struct str *out, const char *text) {
    markup_bytes(out, text, strlen(text));
}

static void format(struct str *out, const char *template, va_list args) {
    for (const char *at = template; *at;) {
        size_t plain = strcspn(at, "%");

        str_add_bytes(out, at, plain);
        at += plain;
        if (strncmp(at, "%s", 2) == 0) {
            markup_text(out, va_arg(args, const char *));
            at += 2;
        } else if (strncmp(at, "%zu", 3) == 0) {
            str_addf(out, "%zu", va_arg(args, size_t));
            at += 3;
        } else if (*at) {
            BUG("markup_format: a conversion that it does not know");
        }
    }
}

void markup_format(struct str *out, const char *template, ...) {
    va_list args;

    va_start(args, template);
    format(out, template, args);
    va_end(args);
}

/* SQL. */

static bool is_word_letter(char c) {
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* The end of what begins with the quote at TEXT; a doubled quote inside is two of them, which looks the same. */
static size_t quoted_length(const char *text) {
    const char *end = strchr(text + 1, *text);

    return end ? (size_t)(end - text) + 1 : strlen(text);
}

static size_t word_length(const char *text, bool *capitals) {
    size_t length = 0;

    *capitals = isupper((unsigned char)*text) != 0;
    while (is_word_letter(text[length])) {
        if (!isupper((unsigned char)text[length]) && text[length] != '_')
            *capitals = false;
        length++;
    }
    *capitals = *capitals && length > 1;
    return length;
}

static void add_span(struct str *out, const char *class, const char *text, size_t length) {
    if (class)
        str_addf(out, "<span class=\"%s\">", class);
    markup_bytes(out, text, length);
    if (class)
        str_add(out, "</span>");
}

void markup_sql(struct str *out, const char *sql) {
    while (*sql) {
        const char *class = NULL;
        size_t length = strcspn(sql, "'\"`-_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
        bool capitals;

        if (length) {
            /* signs and blanks */
        } else if (strncmp(sql, "--", 2) == 0) {
            length = strcspn(sql, "\n");
            class = "note";
        } else if (*sql == '-') {
            length = 1;
        } else if (*sql == '\'' || *sql == '"' || *sql == '`') {
            length = quoted_length(sql);
            class = *sql == '\'' ? "text" : NULL;
        } else {
            length = word_length(sql, &capitals);
            class = capitals ? "word" : NULL;
        }
        add_span(out, class, sql, length);
        sql += length;
    }
}
