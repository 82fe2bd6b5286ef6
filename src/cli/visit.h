/* A visit to a live database by one of the commands that work on it: apply, status, rollback, baseline, repair. What all databases of a run
 * share is read once; a visit is one of them. */
#ifndef PERSIST_VISIT_H
#define PERSIST_VISIT_H

#include <jansson.h>

#include "apply.h"
#include "fleet.h"
#include "versions.h"

struct visit;

struct tour {
    enum exit_code (*run)(struct visit *visit); /* what is done at each database */
    struct workspace workspace;
    struct targets targets;
    struct version_store store;
    struct apply_request request;
    struct patience patience;
    const char *applied_by;
    bool quiet; /* the person wants it so */
};

/* Everything but the databases. 0, or -1 reported. */
int tour_open(struct context *context, struct tour *tour);

/* The same of a TOUR that is zero but for its workspace, which has its migrations opened. */
int tour_prepare(struct context *context, struct tour *tour);
void tour_close(struct tour *tour);

/* Visits all of them. */
enum exit_code tour_run(struct context *context, struct tour *tour, enum exit_code (*run)(struct visit *visit));

struct visit {
    struct context *context;
    struct tour *tour;
    struct connection *connection;
    struct observer observer;
    struct runner runner;
    struct apply_request request;
    struct errand_result *result;
    long long statement_began; /* milliseconds; 0: none runs */
};

/* Connects; TO_WRITE: with the lock, to run something; else to look only. 0, or -1 reported. It is closed by tour_run(), or by
 * visit_close() where that has not opened it. */
int visit_open(struct visit *visit, bool to_write);
void visit_close(struct visit *visit);

/* Prints the scripts of STEPS, as they would run. 0, or -1 reported. */
int visit_print_scripts(struct visit *visit, const struct apply_plan *plan, bool down);

/* Fills the row of the fleet's table from OUTCOME. */
void visit_tell(struct visit *visit, const struct apply_outcome *outcome);

/* What would run, as a JSON object. */
json_t *visit_json_plan(const struct visit *visit, const struct apply_plan *plan);

/* OUTCOME as a JSON object. */
json_t *visit_json(const struct visit *visit, const struct apply_outcome *outcome);

/* The migration that TEXT names by id, beginning or label; NULL reported. */
const struct migration *tour_find(struct context *context, const struct tour *tour, const char *text);

/* Asks a person for yes or no; --yes answers. Where nobody can be asked it is no. */
bool visit_consent(struct context *context, const char *question);

#endif
