#include <string.h>

#include "merge_internal.h"
#include "print_internal.h"

/* Reading canonical text. */

/* The next line without its indent; NULL at the end. */
static const char *cut_line(struct merge *merge, const char **at) {
    const char *start = *at + strspn(*at, " ");
    size_t length = strcspn(start, "\n");

    if (!**at)
        return NULL;
    *at = start + length + (start[length] == '\n');
    return arena_strndup(merge->arena, start, length);
}

/* A member of an enum has a comma when another follows, which says nothing about it. */
static const char *without_comma(struct merge *merge, const char *declaration) {
    size_t length = strlen(declaration);

    return length && declaration[length - 1] == ',' ? arena_strndup(merge->arena, declaration, length - 1) : declaration;
}

/* False: there is no further piece. */
static bool read_piece(struct merge *merge, const char **at, bool object, struct piece *piece) {
    const char *before = *at;

    *piece = (struct piece){0};
    for (const char *line; (line = cut_line(merge, at)); before = *at) {
        if (*line == '#') {
            vec_push(merge->arena, &piece->documentation.list, line);
        } else if (*line == '@') {
            vec_push(merge->arena, &piece->annotations.list, line);
        } else {
            piece->declaration = object ? before : without_comma(merge, line);
            return strcmp(line, "|};") != 0 && strcmp(line, "}") != 0;
        }
    }
    return false;
}

void pieces_read(struct merge *merge, const char *text, bool object, struct pieces *pieces) {
    struct piece piece;

    *pieces = (struct pieces){0};
    read_piece(merge, &text, object, &pieces->head);
    while (!object && read_piece(merge, &text, false, &piece))
        vec_push(merge->arena, &pieces->members, piece);
}

const char *printed_name(struct merge *merge, const char *name) {
    size_t before = merge->printed.length;
    const char *printed;

    print_name(&merge->printer, name);
    printed = arena_strndup(merge->arena, merge->printed.text + before, merge->printed.length - before);
    str_truncate(&merge->printed, before);
    return printed;
}

const char *piece_text(struct merge *merge, const struct piece *piece, const char *indent, const char *separator) {
    struct str out = STR_INIT;
    const char *text;

    for (size_t i = 0; i < piece->documentation.list.count; i++)
        str_addf(&out, "%s%s\n", indent, piece->documentation.list.at[i]);
    for (size_t i = 0; i < piece->annotations.list.count; i++)
        str_addf(&out, "%s%s\n", indent, piece->annotations.list.at[i]);
    str_addf(&out, "%s%s%s\n", indent, piece->declaration, separator);
    text = str_keep(&out, merge->arena);
    str_free(&out);
    return text;
}

/* Comparing. */

bool texts_same(const struct texts *a, const struct texts *b) {
    if (a->list.count != b->list.count)
        return false;
    for (size_t i = 0; i < a->list.count; i++)
        if (strcmp(a->list.at[i], b->list.at[i]) != 0)
            return false;
    return true;
}

bool piece_same(const struct piece *a, const struct piece *b) {
    return texts_same(&a->documentation, &b->documentation) && texts_same(&a->annotations, &b->annotations) &&
           strcmp(a->declaration, b->declaration) == 0;
}

/* Documentation. */

struct spans {
    VEC(struct span) list;
};

/* The "#" lines in a part of the metadata that is no annotation. */
static void find_documentation(struct merge *merge, uint32_t at, uint32_t end, struct spans *found) {
    while (at < end) {
        const char *text = merge->text + at;
        uint32_t length = (uint32_t)strcspn(text, "\r\n");

        if (*text == '#')
            vec_push(merge->arena, &found->list, ((struct span){at, at + length}));
        if (*text == '#' || *text == '/')
            at += length;
        else
            at++;
    }
}

static void find_all_documentation(struct merge *merge, const struct written *written, struct spans *found) {
    const struct ast_metadata *metadata = written->metadata;
    uint32_t at = written->start;

    for (size_t i = 0; i < metadata->annotation_count; i++) {
        find_documentation(merge, at, metadata->annotations[i].at.start, found);
        at = metadata->annotations[i].at.end;
    }
    find_documentation(merge, at, written->core, found);
}

static const char *join_lines(struct merge *merge, const struct texts *lines, size_t from, const char *indent) {
    struct str out = STR_INIT;
    const char *text;

    for (size_t i = from; i < lines->list.count; i++)
        str_addf(&out, "%s%s", i == from ? "" : arena_printf(merge->arena, "\n%s", indent), lines->list.at[i]);
    text = str_keep(&out, merge->arena);
    str_free(&out);
    return text;
}

static bool merge_documentation(struct merge *merge, const struct written *written, const struct piece *old, const struct piece *new) {
    const struct texts *lines = &new->documentation;
    const char *indent = place_indent(merge, written->start);
    struct spans found = {0};

    if (texts_same(&old->documentation, lines))
        return true;
    find_all_documentation(merge, written, &found);
    if (found.list.count != old->documentation.list.count)
        return false; /* it is written as @db:Comment */
    for (size_t i = 0; i < found.list.count; i++)
        if (i >= lines->list.count)
            edit_remove(merge, found.list.at[i]);
        else if (i + 1 == found.list.count)
            edit_replace(merge, found.list.at[i], join_lines(merge, lines, i, indent));
        else
            edit_replace(merge, found.list.at[i], lines->list.at[i]);
    if (!found.list.count && place_begins_line(merge, written->start))
        edit_insert(merge, place_line(merge, written->start),
                    arena_printf(merge->arena, "%s%s\n", indent, join_lines(merge, lines, 0, indent)));
    else if (!found.list.count)
        edit_insert(merge, written->start, arena_printf(merge->arena, "%s\n%s", join_lines(merge, lines, 0, indent), indent));
    return true;
}

/* Annotations. */

/* "sql:Name" of "@sql:Name {…}". */
static const char *annotation_name(struct merge *merge, const char *line) {
    return arena_strndup(merge->arena, line + 1, strcspn(line + 1, " "));
}

static bool holds_text(const struct texts *texts, const char *text) {
    for (size_t i = 0; i < texts->list.count; i++)
        if (strcmp(texts->list.at[i], text) == 0)
            return true;
    return false;
}

/* Is ELEMENT, of a list of an entity, printed as LINE by the annotation NAME? */
static bool prints_as(struct merge *merge, const char *name, const void *element, const char *line) {
    size_t before = merge->printed.length;
    size_t length = strlen(line);
    bool same;

    print_annotation(&merge->printer, (size_t)(ir_annotation_find(name, IR_ENTITY) - ir_annotations), element, "");
    same = merge->printed.length - before == length + 1 && memcmp(merge->printed.text + before, line, length) == 0;
    str_truncate(&merge->printed, before);
    return same;
}

bool piece_has(struct merge *merge, const struct piece *piece, const char *name, const void *element) {
    for (size_t i = 0; i < piece->annotations.list.count; i++)
        if (prints_as(merge, name, element, piece->annotations.list.at[i]))
            return true;
    return false;
}

/* A list of an entity, with the place of each element: what one of the annotations that may stand several times was read into. */
struct element_list {
    const void *at;
    size_t count;
    size_t size;
    size_t place; /* offset of the span */
};

static struct element_list list_of(const struct entity *entity, const char *name) {
    if (strcmp(name, "db:Check") == 0)
        return (struct element_list){entity->checks, entity->check_count, sizeof(struct check), offsetof(struct check, at)};
    if (strcmp(name, "db:Exclude") == 0)
        return (struct element_list){entity->excludes, entity->exclude_count, sizeof(struct exclude), offsetof(struct exclude, at)};
    if (strcmp(name, "db:ForeignKey") == 0)
        return (struct element_list){entity->foreign_keys, entity->foreign_key_count, sizeof(struct foreign_key),
                                     offsetof(struct foreign_key, at)};
    return (struct element_list){entity->indexes, entity->index_count, sizeof(struct index), offsetof(struct index, at)};
}

/* Where the annotation that is printed as LINE is written; an empty span: nowhere. */
static struct span find_annotation(struct merge *merge, const struct written *written, const char *line) {
    const char *name = annotation_name(merge, line);
    const struct ir_annotation *known = written->entity ? ir_annotation_find(name, IR_ENTITY) : NULL;
    const struct ast_annotation *single = ast_annotation_find(written->metadata, name);
    struct element_list list;

    if (!known || !known->repeats)
        return single ? single->at : (struct span){0, 0};
    list = list_of(written->entity, name);
    for (size_t i = 0; i < list.count; i++) {
        const char *element = (const char *)list.at + i * list.size;
        const struct span *at = (const void *)(element + list.place);

        if (prints_as(merge, name, element, line) && strncmp(merge->text + at->start, "@db:", 4) == 0)
            return *at;
    }
    return (struct span){0, 0};
}

/* The first of the new annotations of the kind of LINE that is not used yet, or NULL; it is used then. */
static const char *take_successor(struct merge *merge, struct texts *added, const char *line) {
    const char *name = annotation_name(merge, line);

    for (size_t i = 0; i < added->list.count; i++)
        if (added->list.at[i] && strcmp(annotation_name(merge, added->list.at[i]), name) == 0) {
            const char *successor = added->list.at[i];

            added->list.at[i] = NULL;
            return successor;
        }
    return NULL;
}

/* What is new: in the place of one that says nothing (a name that is the own one), else on a line before the declaration. */
static void add_annotation(struct merge *merge, const struct written *written, const char *line) {
    const char *name = annotation_name(merge, line);
    const struct ast_annotation *idle = ast_annotation_find(written->metadata, name);
    const struct ir_annotation *known = written->entity ? ir_annotation_find(name, IR_ENTITY) : NULL;

    if (idle && (!known || !known->repeats))
        edit_replace(merge, idle->at, line);
    else
        edit_insert(merge, written->core, arena_printf(merge->arena, "%s\n%s", line, place_indent(merge, written->start)));
}

static bool merge_annotations(struct merge *merge, const struct written *written, const struct piece *old, const struct piece *new) {
    struct texts added = {0};

    for (size_t i = 0; i < new->annotations.list.count; i++)
        if (!holds_text(&old->annotations, new->annotations.list.at[i]))
            vec_push(merge->arena, &added.list, new->annotations.list.at[i]);
    for (size_t i = 0; i < old->annotations.list.count; i++) {
        const char *line = old->annotations.list.at[i];
        const char *successor;
        struct span at;

        if (holds_text(&new->annotations, line))
            continue;
        at = find_annotation(merge, written, line);
        if (at.start == at.end)
            return false;
        successor = take_successor(merge, &added, line);
        if (successor)
            edit_replace(merge, at, successor);
        else
            edit_remove(merge, at);
    }
    for (size_t i = 0; i < added.list.count; i++)
        if (added.list.at[i])
            add_annotation(merge, written, added.list.at[i]);
    return true;
}

bool piece_merge(struct merge *merge, const struct written *written, const struct piece *old, const struct piece *new) {
    return merge_documentation(merge, written, old, new) && merge_annotations(merge, written, old, new);
}
