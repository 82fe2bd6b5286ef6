/* The SQLite dialect on real databases in memory. A schema is given as SQL text and read back by introspection, so that no other part of
 * the program stands between. Each migration runs in both forms of a rebuild, with RENAME and without, up and down. */
#include "rows.h"

#include <stdlib.h>
#include <string.h>

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
    assert_int_equal(db_exec(fixture->db, sql, &fixture->diag), 0);
}

static void fixture_close(struct fixture *fixture) {
    db_close(fixture->db);
    arena_free(&fixture->arena);
}

static struct schema *introspect(struct fixture *fixture) {
    struct schema *schema = dialect_sqlite.introspect(fixture->db, NULL, &fixture->arena, &fixture->diag);

    if (!schema)
        diag_print(&fixture->diag, stderr, false);
    assert_non_null(schema);
    return schema;
}

static struct plan *plan_between(struct arena *arena, const struct schema *from, const struct schema *to, const struct renames *renames) {
    struct plan_request request = {.from = from, .to = to, .renames = renames, .rules = &dialect_sqlite.rules};

    return plan_make(arena, &request);
}

static void print_script(const struct script *script, FILE *out) {
    struct str text = STR_INIT;

    script_print(script, &dialect_sqlite.style, NULL, &text);
    fprintf(out, "%s\n", text.text);
    str_free(&text);
}

static void run(struct fixture *fixture, const struct plan *plan, size_t table_count) {
    struct script script = {.arena = &fixture->arena};
    struct target target = {.dialect = &dialect_sqlite, .version = 34001, .table_count = table_count};

    dialect_sqlite.emit(plan, &target, &script);
    if (getenv("PERSIST_SHOW"))
        print_script(&script, stderr);
    if (script_run(fixture->db, &script, &dialect_sqlite.style, &fixture->diag) == 0)
        return;
    print_script(&script, stderr);
    diag_print(&fixture->diag, stderr, false);
    fail();
}

/* Is the database what SCHEMA says? */
static void assert_schema(struct fixture *fixture, const struct schema *schema) {
    struct renames none = {0};
    const struct plan *plan = plan_between(&fixture->arena, introspect(fixture), schema, &none);

    for (size_t i = 0; i < plan->changes.count; i++) {
        const struct change *change = &plan->changes.at[i];

        print_message("still to do: change %d on %s\n", (int)change->kind,
                      change->to           ? change->to->name
                      : change->from       ? change->from->name
                      : change->new_object ? change->new_object->name
                                           : change->old_object->name);
    }
    assert_int_equal(plan->changes.count, 0);
}

/* All cells of a query: "1|a,2|b". */
static void assert_query(struct fixture *fixture, const char *query, const char *expected) {
    struct str text = STR_INIT;
    struct rows rows;

    if (db_query(fixture->db, &fixture->arena, query, &rows, &fixture->diag) < 0)
        diag_print(&fixture->diag, stderr, false);
    for (size_t i = 0; i < rows.row_count * rows.column_count; i++) {
        str_add(&text, !i ? "" : i % rows.column_count ? "|" : ",");
        str_add(&text, rows.cells[i] ? rows.cells[i] : "NULL");
    }
    assert_string_equal(text.text, expected);
    str_free(&text);
}

/* From one text to the other and back. */
static struct migration_row {
    const char *name;
    const char *was;
    const char *is;
    const char *rows;  /* put into the database before */
    const char *query; /* after up */
    const char *expected;
    const char *query_back; /* after down */
    const char *expected_back;
    struct rename renames[4]; /* by new names; ends with a zero row */
} migration_rows[] = {
    {.name = "nothing to do", .was = "CREATE TABLE a (id INTEGER PRIMARY KEY)", .is = "CREATE TABLE a (id INTEGER PRIMARY KEY)"},
    {.name = "first tables",
     .was = "",
     .is = "CREATE TABLE a (id INTEGER PRIMARY KEY); CREATE TABLE b (id INT NOT NULL PRIMARY KEY, a INT REFERENCES a(id))"},
    {.name = "a cascade takes no child",
     .was = "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT);"
            "CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p(id) ON DELETE CASCADE)",
     .is = "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT NOT NULL DEFAULT 'x');"
           "CREATE TABLE c (id INTEGER PRIMARY KEY, p INT REFERENCES p(id) ON DELETE CASCADE)",
     .rows = "INSERT INTO p VALUES (1, 'a'), (7, NULL); DELETE FROM p WHERE id = 7; INSERT INTO p VALUES (2, NULL); INSERT INTO c VALUES "
             "(1, 1), (2, 2)",
     .query = "SELECT p.id, n, (SELECT count(*) FROM c), (SELECT seq FROM sqlite_sequence) FROM p",
     .expected = "1|a|2|7,2|x|2|7",
     .query_back = "SELECT p.id, n, (SELECT count(*) FROM c), (SELECT seq FROM sqlite_sequence) FROM p",
     .expected_back = "1|a|2|7,2|x|2|7"},
    {.name = "the mark of an empty table stays",
     .was = "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, n TEXT)",
     .is = "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, n INT)",
     .rows = "INSERT INTO p VALUES (7, NULL); DELETE FROM p",
     .query = "SELECT name, seq FROM sqlite_sequence",
     .expected = "p|7"},
    {.name = "columns swap names",
     .was = "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT, b TEXT)",
     .is = "CREATE TABLE p (id INTEGER PRIMARY KEY, b TEXT, a TEXT)",
     .rows = "INSERT INTO p VALUES (1, 'a', 'b')",
     .query = "SELECT a, b FROM p",
     .expected = "b|a",
     .query_back = "SELECT a, b FROM p",
     .expected_back = "a|b",
     .renames = {{RENAME_FIELD, "p", "a", "b"}, {RENAME_FIELD, "p", "b", "a"}}},
    {.name = "columns swap names in a rebuild",
     .was = "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT, b TEXT)",
     .is = "CREATE TABLE p (id INTEGER PRIMARY KEY, b TEXT NOT NULL, a TEXT NOT NULL)",
     .rows = "INSERT INTO p VALUES (1, 'a', 'b')",
     .query = "SELECT a, b FROM p",
     .expected = "b|a",
     .query_back = "SELECT a, b FROM p",
     .expected_back = "a|b",
     .renames = {{RENAME_FIELD, "p", "a", "b"}, {RENAME_FIELD, "p", "b", "a"}}},
    {.name = "tables swap names",
     .was = "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT); CREATE TABLE b (id INTEGER PRIMARY KEY, y TEXT, a INT REFERENCES a(id));"
            "CREATE TABLE c (id INTEGER PRIMARY KEY, a INT REFERENCES a(id) ON DELETE CASCADE, b INT REFERENCES b(id))",
     .is = "CREATE TABLE b (id INTEGER PRIMARY KEY, x TEXT); CREATE TABLE a (id INTEGER PRIMARY KEY, y TEXT, a INT REFERENCES b(id));"
           "CREATE TABLE c (id INTEGER PRIMARY KEY, a INT REFERENCES b(id) ON DELETE CASCADE, b INT REFERENCES a(id))",
     .rows = "INSERT INTO a VALUES (1, 'x'); INSERT INTO b VALUES (2, 'y', 1); INSERT INTO c VALUES (1, 1, 2)",
     .query = "SELECT x, y, c.a, c.b FROM a, b, c",
     .expected = "x|y|1|2",
     .query_back = "SELECT x, y, c.a, c.b FROM a, b, c",
     .expected_back = "x|y|1|2",
     .renames = {{RENAME_ENTITY, NULL, "a", "b"}, {RENAME_ENTITY, NULL, "b", "a"}}},
    {.name = "tables swap names and change",
     .was = "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT); CREATE TABLE b (id INTEGER PRIMARY KEY, y TEXT, a INT REFERENCES a(id));"
            "CREATE TABLE c (id INTEGER PRIMARY KEY, a INT REFERENCES a(id) ON DELETE CASCADE, b INT REFERENCES b(id))",
     .is = "CREATE TABLE b (id INTEGER PRIMARY KEY, x VARCHAR(3)); CREATE TABLE a (id INTEGER PRIMARY KEY, y INT, a INT REFERENCES b(id));"
           "CREATE TABLE c (id INTEGER PRIMARY KEY, a INT REFERENCES b(id) ON DELETE CASCADE, b INT REFERENCES a(id))",
     .rows = "INSERT INTO a VALUES (1, 'x'); INSERT INTO b VALUES (2, 'y', 1); INSERT INTO c VALUES (1, 1, 2)",
     .query = "SELECT x, y, c.a, c.b FROM a, b, c",
     .expected = "x|y|1|2",
     .query_back = "SELECT x, y, c.a, c.b FROM a, b, c",
     .expected_back = "x|y|1|2",
     .renames = {{RENAME_ENTITY, NULL, "a", "b"}, {RENAME_ENTITY, NULL, "b", "a"}}},
    {.name = "a renamed key that others refer to",
     .was = "CREATE TABLE p (id INTEGER PRIMARY KEY AUTOINCREMENT, p INT REFERENCES p(id)); CREATE TABLE c (p INT REFERENCES p(id))",
     .is = "CREATE TABLE q (key INTEGER PRIMARY KEY AUTOINCREMENT, p INT REFERENCES q(key)); CREATE TABLE c (p INT REFERENCES q(key))",
     .rows = "INSERT INTO p VALUES (3, 3); INSERT INTO c VALUES (3)",
     .query = "SELECT c.p, key, q.p, seq FROM c, q, sqlite_sequence",
     .expected = "3|3|3|3",
     .query_back = "SELECT c.p, id, p.p FROM c, p",
     .expected_back = "3|3|3",
     .renames = {{RENAME_ENTITY, NULL, "p", "q"}, {RENAME_FIELD, "q", "id", "key"}}},
    {.name = "a renamed and changed key that others refer to",
     .was = "CREATE TABLE p (id INT NOT NULL PRIMARY KEY, p INT REFERENCES p(id)); CREATE TABLE c (p INT REFERENCES p(id))",
     .is = "CREATE TABLE q (key TEXT NOT NULL PRIMARY KEY, p TEXT REFERENCES q(key)); CREATE TABLE c (p TEXT REFERENCES q(key))",
     .rows = "INSERT INTO p VALUES (3, 3); INSERT INTO c VALUES (3)",
     .query = "SELECT typeof(c.p), key, q.p FROM c, q",
     .expected = "text|3|3",
     .query_back = "SELECT typeof(c.p), id, p.p FROM c, p",
     .expected_back = "integer|3|3",
     .renames = {{RENAME_ENTITY, NULL, "p", "q"}, {RENAME_FIELD, "q", "id", "key"}}},
    {.name = "a table renamed by case alone",
     .was = "CREATE TABLE p (id INTEGER PRIMARY KEY, note TEXT); CREATE TABLE c (p INT REFERENCES p(id))",
     .is = "CREATE TABLE P (id INTEGER PRIMARY KEY, Note TEXT); CREATE TABLE c (p INT REFERENCES P(id))",
     .rows = "INSERT INTO p VALUES (3, 'n')",
     .query = "SELECT Note FROM P",
     .expected = "n",
     .renames = {{RENAME_ENTITY, NULL, "p", "P"}, {RENAME_FIELD, "P", "note", "Note"}}},
    {.name = "indexes, partial and over expressions, are there again",
     .was = "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, b INT);"
            "CREATE INDEX i ON p (a COLLATE RTRIM DESC, b); CREATE UNIQUE INDEX u ON p (lower(a)) WHERE b > 0",
     .is = "CREATE TABLE p (id INTEGER PRIMARY KEY, a TEXT COLLATE NOCASE, b INT NOT NULL);"
           "CREATE INDEX i ON p (a COLLATE RTRIM DESC, b); CREATE UNIQUE INDEX u ON p (lower(a)) WHERE b > 0"},
    {.name = "an index's name moves to another table",
     .was = "CREATE TABLE a (x INT); CREATE TABLE b (x INT); CREATE INDEX i ON b (x)",
     .is = "CREATE TABLE a (x INT); CREATE TABLE b (x INT); CREATE INDEX i ON a (x)"},
    {.name = "a column goes with its index and its key",
     .was = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE a (x INT, y INT, p INT REFERENCES p(id), CHECK (x > 0)); CREATE INDEX i "
            "ON a (y, p)",
     .is = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE a (x INT, CHECK (x > 0))",
     .rows = "INSERT INTO a VALUES (1, 2, NULL)",
     .query = "SELECT * FROM a",
     .expected = "1",
     .query_back = "SELECT * FROM a",
     .expected_back = "1|NULL|NULL"},
    {.name = "columns come and go in place",
     .was = "CREATE TABLE a (x INT, y INT)",
     .is = "CREATE TABLE a (x INT, z TEXT NOT NULL DEFAULT 'it''s', w INT AS (x + 1))",
     .rows = "INSERT INTO a VALUES (1, 2)",
     .query = "SELECT z, w FROM a",
     .expected = "it's|2",
     .query_back = "SELECT x, y FROM a",
     .expected_back = "1|NULL"},
    {.name = "a relation comes with its column",
     .was = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE a (x INT)",
     .is = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE a (x INT, p INT CONSTRAINT mine REFERENCES p(id) ON DELETE SET NULL "
           "DEFERRABLE INITIALLY DEFERRED)",
     .rows = "INSERT INTO a VALUES (1)",
     .query = "SELECT x, p FROM a",
     .expected = "1|NULL"},
    {.name = "computed columns are left out of the copy",
     .was = "CREATE TABLE a (x INT, y INT AS (x * 2) STORED, z INT)",
     .is = "CREATE TABLE a (x INT, y INT AS (x * 3) STORED, z TEXT)",
     .rows = "INSERT INTO a (x, z) VALUES (1, 2)",
     .query = "SELECT x, y, z FROM a",
     .expected = "1|3|2",
     .query_back = "SELECT x, y, z FROM a",
     .expected_back = "1|2|2"},
    {.name = "a computed column becomes plain and keeps its values",
     .was = "CREATE TABLE a (x INT, y INT AS (x * 2))",
     .is = "CREATE TABLE a (x INT, y INT)",
     .rows = "INSERT INTO a (x) VALUES (4)",
     .query = "SELECT x, y FROM a",
     .expected = "4|8"},
    {.name = "text that is no number stays as it is",
     .was = "CREATE TABLE a (x TEXT, b BLOB)",
     .is = "CREATE TABLE a (x INT, b TEXT)",
     .rows = "INSERT INTO a VALUES ('12', x'4142'), ('twelve', NULL)",
     .query = "SELECT typeof(x), x, b FROM a ORDER BY rowid",
     .expected = "integer|12|AB,text|twelve|NULL",
     .query_back = "SELECT typeof(x), x, typeof(b) FROM a ORDER BY rowid",
     .expected_back = "text|12|blob,text|twelve|null"},
    {.name = "strict, without rowid, composite key, named constraints",
     .was = "CREATE TABLE a (x INT NOT NULL, y TEXT NOT NULL, z REAL, CONSTRAINT k PRIMARY KEY (y, x), CONSTRAINT u UNIQUE (z DESC)) "
            "STRICT, WITHOUT ROWID",
     .is = "CREATE TABLE a (x INT NOT NULL, y TEXT NOT NULL, z REAL, CONSTRAINT k PRIMARY KEY (x, y), CONSTRAINT ck CHECK (z <> 2)) STRICT",
     .rows = "INSERT INTO a VALUES (1, 'y', 0.5)",
     .query = "SELECT * FROM a",
     .expected = "1|y|0.5"},
    {.name = "names with quotes, line ends and reserved words",
     .was = "CREATE TABLE \"a\"\"b\n--\" (\"select\" INT, \"x;y\" TEXT)",
     .is = "CREATE TABLE \"a\"\"b\n--\" (\"select\" INT NOT NULL, \"x;y\" TEXT, \"🦆\" TEXT NOT NULL DEFAULT 'a;b')",
     .rows = "INSERT INTO \"a\"\"b\n--\" VALUES (1, 'x')",
     .query = "SELECT * FROM \"a\"\"b\n--\"",
     .expected = "1|x|a;b"},
    {.name = "foreign keys in a circle",
     .was =
         "CREATE TABLE a (id INTEGER PRIMARY KEY, b INT REFERENCES b(id)); CREATE TABLE b (id INTEGER PRIMARY KEY, a INT REFERENCES a(id))",
     .is = "CREATE TABLE a (id TEXT PRIMARY KEY, b TEXT REFERENCES b(id)); CREATE TABLE b (id TEXT PRIMARY KEY, a TEXT REFERENCES a(id))",
     .rows = "INSERT INTO a VALUES (1, NULL); INSERT INTO b VALUES (1, 1); UPDATE a SET b = 1",
     .query = "SELECT * FROM a, b",
     .expected = "1|1|1|1",
     .query_back = "SELECT typeof(a.id), b FROM a",
     .expected_back = "integer|1"},
    {.name = "a dropped parent takes no row with it",
     .was = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (x INT, p INT REFERENCES p(id) ON DELETE CASCADE)",
     .is = "CREATE TABLE c (x INT)",
     .rows = "INSERT INTO p VALUES (1); INSERT INTO c VALUES (5, 1)",
     .query = "SELECT x FROM c",
     .expected = "5"},
    {.name = "the key of a table without rowid that is unique once more",
     .was = "CREATE TABLE a (k INTEGER NOT NULL, PRIMARY KEY (k), UNIQUE (k)) WITHOUT ROWID; CREATE TABLE c (a INT REFERENCES a (k))",
     .is = "CREATE TABLE a (x INTEGER NOT NULL, PRIMARY KEY (x), UNIQUE (x)) WITHOUT ROWID; CREATE TABLE c (a INT REFERENCES a (x))",
     .rows = "INSERT INTO a VALUES (1); INSERT INTO c VALUES (1)",
     .query = "SELECT x, c.a FROM a, c",
     .expected = "1|1",
     .renames = {{RENAME_FIELD, "a", "k", "x"}}},
    {.name = "a trigger and a view come back to a rebuilt table",
     .was = "CREATE TABLE a (x INT, y INT); CREATE TABLE log (n INT); CREATE VIEW v AS SELECT x FROM a; CREATE VIEW w AS SELECT * FROM v;"
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN INSERT INTO log VALUES (new.x); END;"
            "CREATE TRIGGER u INSTEAD OF INSERT ON w BEGIN INSERT INTO a (x) VALUES (new.x); END",
     .is = "CREATE TABLE a (x INT NOT NULL, y TEXT); CREATE TABLE log (n INT); CREATE VIEW v AS SELECT x FROM a; CREATE VIEW w AS SELECT * "
           "FROM "
           "v; CREATE TRIGGER t AFTER INSERT ON a BEGIN INSERT INTO log VALUES (new.x); END;"
           "CREATE TRIGGER u INSTEAD OF INSERT ON w BEGIN INSERT INTO a (x) VALUES (new.x); END",
     .rows = "INSERT INTO a VALUES (1, 2)",
     .query = "SELECT w.x, n FROM w, log",
     .expected = "1|1",
     .query_back = "SELECT w.x, n FROM w, log",
     .expected_back = "1|1"},
    {.name = "a table and a column are renamed under a view and a trigger",
     .was = "CREATE TABLE a (x INT, y INT); CREATE VIEW v AS SELECT x FROM a; CREATE VIEW w AS SELECT * FROM v; CREATE TABLE b (z INT);"
            "CREATE TRIGGER t AFTER INSERT ON b BEGIN UPDATE a SET x = new.z; END",
     .is = "CREATE TABLE c (u INT, y INT); CREATE VIEW v AS SELECT u FROM c; CREATE VIEW w AS SELECT * FROM v; CREATE TABLE b (z INT);"
           "CREATE TRIGGER t AFTER INSERT ON b BEGIN UPDATE c SET u = new.z; END",
     .rows = "INSERT INTO a VALUES (1, 2); INSERT INTO b VALUES (5)",
     .query = "SELECT u FROM w",
     .expected = "5",
     .query_back = "SELECT x FROM w",
     .expected_back = "5",
     .renames = {{RENAME_ENTITY, NULL, "a", "c"}, {RENAME_FIELD, "c", "x", "u"}}},
    {.name = "a column goes from under a view that does not read it",
     .was = "CREATE TABLE a (x INT, y INT); CREATE VIEW v AS SELECT * FROM a",
     .is = "CREATE TABLE a (x INT); CREATE VIEW v AS SELECT * FROM a",
     .rows = "INSERT INTO a VALUES (1, 2)",
     .query = "SELECT * FROM v",
     .expected = "1"},
    {.name = "views, triggers and full-text indexes come, change and go",
     .was = "CREATE TABLE a (x TEXT); CREATE VIEW v AS SELECT 1; CREATE VIEW gone (n) AS SELECT x FROM a; CREATE VIRTUAL TABLE f USING "
            "fts5(x);"
            "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END",
     .is = "CREATE TABLE a (x TEXT); CREATE VIEW v AS SELECT 2 AS n; CREATE VIRTUAL TABLE g USING fts5(x, content='a');"
           "CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 2; END; CREATE VIEW new AS SELECT n, x FROM v, a",
     .rows = "INSERT INTO a VALUES ('one word'), ('other')",
     .query = "SELECT n, g.rowid FROM v, g WHERE g MATCH 'other'",
     .expected = "2|2",
     .query_back = "SELECT n, (SELECT count(*) FROM f) FROM gone",
     .expected_back = "one word|0,other|0"},
    {.name = "a view becomes a table of the same name, and back",
     .was = "CREATE TABLE a (x INT); CREATE VIEW b AS SELECT x FROM a; CREATE VIEW c AS SELECT 1",
     .is = "CREATE TABLE a (x INT); CREATE TABLE b (x INT); CREATE TABLE c (x INT)",
     .query = "SELECT count(*) FROM b",
     .expected = "0",
     .query_back = "SELECT count(*), (SELECT * FROM c) FROM b",
     .expected_back = "0|1"},
    {.name = "the index of a full text stays when its texts are rebuilt",
     .was = "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT); CREATE VIRTUAL TABLE f USING fts5(x, content='a', content_rowid='id')",
     .is =
         "CREATE TABLE a (id INTEGER PRIMARY KEY, x TEXT NOT NULL); CREATE VIRTUAL TABLE f USING fts5(x, content='a', content_rowid='id')",
     .rows = "INSERT INTO a VALUES (7, 'one word'); INSERT INTO f (rowid, x) VALUES (7, 'one word')",
     .query = "SELECT rowid, x FROM f WHERE f MATCH 'word'",
     .expected = "7|one word"},
    {.name = "texts in double quotes stay as they are when a column is renamed elsewhere",
     .was = "CREATE TABLE a (x INT, y INT); CREATE TABLE b (s TEXT DEFAULT \"one\" CHECK (s <> \"two\")); CREATE VIEW v AS SELECT "
            "\"three\" AS "
            "\"four\" FROM b",
     .is = "CREATE TABLE a (z INT); CREATE TABLE b (s TEXT DEFAULT \"one\" CHECK (s <> \"two\")); CREATE VIEW v AS SELECT \"three\" AS "
           "\"four\" "
           "FROM b",
     .renames = {{RENAME_FIELD, "a", "x", "z"}}},
    {.name = "a column goes, though a view names a table that is not there",
     .was = "CREATE TABLE a (x INT, y INT); CREATE VIEW v AS SELECT * FROM nowhere; CREATE VIEW w AS WITH c AS (SELECT 1) SELECT * FROM c",
     .is = "CREATE TABLE a (x INT); CREATE VIEW v AS SELECT * FROM nowhere; CREATE VIEW w AS WITH c AS (SELECT 1) SELECT * FROM c"},
    {.name = "foreign keys and unique constraints twice on a column",
     .was = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE a (x INT REFERENCES p(id), y INT, FOREIGN KEY (x) REFERENCES p(id) ON "
            "DELETE "
            "CASCADE, UNIQUE (y), UNIQUE (y) ON CONFLICT IGNORE)",
     .is = "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE a (x INT REFERENCES p(id), y TEXT, FOREIGN KEY (x) REFERENCES p(id) ON "
           "DELETE "
           "CASCADE, UNIQUE (y), UNIQUE (y) ON CONFLICT IGNORE)",
     .query = "SELECT sql LIKE '%CONSTRAINT%' FROM sqlite_schema WHERE name = 'a'",
     .expected = "0"},
    {.name = "ON CONFLICT, the order of keys and NOT NULL of keys",
     .was = "CREATE TABLE a (x TEXT PRIMARY KEY, y INT NOT NULL ON CONFLICT REPLACE DEFAULT 3, UNIQUE (y) ON CONFLICT IGNORE)",
     .is =
         "CREATE TABLE a (x TEXT NOT NULL PRIMARY KEY ON CONFLICT IGNORE, y INT NOT NULL DEFAULT 3, z INT, UNIQUE (y) ON CONFLICT REPLACE)",
     .rows = "INSERT INTO a VALUES ('p', NULL); INSERT INTO a VALUES ('q', 3)",
     .query = "SELECT x, y FROM a",
     .expected = "p|3"},
    {.name = "a fraction in a strict table becomes an integer",
     .was = "CREATE TABLE a (x REAL) STRICT",
     .is = "CREATE TABLE a (x INTEGER) STRICT",
     .rows = "INSERT INTO a VALUES (1.5)",
     .query = "SELECT x FROM a",
     .expected = "1"},
};

static void run_migration(const struct migration_row *row, size_t table_count) {
    struct fixture old, new;
    struct renames renames = {0}, inverse = {0};
    const struct schema *from, *to;

    fixture_open(&old, row->was);
    fixture_open(&new, row->is);
    from = introspect(&old);
    to = introspect(&new);
    for (const struct rename *rename = row->renames; rename->from; rename++) {
        struct rename back = {rename->kind, rename->owner, rename->to, rename->from};

        for (const struct rename *other = row->renames; other->from; other++)
            if (back.owner && other->kind == RENAME_ENTITY && strcmp(other->to, back.owner) == 0)
                back.owner = other->from;
        vec_push(&old.arena, &renames.list, *rename);
        vec_push(&old.arena, &inverse.list, back);
    }
    if (row->rows)
        assert_int_equal(db_exec(old.db, row->rows, &old.diag), 0);
    run(&old, plan_between(&old.arena, from, to, &renames), table_count);
    assert_schema(&old, to);
    if (row->query)
        assert_query(&old, row->query, row->expected);
    run(&old, plan_between(&old.arena, to, from, &inverse), table_count);
    assert_schema(&old, from);
    if (row->query_back)
        assert_query(&old, row->query_back, row->expected_back);
    assert_query(&old, "PRAGMA foreign_keys", "1");
    fixture_close(&old);
    fixture_close(&new);
}

static void test_migration(void **state) {
    run_migration(*state, 0);
    run_migration(*state, 1000000);
}

/* Scripts that fail on the rows, run as the sqlite3 shell runs them without -bail: on and on, whatever fails. */
static struct failure_row {
    const char *name;
    const char *was;
    const char *is;
    const char *rows;
    const char *query;
    const char *expected;
} failure_rows[] = {
    {"a copy that meets a null loses nothing", "CREATE TABLE a (x INT, y INT)", "CREATE TABLE a (x INT NOT NULL, y TEXT)",
     "INSERT INTO a VALUES (1, 1), (NULL, 2)", "SELECT * FROM a", "1|1,NULL|2"},
    {"a copy that meets equal rows loses nothing", "CREATE TABLE a (x INT)", "CREATE TABLE a (x INT UNIQUE)",
     "INSERT INTO a VALUES (1), (1)", "SELECT * FROM a", "1,1"},
    {"an index that meets equal rows undoes the rebuild", "CREATE TABLE a (x INT, y INT)",
     "CREATE TABLE a (x INT, y TEXT); CREATE UNIQUE INDEX i ON a (x)", "INSERT INTO a VALUES (1, 1), (1, 2)", "SELECT * FROM a", "1|1,1|2"},
    {"a foreign key without its row undoes the rebuild", "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INT)",
     "CREATE TABLE p (id INTEGER PRIMARY KEY); CREATE TABLE c (p INT REFERENCES p(id))", "INSERT INTO c VALUES (4)", "SELECT * FROM c",
     "4"},
    {"a trigger that nobody knew of stops the rebuild", "CREATE TABLE a (x INT)", "CREATE TABLE a (x TEXT)",
     "INSERT INTO a VALUES (1); CREATE TRIGGER t AFTER INSERT ON a BEGIN SELECT 1; END",
     "SELECT x, (SELECT count(*) FROM sqlite_schema WHERE type = 'trigger') FROM a", "1|1"},
    {"a table of a failed script is not dropped", "CREATE TABLE a (x INT); CREATE TABLE b (y INT)", "CREATE TABLE a (x INT NOT NULL)",
     "INSERT INTO a VALUES (NULL); INSERT INTO b VALUES (2)", "SELECT * FROM a, b", "NULL|2"},
};

static void run_on_and_on(struct fixture *fixture, const struct plan *plan, size_t table_count) {
    struct script script = {.arena = &fixture->arena};
    struct target target = {.dialect = &dialect_sqlite, .version = 34001, .table_count = table_count};
    struct diag ignored = {.arena = &fixture->arena};
    bool open = false;

    dialect_sqlite.emit(plan, &target, &script);
    for (size_t i = 0; i < script.list.count; i++) {
        const struct statement *statement = &script.list.at[i];

        if (open == statement->outside_transaction) {
            db_exec(fixture->db, open ? "COMMIT" : "BEGIN", &ignored);
            open = !open;
        }
        db_exec(fixture->db, statement->text, &ignored);
    }
    assert_true(ignored.errors > 0);
}

static void run_failure(const struct failure_row *row, size_t table_count) {
    struct fixture old, new;
    struct renames none = {0};
    const struct schema *from, *before;

    fixture_open(&old, row->was);
    fixture_open(&new, row->is);
    from = introspect(&old);
    assert_int_equal(db_exec(old.db, row->rows, &old.diag), 0);
    before = introspect(&old);
    run_on_and_on(&old, plan_between(&old.arena, from, introspect(&new), &none), table_count);
    assert_query(&old, row->query, row->expected);
    assert_schema(&old, before);
    assert_query(&old, "PRAGMA foreign_keys", "1");
    fixture_close(&old);
    fixture_close(&new);
}

static void test_failure(void **state) {
    run_failure(*state, 0);
    run_failure(*state, 1000000);
}

int main(void) {
    struct CMUnitTest tests[ROWS(migration_rows) + ROWS(failure_rows)];
    size_t count = 0;

    ADD_ROWS(tests, count, migration_rows, test_migration);
    ADD_ROWS(tests, count, failure_rows, test_failure);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
