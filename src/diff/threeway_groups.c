#include <string.h>

#include "threeway_internal.h"

struct element *element_leader(struct threeway_job *job, struct element *element) {
    struct element *leader = element;

    while (&job->elements.at[leader->leader] != leader)
        leader = &job->elements.at[leader->leader];
    while (&job->elements.at[element->leader] != leader) {
        struct element *next = &job->elements.at[element->leader];

        element->leader = (size_t)(leader - job->elements.at);
        element = next;
    }
    return leader;
}

void element_join(struct threeway_job *job, struct element *a, struct element *b) {
    struct element *first = element_leader(job, a);
    struct element *second = element_leader(job, b);

    if (first < second)
        second->leader = first->leader;
    else
        first->leader = second->leader;
}

void element_conflict(struct element *element, const char *reason) {
    if (!element->reason)
        element->reason = reason;
}

static struct element *owner_of(struct threeway_job *job, const struct element *element) {
    if (!element->owner)
        return NULL;
    return element_find(job, element->noun == DELTA_MEMBER ? DELTA_ENUM : DELTA_ENTITY, NULL, element->owner);
}

static bool is_dropped(const struct element *element, enum side side) {
    return element->at[SIDE_BASE] && !element->at[side];
}

static const char *reason_of(const struct element *element) {
    if (!element->at[SIDE_BASE])
        return "both add it, each in its own way";
    return is_dropped(element, SIDE_OURS) || is_dropped(element, SIDE_THEIRS) ? "one side drops what the other changes" : "both change it";
}

/* A part of what goes, or of what both add, is in conflict with it as a whole. */
static void check_element(struct threeway_job *job, struct element *element) {
    struct element *owner = owner_of(job, element);
    bool differs = !element_same(element, SIDE_OURS, SIDE_THEIRS);
    bool touched = element->changed[SIDE_OURS] && element->changed[SIDE_THEIRS];

    for (size_t side = SIDE_OURS; side < SIDE_COUNT; side++) {
        enum side other = side == SIDE_OURS ? SIDE_THEIRS : SIDE_OURS;

        if (is_dropped(element, (enum side)side) && element->renamed[other])
            element_conflict(owner && is_dropped(owner, (enum side)side) ? owner : element, "one side drops what the other renames");
        if (owner && is_dropped(owner, (enum side)side) && element->changed[other] && owner->at[other])
            element_conflict(owner, "one side drops what the other changes");
    }
    if (owner && !owner->at[SIDE_BASE] && owner->at[SIDE_OURS] && owner->at[SIDE_THEIRS]) {
        if (differs)
            element_conflict(owner, reason_of(owner));
        return;
    }
    if (touched && differs && !(owner && (is_dropped(owner, SIDE_OURS) || is_dropped(owner, SIDE_THEIRS))))
        element_conflict(element, reason_of(element));
}

/* A relation has two sides, a key its fields, and what goes or comes as a whole its parts. */
static void join_relation(struct threeway_job *job, struct element *element) {
    for (size_t side = 0; side < SIDE_COUNT; side++) {
        const struct relation *relation = element->at[side];
        struct element *inverse = relation ? element_find(job, DELTA_RELATION, relation->target, relation->inverse) : NULL;

        if (inverse)
            element_join(job, element, inverse);
    }
}

static void join_key(struct threeway_job *job, struct element *element) {
    for (size_t side = 0; side < SIDE_COUNT; side++) {
        const struct field *field = element->at[side];

        if (field && field->key)
            element_join(job, element, element_find(job, DELTA_KEY, element->owner, "key"));
    }
}

static void join_owner(struct threeway_job *job, struct element *element) {
    struct element *owner = owner_of(job, element);

    if (owner && !(owner->at[SIDE_BASE] && owner->at[SIDE_OURS] && owner->at[SIDE_THEIRS]))
        element_join(job, element, owner);
}

static bool has_successors(const struct element *element) {
    return element->noun == DELTA_INDEX || element->noun == DELTA_UNIQUE || element->noun == DELTA_CHECK ||
           element->noun == DELTA_FOREIGN_KEY || element->noun == DELTA_EXCLUDE;
}

static bool is_index(const struct element *element) {
    return element->noun == DELTA_INDEX || element->noun == DELTA_UNIQUE;
}

/* Is NEXT, which SIDE has, what it made of ELEMENT: the same under another name or none, or an index that became a constraint? */
static bool is_successor(struct threeway_job *job, const struct element *element, const struct element *next, enum side side) {
    if (element->noun != next->noun)
        return strcmp(element->name, next->name) == 0;
    return element_alike(job, element, SIDE_BASE, next, side);
}

/* Where SIDE replaces ELEMENT by NEXT they go together, and what both sides replace is in conflict. */
static void join_successor(struct threeway_job *job, struct element *element, struct element *next) {
    for (size_t side = SIDE_OURS; side < SIDE_COUNT; side++) {
        enum side other = side == SIDE_OURS ? SIDE_THEIRS : SIDE_OURS;

        if (!is_dropped(element, (enum side)side) || next->at[SIDE_BASE] || !next->at[side] ||
            !is_successor(job, element, next, (enum side)side))
            continue;
        element_join(job, element, next);
        if (is_dropped(element, other) && !element_same(next, SIDE_OURS, SIDE_THEIRS))
            element_conflict(next, arena_printf(job->arena, "it replaces %s, which both sides change", element->name));
    }
}

static void join_successors(struct threeway_job *job, struct element *element) {
    struct element_list *parts = map_get(&job->parts, element->owner);

    if (!is_dropped(element, SIDE_OURS) && !is_dropped(element, SIDE_THEIRS))
        return;
    for (size_t i = 0; i < parts->list.count; i++)
        if (parts->list.at[i]->noun == element->noun || (is_index(element) && is_index(parts->list.at[i])))
            join_successor(job, element, parts->list.at[i]);
}

static void list_parts(struct threeway_job *job) {
    for (size_t i = 0; i < job->elements.count; i++) {
        struct element *element = &job->elements.at[i];
        struct element_list *parts;

        if (!element->owner)
            continue;
        parts = map_get(&job->parts, element->owner);
        if (!parts) {
            parts = ARENA_NEW(job->arena, struct element_list);
            map_put(job->arena, &job->parts, element->owner, parts);
        }
        vec_push(job->arena, &parts->list, element);
    }
}

static void find_groups(struct threeway_job *job) {
    for (size_t i = 0; i < job->elements.count; i++) {
        struct element *element = &job->elements.at[i];

        check_element(job, element);
        join_owner(job, element);
        if (element->noun == DELTA_RELATION)
            join_relation(job, element);
        if (element->noun == DELTA_FIELD)
            join_key(job, element);
        if (has_successors(element))
            join_successors(job, element);
    }
}

enum side take_of(const struct threeway_job *job, const char *subject) {
    for (size_t i = 0; i < job->request->take_count; i++)
        if (strcmp(job->request->takes[i].subject, subject) == 0)
            return job->request->takes[i].theirs ? SIDE_THEIRS : SIDE_OURS;
    return SIDE_BASE;
}

/* The element as SIDE calls it. */
static const char *side_name(struct threeway_job *job, const struct element *element, size_t side) {
    if (element->renamed[side])
        return element->renamed[side];
    return scope_of(element) ? name_map_get(&job->names, scope_of(element), element->owner, element->name) : element->name;
}

/* What is taken by SUBJECT may be called as on any side, and so may what it is part of. */
static enum side take_of_element(struct threeway_job *job, struct element *element) {
    const struct element *owner = owner_of(job, element);
    enum side taken = SIDE_BASE;

    for (size_t i = 0; taken == SIDE_BASE && i < SIDE_COUNT; i++)
        for (size_t k = 0; taken == SIDE_BASE && k < SIDE_COUNT; k++)
            taken = take_of(job, owner ? arena_printf(job->arena, "%s.%s", side_name(job, owner, k), side_name(job, element, i))
                                       : side_name(job, element, i));
    return taken;
}

static void apply_takes(struct threeway_job *job, struct element *element) {
    struct element *leader = element_leader(job, element);
    enum side taken = leader->conflict && !leader->settled ? take_of_element(job, element) : SIDE_BASE;

    if (taken == SIDE_BASE)
        return;
    leader->settled = true;
    leader->taken = taken;
}

static enum side pick_of(struct threeway_job *job, struct element *element) {
    static const enum side preferred[] = {[THREEWAY_OURS] = SIDE_OURS, [THREEWAY_THEIRS] = SIDE_THEIRS, [THREEWAY_BASE] = SIDE_BASE};
    const struct element *leader = element_leader(job, element);

    if (leader->conflict && leader->settled)
        return leader->taken;
    if (leader->conflict)
        return preferred[job->request->prefer];
    return element->changed[SIDE_THEIRS] && !element->changed[SIDE_OURS] ? SIDE_THEIRS : SIDE_OURS;
}

static void mark_conflicts(struct threeway_job *job) {
    for (size_t i = 0; i < job->elements.count; i++)
        job->elements.at[i].conflict = job->elements.at[i].settled = false;
    for (size_t i = 0; i < job->elements.count; i++)
        if (job->elements.at[i].reason)
            element_leader(job, &job->elements.at[i])->conflict = true;
}

static void decide(struct threeway_job *job) {
    mark_conflicts(job);
    while (reads_join(job))
        mark_conflicts(job);
    for (size_t i = 0; job->request->take_count && i < job->elements.count; i++)
        apply_takes(job, &job->elements.at[i]);
    for (size_t i = 0; i < job->elements.count; i++)
        job->elements.at[i].pick = pick_of(job, &job->elements.at[i]);
}

/* Names are one, ignoring case, among the fields and relations of an entity, the members of an enum, and all that stands outside. */
static const char *collision_key(struct threeway_job *job, const struct element *element, const char *kind, const char *name) {
    return arena_printf(job->arena, "%s %s %s", kind, element->owner ? element->owner : "", arena_lower(job->arena, name));
}

static bool collides(struct threeway_job *job, struct map *taken, struct element *element, const char *key) {
    struct element *other = map_put(job->arena, taken, key, element);

    if (!other || element_leader(job, other) == element_leader(job, element))
        return false;
    element_join(job, element, other);
    element_conflict(element, arena_printf(job->arena, "%s and %s would be called the same", element_subject(job, other),
                                           element_subject(job, element)));
    return true;
}

/* The name in the database: a field's column, an entity's table; NULL for the others. */
static const char *physical_key(struct threeway_job *job, struct element *element) {
    const struct field *field = element->at[element->pick];
    const struct entity *entity = element->at[element->pick];
    const char *name = merged_name(job, element);

    if (element->noun == DELTA_FIELD)
        return collision_key(job, element, "column", field->column ? field->column : name);
    if (element->noun == DELTA_ENTITY)
        return collision_key(job, element, entity->namespace ? entity->namespace : "", entity->table ? entity->table : name);
    return NULL;
}

/* The name of an index, among those of its table or of all tables; NULL: it has none, or is none. */
static const char *index_key(struct threeway_job *job, const struct element *element) {
    const struct index *index = is_index(element) ? element->at[element->pick] : NULL;
    const struct entity *entity = element->in[element->pick];
    struct element over_tables = {.owner = NULL};

    if (!index || !index->name)
        return NULL;
    if (!job->request->indexes_over_tables)
        return collision_key(job, element, "index", index->name);
    return collision_key(job, &over_tables, arena_printf(job->arena, "index %s", entity->namespace ? entity->namespace : ""), index->name);
}

/* Elements that would be called the same after the merge, as it is decided by now. */
static bool find_collisions(struct threeway_job *job) {
    struct map names = {0};
    struct map physical = {0};
    bool found = false;

    for (size_t i = 0; i < job->elements.count; i++) {
        struct element *element = &job->elements.at[i];
        const char *key;

        if (!element->at[element->pick])
            continue;
        key = index_key(job, element);
        found = (key && collides(job, &physical, element, key)) || found;
        if (!scope_of(element))
            continue;
        found = collides(job, &names, element, collision_key(job, element, "", merged_name(job, element))) || found;
        key = physical_key(job, element);
        found = (key && collides(job, &physical, element, key)) || found;
    }
    return found;
}

/* Of an enum that each side took other members from, nothing may be left. */
static bool keeps_member(struct threeway_job *job, struct element *element) {
    struct element_list *members = map_get(&job->parts, element->name);
    bool joined = false;

    for (size_t i = 0; members && i < members->list.count; i++)
        if (members->list.at[i]->at[members->list.at[i]->pick])
            return true;
    for (size_t i = 0; members && i < members->list.count; i++) {
        joined = joined || element_leader(job, element) != element_leader(job, members->list.at[i]);
        element_join(job, element, members->list.at[i]);
    }
    if (joined)
        element_conflict(element, "both together leave it no member");
    return !joined;
}

static bool find_empty(struct threeway_job *job) {
    bool found = false;

    for (size_t i = 0; i < job->elements.count; i++) {
        struct element *element = &job->elements.at[i];

        if (element->noun == DELTA_ENUM && element->at[element->pick])
            found = !keeps_member(job, element) || found;
    }
    return found;
}

static bool is_called(struct threeway_job *job, const struct element *element, const char *name) {
    for (size_t side = 0; side < SIDE_COUNT; side++)
        if (strcmp(side_name(job, element, side), name) == 0)
            return true;
    return false;
}

static void note_misfit(struct threeway_job *job, struct element *element, const char *reason) {
    struct element_list *parts = map_get(&job->parts, element->name);

    element_conflict(element, reason);
    for (size_t i = 0; parts && i < parts->list.count; i++) {
        struct element *part = parts->list.at[i];

        if (owner_of(job, part) == element &&
            (part->changed[SIDE_OURS] || part->changed[SIDE_THEIRS] || part->renamed[SIDE_OURS] || part->renamed[SIDE_THEIRS]))
            element_join(job, element, part);
    }
}

static void note_misfits(struct threeway_job *job) {
    for (size_t m = 0; m < job->request->misfit_count; m++)
        for (size_t i = 0; i < job->elements.count; i++)
            if (scope_of(&job->elements.at[i]) && !job->elements.at[i].owner &&
                is_called(job, &job->elements.at[i], job->request->misfits[m].name))
                note_misfit(job, &job->elements.at[i], job->request->misfits[m].reason);
}

/* A take that settles nothing is a typing mistake. */
static int check_takes(struct threeway_job *job) {
    for (size_t i = 0; i < job->request->take_count; i++) {
        const struct threeway_request only = {.takes = &job->request->takes[i], .take_count = 1};
        struct threeway_job one = *job;
        bool found = false;

        one.request = &only;
        for (size_t k = 0; !found && k < job->elements.count; k++)
            found = take_of_element(&one, &job->elements.at[k]) != SIDE_BASE;
        if (!found)
            return diag_fail(job->diag, "--take %s: there is nothing of that name", job->request->takes[i].subject);
    }
    return 0;
}

int groups_settle(struct threeway_job *job) {
    list_parts(job);
    names_note(job);
    find_groups(job);
    reads_check(job);
    note_misfits(job);
    do
        decide(job);
    while (find_collisions(job) || find_empty(job));
    return check_takes(job);
}
