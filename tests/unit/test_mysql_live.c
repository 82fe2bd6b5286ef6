/* The MySQL dialect on a real server: every row is a pair of models. On a throw-away database made from the first, up gives exactly the
 * second and down exactly the first, by introspection; a row that is put in between is still what it was.
 *
 * The servers are those of PERSIST_TEST_MARIADB and PERSIST_TEST_MYSQL; without either the test is skipped (77). */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "alter_internal.h"
#include "model.h"
#include "physical.h"
#include "rows.h"
#include "traced.h"

#define HEAD "import ballerina/persist as _;\nimport ballerina/time;\nimport ballerinax/persist.sql;\nimport persist/db;\n"
#define ID "    readonly int id;\n"

static const char *url; /* of the server at work */

struct pair_row {
    const char *name;
    const char *was;
    const char *model;
    const char *rename; /* "A.x=y", or NULL */
    const char *fill;   /* "A.x='v'", or NULL */
    const char *insert; /* rows before up; statements */
    const char *query;  /* after up: one cell */
    const char *answer;
    const char *query_down;
    const char *answer_down;
    enum flavor only; /* FLAVOR_NONE: both */
};

#define INDEXES_OF_B                                                                                                                       \
    "SELECT group_concat(DISTINCT index_name ORDER BY index_name) FROM information_schema.statistics WHERE table_schema = database() "     \
    "AND table_name = 'B'"

/* All the language can say on MySQL. */
#define RICH                                                                                                                               \
    "enum Status {\n    OPEN = \"open\",\n    CLOSED = \"it's\",\n    BACK = \"a\\\\b\"\n}\n"                                              \
    "# A customer's\n# second line\ntype Customer record {|\n    @sql:Generated\n    readonly int id;\n"                                   \
    "    @sql:Varchar {length: 50}\n    @sql:UniqueIndex {name: \"uq_name\"}\n    string name;\n    # The code\n"                          \
    "    @sql:Char {length: 3}\n    string? code;\n    boolean active;\n    @sql:Decimal {precision: [10, 2]}\n    decimal? balance;\n"    \
    "    decimal? raw;\n    float? ratio;\n    byte[]? photo;\n    time:Date? born;\n    time:TimeOfDay? wakes;\n    time:Utc seen;\n"     \
    "    time:Utc? gone;\n    @db:Default {value: \"now()\"}\n    time:Civil made;\n"                                                      \
    "    @db:Default {value: \"CURRENT_TIMESTAMP\"}\n    @db:OnUpdate {value: \"current_timestamp()\"}\n    time:Civil? changed;\n"        \
    "    @db:Default {literal: \"it's\"}\n    Status status;\n    Status? other;\n    @db:Default {literal: \"o'p\\\\en\"}\n    string "   \
    "text;\n"                                                                                                                              \
    "    @db:Default {value: \"true\"}\n    boolean flag;\n    @db:Default {literal: \"5\"}\n    int five;\n"                              \
    "    @db:Default {literal: \"1.5\"}\n    float half;\n    @db:Default {value: \"(1 + 2)\"}\n    int three;\n"                          \
    "    @db:Type {value: \"text\"}\n    string? notes;\n    @db:Type {value: \"json\"}\n    string? data;\n"                              \
    "    @db:Type {value: \"bigint(20) unsigned\"}\n    int? big;\n    @db:Type {value: \"varbinary(16)\"}\n    byte[]? raw16;\n"          \
    "    @db:Type {value: \"datetime(3)\"}\n    time:Civil? exact;\n    @db:Collation {value: \"utf8mb4_bin\"}\n    string? exactText;\n"  \
    "    @db:Charset {value: \"latin1\"}\n    @db:Collation {value: \"latin1_bin\"}\n    string? old;\n"                                   \
    "    @db:Computed {value: \"five + 1\"}\n    int? six;\n    @db:Computed {value: \"concat(name, 'x''y')\", stored: true}\n"            \
    "    @sql:Varchar {length: 80}\n    string? full;\n    @db:Options {invisible: \"true\"}\n    int? hidden;\n    Invoice[] invoices;\n" \
    "    Detail? detail;\n|};\n"                                                                                                           \
    "@db:Index {name: \"idx_mixed\", keys: [{field: \"notes\", prefix: 20}, {field: \"number\", direction: \"desc\"}]}\n"                  \
    "@db:Index {name: \"ft\", keys: [\"notes\"], using: \"fulltext\"}\n"                                                                   \
    "@db:Check {name: \"ck_total\", value: \"total >= 0 and number <> 'it''s'\"}\n@db:Check {value: \"total < 1000000\"}\n"                \
    "@db:Table {engine: \"InnoDB\", charset: \"utf8mb4\", collation: \"utf8mb4_unicode_ci\", rowFormat: \"compact\"}\n"                    \
    "type Invoice record {|\n    readonly int id;\n    readonly string part;\n    @sql:Index\n    string number;\n"                        \
    "    @sql:Decimal {precision: [12, 2]}\n    decimal total;\n    @db:Type {value: \"text\"}\n    string? notes;\n"                      \
    "    @db:Reference {onDelete: \"CASCADE\", onUpdate: \"CASCADE\"}\n    Customer customer;\n    Line[] lines;\n|};\n"                   \
    "type Line record {|\n    readonly int id;\n    Invoice invoice;\n|};\n"                                                               \
    "type Detail record {|\n    readonly int id;\n    Customer customer;\n|};\n"                                                           \
    "type Employee record {|\n    readonly int id;\n    @db:Inverse {field: \"reports\"}\n    Employee? manager;\n    Employee[] "         \
    "reports;\n|};\n"                                                                                                                      \
    "@sql:Name {value: \"odd `name`;--\"}\ntype Odd record {|\n    readonly int id;\n    @sql:Name {value: \"select ``\"}\n    string? "   \
    "'order;\n|};\n"

static struct pair_row pair_rows[] = {
    {.name = "everything from nothing", .was = "", .model = RICH},
    {.name = "rename a column",
     .was = "type A record {|\n" ID "    string note;\n|};\n",
     .model = "type A record {|\n" ID "    string remark;\n|};\n",
     .rename = "A.note=remark",
     .insert = "INSERT INTO A VALUES (1, 'x')",
     .query = "SELECT remark FROM A",
     .answer = "x",
     .query_down = "SELECT note FROM A",
     .answer_down = "x"},
    {.name = "rename and change",
     .was = "type A record {|\n" ID "    @sql:Varchar {length: 10}\n    string? note;\n|};\n",
     .model = "type A record {|\n" ID "    @sql:Varchar {length: 300}\n    string remark;\n|};\n",
     .rename = "A.note=remark",
     .insert = "INSERT INTO A VALUES (1, 'x')",
     .query = "SELECT remark FROM A",
     .answer = "x",
     .query_down = "SELECT note FROM A",
     .answer_down = "x"},
    {.name = "rename a column under a check and a computed column",
     .was = "@db:Check {name: \"c\", value: \"n > 0\"}\ntype A record {|\n" ID
            "    int n;\n    @db:Computed {value: \"n + 1\"}\n    int? m;\n|};\n",
     .model = "@db:Check {name: \"c\", value: \"k > 0\"}\ntype A record {|\n" ID
              "    int k;\n    @db:Computed {value: \"k + 1\"}\n    int? m;\n|};\n",
     .rename = "A.n=k",
     .insert = "INSERT INTO A (id, n) VALUES (1, 7)",
     .query = "SELECT m FROM A WHERE k = 7",
     .answer = "8"},
    {.name = "swap two columns",
     .was = "type A record {|\n" ID "    string x;\n    string y;\n|};\n",
     .model = "type A record {|\n" ID "    string y;\n    string x;\n|};\n",
     .rename = "A.x=y A.y=x",
     .insert = "INSERT INTO A VALUES (1, 'x', 'y')",
     .query = "SELECT concat(x, y) FROM A",
     .answer = "yx",
     .query_down = "SELECT concat(x, y) FROM A",
     .answer_down = "xy"},
    {.name = "drop a column and give its name away",
     .was = "type A record {|\n" ID "    string x;\n    string y;\n|};\n",
     .model = "type A record {|\n" ID "    string x;\n|};\n",
     .rename = "A.y=x",
     .insert = "INSERT INTO A VALUES (1, 'x', 'y')",
     .query = "SELECT x FROM A",
     .answer = "y"},
    {.name = "give the name of a key away and take it again",
     .was = "type A record {|\n" ID "    @sql:Index {name: \"i\"}\n    int n;\n|};\n",
     .model = "type A record {|\n    @sql:UniqueIndex {name: \"j\"}\n    boolean? id;\n    readonly int code;\n    @sql:Index {name: "
              "\"i\"}\n    int m;\n    string n;\n|};\n",
     .rename = "A.id=code A.n=m",
     .fill = "A.n='v'",
     .insert = "INSERT INTO A VALUES (1, 5)",
     .query = "SELECT concat(code, m, n) FROM A",
     .answer = "15v",
     .query_down = "SELECT concat(id, n) FROM A",
     .answer_down = "15"},
    {.name = "a key that others refer to is renamed and no longer generated",
     .was = "type A record {|\n    @sql:Generated\n" ID "    B[] bs;\n|};\ntype B record {|\n" ID "    A a;\n|};\n",
     .model = "type A record {|\n    readonly int code;\n    B[] bs;\n|};\ntype B record {|\n" ID "    A a;\n|};\n",
     .rename = "A.id=code",
     .insert = "INSERT INTO A VALUES (4); INSERT INTO B VALUES (1, 4)",
     .query = "SELECT aCode FROM B",
     .answer = "4",
     .query_down = "SELECT aId FROM B",
     .answer_down = "4"},
    {.name = "a column of a foreign key is renamed beside a change of type",
     .was = "@db:Check {name: \"c\", value: \"n > 0\"}\ntype A record {|\n" ID
            "    @sql:Index {name: \"i\"}\n    int n;\n    B[] bs;\n    A? up;\n    @db:Inverse {field: \"up\"}\n    A[] down;\n|};\ntype "
            "B record {|\n" ID "    A a;\n|};\n",
     .model = "@db:Check {name: \"c\", value: \"m > 0\"}\ntype A record {|\n    readonly int code;\n    @db:Type {value: \"bigint\"}\n    "
              "@sql:Index {name: \"i\"}\n    int m;\n    B[] bs;\n    A? up;\n    @db:Inverse {field: \"up\"}\n    A[] down;\n|};\ntype B "
              "record {|\n" ID "    A a;\n|};\n",
     .rename = "A.id=code A.n=m",
     .insert = "INSERT INTO A VALUES (4, 7, 4); INSERT INTO B VALUES (1, 4)",
     .query = "SELECT concat(aCode, m, upCode) FROM B JOIN A ON code = aCode",
     .answer = "474"},
    {.name = "a column of a foreign key takes the name of one that goes",
     .was = "type A record {|\n" ID "    int code;\n    string s;\n    B[] bs;\n|};\ntype B record {|\n" ID "    A a;\n|};\n",
     .model =
         "type A record {|\n    readonly int code;\n    @db:Type {value: \"text\"}\n    string s;\n    B[] bs;\n|};\ntype B record {|\n" ID
         "    A a;\n|};\n",
     .rename = "A.id=code",
     .fill = "A.code=0",
     .insert = "INSERT INTO A VALUES (4, 7, 's'); INSERT INTO B VALUES (1, 4)",
     .query = "SELECT concat(aCode, s) FROM B JOIN A ON code = aCode",
     .answer = "4s"},
    {.name = "an index with more behind the column of a foreign key serves it",
     .was = "type A record {|\n" ID "    B[] bs;\n|};\n@db:Index {name: \"i\", keys: [\"aId\"]}\ntype B record {|\n" ID
            "    string s;\n    A a;\n|};\n",
     .model = "type A record {|\n" ID "    B[] bs;\n|};\n@db:Index {name: \"j\", keys: [\"aId\", {'field: \"s\", prefix: 9}]}\n"
              "type B record {|\n" ID "    string s;\n    A a;\n|};\n",
     .query = INDEXES_OF_B,
     .answer = "j,PRIMARY",
     .query_down = INDEXES_OF_B,
     .answer_down = "i,PRIMARY"},
    {.name = "one in descending order does not serve it on MySQL",
     .was = "type A record {|\n" ID "    B[] bs;\n|};\ntype B record {|\n" ID "    A a;\n|};\n",
     .model = "type A record {|\n" ID "    B[] bs;\n|};\n@db:Index {name: \"j\", keys: [{'field: \"aId\", direction: \"desc\"}]}\n"
              "type B record {|\n" ID "    A a;\n|};\n",
     .query = INDEXES_OF_B,
     .answer = "fk_B_aId,j,PRIMARY",
     .query_down = INDEXES_OF_B,
     .answer_down = "fk_B_aId,PRIMARY",
     .only = FLAVOR_MYSQL},
    {.name = "columns move beside indexes that change",
     .was = "@db:Index {name: \"i\", keys: [\"n\", \"s\"]}\ntype A record {|\n" ID "    int n;\n    string s;\n    string t;\n|};\n",
     .model = "@db:Index {name: \"i\", keys: [\"s\"]}\ntype A record {|\n    string s;\n" ID "    int n;\n    int? m;\n|};\n",
     .insert = "INSERT INTO A VALUES (1, 2, 's', 't')",
     .query = "SELECT concat(n, s) FROM A",
     .answer = "2s"},
    {.name = "fill a moment",
     .was = "type A record {|\n" ID "|};\n",
     .model = "type A record {|\n" ID "    time:Utc at;\n|};\n",
     .fill = "A.at='2024-01-01 00:00:00'",
     .insert = "INSERT INTO A VALUES (1)",
     .query = "SELECT year(at) FROM A",
     .answer = "2024"},
    {.name = "the key changes beside a computed column",
     .was = "type A record {|\n    readonly string code;\n" ID "    @db:Computed {value: \"id + 1\"}\n    int? m;\n|};\n",
     .model = "type A record {|\n" ID "    @db:Computed {value: \"id + 1\"}\n    int? m;\n|};\n",
     .insert = "INSERT INTO A (code, id) VALUES ('c', 1)",
     .query = "SELECT m FROM A",
     .answer = "2"},
    {.name = "rename a table with its columns",
     .was = "type A record {|\n" ID "    string x;\n    B[] bs;\n|};\ntype B record {|\n" ID "    A a;\n|};\n",
     .model = "type C record {|\n" ID "    string z;\n    B[] bs;\n|};\ntype B record {|\n" ID "    C a;\n|};\n",
     .rename = "A=C C.x=z",
     .insert = "INSERT INTO A VALUES (1, 'x'); INSERT INTO B VALUES (1, 1)",
     .query = "SELECT z FROM C JOIN B ON aId = C.id",
     .answer = "x"},
    {.name = "swap two tables",
     .was = "type A record {|\n" ID "    string x;\n|};\ntype B record {|\n" ID "    int n;\n|};\n",
     .model = "type B record {|\n" ID "    string x;\n|};\ntype A record {|\n" ID "    int n;\n|};\n",
     .rename = "A=B B=A",
     .insert = "INSERT INTO A VALUES (1, 'x')",
     .query = "SELECT x FROM B",
     .answer = "x",
     .query_down = "SELECT x FROM A",
     .answer_down = "x"},
    {.name = "columns come and go everywhere",
     .was = "type A record {|\n" ID "    string a;\n    string b;\n    string c;\n|};\n",
     .model = "type A record {|\n    string first;\n" ID
              "    @db:Default {literal: \"n\"}\n    string x;\n    string c;\n    string a;\n    int? last;\n|};\n",
     .insert = "INSERT INTO A VALUES (1, 'a', 'b', 'c')",
     .query = "SELECT concat(a, x, c) FROM A",
     .answer = "anc",
     .query_down = "SELECT concat(a, c) FROM A",
     .answer_down = "ac"},
    {.name = "fill a required column",
     .was = "type A record {|\n" ID "    int? n;\n|};\n",
     .model = "type A record {|\n" ID "    @sql:UniqueIndex\n    int? n;\n    @sql:Index\n    string status;\n|};\n",
     .fill = "A.status=concat('s', id)",
     .insert = "INSERT INTO A VALUES (1, NULL)",
     .query = "SELECT status FROM A",
     .answer = "s1"},
    {.name = "fill an old column",
     .was = "type A record {|\n" ID "    int? n;\n|};\n",
     .model = "type A record {|\n" ID "    int n;\n|};\n",
     .fill = "A.n=id + 1",
     .insert = "INSERT INTO A VALUES (1, NULL)",
     .query = "SELECT n FROM A",
     .answer = "2"},
    {.name = "enum members come, go and are renamed",
     .was = "enum S {\n    OPEN,\n    CLOSED,\n    GONE\n}\ntype A record {|\n" ID
            "    S s;\n    @db:Default {literal: \"CLOSED\"}\n    S t;\n|};\n",
     .model = "enum S {\n    NEW,\n    OPEN,\n    DONE\n}\ntype A record {|\n" ID
              "    S s;\n    @db:Default {literal: \"DONE\"}\n    S t;\n|};\n",
     .rename = "S.CLOSED=DONE",
     .insert = "INSERT INTO A VALUES (1, 'OPEN', 'CLOSED')",
     .query = "SELECT concat(s, t) FROM A",
     .answer = "OPENDONE",
     .query_down = "SELECT concat(s, t) FROM A",
     .answer_down = "OPENCLOSED"},
    {.name = "swap two enum values",
     .was = "enum S {\n    A1 = \"a\",\n    B1 = \"b\"\n}\ntype A record {|\n" ID "    S s;\n|};\n",
     .model = "enum S {\n    A1 = \"b\",\n    B1 = \"a\"\n}\ntype A record {|\n" ID "    S s;\n|};\n",
     .insert = "INSERT INTO A VALUES (1, 'a')",
     .query = "SELECT s FROM A",
     .answer = "b",
     .query_down = "SELECT s FROM A",
     .answer_down = "a"},
    {.name = "the key changes under its references",
     .was = "type A record {|\n" ID "    B[] bs;\n|};\ntype B record {|\n" ID "    A a;\n|};\n",
     .model = "type A record {|\n    @db:Type {value: \"BIGINT\"}\n" ID "    B[] bs;\n|};\ntype B record {|\n" ID "    A a;\n|};\n",
     .insert = "INSERT INTO A VALUES (1); INSERT INTO B VALUES (1, 1)",
     .query = "SELECT count(*) FROM B JOIN A ON A.id = aId",
     .answer = "1"},
    {.name = "a key of two columns",
     .was = "type A record {|\n    @sql:Generated\n" ID "    string name;\n|};\n",
     .model = "type A record {|\n" ID "    readonly string name;\n|};\n",
     .insert = "INSERT INTO A VALUES (3, 'x')",
     .query = "SELECT id FROM A",
     .answer = "3"},
    {.name = "a generated key comes",
     .was = "type A record {|\n    readonly string name;\n|};\n",
     .model = "type A record {|\n    @sql:Generated\n" ID "    string name;\n|};\n",
     .insert = "INSERT INTO A VALUES ('x')",
     .query = "SELECT id FROM A",
     .answer = "1"},
    {.name = "an index replaces the one of a foreign key",
     .was = "type A record {|\n" ID "    B[] bs;\n|};\ntype B record {|\n" ID "    int n;\n    A a;\n|};\n",
     .model = "type A record {|\n" ID "    B[] bs;\n|};\n@db:Index {name: \"i\", keys: [\"a\", \"n\"]}\ntype B record {|\n" ID
              "    int n;\n    A a;\n|};\n",
     .insert = "INSERT INTO A VALUES (1); INSERT INTO B VALUES (1, 1, 1)",
     .query = "SELECT n FROM B",
     .answer = "1"},
    {.name = "a relation goes with its column",
     .was = "type A record {|\n" ID "    B[] bs;\n    B[] cs;\n|};\ntype B record {|\n" ID "    A a;\n    A? c;\n|};\n",
     .model = "type A record {|\n" ID "    B[] cs;\n|};\ntype B record {|\n" ID "    A? c;\n|};\n",
     .insert = "INSERT INTO A VALUES (1)",
     .query = "SELECT count(*) FROM A",
     .answer = "1"},
    {.name = "what happens on delete changes",
     .was = "type A record {|\n" ID "    B[] bs;\n|};\ntype B record {|\n" ID "    A? a;\n|};\n",
     .model =
         "type A record {|\n" ID "    B[] bs;\n|};\ntype B record {|\n" ID "    @db:Reference {onDelete: \"SET NULL\"}\n    A? a;\n|};\n"},
    {.name = "a cycle of tables",
     .was = "",
     .model = "type A record {|\n" ID "    B b;\n    B[] bs;\n|};\ntype B record {|\n" ID
              "    @db:Inverse {field: \"bs\"}\n    A a;\n    @db:Inverse {field: \"b\"}\n    A[] as;\n|};\n"},
    {.name = "kinds of computed columns",
     .was = "@db:Index {name: \"i\", keys: [\"v\"]}\ntype A record {|\n" ID "    @db:Computed {value: \"id + 1\"}\n    int? v;\n"
            "    @db:Computed {value: \"id + 2\", stored: true}\n    int? s;\n    int? p;\n    @db:Computed {value: \"id + 4\"}\n    int? "
            "e;\n|};\n",
     .model =
         "@db:Index {name: \"i\", keys: [\"v\"]}\ntype A record {|\n" ID "    @db:Computed {value: \"id + 1\", stored: true}\n    int? v;\n"
         "    int? s;\n    @db:Computed {value: \"id + 3\"}\n    int? p;\n    int? e;\n|};\n",
     .insert = "INSERT INTO A (id, p) VALUES (1, 9)",
     .query = "SELECT concat_ws(' ', v, s, p, e) FROM A",
     .answer = "2 3 4 5"},
    {.name = "comments and options of tables and columns",
     .was = "# old\ntype A record {|\n" ID "    # c\n    string? s;\n    string? t;\n|};\n",
     .model = "# new's\n@db:Table {collation: \"utf8mb4_bin\", rowFormat: \"compact\"}\ntype A record {|\n" ID
              "    string? s;\n    # now\n    string? t;\n|};\n",
     .insert = "INSERT INTO A VALUES (1, 's', 't')",
     .query = "SELECT concat(s, t) FROM A",
     .answer = "st"},
    {.name = "many things at once",
     .was = "@db:Check {name: \"c\", value: \"n > 0\"}\ntype A record {|\n" ID
            "    int n;\n    @sql:Index {name: \"i\"}\n    string s;\n    @sql:UniqueIndex {name: \"u\"}\n    string? t;\n|};\n",
     .model = "@db:Check {name: \"c\", value: \"n > 1\"}\ntype A record {|\n" ID
              "    @db:Type {value: \"BIGINT\"}\n    int n;\n    @sql:Index {name: \"i2\"}\n    @sql:Varchar {length: 30}\n    string s;\n "
              "   @sql:Index {name: \"u\"}\n    string? t;\n    boolean? b;\n|};\n",
     .insert = "INSERT INTO A VALUES (1, 2, 's', 't')",
     .query = "SELECT concat(n, s, t) FROM A",
     .answer = "2st",
     .query_down = "SELECT concat(n, s, t) FROM A",
     .answer_down = "2st"},
    {.name = "only an index",
     .was = "type A record {|\n" ID "    string s;\n|};\n",
     .model = "type A record {|\n" ID "    @sql:Index\n    string s;\n    int? n;\n|};\n",
     .insert = "INSERT INTO A VALUES (1, 's')",
     .query = "SELECT s FROM A",
     .answer = "s"},
    {.name = "wider types",
     .was = "enum E {\n    X,\n    Y\n}\ntype A record {|\n" ID
            "    @sql:Varchar {length: 20}\n    string s;\n    @sql:Varchar {length: 63}\n    string t;\n    E e;\n    @sql:Decimal "
            "{precision: [5, 2]}\n    decimal d;\n|};\n",
     .model = "enum E {\n    X,\n    Y,\n    Z\n}\ntype A record {|\n" ID
              "    @sql:Varchar {length: 40}\n    string s;\n    @sql:Varchar {length: 64}\n    string t;\n    E e;\n    @sql:Decimal "
              "{precision: [7, 2]}\n    decimal d;\n|};\n",
     .insert = "INSERT INTO A VALUES (1, 's', 't', 'Y', 1.25)",
     .query = "SELECT concat(s, t, e, d) FROM A",
     .answer = "stY1.25",
     .query_down = "SELECT concat(s, t, e, d) FROM A",
     .answer_down = "stY1.25"},
    {.name = "an index on an expression",
     .only = FLAVOR_MYSQL,
     .was = "@db:Index {name: \"i\", keys: [{expression: \"lower(s)\"}]}\ntype A record {|\n" ID "    string s;\n|};\n",
     .model = "@db:Index {name: \"i\", keys: [{expression: \"lower(t)\"}]}\ntype A record {|\n" ID "    string t;\n|};\n",
     .rename = "A.s=t",
     .insert = "INSERT INTO A VALUES (1, 's')",
     .query = "SELECT t FROM A",
     .answer = "s"},
    {.name = "another key is referred to",
     .was = "type A record {|\n" ID "    @sql:UniqueIndex {name: \"u\"}\n    string code;\n|};\n@db:ForeignKey {keys: [\"code\"], entity: "
            "\"A\", to: [\"code\"]}\ntype B record {|\n" ID "    string code;\n|};\n",
     .model = "type A record {|\n" ID "    @sql:UniqueIndex {name: \"u2\"}\n    string code;\n|};\n@db:ForeignKey {keys: [\"code\"], "
              "entity: \"A\", to: [\"code\"]}\ntype B record {|\n" ID "    @sql:Index\n    string code;\n|};\n",
     .insert = "INSERT INTO A VALUES (1, 'c'); INSERT INTO B VALUES (1, 'c')",
     .query = "SELECT count(*) FROM B",
     .answer = "1"},
};

struct scene {
    struct arena arena;
    struct diag diag;
    struct db *db;
    struct target target;
    const struct pair_row *row;
};

/* Ends the test with what was reported. */
static void check(struct scene *scene, bool good, const char *what) {
    if (good)
        return;
    diag_print(&scene->diag, stderr, false);
    fail_msg("%s: %s", scene->row->name, what);
}

static struct schema *declared_of(struct scene *scene, const char *model) {
    const struct model_options options = {.datastore = "mysql", .comments = true};
    const char *text = arena_printf(&scene->arena, "%s%s", HEAD, model);
    struct source *source = source_new(&scene->arena, "model.bal", text, strlen(text), &scene->diag);
    struct schema *schema = model_read(&scene->arena, source, &options, &scene->diag);

    check(scene, schema != NULL, "the model is not read");
    return schema;
}

static struct schema *normal_of(struct scene *scene, const struct schema *declared) {
    struct schema *schema = dialect_mysql.normalize(&scene->arena, declared, &scene->target, &scene->diag);

    check(scene, schema != NULL, "no normal form");
    return schema;
}

/* The words of TEXT, or none. */
static struct names words(struct arena *arena, const char *text) {
    VEC(const char *) list = {0};
    char *rest = NULL;

    for (char *word = text ? strtok_r(arena_strdup(arena, text), " ", &rest) : NULL; word; word = strtok_r(NULL, " ", &rest))
        vec_push(arena, &list, (const char *)word);
    return (struct names){.at = list.at, .count = list.count};
}

static struct backfill fill_of(struct arena *arena, const char *text) {
    char *entity = arena_strdup(arena, text);
    char *field = strchr(entity, '.');
    char *value = strchr(entity, '=');

    *field++ = *value++ = '\0';
    return (struct backfill){.entity = entity, .field = field, .expression = value};
}

static struct plan *plan_of(struct scene *scene, const struct schema *from, const struct schema *to, const struct renames *renames) {
    struct plan_request request = {.from = from, .to = to, .renames = renames, .rules = &dialect_mysql.rules};
    struct backfill fill;

    if (scene->row->fill) {
        fill = fill_of(&scene->arena, scene->row->fill);
        request.backfills = &fill;
        request.backfill_count = 1;
    }
    return plan_make(&scene->arena, &request);
}

static void run_plan(struct scene *scene, const struct plan *plan, const char *what) {
    struct script script = {.arena = &scene->arena};
    struct str text = STR_INIT;
    bool good;

    dialect_mysql.emit(plan, &scene->target, &script);
    good = traced_run(scene->db, &dialect_mysql, &script, &scene->diag) == 0;
    for (size_t i = 0; i < script.list.count; i++)
        assert_non_null(script.list.at[i].reason);
    if (!good || getenv("PERSIST_TEST_VERBOSE")) {
        script_print(&script, &dialect_mysql.style, what, &text);
        fputs(text.text, stderr);
    }
    str_free(&text);
    check(scene, good, what);
}

/* The changes between two schemas under their physical names. */
static size_t count_changes(struct scene *scene, const struct schema *from, const struct schema *to, bool opaque) {
    const struct renames none = {0};
    struct diff_rules rules = dialect_mysql.rules;
    struct plan_request request = {.renames = &none, .rules = &rules};
    struct plan *plan;

    rules.opaque_expressions = opaque;
    request.from = schema_physical(&scene->arena, from);
    request.to = schema_physical(&scene->arena, to);
    plan = plan_make(&scene->arena, &request);
    for (size_t i = 0; i < plan->changes.count; i++)
        fprintf(stderr, "%s: %s (aspects %u)\n", scene->row->name,
                my_reasons(&scene->arena, (const struct change *[]){&plan->changes.at[i]}, 1), plan->changes.at[i].aspects);
    return plan->changes.count;
}

static struct schema *introspect(struct scene *scene, struct db *db) {
    struct schema *schema = dialect_mysql.introspect(db, NULL, &scene->arena, &scene->diag);

    check(scene, schema != NULL, "not introspected");
    return schema;
}

/* What introspection says of a database made from EXPECTED at once. */
static struct schema *made_at_once(struct scene *scene, const struct schema *expected) {
    struct db *kept = scene->db;
    struct schema *result;
    const struct renames none = {0};
    struct schema nothing = {0};

    scene->db = dialect_mysql.driver->open_scratch(url, &scene->diag);
    check(scene, scene->db != NULL, "no second database");
    run_plan(scene, plan_of(scene, &nothing, expected, &none), "creation");
    result = introspect(scene, scene->db);
    db_close(scene->db);
    scene->db = kept;
    return result;
}

static void check_database(struct scene *scene, const struct schema *expected, const char *when) {
    struct schema *found = introspect(scene, scene->db);

    check(scene, count_changes(scene, found, expected, true) == 0, arena_printf(&scene->arena, "not the normal form %s", when));
    check(scene, count_changes(scene, found, made_at_once(scene, expected), false) == 0,
          arena_printf(&scene->arena, "not as made at once %s", when));
}

static void check_answer(struct scene *scene, const char *query, const char *answer) {
    struct rows rows;

    if (!query)
        return;
    check(scene, db_query(scene->db, &scene->arena, query, &rows, &scene->diag) == 0, query);
    assert_int_equal(rows.row_count, 1);
    assert_string_equal(rows_text(&rows, 0, 0), answer);
}

static void migrate(struct scene *scene) {
    const struct pair_row *row = scene->row;
    struct schema *was = declared_of(scene, row->was), *model = declared_of(scene, row->model);
    struct schema *from = normal_of(scene, was), *to = normal_of(scene, model);
    struct rename_answers answers = {.renames = words(&scene->arena, row->rename)};
    struct renames renames = {0}, back = {0}, none = {0};
    struct schema nothing = {0};

    check(scene, renames_find(&scene->arena, was, model, &answers, &renames, &scene->diag) == 0, "no renames");
    renames_invert(&scene->arena, &renames, &back);
    run_plan(scene, plan_of(scene, &nothing, from, &none), "creation");
    check_database(scene, from, "at first");
    if (row->insert)
        check(scene, db_exec(scene->db, row->insert, &scene->diag) == 0, row->insert);
    run_plan(scene, plan_of(scene, from, to, &renames), "up");
    check_database(scene, to, "after up");
    check_answer(scene, row->query, row->answer);
    run_plan(scene, plan_of(scene, to, from, &back), "down");
    check_database(scene, from, "after down");
    check_answer(scene, row->query_down, row->answer_down);
}

static void test_pair(void **state) {
    struct scene scene = {.row = *state};

    scene.diag.arena = &scene.arena;
    scene.db = dialect_mysql.driver->open_scratch(url, &scene.diag);
    check(&scene, scene.db != NULL, "no scratch database");
    scene.target = (struct target){
        .dialect = &dialect_mysql, .comments = true, .flavor = db_head(scene.db)->flavor, .version = db_head(scene.db)->version};
    if (scene.row->only == FLAVOR_NONE || scene.row->only == scene.target.flavor) {
        migrate(&scene);
        db_close(scene.db);
        scene.db = dialect_mysql.driver->open_scratch(url, &scene.diag);
        scene.target.flavor = FLAVOR_NONE;
        scene.target.version = dialect_mysql.baseline_version;
        if (scene.row->only == FLAVOR_NONE)
            migrate(&scene);
    }
    db_close(scene.db);
    arena_free(&scene.arena);
}

static void test_errors(void **state) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct db *db = dialect_mysql.driver->open_scratch(url, &diag);
    struct rows rows;

    (void)state;
    assert_non_null(db);
    assert_int_equal(db_exec(db, "CREATE TABLE a (id INT); INSERT INTO a VALUES (1); SELECT * FROM a", &diag), 0);
    assert_int_equal(db_exec(db, "INSERT INTO a VALUES (2); SELECT nonsense", &diag), -1);
    assert_non_null(strstr(diag.list.at[0].message, "nonsense"));
    assert_int_equal(db_query(db, &arena, "SELECT count(*), NULL FROM a", &rows, &diag), 0);
    assert_int_equal(rows_number(&rows, 0, 0), 2);
    assert_null(rows_text(&rows, 0, 1));
    db_close(db);
    assert_null(dialect_mysql.driver->open("mysql://nobody:secret@127.0.0.1:1/x", &diag));
    assert_null(strstr(diag.list.at[diag.list.count - 1].message, "secret"));
    arena_free(&arena);
}

/* A table of MySQL takes 64 columns that come or go at once, and 255 from 9.1 on. */
static void test_row_versions(void **state) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct db *db = dialect_mysql.driver->open_scratch(url, &diag);
    int result = 0;

    (void)state;
    assert_non_null(db);
    assert_int_equal(db_exec(db, "CREATE TABLE a (id INT)", &diag), 0);
    for (size_t i = 0; i < 256 && result == 0 && db_head(db)->flavor == FLAVOR_MYSQL; i++)
        result = db_exec(db, i % 2 ? "ALTER TABLE a DROP COLUMN b, ALGORITHM=INSTANT" : "ALTER TABLE a ADD COLUMN b INT, ALGORITHM=INSTANT",
                         &diag);
    if (db_head(db)->flavor == FLAVOR_MYSQL)
        assert_non_null(strstr(diag.list.at[0].hint, "FORCE"));
    db_close(db);
    arena_free(&arena);
}

static int run_on(const char *server) {
    struct CMUnitTest tests[ROWS(pair_rows) + 2] = {cmocka_unit_test(test_errors), cmocka_unit_test(test_row_versions)};
    size_t count = 2;

    url = server;
    ADD_ROWS(tests, count, pair_rows, test_pair);
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
