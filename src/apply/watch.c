#include "watch.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "lease.h"

struct watch {
    struct runner *runner;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    bool ended;
    char told[64]; /* the session that was told of last */
};

/* Waits a second, or less when the watch ends: true then. */
static bool sleep_a_second(struct watch *watch) {
    struct timespec until;
    bool ended;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec++;
    pthread_mutex_lock(&watch->mutex);
    while (!watch->ended && pthread_cond_timedwait(&watch->changed, &watch->mutex, &until) != ETIMEDOUT)
        continue;
    ended = watch->ended;
    pthread_mutex_unlock(&watch->mutex);
    return ended;
}

static void renew_lease(struct watch *watch, struct db *db, struct arena *arena, struct diag *quiet) {
    struct rows rows;

    if (watch->runner->lease && db_query(db, arena, watch->runner->dialect->live->clock, &rows, quiet) == 0)
        db_exec(db, lease_renewal(arena, watch->runner, rows_number(&rows, 0, 0)), quiet);
}

static void tell_blockers(struct watch *watch, struct db *db, struct arena *arena, struct diag *quiet) {
    const struct live_sql *live = watch->runner->dialect->live;
    struct observer *observer = watch->runner->observer;
    struct rows rows;

    if (!observer || !observer->waiting || !live->blockers ||
        db_query(db, arena, live->blockers(arena, db_head(db), watch->runner->session), &rows, quiet))
        return;
    for (size_t i = 0; i < rows.row_count; i++) {
        struct blocker blocker = {rows_text(&rows, i, 0), rows_text(&rows, i, 1), rows_number(&rows, i, 2), rows_text(&rows, i, 3)};

        if (blocker.session && strncmp(watch->told, blocker.session, sizeof watch->told - 1) == 0)
            continue;
        observer->waiting(observer, &blocker);
        snprintf(watch->told, sizeof watch->told, "%s", blocker.session ? blocker.session : "");
    }
}

/* What cannot be asked (no right, no connection left) is not told: watching is a help, and no part of the run. */
static void *keep_watch(void *given) {
    struct watch *watch = given;
    struct db *db = NULL;

    while (!sleep_a_second(watch)) {
        struct arena arena = {0};
        struct diag quiet = {.arena = &arena};

        if (!db)
            db = db_open(watch->runner->dialect->driver, watch->runner->url, NULL, &quiet);
        if (db) {
            renew_lease(watch, db, &arena, &quiet);
            tell_blockers(watch, db, &arena, &quiet);
        }
        arena_free(&arena);
        if (!db)
            break;
    }
    db_close(db);
    return NULL;
}

struct watch *watch_start(struct runner *runner) {
    struct watch *watch;

    if (!runner->session || !runner->url || !runner->dialect->live->blockers)
        return NULL;
    watch = ARENA_NEW(runner->arena, struct watch);
    watch->runner = runner;
    pthread_mutex_init(&watch->mutex, NULL);
    pthread_cond_init(&watch->changed, NULL);
    if (pthread_create(&watch->thread, NULL, keep_watch, watch) == 0)
        return watch;
    return NULL;
}

void watch_stop(struct watch *watch) {
    if (!watch)
        return;
    pthread_mutex_lock(&watch->mutex);
    watch->ended = true;
    pthread_cond_signal(&watch->changed);
    pthread_mutex_unlock(&watch->mutex);
    pthread_join(watch->thread, NULL);
    pthread_cond_destroy(&watch->changed);
    pthread_mutex_destroy(&watch->mutex);
}
