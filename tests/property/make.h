/* Makes random models and random steps from one to the next. */
#ifndef PERSIST_TEST_MAKE_H
#define PERSIST_TEST_MAKE_H

#include "random.h"
#include "tree.h"

struct maker {
    struct arena *arena; /* of the names */
    struct random random;
    const struct place *place;
    unsigned next_id;
    unsigned long long words; /* set of the bare words that are taken already */
};

/* A whole model. */
void make_tree(struct maker *maker, struct tree *tree);

/* Makes COUNT random changes to TREE, which may leave it untidy. */
void make_edits(struct maker *maker, struct tree *tree, size_t count);

/* Parts, for edits. Names differ from all that this maker gave before, also ignoring case. */
unsigned make_id(struct maker *maker);
const char *make_name(struct maker *maker, bool entity);
const char *make_column(struct maker *maker);  /* for @sql:Name, or NULL */
const char *make_text(struct maker *maker);    /* of one short value, or of a comment; any characters */
const char *make_comment(struct maker *maker); /* or NULL */
const char *make_collation(struct maker *maker, bool table);
void make_type(struct maker *maker, const struct tree *tree, struct tree_type *type);
void make_field(struct maker *maker, struct tree *tree, struct tree_entity *entity);
void make_entity(struct maker *maker, struct tree *tree);
void make_index(struct maker *maker, struct tree_entity *entity);
void make_check(struct maker *maker, struct tree_entity *entity);
void make_relation(struct maker *maker, struct tree *tree);
void make_foreign_key(struct maker *maker, struct tree *tree);
void make_enum(struct maker *maker, struct tree *tree);
void make_member(struct maker *maker, struct tree_enum *enumeration);
unsigned make_default(struct maker *maker, struct tree *tree, const struct tree_field *field);
enum ref_action make_action(struct maker *maker);

#endif
