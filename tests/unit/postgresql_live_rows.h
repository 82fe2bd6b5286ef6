/* The pairs of models of test_postgresql_live.c. */
{
    .name = "live: every type",
    .a = "type A record {|\n    @sql:Generated\n    readonly int id;\n    boolean b;\n    float f;\n    decimal d;\n"
         "    @sql:Decimal {precision: [10, 2]}\n    decimal d2;\n    string s;\n    @sql:Varchar {length: 20}\n    string s20;\n"
         "    @sql:Char {length: 5}\n    string c5;\n    byte[] bytes;\n    time:Date date;\n    time:TimeOfDay t;\n    time:Utc utc;\n"
         "    time:Civil civil;\n    @db:Type {value: \"jsonb\"}\n    string j;\n    @db:Type {value: \"timestamptz(3)\"}\n    time:Utc "
         "tz;\n"
         "    @db:Type {value: \"int8\"}\n    int big;\n    @db:Type {value: \"text[]\"}\n    string? tags;\n"
         "    @db:Type {value: \"numeric\"}\n    decimal any;\n    @db:Type {value: \"interval\"}\n    string span;\n"
         "    @db:Type {value: \"bit(3)\"}\n    string bits;\n    @db:Type {value: \"uuid\"}\n    string u;\n|};\n",
},
    {
        .name = "live: defaults",
        .a = "type A record {|\n    readonly int id;\n    @db:Default {literal: \"open\"}\n    string s;\n    @db:Default {literal: \"it's "
             "\\\\ ok\"}\n"
             "    string q;\n    @db:Default {literal: \"-5\"}\n    int n;\n    @db:Default {literal: \"1.50\"}\n    decimal d;\n"
             "    @db:Default {literal: \"0.5\"}\n    float f;\n    @db:Default {literal: \"true\"}\n    boolean b;\n"
             "    @db:Default {value: \"now()\"}\n    time:Utc t;\n    @db:Default {value: \"current_date\"}\n    time:Date day;\n"
             "    @db:Default {literal: \"2020-01-01\"}\n    time:Date day2;\n    @db:Default {value: \"'{}'\"}\n    @db:Type {value: "
             "\"jsonb\"}\n"
             "    string j;\n    @db:Default {value: \"random()\"}\n    float u;\n"
             "    @db:Default {value: \"1 + 2\"}\n    int e;\n    @db:Type {value: \"int8\"}\n    @db:Default {literal: \"-7\"}\n    int "
             "big;\n|};\n",
    },
    {
        .name = "live: relations, keys, actions",
        .a = "type Building record {|\n    readonly string code;\n    readonly int part;\n    Room[] rooms;\n|};\n"
             "type Room record {|\n    readonly int id;\n    @db:Reference {onDelete: \"CASCADE\", onUpdate: \"RESTRICT\", deferrable: "
             "\"deferred\"}\n"
             "    Building building;\n    Desk? desk;\n    Room? parent;\n    Room[] children;\n|};\n"
             "type Desk record {|\n    @sql:Generated\n    readonly int id;\n    Room room;\n|};\n"
             "@db:NoKey\ntype Log record {|\n    string text;\n|};\n",
    },
    {
        .name = "live: identity, computed, collation, checks, comments",
        .a = "# A table's \"comment\"\n# of two lines\n@db:Check {name: \"positive\", value: \"n > 0\"}\n@db:Check {value: \"m < 5\", "
             "validated: false}\n"
             "type A record {|\n    @db:Identity {always: true, start: 100, increment: 10}\n    readonly int id;\n    # a column\n    int "
             "n;\n    int m;\n"
             "    @db:Computed {value: \"n + m\", stored: true}\n    int? total;\n    @db:Collation {value: \"C\"}\n    string s;\n|};\n",
    },
    {
        .name = "live: indexes",
        .a = "@db:Unique {name: \"u1\", keys: [\"a\", \"b\"], deferrable: \"immediate\"}\n"
             "@db:Index {name: \"i1\", keys: [{field: \"a\", direction: \"desc\", nulls: \"last\"}, \"b\"], include: [\"c\"], where: \"c > "
             "0\"}\n"
             "@db:Index {name: \"i2\", keys: [{expression: \"lower(a)\"}], unique: true}\n"
             "@db:Index {name: \"i3\", keys: [\"a\"], using: \"hash\"}\n"
             "@db:Index {name: \"i4\", keys: [{field: \"a\", opclass: \"varchar_pattern_ops\", collation: \"C\"}], options: {fillfactor: "
             "70}}\n"
             "@db:Exclude {name: \"x1\", using: \"btree\", value: \"c WITH =\", where: \"c > 10\"}\n"
             "@db:Table {unlogged: true, options: {fillfactor: 80}}\n"
             "type A record {|\n    readonly int id;\n    string a;\n    string? b;\n    int c;\n    @sql:UniqueIndex\n    int d;\n|};\n",
    },
    {
        .name = "live: enums and namespaces",
        .a = "enum Plain {\n    A,\n    B = \"it's b\"\n}\nenum One {\n    X\n}\n@db:Enum {name: \"Status\", schema: \"shop\"}\nenum "
             "Status {\n    OPEN = \"open\",\n    CLOSED\n}\n"
             "@db:Enum {name: \"kind\"}\nenum Kind {\n    K1,\n    K2\n}\n"
             "@sql:Schema {value: \"shop\"}\ntype Item record {|\n    readonly int id;\n    @db:Default {literal: \"open\"}\n    Status "
             "status;\n"
             "    Kind? kind;\n    @db:Default {literal: \"A\"}\n    Plain plain;\n    One one;\n    Basket basket;\n|};\n"
             "@sql:Schema {value: \"shop\"}\ntype Basket record {|\n    @sql:Generated\n    readonly int id;\n    Item[] items;\n|};\n",
    },
    {
        .name = "live: odd names",
        .a = "@sql:Name {value: \"a\\\"\\\\'; DROP TABLE b;--\"}\ntype A record {|\n    @sql:Generated\n    @sql:Name {value: "
             "\"select\"}\n    readonly int id;\n"
             "    @sql:Name {value: \"Größe 'x'\"}\n    @sql:Index {name: \"i \\\"x\\\"\"}\n    string s;\n|};\n",
    },
    {
        .name = "live: columns come and go",
        .a = "type A record {|\n    readonly int id;\n    string old;\n    int? n;\n|};\n",
        .b = "# now\ntype A record {|\n    readonly int id;\n    int n;\n    @db:Default {literal: \"open\"}\n    string status;\n    # "
             "why\n    string note;\n"
             "    @db:Computed {value: \"n * 2\", stored: true}\n    int? twice;\n|};\n",
        .seed = "INSERT INTO \"A\" VALUES (1, 'x', 6), (2, 'y', 7)",
        .fill = "A.note='n'",
        .fill_down = "A.old='was'",
        .check_b = "SELECT count(*) = 1 FROM \"A\" WHERE n = 7 AND note = 'n' AND status = 'open' AND twice = 14",
        .check_a = "SELECT count(*) = 2 FROM \"A\" WHERE old = 'was'",
    },
    {
        .name = "live: types change",
        .a = "type A record {|\n    readonly int id;\n    @db:Default {literal: \"1\"}\n    string n;\n    int i;\n    boolean b;\n    "
             "@sql:Varchar {length: 5}\n    string s;\n"
             "    decimal d;\n    time:Utc t;\n    B[] bs;\n|};\ntype B record {|\n    readonly int id;\n    A a;\n|};\n",
        .b = "type A record {|\n    @db:Type {value: \"bigint\"}\n    readonly int id;\n    @db:Default {literal: \"1\"}\n    int n;\n    "
             "string i;\n    int b;\n    string s;\n"
             "    int d;\n    time:Date t;\n    B[] bs;\n|};\ntype B record {|\n    readonly int id;\n    A a;\n|};\n",
        .seed = "INSERT INTO \"A\" VALUES (1, '42', 5, true, 'abc', 3, '2020-01-01 10:00:00'); INSERT INTO \"B\" VALUES (1, 1)",
        .check_b = "SELECT n = 42 AND i = '5' AND b = 1 AND s = 'abc' AND d = 3 AND t = '2020-01-01' FROM \"A\"",
        .check_a = "SELECT n = '42' AND i = 5 AND b AND d = 3 FROM \"A\"",
    },
    {
        .name = "live: renames",
        .a = "@db:Check {value: \"note <> ''\"}\n@db:Index {name: \"i\", keys: [\"note\"], where: \"note > 'a'\"}\ntype Invoice record "
             "{|\n    @sql:Generated\n    readonly int id;\n    string note;\n    Line[] lines;\n|};\n"
             "type Line record {|\n    readonly int id;\n    Invoice invoice;\n|};\n",
        .b = "@db:Was {name: \"Invoice\"}\n@db:Check {value: \"remark <> ''\"}\n@db:Index {name: \"j\", keys: [\"remark\"], where: "
             "\"remark > 'a'\"}\n"
             "type Bill record {|\n    @sql:Generated\n    readonly int id;\n    @db:Was {name: \"note\"}\n    string remark;\n    Line[] "
             "lines;\n|};\n"
             "type Line record {|\n    readonly int id;\n    @db:Was {name: \"invoice\"}\n    Bill bill;\n|};\n",
        .seed = "INSERT INTO \"Invoice\" (note) VALUES ('x'); INSERT INTO \"Line\" VALUES (1, 1)",
        .check_b = "SELECT remark = 'x' AND id = 1 FROM \"Bill\" JOIN \"Line\" USING (id)",
        .check_a = "SELECT note = 'x' FROM \"Invoice\"",
    },
    {
        .name = "live: swapped names",
        .a = "type A record {|\n    readonly int id;\n    string x;\n    string y;\n|};\ntype B record {|\n    readonly int id;\n|};\n",
        .b = "@db:Was {name: \"A\"}\ntype B record {|\n    readonly int id;\n    @db:Was {name: \"y\"}\n    string x;\n    @db:Was {name: "
             "\"x\"}\n    string y;\n|};\n"
             "@db:Was {name: \"B\"}\ntype A record {|\n    readonly int id;\n|};\n",
        .seed = "INSERT INTO \"A\" VALUES (1, 'x', 'y'); INSERT INTO \"B\" VALUES (2)",
        .check_b = "SELECT x = 'y' AND y = 'x' AND (SELECT id = 2 FROM \"A\") FROM \"B\"",
        .check_a = "SELECT x = 'x' AND y = 'y' AND (SELECT id = 2 FROM \"B\") FROM \"A\"",
    },
    {
        .name = "live: serial, identity, plain",
        .a = "type A record {|\n    @sql:Generated\n    readonly int id;\n|};\ntype B record {|\n    readonly int id;\n|};\n"
             "type C record {|\n    @sql:Generated\n    readonly int id;\n|};\ntype D record {|\n    @db:Identity {always: true}\n    "
             "readonly int id;\n|};\n",
        .b = "type A record {|\n    readonly int id;\n|};\ntype B record {|\n    @sql:Generated\n    readonly int id;\n|};\n"
             "type C record {|\n    @db:Identity\n    readonly int id;\n|};\ntype D record {|\n    @db:Identity {start: 5, increment: 5}\n "
             "   readonly int id;\n|};\n",
        .seed = "INSERT INTO \"A\" DEFAULT VALUES; INSERT INTO \"B\" VALUES (41); INSERT INTO \"C\" DEFAULT VALUES; INSERT INTO \"D\" "
                "DEFAULT VALUES",
        .check_b = "WITH b AS (INSERT INTO \"B\" DEFAULT VALUES RETURNING id), c AS (INSERT INTO \"C\" DEFAULT VALUES RETURNING id) "
                   "SELECT b.id = 42 AND c.id = 2 FROM b, c",
        .check_a = "WITH a AS (INSERT INTO \"A\" DEFAULT VALUES RETURNING id), c AS (INSERT INTO \"C\" DEFAULT VALUES RETURNING id) "
                   "SELECT a.id = 2 AND c.id = 3 FROM a, c",
    },
    {
        .name = "live: serial gets wider",
        .a = "type A record {|\n    @sql:Generated\n    readonly int id;\n|};\n",
        .b = "type A record {|\n    @sql:Generated\n    @db:Type {value: \"bigint\"}\n    readonly int id;\n|};\n",
        .seed = "INSERT INTO \"A\" DEFAULT VALUES",
        .check_b = "SELECT seqtypid = 'bigint'::regtype FROM pg_sequence",
        .check_a = "SELECT seqtypid = 'integer'::regtype FROM pg_sequence",
    },
    {
        .name = "live: enum type changes",
        .a = "@db:Enum {name: \"st\"}\nenum S {\n    A,\n    B,\n    C\n}\n@db:Check {name: \"ck\", value: \"s <> 'B' OR id > 0\"}\n"
             "@db:Index {name: \"ix\", keys: [\"id\"], where: \"s = 'A'\"}\n"
             "type T record {|\n    readonly int id;\n    @db:Default {literal: \"A\"}\n    S s;\n    @sql:Index {name: \"iy\"}\n    S? "
             "t;\n|};\n",
        .b = "@db:Enum {name: \"st2\"}\n@db:Comment {value: \"states\"}\nenum S {\n    D,\n    B,\n    @db:Was {name: \"A\"}\n    "
             "AA\n}\n@db:Check {name: \"ck\", value: \"s <> 'B' OR id > 0\"}\n"
             "@db:Index {name: \"ix\", keys: [\"id\"], where: \"s = 'AA'\"}\n"
             "type T record {|\n    readonly int id;\n    @db:Default {literal: \"AA\"}\n    S s;\n    @sql:Index {name: \"iy\"}\n    S? "
             "t;\n|};\n",
        .seed = "INSERT INTO \"T\" VALUES (1, 'A', 'B')",
        .check_b = "SELECT s = 'AA' AND t = 'B' FROM \"T\"",
        .check_a = "SELECT s = 'A' AND t = 'B' FROM \"T\"",
    },
    {
        .name = "live: enum members renamed without a type",
        .a = "enum S {\n    A,\n    B\n}\ntype T record {|\n    readonly int id;\n    S s;\n|};\n",
        .b = "enum S {\n    @db:Was {name: \"B\"}\n    BBBB,\n    A,\n    C\n}\ntype T record {|\n    readonly int id;\n    S s;\n|};\n",
        .seed = "INSERT INTO \"T\" VALUES (1, 'A'), (2, 'B')",
        .check_b = "SELECT string_agg(s, ',' ORDER BY id) = 'A,BBBB' FROM \"T\"",
        .check_a = "SELECT string_agg(s, ',' ORDER BY id) = 'A,B' FROM \"T\"",
    },
    {
        .name = "live: enum gets a type",
        .a = "enum S {\n    A,\n    B\n}\ntype T record {|\n    readonly int id;\n    @db:Default {literal: \"A\"}\n    S s;\n|};\n",
        .b = "@db:Enum {name: \"st\"}\nenum S {\n    A,\n    B\n}\ntype T record {|\n    readonly int id;\n    @db:Default {literal: "
             "\"A\"}\n    S s;\n|};\n",
        .seed = "INSERT INTO \"T\" VALUES (1, 'A'), (2, 'B')",
        .check_b = "SELECT string_agg(s::text, ',' ORDER BY id) = 'A,B' FROM \"T\"",
        .check_a = "SELECT string_agg(s, ',' ORDER BY id) = 'A,B' FROM \"T\"",
    },
    {
        .name = "live: keys, indexes, checks change",
        .a = "@db:Check {name: \"c\", value: \"n > 0\"}\n@db:Unique {name: \"u\", keys: [\"n\"]}\ntype A record {|\n    readonly int id;\n "
             "   int n;\n    @sql:Index {name: \"i\"}\n    string s;\n    B[] bs;\n|};\n"
             "type B record {|\n    readonly int id;\n    A a;\n|};\n",
        .b = "@db:Check {name: \"c\", value: \"n > 1\"}\n@db:Unique {name: \"u2\", keys: [\"n\"]}\n@db:Exclude {name: \"x\", using: "
             "\"btree\", value: \"n WITH =\"}\ntype A record {|\n    readonly int id;\n    readonly int n;\n    @sql:UniqueIndex {name: "
             "\"i\"}\n    string s;\n    B[] bs;\n|};\n"
             "type B record {|\n    readonly int id;\n    @db:Reference {onDelete: \"CASCADE\", name: \"fk\"}\n    A a;\n|};\n",
        .seed = "INSERT INTO \"A\" VALUES (1, 5, 's')",
        .check_b = "SELECT count(*) = 1 FROM \"A\"",
    },
    {
        .name = "live: tables come and go, cycles",
        .a = "type A record {|\n    readonly int id;\n    B[] bs;\n    @sql:Relation\n    B? first;\n|};\ntype B record {|\n    readonly "
             "int id;\n    @db:Inverse {field: \"bs\"}\n    A a;\n    @db:Inverse {field: \"first\"}\n    A? other;\n|};\n",
        .b = "type C record {|\n    readonly int id;\n|};\n",
    },
    {
        .name = "live: computed changes",
        .a = "@db:Index {name: \"i\", keys: [\"c\"]}\ntype A record {|\n    readonly int id;\n    int n;\n    @db:Computed {value: \"n + "
             "1\", stored: true}\n    int? c;\n"
             "    @db:Computed {value: \"n * 2\", stored: true}\n    int? d;\n|};\n",
        .b = "@db:Index {name: \"i\", keys: [\"c\"]}\ntype A record {|\n    readonly int id;\n    @db:Type {value: \"bigint\"}\n    int "
             "n;\n    @db:Computed {value: \"n + 2\", stored: true}\n    int? c;\n"
             "    int? d;\n|};\n",
        .seed = "INSERT INTO \"A\" VALUES (1, 5)",
        .check_b = "SELECT c = 7 AND d = 10 FROM \"A\"",
        .check_a = "SELECT c = 6 AND d = 10 FROM \"A\"",
    },
    {
        .name = "live: namespaces and table options change",
        .a = "@sql:Schema {value: \"one\"}\n@db:Table {options: {fillfactor: 70}}\ntype A record {|\n    readonly int id;\n    "
             "@sql:Index\n    string s;\n|};\n"
             "type B record {|\n    readonly int id;\n|};\n",
        .b = "@sql:Schema {value: \"two\"}\n@db:Table {unlogged: true}\ntype A record {|\n    readonly int id;\n    @sql:Index\n    string "
             "s;\n|};\n"
             "@sql:Schema {value: \"two\"}\ntype B record {|\n    readonly int id;\n|};\n",
        .seed = "INSERT INTO one.\"A\" VALUES (1, 's')",
        .check_b = "SELECT count(*) = 1 FROM two.\"A\"",
        .check_a = "SELECT count(*) = 1 FROM one.\"A\"",
    },
    {
        .name = "live: deferred constraints and a fill",
        .a = "type A record {|\n    readonly int id;\n    int? n;\n    B[] bs;\n|};\ntype B record {|\n    readonly int id;\n    int? m;\n "
             "   @db:Reference {deferrable: \"deferred\"}\n    A? a;\n|};\n",
        .b = "type A record {|\n    readonly int id;\n    int n;\n    B[] bs;\n|};\ntype B record {|\n    readonly int id;\n    int m;\n   "
             " @db:Reference {deferrable: \"deferred\"}\n    A? a;\n|};\n",
        .seed = "INSERT INTO \"A\" VALUES (1, 3); INSERT INTO \"B\" VALUES (1, NULL, 1)",
        .fill = "B.m=0",
        .check_b = "SELECT m = 0 FROM \"B\"",
    },
    {
        .name = "live: computed changes before 13",
        .a = "@db:Index {name: \"i\", keys: [\"c\"]}\ntype A record {|\n    readonly int id;\n    int n;\n    @db:Computed {value: \"n + "
             "1\", stored: true}\n    int? c;\n"
             "    @db:Computed {value: \"n * 2\", stored: true}\n    int? d;\n|};\n",
        .b = "@db:Index {name: \"i\", keys: [\"c\"]}\ntype A record {|\n    readonly int id;\n    @db:Type {value: \"bigint\"}\n    int "
             "n;\n    @db:Computed {value: \"n + 2\", stored: true}\n    int? c;\n"
             "    int? d;\n|};\n",
        .version = 120000,
        .seed = "INSERT INTO \"A\" VALUES (1, 5)",
        .check_b = "SELECT c = 7 AND d = 10 FROM \"A\"",
        .check_a = "SELECT c = 6 AND d = 10 FROM \"A\"",
    },
    {
        .name = "live: NULLs that are equal",
        .a = "@db:Unique {name: \"u\", keys: [\"a\"], nulls: \"not distinct\"}\ntype A record {|\n    readonly int id;\n    string? "
             "a;\n|};\n",
        .b = "@db:Index {name: \"u\", keys: [\"a\"], unique: true, nulls: \"not distinct\"}\ntype A record {|\n    readonly int id;\n    "
             "string? a;\n|};\n",
        .since = 150000,
    },
    {
        .name = "live: computed when read",
        .a = "type A record {|\n    readonly int id;\n    @db:Computed {value: \"id + 1\"}\n    int? c;\n|};\n",
        .b = "type A record {|\n    readonly int id;\n    @db:Computed {value: \"id + 1\", stored: true}\n    int? c;\n|};\n",
        .since = 180000,
        .seed = "INSERT INTO \"A\" VALUES (1)",
        .check_b = "SELECT c = 2 FROM \"A\"",
    },
    {
        .name = "live: indexes built while writers go on",
        .a = "type A record {|\n    readonly int id;\n    int n;\n    string s;\n|};\n",
        .b = "@db:Unique {name: \"u\", keys: [\"n\"]}\n@db:Index {name: \"i\", keys: [\"s\"], where: \"n > 0\"}\ntype A record {|\n    "
             "readonly int id;\n    readonly int n;\n    string s;\n|};\n",
        .concurrently = true,
        .seed = "INSERT INTO \"A\" VALUES (1, 2, 's')",
    },
    {
        .name = "live: partitions, composite keys",
        .a = "@db:Table {partitionBy: \"RANGE (day)\"}\ntype P record {|\n    readonly int id;\n    readonly time:Date day;\n    string "
             "s;\n|};\n",
        .b = "@db:Table {partitionBy: \"RANGE (day)\"}\ntype P record {|\n    readonly int id;\n    readonly time:Date day;\n    int s;\n  "
             "  @sql:Index\n    int n;\n"
             "    R r;\n|};\ntype R record {|\n    readonly int id;\n    P[] ps;\n|};\n",
    },
    {
        .name = "live: a new value of an enum type, used at once",
        .a = "@db:Enum {name: \"st\"}\nenum S {\n    A,\n    B\n}\ntype T record {|\n    readonly int id;\n    S s;\n|};\n",
        .b = "@db:Enum {name: \"st\"}\nenum S {\n    Z,\n    A,\n    C,\n    B\n}\ntype T record {|\n    readonly int id;\n    @db:Default "
             "{literal: \"C\"}\n    S s;\n    @db:Default {literal: \"Z\"}\n    S t;\n|};\n",
        .seed = "INSERT INTO \"T\" VALUES (1, 'B')",
        .check_b = "SELECT s = 'B' AND t = 'Z' FROM \"T\"",
        .check_a = "SELECT s = 'B' FROM \"T\"",
    },
    {
        .name = "live: a computed column over an enum type that is replaced",
        .a = "@db:Enum {name: \"st\"}\nenum S {\n    A,\n    B,\n    C\n}\n@db:Index {name: \"i\", keys: [\"open\"]}\ntype T record {|\n   "
             " readonly int id;\n    S s;\n    @db:Computed {value: \"s = 'A'\", stored: true}\n    boolean? open;\n|};\n",
        .b = "@db:Enum {name: \"st\"}\nenum S {\n    B,\n    A\n}\n@db:Index {name: \"i\", keys: [\"open\"]}\ntype T record {|\n    "
             "readonly int id;\n    S s;\n    @db:Computed {value: \"s = 'A'\", stored: true}\n    boolean? open;\n|};\n",
        .seed = "INSERT INTO \"T\" VALUES (1, 'A')",
        .check_b = "SELECT s = 'A' AND open FROM \"T\"",
        .check_a = "SELECT s = 'A' AND open FROM \"T\"",
    },
    {
        .name = "live: an enum loses its type and its values",
        .a = "@db:Enum {name: \"st\"}\nenum S {\n    A,\n    B,\n    C\n}\ntype T record {|\n    readonly int id;\n    @db:Default "
             "{literal: \"A\"}\n    S s;\n    S t;\n|};\n",
        .b = "@db:Enum {name: \"st\"}\nenum S {\n    A,\n    B\n}\ntype T record {|\n    readonly int id;\n    @db:Default {literal: "
             "\"C\"}\n    string s;\n    S t;\n|};\n",
        .seed = "INSERT INTO \"T\" VALUES (1, 'C', 'A')",
        .check_b = "SELECT s = 'C' AND t = 'A' FROM \"T\"",
        .check_a = "SELECT s = 'C' AND t = 'A' FROM \"T\"",
    },
    {
        .name = "live: a sequence goes from its column to the model and back",
        .a = "type T record {|\n    @sql:Generated\n    readonly int id;\n    int n;\n|};\n",
        .b = "@db:Object {kind: \"sequence\", name: \"T_id_seq\"}\nconst string s = string `AS bigint INCREMENT BY 1 MINVALUE 1 MAXVALUE "
             "9223372036854775807 START WITH 1 CACHE 1`;\ntype T record {|\n    @db:Default {value: "
             "\"nextval('\\\"T_id_seq\\\"'::regclass)\"}\n    readonly int id;\n    int n;\n|};\n",
        .seed = "INSERT INTO \"T\" (n) VALUES (1), (2); DELETE FROM \"T\" WHERE id = 2",
        .check_b = "SELECT nextval('\"T_id_seq\"') = 3",
        .check_a = "SELECT nextval(pg_get_serial_sequence('\"T\"', 'id')) = 4",
    },
    {
        .name = "live: a new column's sequence has the name of one that goes",
        .a = "@db:Object {kind: \"sequence\", name: \"T_id_seq\"}\nconst string s = string `AS bigint INCREMENT BY 1 MINVALUE 1 MAXVALUE "
             "9223372036854775807 START WITH 1 CACHE 1`;\ntype U record {|\n    readonly int id;\n    @db:Default "
             "{value: \"nextval('\\\"T_id_seq\\\"'::regclass)\"}\n    @db:Type {value: \"bigint\"}\n    int n;\n|};\n",
        .b = "type T record {|\n    @db:Identity\n    readonly int id;\n    int n;\n|};\ntype U record {|\n    readonly int id;\n    "
             "@db:Type {value: \"bigint\"}\n    int n;\n|};\n",
    },
    {
        .name = "live: a default is of its column's new type",
        .a = "type T record {|\n    readonly int id;\n    @db:Default {literal: \"x\"}\n    string s;\n|};\n",
        .b = "type T record {|\n    readonly int id;\n    @db:Default {literal: \"x\"}\n    @db:Type {value: \"text\"}\n    string "
             "s;\n|};\n",
        .check_b = "SELECT pg_get_expr(adbin, adrelid) = '''x''::text' FROM pg_attrdef",
        .check_a = "SELECT pg_get_expr(adbin, adrelid) = '''x''::character varying' FROM pg_attrdef",
    },
