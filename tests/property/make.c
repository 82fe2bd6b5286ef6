#include "make.h"

#include <ctype.h>
#include <string.h>

/* Words that mean something in SQL or in the model language, or nothing. At most as many as bits in maker->words. */
static const char *const bare_words[] = {
    "order",  "group",   "select", "table",  "user",       "index",   "type",   "key",      "value",  "from",
    "where",  "default", "check",  "limit",  "record",     "int",     "string", "time",     "import", "public",
    "return", "rank",    "status", "column", "references", "primary", "system", "function", "rows",   "window",
};

static const char *const stems[] = {"note", "amount", "title", "created", "owner", "total", "Code", "homeAddress", "x", "line_item"};
static const char *const entity_stems[] = {"Invoice", "Customer", "Car", "OrderLine", "Tag", "address", "Log_Entry"};

/* Column and table names that must be quoted; %u keeps them apart. */
static const char *const odd_names[] = {
    "we\"ird%u",
    "back`tick%u",
    "semi;--%u",
    "with space %u",
    "Gr\xC3\xB6\xC3\x9F"
    "e%u",
    "\xE6\x97\xA5\xE6\x9C\xAC%u",
    "a.b%u",
    "it's%u",
    "100%%%u",
    "back\\slash%u",
    "UPPER%u",
    "%u_digits",
    "$dollar%u",
    "[bracket]%u",
    "/* no comment */ %u",
    "two\nlines%u",
    "a_very_long_name_that_is_almost_as_long_as_any_database_al%u",
};
static const char *const emoji_name = "\xF0\x9F\x9A\x80%u";

static const char *const texts[] = {"a", "it's", "\xC3\xA9", "b\"c", "x y", "\\", "%s", "--", "0", "NULL", "\xF0\x9F\x9A\x80"};
static const char *const comments[] = {"what it is", "it's \"quoted\" \\ and `ticked`", "two\nlines", "\xC3\xBC\xF0\x9F\x9A\x80", "a;--b"};

#define COUNT(array) (sizeof(array) / sizeof *(array))
#define PICK(maker, array) ((array)[random_below(&(maker)->random, COUNT(array))])

unsigned make_id(struct maker *maker) {
    return ++maker->next_id;
}

static const char *bare_word(struct maker *maker, bool entity) {
    size_t i = random_below(&maker->random, COUNT(bare_words));
    char *word;

    if (maker->words >> i & 1)
        return NULL;
    maker->words |= 1ULL << i;
    word = arena_strdup(maker->arena, bare_words[i]);
    if (entity)
        *word = (char)toupper((unsigned char)*word);
    return word;
}

const char *make_name(struct maker *maker, bool entity) {
    const char *word = random_chance(&maker->random, 15) ? bare_word(maker, entity) : NULL;

    if (word)
        return word;
    return arena_printf(maker->arena, "%s%u", entity ? PICK(maker, entity_stems) : PICK(maker, stems), make_id(maker));
}

/* FORMAT with its %u replaced by NUMBER and %% by a percent sign. */
static const char *numbered(struct arena *arena, const char *format, unsigned number) {
    struct str out = STR_INIT;
    const char *text;

    for (; *format; format++) {
        if (*format != '%') {
            str_add_char(&out, *format);
        } else if (*++format == 'u') {
            str_addf(&out, "%u", number);
        } else {
            str_add_char(&out, '%');
        }
    }
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

const char *make_column(struct maker *maker) {
    if (!random_chance(&maker->random, 15))
        return NULL;
    if (!(maker->place->kind & ON_BOTH_MYSQL) && random_chance(&maker->random, 5))
        return numbered(maker->arena, emoji_name, make_id(maker));
    return numbered(maker->arena, PICK(maker, odd_names), make_id(maker));
}

/* MySQL's catalog forgets what an emoji in an enum value was: it comes last. */
const char *make_text(struct maker *maker) {
    return texts[random_below(&maker->random, COUNT(texts) - (maker->place->kind & ON_BOTH_MYSQL ? 1 : 0))];
}

const char *make_comment(struct maker *maker) {
    return random_chance(&maker->random, 10) ? PICK(maker, comments) : NULL;
}

const char *make_collation(struct maker *maker, bool table) {
    static const char *const of_sqlite[] = {"NOCASE", "RTRIM"};
    static const char *const of_mysql[] = {"utf8mb4_bin", "utf8mb4_unicode_ci"};

    if (!random_chance(&maker->random, 8))
        return NULL;
    switch (maker->place->kind) {
    case ON_SQLITE:
        return table ? NULL : PICK(maker, of_sqlite);
    case ON_POSTGRESQL:
        return table ? NULL : "C";
    case ON_MYSQL:
    case ON_MARIADB:
        return PICK(maker, of_mysql);
    }
    return NULL;
}

static const struct native *make_native(struct maker *maker) {
    const struct native *native = &natives[random_below(&maker->random, native_count)];

    return native->places & maker->place->kind ? native : NULL;
}

void make_type(struct maker *maker, const struct tree *tree, struct tree_type *type) {
    static const unsigned lengths[] = {3, 5, 10, 20, 40, 100, 191, 255};
    static const enum field_type common[] = {TYPE_INT, TYPE_STRING, TYPE_STRING, TYPE_DECIMAL};
    const struct native *native = random_chance(&maker->random, 20) ? make_native(maker) : NULL;

    *type = (struct tree_type){.type = random_chance(&maker->random, 40) ? PICK(maker, common)
                                                                         : (enum field_type)random_below(&maker->random, TYPE_ENUM + 1)};
    if (native)
        *type = (struct tree_type){.type = native->type, .native = native};
    else if (type->type == TYPE_STRING && random_chance(&maker->random, 60)) {
        type->length = PICK(maker, lengths);
        type->fixed = random_chance(&maker->random, 15);
    } else if (type->type == TYPE_DECIMAL && random_chance(&maker->random, 70)) {
        type->scale = (unsigned)random_below(&maker->random, 6);
        type->precision = type->scale + 2 + (unsigned)random_below(&maker->random, 20);
    } else if (type->type == TYPE_ENUM && tree->enum_count) {
        type->enumeration = tree->enums[random_below(&maker->random, tree->enum_count)].id;
    } else if (type->type == TYPE_ENUM) {
        type->type = TYPE_DATE;
    }
}

unsigned make_default(struct maker *maker, struct tree *tree, const struct tree_field *field) {
    struct tree_enum *values = tree_enum(tree, field->type.enumeration);

    if (field->type.type == TYPE_ENUM && values)
        return values->members[random_below(&maker->random, values->member_count)].id;
    return 1 + (unsigned)random_below(&maker->random, 6);
}

/* Makes FIELD computed, from any other field of ENTITY that happens to fit. */
static void make_computed(struct maker *maker, struct tree_entity *entity, struct tree_field *field) {
    field->operand = entity->fields[random_below(&maker->random, entity->field_count)].id;
    field->stored = random_chance(&maker->random, 50);
}

void make_field(struct maker *maker, struct tree *tree, struct tree_entity *entity) {
    struct tree_field *field = &entity->fields[entity->field_count];

    if (entity->field_count == TREE_FIELDS)
        return;
    *field = (struct tree_field){.id = make_id(maker), .name = make_name(maker, false), .column = make_column(maker)};
    make_type(maker, tree, &field->type);
    field->nullable = random_chance(&maker->random, 50);
    field->comment = make_comment(maker);
    field->collation = make_collation(maker, false);
    if (random_chance(&maker->random, 25))
        field->fallback = make_default(maker, tree, field);
    if (random_chance(&maker->random, 10))
        make_computed(maker, entity, field);
    field->identity = random_chance(&maker->random, 3);
    field->always = random_chance(&maker->random, 50);
    field->start = random_chance(&maker->random, 30) ? 1000 : 0;
    field->on_update = random_chance(&maker->random, 30);
    entity->field_count++;
}

static void make_key(struct maker *maker, struct tree *tree, struct tree_entity *entity) {
    size_t count = random_chance(&maker->random, 20) ? 2 + random_below(&maker->random, 2) : 1;

    for (size_t i = 0; i < count; i++)
        make_field(maker, tree, entity);
    for (size_t i = 0; i < entity->field_count; i++) {
        entity->fields[i].key = true;
        entity->fields[i].operand = 0;
        if (random_chance(&maker->random, 70))
            entity->fields[i].type = (struct tree_type){.type = TYPE_INT};
    }
    entity->fields[0].generated = random_chance(&maker->random, 30);
    entity->fields[0].identity = random_chance(&maker->random, 10);
}

static void make_table(struct maker *maker, struct tree_entity *entity) {
    static const char *const formats[] = {"DYNAMIC", "COMPACT"};

    entity->table = make_column(maker);
    entity->comment = make_comment(maker);
    entity->namespace = random_chance(&maker->random, 8) ? "billing" : NULL;
    entity->key_name = random_chance(&maker->random, 5) ? arena_printf(maker->arena, "the key %u", make_id(maker)) : NULL;
    entity->collation = make_collation(maker, true);
    entity->row_format = random_chance(&maker->random, 4) ? PICK(maker, formats) : NULL;
    entity->strict = random_chance(&maker->random, 10);
    entity->without_rowid = random_chance(&maker->random, 10);
    entity->unlogged = random_chance(&maker->random, 10);
}

void make_entity(struct maker *maker, struct tree *tree) {
    struct tree_entity *entity = &tree->entities[tree->entity_count];
    size_t fields = random_below(&maker->random, 7);

    if (tree->entity_count == TREE_ENTITIES)
        return;
    *entity = (struct tree_entity){.id = make_id(maker), .name = make_name(maker, true)};
    make_table(maker, entity);
    make_key(maker, tree, entity);
    for (size_t i = 0; i < fields; i++)
        make_field(maker, tree, entity);
    for (size_t i = random_below(&maker->random, 3); i; i--)
        make_index(maker, entity);
    if (random_chance(&maker->random, 25))
        make_check(maker, entity);
    tree->entity_count++;
}

void make_index(struct maker *maker, struct tree_entity *entity) {
    struct tree_index *index = &entity->indexes[entity->index_count];
    size_t parts = random_chance(&maker->random, 35) ? 2 + random_below(&maker->random, 2) : 1;

    if (entity->index_count == TREE_INDEXES)
        return;
    *index = (struct tree_index){.id = make_id(maker), .form = (enum index_form)random_below(&maker->random, 3)};
    index->name = arena_printf(maker->arena, random_chance(&maker->random, 10) ? "odd \"index\" `%u" : "ix_%u", index->id);
    index->unique = random_chance(&maker->random, 30);
    index->hash = random_chance(&maker->random, 10);
    index->not_distinct = random_chance(&maker->random, 20);
    index->deferrable = random_chance(&maker->random, 20);
    for (size_t i = 0; i < parts; i++) {
        struct tree_part *part = &index->parts[index->part_count++];

        part->field = entity->fields[random_below(&maker->random, entity->field_count)].id;
        part->descending = random_chance(&maker->random, 20);
        part->expression = random_chance(&maker->random, 20);
    }
    if (random_chance(&maker->random, 20))
        index->where = entity->fields[random_below(&maker->random, entity->field_count)].id;
    if (random_chance(&maker->random, 15))
        index->include = entity->fields[random_below(&maker->random, entity->field_count)].id;
    entity->index_count++;
}

void make_check(struct maker *maker, struct tree_entity *entity) {
    struct tree_check *check = &entity->checks[entity->check_count];

    if (entity->check_count == TREE_CHECKS)
        return;
    *check = (struct tree_check){.id = make_id(maker), .variant = (unsigned)random_below(&maker->random, 2)};
    check->field = entity->fields[random_below(&maker->random, entity->field_count)].id;
    if (random_chance(&maker->random, 60))
        check->name = arena_printf(maker->arena, "ck %u", check->id);
    entity->check_count++;
}

enum ref_action make_action(struct maker *maker) {
    static const enum ref_action actions[] = {ACTION_NONE,     ACTION_NONE,    ACTION_NO_ACTION, ACTION_NONE,
                                              ACTION_RESTRICT, ACTION_CASCADE, ACTION_CASCADE,   ACTION_SET_NULL};

    return PICK(maker, actions);
}

/* A relation from a later entity to an earlier one or itself; seldom the other way, which makes cycles that sample rows cannot fill. */
void make_relation(struct maker *maker, struct tree *tree) {
    struct tree_relation *relation = &tree->relations[tree->relation_count];
    size_t owner = random_below(&maker->random, tree->entity_count);
    size_t target = random_below(&maker->random, random_chance(&maker->random, 4) ? tree->entity_count : owner + 1);
    struct tree_entity *entity = &tree->entities[owner];

    if (tree->relation_count == TREE_RELATIONS || !tree->entity_count)
        return;
    *relation = (struct tree_relation){.id = make_id(maker), .owner = entity->id, .target = tree->entities[target].id};
    relation->name = make_name(maker, false);
    relation->inverse = make_name(maker, false);
    relation->many = random_chance(&maker->random, 70);
    relation->optional = random_chance(&maker->random, 50);
    relation->paired = random_chance(&maker->random, 15);
    if (random_chance(&maker->random, 25))
        relation->key = entity->fields[random_below(&maker->random, entity->field_count)].id;
    relation->on_delete = make_action(maker);
    relation->on_update = make_action(maker);
    relation->deferrable = random_chance(&maker->random, 10) ? DEFERRABLE_DEFERRED : DEFERRABLE_NOT;
    relation->constraint = random_chance(&maker->random, 15) ? arena_printf(maker->arena, "fk of \"%u\"", relation->id) : NULL;
    tree->relation_count++;
}

void make_foreign_key(struct maker *maker, struct tree *tree) {
    struct tree_foreign_key *key = &tree->foreign_keys[tree->foreign_key_count];
    size_t owner = random_below(&maker->random, tree->entity_count);
    struct tree_entity *target = &tree->entities[random_below(&maker->random, owner + 1)];

    if (tree->foreign_key_count == TREE_FOREIGN_KEYS || !tree->entity_count)
        return;
    *key = (struct tree_foreign_key){.id = make_id(maker), .owner = tree->entities[owner].id, .target = target->id};
    key->field = tree->entities[owner].fields[random_below(&maker->random, tree->entities[owner].field_count)].id;
    key->to = target->fields[random_below(&maker->random, target->field_count)].id;
    key->name = random_chance(&maker->random, 40) ? arena_printf(maker->arena, "fk_%u", key->id) : NULL;
    key->on_delete = random_chance(&maker->random, 30) ? ACTION_CASCADE : ACTION_NONE;
    tree->foreign_key_count++;
}

void make_member(struct maker *maker, struct tree_enum *enumeration) {
    struct tree_member *member = &enumeration->members[enumeration->member_count];

    if (enumeration->member_count == TREE_MEMBERS)
        return;
    *member = (struct tree_member){.id = make_id(maker)};
    member->name = arena_printf(maker->arena, "M%u", member->id);
    if (random_chance(&maker->random, 30))
        member->value = arena_printf(maker->arena, "%s%u", make_text(maker), member->id);
    enumeration->member_count++;
}

void make_enum(struct maker *maker, struct tree *tree) {
    struct tree_enum *enumeration = &tree->enums[tree->enum_count];

    if (tree->enum_count == TREE_ENUMS)
        return;
    *enumeration = (struct tree_enum){.id = make_id(maker), .name = arena_printf(maker->arena, "Kind%u", make_id(maker))};
    enumeration->comment = make_comment(maker);
    if (random_chance(&maker->random, 50))
        enumeration->type_name =
            arena_printf(maker->arena, random_chance(&maker->random, 20) ? "Odd \"kind\" %u" : "kind_%u", enumeration->id);
    for (size_t i = 1 + random_below(&maker->random, 4); i; i--)
        make_member(maker, enumeration);
    tree->enum_count++;
}

void make_tree(struct maker *maker, struct tree *tree) {
    size_t entities = 1 + random_below(&maker->random, 5);

    *tree = (struct tree){0};
    for (size_t i = random_below(&maker->random, TREE_ENUMS); i; i--)
        make_enum(maker, tree);
    for (size_t i = 0; i < entities; i++)
        make_entity(maker, tree);
    for (size_t i = random_below(&maker->random, 5); i; i--)
        make_relation(maker, tree);
    for (size_t i = random_below(&maker->random, 3); i; i--)
        make_foreign_key(maker, tree);
}
