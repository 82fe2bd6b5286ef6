/* One attribute is one row.
 *
 * The table says for each attribute of part 2 (and the plain ones of part 1) which annotation and argument carries it, on which kind of
 * object, where it lies in the struct, and whether databases see it. Lowering reads an annotation through it, the printer writes through
 * it in the order of the rows (the canonical order), equality and "what changed" walk it. A new attribute is one struct member, one row
 * here, and the emit and introspect code of the databases that have it. */
#ifndef PERSIST_IR_FIELDS_H
#define PERSIST_IR_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

enum ir_kind {
    IR_ENTITY,
    IR_FIELD,
    IR_RELATION,
    IR_FOREIGN_KEY,
    IR_KEY,
    IR_INDEX,
    IR_CHECK,
    IR_EXCLUDE,
    IR_TABLE,
    IR_ENUM,
    IR_ENUM_MEMBER,
    IR_OBJECT
};

enum attr_type {
    ATTR_TEXT,     /* const char *; NULL: not said */
    ATTR_BOOL,     /* bool; false: not said */
    ATTR_FLAG,     /* bool set by the annotation's presence alone (argument is NULL) */
    ATTR_LENGTH,   /* uint32_t; 0: not said */
    ATTR_NUMBER,   /* int64_t; 0: not said */
    ATTR_CHOICE,   /* uint8_t index into choices; 0: not said */
    ATTR_NAMES,    /* struct names; none: not said */
    ATTR_OPTIONS,  /* struct options: the mapping that is the argument, or all arguments of the annotation where argument is NULL */
    ATTR_PARTS,    /* struct index_part list with its count behind it: index->parts, index->part_count */
    ATTR_PRECISION /* uint16_t precision and, behind it, scale: [p, s] */
};

enum attr_flags {
    ATTR_REQUIRED = 1,   /* the annotation is an error without it */
    ATTR_INVERTED = 2,   /* ATTR_BOOL whose default is true: "validated: false" sets not_validated */
    ATTR_UNSEEN = 4,     /* no database sees it: printed, not compared by the diff (the names of entities and fields, was) */
    ATTR_EXPRESSION = 8, /* text in SQL: databases print it in their own way */
    ATTR_AGAIN = 16,     /* a member that an earlier row has too (db:Unique and db:Index): read and printed here, compared there */
    ATTR_PRESENCE = 32,  /* ATTR_CHOICE: the annotation alone is choice 1, which is never written out */
    ATTR_FORMAT_2 = 64   /* a snapshot that says it has format 2 (snapshots/FORMAT.md): it came after format 1 was fixed */
};

struct ir_attr {
    enum ir_kind kind;
    const char *annotation; /* "db:Type", "sql:Varchar" */
    const char *argument;   /* "value"; NULL: the annotation alone */
    enum attr_type type;
    size_t offset; /* in the struct of its kind */
    unsigned flags;
    const char *const *choices; /* ATTR_CHOICE: NULL-terminated, index 0 is the default's name or "" */
};

extern const struct ir_attr ir_attrs[];
extern const size_t ir_attr_count;

/* Where an annotation may stand and what it makes. */
struct ir_annotation {
    const char *name;   /* "db:Index" */
    enum ir_kind on;    /* IR_ENTITY, IR_FIELD, IR_RELATION, IR_ENUM, IR_ENUM_MEMBER, IR_OBJECT */
    enum ir_kind makes; /* the kind whose rows it reads: IR_INDEX for db:Index on an entity; else the same as on */
    bool repeats;       /* may stand several times on one object: a list */
};

/* In the canonical order of each kind of object; the rows of ir_attrs follow the same order. */
extern const struct ir_annotation ir_annotations[];
extern const size_t ir_annotation_count;

enum { IR_ANNOTATION_MAX = 64 };

/* The rows of one annotation: ir_attrs[first] … ir_attrs[first + count - 1]. */
struct ir_rows {
    size_t first;
    size_t count;
};

/* Fills ROWS for every annotation, by its index in ir_annotations. */
void ir_annotation_rows(struct ir_rows rows[IR_ANNOTATION_MAX]);

/* The annotation NAME on objects of kind ON, or NULL. */
const struct ir_annotation *ir_annotation_find(const char *name, enum ir_kind on);

/* Are A and B, two structs of KIND, equal in every attribute that a database sees? These are all rows that are not ATTR_UNSEEN, and
 * what the language says without an annotation: a field's type, enum, nullable and key; an index's unique and constraint; a relation's
 * kind, target, inverse and owner; an enum's members and their values. Names of entities, fields, enums and members are no part of it
 * (they are paired first), nor are lists of an entity: its fields, indexes and so on are compared one by one. */
bool ir_equal(enum ir_kind kind, const void *a, const void *b);

/* The first attribute from row FROM on that differs between A and B, as an index into ir_attrs; ir_attr_count when none does. Rows
 * alone are looked at: what stands without an annotation is the caller's. */
size_t ir_first_difference(enum ir_kind kind, const void *a, const void *b, size_t from);

#endif
