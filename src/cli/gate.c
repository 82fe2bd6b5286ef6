#include "gate.h"

#include <string.h>

/* In the order in which they are asked: a later one may need what an earlier one has read. */
static const struct gate_rule rules[GATE_COUNT] = {
    [GATE_POLICY] = {"G101", "policy", "the words of the policy are hazards that there are", "A word that means nothing guards nothing.",
                     "mend [tool.persist.policy]; persist-hazards(7) has the codes and names", gate_policy},
    [GATE_MODEL] = {"G102", "model", "the model is valid", "No migration can be made of a model that says nothing, or two things.",
                    "mend the model file; \"persist validate\" tells the same", gate_model},
    [GATE_FORMAT] = {"G103", "format", "the model file is in canonical form",
                     "One form for all keeps changes of the model free of changes of its layout, so that a reviewer sees what was meant.",
                     "run \"persist format\" and commit what it writes", gate_format},
    [GATE_CHAIN] = {"G104", "chain", "chain, snapshot and scripts have the hashes that they had when they were written",
                    "A migration that was edited after it was written is not the one that was proved, and databases may have the other.",
                    "restore the files from version control, and change the model for a new migration instead", gate_chain},
    [GATE_MIGRATED] = {"G105", "migrated", "every change of the model is in a migration",
                       "Without one no database will ever have it, and the next migration will bring it unreviewed.",
                       "run \"persist migrate\" and commit what it writes", gate_migrated},
    [GATE_SNAPSHOTS] = {"G106", "snapshots", "the snapshots in git have the hashes that their commits say",
                        "A damaged snapshot cannot be gone back to.", "\"persist verify\" names the commit", gate_snapshots},
    [GATE_MAIN] = {"G107", "main", "the migrations of the main branch are here, as they are there",
                   "A migration of the main branch may have been applied: what is edited or taken away here runs nowhere else.",
                   "restore persist/migrations from the main branch, and put the change into a new migration", gate_main},
    [GATE_HAZARDS] = {"G108", "hazards", "no migration that is added here has a hazard that the policy does not let in",
                      "What loses data, locks for long or breaks clients is cheap to see now, and dear later.",
                      "take the gentle way that the catalogue knows (persist-hazards(7)), or accept it by a line with a reason",
                      gate_hazards},
    [GATE_APPROVAL] = {"G109", "approval", "every line of approval accepts something",
                       "A line that accepts nothing now may accept something later that nobody looked at.", "remove the line",
                       gate_approval},
    [GATE_PROOF] = {"G110", "proof", "the migrations that are added here were proved",
                    "What was not run both ways, with rows, is not known to run.",
                    "take it back and plan it again with a scratch server: persist migrate --scratch URL", gate_proof},
    [GATE_DATABASE] = {"G111", "database", "the database is what its migrations made of it",
                       "What was changed by hand is in no model and no review, and may stand in the way of the next migration.",
                       "\"persist pull\" takes the change into the model; else undo it in the database", gate_database},
};

const char *gate_state_word(enum gate_state state) {
    static const char *const words[] = {[GATE_OK] = "ok", [GATE_WARNED] = "warned", [GATE_FAILED] = "failed", [GATE_SKIPPED] = "-"};

    return words[state];
}

void gate_skip(struct gate_check *check, const char *why) {
    check->state = GATE_SKIPPED;
    check->detail = why;
}

/* With a list of messages of its own. */
static void run_check(struct gate *gate, struct gate_check *check, const struct gate_rule *rule) {
    struct diag kept = gate->context->diag;

    gate->context->diag = (struct diag){.arena = &gate->context->arena};
    check->rule = rule;
    rule->run(gate, check);
    check->diag = gate->context->diag;
    gate->context->diag = kept;
    if (check->diag.errors)
        check->state = GATE_FAILED;
    else if (check->diag.warnings)
        check->state = GATE_WARNED;
    diag_sort(&check->diag);
}

/* Where the project is in its repository; "" also where there is none. */
static const char *root_of(struct gate *gate) {
    struct arena *arena = &gate->context->arena;
    const char *folder = gate->workspace.project.folder;
    const char *top = gate->workspace.history ? history_git_root(gate->workspace.history, arena) : NULL;
    size_t length = top ? strlen(top) : 0;

    return length && strncmp(folder, top, length) == 0 && folder[length] == '/' ? arena_printf(arena, "%s/", folder + length + 1) : "";
}

void gate_run(struct context *context, const struct project *project, const struct model_place *place, struct gate *gate) {
    *gate = (struct gate){.context = context, .workspace = {.project = *project, .place = place}};
    for (size_t i = 0; i < GATE_COUNT; i++)
        run_check(gate, &gate->checks[i], &rules[i]);
    gate->root = root_of(gate);
    workspace_close(&gate->workspace);
}

enum exit_code gate_code(const struct gate *gate) {
    enum exit_code code = EXIT_DONE;

    for (size_t i = 0; i < GATE_COUNT; i++) {
        if (gate->checks[i].state != GATE_FAILED)
            continue;
        if (!gate->checks[i].behind)
            return EXIT_FAILED;
        code = EXIT_PENDING;
    }
    return code;
}
