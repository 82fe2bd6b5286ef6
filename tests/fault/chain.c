#include "chain.h"

#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "str.h"

/* "name.case" of a path, without the folder and the ending. */
static const char *name_of(struct arena *arena, const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;

    return arena_strndup(arena, name, strlen(name) - strlen(".case"));
}

static void add_values(struct str *sql, const char *values, size_t length, long number) {
    for (size_t i = 0; i < length; i++)
        if (values[i] == '#')
            str_addf(sql, "%ld", number);
        else
            str_add_char(sql, values[i]);
}

/* One line of "rows" as a statement. */
static void add_rows(struct chain *chain, struct str *sql, const char *line, size_t length) {
    size_t table = strcspn(line, " ");
    char *end;
    long first = strtol(line + table, &end, 10), last = strtol(end + 1, &end, 10);

    str_addf(sql, "INSERT INTO %.*s VALUES ", (int)table, line);
    for (long number = first; number <= last; number++) {
        str_add(sql, number == first ? "(" : ", (");
        add_values(sql, end, length - (size_t)(end - line), number);
        str_add(sql, ")");
        chain->row_count++;
    }
    str_add(sql, ";\n");
}

static void make_rows(struct chain *chain, const char *text, struct arena *arena) {
    struct str sql = STR_INIT;

    while (text && *text) {
        size_t length = strcspn(text, "\n");

        add_rows(chain, &sql, text, length);
        text += length + 1;
    }
    chain->rows = str_keep(&sql, arena);
    str_free(&sql);
}

static int write_text(const struct chain *chain, const char *name, const char *text, struct diag *diag) {
    return file_write(file_join(diag->arena, chain->folder, name), text, strlen(text), diag);
}

/* "--concurrently" is understood by PostgreSQL alone. */
static void add_arguments(const struct chain *chain, struct run *run, struct arena *arena, const char *text) {
    while (text && *text) {
        size_t length = strcspn(text, "\n");
        const char *argument = arena_strndup(arena, text, length);

        if (strcmp(argument, "--concurrently") != 0 || strcmp(chain->datastore, "postgresql") == 0)
            run_add(run, argument);
        text += length + 1;
    }
}

static int migrate(struct chain *chain, const struct tested *tested, const char *arguments, struct diag *diag) {
    struct run run = {.arguments = {"migrate", "--no-proof", arena_printf(diag->arena, "step%zu", ++chain->count)},
                      .folder = chain->folder};
    const char *said;

    add_arguments(chain, &run, diag->arena, arguments);
    if (run_whole(tested, &run, diag->arena, &said) == 0)
        return 0;
    return diag_fail(diag, "%s: %s: %s", chain->name, run.arguments[2], said);
}

static int make_migrations(struct chain *chain, const struct tested *tested, const struct case_file *file, struct diag *diag) {
    for (size_t i = 1;; i++) {
        const char *model = case_text(file, arena_printf(diag->arena, "model %zu", i));

        if (!model)
            return 0;
        if (write_text(chain, "persist/shop.bal", model, diag) ||
            migrate(chain, tested, case_text(file, arena_printf(diag->arena, "arguments %zu", i)), diag))
            return -1;
    }
}

/* The migrations' folders; beside them are the chain and the snapshot. */
static int find_ids(struct chain *chain, struct diag *diag) {
    size_t count, found = 0;

    if (file_list(diag->arena, file_join(diag->arena, chain->folder, "persist/migrations/shop"), &chain->ids, &count, diag) != 0)
        return diag_fail(diag, "%s has no migrations", chain->name);
    for (size_t i = 0; i < count; i++)
        if (strchr(chain->ids[i], '_'))
            chain->ids[found++] = chain->ids[i];
    if (found < chain->count)
        return diag_fail(diag, "%s has %zu migrations of %zu", chain->name, found, chain->count);
    chain->count = found; /* online one change may be two */
    return 0;
}

int chain_make(struct chain *chain, const struct tested *tested, const struct case_file *file, struct diag *diag) {
    const char *config = arena_printf(diag->arena, "[[tool.persist]]\nmodel = \"shop\"\noptions.datastore = \"%s\"\n", chain->datastore);

    if (!case_has_option(file, chain->datastore))
        return 1;
    chain->name = name_of(diag->arena, file->path);
    chain->folder = file_join(diag->arena, chain->folder, chain->name);
    make_rows(chain, case_text(file, "rows"), diag->arena);
    if (file_make_folder(file_join(diag->arena, chain->folder, "persist"), diag) || write_text(chain, "persist.toml", config, diag) ||
        make_migrations(chain, tested, file, diag))
        return -1;
    return find_ids(chain, diag);
}

static bool goes(const struct case_file *file, const char *value) {
    const char *text = case_text(file, "goes");

    while (text && *text) {
        size_t length = strcspn(text, "\n");

        if (strncmp(text, value, length) == 0)
            return true;
        text += length + 1;
    }
    return false;
}

size_t chain_lost(const struct case_file *file, const char *before, const char *after, struct str *text) {
    struct arena arena = {0};
    size_t lost = 0;

    while (*before) {
        size_t length = strcspn(before, "|\n");
        const char *value = arena_strndup(&arena, before, length);

        before += length + 1;
        if (!strchr(value, ' ') || strchr(value, ':') || goes(file, value) || strstr(after, value))
            continue;
        str_addf(text, "lost: %s\n", value);
        lost++;
    }
    arena_free(&arena);
    return lost;
}
