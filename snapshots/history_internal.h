/* What the files of the history share: history.c keeps the snapshots on refs of their own, history_join.c finds what belongs to the log of a
 * branch and is not on its ref yet, history_project.c reads the repository of the project around them. Nobody else sees libgit2. */
#ifndef PERSIST_HISTORY_INTERNAL_H
#define PERSIST_HISTORY_INTERNAL_H

#include <git2.h>

#include "history.h"
#include "map.h"
#include "vec.h"

/* A snapshot that belongs to the log and is not on its ref: its commit will be this one when it is written. */
struct history_unwritten {
    struct history_entry entry;
    git_oid blob;
};

/* Entries, newest first. */
struct history_log {
    VEC(struct history_entry) list;
};

struct history {
    struct arena arena;
    git_repository *repository; /* NULL: a bare one that is still to be made */
    const char *bare;           /* the bare repository's path, or NULL when the project lies in a repository */
    const char *model;
    const char *snapshot_path;
    const char *main_branch; /* that the configuration names, or NULL */
    const char *branch;
    const char *ref;

    /* The log as history_join() found it: the commits from TIP on, and what is to come on top of them. A zero id: there is none. */
    bool joined;
    git_oid own; /* what the ref is at */
    git_oid tip;
    VEC(struct history_unwritten) unwritten; /* oldest first */
    struct history_entry newest;             /* generation 0: the log is empty */
    bool cut;                                /* the clone lacks versions that belong to it */

    /* All snapshots of the model, of all branches; see history_find(). */
    bool indexed;
    struct history_log all;
    struct map by_snapshot; /* the whole hash → struct history_entry */

    struct map places; /* what lies below the trees of commits; see history_id_at() */

    /* The committed versions of snapshot.bal that were passed so far; see history_git_snapshot(). */
    git_revwalk *walk;
    struct map committed; /* hash of the snapshot → git_oid of the blob */
    struct map passed;    /* id of the blob → itself */
};

/* Reports that DOING ("read") failed, with git's own words; -1. */
int history_fail(struct diag *diag, const char *doing);

/* What the commit says: the snapshot's hash stands in its message, the generation is its time. 0, or -1 reported. */
int history_read_entry(git_commit *commit, struct history_entry *entry, struct diag *diag);

/* The first parent of COMMIT, which is freed; NULL: it has none, or none that is here. */
git_commit *history_step_back(git_commit *commit);

/* VISIT is called with the commit of each ref that GLOB names, until it gives something other than 0, which is given. -1: reported. */
typedef int history_visitor(struct history *history, const git_oid *tip, void *state, struct diag *diag);
int history_each_ref(struct history *history, const char *glob, history_visitor *visit, void *state, struct diag *diag);

/* Appends the commits from TIP down to STOP (excluded; NULL: all), at most LIMIT (0: all), to LOG. 0, or -1 reported. */
int history_read_log(struct history *history, const git_oid *tip, const git_oid *stop, size_t limit, struct history_log *log,
                     struct diag *diag);

/* The commit of BLOB with SNAPSHOT on PARENT (NULL: it is the first), as FORMAT.md has it. WRITE: put into the repository; else only named.
 * 0, or an error of git. */
int history_commit(struct history *history, const git_oid *blob, struct hash snapshot, const struct history_entry *parent, bool write,
                   git_oid *id);

/* What a project has in the bare repository BARE comes along when it gets into git: once, and as far as it can be written. */
void history_take_over(struct history *history, const char *bare);

/* Fills .own, .tip, .unwritten and .newest, unless that was done. Nothing is written. 0, or -1 reported. */
int history_join(struct history *history, struct diag *diag);

/* The id of what lies at PATH (relative to the work tree) of COMMIT, if it is of TYPE: 0; 1 there is none; -1 an object is missing here (nothing
 * reported). A tree below the top one is read once, in however many commits it is: to pass a commit costs its top tree. */
int history_id_at(struct history *history, const git_commit *commit, const char *path, git_object_t type, git_oid *id);

/* The blob at PATH (relative to the work tree) of COMMIT: 0; 1 there is none; -1 its object is missing here (nothing reported). */
int history_blob_at(struct history *history, const git_commit *commit, const char *path, git_blob **blob);

/* What BLOB, which is freed, holds. Always 0. */
int history_copy_blob(struct arena *arena, git_blob *blob, char **text, size_t *length);

/* PATH relative to the work tree, whether it is there now or not; NULL when it lies outside. */
const char *history_place_in_tree(struct history *history, struct arena *arena, const char *path);

#endif
