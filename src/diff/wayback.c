/* The grade of a plan that leads back. */
#include <string.h>

#include "hazard.h"
#include "pair.h"

struct grader {
    struct arena *arena;
    const struct plan *plan;
    cast_risk_function *cast_risk;
    struct way_back_reasons *reasons;
    enum way_back grade;
};

static void add_reason(struct grader *grader, enum way_back grade, const char *reason) {
    if (grade > grader->grade)
        grader->grade = grade;
    for (size_t i = 0; i < grader->reasons->list.count; i++)
        if (strcmp(grader->reasons->list.at[i], reason) == 0)
            return;
    vec_push(grader->arena, &grader->reasons->list, reason);
}

static void field_reason(struct grader *grader, enum way_back grade, const struct change *change, const char *what) {
    const struct field *field = change->new_field ? change->new_field : change->old_field;
    const char *entity = change->to ? change->to->name : change->from->name;

    add_reason(grader, grade, arena_printf(grader->arena, "%s.%s %s", entity, field->name, what));
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
    if (grader->cast_risk(from, to) != CAST_SAFE)
        field_reason(grader, WAY_BACK_WHILE_UNUSED, change, arena_printf(grader->arena, "must fit %s again", to));
}

static void grade_altered_column(struct grader *grader, const struct change *change) {
    if (change->aspects & COLUMN_TYPE)
        grade_type(grader, change);
    if (change->aspects & COLUMN_NULLABLE && !change->new_field->nullable)
        field_reason(grader, WAY_BACK_WHILE_UNUSED, change, "must not hold NULL");
    if (change->aspects & COLUMN_NULLABLE && change->new_field->nullable)
        field_reason(grader, WAY_BACK_LOSSY, change, "keeps the values that NULL was replaced by");
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
            field_reason(grader, WAY_BACK_WHILE_UNUSED, change, "goes with what it holds by then");
        break;
    case CHANGE_ALTER_COLUMN:
        grade_altered_column(grader, change);
        break;
    case CHANGE_ADD_KEY:
        grade_constraint(grader, change, "the key");
        break;
    case CHANGE_ADD_INDEX:
        if (change->new_index->unique)
            grade_constraint(grader, change, change->new_index->name ? change->new_index->name : "a unique index");
        break;
    case CHANGE_ADD_CHECK:
        if (!change->new_check->derived)
            grade_constraint(grader, change, change->new_check->name ? change->new_check->name : "a check");
        break;
    case CHANGE_ADD_EXCLUDE:
        grade_constraint(grader, change, change->new_exclude->name ? change->new_exclude->name : "an exclusion");
        break;
    case CHANGE_ADD_FOREIGN_KEY:
        grade_constraint(grader, change, change->new_foreign_key->name ? change->new_foreign_key->name : "a foreign key");
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
    case CHANGE_ALTER_TABLE:
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
