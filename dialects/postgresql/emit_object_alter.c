/* Objects in the database's own words that become others without a drop. */
#include <string.h>

#include "emit_object.h"

static void say(struct emitter *e, const char *text, const struct object *object, const char *what) {
    pg_object_altered(e, object, pg_emit_statement(e, text, WORDS(e, "%s: %s", pg_object_subject(e, object), what), NULL));
}

static const char *alter_prefix(struct emitter *e, const struct object *object) {
    return SQL(e, "ALTER %T %T", pg_object_words_of(object->kind)->words, pg_object_sql_name(e->arena, object));
}

/* Options. */

static const struct {
    const char *value; /* of the option "enabled" */
    const char *words;
} firing[] = {{"disabled", "DISABLE"}, {"replica", "ENABLE REPLICA"}, {"always", "ENABLE ALWAYS"}};

static const char *firing_words(const char *value) {
    for (size_t i = 0; value && i < sizeof firing / sizeof *firing; i++)
        if (strcmp(firing[i].value, value) == 0)
            return firing[i].words;
    return "ENABLE";
}

/* When a trigger or rule fires. */
static void set_enabled(struct emitter *e, const struct object *old, const struct object *new) {
    const char *value = pg_object_option(new, "enabled");

    if (text_equal(old ? pg_object_option(old, "enabled") : NULL, value))
        return;
    if (pg_object_is(new, "event trigger"))
        say(e, SQL(e, "ALTER EVENT TRIGGER %I %T", new->object_name, firing_words(value)), new, "when it fires");
    else
        say(e,
            SQL(e, "ALTER TABLE %T %T %T %I", pg_object_on(e, e->plan->to, new), firing_words(value), pg_object_words_of(new->kind)->words,
                new->object_name),
            new, "when it fires");
}

static void set_tablespace(struct emitter *e, const struct object *old, const struct object *new) {
    const char *value = pg_object_option(new, "tablespace");

    if (old && !text_equal(pg_object_option(old, "tablespace"), value))
        say(e, SQL(e, "%T SET TABLESPACE %I", alter_prefix(e, new), value ? value : "pg_default"), new, "tablespace");
}

/* A partition has what a table has. */
static void set_table_options(struct emitter *e, const struct object *old, const struct object *new) {
    const struct options none = {0};
    const struct option_change change = {.old = old ? &old->options : &none, .new = &new->options};
    const char *table = pg_object_sql_name(e->arena, new);

    pg_emit_row_security(e, table, &change);
    pg_emit_replica_identity(e, table, &change);
}

/* The index of a materialized view or a partition, and how much statistics sample. */
static void set_marks(struct emitter *e, const struct object *old, const struct object *new) {
    const char *clustered = pg_object_option(new, "clustered"), *statistics = pg_object_option(new, "statistics");

    if (clustered && !pg_object_option(old, "clustered"))
        say(e, SQL(e, "ALTER TABLE %T CLUSTER ON %I", pg_object_on(e, e->plan->to, new), new->object_name), new, "CLUSTER sorts by it");
    if (!clustered && pg_object_option(old, "clustered"))
        say(e, SQL(e, "ALTER TABLE %T SET WITHOUT CLUSTER", pg_object_on(e, e->plan->to, new)), new, "CLUSTER sorts by nothing");
    if (pg_object_is(new, "statistics") && !text_equal(statistics, pg_object_option(old, "statistics")))
        say(e, SQL(e, "%T SET STATISTICS %T", alter_prefix(e, new), statistics ? statistics : "-1"), new, "how much is sampled");
}

void pg_object_set_options(struct emitter *e, const struct object *old, const struct object *new) {
    bool relation = pg_object_is(new, "view") || pg_object_is(new, "materialized view") || pg_object_is(new, "partition");

    if (pg_object_is(new, "trigger") || pg_object_is(new, "rule") || pg_object_is(new, "event trigger"))
        set_enabled(e, old, new);
    if (pg_object_is(new, "partition"))
        set_table_options(e, old, new);
    set_marks(e, old, new);
    if (relation && old) {
        const struct option_change change = {.old = &old->options, .new = &new->options};

        pg_emit_alter_storage(e, alter_prefix(e, new), pg_object_subject(e, new), &change);
        set_tablespace(e, old, new);
    }
}

/* Kinds. */

static bool has_word(const char *text, const char *word) {
    return text && strstr(text, word);
}

static void alter_sequence(struct emitter *e, const struct object *old, const struct object *new) {
    bool cycle_ends = has_word(old->definition, " CYCLE") && !has_word(new->definition, " CYCLE");

    if (!text_equal(old->definition, new->definition))
        say(e, SQL(e, "%T %X%T", alter_prefix(e, new), pg_object_query(e->arena, new), cycle_ends ? " NO CYCLE" : ""), new,
            "counts in another way");
}

static void alter_extension(struct emitter *e, const struct object *old, const struct object *new) {
    const char *schema = pg_object_option(new, "schema"), *version = pg_object_option(new, "version");

    if (schema && !text_equal(schema, pg_object_option(old, "schema")))
        say(e, SQL(e, "ALTER EXTENSION %I SET SCHEMA %I", new->object_name, schema), new, "moved to another schema");
    if (!version && pg_option_value(&old->options, "version"))
        say(e, SQL(e, "ALTER EXTENSION %I UPDATE", new->object_name), new, "its newest version");
    if (version && !text_equal(version, pg_object_option(old, "version")))
        say(e, SQL(e, "ALTER EXTENSION %I UPDATE TO %L", new->object_name, version), new, "another version");
}

void pg_object_alter(struct emitter *e, const struct object *old, const struct object *new) {
    bool same = text_equal(old->definition, new->definition);

    if (pg_object_is(new, "sequence"))
        alter_sequence(e, old, new);
    else if (pg_object_is(new, "extension"))
        alter_extension(e, old, new);
    else if (pg_object_is(new, "domain"))
        pg_domain_alter(e, old, new);
    else if (pg_object_is(new, "type"))
        pg_type_alter(e, old, new);
    else if (!same)
        say(e, pg_object_create(e, new, true), new, "replaced");
    if (same || !pg_object_is(new, "view"))
        pg_object_set_options(e, old, new);
}
