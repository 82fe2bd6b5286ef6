/* Did a statement take effect? By its trace: what the server says of what it is about, before and behind it (live.h). */
#ifndef PERSIST_RESUME_H
#define PERSIST_RESUME_H

#include "runner.h"

/* The hash of the trace of STATEMENT now, in *TRACE; NULL for one that may be run again. 0, or -1 reported. */
int resume_trace(struct runner *runner, const struct statement *statement, const char **trace);

/* Has STATEMENT, before which the trace was BEFORE, taken effect? What an interrupted one left half-made is removed. 0, or -1 reported. */
int resume_look(struct runner *runner, const struct statement *statement, const char *before, bool *taken);

/* The server says that STATEMENT, before which the trace was *TRACE, failed. What it left half-made is removed. *TRACE becomes NULL when it can
 * be run again; it stays where the statement took effect, or where that cannot be seen now (what was in its way still is): the next run
 * looks. */
void resume_settle(struct runner *runner, const struct statement *statement, const char **trace);

#endif
