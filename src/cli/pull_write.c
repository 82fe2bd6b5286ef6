#include <string.h>

#include "file.h"
#include "merge.h"
#include "model.h"
#include "progress.h"
#include "pull.h"
#include "register.h"

/* The renames that are certain: what was kept has its name, so there are few. */
static int find_deltas(struct context *context, struct pull *pull) {
    struct rename_answers none = {0};
    struct renames renames = {0};
    const struct schema *from = pull->known ? pull->known : empty_schema(&context->arena);

    if (renames_find(&context->arena, from, pull->model, &none, &renames, &context->diag))
        return -1;
    deltas_find(&context->arena, from, pull->model, &renames, &pull->deltas);
    return 0;
}

/* What will be written is read first: a file that no command can read would be worse than none. */
static int read_back(struct context *context, struct pull *pull) {
    struct model_options options = {.datastore = pull->connection.dialect->name, .comments = pull->pulled.target.comments};
    const char *text = str_keep(&pull->text, &context->arena);
    struct source *source = source_new(&context->arena, pull->place.file, text, pull->text.length, &context->diag);
    size_t errors = context->diag.errors;

    pull->model = source ? model_read(&context->arena, source, &options, &context->diag) : NULL;
    if (pull->model)
        return 0;
    if (context->diag.errors == errors)
        diag_fail(&context->diag, "the pulled model cannot be read again");
    diag_hint(&context->diag, "nothing was written; this is a mistake in persist: please report it with the definition of the table");
    return -1;
}

/* Merging reads the model once more: what it warns of was or will be said. */
static int merge(struct context *context, struct pull *pull) {
    struct merge_request request = {pull->source, pull->pulled.declared, pull->pulled.target.comments};
    struct diag kept = context->diag;

    if (model_merge(&request, &pull->text, &context->diag))
        return -1;
    context->diag = kept;
    return 0;
}

int pull_print(struct context *context, struct pull *pull) {
    progress_step(context, "writing the model");
    if (!pull->known)
        model_print(pull->pulled.declared, &pull->text);
    else if (merge(context, pull))
        return -1;
    return read_back(context, pull) ? -1 : find_deltas(context, pull);
}

int pull_plan_baseline(struct context *context, struct pull *pull) {
    struct workspace *workspace = &pull->workspace;
    struct draft *draft = &pull->draft;

    progress_step(context, "planning the first migration");
    if (workspace_open_migrations(context, workspace))
        return -1;
    if (workspace->migrations.chain.list.count) {
        diag_fail(&context->diag, "\"%s\" has migrations already, the last is %s", workspace->place->name,
                  workspace->migrations.chain.list.at[workspace->migrations.chain.list.count - 1].id);
        diag_hint(&context->diag, "--baseline records the first one; pull without it, then \"persist migrate\" writes the next");
        return -1;
    }
    workspace->target = pull->pulled.target;
    draft->plan.from = empty_schema(&context->arena);
    draft->plan.to = pull->model;
    draft->plan.table_count = pull->model->entity_count;
    draft->report.baseline = true;
    snapshot_print(pull->model, &draft->files.snapshot);
    if (migration_plan_make(context, workspace, &draft->plan) || migration_plan_prove(context, workspace, &draft->plan))
        return -1;
    draft_name(context, draft, "baseline");
    draft_print(context, draft);
    return 0;
}

static const char *folder_of(struct arena *arena, const char *path) {
    const char *slash = strrchr(path, '/');

    return slash ? arena_strndup(arena, path, (size_t)(slash - path)) : ".";
}

static int write_entry(struct context *context, struct pull *pull) {
    const struct project *project = &pull->workspace.project;
    struct registration registration = {.datastore = connection_datastore(&pull->connection)};

    if (config_model(&project->config, pull->place.name, pull->place.file))
        return 0;
    registration.flavor = db_head(pull->connection.db)->flavor == FLAVOR_MYSQL ? registration.datastore : NULL;
    registration.version = connection_version(context, &pull->connection);
    if (!context->options.script)
        registration.url = connection_setting(context, project, &pull->connection);
    return register_model(context, project, &pull->place, &registration);
}

/* The model comes last: whatever fails before leaves it as it was. */
int pull_write(struct context *context, struct pull *pull) {
    const char *file = pull->place.file;
    bool same = pull->old.length && pull->old.length == pull->text.length && memcmp(pull->old.text, pull->text.text, pull->old.length) == 0;

    progress_step(context, "writing");
    if (file_make_folder(folder_of(&context->arena, file), &context->diag) || write_entry(context, pull))
        return -1;
    if (context->options.baseline && draft_write(context, &pull->draft))
        return -1;
    return same ? 0 : file_write(file, pull->text.text, pull->text.length, &context->diag);
}
