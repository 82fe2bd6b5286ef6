#include "recorded.h"

#include <string.h>

#include "decide.h"
#include "lineage.h"

/* The number of migrations that lead to a version. */
enum { NOWHERE = -1 };

static bool is_model(const struct version *version) {
    return version->name && strcmp(version->name, "model") == 0;
}

/* Versions are known by their text: an id, a hash, @{N} and git:REVISION may all mean the same one. */
static long place_of(const struct lineage *lineage, const struct version *version) {
    struct str text = STR_INIT;
    long place = NOWHERE;
    struct hash hash;

    if (is_model(version))
        return (long)lineage->count;
    snapshot_print(version->schema, &text);
    hash = hash_bytes(text.text, text.length);
    str_free(&text);
    for (size_t at = 0; at < lineage->count; at++)
        if (hash_equal(lineage_migration(lineage, at)->snapshot, hash))
            place = (long)at + 1;
    return place;
}

/* From the older version of the two to the newer one, which may be the model with what is not migrated yet. */
static int collect(struct lineage *lineage, long first, long last, const struct version *newer, struct renames *renames) {
    struct context *context = lineage->context;
    const struct decisions none = {0};
    struct renames chain, rest = {0};
    const struct schema *head;

    if (lineage_renames_between(lineage, (size_t)first, (size_t)last, &chain))
        return -1;
    if (is_model(newer)) {
        head = lineage_schema(lineage, lineage->count - 1);
        if (!head)
            return -1;
        decide_again_renames(context, head, newer->schema, &none, &rest);
    }
    renames_compose(&context->arena, &chain, &rest, renames);
    return 0;
}

static int find_recorded(struct context *context, struct workspace *workspace, const struct version *from, const struct version *to,
                         struct renames *renames) {
    struct renames forth = {0};
    struct lineage lineage;
    long first, last;
    bool back;

    if (!workspace->migrations.folder && workspace_open_migrations(context, workspace))
        return -1;
    if (!workspace->migrations.chain.list.count)
        return 0;
    if (lineage_open(context, workspace, &lineage))
        return -1;
    first = place_of(&lineage, from);
    last = place_of(&lineage, to);
    if (first == NOWHERE || last == NOWHERE || first == last)
        return 0;
    back = first > last;
    if (back ? collect(&lineage, last, first, from, &forth) : collect(&lineage, first, last, to, renames))
        return -1;
    if (back)
        renames_invert(&context->arena, &forth, renames);
    return 0;
}

/* What a version between the two is needed for and is not there, as in a shallow clone, is left out: the difference can still be told. */
static void recall(struct context *context, struct workspace *workspace, const struct version *from, const struct version *to,
                   struct renames *renames) {
    struct diag told = context->diag;

    context->diag = (struct diag){.arena = &context->arena};
    if (find_recorded(context, workspace, from, to, renames)) {
        *renames = (struct renames){0};
        say(context, "not every version between them is here: recorded renames are told as removed and added");
    }
    context->diag = told;
}

/* What is inside an entity is understood once that is. */
static void add_all(struct arena *arena, const struct renames *renames, bool outer, struct decisions *decisions) {
    for (size_t i = 0; i < renames->list.count; i++)
        if (!renames->list.at[i].owner == outer)
            decisions_add(arena, decisions, "rename", rename_text(arena, &renames->list.at[i]));
}

/* Reports options that make no sense, also beside what is recorded of the entities. */
static int check_options(struct context *context, const struct version *from, const struct version *to, const struct decisions *decisions) {
    struct rename_answers answers = {.renames = decisions_of(&context->arena, decisions, "rename")};
    struct renames unused = {0};

    return renames_find(&context->arena, from->schema, to->schema, &answers, &unused, &context->diag);
}

int recorded_renames(struct context *context, struct workspace *workspace, const struct version *from, const struct version *to,
                     struct renames *renames) {
    struct arena *arena = &context->arena;
    struct decisions decisions = {0};
    struct renames recorded = {0};
    bool entities = true;

    for (char **rename = context->options.renames; rename && *rename; rename++)
        entities = entities && strchr(*rename, '.');
    if (from->name && to->name)
        recall(context, workspace, from, to, &recorded);
    if (entities)
        add_all(arena, &recorded, true, &decisions);
    for (char **rename = context->options.renames; rename && *rename; rename++)
        decisions_add(arena, &decisions, "rename", *rename);
    if (context->options.renames && check_options(context, from, to, &decisions))
        return -1;
    add_all(arena, &recorded, true, &decisions);
    add_all(arena, &recorded, false, &decisions);
    decide_again_renames(context, from->schema, to->schema, &decisions, renames);
    return 0;
}
