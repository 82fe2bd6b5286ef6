#include "visit.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "duration.h"
#include "output.h"
#include "progress.h"
#include "prompt.h"

enum { USUAL_BATCH_ROWS = 1000, SLOW_MILLISECONDS = 1000 };

/* --- what all visits share --- */

static const char *who(struct arena *arena) {
    const struct passwd *user = getpwuid(geteuid());
    char host[256] = "";

    if (gethostname(host, sizeof host - 1))
        *host = '\0';
    return arena_printf(arena, "%s at %s", user ? user->pw_name : "user", *host ? host : "localhost");
}

static int read_patience(struct context *context, struct patience *patience) {
    const struct command_options *options = &context->options;
    unsigned wait;

    if (duration_of_option(context, "--wait", options->wait, "60s", &wait) ||
        duration_of_option(context, "--lock-timeout", options->lock_timeout, "5s", &patience->limits.lock) ||
        duration_of_option(context, "--timeout", options->timeout, "0", &patience->limits.statement) ||
        duration_of_option(context, "--pause", options->pause, "0", &patience->pause))
        return -1;
    if (options->batch < 0)
        return diag_fail(&context->diag, "--batch is the number of rows that one statement may change");
    patience->wait = (wait + 999) / 1000;
    patience->batch_rows = options->batch ? (unsigned)options->batch : USUAL_BATCH_ROWS;
    return 0;
}

int tour_prepare(struct context *context, struct tour *tour) {
    struct workspace *workspace = &tour->workspace;

    if (read_patience(context, &tour->patience) || targets_find(context, workspace, &tour->targets) ||
        version_store_open(context, workspace, &tour->store))
        return -1;
    tour->applied_by = who(&context->arena);
    tour->quiet = context->options.quiet;
    tour->request = (struct apply_request){
        .folder = workspace->place->migrations,
        .project = &workspace->migrations.chain,
        .versions = &tour->store.versions,
        .accept_drift = context->options.accept_drift,
        .out_of_order = context->options.out_of_order,
    };
    if (tour->request.project->list.count)
        return 0;
    diag_fail(&context->diag, "the model \"%s\" has no migrations yet", workspace->place->name);
    diag_hint(&context->diag, "\"persist migrate\" writes the first; \"persist push\" needs none");
    return -1;
}

int tour_open(struct context *context, struct tour *tour) {
    *tour = (struct tour){0};
    if (workspace_open(context, &tour->workspace) || workspace_open_migrations(context, &tour->workspace))
        return -1;
    return tour_prepare(context, tour);
}

void tour_close(struct tour *tour) {
    workspace_close(&tour->workspace);
}

const struct migration *tour_find(struct context *context, const struct tour *tour, const char *text) {
    const struct migration *migration = migration_find_any(&context->arena, tour->request.project, text);

    if (migration)
        return migration;
    diag_fail(&context->diag, "the model \"%s\" has no migration \"%s\", or several that begin so", tour->workspace.place->name, text);
    diag_hint(&context->diag, "\"persist status\" lists them");
    return NULL;
}

bool visit_consent(struct context *context, const char *question) {
    char answer[16] = "";

    if (context->options.yes)
        return true;
    if (!context->interactive)
        return false;
    progress_pause();
    fprintf(context->err, "%s [y/N] ", question);
    fflush(context->err);
    return fgets(answer, sizeof answer, stdin) && (*answer == 'y' || *answer == 'Y');
}

/* --- what a person sees of it --- */

static long long milliseconds(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static struct visit *visit_of(struct observer *observer) {
    return (struct visit *)(void *)((char *)observer - offsetof(struct visit, observer));
}

/* How long the statement before took, when that was long. */
static void tell_elapsed(struct visit *visit) {
    long long now = milliseconds();
    long long elapsed = visit->statement_began ? now - visit->statement_began : 0;

    if (elapsed >= SLOW_MILLISECONDS)
        say(visit->context, "         took %lld.%lld s", elapsed / 1000, elapsed % 1000 / 100);
    visit->statement_began = now;
}

static void on_migration(struct observer *observer, const char *id, bool down, size_t number, size_t count) {
    struct visit *visit = visit_of(observer);

    tell_elapsed(visit);
    if (count > 1)
        say(visit->context, "%s%s (%zu of %zu)", down ? "back: " : "", id, number, count);
    else
        say(visit->context, "%s%s", down ? "back: " : "", id);
}

/* Reasons of several lines are told on one. */
static const char *one_line(struct arena *arena, const char *text) {
    char *copy = arena_strdup(arena, text);

    for (char *at = strchr(copy, '\n'); at; at = strchr(at, '\n'))
        *at = ' ';
    return copy;
}

static void on_statement(struct observer *observer, const struct statement *statement, size_t number, size_t count) {
    struct visit *visit = visit_of(observer);
    size_t length = strcspn(statement->text, "\n");

    tell_elapsed(visit);
    if (statement->reason)
        say(visit->context, "  [%zu/%zu] %s", number, count, one_line(&visit->context->arena, statement->reason));
    else
        say(visit->context, "  [%zu/%zu] %.*s%s", number, count, length > 60 ? 60 : (int)length, statement->text, length > 60 ? "…" : "");
}

static void on_batch(struct observer *observer, size_t batches, const char *last_key) {
    struct visit *visit = visit_of(observer);

    if (batches % 100 == 0)
        say(visit->context, "         %zu batches, up to key %s", batches, last_key);
}

static void on_waiting(struct observer *observer, const struct blocker *blocker) {
    struct visit *visit = visit_of(observer);
    const char *doing = blocker->doing ? blocker->doing : "";
    size_t length = strcspn(doing, "\n");

    /* Also in a fleet, where say() says nothing: a run that stands still tells why. */
    if (!visit->tour->quiet)
        fprintf(visit->context->err, "         waits for %s%s%s, for %lld s%s%.*s\n", blocker->who ? blocker->who : "another session",
                blocker->session ? ", session " : "", blocker->session ? blocker->session : "", blocker->seconds, length ? ": " : "",
                length > 100 ? 100 : (int)length, doing);
}

static void on_note(struct observer *observer, const char *text) {
    say(visit_of(observer)->context, "  %s", text);
}

/* --- one visit --- */

int visit_open(struct visit *visit, bool to_write) {
    struct context *context = visit->context;
    struct connection *connection = visit->connection;
    struct runner *runner = &visit->runner;

    if (to_write ? connection_open_to_write(context, connection) : connection_open(context, connection))
        return -1;
    visit->observer = (struct observer){on_migration, on_statement, on_batch, on_waiting, on_note};
    visit->request = visit->tour->request;
    *runner = (struct runner){
        .arena = &context->arena,
        .diag = &context->diag,
        .db = connection->db,
        .url = connection->url,
        .named = context->options.url || visit->tour->targets.named ? connection->shown : NULL,
        .dialect = connection->dialect,
        .target = connection_target(connection, &visit->tour->workspace.target),
        .model = visit->tour->workspace.place->name,
        .applied_by = visit->tour->applied_by,
        .program = "persist " PERSIST_VERSION,
        .patience = visit->tour->patience,
        .observer = &visit->observer,
        .journal = {.dialect = connection->dialect, .place = journal_place(&context->arena, visit->tour->workspace.place->config->journal)},
    };
    return (to_write ? runner_open(runner) : runner_look(runner)) || apply_fit(runner, &visit->request) ? -1 : 0;
}

void visit_close(struct visit *visit) {
    if (visit->connection->db && visit->runner.db)
        runner_close(&visit->runner);
    connection_close(visit->connection);
}

static enum exit_code visit_one(struct context *context, void *job, struct connection *connection, struct errand_result *result) {
    struct tour *tour = job;
    struct visit visit = {.context = context, .tour = tour, .connection = connection, .result = result};
    enum exit_code code = tour->run(&visit);

    visit_close(&visit);
    return code;
}

enum exit_code tour_run(struct context *context, struct tour *tour, enum exit_code (*run)(struct visit *visit)) {
    tour->run = run;
    return fleet_run(context, &tour->targets, visit_one, tour);
}

int visit_print_scripts(struct visit *visit, const struct apply_plan *plan, bool down) {
    struct context *context = visit->context;

    for (size_t i = 0; i < plan->steps.count; i++) {
        struct source *source = apply_read_script(&context->arena, &visit->request, plan->steps.at[i]->migration, down, &context->diag);

        if (!source)
            return -1;
        if (!context->options.json)
            fputs(source->text, context->out);
    }
    return 0;
}

void visit_tell(struct visit *visit, const struct apply_outcome *outcome) {
    visit->result->from = outcome->from;
    visit->result->to = outcome->to;
    visit->result->statements = outcome->statements;
}

json_t *visit_json_plan(const struct visit *visit, const struct apply_plan *plan) {
    json_t *list = json_array();

    for (size_t i = 0; i < plan->steps.count; i++)
        json_array_append_new(list, json_string(plan->steps.at[i]->migration->id));
    return json_pack("{s:s, s:s, s:o}", "model", visit->runner.model, "database", visit->connection->shown, "pending", list);
}

json_t *visit_json(const struct visit *visit, const struct apply_outcome *outcome) {
    return json_pack("{s:s, s:s, s:s?, s:s?, s:I, s:I}", "model", visit->runner.model, "database", visit->connection->shown, "from",
                     outcome->from, "to", outcome->to, "migrations", (json_int_t)outcome->migrations, "statements",
                     (json_int_t)outcome->statements);
}
