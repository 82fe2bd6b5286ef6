#include "output.h"
#include "workspace.h"

/* The migration that ended at SNAPSHOT, or NULL. */
static const char *migration_of(const struct workspace *workspace, struct hash snapshot) {
    const struct chain *chain = &workspace->migrations.chain;

    for (size_t i = chain->list.count; i-- > 0;)
        if (hash_equal(chain->list.at[i].snapshot, snapshot))
            return chain->list.at[i].id;
    return NULL;
}

static json_t *entry_json(struct context *context, const struct workspace *workspace, const struct history_entry *entry, size_t number) {
    return json_pack("{s:s, s:s, s:s, s:s?}", "rev", arena_printf(&context->arena, "@{%zu}", number), "snapshot",
                     output_hash(&context->arena, entry->snapshot), "commit", entry->commit, "migration",
                     migration_of(workspace, entry->snapshot));
}

static int run(struct context *context, struct workspace *workspace) {
    struct history_entry *entries;
    size_t count;
    json_t *list = NULL;

    if (workspace_open(context, workspace) || workspace_open_migrations(context, workspace) || workspace_open_history(context, workspace))
        return -1;
    if (context->options.limit < 0)
        return diag_fail(&context->diag, "--limit must not be negative");
    if (history_list(workspace->history, &context->arena, (size_t)context->options.limit, &entries, &count, &context->diag))
        return -1;
    list = context->options.json ? json_array() : NULL;
    for (size_t i = 0; i < count; i++) {
        const char *migration = migration_of(workspace, entries[i].snapshot);

        if (list)
            json_array_append_new(list, entry_json(context, workspace, &entries[i], i));
        else
            fprintf(context->out, "@{%zu}  %.12s%s%s\n", i, output_hash(&context->arena, entries[i].snapshot), migration ? "  " : "",
                    migration ? migration : "");
    }
    if (list)
        output_json(context, list);
    if (!count)
        say(context, "%s: no snapshots on branch %s yet; \"persist generate\" makes one", workspace->place->name,
            history_branch(workspace->history));
    return 0;
}

enum exit_code cmd_log(struct context *context) {
    struct workspace workspace = {0};
    int result = run(context, &workspace);

    workspace_close(&workspace);
    return result ? EXIT_FAILED : EXIT_DONE;
}
