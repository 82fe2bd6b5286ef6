#include "history.h"

#include <errno.h>
#include <git2.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "map.h"
#include "str.h"

struct history {
    struct arena arena;
    git_repository *repository; /* NULL: a bare one that is still to be made */
    const char *bare;           /* the bare repository's path, or NULL when the project lies in a repository */
    const char *model;
    const char *snapshot_path;
    const char *branch;
    const char *ref;
    bool rebuilt; /* looked into the project's history already */
};

static const char tree_entry[] = "snapshot.bal";
static const char message_prefix[] = "snapshot ";

enum { APPEND_TRIES = 400 };

static int fail(struct diag *diag, const char *doing) {
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
        return fail(diag, "open");
    history->bare = file_join(&history->arena, project, "persist/.history");
    error = git_repository_open_bare(&history->repository, history->bare);
    return error == 0 || error == GIT_ENOTFOUND ? 0 : fail(diag, "open");
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
        return fail(diag, "read");
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
            return fail(diag, "write");
        pause_before_retry(attempt);
    }
    return diag_fail(diag, "cannot write the history: other processes kept \"%s\" busy", history->ref);
}

static int make_bare(struct history *history, struct diag *diag) {
    if (history->repository)
        return 0;
    if (git_repository_init(&history->repository, history->bare, 1))
        return fail(diag, "make");
    return 0;
}

/* The blob at PATH (relative to the work tree) of COMMIT, or NULL. */
static git_blob *blob_at(struct history *history, const git_commit *commit, const char *path) {
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

/* PATH relative to the work tree, or NULL when it lies outside. */
static const char *path_in_tree(struct history *history, struct arena *arena, const char *path) {
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
            git_blob *blob = git_commit_lookup(&commit, history->repository, &id) == 0 ? blob_at(history, commit, path) : NULL;

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
    path = path_in_tree(history, &history->arena, history->snapshot_path);
    if (path)
        collect_versions(history, path, &versions);
    for (size_t i = versions.blobs.count; i-- > 0;) {
        git_blob *blob;

        if (git_blob_lookup(&blob, history->repository, &versions.blobs.at[i]))
            return fail(diag, "rebuild");
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
        return fail(diag, "write");
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

static int copy_blob(struct arena *arena, git_blob *blob, char **text, size_t *length) {
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
        blob = blob_at(history, commit, tree_entry);
    git_commit_free(commit);
    return blob ? copy_blob(arena, blob, text, length) : diag_fail(diag, "the history has no snapshot in commit %s", commit_id);
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
        return fail(diag, "read");
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
        return fail(diag, "read");
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

/* What is not in the work tree, as a folder of another branch, has its place by the folder around it that is. */
static const char *place_in_tree(struct history *history, struct arena *arena, const char *path) {
    const char *inside = path_in_tree(history, arena, path);
    const char *slash = strrchr(path, '/');
    const char *around;

    if (inside || slash == path)
        return inside;
    around = slash ? place_in_tree(history, arena, arena_strndup(arena, path, (size_t)(slash - path))) : path_in_tree(history, arena, ".");
    if (!slash)
        return around ? file_join(arena, around, path) : path;
    return around ? file_join(arena, around, slash + 1) : NULL;
}

int history_git_file(struct history *history, struct arena *arena, const char *rev, const char *path, char **text, size_t *length,
                     struct diag *diag) {
    git_object *object = NULL;
    git_object *commit = NULL;
    git_blob *blob = NULL;
    const char *inside;

    if (history->bare)
        return diag_fail(diag, "\"git:%s\" needs a git repository, and the project lies in none", rev);
    inside = place_in_tree(history, arena, path);
    if (git_revparse_single(&object, history->repository, rev) || git_object_peel(&commit, object, GIT_OBJECT_COMMIT)) {
        git_object_free(object);
        return diag_fail(diag, "\"%s\" is no revision of the project's git repository", rev);
    }
    if (inside)
        blob = blob_at(history, (const git_commit *)commit, inside);
    git_object_free(commit);
    git_object_free(object);
    return blob ? copy_blob(arena, blob, text, length) : diag_fail(diag, "\"%s\" did not exist at \"%s\"", path, rev);
}

/* The search for what was added to a folder. */
struct additions {
    struct history *history;
    struct arena *arena;
    const char *folder; /* in the work tree; "" for all of it */
    struct map by_name;
    VEC(struct history_addition *) list;
};

/* The folder's tree in COMMIT, or NULL. */
static git_tree *folder_at(const struct additions *search, const git_commit *commit) {
    git_tree *tree = NULL;
    git_tree_entry *entry = NULL;
    git_tree *folder = NULL;

    if (git_commit_tree(&tree, commit) == 0 && git_tree_entry_bypath(&entry, tree, search->folder) == 0)
        git_tree_lookup(&folder, search->history->repository, git_tree_entry_id(entry));
    git_tree_entry_free(entry);
    git_tree_free(tree);
    return folder;
}

/* The walk goes from the newest to the oldest: what is found later was there first. */
static void note_addition(struct additions *search, const git_commit *commit, const char *name) {
    const git_signature *author = git_commit_author(commit);
    struct history_addition *addition = map_get(&search->by_name, name);

    if (!addition) {
        addition = ARENA_NEW(search->arena, struct history_addition);
        addition->name = arena_strdup(search->arena, name);
        map_put(search->arena, &search->by_name, addition->name, addition);
        vec_push(search->arena, &search->list, addition);
    }
    git_oid_tostr(addition->commit, sizeof addition->commit, git_commit_id(commit));
    addition->author = arena_strdup(search->arena, author->name);
    addition->email = arena_strdup(search->arena, author->email);
    addition->seconds = author->when.time;
    addition->offset = author->when.offset;
}

enum { MOST_PARENTS = 16 };

/* The folder in each parent of COMMIT; how many. *SAME: one of them has it just so, and nothing was added here. */
static size_t parent_folders(const struct additions *search, const git_commit *commit, const git_tree *folder, git_tree **parents,
                             bool *same) {
    size_t count = git_commit_parentcount(commit);

    count = count < MOST_PARENTS ? count : MOST_PARENTS;
    for (size_t i = 0; i < count; i++) {
        git_commit *parent = NULL;

        parents[i] = git_commit_parent(&parent, commit, (unsigned)i) == 0 ? folder_at(search, parent) : NULL;
        *same = *same || (parents[i] && git_oid_equal(git_tree_id(parents[i]), git_tree_id(folder)));
        git_commit_free(parent);
    }
    return count;
}

static void find_additions_of(struct additions *search, const git_commit *commit) {
    git_tree *parents[MOST_PARENTS] = {NULL};
    git_tree *folder = folder_at(search, commit);
    bool same = false;
    size_t parent_count = folder ? parent_folders(search, commit, folder, parents, &same) : 0;

    for (size_t i = 0; folder && !same && i < git_tree_entrycount(folder); i++) {
        const char *name = git_tree_entry_name(git_tree_entry_byindex(folder, i));
        bool known = false;

        for (size_t k = 0; k < parent_count && !known; k++)
            known = parents[k] && git_tree_entry_byname(parents[k], name);
        if (!known)
            note_addition(search, commit, name);
    }
    for (size_t k = 0; k < parent_count; k++)
        git_tree_free(parents[k]);
    git_tree_free(folder);
}

int history_git_additions(struct history *history, struct arena *arena, const char *folder, struct history_addition **additions,
                          size_t *count, struct diag *diag) {
    struct additions search = {.history = history, .arena = arena};
    git_revwalk *walk = NULL;
    git_oid id;

    *count = 0;
    search.folder = history->bare ? NULL : path_in_tree(history, arena, folder);
    if (!search.folder)
        return 0;
    if (git_revwalk_new(&walk, history->repository))
        return fail(diag, "walk");
    git_revwalk_sorting(walk, GIT_SORT_TOPOLOGICAL | GIT_SORT_TIME);
    if (git_revwalk_push_head(walk) == 0)
        while (git_revwalk_next(&id, walk) == 0) {
            git_commit *commit = NULL;

            if (git_commit_lookup(&commit, history->repository, &id) == 0)
                find_additions_of(&search, commit);
            git_commit_free(commit);
        }
    git_revwalk_free(walk);
    *count = search.list.count;
    *additions = ARENA_ARRAY(arena, struct history_addition, search.list.count);
    for (size_t i = 0; i < search.list.count; i++)
        (*additions)[i] = *search.list.at[i];
    return 0;
}

/* A search for a committed snapshot. */
struct search {
    struct history *history;
    const char *path;
    struct hash hash;
    VEC(git_oid) seen; /* blobs that are others */
};

static bool was_seen(const struct search *search, const git_oid *id) {
    for (size_t i = search->seen.count; i-- > 0;)
        if (git_oid_equal(&search->seen.at[i], id))
            return true;
    return false;
}

/* The blob of the commit ID where it is the one; else NULL. */
static git_blob *wanted_blob(struct search *search, const git_oid *id) {
    git_commit *commit = NULL;
    git_blob *blob =
        git_commit_lookup(&commit, search->history->repository, id) == 0 ? blob_at(search->history, commit, search->path) : NULL;

    git_commit_free(commit);
    if (!blob || was_seen(search, git_blob_id(blob))) {
        git_blob_free(blob);
        return NULL;
    }
    if (hash_equal(hash_bytes(git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob)), search->hash))
        return blob;
    vec_push(&search->history->arena, &search->seen, *git_blob_id(blob));
    git_blob_free(blob);
    return NULL;
}

int history_git_snapshot(struct history *history, struct arena *arena, struct hash hash, char **text, size_t *length, struct diag *diag) {
    struct search search = {.history = history, .hash = hash};
    git_revwalk *walk = NULL;
    git_blob *blob = NULL;
    git_oid id;

    search.path = history->bare ? NULL : path_in_tree(history, arena, history->snapshot_path);
    if (!search.path)
        return 1;
    if (git_revwalk_new(&walk, history->repository))
        return fail(diag, "walk");
    if (git_revwalk_push_head(walk) == 0)
        while (!blob && git_revwalk_next(&id, walk) == 0)
            blob = wanted_blob(&search, &id);
    git_revwalk_free(walk);
    return blob ? copy_blob(arena, blob, text, length) : 1;
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

/* The commit that REV means, as its id; NULL when reported. */
static const char *commit_id(struct history *history, struct arena *arena, const char *rev, struct diag *diag) {
    git_object *object = NULL;
    git_object *commit = NULL;
    char id[HISTORY_ID_LENGTH + 1] = "";

    if (git_revparse_single(&object, history->repository, rev) == 0 && git_object_peel(&commit, object, GIT_OBJECT_COMMIT) == 0)
        git_oid_tostr(id, sizeof id, git_object_id(commit));
    git_object_free(commit);
    git_object_free(object);
    if (*id)
        return arena_strdup(arena, id);
    diag_fail(diag, "\"%s\" is no revision of the project's git repository", rev);
    if (strcmp(rev, "MERGE_HEAD") == 0)
        diag_hint(diag, "no git merge is going on: start one, of one branch at a time, or say --theirs REV");
    return NULL;
}

const char *history_git_commit(struct history *history, struct arena *arena, const char *rev, struct diag *diag) {
    if (!history->bare)
        return commit_id(history, arena, rev, diag);
    diag_fail(diag, "\"%s\" needs a git repository, and the project lies in none", rev);
    return NULL;
}

const char *history_git_path(struct history *history, struct arena *arena, const char *path) {
    return history->bare ? NULL : place_in_tree(history, arena, path);
}

/* The newest commit that both have; NULL: none, their histories have nothing in common. */
static const char *find_base(struct history *history, struct arena *arena, const struct history_merge *merge) {
    char text[HISTORY_ID_LENGTH + 1];
    git_oid ours, theirs, base;

    if (git_oid_fromstr(&ours, merge->ours) || git_oid_fromstr(&theirs, merge->theirs) ||
        git_merge_base(&base, history->repository, &ours, &theirs))
        return NULL;
    return arena_strdup(arena, git_oid_tostr(text, sizeof text, &base));
}

/* Is the commit ID on a branch that others build on? */
static bool is_published(struct history *history, const char *id) {
    static const char *const branches[] = {"refs/heads/main", "refs/heads/master", "refs/remotes/origin/main",
                                           "refs/remotes/origin/master"};
    git_oid tip, commit;

    for (size_t i = 0; i < sizeof branches / sizeof *branches; i++)
        if (git_reference_name_to_id(&tip, history->repository, branches[i]) == 0 && git_oid_fromstr(&commit, id) == 0 &&
            (git_oid_equal(&tip, &commit) || git_graph_descendant_of(history->repository, &tip, &commit) == 1))
            return true;
    return false;
}

/* The commit that git is picking or rebasing, NULL: none. */
static const char *find_replayed(const struct history *history) {
    switch (git_repository_state(history->repository)) {
    case GIT_REPOSITORY_STATE_CHERRYPICK:
    case GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE:
        return "CHERRY_PICK_HEAD";
    case GIT_REPOSITORY_STATE_REBASE:
    case GIT_REPOSITORY_STATE_REBASE_INTERACTIVE:
    case GIT_REPOSITORY_STATE_REBASE_MERGE:
        return "REBASE_HEAD";
    default:
        return NULL;
    }
}

/* The parent of the commit REV; NULL: it has none. */
static const char *find_parent(struct history *history, struct arena *arena, const char *rev) {
    struct diag unseen = {.arena = arena};

    return commit_id(history, arena, arena_printf(arena, "%s^", rev), &unseen);
}

int history_git_merge(struct history *history, struct arena *arena, struct history_merge *merge, struct diag *diag) {
    const char *replayed = history->bare || merge->theirs ? NULL : find_replayed(history);

    if (history->bare)
        return diag_fail(diag, "the project lies in no git repository: there is nothing to merge");
    if (replayed) {
        merge->theirs = replayed;
        merge->base = merge->base ? merge->base : find_parent(history, arena, replayed);
    }
    merge->ours = commit_id(history, arena, merge->ours ? merge->ours : "HEAD", diag);
    merge->theirs = merge->ours ? commit_id(history, arena, merge->theirs ? merge->theirs : "MERGE_HEAD", diag) : NULL;
    if (!merge->theirs)
        return -1;
    merge->base = merge->base ? commit_id(history, arena, merge->base, diag) : find_base(history, arena, merge);
    merge->ours_published = replayed || is_published(history, merge->ours);
    merge->theirs_published = !replayed && is_published(history, merge->theirs);
    return diag->errors ? -1 : 0;
}

bool history_git_is_shallow(const struct history *history) {
    return !history->bare && git_repository_is_shallow(history->repository) == 1;
}

bool history_git_is_rebasing(const struct history *history) {
    int state = history->bare ? GIT_REPOSITORY_STATE_NONE : git_repository_state(history->repository);

    return state == GIT_REPOSITORY_STATE_REBASE || state == GIT_REPOSITORY_STATE_REBASE_INTERACTIVE ||
           state == GIT_REPOSITORY_STATE_REBASE_MERGE || state == GIT_REPOSITORY_STATE_APPLY_MAILBOX_OR_REBASE;
}

int history_git_configure(struct history *history, const char *name, const char *value, struct diag *diag) {
    git_config *all = NULL;
    git_config *local = NULL;
    int error;

    if (history->bare) {
        diag_fail(diag, "the project lies in no git repository");
        diag_hint(diag, "run \"git init\" first");
        return -1;
    }
    error = git_repository_config(&all, history->repository);
    if (!error)
        error = git_config_open_level(&local, all, GIT_CONFIG_LEVEL_LOCAL);
    if (!error)
        error = git_config_set_string(local, name, value);
    git_config_free(local);
    git_config_free(all);
    return error ? fail(diag, "write the configuration of the repository of") : 0;
}

/* The path of a folder, as libgit2 gives it, without the "/" at its end. */
static const char *without_slash(struct arena *arena, const char *path) {
    size_t length = strlen(path);

    return arena_strndup(arena, path, length - (length > 1 && path[length - 1] == '/'));
}

const char *history_git_root(struct history *history, struct arena *arena) {
    const char *root = history->bare ? NULL : git_repository_workdir(history->repository);

    return root ? without_slash(arena, root) : NULL;
}

/* What core.hooksPath says: "~" is the home folder; a path that is no absolute one begins at the top folder (git-config(1)). */
const char *history_git_hooks(struct history *history, struct arena *arena, struct diag *diag) {
    const char *root = history_git_root(history, arena);
    git_config *config = NULL;
    git_buf path = GIT_BUF_INIT;
    const char *result = NULL;
    int error;

    if (!root) {
        diag_fail(diag, "the project lies in no git repository");
        return NULL;
    }
    error = git_repository_config(&config, history->repository);
    if (!error)
        error = git_config_get_path(&path, config, "core.hooksPath");
    if (!error)
        result = *path.ptr == '/' ? arena_strdup(arena, path.ptr) : arena_printf(arena, "%s/%s", root, path.ptr);
    else if (error == GIT_ENOTFOUND && git_repository_item_path(&path, history->repository, GIT_REPOSITORY_ITEM_HOOKS) == 0)
        result = without_slash(arena, path.ptr);
    git_buf_dispose(&path);
    git_config_free(config);
    if (!result)
        fail(diag, "read the configuration of");
    return result;
}
