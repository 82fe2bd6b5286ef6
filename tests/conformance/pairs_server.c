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

enum { SPARE_COUNT = 4 };

struct spares {
    struct db *at[SPARE_COUNT]; /* the connections that will remove them */
    size_t count;
};

const char *const server_names[] = {"sqlite", "postgresql", "postgresql18", "mariadb", "mysql", NULL};

static int ask_server(struct server *server, struct diag *diag) {
    const struct driver *driver = server->target.dialect->driver;
    struct db *db = server->url ? driver->open(server->url, diag) : driver->open_scratch(NULL, diag);

    if (!db)
        return -1;
    server->target.flavor = db_head(db)->flavor;
    server->target.version = db_head(db)->version;
    db_close(db);
    return 0;
}

bool server_find(const char *name, struct server *server, struct diag *diag) {
    size_t i = 0;

    while (i < SERVER_COUNT && strcmp(servers[i].name, name) != 0)
        i++;
    if (i == SERVER_COUNT) {
        diag_fail(diag, "there is no server \"%s\"", name);
        return false;
    }
    *server = (struct server){.name = servers[i].name, .spares = ARENA_NEW(diag->arena, struct spares)};
    server->target.dialect = registry_dialect(servers[i].dialect);
    server->target.comments = true;
    if (servers[i].variable) {
        server->url = getenv(servers[i].variable);
        if (!server->url || !*server->url) {
            diag_fail(diag, "no %s: %s is not set", name, servers[i].variable);
            return false;
        }
    }
    return ask_server(server, diag) == 0;
}

/* A second connection to the database that the first one made and will remove. */
static int connect_again(const struct server *server, struct place *place, struct diag *diag) {
    static const char postgresql[] = "SELECT current_database()";
    static const char mysql[] = "SELECT DATABASE()";
    struct arena *arena = diag->arena;
    struct rows rows;

    if (db_query(place->owner, arena, strcmp(server->target.dialect->name, "mysql") == 0 ? mysql : postgresql, &rows, diag))
        return -1;
    place->url = database_url(arena, server->url, rows_text(&rows, 0, 0));
    place->db = server->target.dialect->driver->open(place->url, diag);
    return place->db ? 0 : -1;
}

/* Using a database of PostgreSQL again: making one copies a hundred files. */

/* Drops everything that users can make in a database. What is left over by this is seen by is_empty. */
static const char make_empty[] =
    "DO $$ DECLARE statement text; BEGIN "
    "FOR statement IN SELECT format('DROP EVENT TRIGGER %I', evtname) FROM pg_event_trigger UNION ALL "
    "SELECT format('DROP EXTENSION %I CASCADE', extname) FROM pg_extension WHERE oid >= 16384 UNION ALL "
    "SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace WHERE oid >= 16384 AND nspname !~ '^pg_' "
    "LOOP EXECUTE statement; END LOOP; "
    "FOREACH statement IN ARRAY (SELECT coalesce(array_agg(format('DROP %s IF EXISTS %s CASCADE', o.type, o.identity)), '{}') "
    "FROM pg_depend d, pg_identify_object(d.classid, d.objid, d.objsubid) o "
    "WHERE d.refclassid = 'pg_namespace'::regclass AND d.refobjid = 'public'::regnamespace AND d.deptype = 'n') "
    "LOOP EXECUTE statement; END LOOP; END $$";

/* Is it as a new one is? */
#define MADE(catalog) "EXISTS (SELECT FROM " catalog " WHERE oid >= 16384) OR "
static const char is_empty[] = "SELECT NOT (" MADE("pg_class") MADE("pg_type") MADE("pg_proc") MADE("pg_operator") MADE("pg_opclass") MADE(
    "pg_opfamily") MADE("pg_cast") MADE("pg_collation") MADE("pg_conversion") MADE("pg_ts_config") MADE("pg_ts_dict") MADE("pg_ts_parser")
    MADE("pg_ts_template") MADE("pg_foreign_data_wrapper") MADE("pg_foreign_server") MADE("pg_event_trigger") MADE("pg_publication")
        MADE("pg_extension") MADE("pg_language") MADE("pg_am") MADE("pg_default_acl") MADE("pg_transform") MADE("pg_statistic_ext") MADE(
            "pg_largeobject_metadata") "EXISTS (SELECT FROM pg_namespace WHERE oid >= 16384 AND nspname !~ '^pg_') OR "
                                       "EXISTS (SELECT FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase WHERE datname = "
                                       "current_database()) OR "
                                       "EXISTS (SELECT FROM pg_seclabel) OR EXISTS (SELECT FROM pg_description WHERE objoid >= 16384)) AND "
                                       "obj_description('public'::regnamespace) = 'standard public schema' AND (SELECT nspowner = "
                                       "'pg_database_owner'::regrole "
                                       "AND nspacl IS NOT DISTINCT FROM (SELECT initprivs FROM pg_init_privs WHERE objoid = n.oid AND "
                                       "classoid = 'pg_namespace'::regclass) "
                                       "FROM pg_namespace n WHERE nspname = 'public')";

static bool make_spare(struct db *owner, struct diag *diag) {
    struct rows rows;

    return db_exec(owner, make_empty, diag) == 0 && db_query(owner, diag->arena, is_empty, &rows, diag) == 0 && rows_true(&rows, 0, 0);
}

/* A database that was used before and is empty again, or NULL. */
static struct db *take_spare(const struct server *server, struct diag *diag) {
    struct diag ignored = {.arena = diag->arena};

    while (server->spares->count) {
        struct db *owner = server->spares->at[--server->spares->count];

        if (make_spare(owner, &ignored))
            return owner;
        db_close(owner);
    }
    return NULL;
}

int server_open_place(const struct server *server, struct place *place, struct diag *diag) {
    *place = (struct place){.server = server, .owner = take_spare(server, diag)};
    if (!place->owner)
        place->owner = server->target.dialect->driver->open_scratch(server->url, diag);
    if (!place->owner)
        return -1;
    if (server->url)
        return connect_again(server, place, diag);
    place->db = place->owner;
    return 0;
}

void place_close(struct place *place) {
    const struct server *server = place->server;

    if (place->db != place->owner)
        db_close(place->db);
    if (place->owner && strcmp(server->target.dialect->name, "postgresql") == 0 && server->spares->count < SPARE_COUNT)
        server->spares->at[server->spares->count++] = place->owner;
    else
        db_close(place->owner);
    *place = (struct place){0};
}

void server_end(const struct server *server) {
    while (server->spares->count)
        db_close(server->spares->at[--server->spares->count]);
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

static int run_with(char *const *argv, const struct names *scripts, struct diag *diag) {
    for (size_t i = 0; i < scripts->count; i++)
        if (!is_blank(scripts->at[i]) && !program_output(diag->arena, argv, scripts->at[i], diag))
            return -1;
    return 0;
}

/* psql sends statement by statement, each a transaction of its own, and knows what stands in no SQL ("\\connect", COPY with its rows). */
static int run_with_psql(const struct place *place, const struct names *scripts, struct diag *diag) {
    char words[][24] = {"psql", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1", "--file=-"};
    char *argv[] = {words[0], words[1], words[2], words[3], words[4], arena_printf(diag->arena, "--dbname=%s", place->url), NULL};

    return run_with(argv, scripts, diag);
}

static int run_with_mariadb(const struct place *place, const struct names *scripts, struct diag *diag) {
    struct arena *arena = diag->arena;
    char words[][24] = {"mariadb", "--no-defaults", "--force", "--default-character-set", "utf8mb4"};
    char *argv[] = {words[0], words[1], words[2], NULL, NULL, NULL, NULL, NULL, NULL};
    struct diag refused = {.arena = arena};
    struct url url;

    if (url_parse(arena, place->url, &url, diag))
        return -1;
    argv[3] = arena_printf(arena, "%s=%s", words[3], words[4]);
    argv[4] = arena_printf(arena, "--host=%s", url.host);
    argv[5] = arena_printf(arena, "--port=%s", url.port ? url.port : "3306");
    argv[6] = arena_printf(arena, "--user=%s", url.user ? url.user : "root");
    argv[7] = arena_strdup(arena, url.database);
    if (url.password)
        setenv("MYSQL_PWD", url.password, 1);
    run_with(argv, scripts, &refused);
    return 0;
}

/* The scripts' own settings stay with the connection they ran on; on SQLite, where there is one alone, keys that refer are checked again. */
static int connect_anew(const struct server *server, struct place *place, struct diag *diag) {
    if (!server->url)
        return db_exec(place->db, "PRAGMA foreign_keys = ON", diag);
    db_close(place->db);
    place->db = NULL;
    return connect_again(server, place, diag);
}

static int run_making(const struct server *server, const struct making *making, struct place *place, struct diag *diag) {
    const char *name = server->target.dialect->name;
    struct diag first = {.arena = diag->arena};

    if (making->forced && strcmp(name, "mysql") == 0)
        return run_with_mariadb(place, &making->scripts, diag);
    if (strcmp(name, "postgresql") != 0)
        return run_scripts(place->db, &making->scripts, diag);
    if (run_scripts(place->db, &making->scripts, &first) == 0)
        return 0;
    place_close(place);
    return server_open_place(server, place, diag) || run_with_psql(place, &making->scripts, diag) ? -1 : 0;
}

int place_load(const struct server *server, const struct making *making, struct place *place, struct diag *diag) {
    return server_open_place(server, place, diag) || run_making(server, making, place, diag) || connect_anew(server, place, diag) ? -1 : 0;
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
