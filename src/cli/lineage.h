/* The chain walked back: which migration did what to a part of the model, under which names, and who wrote it. Versions are read from the
 * tree and the history once each, and only those in which the part that is asked for differs.
 *
 *     lineage_open(context, &workspace, &lineage)
 *     for (at = lineage.count; at-- > 0;)
 *         if (lineage_touches(&lineage, at, "Invoice") > 0 && lineage_deltas(&lineage, at, &deltas) == 0)
 *             …
 */
#ifndef PERSIST_LINEAGE_H
#define PERSIST_LINEAGE_H

#include <jansson.h>

#include "delta.h"
#include "workspace.h"

struct lineage_step; /* opaque */

struct lineage {
    struct context *context;
    struct workspace *workspace;
    struct lineage_step *steps; /* in the order of the chain, what was squashed by its parts */
    size_t count;
    struct map entries;   /* hash of a snapshot → struct history_entry */
    struct map additions; /* id → struct history_addition */
};

/* WORKSPACE is open with its migrations; its history is opened. A chain without migrations is reported. 0, or -1. */
int lineage_open(struct context *context, struct workspace *workspace, struct lineage *lineage);

const struct migration *lineage_migration(const struct lineage *lineage, size_t at);

/* Who committed the migration; NULL: nobody yet, or there is no git. */
const struct history_addition *lineage_addition(const struct lineage *lineage, size_t at);

/* The version behind the migration AT (declared form); before the first one it is empty. NULL reported. */
const struct schema *lineage_schema(struct lineage *lineage, size_t at);
const struct schema *lineage_schema_before(struct lineage *lineage, size_t at);

/* May the migration AT have changed the entity, enum or object OWNER, called as behind it? 1, 0; -1 reported. */
int lineage_touches(struct lineage *lineage, size_t at, const char *owner);

/* What the migration AT renamed: what its script says was decided, and what equal table and column names say. 0, or -1 reported. */
int lineage_renames(struct lineage *lineage, size_t at, struct renames *renames);

/* The same of the migrations FIRST … LAST (excluded), as one. 0, or -1 reported. */
int lineage_renames_between(struct lineage *lineage, size_t first, size_t last, struct renames *renames);

/* The text of the version behind the migration AT; NULL reported. */
const struct source *lineage_text(struct lineage *lineage, size_t at);

/* What the migration AT did, in the words of the model. 0, or -1 reported. */
int lineage_deltas(struct lineage *lineage, size_t at, struct deltas *deltas);

/* Who committed the migration AT, and when ("2026-11-22 08:01", by the clock of the author; without git the time in its id); and both with
 * the id, as JSON. */
const char *lineage_who(const struct lineage *lineage, size_t at);
const char *lineage_date(struct arena *arena, const struct lineage *lineage, size_t at);
json_t *lineage_json(const struct lineage *lineage, size_t at);

#endif
