/* SARIF 2.1.0, a result at a time: what the review and the gate both write. */
#ifndef PERSIST_SARIF_H
#define PERSIST_SARIF_H

#include "source.h"
#include "str.h"

struct arena;
struct sarif; /* opaque; lives in the arena */

struct sarif_rule {
    const char *code;
    const char *name;
    const char *title;
    const char *why;
    const char *help;
    const char *tag; /* "destroys data" */
};

/* A place in a file; .path is NULL: nowhere. */
struct sarif_place {
    const char *path;      /* from the project's folder */
    struct source *source; /* with .at: its text; or NULL */
    struct span at;
    size_t line; /* without .source; 0: the file as a whole */
};

struct sarif_result {
    struct sarif_rule rule;
    const char *level;         /* "error", "warning", "note" */
    const char *text;          /* what is said at the place */
    struct sarif_place place;
    struct sarif_place other;  /* where it is carried out; .path NULL: there is none */
    const char *identity;      /* what stays the same while lines move: model, code, subject */
    const char *accepted;      /* the reason somebody gave for it; or NULL */
    const char *migration;     /* or NULL */
};

/* ROOT: from the top of the repository to the project, "services/billing/" or "". */
struct sarif *sarif_new(struct arena *arena, const char *root);

void sarif_add(struct sarif *sarif, const struct sarif_result *result);

/* Appends the text to OUT; SARIF is at its end. */
void sarif_print(struct sarif *sarif, struct str *out);

#endif
