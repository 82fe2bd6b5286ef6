/* Proof: a migration is run, both ways, before it is shown.
 *
 * On a scratch database made from the old snapshot, up must give exactly the new one and down exactly the old one, by introspection; with
 * 0, 1 and 50 rows in every table, which must still be there in every column that both versions have.
 *
 * "Exactly the new one" means: what introspection reads after up equals what it reads from a database made from the new snapshot in one
 * go. Both are asked of the same server, so expressions are compared as the server prints them.
 *
 * Only the tables that the migration touches are made, with those that refer to them and those that they refer to: the others cannot
 * differ. So the proof of a small change costs little on a large schema. */
#ifndef PERSIST_PROOF_H
#define PERSIST_PROOF_H

#include "dialect.h"

enum proof_status {
    PROOF_HOLDS,  /* up and down do what they say */
    PROOF_FAILS,  /* a script does not run, or leads elsewhere: it must not be shown as good */
    PROOF_NOT_RUN /* no scratch database */
};

struct proof_request {
    const struct target *target;
    const struct schema *from; /* normal forms */
    const struct schema *to;
    const struct plan *up;
    const struct plan *down;
    const struct script *up_script;
    const struct script *down_script;
    bool down_fails_on_rows;  /* the way back is graded "none": it is proved on empty tables alone */
    bool up_may_fail_on_rows; /* a hazard says so: that it fails on the rows of the proof is noted, and no failure */
    const char *scratch_url;  /* a server; NULL for a database that needs none */
};

struct proof {
    enum proof_status status;
    const char *on;             /* "SQLite 3.40.1" */
    size_t tables;              /* made and compared */
    size_t rows;                /* put into them in the largest run */
    size_t most_rows;           /* a table, in the largest run of up that did not fail: 0, 1 or 50 */
    VEC(const char *) notes;    /* what could not be proved, and why: "no rows in invoice: CHECK constraint failed: …" */
    VEC(const char *) failures; /* what does not hold, one a line */
};

/* Runs the proof. 0 when it could be run (see status), -1 when something else failed (reported). */
int proof_run(struct arena *arena, const struct proof_request *request, struct proof *proof, struct diag *diag);

#endif
