#include "model.h"

#include <stdlib.h>
#include <string.h>

#include "format.h"
#include "lower.h"

/* What is printed as it stands: a comment, or an annotation of another library, which means nothing here but must not be lost. */
struct trivia {
    struct span at;
    bool blank_behind; /* an empty line follows */
};

struct trivia_list {
    VEC(struct trivia) list;
};

/* An item that comments can belong to. Its key is where the IR's span of it begins. */
struct place {
    struct span at; /* from its metadata to its end */
    uint32_t key;
    bool inner; /* a field or a member: inside the place before it that is not */
    struct trivia_list before;
    struct trivia_list behind;
    struct trivia_list inside_end;
};

/* Places are in the order of the text, which is that of their keys too: an entity's comes before those of its fields. */
struct formatter {
    struct arena *arena;
    const struct ast *tree;
    const char *text;
    VEC(struct place) places;
    struct trivia_list head; /* before and among the imports */
    struct trivia_list tail; /* behind everything */
    bool pulling;            /* without what "persist pull" says itself */
};

/* Finding the places. */

static void add_place(struct formatter *formatter, struct span at, uint32_t key, bool inner) {
    struct place place = {.at = at, .key = key, .inner = inner};

    vec_push(formatter->arena, &formatter->places, place);
}

static int by_key(const void *a, const void *b) {
    uint32_t first = ((const struct place *)a)->key;
    uint32_t second = ((const struct place *)b)->key;

    return (first > second) - (first < second);
}

static void find_places(struct formatter *formatter) {
    const struct ast *tree = formatter->tree;

    for (size_t i = 0; i < tree->entities.count; i++) {
        const struct ast_entity *entity = &tree->entities.at[i];

        add_place(formatter, entity->at, entity->name_at.start, false);
        for (size_t j = 0; j < entity->fields.count; j++)
            add_place(formatter, entity->fields.at[j].at, entity->fields.at[j].core_at.start, true);
    }
    for (size_t i = 0; i < tree->enums.count; i++) {
        const struct ast_enum *enumeration = &tree->enums.at[i];

        add_place(formatter, enumeration->at, enumeration->name_at.start, false);
        for (size_t j = 0; j < enumeration->members.count; j++)
            add_place(formatter, enumeration->members.at[j].at, enumeration->members.at[j].name_at.start, true);
    }
    for (size_t i = 0; i < tree->objects.count; i++)
        add_place(formatter, tree->objects.at[i].at, tree->objects.at[i].name_at.start, false);
    if (formatter->places.count)
        qsort(formatter->places.at, formatter->places.count, sizeof *formatter->places.at, by_key);
}

static struct place *place_of(const struct formatter *formatter, uint32_t key) {
    struct place wanted = {.key = key};

    return formatter->places.count ? bsearch(&wanted, formatter->places.at, formatter->places.count, sizeof wanted, by_key) : NULL;
}

/* Giving the comments to the places. */

/* The last place that begins at or before OFFSET; the count of places when none does. */
static size_t last_before(const struct formatter *formatter, uint32_t offset) {
    size_t low = 0;
    size_t high = formatter->places.count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (formatter->places.at[middle].at.start <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? low - 1 : formatter->places.count;
}

static bool contains(const struct place *place, uint32_t offset) {
    return place->at.start <= offset && offset < place->at.end;
}

/* The place that ends on the line on which COMMENT begins, or NULL. */
static struct place *place_on_line(struct formatter *formatter, struct span comment) {
    uint32_t end = comment.start;
    size_t at;

    while (end && strchr(" \t,", formatter->text[end - 1]))
        end--;
    if (!end)
        return NULL;
    at = last_before(formatter, end - 1);
    for (; at < formatter->places.count; at--) {
        if (formatter->places.at[at].at.end == end)
            return &formatter->places.at[at];
        if (!formatter->places.at[at].inner)
            break;
        while (at && formatter->places.at[at - 1].inner)
            at--; /* no field before this one can end here: on to the entity */
    }
    return NULL;
}

static struct trivia_list *place_inside(struct formatter *formatter, size_t at, uint32_t offset) {
    struct place *places = formatter->places.at;
    size_t outer = at;

    while (places[outer].inner)
        outer--;
    if (places[at].inner && contains(&places[at], offset))
        return &places[at].before;
    if (contains(&places[outer], offset) && offset < places[outer].key)
        return &places[outer].before;
    if (at + 1 < formatter->places.count && places[at + 1].inner == contains(&places[outer], offset))
        return &places[at + 1].before;
    return contains(&places[outer], offset) ? &places[outer].inside_end : &formatter->tail;
}

/* Where COMMENT goes: behind the item that ends on its line, else before the item that follows, else to the end of what it is in. */
static struct trivia_list *list_of(struct formatter *formatter, struct span comment) {
    const struct ast *tree = formatter->tree;
    size_t imports = tree->imports.count;
    struct place *line;
    size_t at;

    if (imports && comment.start < tree->imports.at[imports - 1].at.end)
        return &formatter->head;
    line = place_on_line(formatter, comment);
    if (line)
        return line->behind.list.count ? &line->before : &line->behind;
    at = last_before(formatter, comment.start);
    if (at < formatter->places.count)
        return place_inside(formatter, at, comment.start);
    return formatter->places.count ? &formatter->places.at[0].before : &formatter->tail;
}

static bool empty_line_follows(const char *text) {
    text += strspn(text, " \t\r");
    if (*text != '\n')
        return false;
    text++;
    text += strspn(text, " \t\r");
    return *text == '\n';
}

static void add_trivia(struct formatter *formatter, struct trivia_list *list, struct span at) {
    struct trivia trivia = {.at = at, .blank_behind = empty_line_follows(formatter->text + at.end)};

    vec_push(formatter->arena, &list->list, trivia);
}

static void place_comments(struct formatter *formatter) {
    for (size_t i = 0; i < formatter->tree->comments.count; i++) {
        struct span comment = formatter->tree->comments.at[i];

        if (!formatter->pulling || strncmp(formatter->text + comment.start, PRINT_UNSUPPORTED, sizeof PRINT_UNSUPPORTED - 1) != 0)
            add_trivia(formatter, list_of(formatter, comment), comment);
    }
}

/* Annotations of other libraries. */

/* Does the printed model say all that ANNOTATION does? */
static bool is_ours(const struct ast_annotation *annotation) {
    if (strncmp(annotation->name, "sql:", 4) == 0 || strncmp(annotation->name, "db:", 3) == 0)
        return true;
    if (strcmp(annotation->name, "constraint:String") != 0)
        return false;
    for (size_t i = 0; annotation->value && i < annotation->value->count; i++) {
        const struct ast_value *value = annotation->value->items[i];

        if ((strcmp(value->key, "maxLength") != 0 && strcmp(value->key, "length") != 0) || value->kind != AST_INT)
            return false;
    }
    return true;
}

static void keep_annotations(struct formatter *formatter, const struct ast_metadata *metadata, uint32_t key) {
    for (size_t i = 0; i < metadata->annotation_count; i++)
        if (!is_ours(&metadata->annotations[i])) {
            struct place *place = place_of(formatter, key);
            struct trivia trivia = {.at = metadata->annotations[i].at};

            vec_push(formatter->arena, &place->before.list, trivia);
        }
}

static void keep_all_annotations(struct formatter *formatter) {
    const struct ast *tree = formatter->tree;

    for (size_t i = 0; i < tree->entities.count; i++) {
        const struct ast_entity *entity = &tree->entities.at[i];

        keep_annotations(formatter, &entity->metadata, entity->name_at.start);
        for (size_t j = 0; j < entity->fields.count; j++)
            keep_annotations(formatter, &entity->fields.at[j].metadata, entity->fields.at[j].core_at.start);
    }
    for (size_t i = 0; i < tree->enums.count; i++) {
        const struct ast_enum *enumeration = &tree->enums.at[i];

        keep_annotations(formatter, &enumeration->metadata, enumeration->name_at.start);
        for (size_t j = 0; j < enumeration->members.count; j++)
            keep_annotations(formatter, &enumeration->members.at[j].metadata, enumeration->members.at[j].name_at.start);
    }
    for (size_t i = 0; i < tree->objects.count; i++)
        keep_annotations(formatter, &tree->objects.at[i].metadata, tree->objects.at[i].name_at.start);
}

/* Printing. */

static void put_trivia(const struct formatter *formatter, struct str *out, const struct trivia_list *list, const char *indent) {
    for (size_t i = 0; i < list->list.count; i++) {
        const struct trivia *trivia = &list->list.at[i];

        str_add(out, indent);
        str_add_bytes(out, formatter->text + trivia->at.start, trivia->at.end - trivia->at.start);
        str_add(out, trivia->blank_behind ? "\n\n" : "\n");
    }
}

static void hook_before(void *data, struct str *out, struct span at, const char *indent) {
    const struct place *place = place_of(data, at.start);

    if (place)
        put_trivia(data, out, &place->before, indent);
}

static void hook_behind(void *data, struct str *out, struct span at) {
    const struct formatter *formatter = data;
    const struct place *place = place_of(formatter, at.start);

    if (!place || !place->behind.list.count)
        return;
    at = place->behind.list.at[0].at;
    str_add_char(out, ' ');
    str_add_bytes(out, formatter->text + at.start, at.end - at.start);
}

static void hook_inside_end(void *data, struct str *out, struct span at, const char *indent) {
    const struct place *place = place_of(data, at.start);

    if (place)
        put_trivia(data, out, &place->inside_end, indent);
}

static bool metadata_uses(const struct ast_metadata *metadata, const char *prefix) {
    size_t length = strlen(prefix);

    for (size_t i = 0; i < metadata->annotation_count; i++)
        if (!is_ours(&metadata->annotations[i]) && strncmp(metadata->annotations[i].name, prefix, length) == 0 &&
            metadata->annotations[i].name[length] == ':')
            return true;
    return false;
}

static bool tree_uses(const struct ast *tree, const char *prefix) {
    bool used = false;

    for (size_t i = 0; i < tree->entities.count && !used; i++) {
        used = metadata_uses(&tree->entities.at[i].metadata, prefix);
        for (size_t j = 0; j < tree->entities.at[i].fields.count && !used; j++)
            used = metadata_uses(&tree->entities.at[i].fields.at[j].metadata, prefix);
    }
    for (size_t i = 0; i < tree->enums.count && !used; i++) {
        used = metadata_uses(&tree->enums.at[i].metadata, prefix);
        for (size_t j = 0; j < tree->enums.at[i].members.count && !used; j++)
            used = metadata_uses(&tree->enums.at[i].members.at[j].metadata, prefix);
    }
    for (size_t i = 0; i < tree->objects.count && !used; i++)
        used = metadata_uses(&tree->objects.at[i].metadata, prefix);
    return used;
}

/* Is IMPORT one of those that print_imports() writes? */
static bool is_known_import(const struct ast_import *import) {
    static const char *const modules[] = {"ballerina/persist", "ballerina/time", "ballerinax/persist.sql", "persist/db"};

    for (size_t i = 0; i < sizeof modules / sizeof *modules; i++)
        if (strcmp(import->module, modules[i]) == 0)
            return true;
    return false;
}

static int by_module(const void *a, const void *b) {
    const struct ast_import *const *first = a;
    const struct ast_import *const *second = b;

    return strcmp((*first)->module, (*second)->module);
}

/* Imports of other libraries whose annotations are kept, behind ours, by name. */
static void put_other_imports(const struct formatter *formatter, struct str *out) {
    VEC(const struct ast_import *) imports = {0};

    for (size_t i = 0; i < formatter->tree->imports.count; i++) {
        const struct ast_import *import = &formatter->tree->imports.at[i];

        if (!is_known_import(import) && (strcmp(import->prefix, "_") == 0 || tree_uses(formatter->tree, import->prefix)))
            vec_push(formatter->arena, &imports, import);
    }
    if (imports.count)
        qsort(imports.at, imports.count, sizeof *imports.at, by_module);
    for (size_t i = 0; i < imports.count; i++) {
        str_add_bytes(out, formatter->text + imports.at[i]->at.start, imports.at[i]->at.end - imports.at[i]->at.start);
        str_add(out, "\n");
    }
}

struct print_hooks formatter_hooks(struct formatter *formatter) {
    return (struct print_hooks){hook_before, hook_behind, hook_inside_end, formatter};
}

void formatter_cut(struct formatter *formatter, uint32_t key, uint32_t start) {
    struct place *place = place_of(formatter, key);
    size_t kept = 0;

    for (size_t i = 0; place && i < place->before.list.count; i++)
        if (place->before.list.at[i].at.start >= start)
            place->before.list.at[kept++] = place->before.list.at[i];
    if (place)
        place->before.list.count = kept;
}

void formatter_put_file(struct formatter *formatter, const struct schema *schema, struct str *out) {
    struct print_hooks hooks = formatter_hooks(formatter);
    struct str items = STR_INIT;
    struct printer printer;

    printer_init(&printer, schema, &items);
    printer.hooks = &hooks;
    printer.was = true;
    print_items(&printer);
    put_trivia(formatter, out, &formatter->head, "");
    if (formatter->head.list.count && !formatter->head.list.at[formatter->head.list.count - 1].blank_behind)
        str_add(out, "\n");
    print_imports(&printer, out);
    put_other_imports(formatter, out);
    str_add_bytes(out, items.text, items.length);
    if (formatter->tail.list.count) {
        str_add(out, "\n");
        formatter->tail.list.at[formatter->tail.list.count - 1].blank_behind = false;
    }
    put_trivia(formatter, out, &formatter->tail, "");
    str_free(&items);
    printer_free(&printer);
}

struct formatter *formatter_new(struct arena *arena, const struct ast *tree, bool pulling) {
    struct formatter *formatter = ARENA_NEW(arena, struct formatter);

    *formatter = (struct formatter){.arena = arena, .tree = tree, .text = tree->source->text, .pulling = pulling};
    find_places(formatter);
    keep_all_annotations(formatter);
    place_comments(formatter);
    return formatter;
}

int model_format(struct source *source, struct str *out, struct diag *diag) {
    struct arena arena = {0};
    struct ast_memory memory = {.tree = &arena, .texts = &arena, .comments = true};
    struct model_options options = {.comments = true};
    struct ast tree;
    const struct schema *schema = model_read_tree(&memory, source, &options, &tree, diag);

    if (schema)
        formatter_put_file(formatter_new(&arena, &tree, false), schema, out);
    arena_free(&arena);
    return schema ? 0 : -1;
}
