/* What becomes of tables and of objects in the database's own words; and who is asked about which change. */
#include <string.h>
#include <strings.h>

#include "expression.h"
#include "hazard_internal.h"
#include "words.h"

void finder_add(struct finder *finder, enum hazard_rule_id rule, const struct change *change, struct hazard words) {
    words.rule = &hazard_rules[rule];
    words.change = change;
    vec_push(finder->arena, &finder->hazards->list, words);
}

void finder_add_once(struct finder *finder, enum hazard_rule_id rule, const struct change *change, struct hazard words) {
    if (!map_put(finder->arena, &finder->seen, arena_printf(finder->arena, "%s %s", hazard_rules[rule].code, words.subject), finder))
        finder_add(finder, rule, change, words);
}

const char *finder_allow(struct finder *finder, const char *subject) {
    return arena_printf(finder->arena, "when it may go: --allow destroy:%s", subject);
}

const char *finder_subject(struct finder *finder, const struct change *change, const char *name) {
    return arena_printf(finder->arena, "%s.%s", change->to ? change->to->name : change->from->name, name);
}

const char *finder_field_subject(struct finder *finder, const struct change *change, const struct field *field) {
    const struct entity *entity = change->old_field == field ? change->from : change->to;
    const struct relation *relation = field->derived ? words_relation_of(entity, field->name) : NULL;

    return finder_subject(finder, change, relation ? relation->name : field->name);
}

const struct field *finder_old_field(const struct finder *finder, const struct change *change, const char *name) {
    const struct entity_pair *pair = plan_pair(finder->plan, change->to);
    const struct field *field = entity_field(change->to, name);

    return pair && pair->from && field ? pair->old_of_new[field - change->to->fields] : NULL;
}

const struct field *finder_new_field(const struct finder *finder, const struct change *change, const char *name) {
    const struct entity_pair *pair = plan_pair(finder->plan, change->from);
    const struct field *field = entity_field(change->from, name);

    return pair && pair->to && field ? pair->new_of_old[field - change->from->fields] : NULL;
}

/* Tables. */

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

static void on_drop_table(struct finder *finder, const struct change *change) {
    const char *subject = change->from->name;
    const char *allow = finder_allow(finder, subject);
    const char *renamed = finder->only_new_entity;

    finder_add(finder, RULE_DROP_TABLE, change,
               (struct hazard){.subject = subject,
                               .text = arena_printf(finder->arena, "drops the table \"%s\" and its rows", change->from->table),
                               .help = renamed
                                           ? arena_printf(finder->arena, "%s; when it was renamed: --rename %s=%s", allow, subject, renamed)
                                           : allow});
}

static const char *option_value(const struct options *options, const char *key) {
    for (size_t i = 0; i < options->count; i++)
        if (strcasecmp(options->at[i].key, key) == 0)
            return options->at[i].value;
    return NULL;
}

bool table_keeps_history(const struct entity *entity) {
    return option_value(&entity->options.options, "systemVersioning") != NULL;
}

/* Is there a row that partitions BY leaves out? A RANGE or LIST with a last resort, and every hash, take all. */
static bool leaves_rows_out(const char *by) {
    return by && (expression_names(by, "RANGE") || expression_names(by, "LIST")) && !expression_names(by, "MAXVALUE") &&
           !expression_names(by, "DEFAULT");
}

/* Does BY only add partitions to those of OLD? Then it begins as OLD does, up to its last parenthesis. */
static bool only_adds(const char *old, const char *by) {
    const char *end = old ? strrchr(old, ')') : NULL;

    return end && strncmp(old, by, (size_t)(end - old)) == 0;
}

static void on_partition_by(struct finder *finder, const struct change *change) {
    const char *old = change->from->options.partition_by;
    const char *by = change->to->options.partition_by;

    if (!text_equal(old, by) && leaves_rows_out(by) && !only_adds(old, by))
        finder_add(finder, RULE_PARTITION, change,
                   (struct hazard){.subject = change->to->name, .text = "fails when no partition takes one of the rows there are"});
}

static void on_row_security(struct finder *finder, const struct change *change) {
    const char *old = option_value(&change->from->options.options, "rowSecurity");
    const char *new = option_value(&change->to->options.options, "rowSecurity");

    if (!text_equal(old, new))
        finder_add(finder, RULE_CHANGE_ACCESS, change,
                   (struct hazard){.subject = change->to->name,
                                   .text = arena_printf(finder->arena, "row security: %s → %s: clients see other rows than before",
                                                        old ? old : "none", new ? new : "none")});
}

static void on_alter_table(struct finder *finder, const struct change *change) {
    const struct table_options *old = &change->from->options;
    const struct table_options *new = &change->to->options;
    const char *subject = change->to->name;

    /* There is no statement for it: the person has to take another way. */
    if (change->impossible)
        finder_add(finder, RULE_NO_STATEMENT, change,
                   (struct hazard){.subject = subject,
                                   .text = change->impossible,
                                   .help = "make a table of another name as it should be, move the rows with a statement of your own, and "
                                           "let this one go in a later migration"});
    else
        on_partition_by(finder, change);
    if (table_keeps_history(change->from) && !table_keeps_history(change->to))
        finder_add(finder, RULE_DROP_HISTORY, change,
                   (struct hazard){.subject = subject,
                                   .text = "drops the history of the table: all former versions of its rows",
                                   .help = finder_allow(finder, subject)});
    if (new->strict && !old->strict)
        finder_add(
            finder, RULE_STRICT, change,
            (struct hazard){.subject = subject, .text = "fails on values that are not of their column's type: the table becomes STRICT"});
    if (new->unlogged && !old->unlogged)
        finder_add(finder, RULE_UNLOGGED, change,
                   (struct hazard){.subject = subject,
                                   .text = "is no longer logged: empty after a crash of the server, and not there on replicas"});
    on_row_security(finder, change);
    if (!text_equal(old->collation, new->collation) || !text_equal(old->charset, new->charset))
        hazard_collations(finder, change);
}

/* Renames. Half-way to a temporary name nothing is to be said. */

static void on_rename(struct finder *finder, const struct change *change) {
    bool column = change->kind == CHANGE_RENAME_COLUMN;
    const char *last = column ? (change->new_field ? change->new_field->column : NULL) : (change->to ? change->to->table : NULL);
    const char *first = column ? change->old_field->column : change->from->table;
    const char *text = arena_printf(finder->arena, "renames the %s \"%s\" to \"%s\": clients that use the old name fail",
                                    column ? "column" : "table", first, last ? last : "");

    if (!last || strcmp(last, change->new_name) != 0)
        return;
    finder_add(
        finder, column ? RULE_RENAME_COLUMN : RULE_RENAME_TABLE, change,
        (struct hazard){.subject = column ? finder_field_subject(finder, change, change->new_field) : change->to->name, .text = text});
}

static void on_rename_enum(struct finder *finder, const struct change *change) {
    const struct enumeration *new = change->new_enum;

    if (new &&text_equal(new->type_name, change->new_name) && text_equal(new->type_namespace, change->new_namespace))
        finder_add(finder, RULE_RENAME_TYPE, change,
                   (struct hazard){.subject = new->name,
                                   .text = arena_printf(finder->arena, "renames the type \"%s\" to \"%s\": clients that name it fail",
                                                        change->old_enum->type_name, new->type_name)});
}

/* Objects in the database's own words. */

static bool is_kind(const struct object *object, const char *kind) {
    return strcmp(object->kind, kind) == 0;
}

/* Is OBJECT about who may see or do what on something that was there before? */
static bool rules_access(const struct finder *finder, const struct object *object) {
    const struct entity_pair *pair = object->on ? plan_new_pair(finder->plan, object->on) : NULL;

    return is_kind(object, "privilege") || (is_kind(object, "policy") && (!pair || pair->from));
}

/* What stands on a table (a trigger, an index) is nothing that clients name, and what is made again is there afterwards. */
static void on_drop_object(struct finder *finder, const struct change *change) {
    const struct object *object = change->old_object;
    const char *text = arena_printf(finder->arena, "drops the %s \"%s\"", object->kind, object->object_name);
    bool goes = !change->recreated && !is_kind(object, "default privilege");

    if (change->holds_rows)
        finder_add(finder, RULE_DROP_ROWS, change,
                   (struct hazard){.subject = object->name,
                                   .text = arena_printf(finder->arena, "%s and its rows%s", text,
                                                        change->recreated ? " to make it again without them" : ""),
                                   .help = finder_allow(finder, object->name)});
    else if (goes && rules_access(finder, object))
        finder_add(finder, RULE_CHANGE_ACCESS, change,
                   (struct hazard){.subject = object->name,
                                   .text = arena_printf(finder->arena, "%s: clients may do less, or see other rows", text)});
    else if (goes && !object->on)
        finder_add(finder, RULE_DROP_OBJECT, change,
                   (struct hazard){.subject = object->name, .text = arena_printf(finder->arena, "%s: clients that use it fail", text)});
}

/* The object that NEW was before, though it may be made again; NULL: it is new. */
static const struct object *old_object(const struct finder *finder, const struct object *new) {
    for (size_t i = 0; i < finder->plan->object_pairs.count; i++)
        if (finder->plan->object_pairs.at[i].to == new)
            return finder->plan->object_pairs.at[i].from;
    return NULL;
}

/* Does the definition NEW of a domain ask for something that OLD does not? Constraints are compared by their text. */
static bool asks_more(struct arena *arena, const char *old, const char *new) {
    static const char *const starts[] = {"NOT NULL", "CONSTRAINT ", "CHECK "};

    for (size_t i = 0; i < sizeof starts / sizeof *starts; i++)
        for (const char *at = strstr(new, starts[i]); at; at = strstr(at + 1, starts[i])) {
            const char *next = strstr(at + 1, " CONSTRAINT ");

            if (!strstr(old, arena_strndup(arena, at, next ? (size_t)(next - at) : strlen(at))))
                return true;
        }
    return false;
}

static void on_put_domain(struct finder *finder, const struct change *change) {
    const struct object *object = change->new_object;
    const struct object *old = old_object(finder, object);

    if (!old || change->forced || !old->definition || !object->definition)
        return;
    if (change->recreated || asks_more(finder->arena, old->definition, object->definition))
        finder_add(finder, RULE_DOMAIN, change,
                   (struct hazard){.subject = object->name,
                                   .text = arena_printf(finder->arena,
                                                        "fails when a column of the domain \"%s\" holds a value that it no "
                                                        "longer takes",
                                                        object->object_name)});
}

static bool is_default_partition(const struct object *object) {
    return is_kind(object, "partition") && object->definition && strcasecmp(object->definition, "DEFAULT") == 0;
}

/* Rows that belong to the new partition may lie in the default one already. */
static void on_put_partition(struct finder *finder, const struct change *change) {
    const struct object *object = change->new_object;

    if (change->forced || !object->on || is_default_partition(object))
        return;
    for (size_t i = 0; i < finder->plan->object_pairs.count; i++) {
        const struct object_pair *pair = &finder->plan->object_pairs.at[i];

        if (pair->from && pair->to && is_default_partition(pair->from) && text_equal(pair->to->on, object->on))
            finder_add(finder, RULE_PARTITION, change,
                       (struct hazard){.subject = object->name,
                                       .text = arena_printf(finder->arena, "fails when \"%s\" holds rows that belong to this partition",
                                                            pair->to->object_name)});
    }
}

/* A partition that gets other bounds keeps its rows. */
static void on_alter_partition(struct finder *finder, const struct change *change) {
    const struct object *object = change->new_object;

    if (!text_equal(change->old_object->definition, object->definition))
        finder_add(finder, RULE_PARTITION, change,
                   (struct hazard){.subject = object->name,
                                   .text = arena_printf(finder->arena, "fails when \"%s\" holds rows that it would no longer take",
                                                        object->object_name)});
}

/* A new privilege takes nothing from anybody. */
static void on_put_object(struct finder *finder, const struct change *change) {
    const struct object *object = change->new_object;
    bool privilege = is_kind(object, "privilege");

    if (is_kind(object, "domain"))
        on_put_domain(finder, change);
    if (is_kind(object, "partition") && change->old_object)
        on_alter_partition(finder, change);
    else if (is_kind(object, "partition"))
        on_put_partition(finder, change);
    if (!change->forced && rules_access(finder, object) && (!privilege || change->old_object || change->recreated))
        finder_add(finder, RULE_CHANGE_ACCESS, change,
                   (struct hazard){.subject = object->name,
                                   .text = arena_printf(finder->arena, "%s the %s \"%s\": clients may do less, or see other rows",
                                                        change->old_object || change->recreated ? "changes" : "adds", object->kind,
                                                        object->object_name)});
}

/* Who is asked; what is left out is nobody's risk: what is new, or only called otherwise where no client looks. */
static hazard_finder *const finders[CHANGE_KIND_COUNT] = {
    [CHANGE_DROP_DEPENDENT] = on_drop_object,
    [CHANGE_DROP_FOREIGN_KEY] = hazard_drop_foreign_key,
    [CHANGE_DROP_INDEX] = hazard_drop_index,
    [CHANGE_DROP_KEY] = hazard_drop_key,
    [CHANGE_RENAME_ENUM] = on_rename_enum,
    [CHANGE_RENAME_TABLE] = on_rename,
    [CHANGE_RENAME_COLUMN] = on_rename,
    [CHANGE_DROP_TABLE] = on_drop_table,
    [CHANGE_DROP_COLUMN] = hazard_drop_column,
    [CHANGE_ALTER_ENUM] = hazard_alter_enum,
    [CHANGE_PUT_BASE] = on_put_object,
    [CHANGE_ALTER_TABLE] = on_alter_table,
    [CHANGE_ADD_COLUMN] = hazard_add_column,
    [CHANGE_ALTER_COLUMN] = hazard_alter_column,
    [CHANGE_ADD_KEY] = hazard_add_key,
    [CHANGE_ADD_INDEX] = hazard_add_index,
    [CHANGE_ADD_CHECK] = hazard_add_check,
    [CHANGE_ADD_EXCLUDE] = hazard_add_exclude,
    [CHANGE_ADD_FOREIGN_KEY] = hazard_add_foreign_key,
    [CHANGE_PUT_DEPENDENT] = on_put_object,
    [CHANGE_DROP_BASE] = on_drop_object,
};

void hazards_find(struct arena *arena, const struct plan *plan, cast_risk_function *cast_risk, struct hazards *hazards) {
    struct finder finder = {.arena = arena, .plan = plan, .cast_risk = cast_risk, .hazards = hazards};

    finder.only_new_entity = only_new_entity(plan);
    for (size_t i = 0; i < plan->changes.count; i++)
        if (finders[plan->changes.at[i].kind])
            finders[plan->changes.at[i].kind](&finder, &plan->changes.at[i]);
}
