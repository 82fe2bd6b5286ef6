#include "chain.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot.h"

static const char header_prefix[] = "persist chain ";

static void print_migration(const struct migration *migration, struct str *out) {
    const struct hash hashes[] = {migration->parent, migration->snapshot, migration->up, migration->down};

    str_add(out, migration->id);
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
        char hex[HASH_HEX_LENGTH + 1];

        hash_print(hashes[i], hex);
        str_add_char(out, ' ');
        str_add(out, hex);
    }
}

void chain_print(const struct chain *chain, struct str *out) {
    str_addf(out, "%s%d\n", header_prefix, CHAIN_FORMAT);
    for (size_t i = 0; i < chain->list.count; i++) {
        print_migration(&chain->list.at[i], out);
        str_add_char(out, '\n');
    }
}

void chain_append(struct arena *arena, struct chain *chain, struct migration migration) {
    struct str line = STR_INIT;

    migration.parent = chain->head;
    vec_push(arena, &chain->list, migration);
    print_migration(&migration, &line);
    chain->head = hash_bytes(line.text, line.length);
    str_free(&line);
}

/* A place in the chain's text, and the line it is in. */
struct reader {
    struct arena *arena;
    struct source *source;
    struct diag *diag;
    const char *line; /* start of the line that is read */
    size_t length;    /* without its newline */
};

static int line_error(struct reader *reader, const char *message) {
    uint32_t start = (uint32_t)(reader->line - reader->source->text);

    diag_error(reader->diag, reader->source, (struct span){start, start + (uint32_t)reader->length}, 0, "%s", message);
    diag_hint(reader->diag, "the chain is written by persist alone: restore it from version control");
    return -1;
}

static bool is_id(const char *text, size_t length) {
    if (length < 14 || length > 200)
        return false;
    for (size_t i = 0; i < 14; i++)
        if (!isdigit((unsigned char)text[i]))
            return false;
    return length == 14 || text[14] == '_';
}

static int parse_migration(struct reader *reader, struct migration *migration) {
    struct hash *hashes[] = {&migration->parent, &migration->snapshot, &migration->up, &migration->down};
    const char *at = memchr(reader->line, ' ', reader->length);
    size_t id_length = at ? (size_t)(at - reader->line) : 0;

    if (!at || !is_id(reader->line, id_length) || reader->length != id_length + 4 * (HASH_HEX_LENGTH + 1))
        return line_error(reader, "a line of the chain is an id and four hashes");
    migration->id = arena_strndup(reader->arena, reader->line, id_length);
    for (size_t i = 0; i < 4; i++, at += HASH_HEX_LENGTH + 1)
        if (*at != ' ' || hash_parse(at + 1, hashes[i]))
            return line_error(reader, "a line of the chain is an id and four hashes");
    return 0;
}

static int check_header(struct reader *reader) {
    char expected[32];
    const char *text = reader->source->text;

    snprintf(expected, sizeof expected, "%s%d", header_prefix, CHAIN_FORMAT);
    reader->line = text;
    reader->length = strcspn(text, "\n");
    if (reader->length == strlen(expected) && strncmp(text, expected, reader->length) == 0 && text[reader->length] == '\n')
        return 0;
    if (strncmp(text, header_prefix, sizeof header_prefix - 1) == 0 && strtol(text + sizeof header_prefix - 1, NULL, 10) > CHAIN_FORMAT)
        return line_error(reader, "the chain was written by a newer version of persist: use that one");
    return line_error(reader, "the first line of the chain is \"persist chain 1\"");
}

static int check_conflict(struct reader *reader) {
    struct span conflict = snapshot_find_conflict(reader->source->text);

    if (conflict.start == conflict.end)
        return 0;
    diag_error(reader->diag, reader->source, conflict, 0,
               "two branches both added a migration, and their merge left a conflict in the chain");
    diag_hint(reader->diag,
              "in the middle of the git merge run \"persist merge\": it plans one side's migrations again on top of the other's");
    return -1;
}

/* Adds the line at the reader's place. */
static int read_line(struct reader *reader, struct chain *chain) {
    struct migration migration = {0};

    if (parse_migration(reader, &migration))
        return -1;
    if (!hash_equal(migration.parent, chain->head))
        return line_error(reader, chain->list.count ? "this migration does not follow the line above: a line was edited, lost or moved"
                                                    : "the first migration names a parent: the lines before it are lost");
    if (chain->list.count && strcmp(chain->list.at[chain->list.count - 1].id, migration.id) >= 0)
        return line_error(reader, "the ids of the migrations are not in order");
    vec_push(reader->arena, &chain->list, migration);
    chain->head = hash_bytes(reader->line, reader->length);
    return 0;
}

int chain_parse(struct arena *arena, struct source *source, struct chain *chain, struct diag *diag) {
    struct reader reader = {.arena = arena, .source = source, .diag = diag};

    *chain = (struct chain){0};
    if (check_conflict(&reader) || check_header(&reader))
        return -1;
    for (reader.line += reader.length + 1; *reader.line; reader.line += reader.length + 1) {
        reader.length = strcspn(reader.line, "\n");
        if (reader.line[reader.length] != '\n')
            return line_error(&reader, "the last line of the chain is cut");
        if (read_line(&reader, chain))
            return -1;
    }
    return 0;
}
