#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fleet_internal.h"
#include "output.h"

long long fleet_clock(void) {
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* --- what an errand says of itself --- */

static const char *first_error(const struct diag *diag) {
    for (size_t i = 0; i < diag->list.count; i++)
        if (diag->list.at[i].severity == SEVERITY_ERROR)
            return diag->list.at[i].message;
    return NULL;
}

/* Runs the errand for ROW; with --json, what it prints becomes the row's object. */
static void run_errand(struct fleet *fleet, struct fleet_row *row, struct connection *connection) {
    struct context *context = fleet->context;
    FILE *out = context->out;
    char *text = NULL;
    size_t length = 0;

    if (context->options.json)
        context->out = open_memstream(&text, &length);
    row->code = fleet->one(context, fleet->job, connection, &row->result);
    if (context->diag.errors)
        row->code = EXIT_FAILED;
    if (!row->result.detail)
        row->result.detail = first_error(&context->diag);
    if (context->options.json) {
        fclose(context->out);
        context->out = out;
        row->json = json_loadb(text, length, 0, NULL);
        memory_free(text);
    }
    if (row->json && !json_is_object(row->json)) {
        json_decref(row->json);
        row->json = NULL;
    }
}

/* The diagnostics of this run go into the row's object, and are told. */
static void keep_diagnostics(struct context *context, struct fleet_row *row) {
    if (!context->diag.list.count)
        return;
    row->json = row->json ? row->json : json_object();
    json_object_set_new(row->json, "diagnostics", output_diagnostics(context));
}

void fleet_alone(struct fleet *fleet, struct fleet_row *row) {
    row->started = true;
    run_errand(fleet, row, &fleet->targets->list.at[0].connection);
    row->milliseconds = fleet_clock() - fleet->began;
    if (!fleet->context->options.json)
        return;
    keep_diagnostics(fleet->context, row);
    fleet->context->diag.errors = 0;
    fleet->context->diag.list.count = 0;
}

/* --- in the child --- */

static json_t *row_message(const struct fleet_row *row) {
    const struct errand_result *result = &row->result;

    return json_pack("{s:i, s:s?, s:s?, s:s?, s:s?, s:I, s:o?}", "code", row->code, "state", result->state, "from", result->from, "to",
                     result->to, "detail", result->detail, "statements", (json_int_t)result->statements, "json", row->json);
}

static int write_chunk(const char *bytes, size_t count, void *to) {
    int end = *(const int *)to;

    while (count) {
        ssize_t written = write(end, bytes, count);

        if (written < 0 && errno != EINTR)
            return -1;
        bytes += written > 0 ? written : 0;
        count -= written > 0 ? (size_t)written : 0;
    }
    return 0;
}

/* No terminal: nothing can be asked, and ^C is the parent's to answer. */
static void leave_terminal(struct context *context, int talk_end) {
    int nothing = open("/dev/null", O_RDWR);

    signal(SIGINT, SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGTERM, SIG_DFL);
    dup2(nothing, STDIN_FILENO);
    dup2(nothing, STDOUT_FILENO);
    dup2(talk_end, STDERR_FILENO);
    context->out = fdopen(nothing, "w");
    context->err = fdopen(talk_end, "w");
    setvbuf(context->err, NULL, _IOLBF, 0);
    context->interactive = false;
    context->color = false;
    context->options.quiet = 1;
    context->diag.list.count = context->diag.errors = context->diag.warnings = 0;
}

static void work(struct fleet *fleet, struct fleet_row *row, struct destination *at, const int *ends) {
    int message_end = ends[1];
    json_t *message;

    leave_terminal(fleet->context, ends[3]);
    run_errand(fleet, row, &at->connection);
    if (fleet->context->options.json)
        keep_diagnostics(fleet->context, row);
    else if (fleet->context->diag.errors)
        context_show_messages(fleet->context);
    fclose(fleet->context->err);
    message = row_message(row);
    json_dump_callback(message, write_chunk, &message_end, JSON_COMPACT);
}

/* --- in the parent --- */

static int open_pipes(int *ends) {
    if (pipe(ends))
        return -1;
    if (pipe(ends + 2) == 0)
        return 0;
    close(ends[0]);
    close(ends[1]);
    return -1;
}

int fleet_child_start(struct fleet *fleet, struct fleet_row *row, struct destination *at, struct fleet_child *child) {
    int ends[4]; /* message: read, write; talk: read, write */

    if (open_pipes(ends))
        return -1;
    fflush(fleet->context->out);
    fflush(fleet->context->err);
    *child = (struct fleet_child){.row = row, .message = STR_INIT, .talk = STR_INIT, .began = fleet_clock()};
    child->message_end = ends[0];
    child->talk_end = ends[2];
    child->pid = fork();
    if (child->pid == 0) {
        work(fleet, row, at, ends);
        _exit(0);
    }
    close(ends[1]);
    close(ends[3]);
    if (child->pid > 0) {
        row->started = true;
        return 0;
    }
    close(ends[0]);
    close(ends[2]);
    child->pid = 0;
    return -1;
}

/* Prints the lines that are whole, the target's name in front of each. */
static void tell(struct fleet *fleet, struct fleet_child *child, bool all) {
    const char *at = child->talk.text;
    struct str rest = STR_INIT;

    if (*at)
        fleet_report_clear(fleet);
    for (size_t length; *at && (at[length = strcspn(at, "\n")] || all); at += length + (at[length] == '\n'))
        fprintf(fleet->context->err, "%s: %.*s\n", child->row->name, (int)length, at);
    str_add(&rest, at);
    str_free(&child->talk);
    child->talk = rest;
}

void fleet_child_read(struct fleet *fleet, struct fleet_child *child, int *end) {
    bool talk = end == &child->talk_end;
    char bytes[4096];
    ssize_t count = read(*end, bytes, sizeof bytes);

    if (count > 0)
        str_add_bytes(talk ? &child->talk : &child->message, bytes, (size_t)count);
    if (talk)
        tell(fleet, child, count == 0);
    if (count > 0 || (count < 0 && errno == EINTR))
        return;
    close(*end);
    *end = -1;
}

static const char *kept(struct fleet *fleet, const json_t *message, const char *key) {
    return arena_strdup(&fleet->context->arena, json_string_value(json_object_get(message, key)));
}

static void read_message(struct fleet *fleet, struct fleet_row *row, json_t *message) {
    row->code = (enum exit_code)json_integer_value(json_object_get(message, "code"));
    row->result.state = kept(fleet, message, "state");
    row->result.from = kept(fleet, message, "from");
    row->result.to = kept(fleet, message, "to");
    row->result.detail = kept(fleet, message, "detail");
    row->result.statements = (size_t)json_integer_value(json_object_get(message, "statements"));
    row->json = json_incref(json_object_get(message, "json"));
    if (json_is_null(row->json)) {
        json_decref(row->json);
        row->json = NULL;
    }
}

/* It ended without its message. */
static void read_death(struct fleet *fleet, struct fleet_row *row, int status) {
    struct arena *arena = &fleet->context->arena;

    row->code = EXIT_FAILED;
    if (WIFSIGNALED(status))
        row->result.detail = arena_printf(arena, "its process was ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        row->result.detail = arena_printf(arena, "its process ended with status %d and said nothing", WEXITSTATUS(status));
    fleet_report_clear(fleet);
    if (!fleet->context->options.json)
        fprintf(fleet->context->err, "%s: error: %s\n", row->name, row->result.detail);
}

void fleet_child_end(struct fleet *fleet, struct fleet_child *child) {
    struct fleet_row *row = child->row;
    json_t *message = json_loadb(child->message.text, child->message.length, 0, NULL);
    int status = 0;

    while (waitpid(child->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    row->milliseconds = fleet_clock() - child->began;
    if (message)
        read_message(fleet, row, message);
    else
        read_death(fleet, row, status);
    json_decref(message);
    str_free(&child->message);
    str_free(&child->talk);
    child->pid = 0;
}
