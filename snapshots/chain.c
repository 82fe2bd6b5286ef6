#include "chain.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snapshot.h"

static const char header_prefix[] = "persist chain ";
static const char part_mark = '-';

static void print_migration(const struct migration *migration, struct str *out) {
    const struct hash hashes[] = {migration->parent, migration->snapshot, migration->up, migration->down};

    str_add(out, migration->id);
    for (size_t i = 0; i < sizeof hashes / sizeof *hashes; i++) {
        char hex[HASH_HEX_LENGTH + 1];

        hash_print(hashes[i], hex);
        str_add_char(out, ' ');
        str_add(out, hex);
    }
    if (migration->part_count)
        str_addf(out, " %zu", migration->part_count);
}

/* Its parts stand above it, each with one mark more. */
static void print_line(const struct migration *migration, size_t depth, struct str *out) {
    for (size_t i = 0; i < migration->part_count; i++)
        print_line(&migration->parts[i], depth + 1, out);
    for (size_t i = 0; i < depth; i++)
        str_add_char(out, part_mark);
    print_migration(migration, out);
    str_add_char(out, '\n');
}

static int lowest_format(const struct chain *chain) {
    for (size_t i = 0; i < chain->list.count; i++)
        if (chain->list.at[i].part_count)
            return 2;
    return 1;
}

void chain_print(const struct chain *chain, struct str *out) {
    str_addf(out, "%s%d\n", header_prefix, lowest_format(chain));
    for (size_t i = 0; i < chain->list.count; i++)
        print_line(&chain->list.at[i], 0, out);
}

/* The marks are no part of what is hashed: a line stays what it was when it becomes a part. */
static struct hash line_hash(const struct migration *migration) {
    struct str line = STR_INIT;
    struct hash hash;

    print_migration(migration, &line);
    hash = hash_bytes(line.text, line.length);
    str_free(&line);
    return hash;
}

/* Puts MIGRATION, and its parts before it, behind a line whose hash is PARENT, and says where the parts lie and what they are parts of.
 * Gives the hash of its own line. */
static struct hash link_migration(struct arena *arena, struct migration *migration, struct hash parent, const char *squashed_into) {
    struct migration *parts = ARENA_ARRAY(arena, struct migration, migration->part_count);

    for (size_t i = 0; i < migration->part_count; i++) {
        parts[i] = migration->parts[i];
        parts[i].folder = arena_printf(arena, "%s/squashed/%s", migration->folder, parts[i].id);
        parts[i].squashed_into = squashed_into;
        parent = link_migration(arena, &parts[i], parent, squashed_into);
    }
    migration->parts = parts;
    migration->parent = parent;
    return line_hash(migration);
}

void chain_append(struct arena *arena, struct chain *chain, struct migration migration) {
    migration.folder = migration.id;
    migration.squashed_into = NULL;
    chain->head = link_migration(arena, &migration, chain->head, migration.id);
    vec_push(arena, &chain->list, migration);
}

void chain_squash(struct arena *arena, const struct chain *chain, size_t first, size_t last, struct migration migration,
                  struct chain *result) {
    *result = (struct chain){0};
    for (size_t i = 0; i < first; i++)
        chain_append(arena, result, chain->list.at[i]);
    migration.parts = &chain->list.at[first];
    migration.part_count = last - first + 1;
    migration.snapshot = chain->list.at[last].snapshot;
    chain_append(arena, result, migration);
    for (size_t i = last + 1; i < chain->list.count; i++)
        chain_append(arena, result, chain->list.at[i]);
}

static bool is_called(const struct migration *migration, const char *id) {
    for (size_t i = 0; i < migration->part_count; i++)
        if (is_called(&migration->parts[i], id))
            return true;
    return strcmp(migration->id, id) == 0;
}

const char *chain_squashed_id(struct arena *arena, const struct migration *last, const char *label) {
    const char *id = arena_printf(arena, "%.14s%s%s", last->id, *label ? "_" : "", label);

    return is_called(last, id) ? NULL : id;
}

void chain_leaves(struct arena *arena, const struct migration *migration, struct migration_list *leaves) {
    for (size_t i = 0; i < migration->part_count; i++)
        chain_leaves(arena, &migration->parts[i], leaves);
    if (!migration->part_count)
        vec_push(arena, &leaves->list, migration);
}

bool migration_same(const struct migration *a, const struct migration *b) {
    return strcmp(a->id, b->id) == 0 && hash_equal(a->up, b->up) && hash_equal(a->snapshot, b->snapshot);
}

/* Does LIST begin with MIGRATION, or with all its parts? *COUNT of the list's are passed. */
static bool begins_with(const struct migration *list, size_t list_count, const struct migration *migration, size_t *count) {
    size_t passed = 0;

    if (list_count && migration_same(list, migration)) {
        *count = 1;
        return true;
    }
    for (size_t i = 0; i < migration->part_count; i++) {
        size_t more;

        if (!begins_with(list + passed, list_count - passed, &migration->parts[i], &more))
            return false;
        passed += more;
    }
    *count = passed;
    return passed > 0;
}

void chain_shared(const struct chain *a, const struct chain *b, size_t *a_count, size_t *b_count) {
    size_t count;

    *a_count = *b_count = 0;
    while (*a_count < a->list.count && *b_count < b->list.count) {
        const struct migration *first = &a->list.at[*a_count], *second = &b->list.at[*b_count];

        if (begins_with(second, b->list.count - *b_count, first, &count)) {
            ++*a_count;
            *b_count += count;
        } else if (begins_with(first, a->list.count - *a_count, second, &count)) {
            ++*b_count;
            *a_count += count;
        } else
            return;
    }
}

/* What was read and no line below has taken as its part yet. */
struct open_line {
    struct migration migration;
    size_t depth;
};

/* A place in the chain's text, and the line it is in. */
struct reader {
    struct arena *arena;
    struct source *source;
    struct diag *diag;
    const char *line;   /* start of the line that is read, behind its marks */
    size_t length;      /* without marks and newline */
    size_t depth;       /* so many marks */
    struct hash parent; /* of the line before */
    VEC(struct open_line) open;
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

/* How many parts the migration has, behind its hashes; 0 for nothing. -1: it is no number. */
static int parse_count(const char *at, size_t length, size_t *count) {
    *count = 0;
    if (!length)
        return 0;
    if (length < 2 || length > 8 || at[0] != ' ' || at[1] == '0')
        return -1;
    for (size_t i = 1; i < length; i++) {
        if (!isdigit((unsigned char)at[i]))
            return -1;
        *count = *count * 10 + (size_t)(at[i] - '0');
    }
    return 0;
}

static int parse_migration(struct reader *reader, struct migration *migration) {
    static const char form[] = "a line of the chain is an id and four hashes, and of a squashed migration the number of its parts";
    struct hash *hashes[] = {&migration->parent, &migration->snapshot, &migration->up, &migration->down};
    const char *at = memchr(reader->line, ' ', reader->length);
    size_t id_length = at ? (size_t)(at - reader->line) : 0;
    size_t length = id_length + 4 * (HASH_HEX_LENGTH + 1);

    if (!at || !is_id(reader->line, id_length) || reader->length < length)
        return line_error(reader, form);
    migration->id = arena_strndup(reader->arena, reader->line, id_length);
    for (size_t i = 0; i < 4; i++, at += HASH_HEX_LENGTH + 1)
        if (*at != ' ' || hash_parse(at + 1, hashes[i]))
            return line_error(reader, form);
    return parse_count(at, reader->length - length, &migration->part_count) ? line_error(reader, form) : 0;
}

static int check_header(struct reader *reader) {
    const char *text = reader->source->text;

    reader->line = text;
    reader->length = strcspn(text, "\n");
    for (int format = 1; format <= CHAIN_FORMAT; format++) {
        char expected[32];

        snprintf(expected, sizeof expected, "%s%d\n", header_prefix, format);
        if (strncmp(text, expected, strlen(expected)) == 0)
            return 0;
    }
    if (strncmp(text, header_prefix, sizeof header_prefix - 1) == 0 && strtol(text + sizeof header_prefix - 1, NULL, 10) > CHAIN_FORMAT)
        return line_error(reader, "the chain was written by a newer version of persist: use that one");
    return line_error(reader, "the first line of the chain is \"persist chain\" and the number of its format");
}

static int check_conflict(struct reader *reader) {
    struct span conflict = snapshot_find_conflict(reader->source->text);

    if (conflict.start == conflict.end)
        return 0;
    diag_error(reader->diag, reader->source, conflict, 0,
               "two branches both added a migration, and their merge left a conflict in the chain");
    diag_hint(reader->diag,
              "in the middle of the git merge run \"persist merge\", of a git rebase \"persist rebase\": one side's migrations are planned "
              "again on top of the other's");
    return -1;
}

/* The lines above that are marked more deeply are the parts of MIGRATION. */
static int take_parts(struct reader *reader, struct migration *migration) {
    size_t first = reader->open.count;
    struct migration *parts;

    while (first && reader->open.at[first - 1].depth > reader->depth)
        first--;
    if (migration->part_count != reader->open.count - first)
        return line_error(reader, "the lines marked as parts above this one are not as many as it says");
    if (!migration->part_count)
        return 0;
    parts = ARENA_ARRAY(reader->arena, struct migration, migration->part_count);
    for (size_t i = 0; i < migration->part_count; i++) {
        if (reader->open.at[first + i].depth != reader->depth + 1)
            return line_error(reader, "a part of a squashed migration has more marks than one");
        parts[i] = reader->open.at[first + i].migration;
    }
    migration->parts = parts;
    reader->open.count = first;
    if (!hash_equal(parts[migration->part_count - 1].snapshot, migration->snapshot) ||
        strncmp(parts[migration->part_count - 1].id, migration->id, 14) != 0 || is_called(&parts[migration->part_count - 1], migration->id))
        return line_error(reader, "this migration is not what the parts above it were squashed into");
    return 0;
}

/* Reads the line at the reader's place. */
static int read_line(struct reader *reader) {
    struct migration migration = {0};
    const struct migration *last;

    if (parse_migration(reader, &migration))
        return -1;
    if (!hash_equal(migration.parent, reader->parent))
        return line_error(reader, reader->parent.high || reader->parent.low
                                      ? "this migration does not follow the line above: a line was edited, lost or moved"
                                      : "the first migration names a parent: the lines before it are lost");
    if (take_parts(reader, &migration))
        return -1;
    last = reader->open.count ? &reader->open.at[reader->open.count - 1].migration : NULL;
    if (last && strncmp(last->id, migration.id, 14) >= 0)
        return line_error(reader, "the ids of the migrations are not in order");
    vec_push(reader->arena, &reader->open, ((struct open_line){migration, reader->depth}));
    reader->parent = hash_bytes(reader->line, reader->length);
    return 0;
}

static int read_lines(struct reader *reader) {
    for (reader->line += reader->length + 1; *reader->line; reader->line += reader->length + 1) {
        reader->depth = strspn(reader->line, (const char[]){part_mark, '\0'});
        reader->line += reader->depth;
        reader->length = strcspn(reader->line, "\n");
        if (reader->line[reader->length] != '\n')
            return line_error(reader, "the last line of the chain is cut");
        if (read_line(reader))
            return -1;
    }
    return 0;
}

int chain_parse(struct arena *arena, struct source *source, struct chain *chain, struct diag *diag) {
    struct reader reader = {.arena = arena, .source = source, .diag = diag};

    *chain = (struct chain){0};
    if (check_conflict(&reader) || check_header(&reader) || read_lines(&reader))
        return -1;
    if (reader.open.count && reader.open.at[reader.open.count - 1].depth)
        return diag_fail(diag, "\"%s\" ends in parts of a squashed migration that is lost: restore it from version control", source->name);
    for (size_t i = 0; i < reader.open.count; i++)
        chain_append(arena, chain, reader.open.at[i].migration);
    return 0;
}
