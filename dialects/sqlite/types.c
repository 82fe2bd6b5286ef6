#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "sqlite_internal.h"

/* Does TYPE contain PART, ignoring case? Asked seven times of most columns: the first letter decides mostly. */
static bool contains(const char *type, const char *part) {
    size_t length = strlen(part);

    for (; *type; type++)
        if ((*type | 0x20) == (*part | 0x20) && strncasecmp(type, part, length) == 0)
            return true;
    return false;
}

enum affinity type_affinity(const char *type) {
    if (contains(type, "INT"))
        return AFFINITY_INTEGER;
    if (contains(type, "CHAR") || contains(type, "CLOB") || contains(type, "TEXT"))
        return AFFINITY_TEXT;
    if (contains(type, "BLOB") || !*type)
        return AFFINITY_BLOB;
    if (contains(type, "REAL") || contains(type, "FLOA") || contains(type, "DOUB"))
        return AFFINITY_REAL;
    return AFFINITY_NUMERIC;
}

/* STRICT knows no lengths, no decimals and no times: text holds the times exactly, a real number is what DECIMAL columns hold too. */
static const char *strict_type(enum field_type type) {
    switch (type) {
    case TYPE_INT:
    case TYPE_BOOLEAN:
        return "INTEGER";
    case TYPE_FLOAT:
    case TYPE_DECIMAL:
        return "REAL";
    case TYPE_BYTES:
        return "BLOB";
    case TYPE_STRING:
    case TYPE_DATE:
    case TYPE_TIME_OF_DAY:
    case TYPE_UTC:
    case TYPE_CIVIL:
    case TYPE_ENUM:
        return "TEXT";
    }
    BUG("type %d", (int)type);
}

const char *type_of_field(struct arena *arena, const struct field *field, const struct enumeration *values, bool strict) {
    if (field->native_type)
        return field->native_type;
    if (strict)
        return strict_type((enum field_type)field->type);
    switch ((enum field_type)field->type) {
    case TYPE_INT:
        return "INTEGER";
    case TYPE_BOOLEAN:
        return "BOOLEAN";
    case TYPE_FLOAT:
        return "DOUBLE";
    case TYPE_DECIMAL:
        if (!field->precision)
            return "DECIMAL(65,30)";
        return arena_printf(arena, "DECIMAL(%u,%u)", (unsigned)field->precision, (unsigned)field->scale);
    case TYPE_STRING:
        if (!field->length && !field->fixed)
            return "VARCHAR(191)";
        return arena_printf(arena, "%s(%u)", field->fixed ? "CHAR" : "VARCHAR", field->length ? (unsigned)field->length : 191U);
    case TYPE_BYTES:
        return "BLOB";
    case TYPE_DATE:
        return "DATE";
    case TYPE_TIME_OF_DAY:
        return "TIME";
    case TYPE_UTC:
        return "TIMESTAMP";
    case TYPE_CIVIL:
        return "DATETIME";
    case TYPE_ENUM:
        return arena_printf(arena, "VARCHAR(%u)", (unsigned)normal_enum_length(values));
    }
    BUG("type %d", (int)field->type);
}

/* Types that a model type means, by the word before "(". */
static const struct {
    const char *word;
    enum field_type type;
    bool fixed;
} known_types[] = {
    {"BOOLEAN", TYPE_BOOLEAN, false}, {"BOOL", TYPE_BOOLEAN, false},    {"DATE", TYPE_DATE, false},  {"TIME", TYPE_TIME_OF_DAY, false},
    {"TIMESTAMP", TYPE_UTC, false},   {"DATETIME", TYPE_CIVIL, false},  {"CHAR", TYPE_STRING, true}, {"VARCHAR", TYPE_STRING, false},
    {"DECIMAL", TYPE_DECIMAL, false}, {"NUMERIC", TYPE_DECIMAL, false},
};

static enum field_type type_by_affinity(enum affinity affinity) {
    switch (affinity) {
    case AFFINITY_INTEGER:
        return TYPE_INT;
    case AFFINITY_REAL:
        return TYPE_FLOAT;
    case AFFINITY_NUMERIC:
        return TYPE_DECIMAL;
    case AFFINITY_TEXT:
        return TYPE_STRING;
    case AFFINITY_BLOB:
        return TYPE_BYTES;
    }
    BUG("affinity %d", (int)affinity);
}

void type_to_field(struct field *field) {
    const char *type = field->native_type;
    size_t word = strcspn(type, "( ");
    char *rest = NULL;
    unsigned long first = type[word] == '(' ? strtoul(type + word + 1, &rest, 10) : 0;

    field->type = (uint8_t)type_by_affinity(type_affinity(type));
    for (size_t i = 0; i < sizeof known_types / sizeof *known_types; i++)
        if (strlen(known_types[i].word) == word && strncasecmp(type, known_types[i].word, word) == 0) {
            field->type = (uint8_t)known_types[i].type;
            field->fixed = known_types[i].fixed && first;
        }
    if (field->type == TYPE_STRING && first <= UINT32_MAX)
        field->length = (uint32_t)first;
    if (field->type == TYPE_DECIMAL && first <= UINT16_MAX) {
        field->precision = (uint16_t)first;
        field->scale = rest && *rest == ',' ? (uint16_t)strtoul(rest + 1, NULL, 10) : 0;
    }
}

bool types_equal(const char *a, const char *b) {
    for (;;) {
        a += strspn(a, " \t\n");
        b += strspn(b, " \t\n");
        if (!*a || !*b || strncasecmp(a, b, 1) != 0)
            return *a == *b;
        a++;
        b++;
    }
}

bool type_is_strict(const char *type) {
    static const char *const types[] = {"INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (strcasecmp(types[i], type) == 0)
            return true;
    return false;
}

static bool holds_fractions(const char *type) {
    return type_affinity(type) == AFFINITY_REAL || contains(type, "DEC") || contains(type, "NUM");
}

/* SQLite stores any value in any column; what cannot be converted without loss is kept as it is. So nothing fails, but
 *   text that looks like a number becomes one: '007' is 7 from then on;
 *   a real number is written with 15 digits as text, and an integer beyond 2^53 is no exact real;
 *   a STRICT table takes no fraction for an integer. */
enum cast_risk cast_risk_of(const char *from, const char *to) {
    enum affinity old = type_affinity(from), new = type_affinity(to);

    if (old == new || old == AFFINITY_BLOB)
        return CAST_SAFE;
    if (old == AFFINITY_TEXT)
        return new == AFFINITY_BLOB ? CAST_SAFE : CAST_CUTS;
    if (new == AFFINITY_TEXT || new == AFFINITY_BLOB || new == AFFINITY_INTEGER)
        return holds_fractions(from) ? CAST_CUTS : CAST_SAFE;
    return new == AFFINITY_REAL &&old == AFFINITY_INTEGER ? CAST_CUTS : CAST_SAFE;
}
