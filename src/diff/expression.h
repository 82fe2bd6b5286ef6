/* Identifiers in the user's SQL expressions (checks, defaults, computed columns, partial indexes).
 *
 * One scanner for all databases. Strings ('…', E'…', $tag$…$tag$), comments and numbers are passed over; identifiers are plain or quoted
 * in "…" or `…` and are compared ignoring ASCII case. A name before "(" is a function, a name behind "::" a type: no columns.
 *
 *     expression_replace(arena, "note > 'note' AND `note` < 3", "note", "remark")   gives   remark > 'note' AND `remark` < 3 */
#ifndef PERSIST_EXPRESSION_H
#define PERSIST_EXPRESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "arena.h"

/* EXPRESSION with each identifier OLD written as NEW_NAME: quoted as OLD was; a plain one is put in double quotes when NEW_NAME needs it. */
const char *expression_replace(struct arena *arena, const char *expression, const char *old, const char *new_name);

/* Does EXPRESSION name the column NAME? */
bool expression_mentions(const char *expression, const char *name);

/* Does EXPRESSION name anything called NAME: a column, a function, a type? */
bool expression_names(const char *expression, const char *name);

/* Does the query or statement TEXT read all columns of something ("*", but not "(*)")? An over-estimate: a product counts as well. */
bool expression_reads_all(const char *text);

/* Columns called FROM are called TO. */
struct expression_rename {
    const char *from;
    const char *to;
};

/* Is A with COUNT columns renamed (all at once) the expression B? White space, comments and the way of quoting names do not count. */
bool expression_equal(const char *a, const char *b, const struct expression_rename *renames, size_t count);

#endif
