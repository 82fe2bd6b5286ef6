#include "drift.h"

#include <string.h>

#include "declare.h"
#include "lease.h"
#include "map.h"
#include "snapshot.h"

enum { SHOWN_DELTAS = 20 };

bool version_has_privileges(const struct schema *version) {
    for (size_t i = 0; i < version->object_count; i++)
        if (strcmp(version->objects[i]->kind, "privilege") == 0)
            return true;
    return false;
}

/* What was read, declared without any names that a person chose, printed: the same text as long as the server says the same. */
static const char *hash_of(struct runner *runner, const struct schema *found) {
    struct str text = STR_INIT;
    char hex[HASH_HEX_LENGTH + 1];

    snapshot_print(schema_declare(runner->arena, found, &runner->target, NULL), &text);
    hash_print(hash_bytes(text.text, text.length), hex);
    str_free(&text);
    return arena_strdup(runner->arena, hex);
}

int live_read(struct runner *runner, bool privileges, struct live *live) {
    struct entity lock = journal_neighbor(&runner->journal, LEASE_TABLE);
    const char *own[] = {journal_glob(runner->arena, &runner->journal.place), journal_glob(runner->arena, &lock)};
    struct scope scope = {.privileges = privileges};
    struct schema *found;
    VEC(const char *) exclude = {0};

    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        vec_push(runner->arena, &exclude, own[i]);
    scope.exclude = (struct names){exclude.at, exclude.count};
    found = runner->dialect->introspect(runner->db, &scope, runner->arena, runner->diag);
    if (!found)
        return -1;
    journal_hide(runner->arena, &runner->journal.place, found);
    live->found = found;
    live->hash = hash_of(runner, live->found);
    return 0;
}

/* The version and the database in one form, with a scratch database where words differ. */
static int pair_with(struct runner *runner, struct versions *versions, struct hash hash, const struct live *live, struct seen_pair *pair,
                     struct drift *drift) {
    const struct schema *version = versions->schema(versions, hash, runner->diag);
    const struct seen *seen;

    if (!version)
        return -1;
    if (seen_compare_plainly(runner->arena, version, live->found, &runner->target, pair))
        return 0;
    seen = versions->seen(versions, hash, &runner->target, runner->diag);
    if (!seen)
        return -1;
    seen_compare(runner->arena, seen, live->found, &runner->target, pair);
    drift->asked = true;
    drift->loosely = seen->loosely;
    return 0;
}

int drift_find(struct runner *runner, struct versions *versions, struct hash hash, const struct live *live, struct drift *drift) {
    struct rename_answers none = {0};
    struct renames renames = {0};
    struct seen_pair pair;

    *drift = (struct drift){0};
    if (pair_with(runner, versions, hash, live, &pair, drift))
        return -1;
    if (renames_find(runner->arena, pair.version, pair.live, &none, &renames, runner->diag))
        return -1;
    deltas_find(runner->arena, pair.version, pair.live, &renames, &drift->deltas);
    return 0;
}

static const char *line_of(struct arena *arena, const struct delta *delta) {
    return arena_printf(arena, "%s: %s", delta_subject(arena, delta), delta_text(arena, delta));
}

bool drift_is_within(struct arena *arena, const struct drift *one, const struct drift *other) {
    struct map lines = {0};

    for (size_t i = 0; i < other->deltas.list.count; i++)
        map_put(arena, &lines, line_of(arena, &other->deltas.list.at[i]), other);
    for (size_t i = 0; i < one->deltas.list.count; i++)
        if (!map_get(&lines, line_of(arena, &one->deltas.list.at[i])))
            return false;
    return true;
}

int drift_report(struct runner *runner, const struct drift *drift, const char *what) {
    size_t count = drift->deltas.list.count;

    diag_fail(runner->diag, "%s: %zu difference%s", what, count, count == 1 ? "" : "s");
    for (size_t i = 0; i < count && i < SHOWN_DELTAS; i++)
        diag_note(runner->diag, NULL, (struct span){0, 0}, "%s", line_of(runner->arena, &drift->deltas.list.at[i]));
    if (count > SHOWN_DELTAS)
        diag_note(runner->diag, NULL, (struct span){0, 0}, "and %zu more: persist diff shows all", count - SHOWN_DELTAS);
    return -1;
}
