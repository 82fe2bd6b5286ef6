#include "decide.h"

#include <string.h>

#include "progress.h"

static size_t count_texts(char **list) {
    size_t count = 0;

    while (list && list[count])
        count++;
    return count;
}

/* How much of the answers makes no sense between FROM and TO? */
static size_t count_errors(struct context *context, const struct schema *from, const struct schema *to, const struct answers *answers) {
    struct diag unseen = {.arena = &context->arena};
    struct rename_answers given = {{answers->renames.at, answers->renames.count}, {answers->drops.at, answers->drops.count}};
    struct renames renames = {0};

    return renames_find(&context->arena, from, to, &given, &renames, &unseen) ? unseen.errors : 0;
}

/* A column that was kept in step with another over two migrations (expand.h), where both of them lie between FROM and TO: a rename. */
static bool is_renamed_between(struct context *context, const struct schema *from, const struct schema *to, const char *text) {
    size_t dot = strcspn(text, "."), equals = strcspn(text, "=");
    const char *owner = arena_strndup(&context->arena, text, dot), *old;
    const struct entity *before = schema_entity(from, owner), *after = schema_entity(to, owner);

    if (!before || !after || dot > equals || !text[equals])
        return false;
    old = arena_strndup(&context->arena, text + dot + 1, equals - dot - 1);
    return entity_field(before, old) && !entity_field(before, text + equals + 1) && entity_field(after, text + equals + 1) &&
           !entity_field(after, old);
}

/* Takes out of the renames from FIRST on those without which less is wrong, the last of them first. One by one they say nothing: each half of
 * a swap of two names makes sense with the other alone. */
static void drop_senseless(struct context *context, const struct schema *from, const struct schema *to, size_t first,
                           struct answers *answers) {
    size_t errors = count_errors(context, from, to, answers);

    for (size_t i = answers->renames.count; errors && i-- > first;) {
        struct answers without = {.drops = answers->drops};
        size_t left;

        for (size_t k = 0; k < answers->renames.count; k++)
            if (k != i)
                vec_push(&context->arena, &without.renames, answers->renames.at[k]);
        left = count_errors(context, from, to, &without);
        if (left < errors) {
            answers->renames = without.renames;
            errors = left;
        }
    }
}

/* Adds those of RECORDED that make sense beside the answers that are there. */
static void recall_answers(struct context *context, const struct schema *from, const struct schema *to, const struct decisions *recorded,
                           struct answers *answers) {
    struct names renames = decisions_of(&context->arena, recorded, "rename");
    struct names drops = decisions_of(&context->arena, recorded, "drop");
    struct names kept = decisions_of(&context->arena, recorded, "keep");
    size_t given = answers->renames.count;

    for (size_t i = 0; i < kept.count; i++)
        if (is_renamed_between(context, from, to, kept.at[i]))
            vec_push(&context->arena, &answers->renames, kept.at[i]);
    for (size_t i = 0; i < renames.count; i++)
        vec_push(&context->arena, &answers->renames, renames.at[i]);
    drop_senseless(context, from, to, given, answers);
    for (size_t i = 0; i < drops.count; i++) {
        vec_push(&context->arena, &answers->drops, drops.at[i]);
        answers->drops.count -= count_errors(context, from, to, answers) > 0;
    }
}

static void read_answers(struct context *context, struct answers *answers) {
    for (size_t i = 0; i < count_texts(context->options.renames); i++)
        vec_push(&context->arena, &answers->renames, context->options.renames[i]);
    for (size_t i = 0; i < count_texts(context->options.drops); i++) {
        vec_push(&context->arena, &answers->drops, context->options.drops[i]);
        vec_push(&context->arena, &context->dropped, context->options.drops[i]);
    }
}

static const char *kind_name(enum rename_kind kind) {
    switch (kind) {
    case RENAME_ENTITY:
        return "entity";
    case RENAME_FIELD:
        return "field";
    case RENAME_RELATION:
        return "relation";
    case RENAME_ENUM:
        return "enum";
    case RENAME_MEMBER:
        return "member";
    }
    return "";
}

/* What was dropped by its name may go here too. */
static void carry_answers(struct context *context, const struct schema *from, const struct schema *to, struct answers *answers) {
    size_t drops = answers->drops.count;

    if (!context->carried)
        return;
    recall_answers(context, from, to, context->carried, answers);
    for (size_t i = drops; i < answers->drops.count; i++)
        vec_push(&context->arena, &context->dropped, answers->drops.at[i]);
}

/* Asks about one pair; the answer goes to ANSWERS. 0, or -1 when the person wants to stop. */
static int ask(struct context *context, const struct rename_question *question, struct answers *answers) {
    const struct rename *rename = &question->rename;
    const char *old = rename_drop_text(&context->arena, rename);
    char line[64];

    progress_pause();
    fprintf(context->err,
            "%s %s is gone and %s is new. Was it renamed?\n  r  renamed: the data is kept\n  d  dropped: its data is lost, the new one "
            "starts empty\n  q  quit\n[r/d/q] ",
            kind_name(rename->kind), old, rename->to);
    fflush(context->err);
    while (fgets(line, sizeof line, stdin)) {
        if (*line == 'r') {
            vec_push(&context->arena, &answers->renames, rename_text(&context->arena, rename));
            return 0;
        }
        if (*line == 'd') {
            vec_push(&context->arena, &answers->drops, old);
            vec_push(&context->arena, &context->dropped, old);
            return 0;
        }
        if (*line == 'q')
            break;
        fputs("[r/d/q] ", context->err);
    }
    return diag_fail(&context->diag, "stopped: nothing was written");
}

static void report_question(struct context *context, const struct schema *to, const struct rename_question *question) {
    const struct rename *rename = &question->rename;
    const char *old = rename_drop_text(&context->arena, rename);

    diag_error(&context->diag, to->source, question->at, 0, "%s \"%s\" is gone and \"%s\" is new: is it a rename?", kind_name(rename->kind),
               old, rename->to);
    diag_hint(&context->diag, "say --rename %s to keep the data, or --drop %s to lose it", rename_text(&context->arena, rename), old);
}

/* All open questions, at a terminal or as errors. 0 when there are answers now. */
static int settle(struct context *context, const struct schema *to, const struct renames *renames, struct answers *answers) {
    for (size_t i = 0; i < renames->open.count; i++) {
        if (!context->interactive)
            report_question(context, to, &renames->open.at[i]);
        else if (ask(context, &renames->open.at[i], answers))
            return -1;
    }
    return context->interactive ? 0 : -1;
}

int decide_renames(struct context *context, const struct schema *from, const struct schema *to, struct renames *renames) {
    struct answers answers = {0};

    read_answers(context, &answers);
    carry_answers(context, from, to, &answers);
    for (;;) {
        struct rename_answers given = {.renames = {answers.renames.at, answers.renames.count},
                                       .drops = {answers.drops.at, answers.drops.count}};

        *renames = (struct renames){0};
        if (renames_find(&context->arena, from, to, &given, renames, &context->diag))
            return -1;
        /* An answer about an entity opens the questions about its fields. */
        if (!renames->open.count)
            return 0;
        if (settle(context, to, renames, &answers))
            return -1;
    }
}

/* The field that NAME means: of a relation over one column, that column. */
static const char *backfilled_field(const struct entity *entity, const char *name) {
    const struct relation *relation = entity_field(entity, name) ? NULL : entity_relation(entity, name);

    if (!relation || !relation->owner || entity->foreign_keys[relation->foreign_key].fields.count != 1)
        return name;
    return entity->foreign_keys[relation->foreign_key].fields.at[0];
}

static int read_backfill(struct context *context, const struct schema *to, const char *text, struct backfill *backfill, struct diag *diag) {
    const char *equals = strchr(text, '=');
    const char *dot = strchr(text, '.');
    const struct entity *entity;

    if (!equals || !dot || dot > equals || !equals[1]) {
        diag_fail(diag, "--backfill %s is not of the form Entity.field=expression", text);
        diag_hint(diag, "write an SQL expression, as in --backfill \"Invoice.status='open'\"");
        return -1;
    }
    backfill->entity = arena_strndup(&context->arena, text, (size_t)(dot - text));
    backfill->field = arena_strndup(&context->arena, dot + 1, (size_t)(equals - dot - 1));
    backfill->expression = equals + 1;
    entity = schema_entity(to, backfill->entity);
    if (entity)
        backfill->field = backfilled_field(entity, backfill->field);
    if (!entity)
        return diag_fail(diag, "--backfill %s: nothing that this migration changes is called \"%s\"", text, backfill->entity);
    if (!entity_field(entity, backfill->field))
        return diag_fail(diag, "--backfill %s: entity \"%s\" has no field \"%s\"", text, backfill->entity, backfill->field);
    return 0;
}

static void recall_backfills(struct context *context, const struct schema *to, const struct names *texts, struct backfills *backfills) {
    for (size_t i = 0; i < texts->count; i++) {
        struct diag unseen = {.arena = &context->arena};
        struct backfill backfill;

        if (read_backfill(context, to, texts->at[i], &backfill, &unseen) == 0)
            vec_push(&context->arena, &backfills->list, backfill);
    }
}

void decide_again_backfills(struct context *context, const struct schema *to, const struct decisions *recorded,
                            struct backfills *backfills) {
    struct names texts = decisions_of(&context->arena, recorded, "backfill");

    recall_backfills(context, to, &texts, backfills);
}

int decide_backfills(struct context *context, const struct schema *to, struct backfills *backfills) {
    for (size_t i = 0; i < count_texts(context->options.backfills); i++)
        if (read_backfill(context, to, context->options.backfills[i], vec_add(&context->arena, &backfills->list), &context->diag))
            return -1;
    backfills->given = backfills->list.count;
    if (context->carried) {
        struct names fills = decisions_of(&context->arena, context->carried, "fill");

        decide_again_backfills(context, to, context->carried, backfills);
        recall_backfills(context, to, &fills, backfills);
    }
    return 0;
}

static bool uses(const struct plan *plan, const struct backfill *backfill) {
    for (size_t i = 0; i < plan->changes.count; i++) {
        const struct change *change = &plan->changes.at[i];

        if (change->fill && change->new_field && strcmp(change->to->name, backfill->entity) == 0 &&
            strcmp(change->new_field->name, backfill->field) == 0)
            return true;
    }
    return false;
}

int decide_backfills_used(struct context *context, const struct plan *plan, const struct backfills *backfills) {
    for (size_t i = 0; i < backfills->given; i++) {
        const struct backfill *backfill = &backfills->list.at[i];

        if (!uses(plan, backfill))
            return diag_fail(&context->diag, "--backfill %s.%s: no row needs a value there in this migration", backfill->entity,
                             backfill->field);
    }
    return 0;
}

/* Does ALLOW mean HAZARD? It is "destroy", a code or a name, alone or with ":SUBJECT". */
static bool allows(const char *allow, const struct hazard *hazard) {
    size_t length = strcspn(allow, ":");

    return hazard_rule_is(hazard->rule, allow, length) && (!allow[length] || strcmp(allow + length + 1, hazard->subject) == 0);
}

/* Did somebody say by name that SUBJECT goes? */
static bool is_named(const struct context *context, const char *subject) {
    for (size_t i = 0; i < context->dropped.count; i++)
        if (strcmp(context->dropped.at[i], subject) == 0)
            return true;
    return false;
}

/* Is there consent from a migration that is planned again? What goes as a whole goes from there too; what a change of type loses depends on
 * the type that it has become by now. */
static bool is_carried(const struct context *context, const struct hazard *hazard) {
    enum change_kind kind = hazard->change->kind;

    if (kind != CHANGE_DROP_TABLE && kind != CHANGE_DROP_COLUMN && kind != CHANGE_DROP_DEPENDENT && kind != CHANGE_DROP_BASE)
        return false;
    for (size_t i = 0; context->carried && i < context->carried->list.count; i++) {
        const struct decision *decision = &context->carried->list.at[i];

        if (strcmp(decision->option, "allow") == 0 && allows(decision->text, hazard))
            return true;
    }
    return false;
}

/* Do the options or the answers allow what HAZARD destroys? */
static bool is_allowed(const struct context *context, const struct hazard *hazard) {
    for (char **allow = context->options.allows; allow && *allow; allow++)
        if (allows(*allow, hazard))
            return true;
    return is_named(context, hazard->subject) || is_carried(context, hazard);
}

/* Every --allow must be of a known form and name something, or a typing mistake would look like consent. */
static int check_allows(struct context *context, const struct hazards *hazards) {
    for (char **allow = context->options.allows; allow && *allow; allow++) {
        bool named = strcmp(*allow, "destroy") == 0;

        for (size_t i = 0; !named && i < hazards->list.count; i++)
            named = hazards->list.at[i].rule->kind == HAZARD_DESTROY && allows(*allow, &hazards->list.at[i]);
        if (!named)
            return diag_fail(&context->diag, "--allow %s: this migration destroys nothing of that name", *allow);
    }
    return 0;
}

int decide_hazards(struct context *context, const struct hazards *hazards) {
    size_t errors = context->diag.errors;

    if (check_allows(context, hazards))
        return -1;
    for (size_t i = 0; i < hazards->list.count; i++) {
        const struct hazard *hazard = &hazards->list.at[i];
        enum hazard_kind kind = hazard->rule->kind;
        bool stops = kind == HAZARD_DECIDE || (kind == HAZARD_DESTROY && !is_allowed(context, hazard));

        if (stops)
            diag_fail(&context->diag, "%s: %s [%s]", hazard->subject, hazard->text, hazard->rule->code);
        else
            diag_warning(&context->diag, NULL, (struct span){0, 0}, 0, "%s: %s [%s]", hazard->subject, hazard->text, hazard->rule->code);
        if (hazard->help && (stops || kind != HAZARD_DESTROY))
            diag_hint(&context->diag, "%s", hazard->help);
    }
    return context->diag.errors > errors ? -1 : 0;
}

void decide_again_renames(struct context *context, const struct schema *from, const struct schema *to, const struct decisions *recorded,
                          struct renames *renames) {
    struct diag unseen = {.arena = &context->arena};
    struct answers answers = {0};
    struct rename_answers given;

    recall_answers(context, from, to, recorded, &answers);
    given = (struct rename_answers){{answers.renames.at, answers.renames.count}, {answers.drops.at, answers.drops.count}};
    renames_find(&context->arena, from, to, &given, renames, &unseen);
}

/* Consent is recorded by name, though it may have been given for all. */
static void record_losses(struct context *context, const struct hazards *hazards, struct decisions *decisions) {
    for (size_t i = 0; i < context->dropped.count; i++)
        decisions_add(&context->arena, decisions, "drop", context->dropped.at[i]);
    for (size_t i = 0; i < hazards->list.count; i++) {
        const struct hazard *hazard = &hazards->list.at[i];

        if (hazard->rule->kind == HAZARD_DESTROY && !is_named(context, hazard->subject))
            decisions_add(&context->arena, decisions, "allow", arena_printf(&context->arena, "destroy:%s", hazard->subject));
    }
}

void decide_record(struct context *context, const struct plan *plan, const struct renames *renames, const struct backfills *backfills,
                   const struct hazards *hazards, struct decisions *decisions) {
    for (size_t i = 0; i < renames->list.count; i++)
        decisions_add(&context->arena, decisions, "rename", rename_text(&context->arena, &renames->list.at[i]));
    record_losses(context, hazards, decisions);
    for (size_t i = 0; i < backfills->list.count; i++) {
        const struct backfill *backfill = &backfills->list.at[i];

        if (uses(plan, backfill))
            decisions_add(&context->arena, decisions, "backfill",
                          arena_printf(&context->arena, "%s.%s=%s", backfill->entity, backfill->field, backfill->expression));
    }
}
