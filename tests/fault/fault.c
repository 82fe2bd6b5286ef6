/* Stops the program wherever it talks to a database, lets it go on, and looks whether the database is where it should be, with every row.
 *
 *     fault [options] PROGRAM PRELOAD DATASTORE [URL [CRASH…]]
 *     fault -c CASES -p FOLDER PROGRAM PRELOAD DATASTORE           only makes the cases' projects in FOLDER, each with its rows as rows.sql
 *
 * URL is a server of the test's own, CRASH the command that kills it and starts it again. On SQLite every call is a stop; on a server there
 * are as many as --stops or PERSIST_FAULT_STOPS says, spread over cases, calls and kinds. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bug.h"
#include "file.h"
#include "pairs_work.h"
#include "registry.h"
#include "stop.h"

enum { USUAL_STOPS = 120, SECONDS_A_STOP = 400, SHOWN_FAILURES = 12, MOST_CASES = 40 };

static const size_t runner_counts[] = {2, 8, 32};
enum { RUNNER_COUNTS = sizeof runner_counts / sizeof *runner_counts };

struct settings {
    const char *cases;
    const char *only;     /* a part of a case's name */
    const char *projects; /* the folder to make them in, and nothing else; or NULL */
    const char *kind;     /* a part of the name of a kind of stop; "runners" for none */
    size_t stops;         /* 0: all */
    bool verbose;
    const char *datastore;
    const char *url;
    char **crash;
};

struct bench {
    struct arena arena;
    struct diag diag;
    struct settings settings;
    struct tested tested;
    struct site site;
    struct chain chains[MOST_CASES];
    VEC(struct way *) ways;
    VEC(struct stop) stops;
};

static void fail(struct bench *bench, const char *what) {
    fprintf(stderr, "FAILED: %s\n", what);
    diag_print(&bench->diag, stderr, false);
    exit(1);
}

/* The survey: what an undisturbed run does. */

static void run_or_fail(struct bench *bench, struct run *run) {
    const char *said;

    if (run_whole(&bench->tested, run, &bench->arena, &said) != 0)
        fail(bench, arena_printf(&bench->arena, "%s: %s ended with %d: %s", run->folder, run->arguments[0], run->status, said));
}

static void read_calls(struct bench *bench, struct way *way, const char *path) {
    char *text;
    size_t count;

    if (file_read(&bench->arena, path, &text, &count, &bench->diag) != 0)
        fail(bench, "no call was counted: is the library loaded?");
    for (char *line = text, *end; (end = strchr(line, '\n')); line = end + 1) {
        struct call call = {.number = strtol(line, &line, 10)};
        char *tab = strchr(line + 1, '\t');

        *end = '\0';
        if (!tab)
            continue;
        *tab = '\0';
        call.function = line + 1;
        call.text = tab + 1;
        vec_push(&bench->arena, &way->calls, call);
    }
    unlink(path);
}

/* Runs WAY undisturbed, from a copy of the database as it is: a server may say other words of a copy. *BEFORE gets what the copy holds. */
static void survey_way(struct bench *bench, struct way *way, struct state *before) {
    struct run run = {0};
    const char *direction = way->back ? "down" : "up";
    const char *log = file_join(&bench->arena, bench->site.folder, "calls");

    if (site_keep(&bench->site, arena_printf(&bench->arena, "%s_%s_%s", bench->site.name, way->chain->name, direction), &way->from,
                  &bench->diag) ||
        site_restore(&bench->site, &way->from, &bench->diag) || state_read(&bench->site, before, &bench->diag))
        fail(bench, "cannot copy the database");
    way_command(way, &bench->site, &run);
    run.log = log;
    run_or_fail(bench, &run);
    read_calls(bench, way, log);
    if (state_read(&bench->site, &way->end, &bench->diag))
        fail(bench, "cannot read the state");
    vec_push(&bench->arena, &bench->ways, way);
    printf("%s %s: %zu calls, %zu rows\n", way->chain->name, direction, way->calls.count, way->end.row_count);
}

/* The database at the first migration, with rows. */
static void make_beginning(struct bench *bench, const struct chain *chain) {
    struct run first = {.arguments = {"apply", "--url", bench->site.url, "--to", chain->ids[0]}, .folder = chain->folder};
    struct db *db;

    if (site_empty(&bench->site, &bench->diag))
        fail(bench, "cannot make a database");
    run_or_fail(bench, &first);
    db = site_connect(&bench->site, &bench->diag);
    if (!db || db_exec(db, chain->rows, &bench->diag))
        fail(bench, "cannot fill the database");
    db_close(db);
}

/* The undisturbed runs lose nothing either, and the way back ends where the way up began. */
static void survey_case(struct bench *bench, const struct case_file *file, const struct chain *chain) {
    struct way *up = ARENA_NEW(&bench->arena, struct way), *down = ARENA_NEW(&bench->arena, struct way);
    struct state before = {0}, middle = {0};
    struct str text = STR_INIT;

    up->chain = down->chain = chain;
    down->back = true;
    make_beginning(bench, chain);
    survey_way(bench, up, &before);
    survey_way(bench, down, &middle);
    if (before.row_count != chain->row_count || up->end.row_count != chain->row_count || down->end.row_count != chain->row_count)
        fail(bench, arena_printf(&bench->arena, "%s: %zu rows, %zu behind apply, %zu behind rollback", chain->name, before.row_count,
                                 up->end.row_count, down->end.row_count));
    if (chain_lost(file, before.parts[PART_ROWS], up->end.parts[PART_ROWS], &text))
        fail(bench, text.text);
    before.parts[PART_ROWS] = down->end.parts[PART_ROWS];
    if (!state_compare(&down->end, &before, &text))
        fail(bench, text.text);
    str_free(&text);
}

static void write_rows(struct bench *bench, const struct case_file *file, const struct chain *chain) {
    (void)file;
    if (file_write(file_join(&bench->arena, chain->folder, "rows.sql"), chain->rows, strlen(chain->rows), &bench->diag))
        fail(bench, "cannot write the rows");
}

/* Makes the project of each case in FOLDER, and hands it on. */
static void each_case(struct bench *bench, const char *folder,
                      void (*use)(struct bench *bench, const struct case_file *file, const struct chain *chain)) {
    size_t count;
    const char **paths = case_list(&bench->arena, bench->settings.cases, &count);

    if (count > MOST_CASES)
        BUG("more cases than there is room for");
    for (size_t i = 0; i < count; i++) {
        struct case_file *file = case_read(&bench->arena, paths[i]);
        struct chain *chain = &bench->chains[i];
        int made;

        if (bench->settings.only && !strstr(paths[i], bench->settings.only))
            continue;
        *chain = (struct chain){.folder = folder, .datastore = bench->settings.datastore};
        made = chain_make(chain, &bench->tested, file, &bench->diag);
        if (made < 0)
            fail(bench, paths[i]);
        if (made == 0)
            use(bench, file, chain);
    }
}

/* The choice. */

static void add_candidates(struct bench *bench, const struct kind *kind, struct stops *stops) {
    for (size_t i = 0; i < bench->ways.count; i++)
        for (size_t k = 0; k < bench->ways.at[i]->calls.count; k++) {
            struct stop stop = {.way = bench->ways.at[i], .call = &bench->ways.at[i]->calls.at[k], .kind = kind};

            if (kind->fits(&bench->site, stop.call))
                vec_push(&bench->arena, &stops->list, stop);
        }
}

/* All stops of KIND, or its share of them, evenly. */
static void choose(struct bench *bench, const struct kind *kind) {
    struct stops all = {0};
    size_t wanted;

    if (bench->settings.kind && !strstr(kind->name, bench->settings.kind))
        return;
    add_candidates(bench, kind, &all);
    wanted = (bench->settings.stops * kind->share + 99) / 100;
    if (bench->site.file || !bench->settings.stops || wanted > all.list.count)
        wanted = all.list.count;
    for (size_t i = 0; i < wanted; i++)
        vec_push(&bench->arena, &bench->stops, all.list.at[(2 * i + 1) * all.list.count / (2 * wanted)]);
}

/* The stops. */

/* Each process has a database of its own; the copies are everybody's. */
static void own_site(struct bench *bench) {
    static pid_t owner;
    struct site *site = &bench->site;

    if (owner == getpid())
        return;
    owner = getpid();
    site->owner = NULL;
    if (site_open(site, site->dialect, site->server, arena_printf(&bench->arena, "persist_fault_%ld", (long)owner), &bench->diag))
        fail(bench, "cannot connect");
}

static const char *const result_names[] = {[STOP_HELD] = "held", [STOP_WRONG] = "WRONG", [STOP_MISSED] = "not come to"};

static const char *stop_name(struct bench *bench, size_t job) {
    const struct stop *stop;

    if (job >= bench->stops.count)
        return arena_printf(&bench->arena, "%s: %zu runners at once",
                            bench->ways.at[(job - bench->stops.count) / RUNNER_COUNTS]->chain->name,
                            runner_counts[(job - bench->stops.count) % RUNNER_COUNTS]);
    stop = &bench->stops.at[job];
    return arena_printf(&bench->arena, "%zu. %s %s: %s call %ld: %s %.100s", job + 1, stop->way->chain->name,
                        stop->way->back ? "down" : "up", stop->kind->name, stop->call->number, stop->call->function, stop->call->text);
}

static int run_job(void *data, size_t job, struct str *text) {
    struct bench *bench = data;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct trial trial = {.tested = &bench->tested, .site = &bench->site, .diag = &diag};
    enum stop_result result;

    own_site(bench);
    if (job < bench->stops.count)
        result = stop_try(&trial, &bench->stops.at[job], text);
    else
        result = runners_try(&trial, bench->ways.at[(job - bench->stops.count) / RUNNER_COUNTS],
                             runner_counts[(job - bench->stops.count) % RUNNER_COUNTS], text);
    for (size_t i = 0; i < diag.list.count; i++)
        str_addf(text, "%s\n", diag.list.at[i].message);
    arena_free(&arena);
    if (bench->settings.verbose)
        printf("%s %s\n", result_names[result], stop_name(bench, job));
    return result;
}

static void end_process(void *data) {
    struct bench *bench = data;

    site_close(&bench->site);
}

struct totals {
    size_t kinds[32]; /* stops tried of each */
    size_t rows;
    size_t wrong;
    size_t missed;
};

static void count(struct bench *bench, size_t job, const struct result *result, struct totals *totals) {
    bool held = result->value == STOP_HELD;

    if (job < bench->stops.count && result->value != STOP_MISSED) {
        totals->kinds[bench->stops.at[job].kind - stop_kinds]++;
        totals->rows += held ? bench->stops.at[job].way->end.row_count : 0;
    }
    totals->missed += result->value == STOP_MISSED;
    if (!held && result->value != STOP_MISSED && totals->wrong++ < SHOWN_FAILURES)
        printf("FAILED %s\n%s\n", stop_name(bench, job), result->text ? result->text : "");
}

static int report(struct bench *bench, const struct result *results, size_t jobs) {
    struct totals totals = {0};
    size_t tried = 0;

    for (size_t i = 0; i < jobs; i++)
        count(bench, i, &results[i], &totals);
    for (size_t i = 0; i < stop_kind_count; i++) {
        if (totals.kinds[i])
            printf("%6zu %s\n", totals.kinds[i], stop_kinds[i].name);
        tried += totals.kinds[i];
    }
    printf("%6zu several runners at once\n", jobs - bench->stops.count);
    printf("%s: stops tried %zu, rows checked %zu, not as they should be %zu, not come to %zu\n", bench->settings.datastore, tried,
           totals.rows, totals.wrong, totals.missed);
    return totals.wrong || jobs == 0 ? 1 : 0;
}

static int try_all(struct bench *bench) {
    struct work work = {.processes = 1, .seconds = SECONDS_A_STOP, .data = bench, .run = run_job, .end = end_process};
    struct result *results;
    int status;

    for (size_t i = 0; i < stop_kind_count; i++)
        choose(bench, &stop_kinds[i]);
    work.count = bench->stops.count + bench->ways.count * RUNNER_COUNTS;
    if (bench->site.file)
        work.processes = (size_t)sysconf(_SC_NPROCESSORS_ONLN);
    results = ARENA_ARRAY(&bench->arena, struct result, work.count);
    status = work_run(&bench->arena, &work, results) ? 1 : report(bench, results, work.count);
    return status;
}

static void clean_up(struct bench *bench) {
    for (size_t i = 0; i < bench->ways.count; i++)
        site_drop(&bench->site, bench->ways.at[i]->from.name);
    site_close(&bench->site);
    file_remove(bench->site.folder, &bench->diag);
}

static int run(struct bench *bench) {
    char folder[] = "/tmp/persist-fault.XXXXXX";
    const struct dialect *dialect = registry_dialect(bench->settings.datastore);
    int status;

    if (!dialect || !mkdtemp(folder))
        return 2;
    bench->site.folder = folder;
    bench->site.crash = bench->settings.crash;
    if (site_open(&bench->site, dialect, bench->settings.url, arena_printf(&bench->arena, "persist_fault_%ld", (long)getpid()),
                  &bench->diag))
        fail(bench, "cannot connect");
    each_case(bench, bench->site.folder, survey_case);
    status = try_all(bench);
    clean_up(bench);
    return status;
}

static int read_option(struct settings *settings, int option, const char *value) {
    if (option == 'c')
        settings->cases = value;
    else if (option == 'o')
        settings->only = value;
    else if (option == 'k')
        settings->kind = value;
    else if (option == 'p')
        settings->projects = value;
    else if (option == 's')
        settings->stops = strtoul(value, NULL, 10);
    else if (option == 'v')
        settings->verbose = true;
    else
        return -1;
    return 0;
}

static int read_settings(struct bench *bench, int argc, char **argv) {
    const char *stops = getenv("PERSIST_FAULT_STOPS");
    int option;

    bench->settings.stops = stops ? strtoul(stops, NULL, 10) : USUAL_STOPS;
    while ((option = getopt(argc, argv, "+c:k:o:p:s:v")) > 0)
        if (read_option(&bench->settings, option, optarg))
            return -1;
    if (argc - optind < 3 || !bench->settings.cases)
        return -1;
    bench->tested = (struct tested){.program = argv[optind], .preload = argv[optind + 1]};
    bench->settings.datastore = argv[optind + 2];
    bench->settings.url = argc - optind > 3 ? argv[optind + 3] : NULL;
    bench->settings.crash = argc - optind > 4 ? argv + optind + 4 : NULL;
    return 0;
}

int main(int argc, char **argv) {
    struct bench bench = {0};
    int status = 0;

    bench.diag.arena = &bench.arena;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (read_settings(&bench, argc, argv)) {
        fprintf(stderr, "usage: %s -c CASES [-k KIND] [-o CASE] [-p FOLDER] [-s STOPS] [-v] PROGRAM PRELOAD DATASTORE [URL [CRASH...]]\n",
                argv[0]);
        status = 2;
    } else if (bench.settings.projects) {
        each_case(&bench, bench.settings.projects, write_rows);
    } else {
        status = run(&bench);
    }
    arena_free(&bench.arena);
    return status;
}
