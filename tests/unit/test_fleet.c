/* Many databases in one run: what the configuration's targets stand for, and who is started, stopped and told of. */
#include <ctype.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "duration.h"
#include "fleet.h"
#include "registry.h"
#include "rows.h"

/* --- durations --- */

static struct duration_row {
    const char *name; /* the text */
    int expected;     /* -1: refused */
} duration_rows[] = {{"500ms", 500},    {"5s", 5000},     {"2m", 120000}, {"1h", 3600000},     {"0", 0},  {"0s", 0},
                     {"24h", 86400000}, {"5", -1},        {"", -1},       {"25h", -1},         {"s", -1}, {"-5s", -1},
                     {"5 s", -1},       {"5seconds", -1}, {"1.5s", -1},   {"99999999999s", -1}};

static void test_duration(void **state) {
    const struct duration_row *row = *state;
    unsigned milliseconds = 0;
    int result = duration_parse(row->name, &milliseconds);

    assert_int_equal(result ? -1 : (int)milliseconds, row->expected);
}

/* --- targets --- */

static char folder[] = "/tmp/persist-fleet.XXXXXX";

static const char *const files[] = {
    "tenants",     "tenants/zoo.db", "tenants/acme.db", "tenants/acme.db-wal", "tenants/acme.db-shm", "each",
    "each/a",      "each/a/data.db", "each/b",          "each/b/data.db",      "each/a/c.other",      "same",
    "same/one.db", "same/one.sqlite"};

static int make_files(void **state) {
    (void)state;
    if (!mkdtemp(folder) || chdir(folder))
        return -1;
    for (size_t i = 0; i < ROWS(files); i++) {
        FILE *file = strchr(files[i], '.') ? fopen(files[i], "w") : NULL;

        if (file ? fclose(file) : mkdir(files[i], 0700))
            return -1;
    }
    return 0;
}

static int remove_files(void **state) {
    (void)state;
    for (size_t i = ROWS(files); i-- > 0;)
        remove(files[i]);
    return chdir("/") || rmdir(folder);
}

static struct target_row {
    const char *name;
    const char *config;
    const char *called;   /* --target, "" for none: --all */
    const char *expected; /* "NAME NAME", or the first error with its help */
} target_rows[] = {
    {"target: one by name", "targets.prod = \"sqlite:p.db\"\ntargets.dev = \"sqlite:d.db\"", "prod", "prod=sqlite:p.db"},
    {"target: all, in their order", "targets = {prod = \"sqlite:p.db\", dev = \"sqlite:d.db\"}", "", "prod=sqlite:p.db dev=sqlite:d.db"},
    {"target: a table of its own", "[tool.persist.targets]\nb = \"sqlite:b\"\na = \"sqlite:a\"", "", "b=sqlite:b a=sqlite:a"},
    {"target: several globs", "targets = {prod = \"sqlite:p\", dev-1 = \"sqlite:1\", dev-2 = \"sqlite:2\"}", "dev-*,prod",
     "prod=sqlite:p dev-1=sqlite:1 dev-2=sqlite:2"},
    {"target: a list", "targets.shard = [\"sqlite:a\", \"sqlite:b\"]", "", "shard-1=sqlite:a shard-2=sqlite:b"},
    {"target: one of a list", "targets.shard = [\"sqlite:a\", \"sqlite:b\"]", "shard-2", "shard-2=sqlite:b"},
    {"target: a list by its name", "targets.shard = [\"sqlite:a\", \"sqlite:b\"]", "shard", "shard-1=sqlite:a shard-2=sqlite:b"},
    {"target: one a file, not what lies beside", "targets.tenant = \"sqlite:tenants/*\"", "",
     "tenant-acme=sqlite:tenants/acme.db tenant-zoo=sqlite:tenants/zoo.db"},
    {"target: files by glob", "targets.tenant = \"sqlite:tenants/*.db\"", "tenant-z*", "tenant-zoo=sqlite:tenants/zoo.db"},
    {"target: files of one name", "targets.tenant = \"sqlite:each/*/data.db\"", "",
     "tenant-a-data=sqlite:each/a/data.db tenant-b-data=sqlite:each/b/data.db"},
    {"target: from a variable", "targets.prod = \"env:PERSIST_A\"", "", "prod=sqlite:from-env"},
    {"target: files from a variable", "targets.tenant = \"env:PERSIST_FILES\"", "tenant-zoo", "tenant-zoo=sqlite:tenants/zoo.db"},
    {"target: a variable that nobody asks for", "targets.prod = \"env:PERSIST_NOT_SET\"\ntargets.dev = \"sqlite:d\"", "d*", "dev=sqlite:d"},
    {"target: a variable that is not set", "targets.prod = \"env:PERSIST_NOT_SET\"", "",
     "the URL is in the environment variable \"PERSIST_NOT_SET\", which is not set"},
    {"target: a name that is near", "targets.prod = \"sqlite:p\"", "prd",
     "no target of the model \"billing\" is called \"prd\"; did you mean \"prod\"?"},
    {"target: a name that is not", "targets = {prod = \"sqlite:p\", dev = \"sqlite:d\"}", "staging",
     "no target of the model \"billing\" is called \"staging\"; the targets are: prod, dev"},
    {"target: one of two names is not", "targets = {prod = \"sqlite:p\", dev = \"sqlite:d\"}", "dev,staging",
     "no target of the model \"billing\" is called \"staging\""},
    {"target: a number too high", "targets.shard = [\"sqlite:a\"]", "shard-2", "no target of the model \"billing\" is called \"shard-2\""},
    {"target: no targets", "", "prod", "the configuration names no targets for the model \"billing\""},
    {"target: no files", "targets.tenant = \"sqlite:nothing/*.db\"", "", "no file fits \"nothing/*.db\""},
    {"target: two of a name", "targets = {a = [\"sqlite:x\"], a-1 = \"sqlite:y\"}", "", "two databases are called \"a-1\""},
    {"target: two files with their names alike", "targets.t = \"sqlite:same/*\"", "", "two databases are called \"t-one\""},
    {"target: another database", "targets.prod = \"postgresql://h/d\"", "",
     "\"prod\" is PostgreSQL, and the model \"billing\" is for SQLite"},
    {"target: no URL", "targets.prod = \"nonsense\"", "", "\"nonsense\" is neither a URL nor a file"},
    {"target: no text", "targets.prod = 5", "", "target \"prod\" must be a URL, or a list of URLs"},
    {"target: an empty list", "targets.prod = []", "", "target \"prod\" must be a URL, or a list of URLs"},
    {"target: a list of others", "targets.prod = [\"sqlite:a\", 7]", "", "target \"prod\" must be a URL, or a list of URLs"},
    {"target: a name with a glob", "targets.\"a*\" = \"sqlite:a\"", "", "\"a*\" cannot be the name of a target"},
    {"target: a password", "targets.prod = \"postgresql://ann:secret@h/d\"", "",
     "the URL of target \"prod\" in persist.toml holds a password, which others can read there"},
    {"target: no table", "targets = \"sqlite:a\"", "", "\"targets\" must be a table"},
};

struct scene {
    struct context context;
    struct workspace workspace;
    struct model_place place;
    struct targets targets;
};

static void begin(struct scene *scene) {
    *scene = (struct scene){.context = {.err = stderr}, .place = {.name = "billing"}};
    scene->context.diag.arena = &scene->context.arena;
    scene->workspace.place = &scene->place;
    scene->workspace.project.folder = folder;
    scene->workspace.target.dialect = registry_dialect("sqlite");
}

static int read_config(struct scene *scene, const char *text) {
    struct arena *arena = &scene->context.arena;
    const char *whole = arena_printf(arena, "[[tool.persist]]\nmodel = \"billing\"\n%s\n", text);
    struct config *config = &scene->workspace.project.config;

    config->source = source_new(arena, "persist.toml", whole, strlen(whole), &scene->context.diag);
    if (!config->source || config_parse(arena, config->source, config, &scene->context.diag))
        return -1;
    scene->place.config = &config->models.at[0];
    return 0;
}

/* What was found, or the first error; what is expected may leave the help out. */
static const char *found(const struct scene *scene, struct arena *arena) {
    const struct diagnostic *first = scene->context.diag.list.at;
    const char *text = "";

    if (scene->context.diag.errors)
        return arena_printf(arena, "%s%s%s", first->message, first->hint ? "; " : "", first->hint ? first->hint : "");
    for (size_t i = 0; i < scene->targets.list.count; i++)
        text = arena_printf(arena, "%s%s%s=%s", text, i ? " " : "", scene->targets.list.at[i].name,
                            scene->targets.list.at[i].connection.shown);
    return text;
}

static void test_target(void **state) {
    const struct target_row *row = *state;
    struct scene scene;
    char *called[] = {NULL, NULL};
    const char *seen;

    begin(&scene);
    called[0] = arena_strdup(&scene.context.arena, row->called);
    scene.context.options.all = !*row->called;
    scene.context.options.targets = *row->called ? called : NULL;
    if (read_config(&scene, row->config) == 0)
        targets_find(&scene.context, &scene.workspace, &scene.targets);
    seen = found(&scene, &scene.context.arena);
    if (scene.context.diag.errors && !strchr(row->expected, ';'))
        seen = arena_strndup(&scene.context.arena, seen, strlen(row->expected));
    assert_string_equal(seen, row->expected);
    arena_free(&scene.context.arena);
}

/* --- the fleet --- */

static struct fleet_row {
    const char *name;
    const char *targets; /* each named for what its errand does: errands below */
    struct command_options options;
    int code;
    const char *out; /* digits of times as "0" */
    const char *err;
    const char *order; /* "+" where an errand begins, "-" where it ends; NULL: any */
} fleet_rows[] = {
    {"fleet: all is well",
     "ok-1 ok-2 ok-3",
     {.jobs = 2},
     EXIT_DONE,
     "target  state    migration                           SQL     time\n"
     "ok-1    applied  20261120101500 → 20261121090000       2     0.0s\n"
     "ok-2    applied  20261120101500 → 20261121090000       2     0.0s\n"
     "ok-3    applied  20261120101500 → 20261121090000       2     0.0s\n"
     "3 targets in 0.0s: 3 applied\n",
     "",
     NULL},
    {"fleet: what is pending stops nothing",
     "pend-1 still-1",
     {.jobs = 1},
     EXIT_PENDING,
     "target   state    migration       SQL     time\n"
     "pend-1   pending  nothing → a       0     0.0s\n"
     "still-1  in step  a                 0     0.0s\n"
     "2 targets in 0.0s: 1 pending, 1 in step\n",
     "",
     "+pend-1 -pend-1 +still-1 -still-1 "},
    {"fleet: the first failure stops",
     "still-1 fail-1 still-2 still-3",
     {.jobs = 1},
     EXIT_FAILED,
     "target   state        migration       SQL     time\n"
     "still-1  in step      a                 0     0.0s\n"
     "fail-1   failed       nothing → a       1     0.0s\n"
     "  table \"x\" is there already\n"
     "still-2  not started\n"
     "still-3  not started\n"
     "4 targets in 0.0s: 1 in step, 1 failed, 2 not started\n",
     "fail-1: error: table \"x\" is there already\n"
     "fail-1: help: drop it\n",
     "+still-1 -still-1 +fail-1 -fail-1 "},
    {"fleet: keep going",
     "fail-1 still-1",
     {.jobs = 1, .keep_going = 1},
     EXIT_FAILED,
     "target   state    migration       SQL     time\n"
     "fail-1   failed   nothing → a       1     0.0s\n"
     "  table \"x\" is there already\n"
     "still-1  in step  a                 0     0.0s\n"
     "2 targets in 0.0s: 1 failed, 1 in step\n",
     "fail-1: error: table \"x\" is there already\n"
     "fail-1: help: drop it\n",
     NULL},
    {"fleet: a canary that fails stops, also with --keep-going",
     "fail-1 still-1 still-2",
     {.jobs = 2, .keep_going = 1, .canary = 1},
     EXIT_FAILED,
     "target   state        migration       SQL     time\n"
     "fail-1   failed       nothing → a       1     0.0s\n"
     "  table \"x\" is there already\n"
     "still-1  not started\n"
     "still-2  not started\n"
     "3 targets in 0.0s: 1 failed, 2 not started\n",
     "fail-1: error: table \"x\" is there already\n"
     "fail-1: help: drop it\n",
     "+fail-1 -fail-1 "},
    {"fleet: the second canary too",
     "still-1 fail-1 still-2",
     {.jobs = 2, .keep_going = 1, .canary = 2},
     EXIT_FAILED,
     "target   state        migration       SQL     time\n"
     "still-1  in step      a                 0     0.0s\n"
     "fail-1   failed       nothing → a       1     0.0s\n"
     "  table \"x\" is there already\n"
     "still-2  not started\n"
     "3 targets in 0.0s: 1 in step, 1 failed, 1 not started\n",
     "fail-1: error: table \"x\" is there already\n"
     "fail-1: help: drop it\n",
     "+still-1 -still-1 +fail-1 -fail-1 "},
    {"fleet: canaries go one by one",
     "still-1 still-2 still-3",
     {.jobs = 2, .canary = 2},
     EXIT_DONE,
     "target   state    migration     SQL     time\n"
     "still-1  in step  a               0     0.0s\n"
     "still-2  in step  a               0     0.0s\n"
     "still-3  in step  a               0     0.0s\n"
     "3 targets in 0.0s: 3 in step\n",
     "",
     "+still-1 -still-1 +still-2 -still-2 +still-3 -still-3 "},
    {"fleet: more canaries than targets",
     "still-1 still-2",
     {.jobs = 2, .canary = 5},
     EXIT_DONE,
     "target   state    migration     SQL     time\n"
     "still-1  in step  a               0     0.0s\n"
     "still-2  in step  a               0     0.0s\n"
     "2 targets in 0.0s: 2 in step\n",
     "",
     "+still-1 -still-1 +still-2 -still-2 "},
    {"fleet: one dies",
     "die-1 still-1",
     {.jobs = 1, .keep_going = 1},
     EXIT_FAILED,
     "target   state    migration     SQL     time\n"
     "die-1    failed                   0     0.0s\n"
     "  its process was ended by signal 9 (Killed)\n"
     "still-1  in step  a               0     0.0s\n"
     "2 targets in 0.0s: 1 failed, 1 in step\n",
     "die-1: error: its process was ended by signal 9 (Killed)\n",
     NULL},
    {"fleet: one ends the program",
     "exit-1 still-1",
     {.jobs = 1, .keep_going = 1},
     EXIT_FAILED,
     "target   state    migration     SQL     time\n"
     "exit-1   failed                   0     0.0s\n"
     "  its process ended with status 3 and said nothing\n"
     "still-1  in step  a               0     0.0s\n"
     "2 targets in 0.0s: 1 failed, 1 in step\n",
     "exit-1: error: its process ended with status 3 and said nothing\n",
     NULL},
    {"fleet: what is said has its target's name in front",
     "talk-1 still-1",
     {.jobs = 1},
     EXIT_DONE,
     "target   state    migration     SQL     time\n"
     "talk-1   done                     0     0.0s\n"
     "still-1  in step  a               0     0.0s\n"
     "2 targets in 0.0s: 1 done, 1 in step\n",
     "talk-1: waits for x\n"
     "talk-1: and for y\n",
     NULL},
    {"fleet: ^C lets end what runs, and starts no other",
     "interrupt-1 still-1",
     {.jobs = 1},
     EXIT_FAILED,
     "target       state        migration     SQL     time\n"
     "interrupt-1  in step      a               0     0.0s\n"
     "still-1      not started\n"
     "2 targets in 0.0s: 1 in step, 1 not started\n",
     "",
     "+interrupt-1 -interrupt-1 "},
    {"fleet: long names are cut",
     "ok-of-the-house-of-many-words-and-some-more-of-them fail-of-the-house-of-many-words-and-more",
     {.jobs = 1},
     EXIT_FAILED,
     "target                 state    migration                           SQL     time\n"
     "ok-of-the-house-of-m…  applied  20261120101500 → 20261121090000       2     0.0s\n"
     "fail-of-the-house-of…  failed   nothing → a                           1     0.0s\n"
     "  table \"x\" is there already\n"
     "2 targets in 0.0s: 1 applied, 1 failed\n",
     "fail-of-the-house-of-many-words-and-more: error: table \"x\" is there already\n"
     "fail-of-the-house-of-many-words-and-more: help: drop it\n",
     NULL},
    {"fleet: JSON",
     "ok-1 fail-1 still-1",
     {.jobs = 1, .json = 1},
     EXIT_FAILED,
     "[\n"
     "  {\n"
     "    \"target\": \"ok-1\",\n"
     "    \"state\": \"applied\",\n"
     "    \"exit\": 0,\n"
     "    \"from\": \"20261120101500_first\",\n"
     "    \"to\": \"20261121090000_add_customer\",\n"
     "    \"statements\": 2,\n"
     "    \"milliseconds\": 0,\n"
     "    \"journal\": 7\n"
     "  },\n"
     "  {\n"
     "    \"target\": \"fail-1\",\n"
     "    \"state\": \"failed\",\n"
     "    \"exit\": 1,\n"
     "    \"to\": \"a\",\n"
     "    \"statements\": 1,\n"
     "    \"milliseconds\": 0,\n"
     "    \"detail\": \"table \\\"x\\\" is there already\",\n"
     "    \"diagnostics\": [\n"
     "      {\n"
     "        \"severity\": \"error\",\n"
     "        \"message\": \"table \\\"x\\\" is there already\",\n"
     "        \"help\": \"drop it\"\n"
     "      }\n"
     "    ]\n"
     "  },\n"
     "  {\n"
     "    \"target\": \"still-1\",\n"
     "    \"state\": \"not started\"\n"
     "  }\n"
     "]\n",
     "",
     NULL},
    {"fleet: JSON of one",
     "ok-1",
     {.json = 1},
     EXIT_DONE,
     "[\n"
     "  {\n"
     "    \"target\": \"ok-1\",\n"
     "    \"state\": \"applied\",\n"
     "    \"exit\": 0,\n"
     "    \"from\": \"20261120101500_first\",\n"
     "    \"to\": \"20261121090000_add_customer\",\n"
     "    \"statements\": 2,\n"
     "    \"milliseconds\": 0,\n"
     "    \"journal\": 7\n"
     "  }\n"
     "]\n",
     "",
     NULL},
    {"fleet: one alone speaks for itself", "ok-1", {0}, EXIT_DONE, "applied it\n", "", NULL},
    {"fleet: no jobs", "ok-1", {.jobs = -1}, EXIT_USAGE, "", "", NULL},
};

static enum exit_code do_well(struct context *context, struct errand_result *result) {
    *result =
        (struct errand_result){.state = "applied", .from = "20261120101500_first", .to = "20261121090000_add_customer", .statements = 2};
    fputs(context->options.json ? "{\"journal\": 7}" : "applied it\n", context->out);
    return EXIT_DONE;
}

static enum exit_code do_nothing(struct context *context, struct errand_result *result) {
    (void)context;
    *result = (struct errand_result){.state = "in step", .from = "a", .to = "a"};
    return EXIT_DONE;
}

static enum exit_code do_pend(struct context *context, struct errand_result *result) {
    (void)context;
    *result = (struct errand_result){.to = "a"};
    return EXIT_PENDING;
}

static enum exit_code do_fail(struct context *context, struct errand_result *result) {
    *result = (struct errand_result){.to = "a", .statements = 1};
    diag_fail(&context->diag, "table \"x\" is there already");
    diag_hint(&context->diag, "drop it");
    return EXIT_FAILED;
}

static enum exit_code do_die(struct context *context, struct errand_result *result) {
    (void)context;
    (void)result;
    return (enum exit_code)raise(SIGKILL);
}

static enum exit_code do_exit(struct context *context, struct errand_result *result) {
    (void)context;
    (void)result;
    _exit(3);
}

static enum exit_code do_talk(struct context *context, struct errand_result *result) {
    (void)result;
    fputs("waits for x\nand for y", context->err);
    say(context, "this is left out");
    return EXIT_DONE;
}

static enum exit_code do_interrupt(struct context *context, struct errand_result *result) {
    kill(getppid(), SIGINT);
    raise(SIGINT);
    return do_nothing(context, result);
}

static const struct errand_row {
    const char *name;
    enum exit_code (*run)(struct context *context, struct errand_result *result);
} errands[] = {{"ok", do_well}, {"still", do_nothing}, {"pend", do_pend}, {"fail", do_fail},
               {"die", do_die}, {"exit", do_exit},     {"talk", do_talk}, {"interrupt", do_interrupt}};

static void write_order(FILE *order, char sign, const char *name) {
    fprintf(order, "%c%s ", sign, name);
    fflush(order);
}

/* The target's name says what to do; JOB is the file that the order is written to. */
static enum exit_code run_errand(struct context *context, void *job, struct connection *connection, struct errand_result *result) {
    enum exit_code code = EXIT_FAILED;

    write_order(job, '+', connection->shown);
    for (size_t i = 0; i < ROWS(errands); i++)
        if (strncmp(connection->shown, errands[i].name, strlen(errands[i].name)) == 0)
            code = errands[i].run(context, result);
    write_order(job, '-', connection->shown);
    return code;
}

static void add_targets(struct scene *scene, const char *names) {
    while (*names) {
        struct destination *destination = vec_add(&scene->context.arena, &scene->targets.list);
        size_t length = strcspn(names, " ");

        destination->name = destination->connection.shown = arena_strndup(&scene->context.arena, names, length);
        names += length + (names[length] == ' ');
    }
    scene->targets.named = true;
}

/* The digits at TEXT become "0", or "0" alone where there were more. */
static void blank_number(char *text) {
    size_t length = strspn(text, "0123456789");

    *text = '0';
    memmove(text + 1, text + length, strlen(text + length) + 1);
}

/* The whole of FILE, which is closed; times are "0.0s" and "milliseconds": 0. */
static char *read_back(struct arena *arena, FILE *file) {
    static const char milliseconds[] = "\"milliseconds\": ";
    char *text = arena_alloc(arena, 16384);

    rewind(file);
    text[fread(text, 1, 16383, file)] = '\0';
    fclose(file);
    for (char *dot = strchr(text, '.'); dot; dot = strchr(dot + 1, '.')) {
        for (char *at = dot - 1; at >= text && isdigit((unsigned char)*at); at--)
            *at = '0';
        for (char *at = dot + 1; isdigit((unsigned char)*at); at++)
            *at = '0';
    }
    for (char *at = text; (at = strstr(at, milliseconds)); at += sizeof milliseconds)
        blank_number(at + sizeof milliseconds - 1);
    return text;
}

static void test_fleet(void **state) {
    const struct fleet_row *row = *state;
    FILE *order = tmpfile();
    struct scene scene;
    enum exit_code code;

    begin(&scene);
    scene.context.out = tmpfile();
    scene.context.err = tmpfile();
    scene.context.options = row->options;
    add_targets(&scene, row->targets);
    code = fleet_run(&scene.context, &scene.targets, run_errand, order);
    assert_string_equal(read_back(&scene.context.arena, scene.context.out), row->out);
    assert_string_equal(read_back(&scene.context.arena, scene.context.err), row->err);
    assert_int_equal(code, row->code);
    if (row->order)
        assert_string_equal(read_back(&scene.context.arena, order), row->order);
    else
        fclose(order);
    arena_free(&scene.context.arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(target_rows) + ROWS(fleet_rows) + ROWS(duration_rows)];
    size_t count = 0;

    setenv("PERSIST_A", "sqlite:from-env", 1);
    setenv("PERSIST_FILES", "sqlite:tenants/*.db", 1);
    ADD_ROWS(tests, count, duration_rows, test_duration);
    ADD_ROWS(tests, count, target_rows, test_target);
    ADD_ROWS(tests, count, fleet_rows, test_fleet);
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
