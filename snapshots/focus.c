#include "focus.h"

#include <ctype.h>
#include <string.h>

#include "ir_fields.h"
#include "model.h"
#include "str.h"

/* One item of a snapshot's text: an entity or an enum, from the first byte of its documentation to its last line end. */
struct item {
    const char *text;
    size_t length;
    const char *name; /* without a leading quote; an escaped name as it is written */
    bool is_enum;
    bool wanted;
    const struct item *same; /* the equal item of the other side, or NULL */
};

struct side {
    struct arena *arena;
    const char *head; /* version line and imports */
    size_t head_length;
    const char *objects; /* the text of the objects, to its end */
    VEC(struct item) items;
    struct map by_name;
};

/* The text is a sequence of blocks with an empty line between them; the first is the head. */
static size_t block_length(const char *text) {
    const char *end = strstr(text, "\n\n");

    return end ? (size_t)(end - text) + 1 : strlen(text);
}

static const char *next_block(const char *text, size_t length) {
    text += length;
    return *text == '\n' ? text + 1 : text;
}

static const char *find_header(const char *text, const char *end) {
    static const char *const headers[] = {"public type ", "public enum "};

    for (; text < end; text = memchr(text, '\n', (size_t)(end - text)), text = text ? text + 1 : end)
        for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
            if (strncmp(text, headers[i], 12) == 0)
                return text;
    return NULL;
}

static int add_item(struct side *side, const char *text, size_t length) {
    const char *header = find_header(text, text + length);
    struct item item = {.text = text, .length = length};
    const char *name;

    if (!header)
        return 1;
    item.is_enum = strncmp(header, "public enum ", 12) == 0;
    name = header + 12 + (header[12] == '\'');
    item.name = arena_strndup(side->arena, name, strcspn(name, " "));
    vec_push(side->arena, &side->items, item);
    return 0;
}

/* Where the objects begin: they are the last items, and the only ones with texts of several lines, in which anything may stand. The "#"
 * lines of the first one stand before its annotation, behind an empty line. */
static const char *find_objects(const char *text) {
    const char *at = strstr(text, "\n@db:Object {");

    if (!at)
        return text + strlen(text);
    while (at > text && (at[0] != '\n' || at[-1] != '\n'))
        at--;
    return at > text ? at + 1 : text;
}

static int split(struct side *side, const char *text) {
    side->head = text;
    side->head_length = block_length(text);
    side->objects = find_objects(text);
    for (text = next_block(text, side->head_length); text < side->objects;) {
        size_t length = block_length(text);

        if (add_item(side, text, length))
            return 1;
        text = next_block(text, length);
    }
    for (size_t i = 0; i < side->items.count; i++)
        if (map_put(side->arena, &side->by_name, side->items.at[i].name, &side->items.at[i]))
            return 1;
    return 0;
}

static void pair(struct side *from, struct side *to) {
    for (size_t i = 0; i < to->items.count; i++) {
        struct item *new = &to->items.at[i];
        struct item *old = map_get(&from->by_name, new->name);

        if (old && old->length == new->length &&memcmp(old->text, new->text, old->length) == 0) {
            old->same = new;
            new->same = old;
        }
    }
}

/* Whether a namespace is there already depends on all tables, and a table with parents is made behind them: with one in what differs, the
 * whole is read. */
static bool reaches_far(const struct side *side) {
    for (size_t i = 0; i < side->items.count; i++) {
        const struct item *item = &side->items.at[i];
        const char *text = item->same ? "" : arena_strndup(side->arena, item->text, item->length);

        if (strstr(text, "@sql:Schema") || strstr(text, "inherits: ["))
            return true;
    }
    return false;
}

static bool continues_word(char c) {
    return isalnum((unsigned char)c) || c == '_' || c == '\\' || (unsigned char)c >= 0x80;
}

/* The next word of TEXT (ended by END), and its length; NULL at the end. What is no identifier, or stands in a string, does no harm: it
 * only makes an item wanted that need not be. */
static const char *next_word(const char *text, const char *end, size_t *length) {
    while (text < end && !continues_word(*text))
        text++;
    *length = 0;
    while (text + *length < end && continues_word(text[*length]))
        ++*length;
    return *length ? text : NULL;
}

typedef bool word_test(struct side *sides, struct item *item, const char *word);

/* Gives every word of ITEM to TEST until it says stop. */
static void for_words(struct side *sides, struct item *item, word_test *test) {
    const char *end = item->text + item->length;
    size_t length;

    for (const char *word = next_word(item->text, end, &length); word; word = next_word(word + length, end, &length)) {
        char name[256];

        if (length >= sizeof name)
            continue;
        memcpy(name, word, length);
        name[length] = '\0';
        if (test(sides, item, name))
            return;
    }
}

static void want(struct side *side, const char *name) {
    struct item *item = map_get(&side->by_name, name);

    if (item)
        item->wanted = true;
}

/* What an item that differs names is wanted too, on both sides. */
static bool want_named(struct side *sides, struct item *item, const char *word) {
    (void)item;
    want(&sides[0], word);
    want(&sides[1], word);
    return false;
}

static bool differs(const struct side *side, const char *name) {
    const struct item *item = map_get(&side->by_name, name);

    return item && !item->same;
}

/* An item that names one that differs reads it: an enum's users, a foreign key without relation fields. */
static bool want_reader(struct side *sides, struct item *item, const char *word) {
    if (!differs(&sides[0], word) && !differs(&sides[1], word))
        return false;
    item->wanted = true;
    want(&sides[0], item->name);
    want(&sides[1], item->name);
    return true;
}

static bool has_silent_readers(const struct side *side) {
    for (size_t i = 0; i < side->items.count; i++)
        if (side->items.at[i].is_enum && !side->items.at[i].same)
            return true;
    return strstr(side->head, "@db:ForeignKey") != NULL;
}

static void mark_readers(struct side *sides) {
    if (!has_silent_readers(&sides[0]) && !has_silent_readers(&sides[1]))
        return;
    for (int i = 0; i < 2; i++)
        for (size_t k = 0; k < sides[i].items.count; k++)
            if (sides[i].items.at[k].same)
                for_words(sides, &sides[i].items.at[k], want_reader);
}

static void mark(struct side *sides) {
    mark_readers(sides);
    for (int i = 0; i < 2; i++)
        for (size_t k = 0; k < sides[i].items.count; k++) {
            struct item *item = &sides[i].items.at[k];

            item->wanted = item->wanted || item->is_enum || !item->same;
            if (!item->same)
                for_words(sides, item, want_named);
        }
}

/* The wanted items as a text of their own, read as a model in which what is missing is passed over. The items that differ name only what
 * is wanted too, so they are whole; of the others only the names and keys count. */
static struct schema *read_wanted(struct side *side) {
    struct model_options options = {.comments = true, .trusted = true, .partial = true};
    struct diag ignored = {.arena = side->arena};
    struct str text = STR_INIT;
    struct source *source;

    str_add_bytes(&text, side->head, side->head_length);
    for (size_t i = 0; i < side->items.count; i++)
        if (side->items.at[i].wanted) {
            str_add_char(&text, '\n');
            str_add_bytes(&text, side->items.at[i].text, side->items.at[i].length);
        }
    source = source_new(side->arena, "snapshot.bal", str_keep(&text, side->arena), text.length, &ignored);
    str_free(&text);
    return source ? model_read(side->arena, source, &options, &ignored) : NULL;
}

/* A schema that is put together from entities of others. */
struct part {
    struct arena *arena;
    const struct schema *whole;
    VEC(struct entity *) entities;
    struct map inside;
    VEC(struct enumeration *) enums;
    VEC(struct object *) objects;
};

static void add_entity(struct part *part, struct entity *entity) {
    if (!map_put(part->arena, &part->inside, entity->name, entity))
        vec_push(part->arena, &part->entities, entity);
}

/* The wanted items of SIDE: those that differ as PARSED has them, the others as in the whole model, where they are the same. */
static int collect(struct part *part, const struct side *side, const struct schema *parsed) {
    for (size_t i = 0; i < side->items.count; i++) {
        const struct item *item = &side->items.at[i];
        const struct schema *source = item->same ? part->whole : parsed;
        struct entity *entity = item->is_enum ? NULL : schema_entity(source, item->name);
        struct enumeration *values = item->is_enum ? schema_enum(source, item->name) : NULL;

        if (!item->wanted)
            continue;
        if (!entity && !values) /* a name with escapes: its text is not its name */
            return 1;
        if (entity)
            add_entity(part, entity);
        else
            vec_push(part->arena, &part->enums, values);
    }
    return 0;
}

/* Does the key that others refer to by relations stay as it is? Else their columns change with it, and theirs with those. */
static bool same_key(const struct entity *old, const struct entity *new) {
    if (!names_equal(&old->key.fields, &new->key.fields))
        return false;
    for (size_t i = 0; i < old->key.fields.count; i++) {
        const struct field *before = entity_field(old, old->key.fields.at[i]);
        const struct field *after = entity_field(new, new->key.fields.at[i]);

        if (!ir_equal(IR_FIELD, before, after) || !text_equal(before->column, after->column))
            return false;
    }
    return true;
}

static bool keys_stay(const struct part *from, const struct schema *whole_to) {
    for (size_t i = 0; i < from->entities.count; i++) {
        const struct entity *now = schema_entity(whole_to, from->entities.at[i]->name);

        if (now && now != from->entities.at[i] && !same_key(from->entities.at[i], now))
            return false;
    }
    return true;
}

static bool is_in(const struct names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->at[i], name) == 0)
            return true;
    return false;
}

static bool is_kept_index(const struct index *index, const struct entity *anchor) {
    for (size_t i = 0; i < index->part_count; i++)
        if (!index->parts[i].field || !entity_field(anchor, index->parts[i].field))
            return false;
    return index->unique && !index->where;
}

/* What is left of ENTITY, which does not change and is only referred to by KEY: its key, the columns of KEY, what makes them unique. */
static struct entity *anchor_of(struct arena *arena, const struct entity *entity, const struct foreign_key *key) {
    struct entity *anchor = ARENA_NEW(arena, struct entity);

    *anchor = *entity;
    anchor->fields = ARENA_ARRAY(arena, struct field, entity->field_count);
    anchor->field_count = anchor->relation_count = anchor->check_count = anchor->exclude_count = anchor->foreign_key_count =
        anchor->index_count = 0;
    for (size_t i = 0; i < entity->field_count; i++)
        if (is_in(&entity->key.fields, entity->fields[i].name) || is_in(&key->target_fields, entity->fields[i].name))
            anchor->fields[anchor->field_count++] = entity->fields[i];
    anchor->indexes = ARENA_ARRAY(arena, struct index, entity->index_count);
    for (size_t i = 0; i < entity->index_count; i++)
        if (is_kept_index(&entity->indexes[i], anchor))
            anchor->indexes[anchor->index_count++] = entity->indexes[i];
    return anchor;
}

/* Puts what KEY refers to into both sides. */
static int add_anchor(struct part *sides, const struct foreign_key *key) {
    const struct entity *entity = schema_entity(sides[1].whole, key->target);
    struct entity *anchor;

    if (!entity)
        return 1;
    anchor = anchor_of(sides[1].arena, entity, key);
    add_entity(&sides[0], anchor);
    add_entity(&sides[1], anchor);
    return 0;
}

/* Every foreign key finds its entity, and the fields that it names there; not so when two need other fields of one entity. */
static int complete(struct part *sides, struct part *side) {
    for (size_t i = 0; i < side->entities.count; i++)
        for (size_t k = 0; k < side->entities.at[i]->foreign_key_count; k++) {
            const struct foreign_key *key = &side->entities.at[i]->foreign_keys[k];
            const struct entity *target = map_get(&side->inside, key->target);

            if (!target && add_anchor(sides, key))
                return 1;
            target = map_get(&side->inside, key->target);
            for (size_t f = 0; f < key->target_fields.count; f++)
                if (!target || !entity_field(target, key->target_fields.at[f]))
                    return 1;
        }
    return 0;
}

/* Objects. What reads a table that differs may have to go around its change, so then the whole is read. What reads other tables stays
 * out of the part; what reads none may be needed by any table (a domain, a function in a default) and is in it. */

/* Who names an item: the objects that it carries its marks on to. */
struct reader {
    const struct object *object;
    struct reader *next;
};

struct spread {
    struct arena *arena;
    struct map readers; /* name → struct reader */
    struct map reached; /* the objects that the marks came to, by name */
    VEC(const char *) open;
};

static void add_reader(struct spread *spread, const char *name, const struct object *object) {
    struct reader *reader = ARENA_NEW(spread->arena, struct reader);
    struct reader *first = map_put(spread->arena, &spread->readers, name, reader);

    reader->object = object;
    if (!first)
        return;
    reader->next = first->next;
    first->next = reader;
}

static void find_readers(struct spread *spread, const struct schema *schema) {
    for (size_t i = 0; i < schema->object_count; i++) {
        const struct object *object = schema->objects[i];

        if (object->on)
            add_reader(spread, object->on, object);
        for (size_t k = 0; k < object->depends_on.count; k++)
            add_reader(spread, object->depends_on.at[k], object);
    }
}

/* Marks every object that stands on NAME, itself or through others. */
static void reach(struct spread *spread, const char *name) {
    vec_push(spread->arena, &spread->open, name);
    while (spread->open.count) {
        const struct reader *reader = map_get(&spread->readers, spread->open.at[--spread->open.count]);

        for (; reader; reader = reader->next)
            if (!map_put(spread->arena, &spread->reached, reader->object->name, reader->object))
                vec_push(spread->arena, &spread->open, reader->object->name);
    }
}

/* Does an object read what SIDES have in full? Enums always are. */
static bool read_by_objects(struct spread *spread, const struct side *sides) {
    for (int i = 0; i < 2; i++)
        for (size_t k = 0; k < sides[i].items.count; k++)
            if (!sides[i].items.at[k].same || (sides[i].items.at[k].wanted && !sides[i].items.at[k].is_enum))
                reach(spread, sides[i].items.at[k].name);
    return spread->reached.count > 0;
}

static int add_objects(struct part *sides, const struct side *texts) {
    const struct schema *schema = sides[1].whole;
    struct spread spread = {.arena = sides[1].arena};

    if (strcmp(texts[0].objects, texts[1].objects) != 0)
        return 1;
    find_readers(&spread, schema);
    if (schema->object_count && read_by_objects(&spread, texts))
        return 1;
    for (size_t i = 0; schema->object_count && i < schema->entity_count; i++)
        reach(&spread, schema->entities[i]->name);
    for (size_t i = 0; i < schema->object_count; i++)
        for (int side = 0; side < 2 && !map_get(&spread.reached, schema->objects[i]->name); side++)
            vec_push(sides[side].arena, &sides[side].objects, schema->objects[i]);
    return 0;
}

static struct schema *schema_of(struct part *part, struct source *source) {
    struct schema *schema = ARENA_NEW(part->arena, struct schema);

    schema->source = source;
    schema->entities = part->entities.at;
    schema->entity_count = part->entities.count;
    schema->enums = part->enums.at;
    schema->enum_count = part->enums.count;
    schema->objects = part->objects.at;
    schema->object_count = part->objects.count;
    schema_index(part->arena, schema);
    return schema;
}

int focus_find(struct arena *arena, const char *from, const char *to, const struct schema *whole_to, struct focus *focus) {
    struct side sides[2] = {{.arena = arena}, {.arena = arena}};
    struct part parts[2] = {{.arena = arena, .whole = whole_to}, {.arena = arena, .whole = whole_to}};
    const struct schema *parsed;

    if (split(&sides[0], from) || split(&sides[1], to))
        return 1;
    pair(&sides[0], &sides[1]);
    if (reaches_far(&sides[0]) || reaches_far(&sides[1]))
        return 1;
    mark(sides);
    parsed = read_wanted(&sides[0]);
    if (!parsed || collect(&parts[0], &sides[0], parsed) || collect(&parts[1], &sides[1], whole_to) || !keys_stay(&parts[0], whole_to) ||
        complete(parts, &parts[0]) || complete(parts, &parts[1]) || add_objects(parts, sides))
        return 1;
    focus->from = schema_of(&parts[0], parsed->source);
    focus->to = schema_of(&parts[1], whole_to->source);
    return 0;
}
