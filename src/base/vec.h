/* Typed growable arrays in an arena. Growing copies, the old array stays in the arena until the end: at most twice the memory.
 *
 *     VEC(const char *) names = {0};
 *     vec_push(&arena, &names, "id");
 *     for (size_t i = 0; i < names.count; i++) puts(names.at[i]);
 */
#ifndef PERSIST_VEC_H
#define PERSIST_VEC_H

#include <stddef.h>

#include "arena.h"

#define VEC(type)                                                                                                                          \
    struct {                                                                                                                               \
        type *at;                                                                                                                          \
        size_t count;                                                                                                                      \
        size_t capacity;                                                                                                                   \
    }

/* Appends VALUE. */
#define vec_push(arena, vec, value)                                                                                                        \
    ((vec)->at = vec_grow((arena), (vec)->at, (vec)->count, &(vec)->capacity, sizeof *(vec)->at), (vec)->at[(vec)->count++] = (value))

/* Appends a zeroed element and gives its address, valid until the next growth. */
#define vec_add(arena, vec)                                                                                                                \
    ((vec)->at = vec_grow((arena), (vec)->at, (vec)->count, &(vec)->capacity, sizeof *(vec)->at), (vec)->at + (vec)->count++)

/* Room for one more element of SIZE bytes; used by the macros. */
void *vec_grow(struct arena *arena, void *at, size_t count, size_t *capacity, size_t size);

#endif
