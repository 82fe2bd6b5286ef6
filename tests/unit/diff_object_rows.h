/* Rows of test_diff.c about objects in the database's own words. The rules know a function (replaced while its first word stays), a view
 * (replaced while its first word stays), a trigger and an index (never replaced), a partition (holds rows), a sequence (always altered).
 * Objects are made again around changes of type and drops of the columns that they read. */
#ifndef PERSIST_DIFF_OBJECT_ROWS_H
#define PERSIST_DIFF_OBJECT_ROWS_H

#define OBJECT(kind, name, more, text)                                                                                                     \
    "@db:Object {kind: \"" kind "\", name: \"" name "\"" more "}\nconst string " name " = string `" text "`;\n"
#define ON_NOTE ", on: \"Note\""
#define READS(what) ", dependsOn: [" what "]"
#define VIEW(name, reads, text) OBJECT("view", name, READS(reads), text)
#define FUNCTION(name, text) OBJECT("function", name, "", text)

static struct diff_row object_plan_rows[] = {
    {.name = "objects come around the tables",
     .was = "",
     .model = NOTE(" int a;\n") FUNCTION("f", "int 1") OBJECT("sequence", "s", "", "AS int") VIEW("v", "\"Note\"", "x a")
         OBJECT("trigger", "t", ON_NOTE READS("\"f\""), "call f"),
     .expected = "create f\ncreate s\ncreate table Note\ncreate v\ncreate t\n"},
    {.name = "and go the other way round",
     .was = NOTE(" int a;\n") FUNCTION("f", "int 1") OBJECT("sequence", "s", "", "AS int") VIEW("v", "\"Note\"", "x a")
         OBJECT("trigger", "t", ON_NOTE READS("\"f\""), "call f"),
     .model = "",
     .expected = "drop t\ndrop v\ndrop table Note\ndrop s\ndrop f\n"},
    {.name = "what is read comes first, whatever it is called",
     .was = NOTE(""),
     .model = NOTE("") VIEW("a", "\"b\"", "x") VIEW("b", "\"c\"", "x") VIEW("c", "\"Note\"", "x"),
     .expected = "create c\ncreate b\ncreate a\n"},
    {.name = "a base object that reads base objects",
     .was = "",
     .model = VIEW("a", "\"b\"", "x") VIEW("b", "\"z\"", "x") FUNCTION("z", "int"),
     .expected = "create z\ncreate b\ncreate a\n"},
    {.name = "replaced in place",
     .was = NOTE(" int a;\n") VIEW("v", "\"Note\"", "x 1") FUNCTION("f", "int 1"),
     .model = NOTE(" int a;\n") VIEW("v", "\"Note\"", "x 2") FUNCTION("f", "int 2"),
     .expected = "replace f\nreplace v\n"},
    {.name = "made again with what stands on it",
     .was = NOTE(" int a;\n") VIEW("v", "\"Note\"", "x 1") VIEW("w", "\"v\"", "x") OBJECT("trigger", "t", ", on: \"w\"", "x"),
     .model = NOTE(" int a;\n") VIEW("v", "\"Note\"", "y 1") VIEW("w", "\"v\"", "x") OBJECT("trigger", "t", ", on: \"w\"", "x"),
     .expected = "drop t !\ndrop w !\ndrop v ~\ncreate v ~\ncreate w !\ncreate t !\n"},
    {.name = "a comment is changed in place",
     .was = NOTE("") "# one\n" OBJECT("trigger", "t", ON_NOTE, "x"),
     .model = NOTE("") "# two\n" OBJECT("trigger", "t", ON_NOTE, "x"),
     .expected = "replace t\n"},
    {.name = "the name of the constant is nothing to the database",
     .was = NOTE("") "@db:Object {kind: \"view\", name: \"v\", dependsOn: [\"Note\"]}\nconst string one = string `x`;\n",
     .model = NOTE("") "@db:Object {kind: \"view\", name: \"v\", dependsOn: [\"Note\"]}\nconst string two = string `x`;\n",
     .expected = ""},
    {.name = "made again around a change of type of what it reads",
     .was = NOTE(" int a;\n int b;\n") VIEW("reader", "\"Note\"", "x a") VIEW("other", "\"Note\"", "x b") VIEW("all", "\"Note\"", "x *"),
     .model =
         NOTE(" string a;\n int b;\n") VIEW("reader", "\"Note\"", "x a") VIEW("other", "\"Note\"", "x b") VIEW("all", "\"Note\"", "x *"),
     .expected = "drop reader !\ndrop all !\nalter column Note.a type\ncreate all !\ncreate reader !\n"},
    {.name = "made again because a column goes",
     .was = NOTE(" int a;\n int b;\n") VIEW("v", "\"Note\"", "x a, b"),
     .model = NOTE(" int b;\n") VIEW("v", "\"Note\"", "x b"),
     .expected = "drop v ~\ndrop column Note.a\ncreate v ~\n"},
    {.name = "not around an added column",
     .was = NOTE(" int a;\n") VIEW("v", "\"Note\"", "x a"),
     .model = NOTE(" int a;\n int b;\n") VIEW("v", "\"Note\"", "x a"),
     .expected = "add column Note.b\n"},
    {.name = "it no longer reads the table that goes",
     .was = NOTE("") ENTITY("Old", "") VIEW("v", "\"Note\", \"Old\"", "x 1"),
     .model = NOTE("") VIEW("v", "\"Note\"", "x 2"),
     .expected = "drop v ~\ndrop table Old\ncreate v ~\n"},
    {.name = "it no longer reads the view that goes",
     .was = NOTE("") VIEW("v", "\"w\"", "x 1") VIEW("w", "\"Note\"", "x"),
     .model = NOTE("") VIEW("v", "\"Note\"", "x 2"),
     .expected = "drop v ~\ndrop w\ncreate v ~\n"},
    {.name = "the table it stands on is renamed",
     .was = NOTE("") OBJECT("trigger", "t", ON_NOTE, "x"),
     .model = "@db:Was {name: \"Note\"}\n" ENTITY("Memo", "") OBJECT("trigger", "t", ", on: \"Memo\"", "x"),
     .expected = "rename table Note > Memo\nrename key pk_Note > pk_Memo\n"},
    {.name = "two triggers of one name on two tables",
     .was = NOTE("") ENTITY("Memo", "") "@db:Object {kind: \"trigger\", name: \"t\", on: \"Note\"}\nconst string one = string `x`;\n",
     .model = NOTE("") ENTITY("Memo", "") "@db:Object {kind: \"trigger\", name: \"t\", on: \"Note\"}\nconst string one = string `x`;\n"
                                          "@db:Object {kind: \"trigger\", name: \"t\", on: \"Memo\"}\nconst string two = string `x`;\n",
     .expected = "create two\n"},
    {.name = "rows are not lost for a change of type",
     .was = NOTE(" int a;\n") OBJECT("partition", "p", ON_NOTE, "a in (1)"),
     .model = NOTE(" string a;\n") OBJECT("partition", "p", ON_NOTE, "a in (1)"),
     .expected = "alter column Note.a type\n"},
    {.name = "a function that stands under tables",
     .was = "@db:Check {name: \"c\", value: \"f(a) > 0\"}\n@db:Index {name: \"i\", keys: [{expression: \"f(a)\"}]}\n" NOTE(
         " int a;\n @db:Default {value: \"f(1)\"}\n int b;\n @db:Computed {value: \"f(a)\", stored: true}\n int d;\n")
         FUNCTION("f", "int 1"),
     .model = "@db:Check {name: \"c\", value: \"f(a) > 0\"}\n@db:Index {name: \"i\", keys: [{expression: \"f(a)\"}]}\n" NOTE(
         " int a;\n @db:Default {value: \"f(1)\"}\n int b;\n @db:Computed {value: \"f(a)\", stored: true}\n int d;\n")
         FUNCTION("f", "text 1"),
     .expected = "drop check c !\ndrop index i !\ndrop column Note.d !\ndrop f ~\ncreate f ~\nalter column Note.b default\n"
                 "add column Note.d !\nadd index i !\nadd check c !\n"},
    {.name = "a type that columns have is made again",
     .was = NOTE(" @db:Type {value: \"t\"}\n string a;\n @db:Type {value: \"t[]\"}\n string b;\n int c;\n") OBJECT("type", "t", "", "1")
         VIEW("v", "\"Note\"", "x a"),
     .model = NOTE(" @db:Type {value: \"t\"}\n string a;\n @db:Type {value: \"t[]\"}\n string b;\n int c;\n") OBJECT("type", "t", "", "2")
         VIEW("v", "\"Note\"", "x a"),
     .expected = "drop v !\ndrop t ~\ncreate t ~\nalter column Note.a type\nalter column Note.b type\ncreate v !\n"},
    {.name = "a function that is no longer used goes last",
     .was = NOTE(" @db:Default {value: \"f(1)\"}\n int b;\n") FUNCTION("f", "int 1"),
     .model = NOTE(" int b;\n"),
     .expected = "alter column Note.b default\ndrop f\n"},
    {.name = "a name that a table wants is free in time",
     .was = OBJECT("sequence", "Note", "", "x"),
     .model = NOTE(""),
     .expected = "drop Note\ncreate table Note\n"},
    {.name = "a view becomes another kind of object",
     .was = NOTE("") VIEW("v", "\"Note\"", "x"),
     .model = NOTE("") OBJECT("function", "v", READS("\"Note\""), "x"),
     .expected = "drop v\ncreate v\n"},
    {.name = "values of an enum type go",
     .was = "@db:Enum {name: \"s\"}\npublic enum S { A, B }\n" NOTE(" S s;\n int a;\n") VIEW("reader", "\"Note\"", "x s")
         VIEW("other", "\"Note\"", "x a") OBJECT("function", "f", READS("\"S\""), "x"),
     .model = "@db:Enum {name: \"s\"}\npublic enum S { A }\n" NOTE(" S s;\n int a;\n") VIEW("reader", "\"Note\"", "x s")
         VIEW("other", "\"Note\"", "x a") OBJECT("function", "f", READS("\"S\""), "x"),
     .expected = "drop reader !\ndrop f !\nalter enum s\ncreate f !\ncreate reader !\n"},
    {.name = "values of an enum type go under an array",
     .was = "@db:Enum {name: \"s\"}\npublic enum S { A, B }\n" NOTE(" S s;\n @db:Type {value: \"s[]\"}\n string t;\n"),
     .model = "@db:Enum {name: \"s\"}\npublic enum S { A }\n" NOTE(" S s;\n @db:Type {value: \"s[]\"}\n string t;\n"),
     .expected = "alter enum s\nalter column Note.t type\n"},
    {.name = "values of an enum type come",
     .was = "@db:Enum {name: \"s\"}\npublic enum S { A }\n" NOTE(" S s;\n") VIEW("reader", "\"Note\"", "x s"),
     .model = "@db:Enum {name: \"s\"}\npublic enum S { A, B }\n" NOTE(" S s;\n") VIEW("reader", "\"Note\"", "x s"),
     .expected = "alter enum s\n"},
};

static struct diff_row object_delta_rows[] = {
    {.name = "objects",
     .was = NOTE("") VIEW("v", "\"Note\"", "x 1") FUNCTION("gone", "x"),
     .model = NOTE("") "# it is\n" VIEW("v", "\"Note\"", "x 2") OBJECT("trigger", "t", ON_NOTE, "x"),
     .expected = "gone|function removed (gone)\nt|trigger added (t on Note)\nv|view changed: definition changed, comment added (v)\n"},
    {.name = "an object's constant renamed",
     .was = NOTE("") "@db:Object {kind: \"view\", name: \"v\", dependsOn: [\"Note\"]}\nconst string one = string `x`;\n",
     .model = NOTE("") "@db:Object {kind: \"view\", name: \"v\"}\nconst string two = string `x`;\n",
     .expected = "two|view renamed from one: depends on nothing any more (v)\n"},
};

static struct diff_row object_hazard_rows[] = {
    {.name = "objects that go",
     .was = NOTE("") VIEW("v", "\"Note\"", "x") OBJECT("trigger", "t", ON_NOTE, "x") OBJECT("partition", "p", ON_NOTE, "x"),
     .model = NOTE(""),
     .expected = "clients v: drops the view \"v\": clients that use it fail\ndestroy p: drops the partition \"p\" and its rows\n"},
    {.name = "objects that are made again",
     .was = NOTE("") VIEW("v", "\"Note\"", "x") OBJECT("partition", "p", ON_NOTE, "x"),
     .model = NOTE("") VIEW("v", "\"Note\"", "y") OBJECT("partition", "p", ON_NOTE, "y"),
     .expected = "destroy p: drops the partition \"p\" and its rows to make it again without them\n"},
};

static struct diff_row object_way_back_rows[] = {
    {.name = "a view comes and goes", .was = VIEW("v", "", "x"), .model = VIEW("w", "", "x"), .expected = "lossless\n"},
    {.name = "a partition that was made",
     .was = NOTE("") OBJECT("partition", "p", ON_NOTE, "x"),
     .model = NOTE(""),
     .expected = "lossless while unused\np goes with the rows it has by then\n"},
    {.name = "a partition that was dropped",
     .was = NOTE(""),
     .model = NOTE("") OBJECT("partition", "p", ON_NOTE, "x"),
     .expected = "lossy\np comes back empty\n"},
};

#endif
