#include "git_merge.h"

#include <string.h>

#include "draft.h"
#include "file.h"
#include "merge_chain.h"
#include "merge_report.h"
#include "output.h"
#include "policy.h"
#include "progress.h"
#include "revision.h"
#include "text_merge.h"

enum { LOCK_SECONDS = 30 };

/* A migration to be planned on top of those that are kept. */
struct planned {
    const char *label;
    const struct schema *to;
    struct str snapshot;        /* its text */
    struct decisions decisions; /* what was decided when it was planned before */
    const char *approvals;      /* the lines of approval in its plan.md then */
    size_t parts;               /* how many migrations it was */
    struct draft draft;
};

struct git_merge {
    const struct git_merge_request *request;
    struct workspace workspace;
    struct history_merge commits;
    struct text_merge models;
    struct source *model; /* the merged file */
    const struct schema *to;
    struct merge_chains chains;
    VEC(struct planned) planned;
};

/* A model that is called otherwise on one side has no other side here: taking it for new would leave out what was done to it there. */
static int check_sides(struct context *context, struct git_merge *merge) {
    const char *file = merge->workspace.place->file;
    const char *side = NULL;

    if (!merge_file_at(context, &merge->workspace, merge->commits.ours, file).length)
        side = "ours";
    else if (!merge_file_at(context, &merge->workspace, merge->commits.theirs, file).length)
        side = "theirs";
    if (!side || context->diag.errors)
        return side ? -1 : 0;
    diag_fail(&context->diag, "\"%s\" is not there on %s: it is new, or was renamed, on the other side alone", file, side);
    diag_hint(&context->diag,
              "where it was renamed: give the merge up, rename the model and its migrations on both branches, and merge again");
    return -1;
}

/* --take SIDE and the arguments from FIRST on go together: the first with the first. */
static int read_takes(struct context *context, size_t first, struct text_merge_request *request) {
    size_t count = context->options.argument_count - first;
    struct threeway_take *takes = ARENA_ARRAY(&context->arena, struct threeway_take, count);
    size_t sides = 0;

    for (char **side = context->options.takes; side && *side; side++, sides++) {
        if (strcmp(*side, "ours") != 0 && strcmp(*side, "theirs") != 0)
            return diag_fail(&context->diag, "--take is followed by ours or theirs, and by what to take: --take theirs Invoice.note");
        if (sides < count)
            takes[sides] = (struct threeway_take){context->options.arguments[first + sides], strcmp(*side, "theirs") == 0};
    }
    if (sides != count)
        return diag_fail(&context->diag, "each --take needs one name, and each name one --take: --take theirs Invoice.note");
    request->takes = takes;
    request->take_count = count;
    return 0;
}

/* A run that was killed may have got as far as its last step: that is finished first, and the merge is found merged. */
static int open_merge(struct context *context, struct git_merge *merge) {
    struct workspace *workspace = &merge->workspace;

    merge->commits = (struct history_merge){.base = merge->request->base, .ours = merge->request->ours, .theirs = merge->request->theirs};
    return workspace_open(context, workspace) || workspace_open_history(context, workspace) ||
                   migrations_settle(&context->arena, workspace->place->migrations, &context->diag) ||
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

/* Is TEXT what git made of both sides: what it wrote, or, as older versions do not keep that, what comes of the lines or of the driver, which
 * knows of no takes? */
static bool is_made_by_git(struct context *context, const char *text, struct git_merge *merge, const struct text_merge_request *asked) {
    struct text_merge_request request = *asked;
    struct text_merge driven = {.text = STR_INIT};
    struct diag ignored = {.arena = &context->arena};
    struct str lines = STR_INIT;
    char *written;
    size_t length;
    bool known;

    if (history_git_stopped_at(merge->workspace.history, &context->arena, asked->name, &written, &length) == 0 &&
        same_but_labels(text, written))
        return true;
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
static int check_tree(struct context *context, struct git_merge *merge, const struct text_merge_request *request) {
    char *text;
    size_t length;
    int found = file_read(&context->arena, request->name, &text, &length, &context->diag);

    if (found)
        return found < 0 ? -1 : 0;
    if (same_but_labels(text, request->ours.text) || same_but_labels(text, request->theirs.text) ||
        is_made_by_us(context, text, merge, request) || is_made_by_git(context, text, merge, request))
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
    merge_report_conflicts(context, file, &merge->models);
    return -1;
}

/* A commit that both sides have beside the base: PATH there, merged into BASE. */
static int merge_base(struct context *context, struct git_merge *merge, const char *commit, const char *path, struct str *base) {
    struct workspace *workspace = &merge->workspace;
    struct history_merge before = {.ours = merge->commits.base, .theirs = commit};
    struct text_merge_request request = {.name = path, .ours = *base, .theirs = merge_file_at(context, workspace, commit, path)};
    struct text_merge merged = {.text = STR_INIT};
    int result = history_git_merge(workspace->history, &context->arena, &before, &context->diag);

    request.base = merge_file_at(context, workspace, before.base, path);
    request.as_base = true;
    if (result == 0)
        result = text_merge(&context->arena, &request, &merged, &context->diag);
    if (result == 0)
        *base = (struct str){.text = str_keep(&merged.text, &context->arena), .length = merged.text.length};
    str_free(&merged.text);
    return result;
}

/* What both sides made theirs of. Where each was merged into the other before, that is several commits merged, as with git: each of them
 * alone lacks what came with another, and would bring back what a side took out since. */
static int read_base(struct context *context, struct git_merge *merge, const char *path, struct str *base) {
    *base = merge_file_at(context, &merge->workspace, merge->commits.base, path);
    for (size_t i = 0; i < merge->commits.more_base_count; i++)
        if (merge_base(context, merge, merge->commits.more_bases[i], path, base))
            return -1;
    return 0;
}

static int merge_models(struct context *context, struct git_merge *merge) {
    struct workspace *workspace = &merge->workspace;
    const char *file = workspace->place->file;
    struct text_merge_request request = {.name = file, .indexes_over_tables = !workspace->target.dialect->names.indexes_per_table};

    if (read_takes(context, merge->request->first_name, &request))
        return -1;
    request.ours = merge_file_at(context, workspace, merge->commits.ours, file);
    request.theirs = merge_file_at(context, workspace, merge->commits.theirs, file);
    if (read_base(context, merge, file, &request.base) || context->diag.errors ||
        text_merge(&context->arena, &request, &merge->models, &context->diag))
        return -1;
    context->diag.list.count = 0; /* what the sides are warned of, the merged model is too */
    if (check_tree(context, merge, &request))
        return -1;
    if (text_merge_conflicts(&merge->models))
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

/* --- which migrations are planned again --- */

/* "due" of "20261120101500_due". */
static const char *label_of(const struct migration *migration) {
    return migration->id[14] ? migration->id + 15 : "merge";
}

/* The file NAME of MIGRATION of the redone side. */
static struct str read_part(struct context *context, struct git_merge *merge, const struct migration *migration, const char *name) {
    const char *path = arena_printf(&context->arena, "%s/%s/%s", merge->workspace.place->migrations, migration->folder, name);

    return merge_file_at(context, &merge->workspace, merge->chains.redone->commit, path);
}

static void read_decisions(struct context *context, struct git_merge *merge, const struct migration *migration,
                           struct decisions *decisions) {
    struct str script = read_part(context, merge, migration, "up.sql");

    if (script.length)
        decisions_read(&context->arena, script.text, decisions);
}

/* What people wrote into plan.md for the gate holds on, as what was decided does. */
static const char *add_approvals(struct context *context, struct git_merge *merge, const struct migration *migration,
                                 const char *approvals) {
    struct str plan = read_part(context, merge, migration, "plan.md");
    struct str lines = STR_INIT;

    str_add(&lines, approvals);
    accepts_copy(plan.text, &lines);
    approvals = str_keep(&lines, &context->arena);
    str_free(&lines);
    return approvals;
}

/* The version behind MIGRATION of the redone side as text; empty: nobody has it here. */
static struct str version_text(struct context *context, struct git_merge *merge, const struct migration *migration) {
    struct diag kept = context->diag;
    struct str empty = STR_INIT;
    struct snapshot *snapshot = revision_snapshot(context, &merge->workspace, migration->snapshot);

    context->diag = kept;
    if (!snapshot)
        return empty;
    return (struct str){.text = arena_strndup(&context->arena, snapshot->source->text, snapshot->source->length),
                        .length = snapshot->source->length};
}

/* The renames from base to TEXT, by what was decided on the way. */
static int renames_from_base(struct context *context, const struct str *base, const struct str *text, const struct decisions *decisions,
                             struct renames *renames) {
    const struct schema *from = text_schema(&context->arena, "base", base, &context->diag);
    const struct schema *to = from ? text_schema(&context->arena, "version", text, &context->diag) : NULL;

    if (to)
        decide_again_renames(context, from, to, decisions, renames);
    return to ? 0 : -1;
}

/* What the redone side had behind MIGRATION, on top of the kept side. False: it cannot be told apart from what came behind it. */
static bool merge_version(struct context *context, struct git_merge *merge, const struct migration *migration,
                          const struct decisions *until, struct planned *planned) {
    const char *path = file_join(&context->arena, merge->workspace.place->migrations, "snapshot.bal");
    struct text_merge_request request = {.name = path, .indexes_over_tables = !merge->workspace.target.dialect->names.indexes_per_table};
    struct text_merge merged = {.text = STR_INIT};
    struct renames renames = {0};
    struct diag kept = context->diag;
    bool told;

    request.ours = merge->chains.kept->snapshot_text;
    request.theirs = version_text(context, merge, migration);
    request.their_renames = &renames;
    told = request.theirs.length && read_base(context, merge, path, &request.base) == 0 &&
           renames_from_base(context, &request.base, &request.theirs, until, &renames) == 0 &&
           text_merge(&context->arena, &request, &merged, &context->diag) == 0 && !merged.result.conflicts.count;
    if (told) {
        planned->snapshot = (struct str){.text = str_keep(&merged.text, &context->arena), .length = merged.text.length};
        planned->to = merged.merged;
    }
    context->diag = kept;
    str_free(&merged.text);
    return told;
}

static void plan_last(struct context *context, struct git_merge *merge, struct planned *planned) {
    struct str text = STR_INIT;

    snapshot_print(merge->to, &text);
    planned->snapshot = (struct str){.text = str_keep(&text, &context->arena), .length = text.length};
    planned->to = merge->to;
    str_free(&text);
}

/* How many of the redone side's migrations are not its own: those that both sides have, and those that were there at the base. */
static size_t count_before(struct context *context, struct git_merge *merge) {
    const struct merge_side *redone = merge->chains.redone;
    const char *path = file_join(&context->arena, merge->workspace.place->migrations, "chain");
    struct str text = merge_file_at(context, &merge->workspace, merge->commits.base, path);
    struct diag ignored = {.arena = &context->arena};
    struct source *source = text.length ? source_new(&context->arena, path, text.text, text.length, &ignored) : NULL;
    size_t own = 0, base = 0;
    struct chain chain;

    if (merge->request->linear && source && chain_parse(&context->arena, source, &chain, &ignored) == 0)
        chain_shared(&redone->whole, &chain, &own, &base);
    return own > redone->shared ? own : redone->shared;
}

/* Does one of DECISIONS keep two columns in step, over two migrations? */
static bool keeps_in_step(struct context *context, const struct decisions *decisions) {
    return decisions_of(&context->arena, decisions, "keep").count || decisions_of(&context->arena, decisions, "fill").count;
}

/* Is one of those from FIRST on half of a change that goes in two steps? Then old and new clients are to run between the two. */
static bool has_halves(struct context *context, struct git_merge *merge, size_t first) {
    const struct merge_side *redone = merge->chains.redone;
    struct decisions all = {0};

    for (size_t i = first; redone && i < redone->chain.list.count; i++)
        read_decisions(context, merge, &redone->chain.list.at[i], &all);
    return keeps_in_step(context, &all);
}

/* One for all of them; in a linear history, and where a change goes in two steps, one for each, where they can be told apart. */
static void list_planned(struct context *context, struct git_merge *merge) {
    const struct merge_side *redone = merge->chains.redone;
    size_t first = redone ? count_before(context, merge) : 0, parts = 0;
    bool apart = merge->request->linear || has_halves(context, merge, first);
    struct decisions all = {0}, own = {0};
    const char *approvals = "";

    for (size_t i = first; redone && i < redone->chain.list.count; i++) {
        const struct migration *migration = &redone->chain.list.at[i];
        bool last = i + 1 == redone->chain.list.count;
        struct planned planned = {.label = label_of(migration), .draft = draft_new(&merge->workspace)};

        read_decisions(context, merge, migration, &all);
        read_decisions(context, merge, migration, &own);
        planned.decisions = own;
        planned.approvals = approvals = add_approvals(context, merge, migration, approvals);
        planned.parts = ++parts;
        if (last)
            plan_last(context, merge, &planned);
        if (!last && (!apart || !merge_version(context, merge, migration, &all, &planned)))
            continue;
        vec_push(&context->arena, &merge->planned, planned);
        own = (struct decisions){0};
        approvals = "";
        parts = 0;
    }
}

/* --- planning --- */

/* The kept migrations as if PLANNED were written already. */
static int step_on(struct context *context, struct git_merge *merge, const struct planned *planned) {
    const struct migration_files *files = &planned->draft.files;
    struct migrations *migrations = &merge->workspace.migrations;
    struct source *source = source_new(&context->arena, "snapshot.bal", planned->snapshot.text, planned->snapshot.length, &context->diag);

    chain_append(&context->arena, &migrations->chain,
                 (struct migration){.id = files->id,
                                    .snapshot = hash_bytes(planned->snapshot.text, planned->snapshot.length),
                                    .up = hash_bytes(files->up.text, files->up.length),
                                    .down = hash_bytes(files->down.text, files->down.length)});
    migrations->head = source ? snapshot_open(&context->arena, source, NULL, &context->diag) : NULL;
    return migrations->head ? 0 : -1;
}

/* What was decided about the way counts for the plan itself. A half of a change in two steps stays one, where it is planned by itself; the
 * rest is carried over as far as it makes sense. */
static void decide_way(struct context *context, struct planned *planned) {
    static const char *const options[] = {"online", "concurrently", "keep", "fill"};
    size_t count = planned->parts == 1 ? 4 : 2;
    struct decisions rest = {0};

    for (size_t i = 0; i < planned->decisions.list.count; i++) {
        const struct decision *decision = &planned->decisions.list.at[i];
        struct decisions *list = &rest;

        for (size_t k = 0; k < count; k++)
            if (strcmp(decision->option, options[k]) == 0)
                list = &planned->draft.plan.decisions;
        decisions_add(&context->arena, list, decision->option, decision->text);
    }
    planned->decisions = rest;
}

/* In the words of "persist migrate --online"; or that it is no longer so. */
static void say_half(struct context *context, struct planned *planned) {
    if (keeps_in_step(context, &planned->draft.plan.decisions))
        planned->draft.report.step = "one of two migrations: behind the first old and new clients write side by side, behind the second no "
                                     "client may use the old columns any more";
    else if (keeps_in_step(context, &planned->decisions))
        diag_warning(&context->diag, NULL, (struct span){0, 0}, 0,
                     "%s: its two steps cannot be told apart on top of the other side: it is one now, and old clients fail behind it",
                     planned->label);
}

/* 0; 1: it changes nothing any more; -1 reported. */
static int plan_one(struct context *context, struct git_merge *merge, struct planned *planned) {
    struct workspace *workspace = &merge->workspace;
    struct snapshot *head = workspace->migrations.head;
    struct draft *draft = &planned->draft;

    if (head && hash_equal(head->hash, hash_bytes(planned->snapshot.text, planned->snapshot.length)))
        return 1;
    str_add_bytes(&draft->files.snapshot, planned->snapshot.text, planned->snapshot.length);
    decide_way(context, planned);
    say_half(context, planned);
    context->carried = &planned->decisions;
    draft->plan.table_count = planned->to->entity_count;
    draft->plan.to = planned->to;
    draft->plan.from = head ? snapshot_schema(&context->arena, head, &context->diag) : empty_schema(&context->arena);
    if (!draft->plan.from || migration_plan_make(context, workspace, &draft->plan) ||
        migration_plan_prove(context, workspace, &draft->plan))
        return -1;
    draft_name(context, draft, planned->label);
    draft_print(context, draft);
    str_add(&draft->files.plan, planned->approvals);
    return 0;
}

/* All of them are planned and proved before anything is written. */
static int plan_again(struct context *context, struct git_merge *merge) {
    size_t count = 0;

    merge->workspace.migrations = merge_chains_kept(&merge->workspace, &merge->chains);
    list_planned(context, merge);
    if (context->diag.errors)
        return -1;
    progress_step(context, "planning");
    for (size_t i = 0; i < merge->planned.count; i++) {
        struct planned *planned = &merge->planned.at[i];
        int result = plan_one(context, merge, planned);

        if (result < 0 || (result == 0 && step_on(context, merge, planned)))
            return -1;
        if (result == 0)
            merge->planned.at[count++] = *planned;
    }
    merge->planned.count = count;
    return 0;
}

/* All that are planned or none, however many there are: what a killed run leaves can be told from what is committed. */
static int write_planned(struct context *context, struct git_merge *merge) {
    struct planned *planned = merge->planned.at;
    size_t count = merge->planned.count;

    for (size_t i = 1; i < count; i++)
        planned[i].draft.files.before = &planned[i - 1].draft.files;
    return count ? draft_write(context, &planned[count - 1].draft) : 0;
}

/* The model comes first: as long as the chain is not that of both sides the merge can be run again, and finds its own text there. */
static int write_files(struct context *context, struct git_merge *merge) {
    if (merge_chains_check_tree(context, &merge->workspace, &merge->chains) ||
        file_write(merge->workspace.place->file, merge->model->text, merge->model->length, &context->diag) ||
        merge_chains_write(context, &merge->workspace, &merge->chains))
        return -1;
    merge->workspace.migrations = merge_chains_kept(&merge->workspace, &merge->chains);
    return write_planned(context, merge);
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

/* The migrations that are not in the merged chain any more; what the kept side has as part of a squashed one is. */
static struct migration_list replaced(struct context *context, const struct merge_chains *chains) {
    const struct merge_side *redone = chains->redone;
    struct migration_list list = {0}, kept = {0};

    for (size_t i = 0; i < chains->kept->chain.list.count; i++)
        chain_leaves(&context->arena, &chains->kept->chain.list.at[i], &kept);
    for (size_t i = redone ? redone->shared : 0; redone && i < redone->chain.list.count; i++) {
        const struct migration *migration = &redone->chain.list.at[i];
        size_t k = 0;

        while (k < kept.list.count && (strcmp(kept.list.at[k]->id, migration->id) != 0 || !hash_equal(kept.list.at[k]->up, migration->up)))
            k++;
        if (k == kept.list.count)
            vec_push(&context->arena, &list.list, migration);
    }
    return list;
}

static json_t *replaced_ids(struct context *context, const struct merge_chains *chains) {
    struct migration_list list = replaced(context, chains);
    json_t *ids = json_array();

    for (size_t i = 0; i < list.list.count; i++)
        json_array_append_new(ids, json_string(list.list.at[i]->id));
    return ids;
}

static void tell_redone(struct context *context, const struct git_merge *merge) {
    struct migration_list list = replaced(context, &merge->chains);

    for (size_t i = 0; i < list.list.count; i++)
        say(context, "%s (%s) is replaced: a database that has it is known no more (--applied %s keeps it)", list.list.at[i]->id,
            merge->chains.redone->name, list.list.at[i]->id);
    if (!merge->planned.count)
        say(context, "%s says all of it already", merge->chains.kept->name);
}

static void show_result(struct context *context, struct git_merge *merge) {
    const struct model_place *place = merge->workspace.place;
    const struct planned *last = merge->planned.count ? &merge->planned.at[merge->planned.count - 1] : NULL;

    context_show_messages(context);
    if (context->options.json) {
        output_json(context, json_pack("{s:s, s:s, s:s?, s:o}", "model", place->name, "kept", merge->chains.kept->name, "migration",
                                       last ? last->draft.files.id : NULL, "replaced", replaced_ids(context, &merge->chains)));
        return;
    }
    for (size_t i = 0; i < merge->planned.count; i++) {
        if (merge->planned.count > 1)
            say(context, "%s:", merge->planned.at[i].draft.files.id);
        report_summary(context, &merge->planned.at[i].draft.report, &merge->planned.at[i].draft.plan);
    }
    if (merge->chains.redone)
        tell_redone(context, merge);
    if (context->options.dry_run)
        say(context, "dry run: nothing was written");
    else
        say(context, "%s is %s: review it, then git add %s %s%s", place->name, merge->request->done, place->file,
            merge->chains.kept->chain.list.count ? place->migrations : "", merge->request->next);
}

static int run(struct context *context, struct git_merge *merge) {
    progress_step(context, "reading both sides");
    if (open_merge(context, merge) || check_sides(context, merge) ||
        merge_chains_open(context, &merge->workspace, &merge->commits, merge->request->linear, &merge->chains) ||
        merge_chains_check_tree(context, &merge->workspace, &merge->chains) || read_model(context, merge) || plan_again(context, merge))
        return -1;
    if (!context->options.dry_run && write_merge(context, merge))
        return -1;
    show_result(context, merge);
    return 0;
}

enum exit_code git_merge_run(struct context *context, const struct git_merge_request *request) {
    struct git_merge merge = {.request = request, .models = {.text = STR_INIT}};
    int result = run(context, &merge);

    workspace_close(&merge.workspace);
    for (size_t i = 0; i < merge.planned.count; i++)
        draft_free(&merge.planned.at[i].draft);
    str_free(&merge.models.text);
    return result ? EXIT_FAILED : EXIT_DONE;
}
