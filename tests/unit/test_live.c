/* What a runner asks and tells live databases, on SQLite and on the servers of PERSIST_TEST_*. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "batch.h"
#include "registry.h"
#include "rows.h"

static const char *server; /* the URL of the database at work */

/* Two sessions on one throw-away database. */
struct scene {
    struct arena arena;
    struct diag diag;
    const struct dialect *dialect;
    const char *url;
    struct db *one, *other, *keeper; /* the keeper made the database, and removes it */
};

static bool is_file(void) {
    return strncmp(server, "sqlite:", 7) == 0;
}

static bool is_mysql(void) {
    return registry_dialect_of_url(server)->quoting.open == '`';
}

static const char *one_text(struct scene *scene, struct db *db, const char *sql) {
    struct rows rows;

    if (db_query(db, &scene->arena, sql, &rows, &scene->diag) < 0)
        fail_msg("%s: %s", sql, scene->diag.list.at[scene->diag.list.count - 1].message);
    return rows.row_count ? rows_text(&rows, 0, 0) : NULL;
}

static void run(struct scene *scene, struct db *db, const char *sql) {
    if (db_exec(db, sql, &scene->diag) < 0)
        fail_msg("%s: %s", sql, scene->diag.list.at[scene->diag.list.count - 1].message);
}

/* The URL of the keeper's database. */
static const char *scratch_url(struct scene *scene) {
    struct url url;

    if (is_file())
        return server;
    assert_int_equal(url_parse(&scene->arena, server, &url, &scene->diag), 0);
    url.database = one_text(scene, scene->keeper, is_mysql() ? "SELECT DATABASE()" : "SELECT current_database()");
    return url_text(&scene->arena, &url);
}

static struct db *open_session(struct scene *scene) {
    struct db *db = db_open_to_write(scene->dialect->driver, scene->url, NULL, &scene->diag);

    assert_non_null(db);
    return db;
}

static void begin(struct scene *scene) {
    *scene = (struct scene){.dialect = registry_dialect_of_url(server)};
    scene->diag.arena = &scene->arena;
    scene->keeper = scene->dialect->driver->open_scratch(server, &scene->diag);
    assert_non_null(scene->keeper);
    scene->url = scratch_url(scene);
    if (is_file())
        unlink(server + 7);
    scene->one = open_session(scene);
    scene->other = open_session(scene);
}

static void end(struct scene *scene) {
    db_close(scene->one);
    db_close(scene->other);
    db_close(scene->keeper);
    if (is_file())
        unlink(server + 7);
    arena_free(&scene->arena);
}

/* --- faults --- */

static enum fault fault_of(struct scene *scene, struct db *db, const char *sql) {
    int result = db_exec(db, sql, &scene->diag);

    assert_int_equal(result < 0, db_fault(db) != FAULT_NONE);
    return db_fault(db);
}

static void test_fault_statement(void **state) {
    static const char *const sql[] = {"SELECT nothing"};
    const struct queries queries = {.sql = sql, .count = 1};
    struct scene scene;
    struct rows rows;

    (void)state;
    begin(&scene);
    assert_int_equal(fault_of(&scene, scene.one, "SELECT nothing FROM nowhere"), FAULT_STATEMENT);
    assert_int_equal(fault_of(&scene, scene.one, "SELECT 1"), FAULT_NONE);
    assert_int_equal(db_query_all(scene.one, &scene.arena, &queries, &rows, &scene.diag), -1);
    assert_int_equal(db_fault(scene.one), FAULT_STATEMENT);
    assert_int_equal(db_query(scene.one, &scene.arena, "SELECT 1", &rows, &scene.diag), 0);
    assert_int_equal(db_fault(scene.one), FAULT_NONE);
    end(&scene);
}

/* A session that somebody ends. */
static void test_fault_lost(void **state) {
    struct scene scene;
    const char *session;

    (void)state;
    if (is_file())
        skip();
    begin(&scene);
    session = one_text(&scene, scene.one, is_mysql() ? "SELECT CONNECTION_ID()" : "SELECT pg_backend_pid()");
    run(&scene, scene.other, arena_printf(&scene.arena, is_mysql() ? "KILL %s" : "SELECT pg_terminate_backend(%s)", session));
    assert_int_equal(fault_of(&scene, scene.one, "SELECT 1"), FAULT_LOST);
    end(&scene);
}

/* --- what is asked and set --- */

static void set_limits(struct scene *scene, struct db *db, unsigned lock, unsigned statement) {
    const struct limits limits = {.lock = lock, .statement = statement};
    const struct live_sql *live = scene->dialect->live;
    const char *sql = live->limits(&scene->arena, db_head(db), &limits);

    if (live->settings)
        run(scene, db, live->settings(db_head(db)));
    if (sql)
        run(scene, db, sql);
}

static void test_answers(void **state) {
    struct scene scene;
    const struct live_sql *live;
    struct rows rows;

    (void)state;
    begin(&scene);
    live = scene.dialect->live;
    assert_in_range(strtoll(one_text(&scene, scene.one, live->clock), NULL, 10), time(NULL) - 5, time(NULL) + 5);
    if (live->session)
        assert_string_not_equal(one_text(&scene, scene.one, live->session), one_text(&scene, scene.other, live->session));
    if (live->read_only)
        assert_null(one_text(&scene, scene.one, live->read_only));
    if (live->clustered && live->clustered(db_head(scene.one))) {
        assert_int_equal(db_query(scene.one, &scene.arena, live->clustered(db_head(scene.one)), &rows, &scene.diag), 0);
        assert_false(rows_true(&rows, 0, 0));
    }
    run(&scene, scene.one, arena_printf(&scene.arena, "CREATE TABLE a (b int, c int)%s", live->table_options));
    assert_int_equal(db_query(scene.one, &scene.arena, live->columns(&scene.arena, NULL, "a"), &rows, &scene.diag), 0);
    assert_int_equal(rows.row_count, 2);
    assert_string_equal(rows_text(&rows, 1, 0), "c");
    assert_null(one_text(&scene, scene.one, live->columns(&scene.arena, NULL, "it's")));
    assert_null(one_text(&scene, scene.one, live->columns(&scene.arena, is_file() ? "temp" : "information_schema", "a")));
    set_limits(&scene, scene.one, 0, 0);
    set_limits(&scene, scene.one, 1500, 2500);
    end(&scene);
}

/* One session has the lock, and another is told who. */
static void test_lock(void **state) {
    struct scene scene;
    const struct live_sql *live;
    const char *take, *session;
    struct rows rows;

    (void)state;
    begin(&scene);
    live = scene.dialect->live;
    if (!live->lock) {
        end(&scene);
        skip();
    }
    take = live->lock(&scene.arena, db_head(scene.one), "shop of a name that is longer than the sixty-four characters that it may have");
    session = one_text(&scene, scene.one, live->session);
    assert_null(one_text(&scene, scene.other, live->holder(&scene.arena, db_head(scene.other), "it's")));
    assert_int_equal(db_query(scene.one, &scene.arena, take, &rows, &scene.diag), 0);
    assert_true(rows_true(&rows, 0, 0));
    assert_int_equal(db_query(scene.other, &scene.arena, take, &rows, &scene.diag), 0);
    assert_false(rows_true(&rows, 0, 0));
    take = live->lock(&scene.arena, db_head(scene.one), "it's");
    run(&scene, scene.one, take);
    assert_int_equal(db_query(scene.other, &scene.arena, live->holder(&scene.arena, db_head(scene.other), "it's"), &rows, &scene.diag), 0);
    assert_int_equal(rows.row_count, 1);
    assert_int_equal(rows.column_count, 4);
    assert_string_equal(rows_text(&rows, 0, 0), session);
    for (size_t i = 1; i < 4; i++)
        assert_non_null(rows_text(&rows, 0, i));
    assert_non_null(strstr(rows_text(&rows, 0, 1), " at "));
    run(&scene, scene.one, live->unlock(&scene.arena, db_head(scene.one), "it's"));
    assert_int_equal(db_query(scene.other, &scene.arena, take, &rows, &scene.diag), 0);
    assert_true(rows_true(&rows, 0, 0));
    end(&scene);
}

/* The same name in another database is another lock. */
static void test_lock_elsewhere(void **state) {
    struct scene scene, elsewhere;
    struct rows rows;

    (void)state;
    begin(&scene);
    begin(&elsewhere);
    if (scene.dialect->live->lock)
        for (size_t i = 0; i < 2; i++) {
            struct scene *at = i ? &elsewhere : &scene;
            const char *take = at->dialect->live->lock(&at->arena, db_head(at->one), "shop");

            assert_int_equal(db_query(at->one, &at->arena, take, &rows, &at->diag), 0);
            assert_true(rows_true(&rows, 0, 0));
        }
    end(&elsewhere);
    end(&scene);
}

/* --- waiting --- */

/* A table that one session has written to, and not committed. */
static void hold_table(struct scene *scene) {
    run(scene, scene->one, arena_printf(&scene->arena, "CREATE TABLE a (b int PRIMARY KEY, c int)%s", scene->dialect->live->table_options));
    run(scene, scene->one, "INSERT INTO a VALUES (1, 1)");
    run(scene, scene->one, scene->dialect->live->begin);
    run(scene, scene->one, "UPDATE a SET c = 2");
}

static void test_fault_locked(void **state) {
    struct scene scene;

    (void)state;
    begin(&scene);
    hold_table(&scene);
    set_limits(&scene, scene.other, 50, 0);
    assert_int_equal(fault_of(&scene, scene.other, "ALTER TABLE a ADD COLUMN d int"), FAULT_LOCKED);
    assert_int_equal(fault_of(&scene, scene.other, "UPDATE a SET c = 3"), FAULT_LOCKED);
    run(&scene, scene.one, "COMMIT");
    assert_int_equal(fault_of(&scene, scene.other, "ALTER TABLE a ADD COLUMN d int"), FAULT_NONE);
    end(&scene);
}

static void test_fault_timeout(void **state) {
    struct scene scene;

    (void)state;
    if (is_file())
        skip();
    begin(&scene);
    set_limits(&scene, scene.one, 0, 100);
    if (!is_mysql())
        assert_int_equal(fault_of(&scene, scene.one, "SELECT pg_sleep(2)"), FAULT_TIMEOUT);
    else /* SLEEP() says by its value that it was ended */
        assert_int_equal(fault_of(&scene, scene.one,
                                  "SELECT COUNT(*) FROM information_schema.COLUMNS a, information_schema.COLUMNS b, "
                                  "information_schema.COLUMNS c WHERE a.COLUMN_NAME <> CONCAT(b.COLUMN_NAME, c.COLUMN_NAME)"),
                         FAULT_TIMEOUT);
    end(&scene);
}

static void test_fault_read_only(void **state) {
    struct scene scene;

    (void)state;
    begin(&scene);
    run(&scene, scene.one, "CREATE TABLE a (b int)");
    if (is_file())
        run(&scene, scene.one, "PRAGMA query_only = ON");
    else
        run(&scene, scene.one, is_mysql() ? "START TRANSACTION READ ONLY" : "BEGIN READ ONLY");
    assert_int_equal(fault_of(&scene, scene.one, "INSERT INTO a VALUES (1)"), FAULT_READ_ONLY);
    end(&scene);
}

/* To who asks more often MariaDB shows what was before. */
static void pause_shortly(void) {
    nanosleep(&(struct timespec){.tv_nsec = 200000000}, NULL);
}

/* A session that waits, as a process of its own. */
static pid_t start_waiter(struct scene *scene, const char *sql, char session[32]) {
    int ends[2];
    pid_t child;
    ssize_t length;

    assert_int_equal(pipe(ends), 0);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        struct arena arena = {0};
        struct diag diag = {.arena = &arena};
        struct db *db = db_open(scene->dialect->driver, scene->url, NULL, &diag);
        struct rows rows;

        if (!db || db_query(db, &arena, scene->dialect->live->session, &rows, &diag) < 0 ||
            write(ends[1], rows_text(&rows, 0, 0), strlen(rows_text(&rows, 0, 0))) < 0)
            _exit(1);
        close(ends[1]);
        if (db_exec(db, sql, &diag) == 0)
            _exit(0);
        fprintf(stderr, "%s\n", diag.list.at[0].message);
        _exit(1);
    }
    close(ends[1]);
    length = read(ends[0], session, 31);
    close(ends[0]);
    assert_true(length > 0);
    session[length] = '\0';
    return child;
}

static struct wait_row {
    const char *name;
    const char *sql;
} wait_rows[] = {
    {"who holds the row", "UPDATE a SET c = 3"},
    {"who holds the table", "ALTER TABLE a ADD COLUMN d int"},
};

static void test_blockers(void **state) {
    const struct wait_row *row = *state;
    struct scene scene;
    struct rows rows = {0};
    const char *sql, *session;
    char waiter[32];
    pid_t child;
    int status;

    begin(&scene);
    if (!scene.dialect->live->blockers) {
        end(&scene);
        skip();
    }
    hold_table(&scene);
    session = one_text(&scene, scene.one, scene.dialect->live->session);
    child = start_waiter(&scene, row->sql, waiter);
    sql = scene.dialect->live->blockers(&scene.arena, db_head(scene.other), waiter);
    for (int i = 0; i < 20 && !rows.row_count; i++) {
        pause_shortly();
        assert_int_equal(db_query(scene.other, &scene.arena, sql, &rows, &scene.diag), 0);
    }
    assert_int_equal(rows.row_count, 1);
    assert_string_equal(rows_text(&rows, 0, 0), session);
    assert_non_null(strstr(rows_text(&rows, 0, 3), "idle in transaction"));
    run(&scene, scene.one, "COMMIT");
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    pause_shortly();
    assert_int_equal(db_query(scene.other, &scene.arena, sql, &rows, &scene.diag), 0);
    assert_int_equal(rows.row_count, 0);
    end(&scene);
}

/* --- batches --- */

static struct key_row {
    const char *name;
    const char *type;
    const char *first, *second, *third; /* keys in an order that differs from their order as texts, where there is one */
} key_rows[] = {
    {"batches over numbers", "BIGINT", "9007199254740992", "9007199254740993", "9007199254740994"},
    {"batches over small numbers", "SMALLINT", "-2", "9", "10"},
    {"batches over texts", "VARCHAR(40)", "it\\'s", "ä", "öß €"},
    {"batches over dates", "DATE", "2000-01-01", "2000-01-02", "2001-01-01"},
};

/* Keys two by two: two batches, and the end. */
static void test_batches(void **state) {
    const struct key_row *row = *state;
    const char *keys[] = {row->first, row->second, row->third}, *last = NULL, *bound;
    const struct quoting *quoting;
    struct scene scene;
    struct statement statement = {.batch = "k"};
    struct batch batch;
    size_t count = 0;

    begin(&scene);
    quoting = &scene.dialect->quoting;
    run(&scene, scene.one, sql_format(&scene.arena, quoting, "CREATE TABLE a (k %T PRIMARY KEY, b int)", row->type));
    for (size_t i = 0; i < ROWS(keys); i++)
        run(&scene, scene.one, sql_format(&scene.arena, quoting, "INSERT INTO a (k) VALUES (%L)", keys[i]));
    statement.text = "UPDATE a SET b = COALESCE(b, 0) + 1 WHERE b IS NULL OR b < 5";
    assert_true(batch_read(&scene.arena, scene.dialect, &statement, &batch));
    while ((bound = one_text(&scene, scene.one, batch_bound(&scene.arena, &batch, last, 2)))) {
        assert_true(++count < 3);
        run(&scene, scene.one, batch_update(&scene.arena, &batch, last, bound));
        last = bound;
    }
    assert_int_equal(count, 2);
    assert_string_equal(last, row->third);
    assert_string_equal(one_text(&scene, scene.one, "SELECT COUNT(*) FROM a WHERE b = 1"), "3");
    end(&scene);
}

/* --- rights --- */

/* A user of the server who may do nothing, and a session of that user. */
static struct db *open_poor(struct scene *scene, const char *name) {
    struct url url;
    struct db *db;

    run(scene, scene->one,
        sql_format(&scene->arena, &scene->dialect->quoting,
                   is_mysql() ? "CREATE USER %I IDENTIFIED BY 'poor'" : "CREATE ROLE %I LOGIN PASSWORD 'poor'", name));
    if (is_mysql())
        run(scene, scene->one, sql_format(&scene->arena, &scene->dialect->quoting, "GRANT UPDATE, SELECT ON a TO %I", name));
    assert_int_equal(url_parse(&scene->arena, scene->url, &url, &scene->diag), 0);
    url.user = name;
    url.password = "poor";
    db = db_open(scene->dialect->driver, url_text(&scene->arena, &url), NULL, &scene->diag);
    assert_non_null(db);
    return db;
}

static const char *const right_texts[] = {
    "ALTER TABLE a ADD COLUMN c int",      "CREATE INDEX i ON a (b)", "UPDATE a SET b = 1", "DELETE FROM a", "CREATE TABLE made (b int)",
    "ALTER TABLE nowhere ADD COLUMN c int"};

/* What the user of DB lacks to run SCRIPT, a line each. */
static const char *lacks(struct scene *scene, struct db *db, const struct script *script) {
    const struct live_sql *live = scene->dialect->live;
    struct rows grants = {0}, rows = {0};
    struct str found = STR_INIT;
    const char *query, *kept;

    if (live->grants)
        assert_int_equal(db_query(db, &scene->arena, one_text(scene, db, live->grants), &grants, &scene->diag), 0);
    query = live->missing_rights(&scene->arena, &grants, script);
    if (query)
        assert_int_equal(db_query(db, &scene->arena, query, &rows, &scene->diag), 0);
    for (size_t i = 0; i < rows.row_count; i++)
        str_addf(&found, "%s\n", rows_text(&rows, i, 0));
    kept = str_keep(&found, &scene->arena);
    str_free(&found);
    return kept;
}

/* A table "a", and a script that needs rights. */
static bool begin_rights(struct scene *scene, struct script *script) {
    begin(scene);
    if (!scene->dialect->live->missing_rights)
        return false;
    *script = (struct script){.arena = &scene->arena};
    for (size_t i = 0; i < ROWS(right_texts); i++)
        script_add(script, right_texts[i], NULL);
    run(scene, scene->one, "CREATE TABLE a (b int)");
    return true;
}

static void test_rights(void **state) {
    struct scene scene;
    struct script script, empty;
    const char *name, *found;
    struct db *poor;

    (void)state;
    if (!begin_rights(&scene, &script)) {
        end(&scene);
        skip();
    }
    empty = (struct script){.arena = &scene.arena};
    name = arena_printf(&scene.arena, "persist_poor_%ld", (long)getpid());
    if (!is_mysql())
        run(&scene, scene.one, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    poor = open_poor(&scene, name);
    assert_string_equal(lacks(&scene, scene.one, &script), "");
    assert_string_equal(lacks(&scene, poor, &empty), "");
    found = lacks(&scene, poor, &script);
    db_close(poor);
    run(&scene, scene.one, sql_format(&scene.arena, &scene.dialect->quoting, is_mysql() ? "DROP USER %I" : "DROP ROLE %I", name));
    assert_string_equal(found, is_mysql()
                                   ? "ALTER on table a\nALTER on table nowhere\nCREATE on table made\nDELETE on table a\nINDEX on table a\n"
                                   : "CREATE on schema public\nDELETE on table a\nUPDATE on table a\nownership of a\n");
    end(&scene);
}

static void run_of(struct scene *scene, const char *text, const char *name, const char *other) {
    run(scene, scene->one, sql_format(&scene->arena, &scene->dialect->quoting, text, name, other));
}

/* What a role has counts, and what another has that was granted to it, for as long as the role is on. */
static void test_rights_of_roles(void **state) {
    static const char all[] = "ALTER on table a\nALTER on table nowhere\nCREATE on table made\nDELETE on table a\nINDEX on table a\n";
    struct scene scene;
    struct script script;
    const char *name, *role, *inner, *without, *with;
    struct db *poor;

    (void)state;
    if (!begin_rights(&scene, &script) || !is_mysql()) {
        end(&scene);
        skip();
    }
    name = arena_printf(&scene.arena, "persist_poor_%ld", (long)getpid());
    role = arena_printf(&scene.arena, "persist_role_%ld", (long)getpid());
    inner = arena_printf(&scene.arena, "persist_inner_%ld", (long)getpid());
    poor = open_poor(&scene, name);
    run_of(&scene, "CREATE ROLE %I", role, NULL);
    run_of(&scene, "CREATE ROLE %I", inner, NULL);
    run_of(&scene, "GRANT CREATE, DELETE ON %I.* TO %I", one_text(&scene, scene.one, "SELECT DATABASE()"), role);
    run_of(&scene, "GRANT ALTER ON a TO %I", role, NULL);
    run_of(&scene, "GRANT INDEX ON a TO %I", inner, NULL);
    run_of(&scene, "GRANT %I TO %I", inner, role);
    run_of(&scene, "GRANT %I TO %I", role, name);
    without = lacks(&scene, poor, &script);
    run(&scene, poor, sql_format(&scene.arena, &scene.dialect->quoting, "SET ROLE %I", role));
    with = lacks(&scene, poor, &script);
    db_close(poor);
    run_of(&scene, "DROP USER %I", name, NULL);
    run_of(&scene, "DROP ROLE %I", role, NULL);
    run_of(&scene, "DROP ROLE %I", inner, NULL);
    assert_string_equal(without, all);
    assert_string_equal(with, "ALTER on table nowhere\n");
    end(&scene);
}

static int run_on_server(const char *title) {
    struct CMUnitTest tests[ROWS(wait_rows) + ROWS(key_rows) + 10] = {
        cmocka_unit_test(test_fault_statement),
        cmocka_unit_test(test_fault_lost),
        cmocka_unit_test(test_fault_locked),
        cmocka_unit_test(test_fault_timeout),
        cmocka_unit_test(test_fault_read_only),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_lock),
        cmocka_unit_test(test_lock_elsewhere),
        cmocka_unit_test(test_rights),
        cmocka_unit_test(test_rights_of_roles),
    };
    size_t count = 10;

    ADD_ROWS(tests, count, wait_rows, test_blockers);
    ADD_ROWS(tests, count, key_rows, test_batches);
    return cmocka_run_group_tests_name(title, tests, NULL, NULL);
}

int main(void) {
    char file[64];
    const char *servers[] = {file, getenv("PERSIST_TEST_POSTGRESQL"), getenv("PERSIST_TEST_POSTGRESQL18"), getenv("PERSIST_TEST_MARIADB"),
                             getenv("PERSIST_TEST_MYSQL")};
    int failed = 0;

    snprintf(file, sizeof file, "sqlite:/tmp/persist_test_live_%ld.db", (long)getpid());
    for (size_t i = 0; i < ROWS(servers); i++)
        if ((server = servers[i]) && *server)
            failed += run_on_server(registry_dialect_of_url(server)->title);
    return failed != 0;
}
