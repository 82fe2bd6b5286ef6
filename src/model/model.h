/* The model language: text ⇄ IR. Pure: no I/O, no globals. See persist-model(5).
 *
 *     struct schema *schema = model_read(&arena, source, &options, &diag);   // parse, validate, lower; NULL: reported
 *     model_print(schema, &text);                                            // canonical text
 *
 * Property: model_read(model_print(schema)) equals schema, and printing that again gives the same bytes. */
#ifndef PERSIST_MODEL_H
#define PERSIST_MODEL_H

#include <stdbool.h>

#include "diag.h"
#include "ir.h"
#include "str.h"

struct model_options {
    bool strict;           /* accept part 1 of the language alone, with Ballerina's own codes */
    const char *datastore; /* "mysql", "postgresql", "sqlite"; "any": what one of them allows; with strict also "mssql", "h2", "redis" … */
    bool comments;         /* documentation lines are the comments of tables and columns; false: options.comments = false */
    bool partial;          /* a part of a valid model: relations to entities that are not in it are left out */
    bool trusted;          /* a snapshot whose hash was verified: validation of what a valid model cannot violate is left out */
};

/* Parses, validates and lowers SOURCE. The schema and its strings live in ARENA; what only parsing needs is freed before it returns.
 * All mistakes are reported in one run; NULL when there was an error. */
struct schema *model_read(struct arena *arena, struct source *source, const struct model_options *options, struct diag *diag);

/* Reports every mistake of SOURCE without lowering; 0, or -1 when there was an error. */
int model_check(struct source *source, const struct model_options *options, struct diag *diag);

/* Appends the canonical text of SCHEMA (declared form) to OUT, without comments that are not data, but with a line for each thing that
 * SCHEMA says cannot be said (->unsupported). Gives the lowest format of snapshots that can say it: 1, or 2 (snapshots/FORMAT.md). */
unsigned model_print(const struct schema *schema, struct str *out);

/* Appends the canonical text of one entity, enum or object, the same bytes as model_print() writes for it. */
void model_print_entity(const struct schema *schema, const struct entity *entity, struct str *out);
void model_print_enum(const struct enumeration *enumeration, struct str *out);
void model_print_object(const struct object *object, struct str *out);

/* Appends SOURCE, which must parse, in canonical layout with all its comments kept ("persist format"): 0, or -1 when it does not parse.
 * Order of entities and fields is canonical too; a comment stays with the item it stands before or behind. */
int model_format(struct source *source, struct str *out, struct diag *diag);

/* Appends SOURCE without its @db:Was, which say nothing once a migration is made, to OUT; all other bytes stay: 0, or -1 when it does not
 * parse. */
int model_tidy(struct source *source, struct str *out, struct diag *diag);

/* The name of the entity, enum or object of SOURCE that AT lies in; NULL: it lies in none. */
const char *model_item_at(struct arena *arena, struct source *source, struct span at);

/* Is NAME a word that must be written 'name in the model language? */
bool model_is_reserved(const char *name);

#endif
