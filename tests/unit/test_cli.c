/* The parts of the command that are pure. */
#include <stdlib.h>
#include <string.h>

#include "client_script.h"
#include "decisions.h"
#include "registry.h"
#include "rows.h"
#include "text_diff.h"

static struct script_row {
    const char *name;
    const char *datastore;
    const char *text;
    const char *expected;
} script_rows[] = {
    {"script: plain SQL stays as it is", "sqlite", "CREATE TABLE a (b);\n-- c\nSELECT ';';\n", "CREATE TABLE a (b);\n-- c\nSELECT ';';\n"},
    {"script: sqlite3's own lines go", "sqlite", ".mode csv\nCREATE TABLE a (b);\n.quit\n", "CREATE TABLE a (b);\n"},
    {"script: psql's own lines go", "postgresql", "\\restrict x\nSELECT 1;\n\\connect db\nSELECT 2;\n", "SELECT 1;\nSELECT 2;\n"},
    {"script: a backslash in a body stays", "postgresql", "SELECT $a$;\n\\x\n$a$;", "SELECT $a$;\n\\x\n$a$;"},
    {"script: a parameter is no quote", "postgresql", "SELECT $1;\n\\x\nSELECT 2;", "SELECT $1;\nSELECT 2;"},
    {"script: an escaped quote", "postgresql", "SELECT E'\\';\n\\x';\n\\y\n", "SELECT E'\\';\n\\x';\n"},
    {"script: a backslash is plain text else", "postgresql", "SELECT '\\';\n\\y\n", "SELECT '\\';\n"},
    {"script: rows of COPY go", "postgresql", "COPY a (b) FROM stdin;\n1;\n2\n\\.\nSELECT 2;", "SELECT 2;"},
    {"script: COPY from a file stays", "postgresql", "COPY a FROM '/x';\nSELECT 2;", "COPY a FROM '/x';\nSELECT 2;"},
    {"script: DELIMITER", "mysql", "DELIMITER //\nCREATE TRIGGER a BEGIN SET x = 1; END//\ndelimiter ;\nSELECT 1;\n",
     "CREATE TRIGGER a BEGIN SET x = 1; END;\nSELECT 1;\n"},
    {"script: DELIMITER with two signs", "mysql", "DELIMITER ;;\nSELECT 1 ;;\nDELIMITER ;\n", "SELECT 1 ;\n"},
    {"script: a delimiter in a string", "mysql", "DELIMITER //\nSELECT 'a//\\'//b' //\n", "SELECT 'a//\\'//b' ;\n"},
    {"script: a comment with a quote", "mysql", "# it's\nSELECT 1;\n", "# it's\nSELECT 1;\n"},
    {"script: a comment in a comment", "postgresql", "SELECT /* /* ; */ ; */ 1;\n\\x\n", "SELECT /* /* ; */ ; */ 1;\n"},
    {"script: two signs that are no comment", "mysql", "SELECT 1--1, ';';\nDELIMITER x\n", "SELECT 1--1, ';';\n"},
    {"script: no end", "mysql", "SELECT 'open", "SELECT 'open"},
    {"script: nothing", "postgresql", "", ""},
};

static void test_script(void **state) {
    const struct script_row *row = *state;
    struct str out = STR_INIT;

    client_script_print(row->text, registry_dialect(row->datastore), &out);
    assert_string_equal(out.text, row->expected);
    str_free(&out);
}

static void test_text_diff(void **state) {
    struct str old = STR_INIT, new_text = STR_INIT, out = STR_INIT;

    (void)state;
    str_add(&old, "a\nb\nc\n");
    str_add(&new_text, "a\nB\nc\n");
    text_diff_print("persist/model.bal", &old, &new_text, &out);
    assert_non_null(strstr(out.text, "--- a/persist/model.bal\n+++ b/persist/model.bal\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n"));
    str_truncate(&out, 0);
    text_diff_print("persist/model.bal", &old, &old, &out);
    assert_string_equal(out.text, "");
    str_free(&old);
    str_free(&new_text);
    str_free(&out);
}

/* A decision as it stands in the header of a script; read back it is the same. */
static struct decision_row {
    const char *name;
    const char *option;
    const char *text;
    const char *printed;
} decision_rows[] = {
    {"decision: a rename", "rename", "Invoice.note=remark", "decided: --rename Invoice.note=remark\n"},
    {"decision: a flag", "concurrently", "", "decided: --concurrently\n"},
    {"decision: blanks inside", "backfill", "A.b='x  y'", "decided: --backfill A.b='x  y'\n"},
    {"decision: several lines", "backfill", "A.b='x\n-- decided: --drop A'", "decided: --backfill \"A.b='x\\n-- decided: --drop A'\"\n"},
    {"decision: a carriage return", "backfill", "A.b='x\r'", "decided: --backfill \"A.b='x\\r'\"\n"},
    {"decision: a line separator", "drop", "A.b\u2028", "decided: --drop \"A.b\\u2028\"\n"},
    {"decision: quotes in front", "drop", "\"a\"", "decided: --drop \"\\\"a\\\"\"\n"},
    {"decision: blanks around", "drop", " a ", "decided: --drop \" a \"\n"},
    {"decision: another script", "drop", "Größe.名前", "decided: --drop Größe.名前\n"},
};

static void test_decision(void **state) {
    const struct decision_row *row = *state;
    struct arena arena = {0};
    struct decisions decisions = {0}, again = {0};
    struct str out = STR_INIT;

    decisions_add(&arena, &decisions, row->option, row->text);
    decisions_add(&arena, &decisions, row->option, row->text);
    decisions_print(&arena, &decisions, &out);
    assert_string_equal(out.text, row->printed);
    decisions_read(&arena, arena_printf(&arena, "-- head\n-- %s\nSELECT 1;\n-- decided: --drop B\n", out.text), &again);
    assert_int_equal(again.list.count, 1);
    assert_string_equal(again.list.at[0].option, row->option);
    assert_string_equal(again.list.at[0].text, row->text);
    str_free(&out);
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(script_rows) + ROWS(decision_rows) + 1] = {cmocka_unit_test(test_text_diff)};
    size_t count = 1;

    ADD_ROWS(tests, count, script_rows, test_script);
    ADD_ROWS(tests, count, decision_rows, test_decision);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
