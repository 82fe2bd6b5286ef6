/* Diagrams of what no model can be sure to avoid: names of any kind, relations of every shape. */
#include <string.h>

#include "diagram.h"
#include "map.h"
#include "rows.h"

/* An entity and a field of one name, and what is said of them. */
static struct name_case {
    const char *name;
    const char *text;
    const char *mermaid;
    const char *dot;
    const char *svg;
} name_cases[] = {
    {"a plain name", "Invoice", "e0[\"Invoice\"] {\n        int Invoice PK\n", "<B>Invoice</B>", "data-name=\"Invoice\""},
    {"markup", "<b>\"&'", "e0[\"‹b›'&'\"] {\n        int __b____ PK \"‹b›'&'\"\n", "&lt;b&gt;&quot;&amp;&#39;",
     "data-name=\"&lt;b&gt;&quot;&amp;&#39;\""},
    {"the end of a block", "a```b`", "e0[\"a'''b'\"] {\n        int a___b_ PK \"a'''b'\"\n", "<B>a```b`</B>", "data-name=\"a```b`\""},
    {"lines and controls", "a\nb\x01", "e0[\"a b \"] {\n        int a_b_ PK \"a b \"\n", "<B>a\nb\xEF\xBF\xBD</B>",
     "data-name=\"a\nb\xEF\xBF\xBD\""},
    {"a digit first", "9x", "e0[\"9x\"] {\n        int _9x PK \"9x\"\n", "<B>9x</B>", "data-name=\"9x\""},
    {"another script", "Größe", "e0[\"Größe\"] {\n        int Gr____e PK \"Größe\"\n", "<B>Größe</B>", "data-name=\"Größe\""},
    {"a comment of Mermaid", "%%a\\b", "e0[\"％％a/b\"] {\n        int ___a_b PK \"％％a/b\"\n", "<B>%%a\\b</B>", "data-name=\"%%a\\b\""},
    {"a key of Mermaid", "Pk", "e0[\"Pk\"] {\n        int _Pk PK \"Pk\"\n", "<B>Pk</B>", "data-name=\"Pk\""},
    {"a key of Mermaid before a sign", "fk-x", "int _fk-x PK \"fk-x\"\n", "<B>fk-x</B>", "data-name=\"fk-x\""},
    {"the beginning of a key of Mermaid", "uk_x", "int uk_x PK\n", "<B>uk_x</B>", "data-name=\"uk_x\""},
    {"a generic of Mermaid", "a~b~", "e0[\"a∼b∼\"] {\n        int a_b_ PK \"a∼b∼\"\n", "<B>a~b~</B>", "data-name=\"a~b~\""},
    {"a direction of Mermaid", "a Direction LR", "e0[\"a Direction_LR\"] {\n", "<B>a Direction LR</B>", "data-name=\"a Direction LR\""},
    {"an entity of HTML", "#lt;", "e0[\"＃lt,\"] {\n        int __lt_ PK \"＃lt,\"\n", "<B>#lt;</B>", "data-name=\"#lt;\""},
};

static void has(const char *text, const char *part) {
    if (!strstr(text, part))
        fail_msg("\"%s\" is not in:\n%s", part, text);
}

static void test_name(void **state) {
    const struct name_case *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct diagram diagram = {0};
    struct diagram_entity *entity = vec_add(&arena, &diagram.entities);
    struct str mermaid = STR_INIT, dot = STR_INIT, svg = STR_INIT;
    struct diagram_field field = {.name = row->text, .type = "int", .key = true};

    entity->name = row->text;
    vec_push(&arena, &entity->fields, field);
    diagram_mermaid(&diagram, &mermaid);
    diagram_dot(&diagram, &dot);
    assert_int_equal(diagram_svg(&arena, &diagram, "x-", &svg, &diag), 0);
    has(mermaid.text, row->mermaid);
    has(dot.text, row->dot);
    has(svg.text, row->svg);
    str_free(&mermaid);
    str_free(&dot);
    str_free(&svg);
    arena_free(&arena);
}

static struct type_case {
    const char *name;
    const char *type;
    const char *mermaid;
} type_cases[] = {
    {"a type that may be NULL", "string(20)?", "string(20) a\n"},
    {"a type of a module", "time:Date?", "Date a\n"},
    {"a type with two parameters", "decimal(10,2)?", "decimal a\n"},
    {"a type of several words", "timestamp(6) with time zone", "timestamp(6)_with_time_zone a\n"},
    {"a type with texts", "ENUM('a:b','c')", "ENUM a\n"},
};

static void test_type(void **state) {
    const struct type_case *row = *state;
    struct arena arena = {0};
    struct diagram diagram = {0};
    struct diagram_entity *entity = vec_add(&arena, &diagram.entities);
    struct str mermaid = STR_INIT;

    entity->name = "A";
    vec_push(&arena, &entity->fields, ((struct diagram_field){.name = "a", .type = row->type}));
    diagram_mermaid(&diagram, &mermaid);
    has(mermaid.text, arena_printf(&arena, "        %s", row->mermaid));
    str_free(&mermaid);
    arena_free(&arena);
}

/* A relation between two entities, or of one with itself. */
static struct relation_case {
    const char *name;
    struct diagram_relation relation;
    const char *mermaid;
    const char *dot;
    const char *svg;
} relation_cases[] = {
    {"many to one",
     {.from = 1, .to = 0, .name = "b", .many = true},
     "e0 ||--o{ e1 : \"b\"",
     "arrowtail=teetee, arrowhead=crow",
     "B.b → A: many to one<"},
    {"one to none or one",
     {.from = 1, .to = 0, .name = "b", .optional = true},
     "e0 |o--o| e1 : \"b\"",
     "arrowtail=teeodot, arrowhead=tee,",
     "B.b → A: one to none or one<"},
    {"without a name", {.from = 1, .to = 0, .many = true}, "e0 ||--o{ e1 : \"\"", "label=\"\"", "B → A: many to one<"},
    {"added",
     {.from = 1, .to = 0, .name = "b", .change = DIAGRAM_ADDED},
     "e0 ||--o| e1 : \"+ b\"",
     "label=<+ b>",
     "class=\"relation added\""},
    {"removed", {.from = 1, .to = 0, .name = "b", .change = DIAGRAM_REMOVED}, ": \"− b\"", "style=dashed", "class=\"relation removed\""},
    {"to itself",
     {.from = 0, .to = 0, .name = "up", .optional = true, .many = true},
     "e0 |o--o{ e0 : \"up\"",
     "e0 -> e0",
     "A.up → A: many"},
    {"a view that reads", {.from = 1, .to = 0, .reads = true, .many = true}, "e0 }o..o{ e1 : \"reads\"", "style=dotted", "B reads A"},
};

static void test_relation(void **state) {
    const struct relation_case *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct diagram diagram = {0};
    struct str mermaid = STR_INIT, dot = STR_INIT, svg = STR_INIT;

    vec_add(&arena, &diagram.entities)->name = "A";
    vec_add(&arena, &diagram.entities)->name = "B";
    vec_push(&arena, &diagram.relations, row->relation);
    diagram_mermaid(&diagram, &mermaid);
    diagram_dot(&diagram, &dot);
    assert_int_equal(diagram_svg(&arena, &diagram, NULL, &svg, &diag), 0);
    has(mermaid.text, row->mermaid);
    has(dot.text, row->dot);
    has(svg.text, row->svg);
    str_free(&mermaid);
    str_free(&dot);
    str_free(&svg);
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(name_cases) + ROWS(type_cases) + ROWS(relation_cases)];
    size_t count = 0;

    ADD_ROWS(tests, count, name_cases, test_name);
    ADD_ROWS(tests, count, type_cases, test_type);
    ADD_ROWS(tests, count, relation_cases, test_relation);
    return cmocka_run_group_tests_name("diagram", tests, NULL, NULL);
}
