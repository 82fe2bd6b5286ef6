#include "history_internal.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "file.h"
#include "str.h"

static const char tree_entry[] = "snapshot.bal";
static const char message_prefix[] = "snapshot ";

enum { APPEND_TRIES = 400, COMMIT_DIGITS = 12 };

int history_fail(struct diag *diag, const char *doing) {
    const git_error *error = git_error_last();

    return diag_fail(diag, "cannot %s the history: %s", doing, error && error->message ? error->message : "unknown error of git");
}

/* --- opening --- */

/* A work tree without .git: GIT_DIR and GIT_WORK_TREE say where the repository is. They count only where the project lies in that tree:
 * git leaves them in the environment of hooks, from which a command for another project may be run. */
static int open_named(struct history *history, const char *project) {
    const char *folder = getenv("GIT_DIR");
    const char *tree = getenv("GIT_WORK_TREE");
    git_repository *repository = NULL;

    if (!folder || !*folder || git_repository_open(&repository, folder))
        return GIT_ENOTFOUND;
    if (tree && *tree && git_repository_set_workdir(repository, tree, 0)) {
        git_repository_free(repository);
        return GIT_ENOTFOUND;
    }
    history->repository = repository;
    if (history_place_in_tree(history, &history->arena, project))
        return 0;
    history->repository = NULL;
    git_repository_free(repository);
    return GIT_ENOTFOUND;
}

/* Not every repository of git can be read by every libgit2: its own words say why, and nothing is tried without. */
static int refuse_repository(struct diag *diag) {
    const git_error *error = git_error_last();
    const char *words = error && error->message ? error->message : "unknown error of git";
    const char *home = getenv("HOME");

    diag_fail(diag, "the git repository of the project cannot be read: %s", words);
    if (strstr(words, "extension"))
        diag_hint(diag, "libgit2 %s, which reads it here, knows no repository of this kind; \"git config --list\" tells its extensions.*",
                  LIBGIT2_VERSION);
    else if (home && access(home, X_OK))
        diag_hint(diag, "HOME is \"%s\", which may not be read: set it to a folder of whoever runs this", home);
    return -1;
}

static int open_repository(struct history *history, const char *project, struct diag *diag) {
    const char *bare = file_join(&history->arena, project, "persist/.history");
    int error = getenv("GIT_WORK_TREE") ? open_named(history, project) : GIT_ENOTFOUND;

    if (error == GIT_ENOTFOUND)
        error = git_repository_open_ext(&history->repository, project, 0, NULL);
    if (error == GIT_ENOTFOUND)
        error = open_named(history, project);
    if (error == 0) {
        history_take_over(history, bare);
        return 0;
    }
    if (error != GIT_ENOTFOUND)
        return refuse_repository(diag);
    history->bare = bare;
    error = git_repository_open_bare(&history->repository, history->bare);
    return error == 0 || error == GIT_ENOTFOUND ? 0 : history_fail(diag, "open");
}

/* The branch that HEAD names, also when it has no commit yet. A HEAD at a commit is a branch of its own, "detached-" and the id's beginning:
 * what was made on another commit is no part of its log. */
static const char *find_branch(struct history *history) {
    git_reference *head = NULL;
    const char *branch = "main";

    if (!history->bare && git_reference_lookup(&head, history->repository, "HEAD") == 0) {
        const char *target = git_reference_symbolic_target(head);
        char id[COMMIT_DIGITS + 1];

        if (!target)
            branch = arena_printf(&history->arena, "detached-%s", git_oid_tostr(id, sizeof id, git_reference_target(head)));
        else if (strncmp(target, "refs/heads/", 11) == 0)
            branch = arena_strdup(&history->arena, target + 11);
    }
    git_reference_free(head);
    return branch;
}

static bool is_ref(struct history *history, const char *name) {
    git_oid id;

    return git_reference_name_to_id(&id, history->repository, name) == 0;
}

/* Is a ref in the way of REF? There is no refs/…/a/b beside refs/…/a. */
static bool is_blocked(struct history *history, const char *ref) {
    git_reference_iterator *refs = NULL;
    git_reference *below = NULL;
    bool blocked = false;

    for (const char *slash = strchr(ref, '/'); slash && !blocked; slash = strchr(slash + 1, '/'))
        blocked = is_ref(history, arena_strndup(&history->arena, ref, (size_t)(slash - ref)));
    if (!blocked && git_reference_iterator_glob_new(&refs, history->repository, arena_printf(&history->arena, "%s/*", ref)) == 0)
        blocked = git_reference_next(&below, refs) == 0;
    git_reference_free(below);
    git_reference_iterator_free(refs);
    return blocked;
}

/* The ref of the branch. The log of a branch stays when the branch is removed, and may be in the way of a later one, as "due" of "due/date":
 * that has "+" for each "/" and at its end. */
static const char *find_ref(struct history *history) {
    const char *ref = arena_printf(&history->arena, "refs/persist/%s/heads/%s", history->model, history->branch);
    char *other = arena_printf(&history->arena, "%s+", ref);

    if (!history->repository || is_ref(history, ref))
        return ref;
    for (char *at = other + strlen(other) - strlen(history->branch) - 1; *at; at++)
        if (*at == '/')
            *at = '+';
    return is_ref(history, other) || is_blocked(history, ref) ? other : ref;
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

/* The settings that cost most and bring least here: objects are hashed by libgit2 on reading already, and every name is made by us.
 * Who owns the repository matters to git, which runs what its configuration names; nothing of it is run here. The extensions are those
 * that change nothing for who reads objects and refs: what a partial clone lacks is missed where it is read. */
static void set_options(void) {
    static const char *const harmless[] = {"partialclone", "preciousobjects", "worktreeconfig"};

    git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 0);
    git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, harmless, sizeof harmless / sizeof *harmless);
}

struct history *history_open(const struct history_place *place, struct diag *diag) {
    struct arena arena = {0};
    struct history *history = ARENA_NEW(&arena, struct history);

    history->arena = arena; /* which holds the struct itself */
    git_libgit2_init();
    set_options();
    history->model = arena_strdup(&history->arena, place->model);
    history->snapshot_path = arena_strdup(&history->arena, place->snapshot_path);
    history->main_branch = arena_strdup(&history->arena, place->main_branch);
    if (open_repository(history, place->project, diag)) {
        history_close(history);
        return NULL;
    }
    history->branch = find_branch(history);
    history->ref = find_ref(history);
    return history;
}

void history_close(struct history *history) {
    struct arena arena;

    if (!history)
        return;
    arena = history->arena;
    git_revwalk_free(history->walk);
    git_repository_free(history->repository);
    git_libgit2_shutdown();
    arena_free(&arena);
}

const char *history_branch(const struct history *history) {
    return history->branch;
}

/* --- reading --- */

int history_read_entry(git_commit *commit, struct history_entry *entry, struct diag *diag) {
    const char *message = git_commit_message(commit);

    git_oid_tostr(entry->commit, sizeof entry->commit, git_commit_id(commit));
    entry->generation = (size_t)git_commit_time(commit);
    if (strncmp(message, message_prefix, sizeof message_prefix - 1) != 0 ||
        hash_parse(message + sizeof message_prefix - 1, &entry->snapshot))
        return diag_fail(diag, "commit %s is on a history of persist, but its message names no snapshot", entry->commit);
    return 0;
}

git_commit *history_step_back(git_commit *commit) {
    git_commit *parent = NULL;

    if (git_commit_parentcount(commit))
        git_commit_parent(&parent, commit, 0);
    git_commit_free(commit);
    return parent;
}

int history_each_ref(struct history *history, const char *glob, history_visitor *visit, void *state, struct diag *diag) {
    git_reference_iterator *refs = NULL;
    git_reference *ref;
    int result = 0;

    if (git_reference_iterator_glob_new(&refs, history->repository, glob))
        return history_fail(diag, "read");
    while (result == 0 && git_reference_next(&ref, refs) == 0) {
        if (git_reference_target(ref))
            result = visit(history, git_reference_target(ref), state, diag);
        git_reference_free(ref);
    }
    git_reference_iterator_free(refs);
    return result;
}

int history_read_log(struct history *history, const git_oid *tip, const git_oid *stop, size_t limit, struct history_log *log,
                     struct diag *diag) {
    size_t most = limit ? log->list.count + limit : (size_t)-1;
    git_commit *commit = NULL;

    if (git_commit_lookup(&commit, history->repository, tip))
        return history_fail(diag, "read");
    while (commit && log->list.count < most && !(stop && git_oid_equal(git_commit_id(commit), stop))) {
        if (history_read_entry(commit, vec_add(&history->arena, &log->list), diag)) {
            git_commit_free(commit);
            return -1;
        }
        commit = history_step_back(commit);
    }
    git_commit_free(commit);
    return 0;
}

static int find_in_tree(struct history *history, const git_oid *tree_id, const char *path, git_object_t type, git_oid *id);

/* As find_in_tree(), of a tree that other commits have too. An id of zeros: there is none. */
static int find_again(struct history *history, const git_oid *tree_id, const char *path, git_object_t type, git_oid *id) {
    char hex[HISTORY_ID_LENGTH + 1];
    const char *key = arena_printf(&history->arena, "%s %s", git_oid_tostr(hex, sizeof hex, tree_id), path);
    git_oid *known = map_get(&history->places, key);

    if (!known) {
        known = ARENA_NEW(&history->arena, git_oid);
        if (find_in_tree(history, tree_id, path, type, known) < 0)
            return -1;
        map_put(&history->arena, &history->places, key, known);
    }
    *id = *known;
    return git_oid_is_zero(id);
}

static int find_in_tree(struct history *history, const git_oid *tree_id, const char *path, git_object_t type, git_oid *id) {
    size_t length = strcspn(path, "/");
    const git_tree_entry *entry;
    git_tree *tree = NULL;
    int found = 1;

    if (git_tree_lookup(&tree, history->repository, tree_id))
        return -1;
    entry = git_tree_entry_byname(tree, arena_strndup(&history->arena, path, length));
    if (entry && git_tree_entry_type(entry) == (path[length] ? GIT_OBJECT_TREE : type)) {
        *id = *git_tree_entry_id(entry);
        found = path[length] ? find_again(history, git_tree_entry_id(entry), path + length + 1, type, id) : 0;
    }
    git_tree_free(tree);
    return found;
}

int history_id_at(struct history *history, const git_commit *commit, const char *path, git_object_t type, git_oid *id) {
    return find_in_tree(history, git_commit_tree_id(commit), path, type, id);
}

int history_blob_at(struct history *history, const git_commit *commit, const char *path, git_blob **blob) {
    git_oid id;
    int found = history_id_at(history, commit, path, GIT_OBJECT_BLOB, &id);

    *blob = NULL;
    return found ? found : git_blob_lookup(blob, history->repository, &id) ? -1 : 0;
}

int history_copy_blob(struct arena *arena, git_blob *blob, char **text, size_t *length) {
    *length = (size_t)git_blob_rawsize(blob);
    *text = arena_strndup(arena, git_blob_rawcontent(blob), *length);
    git_blob_free(blob);
    return 0;
}

/* --- writing --- */

/* The id of an object with these bytes; WRITE: which the repository has then. 0, or an error of git. */
static int put_object(git_odb *odb, const struct str *bytes, git_object_t type, bool write, git_oid *id) {
    return write ? git_odb_write(id, odb, bytes->text, bytes->length, type) : git_odb_hash(id, bytes->text, bytes->length, type);
}

static void print_commit(const git_oid *tree, struct hash snapshot, const struct history_entry *parent, struct str *out) {
    static const char *const roles[] = {"author", "committer"};
    char hex[HISTORY_ID_LENGTH + 1];

    str_addf(out, "tree %s\n", git_oid_tostr(hex, sizeof hex, tree));
    if (parent->generation)
        str_addf(out, "parent %s\n", parent->commit);
    for (size_t i = 0; i < 2; i++)
        str_addf(out, "%s persist <persist@localhost> %zu +0000\n", roles[i], parent->generation + 1);
    hash_print(snapshot, hex);
    str_addf(out, "\n%s%s\n", message_prefix, hex);
}

int history_commit(struct history *history, const git_oid *blob, struct hash snapshot, const struct history_entry *parent, bool write,
                   git_oid *id) {
    struct str text = STR_INIT;
    git_odb *odb = NULL;
    git_oid tree;
    int error = git_repository_odb(&odb, history->repository);

    str_addf(&text, "100644 %s", tree_entry);
    str_add_bytes(&text, "", 1);
    str_add_bytes(&text, (const char *)blob->id, sizeof blob->id);
    if (!error)
        error = put_object(odb, &text, GIT_OBJECT_TREE, write, &tree);
    str_truncate(&text, 0);
    if (!error) {
        print_commit(&tree, snapshot, parent, &text);
        error = put_object(odb, &text, GIT_OBJECT_COMMIT, write, id);
    }
    str_free(&text);
    git_odb_free(odb);
    return error;
}

/* Writes what belongs to the log and is not on its ref: 0, or an error of git. */
static int write_commits(struct history *history, git_oid *newest) {
    struct history_entry parent = {.generation = 0};
    int error = 0;

    *newest = history->tip;
    if (history->unwritten.count) {
        parent.generation = history->unwritten.at[0].entry.generation - 1;
        git_oid_tostr(parent.commit, sizeof parent.commit, &history->tip);
    }
    for (size_t i = 0; error == 0 && i < history->unwritten.count; i++) {
        const struct history_unwritten *unwritten = &history->unwritten.at[i];

        error = history_commit(history, &unwritten->blob, unwritten->entry.snapshot, &parent, true, newest);
        parent = unwritten->entry;
    }
    return error;
}

/* Moves the ref from where history_join() saw it to ID: 0, or an error of git; GIT_EMODIFIED and GIT_EEXISTS: somebody else was first. */
static int move_ref(struct history *history, const git_oid *id) {
    git_reference *ref = NULL;
    int error;

    if (git_oid_equal(&history->own, id))
        return 0;
    if (git_oid_is_zero(&history->own))
        error = git_reference_create(&ref, history->repository, history->ref, id, 0, "persist: first snapshot");
    else
        error = git_reference_create_matching(&ref, history->repository, history->ref, id, 1, &history->own, "persist: snapshot");
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

static int make_bare(struct history *history, struct diag *diag) {
    if (history->repository)
        return 0;
    if (git_repository_init(&history->repository, history->bare, 1))
        return history_fail(diag, "make");
    /* Where the project comes into git later, this is nothing to be added. */
    return file_write(file_join(&history->arena, history->bare, ".gitignore"), "*\n", 2, diag);
}

/* Puts TEXT on top of what belongs to the log, and its commit on the ref: 0, or an error of git. *SAME: the newest is TEXT already. */
static int append_once(struct history *history, const char *text, size_t length, bool *same) {
    struct hash snapshot = hash_bytes(text, length);
    git_oid newest;
    int error = 0;

    *same = history->newest.generation && hash_equal(history->newest.snapshot, snapshot);
    if (!*same) {
        struct history_unwritten *unwritten = vec_add(&history->arena, &history->unwritten);

        unwritten->entry.snapshot = snapshot;
        unwritten->entry.generation = history->newest.generation + 1;
        error = git_blob_create_from_buffer(&unwritten->blob, history->repository, text, length);
    }
    if (!error)
        error = write_commits(history, &newest);
    if (!error)
        error = move_ref(history, &newest);
    history->joined = history->indexed = false;
    return error;
}

int history_append(struct history *history, const char *text, size_t length, struct diag *diag) {
    if (make_bare(history, diag))
        return -1;
    for (int attempt = 0; attempt < APPEND_TRIES; attempt++) {
        bool same;
        int error;

        if (history_join(history, diag))
            return -1;
        error = append_once(history, text, length, &same);
        if (!error)
            return same;
        if (!somebody_was_first(error))
            return history_fail(diag, "write");
        pause_before_retry(attempt);
    }
    diag_fail(diag, "cannot write the history: other processes kept \"%s\" busy", history->ref);
    diag_hint(diag, "when none runs, one was killed: remove %s%s.lock", git_repository_commondir(history->repository), history->ref);
    return -1;
}

/* --- asking --- */

int history_head(struct history *history, struct history_entry *entry, struct diag *diag) {
    if (history_join(history, diag))
        return -1;
    *entry = history->newest;
    return entry->generation ? 0 : 1;
}

/* Appends what is not written, newest first, at most LIMIT (0: all). */
static void list_unwritten(struct history *history, size_t limit, struct history_log *log) {
    for (size_t i = history->unwritten.count; i-- > 0 && (!limit || log->list.count < limit);)
        vec_push(&history->arena, &log->list, history->unwritten.at[i].entry);
}

int history_list(struct history *history, struct arena *arena, size_t limit, struct history_entry **entries, size_t *count,
                 struct diag *diag) {
    struct history_log log = {0};
    int result = history_join(history, diag);

    *count = 0;
    if (result == 0)
        list_unwritten(history, limit, &log);
    if (result == 0 && !git_oid_is_zero(&history->tip) && (!limit || log.list.count < limit))
        result = history_read_log(history, &history->tip, NULL, limit ? limit - log.list.count : 0, &log, diag);
    *count = result ? 0 : log.list.count;
    *entries = ARENA_ARRAY(arena, struct history_entry, *count);
    if (*count)
        memcpy(*entries, log.list.at, *count * sizeof **entries);
    return result;
}

/* The blob of the commit, which may be one that is not written; NULL: there is none. */
static git_blob *blob_of(struct history *history, const char *commit_id) {
    git_commit *commit = NULL;
    git_blob *blob = NULL;
    git_oid id;

    for (size_t i = 0; i < history->unwritten.count; i++)
        if (strcmp(history->unwritten.at[i].entry.commit, commit_id) == 0)
            return git_blob_lookup(&blob, history->repository, &history->unwritten.at[i].blob) ? NULL : blob;
    if (history->repository && git_oid_fromstr(&id, commit_id) == 0 && git_commit_lookup(&commit, history->repository, &id) == 0)
        history_blob_at(history, commit, tree_entry, &blob);
    git_commit_free(commit);
    return blob;
}

int history_text(struct history *history, struct arena *arena, const char *commit_id, char **text, size_t *length, struct diag *diag) {
    git_blob *blob = blob_of(history, commit_id);

    return blob ? history_copy_blob(arena, blob, text, length) : diag_fail(diag, "the history has no snapshot in commit %s", commit_id);
}

/* Notes the commits from TIP down to one that was SEEN, as refs share what they come from. */
static int index_ref(struct history *history, const git_oid *tip, void *seen, struct diag *diag) {
    git_commit *commit = NULL;

    if (git_commit_lookup(&commit, history->repository, tip))
        return history_fail(diag, "read");
    while (commit) {
        struct history_entry *entry = vec_add(&history->arena, &history->all.list);

        if (history_read_entry(commit, entry, diag)) {
            git_commit_free(commit);
            return -1;
        }
        if (map_put(&history->arena, seen, arena_strdup(&history->arena, entry->commit), history)) {
            history->all.list.count--;
            break;
        }
        commit = history_step_back(commit);
    }
    git_commit_free(commit);
    return 0;
}

/* All that is on a ref of the model, here or fetched, and what is not written; each commit is read once. */
static int index_all(struct history *history, struct diag *diag) {
    struct map seen = {0};

    if (history->indexed || !history->repository)
        return 0;
    if (history_join(history, diag))
        return -1;
    history->all.list.count = 0;
    history->by_snapshot = (struct map){0};
    list_unwritten(history, 0, &history->all);
    if (history_each_ref(history, arena_printf(&history->arena, "refs/persist/%s/heads/*", history->model), index_ref, &seen, diag) ||
        history_each_ref(history, arena_printf(&history->arena, HISTORY_FETCHED "*/%s/heads/*", history->model), index_ref, &seen, diag))
        return -1;
    for (size_t i = 0; i < history->all.list.count; i++) {
        char hex[HASH_HEX_LENGTH + 1];

        hash_print(history->all.list.at[i].snapshot, hex);
        map_put(&history->arena, &history->by_snapshot, arena_strdup(&history->arena, hex), &history->all.list.at[i]);
    }
    history->indexed = true;
    return 0;
}

/* Does ENTRY answer to PREFIX, a beginning of its snapshot's hash or of its commit's id? */
static bool entry_matches(const struct history_entry *entry, const char *prefix) {
    char hex[HASH_HEX_LENGTH + 1];
    size_t length = strlen(prefix);

    hash_print(entry->snapshot, hex);
    return strncmp(hex, prefix, length) == 0 || strncmp(entry->commit, prefix, length) == 0;
}

int history_find(struct history *history, const char *prefix, struct history_entry *entry, struct diag *diag) {
    const struct history_entry *whole;
    int found = 0;

    if (index_all(history, diag))
        return -1;
    whole = map_get(&history->by_snapshot, prefix);
    if (whole) {
        *entry = *whole;
        return 0;
    }
    for (size_t i = 0; i < history->all.list.count; i++) {
        const struct history_entry *here = &history->all.list.at[i];

        if (entry_matches(here, prefix) && (found == 0 || !hash_equal(here->snapshot, entry->snapshot)) && found++ == 0)
            *entry = *here;
    }
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
