#include "history_internal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "file.h"

static const char tree_entry[] = "snapshot.bal";
static const char message_prefix[] = "snapshot ";

enum { APPEND_TRIES = 400 };

int history_fail(struct diag *diag, const char *doing) {
    const git_error *error = git_error_last();

    return diag_fail(diag, "cannot %s the history: %s", doing, error && error->message ? error->message : "unknown error of git");
}

/* The branch that HEAD names, also when it has no commit yet; "detached" when HEAD is at a commit. */
static const char *find_branch(struct history *history) {
    git_reference *head = NULL;
    const char *branch = "main";

    if (history->repository && git_reference_lookup(&head, history->repository, "HEAD") == 0) {
        const char *target = git_reference_symbolic_target(head);

        if (!target)
            branch = "detached";
        else if (strncmp(target, "refs/heads/", 11) == 0)
            branch = arena_strdup(&history->arena, target + 11);
    }
    git_reference_free(head);
    return branch;
}

static int open_repository(struct history *history, const char *project, struct diag *diag) {
    int error = git_repository_open_ext(&history->repository, project, 0, NULL);

    if (error == 0)
        return 0;
    if (error != GIT_ENOTFOUND)
        return history_fail(diag, "open");
    history->bare = file_join(&history->arena, project, "persist/.history");
    error = git_repository_open_bare(&history->repository, history->bare);
    return error == 0 || error == GIT_ENOTFOUND ? 0 : history_fail(diag, "open");
}

/* libgit2 with mbed TLS reads and parses the certificates of the whole system in git_libgit2_init(): 56 million instructions, more than
 * migrating a model of 500 entities takes, for connections that are never made here. There is no option against it, so the program has
 * an empty list of certificates: a connection would be refused, not trusted. Where libgit2 is built with another library, nobody calls
 * this. */
int mbedtls_x509_crt_parse_file(void *chain, const char *path);

int mbedtls_x509_crt_parse_file(void *chain, const char *path) {
    (void)chain;
    (void)path;
    return 0;
}

/* The settings that cost most and bring least here: objects are hashed by libgit2 on reading already, and every name is made by us. */
static void set_options(void) {
    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
    git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
}

struct history *history_open(const struct history_place *place, struct diag *diag) {
    struct arena arena = {0};
    struct history *history = ARENA_NEW(&arena, struct history);

    history->arena = arena; /* which holds the struct itself */
    git_libgit2_init();
    set_options();
    history->model = arena_strdup(&history->arena, place->model);
    history->snapshot_path = arena_strdup(&history->arena, place->snapshot_path);
    if (open_repository(history, place->project, diag)) {
        history_close(history);
        return NULL;
    }
    history->branch = history->bare ? "main" : find_branch(history);
    history->ref = arena_printf(&history->arena, "refs/persist/%s/heads/%s", history->model, history->branch);
    return history;
}

void history_close(struct history *history) {
    struct arena arena;

    if (!history)
        return;
    arena = history->arena;
    git_repository_free(history->repository);
    git_libgit2_shutdown();
    arena_free(&arena);
}

const char *history_branch(const struct history *history) {
    return history->branch;
}

/* What the commit says: the snapshot's hash stands in its message, the generation is its time. */
static int read_entry(git_commit *commit, struct history_entry *entry, struct diag *diag) {
    const char *message = git_commit_message(commit);

    git_oid_tostr(entry->commit, sizeof entry->commit, git_commit_id(commit));
    entry->generation = (size_t)git_commit_time(commit);
    if (strncmp(message, message_prefix, sizeof message_prefix - 1) != 0 ||
        hash_parse(message + sizeof message_prefix - 1, &entry->snapshot))
        return diag_fail(diag, "commit %s is on a history of persist, but its message names no snapshot", entry->commit);
    return 0;
}

/* The commit that the model's ref is at: 0, 1 when there is no ref, -1 reported. */
static int ref_commit(struct history *history, git_commit **commit, struct diag *diag) {
    git_oid id;
    int error;

    *commit = NULL;
    if (!history->repository)
        return 1;
    error = git_reference_name_to_id(&id, history->repository, history->ref);
    if (error == GIT_ENOTFOUND)
        return 1;
    if (error || git_commit_lookup(commit, history->repository, &id))
        return history_fail(diag, "read");
    return 0;
}

/* Writes the commit for the blob BLOB on PARENT (may be NULL): author, time and message depend on nothing else. */
static int write_commit(struct history *history, const git_oid *blob, struct hash snapshot, git_commit *parent, git_oid *id) {
    const git_commit *parents[] = {parent};
    git_treebuilder *builder = NULL;
    git_signature *who = NULL;
    git_tree *tree = NULL;
    git_oid tree_id;
    char message[sizeof message_prefix + HASH_HEX_LENGTH + 1] = "";
    int error;

    memcpy(message, message_prefix, sizeof message_prefix);
    hash_print(snapshot, message + sizeof message_prefix - 1);
    message[sizeof message_prefix - 1 + HASH_HEX_LENGTH] = '\n';
    error = git_treebuilder_new(&builder, history->repository, NULL);
    if (!error)
        error = git_treebuilder_insert(NULL, builder, tree_entry, blob, GIT_FILEMODE_BLOB);
    if (!error)
        error = git_treebuilder_write(&tree_id, builder);
    if (!error)
        error = git_tree_lookup(&tree, history->repository, &tree_id);
    if (!error)
        error = git_signature_new(&who, "persist", "persist@localhost", parent ? git_commit_time(parent) + 1 : 1, 0);
    if (!error)
        error = git_commit_create(id, history->repository, NULL, who, who, NULL, message, tree, parent ? 1 : 0, parents);
    git_signature_free(who);
    git_tree_free(tree);
    git_treebuilder_free(builder);
    return error;
}

/* Moves the ref from PARENT (NULL: it must not exist) to ID: 0, or an error of git; GIT_EMODIFIED and GIT_EEXISTS: somebody else was first. */
static int move_ref(struct history *history, git_commit *parent, const git_oid *id) {
    git_reference *ref = NULL;
    int error;

    if (parent)
        error = git_reference_create_matching(&ref, history->repository, history->ref, id, 1, git_commit_id(parent), "persist: snapshot");
    else
        error = git_reference_create(&ref, history->repository, history->ref, id, 0, "persist: first snapshot");
    git_reference_free(ref);
    return error;
}

static void pause_before_retry(int attempt) {
    struct timespec pause = {.tv_nsec = 1000000L * (1 + (attempt * 7 + (int)getpid() % 13) % 40)};

    nanosleep(&pause, NULL);
}

static bool somebody_was_first(int error) {
    return error == GIT_EMODIFIED || error == GIT_EEXISTS || error == GIT_ELOCKED || error == GIT_ENOTFOUND;
}

/* Is the newest snapshot SNAPSHOT? 1 when it is, 0 when not, -1 reported. */
static int is_newest(git_commit *head, struct hash snapshot, struct diag *diag) {
    struct history_entry entry;

    if (!head)
        return 0;
    if (read_entry(head, &entry, diag))
        return -1;
    return hash_equal(entry.snapshot, snapshot);
}

/* Puts BLOB on top of the ref, again and again until nobody comes in between. */
static int append_blob(struct history *history, const git_oid *blob, struct hash snapshot, struct diag *diag) {
    for (int attempt = 0; attempt < APPEND_TRIES; attempt++) {
        git_commit *head;
        git_oid id;
        int same;
        int error;

        if (ref_commit(history, &head, diag) < 0)
            return -1;
        same = is_newest(head, snapshot, diag);
        if (same) {
            git_commit_free(head);
            return same;
        }
        error = write_commit(history, blob, snapshot, head, &id);
        if (!error)
            error = move_ref(history, head, &id);
        git_commit_free(head);
        if (!error)
            return 0;
        if (!somebody_was_first(error))
            return history_fail(diag, "write");
        pause_before_retry(attempt);
    }
    return diag_fail(diag, "cannot write the history: other processes kept \"%s\" busy", history->ref);
}

static int make_bare(struct history *history, struct diag *diag) {
    if (history->repository)
        return 0;
    if (git_repository_init(&history->repository, history->bare, 1))
        return history_fail(diag, "make");
    return 0;
}

git_blob *history_blob_at(struct history *history, const git_commit *commit, const char *path) {
    git_tree *tree = NULL;
    git_tree_entry *entry = NULL;
    git_blob *blob = NULL;

    if (git_commit_tree(&tree, commit) == 0 && git_tree_entry_bypath(&entry, tree, path) == 0 &&
        git_tree_entry_type(entry) == GIT_OBJECT_BLOB)
        git_blob_lookup(&blob, history->repository, git_tree_entry_id(entry));
    git_tree_entry_free(entry);
    git_tree_free(tree);
    return blob;
}

const char *history_path_in_tree(struct history *history, struct arena *arena, const char *path) {
    const char *root = history->bare ? NULL : git_repository_workdir(history->repository);
    char full[PATH_MAX];
    char real_root[PATH_MAX];
    size_t length;

    if (!root || !realpath(path, full) || !realpath(root, real_root))
        return NULL;
    length = strlen(real_root);
    return strncmp(full, real_root, length) == 0 && full[length] == '/' ? arena_strdup(arena, full + length + 1) : NULL;
}

/* The versions of snapshot.bal along the first parents of HEAD, newest first, each once. */
struct versions {
    VEC(git_oid) blobs;
};

static void collect_versions(struct history *history, const char *path, struct versions *versions) {
    git_revwalk *walk = NULL;
    git_oid id;

    if (git_revwalk_new(&walk, history->repository) == 0 && git_revwalk_push_head(walk) == 0) {
        git_revwalk_simplify_first_parent(walk);
        while (git_revwalk_next(&id, walk) == 0) {
            git_commit *commit = NULL;
            git_blob *blob = git_commit_lookup(&commit, history->repository, &id) == 0 ? history_blob_at(history, commit, path) : NULL;

            if (blob && (!versions->blobs.count || !git_oid_equal(&versions->blobs.at[versions->blobs.count - 1], git_blob_id(blob))))
                vec_push(&history->arena, &versions->blobs, *git_blob_id(blob));
            git_blob_free(blob);
            git_commit_free(commit);
        }
    }
    git_revwalk_free(walk);
}

/* A clone, or a branch that persist has not been on: the ref is made from the versions of snapshot.bal that the branch went through. */
static int rebuild(struct history *history, struct diag *diag) {
    struct versions versions = {0};
    const char *path;
    git_commit *head;
    int found = ref_commit(history, &head, diag);

    git_commit_free(head);
    if (found <= 0 || history->bare || history->rebuilt)
        return found < 0 ? -1 : 0;
    history->rebuilt = true;
    path = history_path_in_tree(history, &history->arena, history->snapshot_path);
    if (path)
        collect_versions(history, path, &versions);
    for (size_t i = versions.blobs.count; i-- > 0;) {
        git_blob *blob;

        if (git_blob_lookup(&blob, history->repository, &versions.blobs.at[i]))
            return history_fail(diag, "rebuild");
        found = append_blob(history, &versions.blobs.at[i], hash_bytes(git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob)), diag);
        git_blob_free(blob);
        if (found < 0)
            return -1;
    }
    return 0;
}

int history_append(struct history *history, const char *text, size_t length, struct diag *diag) {
    git_oid blob;
    struct hash snapshot = hash_bytes(text, length);
    git_commit *head;
    int same;

    if (make_bare(history, diag) || rebuild(history, diag) || ref_commit(history, &head, diag) < 0)
        return -1;
    same = is_newest(head, snapshot, diag);
    git_commit_free(head);
    if (same)
        return same;
    if (git_blob_create_from_buffer(&blob, history->repository, text, length))
        return history_fail(diag, "write");
    return append_blob(history, &blob, snapshot, diag);
}

int history_head(struct history *history, struct history_entry *entry, struct diag *diag) {
    git_commit *head;
    int result;

    if (rebuild(history, diag))
        return -1;
    result = ref_commit(history, &head, diag);
    if (result == 0)
        result = read_entry(head, entry, diag);
    git_commit_free(head);
    return result;
}

int history_list(struct history *history, struct arena *arena, size_t limit, struct history_entry **entries, size_t *count,
                 struct diag *diag) {
    VEC(struct history_entry) list = {0};
    git_commit *commit;
    int result;

    *count = 0;
    if (rebuild(history, diag))
        return -1;
    result = ref_commit(history, &commit, diag);
    while (result == 0 && commit) {
        git_commit *parent = NULL;

        result = read_entry(commit, vec_add(arena, &list), diag);
        if ((limit == 0 || list.count < limit) && git_commit_parentcount(commit))
            git_commit_parent(&parent, commit, 0);
        git_commit_free(commit);
        commit = parent;
    }
    git_commit_free(commit);
    *entries = list.at;
    *count = list.count;
    return result < 0 ? -1 : 0;
}

int history_copy_blob(struct arena *arena, git_blob *blob, char **text, size_t *length) {
    *length = (size_t)git_blob_rawsize(blob);
    *text = arena_strndup(arena, git_blob_rawcontent(blob), *length);
    git_blob_free(blob);
    return 0;
}

int history_text(struct history *history, struct arena *arena, const char *commit_id, char **text, size_t *length, struct diag *diag) {
    git_commit *commit = NULL;
    git_blob *blob = NULL;
    git_oid id;

    if (history->repository && git_oid_fromstr(&id, commit_id) == 0 && git_commit_lookup(&commit, history->repository, &id) == 0)
        blob = history_blob_at(history, commit, tree_entry);
    git_commit_free(commit);
    return blob ? history_copy_blob(arena, blob, text, length) : diag_fail(diag, "the history has no snapshot in commit %s", commit_id);
}

/* Does ENTRY answer to PREFIX, a beginning of its snapshot's hash or of its commit's id? */
static bool entry_matches(const struct history_entry *entry, const char *prefix) {
    char hex[HASH_HEX_LENGTH + 1];
    size_t length = strlen(prefix);

    hash_print(entry->snapshot, hex);
    return strncmp(hex, prefix, length) == 0 || strncmp(entry->commit, prefix, length) == 0;
}

/* Walks one ref of the model; counts in *FOUND the different snapshots that answer to PREFIX, the first goes to ENTRY. */
static int find_in_ref(struct history *history, const git_oid *tip, const char *prefix, struct history_entry *entry, int *found,
                       struct diag *diag) {
    git_commit *commit = NULL;

    if (git_commit_lookup(&commit, history->repository, tip))
        return history_fail(diag, "read");
    while (commit) {
        struct history_entry here;
        git_commit *parent = NULL;

        if (read_entry(commit, &here, diag)) {
            git_commit_free(commit);
            return -1;
        }
        if (entry_matches(&here, prefix) && (*found == 0 || !hash_equal(here.snapshot, entry->snapshot)) && (*found)++ == 0)
            *entry = here;
        if (git_commit_parentcount(commit))
            git_commit_parent(&parent, commit, 0);
        git_commit_free(commit);
        commit = parent;
    }
    return 0;
}

int history_find(struct history *history, const char *prefix, struct history_entry *entry, struct diag *diag) {
    git_reference_iterator *refs = NULL;
    git_reference *ref;
    const char *glob = arena_printf(&history->arena, "refs/persist/%s/heads/*", history->model);
    int found = 0;
    int result = 0;

    if (rebuild(history, diag))
        return -1;
    if (!history->repository)
        return 1;
    if (git_reference_iterator_glob_new(&refs, history->repository, glob))
        return history_fail(diag, "read");
    while (result == 0 && git_reference_next(&ref, refs) == 0) {
        if (git_reference_target(ref))
            result = find_in_ref(history, git_reference_target(ref), prefix, entry, &found, diag);
        git_reference_free(ref);
    }
    git_reference_iterator_free(refs);
    if (result)
        return -1;
    return found == 0 ? 1 : found == 1 ? 0 : 2;
}

int history_verify(struct history *history, size_t *checked, struct diag *diag) {
    struct arena arena = {0};
    struct history_entry *entries;
    size_t count;
    int result = history_list(history, &arena, 0, &entries, &count, diag);

    for (size_t i = 0; result == 0 && i < count; i++) {
        struct arena one = {0};
        char *text = NULL;
        size_t length = 0;

        result = history_text(history, &one, entries[i].commit, &text, &length, diag);
        if (result == 0 && !hash_equal(hash_bytes(text, length), entries[i].snapshot))
            result = diag_fail(diag, "the snapshot in commit %s is not the one its message names", entries[i].commit);
        arena_free(&one);
    }
    *checked = count;
    arena_free(&arena);
    return result;
}
