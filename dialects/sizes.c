#include "sizes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char header_prefix[] = "persist sizes ";
static const char plain_signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$-.";

enum { SIZES_FORMAT = 1, NUMBER_DIGITS = 18 };

double sizes_round(double value) {
    double scale = 1;

    if (value <= 0)
        return 0;
    while (value / scale >= 10)
        scale *= 10;
    return (double)(unsigned long long)(value / scale + 0.5) * scale;
}

const char *sizes_name(struct arena *arena, const struct entity *entity) {
    return entity->namespace ? arena_printf(arena, "%s.%s", entity->namespace, entity->table) : entity->table;
}

/* Where TABLE stands, or would. */
static size_t find_place(const struct sizes *sizes, const char *table) {
    size_t low = 0;
    size_t high = sizes->list.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (strcmp(sizes->list.at[middle].table, table) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct table_size *sizes_find(const struct sizes *sizes, const char *table) {
    size_t place = find_place(sizes, table);

    return place < sizes->list.count && strcmp(sizes->list.at[place].table, table) == 0 ? &sizes->list.at[place] : NULL;
}

void sizes_add(struct arena *arena, struct sizes *sizes, struct table_size size) {
    size_t place = find_place(sizes, size.table);
    struct table_size *at;

    if (sizes_find(sizes, size.table)) {
        at = &sizes->list.at[place];
        at->rows = at->rows > size.rows ? at->rows : size.rows;
        at->bytes = at->bytes > size.bytes ? at->bytes : size.bytes;
        return;
    }
    vec_push(arena, &sizes->list, size);
    at = &sizes->list.at[place];
    memmove(at + 1, at, (sizes->list.count - 1 - place) * sizeof *at);
    *at = size;
}

/* --- out --- */

static void print_name(const char *name, struct str *out) {
    if (*name && !name[strspn(name, plain_signs)]) {
        str_add(out, name);
        return;
    }
    str_add_char(out, '"');
    for (; *name; name++) {
        if (strchr("\"\\\n", *name))
            str_add_char(out, '\\');
        str_add_char(out, *name == '\n' ? 'n' : *name);
    }
    str_add_char(out, '"');
}

void sizes_print(const struct sizes *sizes, struct str *out) {
    str_addf(out, "%s%d\n# table, rows, bytes (with indexes); each number rounded to one digit\n", header_prefix, SIZES_FORMAT);
    for (size_t i = 0; i < sizes->list.count; i++) {
        print_name(sizes->list.at[i].table, out);
        str_addf(out, " %.0f %.0f\n", sizes_round(sizes->list.at[i].rows), sizes_round(sizes->list.at[i].bytes));
    }
}

/* --- in --- */

/* A place in the text of a file, and the line it is in. */
struct reader {
    struct arena *arena;
    struct source *source;
    struct diag *diag;
    const char *line;
    const char *end; /* of the line, without its newline */
    const char *at;
};

static int line_error(struct reader *reader, const char *message) {
    uint32_t start = (uint32_t)(reader->line - reader->source->text);
    uint32_t end = (uint32_t)(reader->end - reader->source->text);

    diag_error(reader->diag, reader->source, (struct span){start, end}, 0, "%s", message);
    diag_hint(reader->diag, "\"persist stats\" writes the file anew");
    return -1;
}

static const char *read_quoted(struct reader *reader) {
    struct str name = STR_INIT;
    const char *kept = NULL;
    const char *at = reader->at + 1;

    for (; at < reader->end && *at != '"'; at++) {
        if (*at == '\\' && at + 1 < reader->end)
            at++;
        else {
            str_add_char(&name, *at);
            continue;
        }
        str_add_char(&name, *at == 'n' ? '\n' : *at);
    }
    if (at < reader->end && name.length)
        kept = str_keep(&name, reader->arena);
    reader->at = at + 1;
    str_free(&name);
    return kept;
}

static const char *read_plain(struct reader *reader) {
    size_t length = strspn(reader->at, plain_signs);

    reader->at += length;
    return length ? arena_strndup(reader->arena, reader->at - length, length) : NULL;
}

/* A blank and a number. */
static int read_number(struct reader *reader, double *number) {
    size_t length = *reader->at == ' ' ? strspn(reader->at + 1, "0123456789") : 0;

    if (!length || length > NUMBER_DIGITS)
        return -1;
    *number = strtod(reader->at + 1, NULL);
    reader->at += length + 1;
    return 0;
}

static int read_line(struct reader *reader, struct sizes *sizes) {
    struct table_size size = {0};

    reader->at = reader->line;
    if (reader->line == reader->end || *reader->line == '#')
        return 0;
    size.table = *reader->at == '"' ? read_quoted(reader) : read_plain(reader);
    if (!size.table || read_number(reader, &size.rows) || read_number(reader, &size.bytes) || reader->at != reader->end)
        return line_error(reader, "a line of this file is a table, its rows and its bytes, with one blank between");
    if (sizes_find(sizes, size.table))
        return line_error(reader, "this table is there already");
    sizes_add(reader->arena, sizes, size);
    return 0;
}

static int check_header(struct reader *reader) {
    size_t length = sizeof header_prefix - 1;
    char *end = NULL;
    long format = strncmp(reader->line, header_prefix, length) == 0 ? strtol(reader->line + length, &end, 10) : 0;

    if (format == SIZES_FORMAT && end == reader->end)
        return 0;
    if (format > SIZES_FORMAT)
        return line_error(reader, "this file was written by a newer version of persist: use that one");
    return line_error(reader, "the first line of this file is \"persist sizes 1\"");
}

int sizes_parse(struct arena *arena, struct source *source, struct sizes *sizes, struct diag *diag) {
    struct reader reader = {.arena = arena, .source = source, .diag = diag};
    const char *next = source->text;

    *sizes = (struct sizes){0};
    do {
        reader.line = next;
        reader.end = next + strcspn(next, "\n");
        next = reader.end + (*reader.end == '\n');
        if (reader.line == source->text ? check_header(&reader) : read_line(&reader, sizes))
            return -1;
    } while (*next);
    return 0;
}
