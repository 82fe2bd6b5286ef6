#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "mysql_internal.h"
#include "str.h"

/* Other spellings of a type. ARGUMENTS replaces what is written when it is not NULL. */
static const struct {
    const char *from, *to, *arguments;
} synonyms[] = {
    {"INTEGER", "INT", NULL},
    {"INT4", "INT", NULL},
    {"INT1", "TINYINT", NULL},
    {"INT2", "SMALLINT", NULL},
    {"INT3", "MEDIUMINT", NULL},
    {"MIDDLEINT", "MEDIUMINT", NULL},
    {"INT8", "BIGINT", NULL},
    {"BOOL", "TINYINT", "1"},
    {"BOOLEAN", "TINYINT", "1"},
    {"DEC", "DECIMAL", NULL},
    {"NUMERIC", "DECIMAL", NULL},
    {"FIXED", "DECIMAL", NULL},
    {"REAL", "DOUBLE", NULL},
    {"DOUBLE PRECISION", "DOUBLE", NULL},
    {"FLOAT4", "FLOAT", NULL},
    {"FLOAT8", "DOUBLE", NULL},
    {"CHARACTER", "CHAR", NULL},
    {"CHARACTER VARYING", "VARCHAR", NULL},
    {"CHAR VARYING", "VARCHAR", NULL},
    {"LONG", "MEDIUMTEXT", NULL},
    {"LONG VARCHAR", "MEDIUMTEXT", NULL},
    {"LONG VARBINARY", "MEDIUMBLOB", NULL},
    {"GEOMCOLLECTION", "GEOMETRYCOLLECTION", NULL},
};

static const char *const integers[] = {"TINYINT", "SMALLINT", "MEDIUMINT", "INT", "BIGINT", NULL};
static const char *const texts[] = {"TINYTEXT", "TEXT", "MEDIUMTEXT", "LONGTEXT", NULL};
static const char *const blobs[] = {"TINYBLOB", "BLOB", "MEDIUMBLOB", "LONGBLOB", NULL};
static const char *const shapes[] = {"JSON",       "GEOMETRY",        "POINT",        "LINESTRING",         "POLYGON",
                                     "MULTIPOINT", "MULTILINESTRING", "MULTIPOLYGON", "GEOMETRYCOLLECTION", NULL};

/* The place of TYPE's base in LIST, or -1. */
static int base_in(const char *type, const char *const *list) {
    for (int i = 0; list[i]; i++)
        if (my_type_is(type, list[i]))
            return i;
    return -1;
}

bool my_type_is(const char *type, const char *base) {
    size_t length = strlen(base);

    return strncmp(type, base, length) == 0 && (!type[length] || type[length] == '(' || type[length] == ' ');
}

/* Passes over the quoted text at *AT and appends it to OUT as it stands. */
static void copy_quoted(const char **at, struct str *out) {
    const char *start = (*at)++;

    for (; **at; (*at)++) {
        if (**at == '\\' && (*at)[1])
            (*at)++;
        else if (**at == '\'' && *++(*at) != '\'')
            break;
    }
    str_add_bytes(out, start, (size_t)(*at - start));
}

/* The text between the parentheses at *AT without blanks outside of quotes; *AT gets behind them. */
static const char *parse_arguments(struct arena *arena, const char **at) {
    struct str out = STR_INIT;
    const char *kept;

    for ((*at)++; **at && **at != ')';) {
        if (**at == '\'') {
            copy_quoted(at, &out);
        } else {
            if (!isspace((unsigned char)**at))
                str_add_char(&out, **at);
            (*at)++;
        }
    }
    *at += **at == ')';
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

/* Appends the word at *AT in capitals, one blank before it when OUT has words already. */
static void take_word(const char **at, struct str *out) {
    if (out->length)
        str_add_char(out, ' ');
    for (; **at && !isspace((unsigned char)**at) && **at != '('; (*at)++)
        str_add_char(out, (char)toupper((unsigned char)**at));
}

static const char *skip_blanks(const char *at) {
    while (isspace((unsigned char)*at))
        at++;
    return at;
}

/* Takes the words behind the arguments, which MariaDB may print in a comment of its own kind (COMPRESSED). */
static void take_suffix(const char *at, struct my_type *type, struct str *base) {
    struct str word = STR_INIT;

    for (at = skip_blanks(at); *at; at = skip_blanks(at)) {
        str_truncate(&word, 0);
        if (*at == '(')
            break;
        take_word(&at, &word);
        if (strncmp(word.text, "/*", 2) == 0 || strcmp(word.text, "*/") == 0)
            continue;
        if (strcmp(word.text, "COMPRESSED*/") == 0 || strncmp(word.text, "COMPRESSED=", 11) == 0)
            str_truncate(&word, strlen("COMPRESSED"));
        if (strcmp(word.text, "UNSIGNED") == 0)
            type->is_unsigned = true;
        else if (strcmp(word.text, "ZEROFILL") == 0)
            type->zerofill = type->is_unsigned = true;
        else if (strcmp(word.text, "SIGNED") != 0)
            str_addf(base, " %s", word.text);
    }
    str_free(&word);
}

static void resolve_synonym(struct my_type *type) {
    for (size_t i = 0; i < sizeof synonyms / sizeof *synonyms; i++)
        if (strcmp(type->base, synonyms[i].from) == 0) {
            type->base = synonyms[i].to;
            if (synonyms[i].arguments)
                type->arguments = synonyms[i].arguments;
            return;
        }
}

/* FLOAT(p) is a float up to 24 bits and a double beyond; (m,d) stays. */
static void resolve_float(struct my_type *type) {
    if (!type->arguments || strchr(type->arguments, ','))
        return;
    if (strtol(type->arguments, NULL, 10) > 24)
        type->base = "DOUBLE";
    type->arguments = NULL;
}

/* TEXT(n) and BLOB(n) are the smallest that holds n characters. */
static void resolve_size(struct my_type *type) {
    static const unsigned long long limits[] = {255, 65535, 16777215};
    bool text = strcmp(type->base, "TEXT") == 0;
    unsigned long long bytes;
    size_t size = 0;

    if (!type->arguments)
        return;
    bytes = strtoull(type->arguments, NULL, 10) * (text ? 4 : 1);
    while (size < 3 && bytes > limits[size])
        size++;
    type->base = text ? texts[size] : blobs[size];
    type->arguments = NULL;
}

/* The display width that an integer has when nobody says one. */
static const char *usual_width(const struct my_type *type) {
    static const char *const widths[][2] = {{"4", "3"}, {"6", "5"}, {"9", "8"}, {"11", "10"}, {"20", "20"}};

    return widths[base_in(type->base, integers)][type->is_unsigned];
}

/* Brings the arguments into the form that servers print: what is the default is left out, or written where servers do. */
static void resolve_arguments(struct arena *arena, struct my_type *type) {
    const char *base = type->base;

    if (base_in(base, integers) >= 0) {
        if (type->arguments && !type->zerofill && strcmp(type->arguments, usual_width(type)) == 0)
            type->arguments = NULL;
    } else if (strcmp(base, "DECIMAL") == 0) {
        if (!type->arguments)
            type->arguments = "10,0";
        else if (!strchr(type->arguments, ','))
            type->arguments = arena_printf(arena, "%s,0", type->arguments);
    } else if (strcmp(base, "FLOAT") == 0) {
        resolve_float(type);
    } else if (strcmp(base, "TEXT") == 0 || strcmp(base, "BLOB") == 0) {
        resolve_size(type);
    } else if (strcmp(base, "YEAR") == 0) {
        type->arguments = NULL;
    } else if (!type->arguments && (strcmp(base, "CHAR") == 0 || strcmp(base, "BINARY") == 0 || strcmp(base, "BIT") == 0)) {
        type->arguments = "1";
    } else if (type->arguments && strcmp(type->arguments, "0") == 0 &&
               (strcmp(base, "DATETIME") == 0 || strcmp(base, "TIMESTAMP") == 0 || strcmp(base, "TIME") == 0)) {
        type->arguments = NULL;
    }
}

struct my_type my_type_parse(struct arena *arena, const char *text) {
    struct my_type type = {0};
    struct str base = STR_INIT;
    struct str suffix = STR_INIT;

    for (text = skip_blanks(text); *text && *text != '('; text = skip_blanks(text)) {
        const char *word = text;

        if (strncasecmp(word, "unsigned", 8) == 0 || strncasecmp(word, "zerofill", 8) == 0 || strncasecmp(word, "signed", 6) == 0 ||
            strncasecmp(word, "compressed", 10) == 0 || *word == '/')
            break;
        take_word(&text, &base);
    }
    if (*text == '(')
        type.arguments = parse_arguments(arena, &text);
    take_suffix(text, &type, &suffix);
    type.base = str_keep(&base, arena);
    resolve_synonym(&type);
    resolve_arguments(arena, &type);
    type.suffix = str_keep(&suffix, arena);
    str_free(&suffix);
    str_free(&base);
    return type;
}

const char *my_type_canonical(struct arena *arena, const char *text) {
    struct my_type type = my_type_parse(arena, text);
    struct names values;

    if (strcmp(type.base, "ENUM") == 0 || strcmp(type.base, "SET") == 0) {
        values = my_type_values(arena, arena_printf(arena, "%s(%s)", type.base, type.arguments ? type.arguments : ""));
        text = my_type_enum(arena, &values);
        return type.base[0] == 'S' ? arena_printf(arena, "SET%s", text + strlen("ENUM")) : text;
    }
    return arena_printf(arena, "%s%s%s%s%s%s%s", type.base, type.arguments ? "(" : "", type.arguments ? type.arguments : "",
                        type.arguments ? ")" : "", type.is_unsigned ? " UNSIGNED" : "", type.zerofill ? " ZEROFILL" : "", type.suffix);
}

const char *my_type_without_width(struct arena *arena, const char *type) {
    const char *end = strchr(type, ')');

    if (base_in(type, integers) < 0 || !end || strstr(type, "ZEROFILL") || strncmp(type, "TINYINT(1)", 10) == 0)
        return type;
    return arena_printf(arena, "%.*s%s", (int)strcspn(type, "("), type, end + 1);
}

bool my_type_is_text(const char *type) {
    return my_type_is(type, "CHAR") || my_type_is(type, "VARCHAR") || my_type_is(type, "ENUM") || my_type_is(type, "SET") ||
           base_in(type, texts) >= 0;
}

bool my_type_is_number(const char *type) {
    return base_in(type, integers) >= 0 || my_type_is(type, "DECIMAL") || my_type_is(type, "FLOAT") || my_type_is(type, "DOUBLE") ||
           my_type_is(type, "YEAR");
}

bool my_type_is_large(const char *type) {
    return base_in(type, texts) >= 0 || base_in(type, blobs) >= 0 || base_in(type, shapes) >= 0;
}

/* The first number of the arguments and, behind a comma, the second. */
static void arguments_of(const struct my_type *type, unsigned *first, unsigned *second) {
    char *end = NULL;

    *first = *second = 0;
    if (!type->arguments)
        return;
    *first = (unsigned)strtoul(type->arguments, &end, 10);
    if (*end == ',')
        *second = (unsigned)strtoul(end + 1, NULL, 10);
}

static enum field_type model_type(const char *type) {
    if (my_type_is(type, "TINYINT") && strncmp(type, "TINYINT(1)", 10) == 0)
        return TYPE_BOOLEAN;
    if (base_in(type, integers) >= 0 || my_type_is(type, "YEAR"))
        return TYPE_INT;
    if (my_type_is(type, "DECIMAL"))
        return TYPE_DECIMAL;
    if (my_type_is(type, "FLOAT") || my_type_is(type, "DOUBLE"))
        return TYPE_FLOAT;
    if (my_type_is(type, "DATE"))
        return TYPE_DATE;
    if (my_type_is(type, "TIME"))
        return TYPE_TIME_OF_DAY;
    if (my_type_is(type, "TIMESTAMP"))
        return TYPE_UTC;
    if (my_type_is(type, "DATETIME"))
        return TYPE_CIVIL;
    if (base_in(type, blobs) >= 0 || my_type_is(type, "BINARY") || my_type_is(type, "VARBINARY") || my_type_is(type, "BIT"))
        return TYPE_BYTES;
    return TYPE_STRING;
}

void my_type_describe(struct arena *arena, struct field *field) {
    struct my_type type = my_type_parse(arena, field->native_type);
    unsigned first, second;

    arguments_of(&type, &first, &second);
    field->type = model_type(field->native_type);
    field->fixed = strcmp(type.base, "CHAR") == 0;
    if (field->fixed || strcmp(type.base, "VARCHAR") == 0)
        field->length = first;
    if (field->type == TYPE_DECIMAL) {
        field->precision = (uint16_t)first;
        field->scale = (uint16_t)second;
    }
}

/* Reads the quoted text at *AT, unquoted, into ARENA. */
static const char *parse_literal(struct arena *arena, const char **at) {
    struct str out = STR_INIT;
    const char *kept;

    for ((*at)++; **at; (*at)++) {
        if (**at == '\\' && (*at)[1])
            (*at)++;
        else if (**at == '\'' && *++(*at) != '\'')
            break;
        str_add_char(&out, **at);
    }
    kept = str_keep(&out, arena);
    str_free(&out);
    return kept;
}

struct names my_type_values(struct arena *arena, const char *type) {
    VEC(const char *) values = {0};
    const char *at = strchr(type, '(');

    if (!at || (!my_type_is(type, "ENUM") && !my_type_is(type, "SET")))
        return (struct names){0};
    while ((at = strchr(at, '\''))) {
        const char *value = parse_literal(arena, &at);

        vec_push(arena, &values, value);
    }
    return (struct names){.at = values.at, .count = values.count};
}

const char *my_type_enum(struct arena *arena, const struct names *values) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    sqlf(&sql, "ENUM(");
    for (size_t i = 0; i < values->count; i++) {
        if (i)
            sqlf(&sql, ",");
        sqlf(&sql, "%L", values->at[i]);
    }
    sqlf(&sql, ")");
    kept = str_keep(&sql.text, arena);
    sql_free(&sql);
    return kept;
}

unsigned my_charset_width(const char *charset, const char *collation) {
    static const struct {
        const char *charset;
        unsigned width;
    } widths[] = {{"utf8mb4", 4}, {"utf8mb3", 3}, {"utf8", 3},  {"utf16", 4}, {"utf32", 4},  {"ucs2", 2},  {"ujis", 3},
                  {"eucjpms", 3}, {"gb18030", 4}, {"latin", 1}, {"ascii", 1}, {"binary", 1}, {"cp", 1},    {"big5", 2},
                  {"gbk", 2},     {"gb2312", 2},  {"sjis", 2},  {"euckr", 2}, {"koi8", 1},   {"greek", 1}, {"hebrew", 1}};
    const char *name = charset ? charset : collation;

    for (size_t i = 0; name && i < sizeof widths / sizeof *widths; i++)
        if (strncasecmp(name, widths[i].charset, strlen(widths[i].charset)) == 0)
            return widths[i].width;
    return 4;
}

/* A collation of MariaDB that begins with no set goes with any of Unicode. */
static bool is_unicode(const char *name) {
    static const char *const sets[] = {"utf8mb4", "utf16", "utf32", "gb18030", "uca1400"};

    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        if (strncasecmp(name, sets[i], strlen(sets[i])) == 0)
            return true;
    return false;
}

/* "utf8" is the old name of utf8mb3, and holds all that a set of one byte has. */
bool my_charset_narrows(const char *from, const char *to) {
    size_t length = strcspn(to, "_");
    bool same = strcspn(from, "_") == length && strncasecmp(from, to, length) == 0;
    bool basic = strncasecmp(to, "utf8", 4) == 0 || strncasecmp(to, "ucs2", 4) == 0;

    if (same || is_unicode(to) || strncasecmp(from, "ascii", 5) == 0 || strncasecmp(to, "binary", 6) == 0)
        return false;
    return !basic || is_unicode(from);
}

bool my_collation_folds(const struct schema *schema, const char *collation) {
    size_t length = collation ? strlen(collation) : 0;

    (void)schema;
    return !(length >= 4 && strcasecmp(collation + length - 4, "_bin") == 0) && !(collation && strcasecmp(collation, "binary") == 0);
}

/* The bytes of types of one size, by the manual's "Data Type Storage Requirements". */
static size_t fixed_bytes(const char *type) {
    static const struct {
        const char *base;
        size_t bytes;
    } sizes[] = {{"TINYINT", 1}, {"SMALLINT", 2}, {"MEDIUMINT", 3}, {"INT", 4},       {"BIGINT", 8},   {"FLOAT", 4},
                 {"DOUBLE", 8},  {"DATE", 3},     {"TIME", 6},      {"TIMESTAMP", 7}, {"DATETIME", 8}, {"YEAR", 1},
                 {"ENUM", 2},    {"SET", 8},      {"BIT", 8},       {"UUID", 16},     {"INET6", 16},   {"INET4", 4}};

    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (my_type_is(type, sizes[i].base))
            return sizes[i].bytes;
    return 0;
}

size_t my_type_key_bytes(const struct field *field, uint32_t prefix) {
    const char *type = field->native_type;
    const char *arguments = strchr(type, '(');
    size_t length = arguments ? strtoul(arguments + 1, NULL, 10) : 0;
    size_t width = my_type_is_text(type) ? my_charset_width(field->charset, field->collation) : 1;

    if (fixed_bytes(type))
        return fixed_bytes(type);
    if (my_type_is(type, "DECIMAL"))
        return length / 2 + 2;
    if (prefix && (!length || prefix < length))
        length = prefix;
    return length * width;
}

/* --- casts --- */

/* The bits of an integer type without its sign; 0 for another. */
static int integer_bits(const char *type) {
    static const int bits[] = {8, 16, 24, 32, 64};
    int size = base_in(type, integers);

    if (size < 0)
        return 0;
    return strstr(type, "UNSIGNED") ? bits[size] : bits[size] - 1;
}

/* The characters that a text type holds; 0 for another type. */
static unsigned long long text_room(const char *type) {
    static const unsigned long long rooms[] = {63, 16383, 4194303, 1073741823};
    int size = base_in(type, texts);

    if (size >= 0)
        return rooms[size];
    if (my_type_is(type, "CHAR") || my_type_is(type, "VARCHAR"))
        return strtoull(strchr(type, '(') + 1, NULL, 10);
    return 0;
}

static unsigned long long byte_room(const char *type) {
    static const unsigned long long rooms[] = {255, 65535, 16777215, 4294967295};
    int size = base_in(type, blobs);

    if (size >= 0)
        return rooms[size];
    if (my_type_is(type, "BINARY") || my_type_is(type, "VARBINARY"))
        return strtoull(strchr(type, '(') + 1, NULL, 10);
    return 0;
}

/* Digits before and behind the point. */
static void decimal_room(const char *type, long *whole, long *fraction) {
    char *end;
    long precision = strtol(strchr(type, '(') + 1, &end, 10);

    *fraction = *end == ',' ? strtol(end + 1, NULL, 10) : 0;
    *whole = precision - *fraction;
}

static enum cast_risk cast_decimals(const char *from, const char *to) {
    long whole_from, fraction_from, whole_to, fraction_to;

    decimal_room(from, &whole_from, &fraction_from);
    decimal_room(to, &whole_to, &fraction_to);
    if (fraction_to < fraction_from)
        return CAST_CUTS;
    return whole_to < whole_from || (strstr(to, "UNSIGNED") && !strstr(from, "UNSIGNED")) ? CAST_MAY_FAIL : CAST_SAFE;
}

static enum cast_risk cast_integers(const char *from, const char *to) {
    bool loses_sign = strstr(to, "UNSIGNED") && !strstr(from, "UNSIGNED");

    return loses_sign || integer_bits(to) < integer_bits(from) ? CAST_MAY_FAIL : CAST_SAFE;
}

/* From an integer to a decimal or float. */
static enum cast_risk cast_integer_out(const char *from, const char *to) {
    static const long digits[] = {3, 5, 8, 10, 20};
    long whole, fraction;

    if (my_type_is(to, "DOUBLE"))
        return integer_bits(from) > 53 ? CAST_CUTS : CAST_SAFE;
    if (my_type_is(to, "FLOAT"))
        return integer_bits(from) > 24 ? CAST_CUTS : CAST_SAFE;
    decimal_room(to, &whole, &fraction);
    return whole >= digits[base_in(from, integers)] ? CAST_SAFE : CAST_MAY_FAIL;
}

static enum cast_risk cast_numbers(const char *from, const char *to) {
    bool integer_from = integer_bits(from) > 0, integer_to = integer_bits(to) > 0;

    if (my_type_is(from, "YEAR") || my_type_is(to, "YEAR"))
        return integer_bits(to) >= 15 ? CAST_SAFE : CAST_MAY_FAIL;
    if (integer_from)
        return integer_to ? cast_integers(from, to) : cast_integer_out(from, to);
    if (integer_to)
        return CAST_CUTS;
    if (my_type_is(from, "DECIMAL"))
        return my_type_is(to, "DECIMAL") ? cast_decimals(from, to) : CAST_CUTS;
    if (my_type_is(to, "DECIMAL"))
        return CAST_CUTS;
    return my_type_is(from, "DOUBLE") && my_type_is(to, "FLOAT") ? CAST_CUTS : CAST_SAFE;
}

static bool is_subset(const struct names *some, const struct names *all) {
    for (size_t i = 0; i < some->count; i++) {
        size_t k = 0;

        while (k < all->count && strcmp(some->at[i], all->at[k]) != 0)
            k++;
        if (k == all->count)
            return false;
    }
    return true;
}

static enum cast_risk cast_values(const char *from, const char *to) {
    struct arena arena = {0};
    struct names old = my_type_values(&arena, from);
    struct names new = my_type_values(&arena, to);
    bool all = is_subset(&old, &new);

    arena_free(&arena);
    return all ? CAST_SAFE : CAST_MAY_FAIL;
}

/* Digits behind the second; 6 at most. */
static long second_digits(const char *type) {
    const char *arguments = strchr(type, '(');

    return arguments ? strtol(arguments + 1, NULL, 10) : 0;
}

static bool is_moment(const char *type) {
    return my_type_is(type, "DATE") || my_type_is(type, "TIME") || my_type_is(type, "TIMESTAMP") || my_type_is(type, "DATETIME");
}

static enum cast_risk cast_moments(const char *from, const char *to) {
    bool date_from = my_type_is(from, "DATE"), date_to = my_type_is(to, "DATE");

    if (my_type_is(from, "TIME") != my_type_is(to, "TIME"))
        return CAST_CUTS;
    if (date_to)
        return date_from ? CAST_SAFE : CAST_CUTS;
    if (!date_from && second_digits(to) < second_digits(from))
        return CAST_CUTS;
    return my_type_is(to, "TIMESTAMP") && !my_type_is(from, "TIMESTAMP") ? CAST_MAY_FAIL : CAST_SAFE;
}

/* To text: does the longest value of FROM fit into ROOM characters? */
static enum cast_risk cast_to_text(const char *from, unsigned long long room) {
    struct arena arena = {0};
    struct names values = my_type_values(&arena, from);
    unsigned long long need = 0;

    for (size_t i = 0; i < values.count; i++)
        if (strlen(values.at[i]) > need)
            need = strlen(values.at[i]);
    arena_free(&arena);
    if (my_type_is_number(from))
        need = my_type_is(from, "DECIMAL") ? strtoull(strchr(from, '(') + 1, NULL, 10) + 2 : 24;
    else if (is_moment(from))
        need = 26;
    else if (!need)
        return CAST_MAY_FAIL;
    return need <= room ? CAST_SAFE : CAST_MAY_FAIL;
}

enum cast_risk my_cast_risk(const char *from, const char *to) {
    unsigned long long room = text_room(to);

    if (strcmp(from, to) == 0)
        return CAST_SAFE;
    if (my_type_is_number(from) && my_type_is_number(to))
        return cast_numbers(from, to);
    if (text_room(from) && room)
        return room >= text_room(from) ? CAST_SAFE : CAST_MAY_FAIL;
    if (byte_room(from) && byte_room(to))
        return byte_room(to) >= byte_room(from) ? CAST_SAFE : CAST_MAY_FAIL;
    if (my_type_is(from, "ENUM") && my_type_is(to, "ENUM"))
        return cast_values(from, to);
    if (is_moment(from) && is_moment(to))
        return cast_moments(from, to);
    if (my_type_is(from, "JSON") && my_type_is(to, "LONGTEXT"))
        return CAST_SAFE;
    if (room)
        return cast_to_text(from, room);
    return CAST_MAY_FAIL;
}

/* The values of the ENUM FROM that TO has not, as a list of literals; NULL when there are none. */
static const char *values_lost(struct arena *arena, const char *from, const char *to) {
    struct names old = my_type_values(arena, from);
    struct names new = my_type_values(arena, to);
    VEC(const char *) lost = {0};
    const char *list;

    for (size_t i = 0; i < old.count; i++)
        if (!is_subset(&(struct names){.at = &old.at[i], .count = 1}, &new))
            vec_push(arena, &lost, old.at[i]);
    if (!lost.count)
        return NULL;
    list = my_type_enum(arena, &(struct names){.at = lost.at, .count = lost.count});
    return list + strlen("ENUM");
}

const char *my_cast_refuses(struct arena *arena, const char *column, const char *from, const char *to) {
    const struct quoting *quoting = &dialect_mysql.quoting;
    unsigned long long room = text_room(to);
    const char *lost;

    if (my_type_is(from, "ENUM") && my_type_is(to, "ENUM")) {
        lost = values_lost(arena, from, to);
        return lost ? sql_format(arena, quoting, "%X IN %X", column, lost) : NULL;
    }
    if (my_cast_risk(from, to) != CAST_MAY_FAIL)
        return NULL;
    if (room)
        return sql_format(arena, quoting, "CHAR_LENGTH(%X) > %zu", column, (size_t)room);
    if (byte_room(to))
        return sql_format(arena, quoting, "LENGTH(%X) > %zu", column, (size_t)byte_room(to));
    if (my_type_is_text(from) && my_type_is_number(to))
        return sql_format(arena, quoting, "%X NOT REGEXP '^ *[-+]?[0-9]*[.]?[0-9]+ *$'", column);
    return NULL;
}
