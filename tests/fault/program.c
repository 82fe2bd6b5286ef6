#include "program.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bug.h"
#include "str.h"

enum { SECONDS_A_RUN = 150 };

static void set(const char *variable, const char *value) {
    if (value)
        setenv(variable, value, 1);
    else
        unsetenv(variable);
}

static void become(const struct tested *tested, const struct run *run) {
    char *argv[MOST_ARGUMENTS + 2] = {arena_strdup(&(struct arena){0}, tested->program)};

    for (size_t i = 0; run->arguments[i]; i++)
        argv[i + 1] = arena_strdup(&(struct arena){0}, run->arguments[i]);
    dup2(fileno(run->output), STDOUT_FILENO);
    dup2(fileno(run->output), STDERR_FILENO);
    if (run->fault || run->log)
        set("LD_PRELOAD", tested->preload);
    set("PERSIST_FAULT", run->fault);
    set("PERSIST_FAULT_LOG", run->log);
    set("PERSIST_FAULT_FILE", run->file);
    alarm(SECONDS_A_RUN);
    if (chdir(run->folder) == 0 && freopen("/dev/null", "r", stdin))
        execv(argv[0], argv);
    perror(argv[0]);
    fflush(stderr);
    _exit(127);
}

void run_start(const struct tested *tested, struct run *run) {
    run->output = tmpfile();
    if (!run->output)
        BUG("no temporary file");
    fflush(NULL);
    run->process = fork();
    if (run->process < 0)
        BUG("no process");
    if (run->process == 0)
        become(tested, run);
}

bool run_waits(struct run *run) {
    int status;

    if (waitpid(run->process, &status, WUNTRACED) != run->process)
        BUG("a process that is not ours");
    if (WIFSTOPPED(status))
        return true;
    run->status = WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
    return false;
}

void run_continue(struct run *run) {
    kill(run->process, SIGCONT);
}

const char *run_output(struct arena *arena, struct run *run) {
    struct str text = STR_INIT;
    char buffer[4096];
    size_t count;
    const char *kept;

    rewind(run->output);
    while ((count = fread(buffer, 1, sizeof buffer, run->output)) > 0)
        str_add_bytes(&text, buffer, count);
    fclose(run->output);
    kept = str_keep(&text, arena);
    str_free(&text);
    return kept;
}

int run_whole(const struct tested *tested, struct run *run, struct arena *arena, const char **output) {
    run_start(tested, run);
    while (run_waits(run))
        run_continue(run);
    *output = run_output(arena, run);
    return run->status;
}

void run_add(struct run *run, const char *argument) {
    size_t count = 0;

    while (run->arguments[count])
        count++;
    if (count == MOST_ARGUMENTS)
        BUG("more arguments than there is room for");
    run->arguments[count] = argument;
}
