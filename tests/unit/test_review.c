/* Reviews: texts made safe for Markdown, what is told of a large one, and renames of several steps as one. The forms are tested end to end. */
#include <string.h>

#include "changes.h"
#include "markdown.h"
#include "review.h"
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

/* So many migrations, each with so many changes, statements and hazards, whose texts are as long. */
static struct size_row {
    const char *name;
    size_t migrations;
    size_t parts;
    size_t length;
    size_t most;
    const char *expected;
} size_rows[] = {
    {"size: small is told whole", 2, 3, 20, 64000, "Risks"},
    {"size: hazards that differ in their subjects alone are one row", 1, 3, 20, 64000, "| `A.b`, `A.b` |"},
    {"size: of long tables the first rows", 1, 300, 60, 64000, "more: see the model."},
    {"size: of scripts what fits", 1, 50, 3000, 64000, "too long for a comment: see the file."},
    {"size: of long texts the beginning", 3, 100, 5000, 64000, "…"},
    {"size: of many migrations the first", 400, 5, 50, 64000, "migrations, too long for a comment: `persist review --html` tells all."},
    {"size: with little room what it is about", 2, 3, 20, 400, "… and 2 migrations, too long for a comment"},
};

static const char *long_text(struct arena *arena, size_t length) {
    char *text = arena_alloc(arena, length + 1);

    for (size_t i = 0; i < length; i++)
        text[i] = "a|b "[i % 4];
    text[length] = '\0';
    return text;
}

static void fill_migration(struct arena *arena, const struct size_row *row, struct review_migration *migration) {
    static const struct hazard_rule rule = {"D102", "drop-column", HAZARD_DESTROY, "a column goes", "Its values go.", NULL};
    const char *text = long_text(arena, row->length);

    migration->id = "20261120101500_step";
    migration->folder = "persist/migrations/billing/20261120101500_step";
    for (size_t i = 0; i < row->parts; i++) {
        vec_push(arena, &migration->deltas.list, ((struct delta){.noun = DELTA_FIELD, .entity = "A", .name = "b", .detail = text}));
        vec_push(arena, &migration->up, ((struct review_statement){.text = text}));
        vec_push(arena, &migration->hazards,
                 ((struct review_hazard){.rule = &rule, .subject = "A.b", .text = text, .verdict = VERDICT_FAIL, .down = i % 2}));
    }
}

static void test_size(void **state) {
    const struct size_row *row = *state;
    struct arena arena = {0};
    const struct schema *none = ARENA_NEW(&arena, struct schema);
    struct review review = {.model = "billing", .datastore = "SQLite", .range = "..", .before = none, .after = none};
    struct str out = STR_INIT;

    for (size_t i = 0; i < row->migrations; i++)
        fill_migration(&arena, row, vec_add(&arena, &review.migrations));
    review.deltas = review.migrations.at[0].deltas;
    review_markdown(&arena, &review, row->most, &out);
    assert_true(out.length <= row->most + 100);
    assert_non_null(strstr(out.text, row->expected));
    assert_non_null(strstr(out.text, "fail the policy."));
    assert_int_equal(out.text[out.length - 1], '\n');
    str_free(&out);
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(text_rows) + ROWS(fence_rows) + ROWS(compose_rows) + ROWS(size_rows)];
    size_t count = 0;

    ADD_ROWS(tests, count, text_rows, test_text);
    ADD_ROWS(tests, count, fence_rows, test_fence);
    ADD_ROWS(tests, count, compose_rows, test_compose);
    ADD_ROWS(tests, count, size_rows, test_size);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
