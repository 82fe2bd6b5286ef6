#include "case.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "file.h"
#include "str.h"

static _Noreturn void give_up(struct diag *diag, const char *path) {
    diag_print(diag, stderr, false);
    fprintf(stderr, "cannot read \"%s\"\n", path);
    exit(1);
}

/* The name in the line "-- name --" from LINE on, or NULL when it is no such line. */
static const char *section_name(struct arena *arena, const char *line) {
    size_t length = strcspn(line, "\n");

    if (length < 7 || strncmp(line, "-- ", 3) != 0 || strncmp(line + length - 3, " --", 3) != 0)
        return NULL;
    return arena_strndup(arena, line + 3, length - 6);
}

/* The text of [START, END) with one newline at its end, or none when it is blank. */
static const char *trimmed(struct arena *arena, const char *start, const char *end) {
    while (end > start && end[-1] == '\n')
        end--;
    return end == start ? "" : arena_printf(arena, "%.*s\n", (int)(end - start), start);
}

static const char *next_line(const char *line) {
    line += strcspn(line, "\n");
    return *line ? line + 1 : line;
}

static void parse_sections(struct case_file *file, const char *text) {
    const char *start = text;
    struct case_section *section = NULL;

    for (const char *line = text;; line = next_line(line)) {
        const char *name = section_name(file->arena, line);

        if (!name && *line)
            continue;
        if (section)
            section->text = trimmed(file->arena, start, line);
        else
            file->intro = trimmed(file->arena, start, line);
        if (!name)
            return;
        section = vec_add(file->arena, &file->sections);
        section->name = name;
        start = next_line(line);
    }
}

struct case_file *case_read(struct arena *arena, const char *path) {
    struct case_file *file = ARENA_NEW(arena, struct case_file);
    struct diag diag = {.arena = arena};
    size_t count;
    char *text;

    if (file_read(arena, path, &text, &count, &diag) != 0)
        give_up(&diag, path);
    file->arena = arena;
    file->path = path;
    parse_sections(file, text);
    return file;
}

static struct case_section *find_section(const struct case_file *file, const char *name) {
    for (size_t i = 0; i < file->sections.count; i++)
        if (strcmp(file->sections.at[i].name, name) == 0)
            return &file->sections.at[i];
    return NULL;
}

const char *case_text(const struct case_file *file, const char *name) {
    const struct case_section *section = find_section(file, name);

    return section ? section->text : NULL;
}

int case_has_option(const struct case_file *file, const char *word) {
    const char *text = case_text(file, "options");
    size_t length = strlen(word);

    while (text && *text) {
        size_t count = strcspn(text, " \n");

        if (count == length && strncmp(text, word, length) == 0)
            return 1;
        text += count + strspn(text + count, " \n");
    }
    return 0;
}

static void write_case(const struct case_file *file) {
    struct diag diag = {.arena = file->arena};
    struct str text = STR_INIT;

    str_add(&text, file->intro);
    for (size_t i = 0; i < file->sections.count; i++)
        str_addf(&text, "-- %s --\n%s", file->sections.at[i].name, file->sections.at[i].text);
    if (file_write(file->path, text.text, text.length, &diag) != 0)
        give_up(&diag, file->path);
    str_free(&text);
}

int case_expect(struct case_file *file, const char *name, const char *actual) {
    struct case_section *section = find_section(file, name);
    const char *wanted = section ? section->text : "";
    const char *update = getenv("PERSIST_UPDATE");

    actual = trimmed(file->arena, actual, actual + strlen(actual));
    if (strcmp(wanted, actual) == 0)
        return 0;
    if (!update || strcmp(update, "1") != 0) {
        fprintf(stderr, "%s: section \"%s\" is\n%s--- and should be\n%s", file->path, name, actual, wanted);
        return -1;
    }
    if (!section) {
        section = vec_add(file->arena, &file->sections);
        section->name = name;
    }
    section->text = actual;
    write_case(file);
    return 0;
}

static bool is_case(const char *name) {
    size_t length = strlen(name);

    return length > 5 && strcmp(name + length - 5, ".case") == 0;
}

const char **case_list(struct arena *arena, const char *folder, size_t *count) {
    struct diag diag = {.arena = arena};
    const char **names;
    size_t all;

    if (file_list(arena, folder, &names, &all, &diag) != 0)
        give_up(&diag, folder);
    *count = 0;
    for (size_t i = 0; i < all; i++)
        if (is_case(names[i]))
            names[(*count)++] = file_join(arena, folder, names[i]);
    return names;
}
