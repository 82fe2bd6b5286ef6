#include "arena.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "bug.h"

/* A chunk is this header and the bytes behind it. */
struct arena_chunk {
    struct arena_chunk *older;
    size_t mapped; /* bytes of the mapping that it is; 0: it came from calloc() */
    max_align_t bytes[];
};

/* From the size of a huge page on, chunks are mappings of whole ones. */
enum { FIRST_CHUNK = 64 * 1024, HUGE_PAGE = 2 * 1024 * 1024, LARGEST_CHUNK = 2 * HUGE_PAGE };

static _Noreturn void out_of_memory(void) {
    fputs("persist: out of memory\n", stderr);
    exit(1);
}

void *memory_resize(void *old, size_t size) {
    void *memory = realloc(old, size ? size : 1);

    if (!memory)
        out_of_memory();
    return memory;
}

static void add_chunk(struct arena *arena, struct arena_chunk *chunk) {
    if (!chunk)
        out_of_memory();
    chunk->older = arena->chunks;
    arena->chunks = chunk;
}

static void free_chunk(struct arena_chunk *chunk) {
    if (chunk->mapped)
        munmap(chunk, chunk->mapped);
    else
        free(chunk);
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
    add_chunk(arena, calloc(1, sizeof *arena->chunks + size));
    return arena->chunks->bytes;
}
#else
/* A model of 10,000 entities fills 25,000 small pages, and to fault them in one by one is a fifth of the run; huge pages are a hint that
 * the system may pass over. */
static struct arena_chunk *map_chunk(size_t size) {
    struct arena_chunk *chunk = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (chunk == MAP_FAILED)
        out_of_memory();
#ifdef MADV_HUGEPAGE
    madvise(chunk, size, MADV_HUGEPAGE);
#endif
    chunk->mapped = size;
    return chunk;
}

/* Each chunk is twice as large as the one before, up to a limit, and holds ROOM in any case. It is zeroed by the system where it is
 * fresh: no allocation has to be zeroed again. */
static void grow(struct arena *arena, size_t room) {
    size_t size = arena->chunks ? 2 * (size_t)(arena->end - (char *)arena->chunks) : FIRST_CHUNK;

    if (size > LARGEST_CHUNK)
        size = LARGEST_CHUNK;
    if (size < sizeof *arena->chunks + room)
        size = sizeof *arena->chunks + room;
    add_chunk(arena, size >= HUGE_PAGE ? map_chunk(size) : calloc(1, size));
    arena->next = (char *)arena->chunks->bytes;
    arena->end = (char *)arena->chunks + size;
}

void *arena_alloc(struct arena *arena, size_t size) {
    size_t room = round_up(size);
    char *memory;

    if (room > (size_t)(arena->end - arena->next))
        grow(arena, room);
    memory = arena->next;
    arena->next += room;
    return memory;
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

char *arena_lower(struct arena *arena, const char *text) {
    char *copy = arena_strdup(arena, text);

    for (char *at = copy; at && *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return copy;
}

char *arena_upper(struct arena *arena, const char *text) {
    char *copy = arena_strdup(arena, text);

    for (char *at = copy; at && *at; at++)
        *at = (char)toupper((unsigned char)*at);
    return copy;
}

char *arena_strdup(struct arena *arena, const char *text) {
    return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_printf(struct arena *arena, const char *format, ...) {
    char most[256]; /* nearly all texts fit: they are formatted once */
    va_list args;
    va_list again;
    int length;
    char *text;

    va_start(args, format);
    va_copy(again, args);
    length = vsnprintf(most, sizeof most, format, args);
    va_end(args);
    if (length < 0)
        BUG("a format that cannot be printed: %s", format);
    text = arena_alloc(arena, (size_t)length + 1);
    if ((size_t)length < sizeof most)
        memcpy(text, most, (size_t)length);
    else
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

char *arena_join(struct arena *arena, const char *const *texts, size_t count) {
    size_t length = 0;
    char *joined;
    char *end;

    for (size_t i = 0; i < count; i++)
        length += strlen(texts[i]);
    joined = end = arena_alloc(arena, length + 1);
    for (size_t i = 0; i < count; i++) {
        length = strlen(texts[i]);
        memcpy(end, texts[i], length);
        end += length;
    }
    return joined;
}

void arena_free(struct arena *arena) {
    while (arena->chunks) {
        struct arena_chunk *chunk = arena->chunks;

        arena->chunks = chunk->older;
        free_chunk(chunk);
    }
    *arena = (struct arena){0};
}

void memory_free(void *memory) {
    free(memory);
}
