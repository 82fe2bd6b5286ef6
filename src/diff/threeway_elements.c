#include <string.h>

#include "equal.h"
#include "ir_fields.h"
#include "threeway_internal.h"
#include "words.h"

struct element_slot {
    size_t index;
};

static const char *element_key(struct threeway_job *job, enum delta_noun noun, const char *owner, const char *name) {
    return arena_printf(job->arena, "%d %s.%s", (int)noun, owner ? owner : "", name);
}

struct element *element_find(struct threeway_job *job, enum delta_noun noun, const char *owner, const char *name) {
    const struct element_slot *slot = map_get(&job->by_key, element_key(job, noun, owner, name));

    return slot ? &job->elements.at[slot->index] : NULL;
}

/* A list of parts without a name may hold the same twice: the second has a key of its own. */
static struct element *element_put(struct threeway_job *job, enum side side, struct element element) {
    struct element *found = element_find(job, element.noun, element.owner, element.name);
    struct element_slot *slot;

    while (found && found->at[side]) {
        element.name = arena_printf(job->arena, "%s'", element.name);
        found = element_find(job, element.noun, element.owner, element.name);
    }
    if (found)
        return found;
    slot = ARENA_NEW(job->arena, struct element_slot);
    slot->index = element.leader = job->elements.count;
    map_put(job->arena, &job->by_key, element_key(job, element.noun, element.owner, element.name), slot);
    vec_push(job->arena, &job->elements, element);
    return &job->elements.at[slot->index];
}

/* One list of an entity, while it is walked. */
struct walk {
    struct threeway_job *job;
    enum side side;
    const struct entity *entity;
};

static void put(const struct walk *walk, enum delta_noun noun, const char *name, const void *at) {
    struct element element = {.noun = noun, .owner = walk->entity->name, .name = name};
    struct element *found;

    if (noun == DELTA_ENTITY)
        element.owner = NULL;
    found = element_put(walk->job, walk->side, element);
    found->at[walk->side] = at;
    found->in[walk->side] = walk->entity;
}

static const char *foreign_key_name(struct arena *arena, const struct foreign_key *key) {
    return key->name ? key->name : arena_printf(arena, "(%s) to %s", words_names(arena, &key->fields), key->target);
}

static const char *index_element_name(struct arena *arena, const struct index *index) {
    return index->name ? index->name : arena_printf(arena, "(%s)", words_index_parts(arena, index));
}

struct element *element_of_index(struct threeway_job *job, const struct entity *entity, const struct index *index) {
    return element_find(job, index->constraint ? DELTA_UNIQUE : DELTA_INDEX, entity->name, index_element_name(job->arena, index));
}

static void collect_indexes(const struct walk *walk) {
    struct arena *arena = walk->job->arena;

    for (size_t i = 0; i < walk->entity->index_count; i++) {
        const struct index *index = &walk->entity->indexes[i];

        if (!index->derived)
            put(walk, index->constraint ? DELTA_UNIQUE : DELTA_INDEX, index_element_name(arena, index), index);
    }
}

static void collect_constraints(const struct walk *walk) {
    const struct entity *entity = walk->entity;

    for (size_t i = 0; i < entity->check_count; i++)
        if (!entity->checks[i].derived)
            put(walk, DELTA_CHECK, entity->checks[i].name ? entity->checks[i].name : entity->checks[i].value, &entity->checks[i]);
    for (size_t i = 0; i < entity->exclude_count; i++)
        put(walk, DELTA_EXCLUDE, entity->excludes[i].name ? entity->excludes[i].name : entity->excludes[i].value, &entity->excludes[i]);
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        if (!entity->foreign_keys[i].relation)
            put(walk, DELTA_FOREIGN_KEY, foreign_key_name(walk->job->arena, &entity->foreign_keys[i]), &entity->foreign_keys[i]);
}

static void collect_entity(const struct walk *walk) {
    const struct entity *entity = walk->entity;

    put(walk, DELTA_ENTITY, entity->name, entity);
    put(walk, DELTA_KEY, "key", &entity->key);
    put(walk, DELTA_TABLE_OPTIONS, "options", &entity->options);
    for (size_t i = 0; i < entity->field_count; i++)
        if (!entity->fields[i].derived)
            put(walk, DELTA_FIELD, entity->fields[i].name, &entity->fields[i]);
    for (size_t i = 0; i < entity->relation_count; i++)
        put(walk, DELTA_RELATION, entity->relations[i].name, &entity->relations[i]);
    collect_indexes(walk);
    collect_constraints(walk);
}

static void collect_enum(struct threeway_job *job, enum side side, const struct enumeration *enumeration) {
    element_put(job, side, (struct element){.noun = DELTA_ENUM, .name = enumeration->name})->at[side] = enumeration;
    for (size_t i = 0; i < enumeration->member_count; i++) {
        struct element element = {.noun = DELTA_MEMBER, .owner = enumeration->name, .name = enumeration->members[i].name};

        element_put(job, side, element)->at[side] = &enumeration->members[i];
    }
}

static void collect_side(struct threeway_job *job, enum side side) {
    const struct schema *schema = job->sides[side];

    for (size_t i = 0; i < schema->entity_count; i++)
        collect_entity(&(struct walk){job, side, schema->entities[i]});
    for (size_t i = 0; i < schema->enum_count; i++)
        collect_enum(job, side, schema->enums[i]);
    for (size_t i = 0; i < schema->object_count; i++)
        element_put(job, side, (struct element){.noun = DELTA_OBJECT, .name = schema->objects[i]->name})->at[side] = schema->objects[i];
}

/* Comparison. What was is a fact about one step: it makes no difference. */

static bool entities_same(const struct entity *a, const struct entity *b) {
    return text_equal(a->table, b->table) && text_equal(a->namespace, b->namespace) && text_equal(a->comment, b->comment);
}

static bool enums_same(const struct enumeration *a, const struct enumeration *b) {
    return text_equal(a->type_name, b->type_name) && text_equal(a->type_namespace, b->type_namespace) && text_equal(a->comment, b->comment);
}

static bool fields_same(const struct field *a, const struct field *b) {
    struct field first = *a;
    struct field second = *b;

    first.was = second.was = NULL;
    return field_equal(&first, &second);
}

/* What the relation itself decides of its foreign key; its columns follow from the relation and the key of its target. */
static bool references_same(const struct foreign_key *a, const struct foreign_key *b) {
    struct foreign_key first = *a;
    struct foreign_key second = *b;

    first.fields = second.fields = first.target_fields = second.target_fields = (struct names){NULL, 0};
    return foreign_key_equal(&first, &second);
}

static bool relations_same(const struct element *element, enum side a, enum side b) {
    struct relation first = *(const struct relation *)element->at[a];
    struct relation second = *(const struct relation *)element->at[b];
    bool owner = first.owner && second.owner;

    if (owner && !references_same(&element->in[a]->foreign_keys[first.foreign_key], &element->in[b]->foreign_keys[second.foreign_key]))
        return false;
    first.was = second.was = NULL;
    first.foreign_key = second.foreign_key = 0;
    return relation_equal(&first, &second) && first.explicit_owner == second.explicit_owner;
}

static bool members_same(const struct enum_member *a, const struct enum_member *b) {
    struct enum_member first = *a;
    struct enum_member second = *b;

    first.was = second.was = NULL;
    return member_equal(&first, &second);
}

static bool objects_same(const struct object *a, const struct object *b) {
    struct object first = *a;
    struct object second = *b;

    first.was = second.was = NULL;
    return object_equal(&first, &second);
}

static bool versions_same(const struct element *element, enum side a, enum side b) {
    const void *first = element->at[a];
    const void *second = element->at[b];

    switch (element->noun) {
    case DELTA_ENTITY:
        return entities_same(first, second);
    case DELTA_FIELD:
        return fields_same(first, second);
    case DELTA_RELATION:
        return relations_same(element, a, b);
    case DELTA_KEY:
        return key_equal(first, second);
    case DELTA_INDEX:
    case DELTA_UNIQUE:
        return index_equal(first, second);
    case DELTA_CHECK:
        return check_equal(first, second);
    case DELTA_FOREIGN_KEY:
        return foreign_key_equal(first, second);
    case DELTA_EXCLUDE:
        return exclude_equal(first, second);
    case DELTA_TABLE_OPTIONS:
        return table_options_equal(first, second);
    case DELTA_ENUM:
        return enums_same(first, second);
    case DELTA_MEMBER:
        return members_same(first, second);
    case DELTA_OBJECT:
        return objects_same(first, second);
    }
    return false;
}

bool element_same(const struct element *element, enum side a, enum side b) {
    if (!element->at[a] || !element->at[b])
        return element->at[a] == element->at[b];
    return versions_same(element, a, b);
}

/* A copy of what AT is, without its name. */
static const void *nameless(struct arena *arena, enum delta_noun noun, const void *at) {
    struct index *index = ARENA_NEW(arena, struct index);
    struct check *check = ARENA_NEW(arena, struct check);
    struct foreign_key *key = ARENA_NEW(arena, struct foreign_key);
    struct exclude *exclude = ARENA_NEW(arena, struct exclude);

    if (noun == DELTA_INDEX || noun == DELTA_UNIQUE) {
        *index = *(const struct index *)at;
        index->name = NULL;
        return index;
    }
    if (noun == DELTA_CHECK) {
        *check = *(const struct check *)at;
        check->name = NULL;
        return check;
    }
    if (noun == DELTA_FOREIGN_KEY) {
        *key = *(const struct foreign_key *)at;
        key->name = NULL;
        return key;
    }
    *exclude = *(const struct exclude *)at;
    exclude->name = NULL;
    return exclude;
}

static bool has_name(const struct element *element, const void *at) {
    if (element->noun == DELTA_INDEX || element->noun == DELTA_UNIQUE)
        return ((const struct index *)at)->name;
    if (element->noun == DELTA_CHECK)
        return ((const struct check *)at)->name;
    if (element->noun == DELTA_FOREIGN_KEY)
        return ((const struct foreign_key *)at)->name;
    return ((const struct exclude *)at)->name;
}

bool element_alike(struct threeway_job *job, const struct element *a, enum side of_a, const struct element *b, enum side of_b) {
    struct element pair = {.noun = a->noun};

    if (!has_name(a, a->at[of_a]) && !has_name(b, b->at[of_b]))
        return true;
    pair.at[SIDE_OURS] = nameless(job->arena, a->noun, a->at[of_a]);
    pair.at[SIDE_THEIRS] = nameless(job->arena, b->noun, b->at[of_b]);
    return versions_same(&pair, SIDE_OURS, SIDE_THEIRS);
}

void elements_collect(struct threeway_job *job) {
    for (size_t side = 0; side < SIDE_COUNT; side++)
        collect_side(job, (enum side)side);
    for (size_t i = 0; i < job->elements.count; i++) {
        struct element *element = &job->elements.at[i];

        for (size_t side = SIDE_OURS; side < SIDE_COUNT; side++)
            element->changed[side] = !element_same(element, SIDE_BASE, (enum side)side);
    }
}

/* Words. */

static const struct noun_words {
    const char *noun;
    enum ir_kind kind;
} nouns[] = {
    [DELTA_ENTITY] = {"entity", IR_ENTITY},
    [DELTA_FIELD] = {"field", IR_FIELD},
    [DELTA_RELATION] = {"relation", IR_RELATION},
    [DELTA_KEY] = {"primary key", IR_KEY},
    [DELTA_INDEX] = {"index", IR_INDEX},
    [DELTA_UNIQUE] = {"unique constraint", IR_INDEX},
    [DELTA_CHECK] = {"check", IR_CHECK},
    [DELTA_FOREIGN_KEY] = {"foreign key", IR_FOREIGN_KEY},
    [DELTA_EXCLUDE] = {"exclusion", IR_EXCLUDE},
    [DELTA_TABLE_OPTIONS] = {"table options", IR_TABLE},
    [DELTA_ENUM] = {"enum", IR_ENUM},
    [DELTA_MEMBER] = {"member", IR_ENUM_MEMBER},
    [DELTA_OBJECT] = {"object", IR_OBJECT},
};

const char *element_noun(const struct element *element) {
    return nouns[element->noun].noun;
}

static const char *known_name(struct threeway_job *job, char scope, const char *owner, const char *name) {
    return name_map_get(&job->names, scope, owner, name);
}

const char *element_subject(struct threeway_job *job, const struct element *element) {
    char scope = scope_of(element);
    const char *name = scope ? known_name(job, scope, element->owner, element->name) : element->name;
    const char *owner = element->owner;

    if (!owner)
        return name;
    owner = known_name(job, element->noun == DELTA_MEMBER ? 'N' : 'E', NULL, owner);
    return arena_printf(job->arena, "%s.%s", owner, name);
}

static const char *field_verb(struct arena *arena, const struct field *old, const struct field *new) {
    const char *from = words_type(arena, old);
    const char *to = words_type(arena, new);

    if (strcmp(from, to) != 0)
        return arena_printf(arena, "changes it from %s to %s", from, to);
    if (old->nullable != new->nullable)
        return new->nullable ? "makes it nullable" : "makes it required";
    if (old->key != new->key)
        return new->key ? "makes it part of the key" : "takes it out of the key";
    return NULL;
}

/* The annotation in which OLD and NEW differ first. */
static const char *annotation_verb(struct arena *arena, enum ir_kind kind, const void *old, const void *new) {
    size_t row = ir_first_difference(kind, old, new, 0);

    if (kind == IR_ENTITY || row >= ir_attr_count || ir_attrs[row].kind != kind)
        return "changes it";
    return arena_printf(arena, "changes its @%s", ir_attrs[row].annotation);
}

const char *element_verb(struct threeway_job *job, const struct element *element, enum side side) {
    const void *old = element->at[SIDE_BASE];
    const void *new = element->at[side];
    const char *verb = NULL;

    if (!new)
        return old ? "drops it" : "does not have it";
    if (!old)
        return element->noun == DELTA_FIELD ? arena_printf(job->arena, "adds it as %s", words_type(job->arena, new)) : "adds it";
    if (!element->changed[side])
        return element->renamed[side] ? arena_printf(job->arena, "renames it to %s", element->renamed[side]) : "keeps it";
    if (element->noun == DELTA_FIELD)
        verb = field_verb(job->arena, old, new);
    if (!verb)
        verb = annotation_verb(job->arena, nouns[element->noun].kind, old, new);
    return element->renamed[side] ? arena_printf(job->arena, "renames it to %s and %s", element->renamed[side], verb) : verb;
}
