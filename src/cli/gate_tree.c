/* The checks of what lies in the tree. */
#include <string.h>

#include "focus.h"
#include "gate.h"
#include "model.h"
#include "output.h"
#include "policy.h"

static const char *counted(struct gate *gate, size_t count, const char *what) {
    return arena_printf(&gate->context->arena, "%zu %s%s", count, what, count == 1 ? "" : "s");
}

/* Is ENTRY that of a model which is there? */
static bool is_of_model(const struct project *project, const struct model_config *entry) {
    for (size_t i = 0; i < project->models.count; i++)
        if (project->models.at[i].config == entry)
            return true;
    return false;
}

/* A model without an entry beside an entry without a model: one of the two names is wrong, and the policy that was written is not in force. */
static int check_entry(struct gate *gate) {
    const struct project *project = &gate->workspace.project;
    const struct config *config = &project->config;
    const struct model_config *stray = NULL;

    for (size_t i = 0; i < config->models.count; i++) {
        if (gate->workspace.place->config == &config->models.at[i])
            return 0;
        stray = is_of_model(project, &config->models.at[i]) ? stray : &config->models.at[i];
    }
    if (!stray)
        return 0;
    diag_error(&gate->context->diag, config->source, stray->at, 0, "there is no model \"%s\", and the model \"%s\" has no entry",
               stray->model ? stray->model : stray->file, gate->workspace.place->name);
    diag_hint(&gate->context->diag, "is this its entry? then write model = \"%s\"", gate->workspace.place->name);
    return -1;
}

void gate_policy(struct gate *gate, struct gate_check *check) {
    const struct policy *policy = &gate->workspace.place->config->policy;

    if (check_entry(gate) == 0 && policy_check(policy, gate->workspace.project.config.source, &gate->context->diag) == 0)
        check->detail = policy->words.count ? counted(gate, policy->words.count, "word") : "none is written: a loss needs approval";
}

/* What the datastore cannot hold is a mistake of the model too. */
void gate_model(struct gate *gate, struct gate_check *check) {
    struct workspace *workspace = &gate->workspace;
    const struct schema *schema = NULL;

    if (project_target(gate->context, &workspace->project, workspace->place, &workspace->target) == 0)
        schema = workspace_model(gate->context, workspace);
    if (!schema || !workspace_normalize(gate->context, &workspace->target, schema))
        return;
    gate->model = schema;
    check->detail = arena_printf(&gate->context->arena, "%s, for %s", workspace->place->file, workspace->target.dialect->title);
}

void gate_format(struct gate *gate, struct gate_check *check) {
    struct context *context = gate->context;
    const char *file = gate->workspace.place->file;
    struct str text = STR_INIT;
    struct source *source;

    if (!gate->model) {
        gate_skip(check, "the model is not valid");
        return;
    }
    source = source_read(&context->arena, file, &context->diag);
    if (source && model_format(source, &text, &context->diag) == 0 &&
        (text.length != source->length || memcmp(text.text, source->text, text.length) != 0)) {
        diag_fail(&context->diag, "\"%s\" is not in canonical form", file);
        diag_hint(&context->diag, "run \"persist format --model %s\"", gate->workspace.place->name);
    }
    str_free(&text);
}

void gate_chain(struct gate *gate, struct gate_check *check) {
    struct context *context = gate->context;
    struct workspace *workspace = &gate->workspace;

    if (workspace_open_migrations(context, workspace))
        return;
    gate->chained = true;
    migrations_verify(&context->arena, &workspace->migrations, &context->diag);
    check->detail = counted(gate, workspace->migrations.chain.list.count, "migration");
}

/* --- is the model what the last migration ended at? --- */

static int find_sides(struct gate *gate, const struct str *text, const struct schema **from, const struct schema **to) {
    struct context *context = gate->context;
    struct snapshot *head = gate->workspace.migrations.head;
    struct focus focus;

    *from = empty_schema(&context->arena);
    *to = gate->model;
    if (!head)
        return 0;
    if (!gate->workspace.migrations.foreign && focus_find(&context->arena, head->source->text, text->text, gate->model, &focus) == 0) {
        *from = focus.from;
        *to = focus.to;
        return 0;
    }
    *from = head->schema ? head->schema : snapshot_schema(&context->arena, head, &context->diag);
    return *from ? 0 : -1;
}

static int find_deltas(struct gate *gate, const struct str *text, struct deltas *deltas) {
    struct arena *arena = &gate->context->arena;
    struct rename_answers none = {0};
    struct renames renames = {0};
    const struct schema *from;
    const struct schema *to;

    if (find_sides(gate, text, &from, &to) || renames_find(arena, from, to, &none, &renames, &gate->context->diag))
        return -1;
    deltas_find(arena, from, to, &renames, deltas);
    return 0;
}

enum { SHOWN_DELTAS = 5 };

static void report_pending(struct gate *gate, const struct deltas *deltas) {
    struct arena *arena = &gate->context->arena;
    const struct span nowhere = {0};
    const char *name = gate->workspace.place->name;

    if (!gate->workspace.migrations.head)
        diag_fail(&gate->context->diag, "the model \"%s\" has no migration yet", name);
    else
        diag_fail(&gate->context->diag, "the model \"%s\" is ahead of its last migration: %s", name, output_counts(arena, deltas));
    for (size_t i = 0; i < deltas->list.count && i < SHOWN_DELTAS; i++)
        diag_note(&gate->context->diag, NULL, nowhere, "%s: %s", delta_subject(arena, &deltas->list.at[i]),
                  delta_text(arena, &deltas->list.at[i]));
    if (deltas->list.count > SHOWN_DELTAS)
        diag_note(&gate->context->diag, NULL, nowhere, "and %zu more: \"persist diff\" shows all", deltas->list.count - SHOWN_DELTAS);
    diag_hint(&gate->context->diag, "run \"persist migrate --model %s\", and commit what it writes", name);
}

/* Does the model end where the last migration did? Without a look at what lies between. */
static bool is_at_head(const struct gate *gate, const struct str *text) {
    const struct migrations *migrations = &gate->workspace.migrations;

    return migrations->head && !migrations->foreign && hash_equal(migrations->head->hash, hash_bytes(text->text, text->length));
}

void gate_migrated(struct gate *gate, struct gate_check *check) {
    struct str text = STR_INIT;
    struct deltas deltas = {0};

    if (!gate->model || !gate->chained) {
        gate_skip(check, gate->model ? "the chain could not be read" : "the model is not valid");
        return;
    }
    snapshot_print(gate->model, &text);
    if (is_at_head(gate, &text) || find_deltas(gate, &text, &deltas))
        check->detail = "no change is pending";
    else if (deltas.list.count || !gate->workspace.migrations.foreign)
        check->behind = true;
    if (check->behind)
        report_pending(gate, &deltas);
    str_free(&text);
}

void gate_snapshots(struct gate *gate, struct gate_check *check) {
    size_t count = 0;

    if (workspace_open_history(gate->context, &gate->workspace) || history_verify(gate->workspace.history, &count, &gate->context->diag))
        return;
    check->detail = counted(gate, count, "snapshot");
}
