#include "lineage.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "decide.h"
#include "file.h"
#include "output.h"
#include "revision.h"

/* One item of a snapshot's text. */
struct block {
    const char *text;
    size_t length;
    const char *name; /* of the entity, enum or object; the imports have none */
};

struct lineage_step {
    const struct migration *migration;
    struct snapshot *snapshot; /* NULL until it was asked for */
    struct map by_name;        /* name → struct block */
    VEC(struct block) blocks;
    VEC(const char *) changed; /* names whose blocks differ from the version before */
    bool compared;
    struct decisions *decisions; /* NULL until they were asked for */
};

/* --- where versions are --- */

static void index_entries(struct lineage *lineage, const struct history_entry *entries, size_t count) {
    struct arena *arena = &lineage->context->arena;

    for (size_t i = 0; i < count; i++)
        map_put(arena, &lineage->entries, output_hash(arena, entries[i].snapshot), &entries[i]);
}

static int read_history(struct lineage *lineage) {
    struct context *context = lineage->context;
    struct workspace *workspace = lineage->workspace;
    struct history_addition *additions;
    struct history_entry *entries;
    size_t count;

    if (workspace_open_history(context, workspace) ||
        history_list(workspace->history, &context->arena, 0, &entries, &count, &context->diag))
        return -1;
    index_entries(lineage, entries, count);
    if (history_git_additions(workspace->history, &context->arena, workspace->place->migrations, &additions, &count, &context->diag))
        return -1;
    for (size_t i = 0; i < count; i++)
        map_put(&context->arena, &lineage->additions, additions[i].name, &additions[i]);
    return 0;
}

int lineage_open(struct context *context, struct workspace *workspace, struct lineage *lineage) {
    const struct chain *chain = &workspace->migrations.chain;
    struct migration_list leaves = {0};

    *lineage = (struct lineage){.context = context, .workspace = workspace};
    if (!chain->list.count) {
        diag_fail(&context->diag, "the model \"%s\" has no migrations yet", workspace->place->name);
        diag_hint(&context->diag, "\"persist migrate\" writes the first");
        return -1;
    }
    for (size_t i = 0; i < chain->list.count; i++)
        chain_leaves(&context->arena, &chain->list.at[i], &leaves);
    lineage->count = leaves.list.count;
    lineage->steps = ARENA_ARRAY(&context->arena, struct lineage_step, leaves.list.count);
    for (size_t i = 0; i < leaves.list.count; i++)
        lineage->steps[i].migration = leaves.list.at[i];
    return read_history(lineage);
}

const struct migration *lineage_migration(const struct lineage *lineage, size_t at) {
    return lineage->steps[at].migration;
}

const struct history_addition *lineage_addition(const struct lineage *lineage, size_t at) {
    return map_get(&lineage->additions, lineage->steps[at].migration->id);
}

/* --- versions --- */

/* A clone has no refs of migrations that were merged in: their snapshots are in the commits that brought them. */
static struct source *committed_snapshot(struct lineage *lineage, size_t at) {
    struct context *context = lineage->context;
    const struct history_addition *addition = lineage_addition(lineage, at);
    struct diag ignored = {.arena = &context->arena};
    char *text;
    size_t length;

    if (!addition ||
        history_git_file(lineage->workspace->history, &context->arena, addition->commit,
                         file_join(&context->arena, lineage->workspace->place->migrations, "snapshot.bal"), &text, &length, &ignored) ||
        !hash_equal(hash_bytes(text, length), lineage->steps[at].migration->snapshot))
        return NULL;
    return source_new(&context->arena, arena_printf(&context->arena, "%.12s:snapshot.bal", addition->commit), text, length, &context->diag);
}

static struct source *kept_snapshot(struct lineage *lineage, const struct history_entry *entry) {
    struct context *context = lineage->context;
    char *text;
    size_t length;

    if (history_text(lineage->workspace->history, &context->arena, entry->commit, &text, &length, &context->diag))
        return NULL;
    return source_new(&context->arena, arena_printf(&context->arena, "%.12s:snapshot.bal", entry->commit), text, length, &context->diag);
}

static struct snapshot *read_snapshot(struct lineage *lineage, size_t at) {
    struct context *context = lineage->context;
    const struct hash *hash = &lineage->steps[at].migration->snapshot;
    struct snapshot *head = lineage->workspace->migrations.head;
    const struct history_entry *entry = map_get(&lineage->entries, output_hash(&context->arena, *hash));
    struct source *source;

    if (head && hash_equal(head->hash, *hash))
        return head;
    source = entry ? kept_snapshot(lineage, entry) : committed_snapshot(lineage, at);
    if (source)
        return snapshot_open(&context->arena, source, hash, &context->diag);
    return context->diag.errors ? NULL : revision_snapshot(context, lineage->workspace, *hash);
}

static struct snapshot *snapshot_at(struct lineage *lineage, size_t at) {
    if (!lineage->steps[at].snapshot)
        lineage->steps[at].snapshot = read_snapshot(lineage, at);
    return lineage->steps[at].snapshot;
}

const struct schema *lineage_schema(struct lineage *lineage, size_t at) {
    struct snapshot *snapshot = snapshot_at(lineage, at);

    return snapshot ? snapshot_schema(&lineage->context->arena, snapshot, &lineage->context->diag) : NULL;
}

const struct schema *lineage_schema_before(struct lineage *lineage, size_t at) {
    return at ? lineage_schema(lineage, at - 1) : empty_schema(&lineage->context->arena);
}

/* --- which versions differ where --- */

/* The name behind the words that begin an item, in one of the lines of TEXT; NULL: it is none. */
static const char *block_name(struct arena *arena, const char *text, size_t length) {
    static const char *const headers[] = {"public type ", "public enum ", "const string "};

    for (const char *line = text; line < text + length; line += strcspn(line, "\n") + 1)
        for (size_t i = 0; i < sizeof headers / sizeof *headers; i++)
            if (strncmp(line, headers[i], strlen(headers[i])) == 0) {
                const char *name = line + strlen(headers[i]);

                name += *name == '\'';
                return arena_strndup(arena, name, strcspn(name, " "));
            }
    return NULL;
}

/* Items have an empty line between them. What stands behind an empty line inside an object's text belongs to the object. */
static void index_blocks(struct arena *arena, struct lineage_step *step) {
    const char *text = step->snapshot->source->text;

    if (step->blocks.count)
        return;
    while (*text) {
        const char *end = strstr(text, "\n\n");
        size_t length = end ? (size_t)(end - text) + 1 : strlen(text);
        const char *name = block_name(arena, text, length);

        if (name || !step->blocks.count)
            *vec_add(arena, &step->blocks) = (struct block){text, length, name};
        else
            step->blocks.at[step->blocks.count - 1].length = (size_t)(text - step->blocks.at[step->blocks.count - 1].text) + length;
        text += length + (text[length] == '\n');
    }
    for (size_t i = 0; i < step->blocks.count; i++)
        if (step->blocks.at[i].name)
            map_put(arena, &step->by_name, step->blocks.at[i].name, &step->blocks.at[i]);
}

static bool same_block(const struct block *a, const struct block *b) {
    return a && b && a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* The names of what differs between a version and the one before; in the order of the newer text, then of the older. */
static int compare_versions(struct lineage *lineage, size_t at) {
    struct arena *arena = &lineage->context->arena;
    struct lineage_step *after = &lineage->steps[at];
    struct lineage_step none = {0};
    struct lineage_step *before = at ? &lineage->steps[at - 1] : &none;

    if (after->compared)
        return 0;
    if (!snapshot_at(lineage, at) || (at && !snapshot_at(lineage, at - 1)))
        return -1;
    index_blocks(arena, after);
    if (at)
        index_blocks(arena, before);
    for (size_t i = 0; i < after->blocks.count; i++)
        if (after->blocks.at[i].name && !same_block(&after->blocks.at[i], map_get(&before->by_name, after->blocks.at[i].name)))
            vec_push(arena, &after->changed, after->blocks.at[i].name);
    for (size_t i = 0; i < before->blocks.count; i++)
        if (before->blocks.at[i].name && !map_get(&after->by_name, before->blocks.at[i].name))
            vec_push(arena, &after->changed, before->blocks.at[i].name);
    after->compared = true;
    return 0;
}

/* --- what was decided --- */

/* What stands in the head of the migration's script; a script that is lost says nothing. */
static const struct decisions *decisions_at(struct lineage *lineage, size_t at) {
    struct arena *arena = &lineage->context->arena;
    struct lineage_step *step = &lineage->steps[at];
    const char *folder = file_join(arena, lineage->workspace->place->migrations, step->migration->folder);
    struct diag ignored = {.arena = arena};
    char *text;
    size_t length;

    if (step->decisions)
        return step->decisions;
    step->decisions = ARENA_NEW(arena, struct decisions);
    if (file_read(arena, file_join(arena, folder, "up.sql"), &text, &length, &ignored) == 0)
        decisions_read(arena, text, step->decisions);
    return step->decisions;
}

/* Is OWNER, as it is called behind the migration or before it, part of an answer? A swap of two names leaves no trace in the text. */
static bool was_decided_about(const struct names *renames, const char *owner) {
    size_t length = strlen(owner);

    for (size_t i = 0; i < renames->count; i++) {
        const char *text = renames->at[i];
        const char *equals = strchr(text, '=');

        if ((strncmp(text, owner, length) == 0 && (text[length] == '.' || text[length] == '=')) ||
            (equals && strcmp(equals + 1, owner) == 0))
            return true;
    }
    return false;
}

int lineage_touches(struct lineage *lineage, size_t at, const char *owner) {
    struct lineage_step *step = &lineage->steps[at];
    const struct block *block;
    struct names renames;

    if (compare_versions(lineage, at))
        return -1;
    block = map_get(&step->by_name, owner);
    for (size_t i = 0; i < step->changed.count; i++) {
        const char *place;

        if (strcmp(step->changed.at[i], owner) == 0)
            return 1;
        /* What it refers to changed: the columns of a relation follow the key of its target. */
        place = block ? strstr(block->text, step->changed.at[i]) : NULL;
        if (place && place < block->text + block->length)
            return 1;
    }
    renames = decisions_of(&lineage->context->arena, decisions_at(lineage, at), "rename");
    return was_decided_about(&renames, owner);
}

int lineage_renames(struct lineage *lineage, size_t at, struct renames *renames) {
    struct context *context = lineage->context;
    const struct schema *from = lineage_schema_before(lineage, at);
    const struct schema *to = from ? lineage_schema(lineage, at) : NULL;

    *renames = (struct renames){0};
    if (!to)
        return -1;
    decide_again_renames(context, from, to, decisions_at(lineage, at), renames);
    return 0;
}

int lineage_renames_between(struct lineage *lineage, size_t first, size_t last, struct renames *renames) {
    *renames = (struct renames){0};
    for (size_t at = first; at < last; at++) {
        struct renames next, all = {0};

        if (lineage_renames(lineage, at, &next))
            return -1;
        renames_compose(&lineage->context->arena, renames, &next, &all);
        *renames = all;
    }
    return 0;
}

const struct source *lineage_text(struct lineage *lineage, size_t at) {
    struct snapshot *snapshot = snapshot_at(lineage, at);

    return snapshot ? snapshot->source : NULL;
}

int lineage_deltas(struct lineage *lineage, size_t at, struct deltas *deltas) {
    struct renames renames;

    *deltas = (struct deltas){0};
    if (lineage_renames(lineage, at, &renames))
        return -1;
    deltas_find(&lineage->context->arena, lineage_schema_before(lineage, at), lineage_schema(lineage, at), &renames, deltas);
    return 0;
}

/* --- who --- */

static bool in_git(const struct lineage *lineage) {
    return lineage->additions.count > 0;
}

const char *lineage_who(const struct lineage *lineage, size_t at) {
    const struct history_addition *addition = lineage_addition(lineage, at);

    if (addition)
        return addition->author;
    return in_git(lineage) ? "not committed yet" : "-";
}

const char *lineage_date(struct arena *arena, const struct lineage *lineage, size_t at) {
    const struct history_addition *addition = lineage_addition(lineage, at);
    const char *id = lineage->steps[at].migration->id;
    char text[32];
    struct tm when;
    time_t seconds;

    if (!addition)
        return arena_printf(arena, "%.4s-%.2s-%.2s %.2s:%.2s", id, id + 4, id + 6, id + 8, id + 10);
    seconds = (time_t)(addition->seconds + 60LL * addition->offset);
    gmtime_r(&seconds, &when);
    strftime(text, sizeof text, "%Y-%m-%d %H:%M", &when);
    return arena_strdup(arena, text);
}

json_t *lineage_json(const struct lineage *lineage, size_t at) {
    const struct history_addition *addition = lineage_addition(lineage, at);
    struct arena *arena = &lineage->context->arena;

    return json_pack("{s:s, s:s, s:s?, s:s?, s:s?}", "migration", lineage->steps[at].migration->id, "date",
                     lineage_date(arena, lineage, at), "author", addition ? addition->author : NULL, "email",
                     addition ? addition->email : NULL, "commit", addition ? addition->commit : NULL);
}
