#include "pairs_work.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST_PROCESSES = 64 };

/* In memory of all processes. */
struct board {
    atomic_size_t next;                    /* job */
    atomic_size_t current[MOST_PROCESSES]; /* job of each process, from 1; 0: none */
};

/* A record of the file that results are appended to: written at once, so that those of several processes do not mix. */
struct record {
    size_t job;
    size_t length; /* of the text behind it */
    int value;
};

static void append(int file, size_t job, int value, const struct str *text) {
    struct record record = {.job = job, .length = text->length, .value = value};
    struct str bytes = STR_INIT;

    str_add_bytes(&bytes, (const char *)&record, sizeof record);
    str_add_bytes(&bytes, text->text, text->length);
    if (write(file, bytes.text, bytes.length) != (ssize_t)bytes.length)
        abort();
    str_free(&bytes);
}

static void do_jobs(const struct work *work, struct board *board, size_t process, int file) {
    for (size_t job = atomic_fetch_add(&board->next, 1); job < work->count; job = atomic_fetch_add(&board->next, 1)) {
        struct str text = STR_INIT;
        int value;

        atomic_store(&board->current[process], job + 1);
        alarm(work->seconds);
        value = work->run(work->data, job, &text);
        alarm(0);
        append(file, job, value, &text);
        atomic_store(&board->current[process], 0);
        str_free(&text);
    }
}

static pid_t start(const struct work *work, struct board *board, size_t process, int file) {
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        prctl(PR_SET_PDEATHSIG, SIGTERM);
        do_jobs(work, board, process, file);
        if (work->end)
            work->end(work->data);
        fflush(NULL);
        _exit(0);
    }
    return child;
}

static void bury(const struct work *work, size_t job, pid_t process, int status, int file) {
    struct str text = STR_INIT;

    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
        str_addf(&text, "took more than %u seconds", work->seconds);
    else if (WIFSIGNALED(status))
        str_addf(&text, "ended by signal %d (%s)", WTERMSIG(status), strsignal(WTERMSIG(status)));
    else
        str_addf(&text, "ended with status %d", WEXITSTATUS(status));
    append(file, job, -1, &text);
    str_free(&text);
    if (work->clean)
        work->clean(work->data, process, job);
}

static size_t find_process(const pid_t *processes, size_t count, pid_t process) {
    size_t i = 0;

    while (i < count && processes[i] != process)
        i++;
    return i;
}

/* Waits for all processes; one that ended within a job is followed by another. */
static void wait_for_all(const struct work *work, struct board *board, pid_t *processes, size_t count, int file) {
    int status;
    pid_t ended;

    while ((ended = wait(&status)) > 0) {
        size_t i = find_process(processes, count, ended);
        size_t job;

        if (i == count)
            continue;
        job = atomic_exchange(&board->current[i], 0);
        if (!job)
            continue;
        bury(work, job - 1, ended, status, file);
        processes[i] = start(work, board, i, file);
    }
}

static int read_results(struct arena *arena, FILE *file, const struct work *work, struct result *results) {
    struct record record;

    rewind(file);
    while (fread(&record, sizeof record, 1, file) == 1) {
        char *text = arena_alloc(arena, record.length + 1);

        if (record.job >= work->count || fread(text, 1, record.length, file) != record.length)
            return -1;
        results[record.job] = (struct result){.value = record.value, .text = text};
    }
    return 0;
}

bool part_read(struct part *part, const char *text) {
    char *end;

    part->first = strtoul(text, &end, 10);
    part->step = *end == '/' ? strtoul(end + 1, NULL, 10) : 0;
    return part->first && part->first <= part->step;
}

bool part_takes_next(struct part *part) {
    return !part->first || part->seen++ % part->step == part->first - 1;
}

int work_run(struct arena *arena, const struct work *work, struct result *results) {
    struct board *board = mmap(NULL, sizeof *board, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t processes[MOST_PROCESSES] = {0};
    size_t count = work->processes < MOST_PROCESSES ? work->processes : MOST_PROCESSES;
    char path[] = "/tmp/persist-results.XXXXXX";
    int file = mkstemp(path);
    FILE *stream = file >= 0 ? fdopen(file, "r+") : NULL;
    int append_to = file >= 0 ? dup(file) : -1;
    int result;

    if (board == MAP_FAILED || !stream || append_to < 0)
        return -1;
    unlink(path);
    for (size_t i = 0; i < count; i++)
        processes[i] = start(work, board, i, append_to);
    wait_for_all(work, board, processes, count, append_to);
    result = read_results(arena, stream, work, results);
    fclose(stream);
    close(append_to);
    munmap(board, sizeof *board);
    return result;
}
