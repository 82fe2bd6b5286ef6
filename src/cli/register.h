/* Registering a model in the configuration. */
#ifndef PERSIST_REGISTER_H
#define PERSIST_REGISTER_H

#include "project.h"

struct registration {
    const char *datastore; /* NULL: SQLite */
    const char *flavor;    /* "mysql" of the datastore mysql; NULL: not said */
    const char *version;   /* of the server; NULL: the oldest */
    const char *url;       /* of the model's database; NULL: not said */
};

/* Can the entry of PLACE be made: is there such a datastore, and no such entry yet? 0, or -1 reported. */
int register_check(struct context *context, const struct project *project, const struct model_place *place,
                   const struct registration *registration);

/* Appends the entry of PLACE to persist.toml, or to Ballerina.toml where only that is there. An entry that is there already is an error.
 * 0, or -1 reported. With --dry-run the text is printed instead. */
int register_model(struct context *context, const struct project *project, const struct model_place *place,
                   const struct registration *registration);

#endif
