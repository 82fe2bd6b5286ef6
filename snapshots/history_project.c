#include "history_internal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "file.h"

/* PATH, which is there, relative to the work tree, or NULL when it lies outside. */
static const char *path_in_tree(struct history *history, struct arena *arena, const char *path) {
    const char *root = history->bare ? NULL : git_repository_workdir(history->repository);
    char full[PATH_MAX];
    char real_root[PATH_MAX];
    size_t length;

    if (!root || !realpath(path, full) || !realpath(root, real_root))
        return NULL;
    length = strlen(real_root);
    if (strcmp(full, real_root) == 0)
        return "";
    return strncmp(full, real_root, length) == 0 && full[length] == '/' ? arena_strdup(arena, full + length + 1) : NULL;
}

/* What is not in the work tree, as a folder of another branch, has its place by the folder around it that is. */
const char *history_place_in_tree(struct history *history, struct arena *arena, const char *path) {
    const char *inside = path_in_tree(history, arena, path);
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    const char *around;

    if (inside || slash == path || strcmp(path, ".") == 0)
        return inside;
    around = history_place_in_tree(history, arena, slash ? arena_strndup(arena, path, (size_t)(slash - path)) : ".");
    if (!around)
        return NULL;
    return *around ? file_join(arena, around, name) : arena_strdup(arena, name);
}

bool history_git_is_shallow(const struct history *history) {
    return !history->bare && git_repository_is_shallow(history->repository) == 1;
}

/* Does the configuration name a repository that has what is not here? */
static bool is_partial(struct history *history) {
    git_config *config = NULL;
    git_config_iterator *entries = NULL;
    git_config_entry *entry;
    bool found = git_repository_config_snapshot(&config, history->repository) == 0 &&
                 git_config_iterator_glob_new(&entries, config, "^remote\\..*\\.promisor$") == 0 && git_config_next(&entry, entries) == 0;

    git_config_iterator_free(entries);
    git_config_free(config);
    return found;
}

const char *history_git_gap(struct history *history) {
    if (history_git_is_shallow(history))
        return "the clone is shallow: git fetch --unshallow brings the commits that are not here";
    if (!history->bare && is_partial(history))
        return "the clone is a partial one (--filter): git log -p -m -- persist >/dev/null brings what is not here";
    return NULL;
}

const char *history_gap(struct history *history) {
    return history->cut ? history_git_gap(history) : NULL;
}

/* The commit that REV means. 0, or -1 reported. */
static int find_commit(struct history *history, const char *rev, git_object **commit, struct diag *diag) {
    git_object *object = NULL;
    int error;

    *commit = NULL;
    if (history->bare)
        return diag_fail(diag, "\"%s\" needs a git repository, and the project lies in none", rev);
    error = git_revparse_single(&object, history->repository, rev);
    if (!error)
        error = git_object_peel(commit, object, GIT_OBJECT_COMMIT);
    git_object_free(object);
    if (!error)
        return 0;
    diag_fail(diag, "\"%s\" is no revision of the project's git repository", rev);
    if (strcmp(rev, "MERGE_HEAD") == 0)
        diag_hint(diag, "no git merge is going on: start one, of one branch at a time, or say --theirs REV");
    else if (history_git_is_shallow(history))
        diag_hint(diag, "%s", history_git_gap(history));
    else
        diag_hint(diag, "\"git rev-parse %s\" asks git; a branch that is only at the origin is called origin/NAME, once it was fetched",
                  rev);
    return -1;
}

const char *history_git_commit(struct history *history, struct arena *arena, const char *rev, struct diag *diag) {
    char id[HISTORY_ID_LENGTH + 1] = "";
    git_object *commit;

    if (find_commit(history, rev, &commit, diag))
        return NULL;
    git_oid_tostr(id, sizeof id, git_object_id(commit));
    git_object_free(commit);
    return arena_strdup(arena, id);
}

int history_git_file(struct history *history, struct arena *arena, const char *rev, const char *path, char **text, size_t *length,
                     struct diag *diag) {
    const char *inside = history->bare ? NULL : history_place_in_tree(history, arena, path);
    git_blob *blob = NULL;
    git_object *commit;
    int found;

    if (find_commit(history, rev, &commit, diag))
        return -1;
    found = inside ? history_blob_at(history, (const git_commit *)commit, inside, &blob) : 1;
    git_object_free(commit);
    if (found < 0) {
        const char *gap = history_git_gap(history);

        diag_fail(diag, "\"%s\" of \"%s\" is not in this clone", path, rev);
        diag_hint(diag, "%s", gap ? gap : "an object of git is lost: \"git fsck\" tells which");
    }
    return found ? found : history_copy_blob(arena, blob, text, length);
}

int history_git_stopped_at(struct history *history, struct arena *arena, const char *path, char **text, size_t *length) {
    const char *inside = history->bare ? NULL : history_place_in_tree(history, arena, path);
    git_object *blob = NULL;

    if (!inside || git_revparse_single(&blob, history->repository, arena_printf(arena, "AUTO_MERGE:%s", inside)))
        return 1;
    return history_copy_blob(arena, (git_blob *)blob, text, length);
}

/* The search for what was added to a folder. */
struct additions {
    struct history *history;
    struct arena *arena;
    const char *folder; /* in the work tree; "" for all of it */
    struct map by_name;
    VEC(struct history_addition *) list;
};

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

/* The folder's tree in each parent of COMMIT, NULL where there is none; how many. *SAME: one of them has it just so, and nothing was added
 * here. */
static size_t parent_folders(const struct additions *search, const git_commit *commit, const git_oid *folder, git_tree **parents,
                             bool *same) {
    size_t count = git_commit_parentcount(commit);

    count = count < MOST_PARENTS ? count : MOST_PARENTS;
    for (size_t i = 0; i < count && !*same; i++) {
        git_commit *parent = NULL;
        git_oid id;

        if (git_commit_parent(&parent, commit, (unsigned)i) == 0 &&
            history_id_at(search->history, parent, search->folder, GIT_OBJECT_TREE, &id) == 0) {
            *same = git_oid_equal(&id, folder);
            if (!*same)
                git_tree_lookup(&parents[i], search->history->repository, &id);
        }
        git_commit_free(parent);
    }
    return count;
}

static void find_additions_of(struct additions *search, const git_commit *commit) {
    git_tree *parents[MOST_PARENTS] = {NULL};
    git_tree *folder = NULL;
    size_t parent_count;
    bool same = false;
    git_oid id;

    if (history_id_at(search->history, commit, search->folder, GIT_OBJECT_TREE, &id))
        return;
    parent_count = parent_folders(search, commit, &id, parents, &same);
    if (!same)
        git_tree_lookup(&folder, search->history->repository, &id);
    for (size_t i = 0; folder && i < git_tree_entrycount(folder); i++) {
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
    if (history_git_is_shallow(history)) /* its first commit seems to have added all that it has */
        return 0;
    search.folder = history->bare ? NULL : path_in_tree(history, arena, folder);
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

/* --- committed snapshots --- */

/* Notes the version of snapshot.bal that the commit ID has. */
static void note_committed(struct history *history, const char *path, const git_oid *id) {
    struct arena *arena = &history->arena;
    git_oid *copy = ARENA_NEW(arena, git_oid);
    git_commit *commit = NULL;
    git_blob *blob = NULL;
    char hex[HISTORY_ID_LENGTH + 1];

    if (git_commit_lookup(&commit, history->repository, id) == 0 && history_id_at(history, commit, path, GIT_OBJECT_BLOB, copy) == 0 &&
        !map_put(arena, &history->passed, arena_strdup(arena, git_oid_tostr(hex, sizeof hex, copy)), copy) &&
        git_blob_lookup(&blob, history->repository, copy) == 0) {
        hash_print(hash_bytes(git_blob_rawcontent(blob), (size_t)git_blob_rawsize(blob)), hex);
        map_put(arena, &history->committed, arena_strdup(arena, hex), copy);
    }
    git_blob_free(blob);
    git_commit_free(commit);
}

/* The walk goes on where the last search stopped: all of them together pass each commit once. */
int history_git_snapshot(struct history *history, struct arena *arena, struct hash hash, char **text, size_t *length, struct diag *diag) {
    const char *path = history->bare ? NULL : history_place_in_tree(history, arena, history->snapshot_path);
    char hex[HASH_HEX_LENGTH + 1];
    git_blob *blob = NULL;
    const git_oid *found;
    git_oid id;

    if (!path)
        return 1;
    if (!history->walk && (git_revwalk_new(&history->walk, history->repository) || git_revwalk_push_head(history->walk)))
        return git_reference_name_to_id(&id, history->repository, "HEAD") ? 1 : history_fail(diag, "walk");
    hash_print(hash, hex);
    for (found = map_get(&history->committed, hex); !found && git_revwalk_next(&id, history->walk) == 0;
         found = map_get(&history->committed, hex))
        note_committed(history, path, &id);
    return found && git_blob_lookup(&blob, history->repository, found) == 0 ? history_copy_blob(arena, blob, text, length) : 1;
}

const char *history_git_path(struct history *history, struct arena *arena, const char *path) {
    return history->bare ? NULL : history_place_in_tree(history, arena, path);
}

/* The commits that lead to a commit, itself first, as far as the clone has them. */
struct ancestry {
    VEC(const char *) list;
    struct map known; /* id → itself */
};

static void add_ancestor(struct arena *arena, struct ancestry *ancestry, const git_oid *id) {
    char hex[HISTORY_ID_LENGTH + 1];
    const char *copy = arena_strdup(arena, git_oid_tostr(hex, sizeof hex, id));

    if (!map_put(arena, &ancestry->known, copy, copy))
        vec_push(arena, &ancestry->list, copy);
}

static void find_ancestry(struct history *history, struct arena *arena, const git_oid *from, struct ancestry *ancestry) {
    add_ancestor(arena, ancestry, from);
    for (size_t i = 0; i < ancestry->list.count; i++) {
        git_commit *commit = NULL;
        git_oid id;

        if (git_oid_fromstr(&id, ancestry->list.at[i]) == 0 && git_commit_lookup(&commit, history->repository, &id) == 0)
            for (unsigned k = 0; k < git_commit_parentcount(commit); k++)
                add_ancestor(arena, ancestry, git_commit_parent_id(commit, k));
        git_commit_free(commit);
    }
}

/* git_merge_base() ends with an error where a shallow clone does, be what both have nearer or not. */
static const char *find_shallow_base(struct history *history, struct arena *arena, const git_oid *ours, const git_oid *theirs) {
    struct ancestry ancestries[2] = {0};
    git_commit *commit = NULL;
    const char *base = NULL;
    git_oid id;

    find_ancestry(history, arena, ours, &ancestries[0]);
    find_ancestry(history, arena, theirs, &ancestries[1]);
    for (size_t i = 0; i < ancestries[0].list.count && !base; i++)
        base = map_get(&ancestries[1].known, ancestries[0].list.at[i]);
    if (!base || git_oid_fromstr(&id, base) || git_commit_lookup(&commit, history->repository, &id))
        return NULL;
    git_commit_free(commit);
    return base;
}

/* The newest commits that both have; none where their histories have nothing in common. */
static void find_bases(struct history *history, struct arena *arena, struct history_merge *merge) {
    char text[HISTORY_ID_LENGTH + 1];
    git_oidarray bases = {0};
    git_oid ours, theirs;

    if (git_oid_fromstr(&ours, merge->ours) || git_oid_fromstr(&theirs, merge->theirs))
        return;
    if (history_git_is_shallow(history))
        merge->base = find_shallow_base(history, arena, &ours, &theirs);
    else if (git_merge_bases(&bases, history->repository, &ours, &theirs) == 0)
        merge->more_bases = ARENA_ARRAY(arena, const char *, bases.count);
    for (size_t i = 0; i < bases.count; i++) {
        const char *id = arena_strdup(arena, git_oid_tostr(text, sizeof text, &bases.ids[i]));

        if (i == 0)
            merge->base = id;
        else
            merge->more_bases[merge->more_base_count++] = id;
    }
    git_oidarray_dispose(&bases);
}

/* --- the main branch --- */

/* The revisions that may be it, the likeliest first. */
struct candidates {
    VEC(const char *) list;
};

static void add_candidate(struct history *history, struct arena *arena, struct candidates *names, const char *branch, bool at_origin) {
    const char *name = arena_printf(arena, at_origin ? "refs/remotes/origin/%s" : "refs/heads/%s", branch);
    git_oid id;

    if (git_reference_name_to_id(&id, history->repository, name) == 0)
        vec_push(arena, &names->list, at_origin ? arena_printf(arena, "origin/%s", branch) : branch);
}

/* The branch that the origin says is its main one: what refs/remotes/origin/HEAD points to. NULL: that is not known here. */
static const char *origin_head(struct history *history, struct arena *arena) {
    static const char below[] = "refs/remotes/origin/";
    git_reference *head = NULL;
    const char *target = NULL;

    if (git_reference_lookup(&head, history->repository, "refs/remotes/origin/HEAD") == 0)
        target = git_reference_symbolic_target(head);
    target = target && strncmp(target, below, sizeof below - 1) == 0 ? arena_strdup(arena, target + sizeof below - 1) : NULL;
    git_reference_free(head);
    return target;
}

/* init.defaultBranch: what the first branch of new repositories is called here; or NULL. */
static const char *default_branch(struct history *history, struct arena *arena) {
    git_config *config = NULL;
    const char *name = NULL;

    if (git_repository_config_snapshot(&config, history->repository) == 0 &&
        git_config_get_string(&name, config, "init.defaultBranch") == 0)
        name = arena_strdup(arena, name);
    else
        name = NULL;
    git_config_free(config);
    return name;
}

/* What the origin has checked out is its main branch, unless the origin is somebody's work tree: where it is the branch that is checked out
 * here as well, the usual names come first, and a clone that may not have these says nothing. */
static void find_candidates(struct history *history, struct arena *arena, struct candidates *names) {
    const char *usual[] = {"main", "master", default_branch(history, arena)};
    const char *head = origin_head(history, arena);

    if (history->main_branch) {
        add_candidate(history, arena, names, history->main_branch, true);
        add_candidate(history, arena, names, history->main_branch, false);
        return;
    }
    if (head && strcmp(head, history->branch) != 0)
        add_candidate(history, arena, names, head, true);
    for (int at_origin = 1; at_origin >= 0; at_origin--)
        for (size_t i = 0; i < sizeof usual / sizeof *usual; i++)
            if (usual[i])
                add_candidate(history, arena, names, usual[i], at_origin);
    for (int at_origin = 1; head && !history_git_is_shallow(history) && at_origin >= 0; at_origin--)
        add_candidate(history, arena, names, head, at_origin);
}

const char *history_git_main(struct history *history, struct arena *arena, struct diag *diag) {
    struct candidates names = {0};

    if (history->bare)
        return NULL;
    find_candidates(history, arena, &names);
    if (names.list.count)
        return names.list.at[0];
    if (history->main_branch) {
        diag_fail(diag, "the main branch \"%s\" of the configuration is not in this clone", history->main_branch);
        diag_hint(diag, "git fetch origin %s:refs/remotes/origin/%s brings it", history->main_branch, history->main_branch);
    }
    return NULL;
}

/* Is the commit ID on a branch that others build on? */
static bool is_published(struct history *history, struct arena *arena, const char *id) {
    struct candidates names = {0};
    struct diag unseen = {.arena = arena};

    find_candidates(history, arena, &names);
    for (size_t i = 0; i < names.list.count; i++) {
        const char *tip_id = history_git_commit(history, arena, names.list.at[i], &unseen);
        git_oid tip, commit;

        if (tip_id && git_oid_fromstr(&tip, tip_id) == 0 && git_oid_fromstr(&commit, id) == 0 &&
            (git_oid_equal(&tip, &commit) || git_graph_descendant_of(history->repository, &tip, &commit) == 1))
            return true;
    }
    return false;
}

/* What git puts on top of HEAD beside a merge: from one revision to another. */
struct replayed {
    const char *from;
    const char *to; /* NULL: nothing */
};

static struct replayed find_replayed(const struct history *history) {
    switch (git_repository_state(history->repository)) {
    case GIT_REPOSITORY_STATE_CHERRYPICK:
    case GIT_REPOSITORY_STATE_CHERRYPICK_SEQUENCE:
        return (struct replayed){"CHERRY_PICK_HEAD^", "CHERRY_PICK_HEAD"};
    case GIT_REPOSITORY_STATE_REVERT:
    case GIT_REPOSITORY_STATE_REVERT_SEQUENCE:
        return (struct replayed){"REVERT_HEAD", "REVERT_HEAD^"};
    case GIT_REPOSITORY_STATE_REBASE:
    case GIT_REPOSITORY_STATE_REBASE_INTERACTIVE:
    case GIT_REPOSITORY_STATE_REBASE_MERGE:
        return (struct replayed){"REBASE_HEAD^", "REBASE_HEAD"};
    default:
        return (struct replayed){NULL, NULL};
    }
}

/* What REPLAYED begins with; NULL: nothing, where that is the first commit. */
static const char *find_replayed_base(struct history *history, struct arena *arena, const struct replayed *replayed) {
    struct diag unseen = {.arena = arena};

    return history_git_commit(history, arena, replayed->from, &unseen);
}

int history_git_merge(struct history *history, struct arena *arena, struct history_merge *merge, struct diag *diag) {
    struct replayed replayed = {NULL, NULL};

    if (history->bare)
        return diag_fail(diag, "the project lies in no git repository: there is nothing to merge");
    if (!merge->theirs)
        replayed = find_replayed(history);
    if (replayed.to) {
        merge->theirs = replayed.to;
        merge->base = merge->base ? merge->base : find_replayed_base(history, arena, &replayed);
    }
    merge->ours = history_git_commit(history, arena, merge->ours ? merge->ours : "HEAD", diag);
    merge->theirs = merge->ours ? history_git_commit(history, arena, merge->theirs ? merge->theirs : "MERGE_HEAD", diag) : NULL;
    if (!merge->theirs)
        return -1;
    if (merge->base)
        merge->base = history_git_commit(history, arena, merge->base, diag);
    else
        find_bases(history, arena, merge);
    merge->ours_published = replayed.to || is_published(history, arena, merge->ours);
    merge->theirs_published = !replayed.to && is_published(history, arena, merge->theirs);
    return diag->errors ? -1 : 0;
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
