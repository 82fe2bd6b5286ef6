#include <string.h>

#include "draft.h"
#include "output.h"
#include "progress.h"
#include "squash.h"

static const char *label(const struct context *context) {
    return context->options.argument_count > 1 ? context->options.arguments[1] : "squashed";
}

/* The place of TEXT in the chain; where it is empty, OTHERWISE. -1 reported. */
static int find_place(struct context *context, const struct workspace *workspace, const char *text, size_t otherwise, size_t *place) {
    const struct chain *chain = &workspace->migrations.chain;
    const struct migration *migration = *text ? migration_find(chain, text) : &chain->list.at[otherwise];
    const struct migration *part = migration ? NULL : migration_find_any(&context->arena, chain, text);

    if (migration) {
        *place = (size_t)(migration - chain->list.at);
        return 0;
    }
    if (part)
        diag_fail(&context->diag, "%s was squashed into %s already", part->id, part->squashed_into);
    else
        diag_fail(&context->diag, "the model \"%s\" has no migration \"%s\", or several that begin so", workspace->place->name, text);
    diag_hint(&context->diag, "the chain in %s lists them", workspace->place->migrations);
    return -1;
}

static int read_range(struct context *context, struct squash *squash) {
    const struct chain *chain = &squash->workspace->migrations.chain;
    const char *text = context->options.arguments[0];
    const char *dots = strstr(text, "..");

    if (!chain->list.count)
        return diag_fail(&context->diag, "the model \"%s\" has no migrations yet", squash->workspace->place->name);
    if (!dots) {
        diag_fail(&context->diag, "\"%s\" is no range of migrations", text);
        diag_hint(&context->diag, "write A..B for both and what lies between them; \"..\" is all of them");
        return -1;
    }
    if (find_place(context, squash->workspace, arena_strndup(&context->arena, text, (size_t)(dots - text)), 0, &squash->first) ||
        find_place(context, squash->workspace, dots + 2, chain->list.count - 1, &squash->last))
        return -1;
    if (squash->first > squash->last) {
        diag_fail(&context->diag, "%s comes behind %s", chain->list.at[squash->first].id, chain->list.at[squash->last].id);
        diag_hint(&context->diag, "the first of both comes first: %s..%s", chain->list.at[squash->last].id,
                  chain->list.at[squash->first].id);
        return -1;
    }
    if (squash->first == squash->last)
        return diag_fail(&context->diag, "%s alone is one migration already", chain->list.at[squash->first].id);
    return 0;
}

static int make_plan(struct context *context, struct squash *squash, struct migration_plan *plan) {
    int result;

    if (context->options.concatenate)
        return squash_concatenate(squash, plan);
    result = squash_check_scripts(squash) || squash_plan(squash, plan) ? -1 : 0;
    if (result)
        diag_hint(&context->diag, "--concatenate makes one script of theirs, one behind the other");
    return result;
}

static int prove(struct context *context, struct squash *squash, struct migration_plan *plan) {
    return context->options.concatenate ? squash_prove_parts(squash, plan) : migration_plan_prove(context, squash->workspace, plan);
}

static int name_draft(struct context *context, const struct squash *squash, struct draft *draft) {
    const struct chain *chain = &squash->workspace->migrations.chain;
    const struct migration *last = &chain->list.at[squash->last];
    struct str parts = STR_INIT;

    /* The time of the last, and the label as every label is written. */
    draft->files.id = chain_squashed_id(&context->arena, last, migration_label(&context->arena, label(context)));
    if (!draft->files.id) {
        diag_fail(&context->diag, "a part would be called as the whole: %.14s_%s", last->id, label(context));
        diag_hint(&context->diag, "give it another label: persist squash %s LABEL", context->options.arguments[0]);
        return -1;
    }
    for (size_t i = squash->first; i <= squash->last; i++)
        str_addf(&parts, "%s%s", parts.length ? ", " : "", chain->list.at[i].id);
    draft->report = (struct report){
        .id = draft->files.id,
        .model = squash->workspace->place->name,
        .from_hash = squash->first ? output_hash(&context->arena, chain->list.at[squash->first - 1].snapshot) : NULL,
        .to_hash = output_hash(&context->arena, last->snapshot),
        .parts = str_keep(&parts, &context->arena),
    };
    str_free(&parts);
    return 0;
}

static int write_squash(struct context *context, const struct squash *squash, struct draft *draft) {
    int written;

    if (context->options.dry_run)
        return 0;
    progress_step(context, "writing");
    written =
        migrations_squash(&context->arena, &squash->workspace->migrations, squash->first, squash->last, &draft->files, &context->diag);
    if (written > 0) {
        diag_fail(&context->diag, "another migration of \"%s\" was written at the same time", squash->workspace->place->name);
        diag_hint(&context->diag, "run it again");
    }
    return written ? -1 : 0;
}

static void show_result(struct context *context, const struct squash *squash, const struct draft *draft) {
    context_show_messages(context);
    if (context->options.json)
        report_json(context, &draft->report, &draft->plan);
    else
        report_summary(context, &draft->report, &draft->plan);
    say(context, "%zu migrations as one: a database that has some of them goes on with them", squash->last - squash->first + 1);
    if (context->options.dry_run)
        say(context, "dry run: nothing was written");
    else
        say(context, "wrote %s/%s: review up.sql, down.sql and plan.md; the parts lie in squashed/", squash->workspace->place->migrations,
            draft->files.id);
}

static int run(struct context *context, struct squash *squash, struct draft *draft) {
    struct workspace *workspace = squash->workspace;

    progress_step(context, "reading the migrations");
    if (workspace_open(context, workspace) || workspace_open_migrations(context, workspace) || read_range(context, squash) ||
        migrations_verify(&context->arena, &workspace->migrations, &context->diag) || squash_open(squash))
        return -1;
    progress_step(context, "planning");
    if (make_plan(context, squash, &draft->plan) || prove(context, squash, &draft->plan) || name_draft(context, squash, draft))
        return -1;
    draft_print(context, draft);
    if (write_squash(context, squash, draft))
        return -1;
    show_result(context, squash, draft);
    return 0;
}

enum exit_code cmd_squash(struct context *context) {
    struct workspace workspace = {0};
    struct draft draft = draft_new(&workspace);
    struct squash squash = {.context = context, .workspace = &workspace};
    int result;

    if (!context->options.argument_count) {
        fprintf(context->err, "persist squash: which? name the first and the last as A..B; see persist squash --help\n");
        return EXIT_USAGE;
    }
    result = run(context, &squash, &draft);
    workspace_close(&workspace);
    draft_free(&draft);
    return result ? EXIT_FAILED : EXIT_DONE;
}
