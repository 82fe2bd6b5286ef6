#include <string.h>

#include "validate_internal.h"

/* Relation fields, their groups and their partners. */

/* Ballerina's order of declaration counts for each pair of entities. */
static void add_to_group(struct checker *check, struct checked_entity *entity, struct checked_relation *relation) {
    const char *name = relation->target->ast->name;
    struct relation_group *group = map_get(&entity->by_target, name);

    if (!group) {
        group = ARENA_NEW(check->arena, struct relation_group);
        map_put(check->arena, &entity->by_target, name, group);
    }
    relation->order = group->sides.count;
    vec_push(check->arena, &group->sides, relation);
}

static void add_relation(struct checker *check, struct checked_entity *entity, struct checked_field *field) {
    struct checked_relation *relation = ARENA_NEW(check->arena, struct checked_relation);

    relation->entity = entity;
    relation->field = field->ast;
    relation->target = map_get(&check->entity_by_name, field->ast->type.name);
    relation->named = field->db ? ast_annotation_find(&field->ast->metadata, "db:Inverse") : NULL;
    field->relation = relation;
    entity->relations[entity->relation_count++] = relation;
    if (check->strict)
        add_to_group(check, entity, relation);
}

static void add_relations(struct checker *check, struct checked_entity *entity) {
    entity->relations = ARENA_ARRAY(check->arena, struct checked_relation *, entity->field_count);
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i]->sort == FIELD_RELATION)
            add_relation(check, entity, entity->fields[i]);
}

static struct relation_group *group_behind(const struct checked_relation *relation) {
    return map_get(&relation->target->by_target, relation->entity->ast->name);
}

/* Ballerina's way: the i-th field of type B in A belongs to the i-th of type A in B. */
static void pair_by_order(struct checked_entity *entity) {
    for (size_t i = 0; i < entity->relation_count; i++) {
        struct checked_relation *relation = entity->relations[i];
        struct relation_group *other = group_behind(relation);

        if (relation->target != entity && other && relation->order < other->sides.count)
            relation->inverse = other->sides.at[relation->order];
    }
}

/* The relation of ours that FOUND speaks of, or NULL when its field does not count. */
static struct checked_relation *counterpart(struct checker *check, const struct ast_relation *found) {
    const struct checked_entity *entity = &check->entities[found->entity];

    return entity->all ? entity->all[found->field].relation : NULL;
}

/* Our way, the one that lowering goes. */
static void pair_as_lowered(struct checker *check) {
    struct ast_relations found;

    ast_pair_relations(check->arena, check->tree, &found);
    for (size_t i = 0; i < check->tree->entities.count; i++)
        for (size_t j = 0; j < found.count[i]; j++) {
            const struct ast_relation *side = &found.of_entity[i][j];
            struct checked_relation *relation = counterpart(check, side);

            if (!relation || !side->inverse)
                continue;
            relation->inverse = counterpart(check, side->inverse);
            relation->owner = side->owner;
        }
}

const struct ast_annotation *check_marker(const struct checked_relation *relation) {
    return ast_annotation_find(&relation->field->metadata, "sql:Relation");
}

const char *check_path(struct checker *check, const struct checked_relation *relation) {
    return arena_printf(check->arena, "%s.%s", relation->entity->ast->name, relation->field->name);
}

/* Reports CODE at both sides in strict mode, else at A with a note to B. */
static void report_pair(struct checker *check, const struct checked_relation *a, int code, const char *theirs, const char *ours) {
    check_report(check, check_place(check, a->field), code, theirs, ours);
    if (check->strict)
        check_report(check, check_place(check, a->inverse->field), code, theirs, ours);
    else
        diag_note(check->diag, check->source, a->inverse->field->core_at, "the other side is here");
}

struct names check_relation_keys(struct checker *check, const struct checked_relation *relation) {
    const struct ast_annotation *annotation = check_marker(relation);

    return check_strings(check, annotation ? ast_argument(annotation, "keys") : NULL);
}

bool check_contains(const struct names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->at[i], name) == 0)
            return true;
    return false;
}

/* The name of the foreign key column for KEY: "homeAddress" and "id" give "homeaddressId". */
static const char *derived_name(struct checker *check, const struct checked_relation *owner, const struct checked_field *key) {
    size_t length = strlen(owner->field->name);
    size_t key_length = strlen(key->ast->name);
    char *name = arena_alloc(check->arena, length + key_length + 1);
    char *tail = name + length;

    memcpy(name, check_lower(check, owner->field->name), length);
    memcpy(tail, key->ast->name, key_length + 1);
    if (*tail >= 'a' && *tail <= 'z')
        *tail = (char)(*tail - 'a' + 'A');
    return name;
}

static void report_derived(struct checker *check, const struct checked_relation *owner, const struct ast_field *field) {
    check_report(
        check, check_place(check, field), 422,
        arena_printf(check->arena, "the entity should not contain foreign key field '%s' for relation '%s'", field->name,
                     owner->target->ast->name),
        arena_printf(check->arena, "field \"%s\" has the name of the foreign key column of \"%s\"", field->name, check_path(check, owner)));
    if (check->strict)
        return;
    diag_hint(check->diag, "if it is that column, write @sql:Relation {keys: [\"%s\"]} before \"%s\"; else rename it", field->name,
              owner->field->name);
    diag_note(check->diag, check->source, owner->field->core_at, "the relation is here");
}

/* No plain field may have the name of a foreign key column that OWNER brings; for Ballerina, not even of one that it would bring. */
static void check_derived(struct checker *check, struct checked_relation *owner) {
    struct names keys = check_relation_keys(check, owner);

    if (!check->strict && keys.count)
        return;
    for (size_t i = 0; i < owner->target->key_count; i++) {
        const char *name = derived_name(check, owner, owner->target->keys[i]);
        const struct checked_field *field = check_field(check, owner->entity, name);

        if (!keys.count && !map_put(check->arena, &owner->entity->derived, name, owner))
            vec_push(check->arena, &owner->entity->derived_list, ((struct derived_column){name, owner}));
        if (field && field->sort == FIELD_PLAIN && !check_contains(&keys, name))
            report_derived(check, owner, field->ast);
    }
}

static void check_one_to_one(struct checker *check, struct checked_relation *a) {
    struct checked_relation *b = a->inverse;
    bool both = a->field->type.nilable && b->field->type.nilable;

    if (!a->field->type.nilable && !b->field->type.nilable) {
        report_pair(check, a, 404,
                    "1-1 relationship should have at least one relation field nillable to indicate non-owner of the relationship",
                    arena_printf(check->arena, "1-1 relation between \"%s\" and \"%s\" has no optional side", check_path(check, a),
                                 check_path(check, b)));
        if (!check->strict)
            diag_hint(check->diag, "write \"?\" behind the type of the side that does not hold the foreign key");
        return;
    }
    if (both && (check->strict || !check_marker(a) == !check_marker(b))) {
        report_pair(
            check, a, 405, "1-1 relationship should have only one nillable relation field",
            arena_printf(check->arena, "1-1 relation between \"%s\" and \"%s\" has no owner", check_path(check, a), check_path(check, b)));
        if (!check->strict)
            diag_hint(check->diag, "write @sql:Relation {} before the side that holds the foreign key, and there alone");
        return;
    }
    check_derived(check, both ? (check_marker(a) ? a : b) : a->field->type.nilable ? b : a);
}

static void check_nilable_side(struct checker *check, const struct checked_relation *side) {
    if (!side->field->type.nilable || (!check->strict && !side->field->type.array))
        return;
    check_report(check, check_place(check, side->field), 406, "1-n relationship does not support nillable relation field",
                 arena_printf(check->arena, "\"%s\" is the many side and cannot be null", check_path(check, side)));
    if (!check->strict)
        diag_hint(check->diag, "leave the \"?\" out: a list may be empty");
}

static void check_pair(struct checker *check, struct checked_relation *a) {
    struct checked_relation *b = a->inverse;

    if (!a->field->type.array && !b->field->type.array) {
        check_one_to_one(check, a);
    } else if (a->field->type.array && b->field->type.array) {
        report_pair(
            check, a, 420, "many-to-many relation is not supported yet",
            arena_printf(check->arena, "\"%s\" and \"%s\" are a many-to-many relation", check_path(check, a), check_path(check, b)));
        if (!check->strict)
            diag_hint(check->diag, "write an entity between them, with a 1-n relation to each");
    } else {
        check_nilable_side(check, a);
        check_nilable_side(check, b);
        check_derived(check, a->field->type.array ? b : a);
    }
}

static void report_alone(struct checker *check, const struct checked_relation *relation) {
    const char *target = relation->target->ast->name;
    const char *entity = relation->entity->ast->name;

    check_report(
        check, check_place(check, relation->field), 402,
        arena_printf(check->arena, "the related entity '%s' does not have the corresponding relation field", target),
        arena_printf(check->arena, "entity \"%s\" has no field for the other side of \"%s\"", target, check_path(check, relation)));
    if (check->strict)
        return;
    if (relation->field->type.array || relation->field->type.nilable)
        diag_hint(check->diag, "add a field of the type \"%s\" to \"%s\"", entity, target);
    else
        diag_hint(check->diag, "add to \"%s\": %s[] …; for a 1-n relation, %s? …; for a 1-1 relation", target, entity, entity);
    diag_note(check->diag, check->source, relation->target->ast->name_at, "the related entity is declared here");
}

/* Does the relation of a pair say clearly on which side its foreign key is? */
static bool has_owner(const struct checked_relation *a) {
    const struct ast_type *one = &a->field->type;
    const struct ast_type *two = &a->inverse->field->type;

    if (one->array != two->array)
        return !one->nilable && !two->nilable;
    return !one->array && one->nilable != two->nilable;
}

static bool owns(const struct checked_relation *a) {
    return !a->field->type.array && (a->inverse->field->type.array || !a->field->type.nilable);
}

/* Several relations between the same two entities have the same owner: Ballerina's rule alone, databases hold foreign keys both ways. */
static void check_same_owner(struct checker *check, const struct relation_group *group) {
    size_t count = group->sides.count;
    size_t owners = 0;

    for (size_t i = 0; i < count; i++) {
        const struct checked_relation *side = group->sides.at[i];

        if (!side->inverse || !has_owner(side))
            return;
        owners += owns(side);
    }
    if (group_behind(group->sides.at[0])->sides.count != count || owners == 0 || owners == count)
        return;
    for (size_t i = 0; i < count; i++)
        report_pair(check, group->sides.at[i], 403, "All relation between two entities should have a single owner", "");
}

/* Is SIDE the one of its pair that is looked at? The one that stands first. */
static bool is_first(const struct checked_relation *side) {
    return side->field->at.start < side->inverse->field->at.start;
}

static void check_relation(struct checker *check, struct checked_relation *relation) {
    if (check->strict && relation->target == relation->entity)
        check_report(check, check_place(check, relation->field), 401, "an entity cannot reference itself in a relation field", "");
    else if (!relation->inverse && (check->strict || !relation->named)) /* a wrong name is reported as that */
        report_alone(check, relation);
    else if (relation->inverse && is_first(relation))
        check_pair(check, relation);
}

/* The group of RELATION when it is the one to begin with: each group of a pair of entities is looked at once. */
static const struct relation_group *group_of(const struct checked_relation *relation) {
    if (relation->order || !relation->inverse || !is_first(relation))
        return NULL;
    return map_get(&relation->entity->by_target, relation->target->ast->name);
}

static void check_entity_relations(struct checker *check, const struct checked_entity *entity) {
    for (size_t i = 0; i < entity->relation_count; i++) {
        struct checked_relation *relation = entity->relations[i];
        const struct relation_group *group = check->strict ? group_of(relation) : NULL;

        check_relation(check, relation);
        if (group && group->sides.count > 1)
            check_same_owner(check, group);
    }
}

void check_relations(struct checker *check) {
    size_t count = check->tree->entities.count;

    for (size_t i = 0; i < count; i++)
        add_relations(check, &check->entities[i]);
    for (size_t i = 0; check->strict && i < count; i++)
        pair_by_order(&check->entities[i]);
    if (!check->strict)
        pair_as_lowered(check);
    for (size_t i = 0; i < count; i++)
        check_entity_relations(check, &check->entities[i]);
}
