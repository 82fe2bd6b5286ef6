/* Objects in the database's own words that become others without a drop. */
#include <stdlib.h>
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

/* The number behind WORD in the text of a sequence; false: nothing is said of it there. */
static bool sequence_number(const struct object *sequence, const char *word, long long *number) {
    const char *at = strstr(sequence->definition, word);

    if (at)
        *number = strtoll(at + strlen(word), NULL, 10);
    return at != NULL;
}

static bool read_counting(const struct object *sequence, struct pg_counting *counting) {
    return sequence_number(sequence, "INCREMENT BY ", &counting->increment) && sequence_number(sequence, "MINVALUE ", &counting->min) &&
           sequence_number(sequence, "MAXVALUE ", &counting->max);
}

static void alter_counting(struct emitter *e, const struct object *old, const struct object *new) {
    bool cycle_ends = has_word(old->definition, " CYCLE") && !has_word(new->definition, " CYCLE");
    struct pg_counting from, to;
    bool known = read_counting(old, &from) && read_counting(new, &to);
    enum pg_counter counter = known ? pg_counter_of(&from, &to) : PG_COUNTER_GOES_ON;
    const char *sequence = pg_object_sql_name(e->arena, new);

    if (counter == PG_COUNTER_ENTERS)
        say(e, pg_counter_enter(e, &to, SQL(e, "%L", sequence), sequence), new, "goes on inside its new bounds");
    say(e,
        SQL(e, "%T %X%T%T", alter_prefix(e, new), pg_object_query(e->arena, new), cycle_ends ? " NO CYCLE" : "",
            counter == PG_COUNTER_RESTARTS ? " RESTART" : ""),
        new, "counts in another way");
}

static void alter_sequence(struct emitter *e, const struct object *old, const struct object *new) {
    bool unlogged = pg_object_option(new, "unlogged") != NULL;

    if (!text_equal(old->definition, new->definition))
        alter_counting(e, old, new);
    if (unlogged != (pg_object_option(old, "unlogged") != NULL))
        say(e, SQL(e, "%T SET %T", alter_prefix(e, new), unlogged ? "UNLOGGED" : "LOGGED"), new, unlogged ? "unlogged" : "logged");
}

static void alter_extension(struct emitter *e, const struct object *old, const struct object *new) {
    const char *schema = pg_object_option(new, "schema"), *version = pg_object_option(new, "version");

    if (schema && !text_equal(schema, pg_object_option(old, "schema")))
        say(e, SQL(e, "ALTER EXTENSION %I SET SCHEMA %I", new->object_name, schema), new, "moved to another schema");
    if (!schema && pg_object_option(old, "schema"))
        say(e,
            pg_emit_do(e,
                       SQL(e, "BEGIN EXECUTE format('ALTER EXTENSION %%I SET SCHEMA %%I', %L, current_schema()); END", new->object_name)),
            new, "moved to the current schema");
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
    else if (pg_object_is(new, "partition"))
        pg_partition_alter(e, old, new);
    else if (!same)
        say(e, pg_object_create(e, new, true), new, "replaced");
    if (same || !pg_object_is(new, "view"))
        pg_object_set_options(e, old, new);
}
