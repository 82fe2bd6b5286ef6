#include "vec.h"

#include <string.h>

void *vec_grow(struct arena *arena, void *at, size_t count, size_t *capacity, size_t size) {
    void *grown;

    if (count < *capacity)
        return at;
    *capacity = *capacity ? *capacity * 2 : 4;
    grown = arena_array(arena, *capacity, size);
    if (count)
        memcpy(grown, at, count * size);
    return grown;
}
