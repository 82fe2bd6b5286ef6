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

/* --- names --- */

static bool has_sequence(const struct field *field) {
    return field->generated || field->identity;
}

static const char *name_of(struct emitter *e, const struct entity *entity, const struct field *field) {
    const char *said = pg_option_value(&field->options, "sequence");

    return said ? said : pg_sequence_usual_name(e->arena, entity->table, field->column);
}

static void rename_to(struct emitter *e, const struct entity *entity, const struct field *field, const char *name) {
    const char *body = SQL(e, "BEGIN EXECUTE format('ALTER SEQUENCE %%s RENAME TO %%I', pg_get_serial_sequence(%L, %L)::regclass, %L); END",
                           SQL(e, "%E", entity), field->column, name);

    pg_emit_statement(e, pg_emit_do(e, body), WORDS(e, "%s.%s: its sequence is called %s", entity->name, field->name, name), NULL);
}

struct sequence_rename {
    const struct entity *entity;
    const struct field *field;
    const char *from;
    const char *to;
};

/* A column that is new has the usual name at first. */
static const char *name_before(struct emitter *e, const struct entity_pair *pair, size_t field) {
    const struct field *old = pair->old_of_new ? pair->old_of_new[field] : NULL, *new = &pair->to->fields[field];

    if (!old || !has_sequence(old) || (bool)old->identity != (bool)new->identity)
        return new->identity ? name_of(e, pair->to, new) : pg_sequence_usual_name(e->arena, pair->to->table, new->column);
    return name_of(e, pair->from, old);
}

void pg_emit_sequence_names(struct emitter *e) {
    VEC(struct sequence_rename) list = {0};
    struct map wanted = {0};

    for (size_t i = 0; i < e->plan->pairs.count; i++) {
        const struct entity_pair *pair = &e->plan->pairs.at[i];

        for (size_t k = 0; pair->to && k < pair->to->field_count; k++) {
            const struct field *field = &pair->to->fields[k];
            const char *from, *to;

            if (!has_sequence(field))
                continue;
            from = name_before(e, pair, k);
            to = name_of(e, pair->to, field);
            if (strcmp(from, to) == 0)
                continue;
            vec_push(e->arena, &list, ((struct sequence_rename){.entity = pair->to, .field = field, .from = from, .to = to}));
            map_put(e->arena, &wanted, to, pair);
        }
    }
    for (size_t i = 0; i < list.count; i++)
        if (map_get(&wanted, list.at[i].from)) /* another may take that name first */
            rename_to(e, list.at[i].entity, list.at[i].field, WORDS(e, "persist_aside_%zu", i));
    for (size_t i = 0; i < list.count; i++)
        rename_to(e, list.at[i].entity, list.at[i].field, list.at[i].to);
}
