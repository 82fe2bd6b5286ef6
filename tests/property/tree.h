/* A model as the property test makes, changes and shrinks it.
 *
 * Two trees of a pair share ids: what has the same id is the same thing before and after, whatever it is called. So the truth about
 * renames is known, @db:Was follows from it, and a shrinker can take a thing out of both sides. A tree is plain data of a fixed size,
 * copied by assignment; strings live in the arena of the pair. Expressions are not text but the id of the field they read, so that they
 * follow its name.
 *
 * Changes need not keep a tree whole: tree_tidy() removes what points nowhere and what the language or a database refuses. */
#ifndef PERSIST_TEST_TREE_H
#define PERSIST_TEST_TREE_H

#include <stdbool.h>
#include <stddef.h>

#include "ir.h"
#include "place.h"

enum {
    TREE_ENTITIES = 8,
    TREE_FIELDS = 14,
    TREE_INDEXES = 5,
    TREE_CHECKS = 3,
    TREE_PARTS = 3,
    TREE_RELATIONS = 10,
    TREE_FOREIGN_KEYS = 4,
    TREE_ENUMS = 3,
    TREE_MEMBERS = 6
};

/* All that makes the type of a field. */
struct tree_type {
    enum field_type type;
    const struct native *native; /* or NULL */
    unsigned enumeration;        /* id, of TYPE_ENUM */
    unsigned length;
    unsigned precision;
    unsigned scale;
    bool fixed;
};

struct tree_field {
    unsigned id;
    const char *name;
    const char *column;    /* or NULL */
    const char *comment;   /* or NULL */
    const char *collation; /* or NULL */
    struct tree_type type;
    unsigned fallback; /* which default; 0: none */
    unsigned operand;  /* computed from the field with this id; 0: not computed */
    bool stored;
    bool key;
    bool nullable;
    bool generated;
    bool identity;
    bool always;    /* identity */
    unsigned start; /* identity; 0: not said */
    bool on_update; /* CURRENT_TIMESTAMP */
};

struct tree_part {
    unsigned field;
    bool descending;
    bool expression;
};

enum index_form { INDEX_ON_FIELDS, INDEX_ON_ENTITY, INDEX_CONSTRAINT }; /* @sql:Index, @db:Index, @db:Unique */

struct tree_index {
    unsigned id;
    enum index_form form;
    const char *name;
    bool unique;
    bool not_distinct; /* NULLs */
    bool deferrable;
    bool hash;        /* another method */
    unsigned where;   /* partial: the field that is not NULL there; 0: all rows */
    unsigned include; /* 0: none */
    struct tree_part parts[TREE_PARTS];
    size_t part_count;
};

struct tree_check {
    unsigned id;
    const char *name; /* or NULL */
    unsigned field;
    unsigned variant;
};

struct tree_entity {
    unsigned id;
    const char *name;
    const char *table;     /* or NULL */
    const char *namespace; /* or NULL */
    const char *comment;   /* or NULL */
    const char *key_name;  /* or NULL */
    const char *collation; /* of the table, or NULL */
    const char *row_format;
    struct tree_field fields[TREE_FIELDS];
    size_t field_count;
    struct tree_index indexes[TREE_INDEXES];
    size_t index_count;
    struct tree_check checks[TREE_CHECKS];
    size_t check_count;
    bool strict;
    bool without_rowid;
    bool unlogged;
};

struct tree_relation {
    unsigned id;
    unsigned owner; /* entity with the foreign key */
    unsigned target;
    const char *name;       /* the owner's field */
    const char *inverse;    /* the target's */
    const char *constraint; /* name of the foreign key, or NULL */
    unsigned key;           /* an int field of the owner that is the foreign key; 0: a derived one */
    enum ref_action on_delete;
    enum ref_action on_update;
    enum deferrable deferrable;
    bool many; /* 1-n */
    bool optional;
    bool paired; /* by @db:Inverse, not by order */
};

/* @db:ForeignKey of one field. */
struct tree_foreign_key {
    unsigned id;
    unsigned owner;
    unsigned field;
    unsigned target;
    unsigned to;      /* field of the target: its key, or unique */
    const char *name; /* or NULL */
    enum ref_action on_delete;
};

struct tree_member {
    unsigned id;
    const char *name;
    const char *value; /* or NULL */
};

struct tree_enum {
    unsigned id;
    const char *name;
    const char *type_name; /* or NULL */
    const char *comment;
    struct tree_member members[TREE_MEMBERS];
    size_t member_count;
};

struct tree {
    struct tree_entity entities[TREE_ENTITIES];
    size_t entity_count;
    struct tree_relation relations[TREE_RELATIONS];
    size_t relation_count;
    struct tree_foreign_key foreign_keys[TREE_FOREIGN_KEYS];
    size_t foreign_key_count;
    struct tree_enum enums[TREE_ENUMS];
    size_t enum_count;
};

/* By id; NULL when it is not there. Any tree may be asked for the ids of the other. */
struct tree_entity *tree_entity(struct tree *tree, unsigned id);
struct tree_relation *tree_relation(struct tree *tree, unsigned id);
struct tree_foreign_key *tree_foreign_key(struct tree *tree, unsigned id);
struct tree_enum *tree_enum(struct tree *tree, unsigned id);
struct tree_field *tree_field(struct tree_entity *entity, unsigned id);
struct tree_index *tree_index(struct tree_entity *entity, unsigned id);
struct tree_check *tree_check(struct tree_entity *entity, unsigned id);
struct tree_member *tree_member(struct tree_enum *enumeration, unsigned id);

/* The number of key fields, and the only one or NULL. */
size_t tree_key_count(const struct tree_entity *entity);
struct tree_field *tree_single_key(struct tree_entity *entity);

/* Is the field ID read by a computed field, a check, an expression or the condition of an index of ENTITY? */
bool tree_is_read(const struct tree_entity *entity, unsigned id);

/* Is it the foreign key of a relation or of @db:ForeignKey, or what such a key refers to? */
bool tree_is_reference(const struct tree *tree, unsigned entity, unsigned id);

/* Is it in the key or in a unique index of ENTITY? */
bool tree_is_unique(const struct tree_entity *entity, unsigned id);

/* Does every row of sample data have another value in FIELD? */
bool tree_is_distinct(const struct tree_field *field);

/* Takes thing number I out of a list. */
#define tree_remove(list, count, i) tree_take((list), &(count), (i), sizeof *(list))
void tree_take(void *list, size_t *count, size_t i, size_t size);

#endif
