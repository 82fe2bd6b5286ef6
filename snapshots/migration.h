/* The migrations of one model, as they lie in the project: snapshot.bal, chain, and a folder for each migration.
 *
 * Writing is all or nothing: everything new is made in ".pending" first; the rename that gives that folder its name is the moment of
 * truth; then its parts are moved into place. A process that dies in between is finished by the next one (migrations_open). */
#ifndef PERSIST_MIGRATION_H
#define PERSIST_MIGRATION_H

#include "chain.h"
#include "snapshot.h"

struct migrations {
    const char *folder;
    struct chain chain;
    struct source *chain_source; /* NULL: there is no chain yet */
    struct snapshot *head;       /* the snapshot after the last migration; NULL: there is none yet */
    const char *foreign;         /* the folder of the newest migration of bal persist that the head was read from, or NULL */
};

/* Reads chain and snapshot of FOLDER (which need not exist) and checks them against each other; finishes what a killed run left. When
 * there is no chain but a history of bal persist (<time>_<label>/<model>.bal in FOREIGN_FOLDER, may be NULL), its newest model is the
 * head. 0, or -1 reported. */
int migrations_open(struct arena *arena, const char *folder, const char *foreign_folder, struct migrations *migrations, struct diag *diag);

/* What is written for a new migration. */
struct migration_files {
    const char *id;
    struct str snapshot;
    struct str up;
    struct str down;
    struct str plan;
    const struct migration_files *before; /* one that is written with it, in front of it, and that may have one too: all or none; or NULL */
};

/* Finishes what a killed run left in FOLDER, which need not exist. 0, or -1 reported. */
int migrations_settle(struct arena *arena, const char *folder, struct diag *diag);

/* Writes it on top of MIGRATIONS and appends it to the chain. Another process that wrote a migration since migrations_open() is noticed:
 * 1, and nothing was written. 0, or -1 reported. */
int migrations_add(struct arena *arena, struct migrations *migrations, const struct migration_files *files, struct diag *diag);

/* The id for a migration made at SECONDS since 1970 (UTC) with LABEL (any text: becomes lower case letters, digits and "_"), later than
 * every id of CHAIN. */
const char *migration_id(struct arena *arena, const struct chain *chain, long long seconds, const char *label);

/* LABEL as it stands behind the "_" of an id; "" when nothing of it can. */
const char *migration_label(struct arena *arena, const char *label);

/* Is NAME the name of a migration's folder: 14 digits, perhaps "_" and a label? */
bool migration_is_id(const char *name);

/* By its id, a unique beginning of it, or its label; NULL when there is none. */
const struct migration *migration_find(const struct chain *chain, const char *text);

/* The same, also among the parts of squashed ones. */
const struct migration *migration_find_any(struct arena *arena, const struct chain *chain, const char *text);

/* Squashes the migrations FIRST … LAST (places in the chain's list) of MIGRATIONS into one with FILES, whose id chain_squashed_id() gave; its
 * snapshot is not written, being the last's. Their folders go into its folder. 1: another process wrote a migration since
 * migrations_open(), and nothing was written. 0, or -1 reported. */
int migrations_squash(struct arena *arena, struct migrations *migrations, size_t first, size_t last, const struct migration_files *files,
                      struct diag *diag);

/* Recomputes every hash of every migration's files and says what does not hold, all of it; 0, or -1 reported. */
int migrations_verify(struct arena *arena, const struct migrations *migrations, struct diag *diag);

#endif
