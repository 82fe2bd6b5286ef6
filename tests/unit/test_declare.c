/* Introspected schemas as models. What a row says is looked for in the printed model; of every row it holds besides that nothing is lost,
 * that the printed model reads back as it was printed, that the database it stands for is the one that was seen, and that declaring once
 * more with the model known changes nothing. */
#include <string.h>

#include "declare.h"
#include "model.h"
#include "physical.h"
#include "registry.h"
#include "rows.h"

enum { SAYS_MAX = 8 };

struct declare_row {
    const char *name;
    const char *dialect;
    const char *source; /* of sqlite a script; of the others a model, whose normal form is what is seen */
    const char *says[SAYS_MAX];
    const char *says_not;
};

#define IMPORTS "import ballerina/persist as _;\nimport ballerina/time;\nimport ballerinax/persist.sql;\nimport persist/db;\n"

static struct declare_row declare_rows[] = {
    /* Names. */
    {"an entity is singular and in Pascal case",
     "sqlite",
     "CREATE TABLE album_ratings (id INTEGER PRIMARY KEY)",
     {"@sql:Name {value: \"album_ratings\"}\npublic type AlbumRating record"},
     NULL},
    {"a table that is called as its entity needs no name",
     "sqlite",
     "CREATE TABLE Album (id INTEGER PRIMARY KEY)",
     {"\npublic type Album record"},
     "sql:Name"},
    {"singular and plural meet",
     "sqlite",
     "CREATE TABLE users (id INTEGER PRIMARY KEY); CREATE TABLE user (id INTEGER PRIMARY KEY); CREATE TABLE USERS2 (id INTEGER PRIMARY "
     "KEY)",
     {"{value: \"user\"}\npublic type User record", "{value: \"users\"}\npublic type Users record",
      "{value: \"USERS2\"}\npublic type Users2 record"},
     NULL},
    {"two names with one spelling take a number",
     "sqlite",
     "CREATE TABLE a_b (id INTEGER PRIMARY KEY); CREATE TABLE \"a-b\" (id INTEGER PRIMARY KEY)",
     {"{value: \"a-b\"}\npublic type AB record", "{value: \"a_b\"}\npublic type AB2 record"},
     NULL},
    {"fields are in camel case",
     "sqlite",
     "CREATE TABLE T (id INTEGER PRIMARY KEY, building_code INTEGER, NIC INTEGER)",
     {"@sql:Name {value: \"building_code\"}\n    int? buildingCode;", "@sql:Name {value: \"NIC\"}\n    int? nic;"},
     NULL},
    {"the field that needs no name keeps it",
     "sqlite",
     "CREATE TABLE T (id INTEGER PRIMARY KEY, User_Id INTEGER, userId INTEGER)",
     {"@sql:Name {value: \"User_Id\"}\n    int? userId2;", "\n    int? userId;"},
     NULL},
    {"a reserved word is quoted", "sqlite", "CREATE TABLE T (id INTEGER PRIMARY KEY, \"order\" INTEGER)", {"int? 'order;"}, "sql:Name"},
    {"names that are no identifiers",
     "sqlite",
     "CREATE TABLE \"\xF0\x9F\x8E\x89\" (id INTEGER PRIMARY KEY, \"42\" INTEGER, \"say \"\"hi\"\"\" INTEGER, \" \" INTEGER)",
     {"{value: \"\xF0\x9F\x8E\x89\"}\npublic type U1f389 record", "{value: \"42\"}\n    int? _42;",
      "{value: \"say \\\"hi\\\"\"}\n    int? sayHi;", "{value: \" \"}\n    int? u20;"},
     NULL},
    {"the same table in two namespaces",
     "postgresql",
     IMPORTS "public type User record {| readonly int id; |};\n"
             "@sql:Schema {value: \"auth\"} @sql:Name {value: \"User\"} public type Other record {| readonly int id; |};\n",
     {"\npublic type User record", "@sql:Name {value: \"User\"}\n@sql:Schema {value: \"auth\"}\npublic type AuthUser record"},
     NULL},

    /* Types. */
    {"model types with their lengths",
     "sqlite",
     "CREATE TABLE T (id INTEGER PRIMARY KEY, a VARCHAR(191), b VARCHAR(20), c CHAR(3), d DECIMAL(10,2), e DECIMAL(65,30), f BLOB)",
     {"    string? a;", "@sql:Varchar {length: 20}\n    string? b;", "@sql:Char {length: 3}\n    string? c;",
      "@sql:Decimal {precision: [10, 2]}\n    decimal? d;", "    decimal? e;", "    byte[]? f;"},
     "db:Type"},
    {"what no model type gives",
     "sqlite",
     "CREATE TABLE T (id INTEGER PRIMARY KEY, a TEXT, b BIGINT)",
     {"@db:Type {value: \"TEXT\"}\n    string? a;", "@db:Type {value: \"BIGINT\"}\n    int? b;"},
     NULL},
    {"types of a strict table",
     "sqlite",
     "CREATE TABLE T (id INTEGER PRIMARY KEY, a TEXT, b REAL) STRICT",
     {"    string? a;", "@db:Table {strict: true}"},
     "db:Type"},
    {"types of PostgreSQL",
     "postgresql",
     IMPORTS "public type T record {| readonly int id; @db:Type {value: \"jsonb\"} string a; @sql:Varchar {length: 30} string b;\n"
             "@db:Type {value: \"timestamptz\"} time:Utc c; @db:Type {value: \"bool\"} boolean d; |};\n",
     {"@db:Type {value: \"jsonb\"}\n    string a;", "@db:Type {value: \"timestamptz\"}\n    time:Utc c;",
      "@sql:Varchar {length: 30}\n    string b;", "    boolean d;"},
     NULL},
    {"types of MySQL",
     "mysql",
     IMPORTS "public type T record {| readonly int id; @db:Type {value: \"INT UNSIGNED\"} int a; boolean b; time:Civil c; |};\n",
     {"@db:Type {value: \"INT UNSIGNED\"}\n    int a;", "\n    boolean b;", "\n    time:Civil c;"},
     NULL},
    {"defaults are literals where that says all",
     "sqlite",
     "CREATE TABLE T (id INTEGER PRIMARY KEY, a VARCHAR(191) DEFAULT 'it''s', b INTEGER DEFAULT -5, c BOOLEAN DEFAULT TRUE, d DATE DEFAULT "
     "CURRENT_DATE, e INTEGER DEFAULT (1+2))",
     {"@db:Default {literal: \"it's\"}\n    string? a;", "@db:Default {literal: \"-5\"}\n    int? b;",
      "@db:Default {literal: \"true\"}\n    boolean? c;", "@db:Default {value: \"CURRENT_DATE\"}", "{value: \"1+2\"}"},
     NULL},

    /* Keys. */
    {"a key in another order",
     "sqlite",
     "CREATE TABLE T (a INTEGER, b INTEGER, PRIMARY KEY (b, a))",
     {"@db:Key {keys: [\"b\", \"a\"]}", "readonly int a;", "readonly int b;"},
     NULL},
    {"no key", "sqlite", "CREATE TABLE T (a INTEGER)", {"@db:NoKey\npublic type T record"}, "readonly"},
    {"a key of a type that Ballerina has not", "sqlite", "CREATE TABLE T (a DATE PRIMARY KEY NOT NULL)", {"readonly time:Date a;"}, NULL},
    {"a key's own name",
     "postgresql",
     IMPORTS "@db:Key {name: \"pk\"} public type T record {| readonly int id; |};\n",
     {"@db:Key {name: \"pk\"}"},
     NULL},
    {"the name that PostgreSQL gives a key is not said",
     "postgresql",
     IMPORTS "public type T record {| readonly int id; |};\n",
     {"public type T record"},
     "@"},
    {"a numbered column that is no key",
     "postgresql",
     IMPORTS "public type T record {| readonly int id; @sql:Generated int n; |};\n",
     {"@sql:Generated\n    int n;"},
     NULL},

    /* Indexes and checks. */
    {"indexes on fields",
     "sqlite",
     "CREATE TABLE T (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER); CREATE INDEX idx_a ON T (a); CREATE UNIQUE INDEX x ON T (a, b)",
     {"@sql:Index\n    @sql:UniqueIndex {name: \"x\"}\n    int? a;", "@sql:UniqueIndex {name: \"x\"}\n    int? b;"},
     "db:Index"},
    {"indexes that fields cannot say",
     "sqlite",
     "CREATE TABLE T (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER); CREATE INDEX idx_T_b_a ON T (b, a); CREATE INDEX y ON T (a) WHERE b > "
     "1",
     {"@db:Index {keys: [\"b\", \"a\"]}", "@db:Index {name: \"y\", keys: [\"a\"], 'where: \"b > 1\"}"},
     NULL},
    {"a name of our own that is another's is said",
     "sqlite",
     "CREATE TABLE T (id INTEGER PRIMARY KEY, a INTEGER, b INTEGER); CREATE INDEX idx_T_a_b ON T (b, a)",
     {"@db:Index {name: \"idx_T_a_b\", keys: [\"b\", \"a\"]}"},
     NULL},
    {"a unique constraint",
     "postgresql",
     IMPORTS "@db:Unique {name: \"T_a_key\", keys: [\"a\"]} @db:Unique {keys: [\"b\"]} public type T record {| readonly int id; int a; int "
             "b; |};\n",
     {"@db:Unique {name: \"T_a_key\", keys: [\"a\"]}", "@db:Unique {keys: [\"b\"]}"},
     NULL},
    {"checks",
     "postgresql",
     IMPORTS
     "@db:Check {name: \"positive\", value: \"a > 0\"} @db:Check {value: \"a < 9\"} public type T record {| readonly int id; int a; |};\n",
     {"@db:Check {value: \"a < 9\"}", "@db:Check {name: \"positive\", value: \"a > 0\"}"},
     NULL},

    /* Enums. */
    {"an enum of a check",
     "sqlite",
     "CREATE TABLE orders (id INTEGER PRIMARY KEY, status VARCHAR(11) CHECK (status IN ('open', 'in progress')))",
     {"public enum OrderStatus {\n    OPEN = \"open\",\n    IN_PROGRESS = \"in progress\"\n}", "\n    OrderStatus? status;"},
     "db:Check"},
    {"an enum of a check on another type",
     "sqlite",
     "CREATE TABLE orders (id INTEGER PRIMARY KEY, status TEXT CHECK (status IN ('A', 'B')))",
     {"public enum OrderStatus {\n    A,\n    B\n}", "@db:Type {value: \"TEXT\"}\n    OrderStatus? status;"},
     NULL},
    {"the name of an enum's check",
     "postgresql",
     IMPORTS "enum E { A, B }\npublic type T record {| readonly int id; @db:Check {name: \"T_e_check\"} E e; |};\n",
     {"@db:Check {name: \"T_e_check\"}\n    TE e;"},
     NULL},
    {"a check that says more is no enum",
     "sqlite",
     "CREATE TABLE T (id INTEGER PRIMARY KEY, a VARCHAR(1) CHECK (a IN ('A', 'B') OR a IS NULL), b INTEGER CHECK (b IN (1, 2)))",
     {"@db:Check"},
     "enum"},
    {"members are told apart",
     "sqlite",
     "CREATE TABLE T (id INTEGER PRIMARY KEY, a VARCHAR(2) CHECK (a IN ('a', 'A', '', '+')))",
     {"A = \"a\",\n    A2 = \"A\",\n    UNNAMED = \"\",\n    U2B = \"+\""},
     NULL},
    {"an enum type",
     "postgresql",
     IMPORTS "@db:Enum {name: \"order_status_enum\"} enum Any { A = \"a\", B = \"b\" }\n"
             "public type T record {| readonly int id; @db:Default {literal: \"a\"} Any any_one; Any? two; |};\n",
     {"@db:Enum {name: \"order_status_enum\"}\npublic enum OrderStatus {", "@db:Default {literal: \"a\"}\n    OrderStatus anyOne;",
      "    OrderStatus? two;"},
     NULL},
    {"columns of one name and the same values share an enum",
     "mysql",
     IMPORTS "enum Mood { SAD, GLAD }\npublic type A record {| readonly int id; Mood mood; |};\n"
             "public type B record {| readonly int id; Mood mood; Mood other; |};\n",
     {"public enum Mood {", "public enum BOther {", "    BOther other;"},
     "AMood"},

    /* Relations. */
    {"one relation is called as its target",
     "sqlite",
     "CREATE TABLE users (id INTEGER PRIMARY KEY); CREATE TABLE cars (id INTEGER PRIMARY KEY, owner_id INTEGER NOT NULL REFERENCES users)",
     {"@sql:Relation {keys: [\"ownerId\"]}\n    User user;", "\n    Car[] cars;\n"},
     "db:Reference"},
    {"a nullable foreign key is optional",
     "sqlite",
     "CREATE TABLE users (id INTEGER PRIMARY KEY); CREATE TABLE cars (id INTEGER PRIMARY KEY, owner_id INTEGER REFERENCES users)",
     {"    User? user;", "    Car[] cars;"},
     NULL},
    {"several relations are called as their columns",
     "sqlite",
     "CREATE TABLE users (id INTEGER PRIMARY KEY); CREATE TABLE posts (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users,"
     " fkEditor INTEGER NOT NULL REFERENCES users, checked_by INTEGER NOT NULL REFERENCES users)",
     {"    User user;", "    User editor;", "    User checkedBy;\n", "@sql:Name {value: \"checked_by\"}\n    int checkedById;",
      "    Post[] posts;", "    Post[] postsByEditor;", "    Post[] postsByCheckedBy;"},
     NULL},
    {"a field gives way to its relation",
     "sqlite",
     "CREATE TABLE customer (id INTEGER PRIMARY KEY); CREATE TABLE bill (id INTEGER PRIMARY KEY, customer INTEGER NOT NULL REFERENCES "
     "customer)",
     {"@sql:Name {value: \"customer\"}\n    int customerId;", "    Customer customer;"},
     NULL},
    {"another field does not",
     "sqlite",
     "CREATE TABLE customer (id INTEGER PRIMARY KEY); CREATE TABLE bill (id INTEGER PRIMARY KEY, payer_id INTEGER NOT NULL REFERENCES "
     "customer,"
     " customer VARCHAR(191))",
     {"    string? customer;", "    Customer payer;"},
     NULL},
    {"a unique foreign key has one on the other side",
     "sqlite",
     "CREATE TABLE users (id INTEGER PRIMARY KEY); CREATE TABLE phones (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL UNIQUE REFERENCES "
     "users)",
     {"    User user;", "    Phone? phone;"},
     "unique: false"},
    {"… and so has one that is the key",
     "sqlite",
     "CREATE TABLE users (id INTEGER PRIMARY KEY); CREATE TABLE phones (user_id INTEGER PRIMARY KEY REFERENCES users)",
     {"@db:Reference {unique: false}\n    User user;", "    Phone? phone;"},
     NULL},
    {"a partly unique one has not",
     "sqlite",
     "CREATE TABLE users (id INTEGER PRIMARY KEY); CREATE TABLE phones (id INTEGER PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users);"
     "CREATE UNIQUE INDEX u ON phones (user_id) WHERE id > 3",
     {"    Phone[] phones;"},
     NULL},
    {"relations to itself",
     "sqlite",
     "CREATE TABLE categories (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES categories, twin_id INTEGER UNIQUE REFERENCES "
     "categories)",
     {"    Category? parent;", "    Category[] children;", "    Category? twin;", "    Category? categoryByTwin;"},
     NULL},
    {"entities that refer to one another",
     "sqlite",
     "CREATE TABLE users (id INTEGER PRIMARY KEY, car_id INTEGER REFERENCES cars); CREATE TABLE cars (id INTEGER PRIMARY KEY, user_id "
     "INTEGER "
     "NOT NULL REFERENCES users, second_id INTEGER REFERENCES users)",
     {"    User user;", "    User? second;", "    User[] users;", "    Car? car;", "    Car[] cars;", "    Car[] carsBySecond;"},
     "db:Inverse"},
    {"actions, and composite keys that overlap",
     "sqlite",
     "CREATE TABLE tenants (id INTEGER PRIMARY KEY); CREATE TABLE users (tenant_id INTEGER REFERENCES tenants ON DELETE CASCADE, id "
     "INTEGER, "
     "PRIMARY KEY (tenant_id, id)); CREATE TABLE posts (tenant_id INTEGER NOT NULL, id INTEGER, user_id INTEGER NOT NULL, PRIMARY KEY "
     "(tenant_id, "
     "id), FOREIGN KEY (tenant_id, user_id) REFERENCES users ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED)",
     {"@db:Reference {onDelete: \"CASCADE\"}\n    Tenant tenant;", "@sql:Relation {keys: [\"tenantId\", \"userId\"]}\n    @db:Reference "
                                                                   "{onUpdate: \"SET NULL\", deferrable: \"deferred\"}\n    User user;"},
     NULL},
    {"a foreign key to a unique key is no relation",
     "sqlite",
     "CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(191) UNIQUE); CREATE TABLE mails (id INTEGER PRIMARY KEY, email "
     "VARCHAR(191) "
     "REFERENCES users (email))",
     {"@db:ForeignKey {keys: [\"email\"], entity: \"User\", to: [\"email\"]}"},
     "sql:Relation"},
    {"the name of a foreign key",
     "postgresql",
     IMPORTS "public type A record {| readonly int id; @db:Reference {name: \"a_fkey\"} B b; |};\npublic type B record {| readonly int id; "
             "A[] a; |};\n",
     {"int bId;", "@sql:Relation {keys: [\"bId\"]}\n    @db:Reference {name: \"a_fkey\"}\n    B b;", "    A[] 'as;"},
     NULL},

    /* Comments. */
    {"comments are documentation",
     "postgresql",
     IMPORTS "# what\n# it is\npublic type T record {|\n    # its number\n    readonly int id;\n|};\n",
     {"# what\n# it is\npublic type T", "    # its number\n    readonly int id;"},
     NULL},
    {"what a table inherits, what a key covers, what goes with a reference",
     "postgresql",
     IMPORTS
     "@sql:Name {value: \"kids\"} @db:NoKey @db:Table {inherits: [\"Parent\"]} type Kid record {| @sql:Name {value: \"parent_id\"}\n"
     "@db:Inherited int parentId; @sql:Name {value: \"extra Col\"} @db:Inherited string extraCol; |};\n"
     "@sql:Name {value: \"parents\"} @db:Key {name: \"k\", deferrable: \"immediate\", include: [\"extraCol\"], comment: \"the key\"}\n"
     "type Parent record {| @sql:Name {value: \"parent_id\"} readonly int parentId; @sql:Name {value: \"extra Col\"} string extraCol; |};\n"
     "@db:ForeignKey {keys: [\"up_id\"], entity: \"Parent\", onDelete: \"SET NULL\", setColumns: [\"up_id\"], comment: \"up\"}\n"
     "type Ref record {| readonly int id; int? up_id; |};",
     {"@db:Table {inherits: [\"Parent\"]}", "@db:Inherited\n    int parentId;", "include: [\"extraCol\"]", "setColumns: [\"upId\"]"},
     NULL},
};

struct job {
    struct arena arena;
    struct diag diag;
    struct target target;
};

static struct schema *read_model(struct job *job, const char *text) {
    struct model_options options = {.datastore = job->target.dialect->name, .comments = true};
    struct source *source = source_new(&job->arena, "model.bal", text, strlen(text), &job->diag);
    struct schema *schema = source ? model_read(&job->arena, source, &options, &job->diag) : NULL;

    if (!schema)
        diag_print(&job->diag, stderr, false);
    assert_non_null(schema);
    return schema;
}

static struct schema *normal_form(struct job *job, const struct schema *declared) {
    struct schema *normal = job->target.dialect->normalize(&job->arena, declared, &job->target, &job->diag);

    if (!normal)
        diag_print(&job->diag, stderr, false);
    assert_non_null(normal);
    return normal;
}

static struct schema *introspect_script(struct job *job, const char *sql) {
    const struct dialect *dialect = job->target.dialect;
    struct db *db = dialect->driver->open_scratch(NULL, &job->diag);
    struct schema *schema;

    assert_non_null(db);
    assert_int_equal(db_exec(db, sql, &job->diag), 0);
    schema = dialect->introspect(db, NULL, &job->arena, &job->diag);
    assert_non_null(schema);
    db_close(db);
    return schema;
}

/* A server says the values of an enum without a type of its own in the column's type (MySQL) or in a check alone (PostgreSQL). */
static void see_enum(struct job *job, const struct schema *normal, struct schema *seen, struct entity *entity, struct field *field) {
    struct enumeration *values = schema_enum(normal, field->enum_name);

    if (values->type_name) {
        field->enum_name = values->type_name;
        return;
    }
    if (strcmp(job->target.dialect->name, "mysql") != 0) {
        field->type = TYPE_STRING;
        return;
    }
    values = enumeration_copy(&job->arena, values);
    values->name = field->enum_name = arena_printf(&job->arena, "%s_%s", entity->table, field->column);
    seen->enums[seen->enum_count++] = values;
}

/* SCHEMA (declared) as a server would show it. */
static struct schema *see_model(struct job *job, const struct schema *schema) {
    struct schema *normal = normal_form(job, schema);
    struct schema *seen = schema_physical(&job->arena, normal);
    struct enumeration **types = seen->enums;

    seen->enums = ARENA_ARRAY(&job->arena, struct enumeration *, seen->enum_count + 16);
    for (size_t i = 0; i < seen->enum_count; i++)
        seen->enums[i] = types[i];
    for (size_t i = 0; i < seen->entity_count; i++)
        for (size_t k = 0; k < seen->entities[i]->field_count; k++) {
            struct field *field = &seen->entities[i]->fields[k];

            if (field->type == TYPE_ENUM)
                see_enum(job, normal, seen, seen->entities[i], field);
        }
    schema_index(&job->arena, seen);
    return seen;
}

static struct schema *see(struct job *job, const char *source) {
    if (strcmp(job->target.dialect->name, "sqlite") == 0)
        return introspect_script(job, source);
    return see_model(job, read_model(job, source));
}

static struct job begin(const char *dialect) {
    struct job job = {.target = {.dialect = registry_dialect(dialect), .comments = true}};

    job.target.version = job.target.dialect->baseline_version;
    job.target.flavor = strcmp(dialect, "mysql") == 0 ? FLAVOR_MYSQL : FLAVOR_NONE;
    return job;
}

static const char *printed(struct job *job, const struct schema *schema) {
    struct str text = STR_INIT;
    const char *kept;

    model_print(schema, &text);
    kept = str_keep(&text, &job->arena);
    str_free(&text);
    return kept;
}

/* Is the database of DECLARED, read from its text, the one that was SEEN? */
static void check_same(struct job *job, const struct schema *seen, const struct schema *declared) {
    struct renames none = {0};
    struct plan_request request = {.from = schema_physical(&job->arena, seen),
                                   .to = schema_physical(&job->arena, normal_form(job, declared)),
                                   .renames = &none,
                                   .rules = &job->target.dialect->rules};

    assert_int_equal(plan_make(&job->arena, &request)->changes.count, 0);
}

static void test_declare(void **state) {
    const struct declare_row *row = *state;
    struct job job = begin(row->dialect);
    struct schema *seen, *declared, *again;
    const char *text;

    job.diag.arena = &job.arena;
    seen = see(&job, row->source);
    declared = schema_declare(&job.arena, seen, &job.target, NULL);
    text = printed(&job, declared);
    for (size_t i = 0; i < SAYS_MAX && row->says[i]; i++)
        if (!strstr(text, row->says[i]))
            fail_msg("\"%s\" is not in\n%s", row->says[i], text);
    if (row->says_not && strstr(strstr(text, "public "), row->says_not))
        fail_msg("\"%s\" is in\n%s", row->says_not, text);
    assert_int_equal(declared->unsupported_count, 0);
    again = read_model(&job, text);
    assert_string_equal(printed(&job, again), text);
    check_same(&job, seen, again);
    assert_string_equal(printed(&job, schema_declare(&job.arena, seen, &job.target, again)), text);
    arena_free(&job.arena);
}

/* With a model that is there already. */
struct known_row {
    const char *name;
    const char *dialect;
    const char *known;
    const char *source; /* as above; NULL: the known model itself, which must not change */
    const char *says[SAYS_MAX];
    const char *says_not;
};

static struct known_row known_rows[] = {
    {"columns that a relation brings",
     "postgresql",
     IMPORTS "public type Account record {| readonly int id; string label; Person owner; |};\n"
             "public type Person record {| readonly int id; Account[] accounts; |};\n",
     NULL,
     {NULL},
     NULL},
    {"relations, paired by name",
     "sqlite",
     IMPORTS "public type A record {| readonly int id; @db:Inverse {'field: \"second\"} B one; B two; |};\n"
             "public type B record {| readonly int id; A[] first; A[] second; |};\n",
     NULL,
     {NULL},
     NULL},
    {"expressions, types and literals as they were written",
     "postgresql",
     IMPORTS "@db:Check {name: \"c\", value: \"( a>0 )\"} @db:Index {name: \"i\", keys: [{'field: \"a\"}], 'where: \"(a > 1)\"}\n"
             "public type T record {| readonly int id; @db:Default {value: \"now( )\"} @db:Type {value: \"timestamptz\"} time:Utc t;\n"
             "@db:Type {value: \"int4\"} int a; @db:Default {value: \"5\"} int b; |};\n",
     NULL,
     {NULL},
     NULL},
    {"a check that is left a check",
     "sqlite",
     IMPORTS "@db:Check {value: \"a IN ('x', 'y')\"} public type T record {| readonly int id; @sql:Varchar {length: 1} string a; |};\n",
     "CREATE TABLE T (id INTEGER PRIMARY KEY, a VARCHAR(1) NOT NULL, CONSTRAINT ck_T_a CHECK (a IN ('x', 'y')))",
     {"    string a;"},
     NULL},
    {"names, members and order",
     "sqlite",
     IMPORTS "enum State { GOING = \"open\", GONE = \"closed\" }\n"
             "@sql:Name {value: \"orders\"} public type Purchase record {| string remark; readonly int id; @sql:Name {value: \"status\"} "
             "State state; |};\n",
     "CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY, status VARCHAR(6) NOT NULL CHECK (status IN ('open', 'closed')), remark "
     "VARCHAR(191) "
     "NOT NULL, "
     "due_at DATE)",
     {"GOING = \"open\",\n    GONE = \"closed\"", "public type Purchase record {|\n    string remark;",
      "    readonly int id;\n    @sql:Name {value: \"status\"}\n    State state;", "    time:Date? dueAt;"},
     "Order"},
    {"a relation whose table is gone",
     "sqlite",
     IMPORTS "public type A record {| readonly int id; B[] bs; C[] cs; |};\npublic type B record {| readonly int id; A a; |};\n"
             "public type C record {| readonly int id; A parent; |};\n",
     "CREATE TABLE A (id INTEGER PRIMARY KEY); CREATE TABLE C (id INTEGER PRIMARY KEY, parentId INTEGER NOT NULL REFERENCES A)",
     {"    C[] cs;", "    A parent;"},
     "B"},
    {"a table that is new keeps out of the way",
     "sqlite",
     IMPORTS "@sql:Name {value: \"orders\"} public type Bill record {| readonly int id; |};\n",
     "CREATE TABLE orders (id INTEGER PRIMARY KEY); CREATE TABLE bills (id INTEGER PRIMARY KEY, order_id INTEGER REFERENCES orders)",
     {"{value: \"orders\"}\npublic type Bill record", "{value: \"bills\"}\npublic type Bills record", "    Bill? bill;"},
     NULL},
};

static void test_known(void **state) {
    const struct known_row *row = *state;
    struct job job = begin(row->dialect);
    struct schema *seen, *declared, *known;
    const char *text;

    job.diag.arena = &job.arena;
    known = read_model(&job, row->known);
    seen = row->source ? see(&job, row->source) : see_model(&job, known);
    declared = schema_declare(&job.arena, seen, &job.target, known);
    text = printed(&job, declared);
    if (!row->source)
        assert_string_equal(text, printed(&job, known));
    for (size_t i = 0; i < SAYS_MAX && row->says[i]; i++)
        if (!strstr(text, row->says[i]))
            fail_msg("\"%s\" is not in\n%s", row->says[i], text);
    if (row->says_not && strstr(strstr(text, "public "), row->says_not))
        fail_msg("\"%s\" is in\n%s", row->says_not, text);
    assert_int_equal(declared->unsupported_count, 0);
    known = read_model(&job, text);
    assert_string_equal(printed(&job, known), text);
    check_same(&job, seen, known);
    arena_free(&job.arena);
}

/* What cannot be said is named. */
static void test_loss(void **state) {
    struct job job = begin("postgresql");
    struct schema *seen, *declared;

    (void)state;
    job.diag.arena = &job.arena;
    seen = see(&job, IMPORTS "public type T record {| readonly int id; int a; |};\n");
    seen->entities[0]->fields[1].on_update = "now()";
    declared = schema_declare(&job.arena, seen, &job.target, NULL);
    assert_int_equal(declared->unsupported_count, 1);
    assert_non_null(strstr(declared->unsupported[0].why, "PostgreSQL has no ON UPDATE of a column"));
    arena_free(&job.arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(declare_rows) + ROWS(known_rows) + 1];
    size_t count = 0;

    ADD_ROWS(tests, count, declare_rows, test_declare);
    ADD_ROWS(tests, count, known_rows, test_known);
    tests[count++] = (struct CMUnitTest){"a loss is named", test_loss, NULL, NULL, NULL};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
