/* The pure half of the PostgreSQL dialect: types, casts, expressions, the normal form and what is emitted. */
#include <stdio.h>
#include <string.h>

#include "model.h"
#include "postgresql_internal.h"
#include "rows.h"

#define HEAD "import ballerina/persist as _;\nimport ballerina/time;\nimport ballerinax/persist.sql;\nimport persist/db;\n"

static struct text_row {
    const char *name;
    const char *input;
    const char *type; /* of the column; canonical_rows: unused */
    const char *expected;
} canonical_rows[] = {
    {"type int", "INT", NULL, "integer"},
    {"type int8", "int8", NULL, "bigint"},
    {"type varchar(10)", "VARCHAR( 10 )", NULL, "character varying(10)"},
    {"type char", "char", NULL, "character(1)"},
    {"type decimal(65,30)", "DECIMAL(65, 30)", NULL, "numeric(65,30)"},
    {"type numeric(5)", "numeric(5)", NULL, "numeric(5,0)"},
    {"type float", "FLOAT", NULL, "double precision"},
    {"type float(10)", "float(10)", NULL, "real"},
    {"type timestamptz(3)", "timestamptz(3)", NULL, "timestamp(3) with time zone"},
    {"type timestamp (3) with time zone", "timestamp (3) with  time zone", NULL, "timestamp(3) with time zone"},
    {"type time", "time", NULL, "time without time zone"},
    {"type int array", "int[]", NULL, "integer[]"},
    {"type unknown", "Geometry(Point, 4326)", NULL, "geometry(Point,4326)"},
    {"type quoted", "\"My Type\"", NULL, "\"My Type\""},
};

static void test_canonical(void **state) {
    const struct text_row *row = *state;
    struct arena arena = {0};

    assert_string_equal(pg_type_canonical(&arena, row->input), row->expected);
    arena_free(&arena);
}

static struct text_row default_rows[] = {
    {"default literal with cast", "'open'::character varying", "character varying(10)", "'open'"},
    {"default escaped quote", "'it''s'::text", "text", "'it''s'"},
    {"default negative number", "'-1'::integer", "integer", "-1"},
    {"default minus", "-1", "integer", "-1"},
    {"default number", "(0)", "integer", "0"},
    {"default quoted number", "'1.50'", "numeric(10,2)", "1.50"},
    {"default number of a text", "'1'::character varying", "character varying(5)", "'1'"},
    {"default truth", "TRUE", "boolean", "true"},
    {"default call", "NOW()", "timestamp without time zone", "now()"},
    {"default word", "current_timestamp", "timestamp without time zone", "CURRENT_TIMESTAMP"},
    {"default NULL", "NULL", "character varying(10)", NULL},
    {"default NULL that is stored", "NULL::character varying", "character varying(10)", "NULL::character varying"},
    {"default literal cast to another type", "'open'::text", "character varying(10)", "'open'::text"},
    {"default literal cast twice", "'now'::text::date", "date", "'now'::text::date"},
    {"default call cast to less", "now()::date", "timestamp without time zone", "now()::date"},
    {"default number cast to a wider type", "'5'::bigint", "bigint", "'5'::bigint"},
    {"default large negative number", "'-5000000000'::bigint", "bigint", "-5000000000"},
    {"default literal of a domain", "'a@b'::citext", "email", "'a@b'::citext"},
    {"default literal of an extension's type", "'a@b'::citext", "citext", "'a@b'"},
    {"default enum", "'a'::\"shop\".\"My Status\"", "\"shop\".\"My Status\"", "'a'"},
    {"default array", "'{}'::text[]", "text[]", "'{}'"},
    {"default expression", "(1 + 2)", "integer", "1 + 2"},
    {"default two parts", "(1) + (2)", "integer", "(1) + (2)"},
};

static void test_default(void **state) {
    const struct text_row *row = *state;
    struct arena arena = {0};
    const char *canonical = pg_default_canonical(&arena, row->input, row->type);

    assert_int_equal(canonical == NULL, row->expected == NULL);
    if (canonical)
        assert_string_equal(canonical, row->expected);
    arena_free(&arena);
}

static struct text_row tidy_rows[] = {
    {"tidy list", "status::text = ANY (ARRAY['a'::character varying, 'b''c'::character varying]::text[])", NULL, "status IN ('a', 'b''c')"},
    {"tidy none of a list", "NOT (t.status)::text <> ALL ((ARRAY['a'::character varying, 'b'::character varying])::text[]) AND x", NULL,
     "NOT t.status NOT IN ('a', 'b') AND x"},
    {"tidy two",
     "a > 0 AND (\"S\"::text = ANY (ARRAY['a'::character varying, 'c'::character varying]::text[]) OR s::text = ANY "
     "(ARRAY['b'::character varying, 'd'::character varying]::text[]))",
     NULL, "a > 0 AND (\"S\" IN ('a', 'c') OR s IN ('b', 'd'))"},
    {"tidy leaves one", "s::text = ANY (ARRAY['a'::character varying]::text[])", NULL,
     "s::text = ANY (ARRAY['a'::character varying]::text[])"},
    {"tidy leaves texts", "s = ANY (ARRAY['a'::text, 'b'::text])", NULL, "s = ANY (ARRAY['a'::text, 'b'::text])"},
    {"tidy leaves operands", "a || b::text = ANY (ARRAY['a'::character varying]::text[])", NULL,
     "a || b::text = ANY (ARRAY['a'::character varying]::text[])"},
    {"tidy leaves strings", "x = 's::text = ANY (ARRAY[''a''::character varying]::text[])'", NULL,
     "x = 's::text = ANY (ARRAY[''a''::character varying]::text[])'"},
};

static void test_tidy(void **state) {
    const struct text_row *row = *state;
    struct arena arena = {0};

    assert_string_equal(pg_expression_tidy(&arena, row->input), row->expected);
    arena_free(&arena);
}

static struct text_row flat_rows[] = {
    {"flat: a beginning", "((a AND b) AND c)", NULL, "(a AND b AND c)"},
    {"flat: beginnings within each other", "(((a > 1) AND (b)) AND c) AND d", NULL, "(a > 1) AND (b) AND c AND d"},
    {"flat: what stands behind is kept", "(a AND (b AND c))", NULL, "(a AND (b AND c))"},
    {"flat: another word is kept", "((a OR b) AND c)", NULL, "((a OR b) AND c)"},
    {"flat: not what is negated or called", "(NOT (a AND b) AND f(a AND b) AND c)", NULL, "(NOT (a AND b) AND f(a AND b) AND c)"},
    {"flat: words in texts", "((a = ' AND (') AND (b = \"OR\"\"(\"))", NULL, "((a = ' AND (') AND (b = \"OR\"\"(\"))"},
    {"flat: a query", "SELECT x\n  WHERE ((a OR b) OR c)", NULL, "SELECT x\n  WHERE (a OR b OR c)"},
};

static void test_flat(void **state) {
    const struct text_row *row = *state;
    struct arena arena = {0};

    assert_string_equal(pg_expression_flat(&arena, row->input), row->expected);
    arena_free(&arena);
}

static struct text_row check_rows[] = {
    {"enum check of several", "status::text = ANY (ARRAY['a'::character varying, 'b''c'::character varying]::text[])", "status", "a b'c"},
    {"enum check with parentheses", "((\"Status\")::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
     "Status", "a b"},
    {"enum check of one", "status::text = 'a'::text", "status", "a"},
    {"enum check of a text", "s = ANY (ARRAY['a'::text, 'b'::text])", "s", "a b"},
    {"no enum check: number", "amount > 0", NULL, NULL},
    {"no enum check: more behind", "s = ANY (ARRAY['a'::text]) AND t > 0", NULL, NULL},
    {"no enum check: two columns", "s::text = t::text", NULL, NULL},
};

static void test_check(void **state) {
    const struct text_row *row = *state;
    struct arena arena = {0};
    struct names values = {0};
    struct str joined = STR_INIT;
    const char *column = NULL;
    bool parsed = pg_enum_check_parse(&arena, row->input, &column, &values);

    assert_int_equal(parsed, row->expected != NULL);
    for (size_t i = 0; parsed && i < values.count; i++)
        str_addf(&joined, "%s%s", i ? " " : "", values.at[i]);
    if (parsed) {
        assert_string_equal(column, row->type);
        assert_string_equal(joined.text, row->expected);
    }
    str_free(&joined);
    arena_free(&arena);
}

static struct cast_row {
    const char *name;
    const char *from;
    const char *to;
    enum cast_risk risk;
    bool rewrites;
    const char *expression; /* of column c; NULL: PostgreSQL casts by itself */
} cast_rows[] = {
    {"cast wider text", "character varying(20)", "character varying(40)", CAST_SAFE, false, NULL},
    {"cast wider interval", "interval(3)", "interval", CAST_SAFE, false, NULL},
    {"cast narrower interval", "interval", "interval(3)", CAST_CUTS, true, NULL},
    {"cast interval to one of its fields", "interval", "interval day", CAST_MAY_FAIL, true, "c::text::interval day"},
    {"cast wider bits", "bit varying(4)", "bit varying(8)", CAST_SAFE, false, NULL},
    {"cast bits without a limit", "bit(4)", "bit varying", CAST_SAFE, false, NULL},
    {"cast bits to a limit", "bit(4)", "bit varying(8)", CAST_SAFE, true, NULL},
    {"cast narrower bits: refused, not cut", "bit varying(8)", "bit varying(4)", CAST_MAY_FAIL, true, NULL},
    {"cast bits of a fixed length: refused, not filled up", "bit(4)", "bit(8)", CAST_MAY_FAIL, true, NULL},
    {"cast narrower text", "character varying(20)", "character varying(10)", CAST_MAY_FAIL, true, NULL},
    {"cast to text", "character varying(20)", "text", CAST_SAFE, false, NULL},
    {"cast char to wider char", "character(10)", "character(20)", CAST_SAFE, true, NULL},
    {"cast wider int", "integer", "bigint", CAST_SAFE, true, NULL},
    {"cast narrower int", "bigint", "integer", CAST_MAY_FAIL, true, NULL},
    {"cast int to numeric", "integer", "numeric(65,30)", CAST_SAFE, true, NULL},
    {"cast int to small numeric", "integer", "numeric(5,2)", CAST_MAY_FAIL, true, NULL},
    {"cast numeric to int", "numeric(10,2)", "integer", CAST_CUTS, true, "c::integer"},
    {"cast wider numeric", "numeric(10,2)", "numeric(12,2)", CAST_SAFE, false, NULL},
    {"cast less scale", "numeric(10,2)", "numeric(12,1)", CAST_CUTS, true, NULL},
    {"cast text to int", "character varying(20)", "integer", CAST_MAY_FAIL, true, "c::integer"},
    {"cast int to text", "integer", "text", CAST_SAFE, true, "c::text"},
    {"cast int to short text", "integer", "character varying(3)", CAST_MAY_FAIL, true, "c::text"},
    {"cast int to bool", "bigint", "boolean", CAST_CUTS, true, "c <> 0"},
    {"cast bool to bigint", "boolean", "bigint", CAST_SAFE, true, "c::integer::bigint"},
    {"cast timestamp to date", "timestamp without time zone", "date", CAST_CUTS, true, "c::date"},
    {"cast date to timestamp", "date", "timestamp without time zone", CAST_SAFE, true, NULL},
    {"cast timestamp to timestamptz", "timestamp without time zone", "timestamp with time zone", CAST_SAFE, false, NULL},
    {"cast text to enum", "text", "\"status\"", CAST_MAY_FAIL, true, "c::\"status\""},
    {"cast enum to text", "\"status\"", "text", CAST_SAFE, true, "c::text"},
    {"cast text to bytes", "text", "bytea", CAST_SAFE, true, "convert_to(c, 'UTF8')"},
    {"cast date to int", "date", "integer", CAST_MAY_FAIL, true, "c::text::integer"},
};

static void test_cast(void **state) {
    const struct cast_row *row = *state;
    struct arena arena = {0};
    const char *expression = pg_cast_expression(&arena, "c", row->from, row->to);

    assert_int_equal(pg_cast_risk_of(row->from, row->to), row->risk);
    assert_int_equal(pg_cast_rewrites(row->from, row->to), row->rewrites);
    assert_int_equal(expression == NULL, row->expression == NULL);
    if (expression)
        assert_string_equal(expression, row->expression);
    arena_free(&arena);
}

static const struct target baseline = {.dialect = &dialect_postgresql, .version = 120000, .comments = true};

/* The normal form of MODEL for TARGET; NULL when something was reported, which lies in DIAG. */
static struct schema *normal_of(struct arena *arena, const char *model, const struct target *target, struct diag *diag) {
    const struct model_options options = {.datastore = "postgresql", .comments = true};
    const char *text = arena_printf(arena, "%s%s", HEAD, model);
    struct source *source = source_new(arena, "model.bal", text, strlen(text), diag);
    struct schema *schema = model_read(arena, source, &options, diag);

    if (!schema) {
        diag_print(diag, stderr, false);
        fail();
    }
    return dialect_postgresql.normalize(arena, schema, target, diag);
}

static struct refusal_row {
    const char *name;
    const char *model;
    const char *message; /* a part of it */
    int version;         /* 0: the baseline */
} refusal_rows[] = {
    {"refused engine", "@db:Table {engine: \"InnoDB\"}\ntype A record {|\n    readonly int id;\n|};\n", "storage engine", 0},
    {"refused charset", "type A record {|\n    readonly int id;\n    @db:Charset {value: \"latin1\"}\n    string s;\n|};\n",
     "character set", 0},
    {"refused check that is not enforced",
     "@db:Check {name: \"c\", value: \"id > 0\", enforced: false}\ntype A record {|\n    readonly int id;\n|};\n", "not enforced", 0},
    {"refused on update", "type A record {|\n    readonly int id;\n    @db:OnUpdate {value: \"now()\"}\n    time:Utc t;\n|};\n",
     "ON UPDATE", 0},
    {"refused prefix",
     "@db:Index {name: \"i\", keys: [{field: \"s\", prefix: 3}]}\ntype A record {|\n    readonly int id;\n    string s;\n|};\n",
     "beginning of a column", 0},
    {"refused virtual column", "type A record {|\n    readonly int id;\n    @db:Computed {value: \"id + 1\"}\n    int s;\n|};\n",
     "version 18", 0},
    {"refused index of a virtual column",
     "@db:Index {keys: [\"s\"]}\ntype A record {|\n    readonly int id;\n    @db:Computed {value: \"id + 1\"}\n    int s;\n|};\n",
     "cannot index it", 180000},
    {"refused default", "type A record {|\n    readonly int id;\n    @db:Default {literal: \"x\"}\n    int s;\n|};\n",
     "no value of type integer", 0},
};

static void test_refusal(void **state) {
    const struct refusal_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct target target = baseline;

    target.version = row->version ? row->version : baseline.version;
    assert_null(normal_of(&arena, row->model, &target, &diag));
    assert_true(diag.list.count > 0);
    assert_non_null(strstr(diag.list.at[0].message, row->message));
    arena_free(&arena);
}

/* What is emitted from the first model (NULL: an empty database) to the second, one statement a line. */
static struct emit_row {
    const char *name;
    const char *was;
    const char *model;
    bool concurrently;
    const char *expected;
} emit_rows[] = {
    {"emit a table", NULL, "# All of them\ntype A record {|\n    readonly int id;\n    string name;\n    decimal? price;\n|};\n", false,
     "CREATE TABLE \"A\" (\n    \"id\" integer NOT NULL,\n    \"name\" character varying(191) NOT NULL,\n    \"price\" numeric(65,30),\n"
     "    CONSTRAINT \"A_pkey\" PRIMARY KEY (\"id\")\n);\n"
     "COMMENT ON TABLE \"A\" IS 'All of them';\n"},
    {"emit serial and identity", NULL,
     "type A record {|\n    @sql:Generated\n    readonly int id;\n|};\n"
     "type B record {|\n    @db:Identity {always: true, start: 10}\n    readonly int id;\n|};\n",
     false,
     "CREATE TABLE \"A\" (\n    \"id\" SERIAL NOT NULL,\n    CONSTRAINT \"A_pkey\" PRIMARY KEY (\"id\")\n);\n"
     "CREATE TABLE \"B\" (\n    \"id\" integer GENERATED ALWAYS AS IDENTITY (START WITH 10) NOT NULL,\n"
     "    CONSTRAINT \"B_pkey\" PRIMARY KEY (\"id\")\n);\n"},
    {"emit quotes", NULL, "@sql:Name {value: \"a\\\"; DROP TABLE b;--\"}\ntype A record {|\n    readonly int id;\n|};\n", false,
     "CREATE TABLE \"a\"\"; DROP TABLE b;--\" (\n    \"id\" integer NOT NULL,\n"
     "    CONSTRAINT \"a\"\"; DROP TABLE b;--_pkey\" PRIMARY KEY (\"id\")\n);\n"},
    {"emit a filled column", "type A record {|\n    readonly int id;\n|};\n",
     "type A record {|\n    readonly int id;\n    @db:Default {literal: \"open\"}\n    string status;\n|};\n", false,
     "ALTER TABLE \"A\" ADD COLUMN \"status\" character varying(191) DEFAULT 'open' NOT NULL;\n"},
    {"emit NOT NULL", "type A record {|\n    readonly int id;\n    int? n;\n|};\n",
     "type A record {|\n    readonly int id;\n    int n;\n|};\n", false,
     "ALTER TABLE \"A\" ADD CONSTRAINT \"nn_A_n\" CHECK (\"n\" IS NOT NULL) NOT VALID;\n"
     "ALTER TABLE \"A\" VALIDATE CONSTRAINT \"nn_A_n\";\n"
     "ALTER TABLE \"A\" ALTER COLUMN \"n\" SET NOT NULL;\n"
     "ALTER TABLE \"A\" DROP CONSTRAINT \"nn_A_n\";\n"},
    {"emit a cast with a default", "type A record {|\n    readonly int id;\n    @db:Default {literal: \"1\"}\n    string n;\n|};\n",
     "type A record {|\n    readonly int id;\n    @db:Default {literal: \"1\"}\n    int n;\n|};\n", false,
     "ALTER TABLE \"A\" ALTER COLUMN \"n\" DROP DEFAULT;\n"
     "ALTER TABLE \"A\" ALTER COLUMN \"n\" TYPE integer USING \"n\"::integer;\n"
     "ALTER TABLE \"A\" ALTER COLUMN \"n\" SET DEFAULT 1;\n"},
    {"emit an index concurrently", "type A record {|\n    readonly int id;\n    string s;\n|};\n",
     "type A record {|\n    readonly int id;\n    @sql:Index {name: \"i\"}\n    string s;\n|};\n", true,
     "CREATE INDEX CONCURRENTLY \"i\" ON \"A\" (\"s\");\n"},
    {"drop an index concurrently", "type A record {|\n    readonly int id;\n    @sql:Index {name: \"i\"}\n    string s;\n|};\n",
     "type A record {|\n    readonly int id;\n    string s;\n|};\n", true, "DROP INDEX CONCURRENTLY \"i\";\n"},
    {"drop a unique index in the transaction",
     "type A record {|\n    readonly int id;\n    @sql:UniqueIndex {name: \"i\"}\n    string s;\n|};\n",
     "type A record {|\n    readonly int id;\n    string s;\n|};\n", true, "DROP INDEX \"i\";\n"},
    {"emit a unique constraint concurrently", "type A record {|\n    readonly int id;\n    string s;\n|};\n",
     "@db:Unique {name: \"u\", keys: [\"s\"]}\ntype A record {|\n    readonly int id;\n    string s;\n|};\n", true,
     "CREATE UNIQUE INDEX CONCURRENTLY \"u\" ON \"A\" (\"s\");\nALTER TABLE \"A\" ADD CONSTRAINT \"u\" UNIQUE USING INDEX \"u\";\n"},
    {"emit a new enum value that is used",
     "@db:Enum {name: \"st\"}\nenum S {\n    A,\n    B\n}\ntype T record {|\n    readonly int id;\n    S s;\n|};\n",
     "@db:Enum {name: \"st\"}\nenum S {\n    A,\n    C,\n    B\n}\ntype T record {|\n    readonly int id;\n    @db:Default {literal: "
     "\"C\"}\n    S "
     "s;\n|};\n",
     false, "-- outside\nALTER TYPE \"st\" ADD VALUE 'C' AFTER 'A';\nALTER TABLE \"T\" ALTER COLUMN \"s\" SET DEFAULT 'C';\n"},
    {"emit no REVOKE on a sequence that goes with its column",
     "@db:Object {kind: \"sequence\", name: \"q\", options: {ownedBy: \"T.id\"}}\nconst string s = string `AS integer`;\n@db:Object {kind: "
     "\"privilege\", name: \"PUBLIC\", on: \"s\"}\nconst string g = string `USAGE`;\n@db:NoKey\ntype T record {|\n    int id;\n|};\n",
     "", false, "DROP TABLE \"T\";\nDROP SEQUENCE IF EXISTS \"q\";\n"},
    {"emit a name that another has but for its case",
     "@db:NoKey\n@sql:Name {value: \"Users\"}\ntype A record {|\n    int n;\n|};\n@db:NoKey\n@sql:Name {value: \"u\"}\ntype B record "
     "{|\n    int n;\n|};\n",
     "@db:NoKey\n@sql:Name {value: \"users\"}\ntype B record {|\n    int n;\n|};\n", false,
     "ALTER TABLE \"u\" RENAME TO \"users\";\nDROP TABLE \"Users\";\n"},
    {"emit sequences of which one has the name that another comes with", "",
     "@sql:Name {value: \"t\"}\ntype T record {|\n    @sql:Generated\n    @db:Options {sequence: \"u_id_seq\"}\n    readonly int id;\n|};\n"
     "@sql:Name {value: \"u\"}\ntype U record {|\n    @sql:Generated\n    @db:Options {sequence: \"u_id_seq1\"}\n    readonly int "
     "id;\n|};\n",
     false,
     "CREATE TABLE \"t\" (\n    \"id\" SERIAL NOT NULL,\n    CONSTRAINT \"t_pkey\" PRIMARY KEY (\"id\")\n);\n"
     "CREATE TABLE \"u\" (\n    \"id\" SERIAL NOT NULL,\n    CONSTRAINT \"u_pkey\" PRIMARY KEY (\"id\")\n);\n"
     "DO $persist$ BEGIN EXECUTE format('ALTER SEQUENCE %s RENAME TO %I', pg_get_serial_sequence('\"u\"', 'id')::regclass, "
     "'persist_aside_1'); END $persist$;\n"
     "DO $persist$ BEGIN EXECUTE format('ALTER SEQUENCE %s RENAME TO %I', pg_get_serial_sequence('\"t\"', 'id')::regclass, "
     "'u_id_seq'); END $persist$;\n"
     "DO $persist$ BEGIN IF NOT EXISTS (SELECT FROM pg_class WHERE oid = pg_get_serial_sequence('\"u\"', 'id')::regclass AND "
     "relname = 'u_id_seq1') THEN EXECUTE format('ALTER SEQUENCE %s RENAME TO %I', pg_get_serial_sequence('\"u\"', "
     "'id')::regclass, 'u_id_seq1'); END IF; END $persist$;\n"},
    {"emit a removed enum value",
     "@db:Enum {name: \"st\"}\nenum S {\n    A,\n    B\n}\ntype T record {|\n    readonly int id;\n    S s;\n|};\n",
     "@db:Enum {name: \"st\"}\nenum S {\n    A\n}\ntype T record {|\n    readonly int id;\n    S s;\n|};\n", false,
     "ALTER TYPE \"st\" RENAME TO \"persist_old_st\";\nCREATE TYPE \"st\" AS ENUM ('A');\n"
     "ALTER TABLE \"T\" ALTER COLUMN \"s\" TYPE \"st\" USING \"s\"::text::\"st\";\nDROP TYPE \"persist_old_st\";\n"},
};

#define PARTITIONED "@db:Table {partitionBy: \"RANGE (id)\"}\ntype A record {|\n    readonly int id;\n    int n;\n|};\n"
#define PARTITION(name, bounds)                                                                                                            \
    "@db:Object {kind: \"partition\", name: \"" name "\", on: \"A\"}\nconst string " name " = string `" bounds "`;\n"

/* The same online: a transaction that begins early is marked. */
static struct emit_row online_rows[] = {
    {"online: NOT NULL", "type A record {|\n    readonly int id;\n    int? n;\n|};\n",
     "type A record {|\n    readonly int id;\n    int n;\n|};\n", true,
     "ALTER TABLE \"A\" ADD CONSTRAINT \"nn_A_n\" CHECK (\"n\" IS NOT NULL) NOT VALID;\n"
     "-- outside\nALTER TABLE \"A\" VALIDATE CONSTRAINT \"nn_A_n\";\n"
     "ALTER TABLE \"A\" ALTER COLUMN \"n\" SET NOT NULL;\n"
     "ALTER TABLE \"A\" DROP CONSTRAINT \"nn_A_n\";\n"},
    {"online: two tables, a check and a foreign key",
     "type A record {|\n    readonly int id;\n    int n;\n|};\ntype B record {|\n    readonly int id;\n    int a;\n|};\n",
     "@db:Check {name: \"positive\", value: \"n > 0\"}\ntype A record {|\n    readonly int id;\n    int n;\n    int? m;\n|};\n"
     "@db:ForeignKey {name: \"to_a\", keys: [\"a\"], entity: \"A\"}\ntype B record {|\n    readonly int id;\n    int a;\n    int? "
     "m;\n|};\n",
     true,
     "ALTER TABLE \"A\" ADD COLUMN \"m\" integer;\n"
     "-- begins\nALTER TABLE \"B\" ADD COLUMN \"m\" integer;\n"
     "-- begins\nALTER TABLE \"A\" ADD CONSTRAINT \"positive\" CHECK (n > 0) NOT VALID;\n"
     "-- begins\nALTER TABLE \"B\" ADD CONSTRAINT \"to_a\" FOREIGN KEY (\"a\") REFERENCES \"A\" (\"id\") NOT VALID;\n"
     "-- outside\nALTER TABLE \"A\" VALIDATE CONSTRAINT \"positive\";\n"
     "-- outside\nALTER TABLE \"B\" VALIDATE CONSTRAINT \"to_a\";\n"},
    {"online: a default for each row apart", "type A record {|\n    readonly int id;\n|};\n",
     "type A record {|\n    readonly int id;\n    @db:Type {value: \"uuid\"}\n    @db:Default {value: \"gen_random_uuid()\"}\n    string "
     "u;\n|};\n",
     true,
     "ALTER TABLE \"A\" ADD COLUMN \"u\" uuid;\n"
     "ALTER TABLE \"A\" ALTER COLUMN \"u\" SET DEFAULT gen_random_uuid();\n"
     "-- outside\nUPDATE \"A\" SET \"u\" = gen_random_uuid() WHERE \"u\" IS NULL;\n"
     "ALTER TABLE \"A\" ADD CONSTRAINT \"nn_A_u\" CHECK (\"u\" IS NOT NULL) NOT VALID;\n"
     "-- outside\nALTER TABLE \"A\" VALIDATE CONSTRAINT \"nn_A_u\";\n"
     "ALTER TABLE \"A\" ALTER COLUMN \"u\" SET NOT NULL;\n"
     "ALTER TABLE \"A\" DROP CONSTRAINT \"nn_A_u\";\n"},
    {"online: indexes of a partitioned table", "@db:Index {name: \"old\", keys: [\"n\"]}\n" PARTITIONED,
     "@db:Index {name: \"new\", keys: [\"n\", \"id\"]}\n@db:Unique {name: \"u\", keys: [\"id\", \"n\"]}\n" PARTITIONED, true,
     "DROP INDEX \"old\";\n"
     "CREATE INDEX \"new\" ON \"A\" (\"n\", \"id\");\n"
     "ALTER TABLE \"A\" ADD CONSTRAINT \"u\" UNIQUE (\"id\", \"n\");\n"},
    {"online: a partition comes beside its table", PARTITIONED PARTITION("a1", "FOR VALUES FROM (0) TO (9)"),
     PARTITIONED PARTITION("a1", "FOR VALUES FROM (0) TO (9)") PARTITION("a2", "FOR VALUES FROM (9) TO (19)"), true,
     "CREATE TABLE \"a2\" (LIKE \"A\" INCLUDING COMPRESSION INCLUDING CONSTRAINTS INCLUDING DEFAULTS INCLUDING GENERATED INCLUDING "
     "STORAGE);\n"
     "ALTER TABLE \"A\" ATTACH PARTITION \"a2\" FOR VALUES FROM (9) TO (19);\n"},
    {"online: a partition that is partitioned comes in its table", PARTITIONED,
     PARTITIONED PARTITION("a2", "FOR VALUES FROM (9) TO (19) PARTITION BY LIST (n)"), true,
     "CREATE TABLE \"a2\" PARTITION OF \"A\" FOR VALUES FROM (9) TO (19) PARTITION BY LIST (n);\n"},
    {"online: a partition lets go of its table", PARTITIONED PARTITION("a1", "FOR VALUES FROM (0) TO (9)"), PARTITIONED, true,
     "ALTER TABLE \"A\" DETACH PARTITION \"a1\" CONCURRENTLY;\nDROP TABLE \"a1\";\n"},
    {"online: a partition goes beside a default one", PARTITIONED PARTITION("a1", "FOR VALUES FROM (0) TO (9)") PARTITION("ad", "DEFAULT"),
     PARTITIONED PARTITION("ad", "DEFAULT"), true, "DROP TABLE \"a1\";\n"},
    {"online: one transaction where a view is away meanwhile",
     "type A record {|\n    readonly int id;\n    int? n;\n    int m;\n|};\n"
     "@db:Object {kind: \"view\", name: \"v\", dependsOn: [\"A\"]}\nconst string v = string `SELECT m FROM \"A\"`;\n",
     "type A record {|\n    readonly int id;\n    int n;\n    @db:Type {value: \"bigint\"}\n    int m;\n|};\n"
     "@db:Object {kind: \"view\", name: \"v\", dependsOn: [\"A\"]}\nconst string v = string `SELECT m FROM \"A\"`;\n",
     true,
     "-- keep;\n-- kept;\nDROP VIEW \"v\";\n"
     "ALTER TABLE \"A\" ADD CONSTRAINT \"nn_A_n\" CHECK (\"n\" IS NOT NULL) NOT VALID;\n"
     "ALTER TABLE \"A\" VALIDATE CONSTRAINT \"nn_A_n\";\n"
     "ALTER TABLE \"A\" ALTER COLUMN \"n\" SET NOT NULL;\n"
     "ALTER TABLE \"A\" DROP CONSTRAINT \"nn_A_n\";\n"
     "ALTER TABLE \"A\" ALTER COLUMN \"m\" TYPE bigint;\n"
     "CREATE VIEW \"v\" AS\nSELECT m FROM \"A\";\n-- given back;\n-- end;\n"},
};

/* Statements as text; one outside of a transaction, but for concurrent ones, is marked. */
/* Statement TEXT, or in a word what it does with the owners and grants that are kept. */
static const char *shown(const char *text) {
    if (!strstr(text, "persist_kept"))
        return text;
    return *text == 'C' ? "-- keep" : *text == 'I' ? "-- kept" : *text == 'D' && strncmp(text, "DO ", 3) == 0 ? "-- given back" : "-- end";
}

static void add_statements(const struct script *script, struct str *out) {
    for (size_t i = 0; i < script->list.count; i++) {
        const struct statement *statement = &script->list.at[i];

        assert_non_null(statement->reason);
        if (statement->outside_transaction && !strstr(statement->text, "CONCURRENTLY"))
            str_add(out, "-- outside\n");
        if (statement->begins)
            str_add(out, "-- begins\n");
        str_addf(out, "%s;\n", shown(statement->text));
    }
}

#include "postgresql_object_rows.h"

static void check_emit(const struct emit_row *row, bool online) {
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct target target = baseline;
    struct renames renames = {0};
    struct script script = {.arena = &arena};
    struct str out = STR_INIT;
    struct plan_request request = {.renames = &renames, .rules = &dialect_postgresql.rules};

    target.concurrently = row->concurrently;
    target.online = online;
    if (online)
        target.version = 150000;
    request.from = normal_of(&arena, row->was ? row->was : "", &target, &diag);
    request.to = normal_of(&arena, row->model, &target, &diag);
    dialect_postgresql.emit(plan_make(&arena, &request), &target, &script);
    add_statements(&script, &out);
    assert_string_equal(out.text, row->expected);
    str_free(&out);
    arena_free(&arena);
}

static void test_emit(void **state) {
    check_emit(*state, false);
}

static void test_online(void **state) {
    check_emit(*state, true);
}

static struct state_row {
    const char *name;
    const char *state;
    enum fault fault;
} state_rows[] = {
    {"fault: lock", "55P03", FAULT_LOCKED},
    {"fault: canceled", "57014", FAULT_TIMEOUT},
    {"fault: shutdown", "57P01", FAULT_LOST},
    {"fault: connection", "08006", FAULT_LOST},
    {"fault: rights", "42501", FAULT_RIGHTS},
    {"fault: read only", "25006", FAULT_READ_ONLY},
    {"fault: disk", "53100", FAULT_FULL},
    {"fault: syntax", "42601", FAULT_STATEMENT},
    {"fault: without a state", "", FAULT_STATEMENT},
};

static void test_fault(void **state) {
    const struct state_row *row = *state;

    assert_int_equal(pg_fault_of(row->state), row->fault);
}

int main(void) {
    struct CMUnitTest tests[ROWS(canonical_rows) + ROWS(default_rows) + ROWS(tidy_rows) + ROWS(flat_rows) + ROWS(check_rows) +
                            ROWS(cast_rows) + ROWS(refusal_rows) + ROWS(emit_rows) + ROWS(online_rows) + ROWS(object_rows) +
                            ROWS(state_rows)];
    size_t count = 0;

    ADD_ROWS(tests, count, canonical_rows, test_canonical);
    ADD_ROWS(tests, count, default_rows, test_default);
    ADD_ROWS(tests, count, tidy_rows, test_tidy);
    ADD_ROWS(tests, count, flat_rows, test_flat);
    ADD_ROWS(tests, count, check_rows, test_check);
    ADD_ROWS(tests, count, cast_rows, test_cast);
    ADD_ROWS(tests, count, refusal_rows, test_refusal);
    ADD_ROWS(tests, count, emit_rows, test_emit);
    ADD_ROWS(tests, count, online_rows, test_online);
    ADD_ROWS(tests, count, object_rows, test_emit);
    ADD_ROWS(tests, count, state_rows, test_fault);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
