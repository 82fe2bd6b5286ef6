/* What SQLite's introspection reads, and that the same is made of it again: each row loads a text into a database in memory, reads it, makes a
 * second one of what was read, once directly and once by the way of a model, and compares by reading and by SQLite's own pragmas. */
#include "rows.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "declare.h"
#include "model.h"
#include "run.h"
#include "sqlite.h"

struct fixture {
    struct arena arena;
    struct diag diag;
    struct db *db;
};

static void fixture_open(struct fixture *fixture, const char *sql) {
    *fixture = (struct fixture){0};
    fixture->diag.arena = &fixture->arena;
    fixture->db = dialect_sqlite.driver->open_scratch(NULL, &fixture->diag);
    assert_non_null(fixture->db);
    if (db_exec(fixture->db, sql, &fixture->diag) < 0)
        diag_print(&fixture->diag, stderr, false);
    assert_int_equal(fixture->diag.errors, 0);
}

static void fixture_close(struct fixture *fixture) {
    db_close(fixture->db);
    arena_free(&fixture->arena);
}

static struct schema *introspect(struct fixture *fixture, const struct scope *scope) {
    struct schema *schema = dialect_sqlite.introspect(fixture->db, scope, &fixture->arena, &fixture->diag);

    assert_non_null(schema);
    return schema;
}

/* All cells of a query, a row a line. */
static const char *result(struct fixture *fixture, const char *query) {
    struct str text = STR_INIT;
    struct rows rows;
    const char *kept;

    assert_int_equal(db_query(fixture->db, &fixture->arena, query, &rows, &fixture->diag), 0);
    for (size_t i = 0; i < rows.row_count * rows.column_count; i++) {
        str_add(&text, !i ? "" : i % rows.column_count ? "|" : "\n");
        str_add(&text, rows.cells[i] ? rows.cells[i] : "NULL");
    }
    kept = str_keep(&text, &fixture->arena);
    str_free(&text);
    return kept;
}

static struct plan *plan_between(struct arena *arena, const struct schema *from, const struct schema *to) {
    static const struct renames none;
    struct plan_request request = {.from = from, .to = to, .renames = &none, .rules = &dialect_sqlite.rules};

    return plan_make(arena, &request);
}

static void make(struct fixture *fixture, const struct schema *schema) {
    struct script script = {.arena = &fixture->arena};
    struct target target = {.dialect = &dialect_sqlite, .version = 34001};
    struct schema nothing = {0};

    schema_index(&fixture->arena, &nothing);
    dialect_sqlite.emit(plan_between(&fixture->arena, &nothing, schema), &target, &script);
    if (script_run(fixture->db, &script, &dialect_sqlite.style, &fixture->diag) < 0)
        diag_print(&fixture->diag, stderr, false);
    assert_int_equal(fixture->diag.errors, 0);
}

/* "kind name: why" of all that could not be said. */
static const char *unsaid(struct fixture *fixture, const struct schema *schema) {
    const char *text = "";

    for (size_t i = 0; i < schema->unsupported_count; i++) {
        const struct unsupported *what = &schema->unsupported[i];

        text = arena_printf(&fixture->arena, "%s%s%s %s%s%s: %s", text, *text ? "\n" : "", what->kind, what->name,
                            what->entity ? " of " : "", what->entity ? what->entity : "", what->why);
    }
    return text;
}

/* What SQLite itself says of tables: types ignoring case, NOT NULL, defaults, keys, generated columns; indexes with their parts; foreign
 * keys; views and their columns. */
static const char columns_judge[] =
    "SELECT m.name, x.cid, x.name, upper(x.type), x.\"notnull\", x.dflt_value, x.pk, x.hidden FROM sqlite_schema m, "
    "pragma_table_xinfo(m.name) x WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite%' ORDER BY 1, 2";
static const char indexes_judge[] = "SELECT m.name, CASE l.origin WHEN 'c' THEN l.name END n, l.\"unique\", l.origin, l.partial, "
                                    "group_concat(coalesce(x.name, '?') || ' ' || "
                                    "x.\"desc\" || ' ' || x.coll) p FROM sqlite_schema m, pragma_index_list(m.name) l, "
                                    "pragma_index_xinfo(l.name) x WHERE x.key AND m.type = "
                                    "'table' GROUP BY m.name, l.name ORDER BY 1, 2, 6";
static const char keys_judge[] = "SELECT m.name, lower(f.\"table\"), lower(f.\"from\"), lower(coalesce(f.\"to\", (SELECT name FROM "
                                 "pragma_table_info(f.\"table\") WHERE pk = "
                                 "f.seq + 1))), f.on_update, f.on_delete FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE "
                                 "m.type = 'table' ORDER BY 1, 2, 3";
static const char tables_judge[] = "SELECT name, type, wr, strict FROM pragma_table_list WHERE schema = 'main' ORDER BY 1";
static const char texts[] = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite%' AND name NOT LIKE 'docs\\__%' "
                            "ESCAPE '\\' ORDER BY rowid";

static struct again_row {
    const char *name;
    const char *sql;
    const char *made;   /* the texts in the database that was made; NULL: not looked at */
    const char *unsaid; /* NULL: nothing */
} again_rows[] = {
    {.name = "types as they are declared",
     .sql = "CREATE TABLE t (a, b UNSIGNED BIG INT, c varchar ( 10 ), d \"my ty-pe\", e [x](3), f 'integer', g decimal(10,2), h any, i "
            "\"text\","
            " j double precision NOT NULL, k INT GENERATED ALWAYS AS (j + 1))",
     .made =
         "CREATE TABLE \"t\" (\n    \"a\",\n    \"b\" UNSIGNED BIG INT,\n    \"c\" varchar ( 10 ),\n    \"d\" \"my ty-pe\",\n    \"e\" "
         "[x](3),\n    \"f\" INTEGER,\n    \"g\" decimal(10,2),\n    \"h\" ANY,\n    \"i\" TEXT,\n    \"j\" double precision NOT NULL,\n"
         "    \"k\" INT GENERATED ALWAYS AS (j + 1) VIRTUAL\n)"},
    {.name = "defaults as they are written",
     .sql =
         "CREATE TABLE t (a DEFAULT 1, b DEFAULT - 5, c DEFAULT +2.5e-3, d DEFAULT 'it''s', e DEFAULT \"word\", f DEFAULT word, g DEFAULT "
         "NULL, h DEFAULT (1 + /* one */ 2), i DEFAULT CURRENT_TIMESTAMP, j DEFAULT (datetime('now')), k DEFAULT x'4142', l DEFAULT "
         "true, m DEFAULT ('a' || 'b'), n DEFAULT (-(1)))",
     .made = "CREATE TABLE \"t\" (\n    \"a\" DEFAULT 1,\n    \"b\" DEFAULT - 5,\n    \"c\" DEFAULT +2.5e-3,\n    \"d\" DEFAULT 'it''s',\n "
             "   \"e\" "
             "DEFAULT \"word\",\n    \"f\" DEFAULT word,\n    \"g\" DEFAULT NULL,\n    \"h\" DEFAULT (1 + /* one */ 2),\n    \"i\" DEFAULT "
             "CURRENT_TIMESTAMP,\n    \"j\" DEFAULT (datetime('now')),\n    \"k\" DEFAULT x'4142',\n    \"l\" DEFAULT true,\n    \"m\" "
             "DEFAULT ('a' "
             "|| 'b'),\n    \"n\" DEFAULT (-(1))\n)"},
    {.name = "a rowid with and without NOT NULL",
     .sql = "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id INTEGER NOT NULL PRIMARY KEY); CREATE TABLE c (id integer PRIMARY "
            "KEY "
            "AUTOINCREMENT); CREATE TABLE d (id INTEGER NOT NULL, PRIMARY KEY (id AUTOINCREMENT)); CREATE TABLE e (id INTEGER, PRIMARY KEY "
            "(id "
            "DESC))",
     .made = "CREATE TABLE \"a\" (\n    \"id\" INTEGER,\n    PRIMARY KEY (\"id\")\n)\n"
             "CREATE TABLE \"b\" (\n    \"id\" INTEGER NOT NULL,\n    PRIMARY KEY (\"id\")\n)\n"
             "CREATE TABLE \"c\" (\n    \"id\" INTEGER PRIMARY KEY AUTOINCREMENT\n)\n"
             "CREATE TABLE \"d\" (\n    \"id\" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL\n)\n"
             "CREATE TABLE \"e\" (\n    \"id\" INTEGER,\n    PRIMARY KEY (\"id\")\n)"},
    {.name = "keys that are no rowid, and that may be null",
     .sql = "CREATE TABLE a (id INT PRIMARY KEY); CREATE TABLE b (id INTEGER PRIMARY KEY DESC); CREATE TABLE c (x TEXT, y TEXT COLLATE "
            "NOCASE NOT "
            "NULL, CONSTRAINT pk PRIMARY KEY (y COLLATE RTRIM DESC, x)); CREATE TABLE d (x TEXT, PRIMARY KEY (x)) WITHOUT ROWID; CREATE "
            "TABLE e "
            "(x TEXT PRIMARY KEY) STRICT; CREATE TABLE f (x INTEGER PRIMARY KEY, y TEXT) WITHOUT ROWID, STRICT; CREATE TABLE g (x TEXT)",
     .made = "CREATE TABLE \"a\" (\n    \"id\" INT,\n    PRIMARY KEY (\"id\")\n)\n"
             "CREATE TABLE \"b\" (\n    \"id\" INTEGER PRIMARY KEY DESC\n)\n"
             "CREATE TABLE \"c\" (\n    \"x\" TEXT,\n    \"y\" TEXT COLLATE \"NOCASE\" NOT NULL,\n    CONSTRAINT \"pk\" PRIMARY KEY (\"y\" "
             "COLLATE "
             "\"RTRIM\" DESC, \"x\")\n)\n"
             "CREATE TABLE \"d\" (\n    \"x\" TEXT NOT NULL,\n    PRIMARY KEY (\"x\")\n) WITHOUT ROWID\n"
             "CREATE TABLE \"e\" (\n    \"x\" TEXT NOT NULL,\n    PRIMARY KEY (\"x\")\n) STRICT\n"
             "CREATE TABLE \"f\" (\n    \"x\" INTEGER NOT NULL,\n    \"y\" TEXT,\n    PRIMARY KEY (\"x\")\n) STRICT, WITHOUT ROWID\n"
             "CREATE TABLE \"g\" (\n    \"x\" TEXT\n)"},
    {.name = "ON CONFLICT and the names of constraints",
     .sql =
         "CREATE TABLE t (id INTEGER PRIMARY KEY ON CONFLICT REPLACE AUTOINCREMENT, a INT CONSTRAINT nn NOT NULL ON CONFLICT IGNORE, b INT "
         "CONSTRAINT ub UNIQUE ON CONFLICT FAIL, c INT CONSTRAINT cc CHECK (c > 0), UNIQUE (a, b DESC) ON CONFLICT ROLLBACK, CHECK (a <> "
         "b), "
         "UNIQUE (c) ON CONFLICT ABORT); CREATE TABLE u (x INT, y INT, CONSTRAINT k PRIMARY KEY (x, y) ON CONFLICT IGNORE)",
     .made = "CREATE TABLE \"t\" (\n    \"id\" INTEGER PRIMARY KEY ON CONFLICT REPLACE AUTOINCREMENT,\n    \"a\" INT CONSTRAINT \"nn\" NOT "
             "NULL ON "
             "CONFLICT IGNORE,\n    \"b\" INT,\n    \"c\" INT,\n    CONSTRAINT \"ub\" UNIQUE (\"b\") ON CONFLICT FAIL,\n    UNIQUE (\"a\", "
             "\"b\" DESC) "
             "ON CONFLICT ROLLBACK,\n    UNIQUE (\"c\"),\n    CONSTRAINT \"cc\" CHECK (c > 0),\n    CHECK (a <> b)\n)\n"
             "CREATE TABLE \"u\" (\n    \"x\" INT,\n    \"y\" INT,\n    CONSTRAINT \"k\" PRIMARY KEY (\"x\", \"y\") ON CONFLICT IGNORE\n)"},
    {.name = "checks as in the source, comments inside, two alike",
     .sql = "CREATE TABLE t (a TEXT CHECK (a <> \"x\" /* is text */ AND length(a) > 1 -- at least two\n), -- a comment\n CHECK (a <> ')'), "
            "CHECK (a "
            "<> ')') /* more */, CHECK (a IN ('p', 'q')), CHECK (\"a\" IN ('p', 'q')))",
     .made = "CREATE TABLE \"t\" (\n    \"a\" TEXT,\n    CHECK (a IN ('p', 'q')),\n    CHECK (a <> \"x\" /* is text */ AND length(a) > "
             "1),\n    "
             "CHECK (a <> ')'),\n    CHECK (a <> ')'),\n    CHECK (\"a\" IN ('p', 'q'))\n)"},
    {.name = "foreign keys: implicit, deferred, to later tables, in other cases, separated",
     .sql =
         "CREATE TABLE c (a INT REFERENCES P, b INT REFERENCES p (ID) ON DELETE SET NULL ON UPDATE CASCADE NOT NULL DEFERRABLE INITIALLY "
         "DEFERRED, c INT CONSTRAINT fc REFERENCES p DEFERRABLE, d INT REFERENCES p NOT DEFERRABLE INITIALLY DEFERRED, e INT, f INT, "
         "FOREIGN "
         "KEY (E, f) REFERENCES q (x, Y) MATCH SIMPLE); CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE q (x INT, y INT, UNIQUE (x, "
         "y))",
     .made = "CREATE TABLE \"p\" (\n    \"id\" INTEGER,\n    PRIMARY KEY (\"id\")\n)\n"
             "CREATE TABLE \"q\" (\n    \"x\" INT,\n    \"y\" INT,\n    UNIQUE (\"x\", \"y\")\n)\n"
             "CREATE TABLE \"c\" (\n    \"a\" INT,\n    \"b\" INT NOT NULL,\n    \"c\" INT,\n    \"d\" INT,\n    \"e\" INT,\n    \"f\" "
             "INT,\n    FOREIGN KEY "
             "(\"a\") REFERENCES \"p\" (\"id\"),\n    FOREIGN KEY (\"b\") REFERENCES \"p\" (\"id\") ON DELETE SET NULL ON UPDATE CASCADE "
             "DEFERRABLE "
             "INITIALLY DEFERRED,\n    CONSTRAINT \"fc\" FOREIGN KEY (\"c\") REFERENCES \"p\" (\"id\") DEFERRABLE INITIALLY IMMEDIATE,\n   "
             " FOREIGN "
             "KEY (\"d\") REFERENCES \"p\" (\"id\"),\n    FOREIGN KEY (\"e\", \"f\") REFERENCES \"q\" (\"x\", \"y\")\n)"},
    {.name = "indexes: partial, over expressions, with collation and order, over text meant as a column",
     .sql = "CREATE TABLE t (a TEXT COLLATE NOCASE, \"b c\" INT); CREATE UNIQUE INDEX i1 ON t (A COLLATE BINARY DESC, \"b c\") WHERE \"b "
            "c\" > 0 -- "
            "where\n; CREATE INDEX i2 ON t (lower(a) COLLATE RTRIM, a || 'x' COLLATE NOCASE || 'y' DESC, a COLLATE NOCASE); CREATE INDEX "
            "i3 ON t "
            "(a ASC, 'b c')",
     .made = "CREATE TABLE \"t\" (\n    \"a\" TEXT COLLATE \"NOCASE\",\n    \"b c\" INT\n)\n"
             "CREATE UNIQUE INDEX \"i1\" ON \"t\" (\"a\" COLLATE \"BINARY\" DESC, \"b c\") WHERE \"b c\" > 0\n"
             "CREATE INDEX \"i2\" ON \"t\" (lower(a) COLLATE \"RTRIM\", a || 'x' COLLATE NOCASE || 'y' DESC, \"a\")\n"
             "CREATE INDEX \"i3\" ON \"t\" (\"a\", \"b c\")"},
    {.name = "generated columns",
     .sql = "CREATE TABLE t (a INT, b AS (a * 2), c TEXT GENERATED ALWAYS AS (a || ')') STORED NOT NULL, d INT AS (a) VIRTUAL UNIQUE)",
     .made = "CREATE TABLE \"t\" (\n    \"a\" INT,\n    \"b\" GENERATED ALWAYS AS (a * 2) VIRTUAL,\n    \"c\" TEXT NOT NULL GENERATED "
             "ALWAYS AS (a || "
             "')') STORED,\n    \"d\" INT GENERATED ALWAYS AS (a) VIRTUAL,\n    UNIQUE (\"d\")\n)"},
    {.name = "views on views, with columns, and triggers",
     .sql = "CREATE TABLE t (a INT, b INT); CREATE VIEW v2 (x, \"y z\") AS SELECT * FROM v1, t -- both\n; CREATE VIEW v1 AS SELECT a FROM "
            "t WHERE b "
            "IN (SELECT 1); CREATE TRIGGER r AFTER UPDATE OF a ON t WHEN new.a > 1 BEGIN INSERT INTO t (a) VALUES (';'); SELECT 1; END; "
            "CREATE "
            "TEMP TABLE x (y); CREATE TRIGGER \"w'\" INSTEAD OF INSERT ON v1 BEGIN DELETE FROM t; END; CREATE VIEW one AS SELECT 1",
     .made = "CREATE VIEW \"one\" AS\nSELECT 1\n"
             "CREATE TABLE \"t\" (\n    \"a\" INT,\n    \"b\" INT\n)\n"
             "CREATE VIEW \"v1\" AS\nSELECT a FROM t WHERE b IN (SELECT 1)\n"
             "CREATE VIEW \"v2\" (x, \"y z\") AS\nSELECT * FROM v1, t\n"
             "CREATE TRIGGER r AFTER UPDATE OF a ON t WHEN new.a > 1 BEGIN INSERT INTO t (a) VALUES (';'); SELECT 1; END\n"
             "CREATE TRIGGER \"w'\" INSTEAD OF INSERT ON v1 BEGIN DELETE FROM t; END"},
    {.name = "virtual tables, and what they keep beside them",
     .sql = "CREATE VIRTUAL TABLE docs USING fts5(title, body, tokenize = 'porter'); CREATE VIRTUAL TABLE boxes USING rtree(id, x0, x1); "
            "CREATE "
            "TABLE docs_tags (d INT)",
     .made = "CREATE VIRTUAL TABLE \"boxes\" USING rtree(id, x0, x1)\n"
             "CREATE TABLE \"boxes_rowid\"(rowid INTEGER PRIMARY KEY,nodeno)\n"
             "CREATE TABLE \"boxes_node\"(nodeno INTEGER PRIMARY KEY,data)\n"
             "CREATE TABLE \"boxes_parent\"(nodeno INTEGER PRIMARY KEY,parentnode)\n"
             "CREATE VIRTUAL TABLE \"docs\" USING fts5(title, body, tokenize = 'porter')"},
    {.name = "the check of an enum under a name of its own",
     .sql =
         "CREATE TABLE t (a TEXT CONSTRAINT mine CHECK (a IN ('p', 'q')), b VARCHAR(1) CHECK (\"b\" IN ('r')), c TEXT CHECK (c IN ('s')))"},
    {.name = "a name that is none", .sql = "CREATE TABLE t (a INT, \"\" INT)", .unsaid = "table t: the name of it or of a column is empty"},
    {.name = "names of all kinds",
     .sql =
         "CREATE TABLE \"a\"\"b\n--\" (\"select\" INT CHECK (\"select\" > 0), `x``y` TEXT REFERENCES [t 1] (id), [z;*/] INT, \"🦆\" INT, "
         "'q' INT); CREATE TABLE [t 1] (id TEXT PRIMARY KEY NOT NULL); CREATE INDEX \"i\"\"\" ON \"a\"\"b\n--\" (`x``y`)"},
    {.name = "collations that programs register themselves",
     .sql = "CREATE TABLE t (a TEXT COLLATE localized); CREATE INDEX i ON t (a COLLATE \"uni code\")",
     .made = "CREATE TABLE \"t\" (\n    \"a\" TEXT COLLATE \"localized\"\n)\nCREATE INDEX \"i\" ON \"t\" (\"a\" COLLATE \"uni code\")"},
    {.name = "what cannot be said is named",
     .sql =
         "CREATE TABLE t (a INT CONSTRAINT df DEFAULT 3 REFERENCES missing (id), b INT REFERENCES t MATCH FULL, c INT REFERENCES t (zzz), "
         "CHECK (a > 0) ON CONFLICT IGNORE)",
     .unsaid = "constraint name df of t: it names nothing that holds, at a\n"
               "MATCH FULL of t: SQLite ignores it on the foreign key to t\n"
               "ON CONFLICT IGNORE of t: SQLite ignores it on the check a > 0\n"
               "foreign key a of t: it points to the table missing, which does not exist\n"
               "foreign key b of t: it points to the primary key of t, which has other columns\n"
               "foreign key c of t: it points to the column zzz of t, which does not exist"},
};

/* The normal form of the model that SCHEMA becomes. */
static const struct schema *by_model(struct fixture *fixture, const struct schema *schema) {
    static const struct target target = {.dialect = &dialect_sqlite, .version = 34001};
    static const struct model_options options = {.datastore = "sqlite"};
    const struct schema *declared = schema_declare(&fixture->arena, schema, &target, NULL), *normal = NULL;
    struct source *source;
    struct str text = STR_INIT;

    model_print(declared, &text);
    if (getenv("PERSIST_SHOW"))
        fputs(text.text, stderr);
    source = source_new(&fixture->arena, "model.bal", str_keep(&text, &fixture->arena), text.length, &fixture->diag);
    str_free(&text);
    declared = model_read(&fixture->arena, source, &options, &fixture->diag);
    if (declared)
        normal = dialect_sqlite.normalize(&fixture->arena, declared, &target, &fixture->diag);
    if (!normal)
        diag_print(&fixture->diag, stderr, false);
    assert_non_null(normal);
    return normal;
}

static void assert_judges(struct fixture *old, struct fixture *new) {
    static const char *const judges[] = {columns_judge, indexes_judge, keys_judge, tables_judge};

    for (size_t i = 0; i < ROWS(judges); i++)
        assert_string_equal(result(new, judges[i]), result(old, judges[i]));
}

static void test_again(void **state) {
    const struct again_row *row = *state;
    struct fixture old, new, third;
    const struct schema *schema, *again;

    fixture_open(&old, row->sql);
    fixture_open(&new, "");
    fixture_open(&third, "");
    schema = introspect(&old, NULL);
    assert_string_equal(unsaid(&old, schema), row->unsaid ? row->unsaid : "");
    make(&new, schema);
    if (row->made)
        assert_string_equal(result(&new, texts), row->made);
    again = introspect(&new, NULL);
    assert_int_equal(plan_between(&new.arena, again, schema)->changes.count, 0);
    assert_string_equal(unsaid(&new, again), "");
    make(&third, by_model(&new, again));
    assert_judges(&new, &third);
    if (!row->unsaid)
        assert_judges(&old, &new);
    fixture_close(&old);
    fixture_close(&new);
    fixture_close(&third);
}

/* Which tables and objects a scope takes. */
static const char scope_sql[] =
    "CREATE TABLE invoice (id INTEGER PRIMARY KEY, customer INT REFERENCES customer, item INT REFERENCES item);"
    "CREATE TABLE customer (id INTEGER PRIMARY KEY, country TEXT REFERENCES country);"
    "CREATE TABLE country (code TEXT PRIMARY KEY); CREATE TABLE item (id INTEGER PRIMARY KEY); CREATE TABLE Item_log (at TEXT);"
    "CREATE VIEW open_invoice AS SELECT * FROM invoice; CREATE TRIGGER logged AFTER INSERT ON item BEGIN INSERT INTO item_log VALUES (1); "
    "END;"
    "CREATE TABLE persist_journal (x INT); CREATE TABLE seq (id INTEGER PRIMARY KEY AUTOINCREMENT)";

static struct scope_row {
    const char *name;
    const char *tables[3];
    const char *exclude[3];
    const char *read;
    const char *along;
    const char *unsaid;
} scope_rows[] = {
    {"everything of users", {0}, {0}, "Item_log country customer invoice item seq trigger logged on item view open_invoice", "", ""},
    {"one table", {"country"}, {0}, "country", "", ""},
    {"a table takes along what it refers to", {"customer"}, {0}, "country customer", "country", ""},
    {"a trigger takes along what it writes to, a glob ignores case", {"ITE?"}, {0}, "Item_log item trigger logged on item", "Item_log", ""},
    {"a view takes along what it reads",
     {"open*"},
     {0},
     "Item_log country customer invoice item trigger logged on item view open_invoice",
     "invoice customer item country Item_log",
     ""},
    {"two globs", {"c[ou]*y", "seq"}, {0}, "country seq", "", ""},
    {"what is excluded is named",
     {"customer", "seq"},
     {"coun*"},
     "customer seq",
     "",
     "foreign key country of customer: it points to the table country, which is excluded"},
    {"all but some", {0}, {"i*", "open*"}, "country customer seq", "", ""},
    {"nothing", {"none"}, {0}, "", "", ""},
    {"a glob with a quote", {"x'); DROP TABLE seq; --"}, {0}, "", "", ""},
};

static struct names names_of(const char **list) {
    struct names names = {.at = list};

    while (names.count < 3 && list[names.count])
        names.count++;
    return names;
}

static void add_word(struct str *text, const char *word) {
    str_addf(text, "%s%s", text->length ? " " : "", word);
}

static void test_scope(void **state) {
    struct scope_row *row = *state;
    struct scope scope = {.tables = names_of(row->tables), .exclude = names_of(row->exclude)};
    struct str read = STR_INIT, along = STR_INIT;
    struct fixture fixture;
    const struct schema *schema;

    fixture_open(&fixture, scope_sql);
    schema = introspect(&fixture, &scope);
    for (size_t i = 0; i < schema->entity_count; i++)
        add_word(&read, schema->entities[i]->name);
    for (size_t i = 0; i < schema->object_count; i++)
        add_word(&read, schema->objects[i]->name);
    for (size_t i = 0; i < schema->taken_along.count; i++)
        add_word(&along, schema->taken_along.at[i]);
    assert_string_equal(read.text, row->read);
    assert_string_equal(along.text, row->along);
    assert_string_equal(unsaid(&fixture, schema), row->unsaid);
    str_free(&read);
    str_free(&along);
    fixture_close(&fixture);
}

/* What a view, trigger or virtual table depends on besides what it stands on. */
static struct depends_row {
    const char *name;
    const char *sql; /* behind tables a, b, c and the view v */
    const char *object;
    const char *expected;
} depends_rows[] = {
    {"a view", "CREATE VIEW x AS SELECT b.a FROM a, (SELECT 1 FROM b), V", "view x", "a b view v"},
    {"columns and aliases called as tables", "CREATE VIEW x AS SELECT c, c.b FROM a AS c JOIN (a AS b) ORDER BY b, c", "view x", "a"},
    {"with and compound", "CREATE VIEW x AS WITH c AS (SELECT 1 FROM a) SELECT * FROM main.b UNION SELECT (SELECT b FROM c)", "view x",
     "a b c"},
    {"in a table and in a list", "CREATE VIEW x AS SELECT 1 WHERE 1 IN b AND 2 IN (a, c)", "view x", "b"},
    {"joins, functions and strings", "CREATE VIEW x AS SELECT 'FROM c' FROM json_each('[]') LEFT JOIN \"B\" ON max(1, b) NATURAL JOIN [a]",
     "view x", "a b"},
    {"a trigger", "CREATE TRIGGER x UPDATE OF b ON a BEGIN UPDATE OR IGNORE b SET c = 1; DELETE FROM a; REPLACE INTO v SELECT 1; END",
     "trigger x on a", "b view v"},
    {"an index of texts elsewhere", "CREATE VIRTUAL TABLE x USING fts5(b, c, content = 'a')", "virtual table x", "a"},
    {"an index's words", "CREATE VIRTUAL TABLE f USING fts5(a); CREATE VIRTUAL TABLE x USING fts5vocab('f', 'row')", "virtual table x",
     "virtual table f"},
};

static void test_depends(void **state) {
    const struct depends_row *row = *state;
    struct str text = STR_INIT;
    struct fixture fixture;
    const struct object *object;

    fixture_open(&fixture, "CREATE TABLE a (b, c); CREATE TABLE b (a, c); CREATE TABLE c (a, b); CREATE VIEW v AS SELECT 1");
    assert_int_equal(db_exec(fixture.db, row->sql, &fixture.diag), 0);
    object = schema_object(introspect(&fixture, NULL), row->object);
    assert_non_null(object);
    for (size_t i = 0; i < object->depends_on.count; i++)
        add_word(&text, object->depends_on.at[i]);
    assert_string_equal(text.text, row->expected);
    str_free(&text);
    fixture_close(&fixture);
}

/* Files that cannot be read. FILE is made with CONTENT in a folder of its own. */
static struct open_row {
    const char *name;
    const char *content; /* NULL: there is no file */
    const char *mode;
    const char *message; /* a part of it; NULL: it is opened */
    bool made;           /* a file is there afterwards */
} open_rows[] = {
    {"reading makes no file", NULL, "?mode=ro", "there is no file \"", false},
    {"writing does", NULL, "", NULL, true},
    {"nothing written, no file", NULL, "?mode=rw", NULL, false},
    {"a text is no database",
     "-- Some text that is longer than the head of a database would be, which has a hundred bytes and begins otherwise.\n", "?mode=ro",
     "it is no SQLite database, or an encrypted one", true},
    {"an empty file is an empty database", "", "?mode=ro", NULL, true},
};

static void write_file(const char *path, const char *content) {
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static void test_open(void **state) {
    const struct open_row *row = *state;
    char folder[] = "/tmp/persist_sqlite_XXXXXX";
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    const char *path;
    struct db *db;

    assert_non_null(mkdtemp(folder));
    path = arena_printf(&arena, "%s/a?b.db", folder);
    if (row->content)
        write_file(path, row->content);
    db = dialect_sqlite.driver->open(arena_printf(&arena, "sqlite:%s%s", path, row->mode), &diag);
    assert_int_equal(db == NULL, row->message != NULL);
    if (row->message)
        assert_non_null(strstr(diag.list.at[0].message, row->message));
    if (row->made && !row->content)
        assert_int_equal(db_exec(db, "CREATE TABLE a (b)", &diag), 0);
    db_close(db);
    assert_int_equal(access(path, F_OK) == 0, row->made);
    unlink(path);
    rmdir(folder);
    arena_free(&arena);
}

/* A file that is removed beneath a connection is not written to, and that is said. */
static void test_removed(void **state) {
    char folder[] = "/tmp/persist_sqlite_XXXXXX";
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    const char *path;
    struct db *db;

    (void)state;
    assert_non_null(mkdtemp(folder));
    path = arena_printf(&arena, "%s/a.db", folder);
    db = dialect_sqlite.driver->open(path, &diag);
    assert_non_null(db);
    assert_int_equal(db_exec(db, "CREATE TABLE a (b)", &diag), 0);
    unlink(path);
    assert_int_equal(db_exec(db, "INSERT INTO a VALUES (1)", &diag), -1);
    assert_non_null(strstr(diag.list.at[0].message, "was removed or replaced while it was open"));
    db_close(db);
    assert_int_not_equal(access(path, F_OK), 0);
    rmdir(folder);
    arena_free(&arena);
}

/* A database in WAL mode in a folder where nothing may be written is read all the same. */
static void test_wal(void **state) {
    char folder[] = "/tmp/persist_sqlite_XXXXXX";
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    const char *path, *url;
    struct schema *schema = NULL;
    struct db *db;

    (void)state;
    assert_non_null(mkdtemp(folder));
    path = arena_printf(&arena, "%s/100%% a#b?.db", folder);
    url = arena_printf(&arena, "sqlite:%s", path);
    db = dialect_sqlite.driver->open(url, &diag);
    assert_int_equal(db_exec(db, "PRAGMA journal_mode = WAL; CREATE TABLE a (x INT)", &diag), 0);
    db_close(db);
    chmod(path, 0444);
    chmod(folder, 0555);
    if (geteuid() == 0)
        assert_int_equal(seteuid(65534), 0);
    db = dialect_sqlite.driver->open(arena_printf(&arena, "%s?mode=ro", url), &diag);
    if (db)
        schema = dialect_sqlite.introspect(db, NULL, &arena, &diag);
    assert_int_equal(seteuid(getuid()), 0);
    assert_non_null(schema);
    assert_int_equal(schema->entity_count, 1);
    db_close(db);
    chmod(folder, 0755);
    unlink(path);
    rmdir(folder);
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(again_rows) + ROWS(scope_rows) + ROWS(depends_rows) + ROWS(open_rows) + 2];
    size_t count = 0;

    ADD_ROWS(tests, count, again_rows, test_again);
    ADD_ROWS(tests, count, scope_rows, test_scope);
    ADD_ROWS(tests, count, depends_rows, test_depends);
    ADD_ROWS(tests, count, open_rows, test_open);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_removed);
    tests[count++] = (struct CMUnitTest)cmocka_unit_test(test_wal);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
