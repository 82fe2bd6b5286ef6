#include "versions.h"

#include "connect.h"
#include "output.h"
#include "revision.h"

static const struct schema *read_version(struct version_store *store, struct hash hash, struct diag *diag) {
    struct context *context = store->context;
    struct snapshot *snapshot;

    if (!hash.high && !hash.low)
        return empty_schema(&context->arena);
    snapshot = revision_snapshot(context, store->workspace, hash);
    return snapshot ? snapshot_schema(&context->arena, snapshot, diag) : NULL;
}

static const struct schema *get_schema(struct versions *versions, struct hash hash, struct diag *diag) {
    struct version_store *store = (struct version_store *)(void *)versions;
    const char *key = output_hash(&store->context->arena, hash);
    const struct schema *schema = map_get(&store->schemas, key);

    if (schema)
        return schema;
    schema = read_version(store, hash, diag);
    if (schema)
        map_put(&store->context->arena, &store->schemas, key, schema);
    return schema;
}

static const struct seen *get_seen(struct versions *versions, struct hash hash, const struct target *target, struct diag *diag) {
    struct version_store *store = (struct version_store *)(void *)versions;
    const char *key = output_hash(&store->context->arena, hash);
    const struct schema *schema = get_schema(versions, hash, diag);
    struct seen *seen = map_get(&store->seen, key);

    if (!schema || seen)
        return seen;
    seen = ARENA_NEW(&store->context->arena, struct seen);
    seen_make(&store->context->arena, schema, target, store->scratch, seen);
    map_put(&store->context->arena, &store->seen, key, seen);
    return seen;
}

int version_store_open(struct context *context, struct workspace *workspace, struct version_store *store) {
    *store = (struct version_store){.versions = {get_schema, get_seen}, .context = context, .workspace = workspace};
    return connection_scratch(context, workspace->place, workspace->target.dialect, &store->scratch);
}
