/* Running a script as one who must be able to go on in its middle: what was printed reads back as the same statements, and each has a trace
 * that says whether it was run. */
#ifndef PERSIST_TRACED_H
#define PERSIST_TRACED_H

#include "dialect.h"

/* Prints SCRIPT, reads it again and runs what was read. -1, reported, where a statement fails, is read otherwise than it was printed, or has
 * neither a trace that changes with it nor the right to be run again. */
int traced_run(struct db *db, const struct dialect *dialect, const struct script *script, struct diag *diag);

#endif
