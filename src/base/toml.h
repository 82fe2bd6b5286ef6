/* TOML 1.0: a complete reader (https://toml.io/en/v1.0.0). Every value carries its place, so that a setting can be complained about
 * where it stands. */
#ifndef PERSIST_TOML_H
#define PERSIST_TOML_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "source.h"

struct arena;
struct diag;

enum toml_type {
    TOML_STRING,
    TOML_INTEGER,
    TOML_FLOAT,
    TOML_BOOLEAN,
    TOML_OFFSET_DATETIME,
    TOML_LOCAL_DATETIME,
    TOML_LOCAL_DATE,
    TOML_LOCAL_TIME,
    TOML_ARRAY,
    TOML_TABLE
};

struct toml_value {
    enum toml_type type;
    struct span at;  /* the value; of a table, its header or its key */
    const char *key; /* in a table: the key (key_length bytes: TOML allows a NUL in it); in an array: NULL */
    size_t key_length;
    struct span key_at;
    const char *string; /* TOML_STRING: the text (length bytes, may hold NUL); dates and times: as written, normalized to RFC 3339 */
    size_t length;
    int64_t integer;           /* TOML_INTEGER */
    double number;             /* TOML_FLOAT */
    bool boolean;              /* TOML_BOOLEAN */
    struct toml_value **items; /* TOML_ARRAY, TOML_TABLE: in the order of the text */
    size_t count;
};

/* How deep tables and arrays may be nested in each other, so that who walks a value may recurse. */
enum { TOML_MAX_DEPTH = 100 };

/* Reads SOURCE. The root table lives in ARENA; NULL when an error was reported (the first one; a TOML text is refused whole). */
struct toml_value *toml_parse(struct arena *arena, struct source *source, struct diag *diag);

/* The value under the dotted PATH ("tool.persist") in TABLE, or NULL. Keys with a dot in them cannot be asked for. */
const struct toml_value *toml_get(const struct toml_value *table, const char *path);

#endif
