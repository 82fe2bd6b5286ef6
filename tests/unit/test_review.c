/* Reviews: texts made safe for Markdown, and renames of several steps as one. The forms are tested end to end. */
#include <string.h>

#include "changes.h"
#include "markdown.h"
#include "rows.h"

static struct text_row {
    const char *name;
    const char *text;
    const char *expected;
    const char *code; /* the same as code */
} text_rows[] = {
    {"text: plain", "Invoice.note: string → int", "Invoice.note: string → int", "`Invoice.note: string → int`"},
    {"text: empty", "", "", "<code></code>"},
    {"text: ends a cell", "a|b", "a\\|b", "<code>a\\|b</code>"},
    {"text: a backslash before it", "a\\|b", "a\\\\\\|b", "<code>a\\\\\\|b</code>"},
    {"text: ends code", "a`b", "a\\`b", "<code>a\\`b</code>"},
    {"text: elements", "<b>&lt;", "\\<b\\>\\&lt;", "`<b>&lt;`"},
    {"text: emphasis", "*a* _b_ c_d ~~e~~", "\\*a\\* \\_b\\_ c_d \\~\\~e\\~\\~", "`*a* _b_ c_d ~~e~~`"},
    {"text: a link and a picture", "![a](b)", "\\!\\[a\\](b)", "`![a](b)`"},
    {"text: people, references and math", "@a #1 $x$", "<span>@</span>a <span>#</span>1 <span>$</span>x<span>$</span>", "`@a #1 $x$`"},
    {"text: a line end", "a\nb", "a\\\\u{0A}b", "<code>a\\\\u{0A}b</code>"},
    {"text: blanks around", " a ", " a ", "<code> a </code>"},
};

static void test_text(void **state) {
    const struct text_row *row = *state;
    struct arena arena = {0};

    assert_string_equal(markdown_text(&arena, row->text), row->expected);
    assert_string_equal(markdown_code(&arena, row->text), row->code);
    arena_free(&arena);
}

static struct fence_row {
    const char *name;
    const char *text;
    const char *expected;
} fence_rows[] = {
    {"fence: a line", "a", "```sql\na\n```\n\n"},
    {"fence: a line with its end", "a\n", "```sql\na\n```\n\n"},
    {"fence: backticks inside", "a\n```\n````b", "`````sql\na\n```\n````b\n`````\n\n"},
    {"fence: nothing", "", "```sql\n\n```\n\n"},
};

static void test_fence(void **state) {
    const struct fence_row *row = *state;
    struct str out = STR_INIT;

    markdown_add_fenced(&out, "sql", row->text);
    assert_string_equal(out.text, row->expected);
    str_free(&out);
}

/* Steps as "A.b=c", a word each; "(A.b=c" is a relation's, "[A.b=c" an enum member's, "[A=b" an enum's. */
static struct compose_row {
    const char *name;
    const char *first;
    const char *second;
    const char *expected;
} compose_rows[] = {
    {"compose: one after the other", "A.b=c", "A.c=d", "A.b=d "},
    {"compose: there and back", "A.b=c", "A.c=b", ""},
    {"compose: two that have nothing in common", "A.b=c", "X.y=z", "A.b=c X.y=z "},
    {"compose: the owner is renamed behind it", "A.b=c", "A=B", "B.b=c A=B "},
    {"compose: the owner is renamed before it", "A=B", "B.b=c", "A=B B.b=c "},
    {"compose: the owner with it", "A.b=c", "A=B B.c=d", "B.b=d A=B "},
    {"compose: a new thing has the old name", "A.b=c", "A.b=d", "A.b=c "},
    {"compose: two that swap, twice", "A.b=c A.c=b", "A.b=c A.c=b", ""},
    {"compose: a field and a relation of one name", "A.b=c", "(A.c=d", "A.b=c (A.c=d "},
    {"compose: members and their enum", "[A.b=c", "[A=B [B.c=d", "[B.b=d [A=B "},
    {"compose: an entity and an enum of one name", "A=B", "[B=C", "A=B [B=C "},
};

static void read_step(struct arena *arena, const char *text, struct renames *renames) {
    for (; *text; text += strcspn(text, " "), text += *text == ' ') {
        const char *word = arena_strndup(arena, text, strcspn(text, " "));
        bool member = *word == '[', relation = *word == '(';
        const char *name = word + (member || relation), *dot = strchr(name, '.'), *equals = strchr(name, '=');
        struct rename rename = {.kind = member ? RENAME_MEMBER : relation ? RENAME_RELATION : RENAME_FIELD};

        if (!dot)
            rename.kind = member ? RENAME_ENUM : RENAME_ENTITY;
        rename.owner = dot ? arena_strndup(arena, name, (size_t)(dot - name)) : NULL;
        name = dot ? dot + 1 : name;
        rename.from = arena_strndup(arena, name, (size_t)(equals - name));
        rename.to = equals + 1;
        vec_push(arena, &renames->list, rename);
    }
}

static void test_compose(void **state) {
    const struct compose_row *row = *state;
    struct arena arena = {0};
    struct renames first = {0}, second = {0}, both = {0};
    struct str out = STR_INIT;

    read_step(&arena, row->first, &first);
    read_step(&arena, row->second, &second);
    renames_compose(&arena, &first, &second, &both);
    for (size_t i = 0; i < both.list.count; i++) {
        enum rename_kind kind = both.list.at[i].kind;

        str_addf(&out, "%s%s ",
                 kind == RENAME_MEMBER || kind == RENAME_ENUM ? "["
                 : kind == RENAME_RELATION                    ? "("
                                                              : "",
                 rename_text(&arena, &both.list.at[i]));
    }
    assert_string_equal(out.text, row->expected);
    str_free(&out);
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(text_rows) + ROWS(fence_rows) + ROWS(compose_rows)];
    size_t count = 0;

    ADD_ROWS(tests, count, text_rows, test_text);
    ADD_ROWS(tests, count, fence_rows, test_fence);
    ADD_ROWS(tests, count, compose_rows, test_compose);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
