#include "progress.h"

#include <signal.h>
#include <string.h>
#include <sys/time.h>
#include <unistd.h>

enum { SILENT_SECONDS = 1 };

/* A signal handler can reach globals alone; only this file knows them. */
static const char *volatile step;
static volatile sig_atomic_t late;

static void write_step(void) {
    static const char tail[] = " …\n";
    const char *what = step;

    /* A message that cannot be written is no error. */
    if (write(STDERR_FILENO, what, strlen(what)) < 0 || write(STDERR_FILENO, tail, sizeof tail - 1) < 0)
        return;
}

static void on_alarm(int number) {
    (void)number;
    late = 1;
    write_step();
}

static void start_clock(void) {
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    struct itimerval timer = {.it_value = {.tv_sec = SILENT_SECONDS}};

    sigemptyset(&action.sa_mask);
    if (sigaction(SIGALRM, &action, NULL) == 0)
        setitimer(ITIMER_REAL, &timer, NULL);
}

void progress_step(const struct context *context, const char *what) {
    bool first = !step;

    if (context->options.quiet)
        return;
    step = what;
    if (first)
        start_clock();
    else if (late)
        write_step();
}

void progress_pause(void) {
    struct itimerval none = {0};

    setitimer(ITIMER_REAL, &none, NULL);
    step = NULL;
    late = 0;
}
