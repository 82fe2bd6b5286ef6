/* What the parts of merging share.
 *
 * merge.c         the driver: which items came, went and differ; imports; that the result says what was pulled
 * merge_item.c    one item that differs: its fields or members, what stands before them, its definition
 * merge_piece.c   the canonical text of an item in pieces, and one piece that differs
 * merge_unsupported.c  the comments that name what cannot be said
 * merge_edit.c    edits of the text, and where in it lines, comments and items begin and end
 *
 * The text of the file is never printed again as a whole: what differs becomes an edit of the bytes that say it. What differs is found in
 * canonical text, which is a few lines for each field: "#" lines, annotations, the declaration. Where the file says something in another
 * way than canonical text does, the whole item is printed anew, with its comments. */
#ifndef PERSIST_MERGE_INTERNAL_H
#define PERSIST_MERGE_INTERNAL_H

#include "ast.h"
#include "format.h"
#include "ir.h"
#include "model.h"
#include "print.h"
#include "str.h"
#include "vec.h"

struct edit {
    struct span at; /* empty: an insertion */
    const char *text;
    size_t order; /* of insertions at one place */
};

struct merge {
    struct arena *arena;
    const struct ast *tree;
    const char *text;
    uint32_t length;
    struct model_options options;
    struct schema known;             /* what the text says */
    const struct schema *documented; /* the same with documentation, where that is no data; else NULL */
    struct schema pulled;            /* what it should say, without what cannot be said */
    struct schema full;              /* with it */
    struct printer printer;          /* of full */
    struct str printed;              /* what it prints to */
    struct formatter *formatter;
    VEC(struct edit) edits;
    struct map anew; /* entities that finer edits did not make what was pulled: they are printed anew */
    bool coarse;     /* all items that differ are */
};

/* Edits. */

void edit_replace(struct merge *merge, struct span at, const char *text);
void edit_insert(struct merge *merge, uint32_t at, const char *text);

/* Before all other insertions at that place, in the order of RANK, which is small. */
void edit_insert_early(struct merge *merge, uint32_t at, size_t rank, const char *text);

/* Takes AT out, with its line when nothing else stands there. */
void edit_remove(struct merge *merge, struct span at);

/* Takes whole lines out, [START, END), and one of two empty lines that would meet. */
void edit_remove_lines(struct merge *merge, uint32_t start, uint32_t end);

/* Appends the text with all edits to OUT; 1 when two of them are about the same bytes. */
int edits_apply(struct merge *merge, struct str *out);

/* Places. */

/* The first byte of the line of AT; is AT the first of it that is no blank? */
uint32_t place_line(const struct merge *merge, uint32_t at);
bool place_begins_line(const struct merge *merge, uint32_t at);

/* The blanks before the line of AT. */
const char *place_indent(const struct merge *merge, uint32_t at);

/* Behind what ends at END, with a comma and a comment on its line: the next line when nothing else stands on it, else END. */
uint32_t place_behind(const struct merge *merge, uint32_t end);

/* The line of START, or of the first of the comments that stand right above it. */
uint32_t place_with_comments(const struct merge *merge, uint32_t start);

/* Does the comment AT name what cannot be said? */
bool place_is_unsupported(const struct merge *merge, struct span at);

/* Pieces. */

struct texts {
    VEC(const char *) list;
};

/* The head of an item, a field or a member, in canonical lines without indent. */
struct piece {
    const char *name;
    struct texts documentation; /* "# …" */
    struct texts annotations;   /* "@…" */
    const char *declaration;    /* of a member of an enum without its comma; of an object to its end */
};

struct pieces {
    struct piece head;
    VEC(struct piece) members;
};

/* Where a piece stands in the file. */
struct written {
    const struct ast_metadata *metadata;
    uint32_t start;              /* of its metadata, or of its declaration when there is none */
    uint32_t core;               /* of its declaration */
    const struct entity *entity; /* of the head of an entity: what its lists of annotations were read into; else NULL */
};

/* TEXT, canonical, in pieces; an object has a head alone. */
void pieces_read(struct merge *merge, const char *text, bool object, struct pieces *pieces);

bool texts_same(const struct texts *a, const struct texts *b);
bool piece_same(const struct piece *a, const struct piece *b);

/* Is ELEMENT of a list of an entity, as the annotation NAME says it, among those of PIECE? */
bool piece_has(struct merge *merge, const struct piece *piece, const char *name, const void *element);

/* Makes the "#" lines and annotations of OLD those of NEW. False: they are written in another way. */
bool piece_merge(struct merge *merge, const struct written *written, const struct piece *old, const struct piece *new);

/* The lines of PIECE, each with INDENT before it, and SEPARATOR behind the declaration. */
const char *piece_text(struct merge *merge, const struct piece *piece, const char *indent, const char *separator);

/* What the printer printed since the last time; comments and what was are off again. */
const char *merge_take_printed(struct merge *merge);

/* The canonical text of ENTITY of SCHEMA, without what cannot be said of it. */
const char *merge_print_entity(struct merge *merge, const struct schema *schema, const struct entity *entity);

/* NAME as it is written. */
const char *printed_name(struct merge *merge, const char *name);

/* Items: edits that make the item of the file the one that was pulled, found by its name. */

void merge_entity(struct merge *merge, const struct ast_entity *declared);
void merge_enum(struct merge *merge, const struct ast_enum *declared);
void merge_object(struct merge *merge, const struct ast_object *declared);

/* The lines that name what cannot be said of ENTITY ("" for none) among the comments in [AT.start, AT.end): those that are no longer right
 * go, those that are missing come at PLACE, LEAD before them. */
struct unsupported_place {
    const char *entity;
    struct span at;
    uint32_t place;
    const char *lead;
    const char *indent;
};
void merge_unsupported(struct merge *merge, const struct unsupported_place *place);

/* PULLED with the places that the things of the same name have in the file, so that comments stay with them. */
struct entity *with_places(struct merge *merge, const struct entity *pulled);
struct enumeration *enum_with_places(struct merge *merge, const struct enumeration *pulled);
struct object *object_with_places(struct merge *merge, const struct object *pulled);

#endif
