#include <string.h>

#include "file.h"
#include "gate.h"

static enum exit_code worst(enum exit_code a, enum exit_code b) {
    return a == EXIT_FAILED || b == EXIT_DONE ? a : b;
}

/* A path of the user is relative to the folder that the user is in. */
static int write_sarif(struct context *context, const struct project *project, struct gate *gates, size_t count) {
    const char *path = context->options.sarif_file;
    struct str text = STR_INIT;
    int result = 0;

    gate_sarif(context, gates, count, &text);
    if (strcmp(path, "-") == 0)
        fwrite(text.text, 1, text.length, context->out);
    else
        result =
            file_write(*path == '/' ? path : file_join(&context->arena, project->started_in, path), text.text, text.length, &context->diag);
    str_free(&text);
    return result;
}

/* Standard output has one form. */
static enum exit_code check_options(struct context *context, size_t models) {
    const struct command_options *options = &context->options;

    if (options->json && options->sarif_file && strcmp(options->sarif_file, "-") == 0) {
        diag_fail(&context->diag, "--json and --sarif - both go to standard output: give --sarif a file");
        return EXIT_USAGE;
    }
    if (!options->url || models < 2)
        return EXIT_DONE;
    diag_fail(&context->diag, "--url names the database of one model, and there are %zu", models);
    diag_hint(&context->diag, "say which with --model, or ask each model's own database with --database");
    return EXIT_USAGE;
}

enum exit_code cmd_check(struct context *context) {
    struct project project;
    const struct model_place *places;
    enum exit_code code = EXIT_DONE;
    struct gate *gates;
    size_t count;

    if (project_open(context, &project))
        return EXIT_FAILED;
    count = project_models(context, &project, &places);
    if (!count)
        return EXIT_FAILED;
    code = check_options(context, count);
    if (code != EXIT_DONE)
        return code;
    gates = ARENA_ARRAY(&context->arena, struct gate, count);
    for (size_t i = 0; i < count; i++) {
        gate_run(context, &project, &places[i], &gates[i]);
        code = worst(code, gate_code(&gates[i]));
    }
    if (context->options.json)
        gate_json(context, gates, count);
    else
        gate_report(context, gates, count);
    return context->options.sarif_file && write_sarif(context, &project, gates, count) ? EXIT_FAILED : code;
}
