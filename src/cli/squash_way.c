#include "squash_way.h"

#include <string.h>

#include "expression.h"
#include "pair.h"

/* A rename with nothing else leaves the data as it is. */
static bool touches_data(const struct delta *delta) {
    if (delta->noun == DELTA_FIELD || delta->noun == DELTA_RELATION || delta->noun == DELTA_MEMBER)
        return delta->verb != DELTA_RENAMED || delta->detail;
    return (delta->noun == DELTA_ENTITY || delta->noun == DELTA_ENUM) && (delta->verb == DELTA_ADDED || delta->verb == DELTA_REMOVED);
}

static void follow_renames(struct way *way, const struct renames *renames) {
    for (size_t i = 0; i < way->touched.count; i++) {
        struct touched *touched = &way->touched.at[i];
        struct touched after = *touched;

        for (size_t k = 0; k < renames->list.count; k++) {
            const struct rename *rename = &renames->list.at[k];
            bool whole = rename->kind == RENAME_ENTITY || rename->kind == RENAME_ENUM;

            if (whole && strcmp(touched->owner, rename->from) == 0)
                after.owner = rename->to;
        }
        for (size_t k = 0; k < renames->list.count; k++) {
            const struct rename *rename = &renames->list.at[k];

            if (rename->owner && touched->name && strcmp(after.owner, rename->owner) == 0 && strcmp(touched->name, rename->from) == 0)
                after.name = rename->to;
        }
        *touched = after;
    }
}

static struct touched *find_touched(struct way *way, const char *owner, const char *name) {
    for (size_t i = 0; i < way->touched.count; i++)
        if (strcmp(way->touched.at[i].owner, owner) == 0 && text_equal(way->touched.at[i].name, name))
            return &way->touched.at[i];
    return NULL;
}

static bool is_new(struct way *way, const char *owner) {
    const struct touched *whole = find_touched(way, owner, NULL);

    return whole && whole->is_new;
}

static int refuse_twice(struct way *way, const struct touched *before, const struct delta *delta, const char *by) {
    struct context *context = way->squash->context;

    if (way->in_order)
        return 0;
    return diag_fail(&context->diag, "%s is changed by %s and again by %s: what its rows hold would be another thing by the shortest way",
                     delta_subject(&context->arena, delta), before->by, by);
}

static int note_delta(struct way *way, const struct delta *delta, const char *by) {
    struct arena *arena = &way->squash->context->arena;
    struct touched *before = find_touched(way, delta->entity, delta->name);
    bool whole = !delta->name;

    if (!touches_data(delta) || (!whole && is_new(way, delta->entity)))
        return 0;
    if (delta->name)
        vec_push(arena, &way->names, delta->name);
    if (before && before->verb == DELTA_ADDED && delta->verb == DELTA_REMOVED) {
        *before = (struct touched){.owner = "", .by = by}; /* it came and went */
        return 0;
    }
    if (before)
        return refuse_twice(way, before, delta, by);
    vec_push(arena, &way->touched,
             ((struct touched){delta->noun, delta->verb, delta->entity, delta->name, by, whole && delta->verb == DELTA_ADDED}));
    return 0;
}

/* What FIELD of ENTITY is called behind a step with RENAMES. */
static const char *field_behind(const struct renames *renames, const char *entity, const char *field) {
    for (size_t i = 0; i < renames->list.count; i++) {
        const struct rename *rename = &renames->list.at[i];

        if (rename->kind == RENAME_FIELD && strcmp(rename->owner, entity) == 0 && strcmp(rename->from, field) == 0)
            return rename->to;
    }
    return field;
}

/* Was it in one of the parts before AT that the two columns of KEPT began to be kept in step? */
static bool began_on_way(const struct squash *squash, size_t at, const struct expansion *kept) {
    for (size_t i = 0; i < at; i++) {
        const struct expansions *others = &squash->steps.at[i].plan.kept;

        for (size_t k = 0; k < others->list.count; k++) {
            const struct expansion *other = &others->list.at[k];

            if (other->old && strcmp(other->entity->name, kept->entity->name) == 0 && strcmp(other->old->name, kept->old->name) == 0 &&
                strcmp(other->new->name, kept->new->name) == 0)
                return true;
        }
    }
    return false;
}

/* The renames of the part AT. A column that was copied into a new one, kept in step with it, and went, was renamed, if all of that is on the
 * way. */
static struct renames renames_of(struct way *way, size_t at) {
    const struct migration_plan *plan = &way->squash->steps.at[at].plan;
    struct arena *arena = &way->squash->context->arena;
    struct renames all = {0};

    for (size_t i = 0; i < plan->renames.list.count; i++)
        vec_push(arena, &all.list, plan->renames.list.at[i]);
    for (size_t i = 0; i < plan->kept.list.count; i++) {
        const struct expansion *kept = &plan->kept.list.at[i];
        struct rename rename = {.kind = RENAME_FIELD, .owner = kept->entity->name};

        if (!kept->old || !began_on_way(way->squash, at, kept))
            continue;
        rename.from = kept->old->name;
        rename.to = field_behind(&plan->renames, kept->entity->name, kept->new->name);
        if (strcmp(rename.from, rename.to) != 0)
            vec_push(arena, &all.list, rename);
    }
    return all;
}

/* The renames of the way as one: those of a part behind those that are known. */
static void add_renames(struct way *way, const struct renames *renames) {
    struct arena *arena = &way->squash->context->arena;
    struct renames all = {0};

    renames_compose(arena, &way->renames, renames, &all);
    way->renames = all;
    for (size_t k = 0; k < renames->list.count; k++) {
        vec_push(arena, &way->names, renames->list.at[k].from);
        vec_push(arena, &way->names, renames->list.at[k].to);
    }
}

int way_walk(struct way *way, bool rows) {
    struct squash *squash = way->squash;
    int result = 0;

    for (size_t i = 0; i < squash->steps.count; i++) {
        const struct migration_plan *plan = &squash->steps.at[i].plan;
        struct renames renames = renames_of(way, i);

        follow_renames(way, &plan->renames);
        add_renames(way, &renames);
        for (size_t k = 0; rows && k < plan->deltas.list.count; k++)
            result |= note_delta(way, &plan->deltas.list.at[k], squash->steps.at[i].migration->id);
    }
    return result ? -1 : 0;
}

/* --- backfills --- */

/* "Invoice.status='open'" with the names from behind the way. */
static const char *backfill_behind(struct way *way, size_t from_step, const char *text, const char **owner, const char **name) {
    struct arena *arena = &way->squash->context->arena;
    const char *dot = strchr(text, '.');
    const char *equals = strchr(text, '=');

    *owner = arena_strndup(arena, text, (size_t)(dot - text));
    *name = arena_strndup(arena, dot + 1, (size_t)(equals - dot - 1));
    for (size_t i = from_step + 1; i < way->squash->steps.count; i++) {
        const struct renames *renames = &way->squash->steps.at[i].plan.renames;
        const char *old_name = *name;

        for (size_t k = 0; k < renames->list.count; k++)
            if (!renames->list.at[k].owner && strcmp(renames->list.at[k].from, *owner) == 0) {
                *owner = renames->list.at[k].to;
                break;
            }
        for (size_t k = 0; k < renames->list.count; k++)
            if (renames->list.at[k].owner && strcmp(renames->list.at[k].owner, *owner) == 0 &&
                strcmp(renames->list.at[k].from, old_name) == 0)
                *name = renames->list.at[k].to;
    }
    return equals + 1;
}

/* Does the expression read something that is not the same all the way? */
static const char *reads_changed(struct way *way, const char *expression) {
    for (size_t i = 0; i < way->names.count; i++)
        if (expression_mentions(expression, way->names.at[i]))
            return way->names.at[i];
    return NULL;
}

static int carry_backfill(struct way *way, size_t at, const char *text, struct decisions *decisions) {
    struct context *context = way->squash->context;
    const char *id = way->squash->steps.at[at].migration->id;
    const char *owner, *name, *read;
    const char *expression = backfill_behind(way, at, text, &owner, &name);
    const struct schema *to = way->squash->steps.at[way->squash->steps.count - 1].plan.to;
    const struct entity *entity = schema_entity(to, owner);

    if (is_new(way, owner) || !entity || !entity_field(entity, name))
        return 0;
    read = way->in_order ? NULL : reads_changed(way, expression);
    if (read)
        return diag_fail(&context->diag, "the backfill of %s.%s in %s reads \"%s\", which is changed on the way", owner, name, id, read);
    decisions_add(&context->arena, decisions, "backfill", arena_printf(&context->arena, "%s.%s=%s", owner, name, expression));
    return 0;
}

int way_carry(struct way *way, bool rows, struct decisions *decisions) {
    static const char *const carried[] = {"drop", "allow", "concurrently", "online", "keep", "fill"};
    struct squash *squash = way->squash;
    struct arena *arena = &squash->context->arena;
    int result = 0;

    for (size_t i = 0; i < way->renames.list.count; i++)
        if (strcmp(way->renames.list.at[i].from, way->renames.list.at[i].to) != 0)
            decisions_add(arena, decisions, "rename", rename_text(arena, &way->renames.list.at[i]));
    for (size_t i = 0; rows && i < squash->steps.count; i++) {
        const struct decisions *own = &squash->steps.at[i].plan.decisions;
        struct names backfills = decisions_of(arena, own, "backfill");

        for (size_t k = 0; k < backfills.count; k++)
            result |= carry_backfill(way, i, backfills.at[k], decisions);
        for (size_t c = 0; c < sizeof carried / sizeof *carried; c++) {
            struct names texts = decisions_of(arena, own, carried[c]);

            for (size_t k = 0; k < texts.count; k++)
                decisions_add(arena, decisions, carried[c], texts.at[k]);
        }
    }
    return result ? -1 : 0;
}

/* Every backfill that was carried over must be of use: else rows keep what the parts would have changed. */
static int check_backfills(struct squash *squash, const struct migration_plan *whole) {
    struct context *context = squash->context;
    struct backfills backfills = {0};

    decide_again_backfills(context, whole->to, &whole->decisions, &backfills);
    backfills.given = backfills.list.count;
    return decide_backfills_used(context, whole->up, &backfills);
}

static bool has_rename(const struct renames *renames, const struct rename *wanted) {
    for (size_t i = 0; i < renames->list.count; i++) {
        const struct rename *rename = &renames->list.at[i];

        if (rename->kind == wanted->kind && text_equal(rename->owner, wanted->owner) && strcmp(rename->from, wanted->from) == 0 &&
            strcmp(rename->to, wanted->to) == 0)
            return true;
    }
    return false;
}

/* Are both names of RENAME there, each on its side? What went on the way, or came on it, is renamed no more. */
static bool is_there_still(struct way *way, const struct migration_plan *whole, const struct rename *rename) {
    const struct entity *entity, *was;
    const char *old_owner = rename->owner;

    if (rename->kind == RENAME_ENTITY)
        return schema_entity(whole->from, rename->from) && schema_entity(whole->to, rename->to);
    if (rename->kind != RENAME_FIELD)
        return false;
    for (size_t i = 0; i < way->renames.list.count; i++)
        if (way->renames.list.at[i].kind == RENAME_ENTITY && strcmp(way->renames.list.at[i].to, rename->owner) == 0)
            old_owner = way->renames.list.at[i].from;
    was = schema_entity(whole->from, old_owner);
    entity = schema_entity(whole->to, rename->owner);
    return was && entity && entity_field(was, rename->from) && entity_field(entity, rename->to);
}

/* Every rename that was carried over must be made: else rows get under a name what another column holds. */
static int check_renames(struct way *way, const struct migration_plan *whole) {
    struct context *context = way->squash->context;
    int result = 0;

    for (size_t i = 0; i < way->renames.list.count; i++) {
        const struct rename *rename = &way->renames.list.at[i];

        if (is_there_still(way, whole, rename) && !has_rename(&whole->renames, rename))
            result =
                diag_fail(&context->diag, "the renames of the parts are no rename of the whole: %s", rename_text(&context->arena, rename));
    }
    return result;
}

/* Does what came on the way pass for something that was there before it? Then the rows would keep what the parts took away. */
static bool is_field_taken(const struct entity_pair *pair, const char *name) {
    const struct field *field = entity_field(pair->to, name);

    return field && pair_old_field(pair, field);
}

static bool is_relation_taken(const struct entity_pair *pair, const struct entity *declared, const char *name) {
    const struct relation *relation = declared ? entity_relation(declared, name) : NULL;
    const struct foreign_key *key = relation && relation->owner ? &declared->foreign_keys[relation->foreign_key] : NULL;

    for (size_t i = 0; key && i < key->fields.count; i++)
        if (is_field_taken(pair, key->fields.at[i]))
            return true;
    return false;
}

static bool is_member_taken(const struct migration_plan *whole, const struct touched *touched) {
    const struct enumeration *values = schema_enum(whole->up->to, touched->owner);
    const struct enum_pair *pair = values ? plan_enum_pair(whole->up, values) : NULL;
    const struct enum_member *member = values && touched->name ? enumeration_member(values, touched->name) : NULL;

    if (!touched->name)
        return pair && pair->from;
    return pair && pair->from && member && enum_old_member(whole->up, values, member);
}

static bool is_taken(const struct migration_plan *whole, const struct touched *touched) {
    const struct entity_pair *pair = plan_new_pair(whole->up, touched->owner);

    if (touched->noun == DELTA_MEMBER || touched->noun == DELTA_ENUM)
        return is_member_taken(whole, touched);
    if (!pair || !pair->from)
        return false;
    if (touched->noun == DELTA_RELATION)
        return is_relation_taken(pair, schema_entity(whole->to, touched->owner), touched->name);
    return !touched->name || is_field_taken(pair, touched->name);
}

/* What a column was copied into that was renamed so. */
static bool is_renamed_to(const struct way *way, const struct touched *touched) {
    for (size_t i = 0; i < way->renames.list.count; i++) {
        const struct rename *rename = &way->renames.list.at[i];

        if (rename->kind == RENAME_FIELD && strcmp(rename->owner, touched->owner) == 0 && text_equal(rename->to, touched->name))
            return true;
    }
    return false;
}

static int check_added(struct way *way, const struct migration_plan *whole) {
    struct context *context = way->squash->context;
    int result = 0;

    for (size_t i = 0; i < way->touched.count; i++) {
        const struct touched *touched = &way->touched.at[i];

        if (touched->verb == DELTA_ADDED && !is_renamed_to(way, touched) && is_taken(whole, touched))
            result = diag_fail(&context->diag, "%s%s%s comes with %s, and would have what was there before it by the shortest way",
                               touched->owner, touched->name ? "." : "", touched->name ? touched->name : "", touched->by);
    }
    return result;
}

int way_check(struct way *way, const struct migration_plan *whole) {
    return check_renames(way, whole) || check_added(way, whole) || check_backfills(way->squash, whole) ? -1 : 0;
}
