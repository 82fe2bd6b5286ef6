/* Lowering: the syntax tree becomes the declared form of the IR. Private to the model layer.
 *
 * What the tree says wrongly was reported by ast_validate(), and then nothing is lowered. A snapshot that is trusted is not validated:
 * lowering reports what it cannot read itself, and runs on any tree without harm. */
#ifndef PERSIST_LOWER_H
#define PERSIST_LOWER_H

#include "ast.h"
#include "ir.h"
#include "ir_fields.h"
#include "model.h"

struct lowering {
    struct arena *arena;   /* of the schema */
    struct arena *scratch; /* of the tree */
    const struct ast *tree;
    const struct model_options *options;
    struct diag *diag;
    struct schema *schema;
    struct ast_relations relations;
    struct ast_relations by_order; /* of_entity is NULL when no relation names its other side */
    struct ir_rows rows[IR_ANNOTATION_MAX];
    struct map enums;            /* name → struct ast_enum */
    struct map items;            /* the names of entities, enums and objects; filled when there are objects */
    const struct entity *mapped; /* the large entity whose fields are in by_name */
    struct map by_name;
    struct entity **entities; /* by index into tree->entities */
};

/* An error at a place of the tree's source; -1. */
#define lower_error(lowering, at, ...) diag_error((lowering)->diag, (lowering)->tree->source, at, 0, __VA_ARGS__)

/* The schema of TREE in ARENA; with errors in DIAG it is not to be used. SCRATCH holds what only lowering needs. */
struct schema *ast_lower(struct arena *arena, struct arena *scratch, const struct ast *tree, const struct model_options *options,
                         struct diag *diag);

/* Parses SOURCE into TREE, validates and lowers it: the schema lives in the arena of the texts. NULL: reported. */
struct schema *model_read_tree(const struct ast_memory *memory, struct source *source, const struct model_options *options,
                               struct ast *tree, struct diag *diag);

/* Reads what METADATA says about OBJECT, a struct of kind ON, through the rows of ir_attrs whose kind is ON too. Reports annotations that
 * are unknown, stand twice or stand on the wrong kind of object; those that make something else are left to the caller. */
void lower_annotations(struct lowering *lowering, const struct ast_metadata *metadata, enum ir_kind on, void *object);

/* Reads the arguments of one ANNOTATION into OBJECT, a struct of the kind that KNOWN makes. Lists of keys (ATTR_PARTS) are the caller's. */
void lower_annotation(struct lowering *lowering, const struct ast_annotation *annotation, const struct ir_annotation *known, void *object);

/* What the "#" lines of METADATA say, or NULL: comments may be off. */
const char *lower_documentation(const struct lowering *lowering, const struct ast_metadata *metadata);

/* @db:Comment is a comment too: off when comments are, and an empty one is none. */
void lower_settle_comment(const struct lowering *lowering, const char **comment);

/* The relation field as it is declared. */
const struct ast_field *lower_relation_field(const struct lowering *lowering, const struct ast_relation *relation);

bool lower_holds(const struct names *names, const char *name);

/* The indexes of the entity INDEX, whose fields and foreign keys are there: those on its fields, its own, and those of 1-1 relations. */
void lower_indexes(struct lowering *lowering, size_t index);

/* The objects of the tree; entities and enums may not be lowered yet. */
void lower_objects(struct lowering *lowering);

/* The list VALUE of keys of ENTITY as index parts: a field, the relation whose foreign key is meant, or a mapping. */
void lower_parts(struct lowering *lowering, const struct entity *entity, const struct ast_value *value, struct index *index);

/* NAMES, read from VALUE: relations of ENTITY become the fields of their foreign keys; what is no field of it is reported. */
void lower_names(struct lowering *lowering, const struct entity *entity, const struct ast_value *value, struct names *names);

/* The foreign key that the relation NAME of ENTITY owns, or NULL. */
const struct foreign_key *lower_relation_key(const struct entity *entity, const char *name);

#endif
