/* Growing text. Always NUL-terminated; length counts bytes without the NUL. The owner calls str_free().
 *
 *     struct str out = STR_INIT;
 *     str_addf(&out, "%zu tables", count);
 *     ...
 *     str_free(&out);
 */
#ifndef PERSIST_STR_H
#define PERSIST_STR_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

struct str {
    char *text; /* never NULL: the empty string is shared and not written to */
    size_t length;
    size_t capacity;
};

extern char str_empty[];
#define STR_INIT                                                                                                                           \
    { .text = str_empty }

void str_add(struct str *str, const char *text);
void str_add_bytes(struct str *str, const char *bytes, size_t count);
void str_add_char(struct str *str, char c);
void str_addf(struct str *str, const char *format, ...) __attribute__((format(printf, 2, 3)));
void str_add_va(struct str *str, const char *format, va_list args) __attribute__((format(printf, 2, 0)));

/* Makes room for COUNT more bytes, so that a large text is copied once. */
void str_reserve(struct str *str, size_t count);

/* Shortens to LENGTH bytes; memory is kept. */
void str_truncate(struct str *str, size_t length);

/* A copy that lives in ARENA. */
char *str_keep(const struct str *str, struct arena *arena);

void str_free(struct str *str);

#endif
