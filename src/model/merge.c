#include "merge.h"

#include <stdlib.h>
#include <string.h>

#include "lower.h"
#include "merge_internal.h"

/* Items in the order of the file. */

enum item_kind { ITEM_ENUM, ITEM_ENTITY, ITEM_OBJECT };

struct item {
    enum item_kind kind;
    const char *name;
    struct span at;
    const void *declared; /* the struct of the tree */
    bool stays;
};

struct items {
    VEC(struct item) list;
};

static bool is_pulled(const struct merge *merge, const struct item *item) {
    switch (item->kind) {
    case ITEM_ENUM:
        return schema_enum(&merge->pulled, item->name) != NULL;
    case ITEM_ENTITY:
        return schema_entity(&merge->pulled, item->name) != NULL;
    case ITEM_OBJECT:
        return schema_object(&merge->pulled, item->name) != NULL;
    }
    return false;
}

static void add_item(struct merge *merge, struct items *items, struct item item) {
    item.stays = is_pulled(merge, &item);
    vec_push(merge->arena, &items->list, item);
}

static int by_start(const void *a, const void *b) {
    uint32_t first = ((const struct item *)a)->at.start;
    uint32_t second = ((const struct item *)b)->at.start;

    return (first > second) - (first < second);
}

static void find_items(struct merge *merge, struct items *items) {
    const struct ast *tree = merge->tree;

    for (size_t i = 0; i < tree->enums.count; i++)
        add_item(merge, items, (struct item){ITEM_ENUM, tree->enums.at[i].name, tree->enums.at[i].at, &tree->enums.at[i], false});
    for (size_t i = 0; i < tree->entities.count; i++)
        add_item(merge, items,
                 (struct item){ITEM_ENTITY, tree->entities.at[i].name, tree->entities.at[i].at, &tree->entities.at[i], false});
    for (size_t i = 0; i < tree->objects.count; i++)
        add_item(merge, items, (struct item){ITEM_OBJECT, tree->objects.at[i].name, tree->objects.at[i].at, &tree->objects.at[i], false});
    if (items->list.count)
        qsort(items->list.at, items->list.count, sizeof *items->list.at, by_start);
}

static void merge_item(struct merge *merge, const struct item *item) {
    switch (item->kind) {
    case ITEM_ENUM:
        merge_enum(merge, item->declared);
        return;
    case ITEM_ENTITY:
        merge_entity(merge, item->declared);
        return;
    case ITEM_OBJECT:
        merge_object(merge, item->declared);
        return;
    }
}

/* New items: behind those of their kind, or in alphabetical order where the file has that. */

/* The items of one kind that stay. */
struct group {
    const struct items *items;
    enum item_kind kind;
    const struct item *first;
    const struct item *last;
    bool sorted;
};

static struct group find_group(const struct items *items, enum item_kind kind) {
    struct group group = {.items = items, .kind = kind, .sorted = true};

    for (size_t i = 0; i < items->list.count; i++) {
        const struct item *item = &items->list.at[i];

        if (item->kind != kind || !item->stays)
            continue;
        group.first = group.first ? group.first : item;
        group.sorted = group.sorted && (!group.last || strcmp(group.last->name, item->name) < 0);
        group.last = item;
    }
    return group;
}

static const struct item *last_before(const struct group *group, const char *name) {
    const struct item *found = NULL;

    for (size_t i = 0; i < group->items->list.count; i++) {
        const struct item *item = &group->items->list.at[i];

        if (item->kind == group->kind && item->stays && strcmp(item->name, name) < 0)
            found = item;
    }
    return found;
}

/* Where the items begin in a file that has none that stays. */
static uint32_t behind_imports(const struct merge *merge) {
    size_t count = merge->tree->imports.count;

    return count ? place_behind(merge, merge->tree->imports.at[count - 1].at.end) : 0;
}

static void insert_behind(struct merge *merge, uint32_t end, const char *text) {
    uint32_t at = place_behind(merge, end);
    bool own_line = at == 0 || merge->text[at - 1] == '\n';

    edit_insert(merge, at, arena_printf(merge->arena, "%s%s", own_line ? "\n" : "\n\n", text));
}

/* Enums come before all others, objects behind them. */
static void insert_first(struct merge *merge, const struct items *items, enum item_kind kind, const char *text) {
    const struct item *before = NULL;
    const struct item *behind = NULL;

    for (size_t i = 0; i < items->list.count; i++) {
        const struct item *item = &items->list.at[i];

        if (item->stays && item->kind < kind)
            before = item;
        if (item->stays && item->kind > kind && !behind)
            behind = item;
    }
    if (before)
        insert_behind(merge, before->at.end, text);
    else if (behind)
        edit_insert(merge, place_with_comments(merge, behind->at.start), arena_printf(merge->arena, "%s\n", text));
    else
        edit_insert(merge, behind_imports(merge), arena_printf(merge->arena, "\n%s", text));
}

static void insert_item(struct merge *merge, const struct group *group, const char *name, const char *text) {
    const struct item *before = group->sorted ? last_before(group, name) : group->last;

    if (before)
        insert_behind(merge, before->at.end, text);
    else if (group->first)
        edit_insert(merge, place_with_comments(merge, group->first->at.start), arena_printf(merge->arena, "%s\n", text));
    else
        insert_first(merge, group->items, group->kind, text);
}

static void insert_new(struct merge *merge, const struct items *items) {
    struct group enums = find_group(items, ITEM_ENUM);
    struct group entities = find_group(items, ITEM_ENTITY);
    struct group objects = find_group(items, ITEM_OBJECT);

    for (size_t i = 0; i < merge->full.enum_count; i++)
        if (!schema_enum(&merge->known, merge->full.enums[i]->name)) {
            print_enum(&merge->printer, merge->full.enums[i]);
            insert_item(merge, &enums, merge->full.enums[i]->name, merge_take_printed(merge));
        }
    for (size_t i = 0; i < merge->full.entity_count; i++)
        if (!schema_entity(&merge->known, merge->full.entities[i]->name)) {
            print_entity(&merge->printer, merge->full.entities[i]);
            insert_item(merge, &entities, merge->full.entities[i]->name, merge_take_printed(merge));
        }
    for (size_t i = 0; i < merge->full.object_count; i++)
        if (!schema_object(&merge->known, merge->full.objects[i]->name)) {
            print_object(&merge->printer, merge->full.objects[i]);
            insert_item(merge, &objects, merge->full.objects[i]->name, merge_take_printed(merge));
        }
}

/* Imports. */

/* The modules whose import depends on what the model says, in canonical order. */
static const struct module {
    const char *prefix;
    const char *name;
} modules[] = {{"time", "ballerina/time"}, {"sql", "ballerinax/persist.sql"}, {"db", "persist/db"}};

enum { MODULE_COUNT = sizeof modules / sizeof *modules };

static bool begins_with(const char *name, const char *prefix) {
    size_t length = strlen(prefix);

    return strncmp(name, prefix, length) == 0 && name[length] == ':';
}

static bool metadata_uses(const struct ast_metadata *metadata, const char *prefix) {
    for (size_t i = 0; i < metadata->annotation_count; i++)
        if (begins_with(metadata->annotations[i].name, prefix))
            return true;
    return false;
}

static bool entity_uses(const struct ast_entity *entity, const char *prefix) {
    if (metadata_uses(&entity->metadata, prefix))
        return true;
    for (size_t i = 0; i < entity->fields.count; i++)
        if (metadata_uses(&entity->fields.at[i].metadata, prefix) || begins_with(entity->fields.at[i].type.name, prefix))
            return true;
    return false;
}

static bool enum_uses(const struct ast_enum *enumeration, const char *prefix) {
    if (metadata_uses(&enumeration->metadata, prefix))
        return true;
    for (size_t i = 0; i < enumeration->members.count; i++)
        if (metadata_uses(&enumeration->members.at[i].metadata, prefix))
            return true;
    return false;
}

static bool tree_uses(const struct ast *tree, const char *prefix) {
    for (size_t i = 0; i < tree->entities.count; i++)
        if (entity_uses(&tree->entities.at[i], prefix))
            return true;
    for (size_t i = 0; i < tree->enums.count; i++)
        if (enum_uses(&tree->enums.at[i], prefix))
            return true;
    for (size_t i = 0; i < tree->objects.count; i++)
        if (metadata_uses(&tree->objects.at[i].metadata, prefix))
            return true;
    return false;
}

static const struct ast_import *find_import(const struct merge *merge, const char *module) {
    for (size_t i = 0; i < merge->tree->imports.count; i++)
        if (strcmp(merge->tree->imports.at[i].module, module) == 0)
            return &merge->tree->imports.at[i];
    return NULL;
}

/* Behind the last of the imports that come before it in canonical text. */
static void insert_import(struct merge *merge, size_t index) {
    const struct ast_import *before = find_import(merge, "ballerina/persist");
    uint32_t at;

    for (size_t i = 0; i < index; i++) {
        const struct ast_import *import = find_import(merge, modules[i].name);

        if (import && (!before || import->at.start > before->at.start))
            before = import;
    }
    at = before ? place_behind(merge, before->at.end) : 0;
    edit_insert_early(merge, at, index,
                      arena_printf(merge->arena, "%simport %s;\n", at && merge->text[at - 1] != '\n' ? "\n" : "", modules[index].name));
}

/* Imports as CHANGED, the tree of the text without them, needs them; one that was of no use before stays. */
static void merge_imports(struct merge *merge, const struct ast *changed) {
    for (size_t i = 0; i < MODULE_COUNT; i++) {
        const struct ast_import *import = find_import(merge, modules[i].name);
        bool used = tree_uses(changed, modules[i].prefix);

        if (used && !import)
            insert_import(merge, i);
        else if (!used && import && tree_uses(merge->tree, modules[i].prefix) && place_begins_line(merge, import->at.start))
            edit_remove_lines(merge, place_with_comments(merge, import->at.start), place_behind(merge, import->at.end));
    }
}

/* The whole. */

static void make_edits(struct merge *merge) {
    struct unsupported_place place = {"", {0, merge->length}, behind_imports(merge), "\n", ""};
    struct items items = {0};

    merge->edits.count = 0;
    merge->formatter = formatter_new(merge->arena, merge->tree, true);
    merge_unsupported(merge, &place);
    find_items(merge, &items);
    insert_new(merge, &items); /* before what changes in the items: of insertions at one place the first comes first */
    for (size_t i = 0; i < items.list.count; i++) {
        const struct item *item = &items.list.at[i];

        if (item->stays)
            merge_item(merge, item);
        else
            edit_remove_lines(merge, place_with_comments(merge, item->at.start), place_behind(merge, item->at.end));
    }
}

/* The edited text without new imports as a tree; what is wrong with it is found when it is read. */
static int parse_edited(struct merge *merge, struct ast *tree) {
    struct diag ignored = {.arena = merge->arena};
    struct str text = STR_INIT;
    struct source *source;
    int result = edits_apply(merge, &text);

    source = result ? NULL : source_new(merge->arena, "model.bal", str_keep(&text, merge->arena), text.length, &ignored);
    str_free(&text);
    if (!source)
        return 1;
    ast_parse(merge->arena, source, tree, &ignored);
    return 0;
}

/* Notes the entities that FOUND says otherwise than the pulled schema: they are to be printed anew. */
static void note_different(struct merge *merge, const struct schema *found) {
    for (size_t i = 0; i < merge->pulled.entity_count; i++) {
        const struct entity *wanted = merge->pulled.entities[i];
        const struct entity *entity = schema_entity(found, wanted->name);

        if (entity && strcmp(merge_print_entity(merge, found, entity), merge_print_entity(merge, &merge->pulled, wanted)) != 0)
            map_put(merge->arena, &merge->anew, wanted->name, wanted);
    }
}

/* Does TEXT say what was pulled? */
static bool says_pulled(struct merge *merge, const struct str *text, struct diag *diag) {
    struct source *source = source_new(merge->arena, "model.bal", text->text, text->length, diag);
    const struct schema *schema = source ? model_read(merge->arena, source, &merge->options, diag) : NULL;
    struct str said = STR_INIT;
    struct str wanted = STR_INIT;
    bool same;

    if (!schema)
        return false;
    model_print(schema, &said);
    model_print(&merge->pulled, &wanted);
    same = said.length == wanted.length && memcmp(said.text, wanted.text, said.length) == 0;
    str_free(&said);
    str_free(&wanted);
    if (!same)
        note_different(merge, schema);
    return same;
}

/* The text as edits make it, to OUT. 0, or 1: it does not say what was pulled. */
static int try_edits(struct merge *merge, struct str *out) {
    struct diag ignored = {.arena = merge->arena};
    struct ast changed;

    str_truncate(out, 0);
    make_edits(merge);
    if (!merge->edits.count) { /* nothing differs */
        str_add_bytes(out, merge->text, merge->length);
        return 0;
    }
    if (parse_edited(merge, &changed))
        return 1;
    merge_imports(merge, &changed);
    return edits_apply(merge, out) || !says_pulled(merge, out, &ignored);
}

/* Everything printed anew, with the comments of the file. */
static int print_anew(struct merge *merge, struct str *out, struct diag *diag) {
    struct schema placed = merge->full;

    placed.entities = ARENA_ARRAY(merge->arena, struct entity *, placed.entity_count);
    placed.enums = ARENA_ARRAY(merge->arena, struct enumeration *, placed.enum_count);
    placed.objects = ARENA_ARRAY(merge->arena, struct object *, placed.object_count);
    for (size_t i = 0; i < placed.entity_count; i++)
        placed.entities[i] = with_places(merge, merge->full.entities[i]);
    for (size_t i = 0; i < placed.enum_count; i++)
        placed.enums[i] = enum_with_places(merge, merge->full.enums[i]);
    for (size_t i = 0; i < placed.object_count; i++)
        placed.objects[i] = object_with_places(merge, merge->full.objects[i]);
    str_truncate(out, 0);
    formatter_put_file(formatter_new(merge->arena, merge->tree, true), &placed, out);
    if (says_pulled(merge, out, diag))
        return 0;
    return diag_fail(diag, "what the database holds cannot be merged into \"%s\"", merge->tree->source->name);
}

/* Edits; then with what came out otherwise printed anew; then with all that differs printed anew; then the whole. */
static int merge_texts(struct merge *merge, struct str *out, struct diag *diag) {
    struct str text = STR_INIT;
    int result = try_edits(merge, &text);

    if (result && merge->anew.count)
        result = try_edits(merge, &text);
    merge->coarse = true;
    if (result)
        result = try_edits(merge, &text);
    if (result)
        result = print_anew(merge, &text, diag);
    if (!result)
        str_add_bytes(out, text.text, text.length);
    str_free(&text);
    return result;
}

static struct schema without_unsupported(const struct schema *schema) {
    struct schema copy = *schema;

    copy.unsupported_count = 0;
    return copy;
}

/* Documentation that is no data, for what is printed anew; NULL when it is data. */
static const struct schema *read_documentation(struct merge *merge, struct source *source) {
    struct model_options options = {.datastore = "any", .comments = true};
    struct diag ignored = {.arena = merge->arena};

    return merge->options.comments ? NULL : model_read(merge->arena, source, &options, &ignored);
}

int model_merge(const struct merge_request *request, struct str *out, struct diag *diag) {
    struct source *source = request->source;
    struct arena arena = {0};
    struct ast_memory memory = {.tree = &arena, .texts = &arena, .comments = true};
    struct ast tree;
    struct merge merge = {.arena = &arena, .tree = &tree, .text = source->text, .length = (uint32_t)source->length};
    const struct schema *known;
    int result = -1;

    merge.options = (struct model_options){.datastore = "any", .comments = request->comments};
    merge.printed = (struct str)STR_INIT;
    known = model_read_tree(&memory, source, &merge.options, &tree, diag);
    if (known) {
        merge.known = without_unsupported(known);
        merge.pulled = without_unsupported(request->pulled);
        merge.full = *request->pulled;
        merge.documented = read_documentation(&merge, source);
        printer_init(&merge.printer, &merge.full, &merge.printed);
        result = merge_texts(&merge, out, diag);
        printer_free(&merge.printer);
    }
    str_free(&merge.printed);
    arena_free(&arena);
    return result;
}
