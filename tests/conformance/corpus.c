/* Real schemas, as their authors wrote or dumped them: corpus [OPTION…] FOLDER
 *
 * Every file of FOLDER's index.tsv is loaded, pulled, made again from that and compared with what the server says; every pair of versions of
 * its pairs.tsv is migrated forth and back with rows in it (pairs_trial.h).
 *
 *   --on NAME            sqlite, postgresql, postgresql18, mariadb, mysql; again for several; without it sqlite, postgresql, mariadb
 *   --only files|pairs   one of both
 *   --file TEXT          files, and pairs of files, whose names hold TEXT
 *   --part K/N           every N-th of them from the K-th on: less time, the same kinds
 *   --apply              pairs are migrated by apply and rollback, with a chain and a journal
 *   --jobs N, --verbose, --at-least PERCENT, --silent-at-most N   as of pairs
 *
 * The exit status: 0, 1 when one failed (or too many did), 2 usage, 77 when there was nothing to run. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "pairs_report.h"
#include "pairs_trial.h"
#include "pairs_work.h"

enum { SECONDS_A_CASE = 600, COLUMN_FILE = 0, COLUMN_MODE = 6, MOST_COLUMNS = 20, MOST_SERVERS = 8 };

struct settings {
    const char *folder;
    const char *on[MOST_SERVERS];
    size_t on_count;
    const char *only;
    const char *file;
    const char *expected[2]; /* --at-least, --silent-at-most */
    size_t processes;
    struct part part;
    bool applied;
    bool verbose;
};

/* A file of the corpus, or two. */
struct job {
    const struct server *server;
    const char *from; /* path within the corpus */
    const char *to;   /* or NULL: the file alone */
    const char *place;
};

struct runner {
    struct arena arena;
    struct settings settings;
    struct server servers[MOST_SERVERS];
    size_t server_count;
    struct map modes; /* file → load_mode, of those that have one */
    VEC(struct job) jobs;
};

/* Tables of text. */

struct cells {
    const char *at[MOST_COLUMNS];
    size_t count;
};

static const char *cell(const struct cells *cells, size_t column) {
    return column < cells->count ? cells->at[column] : "";
}

/* The next line of *TEXT, cut at its tabs; false at the end. */
static bool next_line(struct arena *arena, const char **text, struct cells *cells) {
    size_t length = strcspn(*text, "\n");
    const char *line = *text;

    if (!*line)
        return false;
    *text += length + (line[length] == '\n');
    cells->count = 0;
    for (size_t start = 0; start <= length && cells->count < MOST_COLUMNS;) {
        size_t end = start;

        while (end < length && line[end] != '\t')
            end++;
        cells->at[cells->count++] = arena_strndup(arena, line + start, end - start);
        start = end + 1;
    }
    return true;
}

static const char *read_text(struct arena *arena, const char *folder, const char *name) {
    struct diag diag = {.arena = arena};
    char *bytes = NULL;
    size_t count;

    return file_read(arena, file_join(arena, folder, name), &bytes, &count, &diag) == 0 ? bytes : NULL;
}

/* Making a database. */

/* What the corpus' notes on loading say that a plain load does not do. */
static const char *preparation(const struct runner *runner, const struct server *server, const char *path) {
    const char *mode = map_get(&runner->modes, path);

    if (strstr(path, "/musicbrainz@"))
        return "CREATE SCHEMA musicbrainz; SET search_path = musicbrainz, public;";
    if (mode && strncmp(mode, "relaxed", 7) == 0 && strcmp(server->target.dialect->name, "mysql") == 0)
        return "SET SESSION sql_mode = '', foreign_key_checks = 0;";
    return "";
}

static void describe_side(struct arena *arena, const struct runner *runner, const struct job *job, const char *path, struct side *side) {
    const char *text = read_text(arena, runner->settings.folder, path);

    side->making.scripts.at = ARENA_ARRAY(arena, const char *, 1);
    side->making.scripts.count = 1;
    side->making.scripts.at[0] =
        arena_printf(arena, "%s\n%s", preparation(runner, job->server, path), text ? text : "the file cannot be read");
    side->making.forced = true;
}

static int run_job(void *data, size_t index, struct str *out) {
    const struct runner *runner = data;
    const struct job *job = &runner->jobs.at[index];
    struct arena arena = {0};
    struct trial trial = {.arena = &arena,
                          .server = job->server,
                          .thorough = true,
                          .applied = runner->settings.applied,
                          .from = {.name = "A"},
                          .to = {.name = "B"}};
    enum verdict verdict;

    describe_side(&arena, runner, job, job->from, &trial.from);
    if (job->to)
        describe_side(&arena, runner, job, job->to, &trial.to);
    verdict = job->to ? trial_run(&trial) : trial_round_trip(&trial);
    report_trial(&trial, verdict, runner->settings.verbose, out);
    arena_free(&arena);
    return (int)verdict;
}

static void clean(void *data, pid_t process, size_t index) {
    const struct runner *runner = data;

    server_clean(runner->jobs.at[index].server, process);
}

static void end(void *data) {
    const struct runner *runner = data;

    for (size_t i = 0; i < runner->server_count; i++)
        server_end(&runner->servers[i]);
}

/* Finding the jobs. */

static void add_job(struct runner *runner, const char *from, const char *to) {
    const char *wanted = runner->settings.file;

    if (wanted && !strstr(from, wanted) && !(to && strstr(to, wanted)))
        return;
    for (size_t i = 0; i < runner->server_count; i++) {
        const struct server *server = &runner->servers[i];
        const char *folder = server->target.dialect->name;
        struct job job = {.server = server, .from = from, .to = to};

        if (strncmp(from, folder, strlen(folder)) != 0)
            continue;
        if (!part_takes_next(&runner->settings.part))
            continue;
        job.place = to ? arena_printf(&runner->arena, "%s → %s", from, to) : from;
        vec_push(&runner->arena, &runner->jobs, job);
    }
}

static bool is_wanted(const struct runner *runner, const char *kind) {
    return !runner->settings.only || strcmp(runner->settings.only, kind) == 0;
}

static bool read_index(struct runner *runner) {
    const char *text = read_text(&runner->arena, runner->settings.folder, "index.tsv");
    struct cells cells;

    if (!text || !next_line(&runner->arena, &text, &cells))
        return false;
    while (next_line(&runner->arena, &text, &cells)) {
        if (*cell(&cells, COLUMN_MODE))
            map_put(&runner->arena, &runner->modes, cell(&cells, COLUMN_FILE), cell(&cells, COLUMN_MODE));
        if (is_wanted(runner, "files"))
            add_job(runner, cell(&cells, COLUMN_FILE), NULL);
    }
    return true;
}

static void read_pairs(struct runner *runner) {
    const char *text = read_text(&runner->arena, runner->settings.folder, "pairs.tsv");
    struct cells cells;

    if (!text || !next_line(&runner->arena, &text, &cells))
        return;
    while (next_line(&runner->arena, &text, &cells))
        add_job(runner, cell(&cells, 0), cell(&cells, 1));
}

static void find_servers(struct runner *runner) {
    static const char *const usual[] = {"sqlite", "postgresql", "mariadb"};
    const char *const *names = runner->settings.on_count ? runner->settings.on : usual;
    size_t count = runner->settings.on_count ? runner->settings.on_count : sizeof usual / sizeof *usual;

    for (size_t i = 0; i < count; i++) {
        struct diag diag = {.arena = &runner->arena};

        if (server_find(names[i], &runner->servers[runner->server_count], &diag))
            runner->server_count++;
        else
            printf("SKIPPED %s: %s\n", names[i], diag.list.at[0].message);
    }
}

/* Options. */

static bool take_value(struct settings *settings, const char *key, const char *value) {
    if (strcmp(key, "--part") == 0)
        return part_read(&settings->part, value);
    if (strcmp(key, "--on") == 0 && settings->on_count < MOST_SERVERS)
        settings->on[settings->on_count++] = value;
    else if (strcmp(key, "--only") == 0)
        settings->only = value;
    else if (strcmp(key, "--file") == 0)
        settings->file = value;
    else if (strcmp(key, "--jobs") == 0)
        settings->processes = strtoul(value, NULL, 10);
    else if (strcmp(key, "--at-least") == 0)
        settings->expected[0] = value;
    else if (strcmp(key, "--silent-at-most") == 0)
        settings->expected[1] = value;
    else
        return false;
    return true;
}

static int read_settings(struct settings *settings, int argc, char **argv) {
    settings->processes = (size_t)sysconf(_SC_NPROCESSORS_ONLN);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--verbose") == 0)
            settings->verbose = true;
        else if (strcmp(argv[i], "--apply") == 0)
            settings->applied = true;
        else if (argv[i][0] != '-' && !settings->folder)
            settings->folder = argv[i];
        else if (i + 1 >= argc || !take_value(settings, argv[i], argv[i + 1]))
            return -1;
        else
            i++;
    }
    return settings->folder && settings->processes ? 0 : -1;
}

static int run_all(struct runner *runner) {
    struct work work = {.count = runner->jobs.count, .processes = runner->settings.processes, .seconds = SECONDS_A_CASE, .data = runner};
    struct result *results = ARENA_ARRAY(&runner->arena, struct result, runner->jobs.count);
    struct report report = {.arena = &runner->arena, .verbose = runner->settings.verbose};

    work.run = run_job;
    work.end = end;
    work.clean = clean;
    report.expected[0] = runner->settings.expected[0];
    report.expected[1] = runner->settings.expected[1];
    if (work_run(&runner->arena, &work, results))
        return 1;
    for (size_t i = 0; i < runner->jobs.count; i++) {
        const struct job *job = &runner->jobs.at[i];
        struct report_case one = {.server = job->server->name, .suite = job->to ? "pairs" : "files", .name = job->place, .place = "corpus"};

        one.result = results[i];
        report_add(&report, &one);
    }
    return report_print(&report);
}

static int find_and_run(struct runner *runner) {
    find_servers(runner);
    if (read_index(runner) && is_wanted(runner, "pairs"))
        read_pairs(runner);
    if (runner->jobs.count)
        return run_all(runner);
    printf("SKIPPED: no schemas to run\n");
    return 77;
}

int main(int argc, char **argv) {
    struct runner runner = {0};
    int result = 2;

    if (read_settings(&runner.settings, argc, argv))
        fprintf(stderr, "usage: %s [--on NAME] [--only files|pairs] [--file TEXT] [--part K/N] [--jobs N] [--verbose] FOLDER\n", argv[0]);
    else
        result = find_and_run(&runner);
    arena_free(&runner.arena);
    return result;
}
