/* A line with delay: passes on what is said between 127.0.0.1:PORT and a server, each byte half of MILLISECONDS later, so that a question
 * and its answer take that much longer. Bytes are not counted: the line is long, not narrow.
 *
 *     delay HOST PORT MILLISECONDS COMMAND [ARGUMENTS]
 *
 * Listens on a free port, runs COMMAND with the port in the environment variable DELAY_PORT, and ends with it and its exit status. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 65536, MOST_PIECES = 4096 };

/* What was read and is not written yet, with the moment when it may be. */
struct piece {
    double due;
    size_t length;
    size_t written;
    char *bytes;
};

/* One direction of a connection. */
struct pipe {
    int from;
    int to;
    bool ended; /* nothing more comes; said to the other end when all is written */
    bool closed;
    size_t first;
    size_t count;
    struct piece pieces[MOST_PIECES]; /* a ring */
};

static double now(void) {
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e3 + (double)time.tv_nsec / 1e6;
}

static void take(struct pipe *pipe, double delay) {
    struct piece *piece = &pipe->pieces[(pipe->first + pipe->count) % MOST_PIECES];
    ssize_t count;

    *piece = (struct piece){.bytes = malloc(PIECE)};
    if (!piece->bytes)
        exit(1);
    count = read(pipe->from, piece->bytes, PIECE);
    if (count <= 0) {
        free(piece->bytes);
        pipe->ended = count == 0 || errno != EAGAIN;
        return;
    }
    piece->length = (size_t)count;
    piece->due = now() + delay;
    pipe->count++;
}

static void give(struct pipe *pipe) {
    while (pipe->count && pipe->pieces[pipe->first].due <= now()) {
        struct piece *piece = &pipe->pieces[pipe->first];
        ssize_t count = write(pipe->to, piece->bytes + piece->written, piece->length - piece->written);

        if (count < 0 && errno == EAGAIN)
            return;
        piece->written += count < 0 ? piece->length - piece->written : (size_t)count;
        if (piece->written < piece->length)
            return;
        free(piece->bytes);
        pipe->first = (pipe->first + 1) % MOST_PIECES;
        pipe->count--;
    }
    if (pipe->ended && !pipe->count && !pipe->closed) {
        shutdown(pipe->to, SHUT_WR);
        pipe->closed = true;
    }
}

/* Milliseconds until the first piece of either is due; -1: none waits. */
static int wait_time(const struct pipe *pipes) {
    double least = -1;

    for (int i = 0; i < 2; i++)
        if (pipes[i].count) {
            double left = pipes[i].pieces[pipes[i].first].due - now();

            left = left < 0 ? 0 : left;
            least = least < 0 || left < least ? left : least;
        }
    return least < 0 ? -1 : (int)least + (least > (int)least);
}

/* Serves one connection until both ends have said all. */
static void serve(int client, int server, double delay) {
    static struct pipe pipes[2];

    pipes[0] = (struct pipe){.from = client, .to = server};
    pipes[1] = (struct pipe){.from = server, .to = client};
    while (!pipes[0].closed || !pipes[1].closed) {
        struct pollfd ends[2] = {{.fd = -1}, {.fd = -1}};

        for (int i = 0; i < 2; i++)
            if (!pipes[i].ended && pipes[i].count < MOST_PIECES)
                ends[i] = (struct pollfd){.fd = pipes[i].from, .events = POLLIN};
        if (poll(ends, 2, wait_time(pipes)) < 0)
            return;
        for (int i = 0; i < 2; i++) {
            if (ends[i].revents)
                take(&pipes[i], delay);
            give(&pipes[i]);
        }
    }
}

static int connect_to(const char *host, const char *port) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    int end = -1;

    if (getaddrinfo(host, port, &hints, &found) == 0) {
        end = socket(found->ai_family, SOCK_STREAM, 0);
        if (end >= 0 && connect(end, found->ai_addr, found->ai_addrlen) != 0) {
            close(end);
            end = -1;
        }
        freeaddrinfo(found);
    }
    return end;
}

static void prepare(int end) {
    int on = 1;

    setsockopt(end, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    fcntl(end, F_SETFL, O_NONBLOCK);
}

static void accept_all(int listener, char **argv) {
    double delay = strtod(argv[3], NULL) / 2;

    for (;;) {
        int client = accept(listener, NULL, NULL);
        int server;

        while (waitpid(-1, NULL, WNOHANG) > 0) {
        }
        if (client < 0 || fork() != 0) {
            close(client);
            continue;
        }
        server = connect_to(argv[1], argv[2]);
        if (server < 0)
            _exit(1);
        prepare(client);
        prepare(server);
        serve(client, server, delay);
        _exit(0);
    }
}

/* Listens on a free port of 127.0.0.1; -1 when that cannot be. */
static int listen_somewhere(unsigned *port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);

    if (listener < 0 || bind(listener, (struct sockaddr *)&address, length) != 0 || listen(listener, 16) != 0 ||
        getsockname(listener, (struct sockaddr *)&address, &length) != 0)
        return -1;
    *port = ntohs(address.sin_port);
    return listener;
}

int main(int argc, char **argv) {
    unsigned port;
    int listener = argc > 4 ? listen_somewhere(&port) : -1;
    char text[16];
    pid_t line;
    pid_t command;
    int status = 0;

    if (listener < 0) {
        fputs("usage: delay HOST PORT MILLISECONDS COMMAND [ARGUMENTS]\n", stderr);
        return 2;
    }
    line = fork();
    if (line == 0)
        accept_all(listener, argv);
    close(listener);
    snprintf(text, sizeof text, "%u", port);
    setenv("DELAY_PORT", text, 1);
    command = fork();
    if (command == 0) {
        execvp(argv[4], argv + 4);
        _exit(127);
    }
    waitpid(command, &status, 0);
    kill(line, SIGTERM);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}
