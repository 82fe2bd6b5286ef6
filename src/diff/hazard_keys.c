/* What becomes of keys, indexes, checks, exclusions and foreign keys: what rows may not satisfy, and what clients may count on. */
#include <string.h>

#include "expression.h"
#include "hazard_internal.h"
#include "words.h"

/* Do all rows there are have NULL in the new column NAME? */
static bool starts_null(const struct finder *finder, const struct change *change, const char *name) {
    const struct field *field = entity_field(change->to, name);

    return field && !finder_old_field(finder, change, name) && field->nullable && !field->default_sql && !field->computed;
}

/* Are all FIELDS of from found, by their new names, among the parts of INDEX? */
static bool within_index(const struct finder *finder, const struct change *change, const struct names *fields, const struct index *index) {
    for (size_t i = 0; i < fields->count; i++) {
        bool found = false;

        for (size_t k = 0; k < index->part_count; k++) {
            const struct index_part *part = &index->parts[k];
            const struct field *old = part->field && !part->prefix ? finder_old_field(finder, change, part->field) : NULL;

            found = found || (old && strcmp(old->name, fields->at[i]) == 0);
        }
        if (!found)
            return false;
    }
    return fields->count;
}

bool hazard_was_unique(const struct finder *finder, const struct change *change, const struct index *index) {
    const struct entity *from = change->from;

    if (!from->key.absent && within_index(finder, change, &from->key.fields, index))
        return true;
    for (size_t i = 0; i < from->index_count; i++) {
        const struct index *old = &from->indexes[i];
        struct names fields = {.at = ARENA_ARRAY(finder->arena, const char *, old->part_count)};

        for (size_t k = 0; k < old->part_count && old->parts[k].field; k++)
            fields.at[fields.count++] = old->parts[k].field;
        if (old->unique && !old->where && fields.count == old->part_count && within_index(finder, change, &fields, index) &&
            old->nulls_not_distinct >= index->nulls_not_distinct)
            return true;
    }
    return false;
}

void hazard_add_index(struct finder *finder, const struct change *change) {
    const struct index *index = change->new_index;

    if (!index->unique || !change->from || change->forced || hazard_was_unique(finder, change, index))
        return;
    for (size_t i = 0; i < index->part_count && !index->nulls_not_distinct; i++)
        if (index->parts[i].field && starts_null(finder, change, index->parts[i].field))
            return;
    finder_add(
        finder, RULE_UNIQUE, change,
        (struct hazard){.subject = finder_subject(finder, change, index->name ? index->name : "unique"),
                        .text = arena_printf(finder->arena, "fails when two rows agree in %s", words_index_parts(finder->arena, index))});
}

void hazard_add_key(struct finder *finder, const struct change *change) {
    const struct key *key = &change->to->key;
    const struct key *old_key = &change->from->key;
    size_t kept = 0;

    for (size_t i = 0; i < key->fields.count; i++) {
        const struct field *field = entity_field(change->to, key->fields.at[i]);
        const struct field *old = finder_old_field(finder, change, key->fields.at[i]);

        if (!old && field && (field->generated || field->identity != IDENTITY_NONE))
            return;
        for (size_t k = 0; old && k < old_key->fields.count; k++)
            kept += strcmp(old_key->fields.at[k], old->name) == 0;
    }
    if (change->forced || (old_key->fields.count && kept == old_key->fields.count))
        return;
    finder_add(finder, RULE_KEY, change,
               (struct hazard){.subject = change->to->name,
                               .text = arena_printf(finder->arena, "fails when two rows have the same key (%s), or none",
                                                    words_names(finder->arena, &key->fields))});
}

/* Does TEXT read a column that has values from before? */
static bool reads_old(const struct finder *finder, const struct change *change, const char *text) {
    for (size_t i = 0; i < change->to->field_count; i++) {
        const struct field *field = &change->to->fields[i];

        if (!starts_null(finder, change, field->name) && expression_mentions(text, field->column))
            return true;
    }
    return false;
}

void hazard_add_check(struct finder *finder, const struct change *change) {
    const struct check *check = change->new_check;
    const struct field *field = check->derived && check->field ? entity_field(change->to, check->field) : NULL;

    if (!change->from || change->forced)
        return;
    if (change->recreated && field)
        hazard_enum(finder, change, hazard_enum_of(finder, field));
    if ((change->recreated && field) || (field && !finder_old_field(finder, change, field->name)))
        return;
    if (check->not_validated || check->not_enforced || !reads_old(finder, change, check->value))
        return;
    finder_add(finder, RULE_CHECK, change,
               (struct hazard){.subject = finder_subject(finder, change, check->name ? check->name : "check"),
                               .text = arena_printf(finder->arena, "fails when a row does not satisfy %s", check->value)});
}

void hazard_add_exclude(struct finder *finder, const struct change *change) {
    if (!change->from || change->forced)
        return;
    finder_add(
        finder, RULE_EXCLUDE, change,
        (struct hazard){.subject = finder_subject(finder, change, change->new_exclude->name ? change->new_exclude->name : "exclude"),
                        .text = arena_printf(finder->arena, "fails when two rows exclude each other by %s", change->new_exclude->value)});
}

/* Foreign keys. */

/* Is NEW of change->to over the same fields and to the same entity as OLD of change->from? */
static bool same_reference(const struct finder *finder, const struct change *change, const struct foreign_key *old,
                           const struct foreign_key *new) {
    const struct entity_pair *target = plan_old_pair(finder->plan, old->target);
    bool same = target && target->to && strcmp(target->to->name, new->target) == 0 && old->fields.count == new->fields.count;

    for (size_t k = 0; same && k < new->fields.count; k++) {
        const struct field *field = finder_old_field(finder, change, new->fields.at[k]);

        same = field && strcmp(field->name, old->fields.at[k]) == 0;
    }
    return same;
}

/* The foreign key that held over the same fields to the same entity before, or NULL. */
static const struct foreign_key *old_reference(const struct finder *finder, const struct change *change) {
    for (size_t i = 0; i < change->from->foreign_key_count; i++)
        if (same_reference(finder, change, &change->from->foreign_keys[i], change->new_foreign_key))
            return &change->from->foreign_keys[i];
    return NULL;
}

static const char *reference_subject(struct finder *finder, const struct change *change, const struct foreign_key *key) {
    return finder_subject(finder, change, key->relation ? key->relation : key->name ? key->name : "foreign key");
}

/* What becomes of the rows that refer to one that is deleted, or whose key changes. */
static const char *action_words(unsigned action) {
    switch ((enum ref_action)action) {
    case ACTION_CASCADE:
        return "goes on to the rows that refer to it";
    case ACTION_SET_NULL:
    case ACTION_SET_DEFAULT:
        return "takes the reference from the rows that refer to it";
    case ACTION_NONE:
    case ACTION_NO_ACTION:
    case ACTION_RESTRICT:
        break;
    }
    return "is refused while rows refer to it";
}

static void on_action(struct finder *finder, const struct change *change, const char *what, const uint8_t actions[2]) {
    const struct foreign_key *key = change->new_foreign_key;
    const char *old = action_words(actions[0]);
    const char *new = action_words(actions[1]);

    if (strcmp(old, new) != 0)
        finder_add(finder, RULE_CHANGE_ACTION, change,
                   (struct hazard){.subject = reference_subject(finder, change, key),
                                   .text = arena_printf(finder->arena, "%s a row of \"%s\" now %s; before, it %s", what, key->target, new,
                                                        strncmp(old, "is ", 3) == 0 ? "was refused" : old)});
}

void hazard_add_foreign_key(struct finder *finder, const struct change *change) {
    const struct foreign_key *key = change->new_foreign_key;
    const struct foreign_key *old = change->from && !change->forced ? old_reference(finder, change) : NULL;

    if (old) {
        on_action(finder, change, "deleting", (const uint8_t[]){old->on_delete, key->on_delete});
        on_action(finder, change, "changing the key of", (const uint8_t[]){old->on_update, key->on_update});
    }
    if (!change->from || change->forced || key->not_validated || (old && !old->not_validated))
        return;
    for (size_t i = 0; i < key->fields.count; i++)
        if (starts_null(finder, change, key->fields.at[i]))
            return;
    finder_add(finder, RULE_FOREIGN_KEY, change,
               (struct hazard){.subject = reference_subject(finder, change, key),
                               .text = arena_printf(finder->arena, "fails when a row refers to no row of \"%s\"", key->target)});
}

/* What goes. A column or a table that goes says so itself. */

/* Do all FIELDS of change->from stay? Gives their new names, or an empty list. */
static struct names kept_fields(const struct finder *finder, const struct change *change, const struct names *fields) {
    struct names kept = {.at = ARENA_ARRAY(finder->arena, const char *, fields->count)};

    for (size_t i = 0; change->to && i < fields->count; i++) {
        const struct field *field = fields->at[i] ? finder_new_field(finder, change, fields->at[i]) : NULL;

        if (!field)
            return (struct names){0};
        kept.at[kept.count++] = field->name;
    }
    return kept;
}

void hazard_drop_foreign_key(struct finder *finder, const struct change *change) {
    const struct foreign_key *key = change->old_foreign_key;
    const struct entity_pair *target = plan_old_pair(finder->plan, key->target);

    if (change->recreated || !target || !target->to || !kept_fields(finder, change, &key->fields).count)
        return;
    for (size_t i = 0; i < change->to->foreign_key_count; i++)
        if (same_reference(finder, change, key, &change->to->foreign_keys[i]))
            return;
    finder_add(finder, RULE_DROP_FOREIGN_KEY, change,
               (struct hazard){
                   .subject = reference_subject(finder, change, key),
                   .text = arena_printf(finder->arena, "drops the foreign key to \"%s\": rows may refer to nothing%s", target->to->name,
                                        key->on_delete == ACTION_CASCADE ? ", and are no longer deleted with what they refer to" : "")});
}

/* The fields of INDEX, NULL for an expression. */
static struct names index_fields(const struct finder *finder, const struct index *index) {
    struct names fields = {.at = ARENA_ARRAY(finder->arena, const char *, index->part_count)};

    for (size_t i = 0; i < index->part_count; i++)
        fields.at[fields.count++] = index->parts[i].field;
    return fields;
}

static bool has_name(const struct names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++)
        if (text_equal(names->at[i], name))
            return true;
    return false;
}

static bool is_within(const struct names *some, const struct names *all) {
    for (size_t i = 0; i < some->count; i++)
        if (!some->at[i] || !has_name(all, some->at[i]))
            return false;
    return some->count;
}

/* Are rows of ENTITY still told apart by FIELDS, where WHERE holds? */
static bool stays_unique(const struct finder *finder, const struct entity *entity, const struct names *fields, const char *where) {
    if (!entity->key.absent && is_within(&entity->key.fields, fields))
        return true;
    for (size_t i = 0; i < entity->index_count; i++) {
        const struct index *index = &entity->indexes[i];
        struct names own = index_fields(finder, index);

        if (index->unique && is_within(&own, fields) && (!index->where || text_equal(index->where, where)))
            return true;
    }
    return false;
}

static void on_drop_unique(struct finder *finder, const struct change *change, const char *name, const char *parts) {
    finder_add(finder, RULE_DROP_UNIQUE, change,
               (struct hazard){.subject = name,
                               .text = arena_printf(finder->arena,
                                                    "rows may agree in %s from then on: clients that count on one row, or say "
                                                    "ON CONFLICT, fail",
                                                    parts)});
}

static bool begins_with(const struct names *names, const struct names *start) {
    for (size_t i = 0; i < start->count; i++)
        if (i >= names->count || !text_equal(names->at[i], start->at[i]))
            return false;
    return true;
}

/* Does an index that begins with FIELDS stay? */
static bool stays_indexed(const struct finder *finder, const struct entity *entity, const struct names *fields, const char *method) {
    for (size_t i = 0; i < entity->index_count; i++) {
        const struct index *index = &entity->indexes[i];
        size_t same = 0;

        while (same < fields->count && same < index->part_count && text_equal(index->parts[same].field, fields->at[same]))
            same++;
        if (same == fields->count && !index->where && text_equal(index->method, method))
            return true;
    }
    for (size_t i = 0; finder->plan->rules->foreign_key_has_index && !method && i < entity->foreign_key_count; i++)
        if (begins_with(&entity->foreign_keys[i].fields, fields))
            return true;
    return !method && !entity->key.absent && begins_with(&entity->key.fields, fields);
}

static bool reads_dropped(const struct finder *finder, const struct change *change, const char *expression) {
    for (size_t i = 0; expression && i < change->from->field_count; i++)
        if (!finder_new_field(finder, change, change->from->fields[i].name) &&
            expression_mentions(expression, change->from->fields[i].column))
            return true;
    return false;
}

/* The fields of the old index by their new names, NULL for an expression. False: one that it reads goes. */
static bool kept_parts(const struct finder *finder, const struct change *change, struct names *kept) {
    const struct index *index = change->old_index;

    *kept = (struct names){.at = ARENA_ARRAY(finder->arena, const char *, index->part_count)};
    for (size_t i = 0; i < index->part_count; i++) {
        const struct index_part *part = &index->parts[i];
        const struct field *field = part->field ? finder_new_field(finder, change, part->field) : NULL;

        if (reads_dropped(finder, change, part->expression) || (part->field && !field))
            return false;
        kept->at[kept->count++] = field ? field->name : NULL;
    }
    return !reads_dropped(finder, change, index->where);
}

/* An index that is changed serves its queries still. */
void hazard_drop_index(struct finder *finder, const struct change *change) {
    const struct index *index = change->old_index;
    const char *parts = words_index_parts(finder->arena, index);
    struct names kept;
    const char *name;
    bool unique;

    if (change->forced || !change->to || !kept_parts(finder, change, &kept))
        return;
    name = finder_subject(finder, change, index->name ? index->name : "index");
    unique = stays_unique(finder, change->to, &kept, index->where);
    if (index->unique && !unique)
        on_drop_unique(finder, change, name, parts);
    if (!change->recreated && !unique && !stays_indexed(finder, change->to, &kept, index->method))
        finder_add(finder, RULE_DROP_INDEX, change,
                   (struct hazard){.subject = name,
                                   .text = arena_printf(finder->arena, "queries by %s read the whole table from then on", parts)});
}

void hazard_drop_key(struct finder *finder, const struct change *change) {
    struct names kept = kept_fields(finder, change, &change->from->key.fields);

    if (!change->forced && kept.count && !stays_unique(finder, change->to, &kept, NULL))
        on_drop_unique(finder, change, change->to->name, words_names(finder->arena, &kept));
}
