/* What belongs to the log of a branch and is not on its ref: what was fetched of others, and what the project's own commits brought. */
#include <string.h>

#include "file.h"
#include "history_internal.h"

static const char prefix[] = "refs/persist/";
static const char former[] = "before-git"; /* the bare repository, as if it were a remote */

/* Is A the commit B, or one that came on top of it? */
static bool has_below(struct history *history, const git_oid *a, const git_oid *b) {
    return git_oid_equal(a, b) || git_graph_descendant_of(history->repository, a, b) == 1;
}

static void add_unwritten(struct history *history, const git_oid *blob, struct hash snapshot) {
    struct history_unwritten *unwritten = vec_add(&history->arena, &history->unwritten);

    unwritten->blob = *blob;
    unwritten->entry.snapshot = snapshot;
}

static void note_snapshots(struct history *history, const struct history_log *log, struct map *known) {
    for (size_t i = 0; i < log->list.count; i++) {
        char hex[HASH_HEX_LENGTH + 1];

        hash_print(log->list.at[i].snapshot, hex);
        map_put(&history->arena, known, arena_strdup(&history->arena, hex), &log->list.at[i]);
    }
}

static bool is_noted(const struct map *known, struct hash snapshot) {
    char hex[HASH_HEX_LENGTH + 1];

    hash_print(snapshot, hex);
    return map_get(known, hex);
}

/* The blob of ENTRY's commit. 0, or -1 reported. */
static int find_blob(struct history *history, const struct history_entry *entry, git_oid *id, struct diag *diag) {
    git_commit *commit = NULL;
    git_blob *blob = NULL;
    git_oid at;

    if (git_oid_fromstr(&at, entry->commit) || git_commit_lookup(&commit, history->repository, &at) ||
        history_blob_at(history, commit, "snapshot.bal", &blob)) {
        git_commit_free(commit);
        return history_fail(diag, "read");
    }
    *id = *git_blob_id(blob);
    git_blob_free(blob);
    git_commit_free(commit);
    return 0;
}

/* The log goes on from THEIRS: what it has of its own since both parted comes on top, without what they have too. */
static int go_on_from(struct history *history, const git_oid *theirs, struct diag *diag) {
    struct history_log own = {0}, other = {0};
    struct map known = {0};
    git_oid base = {{0}};
    git_oid blob;
    size_t above = history->unwritten.count;
    struct history_unwritten *on_top = history->unwritten.at;

    git_merge_base(&base, history->repository, &history->tip, theirs); /* an error: they have nothing in common */
    if (history_read_log(history, &history->tip, &base, 0, &own, diag) || history_read_log(history, theirs, &base, 0, &other, diag))
        return -1;
    note_snapshots(history, &other, &known);
    history->unwritten.at = NULL;
    history->unwritten.count = history->unwritten.capacity = 0;
    for (size_t i = own.list.count; i-- > 0;) {
        if (is_noted(&known, own.list.at[i].snapshot))
            continue;
        if (find_blob(history, &own.list.at[i], &blob, diag))
            return -1;
        add_unwritten(history, &blob, own.list.at[i].snapshot);
    }
    for (size_t i = 0; i < above; i++)
        add_unwritten(history, &on_top[i].blob, on_top[i].entry.snapshot);
    history->tip = *theirs;
    return 0;
}

static int join_ref(struct history *history, const git_oid *theirs, void *state, struct diag *diag) {
    (void)state;
    if (git_oid_is_zero(&history->tip) || has_below(history, theirs, &history->tip)) {
        history->tip = *theirs;
        return 0;
    }
    return has_below(history, &history->tip, theirs) ? 0 : go_on_from(history, theirs, diag);
}

/* What the project had before it came into git is below all of its branches. */
static int join_former(struct history *history, struct diag *diag) {
    git_oid tip;

    if (git_reference_name_to_id(&tip, history->repository,
                                 arena_printf(&history->arena, HISTORY_FETCHED "%s/%s/heads/main", former, history->model)))
        return 0;
    return join_ref(history, &tip, NULL, diag);
}

/* The same branch in the repositories from which was fetched. */
static int join_fetched(struct history *history, struct diag *diag) {
    const char *glob = arena_printf(&history->arena, HISTORY_FETCHED "*/%s", history->ref + sizeof prefix - 1);

    return history_each_ref(history, glob, join_ref, NULL, diag);
}

void history_take_over(struct history *history, const char *bare) {
    const char *name = arena_printf(&history->arena, HISTORY_FETCHED "%s/%s/heads/main", former, history->model);
    char *spec = arena_printf(&history->arena, "+refs/persist/*:" HISTORY_FETCHED "%s/*", former);
    git_strarray specs = {&spec, 1};
    git_fetch_options options;
    git_remote *remote = NULL;
    git_oid id;

    if (!file_exists(bare) || git_reference_name_to_id(&id, history->repository, name) == 0)
        return;
    git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
    options.update_fetchhead = 0;
    options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
    if (git_remote_create_anonymous(&remote, history->repository, bare) == 0)
        git_remote_fetch(remote, &specs, &options, NULL);
    git_remote_free(remote);
}

/* --- what the project's commits brought --- */

struct version {
    git_oid blob;
    struct hash snapshot;
};

struct versions {
    VEC(struct version) list; /* newest first */
    struct map known;         /* snapshots of the log */
    bool noted;               /* all of them */
};

/* Is SNAPSHOT in the log? Mostly it is the newest; the others are read when one is not. */
static int is_in_log(struct history *history, struct versions *versions, struct hash snapshot, struct diag *diag) {
    struct history_log log = {0};

    if (versions->noted)
        return is_noted(&versions->known, snapshot);
    if (!git_oid_is_zero(&history->tip) && history_read_log(history, &history->tip, NULL, 1, &log, diag))
        return -1;
    if (log.list.count && hash_equal(log.list.at[0].snapshot, snapshot))
        return 1;
    log.list.count = 0;
    if (!git_oid_is_zero(&history->tip) && history_read_log(history, &history->tip, NULL, 0, &log, diag))
        return -1;
    for (size_t i = 0; i < history->unwritten.count; i++)
        vec_push(&history->arena, &log.list, history->unwritten.at[i].entry);
    note_snapshots(history, &log, &versions->known);
    versions->noted = true;
    return is_noted(&versions->known, snapshot);
}

/* Is the version with the blob ID in the log? 1; 0 it is not, and is noted; -1 reported. A clone may lack it. */
static int note_version(struct history *history, struct versions *versions, const git_oid *id, struct diag *diag) {
    struct version version = {.blob = *id};
    git_blob *blob = NULL;
    int found;

    if (versions->list.count && git_oid_equal(&versions->list.at[versions->list.count - 1].blob, id))
        return 0;
    if (git_blob_lookup(&blob, history->repository, id)) {
        history->cut = true;
        return 0;
    }
    version.snapshot = hash_bytes(git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob));
    git_blob_free(blob);
    found = is_in_log(history, versions, version.snapshot, diag);
    if (found == 0)
        vec_push(&history->arena, &versions->list, version);
    return found;
}

/* Along the first parents of HEAD, newest first, as far as they are not in the log, and as far as the clone goes. */
static int collect_versions(struct history *history, const char *path, struct versions *versions, struct diag *diag) {
    git_commit *commit = NULL;
    git_oid id;
    int found = 0;

    if (git_reference_name_to_id(&id, history->repository, "HEAD") == 0)
        git_commit_lookup(&commit, history->repository, &id);
    while (commit && found == 0) {
        bool is_first = git_commit_parentcount(commit) == 0;
        int there = history_id_at(history, commit, path, GIT_OBJECT_BLOB, &id);

        if (there == 0)
            found = note_version(history, versions, &id, diag);
        commit = history_step_back(commit);
        history->cut = history->cut || there < 0 || (!commit && !is_first);
    }
    git_commit_free(commit);
    return found < 0 ? -1 : 0;
}

static int join_committed(struct history *history, struct diag *diag) {
    const char *path = history_place_in_tree(history, &history->arena, history->snapshot_path);
    struct versions versions = {0};

    if (!path)
        return 0;
    if (collect_versions(history, path, &versions, diag))
        return -1;
    for (size_t i = versions.list.count; i-- > 0;)
        add_unwritten(history, &versions.list.at[i].blob, versions.list.at[i].snapshot);
    return 0;
}

/* --- all of it --- */

/* What commits the unwritten ones will be. */
static int name_unwritten(struct history *history, struct diag *diag) {
    struct history_log log = {0};

    if (!git_oid_is_zero(&history->tip) && history_read_log(history, &history->tip, NULL, 1, &log, diag))
        return -1;
    history->newest = log.list.count ? log.list.at[0] : (struct history_entry){.generation = 0};
    for (size_t i = 0; i < history->unwritten.count; i++) {
        struct history_unwritten *unwritten = &history->unwritten.at[i];
        git_oid id;

        if (history_commit(history, &unwritten->blob, unwritten->entry.snapshot, &history->newest, false, &id))
            return history_fail(diag, "read");
        git_oid_tostr(unwritten->entry.commit, sizeof unwritten->entry.commit, &id);
        unwritten->entry.generation = history->newest.generation + 1;
        history->newest = unwritten->entry;
    }
    return 0;
}

int history_join(struct history *history, struct diag *diag) {
    int error;

    if (history->joined || !history->repository)
        return 0;
    history->own = (git_oid){{0}};
    history->unwritten.count = 0;
    history->cut = false;
    error = git_reference_name_to_id(&history->own, history->repository, history->ref);
    if (error && error != GIT_ENOTFOUND)
        return history_fail(diag, "read");
    history->tip = history->own;
    if ((git_oid_is_zero(&history->own) && join_former(history, diag)) || join_fetched(history, diag) ||
        (!history->bare && join_committed(history, diag)) || name_unwritten(history, diag))
        return -1;
    history->joined = true;
    return 0;
}
