/* Random pairs of models are migrated up and down on a real database.
 *
 *     property DATASTORE [--seed N] [--count N] [--url URL]     pairs N, N + 1, …; DATASTORE as in place_open()
 *     property --cases FOLDER [DATASTORE]                       replays FOLDER/<name>/{datastore,was.bal,now.bal}
 *
 * A server's URL comes from --url or the environment; without one the exit status is 77. PERSIST_PROPERTY_SCALE multiplies the count. A pair
 * that fails is made smaller and printed with the command that repeats it, and the exit status is 1. */
#include <stdlib.h>
#include <string.h>

#include <sys/wait.h>
#include <unistd.h>

#include "file.h"
#include "make.h"
#include "shrink.h"
#include "tidy.h"

enum { SKIPPED = 77, EDITS_MAX = 8, SHRINK_SECONDS = 60 };

struct arguments {
    const char *place;
    const char *url;
    const char *cases;
    unsigned long seed;
    unsigned long count;
    bool verbose; /* the whole report of each pair */
    bool go_on;   /* behind a failure, without shrinking: to see how many there are */
};

static const char *const stage_names[CHECK_STAGES] = {
    "hold",          "refused",         "not accepted",
    "printed wrong", "pulled wrong",    "differ from themselves",
    "paired wrong",  "decided in vain", "another script for a part",
    "not proved",    "crashed",
};

static void make_pair(struct maker *maker, struct tree *before, struct tree *after) {
    make_tree(maker, before);
    tree_tidy(before, maker->place);
    *after = *before;
    make_edits(maker, after, 1 + random_below(&maker->random, EDITS_MAX));
    pair_tidy(before, after, maker->place);
}

static void make_pair_of_seed(struct arena *arena, const struct place *place, unsigned long seed, struct tree *before, struct tree *after) {
    struct maker maker = {.arena = arena, .random.state = seed, .place = place};

    make_pair(&maker, before, after);
}

static void print_tally(const struct arguments *options, const struct check_tally *tally) {
    const char *between = ": ";

    printf("%s from seed %lu on", options->place, options->seed);
    for (size_t i = 0; i < CHECK_STAGES; i++)
        if (tally->stages[i]) {
            printf("%s%zu %s", between, tally->stages[i], stage_names[i]);
            between = ", ";
        }
    printf("; %zu changes, %zu rows, %zu pairs without all their rows, %zu planned in part\n", tally->changes, tally->rows, tally->notes,
           tally->focused);
    printf("ways back: %zu lossless, %zu while unused, %zu lossy, %zu none\n", tally->way_back[WAY_BACK_LOSSLESS],
           tally->way_back[WAY_BACK_WHILE_UNUSED], tally->way_back[WAY_BACK_LOSSY], tally->way_back[WAY_BACK_NONE]);
}

/* Shrinks and prints the pair of SEED. */
static void explain(const struct arguments *options, const struct place *place, unsigned long seed, enum check_stage stage) {
    static struct tree before, after;
    struct arena arena = {0};

    make_pair_of_seed(&arena, place, seed, &before, &after);
    printf("the pair of seed %lu fails: %s\n", seed, stage_names[stage]);
    shrink(&before, &after, place, stage, SHRINK_SECONDS);
    check_apart(&before, &after, place, stdout);
    printf("\nto repeat: property %s --seed %lu --count 1\n", options->place, seed);
    arena_free(&arena);
}

static bool is_failure(enum check_stage stage) {
    return stage != CHECK_HOLDS && stage != CHECK_REFUSED;
}

/* What a child that runs pairs tells its parent. */
struct progress {
    unsigned long seed; /* at work */
    enum check_stage stage;
    struct check_tally tally;
};

static void send(int out, const struct progress *progress) {
    if (write(out, progress, sizeof *progress) != (ssize_t)sizeof *progress)
        _exit(CHECK_CRASHED);
}

/* Runs the pairs from SEED to END; tells before each what it is at, and stops at a failure. */
static _Noreturn void run_child(const struct arguments *options, const struct place *place, struct progress progress, unsigned long end,
                                int out) {
    static struct tree before, after;

    for (; progress.seed < end; progress.seed++) {
        struct arena arena = {0};

        progress.stage = CHECK_CRASHED;
        send(out, &progress);
        make_pair_of_seed(&arena, place, progress.seed, &before, &after);
        progress.stage = check_trees(&before, &after, place, options->verbose ? stdout : NULL, &progress.tally);
        arena_free(&arena);
        if (is_failure(progress.stage))
            break;
    }
    send(out, &progress);
    fflush(stdout);
    _exit(0);
}

/* Runs pairs in a child until one fails or crashes or END is met; PROGRESS has the last of what it told. */
static void run_until_failure(const struct arguments *options, const struct place *place, struct progress *progress, unsigned long end) {
    int ends[2];
    pid_t child;
    struct progress start = *progress;

    fflush(NULL);
    if (pipe(ends))
        abort();
    child = fork();
    if (child == 0)
        run_child(options, place, start, end, ends[1]);
    close(ends[1]);
    while (read(ends[0], &start, sizeof start) == (ssize_t)sizeof start)
        *progress = start;
    close(ends[0]);
    waitpid(child, NULL, 0);
}

/* The pairs; how many failed. */
static size_t run_pairs(const struct arguments *options, const struct place *place) {
    struct progress progress = {.seed = options->seed};
    unsigned long end = options->seed + options->count;
    size_t failures = 0;

    while (progress.seed < end) {
        run_until_failure(options, place, &progress, end);
        if (progress.seed >= end)
            break;
        failures++;
        if (progress.stage == CHECK_CRASHED)
            progress.tally.stages[CHECK_CRASHED]++;
        if (!options->go_on) {
            explain(options, place, progress.seed, progress.stage);
            break;
        }
        printf("FAILED seed %lu: %s\n", progress.seed++, stage_names[progress.stage]);
    }
    print_tally(options, &progress.tally);
    return failures;
}

/* Cases on their way. */
struct replay {
    struct arena arena;
    struct diag diag;
    const char *only; /* on this place alone; NULL: on all that a case names */
    size_t failures;
    size_t skipped;
};

static const char *read_case(struct replay *replay, const char *folder, const char *name) {
    char *text = NULL;
    size_t count;
    const char *path = file_join(&replay->arena, folder, name);
    int result = file_read(&replay->arena, path, &text, &count, &replay->diag);

    if (result == 1)
        diag_fail(&replay->diag, "there is no \"%s\"", path);
    return result ? NULL : text;
}

static void run_case_on(struct replay *replay, const char *folder, const char *name, struct check_request *request) {
    struct check_tally tally = {0};
    struct place place;

    request->place = &place;
    request->report = NULL;
    if (place_open(&replay->arena, name, NULL, &place, &replay->diag)) {
        replay->skipped++;
        printf("SKIPPED %s on %s\n", folder, name);
    } else if (check_pair(request, &tally) != CHECK_HOLDS) {
        replay->failures++;
        request->report = stdout;
        printf("FAILED %s on %s\n", folder, name);
        check_pair(request, &tally);
    }
}

/* Replays the case in FOLDER on the places that it names, one a line. */
static void run_case(struct replay *replay, const char *folder) {
    struct check_request request = {.was = read_case(replay, folder, "was.bal"), .now = read_case(replay, folder, "now.bal")};
    const char *names = read_case(replay, folder, "datastore");

    while (names && request.was && request.now && *names) {
        char *name = arena_strndup(&replay->arena, names, strcspn(names, "\n"));

        names += strlen(name);
        names += strspn(names, "\n");
        if (!replay->only || strcmp(replay->only, name) == 0)
            run_case_on(replay, folder, name, &request);
    }
}

static int run_cases(const struct arguments *options) {
    struct replay replay = {.only = options->place};
    const char **names = NULL;
    size_t count = 0;
    int result;

    replay.diag.arena = &replay.arena;
    if (file_list(&replay.arena, options->cases, &names, &count, &replay.diag))
        diag_fail(&replay.diag, "there is no folder \"%s\"", options->cases);
    for (size_t i = 0; i < count; i++)
        run_case(&replay, file_join(&replay.arena, options->cases, names[i]));
    printf("%zu cases, %zu failures, %zu skipped for want of a server\n", count, replay.failures, replay.skipped);
    diag_print(&replay.diag, stderr, false);
    result = replay.failures || replay.diag.errors || !count ? 1 : 0;
    arena_free(&replay.arena);
    return result;
}

static unsigned long scale(void) {
    const char *text = getenv("PERSIST_PROPERTY_SCALE");
    unsigned long factor = text ? strtoul(text, NULL, 10) : 1;

    return factor ? factor : 1;
}

static int run_place(struct arguments *options) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct place place;
    int result = place_open(&arena, options->place, options->url, &place, &diag);

    if (result == 1)
        printf("SKIPPED: no server for %s\n", options->place);
    diag_print(&diag, stderr, false);
    if (!result)
        result = run_pairs(options, &place) ? 1 : 0;
    else
        result = result == 1 ? SKIPPED : 1;
    arena_free(&arena);
    return result;
}

static bool read_options(int count, char **arguments, struct arguments *options) {
    for (int i = 1; i < count; i++) {
        const char *value = i + 1 < count ? arguments[i + 1] : NULL;

        if (strcmp(arguments[i], "--verbose") == 0)
            options->verbose = true;
        else if (strcmp(arguments[i], "--go-on") == 0)
            options->go_on = true;
        else if (*arguments[i] != '-')
            options->place = arguments[i];
        else if (!value)
            return false;
        else if (strcmp(arguments[i], "--seed") == 0)
            options->seed = strtoul(arguments[++i], NULL, 10);
        else if (strcmp(arguments[i], "--count") == 0)
            options->count = strtoul(arguments[++i], NULL, 10);
        else if (strcmp(arguments[i], "--url") == 0)
            options->url = arguments[++i];
        else if (strcmp(arguments[i], "--cases") == 0)
            options->cases = arguments[++i];
        else
            return false;
    }
    return options->place || options->cases;
}

int main(int count, char **arguments) {
    struct arguments options = {.seed = 1, .count = 100};

    if (!read_options(count, arguments, &options)) {
        fprintf(stderr, "usage: property DATASTORE [--seed N] [--count N] [--url URL] [--verbose] [--go-on]\n"
                        "       property --cases FOLDER [DATASTORE]\n");
        return 2;
    }
    options.count *= scale();
    return options.cases ? run_cases(&options) : run_place(&options);
}
