/* Texts line by line, as git has it: what differs, as a patch, and merging. */
#ifndef PERSIST_TEXT_DIFF_H
#define PERSIST_TEXT_DIFF_H

#include "arena.h"
#include "str.h"

/* Appends the unified diff that makes OLD NEW, both called PATH; nothing when they are the same. */
void text_diff_print(const char *path, const struct str *old, const struct str *new_text, struct str *out);

/* Three versions of a text, of which BASE is where the others come from. */
struct text_lines {
    struct str base;
    struct str ours;
    struct str theirs;
};

/* What becomes of lines that both sides changed: markers around both, one behind the other, or ours alone. */
enum text_lines_way { LINES_MARKED, LINES_BOTH, LINES_OURS };

/* Appends the merged text to OUT. 0; 1 when there are markers in it. */
int text_lines_merge(const struct text_lines *lines, enum text_lines_way way, struct str *out);

/* Appends OURS to OUT, with git's markers wherever THEIRS is otherwise. */
void text_lines_mark(const struct str *ours, const struct str *theirs, struct str *out);

#endif
