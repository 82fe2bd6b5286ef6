/* The databases that a person names: by URL, by a variable that holds one, by the path of a SQLite file, by options, or in the
 * configuration. */
#ifndef PERSIST_CONNECT_H
#define PERSIST_CONNECT_H

#include "project.h"

struct connection {
    const char *url;   /* for the driver; may hold a password */
    const char *shown; /* as the person wrote it, without a password */
    const struct dialect *dialect;
    const char *missing; /* the path of a SQLite file that is not there: connection_open_to_write() makes it, connection_open() refuses */
    bool only_read;      /* of a SQLite file: its URL says "?mode=ro", and connection_open_to_write() refuses */
    struct db *db;       /* NULL until connection_open() */
};

/* Does TEXT, an argument that could name a version too, name a database? "database" is the model's own, by the configuration. */
bool connection_is_named(struct context *context, const struct project *project, const char *text);

/* What TEXT of the command line names: a URL, "env:NAME", "database", or the path of an existing SQLite file. A password in it is refused.
 * 0, or -1 reported. */
int connection_find(struct context *context, const struct project *project, const char *text, struct connection *connection);

/* What --url, or --datastore with --host, --port, --user and --database, or the configuration of PLACE says. 0, or -1 reported. */
int connection_of_options(struct context *context, const struct project *project, const struct model_place *place,
                          struct connection *connection);

/* What SETTING, a URL or "env:NAME" of the configuration, says; its paths are relative to the project. 0, or -1 reported. */
int connection_of_setting(struct context *context, const struct project *project, const char *setting, struct connection *connection);

/* The server for throw-away databases: --scratch, else the configuration of PLACE; *URL is NULL where nothing is said. -1 reported, also when
 * it is a server of another kind. */
int connection_scratch(struct context *context, const struct model_place *place, const struct dialect *dialect, const char **url);

/* Connects, read-only; a password that is missing is asked for. 0, or -1 reported. */
int connection_open(struct context *context, struct connection *connection);

/* The same to write; a SQLite file that is not there is made. */
int connection_open_to_write(struct context *context, struct connection *connection);
void connection_close(struct connection *connection);

/* The database exactly: flavor and version of the server, the rest as in TARGET. */
struct target connection_target(const struct connection *connection, const struct target *target);

/* The value of options.datastore for it: "sqlite", "postgresql", "mysql" or "mariadb". */
const char *connection_datastore(const struct connection *connection);

/* The version of the server as options.version says it: "15", "10.11.19"; NULL for a library that comes with the program. */
const char *connection_version(struct context *context, const struct connection *connection);

/* The URL for the configuration: without a password, env:NAME where the person wrote that, the path of a file in the project relative to
 * it. */
const char *connection_setting(struct context *context, const struct project *project, const struct connection *connection);

#endif
