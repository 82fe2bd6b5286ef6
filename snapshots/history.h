/* The history: every snapshot that was ever made, also those that never became a migration, as commits in git.
 *
 * The commits lie on refs of their own, refs/persist/<model>/heads/<branch>, in the repository that holds the project, and follow the
 * branch that is checked out; outside a repository they lie in a bare one, persist/.history, which comes along when the project gets into git. A commit holds one file, snapshot.bal, and
 * is deterministic: the same snapshot on the same parent has the same id on every machine (see FORMAT.md).
 *
 * The log of a branch is what is on its ref, on top of what was fetched of others for the same branch, and below what the project's own
 * commits brought since: a clone without the refs, and one that pulled, know all versions of snapshot.bal. Reading writes nothing of that;
 * with the next snapshot it gets onto the ref.
 *
 * Several writers lose nothing: the commit is made first, the ref moves last and only from where it was seen; who comes second makes the
 * commit again on the new parent. */
#ifndef PERSIST_HISTORY_H
#define PERSIST_HISTORY_H

#include <stdbool.h>

#include "arena.h"
#include "diag.h"
#include "hash.h"

struct history; /* opaque */

enum { HISTORY_ID_LENGTH = 40 };

/* Where the refs of others lie once they were fetched, below this and the name of the remote; and how they are. They are not fetched onto
 * the clone's own, which git refuses, or forced loses what is on them alone. */
#define HISTORY_FETCHED "refs/persist-remotes/"
#define HISTORY_FETCH "git fetch origin '+refs/persist/*:" HISTORY_FETCHED "origin/*'"

struct history_entry {
    char commit[HISTORY_ID_LENGTH + 1];
    struct hash snapshot;
    size_t generation; /* 1 for the first */
};

struct history_place {
    const char *project;       /* the folder of the project */
    const char *model;         /* its name */
    const char *snapshot_path; /* of the committed snapshot.bal, whose versions are in the log; may not exist */
    const char *main_branch;   /* that the configuration names, or NULL */
};

/* Opens the history of one model; makes the bare repository on the first append, not before. NULL when reported. */
struct history *history_open(const struct history_place *place, struct diag *diag);
void history_close(struct history *history); /* NULL is allowed */

/* The branch that is checked out, "main" outside a repository; for messages. */
const char *history_branch(const struct history *history);

/* The newest entry. 0; 1 when there is none (nothing reported); -1 reported. */
int history_head(struct history *history, struct history_entry *entry, struct diag *diag);

/* Appends the snapshot TEXT unless the newest entry holds the same: 0 appended, 1 nothing new, -1 reported. */
int history_append(struct history *history, const char *text, size_t length, struct diag *diag);

/* All entries of the branch, newest first, at most LIMIT (0: all). */
int history_list(struct history *history, struct arena *arena, size_t limit, struct history_entry **entries, size_t *count,
                 struct diag *diag);

/* Why the log has not all that it should have, and what helps; NULL: it has all. */
const char *history_gap(struct history *history);

/* The snapshot text of an entry. 0, or -1 reported. */
int history_text(struct history *history, struct arena *arena, const char *commit, char **text, size_t *length, struct diag *diag);

/* The entry whose snapshot hash or commit id begins with PREFIX, on any branch of the model, fetched ones too: 0; 1 none; 2 several; -1 reported. */
int history_find(struct history *history, const char *prefix, struct history_entry *entry, struct diag *diag);

/* The file PATH (absolute, or relative to the project) as it was at the revision REV of the project's own repository. 0; 1 it was not there
 * (nothing reported); -1 reported: no such revision, or a clone that has not all of it. */
int history_git_file(struct history *history, struct arena *arena, const char *rev, const char *path, char **text, size_t *length,
                     struct diag *diag);

/* PATH as git wrote it when a merge stopped at conflicts, with its markers, in whatever style they are. 0; 1 there is none, as older versions
 * of git do not keep that. */
int history_git_stopped_at(struct history *history, struct arena *arena, const char *path, char **text, size_t *length);

/* The id of the commit that the revision REV of the project's own repository means; NULL when reported. */
const char *history_git_commit(struct history *history, struct arena *arena, const char *rev, struct diag *diag);

/* PATH (absolute, or relative to the project) as the project's own repository names it; NULL: it lies in none. */
const char *history_git_path(struct history *history, struct arena *arena, const char *path);

/* Who brought something into the project's own repository. */
struct history_addition {
    const char *name; /* the entry of the folder */
    char commit[HISTORY_ID_LENGTH + 1];
    const char *author;
    const char *email;
    long long seconds; /* since 1970 */
    int offset;        /* of the author's clock, in minutes */
};

/* What was ever added to FOLDER (a path as in history_git_file()) on the way to HEAD: each name once, by the first commit that had it. One
 * walk. Outside a repository, and in a shallow clone, nothing is found. 0, or -1 reported. */
int history_git_additions(struct history *history, struct arena *arena, const char *folder, struct history_addition **additions,
                          size_t *count, struct diag *diag);

/* The committed snapshot.bal whose hash is HASH, of any commit that led to HEAD, merged branches too: a clone may have that alone. 0; 1 there
 * is none (nothing reported); -1 reported. */
int history_git_snapshot(struct history *history, struct arena *arena, struct hash hash, char **text, size_t *length, struct diag *diag);

/* A merge of two commits of the project's own repository. */
struct history_merge {
    const char *base; /* revisions, NULL for the usual ones; found: the ids of the commits, base NULL when they have nothing in common */
    const char *
        *more_bases; /* found, beside base: where each was merged into the other before, several commits are the newest that both have */
    size_t more_base_count;
    const char *ours;
    const char *theirs;
    bool ours_published; /* the commit is on the main branch, here or at the origin */
    bool theirs_published;
};

/* Does the clone end somewhere, so that commits which it should have are missing? */
bool history_git_is_shallow(const struct history *history);

/* What the clone lacks, and what brings it: it is shallow, or partial; NULL: it has all. For a hint. */
const char *history_git_gap(struct history *history);

/* The main branch, as a revision: what the configuration names; else the origin's, by its HEAD; else the first that there is of main, master
 * and init.defaultBranch, at the origin, then here. NULL: there is none, which is reported where the configuration names it. */
const char *history_git_main(struct history *history, struct arena *arena, struct diag *diag);

/* Finds the commits of MERGE: ours is HEAD, theirs what is being merged, base the newest that both have. While git rebases or picks a commit,
 * theirs is that, base its parent, and ours counts as published, because it stands below already; while it reverts one, theirs is its parent
 * and base the commit. 0, or -1 reported. */
int history_git_merge(struct history *history, struct arena *arena, struct history_merge *merge, struct diag *diag);

/* Has a git rebase stopped in the project's own repository? REBASE_HEAD is the commit then. */
bool history_git_is_rebasing(const struct history *history);

/* Sets NAME to VALUE in the configuration of the project's own repository. 0, or -1 reported. */
int history_git_configure(struct history *history, const char *name, const char *value, struct diag *diag);

/* The top folder of the project's own repository, without "/" at its end; NULL: it lies in none. */
const char *history_git_root(struct history *history, struct arena *arena);

/* The folder in which git looks for hooks (core.hooksPath, else the repository's own); NULL when reported. */
const char *history_git_hooks(struct history *history, struct arena *arena, struct diag *diag);

/* Recomputes the hash of every snapshot of the branch and compares it with what its commit says; 0, or -1 reported. */
int history_verify(struct history *history, size_t *checked, struct diag *diag);

#endif
