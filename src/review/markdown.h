/* Texts made safe for Markdown as GitHub and GitLab read it: whatever a name or an expression holds, it is shown as it is, opens no markup,
 * ends no cell of a table, and calls nobody (@name) and nothing (#1). */
#ifndef PERSIST_MARKDOWN_H
#define PERSIST_MARKDOWN_H

#include "arena.h"
#include "str.h"

/* TEXT on one line, for a paragraph, a list item or a cell of a table. */
const char *markdown_text(struct arena *arena, const char *text);

/* The same as code: in backticks, or as HTML where its characters would upset them. */
const char *markdown_code(struct arena *arena, const char *text);

/* Appends TEXT in a fence that is longer than any run of backticks in it, and an empty line. */
void markdown_add_fenced(struct str *out, const char *language, const char *text);

#endif
