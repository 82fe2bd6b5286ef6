/* The only place that names the databases. */
#ifndef PERSIST_REGISTRY_H
#define PERSIST_REGISTRY_H

#include "dialect.h"

/* By the value of options.datastore ("sqlite", "postgresql", "mysql"; "mariadb" is mysql); NULL when there is none. */
const struct dialect *registry_dialect(const char *datastore);

/* By the scheme of URL; a plain path is SQLite's. NULL when there is none. */
const struct dialect *registry_dialect_of_url(const char *url);

/* "sqlite, postgresql, mysql", for messages. */
const char *registry_names(void);

/* The rows of the catalogue of hazards, of all databases, by number; NULL behind the last. A code may come more than once. */
const struct hazard_rule *registry_rule(size_t index);

#endif
