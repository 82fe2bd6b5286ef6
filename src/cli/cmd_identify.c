#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "progress.h"
#include "revision.h"
#include "sides.h"

/* A version that the database may be. */
struct candidate {
    const struct migration *migration; /* NULL: of the history alone */
    struct hash hash;
    const struct schema *schema;
    size_t age;      /* 0: the newest */
    size_t distance; /* tables that only one of the two has: no comparison finds less than that */
};

struct identification {
    struct workspace workspace;
    struct connection connection;
    struct pulled pulled;
    VEC(struct candidate) candidates;
    struct map tables;            /* of the database */
    const struct candidate *best; /* what it is, or the nearest */
    bool exact;                   /* the snapshot of what was pulled has the hash of the best */
    struct deltas deltas;         /* from the best to the database */
    const char *loosely;
};

/* --- the versions there are --- */

static bool is_listed(const struct identification *job, struct hash hash) {
    for (size_t i = 0; i < job->candidates.count; i++)
        if (hash_equal(job->candidates.at[i].hash, hash))
            return true;
    return false;
}

static void list_version(struct context *context, struct identification *job, struct hash hash, const struct migration *migration) {
    struct candidate *candidate;

    if (is_listed(job, hash))
        return;
    candidate = vec_add(&context->arena, &job->candidates);
    *candidate = (struct candidate){.hash = hash, .migration = migration, .age = job->candidates.count};
}

/* Those of the chain, newest first, then what the history has besides. */
static int list_versions(struct context *context, struct identification *job) {
    const struct chain *chain = &job->workspace.migrations.chain;
    struct history_entry *entries;
    size_t count;

    for (size_t i = chain->list.count; i-- > 0;) {
        struct migration_list leaves = {0};

        list_version(context, job, chain->list.at[i].snapshot, &chain->list.at[i]);
        chain_leaves(&context->arena, &chain->list.at[i], &leaves);
        for (size_t k = leaves.list.count; k-- > 0;)
            list_version(context, job, leaves.list.at[k]->snapshot, leaves.list.at[k]);
    }
    if (history_list(job->workspace.history, &context->arena, 0, &entries, &count, &context->diag))
        return -1;
    for (size_t i = 0; i < count; i++)
        list_version(context, job, entries[i].snapshot, NULL);
    if (job->candidates.count)
        return 0;
    diag_fail(&context->diag, "the model \"%s\" has no version yet that the database could be", job->workspace.place->name);
    diag_hint(&context->diag, "\"persist pull --baseline\" or \"persist migrate\" writes the first");
    return -1;
}

static size_t distance_to(const struct identification *job, const struct schema *schema) {
    size_t shared = 0;

    for (size_t i = 0; i < schema->entity_count; i++)
        shared += map_get(&job->tables, schema->entities[i]->table) != NULL;
    return schema->entity_count - shared + (job->pulled.found->entity_count > shared ? job->pulled.found->entity_count - shared : 0);
}

static int compare_candidates(const void *a, const void *b) {
    const struct candidate *one = a, *two = b;

    if (one->distance != two->distance)
        return one->distance < two->distance ? -1 : 1;
    return one->age < two->age ? -1 : one->age > two->age;
}

/* Reads every version, the likely ones first. One that cannot be read any more is left out. */
static void read_versions(struct context *context, struct identification *job) {
    struct diag kept = context->diag;
    size_t count = 0;

    context->diag = (struct diag){.arena = &context->arena};
    for (size_t i = 0; i < job->pulled.found->entity_count; i++)
        map_put(&context->arena, &job->tables, job->pulled.found->entities[i]->table, job->pulled.found->entities[i]);
    for (size_t i = 0; i < job->candidates.count; i++) {
        struct candidate candidate = job->candidates.at[i];
        struct snapshot *snapshot = revision_snapshot(context, &job->workspace, candidate.hash);

        candidate.schema = snapshot ? snapshot_schema(&context->arena, snapshot, &context->diag) : NULL;
        if (!candidate.schema)
            continue;
        candidate.distance = distance_to(job, candidate.schema);
        job->candidates.at[count++] = candidate;
    }
    job->candidates.count = count;
    if (count)
        qsort(job->candidates.at, count, sizeof *job->candidates.at, compare_candidates);
    context->diag = kept;
}

/* --- the one that it is --- */

static struct hash hash_of(const struct schema *schema) {
    struct str text = STR_INIT;
    struct hash hash;

    snapshot_print(schema, &text);
    hash = hash_bytes(text.text, text.length);
    str_free(&text);
    return hash;
}

/* By hash: what is pulled with the names of a version, printed, is that version to the byte. */
static void find_exact(struct context *context, struct identification *job) {
    for (size_t i = 0; i < job->candidates.count && job->candidates.at[i].distance == 0 && !job->exact; i++) {
        pulled_declare(context, &job->pulled, job->candidates.at[i].schema);
        job->exact = hash_equal(hash_of(job->pulled.declared), job->candidates.at[i].hash);
        if (job->exact)
            job->best = &job->candidates.at[i];
    }
}

/* What differs from one version to the database, in one form. */
static int find_deltas(struct context *context, struct identification *job, const struct candidate *candidate, struct deltas *deltas) {
    struct pairing pairing = {.schema = candidate->schema};
    struct rename_answers none = {0};
    struct renames renames = {0};

    *deltas = (struct deltas){0};
    if (sides_pair(context, &job->workspace, &job->pulled, &pairing) ||
        renames_find(&context->arena, pairing.version, job->pulled.declared, &none, &renames, &context->diag))
        return -1;
    deltas_find(&context->arena, pairing.version, job->pulled.declared, &renames, deltas);
    job->loosely = pairing.loosely;
    return 0;
}

/* A version whose tables alone differ in more than the best in all is not looked at: the rest are sorted behind it. */
static int find_nearest(struct context *context, struct identification *job) {
    for (size_t i = 0; i < job->candidates.count; i++) {
        const struct candidate *candidate = &job->candidates.at[i];
        struct deltas deltas;

        if (job->best && (candidate->distance >= job->deltas.list.count || !job->deltas.list.count))
            break;
        if (find_deltas(context, job, candidate, &deltas))
            return -1;
        if (job->best && deltas.list.count >= job->deltas.list.count)
            continue;
        job->best = candidate;
        job->deltas = deltas;
    }
    return job->best ? 0 : diag_fail(&context->diag, "none of the versions of \"%s\" can be read", job->workspace.place->name);
}

/* --- saying it --- */

static const char *name_of(struct context *context, const struct candidate *candidate) {
    const char *hash = output_hash(&context->arena, candidate->hash);

    return candidate->migration ? candidate->migration->id : arena_printf(&context->arena, "snapshot %.12s", hash);
}

/* How many migrations come behind the version; 0 for one of the history alone. Ids are in the order of the chain. */
static size_t count_behind(struct context *context, const struct identification *job) {
    const struct chain *chain = &job->workspace.migrations.chain;
    const struct migration *found = job->best->migration;
    struct migration_list parts = {0};
    size_t count = 0;

    for (size_t i = 0; found && i < chain->list.count; i++) {
        count += strncmp(chain->list.at[i].id, found->id, 14) > 0 &&
                 strcmp(chain->list.at[i].id, found->squashed_into ? found->squashed_into : "") != 0;
        if (found->squashed_into && strcmp(chain->list.at[i].id, found->squashed_into) == 0)
            chain_leaves(&context->arena, &chain->list.at[i], &parts);
    }
    for (size_t i = 0; i < parts.list.count; i++)
        count += strcmp(parts.list.at[i]->id, found->id) > 0;
    return count;
}

static void print_json(struct context *context, const struct identification *job) {
    const struct candidate *best = job->best;

    output_json(context,
                json_pack("{s:s, s:s, s:b, s:b, s:s?, s:s, s:I, s:o}", "model", job->workspace.place->name, "database",
                          job->connection.shown, "identified", job->exact || !job->deltas.list.count, "exact", job->exact, "migration",
                          best->migration ? best->migration->id : NULL, "snapshot", output_hash(&context->arena, best->hash), "behind",
                          (json_int_t)count_behind(context, job), "deltas", output_deltas(&job->deltas)));
}

static void print_text(struct context *context, const struct identification *job) {
    const char *name = name_of(context, job->best);
    size_t behind = count_behind(context, job);

    if (job->deltas.list.count) {
        say(context, "%s is no version of \"%s\"", job->connection.shown, job->workspace.place->name);
        say(context, "the nearest is %s; from there to the database:", name);
        output_delta_lines(&context->arena, context->out, &job->deltas);
    } else {
        fprintf(context->out, "%s\n", name);
        if (behind)
            say(context, "%zu migration%s come%s behind it", behind, behind == 1 ? "" : "s", behind == 1 ? "s" : "");
    }
    if (job->loosely && !job->exact)
        say(context, "expressions were compared only by being there: %s", job->loosely);
}

static int run(struct context *context, struct identification *job) {
    struct workspace *workspace = &job->workspace;
    const char *named = context->options.argument_count ? context->options.arguments[0] : "database";

    if (workspace_open(context, workspace) || workspace_open_migrations(context, workspace) || workspace_open_history(context, workspace) ||
        list_versions(context, job) || connection_find(context, &workspace->project, named, &job->connection))
        return -1;
    if (job->connection.dialect != workspace->target.dialect)
        return diag_fail(&context->diag, "\"%s\" is %s, and the model \"%s\" is for %s", job->connection.shown,
                         job->connection.dialect->title, workspace->place->name, workspace->target.dialect->title);
    progress_step(context, "connecting");
    job->pulled.privileges =
        workspace->migrations.head && pulled_has_privileges(snapshot_schema(&context->arena, workspace->migrations.head, &context->diag));
    job->pulled.journal = workspace->place->config->journal;
    if (connection_open(context, &job->connection) || pulled_read(context, &job->connection, &workspace->target, &job->pulled))
        return -1;
    progress_step(context, "comparing it with every version");
    read_versions(context, job);
    find_exact(context, job);
    if (!job->exact && find_nearest(context, job))
        return -1;
    if (context->options.json)
        print_json(context, job);
    else
        print_text(context, job);
    return 0;
}

enum exit_code cmd_identify(struct context *context) {
    struct identification job = {0};
    int result = run(context, &job);

    connection_close(&job.connection);
    workspace_close(&job.workspace);
    if (result)
        return EXIT_FAILED;
    return job.deltas.list.count ? EXIT_PENDING : EXIT_DONE;
}
