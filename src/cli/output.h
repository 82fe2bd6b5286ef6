/* Results as JSON on standard output, and small helpers for text. */
#ifndef PERSIST_OUTPUT_H
#define PERSIST_OUTPUT_H

#include <jansson.h>

#include "command.h"
#include "delta.h"
#include "hash.h"

/* Prints ROOT (and frees it) on the context's standard output, with a line end. */
void output_json(struct context *context, json_t *root);

/* What DIAG holds, sorted, as a JSON list. */
json_t *output_diagnostic_list(struct arena *arena, struct diag *diag);

/* What was reported, likewise. */
json_t *output_diagnostics(struct context *context);

/* Prints what was reported as {"diagnostics": […]}: code, severity, message, file, place 1-based and as Ballerina's 0-based pair. */
void output_diagnostics_json(struct context *context);

/* The deltas as a JSON list. */
json_t *output_deltas(const struct deltas *deltas);

/* The hash as 32 digits in the arena. */
const char *output_hash(struct arena *arena, struct hash hash);

/* The deltas for a person, aligned, on OUT; nothing when there are none. */
void output_delta_lines(struct arena *arena, FILE *out, const struct deltas *deltas);

/* "2 entities added, 1 changed, 1 enum removed", or "nothing". */
const char *output_counts(struct arena *arena, const struct deltas *deltas);

#endif
