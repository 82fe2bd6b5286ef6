#include "tidy.h"

#include <strings.h>

enum type_class tree_class(const struct tree_type *type) {
    static const enum type_class classes[] = {
        [TYPE_INT] = CLASS_INT,     [TYPE_BOOLEAN] = CLASS_BOOLEAN, [TYPE_FLOAT] = CLASS_FLOAT, [TYPE_DECIMAL] = CLASS_DECIMAL,
        [TYPE_STRING] = CLASS_TEXT, [TYPE_BYTES] = CLASS_BYTES,     [TYPE_DATE] = CLASS_DATE,   [TYPE_TIME_OF_DAY] = CLASS_TIME,
        [TYPE_UTC] = CLASS_STAMP,   [TYPE_CIVIL] = CLASS_STAMP,     [TYPE_ENUM] = CLASS_ENUM,
    };

    return type->native ? type->native->class : classes[type->type];
}

static bool is_number(const struct tree_type *type) {
    enum type_class class = tree_class(type);

    return class == CLASS_INT || class == CLASS_DECIMAL || class == CLASS_FLOAT;
}

static bool is_plain_int(const struct tree_field *field) {
    return field && field->type.type == TYPE_INT && !field->type.native && !field->operand;
}

/* Can an index be on FIELD? */
static bool is_indexable(const struct tree_field *field, const struct place *place) {
    if (field->type.native)
        return field->type.native->indexed;
    if (place->kind == ON_POSTGRESQL && field->operand && !field->stored)
        return false;
    return field->type.type != TYPE_BYTES || !(place->kind & ON_BOTH_MYSQL);
}

static bool may_be_key(const struct tree_field *field, const struct place *place) {
    enum field_type type = field->type.type;

    return !field->operand && (type == TYPE_INT || type == TYPE_STRING || type == TYPE_DECIMAL) && is_indexable(field, place) &&
           tree_class(&field->type) != CLASS_OTHER;
}

/* A computed field has the type of what it reads, and nothing of its own. */
static void tidy_computed(struct tree *tree, struct tree_entity *entity, struct tree_field *field, const struct place *place) {
    const struct tree_field *operand = tree_field(entity, field->operand);

    if (!operand || operand->operand || operand->generated || operand->identity || operand->type.native || operand->type.fixed ||
        (operand->type.type != TYPE_INT && operand->type.type != TYPE_STRING) || tree_is_reference(tree, entity->id, operand->id)) {
        field->operand = 0;
        return;
    }
    field->type = (struct tree_type){.type = operand->type.type};
    field->nullable = operand->nullable;
    field->key = field->generated = field->identity = false;
    field->fallback = 0;
    if (place->kind == ON_POSTGRESQL && place->target.version < 180000)
        field->stored = true;
}

static void tidy_generation(struct tree *tree, struct tree_entity *entity, struct tree_field *field, const struct place *place) {
    bool reference = tree_is_reference(tree, entity->id, field->id);

    field->nullable = field->nullable && !field->key;
    if (!is_plain_int(field) || !field->key || tree_key_count(entity) != 1 || reference)
        field->generated = false;
    if (place->kind != ON_POSTGRESQL || field->generated || field->nullable || reference || tree_class(&field->type) != CLASS_INT)
        field->identity = false;
    field->always = field->always && field->identity;
    if (!field->identity || field->key)
        field->start = 0;
    if (!(place->kind & ON_BOTH_MYSQL) || tree_class(&field->type) != CLASS_STAMP || field->type.native || field->operand)
        field->on_update = false;
}

static void tidy_default(struct tree *tree, struct tree_entity *entity, struct tree_field *field) {
    const struct native *native = field->type.native;
    struct tree_enum *values = tree_enum(tree, field->type.enumeration);

    if (field->generated || field->identity || tree_is_reference(tree, entity->id, field->id) || field->type.type == TYPE_BYTES ||
        (native && !native->defaults) || (field->type.type == TYPE_ENUM && !(values && tree_member(values, field->fallback))))
        field->fallback = 0;
}

static void tidy_field(struct tree *tree, struct tree_entity *entity, struct tree_field *field, const struct place *place) {
    if (field->type.type == TYPE_ENUM && !tree_enum(tree, field->type.enumeration))
        field->type = (struct tree_type){.type = TYPE_INT};
    if (field->operand)
        tidy_computed(tree, entity, field, place);
    if (field->key && !may_be_key(field, place))
        field->key = false;
    tidy_generation(tree, entity, field, place);
    tidy_default(tree, entity, field);
    if (field->key || tree_class(&field->type) != CLASS_TEXT || tree_is_reference(tree, entity->id, field->id) || field->operand)
        field->collation = NULL;
}

static const char *column_of(const struct tree_field *field) {
    return field->column ? field->column : field->name;
}

/* No two fields have the same column. */
static void tidy_columns(struct tree_entity *entity) {
    for (size_t i = 0; i < entity->field_count; i++)
        for (size_t k = 0; k < entity->field_count; k++)
            if (k != i && entity->fields[i].column && strcasecmp(column_of(&entity->fields[i]), column_of(&entity->fields[k])) == 0)
                entity->fields[i].column = NULL;
}

/* Every entity has a key. */
static void tidy_key(struct tree_entity *entity, const struct place *place) {
    for (size_t i = 0; i < entity->field_count && !tree_key_count(entity); i++)
        if (may_be_key(&entity->fields[i], place)) {
            entity->fields[i].key = true;
            entity->fields[i].nullable = false;
        }
    if (tree_key_count(entity))
        return;
    entity->fields[0].type = (struct tree_type){.type = TYPE_INT};
    entity->fields[0].key = true;
    entity->fields[0].nullable = false;
    entity->fields[0].operand = 0;
}

static bool part_is_good(struct tree_entity *entity, const struct tree_index *index, const struct tree_part *part,
                         const struct place *place) {
    const struct tree_field *field = tree_field(entity, part->field);

    if (!field || (!part->expression && !is_indexable(field, place)))
        return false;
    for (const struct tree_part *other = index->parts; other < part; other++)
        if (other->field == part->field)
            return false;
    return true;
}

static void tidy_part(struct tree_entity *entity, const struct tree_index *index, struct tree_part *part, const struct place *place) {
    const struct tree_field *field = tree_field(entity, part->field);

    if (index->form != INDEX_ON_ENTITY)
        part->descending = part->expression = false;
    if (place->kind == ON_MARIADB || field->type.type != TYPE_STRING || field->type.native || field->operand)
        part->expression = false;
}

/* The member of the index that keeps its rows apart, or NULL. */
static const struct tree_field *distinct_part(struct tree_entity *entity, const struct tree_index *index) {
    for (size_t i = 0; i < index->part_count; i++) {
        const struct tree_field *field = tree_field(entity, index->parts[i].field);

        if (field && tree_is_distinct(field) && !field->operand)
            return field;
    }
    return NULL;
}

/* What only a constraint or a unique index of PostgreSQL has. Sample rows have many NULLs, which would be the same. */
static void tidy_unique(struct tree_entity *entity, struct tree_index *index, const struct place *place) {
    bool postgresql = place->kind == ON_POSTGRESQL && index->unique;

    index->deferrable = index->deferrable && postgresql && index->form == INDEX_CONSTRAINT;
    index->not_distinct = index->not_distinct && postgresql && index->form != INDEX_ON_FIELDS && !distinct_part(entity, index)->nullable;
}

static void tidy_index(struct tree_entity *entity, struct tree_index *index, const struct place *place) {
    for (size_t i = 0; i < index->part_count;) {
        if (tree_field(entity, index->parts[i].field))
            tidy_part(entity, index, &index->parts[i], place);
        if (part_is_good(entity, index, &index->parts[i], place))
            i++;
        else
            tree_remove(index->parts, index->part_count, i);
    }
    if (index->form != INDEX_ON_ENTITY || !(place->kind & (ON_SQLITE | ON_POSTGRESQL)) || !tree_field(entity, index->where))
        index->where = 0;
    index->unique = index->part_count && (index->unique || index->form == INDEX_CONSTRAINT) && distinct_part(entity, index);
    if (index->form == INDEX_CONSTRAINT && !index->unique)
        index->form = INDEX_ON_ENTITY;
    tidy_unique(entity, index, place);
    if (place->kind != ON_POSTGRESQL || index->form != INDEX_ON_ENTITY || index->unique || index->part_count != 1 ||
        index->parts[0].descending)
        index->hash = false;
    if (place->kind != ON_POSTGRESQL || index->form != INDEX_ON_ENTITY || index->hash || !tree_field(entity, index->include) ||
        tree_field(entity, index->include)->operand)
        index->include = 0;
    for (size_t i = 0; i < index->part_count; i++)
        if (index->parts[i].field == index->include)
            index->include = 0;
}

static bool check_is_good(struct tree *tree, struct tree_entity *entity, const struct tree_check *check) {
    const struct tree_field *field = tree_field(entity, check->field);

    return field && !field->generated && !field->operand && !tree_is_reference(tree, entity->id, field->id) &&
           (is_number(&field->type) || (field->type.type == TYPE_STRING && tree_class(&field->type) == CLASS_TEXT));
}

static void tidy_entity_objects(struct tree *tree, struct tree_entity *entity, const struct place *place) {
    for (size_t i = 0; i < entity->index_count;) {
        tidy_index(entity, &entity->indexes[i], place);
        if (entity->indexes[i].part_count)
            i++;
        else
            tree_remove(entity->indexes, entity->index_count, i);
    }
    for (size_t i = 0; i < entity->check_count;)
        if (check_is_good(tree, entity, &entity->checks[i]))
            i++;
        else
            tree_remove(entity->checks, entity->check_count, i);
}

static bool is_related(const struct tree *tree, unsigned entity) {
    for (size_t i = 0; i < tree->relation_count; i++)
        if (tree->relations[i].owner == entity || tree->relations[i].target == entity)
            return true;
    for (size_t i = 0; i < tree->foreign_key_count; i++)
        if (tree->foreign_keys[i].owner == entity || tree->foreign_keys[i].target == entity)
            return true;
    return false;
}

static void tidy_table(struct tree *tree, struct tree_entity *entity, const struct place *place) {
    const struct tree_field *key = tree_single_key(entity);

    if (place->kind != ON_SQLITE)
        entity->strict = entity->without_rowid = false;
    if (key && key->generated)
        entity->without_rowid = false;
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].type.native && !entity->fields[i].type.native->strict)
            entity->strict = false;
    if (place->kind != ON_POSTGRESQL) {
        entity->unlogged = false;
        entity->namespace = entity->key_name = NULL;
    }
    entity->unlogged = entity->unlogged && !is_related(tree, entity->id);
    if (!(place->kind & ON_BOTH_MYSQL))
        entity->row_format = entity->collation = NULL;
    if (is_related(tree, entity->id))
        entity->collation = NULL;
}

/* A foreign key that is a declared field. */
static bool key_is_good(struct tree *tree, const struct tree_relation *relation) {
    struct tree_entity *owner = tree_entity(tree, relation->owner);
    const struct tree_field *field = tree_field(owner, relation->key);
    const struct tree_field *key = tree_single_key(tree_entity(tree, relation->target));

    if (!is_plain_int(field) || !is_plain_int(key) || field->generated || field->identity || tree_is_read(owner, relation->key))
        return false;
    for (size_t i = 0; i < tree->relation_count && &tree->relations[i] != relation; i++)
        if (tree->relations[i].owner == owner->id && tree->relations[i].key == relation->key)
            return false;
    for (size_t i = 0; i < tree->foreign_key_count; i++)
        if (tree->foreign_keys[i].owner == owner->id && tree->foreign_keys[i].field == relation->key)
            return false;
    return owner->id != relation->target || field->id != key->id;
}

static bool relation_is_good(struct tree *tree, const struct tree_relation *relation) {
    if (!tree_entity(tree, relation->owner) || !tree_entity(tree, relation->target))
        return false;
    for (const struct tree_relation *other = tree->relations; other < relation; other++)
        if (other->owner == relation->target && other->target == relation->owner && other->owner != other->target)
            return false;
    return true;
}

static void tidy_actions(struct tree_relation *relation, const struct place *place) {
    if (!relation->optional && relation->on_delete == ACTION_SET_NULL)
        relation->on_delete = ACTION_CASCADE;
    if (!relation->optional && relation->on_update == ACTION_SET_NULL)
        relation->on_update = ACTION_CASCADE;
    if (place->kind & ON_BOTH_MYSQL)
        relation->deferrable = DEFERRABLE_NOT;
}

static void tidy_relation(struct tree *tree, struct tree_relation *relation, const struct place *place) {
    struct tree_entity *owner = tree_entity(tree, relation->owner);
    struct tree_entity *target = tree_entity(tree, relation->target);

    if (relation->key && !key_is_good(tree, relation))
        relation->key = 0;
    if (target >= owner && !(relation->key && tree_field(owner, relation->key)->key))
        relation->optional = true;
    if (relation->key && tree_field(owner, relation->key)->key)
        relation->optional = false;
    if (relation->key) {
        tree_field(owner, relation->key)->nullable = relation->optional;
        tree_field(owner, relation->key)->fallback = 0;
    }
    relation->paired = relation->paired || owner == target;
    tidy_actions(relation, place);
}

/* Is the field TO of ENTITY the whole key, or alone in a unique index? */
static bool is_referable(struct tree_entity *entity, const struct tree_field *to) {
    if (tree_single_key(entity) == to)
        return true;
    for (size_t i = 0; i < entity->index_count; i++) {
        const struct tree_index *index = &entity->indexes[i];

        if (index->form == INDEX_CONSTRAINT && index->part_count == 1 && index->parts[0].field == to->id)
            return true;
    }
    return false;
}

static bool foreign_key_is_good(struct tree *tree, const struct tree_foreign_key *key) {
    struct tree_entity *owner = tree_entity(tree, key->owner);
    struct tree_entity *target = tree_entity(tree, key->target);
    struct tree_field *field = owner ? tree_field(owner, key->field) : NULL;
    struct tree_field *to = target ? tree_field(target, key->to) : NULL;

    if (!is_plain_int(field) || !is_plain_int(to) || field == to || target > owner || field->generated || field->identity)
        return false;
    for (const struct tree_foreign_key *other = tree->foreign_keys; other < key; other++)
        if (other->owner == key->owner && other->field == key->field)
            return false;
    return !to->nullable && is_referable(target, to) && !tree_is_read(owner, key->field);
}

static void tidy_references(struct tree *tree, const struct place *place) {
    for (size_t i = 0; i < tree->foreign_key_count;)
        if (foreign_key_is_good(tree, &tree->foreign_keys[i]))
            i++;
        else
            tree_remove(tree->foreign_keys, tree->foreign_key_count, i);
    for (size_t i = 0; i < tree->relation_count;)
        if (relation_is_good(tree, &tree->relations[i]))
            tidy_relation(tree, &tree->relations[i++], place);
        else
            tree_remove(tree->relations, tree->relation_count, i);
}

void tree_tidy(struct tree *tree, const struct place *place) {
    for (size_t i = 0; i < tree->enum_count; i++)
        if (place->kind != ON_POSTGRESQL)
            tree->enums[i].type_name = NULL;
    for (size_t i = tree->entity_count; i-- > 0;)
        if (!tree->entities[i].field_count)
            tree_remove(tree->entities, tree->entity_count, i);
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < tree->entity_count; i++) {
            struct tree_entity *entity = &tree->entities[i];

            tidy_key(entity, place);
            tidy_columns(entity);
            for (size_t k = 0; k < entity->field_count; k++)
                tidy_field(tree, entity, &entity->fields[k], place);
            tidy_key(entity, place);
            tidy_entity_objects(tree, entity, place);
            tidy_table(tree, entity, place);
        }
        tidy_references(tree, place);
    }
}
