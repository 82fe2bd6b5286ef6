/* page BEFORE AFTER: the review of two models as a page, on standard output; what belongs to no model (a proof, a policy, sizes) is made up. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model.h"
#include "registry.h"
#include "review.h"

struct maker {
    struct arena arena;
    struct diag diag;
    const struct dialect *dialect;
    struct target target;
    struct review review;
    struct review_migration migration;
};

static const struct schema *read_model(struct maker *maker, const char *path) {
    struct model_options options = {.datastore = maker->dialect->name};
    struct source *source = source_read(&maker->arena, path, &maker->diag);

    return source ? model_read(&maker->arena, source, &options, &maker->diag) : NULL;
}

static struct plan *make_plan(struct maker *maker, const struct schema *from, const struct schema *to, const struct renames *renames) {
    struct plan_request request = {.renames = renames, .rules = &maker->dialect->rules};

    request.from = maker->dialect->normalize(&maker->arena, from, &maker->target, &maker->diag);
    request.to = maker->dialect->normalize(&maker->arena, to, &maker->target, &maker->diag);
    return request.from && request.to ? plan_make(&maker->arena, &request) : NULL;
}

/* Every statement takes ten lines of its script; VEC types are told apart by their names, so the list goes by its address. */
static struct review_statement *statements(struct maker *maker, const struct plan *plan, struct script *script) {
    struct review_statement *list;

    script->arena = &maker->arena;
    maker->dialect->emit(plan, &maker->target, script);
    list = ARENA_ARRAY(&maker->arena, struct review_statement, script->list.count);
    for (size_t i = 0; i < script->list.count; i++) {
        const struct statement *from = &script->list.at[i];

        list[i] = (struct review_statement){.text = from->text,
                                            .reason = from->reason,
                                            .lock = from->lock,
                                            .probe = from->probe,
                                            .outside_transaction = from->outside_transaction,
                                            .line = 10 * (i + 1)};
    }
    return list;
}

static void add_hazard(struct maker *maker, struct review_hazard hazard) {
    if (!maker->migration.hazards.count)
        hazard.accepted = "agreed with those who read it";
    vec_push(&maker->arena, &maker->migration.hazards, hazard);
}

static size_t line_of(const struct script *script, const struct change *change) {
    for (size_t i = 0; i < script->list.count; i++)
        if (script->list.at[i].change == change)
            return 10 * (i + 1);
    return 0;
}

static void add_hazards(struct maker *maker, const struct plan *plan, const struct script *script) {
    static const enum verdict verdicts[] = {VERDICT_FAIL, VERDICT_FAIL, VERDICT_WARN, VERDICT_NOTE, VERDICT_WARN};
    struct hazards hazards = {0};

    hazards_find(&maker->arena, plan, maker->dialect->cast_risk, &hazards);
    for (size_t i = 0; i < hazards.list.count; i++) {
        const struct hazard *from = &hazards.list.at[i];

        add_hazard(maker, (struct review_hazard){.rule = from->rule,
                                                 .subject = from->subject,
                                                 .text = from->text,
                                                 .verdict = verdicts[from->rule->kind],
                                                 .script_line = line_of(script, from->change)});
    }
}

/* One lock, with a time, as sizes would give it: of the way up, or of the way back. */
static void add_lock(struct maker *maker, const struct script *script, enum change_kind kind, bool down) {
    static const struct hazard_rule rule = {"P100",
                                            "lock",
                                            HAZARD_LOCK,
                                            "a table is locked",
                                            "Whoever writes to the table waits until the transaction ends.",
                                            "persist migrate --online builds it beside the table."};

    for (size_t i = 0; i < script->list.count; i++) {
        const struct change *change = script->list.at[i].change;

        if (!change || change->kind != kind)
            continue;
        add_hazard(maker, (struct review_hazard){.rule = &rule,
                                                 .subject = change->to->name,
                                                 .text = "locks the table (2 GB)",
                                                 .time = "about 40 s",
                                                 .blocks = "writes wait",
                                                 .verdict = down ? VERDICT_NOTE : VERDICT_WARN,
                                                 .script_line = 10 * (i + 1),
                                                 .down = down});
        return;
    }
}

static void add_way_back(struct maker *maker, const struct plan *plan) {
    struct way_back_reasons reasons = {0};

    maker->migration.way_back = way_back_grade(&maker->arena, plan, maker->dialect->cast_risk, &reasons);
    for (size_t i = 0; i < reasons.list.count; i++)
        vec_push(&maker->arena, &maker->migration.reasons, reasons.list.at[i]);
}

static int fill(struct maker *maker, const char *before, const char *after) {
    static struct renames renames, inverse;
    const struct rename_answers none = {0};
    struct review_migration *migration = &maker->migration;
    struct script up = {0}, down = {0};
    const struct plan *there, *back;

    migration->from = read_model(maker, before);
    migration->to = migration->from ? read_model(maker, after) : NULL;
    if (!migration->to || renames_find(&maker->arena, migration->from, migration->to, &none, &renames, &maker->diag))
        return -1;
    renames_invert(&maker->arena, &renames, &inverse);
    deltas_find(&maker->arena, migration->from, migration->to, &renames, &migration->deltas);
    there = make_plan(maker, migration->from, migration->to, &renames);
    back = there ? make_plan(maker, migration->to, migration->from, &inverse) : NULL;
    if (!back)
        return -1;
    migration->up.at = statements(maker, there, &up);
    migration->up.count = up.list.count;
    migration->down.at = statements(maker, back, &down);
    migration->down.count = down.list.count;
    add_hazards(maker, there, &up);
    add_lock(maker, &up, CHANGE_ADD_FOREIGN_KEY, false);
    add_lock(maker, &down, CHANGE_DROP_FOREIGN_KEY, true);
    add_way_back(maker, back);
    migration->id = "20261120101500_orders";
    migration->folder = "persist/migrations/billing/20261120101500_orders";
    migration->proof = "on PostgreSQL 15.8: up gives the new schema, down the old one, with 0, 1 and 50 rows a table";
    migration->proved = true;
    maker->review.before = migration->from;
    maker->review.after = migration->to;
    maker->review.renames = &renames;
    maker->review.deltas = migration->deltas;
    vec_push(&maker->arena, &maker->review.migrations, *migration);
    return 0;
}

int main(int argc, char **argv) {
    struct maker maker = {
        .review = {.model = "billing", .model_file = "persist/billing.bal", .datastore = "PostgreSQL", .range = "main..orders"}};
    struct str page = STR_INIT;
    int status = -1;

    if (argc < 3)
        return EXIT_FAILURE;
    maker.diag.arena = &maker.arena;
    maker.dialect = registry_dialect("postgresql");
    maker.target = (struct target){.dialect = maker.dialect, .version = maker.dialect->baseline_version};
    if (fill(&maker, argv[1], argv[2]) == 0)
        status = review_html(&maker.arena, &maker.review, &page, &maker.diag);
    if (status == 0)
        fwrite(page.text, 1, page.length, stdout);
    diag_print(&maker.diag, stderr, false);
    str_free(&page);
    arena_free(&maker.arena);
    return status ? EXIT_FAILURE : EXIT_SUCCESS;
}
