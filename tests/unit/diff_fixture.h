/* What tests of the diff begin with: two models, what is said of renames, and the plan between them. No database is needed. */
#ifndef PERSIST_DIFF_FIXTURE_H
#define PERSIST_DIFF_FIXTURE_H

#include "changes.h"
#include "rows.h"

struct fixture {
    struct arena arena;
    struct diag diag;
    struct schema *from;
    struct schema *to;
    struct renames renames;
};

/* A row of a test: what the model was, what it is, and what comes of it, one line each. */
struct diff_row {
    const char *name;
    const char *was;
    const char *model;
    const char *expected;
    const char *rename; /* --rename, or NULL; several with a space between */
    const char *drop;
    const char *backfill; /* "Entity.field" gets 'x' */
};

/* Reads the models of ROW and finds its renames: 0, or -1 with the reason in .diag. */
int fixture_open(struct fixture *fixture, const struct diff_row *row);

/* The plan from .from to .to, in normal form. */
struct plan *fixture_plan(struct fixture *fixture, const struct diff_row *row);

/* Fails where TEXT is not EXPECTED, and prints it. */
void assert_text(const char *text, const char *expected);

/* Entities in few words. */
#define USER "public type User record {|\n readonly int id;\n string name;\n Car[] cars;\n|};\n"
#define CAR "public type Car record {|\n readonly int id;\n string plate;\n User owner;\n|};\n"
#define NOTE(fields) "public type Note record {|\n readonly int id;\n" fields "|};\n"
#define ENTITY(name, fields) "public type " name " record {|\n readonly int id;\n" fields "|};\n"

#endif
