#include <string.h>

#include "delta.h"
#include "file.h"
#include "output.h"
#include "progress.h"
#include "revision.h"

/* The newest snapshot of the branch; NULL schema when there is none. */
static int read_previous(struct context *context, struct workspace *workspace, struct history_entry *entry, const struct schema **schema) {
    struct snapshot *snapshot;
    int found = history_head(workspace->history, entry, &context->diag);

    *schema = empty_schema(&context->arena);
    if (found)
        return found < 0 ? -1 : 0;
    snapshot = revision_snapshot(context, workspace, entry->snapshot);
    *schema = snapshot ? snapshot_schema(&context->arena, snapshot, &context->diag) : NULL;
    return *schema ? 0 : -1;
}

/* The renames that are certain; what only looks like one is shown as removed and added. */
static int find_deltas(struct context *context, const struct schema *from, const struct schema *to, struct deltas *deltas) {
    struct rename_answers none = {0};
    struct renames renames = {0};

    if (renames_find(&context->arena, from, to, &none, &renames, &context->diag))
        return -1;
    deltas_find(&context->arena, from, to, &renames, deltas);
    return 0;
}

/* Writes the script of the whole schema where it differs from what is there. */
static int write_script(struct context *context, const struct workspace *workspace, const struct str *script) {
    const char *path = file_join(&context->arena, workspace->place->generated, "script.sql");
    char *old;
    size_t length;
    int found = file_read(&context->arena, path, &old, &length, &context->diag);

    if (found < 0)
        return -1;
    if (found == 0 && length == script->length && memcmp(old, script->text, length) == 0)
        return 0;
    return file_make_folder(workspace->place->generated, &context->diag) || file_write(path, script->text, script->length, &context->diag)
               ? -1
               : 0;
}

struct generated {
    struct str snapshot;
    struct str script;
    struct deltas deltas;
    bool added; /* the snapshot is new */
};

static void show(struct context *context, const struct workspace *workspace, const struct generated *generated) {
    const char *hash = output_hash(&context->arena, hash_bytes(generated->snapshot.text, generated->snapshot.length));

    if (context->options.json) {
        output_json(context, json_pack("{s:s, s:s, s:b, s:o}", "model", workspace->place->name, "snapshot", hash, "added", generated->added,
                                       "deltas", output_deltas(&generated->deltas)));
        return;
    }
    if (!generated->added) {
        say(context, "%s: nothing new, snapshot %.12s", workspace->place->name, hash);
        return;
    }
    if (!context->options.quiet)
        output_delta_lines(&context->arena, context->err, &generated->deltas);
    say(context, "%s: %s; snapshot %.12s on %s%s", workspace->place->name, output_counts(&context->arena, &generated->deltas), hash,
        history_branch(workspace->history), context->options.dry_run ? " (dry run: nothing was written)" : "");
}

/* The script first, the history last: a kill in between leaves a snapshot that the next run adds. */
static int write_all(struct context *context, struct workspace *workspace, struct generated *generated) {
    int appended;

    if (context->options.dry_run)
        return 0;
    if (write_script(context, workspace, &generated->script))
        return -1;
    appended = history_append(workspace->history, generated->snapshot.text, generated->snapshot.length, &context->diag);
    generated->added = appended == 0;
    return appended < 0 ? -1 : 0;
}

static int run(struct context *context, struct workspace *workspace, struct generated *generated) {
    struct history_entry entry = {0};
    const struct schema *previous;
    const struct schema *schema;

    progress_step(context, "generating");
    if (workspace_open(context, workspace) || workspace_open_history(context, workspace))
        return -1;
    schema = workspace_model(context, workspace);
    if (!schema || whole_script(context, workspace, schema, &generated->script))
        return -1;
    snapshot_print(schema, &generated->snapshot);
    if (read_previous(context, workspace, &entry, &previous) || find_deltas(context, previous, schema, &generated->deltas))
        return -1;
    generated->added = !entry.generation || !hash_equal(entry.snapshot, hash_bytes(generated->snapshot.text, generated->snapshot.length));
    if (write_all(context, workspace, generated))
        return -1;
    show(context, workspace, generated);
    return 0;
}

enum exit_code cmd_generate(struct context *context) {
    struct generated generated = {.snapshot = STR_INIT, .script = STR_INIT};
    struct workspace workspace = {0};
    int result = run(context, &workspace, &generated);

    workspace_close(&workspace);
    str_free(&generated.snapshot);
    str_free(&generated.script);
    return result ? EXIT_FAILED : EXIT_DONE;
}
