#include "retry.h"

enum { FIRST_PAUSE = 100, LONGEST_PAUSE = 5000 };

struct retry retry_begin(struct runner *runner) {
    struct retry retry = {.runner = runner, .kept = *runner->diag, .pause = FIRST_PAUSE};

    clock_gettime(CLOCK_MONOTONIC, &retry.began);
    return retry;
}

static unsigned milliseconds_since(const struct timespec *began) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (unsigned)((now.tv_sec - began->tv_sec) * 1000 + (now.tv_nsec - began->tv_nsec) / 1000000);
}

bool retry_again(struct retry *retry) {
    struct timespec pause = {.tv_sec = retry->pause / 1000, .tv_nsec = (long)(retry->pause % 1000) * 1000000};

    if (db_fault(retry->runner->db) != FAULT_LOCKED ||
        milliseconds_since(&retry->began) + retry->pause > retry->runner->patience.wait * 1000)
        return false;
    runner_note(retry->runner, "a lock is held by others; trying again in %u.%u s", retry->pause / 1000, retry->pause % 1000 / 100);
    nanosleep(&pause, NULL);
    retry->pause = retry->pause * 2 < LONGEST_PAUSE ? retry->pause * 2 : LONGEST_PAUSE;
    *retry->runner->diag = retry->kept;
    return true;
}
