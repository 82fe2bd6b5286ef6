/* Objects in the database's own words, shared by the files that emit them. */
#ifndef PERSIST_POSTGRESQL_EMIT_OBJECT_H
#define PERSIST_POSTGRESQL_EMIT_OBJECT_H

#include "emit_internal.h"
#include "pg_object_kinds.h"

/* The value of an option, or NULL. */
const char *pg_object_option(const struct object *object, const char *key);

bool pg_object_is(const struct object *object, const char *kind);

/* Is TYPE, of a column, the domain or type that OBJECT is? */
bool pg_object_is_type(struct arena *arena, const struct object *object, const char *type);

/* The definition without the ";" at its end. */
const char *pg_object_query(struct arena *arena, const struct object *object);

/* What OBJECT of SCHEMA (a side of the plan) stands on, as SQL. */
const char *pg_object_on(struct emitter *e, const struct schema *schema, const struct object *object);

/* "view active" */
const char *pg_object_subject(struct emitter *e, const struct object *object);

/* The statement that makes OBJECT, with REPLACE in place of the one that is there. */
const char *pg_object_create(struct emitter *e, const struct object *object, bool replace);

/* emit_object_alter.c: OLD becomes NEW without a drop. */
void pg_object_alter(struct emitter *e, const struct object *old, const struct object *new);

/* The options of NEW that its definition does not say, as far as they differ from those of OLD (NULL: a new object). */
void pg_object_set_options(struct emitter *e, const struct object *old, const struct object *new);

/* "invoice.id" or "shop.invoice.id", the value of a sequence's ownedBy, as SQL. */
const char *pg_owner_column(struct emitter *e, const char *owner);

/* emit_object_effect.c: the locks of STATEMENT, which makes, alters or drops OBJECT. */
void pg_object_made(struct emitter *e, const struct object *object, struct statement *statement);
void pg_object_altered(struct emitter *e, const struct object *object, struct statement *statement);
void pg_object_dropped(struct emitter *e, const struct object *object, struct statement *statement);
void pg_object_detached(struct emitter *e, const struct object *partition, struct statement *statement);
void pg_object_attached(struct emitter *e, const struct object *partition, struct statement *statement);
void pg_object_detached_online(struct emitter *e, const struct object *partition, struct statement *statement);

/* emit_partition.c: the statement that makes a partition. Online, ways of several statements: makes it beside its table and attaches it; lets
 * it go from its table before it is dropped. False: it is not so, and nothing was emitted. */
const char *pg_partition_create(struct emitter *e, const struct object *object);
bool pg_partition_attach(struct emitter *e, const struct object *object);
bool pg_partition_detach(struct emitter *e, const struct object *object);

/* emit_domain.c: what CREATE DOMAIN can say, and the constraints that are NOT VALID, which it cannot; domains and composite types, altered
 * in place. */
const char *pg_domain_definition(struct emitter *e, const struct object *object);
void pg_domain_add_unvalidated(struct emitter *e, const struct object *object);
void pg_domain_alter(struct emitter *e, const struct object *old, const struct object *new);
void pg_type_alter(struct emitter *e, const struct object *old, const struct object *new);

/* Behind the part that begins at AT: a quoted text, all between parentheses or brackets, or one byte; behind the name there. */
const char *pg_skip_part(const char *at);
const char *pg_skip_name(const char *at);

/* emit_partition_alter.c: partitions that get other bounds or columns. Those with other bounds leave their tables, once; OLD becomes NEW. */
void pg_partitions_leave(struct emitter *e);
void pg_partition_alter(struct emitter *e, const struct object *old, const struct object *new);

/* emit_comment.c */
void pg_comment_put(struct emitter *e);
void pg_comment_drop(struct emitter *e);

/* emit_privilege.c: grants that the model says, and those that are kept while an object is dropped and made again: its owner and its
 * access list go into a temporary table as the commands that give them back. */
void pg_privilege_put(struct emitter *e);
void pg_privilege_drop(struct emitter *e);
void pg_kept_save(struct emitter *e, const struct object *object);
void pg_kept_restore(struct emitter *e, const struct object *object);
void pg_kept_end(struct emitter *e);

#endif
