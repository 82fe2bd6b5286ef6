#include "place.h"

#include <stdlib.h>
#include <string.h>

#include "registry.h"

const struct native natives[] = {
    {"BIGINT", TYPE_INT, CLASS_INT, ON_SQLITE | ON_BOTH_MYSQL, true, true, false, NULL},
    {"INT", TYPE_INT, CLASS_INT, ON_SQLITE, true, true, true, NULL},
    {"TEXT", TYPE_STRING, CLASS_TEXT, ON_SQLITE, true, true, true, NULL},
    {"NVARCHAR(40)", TYPE_STRING, CLASS_TEXT, ON_SQLITE, true, true, false, NULL},
    {"NUMERIC", TYPE_DECIMAL, CLASS_DECIMAL, ON_SQLITE, true, true, false, NULL},
    {"REAL", TYPE_FLOAT, CLASS_FLOAT, ON_SQLITE, true, true, true, NULL},
    {"json", TYPE_STRING, CLASS_OTHER, ON_SQLITE, true, false, false, "'{}'"},
    {"bigint", TYPE_INT, CLASS_INT, ON_POSTGRESQL, true, true, false, NULL},
    {"smallint", TYPE_INT, CLASS_INT, ON_POSTGRESQL | ON_BOTH_MYSQL, true, true, false, NULL},
    {"text", TYPE_STRING, CLASS_TEXT, ON_POSTGRESQL, true, true, false, NULL},
    {"varchar", TYPE_STRING, CLASS_TEXT, ON_POSTGRESQL, true, true, false, NULL},
    {"numeric", TYPE_DECIMAL, CLASS_DECIMAL, ON_POSTGRESQL, true, true, false, NULL},
    {"real", TYPE_FLOAT, CLASS_FLOAT, ON_POSTGRESQL, true, true, false, NULL},
    {"uuid", TYPE_STRING, CLASS_OTHER, ON_POSTGRESQL, true, false, false, "'00000000-0000-4000-8000-000000000000'"},
    {"jsonb", TYPE_STRING, CLASS_OTHER, ON_POSTGRESQL, false, false, false, "'{}'"},
    {"inet", TYPE_STRING, CLASS_OTHER, ON_POSTGRESQL, true, false, false, "'10.1.1.1'"},
    {"interval", TYPE_STRING, CLASS_OTHER, ON_POSTGRESQL, false, false, false, "'1 day'"},
    {"timestamptz", TYPE_UTC, CLASS_STAMP, ON_POSTGRESQL, true, true, false, NULL},
    {"timestamp(3)", TYPE_CIVIL, CLASS_STAMP, ON_POSTGRESQL, true, true, false, NULL},
    {"INT UNSIGNED", TYPE_INT, CLASS_INT, ON_BOTH_MYSQL, true, true, false, NULL},
    {"TEXT", TYPE_STRING, CLASS_TEXT, ON_BOTH_MYSQL, false, false, false, NULL},
    {"LONGTEXT", TYPE_STRING, CLASS_TEXT, ON_BOTH_MYSQL, false, false, false, NULL},
    {"CHAR(36)", TYPE_STRING, CLASS_TEXT, ON_BOTH_MYSQL, true, true, false, NULL},
    {"JSON", TYPE_STRING, CLASS_OTHER, ON_BOTH_MYSQL, false, false, false, "'{}'"},
    {"DATETIME(3)", TYPE_CIVIL, CLASS_STAMP, ON_BOTH_MYSQL, true, true, false, NULL},
    {"FLOAT", TYPE_FLOAT, CLASS_FLOAT, ON_BOTH_MYSQL, true, true, false, NULL},
    {"VARBINARY(40)", TYPE_BYTES, CLASS_BYTES, ON_BOTH_MYSQL, true, false, false, NULL},
};
const size_t native_count = sizeof natives / sizeof *natives;

static const struct {
    const char *name;
    enum place_kind kind;
    const char *datastore;
    const char *variable;
} rows[] = {
    {"sqlite", ON_SQLITE, "sqlite", NULL},
    {"postgresql", ON_POSTGRESQL, "postgresql", "PERSIST_TEST_POSTGRESQL"},
    {"postgresql18", ON_POSTGRESQL, "postgresql", "PERSIST_TEST_POSTGRESQL18"},
    {"mariadb", ON_MARIADB, "mariadb", "PERSIST_TEST_MARIADB"},
    {"mysql", ON_MYSQL, "mysql", "PERSIST_TEST_MYSQL"},
};

/* Asks the server which version it is. */
static int ask_version(struct arena *arena, struct place *place, struct diag *diag) {
    struct db *db = place->target.dialect->driver->open_scratch(place->url, diag);

    if (!db)
        return -1;
    place->target.version = db_head(db)->version;
    place->target.flavor = db_head(db)->flavor;
    place->url = arena_strdup(arena, place->url);
    db_close(db);
    return 0;
}

int place_open(struct arena *arena, const char *name, const char *url, struct place *place, struct diag *diag) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (strcmp(rows[i].name, name) != 0)
            continue;
        *place = (struct place){.kind = rows[i].kind, .name = rows[i].name, .url = url};
        place->target.dialect = registry_dialect(rows[i].datastore);
        place->target.comments = true;
        if (!url && rows[i].variable && !(place->url = getenv(rows[i].variable)))
            return 1;
        return ask_version(arena, place, diag);
    }
    return diag_fail(diag, "there is no place \"%s\"; there are sqlite, postgresql, postgresql18, mariadb and mysql", name);
}
