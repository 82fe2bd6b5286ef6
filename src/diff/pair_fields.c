/* Pairs the fields of paired entities. Declared fields of all entities come first: a derived column follows the key field that it
 * points to. */
#include <string.h>

#include "equal.h"
#include "pair_internal.h"
#include "words.h"

struct field_pairing {
    struct arena *arena;
    const struct plan *plan;
    struct entity_pair *pair; /* of which the fields are paired */
};

/* Up to here a linear search beats a map. */
enum { SMALL_ENTITY = 32 };

static void pair_fields(struct entity_pair *pair, const struct field *old, const struct field *new) {
    pair->old_of_new[new - pair->to->fields] = old;
    pair->new_of_old[old - pair->from->fields] = new;
}

static bool is_lone_old(const struct entity_pair *pair, const struct field *old) {
    return old && !pair->new_of_old[old - pair->from->fields];
}

static bool is_lone_new(const struct entity_pair *pair, const struct field *new) {
    return new && !pair->old_of_new[new - pair->to->fields];
}

static void pair_renamed_fields(struct field_pairing *job) {
    const struct rename_node *node = rename_index_get(job->plan->rename_index, RENAME_FIELD, job->pair->to->name);

    for (; node; node = node->next) {
        const struct field *old = entity_field(job->pair->from, node->rename->from);
        const struct field *new = entity_field(job->pair->to, node->rename->to);

        if (is_lone_old(job->pair, old) && is_lone_new(job->pair, new))
            pair_fields(job->pair, old, new);
    }
}

typedef const char *field_label(const struct field *field);

static const char *label_name(const struct field *field) {
    return field->name;
}

static const char *label_column(const struct field *field) {
    return field->column;
}

static const struct field *find_label(const struct entity *entity, const struct map *map, field_label *label, const char *text) {
    if (map->count)
        return map_get(map, text);
    for (size_t i = 0; i < entity->field_count; i++)
        if (strcmp(label(&entity->fields[i]), text) == 0)
            return &entity->fields[i];
    return NULL;
}

/* Columns that relations bring. */

static const struct foreign_key *relation_key(const struct entity *entity, const struct relation *relation) {
    if (!relation->owner || relation->foreign_key >= entity->foreign_key_count)
        return NULL;
    return &entity->foreign_keys[relation->foreign_key];
}

/* A relation that is on both sides and points to the same entity. */
struct kept_relation {
    const struct foreign_key *old_key;
    const struct foreign_key *new_key; /* NULL: it is not kept */
    const struct entity_pair *target;
};

static struct kept_relation find_kept(const struct field_pairing *job, const struct relation *new) {
    const struct rename_node *nodes = rename_index_get(job->plan->rename_index, RENAME_RELATION, job->pair->to->name);
    const struct relation *old = pair_old_relation(job->pair, nodes, new);
    struct kept_relation kept = {.old_key = old ? relation_key(job->pair->from, old) : NULL};

    kept.target = kept.old_key ? plan_old_pair(job->plan, kept.old_key->target) : NULL;
    if (kept.target && kept.target->to && strcmp(kept.target->to->name, new->target) == 0)
        kept.new_key = relation_key(job->pair->to, new);
    return kept;
}

/* The place in the new key of what points to the key field that place AT of the old key pointed to; the count when there is none. */
static size_t key_place(const struct kept_relation *kept, size_t at) {
    const struct foreign_key *new_key = kept->new_key;
    const struct field *old =
        at < kept->old_key->target_fields.count ? entity_field(kept->target->from, kept->old_key->target_fields.at[at]) : NULL;
    const struct field *new = old ? pair_new_field(kept->target, old) : NULL;

    for (size_t i = 0; new &&i < new_key->target_fields.count &&i < new_key->fields.count; i++)
        if (strcmp(new_key->target_fields.at[i], new->name) == 0)
            return i;
    return new_key->fields.count;
}

/* The columns that a relation brings follow it through its rename and through the rename of the key they point to. */
static void pair_relation_fields(struct field_pairing *job, const struct kept_relation *kept) {
    for (size_t i = 0; i < kept->old_key->fields.count; i++) {
        const struct field *old_field = entity_field(job->pair->from, kept->old_key->fields.at[i]);
        size_t place = key_place(kept, i);
        const struct field *new_field =
            place < kept->new_key->fields.count ? entity_field(job->pair->to, kept->new_key->fields.at[place]) : NULL;

        if (is_lone_old(job->pair, old_field) && is_lone_new(job->pair, new_field) && old_field->derived && new_field->derived)
            pair_fields(job->pair, old_field, new_field);
    }
}

static void pair_derived_fields(struct field_pairing *job) {
    for (size_t i = 0; i < job->pair->to->relation_count; i++) {
        struct kept_relation kept = find_kept(job, &job->pair->to->relations[i]);

        if (kept.new_key)
            pair_relation_fields(job, &kept);
    }
}

/* Did the columns of a kept relation have their say? Then an equal name means nothing: they point to different fields of the key. */
static bool is_decided(const struct field_pairing *job, const struct field *old, const struct field *new) {
    const struct relation *relation = old->derived && new->derived ? words_relation_of(job->pair->to, new->name) : NULL;

    return relation && find_kept(job, relation).new_key;
}

/* Pairs the lone fields that agree in LABEL, with DERIVED the derived ones too; the same place first, where nearly all are found. */
static void pair_equal_fields(struct field_pairing *job, field_label *label, bool derived) {
    struct entity_pair *pair = job->pair;
    const struct entity *from = pair->from;
    struct map map = {0};

    for (size_t i = 0; i < pair->to->field_count; i++) {
        const struct field *new = &pair->to->fields[i];
        const struct field *old = i < from->field_count ? &from->fields[i] : NULL;

        if (!is_lone_new(pair, new) || (new->derived && !derived))
            continue;
        if (!old || (label(old) != label(new) && strcmp(label(old), label(new)) != 0)) {
            if (from->field_count > SMALL_ENTITY && !map.count)
                for (size_t k = 0; k < from->field_count; k++)
                    map_put(job->arena, &map, label(&from->fields[k]), &from->fields[k]);
            old = find_label(from, &map, label, label(new));
        }
        if (is_lone_old(pair, old) && (derived || !old->derived) && !is_decided(job, old, new))
            pair_fields(pair, old, new);
    }
}

static const struct field **all_fields(struct arena *arena, const struct entity *entity) {
    const struct field **fields = ARENA_ARRAY(arena, const struct field *, entity->field_count);

    for (size_t i = 0; i < entity->field_count; i++)
        fields[i] = &entity->fields[i];
    return fields;
}

/* Equal entities have their fields in the same places. */
static void pair_same(struct arena *arena, struct entity_pair *pair) {
    pair->old_of_new = all_fields(arena, pair->from);
    pair->new_of_old = pair->from == pair->to ? pair->old_of_new : all_fields(arena, pair->to);
}

static void pair_declared(struct field_pairing *job) {
    struct entity_pair *pair = job->pair;

    pair->same = pair->from == pair->to || (entity_equal(pair->from, pair->to) && !plan_any_renames_in(job->plan, pair->to->name));
    if (pair->same) {
        pair_same(job->arena, pair);
        return;
    }
    pair->old_of_new = ARENA_ARRAY(job->arena, const struct field *, pair->to->field_count);
    pair->new_of_old = ARENA_ARRAY(job->arena, const struct field *, pair->from->field_count);
    if (job->plan->renames->list.count)
        pair_renamed_fields(job);
    pair_equal_fields(job, label_name, false);
}

static bool has_lone_fields(const struct entity_pair *pair) {
    for (size_t i = 0; i < pair->to->field_count; i++)
        if (!pair->old_of_new[i])
            return true;
    return false;
}

void pair_all_fields(struct arena *arena, struct plan *plan) {
    struct field_pairing job = {.arena = arena, .plan = plan};

    for (size_t i = 0; i < plan->pairs.count; i++) {
        job.pair = &plan->pairs.at[i];
        if (job.pair->from && job.pair->to)
            pair_declared(&job);
    }
    for (size_t i = 0; i < plan->pairs.count; i++) {
        job.pair = &plan->pairs.at[i];
        if (!pair_differs(job.pair) || !has_lone_fields(job.pair))
            continue;
        pair_derived_fields(&job);
        pair_equal_fields(&job, label_name, true);
        if (has_lone_fields(job.pair))
            pair_equal_fields(&job, label_column, true);
    }
}
