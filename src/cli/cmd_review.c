#include <string.h>

#include "file.h"
#include "progress.h"
#include "review_data.h"
#include "review_sarif.h"

/* A comment on GitHub holds 65,536 characters; pipelines put a line in front. */
enum { COMMENT_MOST = 64000 };

enum form { FORM_MARKDOWN, FORM_JSON, FORM_SARIF, FORM_HTML };

static enum form form_of(const struct command_options *options) {
    return options->json ? FORM_JSON : options->sarif ? FORM_SARIF : options->html ? FORM_HTML : FORM_MARKDOWN;
}

/* One of LEFT that share what a comment holds. */
static void print_markdown(struct context *context, const struct review *review, size_t left, struct str *out) {
    if (out->length)
        str_add_char(out, '\n');
    review_markdown(&context->arena, review, out->length < COMMENT_MOST ? (COMMENT_MOST - out->length) / left : 0, out);
}

static int print_single(struct context *context, const struct review *review, enum form form, struct str *out) {
    if (form == FORM_HTML)
        return review_html(&context->arena, review, out, &context->diag);
    review_json(&context->arena, review, out);
    return 0;
}

/* A path of the user is relative to the folder that the user is in. */
static int write_out(struct context *context, const struct project *project, const struct str *text) {
    const char *path = context->options.output;

    if (!path) {
        fwrite(text->text, 1, text->length, context->out);
        return 0;
    }
    if (*path != '/')
        path = file_join(&context->arena, project->started_in, path);
    return file_write(path, text->text, text->length, &context->diag);
}

static int gather(struct context *context, struct workspace *workspace, struct review *review) {
    const char *argument = context->options.argument_count ? context->options.arguments[0] : NULL;
    const struct policy *policy = &workspace->place->config->policy;
    struct accepts accepts = {0};
    struct review_range range;

    if (policy_check(policy, workspace->project.config.source, &context->diag) || review_range_find(context, workspace, argument, &range) ||
        review_data_make(context, workspace, &range, review, &accepts))
        return -1;
    if (range.note)
        say(context, "%s", range.note);
    if (!argument && range.base && review->migrations.count)
        accepts_warn_unused(&accepts, &context->diag);
    return 0;
}

static int review_one(struct context *context, const struct project *project, const struct model_place *place, struct review *review) {
    struct workspace workspace = {.project = *project, .place = place};
    int result = project_target(context, project, place, &workspace.target) || gather(context, &workspace, review) ? -1 : 0;

    workspace_close(&workspace);
    return result;
}

/* Of several models those in which nothing changes are left out, but for the first where nothing does. */
static int print_all(struct context *context, const struct review *reviews, size_t count, struct str *out) {
    enum form form = form_of(&context->options);
    struct sarif *sarif = sarif_new(&context->arena, reviews[0].root);
    size_t told = 0, left;

    for (size_t i = 0; i < count; i++)
        told += reviews[i].migrations.count > 0;
    left = told ? told : 1;
    for (size_t i = 0; i < count; i++) {
        if (form == FORM_SARIF)
            review_sarif_add(&context->arena, &reviews[i], sarif);
        else if (!reviews[i].migrations.count && (told || i > 0))
            continue;
        else if (form == FORM_MARKDOWN)
            print_markdown(context, &reviews[i], left--, out);
        else if (print_single(context, &reviews[i], form, out))
            return -1;
    }
    if (form == FORM_SARIF)
        sarif_print(sarif, out);
    return 0;
}

/* JSON and HTML are of one model. */
static size_t select_models(struct context *context, const struct project *project, const struct model_place **places) {
    if (!context->options.json && !context->options.html)
        return project_models(context, project, places);
    *places = project_model(context, project);
    return *places ? 1 : 0;
}

static int run(struct context *context) {
    const struct model_place *places;
    struct str text = STR_INIT;
    struct project project;
    struct review *reviews;
    size_t count;
    int result = 0;

    if (project_open(context, &project))
        return -1;
    progress_step(context, "planning again");
    count = select_models(context, &project, &places);
    if (!count)
        return -1;
    reviews = ARENA_ARRAY(&context->arena, struct review, count);
    for (size_t i = 0; result == 0 && i < count; i++)
        result = review_one(context, &project, &places[i], &reviews[i]);
    if (result == 0)
        result = print_all(context, reviews, count, &text) || write_out(context, &project, &text) ? -1 : 0;
    str_free(&text);
    return result;
}

enum exit_code cmd_review(struct context *context) {
    const struct command_options *options = &context->options;

    if (options->markdown + options->html + options->json + options->sarif > 1) {
        diag_fail(&context->diag, "a review has one form: --markdown, --html, --json or --sarif");
        return EXIT_USAGE;
    }
    return run(context) ? EXIT_FAILED : EXIT_DONE;
}
