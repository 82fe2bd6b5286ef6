/* Sequences whose names go from objects to columns, and back.
 *
 * A serial column's sequence that becomes an object of its own is the same sequence, as is an object that becomes a column's: it stays,
 * with its number. Any other that holds a name which something new wants steps aside before the first change. */
#include "emit_object.h"

/* An object that comes or goes. */
struct passing {
    const struct change *change;
    const char *type;  /* of the column that gives its sequence up for it */
    const char *aside; /* what it is called until it goes */
    bool adopted;      /* it stays, as a column's or of a column's */
};

static const char *key_of(struct emitter *e, const char *namespace, const char *name) {
    return WORDS(e, "%s\n%s", namespace ? namespace : "", name);
}

static struct passing *find(struct emitter *e, const struct map *sequences, const struct object *object) {
    return sequences->count ? map_get(sequences, key_of(e, object->namespace, object->object_name)) : NULL;
}

/* The object that is called as the sequence of FIELD; NULL also for a column without one. */
static struct passing *find_field(struct emitter *e, const struct map *sequences, const struct entity *entity, const struct field *field) {
    if (!field || !sequences->count || !pg_sequence_has(field))
        return NULL;
    return map_get(sequences, key_of(e, entity->namespace, pg_sequence_name(e, entity, field)));
}

static void note(struct emitter *e, struct map *sequences, const struct change *change, const struct object *object) {
    struct passing *passing;

    if (!pg_object_is(object, "sequence"))
        return;
    passing = ARENA_NEW(e->arena, struct passing);
    passing->change = change;
    map_put(e->arena, sequences, key_of(e, object->namespace, object->object_name), passing);
}

static void rename_aside(struct emitter *e, const char *sequence, const char *aside) {
    pg_emit_statement(e, SQL(e, "ALTER SEQUENCE %T RENAME TO %I", sequence, aside),
                      WORDS(e, "sequence %s: steps aside for what gets its name", sequence), NULL);
}

/* The column OLD of the table FROM has a sequence that an object is to be called as. */
static void settle_column(struct emitter *e, const struct entity *from, const struct field *old, const struct field *new) {
    struct passing *coming = find_field(e, &e->sequences_coming, from, old);
    const char *sequence;

    if (!coming)
        return;
    e->change = coming->change;
    sequence = pg_emit_object(e, from, pg_sequence_name(e, from, old));
    if (old->generated && !pg_sequence_has(new)) {
        coming->adopted = true;
        coming->type = old->native_type;
        pg_emit_statement(e, SQL(e, "ALTER SEQUENCE %T OWNED BY NONE", sequence),
                          WORDS(e, "%s.%s: its sequence stays without it", from->name, old->name), NULL);
    } else {
        rename_aside(e, sequence, WORDS(e, "persist_was_%zu", e->sequences_aside++));
    }
}

/* The column NEW of the table TO has a sequence that is called as an object was. */
static void settle_object(struct emitter *e, const struct entity *to, const struct field *old, const struct field *new) {
    struct passing *going = find_field(e, &e->sequences_going, to, new);

    if (!going)
        return;
    if (new->generated && old && !pg_sequence_has(old)) {
        going->adopted = true;
        return;
    }
    e->change = going->change;
    going->aside = WORDS(e, "persist_was_%zu", e->sequences_aside++);
    rename_aside(e, pg_object_sql_name(e->arena, going->change->old_object), going->aside);
}

void pg_adopt_begin(struct emitter *e) {
    for (size_t i = 0; i < e->plan->changes.count; i++) {
        const struct change *change = &e->plan->changes.at[i];

        if (change->new_object && !change->old_object)
            note(e, &e->sequences_coming, change, change->new_object);
        if (change->old_object && !change->new_object)
            note(e, &e->sequences_going, change, change->old_object);
    }
    for (size_t i = 0; i < e->plan->pairs.count && (e->sequences_coming.count || e->sequences_going.count); i++) {
        const struct entity_pair *pair = &e->plan->pairs.at[i];

        for (size_t k = 0; pair->to && (!pair->from || pair->old_of_new) && k < pair->to->field_count; k++) {
            const struct field *old = pair->from ? pair->old_of_new[k] : NULL, *new = &pair->to->fields[k];

            if (old)
                settle_column(e, pair->from, old, new);
            settle_object(e, pair->to, old, new);
        }
    }
}

const struct object *pg_adopt_given_up(struct emitter *e, const struct object *object) {
    const struct passing *coming = pg_object_is(object, "sequence") ? find(e, &e->sequences_coming, object) : NULL;
    struct object *before;

    if (!coming || !coming->adopted)
        return NULL;
    before = ARENA_NEW(e->arena, struct object);
    *before = (struct object){.kind = object->kind, .namespace = object->namespace, .object_name = object->object_name};
    before->definition = WORDS(e, "AS %s", coming->type);
    return before;
}

bool pg_adopt_stays(struct emitter *e, const struct entity *from, const struct field *old) {
    const struct passing *coming = find_field(e, &e->sequences_coming, from, old);

    return coming && coming->adopted;
}

const struct object *pg_adopt_taken(struct emitter *e, const struct entity *to, const struct field *new) {
    const struct passing *going = find_field(e, &e->sequences_going, to, new);

    return going && going->adopted ? going->change->old_object : NULL;
}

bool pg_adopt_goes(struct emitter *e, const struct object *object) {
    const struct passing *going = pg_object_is(object, "sequence") ? find(e, &e->sequences_going, object) : NULL;

    return going && !going->adopted;
}

bool pg_adopt_drop(struct emitter *e, const struct object *object) {
    const struct passing *going = pg_object_is(object, "sequence") ? find(e, &e->sequences_going, object) : NULL;
    const struct entity aside = {.namespace = object->namespace, .table = going ? going->aside : NULL};

    if (!going || (!going->adopted && !going->aside))
        return false;
    if (going->aside)
        pg_emit_statement(e, SQL(e, "DROP SEQUENCE IF EXISTS %E", &aside), WORDS(e, "%s: removed", pg_object_subject(e, object)), NULL);
    else if (object->comment)
        pg_emit_statement(e, SQL(e, "COMMENT ON SEQUENCE %T IS NULL", pg_object_sql_name(e->arena, object)),
                          WORDS(e, "%s: documentation", pg_object_subject(e, object)), NULL);
    return true;
}
