#include "report.h"

#include <string.h>

#include "markdown.h"
#include "output.h"
#include "utf8.h"

/* With how many rows the scripts were run. */
static const char *rows_proved(const struct proof *proof) {
    if (proof->most_rows == 0)
        return "on empty tables only";
    return proof->most_rows == 1 ? "with 0 and 1 rows a table" : "with 0, 1 and 50 rows a table";
}

const char *report_proof(struct arena *arena, const struct migration_plan *plan) {
    const struct proof *proof = &plan->proof;
    bool one_way = plan->way_back == WAY_BACK_NONE;

    if (plan->unproved)
        return arena_printf(arena, "not proved, because %s", plan->unproved);
    return arena_printf(arena, "proved on %s: up and down, %zu table%s, %s%s", proof->on, proof->tables, proof->tables == 1 ? "" : "s",
                        rows_proved(proof), one_way && proof->most_rows ? " (down on empty tables only)" : "");
}

static const char *last_line(struct arena *arena, const struct migration_plan *plan) {
    return arena_printf(arena, "way back: %s", way_back_name(plan->way_back));
}

const char *report_header(struct arena *arena, const struct report *report, const struct migration_plan *plan, bool up) {
    struct str out = STR_INIT;
    const char *text;

    str_addf(&out, "migration %s of %s, %s, for %s\n", report->id, report->model, up ? "up" : "down", plan->target.dialect->title);
    str_addf(&out, "snapshot %s → %s\n", up ? (report->from_hash ? report->from_hash : "none") : report->to_hash,
             up ? report->to_hash : (report->from_hash ? report->from_hash : "none"));
    if (report->parts)
        str_addf(&out, "squashed from %s\n", report->parts);
    if (report->baseline)
        str_add(&out, "a baseline: a database that was there before has all of this already; it is for new ones\n");
    if (report->step)
        str_addf(&out, "%s\n", report->step);
    if (up)
        decisions_print(arena, &plan->decisions, &out);
    str_addf(&out, "%s\n%s", report_proof(arena, plan), last_line(arena, plan));
    for (size_t i = 0; i < plan->proof.notes.count; i++)
        str_addf(&out, "\nnot proved: %s", utf8_printable(arena, plan->proof.notes.at[i]));
    for (size_t i = 0; i < plan->reasons.list.count; i++)
        str_addf(&out, "\n  %s", utf8_printable(arena, plan->reasons.list.at[i]));
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

static void add_deltas(struct arena *arena, const struct migration_plan *plan, struct str *out) {
    if (!plan->deltas.list.count) {
        str_add(out, "## What changes\n\nNothing in the words of the model.\n");
        return;
    }
    str_addf(out, "## What changes\n\n%s.\n\n| what | change |\n|---|---|\n", output_counts(arena, &plan->deltas));
    for (size_t i = 0; i < plan->deltas.list.count; i++) {
        const struct delta *delta = &plan->deltas.list.at[i];

        str_addf(out, "| %s | %s |\n", markdown_text(arena, delta_subject(arena, delta)), markdown_text(arena, delta_text(arena, delta)));
    }
}

static bool is_told(const struct hazards *hazards, size_t index) {
    for (size_t i = 0; i < index; i++)
        if (hazards->list.at[i].rule == hazards->list.at[index].rule)
            return true;
    return false;
}

/* What else could be done than lock, each code once. */
static void add_gentle_ways(struct arena *arena, const struct migration_plan *plan, struct str *out) {
    size_t count = 0;

    for (size_t i = 0; i < plan->hazards.list.count; i++) {
        const struct hazard_rule *rule = plan->hazards.list.at[i].rule;

        if (rule->kind != HAZARD_LOCK || !rule->gentle || is_told(&plan->hazards, i))
            continue;
        str_addf(out, "%s* %s, %s. More gently: %s.\n", count++ ? "" : "\n", rule->code, markdown_text(arena, rule->title),
                 markdown_text(arena, rule->gentle));
    }
}

static void add_hazards(struct arena *arena, const struct migration_plan *plan, struct str *out) {
    str_add(out, "\n## What it risks\n\n");
    if (!plan->hazards.list.count) {
        str_add(out, "Nothing that is known: no data is lost, no row can make it fail, no client breaks, nobody waits for long.\n");
        return;
    }
    str_add(out, "| what | code | risk | why |\n|---|---|---|---|\n");
    for (size_t i = 0; i < plan->hazards.list.count; i++) {
        const struct hazard *hazard = &plan->hazards.list.at[i];

        str_addf(out, "| %s | %s | %s | %s |\n", markdown_text(arena, hazard->subject), hazard->rule->code,
                 hazard_kind_name(hazard->rule->kind), markdown_text(arena, hazard->text));
    }
    add_gentle_ways(arena, plan, out);
}

enum { MOST_STATEMENTS = 200 };

/* A statement and those behind it that have no reason of their own: one step. Gives the index behind them. */
static size_t add_step(struct arena *arena, const struct script *script, size_t first, struct str *out) {
    const struct statement *statement = &script->list.at[first];
    struct str sql = STR_INIT;
    size_t next = first;

    for (const char *line = statement->reason; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
        str_addf(out, "%s.\n", markdown_text(arena, arena_strndup(arena, line, strcspn(line, "\n"))));
    if (statement->lock)
        str_addf(out, "Locks: %s.\n", markdown_text(arena, statement->lock));
    if (statement->probe)
        str_add(out, "Rows that stand in the way: see the query in up.sql.\n");
    str_add_char(out, '\n');
    do
        str_addf(&sql, "%s;\n", script->list.at[next].text);
    while (++next < script->list.count && !script->list.at[next].reason && !script->list.at[next].lock && !script->list.at[next].probe);
    markdown_add_fenced(out, "sql", sql.text);
    str_free(&sql);
    return next;
}

static void add_statements(struct arena *arena, const struct script *script, struct str *out) {
    size_t next = 0;

    str_add(out, "\n## What runs\n\n");
    while (next < script->list.count && next < MOST_STATEMENTS)
        next = add_step(arena, script, next, out);
    if (next < script->list.count)
        str_addf(out, "… and %zu more statements: see up.sql.\n", script->list.count - next);
}

static void add_way_back(struct arena *arena, const struct migration_plan *plan, struct str *out) {
    str_addf(out, "\n## The way back\n\n%s.\n", way_back_name(plan->way_back));
    for (size_t i = 0; i < plan->reasons.list.count; i++)
        str_addf(out, "%s* %s\n", i ? "" : "\n", markdown_text(arena, plan->reasons.list.at[i]));
}

static void add_proof(struct arena *arena, const struct migration_plan *plan, struct str *out) {
    str_addf(out, "\n## What was proved\n\n%s.\n", report_proof(arena, plan));
    for (size_t i = 0; i < plan->proof.notes.count; i++)
        str_addf(out, "%s* %s\n", i ? "" : "\n", markdown_text(arena, plan->proof.notes.at[i]));
}

void report_plan(struct arena *arena, const struct report *report, const struct migration_plan *plan, struct str *out) {
    str_addf(out, "# %s\n\nModel %s, %s. Snapshot %s → %s.\n\n", markdown_text(arena, report->id), markdown_text(arena, report->model),
             plan->target.dialect->title, report->from_hash ? report->from_hash : "none", report->to_hash);
    if (report->parts)
        str_addf(out, "Squashed from %s. A database that has some of these goes on with them.\n\n", markdown_text(arena, report->parts));
    if (report->step)
        str_addf(out, "This is %s.\n\n", markdown_text(arena, report->step));
    add_deltas(arena, plan, out);
    add_hazards(arena, plan, out);
    add_way_back(arena, plan, out);
    add_proof(arena, plan, out);
    add_statements(arena, &plan->up_script, out);
}

enum { MOST_LINES = 40, MOST_LOCKS = 10 };

/* Locks stop nobody from writing a migration: a line for each that takes long, the others stand in plan.md. */
static void show_locks(struct context *context, const struct migration_plan *plan) {
    struct costs shown = {0};
    struct hazards told = {0};

    for (size_t i = 0; i < plan->costs.list.count; i++)
        if (cost_is_long(&plan->costs.list.at[i]))
            vec_push(&context->arena, &shown.list, plan->costs.list.at[i]);
    cost_hazards(&context->arena, &shown, &plan->up_script, plan->sizes, &told);
    for (size_t i = 0; i < told.list.count && i < MOST_LOCKS; i++)
        fprintf(context->err, "%s [%s]\n", utf8_printable(&context->arena, told.list.at[i].text), told.list.at[i].rule->code);
    if (told.list.count > MOST_LOCKS)
        fprintf(context->err, "  … and %zu more, see plan.md\n", told.list.count - MOST_LOCKS);
}

void report_summary(struct context *context, const struct report *report, const struct migration_plan *plan) {
    struct deltas shown = plan->deltas;

    if (context->options.quiet)
        return;
    if (shown.list.count > MOST_LINES)
        shown.list.count = MOST_LINES;
    output_delta_lines(&context->arena, context->err, &shown);
    if (plan->deltas.list.count > MOST_LINES)
        fprintf(context->err, "  … and %zu more, see plan.md\n", plan->deltas.list.count - MOST_LINES);
    fprintf(context->err, "%s: %s\n", report->model, output_counts(&context->arena, &plan->deltas));
    show_locks(context, plan);
    fprintf(context->err, "%s\n", report_proof(&context->arena, plan));
    for (size_t i = 0; i < plan->proof.notes.count; i++)
        fprintf(context->err, "  %s\n", utf8_printable(&context->arena, plan->proof.notes.at[i]));
    fprintf(context->err, "%s\n", last_line(&context->arena, plan));
    for (size_t i = 0; i < plan->reasons.list.count; i++)
        fprintf(context->err, "  %s\n", utf8_printable(&context->arena, plan->reasons.list.at[i]));
}

json_t *report_hazards(const struct migration_plan *plan) {
    json_t *list = json_array();

    for (size_t i = 0; i < plan->hazards.list.count; i++) {
        const struct hazard *hazard = &plan->hazards.list.at[i];

        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "code", hazard->rule->code, "name", hazard->rule->name, "kind",
                                              hazard_kind_name(hazard->rule->kind), "subject", hazard->subject, "text", hazard->text));
    }
    return list;
}

json_t *report_statements(const struct script *script) {
    json_t *list = json_array();

    for (size_t i = 0; i < script->list.count; i++) {
        const struct statement *statement = &script->list.at[i];

        json_array_append_new(list, json_pack("{s:s, s:s?, s:s?, s:s?, s:b}", "sql", statement->text, "reason", statement->reason, "lock",
                                              statement->lock, "probe", statement->probe, "transaction", !statement->outside_transaction));
    }
    return list;
}

static json_t *texts_json(const char *const *texts, size_t count) {
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        json_array_append_new(list, json_string(texts[i]));
    return list;
}

json_t *report_tree(const struct report *report, const struct migration_plan *plan) {
    json_t *root = json_pack("{s:s?, s:s, s:s, s:s?, s:s}", "migration", report->id, "model", report->model, "datastore",
                             plan->target.dialect->name, "from", report->from_hash, "to", report->to_hash);
    json_t *proof = json_pack("{s:b, s:s?, s:s?, s:I}", "holds", !plan->unproved, "on", plan->proof.on, "why", plan->unproved, "tables",
                              (json_int_t)plan->proof.tables);

    json_object_set_new(proof, "notes", texts_json(plan->proof.notes.at, plan->proof.notes.count));
    json_object_set_new(root, "deltas", output_deltas(&plan->deltas));
    json_object_set_new(root, "hazards", report_hazards(plan));
    json_object_set_new(root, "wayBack",
                        json_pack("{s:s, s:o}", "grade", way_back_name(plan->way_back), "reasons",
                                  texts_json(plan->reasons.list.at, plan->reasons.list.count)));
    json_object_set_new(root, "proof", proof);
    json_object_set_new(root, "up", report_statements(&plan->up_script));
    json_object_set_new(root, "down", report_statements(&plan->down_script));
    return root;
}

void report_json(struct context *context, const struct report *report, const struct migration_plan *plan) {
    output_json(context, report_tree(report, plan));
}
