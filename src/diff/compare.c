/* Comparing what belongs together: names of fields go through the pairing, expressions through the renamed columns. */
#include <string.h>

#include "plan_internal.h"

bool same_field(const struct comparison *compare, const char *old_name, const char *new_name) {
    const struct field *field;

    if (!compare->work->fields_renamed || !old_name || !new_name)
        return text_equal(old_name, new_name);
    field = entity_field(compare->pair->from, old_name);
    field = field ? pair_new_field(compare->pair, field) : NULL;
    return field && strcmp(field->name, new_name) == 0;
}

bool same_fields(const struct comparison *compare, const struct names *old_names, const struct names *new_names) {
    if (old_names->count != new_names->count)
        return false;
    for (size_t i = 0; i < old_names->count; i++)
        if (!same_field(compare, old_names->at[i], new_names->at[i]))
            return false;
    return true;
}

bool same_expression(const struct comparison *compare, const char *old_text, const char *new_text) {
    if (!old_text || !new_text)
        return old_text == new_text;
    return old_text == new_text || compare->planner->rules->opaque_expressions ||
           expression_equal(old_text, new_text, compare->work->columns, compare->work->column_count);
}

static bool same_comment(const struct comparison *compare, const char *old_text, const char *new_text) {
    return !compare->planner->rules->comments || text_equal(old_text, new_text);
}

bool same_key(const struct comparison *compare, const struct key *old_key, const struct key *new_key) {
    return same_fields(compare, &old_key->fields, &new_key->fields) && same_fields(compare, &old_key->include, &new_key->include) &&
           old_key->deferrable == new_key->deferrable && options_equal(&old_key->options, &new_key->options) &&
           same_comment(compare, old_key->comment, new_key->comment);
}

static bool same_part(const struct comparison *compare, const struct index_part *old, const struct index_part *new) {
    return same_field(compare, old->field, new->field) && same_expression(compare, old->expression, new->expression) &&
           text_equal(old->opclass, new->opclass) && text_equal(old->collation, new->collation) && old->prefix == new->prefix &&
           old->order == new->order && old->nulls == new->nulls;
}

static bool same_parts(const struct comparison *compare, const struct index *old, const struct index *new) {
    if (old->part_count != new->part_count)
        return false;
    for (size_t i = 0; i < old->part_count; i++)
        if (!same_part(compare, &old->parts[i], &new->parts[i]))
            return false;
    return true;
}

bool same_index(const struct comparison *compare, const void *old_index, const void *new_index) {
    const struct index *old = old_index;
    const struct index *new = new_index;

    return old->unique == new->unique && old->constraint == new->constraint && old->nulls_not_distinct == new->nulls_not_distinct &&
           old->deferrable == new->deferrable &&same_parts(compare, old, new) && text_equal(old->method, new->method) &&
           same_expression(compare, old->where, new->where) && same_fields(compare, &old->include, &new->include) &&
           options_equal(&old->options, &new->options) && same_comment(compare, old->comment, new->comment);
}

bool same_check(const struct comparison *compare, const void *old_check, const void *new_check) {
    const struct check *old = old_check;
    const struct check *new = new_check;

    return same_expression(compare, old->value, new->value) && old->not_validated == new->not_validated &&
           old->not_enforced == new->not_enforced && old->no_inherit == new->no_inherit &&same_comment(compare, old->comment, new->comment);
}

bool same_exclude(const struct comparison *compare, const void *old_exclude, const void *new_exclude) {
    const struct exclude *old = old_exclude;
    const struct exclude *new = new_exclude;

    return text_equal(old->method, new->method) && same_expression(compare, old->value, new->value) &&
           same_expression(compare, old->where, new->where) &&
           old->deferrable == new->deferrable &&same_comment(compare, old->comment, new->comment);
}

/* The target is compared through the pairing of its entity. */
static bool same_target(const struct comparison *compare, const struct foreign_key *old, const struct foreign_key *new) {
    const struct entity_pair *target = plan_old_pair(compare->planner->plan, old->target);
    struct comparison at_target;

    if (!target || !target->to)
        return false;
    at_target = planner_comparison(compare->planner, target);
    return strcmp(target->to->name, new->target) == 0 && same_fields(&at_target, &old->target_fields, &new->target_fields);
}

bool same_foreign_key(const struct comparison *compare, const void *old_key, const void *new_key) {
    const struct foreign_key *old = old_key;
    const struct foreign_key *new = new_key;

    return old->on_delete == new->on_delete && old->on_update == new->on_update && old->deferrable == new->deferrable &&
           old->match_full == new->match_full &&
           old->not_validated == new->not_validated &&same_fields(compare, &old->fields, &new->fields) &&
           same_fields(compare, &old->set_columns, &new->set_columns) && same_target(compare, old, new) &&
           same_comment(compare, old->comment, new->comment);
}

/* Are both columns of a database enum type that is the same one before and after? Then its name in the type says nothing. */
static bool same_enum_type(const struct comparison *compare, const struct field *old, const struct field *new) {
    const struct plan *plan = compare->planner->plan;
    const struct enum_pair *pair = old->enum_name && new->enum_name ? map_get(&plan->enum_by_from, old->enum_name) : NULL;

    return pair && pair->to && pair->from->type_name && pair->to->type_name && strcmp(pair->to->name, new->enum_name) == 0 &&
           old->native_type && new->native_type &&strstr(old->native_type, pair->from->type_name) &&
           strstr(new->native_type, pair->to->type_name);
}

static bool same_type(const struct comparison *compare, const struct field *old, const struct field *new) {
    const struct diff_rules *rules = compare->planner->rules;

    if (text_equal(old->native_type, new->native_type))
        return true;
    if (rules->types_equal && old->native_type && new->native_type && rules->types_equal(old->native_type, new->native_type))
        return true;
    return same_enum_type(compare, old, new);
}

static bool same_identity(const struct field *old, const struct field *new) {
    return old->identity == new->identity && old->identity_start == new->identity_start &&
           old->identity_increment == new->identity_increment;
}

unsigned column_aspects(const struct comparison *compare, const struct field *old, const struct field *new) {
    unsigned aspects = 0;

    if (!same_type(compare, old, new) || type_remade(compare->planner, old))
        aspects |= COLUMN_TYPE;
    if (old->nullable != new->nullable)
        aspects |= COLUMN_NULLABLE;
    if (!same_expression(compare, old->default_sql, new->default_sql) || names_remade(compare->planner, old->default_sql))
        aspects |= COLUMN_DEFAULT;
    if (old->generated != new->generated)
        aspects |= COLUMN_GENERATED;
    if (!same_identity(old, new))
        aspects |= COLUMN_IDENTITY;
    if (!same_expression(compare, old->computed, new->computed) || (old->computed && new->computed && old->stored != new->stored))
        aspects |= COLUMN_COMPUTED;
    if (!text_equal(old->collation, new->collation) || !text_equal(old->charset, new->charset))
        aspects |= COLUMN_COLLATION;
    if (!same_expression(compare, old->on_update, new->on_update))
        aspects |= COLUMN_ON_UPDATE;
    if (compare->planner->rules->comments && !text_equal(old->comment, new->comment))
        aspects |= COLUMN_COMMENT;
    if (!options_equal(&old->options, &new->options))
        aspects |= COLUMN_OPTIONS;
    return aspects;
}

bool fields_fated(const struct comparison *compare, const struct names *names, unsigned mask) {
    if (!(compare->work->any_fate & mask))
        return false;
    for (size_t i = 0; i < names->count; i++) {
        const struct field *field = entity_field(compare->pair->from, names->at[i]);

        if (field && compare->work->fates[field - compare->pair->from->fields] & mask)
            return true;
    }
    return false;
}

bool expression_fated(const struct comparison *compare, const char *text, unsigned mask) {
    const struct entity *from = compare->pair->from;

    if (names_remade(compare->planner, text))
        return true;
    if (!text || !(compare->work->any_fate & mask))
        return false;
    for (size_t i = 0; i < from->field_count; i++)
        if (compare->work->fates[i] & mask && expression_mentions(text, from->fields[i].column))
            return true;
    return false;
}
