/* While a statement runs: who is in its way? A second connection asks the server once a second, and keeps the lease. */
#ifndef PERSIST_WATCH_H
#define PERSIST_WATCH_H

#include "runner.h"

struct watch;

/* Begins to watch the runner's session; NULL where there is nothing to watch. */
struct watch *watch_start(struct runner *runner);
void watch_stop(struct watch *watch); /* NULL is allowed */

#endif
