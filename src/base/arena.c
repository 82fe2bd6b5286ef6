#include "arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bug.h"

/* A chunk is this header and the bytes behind it. */
struct arena_chunk {
    struct arena_chunk *older;
    max_align_t bytes[];
};

enum { FIRST_CHUNK = 64 * 1024, LARGEST_CHUNK = 4 * 1024 * 1024 };

void *memory_resize(void *old, size_t size) {
    void *memory = realloc(old, size ? size : 1);

    if (!memory) {
        fputs("persist: out of memory\n", stderr);
        exit(1);
    }
    return memory;
}

static char *add_chunk(struct arena *arena, size_t size) {
    struct arena_chunk *chunk = memory_resize(NULL, sizeof *chunk + size);

    chunk->older = arena->chunks;
    arena->chunks = chunk;
    return (char *)chunk->bytes;
}

static size_t round_up(size_t size) {
    const size_t align = _Alignof(max_align_t) > 8 ? 8 : _Alignof(max_align_t);

    if (size > SIZE_MAX / 2)
        BUG("an allocation of %zu bytes", size);
    return (size + align - 1) & ~(align - 1);
}

#ifdef PERSIST_ARENA_DEBUG
/* Every allocation is its own malloc of exactly the asked size, so that the sanitizers see each overrun. */
void *arena_alloc(struct arena *arena, size_t size) {
    (void)round_up(size);
    return memset(add_chunk(arena, size), 0, size);
}
#else
static size_t next_chunk_size(const struct arena *arena) {
    size_t last = arena->chunks ? (size_t)(arena->end - (char *)arena->chunks->bytes) : FIRST_CHUNK / 2;

    return last >= LARGEST_CHUNK ? LARGEST_CHUNK : last * 2;
}

void *arena_alloc(struct arena *arena, size_t size) {
    size_t room = round_up(size);
    char *memory;

    if (room > (size_t)(arena->end - arena->next)) {
        size_t chunk = next_chunk_size(arena);

        chunk = room > chunk ? room : chunk;
        arena->next = add_chunk(arena, chunk);
        arena->end = arena->next + chunk;
    }
    memory = arena->next;
    arena->next += room;
    return memset(memory, 0, size);
}
#endif

void *arena_array(struct arena *arena, size_t count, size_t size) {
    if (size && count > SIZE_MAX / 2 / size)
        BUG("an array of %zu times %zu bytes", count, size);
    return arena_alloc(arena, count * size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t length) {
    char *copy = arena_alloc(arena, length + 1);

    if (length)
        memcpy(copy, text, length);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text) {
    return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_printf(struct arena *arena, const char *format, ...) {
    va_list args;
    va_list again;
    int length;
    char *text;

    va_start(args, format);
    va_copy(again, args);
    length = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (length < 0)
        BUG("a format that cannot be printed: %s", format);
    text = arena_alloc(arena, (size_t)length + 1);
    vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void arena_free(struct arena *arena) {
    while (arena->chunks) {
        struct arena_chunk *chunk = arena->chunks;

        arena->chunks = chunk->older;
        free(chunk);
    }
    *arena = (struct arena){0};
}
