#include "focus.h"

#include <ctype.h>
#include <string.h>

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

static int split(struct side *side, const char *text) {
    side->head = text;
    side->head_length = block_length(text);
    for (text = next_block(text, side->head_length); *text;) {
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

/* The wanted items as a text of their own, read as a model in which what is missing is passed over. */
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

static void borrow_entity_places(struct entity *part, const struct entity *whole) {
    part->at = whole->at;
    part->was = whole->was;
    for (size_t i = 0; i < part->field_count; i++) {
        const struct field *field = entity_field(whole, part->fields[i].name);

        part->fields[i].at = field ? field->at : whole->at;
        part->fields[i].was = field ? field->was : NULL;
    }
    for (size_t i = 0; i < part->relation_count; i++) {
        const struct relation *relation = entity_relation(whole, part->relations[i].name);

        part->relations[i].at = relation ? relation->at : whole->at;
        part->relations[i].was = relation ? relation->was : NULL;
    }
    for (size_t i = 0; i < part->index_count; i++)
        part->indexes[i].at = i < whole->index_count ? whole->indexes[i].at : whole->at;
    for (size_t i = 0; i < part->check_count; i++)
        part->checks[i].at = i < whole->check_count ? whole->checks[i].at : whole->at;
    for (size_t i = 0; i < part->exclude_count; i++)
        part->excludes[i].at = i < whole->exclude_count ? whole->excludes[i].at : whole->at;
    for (size_t i = 0; i < part->foreign_key_count; i++)
        part->foreign_keys[i].at = whole->at;
}

static void borrow_enum_places(struct enumeration *part, const struct enumeration *whole) {
    part->at = whole->at;
    part->was = whole->was;
    for (size_t i = 0; i < part->member_count && i < whole->member_count; i++) {
        part->members[i].at = whole->members[i].at;
        part->members[i].was = whole->members[i].was;
    }
}

/* Messages are about the model file, not about the text that was put together here. What the text of a snapshot does not say comes from
 * the whole as well: @db:Was. */
static int borrow_places(struct schema *part, const struct schema *whole) {
    part->source = whole->source;
    for (size_t i = 0; i < part->entity_count; i++) {
        const struct entity *same = schema_entity(whole, part->entities[i]->name);

        if (!same)
            return 1;
        borrow_entity_places(part->entities[i], same);
    }
    for (size_t i = 0; i < part->enum_count; i++) {
        const struct enumeration *same = schema_enum(whole, part->enums[i]->name);

        if (!same)
            return 1;
        borrow_enum_places(part->enums[i], same);
    }
    return 0;
}

int focus_find(struct arena *arena, const char *from, const char *to, const struct schema *whole_to, struct focus *focus) {
    struct side sides[2] = {{.arena = arena}, {.arena = arena}};

    if (split(&sides[0], from) || split(&sides[1], to))
        return 1;
    pair(&sides[0], &sides[1]);
    mark(sides);
    focus->from = read_wanted(&sides[0]);
    focus->to = read_wanted(&sides[1]);
    return !focus->from || !focus->to || borrow_places(focus->to, whole_to);
}
