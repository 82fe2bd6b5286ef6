#include "squash.h"

#include <string.h>

#include "expression.h"
#include "file.h"
#include "script_read.h"

/* --- the parts --- */

static const struct migration *part_at(const struct squash *squash, size_t at) {
    return &squash->workspace->migrations.chain.list.at[at];
}

static struct source *read_script(struct squash *squash, const struct migration *migration, const char *name) {
    struct arena *arena = &squash->context->arena;
    const char *folder = file_join(arena, squash->workspace->place->migrations, migration->folder);

    return source_read(arena, file_join(arena, folder, name), &squash->context->diag);
}

static int open_step(struct squash *squash, const struct migration *migration, size_t *leaf, struct squash_step *step) {
    struct context *context = squash->context;
    const struct dialect *dialect = squash->workspace->target.dialect;
    struct source *up = read_script(squash, migration, "up.sql");
    struct source *down = up ? read_script(squash, migration, "down.sql") : NULL;
    struct migration_list leaves = {0};

    *step = (struct squash_step){.migration = migration, .up = {.arena = &context->arena}, .down = {.arena = &context->arena}};
    chain_leaves(&context->arena, migration, &leaves);
    step->plan.from = lineage_schema_before(&squash->lineage, *leaf);
    *leaf += leaves.list.count;
    step->plan.to = lineage_schema(&squash->lineage, *leaf - 1);
    if (!down || !step->plan.from || !step->plan.to || script_read(up, dialect, &step->up, &context->diag) ||
        script_read(down, dialect, &step->down, &context->diag))
        return -1;
    step->plan.table_count = step->plan.to->entity_count;
    decisions_read(&context->arena, up->text, &step->plan.decisions);
    return migration_plan_again(context, squash->workspace, &step->plan);
}

int squash_open(struct squash *squash) {
    size_t leaf = 0;

    if (lineage_open(squash->context, squash->workspace, &squash->lineage))
        return -1;
    for (size_t i = 0; i < squash->first; i++) {
        struct migration_list leaves = {0};

        chain_leaves(&squash->context->arena, part_at(squash, i), &leaves);
        leaf += leaves.list.count;
    }
    for (size_t i = squash->first; i <= squash->last; i++)
        if (open_step(squash, part_at(squash, i), &leaf, vec_add(&squash->context->arena, &squash->steps)))
            return -1;
    return 0;
}

/* --- were they edited? --- */

/* SCRIPT as it would be read back. */
static int read_back(struct squash *squash, const struct script *script, struct script *back) {
    const struct dialect *dialect = squash->workspace->target.dialect;
    struct arena *arena = &squash->context->arena;
    struct str text = STR_INIT;
    struct source *source;

    script_print(script, &dialect->style, NULL, &text);
    source = source_new(arena, "plan", str_keep(&text, arena), text.length, &squash->context->diag);
    str_free(&text);
    return source ? script_read(source, dialect, back, &squash->context->diag) : -1;
}

/* The first statement in which WRITTEN differs from PLANNED; NULL: none. */
static const struct statement *first_difference(const struct script *written, const struct script *planned, bool *missing) {
    for (size_t i = 0; i < written->list.count; i++)
        if (i >= planned->list.count || strcmp(written->list.at[i].text, planned->list.at[i].text) != 0) {
            *missing = false;
            return &written->list.at[i];
        }
    *missing = true;
    return planned->list.count > written->list.count ? &planned->list.at[written->list.count] : NULL;
}

static int check_script(struct squash *squash, const struct squash_step *step, const struct script *written, const struct script *planned,
                        const char *name) {
    struct context *context = squash->context;
    struct script back = {.arena = &context->arena};
    const struct statement *statement;
    bool missing;

    if (read_back(squash, planned, &back))
        return -1;
    statement = first_difference(written, &back, &missing);
    if (!statement)
        return 0;
    diag_fail(&context->diag,
              missing ? "%s/%s lacks a statement of its plan: %.*s" : "%s/%s has a statement that its plan does not give: %.*s",
              step->migration->id, name, (int)strcspn(statement->text, "\n"), statement->text);
    return -1;
}

int squash_check_scripts(struct squash *squash) {
    int result = 0;

    for (size_t i = 0; i < squash->steps.count; i++) {
        const struct squash_step *step = &squash->steps.at[i];

        result |= check_script(squash, step, &step->up, &step->plan.up_script, "up.sql");
        result |= check_script(squash, step, &step->down, &step->plan.down_script, "down.sql");
    }
    return result ? -1 : 0;
}

/* --- what is changed on the way --- */

/* Something with data in it that a part changed, by its name at that point of the way. */
struct touched {
    enum delta_noun noun;
    enum delta_verb verb;
    const char *owner;
    const char *name; /* NULL: the owner itself */
    const char *by;   /* the migration */
    bool is_new;      /* the owner came on the way: it has no rows */
};

struct way {
    struct squash *squash;
    VEC(struct touched) touched;
    VEC(const char *) names; /* columns, fields and tables that are not the same all the way */
    struct renames renames;  /* of all of the way */
};

static bool same_text(const char *a, const char *b) {
    return a && b ? strcmp(a, b) == 0 : a == b;
}

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
        if (strcmp(way->touched.at[i].owner, owner) == 0 && same_text(way->touched.at[i].name, name))
            return &way->touched.at[i];
    return NULL;
}

static bool is_new(struct way *way, const char *owner) {
    const struct touched *whole = find_touched(way, owner, NULL);

    return whole && whole->is_new;
}

static int refuse_twice(struct way *way, const struct touched *before, const struct delta *delta, const char *by) {
    struct context *context = way->squash->context;

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

static int walk(struct way *way, bool rows) {
    struct squash *squash = way->squash;
    int result = 0;

    for (size_t i = 0; i < squash->steps.count; i++) {
        const struct migration_plan *plan = &squash->steps.at[i].plan;

        follow_renames(way, &plan->renames);
        add_renames(way, &plan->renames);
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
    read = reads_changed(way, expression);
    if (read)
        return diag_fail(&context->diag, "the backfill of %s.%s in %s reads \"%s\", which is changed on the way", owner, name, id, read);
    decisions_add(&context->arena, decisions, "backfill", arena_printf(&context->arena, "%s.%s=%s", owner, name, expression));
    return 0;
}

static int carry_decisions(struct way *way, bool rows, struct decisions *decisions) {
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

/* --- the whole --- */

static void begin_whole(struct squash *squash, struct migration_plan *whole) {
    whole->from = squash->steps.at[0].plan.from;
    whole->to = squash->steps.at[squash->steps.count - 1].plan.to;
    whole->table_count = whole->to->entity_count;
}

int squash_plan(struct squash *squash, struct migration_plan *whole) {
    struct way way = {.squash = squash};
    bool rows = squash->first > 0 || squash->steps.at[0].plan.from->entity_count > 0;

    begin_whole(squash, whole);
    if (walk(&way, rows) || carry_decisions(&way, rows, &whole->decisions) ||
        migration_plan_again(squash->context, squash->workspace, whole))
        return -1;
    return check_backfills(squash, whole);
}

/* What frames each script stands around the whole once. */
static bool is_preamble(const struct dialect *dialect, const char *text) {
    size_t length = strlen(text);
    const char *line = dialect->style.preamble;

    for (; line && *line; line += strcspn(line, "\n"), line += *line == '\n')
        if (strcspn(line, "\n") == length && strncmp(line, text, length) == 0)
            return true;
    return false;
}

static void append_script(struct squash *squash, struct script *out, const struct script *script) {
    for (size_t i = 0; i < script->list.count; i++)
        if (!is_preamble(squash->workspace->target.dialect, script->list.at[i].text))
            vec_push(out->arena, &out->list, script->list.at[i]);
}

int squash_concatenate(struct squash *squash, struct migration_plan *whole) {
    struct context *context = squash->context;
    struct way way = {.squash = squash};

    begin_whole(squash, whole);
    walk(&way, false);
    if (carry_decisions(&way, false, &whole->decisions) || migration_plan_again(context, squash->workspace, whole))
        return -1;
    whole->up_script.list.count = whole->down_script.list.count = 0;
    whole->reasons.list.count = whole->hazards.list.count = 0;
    for (size_t i = 0; i < squash->steps.count; i++) {
        const struct squash_step *part = &squash->steps.at[i];

        append_script(squash, &whole->up_script, &part->up);
        append_script(squash, &whole->down_script, &squash->steps.at[squash->steps.count - 1 - i].down);
        whole->way_back = part->plan.way_back > whole->way_back ? part->plan.way_back : whole->way_back;
        for (size_t k = 0; k < part->plan.reasons.list.count; k++)
            vec_push(&context->arena, &whole->reasons.list, part->plan.reasons.list.at[k]);
        for (size_t k = 0; k < part->plan.hazards.list.count; k++)
            vec_push(&context->arena, &whole->hazards.list, part->plan.hazards.list.at[k]);
    }
    return 0;
}

int squash_prove_parts(struct squash *squash, struct migration_plan *whole) {
    struct context *context = squash->context;
    struct proof *proof = &whole->proof;

    for (size_t i = 0; i < squash->steps.count; i++) {
        struct squash_step *part = &squash->steps.at[i];
        const struct proof *own = &part->plan.proof;

        part->plan.up_script = part->up;
        part->plan.down_script = part->down;
        if (migration_plan_prove(context, squash->workspace, &part->plan)) {
            diag_hint(&context->diag, "this is %s as it was written; --no-proof takes it as it is", part->migration->id);
            return -1;
        }
        whole->unproved = part->plan.unproved ? part->plan.unproved : whole->unproved;
        proof->status = own->status;
        proof->on = own->on;
        proof->tables = own->tables > proof->tables ? own->tables : proof->tables;
        proof->most_rows = i == 0 || own->most_rows < proof->most_rows ? own->most_rows : proof->most_rows;
        for (size_t k = 0; k < own->notes.count; k++)
            vec_push(&context->arena, &proof->notes, own->notes.at[k]);
    }
    return 0;
}
