/* What introspection says of each thing that a PostgreSQL database holds, and that it makes the same database again.
 *
 * One scratch database holds everything in postgresql_read_rows.h; a row names one thing in it and what must be said of it. Another database
 * is made from what was read, by the emitter, and read again: nothing may differ. The last rows read a part of it.
 *
 * PERSIST_TEST_POSTGRESQL holds the URL of a server on which databases may be made; without it all tests are skipped by name. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "postgresql_internal.h"
#include "rows.h"
#include "run.h"

/* Makes the database of the tests; SINCE_15 where the server is 15 or later. */
static const char *const statements[] = {
#define READ_STATEMENTS
#include "postgresql_read_rows.h"
#undef READ_STATEMENTS
};

/* What is said of a thing: "object NAME", "field TABLE.NAME", "index TABLE.NAME", "check …", "foreign key …", "exclude …", "key TABLE",
 * "table NAME", "enum NAME", "unsupported NAME". */
static struct read_row {
    const char *name;
    const char *said;
} read_rows[] = {
#define READ_ROWS
#include "postgresql_read_rows.h"
#undef READ_ROWS
};

/* A scope, and the names that are read: tables, then "+" and those taken along, then objects but comments, then "!" and what is left out. */
static struct scope_row {
    const char *name;
    const char *tables[3];
    const char *exclude[3];
    const char *namespaces[3];
    bool privileges;
    const char *said;
} scope_rows[] = {
#define SCOPE_ROWS
#include "postgresql_read_rows.h"
#undef SCOPE_ROWS
};

static struct {
    struct arena arena;
    struct diag diag;
    struct db *db;
    struct schema *schema;
} world;

static void must(bool done) {
    if (done)
        return;
    diag_print(&world.diag, stderr, false);
    fail();
}

/* --- what is said, as text --- */

static void add_options(struct str *out, const struct options *options) {
    for (size_t i = 0; i < options->count; i++)
        str_addf(out, " {%s: %s}", options->at[i].key, options->at[i].value);
}

static void add_names(struct str *out, const char *before, const struct names *names) {
    for (size_t i = 0; i < names->count; i++)
        str_addf(out, "%s%s", i ? ", " : before, names->at[i]);
}

static void add_text(struct str *out, const char *before, const char *text) {
    if (text)
        str_addf(out, "%s%s", before, text);
}

static void say_object(struct str *out, const struct object *object) {
    str_add(out, object->definition);
    add_options(out, &object->options);
    add_text(out, " | on ", object->on);
    add_names(out, " | needs ", &object->depends_on);
    add_text(out, " # ", object->comment);
}

static void say_field(struct str *out, const struct field *field) {
    str_addf(out, "%s%s%s", field->native_type, field->nullable ? "" : " not null", field->generated ? " generated" : "");
    add_text(out, " default ", field->default_sql);
    add_text(out, field->stored ? " stored " : " virtual ", field->computed);
    if (field->identity)
        str_addf(out, " identity %s %lld %lld", field->identity == IDENTITY_ALWAYS ? "always" : "by default",
                 (long long)field->identity_start, (long long)field->identity_increment);
    add_text(out, " collate ", field->collation);
    str_add(out, field->inherited ? " inherited" : "");
    add_options(out, &field->options);
    add_text(out, " # ", field->comment);
}

static void say_index(struct str *out, const struct index *index) {
    static const char *const orders[] = {"", " desc"}, *const nulls[] = {"", " nulls first", " nulls last"};

    str_add(out, index->constraint ? "constraint" : index->unique ? "unique" : "index");
    add_text(out, " using ", index->method);
    for (size_t i = 0; i < index->part_count; i++) {
        const struct index_part *part = &index->parts[i];

        str_addf(out, " [%s", part->field ? part->field : part->expression);
        add_text(out, " collate ", part->collation);
        add_text(out, " ", part->opclass);
        str_addf(out, "%s%s]", orders[part->order], nulls[part->nulls]);
    }
    add_names(out, " include ", &index->include);
    str_add(out, index->nulls_not_distinct ? " nulls not distinct" : "");
    str_add(out, index->deferrable == DEFERRABLE_DEFERRED ? " deferred" : index->deferrable ? " deferrable" : "");
    add_text(out, " where ", index->where);
    add_options(out, &index->options);
    add_text(out, " # ", index->comment);
}

static void say_key(struct str *out, const struct key *key) {
    str_addf(out, "%s", key->absent ? "none" : key->name);
    add_names(out, " ", &key->fields);
    add_names(out, " include ", &key->include);
    str_add(out, key->deferrable ? " deferrable" : "");
    add_options(out, &key->options);
    add_text(out, " # ", key->comment);
}

static void say_check(struct str *out, const struct check *check) {
    str_addf(out, "%s%s%s%s", check->value, check->not_validated ? " not valid" : "", check->no_inherit ? " no inherit" : "",
             check->derived ? " (enum)" : "");
    add_text(out, " # ", check->comment);
}

static void say_foreign_key(struct str *out, const struct foreign_key *key) {
    add_names(out, "", &key->fields);
    str_addf(out, " → %s", key->target);
    add_names(out, ": ", &key->target_fields);
    str_addf(out, " %s/%s%s%s%s", ref_action_name((enum ref_action)key->on_delete), ref_action_name((enum ref_action)key->on_update),
             key->match_full ? " full" : "", key->deferrable ? " deferrable" : "", key->not_validated ? " not valid" : "");
    add_names(out, " sets ", &key->set_columns);
    add_text(out, " # ", key->comment);
}

static void say_table(struct str *out, const struct entity *entity) {
    str_add(out, entity->options.unlogged ? "unlogged" : "table");
    add_text(out, " in ", entity->namespace);
    add_text(out, " partition by ", entity->options.partition_by);
    add_names(out, " inherits ", &entity->options.inherits);
    add_options(out, &entity->options.options);
    add_text(out, " # ", entity->comment);
}

static void say_enum(struct str *out, const struct enumeration *enumeration) {
    for (size_t i = 0; i < enumeration->member_count; i++)
        str_addf(out, "%s%s", i ? ", " : "", enumeration->members[i].value);
    add_text(out, " # ", enumeration->comment);
}

static void say_part(struct str *out, const struct entity *entity, const char *kind, const char *name) {
    for (size_t i = 0; strcmp(kind, "field") == 0 && i < entity->field_count; i++)
        if (strcmp(entity->fields[i].column, name) == 0)
            say_field(out, &entity->fields[i]);
    for (size_t i = 0; strcmp(kind, "index") == 0 && i < entity->index_count; i++)
        if (strcmp(entity->indexes[i].name, name) == 0)
            say_index(out, &entity->indexes[i]);
    for (size_t i = 0; strcmp(kind, "check") == 0 && i < entity->check_count; i++)
        if (strcmp(entity->checks[i].name, name) == 0)
            say_check(out, &entity->checks[i]);
    for (size_t i = 0; strcmp(kind, "foreign key") == 0 && i < entity->foreign_key_count; i++)
        if (strcmp(entity->foreign_keys[i].name, name) == 0)
            say_foreign_key(out, &entity->foreign_keys[i]);
    for (size_t i = 0; strcmp(kind, "exclude") == 0 && i < entity->exclude_count; i++)
        if (strcmp(entity->excludes[i].name, name) == 0)
            str_addf(out, "%s (%s) where %s", entity->excludes[i].method, entity->excludes[i].value, entity->excludes[i].where);
}

static void say_unsupported(struct str *out, const struct schema *schema, const char *name) {
    for (size_t i = 0; i < schema->unsupported_count; i++)
        if (strcmp(schema->unsupported[i].name, name) == 0)
            str_addf(out, "%s: %s", schema->unsupported[i].kind, schema->unsupported[i].why);
}

static bool is_kind(const char *name, const char *kind, const char **rest) {
    size_t length = strlen(kind);

    *rest = name + length + 1;
    return strncmp(name, kind, length) == 0 && name[length] == ' ';
}

/* "table.part" of a kind that stands in a table. */
static void say_in_table(struct str *out, const char *name) {
    static const char *const kinds[] = {"field", "index", "check", "foreign key", "exclude"};

    for (size_t i = 0; i < ROWS(kinds); i++) {
        const char *rest, *dot;
        const struct entity *entity;

        if (!is_kind(name, kinds[i], &rest))
            continue;
        dot = strchr(rest, '.');
        entity = schema_entity(world.schema, arena_strndup(&world.arena, rest, (size_t)(dot - rest)));
        if (entity)
            say_part(out, entity, kinds[i], dot + 1);
    }
}

static void say(struct str *out, const char *name) {
    const struct schema *schema = world.schema;
    const char *rest;

    if (is_kind(name, "object", &rest) && schema_object(schema, rest))
        say_object(out, schema_object(schema, rest));
    else if (is_kind(name, "table", &rest) && schema_entity(schema, rest))
        say_table(out, schema_entity(schema, rest));
    else if (is_kind(name, "key", &rest) && schema_entity(schema, rest))
        say_key(out, &schema_entity(schema, rest)->key);
    else if (is_kind(name, "enum", &rest) && schema_enum(schema, rest))
        say_enum(out, schema_enum(schema, rest));
    else if (is_kind(name, "unsupported", &rest))
        say_unsupported(out, schema, rest);
    else
        say_in_table(out, name);
}

static void test_read(void **state) {
    const struct read_row *row = *state;
    struct str out = STR_INIT;

    say(&out, row->name);
    assert_string_equal(out.text, row->said);
    str_free(&out);
}

/* --- made again --- */

static void run_plan(struct db *db, const struct schema *to) {
    const struct schema nothing = {0};
    const struct renames none = {0};
    const struct plan_request request = {.from = &nothing, .to = to, .renames = &none, .rules = &dialect_postgresql.rules};
    const struct target target = {.dialect = &dialect_postgresql, .version = db_head(db)->version, .comments = true};
    struct script script = {.arena = &world.arena};

    dialect_postgresql.emit(plan_make(&world.arena, &request), &target, &script);
    must(script_run(db, &script, &dialect_postgresql.style, &world.diag) == 0);
}

static void test_again(void **state) {
    const struct renames none = {0};
    struct plan_request request = {.to = world.schema, .renames = &none, .rules = &dialect_postgresql.rules};
    struct db *db = dialect_postgresql.driver->open_scratch(getenv("PERSIST_TEST_POSTGRESQL"), &world.diag);
    const struct plan *plan;

    (void)state;
    must(db != NULL);
    run_plan(db, world.schema);
    request.from = dialect_postgresql.introspect(db, NULL, &world.arena, &world.diag);
    must(request.from != NULL);
    plan = plan_make(&world.arena, &request);
    for (size_t i = 0; i < plan->changes.count; i++)
        fprintf(stderr, "differs: kind %d of %s %s\n", (int)plan->changes.at[i].kind,
                plan->changes.at[i].to ? plan->changes.at[i].to->name : "",
                plan->changes.at[i].new_object ? plan->changes.at[i].new_object->name : "");
    assert_int_equal(plan->changes.count, 0);
    db_close(db);
}

/* --- a part of it --- */

static struct names list(const char **globs) {
    struct names names = {.at = globs};

    while (names.count < 3 && globs[names.count])
        names.count++;
    return names;
}

static void test_scope(void **state) {
    struct scope_row *row = *state;
    const struct scope scope = {list(row->tables), list(row->exclude), list(row->namespaces), row->privileges};
    const struct schema *schema = dialect_postgresql.introspect(world.db, &scope, &world.arena, &world.diag);
    struct str out = STR_INIT;

    must(schema != NULL);
    for (size_t i = 0; i < schema->entity_count; i++)
        str_addf(&out, "%s%s", i ? " " : "", schema->entities[i]->name);
    add_names(&out, " + ", &schema->taken_along);
    for (size_t i = 0; i < schema->object_count; i++)
        if (strcmp(schema->objects[i]->kind, "comment") != 0)
            str_addf(&out, "; %s", schema->objects[i]->name);
    for (size_t i = 0; i < schema->unsupported_count; i++)
        str_addf(&out, " ! %s: %s", schema->unsupported[i].name, schema->unsupported[i].why);
    if (!row->privileges)
        assert_string_equal(out.text, row->said);
    else
        assert_non_null(strstr(out.text, row->said));
    str_free(&out);
}

/* --- */

static int open_world(void **state) {
    (void)state;
    world.diag.arena = &world.arena;
    world.db = dialect_postgresql.driver->open_scratch(getenv("PERSIST_TEST_POSTGRESQL"), &world.diag);
    must(world.db != NULL);
    for (size_t i = 0; i < ROWS(statements); i++)
        must(db_exec(world.db, statements[i], &world.diag) == 0);
    world.schema = dialect_postgresql.introspect(world.db, NULL, &world.arena, &world.diag);
    must(world.schema != NULL);
    return 0;
}

static int close_world(void **state) {
    (void)state;
    db_close(world.db);
    arena_free(&world.arena);
    return 0;
}

int main(void) {
    struct CMUnitTest tests[ROWS(read_rows) + ROWS(scope_rows) + 1];
    size_t count = 0;

    if (!getenv("PERSIST_TEST_POSTGRESQL")) {
        for (size_t i = 0; i < ROWS(read_rows); i++)
            printf("skipped, PERSIST_TEST_POSTGRESQL is not set: %s\n", read_rows[i].name);
        for (size_t i = 0; i < ROWS(scope_rows); i++)
            printf("skipped, PERSIST_TEST_POSTGRESQL is not set: %s\n", scope_rows[i].name);
        printf("skipped, PERSIST_TEST_POSTGRESQL is not set: read: made again\n");
        return 77;
    }
    ADD_ROWS(tests, count, read_rows, test_read);
    ADD_ROWS(tests, count, scope_rows, test_scope);
    tests[count++] = (struct CMUnitTest){"read: made again", test_again, NULL, NULL, NULL};
    return cmocka_run_group_tests(tests, open_world, close_world);
}
