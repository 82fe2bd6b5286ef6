/* Rows of test_cost.c: models from which to which, with "a" as the large table and "b" as the small one. */
#ifndef PERSIST_COST_ROWS_H
#define PERSIST_COST_ROWS_H

/* What the statements do, a line each that does something: "table lock who-waits work". */
static struct effect_row {
    const char *name;
    const char *target;
    const char *was;
    const char *model;
    const char *expected;
} effect_rows[] = {
    {"effects: a new table keeps nobody waiting", "postgresql", NULL,
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     ""},
    {"effects: add a column", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: add a column with a constant default", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Default {value: \"1\"}\n"
     "    int n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: add a column with a stable default", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Default {value: \"now()\"}\n"
     "    time:Utc n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: add a column with a volatile default", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Default {value: \"random()\"}\n"
     "    float n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all rewrite\n"},
    {"effects: a default text that looks volatile", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Default {literal: \"random()\"}\n"
     "    string n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: add a column with a volatile function of the model", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@db:Object {kind: \"function\", name: \"f()\"}\n"
     "const string f = string `CREATE OR REPLACE FUNCTION f()`;\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Default {value: \"f()\"}\n"
     "    int? n;\n"
     "|};\n"
     "@db:Object {kind: \"function\", name: \"f()\"}\n"
     "const string f = string `CREATE OR REPLACE FUNCTION f()`;\n",
     "a ACCESS EXCLUSIVE all rewrite\n"},
    {"effects: add an identity", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Identity {}\n"
     "    int n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all rewrite\n"},
    {"effects: add a stored column", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "    @db:Computed {value: \"n + 1\", stored: true}\n"
     "    int? m;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all rewrite\n"},
    {"effects: add a column of a domain with a condition", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@db:Object {kind: \"domain\", name: \"d\"}\n"
     "const string d = string `integer CONSTRAINT c CHECK (VALUE > 0)`;\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"d\"}\n"
     "    int? n;\n"
     "|};\n"
     "@db:Object {kind: \"domain\", name: \"d\"}\n"
     "const string d = string `integer CONSTRAINT c CHECK (VALUE > 0)`;\n",
     "a ACCESS EXCLUSIVE all rewrite\n"},
    {"effects: add a column of a domain without one", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@db:Object {kind: \"domain\", name: \"d\"}\n"
     "const string d = string `integer`;\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"d\"}\n"
     "    int? n;\n"
     "|};\n"
     "@db:Object {kind: \"domain\", name: \"d\"}\n"
     "const string d = string `integer`;\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: drop a column", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: rename a column", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Was {name: \"n\"}\n"
     "    int m;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: rename a table", "postgresql",
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:Was {name: \"A\"}\n"
     "type C record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "A ACCESS EXCLUSIVE all catalog\n"
     "A_pkey (index) SHARE UPDATE EXCLUSIVE changes catalog\n"},
    {"effects: drop a table", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: drop a table with a foreign key", "postgresql",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog; b (referenced) ACCESS EXCLUSIVE all catalog\n"},
    {"effects: set a default", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Default {value: \"1\"}\n"
     "    int n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: forbid NULL", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? f;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int f;\n"
     "|};\n",
     "a ROW EXCLUSIVE nothing rows\n"
     "a ACCESS EXCLUSIVE all catalog\n"
     "a SHARE UPDATE EXCLUSIVE changes scan\n"
     "a ACCESS EXCLUSIVE all catalog\n"
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: allow NULL", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: varchar(20) to varchar(40)", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"varchar(20)\"}\n"
     "    string n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"varchar(40)\"}\n"
     "    string n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: varchar(20) to varchar(10)", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"varchar(20)\"}\n"
     "    string n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"varchar(10)\"}\n"
     "    string n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all rewrite\n"},
    {"effects: varchar(20) to text", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"varchar(20)\"}\n"
     "    string n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"text\"}\n"
     "    string n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: text to varchar(20)", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"text\"}\n"
     "    string n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"varchar(20)\"}\n"
     "    string n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all rewrite\n"},
    {"effects: char(10) to char(20)", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"char(10)\"}\n"
     "    string n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"char(20)\"}\n"
     "    string n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all rewrite\n"},
    {"effects: int to bigint", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"int\"}\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"bigint\"}\n"
     "    int n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all rewrite\n"},
    {"effects: numeric(10,2) to numeric(12,2)", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"numeric(10,2)\"}\n"
     "    decimal n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"numeric(12,2)\"}\n"
     "    decimal n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: numeric(10,2) to numeric(12,3)", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"numeric(10,2)\"}\n"
     "    decimal n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"numeric(12,3)\"}\n"
     "    decimal n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all rewrite\n"},
    {"effects: timestamp to timestamptz", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"timestamp\"}\n"
     "    string n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"timestamptz\"}\n"
     "    string n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all rewrite\n"},
    {"effects: timestamp(3) to timestamp(6)", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"timestamp(3)\"}\n"
     "    string n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"timestamp(6)\"}\n"
     "    string n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: cidr to inet", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"cidr\"}\n"
     "    string n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"inet\"}\n"
     "    string n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: another collation", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    string n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Collation {value: \"C\"}\n"
     "    string n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: another collation under an index", "postgresql",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    string n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Collation {value: \"C\"}\n"
     "    string n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all index\n"},
    {"effects: add an index", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a SHARE writes index\n"},
    {"effects: add an index concurrently", "postgresql concurrently",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a SHARE UPDATE EXCLUSIVE changes index\n"},
    {"effects: drop an index", "postgresql",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: drop an index concurrently", "postgresql concurrently",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a SHARE UPDATE EXCLUSIVE changes catalog\n"},
    {"effects: rename an index", "postgresql",
     "@db:Index {name: \"i\", keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Index {name: \"j\", keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "i (index) SHARE UPDATE EXCLUSIVE changes catalog\n"},
    {"effects: add a unique constraint", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Unique {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all index\n"},
    {"effects: add a unique constraint concurrently", "postgresql concurrently",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Unique {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a SHARE UPDATE EXCLUSIVE changes index\n"
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: add a key", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "@db:NoKey\n"
     "type A record {|\n"
     "    int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all index\n"},
    {"effects: add a key concurrently", "postgresql concurrently",
     "@sql:Name {value: \"a\"}\n"
     "@db:NoKey\n"
     "type A record {|\n"
     "    int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a SHARE UPDATE EXCLUSIVE changes index\n"
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: drop a key", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "@db:NoKey\n"
     "type A record {|\n"
     "    int id;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: add a check", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Check {name: \"c\", value: \"n > 0\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"
     "a SHARE UPDATE EXCLUSIVE changes scan\n"},
    {"effects: drop a check", "postgresql",
     "@db:Check {name: \"c\", value: \"n > 0\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: rename a check", "postgresql",
     "@db:Check {name: \"c\", value: \"n > 0\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Check {name: \"d\", value: \"n > 0\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: add an exclusion", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Exclude {name: \"x\", using: \"gist\", value: \"n WITH =\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all index\n"},
    {"effects: add a foreign key", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a SHARE ROW EXCLUSIVE writes catalog; b (referenced) SHARE ROW EXCLUSIVE writes catalog\n"
     "a SHARE UPDATE EXCLUSIVE changes scan; b (referenced) ROW SHARE nothing catalog\n"},
    {"effects: add a foreign key to itself", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int aId;\n"
     "|};\n",
     "@db:ForeignKey {keys: [\"aId\"], entity: \"A\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int aId;\n"
     "|};\n",
     "a SHARE ROW EXCLUSIVE writes catalog\n"
     "a SHARE UPDATE EXCLUSIVE changes scan\n"},
    {"effects: a new table with a foreign key", "postgresql",
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "b (referenced) SHARE ROW EXCLUSIVE writes catalog\n"},
    {"effects: drop a foreign key", "postgresql",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog; b (referenced) ACCESS EXCLUSIVE all catalog\n"},
    {"effects: a table without a log", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:Table {unlogged: true}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all rewrite\n"},
    {"effects: a storage parameter", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:Table {options: {fillfactor: 70}}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a SHARE UPDATE EXCLUSIVE changes catalog\n"},
    {"effects: row level security", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:Table {options: {rowSecurity: \"enabled\"}}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: how much is sampled", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Options {statistics: 500}\n"
     "    int n;\n"
     "|};\n",
     "a SHARE UPDATE EXCLUSIVE changes catalog\n"},
    {"effects: how it is stored", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    string n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Options {storage: \"external\"}\n"
     "    string n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: a comment", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "# said\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    # said\n"
     "    int n;\n"
     "|};\n",
     "a SHARE UPDATE EXCLUSIVE changes catalog\n"
     "a SHARE UPDATE EXCLUSIVE changes catalog\n"},
    {"effects: a trigger comes", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@db:Object {kind: \"trigger\", name: \"t\", on: \"A\"}\n"
     "const string t = string `CREATE TRIGGER t BEFORE INSERT ON a EXECUTE FUNCTION f()`;\n",
     "a SHARE ROW EXCLUSIVE writes catalog\n"},
    {"effects: a trigger goes", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@db:Object {kind: \"trigger\", name: \"t\", on: \"A\"}\n"
     "const string t = string `CREATE TRIGGER t BEFORE INSERT ON a EXECUTE FUNCTION f()`;\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: a policy comes", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@db:Object {kind: \"policy\", name: \"p\", on: \"A\"}\n"
     "const string p = string `USING (true)`;\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: statistics come", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"statistics\", name: \"s\", on: \"A\"}\n"
     "const string s = string `CREATE STATISTICS s ON id, n FROM a`;\n",
     "a SHARE UPDATE EXCLUSIVE changes catalog\n"},
    {"effects: a view is replaced", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"view\", name: \"v\", dependsOn: [\"A\"]}\n"
     "const string v = string ` SELECT n\n"
     "   FROM a`;\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"view\", name: \"v\", dependsOn: [\"A\"]}\n"
     "const string v = string ` SELECT n\n"
     "   FROM a\n"
     "  WHERE n > 0`;\n",
     "v ACCESS EXCLUSIVE all catalog\n"},
    {"effects: a view goes", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"view\", name: \"v\", dependsOn: [\"A\"]}\n"
     "const string v = string ` SELECT n FROM a`;\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "v ACCESS EXCLUSIVE all catalog\n"},
    {"effects: a materialized view comes", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"materialized view\", name: \"v\", dependsOn: [\"A\"]}\n"
     "const string v = string ` SELECT n FROM a`;\n",
     "a ACCESS SHARE nothing scan\n"},
    {"effects: a sequence counts in another way", "postgresql",
     "@db:Object {kind: \"sequence\", name: \"s\"}\n"
     "const string s = string `AS bigint INCREMENT BY 1`;\n",
     "@db:Object {kind: \"sequence\", name: \"s\"}\n"
     "const string s = string `AS bigint INCREMENT BY 2`;\n",
     "s SHARE ROW EXCLUSIVE writes catalog\n"},
    {"effects: a function keeps nobody waiting", "postgresql",
     "@db:Object {kind: \"function\", name: \"f()\"}\n"
     "const string f = string `CREATE OR REPLACE FUNCTION f()`;\n",
     "", ""},
    {"effects: a domain gets a condition", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"d\"}\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"domain\", name: \"d\"}\n"
     "const string d = string `integer`;\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"d\"}\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"domain\", name: \"d\"}\n"
     "const string d = string `integer CONSTRAINT c CHECK (VALUE > 0)`;\n",
     "a SHARE writes scan\n"},
    {"effects: a partition comes", "postgresql",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"a1\", on: \"A\"}\n"
     "const string a1 = string `FOR VALUES FROM (1) TO (10)`;\n",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"a1\", on: \"A\"}\n"
     "const string a1 = string `FOR VALUES FROM (1) TO (10)`;\n"
     "@db:Object {kind: \"partition\", name: \"a2\", on: \"A\"}\n"
     "const string a2 = string `FOR VALUES FROM (10) TO (20)`;\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: a partition comes beside the default one", "postgresql",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"ad\", on: \"A\"}\n"
     "const string ad = string `DEFAULT`;\n",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"ad\", on: \"A\"}\n"
     "const string ad = string `DEFAULT`;\n"
     "@db:Object {kind: \"partition\", name: \"a2\", on: \"A\"}\n"
     "const string a2 = string `FOR VALUES FROM (10) TO (20)`;\n",
     "a ACCESS EXCLUSIVE all catalog; ad ACCESS EXCLUSIVE all scan\n"},
    {"effects: a partition goes", "postgresql",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"a1\", on: \"A\"}\n"
     "const string a1 = string `FOR VALUES FROM (1) TO (10)`;\n"
     "@db:Object {kind: \"partition\", name: \"a2\", on: \"A\"}\n"
     "const string a2 = string `FOR VALUES FROM (10) TO (20)`;\n",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"a1\", on: \"A\"}\n"
     "const string a1 = string `FOR VALUES FROM (1) TO (10)`;\n",
     "a ACCESS EXCLUSIVE all catalog\n"},
    {"effects: a partition comes, with foreign keys on both sides", "postgresql",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@sql:Name {value: \"q\"}\n"
     "@db:ForeignKey {keys: [\"aId\"], entity: \"A\"}\n"
     "type Q record {|\n"
     "    readonly int id;\n"
     "    int aId;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"a1\", on: \"A\"}\n"
     "const string a1 = string `FOR VALUES FROM (1) TO (10)`;\n",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@sql:Name {value: \"q\"}\n"
     "@db:ForeignKey {keys: [\"aId\"], entity: \"A\"}\n"
     "type Q record {|\n"
     "    readonly int id;\n"
     "    int aId;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"a1\", on: \"A\"}\n"
     "const string a1 = string `FOR VALUES FROM (1) TO (10)`;\n"
     "@db:Object {kind: \"partition\", name: \"a2\", on: \"A\"}\n"
     "const string a2 = string `FOR VALUES FROM (10) TO (20)`;\n",
     "a ACCESS EXCLUSIVE all catalog; b (referenced) SHARE ROW EXCLUSIVE writes catalog; q SHARE ROW EXCLUSIVE writes catalog\n"},
    {"effects: a partition goes, with foreign keys on both sides", "postgresql",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@sql:Name {value: \"q\"}\n"
     "@db:ForeignKey {keys: [\"aId\"], entity: \"A\"}\n"
     "type Q record {|\n"
     "    readonly int id;\n"
     "    int aId;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"a1\", on: \"A\"}\n"
     "const string a1 = string `FOR VALUES FROM (1) TO (10)`;\n"
     "@db:Object {kind: \"partition\", name: \"ad\", on: \"A\"}\n"
     "const string ad = string `DEFAULT`;\n"
     "@db:Object {kind: \"partition\", name: \"a2\", on: \"A\"}\n"
     "const string a2 = string `FOR VALUES FROM (10) TO (20)`;\n",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@sql:Name {value: \"q\"}\n"
     "@db:ForeignKey {keys: [\"aId\"], entity: \"A\"}\n"
     "type Q record {|\n"
     "    readonly int id;\n"
     "    int aId;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"a1\", on: \"A\"}\n"
     "const string a1 = string `FOR VALUES FROM (1) TO (10)`;\n"
     "@db:Object {kind: \"partition\", name: \"ad\", on: \"A\"}\n"
     "const string ad = string `DEFAULT`;\n",
     "a ACCESS EXCLUSIVE all catalog; ad ACCESS EXCLUSIVE all catalog; b (referenced) SHARE ROW EXCLUSIVE writes catalog; q ACCESS "
     "EXCLUSIVE all scan\n"
     "a ACCESS EXCLUSIVE all catalog; ad ACCESS EXCLUSIVE all catalog\n"},
    {"effects: a table that inherits follows", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "@db:Table {inherits: [\"A\"]}\n"
     "type B record {|\n"
     "    @db:Inherited\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? n;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "@db:Table {inherits: [\"A\"]}\n"
     "type B record {|\n"
     "    @db:Inherited\n"
     "    readonly int id;\n"
     "    @db:Inherited\n"
     "    int? n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all catalog; b ACCESS EXCLUSIVE all catalog\n"},
    {"effects: an enum type gets a member", "postgresql",
     "@db:Enum {name: \"e\"}\n"
     "enum E {\n"
     "    X,\n"
     "    Y\n"
     "}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    E n;\n"
     "|};\n",
     "@db:Enum {name: \"e\"}\n"
     "enum E {\n"
     "    X,\n"
     "    Y,\n"
     "    Z\n"
     "}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    E n;\n"
     "|};\n",
     ""},
    {"effects: an enum type loses a member", "postgresql",
     "@db:Enum {name: \"e\"}\n"
     "enum E {\n"
     "    X,\n"
     "    Y,\n"
     "    Z\n"
     "}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    E n;\n"
     "|};\n",
     "@db:Enum {name: \"e\"}\n"
     "enum E {\n"
     "    X,\n"
     "    Y\n"
     "}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    E n;\n"
     "|};\n",
     "a ACCESS EXCLUSIVE all rewrite\n"},
    {"effects: add a column (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? n;\n"
     "|};\n",
     "a ALGORITHM=INSTANT nothing catalog\n"},
    {"effects: add an index (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a ALGORITHM=INPLACE, LOCK=NONE nothing index\n"},
    {"effects: drop an index (mysql)", "mysql",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a ALGORITHM=INPLACE, LOCK=NONE nothing catalog\n"},
    {"effects: forbid NULL (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? f;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int f;\n"
     "|};\n",
     "a nothing rows\n"
     "a ALGORITHM=INPLACE, LOCK=NONE nothing rewrite\n"},
    {"effects: int to bigint (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"int\"}\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"bigint\"}\n"
     "    int n;\n"
     "|};\n",
     "a ALGORITHM=COPY, LOCK=SHARED writes rewrite\n"},
    {"effects: add a foreign key (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a ALGORITHM=COPY, LOCK=SHARED writes rewrite; b (referenced) writes catalog\n"},
    {"effects: drop a foreign key (mysql)", "mysql",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a ALGORITHM=INPLACE, LOCK=NONE nothing catalog; b (referenced) all catalog\n"},
    {"effects: a new table with a foreign key (mysql)", "mysql",
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "b (referenced) all catalog\n"},
    {"effects: drop a table with a foreign key (mysql)", "mysql",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a all catalog; b (referenced) all catalog\n"},
    {"effects: drop a key (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "@db:NoKey\n"
     "type A record {|\n"
     "    int id;\n"
     "|};\n",
     "a ALGORITHM=COPY, LOCK=SHARED writes rewrite\n"},
    {"effects: add a check (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Check {name: \"c\", value: \"n > 0\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a ALGORITHM=COPY, LOCK=SHARED writes rewrite\n"},
    {"effects: a full-text index (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    string n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"], using: \"fulltext\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    string n;\n"
     "|};\n",
     "a writes rewrite\n"},
    {"effects: add a column (mariadb)", "mariadb",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? n;\n"
     "|};\n",
     "a ALGORITHM=INSTANT nothing catalog\n"},
    {"effects: add an index (mariadb)", "mariadb",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a ALGORITHM=NOCOPY, LOCK=NONE nothing index\n"},
    {"effects: drop an index (mariadb)", "mariadb",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a ALGORITHM=NOCOPY, LOCK=NONE nothing catalog\n"},
    {"effects: forbid NULL (mariadb)", "mariadb",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? f;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int f;\n"
     "|};\n",
     "a nothing rows\n"
     "a ALGORITHM=INPLACE, LOCK=NONE nothing rewrite\n"},
    {"effects: int to bigint (mariadb)", "mariadb",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"int\"}\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"bigint\"}\n"
     "    int n;\n"
     "|};\n",
     "a ALGORITHM=COPY, LOCK=SHARED writes rewrite\n"},
    {"effects: add a foreign key (mariadb)", "mariadb",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a ALGORITHM=COPY, LOCK=SHARED writes rewrite; b (referenced) writes catalog\n"},
    {"effects: drop a foreign key (mariadb)", "mariadb",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a ALGORITHM=NOCOPY, LOCK=NONE nothing catalog; b (referenced) writes catalog\n"},
    {"effects: a new table with a foreign key (mariadb)", "mariadb",
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     ""},
    {"effects: drop a table with a foreign key (mariadb)", "mariadb",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a all catalog; b (referenced) writes catalog\n"},
    {"effects: drop a key (mariadb)", "mariadb",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "@db:NoKey\n"
     "type A record {|\n"
     "    int id;\n"
     "|};\n",
     "a ALGORITHM=COPY, LOCK=SHARED writes rewrite\n"},
    {"effects: add a check (mariadb)", "mariadb",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Check {name: \"c\", value: \"n > 0\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a ALGORITHM=COPY, LOCK=SHARED writes rewrite\n"},
    {"effects: a full-text index (mariadb)", "mariadb",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    string n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"], using: \"fulltext\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    string n;\n"
     "|};\n",
     "a writes rewrite\n"},
    {"effects: forbid NULL (either server)", "mysql any",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? f;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int f;\n"
     "|};\n",
     "a nothing rows\n"
     "a ALGORITHM=INPLACE, LOCK=NONE nothing rewrite\n"},
    {"effects: drop a table (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a all catalog\n"},
    {"effects: rename a table (mysql)", "mysql",
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:Was {name: \"A\"}\n"
     "type C record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "A all catalog\n"},
    {"effects: partitions (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:Table {partitionBy: \"HASH (id) PARTITIONS 4\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a writes rewrite\n"},
    {"effects: a trigger comes (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@db:Object {kind: \"trigger\", name: \"t\", on: \"A\"}\n"
     "const string t = string `CREATE TRIGGER t BEFORE INSERT ON a FOR EACH ROW SET @x = 1`;\n",
     "a all catalog\n"},
    {"effects: add a column (sqlite)", "sqlite",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? n;\n"
     "|};\n",
     "a the database file for writing writes catalog\n"},
    {"effects: add a column with a check (sqlite)", "sqlite",
     "enum E {\n"
     "    X,\n"
     "    Y\n"
     "}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "enum E {\n"
     "    X,\n"
     "    Y\n"
     "}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    E? n;\n"
     "|};\n",
     "a the database file for writing writes scan\n"},
    {"effects: drop a column (sqlite)", "sqlite",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a the database file for writing writes rewrite\n"},
    {"effects: add an index (sqlite)", "sqlite",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "a the database file for writing writes index\n"},
    {"effects: rebuild (sqlite)", "sqlite",
     "@db:Index {keys: [\"f\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? f;\n"
     "|};\n",
     "@db:Index {keys: [\"f\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int f;\n"
     "|};\n",
     "a the database file for writing writes rewrite\n"
     "a the database file for writing writes index\n"},
    {"effects: rebuild with a foreign key (sqlite)", "sqlite",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "a the database file for writing writes rewrite\n"},
    {"effects: rename a table (sqlite)", "sqlite",
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:Was {name: \"A\"}\n"
     "type C record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "A the database file for writing writes catalog\n"},
};

/* The hazards of that, a line each. The table "a" has 2 GB and "b" 8 kB. */
static struct cost_row {
    const char *name;
    const char *target;
    const char *was;
    const char *model;
    const char *expected;
    bool unsized;
} cost_rows[] = {
    {"none: add a column", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? n;\n"
     "|};\n",
     "", false},
    {"none: a new table with a foreign key", "postgresql",
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "", false},
    {"none: rename a column", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Was {name: \"n\"}\n"
     "    int m;\n"
     "|};\n",
     "", false},
    {"none: add an index concurrently", "postgresql concurrently",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "", false},
    {"none: a comment", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "# said\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    # said\n"
     "    int n;\n"
     "|};\n",
     "", false},
    {"none: varchar(20) to varchar(40)", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"varchar(20)\"}\n"
     "    string n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"varchar(40)\"}\n"
     "    string n;\n"
     "|};\n",
     "", false},
    {"P101: add an index", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "P101 A: locks a (2 GB) for about 40 s: SHARE, writes wait\n", false},
    {"P102: drop an index", "postgresql",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "P102 A: locks a (2 GB) for a moment: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P103: add a key", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "@db:NoKey\n"
     "type A record {|\n"
     "    int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "P103 A: locks a (2 GB) for about 40 s: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P104: add a unique constraint", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Unique {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "P104 A: locks a (2 GB) for about 40 s: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P105: add an exclusion", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Exclude {name: \"x\", using: \"gist\", value: \"n WITH =\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "P105 A: locks a (2 GB) for about 40 s: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P106: another collation under an index", "postgresql",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    string n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Collation {value: \"C\"}\n"
     "    string n;\n"
     "|};\n",
     "P106 A: locks a (2 GB) for about 40 s: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"none: another collation", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    string n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Collation {value: \"C\"}\n"
     "    string n;\n"
     "|};\n",
     "", false},
    {"P107: a constraint of a partition", "postgresql",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"a1\", on: \"A\"}\n"
     "const string a1 = string `FOR VALUES FROM (1) TO (10)`;\n",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"a1\", on: \"A\"}\n"
     "const string a1 = string `FOR VALUES FROM (1) TO (10)`;\n"
     "@db:Object {kind: \"constraint\", name: \"u\", on: \"a1\"}\n"
     "const string u = string `UNIQUE (n)`;\n",
     "P107 a1: locks a1: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P111: int to bigint", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"int\"}\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"bigint\"}\n"
     "    int n;\n"
     "|};\n",
     "P111 A: locks a (2 GB) for about 40 s: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P111: an enum type loses a member", "postgresql",
     "@db:Enum {name: \"e\"}\n"
     "enum E {\n"
     "    X,\n"
     "    Y,\n"
     "    Z\n"
     "}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    E n;\n"
     "|};\n",
     "@db:Enum {name: \"e\"}\n"
     "enum E {\n"
     "    X,\n"
     "    Y\n"
     "}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    E n;\n"
     "|};\n",
     "P111 A: locks a (2 GB) for about 40 s: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P112: add a column with a volatile default", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Default {value: \"random()\"}\n"
     "    float n;\n"
     "|};\n",
     "P112 A: locks a (2 GB) for about 40 s: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P113: add an identity", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Identity {}\n"
     "    int n;\n"
     "|};\n",
     "P113 A: locks a (2 GB) for about 40 s: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P114: add a stored column", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "    @db:Computed {value: \"n + 1\", stored: true}\n"
     "    int? m;\n"
     "|};\n",
     "P114 A: locks a (2 GB) for about 40 s: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P115: add a column of a domain with a condition", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@db:Object {kind: \"domain\", name: \"d\"}\n"
     "const string d = string `integer CONSTRAINT c CHECK (VALUE > 0)`;\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"d\"}\n"
     "    int? n;\n"
     "|};\n"
     "@db:Object {kind: \"domain\", name: \"d\"}\n"
     "const string d = string `integer CONSTRAINT c CHECK (VALUE > 0)`;\n",
     "P115 A: locks a (2 GB) for about 40 s: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P116: a table without a log", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:Table {unlogged: true}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "P116 A: locks a (2 GB) for about 40 s: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P111 with P114: a column that is computed anew", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "    @db:Computed {value: \"n + 1\", stored: true}\n"
     "    int? m;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"bigint\"}\n"
     "    int n;\n"
     "    @db:Computed {value: \"n + 1\", stored: true}\n"
     "    int? m;\n"
     "|};\n",
     "P111 A: locks a (2 GB) for about 80 s: ACCESS EXCLUSIVE, reads and writes wait\n"
     "P114 A: locks a (2 GB) for about 40 s: ACCESS EXCLUSIVE, reads and writes wait\n",
     false},
    {"P121: forbid NULL", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? f;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int f;\n"
     "|};\n",
     "P121 A: locks a (2 GB) for about 10 s: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P122: add a check", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Check {name: \"c\", value: \"n > 0\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "P122 A: locks a (2 GB) for about 10 s: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P123, P125: add a foreign key", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "P123 A: locks a (2 GB) for about 10 s: SHARE ROW EXCLUSIVE, writes wait\n"
     "P125 B: locks b (8 kB) for about 10 s: SHARE ROW EXCLUSIVE, writes wait\n",
     false},
    {"P124: a foreign key of a partitioned table", "postgresql",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "P124 A: locks a (2 GB) for about 10 s: SHARE ROW EXCLUSIVE, writes wait\n"
     "P125 B: locks b (8 kB) for about 10 s: SHARE ROW EXCLUSIVE, writes wait\n",
     false},
    {"P126: drop a foreign key", "postgresql",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "P126 B: locks b (8 kB) for a moment: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P126: drop a table with a foreign key", "postgresql",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "P126 B: locks b (8 kB) for a moment: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P127: a domain gets a condition", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"d\"}\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"domain\", name: \"d\"}\n"
     "const string d = string `integer`;\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"d\"}\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"domain\", name: \"d\"}\n"
     "const string d = string `integer CONSTRAINT c CHECK (VALUE > 0)`;\n",
     "P127 A: locks a (2 GB) for about 10 s: SHARE, writes wait\n", false},
    {"P128: a partition comes beside the default one", "postgresql",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"ad\", on: \"A\"}\n"
     "const string ad = string `DEFAULT`;\n",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"ad\", on: \"A\"}\n"
     "const string ad = string `DEFAULT`;\n"
     "@db:Object {kind: \"partition\", name: \"a2\", on: \"A\"}\n"
     "const string a2 = string `FOR VALUES FROM (10) TO (20)`;\n",
     "P131 A: locks a (2 GB): ACCESS EXCLUSIVE, reads and writes wait\n"
     "P128 ad: locks ad: ACCESS EXCLUSIVE, reads and writes wait\n",
     false},
    {"P129: a check of a partition", "postgresql",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"a1\", on: \"A\"}\n"
     "const string a1 = string `FOR VALUES FROM (1) TO (10)`;\n",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"a1\", on: \"A\"}\n"
     "const string a1 = string `FOR VALUES FROM (1) TO (10)`;\n"
     "@db:Object {kind: \"constraint\", name: \"u\", on: \"a1\"}\n"
     "const string u = string `CHECK (n > 0)`;\n",
     "P129 a1: locks a1: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P131: a partition comes", "postgresql",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"a1\", on: \"A\"}\n"
     "const string a1 = string `FOR VALUES FROM (1) TO (10)`;\n",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"a1\", on: \"A\"}\n"
     "const string a1 = string `FOR VALUES FROM (1) TO (10)`;\n"
     "@db:Object {kind: \"partition\", name: \"a2\", on: \"A\"}\n"
     "const string a2 = string `FOR VALUES FROM (10) TO (20)`;\n",
     "P131 A: locks a (2 GB) for a moment: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P132: a partition goes", "postgresql",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"a1\", on: \"A\"}\n"
     "const string a1 = string `FOR VALUES FROM (1) TO (10)`;\n"
     "@db:Object {kind: \"partition\", name: \"a2\", on: \"A\"}\n"
     "const string a2 = string `FOR VALUES FROM (10) TO (20)`;\n",
     "@db:Table {partitionBy: \"RANGE (id)\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n"
     "@db:Object {kind: \"partition\", name: \"a1\", on: \"A\"}\n"
     "const string a1 = string `FOR VALUES FROM (1) TO (10)`;\n",
     "P132 A: locks a (2 GB) for a moment: ACCESS EXCLUSIVE, reads and writes wait\n", false},
    {"P141: rows filled at once", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    readonly int id2;\n"
     "    int? f;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    readonly int id2;\n"
     "    int f;\n"
     "|};\n",
     "P141 A: locks a (2 GB) for about 2 min: ROW EXCLUSIVE, writes wait\n"
     "P121 A: locks a (2 GB) for about 10 s: ACCESS EXCLUSIVE, reads and writes wait\n",
     false},
    {"P151: a short lock before a long build", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "    int? m;\n"
     "|};\n",
     "P151 A: locks a (2 GB) for about 40 s: ACCESS EXCLUSIVE, reads and writes wait\n"
     "P101 A: locks a (2 GB) for about 40 s: SHARE, writes wait\n",
     false},
    {"P152: a sequence before a build", "postgresql",
     "@db:Object {kind: \"sequence\", name: \"s\"}\n"
     "const string s = string `AS bigint INCREMENT BY 1`;\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Object {kind: \"sequence\", name: \"s\"}\n"
     "const string s = string `AS bigint INCREMENT BY 2`;\n"
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "P152 s: locks s for about 40 s: SHARE ROW EXCLUSIVE, writes wait\n"
     "P101 A: locks a (2 GB) for about 40 s: SHARE, writes wait\n",
     false},
    {"online: forbid NULL", "postgresql online",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? f;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int f;\n"
     "|};\n",
     "", false},
    {"online: add a check", "postgresql online",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Check {name: \"c\", value: \"n > 0\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "", false},
    {"online: add a foreign key", "postgresql online",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "", false},
    {"online: add a unique constraint", "postgresql online",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Unique {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "", false},
    {"online: add a key", "postgresql online",
     "@sql:Name {value: \"a\"}\n"
     "@db:NoKey\n"
     "type A record {|\n"
     "    int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "", false},
    {"online: drop an index", "postgresql online",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "", false},
    {"online: add a column with a volatile default", "postgresql online",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Default {value: \"random()\"}\n"
     "    float n;\n"
     "|};\n",
     "", false},
    {"no sizes, no times", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "P101 A: locks a: SHARE, writes wait\n", true},
    {"a table of no known size", "postgresql",
     "type C record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"]}\n"
     "type C record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "P101 C: locks C: SHARE, writes wait\n", false},
    {"a table that is renamed along", "postgresql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"c\"}\n"
     "@db:Was {name: \"A\"}\n"
     "@db:Index {keys: [\"n\"]}\n"
     "type C record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "P151 A: locks a (2 GB) for about 40 s: ACCESS EXCLUSIVE, reads and writes wait\n"
     "P101 C: locks c (2 GB) for about 40 s: SHARE, writes wait\n",
     false},
    {"no hazard: a small thing on MySQL", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? n;\n"
     "|};\n",
     "", false},
    {"none: add an index (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "", false},
    {"M101: int to bigint (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"int\"}\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Type {value: \"bigint\"}\n"
     "    int n;\n"
     "|};\n",
     "M101 A: locks a (2 GB) for about 40 s: ALGORITHM=COPY, LOCK=SHARED, writes wait\n", false},
    {"M102: members in another order", "mysql",
     "enum E {\n"
     "    X,\n"
     "    Y\n"
     "}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    E n;\n"
     "|};\n",
     "enum E {\n"
     "    Y,\n"
     "    X\n"
     "}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    E n;\n"
     "|};\n",
     "M102 A: locks a (2 GB) for about 40 s: ALGORITHM=COPY, LOCK=SHARED, writes wait\n", false},
    {"M103: an AUTO_INCREMENT column", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "@db:NoKey\n"
     "type A record {|\n"
     "    int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    int id;\n"
     "    @sql:Generated\n"
     "    readonly int n;\n"
     "|};\n",
     "M103 A: locks a (2 GB) for about 40 s: ALGORITHM=INPLACE, LOCK=SHARED, writes wait\n", false},
    {"M104: a stored column", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "    @db:Computed {value: \"n + 1\", stored: true}\n"
     "    int? m;\n"
     "|};\n",
     "M104 A: locks a (2 GB) for about 40 s: writes wait\n", false},
    {"M105: a default that is an expression", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Default {value: \"(rand())\"}\n"
     "    float n;\n"
     "|};\n",
     "M105 A: locks a (2 GB) for about 40 s: ALGORITHM=COPY, LOCK=SHARED, writes wait\n", false},
    {"M106: drop a key (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "@db:NoKey\n"
     "type A record {|\n"
     "    int id;\n"
     "|};\n",
     "M106 A: locks a (2 GB) for about 40 s: ALGORITHM=COPY, LOCK=SHARED, writes wait\n", false},
    {"M107, M114: add a foreign key (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "|};\n"
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "M107 A: locks a (2 GB) for about 40 s: ALGORITHM=COPY, LOCK=SHARED, writes wait\n"
     "M114 B: locks b (8 kB) for about 40 s: writes wait\n",
     false},
    {"a check that is not enforced (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Check {name: \"c\", value: \"n > 0\", enforced: false}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "", false},
    {"M101, M115: a type of a table with a foreign key (mysql)", "mysql",
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "    @db:Type {value: \"BIGINT\"}\n"
     "    int n;\n"
     "|};\n",
     "M101 A: locks a (2 GB) for about 40 s: ALGORITHM=COPY, LOCK=SHARED, writes wait\n"
     "M115 B: locks b (8 kB) for about 40 s: writes wait\n",
     false},
    {"a type of a table with a foreign key (mariadb)", "mariadb",
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"b\"}\n"
     "type B record {|\n"
     "    readonly int id;\n"
     "|};\n"
     "@db:ForeignKey {keys: [\"bId\"], entity: \"B\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int bId;\n"
     "    @db:Type {value: \"BIGINT\"}\n"
     "    int n;\n"
     "|};\n",
     "M101 A: locks a (2 GB) for about 40 s: ALGORITHM=COPY, LOCK=SHARED, writes wait\n", false},
    {"M108: add a check (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Check {name: \"c\", value: \"n > 0\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "M108 A: locks a (2 GB) for about 40 s: ALGORITHM=COPY, LOCK=SHARED, writes wait\n", false},
    {"M109: a full-text index (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    string n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"], using: \"fulltext\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    string n;\n"
     "|};\n",
     "M109 A: locks a (2 GB) for about 40 s: writes wait\n", false},
    {"M110: partitions (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:Table {partitionBy: \"HASH (id) PARTITIONS 4\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "M110 A: locks a (2 GB) for about 40 s: writes wait\n", false},
    {"M111: a collation is no change of type", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    string n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    @db:Collation {value: \"utf8mb4_bin\"}\n"
     "    string n;\n"
     "|};\n",
     "M111 A: locks a (2 GB) for about 40 s: writes wait\n", false},
    {"M111: the engine", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@db:Table {rowFormat: \"COMPRESSED\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "M111 A: locks a (2 GB) for about 40 s: writes wait\n", false},
    {"M112: forbid NULL (mysql)", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? f;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int f;\n"
     "|};\n",
     "M112 A: works on a (2 GB) for about 40 s: ALGORITHM=INPLACE, LOCK=NONE, nobody waits\n", false},
    {"M111: an index beside a full-text one", "mysql",
     "@db:Index {keys: [\"m\"], using: \"fulltext\"}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    string n;\n"
     "    string m;\n"
     "|};\n",
     "@db:Index {keys: [\"m\"], using: \"fulltext\"}\n"
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    string n;\n"
     "    string m;\n"
     "|};\n",
     "M111 A: locks a (2 GB) for about 40 s: writes wait\n", false},
    {"M113: rows filled at once", "mysql",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    readonly int id2;\n"
     "    int? f;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    readonly int id2;\n"
     "    int f;\n"
     "|};\n",
     "M113 A: locks a (2 GB) for about 2 min: writes wait\n"
     "M112 A: works on a (2 GB) for about 40 s: ALGORITHM=INPLACE, LOCK=NONE, nobody waits\n",
     false},
    {"none: add a column (sqlite)", "sqlite",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? n;\n"
     "|};\n",
     "", false},
    {"S101: rebuild (sqlite)", "sqlite",
     "@db:Index {keys: [\"f\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int? f;\n"
     "|};\n",
     "@db:Index {keys: [\"f\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int f;\n"
     "|};\n",
     "S101 A: locks a (2 GB) for about 80 s: the database file for writing, writes wait\n"
     "S103 A: locks a (2 GB) for about 40 s: the database file for writing, writes wait\n",
     false},
    {"S102: drop a column (sqlite)", "sqlite",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "S102 A: locks a (2 GB) for about 40 s: the database file for writing, writes wait\n", false},
    {"S103: add an index (sqlite)", "sqlite",
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "@db:Index {keys: [\"n\"]}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    int n;\n"
     "|};\n",
     "S103 A: locks a (2 GB) for about 40 s: the database file for writing, writes wait\n", false},
    {"S104: add a column with a check (sqlite)", "sqlite",
     "enum E {\n"
     "    X,\n"
     "    Y\n"
     "}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "|};\n",
     "enum E {\n"
     "    X,\n"
     "    Y\n"
     "}\n"
     "@sql:Name {value: \"a\"}\n"
     "type A record {|\n"
     "    readonly int id;\n"
     "    E? n;\n"
     "|};\n",
     "S104 A: locks a (2 GB) for about 10 s: the database file for writing, writes wait\n", false},
};

#endif
