#include <string.h>

#include "expression.h"
#include "threeway_internal.h"

static const char *map_key(struct arena *arena, char scope, const char *owner, const char *name) {
    return arena_printf(arena, "%c%s.%s", scope, owner ? owner : "", name);
}

const char *name_map_get(struct name_map *names, char scope, const char *owner, const char *name) {
    const char *found = name ? map_get(&names->map, map_key(names->arena, scope, owner, name)) : NULL;

    return found ? found : name;
}

void name_map_put(struct name_map *names, char scope, const char *owner, const char *name, const char *value) {
    map_put(names->arena, &names->map, map_key(names->arena, scope, owner, name), value);
}

/* Translation of one schema. */

struct translation {
    struct name_map *names;
    const struct schema *from;
    struct entity *entity; /* the copy at hand */
    const char *owner;     /* its identity */
    VEC(struct expression_rename) columns;
};

static const char *owner_identity(struct name_map *names, const char *name) {
    return names->back ? name : name_map_get(names, 'E', NULL, name);
}

static void translate_names(struct translation *job, char scope, const char *owner, struct names *names) {
    for (size_t i = 0; i < names->count; i++)
        names->at[i] = name_map_get(job->names, scope, owner, names->at[i]);
}

/* All columns at once: over names that nobody has, so that a swap is one. */
static const char *translate_text(struct translation *job, const char *text) {
    struct arena *arena = job->names->arena;

    if (!text)
        return NULL;
    for (size_t i = 0; i < job->columns.count; i++)
        text = expression_replace(arena, text, job->columns.at[i].from, arena_printf(arena, "persist__%zu", i));
    for (size_t i = 0; i < job->columns.count; i++)
        text = expression_replace(arena, text, arena_printf(arena, "persist__%zu", i), job->columns.at[i].to);
    return text;
}

const char *identity_column(const struct field *field) {
    return field->column ? field->column : field->name;
}

/* A column that follows its field is called as it is from now on; in identities it is NULL. */
static void translate_field_name(struct translation *job, struct field *field) {
    bool follows = !field->column || strcmp(field->column, field->name) == 0;
    const char *old = identity_column(field);
    const char *now;

    field->name = name_map_get(job->names, 'F', job->owner, field->name);
    if (follows)
        field->column = job->names->back ? field->name : NULL;
    now = identity_column(field);
    if (strcmp(old, now) != 0)
        vec_push(job->names->arena, &job->columns, ((struct expression_rename){old, now}));
}

static void translate_fields(struct translation *job) {
    for (size_t i = 0; i < job->entity->field_count; i++)
        translate_field_name(job, &job->entity->fields[i]);
    for (size_t i = 0; i < job->entity->field_count; i++) {
        struct field *field = &job->entity->fields[i];

        field->enum_name = name_map_get(job->names, 'N', NULL, field->enum_name);
        field->computed = translate_text(job, field->computed);
        field->default_sql = translate_text(job, field->default_sql);
        field->on_update = translate_text(job, field->on_update);
    }
}

static void translate_relations(struct translation *job) {
    for (size_t i = 0; i < job->entity->relation_count; i++) {
        struct relation *relation = &job->entity->relations[i];
        const char *target = owner_identity(job->names, relation->target);

        relation->name = name_map_get(job->names, 'R', job->owner, relation->name);
        relation->inverse = name_map_get(job->names, 'R', target, relation->inverse);
        relation->target = name_map_get(job->names, 'E', NULL, relation->target);
        translate_names(job, 'F', job->owner, &relation->keys);
    }
}

static void translate_foreign_keys(struct translation *job) {
    for (size_t i = 0; i < job->entity->foreign_key_count; i++) {
        struct foreign_key *key = &job->entity->foreign_keys[i];

        translate_names(job, 'F', job->owner, &key->fields);
        translate_names(job, 'F', job->owner, &key->set_columns);
        translate_names(job, 'F', owner_identity(job->names, key->target), &key->target_fields);
        key->target = name_map_get(job->names, 'E', NULL, key->target);
        key->relation = name_map_get(job->names, 'R', job->owner, key->relation);
    }
}

static void translate_indexes(struct translation *job) {
    for (size_t i = 0; i < job->entity->index_count; i++) {
        struct index *index = &job->entity->indexes[i];

        for (size_t k = 0; k < index->part_count; k++) {
            index->parts[k].field = name_map_get(job->names, 'F', job->owner, index->parts[k].field);
            index->parts[k].expression = translate_text(job, index->parts[k].expression);
        }
        index->where = translate_text(job, index->where);
        translate_names(job, 'F', job->owner, &index->include);
    }
}

static void translate_constraints(struct translation *job) {
    struct entity *entity = job->entity;

    for (size_t i = 0; i < entity->check_count; i++) {
        entity->checks[i].value = translate_text(job, entity->checks[i].value);
        entity->checks[i].field = name_map_get(job->names, 'F', job->owner, entity->checks[i].field);
    }
    for (size_t i = 0; i < entity->exclude_count; i++) {
        entity->excludes[i].value = translate_text(job, entity->excludes[i].value);
        entity->excludes[i].where = translate_text(job, entity->excludes[i].where);
    }
}

static struct entity *translate_entity(struct name_map *names, const struct entity *from) {
    struct entity *entity = entity_copy(names->arena, from);
    struct translation job = {.names = names, .entity = entity, .owner = owner_identity(names, from->name)};
    bool follows = !from->table || strcmp(from->table, from->name) == 0;

    entity->name = name_map_get(names, 'E', NULL, from->name);
    if (follows)
        entity->table = names->back ? entity->name : NULL;
    translate_fields(&job);
    translate_relations(&job);
    translate_foreign_keys(&job);
    translate_indexes(&job);
    translate_constraints(&job);
    translate_names(&job, 'F', job.owner, &entity->key.fields);
    translate_names(&job, 'F', job.owner, &entity->key.include);
    translate_names(&job, 'E', NULL, &entity->options.inherits);
    entity->options.partition_by = translate_text(&job, entity->options.partition_by);
    return entity;
}

static struct enumeration *translate_enum(struct name_map *names, const struct enumeration *from) {
    struct enumeration *copy = enumeration_copy(names->arena, from);
    const char *owner = names->back ? from->name : name_map_get(names, 'N', NULL, from->name);

    copy->name = name_map_get(names, 'N', NULL, from->name);
    for (size_t i = 0; i < copy->member_count; i++) {
        struct enum_member *member = &copy->members[i];
        bool follows = !member->value || strcmp(member->value, member->name) == 0;

        member->name = name_map_get(names, 'M', owner, member->name);
        if (follows)
            member->value = names->back ? member->name : NULL;
    }
    return copy;
}

/* A name that an object stands on: an entity's, an enum's or an object's. */
static const char *translate_any(struct name_map *names, const struct schema *schema, const char *name) {
    if (!name)
        return NULL;
    if (schema_entity(schema, name))
        return name_map_get(names, 'E', NULL, name);
    return name_map_get(names, schema_enum(schema, name) ? 'N' : 'O', NULL, name);
}

static struct object *translate_object(struct name_map *names, const struct schema *schema, const struct object *from) {
    struct object *copy = object_copy(names->arena, from);

    copy->name = name_map_get(names, 'O', NULL, from->name);
    copy->on = translate_any(names, schema, from->on);
    for (size_t i = 0; i < copy->depends_on.count; i++) {
        const char *name = translate_any(names, schema, copy->depends_on.at[i]);
        size_t at = i;

        for (; at && strcmp(copy->depends_on.at[at - 1], name) > 0; at--)
            copy->depends_on.at[at] = copy->depends_on.at[at - 1];
        copy->depends_on.at[at] = name;
    }
    return copy;
}

struct schema *schema_translate(struct name_map *names, const struct schema *schema) {
    struct schema *copy = ARENA_NEW(names->arena, struct schema);

    copy->source = schema->source;
    copy->entity_count = schema->entity_count;
    copy->enum_count = schema->enum_count;
    copy->object_count = schema->object_count;
    copy->entities = ARENA_ARRAY(names->arena, struct entity *, schema->entity_count);
    copy->enums = ARENA_ARRAY(names->arena, struct enumeration *, schema->enum_count);
    copy->objects = ARENA_ARRAY(names->arena, struct object *, schema->object_count);
    for (size_t i = 0; i < schema->entity_count; i++)
        copy->entities[i] = translate_entity(names, schema->entities[i]);
    for (size_t i = 0; i < schema->enum_count; i++)
        copy->enums[i] = translate_enum(names, schema->enums[i]);
    for (size_t i = 0; i < schema->object_count; i++)
        copy->objects[i] = translate_object(names, schema, schema->objects[i]);
    schema_index(names->arena, copy);
    return copy;
}

/* Identities of one side. */

static const char scopes[] = {
    [RENAME_ENTITY] = 'E', [RENAME_FIELD] = 'F', [RENAME_RELATION] = 'R', [RENAME_ENUM] = 'N', [RENAME_MEMBER] = 'M'};

/* The identity of what a rename is in; the renames of entities and enums are known. */
static const char *rename_owner(struct name_map *names, const struct rename *rename) {
    return rename->owner ? name_map_get(names, rename->kind == RENAME_MEMBER ? 'N' : 'E', NULL, rename->owner) : NULL;
}

static void note_renames(struct threeway_job *job, enum side side, bool outer) {
    for (size_t i = 0; i < job->renames[side].list.count; i++) {
        const struct rename *rename = &job->renames[side].list.at[i];
        const char *owner = rename_owner(&job->to_identity[side], rename);

        if (outer != !rename->owner)
            continue;
        name_map_put(&job->to_identity[side], scopes[rename->kind], owner, rename->to, rename->from);
        name_map_put(&job->renamed[side], scopes[rename->kind], owner, rename->from, rename->to);
    }
}

/* What has the name of something that the side renamed away is new: its identity is a name of its own. */
static void note_new(struct threeway_job *job, enum side side, char scope, const char *owner, const char *name) {
    struct name_map *names = &job->to_identity[side];
    const char *identity;

    if (name_map_get(names, scope, owner, name) != name || name_map_get(&job->renamed[side], scope, owner, name) == name)
        return;
    identity = arena_printf(job->arena, "%s__new", name);
    name_map_put(names, scope, owner, name, identity);
    name_map_put(&job->names, scope, owner, identity, name);
}

static void note_new_parts(struct threeway_job *job, enum side side, const struct entity *entity) {
    const char *owner = name_map_get(&job->to_identity[side], 'E', NULL, entity->name);

    for (size_t i = 0; i < entity->field_count; i++)
        note_new(job, side, 'F', owner, entity->fields[i].name);
    for (size_t i = 0; i < entity->relation_count; i++)
        note_new(job, side, 'R', owner, entity->relations[i].name);
}

static void note_new_outer(struct threeway_job *job, enum side side) {
    const struct schema *schema = job->named[side];

    for (size_t i = 0; i < schema->entity_count; i++)
        note_new(job, side, 'E', NULL, schema->entities[i]->name);
    for (size_t i = 0; i < schema->enum_count; i++)
        note_new(job, side, 'N', NULL, schema->enums[i]->name);
}

static void note_new_inner(struct threeway_job *job, enum side side) {
    const struct schema *schema = job->named[side];

    for (size_t i = 0; i < schema->entity_count; i++)
        note_new_parts(job, side, schema->entities[i]);
    for (size_t i = 0; i < schema->enum_count; i++)
        for (size_t k = 0; k < schema->enums[i]->member_count; k++)
            note_new(job, side, 'M', name_map_get(&job->to_identity[side], 'N', NULL, schema->enums[i]->name),
                     schema->enums[i]->members[k].name);
}

int identities_find(struct threeway_job *job) {
    struct rename_answers none = {0};

    job->names = (struct name_map){.arena = job->arena, .back = true};
    for (size_t side = 0; side < SIDE_COUNT; side++) {
        job->to_identity[side].arena = job->renamed[side].arena = job->arena;
        if (side != SIDE_BASE && renames_find(job->arena, job->named[SIDE_BASE], job->named[side], &none, &job->renames[side], job->diag))
            return -1;
        note_renames(job, (enum side)side, true);
        note_new_outer(job, (enum side)side);
        note_renames(job, (enum side)side, false);
        note_new_inner(job, (enum side)side);
        job->sides[side] = schema_translate(&job->to_identity[side], job->named[side]);
    }
    return 0;
}

/* Merged names. */

char scope_of(const struct element *element) {
    static const char of_noun[] = {
        [DELTA_ENTITY] = 'E', [DELTA_FIELD] = 'F', [DELTA_RELATION] = 'R', [DELTA_ENUM] = 'N', [DELTA_MEMBER] = 'M', [DELTA_OBJECT] = 'O'};

    return of_noun[element->noun];
}

static const char *side_name(struct threeway_job *job, const struct element *element, enum side side) {
    const char *name = name_map_get(&job->renamed[side], scope_of(element), element->owner, element->name);

    return name == element->name ? NULL : name;
}

void names_note(struct threeway_job *job) {
    for (size_t i = 0; i < job->elements.count; i++) {
        struct element *element = &job->elements.at[i];

        if (!scope_of(element) || !element->at[SIDE_BASE])
            continue;
        element->renamed[SIDE_OURS] = side_name(job, element, SIDE_OURS);
        element->renamed[SIDE_THEIRS] = side_name(job, element, SIDE_THEIRS);
        if (element->renamed[SIDE_OURS] && element->renamed[SIDE_THEIRS] &&
            strcmp(element->renamed[SIDE_OURS], element->renamed[SIDE_THEIRS]) != 0)
            element_conflict(element, "both rename it");
    }
}

/* What is settled is called as on the side that it is taken from; else a rename wins. */
const char *merged_name(struct threeway_job *job, struct element *element) {
    const char *name = element->renamed[element->pick];

    if (!element_leader(job, element)->conflict)
        name = element->renamed[SIDE_OURS] ? element->renamed[SIDE_OURS] : element->renamed[SIDE_THEIRS];
    return name ? name : name_map_get(&job->names, scope_of(element), element->owner, element->name);
}

void names_decide(struct threeway_job *job) {
    for (size_t i = 0; i < job->elements.count; i++) {
        struct element *element = &job->elements.at[i];

        if (scope_of(element))
            name_map_put(&job->names, scope_of(element), element->owner, element->name, merged_name(job, element));
    }
}
