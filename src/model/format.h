/* The canonical printer with the comments of a file, each with the item it stands before or behind. Private to the model layer. */
#ifndef PERSIST_FORMAT_H
#define PERSIST_FORMAT_H

#include "ast.h"
#include "print.h"

struct formatter;

/* Finds out for all comments of TREE, which was read with them, where they belong. With PULLING those that name what cannot be said
 * ("//Unsupported[…]") are left out: the printer has them from the schema. */
struct formatter *formatter_new(struct arena *arena, const struct ast *tree, bool pulling);

/* For a printer whose schema has the spans of TREE. */
struct print_hooks formatter_hooks(struct formatter *formatter);

/* Leaves out what stands above START of the comments before the item whose span begins at KEY. */
void formatter_cut(struct formatter *formatter, uint32_t key, uint32_t start);

/* The whole file: comments before and among the imports, imports, items, comments behind everything. */
void formatter_put_file(struct formatter *formatter, const struct schema *schema, struct str *out);

#endif
