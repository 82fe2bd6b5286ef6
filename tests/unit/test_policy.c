/* The policy of a project: what the configuration may say, which lines accept what, and what becomes of a hazard. */
#include "rows.h"

#include <string.h>

#include "policy.h"

struct setting {
    struct arena arena;
    struct diag diag;
    struct config config;
};

/* Reads the entry of a model with the lines POLICY, and checks its words. */
static int read_policy(struct setting *setting, const char *policy) {
    const char *text = arena_printf(&setting->arena, "[[tool.persist]]\nmodel = \"m\"\n%s", policy);
    struct source *source;

    setting->diag.arena = &setting->arena;
    source = source_new(&setting->arena, "persist.toml", text, strlen(text), &setting->diag);
    if (config_parse(&setting->arena, source, &setting->config, &setting->diag))
        return -1;
    return policy_check(&setting->config.models.at[0].policy, source, &setting->diag);
}

static struct config_row {
    const char *name;
    const char *text;
    const char *message; /* the first one; NULL: it is good */
} config_rows[] = {
    {"config: no policy", "", NULL},
    {"config: a table of its own", "[tool.persist.policy]\nfail = [\"destroy\", \"C101\"]\nwarn = [\"clients\"]\nproof = \"required\"\n",
     NULL},
    {"config: inside the entry", "policy.approve = [\"drop-column\"]\npolicy.ignore = []\n", NULL},
    {"config: no such code", "policy.fail = [\"D999\"]\n", "no hazard has the code or name \"D999\""},
    {"config: no such level", "policy.reject = [\"D101\"]\n", "unknown setting \"policy.reject\" in [[tool.persist]]"},
    {"config: a letter wrong", "policy.fial = [\"D101\"]\n", "unknown setting \"policy.fial\" in [[tool.persist]]"},
    {"config: outside its table", "fail = [\"D101\"]\n", "unknown setting \"fail\" in [[tool.persist]]"},
    {"config: a second entry", "[[tool.persist]]\nmodel = \"m\"\n", "\"m\" has an entry already"},
    {"config: an entry of another model", "[[tool.persist]]\nmodel = \"n\"\n", NULL},
    {"config: a table of nobody", "[tool.persit]\n", "\"persit\" is no table of this program"},
    {"config: a text for a list", "policy.fail = \"D101\"\n", "\"policy.fail\" must be a list of texts"},
    {"config: a number in a list", "policy.fail = [1]\n", "\"policy.fail\" must be a list of texts"},
    {"config: an empty text in a list", "policy.fail = [\"\"]\n", "\"policy.fail\" must be a list of texts"},
    {"config: a text for the table", "policy = \"strict\"\n", "\"policy\" must be a table"},
    {"config: no such proof", "policy.proof = \"always\"\n", "\"policy.proof\" cannot be \"always\""},
    {"config: one word on two levels", "policy.fail = [\"D101\"]\npolicy.warn = [\"D101\"]\n", "the policy says two things of \"D101\""},
    {"config: code and name on two levels", "policy.fail = [\"D101\"]\npolicy.warn = [\"drop-table\"]\n",
     "the policy says two things of \"drop-table\""},
    {"config: a kind on two levels", "policy.fail = [\"lock\"]\npolicy.warn = [\"lock\"]\n", "the policy says two things of \"lock\""},
};

static void test_config(void **state) {
    const struct config_row *row = *state;
    struct setting setting = {0};
    int result = read_policy(&setting, row->text);

    assert_int_equal(result, row->message ? -1 : 0);
    if (row->message)
        assert_string_equal(setting.diag.list.at[0].message, row->message);
    else
        assert_int_equal(setting.diag.list.count, 0);
    arena_free(&setting.arena);
}

static struct accept_row {
    const char *name;
    const char *text;
    const char *expected; /* "CODE subject: reason;" each; or the message behind "!" */
} accept_rows[] = {
    {"accept: no line", "# Plan\n\nnothing here\n", ""},
    {"accept: by code", "persist:accept D102 Invoice.note \"exported in May\"\n", "D102 Invoice.note: exported in May;"},
    {"accept: by name", "persist:accept drop-column Invoice.note \"exported\"", "D102 Invoice.note: exported;"},
    {"accept: a comment in a model", "    //persist:accept D101 Invoice \"empty\"\ntype x\n", "D101 Invoice: empty;"},
    {"accept: an item", "- persist:accept D101 Invoice \"empty\"\r\n", "D101 Invoice: empty;"},
    {"accept: a comment in Markdown", "<!-- persist:accept D101 Invoice \"empty\" -->\n", "D101 Invoice: empty;"},
    {"accept: any subject", "persist:accept D101 * \"all empty\"\n", "D101 *: all empty;"},
    {"accept: a subject with a blank", "persist:accept D101 \"odd name\" \"empty\"\n", "D101 odd name: empty;"},
    {"accept: quotes in the reason", "persist:accept D101 Invoice \"it is \"empty\" now\"\n", "D101 Invoice: it is \"empty\" now;"},
    {"accept: two lines", "persist:accept D101 A \"a\"\npersist:accept D102 B.c \"b\"\n", "D101 A: a;D102 B.c: b;"},
    {"accept: in the middle of a line is none", "as in persist:accept D101 A \"a\"\n", ""},
    {"accept: a sentence is none", "// persist: the table of invoices\n", ""},
    {"accept: a sign without a word is none", "// persist:\n", ""},
    {"accept: a longer word", "persist:accepted D101 A \"a\"\n", "!there is no directive \"persist:accepted\""},
    {"accept: a letter too few", "// persist:acept D101 A \"a\"\n", "!there is no directive \"persist:acept\""},
    {"accept: another directive", "- persist:ignore D101 A \"a\"\n", "!there is no directive \"persist:ignore\""},
    {"accept: a capital", "Persist:accept D101 A \"a\"\n", "!there is no directive \"Persist:accept\""},
    {"accept: a blank inside", "<!-- persist: accept D101 A \"a\" -->\n", "!there is no directive \"persist: accept\""},
    {"accept: nothing behind", "persist:accept\n", "!this line does not say which hazard it accepts"},
    {"accept: no such code", "persist:accept D999 A \"a\"\n", "!no hazard has the code or name \"D999\""},
    {"accept: a whole kind", "persist:accept destroy A \"a\"\n",
     "!a whole kind cannot be accepted: say the code or the name of the hazard"},
    {"accept: no subject", "persist:accept D101\n", "!this line does not say of what it accepts the hazard"},
    {"accept: no reason", "persist:accept D101 A\n", "!this line gives no reason, in double quotes at its end"},
    {"accept: an empty reason", "persist:accept D101 A \"\"\n", "!this line gives no reason, in double quotes at its end"},
    {"accept: a reason of blanks", "persist:accept D101 A \"  \"\n", "!this line gives no reason, in double quotes at its end"},
    {"accept: a reason without quotes", "persist:accept D101 A because\n", "!this line gives no reason, in double quotes at its end"},
    {"accept: words behind the reason", "persist:accept D101 A \"a\" b\n", "!this line gives no reason, in double quotes at its end"},
};

static void test_accept(void **state) {
    const struct accept_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct source *source = source_new(&arena, "plan.md", row->text, strlen(row->text), &diag);
    struct accepts accepts = {0};
    struct str out = STR_INIT;
    int result = accepts_read(&arena, source, &accepts, &diag);

    for (size_t i = 0; i < accepts.list.count; i++)
        str_addf(&out, "%s %s: %s;", accepts.list.at[i]->rule->code, accepts.list.at[i]->subject, accepts.list.at[i]->reason);
    assert_int_equal(result, *row->expected == '!' ? -1 : 0);
    assert_string_equal(result ? diag.list.at[0].message : out.text, row->expected + (result ? 1 : 0));
    str_free(&out);
    arena_free(&arena);
}

static struct judge_row {
    const char *name;
    const char *policy;
    const char *line; /* of approval */
    const char *rule;
    enum verdict verdict;
    const char *accepted;
    bool unused; /* the line accepts nothing */
} judge_rows[] = {
    {"judge: without a policy a loss fails", "", "", "D102", VERDICT_FAIL, NULL, false},
    {"judge: without a policy all else warns", "", "", "F101", VERDICT_WARN, NULL, false},
    {"judge: a loss that is accepted", "", "persist:accept D102 A.b \"x\"", "D102", VERDICT_NOTE, "x", false},
    {"judge: accepted by name", "", "persist:accept drop-column A.b \"x\"", "D102", VERDICT_NOTE, "x", false},
    {"judge: accepted whatever it is of", "", "persist:accept D102 * \"x\"", "D102", VERDICT_NOTE, "x", false},
    {"judge: another subject is accepted", "", "persist:accept D102 A.bb \"x\"", "D102", VERDICT_FAIL, NULL, true},
    {"judge: another hazard is accepted", "", "persist:accept D101 A.b \"x\"", "D102", VERDICT_FAIL, NULL, true},
    {"judge: what warns can be accepted", "", "persist:accept F101 A.b \"x\"", "F101", VERDICT_NOTE, "x", false},
    {"judge: a code that fails", "policy.fail = [\"F101\"]\n", "", "F101", VERDICT_FAIL, NULL, false},
    {"judge: what fails cannot be accepted", "policy.fail = [\"F101\"]\n", "persist:accept F101 A.b \"x\"", "F101", VERDICT_FAIL, NULL,
     false},
    {"judge: a kind that fails", "policy.fail = [\"fail\"]\n", "", "F101", VERDICT_FAIL, NULL, false},
    {"judge: a code decides over its kind", "policy.fail = [\"fail\"]\npolicy.ignore = [\"unique\"]\n", "", "F101", VERDICT_NOTE, NULL,
     false},
    {"judge: also before it", "policy.ignore = [\"F101\"]\npolicy.fail = [\"fail\"]\n", "", "F101", VERDICT_NOTE, NULL, false},
    {"judge: another code of the kind", "policy.fail = [\"fail\"]\npolicy.ignore = [\"F101\"]\n", "", "F102", VERDICT_FAIL, NULL, false},
    {"judge: what needs approval", "policy.approve = [\"clients\"]\n", "", "C102", VERDICT_FAIL, NULL, false},
    {"judge: what has approval", "policy.approve = [\"clients\"]\n", "persist:accept C102 A.b \"x\"", "C102", VERDICT_NOTE, "x", false},
    {"judge: a loss that only warns", "policy.warn = [\"destroy\"]\n", "", "D101", VERDICT_WARN, NULL, false},
    {"judge: a kind that nothing is said of", "policy.fail = [\"clients\"]\n", "", "D101", VERDICT_FAIL, NULL, false},
};

static void test_judge(void **state) {
    const struct judge_row *row = *state;
    struct setting setting = {0};
    struct accepts accepts = {0};
    struct review_hazard hazard = {.rule = policy_rule(row->rule), .subject = "A.b"};
    struct source *source;

    assert_int_equal(read_policy(&setting, row->policy), 0);
    source = source_new(&setting.arena, "plan.md", row->line, strlen(row->line), &setting.diag);
    assert_int_equal(accepts_read(&setting.arena, source, &accepts, &setting.diag), 0);
    policy_judge(&setting.config.models.at[0].policy, &accepts, &hazard);
    assert_int_equal(hazard.verdict, row->verdict);
    if (row->accepted)
        assert_string_equal(hazard.accepted, row->accepted);
    else
        assert_null(hazard.accepted);
    accepts_warn_unused(&accepts, &setting.diag);
    assert_int_equal(setting.diag.warnings, row->unused ? 1 : 0);
    arena_free(&setting.arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(config_rows) + ROWS(accept_rows) + ROWS(judge_rows)];
    size_t count = 0;

    ADD_ROWS(tests, count, config_rows, test_config);
    ADD_ROWS(tests, count, accept_rows, test_accept);
    ADD_ROWS(tests, count, judge_rows, test_judge);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
