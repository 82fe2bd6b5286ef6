#include "check.h"

#include <string.h>

#include "declare.h"
#include "fill.h"
#include "focus.h"
#include "hazard.h"
#include "model.h"
#include "physical.h"
#include "proof.h"
#include "value.h"
#include "write.h"

/* One model on its way. */
struct side {
    const char *text;
    struct schema *declared;
    struct schema *normal;
};

struct checker {
    struct arena arena;
    const struct check_request *request;
    struct check_tally *tally;
    struct side was;
    struct side now;
    struct renames renames;
    struct renames inverse;
    struct plan *up;
    struct plan *down;
    struct script up_script;
    struct script down_script;
    struct decided backfills;
    VEC(const char *) failures;
    enum check_stage stage;
};

static void fail(struct checker *checker, enum check_stage stage, const char *text) {
    if (checker->stage == CHECK_HOLDS)
        checker->stage = stage;
    vec_push(&checker->arena, &checker->failures, text);
}

static void fail_with(struct checker *checker, enum check_stage stage, const struct diag *diag) {
    if (checker->request->report && stage != CHECK_REFUSED) {
        struct diag copy = *diag;

        diag_print(&copy, checker->request->report, false);
    }
    fail(checker, stage, diag->list.count ? diag->list.at[0].message : "failed without a word");
}

static struct schema *read_text(struct checker *checker, const char *name, const char *text, struct diag *diag) {
    struct model_options options = {.datastore = checker->request->place->target.dialect->name, .comments = true};
    struct source *source = source_new(&checker->arena, name, text, strlen(text), diag);

    return source ? model_read(&checker->arena, source, &options, diag) : NULL;
}

static const char *print(struct checker *checker, const struct schema *schema) {
    struct str out = STR_INIT;
    const char *text;

    model_print(schema, &out);
    text = str_keep(&out, &checker->arena);
    str_free(&out);
    return text;
}

static size_t count_differences(struct checker *checker, const struct schema *from, const struct schema *to) {
    struct renames none = {0};
    struct plan_request request = {.from = from, .to = to, .renames = &none, .rules = &checker->request->place->target.dialect->rules};

    return plan_make(&checker->arena, &request)->changes.count;
}

static struct schema *normalize(struct checker *checker, const struct schema *schema, struct diag *diag) {
    const struct target *target = &checker->request->place->target;

    return target->dialect->normalize(&checker->arena, schema, target, diag);
}

/* The printed model is read again: the same bytes, and the same for the database. */
static void check_printing(struct checker *checker, struct side *side) {
    const char *printed = print(checker, side->declared);
    struct diag diag = {.arena = &checker->arena};
    struct schema *again = read_text(checker, "printed.bal", printed, &diag);
    struct schema *normal = again ? normalize(checker, again, &diag) : NULL;

    if (!normal)
        fail_with(checker, CHECK_PRINT, &diag);
    else if (strcmp(printed, print(checker, again)) != 0)
        fail(checker, CHECK_PRINT, "printing what was printed gives other bytes");
    else if (count_differences(checker, side->normal, normal))
        fail(checker, CHECK_PRINT, "what was printed is another model");
    if (checker->stage == CHECK_PRINT && checker->request->report)
        fprintf(checker->request->report, "-- printed --\n%s", printed);
}

/* NORMAL as a database shows it: nothing is known of relations and of enums without a type. */
static struct schema *as_seen(struct checker *checker, const struct schema *normal) {
    struct schema *seen = schema_physical(&checker->arena, normal);

    for (size_t i = 0; i < seen->entity_count; i++) {
        struct entity *entity = seen->entities[i];

        for (size_t k = 0; k < entity->field_count; k++) {
            struct field *field = &entity->fields[k];

            field->derived = false;
            if (field->enum_name && !schema_enum(seen, field->enum_name)) {
                field->enum_name = NULL;
                field->type = TYPE_STRING;
            }
        }
        for (size_t k = 0; k < entity->index_count; k++)
            entity->indexes[k].derived = false;
    }
    return seen;
}

/* What the database holds is declared, printed, read and brought to its normal form again. Its introspected form is made of the normal one:
 * that the two agree is what the proof shows. */
static void check_pull(struct checker *checker, struct side *side) {
    struct schema *seen = as_seen(checker, side->normal);
    struct schema *declared = schema_declare(&checker->arena, seen, &checker->request->place->target, NULL);
    struct diag diag = {.arena = &checker->arena};
    struct schema *again = read_text(checker, "pulled.bal", print(checker, declared), &diag);
    struct schema *normal = again ? normalize(checker, again, &diag) : NULL;

    if (!normal)
        fail_with(checker, CHECK_PULL, &diag);
    else if (count_differences(checker, seen, schema_physical(&checker->arena, normal)))
        fail(checker, CHECK_PULL, "what was pulled is another model");
    if (checker->stage == CHECK_PULL && checker->request->report)
        fprintf(checker->request->report, "-- pulled --\n%s", print(checker, declared));
}

static void check_side(struct checker *checker, struct side *side, const char *name) {
    struct diag diag = {.arena = &checker->arena};

    side->declared = read_text(checker, name, side->text, &diag);
    if (!side->declared) {
        fail_with(checker, CHECK_READ, &diag);
        return;
    }
    side->normal = normalize(checker, side->declared, &diag);
    if (!side->normal) {
        fail_with(checker, CHECK_REFUSED, &diag);
        return;
    }
    check_printing(checker, side);
    check_pull(checker, side);
    if (count_differences(checker, side->normal, normalize(checker, side->declared, &diag)))
        fail(checker, CHECK_SAME, "a model differs from itself");
}

/* What stands in for what the way up dropped, as "persist migrate" plans the way back. */
static struct stand_ins stand_ins(struct checker *checker) {
    struct stand_ins found = {0};

    stand_ins_find(&checker->arena, checker->up, &found);
    return found;
}

static struct plan *make_plan(struct checker *checker, bool up) {
    struct stand_ins back = up ? (struct stand_ins){0} : stand_ins(checker);
    struct plan_request request = {
        .from = up ? checker->was.normal : checker->now.normal,
        .to = up ? checker->now.normal : checker->was.normal,
        .renames = up ? &checker->renames : &checker->inverse,
        .rules = &checker->request->place->target.dialect->rules,
        .backfills = up ? checker->backfills.list.at : back.list.at,
        .backfill_count = up ? checker->backfills.list.count : back.list.count,
    };

    return plan_make(&checker->arena, &request);
}

/* Gives a value for everything that HAZARDS ask to decide; how many these are. */
static size_t decide(struct checker *checker, const struct hazards *hazards) {
    return values_decide(&checker->arena, checker->request->place, checker->now.declared, hazards, &checker->backfills);
}

static void plan_up(struct checker *checker) {
    cast_risk_function *risk = checker->request->place->target.dialect->cast_risk;
    struct hazards hazards = {0};
    struct hazards left = {0};

    checker->up = make_plan(checker, true);
    hazards_find(&checker->arena, checker->up, risk, &hazards);
    if (!decide(checker, &hazards))
        return;
    checker->up = make_plan(checker, true);
    hazards_find(&checker->arena, checker->up, risk, &left);
    for (size_t i = 0; i < left.list.count; i++)
        if (left.list.at[i].rule->kind == HAZARD_DECIDE)
            fail(checker, CHECK_DECIDE,
                 arena_printf(&checker->arena, "\"%s\" was decided and is asked for again", left.list.at[i].subject));
}

static const char *field_name_of(const struct field *field) {
    return field ? field->name : "new";
}

/* Are the fields of an entity paired as their ids say? */
static void check_fields_pairing(struct checker *checker, struct tree_entity *before, struct tree_entity *after,
                                 const struct entity_pair *pair) {
    for (size_t i = 0; i < pair->to->field_count; i++) {
        for (size_t k = 0; k < after->field_count; k++) {
            const struct tree_field *was = tree_field(before, after->fields[k].id);
            const struct field *old = pair->old_of_new[i];

            if (strcmp(after->fields[k].name, pair->to->fields[i].name) == 0 && was && (!old || strcmp(old->name, was->name) != 0))
                fail(checker, CHECK_PAIRING,
                     arena_printf(&checker->arena, "field \"%s\" of \"%s\" was \"%s\", the plan says %s", after->fields[k].name,
                                  after->name, was->name, field_name_of(old)));
        }
    }
}

static void check_pairing(struct checker *checker) {
    const struct check_request *request = checker->request;

    for (size_t i = 0; request->before && i < request->after->entity_count; i++) {
        struct tree_entity *after = &request->after->entities[i];
        struct tree_entity *before = tree_entity(request->before, after->id);
        const struct entity_pair *pair = plan_pair(checker->up, schema_entity(checker->now.normal, after->name));

        if (!before)
            continue;
        if (!pair->from || strcmp(pair->from->name, before->name) != 0)
            fail(checker, CHECK_PAIRING,
                 arena_printf(&checker->arena, "entity \"%s\" was \"%s\", the plan says %s", after->name, before->name,
                              pair->from ? pair->from->name : "new"));
        else
            check_fields_pairing(checker, before, after, pair);
    }
}

static void plan_both(struct checker *checker) {
    const struct target *target = &checker->request->place->target;
    struct diag diag = {.arena = &checker->arena};
    struct rename_answers answers = {0};

    if (renames_find(&checker->arena, checker->was.declared, checker->now.declared, &answers, &checker->renames, &diag)) {
        fail_with(checker, CHECK_PAIRING, &diag);
        return;
    }
    renames_invert(&checker->arena, &checker->renames, &checker->inverse);
    plan_up(checker);
    check_pairing(checker);
    checker->down = make_plan(checker, false);
    checker->up_script.arena = checker->down_script.arena = &checker->arena;
    target->dialect->emit(checker->up, target, &checker->up_script);
    target->dialect->emit(checker->down, target, &checker->down_script);
}

static const char *script_text(struct checker *checker, const struct script *script) {
    struct str out = STR_INIT;
    const char *text;

    script_print(script, &checker->request->place->target.dialect->style, "", &out);
    text = str_keep(&out, &checker->arena);
    str_free(&out);
    return text;
}

/* The script from the part in which the two models differ, as "persist migrate" plans it; NULL when it cannot be planned. */
static const char *focused_script(struct checker *checker, const struct focus *focus) {
    const struct target *target = &checker->request->place->target;
    struct diag diag = {.arena = &checker->arena};
    struct rename_answers answers = {0};
    struct renames renames = {0};
    struct plan_request request = {.renames = &renames, .rules = &target->dialect->rules};
    struct script script = {.arena = &checker->arena};

    request.backfills = checker->backfills.list.at;
    request.backfill_count = checker->backfills.list.count;
    request.from = normalize(checker, focus->from, &diag);
    request.to = normalize(checker, focus->to, &diag);
    if (!request.from || !request.to || renames_find(&checker->arena, focus->from, focus->to, &answers, &renames, &diag)) {
        fail_with(checker, CHECK_FOCUS, &diag);
        return NULL;
    }
    target->dialect->emit(plan_make(&checker->arena, &request), target, &script);
    return script_text(checker, &script);
}

/* The part in which the models differ leads to the same script as the whole of both. */
static void check_focus(struct checker *checker) {
    const char *whole = script_text(checker, &checker->up_script);
    const char *part;
    struct focus focus;

    if (focus_find(&checker->arena, print(checker, checker->was.declared), print(checker, checker->now.declared), checker->now.declared,
                   &focus))
        return;
    checker->tally->focused++;
    part = focused_script(checker, &focus);
    if (part && strcmp(part, whole) != 0)
        fail(checker, CHECK_FOCUS, arena_printf(&checker->arena, "the part that differs leads to another script:\n%s", part));
}

static void prove(struct checker *checker) {
    const struct place *place = checker->request->place;
    struct diag diag = {.arena = &checker->arena};
    struct way_back_reasons reasons = {0};
    enum way_back grade = way_back_grade(&checker->arena, checker->down, place->target.dialect->cast_risk, &reasons);
    struct proof proof;
    struct proof_request request = {
        .target = &place->target,
        .from = checker->was.normal,
        .to = checker->now.normal,
        .up = checker->up,
        .down = checker->down,
        .up_script = &checker->up_script,
        .down_script = &checker->down_script,
        .down_fails_on_rows = grade == WAY_BACK_NONE,
        .scratch_url = place->url,
    };

    if (proof_run(&checker->arena, &request, &proof, &diag)) {
        fail_with(checker, CHECK_PROOF, &diag);
        return;
    }
    for (size_t i = 0; i < proof.failures.count; i++)
        fail(checker, CHECK_PROOF, proof.failures.at[i]);
    for (size_t i = 0; checker->request->report && i < proof.notes.count; i++)
        fprintf(checker->request->report, "note: %s\n", proof.notes.at[i]);
    checker->tally->changes += checker->up->changes.count;
    checker->tally->rows += proof.rows;
    checker->tally->notes += proof.notes.count > 0;
    checker->tally->way_back[grade]++;
}

static void report_script(struct checker *checker, const char *title, const struct script *script) {
    struct str out = STR_INIT;

    script_print(script, &checker->request->place->target.dialect->style, "", &out);
    fprintf(checker->request->report, "-- %s --\n%s\n", title, out.text);
    str_free(&out);
}

static void report(struct checker *checker) {
    FILE *out = checker->request->report;

    fprintf(out, "-- was.bal --\n%s\n-- now.bal --\n%s\n", checker->was.text, checker->now.text);
    if (checker->down_script.arena) {
        report_script(checker, "up.sql", &checker->up_script);
        report_script(checker, "down.sql", &checker->down_script);
    }
    for (size_t i = 0; i < checker->failures.count; i++)
        fprintf(out, "FAILED %s\n", checker->failures.at[i]);
}

enum check_stage check_pair(const struct check_request *request, struct check_tally *tally) {
    struct checker checker = {.request = request, .tally = tally, .was.text = request->was, .now.text = request->now};
    enum check_stage stage;

    check_side(&checker, &checker.was, "was.bal");
    check_side(&checker, &checker.now, "now.bal");
    if (checker.was.normal && checker.now.normal)
        plan_both(&checker);
    if (checker.stage == CHECK_HOLDS)
        check_focus(&checker);
    if (checker.stage == CHECK_HOLDS)
        prove(&checker);
    if (request->report)
        report(&checker);
    stage = checker.stage;
    tally->stages[stage]++;
    arena_free(&checker.arena);
    return stage;
}

enum check_stage check_trees(struct tree *before, struct tree *after, const struct place *place, FILE *out, struct check_tally *tally) {
    struct str was = STR_INIT;
    struct str now = STR_INIT;
    struct check_request request = {.place = place, .before = before, .after = after, .report = out};
    enum check_stage stage;

    tree_write(before, NULL, place, &was);
    tree_write(after, before, place, &now);
    request.was = was.text;
    request.now = now.text;
    stage = check_pair(&request, tally);
    str_free(&was);
    str_free(&now);
    return stage;
}
