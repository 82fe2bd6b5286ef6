#include "sides.h"

#include <string.h>

#include "loosen.h"
#include "progress.h"
#include "revision.h"
#include "run.h"

/* --- a model's side, as a server would print it --- */

/* Makes SCHEMA (declared) in the scratch database DB. 0, or -1 reported. */
static int make_in(struct context *context, const struct schema *schema, const struct target *target, struct db *db) {
    struct renames none = {0};
    struct plan_request request = {.from = empty_schema(&context->arena), .renames = &none, .rules = &target->dialect->rules};
    struct target exact = *target;
    struct script script = {.arena = &context->arena};

    exact.table_count = schema->entity_count;
    exact.flavor = db_head(db)->flavor;
    exact.version = db_head(db)->version;
    request.to = workspace_normalize(context, &exact, schema);
    if (!request.to)
        return -1;
    exact.dialect->emit(plan_make(&context->arena, &request), &exact, &script);
    return script_run(db, &script, &exact.dialect->style, &context->diag);
}

/* What a scratch database holds in which SCHEMA was made; NULL with why in *WHY when it cannot be made there. */
static const struct schema *seen_on_scratch(struct context *context, const struct schema *schema, const struct target *target,
                                            const char *url) {
    struct db *db = target->dialect->driver->open_scratch(url, &context->diag);
    const struct schema *found = NULL;

    if (db && make_in(context, schema, target, db) == 0)
        found = target->dialect->introspect(db, NULL, &context->arena, &context->diag);
    db_close(db);
    return found;
}

/* The version as a scratch database prints it, or NULL with the reason in pairing->loosely. What goes wrong there is no error of the
 * command. */
static const struct schema *version_seen(struct context *context, const struct workspace *workspace, const struct target *target,
                                         struct pairing *pairing) {
    static const struct model_config nothing;
    static const struct model_place nowhere = {.config = &nothing};
    const struct dialect *dialect = target->dialect;
    struct diag kept = context->diag;
    const struct schema *found;
    const char *url = NULL;

    if (connection_scratch(context, workspace->place ? workspace->place : &nowhere, dialect, &url))
        return NULL;
    if (!url && !dialect->scratch_in_memory) {
        pairing->loosely = "no scratch server is configured";
        return NULL;
    }
    context->diag = (struct diag){.arena = &context->arena};
    found = seen_on_scratch(context, pairing->schema, target, url);
    if (!found)
        pairing->loosely = arena_printf(&context->arena, "the model cannot be made on a scratch database: %s",
                                        context->diag.list.count ? context->diag.list.at[0].message : "it failed");
    context->diag = kept;
    return found;
}

int sides_pair(struct context *context, const struct workspace *workspace, struct pulled *pulled, struct pairing *pairing) {
    struct pulled version = {.target = pulled->target};
    size_t errors = context->diag.errors;

    pairing->loosely = NULL;
    pairing->version = pairing->schema;
    version.found = version_seen(context, workspace, &pulled->target, pairing);
    if (context->diag.errors > errors)
        return -1;
    pulled_declare(context, pulled, pairing->schema);
    if (version.found) {
        pulled_declare(context, &version, pairing->schema);
        pairing->version = version.declared;
    } else {
        pulled->declared = loosen(&context->arena, pulled->declared, pairing->schema);
    }
    return 0;
}

/* --- the two sides --- */

static int find_database(struct context *context, const struct workspace *workspace, struct side *side) {
    side->is_database = connection_is_named(context, &workspace->project, side->name);
    if (!side->is_database)
        return 0;
    if (connection_find(context, &workspace->project, side->name, &side->connection))
        return -1;
    side->name = side->connection.shown;
    return 0;
}

/* OTHER is the side that it will be compared with. */
static int read_database(struct context *context, const struct workspace *workspace, struct side *side, const struct side *other) {
    const struct dialect *wanted = workspace->target.dialect;

    if (!side->is_database)
        return 0;
    if (workspace->place && wanted != side->connection.dialect)
        return diag_fail(&context->diag, "\"%s\" is %s, and the model \"%s\" is for %s", side->name, side->connection.dialect->title,
                         workspace->place->name, wanted->title);
    side->pulled.privileges = pulled_has_privileges(other->schema);
    progress_step(context, "connecting");
    if (connection_open(context, &side->connection))
        return -1;
    return pulled_read(context, &side->connection, &workspace->target, &side->pulled);
}

static int read_version(struct context *context, struct workspace *workspace, struct side *side) {
    if (!side->is_database)
        side->schema = revision_schema(context, workspace, side->name);
    return side->is_database || side->schema ? 0 : -1;
}

/* A project is needed where a version of a model is one of the sides. */
static int open_workspace(struct context *context, struct workspace *workspace, struct sides *sides) {
    bool both = sides->from.is_database && sides->to.is_database;

    if (!both)
        return workspace->project.is_new ? project_open(context, &workspace->project) : workspace_open(context, workspace);
    if (sides->from.connection.dialect != sides->to.connection.dialect)
        return diag_fail(&context->diag, "\"%s\" is %s and \"%s\" is %s: they cannot be compared", sides->from.name,
                         sides->from.connection.dialect->title, sides->to.name, sides->to.connection.dialect->title);
    workspace->target = (struct target){.dialect = sides->from.connection.dialect, .comments = true};
    return 0;
}

static int pair_both(struct context *context, const struct workspace *workspace, struct sides *sides) {
    struct side *database = sides->to.is_database ? &sides->to : &sides->from;
    struct side *other = sides->to.is_database ? &sides->from : &sides->to;
    struct pairing pairing = {.schema = other->schema};

    sides->target = database->is_database ? database->pulled.target : workspace->target;
    if (!database->is_database)
        return 0;
    if (other->is_database) {
        pulled_declare(context, &other->pulled, NULL);
        other->schema = other->pulled.declared;
        pulled_declare(context, &database->pulled, other->schema);
    } else {
        if (sides_pair(context, workspace, &database->pulled, &pairing))
            return -1;
        other->schema = pairing.version;
        sides->loosely = pairing.loosely;
    }
    database->schema = database->pulled.declared;
    return 0;
}

int sides_open(struct context *context, struct workspace *workspace, struct sides *sides) {
    *workspace = (struct workspace){0};
    if (project_open_or_begin(context, &workspace->project) || find_database(context, workspace, &sides->from) ||
        find_database(context, workspace, &sides->to) || open_workspace(context, workspace, sides))
        return -1;
    if (read_version(context, workspace, &sides->from) || read_version(context, workspace, &sides->to) ||
        read_database(context, workspace, &sides->from, &sides->to) || read_database(context, workspace, &sides->to, &sides->from))
        return -1;
    return pair_both(context, workspace, sides);
}

void sides_close(struct sides *sides) {
    connection_close(&sides->from.connection);
    connection_close(&sides->to.connection);
}
