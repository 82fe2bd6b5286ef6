/* The judge is judged: what must fail fails, and what does not count does not. Needs SQLite; the servers' rows where they can be had. */
#include <stdio.h>
#include <string.h>

#include "pairs_trial.h"

static const struct {
    const char *name;
    const char *server;
    const char *a;
    const char *b;
    bool same;
} dumps[] = {
    {"the order of columns", "sqlite", "CREATE TABLE t (a INT, b TEXT)", "CREATE TABLE t (b TEXT, a INT)", true},
    {"words and blanks", "sqlite", "CREATE TABLE t(a INT  DEFAULT 1)", "create table \"t\" (\"a\" int default  1)", true},
    {"a type", "sqlite", "CREATE TABLE t (a INT)", "CREATE TABLE t (a TEXT)", false},
    {"a default", "sqlite", "CREATE TABLE t (a TEXT DEFAULT 'x')", "CREATE TABLE t (a TEXT DEFAULT 'X')", false},
    {"a check", "sqlite", "CREATE TABLE t (a INT CHECK (a > 0))", "CREATE TABLE t (a INT CHECK (a > 1))", false},
    {"the name of a check", "sqlite", "CREATE TABLE t (a INT, CONSTRAINT x CHECK (a > 0))", "CREATE TABLE t (a INT, CHECK (a > 0))", false},
    {"where a check stands", "sqlite", "CREATE TABLE t (a INT, b INT, CHECK (a > 0))", "CREATE TABLE t (a INT CHECK ((a > 0)), b INT)",
     true},
    {"a comma that is not needed", "sqlite", "CREATE TABLE t (a INT, b INT, CONSTRAINT x UNIQUE (a) CONSTRAINT y UNIQUE (b))",
     "CREATE TABLE t (a INT, b INT, CONSTRAINT x UNIQUE (a), CONSTRAINT y UNIQUE (b))", true},
    {"which constraint has the name", "sqlite", "CREATE TABLE t (a INT, b INT, CONSTRAINT x UNIQUE (a) UNIQUE (b))",
     "CREATE TABLE t (a INT, b INT, UNIQUE (a), CONSTRAINT x UNIQUE (b))", false},
    {"a collation", "sqlite", "CREATE TABLE t (a TEXT COLLATE NOCASE)", "CREATE TABLE t (a TEXT)", false},
    {"a generated column", "sqlite", "CREATE TABLE t (a INT, b INT AS (a + 1))", "CREATE TABLE t (a INT, b INT AS (a + 2))", false},
    {"a deferral", "sqlite", "CREATE TABLE t (a INT PRIMARY KEY, b INT REFERENCES t DEFERRABLE INITIALLY DEFERRED)",
     "CREATE TABLE t (a INT PRIMARY KEY, b INT REFERENCES t)", false},
    {"a conflict clause", "sqlite", "CREATE TABLE t (a INT UNIQUE ON CONFLICT IGNORE)", "CREATE TABLE t (a INT UNIQUE)", false},
    {"automatic numbers", "sqlite", "CREATE TABLE t (a INTEGER PRIMARY KEY AUTOINCREMENT)", "CREATE TABLE t (a INTEGER PRIMARY KEY)",
     false},
    {"STRICT", "sqlite", "CREATE TABLE t (a INT) STRICT", "CREATE TABLE t (a INT)", false},
    {"an index", "sqlite", "CREATE TABLE t (a INT); CREATE INDEX i ON t (a)", "CREATE TABLE t (a INT); CREATE INDEX i ON t (a DESC)",
     false},
    {"a view", "sqlite", "CREATE VIEW v AS SELECT 1", "CREATE VIEW v AS SELECT 2", false},
    {"the order of columns", "postgresql", "CREATE TABLE t (a int, b text)", "CREATE TABLE t (b text, a int)", true},
    {"no columns", "postgresql", "CREATE TABLE t ()", "CREATE TABLE t ()", true},
    {"a type", "postgresql", "CREATE TABLE t (a int)", "CREATE TABLE t (a bigint)", false},
    {"a name of the server's", "postgresql", "CREATE TABLE t (a int CHECK (a > 0))", "CREATE TABLE t (a int CONSTRAINT zz CHECK (a > 0))",
     false},
    {"two names of the server's", "postgresql", "CREATE TABLE u (a int UNIQUE); ALTER TABLE u RENAME TO t", "CREATE TABLE t (a int UNIQUE)",
     true},
    {"the order of an enum", "postgresql", "CREATE TYPE e AS ENUM ('a', 'b')", "CREATE TYPE e AS ENUM ('b', 'a')", false},
    {"a function's body", "postgresql", "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
     "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 2'", false},
    {"a privilege", "postgresql", "CREATE TABLE t (a int); GRANT SELECT ON t TO PUBLIC", "CREATE TABLE t (a int)", false},
    {"the order of storage parameters", "postgresql", "CREATE TABLE t (a int) WITH (fillfactor = 70, autovacuum_enabled = off)",
     "CREATE TABLE t (a int) WITH (autovacuum_enabled = off, fillfactor = 70)", true},
    {"a storage parameter", "postgresql", "CREATE TABLE t (a int) WITH (fillfactor = 70)", "CREATE TABLE t (a int) WITH (fillfactor = 71)",
     false},
    {"a column's comment", "postgresql", "CREATE TABLE t (a int); COMMENT ON COLUMN t.a IS 'x'", "CREATE TABLE t (a int)", false},
    {"a type", "postgresql18", "CREATE TABLE t (a int)", "CREATE TABLE t (a bigint)", false},
    {"the order of columns", "postgresql18", "CREATE TABLE t (a int, b text)", "CREATE TABLE t (b text, a int)", true},
    {"a privilege taken back", "postgresql18", "CREATE TABLE t (a int); GRANT SELECT ON t TO PUBLIC; REVOKE SELECT ON t FROM PUBLIC",
     "CREATE TABLE t (a int)", true},
    {"a privilege given again", "postgresql18",
     "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION f() "
     "FROM PUBLIC; GRANT EXECUTE ON FUNCTION f() TO PUBLIC",
     "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", true},
    {"a privilege taken", "postgresql18",
     "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'; REVOKE EXECUTE ON FUNCTION f() "
     "FROM PUBLIC",
     "CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", false},
    {"a view", "postgresql18", "CREATE VIEW v AS SELECT 1 AS a", "CREATE VIEW v AS SELECT 2 AS a", false},
    {"a privilege", "postgresql18", "CREATE TABLE t (a int); GRANT SELECT ON t TO PUBLIC", "CREATE TABLE t (a int)", false},
    {"the order of columns", "mariadb", "CREATE TABLE t (a int, b text)", "CREATE TABLE t (b text, a int)", false},
    {"the order of indexes", "mariadb", "CREATE TABLE t (a int, b int, KEY x (a), KEY y (b))",
     "CREATE TABLE t (a int, b int, KEY y (b), KEY x (a))", true},
    {"a counter", "mariadb", "CREATE TABLE t (a int PRIMARY KEY AUTO_INCREMENT) AUTO_INCREMENT = 7",
     "CREATE TABLE t (a int PRIMARY KEY AUTO_INCREMENT)", true},
    {"a table's comment", "mariadb", "CREATE TABLE t (a int) COMMENT 'x'", "CREATE TABLE t (a int)", false},
    {"a trigger's body", "mariadb", "CREATE TABLE t (a int); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1",
     "CREATE TABLE t (a int); CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2", false},
    {"a procedure's body", "mysql", "CREATE PROCEDURE p() SELECT 1", "CREATE PROCEDURE p() SELECT 2", false},
};

static const struct {
    const char *name;
    const char *server;
    const char *old;
    const char *new;
    const char *meddle;
    const char *meddle_again;
    enum verdict verdict;
    const char *said; /* in what is reported */
} trials[] = {
    {"a plain pair", "sqlite", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT, b TEXT)", NULL, NULL, VERDICT_PASS, NULL},
    {"one column too much", "sqlite", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT, b TEXT)", "ALTER TABLE t ADD COLUMN c INT", NULL,
     VERDICT_FAIL, "+ column c"},
    {"a view too much", "sqlite", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT, b TEXT)", "CREATE VIEW v AS SELECT 1", NULL,
     VERDICT_FAIL, "view v should not be there"},
    {"rows gone", "sqlite", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT, b TEXT)", "DELETE FROM t", NULL, VERDICT_FAIL,
     "had 1 rows and has 0"},
    {"a value changed", "sqlite", "CREATE TABLE t (a INT, c TEXT)", "CREATE TABLE t (a INT, c TEXT, b TEXT)", "UPDATE t SET a = 77", NULL,
     VERDICT_FAIL, "a row of table t was"},
    {"something that was not said", "sqlite", "CREATE TABLE t (a INT)", "CREATE TABLE t (a INT, b TEXT)", NULL, "DROP TABLE t",
     VERDICT_SILENT, "table t is missing"},
    {"SQL that is none", "sqlite", "CREATE TABEL t (a INT)", "", NULL, NULL, VERDICT_SKIPPED, "syntax error"},
    {"one column too much", "postgresql", "CREATE TABLE t (a int)", "CREATE TABLE t (a int, b text)", "ALTER TABLE t ADD COLUMN c int",
     NULL, VERDICT_FAIL, "c integer"},
    {"a view that the server prints otherwise once it has read it", "postgresql", "CREATE VIEW v AS SELECT 1 AS a UNION ALL SELECT NULL",
     "CREATE VIEW v AS SELECT 2 AS a UNION ALL SELECT NULL", NULL, NULL, VERDICT_PASS, NULL},
    {"something that was not said", "postgresql", "CREATE TABLE t (a int)", "CREATE TABLE t (a int, b text)", NULL, "DROP TABLE t",
     VERDICT_SILENT, "t.a is missing"},
    {"a refusal", "postgresql", "CREATE TABLE t (a int)", "CREATE TABLE t (a int) PARTITION BY RANGE (a)", NULL, NULL, VERDICT_UNSAID,
     NULL},
    {"an index against the order of columns", "postgresql", "CREATE TABLE t (a int)",
     "CREATE TABLE t (b int, a int); CREATE INDEX i ON t (b, a)", NULL, NULL, VERDICT_PASS, NULL},
    {"an index the other way round", "postgresql", "CREATE TABLE t (a int)", "CREATE TABLE t (b int, a int); CREATE INDEX i ON t (b, a)",
     "DROP INDEX i; CREATE INDEX i ON t (a, b)", NULL, VERDICT_FAIL, "the model pulled is another"},
    {"one column too much", "mariadb", "CREATE TABLE t (a int)", "CREATE TABLE t (a int, b text)", "ALTER TABLE t ADD COLUMN c int", NULL,
     VERDICT_FAIL, "`c` int"},
};

static bool find(struct arena *arena, const char *name, struct server *server) {
    struct diag diag = {.arena = arena};

    return server_find(name, server, &diag);
}

static bool read_one(struct arena *arena, const struct server *server, const char *sql, struct dump *dump) {
    struct making making = {.scripts = {.at = &sql, .count = 1}};
    struct diag diag = {.arena = arena};
    struct place place = {0};
    bool done = place_load(server, &making, &place, &diag) == 0 && dump_read(place.db, place.url, dump, &diag) == 0;

    if (!done)
        printf("    %s\n", diag.list.at[0].message);
    place_close(&place);
    return done;
}

static bool check_dump(size_t i) {
    const char *texts[] = {dumps[i].a, dumps[i].b};
    struct names sources = {.at = texts, .count = 2};
    struct arena arena = {0};
    struct failures failures = {0};
    struct server server;
    struct dump a = {0};
    struct dump b = {0};
    bool good = true;

    if (find(&arena, dumps[i].server, &server)) {
        good = read_one(&arena, &server, dumps[i].a, &a) && read_one(&arena, &server, dumps[i].b, &b) &&
               dump_compare(&arena, &a, &b, &sources, "a", &failures) == dumps[i].same;
        server_end(&server);
    }
    if (!good)
        printf("FAILED: a dump's view of %s on %s%s%s\n", dumps[i].name, dumps[i].server, failures.list.count ? ": " : "",
               failures.list.count ? failures.list.at[0] : "");
    arena_free(&arena);
    return good;
}

static bool says(const struct trial *trial, const char *text) {
    bool found = !text;

    for (size_t i = 0; i < trial->failures.list.count; i++)
        found = found || strstr(trial->failures.list.at[i], text);
    for (size_t i = 0; i < trial->losses.list.count; i++)
        found = found || strstr(trial->losses.list.at[i], text);
    for (size_t i = 0; i < trial->notes.count; i++)
        found = found || strstr(trial->notes.at[i], text);
    return found;
}

static bool check_trial(size_t i) {
    const char *old = trials[i].old;
    const char *new = trials[i].new;
    struct arena arena = {0};
    struct server server;
    struct trial trial = {.arena = &arena, .server = &server, .meddle = trials[i].meddle, .meddle_again = trials[i].meddle_again};
    bool good = true;

    trial.from = (struct side){.name = "A", .making.scripts = {.at = &old, .count = 1}};
    trial.to = (struct side){.name = "B", .making.scripts = {.at = &new, .count = 1}};
    if (find(&arena, trials[i].server, &server)) {
        enum verdict verdict = trial_run(&trial);

        server_end(&server);
        good = verdict == trials[i].verdict && says(&trial, trials[i].said);
        if (!good)
            printf("FAILED: %s on %s: %s%s%s\n", trials[i].name, trials[i].server, verdict_names[verdict],
                   trial.losses.list.count ? ": " : "", trial.losses.list.count ? trial.losses.list.at[0] : "");
    }
    arena_free(&arena);
    return good;
}

int main(void) {
    size_t failed = 0;

    for (size_t i = 0; i < sizeof dumps / sizeof *dumps; i++)
        failed += !check_dump(i);
    for (size_t i = 0; i < sizeof trials / sizeof *trials; i++)
        failed += !check_trial(i);
    printf("%zu of %zu failed\n", failed, sizeof dumps / sizeof *dumps + sizeof trials / sizeof *trials);
    return failed ? 1 : 0;
}
