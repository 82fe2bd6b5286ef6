/* A migration told to people: the headers of its scripts, plan.md for the reviewer, the summary of the run, and the same as JSON. */
#ifndef PERSIST_REPORT_H
#define PERSIST_REPORT_H

#include <jansson.h>

#include "migration_plan.h"

/* Who and what a report is about. */
struct report {
    const char *id;
    const char *model;
    const char *from_hash; /* NULL: the first migration */
    const char *to_hash;
    const char *parts; /* the ids of those that it was squashed from, or NULL */
    const char *step;  /* "the first of two migrations: …", or NULL */
    bool baseline;     /* a database that was there before has all of it */
};

/* The header of up.sql or down.sql. */
const char *report_header(struct arena *arena, const struct report *report, const struct migration_plan *plan, bool up);

/* Appends plan.md to OUT. */
void report_plan(struct arena *arena, const struct report *report, const struct migration_plan *plan, struct str *out);

/* Prints the summary for a person on the context's error stream. */
void report_summary(struct context *context, const struct report *report, const struct migration_plan *plan);

/* The result as JSON, and printed. */
json_t *report_tree(const struct report *report, const struct migration_plan *plan);
void report_json(struct context *context, const struct report *report, const struct migration_plan *plan);

/* Parts of that, as JSON lists. */
json_t *report_hazards(const struct migration_plan *plan);
json_t *report_statements(const struct script *script);

/* "proved on SQLite 3.40.1: up and down, 3 tables, with 0, 1 and 50 rows", or why not. */
const char *report_proof(struct arena *arena, const struct migration_plan *plan);

#endif
