#include <string.h>
#include <strings.h>

#include "diagram.h"
#include "file.h"
#include "output.h"
#include "recorded.h"
#include "revision.h"

struct drawing {
    struct workspace workspace;
    struct diagram diagram;
    struct renames renames;
    struct str text;
};

enum format { FORMAT_NONE, FORMAT_SVG, FORMAT_MERMAID, FORMAT_DOT };

static const char *const format_names[] = {NULL, "svg", "mermaid", "dot"};

static enum format format_of_suffix(const char *path) {
    static const struct {
        const char *suffix;
        enum format format;
    } rows[] = {{".svg", FORMAT_SVG}, {".mmd", FORMAT_MERMAID}, {".mermaid", FORMAT_MERMAID}, {".dot", FORMAT_DOT}, {".gv", FORMAT_DOT}};
    size_t length = strlen(path);

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t suffix = strlen(rows[i].suffix);

        if (length > suffix && strcasecmp(path + length - suffix, rows[i].suffix) == 0)
            return rows[i].format;
    }
    return FORMAT_NONE;
}

/* By the option, else by the file's name, else Mermaid; FORMAT_NONE when reported. */
static enum format choose_format(struct context *context) {
    const struct command_options *options = &context->options;
    enum format format = options->svg ? FORMAT_SVG : options->dot ? FORMAT_DOT : FORMAT_MERMAID;

    if (options->svg + options->mermaid + options->dot > 1) {
        diag_fail(&context->diag, "one of --svg, --mermaid and --dot can be given");
        return FORMAT_NONE;
    }
    if (options->svg || options->mermaid || options->dot || !options->output)
        return format;
    format = format_of_suffix(options->output);
    if (format == FORMAT_NONE) {
        diag_fail(&context->diag, "the name \"%s\" does not tell the format", options->output);
        diag_hint(&context->diag, "end it in .svg, .mmd or .dot, or give --svg, --mermaid or --dot");
    }
    return format;
}

/* "A..B": the difference; an empty A is snapshot, an empty B is model. */
static int read_sides(struct context *context, struct workspace *workspace, struct version *before, struct version *after) {
    const char *rev = context->options.argument_count ? context->options.arguments[0] : "model";
    const char *dots = strstr(rev, "..");

    *before = (struct version){0};
    after->name = !dots ? rev : dots[2] ? dots + 2 : "model";
    if (dots) {
        before->name = dots == rev ? "snapshot" : arena_strndup(&context->arena, rev, (size_t)(dots - rev));
        before->schema = revision_schema(context, workspace, before->name);
        if (!before->schema)
            return -1;
    }
    after->schema = revision_schema(context, workspace, after->name);
    return after->schema ? 0 : -1;
}

static int draw(struct context *context, struct drawing *drawing, enum format format) {
    struct version before, after;

    if (workspace_open(context, &drawing->workspace) || read_sides(context, &drawing->workspace, &before, &after))
        return -1;
    if (before.schema && recorded_renames(context, &drawing->workspace, &before, &after, &drawing->renames))
        return -1;
    diagram_make(&context->arena, before.schema, after.schema, &drawing->renames,
                 context->options.changed ? DIAGRAM_TOUCHED : DIAGRAM_WHOLE, &drawing->diagram);
    if (format == FORMAT_SVG)
        return diagram_svg(&context->arena, &drawing->diagram, NULL, &drawing->text, &context->diag);
    if (format == FORMAT_DOT)
        diagram_dot(&drawing->diagram, &drawing->text);
    else
        diagram_mermaid(&drawing->diagram, &drawing->text);
    return 0;
}

/* A path of the user is relative to the folder that the user is in. With --json the text is a member of the result, and goes to no file but --output's. */
static int hand_over(struct context *context, const struct drawing *drawing, enum format format) {
    const char *path = context->options.output;

    if (path && *path != '/')
        path = file_join(&context->arena, drawing->workspace.project.started_in, path);
    if (path && file_write(path, drawing->text.text, drawing->text.length, &context->diag))
        return -1;
    if (context->options.json)
        output_json(context, json_pack("{s:s, s:s, s:i, s:i, s:s?, s:s}", "model", drawing->workspace.place->name, "format",
                                       format_names[format], "entities", (int)drawing->diagram.entities.count, "relations",
                                       (int)drawing->diagram.relations.count, "file", path, "text", drawing->text.text));
    else if (path)
        say(context, "wrote %s: %zu entit%s, %zu relation%s", context->options.output, drawing->diagram.entities.count,
            drawing->diagram.entities.count == 1 ? "y" : "ies", drawing->diagram.relations.count,
            drawing->diagram.relations.count == 1 ? "" : "s");
    else
        fputs(drawing->text.text, context->out);
    return 0;
}

enum exit_code cmd_diagram(struct context *context) {
    struct drawing drawing = {.text = STR_INIT};
    enum format format = choose_format(context);
    int result;

    if (format == FORMAT_NONE)
        return EXIT_USAGE;
    result = draw(context, &drawing, format) || hand_over(context, &drawing, format);
    workspace_close(&drawing.workspace);
    str_free(&drawing.text);
    return result ? EXIT_FAILED : EXIT_DONE;
}
