/* Text in HTML, SVG and XML. */
#ifndef PERSIST_MARKUP_H
#define PERSIST_MARKUP_H

#include "str.h"

/* Appends TEXT (valid UTF-8) so that it is text everywhere: between tags and in quoted attributes. A control character, which XML does not
 * allow, is shown as U+FFFD; line ends and tabs stay. */
void markup_text(struct str *out, const char *text);

/* The same of COUNT bytes. */
void markup_bytes(struct str *out, const char *text, size_t count);

/* Appends TEMPLATE, which is markup, with its arguments, which are text: "%s" is escaped as above, "%zu" is a number. No other conversion. */
void markup_format(struct str *out, const char *template, ...) __attribute__((format(printf, 2, 3)));

/* Appends SQL, escaped, with its words, texts and comments in spans of the classes word, text and note. By the look of it alone: what is
 * written in capitals is a word. */
void markup_sql(struct str *out, const char *sql);

#endif
