#include "repair.h"

#include <string.h>

struct repair {
    struct runner *runner;
    const struct apply_request *request;
    struct standing standing;
    struct mends *mends;
};

static void add(struct repair *repair, const char *text, const char *sql) {
    vec_push(repair->runner->arena, &repair->mends->list, ((struct mend){text, sql}));
}

/* Is the database at the version HASH? 1 or 0, or -1 reported. */
static int is_at(struct repair *repair, struct hash hash) {
    struct runner *runner = repair->runner;
    const struct schema *version = repair->request->versions->schema(repair->request->versions, hash, runner->diag);
    struct drift drift;
    struct live live;

    if (!version || live_read(runner, version_has_privileges(version), &live) ||
        drift_find(runner, repair->request->versions, hash, &live, &drift))
        return -1;
    return !drift.deltas.list.count;
}

static const char *finished(struct repair *repair, const struct step *step) {
    struct journal_entry entry = *step->entry;

    entry.statement = entry.statements;
    entry.trace = entry.batch = entry.error = entry.live = NULL;
    entry.down = false;
    entry.script = step->migration->up;
    entry.snapshot = step->migration->snapshot;
    entry.finished = entry.finished ? entry.finished : runner_now(repair->runner);
    return journal_update(repair->runner->arena, &repair->runner->journal, &entry);
}

/* Half-done: the database may be at the version behind it or at the one before it all the same. */
static int find_half(struct repair *repair) {
    const struct step *half = repair->standing.half_done;
    struct runner *runner = repair->runner;
    struct hash before;
    const char *what;
    int at;

    if (!half)
        return 0;
    what = arena_printf(runner->arena, "%s stopped at statement %zu of %zu on the way %s%s%s", half->migration->id,
                        half->entry->statement + 1, half->entry->statements, half->entry->down ? "down" : "up",
                        half->entry->error ? ": " : "", half->entry->error ? half->entry->error : "");
    at = is_at(repair, half->migration->snapshot);
    if (at > 0)
        add(repair, arena_printf(runner->arena, "%s; the database is at it: applied", what), finished(repair, half));
    if (at)
        return at < 0 ? -1 : 0;
    if (apply_version_before(runner->arena, repair->request, (size_t)(half->migration - repair->request->chain->list.at), &before,
                             runner->diag))
        return -1;
    at = is_at(repair, before);
    if (at > 0)
        add(repair, arena_printf(runner->arena, "%s; the database is as it was before: pending", what),
            journal_deletion(runner->arena, &runner->journal, half->entry));
    else if (at == 0)
        add(repair,
            arena_printf(runner->arena, "%s; the database is between the two versions: %s\"persist %s\" goes on", what,
                         half->edited ? "its up.sql was edited since, restore it; then " : "", half->entry->down ? "rollback" : "apply"),
            NULL);
    return at < 0 ? -1 : 0;
}

/* Edited: where the database is at the version that the chain has now, the journal may say the new script. */
static int find_edited(struct repair *repair) {
    struct runner *runner = repair->runner;
    int at = 0;

    if (!repair->standing.edited || repair->standing.half_done)
        return 0;
    if (repair->standing.last)
        at = is_at(repair, repair->standing.last->migration->snapshot);
    for (size_t i = 0; at >= 0 && i < repair->standing.steps.count; i++) {
        const struct step *step = &repair->standing.steps.at[i];
        const char *text;

        if (!step->edited)
            continue;
        text = arena_printf(runner->arena, "%s was edited after it was applied on %s", step->migration->id, step->entry->started);
        if (at)
            add(repair,
                arena_printf(runner->arena, "%s; the database is at the chain's version: the new script is taken for what ran", text),
                finished(repair, step));
        else
            add(repair, arena_printf(runner->arena, "%s, and the database is not at the chain's version: restore the migration", text),
                NULL);
    }
    return at < 0 ? -1 : 0;
}

/* Not in the chain: where the database is at the last known version, nothing of them is left in it. */
static int find_unknown(struct repair *repair) {
    struct runner *runner = repair->runner;
    int at;

    if (!repair->standing.unknown.count || !repair->standing.last)
        return 0;
    at = is_at(repair, repair->standing.last->migration->snapshot);
    for (size_t i = 0; at >= 0 && i < repair->standing.unknown.count; i++) {
        const struct journal_entry *entry = repair->standing.unknown.at[i];

        if (at)
            add(repair, arena_printf(runner->arena, "%s is not in the chain, and nothing of it in the database: forgotten", entry->id),
                journal_deletion(runner->arena, &runner->journal, entry));
        else
            add(repair,
                arena_printf(runner->arena, "%s is not in the chain, and the database is newer than %s: get the branch it came from",
                             entry->id, repair->standing.last->migration->id),
                NULL);
    }
    return at < 0 ? -1 : 0;
}

static void find_times(struct repair *repair) {
    struct runner *runner = repair->runner;

    for (size_t i = 0; i < runner->journal.entries.count; i++) {
        struct journal_entry entry = runner->journal.entries.at[i];
        const char *text = arena_printf(runner->arena, "%s is said to be applied at %s, and the server's clock says %s: now", entry.id,
                                        entry.finished ? entry.finished : entry.started, runner->journal.now);

        if (strcmp(entry.finished ? entry.finished : entry.started, runner->journal.horizon) <= 0)
            continue;
        entry.started = runner->journal.now;
        entry.finished = entry.finished ? runner->journal.now : NULL;
        add(repair, text, journal_update(runner->arena, &runner->journal, &entry));
    }
}

int repair_find(struct runner *runner, const struct apply_request *request, struct mends *mends) {
    struct repair repair = {.runner = runner, .request = request, .mends = mends};

    *mends = (struct mends){0};
    standing_find(runner->arena, request->chain, &runner->journal, runner->model, &repair.standing);
    if (find_half(&repair) || find_edited(&repair) || find_unknown(&repair))
        return -1;
    find_times(&repair);
    return 0;
}

int repair_run(struct runner *runner, const struct mends *mends) {
    const char *begin = runner->dialect->live->begin;
    struct str sql = STR_INIT;
    int result;

    str_addf(&sql, "%s", begin ? begin : "BEGIN");
    for (size_t i = 0; i < mends->list.count; i++)
        if (mends->list.at[i].sql)
            str_addf(&sql, ";\n%s", mends->list.at[i].sql);
    str_add(&sql, ";\nCOMMIT");
    result = db_exec(runner->db, sql.text, runner->diag);
    str_free(&sql);
    return result;
}
