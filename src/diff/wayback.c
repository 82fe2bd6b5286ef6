/* The grade of a plan that leads back. */
#include <string.h>

#include "expression.h"
#include "hazard_internal.h"
#include "pair.h"

struct grader {
    struct arena *arena;
    const struct plan *plan;
    cast_risk_function *cast_risk;
    struct way_back_reasons *reasons;
    struct map said; /* the reasons in the list: there may be one for each field of a model */
    enum way_back grade;
};

static void add_reason(struct grader *grader, enum way_back grade, const char *reason) {
    if (grade > grader->grade)
        grader->grade = grade;
    if (grade >= grader->reasons->least && !map_put(grader->arena, &grader->said, reason, grader))
        vec_push(grader->arena, &grader->reasons->list, reason);
}

static void field_reason(struct grader *grader, enum way_back grade, const struct change *change, const char *what) {
    const char *entity = change->to ? change->to->name : change->from->name;

    add_reason(grader, grade, arena_printf(grader->arena, "%s.%s %s", entity, change->new_field->name, what));
}

/* What happens to what the column holds by then, by the names that it has by then. */
static void held_reason(struct grader *grader, const struct change *change, const char *what) {
    add_reason(grader, WAY_BACK_WHILE_UNUSED, arena_printf(grader->arena, "%s.%s %s", change->from->name, change->old_field->name, what));
}

static void grade_added_column(struct grader *grader, const struct change *change) {
    const struct field *field = change->new_field;
    bool fills_itself = field->generated || field->identity != IDENTITY_NONE;

    if (field->computed || change->recreated)
        return;
    if (field->nullable)
        field_reason(grader, WAY_BACK_LOSSY, change, "comes back empty");
    else if (change->fill || field->default_sql || fills_itself)
        field_reason(grader, WAY_BACK_LOSSY, change, "comes back with the same value in each row");
    else
        field_reason(grader, WAY_BACK_NONE, change, "needs a value, and what it held is gone");
}

static bool same_enum(const struct grader *grader, const struct change *change) {
    const struct enumeration *to = change->new_field->enum_name ? schema_enum(grader->plan->to, change->new_field->enum_name) : NULL;
    const struct enum_pair *pair = to ? plan_enum_pair(grader->plan, to) : NULL;

    return pair && pair->from && change->old_field->enum_name && strcmp(pair->from->name, change->old_field->enum_name) == 0;
}

static void grade_type(struct grader *grader, const struct change *change) {
    const char *from = change->old_field->native_type;
    const char *to = change->new_field->native_type;

    if (!from || !to || same_enum(grader, change))
        return;
    if (grader->cast_risk(to, from) == CAST_CUTS)
        field_reason(grader, WAY_BACK_LOSSY, change, arena_printf(grader->arena, "lost what %s cannot hold on the way up", from));
    if (grader->cast_risk(from, to) == CAST_CUTS)
        held_reason(grader, change, arena_printf(grader->arena, "is cut to what %s can hold", to));
    if (grader->cast_risk(from, to) == CAST_MAY_FAIL)
        field_reason(grader, WAY_BACK_WHILE_UNUSED, change, arena_printf(grader->arena, "must fit %s again", to));
}

static void grade_required(struct grader *grader, const struct change *change) {
    if (change->fill)
        held_reason(grader, change, "gets a value where it holds NULL by then");
    else
        field_reason(grader, WAY_BACK_WHILE_UNUSED, change, "must not hold NULL");
}

static void grade_altered_column(struct grader *grader, const struct change *change) {
    if (change->aspects & COLUMN_TYPE)
        grade_type(grader, change);
    if (change->aspects & COLUMN_COMPUTED && !change->new_field->computed)
        field_reason(grader, WAY_BACK_LOSSY, change, "keeps the values that were computed");
    if (change->aspects & COLUMN_COMPUTED && !change->old_field->computed)
        held_reason(grader, change, "goes with what it holds by then");
    if (change->aspects & COLUMN_NULLABLE && !change->new_field->nullable && !change->new_field->computed)
        grade_required(grader, change);
    if (change->aspects & COLUMN_NULLABLE && change->new_field->nullable && !change->new_field->computed)
        field_reason(grader, WAY_BACK_LOSSY, change, "keeps the values that NULL was replaced by");
}

/* The history that system versioning keeps (MariaDB), said as if it were a column: what goes by then is allowed by that name. */
static void grade_table(struct grader *grader, const struct change *change) {
    bool was = table_keeps_history(change->from), is = table_keeps_history(change->to);

    if (is && !was)
        add_reason(grader, WAY_BACK_LOSSY, arena_printf(grader->arena, "%s.history comes back empty", change->to->name));
    if (was && !is)
        add_reason(grader, WAY_BACK_WHILE_UNUSED,
                   arena_printf(grader->arena, "%s.history goes with what it holds by then", change->from->name));
}

/* Members of the enums that rows may use: those that went on the way up, and those that came. */
static void grade_enum(struct grader *grader, const struct enum_pair *pair) {
    for (size_t i = 0; i < pair->to->member_count; i++)
        if (!enum_old_member(grader->plan, pair->to, &pair->to->members[i]))
            add_reason(grader, WAY_BACK_LOSSY,
                       arena_printf(grader->arena, "rows that held %s.%s do not get it back", pair->to->name, pair->to->members[i].name));
    for (size_t i = 0; i < pair->from->member_count; i++) {
        bool kept = false;

        for (size_t k = 0; k < pair->to->member_count; k++)
            kept = kept || enum_old_member(grader->plan, pair->to, &pair->to->members[k]) == &pair->from->members[i];
        if (!kept)
            add_reason(grader, WAY_BACK_WHILE_UNUSED,
                       arena_printf(grader->arena, "no row may hold %s.%s", pair->from->name, pair->from->members[i].name));
    }
}

static void grade_constraint(struct grader *grader, const struct change *change, const char *what) {
    if (change->from && !change->recreated)
        add_reason(grader, WAY_BACK_WHILE_UNUSED, arena_printf(grader->arena, "%s: the rows must fit %s again", change->to->name, what));
}

static bool comes_back(const struct entity_pair *pair, const char *field) {
    const struct field *found = entity_field(pair->to, field);

    return found && !pair_old_field(pair, found);
}

/* Is KEY, of a table that has rows, asked to find rows in a table or column that comes back without them? Columns of its own that come back
 * empty ask for nothing. */
static bool refers_to_nothing(const struct grader *grader, const struct change *change) {
    const struct foreign_key *key = change->new_foreign_key;
    const struct entity_pair *owner = plan_pair(grader->plan, change->to);
    const struct entity *entity = schema_entity(grader->plan->to, key->target);
    const struct entity_pair *target = entity ? plan_pair(grader->plan, entity) : NULL;

    if (!owner || !owner->from || !target)
        return false;
    for (size_t i = 0; i < key->fields.count; i++)
        if (comes_back(owner, key->fields.at[i]))
            return false;
    for (size_t i = 0; target->from && i < key->target_fields.count; i++)
        if (comes_back(target, key->target_fields.at[i]))
            return true;
    return !target->from;
}

static void grade_foreign_key(struct grader *grader, const struct change *change) {
    const struct foreign_key *key = change->new_foreign_key;

    if (refers_to_nothing(grader, change))
        add_reason(grader, WAY_BACK_NONE,
                   arena_printf(grader->arena, "%s: its rows point to rows of %s that are gone", change->to->name, key->target));
    else
        grade_constraint(grader, change, key->name ? key->name : "a foreign key");
}

/* Is FIELD filled with what each row holds under another name? */
static bool is_filled_by_row(const struct grader *grader, const struct entity_pair *pair, const struct field *field) {
    for (size_t i = 0; i < grader->plan->changes.count; i++) {
        const struct change *change = &grader->plan->changes.at[i];

        for (size_t k = 0; change->new_field == field && change->fill && k < pair->from->field_count; k++)
            if (expression_mentions(change->fill, pair->from->fields[k].column))
                return true;
    }
    return false;
}

/* Does the field NAME come back with the same value in each row? With NULL in each row too where NULLS_DIFFER is false. */
static bool is_same_in_each_row(const struct grader *grader, const struct entity_pair *pair, const char *name, bool nulls_differ) {
    const struct field *field = entity_field(pair->to, name);

    return comes_back(pair, name) && !field->generated && !field->identity && !field->computed &&
           (!field->nullable || field->default_sql || !nulls_differ) && !is_filled_by_row(grader, pair, field);
}

/* One such part is enough: nothing says that the others keep the rows apart without it. */
static bool index_repeats(const struct grader *grader, const struct entity_pair *pair, const struct index *index) {
    for (size_t i = 0; i < index->part_count; i++)
        if (index->parts[i].field && is_same_in_each_row(grader, pair, index->parts[i].field, !index->nulls_not_distinct))
            return true;
    return false;
}

static bool key_repeats(const struct grader *grader, const struct entity_pair *pair, const struct key *key) {
    for (size_t i = 0; i < key->fields.count; i++)
        if (!is_same_in_each_row(grader, pair, key->fields.at[i], false))
            return false;
    return true;
}

/* A unique index, or the key when INDEX is NULL. */
static void grade_unique(struct grader *grader, const struct change *change, const struct index *index) {
    const struct entity_pair *pair = plan_pair(grader->plan, change->to);
    const char *name = !index ? "the key" : index->name ? index->name : "a unique index";

    if (pair && pair->from && (index ? index_repeats(grader, pair, index) : key_repeats(grader, pair, &change->to->key)))
        add_reason(grader, WAY_BACK_NONE,
                   arena_printf(grader->arena, "%s: %s asks for other values than the same in each row", change->to->name, name));
    else
        grade_constraint(grader, change, name);
}

static void grade_change(struct grader *grader, const struct change *change) {
    switch (change->kind) {
    case CHANGE_CREATE_TABLE:
        add_reason(grader, WAY_BACK_LOSSY, arena_printf(grader->arena, "%s comes back empty", change->to->name));
        break;
    case CHANGE_DROP_TABLE:
        add_reason(grader, WAY_BACK_WHILE_UNUSED, arena_printf(grader->arena, "%s goes with the rows it has by then", change->from->name));
        break;
    case CHANGE_ADD_COLUMN:
        grade_added_column(grader, change);
        break;
    case CHANGE_DROP_COLUMN:
        if (!change->old_field->computed)
            held_reason(grader, change, "goes with what it holds by then");
        break;
    case CHANGE_ALTER_COLUMN:
        grade_altered_column(grader, change);
        break;
    case CHANGE_ALTER_TABLE:
        grade_table(grader, change);
        break;
    case CHANGE_ADD_KEY:
        grade_unique(grader, change, NULL);
        break;
    case CHANGE_ADD_INDEX:
        if (change->new_index->unique)
            grade_unique(grader, change, change->new_index);
        break;
    case CHANGE_ADD_CHECK:
        if (!change->new_check->derived)
            grade_constraint(grader, change, change->new_check->name ? change->new_check->name : "a check");
        break;
    case CHANGE_ADD_EXCLUDE:
        grade_constraint(grader, change, change->new_exclude->name ? change->new_exclude->name : "an exclusion");
        break;
    case CHANGE_ADD_FOREIGN_KEY:
        grade_foreign_key(grader, change);
        break;
    case CHANGE_PUT_BASE:
    case CHANGE_PUT_DEPENDENT:
        if (change->holds_rows && !change->old_object)
            add_reason(grader, WAY_BACK_LOSSY, arena_printf(grader->arena, "%s comes back empty", change->new_object->name));
        break;
    case CHANGE_DROP_DEPENDENT:
    case CHANGE_DROP_BASE:
        if (change->holds_rows)
            add_reason(grader, WAY_BACK_WHILE_UNUSED,
                       arena_printf(grader->arena, "%s goes with the rows it has by then", change->old_object->name));
        break;
    case CHANGE_DROP_FOREIGN_KEY:
    case CHANGE_DROP_CHECK:
    case CHANGE_DROP_EXCLUDE:
    case CHANGE_DROP_INDEX:
    case CHANGE_DROP_KEY:
    case CHANGE_RENAME_ENUM:
    case CHANGE_RENAME_TABLE:
    case CHANGE_RENAME_COLUMN:
    case CHANGE_RENAME_INDEX:
    case CHANGE_RENAME_CONSTRAINT:
    case CHANGE_CREATE_ENUM:
    case CHANGE_ALTER_ENUM:
    case CHANGE_COMMENT_TABLE:
    case CHANGE_DROP_ENUM:
    case CHANGE_KIND_COUNT:
        break;
    }
}

enum way_back way_back_grade(struct arena *arena, const struct plan *down, cast_risk_function *cast_risk,
                             struct way_back_reasons *reasons) {
    struct grader grader = {.arena = arena, .plan = down, .cast_risk = cast_risk, .reasons = reasons, .grade = WAY_BACK_LOSSLESS};

    for (size_t i = 0; i < down->changes.count; i++)
        grade_change(&grader, &down->changes.at[i]);
    for (size_t i = 0; i < down->enum_pairs.count; i++) {
        const struct enum_pair *pair = &down->enum_pairs.at[i];

        if (enum_pair_differs(pair))
            grade_enum(&grader, pair);
    }
    return grader.grade;
}

const char *way_back_name(enum way_back grade) {
    switch (grade) {
    case WAY_BACK_LOSSLESS:
        return "lossless";
    case WAY_BACK_WHILE_UNUSED:
        return "lossless while unused";
    case WAY_BACK_LOSSY:
        return "lossy";
    case WAY_BACK_NONE:
        return "none";
    }
    return "";
}
