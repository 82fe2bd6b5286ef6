/* Snapshots: a version line and the canonical model text. FORMAT.md and persist-snapshot(5) fix the bytes.
 *
 *     // persist snapshot 1
 *     import ballerina/persist as _;
 *     ...
 *
 * The identity of a snapshot is the XXH3-128 of all its bytes. It is taken before any database's normal form. */
#ifndef PERSIST_SNAPSHOT_H
#define PERSIST_SNAPSHOT_H

#include "diag.h"
#include "hash.h"
#include "ir.h"
#include "model.h"
#include "str.h"

enum { SNAPSHOT_FORMAT = 2 }; /* the newest this program writes and reads; it writes the lowest that can say the model */

struct snapshot {
    struct source *source;
    struct hash hash;
    bool verified;               /* the hash is the one that was expected */
    const struct schema *schema; /* NULL until snapshot_schema() was called */
};

/* Appends the snapshot of SCHEMA (declared form) to OUT. */
void snapshot_print(const struct schema *schema, struct str *out);

/* Checks a snapshot's text. What is wrong is reported at its line: conflict markers, a version that is newer than this program; with
 * EXPECTED (may be NULL) also a hash that differs, which means that the text was edited or cut. NULL when reported. */
struct snapshot *snapshot_open(struct arena *arena, struct source *source, const struct hash *expected, struct diag *diag);

/* The schema of SNAPSHOT, read on the first call; NULL when reported: the text is no model. */
const struct schema *snapshot_schema(struct arena *arena, struct snapshot *snapshot, struct diag *diag);

/* The first line of TEXT that is a conflict marker of git, as a span; start == end when there is none. */
struct span snapshot_find_conflict(const char *text);

#endif
