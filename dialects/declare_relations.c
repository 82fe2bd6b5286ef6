#include <stdlib.h>
#include <string.h>

#include "declare_internal.h"
#include "naming.h"

/* Which foreign keys are relations. */

static bool holds(const struct names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->at[i], name) == 0)
            return true;
    return false;
}

static bool same_set(const struct names *a, const struct names *b) {
    for (size_t i = 0; i < a->count; i++)
        if (!holds(b, a->at[i]))
            return false;
    return a->count == b->count;
}

static bool is_index_of(const struct index *index, const struct names *fields) {
    if (!index->unique || index->where || index->part_count != fields->count)
        return false;
    for (size_t i = 0; i < index->part_count; i++)
        if (!index->parts[i].field || index->parts[i].prefix || !holds(fields, index->parts[i].field))
            return false;
    return true;
}

static bool has_unique_index(const struct entity *entity, const struct names *fields) {
    for (size_t i = 0; i < entity->index_count; i++)
        if (is_index_of(&entity->indexes[i], fields))
            return true;
    return false;
}

static bool has_twice(const struct names *names) {
    for (size_t i = 0; i < names->count; i++)
        for (size_t k = i + 1; k < names->count; k++)
            if (strcmp(names->at[i], names->at[k]) == 0)
                return true;
    return false;
}

/* The language wants the fields of a relation to be of the type of the key, as far as no @db:Type stands there. */
static bool types_agree(const struct declaring *work, const struct field *field, const struct field *key) {
    if (field->native_type || key->native_type || strcmp(work->target->dialect->name, "sqlite") == 0)
        return true;
    return field->type == key->type && text_equal(field->enum_name, key->enum_name);
}

/* A relation refers to the whole primary key of an entity, in its order. */
static bool can_be_relation(const struct declaring *work, const struct declared *owner, const struct foreign_key *key) {
    const struct declared *target = map_get(&work->by_name, key->target);

    if (!target || !key->fields.count || !names_equal(&key->target_fields, &target->seen->key.fields) || has_twice(&key->fields))
        return false;
    for (size_t i = 0; i < key->fields.count; i++) {
        const struct field *field = declare_field(owner, key->fields.at[i]);
        const struct field *held = declare_field(target, key->target_fields.at[i]);

        if (!field || !held || !types_agree(work, field, held))
            return false;
    }
    return true;
}

static bool is_nullable(const struct declared *owner, const struct foreign_key *key) {
    for (size_t i = 0; i < key->fields.count; i++)
        if (declare_field(owner, key->fields.at[i])->nullable)
            return true;
    return false;
}

/* The side of the known model that has just these columns and this target, or NULL. */
static const struct relation *known_relation(struct declaring *work, const struct link *link, const struct foreign_key *key) {
    const struct entity *known = link->owner->known, *target = link->target->known;
    struct names columns = {ARENA_ARRAY(&work->scratch, const char *, key->fields.count), key->fields.count};

    for (size_t i = 0; i < columns.count; i++)
        columns.at[i] = entity_column(link->owner->seen, key->fields.at[i]);
    for (size_t i = 0; known && target && i < known->relation_count; i++) {
        const struct relation *relation = &known->relations[i];
        const struct foreign_key *other = relation->owner ? &known->foreign_keys[relation->foreign_key] : NULL;
        bool same = other && other->fields.count == columns.count && strcmp(relation->target, target->name) == 0;

        for (size_t k = 0; same && k < columns.count; k++)
            same = strcmp(entity_column(known, other->fields.at[k]), columns.at[k]) == 0;
        if (same)
            return relation;
    }
    return NULL;
}

static void add_link(struct declaring *work, struct declared *owner, size_t index) {
    const struct foreign_key *key = &owner->seen->foreign_keys[index];
    struct link *link = ARENA_NEW(&work->scratch, struct link);
    bool indexed = has_unique_index(owner->seen, &key->fields);

    link->owner = owner;
    link->target = map_get(&work->by_name, key->target);
    link->foreign_key = index;
    link->only_key = !indexed && same_set(&key->fields, &owner->seen->key.fields);
    link->unique = indexed || link->only_key;
    link->nullable = is_nullable(owner, key);
    link->known = known_relation(work, link, key);
    if (link->known)
        link->known_far = entity_relation(link->target->known, link->known->inverse);
    vec_push(&work->scratch, &owner->own, link);
    vec_push(&work->scratch, &link->target->others, link);
}

static size_t place_of(const struct declared *entity, const struct names *fields) {
    return (size_t)(declare_field(entity, fields->at[0]) - entity->made->fields);
}

static int compare_own(const void *first, const void *second) {
    const struct link *a = *(struct link *const *)first, *b = *(struct link *const *)second;
    const struct foreign_key *keys[] = {&a->owner->seen->foreign_keys[a->foreign_key], &b->owner->seen->foreign_keys[b->foreign_key]};
    size_t places[] = {place_of(a->owner, &keys[0]->fields), place_of(b->owner, &keys[1]->fields)};

    if (places[0] != places[1])
        return places[0] < places[1] ? -1 : 1;
    if (keys[0]->fields.count != keys[1]->fields.count)
        return keys[0]->fields.count < keys[1]->fields.count ? -1 : 1;
    return a->foreign_key < b->foreign_key ? -1 : a->foreign_key > b->foreign_key;
}

static void find_links(struct declaring *work, struct declared *owner) {
    for (size_t i = 0; i < owner->seen->foreign_key_count; i++)
        if (can_be_relation(work, owner, &owner->seen->foreign_keys[i]))
            add_link(work, owner, i);
    if (owner->own.count)
        qsort(owner->own.at, owner->own.count, sizeof(struct link *), compare_own);
    for (size_t i = 0; i < owner->own.count; i++) {
        struct link *link = owner->own.at[i];

        link->several = link->target == owner;
        for (size_t k = 0; k < owner->own.count && !link->several; k++)
            link->several = k != i && owner->own.at[k]->target == link->target;
    }
}

/* Names.
 *
 * The only relation from one entity to another is called as the target ("customer"), its other side as the owner ("orders", "order" when
 * unique). Of several, and of one to the entity itself, each is called as its column without what the key adds ("billingAddress" of
 * "billing_address_id"), and the other side as the owner with that put in ("ordersByBillingAddress"); only the one that is called as the
 * target has the plain name. What is taken by a field: the field of the foreign key itself gives way ("customer" becomes "customerId");
 * else the next of: the column's name, that and the target's, a number. */

/* The first part of CAMEL ("customerId") when END, with a capital, is its last; NULL else. */
static const char *without_end(struct arena *arena, const char *camel, const char *end) {
    const char *capital = declare_capital(arena, end);
    size_t length = strlen(camel), count = strlen(capital);

    if (length <= count || strcmp(camel + length - count, capital) != 0)
        return NULL;
    return arena_strndup(arena, camel, length - count);
}

static const char *without_start(struct arena *arena, const char *camel, const char *start) {
    size_t count = strlen(start);

    if (strncmp(camel, start, count) != 0 || camel[count] < 'A' || camel[count] > 'Z')
        return NULL;
    return declare_small(arena, camel + count);
}

/* What the fields of LINK speak of: "customerId" of a customer, "manager" itself. The last field of a composite key tells most. */
static const char *stem_of(struct declaring *work, const struct link *link) {
    static const char *const ends[] = {"Id", "Uuid", "Guid", "Fk", "Ref", "Key", "Code", "Num", "No"};
    static const char *const starts[] = {"id", "fk"};
    const struct foreign_key *key = &link->owner->seen->foreign_keys[link->foreign_key];
    const char *camel = declare_field(link->owner, key->fields.at[key->fields.count - 1])->name;
    const char *stem = NULL;

    for (size_t i = 0; !stem && i < sizeof ends / sizeof *ends; i++)
        stem = without_end(work->arena, camel, ends[i]);
    if (!stem)
        stem = without_end(work->arena, camel, declare_field(link->target, key->target_fields.at[key->fields.count - 1])->name);
    for (size_t i = 0; !stem && i < sizeof starts / sizeof *starts; i++)
        stem = without_start(work->arena, camel, starts[i]);
    return stem ? stem : camel;
}

/* The field that alone is the foreign key and is called NAME, when no person called it so; else NULL. */
static struct field *own_field(const struct link *link, const char *name) {
    const struct foreign_key *key = &link->owner->seen->foreign_keys[link->foreign_key];
    struct field *field = declare_field(link->owner, key->fields.at[0]);

    if (key->fields.count != 1 || strcmp(field->name, name) != 0)
        return NULL;
    return link->owner->known && entity_field_by_column(link->owner->known, field->column) ? NULL : field;
}

/* FIELD gives its name to the relation, and has the name of the key behind it from then on. */
static void give_way(struct declaring *work, struct link *link, struct field *field) {
    const struct foreign_key *key = &link->owner->seen->foreign_keys[link->foreign_key];
    const char *held = declare_field(link->target, key->target_fields.at[0])->name;
    const char *name = field->name;

    field->name = declare_take(work, &link->owner->taken,
                               (const char *[]){arena_printf(work->arena, "%s%s", name, declare_capital(work->arena, held))}, 1);
}

static void name_own_side(struct declaring *work, struct link *link) {
    const char *target = name_camel(work->arena, link->target->made->name);
    const char *stem = stem_of(work, link);
    const char *wanted = link->several ? stem : target;
    struct field *own = own_field(link, wanted);
    const char *candidates[] = {link->known ? link->known->name : NULL, wanted, stem,
                                arena_printf(work->arena, "%s%s", stem, declare_capital(work->arena, target)), target};

    if (own && !link->known) {
        give_way(work, link, own);
        link->name = wanted;
        return;
    }
    link->name = declare_take(work, &link->owner->taken, candidates, 5);
}

/* The other side of a relation to the entity itself: "children" of "parent". */
static const char *child_name(struct declaring *work, const struct link *link) {
    const char *rest;

    if (link->owner != link->target || strncmp(link->name, "parent", 6) != 0)
        return NULL;
    rest = arena_printf(work->arena, "child%s", link->name + 6);
    return link->unique ? rest : declare_plural(work->arena, rest);
}

/* Is LINK the one of its owner and target that the plain name is for? */
static bool is_plain(struct declaring *work, const struct link *link) {
    size_t same = 0;

    for (size_t i = 0; i < link->owner->own.count; i++)
        same += link->owner->own.at[i]->target == link->target;
    return same == 1 || strcmp(link->name, name_camel(&work->scratch, link->target->made->name)) == 0;
}

/* ENTITY as a relation to many of it is called. */
static const char *plural_of(struct declaring *work, struct declared *entity) {
    if (!entity->plural)
        entity->plural = declare_plural(work->arena, name_camel(work->arena, entity->made->name));
    return entity->plural;
}

static void name_other_side(struct declaring *work, struct link *link) {
    const char *base = link->unique ? name_camel(work->arena, link->owner->made->name) : plural_of(work, link->owner);
    const char *by = arena_printf(work->arena, "%sBy%s", base, declare_capital(work->arena, link->name));
    bool plain = is_plain(work, link);
    const char *candidates[] = {link->known_far ? link->known_far->name : NULL, child_name(work, link), plain ? base : by, by};

    link->inverse = declare_take(work, &link->target->taken, candidates, 4);
}

static void name_all(struct declaring *work, void (*name)(struct declaring *work, struct link *link)) {
    for (int round = 0; round < 2; round++) /* the known ones first */
        for (size_t i = 0; i < work->seen->entity_count; i++)
            for (size_t k = 0; k < work->entities[i].own.count; k++) {
                struct link *link = work->entities[i].own.at[k];

                if ((link->known != NULL) == (round == 0))
                    name(work, link);
            }
}

/* Order: an entity's own relations by their fields, then the other sides by owner. Only where two entities refer to one another does the
 * later one have the other side first, so that the order of declaration pairs them. */

struct side {
    const struct link *link;
    bool own;
    size_t known; /* its place in the known model; behind all of those when it is new */
    int class;
};

static bool refers_to(const struct declared *owner, const struct declared *target) {
    for (size_t i = 0; i < owner->own.count; i++)
        if (owner->own.at[i]->target == target)
            return true;
    return false;
}

static int class_of(const struct declared *entity, const struct link *link, bool own) {
    if (own)
        return 0;
    return link->owner != entity && link->owner->place < entity->place && refers_to(entity, link->owner) ? 0 : 1;
}

static size_t known_place(const struct entity *known, const struct relation *relation) {
    return relation ? (size_t)(relation - known->relations) : SIZE_MAX;
}

static int compare_sides(const void *first, const void *second) {
    const struct side *a = first, *b = second;

    if (a->known != b->known)
        return a->known < b->known ? -1 : 1;
    if (a->class != b->class)
        return a->class - b->class;
    if (a->link->sequence != b->link->sequence)
        return a->link->sequence < b->link->sequence ? -1 : 1;
    return b->own - a->own;
}

static struct side *sorted_sides(struct declaring *work, const struct declared *entity) {
    size_t count = entity->own.count + entity->others.count;
    struct side *sides = ARENA_ARRAY(&work->scratch, struct side, count);

    for (size_t i = 0; i < count; i++) {
        bool own = i < entity->own.count;
        const struct link *link = own ? entity->own.at[i] : entity->others.at[i - entity->own.count];
        const struct relation *known = own ? link->known : link->known_far;

        sides[i] = (struct side){link, own, known_place(entity->known, known), class_of(entity, link, own)};
    }
    if (count)
        qsort(sides, count, sizeof *sides, compare_sides);
    return sides;
}

/* The IR. */

/* NO ACTION is what a database does of itself; but MariaDB, which does RESTRICT and prints the other word. */
static uint8_t said_action(const struct declaring *work, uint8_t action) {
    return action == ACTION_NO_ACTION && work->target->flavor != FLAVOR_MARIADB ? ACTION_NONE : action;
}

static void make_foreign_key(struct declaring *work, const struct declared *owner, size_t index, const char *relation) {
    struct foreign_key *made = &owner->made->foreign_keys[owner->made->foreign_key_count++];
    const struct foreign_key *seen = &owner->seen->foreign_keys[index];
    const struct declared *target = map_get(&work->by_name, seen->target);

    *made = *seen;
    made->on_delete = said_action(work, seen->on_delete);
    made->on_update = said_action(work, seen->on_update);
    if (seen->name && strncmp(seen->name, "fk_", 3) == 0)
        made->name = NULL; /* declare_check() says it when it does not come by itself */
    declare_reuse_foreign_key(work, owner, seen, made);
    made->relation = relation;
    made->target = target->made->name;
    made->fields = declare_fields(work, owner, &seen->fields);
    made->target_fields = declare_fields(work, target, &seen->target_fields);
    made->set_columns = declare_fields(work, owner, &seen->set_columns);
    made->at.start = (uint32_t)index + 1;
}

static void make_own(struct declaring *work, const struct declared *entity, const struct link *link, struct relation *relation) {
    struct entity *made = entity->made;

    relation->name = link->name;
    relation->target = link->target->made->name;
    relation->inverse = link->inverse;
    relation->owner = true;
    relation->kind = link->nullable ? RELATION_OPTIONAL : RELATION_ONE;
    relation->foreign_key = made->foreign_key_count;
    make_foreign_key(work, entity, link->foreign_key, link->name);
    relation->keys = made->foreign_keys[relation->foreign_key].fields;
    made->foreign_keys[relation->foreign_key].not_unique = link->only_key;
}

static void make_other(const struct link *link, struct relation *relation) {
    relation->name = link->inverse;
    relation->target = link->owner->made->name;
    relation->inverse = link->name;
    relation->kind = link->unique ? RELATION_OPTIONAL : RELATION_MANY;
}

static void make_side(struct declaring *work, const struct declared *entity, const struct side *side, struct relation *relation) {
    const struct relation *known = side->own ? side->link->known : side->link->known_far;

    relation->comment = known ? known->comment : NULL;
    if (side->own)
        make_own(work, entity, side->link, relation);
    else
        make_other(side->link, relation);
}

static bool is_relation(const struct declared *entity, size_t foreign_key) {
    for (size_t i = 0; i < entity->own.count; i++)
        if (entity->own.at[i]->foreign_key == foreign_key)
            return true;
    return false;
}

/* A foreign key to a table that is not there can only be named. */
static void lose_foreign_key(struct declaring *work, const struct declared *entity, const struct foreign_key *key) {
    struct unsupported *lost = vec_add(work->arena, &work->unsupported);

    lost->kind = "foreign key";
    lost->name = key->name;
    lost->entity = entity->made->name;
    lost->why = arena_printf(work->arena, "it refers to \"%s\", which was not read", key->target);
}

static void make_relations(struct declaring *work, const struct declared *entity) {
    const struct side *sides = sorted_sides(work, entity);
    struct entity *made = entity->made;

    made->foreign_keys = ARENA_ARRAY(work->arena, struct foreign_key, entity->seen->foreign_key_count);
    made->foreign_key_count = 0;
    made->relation_count = entity->own.count + entity->others.count;
    made->relations = ARENA_ARRAY(work->arena, struct relation, made->relation_count);
    for (size_t i = 0; i < made->relation_count; i++)
        make_side(work, entity, &sides[i], &made->relations[i]);
    for (size_t i = 0; i < entity->seen->foreign_key_count; i++) {
        if (is_relation(entity, i))
            continue;
        if (map_get(&work->by_name, entity->seen->foreign_keys[i].target))
            make_foreign_key(work, entity, i, NULL);
        else
            lose_foreign_key(work, entity, &entity->seen->foreign_keys[i]);
    }
}

void declare_relations(struct declaring *work) {
    size_t sequence = 0;

    for (size_t i = 0; i < work->seen->entity_count; i++)
        find_links(work, &work->entities[i]);
    name_all(work, name_own_side);
    name_all(work, name_other_side);
    for (size_t i = 0; i < work->seen->entity_count; i++)
        for (size_t k = 0; k < work->entities[i].own.count; k++)
            work->entities[i].own.at[k]->sequence = sequence++;
    for (size_t i = 0; i < work->seen->entity_count; i++)
        make_relations(work, &work->entities[i]);
}

/* Pairing by order of declaration, as the language does it: the i-th relation from A to B with the i-th from B to A. */

static const char *order_key(struct declaring *work, const struct entity *entity, const struct relation *relation, size_t number) {
    return arena_printf(&work->scratch, "%s\n%s\n%zu", entity->name, relation->target, number);
}

/* Gives the relations of ENTITY to other entities their numbers. */
static void number_relations(struct declaring *work, const struct entity *entity, struct map *by_number, size_t *numbers) {
    struct map counts = {0};

    for (size_t i = 0; i < entity->relation_count; i++) {
        const struct relation *relation = &entity->relations[i];
        size_t *count = map_get(&counts, relation->target);

        if (!count) {
            count = ARENA_NEW(&work->scratch, size_t);
            map_put(&work->scratch, &counts, relation->target, count);
        }
        numbers[i] = (*count)++;
        map_put(&work->scratch, by_number, order_key(work, entity, relation, numbers[i]), relation);
    }
}

static void mark_others(struct declaring *work, struct entity *entity, const struct map *by_number, const size_t *numbers) {
    for (size_t i = 0; i < entity->relation_count; i++) {
        struct relation *relation = &entity->relations[i];
        const struct entity *target = schema_entity(work->made, relation->target);
        struct relation back = {.target = entity->name};
        const struct relation *other;

        if (!relation->owner || target == entity)
            continue;
        other = map_get(by_number, order_key(work, target, &back, numbers[i]));
        relation->explicit_inverse = !other || strcmp(other->name, relation->inverse) != 0;
    }
}

struct relation_list {
    VEC(struct relation *) list;
    size_t next;
};

static void pair_lists(struct relation_list *a, struct relation_list *b) {
    while (a->next < a->list.count && b->next < b->list.count) {
        struct relation *one = a->list.at[a->next++];

        one->explicit_inverse = strcmp(one->inverse, b->list.at[b->next++]->name) != 0;
    }
}

/* Relations to the entity itself: each list with the next single one, then an owner that is left with the next that owns nothing. */
static void mark_self(struct declaring *work, struct entity *entity) {
    struct relation_list singles = {0}, lists = {0}, owners = {0}, others = {0};

    for (size_t i = 0; i < entity->relation_count; i++) {
        struct relation *relation = &entity->relations[i];

        if (strcmp(relation->target, entity->name) == 0) {
            relation->explicit_inverse = relation->owner;
            vec_push(&work->scratch, relation->kind == RELATION_MANY ? &lists.list : &singles.list, relation);
        }
    }
    pair_lists(&singles, &lists);
    for (; singles.next < singles.list.count; singles.next++) {
        struct relation *relation = singles.list.at[singles.next];

        vec_push(&work->scratch, relation->owner ? &owners.list : &others.list, relation);
    }
    pair_lists(&owners, &others);
    for (size_t i = 0; i < singles.list.count; i++)
        if (!singles.list.at[i]->owner)
            singles.list.at[i]->explicit_inverse = false;
}

void declare_mark_inverses(struct declaring *work) {
    size_t count = work->made->entity_count;
    size_t **numbers = ARENA_ARRAY(&work->scratch, size_t *, count);
    struct map by_number = {0};

    for (size_t i = 0; i < count; i++) {
        struct entity *entity = work->made->entities[i];

        numbers[i] = ARENA_ARRAY(&work->scratch, size_t, entity->relation_count);
        mark_self(work, entity);
        if (work->known) /* else they are in an order that pairs them */
            number_relations(work, entity, &by_number, numbers[i]);
    }
    for (size_t i = 0; work->known && i < count; i++)
        mark_others(work, work->made->entities[i], &by_number, numbers[i]);
}
