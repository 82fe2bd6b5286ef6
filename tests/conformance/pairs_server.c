#include "pairs_server.h"

#include <stdlib.h>
#include <string.h>

#include "dump.h"
#include "registry.h"

static const struct {
    const char *name;
    const char *dialect;
    const char *variable;
} servers[] = {
    {"sqlite", "sqlite", NULL},
    {"postgresql", "postgresql", "PERSIST_TEST_POSTGRESQL"},
    {"postgresql18", "postgresql", "PERSIST_TEST_POSTGRESQL18"},
    {"mariadb", "mysql", "PERSIST_TEST_MARIADB"},
    {"mysql", "mysql", "PERSIST_TEST_MYSQL"},
};

enum { SERVER_COUNT = sizeof servers / sizeof *servers };

const char *const server_names[] = {"sqlite", "postgresql", "postgresql18", "mariadb", "mysql", NULL};

static int ask_server(struct arena *arena, struct server *server, struct diag *diag) {
    const struct driver *driver = server->target.dialect->driver;
    struct db *db = server->url ? driver->open(server->url, diag) : driver->open_scratch(NULL, diag);

    (void)arena;
    if (!db)
        return -1;
    server->target.flavor = db_head(db)->flavor;
    server->target.version = db_head(db)->version;
    db_close(db);
    return 0;
}

bool server_find(struct arena *arena, const char *name, struct server *server, struct diag *diag) {
    size_t i = 0;

    while (i < SERVER_COUNT && strcmp(servers[i].name, name) != 0)
        i++;
    if (i == SERVER_COUNT) {
        diag_fail(diag, "there is no server \"%s\"", name);
        return false;
    }
    *server = (struct server){.name = servers[i].name};
    server->target.dialect = registry_dialect(servers[i].dialect);
    server->target.comments = true;
    if (servers[i].variable) {
        server->url = getenv(servers[i].variable);
        if (!server->url || !*server->url) {
            diag_fail(diag, "no %s: %s is not set", name, servers[i].variable);
            return false;
        }
    }
    return ask_server(arena, server, diag) == 0;
}

/* A second connection to the database that the first one made and will remove. */
static int connect_again(struct arena *arena, const struct server *server, struct place *place, struct diag *diag) {
    static const char postgresql[] = "SELECT current_database()";
    static const char mysql[] = "SELECT DATABASE()";
    struct rows rows;

    if (db_query(place->owner, arena, strcmp(server->target.dialect->name, "mysql") == 0 ? mysql : postgresql, &rows, diag))
        return -1;
    place->url = database_url(arena, server->url, rows_text(&rows, 0, 0));
    place->db = server->target.dialect->driver->open(place->url, diag);
    return place->db ? 0 : -1;
}

int place_open(struct arena *arena, const struct server *server, struct place *place, struct diag *diag) {
    *place = (struct place){.owner = server->target.dialect->driver->open_scratch(server->url, diag)};
    if (!place->owner)
        return -1;
    if (server->url)
        return connect_again(arena, server, place, diag);
    place->db = place->owner;
    return 0;
}

void place_close(struct place *place) {
    if (place->db != place->owner)
        db_close(place->db);
    db_close(place->owner);
    *place = (struct place){0};
}

/* A server calls an empty script a mistake. */
static bool is_blank(const char *script) {
    return !script || !script[strspn(script, " \t\r\n;")];
}

static int run_scripts(struct db *db, const struct names *scripts, struct diag *diag) {
    for (size_t i = 0; i < scripts->count; i++)
        if (!is_blank(scripts->at[i]) && db_exec(db, scripts->at[i], diag))
            return -1;
    return 0;
}

/* psql sends statement by statement, each a transaction of its own, and knows what stands in no SQL ("\connect", COPY with its rows). */
static int run_with_psql(struct arena *arena, const struct place *place, const struct names *scripts, struct diag *diag) {
    char arguments[][24] = {"psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"};
    char *argv[] = {arguments[0], arguments[1], arguments[2], arguments[3], arguments[4], arena_printf(arena, "--dbname=%s", place->url),
                    NULL};

    for (size_t i = 0; i < scripts->count; i++)
        if (!is_blank(scripts->at[i]) && !program_output(arena, argv, scripts->at[i], diag))
            return -1;
    return 0;
}

/* The scripts' own settings stay with the connection they ran on; on SQLite, where there is one alone, keys that refer are checked again. */
static int connect_anew(struct arena *arena, const struct server *server, struct place *place, struct diag *diag) {
    if (!server->url)
        return db_exec(place->db, "PRAGMA foreign_keys = ON", diag);
    db_close(place->db);
    place->db = NULL;
    return connect_again(arena, server, place, diag);
}

int place_load(struct arena *arena, const struct server *server, const struct names *scripts, struct place *place, struct diag *diag) {
    struct diag first = {.arena = arena};
    bool postgresql = strcmp(server->target.dialect->name, "postgresql") == 0;

    if (place_open(arena, server, place, diag))
        return -1;
    if (run_scripts(place->db, scripts, postgresql ? &first : diag)) {
        if (!postgresql)
            return -1;
        place_close(place);
        if (place_open(arena, server, place, diag) || run_with_psql(arena, place, scripts, diag))
            return -1;
    }
    return connect_anew(arena, server, place, diag);
}

static const char *list_scratch(struct arena *arena, const struct server *server, pid_t process) {
    if (strcmp(server->target.dialect->name, "postgresql") == 0)
        return arena_printf(arena, "SELECT datname FROM pg_database WHERE starts_with(datname, 'persist_scratch_%ld_')", (long)process);
    return arena_printf(arena,
                        "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME LIKE 'persist!_scratch!_%ld!_%%' ESCAPE '!'",
                        (long)process);
}

void server_clean(const struct server *server, pid_t process) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct db *db = server->url ? server->target.dialect->driver->open(server->url, &diag) : NULL;
    struct rows rows = {0};

    if (db && db_query(db, &arena, list_scratch(&arena, server, process), &rows, &diag) == 0)
        for (size_t i = 0; i < rows.row_count; i++)
            db_exec(db, sql_format(&arena, &server->target.dialect->quoting, "DROP DATABASE %I", rows_text(&rows, i, 0)), &diag);
    db_close(db);
    arena_free(&arena);
}
