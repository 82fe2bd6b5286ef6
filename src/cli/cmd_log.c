#include <string.h>

#include "map.h"
#include "output.h"
#include "thread.h"
#include "utf8.h"

/* The migrations that ended at one snapshot and are not told yet, newest first: a revert of a revert comes to one that was there. */
struct ending {
    const struct migration *migration;
    const struct ending *older;
};

struct endings {
    const struct ending *newest;
};

static void add_ending(struct context *context, const struct migration *migration, struct map *by_snapshot) {
    const char *snapshot = output_hash(&context->arena, migration->snapshot);
    struct endings *endings = map_get(by_snapshot, snapshot);
    struct ending *ending = ARENA_NEW(&context->arena, struct ending);

    if (!endings) {
        endings = ARENA_NEW(&context->arena, struct endings);
        map_put(&context->arena, by_snapshot, snapshot, endings);
    }
    *ending = (struct ending){migration, endings->newest};
    endings->newest = ending;
}

/* The last part of a squashed migration ends where that does, which is told. */
static void find_endings(struct context *context, const struct chain *chain, struct map *by_snapshot) {
    for (size_t i = 0; i < chain->list.count; i++) {
        const struct migration *whole = &chain->list.at[i];
        struct migration_list leaves = {0};

        chain_leaves(&context->arena, whole, &leaves);
        for (size_t k = 0; k + 1 < leaves.list.count; k++)
            add_ending(context, leaves.list.at[k], by_snapshot);
        add_ending(context, whole, by_snapshot);
    }
}

/* The migration that ended at SNAPSHOT, of several the newest that was not told; or NULL. */
static const struct migration *take_migration(const struct map *by_snapshot, const char *snapshot) {
    struct endings *endings = map_get(by_snapshot, snapshot);
    const struct ending *newest = endings ? endings->newest : NULL;

    if (newest)
        endings->newest = newest->older;
    return newest ? newest->migration : NULL;
}

static json_t *entry_json(struct context *context, const struct history_entry *entry, size_t number, const struct migration *migration) {
    return json_pack("{s:s, s:s, s:s, s:s?, s:s?}", "rev", arena_printf(&context->arena, "@{%zu}", number), "snapshot",
                     output_hash(&context->arena, entry->snapshot), "commit", entry->commit, "migration", migration ? migration->id : NULL,
                     "squashedInto", migration ? migration->squashed_into : NULL);
}

static void print_entry(FILE *out, const char *snapshot, size_t number, const struct migration *migration) {
    fprintf(out, "@{%zu}  %.12s", number, snapshot);
    if (migration)
        fprintf(out, "  %s", migration->id);
    if (migration && migration->squashed_into)
        fprintf(out, "  part of %s", migration->squashed_into);
    fputc('\n', out);
}

static void tell_snapshots(struct context *context, const struct chain *chain, const struct history_entry *entries, size_t count) {
    json_t *list = context->options.json ? json_array() : NULL;
    struct map by_snapshot = {0};

    find_endings(context, chain, &by_snapshot);
    for (size_t i = 0; i < count; i++) {
        const char *snapshot = output_hash(&context->arena, entries[i].snapshot);
        const struct migration *migration = take_migration(&by_snapshot, snapshot);

        if (list)
            json_array_append_new(list, entry_json(context, &entries[i], i, migration));
        else
            print_entry(context->out, snapshot, i, migration);
    }
    if (list)
        output_json(context, list);
}

static int list_snapshots(struct context *context, struct workspace *workspace) {
    struct history_entry *entries;
    size_t count;

    if (workspace_open_history(context, workspace))
        return -1;
    if (history_list(workspace->history, &context->arena, (size_t)context->options.limit, &entries, &count, &context->diag))
        return -1;
    tell_snapshots(context, &workspace->migrations.chain, entries, count);
    if (history_gap(workspace->history))
        say(context, "older ones may be missing: %s", history_gap(workspace->history));
    if (!count)
        say(context, "%s: no snapshots on branch %s yet; \"persist generate\" makes one", workspace->place->name,
            history_branch(workspace->history));
    return 0;
}

/* --- what happened to one thing --- */

/* Did it get another name here? */
static bool became(const struct thread *thread, const struct delta *delta) {
    if (delta->verb != DELTA_RENAMED)
        return false;
    if (delta_is_whole(delta))
        return strcmp(delta->was, thread->owner) == 0;
    return thread->name && strcmp(delta->entity, thread->owner) == 0 && strcmp(delta->was, thread->name) == 0;
}

static void tell_step(struct context *context, const struct lineage *lineage, size_t at, const struct deltas *deltas, json_t *list) {
    json_t *object;

    if (!list) {
        fprintf(context->out, "%s  %s  %s\n", lineage_migration(lineage, at)->id, lineage_date(&context->arena, lineage, at),
                utf8_printable(&context->arena, lineage_who(lineage, at)));
        output_delta_lines(&context->arena, context->out, deltas);
        return;
    }
    object = lineage_json(lineage, at);
    json_object_set_new(object, "deltas", output_deltas(deltas));
    json_array_append_new(list, object);
}

static int refuse_unknown(struct context *context, const struct workspace *workspace, const struct thread *thread) {
    diag_fail(&context->diag, "no migration of the model \"%s\" has to do with \"%s\"", workspace->place->name,
              context->options.arguments[0]);
    if (thread->name)
        diag_hint(&context->diag, "\"persist log %s\" tells all of %s", thread->owner, thread->owner);
    else
        diag_hint(&context->diag, "name an entity, enum or object of the model, or a part of it as in Invoice.note");
    return -1;
}

struct walker {
    struct context *context;
    struct lineage lineage;
    struct thread thread;
    bool there;   /* behind the migration that is looked at next; what happens to its owner is of no concern to what is not there */
    size_t count; /* so many migrations were told of */
    json_t *list; /* NULL: for a person */
};

/* Those of ALL that are about what is followed. CONCERNED: it is there on one side at least. */
static struct deltas about(const struct walker *walker, const struct deltas *all, bool concerned) {
    const struct thread *thread = &walker->thread;
    struct deltas some = {0};

    for (size_t i = 0; i < all->list.count; i++) {
        const struct delta *delta = &all->list.at[i];
        bool own = thread_has(thread, all, delta) && (concerned || !delta_is_whole(delta));

        if (own || became(thread, delta))
            vec_push(&walker->context->arena, &some.list, *delta);
    }
    return some;
}

static int look_at(struct walker *walker, size_t at) {
    struct thread before = walker->thread;
    struct deltas all, own;
    bool was_there;

    if (lineage_deltas(&walker->lineage, at, &all))
        return -1;
    thread_step_back(&before, &all);
    was_there = thread_is_in(&before, lineage_schema_before(&walker->lineage, at));
    own = about(walker, &all, walker->there || was_there);
    walker->thread = before;
    walker->there = was_there;
    if (!own.list.count)
        return 0;
    walker->count++;
    tell_step(walker->context, &walker->lineage, at, &own, walker->list);
    return 0;
}

/* Newest first. */
static int walk(struct walker *walker) {
    size_t most = walker->context->options.limit ? (size_t)walker->context->options.limit : walker->lineage.count;
    const struct schema *head = lineage_schema(&walker->lineage, walker->lineage.count - 1);

    if (!head)
        return -1;
    walker->there = thread_is_in(&walker->thread, head);
    for (size_t at = walker->lineage.count; at-- > 0 && walker->count < most;) {
        int touched = lineage_touches(&walker->lineage, at, walker->thread.owner);

        if (touched < 0 || (touched && look_at(walker, at)))
            return -1;
    }
    return 0;
}

static int list_changes(struct context *context, struct workspace *workspace) {
    struct thread thread = thread_of(&context->arena, context->options.arguments[0]);
    struct walker walker = {.context = context, .thread = thread, .list = context->options.json ? json_array() : NULL};
    int result = lineage_open(context, workspace, &walker.lineage) || walk(&walker) ? -1 : 0;

    if (result == 0 && !walker.count)
        result = refuse_unknown(context, workspace, &thread);
    if (walker.list && result == 0)
        output_json(context, walker.list);
    else
        json_decref(walker.list);
    return result;
}

static int run(struct context *context, struct workspace *workspace) {
    if (workspace_open(context, workspace) || workspace_open_migrations(context, workspace))
        return -1;
    if (context->options.limit < 0)
        return diag_fail(&context->diag, "--limit must not be negative");
    return context->options.argument_count ? list_changes(context, workspace) : list_snapshots(context, workspace);
}

enum exit_code cmd_log(struct context *context) {
    struct workspace workspace = {0};
    int result = run(context, &workspace);

    workspace_close(&workspace);
    return result ? EXIT_FAILED : EXIT_DONE;
}
