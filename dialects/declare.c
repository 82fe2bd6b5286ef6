#include "declare_internal.h"

#include <string.h>

/* A copy of what was seen, to be changed into what is made. */
static struct entity *copy_seen(struct declaring *work, const struct entity *seen) {
    struct entity *made = ARENA_NEW(work->arena, struct entity);

    *made = *seen;
    made->fields = ARENA_ARRAY(work->arena, struct field, seen->field_count);
    if (seen->field_count)
        memcpy(made->fields, seen->fields, seen->field_count * sizeof *made->fields);
    if (!work->target->comments)
        made->comment = NULL;
    for (size_t i = 0; i < made->field_count; i++) {
        made->fields[i].derived = false;
        if (!work->target->comments)
            made->fields[i].comment = NULL;
    }
    return made;
}

static void begin(struct declaring *work) {
    const struct schema *seen = work->seen;

    work->made = ARENA_NEW(work->arena, struct schema);
    work->entities = ARENA_ARRAY(&work->scratch, struct declared, seen->entity_count);
    for (size_t i = 0; i < seen->entity_count; i++) {
        struct declared *entity = &work->entities[i];

        entity->seen = seen->entities[i];
        entity->place = i;
        entity->is_enum = ARENA_ARRAY(&work->scratch, bool, entity->seen->check_count);
        map_put(&work->scratch, &work->by_name, entity->seen->name, entity);
    }
    declare_find_known(work);
    for (size_t i = 0; i < seen->entity_count; i++)
        work->entities[i].made = copy_seen(work, work->entities[i].seen);
}

/* What introspection could not say, under the entity's new name, before what is lost here. */
static void carry_unsupported(struct declaring *work) {
    for (size_t i = 0; i < work->seen->unsupported_count; i++) {
        struct unsupported *carried = vec_add(work->arena, &work->unsupported);
        const struct declared *entity;

        *carried = work->seen->unsupported[i];
        entity = carried->entity ? map_get(&work->by_name, carried->entity) : NULL;
        if (entity)
            carried->entity = entity->made->name;
    }
}

/* The tables that one inherits from, under their new names. One that was not read is lost. */
static void name_parents(struct declaring *work, const struct declared *entity) {
    const struct names *seen = &entity->seen->options.inherits;
    struct names *made = &entity->made->options.inherits;

    *made = (struct names){.at = ARENA_ARRAY(work->arena, const char *, seen->count)};
    for (size_t i = 0; i < seen->count; i++) {
        const struct declared *parent = map_get(&work->by_name, seen->at[i]);

        if (parent)
            made->at[made->count++] = parent->made->name;
        else
            *vec_add(work->arena, &work->unsupported) = (struct unsupported){
                .kind = "inheritance", .name = seen->at[i], .entity = entity->made->name, .why = "the table was not read"};
    }
}

static void gather(struct declaring *work) {
    struct schema *made = work->made;

    made->entity_count = work->seen->entity_count;
    made->entities = ARENA_ARRAY(work->arena, struct entity *, made->entity_count);
    for (size_t i = 0; i < made->entity_count; i++) {
        name_parents(work, &work->entities[i]);
        made->entities[i] = work->entities[i].made;
    }
    schema_index(work->arena, made);
    declare_mark_inverses(work);
}

static void finish(struct declaring *work) {
    work->made->unsupported = work->unsupported.at;
    work->made->unsupported_count = work->unsupported.count;
    work->made->taken_along = work->seen->taken_along;
    arena_free(&work->scratch);
}

struct schema *schema_declare(struct arena *arena, const struct schema *introspected, const struct target *target,
                              const struct schema *known) {
    struct declaring work = {.arena = arena, .target = target, .seen = introspected, .known = known};

    begin(&work);
    declare_name_entities(&work);
    for (size_t i = 0; i < introspected->entity_count; i++)
        declare_name_fields(&work, &work.entities[i]);
    carry_unsupported(&work);
    declare_enums(&work);
    for (size_t i = 0; i < introspected->entity_count; i++)
        declare_reuse_fields(&work.entities[i]);
    declare_relations(&work);
    for (size_t i = 0; i < introspected->entity_count; i++)
        declare_parts(&work, &work.entities[i]);
    declare_objects(&work);
    gather(&work);
    declare_check(&work);
    declare_as_known(&work);
    finish(&work);
    return work.made;
}
