/* The physical view of a schema: entities are called as their tables and fields as their columns, in all lists and references, as an
 * introspected schema has them. So a normal form and a live database can be compared without the model's names. */
#ifndef PERSIST_PHYSICAL_H
#define PERSIST_PHYSICAL_H

#include "ir.h"

/* A copy of SCHEMA (normal or introspected form) in ARENA under physical names: "table", or "namespace.table"; objects as ir.h says,
 * "view namespace.name" or "trigger name on namespace.table", and what they depend on likewise (enums without a type of the database's own
 * are no part of it). */
struct schema *schema_physical(struct arena *arena, const struct schema *schema);

#endif
