#include "model.h"
#include "output.h"
#include "project.h"
#include "registry.h"
#include "workspace.h"

static int check_strict(struct context *context, const struct model_place *place) {
    const char *datastore = context->options.datastore ? context->options.datastore : place->config->datastore;
    struct model_options options = {.strict = true, .datastore = datastore ? datastore : "mysql", .comments = true};
    struct source *source = source_read(&context->arena, place->file, &context->diag);

    return source ? model_check(source, &options, &context->diag) : -1;
}

/* Lowered and normalized too: what the datastore cannot hold is a mistake of the model. */
static int check(struct context *context, const struct project *project, const struct model_place *place) {
    struct workspace workspace = {.place = place};
    const struct schema *schema;

    if (project_target(context, project, place, &workspace.target))
        return -1;
    schema = workspace_model(context, &workspace);
    return schema && workspace_normalize(context, &workspace.target, schema) ? 0 : -1;
}

enum exit_code cmd_validate(struct context *context) {
    struct project project;
    const struct model_place *place;

    if (project_open(context, &project))
        return EXIT_FAILED;
    place = project_model(context, &project);
    if (!place || (context->options.strict ? check_strict(context, place) : check(context, &project, place)))
        return EXIT_FAILED;
    if (context->options.json) {
        output_diagnostics_json(context);
        context->diag.list.count = 0;
    }
    say(context, "%s: valid", place->file);
    return EXIT_DONE;
}
