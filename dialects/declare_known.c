#include <stdlib.h>
#include <string.h>

#include "declare_internal.h"

/* What the known model says in a way of its own: foreign key columns that a relation brings without being declared, and the order of fields
 * where the database has none that counts. */

static struct relation *made_relation(const struct link *link) {
    return entity_relation(link->owner->made, link->name);
}

/* homeAddress, id → homeaddressId: what lowering would call the column. */
static const char *brought_name(struct declaring *work, const char *relation, const char *key) {
    char *name = arena_strdup(&work->scratch, relation);

    for (char *at = name; *at; at++)
        if (*at >= 'A' && *at <= 'Z')
            *at = (char)(*at - 'A' + 'a');
    return arena_printf(&work->scratch, "%s%s", name, declare_capital(&work->scratch, key));
}

static bool same_type(const struct field *field, const struct field *key) {
    return field->type == key->type && field->length == key->length && field->precision == key->precision && field->scale == key->scale &&
           field->fixed == key->fixed && text_equal(field->enum_name, key->enum_name) && text_equal(field->native_type, key->native_type) &&
           text_equal(field->collation, key->collation) && text_equal(field->charset, key->charset);
}

static bool says_no_more(const struct field *field) {
    return !field->comment && !field->default_sql && !field->default_literal && !field->computed && !field->on_update &&
           !field->options.count && field->identity == IDENTITY_NONE && !field->key && !field->generated;
}

/* Does another foreign key read the field NAME? It could not name it then. */
static bool is_shared(const struct link *link, const char *name) {
    const struct entity *made = link->owner->made;
    size_t uses = 0;

    for (size_t i = 0; i < made->foreign_key_count; i++)
        for (size_t k = 0; k < made->foreign_keys[i].fields.count; k++)
            uses += strcmp(made->foreign_keys[i].fields.at[k], name) == 0;
    return uses > 1;
}

/* Would the relation bring just the columns that are there? */
static bool is_brought(struct declaring *work, const struct link *link) {
    const struct foreign_key *key = &link->owner->seen->foreign_keys[link->foreign_key];

    for (size_t i = 0; i < key->fields.count; i++) {
        const struct field *field = declare_field(link->owner, key->fields.at[i]);
        const struct field *held = declare_field(link->target, key->target_fields.at[i]);

        if (strcmp(field->name, brought_name(work, link->name, held->name)) != 0 || strcmp(field->column, field->name) != 0 ||
            field->nullable != link->nullable || !same_type(field, held) || !says_no_more(field) || is_shared(link, field->name))
            return false;
    }
    return true;
}

static bool is_plain_unique(const struct index *index, const struct names *fields) {
    bool plain = index->unique && !index->where && !index->method && !index->comment && !index->options.count &&
                 !index->nulls_not_distinct && !index->include.count && index->deferrable == DEFERRABLE_NOT &&
                 index->part_count == fields->count;

    for (size_t i = 0; plain && i < fields->count; i++)
        plain = index->parts[i].field && strcmp(index->parts[i].field, fields->at[i]) == 0 && !index->parts[i].prefix &&
                !index->parts[i].opclass && !index->parts[i].collation && index->parts[i].order == ORDER_ASCENDING &&
                index->parts[i].nulls == NULLS_DEFAULT;
    return plain;
}

/* The name that a 1-1 relation's unique constraint gets; some databases have it as an index. */
static const char *unique_name(struct declaring *work, const struct entity *made, const struct names *fields) {
    struct names parts = {ARENA_ARRAY(&work->scratch, const char *, fields->count + 1), fields->count + 1};

    parts.at[0] = made->table;
    for (size_t i = 0; i < fields->count; i++)
        parts.at[i + 1] = entity_column(made, fields->at[i]);
    return dialect_name(&work->scratch, work->target->dialect, "uq", &parts);
}

/* The unique constraint of a 1-1 relation comes with it; what is derived stands behind the rest. */
static void bring_unique(struct declaring *work, struct entity *made, const struct names *fields) {
    const char *name = unique_name(work, made, fields);

    for (size_t i = 0; i < made->index_count; i++) {
        struct index index = made->indexes[i];

        if (!is_plain_unique(&index, fields) || (index.name ? strcmp(index.name, name) != 0 : !index.constraint))
            continue;
        index.derived = index.constraint = true;
        index.name = NULL;
        memmove(&made->indexes[i], &made->indexes[i + 1], (made->index_count - 1 - i) * sizeof index);
        made->indexes[made->index_count - 1] = index;
        return;
    }
}

static void bring(const struct link *link, bool brought) {
    struct relation *relation = made_relation(link);
    const struct foreign_key *key = &link->owner->made->foreign_keys[relation->foreign_key];

    relation->keys = brought ? (struct names){0} : key->fields;
    for (size_t i = 0; i < key->fields.count; i++)
        entity_field(link->owner->made, key->fields.at[i])->derived = brought;
}

static void bring_keys(struct declaring *work, const struct declared *entity) {
    for (size_t i = 0; i < entity->own.count; i++) {
        const struct link *link = entity->own.at[i];

        if (link->known && !link->known->keys.count && is_brought(work, link))
            bring(link, true);
    }
}

/* Where a field comes: the declared ones in the known order, a new one behind its neighbor in the table; then the brought ones, relation by
 * relation. */
struct rank {
    struct field field;
    size_t group;
    size_t within;
};

static int compare_ranks(const void *first, const void *second) {
    const struct rank *a = first, *b = second;

    if (a->group != b->group)
        return a->group < b->group ? -1 : 1;
    return a->within < b->within ? -1 : a->within > b->within;
}

static void rank_brought(const struct entity *made, struct rank *rank) {
    for (size_t i = 0; i < made->relation_count; i++) {
        const struct relation *relation = &made->relations[i];
        const struct names *fields = relation->owner ? &made->foreign_keys[relation->foreign_key].fields : NULL;

        for (size_t k = 0; fields && !relation->keys.count && k < fields->count; k++)
            if (strcmp(fields->at[k], rank->field.name) == 0) {
                rank->group = SIZE_MAX - made->relation_count + i;
                rank->within = k;
            }
    }
}

static struct rank *rank_fields(struct declaring *work, const struct declared *entity) {
    const struct entity *made = entity->made, *known = entity->known;
    struct rank *ranks = ARENA_ARRAY(&work->scratch, struct rank, made->field_count);
    bool ordered = work->target->dialect->rules.column_order;
    size_t last = 0;

    for (size_t i = 0; i < made->field_count; i++) {
        const struct field *same = ordered ? NULL : entity_field_by_column(known, made->fields[i].column);

        last = same ? (size_t)(same - known->fields) + 1 : last;
        ranks[i] = (struct rank){.field = made->fields[i], .group = last, .within = same ? 0 : i + 1};
        if (made->fields[i].derived)
            rank_brought(made, &ranks[i]);
    }
    return ranks;
}

static bool is_sorted(const struct rank *ranks, size_t count) {
    for (size_t i = 1; i < count; i++)
        if (compare_ranks(&ranks[i - 1], &ranks[i]) > 0)
            return false;
    return true;
}

/* A database that has an order of columns keeps it: columns that do not stand where they would be brought are declared. */
static void sort_fields(struct declaring *work, const struct declared *entity) {
    struct entity *made = entity->made;
    struct rank *ranks = rank_fields(work, entity);

    if (is_sorted(ranks, made->field_count))
        return;
    if (work->target->dialect->rules.column_order) {
        for (size_t i = 0; i < entity->own.count; i++)
            if (!made_relation(entity->own.at[i])->keys.count)
                bring(entity->own.at[i], false);
        return;
    }
    qsort(ranks, made->field_count, sizeof *ranks, compare_ranks);
    for (size_t i = 0; i < made->field_count; i++)
        made->fields[i] = ranks[i].field;
}

static void bring_uniques(struct declaring *work, const struct declared *entity) {
    for (size_t i = 0; i < entity->own.count; i++) {
        const struct relation *relation = made_relation(entity->own.at[i]);

        if (!relation->keys.count && entity->own.at[i]->unique)
            bring_unique(work, entity->made, &entity->made->foreign_keys[relation->foreign_key].fields);
    }
}

void declare_as_known(struct declaring *work) {
    for (size_t i = 0; i < work->seen->entity_count; i++)
        if (work->entities[i].known)
            bring_keys(work, &work->entities[i]);
    for (size_t i = 0; i < work->seen->entity_count; i++)
        if (work->entities[i].known) {
            sort_fields(work, &work->entities[i]);
            bring_uniques(work, &work->entities[i]);
        }
}
