/* Declaring: an introspected schema becomes the model that a person would have written. The mirror of dialect->normalize.
 *
 * Entities are singular and in Pascal case, fields in camel case, both with @sql:Name only where needed; foreign keys become relations with
 * both sides, cardinality from unique keys; enum types, and checks of the form "column IN (...)", become enums; native types become the
 * model's types, with @db:Type only where no model type with its length or precision gives the same; what the database would choose by
 * itself (names, defaults, options) is not said. Names that collide are told apart the same way on every run.
 *
 *     introspected = dialect->introspect(db, &scope, &arena, &diag);
 *     declared = schema_declare(&arena, introspected, &target, &known);      // known: the model as it is, or NULL
 *     model_print(declared, &text);                                          // "persist pull"
 *
 * The promise: normalize(declare(x)) says the same as x. It is checked: what does not come back the same is in the result's ->unsupported,
 * next to what introspection itself found. */
#ifndef PERSIST_DECLARE_H
#define PERSIST_DECLARE_H

#include "dialect.h"

/* The declared form of INTROSPECTED in ARENA. KNOWN (declared form, or NULL) is a model of an earlier state: its names of entities, fields,
 * relations, enums, members and objects are kept for what has the same table, column, foreign key, type or object name, as is the order of
 * its fields and its own way of saying what comes out the same. Never fails: what cannot be said stands in ->unsupported. */
struct schema *schema_declare(struct arena *arena, const struct schema *introspected, const struct target *target,
                              const struct schema *known);

#endif
