#include <string.h>

#include "make.h"

/* One step from a model to the next, in the words of a person: each edit picks what it works on, and does nothing when there is none. */

struct edit {
    struct maker *maker;
    struct tree *tree;
    struct tree_entity *entity; /* picked at random */
    struct tree_field *field;   /* of it */
};

static size_t below(struct edit *edit, size_t limit) {
    return random_below(&edit->maker->random, limit);
}

static bool chance(struct edit *edit, unsigned percent) {
    return random_chance(&edit->maker->random, percent);
}

static void swap_names(const char **a, const char **b) {
    const char *name = *a;

    *a = *b;
    *b = name;
}

static void add_entity(struct edit *edit) {
    make_entity(edit->maker, edit->tree);
}

static void drop_entity(struct edit *edit) {
    if (edit->tree->entity_count > 1)
        tree_remove(edit->tree->entities, edit->tree->entity_count, (size_t)(edit->entity - edit->tree->entities));
}

static void rename_entity(struct edit *edit) {
    edit->entity->name = make_name(edit->maker, true);
}

static void swap_entities(struct edit *edit) {
    struct tree_entity *other = &edit->tree->entities[below(edit, edit->tree->entity_count)];

    swap_names(&edit->entity->name, &other->name);
    if (chance(edit, 50))
        swap_names(&edit->entity->table, &other->table);
}

static void rename_table(struct edit *edit) {
    edit->entity->table = make_column(edit->maker);
}

static void move_table(struct edit *edit) {
    edit->entity->namespace = edit->entity->namespace ? NULL : "billing";
}

static void change_table(struct edit *edit) {
    struct tree_entity *entity = edit->entity;

    switch (below(edit, 6)) {
    case 0:
        entity->strict = !entity->strict;
        break;
    case 1:
        entity->without_rowid = !entity->without_rowid;
        break;
    case 2:
        entity->unlogged = !entity->unlogged;
        break;
    case 3:
        entity->collation = make_collation(edit->maker, true);
        break;
    case 4:
        entity->row_format = entity->row_format ? NULL : "DYNAMIC";
        break;
    case 5:
        entity->comment = make_comment(edit->maker);
        break;
    }
}

static void add_field(struct edit *edit) {
    make_field(edit->maker, edit->tree, edit->entity);
}

static void drop_field(struct edit *edit) {
    struct tree_entity *entity = edit->entity;

    if (entity->field_count > 1)
        tree_remove(entity->fields, entity->field_count, (size_t)(edit->field - entity->fields));
}

static void rename_field(struct edit *edit) {
    edit->field->name = make_name(edit->maker, false);
}

static void rename_column(struct edit *edit) {
    edit->field->column = make_column(edit->maker);
}

static void swap_fields(struct edit *edit) {
    struct tree_field *other = &edit->entity->fields[below(edit, edit->entity->field_count)];

    swap_names(&edit->field->name, &other->name);
    if (chance(edit, 30))
        swap_names(&edit->field->column, &other->column);
}

/* The name of a field that goes is taken by another. */
static void replace_field(struct edit *edit) {
    struct tree_field *other = &edit->entity->fields[below(edit, edit->entity->field_count)];

    if (other == edit->field)
        return;
    swap_names(&edit->field->name, &other->name);
    drop_field(edit);
}

static void move_field(struct edit *edit) {
    struct tree_field *other = &edit->entity->fields[below(edit, edit->entity->field_count)];
    struct tree_field copy = *other;

    *other = *edit->field;
    *edit->field = copy;
}

static void change_type(struct edit *edit) {
    make_type(edit->maker, edit->tree, &edit->field->type);
}

/* A type that the old one can be cast to is rare among all: these are tried first. */
static void widen_type(struct edit *edit) {
    struct tree_type *type = &edit->field->type;

    if (type->native || chance(edit, 30))
        *type = (struct tree_type){.type = TYPE_STRING, .length = chance(edit, 50) ? 100 : 0};
    else if (type->type == TYPE_INT)
        *type = (struct tree_type){.type = TYPE_DECIMAL, .precision = 12, .scale = 2};
    else if (type->type == TYPE_STRING)
        type->length = 3 + (unsigned)below(edit, 250);
    else if (type->type == TYPE_DECIMAL)
        *type = (struct tree_type){.type = chance(edit, 50) ? TYPE_INT : TYPE_FLOAT};
    else if (type->type == TYPE_BOOLEAN)
        type->type = TYPE_INT;
    else if (type->type == TYPE_DATE || type->type == TYPE_UTC || type->type == TYPE_CIVIL)
        type->type = chance(edit, 50) ? TYPE_CIVIL : TYPE_DATE;
}

static void change_nullable(struct edit *edit) {
    edit->field->nullable = !edit->field->nullable;
}

static void change_default(struct edit *edit) {
    edit->field->on_update = !edit->field->on_update;
    edit->field->fallback = edit->field->fallback && chance(edit, 50) ? 0 : make_default(edit->maker, edit->tree, edit->field);
}

static void change_generated(struct edit *edit) {
    struct tree_field *key = tree_single_key(edit->entity);
    struct tree_field *field = key ? key : edit->field;

    switch (below(edit, 4)) {
    case 0:
        field->generated = !field->generated;
        break;
    case 1:
        field->identity = !field->identity;
        break;
    case 2:
        field->always = !field->always;
        break;
    case 3:
        field->start = field->start ? 0 : 500;
        break;
    }
}

static void change_key(struct edit *edit) {
    edit->field->key = !edit->field->key;
}

static void change_key_type(struct edit *edit) {
    struct tree_field *key = tree_single_key(edit->entity);

    if (key && key->type.type == TYPE_INT)
        key->type = (struct tree_type){.type = TYPE_STRING, .length = 40};
    else if (key && key->type.type == TYPE_STRING && !key->type.native)
        key->type.length = 10 + (unsigned)below(edit, 200);
}

static void rename_key(struct edit *edit) {
    struct tree_field *key = tree_single_key(edit->entity);

    if (key)
        key->name = make_name(edit->maker, false);
}

static void change_comment(struct edit *edit) {
    edit->field->comment = edit->field->comment ? NULL : make_comment(edit->maker);
}

static void change_collation(struct edit *edit) {
    edit->field->collation = make_collation(edit->maker, false);
}

static void change_computed(struct edit *edit) {
    edit->field->operand = edit->entity->fields[below(edit, edit->entity->field_count)].id;
    edit->field->stored = !edit->field->stored;
}

static void add_index(struct edit *edit) {
    make_index(edit->maker, edit->entity);
}

static void drop_index(struct edit *edit) {
    if (edit->entity->index_count)
        tree_remove(edit->entity->indexes, edit->entity->index_count, below(edit, edit->entity->index_count));
}

static void change_index(struct edit *edit) {
    struct tree_index *index = &edit->entity->indexes[below(edit, edit->entity->index_count)];

    if (!edit->entity->index_count)
        return;
    switch (below(edit, 8)) {
    case 0:
        index->unique = !index->unique;
        break;
    case 1:
        index->name = arena_printf(edit->maker->arena, "ix_%u", make_id(edit->maker));
        break;
    case 2:
        index->form = (enum index_form)below(edit, 3);
        break;
    case 3:
        index->parts[0].field = edit->field->id;
        break;
    case 4:
        index->where = index->where ? 0 : edit->field->id;
        break;
    case 5:
        index->parts[0].descending = !index->parts[0].descending;
        break;
    case 6:
        index->deferrable = !index->deferrable;
        break;
    case 7:
        index->not_distinct = !index->not_distinct;
        break;
    }
}

static void add_check(struct edit *edit) {
    make_check(edit->maker, edit->entity);
}

static void change_check(struct edit *edit) {
    struct tree_entity *entity = edit->entity;
    size_t i = below(edit, entity->check_count);

    if (!entity->check_count)
        return;
    switch (below(edit, 3)) {
    case 0:
        tree_remove(entity->checks, entity->check_count, i);
        break;
    case 1:
        entity->checks[i].variant = !entity->checks[i].variant;
        break;
    case 2:
        entity->checks[i].name = arena_printf(edit->maker->arena, "ck %u", make_id(edit->maker));
        break;
    }
}

static void add_relation(struct edit *edit) {
    make_relation(edit->maker, edit->tree);
}

static void drop_relation(struct edit *edit) {
    if (edit->tree->relation_count)
        tree_remove(edit->tree->relations, edit->tree->relation_count, below(edit, edit->tree->relation_count));
}

static void change_relation(struct edit *edit) {
    struct tree_relation *relation = &edit->tree->relations[below(edit, edit->tree->relation_count)];

    if (!edit->tree->relation_count)
        return;
    switch (below(edit, 8)) {
    case 0:
        relation->name = make_name(edit->maker, false);
        break;
    case 1:
        relation->inverse = make_name(edit->maker, false);
        break;
    case 2:
        relation->many = !relation->many;
        break;
    case 3:
        relation->optional = !relation->optional;
        break;
    case 4:
        relation->on_delete = make_action(edit->maker);
        break;
    case 5:
        relation->on_update = make_action(edit->maker);
        break;
    case 6:
        relation->constraint = arena_printf(edit->maker->arena, "fk %u", make_id(edit->maker));
        break;
    case 7:
        relation->paired = !relation->paired;
        break;
    }
}

static void change_foreign_key(struct edit *edit) {
    struct tree *tree = edit->tree;

    if (!tree->foreign_key_count || chance(edit, 50))
        make_foreign_key(edit->maker, tree);
    else if (chance(edit, 50))
        tree_remove(tree->foreign_keys, tree->foreign_key_count, below(edit, tree->foreign_key_count));
    else
        tree->foreign_keys[below(edit, tree->foreign_key_count)].on_delete =
            make_action(edit->maker) == ACTION_CASCADE ? ACTION_CASCADE : ACTION_NONE;
}

static void add_enum(struct edit *edit) {
    make_enum(edit->maker, edit->tree);
}

static void swap_members(struct edit *edit, struct tree_enum *enumeration) {
    struct tree_member *a = &enumeration->members[below(edit, enumeration->member_count)];
    struct tree_member *b = &enumeration->members[below(edit, enumeration->member_count)];
    struct tree_member copy = *a;

    if (chance(edit, 70)) {
        *a = *b;
        *b = copy;
    } else {
        swap_names(&a->name, &b->name);
    }
}

static void change_enum(struct edit *edit) {
    struct tree_enum *enumeration = &edit->tree->enums[below(edit, edit->tree->enum_count)];
    struct maker *maker = edit->maker;
    struct tree_member *member = &enumeration->members[below(edit, enumeration->member_count)];

    if (!edit->tree->enum_count)
        return;
    switch (below(edit, 7)) {
    case 0:
        enumeration->name = arena_printf(maker->arena, "Kind%u", make_id(maker));
        break;
    case 1:
        enumeration->type_name = enumeration->type_name && chance(edit, 50) ? NULL : arena_printf(maker->arena, "kind_%u", make_id(maker));
        break;
    case 2:
        make_member(maker, enumeration);
        break;
    case 3:
        if (enumeration->member_count > 1)
            tree_remove(enumeration->members, enumeration->member_count, (size_t)(member - enumeration->members));
        break;
    case 4:
        member->name = arena_printf(maker->arena, "M%u", make_id(maker));
        break;
    case 5:
        member->value = arena_printf(maker->arena, "%s%u", make_text(maker), make_id(maker));
        break;
    case 6:
        swap_members(edit, enumeration);
        break;
    }
}

/* How often each is tried, in proportion. */
static const struct {
    void (*apply)(struct edit *edit);
    unsigned weight;
} edits[] = {
    {add_entity, 3},       {drop_entity, 3},   {rename_entity, 5},   {swap_entities, 2},      {rename_table, 3},    {move_table, 1},
    {change_table, 3},     {add_field, 8},     {drop_field, 6},      {rename_field, 8},       {rename_column, 3},   {swap_fields, 3},
    {replace_field, 2},    {move_field, 2},    {change_type, 5},     {widen_type, 8},         {change_nullable, 7}, {change_default, 5},
    {change_generated, 3}, {change_key, 4},    {change_key_type, 3}, {rename_key, 2},         {change_comment, 2},  {change_collation, 2},
    {change_computed, 3},  {add_index, 5},     {drop_index, 3},      {change_index, 5},       {add_check, 3},       {change_check, 3},
    {add_relation, 5},     {drop_relation, 3}, {change_relation, 6}, {change_foreign_key, 3}, {add_enum, 1},        {change_enum, 8},
};

static void apply_one(struct edit *edit) {
    size_t sum = 0, i = 0, wanted;

    for (size_t k = 0; k < sizeof edits / sizeof *edits; k++)
        sum += edits[k].weight;
    for (wanted = below(edit, sum); wanted >= edits[i].weight; i++)
        wanted -= edits[i].weight;
    edits[i].apply(edit);
}

void make_edits(struct maker *maker, struct tree *tree, size_t count) {
    for (; count; count--) {
        struct edit edit = {.maker = maker, .tree = tree};

        edit.entity = &tree->entities[below(&edit, tree->entity_count)];
        edit.field = &edit.entity->fields[below(&edit, edit.entity->field_count)];
        apply_one(&edit);
    }
}
