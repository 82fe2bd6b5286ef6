#include <string.h>

#include "file.h"
#include "model.h"
#include "output.h"
#include "project.h"

static enum exit_code format_file(struct context *context, const char *file, struct str *text) {
    struct source *source = source_read(&context->arena, file, &context->diag);
    bool same;

    if (!source || model_format(source, text, &context->diag))
        return EXIT_FAILED;
    same = text->length == source->length && memcmp(text->text, source->text, text->length) == 0;
    if (context->options.json)
        output_json(context, json_pack("{s:s, s:b, s:s}", "file", file, "canonical", same, "text", text->text));
    else if (context->options.dry_run)
        fputs(text->text, context->out);
    if (context->options.dry_run)
        return EXIT_DONE;
    if (same) {
        say(context, "%s: already in canonical form", file);
        return EXIT_DONE;
    }
    if (context->options.check) {
        say(context, "%s: not in canonical form; run \"persist format\"", file);
        return EXIT_PENDING;
    }
    if (file_write(file, text->text, text->length, &context->diag))
        return EXIT_FAILED;
    say(context, "%s: formatted", file);
    return EXIT_DONE;
}

enum exit_code cmd_format(struct context *context) {
    struct project project;
    const struct model_place *place;
    struct str text = STR_INIT;
    enum exit_code code;

    if (project_open(context, &project))
        return EXIT_FAILED;
    place = project_model(context, &project);
    code = place ? format_file(context, place->file, &text) : EXIT_FAILED;
    str_free(&text);
    return code;
}
