#include <stdlib.h>
#include <string.h>

#include "postgresql_internal.h"

/* Kinds of types as casts see them, and for each what matters of a type: its width, or its digits. */
enum type_class {
    CLASS_INT,
    CLASS_NUMERIC,
    CLASS_FLOAT,
    CLASS_TEXT,
    CLASS_BOOL,
    CLASS_BYTES,
    CLASS_DATE,
    CLASS_TIME,
    CLASS_TIMESTAMP,
    CLASS_TIMESTAMPTZ,
    CLASS_UUID,
    CLASS_JSON,
    CLASS_JSONB,
    CLASS_INTERVAL,
    CLASS_BITS,
    CLASS_OTHER
};

struct shape {
    enum type_class class;
    int size;   /* integers and floats: bytes; text and bits: how many, 0 without a limit; times: digits of a second, 6 where not said */
    int digits; /* numeric: precision, 0 without a limit; integers: the digits they need */
    int scale;
    bool padded; /* character(n), bit(n) */
};

/* By the beginning of the canonical spelling; the longer name stands first. */
static const struct {
    const char *name;
    struct shape shape;
} shapes[] = {
    {"integer", {CLASS_INT, 4, 10, 0, false}},
    {"bigint", {CLASS_INT, 8, 19, 0, false}},
    {"smallint", {CLASS_INT, 2, 5, 0, false}},
    {"numeric", {CLASS_NUMERIC, 0, 0, 0, false}},
    {"double precision", {CLASS_FLOAT, 8, 15, 0, false}},
    {"real", {CLASS_FLOAT, 4, 6, 0, false}},
    {"character varying", {CLASS_TEXT, 0, 0, 0, false}},
    {"character", {CLASS_TEXT, 0, 0, 0, true}},
    {"bpchar", {CLASS_TEXT, 0, 0, 0, true}},
    {"text", {CLASS_TEXT, 0, 0, 0, false}},
    {"boolean", {CLASS_BOOL, 0, 1, 0, false}},
    {"bytea", {CLASS_BYTES, 0, 0, 0, false}},
    {"date", {CLASS_DATE, 0, 0, 0, false}},
    {"timestamp", {CLASS_TIMESTAMP, 6, 0, 0, false}},
    {"time", {CLASS_TIME, 6, 0, 0, false}},
    {"uuid", {CLASS_UUID, 0, 0, 0, false}},
    {"jsonb", {CLASS_JSONB, 0, 0, 0, false}},
    {"json", {CLASS_JSON, 0, 0, 0, false}},
    {"interval", {CLASS_INTERVAL, 6, 0, 0, false}},
    {"bit varying", {CLASS_BITS, 0, 0, 0, false}},
    {"bit", {CLASS_BITS, 1, 0, 0, true}},
};

static void read_modifier(struct shape *shape, const char *modifier) {
    const char *comma = strchr(modifier, ',');
    int first = (int)strtol(modifier + 1, NULL, 10);

    if (shape->class == CLASS_NUMERIC) {
        shape->digits = first;
        shape->scale = comma ? (int)strtol(comma + 1, NULL, 10) : 0;
    } else {
        shape->size = first;
    }
}

static struct shape shape_of(const char *type) {
    struct shape shape = {.class = CLASS_OTHER};

    if (strchr(type, '[') || strncmp(type, "interval ", 9) == 0) /* of some of its fields */
        return shape;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        size_t length = strlen(shapes[i].name);

        if (strncmp(type, shapes[i].name, length) == 0 && (!type[length] || type[length] == '(' || type[length] == ' ')) {
            shape = shapes[i].shape;
            if (strchr(type, '('))
                read_modifier(&shape, strchr(type, '('));
            if (shape.class == CLASS_TIMESTAMP && strstr(type, "with time zone"))
                shape.class = CLASS_TIMESTAMPTZ;
            return shape;
        }
    }
    return shape;
}

/* The longest text a value of the shape becomes; 0: no limit is known. */
static int text_length(const struct shape *shape) {
    switch (shape->class) {
    case CLASS_INT:
        return shape->digits + 1;
    case CLASS_NUMERIC:
        return shape->digits ? shape->digits + 3 : 0;
    case CLASS_TEXT:
    case CLASS_BITS:
        return shape->size;
    case CLASS_BOOL:
        return 5;
    case CLASS_UUID:
        return 36;
    case CLASS_FLOAT:
    case CLASS_BYTES:
    case CLASS_DATE:
    case CLASS_TIME:
    case CLASS_TIMESTAMP:
    case CLASS_TIMESTAMPTZ:
    case CLASS_JSON:
    case CLASS_JSONB:
    case CLASS_INTERVAL:
    case CLASS_OTHER:
        return 0;
    }
    return 0;
}

static enum cast_risk to_text(const struct shape *from, const struct shape *to) {
    int length = text_length(from);

    if (from->class == CLASS_BYTES)
        return CAST_MAY_FAIL;
    if (!to->size || (length && length <= to->size))
        return CAST_SAFE;
    return CAST_MAY_FAIL;
}

/* Digits before the point that the shape can hold; 0 without a limit. */
static int whole_digits(const struct shape *shape) {
    return shape->class == CLASS_NUMERIC && !shape->digits ? 0 : shape->digits - shape->scale;
}

static enum cast_risk to_numeric(const struct shape *from, const struct shape *to) {
    int have = whole_digits(from), room = whole_digits(to);

    if (from->class == CLASS_FLOAT)
        return CAST_CUTS;
    if (from->class != CLASS_INT && from->class != CLASS_NUMERIC && from->class != CLASS_BOOL)
        return CAST_MAY_FAIL;
    if (!to->digits)
        return CAST_SAFE;
    if (from->class == CLASS_NUMERIC && (!from->digits || from->scale > to->scale))
        return CAST_CUTS;
    return have <= room ? CAST_SAFE : CAST_MAY_FAIL;
}

static enum cast_risk to_int(const struct shape *from, const struct shape *to) {
    if (from->class == CLASS_INT)
        return from->size <= to->size ? CAST_SAFE : CAST_MAY_FAIL;
    if (from->class == CLASS_FLOAT)
        return CAST_CUTS;
    if (from->class == CLASS_NUMERIC && (!from->digits || from->scale > 0))
        return CAST_CUTS;
    if (from->class == CLASS_NUMERIC)
        return from->digits < to->digits ? CAST_SAFE : CAST_MAY_FAIL;
    return from->class == CLASS_BOOL ? CAST_SAFE : CAST_MAY_FAIL;
}

static enum cast_risk to_float(const struct shape *from, const struct shape *to) {
    if (from->class == CLASS_FLOAT)
        return from->size <= to->size ? CAST_SAFE : CAST_CUTS;
    if (from->class == CLASS_INT)
        return from->digits <= to->digits ? CAST_SAFE : CAST_CUTS;
    if (from->class == CLASS_NUMERIC)
        return CAST_CUTS;
    return from->class == CLASS_BOOL ? CAST_SAFE : CAST_MAY_FAIL;
}

static bool is_moment(enum type_class class) {
    return class == CLASS_TIMESTAMP || class == CLASS_TIMESTAMPTZ;
}

static enum cast_risk to_moment(const struct shape *from, const struct shape *to) {
    if (from->class == CLASS_DATE)
        return CAST_SAFE;
    if (is_moment(from->class) || from->class == to->class)
        return from->size <= to->size ? CAST_SAFE : CAST_CUTS;
    return CAST_MAY_FAIL;
}

/* The server takes no string of another length, not even one that it could fill up. */
static bool fits_bits(const struct shape *from, const struct shape *to) {
    return !to->padded && (!to->size || (from->size && from->size <= to->size));
}

enum cast_risk pg_cast_risk_of(const char *from_type, const char *to_type) {
    struct shape from = shape_of(from_type), to = shape_of(to_type);

    if (strcmp(from_type, to_type) == 0)
        return CAST_SAFE;
    switch (to.class) {
    case CLASS_TEXT:
        return to_text(&from, &to);
    case CLASS_NUMERIC:
        return to_numeric(&from, &to);
    case CLASS_INT:
        return to_int(&from, &to);
    case CLASS_FLOAT:
        return to_float(&from, &to);
    case CLASS_BOOL:
        return from.class == CLASS_INT || from.class == CLASS_NUMERIC || from.class == CLASS_FLOAT ? CAST_CUTS : CAST_MAY_FAIL;
    case CLASS_TIMESTAMP:
    case CLASS_TIMESTAMPTZ:
        return to_moment(&from, &to);
    case CLASS_DATE:
        return is_moment(from.class) ? CAST_CUTS : CAST_MAY_FAIL;
    case CLASS_TIME:
        if (is_moment(from.class))
            return CAST_CUTS;
        return from.class == CLASS_TIME ? (from.size <= to.size ? CAST_SAFE : CAST_CUTS) : CAST_MAY_FAIL;
    case CLASS_INTERVAL:
        return from.class == CLASS_INTERVAL ? (from.size <= to.size ? CAST_SAFE : CAST_CUTS) : CAST_MAY_FAIL;
    case CLASS_BITS:
        return from.class == CLASS_BITS && fits_bits(&from, &to) ? CAST_SAFE : CAST_MAY_FAIL;
    case CLASS_JSON:
        return from.class == CLASS_JSONB ? CAST_SAFE : CAST_MAY_FAIL;
    case CLASS_JSONB:
        return from.class == CLASS_JSON ? CAST_CUTS : CAST_MAY_FAIL;
    case CLASS_BYTES:
        return from.class == CLASS_TEXT ? CAST_SAFE : CAST_MAY_FAIL;
    case CLASS_UUID:
    case CLASS_OTHER:
        return CAST_MAY_FAIL;
    }
    return CAST_MAY_FAIL;
}

bool pg_cast_rewrites(const char *from_type, const char *to_type) {
    struct shape from = shape_of(from_type), to = shape_of(to_type);

    if (strcmp(from_type, to_type) == 0)
        return false;
    if (from.class == CLASS_TEXT && to.class == CLASS_TEXT)
        return from.padded || to.padded || (to.size && (!from.size || from.size > to.size));
    if (from.class == CLASS_NUMERIC && to.class == CLASS_NUMERIC)
        return to.digits && !(from.digits && from.digits <= to.digits && from.scale == to.scale);
    if (is_moment(from.class) && is_moment(to.class))
        return from.size > to.size;
    if (from.class == to.class && (from.class == CLASS_TIME || from.class == CLASS_INTERVAL))
        return from.size > to.size;
    if (from.class == CLASS_BITS && to.class == CLASS_BITS)
        return !fits_bits(&from, &to) || (from.padded && to.size);
    return !(strcmp(from_type, "cidr") == 0 && strcmp(to_type, "inet") == 0);
}

/* Does ALTER TYPE without USING do it, refusing what does not fit? An explicit cast to varchar(n) would cut without a word. */
static bool casts_alone(const struct shape *from, const struct shape *to) {
    if (from->class == CLASS_OTHER || to->class == CLASS_OTHER)
        return false;
    if (from->class == to->class)
        return true;
    return (from->class == CLASS_INT && (to->class == CLASS_NUMERIC || to->class == CLASS_FLOAT)) ||
           (from->class == CLASS_DATE && is_moment(to->class)) || (is_moment(from->class) && is_moment(to->class));
}

/* Has PostgreSQL a cast of its own between the classes? Else the value goes over its text. */
static bool has_cast(enum type_class from, enum type_class to) {
    bool from_number = from == CLASS_INT || from == CLASS_NUMERIC || from == CLASS_FLOAT;
    bool to_number = to == CLASS_INT || to == CLASS_NUMERIC || to == CLASS_FLOAT;

    if (from == CLASS_TEXT || (from_number && to_number))
        return true;
    if (is_moment(from))
        return to == CLASS_DATE || to == CLASS_TIME;
    return (from == CLASS_JSON && to == CLASS_JSONB) || (from == CLASS_JSONB && to == CLASS_JSON);
}

const char *pg_cast_expression(struct arena *arena, const char *column, const char *from_type, const char *to_type) {
    struct shape from = shape_of(from_type), to = shape_of(to_type);

    if (casts_alone(&from, &to))
        return NULL;
    if (to.class == CLASS_TEXT)
        return arena_printf(arena, from.class == CLASS_BYTES ? "convert_from(%s, 'UTF8')" : "%s::text", column);
    if (from.class == CLASS_TEXT && to.class == CLASS_BYTES)
        return arena_printf(arena, "convert_to(%s, 'UTF8')", column);
    if (to.class == CLASS_BOOL && (from.class == CLASS_INT || from.class == CLASS_NUMERIC || from.class == CLASS_FLOAT))
        return arena_printf(arena, "%s <> 0", column);
    if (from.class == CLASS_BOOL && (to.class == CLASS_INT || to.class == CLASS_NUMERIC || to.class == CLASS_FLOAT))
        return arena_printf(arena, "%s::integer::%s", column, to_type);
    return arena_printf(arena, has_cast(from.class, to.class) ? "%s::%s" : "%s::text::%s", column, to_type);
}

/* Values outside of the range of an integer type of SIZE bytes. */
static const char *int_refuses(struct arena *arena, const char *column, int size) {
    const char *low = size == 2 ? "-32768" : size == 4 ? "-2147483648" : "-9223372036854775808";
    const char *high = size == 2 ? "32767" : size == 4 ? "2147483647" : "9223372036854775807";

    return arena_printf(arena, "%s NOT BETWEEN %s AND %s", column, low, high);
}

static const char *text_refuses(struct arena *arena, const char *column, const struct shape *to) {
    switch (to->class) {
    case CLASS_INT:
        return arena_printf(arena, "%s !~ '^\\s*[-+]?[0-9]+\\s*$'", column);
    case CLASS_NUMERIC:
    case CLASS_FLOAT:
        return arena_printf(arena, "%s !~* '^\\s*[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)(e[-+]?[0-9]+)?\\s*$'", column);
    case CLASS_BOOL:
        return arena_printf(arena, "lower(trim(%s)) NOT IN ('t', 'true', 'y', 'yes', 'on', '1', 'f', 'false', 'n', 'no', 'off', '0')",
                            column);
    case CLASS_UUID:
        return arena_printf(arena, "%s !~* '^\\{?[0-9a-f]{4}(-?[0-9a-f]{4}){7}\\}?$'", column);
    case CLASS_DATE:
        return arena_printf(arena, "%s !~ '^\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}'", column);
    case CLASS_TIME:
        return arena_printf(arena, "%s !~ '^\\s*[0-9]{1,2}:[0-9]{2}'", column);
    case CLASS_TIMESTAMP:
    case CLASS_TIMESTAMPTZ:
        return arena_printf(arena, "%s !~ '^\\s*[0-9]{4}-[0-9]{2}-[0-9]{2}'", column);
    case CLASS_TEXT:
    case CLASS_BYTES:
    case CLASS_JSON:
    case CLASS_JSONB:
    case CLASS_INTERVAL:
    case CLASS_BITS:
    case CLASS_OTHER:
        return NULL;
    }
    return NULL;
}

const char *pg_cast_refuses(struct arena *arena, const char *column, const char *from_type, const char *to_type) {
    struct shape from = shape_of(from_type), to = shape_of(to_type);

    if (pg_cast_risk_of(from_type, to_type) == CAST_SAFE || from.class == CLASS_OTHER)
        return NULL;
    if (to.class == CLASS_TEXT && to.size)
        return arena_printf(arena, from.class == CLASS_TEXT ? "char_length(%s) > %d" : "char_length(%s::text) > %d", column, to.size);
    if (from.class == CLASS_TEXT)
        return text_refuses(arena, column, &to);
    if (from.class == CLASS_BITS && to.class == CLASS_BITS)
        return arena_printf(arena, "length(%s) %s %d", column, to.padded ? "<>" : ">", to.size);
    if (to.class == CLASS_INT && (from.class == CLASS_INT || from.class == CLASS_NUMERIC || from.class == CLASS_FLOAT))
        return int_refuses(arena, column, to.size);
    if (to.class == CLASS_NUMERIC && to.digits && (from.class == CLASS_INT || from.class == CLASS_NUMERIC))
        return arena_printf(arena, "abs(round(%s::numeric, %d)) >= 1e%d", column, to.scale, to.digits - to.scale);
    return NULL;
}
