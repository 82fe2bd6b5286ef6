#include "merge_chain.h"

#include <string.h>

#include "file.h"
#include "revision.h"

struct str merge_file_at(struct context *context, struct workspace *workspace, const char *rev, const char *path) {
    struct str empty = STR_INIT;
    char *text;
    size_t length;

    if (!rev || history_git_file(workspace->history, &context->arena, rev, path, &text, &length, &context->diag))
        return empty;
    return (struct str){.text = text, .length = length};
}

static const char *place_of(struct context *context, const struct workspace *workspace, const char *name) {
    return file_join(&context->arena, workspace->place->migrations, name);
}

static int open_chain(struct context *context, struct workspace *workspace, struct merge_side *side) {
    const char *name = arena_printf(&context->arena, "%s (%s)", place_of(context, workspace, "chain"), side->name);

    side->chain_text = merge_file_at(context, workspace, side->commit, place_of(context, workspace, "chain"));
    if (!side->chain_text.length)
        return context->diag.errors ? -1 : 0;
    side->chain_source = source_new(&context->arena, name, side->chain_text.text, side->chain_text.length, &context->diag);
    return side->chain_source ? chain_parse(&context->arena, side->chain_source, &side->chain, &context->diag) : -1;
}

static int open_side(struct context *context, struct workspace *workspace, struct merge_side *side) {
    const char *path = place_of(context, workspace, "snapshot.bal");
    struct source *source;

    if (open_chain(context, workspace, side))
        return -1;
    if (!side->chain.list.count)
        return 0;
    side->snapshot_text = merge_file_at(context, workspace, side->commit, path);
    source = source_new(&context->arena, arena_printf(&context->arena, "%s (%s)", path, side->name), side->snapshot_text.text,
                        side->snapshot_text.length, &context->diag);
    side->head =
        source ? snapshot_open(&context->arena, source, &side->chain.list.at[side->chain.list.count - 1].snapshot, &context->diag) : NULL;
    return side->head ? 0 : -1;
}

static bool note_applied(struct merge_side *side, const char *text) {
    const struct migration *migration = migration_find(&side->chain, text);

    if (migration && migration >= side->chain.list.at + side->shared)
        side->applied = true;
    return migration;
}

static int read_applied(struct context *context, struct merge_chains *chains) {
    for (char **id = context->options.applied; id && *id; id++) {
        bool ours = note_applied(&chains->ours, *id);
        bool theirs = note_applied(&chains->theirs, *id);

        if (!ours && !theirs)
            return diag_fail(&context->diag, "--applied %s: neither side has such a migration", *id);
    }
    return 0;
}

static const char *last_id(const struct merge_side *side) {
    return side->chain.list.at[side->chain.list.count - 1].id;
}

static bool has_own(const struct merge_side *side) {
    return side->chain.list.count > side->shared;
}

static bool redoes_ours(const struct merge_chains *chains) {
    const struct merge_side *ours = &chains->ours;
    const struct merge_side *theirs = &chains->theirs;

    if (ours->applied != theirs->applied)
        return theirs->applied;
    if (ours->published != theirs->published)
        return theirs->published;
    return strcmp(last_id(ours), last_id(theirs)) > 0;
}

static int refuse_applied(struct context *context, const struct merge_chains *chains) {
    diag_fail(&context->diag, "both %s and %s have migrations that are applied somewhere, so no one chain serves both databases",
              last_id(&chains->ours), last_id(&chains->theirs));
    diag_hint(&context->diag, "roll one of the databases back (persist rollback), then merge with --applied for the other alone");
    return -1;
}

static int refuse_rewriting(struct context *context, const struct merge_chains *chains) {
    diag_fail(&context->diag, "a migration up to %s is applied somewhere: it is not written anew, on top of %s", last_id(&chains->theirs),
              last_id(&chains->ours));
    diag_hint(&context->diag, "merge instead, with git and \"persist merge --applied ID\": then the others come on top of it");
    return -1;
}

static int choose(struct context *context, struct merge_chains *chains, bool linear) {
    bool ours_own = has_own(&chains->ours);
    bool theirs_own = has_own(&chains->theirs);
    bool redo_ours;

    chains->kept = theirs_own ? &chains->theirs : &chains->ours;
    if (!ours_own || !theirs_own)
        return 0;
    if (chains->ours.applied && chains->theirs.applied)
        return refuse_applied(context, chains);
    if (linear && chains->theirs.applied)
        return refuse_rewriting(context, chains);
    redo_ours = !linear && redoes_ours(chains);
    chains->kept = redo_ours ? &chains->theirs : &chains->ours;
    chains->redone = redo_ours ? &chains->ours : &chains->theirs;
    return 0;
}

/* What both have in common is as the side has it that squashed more of it. The other chain is only put on top: none of its own is changed. */
static void graft(struct context *context, struct merge_chains *chains) {
    struct merge_side *kept = chains->kept;
    struct merge_side *other = kept == &chains->ours ? &chains->theirs : &chains->ours;
    struct chain grafted = {0};

    chains->squashed = kept;
    if (other->shared >= kept->shared)
        return;
    for (size_t i = 0; i < other->shared; i++)
        chain_append(&context->arena, &grafted, other->chain.list.at[i]);
    for (size_t i = kept->shared; i < kept->chain.list.count; i++)
        chain_append(&context->arena, &grafted, kept->chain.list.at[i]);
    kept->chain = grafted;
    kept->shared = other->shared;
    chains->squashed = other;
}

int merge_chains_open(struct context *context, struct workspace *workspace, const struct history_merge *commits, bool linear,
                      struct merge_chains *chains) {
    *chains = (struct merge_chains){
        .ours = {.name = "ours", .commit = commits->ours, .published = commits->ours_published},
        .theirs = {.name = "theirs", .commit = commits->theirs, .published = commits->theirs_published},
    };
    if (open_side(context, workspace, &chains->ours) || open_side(context, workspace, &chains->theirs))
        return -1;
    chain_shared(&chains->ours.chain, &chains->theirs.chain, &chains->ours.shared, &chains->theirs.shared);
    chains->ours.whole = chains->ours.chain;
    chains->theirs.whole = chains->theirs.chain;
    if (read_applied(context, chains) || choose(context, chains, linear))
        return -1;
    graft(context, chains);
    return 0;
}

struct migrations merge_chains_kept(const struct workspace *workspace, const struct merge_chains *chains) {
    const struct merge_side *kept = chains->kept;

    return (struct migrations){
        .folder = workspace->place->migrations, .chain = kept->chain, .chain_source = kept->chain_source, .head = kept->head};
}

/* A file of a kept migration: git has put it there, unless only revisions were merged. */
static int restore(struct context *context, struct workspace *workspace, const struct merge_side *side, const char *path) {
    struct str text;

    if (file_exists(path))
        return 0;
    text = merge_file_at(context, workspace, side->commit, path);
    if (!text.length)
        return context->diag.errors ? -1 : 0;
    return file_write(path, text.text, text.length, &context->diag);
}

static int restore_migration(struct context *context, struct workspace *workspace, const struct merge_side *side,
                             const struct migration *migration) {
    static const char *const names[] = {"up.sql", "down.sql", "plan.md"};
    const char *folder = place_of(context, workspace, migration->folder);

    if (file_make_folder(folder, &context->diag))
        return -1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (restore(context, workspace, side, file_join(&context->arena, folder, names[i])))
            return -1;
    for (size_t i = 0; i < migration->part_count; i++)
        if (restore_migration(context, workspace, side, &migration->parts[i]))
            return -1;
    return 0;
}

static int restore_kept(struct context *context, struct workspace *workspace, const struct merge_chains *chains) {
    const struct merge_side *kept = chains->kept;

    for (size_t i = 0; i < kept->chain.list.count; i++)
        if (restore_migration(context, workspace, i < kept->shared ? chains->squashed : kept, &kept->chain.list.at[i]))
            return -1;
    return 0;
}

/* What SIDE has and the kept chain has not, not there, or only another by that id. */
static int remove_others(struct context *context, struct workspace *workspace, const struct chain *side, const struct chain *kept) {
    for (size_t i = 0; i < side->list.count; i++) {
        const struct migration *migration = &side->list.at[i];
        size_t k = 0;

        while (k < kept->list.count && !migration_same(&kept->list.at[k], migration))
            k++;
        if (k == kept->list.count && file_remove(place_of(context, workspace, migration->id), &context->diag))
            return -1;
    }
    return 0;
}

/* Is TEXT a chain in conflict, what a side committed, or what a run that was killed began with: the one that is kept, nothing on top yet? */
static bool may_be_replaced(const char *text, const struct merge_chains *chains) {
    struct span conflict = snapshot_find_conflict(text);
    struct str kept = STR_INIT;
    bool same;

    chain_print(&chains->kept->chain, &kept);
    same = strcmp(text, kept.text) == 0;
    str_free(&kept);
    return same || conflict.start != conflict.end || strcmp(text, chains->ours.chain_text.text) == 0 ||
           strcmp(text, chains->theirs.chain_text.text) == 0;
}

/* Neither a conflict nor what one of the sides committed: a merge that was finished before, or work that is nowhere else. */
int merge_chains_check_tree(struct context *context, const struct workspace *workspace, const struct merge_chains *chains) {
    const char *path = place_of(context, workspace, "chain");
    char *text;
    size_t length;
    int found = file_read(&context->arena, path, &text, &length, &context->diag);

    if (found)
        return found < 0 ? -1 : 0;
    if (may_be_replaced(text, chains))
        return 0;
    diag_fail(&context->diag, "\"%s\" is neither ours nor theirs: it is merged already, or has migrations that are not committed", path);
    diag_hint(&context->diag, "commit it; or, to begin again, get what was committed: git checkout HEAD -- %s && git clean -fd -- %s",
              workspace->place->migrations, workspace->place->migrations);
    return -1;
}

int merge_chains_write(struct context *context, struct workspace *workspace, const struct merge_chains *chains) {
    const struct merge_side *kept = chains->kept;
    struct str text = STR_INIT;
    int result;

    if (!kept->chain.list.count)
        return 0;
    if (remove_others(context, workspace, &chains->ours.whole, &kept->chain) ||
        remove_others(context, workspace, &chains->theirs.whole, &kept->chain) || restore_kept(context, workspace, chains) ||
        file_write(place_of(context, workspace, "snapshot.bal"), kept->snapshot_text.text, kept->snapshot_text.length, &context->diag))
        return -1;
    chain_print(&kept->chain, &text);
    result = file_write(place_of(context, workspace, "chain"), text.text, text.length, &context->diag);
    str_free(&text);
    return result;
}
