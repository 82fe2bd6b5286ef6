/* The gate: what "persist check" asks of a model before a change of it is let in. Every check is asked in one run; one that cannot be asked,
 * because another failed or there is nothing to compare with, is skipped and says so.
 *
 * A check reports to context->diag as everybody does: while it runs that is a list of its own. What is an error there fails the check. */
#ifndef PERSIST_GATE_H
#define PERSIST_GATE_H

#include "review_data.h"

enum gate_number {
    GATE_POLICY,
    GATE_MODEL,
    GATE_FORMAT,
    GATE_CHAIN,
    GATE_MIGRATED,
    GATE_SNAPSHOTS,
    GATE_MAIN,
    GATE_HAZARDS,
    GATE_APPROVAL,
    GATE_PROOF,
    GATE_DATABASE,
    GATE_COUNT
};

enum gate_state { GATE_OK, GATE_WARNED, GATE_FAILED, GATE_SKIPPED };

struct gate;
struct gate_check;

/* A row of the table of checks. */
struct gate_rule {
    const char *code;  /* "G103", as long as there is such a check */
    const char *name;  /* "format" */
    const char *title; /* "the model file is in canonical form" */
    const char *why;
    const char *help;
    void (*run)(struct gate *gate, struct gate_check *check);
};

struct gate_check {
    const struct gate_rule *rule;
    enum gate_state state;
    bool behind;        /* it failed by that alone that a migration is missing, or that the database differs: EXIT_PENDING */
    const char *detail; /* a few words for the table, or NULL */
    struct diag diag;
};

/* The checks of one model. */
struct gate {
    struct context *context;
    struct workspace workspace;
    const char *root;           /* from the top of the repository to the project: "services/billing/", or "" */
    const struct schema *model; /* NULL: it is not valid */
    bool chained;               /* the chain could be read */
    struct review_range range;  /* what this branch adds; .base is NULL where nothing is known of the main branch */
    struct review review;       /* of that, when .reviewed */
    struct accepts accepts;
    bool reviewed;
    bool hinted; /* at the sizes that nobody has written down */
    struct gate_check checks[GATE_COUNT];
};

/* Asks everything of the model PLACE of PROJECT. */
void gate_run(struct context *context, const struct project *project, const struct model_place *place, struct gate *gate);

/* EXIT_PENDING where nothing failed but that a migration or a database is behind the model. */
enum exit_code gate_code(const struct gate *gate);

/* "ok", "warned", "failed", "-". */
const char *gate_state_word(enum gate_state state);

/* The check is skipped, and why. */
void gate_skip(struct gate_check *check, const char *why);

/* Prints the messages of COUNT gates on standard error, then their table on standard output, unless SARIF goes there; or all of it as JSON. */
void gate_report(struct context *context, struct gate *gates, size_t count);
void gate_json(struct context *context, struct gate *gates, size_t count);

/* Appends the same as SARIF to OUT. */
void gate_sarif(struct context *context, struct gate *gates, size_t count, struct str *out);

/* gate_tree.c: what lies in the tree. */
void gate_policy(struct gate *gate, struct gate_check *check);
void gate_model(struct gate *gate, struct gate_check *check);
void gate_format(struct gate *gate, struct gate_check *check);
void gate_chain(struct gate *gate, struct gate_check *check);
void gate_migrated(struct gate *gate, struct gate_check *check);
void gate_snapshots(struct gate *gate, struct gate_check *check);

/* gate_main.c, gate_review.c, gate_database.c: what this branch adds, and a database */
void gate_main(struct gate *gate, struct gate_check *check);
void gate_hazards(struct gate *gate, struct gate_check *check);
void gate_approval(struct gate *gate, struct gate_check *check);
void gate_proof(struct gate *gate, struct gate_check *check);
void gate_database(struct gate *gate, struct gate_check *check);

#endif
