/* The pure half of the MySQL dialect: types, casts, defaults, the normal form and what is emitted. */
#include <stdio.h>
#include <string.h>

#include "model.h"
#include "mysql_internal.h"
#include "partitions.h"
#include "rows.h"
#include "sqlwords.h"

#define HEAD "import ballerina/persist as _;\nimport ballerina/time;\nimport ballerinax/persist.sql;\nimport persist/db;\n"
#define ID "    readonly int id;\n"

static struct text_row {
    const char *name;
    const char *input;
    const char *expected;
} type_rows[] = {
    {"type int", "int(11)", "INT"},
    {"type integer", "Integer", "INT"},
    {"type unsigned", "bigint(20) unsigned", "BIGINT UNSIGNED"},
    {"type zerofill", "int(5) zerofill", "INT(5) UNSIGNED ZEROFILL"},
    {"type bool", "bool", "TINYINT(1)"},
    {"type tinyint", "tinyint(4)", "TINYINT"},
    {"type tinyint(1)", "tinyint(1)", "TINYINT(1)"},
    {"type numeric", "numeric(5)", "DECIMAL(5,0)"},
    {"type decimal", "decimal( 65 , 30 )", "DECIMAL(65,30)"},
    {"type double precision", "double precision", "DOUBLE"},
    {"type float(53)", "float(53)", "DOUBLE"},
    {"type float", "float(10)", "FLOAT"},
    {"type varchar", "character varying (20)", "VARCHAR(20)"},
    {"type char", "char", "CHAR(1)"},
    {"type text(n)", "text(70000)", "MEDIUMTEXT"},
    {"type year", "year(4)", "YEAR"},
    {"type datetime", "datetime(0)", "DATETIME"},
    {"type timestamp(6)", "timestamp(6)", "TIMESTAMP(6)"},
    {"type enum", "enum ('a', 'it''s' ,'x,y)')", "ENUM('a','it''s','x,y)')"},
    {"type enum backslash", "enum('a\\\\b','c\\'d')", "ENUM('a\\\\b','c''d')"},
    {"type set", "set('b','a')", "SET('b','a')"},
    {"type json", "json", "JSON"},
    {"type unknown", "vector( 512 )", "VECTOR(512)"},
    {"type width of its own", "int(3)", "INT(3)"},
    {"type width of an unsigned", "int(10) unsigned", "INT UNSIGNED"},
    {"type compressed", "varchar(100) /*M!100301 COMPRESSED*/", "VARCHAR(100) COMPRESSED"},
    {"type compressed text", "text compressed=zlib", "TEXT COMPRESSED"},
};

static struct text_row partition_rows[] = {
    {"partitions in one spelling",
     "range (YEAR( d )) (partition p0 values less than (2000) engine = InnoDB, partition `p1` values less than maxvalue)",
     "RANGE (year(`d`)) (PARTITION `p0` VALUES LESS THAN (2000), PARTITION `p1` VALUES LESS THAN MAXVALUE)"},
    {"partitions as printed",
     "RANGE (year(`d`))\nSUBPARTITION BY HASH (`id`)\nSUBPARTITIONS 2\n(PARTITION p0 VALUES LESS THAN (2000) COMMENT = "
     "'a, b' ENGINE = InnoDB)",
     "RANGE (year(`d`)) SUBPARTITION BY HASH (`id`) SUBPARTITIONS 2 (PARTITION `p0` VALUES LESS THAN (2000) COMMENT = 'a, b')"},
    {"partitions by columns", "LIST  COLUMNS(a,b)\n(PARTITION `x y` VALUES IN ((1,'a'),(2,NULL)) ENGINE = InnoDB)",
     "LIST COLUMNS (`a`, `b`) (PARTITION `x y` VALUES IN ((1, 'a'), (2, NULL)))"},
    {"partitions in a comment", "KEY */ /*!50611 ALGORITHM = 1 */ /*!50100 (id)\nPARTITIONS 3 */", "KEY ALGORITHM = 1 (`id`) PARTITIONS 3"},
};

/* OLD "|" NEW → what is added, or "". */
static struct text_row added_rows[] = {
    {"partitions added", "LIST (`a`) (PARTITION `p` VALUES IN (1))|LIST (`a`) (PARTITION `p` VALUES IN (1), PARTITION `q` VALUES IN (2))",
     "(PARTITION `q` VALUES IN (2))"},
    {"partitions changed", "LIST (`a`) (PARTITION `p` VALUES IN (1))|LIST (`a`) (PARTITION `p` VALUES IN (2), PARTITION `q` VALUES IN (1))",
     ""},
    {"partitions gone", "LIST (`a`) (PARTITION `p` VALUES IN (1), PARTITION `q` VALUES IN (2))|LIST (`a`) (PARTITION `p` VALUES IN (1))",
     ""},
    {"partitions by other columns",
     "LIST (`a`) (PARTITION `p` VALUES IN (1))|LIST (`b`) (PARTITION `p` VALUES IN (1), PARTITION `q` VALUES IN (2))", ""},
};

static struct text_row unqualified_rows[] = {
    {"qualifier in back quotes", "select `me`.`t`.`a` from `me`.`t`", "select `t`.`a` from `t`"},
    {"qualifier plain", "insert into me.t values (1)", "insert into t values (1)"},
    {"qualifier in a text", "select 'me.t', `t`.`a` from `me`.`t` -- me.x\n", "select 'me.t', `t`.`a` from `t` -- me.x\n"},
    {"qualifier of a table of its name", "select `me`.`me`.`a` from `me`.`me`", "select `me`.`a` from `me`"},
    {"qualifier that is an alias", "select `me`.`a` from `you`.`t` `me`", "select `me`.`a` from `you`.`t` `me`"},
    {"qualifier of another", "select `a` from `mean`.`t`", "select `a` from `mean`.`t`"},
};

static void test_partitions(void **state) {
    const struct text_row *row = *state;
    struct arena arena = {0};
    const char *once = my_partition_canonical(&arena, row->input);

    assert_string_equal(once, row->expected);
    assert_string_equal(my_partition_canonical(&arena, once), once);
    arena_free(&arena);
}

static void test_added(void **state) {
    const struct text_row *row = *state;
    struct arena arena = {0};
    const char *bar = strchr(row->input, '|');
    const char *added = my_partitions_added(&arena, arena_strndup(&arena, row->input, (size_t)(bar - row->input)), bar + 1);

    assert_string_equal(added ? added : "", row->expected);
    arena_free(&arena);
}

static void test_unqualified(void **state) {
    const struct text_row *row = *state;
    struct arena arena = {0};

    assert_string_equal(my_words_unqualify(&arena, row->input, "me"), row->expected);
    arena_free(&arena);
}

static void test_type(void **state) {
    const struct text_row *row = *state;
    struct arena arena = {0};

    assert_string_equal(my_type_canonical(&arena, row->input), row->expected);
    assert_string_equal(my_type_canonical(&arena, row->expected), row->expected);
    arena_free(&arena);
}

static struct text_row default_rows[] = {
    {"default now", "now()", "CURRENT_TIMESTAMP"},
    {"default now(3)", "(NOW(3))", "CURRENT_TIMESTAMP(3)"},
    {"default current_timestamp()", "current_timestamp()", "CURRENT_TIMESTAMP"},
    {"default true", "TRUE", "1"},
    {"default null", "NULL", NULL},
    {"default in parentheses", "((1 + 2))", "1 + 2"},
    {"default two groups", "(1) + (2)", "(1) + (2)"},
    {"default text", "'(it''s)'", "'(it''s)'"},
    {"default text with parenthesis", "concat(')', '(')", "concat(')', '(')"},
};

static void test_default(void **state) {
    const struct text_row *row = *state;
    struct arena arena = {0};
    const char *canonical = my_default_canonical(&arena, row->input);

    assert_int_equal(canonical == NULL, row->expected == NULL);
    if (canonical)
        assert_string_equal(canonical, row->expected);
    arena_free(&arena);
}

static struct literal_row {
    const char *name;
    const char *input;
    bool literal;
} literal_rows[] = {
    {"literal number", "-1.5e3", true},    {"literal text", "'it''s'", true},
    {"literal bits", "b'101'", true},      {"literal bytes", "0x616263", true},
    {"no literal: sum", "1 + 2", false},   {"no literal: two texts", "'a' 'b'", false},
    {"no literal: call", "uuid()", false}, {"no literal: text and more", "'a' + 1", false},
};

static void test_literal(void **state) {
    const struct literal_row *row = *state;

    assert_int_equal(my_default_is_literal(row->input), row->literal);
}

static struct number_row {
    const char *name;
    unsigned number;
    const char *message;
    enum fault fault;
} fault_rows[] = {
    {"fault: lock", 1205, "Lock wait timeout exceeded; try restarting transaction", FAULT_LOCKED},
    {"fault: killed", 1927, "Connection was killed", FAULT_LOST},
    {"fault: rights", 1142, "DROP command denied to user", FAULT_RIGHTS},
    {"fault: read only", 1290, "The MariaDB server is running with the --read-only option", FAULT_READ_ONLY},
    {"fault: another option", 1290, "The MySQL server is running with the --secure-file-priv option", FAULT_STATEMENT},
    {"fault: no space", 3, "Error writing file (OS errno 28 - No space left on device)", FAULT_FULL},
    {"fault: syntax", 1064, "You have an error in your SQL syntax", FAULT_STATEMENT},
};

static void test_fault(void **state) {
    const struct number_row *row = *state;

    assert_int_equal(my_fault_of(row->number, row->message), row->fault);
}

static struct cast_row {
    const char *name;
    const char *from, *to;
    enum cast_risk risk;
    const char *refuses;
} cast_rows[] = {
    {"cast wider text", "VARCHAR(20)", "VARCHAR(40)", CAST_SAFE, NULL},
    {"cast narrower text", "VARCHAR(40)", "VARCHAR(20)", CAST_MAY_FAIL, "CHAR_LENGTH(c) > 20"},
    {"cast to text", "VARCHAR(191)", "TEXT", CAST_SAFE, NULL},
    {"cast wider int", "INT", "BIGINT", CAST_SAFE, NULL},
    {"cast narrower int", "BIGINT", "INT", CAST_MAY_FAIL, NULL},
    {"cast loses sign", "INT", "BIGINT UNSIGNED", CAST_MAY_FAIL, NULL},
    {"cast unsigned to wider", "INT UNSIGNED", "BIGINT", CAST_SAFE, NULL},
    {"cast unsigned to signed", "INT UNSIGNED", "INT", CAST_MAY_FAIL, NULL},
    {"cast bool to int", "TINYINT(1)", "INT", CAST_SAFE, NULL},
    {"cast int to double", "INT", "DOUBLE", CAST_SAFE, NULL},
    {"cast bigint to double", "BIGINT", "DOUBLE", CAST_CUTS, NULL},
    {"cast double to int", "DOUBLE", "INT", CAST_CUTS, NULL},
    {"cast int to decimal", "INT", "DECIMAL(65,30)", CAST_SAFE, NULL},
    {"cast int to small decimal", "INT", "DECIMAL(5,2)", CAST_MAY_FAIL, NULL},
    {"cast wider decimal", "DECIMAL(5,2)", "DECIMAL(7,2)", CAST_SAFE, NULL},
    {"cast less scale", "DECIMAL(5,2)", "DECIMAL(7,1)", CAST_CUTS, NULL},
    {"cast more scale, less room", "DECIMAL(5,2)", "DECIMAL(5,3)", CAST_MAY_FAIL, NULL},
    {"cast text to int", "VARCHAR(20)", "INT", CAST_MAY_FAIL, "c NOT REGEXP '^ *[-+]?[0-9]*[.]?[0-9]+ *$'"},
    {"cast int to text", "INT", "VARCHAR(191)", CAST_SAFE, NULL},
    {"cast int to short text", "INT", "VARCHAR(3)", CAST_MAY_FAIL, "CHAR_LENGTH(c) > 3"},
    {"cast datetime to date", "DATETIME", "DATE", CAST_CUTS, NULL},
    {"cast date to datetime", "DATE", "DATETIME", CAST_SAFE, NULL},
    {"cast datetime to timestamp", "DATETIME", "TIMESTAMP", CAST_MAY_FAIL, NULL},
    {"cast fewer fractions", "DATETIME(3)", "DATETIME", CAST_CUTS, NULL},
    {"cast enum appends", "ENUM('a')", "ENUM('a','b')", CAST_SAFE, NULL},
    {"cast enum loses", "ENUM('a','b''c')", "ENUM('a')", CAST_MAY_FAIL, "c IN ('b''c')"},
    {"cast enum to text", "ENUM('a','bcd')", "VARCHAR(3)", CAST_SAFE, NULL},
    {"cast shorter bytes", "LONGBLOB", "VARBINARY(10)", CAST_MAY_FAIL, "LENGTH(c) > 10"},
};

static void test_cast(void **state) {
    const struct cast_row *row = *state;
    struct arena arena = {0};
    const char *refuses = my_cast_refuses(&arena, "c", row->from, row->to);

    assert_int_equal(my_cast_risk(row->from, row->to), row->risk);
    assert_int_equal(refuses == NULL, row->refuses == NULL);
    if (refuses)
        assert_string_equal(refuses, row->refuses);
    arena_free(&arena);
}

/* The normal form of MODEL for TARGET; NULL when something was reported, which lies in DIAG. */
static struct schema *normal_of(struct arena *arena, const char *model, const struct target *target, struct diag *diag) {
    const struct model_options options = {.datastore = "mysql", .comments = true};
    const char *text = arena_printf(arena, "%s%s", HEAD, model);
    struct source *source = source_new(arena, "model.bal", text, strlen(text), diag);
    struct schema *schema = model_read(arena, source, &options, diag);

    if (!schema) {
        diag_print(diag, stderr, false);
        fail();
    }
    return dialect_mysql.normalize(arena, schema, target, diag);
}

static struct refusal_row {
    const char *name;
    const char *model;
    const char *message; /* a part of it */
    enum flavor flavor;
} refusal_rows[] = {
    {"refused identity", "type A record {|\n    @db:Identity {always: true}\n" ID "|};\n", "identity", FLAVOR_NONE},
    {"refused partial index", "@db:Index {name: \"i\", keys: [\"n\"], where: \"n > 1\"}\ntype A record {|\n" ID "    int n;\n|};\n",
     "partial", FLAVOR_NONE},
    {"refused include", "@db:Index {name: \"i\", keys: [\"n\"], include: [\"id\"]}\ntype A record {|\n" ID "    int n;\n|};\n", "covering",
     FLAVOR_NONE},
    {"refused exclusion", "@db:Exclude {name: \"e\", using: \"gist\", value: \"n WITH =\"}\ntype A record {|\n" ID "    int n;\n|};\n",
     "exclusion", FLAVOR_NONE},
    {"refused text key", "type A record {|\n    @db:Type {value: \"text\"}\n    readonly string id;\n|};\n", "needs a length", FLAVOR_NONE},
    {"refused long key", "type A record {|\n    @sql:Varchar {length: 1000}\n    readonly string id;\n|};\n", "3072", FLAVOR_NONE},
    {"refused nulls order", "@db:Index {name: \"i\", keys: [{field: \"n\", nulls: \"last\"}]}\ntype A record {|\n" ID "    int n;\n|};\n",
     "NULLs", FLAVOR_NONE},
    {"refused expression index", "@db:Index {name: \"i\", keys: [{expression: \"n + 1\"}]}\ntype A record {|\n" ID "    int n;\n|};\n",
     "MariaDB", FLAVOR_MARIADB},
    {"refused set default",
     "type A record {|\n" ID "    B[] bs;\n|};\ntype B record {|\n" ID "    @db:Reference {onDelete: \"SET DEFAULT\"}\n    A a;\n|};\n",
     "SET DEFAULT", FLAVOR_NONE},
    {"refused strict", "@db:Table {strict: true}\ntype A record {|\n" ID "|};\n", "STRICT", FLAVOR_NONE},
};

static void test_refusal(void **state) {
    const struct refusal_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct target target = {.dialect = &dialect_mysql, .version = 80029, .flavor = row->flavor};

    assert_null(normal_of(&arena, row->model, &target, &diag));
    assert_true(diag.list.count > 0);
    if (!strstr(diag.list.at[0].message, row->message))
        fail_msg("%s", diag.list.at[0].message);
    arena_free(&arena);
}

static struct emit_row {
    const char *name;
    enum flavor flavor;
    const char *was;
    const char *model;
    const char *expected;
} emit_rows[] = {
    {"emit a table", FLAVOR_NONE, "",
     "# All of them\ntype A record {|\n    @sql:Generated\n" ID "    string name;\n    time:Utc? at;\n    @db:Default {literal: \"x\"}\n"
     "    @db:Type {value: \"text\"}\n    string t;\n|};\n",
     "CREATE TABLE `A` (\n    `id` INT NOT NULL AUTO_INCREMENT,\n    `name` VARCHAR(191) NOT NULL,\n    `at` TIMESTAMP NULL,\n"
     "    `t` TEXT NOT NULL DEFAULT ('x'),\n    PRIMARY KEY (`id`)\n) COMMENT='All of them';\n"},
    {"emit quotes", FLAVOR_NONE, "", "@sql:Name {value: \"a`; DROP TABLE b;--\"}\ntype A record {|\n" ID "|};\n",
     "CREATE TABLE `a``; DROP TABLE b;--` (\n    `id` INT NOT NULL,\n    PRIMARY KEY (`id`)\n);\n"},
    {"emit a column", FLAVOR_NONE, "type A record {|\n" ID "    int n;\n|};\n", "type A record {|\n" ID "    int? m;\n    int n;\n|};\n",
     "ALTER TABLE `A`\n    ADD COLUMN `m` INT AFTER `id`, ALGORITHM=INSTANT;\n"},
    {"emit an index for MariaDB", FLAVOR_MARIADB, "type A record {|\n" ID "    int n;\n|};\n",
     "type A record {|\n" ID "    @sql:Index {name: \"i\"}\n    int n;\n|};\n",
     "ALTER TABLE `A`\n    ADD INDEX `i` (`n`), ALGORITHM=NOCOPY, LOCK=NONE;\n"},
    {"emit an index for both", FLAVOR_NONE, "type A record {|\n" ID "    int n;\n|};\n",
     "type A record {|\n" ID "    @sql:Index {name: \"i\"}\n    int n;\n|};\n",
     "ALTER TABLE `A`\n    ADD INDEX `i` (`n`), ALGORITHM=INPLACE, LOCK=NONE;\n"},
    {"emit an index beside a column", FLAVOR_MYSQL, "type A record {|\n" ID "    int n;\n|};\n",
     "type A record {|\n" ID "    @sql:Index {name: \"i\"}\n    int n;\n    int? m;\n|};\n",
     "ALTER TABLE `A`\n    ADD COLUMN `m` INT, ALGORITHM=INSTANT;\n"
     "ALTER TABLE `A`\n    ADD INDEX `i` (`n`), ALGORITHM=INPLACE, LOCK=NONE;\n"},
    {"emit a moved column", FLAVOR_MYSQL, "type A record {|\n" ID "    int n;\n    int m;\n|};\n",
     "type A record {|\n" ID "    int m;\n    int n;\n|};\n",
     "ALTER TABLE `A`\n    MODIFY COLUMN `m` INT NOT NULL AFTER `id`, ALGORITHM=INPLACE, LOCK=NONE;\n"},
    {"emit a wider text", FLAVOR_MYSQL, "type A record {|\n" ID "    @sql:Varchar {length: 20}\n    string s;\n|};\n",
     "type A record {|\n" ID "    @sql:Varchar {length: 40}\n    string s;\n|};\n",
     "ALTER TABLE `A`\n    MODIFY COLUMN `s` VARCHAR(40) NOT NULL, ALGORITHM=INPLACE, LOCK=NONE;\n"},
    {"emit a wider text for both", FLAVOR_NONE, "type A record {|\n" ID "    @sql:Varchar {length: 100}\n    string s;\n|};\n",
     "type A record {|\n" ID "    @sql:Varchar {length: 300}\n    string s;\n|};\n",
     "ALTER TABLE `A`\n    MODIFY COLUMN `s` VARCHAR(300) NOT NULL;\n"},
    {"emit a new key", FLAVOR_NONE, "type A record {|\n    @sql:Generated\n" ID "    string s;\n|};\n",
     "type A record {|\n    int id;\n    readonly string s;\n|};\n",
     "ALTER TABLE `A`\n    DROP PRIMARY KEY,\n    ADD PRIMARY KEY (`s`),\n    MODIFY COLUMN `id` INT NOT NULL;\n"},
    {"emit a foreign key that goes", FLAVOR_MARIADB, "type A record {|\n" ID "    B[] bs;\n|};\ntype B record {|\n" ID "    A a;\n|};\n",
     "type A record {|\n" ID "|};\ntype B record {|\n" ID "|};\n",
     "ALTER TABLE `B`\n    DROP FOREIGN KEY `fk_B_aId`,\n    DROP INDEX `fk_B_aId`, ALGORITHM=NOCOPY, LOCK=NONE;\n"
     "ALTER TABLE `B`\n    DROP COLUMN `aId`, ALGORITHM=INSTANT;\n"},
};

static void add_statements(const struct script *script, struct str *out) {
    for (size_t i = 0; i < script->list.count; i++) {
        assert_non_null(script->list.at[i].reason);
        str_addf(out, "%s;\n", script->list.at[i].text);
    }
}

static void test_emit(void **state) {
    const struct emit_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct target target = {.dialect = &dialect_mysql, .version = 80400, .comments = true, .flavor = row->flavor};
    struct renames renames = {0};
    struct script script = {.arena = &arena};
    struct str out = STR_INIT;
    struct plan_request request = {.renames = &renames, .rules = &dialect_mysql.rules};

    request.from = normal_of(&arena, row->was, &target, &diag);
    request.to = normal_of(&arena, row->model, &target, &diag);
    dialect_mysql.emit(plan_make(&arena, &request), &target, &script);
    add_statements(&script, &out);
    assert_string_equal(out.text, row->expected);
    str_free(&out);
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(type_rows) + ROWS(default_rows) + ROWS(literal_rows) + ROWS(cast_rows) + ROWS(refusal_rows) +
                            ROWS(emit_rows) + ROWS(partition_rows) + ROWS(added_rows) + ROWS(unqualified_rows) + ROWS(fault_rows)];
    size_t count = 0;

    ADD_ROWS(tests, count, type_rows, test_type);
    ADD_ROWS(tests, count, default_rows, test_default);
    ADD_ROWS(tests, count, literal_rows, test_literal);
    ADD_ROWS(tests, count, cast_rows, test_cast);
    ADD_ROWS(tests, count, refusal_rows, test_refusal);
    ADD_ROWS(tests, count, emit_rows, test_emit);
    ADD_ROWS(tests, count, partition_rows, test_partitions);
    ADD_ROWS(tests, count, added_rows, test_added);
    ADD_ROWS(tests, count, unqualified_rows, test_unqualified);
    ADD_ROWS(tests, count, fault_rows, test_fault);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
