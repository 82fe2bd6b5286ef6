/* Jobs in several processes: each takes the next job that nobody has taken, and a job that ends its process or takes too long is a result
 * like any other. */
#ifndef PERSIST_TEST_PAIRS_WORK_H
#define PERSIST_TEST_PAIRS_WORK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "arena.h"
#include "str.h"

struct work {
    size_t count;
    size_t processes;
    unsigned seconds; /* a job may take */
    void *data;
    int (*run)(void *data, size_t job, struct str *text); /* its result, from 0 on, and what there is to say */
    void (*end)(void *data);                              /* in each process, behind its last job */
    void (*clean)(void *data, pid_t process, size_t job); /* in the parent, after PROCESS ended within JOB */
};

struct result {
    int value; /* of run(); -1: the process ended within it */
    const char *text;
};

/* "--part K/N": of the things that are counted, every N-th from the K-th on: less time, the same kinds. */
struct part {
    size_t first; /* from 1; 0: all */
    size_t step;
    size_t seen;
};

/* Reads "K/N" into PART; is it one? */
bool part_read(struct part *part, const char *text);

/* Is the next thing in PART? */
bool part_takes_next(struct part *part);

/* Fills RESULTS, one a job. 0, or -1 when processes cannot be made. */
int work_run(struct arena *arena, const struct work *work, struct result *results);

#endif
