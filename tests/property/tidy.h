/* Keeps random models within what is valid, and random pairs within what can be carried out on tables with sample rows. */
#ifndef PERSIST_TEST_TIDY_H
#define PERSIST_TEST_TIDY_H

#include "tree.h"

/* What the values of a column of TYPE are. */
enum type_class tree_class(const struct tree_type *type);

/* Removes from TREE what points nowhere and what the language or the database of PLACE refuses. */
void tree_tidy(struct tree *tree, const struct place *place);

/* Changes AFTER so that the rows of BEFORE can become its rows: no cast that fails, no unique index over values that repeat, no foreign key
 * to rows that are not there; and likewise on the way back. */
void pair_tidy(struct tree *before, struct tree *after, const struct place *place);

#endif
