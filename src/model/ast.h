/* The syntax tree of a model file: what parse.c makes and validate.c, lower.c and format.c read. Private to the model layer.
 *
 * It holds everything as written, in order, with spans; names are already without their leading quote. It lives in an arena of its own
 * that is freed after lowering. A member that could not be parsed is left out (its error is reported). */
#ifndef PERSIST_AST_H
#define PERSIST_AST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "diag.h"
#include "source.h"
#include "vec.h"

/* A constant expression: a string (escapes resolved), number, boolean, list or mapping. Anything else is AST_OTHER: kept as its span. */
enum ast_value_kind { AST_STRING, AST_INT, AST_FLOAT, AST_BOOL, AST_LIST, AST_MAPPING, AST_OTHER };

struct ast_value {
    enum ast_value_kind kind;
    struct span at;
    const char *key; /* as an entry of a mapping: its key */
    struct span key_at;
    const char *text;         /* AST_STRING: the text; AST_INT, AST_FLOAT: as written */
    int64_t integer;          /* AST_INT, AST_BOOL */
    struct ast_value **items; /* AST_LIST, AST_MAPPING */
    size_t count;
};

struct ast_annotation {
    const char *name; /* "sql:Name", "db:Index" */
    size_t name_length;
    struct ast_value *value; /* the mapping, or NULL */
    struct span at;          /* from the "@" to the end of the mapping */
    struct span name_at;
};

struct ast_metadata {
    const char *comment; /* "#" lines joined with "\n", one leading space removed of each; or NULL */
    struct ast_annotation *annotations;
    size_t annotation_count;
    struct span at; /* from the first "#" or "@" on; empty when there is none */
};

enum ast_type_kind {
    AST_TYPE_NAME,       /* int, string, time:Date, Invoice, redis:Client … */
    AST_TYPE_UNSUPPORTED /* union, map, function, in-line record …: name says which, in the words of Ballerina's messages */
};

struct ast_type {
    enum ast_type_kind kind;
    const char *name;   /* "int", "time:Date", "Invoice"; a leading quote removed, also behind the colon */
    const char *prefix; /* "time" of "time:Date", or NULL */
    const char *local;  /* "Date" */
    bool array;
    bool nilable;
    uint8_t builtin; /* 1 + enum field_type of a type that the language knows ("int", "time:Date", TYPE_BYTES for "byte[]"), else 0 */
    struct span at;  /* the whole type with [] and ? */
    struct span name_at;
};

struct ast_field {
    struct ast_metadata metadata;
    struct ast_type type;
    const char *name;
    struct span name_at;
    struct span at;      /* from the metadata to the ";" : Ballerina's node of the field */
    struct span core_at; /* without the metadata */
    bool readonly;
    bool optional;    /* "T f?" */
    bool has_default; /* "T f = 1" */
};

/* A member of a record that is no field: "T...;" (rest) or "*T;" (inclusion), kept for its diagnostic. */
struct ast_odd_member {
    enum { AST_REST_FIELD, AST_INCLUSION } kind;
    struct span at;
};

struct ast_entity {
    struct ast_metadata metadata;
    const char *name;
    struct span name_at;
    struct span at;        /* from the metadata to the ";" */
    struct span record_at; /* from "record" to "|}" */
    bool open;             /* record { } */
    bool is_public;
    VEC(struct ast_field) fields;
    VEC(struct ast_odd_member) odd_members;
    size_t key_count;   /* fields that are readonly */
    size_t named_count; /* fields whose type the language does not know: relations, enums and mistakes */
};

struct ast_enum_member {
    struct ast_metadata metadata;
    const char *name;
    const char *value; /* NULL: not written */
    struct span at;
    struct span name_at;
};

struct ast_enum {
    struct ast_metadata metadata;
    const char *name;
    struct span name_at;
    struct span at;
    bool is_public;
    VEC(struct ast_enum_member) members;
};

/* "const string NAME = string `…`;" with @db:Object before it. */
struct ast_object {
    struct ast_metadata metadata;
    const char *name;
    struct span name_at;
    struct span at;         /* from the metadata to the ";" */
    struct span core_at;    /* without the metadata */
    const char *definition; /* the constant's text */
    struct span definition_at;
};

struct ast_import {
    const char *module; /* "ballerina/persist", "ballerinax/persist.sql" */
    const char *prefix; /* the prefix it is known by: written with "as", else the last part of the module */
    bool prefix_written;
    struct span at;
    struct span prefix_at; /* "as _" : from "as" on, Ballerina's node */
};

/* A member that is neither record, enum nor object (function, class, plain const …): PERSIST_101. */
struct ast_other {
    struct span at;
};

struct ast {
    struct source *source;
    VEC(struct ast_import) imports;
    VEC(struct ast_entity) entities;
    VEC(struct ast_enum) enums;
    VEC(struct ast_object) objects;
    VEC(struct ast_other) others;
    VEC(struct span) comments; /* "//" comments, in order; only when asked for */
};

/* Where the parts of a tree live. Lowering takes names and texts over as they are, so they may live longer than the tree. */
struct ast_memory {
    struct arena *tree;
    struct arena *texts; /* names, the text of strings, comments that are documentation */
    bool comments;       /* collect the "//" comments */
};

/* Values and types nest at most this deep. */
enum { AST_MAX_DEPTH = 64 };

/* ast_parse() with the parts in two arenas. */
void ast_parse_into(const struct ast_memory *memory, struct source *source, struct ast *tree, struct diag *diag);

/* Parses SOURCE into TREE, whose parts live in ARENA. Syntax errors are reported, each with recovery at the next item; the count of
 * errors in DIAG tells. */
void ast_parse(struct arena *arena, struct source *source, struct ast *tree, struct diag *diag);

/* Reports what is wrong with TREE. Everything that lowering relies on is checked here. */
struct model_options;
void ast_validate(struct arena *arena, const struct ast *tree, const struct model_options *options, struct diag *diag);

/* What the two sides of a relation are; found by ast_pair_relations() for validate.c and lower.c alike. */
struct ast_relation {
    size_t entity;                /* index into tree->entities */
    size_t field;                 /* index into its fields */
    size_t target;                /* index into tree->entities */
    struct ast_relation *inverse; /* the other side, or NULL: none found */
    bool owner;                   /* the foreign key lies here (meaningful when inverse is not NULL) */
};

struct ast_relations {
    struct ast_relation **of_entity; /* per entity: its relations in declaration order */
    size_t *count;                   /* per entity */
};

/* Finds all relation fields of TREE and pairs them: by @db:Inverse, by @sql:Relation keys where that decides, else by order of
 * declaration. Linear in the size of TREE. Nothing is reported. */
void ast_pair_relations(struct arena *arena, const struct ast *tree, struct ast_relations *relations);

/* The same without looking at @db:Inverse: what the order of declaration alone says. */
void ast_pair_by_order(struct arena *arena, const struct ast *tree, struct ast_relations *relations);

/* An annotation by its name ("sql:Relation"), or NULL. It is asked for dozens of times for each field: most names differ in length, and
 * that of a literal is known to the compiler. */
static inline const struct ast_annotation *ast_annotation_find(const struct ast_metadata *metadata, const char *name) {
    size_t length = strlen(name);

    for (size_t i = 0; i < metadata->annotation_count; i++)
        if (metadata->annotations[i].name_length == length && memcmp(metadata->annotations[i].name, name, length) == 0)
            return &metadata->annotations[i];
    return NULL;
}

/* An entry of an annotation's mapping, or NULL. */
const struct ast_value *ast_argument(const struct ast_annotation *annotation, const char *key);

#endif
