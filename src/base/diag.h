/* Diagnostics: every message about the user's input, with its place.
 *
 * Whoever knows most reports, once; everyone above returns -1. Messages are collected and printed at the end of the command by
 * diag_print(), in the order of their places, or by the cli as JSON.
 *
 *     return diag_error(diag, source, field->at, 404, "1-1 relation between \"%s\" and \"%s\" has no optional side", a, b);
 *
 * Messages: lower case, no full stop, the thing in double quotes, what was expected and what to do next. Control characters in them
 * are shown escaped. Nothing secret. */
#ifndef PERSIST_DIAG_H
#define PERSIST_DIAG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "source.h"
#include "vec.h"

enum severity { SEVERITY_ERROR, SEVERITY_WARNING, SEVERITY_NOTE };

struct diagnostic {
    enum severity severity;
    int code;              /* PERSIST_<code>, or 0 */
    struct source *source; /* NULL: no place in a text */
    struct span at;
    const char *message;
    const char *hint; /* what to do next, printed as "help: …"; or NULL */
};

struct diag {
    struct arena *arena; /* where messages live */
    VEC(struct diagnostic) list;
    size_t errors;
    size_t warnings;
    bool truncated; /* more than DIAG_MAX messages: the rest was counted and left out */
};

enum { DIAG_MAX = 1000 };

/* Report at a place; a note belongs to the error or warning before it. SOURCE may be NULL. diag_error() always returns -1. */
int diag_error(struct diag *diag, struct source *source, struct span at, int code, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void diag_warning(struct diag *diag, struct source *source, struct span at, int code, const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void diag_note(struct diag *diag, struct source *source, struct span at, const char *format, ...) __attribute__((format(printf, 4, 5)));

/* An error without a place in a text; always returns -1. */
int diag_fail(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds "help: …" to the last error or warning. */
void diag_hint(struct diag *diag, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts the list in the order in which it is printed: by source (as they first appear) and place, notes behind what they belong to. */
void diag_sort(struct diag *diag);

/* Sorts and prints all to OUT, with source line and carets; COLOR adds ANSI colors. */
void diag_print(struct diag *diag, FILE *out, bool color);

#endif
