#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "postgresql_internal.h"

/* Every spelling of a type that stands in the manual's table of data types. The modifier is printed between prefix and suffix. */
struct alias {
    const char *spelling;
    const char *prefix;
    const char *suffix;
    const char *modifier; /* what PostgreSQL adds where none is written */
};

static const struct alias aliases[] = {
    {"int", "integer", "", NULL},
    {"int4", "integer", "", NULL},
    {"integer", "integer", "", NULL},
    {"int2", "smallint", "", NULL},
    {"smallint", "smallint", "", NULL},
    {"int8", "bigint", "", NULL},
    {"bigint", "bigint", "", NULL},
    {"bool", "boolean", "", NULL},
    {"boolean", "boolean", "", NULL},
    {"float8", "double precision", "", NULL},
    {"double precision", "double precision", "", NULL},
    {"float4", "real", "", NULL},
    {"real", "real", "", NULL},
    {"dec", "numeric", "", NULL},
    {"decimal", "numeric", "", NULL},
    {"numeric", "numeric", "", NULL},
    {"varchar", "character varying", "", NULL},
    {"character varying", "character varying", "", NULL},
    {"char varying", "character varying", "", NULL},
    {"char", "character", "", "(1)"},
    {"character", "character", "", "(1)"},
    {"bpchar", "bpchar", "", NULL},
    {"bit", "bit", "", "(1)"},
    {"varbit", "bit varying", "", NULL},
    {"bit varying", "bit varying", "", NULL},
    {"time", "time", " without time zone", NULL},
    {"time without time zone", "time", " without time zone", NULL},
    {"timetz", "time", " with time zone", NULL},
    {"time with time zone", "time", " with time zone", NULL},
    {"timestamp", "timestamp", " without time zone", NULL},
    {"timestamp without time zone", "timestamp", " without time zone", NULL},
    {"timestamptz", "timestamp", " with time zone", NULL},
    {"timestamp with time zone", "timestamp", " with time zone", NULL},
};

static const struct alias *find_alias(const char *spelling) {
    for (size_t i = 0; i < sizeof aliases / sizeof *aliases; i++)
        if (strcmp(aliases[i].spelling, spelling) == 0)
            return &aliases[i];
    return NULL;
}

/* TEXT in lower case, blanks made single, none at the ends. */
static char *tidy(struct arena *arena, const char *text) {
    char *result = arena_strdup(arena, text);
    char *out = result;

    for (; *text; text++) {
        bool blank = isspace((unsigned char)*text);

        if (blank && (out == result || out[-1] == ' '))
            continue;
        *out++ = blank ? ' ' : (char)tolower((unsigned char)*text);
    }
    while (out > result && out[-1] == ' ')
        out--;
    *out = '\0';
    return result;
}

static char *without_blanks(struct arena *arena, const char *text, size_t count) {
    char *result = arena_strndup(arena, text, count);
    char *out = result;

    for (const char *in = result; *in; in++)
        if (!isspace((unsigned char)*in))
            *out++ = *in;
    *out = '\0';
    return result;
}

/* A type taken apart: "timestamp(3) with time zone[]" is words "timestamp with time zone", modifier "(3)", array. */
struct parts {
    char *words;
    char *modifier; /* with its parentheses; "" when there is none */
    bool array;
};

static struct parts take_apart(struct arena *arena, const char *type) {
    struct parts parts = {.modifier = arena_strdup(arena, "")};
    const char *open = strchr(type, '(');
    const char *close = open ? strchr(open, ')') : NULL;
    char *bracket;

    if (close) {
        parts.modifier = without_blanks(arena, open, (size_t)(close - open) + 1);
        type = arena_printf(arena, "%.*s %s", (int)(open - type), type, close + 1);
    }
    parts.words = tidy(arena, type);
    bracket = strchr(parts.words, '[');
    if (bracket) {
        parts.array = true;
        *bracket = '\0';
        parts.words = tidy(arena, parts.words);
    }
    if (strncmp(parts.words, "pg_catalog.", 11) == 0)
        parts.words += 11;
    return parts;
}

/* float(1 … 24) is real, float(25 … 53) double precision. */
static void resolve_float(struct arena *arena, struct parts *parts) {
    long bits = *parts->modifier ? strtol(parts->modifier + 1, NULL, 10) : 53;

    if (strcmp(parts->words, "float") != 0)
        return;
    parts->words = arena_strdup(arena, bits <= 24 ? "real" : "double precision");
    parts->modifier = arena_strdup(arena, "");
}

const char *pg_type_canonical(struct arena *arena, const char *type) {
    struct parts parts;
    const struct alias *alias;
    const char *array;

    if (strchr(type, '"'))
        return type;
    parts = take_apart(arena, type);
    resolve_float(arena, &parts);
    array = parts.array ? "[]" : "";
    alias = find_alias(parts.words);
    if (!alias)
        return arena_printf(arena, "%s%s%s", parts.words, parts.modifier, array);
    if (!*parts.modifier && alias->modifier)
        parts.modifier = arena_strdup(arena, alias->modifier);
    if (strcmp(alias->prefix, "numeric") == 0 && *parts.modifier && !strchr(parts.modifier, ','))
        parts.modifier = arena_printf(arena, "%.*s,0)", (int)strlen(parts.modifier) - 1, parts.modifier);
    return arena_printf(arena, "%s%s%s%s", alias->prefix, parts.modifier, alias->suffix, array);
}

/* Is TYPE the type NAME, with or without a modifier, and no array of it? */
static bool is(const char *type, const char *name) {
    size_t length = strlen(name);

    return strncmp(type, name, length) == 0 && (!type[length] || type[length] == '(') && !strchr(type, '[');
}

bool pg_type_is_text(const char *type) {
    return is(type, "character varying") || is(type, "character") || is(type, "text") || is(type, "bpchar");
}

bool pg_type_is_number(const char *type) {
    return is(type, "integer") || is(type, "bigint") || is(type, "smallint") || is(type, "numeric") || is(type, "double precision") ||
           is(type, "real");
}

bool pg_type_is_boolean(const char *type) {
    return is(type, "boolean");
}

const char *pg_type_serial(const char *type) {
    if (is(type, "integer"))
        return "SERIAL";
    if (is(type, "bigint"))
        return "BIGSERIAL";
    return is(type, "smallint") ? "SMALLSERIAL" : NULL;
}

const char *pg_type_of_serial(const char *type) {
    static const struct {
        const char *serial;
        const char *type;
    } rows[] = {{"serial", "integer"}, {"serial4", "integer"},      {"bigserial", "bigint"},
                {"serial8", "bigint"}, {"smallserial", "smallint"}, {"serial2", "smallint"}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (strcmp(rows[i].serial, type) == 0)
            return rows[i].type;
    return NULL;
}

/* The model type that a canonical type is nearest to, by how it begins. */
static enum field_type nearest(const char *type) {
    static const struct {
        const char *name;
        enum field_type type;
    } rows[] = {{"integer", TYPE_INT},
                {"bigint", TYPE_INT},
                {"smallint", TYPE_INT},
                {"boolean", TYPE_BOOLEAN},
                {"double precision", TYPE_FLOAT},
                {"real", TYPE_FLOAT},
                {"numeric", TYPE_DECIMAL},
                {"bytea", TYPE_BYTES},
                {"date", TYPE_DATE}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (is(type, rows[i].name))
            return rows[i].type;
    if (strchr(type, '['))
        return TYPE_STRING;
    if (strncmp(type, "timestamp", 9) == 0)
        return strstr(type, "with time zone") ? TYPE_UTC : TYPE_CIVIL;
    return strncmp(type, "time", 4) == 0 ? TYPE_TIME_OF_DAY : TYPE_STRING;
}

void pg_type_describe(struct field *field) {
    const char *type = field->native_type;
    const char *modifier = strchr(type, '(');

    field->type = (uint8_t)nearest(type);
    field->length = 0;
    field->precision = field->scale = 0;
    field->fixed = is(type, "character");
    if (!modifier || strchr(type, '['))
        return;
    if (is(type, "character varying") || is(type, "character")) {
        field->length = (uint32_t)strtoul(modifier + 1, NULL, 10);
    } else if (is(type, "numeric")) {
        const char *comma = strchr(modifier, ',');

        field->precision = (uint16_t)strtoul(modifier + 1, NULL, 10);
        field->scale = comma ? (uint16_t)strtoul(comma + 1, NULL, 10) : 0;
        if (field->scale > field->precision) /* or less than nothing: the model has no such digits */
            field->precision = field->scale = 0;
    }
}
