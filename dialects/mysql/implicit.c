#include <string.h>

#include "mysql_internal.h"

bool my_index_is_tree(const struct index *index) {
    return !index->method || strcmp(index->method, "btree") == 0 || strcmp(index->method, "hash") == 0;
}

/* Does PART hold all of FIELD, in an order that a server of FLAVOR looks keys up in? */
static bool part_serves(const struct index_part *part, const char *field, enum flavor flavor) {
    return text_equal(part->field, field) && !part->prefix && (part->order == ORDER_ASCENDING || flavor == FLAVOR_MARIADB);
}

/* Does INDEX begin with the fields of KEY? The server takes them in any order, InnoDB only in this one. What comes behind may be anything. */
static bool index_serves(const struct index *index, const struct foreign_key *key, enum flavor flavor) {
    if (!my_index_is_tree(index) || index->part_count < key->fields.count)
        return false;
    for (size_t i = 0; i < key->fields.count; i++)
        if (!part_serves(&index->parts[i], key->fields.at[i], flavor))
            return false;
    return true;
}

static bool names_serve(const struct names *names, const struct foreign_key *key) {
    if (names->count < key->fields.count)
        return false;
    for (size_t i = 0; i < key->fields.count; i++)
        if (strcmp(names->at[i], key->fields.at[i]) != 0)
            return false;
    return true;
}

static bool is_served(const struct entity *entity, const struct foreign_key *key, enum flavor flavor) {
    if (names_serve(&entity->key.fields, key))
        return true;
    for (size_t i = 0; i < entity->index_count; i++)
        if (index_serves(&entity->indexes[i], key, flavor))
            return true;
    return false;
}

void my_implicit_find(struct arena *arena, const struct entity *entity, const struct foreign_key *const *keys, size_t count,
                      struct my_implicit *implicit) {
    for (size_t i = 0; i < count; i++) {
        bool served = is_served(entity, keys[i], implicit->flavor);

        for (size_t k = 0; k < implicit->list.count && !served; k++)
            served = names_serve(&implicit->list.at[k]->fields, keys[i]);
        if (!served)
            vec_push(arena, &implicit->list, keys[i]);
    }
}

bool my_index_is_implicit(const struct entity *entity, const struct index *index) {
    if (index->unique || index->comment || index->method || index->options.count)
        return false;
    for (size_t i = 0; i < entity->foreign_key_count; i++) {
        const struct foreign_key *key = &entity->foreign_keys[i];

        if (strcmp(key->name, index->name) == 0 && key->fields.count == index->part_count && index_serves(index, key, FLAVOR_NONE))
            return true;
    }
    return false;
}
