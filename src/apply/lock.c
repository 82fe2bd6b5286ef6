#include "lock.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lease.h"

enum { POLL_MILLISECONDS = 200, TELL_EVERY = 25 };

static const char lock_name[] = JOURNAL_TABLE;

static bool is_clustered(const struct runner *runner, bool *clustered) {
    struct rows rows;

    *clustered = false;
    if (!runner->dialect->live->clustered)
        return true;
    if (db_query(runner->db, runner->arena, runner->dialect->live->clustered(db_head(runner->db)), &rows, runner->diag))
        return false;
    *clustered = rows.row_count && rows_true(&rows, 0, 0);
    return true;
}

/* Tries once; 1: it is ours, 0: another has it, -1 reported. */
static int try_lock(struct runner *runner, struct arena *arena) {
    const struct live_sql *live = runner->dialect->live;
    struct rows rows;

    if (runner->lease)
        return lease_try(runner);
    if (db_query(runner->db, arena, live->lock(arena, db_head(runner->db), lock_name), &rows, runner->diag))
        return -1;
    return rows.row_count && rows_true(&rows, 0, 0);
}

/* Who has it, as far as the server tells; a blocker without a name else. */
static struct blocker holder(struct runner *runner, struct arena *arena) {
    const struct live_sql *live = runner->dialect->live;
    struct diag quiet = {.arena = arena};
    struct blocker blocker = {.who = runner->lease ? lease_holder(runner) : "another runner"};
    struct rows rows;

    if (runner->lease || !live->holder || db_query(runner->db, arena, live->holder(arena, db_head(runner->db), lock_name), &rows, &quiet) ||
        !rows.row_count)
        return blocker;
    return (struct blocker){rows_text(&rows, 0, 0), rows_text(&rows, 0, 1), rows_number(&rows, 0, 2), rows_text(&rows, 0, 3)};
}

static void nap(void) {
    struct timespec pause = {.tv_nsec = POLL_MILLISECONDS * 1000000L};

    nanosleep(&pause, NULL);
}

static int give_up(struct runner *runner, struct arena *arena) {
    struct blocker blocker = holder(runner, arena);

    diag_fail(runner->diag, "another runner is at work on this database: %s%s%s", blocker.who, blocker.session ? ", session " : "",
              blocker.session ? blocker.session : "");
    diag_hint(runner->diag, "waited for it for %u s; --wait waits longer", runner->patience.wait);
    return -1;
}

/* Until it is ours or patience ends, telling for whom it waits every few seconds. */
static int wait_for_lock(struct runner *runner) {
    size_t tries = (size_t)runner->patience.wait * 1000 / POLL_MILLISECONDS;
    struct arena arena = {0};
    int taken = try_lock(runner, &arena);

    for (size_t i = 0; taken == 0 && i < tries; i++) {
        struct blocker blocker;

        if (i % TELL_EVERY == 0 && runner->observer && runner->observer->waiting) {
            blocker = holder(runner, &arena);
            runner->observer->waiting(runner->observer, &blocker);
        }
        nap();
        arena_free(&arena);
        taken = try_lock(runner, &arena);
    }
    if (taken == 0)
        taken = give_up(runner, &arena);
    arena_free(&arena);
    return taken > 0 ? 0 : -1;
}

int lock_take(struct runner *runner) {
    bool clustered;

    if (!runner->dialect->live->lock)
        return 0;
    if (!is_clustered(runner, &clustered) || (clustered && lease_begin(runner)) || wait_for_lock(runner))
        return -1;
    runner->locked = !clustered;
    return 0;
}

void lock_give_back(struct runner *runner) {
    struct diag quiet = {.arena = runner->arena};
    struct rows rows;

    if (runner->lease)
        lease_end(runner);
    else if (runner->locked)
        db_query(runner->db, runner->arena, runner->dialect->live->unlock(runner->arena, db_head(runner->db), lock_name), &rows, &quiet);
    runner->locked = false;
}

int lock_check(struct runner *runner) {
    return runner->lease ? lease_check(runner) : 0;
}
