#include <string.h>

#include "declare_internal.h"

/* Names of constraints are left out where they may come by themselves; declare_check() says those that do not. What stands ->at is the
 * number of the part seen, from 1 on, until then. */

/* Names that our own rules give begin so; PostgreSQL names a primary key after its table. */
static const char *said_name(const char *name, const char *prefix) {
    return name && strncmp(name, prefix, strlen(prefix)) == 0 ? NULL : name;
}

static bool ends(const char *text, const char *end) {
    size_t length = strlen(text), count = strlen(end);

    return length >= count && strcmp(text + length - count, end) == 0;
}

static void make_key(struct declaring *work, const struct declared *entity) {
    struct key *key = &entity->made->key;
    size_t place = 0;

    key->fields = declare_fields(work, entity, &entity->seen->key.fields);
    key->include = declare_fields(work, entity, &entity->seen->key.include);
    key->explicit_order = false;
    for (size_t i = 0; i < entity->made->field_count; i++)
        if (entity->made->fields[i].key && place < key->fields.count && strcmp(key->fields.at[place++], entity->made->fields[i].name) != 0)
            key->explicit_order = true;
    key->name = said_name(key->name, "pk_");
    if (key->name && ends(key->name, "_pkey"))
        key->name = NULL;
}

static bool is_plain(const struct index_part *part) {
    return part->field && !part->opclass && !part->collation && !part->prefix && part->order == ORDER_ASCENDING &&
           part->nulls == NULLS_DEFAULT;
}

/* Can the fields say the index, each for itself? Then its name stands there. */
static bool can_stand_on_fields(const struct declared *entity, const struct index *index) {
    const struct field *before = NULL;

    if (index->constraint || index->method || index->where || index->include.count || index->comment || index->options.count ||
        index->nulls_not_distinct)
        return false;
    for (size_t i = 0; i < index->part_count; i++) {
        const struct field *field = is_plain(&index->parts[i]) ? declare_field(entity, index->parts[i].field) : NULL;

        if (!field || (before && field <= before))
            return false;
        before = field;
    }
    return true;
}

static void make_index(struct declaring *work, const struct declared *entity, size_t number) {
    const struct index *seen = &entity->seen->indexes[number];
    struct index *made = &entity->made->indexes[number];

    *made = *seen;
    made->at.start = (uint32_t)number + 1;
    made->derived = false;
    made->include = declare_fields(work, entity, &seen->include);
    made->parts = ARENA_ARRAY(work->arena, struct index_part, seen->part_count);
    for (size_t i = 0; i < seen->part_count; i++) {
        made->parts[i] = seen->parts[i];
        if (seen->parts[i].field)
            made->parts[i].field = declare_field(entity, seen->parts[i].field)->name;
    }
    if (!can_stand_on_fields(entity, seen))
        made->name = said_name(seen->name, seen->unique ? "uq_" : "idx_");
    if (!work->target->comments)
        made->comment = NULL;
    declare_reuse_index(work, entity, seen, made);
}

static void make_checks(struct declaring *work, const struct declared *entity) {
    const struct entity *seen = entity->seen;
    struct entity *made = entity->made;

    made->checks = ARENA_ARRAY(work->arena, struct check, seen->check_count);
    made->check_count = 0;
    for (size_t i = 0; i < seen->check_count; i++) {
        struct check *check = &made->checks[made->check_count];

        if (entity->is_enum[i])
            continue;
        made->check_count++;
        *check = seen->checks[i];
        check->name = said_name(check->name, "ck_");
        check->derived = false;
        check->field = NULL;
        declare_reuse_check(work, entity, &seen->checks[i], check);
        check->at.start = (uint32_t)i + 1;
    }
}

static void make_excludes(struct declaring *work, const struct declared *entity) {
    const struct entity *seen = entity->seen;

    entity->made->excludes = ARENA_ARRAY(work->arena, struct exclude, seen->exclude_count);
    for (size_t i = 0; i < seen->exclude_count; i++) {
        entity->made->excludes[i] = seen->excludes[i];
        entity->made->excludes[i].name = said_name(seen->excludes[i].name, "ex_");
        entity->made->excludes[i].at.start = (uint32_t)i + 1;
    }
}

static void omit_names(struct declared *entity) {
    for (size_t i = 0; i < entity->made->field_count; i++)
        entity->made->fields[i].check_name = said_name(entity->made->fields[i].check_name, "ck_");
}

void declare_parts(struct declaring *work, struct declared *entity) {
    struct entity *made = entity->made;

    make_key(work, entity);
    made->indexes = ARENA_ARRAY(work->arena, struct index, made->index_count);
    for (size_t i = 0; i < made->index_count; i++)
        make_index(work, entity, i);
    make_checks(work, entity);
    make_excludes(work, entity);
    omit_names(entity);
    declare_reuse_table(work, entity);
}
