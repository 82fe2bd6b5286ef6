#include <string.h>

#include "file.h"
#include "git_setup.h"
#include "output.h"
#include "register.h"
#include "setup.h"

static const char example[] = "import ballerina/persist as _;\n"
                              "import ballerina/time;\n"
                              "\n"
                              "// An example to change: every record is a table, every field a column.\n"
                              "\n"
                              "public type Customer record {|\n"
                              "    readonly int id;\n"
                              "    string name;\n"
                              "    string? email;\n"
                              "    Invoice[] invoices;\n"
                              "|};\n"
                              "\n"
                              "public type Invoice record {|\n"
                              "    readonly int id;\n"
                              "    string number;\n"
                              "    time:Date due;\n"
                              "    decimal amount;\n"
                              "    Customer customer;\n"
                              "|};\n";

/* What is set up around a project that is there; all that was asked for is tried. */
static int set_up(struct context *context, const struct project *project) {
    const struct command_options *options = &context->options;
    int result = options->git ? git_setup(context, project) : 0;
    const char *pipeline = NULL, *hook = NULL;

    if (options->ci && setup_ci(context, project, &pipeline))
        result = -1;
    if (options->hooks && setup_hooks(context, project, &hook))
        result = -1;
    if (options->json && result == 0)
        output_json(context, json_pack("{s:s?, s:s?, s:s?}", "attributes", options->git ? ".gitattributes" : NULL, "pipeline", pipeline,
                                       "hook", hook));
    return result;
}

static int run(struct context *context) {
    const char *name = context->options.argument_count ? context->options.arguments[0] : context->options.model;
    struct registration registration = {.datastore = context->options.datastore};
    struct project project;
    struct model_place place;
    bool has_entry;

    name = name ? name : "model";
    if (!project_is_model_name(name)) {
        diag_fail(&context->diag, "\"%s\" is no name for a model", name);
        diag_hint(&context->diag, "use a letter, then letters, digits, \"_\" and \"-\"; not \"migrations\"");
        return -1;
    }
    if (project_open_or_begin(context, &project))
        return -1;
    if (context->options.git || context->options.hooks || context->options.ci)
        return set_up(context, &project);
    place = project_new_place(&context->arena, &project, name);
    for (size_t i = 0; i < project.models.count; i++)
        if (strcmp(project.models.at[i].name, name) == 0)
            return diag_fail(&context->diag, "the model \"%s\" is there already: \"%s\"", name, project.models.at[i].file);
    has_entry = config_model(&project.config, name, place.file) != NULL;
    if (!has_entry && register_check(context, &project, &place, &registration))
        return -1;
    /* The configuration comes last: what it names is there. */
    if (!context->options.dry_run &&
        (file_make_folder("persist", &context->diag) || file_write(place.file, example, sizeof example - 1, &context->diag)))
        return -1;
    if (!has_entry && register_model(context, &project, &place, &registration))
        return -1;
    if (context->options.json)
        output_json(context, json_pack("{s:s, s:s}", "model", name, "file", place.file));
    say(context, "%s: an example to change; then run \"persist migrate --model %s\"", place.file, name);
    return 0;
}

enum exit_code cmd_init(struct context *context) {
    return run(context) ? EXIT_FAILED : EXIT_DONE;
}
