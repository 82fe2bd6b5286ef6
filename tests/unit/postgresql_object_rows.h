/* Rows of test_postgresql.c about what is emitted for objects in PostgreSQL's own words; the table "a" has a column n. */
#ifndef PERSIST_POSTGRESQL_OBJECT_ROWS_H
#define PERSIST_POSTGRESQL_OBJECT_ROWS_H

#define TABLE_A(type) "@sql:Name {value: \"a\"}\ntype A record {|\n    readonly int id;\n    " type " n;\n|};\n"
#define DEFINED(kind, name, constant, more, text)                                                                                          \
    "@db:Object {kind: \"" kind "\", name: \"" name "\"" more "}\nconst string " constant " = string `" text "`;\n"
#define ON_A ", on: \"A\""
#define READS_A ", dependsOn: [\"A\"]"

static struct emit_row object_rows[] = {
    {"emit a view", TABLE_A("int"),
     TABLE_A("int") "# Some\n" DEFINED("view", "v", "v", READS_A ", options: {security_barrier: true}", " SELECT n\n   FROM a;"), false,
     "CREATE VIEW \"v\" WITH (\"security_barrier\" = 'true') AS\n"
     " SELECT n\n"
     "   FROM a;\n"
     "COMMENT ON VIEW \"v\" IS 'Some';\n"},
    {"replace a view", TABLE_A("int") DEFINED("view", "v", "v", READS_A, " SELECT n\n   FROM a"),
     TABLE_A("int") DEFINED("view", "v", "v", READS_A, " SELECT n\n   FROM a\n  WHERE n > 0"), false,
     "CREATE OR REPLACE VIEW \"v\" AS\n"
     " SELECT n\n"
     "   FROM a\n"
     "  WHERE n > 0;\n"},
    {"a view around a change of type", TABLE_A("int") DEFINED("view", "v", "v", READS_A, " SELECT n FROM a"),
     TABLE_A("string") DEFINED("view", "v", "v", READS_A, " SELECT n FROM a"), false,
     "-- keep;\n"
     "-- kept;\n"
     "DROP VIEW \"v\";\n"
     "ALTER TABLE \"a\" ALTER COLUMN \"n\" TYPE character varying(191) USING \"n\"::text;\n"
     "CREATE VIEW \"v\" AS\n"
     " SELECT n FROM a;\n"
     "-- given back;\n"
     "-- end;\n"},
    {"emit a function and a trigger", TABLE_A("int"),
     TABLE_A("int") DEFINED("function", "f()", "f", "", "CREATE OR REPLACE FUNCTION f()\n RETURNS trigger\n LANGUAGE plpgsql\nAS $$ x $$")
         DEFINED("trigger", "t", "t", ON_A ", options: {enabled: \"always\"}", "CREATE TRIGGER t BEFORE INSERT ON a EXECUTE FUNCTION f()"),
     false,
     "SET check_function_bodies = off;\n"
     "CREATE OR REPLACE FUNCTION f()\n"
     " RETURNS trigger\n"
     " LANGUAGE plpgsql\n"
     "AS $$ x $$;\n"
     "CREATE TRIGGER t BEFORE INSERT ON a EXECUTE FUNCTION f();\n"
     "ALTER TABLE \"a\" ENABLE ALWAYS TRIGGER \"t\";\n"},
    {"drop a trigger, then its function",
     TABLE_A("int") DEFINED("function", "f()", "f", "", "CREATE OR REPLACE FUNCTION f()") DEFINED("trigger", "t", "t", ON_A, "x"),
     TABLE_A("int"), false,
     "DROP TRIGGER \"t\" ON \"a\";\n"
     "DROP FUNCTION \"f\"();\n"},
    {"emit a sequence that belongs to a column", NULL,
     TABLE_A("int") DEFINED("sequence", "s", "s", ", options: {ownedBy: \"a.n\"}", "AS bigint INCREMENT BY 2"), false,
     "CREATE SEQUENCE \"s\" AS bigint INCREMENT BY 2;\n"
     "CREATE TABLE \"a\" (\n"
     "    \"id\" integer NOT NULL,\n"
     "    \"n\" integer NOT NULL,\n"
     "    CONSTRAINT \"a_pkey\" PRIMARY KEY (\"id\")\n"
     ");\n"
     "ALTER SEQUENCE \"s\" OWNED BY \"a\".\"n\";\n"},
    {"alter a sequence", DEFINED("sequence", "s", "s", "", "AS bigint INCREMENT BY 1 CYCLE"),
     DEFINED("sequence", "s", "s", "", "AS bigint INCREMENT BY 2"), false, "ALTER SEQUENCE \"s\" AS bigint INCREMENT BY 2 NO CYCLE;\n"},
    {"alter a domain", DEFINED("domain", "d", "d", "", "text DEFAULT 'x'::text NOT NULL CONSTRAINT one CHECK (VALUE <> 'CHECK '::text)"),
     DEFINED("domain", "d", "d", "", "text CONSTRAINT two CHECK (VALUE <> ''::text)"), false,
     "ALTER DOMAIN \"d\" DROP DEFAULT;\n"
     "ALTER DOMAIN \"d\" DROP CONSTRAINT one;\n"
     "ALTER DOMAIN \"d\" DROP NOT NULL;\n"
     "ALTER DOMAIN \"d\" ADD CONSTRAINT two CHECK (VALUE <> ''::text);\n"},
    {"alter a composite type", DEFINED("type", "t", "t", "", "(a integer, b numeric(5,2))"),
     DEFINED("type", "t", "t", "", "(a integer, \"c, d\" text)"), false,
     "ALTER TYPE \"t\" DROP ATTRIBUTE b;\n"
     "ALTER TYPE \"t\" ADD ATTRIBUTE \"c, d\" text;\n"},
    {"a domain over another type", TABLE_A("@db:Type {value: \"d\"} string") DEFINED("domain", "d", "d", "", "integer"),
     TABLE_A("@db:Type {value: \"d\"} string") DEFINED("domain", "d", "d", "", "bigint"), false,
     "-- keep;\n"
     "-- kept;\n"
     "ALTER DOMAIN \"d\" RENAME TO \"persist_old_d\";\n"
     "CREATE DOMAIN \"d\" AS bigint;\n"
     "-- given back;\n"
     "ALTER TABLE \"a\" ALTER COLUMN \"n\" TYPE d USING \"n\"::text::d;\n"
     "DROP TYPE \"persist_old_d\";\n"
     "-- end;\n"},
    {"emit a policy and a privilege", TABLE_A("int"),
     "@db:Table {options: {rowSecurity: \"forced\"}}\n" TABLE_A("int") DEFINED("policy", "p", "p", ON_A, "FOR SELECT USING (n > 0)")
         DEFINED("privilege", "reader", "r", ON_A ", options: {grantable: true}", "SELECT (n)"),
     false,
     "ALTER TABLE \"a\" ENABLE ROW LEVEL SECURITY;\n"
     "ALTER TABLE \"a\" FORCE ROW LEVEL SECURITY;\n"
     "CREATE POLICY \"p\" ON \"a\" FOR SELECT USING (n > 0);\n"
     "GRANT SELECT (n) ON TABLE \"a\" TO \"reader\" WITH GRANT OPTION;\n"},
    {"take back a default privilege",
     DEFINED("default privilege", "x", "x", "", "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO \"a TO b\" WITH GRANT OPTION"), "",
     false, "ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM \"a TO b\";\n"},
    {"take a function from everybody", DEFINED("function", "f()", "f", "", "CREATE FUNCTION f()"),
     DEFINED("function", "f()", "f", "", "CREATE FUNCTION f()") DEFINED("privilege", "PUBLIC", "p", ", on: \"f\"", ""), false,
     "REVOKE ALL ON FUNCTION \"f\"() FROM PUBLIC;\n"},
    {"give a function back to everybody",
     DEFINED("function", "f()", "f", "", "CREATE FUNCTION f()") DEFINED("privilege", "PUBLIC", "p", ", on: \"f\"", ""),
     DEFINED("function", "f()", "f", "", "CREATE FUNCTION f()"), false, "GRANT EXECUTE ON FUNCTION \"f\"() TO PUBLIC;\n"},
    {"emit a partition", NULL,
     "@db:Table {partitionBy: \"LIST (n)\"}\n@db:NoKey\n@sql:Name {value: \"a\"}\ntype A record {|\n    int n;\n|};\n" DEFINED(
         "partition", "a1", "a1", ON_A, "FOR VALUES IN (1)"),
     false,
     "CREATE TABLE \"a\" (\n"
     "    \"n\" integer NOT NULL\n"
     ") PARTITION BY LIST (n);\n"
     "CREATE TABLE \"a1\" PARTITION OF \"a\" FOR VALUES IN (1);\n"},
    {"a schema goes with what was in it", "@sql:Schema {value: \"s\"}\n" TABLE_A("int"), "", false,
     "DROP TABLE \"s\".\"a\";\n"
     "DO $persist$ BEGIN DROP SCHEMA \"s\"; EXCEPTION WHEN dependent_objects_still_exist OR invalid_schema_name OR insufficient_privilege "
     "THEN NULL; END $persist$;\n"},
};

#endif
