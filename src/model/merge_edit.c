#include <stdlib.h>
#include <string.h>

#include "merge_internal.h"

/* Places. */

uint32_t place_line(const struct merge *merge, uint32_t at) {
    while (at && merge->text[at - 1] != '\n')
        at--;
    return at;
}

static uint32_t skip_blanks(const struct merge *merge, uint32_t at) {
    return at + (uint32_t)strspn(merge->text + at, " \t");
}

bool place_begins_line(const struct merge *merge, uint32_t at) {
    return skip_blanks(merge, place_line(merge, at)) >= at;
}

const char *place_indent(const struct merge *merge, uint32_t at) {
    uint32_t line = place_line(merge, at);

    return arena_strndup(merge->arena, merge->text + line, skip_blanks(merge, line) - line);
}

uint32_t place_behind(const struct merge *merge, uint32_t end) {
    uint32_t at = skip_blanks(merge, end);

    if (merge->text[at] == ',')
        at = skip_blanks(merge, at + 1);
    if (merge->text[at] == '/' && merge->text[at + 1] == '/')
        at += (uint32_t)strcspn(merge->text + at, "\n");
    if (merge->text[at] == '\r')
        at++;
    if (merge->text[at] == '\n')
        return at + 1;
    return merge->text[at] ? end : at;
}

/* The comment that begins at AT, or NULL. */
static const struct span *comment_at(const struct merge *merge, uint32_t at) {
    size_t low = 0;
    size_t high = merge->tree->comments.count;

    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct span *comment = &merge->tree->comments.at[middle];

        if (comment->start == at)
            return comment;
        if (comment->start < at)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

bool place_is_unsupported(const struct merge *merge, struct span at) {
    return strncmp(merge->text + at.start, PRINT_UNSUPPORTED, sizeof PRINT_UNSUPPORTED - 1) == 0;
}

uint32_t place_with_comments(const struct merge *merge, uint32_t start) {
    uint32_t line = place_line(merge, start);

    if (!place_begins_line(merge, start))
        return start;
    while (line) {
        uint32_t above = place_line(merge, line - 1);
        const struct span *comment = comment_at(merge, skip_blanks(merge, above));

        if (!comment || place_is_unsupported(merge, *comment))
            break;
        line = above;
    }
    return line;
}

/* Edits. */

enum { EARLY_MAX = 8 };

void edit_replace(struct merge *merge, struct span at, const char *text) {
    vec_push(merge->arena, &merge->edits, ((struct edit){at, text, EARLY_MAX + merge->edits.count}));
}

void edit_insert(struct merge *merge, uint32_t at, const char *text) {
    edit_replace(merge, (struct span){at, at}, text);
}

void edit_insert_early(struct merge *merge, uint32_t at, size_t rank, const char *text) {
    vec_push(merge->arena, &merge->edits, ((struct edit){{at, at}, text, rank}));
}

void edit_remove(struct merge *merge, struct span at) {
    uint32_t end = skip_blanks(merge, at.end);
    bool ends_line = merge->text[end] == '\n' || merge->text[end] == '\r';

    if (ends_line && place_begins_line(merge, at.start)) {
        at.start = place_line(merge, at.start);
        end += merge->text[end] == '\r';
        end += merge->text[end] == '\n';
    }
    while (ends_line && at.start && strchr(" \t", merge->text[at.start - 1]))
        at.start--;
    edit_replace(merge, (struct span){at.start, end}, "");
}

static uint32_t next_line(const struct merge *merge, uint32_t at) {
    at += (uint32_t)strcspn(merge->text + at, "\n");
    return at + (merge->text[at] == '\n');
}

static bool is_empty_line(const struct merge *merge, uint32_t line) {
    line += (uint32_t)strspn(merge->text + line, " \t\r");
    return merge->text[line] == '\n';
}

void edit_remove_lines(struct merge *merge, uint32_t start, uint32_t end) {
    bool empty_above = start && is_empty_line(merge, place_line(merge, start - 1));
    const char *rest = merge->text + end + strspn(merge->text + end, " \t\r\n");

    if (empty_above && (!*rest || *rest == '|' || *rest == '}'))
        while (start && is_empty_line(merge, place_line(merge, start - 1)))
            start = place_line(merge, start - 1);
    else if (empty_above)
        while (end < merge->length && is_empty_line(merge, end))
            end = next_line(merge, end);
    edit_replace(merge, (struct span){start, end}, "");
}

/* Insertions come before what replaces the bytes behind them. */
static int by_place(const void *a, const void *b) {
    const struct edit *first = a;
    const struct edit *second = b;
    int order = (first->at.start > second->at.start) - (first->at.start < second->at.start);

    order = order ? order : (first->at.end > first->at.start) - (second->at.end > second->at.start);
    return order ? order : (first->order > second->order) - (first->order < second->order);
}

/* New text has the line ends of the file. */
static void add_text(const struct merge *merge, const char *text, struct str *out) {
    const char *first = strchr(merge->text, '\n');
    bool carriage_returns = first && first > merge->text && first[-1] == '\r';

    for (; *text && carriage_returns; text += strcspn(text, "\n") + 1) {
        size_t length = strcspn(text, "\n");

        str_add_bytes(out, text, length);
        if (!text[length])
            return;
        str_add(out, "\r\n");
    }
    if (!carriage_returns)
        str_add(out, text);
}

int edits_apply(struct merge *merge, struct str *out) {
    uint32_t at = 0;
    bool removed = false; /* what ends at AT */

    if (merge->edits.count)
        qsort(merge->edits.at, merge->edits.count, sizeof *merge->edits.at, by_place);
    for (size_t i = 0; i < merge->edits.count; i++) {
        struct edit edit = merge->edits.at[i];

        if (edit.at.start < at && removed && !*edit.text) /* neighbors that go may both take the empty line between them */
            edit.at = (struct span){at, edit.at.end > at ? edit.at.end : at};
        if (edit.at.start < at)
            return 1;
        str_add_bytes(out, merge->text + at, edit.at.start - at);
        add_text(merge, edit.text, out);
        removed = !*edit.text;
        at = edit.at.end;
    }
    str_add_bytes(out, merge->text + at, merge->length - at);
    return 0;
}
