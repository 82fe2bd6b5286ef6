/* Pairs of schemas of others, as JSON Lines: pairs [OPTION…] FOLDER-or-FILE…
 *
 * Each line is migrated forth and back on every server that it is for (pairs_trial.h). A folder's files are its *.jsonl, or those of its
 * folder "pairs". A file is for the database that its name begins with, or for those of --on.
 *
 *   --on NAME            sqlite, postgresql, postgresql18, mariadb, mysql; again for several
 *   --case NAME          those of this name alone
 *   --suite NAME         those of this suite alone
 *   --part K/N           every N-th of them from the K-th on: less time, the same kinds
 *   --jobs N             processes; as many as the machine has processors where nothing is said
 *   --thorough           PostgreSQL: pg_dump for every comparison, not for the last ones alone
 *   --verbose            passes, skips, scripts and notes too
 *   --at-least PERCENT   succeed when so many of those that load pass
 *   --silent-at-most N   succeed with so many that lose something silently
 *
 * The exit status: 0, 1 when a case failed (or too many did), 2 usage, 77 when there was nothing to run. */
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "pairs_report.h"
#include "pairs_trial.h"
#include "pairs_work.h"

enum { SECONDS_A_CASE = 120 };

struct settings {
    const char *on[8];
    size_t on_count;
    const char *name;
    const char *suite;
    const char *expected[2]; /* --at-least, --silent-at-most */
    struct part part;
    size_t processes;
    bool verbose;
    bool thorough;
    struct names paths;
};

/* A line of a file, on one server. */
struct job {
    const struct server *server;
    json_t *line;
    const char *place; /* "sqlite.jsonl:3" */
};

struct runner {
    struct arena arena;
    struct settings settings;
    VEC(struct server) servers; /* those found */
    VEC(const char *) absent;   /* names of those that were wanted and are not there */
    VEC(struct job) jobs;
    VEC(json_t *) lines; /* of the jobs, and those that none is for */
};

static const char *text_of(const json_t *line, const char *key) {
    return json_string_value(json_object_get(line, key));
}

/* Is the case for this server? NULL, or why not. */

/* "8.0.13" as db_head has versions. */
static int version_number(const char *text, const struct server *server) {
    char *end;
    long major = strtol(text, &end, 10);
    long minor = *end == '.' ? strtol(end + 1, &end, 10) : 0;
    long patch = *end == '.' ? strtol(end + 1, &end, 10) : 0;

    return (int)(strcmp(server->target.dialect->name, "postgresql") == 0 ? major * 10000 + minor : major * 10000 + minor * 100 + patch);
}

static const char *flavor_of(const struct server *server) {
    return server->target.flavor == FLAVOR_MARIADB ? "mariadb" : server->target.dialect->name;
}

static bool has_flavor(const char *flavor, const struct server *server) {
    if (*flavor == '!')
        return strcmp(flavor + 1, flavor_of(server)) != 0;
    return strcmp(flavor, flavor_of(server)) == 0;
}

static const char *unfit(const json_t *line, const struct server *server) {
    const char *flavor = text_of(line, "flavor");
    const char *least = text_of(line, "minv");
    const char *most = text_of(line, "maxv");

    /* Another flavor of PostgreSQL is an extension, which the server has or refuses. */
    if (flavor && strcmp(server->target.dialect->name, "mysql") == 0 && !has_flavor(flavor, server))
        return "for another flavor";
    if (least && server->target.version < version_number(least, server))
        return "for a later version";
    if (most && server->target.version > version_number(most, server) + 99)
        return "for an earlier version";
    return NULL;
}

/* One case. */

/* Roles belong to the whole server: they are made where they are missing, and stay. */
static const char *role_script(struct arena *arena, const struct server *server, const json_t *line) {
    struct sql sql = SQL_INIT(&server->target.dialect->quoting);
    const json_t *roles = json_object_get(line, "roles");
    const char *text;

    for (size_t i = 0; i < json_array_size(roles); i++) {
        const char *role = json_string_value(json_array_get(roles, i));

        sqlf(&sql, "DO %L;\n",
             sql_format(arena, &server->target.dialect->quoting,
                        "BEGIN CREATE ROLE %I; EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; END", role));
    }
    text = sql.text.length ? arena_strdup(arena, sql.text.text) : NULL;
    sql_free(&sql);
    return text;
}

/* SETUP before the side, or behind it where the server refuses it before. */
static struct names side_scripts(struct arena *arena, const struct server *server, const json_t *line, const char *key, bool behind) {
    struct names scripts = {ARENA_ARRAY(arena, const char *, 3), 3};

    scripts.at[0] = role_script(arena, server, line);
    scripts.at[behind ? 2 : 1] = text_of(line, "setup");
    scripts.at[behind ? 1 : 2] = text_of(line, key);
    return scripts;
}

static enum verdict judge(const struct job *job, bool behind, struct trial *trial) {
    struct arena *arena = trial->arena;

    *trial = (struct trial){.arena = arena, .server = job->server, .thorough = trial->thorough, .from = {.name = "A"}, .to = {.name = "B"}};
    trial->from.making.scripts = side_scripts(arena, job->server, job->line, "old", behind);
    trial->to.making.scripts = side_scripts(arena, job->server, job->line, "new", behind);
    return trial_run(trial);
}

static int run_job(void *data, size_t index, struct str *out) {
    struct runner *runner = data;
    const struct job *job = &runner->jobs.at[index];
    const char *why = unfit(job->line, job->server);
    struct arena arena = {0};
    struct trial trial = {.arena = &arena, .thorough = runner->settings.thorough};
    enum verdict verdict = VERDICT_SKIPPED;

    if (why) {
        str_addf(out, "    %s\n", why);
    } else {
        verdict = judge(job, false, &trial);
        if (verdict == VERDICT_SKIPPED && text_of(job->line, "setup"))
            verdict = judge(job, true, &trial);
        report_trial(&trial, verdict, runner->settings.verbose, out);
    }
    arena_free(&arena);
    return (int)verdict;
}

static void clean(void *data, pid_t process, size_t index) {
    struct runner *runner = data;

    server_clean(runner->jobs.at[index].server, process);
}

static void end(void *data) {
    struct runner *runner = data;

    for (size_t i = 0; i < runner->servers.count; i++)
        server_end(&runner->servers.at[i]);
}

/* Finding the cases. */

static const struct server *find_server(struct runner *runner, const char *name) {
    struct diag diag = {.arena = &runner->arena};
    struct server server;

    for (size_t i = 0; i < runner->servers.count; i++)
        if (strcmp(runner->servers.at[i].name, name) == 0)
            return &runner->servers.at[i];
    for (size_t i = 0; i < runner->absent.count; i++)
        if (strcmp(runner->absent.at[i], name) == 0)
            return NULL;
    if (server_find(name, &server, &diag)) {
        vec_push(&runner->arena, &runner->servers, server);
        return &runner->servers.at[runner->servers.count - 1];
    }
    printf("SKIPPED %s: %s\n", name, diag.list.at[0].message);
    vec_push(&runner->arena, &runner->absent, name);
    return NULL;
}

/* Is the server NAME one for the file? "postgresql18" is for "postgresql.jsonl", as "mariadb" is for "mysql.jsonl". */
static bool is_for(const struct runner *runner, const char *file, const char *name) {
    const char *kind = strcmp(name, "mariadb") == 0 ? "mysql" : name;
    size_t length = strcspn(kind, "0123456789");
    bool wanted = !runner->settings.on_count;

    for (size_t i = 0; i < runner->settings.on_count; i++)
        wanted = wanted || strcmp(runner->settings.on[i], name) == 0;
    return wanted && strncmp(file, kind, length) == 0;
}

static bool is_wanted(const struct runner *runner, const json_t *line) {
    const char *name = text_of(line, "name");
    const char *suite = text_of(line, "suite");

    return (!runner->settings.name || text_equal(name, runner->settings.name)) &&
           (!runner->settings.suite || text_equal(suite, runner->settings.suite));
}

static int read_file(struct runner *runner, const char *path) {
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    FILE *file = fopen(path, "r");
    json_t *line;
    size_t number = 0;

    if (!file)
        return fprintf(stderr, "pairs: cannot read %s\n", path), -1;
    while ((line = json_loadf(file, JSON_DISABLE_EOF_CHECK, NULL))) {
        number++;
        vec_push(&runner->arena, &runner->lines, line);
        for (size_t i = 0; server_names[i] && is_wanted(runner, line); i++) {
            const struct server *server = is_for(runner, name, server_names[i]) ? find_server(runner, server_names[i]) : NULL;
            struct job job = {.server = server, .line = line, .place = arena_printf(&runner->arena, "%s:%zu", name, number)};

            if (server && part_takes_next(&runner->settings.part))
                vec_push(&runner->arena, &runner->jobs, job);
        }
    }
    fclose(file);
    return 0;
}

static int read_path(struct runner *runner, const char *path) {
    const char *folder = file_join(&runner->arena, path, "pairs");
    struct diag diag = {.arena = &runner->arena};
    const char **names;
    size_t count;

    if (!file_is_folder(path))
        return read_file(runner, path);
    if (!file_is_folder(folder))
        folder = path;
    if (file_list(&runner->arena, folder, &names, &count, &diag))
        return -1;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(names[i]);

        if (length > 6 && strcmp(names[i] + length - 6, ".jsonl") == 0 && read_file(runner, file_join(&runner->arena, folder, names[i])))
            return -1;
    }
    return 0;
}

/* Options. */

static bool take_value(struct settings *settings, const char *key, const char *value) {
    if (strcmp(key, "--part") == 0)
        return part_read(&settings->part, value);
    if (strcmp(key, "--on") == 0 && settings->on_count < sizeof settings->on / sizeof *settings->on)
        settings->on[settings->on_count++] = value;
    else if (strcmp(key, "--case") == 0)
        settings->name = value;
    else if (strcmp(key, "--suite") == 0)
        settings->suite = value;
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

static int read_settings(struct settings *settings, struct arena *arena, int argc, char **argv) {
    settings->paths.at = ARENA_ARRAY(arena, const char *, (size_t)argc);
    settings->processes = (size_t)sysconf(_SC_NPROCESSORS_ONLN);
    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--verbose") == 0)
            settings->verbose = true;
        else if (strcmp(argv[i], "--thorough") == 0)
            settings->thorough = true;
        else if (argv[i][0] != '-')
            settings->paths.at[settings->paths.count++] = argv[i];
        else if (i + 1 >= argc || !take_value(settings, argv[i], argv[i + 1]))
            return -1;
        else
            i++;
    }
    return settings->paths.count && settings->processes ? 0 : -1;
}

static int run_all(struct runner *runner) {
    struct work work = {.count = runner->jobs.count, .processes = runner->settings.processes, .seconds = SECONDS_A_CASE, .data = runner};
    struct result *results = ARENA_ARRAY(&runner->arena, struct result, runner->jobs.count);
    struct report report = {.arena = &runner->arena,
                            .verbose = runner->settings.verbose,
                            .expected = {runner->settings.expected[0], runner->settings.expected[1]}};

    work.run = run_job;
    work.end = end;
    work.clean = clean;
    if (work_run(&runner->arena, &work, results))
        return 1;
    for (size_t i = 0; i < runner->jobs.count; i++) {
        const struct job *job = &runner->jobs.at[i];
        struct report_case one = {.server = job->server->name, .suite = text_of(job->line, "suite"), .name = text_of(job->line, "name")};

        one.place = job->place;
        one.result = results[i];
        report_add(&report, &one);
    }
    return report_print(&report);
}

static void release(struct runner *runner) {
    for (size_t i = 0; i < runner->lines.count; i++)
        json_decref(runner->lines.at[i]);
    arena_free(&runner->arena);
}

static int find_and_run(struct runner *runner) {
    /* The array of servers is pointed into: it has room for all from the start. */
    runner->servers.at = ARENA_ARRAY(&runner->arena, struct server, 8);
    runner->servers.capacity = 8;
    for (size_t i = 0; i < runner->settings.paths.count; i++)
        if (read_path(runner, runner->settings.paths.at[i]))
            return 2;
    if (runner->jobs.count)
        return run_all(runner);
    printf("SKIPPED: no cases to run\n");
    return 77;
}

int main(int argc, char **argv) {
    struct runner runner = {0};
    int result = 2;

    if (read_settings(&runner.settings, &runner.arena, argc, argv))
        fprintf(stderr, "usage: %s [--on NAME] [--case NAME] [--suite NAME] [--jobs N] [--verbose] FOLDER-or-FILE...\n", argv[0]);
    else
        result = find_and_run(&runner);
    release(&runner);
    return result;
}
