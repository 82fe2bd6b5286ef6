#include <string.h>

#include "threeway_internal.h"

/* One entity or enum, put together. */
struct building {
    struct threeway_job *job;
    struct element *element; /* the owner's */
    const struct element_list *parts;
    struct entity *entity;
};

/* What was is a fact about one step: that of the side that said something new; of two such that which comes first. */
static const char *merged_was(const char *base, const char *ours, const char *theirs) {
    if (text_equal(base, ours))
        return theirs;
    if (text_equal(base, theirs) || !theirs)
        return ours;
    return ours && strcmp(ours, theirs) < 0 ? ours : theirs;
}

/* The texts "was" of ELEMENT, merged; OFFSET is that of the member in its struct. */
static const char *element_was(const struct element *element, size_t offset) {
    const char *was[SIDE_COUNT] = {NULL};

    for (size_t side = 0; side < SIDE_COUNT; side++)
        if (element->at[side])
            memcpy(&was[side], (const char *)element->at[side] + offset, sizeof was[side]);
    return merged_was(was[SIDE_BASE], was[SIDE_OURS], was[SIDE_THEIRS]);
}

static bool is_there(const struct element *element) {
    return element->at[element->pick];
}

/* The names of what NOUN says is there, in the merged order. */
static struct names order_parts(const struct building *building, enum delta_noun noun, const struct names lists[SIDE_COUNT]) {
    struct threeway_job *job = building->job;
    struct order_request request = {.arena = job->arena};
    const struct element *owner = building->element;
    const char *subject = element_subject(job, owner);
    enum side taken = take_of(job, subject);
    struct names order = {NULL, 0};
    bool theirs = taken == SIDE_THEIRS || (taken == SIDE_BASE && job->request->prefer == THREEWAY_THEIRS);

    request.kept.at = ARENA_ARRAY(job->arena, const char *, building->parts ? building->parts->list.count : 0);
    for (size_t i = 0; building->parts && i < building->parts->list.count; i++)
        if (building->parts->list.at[i]->noun == noun && is_there(building->parts->list.at[i]))
            request.kept.at[request.kept.count++] = building->parts->list.at[i]->name;
    memcpy(request.lists, lists, sizeof request.lists);
    if (theirs) {
        request.lists[SIDE_OURS] = lists[SIDE_THEIRS];
        request.lists[SIDE_THEIRS] = lists[SIDE_OURS];
    }
    if (order_merge(&request, &order) && taken == SIDE_BASE) {
        struct threeway_conflict conflict = {.noun = owner->noun, .subject = subject};

        conflict.ours = conflict.theirs = "changes their order";
        conflict.reason = arena_printf(job->arena, "both change the order of its %ss", element_noun(&(struct element){.noun = noun}));
        vec_push(job->arena, &job->result->conflicts, conflict);
    }
    return order;
}

static struct names field_names(struct arena *arena, const struct entity *entity) {
    struct names names = {NULL, 0};

    if (!entity)
        return names;
    names.at = ARENA_ARRAY(arena, const char *, entity->field_count);
    for (size_t i = 0; i < entity->field_count; i++)
        if (!entity->fields[i].derived)
            names.at[names.count++] = entity->fields[i].name;
    return names;
}

static struct names relation_names(struct arena *arena, const struct entity *entity) {
    struct names names = {NULL, 0};

    if (!entity)
        return names;
    names.at = ARENA_ARRAY(arena, const char *, entity->relation_count);
    for (size_t i = 0; i < entity->relation_count; i++)
        names.at[names.count++] = entity->relations[i].name;
    return names;
}

static struct names member_names(struct arena *arena, const struct enumeration *enumeration) {
    struct names names = {NULL, 0};

    if (!enumeration)
        return names;
    names.at = ARENA_ARRAY(arena, const char *, enumeration->member_count);
    for (size_t i = 0; i < enumeration->member_count; i++)
        names.at[names.count++] = enumeration->members[i].name;
    return names;
}

static void build_fields(const struct building *building) {
    struct threeway_job *job = building->job;
    struct entity *entity = building->entity;
    struct names lists[SIDE_COUNT];
    struct names order;

    for (size_t side = 0; side < SIDE_COUNT; side++)
        lists[side] = field_names(job->arena, building->element->at[side]);
    order = order_parts(building, DELTA_FIELD, lists);
    entity->fields = ARENA_ARRAY(job->arena, struct field, order.count);
    entity->field_count = order.count;
    for (size_t i = 0; i < order.count; i++) {
        const struct element *element = element_find(job, DELTA_FIELD, building->element->name, order.at[i]);

        entity->fields[i] = *(const struct field *)element->at[element->pick];
        entity->fields[i].was = element_was(element, offsetof(struct field, was));
    }
}

static void build_foreign_key(struct building *building, const struct foreign_key *key) {
    building->entity->foreign_keys[building->entity->foreign_key_count++] = *key;
}

/* Which relation is whose other side is said wherever the order of declaration might say otherwise: reading the text again finds out. */
static bool needs_inverse(const struct entity *entity, const struct relation *relation) {
    size_t count = strcmp(relation->target, entity->name) == 0;

    for (size_t i = 0; i < entity->relation_count; i++)
        count += strcmp(entity->relations[i].target, relation->target) == 0;
    return relation->owner && count > 1;
}

static void build_relations(struct building *building) {
    struct threeway_job *job = building->job;
    struct entity *entity = building->entity;
    struct names lists[SIDE_COUNT];
    struct names order;

    for (size_t side = 0; side < SIDE_COUNT; side++)
        lists[side] = relation_names(job->arena, building->element->at[side]);
    order = order_parts(building, DELTA_RELATION, lists);
    entity->relations = ARENA_ARRAY(job->arena, struct relation, order.count);
    entity->relation_count = order.count;
    for (size_t i = 0; i < order.count; i++) {
        const struct element *element = element_find(job, DELTA_RELATION, building->element->name, order.at[i]);
        struct relation *relation = &entity->relations[i];

        *relation = *(const struct relation *)element->at[element->pick];
        relation->was = element_was(element, offsetof(struct relation, was));
        if (!relation->owner)
            continue;
        build_foreign_key(building, &element->in[element->pick]->foreign_keys[relation->foreign_key]);
        relation->foreign_key = entity->foreign_key_count - 1;
    }
    for (size_t i = 0; i < entity->relation_count; i++)
        entity->relations[i].explicit_inverse = needs_inverse(entity, &entity->relations[i]);
}

static void build_part(struct building *building, const struct element *part) {
    struct entity *entity = building->entity;
    const void *at = part->at[part->pick];

    if (part->noun == DELTA_KEY)
        entity->key = *(const struct key *)at;
    else if (part->noun == DELTA_TABLE_OPTIONS)
        entity->options = *(const struct table_options *)at;
    else if (part->noun == DELTA_INDEX || part->noun == DELTA_UNIQUE)
        entity->indexes[entity->index_count++] = *(const struct index *)at;
    else if (part->noun == DELTA_CHECK)
        entity->checks[entity->check_count++] = *(const struct check *)at;
    else if (part->noun == DELTA_EXCLUDE)
        entity->excludes[entity->exclude_count++] = *(const struct exclude *)at;
    else if (part->noun == DELTA_FOREIGN_KEY)
        build_foreign_key(building, at);
}

static struct entity *build_entity(struct threeway_job *job, struct element *element) {
    struct arena *arena = job->arena;
    struct building building = {.job = job, .element = element, .parts = map_get(&job->parts, element->name)};
    struct entity *entity = building.entity = ARENA_NEW(arena, struct entity);
    size_t most = building.parts->list.count;

    *entity = *(const struct entity *)element->at[element->pick];
    entity->was = element_was(element, offsetof(struct entity, was));
    entity->index_count = entity->check_count = entity->exclude_count = entity->foreign_key_count = 0;
    entity->indexes = ARENA_ARRAY(arena, struct index, most);
    entity->checks = ARENA_ARRAY(arena, struct check, most);
    entity->excludes = ARENA_ARRAY(arena, struct exclude, most);
    entity->foreign_keys = ARENA_ARRAY(arena, struct foreign_key, most);
    build_fields(&building);
    build_relations(&building);
    for (size_t i = 0; i < most; i++)
        if (is_there(building.parts->list.at[i]))
            build_part(&building, building.parts->list.at[i]);
    return entity;
}

static struct enumeration *build_enum(struct threeway_job *job, struct element *element) {
    struct building building = {.job = job, .element = element, .parts = map_get(&job->parts, element->name)};
    struct enumeration *enumeration = enumeration_copy(job->arena, element->at[element->pick]);
    struct names lists[SIDE_COUNT];
    struct names order;

    for (size_t side = 0; side < SIDE_COUNT; side++)
        lists[side] = member_names(job->arena, element->at[side]);
    order = order_parts(&building, DELTA_MEMBER, lists);
    enumeration->was = element_was(element, offsetof(struct enumeration, was));
    enumeration->members = ARENA_ARRAY(job->arena, struct enum_member, order.count);
    enumeration->member_count = order.count;
    for (size_t i = 0; i < order.count; i++) {
        const struct element *member = element_find(job, DELTA_MEMBER, element->name, order.at[i]);

        enumeration->members[i] = *(const struct enum_member *)member->at[member->pick];
        enumeration->members[i].was = element_was(member, offsetof(struct enum_member, was));
    }
    return enumeration;
}

static struct object *build_object(struct threeway_job *job, const struct element *element) {
    struct object *object = object_copy(job->arena, element->at[element->pick]);

    object->was = element_was(element, offsetof(struct object, was));
    return object;
}

struct schema *merged_build(struct threeway_job *job) {
    struct schema *schema = ARENA_NEW(job->arena, struct schema);

    schema->entities = ARENA_ARRAY(job->arena, struct entity *, job->elements.count);
    schema->enums = ARENA_ARRAY(job->arena, struct enumeration *, job->elements.count);
    schema->objects = ARENA_ARRAY(job->arena, struct object *, job->elements.count);
    for (size_t i = 0; i < job->elements.count; i++) {
        struct element *element = &job->elements.at[i];

        if (!is_there(element))
            continue;
        if (element->noun == DELTA_ENTITY)
            schema->entities[schema->entity_count++] = build_entity(job, element);
        else if (element->noun == DELTA_ENUM)
            schema->enums[schema->enum_count++] = build_enum(job, element);
        else if (element->noun == DELTA_OBJECT)
            schema->objects[schema->object_count++] = build_object(job, element);
    }
    schema_index(job->arena, schema);
    return schema;
}
