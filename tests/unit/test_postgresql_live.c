/* PostgreSQL on a server: what is emitted makes what the normal form says, and leads from one model to another and back.
 *
 * PERSIST_TEST_POSTGRESQL holds the URL of a server on which databases may be made; without it all tests are skipped by name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "physical.h"
#include "postgresql_internal.h"
#include "rows.h"
#include "traced.h"

#define HEAD "import ballerina/persist as _;\nimport ballerina/time;\nimport ballerinax/persist.sql;\nimport persist/db;\n"

/* Two models, and the same twice to see one made. The seed is run on the first; the check must give true behind up and behind down, when
 * it is not NULL. Columns and tables in them are called as in the model that is there. */
static struct live_row {
    const char *name;
    const char *a;
    const char *b;
    const char *seed;
    const char *check_b;
    const char *check_a;
    const char *rename; /* an answer: "A.x=y" */
    const char *fill;   /* "A.x=expression": for the way up */
    const char *fill_down;
    int version; /* emit for this one; 0: the server's */
    int since;   /* skipped on a server that is older */
    bool concurrently;
} live_rows[] = {
#include "postgresql_live_rows.h"
};

struct live {
    struct arena arena;
    struct diag diag;
    struct target target;
    struct db *db;
    const struct live_row *row;
};

static void must(struct live *live, bool done) {
    if (done)
        return;
    diag_print(&live->diag, stderr, false);
    fail();
}

static struct schema *declared(struct live *live, const char *model) {
    const struct model_options options = {.datastore = "postgresql", .comments = true};
    const char *text = arena_printf(&live->arena, "%s%s", HEAD, model);
    struct source *source = source_new(&live->arena, "model.bal", text, strlen(text), &live->diag);
    struct schema *schema = model_read(&live->arena, source, &options, &live->diag);

    must(live, schema != NULL);
    return schema;
}

static struct schema *normal(struct live *live, const struct schema *schema) {
    struct schema *result = dialect_postgresql.normalize(&live->arena, schema, &live->target, &live->diag);

    must(live, result != NULL);
    return result;
}

static struct db *scratch(struct live *live) {
    struct db *db = dialect_postgresql.driver->open_scratch(getenv("PERSIST_TEST_POSTGRESQL"), &live->diag);

    must(live, db != NULL);
    return db;
}

static const struct schema *introspected(struct live *live, struct db *db) {
    const struct schema *schema = dialect_postgresql.introspect(db, NULL, &live->arena, &live->diag);

    must(live, schema != NULL);
    return schema_physical(&live->arena, schema);
}

static struct backfill backfill_of(struct live *live, const char *text) {
    size_t dot = strcspn(text, "."), equals = strcspn(text, "=");

    return (struct backfill){.entity = arena_strndup(&live->arena, text, dot),
                             .field = arena_strndup(&live->arena, text + dot + 1, equals - dot - 1),
                             .expression = text + equals + 1};
}

struct step {
    const struct schema *from;
    const struct schema *to;
    const struct renames *renames;
    const char *fill;
};

static void run_step(struct live *live, struct db *db, const struct step *step) {
    struct backfill backfill = {0};
    struct plan_request request = {.from = step->from, .to = step->to, .renames = step->renames, .rules = &dialect_postgresql.rules};
    struct script script = {.arena = &live->arena};
    int result;

    if (step->fill) {
        backfill = backfill_of(live, step->fill);
        request.backfills = &backfill;
        request.backfill_count = 1;
    }
    dialect_postgresql.emit(plan_make(&live->arena, &request), &live->target, &script);
    result = traced_run(db, &dialect_postgresql, &script, &live->diag);
    if (getenv("PERSIST_TEST_VERBOSE") || result != 0) {
        struct str out = STR_INIT;

        script_print(&script, &dialect_postgresql.style, live->row->name, &out);
        fputs(out.text, stderr);
        str_free(&out);
    }
    must(live, result == 0);
}

static void describe(const struct change *change) {
    const struct entity *entity = change->to ? change->to : change->from;

    fprintf(stderr, "  difference: kind %d in %s, aspects %u", (int)change->kind, entity ? entity->name : "-", change->aspects);
    if (change->old_field && change->new_field)
        fprintf(stderr, ": column %s: type %s → %s, default %s → %s, computed %s → %s", change->new_field->column,
                change->old_field->native_type, change->new_field->native_type,
                change->old_field->default_sql ? change->old_field->default_sql : "-",
                change->new_field->default_sql ? change->new_field->default_sql : "-",
                change->old_field->computed ? change->old_field->computed : "-",
                change->new_field->computed ? change->new_field->computed : "-");
    if (change->old_check)
        fprintf(stderr, ": check %s: %s", change->old_check->name, change->old_check->value);
    if (change->new_check)
        fprintf(stderr, ": new check %s: %s", change->new_check->name, change->new_check->value);
    if (change->old_index)
        fprintf(stderr, ": index %s", change->old_index->name);
    if (change->new_index)
        fprintf(stderr, ": new index %s", change->new_index->name);
    fprintf(stderr, "\n");
}

static void must_be_same(struct live *live, const struct schema *found, const struct schema *expected, bool opaque, const char *when) {
    struct diff_rules rules = dialect_postgresql.rules;
    struct renames renames = {0};
    struct plan_request request = {.from = found, .to = expected, .renames = &renames, .rules = &rules};
    struct plan *plan;

    rules.opaque_expressions = opaque;
    plan = plan_make(&live->arena, &request);
    if (!plan->changes.count)
        return;
    fprintf(stderr, "%s, %s: not what it should be\n", live->row->name, when);
    for (size_t i = 0; i < plan->changes.count; i++)
        describe(&plan->changes.at[i]);
    fail();
}

/* Defaults are compared by their text even where other expressions are not: both sides agree on one spelling. */
static void must_have_defaults(const struct schema *found, const struct schema *expected) {
    for (size_t i = 0; i < expected->entity_count; i++) {
        const struct entity *entity = expected->entities[i], *other = schema_entity(found, entity->name);

        for (size_t k = 0; k < entity->field_count; k++) {
            const char *text = entity->fields[k].default_sql;

            if (text && !strchr(text, '|') && !strchr(text, '+'))
                assert_string_equal(entity_field(other, entity->fields[k].name)->default_sql, text);
        }
    }
}

static const struct schema *made_at_once(struct live *live, const struct schema *schema) {
    const struct schema nothing = {0};
    const struct renames renames = {0};
    struct db *db = scratch(live);
    const struct schema *result;

    run_step(live, db, &(struct step){&nothing, schema, &renames, NULL});
    result = introspected(live, db);
    db_close(db);
    must_be_same(live, result, schema_physical(&live->arena, schema), true, "made at once");
    must_have_defaults(result, schema_physical(&live->arena, schema));
    return result;
}

static void check_rows_of(struct live *live, const char *check) {
    struct rows rows;

    if (!check)
        return;
    must(live, db_query(live->db, &live->arena, check, &rows, &live->diag) == 0);
    assert_int_equal(rows.row_count, 1);
    if (!rows_true(&rows, 0, 0))
        fprintf(stderr, "%s: not true: %s\n", live->row->name, check);
    assert_true(rows_true(&rows, 0, 0));
}

static void find_renames(struct live *live, const struct schema *a, const struct schema *b, struct renames *up, struct renames *down) {
    const char *rename = live->row->rename;
    const struct rename_answers answers = {.renames = {.at = &rename, .count = rename != NULL}};

    must(live, renames_find(&live->arena, a, b, &answers, up, &live->diag) == 0);
    renames_invert(&live->arena, up, down);
}

static void test_live(void **state) {
    struct live live = {.row = *state, .target = {.dialect = &dialect_postgresql, .comments = true}};
    const struct live_row *row = live.row;
    const struct schema nothing = {0}, *declared_a, *declared_b, *normal_a, *normal_b, *expected_a, *expected_b;
    struct renames none = {0}, up = {0}, down = {0};

    live.diag.arena = &live.arena;
    live.db = scratch(&live);
    live.target.version = row->version ? row->version : db_head(live.db)->version;
    live.target.concurrently = row->concurrently;
    if (db_head(live.db)->version < row->since) {
        db_close(live.db);
        arena_free(&live.arena);
        skip();
    }
    declared_a = declared(&live, row->a);
    declared_b = declared(&live, row->b ? row->b : row->a);
    normal_a = normal(&live, declared_a);
    normal_b = normal(&live, declared_b);
    find_renames(&live, declared_a, declared_b, &up, &down);
    expected_a = made_at_once(&live, normal_a);
    expected_b = made_at_once(&live, normal_b);
    run_step(&live, live.db, &(struct step){&nothing, normal_a, &none, NULL});
    if (row->seed)
        must(&live, db_exec(live.db, row->seed, &live.diag) == 0);
    run_step(&live, live.db, &(struct step){normal_a, normal_b, &up, row->fill});
    must_be_same(&live, introspected(&live, live.db), expected_b, false, "after up");
    check_rows_of(&live, row->check_b);
    run_step(&live, live.db, &(struct step){normal_b, normal_a, &down, row->fill_down});
    must_be_same(&live, introspected(&live, live.db), expected_a, false, "after down");
    check_rows_of(&live, row->check_a);
    db_close(live.db);
    arena_free(&live.arena);
}

/* The driver. */

static struct driver_row {
    const char *name;
    const char *sql;
    const char *message; /* a part of it */
    uint32_t at;         /* where in the statement */
} driver_rows[] = {
    {"driver: an error names its place", "SELECT 'ä', nothing", "column \"nothing\" does not exist (42703)", 13},
    {"driver: an error without a place", "SELECT 1 / 0", "division by zero (22012)", 0},
    {"driver: several statements at once", "SELECT 1; SELECT * FROM nowhere", "relation \"nowhere\" does not exist (42P01)", 24},
};

static void test_error(void **state) {
    const struct driver_row *row = *state;
    struct live live = {0};

    live.diag.arena = &live.arena;
    live.db = dialect_postgresql.driver->open(getenv("PERSIST_TEST_POSTGRESQL"), &live.diag);
    must(&live, live.db != NULL);
    assert_int_equal(db_exec(live.db, row->sql, &live.diag), -1);
    assert_int_equal(live.diag.list.count, 1);
    assert_non_null(strstr(live.diag.list.at[0].message, row->message));
    assert_int_equal(live.diag.list.at[0].at.start, row->at);
    db_close(live.db);
    arena_free(&live.arena);
}

static void test_no_password(void **state) {
    static const char *const urls[] = {"postgresql://me:hidden@127.0.0.1:1/db", "postgresql://me:hidden%zz@127.0.0.1/db",
                                       "postgresql://127.0.0.1:1/db?password=hidden"};
    struct live live = {0};

    (void)state;
    live.diag.arena = &live.arena;
    for (size_t i = 0; i < ROWS(urls); i++)
        assert_null(dialect_postgresql.driver->open(urls[i], &live.diag));
    assert_int_equal(live.diag.list.count, ROWS(urls));
    for (size_t i = 0; i < live.diag.list.count; i++)
        assert_null(strstr(live.diag.list.at[i].message, "hidden"));
    arena_free(&live.arena);
}

static const char *one_value(struct live *live, struct db *db, const char *sql) {
    struct rows rows;

    must(live, db_query(db, &live->arena, sql, &rows, &live->diag) == 0);
    return rows_text(&rows, 0, 0);
}

/* URL with the role persist_test_poor in place of the user. */
static const char *poor_url(struct live *live, const char *url) {
    const char *host = strstr(url, "://") + 3;
    const char *at = strchr(host, '@');

    return arena_printf(&live->arena, "postgresql://persist_test_poor@%s", at ? at + 1 : host);
}

/* A scratch database is gone behind close(); a user who may not make one gets a schema, which is all that is seen, and goes too. */
static void test_scratch(void **state) {
    static const char remains[] = "SELECT (SELECT count(*) FROM pg_database WHERE datname = '%s') + "
                                  "(SELECT count(*) FROM pg_namespace WHERE nspname = '%s')";
    const char *url = getenv("PERSIST_TEST_POSTGRESQL"), *name;
    struct live live = {0};
    struct db *own, *poor;

    (void)state;
    live.diag.arena = &live.arena;
    live.db = dialect_postgresql.driver->open(url, &live.diag);
    must(&live, live.db != NULL);
    own = scratch(&live);
    name = one_value(&live, own, "SELECT current_database()");
    db_close(own);
    assert_string_equal(one_value(&live, live.db, arena_printf(&live.arena, remains, name, name)), "0");
    must(&live, db_exec(live.db, "DROP ROLE IF EXISTS persist_test_poor; CREATE ROLE persist_test_poor LOGIN", &live.diag) == 0);
    must(&live, db_exec(live.db,
                        arena_printf(&live.arena, "GRANT CREATE ON DATABASE \"%s\" TO persist_test_poor",
                                     one_value(&live, live.db, "SELECT current_database()")),
                        &live.diag) == 0);
    poor = dialect_postgresql.driver->open_scratch(poor_url(&live, url), &live.diag);
    must(&live, poor != NULL);
    name = one_value(&live, poor, "SELECT current_schema()");
    must(&live, db_exec(poor, "CREATE TABLE t (id SERIAL PRIMARY KEY)", &live.diag) == 0);
    assert_int_equal(dialect_postgresql.introspect(poor, NULL, &live.arena, &live.diag)->entity_count, 1);
    db_close(poor);
    assert_string_equal(one_value(&live, live.db, arena_printf(&live.arena, remains, name, name)), "0");
    must(&live, db_exec(live.db, "DROP OWNED BY persist_test_poor; DROP ROLE persist_test_poor", &live.diag) == 0);
    db_close(live.db);
    arena_free(&live.arena);
}

int main(void) {
    struct CMUnitTest tests[ROWS(live_rows) + ROWS(driver_rows) + 2];
    size_t count = 0;

    if (!getenv("PERSIST_TEST_POSTGRESQL")) {
        for (size_t i = 0; i < ROWS(live_rows); i++)
            printf("skipped, PERSIST_TEST_POSTGRESQL is not set: %s\n", live_rows[i].name);
        for (size_t i = 0; i < ROWS(driver_rows); i++)
            printf("skipped, PERSIST_TEST_POSTGRESQL is not set: %s\n", driver_rows[i].name);
        printf("skipped, PERSIST_TEST_POSTGRESQL is not set: driver: no password in messages, scratch databases\n");
        return 77;
    }
    ADD_ROWS(tests, count, live_rows, test_live);
    ADD_ROWS(tests, count, driver_rows, test_error);
    tests[count++] = (struct CMUnitTest){"driver: no password in messages", test_no_password, NULL, NULL, NULL};
    tests[count++] = (struct CMUnitTest){"driver: scratch databases", test_scratch, NULL, NULL, NULL};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
