/* The schema between two migrations: which changes are cut, what is in between, and why others are not. */
#include "rows.h"

#include <string.h>

#include "expand.h"
#include "registry.h"
#include "snapshot.h"

#define HEAD "import ballerina/persist as _;\nimport ballerinax/persist.sql;\nimport persist/db;\n"
#define A(fields) "type A record {|\n    readonly int id;\n" fields "|};\n"

#define TRIGGER(text) "@db:Object {kind: \"trigger\", name: \"t\", on: \"A\"}\nconst string t = string `" text "`;\n"
#define FUNCTION(body)                                                                                                                     \
    "@db:Object {kind: \"function\", name: \"f()\"}\nconst string f = string `CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS "    \
    "$$ BEGIN " body " RETURN NEW; END $$`;\n"

static struct expand_row {
    const char *name;
    const char *datastore;
    const char *was;
    const char *model;
    const char *rename;   /* "A.n=m", or NULL */
    const char *backfill; /* of A: "field=expression", or NULL */
    const char *expected; /* what is cut, "- why" what is not; then the fields of A in between and the objects */
} expand_rows[] = {
    {"rename on SQLite: the old column takes NULL, because triggers run behind that check", "sqlite", A("    string n;\n    int? k;\n"),
     A("    string m;\n    int? k;\n"), "A.n=m", NULL,
     "A.n=m\nid n? m? k?\nin_step_A_m_insert trigger on A\nin_step_A_m_new trigger on A\nin_step_A_m_old trigger on A\n"},
    {"rename on PostgreSQL: the old column is as it was", "postgresql", A("    string n;\n"), A("    string m;\n"), "A.n=m", NULL,
     "A.n=m\nid n m?\nin_step_A_m trigger on A\nin_step_A_m_function function\n"},
    {"rename on MySQL: the new column stands behind the old one", "mysql", A("    string n;\n    int? k;\n"),
     A("    string m;\n    int? k;\n"), "A.n=m", NULL,
     "A.n=m\nid n m? k?\nin_step_A_m_insert trigger on A\nin_step_A_m_update trigger on A\n"},
    {"the default waits for the contract", "postgresql", A("    @db:Default {literal: \"x\"}\n    string n;\n"),
     A("    @db:Default {literal: \"x\"}\n    string m;\n"), "A.n=m", NULL,
     "A.n=m\nid n=x m?\nin_step_A_m trigger on A\nin_step_A_m_function function\n"},
    {"a default that comes serves new clients at once", "postgresql", A("    string n;\n"),
     A("    @db:Default {literal: \"x\"}\n    string m;\n"), "A.n=m", NULL,
     "A.n=m\nid n=x m?\nin_step_A_m trigger on A\nin_step_A_m_function function\n"},
    {"a default of another type is not that of the old column", "postgresql", A("    string n;\n"),
     A("    @db:Default {literal: \"1\"}\n    int m;\n"), "A.n=m", NULL,
     "A.n=m\nid n m?\nin_step_A_m trigger on A\nin_step_A_m_function function\n"},
    {"a required field", "sqlite", A("    string n;\n"), A("    string n;\n    int k;\n"), NULL, "k=id + 1",
     "A.k=id + 1\nid n k?\nin_step_A_k_insert trigger on A\n"},
    {"a required field with a default breaks nobody", "sqlite", A("    string n;\n"),
     A("    string n;\n    @db:Default {literal: \"1\"}\n    int k;\n"), NULL, NULL, "id n k=1\n"},
    {"a type that rewrites the table on PostgreSQL", "postgresql", A("    int n;\n"), A("    @db:Type {value: \"bigint\"}\n    int n;\n"),
     NULL, NULL, "A.n=nNew\nid n nNew?\nin_step_A_nNew trigger on A\nin_step_A_nNew_function function\n"},
    {"the name beside it is taken", "postgresql", A("    int n;\n    int nNew;\n"),
     A("    @db:Type {value: \"bigint\"}\n    int n;\n    int nNew;\n"), NULL, NULL,
     "A.n=nNew2\nid n nNew2? nNew\nin_step_A_nNew2 trigger on A\nin_step_A_nNew2_function function\n"},
    {"a type that rewrites nothing", "postgresql", A("    @sql:Varchar {length: 10}\n    string n;\n"),
     A("    @sql:Varchar {length: 20}\n    string n;\n"), NULL, NULL, "id n\n"},
    {"a type on MySQL: its triggers cannot go at once with the column", "mysql", A("    int n;\n"),
     A("    @db:Type {value: \"BIGINT\"}\n    int n;\n"), NULL, NULL, "id n\n"},
    {"a type under an index", "postgresql", A("    @sql:Index\n    int n;\n"),
     A("    @sql:Index\n    @db:Type {value: \"bigint\"}\n    int n;\n"), NULL, NULL,
     "- A.n gets its type in one step: an index, a check or an object reads it\nid n\nindex n\n"},
    {"a renamed index keeps its old one", "postgresql", A("    @sql:Index\n    string n;\n"), A("    @sql:Index\n    string m;\n"), "A.n=m",
     NULL, "A.n=m\nid n m?\nindex m\nindex n\nin_step_A_m trigger on A\nin_step_A_m_function function\n"},
    {"renamed and of another type on PostgreSQL", "postgresql", A("    string n;\n"), A("    int m;\n"), "A.n=m", NULL,
     "A.n=m\nid n m?\nin_step_A_m trigger on A\nin_step_A_m_function function\n"},
    {"renamed and of a type that may not take the values", "sqlite", A("    string n;\n"), A("    int m;\n"), "A.n=m", NULL,
     "- A.m is renamed in one step: its values may not fit the other type\nid m\n"},
    {"what goes beside it goes with the contract", "sqlite", A("    string n;\n    string gone;\n    int k;\n"),
     A("    string m;\n    int k;\n"), "A.n=m", NULL,
     "A.n=m\nid n? gone? m? k\nin_step_A_m_insert trigger on A\nin_step_A_m_new trigger on A\nin_step_A_m_old trigger on A\n"},
    {"what goes alone goes at once", "sqlite", A("    string n;\n    string gone;\n"), A("    string n;\n"), NULL, NULL, "id n\n"},
    {"a key", "sqlite", "type A record {|\n    readonly int n;\n|};\n", "type A record {|\n    readonly int m;\n|};\n", "A.n=m", NULL,
     "- A.m is renamed in one step: it is in the primary key\nm\n"},
    {"a computed column", "postgresql", A("    int n;\n    @db:Computed {value: \"n + 1\", stored: true}\n    int c;\n"),
     A("    int m;\n    @db:Computed {value: \"m + 1\", stored: true}\n    int c;\n"), "A.n=m", NULL,
     "- A.m is renamed in one step: a computed column reads it\nid m c\n"},
    {"a trigger of MySQL changes it", "mysql", A("    string n;\n"),
     A("    string m;\n") TRIGGER("CREATE TRIGGER t BEFORE INSERT ON A FOR EACH ROW SET NEW.m = TRIM(NEW.m)"), "A.n=m", NULL,
     "- A.m is renamed in one step: a trigger before the row is written reads it\nid m\nt trigger on A\n"},
    {"a function of a trigger of PostgreSQL changes it", "postgresql", A("    string n;\n"),
     A("    string m;\n") FUNCTION("NEW.m := trim(NEW.m);")
         TRIGGER("CREATE TRIGGER t BEFORE INSERT ON \"A\" FOR EACH ROW EXECUTE FUNCTION f()"),
     "A.n=m", NULL, "- A.m is renamed in one step: a trigger before the row is written reads it\nid m\nf function\nt trigger on A\n"},
    {"a trigger that does not know it", "postgresql", A("    string n;\n    int k;\n"),
     A("    string m;\n    int k;\n") FUNCTION("NEW.k := NEW.k + 1;")
         TRIGGER("CREATE TRIGGER t BEFORE INSERT ON \"A\" FOR EACH ROW EXECUTE FUNCTION f()"),
     "A.n=m", NULL, "A.n=m\nid n m? k\nf function\nin_step_A_m trigger on A\nin_step_A_m_function function\nt trigger on A\n"},
    {"a trigger behind the row", "postgresql", A("    string n;\n"),
     A("    string m;\n") FUNCTION("NEW.m := trim(NEW.m);")
         TRIGGER("CREATE TRIGGER t AFTER INSERT ON \"A\" FOR EACH ROW EXECUTE FUNCTION f()"),
     "A.n=m", NULL, "A.n=m\nid n m?\nf function\nin_step_A_m trigger on A\nin_step_A_m_function function\nt trigger on A\n"},
    {"a name that another field has now", "sqlite", A("    string? n;\n"), A("    string? m;\n    string? n;\n"), "A.n=m", NULL,
     "- A.m is renamed in one step: another field has its old name now\nid m? n?\n"},
};

/* The model TEXT, declared. */
static struct schema *declared(struct arena *arena, const struct expand_row *row, const char *text, struct diag *diag) {
    const struct model_options options = {.datastore = row->datastore, .comments = true};
    struct schema *schema;

    text = arena_printf(arena, "%s%s", HEAD, text);
    schema = model_read(arena, source_new(arena, "model.bal", text, strlen(text), diag), &options, diag);
    if (!schema)
        diag_print(diag, stderr, false);
    assert_non_null(schema);
    return schema;
}

static struct plan *plan_of(struct arena *arena, const struct expand_row *row, const struct expand_request *request,
                            const struct target *target, struct diag *diag) {
    struct renames *renames = ARENA_NEW(arena, struct renames);
    const char *names[] = {row->rename};
    struct rename_answers answers = {.renames = {names, row->rename ? 1 : 0}};
    size_t length = row->backfill ? strcspn(row->backfill, "=") : 0;
    struct backfill backfill = {"A", row->backfill ? arena_strndup(arena, row->backfill, length) : NULL,
                                row->backfill ? row->backfill + length + 1 : NULL};
    struct plan_request plan = {.renames = renames, .rules = &target->dialect->rules, .backfills = &backfill, .backfill_count = !!length};

    assert_int_equal(renames_find(arena, request->from, request->to, &answers, renames, diag), 0);
    plan.from = target->dialect->normalize(arena, request->from, target, diag);
    plan.to = target->dialect->normalize(arena, request->to, target, diag);
    return plan_make(arena, &plan);
}

static void describe_entity(const struct entity *entity, struct str *out) {
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];

        str_addf(out, "%s%s%s%s%s", i ? " " : "", field->name, field->nullable ? "?" : "", field->default_literal ? "=" : "",
                 field->default_literal ? field->default_literal : "");
    }
    str_add_char(out, '\n');
    for (size_t i = 0; i < entity->index_count; i++)
        str_addf(out, "index %s\n", entity->indexes[i].parts[0].field);
}

/* In between everything is as the snapshot says it: printed, read, and printed again it is the same. */
static const struct schema *between(struct arena *arena, const struct expand_request *request, const struct expansions *expansions,
                                    struct diag *diag) {
    struct str text = STR_INIT, again = STR_INIT;
    const struct schema *schema;
    struct snapshot *snapshot;

    snapshot_print(expansions_between(arena, request, expansions), &text);
    snapshot = snapshot_open(arena, source_new(arena, "between", text.text, text.length, diag), NULL, diag);
    schema = snapshot ? snapshot_schema(arena, snapshot, diag) : NULL;
    if (!schema)
        diag_print(diag, stderr, false);
    assert_non_null(schema);
    snapshot_print(schema, &again);
    assert_string_equal(text.text, again.text);
    str_free(&text);
    str_free(&again);
    return schema;
}

static void describe(struct arena *arena, const struct expand_request *request, const struct expansions *expansions, struct diag *diag,
                     struct str *out) {
    const struct schema *schema = between(arena, request, expansions, diag);

    for (size_t i = 0; i < expansions->list.count; i++)
        str_addf(out, "%s\n", expansion_text(arena, &expansions->list.at[i]));
    for (size_t i = 0; i < expansions->plain.count; i++)
        str_addf(out, "- %s\n", expansions->plain.at[i]);
    describe_entity(schema_entity(schema, "A"), out);
    for (size_t i = 0; i < schema->object_count; i++)
        str_addf(out, "%s %s%s%s\n", schema->objects[i]->name, schema->objects[i]->kind, schema->objects[i]->on ? " on " : "",
                 schema->objects[i]->on ? schema->objects[i]->on : "");
}

static void test_expand(void **state) {
    const struct expand_row *row = *state;
    struct arena arena = {0};
    struct diag diag = {.arena = &arena};
    struct target target = {.dialect = registry_dialect(row->datastore), .comments = true, .online = true, .concurrently = true};
    struct script script = {.arena = &arena};
    struct expand_request request = {.script = &script, .dialect = target.dialect};
    struct expansions expansions = {0};
    struct str out = STR_INIT;

    target.version = target.dialect->baseline_version;
    request.from = declared(&arena, row, row->was, &diag);
    request.to = declared(&arena, row, row->model, &diag);
    request.up = plan_of(&arena, row, &request, &target, &diag);
    target.dialect->emit(request.up, &target, &script);
    expansions_find(&arena, &request, &expansions);
    describe(&arena, &request, &expansions, &diag, &out);
    assert_string_equal(out.text, row->expected);
    str_free(&out);
    arena_free(&arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(expand_rows)];
    size_t count = 0;

    ADD_ROWS(tests, count, expand_rows, test_expand);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
