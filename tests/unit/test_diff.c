/* The diff on models, without a database: plans, questions, deltas, hazards and the way back. */
#include "diff_fixture.h"

#include <string.h>

#include "delta.h"
#include "fill.h"
#include "hazard.h"
#include "str.h"

/* A plan as text. */

static const char *aspects_text(struct arena *arena, unsigned aspects) {
    static const char *const names[] = {"type",      "null",      "default", "generated", "identity", "computed",
                                        "collation", "on-update", "comment", "options",   "values",   "position"};
    const char *text = "";

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (aspects & 1U << i)
            text = arena_printf(arena, "%s%s%s", text, *text ? "+" : "", names[i]);
    return text;
}

static const char *marks(const struct change *change) {
    return change->forced ? " !" : change->recreated ? " ~" : "";
}

static const char *renamed(struct arena *arena, const char *what, const struct change *change) {
    return arena_printf(arena, "rename %s %s > %s", what, change->old_name, change->new_name);
}

static const char *constraint_text(struct arena *arena, const struct change *change) {
    return renamed(arena, change->new_foreign_key ? "fk" : change->new_check ? "check" : "exclude", change);
}

static const char *column_text(struct arena *arena, const char *verb, const struct change *change) {
    const struct field *field = change->kind == CHANGE_DROP_COLUMN ? change->old_field : change->new_field;

    return arena_printf(arena, "%s column %s.%s%s%s%s%s%s%s", verb, change->to->name, field->column, change->old_name ? " as " : "",
                        change->old_name ? change->old_name : "", change->fill ? " fill " : "", change->fill ? change->fill : "",
                        *aspects_text(arena, change->aspects) ? " " : "", aspects_text(arena, change->aspects));
}

static const char *change_text(struct arena *arena, const struct change *change) {
    switch (change->kind) {
    case CHANGE_DROP_FOREIGN_KEY:
        return arena_printf(arena, "drop fk %s", change->old_foreign_key->name);
    case CHANGE_DROP_CHECK:
        return arena_printf(arena, "drop check %s", change->old_check->name);
    case CHANGE_DROP_EXCLUDE:
        return arena_printf(arena, "drop exclude %s", change->old_exclude->name);
    case CHANGE_DROP_INDEX:
        return arena_printf(arena, "drop index %s", change->old_index->name);
    case CHANGE_DROP_KEY:
        return arena_printf(arena, "drop key %s", change->from->name);
    case CHANGE_RENAME_ENUM:
        return renamed(arena, "enum", change);
    case CHANGE_RENAME_TABLE:
        return renamed(arena, "table", change);
    case CHANGE_RENAME_COLUMN:
        return renamed(arena, arena_printf(arena, "column %s:", change->to->name), change);
    case CHANGE_RENAME_INDEX:
        return renamed(arena, change->old_index ? "index" : "key", change);
    case CHANGE_RENAME_CONSTRAINT:
        return constraint_text(arena, change);
    case CHANGE_DROP_TABLE:
        return arena_printf(arena, "drop table %s%s%s", change->from->table, change->old_name ? " as " : "",
                            change->old_name ? change->old_name : "");
    case CHANGE_DROP_COLUMN:
        return column_text(arena, "drop", change);
    case CHANGE_DROP_DEPENDENT:
    case CHANGE_DROP_BASE:
        return arena_printf(arena, "drop %s", change->old_object->name);
    case CHANGE_PUT_BASE:
    case CHANGE_PUT_DEPENDENT:
        return arena_printf(arena, "%s %s", change->old_object ? "replace" : "create", change->new_object->name);
    case CHANGE_CREATE_ENUM:
        return arena_printf(arena, "create enum %s", change->new_enum->type_name);
    case CHANGE_ALTER_ENUM:
        return arena_printf(arena, "alter enum %s", change->new_enum->type_name);
    case CHANGE_CREATE_TABLE:
        return arena_printf(arena, "create table %s", change->to->table);
    case CHANGE_ALTER_TABLE:
        return arena_printf(arena, "alter table %s", change->to->table);
    case CHANGE_COMMENT_TABLE:
        return arena_printf(arena, "comment table %s", change->to->table);
    case CHANGE_ADD_COLUMN:
        return column_text(arena, "add", change);
    case CHANGE_ALTER_COLUMN:
        return column_text(arena, "alter", change);
    case CHANGE_ADD_KEY:
        return arena_printf(arena, "add key %s", change->to->name);
    case CHANGE_ADD_INDEX:
        return arena_printf(arena, "add index %s", change->new_index->name);
    case CHANGE_ADD_CHECK:
        return arena_printf(arena, "add check %s", change->new_check->name);
    case CHANGE_ADD_EXCLUDE:
        return arena_printf(arena, "add exclude %s", change->new_exclude->name);
    case CHANGE_ADD_FOREIGN_KEY:
        return arena_printf(arena, "add fk %s", change->new_foreign_key->name);
    case CHANGE_DROP_ENUM:
        return arena_printf(arena, "drop enum %s%s%s", change->old_enum->type_name, change->old_name ? " as " : "",
                            change->old_name ? change->old_name : "");
    case CHANGE_KIND_COUNT:
        break;
    }
    return "?";
}

static const char *plan_text(struct arena *arena, const struct plan *plan) {
    struct str out = STR_INIT;
    const char *text;

    for (size_t i = 0; i < plan->changes.count; i++)
        str_addf(&out, "%s%s\n", change_text(arena, &plan->changes.at[i]), marks(&plan->changes.at[i]));
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

static struct diff_row plan_rows[] = {
    {.name = "nothing", .was = USER CAR, .model = USER CAR, .expected = ""},
    {.name = "all new", .was = "", .model = CAR USER, .expected = "create table User\ncreate table Car\nadd fk fk_Car_ownerId\n"},
    {.name = "all gone", .was = CAR USER, .model = "", .expected = "drop table Car\ndrop table User\n"},
    {.name = "column added and dropped",
     .was = NOTE(" string a;\n int b;\n"),
     .model = NOTE(" string a;\n time:Date? c;\n"),
     .expected = "drop column Note.b\nadd column Note.c\n"},
    {.name = "renamed column with its index and check",
     .was = "@db:Check {name: \"c\", value: \"note <> 'note'\"}\n" NOTE(" @sql:Index {name: \"i\"}\n string note;\n"),
     .model = "@db:Check {name: \"c\", value: \"remark <> 'note'\"}\n" NOTE(
         " @sql:Index {name: \"i\"}\n @db:Was {name: \"note\"}\n string remark;\n"),
     .expected = "rename column Note: note > remark\n"},
    {.name = "renamed by the command line",
     .was = NOTE(" string note;\n"),
     .model = NOTE(" string remark;\n"),
     .rename = "Note.note=remark",
     .expected = "rename column Note: note > remark\n"},
    {.name = "renamed field, same column",
     .was = NOTE(" string note;\n"),
     .model = NOTE(" @sql:Name {value: \"note\"}\n string remark;\n"),
     .expected = ""},
    {.name = "renamed and changed at once",
     .was = NOTE(" string note;\n"),
     .model = NOTE(" @db:Was {name: \"note\"}\n int? remark;\n"),
     .expected = "rename column Note: note > remark\nalter column Note.remark type+null\n"},
    {.name = "a plain name passes to the table of another namespace",
     .was = "@sql:Schema {value: \"old\"}\n@sql:Name {value: \"t\"}\n" ENTITY(
         "T", " string x;\n") "@sql:Schema {value: "
                              "\"s\"}\n@sql:Name {value: \"t\"}\n" ENTITY("ST", " string x;\n"),
     .model = "@sql:Schema {value: \"s\"}\n@sql:Name {value: \"t\"}\n" ENTITY("T", " string x;\n"),
     .expected = "drop table t\n"},
    {.name = "a plain name passes to the table of another case",
     .was = "@sql:Name {value: \"Ts\"}\n" ENTITY("T", " string x;\n") "@sql:Name {value: \"ts\"}\n" ENTITY("T2", " string x;\n"),
     .model = "@sql:Name {value: \"ts\"}\n" ENTITY("T", " string x;\n"),
     .expected = "drop table Ts\n"},
    {.name = "a table takes the name of one that goes",
     .was = "@sql:Name {value: \"a\"}\n" ENTITY("A", " string x;\n") "@sql:Name {value: \"b\"}\n" ENTITY("B", " string x;\n"),
     .model = "@sql:Name {value: \"a\"}\n" ENTITY("B", " string x;\n"),
     .expected = "drop key A\nrename table a > persist_tmp_a\nrename table b > a\nrename key pk_b > pk_a\ndrop table a as persist_tmp_a\n"},
    {.name = "swapped columns",
     .was = NOTE(" string a;\n string b;\n"),
     .model = NOTE(" @db:Was {name: \"b\"}\n string a;\n @db:Was {name: \"a\"}\n string b;\n"),
     .expected = "rename column Note: a > persist_tmp_a\nrename column Note: b > a\nrename column Note: persist_tmp_a > b\n"
                 "alter column Note.a position\n"},
    {.name = "swapped by the command line",
     .was = NOTE(" string a;\n string b;\n"),
     .model = NOTE(" string a;\n string b;\n"),
     .rename = "Note.a=b Note.b=a",
     .expected = "rename column Note: a > persist_tmp_a\nrename column Note: b > a\nrename column Note: persist_tmp_a > b\n"
                 "alter column Note.a position\n"},
    {.name = "the same name points to another entity",
     .was = USER CAR,
     .model = ENTITY("Person", " string name;\n") USER CAR,
     .rename = "User=Person",
     .expected = "drop fk fk_Car_ownerId ~\nrename table User > Person\nrename key pk_User > pk_Person\ncreate table User\n"
                 "add fk fk_Car_ownerId ~\n"},
    {.name = "chain of columns",
     .was = NOTE(" string a;\n string b;\n"),
     .model = NOTE(" @db:Was {name: \"a\"}\n string b;\n @db:Was {name: \"b\"}\n string c;\n"),
     .expected = "rename column Note: b > c\nrename column Note: a > b\n"},
    {.name = "renamed onto a column that goes",
     .was = NOTE(" string a;\n int b;\n"),
     .model = NOTE(" @db:Was {name: \"a\"}\n string b;\n"),
     .expected = "rename column Note: b > persist_tmp_b\nrename column Note: a > b\ndrop column Note.b as persist_tmp_b\n"},
    {.name = "swapped tables with their indexes",
     .was = ENTITY("A", " @sql:Index {name: \"ia\"}\n string x;\n") ENTITY("B", " @sql:Index {name: \"ib\"}\n int y;\n"),
     .model = "@db:Was {name: \"B\"}\n" ENTITY("A", " @sql:Index {name: \"ia\"}\n int y;\n") "@db:Was {name: \"A\"}\n" ENTITY(
         "B", " @sql:Index {name: \"ib\"}\n string x;\n"),
     .expected = "rename table B > persist_tmp_B\nrename table A > B\nrename table persist_tmp_B > A\n"
                 "rename key pk_B > persist_tmp_pk_B\nrename key pk_A > pk_B\nrename key persist_tmp_pk_B > pk_A\n"
                 "rename index ib > persist_tmp_ib\nrename index ia > ib\nrename index persist_tmp_ib > ia\n"},
    {.name = "chain of tables onto one that goes",
     .was = ENTITY("A", " string x;\n") ENTITY("B", " int y;\n") ENTITY("C", ""),
     .model = "@db:Was {name: \"A\"}\n" ENTITY("B", " string x;\n") "@db:Was {name: \"B\"}\n" ENTITY("C", " int y;\n"),
     .expected = "drop key C\nrename table C > persist_tmp_C\nrename table B > C\nrename table A > B\nrename key pk_B > pk_C\n"
                 "rename key pk_A > pk_B\ndrop table C as persist_tmp_C\n"},
    {.name = "renamed onto a table that goes",
     .was = ENTITY("A", " string x;\n") ENTITY("B", " int y;\n"),
     .model = "@db:Was {name: \"A\"}\n" ENTITY("B", " string x;\n"),
     .expected = "drop key B\nrename table B > persist_tmp_B\nrename table A > B\nrename key pk_A > pk_B\n"
                 "drop table B as persist_tmp_B\n"},
    {.name = "renamed table that others refer to",
     .was = USER CAR,
     .model = "@db:Was {name: \"User\"}\npublic type Person record {|\n readonly int id;\n string name;\n Car[] cars;\n|};\n"
              "public type Car record {|\n readonly int id;\n string plate;\n Person owner;\n|};\n",
     .expected = "rename table User > Person\nrename key pk_User > pk_Person\n"},
    {.name = "renamed relation keeps its column",
     .was = USER CAR,
     .model = USER "public type Car record {|\n readonly int id;\n string plate;\n @db:Was {name: \"owner\"}\n User driver;\n|};\n",
     .expected = "rename column Car: ownerId > driverId\nrename fk fk_Car_ownerId > fk_Car_driverId\n"},
    {.name = "renamed key that others refer to",
     .was = USER CAR,
     .model = "public type User record {|\n @db:Was {name: \"id\"}\n readonly int uid;\n string name;\n Car[] cars;\n|};\n" CAR,
     .expected = "rename column Car: ownerId > ownerUid\nrename column User: id > uid\nrename fk fk_Car_ownerId > fk_Car_ownerUid\n"},
    {.name = "key type carried through",
     .was = USER CAR,
     .model = "public type User record {|\n readonly string id;\n string name;\n Car[] cars;\n|};\n" CAR,
     .expected = "drop fk fk_Car_ownerId !\nalter column Car.ownerId type\nalter column User.id type\nadd fk fk_Car_ownerId !\n"},
    {.name = "key that changes under its reference",
     .was = USER CAR,
     .model = "public type User record {|\n readonly int id;\n readonly int realm;\n string name;\n Car[] cars;\n|};\n" CAR,
     .expected = "drop fk fk_Car_ownerId\ndrop key User ~\nadd column Car.ownerRealm\nadd column User.realm\nadd key User ~\n"
                 "add fk fk_Car_ownerId_ownerRealm\n"},
    {.name = "a column of a reference goes with its part of the key",
     .was = "public type User record {|\n readonly int a;\n readonly int b;\n Car[] cars;\n|};\n" CAR,
     .model = "public type User record {|\n int a;\n readonly int b;\n Car[] cars;\n|};\n" CAR,
     .expected = "drop fk fk_Car_ownerA_ownerB\ndrop key User ~\ndrop column Car.ownerA\nadd key User ~\nadd fk fk_Car_ownerB\n"},
    {.name = "no column takes the place of another part of the key",
     .was = "public type User record {|\n readonly int a;\n readonly int b;\n Car[] cars;\n|};\n" CAR,
     .model = "public type User record {|\n @db:Was {name: \"a\"}\n int c;\n readonly int b;\n Car[] cars;\n|};\n" CAR,
     .expected = "drop fk fk_Car_ownerA_ownerB\ndrop key User ~\nrename column User: a > c\ndrop column Car.ownerA\n"
                 "add key User ~\nadd fk fk_Car_ownerB\n"},
    {.name = "required column with a value",
     .was = NOTE(""),
     .model = NOTE(" string title;\n"),
     .backfill = "Note.title",
     .expected = "add column Note.title fill 'x'\n"},
    {.name = "null taken away, default fills",
     .was = NOTE(" string? title;\n"),
     .model = NOTE(" @db:Default {literal: \"d\"}\n string title;\n"),
     .expected = "alter column Note.title fill 'd' null+default\n"},
    {.name = "index changed and added",
     .was = NOTE(" @sql:Index {name: \"i\"}\n string a;\n string b;\n"),
     .model = NOTE(" string a;\n @sql:Index {name: [\"i\", \"j\"]}\n string b;\n"),
     .expected = "drop index i ~\nadd index i ~\nadd index j\n"},
    {.name = "index renamed",
     .was = NOTE(" @sql:Index {name: \"i\"}\n string a;\n"),
     .model = NOTE(" @sql:Index {name: \"j\"}\n string a;\n"),
     .expected = "rename index i > j\n"},
    {.name = "column dropped with its index",
     .was = NOTE(" @sql:Index {name: \"i\"}\n string a;\n"),
     .model = NOTE(""),
     .expected = "drop index i\ndrop column Note.a\n"},
    {.name = "computed column over a changed type",
     .was = NOTE(" int a;\n @db:Computed {value: \"a + 1\", stored: true}\n @sql:Index {name: \"i\"}\n int b;\n"),
     .model = NOTE(" string a;\n @db:Computed {value: \"a + 1\", stored: true}\n @sql:Index {name: \"i\"}\n int b;\n"),
     .expected = "drop index i !\ndrop column Note.b !\nalter column Note.a type\nadd column Note.b !\nadd index i !\n"},
    {.name = "columns in another order",
     .was = NOTE(" string a;\n string b;\n string c;\n"),
     .model = NOTE(" string c;\n string a;\n string b;\n"),
     .expected = "alter column Note.c position\n"},
    {.name = "enum member added",
     .was = "public enum S { OPEN, DONE }\n" NOTE(" S s;\n"),
     .model = "public enum S { OPEN, DONE, LATE }\n" NOTE(" S s;\n"),
     .expected = "drop check ck_Note_s ~\nadd check ck_Note_s ~\n"},
    {.name = "enum member renamed",
     .was = "public enum S { OPEN, DONE }\n" NOTE(" S s;\n"),
     .model = "public enum S {\n @db:Was {name: \"OPEN\"}\n ACTIVE, DONE }\n" NOTE(" S s;\n"),
     .expected = "drop check ck_Note_s ~\nalter column Note.s values\nadd check ck_Note_s ~\n"},
    {.name = "enum renamed",
     .was = "public enum S { OPEN, DONE }\n" NOTE(" S s;\n"),
     .model = "@db:Was {name: \"S\"}\npublic enum T { OPEN, DONE }\n" NOTE(" T s;\n"),
     .expected = ""},
    {.name = "enum type renamed and a member added",
     .was = "@db:Enum {name: \"s\"}\npublic enum S { OPEN, DONE }\n" NOTE(" S s;\n"),
     .model = "@db:Enum {name: \"t\"}\npublic enum S { OPEN, DONE, LATE }\n" NOTE(" S s;\n"),
     .expected = "rename enum s > t\nalter enum t\n"},
    {.name = "enum type comes and goes",
     .was = "@db:Enum {name: \"s\"}\npublic enum S { OPEN, DONE }\n" NOTE(" S s;\n"),
     .model = "@db:Enum {name: \"t\"}\npublic enum T { HERE, THERE }\n" NOTE(" T? t;\n"),
     .expected = "drop column Note.s\ncreate enum t\nadd column Note.t\ndrop enum s\n"},
    {.name = "tables that refer to each other go",
     .was =
         "public type A record {|\n readonly int id;\n B? b;\n @db:Inverse {field: \"a\"}\n B[] bs;\n|};\n"
         "public type B record {|\n readonly int id;\n @db:Inverse {field: \"bs\"}\n A? a;\n @db:Inverse {field: \"b\"}\n A[] as;\n|};\n",
     .model = "",
     .expected = "drop fk fk_B_aId\ndrop table A\ndrop table B\n"},
    {.name = "comment changed",
     .was = "# old\n" NOTE(" # x\n string a;\n"),
     .model = "# new\n" NOTE(" # y\n string a;\n"),
     .expected = "comment table Note\nalter column Note.a comment\n"},
};

#include "diff_object_rows.h"

static void test_plan(void **state) {
    const struct diff_row *row = *state;
    struct fixture fixture;

    if (fixture_open(&fixture, row) != 0)
        diag_print(&fixture.diag, stderr, false);
    assert_int_equal(fixture.diag.errors, 0);
    assert_text(plan_text(&fixture.arena, fixture_plan(&fixture, row)), row->expected);
    arena_free(&fixture.arena);
}

/* Questions: "rename likeness" a line, then what was reported. */

static const char *questions_text(struct fixture *fixture) {
    const char *text = "";

    for (size_t i = 0; i < fixture->renames.open.count; i++)
        text = arena_printf(&fixture->arena, "%s%s?\n", text, rename_text(&fixture->arena, &fixture->renames.open.at[i].rename));
    for (size_t i = 0; i < fixture->renames.list.count; i++)
        text = arena_printf(&fixture->arena, "%s%s\n", text, rename_text(&fixture->arena, &fixture->renames.list.at[i]));
    for (size_t i = 0; i < fixture->diag.list.count; i++)
        text = arena_printf(&fixture->arena, "%s%s\n", text, fixture->diag.list.at[i].message);
    return text;
}

static struct diff_row question_rows[] = {
    {.name = "asks about the same type in the same place",
     .was = NOTE(" string note;\n int n;\n"),
     .model = NOTE(" string remark;\n int n;\n"),
     .expected = "Note.note=remark?\n"},
    {.name = "asks about the only ones of a type",
     .was = NOTE(" string note;\n int n;\n"),
     .model = NOTE(" int n;\n string remark;\n"),
     .expected = "Note.note=remark?\n"},
    {.name = "asks about a similar name elsewhere",
     .was = NOTE(" string dueDate;\n string a;\n string zip;\n"),
     .model = NOTE(" string a;\n string code;\n string due_date;\n"),
     .expected = "Note.dueDate=due_date?\nNote.zip=code?\n"},
    {.name = "does not ask about another type", .was = NOTE(" string note;\n"), .model = NOTE(" boolean done;\n"), .expected = ""},
    {.name = "does not ask about what was answered",
     .was = NOTE(" string note;\n"),
     .model = NOTE(" string remark;\n"),
     .drop = "Note.note",
     .expected = ""},
    {.name = "asks about an entity",
     .was = ENTITY("Invoice", " string number;\n int total;\n"),
     .model = ENTITY("Bill", " string number;\n int total;\n string? note;\n"),
     .expected = "Invoice=Bill?\n"},
    {.name = "does not ask about another entity",
     .was = ENTITY("Invoice", " string number;\n int total;\n"),
     .model = ENTITY("Person", " string name;\n time:Date born;\n"),
     .expected = ""},
    {.name = "asks about a relation",
     .was = USER CAR,
     .model = USER "public type Car record {|\n readonly int id;\n string plate;\n User driver;\n|};\n",
     .expected = "Car.owner=driver?\n"},
    {.name = "asks about a member",
     .was = "public enum S { OPEN, DONE }\n" NOTE(" S s;\n"),
     .model = "public enum S { ACTIVE, DONE }\n" NOTE(" S s;\n"),
     .expected = "S.OPEN=ACTIVE?\n"},
    {.name = "a member with the same value is the same",
     .was = "public enum S { OPEN, DONE }\n" NOTE(" S s;\n"),
     .model = "public enum S { ACTIVE = \"OPEN\", DONE }\n" NOTE(" S s;\n"),
     .expected = "S.OPEN=ACTIVE\n"},
    {.name = "an entity with the same table is the same",
     .was = ENTITY("A", " string x;\n"),
     .model = "@sql:Name {value: \"A\"}\n" ENTITY("B", " string x;\n"),
     .expected = "A=B\n"},
    {.name = "an old fact counts no more",
     .was = NOTE(" string remark;\n"),
     .model = NOTE(" @db:Was {name: \"note\"}\n string remark;\n"),
     .expected = ""},
    {.name = "an answer wins over the annotation",
     .was = NOTE(" string a;\n string b;\n"),
     .model = NOTE(" @db:Was {name: \"a\"}\n string c;\n"),
     .rename = "Note.b=c",
     .expected = "Note.b=c\n"},
    {.name = "answers for entity and field at once",
     .was = ENTITY("Invoice", " string note;\n"),
     .model = ENTITY("Bill", " string remark;\n"),
     .rename = "Invoice=Bill Invoice.note=remark",
     .expected = "Invoice=Bill\nBill.note=remark\n"},
    {.name = "answer for a member",
     .was = "public enum S { OPEN, DONE }\n" NOTE(" S s;\n"),
     .model = "public enum S { ACTIVE, DONE }\n" NOTE(" S s;\n"),
     .rename = "S.OPEN=ACTIVE",
     .expected = "S.OPEN=ACTIVE\n"},
    {.name = "answers that name nothing",
     .was = NOTE(" string a;\n"),
     .model = NOTE(" string a;\n"),
     .rename = "x Note.b=c Foo=Bar Foo.a=b",
     .drop = "Note.a Note.z",
     .expected = "--rename \"x\": expected Entity.old=new or Old=New\n"
                 "--rename \"Foo=Bar\": the last snapshot has no entity or enum \"Foo\"\n"
                 "--rename \"Note.b=c\": \"Note\" has no field \"b\" in the last snapshot\n"
                 "--rename \"Foo.a=b\": no entity or enum \"Foo\" is both in the last snapshot and in the model\n"
                 "--drop \"Note.a\": it is still in the model, under this or another name\n"
                 "--drop \"Note.z\": the last snapshot has no such field\n"},
    {.name = "an answer onto a name that stays",
     .was = NOTE(" string a;\n string b;\n"),
     .model = NOTE(" string a;\n string b;\n"),
     .rename = "Note.a=b",
     .expected = "--rename \"Note.a=b\": the new name is in the last snapshot already, and stays\n"},
    {.name = "two that were the same",
     .was = NOTE(" string a;\n"),
     .model = NOTE(" string b;\n string c;\n"),
     .rename = "Note.a=b Note.a=c",
     .expected = "Note.a=b\n--rename \"Note.a=c\": \"b\" already says that it was \"a\"\n"},
};

static void test_questions(void **state) {
    const struct diff_row *row = *state;
    struct fixture fixture;

    fixture_open(&fixture, row);
    assert_text(questions_text(&fixture), row->expected);
    arena_free(&fixture.arena);
}

/* Deltas. */

static struct diff_row delta_rows[] = {
    {.name = "entity added and removed",
     .was = NOTE(""),
     .model = ENTITY("Other", " string x;\n time:Date y;\n"),
     .expected = "Note|entity removed (table Note, 1 column)\nOther|entity added (table Other, 3 columns)\n"},
    {.name = "fields",
     .was = NOTE(" @sql:Varchar {length: 20}\n string a;\n string b;\n"),
     .model = NOTE(" @sql:Varchar {length: 40}\n string? a;\n @db:Default {literal: \"x\"}\n int c;\n"),
     .expected = "Note.a|field changed: string(20) → string(40), now nullable\nNote.b|field removed: string\n"
                 "Note.c|field added: int, default 'x'\n"},
    {.name = "field renamed and changed",
     .was = NOTE(" string a;\n"),
     .model = NOTE(" @db:Was {name: \"a\"}\n int b;\n"),
     .expected = "Note.b|field renamed from a: string → int\n"},
    {.name = "relation added",
     .was = "public type User record {|\n readonly int id;\n|};\npublic type Car record {|\n readonly int id;\n|};\n",
     .model = "public type User record {|\n readonly int id;\n Car[] cars;\n|};\npublic type Car record {|\n readonly int id;\n User "
              "owner;\n|};\n",
     .expected = "Car.owner|relation added: User (column ownerId, foreign key to User)\nUser.cars|relation added: Car[]\n"},
    {.name = "relation now optional",
     .was = USER CAR,
     .model = USER "public type Car record {|\n readonly int id;\n string plate;\n User? owner;\n|};\n",
     .expected = "Car.owner|relation changed: User → User? (column ownerId, foreign key to User)\n"},
    {.name = "key type reaches the relation",
     .was = USER CAR,
     .model = "public type User record {|\n readonly string id;\n string name;\n Car[] cars;\n|};\n" CAR,
     .expected = "Car.owner|relation changed: int → string (column ownerId, foreign key to User)\n"
                 "User.id|field changed: int → string\n"},
    {.name = "index, check and key",
     .was = "@db:Check {name: \"c\", value: \"a > 0\"}\n" NOTE(" @sql:Index {name: \"i\"}\n int a;\n"),
     .model = "@db:Check {name: \"c\", value: \"a > 1\"}\n"
              "public type Note record {|\n readonly int id;\n readonly int line;\n @sql:Index {name: \"j\"}\n int a;\n|};\n",
     .expected = "Note.line|field added: int\nNote|key changed: (id) → (id, line)\nNote.j|index renamed from i\n"
                 "Note.c|check changed: a > 0 → a > 1\n"},
    {.name = "foreign key with another action",
     .was = "@db:ForeignKey {name: \"k\", keys: [\"a\"], entity: \"Note\", to: [\"id\"]}\n" NOTE(" int a;\n"),
     .model = "@db:ForeignKey {name: \"k\", keys: [\"a\"], entity: \"Note\", to: [\"id\"], onDelete: \"CASCADE\"}\n" NOTE(" int a;\n"),
     .expected = "Note.k|foreign key changed: on delete CASCADE\n"},
    {.name = "enum and member",
     .was = "public enum S { OPEN, DONE }\n" NOTE(" S s;\n"),
     .model = "@db:Was {name: \"S\"}\npublic enum T {\n @db:Was {name: \"OPEN\"}\n ACTIVE, LATE }\n" NOTE(" T s;\n"),
     .expected =
         "T|enum renamed from S\nT.ACTIVE|member renamed from OPEN: value 'OPEN' → 'ACTIVE'\nT.DONE|member removed\nT.LATE|member added\n"},
    {.name = "renamed table",
     .was = NOTE(""),
     .model = "@sql:Name {value: \"notes\"}\n" NOTE(""),
     .expected = "Note|entity changed: table Note → notes (table notes)\n"},
};

static void test_deltas(void **state) {
    const struct diff_row *row = *state;
    struct deltas deltas = {0};
    struct fixture fixture;
    const char *text = "";

    assert_int_equal(fixture_open(&fixture, row), 0);
    deltas_find(&fixture.arena, fixture.from, fixture.to, &fixture.renames, &deltas);
    for (size_t i = 0; i < deltas.list.count; i++)
        text = arena_printf(&fixture.arena, "%s%s|%s\n", text, delta_subject(&fixture.arena, &deltas.list.at[i]),
                            delta_text(&fixture.arena, &deltas.list.at[i]));
    assert_text(text, row->expected);
    arena_free(&fixture.arena);
}

/* Hazards, and the grade of the way back. */

static enum cast_risk cast_risk(const char *from, const char *to) {
    if (strcmp(from, "decimal") == 0 && strcmp(to, "int") == 0)
        return CAST_CUTS;
    return strcmp(from, "VARCHAR(20)") == 0 && strcmp(to, "VARCHAR(191)") == 0 ? CAST_SAFE : CAST_MAY_FAIL;
}

static struct diff_row hazard_rows[] = {
    {.name = "a new table risks nothing", .was = "", .model = USER CAR, .expected = ""},
    {.name = "drops",
     .was = NOTE(" string a;\n") ENTITY("Gone", ""),
     .model = NOTE(""),
     .expected = "destroy Gone: drops the table \"Gone\" and its rows\ndestroy Note.a: drops the column \"a\" and what is in it\n"},
    {.name = "a dropped relation",
     .was = USER CAR,
     .model = "public type User record {|\n readonly int id;\n string name;\n|};\npublic type Car record {|\n readonly int id;\n string "
              "plate;\n|};\n",
     .expected = "destroy Car.owner: drops the column \"ownerId\" and what is in it\n"},
    {.name = "a required column",
     .was = NOTE(""),
     .model = NOTE(" string a;\n"),
     .expected = "decide Note.a: adds a column that must have a value, and the rows there are have none\n"
                 "clients Note.a: adds a required column: clients that insert without it fail\n"},
    {.name = "a required column with a default",
     .was = NOTE(""),
     .model = NOTE(" @db:Default {literal: \"x\"}\n string a;\n"),
     .expected = ""},
    {.name = "null taken away",
     .was = NOTE(" string? a;\n"),
     .model = NOTE(" string a;\n"),
     .expected = "decide Note.a: takes NULL away, and rows may hold it\n"},
    {.name = "null taken away with a value",
     .was = NOTE(" string? a;\n"),
     .model = NOTE(" string a;\n"),
     .backfill = "Note.a",
     .expected = ""},
    {.name = "types",
     .was = NOTE(" decimal a;\n string b;\n @sql:Varchar {length: 20}\n string c;\n"),
     .model = NOTE(" int a;\n int b;\n string c;\n"),
     .expected = "destroy Note.a: cuts values: decimal → int\nclients Note.a: clients see another type: decimal → int\n"
                 "may fail Note.b: fails on values that do not fit: VARCHAR(191) → int\n"
                 "clients Note.b: clients see another type: VARCHAR(191) → int\n"},
    {.name = "a rename over a temporary name is said once",
     .was = NOTE(" string a;\n int b;\n"),
     .model = NOTE(" @db:Was {name: \"b\"}\n int a;\n @db:Was {name: \"a\"}\n string b;\n"),
     .expected = "clients Note.a: renames the column \"b\" to \"a\": clients that use the old name fail\n"
                 "clients Note.b: renames the column \"a\" to \"b\": clients that use the old name fail\n"},
    {.name = "a unique index",
     .was = NOTE(" string a;\n"),
     .model = NOTE(" @sql:UniqueIndex {name: \"u\"}\n string a;\n @sql:UniqueIndex {name: \"v\"}\n string? b;\n"),
     .expected = "may fail Note.u: fails when two rows agree in a\n"},
    {.name = "a unique index that holds already",
     .was = NOTE(" @sql:UniqueIndex {name: \"u\"}\n string a;\n int b;\n"),
     .model = NOTE(" @sql:UniqueIndex {name: \"u\"}\n string a;\n @sql:UniqueIndex {name: \"u\"}\n int b;\n"),
     .expected = "clients Note.u: rows may agree in a from then on: clients that count on one row, or say ON CONFLICT, fail\n"},
    {.name = "a check",
     .was = NOTE(" int a;\n"),
     .model = "@db:Check {name: \"c\", value: \"a > 0\"}\n" NOTE(" int a;\n"),
     .expected = "may fail Note.c: fails when a row does not satisfy a > 0\n"},
    {.name = "another way of partitioning",
     .was = "@db:Table {partitionBy: \"RANGE (id)\"}\n" NOTE(" int a;\n"),
     .model = "@db:Table {partitionBy: \"HASH (id)\"}\n" NOTE(" int a;\n"),
     .expected = "decide Note: a table that exists cannot be partitioned in another way\n"},
    {.name = "an enum of which nothing stays",
     .was = "public enum S { OPEN }\n" NOTE(" S s;\n"),
     .model = "public enum S { DONE }\n" NOTE(" S s;\n"),
     .drop = "S.OPEN",
     .expected = "destroy S.OPEN: removes the value 'OPEN', which rows may hold\n"
                 "may fail S: fails on every row that has a value: none of the values stays\n"},
    {.name = "an identity with an end",
     .was = NOTE(""),
     .model = NOTE(" @db:Identity\n @db:Options {maxValue: \"9\"}\n int a;\n @db:Identity\n int b;\n"),
     .expected = "may fail Note.a: numbers the rows there are, and fails when there are more than it has numbers for\n"},
    {.name = "a new optional relation",
     .was = "public type User record {|\n readonly int id;\n|};\npublic type Car record {|\n readonly int id;\n|};\n",
     .model = "public type User record {|\n readonly int id;\n Car[] cars;\n|};\npublic type Car record {|\n readonly int id;\n User? "
              "owner;\n|};\n",
     .expected = ""},
    {.name = "enum members",
     .was = "public enum S { OPEN, DONE }\n" NOTE(" S s;\n S t;\n"),
     .model = "public enum S {\n @db:Was {name: \"OPEN\"}\n ACTIVE }\n" NOTE(" S s;\n S t;\n"),
     .expected = "destroy S.DONE: removes the value 'DONE', which rows may hold\n"
                 "clients S.ACTIVE: the value 'OPEN' becomes 'ACTIVE': clients that use the old one fail\n"},
};

static const char *const hazard_names[] = {"destroy", "decide", "may fail", "clients", "lock"};

static void test_hazards(void **state) {
    const struct diff_row *row = *state;
    struct hazards hazards = {0};
    struct fixture fixture;
    const char *text = "";

    fixture_open(&fixture, row);
    hazards_find(&fixture.arena, fixture_plan(&fixture, row), cast_risk, &hazards);
    for (size_t i = 0; i < hazards.list.count; i++)
        text = arena_printf(&fixture.arena, "%s%s %s: %s\n", text, hazard_names[hazards.list.at[i].rule->kind], hazards.list.at[i].subject,
                            hazards.list.at[i].text);
    assert_text(text, row->expected);
    arena_free(&fixture.arena);
}

/* The models are those of the way down: from the new one to the old one. */
static struct diff_row way_back_rows[] = {
    {.name = "a rename", .was = NOTE(" string b;\n"), .model = NOTE(" string a;\n"), .rename = "Note.b=a", .expected = "lossless\n"},
    {.name = "an added column",
     .was = NOTE(" string b;\n"),
     .model = NOTE(""),
     .expected = "lossless while unused\nNote.b goes with what it holds by then\n"},
    {.name = "a dropped column", .was = NOTE(""), .model = NOTE(" string? b;\n"), .expected = "lossy\nNote.b comes back empty\n"},
    {.name = "a dropped required column",
     .was = NOTE(""),
     .model = NOTE(" string b;\n"),
     .expected = "none\nNote.b needs a value, and what it held is gone\n"},
    {.name = "a longer text",
     .was = NOTE(" string b;\n"),
     .model = NOTE(" @sql:Varchar {length: 20}\n string b;\n"),
     .expected = "lossless while unused\nNote.b must fit VARCHAR(20) again\n"},
    {.name = "a wider number",
     .was = NOTE(" decimal b;\n"),
     .model = NOTE(" int b;\n"),
     .expected = "lossless while unused\nNote.b is cut to what int can hold\n"},
    {.name = "NULL that is written over",
     .was = NOTE(" string? b;\n"),
     .model = NOTE(" string b;\n"),
     .backfill = "Note.b",
     .expected = "lossless while unused\nNote.b gets a value where it holds NULL by then\n"},
    {.name = "NULL that nothing is written over",
     .was = NOTE(" string? b;\n"),
     .model = NOTE(" string b;\n"),
     .expected = "lossless while unused\nNote.b must not hold NULL\n"},
    {.name = "an added column of a table that was renamed",
     .was = "public type Post record {|\n readonly int id;\n string b;\n|};\n",
     .model = NOTE(""),
     .rename = "Post=Note",
     .expected = "lossless while unused\nPost.b goes with what it holds by then\n"},
    {.name = "a stored column that was computed in between",
     .was = NOTE(" int a;\n @db:Computed {value: \"a + 1\", stored: true}\n int b;\n"),
     .model = NOTE(" int a;\n int b;\n"),
     .expected = "lossy\nNote.b keeps the values that were computed\n"},
    {.name = "a computed column that was stored in between",
     .was = NOTE(" int a;\n int b;\n"),
     .model = NOTE(" int a;\n @db:Computed {value: \"a + 1\", stored: true}\n int b;\n"),
     .expected = "lossless while unused\nNote.b goes with what it holds by then\n"},
    {.name = "a history that was dropped",
     .was = NOTE(""),
     .model = "@db:Table {options: {systemVersioning: true}}\n" NOTE(""),
     .expected = "lossy\nNote.history comes back empty\n"},
    {.name = "a history that began",
     .was = "@db:Table {options: {systemVersioning: true}}\n" NOTE(""),
     .model = NOTE(""),
     .expected = "lossless while unused\nNote.history goes with what it holds by then\n"},
    {.name = "a cut value",
     .was = NOTE(" int b;\n"),
     .model = NOTE(" decimal b;\n"),
     .expected = "lossy\nNote.b lost what int cannot hold on the way up\nNote.b must fit decimal again\n"},
    {.name = "a new member",
     .was = "public enum S { A, B }\n" NOTE(" S s;\n"),
     .model = "public enum S { A }\n" NOTE(" S s;\n"),
     .expected = "lossless while unused\nno row may hold S.B\n"},
};

static void test_way_back(void **state) {
    const struct diff_row *row = *state;
    struct way_back_reasons reasons = {0};
    struct fixture fixture;
    const char *text;

    fixture_open(&fixture, row);
    text = arena_printf(&fixture.arena, "%s\n",
                        way_back_name(way_back_grade(&fixture.arena, fixture_plan(&fixture, row), cast_risk, &reasons)));
    for (size_t i = 0; i < reasons.list.count; i++)
        text = arena_printf(&fixture.arena, "%s%s\n", text, reasons.list.at[i]);
    assert_text(text, row->expected);
    arena_free(&fixture.arena);
}

/* A field of the type that goes and comes back: the value that stands in for it, or none. */
static struct stand_in_row {
    const char *name;
    const char *type;
    const char *value;
} stand_in_rows[] = {
    {"stand-in for a number", "integer", "0"},
    {"stand-in for a text", "character varying(5)", "''"},
    {"stand-in for an array", "character varying(5)[]", "'{}'"},
    {"stand-in for an array of a type of its own", "inet[]", "'{}'"},
    {"no stand-in for a range", "int4range", NULL},
    {"no stand-in for an interval", "interval", NULL},
};

static void test_stand_in(void **state) {
    const struct stand_in_row *row = *state;
    struct arena arena = {0};
    struct fixture fixture;
    struct stand_ins found = {0};
    const char *was = arena_printf(&arena, "type A record {|\n    readonly int id;\n    @db:Type {value: \"%s\"}\n    %s x;\n|};\n",
                                   row->type, strcmp(row->type, "integer") == 0 ? "int" : "string");
    const struct diff_row pair = {.was = was, .model = "type A record {|\n    readonly int id;\n|};\n"};

    assert_int_equal(fixture_open(&fixture, &pair), 0);
    stand_ins_find(&fixture.arena, fixture_plan(&fixture, &pair), &found);
    assert_int_equal(found.list.count, row->value ? 1 : 0);
    if (row->value)
        assert_string_equal(found.list.at[0].expression, row->value);
    arena_free(&fixture.arena);
    arena_free(&arena);
}

/* Renames that are inverted twice are what they were. */
static void test_inverse(void **state) {
    const struct diff_row *row = *state;
    struct renames back = {0};
    struct renames again = {0};
    struct fixture fixture;

    fixture_open(&fixture, row);
    renames_invert(&fixture.arena, &fixture.renames, &back);
    renames_invert(&fixture.arena, &back, &again);
    assert_int_equal(again.list.count, fixture.renames.list.count);
    for (size_t i = 0; i < again.list.count; i++)
        assert_string_equal(rename_text(&fixture.arena, &again.list.at[i]), rename_text(&fixture.arena, &fixture.renames.list.at[i]));
    arena_free(&fixture.arena);
}

int main(void) {
    struct CMUnitTest tests[2 * ROWS(plan_rows) + ROWS(object_plan_rows) + ROWS(object_delta_rows) + ROWS(object_hazard_rows) +
                            ROWS(object_way_back_rows) + ROWS(question_rows) + ROWS(delta_rows) + ROWS(hazard_rows) + ROWS(way_back_rows) +
                            ROWS(stand_in_rows)];
    size_t count = 0;

    ADD_ROWS(tests, count, plan_rows, test_plan);
    ADD_ROWS(tests, count, plan_rows, test_inverse);
    ADD_ROWS(tests, count, object_plan_rows, test_plan);
    ADD_ROWS(tests, count, object_delta_rows, test_deltas);
    ADD_ROWS(tests, count, object_hazard_rows, test_hazards);
    ADD_ROWS(tests, count, object_way_back_rows, test_way_back);
    ADD_ROWS(tests, count, question_rows, test_questions);
    ADD_ROWS(tests, count, delta_rows, test_deltas);
    ADD_ROWS(tests, count, hazard_rows, test_hazards);
    ADD_ROWS(tests, count, way_back_rows, test_way_back);
    ADD_ROWS(tests, count, stand_in_rows, test_stand_in);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
