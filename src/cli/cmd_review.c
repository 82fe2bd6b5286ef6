#include <string.h>

#include "file.h"
#include "progress.h"
#include "review_data.h"

enum form { FORM_MARKDOWN, FORM_JSON, FORM_SARIF, FORM_HTML };

static enum form form_of(const struct command_options *options) {
    return options->json ? FORM_JSON : options->sarif ? FORM_SARIF : options->html ? FORM_HTML : FORM_MARKDOWN;
}

static int print(struct context *context, const struct review *review, enum form form, struct str *out) {
    static void (*const forms[])(struct arena *, const struct review *, struct str *) = {
        [FORM_MARKDOWN] = review_markdown, [FORM_JSON] = review_json, [FORM_SARIF] = review_sarif};

    if (form == FORM_HTML)
        return review_html(&context->arena, review, out, &context->diag);
    forms[form](&context->arena, review, out);
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

static int run(struct context *context, struct workspace *workspace) {
    struct review review = {0};
    struct accepts accepts = {0};
    struct review_range range;
    struct str text = STR_INIT;
    int result;

    if (workspace_open(context, workspace))
        return -1;
    progress_step(context, "planning again");
    if (review_range_find(context, workspace, context->options.argument_count ? context->options.arguments[0] : NULL, &range) ||
        review_data_make(context, workspace, &range, &review, &accepts))
        return -1;
    if (range.note)
        say(context, "%s", range.note);
    result = print(context, &review, form_of(&context->options), &text) || write_out(context, &workspace->project, &text) ? -1 : 0;
    str_free(&text);
    return result;
}

enum exit_code cmd_review(struct context *context) {
    const struct command_options *options = &context->options;
    struct workspace workspace = {0};
    int result;

    if (options->markdown + options->html + options->json + options->sarif > 1) {
        diag_fail(&context->diag, "a review has one form: --markdown, --html, --json or --sarif");
        return EXIT_USAGE;
    }
    result = run(context, &workspace);
    workspace_close(&workspace);
    return result ? EXIT_FAILED : EXIT_DONE;
}
