/* Hash map from names to pointers, in an arena. It is looked up, never iterated: no order depends on hashes. Keys are not copied.
 *
 *     struct map map = {0};
 *     map_put(&arena, &map, entity->name, entity);
 *     struct entity *same = map_get(&map, "Invoice");
 */
#ifndef PERSIST_MAP_H
#define PERSIST_MAP_H

#include <stddef.h>

struct arena;
struct map_slot;

struct map {
    struct map_slot *slots;
    size_t count;
    size_t capacity; /* a power of two, or 0 */
};

/* Puts VALUE (not NULL) under KEY. A key that is there already keeps its value, and that value is returned; else NULL. */
void *map_put(struct arena *arena, struct map *map, const char *key, const void *value);

/* The value under KEY, or NULL. */
void *map_get(const struct map *map, const char *key);

#endif
