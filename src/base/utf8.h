/* UTF-8: checking, counting and the width on a terminal. Normal forms and widths are utf8proc's. */
#ifndef PERSIST_UTF8_H
#define PERSIST_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

/* The offset of the first byte that is not part of valid UTF-8 (RFC 3629), or COUNT. */
size_t utf8_check(const char *bytes, size_t count);

/* Code points in COUNT valid bytes. */
size_t utf8_count(const char *text, size_t count);

/* Columns that COUNT valid bytes take on a terminal; a tab counts as one. */
size_t utf8_width(const char *text, size_t count);

/* The code point at TEXT (valid, not at its end); *COUNT gets its bytes. */
uint32_t utf8_decode(const char *text, size_t *count);

/* May the code point begin / continue an identifier of the model language (Ballerina's rule: letters, digits, "_", and non-ASCII
 * code points that are not white space, private or pattern syntax)? */
bool utf8_starts_name(uint32_t code_point);
bool utf8_continues_name(uint32_t code_point);

/* Is the code point a letter, a mark on one, or a digit, of any script? */
bool utf8_is_letter_or_digit(uint32_t code_point);

/* Would the code point upset a terminal or hide text: a control character, a line separator, a mark of writing direction? */
bool utf8_is_control(uint32_t code_point);

/* The code point at BYTES, of which COUNT > 0 may be no UTF-8 at all: *LENGTH gets the bytes it takes, *SHOWN is false for a control
 * character and for a byte that is no UTF-8 (which is then the result). */
uint32_t utf8_decode_any(const char *bytes, size_t count, size_t *length, bool *shown);

/* TEXT with control characters, and bytes that are no UTF-8, written as \u{XX}; TEXT itself when there are none. */
const char *utf8_printable(struct arena *arena, const char *text);

/* TEXT, printable, in at most COLUMNS columns, "…" at its end where it is cut. */
const char *utf8_cut(struct arena *arena, const char *text, size_t columns);

/* Edit distance of A and B (code points, insert/delete/replace/swap neighbours), at most LIMIT + 1. */
size_t utf8_distance(const char *a, const char *b, size_t limit);

#endif
