#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "emit_internal.h"

enum { VERSION_DROP_EXPRESSION = 130000 };

static const char *subject(struct emitter *e) {
    return WORDS(e, "%s.%s", e->change->to->name, e->change->new_field->name);
}

static const struct effect *alter_lock(struct emitter *e) {
    return pg_effect(e, e->change->to, PG_ACCESS_EXCLUSIVE, WORK_CATALOG);
}

/* A number as SQL text: sqlf() knows no 64-bit numbers. */
static const char *number(char text[24], int64_t value) {
    struct str out = STR_INIT;

    str_addf(&out, "%lld", (long long)value);
    strncpy(text, out.text, 23);
    text[23] = '\0';
    str_free(&out);
    return text;
}

void pg_emit_identity(struct sql *sql, const struct field *field) {
    struct sql said = SQL_INIT(&dialect_postgresql.quoting);
    char text[24];

    sqlf(sql, " GENERATED %T AS IDENTITY", field->identity == IDENTITY_ALWAYS ? "ALWAYS" : "BY DEFAULT");
    pg_emit_sequence_options(&said, field);
    if (field->identity_start)
        sqlf(&said, " START WITH %T", number(text, field->identity_start));
    if (field->identity_increment)
        sqlf(&said, " INCREMENT BY %T", number(text, field->identity_increment));
    if (said.text.length)
        sqlf(sql, " (%T)", said.text.text + 1);
    sql_free(&said);
}

/* The sequence of the column at work, as a text that names it. Its name is the server's: a renamed table keeps the old one. */
static const char *sequence_of(struct emitter *e) {
    return SQL(e, "pg_get_serial_sequence(%L, %L)", SQL(e, "%E", e->change->to), e->change->new_field->column);
}

/* A statement about the sequence, in which %s stands for it. */
static const char *on_sequence(struct emitter *e, const char *statement) {
    return pg_emit_do(e, SQL(e, "BEGIN EXECUTE format(%L, %T::regclass); END", statement, sequence_of(e)));
}

static void drop_serial(struct emitter *e) {
    const struct change *change = e->change;

    pg_emit_statement(e, SQL(e, "ALTER TABLE %E ALTER COLUMN %I DROP DEFAULT", change->to, change->new_field->column),
                      WORDS(e, "%s: no longer filled from its sequence", subject(e)), alter_lock(e));
    if (!pg_adopt_stays(e, change->from, change->old_field))
        pg_emit_statement(e, on_sequence(e, "DROP SEQUENCE %s"), WORDS(e, "%s: its sequence goes", subject(e)), NULL);
}

void pg_emit_drop_generation(struct emitter *e) {
    const struct change *change = e->change;
    const struct field *old = change->old_field, *new = change->new_field;

    if (old->generated && !new->generated)
        drop_serial(e);
    if (old->identity && !new->identity)
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E ALTER COLUMN %I DROP IDENTITY", change->to, new->column),
                          WORDS(e, "%s: no longer generated", subject(e)), alter_lock(e));
}

/* The sequence goes on behind the highest value that is there. */
static void start_behind_rows(struct emitter *e, const char *sequence) {
    const struct change *change = e->change;
    const char *column = change->new_field->column;

    pg_emit_statement(e, SQL(e, "SELECT setval(%T, max(%I)) FROM %E HAVING max(%I) > 0", sequence, column, change->to, column),
                      WORDS(e, "%s: goes on behind the highest value there is", subject(e)),
                      pg_effect(e, change->to, PG_ACCESS_SHARE, WORK_SCAN));
}

/* An OBJECT of the model that is the column's sequence from now on counts as one that was made for it. */
static const char *take_object(struct emitter *e, const struct object *object) {
    const char *sequence = pg_emit_object(e, e->change->to, object->object_name);

    pg_emit_statement(e,
                      SQL(e, "ALTER SEQUENCE %T AS %T INCREMENT BY 1 NO MINVALUE NO MAXVALUE START WITH 1 CACHE 1 NO CYCLE", sequence,
                          e->change->new_field->native_type),
                      WORDS(e, "%s: the sequence it is filled from", subject(e)), NULL);
    return sequence;
}

/* One with a name of its own gets it in the end: another may have that still, and something else the usual one. */
static const char *create_sequence(struct emitter *e) {
    const struct change *change = e->change;
    const struct field *field = change->new_field;
    const char *name = pg_option_value(&field->options, "sequence") ? WORDS(e, "persist_was_%zu", e->sequences_aside++)
                                                                    : pg_sequence_usual_name(e->arena, change->to->table, field->column);
    const char *sequence = pg_emit_object(e, change->to, name);

    pg_emit_statement(e, SQL(e, "CREATE SEQUENCE %T AS %T", sequence, change->new_field->native_type),
                      WORDS(e, "%s: the sequence it is filled from", subject(e)), NULL);
    return sequence;
}

static void add_serial(struct emitter *e) {
    const struct change *change = e->change;
    const struct field *field = change->new_field;
    const struct object *taken = pg_adopt_taken(e, change->to, field);
    const char *sequence = taken ? take_object(e, taken) : create_sequence(e);

    pg_emit_statement(e, SQL(e, "ALTER SEQUENCE %T OWNED BY %E.%I", sequence, change->to, field->column),
                      WORDS(e, "%s: the sequence goes when the column goes", subject(e)), NULL);
    if (!taken || !change->old_field->default_sql || !strstr(change->old_field->default_sql, taken->object_name))
        start_behind_rows(e, SQL(e, "%L", sequence));
    pg_emit_statement(e, SQL(e, "ALTER TABLE %E ALTER COLUMN %I SET DEFAULT nextval(%L)", change->to, field->column, sequence),
                      WORDS(e, "%s: new rows are numbered", subject(e)), alter_lock(e));
}

static void add_identity(struct emitter *e) {
    const struct change *change = e->change;
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);

    sqlf(&sql, "ALTER TABLE %E ALTER COLUMN %I ADD", change->to, change->new_field->column);
    pg_emit_identity(&sql, change->new_field);
    pg_emit_statement(e, str_keep(&sql.text, e->arena), WORDS(e, "%s: new rows are numbered", subject(e)), alter_lock(e));
    sql_free(&sql);
    start_behind_rows(e, sequence_of(e));
}

/* The bound that FIELD's option NAME says, or what its type gives. */
static long long bound(const struct field *field, const char *name, long long usual) {
    const char *said = pg_option_value(&field->options, name);

    return said ? strtoll(said, NULL, 10) : usual;
}

static struct pg_counting counting_of(const struct field *field) {
    bool down = field->identity_increment < 0;
    long long last = strcmp(field->native_type, "smallint") == 0  ? INT16_MAX
                     : strcmp(field->native_type, "integer") == 0 ? INT32_MAX
                                                                  : INT64_MAX;

    return (struct pg_counting){.increment = field->identity_increment ? field->identity_increment : 1,
                                .min = bound(field, "minValue", down ? -last - 1 : 1),
                                .max = bound(field, "maxValue", down ? -1 : last)};
}

static void alter_identity(struct emitter *e) {
    const struct change *change = e->change;
    const struct field *field = change->new_field;
    int64_t increment = field->identity_increment ? field->identity_increment : 1;
    int64_t start = field->identity_start ? field->identity_start : increment < 0 ? -1 : 1;
    struct pg_counting from = counting_of(change->old_field), to = counting_of(field);
    enum pg_counter counter = pg_counter_of(&from, &to);
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);
    char text[24];

    if (counter == PG_COUNTER_ENTERS)
        pg_emit_statement(e, on_sequence(e, pg_counter_enter(e, &to, "%1$L", "%1$s")),
                          WORDS(e, "%s: goes on inside its new bounds", subject(e)), NULL);
    sqlf(&sql, "ALTER TABLE %E ALTER COLUMN %I SET GENERATED %T", change->to, field->column,
         field->identity == IDENTITY_ALWAYS ? "ALWAYS" : "BY DEFAULT");
    pg_emit_set_sequence_options(&sql, change->old_field, field);
    sqlf(&sql, " SET START WITH %T", number(text, start));
    sqlf(&sql, " SET INCREMENT BY %T%T", number(text, increment), counter == PG_COUNTER_RESTARTS ? " RESTART" : "");
    pg_emit_statement(e, str_keep(&sql.text, e->arena), WORDS(e, "%s: numbered in another way", subject(e)), alter_lock(e));
    sql_free(&sql);
}

void pg_emit_add_generation(struct emitter *e) {
    const struct field *old = e->change->old_field, *new = e->change->new_field;

    if (new->generated && !old->generated)
        add_serial(e);
    if (new->identity && !old->identity)
        add_identity(e);
    if (new->identity && old->identity)
        alter_identity(e);
}

/* The sequence of a serial column keeps its own type, which would end it at the old type's last number. */
void pg_emit_widen_sequence(struct emitter *e) {
    const char *statement = WORDS(e, "ALTER SEQUENCE %%s AS %s", e->change->new_field->native_type);

    pg_emit_statement(e, on_sequence(e, statement), WORDS(e, "%s: its sequence counts as far as the type", subject(e)), NULL);
}

/* Before 13 the values go over a column of its own: what stood on the old one is lost with it and made again. */
static void copy_computed_values(struct emitter *e, const char *aside) {
    const struct change *change = e->change;
    const struct entity *entity = change->to;
    const char *column = change->new_field->column;
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);

    pg_emit_statement(e, SQL(e, "ALTER TABLE %E RENAME COLUMN %I TO %I", entity, column, aside),
                      WORDS(e, "%s: the computed column steps aside", subject(e)), alter_lock(e));
    sqlf(&sql, "ALTER TABLE %E ADD COLUMN %I %T", entity, column, change->old_field->native_type);
    pg_emit_collation(&sql, change->old_field->collation);
    pg_emit_statement(e, str_keep(&sql.text, e->arena), WORDS(e, "%s: the same without being computed", subject(e)), alter_lock(e));
    sql_free(&sql);
    pg_emit_statement(e, SQL(e, "UPDATE %E SET %I = %I", entity, column, aside), WORDS(e, "%s: keeps its values", subject(e)),
                      pg_effect_note(pg_effect_rows(e, entity), "writes every row"));
    pg_emit_statement(e, SQL(e, "ALTER TABLE %E DROP COLUMN %I", entity, aside), WORDS(e, "%s: its values are safe", subject(e)),
                      alter_lock(e));
    if (!change->old_field->nullable)
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E ALTER COLUMN %I SET NOT NULL", entity, column),
                          WORDS(e, "%s: NOT NULL as before", subject(e)), pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_SCAN));
    if (change->new_field->comment)
        pg_emit_comment_column(e, change->new_field);
}

void pg_emit_keep_computed(struct emitter *e) {
    const struct change *change = e->change;
    const struct field *field = change->new_field;
    struct dependants found = {0};

    if (e->target->version >= VERSION_DROP_EXPRESSION && change->old_field->stored) {
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E ALTER COLUMN %I DROP EXPRESSION", change->to, field->column),
                          WORDS(e, "%s: keeps its values and is computed no more", subject(e)), alter_lock(e));
        return;
    }
    pg_dependants_find(e, change->to, field, true, &found);
    pg_dependants_drop(e, change->to, &found);
    copy_computed_values(
        e, dialect_name(e->arena, &dialect_postgresql, "persist_old", &(struct names){.at = (const char *[]){field->column}, .count = 1}));
    pg_dependants_add(e, change->to, &found);
}
