#include "stop.h"

#include <signal.h>
#include <string.h>
#include <strings.h>

#include "sqltext.h"

/* Which calls a kind of stop is tried at. */

static bool is_write(const struct call *call) {
    return strcmp(call->function, "pwrite") == 0;
}

/* Does the call change something, as far as its first word says it? Of those that only read, every fourth is as good as all. */
static bool matters(const struct call *call) {
    static const char *const reads[] = {"SELECT", "SHOW", "SET", "PRAGMA", "WITH"};

    for (size_t i = 0; i < sizeof reads / sizeof *reads; i++)
        if (strncasecmp(call->text, reads[i], strlen(reads[i])) == 0)
            return call->number % 4 == 0;
    return true;
}

static bool fits_any(const struct site *site, const struct call *call) {
    return site->file || matters(call);
}

/* The middle of what SQLite does is its writes. */
static bool fits_middle(const struct site *site, const struct call *call) {
    return site->file ? is_write(call) : matters(call);
}

static bool fits_statement(const struct site *site, const struct call *call) {
    return site->file ? strncmp(call->function, "sqlite3", 7) == 0 : matters(call);
}

static bool fits_server(const struct site *site, const struct call *call) {
    return !site->file && matters(call);
}

static bool fits_crash(const struct site *site, const struct call *call) {
    return site->crash && matters(call);
}

static bool fits_file(const struct site *site, const struct call *call) {
    return site->file && is_write(call);
}

/* What happens while the program stands still. */

static int crash(struct trial *trial) {
    return site_crash(trial->site, trial->diag);
}

static void lock_table(struct trial *trial, const char *table, struct diag *diag) {
    const struct quoting *quoting = &trial->site->dialect->quoting;

    if (site_is(trial->site, "mysql")) {
        (void)db_exec(trial->other, sql_format(diag->arena, quoting, "SELECT 1 FROM %I LIMIT 1", table), diag);
        return;
    }
    (void)db_exec(trial->other, "SAVEPOINT before_lock", diag);
    if (db_exec(trial->other, sql_format(diag->arena, quoting, "LOCK TABLE %I IN ACCESS SHARE MODE NOWAIT", table), diag))
        (void)db_exec(trial->other, "ROLLBACK TO SAVEPOINT before_lock", diag);
}

/* Another session holds what it can get of the tables. */
static int lock(struct trial *trial) {
    struct arena arena = {0};
    struct diag unheard = {.arena = &arena};
    struct rows tables;
    int result;

    trial->other = site_connect(trial->site, trial->diag);
    if (!trial->other)
        return -1;
    if (trial->site->file) {
        (void)db_exec(trial->other, "PRAGMA busy_timeout = 0; BEGIN IMMEDIATE", &unheard);
        result = 0;
    } else {
        result = site_tables(trial->site, trial->other, &tables, trial->diag) || db_exec(trial->other, "BEGIN", trial->diag) ? -1 : 0;
        if (site_is(trial->site, "mysql"))
            (void)db_exec(trial->other, "SET SESSION lock_wait_timeout = 1", &unheard);
        for (size_t i = 0; result == 0 && i < tables.row_count; i++)
            lock_table(trial, rows_text(&tables, i, 0), &unheard);
    }
    arena_free(&arena);
    return result;
}

const struct kind stop_kinds[] = {
    {.name = "client killed before", .fault = "before:kill", .share = 18, .fits = fits_any},
    {.name = "client killed in the middle", .fault = "during:kill", .share = 18, .fits = fits_middle},
    {.name = "client killed a moment later", .fault = "during:kill:1500", .share = 16, .fits = fits_server},
    {.name = "client killed behind", .fault = "after:kill", .share = 12, .fits = fits_statement},
    {.name = "connection cut before", .fault = "before:cut", .share = 8, .fits = fits_server},
    {.name = "connection cut in the middle", .fault = "during:cut", .share = 10, .fits = fits_server},
    {.name = "server killed before", .fault = "before:stop", .share = 3, .fits = fits_crash, .meanwhile = crash},
    {.name = "server killed in the middle", .fault = "during:stop", .share = 5, .fits = fits_crash, .meanwhile = crash},
    {.name = "locked by another",
     .fault = "before:stop",
     .share = 6,
     .fits = fits_server,
     .meanwhile = lock,
     .arguments = {"--lock-timeout", "100ms", "--wait", "1s"}},
    {.name = "statement timeout",
     .fault = "before:stop",
     .share = 4,
     .fits = fits_server,
     .meanwhile = lock,
     .arguments = {"--timeout", "100ms", "--lock-timeout", "1s", "--wait", "1s"}},
    {.name = "disk full", .fault = "before:full", .fits = fits_file},
    {.name = "disk full in a write", .fault = "during:full", .fits = fits_file},
};

const size_t stop_kind_count = sizeof stop_kinds / sizeof *stop_kinds;

/* One stop. */

void way_command(const struct way *way, const struct site *site, struct run *run) {
    run->folder = way->chain->folder;
    run->file = site->file;
    run_add(run, way->back ? "rollback" : "apply");
    run_add(run, "--url");
    run_add(run, site->url);
    if (!way->back)
        return;
    run_add(run, "--to");
    run_add(run, way->chain->ids[0]);
    run_add(run, "--allow");
    run_add(run, "destroy");
}

/* The run with the fault. */
static int run_with_fault(struct trial *trial, const struct stop *stop, struct run *run) {
    int result = 0;

    way_command(stop->way, trial->site, run);
    for (size_t i = 0; i < 6 && stop->kind->arguments[i]; i++)
        run_add(run, stop->kind->arguments[i]);
    run->fault = arena_printf(trial->diag->arena, "%ld:%s", stop->call->number, stop->kind->fault);
    run_start(trial->tested, run);
    while (run_waits(run)) {
        if (stop->kind->meanwhile)
            result = stop->kind->meanwhile(trial);
        run_continue(run);
    }
    db_close(trial->other);
    trial->other = NULL;
    return result;
}

static void add_run(struct str *text, const char *which, const struct run *run, const char *output) {
    str_addf(text, "%s ended with %d and said:\n%s\n", which, run->status, output);
}

/* The run behind it, which must go on, and what the program thinks of the database then. */
static bool goes_on(struct trial *trial, const struct way *way, struct str *text) {
    struct run again = {0}, status = {.arguments = {"status", "--url", trial->site->url}, .folder = way->chain->folder};
    const char *said;
    int wanted = way->back ? 3 : 0;

    way_command(way, trial->site, &again);
    if (run_whole(trial->tested, &again, trial->diag->arena, &said) != 0) {
        add_run(text, "the run behind it", &again, said);
        return false;
    }
    if (run_whole(trial->tested, &status, trial->diag->arena, &said) == wanted)
        return true;
    add_run(text, "status", &status, said);
    return false;
}

static bool is_at_end(struct trial *trial, const struct way *way, struct str *text) {
    struct state found = {0};

    return state_read(trial->site, &found, trial->diag) == 0 && state_compare(&found, &way->end, text);
}

static enum stop_result judge(struct trial *trial, const struct stop *stop, struct str *text) {
    struct run run = {0};
    const char *said;
    int done = run_with_fault(trial, stop, &run);

    said = run_output(trial->diag->arena, &run);
    if (done)
        return STOP_WRONG;
    if (strstr(stop->kind->fault, "kill") && run.status != -SIGKILL) {
        add_run(text, "the run that should have been killed", &run, said);
        return run.status ? STOP_WRONG : STOP_MISSED;
    }
    if (goes_on(trial, stop->way, text) && is_at_end(trial, stop->way, text))
        return STOP_HELD;
    add_run(text, "the run with the fault", &run, said);
    return STOP_WRONG;
}

enum stop_result stop_try(struct trial *trial, const struct stop *stop, struct str *text) {
    if (site_restore(trial->site, &stop->way->from, trial->diag))
        return STOP_WRONG;
    return judge(trial, stop, text);
}

/* Several runners. */

/* All have ended; what the first said that failed is told. */
static bool end_well(struct trial *trial, struct run *runs, size_t count, struct str *text) {
    size_t failed = 0;

    for (size_t i = 0; i < count; i++) {
        const char *said;

        while (run_waits(&runs[i]))
            run_continue(&runs[i]);
        said = run_output(trial->diag->arena, &runs[i]);
        if (runs[i].status != 0 && failed++ == 0)
            add_run(text, arena_printf(trial->diag->arena, "runner %zu of %zu", i + 1, count), &runs[i], said);
    }
    if (failed)
        str_addf(text, "%zu of %zu runners failed\n", failed, count);
    return failed == 0;
}

enum stop_result runners_try(struct trial *trial, const struct way *way, size_t count, struct str *text) {
    struct run *runs = ARENA_ARRAY(trial->diag->arena, struct run, count);

    if (site_restore(trial->site, &way->from, trial->diag))
        return STOP_WRONG;
    for (size_t i = 0; i < count; i++) {
        way_command(way, trial->site, &runs[i]);
        run_start(trial->tested, &runs[i]);
    }
    return end_well(trial, runs, count, text) && is_at_end(trial, way, text) ? STOP_HELD : STOP_WRONG;
}
