#include <string.h>

#include "merge_internal.h"
#include "print_internal.h"

struct lines {
    VEC(const char *) list; /* NULL: it is there already */
};

static void wanted_lines(struct merge *merge, const char *entity, struct lines *wanted) {
    const char *text;

    print_unsupported(&merge->printer, entity, "");
    text = merge_take_printed(merge);
    while (*text) {
        size_t length = strcspn(text, "\n");

        vec_push(merge->arena, &wanted->list, arena_strndup(merge->arena, text, length));
        text += length + (text[length] == '\n');
    }
}

static bool is_wanted(struct merge *merge, struct lines *wanted, struct span comment) {
    for (size_t i = 0; i < wanted->list.count; i++)
        if (wanted->list.at[i] && strlen(wanted->list.at[i]) == comment.end - comment.start &&
            memcmp(wanted->list.at[i], merge->text + comment.start, comment.end - comment.start) == 0) {
            wanted->list.at[i] = NULL;
            return true;
        }
    return false;
}

/* The lines of one comment; only its own bytes where it stands behind something. */
static void remove_comment(struct merge *merge, struct span comment, struct span *lines) {
    uint32_t line = place_line(merge, comment.start);
    uint32_t end = place_behind(merge, comment.end);

    if (!place_begins_line(merge, comment.start)) {
        while (comment.start && strchr(" \t", merge->text[comment.start - 1]))
            comment.start--;
        edit_replace(merge, comment, "");
        return;
    }
    if (lines->end != line || lines->start == lines->end) {
        if (lines->end > lines->start)
            edit_remove_lines(merge, lines->start, lines->end);
        lines->start = line;
    }
    lines->end = end;
}

/* Does an entity hold what stands at OFFSET? They are in the order of the text. */
static bool is_in_entity(const struct merge *merge, uint32_t offset) {
    size_t low = 0;
    size_t high = merge->tree->entities.count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (merge->tree->entities.at[middle].at.end <= offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low < merge->tree->entities.count && merge->tree->entities.at[low].at.start <= offset;
}

/* The first comment that begins at or behind OFFSET. */
static size_t first_comment(const struct merge *merge, uint32_t offset) {
    size_t low = 0;
    size_t high = merge->tree->comments.count;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (merge->tree->comments.at[middle].start < offset)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* What is wanted already goes from WANTED, what is not goes from the text. */
static void remove_unwanted(struct merge *merge, const struct unsupported_place *place, struct lines *wanted) {
    struct span lines = {0, 0};

    for (size_t i = first_comment(merge, place->at.start); i < merge->tree->comments.count; i++) {
        struct span comment = merge->tree->comments.at[i];

        if (comment.end > place->at.end)
            break;
        if (place_is_unsupported(merge, comment) && (*place->entity || !is_in_entity(merge, comment.start)) &&
            !is_wanted(merge, wanted, comment))
            remove_comment(merge, comment, &lines);
    }
    if (lines.end > lines.start)
        edit_remove_lines(merge, lines.start, lines.end);
}

void merge_unsupported(struct merge *merge, const struct unsupported_place *place) {
    struct lines wanted = {0};
    const char *lead = place->lead;

    wanted_lines(merge, place->entity, &wanted);
    remove_unwanted(merge, place, &wanted);
    for (size_t i = 0; i < wanted.list.count; i++)
        if (wanted.list.at[i]) {
            edit_insert(merge, place->place, arena_printf(merge->arena, "%s%s%s\n", lead, place->indent, wanted.list.at[i]));
            lead = "";
        }
}
