#include "review_range.h"

#include <string.h>

#include "merge_chain.h"
#include "revision.h"

/* The chain as it was at the commit REV; none is an empty one. 0, or -1 reported. */
static int chain_at(struct context *context, struct workspace *workspace, const char *rev, struct chain *chain) {
    const char *path = arena_printf(&context->arena, "%s/chain", workspace->place->migrations);
    struct str text = merge_file_at(context, workspace, rev, path);
    struct source *source;

    *chain = (struct chain){0};
    if (!text.length)
        return context->diag.errors ? -1 : 0;
    source = source_new(&context->arena, arena_printf(&context->arena, "%.12s:%s", rev, path), text.text, text.length, &context->diag);
    return source ? chain_parse(&context->arena, source, chain, &context->diag) : -1;
}

static bool same_migration(const struct migration *a, const struct migration *b) {
    return strcmp(a->id, b->id) == 0 && hash_equal(a->up, b->up) && hash_equal(a->snapshot, b->snapshot);
}

/* Takes those of the first END migrations that are not, just so, in KNOWN. */
static void pick(struct context *context, struct review_range *range, size_t end, const struct chain *known) {
    for (size_t i = 0; i < end; i++) {
        bool found = false;

        for (size_t k = 0; known && k < known->list.count && !found; k++)
            found = same_migration(&range->chain.list.at[i], &known->list.at[k]);
        if (!found)
            vec_push(&context->arena, &range->indexes, i);
    }
}

const char *review_range_parting(struct context *context, struct workspace *workspace, const char *rev) {
    struct history_merge merge = {.theirs = rev};

    if (history_git_merge(workspace->history, &context->arena, &merge, &context->diag))
        return NULL;
    if (merge.base)
        return merge.base;
    if (!history_git_is_shallow(workspace->history)) {
        diag_fail(&context->diag, "\"%s\" and this branch have no commit in common", rev);
        diag_hint(&context->diag, "fetch it anew where it was rewritten; a range says what is meant: persist review A..B");
        return NULL;
    }
    diag_fail(&context->diag, "the clone is shallow: the commit where this branch left \"%s\" is not in it", rev);
    diag_hint(&context->diag, "run \"git fetch --unshallow\", and fetch the main branch; a pipeline checks the whole history out");
    return NULL;
}

/* A repository without a commit has nothing to compare either. */
static bool has_commit(struct context *context, struct workspace *workspace) {
    struct diag unseen = {.arena = &context->arena};

    return history_git_commit(workspace->history, &context->arena, "HEAD", &unseen) != NULL;
}

static void pick_last(struct context *context, struct review_range *range) {
    range->pending = range->either = true;
    range->words = "the last change";
    range->note = "there is no main branch to compare with: this is what is pending, or else the last migration";
    if (range->chain.list.count)
        vec_push(&context->arena, &range->indexes, range->chain.list.count - 1);
}

static int pick_branch(struct context *context, struct workspace *workspace, struct review_range *range) {
    const char *name = history_git_main(workspace->history, &context->arena, &context->diag);
    struct chain known;

    if (context->diag.errors)
        return -1;
    if (!name || !has_commit(context, workspace)) {
        pick_last(context, range);
        return 0;
    }
    range->base = review_range_parting(context, workspace, name);
    range->main = name;
    range->pending = true;
    range->words = arena_printf(&context->arena, "what this branch adds over %s", name);
    if (!range->base || chain_at(context, workspace, range->base, &known))
        return -1;
    pick(context, range, range->chain.list.count, &known);
    return 0;
}

/* The commit that TEXT means, which is no migration; NULL when reported. */
static const char *commit_of(struct context *context, struct workspace *workspace, const char *text) {
    struct diag unseen = {.arena = &context->arena};
    const char *commit = history_git_commit(workspace->history, &context->arena, text, &unseen);

    if (commit)
        return commit;
    diag_fail(&context->diag, "\"%s\" is neither a migration of \"%s\" nor a revision of git", text, workspace->place->name);
    diag_hint(&context->diag, "write a migration's id or label, or a range: A..B, of migrations or of revisions");
    return NULL;
}

/* How many migrations of the chain end at B; the range's chain may become that of a commit. -1 when reported. */
static int find_end(struct context *context, struct workspace *workspace, const char *b, struct review_range *range, size_t *end) {
    const struct migration *last = *b ? migration_find(&range->chain, b) : NULL;

    if (last) {
        *end = (size_t)(last - range->chain.list.at) + 1;
        return 0;
    }
    if (*b) {
        range->commit = commit_of(context, workspace, b);
        if (!range->commit || chain_at(context, workspace, range->commit, &range->chain))
            return -1;
    } else
        range->pending = true;
    *end = range->chain.list.count;
    return 0;
}

/* CHAIN up to the migration that A is in it. False: it has none. */
static bool is_up_to(const struct chain *chain, const char *a, struct chain *known) {
    const struct migration *first = migration_find(chain, a);

    if (!first)
        return false;
    *known = *chain;
    known->list.count = (size_t)(first - chain->list.at) + 1;
    return true;
}

/* What is known at A: in the chain that B is of, else in the work tree, else at a commit. 0, or -1 reported. */
static int find_known(struct context *context, struct workspace *workspace, const char *a, struct review_range *range,
                      struct chain *known) {
    if (!*a || is_up_to(&range->chain, a, known) || is_up_to(&workspace->migrations.chain, a, known))
        return 0;
    range->base = commit_of(context, workspace, a);
    return range->base ? chain_at(context, workspace, range->base, known) : -1;
}

static int pick_between(struct context *context, struct workspace *workspace, const char *a, const char *b, struct review_range *range) {
    struct chain known = {0};
    size_t end;

    if (find_end(context, workspace, b, range, &end) || find_known(context, workspace, a, range, &known))
        return -1;
    pick(context, range, end, &known);
    return 0;
}

static int pick_one(struct context *context, struct workspace *workspace, const char *id, struct review_range *range) {
    const struct migration *migration = migration_find(&range->chain, id);

    if (migration) {
        range->words = migration->id;
        vec_push(&context->arena, &range->indexes, (size_t)(migration - range->chain.list.at));
        return 0;
    }
    diag_fail(&context->diag, "there is no migration \"%s\" of \"%s\"", id, workspace->place->name);
    diag_hint(&context->diag, "write a migration's id, a beginning of it or its label, or a range: A..B, of migrations or of revisions");
    return -1;
}

int review_range_find(struct context *context, struct workspace *workspace, const char *argument, struct review_range *range) {
    const char *dots = argument ? strstr(argument, "..") : NULL;

    *range = (struct review_range){.words = argument};
    if (workspace_open_migrations(context, workspace) || workspace_open_history(context, workspace))
        return -1;
    range->chain = workspace->migrations.chain;
    if (!argument)
        return pick_branch(context, workspace, range);
    if (dots)
        return pick_between(context, workspace, arena_strndup(&context->arena, argument, (size_t)(dots - argument)), dots + 2, range);
    return pick_one(context, workspace, argument, range);
}
