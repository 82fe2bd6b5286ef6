/* A thing of the model that is followed back through its renames: "Invoice", "Invoice.note". */
#ifndef PERSIST_THREAD_H
#define PERSIST_THREAD_H

#include "lineage.h"

struct thread {
    const char *owner; /* entity, enum or object, as it is called behind the migration that is looked at next */
    const char *name;  /* of something in it; NULL: all of it */
};

/* What TEXT names. */
struct thread thread_of(struct arena *arena, const char *text);

/* Is DELTA, one of DELTAS, about it? What is about the owner as a whole is about everything in it. */
bool thread_has(const struct thread *thread, const struct deltas *deltas, const struct delta *delta);

/* Is it in SCHEMA? */
bool thread_is_in(const struct thread *thread, const struct schema *schema);

/* Goes back before the migration that DELTAS are of: the names become those from before it. */
void thread_step_back(struct thread *thread, const struct deltas *deltas);

/* Is the delta about an entity, enum or object as a whole, and its verb no mere change? */
bool delta_is_whole(const struct delta *delta);

#endif
