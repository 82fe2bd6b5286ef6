/* Runs a command several times and prints the median wall time in milliseconds and the peak memory in KiB, as the kernel accounts it:
 *
 *     measure RUNS [--before COMMAND] -- COMMAND ARGUMENTS
 *
 * --before is run by the shell before each run and not measured. The command's output is thrown away; a run that fails is reported. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MOST_RUNS = 101 };

struct run {
    double milliseconds;
    long kibibytes;
    int status;
};

static double now(void) {
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void become(char **command) {
    int null = open("/dev/null", O_RDWR);

    dup2(null, STDIN_FILENO);
    dup2(null, STDOUT_FILENO);
    dup2(null, STDERR_FILENO);
    execvp(command[0], command);
    _exit(127);
}

static struct run run_once(char **command) {
    struct run run = {0};
    struct rusage usage;
    double start = now();
    pid_t child = fork();

    if (child == 0)
        become(command);
    wait4(child, &run.status, 0, &usage);
    run.milliseconds = now() - start;
    run.kibibytes = usage.ru_maxrss;
    return run;
}

static int compare(const void *a, const void *b) {
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x > y) - (x < y);
}

int main(int argc, char **argv) {
    double times[MOST_RUNS];
    long peak = 0;
    int runs = argc > 1 ? atoi(argv[1]) : 0;
    const char *before = argc > 4 && strcmp(argv[2], "--before") == 0 ? argv[3] : NULL;
    int first = before ? 5 : 3;

    if (runs < 1 || runs > MOST_RUNS || argc <= first || strcmp(argv[first - 1], "--") != 0) {
        fputs("usage: measure RUNS [--before COMMAND] -- COMMAND ARGUMENTS\n", stderr);
        return 2;
    }
    for (int i = 0; i < runs; i++) {
        struct run run;

        if (before && system(before) != 0)
            return fputs("measure: --before failed\n", stderr), 1;
        run = run_once(argv + first);
        if (!WIFEXITED(run.status) || (WEXITSTATUS(run.status) != 0 && WEXITSTATUS(run.status) != 3))
            return fprintf(stderr, "measure: %s failed\n", argv[first]), 1;
        times[i] = run.milliseconds;
        peak = run.kibibytes > peak ? run.kibibytes : peak;
    }
    qsort(times, (size_t)runs, sizeof *times, compare);
    printf("%.2f %ld\n", times[runs / 2], peak);
    return 0;
}
