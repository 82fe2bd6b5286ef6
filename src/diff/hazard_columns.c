/* What becomes of columns and of the values of enums. */
#include <string.h>

#include "hazard_internal.h"
#include "words.h"

/* Enums. */

static bool member_kept(const struct plan *plan, const struct enum_pair *pair, const struct enum_member *old) {
    for (size_t i = 0; i < pair->to->member_count; i++)
        if (enum_old_member(plan, pair->to, &pair->to->members[i]) == old)
            return true;
    return false;
}

static void removed_member(struct finder *finder, const struct change *change, const struct enum_pair *pair,
                           const struct enum_member *old) {
    const char *subject = arena_printf(finder->arena, "%s.%s", pair->to->name, old->name);

    finder_add_once(finder, RULE_DROP_MEMBER, change,
                    (struct hazard){.subject = subject,
                                    .text = arena_printf(finder->arena, "removes the value '%s', which rows may hold", old->value),
                                    .help = finder_allow(finder, subject)});
}

static void renamed_value(struct finder *finder, const struct change *change, const struct enum_pair *pair, const struct enum_member *new) {
    const struct enum_member *old = enum_old_member(finder->plan, pair->to, new);

    if (!old || strcmp(old->value, new->value) == 0)
        return;
    finder_add_once(finder, RULE_RENAME_MEMBER, change,
                    (struct hazard){.subject = arena_printf(finder->arena, "%s.%s", pair->to->name, new->name),
                                    .text = arena_printf(finder->arena, "the value '%s' becomes '%s': clients that use the old one fail",
                                                         old->value, new->value)});
}

void hazard_enum(struct finder *finder, const struct change *change, const struct enumeration *enumeration) {
    const struct enum_pair *pair = enumeration ? plan_enum_pair(finder->plan, enumeration) : NULL;
    size_t kept = 0;

    if (!pair || !pair->from || !pair->to || pair->same)
        return;
    for (size_t i = 0; i < pair->from->member_count; i++) {
        bool stays = member_kept(finder->plan, pair, &pair->from->members[i]);

        kept += stays;
        if (!stays)
            removed_member(finder, change, pair, &pair->from->members[i]);
    }
    if (!kept && pair->from->member_count)
        finder_add_once(
            finder, RULE_REPLACE_ENUM, change,
            (struct hazard){.subject = pair->to->name, .text = "fails on every row that has a value: none of the values stays"});
    for (size_t i = 0; i < pair->to->member_count; i++)
        renamed_value(finder, change, pair, &pair->to->members[i]);
}

const struct enumeration *hazard_enum_of(const struct finder *finder, const struct field *field) {
    return field && field->enum_name ? schema_enum(finder->plan->to, field->enum_name) : NULL;
}

void hazard_alter_enum(struct finder *finder, const struct change *change) {
    hazard_enum(finder, change, change->new_enum);
}

/* Was the column one of the same enum before? Then its members say what changes. */
static bool same_enum(const struct finder *finder, const struct change *change) {
    const struct enumeration *after = hazard_enum_of(finder, change->new_field);
    const struct enum_pair *pair = after ? plan_enum_pair(finder->plan, after) : NULL;

    return pair && pair->from && change->old_field->enum_name && strcmp(pair->from->name, change->old_field->enum_name) == 0;
}

/* Columns. */

/* Does an INSERT that does not name the column fail? */
static bool is_required(const struct field *field) {
    return !field->nullable && !field->default_sql && !field->computed && !field->generated && field->identity == IDENTITY_NONE;
}

/* The entity whose keys FIELD of ENTITY holds, or NULL. */
static const char *referenced_entity(const struct entity *entity, const struct field *field) {
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        for (size_t k = 0; k < entity->foreign_keys[i].fields.count; k++)
            if (strcmp(entity->foreign_keys[i].fields.at[k], field->name) == 0)
                return entity->foreign_keys[i].target;
    return NULL;
}

static void decide_value(struct finder *finder, enum hazard_rule_id rule, const struct change *change, const char *text) {
    const struct field *field = change->new_field;
    const char *place = finder_subject(finder, change, field->name);
    const char *sample = words_sample_value(finder->arena, finder->plan->to, field);
    const char *target = referenced_entity(change->to, field);
    const char *help =
        target ? arena_printf(finder->arena,
                              "let it be missing (%s?), or give the rows the key of a row of \"%s\" that is there: --backfill %s=\"%s\"",
                              target, target, place, sample)
               : arena_printf(finder->arena, "add @db:Default to the field, or give the rows a value: --backfill %s=\"%s\"", place, sample);

    finder_add(finder, rule, change, (struct hazard){.subject = place, .text = text, .help = help});
}

/* Is said where the numbers of an identity end? */
static bool is_bounded(const struct field *field) {
    for (size_t i = 0; i < field->options.count; i++)
        if (strcmp(field->options.at[i].key, "maxValue") == 0 || strcmp(field->options.at[i].key, "minValue") == 0)
            return true;
    return false;
}

/* Is TO a type without "=", and FROM (NULL: no column) none? */
static void on_equality(struct finder *finder, const struct change *change, const char *from, const char *to) {
    const char *const *types = finder->plan->rules->types_without_equality;
    bool had = true, has = true;

    for (; types && *types; types++) {
        had = had && !(from && strcmp(from, *types) == 0);
        has = has && !(to && strcmp(to, *types) == 0);
    }
    if (had && !has)
        finder_add(finder, RULE_NO_EQUALITY, change,
                   (struct hazard){.subject = finder_field_subject(finder, change, change->new_field),
                                   .text = arena_printf(finder->arena,
                                                        "has the type %s, which knows no \"=\": SELECT DISTINCT, UNION and GROUP "
                                                        "BY over it fail",
                                                        to)});
}

void hazard_add_column(struct finder *finder, const struct change *change) {
    const struct field *field = change->new_field;

    if (field->identity != IDENTITY_NONE && is_bounded(field))
        finder_add(finder, RULE_NUMBER_ROWS, change,
                   (struct hazard){.subject = finder_field_subject(finder, change, field),
                                   .text = "numbers the rows there are, and fails when there are more than it has numbers for"});
    if (!change->recreated)
        on_equality(finder, change, NULL, field->native_type);
    if (change->recreated || !is_required(field))
        return;
    if (!change->fill)
        decide_value(finder, RULE_REQUIRED_COLUMN, change, "adds a column that must have a value, and the rows there are have none");
    finder_add_once(finder, RULE_REQUIRE_VALUE, change,
                    (struct hazard){.subject = finder_field_subject(finder, change, field),
                                    .text = "adds a required column: clients that insert without it fail"});
}

static void on_type(struct finder *finder, const struct change *change) {
    const char *from = change->old_field->native_type;
    const char *to = change->new_field->native_type;
    const char *subject = finder_field_subject(finder, change, change->new_field);
    const char *cast = arena_printf(finder->arena, "%s → %s", from ? from : "?", to ? to : "?");
    enum cast_risk risk = from && to ? finder->cast_risk(from, to) : CAST_MAY_FAIL;

    if (risk == CAST_CUTS)
        finder_add(finder, RULE_CUT_VALUES, change,
                   (struct hazard){.subject = subject,
                                   .text = arena_printf(finder->arena, "cuts values: %s", cast),
                                   .help = finder_allow(finder, subject)});
    if (risk == CAST_MAY_FAIL)
        finder_add(finder, RULE_CAST, change,
                   (struct hazard){.subject = subject, .text = arena_printf(finder->arena, "fails on values that do not fit: %s", cast)});
    if (risk != CAST_SAFE || change->old_field->type != change->new_field->type)
        finder_add(finder, RULE_CHANGE_TYPE, change,
                   (struct hazard){.subject = subject, .text = arena_printf(finder->arena, "clients see another type: %s", cast)});
    on_equality(finder, change, from, to);
}

/* The values are computed from now on, in the same column or in one that is made again. */
static void on_computed(struct finder *finder, const struct change *change) {
    const char *subject = finder_field_subject(finder, change, change->old_field);

    finder_add_once(finder, RULE_REPLACE_COLUMN, change,
                    (struct hazard){.subject = subject,
                                    .text = arena_printf(finder->arena, "replaces what is in the column \"%s\" by computed values",
                                                         change->old_field->column),
                                    .help = finder_allow(finder, subject)});
}

static void on_nullable(struct finder *finder, const struct change *change) {
    const struct field *new = change->new_field;

    if (new->nullable)
        finder_add(finder, RULE_ALLOW_NULL, change,
                   (struct hazard){.subject = finder_field_subject(finder, change, new), .text = "clients may now read NULL"});
    else if (!new->computed && !change->fill)
        decide_value(finder, RULE_TAKE_NULL, change, "takes NULL away, and rows may hold it");
}

static bool is_numbered(const struct field *field) {
    return field->generated || field->identity != IDENTITY_NONE;
}

/* What an INSERT that leaves the column out gets, and whether it may name it. */
static void on_insert(struct finder *finder, const struct change *change) {
    const struct field *old = change->old_field;
    const struct field *new = change->new_field;
    const char *subject = finder_field_subject(finder, change, new);

    if (change->aspects & COLUMN_DEFAULT && old->default_sql && is_required(new))
        finder_add(finder, RULE_DROP_DEFAULT, change,
                   (struct hazard){.subject = subject, .text = "drops the default: clients that insert without a value fail"});
    if (is_numbered(old) && is_required(new))
        finder_add(finder, RULE_CHANGE_GENERATED, change,
                   (struct hazard){.subject = subject, .text = "is numbered no more: clients that insert without a value fail"});
    if (new->identity == IDENTITY_ALWAYS && old->identity != IDENTITY_ALWAYS)
        finder_add(finder, RULE_CHANGE_GENERATED, change,
                   (struct hazard){.subject = subject, .text = "is always numbered by the database: clients that insert a value fail"});
    if (change->aspects & COLUMN_ON_UPDATE && old->on_update && !new->on_update)
        finder_add(
            finder, RULE_DROP_ON_UPDATE, change,
            (struct hazard){.subject = subject, .text = "no longer changes with its row: clients that count on it read an old value"});
}

/* Collations. */

/* The collation of FIELD, or the character set where that is all that is said; NULL: the database's own. */
static const char *collation_of(const struct entity *entity, const struct field *field) {
    const struct table_options *table = &entity->options;

    if (field->collation || field->charset)
        return field->collation ? field->collation : field->charset;
    return table->collation ? table->collation : table->charset;
}

/* Is there something on both sides that is unique and has FIELD (of change->to) in it? What is unique from now on says so itself. */
static bool in_unique(const struct finder *finder, const struct change *change, const struct field *field) {
    const struct entity *to = change->to;

    for (size_t i = 0; i < to->key.fields.count && !to->key.absent; i++)
        if (strcmp(to->key.fields.at[i], field->name) == 0)
            return true;
    for (size_t i = 0; i < to->index_count; i++)
        for (size_t k = 0; to->indexes[i].unique && k < to->indexes[i].part_count; k++)
            if (text_equal(to->indexes[i].parts[k].field, field->name) && hazard_was_unique(finder, change, &to->indexes[i]))
                return true;
    return false;
}

static void on_collation(struct finder *finder, const struct change *change, const struct field *old, const struct field *new) {
    const struct diff_rules *rules = finder->plan->rules;
    const char *from = collation_of(change->from, old);
    const char *to = collation_of(change->to, new);
    const char *subject = finder_subject(finder, change, new->name);
    const char *words = arena_printf(finder->arena, "%s → %s", from ? from : "the database's own", to ? to : "the database's own");

    if (text_equal(from, to))
        return;
    if (rules->charset_narrows && from && to && rules->charset_narrows(from, to))
        finder_add(finder, RULE_CONVERT_CHARSET, change,
                   (struct hazard){.subject = subject,
                                   .text = arena_printf(finder->arena, "fails on characters that the new set does not have: %s", words)});
    if (rules->collation_folds && rules->collation_folds(finder->plan->to, to) && in_unique(finder, change, new))
        finder_add(finder, RULE_FOLD, change,
                   (struct hazard){.subject = subject,
                                   .text = arena_printf(finder->arena, "fails when two rows agree under the new collation: %s", words)});
    finder_add(finder, RULE_CHANGE_COLLATION, change,
               (struct hazard){.subject = subject,
                               .text = arena_printf(finder->arena, "clients see texts compared and sorted in another way: %s", words)});
}

void hazard_collations(struct finder *finder, const struct change *change) {
    for (size_t i = 0; i < change->to->field_count; i++) {
        const struct field *new = &change->to->fields[i];
        const struct field *old = finder_old_field(finder, change, new->name);
        bool follows = old && !old->collation && !old->charset && !new->collation && !new->charset;

        if (follows && old->type == TYPE_STRING && new->type == TYPE_STRING)
            on_collation(finder, change, old, new);
    }
}

void hazard_alter_column(struct finder *finder, const struct change *change) {
    const struct field *old = change->old_field;
    const struct field *new = change->new_field;

    if (change->aspects & COLUMN_COMPUTED && !old->computed && new->computed)
        on_computed(finder, change);
    else if (change->aspects & (COLUMN_TYPE | COLUMN_VALUES) && same_enum(finder, change))
        hazard_enum(finder, change, hazard_enum_of(finder, new));
    else if (change->aspects & COLUMN_TYPE)
        on_type(finder, change);
    if (change->aspects & COLUMN_NULLABLE)
        on_nullable(finder, change);
    if (change->aspects & (COLUMN_DEFAULT | COLUMN_GENERATED | COLUMN_IDENTITY | COLUMN_ON_UPDATE))
        on_insert(finder, change);
    if (change->aspects & COLUMN_COLLATION)
        on_collation(finder, change, old, new);
}

/* Drops. */

/* The one plain field of an entity that is new, where a plain field of it goes; or NULL. */
static const char *only_new_field(const struct finder *finder, const struct change *change) {
    const struct entity_pair *pair = plan_pair(finder->plan, change->from);
    const char *found = NULL;

    if (!pair || !pair->old_of_new || change->old_field->derived || change->recreated)
        return NULL;
    for (size_t i = 0; i < pair->to->field_count; i++) {
        if (pair->old_of_new[i] || pair->to->fields[i].derived)
            continue;
        if (found)
            return NULL;
        found = pair->to->fields[i].name;
    }
    return found;
}

void hazard_drop_column(struct finder *finder, const struct change *change) {
    const char *subject = finder_field_subject(finder, change, change->old_field);
    const char *renamed = only_new_field(finder, change);
    const char *allow = finder_allow(finder, subject);

    if (change->old_field->computed)
        return;
    if (change->recreated)
        on_computed(finder, change);
    else
        finder_add_once(
            finder, RULE_DROP_COLUMN, change,
            (struct hazard){
                .subject = subject,
                .text = arena_printf(finder->arena, "drops the column \"%s\" and what is in it", change->old_field->column),
                .help = renamed ? arena_printf(finder->arena, "%s; when it was renamed: --rename %s=%s", allow, subject, renamed) : allow});
}
