/* Are the migrations of the main branch here, as they are there? Compared is the commit where this branch and the main one parted: what the
 * main branch got since then is for the merge. */
#include <string.h>

#include "gate.h"
#include "merge_chain.h"
#include "output.h"

/* The line of the migration ID in the chain's text; one that was squashed has a mark in front. */
static struct span line_of(struct gate *gate, const char *id) {
    struct source *source = gate->workspace.migrations.chain_source;
    size_t length = strlen(id);

    for (size_t number = 2;; number++) {
        struct span line = source_line(&gate->context->arena, source, number);
        const char *text = source->text + line.start + (source->text[line.start] == '-');

        if ((strncmp(text, id, length) == 0 && text[length] == ' ') || line.end >= source->length)
            return line;
    }
}

/* All that was ever written, whether it was squashed since or not. */
static struct migration_list written(struct arena *arena, const struct chain *chain) {
    struct migration_list all = {0};

    for (size_t i = 0; i < chain->list.count; i++)
        chain_leaves(arena, &chain->list.at[i], &all);
    return all;
}

static size_t find_id(const struct migration_list *list, const char *id) {
    size_t at = 0;

    while (at < list->list.count && strcmp(list->list.at[at]->id, id) != 0)
        at++;
    return at;
}

/* Without its parent: what was squashed has another, and what comes behind one that differs has too. */
static bool is_same(const struct migration *a, const struct migration *b) {
    return hash_equal(a->snapshot, b->snapshot) && hash_equal(a->up, b->up) && hash_equal(a->down, b->down);
}

/* THERE is the migration AT of the main branch. */
static void compare(struct gate *gate, const struct migration_list *here, const struct migration *there, size_t at) {
    struct source *source = gate->workspace.migrations.chain_source;
    struct diag *diag = &gate->context->diag;
    size_t place = find_id(here, there->id);

    if (place == here->list.count)
        diag_fail(diag, "the migration %s of the main branch is not here any more", there->id);
    else if (!is_same(here->list.at[place], there))
        diag_error(diag, source, line_of(gate, there->id), 0,
                   "this migration is another one on the main branch: its scripts or its snapshot were changed");
    else if (place != at)
        diag_error(diag, source, line_of(gate, there->id), 0, "this migration has another place on the main branch");
}

static void compare_all(struct gate *gate, const struct chain *known) {
    struct arena *arena = &gate->context->arena;
    struct migration_list here = written(arena, &gate->workspace.migrations.chain);
    struct migration_list there = written(arena, known);

    for (size_t i = 0; i < there.list.count; i++)
        compare(gate, &here, there.list.at[i], i);
    if (gate->context->diag.errors)
        diag_hint(&gate->context->diag, "restore \"%s\" as it was there, and put the change into a new migration",
                  gate->workspace.place->migrations);
}

/* Skipped, the checks of what is added would let everything pass in a pipeline that fetches one commit. */
static int report_shallow(struct gate *gate) {
    diag_fail(&gate->context->diag, "the clone is shallow, and no main branch is in it");
    diag_hint(&gate->context->diag, "run \"git fetch --unshallow\", and fetch the main branch; a pipeline checks the whole history out");
    return -1;
}

/* Fills gate->range: by --base, else by the main branch. 0, or -1 reported. */
static int find_range(struct gate *gate) {
    struct context *context = gate->context;
    struct workspace *workspace = &gate->workspace;
    const char *base = context->options.base;

    if (!base)
        return review_range_find(context, workspace, NULL, &gate->range);
    if (workspace_open_history(context, workspace))
        return -1;
    base = review_range_parting(context, workspace, base);
    return base ? review_range_find(context, workspace, arena_printf(&context->arena, "%s..", base), &gate->range) : -1;
}

/* What was measured against, in a few words: a pipeline gives a whole id. */
static const char *against(struct gate *gate) {
    const char *base = gate->context->options.base;
    bool is_id = base && strlen(base) == HISTORY_ID_LENGTH && base[strspn(base, "0123456789abcdef")] == '\0';

    return is_id ? arena_strndup(&gate->context->arena, base, 12) : base ? base : gate->range.main;
}

void gate_main(struct gate *gate, struct gate_check *check) {
    struct context *context = gate->context;
    const char *path = arena_printf(&context->arena, "%s/chain", gate->workspace.place->migrations);
    struct source *source;
    struct chain known;
    struct str text;

    if (gate->chained && find_range(gate))
        return;
    if (gate->chained && !gate->range.base && gate->workspace.history && history_git_is_shallow(gate->workspace.history)) {
        report_shallow(gate);
        return;
    }
    if (!gate->range.base) {
        gate_skip(check, gate->chained ? "there is no main branch to compare with" : "the chain could not be read");
        return;
    }
    text = merge_file_at(context, &gate->workspace, gate->range.base, path);
    if (context->diag.errors)
        return;
    source = source_new(&context->arena, arena_printf(&context->arena, "%.12s:%s", gate->range.base, path), text.text, text.length,
                        &context->diag);
    if (text.length && (!source || chain_parse(&context->arena, source, &known, &context->diag)))
        return;
    if (text.length)
        compare_all(gate, &known);
    check->detail = arena_printf(&context->arena, "all of %s are here, and %zu new", against(gate), gate->range.indexes.count);
}
