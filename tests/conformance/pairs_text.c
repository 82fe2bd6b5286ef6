#include "pairs_text.h"

#include <stdlib.h>
#include <string.h>

#include "map.h"

enum { SHOWN_LINES = 30 };

struct items {
    VEC(const char *) list;
};

static int compare_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The length of the line at TEXT, its line end included. */
static size_t line_length(const char *text) {
    size_t length = strcspn(text, "\n");

    return length + (text[length] == '\n');
}

static bool ends_with(const char *text, size_t length, const char *end) {
    size_t count = strlen(end);

    return length >= count && strncmp(text + length - count, end, count) == 0;
}

/* The text in canonical order: what stands in a record, a field with its annotations each, is sorted. */
static const char *reordered(struct arena *arena, const char *text) {
    struct str out = STR_INIT;
    const char *kept;
    bool inside = false;

    while (*text) {
        size_t length = line_length(text);
        struct items items = {0};
        const char *start;

        str_add_bytes(&out, text, length);
        inside = ends_with(text, length, "record {|\n");
        text += length;
        for (start = text; inside && *text; text += length) {
            length = line_length(text);
            if (strncmp(text, "|};", 3) == 0)
                break;
            if (!ends_with(text, length, ";\n"))
                continue;
            vec_push(arena, &items.list, arena_strndup(arena, start, (size_t)(text + length - start)));
            start = text + length;
        }
        if (items.list.count)
            qsort(items.list.at, items.list.count, sizeof *items.list.at, compare_text);
        for (size_t i = 0; i < items.list.count; i++)
            str_add(&out, items.list.at[i]);
        if (inside)
            str_add_bytes(&out, start, (size_t)(text - start));
    }
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

static void find_lines(struct arena *arena, const char *text, struct map *lines) {
    for (; *text; text += line_length(text))
        map_put(arena, lines, arena_strndup(arena, text, line_length(text)), text);
}

/* The lines of the first text that the second has not, each behind SIGN. */
static void add_lines(struct arena *arena, struct str *out, char sign, const char *const texts[2]) {
    struct map lines = {0};
    size_t shown = 0;

    find_lines(arena, texts[1], &lines);
    for (const char *text = texts[0]; *text && shown < SHOWN_LINES; text += line_length(text))
        if (!map_get(&lines, arena_strndup(arena, text, line_length(text)))) {
            str_addf(out, "\n        %c %.*s", sign, (int)strcspn(text, "\n"), text);
            shown++;
        }
}

bool text_compare(struct arena *arena, const char *found, const char *expected, const char *when, struct failures *failures) {
    struct str out = STR_INIT;
    const char *x = reordered(arena, found);
    const char *y = reordered(arena, expected);

    if (strcmp(x, y) == 0)
        return true;
    str_addf(&out, "%s: the model pulled is another", when);
    add_lines(arena, &out, '-', (const char *const[2]){y, x});
    add_lines(arena, &out, '+', (const char *const[2]){x, y});
    vec_push(arena, &failures->list, str_keep(&out, arena));
    str_free(&out);
    return false;
}

static void order_entity(struct arena *arena, struct entity *entity, const struct entity *like) {
    struct field *fields;

    if (entity->field_count != like->field_count)
        return;
    fields = ARENA_ARRAY(arena, struct field, entity->field_count);
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = entity_field(entity, like->fields[i].name);

        if (!field)
            return;
        fields[i] = *field;
    }
    entity->fields = fields;
}

void fields_order_as(struct arena *arena, struct schema *schema, const struct schema *like) {
    for (size_t i = 0; i < schema->entity_count; i++) {
        const struct entity *other = schema_entity(like, schema->entities[i]->name);

        if (other)
            order_entity(arena, schema->entities[i], other);
    }
}
