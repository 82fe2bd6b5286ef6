/* Fields and relations, in deltas. */
#include <string.h>

#include "delta_internal.h"
#include "words.h"

static const char *default_text(struct differ *differ, const struct field *field) {
    return field->default_literal ? arena_printf(differ->arena, "'%s'", field->default_literal) : field->default_sql;
}

/* Is the change of the type no more than the rename of the enum? */
static bool same_type_words(struct differ *differ, const struct field *old, const struct field *new) {
    const struct enum_pair *pair = old->enum_name && new->enum_name ? map_get(&differ->planner.plan->enum_by_from, old->enum_name) : NULL;

    if (pair && pair->to)
        return strcmp(pair->to->name, new->enum_name) == 0;
    return old->type == new->type && old->length == new->length && old->precision == new->precision && old->scale == new->scale &&
           old->fixed == new->fixed &&text_equal(old->native_type, new->native_type) && text_equal(old->enum_name, new->enum_name);
}

static void say_default(struct differ *differ, const struct comparison *compare, struct str *out, const struct field *old,
                        const struct field *new) {
    if (text_equal(old->default_literal, new->default_literal) && same_expression(compare, old->default_sql, new->default_sql))
        return;
    delta_say_text(out, "default", default_text(differ, old), default_text(differ, new));
}

static const char *field_changes(struct differ *differ, const struct comparison *compare, const struct field *old,
                                 const struct field *new) {
    struct str out = STR_INIT;

    if (!same_type_words(differ, old, new))
        delta_say(&out, "%s → %s", words_type(differ->arena, old), words_type(differ->arena, new));
    delta_say_flag(&out, "nullable", old->nullable, new->nullable);
    say_default(differ, compare, &out, old, new);
    delta_say_flag(&out, "generated", old->generated, new->generated);
    delta_say_flag(&out, "an identity column", old->identity != IDENTITY_NONE, new->identity != IDENTITY_NONE);
    if (!same_expression(compare, old->computed, new->computed))
        delta_say_text(&out, "computed value", old->computed, new->computed);
    delta_say_flag(&out, "stored", old->stored, new->stored);
    delta_say_text(&out, "collation", old->collation, new->collation);
    delta_say_text(&out, "charset", old->charset, new->charset);
    if (!same_expression(compare, old->on_update, new->on_update))
        delta_say_text(&out, "on update", old->on_update, new->on_update);
    if (!options_equal(&old->options, &new->options))
        delta_say(&out, "options changed");
    delta_say_comment(&out, old->comment, new->comment);
    return delta_said(differ->arena, &out);
}

static const char *column_words(struct differ *differ, const struct field *old, const struct field *new) {
    if (old && new &&strcmp(old->column, new->column) != 0)
        return arena_printf(differ->arena, "column %s, was %s", new->column, old->column);
    return arena_printf(differ->arena, "column %s", new ? new->column : old->column);
}

static const char *field_words(struct differ *differ, const struct field *field) {
    struct str out = STR_INIT;
    const char *value = default_text(differ, field);

    delta_say(&out, "%s%s", words_type(differ->arena, field), field->nullable ? ", nullable" : "");
    if (field->generated)
        delta_say(&out, "generated");
    if (value)
        delta_say(&out, "default %s", value);
    if (field->computed)
        delta_say(&out, "computed as %s", field->computed);
    return delta_said(differ->arena, &out);
}

static void add_whole_field(struct differ *differ, const char *entity, const struct field *field, enum delta_verb verb) {
    struct delta *delta = differ_add(differ, verb, DELTA_FIELD, entity);

    delta->name = field->name;
    delta->detail = field_words(differ, field);
    delta->means = column_words(differ, field, field);
}

static void compare_field(struct differ *differ, const struct comparison *compare, const struct field *old, const struct field *new) {
    bool renamed = strcmp(old->name, new->name) != 0;
    bool moved = strcmp(old->column, new->column) != 0;
    const char *changes = field_changes(differ, compare, old, new);
    struct delta *delta;

    if (!renamed && !moved && !changes)
        return;
    delta = differ_add(differ, renamed ? DELTA_RENAMED : DELTA_CHANGED, DELTA_FIELD, compare->pair->to->name);
    delta->name = new->name;
    delta->was = renamed ? old->name : NULL;
    delta->detail = changes ? changes : renamed ? NULL : arena_printf(differ->arena, "column %s → %s", old->column, new->column);
    delta->means = column_words(differ, old, new);
}

void differ_compare_fields(struct differ *differ, const struct comparison *compare) {
    const struct entity_pair *pair = compare->pair;

    for (size_t i = 0; i < pair->from->field_count; i++)
        if (!pair->new_of_old[i] && !pair->from->fields[i].derived)
            add_whole_field(differ, pair->to->name, &pair->from->fields[i], DELTA_REMOVED);
    for (size_t i = 0; i < pair->to->field_count; i++) {
        const struct field *old = pair->old_of_new[i];
        const struct field *new = &pair->to->fields[i];

        if (!old && !new->derived)
            add_whole_field(differ, pair->to->name, new, DELTA_ADDED);
        else if (old && old != new && !(old->derived && new->derived))
            compare_field(differ, compare, old, new);
    }
}

/* Relations. */

static const struct foreign_key *key_of(const struct entity *entity, const struct relation *relation) {
    return relation->owner && relation->foreign_key < entity->foreign_key_count ? &entity->foreign_keys[relation->foreign_key] : NULL;
}

static const char *relation_words(struct differ *differ, const struct relation *relation) {
    static const char *const marks[] = {"", "?", "[]"};

    return arena_printf(differ->arena, "%s%s", relation->target, marks[relation->kind]);
}

/* The columns and the foreign key of an owner; NULL for the other side. */
static const char *relation_means(struct differ *differ, const struct entity *entity, const struct relation *relation) {
    const struct foreign_key *key = key_of(entity, relation);
    struct str out = STR_INIT;

    for (size_t i = 0; key && i < key->fields.count; i++)
        delta_say(&out, "column %s", entity_column(entity, key->fields.at[i]));
    if (key)
        delta_say(&out, "foreign key to %s", key->target);
    return delta_said(differ->arena, &out);
}

static void say_action(struct str *out, const char *what, uint8_t old, uint8_t new) {
    if (old != new)
        delta_say(out, "%s %s", what, new ? ref_action_name((enum ref_action) new) : "no longer said");
}

void delta_say_foreign_key(struct str *out, const struct foreign_key *old, const struct foreign_key *new) {
    static const char *const deferrables[] = {"not deferrable", "deferrable", "deferred"};

    say_action(out, "on delete", old->on_delete, new->on_delete);
    say_action(out, "on update", old->on_update, new->on_update);
    if (old->deferrable != new->deferrable)
        delta_say(out, "now %s", deferrables[new->deferrable]);
    delta_say_flag(out, "a full match", old->match_full, new->match_full);
    delta_say_flag(out, "validated", !old->not_validated, !new->not_validated);
    delta_say_text(out, "name", old->name, new->name);
}

/* The columns that the relation brings follow the key of the target. */
static void say_key_types(struct differ *differ, const struct comparison *compare, struct str *out, const struct foreign_key *key) {
    for (size_t i = 0; i < key->fields.count; i++) {
        const struct field *new = entity_field(compare->pair->to, key->fields.at[i]);
        const struct field *old = new ? pair_old_field(compare->pair, new) : NULL;

        if (old && old->derived && new->derived && !same_type_words(differ, old, new))
            delta_say(out, "%s → %s", words_type(differ->arena, old), words_type(differ->arena, new));
    }
}

static const char *relation_changes(struct differ *differ, const struct comparison *compare, const struct relation *old,
                                    const struct relation *new) {
    const struct foreign_key *old_key = key_of(compare->pair->from, old);
    const struct foreign_key *new_key = key_of(compare->pair->to, new);
    const struct entity_pair *target = plan_old_pair(differ->planner.plan, old->target);
    bool same_target = target && target->to && strcmp(target->to->name, new->target) == 0;
    struct str out = STR_INIT;

    if (!same_target || old->kind != new->kind)
        delta_say(&out, "%s → %s", relation_words(differ, old), relation_words(differ, new));
    delta_say_flag(&out, "the owner", old->owner, new->owner);
    if (old_key && new_key) {
        delta_say_foreign_key(&out, old_key, new_key);
        say_key_types(differ, compare, &out, new_key);
        if (!same_fields(compare, &old_key->fields, &new_key->fields))
            delta_say(&out, "over %s", words_names(differ->arena, &new_key->fields));
    }
    return delta_said(differ->arena, &out);
}

/* An inverse side follows the renamed owner side. */
static const struct relation *old_relation_of(struct differ *differ, const struct entity_pair *pair, const struct relation *relation) {
    const struct rename_index *index = differ->planner.plan->rename_index;
    const struct relation *old = pair_old_relation(pair, rename_index_get(index, RENAME_RELATION, pair->to->name), relation);
    const struct entity_pair *target = plan_new_pair(differ->planner.plan, relation->target);
    const struct relation *owner;

    if (old || relation->owner || !target || !target->from)
        return old;
    owner = relation->inverse ? entity_relation(target->to, relation->inverse) : NULL;
    owner = owner ? pair_old_relation(target, rename_index_get(index, RENAME_RELATION, target->to->name), owner) : NULL;
    old = owner && owner->inverse ? entity_relation(pair->from, owner->inverse) : NULL;
    return old && !entity_relation(pair->to, old->name) ? old : NULL;
}

static void compare_relation(struct differ *differ, const struct comparison *compare, const struct relation *old,
                             const struct relation *new) {
    bool renamed = strcmp(old->name, new->name) != 0;
    const char *changes = relation_changes(differ, compare, old, new);
    struct delta *delta;

    if (!renamed && !changes)
        return;
    delta = differ_add(differ, renamed ? DELTA_RENAMED : DELTA_CHANGED, DELTA_RELATION, compare->pair->to->name);
    delta->name = new->name;
    delta->was = renamed ? old->name : NULL;
    delta->detail = changes;
    delta->means = relation_means(differ, compare->pair->to, new);
}

static void add_whole_relation(struct differ *differ, const struct entity_pair *pair, const struct relation *relation,
                               enum delta_verb verb) {
    struct delta *delta = differ_add(differ, verb, DELTA_RELATION, pair->to->name);

    delta->name = relation->name;
    delta->detail = relation_words(differ, relation);
    delta->means = relation_means(differ, verb == DELTA_ADDED ? pair->to : pair->from, relation);
}

void differ_compare_relations(struct differ *differ, const struct comparison *compare) {
    const struct entity_pair *pair = compare->pair;
    bool *kept = ARENA_ARRAY(differ->arena, bool, pair->from->relation_count);

    for (size_t i = 0; i < pair->to->relation_count; i++) {
        const struct relation *new = &pair->to->relations[i];
        const struct relation *old = old_relation_of(differ, pair, new);

        if (old) {
            kept[old - pair->from->relations] = true;
            compare_relation(differ, compare, old, new);
        } else {
            add_whole_relation(differ, pair, new, DELTA_ADDED);
        }
    }
    for (size_t i = 0; i < pair->from->relation_count; i++)
        if (!kept[i])
            add_whole_relation(differ, pair, &pair->from->relations[i], DELTA_REMOVED);
}
