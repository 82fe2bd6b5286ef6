#include "hazard.h"

#include <string.h>

#include "expression.h"
#include "words.h"

struct finder {
    struct arena *arena;
    const struct plan *plan;
    cast_risk_function *cast_risk;
    struct hazards *hazards;
    const char *only_new_entity; /* NULL: none is new, or several */
    struct map seen;             /* code and subject of what is said once, though several changes bring it */
};

static void add_hazard(struct finder *finder, enum hazard_rule_id rule, const struct change *change, struct hazard words) {
    words.rule = &hazard_rules[rule];
    words.change = change;
    vec_push(finder->arena, &finder->hazards->list, words);
}

/* As add_hazard(), but once for a subject. */
static void add_once(struct finder *finder, enum hazard_rule_id rule, const struct change *change, struct hazard words) {
    if (!map_put(finder->arena, &finder->seen, arena_printf(finder->arena, "%s %s", hazard_rules[rule].code, words.subject), finder))
        add_hazard(finder, rule, change, words);
}

static const char *allow_destroy(struct finder *finder, const char *subject) {
    return arena_printf(finder->arena, "when it may go: --allow destroy:%s", subject);
}

/* As allow_destroy(), for what may have become WHAT without looking like it; NULL: nothing that is new could be it. */
static const char *allow_or_rename(struct finder *finder, const char *subject, const char *what) {
    const char *allow = allow_destroy(finder, subject);

    return what ? arena_printf(finder->arena, "%s; when it was renamed: --rename %s=%s", allow, subject, what) : allow;
}

static const char *entity_name(const struct change *change) {
    return change->to ? change->to->name : change->from->name;
}

static const char *in_entity(struct finder *finder, const struct change *change, const char *name) {
    return arena_printf(finder->arena, "%s.%s", entity_name(change), name);
}

/* The field as the user knows it: a derived column goes by its relation. */
static const char *field_subject(struct finder *finder, const struct change *change, const struct field *field) {
    const struct entity *entity = change->old_field == field ? change->from : change->to;
    const struct relation *relation = field->derived ? words_relation_of(entity, field->name) : NULL;

    return in_entity(finder, change, relation ? relation->name : field->name);
}

/* The field of from that the field NAME of to was; NULL: it is new. */
static const struct field *old_field_of(const struct finder *finder, const struct change *change, const char *name) {
    const struct entity_pair *pair = plan_pair(finder->plan, change->to);
    const struct field *field = entity_field(change->to, name);

    return pair && pair->from && field ? pair->old_of_new[field - change->to->fields] : NULL;
}

/* The one entity that is new, or NULL. */
static const char *only_new_entity(const struct plan *plan) {
    const char *found = NULL;

    for (size_t i = 0; i < plan->pairs.count; i++) {
        if (plan->pairs.at[i].from)
            continue;
        if (found)
            return NULL;
        found = plan->pairs.at[i].to->name;
    }
    return found;
}

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

/* Drops. */

static void on_drop_table(struct finder *finder, const struct change *change) {
    add_hazard(finder, RULE_DROP_TABLE, change,
               (struct hazard){.subject = change->from->name,
                               .text = arena_printf(finder->arena, "drops the table \"%s\" and its rows", change->from->table),
                               .help = allow_or_rename(finder, change->from->name, finder->only_new_entity)});
}

static void on_drop_column(struct finder *finder, const struct change *change) {
    const char *subject = field_subject(finder, change, change->old_field);
    const char *column = change->old_field->column;
    const char *dropped = arena_printf(finder->arena, "drops the column \"%s\" and what is in it", column);
    const char *replaced = arena_printf(finder->arena, "replaces what is in the column \"%s\" by computed values", column);

    if (change->old_field->computed)
        return;
    add_once(finder, change->recreated ? RULE_REPLACE_COLUMN : RULE_DROP_COLUMN, change,
             (struct hazard){.subject = subject,
                             .text = change->recreated ? replaced : dropped,
                             .help = allow_or_rename(finder, subject, only_new_field(finder, change))});
}

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

    add_once(finder, RULE_DROP_MEMBER, change,
             (struct hazard){.subject = subject,
                             .text = arena_printf(finder->arena, "removes the value '%s', which rows may hold", old->value),
                             .help = allow_destroy(finder, subject)});
}

static void renamed_value(struct finder *finder, const struct change *change, const struct enum_pair *pair, const struct enum_member *new) {
    const struct enum_member *old = enum_old_member(finder->plan, pair->to, new);

    if (!old || strcmp(old->value, new->value) == 0)
        return;
    add_once(finder, RULE_RENAME_MEMBER, change,
             (struct hazard){.subject = arena_printf(finder->arena, "%s.%s", pair->to->name, new->name),
                             .text = arena_printf(finder->arena, "the value '%s' becomes '%s': clients that use the old one fail",
                                                  old->value, new->value)});
}

/* What the change of an enum does; said once, by the first change that carries it out. */
static void enum_hazards(struct finder *finder, const struct change *change, const struct enumeration *enumeration) {
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
        add_once(finder, RULE_REPLACE_ENUM, change,
                 (struct hazard){.subject = pair->to->name, .text = "fails on every row that has a value: none of the values stays"});
    for (size_t i = 0; i < pair->to->member_count; i++)
        renamed_value(finder, change, pair, &pair->to->members[i]);
}

static const struct enumeration *enum_of(const struct finder *finder, const struct field *field) {
    return field && field->enum_name ? schema_enum(finder->plan->to, field->enum_name) : NULL;
}

/* Was the column one of the same enum before? Then its members say what changes. */
static bool same_enum(const struct finder *finder, const struct change *change) {
    const struct enumeration *after = enum_of(finder, change->new_field);
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

/* There is no statement for it: the person has to take another way. */
static void on_alter_table(struct finder *finder, const struct change *change) {
    if (change->impossible)
        add_hazard(finder, RULE_NO_STATEMENT, change,
                   (struct hazard){.subject = change->to->name,
                                   .text = change->impossible,
                                   .help = "make a table of another name as it should be, move the rows with a statement of your own, and "
                                           "let this one go in a later migration"});
}

static void decide_value(struct finder *finder, enum hazard_rule_id rule, const struct change *change, const char *text) {
    const struct field *field = change->new_field;
    const char *place = in_entity(finder, change, field->name);
    const char *sample = words_sample_value(finder->arena, finder->plan->to, field);
    const char *target = referenced_entity(change->to, field);
    const char *help =
        target ? arena_printf(finder->arena,
                              "let it be missing (%s?), or give the rows the key of a row of \"%s\" that is there: --backfill %s=\"%s\"",
                              target, target, place, sample)
               : arena_printf(finder->arena, "add @db:Default to the field, or give the rows a value: --backfill %s=\"%s\"", place, sample);

    add_hazard(finder, rule, change, (struct hazard){.subject = place, .text = text, .help = help});
}

/* Is said where the numbers of an identity end? */
static bool is_bounded(const struct field *field) {
    for (size_t i = 0; i < field->options.count; i++)
        if (strcmp(field->options.at[i].key, "maxValue") == 0 || strcmp(field->options.at[i].key, "minValue") == 0)
            return true;
    return false;
}

static void on_add_column(struct finder *finder, const struct change *change) {
    if (change->new_field->identity != IDENTITY_NONE && is_bounded(change->new_field))
        add_hazard(finder, RULE_NUMBER_ROWS, change,
                   (struct hazard){.subject = field_subject(finder, change, change->new_field),
                                   .text = "numbers the rows there are, and fails when there are more than it has numbers for"});
    if (change->recreated || !is_required(change->new_field))
        return;
    if (!change->fill)
        decide_value(finder, RULE_REQUIRED_COLUMN, change, "adds a column that must have a value, and the rows there are have none");
    add_once(finder, RULE_REQUIRE_VALUE, change,
             (struct hazard){.subject = field_subject(finder, change, change->new_field),
                             .text = "adds a required column: clients that insert without it fail"});
}

static void on_type(struct finder *finder, const struct change *change) {
    const char *from = change->old_field->native_type;
    const char *to = change->new_field->native_type;
    const char *subject = field_subject(finder, change, change->new_field);
    const char *cast = arena_printf(finder->arena, "%s → %s", from ? from : "?", to ? to : "?");
    enum cast_risk risk = from && to ? finder->cast_risk(from, to) : CAST_MAY_FAIL;

    if (risk == CAST_CUTS)
        add_hazard(finder, RULE_CUT_VALUES, change,
                   (struct hazard){.subject = subject,
                                   .text = arena_printf(finder->arena, "cuts values: %s", cast),
                                   .help = allow_destroy(finder, subject)});
    if (risk == CAST_MAY_FAIL)
        add_hazard(finder, RULE_CAST, change,
                   (struct hazard){.subject = subject, .text = arena_printf(finder->arena, "fails on values that do not fit: %s", cast)});
    if (risk != CAST_SAFE || change->old_field->type != change->new_field->type)
        add_hazard(finder, RULE_CHANGE_TYPE, change,
                   (struct hazard){.subject = subject, .text = arena_printf(finder->arena, "clients see another type: %s", cast)});
}

static void on_alter_column(struct finder *finder, const struct change *change) {
    const struct field *old = change->old_field;
    const struct field *new = change->new_field;
    const char *subject = field_subject(finder, change, new);

    if (change->aspects & (COLUMN_TYPE | COLUMN_VALUES) && same_enum(finder, change))
        enum_hazards(finder, change, enum_of(finder, new));
    else if (change->aspects & COLUMN_TYPE)
        on_type(finder, change);
    if (change->aspects & COLUMN_NULLABLE && !new->nullable && !new->computed && !change->fill)
        decide_value(finder, RULE_TAKE_NULL, change, "takes NULL away, and rows may hold it");
    if (change->aspects & COLUMN_NULLABLE && new->nullable)
        add_hazard(finder, RULE_ALLOW_NULL, change, (struct hazard){.subject = subject, .text = "clients may now read NULL"});
    if (change->aspects & COLUMN_DEFAULT && old->default_sql && is_required(new))
        add_hazard(finder, RULE_DROP_DEFAULT, change,
                   (struct hazard){.subject = subject, .text = "drops the default: clients that insert without a value fail"});
}

static void on_rename(struct finder *finder, const struct change *change) {
    bool column = change->kind == CHANGE_RENAME_COLUMN;
    const char *last = column ? (change->new_field ? change->new_field->column : NULL) : (change->to ? change->to->table : NULL);
    const char *first = column ? change->old_field->column : change->from->table;
    const char *text = arena_printf(finder->arena, "renames the %s \"%s\" to \"%s\": clients that use the old name fail",
                                    column ? "column" : "table", first, last ? last : "");

    /* Half-way to a temporary name nothing is to be said. */
    if (!last || strcmp(last, change->new_name) != 0)
        return;
    add_hazard(finder, column ? RULE_RENAME_COLUMN : RULE_RENAME_TABLE, change,
               (struct hazard){.subject = column ? field_subject(finder, change, change->new_field) : change->to->name, .text = text});
}

/* What may fail on some rows. */

/* Do all rows there are have NULL in the new column NAME? */
static bool starts_null(const struct finder *finder, const struct change *change, const char *name) {
    const struct field *field = entity_field(change->to, name);

    return field && !old_field_of(finder, change, name) && field->nullable && !field->default_sql && !field->computed;
}

/* Are all FIELDS of from found, by their new names, among the parts of INDEX? */
static bool within_index(const struct finder *finder, const struct change *change, const struct names *fields) {
    for (size_t i = 0; i < fields->count; i++) {
        bool found = false;

        for (size_t k = 0; k < change->new_index->part_count; k++) {
            const struct index_part *part = &change->new_index->parts[k];
            const struct field *old = part->field && !part->prefix ? old_field_of(finder, change, part->field) : NULL;

            found = found || (old && strcmp(old->name, fields->at[i]) == 0);
        }
        if (!found)
            return false;
    }
    return fields->count;
}

/* Does what was unique before make the new index unique too? */
static bool was_unique(const struct finder *finder, const struct change *change) {
    const struct entity *from = change->from;

    if (!from->key.absent && within_index(finder, change, &from->key.fields))
        return true;
    for (size_t i = 0; i < from->index_count; i++) {
        const struct index *old = &from->indexes[i];
        struct names fields = {.at = ARENA_ARRAY(finder->arena, const char *, old->part_count)};

        for (size_t k = 0; k < old->part_count && old->parts[k].field; k++)
            fields.at[fields.count++] = old->parts[k].field;
        if (old->unique && !old->where && fields.count == old->part_count && within_index(finder, change, &fields) &&
            old->nulls_not_distinct >= change->new_index->nulls_not_distinct)
            return true;
    }
    return false;
}

static void on_add_index(struct finder *finder, const struct change *change) {
    const struct index *index = change->new_index;

    if (!index->unique || !change->from || change->forced || was_unique(finder, change))
        return;
    for (size_t i = 0; i < index->part_count && !index->nulls_not_distinct; i++)
        if (index->parts[i].field && starts_null(finder, change, index->parts[i].field))
            return;
    add_hazard(
        finder, RULE_UNIQUE, change,
        (struct hazard){.subject = in_entity(finder, change, index->name ? index->name : "unique"),
                        .text = arena_printf(finder->arena, "fails when two rows agree in %s", words_index_parts(finder->arena, index))});
}

static void on_add_key(struct finder *finder, const struct change *change) {
    const struct key *key = &change->to->key;
    const struct key *old_key = &change->from->key;
    size_t kept = 0;

    for (size_t i = 0; i < key->fields.count; i++) {
        const struct field *field = entity_field(change->to, key->fields.at[i]);
        const struct field *old = old_field_of(finder, change, key->fields.at[i]);

        if (!old && field && (field->generated || field->identity != IDENTITY_NONE))
            return;
        for (size_t k = 0; old && k < old_key->fields.count; k++)
            kept += strcmp(old_key->fields.at[k], old->name) == 0;
    }
    if (change->forced || (old_key->fields.count && kept == old_key->fields.count))
        return;
    add_hazard(finder, RULE_KEY, change,
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

static void on_add_check(struct finder *finder, const struct change *change) {
    const struct check *check = change->new_check;
    const struct field *field = check->derived && check->field ? entity_field(change->to, check->field) : NULL;

    if (!change->from || change->forced)
        return;
    if (change->recreated && field)
        enum_hazards(finder, change, enum_of(finder, field));
    if ((change->recreated && field) || (field && !old_field_of(finder, change, field->name)))
        return;
    if (check->not_validated || !reads_old(finder, change, check->value))
        return;
    add_hazard(finder, RULE_CHECK, change,
               (struct hazard){.subject = in_entity(finder, change, check->name ? check->name : "check"),
                               .text = arena_printf(finder->arena, "fails when a row does not satisfy %s", check->value)});
}

static void on_add_exclude(struct finder *finder, const struct change *change) {
    if (!change->from || change->forced)
        return;
    add_hazard(
        finder, RULE_EXCLUDE, change,
        (struct hazard){.subject = in_entity(finder, change, change->new_exclude->name ? change->new_exclude->name : "exclude"),
                        .text = arena_printf(finder->arena, "fails when two rows exclude each other by %s", change->new_exclude->value)});
}

/* Did a foreign key to the same entity already hold over the same fields? */
static bool was_checked(const struct finder *finder, const struct change *change) {
    const struct foreign_key *new = change->new_foreign_key;

    for (size_t i = 0; i < change->from->foreign_key_count; i++) {
        const struct foreign_key *old = &change->from->foreign_keys[i];
        const struct entity_pair *target = plan_old_pair(finder->plan, old->target);
        bool same = target && target->to && strcmp(target->to->name, new->target) == 0 && old->fields.count == new->fields.count &&
                    !old->not_validated;

        for (size_t k = 0; same && k < new->fields.count; k++) {
            const struct field *field = old_field_of(finder, change, new->fields.at[k]);

            same = field && strcmp(field->name, old->fields.at[k]) == 0;
        }
        if (same)
            return true;
    }
    return false;
}

static void on_add_foreign_key(struct finder *finder, const struct change *change) {
    const struct foreign_key *key = change->new_foreign_key;

    if (!change->from || change->forced || key->not_validated || was_checked(finder, change))
        return;
    for (size_t i = 0; i < key->fields.count; i++)
        if (starts_null(finder, change, key->fields.at[i]))
            return;
    add_hazard(finder, RULE_FOREIGN_KEY, change,
               (struct hazard){.subject = in_entity(finder, change,
                                                    key->relation ? key->relation
                                                    : key->name   ? key->name
                                                                  : "foreign key"),
                               .text = arena_printf(finder->arena, "fails when a row refers to no row of \"%s\"", key->target)});
}

/* Objects in the database's own words. What stands on a table (a trigger, an index) is nothing that clients name. */
static void on_drop_object(struct finder *finder, const struct change *change) {
    const struct object *object = change->old_object;

    if (change->holds_rows)
        add_hazard(finder, RULE_DROP_ROWS, change,
                   (struct hazard){.subject = object->name,
                                   .text = arena_printf(finder->arena, "drops the %s \"%s\" and its rows%s", object->kind,
                                                        object->object_name, change->recreated ? " to make it again without them" : ""),
                                   .help = allow_destroy(finder, object->name)});
    else if (!change->recreated && !object->on)
        add_hazard(finder, RULE_DROP_OBJECT, change,
                   (struct hazard){.subject = object->name,
                                   .text = arena_printf(finder->arena, "drops the %s \"%s\": clients that use it fail", object->kind,
                                                        object->object_name)});
}

static void on_change(struct finder *finder, const struct change *change) {
    switch (change->kind) {
    case CHANGE_DROP_TABLE:
        on_drop_table(finder, change);
        break;
    case CHANGE_DROP_COLUMN:
        on_drop_column(finder, change);
        break;
    case CHANGE_RENAME_TABLE:
    case CHANGE_RENAME_COLUMN:
        on_rename(finder, change);
        break;
    case CHANGE_ALTER_ENUM:
        enum_hazards(finder, change, change->new_enum);
        break;
    case CHANGE_ADD_COLUMN:
        on_add_column(finder, change);
        break;
    case CHANGE_ALTER_COLUMN:
        on_alter_column(finder, change);
        break;
    case CHANGE_ALTER_TABLE:
        on_alter_table(finder, change);
        break;
    case CHANGE_ADD_KEY:
        on_add_key(finder, change);
        break;
    case CHANGE_ADD_INDEX:
        on_add_index(finder, change);
        break;
    case CHANGE_ADD_CHECK:
        on_add_check(finder, change);
        break;
    case CHANGE_ADD_EXCLUDE:
        on_add_exclude(finder, change);
        break;
    case CHANGE_ADD_FOREIGN_KEY:
        on_add_foreign_key(finder, change);
        break;
    case CHANGE_DROP_DEPENDENT:
    case CHANGE_DROP_BASE:
        on_drop_object(finder, change);
        break;
    case CHANGE_PUT_BASE:
    case CHANGE_PUT_DEPENDENT:
    case CHANGE_DROP_FOREIGN_KEY:
    case CHANGE_DROP_CHECK:
    case CHANGE_DROP_EXCLUDE:
    case CHANGE_DROP_INDEX:
    case CHANGE_DROP_KEY:
    case CHANGE_RENAME_ENUM:
    case CHANGE_RENAME_INDEX:
    case CHANGE_RENAME_CONSTRAINT:
    case CHANGE_CREATE_ENUM:
    case CHANGE_CREATE_TABLE:
    case CHANGE_COMMENT_TABLE:
    case CHANGE_DROP_ENUM:
    case CHANGE_KIND_COUNT:
        break;
    }
}

void hazards_find(struct arena *arena, const struct plan *plan, cast_risk_function *cast_risk, struct hazards *hazards) {
    struct finder finder = {.arena = arena, .plan = plan, .cast_risk = cast_risk, .hazards = hazards};

    finder.only_new_entity = only_new_entity(plan);
    for (size_t i = 0; i < plan->changes.count; i++)
        on_change(&finder, &plan->changes.at[i]);
}
