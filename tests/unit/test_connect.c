/* Connections on the servers of PERSIST_TEST_*: many queries on one view of a database, and what a person reads when it does not work. */
#include <stdlib.h>
#include <string.h>

#include "registry.h"
#include "rows.h"

static const char *server; /* the URL of the server at work */

struct scene {
    struct arena arena;
    struct diag diag;
    struct db *db;
};

static struct db *open_url(struct scene *scene, const char *url) {
    return db_open(registry_dialect_of_url(url)->driver, url, NULL, &scene->diag);
}

static void begin(struct scene *scene) {
    *scene = (struct scene){0};
    scene->diag.arena = &scene->arena;
    scene->db = open_url(scene, server);
    assert_non_null(scene->db);
}

static void end(struct scene *scene) {
    db_close(scene->db);
    arena_free(&scene->arena);
}

static const char *last_message(const struct scene *scene) {
    return scene->diag.list.count ? scene->diag.list.at[scene->diag.list.count - 1].message : "";
}

static bool is_mysql(void) {
    return registry_dialect_of_url(server)->quoting.open == '`';
}

/* The same three queries, one of which is empty, alone and within an open transaction. */
static void test_query_all(void **state) {
    static const char *const sql[] = {"SELECT 1, NULL", "SELECT 2 WHERE 1 = 0", "SELECT 'a' UNION ALL SELECT 'b'"};
    const struct queries queries = {.sql = sql, .count = ROWS(sql)};
    struct rows rows[ROWS(sql)];
    struct scene scene;

    (void)state;
    begin(&scene);
    for (int inside = 0; inside < 2; inside++) {
        assert_int_equal(inside ? db_exec(scene.db, "BEGIN", &scene.diag) : 0, 0);
        assert_int_equal(db_query_all(scene.db, &scene.arena, &queries, rows, &scene.diag), 0);
        assert_string_equal(rows_text(&rows[0], 0, 0), "1");
        assert_null(rows_text(&rows[0], 0, 1));
        assert_int_equal(rows[1].row_count, 0);
        assert_string_equal(rows_text(&rows[2], 1, 0), "b");
    }
    assert_int_equal(db_exec(scene.db, "ROLLBACK", &scene.diag), 0);
    end(&scene);
}

/* A query that fails is reported once, in a person's words with the server's behind them; the session is as it was. */
static void test_query_all_fails(void **state) {
    static const char *const sql[] = {"SELECT 1", "SELECT nonsense", "SELECT 3"};
    const struct queries queries = {.sql = sql, .count = ROWS(sql)};
    struct rows rows[ROWS(sql)];
    struct scene scene;

    (void)state;
    begin(&scene);
    assert_int_equal(db_query_all(scene.db, &scene.arena, &queries, rows, &scene.diag), -1);
    assert_int_equal(scene.diag.list.count, 1);
    assert_non_null(strstr(last_message(&scene), "cannot read the catalog of "));
    assert_non_null(strstr(last_message(&scene), "nonsense"));
    assert_int_equal(db_query(scene.db, &scene.arena, "SELECT 4", &rows[0], &scene.diag), 0);
    assert_string_equal(rows_text(&rows[0], 0, 0), "4");
    end(&scene);
}

/* Whatever a catalog query says, nothing is written. */
static void test_read_only(void **state) {
    const char *sql[] = {is_mysql() ? "DELETE FROM mysql.help_topic WHERE 1 = 0" : "CREATE TABLE persist_written (a INT)"};
    const struct queries queries = {.sql = sql, .count = 1};
    struct rows rows[1] = {{0}};
    struct scene scene;

    (void)state;
    begin(&scene);
    assert_int_equal(db_query_all(scene.db, &scene.arena, &queries, rows, &scene.diag), -1);
    assert_non_null(strstr(last_message(&scene), is_mysql() ? "READ ONLY" : "read-only"));
    end(&scene);
}

/* What PREPARE sets for a PostgreSQL transaction is over with it. */
static void test_settings_end(void **state) {
    static const char *const sql[] = {"SHOW search_path"};
    const struct queries queries = {.prepare = "SET search_path = pg_catalog", .sql = sql, .count = 1};
    struct rows rows[1];
    struct scene scene;

    (void)state;
    if (is_mysql())
        return;
    begin(&scene);
    assert_int_equal(db_query_all(scene.db, &scene.arena, &queries, rows, &scene.diag), 0);
    assert_string_equal(rows_text(&rows[0], 0, 0), "pg_catalog");
    assert_int_equal(db_query(scene.db, &scene.arena, sql[0], &rows[0], &scene.diag), 0);
    assert_string_not_equal(rows_text(&rows[0], 0, 0), "pg_catalog");
    end(&scene);
}

/* The URL of the server with something changed, and what is said then. "-": the part is as in the server's URL. */
static struct fault_case {
    const char *name;
    const char *host, *port, *user, *database, *query;
    const char *words[2]; /* PostgreSQL, MySQL; NULL: not there */
} fault_cases[] = {
    {"no such host", "no-such-host.invalid", "-", "-", "-", NULL, {"no such host", "no such host"}},
    {"nothing listens", "-", "1", "-", "-", NULL, {"nothing answers there", "nothing answers there"}},
    {"no such database", "-", "-", "-", "persist_no_such", NULL, {"there is no such database", "there is no such database"}},
    {"no such user", "-", "-", "persist_nobody", "-", NULL, {"there is no such user", "wants a password, or does not know the user"}},
    {"unknown option", "-", "-", "-", "-", "sslmod=require", {"no option \"sslmod\"", "no option \"sslmod\""}},
    {"TLS that the server has not", "-", "-", "-", "-", "sslmode=require", {"has no TLS", "no option"}},
    {"unknown TLS mode", "-", "-", "-", "-", "ssl-mode=maybe", {"no option \"ssl-mode\"", "no ssl-mode \"maybe\""}},
    {"authority missing", "-", "-", "-", "-", "ssl-mode=verify_ca", {"no option", "needs the certificate of the authority"}},
};

static const char *part(const char *changed, const char *own) {
    return changed && strcmp(changed, "-") == 0 ? own : changed;
}

static void test_fault(void **state) {
    const struct fault_case *row = *state;
    const char *words = row->words[is_mysql()];
    struct scene scene = {0};
    struct url url;

    scene.diag.arena = &scene.arena;
    assert_int_equal(url_parse(&scene.arena, server, &url, &scene.diag), 0);
    url.host = part(row->host, url.host);
    url.port = part(row->port, url.port);
    url.user = part(row->user, url.user);
    url.database = part(row->database, url.database);
    url.query = row->query;
    assert_null(open_url(&scene, url_text(&scene.arena, &url)));
    if (!strstr(last_message(&scene), words))
        fail_msg("said: %s", last_message(&scene));
    arena_free(&scene.arena);
}

static int run_on(const char *url) {
    struct CMUnitTest tests[ROWS(fault_cases) + 4] = {
        cmocka_unit_test(test_query_all),
        cmocka_unit_test(test_query_all_fails),
        cmocka_unit_test(test_read_only),
        cmocka_unit_test(test_settings_end),
    };
    size_t count = 4;

    server = url;
    ADD_ROWS(tests, count, fault_cases, test_fault);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void) {
    const char *servers[] = {getenv("PERSIST_TEST_POSTGRESQL"), getenv("PERSIST_TEST_POSTGRESQL18"), getenv("PERSIST_TEST_MARIADB"),
                             getenv("PERSIST_TEST_MYSQL")};
    int failed = 0, ran = 0;

    for (size_t i = 0; i < ROWS(servers); i++)
        if (servers[i] && *servers[i]) {
            failed += run_on(servers[i]);
            ran++;
        }
    return ran ? failed != 0 : 77;
}
