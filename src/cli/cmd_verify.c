#include "file.h"
#include "output.h"
#include "revision.h"

/* Writes snapshot.bal again from the history, where it is not what the chain says. */
static int repair(struct context *context, struct workspace *workspace) {
    struct arena *arena = &context->arena;
    const char *path = file_join(arena, workspace->place->migrations, "snapshot.bal");
    struct source *source = source_read(arena, file_join(arena, workspace->place->migrations, "chain"), &context->diag);
    struct chain chain;
    struct snapshot *snapshot;

    if (!source || chain_parse(arena, source, &chain, &context->diag) || workspace_open_history(context, workspace))
        return -1;
    if (!chain.list.count)
        return diag_fail(&context->diag, "the chain of \"%s\" has no migration: there is nothing to repair from", workspace->place->name);
    snapshot = revision_snapshot(context, workspace, chain.list.at[chain.list.count - 1].snapshot);
    if (!snapshot || file_write(path, snapshot->source->text, snapshot->source->length, &context->diag))
        return -1;
    say(context, "%s: written again from the history", path);
    workspace_close(workspace);
    return 0;
}

static int run(struct context *context, struct workspace *workspace) {
    size_t snapshots = 0;

    if (workspace_open(context, workspace) || (context->options.repair && repair(context, workspace)))
        return -1;
    if (workspace_open_migrations(context, workspace) || migrations_verify(&context->arena, &workspace->migrations, &context->diag) ||
        workspace_open_history(context, workspace) || history_verify(workspace->history, &snapshots, &context->diag))
        return -1;
    if (context->options.json)
        output_json(context, json_pack("{s:s, s:b, s:I, s:I}", "model", workspace->place->name, "sound", 1, "migrations",
                                       (json_int_t)workspace->migrations.chain.list.count, "snapshots", (json_int_t)snapshots));
    say(context, "%s: sound, %zu migration%s and %zu snapshot%s", workspace->place->name, workspace->migrations.chain.list.count,
        workspace->migrations.chain.list.count == 1 ? "" : "s", snapshots, snapshots == 1 ? "" : "s");
    return 0;
}

enum exit_code cmd_verify(struct context *context) {
    struct workspace workspace = {0};
    int result = run(context, &workspace);

    workspace_close(&workspace);
    return result ? EXIT_FAILED : EXIT_DONE;
}
