/* Objects in the database's own words that become others without a drop. */
#include <string.h>

#include "emit_object.h"

static void say(struct emitter *e, const char *text, const struct object *object, const char *what) {
    pg_emit_statement(e, text, WORDS(e, "%s: %s", pg_object_subject(e, object), what), NULL);
}

static const char *alter_prefix(struct emitter *e, const struct object *object) {
    return SQL(e, "ALTER %T %T", pg_object_words_of(object->kind)->words, pg_object_sql_name(e->arena, object));
}

/* Options. */

static void alter_reloptions(struct emitter *e, const struct object *old, const struct object *new) {
    for (size_t i = 0; i < old->options.count; i++)
        if (pg_object_is_reloption(old->options.at[i].key) && !pg_object_option(new, old->options.at[i].key))
            say(e, SQL(e, "%T RESET (%T)", alter_prefix(e, new), old->options.at[i].key), new, "an option back to its default");
    for (size_t i = 0; i < new->options.count; i++) {
        const struct option *option = &new->options.at[i];

        if (pg_object_is_reloption(option->key) && !text_equal(pg_object_option(old, option->key), option->value))
            say(e, SQL(e, "%T SET (%T = %L)", alter_prefix(e, new), option->key, option->value), new, "an option");
    }
}

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
            SQL(e, "ALTER TABLE %T %T %T %I", pg_object_on(e, e->plan->to, new), firing_words(value),
                pg_object_words_of(new->kind)->words, new->object_name),
            new, "when it fires");
}

static void set_tablespace(struct emitter *e, const struct object *old, const struct object *new) {
    const char *value = pg_object_option(new, "tablespace");

    if (old && !text_equal(pg_object_option(old, "tablespace"), value))
        say(e, SQL(e, "%T SET TABLESPACE %I", alter_prefix(e, new), value ? value : "pg_default"), new, "tablespace");
}

static void set_row_security(struct emitter *e, const struct object *old, const struct object *new) {
    const char *before = pg_object_option(old, "rowSecurity"), *after = pg_object_option(new, "rowSecurity");

    if (!text_equal(before, after))
        pg_emit_row_security(e, pg_object_sql_name(e->arena, new), before, after);
}

void pg_object_set_options(struct emitter *e, const struct object *old, const struct object *new) {
    bool relation = pg_object_is(new, "view") || pg_object_is(new, "materialized view") || pg_object_is(new, "partition");

    if (pg_object_is(new, "trigger") || pg_object_is(new, "rule") || pg_object_is(new, "event trigger"))
        set_enabled(e, old, new);
    if (pg_object_is(new, "partition"))
        set_row_security(e, old, new);
    if (relation && old) {
        alter_reloptions(e, old, new);
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
