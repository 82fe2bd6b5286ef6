#include "sides.h"

#include <string.h>

#include "progress.h"
#include "revision.h"
#include "seen.h"

/* The pair, with the help of a scratch database. */
static int pair_on_scratch(struct context *context, const struct workspace *workspace, const struct pulled *pulled, struct pairing *pairing,
                           struct seen_pair *pair) {
    static const struct model_config nothing;
    static const struct model_place nowhere = {.config = &nothing};
    const char *scratch = NULL;
    struct seen seen;

    if (connection_scratch(context, workspace->place ? workspace->place : &nowhere, pulled->target.dialect, &scratch))
        return -1;
    seen_make(&context->arena, pairing->schema, &pulled->target, scratch, &seen);
    seen_compare(&context->arena, &seen, pulled->found, &pulled->target, pair);
    pairing->loosely = seen.loosely;
    return 0;
}

int sides_pair(struct context *context, const struct workspace *workspace, struct pulled *pulled, struct pairing *pairing) {
    struct seen_pair pair;

    pairing->loosely = NULL;
    if (!seen_compare_plainly(&context->arena, pairing->schema, pulled->found, &pulled->target, &pair) &&
        pair_on_scratch(context, workspace, pulled, pairing, &pair))
        return -1;
    pulled->declared = pair.live;
    pairing->version = pair.version;
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
    if (workspace->place)
        side->pulled.journal = workspace->place->config->journal;
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
