/* The public TOML 1.0 cases: every valid text gives the value that the case names, every other text is refused with a place.
 *
 *     toml FOLDER        FOLDER/toml/toml-1.0.jsonl: a case a line, {"name", "toml" or "base64", and of a valid one "value"}
 *
 * A value is {"type": "integer", "value": "1"}, an array of values, or an object of values. Exit 77: FOLDER has no such file. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "arena.h"
#include "diag.h"
#include "lines.h"
#include "source.h"
#include "str.h"
#include "toml.h"

/* jansson refuses a NUL in a key. The cases have one, so it is written as a private code point before jansson sees it. */
#define NUL_TEXT "\xF4\x8F\xBF\xBD"

/* LINE with each JSON escape of a NUL written as NUL_TEXT. */
static char *hide_nul_escapes(struct arena *arena, const char *line, size_t length) {
    struct str out = STR_INIT;
    char *text;

    for (size_t i = 0; i < length; i++) {
        if (length - i >= 6 && memcmp(line + i, "\\u0000", 6) == 0) {
            str_add(&out, NUL_TEXT);
            i += 5;
        } else {
            str_add_char(&out, line[i]);
            if (line[i] == '\\')
                str_add_char(&out, line[++i]);
        }
    }
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

/* TEXT with each NUL_TEXT as a NUL again. */
static void show_nuls(struct str *out, const char *text) {
    for (;;) {
        const char *nul = strstr(text, NUL_TEXT);

        str_add_bytes(out, text, nul ? (size_t)(nul - text) : strlen(text));
        if (!nul)
            return;
        str_add_bytes(out, "", 1);
        text = nul + strlen(NUL_TEXT);
    }
}

static void decode_base64(struct str *out, const char *text) {
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    unsigned bits = 0;
    unsigned count = 0;

    for (; *text && *text != '='; text++) {
        const char *found = strchr(digits, *text);

        bits = (bits << 6 | (unsigned)(found ? found - digits : 0)) & 0xFFFFFF;
        count += 6;
        if (count >= 8) {
            count -= 8;
            str_add_char(out, (char)(bits >> count & 0xFF));
        }
    }
}

static bool same_bytes(const char *bytes, size_t count, const char *expected) {
    struct str text = STR_INIT;
    bool same;

    show_nuls(&text, expected);
    same = text.length == count && memcmp(text.text, bytes, count) == 0;
    str_free(&text);
    return same;
}

/* Equal but for zeros at the end of the fraction of a second. */
static bool same_time(const char *a, const char *b) {
    size_t whole = strcspn(a, ".");
    const char *a_rest = a + whole;
    const char *b_rest;

    if (strncmp(a, b, whole) != 0 || (b[whole] != '.' && !*a_rest))
        return strcmp(a, b) == 0;
    b_rest = b + whole;
    while (*a_rest && *a_rest == *b_rest)
        a_rest++, b_rest++;
    a_rest += strspn(a_rest, "0");
    b_rest += strspn(b_rest, "0");
    return strcmp(a_rest, b_rest) == 0;
}

static bool same_float(double number, const char *expected) {
    double other;

    if (strcmp(expected, "nan") == 0)
        return isnan(number);
    other = strtod(expected, NULL);
    return number >= other && number <= other && signbit(number) == signbit(other);
}

static bool same_scalar(const struct toml_value *value, const char *type, const char *expected) {
    switch (value->type) {
    case TOML_STRING:
        return strcmp(type, "string") == 0 && same_bytes(value->string, value->length, expected);
    case TOML_INTEGER:
        return strcmp(type, "integer") == 0 && value->integer == strtoll(expected, NULL, 10);
    case TOML_FLOAT:
        return strcmp(type, "float") == 0 && same_float(value->number, expected);
    case TOML_BOOLEAN:
        return strcmp(type, "bool") == 0 && value->boolean == (strcmp(expected, "true") == 0);
    case TOML_OFFSET_DATETIME:
        return strcmp(type, "datetime") == 0 && same_time(value->string, expected);
    case TOML_LOCAL_DATETIME:
        return strcmp(type, "datetime-local") == 0 && same_time(value->string, expected);
    case TOML_LOCAL_DATE:
        return strcmp(type, "date-local") == 0 && same_time(value->string, expected);
    case TOML_LOCAL_TIME:
        return strcmp(type, "time-local") == 0 && same_time(value->string, expected);
    case TOML_ARRAY:
    case TOML_TABLE:
        return false;
    }
    return false;
}

static bool same_value(const struct toml_value *value, json_t *expected);

static bool same_array(const struct toml_value *value, const json_t *expected) {
    if (value->type != TOML_ARRAY || value->count != json_array_size(expected))
        return false;
    for (size_t i = 0; i < value->count; i++)
        if (!same_value(value->items[i], json_array_get(expected, i)))
            return false;
    return true;
}

static bool same_table(const struct toml_value *value, json_t *expected) {
    const char *key;
    json_t *member;

    if (value->type != TOML_TABLE || value->count != json_object_size(expected))
        return false;
    json_object_foreach(expected, key, member) {
        size_t i = 0;

        while (i < value->count && !same_bytes(value->items[i]->key, value->items[i]->key_length, key))
            i++;
        if (i == value->count || !same_value(value->items[i], member))
            return false;
    }
    return true;
}

static bool same_value(const struct toml_value *value, json_t *expected) {
    const char *type = json_string_value(json_object_get(expected, "type"));
    const char *text = json_string_value(json_object_get(expected, "value"));

    if (json_is_array(expected))
        return same_array(value, expected);
    if (type && text && json_object_size(expected) == 2)
        return same_scalar(value, type, text);
    return same_table(value, expected);
}

/* Has the refused text one error, with a place in the text? */
static bool has_place(const struct diag *diag, size_t length) {
    return diag->errors == 1 && diag->list.at[0].source && diag->list.at[0].at.start <= length;
}

static const char *check_text(struct arena *arena, const struct str *text, json_t *expected) {
    struct diag diag = {.arena = arena};
    struct source *source = source_new(arena, "case.toml", text->text, text->length, &diag);
    struct toml_value *value = source ? toml_parse(arena, source, &diag) : NULL;

    if (!expected)
        return value ? "accepted" : has_place(&diag, text->length) ? NULL : "refused without a place";
    if (!value)
        return diag.list.at[0].message;
    return same_value(value, expected) ? NULL : "another value";
}

/* Checks the case in LINE; true when it passed. */
static bool check_case(const char *line, size_t length) {
    struct arena arena = {0};
    struct str text = STR_INIT;
    json_t *test = json_loads(hide_nul_escapes(&arena, line, length), 0, NULL);
    const char *base64 = json_string_value(json_object_get(test, "base64"));
    const char *toml = json_string_value(json_object_get(test, "toml"));
    const char *name = json_string_value(json_object_get(test, "name"));
    const char *wrong = "not a case";

    if (base64)
        decode_base64(&text, base64);
    else if (toml)
        show_nuls(&text, toml);
    if (base64 || toml)
        wrong = check_text(&arena, &text, json_object_get(test, "value"));
    if (wrong)
        printf("FAILED %s: %s\n", name ? name : "a line that cannot be read", wrong);
    json_decref(test);
    str_free(&text);
    arena_free(&arena);
    return !wrong;
}

int main(int count, char **arguments) {
    return lines_run(count > 1 ? arguments[1] : ".", "toml/toml-1.0.jsonl", "toml", check_case);
}
