/* The user's project: its folder, its models and their configuration. */
#ifndef PERSIST_PROJECT_H
#define PERSIST_PROJECT_H

#include "command.h"
#include "config.h"
#include "dialect.h"

/* One model and where everything of it lies; paths are relative to the project's folder, which is the current one after project_open(). */
struct model_place {
    const char *name;
    const char *file;                  /* persist/billing.bal */
    const char *migrations;            /* persist/migrations/billing */
    const char *foreign;               /* where bal persist's own migrations would lie */
    const char *generated;             /* generated/billing */
    const struct model_config *config; /* never NULL: an empty entry where there is none */
};

struct project {
    const char *folder;     /* absolute */
    const char *started_in; /* the absolute folder the user was in */
    bool is_new;            /* there is none yet: project_open_or_begin() */
    struct config config;
    VEC(struct model_place) models; /* by name */
};

/* Finds the project at or above the current folder (it has a persist folder, a persist.toml or a Ballerina.toml), goes there, and reads
 * its configuration and the names of its models. 0, or -1 reported. */
int project_open(struct context *context, struct project *project);

/* The same; where there is none, the current folder becomes the folder of a new one without models. */
int project_open_or_begin(struct context *context, struct project *project);

/* The model that --model means; without it the only one, or the default "model". NULL when reported. */
const struct model_place *project_model(struct context *context, const struct project *project);

/* The models that are meant where a command can do several: that of --model, else all. *FIRST of COUNT; 0 when reported. */
size_t project_models(struct context *context, const struct project *project, const struct model_place **first);

/* The places of the model NAME, whether it exists or not; in the layout persist/NAME.bal. */
struct model_place project_new_place(struct arena *arena, const struct project *project, const char *name);

/* Is NAME fit for a model: a letter, then letters, digits, "_" and "-", not "migrations"? */
bool project_is_model_name(const char *name);

/* The database that the model is for: --datastore, else the configuration, else SQLite. -1 reported when there is no such one. */
int project_target(struct context *context, const struct project *project, const struct model_place *place, struct target *target);

/* A URL of the configuration: "env:NAME" becomes the value of NAME; *URL is NULL where nothing is said. -1 reported. */
int project_url(struct context *context, const char *setting, const char **url);

#endif
