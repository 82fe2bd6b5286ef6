#include "apply.h"

#include <string.h>

#include "execute.h"
#include "file.h"
#include "independent.h"
#include "script_read.h"

enum { MOST_RACES = 1000 };

/* --- what belongs to a migration --- */

static int refuse_script(const struct migration *migration, const char *path, const char *what, struct diag *diag) {
    diag_fail(diag, "\"%s\" %s: nothing is run", path, what);
    diag_hint(diag, "restore the migration %s (git checkout); \"persist verify\" checks all of them", migration->id);
    return -1;
}

struct source *apply_read_script(struct arena *arena, const struct apply_request *request, const struct migration *migration, bool down,
                                 struct diag *diag) {
    const char *path = arena_printf(arena, "%s/%s/%s.sql", request->folder, migration->folder, down ? "down" : "up");
    struct hash expected = down ? migration->down : migration->up;
    char *text;
    size_t length;
    int found = file_read(arena, path, &text, &length, diag);

    if (found > 0)
        refuse_script(migration, path, "is missing", diag);
    else if (found == 0 && hash_equal(hash_bytes(text, length), expected))
        return source_new(arena, path, text, length, diag);
    else if (found == 0)
        refuse_script(migration, path, "was edited since it was written", diag);
    return NULL;
}

int apply_version_before(struct arena *arena, const struct apply_request *request, size_t at, struct hash *hash, struct diag *diag) {
    static const char mark[] = "\n-- snapshot ";
    struct source *script;
    const char *line;

    *hash = (struct hash){0};
    if (at) {
        *hash = request->chain->list.at[at - 1].snapshot;
        return 0;
    }
    /* The first of the chain may go on from a history of bal persist; its header says from where. */
    script = apply_read_script(arena, request, &request->chain->list.at[0], false, diag);
    if (!script)
        return -1;
    line = strstr(script->text, mark);
    if (line && hash_parse(line + sizeof mark - 1, hash))
        *hash = (struct hash){0};
    return 0;
}

/* What leads to where TO leads, in the chain as the database goes along it; NULL: it does not come there. */
static const struct migration *find_goal(const struct chain *chain, const struct migration *to) {
    for (size_t i = chain->list.count; i-- > 0;) {
        const struct migration *migration = &chain->list.at[i];

        /* The last part of a squashed one leads there too, and has its time. */
        if (strcmp(migration->id, to->id) == 0 ||
            (hash_equal(migration->snapshot, to->snapshot) && strncmp(migration->id, to->id, 14) == 0))
            return migration;
    }
    return NULL;
}

int apply_fit(struct runner *runner, struct apply_request *request) {
    struct chain *chain = ARENA_NEW(runner->arena, struct chain);
    const struct migration *to = request->to;

    standing_chain(runner->arena, request->project, &runner->journal, runner->model, to ? to->id : NULL, chain);
    request->chain = chain;
    if (!to)
        return 0;
    request->to = find_goal(chain, to);
    if (request->to)
        return 0;
    diag_fail(runner->diag, "%s was squashed into %s, which this database has as one", to->id, to->squashed_into);
    diag_hint(runner->diag, "name %s, or another migration of the chain", to->squashed_into);
    return -1;
}

static size_t place_of(const struct apply_request *request, const struct migration *migration) {
    return (size_t)(migration - request->chain->list.at);
}

/* --- is the database what we think? --- */

/* The version that the database is at by the journal. */
static int version_of(struct runner *runner, const struct apply_request *request, const struct standing *standing, struct hash *hash) {
    if (standing->last) {
        *hash = standing->last->migration->snapshot;
        return 0;
    }
    *hash = (struct hash){0};
    return request->chain->list.count ? apply_version_before(runner->arena, request, 0, hash, runner->diag) : 0;
}

int apply_find_drift(struct runner *runner, const struct apply_request *request, const struct standing *standing, struct drift *drift) {
    const struct journal_entry *entry = standing->last ? standing->last->entry : NULL;
    const struct schema *version;
    struct hash hash;
    struct live live;

    *drift = (struct drift){0};
    if (version_of(runner, request, standing, &hash))
        return -1;
    version = request->versions->schema(request->versions, hash, runner->diag);
    if (!version || live_read(runner, version_has_privileges(version), &live))
        return -1;
    if (entry && entry->live && strcmp(entry->live, live.hash) == 0)
        return 0;
    return drift_find(runner, request->versions, hash, &live, drift);
}

static int refuse_full(struct runner *runner, const struct drift *drift) {
    drift_report(runner, drift, "the database has no journal of persist, and is not empty");
    diag_hint(runner->diag, "when it is at a version already: \"persist baseline ID\"; \"persist identify\" finds which it is");
    return -1;
}

static int refuse_drift(struct runner *runner, const struct standing *standing, const struct drift *drift) {
    if (standing_is_new(standing))
        return refuse_full(runner, drift);
    drift_report(runner, drift,
                 arena_printf(runner->arena, "the database is not as %s left it",
                              standing->last ? standing->last->migration->id : "the journal says"));
    diag_hint(runner->diag,
              "undo what was done by hand (\"persist diff %s %s --sql\" prints how), or put it into the model; "
              "--accept-drift goes on where it does not touch the plan",
              runner->named ? runner->named : "database", standing->last ? standing->last->migration->id : "ID");
    return -1;
}

/* --- running --- */

/* The last migration of a run is checked: the database must be at its version, but for the drift that was accepted before. */
struct final_check {
    struct verifier verifier; /* first */
    struct runner *runner;
    struct versions *versions;
    struct hash version;
    const struct drift *accepted;
    const char *id;
};

static int check_final(struct verifier *verifier, struct journal_entry *entry) {
    struct final_check *check = (struct final_check *)(void *)verifier;
    struct runner *runner = check->runner;
    const struct schema *version = check->versions->schema(check->versions, check->version, runner->diag);
    struct drift drift;
    struct live live;

    if (!version || runner_set_limits(runner, LIMIT_LOCKS) || live_read(runner, version_has_privileges(version), &live) ||
        drift_find(runner, check->versions, check->version, &live, &drift))
        return -1;
    if (drift_is_within(runner->arena, &drift, check->accepted)) {
        entry->live = live.hash;
        return 0;
    }
    drift_report(runner, &drift,
                 arena_printf(runner->arena, "every statement of %s ran, and the database is not what it should be", check->id));
    diag_hint(runner->diag, runner->dialect->live->transactional && !verifier->committed
                                ? "nothing was changed: it was rolled back"
                                : "undo by hand what differs, then run this again: it checks and goes on");
    return -1;
}

/* The journal's line for STEP, as it is or as it will be. */
static void begin_line(struct runner *runner, const struct step *step, bool down, struct execution *execution) {
    struct journal_entry *entry = &execution->entry;

    execution->journaled = step->entry != NULL;
    if (step->entry)
        execution->line = *entry = *step->entry;
    if (!step->entry || (down && !entry->down)) {
        *entry = (struct journal_entry){.model = runner->model, .id = step->migration->id, .down = down, .started = runner_now(runner)};
        entry->script = step->migration->up;
        entry->snapshot = step->migration->snapshot;
    }
    if (step->state == STEP_PENDING) {
        entry->script = step->migration->up;
        entry->snapshot = step->migration->snapshot;
        entry->finished = NULL;
    }
    entry->applied_by = runner->applied_by;
    entry->program = runner->program;
}

struct run {
    struct runner *runner;
    struct apply_request *request; /* its own */
    struct apply_plan plan;
    struct script *scripts; /* of the steps */
    struct drift accepted;
    struct apply_outcome *outcome;
    bool down;
};

/* All scripts, before any of them runs: what is missing or edited stops the run while nothing has happened. */
static int read_scripts(struct run *run) {
    struct runner *runner = run->runner;

    run->scripts = ARENA_ARRAY(runner->arena, struct script, run->plan.steps.count);
    for (size_t i = 0; i < run->plan.steps.count; i++) {
        struct source *source = apply_read_script(runner->arena, run->request, run->plan.steps.at[i]->migration, run->down, runner->diag);

        run->scripts[i].arena = runner->arena;
        if (!source || script_read(source, runner->dialect, &run->scripts[i], runner->diag))
            return -1;
    }
    return 0;
}

/* What the user is granted. -1: it may not even be asked. */
static int ask_grants(struct runner *runner, struct rows *grants) {
    const char *query = runner->dialect->live->grants;
    struct diag quiet = {.arena = runner->arena};
    struct rows rows;

    *grants = (struct rows){0};
    if (!query)
        return 0;
    if (db_query(runner->db, runner->arena, query, &rows, &quiet) || !rows.row_count)
        return -1;
    return db_query(runner->db, runner->arena, rows_text(&rows, 0, 0), grants, &quiet);
}

/* What the user may not do is told before the first statement, with all the rights that are missing. */
static int check_rights(struct run *run) {
    const struct live_sql *live = run->runner->dialect->live;
    struct runner *runner = run->runner;
    struct script all = {.arena = runner->arena};
    struct diag quiet = {.arena = runner->arena};
    struct rows grants, rows;
    const char *query;

    if (!live->missing_rights || ask_grants(runner, &grants))
        return 0;
    for (size_t i = 0; i < run->plan.steps.count; i++)
        for (size_t k = 0; k < run->scripts[i].list.count; k++)
            vec_push(runner->arena, &all.list, run->scripts[i].list.at[k]);
    query = live->missing_rights(runner->arena, &grants, &all);
    /* Who may not even ask finds out by trying. */
    if (!query || db_query(runner->db, runner->arena, query, &rows, &quiet) || !rows.row_count)
        return 0;
    diag_fail(runner->diag, "the user lacks rights that the migrations need: %s", rows_text(&rows, 0, 0));
    for (size_t i = 1; i < rows.row_count; i++)
        diag_note(runner->diag, NULL, (struct span){0, 0}, "and: %s", rows_text(&rows, i, 0));
    diag_hint(runner->diag, "grant them, or run this as the owner of the tables; nothing was run");
    return -1;
}

static enum execution_end run_step(struct run *run, size_t at, struct verifier *verifier) {
    struct execution execution = {.runner = run->runner, .script = &run->scripts[at], .verifier = verifier};
    enum execution_end end;

    begin_line(run->runner, run->plan.steps.at[at], run->down, &execution);
    end = execution_run(&execution);
    run->outcome->statements += execution.done;
    return end;
}

/* The migration that the database is at once STEP is done. */
static const char *id_behind(const struct run *run, const struct step *step) {
    size_t at = place_of(run->request, step->migration);

    if (!run->down)
        return step->migration->id;
    return at ? run->request->chain->list.at[at - 1].id : NULL;
}

static int version_behind(const struct run *run, const struct step *step, struct hash *hash) {
    *hash = step->migration->snapshot;
    if (!run->down)
        return 0;
    return apply_version_before(run->runner->arena, run->request, place_of(run->request, step->migration), hash, run->runner->diag);
}

/* Before the first statement of the run: what the check at its end needs is read now, not while locks are held. Where the model has words
 * that the server says otherwise, it will need a scratch database too. */
static int prepare_check(const struct run *run, struct final_check *check) {
    const struct step *last = run->plan.steps.at[run->plan.steps.count - 1];

    *check = (struct final_check){
        .verifier = {.verify = check_final},
        .runner = run->runner,
        .versions = run->request->versions,
        .accepted = &run->accepted,
        .id = last->migration->id,
    };
    if (!run->down && run->plan.standing.last &&
        place_of(run->request, run->plan.standing.last->migration) > place_of(run->request, last->migration))
        check->version = run->plan.standing.last->migration->snapshot;
    else if (version_behind(run, last, &check->version))
        return -1;
    if (!check->versions->schema(check->versions, check->version, run->runner->diag))
        return -1;
    return run->accepted.asked && !check->versions->seen(check->versions, check->version, &run->runner->target, run->runner->diag) ? -1 : 0;
}

static enum execution_end run_steps(struct run *run) {
    enum execution_end end = EXECUTION_DONE;
    struct observer *observer = run->runner->observer;
    struct final_check check;

    if (read_scripts(run) || check_rights(run) || prepare_check(run, &check))
        return EXECUTION_FAILED;
    for (size_t i = 0; i < run->plan.steps.count && end == EXECUTION_DONE; i++) {
        const struct step *step = run->plan.steps.at[i];
        bool last = i + 1 == run->plan.steps.count;

        if (observer && observer->migration)
            observer->migration(observer, step->migration->id, run->down, i + 1, run->plan.steps.count);
        end = run_step(run, i, last ? &check.verifier : NULL);
        if (end != EXECUTION_DONE)
            break;
        run->outcome->migrations++;
        run->outcome->to = id_behind(run, step);
    }
    return end;
}

/* --- planning --- */

static int find_standing(struct runner *runner, const struct apply_request *request, struct standing *standing) {
    standing_find(runner->arena, request->chain, &runner->journal, runner->model, standing);
    return standing_check(standing, runner->model, request->out_of_order, runner->diag) ||
                   standing_check_clock(&runner->journal, runner->diag)
               ? -1
               : 0;
}

static int refuse_half(struct runner *runner, const struct step *half, const char *what, const char *help) {
    diag_fail(runner->diag, "%s of %s stopped at statement %zu of %zu%s%s", what, half->migration->id, half->entry->statement + 1,
              half->entry->statements, half->entry->error ? ": " : "", half->entry->error ? half->entry->error : "");
    diag_hint(runner->diag, "%s", help);
    return -1;
}

static int check_target_above(struct runner *runner, const struct apply_request *request, const struct standing *standing) {
    if (!request->to || !standing->last || place_of(request, request->to) >= place_of(request, standing->last->migration) ||
        request->out_of_order)
        return 0;
    diag_fail(runner->diag, "the database is at %s already, which comes behind %s", standing->last->migration->id, request->to->id);
    diag_hint(runner->diag, "\"persist rollback --to %s\" goes back", request->to->id);
    return -1;
}

int apply_plan_up(struct runner *runner, const struct apply_request *request, struct apply_plan *plan) {
    struct standing *standing = &plan->standing;
    size_t end = request->to ? place_of(request, request->to) + 1 : request->chain->list.count;

    *plan = (struct apply_plan){0};
    if (find_standing(runner, request, standing) || check_target_above(runner, request, standing))
        return -1;
    if (standing->half_done && standing->half_done->state == STEP_ROLLING_BACK)
        return refuse_half(runner, standing->half_done, "a rollback", "\"persist rollback\" goes on with it");
    for (size_t i = 0; i < end; i++)
        if (standing->steps.at[i].state != STEP_APPLIED)
            vec_push(runner->arena, &plan->steps, &standing->steps.at[i]);
    if (!standing->below)
        return 0;
    return independent_check(runner, request, plan);
}

/* Newest first: what was being rolled back, then as many as were asked for. */
int apply_plan_down(struct runner *runner, const struct apply_request *request, struct apply_plan *plan) {
    struct standing *standing = &plan->standing;
    size_t floor = request->to ? place_of(request, request->to) + 1 : 0;
    size_t most = request->to ? request->chain->list.count : request->steps;

    *plan = (struct apply_plan){0};
    if (find_standing(runner, request, standing))
        return -1;
    if (standing->half_done && standing->half_done->state == STEP_HALF)
        return refuse_half(runner, standing->half_done, "the migration", "\"persist apply\" goes on with it; then roll it back");
    if (request->to && standing->steps.at[floor - 1].state != STEP_APPLIED)
        return diag_fail(runner->diag, "%s is not applied here: there is no way back to it", request->to->id);
    for (size_t i = standing->steps.count; i-- > floor && plan->steps.count < most;)
        if (standing->steps.at[i].state != STEP_PENDING)
            vec_push(runner->arena, &plan->steps, &standing->steps.at[i]);
    return 0;
}

/* --- the three --- */

/* Before anything runs. A half-done migration is between two versions: it is looked at by its traces, and checked at the end. */
static int check_before(struct run *run) {
    const struct standing *standing = &run->plan.standing;
    struct runner *runner = run->runner;

    if (standing->half_done)
        return 0;
    if (apply_find_drift(runner, run->request, standing, &run->accepted))
        return -1;
    if (!run->accepted.deltas.list.count)
        return 0;
    if (!run->request->accept_drift || standing_is_new(standing))
        return refuse_drift(runner, standing, &run->accepted);
    return independent_of_drift(runner, run->request, &run->plan, &run->accepted);
}

static bool same_journal(const struct journal *a, const struct journal *b) {
    if (a->entries.count != b->entries.count)
        return false;
    for (size_t i = 0; i < a->entries.count; i++) {
        const struct journal_entry *x = &a->entries.at[i], *y = &b->entries.at[i];

        if (strcmp(x->id, y->id) != 0 || x->down != y->down || x->statement != y->statement || !text_equal(x->started, y->started) ||
            !text_equal(x->finished, y->finished))
            return false;
    }
    return true;
}

/* Where nothing is locked between transactions, another runner may have committed after the journal was read and before the database was:
 * what was found then is no drift. */
static bool was_overtaken(struct runner *runner) {
    struct journal before = runner->journal;

    return !runner->dialect->live->lock && runner_look(runner) == 0 && !same_journal(&before, &runner->journal);
}

/* Reads the journal again, plans and runs; another runner that was quicker is seen by that. */
static int run_all(struct run *run) {
    int (*plan)(struct runner *, const struct apply_request *, struct apply_plan *) = run->down ? apply_plan_down : apply_plan_up;
    enum execution_end end = EXECUTION_RACE;

    for (size_t i = 0; end == EXECUTION_RACE && i < MOST_RACES; i++) {
        struct diag kept = *run->runner->diag;

        if (i && (runner_look(run->runner) || apply_fit(run->runner, run->request)))
            return -1;
        if (plan(run->runner, run->request, &run->plan))
            return -1;
        run->outcome->to = run->plan.standing.last ? run->plan.standing.last->migration->id : NULL;
        if (i == 0)
            run->outcome->from = run->outcome->to;
        if (check_before(run)) {
            if (!was_overtaken(run->runner))
                return -1;
            *run->runner->diag = kept;
            continue;
        }
        end = run->plan.steps.count ? run_steps(run) : EXECUTION_DONE;
    }
    if (end == EXECUTION_RACE)
        diag_fail(run->runner->diag, "other runners change the journal all the time: nothing more was run here");
    return end == EXECUTION_DONE ? 0 : -1;
}

int apply_up(struct runner *runner, const struct apply_request *request, struct apply_outcome *outcome) {
    struct apply_request own = *request;
    struct run run = {.runner = runner, .request = &own, .outcome = outcome};

    *outcome = (struct apply_outcome){0};
    return run_all(&run);
}

int apply_down(struct runner *runner, const struct apply_request *request, struct apply_outcome *outcome) {
    struct apply_request own = *request;
    struct run run = {.runner = runner, .request = &own, .outcome = outcome, .down = true};

    *outcome = (struct apply_outcome){0};
    return run_all(&run);
}

/* Every migration up to the one that the database is at, as if it had been applied now. */
static int write_baseline(struct runner *runner, const struct apply_request *request, const char *live_hash) {
    struct str sql = STR_INIT;
    size_t last = place_of(request, request->to);
    int result;

    str_addf(&sql, "%s;\n", runner->dialect->live->begin ? runner->dialect->live->begin : "BEGIN");
    for (size_t i = 0; i <= last; i++) {
        const struct migration *migration = &request->chain->list.at[i];
        struct journal_entry entry = {
            .model = runner->model,
            .id = migration->id,
            .snapshot = migration->snapshot,
            .script = migration->up,
            .started = runner_now(runner),
            .finished = runner_now(runner),
            .applied_by = runner->applied_by,
            .program = arena_printf(runner->arena, "%s, baseline", runner->program),
            .live = i == last ? live_hash : NULL,
        };

        str_addf(&sql, "%s;\n", journal_insertion(runner->arena, &runner->journal, &entry));
    }
    str_add(&sql, "COMMIT");
    result = runner_make_journal(runner) ? -1 : db_exec(runner->db, sql.text, runner->diag);
    str_free(&sql);
    return result;
}

int apply_baseline(struct runner *runner, const struct apply_request *request, struct apply_outcome *outcome) {
    const struct schema *version;
    struct standing standing;
    struct drift drift;
    struct live live;

    *outcome = (struct apply_outcome){0};
    if (find_standing(runner, request, &standing))
        return -1;
    if (!standing_is_new(&standing)) {
        outcome->from = outcome->to = standing.last ? standing.last->migration->id : NULL;
        if (standing.last && standing.last->migration == request->to)
            return 0;
        return diag_fail(runner->diag, "the database has a journal already: %s",
                         standing.last ? standing.last->migration->id : "half-done");
    }
    version = request->versions->schema(request->versions, request->to->snapshot, runner->diag);
    if (!version || live_read(runner, version_has_privileges(version), &live) ||
        drift_find(runner, request->versions, request->to->snapshot, &live, &drift))
        return -1;
    if (drift.deltas.list.count) {
        drift_report(runner, &drift, arena_printf(runner->arena, "the database is not at %s", request->to->id));
        diag_hint(runner->diag, "\"persist identify\" finds the version that is nearest");
        return -1;
    }
    outcome->to = request->to->id;
    outcome->migrations = place_of(request, request->to) + 1;
    return write_baseline(runner, request, live.hash);
}
