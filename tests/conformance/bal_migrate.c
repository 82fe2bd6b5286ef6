/* Ballerina's own cases of "migrate": the database made from "was", migrated by us with rows in it, equals the one made from "model". */
#include <stdio.h>

#include "bal.h"
#include "fill.h"
#include "proof.h"

/* A person's answers: what looks like a rename is one. */
static bool find_renames(struct bal_run *run, const struct schema *from, const struct schema *to, struct renames *renames) {
    VEC(const char *) answers = {0};

    for (int round = 0; round < 10; round++) {
        struct diag diag = {.arena = &run->arena};
        struct rename_answers given = {.renames = {answers.at, answers.count}};

        *renames = (struct renames){0};
        if (renames_find(&run->arena, from, to, &given, renames, &diag)) {
            bal_print(&diag);
            return false;
        }
        if (!renames->open.count)
            return true;
        for (size_t i = 0; i < renames->open.count; i++)
            vec_push(&run->arena, &answers, rename_text(&run->arena, &renames->open.at[i].rename));
    }
    return false;
}

/* Values for new required columns: the plainest of the type; for a foreign key some row that is there. */
static void find_backfills(struct bal_run *run, const struct plan *back, struct stand_ins *fills) {
    stand_ins_find(&run->arena, back, fills);
    for (size_t i = 0; i < back->pairs.count; i++) {
        const struct entity_pair *pair = &back->pairs.at[i];

        for (size_t k = 0; pair->from && pair->to && k < pair->from->foreign_key_count; k++) {
            const struct foreign_key *key = &pair->from->foreign_keys[k];
            const struct entity *target = schema_entity(back->from, key->target);

            for (size_t f = 0; f < key->fields.count; f++) {
                struct backfill fill = {.entity = pair->from->name, .field = key->fields.at[f]};

                fill.expression = sql_format(&run->arena, &run->target.dialect->quoting, "(SELECT MIN(%I) FROM %E)",
                                             entity_column(target, key->target_fields.at[f]), target);
                vec_push(&run->arena, &fills->list, fill);
            }
        }
    }
}

/* A person's value for a new part of a key: the others keep the rows apart. */
static void fill_keys(struct bal_run *run, const struct plan *back, struct stand_ins *fills) {
    for (size_t i = 0; i < back->pairs.count; i++) {
        const struct entity_pair *pair = &back->pairs.at[i];

        for (size_t k = 0; pair->from && pair->to && pair->new_of_old && k < pair->from->field_count; k++) {
            const struct field *field = &pair->from->fields[k];
            struct backfill fill = {
                .entity = pair->from->name, .field = field->name, .expression = field->type == TYPE_STRING ? "''" : "0"};

            if (field->key && !field->derived && !pair->new_of_old[k])
                vec_push(&run->arena, &fills->list, fill);
        }
    }
}

static struct plan *plan_of(struct bal_run *run, const struct schema *from, const struct schema *to, const struct renames *renames,
                            const struct stand_ins *fills) {
    struct plan_request request = {.from = from, .to = to, .renames = renames, .rules = &run->target.dialect->rules};

    request.backfills = fills->list.at;
    request.backfill_count = fills->list.count;
    return plan_make(&run->arena, &request);
}

static bool prove(struct bal_run *run, const struct plan *up, const struct plan *down) {
    struct diag diag = {.arena = &run->arena};
    struct script up_script = {.arena = &run->arena};
    struct script down_script = {.arena = &run->arena};
    struct way_back_reasons reasons = {0};
    struct proof proof;
    struct proof_request request = {.target = &run->target, .from = up->from, .to = up->to, .up = up, .down = down};

    run->target.dialect->emit(up, &run->target, &up_script);
    run->target.dialect->emit(down, &run->target, &down_script);
    request.up_script = &up_script;
    request.down_script = &down_script;
    request.scratch_url = run->url;
    request.down_fails_on_rows = way_back_grade(&run->arena, down, run->target.dialect->cast_risk, &reasons) == WAY_BACK_NONE;
    if (proof_run(&run->arena, &request, &proof, &diag)) {
        bal_print(&diag);
        return false;
    }
    for (size_t i = 0; i < proof.failures.count; i++)
        fprintf(stderr, "    %s\n", proof.failures.at[i]);
    for (size_t i = 0; i < proof.notes.count; i++)
        fprintf(stderr, "    note: %s\n", proof.notes.at[i]);
    return proof.status == PROOF_HOLDS;
}

static bool check(struct bal_run *run, json_t *line) {
    static const char nothing[] = "import ballerina/persist as _;\n";
    const char *was_text = json_string_value(json_object_get(line, "was"));
    const char *now_text = json_string_value(json_object_get(line, "model"));
    struct diag diag = {.arena = &run->arena};
    struct schema *was = bal_model(run, was_text ? was_text : nothing);
    struct schema *now = bal_model(run, now_text);
    struct schema *from = was ? run->target.dialect->normalize(&run->arena, was, &run->target, &diag) : NULL;
    struct schema *to = now ? run->target.dialect->normalize(&run->arena, now, &run->target, &diag) : NULL;
    struct renames renames;
    struct renames inverse = {0};
    struct stand_ins none = {0};
    struct stand_ins up_fills = {0};
    struct stand_ins down_fills = {0};
    struct plan *down;

    if (!from || !to || !find_renames(run, was, now, &renames)) {
        bal_print(&diag);
        return false;
    }
    renames_invert(&run->arena, &renames, &inverse);
    down = plan_of(run, to, from, &inverse, &none);
    find_backfills(run, down, &up_fills);
    fill_keys(run, down, &up_fills);
    stand_ins_find(&run->arena, plan_of(run, from, to, &renames, &up_fills), &down_fills);
    return prove(run, plan_of(run, from, to, &renames, &up_fills), plan_of(run, to, from, &inverse, &down_fills));
}

int main(int argc, char **argv) {
    return bal_main(argc, argv, "migrate.jsonl", check);
}
