#include "diagram.h"

#include <stdlib.h>
#include <string.h>

#include "delta.h"
#include "pair.h"
#include "words.h"

struct drawer {
    struct arena *arena;
    struct plan plan; /* its pairs alone */
    struct deltas deltas;
    struct map changes; /* "Invoice", "Invoice.note" → the delta that tells of it */
    struct diagram *diagram;
    struct map old_places; /* entity or object by its old name → 1 + its index */
    struct map new_places;
};

const char *diagram_mark(enum diagram_change change) {
    static const char *const marks[] = {"", "+", "−", "~"};

    return marks[change];
}

/* What changed. */

/* The other side of a relation is no change of the table that it stands in. */
static bool is_shown(const struct delta *delta) {
    return delta->noun != DELTA_RELATION || delta->means;
}

static void find_changes(struct drawer *drawer) {
    deltas_find(drawer->arena, drawer->plan.from, drawer->plan.to, drawer->plan.renames, &drawer->deltas);
    for (size_t i = 0; i < drawer->deltas.list.count; i++) {
        const struct delta *delta = &drawer->deltas.list.at[i];

        if (!is_shown(delta))
            continue;
        map_put(drawer->arena, &drawer->changes, delta->entity, delta);
        if (delta->noun == DELTA_FIELD && delta->verb != DELTA_REMOVED)
            map_put(drawer->arena, &drawer->changes, arena_printf(drawer->arena, "%s.%s", delta->entity, delta->name), delta);
    }
}

static enum diagram_change change_of(const struct drawer *drawer, const void *from, const void *to, const char *name) {
    if (!from)
        return DIAGRAM_ADDED;
    if (!to)
        return DIAGRAM_REMOVED;
    return map_get(&drawer->changes, name) ? DIAGRAM_CHANGED : DIAGRAM_SAME;
}

/* Entities and their fields. */

static const char *type_text(struct drawer *drawer, const struct field *field) {
    const char *type = words_type(drawer->arena, field);

    return field->nullable ? arena_printf(drawer->arena, "%s?", type) : type;
}

static bool is_reference(const struct entity *entity, const char *field) {
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        for (size_t k = 0; k < entity->foreign_keys[i].fields.count; k++)
            if (strcmp(entity->foreign_keys[i].fields.at[k], field) == 0)
                return true;
    return false;
}

static bool is_key(const struct entity *entity, const char *field) {
    for (size_t i = 0; i < entity->key.fields.count; i++)
        if (strcmp(entity->key.fields.at[i], field) == 0)
            return true;
    return false;
}

static struct diagram_field *add_field(struct drawer *drawer, struct diagram_entity *shown, const struct entity *entity,
                                       const struct field *field, enum diagram_change change) {
    struct diagram_field *line = vec_add(drawer->arena, &shown->fields);

    line->name = field->name;
    line->type = type_text(drawer, field);
    line->key = is_key(entity, field->name);
    line->reference = is_reference(entity, field->name);
    line->change = shown->change == DIAGRAM_ADDED || shown->change == DIAGRAM_REMOVED ? DIAGRAM_SAME : change;
    return line;
}

static void compare_field(struct drawer *drawer, struct diagram_field *line, const struct diagram_entity *shown, const struct field *old) {
    const struct delta *delta = map_get(&drawer->changes, arena_printf(drawer->arena, "%s.%s", shown->name, line->name));
    const char *type = type_text(drawer, old);

    line->detail = delta ? delta->detail : NULL;
    line->was = strcmp(old->name, line->name) ? old->name : NULL;
    line->was_type = strcmp(type, line->type) ? type : NULL;
    if (delta || line->was || line->was_type)
        line->change = DIAGRAM_CHANGED;
}

static void add_fields(struct drawer *drawer, struct diagram_entity *shown, const struct entity_pair *pair) {
    const struct entity *from = pair->from, *to = pair->to;
    bool shared = from == to;

    for (size_t i = 0; to && i < to->field_count; i++) {
        const struct field *old = from && !shared ? pair->old_of_new[i] : NULL;
        struct diagram_field *line = add_field(drawer, shown, to, &to->fields[i], old || shared ? DIAGRAM_SAME : DIAGRAM_ADDED);

        if (old)
            compare_field(drawer, line, shown, old);
    }
    for (size_t i = 0; from && !shared && i < from->field_count; i++)
        if (!to || !pair->new_of_old[i])
            add_field(drawer, shown, from, &from->fields[i], DIAGRAM_REMOVED);
}

static void name_entity(struct diagram_entity *shown, const struct entity_pair *pair) {
    if (!pair->to) {
        shown->name = pair->from->name;
        return;
    }
    shown->name = pair->to->name;
    if (pair->from && strcmp(pair->from->name, pair->to->name) != 0)
        shown->was = pair->from->name;
}

static void add_entity(struct drawer *drawer, const struct entity_pair *pair) {
    struct diagram_entity *shown = vec_add(drawer->arena, &drawer->diagram->entities);

    name_entity(shown, pair);
    shown->change = change_of(drawer, pair->from, pair->to, shown->name);
    add_fields(drawer, shown, pair);
    for (size_t i = 0; i < shown->fields.count && shown->change == DIAGRAM_SAME; i++)
        if (shown->fields.at[i].change != DIAGRAM_SAME)
            shown->change = DIAGRAM_CHANGED;
}

/* Of the objects those that people read like tables. */
static bool is_drawn(const struct object *object) {
    static const char *const kinds[] = {"view", "materialized view", "virtual table"};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(object->kind, kinds[i]) == 0)
            return true;
    return false;
}

static void add_object(struct drawer *drawer, const struct object_pair *pair) {
    const struct object *object = pair->to ? pair->to : pair->from;
    struct diagram_entity *shown;

    if (!is_drawn(object))
        return;
    shown = vec_add(drawer->arena, &drawer->diagram->entities);
    shown->name = object->name;
    shown->kind = object->kind;
    if (pair->from && pair->to && strcmp(pair->from->name, pair->to->name) != 0)
        shown->was = pair->from->name;
    shown->change = change_of(drawer, pair->from, pair->to, shown->name);
}

static int by_name(const void *a, const void *b) {
    const struct diagram_entity *left = a, *right = b;
    int order = strcmp(left->name, right->name);

    return order ? order : (int)left->change - (int)right->change;
}

/* Where each is, by the names of both sides. A name that goes may be another's new one. */
static void note_places(struct drawer *drawer) {
    for (size_t i = 0; i < drawer->diagram->entities.count; i++) {
        const struct diagram_entity *entity = &drawer->diagram->entities.at[i];
        const void *place = (const void *)(i + 1);

        if (entity->change != DIAGRAM_ADDED)
            map_put(drawer->arena, &drawer->old_places, entity->was ? entity->was : entity->name, place);
        if (entity->change != DIAGRAM_REMOVED)
            map_put(drawer->arena, &drawer->new_places, entity->name, place);
    }
}

/* Relations. */

static bool is_unique(const struct entity *entity, const struct names *fields) {
    if (names_equal(&entity->key.fields, fields))
        return true;
    for (size_t i = 0; i < entity->index_count; i++) {
        const struct index *index = &entity->indexes[i];
        bool same = index->unique && !index->where && index->part_count == fields->count;

        for (size_t k = 0; same && k < index->part_count; k++)
            same = index->parts[k].field && strcmp(index->parts[k].field, fields->at[k]) == 0;
        if (same)
            return true;
    }
    return false;
}

/* A relation with one at both ends is one, even where its unique constraint is made later. */
static bool is_many(const struct schema *schema, const struct entity *entity, const struct foreign_key *key) {
    const struct entity *target = schema_entity(schema, key->target);
    const struct relation *relation = key->relation ? entity_relation(entity, key->relation) : NULL;
    const struct relation *inverse = relation && target && relation->inverse ? entity_relation(target, relation->inverse) : NULL;

    return inverse ? inverse->kind == RELATION_MANY : !is_unique(entity, &key->fields);
}

static bool is_optional(const struct entity *entity, const struct foreign_key *key) {
    for (size_t i = 0; i < key->fields.count; i++) {
        const struct field *field = entity_field(entity, key->fields.at[i]);

        if (field && field->nullable)
            return true;
    }
    return false;
}

static void add_relation(struct drawer *drawer, const struct schema *schema, const struct entity *entity, const struct foreign_key *key,
                         enum diagram_change change) {
    const struct map *places = schema == drawer->plan.to ? &drawer->new_places : &drawer->old_places;
    size_t from = (size_t)map_get(places, entity->name), to = (size_t)map_get(places, key->target);
    struct diagram_relation *relation;

    if (!from || !to)
        return;
    relation = vec_add(drawer->arena, &drawer->diagram->relations);
    *relation = (struct diagram_relation){.from = from - 1, .to = to - 1, .change = change};
    relation->name = key->relation ? key->relation : key->name;
    relation->field = key->fields.count ? key->fields.at[0] : NULL;
    relation->many = is_many(schema, entity, key);
    relation->optional = is_optional(entity, key);
}

/* Do the two foreign keys lead from the same fields to the same entity? */
static bool same_ends(const struct drawer *drawer, const struct entity_pair *pair, const struct foreign_key *old,
                      const struct foreign_key *new) {
    const struct entity_pair *target = plan_old_pair(&drawer->plan, old->target);

    if (!target || !target->to || strcmp(target->to->name, new->target) != 0 || old->fields.count != new->fields.count)
        return false;
    for (size_t i = 0; i < old->fields.count; i++) {
        const struct field *field = entity_field(pair->from, old->fields.at[i]);
        const struct field *now = field ? pair_new_field(pair, field) : NULL;

        if (!now || strcmp(now->name, new->fields.at[i]) != 0)
            return false;
    }
    return true;
}

static bool says_the_same(const struct drawer *drawer, const struct entity_pair *pair, const struct foreign_key *old,
                          const struct foreign_key *new) {
    return text_equal(old->relation, new->relation) && old->on_delete == new->on_delete && old->on_update == new->on_update &&
           old->deferrable == new->deferrable &&is_optional(pair->from, old) == is_optional(pair->to, new) &&
           is_many(drawer->plan.from, pair->from, old) == is_many(drawer->plan.to, pair->to, new);
}

static void compare_relations(struct drawer *drawer, const struct entity_pair *pair) {
    bool *kept = ARENA_ARRAY(drawer->arena, bool, pair->from->foreign_key_count);

    for (size_t i = 0; i < pair->to->foreign_key_count; i++) {
        const struct foreign_key *new = &pair->to->foreign_keys[i];
        enum diagram_change change = DIAGRAM_ADDED;

        for (size_t k = 0; k < pair->from->foreign_key_count && change == DIAGRAM_ADDED; k++) {
            const struct foreign_key *old = &pair->from->foreign_keys[k];

            if (kept[k] || !same_ends(drawer, pair, old, new))
                continue;
            kept[k] = true;
            change = says_the_same(drawer, pair, old, new) ? DIAGRAM_SAME : DIAGRAM_CHANGED;
        }
        add_relation(drawer, drawer->plan.to, pair->to, new, change);
    }
    for (size_t i = 0; i < pair->from->foreign_key_count; i++)
        if (!kept[i])
            add_relation(drawer, drawer->plan.from, pair->from, &pair->from->foreign_keys[i], DIAGRAM_REMOVED);
}

/* All of one side. */
static void add_side(struct drawer *drawer, const struct schema *schema, const struct entity *entity, enum diagram_change change) {
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        add_relation(drawer, schema, entity, &entity->foreign_keys[i], change);
}

static void add_relations(struct drawer *drawer, const struct entity_pair *pair) {
    if (!pair->from)
        add_side(drawer, drawer->plan.to, pair->to, DIAGRAM_ADDED);
    else if (!pair->to)
        add_side(drawer, drawer->plan.from, pair->from, DIAGRAM_REMOVED);
    else if (pair->from == pair->to)
        add_side(drawer, drawer->plan.to, pair->to, DIAGRAM_SAME);
    else
        compare_relations(drawer, pair);
}

static void add_reads(struct drawer *drawer, const struct object_pair *pair) {
    const struct object *object = pair->to ? pair->to : pair->from;
    const struct map *places = pair->to ? &drawer->new_places : &drawer->old_places;
    size_t from = is_drawn(object) ? (size_t)map_get(places, object->name) : 0;

    for (size_t i = 0; from && i < object->depends_on.count; i++) {
        size_t to = (size_t)map_get(places, object->depends_on.at[i]);
        struct diagram_relation relation = {.from = from - 1, .to = to - 1, .many = true, .reads = true};

        relation.change = !pair->from ? DIAGRAM_ADDED : !pair->to ? DIAGRAM_REMOVED : DIAGRAM_SAME;
        if (to)
            vec_push(drawer->arena, &drawer->diagram->relations, relation);
    }
}

static int by_from(const void *a, const void *b) {
    const struct diagram_relation *left = *(const struct diagram_relation *const *)a, *right = *(const struct diagram_relation *const *)b;

    if (left->from != right->from)
        return left->from < right->from ? -1 : 1;
    return (left > right) - (left < right);
}

/* By the entity they lead from; those of one entity stay in their order, which is that of their addresses in the one array. */
static void sort_relations(struct drawer *drawer) {
    size_t count = drawer->diagram->relations.count;
    const struct diagram_relation **order = ARENA_ARRAY(drawer->arena, const struct diagram_relation *, count);
    struct diagram_relation *sorted = ARENA_ARRAY(drawer->arena, struct diagram_relation, count);

    for (size_t i = 0; i < count; i++)
        order[i] = &drawer->diagram->relations.at[i];
    if (count)
        qsort(order, count, sizeof *order, by_from);
    for (size_t i = 0; i < count; i++)
        sorted[i] = *order[i];
    drawer->diagram->relations.at = sorted;
}

/* Only what is touched. */

enum { NEAR = 1, TOUCHED = 2 };

/* Near is what a relation of a touched entity leads to: any, or of CHANGES_ALONE one that changes itself. */
static void mark_touched(const struct diagram *diagram, bool changes_alone, unsigned char *marks) {
    for (size_t i = 0; i < diagram->entities.count; i++)
        if (diagram->entities.at[i].change != DIAGRAM_SAME)
            marks[i] = TOUCHED;
    for (size_t i = 0; i < diagram->relations.count; i++)
        if (diagram->relations.at[i].change != DIAGRAM_SAME)
            marks[diagram->relations.at[i].from] = TOUCHED;
    for (size_t i = 0; i < diagram->relations.count; i++) {
        const struct diagram_relation *relation = &diagram->relations.at[i];

        if (changes_alone && relation->change == DIAGRAM_SAME)
            continue;
        if (marks[relation->from] == TOUCHED && !marks[relation->to])
            marks[relation->to] = NEAR;
        else if (marks[relation->to] == TOUCHED && !marks[relation->from])
            marks[relation->from] = NEAR;
    }
}

static void keep_fields(struct diagram_entity *entity, unsigned char mark, enum diagram_extent extent) {
    size_t kept = 0;

    for (size_t i = 0; i < entity->fields.count && mark == TOUCHED && extent != DIAGRAM_NAMES; i++) {
        const struct diagram_field *field = &entity->fields.at[i];

        if (extent == DIAGRAM_TOUCHED || field->key || field->reference || field->change != DIAGRAM_SAME)
            entity->fields.at[kept++] = *field;
    }
    entity->fields.count = kept;
}

static void keep_touched(struct drawer *drawer, enum diagram_extent extent) {
    struct diagram *diagram = drawer->diagram;
    unsigned char *marks = ARENA_ARRAY(drawer->arena, unsigned char, diagram->entities.count);
    size_t *places = ARENA_ARRAY(drawer->arena, size_t, diagram->entities.count);
    size_t kept = 0;

    mark_touched(diagram, extent != DIAGRAM_TOUCHED, marks);
    for (size_t i = 0; i < diagram->entities.count; i++) {
        places[i] = kept;
        if (!marks[i])
            continue;
        diagram->entities.at[kept] = diagram->entities.at[i];
        keep_fields(&diagram->entities.at[kept++], marks[i], extent);
    }
    diagram->entities.count = kept;
    kept = 0;
    for (size_t i = 0; i < diagram->relations.count; i++) {
        struct diagram_relation relation = diagram->relations.at[i];

        if (!marks[relation.from] || !marks[relation.to] || (marks[relation.from] == NEAR && marks[relation.to] == NEAR))
            continue;
        relation.from = places[relation.from];
        relation.to = places[relation.to];
        diagram->relations.at[kept++] = relation;
    }
    diagram->relations.count = kept;
}

void diagram_make(struct arena *arena, const struct schema *before, const struct schema *after, const struct renames *renames,
                  enum diagram_extent extent, struct diagram *diagram) {
    static const struct renames none;
    struct drawer drawer = {.arena = arena, .diagram = diagram};

    drawer.plan = (struct plan){.from = before ? before : after, .to = after, .renames = before && renames ? renames : &none};
    *diagram = (struct diagram){0};
    pairs_make(arena, &drawer.plan);
    if (before)
        find_changes(&drawer);
    for (size_t i = 0; i < drawer.plan.pairs.count; i++)
        add_entity(&drawer, &drawer.plan.pairs.at[i]);
    for (size_t i = 0; i < drawer.plan.object_pairs.count; i++)
        add_object(&drawer, &drawer.plan.object_pairs.at[i]);
    if (diagram->entities.count)
        qsort(diagram->entities.at, diagram->entities.count, sizeof *diagram->entities.at, by_name);
    note_places(&drawer);
    for (size_t i = 0; i < drawer.plan.pairs.count; i++)
        add_relations(&drawer, &drawer.plan.pairs.at[i]);
    for (size_t i = 0; i < drawer.plan.object_pairs.count; i++)
        add_reads(&drawer, &drawer.plan.object_pairs.at[i]);
    sort_relations(&drawer);
    if (extent != DIAGRAM_WHOLE)
        keep_touched(&drawer, extent);
}
