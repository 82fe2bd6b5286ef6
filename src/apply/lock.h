/* One runner at a time: an advisory lock of the session, and where the server's cluster does not carry those, a row with a lease. Where the
 * database has one lock for all that writes (SQLite) there is nothing to do here: each transaction takes it as it begins. */
#ifndef PERSIST_LOCK_H
#define PERSIST_LOCK_H

#include "runner.h"

/* Takes the lock; waits for it, telling for whom. 0, or -1 reported. */
int lock_take(struct runner *runner);
void lock_give_back(struct runner *runner);

/* Before each statement: is the lease still ours? It is renewed here when a third of it is over. 0, or -1 reported: another runner may be at
 * work. Nothing to do without a lease. */
int lock_check(struct runner *runner);

#endif
