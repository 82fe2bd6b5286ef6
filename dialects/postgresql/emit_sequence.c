/* The sequences behind serial and identity columns, and what they are called. */
#include <string.h>

#include "emit_internal.h"

enum { NAME_MAX_BYTES = 63, SUFFIX_BYTES = 5 }; /* "_", "_seq" */

const char *pg_sequence_usual_name(struct arena *arena, const char *table, const char *column) {
    int rest = NAME_MAX_BYTES - SUFFIX_BYTES, first = (int)strlen(table), second = (int)strlen(column);

    while (first + second > rest)
        if (first > second)
            first--;
        else
            second--;
    while (first > 0 && (table[first] & 0xC0) == 0x80)
        first--;
    while (second > 0 && (column[second] & 0xC0) == 0x80)
        second--;
    return arena_printf(arena, "%.*s_%.*s_seq", first, table, second, column);
}

/* What is said of an identity's sequence besides its start and increment, with the words for it. */
static const struct {
    const char *option;
    const char *words;
    const char *usual; /* the words that take it back */
} sequence_options[] = {{"minValue", "MINVALUE", "NO MINVALUE"}, {"maxValue", "MAXVALUE", "NO MAXVALUE"}, {"cache", "CACHE", "CACHE 1"}};

static bool cycles(const struct field *field) {
    const char *cycle = pg_option_value(&field->options, "cycle");

    return cycle && strcmp(cycle, "true") == 0;
}

void pg_emit_sequence_options(struct sql *sql, const struct field *field) {
    const char *name = pg_option_value(&field->options, "sequence");

    if (name)
        sqlf(sql, " SEQUENCE NAME %I", name);
    for (size_t i = 0; i < sizeof sequence_options / sizeof *sequence_options; i++)
        if (pg_option_value(&field->options, sequence_options[i].option))
            sqlf(sql, " %T %X", sequence_options[i].words, pg_option_value(&field->options, sequence_options[i].option));
    if (cycles(field))
        sqlf(sql, " CYCLE");
}

void pg_emit_set_sequence_options(struct sql *sql, const struct field *old, const struct field *new) {
    for (size_t i = 0; i < sizeof sequence_options / sizeof *sequence_options; i++) {
        const char *from = pg_option_value(&old->options, sequence_options[i].option);
        const char *to = pg_option_value(&new->options, sequence_options[i].option);

        if (text_equal(from, to))
            continue;
        if (to)
            sqlf(sql, " SET %T %X", sequence_options[i].words, to);
        else
            sqlf(sql, " SET %T", sequence_options[i].usual);
    }
    if (cycles(old) != cycles(new))
        sqlf(sql, " SET %T", cycles(new) ? "CYCLE" : "NO CYCLE");
}

/* Counting. */

enum pg_counter pg_counter_of(const struct pg_counting *from, const struct pg_counting *to) {
    if (to->min > from->max || to->max < from->min)
        return PG_COUNTER_RESTARTS;
    return (to->increment > 0 ? to->min > from->min : to->max < from->max) ? PG_COUNTER_ENTERS : PG_COUNTER_GOES_ON;
}

const char *pg_counter_enter(struct emitter *e, const struct pg_counting *to, const char *literal, const char *sequence) {
    bool up = to->increment > 0;
    const char *first = WORDS(e, "%lld", up ? to->min : to->max);

    return SQL(e, "SELECT setval(%T, %T, false) FROM %T WHERE last_value %T %T", literal, first, sequence, up ? "<" : ">", first);
}

/* Names. */

bool pg_sequence_has(const struct field *field) {
    return field->generated || field->identity;
}

const char *pg_sequence_name(struct emitter *e, const struct entity *entity, const struct field *field) {
    const char *said = pg_option_value(&field->options, "sequence");

    return said ? said : pg_sequence_usual_name(e->arena, entity->table, field->column);
}

struct sequence_rename {
    const struct entity *entity;
    const struct field *field;
    const char *from;
    const char *to;
    bool may_have_it; /* the usual name and a number: the server may have chosen it already */
};

static void rename_to(struct emitter *e, const struct sequence_rename *rename, const char *name) {
    const struct entity *entity = rename->entity;
    const struct field *field = rename->field;
    const char *sequence = SQL(e, "pg_get_serial_sequence(%L, %L)::regclass", SQL(e, "%E", entity), field->column);
    const char *body = SQL(e, "EXECUTE format('ALTER SEQUENCE %%s RENAME TO %%I', %T, %L);", sequence, name);

    if (rename->may_have_it && name == rename->to)
        body = SQL(e, "IF NOT EXISTS (SELECT FROM pg_class WHERE oid = %T AND relname = %L) THEN %T END IF;", sequence, name, body);
    pg_emit_statement(e, pg_emit_do(e, SQL(e, "BEGIN %T END", body)),
                      WORDS(e, "%s.%s: its sequence is called %s", entity->name, field->name, name), NULL);
}

/* What the sequence of a column is called at first: that of a new one as the server likes, mostly the usual name. */
static struct sequence_rename rename_of(struct emitter *e, const struct entity_pair *pair, size_t field) {
    const struct field *old = pair->old_of_new ? pair->old_of_new[field] : NULL, *new = &pair->to->fields[field];
    const char *to = pg_sequence_name(e, pair->to, new);
    struct sequence_rename rename = {.entity = pair->to, .field = new, .from = to, .to = to};

    if (pg_adopt_taken(e, pair->to, new))
        return rename;
    if (old && pg_sequence_has(old) && (bool)old->identity == (bool)new->identity) {
        rename.from = pg_sequence_name(e, pair->from, old);
    } else if (!new->identity) {
        rename.from = pg_sequence_usual_name(e->arena, pair->to->table, new->column);
        rename.may_have_it = strncmp(to, rename.from, strlen(rename.from)) == 0;
    }
    return rename;
}

void pg_emit_sequence_names(struct emitter *e) {
    VEC(struct sequence_rename) list = {0};
    struct map wanted = {0};

    for (size_t i = 0; i < e->plan->pairs.count; i++) {
        const struct entity_pair *pair = &e->plan->pairs.at[i];

        for (size_t k = 0; pair->to && k < pair->to->field_count; k++) {
            struct sequence_rename rename;

            if (!pg_sequence_has(&pair->to->fields[k]))
                continue;
            rename = rename_of(e, pair, k);
            if (strcmp(rename.from, rename.to) == 0)
                continue;
            vec_push(e->arena, &list, rename);
            map_put(e->arena, &wanted, rename.to, pair);
        }
    }
    for (size_t i = 0; i < list.count; i++)
        if (map_get(&wanted, list.at[i].from)) /* another may take that name first */
            rename_to(e, &list.at[i], WORDS(e, "persist_aside_%zu", i));
    for (size_t i = 0; i < list.count; i++)
        rename_to(e, &list.at[i], list.at[i].to);
}
