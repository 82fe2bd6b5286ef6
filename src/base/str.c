#include "str.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "bug.h"

char str_empty[1];

void str_reserve(struct str *str, size_t count) {
    size_t need = str->length + count + 1;
    size_t capacity = str->capacity ? str->capacity : 64;

    if (need <= str->capacity)
        return;
    while (capacity < need)
        capacity *= 2;
    str->text = memory_resize(str->capacity ? str->text : NULL, capacity);
    str->capacity = capacity;
    str->text[str->length] = '\0';
}

void str_add_bytes(struct str *str, const char *bytes, size_t count) {
    if (!count)
        return;
    str_reserve(str, count);
    memcpy(str->text + str->length, bytes, count);
    str->length += count;
    str->text[str->length] = '\0';
}

void str_add(struct str *str, const char *text) {
    str_add_bytes(str, text, strlen(text));
}

void str_add_char(struct str *str, char c) {
    str_reserve(str, 1);
    str->text[str->length++] = c;
    str->text[str->length] = '\0';
}

/* Into the room that is there; only a text that does not fit is formatted again. */
void str_add_va(struct str *str, const char *format, va_list args) {
    va_list again;
    size_t room;
    int length;

    str_reserve(str, 0);
    room = str->capacity - str->length;
    va_copy(again, args);
    length = vsnprintf(str->text + str->length, room, format, again);
    va_end(again);
    if (length < 0)
        BUG("a format that cannot be printed: %s", format);
    if ((size_t)length >= room) {
        str_reserve(str, (size_t)length);
        vsnprintf(str->text + str->length, (size_t)length + 1, format, args);
    }
    str->length += (size_t)length;
}

void str_addf(struct str *str, const char *format, ...) {
    va_list args;

    va_start(args, format);
    str_add_va(str, format, args);
    va_end(args);
}

void str_truncate(struct str *str, size_t length) {
    if (length >= str->length)
        return;
    str->length = length;
    str->text[length] = '\0';
}

char *str_keep(const struct str *str, struct arena *arena) {
    return arena_strndup(arena, str->text, str->length);
}

void str_free(struct str *str) {
    if (str->capacity)
        free(str->text);
    *str = (struct str)STR_INIT;
}
