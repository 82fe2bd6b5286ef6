/* Deltas as JSON, the same wherever they are printed. */
#ifndef PERSIST_DELTA_JSON_H
#define PERSIST_DELTA_JSON_H

#include <jansson.h>

#include "delta.h"

/* A list of objects; the caller's. */
json_t *deltas_json(const struct deltas *deltas);

#endif
