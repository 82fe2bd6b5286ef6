/* Stops a program at the N-th call through which it talks to its database. Loaded into it by LD_PRELOAD.
 *
 *     PERSIST_FAULT=N:MOMENT:ACTION[:MICROSECONDS]     what happens at which call, counted from 1; the pause comes before the action
 *     PERSIST_FAULT_LOG=FILE                           gets a line for each call: its number, the function, the beginning of its text
 *     PERSIST_FAULT_FILE=PATH                          what is done to files whose names begin so is counted too (SQLite's; a project's)
 *
 * MOMENT   before   nothing of the call has reached the database
 *          during   the server has the statement, and its answer was not read; of a write, one half is in the file
 *          after    the answer is there, and the program does not have it
 * ACTION   kill     the process is gone, as with kill -9
 *          cut      the connection is shut down
 *          stop     the process stops until somebody who waits for that sends SIGCONT
 *          full     this write and those behind it find the disk full
 *
 * Counted are, in the first thread, the calls that send something to a server, the statements of SQLite that are no mere reads, and the writes to its files. What a
 * library calls within a counted call is counted only when it is such a write. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <mysql.h>
#include <poll.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINE_BYTES = 240, NO_SOCKET = -1 };

enum moment { MOMENT_BEFORE, MOMENT_DURING, MOMENT_AFTER, MOMENT_COUNT };
enum action { ACTION_KILL, ACTION_CUT, ACTION_STOP, ACTION_FULL, ACTION_COUNT };

static const char *const moment_names[MOMENT_COUNT] = {"before", "during", "after"};
static const char *const action_names[ACTION_COUNT] = {"kill", "cut", "stop", "full"};

static struct {
    bool read;
    long at; /* 0: nothing happens */
    enum moment moment;
    enum action action;
    useconds_t pause;
    const char *file;
    int log; /* -1: none */
    long count;
    int depth; /* of counted calls into libraries */
    bool full;
} plan = {.log = -1};

struct call {
    bool chosen;
    int socket;
};

static size_t word_in(const char *word, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (strcmp(word, words[i]) == 0)
            return i;
    fprintf(stderr, "PERSIST_FAULT: \"%s\" is no moment and no action\n", word);
    _exit(2);
}

static void read_plan(void) {
    const char *text = getenv("PERSIST_FAULT"), *log = getenv("PERSIST_FAULT_LOG");
    char moment[16], action[16];
    unsigned pause = 0;

    plan.read = true;
    plan.file = getenv("PERSIST_FAULT_FILE");
    if (log)
        plan.log = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
    if (!text || sscanf(text, "%ld:%15[a-z]:%15[a-z]:%u", &plan.at, moment, action, &pause) < 3)
        return;
    plan.moment = (enum moment)word_in(moment, moment_names, MOMENT_COUNT);
    plan.action = (enum action)word_in(action, action_names, ACTION_COUNT);
    plan.pause = pause;
}

static void note(const char *function, const char *text) {
    char line[LINE_BYTES + 2];
    int length = snprintf(line, LINE_BYTES, "%ld\t%s\t%s", plan.count, function, text);

    if (length >= LINE_BYTES)
        length = LINE_BYTES - 1;
    for (int i = 0; i < length; i++)
        if (line[i] == '\n')
            line[i] = ' ';
    line[length] = '\n';
    if (plan.log >= 0 && write(plan.log, line, (size_t)length + 1) < 0)
        _exit(2);
}

static void act(const struct call *call) {
    usleep(plan.pause);
    switch (plan.action) {
    case ACTION_KILL:
        raise(SIGKILL);
        break;
    case ACTION_CUT:
        if (call->socket != NO_SOCKET)
            shutdown(call->socket, SHUT_RDWR);
        break;
    case ACTION_STOP:
        raise(SIGSTOP);
        break;
    case ACTION_FULL:
        plan.full = true;
        break;
    case ACTION_COUNT:
        break;
    }
}

static bool is_moment(const struct call *call, enum moment moment) {
    return call->chosen && plan.moment == moment;
}

/* Is this call none of those that are counted: of a thread that looks what the first one waits for, or within a counted one? */
static bool is_uncounted(void) {
    return gettid() != getpid() || plan.depth;
}

static struct call call_begin(const char *function, const char *text, int socket) {
    struct call call = {.socket = socket};

    if (!plan.read)
        read_plan();
    call.chosen = ++plan.count == plan.at;
    note(function, text);
    if (is_moment(&call, MOMENT_BEFORE))
        act(&call);
    plan.depth++;
    return call;
}

static void call_end(const struct call *call) {
    plan.depth--;
    if (is_moment(call, MOMENT_AFTER))
        act(call);
}

/* Sets the function pointer at REAL to what NAME would have been without us. */
static void find(const char *name, void *real, size_t size) {
    void *found = dlsym(RTLD_NEXT, name);

    if (!found)
        _exit(2);
    memcpy(real, &found, size);
}

#define FIND(name)                                                                                                                         \
    do {                                                                                                                                   \
        if (!real)                                                                                                                         \
            find(#name, &real, sizeof real);                                                                                               \
    } while (0)

/* libpq */

static void send_rest(PGconn *connection) {
    while (PQflush(connection) > 0) {
        struct pollfd wait = {.fd = PQsocket(connection), .events = POLLIN | POLLOUT};

        poll(&wait, 1, -1);
        if (wait.revents & POLLIN && !PQconsumeInput(connection))
            return;
    }
}

/* What PQexec does with the results of the statements in one text: the last counts, or the first error. */
static PGresult *last_result(PGconn *connection) {
    PGresult *last = NULL, *next;

    while ((next = PQgetResult(connection))) {
        PQclear(last);
        last = next;
    }
    return last;
}

static PGresult *exec_with_fault(PGconn *connection, const char *sql, const struct call *call) {
    if (!PQsendQuery(connection, sql))
        return NULL;
    send_rest(connection);
    act(call);
    return last_result(connection);
}

PGresult *PQexec(PGconn *connection, const char *sql) {
    static PGresult *(*real)(PGconn *, const char *);
    struct call call;
    PGresult *result;

    FIND(PQexec);
    if (is_uncounted())
        return real(connection, sql);
    call = call_begin("PQexec", sql, PQsocket(connection));
    result = is_moment(&call, MOMENT_DURING) ? exec_with_fault(connection, sql, &call) : real(connection, sql);
    call_end(&call);
    return result;
}

int PQsendQuery(PGconn *connection, const char *sql) {
    static int (*real)(PGconn *, const char *);
    struct call call;
    int sent;

    FIND(PQsendQuery);
    if (is_uncounted())
        return real(connection, sql);
    call = call_begin("PQsendQuery", sql, PQsocket(connection));
    sent = real(connection, sql);
    if (is_moment(&call, MOMENT_DURING)) {
        send_rest(connection);
        act(&call);
    }
    call_end(&call);
    return sent;
}

int PQpipelineSync(PGconn *connection) {
    static int (*real)(PGconn *);
    struct call call;
    int sent;

    FIND(PQpipelineSync);
    if (is_uncounted())
        return real(connection);
    call = call_begin("PQpipelineSync", "SELECT of a pipeline", PQsocket(connection));
    sent = real(connection);
    if (is_moment(&call, MOMENT_DURING)) {
        send_rest(connection);
        act(&call);
    }
    call_end(&call);
    return sent;
}

/* libmariadb */

static int query_with_fault(MYSQL *server, const char *sql, unsigned long length, const struct call *call) {
    if (mysql_send_query(server, sql, length))
        return 1;
    act(call);
    return mysql_read_query_result(server);
}

int mysql_real_query(MYSQL *server, const char *sql, unsigned long length) {
    static int (*real)(MYSQL *, const char *, unsigned long);
    struct call call;
    int failed;

    FIND(mysql_real_query);
    if (is_uncounted())
        return real(server, sql, length);
    call = call_begin("mysql_real_query", sql, (int)mysql_get_socket(server));
    failed = is_moment(&call, MOMENT_DURING) ? query_with_fault(server, sql, length, &call) : real(server, sql, length);
    call_end(&call);
    return failed;
}

int mysql_query(MYSQL *server, const char *sql) {
    return mysql_real_query(server, sql, (unsigned long)strlen(sql));
}

/* sqlite3 */

int sqlite3_exec(sqlite3 *connection, const char *sql, int (*row)(void *, int, char **, char **), void *data, char **message) {
    static int (*real)(sqlite3 *, const char *, int (*)(void *, int, char **, char **), void *, char **);
    struct call call;
    int code;

    FIND(sqlite3_exec);
    if (is_uncounted())
        return real(connection, sql, row, data, message);
    call = call_begin("sqlite3_exec", sql, NO_SOCKET);
    code = real(connection, sql, row, data, message);
    call_end(&call);
    return code;
}

int sqlite3_step(sqlite3_stmt *statement) {
    static int (*real)(sqlite3_stmt *);
    struct call call;
    int code;

    FIND(sqlite3_step);
    if (is_uncounted() || sqlite3_stmt_readonly(statement))
        return real(statement);
    call = call_begin("sqlite3_step", sqlite3_sql(statement), NO_SOCKET);
    code = real(statement);
    call_end(&call);
    return code;
}

/* Files. The program writes others, too: those are none of ours. */

static bool is_ours(const char *path) {
    if (!plan.read)
        read_plan();
    return plan.file && strncmp(path, plan.file, strlen(plan.file)) == 0;
}

static bool is_our_file(int fd, char path[LINE_BYTES]) {
    char link[40];
    ssize_t length;

    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, LINE_BYTES - 1);
    path[length > 0 ? length : 0] = '\0';
    return length > 0 && is_ours(path);
}

static int is_full(void) {
    errno = ENOSPC;
    return -1;
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t offset) {
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    char path[LINE_BYTES];
    struct call call;
    ssize_t written;

    FIND(pwrite64);
    if (!is_our_file(fd, path))
        return real(fd, bytes, count, offset);
    call = call_begin("pwrite", path + strlen(plan.file), NO_SOCKET);
    if (is_moment(&call, MOMENT_DURING)) {
        written = real(fd, bytes, count / 2, offset);
        act(&call);
    } else {
        written = plan.full ? is_full() : real(fd, bytes, count, offset);
    }
    call_end(&call);
    return written;
}

/* Calls of one argument that change a file or make sure of it. */
#define COUNTED_FILE_CALL(name, parameters, arguments)                                                                                     \
    int name parameters {                                                                                                                  \
        static int(*real) parameters;                                                                                                      \
        char path[LINE_BYTES];                                                                                                             \
        struct call call;                                                                                                                  \
        int result;                                                                                                                        \
                                                                                                                                           \
        FIND(name);                                                                                                                        \
        if (!is_our_file(fd, path))                                                                                                        \
            return real arguments;                                                                                                         \
        call = call_begin(#name, path + strlen(plan.file), NO_SOCKET);                                                                     \
        result = real arguments;                                                                                                           \
        call_end(&call);                                                                                                                   \
        return result;                                                                                                                     \
    }

COUNTED_FILE_CALL(ftruncate64, (int fd, off64_t length), (fd, length))
COUNTED_FILE_CALL(fdatasync, (int fd), (fd))
COUNTED_FILE_CALL(fsync, (int fd), (fd))

/* PATH in FOLDER, an open one or AT_FDCWD, as a path from the root. */
static const char *whole_path(int folder, const char *path, char whole[2 * LINE_BYTES]) {
    char link[40];
    ssize_t length;

    if (*path == '/')
        return path;
    snprintf(link, sizeof link, folder == AT_FDCWD ? "/proc/self/cwd" : "/proc/self/fd/%d", folder);
    length = readlink(link, whole, LINE_BYTES);
    snprintf(whole + (length > 0 ? length : 0), LINE_BYTES, "/%s", path);
    return whole;
}

/* Calls that change what the folder FOLDER has as PATH. */
#define COUNTED_PATH_CALL(name, folder, path, parameters, arguments)                                                                       \
    int name parameters {                                                                                                                  \
        static int(*real) parameters;                                                                                                      \
        char buffer[2 * LINE_BYTES];                                                                                                       \
        const char *whole = whole_path(folder, path, buffer);                                                                              \
        struct call call;                                                                                                                  \
        int result;                                                                                                                        \
                                                                                                                                           \
        FIND(name);                                                                                                                        \
        if (!is_ours(whole))                                                                                                               \
            return real arguments;                                                                                                         \
        call = call_begin(#name, whole + strlen(plan.file), NO_SOCKET);                                                                    \
        result = real arguments;                                                                                                           \
        call_end(&call);                                                                                                                   \
        return result;                                                                                                                     \
    }

COUNTED_PATH_CALL(unlink, AT_FDCWD, path, (const char *path), (path))
COUNTED_PATH_CALL(unlinkat, folder, path, (int folder, const char *path, int flags), (folder, path, flags))
COUNTED_PATH_CALL(mkdir, AT_FDCWD, path, (const char *path, mode_t mode), (path, mode))
COUNTED_PATH_CALL(rename, AT_FDCWD, to, (const char *from, const char *to), (from, to))
COUNTED_PATH_CALL(renameat2, new_folder, to, (int folder, const char *from, int new_folder, const char *to, unsigned flags),
                  (folder, from, new_folder, to, flags))
