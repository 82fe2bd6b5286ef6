/* What goes and looks like what comes. Mass changes are not compared each with each: of fields and members only neighbors in the order of
 * declaration, of entities and enums only those that share parts. */
#include <stdlib.h>
#include <string.h>

#include "likeness.h"
#include "pair.h"
#include "rename_internal.h"

enum {
    WINDOW = 32,     /* places to either side that a field is compared with */
    COMMON_PART = 32 /* a part that more entities share says nothing */
};

/* A thing without a partner. */
struct lone {
    const void *thing;
    const char *name;
    struct span at;
    size_t place;
    size_t votes; /* parts shared with the new thing that is looked at */
    bool asked;
};

struct lones {
    struct lone *at;
    size_t count;
};

struct candidate {
    struct rename_question question;
    struct lone *old;
    struct lone *new;
    size_t order;
};

struct asker {
    struct renamer *renamer;
    const struct plan *plan;
    VEC(struct candidate) candidates;
};

static void add_candidate(struct asker *asker, struct rename rename, struct lone *old, struct lone *new, int likeness) {
    struct candidate *candidate;

    if (likeness < LIKENESS_ASK)
        return;
    candidate = vec_add(asker->renamer->arena, &asker->candidates);
    rename.from = old->name;
    rename.to = new->name;
    *candidate = (struct candidate){.question = {.rename = rename, .likeness = likeness, .at = new->at}, .old = old, .new = new};
    candidate->order = asker->candidates.count;
}

/* Did the user say that this one goes? */
static bool is_dropped(const struct asker *asker, const char *owner, const char *name) {
    const struct map *drops = &asker->renamer->drops;

    if (!drops->count)
        return false;
    return map_get(drops, owner ? arena_printf(asker->renamer->arena, "%s.%s", owner, name) : name);
}

static void add_lone(struct lones *lones, struct lone lone) {
    lones->at[lones->count++] = lone;
}

/* The places of new things that old thing I of OLD is compared with. */
static void window(const struct lones *old, const struct lones *new, size_t i, size_t *first, size_t *end) {
    size_t middle = i * new->count / old->count;

    *first = middle > WINDOW ? middle - WINDOW : 0;
    *end = middle + WINDOW + 1 < new->count ? middle + WINDOW + 1 : new->count;
}

/* Fields. */

static struct lones lone_fields(struct asker *asker, const struct entity_pair *pair, const struct entity *side) {
    struct lones lones = {.at = ARENA_ARRAY(asker->renamer->arena, struct lone, side->field_count)};

    for (size_t i = 0; i < side->field_count; i++) {
        const struct field *field = &side->fields[i];
        const struct field *partner = side == pair->from ? pair->new_of_old[i] : pair->old_of_new[i];

        if (!partner && !field->derived && !(side == pair->from && is_dropped(asker, pair->to->name, field->name)))
            add_lone(&lones, (struct lone){.thing = field, .name = field->name, .at = field->at, .place = i});
    }
    return lones;
}

static size_t count_type(const struct lones *lones, uint8_t type) {
    size_t count = 0;

    for (size_t i = 0; i < lones->count; i++)
        count += ((const struct field *)lones->at[i].thing)->type == type;
    return count;
}

static bool any_lone_field(const struct field **partners, const struct entity *side) {
    for (size_t i = 0; i < side->field_count; i++)
        if (!partners[i] && !side->fields[i].derived)
            return true;
    return false;
}

static void ask_fields(struct asker *asker, const struct entity_pair *pair) {
    struct lones old;
    struct lones new;

    if (!any_lone_field(pair->new_of_old, pair->from) || !any_lone_field(pair->old_of_new, pair->to))
        return;
    old = lone_fields(asker, pair, pair->from);
    new = lone_fields(asker, pair, pair->to);
    for (size_t i = 0; new.count &&i < old.count; i++) {
        const struct field *old_field = old.at[i].thing;
        bool only = count_type(&old, old_field->type) == 1 && count_type(&new, old_field->type) == 1;
        size_t first;
        size_t end;

        window(&old, &new, i, &first, &end);
        for (size_t k = first; k < end; k++)
            add_candidate(asker, (struct rename){.kind = RENAME_FIELD, .owner = pair->to->name}, &old.at[i], &new.at[k],
                          field_likeness(pair, old_field, new.at[k].thing, only));
    }
}

/* Relations. */

static struct lones lone_relations(struct asker *asker, const struct entity_pair *pair, const struct entity *side) {
    const struct rename_node *nodes = rename_index_get(asker->plan->rename_index, RENAME_RELATION, pair->to->name);
    struct lones lones = {.at = ARENA_ARRAY(asker->renamer->arena, struct lone, side->relation_count)};

    for (size_t i = 0; i < side->relation_count; i++) {
        const struct relation *relation = &side->relations[i];
        bool lone = relation->owner;

        if (side == pair->to)
            lone = lone && !pair_old_relation(pair, nodes, relation);
        else
            lone = lone && !pair_new_relation(pair, nodes, relation) && !is_dropped(asker, pair->to->name, relation->name);
        if (lone)
            add_lone(&lones, (struct lone){.thing = relation, .name = relation->name, .at = relation->at, .place = i});
    }
    return lones;
}

static bool same_relation_names(const struct entity *a, const struct entity *b) {
    if (a->relation_count != b->relation_count)
        return false;
    for (size_t i = 0; i < a->relation_count; i++)
        if (!text_equal(a->relations[i].name, b->relations[i].name))
            return false;
    return true;
}

static void ask_relations(struct asker *asker, const struct entity_pair *pair) {
    struct lones old;
    struct lones new;
    bool only;

    if (same_relation_names(pair->from, pair->to))
        return;
    old = lone_relations(asker, pair, pair->from);
    new = lone_relations(asker, pair, pair->to);
    only = old.count == 1 && new.count == 1;
    for (size_t i = 0; new.count &&i < old.count; i++) {
        size_t first;
        size_t end;

        window(&old, &new, i, &first, &end);
        for (size_t k = first; k < end; k++)
            add_candidate(asker, (struct rename){.kind = RENAME_RELATION, .owner = pair->to->name}, &old.at[i], &new.at[k],
                          relation_likeness(asker->plan, old.at[i].thing, new.at[k].thing, only));
    }
}

/* Members. */

static void collect_members(struct asker *asker, const struct enum_pair *pair, struct lones *old, struct lones *new) {
    struct arena *arena = asker->renamer->arena;
    struct map kept = {0};

    old->at = ARENA_ARRAY(arena, struct lone, pair->from->member_count);
    new->at = ARENA_ARRAY(arena, struct lone, pair->to->member_count);
    for (size_t i = 0; i < pair->to->member_count; i++) {
        const struct enum_member *member = &pair->to->members[i];
        const struct enum_member *was = enum_old_member(asker->plan, pair->to, member);

        if (was)
            map_put(arena, &kept, was->name, was);
        else
            add_lone(new, (struct lone){.thing = member, .name = member->name, .at = member->at, .place = i});
    }
    for (size_t i = 0; i < pair->from->member_count; i++) {
        const struct enum_member *member = &pair->from->members[i];

        if (!map_get(&kept, member->name) && !is_dropped(asker, pair->to->name, member->name))
            add_lone(old, (struct lone){.thing = member, .name = member->name, .place = i});
    }
}

static void ask_members(struct asker *asker, const struct enum_pair *pair) {
    struct lones old;
    struct lones new;
    bool only;

    old.count = new.count = 0;
    collect_members(asker, pair, &old, &new);
    only = old.count == 1 && new.count == 1;
    for (size_t i = 0; new.count &&i < old.count; i++) {
        size_t first;
        size_t end;

        window(&old, &new, i, &first, &end);
        for (size_t k = first; k < end; k++)
            add_candidate(asker, (struct rename){.kind = RENAME_MEMBER, .owner = pair->to->name}, &old.at[i], &new.at[k],
                          member_likeness(old.at[i].thing, new.at[k].thing, old.at[i].place == new.at[k].place, only));
    }
}

/* Entities and enums: what is made of parts. */

typedef size_t part_counter(const void *thing);
typedef const char *part_reader(const void *thing, size_t at);

/* A kind of thing that is told by its parts. */
struct whole_kind {
    enum rename_kind kind;
    part_counter *count;
    part_reader *part;
};

static size_t field_count(const void *thing) {
    return ((const struct entity *)thing)->field_count;
}

static const char *field_part(const void *thing, size_t at) {
    return ((const struct entity *)thing)->fields[at].name;
}

static size_t member_count(const void *thing) {
    return ((const struct enumeration *)thing)->member_count;
}

static const char *member_part(const void *thing, size_t at) {
    return ((const struct enumeration *)thing)->members[at].value;
}

static const struct whole_kind entity_whole = {RENAME_ENTITY, field_count, field_part};
static const struct whole_kind enum_whole = {RENAME_ENUM, member_count, member_part};

/* The old things that have one part. */
struct part_users {
    VEC(struct lone *) list;
};

static void index_parts(struct asker *asker, const struct whole_kind *kind, const struct lones *old, struct map *users) {
    struct arena *arena = asker->renamer->arena;

    for (size_t i = 0; i < old->count; i++) {
        for (size_t k = 0; k < kind->count(old->at[i].thing); k++) {
            const char *part = kind->part(old->at[i].thing, k);
            struct part_users *entry = map_get(users, part);

            if (!entry) {
                entry = ARENA_NEW(arena, struct part_users);
                map_put(arena, users, part, entry);
            }
            if (entry->list.count <= COMMON_PART)
                vec_push(arena, &entry->list, &old->at[i]);
        }
    }
}

/* Counts, per old thing, the parts that NEW shares with it, and asks about those that share enough. */
static void vote(struct asker *asker, const struct whole_kind *kind, const struct map *users, struct lone *new) {
    struct arena *arena = asker->renamer->arena;
    size_t parts = kind->count(new->thing);
    VEC(struct lone *) voted = {0};

    for (size_t i = 0; i < parts; i++) {
        const struct part_users *entry = map_get(users, kind->part(new->thing, i));

        for (size_t k = 0; entry && entry->list.count <= COMMON_PART && k < entry->list.count; k++)
            if (entry->list.at[k]->votes++ == 0)
                vec_push(arena, &voted, entry->list.at[k]);
    }
    for (size_t i = 0; i < voted.count; i++) {
        struct lone *old = voted.at[i];

        add_candidate(asker, (struct rename){.kind = kind->kind}, old, new,
                      whole_likeness(old->name, new->name, 2 * old->votes, parts + kind->count(old->thing)));
        old->votes = 0;
    }
}

static void ask_wholes(struct asker *asker, const struct whole_kind *kind, struct lones *old, struct lones *new) {
    struct map users = {0};

    if (!old->count || !new->count)
        return;
    index_parts(asker, kind, old, &users);
    for (size_t i = 0; i < new->count; i++)
        vote(asker, kind, &users, &new->at[i]);
}

static void ask_entities(struct asker *asker) {
    const struct plan *plan = asker->plan;
    struct lones old = {.at = ARENA_ARRAY(asker->renamer->arena, struct lone, plan->pairs.count)};
    struct lones new = {.at = ARENA_ARRAY(asker->renamer->arena, struct lone, plan->pairs.count)};

    for (size_t i = 0; i < plan->pairs.count; i++) {
        const struct entity *from = plan->pairs.at[i].from;
        const struct entity *to = plan->pairs.at[i].to;

        if (!from)
            add_lone(&new, (struct lone){.thing = to, .name = to->name, .at = to->at});
        else if (!to && !is_dropped(asker, NULL, from->name))
            add_lone(&old, (struct lone){.thing = from, .name = from->name});
    }
    ask_wholes(asker, &entity_whole, &old, &new);
}

static void ask_enums(struct asker *asker) {
    const struct plan *plan = asker->plan;
    struct lones old = {.at = ARENA_ARRAY(asker->renamer->arena, struct lone, plan->enum_pairs.count)};
    struct lones new = {.at = ARENA_ARRAY(asker->renamer->arena, struct lone, plan->enum_pairs.count)};

    for (size_t i = 0; i < plan->enum_pairs.count; i++) {
        const struct enumeration *from = plan->enum_pairs.at[i].from;
        const struct enumeration *to = plan->enum_pairs.at[i].to;

        if (!from)
            add_lone(&new, (struct lone){.thing = to, .name = to->name, .at = to->at});
        else if (!to && !is_dropped(asker, NULL, from->name))
            add_lone(&old, (struct lone){.thing = from, .name = from->name});
    }
    ask_wholes(asker, &enum_whole, &old, &new);
}

static int compare_candidates(const void *a, const void *b) {
    const struct candidate *left = a;
    const struct candidate *right = b;

    if (left->question.likeness != right->question.likeness)
        return left->question.likeness > right->question.likeness ? -1 : 1;
    return left->order < right->order ? -1 : left->order > right->order;
}

static void keep_best(struct asker *asker) {
    struct renames *renames = asker->renamer->renames;

    if (asker->candidates.count)
        qsort(asker->candidates.at, asker->candidates.count, sizeof *asker->candidates.at, compare_candidates);
    for (size_t i = 0; i < asker->candidates.count; i++) {
        struct candidate *candidate = &asker->candidates.at[i];

        if (candidate->old->asked || candidate->new->asked)
            continue;
        candidate->old->asked = candidate->new->asked = true;
        vec_push(asker->renamer->arena, &renames->open, candidate->question);
    }
}

void questions_find(struct renamer *renamer, const struct plan *plan) {
    struct asker asker = {.renamer = renamer, .plan = plan};

    ask_entities(&asker);
    ask_enums(&asker);
    for (size_t i = 0; i < plan->pairs.count; i++) {
        const struct entity_pair *pair = &plan->pairs.at[i];

        if (pair_differs(pair)) {
            ask_fields(&asker, pair);
            ask_relations(&asker, pair);
        }
    }
    for (size_t i = 0; i < plan->enum_pairs.count; i++)
        if (enum_pair_differs(&plan->enum_pairs.at[i]))
            ask_members(&asker, &plan->enum_pairs.at[i]);
    keep_best(&asker);
}
