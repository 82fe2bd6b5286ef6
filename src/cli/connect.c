#include "connect.h"

#include <stdlib.h>
#include <string.h>

#include "file.h"
#include "prompt.h"
#include "registry.h"

static const char own_database[] = "database";
static const char read_only[] = "?mode=ro"; /* behind the path of a file */

/* PATH as seen from where the person is. */
static const char *from_start(struct arena *arena, const struct project *project, const char *path) {
    return *path == '/' ? path : file_join(arena, project->started_in, path);
}

static bool is_sqlite(const char *text) {
    return strncmp(text, "sqlite:", 7) == 0;
}

bool connection_is_named(struct context *context, const struct project *project, const char *text) {
    if (strcmp(text, own_database) == 0 || strncmp(text, "env:", 4) == 0 || is_sqlite(text) || strstr(text, "://"))
        return true;
    return strpbrk(text, "/.") && file_exists(from_start(&context->arena, project, text)) &&
           !file_is_folder(from_start(&context->arena, project, text));
}

static int refuse_text(struct context *context, const char *text) {
    const char *shown = url_shown(&context->arena, text);

    if (strstr(text, "://"))
        diag_fail(&context->diag, "\"%s\" is no URL of a database that persist knows", shown);
    else
        diag_fail(&context->diag, "\"%s\" is neither a URL nor a file", shown);
    diag_hint(&context->diag, "write postgresql://USER@HOST/DATABASE, mysql://…, mariadb://…, sqlite:PATH, the path of a SQLite file, or "
                              "env:NAME for the variable that holds the URL");
    return -1;
}

static int find_file(struct context *context, const struct project *project, const char *text, struct connection *connection) {
    const char *path = is_sqlite(text) ? text + 7 : text;

    path += strncmp(path, "//", 2) == 0 ? 2 : 0;
    path = from_start(&context->arena, project, arena_strndup(&context->arena, path, strcspn(path, "?")));
    if (file_is_folder(path))
        return diag_fail(&context->diag, "\"%s\" is a folder, not a SQLite database", path);
    if (!file_exists(path) && !is_sqlite(text))
        return refuse_text(context, text);
    connection->missing = file_exists(path) ? NULL : path;
    connection->dialect = registry_dialect("sqlite");
    connection->shown = text;
    connection->only_read = is_sqlite(text) && strstr(text, read_only);
    connection->url = arena_printf(&context->arena, "sqlite:%s%s", path, read_only);
    return 0;
}

/* URL, in which a password may stand, of any database. */
static int find_url(struct context *context, const struct project *project, const char *url, struct connection *connection) {
    bool file = is_sqlite(url) || !strstr(url, "://");

    if (file)
        return find_file(context, project, url, connection);
    connection->url = url;
    connection->shown = url_shown(&context->arena, url);
    connection->dialect = registry_dialect_of_url(url);
    return connection->dialect ? 0 : refuse_text(context, url);
}

static int refuse_password(struct context *context, const char *text) {
    diag_fail(&context->diag, "the URL \"%s\" holds a password, which others can read on a command line", url_shown(&context->arena, text));
    diag_hint(&context->diag, "leave it out to be asked, use the password file of the database, or put the URL into a variable and write "
                              "env:NAME");
    return -1;
}

static int find_variable(struct context *context, const struct project *project, const char *text, struct connection *connection) {
    const char *url;

    if (project_url(context, text, &url) || find_url(context, project, url, connection))
        return -1;
    connection->shown = text;
    return 0;
}

int connection_of_setting(struct context *context, const struct project *project, const char *setting, struct connection *connection) {
    struct project at_home = {.started_in = project->folder};
    const char *url;

    *connection = (struct connection){0};
    return project_url(context, setting, &url) ? -1 : find_url(context, &at_home, url, connection);
}

/* The database of the configuration. */
static int find_configured(struct context *context, const struct project *project, const struct model_place *place,
                           struct connection *connection) {
    if (!place->config->url) {
        diag_fail(&context->diag, "no database is named for the model \"%s\"", place->name);
        diag_hint(&context->diag, "write --url URL, or url = \"…\" into the model's entry of the configuration");
        return -1;
    }
    return connection_of_setting(context, project, place->config->url, connection);
}

int connection_find(struct context *context, const struct project *project, const char *text, struct connection *connection) {
    const struct model_place *place;

    *connection = (struct connection){0};
    if (strcmp(text, own_database) == 0) {
        place = project_model(context, project);
        return place ? find_configured(context, project, place, connection) : -1;
    }
    if (strncmp(text, "env:", 4) == 0)
        return find_variable(context, project, text, connection);
    if (url_has_password(&context->arena, text))
        return refuse_password(context, text);
    return find_url(context, project, text, connection);
}

static int check_port(struct context *context, const char *port) {
    char *end;
    unsigned long number = port ? strtoul(port, &end, 10) : 1;

    if (port && (*end || !*port || number > 65535))
        return diag_fail(&context->diag, "--port \"%s\" is no number from 0 to 65535", port);
    return 0;
}

/* A URL out of --host, --port, --user and --database; a host that begins with "/" is a socket. */
static int find_parts(struct context *context, const struct project *project, const char *datastore, struct connection *connection) {
    const struct command_options *options = &context->options;
    struct url url = {.scheme = datastore, .user = options->user, .port = options->port, .database = options->database};

    if (!datastore || !registry_dialect(datastore)) {
        diag_fail(&context->diag, datastore ? "there is no datastore \"%s\"" : "the options do not say for which database%s",
                  datastore ? datastore : "");
        diag_hint(&context->diag, "--datastore is one of: %s", registry_names());
        return -1;
    }
    if (registry_dialect(datastore)->scratch_in_memory && options->database)
        return find_file(context, project, arena_printf(&context->arena, "sqlite:%s", options->database), connection);
    if (check_port(context, options->port))
        return -1;
    if (options->host && *options->host == '/')
        url.query =
            arena_printf(&context->arena, "%s=%s", registry_dialect(datastore)->quoting.namespaces ? "host" : "socket", options->host);
    else
        url.host = options->host;
    return find_url(context, project, url_text(&context->arena, &url), connection);
}

/* --datastore beside a URL says nothing new, and must not say another thing. */
static int check_datastore(struct context *context, const struct connection *connection) {
    const char *datastore = context->options.datastore;

    if (!datastore || registry_dialect(datastore) == connection->dialect)
        return 0;
    return diag_fail(&context->diag, "--datastore is %s, and \"%s\" is for %s", datastore, connection->shown, connection->dialect->title);
}

int connection_of_options(struct context *context, const struct project *project, const struct model_place *place,
                          struct connection *connection) {
    const struct command_options *options = &context->options;
    const char *datastore = options->datastore ? options->datastore : place->config->datastore;
    bool parts = options->host || options->port || options->user || options->database;
    int found;

    *connection = (struct connection){0};
    if (options->url && parts)
        return diag_fail(&context->diag, "--url says it all: leave --host, --port, --user and --database out");
    if (options->url)
        found = connection_find(context, project, options->url, connection);
    else
        found = parts ? find_parts(context, project, datastore, connection) : find_configured(context, project, place, connection);
    return found || check_datastore(context, connection) ? -1 : 0;
}

int connection_scratch(struct context *context, const struct model_place *place, const struct dialect *dialect, const char **url) {
    const char *setting = context->options.scratch ? context->options.scratch : place->config->scratch;

    if (project_url(context, setting, url))
        return -1;
    if (*url && registry_dialect_of_url(*url) != dialect)
        return diag_fail(&context->diag, "the scratch server \"%s\" is not for %s", url_shown(&context->arena, *url), dialect->title);
    return 0;
}

int connection_open(struct context *context, struct connection *connection) {
    struct prompt prompt = prompt_of(context);

    if (connection->missing)
        return diag_fail(&context->diag, "there is no SQLite database \"%s\"", connection->missing);
    connection->db = db_open(connection->dialect->driver, connection->url, &prompt.source, &context->diag);
    return connection->db ? 0 : -1;
}

/* The URL, of a file with the other mode behind it. */
static const char *url_to_write(struct context *context, const struct connection *connection) {
    if (!is_sqlite(connection->url))
        return connection->url;
    return arena_printf(&context->arena, "%.*s?mode=rw", (int)(strlen(connection->url) - strlen(read_only)), connection->url);
}

int connection_open_to_write(struct context *context, struct connection *connection) {
    struct prompt prompt = prompt_of(context);

    if (connection->only_read)
        return diag_fail(&context->diag, "nothing can be written there: \"%s\" says that it is only read", connection->shown);
    connection->db = db_open_to_write(connection->dialect->driver, url_to_write(context, connection), &prompt.source, &context->diag);
    return connection->db ? 0 : -1;
}

void connection_close(struct connection *connection) {
    db_close(connection->db);
    connection->db = NULL;
}

struct target connection_target(const struct connection *connection, const struct target *target) {
    struct target exact = *target;

    exact.dialect = connection->dialect;
    exact.flavor = db_head(connection->db)->flavor;
    exact.version = db_head(connection->db)->version;
    return exact;
}

const char *connection_datastore(const struct connection *connection) {
    return db_head(connection->db)->flavor == FLAVOR_MARIADB ? "mariadb" : connection->dialect->name;
}

const char *connection_version(struct context *context, const struct connection *connection) {
    int version = db_head(connection->db)->version;

    if (connection->dialect->scratch_in_memory)
        return NULL;
    if (connection->dialect->major_alone)
        return arena_printf(&context->arena, "%d", version / 10000);
    return arena_printf(&context->arena, "%d.%d.%d", version / 10000, version / 100 % 100, version % 100);
}

const char *connection_setting(struct context *context, const struct project *project, const struct connection *connection) {
    const char *typed = context->options.url;
    size_t folder = strlen(project->folder);
    const char *path;

    if (typed && strncmp(typed, "env:", 4) == 0)
        return typed;
    if (!is_sqlite(connection->url))
        return connection->shown;
    path = arena_strndup(&context->arena, connection->url + 7, strlen(connection->url) - 7 - strlen(read_only));
    if (strncmp(path, project->folder, folder) == 0 && path[folder] == '/')
        path += folder + 1;
    return arena_printf(&context->arena, "sqlite:%s", path);
}
