#include "thread.h"

#include <string.h>

struct thread thread_of(struct arena *arena, const char *text) {
    const char *dot = strchr(text, '.');

    if (!dot)
        return (struct thread){text, NULL};
    return (struct thread){arena_strndup(arena, text, (size_t)(dot - text)), dot + 1};
}

bool delta_is_whole(const struct delta *delta) {
    return !delta->name && delta->verb != DELTA_CHANGED &&
           (delta->noun == DELTA_ENTITY || delta->noun == DELTA_ENUM || delta->noun == DELTA_OBJECT);
}

static bool is_named(const struct thread *thread, const struct delta *delta) {
    return delta->name && strcmp(delta->name, thread->name) == 0;
}

/* Did something else that is called so come here, by a rename or anew? What goes under that name is another thing then. */
static bool comes_otherwise(const struct thread *thread, const struct deltas *deltas, const struct delta *gone) {
    for (size_t i = 0; i < deltas->list.count; i++) {
        const struct delta *delta = &deltas->list.at[i];

        if (delta != gone && delta->verb == DELTA_RENAMED && strcmp(delta->entity, thread->owner) == 0 && is_named(thread, delta))
            return true;
    }
    return false;
}

bool thread_has(const struct thread *thread, const struct deltas *deltas, const struct delta *delta) {
    if (strcmp(delta->entity, thread->owner) != 0)
        return false;
    if (!thread->name || delta_is_whole(delta))
        return true;
    return is_named(thread, delta) && (delta->verb != DELTA_REMOVED || !comes_otherwise(thread, deltas, delta));
}

void thread_step_back(struct thread *thread, const struct deltas *deltas) {
    struct thread before = *thread;

    for (size_t i = 0; i < deltas->list.count; i++) {
        const struct delta *delta = &deltas->list.at[i];

        if (delta->verb != DELTA_RENAMED || !thread_has(thread, deltas, delta))
            continue;
        if (delta_is_whole(delta))
            before.owner = delta->was;
        else if (thread->name)
            before.name = delta->was;
    }
    *thread = before;
}

/* Is an element of the array, each of SIZE bytes that begin with its name, called NAME? */
static bool has_name(const void *array, size_t count, size_t size, const char *name) {
    for (size_t i = 0; i < count; i++) {
        const char *const *element = (const void *)((const char *)array + i * size);

        if (*element && strcmp(*element, name) == 0)
            return true;
    }
    return false;
}

#define HAS(owner, array, count) has_name((owner)->array, (owner)->count, sizeof *(owner)->array, name)

bool thread_is_in(const struct thread *thread, const struct schema *schema) {
    const struct entity *entity = schema_entity(schema, thread->owner);
    const struct enumeration *enumeration = schema_enum(schema, thread->owner);
    const char *name = thread->name;

    if (!name)
        return entity || enumeration || schema_object(schema, thread->owner);
    if (entity && (HAS(entity, fields, field_count) || HAS(entity, relations, relation_count) || HAS(entity, indexes, index_count) ||
                   HAS(entity, checks, check_count) || HAS(entity, excludes, exclude_count)))
        return true;
    return (entity && HAS(entity, foreign_keys, foreign_key_count)) || (enumeration && HAS(enumeration, members, member_count));
}
