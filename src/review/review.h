/* What a reviewer sees of a change: for each migration what changes in the words of the model, the SQL, what it risks and costs, the way
 * back and what was proved. Data first (struct review), then one file for each form it is told in; all of them are pure.
 *
 *   review_markdown.c   for the comment on a pull request
 *   review_html.c       one page without outside references
 *   review_json.c       for machines
 *   review_sarif.c      for code scanning: SARIF 2.1.0 */
#ifndef PERSIST_REVIEW_H
#define PERSIST_REVIEW_H

#include "cost.h"
#include "delta.h"
#include "dialect.h"
#include "hazard.h"
#include "str.h"

/* What becomes of a hazard under the policy of the project (cli/policy.h). */
enum verdict { VERDICT_NOTE, VERDICT_WARN, VERDICT_FAIL };

struct review_hazard {
    const struct hazard_rule *rule;
    const char *subject;  /* "Invoice.note" */
    const char *text;     /* "drops the column and what is in it" */
    const char *summary;  /* of a lock: "an index is built while writes wait (2 GB)", for where the others stand beside it; else NULL */
    const char *time;     /* "about 40 s": how long others wait; NULL: not known, or nobody does */
    const char *blocks;   /* "writes wait", "reads and writes wait"; or NULL */
    bool brief;           /* a lock that is known to be short: hazard.h */
    const char *accepted; /* the reason somebody gave for it (in plan.md or in the model); or NULL */
    enum verdict verdict;
    struct span model_at;  /* in review->source; start == end: nowhere (it is gone) */
    size_t script_line;    /* in up.sql, 1-based; 0: no one statement */
    bool down;             /* of the way back: the line is in down.sql */
};

struct review_statement {
    const char *text;
    const char *reason; /* or NULL */
    const char *lock;   /* or NULL */
    const char *probe;  /* or NULL */
    bool outside_transaction;
    size_t line;
};

struct review_migration {
    const char *id;            /* or "not yet a migration": the model is ahead of its last migration */
    bool pending;              /* the latter */
    bool edited;               /* up.sql is not what the two snapshots and the recorded answers give: written or changed by hand */
    bool joined;               /* its scripts are those of its parts, one behind the other: it was squashed so */
    const char *folder;        /* "persist/migrations/billing/20261120101500_due"; NULL when pending */
    const struct schema *from; /* declared forms */
    const struct schema *to;
    const struct renames *renames;
    struct deltas deltas;
    VEC(struct review_statement) up;
    VEC(struct review_statement) down;
    VEC(struct review_hazard) hazards;
    enum way_back way_back;
    VEC(const char *) reasons; /* why it is graded so */
    const char *proof;         /* "proved on SQLite 3.40.1: …" or "not proved, because …" */
    bool proved;
    VEC(const char *) notes;     /* parts that were not proved */
    VEC(const char *) decisions; /* what a person decided for it, as options: "--rename Invoice.note=remark" */
};

struct review {
    const char *model;         /* "billing" */
    const char *model_file;    /* "persist/billing.bal" */
    struct source *source;     /* its text; NULL: there is none */
    const char *root;          /* where the project lies in its repository: "services/billing/", or "" */
    const char *datastore;     /* "PostgreSQL" */
    const char *range;         /* "main..HEAD": what was asked for, in words */
    bool pending;              /* a change that is no migration yet was asked for too */
    bool sized;                /* times are known: there is a file of sizes */
    const struct schema *before; /* of all migrations together */
    const struct schema *after;
    const struct renames *renames; /* from before to after */
    struct deltas deltas;          /* likewise */
    VEC(struct review_migration) migrations;
};

/* What is said where there is no hazard. */
#define REVIEW_NO_HAZARD "None is known: no data is lost, no row can make it fail, no client breaks or waits long."

/* What has to be known before one reads on: that it is no migration yet, or that its scripts are not what the plan gives; or NULL. */
const char *review_remark(const struct review_migration *migration);

/* The hazards of the way up, or of the way back. */
size_t review_hazard_count(const struct review_migration *migration, bool down);

/* What HAZARD does, beside its subject, who waits and for how long. */
const char *review_hazard_words(const struct review_hazard *hazard);

/* Hazards that differ in their subjects alone are told together: are A and B such? */
bool review_hazards_alike(const struct review_hazard *a, const struct review_hazard *b);

/* The index of the first that is like the one at INDEX. */
size_t review_hazard_first(const struct review_migration *migration, size_t index);

/* How a project's policy judges HAZARD, for a person: "fails", "warns", "note", "accepted". */
const char *review_verdict_word(const struct review_hazard *hazard);

/* Each appends to OUT. Of Markdown at most about MOST bytes: the longer the whole would be, the less of it is told. */
void review_markdown(struct arena *arena, const struct review *review, size_t most, struct str *out);
void review_sarif(struct arena *arena, const struct review *review, struct str *out);
void review_json(struct arena *arena, const struct review *review, struct str *out);

/* 0, or -1 reported: the layout of the diagram failed. */
int review_html(struct arena *arena, const struct review *review, struct str *out, struct diag *diag);

#endif
