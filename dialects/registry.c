#include "registry.h"

#include <string.h>

#include "cost.h"
#include "mysql.h"
#include "postgresql.h"
#include "sqlite.h"

/* Every name under which a database is known: in options.datastore and as the scheme of a URL. */
static const struct {
    const char *name;
    const struct dialect *dialect;
} registry[] = {
    {"sqlite", &dialect_sqlite}, {"postgresql", &dialect_postgresql}, {"postgres", &dialect_postgresql},
    {"mysql", &dialect_mysql},   {"mariadb", &dialect_mysql},
};

static const struct dialect *find(const char *name, size_t length) {
    for (size_t i = 0; i < sizeof registry / sizeof *registry; i++)
        if (strlen(registry[i].name) == length && strncmp(registry[i].name, name, length) == 0)
            return registry[i].dialect;
    return NULL;
}

const struct dialect *registry_dialect(const char *datastore) {
    return find(datastore, strlen(datastore));
}

const struct dialect *registry_dialect_of_url(const char *url) {
    size_t length = strcspn(url, ":");
    const struct dialect *dialect = url[length] ? find(url, length) : NULL;

    if (dialect || strstr(url, "://"))
        return dialect;
    return &dialect_sqlite;
}

const char *registry_names(void) {
    return "sqlite, postgresql, mysql, mariadb";
}

const struct hazard_rule *registry_rule(size_t index) {
    static const struct dialect *const dialects[] = {&dialect_postgresql, &dialect_mysql, &dialect_sqlite};

    if (index < hazard_rule_count)
        return &hazard_rules[index];
    index -= hazard_rule_count;
    for (size_t i = 0; i < sizeof dialects / sizeof *dialects; i++) {
        if (index < dialects[i]->cost_rule_count)
            return &dialects[i]->cost_rules[index].rule;
        index -= dialects[i]->cost_rule_count;
    }
    return NULL;
}
