#include "snapshot.h"

#include <string.h>

static const char version_prefix[] = "// persist snapshot ";

void snapshot_print(const struct schema *schema, struct str *out) {
    struct str text = STR_INIT;
    unsigned format = model_print(schema, &text);

    str_addf(out, "%s%u\n", version_prefix, format);
    str_add_bytes(out, text.text, text.length);
    str_free(&text);
}

static const char *next_line(const char *at) {
    const char *end = strchr(at, '\n');

    return end ? end + 1 : NULL;
}

struct span snapshot_find_conflict(const char *text) {
    static const char *const markers[] = {"<<<<<<< ", ">>>>>>> ", "||||||| "}; /* "=======" may stand in a definition */

    for (const char *at = text; at && *at; at = next_line(at))
        for (size_t i = 0; i < sizeof markers / sizeof *markers; i++)
            if (*at == *markers[i] && strncmp(at, markers[i], 8) == 0) {
                uint32_t start = (uint32_t)(at - text);

                return (struct span){start, start + 7};
            }
    return (struct span){0, 0};
}

/* The format number of the version line, or -1 when the first line is none. */
static long format_of(const char *text) {
    size_t length = sizeof version_prefix - 1;
    long format = 0;

    if (strncmp(text, version_prefix, length) != 0)
        return -1;
    for (text += length; *text >= '0' && *text <= '9' && format < 1000000; text++)
        format = format * 10 + (*text - '0');
    return *text == '\n' && format > 0 ? format : -1;
}

static int check_version(struct source *source, struct diag *diag) {
    long format = format_of(source->text);
    struct span first = {0, (uint32_t)strcspn(source->text, "\n")};

    if (format < 0) {
        diag_error(diag, source, first, 0, "the first line of a snapshot is \"%s%d\"", version_prefix, SNAPSHOT_FORMAT);
        diag_hint(diag, "restore the file from version control; a snapshot is not edited by hand");
        return -1;
    }
    if (format > SNAPSHOT_FORMAT) {
        diag_error(diag, source, first, 0, "the snapshot has format %ld, and this program knows formats up to %d", format, SNAPSHOT_FORMAT);
        diag_hint(diag, "use the newer version of persist that wrote it");
        return -1;
    }
    return 0;
}

static int check_hash(struct source *source, struct hash found, const struct hash *expected, struct diag *diag) {
    char found_hex[HASH_HEX_LENGTH + 1];
    char expected_hex[HASH_HEX_LENGTH + 1];

    if (!expected || hash_equal(found, *expected))
        return 0;
    hash_print(found, found_hex);
    hash_print(*expected, expected_hex);
    diag_error(diag, source, (struct span){0, (uint32_t)strcspn(source->text, "\n")}, 0,
               "the snapshot was edited or cut: its hash is %s, recorded is %s", found_hex, expected_hex);
    diag_hint(diag, "restore it from version control, or let \"persist verify --repair\" write it again from the history");
    return -1;
}

static int check_conflict(struct source *source, struct diag *diag) {
    struct span conflict = snapshot_find_conflict(source->text);

    if (conflict.start == conflict.end)
        return 0;
    diag_error(diag, source, conflict, 0, "a conflict of a merge stands in the snapshot");
    diag_hint(diag, "in the middle of the git merge run \"persist merge\": it merges model, snapshot and chain");
    return -1;
}

struct snapshot *snapshot_open(struct arena *arena, struct source *source, const struct hash *expected, struct diag *diag) {
    struct snapshot *snapshot = ARENA_NEW(arena, struct snapshot);

    snapshot->source = source;
    snapshot->hash = hash_bytes(source->text, source->length);
    snapshot->verified = expected != NULL;
    if (check_conflict(source, diag) || check_version(source, diag) || check_hash(source, snapshot->hash, expected, diag))
        return NULL;
    return snapshot;
}

const struct schema *snapshot_schema(struct arena *arena, struct snapshot *snapshot, struct diag *diag) {
    struct model_options options = {.comments = true, .trusted = snapshot->verified};

    if (!snapshot->schema)
        snapshot->schema = model_read(arena, snapshot->source, &options, diag);
    return snapshot->schema;
}
