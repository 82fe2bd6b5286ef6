#include <stdlib.h>
#include <string.h>

#include "declare_internal.h"
#include "naming.h"

static const char *folded(struct arena *arena, const char *name) {
    char *copy = arena_strdup(arena, name);

    for (char *c = copy; *c; c++)
        if (*c >= 'A' && *c <= 'Z')
            *c = (char)(*c - 'A' + 'a');
    return copy;
}

static bool take(struct declaring *work, struct map *taken, const char *name) {
    return map_put(&work->scratch, taken, folded(&work->scratch, name), name) == NULL;
}

/* NAME with the first number behind it that is free. Where the search stopped is remembered: many of one name take no longer each. */
static const char *numbered(struct declaring *work, struct map *taken, const char *name) {
    const char *key = arena_printf(&work->scratch, "%p%s", (void *)taken, folded(&work->scratch, name));
    size_t *last = map_get(&work->numbers, key);
    const char *found;

    if (!last) {
        last = ARENA_NEW(&work->scratch, size_t);
        *last = 1;
        map_put(&work->scratch, &work->numbers, key, last);
    }
    do
        found = arena_printf(work->arena, "%s%zu", name, ++*last);
    while (!take(work, taken, found));
    return found;
}

const char *declare_take(struct declaring *work, struct map *taken, const char *const *candidates, size_t count) {
    const char *first = NULL;

    for (size_t i = 0; i < count; i++) {
        if (!candidates[i])
            continue;
        if (take(work, taken, candidates[i]))
            return candidates[i];
        first = first ? first : candidates[i];
    }
    return numbered(work, taken, first);
}

const char *declare_small(struct arena *arena, const char *name) {
    char *copy = arena_strdup(arena, name);

    if (*copy >= 'A' && *copy <= 'Z')
        *copy = (char)(*copy - 'A' + 'a');
    return copy;
}

const char *declare_capital(struct arena *arena, const char *name) {
    char *copy = arena_strdup(arena, name);

    if (*copy >= 'a' && *copy <= 'z')
        *copy = (char)(*copy - 'a' + 'A');
    return copy;
}

static bool is_capital(char c) {
    return c >= 'A' && c <= 'Z';
}

const char *declare_plural(struct arena *arena, const char *name) {
    size_t last = strlen(name);

    while (last > 0 && !is_capital(name[last - 1]))
        last--;
    last = last ? last - 1 : 0;
    return arena_printf(arena, "%.*s%s", (int)last, name, word_plural(arena, name + last));
}

struct field *declare_field(const struct declared *entity, const char *name) {
    for (size_t i = 0; i < entity->seen->field_count; i++)
        if (strcmp(entity->seen->fields[i].name, name) == 0)
            return &entity->made->fields[i];
    return NULL;
}

struct names declare_fields(struct declaring *work, const struct declared *entity, const struct names *names) {
    struct names result = {ARENA_ARRAY(work->arena, const char *, names->count), names->count};

    for (size_t i = 0; i < names->count; i++) {
        const struct field *field = declare_field(entity, names->at[i]);

        result.at[i] = field ? field->name : names->at[i];
    }
    return result;
}

/* Entities.
 *
 * A table is called as its words in the singular. Where several tables would have one name, it goes to the first of: the one that a known
 * model calls so, the one that is called exactly so, the one whose words are singular already, any other; within each those without a
 * namespace first, then by namespace and table in byte order. The others take, as far as it is free, the name with their namespace before
 * it, the name with their words as they are ("Users"), the name with a number. */

struct naming {
    struct declared *entity;
    const char *name;
    int rank;
};

static int rank_of(struct declaring *work, const struct declared *entity, const char *name) {
    const char *table = entity->seen->table;
    int rank = 3;

    if (entity->known)
        return 0;
    if (strcmp(table, name) == 0)
        rank = 1;
    else if (strcmp(name_pascal(&work->scratch, table), name) == 0)
        rank = 2;
    return entity->seen->namespace ? rank + 3 : rank;
}

static int compare_namings(const void *first, const void *second) {
    const struct naming *a = first, *b = second;
    const char *spaces[] = {a->entity->seen->namespace, b->entity->seen->namespace};
    int order = a->rank - b->rank;

    order = order ? order : strcmp(spaces[0] ? spaces[0] : "", spaces[1] ? spaces[1] : "");
    return order ? order : strcmp(a->entity->seen->table, b->entity->seen->table);
}

static void name_entity_of(struct declaring *work, const struct naming *naming) {
    const struct entity *seen = naming->entity->seen;
    const char *space = seen->namespace ? name_pascal(&work->scratch, seen->namespace) : NULL;
    const char *candidates[] = {
        naming->entity->known ? naming->entity->known->name : NULL,
        naming->name,
        space ? arena_printf(work->arena, "%s%s", space, naming->name) : NULL,
        name_pascal(work->arena, seen->table),
    };

    naming->entity->made->name = declare_take(work, &work->taken, candidates, 4);
}

void declare_name_entities(struct declaring *work) {
    size_t count = work->seen->entity_count;
    struct naming *namings = ARENA_ARRAY(&work->scratch, struct naming, count);

    for (size_t i = 0; i < count; i++) {
        struct declared *entity = &work->entities[i];
        const char *name = name_entity(work->arena, entity->seen->table);

        namings[i] = (struct naming){entity, name, rank_of(work, entity, name)};
    }
    if (count)
        qsort(namings, count, sizeof *namings, compare_namings);
    for (size_t i = 0; i < count; i++)
        name_entity_of(work, &namings[i]);
}

/* Fields: those that a known model names, then those whose column is called just as the field would be, then the others, each in their
 * order; what is taken gets a number. */

static const char *camel_of(struct declaring *work, const char *column) {
    const char *name = map_get(&work->camels, column);

    if (name)
        return name;
    name = name_camel(work->arena, column);
    name = strcmp(name, column) == 0 ? column : name;
    map_put(&work->scratch, &work->camels, column, name);
    return name;
}

static const char *known_field_name(const struct declared *entity, const struct field *field) {
    const struct field *known = entity->known ? entity_field_by_column(entity->known, field->column) : NULL;

    return known ? known->name : NULL;
}

void declare_name_fields(struct declaring *work, struct declared *entity) {
    size_t count = entity->seen->field_count;
    const char **names = ARENA_ARRAY(&work->scratch, const char *, count);

    for (size_t i = 0; i < count; i++)
        names[i] = camel_of(work, entity->seen->fields[i].column);
    for (int round = entity->known ? 0 : 1; round < 3; round++)
        for (size_t i = 0; i < count; i++) {
            const struct field *field = &entity->seen->fields[i];
            const char *known = known_field_name(entity, field);
            int turn = known ? 0 : strcmp(field->column, names[i]) == 0 ? 1 : 2;

            if (turn == round)
                entity->made->fields[i].name = declare_take(work, &entity->taken, (const char *[]){known, names[i]}, 2);
        }
}

/* Objects: the name in camel case, with the kind behind it when that is taken. */

/* What makes two objects the same thing; ON as the model calls it. */
static const char *object_key(struct declaring *work, const struct object *object, const char *on) {
    const char *parts[] = {object->kind, "\n", object->namespace ? object->namespace : "", "\n", object->object_name, "\n", on ? on : ""};

    return arena_join(&work->scratch, parts, 7);
}

static void find_known_objects(struct declaring *work) {
    for (size_t i = 0; work->known && i < work->known->object_count; i++) {
        const struct object *object = work->known->objects[i];

        map_put(&work->scratch, &work->known_objects, object_key(work, object, object->on), object);
    }
}

/* What is made of the entity, enum or object NAME as it was seen; NAME itself when it is none. */
static const char *name_made(const struct declaring *work, const char *name) {
    const struct declared *entity = name ? map_get(&work->by_name, name) : NULL;
    const struct enumeration *enumeration = name && !entity ? map_get(&work->enums, name) : NULL;
    const char *object = name && !entity && !enumeration ? map_get(&work->objects, name) : NULL;

    return entity ? entity->made->name : enumeration ? enumeration->name : object ? object : name;
}

static void name_object(struct declaring *work, struct object *object, const char *bare) {
    const char *on = name_made(work, object->on);
    const struct object *known = map_get(&work->known_objects, object_key(work, object, on));
    const char *camel = name_camel(work->arena, bare);
    const char *candidates[] = {
        known ? known->name : NULL, camel, arena_printf(work->arena, "%s%s", camel, name_pascal(&work->scratch, object->kind)),
        on ? arena_printf(work->arena, "%s%s", declare_small(&work->scratch, on), declare_capital(&work->scratch, camel)) : NULL};

    object->name = declare_take(work, &work->taken, candidates, 4);
}

static int compare_texts(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void declare_objects(struct declaring *work) {
    size_t count = work->seen->object_count;
    struct object **made = ARENA_ARRAY(work->arena, struct object *, count);

    find_known_objects(work);
    for (size_t i = 0; i < count; i++) {
        const struct object *seen = work->seen->objects[i];
        size_t bare = strcspn(seen->object_name, "("); /* of what is overloaded the types of the arguments follow */

        made[i] = object_copy(work->arena, seen);
        name_object(work, made[i], bare ? arena_strndup(&work->scratch, seen->object_name, bare) : seen->object_name);
        map_put(&work->scratch, &work->objects, seen->name, made[i]->name);
    }
    for (size_t i = 0; i < count; i++) {
        made[i]->on = name_made(work, made[i]->on);
        for (size_t k = 0; k < made[i]->depends_on.count; k++)
            made[i]->depends_on.at[k] = name_made(work, made[i]->depends_on.at[k]);
        if (made[i]->depends_on.count)
            qsort(made[i]->depends_on.at, made[i]->depends_on.count, sizeof(char *), compare_texts);
    }
    work->made->objects = made;
    work->made->object_count = count;
}
