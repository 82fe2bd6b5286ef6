/* Text in HTML, SVG and XML. */
#ifndef PERSIST_MARKUP_H
#define PERSIST_MARKUP_H

#include "str.h"

/* Appends TEXT (valid UTF-8) so that it is text everywhere: between tags and in quoted attributes. A control character, which XML does not
 * allow, is shown as U+FFFD; line ends and tabs stay. */
void markup_text(struct str *out, const char *text);

/* The same of COUNT bytes. */
void markup_bytes(struct str *out, const char *text, size_t count);

#endif
