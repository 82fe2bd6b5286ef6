#include "source.h"

#include <string.h>

#include "arena.h"
#include "diag.h"
#include "file.h"
#include "utf8.h"

struct source *source_new(struct arena *arena, const char *name, const char *text, size_t length, struct diag *diag) {
    struct source *source;
    const char *nul;
    size_t valid;

    if (length > SOURCE_MAX_BYTES) {
        diag_fail(diag, "\"%s\" is too large: %zu bytes, at most %d are read", name, length, SOURCE_MAX_BYTES);
        return NULL;
    }
    source = ARENA_NEW(arena, struct source);
    *source = (struct source){.name = arena_strdup(arena, name), .text = text, .length = length};
    valid = utf8_check(text, length);
    nul = length ? memchr(text, '\0', valid) : NULL;
    if (nul)
        valid = (size_t)(nul - text);
    if (nul || valid < length) {
        struct span at = {(uint32_t)valid, (uint32_t)valid + 1};

        diag_error(diag, source, at, 0, nul ? "a NUL byte in the text" : "this is not UTF-8: save the file as UTF-8");
        return NULL;
    }
    return source;
}

/* Some editors put a byte order mark in front; it says nothing about UTF-8. */
static size_t byte_order_mark(const char *text, size_t length) {
    return length >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
}

struct source *source_read(struct arena *arena, const char *path, struct diag *diag) {
    char *text;
    size_t length;
    size_t mark;
    int result = file_read(arena, path, &text, &length, diag);

    if (result == 1)
        diag_fail(diag, "no such file: \"%s\"", path);
    if (result)
        return NULL;
    mark = byte_order_mark(text, length);
    return source_new(arena, path, text + mark, length - mark, diag);
}

static size_t count_lines(const struct source *source) {
    const char *end = source->text + source->length;
    size_t count = 1;

    for (const char *at = source->text; at < end && (at = memchr(at, '\n', (size_t)(end - at))); at++)
        count++;
    return count;
}

/* Every line that begins, also the empty one behind a last line end: an error at the end of the text is on it. */
static void make_lines(struct arena *arena, struct source *source) {
    const char *text = source->text;
    size_t start = 0;

    if (source->lines)
        return;
    source->line_count = count_lines(source);
    source->lines = ARENA_ARRAY(arena, struct span, source->line_count);
    for (size_t i = 0; i < source->line_count; i++) {
        const char *feed = start < source->length ? memchr(text + start, '\n', source->length - start) : NULL;
        size_t end = feed ? (size_t)(feed - text) : source->length;
        size_t next = end + 1;

        if (feed && end > start && text[end - 1] == '\r')
            end--;
        source->lines[i] = (struct span){(uint32_t)start, (uint32_t)end};
        start = next;
    }
}

struct position source_position(struct arena *arena, struct source *source, uint32_t offset) {
    size_t low = 0;
    size_t high;
    size_t start;

    make_lines(arena, source);
    if (offset > source->length)
        offset = (uint32_t)source->length;
    high = source->line_count;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;

        if (source->lines[middle].start <= offset)
            low = middle;
        else
            high = middle;
    }
    start = source->lines[low].start;
    return (struct position){low + 1, 1 + utf8_count(source->text + start, offset - start)};
}

struct span source_line(struct arena *arena, struct source *source, size_t line) {
    make_lines(arena, source);
    if (line < 1 || line > source->line_count)
        return (struct span){(uint32_t)source->length, (uint32_t)source->length};
    return source->lines[line - 1];
}

char *source_text(struct arena *arena, const struct source *source, struct span span) {
    return arena_strndup(arena, source->text + span.start, span.end - span.start);
}
