#include "project.h"

#include <ctype.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "registry.h"

static const char models_folder[] = "persist";
static const char default_model[] = "model";
static const char *const config_names[] = {"persist.toml", "Ballerina.toml"};

bool project_is_model_name(const char *name) {
    if (!isalpha((unsigned char)*name) || strcmp(name, "migrations") == 0 || strlen(name) > 100)
        return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && *name != '_' && *name != '-')
            return false;
    return true;
}

/* The model's name in the file name NAME.bal, or NULL. */
static const char *stem(struct arena *arena, const char *file) {
    size_t length = strlen(file);

    return length > 4 && strcmp(file + length - 4, ".bal") == 0 ? arena_strndup(arena, file, length - 4) : NULL;
}

/* Does the "persist" folder of FOLDER hold models or migrations? It may be anything of that name, as a clone of this program. */
static bool holds_models(struct arena *arena, const char *folder) {
    const char *path = file_join(arena, folder, models_folder);
    struct diag quiet = {.arena = arena};
    const char **names;
    size_t count;

    if (file_list(arena, path, &names, &count, &quiet))
        return false;
    for (size_t i = 0; i < count; i++)
        if (stem(arena, names[i]) || strcmp(names[i], "migrations") == 0 ||
            file_exists(file_join(arena, file_join(arena, path, names[i]), "model.bal")))
            return true;
    return false;
}

/* HERE: it is the folder that the person is in, where the folder for models may still be empty. */
static bool is_project(struct arena *arena, const char *folder, bool here) {
    if (here ? file_is_folder(file_join(arena, folder, models_folder)) : holds_models(arena, folder))
        return true;
    for (size_t i = 0; i < sizeof config_names / sizeof *config_names; i++)
        if (file_exists(file_join(arena, folder, config_names[i])))
            return true;
    return false;
}

static int find_folder(struct context *context, struct project *project) {
    char path[PATH_MAX];
    char *slash;

    if (!getcwd(path, sizeof path))
        return diag_fail(&context->diag, "the current folder is gone");
    project->started_in = arena_strdup(&context->arena, path);
    while (!is_project(&context->arena, path, strcmp(path, project->started_in) == 0)) {
        slash = strrchr(path, '/');
        if (!slash || slash == path) {
            diag_fail(&context->diag,
                      "no project here: neither \"%s\" nor a folder above it has a \"persist\" folder, a persist.toml or a "
                      "Ballerina.toml",
                      project->started_in);
            diag_hint(&context->diag, "start one with \"persist init billing\"");
            return -1;
        }
        *slash = '\0';
    }
    project->folder = arena_strdup(&context->arena, path);
    return chdir(path) ? diag_fail(&context->diag, "cannot go to \"%s\"", path) : 0;
}

/* persist.toml counts before Ballerina.toml; of two files only the first that has entries is read. */
static int read_config(struct context *context, struct project *project) {
    for (size_t i = 0; i < sizeof config_names / sizeof *config_names; i++) {
        struct source *source;

        if (!file_exists(config_names[i]))
            continue;
        source = source_read(&context->arena, config_names[i], &context->diag);
        if (!source || config_parse(&context->arena, source, &project->config, &context->diag))
            return -1;
        if (project->config.models.count)
            return 0;
    }
    return 0;
}

static void add_place(struct context *context, struct project *project, struct model_place place) {
    static const struct model_config empty;

    place.config = config_model(&project->config, place.name, place.file);
    if (!place.config)
        place.config = &empty;
    vec_push(&context->arena, &project->models, place);
}

struct model_place project_new_place(struct arena *arena, const struct project *project, const char *name) {
    static const struct model_config empty;
    struct model_place place = {
        .name = name,
        .file = arena_printf(arena, "persist/%s.bal", name),
        .migrations = arena_printf(arena, "persist/migrations/%s", name),
        .foreign = strcmp(name, default_model) == 0 ? "persist/migrations" : NULL,
        .generated = arena_printf(arena, "generated/%s", name),
    };

    place.config = config_model(&project->config, name, place.file);
    if (!place.config)
        place.config = &empty;
    return place;
}

/* bal persist's layout: a folder per model. */
static struct model_place folder_place(struct arena *arena, const char *name) {
    const char *migrations = arena_printf(arena, "persist/%s/migrations", name);

    return (struct model_place){
        .name = name,
        .file = arena_printf(arena, "persist/%s/model.bal", name),
        .migrations = migrations,
        .foreign = migrations,
        .generated = arena_printf(arena, "generated/%s", name),
    };
}

static int find_models(struct context *context, struct project *project) {
    struct arena *arena = &context->arena;
    const char **names;
    size_t count;

    if (file_list(arena, models_folder, &names, &count, &context->diag))
        return context->diag.errors ? -1 : 0;
    for (size_t i = 0; i < count; i++) {
        const char *path = file_join(arena, models_folder, names[i]);
        const char *name = stem(arena, names[i]);

        if (name && project_is_model_name(name) && !file_is_folder(path))
            add_place(context, project, project_new_place(arena, project, name));
        else if (project_is_model_name(names[i]) && file_exists(file_join(arena, path, "model.bal")))
            add_place(context, project, folder_place(arena, names[i]));
    }
    return 0;
}

static int compare_places(const void *a, const void *b) {
    return strcmp(((const struct model_place *)a)->name, ((const struct model_place *)b)->name);
}

static int check_models(struct context *context, struct project *project) {
    struct model_place *at = project->models.at;

    if (project->models.count)
        qsort(at, project->models.count, sizeof *at, compare_places);
    for (size_t i = 1; i < project->models.count; i++)
        if (strcmp(at[i - 1].name, at[i].name) == 0)
            return diag_fail(&context->diag, "the model \"%s\" is there twice: \"%s\" and \"%s\"; remove or rename one", at[i].name,
                             at[i - 1].file, at[i].file);
    return 0;
}

int project_open(struct context *context, struct project *project) {
    *project = (struct project){0};
    if (find_folder(context, project) || read_config(context, project) || find_models(context, project))
        return -1;
    return check_models(context, project);
}

int project_open_or_begin(struct context *context, struct project *project) {
    struct diag ignored = {.arena = &context->arena};
    struct diag kept = context->diag;
    char folder[PATH_MAX];
    int result;

    context->diag = ignored;
    result = project_open(context, project);
    if (result == 0 || project->folder) {
        ignored = context->diag;
        context->diag = result ? ignored : kept;
        return result;
    }
    context->diag = kept;
    if (!getcwd(folder, sizeof folder))
        return diag_fail(&context->diag, "the current folder is gone");
    project->folder = project->started_in = arena_strdup(&context->arena, folder);
    project->is_new = true;
    return 0;
}

static const char *list_models(struct arena *arena, const struct project *project) {
    struct str out = STR_INIT;
    const char *text;

    for (size_t i = 0; i < project->models.count; i++)
        str_addf(&out, "%s%s", i ? ", " : "", project->models.at[i].name);
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

static const struct model_place *find_place(const struct project *project, const char *name) {
    for (size_t i = 0; i < project->models.count; i++)
        if (strcmp(project->models.at[i].name, name) == 0)
            return &project->models.at[i];
    return NULL;
}

static const struct model_place *no_such_model(struct context *context, const struct project *project, const char *what) {
    diag_fail(&context->diag, "there is no model \"%s\" in \"%s/persist\"", what, project->folder);
    if (project->models.count)
        diag_hint(&context->diag, "the models here are: %s", list_models(&context->arena, project));
    else
        diag_hint(&context->diag, "make one with \"persist init NAME\"");
    return NULL;
}

/* A model by its file: it must be one of the project's. */
static const struct model_place *place_of_file(struct context *context, const struct project *project, const char *file) {
    char wanted[PATH_MAX];
    char known[PATH_MAX];

    if (!realpath(*file == '/' ? file : file_join(&context->arena, project->started_in, file), wanted))
        return no_such_model(context, project, file);
    for (size_t i = 0; i < project->models.count; i++)
        if (realpath(project->models.at[i].file, known) && strcmp(known, wanted) == 0)
            return &project->models.at[i];
    return no_such_model(context, project, file);
}

const struct model_place *project_model(struct context *context, const struct project *project) {
    const char *wanted = context->options.model;
    const struct model_place *place;

    if (wanted && (strchr(wanted, '/') || strchr(wanted, '.')))
        return place_of_file(context, project, wanted);
    if (wanted) {
        place = find_place(project, wanted);
        return place ? place : no_such_model(context, project, wanted);
    }
    if (project->models.count == 1)
        return &project->models.at[0];
    place = find_place(project, default_model);
    if (place)
        return place;
    if (project->models.count) {
        diag_fail(&context->diag, "several models: %s", list_models(&context->arena, project));
        diag_hint(&context->diag, "name one with --model, as in \"persist %s --model %s\"", context->command->name,
                  project->models.at[0].name);
    } else {
        diag_fail(&context->diag, "no model in \"%s/persist\"", project->folder);
        diag_hint(&context->diag, "make one with \"persist init billing\"");
    }
    return NULL;
}

size_t project_models(struct context *context, const struct project *project, const struct model_place **first) {
    *first = context->options.model || !project->models.count ? project_model(context, project) : project->models.at;
    return !*first ? 0 : context->options.model ? 1 : project->models.count;
}

static enum flavor flavor_of(const char *datastore, const char *flavor) {
    const char *name = flavor ? flavor : datastore;

    return strcmp(name, "mariadb") == 0 ? FLAVOR_MARIADB : flavor && strcmp(flavor, "mysql") == 0 ? FLAVOR_MYSQL : FLAVOR_NONE;
}

/* "15" → 150000 where the first number tells all, "10.11.19" → 101119. -1 when TEXT is no version. */
static int version_number(const struct dialect *dialect, const char *text) {
    long parts[3] = {0};
    size_t count = 0;
    char *end = NULL;

    for (const char *at = text; count < 3 && isdigit((unsigned char)*at); at = end + 1) {
        parts[count++] = strtol(at, &end, 10);
        if (*end != '.')
            break;
    }
    if (!count || *end || parts[0] > 1000 || parts[1] > 99 || parts[2] > 99)
        return -1;
    return (int)(dialect->major_alone ? parts[0] * 10000 + parts[1] : parts[0] * 10000 + parts[1] * 100 + parts[2]);
}

/* The version that the configuration says; else the oldest one. */
static int target_version(struct context *context, const struct project *project, const struct model_place *place, struct target *target) {
    const char *said = context->options.datastore ? NULL : place->config->version;

    target->version = said ? version_number(target->dialect, said) : target->dialect->baseline_version;
    if (target->version >= 0)
        return 0;
    diag_error(&context->diag, project->config.source, place->config->at, 0, "options.version \"%s\" is no version", said);
    diag_hint(&context->diag, "write it as in \"15\" or \"10.11.4\"");
    return -1;
}

int project_target(struct context *context, const struct project *project, const struct model_place *place, struct target *target) {
    const char *datastore = context->options.datastore ? context->options.datastore : place->config->datastore;

    datastore = datastore ? datastore : "sqlite";
    *target = (struct target){.dialect = registry_dialect(datastore), .comments = !place->config->no_comments};
    if (!target->dialect) {
        if (context->options.datastore)
            diag_fail(&context->diag, "there is no datastore \"%s\"", datastore);
        else
            diag_error(&context->diag, project->config.source, place->config->at, 0, "\"%s\" is no datastore that persist writes SQL for",
                       datastore);
        diag_hint(&context->diag, "it can be: %s", registry_names());
        return -1;
    }
    target->flavor = flavor_of(datastore, place->config->flavor);
    target->online = place->config->online || context->options.online;
    target->concurrently = target->online || place->config->concurrently || context->options.concurrently;
    return target_version(context, project, place, target);
}

int project_url(struct context *context, const char *setting, const char **url) {
    *url = setting;
    if (!setting || strncmp(setting, "env:", 4) != 0)
        return 0;
    *url = getenv(setting + 4);
    if (*url && **url)
        return 0;
    diag_fail(&context->diag, "the URL is in the environment variable \"%s\", which is not set", setting + 4);
    diag_hint(&context->diag, "set it, as in %s=postgresql://user@host/database", setting + 4);
    return -1;
}
