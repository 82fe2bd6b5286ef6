/* What statements are about, how one sees whether they were carried out, and how they are cut into batches. */
#include "rows.h"

#include <string.h>

#include "batch.h"
#include "registry.h"
#include "subject.h"

/* "VERB KIND names on: rest", with what else was said in "()". */
static struct subject_row {
    const char *name;
    const char *datastore;
    const char *text;
    const char *expected;
} subject_rows[] = {
    {"a table", "mysql", "ALTER TABLE `a``b` ADD COLUMN c int", "ALTER TABLE a`b: ADD COLUMN c int"},
    {"a table elsewhere", "postgresql", "create table if not exists \"s\".\"t\" (a int)", "CREATE TABLE s.t (conditional): (a int)"},
    {"several tables", "mysql", "RENAME TABLE a TO b, `c` TO d.e", "RENAME TABLE a b c d.e: "},
    {"an index", "postgresql", "CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY s.t (a)",
     "CREATE INDEX i on s.t (concurrently): ON ONLY s.t (a)"},
    {"an index without a name", "postgresql", "CREATE INDEX ON t (a)", "CREATE INDEX on t: ON t (a)"},
    {"an index of MySQL", "mysql", "DROP INDEX i ON t", "DROP INDEX i on t: ON t"},
    {"a trigger", "mysql", "CREATE OR REPLACE DEFINER=`root`@`%` TRIGGER `t` AFTER UPDATE ON `a` FOR EACH ROW SET @b = (SELECT 1)",
     "CREATE TRIGGER t on a (replaces): AFTER UPDATE ON `a` FOR EACH ROW SET @b = (SELECT 1)"},
    {"a view", "mysql", "CREATE ALGORITHM=MERGE SQL SECURITY INVOKER VIEW v AS SELECT 1", "CREATE VIEW v: AS SELECT 1"},
    {"a materialized view", "postgresql", "DROP MATERIALIZED VIEW IF EXISTS v", "DROP VIEW v (conditional): "},
    {"a privilege", "mysql", "REVOKE SELECT (a, `on`), UPDATE ON TABLE `t` FROM `u`@`h`",
     "REVOKE  on t: SELECT (a, `on`), UPDATE ON TABLE `t` FROM `u`@`h`"},
    {"rows", "mysql", "INSERT INTO `a` VALUES (1)", "INSERT  a: VALUES (1)"},
    {"a comment in front", "sqlite", "-- x\nDELETE FROM [a b] WHERE 1", "DELETE  a b: WHERE 1"},
    {"nothing", "mysql", "", " : "},
};

static const char *printed(struct arena *arena, const struct subject_name *name) {
    return name->namespace ? arena_printf(arena, "%s.%s", name->namespace, name->name) : name->name;
}

static void test_subject(void **state) {
    const struct subject_row *row = *state;
    struct arena arena = {0};
    struct str out = STR_INIT;
    struct subject subject;

    subject_read(&arena, row->text, &registry_dialect(row->datastore)->style.lexing, &subject);
    str_addf(&out, "%s %s", subject.verb, subject.kind);
    for (size_t i = 0; i < subject.names.count; i++)
        str_addf(&out, " %s", printed(&arena, &subject.names.at[i]));
    if (subject.on.name)
        str_addf(&out, " on %s", printed(&arena, &subject.on));
    str_addf(&out, "%s%s%s: %s", subject.conditional ? " (conditional)" : "", subject.replaces ? " (replaces)" : "",
             subject.concurrently ? " (concurrently)" : "", subject.rest);
    assert_string_equal(out.text, row->expected);
    str_free(&out);
    arena_free(&arena);
}

static struct trace_row {
    const char *name;
    const char *datastore;
    const char *text;
    const char *expected; /* "again", "unknown", or a part of the query; behind "|" the undo */
} trace_rows[] = {
    {"trace: a setting", "mysql", "SET SESSION time_zone = '+00:00'", "again"},
    {"trace: rows", "mysql", "UPDATE a SET b = 1", "unknown"},
    {"trace: a call", "mysql", "CALL p()", "unknown"},
    {"trace: a table altered", "mysql", "ALTER TABLE `it's` ADD COLUMN c int", "'it''s'"},
    {"trace: a table renamed in an ALTER", "mysql", "ALTER TABLE a ADD COLUMN c int, RENAME TO b", "'a', 'b'"},
    {"trace: a column renamed", "mysql", "ALTER TABLE a RENAME COLUMN c TO d", "IN ('a')"},
    {"trace: tables that swap", "mysql", "RENAME TABLE a TO c, b TO a, c TO b", "SELECT TABLE_NAME, CREATE_TIME"},
    {"trace: tables renamed", "mysql", "RENAME TABLE a TO c, b TO a", "'a', 'c', 'b', 'a'"},
    {"trace: an index", "mysql", "CREATE INDEX i ON a (b)", "'a'"},
    {"trace: a table dropped", "mysql", "DROP TABLE a", "TABLES"},
    {"trace: dropped where it is there", "mysql", "DROP TABLE IF EXISTS a", "again"},
    {"trace: a view replaced", "mysql", "CREATE OR REPLACE VIEW a AS SELECT 1", "again"},
    {"trace: a view made", "mysql", "CREATE VIEW a AS SELECT 1", "TABLES"},
    {"trace: a trigger", "mysql", "CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET @a = 1", "TRIGGERS"},
    {"trace: a procedure", "mysql", "DROP PROCEDURE p", "ROUTINE_TYPE = 'PROCEDURE'"},
    {"trace: a function", "mysql", "CREATE FUNCTION p() RETURNS int RETURN 1", "ROUTINE_TYPE = 'FUNCTION'"},
    {"trace: a package", "mysql", "CREATE PACKAGE \"k\" AS PROCEDURE p; END", "ROUTINE_TYPE = 'PACKAGE'"},
    {"trace: the body of a package", "mysql", "DROP PACKAGE BODY k", "ROUTINE_TYPE = 'PACKAGE BODY'"},
    {"trace: an event", "mysql", "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM a", "EVENTS"},
    {"trace: an event altered", "mysql", "ALTER EVENT e DISABLE", "again"},
    {"trace: a sequence", "mysql", "CREATE SEQUENCE s START WITH 1", "TABLES"},
    {"trace: a sequence altered", "mysql", "ALTER SEQUENCE s INCREMENT BY 2", "again"},
    {"trace: granted", "mysql", "GRANT SELECT ON `a` TO `u`@`h`", "again"},
    {"trace: revoked", "mysql", "REVOKE SELECT ON `a` FROM `u`@`h`", "TABLE_PRIVILEGES"},
    {"trace: an index built", "postgresql", "CREATE INDEX CONCURRENTLY \"i\" ON \"s\".\"t\" (a)",
     "indisvalid|DROP INDEX CONCURRENTLY IF EXISTS \"s\".\"i\""},
    {"trace: an index dropped", "postgresql", "DROP INDEX CONCURRENTLY \"s\".\"i\"",
     "to_regclass('\"s\".\"i\"')|DROP INDEX CONCURRENTLY IF EXISTS \"s\".\"i\""},
    {"trace: an enum's value", "postgresql", "ALTER TYPE \"mood\" ADD VALUE 'x'", "pg_enum"},
    {"trace: a partition", "postgresql", "ALTER TABLE a DETACH PARTITION b CONCURRENTLY",
     "inhparent|ALTER TABLE \"a\" DETACH PARTITION \"b\" FINALIZE"},
    {"trace: a partition in a transaction", "postgresql", "ALTER TABLE a DETACH PARTITION b", "pg_inherits"},
    {"trace: indexes again", "postgresql", "REINDEX TABLE CONCURRENTLY a", "again"},
    {"trace: a database", "postgresql", "CREATE DATABASE a", "unknown"},
    {"trace: PRAGMA", "sqlite", "PRAGMA foreign_keys = OFF", "again"},
    {"trace: a table of SQLite", "sqlite", "DROP TABLE a", "sqlite_schema"},
};

static void test_trace(void **state) {
    const struct trace_row *row = *state;
    static const enum flavor flavors[] = {FLAVOR_MYSQL, FLAVOR_MARIADB};
    const char *bar = strchr(row->expected, '|');
    struct statement statement = {.text = row->text};
    struct arena arena = {0};

    for (size_t i = 0; i < ROWS(flavors); i++) {
        const struct db_head head = {.flavor = flavors[i]};
        struct trace trace = registry_dialect(row->datastore)->live->trace(&arena, &head, &statement);

        assert_int_equal(trace.repeatable, strcmp(row->expected, "again") == 0);
        if (trace.repeatable || strcmp(row->expected, "unknown") == 0)
            assert_null(trace.query);
        else
            assert_non_null(
                strstr(trace.query, arena_strndup(&arena, row->expected, bar ? (size_t)(bar - row->expected) : strlen(row->expected))));
        if (bar)
            assert_string_equal(trace.undo, bar + 1);
        assert_int_equal(trace.half != NULL, bar != NULL);
    }
    arena_free(&arena);
}

static struct batch_row {
    const char *name;
    const char *datastore;
    const char *text;
    const char *last;
    const char *bound;  /* the query, or NULL: it is not cut */
    const char *update; /* as far as key "z" */
} batch_rows[] = {
    {"batch: the first", "postgresql", "UPDATE \"a\" SET \"b\" = 1 WHERE \"b\" IS NULL", NULL,
     "SELECT persist_batch.k FROM (SELECT key AS k FROM \"a\" WHERE (\"b\" IS NULL\n) ORDER BY key LIMIT 7) AS persist_batch "
     "ORDER BY persist_batch.k DESC LIMIT 1",
     "UPDATE \"a\" SET \"b\" = 1\nWHERE (\"b\" IS NULL\n) AND key <= 'z'"},
    {"batch: the next", "mysql", "UPDATE `a` SET `b` = 'WHERE' -- x\nWHERE b IS NULL OR c", "it's \\",
     "SELECT persist_batch.k FROM (SELECT key AS k FROM `a` WHERE (b IS NULL OR c\n) AND key > 'it''s \\\\' ORDER BY key LIMIT 7) "
     "AS persist_batch ORDER BY persist_batch.k DESC LIMIT 1",
     "UPDATE `a` SET `b` = 'WHERE' -- x\nWHERE (b IS NULL OR c\n) AND key > 'it''s \\\\' AND key <= 'z'"},
    {"batch: all rows", "mysql", "UPDATE `set` SET `b` = (SELECT c FROM d WHERE e)", NULL,
     "SELECT persist_batch.k FROM (SELECT key AS k FROM `set` WHERE 1 = 1 ORDER BY key LIMIT 7) AS persist_batch "
     "ORDER BY persist_batch.k DESC LIMIT 1",
     "UPDATE `set` SET `b` = (SELECT c FROM d WHERE e)\nWHERE 1 = 1 AND key <= 'z'"},
    {"batch: no UPDATE", "mysql", "DELETE FROM a WHERE b", NULL, NULL, NULL},
};

static void test_batch(void **state) {
    const struct batch_row *row = *state;
    struct statement statement = {.text = row->text, .batch = "key"};
    struct arena arena = {0};
    struct batch batch;

    assert_int_equal(batch_read(&arena, registry_dialect(row->datastore), &statement, &batch), row->bound != NULL);
    if (row->bound) {
        assert_string_equal(batch_bound(&arena, &batch, row->last, 7), row->bound);
        assert_string_equal(batch_update(&arena, &batch, row->last, "z"), row->update);
    }
    statement.batch = NULL;
    assert_false(batch_read(&arena, registry_dialect(row->datastore), &statement, &batch));
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(subject_rows) + ROWS(trace_rows) + ROWS(batch_rows)];
    size_t count = 0;

    ADD_ROWS(tests, count, subject_rows, test_subject);
    ADD_ROWS(tests, count, trace_rows, test_trace);
    ADD_ROWS(tests, count, batch_rows, test_batch);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
