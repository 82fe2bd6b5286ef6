#include <string.h>

#include "migration_plan.h"
#include "output.h"
#include "progress.h"
#include "pulled.h"
#include "report.h"
#include "run.h"
#include "seen.h"
#include "visit.h"

struct push {
    struct workspace workspace;
    struct connection connection;
    const struct schema *model;
    struct pulled pulled;
    struct seen seen; /* the model, as this database prints it */
    struct migration_plan plan;
};

/* --- the database as it is --- */

static int refuse_migrated(struct context *context, const struct push *push, const struct journal *journal) {
    diag_fail(&context->diag, "migrations were applied to %s: \"%s\" of the model \"%s\" is in its journal", push->connection.shown,
              journal->entries.at[0].id, journal->entries.at[0].model);
    diag_hint(&context->diag,
              "write a migration with \"persist migrate\" and run it with \"persist apply\"; --force pushes all the same, and "
              "then the database is at none of its migrations");
    return -1;
}

/* A database with a journal belongs to its migrations. */
static int check_journal(struct context *context, const struct push *push) {
    struct journal journal = {.dialect = push->connection.dialect,
                              .place = journal_place(&context->arena, push->workspace.place->config->journal)};

    if (context->options.force)
        return 0;
    if (journal_read(&context->arena, push->connection.db, &journal, &context->diag))
        return -1;
    return journal.entries.count ? refuse_migrated(context, push, &journal) : 0;
}

/* A file that is not there is made when something is to be run; until then it is looked at as what it would be. */
static int open_database(struct context *context, struct connection *connection) {
    if (connection->missing) {
        connection->db = connection->dialect->driver->open_scratch(NULL, &context->diag);
        return connection->db ? 0 : -1;
    }
    return context->options.dry_run ? connection_open(context, connection) : connection_open_to_write(context, connection);
}

static int find_database(struct context *context, struct push *push) {
    struct workspace *workspace = &push->workspace;
    struct connection *connection = &push->connection;

    if (connection_of_options(context, &workspace->project, workspace->place, connection))
        return -1;
    if (connection->dialect != workspace->target.dialect)
        return diag_fail(&context->diag, "\"%s\" is %s, and the model \"%s\" is for %s", connection->shown, connection->dialect->title,
                         workspace->place->name, workspace->target.dialect->title);
    progress_step(context, "connecting");
    if (open_database(context, connection) || check_journal(context, push))
        return -1;
    workspace->target = connection_target(connection, &workspace->target);
    workspace->target.concurrently = workspace->target.online = false;
    return 0;
}

/* The model as this database prints it: made in a throw-away one, on the same server where no other is named. */
static int see_model(struct context *context, struct push *push) {
    const char *scratch;

    if (connection_scratch(context, push->workspace.place, push->connection.dialect, &scratch))
        return -1;
    progress_step(context, "making the model in a scratch database");
    seen_make(&context->arena, push->model, &push->workspace.target, scratch ? scratch : push->connection.url, &push->seen);
    return 0;
}

/* The model beside the database, in one form. */
static int read_database(struct context *context, struct push *push, struct seen_pair *pair) {
    struct pulled *pulled = &push->pulled;

    pulled->privileges = pulled_has_privileges(push->model);
    pulled->journal = push->workspace.place->config->journal;
    if (pulled_read(context, &push->connection, &push->workspace.target, pulled))
        return -1;
    if (!push->seen.version && seen_compare_plainly(&context->arena, push->model, pulled->found, &pulled->target, pair))
        return 0;
    if (!push->seen.version && see_model(context, push))
        return -1;
    seen_compare(&context->arena, &push->seen, pulled->found, &pulled->target, pair);
    return 0;
}

static int make_plan(struct context *context, struct push *push) {
    struct seen_pair pair;

    if (read_database(context, push, &pair))
        return -1;
    progress_step(context, "planning");
    push->plan.from = pair.live;
    push->plan.to = pair.version;
    push->plan.table_count = pair.version->entity_count;
    return migration_plan_make(context, &push->workspace, &push->plan);
}

/* --- telling --- */

static void print_json(struct context *context, const struct push *push, const char *state) {
    output_json(context,
                json_pack("{s:s, s:s, s:s, s:b, s:o, s:o, s:o}", "model", push->workspace.place->name, "database", push->connection.shown,
                          "state", state, "expressions", !push->seen.loosely, "deltas", output_deltas(&push->plan.deltas), "hazards",
                          report_hazards(&push->plan), "up", report_statements(&push->plan.up_script)));
}

static void show_plan(struct context *context, const struct push *push) {
    const struct deltas *deltas = &push->plan.deltas;
    size_t count = push->plan.up_script.list.count;

    context_show_messages(context);
    if (context->options.quiet || context->options.json)
        return;
    output_delta_lines(&context->arena, context->err, deltas);
    if (push->seen.loosely)
        say(context, "expressions were compared only by being there: %s", push->seen.loosely);
    say(context, "%s: %s; %zu statement%s", push->connection.shown, output_counts(&context->arena, deltas), count, count == 1 ? "" : "s");
}

static void print_sql(struct context *context, const struct push *push) {
    struct str out = STR_INIT;

    script_print(&push->plan.up_script, &push->plan.target.dialect->style,
                 arena_printf(&context->arena, "from %s to the model \"%s\"", push->connection.shown, push->workspace.place->name), &out);
    fputs(out.text, context->out);
    str_free(&out);
}

static enum exit_code leave_pending(struct context *context, const struct push *push) {
    if (context->options.json)
        print_json(context, push, "pending");
    else if (!context->interactive || context->options.dry_run)
        print_sql(context, push);
    say(context, context->options.dry_run || context->interactive ? "nothing was run" : "nothing was run: --yes runs it without asking");
    return EXIT_PENDING;
}

/* --- running --- */

/* Is the database now what the model says? */
static int check_result(struct context *context, struct push *push) {
    struct rename_answers none = {0};
    struct renames renames = {0};
    struct deltas deltas = {0};
    struct seen_pair pair;

    if (read_database(context, push, &pair) || renames_find(&context->arena, pair.version, pair.live, &none, &renames, &context->diag))
        return -1;
    deltas_find(&context->arena, pair.version, pair.live, &renames, &deltas);
    if (!deltas.list.count)
        return 0;
    diag_fail(&context->diag, "every statement ran, and %s still differs from the model: %s", push->connection.shown,
              output_counts(&context->arena, &deltas));
    diag_hint(&context->diag, "\"persist diff database model\" shows how; this is a mistake in persist if the SQL of the model is right: "
                              "please report it with the model");
    return -1;
}

static int open_missing(struct context *context, struct connection *connection) {
    if (!connection->missing)
        return 0;
    connection_close(connection);
    return connection_open_to_write(context, connection);
}

static int run_script(struct context *context, struct push *push) {
    const struct script_style *style = &push->plan.target.dialect->style;

    progress_step(context, "running it");
    if (open_missing(context, &push->connection))
        return -1;
    if (script_run(push->connection.db, &push->plan.up_script, style, &context->diag) == 0)
        return check_result(context, push);
    if (!style->begin)
        diag_fail(&context->diag, "%s commits each statement by itself: those before it stay; \"persist push\" goes on from there",
                  push->connection.dialect->title);
    return -1;
}

static enum exit_code run(struct context *context, struct push *push) {
    struct workspace *workspace = &push->workspace;

    progress_step(context, "reading the model");
    if (workspace_open(context, workspace))
        return EXIT_FAILED;
    push->model = workspace_model(context, workspace);
    if (!push->model || find_database(context, push) || make_plan(context, push))
        return EXIT_FAILED;
    if (!push->plan.up_script.list.count) {
        if (context->options.json)
            print_json(context, push, "in step");
        say(context, "%s: nothing to push, it is as the model says", push->connection.shown);
        return EXIT_DONE;
    }
    show_plan(context, push);
    if (context->options.dry_run || !visit_consent(context, "run it?"))
        return leave_pending(context, push);
    if (run_script(context, push))
        return EXIT_FAILED;
    if (context->options.json)
        print_json(context, push, "pushed");
    say(context, "%s: pushed", push->connection.shown);
    return EXIT_DONE;
}

enum exit_code cmd_push(struct context *context) {
    struct push push = {0};
    enum exit_code code = run(context, &push);

    connection_close(&push.connection);
    workspace_close(&push.workspace);
    return code;
}
