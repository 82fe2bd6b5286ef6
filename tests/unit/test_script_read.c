/* Scripts read back: what was printed gives the same statements, and what a person wrote is cut where the databases' clients cut it. */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

#include "registry.h"
#include "script_read.h"

/* TEXT as statements, a line each: "line text", behind it what else it says. */
static struct read_row {
    const char *name;
    const char *datastore;
    const char *text;
    const char *expected; /* the statements, or what is reported */
} read_rows[] = {
    {"nothing", "sqlite", "-- a header\n\n", ""},
    {"in and out of the transaction", "sqlite", "PRAGMA foreign_keys = OFF;\nBEGIN;\n\nDROP TABLE a;\nCOMMIT;\nVACUUM;",
     "1 [PRAGMA foreign_keys = OFF] outside session\n4 [DROP TABLE a]\n6 [VACUUM] outside\n"},
    {"a guard", "sqlite", "BEGIN;PRAGMA foreign_key_check;\nEND TRANSACTION;", "1 [PRAGMA foreign_key_check] guard\n"},
    {"a guard that looks for triggers", "sqlite", "SELECT name FROM sqlite_schema WHERE 1;",
     "1 [SELECT name FROM sqlite_schema WHERE 1] outside guard\n"},
    {"reason, batch, lock, probe", "postgresql",
     "-- far\n\n-- why\n-- not\n-- in batches by \"id\"\n-- lock: a: none\n-- rows that stand in the way: SELECT\n-- 1\nUPDATE a SET b = "
     "1;",
     "9 [UPDATE a SET b = 1] outside reason(why\nnot) batch(\"id\") lock(a: none) probe(SELECT\n1)\n"},
    {"statements on one line", "postgresql", "SELECT 1; SELECT 2 ;;\r\nSELECT 3\n;",
     "1 [SELECT 1] outside\n1 [SELECT 2] outside\n2 [SELECT 3] outside\n"},
    {"a trigger of SQLite", "sqlite",
     "CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; -- x;\nUPDATE a SET b = ';'; END ;DROP TABLE a;",
     "1 [CREATE TEMP TRIGGER t AFTER INSERT ON a BEGIN SELECT CASE 1 WHEN 1 THEN 2 END; -- x;\nUPDATE a SET b = ';'; END] outside\n"
     "2 [DROP TABLE a] outside\n"},
    {"names of SQLite", "sqlite", "CREATE TABLE [a;'b] (`c;\"d` int, \"e;\"\"\" text);",
     "1 [CREATE TABLE [a;'b] (`c;\"d` int, \"e;\"\"\" text)] outside\n"},
    {"a column called trigger", "sqlite", "CREATE TABLE a (b, trigger);SELECT 1;",
     "1 [CREATE TABLE a (b, trigger)] outside\n1 [SELECT 1] outside\n"},
    {"dollar quotes", "postgresql", "DO $a$ BEGIN; $b$;$$ END $a$; SELECT $1;",
     "1 [DO $a$ BEGIN; $b$;$$ END $a$] outside\n1 [SELECT $1] outside\n"},
    {"strings of PostgreSQL", "postgresql", "SELECT 'a\\'; SELECT E'b\\';c', U&'\\0041;';",
     "1 [SELECT 'a\\'] outside\n1 [SELECT E'b\\';c', U&'\\0041;'] outside\n"},
    {"nested comments", "postgresql", "SELECT /* a; /* b; */ ; */ 1;", "1 [SELECT /* a; /* b; */ ; */ 1] outside\n"},
    {"comments do not nest elsewhere", "sqlite", "SELECT /* a; /* b; */ 1; SELECT 2;",
     "1 [SELECT /* a; /* b; */ 1] outside\n1 [SELECT 2] outside\n"},
    {"a body of SQL", "postgresql",
     "CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END; SELECT 3;",
     "1 [CREATE OR REPLACE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END; SELECT 2; END] outside\n"
     "1 [SELECT 3] outside\n"},
    {"one transaction behind the other", "postgresql", "BEGIN;SELECT 1;SELECT 2;COMMIT;BEGIN;SELECT 3;COMMIT;",
     "1 [SELECT 1]\n1 [SELECT 2]\n1 [SELECT 3] begins\n"},
    {"a rule of two statements", "postgresql", "CREATE RULE r AS ON INSERT TO a DO ALSO (DELETE FROM b; DELETE FROM c;); SELECT 1;",
     "1 [CREATE RULE r AS ON INSERT TO a DO ALSO (DELETE FROM b; DELETE FROM c;)] outside\n1 [SELECT 1] outside\n"},
    {"a setting", "postgresql", "SET lock_timeout = '5s';BEGIN;SET CONSTRAINTS ALL IMMEDIATE;COMMIT;",
     "1 [SET lock_timeout = '5s'] outside session\n1 [SET CONSTRAINTS ALL IMMEDIATE]\n"},
    {"DELIMITER", "mysql", "DELIMITER ;;\n-- why\nCREATE TRIGGER t BEGIN SET x = 1; END\n;;\nDELIMITER ;\nSET @a = 1;\n",
     "3 [CREATE TRIGGER t BEGIN SET x = 1; END] reason(why)\n6 [SET @a = 1] session\n"},
    {"a reason in front of DELIMITER", "mysql", "-- why\nDELIMITER //\nSELECT 1;\n//\nDELIMITER ;\n\nSELECT 2;",
     "3 [SELECT 1;] reason(why)\n7 [SELECT 2]\n"},
    {"DELIMITER at the end of a line", "mysql", "delimiter $$\nCREATE PROCEDURE p() BEGIN SELECT '$$'; END$$\n",
     "2 [CREATE PROCEDURE p() BEGIN SELECT '$$'; END]\n"},
    {"comments of MySQL", "mysql", "# it's;\nSELECT 5--3; -- it's;\nSELECT 2;", "2 [SELECT 5--3]\n3 [SELECT 2]\n"},
    {"a comment that is run", "mysql", "/*!40101 SET NAMES utf8mb4 */;", "1 [/*!40101 SET NAMES utf8mb4 */]\n"},
    {"backslashes of MySQL", "mysql", "SELECT 'a\\';', \"b\\\";\", `c\\`; SELECT 2;",
     "1 [SELECT 'a\\';', \"b\\\";\", `c\\`]\n1 [SELECT 2]\n"},
    {"backslashes that mean nothing", "mysql",
     "SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES';\nSELECT '\\';\nSET SESSION sql_mode = @persist_mode;\nSELECT '\\';';",
     "1 [SET SESSION sql_mode = 'NO_BACKSLASH_ESCAPES'] session\n2 [SELECT '\\']\n3 [SET SESSION sql_mode = @persist_mode] session\n"
     "4 [SELECT '\\';']\n"},
    {"a block of MariaDB", "mysql", "DELIMITER //\nBEGIN NOT ATOMIC SELECT 1; END//\n", "2 [BEGIN NOT ATOMIC SELECT 1; END]\n"},
    {"no end", "sqlite", "SELECT 1;\nDROP TABLE a", "2:1 the last statement has no end"},
    {"no end of a trigger", "sqlite", "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1;", "1:1 the last statement has no end"},
    {"no end of quotes", "sqlite", "SELECT 'a;", "1:8 these quotes have no end"},
    {"no end of dollar quotes", "postgresql", "DO $a$ ; $b$;", "1:4 these quotes have no end"},
    {"no end of a comment", "postgresql", "\n/* /* */ SELECT 1;", "2:1 this comment has no end"},
    {"no COMMIT", "sqlite", "BEGIN;\nDROP TABLE a;", "1:1 this transaction is not committed"},
    {"BEGIN twice", "postgresql", "BEGIN;\nBEGIN WORK;", "2:1 a transaction begins in a transaction"},
    {"COMMIT alone", "postgresql", "SELECT 1; COMMIT;", "1:11 no transaction is open here"},
    {"ROLLBACK", "postgresql", "BEGIN; ROLLBACK;", "1:8 a script goes one way: it may not take back what it did"},
    {"SAVEPOINT", "mysql", "SAVEPOINT a;", "1:1 a script goes one way: it may not take back what it did"},
};

static void describe(const struct statement *statement, struct str *out) {
    str_addf(out, "%zu [%s]%s%s%s%s", statement->line, statement->text, statement->outside_transaction ? " outside" : "",
             statement->begins ? " begins" : "", statement->guard ? " guard" : "", statement->session ? " session" : "");
    if (statement->reason)
        str_addf(out, " reason(%s)", statement->reason);
    if (statement->batch)
        str_addf(out, " batch(%s)", statement->batch);
    if (statement->lock)
        str_addf(out, " lock(%s)", statement->lock);
    if (statement->probe)
        str_addf(out, " probe(%s)", statement->probe);
    str_add_char(out, '\n');
}

static void test_read(void **state) {
    const struct read_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct script script = {.arena = &arena};
    struct str out = STR_INIT;
    struct source *source = source_new(&arena, "up.sql", row->text, strlen(row->text), &diag);

    if (script_read(source, registry_dialect(row->datastore), &script, &diag) < 0) {
        struct position at = source_position(&arena, source, diag.list.at[0].at.start);

        str_addf(&out, "%zu:%zu %s", at.line, at.column, diag.list.at[0].message);
    } else {
        for (size_t i = 0; i < script.list.count; i++)
            describe(&script.list.at[i], &out);
    }
    assert_string_equal(out.text, row->expected);
    str_free(&out);
    arena_free(&arena);
}

/* Printed and read back, each of these is as it was. */
static struct statement kept[] = {
    {.text = "SELECT 1"},
    {.text = "SELECT 1 -- ; one"},
    {.text = "SELECT 1 /* two */"},
    {.text = "SELECT ';', '\\\\;', \"a;\" -- b"},
    {.text = "SELECT '$$', ';;', '//'"},
    {.text = "SELECT 1 /* ; */", .reason = "in front of a line DELIMITER", .lock = "a"},
    {.text = "UPDATE a SET b = 1",
     .reason = "a.b:\n\nfilled",
     .batch = "\"i\nd\"",
     .lock = "a: ROW\nEXCLUSIVE",
     .probe = "SELECT 1\n FROM a"},
    {.text = "CREATE TABLE a (\n    b int\n)", .lock = "a"},
    {.text = "DROP TABLE b", .begins = true},
    {.text = "DROP INDEX a", .outside_transaction = true, .reason = "x"},
    {.text = "SET a = 1", .session = true},
    {.text = "DROP INDEX b", .outside_transaction = true},
    {.text = "PRAGMA foreign_key_check", .guard = true, .reason = "every foreign key"},
};

static struct store_row {
    const char *name;
    const char *datastore;
} store_rows[] = {
    {"printed and read: SQLite", "sqlite"},
    {"printed and read: PostgreSQL", "postgresql"},
    {"printed and read: MySQL", "mysql"},
};

static void assert_same(const struct statement *a, const struct statement *b, bool transactions) {
    struct statement copy = *b;
    struct str x = STR_INIT, y = STR_INIT;

    copy.line = a->line;
    copy.outside_transaction &= transactions;
    copy.begins &= transactions;
    describe(a, &x);
    describe(&copy, &y);
    assert_string_equal(x.text, y.text);
    str_free(&x);
    str_free(&y);
}

static void test_round_trip(void **state) {
    const struct store_row *row = *state;
    const struct dialect *dialect = registry_dialect(row->datastore);
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct script script = {.arena = &arena}, again = {.arena = &arena};
    struct str text = STR_INIT;
    size_t first;

    for (size_t i = 0; i < ROWS(kept); i++)
        *script_add(&script, "", NULL) = kept[i];
    script_print(&script, &dialect->style, "a header\nof two lines", &text);
    assert_int_equal(script_read(source_new(&arena, "up.sql", text.text, text.length, &diag), dialect, &again, &diag), 0);
    first = again.list.count - script.list.count; /* behind the preamble */
    for (size_t i = 0; i < script.list.count; i++)
        assert_same(&again.list.at[first + i], &script.list.at[i], dialect->style.begin != NULL);
    for (size_t i = 0; i < first; i++)
        assert_true(again.list.at[i].session);
    str_free(&text);
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(read_rows) + ROWS(store_rows)];
    size_t count = 0;

    ADD_ROWS(tests, count, read_rows, test_read);
    ADD_ROWS(tests, count, store_rows, test_round_trip);
    return cmocka_run_group_tests_name("unit.script_read", tests, NULL, NULL);
}
