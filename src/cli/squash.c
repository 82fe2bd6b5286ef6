#include "squash.h"

#include <string.h>

#include "file.h"
#include "pair.h"
#include "script_read.h"
#include "squash_way.h"

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

/* --- the whole --- */

static void begin_whole(struct squash *squash, struct migration_plan *whole) {
    whole->from = squash->steps.at[0].plan.from;
    whole->to = squash->steps.at[squash->steps.count - 1].plan.to;
    whole->table_count = whole->to->entity_count;
}

static bool may_have_rows(const struct squash *squash) {
    return squash->first > 0 || squash->steps.at[0].plan.from->entity_count > 0;
}

int squash_plan(struct squash *squash, struct migration_plan *whole) {
    struct way way = {.squash = squash};
    bool rows = may_have_rows(squash);

    begin_whole(squash, whole);
    if (way_walk(&way, rows) || way_carry(&way, rows, &whole->decisions) || migration_plan_again(squash->context, squash->workspace, whole))
        return -1;
    return way_check(&way, whole);
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

void squash_append(const struct dialect *dialect, const struct script *script, struct script *out) {
    for (size_t i = 0; i < script->list.count; i++)
        if (!is_preamble(dialect, script->list.at[i].text))
            vec_push(out->arena, &out->list, script->list.at[i]);
}

/* From behind the part AT to behind the whole. */
static const struct plan *pairs_behind(struct squash *squash, size_t at) {
    struct arena *arena = &squash->context->arena;
    struct renames *renames = ARENA_NEW(arena, struct renames);
    struct plan *pairs = ARENA_NEW(arena, struct plan);

    for (size_t i = at + 1; i < squash->steps.count; i++) {
        struct renames all = {0};

        renames_compose(arena, renames, &squash->steps.at[i].plan.renames, &all);
        *renames = all;
    }
    pairs->from = squash->steps.at[at].plan.to;
    pairs->to = squash->steps.at[squash->steps.count - 1].plan.to;
    pairs->renames = renames;
    pairs_make(arena, pairs);
    return pairs;
}

/* REASON by the names behind the whole; NULL: what it is about is gone by then, and with it what could be lost. */
static const char *reason_behind(struct arena *arena, const struct plan *pairs, const char *reason) {
    size_t length = strcspn(reason, " "), owner_length = strcspn(reason, " .");
    const struct entity_pair *pair = plan_old_pair(pairs, arena_strndup(arena, reason, owner_length));
    const struct field *field = NULL;

    if (pair && owner_length < length)
        field = entity_field(pair->from, arena_strndup(arena, reason + owner_length + 1, length - owner_length - 1));
    if (!pair || (owner_length < length && !field))
        return reason;
    if (!pair->to)
        return NULL;
    if (!field)
        return arena_printf(arena, "%s%s", pair->to->name, reason + length);
    field = pair_new_field(pair, field);
    return field ? arena_printf(arena, "%s.%s%s", pair->to->name, field->name, reason + length) : NULL;
}

static void append_reasons(struct squash *squash, size_t at, struct way_back_reasons *reasons) {
    const struct way_back_reasons *own = &squash->steps.at[at].plan.reasons;
    struct arena *arena = &squash->context->arena;
    const struct plan *pairs = own->list.count ? pairs_behind(squash, at) : NULL;

    for (size_t i = 0; i < own->list.count; i++) {
        const char *reason = reason_behind(arena, pairs, own->list.at[i]);

        if (reason)
            vec_push(arena, &reasons->list, reason);
    }
}

int squash_concatenate(struct squash *squash, struct migration_plan *whole) {
    const struct dialect *dialect = squash->workspace->target.dialect;
    struct context *context = squash->context;
    struct way way = {.squash = squash, .in_order = true};
    bool rows = may_have_rows(squash);

    begin_whole(squash, whole);
    decisions_add(&context->arena, &whole->decisions, "concatenate", "");
    if (way_walk(&way, rows) || way_carry(&way, rows, &whole->decisions) || migration_plan_again(context, squash->workspace, whole))
        return -1;
    whole->up_script.list.count = whole->down_script.list.count = 0;
    whole->reasons.list.count = whole->hazards.list.count = 0;
    for (size_t i = 0; i < squash->steps.count; i++) {
        const struct squash_step *part = &squash->steps.at[i];

        squash_append(dialect, &part->up, &whole->up_script);
        squash_append(dialect, &squash->steps.at[squash->steps.count - 1 - i].down, &whole->down_script);
        whole->way_back = part->plan.way_back > whole->way_back ? part->plan.way_back : whole->way_back;
        append_reasons(squash, i, &whole->reasons);
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
