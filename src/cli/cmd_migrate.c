#include <string.h>

#include "draft.h"
#include "focus.h"
#include "online.h"
#include "output.h"
#include "progress.h"
#include "tidy.h"
#include "two_steps.h"

static const char *default_label(const struct draft *draft) {
    return draft->workspace->migrations.head ? "change" : "first";
}

/* Two fields that say they were each other: when all else is the same, the model looks as it did before, and nothing says whether the
 * swap was made already. */
static void warn_of_swaps(struct context *context, const struct schema *model) {
    for (size_t i = 0; i < model->entity_count; i++)
        for (size_t k = 0; k < model->entities[i]->field_count; k++) {
            const struct field *field = &model->entities[i]->fields[k];
            const struct field *other = field->was ? entity_field(model->entities[i], field->was) : NULL;

            if (!other || !other->was || strcmp(other->was, field->name) != 0 || other < field)
                continue;
            diag_warning(&context->diag, model->source, field->at, 0,
                         "\"%s\" and \"%s\" swap their names by @db:Was, which cannot be told from no "
                         "change",
                         field->name, other->name);
            diag_hint(&context->diag, "when it is still to be done: --rename %s.%s=%s --rename %s.%s=%s; else remove both @db:Was",
                      model->entities[i]->name, field->name, other->name, model->entities[i]->name, other->name, field->name);
        }
}

static int nothing_to_do(struct context *context, const struct draft *draft, const struct schema *model) {
    warn_of_swaps(context, model);
    if (context->options.json)
        output_json(
            context,
            json_pack("{s:n, s:s, s:s}", "migration", "model", draft->workspace->place->name, "to",
                      draft->workspace->migrations.head ? output_hash(&context->arena, draft->workspace->migrations.head->hash) : ""));
    say(context, "%s: nothing to migrate, the model is at its last migration", draft->workspace->place->name);
    return 0;
}

static void show_result(struct context *context, const struct draft *draft) {
    context_show_messages(context);
    if (context->options.json)
        report_json(context, &draft->report, &draft->plan);
    else
        report_summary(context, &draft->report, &draft->plan);
    if (context->options.dry_run && context->options.sql && !context->options.json)
        fputs(draft->files.up.text, context->out);
    if (context->options.dry_run)
        say(context, "dry run: nothing was written");
    else
        say(context, "wrote %s/%s: review up.sql, down.sql and plan.md", draft->workspace->place->migrations, draft->files.id);
}

/* May the answers be about something that is the same in both snapshots? Two fields of one type that swap their names leave no trace in
 * the text. */
static bool has_renames(const struct context *context) {
    return context->options.renames && *context->options.renames;
}

/* What to plan between: the part in which the two snapshots differ, or the whole of both. */
static int find_sides(struct context *context, struct draft *draft, const struct schema *model) {
    struct snapshot *head = draft->workspace->migrations.head;
    struct focus focus;

    draft->plan.table_count = model->entity_count;
    draft->plan.from = empty_schema(&context->arena);
    draft->plan.to = model;
    if (!head)
        return 0;
    if (!draft->workspace->migrations.foreign && !has_renames(context) && !draft->plan.may_cut &&
        focus_find(&context->arena, head->source->text, draft->files.snapshot.text, model, &focus) == 0) {
        draft->plan.from = focus.from;
        draft->plan.to = focus.to;
        return 0;
    }
    draft->plan.from = snapshot_schema(&context->arena, head, &context->diag);
    return draft->plan.from ? 0 : -1;
}

/* Is the model what the last migration ended at? */
static bool is_unchanged(const struct draft *draft) {
    const struct snapshot *head = draft->workspace->migrations.head;

    return head && !draft->workspace->migrations.foreign &&
           hash_equal(head->hash, hash_bytes(draft->files.snapshot.text, draft->files.snapshot.length));
}

static void show_two(struct context *context, const struct two_steps *steps) {
    if (!context->options.json) {
        show_result(context, &steps->expand);
        show_result(context, &steps->contract);
        say(context, "apply --to %s, let the new clients run, and when no old ones do: apply", steps->expand.files.id);
        return;
    }
    context_show_messages(context);
    output_json(context, json_pack("{s:o, s:o}", "expand", report_tree(&steps->expand.report, &steps->expand.plan), "contract",
                                   report_tree(&steps->contract.report, &steps->contract.plan)));
}

static int write_two(struct context *context, struct draft *whole, const char *label) {
    struct two_steps steps;
    int result = two_steps_make(context, whole, label, &steps);

    if (result == 0 && !context->options.dry_run)
        result = draft_write(context, &steps.contract);
    if (result == 0)
        show_two(context, &steps);
    two_steps_free(&steps);
    return result;
}

static int write_one(struct context *context, struct draft *draft, const struct draft *before, const char *label) {
    if (online_check(context, &draft->plan) || migration_plan_prove(context, draft->workspace, &draft->plan))
        return -1;
    progress_step(context, "writing");
    if (before)
        draft_name_behind(context, draft, before, label);
    else
        draft_name(context, draft, label);
    draft_print(context, draft);
    if (!context->options.dry_run && draft_write(context, draft))
        return -1;
    show_result(context, draft);
    return 0;
}

/* What bal persist's migrations made is in no script of the chain: the first migration says it, for databases that are new. */
static int plan_base(struct context *context, struct draft *base) {
    const struct schema *head = base->workspace->migrations.head->schema;

    base->plan.from = empty_schema(&context->arena);
    base->plan.to = head;
    base->plan.table_count = head->entity_count;
    base->report.baseline = true;
    snapshot_print(head, &base->files.snapshot);
    if (migration_plan_again(context, base->workspace, &base->plan) || migration_plan_prove(context, base->workspace, &base->plan))
        return -1;
    draft_name(context, base, "baseline");
    draft_print(context, base);
    return 0;
}

static bool is_same_text(const struct str *a, const struct str *b) {
    return a->length == b->length && memcmp(a->text, b->text, a->length) == 0;
}

/* Goes on where bal persist ended: with the base alone, where nothing has changed since. */
static int write_continued(struct context *context, struct draft *draft, const char *label) {
    struct draft base = draft_new(draft->workspace);
    int result = plan_base(context, &base);

    if (result == 0 && !is_same_text(&base.files.snapshot, &draft->files.snapshot)) {
        result = write_one(context, draft, &base, label);
    } else if (result == 0) {
        result = context->options.dry_run ? 0 : draft_write(context, &base);
        if (result == 0)
            show_result(context, &base);
    }
    if (result == 0)
        say(context, "%s is what bal persist's migrations made, for new databases; others have it: persist baseline %s", base.files.id,
            base.files.id);
    draft_free(&base);
    return result;
}

static int write_all(struct context *context, struct draft *draft, const char *label) {
    if (draft->workspace->migrations.foreign)
        return write_continued(context, draft, label);
    return draft->plan.cut.list.count ? write_two(context, draft, label) : write_one(context, draft, NULL, label);
}

/* What a person hoped for and does not get. */
static void warn_of_one_step(struct context *context, const struct expansions *cut) {
    for (size_t i = 0; i < cut->plain.count; i++)
        diag_warning(&context->diag, NULL, (struct span){0, 0}, 0, "%s", cut->plain.at[i]);
}

static int run(struct context *context, struct draft *draft) {
    const char *label;
    const struct schema *model;

    progress_step(context, "reading the model");
    if (workspace_open(context, draft->workspace) || workspace_open_migrations(context, draft->workspace))
        return -1;
    model = workspace_model(context, draft->workspace);
    if (!model)
        return -1;
    snapshot_print(model, &draft->files.snapshot);
    if (is_unchanged(draft) && !has_renames(context))
        return nothing_to_do(context, draft, model);
    progress_step(context, "planning");
    draft->plan.may_cut = draft->workspace->target.online && draft->workspace->migrations.chain.list.count;
    if (find_sides(context, draft, model) || migration_plan_make(context, draft->workspace, &draft->plan))
        return -1;
    if (is_unchanged(draft) && !draft->plan.up->changes.count)
        return nothing_to_do(context, draft, model);
    label = context->options.argument_count ? context->options.arguments[0] : default_label(draft);
    warn_of_one_step(context, &draft->plan.cut);
    if (draft->plan.target.online && draft->plan.target.dialect->expand->waits)
        say(context, "%s locks the whole file for writing while a migration runs, online or not", draft->plan.target.dialect->title);
    if (write_all(context, draft, label))
        return -1;
    return context->options.tidy && !context->options.dry_run ? tidy_model(context, draft->workspace->place->file) : 0;
}

enum exit_code cmd_migrate(struct context *context) {
    struct workspace workspace = {0};
    struct draft draft = draft_new(&workspace);
    int result = run(context, &draft);

    workspace_close(&workspace);
    draft_free(&draft);
    return result ? EXIT_FAILED : EXIT_DONE;
}
