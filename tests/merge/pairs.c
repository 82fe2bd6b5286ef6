#include "pairs.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "diag.h"
#include "file.h"

static _Noreturn void give_up(const char *what, const char *where) {
    fprintf(stderr, "pairs: %s: %s\n", what, where);
    exit(1);
}

static char *read_whole(struct arena *arena, const char *path) {
    struct diag diag = {.arena = arena};
    char *text;
    size_t length;

    if (file_read(arena, path, &text, &length, &diag))
        give_up("cannot be read", path);
    return text;
}

/* What LINE says behind the word KEY; NULL: it has another. */
static const char *said(const char *line, const char *key) {
    size_t length = strlen(key);

    if (strncmp(line, key, length) != 0 || line[length] != ' ')
        return NULL;
    return line + length + strspn(line + length, " ");
}

static void add_command(struct arena *arena, const char **script, const char *command) {
    *script = arena_printf(arena, "%s%s\n", *script ? *script : "", command);
}

static void read_line(struct arena *arena, struct pairs *pairs, const char *line) {
    struct pair *pair = pairs->list.count ? &pairs->list.at[pairs->list.count - 1] : NULL;
    const char *text;

    if (!*line || *line == '#')
        return;
    if ((text = said(line, "pair")))
        vec_push(arena, &pairs->list, (struct pair){.name = text});
    else if (!pair)
        give_up("no pair before", line);
    else if ((text = said(line, "ours")))
        add_command(arena, &pair->scripts[PAIR_OURS], text);
    else if ((text = said(line, "theirs")))
        add_command(arena, &pair->scripts[PAIR_THEIRS], text);
    else if ((text = said(line, "on")))
        pair->on = text;
    else if ((text = said(line, "conflict")))
        pair->conflict = text;
    else if (!said(line, "fill"))
        give_up("not understood", line);
}

void pairs_read(struct arena *arena, const char *folder, struct pairs *pairs) {
    const char *text = read_whole(arena, file_join(arena, folder, "pairs.txt"));

    *pairs = (struct pairs){.base = file_join(arena, folder, "base.bal")};
    while (*text) {
        size_t length = strcspn(text, "\n");

        read_line(arena, pairs, arena_strndup(arena, text, length));
        text += length + (text[length] == '\n');
    }
}

struct str pairs_base(struct arena *arena, const struct pairs *pairs) {
    char *text = read_whole(arena, pairs->base);

    return (struct str){.text = text, .length = strlen(text)};
}

static void write_script(const char *path, const char *script) {
    FILE *file = fopen(path, "w");

    if (!file || fputs(script, file) == EOF || fclose(file))
        give_up("cannot be written", path);
}

struct str pairs_side(struct arena *arena, const struct pairs *pairs, const struct pair *pair, size_t side) {
    const char *folder = getenv("TMPDIR");
    const char *path = arena_printf(arena, "%s/persist-pair.%ld", folder ? folder : "/tmp", (long)getpid());
    char buffer[4096];
    struct str text = STR_INIT;
    struct str kept;
    size_t count;
    FILE *sed;

    write_script(path, pair->scripts[side]);
    sed = popen(arena_printf(arena, "sed -f '%s' '%s'", path, pairs->base), "r");
    if (!sed)
        give_up("sed cannot be run", pair->name);
    while ((count = fread(buffer, 1, sizeof buffer, sed)))
        str_add_bytes(&text, buffer, count);
    if (pclose(sed))
        give_up("sed failed", pair->name);
    unlink(path);
    kept = (struct str){.text = str_keep(&text, arena), .length = text.length};
    str_free(&text);
    return kept;
}

bool pair_is_on(const struct pair *pair, const char *name) {
    const char *at = pair->on ? strstr(pair->on, name) : name;

    return at && strncmp(at, name, strlen(name)) == 0 && (!pair->on || !at[strlen(name)] || at[strlen(name)] == ' ');
}
