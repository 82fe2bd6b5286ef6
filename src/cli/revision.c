#include "revision.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "output.h"

enum { SHORTEST_HASH = 4 };

static int need_migrations(struct context *context, struct workspace *workspace) {
    return workspace->migrations.folder ? 0 : workspace_open_migrations(context, workspace);
}

static int need_history(struct context *context, struct workspace *workspace) {
    return workspace->history ? 0 : workspace_open_history(context, workspace);
}

static const struct schema *schema_of(struct context *context, struct snapshot *snapshot) {
    return snapshot ? snapshot_schema(&context->arena, snapshot, &context->diag) : NULL;
}

static const struct schema *head_schema(struct context *context, struct workspace *workspace) {
    if (need_migrations(context, workspace))
        return NULL;
    return workspace->migrations.head ? schema_of(context, workspace->migrations.head) : empty_schema(&context->arena);
}

/* The snapshot of ENTRY out of the history. */
static struct snapshot *entry_snapshot(struct context *context, struct workspace *workspace, const struct history_entry *entry) {
    struct source *source;
    char *text;
    size_t length;

    if (history_text(workspace->history, &context->arena, entry->commit, &text, &length, &context->diag))
        return NULL;
    source = source_new(&context->arena, arena_printf(&context->arena, "%.12s:snapshot.bal", entry->commit), text, length, &context->diag);
    return source ? snapshot_open(&context->arena, source, &entry->snapshot, &context->diag) : NULL;
}

static const char fetched[] =
    "git push origin 'refs/persist/*' sends it from the clone in which it was made; here it is fetched with " HISTORY_FETCH;

/* Of a version that the history of persist has not, because it was made in another clone: what was committed there. */
static struct snapshot *committed_snapshot(struct context *context, struct workspace *workspace, struct hash hash) {
    const char *hex = output_hash(&context->arena, hash);
    struct source *source = NULL;
    char *text;
    size_t length;
    int found = history_git_snapshot(workspace->history, &context->arena, hash, &text, &length, &context->diag);
    const char *gap = found > 0 ? history_git_gap(workspace->history) : NULL;

    if (found == 0)
        source = source_new(&context->arena, arena_printf(&context->arena, "snapshot %.12s", hex), text, length, &context->diag);
    if (found == 0)
        return source ? snapshot_open(&context->arena, source, &hash, &context->diag) : NULL;
    if (found > 0) {
        diag_fail(&context->diag, "the history has no snapshot %s, and neither has a commit", hex);
        diag_hint(&context->diag, "%s", gap ? gap : fetched);
    }
    return NULL;
}

struct snapshot *revision_snapshot(struct context *context, struct workspace *workspace, struct hash hash) {
    const char *hex = output_hash(&context->arena, hash);
    struct history_entry entry;
    int found;

    if (workspace->migrations.head && hash_equal(workspace->migrations.head->hash, hash))
        return workspace->migrations.head;
    if (need_history(context, workspace))
        return NULL;
    found = history_find(workspace->history, hex, &entry, &context->diag);
    if (found == 0)
        return entry_snapshot(context, workspace, &entry);
    return found > 0 ? committed_snapshot(context, workspace, hash) : NULL;
}

/* "@{N}": the N-th snapshot before the newest. */
static const struct schema *numbered_schema(struct context *context, struct workspace *workspace, const char *rev) {
    char *end;
    unsigned long number = strtoul(rev + 2, &end, 10);
    struct history_entry *entries;
    size_t count;

    if (end == rev + 2 || strcmp(end, "}") != 0 || number > 1000000) {
        diag_fail(&context->diag, "\"%s\" is not of the form @{N}", rev);
        return NULL;
    }
    if (need_history(context, workspace) || history_list(workspace->history, &context->arena, number + 1, &entries, &count, &context->diag))
        return NULL;
    if (number >= count) {
        diag_fail(&context->diag, "the history of branch \"%s\" has only %zu snapshot%s", history_branch(workspace->history), count,
                  count == 1 ? "" : "s");
        return NULL;
    }
    return schema_of(context, entry_snapshot(context, workspace, &entries[number]));
}

/* "git:REVISION": the model file as it was there. */
static const struct schema *git_schema(struct context *context, struct workspace *workspace, const char *revision) {
    struct model_options options = {.datastore = workspace->target.dialect->name, .comments = workspace->target.comments};
    struct source *source;
    char *text;
    size_t length;
    int found;

    if (need_history(context, workspace))
        return NULL;
    found = history_git_file(workspace->history, &context->arena, revision, workspace->place->file, &text, &length, &context->diag);
    if (found > 0)
        diag_fail(&context->diag, "\"%s\" did not exist at \"%s\"", workspace->place->file, revision);
    if (found)
        return NULL;
    source =
        source_new(&context->arena, arena_printf(&context->arena, "%s:%s", revision, workspace->place->file), text, length, &context->diag);
    return source ? model_read(&context->arena, source, &options, &context->diag) : NULL;
}

static bool is_hash_prefix(const char *text) {
    size_t length = strlen(text);

    for (const char *at = text; *at; at++)
        if (!isdigit((unsigned char)*at) && (*at < 'a' || *at > 'f'))
            return false;
    return length >= SHORTEST_HASH && length <= HISTORY_ID_LENGTH;
}

static const struct schema *hashed_schema(struct context *context, struct workspace *workspace, const char *prefix) {
    struct history_entry entry;
    int found;

    if (need_history(context, workspace))
        return NULL;
    found = history_find(workspace->history, prefix, &entry, &context->diag);
    if (found == 0)
        return schema_of(context, entry_snapshot(context, workspace, &entry));
    if (found > 0)
        diag_fail(&context->diag,
                  found == 1 ? "no snapshot's hash begins with \"%s\"" : "several snapshots begin with \"%s\"; write more of it", prefix);
    return NULL;
}

const struct schema *revision_schema(struct context *context, struct workspace *workspace, const char *rev) {
    const struct migration *migration;

    if (strcmp(rev, "model") == 0)
        return workspace_model(context, workspace);
    if (strcmp(rev, "snapshot") == 0)
        return head_schema(context, workspace);
    if (strncmp(rev, "@{", 2) == 0)
        return numbered_schema(context, workspace, rev);
    if (strncmp(rev, "git:", 4) == 0)
        return git_schema(context, workspace, rev + 4);
    if (need_migrations(context, workspace))
        return NULL;
    migration = migration_find_any(&context->arena, &workspace->migrations.chain, rev);
    if (migration)
        return schema_of(context, revision_snapshot(context, workspace, migration->snapshot));
    if (is_hash_prefix(rev))
        return hashed_schema(context, workspace, rev);
    diag_fail(&context->diag, "\"%s\" is no version of the model \"%s\"", rev, workspace->place->name);
    diag_hint(&context->diag, "write model, snapshot, a migration's id or label, a hash's beginning, @{N}, or git:REVISION");
    return NULL;
}
