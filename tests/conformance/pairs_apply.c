#include "pairs_apply.h"

#include <stdlib.h>
#include <string.h>

#include "apply.h"
#include "file.h"
#include "model.h"

enum { PATIENCE_SECONDS = 20, VERSION_COUNT = 2 };

/* A version of the chain: what was pulled from one side. */
struct version {
    struct hash hash;
    const struct schema *schema; /* declared form */
    struct seen *seen;
};

struct applied {
    struct versions versions; /* first */
    struct trial *trial;
    struct version all[VERSION_COUNT];
    struct chain chain;
    const char *folder;
};

static struct version *find_version(struct versions *versions, struct hash hash) {
    struct applied *applied = (struct applied *)(void *)versions;

    for (size_t i = 0; i < VERSION_COUNT; i++)
        if (hash_equal(applied->all[i].hash, hash))
            return &applied->all[i];
    return NULL;
}

static const struct schema *get_schema(struct versions *versions, struct hash hash, struct diag *diag) {
    const struct version *version = find_version(versions, hash);

    if (version)
        return version->schema;
    diag_fail(diag, "the chain has no such version");
    return NULL;
}

static const struct seen *get_seen(struct versions *versions, struct hash hash, const struct target *target, struct diag *diag) {
    struct applied *applied = (struct applied *)(void *)versions;
    struct version *version = find_version(versions, hash);

    (void)diag;
    if (!version->seen) {
        version->seen = ARENA_NEW(applied->trial->arena, struct seen);
        seen_make(applied->trial->arena, version->schema, target, applied->trial->server->url, version->seen);
    }
    return version->seen;
}

/* The model file as the program reads it. */
static int read_version(struct trial *trial, const char *text, struct version *version, struct diag *diag) {
    struct model_options options = {.datastore = trial->server->target.dialect->name, .comments = true};
    struct source *source = source_new(trial->arena, "model.bal", text, strlen(text), diag);

    version->hash = hash_bytes(text, strlen(text));
    version->schema = source ? model_read(trial->arena, source, &options, diag) : NULL;
    return version->schema ? 0 : -1;
}

static int write_script(const char *folder, const char *name, const char *text, struct diag *diag) {
    return file_write(file_join(diag->arena, folder, name), text, strlen(text), diag);
}

static int add_migration(struct applied *applied, const char *id, const char *const scripts[2], struct diag *diag) {
    const char *folder = file_join(applied->trial->arena, applied->folder, id);
    struct migration migration = {.id = id, .snapshot = applied->all[applied->chain.list.count].hash};

    migration.up = hash_bytes(scripts[0], strlen(scripts[0]));
    migration.down = hash_bytes(scripts[1], strlen(scripts[1]));
    if (file_make_folder(folder, diag) || write_script(folder, "up.sql", scripts[0], diag) ||
        write_script(folder, "down.sql", scripts[1], diag))
        return -1;
    chain_append(applied->trial->arena, &applied->chain, migration);
    return 0;
}

struct applied *applied_begin(struct trial *trial, struct diag *diag) {
    struct applied *applied = ARENA_NEW(trial->arena, struct applied);
    char folder[] = "/tmp/persist-applied.XXXXXX";

    *applied = (struct applied){.versions = {get_schema, get_seen}, .trial = trial};
    if (!mkdtemp(folder)) {
        diag_fail(diag, "no temporary folder");
        return NULL;
    }
    applied->folder = arena_strdup(trial->arena, folder);
    if (read_version(trial, trial->from.pulled.text, &applied->all[0], diag) ||
        read_version(trial, trial->to.pulled.text, &applied->all[1], diag) ||
        add_migration(applied, "20260101000000_first", (const char *const[]){"", ""}, diag) ||
        add_migration(applied, "20260101000001_second", (const char *const[]){trial->up, trial->down}, diag)) {
        applied_end(applied);
        return NULL;
    }
    return applied;
}

void applied_end(struct applied *applied) {
    struct diag unheard = {.arena = applied->trial->arena};

    file_remove(applied->folder, &unheard);
}

/* The journal says where the database stands, which is checked, too; then it is brought to the other version. */
static int stand_and_go(struct runner *runner, struct apply_request *request, bool down) {
    struct apply_outcome outcome;

    request->to = &request->chain->list.at[down];
    if (runner_look(runner) || apply_baseline(runner, request, &outcome) || runner_look(runner))
        return -1;
    request->to = NULL;
    return down ? apply_down(runner, request, &outcome) : apply_up(runner, request, &outcome);
}

int applied_run(struct applied *applied, bool down, struct diag *diag) {
    struct trial *trial = applied->trial;
    struct apply_request request = {
        .folder = applied->folder, .project = &applied->chain, .chain = &applied->chain, .versions = &applied->versions, .steps = 1};
    struct runner runner = {.arena = trial->arena, .diag = diag, .db = trial->from.place.db, .url = trial->from.place.url};
    struct diag unheard = {.arena = trial->arena};
    int result;

    runner.dialect = trial->server->target.dialect;
    runner.target = trial->server->target;
    runner.journal.dialect = runner.dialect;
    runner.journal.place = journal_place(trial->arena, NULL);
    runner.model = "corpus";
    runner.applied_by = runner.program = "the judge";
    runner.patience = (struct patience){.wait = PATIENCE_SECONDS, .batch_rows = 1000};
    if (runner_open(&runner))
        return -1;
    result = stand_and_go(&runner, &request, down);
    runner_close(&runner);
    (void)db_exec(runner.db, "DROP TABLE IF EXISTS persist_migrations", &unheard);
    return result;
}
