/* What a MySQL or MariaDB database holds, as a model and back: every row is SQL. A database made from it is pulled; the model holds what the row
 * says; a database made from the model is pulled as the same model; and where a row has a next state, the database migrated to it is, too,
 * and back again.
 *
 * The servers are those of PERSIST_TEST_MARIADB and PERSIST_TEST_MYSQL; without either the test is skipped (77). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "declare.h"
#include "model.h"
#include "mysql_internal.h"
#include "rows.h"
#include "str.h"
#include "traced.h"

static const char *url; /* of the server at work */

static struct pull_row {
    const char *name;
    const char *sql;
    const char *says; /* in the model; NULL: nothing to look for */
    const char *next; /* another state; or NULL */
    enum flavor only; /* FLAVOR_NONE: both */
} pull_rows[] = {
    {"a view", "CREATE TABLE t (id INT PRIMARY KEY, a INT); CREATE VIEW v AS SELECT id, a FROM t WHERE a > 1 WITH LOCAL CHECK OPTION",
     "checkOption: \"LOCAL\"", "CREATE TABLE t (id INT PRIMARY KEY, a INT); CREATE VIEW v AS SELECT id, a + 1 AS b FROM t", FLAVOR_NONE},
    {"views on views, with columns of their own",
     "CREATE TABLE t (id INT PRIMARY KEY); CREATE VIEW z (x, y) AS SELECT id, count(*) FROM t GROUP BY id; CREATE ALGORITHM=TEMPTABLE SQL "
     "SECURITY INVOKER VIEW a AS SELECT x FROM z",
     "algorithm: \"TEMPTABLE\"", "CREATE TABLE t (id INT PRIMARY KEY)", FLAVOR_NONE},
    {"a text of another character set in a view", "CREATE VIEW v AS SELECT _latin1'x' AS a, 'it''s `v`' AS b", "_latin1'x'", NULL,
     FLAVOR_NONE},
    {"a function that a view calls",
     "CREATE FUNCTION f(a INT, b VARCHAR(10) CHARACTER SET latin1) RETURNS INT DETERMINISTIC NO SQL COMMENT 'it''s' RETURN a; CREATE TABLE "
     "t (id INT PRIMARY KEY); CREATE VIEW a AS SELECT f(id, 'x') AS n FROM t",
     "dependsOn: [", "CREATE TABLE t (id INT PRIMARY KEY)", FLAVOR_NONE},
    {"a procedure", "CREATE PROCEDURE p(IN a INT , OUT b VARCHAR(10)) SQL SECURITY INVOKER BEGIN SET b = 'it''s; '; SELECT a; END",
     "'it''s; '", "CREATE PROCEDURE p() BEGIN SELECT 2; END", FLAVOR_NONE},
    {"triggers in their order",
     "CREATE TABLE t (id INT PRIMARY KEY, a INT); CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1; CREATE TRIGGER y BEFORE "
     "INSERT ON t FOR EACH ROW SET NEW.a = 2; CREATE TRIGGER w BEFORE INSERT ON t FOR EACH ROW FOLLOWS x SET NEW.a = 3",
     "follows: \"w\"",
     "CREATE TABLE t (id INT PRIMARY KEY, a INT); CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 5; CREATE TRIGGER y BEFORE "
     "INSERT ON t FOR EACH ROW SET NEW.a = 2",
     FLAVOR_NONE},
    {"an event",
     "CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01 00:00:00' ON COMPLETION PRESERVE DISABLE COMMENT 'c' DO SELECT 1",
     "ON COMPLETION PRESERVE", "CREATE EVENT e ON SCHEDULE AT '2036-01-01 00:00:00' DO SELECT 2", FLAVOR_NONE},
    {"a sequence under a default",
     "CREATE SEQUENCE s START WITH 5 INCREMENT BY 2; CREATE TABLE t (id INT DEFAULT (NEXT VALUE FOR s) PRIMARY KEY)", "nextval(`s`)",
     "CREATE SEQUENCE s START WITH 5 INCREMENT BY 3; CREATE TABLE t (id INT DEFAULT (NEXT VALUE FOR s) PRIMARY KEY)", FLAVOR_MARIADB},
    {"partitions of partitions",
     "CREATE TABLE t (id INT, d DATE, PRIMARY KEY (id, d)) PARTITION BY RANGE (YEAR(d)) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 "
     "(PARTITION "
     "p0 VALUES LESS THAN (2000) COMMENT 'old', PARTITION p1 VALUES LESS THAN (2010))",
     "SUBPARTITION BY HASH (`id`)",
     "CREATE TABLE t (id INT, d DATE, PRIMARY KEY (id, d)) PARTITION BY RANGE (YEAR(d)) SUBPARTITION BY HASH (id) SUBPARTITIONS 2 "
     "(PARTITION "
     "p0 VALUES LESS THAN (2000) COMMENT 'old', PARTITION p1 VALUES LESS THAN (2010), PARTITION p2 VALUES LESS THAN MAXVALUE)",
     FLAVOR_NONE},
    {"partitions come and go", "CREATE TABLE t (id INT PRIMARY KEY) PARTITION BY KEY (id) PARTITIONS 3", "KEY (`id`) PARTITIONS 3",
     "CREATE TABLE t (id INT PRIMARY KEY)", FLAVOR_NONE},
    {"options of a table",
     "CREATE TABLE t (id INT PRIMARY KEY) ROW_FORMAT=COMPRESSED KEY_BLOCK_SIZE=8 STATS_PERSISTENT=1 STATS_SAMPLE_PAGES=20 COMMENT='it''s'",
     "stats_sample_pages: 20", "CREATE TABLE t (id INT PRIMARY KEY) STATS_PERSISTENT=0", FLAVOR_NONE},
    {"another engine, and USING",
     "CREATE TABLE t (id INT, b INT, KEY (id) USING BTREE, KEY k (b)) ENGINE=MEMORY; CREATE TABLE u (id INT PRIMARY KEY, KEY k (id) USING "
     "BTREE)",
     "using: \"btree\"", "CREATE TABLE t (id INT, b INT, KEY k (b)) ENGINE=MyISAM; CREATE TABLE u (id INT PRIMARY KEY, KEY k (id))",
     FLAVOR_NONE},
    {"a key over prefixes, with its comment", "CREATE TABLE t (a TEXT NOT NULL, b INT, PRIMARY KEY (a(10), b) COMMENT 'pk')",
     "prefixes: \"10,0\"", "CREATE TABLE t (a TEXT NOT NULL, b INT, PRIMARY KEY (a(20)))", FLAVOR_NONE},
    {"numbers that are no whole key", "CREATE TABLE t (a INT NOT NULL, b INT NOT NULL AUTO_INCREMENT, PRIMARY KEY (a, b), KEY (b))",
     "autoIncrement", NULL, FLAVOR_NONE},
    {"types with all they say",
     "CREATE TABLE t (id INT UNSIGNED ZEROFILL PRIMARY KEY, a SET('x','y'), b BIT(5) DEFAULT b'101', c BINARY(3) DEFAULT 'abc', d TIME(6), "
     "e YEAR, "
     "f FLOAT(7,3), g TIMESTAMP(3) NULL DEFAULT CURRENT_TIMESTAMP(3) ON UPDATE CURRENT_TIMESTAMP(3), h VARCHAR(20) DEFAULT "
     "'CURRENT_TIMESTAMP', i "
     "INT INVISIBLE, j DECIMAL(10,2) DEFAULT -1.5)",
     "SET('x','y')", NULL, FLAVOR_NONE},
    {"computed values that are not ASCII",
     "CREATE TABLE t (a VARCHAR(10), b VARCHAR(30) AS (concat(a, 'ü€日')) STORED, c VARCHAR(30) DEFAULT (concat('ü', '\\'', 'x')), CHECK "
     "(a <> "
     "'ü'))",
     "ü€日", NULL, FLAVOR_NONE},
    {"widths that are shown", "CREATE TABLE t (id INT(3) PRIMARY KEY, b INT(11) UNSIGNED)", "INT(11) UNSIGNED",
     "CREATE TABLE t (id INT PRIMARY KEY, b INT UNSIGNED)", FLAVOR_MARIADB},
    {"actions that do nothing else", "CREATE TABLE t (id INT PRIMARY KEY, a INT, FOREIGN KEY (a) REFERENCES t (id) ON DELETE NO ACTION)",
     "NO ACTION", NULL, FLAVOR_MARIADB},
    {"versioned tables",
     "CREATE TABLE t (id INT PRIMARY KEY, x INT, y INT WITHOUT SYSTEM VERSIONING, s TIMESTAMP(6) GENERATED ALWAYS AS ROW START INVISIBLE, "
     "e "
     "TIMESTAMP(6) GENERATED ALWAYS AS ROW END INVISIBLE, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING; CREATE TABLE u (id INT) "
     "WITH "
     "SYSTEM VERSIONING",
     "rowStart", NULL, FLAVOR_MARIADB},
    {"versioning comes and goes", "CREATE TABLE t (id INT PRIMARY KEY, x INT) WITH SYSTEM VERSIONING", "systemVersioning",
     "CREATE TABLE t (id INT PRIMARY KEY, x INT)", FLAVOR_MARIADB},
    {"periods without overlaps", "CREATE TABLE t (id INT, a DATE, b DATE, PERIOD FOR p (a, b), UNIQUE u (id, p WITHOUT OVERLAPS))",
     "withoutOverlaps: \"p\"", "CREATE TABLE t (id INT, a DATE NOT NULL, b DATE NOT NULL)", FLAVOR_MARIADB},
    {"columns that are packed, an index that is ignored",
     "CREATE TABLE t (id INT PRIMARY KEY, a TEXT COMPRESSED, KEY k (id) IGNORED) PAGE_COMPRESSED=1", "TEXT COMPRESSED",
     "CREATE TABLE t (id INT PRIMARY KEY, a TEXT, KEY k (id))", FLAVOR_MARIADB},
    {"a package",
     "SET sql_mode = ORACLE; CREATE PACKAGE k AS PROCEDURE p; END; CREATE PACKAGE BODY k AS PROCEDURE p AS BEGIN NULL; END; END", "ORACLE",
     NULL, FLAVOR_MARIADB},
    {"checks that are not enforced, places, hidden indexes",
     "CREATE TABLE t (id INT PRIMARY KEY, p POINT NOT NULL SRID 4326, a INT, CONSTRAINT c CHECK (a > 1) NOT ENFORCED, SPATIAL KEY s (p), "
     "KEY k "
     "((a + 1)) INVISIBLE)",
     "srid: 4326", NULL, FLAVOR_MYSQL},
    {"a parser of texts", "CREATE TABLE t (id INT PRIMARY KEY, a TEXT, FULLTEXT KEY k (a) WITH PARSER ngram)", "parser: \"ngram\"", NULL,
     FLAVOR_MYSQL},
    {"a number written as an expression", "CREATE TABLE t (id INT PRIMARY KEY, a INT DEFAULT (5), b INT DEFAULT 5)", "(5)", NULL,
     FLAVOR_MYSQL},
};

struct scene {
    struct arena arena;
    struct diag diag;
    const struct pull_row *row;
    struct target target;
};

/* A model and what it was made of. */
struct pulled {
    struct schema *normal;
    const char *text;
};

/* Ends the test with what was reported. */
static void check(struct scene *scene, bool good, const char *what) {
    if (good)
        return;
    diag_print(&scene->diag, stderr, false);
    fail_msg("%s: %s", scene->row->name, what);
}

static struct db *make(struct scene *scene, const char *sql) {
    struct db *db = dialect_mysql.driver->open_scratch(url, &scene->diag);

    check(scene, db != NULL, "no scratch database");
    check(scene, !sql || db_exec(db, sql, &scene->diag) == 0, sql);
    return db;
}

static struct pulled pull(struct scene *scene, struct db *db) {
    const struct model_options options = {.datastore = "mysql", .comments = true};
    struct schema *found = dialect_mysql.introspect(db, NULL, &scene->arena, &scene->diag), *declared, *read;
    struct str text = STR_INIT;
    struct pulled pulled;

    check(scene, found != NULL, "not introspected");
    declared = schema_declare(&scene->arena, found, &scene->target, NULL);
    model_print(declared, &text);
    pulled.text = str_keep(&text, &scene->arena);
    str_free(&text);
    if (declared->unsupported_count)
        fail_msg("%s: something is not said\n%s", scene->row->name, pulled.text);
    read = model_read(&scene->arena, source_new(&scene->arena, "pulled.bal", pulled.text, strlen(pulled.text), &scene->diag), &options,
                      &scene->diag);
    check(scene, read != NULL, pulled.text);
    pulled.normal = dialect_mysql.normalize(&scene->arena, read, &scene->target, &scene->diag);
    check(scene, pulled.normal != NULL, pulled.text);
    return pulled;
}

static void migrate(struct scene *scene, struct db *db, const struct schema *from, const struct schema *to) {
    const struct renames none = {0};
    const struct plan_request request = {.from = from, .to = to, .renames = &none, .rules = &dialect_mysql.rules};
    struct script script = {.arena = &scene->arena};
    struct str text = STR_INIT;
    bool good;

    dialect_mysql.emit(plan_make(&scene->arena, &request), &scene->target, &script);
    good = traced_run(db, &dialect_mysql, &script, &scene->diag) == 0;
    if (!good) {
        script_print(&script, &dialect_mysql.style, NULL, &text);
        fputs(text.text, stderr);
    }
    str_free(&text);
    check(scene, good, "the script does not run");
}

static void check_same(struct scene *scene, struct db *db, const struct pulled *expected, const char *when) {
    struct pulled found = pull(scene, db);

    if (strcmp(found.text, expected->text) != 0)
        fail_msg("%s: %s\n%s\ninstead of\n%s", scene->row->name, when, found.text, expected->text);
}

static void check_next(struct scene *scene, struct db *db, const struct pulled *first) {
    struct db *other = make(scene, scene->row->next);
    struct pulled next = pull(scene, other);

    migrate(scene, db, first->normal, next.normal);
    check_same(scene, db, &next, "behind the way forth");
    migrate(scene, db, next.normal, first->normal);
    check_same(scene, db, first, "behind the way back");
    db_close(other);
}

static void test_pull(void **state) {
    struct scene scene = {.row = *state};
    struct schema nothing = {0};
    struct db *db, *again;
    struct pulled first;

    scene.diag.arena = &scene.arena;
    again = make(&scene, NULL);
    scene.target =
        (struct target){.dialect = &dialect_mysql, .comments = true, .flavor = db_head(again)->flavor, .version = db_head(again)->version};
    if (scene.row->only == FLAVOR_NONE || scene.row->only == scene.target.flavor) {
        db = make(&scene, scene.row->sql);
        first = pull(&scene, db);
        if (scene.row->says && !strstr(first.text, scene.row->says))
            fail_msg("%s: \"%s\" is not in\n%s", scene.row->name, scene.row->says, first.text);
        migrate(&scene, again, &nothing, first.normal);
        check_same(&scene, again, &first, "made again");
        if (scene.row->next)
            check_next(&scene, db, &first);
        db_close(db);
    }
    db_close(again);
    arena_free(&scene.arena);
}

/* A scope takes along what its tables refer to, and names what refers to what is left out. */
static void test_scope(void **state) {
    const char *tables[] = {"a*"}, *excluded[] = {"b"};
    struct scope scope = {.tables = {.at = tables, .count = 1}};
    struct scene scene = {.row = &(struct pull_row){.name = "scope"}};
    struct schema *schema;
    struct db *db;

    (void)state;
    scene.diag.arena = &scene.arena;
    db = make(&scene,
              "CREATE TABLE c (id INT PRIMARY KEY); CREATE TABLE b (id INT PRIMARY KEY, c INT, FOREIGN KEY (c) REFERENCES c (id)); CREATE "
              "TABLE a1 (id INT PRIMARY KEY, b INT, CONSTRAINT fk FOREIGN KEY (b) REFERENCES b (id)); CREATE TABLE other (id INT)");
    schema = dialect_mysql.introspect(db, &scope, &scene.arena, &scene.diag);
    check(&scene, schema != NULL, "not introspected");
    assert_int_equal(schema->entity_count, 3);
    assert_int_equal(schema->taken_along.count, 2);
    assert_null(schema_entity(schema, "other"));
    scope.exclude = (struct names){.at = excluded, .count = 1};
    schema = dialect_mysql.introspect(db, &scope, &scene.arena, &scene.diag);
    assert_int_equal(schema->entity_count, 1);
    assert_int_equal(schema->unsupported_count, 1);
    assert_string_equal(schema->unsupported[0].name, "fk");
    db_close(db);
    arena_free(&scene.arena);
}

static int run_on(const char *server) {
    struct CMUnitTest tests[ROWS(pull_rows) + 1] = {cmocka_unit_test(test_scope)};
    size_t count = 1;

    url = server;
    ADD_ROWS(tests, count, pull_rows, test_pull);
    return cmocka_run_group_tests(tests, NULL, NULL);
}

int main(void) {
    const char *servers[] = {getenv("PERSIST_TEST_MARIADB"), getenv("PERSIST_TEST_MYSQL")};
    const char *filter = getenv("PERSIST_TEST_ONLY");
    int failed = 0, ran = 0;

    if (filter)
        cmocka_set_test_filter(filter);
    for (size_t i = 0; i < sizeof servers / sizeof *servers; i++)
        if (servers[i] && *servers[i]) {
            failed += run_on(servers[i]);
            ran++;
        }
    return ran ? failed != 0 : 77;
}
