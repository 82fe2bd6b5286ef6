/* Arena: memory that lives and dies together.
 *
 * One arena per command owns the source text, the syntax tree, the IR, the changes and the statements with all their strings. Nothing
 * in it is freed alone; arena_free() frees everything, so an early return leaks nothing. Memory is zeroed. Out of memory ends the
 * program with one line: no caller checks for NULL.
 *
 *     struct arena arena = {0};
 *     char *name = arena_strdup(&arena, "billing");
 *     ...
 *     arena_free(&arena);
 */
#ifndef PERSIST_ARENA_H
#define PERSIST_ARENA_H

#include <stddef.h>

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks; /* newest first */
    char *next;                 /* first free byte of the newest chunk */
    char *end;
};

/* SIZE zeroed bytes, aligned for any type. SIZE 0 gives a valid pointer. */
void *arena_alloc(struct arena *arena, size_t size);

/* Room for COUNT objects of SIZE bytes, zeroed; a product that overflows ends the program. */
void *arena_array(struct arena *arena, size_t count, size_t size);

#define ARENA_NEW(arena, type) ((type *)arena_alloc((arena), sizeof(type)))
#define ARENA_ARRAY(arena, type, count) ((type *)arena_array((arena), (count), sizeof(type)))

/* Copies of TEXT, of its first LENGTH bytes, and of formatted text; always NUL-terminated. NULL stays NULL in arena_strdup. */
char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t length);
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* TEXT with the letters of ASCII in lower, in upper case; NULL stays NULL. */
char *arena_lower(struct arena *arena, const char *text);
char *arena_upper(struct arena *arena, const char *text);

/* COUNT texts one behind the other: what arena_printf() with "%s%s…" gives, at a fraction of its cost. */
char *arena_join(struct arena *arena, const char *const *texts, size_t count);

/* Frees all of it; the arena can be used again. */
void arena_free(struct arena *arena);

/* malloc and realloc that end the program instead of returning NULL; for str.c and for memory handed to a library. */
void *memory_resize(void *old, size_t size);

/* Frees what a library handed over; NULL is allowed. */
void memory_free(void *memory);

#endif
