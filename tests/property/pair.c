#include <string.h>
#include <strings.h>

#include "tidy.h"

enum { TEXT_ROOM = 60, NUMBER_ROOM = 10 };

/* The length of a text type; 0 of one without a limit. */
static unsigned room(const struct tree_type *type) {
    if (type->native)
        return type->native->type == TYPE_STRING && strchr(type->native->sql, '(') ? 36 : 0;
    return type->length ? type->length : 191;
}

static bool fits_text(enum type_class from, const struct tree_type *to) {
    unsigned length = room(to);

    if (from == CLASS_TEXT)
        return true;
    if (from == CLASS_BYTES || from == CLASS_OTHER)
        return false;
    return !length || length >= (from == CLASS_INT ? (unsigned)NUMBER_ROOM : (unsigned)TEXT_ROOM);
}

/* Can the sample values of FROM become TO, each another one where UNIQUE? A fraction as text is not written alike everywhere, so what
 * refers to it would not find it. */
static bool is_castable(const struct tree_type *from, const struct tree_type *to, bool unique) {
    enum type_class old = tree_class(from), new = tree_class(to);

    if (new == CLASS_TEXT)
        return fits_text(old, to) && !(unique && (old == CLASS_DECIMAL || old == CLASS_FLOAT));
    if (old == CLASS_OTHER || old == CLASS_ENUM)
        return old == new && from->native == to->native && from->enumeration == to->enumeration;
    if (old == new)
        return true;
    switch (old) {
    case CLASS_INT:
        return new == CLASS_DECIMAL || new == CLASS_FLOAT;
    case CLASS_DECIMAL:
        return new == CLASS_INT || new == CLASS_FLOAT;
    case CLASS_FLOAT:
        return !unique && (new == CLASS_INT || new == CLASS_DECIMAL);
    case CLASS_BOOLEAN:
        return new == CLASS_INT && !to->native;
    case CLASS_DATE:
        return new == CLASS_STAMP;
    case CLASS_STAMP:
        return !unique && new == CLASS_DATE;
    case CLASS_TEXT:
    case CLASS_BYTES:
    case CLASS_TIME:
    case CLASS_ENUM:
    case CLASS_OTHER:
        return false;
    }
    return false;
}

/* Did ENTITY have FIELD, with values that still differ from row to row? */
static bool keeps_rows_apart(struct tree_entity *before, const struct tree_field *field) {
    const struct tree_field *old = tree_field(before, field->id);

    return old && tree_is_distinct(old) && tree_is_distinct(field) && !old->operand && !field->operand &&
           !(old->nullable && !field->nullable) && is_castable(&old->type, &field->type, true);
}

static void settle_field(struct tree_entity *before, struct tree_entity *after, struct tree_field *field) {
    const struct tree_field *old = tree_field(before, field->id);
    bool unique = tree_is_unique(before, field->id) || tree_is_unique(after, field->id);

    if (!old)
        return;
    if (!old->operand != !field->operand || (!field->operand && !is_castable(&old->type, &field->type, unique))) {
        field->operand = old->operand;
        field->type = old->type;
        field->stored = old->stored;
    }
    if (old->nullable && (unique || tree_class(&old->type) != tree_class(&field->type))) {
        field->key = field->key && !tree_is_unique(before, field->id) && tree_class(&old->type) == tree_class(&field->type);
        field->nullable = !field->key;
    }
}

static bool key_holds(struct tree_entity *before, struct tree_entity *after) {
    for (size_t i = 0; i < after->field_count; i++)
        if (after->fields[i].key && keeps_rows_apart(before, &after->fields[i]))
            return true;
    return false;
}

static struct tree_field *field_called(struct tree_entity *entity, const char *name) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (strcasecmp(entity->fields[i].name, name) == 0)
            return &entity->fields[i];
    return NULL;
}

/* Makes room for a field called NAME: who took the name gets its old one back, or goes when it is new. */
static void free_name(struct tree_entity *before, struct tree_entity *after, const char *name) {
    struct tree_field *taker;

    for (int step = 0; step < TREE_FIELDS && (taker = field_called(after, name)); step++) {
        const struct tree_field *old = tree_field(before, taker->id);

        if (!old || strcasecmp(old->name, name) == 0) {
            tree_remove(after->fields, after->field_count, (size_t)(taker - after->fields));
            continue;
        }
        taker->name = "";
        free_name(before, after, old->name);
        taker = field_called(after, "");
        taker->name = old->name;
    }
}

static void bring_back(struct tree_entity *before, struct tree_entity *after, const struct tree_field *field) {
    free_name(before, after, field->name);
    if (after->field_count == TREE_FIELDS)
        after->field_count--;
    after->fields[after->field_count++] = *field;
}

/* Gives AFTER the key of BEFORE when no field of its own keeps the rows apart. */
static void settle_key(struct tree_entity *before, struct tree_entity *after) {
    if (key_holds(before, after))
        return;
    for (size_t i = 0; i < after->field_count; i++) {
        const struct tree_field *old = tree_field(before, after->fields[i].id);
        struct tree_field field = after->fields[i];

        field.key = old && old->key;
        if (field.key) {
            field = *old;
            field.name = after->fields[i].name;
            field.column = after->fields[i].column;
        }
        after->fields[i] = field;
    }
    for (size_t i = 0; i < before->field_count; i++)
        if (before->fields[i].key && !tree_field(after, before->fields[i].id))
            bring_back(before, after, &before->fields[i]);
}

static void settle_index(struct tree_entity *before, struct tree_entity *after, struct tree_index *index) {
    bool good = false;

    for (size_t i = 0; i < index->part_count; i++) {
        const struct tree_field *field = tree_field(after, index->parts[i].field);

        if (field &&
            (keeps_rows_apart(before, field) || (!tree_field(before, field->id) && field->nullable && !field->operand && !field->fallback)))
            good = true;
    }
    if (good)
        return;
    index->unique = false;
    if (index->form == INDEX_CONSTRAINT)
        index->form = INDEX_ON_ENTITY;
}

static bool same_key(struct tree_entity *before, struct tree_entity *after) {
    if (tree_key_count(before) != tree_key_count(after))
        return false;
    for (size_t i = 0; i < after->field_count; i++) {
        const struct tree_field *old = tree_field(before, after->fields[i].id);

        if (after->fields[i].key && !(old && old->key))
            return false;
    }
    return true;
}

/* Do the rows of the entity ID have numbers as their key, 1 in the first, before and after? */
static bool has_first_row(struct tree *before, struct tree *after, unsigned id) {
    struct tree_entity *old = tree_entity(before, id);
    struct tree_entity *new = tree_entity(after, id);
    struct tree_field *old_key = old ? tree_single_key(old) : NULL;
    struct tree_field *new_key = tree_single_key(new);

    return old_key && new_key && old_key->id == new_key->id && old_key->type.type == TYPE_INT && new_key->type.type == TYPE_INT &&
           !old_key->type.native && !new_key->type.native;
}

/* May the field ID of OWNER become a foreign key to a table that is there already? */
static bool may_refer(struct tree *before, unsigned owner, unsigned field, unsigned target) {
    struct tree_entity *old_owner = tree_entity(before, owner);
    const struct tree_field *old = old_owner ? tree_field(old_owner, field) : NULL;

    if (!tree_entity(before, target))
        return !old_owner;
    return !old || (tree_class(&old->type) == CLASS_INT && !old->type.native && !old->operand);
}

static void settle_relation(struct tree *before, struct tree *after, struct tree_relation *relation) {
    const struct tree_relation *old = tree_relation(before, relation->id);
    struct tree_entity *old_target = tree_entity(before, relation->target);
    bool stricter = !old || (old->optional && !relation->optional) || old->key != relation->key;

    if (!tree_entity(before, relation->owner))
        return;
    if (relation->key && stricter &&
        !(may_refer(before, relation->owner, relation->key, relation->target) && has_first_row(before, after, relation->target)))
        relation->key = 0;
    if (relation->optional)
        return;
    if (old && !stricter && old_target && same_key(old_target, tree_entity(after, relation->target)))
        return;
    if (!relation->many || (old && !old->many) || !has_first_row(before, after, relation->target))
        relation->optional = true;
}

static bool foreign_key_holds(struct tree *before, struct tree *after, const struct tree_foreign_key *key) {
    struct tree_entity *target = tree_entity(before, key->target);
    const struct tree_field *to = target ? tree_field(target, key->to) : NULL;
    const struct tree_foreign_key *old = tree_foreign_key(before, key->id);

    (void)after;
    if (!tree_entity(before, key->owner))
        return true;
    if (old && old->to == key->to && old->field == key->field)
        return true;
    return to && tree_class(&to->type) == CLASS_INT && !to->type.native && !to->operand && !to->nullable &&
           may_refer(before, key->owner, key->field, key->target);
}

/* Members of the enum that rows may hold stay. */
static void settle_enum(struct tree_enum *before, struct tree_enum *after) {
    for (size_t i = 0; i < before->member_count; i++) {
        if (tree_member(after, before->members[i].id))
            continue;
        if (after->member_count == TREE_MEMBERS)
            after->member_count--;
        after->members[after->member_count++] = before->members[i];
    }
}

/* Is there a field of the enum ID on both sides? */
static bool enum_is_kept(struct tree *before, struct tree *after, unsigned id) {
    for (size_t i = 0; i < before->entity_count; i++) {
        struct tree_entity *entity = tree_entity(after, before->entities[i].id);

        for (size_t k = 0; entity && k < before->entities[i].field_count; k++) {
            const struct tree_field *field = &before->entities[i].fields[k];

            if (field->type.type == TYPE_ENUM && field->type.enumeration == id && tree_field(entity, field->id))
                return true;
        }
    }
    return false;
}

static void settle_enums(struct tree *before, struct tree *after) {
    for (size_t i = 0; i < before->enum_count; i++) {
        struct tree_enum *old = &before->enums[i];
        struct tree_enum *new = tree_enum(after, old->id);

        if (!enum_is_kept(before, after, old->id))
            continue;
        if (new)
            settle_enum(old, new);
        else if (after->enum_count < TREE_ENUMS)
            after->enums[after->enum_count++] = *old;
    }
}

static void settle_entity(struct tree_entity *before, struct tree_entity *after) {
    settle_key(before, after);
    for (size_t i = 0; i < after->field_count; i++)
        settle_field(before, after, &after->fields[i]);
    for (size_t i = 0; i < after->index_count; i++)
        if (after->indexes[i].unique)
            settle_index(before, after, &after->indexes[i]);
}

static struct tree_entity *entity_called(struct tree *tree, const char *name) {
    for (size_t i = 0; i < tree->entity_count; i++)
        if (strcasecmp(tree->entities[i].name, name) == 0)
            return &tree->entities[i];
    return NULL;
}

/* A name that another thing had goes to things that are renamed, not to new ones: the language asks for that. */
static void drop_ambiguous_fields(struct tree_entity *before, struct tree_entity *after) {
    for (size_t i = after->field_count; i-- > 0;)
        if (!tree_field(before, after->fields[i].id) && field_called(before, after->fields[i].name))
            tree_remove(after->fields, after->field_count, i);
}

static void drop_ambiguous_members(struct tree_enum *before, struct tree_enum *after) {
    for (size_t i = after->member_count; i-- > 0;)
        for (size_t k = 0; k < before->member_count && !tree_member(before, after->members[i].id); k++)
            if (strcmp(before->members[k].name, after->members[i].name) == 0) {
                tree_remove(after->members, after->member_count, i);
                break;
            }
}

static void drop_ambiguous(struct tree *before, struct tree *after) {
    for (size_t i = after->entity_count; i-- > 0;) {
        struct tree_entity *old = tree_entity(before, after->entities[i].id);

        if (old)
            drop_ambiguous_fields(old, &after->entities[i]);
        else if (entity_called(before, after->entities[i].name))
            tree_remove(after->entities, after->entity_count, i);
    }
    for (size_t i = 0; i < after->enum_count; i++) {
        struct tree_enum *old = tree_enum(before, after->enums[i].id);

        if (old)
            drop_ambiguous_members(old, &after->enums[i]);
    }
}

/* A 1-1 relation makes its foreign key unique, so no rows of it can be filled alike. */
static void settle_shared_keys(struct tree *before, struct tree *after) {
    for (size_t i = 0; i < before->relation_count; i++) {
        const struct tree_relation *relation = &before->relations[i];
        struct tree_entity *owner = relation->key && !relation->many ? tree_entity(after, relation->owner) : NULL;
        struct tree_field *field = owner ? tree_field(owner, relation->key) : NULL;

        if (field && relation->optional && !field->nullable) {
            field->key = false;
            field->nullable = true;
        }
    }
}

void pair_tidy(struct tree *before, struct tree *after, const struct place *place) {
    tree_tidy(before, place);
    for (int round = 0; round < 3; round++) {
        drop_ambiguous(before, after);
        settle_enums(before, after);
        tree_tidy(after, place);
        for (size_t i = 0; i < after->entity_count; i++) {
            struct tree_entity *old = tree_entity(before, after->entities[i].id);

            if (old)
                settle_entity(old, &after->entities[i]);
        }
        settle_shared_keys(before, after);
        for (size_t i = 0; i < after->relation_count; i++)
            settle_relation(before, after, &after->relations[i]);
        for (size_t i = 0; i < after->foreign_key_count;)
            if (foreign_key_holds(before, after, &after->foreign_keys[i]))
                i++;
            else
                tree_remove(after->foreign_keys, after->foreign_key_count, i);
    }
    tree_tidy(after, place);
}
