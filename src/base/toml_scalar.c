#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* strtod_l */
#endif
#include <errno.h>
#include <locale.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <utf8proc.h>

#include "arena.h"
#include "toml_internal.h"

#define DIGITS "0123456789"
#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

uint32_t toml_line_end(const char *text) {
    return text[0] == '\n' ? 1 : text[0] == '\r' && text[1] == '\n' ? 2 : 0;
}

bool toml_is_plain(char byte) {
    unsigned char c = (unsigned char)byte;

    return (c >= 0x20 && c != 0x7F) || c == '\t';
}

int toml_refuse_control(struct toml_parser *parser) {
    struct span at = {parser->at, parser->at + 1};

    return toml_refuse(parser, at, "control character U+%04X: write it as an escape in a \"…\" string",
                       (unsigned)(unsigned char)parser->text[parser->at]);
}

/* Adds what stands here up to a quote, a backslash (where it is an escape) or a control character. */
static void take_plain(struct toml_parser *parser, char quote) {
    const char *start = parser->text + parser->at;
    const char *end = start;

    while (toml_is_plain(*end) && *end != quote && (*end != '\\' || quote == '\''))
        end++;
    str_add_bytes(&parser->buffer, start, (size_t)(end - start));
    parser->at += (uint32_t)(end - start);
}

/* \u and \U: DIGIT_COUNT hexadecimal digits of a code point that is no surrogate. */
static int read_code_point(struct toml_parser *parser, uint32_t digit_count) {
    struct span at = {parser->at, parser->at + 2};
    const char *digits = parser->text + at.end;
    size_t found = strspn(digits, DIGITS "abcdefABCDEF");
    utf8proc_uint8_t bytes[4];
    char hex[9] = "";
    unsigned long point;

    if (found < digit_count)
        return toml_refuse(parser, at, "expected %u hexadecimal digits behind \"\\%c\"", (unsigned)digit_count, parser->text[at.start + 1]);
    memcpy(hex, digits, digit_count);
    point = strtoul(hex, NULL, 16);
    at.end += digit_count;
    if (point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        return toml_refuse(parser, at, "U+%04lX is no Unicode character", point);
    str_add_bytes(&parser->buffer, (const char *)bytes, (size_t)utf8proc_encode_char((utf8proc_int32_t)point, bytes));
    parser->at = at.end;
    return 0;
}

static int read_escape(struct toml_parser *parser) {
    static const char letters[] = "btnfr\"\\";
    static const char meanings[] = "\b\t\n\f\r\"\\";
    char letter = parser->text[parser->at + 1];
    const char *found = letter ? strchr(letters, letter) : NULL;

    if (letter == 'u' || letter == 'U')
        return read_code_point(parser, letter == 'u' ? 4 : 8);
    if (!found)
        return toml_refuse(parser, (struct span){parser->at, parser->at + 1},
                           "unknown escape: there are \\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX \\UXXXXXXXX; a backslash itself is \\\\");
    str_add_char(&parser->buffer, meanings[found - letters]);
    parser->at += 2;
    return 0;
}

int toml_read_line_string(struct toml_parser *parser) {
    uint32_t start = parser->at;
    char quote = parser->text[parser->at++];

    str_truncate(&parser->buffer, 0);
    for (;;) {
        char c;

        take_plain(parser, quote);
        c = parser->text[parser->at];
        if (c == quote) {
            parser->at++;
            return 0;
        }
        if (!c || toml_line_end(parser->text + parser->at))
            return toml_refuse(parser, (struct span){start, parser->at}, "string is not closed: expected %c before the end of the line",
                               quote);
        if (c != '\\')
            return toml_refuse_control(parser);
        if (read_escape(parser))
            return -1;
    }
}

/* A backslash at the end of a line takes away all white space up to the next character. */
static bool fold_lines(struct toml_parser *parser) {
    const char *at = parser->text + parser->at + 1;

    at += strspn(at, " \t");
    if (!toml_line_end(at))
        return false;
    while (*at == ' ' || *at == '\t' || toml_line_end(at))
        at += *at == '\r' ? 2 : 1;
    parser->at = (uint32_t)(at - parser->text);
    return true;
}

/* Three quotes end the string; one or two more may stand before them, as in """He said "no"""". */
static bool close_block(struct toml_parser *parser, char quote) {
    const char *at = parser->text + parser->at;
    uint32_t run = 1;

    while (run < 5 && at[run] == quote)
        run++;
    str_add_bytes(&parser->buffer, at, run < 3 ? run : run - 3);
    parser->at += run;
    return run >= 3;
}

static int read_block_string(struct toml_parser *parser) {
    struct span open = {parser->at, parser->at + 3};
    char quote = parser->text[parser->at];

    parser->at += 3;
    parser->at += toml_line_end(parser->text + parser->at);
    str_truncate(&parser->buffer, 0);
    for (;;) {
        uint32_t line_end;
        char c;

        take_plain(parser, quote);
        c = parser->text[parser->at];
        line_end = toml_line_end(parser->text + parser->at);
        if (c == quote) {
            if (close_block(parser, quote))
                return 0;
        } else if (line_end) {
            str_add_char(&parser->buffer, '\n');
            parser->at += line_end;
        } else if (!c) {
            return toml_refuse(parser, open, "string is not closed: expected %c%c%c before the end of the file", quote, quote, quote);
        } else if (c != '\\') {
            return toml_refuse_control(parser);
        } else if (!fold_lines(parser) && read_escape(parser)) {
            return -1;
        }
    }
}

static int read_string(struct toml_parser *parser, struct toml_value *value) {
    const char *at = parser->text + parser->at;
    bool block = at[1] == at[0] && at[2] == at[0];

    if (block ? read_block_string(parser) : toml_read_line_string(parser))
        return -1;
    value->type = TOML_STRING;
    value->string = str_keep(&parser->buffer, parser->arena);
    value->length = parser->buffer.length;
    return 0;
}

/* A word that is no string: where it stands, how long it is. */
struct word {
    const char *text;
    size_t length;
    struct span at;
};

static int refuse_word(struct toml_parser *parser, const struct word *word, const char *why) {
    char *text = arena_strndup(parser->arena, word->text, word->length > 40 ? 40 : word->length);

    return toml_refuse(parser, word->at, "\"%s%s\" %s", text, word->length > 40 ? "…" : "", why);
}

/* COUNT decimal digits at TEXT, or -1. */
static int read_digits(const char *text, int count) {
    int number = 0;

    for (int i = 0; i < count; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

static int days_in(int year, int month) {
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month - 1] + (month == 2 && leap);
}

enum { DATE_LENGTH = 10 };

/* Does a date that exists, like 1979-05-27, stand at TEXT? */
static bool is_date(const char *text) {
    int year = read_digits(text, 4);
    int month = year >= 0 && text[4] == '-' ? read_digits(text + 5, 2) : -1;
    int day = month >= 1 && month <= 12 && text[7] == '-' ? read_digits(text + 8, 2) : -1;

    return day >= 1 && day <= days_in(year, month);
}

/* The bytes of the time at TEXT, like 07:32:00.99 (RFC 3339: a leap second is allowed), or 0. */
static size_t time_length(const char *text) {
    int hour = read_digits(text, 2);
    int minute = hour >= 0 && hour <= 23 && text[2] == ':' ? read_digits(text + 3, 2) : -1;
    int second = minute >= 0 && minute <= 59 && text[5] == ':' ? read_digits(text + 6, 2) : -1;
    size_t fraction;

    if (second < 0 || second > 60)
        return 0;
    if (text[8] != '.')
        return 8;
    fraction = strspn(text + 9, DIGITS);
    return fraction ? 9 + fraction : 0;
}

/* The bytes of the offset from UTC at TEXT: Z, or like -07:00; 0 when there is none. */
static size_t offset_length(const char *text) {
    int hour = *text == '+' || *text == '-' ? read_digits(text + 1, 2) : -1;
    int minute = hour >= 0 && hour <= 23 && text[3] == ':' ? read_digits(text + 4, 2) : -1;

    if (*text == 'Z' || *text == 'z')
        return 1;
    return minute >= 0 && minute <= 59 ? 6 : 0;
}

/* The type of WORD, which looks like a date or a time; TOML_TABLE when it is none that exists. */
static enum toml_type date_type(const struct word *word) {
    bool dated = is_date(word->text);
    size_t at = dated ? DATE_LENGTH : 0;
    size_t length;
    size_t offset;

    if (dated && at == word->length)
        return TOML_LOCAL_DATE;
    if (dated && !strchr("Tt ", word->text[at++]))
        return TOML_TABLE;
    length = time_length(word->text + at);
    at += length;
    offset = dated && length ? offset_length(word->text + at) : 0;
    if (!length || at + offset != word->length)
        return TOML_TABLE;
    return offset ? TOML_OFFSET_DATETIME : dated ? TOML_LOCAL_DATETIME : TOML_LOCAL_TIME;
}

static int read_date(struct toml_parser *parser, const struct word *word, struct toml_value *value) {
    char *text;

    value->type = date_type(word);
    if (value->type == TOML_TABLE)
        return refuse_word(parser, word, "is no date or time that exists; expected one like 1979-05-27T07:32:00Z or a part of it");
    text = arena_strndup(parser->arena, word->text, word->length);
    if (word->length > DATE_LENGTH && text[4] == '-')
        text[DATE_LENGTH] = 'T';
    if (text[word->length - 1] == 'z')
        text[word->length - 1] = 'Z';
    value->string = text;
    value->length = word->length;
    return 0;
}

/* Adds the digits at TEXT, without the single underscores between them, to the buffer. The bytes read; 0 when there are no digits or the
 * underscores stand wrongly. */
static size_t take_digits(struct toml_parser *parser, const char *text, const char *digits) {
    size_t at = 0;

    for (;;) {
        size_t run = strspn(text + at, digits);

        if (!run)
            return 0;
        str_add_bytes(&parser->buffer, text + at, run);
        at += run;
        if (text[at] != '_')
            return at;
        at++;
    }
}

static int set_integer(struct toml_parser *parser, const struct word *word, int base, struct toml_value *value) {
    value->type = TOML_INTEGER;
    errno = 0;
    value->integer = strtoll(parser->buffer.text, NULL, base);
    return errno == ERANGE ? refuse_word(parser, word, "does not fit into 64 bits") : 0;
}

/* The program's locale may have a decimal comma. */
static int set_float(struct toml_parser *parser, struct toml_value *value) {
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);

    value->type = TOML_FLOAT;
    value->number = strtod_l(parser->buffer.text, NULL, plain);
    freelocale(plain);
    return 0;
}

static int refuse_number(struct toml_parser *parser, const struct word *word) {
    return refuse_word(parser, word, "is no value; expected a number, true, false, a date or time, or text in quotes");
}

/* 0xFF, 0o17, 0b11. */
static int read_prefixed(struct toml_parser *parser, const struct word *word, struct toml_value *value) {
    char kind = word->text[1];
    const char *digits = kind == 'x' ? DIGITS "abcdefABCDEF" : kind == 'o' ? "01234567" : "01";

    if (word->length == 2 || take_digits(parser, word->text + 2, digits) != word->length - 2)
        return refuse_number(parser, word);
    return set_integer(parser, word, kind == 'x' ? 16 : kind == 'o' ? 8 : 2, value);
}

/* Takes the fraction or the exponent at *AT, if one of LEADS begins it there. False when it has no digits. */
static bool take_part(struct toml_parser *parser, const char *text, const char *leads, size_t *at) {
    size_t lead = 1;
    size_t length;

    if (!text[*at] || !strchr(leads, text[*at]))
        return true;
    if (text[*at] != '.' && (text[*at + 1] == '+' || text[*at + 1] == '-'))
        lead = 2;
    str_add_bytes(&parser->buffer, text + *at, lead);
    length = take_digits(parser, text + *at + lead, DIGITS);
    *at += lead + length;
    return length;
}

static int read_decimal(struct toml_parser *parser, const struct word *word, struct toml_value *value) {
    const char *text = word->text;
    size_t sign = text[0] == '+' || text[0] == '-';
    size_t whole;
    size_t at;

    str_add_bytes(&parser->buffer, text, sign);
    whole = take_digits(parser, text + sign, DIGITS);
    at = sign + whole;
    if (!whole)
        return refuse_number(parser, word);
    if (text[sign] == '0' && whole > 1)
        return refuse_word(parser, word, "begins with a zero; leave it out");
    if (at == word->length)
        return set_integer(parser, word, 10, value);
    if (!take_part(parser, text, ".", &at) || !take_part(parser, text, "eE", &at) || at != word->length)
        return refuse_number(parser, word);
    return set_float(parser, value);
}

static bool is_word(const struct word *word, const char *text) {
    return strlen(text) == word->length && memcmp(word->text, text, word->length) == 0;
}

/* true, false, inf, nan; with a sign the last two. */
static bool read_named(const struct word *word, struct toml_value *value) {
    bool sign = word->text[0] == '+' || word->text[0] == '-';
    struct word name = {word->text + sign, word->length - sign, word->at};

    if (is_word(word, "true") || is_word(word, "false")) {
        value->type = TOML_BOOLEAN;
        value->boolean = word->text[0] == 't';
        return true;
    }
    if (!is_word(&name, "inf") && !is_word(&name, "nan"))
        return false;
    value->type = TOML_FLOAT;
    value->number = copysign(name.text[0] == 'i' ? (double)INFINITY : (double)NAN, word->text[0] == '-' ? -1.0 : 1.0);
    return true;
}

/* The word that stands here. A date and a time may have a blank between them. */
static struct word find_word(const struct toml_parser *parser) {
    static const char all[] = LETTERS DIGITS "+-_.:";
    const char *text = parser->text + parser->at;
    size_t length = strspn(text, all);

    if (length == DATE_LENGTH && text[length] == ' ' && is_date(text) && read_digits(text + length + 1, 1) >= 0)
        length += 1 + strspn(text + length + 1, all);
    return (struct word){text, length, {parser->at, parser->at + (uint32_t)length}};
}

int toml_read_scalar(struct toml_parser *parser, struct toml_value *value) {
    char first = parser->text[parser->at];
    struct word word;

    if (first == '"' || first == '\'')
        return read_string(parser, value);
    word = find_word(parser);
    if (!word.length)
        return toml_expected(parser, "a value");
    parser->at += (uint32_t)word.length;
    str_truncate(&parser->buffer, 0);
    if (read_named(&word, value))
        return 0;
    if ((read_digits(word.text, 4) >= 0 && word.text[4] == '-') || (read_digits(word.text, 2) >= 0 && word.text[2] == ':'))
        return read_date(parser, &word, value);
    if (first == '0' && word.length > 1 && strchr("xob", word.text[1]))
        return read_prefixed(parser, &word, value);
    return read_decimal(parser, &word, value);
}
