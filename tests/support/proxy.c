/* A line to a server that is as bad as a test wants it: slow, cut in the middle, or with a greeting of its own.
 *
 *     proxy [-d MILLISECONDS] [-c BYTES] [-t FILE] HOST PORT     relays to HOST:PORT
 *     proxy -g FILE                                               sends FILE to whoever connects, and hangs up
 *
 * It prints the port it listens on at 127.0.0.1 and serves one client after the other until its standard input ends. -d: what a client sends
 * is passed on that much later, so that every round trip takes as long. -c: the line is cut when the server has sent so many bytes. -t: the
 * number of round trips of each client is appended to FILE, one a line. */
#include <arpa/inet.h>
#include <netdb.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct line {
    const char *host, *port;
    const char *greeting; /* a file */
    const char *trips;    /* a file */
    int delay;            /* milliseconds */
    long cut;             /* bytes; 0: never */
};

enum { BUFFER_BYTES = 65536 };

static void die(const char *what) {
    perror(what);
    exit(2);
}

static int listen_anywhere(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    if (fd < 0 || bind(fd, (struct sockaddr *)(void *)&address, sizeof address) || listen(fd, 5) ||
        getsockname(fd, (struct sockaddr *)(void *)&address, &length))
        die("listen");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);
    return fd;
}

static int connect_to(const struct line *line) {
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM}, *found;
    int fd;

    if (getaddrinfo(line->host, line->port, &hints, &found))
        die(line->host);
    fd = socket(found->ai_family, found->ai_socktype, found->ai_protocol);
    if (fd < 0 || connect(fd, found->ai_addr, found->ai_addrlen))
        die("connect");
    freeaddrinfo(found);
    return fd;
}

static bool send_all(int fd, const char *bytes, ssize_t count) {
    while (count > 0) {
        ssize_t sent = send(fd, bytes, (size_t)count, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        bytes += sent;
        count -= sent;
    }
    return true;
}

static void greet(const struct line *line, int client) {
    char buffer[BUFFER_BYTES];
    FILE *file = fopen(line->greeting, "rb");
    size_t count = file ? fread(buffer, 1, sizeof buffer, file) : 0;

    if (!file)
        die(line->greeting);
    fclose(file);
    send_all(client, buffer, (ssize_t)count);
    shutdown(client, SHUT_WR);
    while (recv(client, buffer, sizeof buffer, 0) > 0)
        ;
}

static void note_trips(const struct line *line, long trips) {
    FILE *file = line->trips ? fopen(line->trips, "a") : NULL;

    if (!file)
        return;
    fprintf(file, "%ld\n", trips);
    fclose(file);
}

/* Passes bytes on in both directions until one end closes, or the line is to be cut. A round trip is a change of direction. */
static void relay(const struct line *line, int client, int server) {
    char buffer[BUFFER_BYTES];
    struct pollfd ends[2] = {{.fd = client, .events = POLLIN}, {.fd = server, .events = POLLIN}};
    long trips = 0, received = 0;
    bool answered = true;

    while (poll(ends, 2, -1) > 0) {
        int from = ends[0].revents ? 0 : 1;
        ssize_t count = recv(ends[from].fd, buffer, sizeof buffer, 0);

        if (count <= 0)
            break;
        if (from == 0) {
            trips += answered;
            if (answered)
                usleep((useconds_t)line->delay * 1000);
        } else {
            received += count;
        }
        answered = from == 1;
        if ((line->cut && received >= line->cut) || !send_all(ends[!from].fd, buffer, count))
            break;
    }
    note_trips(line, trips);
}

static void serve(const struct line *line, int client) {
    int server;

    if (line->greeting) {
        greet(line, client);
        return;
    }
    server = connect_to(line);
    relay(line, client, server);
    close(server);
}

static struct line read_options(int argc, char **argv) {
    struct line line = {0};
    int option;

    while ((option = getopt(argc, argv, "d:c:t:g:")) > 0) {
        if (option == 'd')
            line.delay = atoi(optarg);
        else if (option == 'c')
            line.cut = atol(optarg);
        else if (option == 't')
            line.trips = optarg;
        else if (option == 'g')
            line.greeting = optarg;
        else
            exit(2);
    }
    if (!line.greeting && optind + 2 != argc)
        exit(2);
    line.host = argv[optind];
    line.port = line.greeting ? NULL : argv[optind + 1];
    return line;
}

int main(int argc, char **argv) {
    struct line line = read_options(argc, argv);
    int listener = listen_anywhere();
    struct pollfd events[2] = {{.fd = listener, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};

    while (poll(events, 2, -1) > 0) {
        int client;

        if (events[1].revents)
            return 0;
        client = accept(listener, NULL, NULL);
        if (client < 0)
            continue;
        serve(&line, client);
        close(client);
    }
    return 0;
}
