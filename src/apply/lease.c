#include "lease.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

enum { LEASE_SECONDS = 30 };

static const char *new_holder(const struct runner *runner) {
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return arena_printf(runner->arena, "%s, process %ld, %lld.%09ld", runner->applied_by, (long)getpid(), (long long)now.tv_sec,
                        now.tv_nsec);
}

int lease_begin(struct runner *runner) {
    const struct quoting *quoting = &runner->dialect->quoting;
    struct entity table = journal_neighbor(&runner->journal, LEASE_TABLE);
    struct lease *lease = ARENA_NEW(runner->arena, struct lease);
    const char *create = sql_format(runner->arena, quoting,
                                    "CREATE TABLE IF NOT EXISTS %E (name VARCHAR(64) PRIMARY KEY, holder TEXT, until BIGINT NOT NULL)%T",
                                    &table, runner->dialect->live->table_options);
    const char *insert = sql_format(runner->arena, quoting,
                                    "INSERT INTO %E (name, until) SELECT %L, 0 FROM (SELECT 1) AS one WHERE NOT EXISTS "
                                    "(SELECT 1 FROM %E WHERE name = %L)",
                                    &table, JOURNAL_TABLE, &table, JOURNAL_TABLE);

    lease->name = JOURNAL_TABLE;
    lease->holder = new_holder(runner);
    runner->lease = lease;
    return runner_exec(runner, create) || runner_exec(runner, insert) ? -1 : 0;
}

static int read_clock(struct runner *runner, struct arena *arena, long long *now) {
    struct rows rows;

    if (db_query(runner->db, arena, runner->dialect->live->clock, &rows, runner->diag))
        return -1;
    *now = rows_number(&rows, 0, 0);
    return 0;
}

static const char *claim(struct arena *arena, const struct runner *runner, long long now, long long expired_before) {
    struct entity table = journal_neighbor(&runner->journal, LEASE_TABLE);

    return sql_format(arena, &runner->dialect->quoting,
                      "UPDATE %E SET holder = %L, until = %T WHERE name = %L AND (holder = %L OR until < %T)", &table,
                      runner->lease->holder, arena_printf(arena, "%lld", now + LEASE_SECONDS), runner->lease->name, runner->lease->holder,
                      arena_printf(arena, "%lld", expired_before));
}

const char *lease_renewal(struct arena *arena, const struct runner *runner, long long now) {
    return claim(arena, runner, now, 0);
}

/* Sends UPDATE and looks whose the row is: two nodes may both say yes, and only one can commit it. */
static int send_and_look(struct runner *runner, struct arena *arena, const char *update) {
    struct entity table = journal_neighbor(&runner->journal, LEASE_TABLE);
    const char *select = sql_format(arena, &runner->dialect->quoting, "SELECT holder FROM %E WHERE name = %L", &table, runner->lease->name);
    size_t errors = runner->diag->errors;
    struct diag kept = *runner->diag;
    struct rows rows;
    const char *found;

    if (db_exec(runner->db, update, runner->diag)) {
        if (db_fault(runner->db) != FAULT_LOCKED)
            return -1;
        *runner->diag = kept;
    }
    if (db_query(runner->db, arena, select, &rows, runner->diag) || runner->diag->errors > errors)
        return -1;
    found = rows.row_count ? rows_text(&rows, 0, 0) : NULL;
    runner->lease->seen = found ? arena_strdup(runner->arena, found) : "nobody";
    return found && strcmp(found, runner->lease->holder) == 0;
}

int lease_try(struct runner *runner) {
    struct arena arena = {0};
    long long now;
    int taken = read_clock(runner, &arena, &now) ? -1 : send_and_look(runner, &arena, claim(&arena, runner, now, now));

    arena_free(&arena);
    return taken;
}

const char *lease_holder(const struct runner *runner) {
    return runner->lease->seen ? runner->lease->seen : "another runner";
}

int lease_check(struct runner *runner) {
    struct arena arena = {0};
    long long now;
    int ours = read_clock(runner, &arena, &now) ? -1 : send_and_look(runner, &arena, lease_renewal(&arena, runner, now));

    arena_free(&arena);
    if (ours == 0) {
        diag_fail(runner->diag, "the lease of this runner ran out, and %s has it now: nothing more is run here", lease_holder(runner));
        diag_hint(runner->diag, "\"persist status\" tells how far it is");
    }
    return ours > 0 ? 0 : -1;
}

void lease_end(struct runner *runner) {
    struct entity table = journal_neighbor(&runner->journal, LEASE_TABLE);
    struct diag quiet = {.arena = runner->arena};

    db_exec(runner->db,
            sql_format(runner->arena, &runner->dialect->quoting, "UPDATE %E SET holder = NULL, until = 0 WHERE name = %L AND holder = %L",
                       &table, runner->lease->name, runner->lease->holder),
            &quiet);
    runner->lease = NULL;
}
