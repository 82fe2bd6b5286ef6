#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include "fleet_internal.h"
#include "progress.h"

enum { MOST_JOBS = 256, LOOK_AGAIN = 250 /* milliseconds */ };

/* How often the person asked to stop; a signal handler can reach globals alone. */
static volatile sig_atomic_t interrupts;

static void on_interrupt(int number) {
    (void)number;
    interrupts++;
}

struct crew {
    struct fleet *fleet;
    size_t next;     /* target to start */
    size_t canaries; /* targets before the others */
    size_t most;     /* at a time */
    size_t busy;
    bool killed;
    struct fleet_child *children; /* most of them */
    struct pollfd *ends;          /* twice as many */
};

bool fleet_row_failed(const struct fleet_row *row) {
    return row->started && row->code != EXIT_DONE && row->code != EXIT_PENDING;
}

/* --- starting --- */

static bool is_stopped(const struct crew *crew) {
    const struct fleet *fleet = crew->fleet;
    bool canary_failed = fleet->failed && crew->next <= crew->canaries;

    return interrupts || canary_failed || (fleet->failed && !fleet->context->options.keep_going);
}

/* Canaries go alone, and the first of the others waits for the last of them. */
static bool may_start(const struct crew *crew) {
    size_t most = crew->next <= crew->canaries && crew->canaries ? 1 : crew->most;

    return crew->next < crew->fleet->targets->list.count && crew->busy < most && !is_stopped(crew);
}

static struct fleet_child *free_child(struct crew *crew) {
    struct fleet_child *child = crew->children;

    while (child->pid)
        child++;
    return child;
}

/* 0 when no process can be had while others run: when one of them ends there may be room. */
static int start_next(struct crew *crew) {
    struct fleet *fleet = crew->fleet;
    struct fleet_row *row = &fleet->rows[crew->next];

    if (fleet_child_start(fleet, row, &fleet->targets->list.at[crew->next], free_child(crew)) == 0) {
        crew->next++;
        crew->busy++;
        fleet->started++;
        return 1;
    }
    if (crew->busy)
        return 0;
    row->started = true;
    row->code = EXIT_FAILED;
    row->result.detail = "no process could be started for it";
    crew->next++;
    fleet->started++;
    fleet->ended++;
    fleet->failed++;
    return 1;
}

/* --- waiting --- */

/* The open ends of all children, and which child each belongs to by its place: two a child. */
static void watch(struct crew *crew) {
    for (size_t i = 0; i < crew->most; i++) {
        const struct fleet_child *child = &crew->children[i];

        crew->ends[2 * i] = (struct pollfd){.fd = child->pid ? child->message_end : -1, .events = POLLIN};
        crew->ends[2 * i + 1] = (struct pollfd){.fd = child->pid ? child->talk_end : -1, .events = POLLIN};
    }
}

static void end_child(struct crew *crew, struct fleet_child *child) {
    struct fleet *fleet = crew->fleet;
    const struct fleet_row *row = child->row;

    fleet_child_end(fleet, child);
    crew->busy--;
    fleet->ended++;
    fleet->failed += fleet_row_failed(row);
}

static void kill_all(struct crew *crew) {
    for (size_t i = 0; i < crew->most; i++)
        if (crew->children[i].pid)
            kill(crew->children[i].pid, SIGTERM);
    crew->killed = true;
}

static void wait_some(struct crew *crew) {
    watch(crew);
    if (poll(crew->ends, (nfds_t)(2 * crew->most), LOOK_AGAIN) > 0)
        for (size_t i = 0; i < crew->most; i++) {
            struct fleet_child *child = &crew->children[i];

            if (crew->ends[2 * i].revents)
                fleet_child_read(crew->fleet, child, &child->message_end);
            if (crew->ends[2 * i + 1].revents)
                fleet_child_read(crew->fleet, child, &child->talk_end);
            if (child->pid && child->message_end < 0 && child->talk_end < 0)
                end_child(crew, child);
        }
    if (interrupts > 1 && !crew->killed)
        kill_all(crew);
}

/* --- the whole --- */

static size_t cores(void) {
    long count = sysconf(_SC_NPROCESSORS_ONLN);

    return count > 0 ? (size_t)count : 1;
}

static void run_many(struct fleet *fleet) {
    struct context *context = fleet->context;
    struct crew crew = {.fleet = fleet, .canaries = (size_t)context->options.canary};
    struct sigaction action = {.sa_handler = on_interrupt}, before[2];

    crew.most = context->options.jobs ? (size_t)context->options.jobs : cores();
    crew.most = crew.most < MOST_JOBS ? crew.most : MOST_JOBS;
    crew.children = ARENA_ARRAY(&context->arena, struct fleet_child, crew.most);
    crew.ends = ARENA_ARRAY(&context->arena, struct pollfd, 2 * crew.most);
    interrupts = 0;
    progress_pause();
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, &before[0]);
    sigaction(SIGTERM, &action, &before[1]);
    while (crew.busy || may_start(&crew)) {
        while (may_start(&crew) && start_next(&crew))
            continue;
        if (crew.busy)
            wait_some(&crew);
        fleet_report_progress(fleet);
    }
    sigaction(SIGINT, &before[0], NULL);
    sigaction(SIGTERM, &before[1], NULL);
    fleet_report_clear(fleet);
}

static enum exit_code worst_code(const struct fleet *fleet) {
    enum exit_code worst = fleet->started < fleet->targets->list.count ? EXIT_FAILED : EXIT_DONE;

    for (size_t i = 0; i < fleet->started; i++) {
        if (fleet_row_failed(&fleet->rows[i]))
            return fleet->rows[i].code == EXIT_USAGE ? EXIT_USAGE : EXIT_FAILED;
        if (fleet->rows[i].code == EXIT_PENDING && worst == EXIT_DONE)
            worst = EXIT_PENDING;
    }
    return worst;
}

static int check_options(struct context *context) {
    const struct command_options *options = &context->options;

    if (options->jobs < 0)
        return diag_fail(&context->diag, "--jobs %d: it is 1 or more", options->jobs);
    if (options->canary < 0)
        return diag_fail(&context->diag, "--canary %d: it is 1 or more", options->canary);
    return 0;
}

enum exit_code fleet_run(struct context *context, const struct targets *targets, errand *one, void *job) {
    struct fleet fleet = {.context = context, .targets = targets, .one = one, .job = job, .began = fleet_clock()};

    fleet.told = fleet.began;
    if (check_options(context))
        return EXIT_USAGE;
    if (targets->list.count == 1 && !(targets->named && context->options.json)) {
        struct errand_result result = {0};

        return one(context, job, &targets->list.at[0].connection, &result);
    }
    fleet.rows = ARENA_ARRAY(&context->arena, struct fleet_row, targets->list.count);
    for (size_t i = 0; i < targets->list.count; i++)
        fleet.rows[i].name = targets->list.at[i].name;
    if (targets->list.count == 1) {
        fleet_alone(&fleet, fleet.rows);
        fleet.started = fleet.ended = 1;
    } else {
        run_many(&fleet);
    }
    if (context->options.json)
        fleet_report_json(&fleet);
    else
        fleet_report_table(&fleet);
    return worst_code(&fleet);
}
