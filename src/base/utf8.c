#include "utf8.h"

#include <string.h>

#include <utf8proc.h>

#include "arena.h"
#include "str.h"

/* The bytes of the sequence that begins at BYTES (COUNT are there, at least one), or 0 when it is not valid: RFC 3629, section 4. */
static size_t sequence_length(const unsigned char *bytes, size_t count) {
    unsigned char first = bytes[0];
    unsigned char low = 0x80;
    unsigned char high = 0xBF;
    size_t length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;

    if (first < 0x80)
        return 1;
    if (first < 0xC2 || first > 0xF4 || length > count)
        return 0;
    if (first == 0xE0)
        low = 0xA0;
    else if (first == 0xED)
        high = 0x9F;
    else if (first == 0xF0)
        low = 0x90;
    else if (first == 0xF4)
        high = 0x8F;
    if (bytes[1] < low || bytes[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((bytes[i] & 0xC0) != 0x80)
            return 0;
    return length;
}

/* Nearly all input is ASCII, so eight bytes are looked at in one go as long as none has its high bit set. */
size_t utf8_check(const char *bytes, size_t count) {
    const unsigned char *at = (const unsigned char *)bytes;
    size_t i = 0;

    while (i < count) {
        uint64_t eight;
        size_t length;

        if (count - i >= sizeof eight) {
            memcpy(&eight, at + i, sizeof eight);
            if (!(eight & UINT64_C(0x8080808080808080))) {
                i += sizeof eight;
                continue;
            }
        }
        length = sequence_length(at + i, count - i);
        if (!length)
            return i;
        i += length;
    }
    return count;
}

/* All bytes but the continuations 10xxxxxx, of which eight are looked at in one go: an error far along a line needs its column. */
size_t utf8_count(const char *text, size_t count) {
    const uint64_t ones = UINT64_C(0x0101010101010101);
    size_t points = count;
    size_t i = 0;

    for (; count - i >= sizeof ones; i += sizeof ones) {
        uint64_t eight;

        memcpy(&eight, text + i, sizeof eight);
        points -= (size_t)(((eight >> 7 & ~eight >> 6 & ones) * ones) >> 56);
    }
    for (; i < count; i++)
        points -= ((unsigned char)text[i] & 0xC0) == 0x80;
    return points;
}

uint32_t utf8_decode(const char *text, size_t *count) {
    const unsigned char *at = (const unsigned char *)text;
    uint32_t point;

    if (at[0] < 0x80) {
        *count = 1;
        return at[0];
    }
    *count = at[0] < 0xE0 ? 2 : at[0] < 0xF0 ? 3 : 4;
    point = at[0] & (0x7FU >> *count);
    for (size_t i = 1; i < *count; i++)
        point = point << 6 | (at[i] & 0x3FU);
    return point;
}

size_t utf8_width(const char *text, size_t count) {
    size_t width = 0;

    for (size_t i = 0, length; i < count; i += length) {
        uint32_t point = utf8_decode(text + i, &length);

        width += point == '\t' ? 1 : (size_t)utf8proc_charwidth((utf8proc_int32_t)point);
    }
    return width;
}

struct range {
    uint32_t first;
    uint32_t last;
};

/* Non-ASCII code points that are in no name: white space and controls (White_Space, Pattern_White_Space, C1), Pattern_Syntax and private
 * use of the Unicode Character Database. Pattern_Syntax and Pattern_White_Space never change (UAX 31). Ascending. */
static const struct range not_in_names[] = {
    {0x0080, 0x00A7}, {0x00A9, 0x00A9}, {0x00AB, 0x00AC}, {0x00AE, 0x00AE}, {0x00B0, 0x00B1}, {0x00B6, 0x00B6},   {0x00BB, 0x00BB},
    {0x00BF, 0x00BF}, {0x00D7, 0x00D7}, {0x00F7, 0x00F7}, {0x1680, 0x1680}, {0x2000, 0x200A}, {0x200E, 0x203E},   {0x2041, 0x2053},
    {0x2055, 0x205F}, {0x2190, 0x245F}, {0x2500, 0x2775}, {0x2794, 0x2BFF}, {0x2E00, 0x2E7F}, {0x3000, 0x3003},   {0x3008, 0x3020},
    {0x3030, 0x3030}, {0xE000, 0xF8FF}, {0xFD3E, 0xFD3F}, {0xFE45, 0xFE46}, {0xFEFF, 0xFEFF}, {0xF0000, 0xFFFFD}, {0x100000, 0x10FFFD},
};

bool utf8_starts_name(uint32_t code_point) {
    size_t low = 0;
    size_t high = sizeof not_in_names / sizeof *not_in_names;

    if (code_point < 0x80)
        return (code_point | 0x20) - 'a' < 26 || code_point == '_';
    while (low < high) {
        size_t middle = (low + high) / 2;

        if (code_point > not_in_names[middle].last)
            low = middle + 1;
        else if (code_point < not_in_names[middle].first)
            high = middle;
        else
            return false;
    }
    return code_point <= 0x10FFFF;
}

bool utf8_continues_name(uint32_t code_point) {
    return code_point - '0' < 10 || utf8_starts_name(code_point);
}

bool utf8_is_letter_or_digit(uint32_t code_point) {
    utf8proc_category_t category;

    if (code_point < 0x80)
        return (code_point >= '0' && code_point <= '9') || ((code_point | 0x20) >= 'a' && (code_point | 0x20) <= 'z');
    category = utf8proc_category((utf8proc_int32_t)code_point);
    return category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NL;
}

bool utf8_is_control(uint32_t code_point) {
    return code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0) || code_point == 0x200E || code_point == 0x200F ||
           (code_point >= 0x2028 && code_point <= 0x202E) || (code_point >= 0x2066 && code_point <= 0x2069) || code_point == 0xFEFF;
}

uint32_t utf8_decode_any(const char *bytes, size_t count, size_t *length, bool *shown) {
    *length = sequence_length((const unsigned char *)bytes, count);
    if (*length) {
        uint32_t point = utf8_decode(bytes, length);

        *shown = !utf8_is_control(point);
        return point;
    }
    *length = 1;
    *shown = false;
    return (unsigned char)bytes[0];
}

/* How many of the first bytes of TEXT are ASCII and no control characters. */
static size_t plain_length(const char *text) {
    size_t length = 0;

    while (text[length] >= ' ' && text[length] < '\x7f')
        length++;
    return length;
}

const char *utf8_printable(struct arena *arena, const char *text) {
    struct str out = STR_INIT;
    size_t count = strlen(text);
    bool changed = false;
    const char *result;

    if (plain_length(text) == count)
        return text;
    for (size_t i = 0, length; i < count; i += length) {
        bool shown;
        uint32_t point = utf8_decode_any(text + i, count - i, &length, &shown);

        changed = changed || !shown;
        if (shown)
            str_add_bytes(&out, text + i, length);
        else
            str_addf(&out, "\\u{%02X}", (unsigned)point);
    }
    result = changed ? str_keep(&out, arena) : text;
    str_free(&out);
    return result;
}

/* Longer texts are no names that somebody mistyped; they are only compared for equality. */
enum { DISTANCE_MAX = 128 };

/* The code points of TEXT; their count, or DISTANCE_MAX + 1 when there are more than fit. */
static size_t decode_name(const char *text, uint32_t points[DISTANCE_MAX]) {
    size_t count = 0;

    for (size_t length; *text; text += length) {
        uint32_t point = utf8_decode(text, &length);

        if (count == DISTANCE_MAX)
            return DISTANCE_MAX + 1;
        points[count++] = point;
    }
    return count;
}

static size_t least(size_t a, size_t b) {
    return a < b ? a : b;
}

/* Optimal string alignment: Levenshtein's table, three rows of it, and a step for two swapped neighbors. */
static size_t aligned_distance(const uint32_t *a, size_t a_count, const uint32_t *b, size_t b_count) {
    size_t rows[3][DISTANCE_MAX + 1];

    for (size_t j = 0; j <= b_count; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a_count; i++) {
        size_t *now = rows[i % 3];
        const size_t *before = rows[(i + 2) % 3];
        const size_t *swapped = rows[(i + 1) % 3];

        now[0] = i;
        for (size_t j = 1; j <= b_count; j++) {
            now[j] = least(before[j - 1] + (a[i - 1] != b[j - 1]), least(before[j], now[j - 1]) + 1);
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                now[j] = least(now[j], swapped[j - 2] + 1);
        }
    }
    return rows[a_count % 3][b_count];
}

const char *utf8_cut(struct arena *arena, const char *text, size_t columns) {
    size_t bytes = 0, length = 0, width = 0;

    text = utf8_printable(arena, text);
    if (utf8_width(text, strlen(text)) <= columns)
        return text;
    while (width < columns) {
        bytes += length;
        utf8_decode(text + bytes, &length);
        width += utf8_width(text + bytes, length);
    }
    return arena_printf(arena, "%.*s…", (int)bytes, text);
}

size_t utf8_distance(const char *a, const char *b, size_t limit) {
    uint32_t a_points[DISTANCE_MAX];
    uint32_t b_points[DISTANCE_MAX];
    size_t a_count;
    size_t b_count;

    if (strcmp(a, b) == 0)
        return 0;
    a_count = decode_name(a, a_points);
    b_count = decode_name(b, b_points);
    if (a_count > DISTANCE_MAX || b_count > DISTANCE_MAX)
        return limit + 1;
    if ((a_count > b_count ? a_count - b_count : b_count - a_count) > limit)
        return limit + 1;
    return least(aligned_distance(a_points, a_count, b_points, b_count), limit + 1);
}
