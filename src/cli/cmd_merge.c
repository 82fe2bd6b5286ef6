#include <string.h>

#include "draft.h"
#include "file.h"
#include "merge_chain.h"
#include "merge_report.h"
#include "output.h"
#include "progress.h"
#include "text_merge.h"

enum { LOCK_SECONDS = 30 };

struct git_merge {
    struct workspace workspace;
    struct history_merge commits;
    struct text_merge models;
    struct source *model; /* the merged file */
    const struct schema *to;
    struct merge_chains chains;
    struct draft draft;
    bool planned; /* the redone side's changes are a new migration: the draft */
};

/* A model that is called otherwise on one side has no other side here: taking it for new would leave out what was done to it there. */
static int check_sides(struct context *context, struct git_merge *merge) {
    const char *file = merge->workspace.place->file;
    const char *side = NULL;

    if (!merge_file_at(context, &merge->workspace, merge->commits.ours, file).length)
        side = "ours";
    else if (!merge_file_at(context, &merge->workspace, merge->commits.theirs, file).length)
        side = "theirs";
    if (!side)
        return 0;
    diag_fail(&context->diag, "\"%s\" is not there on %s: it is new, or was renamed, on the other side alone", file, side);
    diag_hint(&context->diag,
              "where it was renamed: give the merge up, rename the model and its migrations on both branches, and merge again");
    return -1;
}

/* --take SIDE and the arguments go together: the first with the first. */
static int read_takes(struct context *context, struct text_merge_request *request) {
    size_t count = context->options.argument_count;
    struct threeway_take *takes = ARENA_ARRAY(&context->arena, struct threeway_take, count);
    size_t sides = 0;

    for (char **side = context->options.takes; side && *side; side++, sides++) {
        if (strcmp(*side, "ours") != 0 && strcmp(*side, "theirs") != 0)
            return diag_fail(&context->diag, "--take is followed by ours or theirs, and by what to take: --take theirs Invoice.note");
        if (sides < count)
            takes[sides] = (struct threeway_take){context->options.arguments[sides], strcmp(*side, "theirs") == 0};
    }
    if (sides != count)
        return diag_fail(&context->diag, "each --take needs one name, and each name one --take: --take theirs Invoice.note");
    request->takes = takes;
    request->take_count = count;
    return 0;
}

static int open_merge(struct context *context, struct git_merge *merge) {
    struct workspace *workspace = &merge->workspace;

    merge->commits = (struct history_merge){context->options.base, context->options.ours, context->options.theirs, false, false};
    return workspace_open(context, workspace) || workspace_open_history(context, workspace) ||
                   history_git_merge(workspace->history, &context->arena, &merge->commits, &context->diag)
               ? -1
               : 0;
}

/* Behind the line at AT; the rest of a marker's line is the name of a branch, which says nothing. */
static const char *next_line(const char *at) {
    at += strcspn(at, "\n");
    return *at ? at + 1 : at;
}

static size_t said_length(const char *line) {
    size_t length = strcspn(line, "\r\n");

    return strncmp(line, "<<<<<<< ", 8) == 0 || strncmp(line, ">>>>>>> ", 8) == 0 ? 7 : length;
}

static bool same_but_labels(const char *a, const char *b) {
    for (; *a && *b; a = next_line(a), b = next_line(b))
        if (said_length(a) != said_length(b) || strncmp(a, b, said_length(a)) != 0)
            return false;
    return !*a && !*b;
}

/* Is TEXT what git makes of both sides, line by line or with the driver, which knows of no takes? */
static bool is_made_by_git(struct context *context, const char *text, const struct text_merge_request *asked) {
    struct text_merge_request request = *asked;
    struct text_merge driven = {.text = STR_INIT};
    struct diag ignored = {.arena = &context->arena};
    struct str lines = STR_INIT;
    bool known;

    request.take_count = 0;
    request.indexes_over_tables = false;
    text_merge_lines(&request, &lines);
    known = same_but_labels(text, lines.text) ||
            (text_merge(&context->arena, &request, &driven, &ignored) == 0 && same_but_labels(text, driven.text.text));
    str_free(&lines);
    str_free(&driven.text);
    return known;
}

/* Is TEXT what this program makes of both sides, with these takes or without? */
static bool is_made_by_us(struct context *context, const char *text, const struct git_merge *merge,
                          const struct text_merge_request *asked) {
    struct text_merge_request request = *asked;
    struct text_merge untaken = {.text = STR_INIT};
    struct diag ignored = {.arena = &context->arena};
    bool known = same_but_labels(text, merge->models.text.text);

    request.take_count = 0;
    if (!known && text_merge(&context->arena, &request, &untaken, &ignored) == 0)
        known = same_but_labels(text, untaken.text.text);
    str_free(&untaken.text);
    return known;
}

/* May the model file in the tree be written over: is it a side's, or what git or this program made of both? */
static int check_tree(struct context *context, const struct git_merge *merge, const struct text_merge_request *request) {
    char *text;
    size_t length;
    int found = file_read(&context->arena, request->name, &text, &length, &context->diag);

    if (found)
        return found < 0 ? -1 : 0;
    if (same_but_labels(text, request->ours.text) || same_but_labels(text, request->theirs.text) ||
        is_made_by_us(context, text, merge, request) || is_made_by_git(context, text, request))
        return 0;
    diag_fail(&context->diag, "\"%s\" was edited: it is neither ours nor theirs, nor what git made of both", request->name);
    diag_hint(&context->diag, "--edited takes it as it is; git checkout --ours %s gives it up", request->name);
    return -1;
}

/* The file with markers is written, so that it can be settled there as well. */
static int stop_at_conflicts(struct context *context, struct git_merge *merge) {
    const char *file = merge->workspace.place->file;

    if (!context->options.dry_run && file_write(file, merge->models.text.text, merge->models.text.length, &context->diag))
        return -1;
    merge_report_conflicts(context, file, &merge->models.result);
    return -1;
}

static int merge_models(struct context *context, struct git_merge *merge) {
    struct workspace *workspace = &merge->workspace;
    const char *file = workspace->place->file;
    struct text_merge_request request = {.name = file, .indexes_over_tables = !workspace->target.dialect->names.indexes_per_table};

    if (read_takes(context, &request))
        return -1;
    request.base = merge_file_at(context, workspace, merge->commits.base, file);
    request.ours = merge_file_at(context, workspace, merge->commits.ours, file);
    request.theirs = merge_file_at(context, workspace, merge->commits.theirs, file);
    if (text_merge(&context->arena, &request, &merge->models, &context->diag))
        return -1;
    context->diag.list.count = 0; /* what the sides are warned of, the merged model is too */
    if (check_tree(context, merge, &request))
        return -1;
    if (merge->models.result.conflicts.count)
        return stop_at_conflicts(context, merge);
    merge->model =
        source_new(&context->arena, file, str_keep(&merge->models.text, &context->arena), merge->models.text.length, &context->diag);
    return merge->model ? 0 : -1;
}

static int read_model(struct context *context, struct git_merge *merge) {
    const struct target *target = &merge->workspace.target;
    struct model_options options = {.datastore = target->dialect->name, .comments = target->comments};

    if (context->options.edited)
        merge->model = source_read(&context->arena, merge->workspace.place->file, &context->diag);
    else if (merge_models(context, merge))
        return -1;
    merge->to = merge->model ? model_read(&context->arena, merge->model, &options, &context->diag) : NULL;
    if (merge->to && merge->models.merged)
        schema_copy_old_names(merge->models.merged, merge->to);
    return merge->to ? 0 : -1;
}

/* "due" of "20261120101500_due": of the last migration that is planned again. */
static const char *label_of(const struct merge_side *side) {
    const char *id = side->chain.list.at[side->chain.list.count - 1].id;

    return id[14] ? id + 15 : "merge";
}

/* What was decided for the migrations that are planned again. */
static const struct decisions *decided(struct context *context, struct workspace *workspace, const struct merge_side *side) {
    struct decisions *decisions = ARENA_NEW(&context->arena, struct decisions);

    for (size_t i = side->shared; i < side->chain.list.count; i++) {
        const char *path = arena_printf(&context->arena, "%s/%s/up.sql", workspace->place->migrations, side->chain.list.at[i].id);

        decisions_read(&context->arena, merge_file_at(context, workspace, side->commit, path).text, decisions);
    }
    return decisions;
}

static int plan_again(struct context *context, struct git_merge *merge) {
    struct draft *draft = &merge->draft;
    struct workspace *workspace = &merge->workspace;

    workspace->migrations = merge_chains_kept(workspace, &merge->chains);
    if (!merge->chains.redone)
        return 0;
    snapshot_print(merge->to, &draft->files.snapshot);
    if (workspace->migrations.head &&
        hash_equal(workspace->migrations.head->hash, hash_bytes(draft->files.snapshot.text, draft->files.snapshot.length)))
        return 0;
    progress_step(context, "planning");
    context->carried = decided(context, workspace, merge->chains.redone);
    draft->plan.table_count = merge->to->entity_count;
    draft->plan.to = merge->to;
    draft->plan.from = workspace->migrations.head ? snapshot_schema(&context->arena, workspace->migrations.head, &context->diag)
                                                  : empty_schema(&context->arena);
    if (!draft->plan.from || migration_plan_make(context, workspace, &draft->plan) ||
        migration_plan_prove(context, workspace, &draft->plan))
        return -1;
    draft_name(context, draft, label_of(merge->chains.redone));
    draft_print(context, draft);
    merge->planned = true;
    return 0;
}

/* The model comes first: as long as the chain is not that of both sides the merge can be run again, and finds its own text there. */
static int write_files(struct context *context, struct git_merge *merge) {
    if (merge_chains_check_tree(context, &merge->workspace, &merge->chains) ||
        file_write(merge->workspace.place->file, merge->model->text, merge->model->length, &context->diag) ||
        merge_chains_write(context, &merge->workspace, &merge->chains))
        return -1;
    return merge->planned ? draft_write(context, &merge->draft) : 0;
}

/* Under a lock on the folder of all models, because the one of this model is locked for each migration; another merge may have been faster. */
static int write_merge(struct context *context, struct git_merge *merge) {
    const char *folder = arena_printf(&context->arena, "%s/..", merge->workspace.place->migrations);
    int lock = -1;
    int result;

    progress_step(context, "writing");
    if (file_is_folder(folder) && file_lock(folder, LOCK_SECONDS, &lock, &context->diag))
        return context->diag.errors ? -1 : diag_fail(&context->diag, "\"%s\" is locked by another process", folder);
    result = write_files(context, merge);
    if (lock >= 0)
        file_unlock(lock);
    return result;
}

static json_t *redone_ids(const struct merge_chains *chains) {
    json_t *list = json_array();

    for (size_t i = chains->redone ? chains->redone->shared : 0; chains->redone && i < chains->redone->chain.list.count; i++)
        json_array_append_new(list, json_string(chains->redone->chain.list.at[i].id));
    return list;
}

static void tell_redone(const struct context *context, const struct git_merge *merge) {
    const struct merge_side *redone = merge->chains.redone;

    for (size_t i = redone->shared; i < redone->chain.list.count; i++)
        say(context, "%s (%s) is replaced: a database that has it is known no more (--applied %s keeps it)", redone->chain.list.at[i].id,
            redone->name, redone->chain.list.at[i].id);
    if (!merge->planned)
        say(context, "%s says all of it already", merge->chains.kept->name);
}

static void show_result(struct context *context, struct git_merge *merge) {
    const struct model_place *place = merge->workspace.place;

    context_show_messages(context);
    if (context->options.json) {
        output_json(context, json_pack("{s:s, s:s, s:s?, s:o}", "model", place->name, "kept", merge->chains.kept->name, "migration",
                                       merge->planned ? merge->draft.files.id : NULL, "replaced", redone_ids(&merge->chains)));
        return;
    }
    if (merge->planned)
        report_summary(context, &merge->draft.report, &merge->draft.plan);
    if (merge->chains.redone)
        tell_redone(context, merge);
    if (context->options.dry_run)
        say(context, "dry run: nothing was written");
    else
        say(context, "%s is merged: review it, then git add %s %s", place->name, place->file,
            merge->chains.kept->chain.list.count ? place->migrations : "");
}

static int run(struct context *context, struct git_merge *merge) {
    progress_step(context, "reading both sides");
    if (open_merge(context, merge) || check_sides(context, merge) ||
        merge_chains_open(context, &merge->workspace, &merge->commits, &merge->chains) ||
        merge_chains_check_tree(context, &merge->workspace, &merge->chains) || read_model(context, merge) || plan_again(context, merge))
        return -1;
    if (!context->options.dry_run && write_merge(context, merge))
        return -1;
    show_result(context, merge);
    return 0;
}

enum exit_code cmd_merge(struct context *context) {
    struct git_merge merge = {.models = {.text = STR_INIT}};
    int result;

    merge.draft = draft_new(&merge.workspace);
    result = run(context, &merge);
    workspace_close(&merge.workspace);
    draft_free(&merge.draft);
    str_free(&merge.models.text);
    return result ? EXIT_FAILED : EXIT_DONE;
}
