#include "pulled.h"

#include <string.h>

#include "client_script.h"
#include "declare.h"
#include "file.h"
#include "journal.h"
#include "lease.h"
#include "progress.h"

struct names pulled_globs(struct arena *arena, char **list) {
    VEC(const char *) globs = {0};

    for (; list && *list; list++)
        for (const char *at = *list; *at;) {
            size_t length = strcspn(at, ",");

            if (length)
                vec_push(arena, &globs, arena_strndup(arena, at, length));
            at += length + (at[length] == ',');
        }
    return (struct names){globs.at, globs.count};
}

/* The globs of --exclude, and the tables that are persist's own: they are never part of a model. */
static struct names excluded(struct context *context, const char *setting) {
    struct journal journal = {.place = journal_place(&context->arena, setting)};
    struct entity lock = journal_neighbor(&journal, LEASE_TABLE);
    struct names given = pulled_globs(&context->arena, context->options.exclude);
    struct names all = {ARENA_ARRAY(&context->arena, const char *, given.count + 2), given.count + 2};

    for (size_t i = 0; i < given.count; i++)
        all.at[i] = given.at[i];
    all.at[given.count] = journal_glob(&context->arena, &journal.place);
    all.at[given.count + 1] = journal_glob(&context->arena, &lock);
    return all;
}

int pulled_read(struct context *context, const struct connection *opened, const struct target *target, struct pulled *pulled) {
    struct scope scope = {
        .tables = pulled_globs(&context->arena, context->options.tables),
        .exclude = excluded(context, pulled->journal),
        .namespaces = pulled_globs(&context->arena, context->options.schemas),
        .privileges = context->options.privileges || pulled->privileges,
    };
    struct entity place = journal_place(&context->arena, pulled->journal);
    struct schema *found;

    progress_step(context, "reading the catalog of the database");
    pulled->target = connection_target(opened, target);
    found = opened->dialect->introspect(opened->db, &scope, &context->arena, &context->diag);
    if (!found)
        return -1;
    journal_hide(&context->arena, &place, found);
    pulled->found = found;
    return 0;
}

bool pulled_has_privileges(const struct schema *schema) {
    for (size_t i = 0; schema && i < schema->object_count; i++)
        if (strcmp(schema->objects[i]->kind, "privilege") == 0)
            return true;
    return false;
}

void pulled_declare(struct context *context, struct pulled *pulled, const struct schema *known) {
    pulled->declared = schema_declare(&context->arena, pulled->found, &pulled->target, known);
}

int pulled_run_script(struct context *context, const char *file, const char *scratch_url, struct connection *connection) {
    const struct dialect *dialect = connection->dialect;
    struct str sql = STR_INIT;
    char *text;
    size_t length;
    int found = file_read(&context->arena, file, &text, &length, &context->diag);

    if (found)
        return found < 0 ? -1 : diag_fail(&context->diag, "there is no file \"%s\"", file);
    if (!scratch_url && !dialect->scratch_in_memory) {
        diag_fail(&context->diag, "a script for %s is run on a server, and none is named for that", dialect->title);
        diag_hint(&context->diag, "write --scratch URL, or scratch = \"URL\" into the model's entry of the configuration");
        return -1;
    }
    progress_step(context, "running the script in a scratch database");
    connection->db = dialect->driver->open_scratch(scratch_url, &context->diag);
    client_script_print(text, dialect, &sql);
    found = connection->db ? db_exec(connection->db, sql.text, &context->diag) : -1;
    str_free(&sql);
    return found;
}
