/* The journal's line of the migration that is being run. */
#ifndef PERSIST_LINE_H
#define PERSIST_LINE_H

#include "execute.h"

/* Writes the line as execution->entry says it, within whatever transaction is open. 0, or -1 reported. */
int line_put(struct execution *execution);

/* The same for a migration that is done: complete, or gone on the way down. */
int line_put_finished(struct execution *execution);

/* The line, as execution->entry says it, is committed now; or gone. */
void line_note(struct execution *execution, bool there);

/* Writes and commits the line by itself, trying again where a lock is held. 0, or -1 reported. */
int line_commit(struct execution *execution);
int line_finish(struct execution *execution);

/* Writes what was reported last into the line, as far as the database still answers. */
void line_note_error(struct execution *execution);

#endif
