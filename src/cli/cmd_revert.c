#include <string.h>

#include "draft.h"
#include "file.h"
#include "lineage.h"
#include "output.h"
#include "progress.h"
#include "text_merge.h"

/* Undoing is a merge: the base is the version behind the migration, ours is the model as it is now, theirs the version before it. */
struct revert {
    struct workspace workspace;
    struct lineage lineage;
    const struct migration *migration;
    struct decisions decided; /* for it */
    size_t first;             /* places in the lineage: what is undone, to the one behind it */
    size_t end;
    struct renames later;  /* from behind the migration to now */
    struct renames undone; /* the way back */
    struct text_merge merge;
    struct source *model; /* the merged file */
    struct draft draft;
};

static int find_migration(struct context *context, struct revert *revert) {
    const struct chain *chain = &revert->workspace.migrations.chain;
    const char *text = context->options.arguments[0];
    const struct migration *part = migration_find_any(&context->arena, chain, text);

    revert->migration = migration_find(chain, text);
    if (revert->migration)
        return 0;
    if (part) {
        diag_fail(&context->diag, "%s is a part of %s, which was squashed", part->id, part->squashed_into);
        diag_hint(&context->diag, "revert that, or change the model and migrate");
        return -1;
    }
    diag_fail(&context->diag, "the model \"%s\" has no migration \"%s\", or several that begin so", revert->workspace.place->name, text);
    diag_hint(&context->diag, "the chain in %s lists them", revert->workspace.place->migrations);
    return -1;
}

static int find_place(struct context *context, struct revert *revert) {
    const struct chain *chain = &revert->workspace.migrations.chain;
    struct migration_list before = {0}, own = {0};

    if (lineage_open(context, &revert->workspace, &revert->lineage) || find_migration(context, revert))
        return -1;
    for (size_t i = 0; &chain->list.at[i] != revert->migration; i++)
        chain_leaves(&context->arena, &chain->list.at[i], &before);
    chain_leaves(&context->arena, revert->migration, &own);
    revert->first = before.list.count;
    revert->end = before.list.count + own.list.count;
    return 0;
}

/* The new migration is to undo the old one and do nothing else. */
static int check_model(struct context *context, struct revert *revert) {
    const struct schema *model = workspace_model(context, &revert->workspace);
    struct str text = STR_INIT;
    bool same;

    if (!model)
        return -1;
    snapshot_print(model, &text);
    same = hash_equal(hash_bytes(text.text, text.length), revert->workspace.migrations.head->hash);
    str_free(&text);
    if (same)
        return 0;
    diag_fail(&context->diag, "the model has changes that no migration has yet");
    diag_hint(&context->diag, "\"persist migrate\" writes one; or take them back, then revert");
    return -1;
}

/* What was decided for the migration. 0, or -1 reported. */
static int read_decisions(struct context *context, struct revert *revert, struct decisions *decided) {
    const char *path = arena_printf(&context->arena, "%s/%s/up.sql", revert->workspace.place->migrations, revert->migration->folder);
    char *script;
    size_t length;

    if (file_read(&context->arena, path, &script, &length, &context->diag))
        return context->diag.errors ? -1 : 0;
    decisions_read(&context->arena, script, decided);
    return 0;
}

/* What the parts of a squashed one renamed on the way, the whole says as one. */
static int read_renames(struct context *context, struct revert *revert) {
    const struct schema *from = lineage_schema_before(&revert->lineage, revert->first);
    const struct schema *to = from ? lineage_schema(&revert->lineage, revert->end - 1) : NULL;
    struct renames forth = {0};

    if (!to || read_decisions(context, revert, &revert->decided) ||
        lineage_renames_between(&revert->lineage, revert->end, revert->lineage.count, &revert->later))
        return -1;
    decide_again_renames(context, from, to, &revert->decided, &forth);
    renames_invert(&context->arena, &forth, &revert->undone);
    return 0;
}

/* --- what stands on it --- */

/* The last migration that had to do with SUBJECT ("Invoice.note"), behind the one that is undone; else with its owner; NULL: none. */
static const char *find_later(struct revert *revert, const char *subject) {
    struct arena *arena = &revert->lineage.context->arena;
    const char *owner = arena_strndup(arena, subject, strcspn(subject, "."));
    const char *otherwise = NULL;

    for (size_t at = revert->lineage.count; at-- > revert->end;) {
        const char *id = lineage_migration(&revert->lineage, at)->id;
        struct deltas deltas;

        if (lineage_deltas(&revert->lineage, at, &deltas))
            return NULL;
        for (size_t i = 0; i < deltas.list.count; i++) {
            const struct delta *delta = &deltas.list.at[i];

            if (strcmp(delta_subject(arena, delta), subject) == 0)
                return id;
            if (!otherwise && (strcmp(delta->entity, owner) == 0 || (delta->was && strcmp(delta->was, owner) == 0)))
                otherwise = id;
        }
    }
    return otherwise;
}

static int report_conflicts(struct context *context, struct revert *revert) {
    const struct threeway *result = &revert->merge.result;

    for (size_t i = 0; i < result->conflicts.count; i++) {
        const struct threeway_conflict *conflict = &result->conflicts.at[i];
        const char *later = find_later(revert, conflict->subject);

        diag_fail(&context->diag, "conflict in %s: undoing %s %s, and %s %s: %s", conflict->subject, revert->migration->id,
                  conflict->theirs, later ? later : "a later change", conflict->ours, conflict->reason);
        if (i == 0 && later)
            diag_hint(&context->diag, "\"persist revert %s\" first; or change the model by hand, and migrate", later);
    }
    return -1;
}

/* --- the model and its migration --- */

static struct str text_of(struct revert *revert, const struct source *source) {
    struct str empty = STR_INIT;

    if (!source)
        return empty;
    return (struct str){.text = arena_strndup(&revert->lineage.context->arena, source->text, source->length), .length = source->length};
}

static struct str text_at(struct revert *revert, size_t end) {
    return text_of(revert, end ? lineage_text(&revert->lineage, end - 1) : NULL);
}

/* What is undone is called as it is now: owners may have been renamed since. */
static const struct renames *renames_now(struct context *context, struct revert *revert, struct renames *renames) {
    for (size_t i = 0; i < revert->undone.list.count; i++) {
        struct rename rename = revert->undone.list.at[i];
        enum rename_kind outer = rename.kind == RENAME_MEMBER ? RENAME_ENUM : RENAME_ENTITY;

        for (size_t k = 0; rename.owner && k < revert->later.list.count; k++)
            if (revert->later.list.at[k].kind == outer && strcmp(revert->later.list.at[k].from, rename.owner) == 0) {
                rename.owner = revert->later.list.at[k].to;
                break;
            }
        vec_push(&context->arena, &renames->list, rename);
    }
    return renames;
}

static int merge_models(struct context *context, struct revert *revert) {
    const char *file = revert->workspace.place->file;
    struct source *now = source_read(&context->arena, file, &context->diag);
    struct text_merge_request request = {.name = file, .our_renames = &revert->later, .their_renames = &revert->undone};
    struct renames now_undone = {0};

    if (!now)
        return -1;
    request.indexes_over_tables = !revert->workspace.target.dialect->names.indexes_per_table;
    request.renames = renames_now(context, revert, &now_undone);
    request.base = text_at(revert, revert->end);
    request.ours = text_of(revert, now);
    request.theirs = text_at(revert, revert->first);
    if (context->diag.errors || text_merge(&context->arena, &request, &revert->merge, &context->diag))
        return -1;
    context->diag.list.count = 0; /* what the sides are warned of, the merged model is too */
    if (revert->merge.result.conflicts.count)
        return report_conflicts(context, revert);
    revert->model =
        source_new(&context->arena, file, str_keep(&revert->merge.text, &context->arena), revert->merge.text.length, &context->diag);
    return revert->model ? 0 : -1;
}

static const struct schema *read_model(struct context *context, struct revert *revert) {
    struct model_options options = {.datastore = revert->workspace.target.dialect->name, .comments = revert->workspace.target.comments};
    const struct schema *model = model_read(&context->arena, revert->model, &options, &context->diag);

    if (model)
        schema_copy_old_names(revert->merge.merged, model);
    return model;
}

static const char *label(struct context *context, const struct revert *revert) {
    const char *id = revert->migration->id;

    if (context->options.argument_count > 1)
        return context->options.arguments[1];
    return id[14] ? arena_printf(&context->arena, "revert_%s", id + 15) : "revert";
}

/* What was kept in step on the way there (expand.h) is on the way back, from the other side: a half stays a half. Both together are a rename. */
static void carry_kept(struct context *context, struct revert *revert) {
    struct names kept = decisions_of(&context->arena, &revert->decided, "keep");

    for (size_t i = 0; i < kept.count && !revert->migration->part_count; i++) {
        const char *text = kept.at[i];
        int dot = (int)strcspn(text, "."), equals = (int)strcspn(text, "=");

        if (text[equals] && dot < equals)
            decisions_add(&context->arena, &revert->draft.plan.decisions, "keep",
                          arena_printf(&context->arena, "%.*s.%s=%.*s", dot, text, text + equals + 1, equals - dot - 1, text + dot + 1));
    }
}

static void warn_of_lost(struct context *context, const struct revert *revert) {
    struct way_back_reasons lost;

    migration_plan_lost(context, &revert->draft.plan, &lost);
    for (size_t i = 0; i < lost.list.count; i++)
        diag_warning(&context->diag, NULL, (struct span){0, 0}, 0, "%s", lost.list.at[i]);
}

/* 0; 1 when there is nothing to undo; -1 reported. */
static int plan(struct context *context, struct revert *revert) {
    struct workspace *workspace = &revert->workspace;
    struct draft *draft = &revert->draft;

    draft->plan.to = read_model(context, revert);
    draft->plan.from = draft->plan.to ? snapshot_schema(&context->arena, workspace->migrations.head, &context->diag) : NULL;
    if (!draft->plan.from)
        return -1;
    snapshot_print(draft->plan.to, &draft->files.snapshot);
    if (hash_equal(workspace->migrations.head->hash, hash_bytes(draft->files.snapshot.text, draft->files.snapshot.length)))
        return 1;
    draft->plan.table_count = draft->plan.to->entity_count;
    carry_kept(context, revert);
    if (migration_plan_make(context, workspace, &draft->plan) || migration_plan_prove(context, workspace, &draft->plan))
        return -1;
    warn_of_lost(context, revert);
    draft_name(context, draft, label(context, revert));
    draft_print(context, draft);
    return 0;
}

static void show_result(struct context *context, const struct revert *revert) {
    const struct model_place *place = revert->workspace.place;

    context_show_messages(context);
    if (context->options.json)
        report_json(context, &revert->draft.report, &revert->draft.plan);
    else
        report_summary(context, &revert->draft.report, &revert->draft.plan);
    if (context->options.dry_run)
        say(context, "dry run: nothing was written");
    else
        say(context, "%s is undone: wrote %s and %s/%s; review them", revert->migration->id, place->file, place->migrations,
            revert->draft.files.id);
}

/* The migration comes first: what stops it leaves the model as it was. */
static int write_revert(struct context *context, struct revert *revert) {
    if (context->options.dry_run)
        return 0;
    progress_step(context, "writing");
    if (draft_write(context, &revert->draft))
        return -1;
    return file_write(revert->workspace.place->file, revert->model->text, revert->model->length, &context->diag);
}

static int run(struct context *context, struct revert *revert) {
    int planned;

    progress_step(context, "reading the versions");
    if (workspace_open(context, &revert->workspace) || workspace_open_migrations(context, &revert->workspace) ||
        find_place(context, revert) || check_model(context, revert) || read_renames(context, revert) || merge_models(context, revert))
        return -1;
    progress_step(context, "planning");
    planned = plan(context, revert);
    if (planned > 0)
        say(context, "%s: nothing of it is left, there is nothing to undo", revert->migration->id);
    if (planned || write_revert(context, revert))
        return planned > 0 ? 0 : -1;
    show_result(context, revert);
    return 0;
}

enum exit_code cmd_revert(struct context *context) {
    struct revert revert = {.merge = {.text = STR_INIT}};
    int result;

    if (!context->options.argument_count) {
        fprintf(context->err, "persist revert: which migration? name it by id or label; see persist revert --help\n");
        return EXIT_USAGE;
    }
    revert.draft = draft_new(&revert.workspace);
    result = run(context, &revert);
    workspace_close(&revert.workspace);
    draft_free(&revert.draft);
    str_free(&revert.merge.text);
    return result ? EXIT_FAILED : EXIT_DONE;
}
