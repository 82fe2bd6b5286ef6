/* Keys, indexes, checks, exclusions and foreign keys. Four of the five kinds are lists of named objects that are matched alike: by name
 * where nothing changed, then by what they are (only the name changed), then by name or place (changed); the rest goes or comes. */
#include <stddef.h>
#include <string.h>

#include "plan_internal.h"

struct part_kind {
    enum change_kind drop;
    enum change_kind add;
    enum change_kind rename;
    size_t size;
    size_t comment;   /* the place of the member */
    size_t unchecked; /* of ->not_validated; 0: the kind has none */
    const char *(*name)(const void *object);
    bool (*same)(const struct comparison *compare, const void *old_object, const void *new_object);
    bool (*same_place)(const struct comparison *compare, const void *old_object, const void *new_object);
    bool (*forced)(const struct comparison *compare, const void *old_object); /* must it go, though it is in to as well? */
    void (*set)(struct change *change, const void *old_object, const void *new_object);
};

enum match_kind { MATCH_NONE, MATCH_SAME, MATCH_RENAMED, MATCH_CHANGED };

/* How the objects of one kind of a pair belong together. */
struct object_match {
    const struct part_kind *kind;
    const char *old_objects;
    const char *new_objects;
    size_t old_count;
    size_t new_count;
    size_t *new_of_old; /* + 1 */
    size_t *old_of_new; /* + 1 */
    unsigned char *how; /* per new: enum match_kind */
};

static const void *old_at(const struct object_match *match, size_t at) {
    return match->old_objects + at * match->kind->size;
}

static const void *new_at(const struct object_match *match, size_t at) {
    return match->new_objects + at * match->kind->size;
}

typedef bool matcher(const struct comparison *compare, const struct object_match *match, size_t old, size_t new);

static bool name_and_object(const struct comparison *compare, const struct object_match *match, size_t old, size_t new) {
    return text_equal(match->kind->name(old_at(match, old)), match->kind->name(new_at(match, new))) &&
           match->kind->same(compare, old_at(match, old), new_at(match, new));
}

/* A name that is not known cannot be renamed: such an object is dropped and added. */
static bool object_alone(const struct comparison *compare, const struct object_match *match, size_t old, size_t new) {
    return match->kind->name(old_at(match, old)) && match->kind->name(new_at(match, new)) &&
           match->kind->same(compare, old_at(match, old), new_at(match, new));
}

static bool name_or_place(const struct comparison *compare, const struct object_match *match, size_t old, size_t new) {
    return text_equal(match->kind->name(old_at(match, old)), match->kind->name(new_at(match, new))) ||
           match->kind->same_place(compare, old_at(match, old), new_at(match, new));
}

/* Pairs the lone objects that MATCHER takes for the same; the same place first, where nearly all are found. */
static void match_by(const struct comparison *compare, struct object_match *match, matcher *same, enum match_kind how) {
    for (size_t new = 0; new < match->new_count; new ++) {
        if (match->old_of_new[new])
            continue;
        for (size_t step = 0; step < match->old_count; step++) {
            size_t old = (new + step) % match->old_count;

            if (match->new_of_old[old] || !same(compare, match, old, new))
                continue;
            match->old_of_new[new] = old + 1;
            match->new_of_old[old] = new + 1;
            match->how[new] = (unsigned char)how;
            break;
        }
    }
}

static void match_objects(const struct comparison *compare, struct object_match *match) {
    struct arena *arena = compare->planner->arena;

    match->new_of_old = ARENA_ARRAY(arena, size_t, match->old_count);
    match->old_of_new = ARENA_ARRAY(arena, size_t, match->new_count);
    match->how = ARENA_ARRAY(arena, unsigned char, match->new_count);
    match_by(compare, match, name_and_object, MATCH_SAME);
    match_by(compare, match, object_alone, MATCH_RENAMED);
    match_by(compare, match, name_or_place, MATCH_CHANGED);
}

static void add_half(const struct comparison *compare, const struct object_match *match, const void *old, const void *new) {
    struct change *change = planner_add(compare->planner, old ? match->kind->drop : match->kind->add, compare->pair);

    match->kind->set(change, old, new);
}

/* Drops OLD and adds NEW as two halves of a replacement. */
static void replace(const struct comparison *compare, const struct object_match *match, const void *old, const void *new) {
    struct plan *plan = compare->planner->plan;
    bool named_alike = text_equal(match->kind->name(old), match->kind->name(new));
    bool forced = old == new || (named_alike && match->kind->same(compare, old, new));

    add_half(compare, match, old, NULL);
    add_half(compare, match, NULL, new);
    for (size_t i = plan->changes.count - 2; i < plan->changes.count; i++) {
        plan->changes.at[i].recreated = true;
        plan->changes.at[i].forced = forced;
    }
}

/* The largest of the parts, for a copy. */
union any_part {
    struct index index;
    struct check check;
    struct exclude exclude;
    struct foreign_key foreign_key;
};

static const char **comment_of(const struct part_kind *kind, void *part) {
    return (const char **)(void *)((char *)part + kind->comment);
}

static bool *unchecked_of(const struct part_kind *kind, void *part) {
    return kind->unchecked ? (bool *)((char *)part + kind->unchecked) : NULL;
}

/* Can OLD become NEW by another comment, or by being validated, alone? Then these are the changes. */
static bool alter_in_place(const struct comparison *compare, const struct object_match *match, const void *old, const void *new) {
    const struct part_kind *kind = match->kind;
    union any_part was, is;
    bool comment, validated;

    if (!compare->planner->rules->alter_constraints || !text_equal(kind->name(old), kind->name(new)))
        return false;
    memcpy(&was, old, kind->size);
    memcpy(&is, new, kind->size);
    comment = compare->planner->rules->comments && !text_equal(*comment_of(kind, &was), *comment_of(kind, &is));
    validated = kind->unchecked && *unchecked_of(kind, &was) && !*unchecked_of(kind, &is);
    *comment_of(kind, &was) = *comment_of(kind, &is);
    if (validated)
        *unchecked_of(kind, &was) = false;
    if (!kind->same(compare, &was, new))
        return false;
    if (validated)
        kind->set(planner_add(compare->planner, kind->add, compare->pair), old, new);
    if (comment)
        kind->set(planner_add(compare->planner, CHANGE_COMMENT_TABLE, compare->pair), old, new);
    return true;
}

static void rename_object(const struct comparison *compare, const struct object_match *match, size_t new) {
    struct planner *planner = compare->planner;
    const void *old_object = old_at(match, match->old_of_new[new] - 1);
    struct move *move = match->kind->rename == CHANGE_RENAME_INDEX ? vec_add(planner->arena, &planner->index_moves)
                                                                   : vec_add(planner->arena, &planner->constraint_moves);

    move->old_name = match->kind->name(old_object);
    move->new_name = match->kind->name(new_at(match, new));
    move->change = (struct change){.kind = match->kind->rename, .from = compare->pair->from, .to = compare->pair->to};
    match->kind->set(&move->change, old_object, new_at(match, new));
}

static void plan_objects(const struct comparison *compare, struct object_match *match) {
    if (!match->old_count && !match->new_count)
        return;
    match_objects(compare, match);
    for (size_t old = 0; old < match->old_count; old++)
        if (!match->new_of_old[old])
            add_half(compare, match, old_at(match, old), NULL);
    for (size_t new = 0; new < match->new_count; new ++) {
        const void *old = match->old_of_new[new] ? old_at(match, match->old_of_new[new] - 1) : NULL;

        if (!old)
            add_half(compare, match, NULL, new_at(match, new));
        else if (match->how[new] == MATCH_CHANGED && !match->kind->forced(compare, old) &&
                 alter_in_place(compare, match, old, new_at(match, new)))
            continue;
        else if (match->how[new] == MATCH_CHANGED || match->kind->forced(compare, old))
            replace(compare, match, old, new_at(match, new));
        else if (match->how[new] == MATCH_RENAMED)
            rename_object(compare, match, new);
    }
}

/* What is read must stay as it is: the fates of columns that drive out an expression, and an index over the column itself. */
static unsigned expression_mask(const struct comparison *compare, bool retyped) {
    return FATE_REPLACED | FATE_DROPPED | (retyped ? FATE_RETYPED : 0U) | (compare->planner->rules->recreate_renamed ? FATE_RENAMED : 0U);
}

/* Indexes. */

static const char *index_name(const void *object) {
    return ((const struct index *)object)->name;
}

static bool no_place(const struct comparison *compare, const void *old_object, const void *new_object) {
    (void)compare;
    (void)old_object;
    (void)new_object;
    return false;
}

static bool index_forced(const struct comparison *compare, const void *object) {
    const struct index *index = object;
    const struct diff_rules *rules = compare->planner->rules;
    unsigned expressions = expression_mask(compare, rules->recreate_indexes || rules->recreate_checks);
    unsigned fields = FATE_REPLACED | (rules->recreate_indexes ? FATE_RETYPED : 0U);

    for (size_t i = 0; i < index->part_count; i++) {
        struct names field = {.at = (const char *[]){index->parts[i].field}, .count = index->parts[i].field != NULL};

        if (fields_fated(compare, &field, fields) || expression_fated(compare, index->parts[i].expression, expressions))
            return true;
    }
    return fields_fated(compare, &index->include, fields) || expression_fated(compare, index->where, expressions);
}

static void index_set(struct change *change, const void *old_object, const void *new_object) {
    change->old_index = old_object;
    change->new_index = new_object;
}

static const struct part_kind index_kind = {CHANGE_DROP_INDEX,
                                            CHANGE_ADD_INDEX,
                                            CHANGE_RENAME_INDEX,
                                            sizeof(struct index),
                                            offsetof(struct index, comment),
                                            0,
                                            index_name,
                                            same_index,
                                            no_place,
                                            index_forced,
                                            index_set};

/* Checks. */

static const char *check_name(const void *object) {
    return ((const struct check *)object)->name;
}

/* The check of an enum field stays the check of that field, whatever it is called. */
static bool check_same_place(const struct comparison *compare, const void *old_object, const void *new_object) {
    const struct check *old = old_object;
    const struct check *new = new_object;

    return old->derived && new->derived && old->field &&new->field &&same_field(compare, old->field, new->field);
}

static bool check_forced(const struct comparison *compare, const void *object) {
    return expression_fated(compare, ((const struct check *)object)->value,
                            expression_mask(compare, compare->planner->rules->recreate_checks));
}

static void check_set(struct change *change, const void *old_object, const void *new_object) {
    change->old_check = old_object;
    change->new_check = new_object;
}

static const struct part_kind check_kind = {CHANGE_DROP_CHECK,
                                            CHANGE_ADD_CHECK,
                                            CHANGE_RENAME_CONSTRAINT,
                                            sizeof(struct check),
                                            offsetof(struct check, comment),
                                            offsetof(struct check, not_validated),
                                            check_name,
                                            same_check,
                                            check_same_place,
                                            check_forced,
                                            check_set};

/* Exclusions. */

static const char *exclude_name(const void *object) {
    return ((const struct exclude *)object)->name;
}

static bool exclude_forced(const struct comparison *compare, const void *object) {
    const struct exclude *exclude = object;
    unsigned mask = expression_mask(compare, compare->planner->rules->recreate_checks);

    return expression_fated(compare, exclude->value, mask) || expression_fated(compare, exclude->where, mask);
}

static void exclude_set(struct change *change, const void *old_object, const void *new_object) {
    change->old_exclude = old_object;
    change->new_exclude = new_object;
}

static const struct part_kind exclude_kind = {CHANGE_DROP_EXCLUDE,
                                              CHANGE_ADD_EXCLUDE,
                                              CHANGE_RENAME_CONSTRAINT,
                                              sizeof(struct exclude),
                                              offsetof(struct exclude, comment),
                                              0,
                                              exclude_name,
                                              same_exclude,
                                              no_place,
                                              exclude_forced,
                                              exclude_set};

/* Foreign keys. */

static const char *foreign_key_name(const void *object) {
    return ((const struct foreign_key *)object)->name;
}

static bool foreign_key_same_place(const struct comparison *compare, const void *old_object, const void *new_object) {
    const struct foreign_key *old = old_object;
    const struct foreign_key *new = new_object;

    return same_fields(compare, &old->fields, &new->fields);
}

static bool names_has(const struct names *names, const char *name, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(names->at[i], name) == 0)
            return true;
    return false;
}

/* Does one of the lost keys of WORK begin with exactly these FIELDS, in any order? */
static bool stands_on_lost(const struct pair_work *work, const struct names *fields, bool prefix) {
    for (size_t i = 0; i < work->lost.count; i++) {
        const struct names *lost = &work->lost.at[i];
        bool all = prefix ? lost->count >= fields->count : lost->count == fields->count;

        for (size_t k = 0; all && k < fields->count; k++)
            all = names_has(lost, fields->at[k], fields->count);
        if (all && fields->count)
            return true;
    }
    return false;
}

/* The pair of what KEY points to, if it is on both sides and something happens there that KEY may stand on. */
static const struct entity_pair *touched_target(const struct planner *planner, const struct foreign_key *key) {
    if (!planner->touched.count || !map_get(&planner->touched, key->target))
        return NULL;
    return plan_old_pair(planner->plan, key->target);
}

static bool foreign_key_forced(const struct comparison *compare, const void *object) {
    const struct foreign_key *key = object;
    const struct entity_pair *target = touched_target(compare->planner, key);
    bool index_counts = compare->planner->rules->foreign_key_index;
    struct comparison at_target;

    if (fields_fated(compare, &key->fields, FATE_RETYPED | FATE_REPLACED))
        return true;
    if (index_counts && stands_on_lost(compare->work, &key->fields, true))
        return true;
    if (!target)
        return false;
    at_target = planner_comparison(compare->planner, target);
    return fields_fated(&at_target, &key->target_fields, FATE_RETYPED | FATE_REPLACED) ||
           stands_on_lost(at_target.work, &key->target_fields, index_counts);
}

static void foreign_key_set(struct change *change, const void *old_object, const void *new_object) {
    change->old_foreign_key = old_object;
    change->new_foreign_key = new_object;
}

static const struct part_kind foreign_key_kind = {CHANGE_DROP_FOREIGN_KEY,
                                                  CHANGE_ADD_FOREIGN_KEY,
                                                  CHANGE_RENAME_CONSTRAINT,
                                                  sizeof(struct foreign_key),
                                                  offsetof(struct foreign_key, comment),
                                                  offsetof(struct foreign_key, not_validated),
                                                  foreign_key_name,
                                                  same_foreign_key,
                                                  foreign_key_same_place,
                                                  foreign_key_forced,
                                                  foreign_key_set};

/* The primary key. */

static bool has_key(const struct entity *entity) {
    return !entity->key.absent && entity->key.fields.count;
}

static void rename_key(const struct comparison *compare) {
    struct planner *planner = compare->planner;
    struct move *move = vec_add(planner->arena, &planner->index_moves);

    move->old_name = compare->pair->from->key.name;
    move->new_name = compare->pair->to->key.name;
    move->change = (struct change){.kind = CHANGE_RENAME_INDEX, .from = compare->pair->from, .to = compare->pair->to};
}

/* Another comment alone, on a key of the same name. */
static bool comment_key(const struct comparison *compare) {
    const struct key *from = &compare->pair->from->key, *to = &compare->pair->to->key;
    struct key commented = *from;

    commented.comment = to->comment;
    if (!text_equal(from->name, to->name) || !same_key(compare, &commented, to) || fields_fated(compare, &from->fields, FATE_REPLACED))
        return false;
    planner_add(compare->planner, CHANGE_COMMENT_TABLE, compare->pair)->new_name = to->name;
    return true;
}

static void plan_key(const struct comparison *compare) {
    const struct entity *from = compare->pair->from;
    const struct entity *to = compare->pair->to;
    bool both = has_key(from) && has_key(to);
    bool same = both && same_key(compare, &from->key, &to->key);
    bool forced = same && fields_fated(compare, &from->key.fields, FATE_REPLACED);
    bool nameless = !from->key.name || !to->key.name;

    if (both && !same && compare->planner->rules->alter_constraints && comment_key(compare))
        return;

    if (same && !forced && text_equal(from->key.name, to->key.name))
        return;
    if (same && !forced && !nameless) {
        rename_key(compare);
        return;
    }
    if (has_key(from)) {
        struct change *change = planner_add(compare->planner, CHANGE_DROP_KEY, compare->pair);

        change->recreated = both;
        change->forced = same;
    }
    if (has_key(to)) {
        struct change *change = planner_add(compare->planner, CHANGE_ADD_KEY, compare->pair);

        change->recreated = both;
        change->forced = same;
    }
}

/* The field parts of INDEX; an index with expressions backs no foreign key. */
static struct names index_fields(struct arena *arena, const struct index *index) {
    struct names fields = {.at = ARENA_ARRAY(arena, const char *, index->part_count)};

    for (size_t i = 0; i < index->part_count && index->parts[i].field; i++)
        fields.at[fields.count++] = index->parts[i].field;
    return fields;
}

void objects_note_lost(const struct comparison *compare, size_t first_change) {
    struct planner *planner = compare->planner;

    for (size_t i = first_change; i < planner->plan->changes.count; i++) {
        const struct change *change = &planner->plan->changes.at[i];
        bool index = change->kind == CHANGE_DROP_INDEX && (change->old_index->unique || planner->rules->foreign_key_index);

        if (change->kind == CHANGE_DROP_KEY)
            vec_push(planner->arena, &compare->work->lost, change->from->key.fields);
        else if (index)
            vec_push(planner->arena, &compare->work->lost, index_fields(planner->arena, change->old_index));
    }
    if (compare->work->lost.count)
        map_put(planner->arena, &planner->touched, compare->pair->from->name, compare->pair->from);
}

static struct object_match indexes_of(const struct entity *from, const struct entity *to) {
    return (struct object_match){.kind = &index_kind,
                                 .old_objects = (const char *)from->indexes,
                                 .new_objects = (const char *)to->indexes,
                                 .old_count = from->index_count,
                                 .new_count = to->index_count};
}

static struct object_match checks_of(const struct entity *from, const struct entity *to) {
    return (struct object_match){.kind = &check_kind,
                                 .old_objects = (const char *)from->checks,
                                 .new_objects = (const char *)to->checks,
                                 .old_count = from->check_count,
                                 .new_count = to->check_count};
}

static struct object_match excludes_of(const struct entity *from, const struct entity *to) {
    return (struct object_match){.kind = &exclude_kind,
                                 .old_objects = (const char *)from->excludes,
                                 .new_objects = (const char *)to->excludes,
                                 .old_count = from->exclude_count,
                                 .new_count = to->exclude_count};
}

static struct object_match foreign_keys_of(const struct entity *from, const struct entity *to) {
    return (struct object_match){.kind = &foreign_key_kind,
                                 .old_objects = (const char *)from->foreign_keys,
                                 .new_objects = (const char *)to->foreign_keys,
                                 .old_count = from->foreign_key_count,
                                 .new_count = to->foreign_key_count};
}

void objects_plan(const struct comparison *compare) {
    const struct entity *from = compare->pair->from;
    const struct entity *to = compare->pair->to;
    size_t first_change = compare->planner->plan->changes.count;
    struct object_match indexes = indexes_of(from, to);
    struct object_match checks = checks_of(from, to);
    struct object_match excludes = excludes_of(from, to);

    plan_key(compare);
    plan_objects(compare, &indexes);
    plan_objects(compare, &checks);
    plan_objects(compare, &excludes);
    objects_note_lost(compare, first_change);
}

void objects_plan_new(const struct comparison *compare) {
    const struct entity *to = compare->pair->to;

    for (size_t i = 0; i < to->index_count; i++)
        planner_add(compare->planner, CHANGE_ADD_INDEX, compare->pair)->new_index = &to->indexes[i];
    for (size_t i = 0; i < to->exclude_count; i++)
        planner_add(compare->planner, CHANGE_ADD_EXCLUDE, compare->pair)->new_exclude = &to->excludes[i];
}

/* A table that goes takes its foreign keys along; one that holds on to a key that goes earlier is dropped before. */
static void drop_blocking_keys(const struct comparison *compare) {
    const struct entity *from = compare->pair->from;

    for (size_t i = 0; i < from->foreign_key_count; i++) {
        const struct foreign_key *key = &from->foreign_keys[i];
        const struct entity_pair *target = touched_target(compare->planner, key);
        struct comparison at_target;

        if (!target)
            continue;
        at_target = planner_comparison(compare->planner, target);
        if (stands_on_lost(at_target.work, &key->target_fields, compare->planner->rules->foreign_key_index))
            planner_add(compare->planner, CHANGE_DROP_FOREIGN_KEY, compare->pair)->old_foreign_key = key;
    }
}

/* A shared entity has nothing to compare, but what its foreign keys point to may change. */
static void replace_shared_keys(const struct comparison *compare) {
    struct object_match match = foreign_keys_of(compare->pair->from, compare->pair->to);

    for (size_t i = 0; i < match.old_count; i++)
        if (foreign_key_forced(compare, old_at(&match, i)))
            replace(compare, &match, old_at(&match, i), new_at(&match, i));
}

void foreign_keys_plan(const struct comparison *compare) {
    const struct entity_pair *pair = compare->pair;

    if (!pair->to) {
        drop_blocking_keys(compare);
    } else if (!pair->from) {
        for (size_t i = 0; i < pair->to->foreign_key_count; i++)
            planner_add(compare->planner, CHANGE_ADD_FOREIGN_KEY, pair)->new_foreign_key = &pair->to->foreign_keys[i];
    } else if (!pair->same || compare->planner->plan->renames->list.count) {
        /* With renames the same name may point to another entity. */
        struct object_match match = foreign_keys_of(pair->from, pair->to);

        plan_objects(compare, &match);
    } else if (compare->planner->touched.count) {
        replace_shared_keys(compare);
    }
}
