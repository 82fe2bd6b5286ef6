#include "history_internal.h"

#include <string.h>

#include "file.h"
#include "map.h"
#include "vec.h"

/* What is not in the work tree, as a folder of another branch, has its place by the folder around it that is. */
static const char *place_in_tree(struct history *history, struct arena *arena, const char *path) {
    const char *inside = history_path_in_tree(history, arena, path);
    const char *slash = strrchr(path, '/');
    const char *around;

    if (inside || slash == path)
        return inside;
    around = slash ? place_in_tree(history, arena, arena_strndup(arena, path, (size_t)(slash - path)))
                   : history_path_in_tree(history, arena, ".");
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
        blob = history_blob_at(history, (const git_commit *)commit, inside);
    git_object_free(commit);
    git_object_free(object);
    return blob ? history_copy_blob(arena, blob, text, length) : diag_fail(diag, "\"%s\" did not exist at \"%s\"", path, rev);
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
    search.folder = history->bare ? NULL : history_path_in_tree(history, arena, folder);
    if (!search.folder)
        return 0;
    if (git_revwalk_new(&walk, history->repository))
        return history_fail(diag, "walk");
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
    struct map seen; /* blobs that are others, by their ids */
};

/* The blob of the commit ID where it is the one; else NULL. */
static git_blob *wanted_blob(struct search *search, const git_oid *id) {
    git_commit *commit = NULL;
    git_blob *blob =
        git_commit_lookup(&commit, search->history->repository, id) == 0 ? history_blob_at(search->history, commit, search->path) : NULL;

    char hex[HISTORY_ID_LENGTH + 1];

    git_commit_free(commit);
    if (blob)
        git_oid_tostr(hex, sizeof hex, git_blob_id(blob));
    if (!blob || map_get(&search->seen, hex)) {
        git_blob_free(blob);
        return NULL;
    }
    if (hash_equal(hash_bytes(git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob)), search->hash))
        return blob;
    map_put(&search->history->arena, &search->seen, arena_strdup(&search->history->arena, hex), search);
    git_blob_free(blob);
    return NULL;
}

int history_git_snapshot(struct history *history, struct arena *arena, struct hash hash, char **text, size_t *length, struct diag *diag) {
    struct search search = {.history = history, .hash = hash};
    git_revwalk *walk = NULL;
    git_blob *blob = NULL;
    git_oid id;

    search.path = history->bare ? NULL : history_path_in_tree(history, arena, history->snapshot_path);
    if (!search.path)
        return 1;
    if (git_revwalk_new(&walk, history->repository))
        return history_fail(diag, "walk");
    if (git_revwalk_push_head(walk) == 0)
        while (!blob && git_revwalk_next(&id, walk) == 0)
            blob = wanted_blob(&search, &id);
    git_revwalk_free(walk);
    return blob ? history_copy_blob(arena, blob, text, length) : 1;
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
    return error ? history_fail(diag, "write the configuration of the repository of") : 0;
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
        history_fail(diag, "read the configuration of");
    return result;
}
