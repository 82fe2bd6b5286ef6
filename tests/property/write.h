/* Writes a tree as a model file. */
#ifndef PERSIST_TEST_WRITE_H
#define PERSIST_TEST_WRITE_H

#include "str.h"
#include "tree.h"

/* Appends the text of TREE to OUT. BEFORE, unless NULL, is the step before: what was called otherwise there says so with @db:Was. */
void tree_write(struct tree *tree, struct tree *before, const struct place *place, struct str *out);

#endif
