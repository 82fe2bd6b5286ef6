/* What differs between two texts, line by line, as a patch. */
#ifndef PERSIST_TEXT_DIFF_H
#define PERSIST_TEXT_DIFF_H

#include "arena.h"
#include "str.h"

/* Appends the unified diff that makes OLD NEW, both called PATH; nothing when they are the same. */
void text_diff_print(const char *path, const struct str *old, const struct str *new_text, struct str *out);

#endif
