/* Trying again what failed for a lock, with growing pauses, as long as patience lasts.
 *
 *     struct retry retry = retry_begin(runner);
 *     do
 *         result = attempt();
 *     while (result && retry_again(&retry));
 */
#ifndef PERSIST_RETRY_H
#define PERSIST_RETRY_H

#include <time.h>

#include "runner.h"

struct retry {
    struct runner *runner;
    struct diag kept; /* as it was before the first try: what went wrong in one that is repeated is not told */
    struct timespec began;
    unsigned pause; /* milliseconds, before the next try */
};

struct retry retry_begin(struct runner *runner);

/* Did it fail for a lock, and is there time for another try? Then it has slept, and the messages of the failure are forgotten. */
bool retry_again(struct retry *retry);

#endif
