#include "trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model.h"
#include "registry.h"
#include "run.h"
#include "sample.h"

static const struct {
    const char *name;
    const char *variable;
    enum flavor flavor;
    int version; /* 0: the dialect's own */
} stores[] = {
    {"sqlite", NULL, FLAVOR_NONE, 0},
    {"postgresql", "PERSIST_TEST_POSTGRESQL", FLAVOR_NONE, 0},
    {"mysql", "PERSIST_TEST_MYSQL", FLAVOR_MYSQL, 0},
    {"mariadb", "PERSIST_TEST_MARIADB", FLAVOR_MARIADB, 101100},
};

enum { STORE_COUNT = sizeof stores / sizeof *stores };

void trial_must(struct trial *trial, int result, const char *what) {
    if (!result)
        return;
    diag_print(&trial->diag, stderr, false);
    fail_msg("%s: %s failed", trial->file->path, what);
}

void trial_open(struct trial *trial, const char *path, const char *store) {
    *trial = (struct trial){.target = {.comments = true}};
    trial->diag.arena = &trial->arena;
    trial->file = case_read(&trial->arena, path);
    trial->target.dialect = registry_dialect(store);
    assert_non_null(trial->target.dialect);
    trial->target.version = trial->target.dialect->baseline_version;
    for (size_t i = 0; i < STORE_COUNT; i++)
        if (strcmp(stores[i].name, store) == 0 && stores[i].flavor == FLAVOR_MARIADB) {
            trial->target.flavor = stores[i].flavor;
            trial->target.version = stores[i].version;
        } else if (strcmp(stores[i].name, store) == 0) {
            trial->target.flavor = stores[i].flavor;
        }
}

void trial_close(struct trial *trial) {
    db_close(trial->db);
    arena_free(&trial->arena);
}

static const char *url_of(const struct trial *trial) {
    for (size_t i = 0; i < STORE_COUNT; i++)
        if (stores[i].variable && registry_dialect(stores[i].name) == trial->target.dialect && stores[i].flavor == trial->target.flavor)
            return getenv(stores[i].variable);
    return NULL;
}

bool trial_connect(struct trial *trial) {
    const char *url = url_of(trial);

    if (!url && !trial->target.dialect->scratch_in_memory)
        return false;
    trial->db = trial->target.dialect->driver->open_scratch(url, &trial->diag);
    trial_must(trial, trial->db ? 0 : -1, "opening a database");
    trial->target.flavor = db_head(trial->db)->flavor;
    trial->target.version = db_head(trial->db)->version;
    return true;
}

static const struct schema *read_model(struct trial *trial, const char *section) {
    const char *text = arena_printf(&trial->arena,
                                    "import ballerina/persist as _;\nimport ballerina/time;\nimport ballerinax/persist.sql;\n"
                                    "import persist/db;\n\n%s",
                                    case_text(trial->file, section));
    struct source *source = source_new(&trial->arena, section, text, strlen(text), &trial->diag);
    struct model_options options = {.datastore = trial->target.dialect->name, .comments = true};
    const struct schema *schema = source ? model_read(&trial->arena, source, &options, &trial->diag) : NULL;

    trial_must(trial, schema ? 0 : -1, section);
    return schema;
}

static const struct schema *normal(struct trial *trial, const struct schema *schema) {
    const struct schema *result = trial->target.dialect->normalize(&trial->arena, schema, &trial->target, &trial->diag);

    trial_must(trial, result ? 0 : -1, "the normal form");
    return result;
}

struct plan *trial_plan(struct trial *trial, const char *was, const char *becomes) {
    const struct schema *from = read_model(trial, was);
    const struct schema *to = read_model(trial, becomes);
    struct renames *renames = ARENA_NEW(&trial->arena, struct renames);
    struct plan_request request = {.renames = renames, .rules = &trial->target.dialect->rules};

    trial_must(trial, renames_find(&trial->arena, from, to, &(struct rename_answers){0}, renames, &trial->diag), "finding renames");
    request.from = normal(trial, from);
    request.to = normal(trial, to);
    return plan_make(&trial->arena, &request);
}

void trial_emit(struct trial *trial, const struct plan *plan, struct script *script) {
    *script = (struct script){.arena = &trial->arena};
    trial->target.dialect->emit(plan, &trial->target, script);
}

void trial_make_tables(struct trial *trial, const struct plan *plan, size_t rows) {
    struct schema *nothing = ARENA_NEW(&trial->arena, struct schema);
    struct renames renames = {0};
    struct plan_request request = {.from = nothing, .to = plan->from, .renames = &renames, .rules = plan->rules};
    struct sample_range range = {1, rows};
    const struct plan *made;
    struct script script;

    schema_index(&trial->arena, nothing);
    made = plan_make(&trial->arena, &request);
    trial_emit(trial, made, &script);
    trial_must(trial, script_run(trial->db, &script, &trial->target.dialect->style, &trial->diag), "making the tables");
    for (size_t i = 0; rows && i < made->changes.count; i++) {
        const struct change *change = &made->changes.at[i];
        const char *insert =
            change->kind == CHANGE_CREATE_TABLE ? sample_insert(&trial->arena, &trial->target, plan, change->to, &range) : NULL;

        trial_must(trial, insert ? db_exec(trial->db, insert, &trial->diag) : 0, "adding rows");
    }
}
