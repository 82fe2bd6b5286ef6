#include "register.h"

#include <string.h>

#include "file.h"
#include "registry.h"
#include "toml.h"

/* Ballerina wants the module of the client: the package's own unless --module says another. */
static const char *target_module(struct context *context, const char *text) {
    struct source *source = source_new(&context->arena, "Ballerina.toml", text, strlen(text), &context->diag);
    const struct toml_value *root = source ? toml_parse(&context->arena, source, &context->diag) : NULL;
    const struct toml_value *name = root ? toml_get(root, "package.name") : NULL;

    if (context->options.module)
        return context->options.module;
    return name && name->type == TOML_STRING ? name->string : NULL;
}

static bool is_plain(const char *text) {
    return !text || !strpbrk(text, "\"\\\n\r");
}

static const char *datastore_of(const struct registration *registration) {
    return registration->datastore ? registration->datastore : "sqlite";
}

static int check_entry(struct context *context, const struct project *project, const struct model_place *place) {
    const struct model_config *entry = config_model(&project->config, place->name, place->file);

    if (entry) {
        diag_error(&context->diag, project->config.source, entry->at, 0, "the model \"%s\" is registered already", place->name);
        diag_hint(&context->diag, "change its options.datastore there");
        return -1;
    }
    for (size_t i = 0; context->options.id && i < project->config.models.count; i++)
        if (project->config.models.at[i].id && strcmp(project->config.models.at[i].id, context->options.id) == 0)
            return diag_error(&context->diag, project->config.source, project->config.models.at[i].at, 0, "the id \"%s\" is taken",
                              context->options.id);
    return 0;
}

int register_check(struct context *context, const struct project *project, const struct model_place *place,
                   const struct registration *registration) {
    if (!registry_dialect(datastore_of(registration))) {
        diag_fail(&context->diag, "there is no datastore \"%s\"", registration->datastore);
        diag_hint(&context->diag, "it can be: %s", registry_names());
        return -1;
    }
    if (!is_plain(context->options.id) || !is_plain(context->options.module))
        return diag_fail(&context->diag, "--id and --module may not hold quotes or backslashes");
    return check_entry(context, project, place);
}

/* What stands in an entry. */
struct entry {
    const struct model_place *place;
    const struct registration *registration;
    const char *module;
};

static void print_entry(struct context *context, const struct entry *entry, struct str *out) {
    const struct model_place *place = entry->place;
    const char *url = entry->registration->url;

    if (out->length && out->text[out->length - 1] != '\n')
        str_add_char(out, '\n');
    str_addf(out, "%s[[tool.persist]]\n", out->length ? "\n" : "");
    str_addf(out, "id = \"%s\"\n",
             context->options.id ? context->options.id : arena_printf(&context->arena, "generate-%s-client", place->name));
    if (entry->module)
        str_addf(out, "targetModule = \"%s\"\n", entry->module);
    str_addf(out, "model = \"%s\"\nfilePath = \"%s\"\noptions.datastore = \"%s\"\n", place->name, place->file,
             datastore_of(entry->registration));
    if (entry->registration->flavor)
        str_addf(out, "options.flavor = \"%s\"\n", entry->registration->flavor);
    if (entry->registration->version)
        str_addf(out, "options.version = \"%s\"\n", entry->registration->version);
    if (url && is_plain(url))
        str_addf(out, "url = \"%s\"\n", url);
}

int register_model(struct context *context, const struct project *project, const struct model_place *place,
                   const struct registration *registration) {
    bool ballerina = !file_exists("persist.toml") && file_exists("Ballerina.toml");
    const char *path = ballerina ? "Ballerina.toml" : "persist.toml";
    struct entry entry = {.place = place, .registration = registration, .module = context->options.module};
    struct str out = STR_INIT;
    char *old = NULL;
    size_t length = 0;
    int result;

    if (register_check(context, project, place, registration) || file_read(&context->arena, path, &old, &length, &context->diag) < 0)
        return -1;
    if (length)
        str_add_bytes(&out, old, length);
    if (ballerina)
        entry.module = target_module(context, old);
    print_entry(context, &entry, &out);
    if (context->options.dry_run && !context->options.json)
        fputs(out.text + length, context->out);
    result = context->options.dry_run ? 0 : file_write(path, out.text, out.length, &context->diag);
    str_free(&out);
    if (result == 0)
        say(context, "%s: %s for %s", path, place->name, datastore_of(registration));
    return result;
}
