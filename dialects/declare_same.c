#include <string.h>

#include "declare_internal.h"
#include "physical.h"

/* Tables. */

/* PostgreSQL's tables without a namespace are in "public", and a model may say so. */
static const char *table_key(struct declaring *work, const struct entity *entity) {
    const char *space = entity->namespace && strcmp(entity->namespace, "public") != 0 ? entity->namespace : "";

    return arena_join(&work->scratch, (const char *[]){space, "\n", entity->table}, 3);
}

/* The known model in physical form, under the names of its entities; nothing when the dialect refuses it. */
static void find_normal_tables(struct declaring *work, struct map *tables) {
    struct diag ignored = {.arena = &work->scratch};
    const struct schema *normal = work->target->dialect->normalize(&work->scratch, work->known, work->target, &ignored);
    const struct schema *physical = normal ? schema_physical(&work->scratch, normal) : NULL;

    for (size_t i = 0; physical && i < physical->entity_count; i++)
        map_put(&work->scratch, tables, table_key(work, physical->entities[i]), physical->entities[i]);
}

/* Fields. */

static const struct field *same_field(struct declaring *work, const struct declared *entity, const struct field *seen) {
    const struct field *normal = entity_field_by_column(entity->known_normal, seen->column);

    if (!normal || normal->nullable != seen->nullable || normal->key != seen->key || !declare_same(work, IR_FIELD, seen, normal))
        return NULL;
    return &entity->known->fields[normal - entity->known_normal->fields];
}

static void find_same_fields(struct declaring *work, struct declared *entity) {
    for (size_t i = 0; entity->known_normal && i < entity->seen->field_count; i++)
        entity->same[i] = same_field(work, entity, &entity->seen->fields[i]);
}

void declare_find_known(struct declaring *work) {
    struct map tables = {0}, normal_tables = {0};

    for (size_t i = 0; work->known && i < work->known->entity_count; i++)
        map_put(&work->scratch, &tables, table_key(work, work->known->entities[i]), work->known->entities[i]);
    if (work->known)
        find_normal_tables(work, &normal_tables);
    for (size_t i = 0; i < work->seen->entity_count; i++) {
        struct declared *entity = &work->entities[i];

        entity->same = ARENA_ARRAY(&work->scratch, const struct field *, entity->seen->field_count);
        entity->known = map_get(&tables, table_key(work, entity->seen));
        entity->known_normal = entity->known ? map_get(&normal_tables, table_key(work, entity->seen)) : NULL;
        if (entity->known)
            find_same_fields(work, entity);
    }
}

/* An enum must be the same one still: another table may have taken its name. */
void declare_reuse_fields(struct declared *entity) {
    for (size_t i = 0; i < entity->seen->field_count; i++) {
        const struct field *known = entity->same[i];
        struct field *made = &entity->made->fields[i];
        struct field seen = *made;

        if (!known || (known->type == TYPE_ENUM) != (made->type == TYPE_ENUM) || !text_equal(known->enum_name, made->enum_name))
            continue;
        *made = *known;
        made->name = seen.name;
        made->comment = seen.comment;
        made->was = NULL;
        made->check_name = seen.check_name;
        made->derived = false;
        made->at = (struct span){0};
    }
}

/* Other parts. Those of a model are paired with what became of them by where they stand in its text. */

static const struct index *known_index(const struct declared *entity, const struct index *normal) {
    for (size_t i = 0; i < entity->known->index_count; i++) {
        const struct index *index = &entity->known->indexes[i];

        if (!index->derived && index->at.start == normal->at.start && (!index->name || text_equal(index->name, normal->name)))
            return index;
    }
    return NULL;
}

void declare_reuse_index(struct declaring *work, const struct declared *entity, const struct index *seen, struct index *made) {
    struct span at = made->at;

    for (size_t i = 0; entity->known_normal && i < entity->known_normal->index_count; i++) {
        const struct index *normal = &entity->known_normal->indexes[i];
        const struct index *known = text_equal(normal->name, seen->name) ? known_index(entity, normal) : NULL;

        if (!known || normal->unique != seen->unique || normal->constraint != seen->constraint ||
            !declare_same(work, IR_INDEX, seen, normal))
            continue;
        *made = *known;
        made->at = at;
        return;
    }
}

void declare_reuse_check(struct declaring *work, const struct declared *entity, const struct check *seen, struct check *made) {
    for (size_t i = 0; entity->known_normal && i < entity->known_normal->check_count; i++) {
        const struct check *normal = &entity->known_normal->checks[i];

        if (normal->derived || !text_equal(normal->name, seen->name) || !declare_same(work, IR_CHECK, seen, normal))
            continue;
        for (size_t k = 0; k < entity->known->check_count; k++)
            if (entity->known->checks[k].at.start == normal->at.start) {
                made->name = entity->known->checks[k].name;
                made->value = entity->known->checks[k].value;
            }
        return;
    }
}

void declare_reuse_foreign_key(struct declaring *work, const struct declared *entity, const struct foreign_key *seen,
                               struct foreign_key *made) {
    for (size_t i = 0; entity->known_normal && i < entity->known_normal->foreign_key_count; i++) {
        const struct foreign_key *normal = &entity->known_normal->foreign_keys[i];

        if (!text_equal(normal->name, seen->name) || !declare_same(work, IR_FOREIGN_KEY, seen, normal))
            continue;
        made->name = entity->known->foreign_keys[i].name;
        made->on_delete = entity->known->foreign_keys[i].on_delete;
        made->on_update = entity->known->foreign_keys[i].on_update;
        return;
    }
}

void declare_reuse_table(struct declaring *work, const struct declared *entity) {
    const struct entity *normal = entity->known_normal;

    if (!normal)
        return;
    if (declare_same(work, IR_KEY, &entity->seen->key, &normal->key)) {
        entity->made->key.name = entity->known->key.name;
        entity->made->key.options = entity->known->key.options;
    }
    if (declare_same(work, IR_TABLE, &entity->seen->options, &normal->options))
        entity->made->options = entity->known->options;
}
