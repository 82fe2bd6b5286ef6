#include "diag.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "arena.h"
#include "str.h"
#include "utf8.h"

static const struct span no_place;

static void add_message(struct diag *diag, struct diagnostic message, const char *format, va_list args)
    __attribute__((format(printf, 3, 0)));

static void add_message(struct diag *diag, struct diagnostic message, const char *format, va_list args) {
    struct str text = STR_INIT;

    diag->errors += message.severity == SEVERITY_ERROR;
    diag->warnings += message.severity == SEVERITY_WARNING;
    diag->truncated = diag->truncated || diag->list.count >= DIAG_MAX;
    if (diag->truncated)
        return;
    str_add_va(&text, format, args);
    message.message = utf8_printable(diag->arena, str_keep(&text, diag->arena));
    str_free(&text);
    vec_push(diag->arena, &diag->list, message);
}

int diag_error(struct diag *diag, struct source *source, struct span at, int code, const char *format, ...) {
    va_list args;

    va_start(args, format);
    add_message(diag, (struct diagnostic){.severity = SEVERITY_ERROR, .code = code, .source = source, .at = at}, format, args);
    va_end(args);
    return -1;
}

void diag_warning(struct diag *diag, struct source *source, struct span at, int code, const char *format, ...) {
    va_list args;

    va_start(args, format);
    add_message(diag, (struct diagnostic){.severity = SEVERITY_WARNING, .code = code, .source = source, .at = at}, format, args);
    va_end(args);
}

void diag_note(struct diag *diag, struct source *source, struct span at, const char *format, ...) {
    va_list args;

    va_start(args, format);
    add_message(diag, (struct diagnostic){.severity = SEVERITY_NOTE, .source = source, .at = at}, format, args);
    va_end(args);
}

int diag_fail(struct diag *diag, const char *format, ...) {
    va_list args;

    va_start(args, format);
    add_message(diag, (struct diagnostic){.severity = SEVERITY_ERROR, .at = no_place}, format, args);
    va_end(args);
    return -1;
}

void diag_hint(struct diag *diag, const char *format, ...) {
    struct str text = STR_INIT;
    size_t i = diag->list.count;
    va_list args;

    while (i && diag->list.at[i - 1].severity == SEVERITY_NOTE)
        i--;
    if (!i || diag->truncated)
        return;
    va_start(args, format);
    str_add_va(&text, format, args);
    va_end(args);
    diag->list.at[i - 1].hint = utf8_printable(diag->arena, str_keep(&text, diag->arena));
    str_free(&text);
}

/* An error or warning with its notes: what is sorted. */
struct group {
    const struct diagnostic *first;
    size_t count;
    size_t rank; /* of its source, by first appearance */
    size_t order;
};

static int compare_groups(const void *left, const void *right) {
    const struct group *a = left;
    const struct group *b = right;

    if (a->rank != b->rank)
        return a->rank < b->rank ? -1 : 1;
    if (a->first->at.start != b->first->at.start)
        return a->first->at.start < b->first->at.start ? -1 : 1;
    return a->order < b->order ? -1 : a->order > b->order;
}

static size_t rank_source(const struct group *groups, size_t count, const struct source *source) {
    for (size_t i = count; i-- > 0;)
        if (groups[i].first->source == source)
            return groups[i].rank;
    return count;
}

void diag_sort(struct diag *diag) {
    size_t count = diag->list.count;
    struct diagnostic *sorted = ARENA_ARRAY(diag->arena, struct diagnostic, count);
    struct group *groups = ARENA_ARRAY(diag->arena, struct group, count);
    size_t group_count = 0;
    size_t next = 0;

    for (size_t i = 0; i < count; i++) {
        const struct diagnostic *message = &diag->list.at[i];

        if (i && message->severity == SEVERITY_NOTE) {
            groups[group_count - 1].count++;
            continue;
        }
        groups[group_count] = (struct group){message, 1, rank_source(groups, group_count, message->source), group_count};
        group_count++;
    }
    if (group_count)
        qsort(groups, group_count, sizeof *groups, compare_groups);
    for (size_t i = 0; i < group_count; i++)
        for (size_t j = 0; j < groups[i].count; j++)
            sorted[next++] = groups[i].first[j];
    diag->list.at = sorted;
    diag->list.capacity = count;
}

/* How wide a source line is printed at most, in columns of a terminal: a caret behind its end is the hundredth. When a line is cut, what
 * follows the caret has AFTER_CARET of them. */
enum { LINE_COLUMNS = 99, TAB_COLUMNS = 8, AFTER_CARET = 30 };

#define ELLIPSIS "…"

/* One character of a source line, as it is printed. */
struct cell {
    size_t bytes;
    size_t width;
    bool shown; /* as it is; else escaped */
    uint32_t point;
};

static struct cell read_cell(const char *text, size_t count, size_t column) {
    struct cell cell;

    cell.point = utf8_decode_any(text, count, &cell.bytes, &cell.shown);
    if (cell.point == '\t') {
        cell.shown = true;
        cell.width = TAB_COLUMNS - column % TAB_COLUMNS;
    } else if (cell.shown) {
        cell.width = (size_t)utf8proc_charwidth((utf8proc_int32_t)cell.point);
    } else {
        cell.width = (size_t)snprintf(NULL, 0, "\\u{%02X}", (unsigned)cell.point);
    }
    return cell;
}

/* The end of what fits from START into COLUMNS, the first of which is number COLUMN. The bytes are bounded too: marks have no width. */
static size_t fit_columns(const char *text, struct span line, size_t column, size_t columns) {
    size_t at = line.start;
    size_t most = line.end - line.start > 8 * LINE_COLUMNS ? line.start + 8 * LINE_COLUMNS : line.end;

    while (at < most) {
        struct cell cell = read_cell(text + at, line.end - at, column);

        if (column + cell.width > columns)
            break;
        column += cell.width;
        at += cell.bytes;
    }
    return at;
}

/* Where a window on LINE begins that shows AT and something behind it. */
static size_t window_start(const char *text, struct span line, size_t at) {
    size_t room = LINE_COLUMNS - AFTER_CARET;
    size_t start = at;

    while (start > line.start && at - start < 8 * LINE_COLUMNS) {
        size_t before = start - 1;
        size_t width;

        while (before > line.start && start - before < 4 && ((unsigned char)text[before] & 0xC0) == 0x80)
            before--;
        width = read_cell(text + before, line.end - before, 0).width;
        if (width > room)
            break;
        room -= width;
        start = before;
    }
    return start;
}

struct printer {
    struct diag *diag;
    struct str out;
    bool color;
};

static const char *paint(const struct printer *printer, const char *color) {
    return printer->color ? color : "";
}

/* Adds [start, end) of TEXT to the output, and to MARKS the line below it: blanks, and a caret with tildes under AT. */
static void add_cells(struct printer *printer, struct str *marks, const char *text, struct span shown, struct span at) {
    size_t column = marks->length;
    bool marked = false;

    for (size_t i = shown.start; i < shown.end;) {
        struct cell cell = read_cell(text + i, shown.end - i, column);

        if (cell.shown)
            str_add_bytes(&printer->out, text + i, cell.bytes);
        else
            str_addf(&printer->out, "\\u{%02X}", (unsigned)cell.point);
        if (i < at.start && cell.point == '\t')
            str_add_char(marks, '\t');
        else
            for (size_t j = 0; i < at.end && j < cell.width; j++) {
                str_add_char(marks, i < at.start ? ' ' : marked ? '~' : '^');
                marked = i >= at.start;
            }
        column += cell.width;
        i += cell.bytes;
    }
    if (!marked) /* behind the line, or a mark without a width */
        str_add_char(marks, '^');
}

/* The source line of AT, cut to what a terminal shows, and the carets; nothing for an empty line, as at the end of a file. */
static void add_excerpt(struct printer *printer, struct source *source, struct span at, size_t line_number) {
    struct span line = source_line(printer->diag->arena, source, line_number);
    struct span shown = line;
    struct str marks = STR_INIT;

    if (line.start == line.end)
        return;
    at.start = at.start > line.end ? line.end : at.start;
    at.end = at.end > at.start ? at.end : at.start + 1;
    if (fit_columns(source->text, line, 0, LINE_COLUMNS) < line.end) {
        shown.start = (uint32_t)window_start(source->text, line, at.start);
        if (shown.start > line.start)
            str_add_char(&marks, ' ');
        shown.end = (uint32_t)fit_columns(source->text, (struct span){shown.start, line.end}, marks.length, LINE_COLUMNS - 1);
    }
    if (shown.start > line.start)
        str_add(&printer->out, ELLIPSIS);
    add_cells(printer, &marks, source->text, shown, at);
    str_addf(&printer->out, "%s\n%s%s%s\n", shown.end < line.end ? ELLIPSIS : "", paint(printer, "\x1b[32m"), marks.text,
             paint(printer, "\x1b[0m"));
    str_free(&marks);
}

static const char *severity_name(enum severity severity) {
    switch (severity) {
    case SEVERITY_ERROR:
        return "error";
    case SEVERITY_WARNING:
        return "warning";
    case SEVERITY_NOTE:
        return "note";
    }
    return "";
}

static const char *severity_color(enum severity severity) {
    switch (severity) {
    case SEVERITY_ERROR:
        return "\x1b[1;31m";
    case SEVERITY_WARNING:
        return "\x1b[1;35m";
    case SEVERITY_NOTE:
        return "\x1b[1;36m";
    }
    return "";
}

static void add_diagnostic(struct printer *printer, const struct diagnostic *message) {
    struct position place = {0, 0};
    const char *plain = paint(printer, "\x1b[0m");

    if (message->source) {
        place = source_position(printer->diag->arena, message->source, message->at.start);
        str_addf(&printer->out, "%s%s:%zu:%zu:%s ", paint(printer, "\x1b[1m"), utf8_printable(printer->diag->arena, message->source->name),
                 place.line, place.column, plain);
    }
    str_addf(&printer->out, "%s%s:%s %s", paint(printer, severity_color(message->severity)), severity_name(message->severity), plain,
             message->message);
    if (message->code)
        str_addf(&printer->out, " [PERSIST_%d]", message->code);
    str_add_char(&printer->out, '\n');
    if (message->source)
        add_excerpt(printer, message->source, message->at, place.line);
    if (message->hint)
        str_addf(&printer->out, "%shelp:%s %s\n", paint(printer, "\x1b[1;32m"), plain, message->hint);
}

void diag_print(struct diag *diag, FILE *out, bool color) {
    struct printer printer = {.diag = diag, .out = STR_INIT, .color = color};
    size_t shown = 0;

    diag_sort(diag);
    for (size_t i = 0; i < diag->list.count; i++) {
        shown += diag->list.at[i].severity != SEVERITY_NOTE;
        add_diagnostic(&printer, &diag->list.at[i]);
    }
    if (diag->truncated)
        str_addf(&printer.out, "note: %zu more errors and warnings are not shown\n", diag->errors + diag->warnings - shown);
    fwrite(printer.out.text, 1, printer.out.length, out);
    str_free(&printer.out);
}
