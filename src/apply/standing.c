#include "standing.h"

#include <stdio.h>
#include <string.h>

#include "map.h"

const char *step_state_name(enum step_state state) {
    static const char *const names[] = {
        [STEP_APPLIED] = "applied",
        [STEP_PENDING] = "pending",
        [STEP_HALF] = "half-done",
        [STEP_ROLLING_BACK] = "rolling back",
    };

    return names[state];
}

/* One that stopped before its first statement had any effect is as pending as before. */
static enum step_state state_of(const struct journal_entry *entry) {
    if (entry && entry->finished && !entry->down)
        return STEP_APPLIED;
    if (!entry || (!entry->down && !entry->statement && !entry->trace && !entry->batch))
        return STEP_PENDING;
    return entry->down ? STEP_ROLLING_BACK : STEP_HALF;
}

static void add_step(struct arena *arena, struct standing *standing, const struct migration *migration, const struct journal_entry *entry) {
    struct step *step = vec_add(arena, &standing->steps);

    *step = (struct step){.migration = migration, .entry = entry, .state = state_of(entry)};
    step->edited =
        step->state != STEP_PENDING && (!hash_equal(entry->script, migration->up) || !hash_equal(entry->snapshot, migration->snapshot));
    standing->edited += step->edited;
}

/* What came from other models, told once each: the entries are sorted by model. */
static void add_other(struct arena *arena, struct standing *standing, const struct journal_entry *entry) {
    const char *last = standing->others.count ? standing->others.at[standing->others.count - 1] : "";

    if (strcmp(last, entry->model) != 0)
        vec_push(arena, &standing->others, entry->model);
}

static void count_steps(struct standing *standing) {
    for (size_t i = standing->steps.count; i-- > 0;) {
        struct step *step = &standing->steps.at[i];
        bool half = step->state == STEP_HALF || step->state == STEP_ROLLING_BACK;

        standing->applied += step->state == STEP_APPLIED;
        standing->pending += step->state == STEP_PENDING;
        standing->half += half;
        step->below = step->state == STEP_PENDING && standing->last;
        standing->below += step->below;
        if (half && !standing->half_done)
            standing->half_done = step;
        if (step->state == STEP_APPLIED && !standing->last)
            standing->last = step;
    }
}

/* What decides which way a database goes. */
struct ways {
    struct arena *arena;
    struct map journaled; /* ids of the model */
    const char *wanted;
    struct chain *result;
};

static bool needs(const struct ways *ways, const struct migration *migration) {
    return map_get(&ways->journaled, migration->id) || (ways->wanted && strcmp(ways->wanted, migration->id) == 0);
}

static bool needs_part(const struct ways *ways, const struct migration *migration) {
    for (size_t i = 0; i < migration->part_count; i++)
        if (needs(ways, &migration->parts[i]) || needs_part(ways, &migration->parts[i]))
            return true;
    return false;
}

static void go_along(struct ways *ways, const struct migration *migration) {
    bool by_parts = !map_get(&ways->journaled, migration->id) && needs_part(ways, migration);

    for (size_t i = 0; by_parts && i < migration->part_count; i++)
        go_along(ways, &migration->parts[i]);
    if (!by_parts)
        vec_push(ways->arena, &ways->result->list, *migration);
}

void standing_chain(struct arena *arena, const struct chain *chain, const struct journal *journal, const char *model, const char *wanted,
                    struct chain *result) {
    struct ways ways = {.arena = arena, .wanted = wanted, .result = result};

    for (size_t i = 0; i < journal->entries.count; i++)
        if (strcmp(journal->entries.at[i].model, model) == 0)
            map_put(arena, &ways.journaled, journal->entries.at[i].id, &journal->entries.at[i]);
    *result = (struct chain){.head = chain->head};
    for (size_t i = 0; i < chain->list.count; i++)
        go_along(&ways, &chain->list.at[i]);
}

void standing_find(struct arena *arena, const struct chain *chain, const struct journal *journal, const char *model,
                   struct standing *standing) {
    struct map entries = {0}, known = {0};

    *standing = (struct standing){0};
    for (size_t i = 0; i < chain->list.count; i++)
        map_put(arena, &known, chain->list.at[i].id, &chain->list.at[i]);
    for (size_t i = 0; i < journal->entries.count; i++) {
        struct journal_entry *entry = &journal->entries.at[i];

        if (strcmp(entry->model, model) != 0)
            add_other(arena, standing, entry);
        else if (map_get(&known, entry->id))
            map_put(arena, &entries, entry->id, entry);
        else
            vec_push(arena, &standing->unknown, entry);
    }
    for (size_t i = 0; i < chain->list.count; i++)
        add_step(arena, standing, &chain->list.at[i], map_get(&entries, chain->list.at[i].id));
    count_steps(standing);
}

bool standing_is_new(const struct standing *standing) {
    return !standing->applied && !standing->half && !standing->unknown.count;
}

/* --- what must hold before anything runs --- */

static int refuse_other_model(const struct standing *standing, const char *model, struct diag *diag) {
    diag_fail(diag, "the database is that of the model \"%s\": its journal has nothing of \"%s\"", standing->others.at[0], model);
    diag_hint(diag, "check --url and --model; one database holds one model");
    return -1;
}

static int refuse_unknown(const struct standing *standing, struct diag *diag) {
    const struct journal_entry *first = standing->unknown.at[0];

    diag_fail(diag, "the database is newer than this project: %s was applied on %s, and the chain does not have it%s", first->id,
              first->started, standing->unknown.count > 1 ? ", nor others behind it" : "");
    diag_hint(diag, "get the branch that it came from (git pull), or name the right database");
    return -1;
}

static int refuse_edited(const struct standing *standing, struct diag *diag) {
    for (size_t i = 0; i < standing->steps.count; i++) {
        const struct step *step = &standing->steps.at[i];

        if (!step->edited)
            continue;
        diag_fail(diag, "%s was edited after it was applied on %s: %s is not what ran", step->migration->id, step->entry->started,
                  hash_equal(step->entry->script, step->migration->up) ? "its snapshot" : "its up.sql");
        diag_hint(diag, "restore the migration (git checkout), and put the change into a new one; \"persist repair\" shows both hashes");
        return -1;
    }
    return 0;
}

static int refuse_below(const struct standing *standing, struct diag *diag) {
    for (size_t i = 0; i < standing->steps.count; i++) {
        if (!standing->steps.at[i].below)
            continue;
        diag_fail(diag, "%s is not applied, and %s behind it in the chain is", standing->steps.at[i].migration->id,
                  standing->last->migration->id);
        diag_hint(diag, "--out-of-order applies it now, when what it touches is independent of what came behind it");
        return -1;
    }
    return 0;
}

int standing_check(const struct standing *standing, const char *model, bool out_of_order, struct diag *diag) {
    if (standing_is_new(standing) && standing->others.count)
        return refuse_other_model(standing, model, diag);
    if (standing->unknown.count)
        return refuse_unknown(standing, diag);
    if (standing->edited)
        return refuse_edited(standing, diag);
    return standing->below && !out_of_order ? refuse_below(standing, diag) : 0;
}

int standing_check_clock(const struct journal *journal, struct diag *diag) {
    for (size_t i = 0; i < journal->entries.count; i++) {
        const struct journal_entry *entry = &journal->entries.at[i];
        const char *newest = entry->finished ? entry->finished : entry->started;

        if (strcmp(newest, journal->horizon) <= 0)
            continue;
        diag_fail(diag, "the clock of the server runs backwards: it says %s UTC, and %s was applied at %s", journal->now, entry->id,
                  newest);
        diag_hint(diag, "set the server's clock; where the journal is wrong, \"persist repair\" mends it");
        return -1;
    }
    return 0;
}
