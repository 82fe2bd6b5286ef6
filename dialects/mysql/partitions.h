/* Partitions of a table (table_options.partition_by) as text: what stands behind PARTITION BY. */
#ifndef PERSIST_MYSQL_PARTITIONS_H
#define PERSIST_MYSQL_PARTITIONS_H

#include "arena.h"

/* TEXT in the one spelling for what users write and what servers print: keywords in capitals, names in backticks, functions small, one blank
 * between words, engines left out. NULL stays NULL. */
const char *my_partition_canonical(struct arena *arena, const char *text);

/* When NEW is OLD (both canonical) with partitions added at the end, their list in parentheses, for ADD PARTITION: no row moves. Else NULL. */
const char *my_partitions_added(struct arena *arena, const char *old, const char *new);

#endif
