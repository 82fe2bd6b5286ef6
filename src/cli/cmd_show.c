#include "model.h"
#include "output.h"
#include "revision.h"

static int run(struct context *context, struct workspace *workspace, struct str *text) {
    const char *rev = context->options.argument_count ? context->options.arguments[0] : "snapshot";
    const struct schema *schema;

    if (workspace_open(context, workspace))
        return -1;
    schema = revision_schema(context, workspace, rev);
    if (!schema)
        return -1;
    if (context->options.sql) {
        if (whole_script(context, workspace, schema, text))
            return -1;
    } else
        model_print(schema, text);
    if (context->options.json)
        output_json(context, json_pack("{s:s, s:s, s:s}", "model", workspace->place->name, "rev", rev, "text", text->text));
    else
        fputs(text->text, context->out);
    return 0;
}

enum exit_code cmd_show(struct context *context) {
    struct workspace workspace = {0};
    struct str text = STR_INIT;
    int result = run(context, &workspace, &text);

    workspace_close(&workspace);
    str_free(&text);
    return result ? EXIT_FAILED : EXIT_DONE;
}
