#include <string.h>

#include "file.h"
#include "merge_report.h"
#include "output.h"
#include "text_merge.h"

/* What git calls: the merge driver with the three files and the path they are for, the diff driver with the two versions of one. */

static int read_text(struct context *context, const char *path, struct str *text) {
    char *bytes;
    size_t count;
    int found = file_read(&context->arena, path, &bytes, &count, &context->diag);

    if (found > 0)
        return diag_fail(&context->diag, "\"%s\": no such file", path);
    if (found == 0)
        str_add_bytes(text, bytes, count);
    return found;
}

/* What is no model is merged line by line, so that the driver is never worse than none; what was wrong with it was said. */
static enum exit_code merge_plain(struct context *context, const struct text_merge_request *request, const char *path) {
    struct str text = STR_INIT;
    int markers = text_merge_lines(request, &text);
    int written = file_write(path, text.text, text.length, &context->diag);

    str_free(&text);
    say(context, "%s: merged line by line, as it is no model on each side", request->name);
    context_show_messages(context);
    context->diag.errors = 0;
    return written || markers ? EXIT_FAILED : EXIT_DONE;
}

/* A snapshot does not say what was renamed, so it may be in conflict where the models are not; and it is made anew of the merged model. */
static void report_conflicts(struct context *context, const struct text_merge_request *request, const struct text_merge *merge) {
    if (!text_merge_conflicts(merge))
        return;
    if (text_is_snapshot(&request->ours))
        say(context, "%s: \"persist merge\" makes it of the merged model", request->name);
    else
        merge_report_conflicts(context, request->name, merge);
}

static enum exit_code merge_models(struct context *context, const struct text_merge_request *request, const char *path) {
    struct text_merge merge = {.text = STR_INIT};
    enum exit_code code = EXIT_DONE;

    if (text_merge(&context->arena, request, &merge, &context->diag)) {
        code = merge_plain(context, request, path);
    } else {
        context->diag.list.count = 0;
        if (file_write(path, merge.text.text, merge.text.length, &context->diag) || text_merge_conflicts(&merge))
            code = EXIT_FAILED;
        report_conflicts(context, request, &merge);
    }
    str_free(&merge.text);
    return code;
}

enum exit_code cmd_merge_file(struct context *context) {
    const char **arguments = context->options.arguments;
    struct text_merge_request request = {.base = STR_INIT, .ours = STR_INIT, .theirs = STR_INIT};
    enum exit_code code = EXIT_FAILED;

    if (context->options.argument_count < 3) {
        diag_fail(&context->diag, "three files are needed: what both sides come from, ours and theirs");
        return EXIT_USAGE;
    }
    request.name = context->options.argument_count > 3 ? arguments[3] : arguments[1];
    if (read_text(context, arguments[0], &request.base) == 0 && read_text(context, arguments[1], &request.ours) == 0 &&
        read_text(context, arguments[2], &request.theirs) == 0)
        code = merge_models(context, &request, arguments[1]);
    str_free(&request.base);
    str_free(&request.ours);
    str_free(&request.theirs);
    return code;
}

/* The version at PATH: nothing where git says that there is none. */
static const struct schema *version(struct context *context, const char *name, const char *path) {
    struct str text = STR_INIT;
    struct str kept;
    const struct schema *schema = NULL;

    if (strcmp(path, "/dev/null") == 0)
        return text_schema(&context->arena, name, &text, &context->diag);
    if (read_text(context, path, &text) == 0) {
        kept = (struct str){.text = str_keep(&text, &context->arena), .length = text.length};
        schema = text_schema(&context->arena, name, &kept, &context->diag);
    }
    str_free(&text);
    return schema;
}

static int print_deltas(struct context *context, const char *name, const struct schema *from, const struct schema *to) {
    struct rename_answers none = {0};
    struct renames renames = {0};
    struct deltas deltas = {0};

    if (renames_find(&context->arena, from, to, &none, &renames, &context->diag))
        return -1;
    deltas_find(&context->arena, from, to, &renames, &deltas);
    fprintf(context->out, "%s: %s\n", name, output_counts(&context->arena, &deltas));
    output_delta_lines(&context->arena, context->out, &deltas);
    return 0;
}

/* PATH OLD-FILE OLD-HEX OLD-MODE NEW-FILE NEW-HEX NEW-MODE; with PATH alone it is not merged yet. Git stops at any status but 0. */
enum exit_code cmd_diff_file(struct context *context) {
    const char **arguments = context->options.arguments;
    const struct schema *from;
    const struct schema *to;

    if (context->options.argument_count < 7) {
        if (context->options.argument_count == 1) {
            fprintf(context->out, "%s: not merged\n", arguments[0]);
            return EXIT_DONE;
        }
        diag_fail(&context->diag, "the seven arguments of git's diff drivers are needed");
        return EXIT_USAGE;
    }
    from = version(context, arguments[0], arguments[1]);
    to = version(context, arguments[0], arguments[4]);
    if (from && to && print_deltas(context, arguments[0], from, to) == 0)
        return EXIT_DONE;
    fprintf(context->out, "%s: no model on each side, so there are no deltas in words (git diff --no-ext-diff shows its lines)\n",
            arguments[0]);
    context_show_messages(context);
    context->diag.errors = 0;
    return EXIT_DONE;
}
