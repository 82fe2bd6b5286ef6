/* Bringing a live database to a migration, and back.
 *
 *     runner_open(&runner)                            session, lock, journal
 *     apply_up(&runner, &request, &outcome)           or apply_down, apply_baseline
 *     runner_close(&runner)
 *
 * Before the first statement the database must be what the chain says, after the last it must be the new version: else the run is red, and
 * where DDL is rolled back with its transaction nothing has happened. */
#ifndef PERSIST_APPLY_H
#define PERSIST_APPLY_H

#include "drift.h"
#include "migration.h"
#include "standing.h"

struct apply_request {
    const char *folder; /* of the migrations */
    const struct chain *project; /* the chain of the project */
    const struct chain *chain;   /* the same as this database goes along it: apply_fit() */
    struct versions *versions;
    const struct migration *to; /* up: the last to be applied, NULL for all; down: the one to stay at, NULL: as many as .steps says */
    size_t steps;               /* down */
    bool accept_drift;
    bool out_of_order;
};

/* Makes ->chain out of ->project by the journal of RUNNER, which was opened, and finds ->to in it. 0, or -1 reported. */
int apply_fit(struct runner *runner, struct apply_request *request);

struct apply_outcome {
    const char *from; /* the newest migration that was applied before; NULL: none */
    const char *to;   /* and is now */
    size_t migrations;
    size_t statements;
};

/* Applies what is pending, oldest first. 0, or -1 reported; OUTCOME tells of what was done either way. */
int apply_up(struct runner *runner, const struct apply_request *request, struct apply_outcome *outcome);

/* Runs the scripts down, newest first. What is lost by that was consented to before (loss.h). */
int apply_down(struct runner *runner, const struct apply_request *request, struct apply_outcome *outcome);

/* Writes into the journal of a database that has none that it is at request->to, once it was found to be. */
int apply_baseline(struct runner *runner, const struct apply_request *request, struct apply_outcome *outcome);

/* What would be done, without doing it. */
struct apply_plan {
    VEC(const struct step *) steps; /* in the order in which they run */
    struct standing standing;
};
int apply_plan_up(struct runner *runner, const struct apply_request *request, struct apply_plan *plan);
int apply_plan_down(struct runner *runner, const struct apply_request *request, struct apply_plan *plan);

/* Is the database as the journal says? Only what can be said of a database without a half-done migration; *KNOWN is false else. 0, or -1
 * reported. */
int apply_find_drift(struct runner *runner, const struct apply_request *request, const struct standing *standing, struct drift *drift);

/* Reads up.sql or down.sql of MIGRATION, which must have the hash that the chain says. NULL reported. */
struct source *apply_read_script(struct arena *arena, const struct apply_request *request, const struct migration *migration, bool down,
                                 struct diag *diag);

/* The version that comes before the migration AT of the chain; all zero for none. 0, or -1 reported. */
int apply_version_before(struct arena *arena, const struct apply_request *request, size_t at, struct hash *hash, struct diag *diag);

#endif
