#include <string.h>
#include <time.h>

#include "file.h"
#include "focus.h"
#include "output.h"
#include "progress.h"
#include "report.h"
#include "tidy.h"

/* One run of migrate: the workspace, the plan and what is written for it. */
struct migrate {
    struct workspace workspace;
    struct migration_plan plan;
    struct migration_files files;
    struct report report;
};

static void free_files(struct migration_files *files) {
    str_free(&files->snapshot);
    str_free(&files->up);
    str_free(&files->down);
    str_free(&files->plan);
}

static const char *default_label(const struct migrate *migrate) {
    return migrate->workspace.migrations.chain.list.count ? "change" : "first";
}

/* Everything the migration's folder will hold. */
static void print_files(struct context *context, struct migrate *migrate) {
    const struct script_style *style = &migrate->plan.target.dialect->style;
    struct arena *arena = &context->arena;

    script_print(&migrate->plan.up_script, style, report_header(arena, &migrate->report, &migrate->plan, true), &migrate->files.up);
    script_print(&migrate->plan.down_script, style, report_header(arena, &migrate->report, &migrate->plan, false), &migrate->files.down);
    report_plan(arena, &migrate->report, &migrate->plan, &migrate->files.plan);
}

static void name_migration(struct context *context, struct migrate *migrate) {
    const struct migrations *migrations = &migrate->workspace.migrations;
    const char *label = context->options.argument_count ? context->options.arguments[0] : default_label(migrate);
    struct hash hash = hash_bytes(migrate->files.snapshot.text, migrate->files.snapshot.length);

    migrate->files.id = migration_id(&context->arena, &migrations->chain, (long long)time(NULL), label);
    migrate->report = (struct report){
        .id = migrate->files.id,
        .model = migrate->workspace.place->name,
        .from_hash = migrations->head && !migrations->foreign ? output_hash(&context->arena, migrations->head->hash) : NULL,
        .to_hash = output_hash(&context->arena, hash),
    };
}

/* Two fields that say they were each other: when all else is the same, the model looks as it did before, and nothing says whether the
 * swap was made already. */
static void warn_of_swaps(struct context *context, const struct schema *model) {
    for (size_t i = 0; i < model->entity_count; i++)
        for (size_t k = 0; k < model->entities[i]->field_count; k++) {
            const struct field *field = &model->entities[i]->fields[k];
            const struct field *other = field->was ? entity_field(model->entities[i], field->was) : NULL;

            if (!other || !other->was || strcmp(other->was, field->name) != 0 || other < field)
                continue;
            diag_warning(&context->diag, model->source, field->at, 0,
                         "\"%s\" and \"%s\" swap their names by @db:Was, which cannot be told from no "
                         "change",
                         field->name, other->name);
            diag_hint(&context->diag, "when it is still to be done: --rename %s.%s=%s --rename %s.%s=%s; else remove both @db:Was",
                      model->entities[i]->name, field->name, other->name, model->entities[i]->name, other->name, field->name);
        }
}

static int nothing_to_do(struct context *context, const struct migrate *migrate, const struct schema *model) {
    warn_of_swaps(context, model);
    if (context->options.json)
        output_json(
            context,
            json_pack("{s:n, s:s, s:s}", "migration", "model", migrate->workspace.place->name, "to",
                      migrate->workspace.migrations.head ? output_hash(&context->arena, migrate->workspace.migrations.head->hash) : ""));
    say(context, "%s: nothing to migrate, the model is at its last migration", migrate->workspace.place->name);
    return 0;
}

/* A run that was killed between the chain and the history left its snapshot out of the history: it is put there before the next. */
static int remember_head(struct context *context, const struct migrate *migrate) {
    const struct snapshot *head = migrate->workspace.migrations.head;
    struct history *history = migrate->workspace.history;
    struct history_entry newest;
    int found;

    if (!head || migrate->workspace.migrations.foreign)
        return 0;
    found = history_head(history, &newest, &context->diag);
    if (found == 0 && !hash_equal(newest.snapshot, head->hash))
        found = history_find(history, output_hash(&context->arena, head->hash), &newest, &context->diag);
    if (found <= 0)
        return found;
    return history_append(history, head->source->text, head->source->length, &context->diag) < 0 ? -1 : 0;
}

/* The folder, the snapshot and the chain first; then the history, its ref last. */
static int write_migration(struct context *context, struct migrate *migrate) {
    struct workspace *workspace = &migrate->workspace;
    int added = migrations_add(&context->arena, &workspace->migrations, &migrate->files, &context->diag);

    if (added > 0) {
        diag_fail(&context->diag, "another migration of \"%s\" was written at the same time", workspace->place->name);
        diag_hint(&context->diag, "run \"persist migrate\" again to plan on top of it");
    }
    if (added)
        return -1;
    if (workspace_open_history(context, workspace) || remember_head(context, migrate))
        return -1;
    return history_append(workspace->history, migrate->files.snapshot.text, migrate->files.snapshot.length, &context->diag) < 0 ? -1 : 0;
}

static void show_result(struct context *context, const struct migrate *migrate) {
    context_show_messages(context);
    if (context->options.json)
        report_json(context, &migrate->report, &migrate->plan);
    else
        report_summary(context, &migrate->report, &migrate->plan);
    if (context->options.dry_run && context->options.sql && !context->options.json)
        fputs(migrate->files.up.text, context->out);
    if (context->options.dry_run)
        say(context, "dry run: nothing was written");
    else
        say(context, "wrote %s/%s: review up.sql, down.sql and plan.md", migrate->workspace.place->migrations, migrate->files.id);
}

/* May the answers be about something that is the same in both snapshots? Two fields of one type that swap their names leave no trace in
 * the text. */
static bool has_renames(const struct context *context) {
    return context->options.renames && *context->options.renames;
}

/* What to plan between: the part in which the two snapshots differ, or the whole of both. */
static int find_sides(struct context *context, struct migrate *migrate, const struct schema *model) {
    struct snapshot *head = migrate->workspace.migrations.head;
    struct focus focus;

    migrate->plan.table_count = model->entity_count;
    migrate->plan.from = empty_schema(&context->arena);
    migrate->plan.to = model;
    if (!head)
        return 0;
    if (!migrate->workspace.migrations.foreign && !has_renames(context) &&
        focus_find(&context->arena, head->source->text, migrate->files.snapshot.text, model, &focus) == 0) {
        migrate->plan.from = focus.from;
        migrate->plan.to = focus.to;
        return 0;
    }
    migrate->plan.from = snapshot_schema(&context->arena, head, &context->diag);
    return migrate->plan.from ? 0 : -1;
}

static int make_plan(struct context *context, struct migrate *migrate) {
    return migration_plan_make(context, &migrate->workspace, &migrate->plan) ||
                   migration_plan_prove(context, &migrate->workspace, &migrate->plan)
               ? -1
               : 0;
}

/* Is the model what the last migration ended at? */
static bool is_unchanged(const struct migrate *migrate) {
    const struct snapshot *head = migrate->workspace.migrations.head;

    return head && !migrate->workspace.migrations.foreign &&
           hash_equal(head->hash, hash_bytes(migrate->files.snapshot.text, migrate->files.snapshot.length));
}

static int run(struct context *context, struct migrate *migrate) {
    const struct schema *model;

    progress_step(context, "reading the model");
    if (workspace_open(context, &migrate->workspace) || workspace_open_migrations(context, &migrate->workspace))
        return -1;
    model = workspace_model(context, &migrate->workspace);
    if (!model)
        return -1;
    snapshot_print(model, &migrate->files.snapshot);
    if (is_unchanged(migrate) && !has_renames(context))
        return nothing_to_do(context, migrate, model);
    progress_step(context, "planning");
    if (find_sides(context, migrate, model) || make_plan(context, migrate))
        return -1;
    if (is_unchanged(migrate) && !migrate->plan.up->changes.count)
        return nothing_to_do(context, migrate, model);
    progress_step(context, "writing");
    name_migration(context, migrate);
    print_files(context, migrate);
    if (!context->options.dry_run && write_migration(context, migrate))
        return -1;
    show_result(context, migrate);
    return context->options.tidy && !context->options.dry_run ? tidy_model(context, migrate->workspace.place->file) : 0;
}

enum exit_code cmd_migrate(struct context *context) {
    struct migrate migrate = {
        .files = {.snapshot = STR_INIT, .up = STR_INIT, .down = STR_INIT, .plan = STR_INIT},
    };
    int result = run(context, &migrate);

    workspace_close(&migrate.workspace);
    free_files(&migrate.files);
    return result ? EXIT_FAILED : EXIT_DONE;
}
