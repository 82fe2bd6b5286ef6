#include <fnmatch.h>
#include <string.h>

#include "file.h"
#include "model.h"
#include "progress.h"
#include "pull.h"
#include "registry.h"

/* The model that is meant: one that exists, or a new one. */
static int find_place(struct context *context, struct pull *pull) {
    const struct project *project = &pull->workspace.project;
    const char *wanted = context->options.model;
    const struct model_place *found = NULL;

    pull->workspace.place = &pull->place;
    if (wanted && project_is_model_name(wanted)) {
        pull->place = project_new_place(&context->arena, project, wanted);
        for (size_t i = 0; i < project->models.count; i++)
            if (strcmp(project->models.at[i].name, wanted) == 0)
                pull->place = project->models.at[i];
        return 0;
    }
    if (!wanted && !project->models.count) {
        pull->place = project_new_place(&context->arena, project, "model");
        return 0;
    }
    found = project_model(context, project);
    if (found)
        pull->place = *found;
    return found ? 0 : -1;
}

/* A model is for one database; --datastore and the URL must agree with what the configuration says. */
static int check_datastore(struct context *context, const struct pull *pull) {
    const char *configured = pull->place.config->datastore;
    const struct dialect *dialect = pull->connection.dialect;

    if (!configured || registry_dialect(configured) == dialect)
        return 0;
    diag_fail(&context->diag, "the model \"%s\" is for %s by the configuration, and \"%s\" is %s", pull->place.name, configured,
              pull->connection.shown, dialect->title);
    diag_hint(&context->diag, "pull into another model with --model NAME");
    return -1;
}

/* The model as it is, unless it is to be overwritten. */
static int read_known(struct context *context, struct pull *pull) {
    struct model_options options = {.datastore = pull->connection.dialect->name, .comments = !pull->place.config->no_comments};
    struct diag kept = context->diag;
    char *text;
    size_t length;
    int found = file_read(&context->arena, pull->place.file, &text, &length, &context->diag);

    if (found)
        return found < 0 ? -1 : 0;
    str_add_bytes(&pull->old, text, length);
    if (context->options.force)
        return 0;
    pull->source = source_new(&context->arena, pull->place.file, text, length, &context->diag);
    pull->known = pull->source ? model_read(&context->arena, pull->source, &options, &context->diag) : NULL;
    if (pull->known) {
        context->diag = kept; /* what it warns of is told once, of the model as it will be */
        return 0;
    }
    diag_hint(&context->diag, "pull merges into this model when it can be read; --force writes it anew");
    return -1;
}

static bool matches(const struct names *globs, const struct entity *entity) {
    for (size_t i = 0; i < globs->count; i++) {
        const char *glob = globs->at[i];
        const char *dot = strchr(glob, '.');

        if (fnmatch(glob, entity->table, 0) == 0 || (dot && fnmatch(dot + 1, entity->table, 0) == 0))
            return true;
    }
    return false;
}

/* The tables of the database, by name. */
static struct map tables_of(struct arena *arena, const struct schema *found) {
    struct map tables = {0};

    for (size_t i = 0; i < found->entity_count; i++)
        map_put(arena, &tables, found->entities[i]->table, found->entities[i]);
    return tables;
}

/* --tables and --exclude must leave no table out that the model has: it would go from the model, and not because the database lost it. */
static int check_scope(struct context *context, const struct pull *pull) {
    struct names tables = pulled_globs(&context->arena, context->options.tables);
    struct names exclude = pulled_globs(&context->arena, context->options.exclude);
    struct map found = tables_of(&context->arena, pull->pulled.found);

    for (size_t i = 0; pull->known && i < pull->known->entity_count; i++) {
        const struct entity *entity = pull->known->entities[i];
        bool outside = (tables.count && !matches(&tables, entity)) || matches(&exclude, entity);

        if (!outside || map_get(&found, entity->table))
            continue;
        diag_fail(&context->diag, "the model has \"%s\", and --%s leaves its table \"%s\" out", entity->name,
                  tables.count ? "tables" : "exclude", entity->table);
        diag_hint(&context->diag, "name the tables of the whole model, pull into another one with --model, or --force to write it anew");
        return -1;
    }
    return 0;
}

/* A model none of whose tables is there is the model of another database. */
static int check_same_database(struct context *context, const struct pull *pull) {
    const struct schema *known = pull->known;
    struct map found = tables_of(&context->arena, pull->pulled.found);
    size_t count = 0;

    for (size_t i = 0; known && i < known->entity_count; i++)
        count += map_get(&found, known->entities[i]->table) != NULL;
    if (count || !known || !known->entity_count)
        return 0;
    diag_fail(&context->diag, "none of the %zu tables of \"%s\" is in this database: is it the right one?", known->entity_count,
              pull->place.file);
    diag_hint(&context->diag, "pull into another model with --model NAME, or --force to write this one anew");
    return -1;
}

/* A name or glob that fits nothing is a typing mistake. */
static int check_globs(struct context *context, const struct pull *pull) {
    struct names tables = pulled_globs(&context->arena, context->options.tables);

    for (size_t i = 0; i < tables.count; i++) {
        struct names one = {&tables.at[i], 1};
        bool found = false;

        for (size_t k = 0; k < pull->pulled.found->entity_count && !found; k++)
            found = matches(&one, pull->pulled.found->entities[k]);
        if (!found)
            return diag_fail(&context->diag, "--tables \"%s\" fits no table of the database", tables.at[i]);
    }
    if (!pull->pulled.found->entity_count)
        diag_warning(&context->diag, NULL, (struct span){0, 0}, 0, "the database has no tables");
    return 0;
}

/* Connects, or makes the database that --sql FILE describes. */
static int open_database(struct context *context, struct pull *pull) {
    const struct project *project = &pull->workspace.project;
    const char *file = context->options.script;
    const char *datastore = context->options.datastore ? context->options.datastore : pull->place.config->datastore;
    const char *scratch;

    progress_step(context, "connecting");
    if (!file)
        return connection_of_options(context, project, &pull->place, &pull->connection) || check_datastore(context, pull) ||
                       connection_open(context, &pull->connection)
                   ? -1
                   : 0;
    pull->connection.dialect = registry_dialect(datastore ? datastore : "sqlite");
    pull->connection.shown = file;
    if (!pull->connection.dialect)
        return diag_fail(&context->diag, "there is no datastore \"%s\"; it can be: %s", datastore, registry_names());
    if (*file != '/')
        file = file_join(&context->arena, project->started_in, file);
    if (check_datastore(context, pull) || connection_scratch(context, &pull->place, pull->connection.dialect, &scratch))
        return -1;
    return pulled_run_script(context, file, scratch, &pull->connection);
}

static int run(struct context *context, struct pull *pull) {
    struct target options = {0};

    if (project_open_or_begin(context, &pull->workspace.project) || find_place(context, pull) || open_database(context, pull) ||
        read_known(context, pull))
        return -1;
    options.comments = !pull->place.config->no_comments;
    pull->pulled.privileges = pulled_has_privileges(pull->known);
    pull->pulled.journal = pull->place.config->journal;
    if (pulled_read(context, &pull->connection, &options, &pull->pulled) || check_globs(context, pull) || check_scope(context, pull) ||
        check_same_database(context, pull))
        return -1;
    pulled_declare(context, &pull->pulled, pull->known);
    if (pull_print(context, pull) || (context->options.baseline && pull_plan_baseline(context, pull)) ||
        (!context->options.dry_run && pull_write(context, pull)))
        return -1;
    context_show_messages(context);
    pull_report(context, pull);
    return 0;
}

enum exit_code cmd_pull(struct context *context) {
    struct pull pull = {.old = STR_INIT, .text = STR_INIT};
    int result;

    pull.draft = draft_new(&pull.workspace);
    result = run(context, &pull);
    connection_close(&pull.connection);
    workspace_close(&pull.workspace);
    draft_free(&pull.draft);
    str_free(&pull.old);
    str_free(&pull.text);
    if (result)
        return EXIT_FAILED;
    return pull.pulled.declared->unsupported_count ? EXIT_PENDING : EXIT_DONE;
}
