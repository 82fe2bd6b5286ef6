/* What the parts of the validator share.
 *
 * validate.c             the driver: names, imports, enums
 * validate_part1.c       records, fields, types and keys: PERSIST_101 … 309, 501 … 503
 * validate_relations.c   relations: PERSIST_401 … 422
 * validate_keys.c        the keys of relations: @sql:Relation, @db:Inverse, @db:Reference: PERSIST_423 … 430
 * validate_sql.c         what @sql annotations say: PERSIST_600 … 625, limits of the databases
 * validate_annotations.c which annotations and arguments there are, by the rows of ir_fields.c
 * validate_part2.c       what @db annotations say
 * validate_parents.c     @db:Table {inherits}
 * validate_objects.c     @db:Object: names, what an object depends on, cycles
 *
 * In strict mode the errors are Ballerina's, each at its place and with its words; else part 2 relaxes the rules, and the words are ours. */
#ifndef PERSIST_VALIDATE_INTERNAL_H
#define PERSIST_VALIDATE_INTERNAL_H

#include <stdbool.h>
#include <stddef.h>

#include "ast.h"
#include "ir.h"
#include "ir_fields.h"
#include "map.h"
#include "model.h"
#include "vec.h"

enum field_sort {
    FIELD_PLAIN,    /* a column */
    FIELD_RELATION, /* a side of a relation */
    FIELD_OTHER     /* of a type that is no column: reported */
};

struct checked_entity;

/* One side of a relation. */
struct checked_relation {
    struct checked_entity *entity;
    const struct ast_field *field;
    struct checked_entity *target;
    size_t order;                       /* among the relations of the entity to this target */
    struct checked_relation *inverse;   /* the other side, or NULL */
    const struct ast_annotation *named; /* its @db:Inverse, or NULL */
    bool owner;                         /* the foreign key lies here; meaningful when there is an inverse */
};

struct checked_field {
    const struct ast_field *ast;
    enum field_sort sort;
    bool valid;                         /* the type is one that columns can have */
    const struct ast_enum *enumeration; /* of an enum field */
    bool db;                            /* an annotation of part 2 stands before it */
    struct checked_relation *relation;  /* of a relation field */
};

/* A foreign key column that no field declares. */
struct derived_column {
    const char *name;
    const struct checked_relation *relation;
};

struct checked_entity {
    const struct ast_entity *ast;
    bool redeclared;               /* an entity of this name stands above: nothing else is said about it */
    struct checked_field *all;     /* parallel to ast->fields */
    struct checked_field **fields; /* those that count: without the redeclared ones */
    size_t field_count;
    struct map by_name;          /* lower-case name → struct checked_field */
    struct checked_field **keys; /* the readonly ones, in order */
    size_t key_count;
    struct checked_relation **relations;
    size_t relation_count;
    struct map by_target;                    /* strict mode: name of the related entity → struct relation_group */
    struct map derived;                      /* derived foreign key column → the struct checked_relation it comes from */
    VEC(struct derived_column) derived_list; /* the same, in order */
};

/* The relations of one entity to one other, in order of declaration. */
struct relation_group {
    VEC(struct checked_relation *) sides;
};

/* What a data store can hold, as far as the rules of part 1 differ. */
struct store_rules {
    const char *name;
    bool anything;       /* every type is a column */
    bool bytes;          /* byte[] */
    bool nillable;       /* T? of a simple type or an enum */
    bool nillable_time;  /* T? of a type of another module */
    bool optional_field; /* T f?, where f is no key */
};

/* An annotation on one kind of object, with its rows of ir_attrs. */
struct known_annotation {
    const struct ir_annotation *about;
    struct ir_rows rows;
};

struct checker {
    struct arena *arena;
    const struct ast *tree;
    struct source *source;
    const struct model_options *options;
    struct diag *diag;
    const struct store_rules *store;
    bool strict;
    struct checked_entity *entities;       /* parallel to tree->entities */
    struct map entity_by_name;             /* as written → struct checked_entity, without the redeclared ones */
    struct map enum_by_name;               /* as written → struct ast_enum */
    struct map prefixes;                   /* prefix → struct ast_import */
    const char *last_prefix;               /* the one that was looked up last, and found */
    struct map missing_prefixes;           /* prefixes already reported as not imported */
    struct map annotations[IR_OBJECT + 1]; /* per kind of object: name → struct known_annotation */
};

/* Is the model for the database NAME? */
bool check_for(const struct checker *check, const char *name);

/* Is it, or could it be: is the model for "any" datastore? */
bool check_may_be(const struct checker *check, const char *name);

/* An error in Ballerina's words in strict mode, else in ours. */
void check_report(struct checker *check, struct span at, int code, const char *theirs, const char *ours);

/* Where FIELD as a whole is reported: Ballerina's node begins with the annotations. */
struct span check_place(const struct checker *check, const struct ast_field *field);

/* NAME in lower case (ASCII), for comparing without case. */
const char *check_lower(struct checker *check, const char *name);

/* The field of ENTITY with just this name, or NULL. */
struct checked_field *check_field(struct checker *check, const struct checked_entity *entity, const char *name);

/* The map that SCHEMAS holds for the namespace of ENTITY (NULL: none); made on the first call. */
struct map *check_schema(struct checker *check, struct map *schemas, const struct checked_entity *entity);

/* Reports the prefix of NAME ("time:Date", "sql:Name") once when nothing imports it. */
void check_prefix(struct checker *check, const char *name, struct span at);

/* "did you mean": offers candidates for WORD one by one; best is the nearest one, or NULL when none is near. */
struct suggestion {
    const char *word;
    const char *best;
    size_t distance;
};

struct suggestion check_suggest(const char *word);
void check_offer(struct suggestion *suggestion, const char *candidate);

/* Adds "help: did you mean …" to the last error when there is a near word. */
void check_hint_suggestion(struct checker *check, const struct suggestion *suggestion);

/* Its @sql:Relation or NULL; the keys there; "Entity.field". */
const struct ast_annotation *check_marker(const struct checked_relation *relation);
struct names check_relation_keys(struct checker *check, const struct checked_relation *relation);
const char *check_path(struct checker *check, const struct checked_relation *relation);

bool check_contains(const struct names *names, const char *name);

/* The parts, in the order in which they run. */
void check_records(struct checker *check);
void check_relations(struct checker *check);
void check_relation_annotations(struct checker *check);
void check_annotations(struct checker *check);
void check_sql(struct checker *check);
void check_part2(struct checker *check);
void check_inheritance(struct checker *check);
void check_objects(struct checker *check);

/* The strings of a list value, or of one string as a list of one; entries that are no string are left out. */
struct names check_strings(struct checker *check, const struct ast_value *value);

/* The strings of LIST, which may be NULL, are columns of ENTITY, each once. */
void check_field_list(struct checker *check, const struct checked_entity *entity, const struct ast_value *list);

/* Reports that there is no entity NAME, with the nearest one. */
void check_unknown_entity(struct checker *check, const struct ast_value *name);

/* Reports that ENTITY has no field NAME, with the nearest one and a note to the entity. */
void check_unknown_field(struct checker *check, const struct checked_entity *entity, const char *name, struct span at);

#endif
