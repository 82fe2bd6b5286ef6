#include "map.h"

#include <string.h>

#include "arena.h"
#include "hash.h"

struct map_slot {
    const char *key; /* NULL: free */
    const void *value;
};

/* The slot of KEY, or the free slot where it belongs. The table is never full. */
static struct map_slot *find_slot(const struct map *map, const char *key) {
    size_t mask = map->capacity - 1;
    size_t at = (size_t)hash_short(key, strlen(key)) & mask;

    while (map->slots[at].key && strcmp(map->slots[at].key, key) != 0)
        at = (at + 1) & mask;
    return &map->slots[at];
}

static void grow(struct arena *arena, struct map *map) {
    struct map old = *map;

    map->capacity = old.capacity ? old.capacity * 2 : 16;
    map->slots = ARENA_ARRAY(arena, struct map_slot, map->capacity);
    for (size_t i = 0; i < old.capacity; i++)
        if (old.slots[i].key)
            *find_slot(map, old.slots[i].key) = old.slots[i];
}

void *map_put(struct arena *arena, struct map *map, const char *key, const void *value) {
    struct map_slot *slot;

    if (map->count * 4 >= map->capacity * 3)
        grow(arena, map);
    slot = find_slot(map, key);
    if (slot->key)
        return (void *)(size_t)slot->value;
    *slot = (struct map_slot){.key = key, .value = value};
    map->count++;
    return NULL;
}

void *map_get(const struct map *map, const char *key) {
    return map->capacity ? (void *)(size_t)find_slot(map, key)->value : NULL;
}
