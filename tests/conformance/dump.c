#include "dump.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SHOWN_TEXT = 1500, SHOWN_ITEMS = 40 };

static const char *read_all(struct arena *arena, FILE *file) {
    struct str text = STR_INIT;
    char buffer[8192];
    size_t count;
    const char *kept;

    rewind(file);
    while ((count = fread(buffer, 1, sizeof buffer, file)) > 0)
        str_add_bytes(&text, buffer, count);
    kept = str_keep(&text, arena);
    str_free(&text);
    return kept;
}

static void become(char *const *argv, FILE *const streams[3]) {
    for (int i = 0; i < 3; i++)
        dup2(fileno(streams[i]), i);
    execvp(argv[0], argv);
    fprintf(stderr, "%s cannot be run\n", argv[0]);
    fflush(stderr);
    _exit(127);
}

const char *program_output(struct arena *arena, char *const *argv, const char *input, struct diag *diag) {
    FILE *streams[3] = {tmpfile(), tmpfile(), tmpfile()};
    const char *output = NULL;
    int status = -1;

    if (streams[0] && streams[1] && streams[2]) {
        pid_t child;

        fputs(input, streams[0]);
        rewind(streams[0]);
        child = fork();
        if (child == 0)
            become(argv, streams);
        if (child > 0)
            waitpid(child, &status, 0);
        if (status == 0)
            output = read_all(arena, streams[1]);
        else
            diag_fail(diag, "%s: %s", argv[0], read_all(arena, streams[2]));
    }
    for (int i = 0; i < 3; i++)
        if (streams[i])
            fclose(streams[i]);
    return output;
}

const char *database_url(struct arena *arena, const char *url, const char *name) {
    const char *host = strstr(url, "://");
    const char *path = host ? strchr(host + 3, '/') : NULL;
    const char *query = strchr(url, '?');

    if (!path)
        return url;
    return arena_printf(arena, "%.*s%s%s", (int)(path + 1 - url), url, name, query ? query : "");
}

int dump_read(struct db *db, const char *url, struct dump *dump, struct diag *diag) {
    const char *driver = db_head(db)->driver->name;

    if (strcmp(driver, "postgresql") == 0)
        return dump_postgresql(db, url, dump, diag);
    if (strcmp(driver, "mysql") == 0)
        return dump_mysql(db, dump, diag);
    return dump_sqlite(db, dump, diag);
}

const char *dump_script(struct db *db, const char *url, struct arena *arena) {
    struct diag diag = {.arena = arena};

    return strcmp(db_head(db)->driver->name, "postgresql") == 0 ? pg_dump_text(db, url, &diag) : NULL;
}

/* Names of the server's choice. */

static bool is_word(char c) {
    return isalnum((unsigned char)c) || c == '_' || c == '$' || (unsigned char)c >= 0x80;
}

static const char *lower(struct arena *arena, const char *text, size_t length) {
    char *copy = arena_strndup(arena, text, length);

    for (char *at = copy; *at; at++)
        *at = (char)tolower((unsigned char)*at);
    return copy;
}

static bool holds(const char *text, const char *name) {
    size_t length = strlen(name);

    for (; *text; text++)
        if (strncasecmp(text, name, length) == 0)
            return true;
    return false;
}

/* The words of SOURCES, in lower case, as keys. */
static void find_words(struct arena *arena, const struct names *sources, struct map *words) {
    for (size_t i = 0; i < sources->count; i++)
        for (const char *at = sources->at[i]; at && *at;) {
            size_t length = 0;

            while (is_word(at[length]))
                length++;
            if (length)
                map_put(arena, words, lower(arena, at, length), sources);
            at += length ? length : 1;
        }
}

static bool is_said(struct arena *arena, const char *name, const struct names *sources, const struct map *words) {
    size_t length = 0;
    bool said = false;

    while (is_word(name[length]))
        length++;
    if (!name[length])
        return map_get(words, lower(arena, name, length));
    for (size_t i = 0; i < sources->count && !said; i++)
        said = sources->at[i] && holds(sources->at[i], name);
    return said;
}

/* The names in DUMP that no source holds, as keys. */
static void find_chosen(struct arena *arena, const struct dump *dump, const struct names *sources, struct map *chosen) {
    struct map words = {0};

    find_words(arena, sources, &words);
    for (size_t i = 0; i < dump->names.count; i++)
        if (!is_said(arena, dump->names.at[i], sources, &words))
            map_put(arena, chosen, dump->names.at[i], dump);
}

/* The length of the word or of what is quoted at TEXT, else 1, and what it says. */
static size_t token(struct arena *arena, const char *text, const char **name) {
    const char *end = strchr("\"`'", *text) ? strchr(text + 1, *text) : NULL;
    size_t length = 0;

    if (end) {
        *name = arena_strndup(arena, text + 1, (size_t)(end - text) - 1);
        return (size_t)(end - text) + 1;
    }
    while (is_word(text[length]))
        length++;
    *name = arena_strndup(arena, text, length);
    return length ? length : 1;
}

/* TEXT with every chosen name as "~". */
static const char *masked(struct arena *arena, const char *text, const struct map *chosen) {
    struct str out = STR_INIT;
    const char *kept;

    while (*text) {
        const char *name;
        size_t length = token(arena, text, &name);

        if (map_get(chosen, name))
            str_add_char(&out, '~');
        else
            str_add_bytes(&out, text, length = *text == '\'' ? 1 : length); /* in a literal there may be names: '"t_id_seq"'::regclass */
        text += length;
    }
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

/* Comparing. */

static int compare_items(const void *a, const void *b) {
    const struct dump_item *x = a;
    const struct dump_item *y = b;
    int order = strcmp(x->title, y->title);

    return order ? order : strcmp(x->text, y->text);
}

static struct dump sorted(struct arena *arena, const struct dump *dump, const struct map *chosen) {
    struct dump copy = {0};

    for (size_t i = 0; i < dump->items.count; i++) {
        struct dump_item item = dump->items.at[i];

        if (chosen) {
            item.title = masked(arena, item.title, chosen);
            item.text = masked(arena, item.text, chosen);
        }
        vec_push(arena, &copy.items, item);
    }
    if (copy.items.count)
        qsort(copy.items.at, copy.items.count, sizeof *copy.items.at, compare_items);
    return copy;
}

static bool same_items(const struct dump *a, const struct dump *b) {
    if (a->items.count != b->items.count)
        return false;
    for (size_t i = 0; i < a->items.count; i++)
        if (compare_items(&a->items.at[i], &b->items.at[i]) != 0)
            return false;
    return true;
}

/* Is the line of LENGTH bytes at LINE a line of TEXT? */
static bool has_line(const char *text, const char *line, size_t length) {
    for (const char *at = text; at; at = strchr(at, '\n')) {
        at += *at == '\n';
        if (strncmp(at, line, length) == 0 && (at[length] == '\n' || !at[length]))
            return true;
    }
    return false;
}

/* The lines of TEXT that OTHER has not, each behind SIGN. */
static void add_lines(struct str *out, char sign, const char *text, const char *other) {
    while (*text) {
        size_t length = strcspn(text, "\n");

        if (length && (!other || !has_line(other, text, length)))
            str_addf(out, "\n        %c %.*s", sign, (int)(length < SHOWN_TEXT ? length : SHOWN_TEXT), text);
        text += length;
        text += *text == '\n';
    }
}

/* FOUND and EXPECTED are of one title; one may be NULL. */
static void report_item(struct arena *arena, const struct dump_item *found, const struct dump_item *expected, const char *when,
                        struct failures *failures) {
    const char *title = found ? found->title : expected ? expected->title : "";
    struct str out = STR_INIT;

    str_addf(&out, "%s: %s%s", when, title, !found ? " is missing" : !expected ? " should not be there" : " differs");
    if (expected)
        add_lines(&out, '-', expected->text, found ? found->text : NULL);
    if (found)
        add_lines(&out, '+', found->text, expected ? expected->text : NULL);
    vec_push(arena, &failures->list, str_keep(&out, arena));
    str_free(&out);
}

static void report_items(struct arena *arena, const struct dump *found, const struct dump *expected, const char *when,
                         struct failures *failures) {
    size_t i = 0;
    size_t k = 0;
    size_t shown = 0;

    while ((i < found->items.count || k < expected->items.count) && shown < SHOWN_ITEMS) {
        const struct dump_item *x = i < found->items.count ? &found->items.at[i] : NULL;
        const struct dump_item *y = k < expected->items.count ? &expected->items.at[k] : NULL;
        int order = !x ? 1 : !y ? -1 : strcmp(x->title, y->title);

        i += order <= 0;
        k += order >= 0;
        if (order == 0 && strcmp(x->text, y->text) == 0)
            continue;
        report_item(arena, order <= 0 ? x : NULL, order >= 0 ? y : NULL, when, failures);
        shown++;
    }
}

bool dump_compare(struct arena *arena, const struct dump *found, const struct dump *expected, const struct names *sources, const char *when,
                  struct failures *failures) {
    struct dump x = sorted(arena, found, NULL);
    struct dump y = sorted(arena, expected, NULL);
    struct map chosen_x = {0};
    struct map chosen_y = {0};

    if (same_items(&x, &y))
        return true;
    find_chosen(arena, found, sources, &chosen_x);
    find_chosen(arena, expected, sources, &chosen_y);
    x = sorted(arena, found, &chosen_x);
    y = sorted(arena, expected, &chosen_y);
    if (same_items(&x, &y))
        return true;
    report_items(arena, &x, &y, when, failures);
    return false;
}
