#include "draft.h"

#include <time.h>

#include "output.h"

struct draft draft_new(struct workspace *workspace) {
    return (struct draft){
        .workspace = workspace,
        .files = {.snapshot = STR_INIT, .up = STR_INIT, .down = STR_INIT, .plan = STR_INIT},
    };
}

void draft_free(struct draft *draft) {
    str_free(&draft->files.snapshot);
    str_free(&draft->files.up);
    str_free(&draft->files.down);
    str_free(&draft->files.plan);
}

void draft_print(struct context *context, struct draft *draft) {
    const struct script_style *style = &draft->plan.target.dialect->style;
    struct arena *arena = &context->arena;

    script_print(&draft->plan.up_script, style, report_header(arena, &draft->report, &draft->plan, true), &draft->files.up);
    script_print(&draft->plan.down_script, style, report_header(arena, &draft->report, &draft->plan, false), &draft->files.down);
    report_plan(arena, &draft->report, &draft->plan, &draft->files.plan);
}

void draft_name(struct context *context, struct draft *draft, const char *label) {
    const struct migrations *migrations = &draft->workspace->migrations;
    struct hash hash = hash_bytes(draft->files.snapshot.text, draft->files.snapshot.length);

    draft->files.id = migration_id(&context->arena, &migrations->chain, (long long)time(NULL), label);
    draft->report.id = draft->files.id;
    draft->report.model = draft->workspace->place->name;
    draft->report.from_hash = migrations->head && !migrations->foreign ? output_hash(&context->arena, migrations->head->hash) : NULL;
    draft->report.to_hash = output_hash(&context->arena, hash);
}

void draft_name_behind(struct context *context, struct draft *draft, const struct draft *before, const char *label) {
    struct chain chain = {0};

    draft_name(context, draft, label);
    vec_push(&context->arena, &chain.list, ((struct migration){.id = before->files.id}));
    draft->files.id = draft->report.id = migration_id(&context->arena, &chain, (long long)time(NULL), label);
    draft->report.from_hash = before->report.to_hash;
    draft->files.before = &before->files;
}

/* A run that was killed between the chain and the history, or could not write it, left its snapshot out: it is put there before the next
 * takes its place in the tree. */
static int remember_head(struct context *context, const struct draft *draft) {
    const struct snapshot *head = draft->workspace->migrations.head;
    struct history *history = draft->workspace->history;
    struct history_entry newest;
    int found;

    if (!head || draft->workspace->migrations.foreign)
        return 0;
    found = history_head(history, &newest, &context->diag);
    if (found == 0 && !hash_equal(newest.snapshot, head->hash))
        found = history_find(history, output_hash(&context->arena, head->hash), &newest, &context->diag);
    if (found <= 0)
        return found;
    return history_append(history, head->source->text, head->source->length, &context->diag) < 0 ? -1 : 0;
}

/* The snapshots up to FILES and of those before it, oldest first. */
static int remember_all(struct context *context, struct history *history, const struct migration_files *files) {
    if (files->before && remember_all(context, history, files->before))
        return -1;
    return history_append(history, files->snapshot.text, files->snapshot.length, &context->diag) < 0 ? -1 : 0;
}

/* A snapshot between two migrations lies nowhere but in the history: it is there before the chain names it. */
static int remember_between(struct context *context, struct draft *draft) {
    const struct migration_files *before = draft->files.before;

    return before ? remember_all(context, draft->workspace->history, before) : 0;
}

/* The migration is there, and its snapshot lies in the tree: a history that cannot be written now gets it before the next migration. */
static void remember(struct context *context, struct draft *draft) {
    struct diag kept = context->diag;
    struct diag failed;
    int result;

    context->diag = (struct diag){.arena = &context->arena};
    result = history_append(draft->workspace->history, draft->files.snapshot.text, draft->files.snapshot.length, &context->diag);
    failed = context->diag;
    context->diag = kept;
    if (result >= 0)
        return;
    diag_warning(&context->diag, NULL, (struct span){0, 0}, 0, "the migration is written, but its snapshot is not in the history: %s",
                 failed.list.at[0].message);
    diag_hint(&context->diag, "%s",
              failed.list.at[0].hint ? failed.list.at[0].hint
                                     : "it gets there with the next migration, or from git once the migration is committed");
}

int draft_write(struct context *context, struct draft *draft) {
    struct workspace *workspace = draft->workspace;
    int added;

    if (workspace_open_history(context, workspace) || remember_head(context, draft) || remember_between(context, draft))
        return -1;
    added = migrations_add(&context->arena, &workspace->migrations, &draft->files, &context->diag);
    if (added > 0) {
        diag_fail(&context->diag, "another migration of \"%s\" was written at the same time", workspace->place->name);
        diag_hint(&context->diag, "run \"persist migrate\" again to plan on top of it");
    }
    if (added)
        return -1;
    remember(context, draft);
    return 0;
}
