#include <stdlib.h>
#include <string.h>

#include "output.h"
#include "thread.h"
#include "utf8.h"

enum { NOBODY = -1 };

/* A part of what is asked about, and the migration that made it what it is. */
struct part {
    struct delta now; /* as if it were added now: what it is, in words */
    struct thread thread;
    int at; /* its migration, or NOBODY as long as none is found */
};

struct blame {
    struct context *context;
    struct workspace workspace;
    struct lineage lineage;
    struct thread thread;
    VEC(struct part) parts; /* the whole first */
};

/* --- what there is now --- */

/* SCHEMA with nothing in OWNER: what it has is what is new in comparison. */
static const struct schema *without_parts(struct arena *arena, const struct schema *schema, const char *owner) {
    struct schema *bare = ARENA_NEW(arena, struct schema);

    *bare = *schema;
    bare->entity_by_name = bare->enum_by_name = bare->object_by_name = (struct map){0};
    bare->entities = ARENA_ARRAY(arena, struct entity *, schema->entity_count);
    bare->enums = ARENA_ARRAY(arena, struct enumeration *, schema->enum_count);
    for (size_t i = 0; i < schema->entity_count; i++) {
        const struct entity *entity = bare->entities[i] = schema->entities[i];

        if (strcmp(entity->name, owner) != 0)
            continue;
        bare->entities[i] = ARENA_NEW(arena, struct entity);
        *bare->entities[i] = (struct entity){.name = entity->name, .table = entity->table, .namespace = entity->namespace};
        bare->entities[i]->comment = entity->comment;
        bare->entities[i]->key.absent = true;
    }
    for (size_t i = 0; i < schema->enum_count; i++) {
        bare->enums[i] = schema->enums[i];
        if (strcmp(bare->enums[i]->name, owner) != 0)
            continue;
        bare->enums[i] = enumeration_copy(arena, schema->enums[i]);
        bare->enums[i]->member_count = 0;
    }
    schema_index(arena, bare);
    return bare;
}

/* Fields and members in the order of the model, the rest by name. */
static size_t place_in_model(const struct schema *schema, const struct delta *delta) {
    const struct entity *entity = schema_entity(schema, delta->entity);
    const struct enumeration *enumeration = schema_enum(schema, delta->entity);

    for (size_t i = 0; delta->noun == DELTA_FIELD && i < entity->field_count; i++)
        if (strcmp(entity->fields[i].name, delta->name) == 0)
            return i;
    for (size_t i = 0; delta->noun == DELTA_RELATION && i < entity->relation_count; i++)
        if (strcmp(entity->relations[i].name, delta->name) == 0)
            return i;
    for (size_t i = 0; delta->noun == DELTA_MEMBER && i < enumeration->member_count; i++)
        if (strcmp(enumeration->members[i].name, delta->name) == 0)
            return i;
    return 0;
}

static bool stands_before(const struct schema *schema, const struct part *a, const struct part *b) {
    return a->now.noun < b->now.noun || (a->now.noun == b->now.noun && place_in_model(schema, &a->now) < place_in_model(schema, &b->now));
}

static void add_part(struct blame *blame, const struct schema *schema, struct part part) {
    size_t at = blame->parts.count;

    vec_push(&blame->context->arena, &blame->parts, part);
    for (; at > 1 && stands_before(schema, &part, &blame->parts.at[at - 1]); at--)
        blame->parts.at[at] = blame->parts.at[at - 1];
    blame->parts.at[at] = part;
}

static struct delta whole_of(const struct schema *schema, const char *owner) {
    const struct object *object = schema_object(schema, owner);
    struct delta whole = {.noun = DELTA_OBJECT, .entity = owner};

    if (object)
        whole.kind = object->kind;
    else
        whole.noun = schema_entity(schema, owner) ? DELTA_ENTITY : DELTA_ENUM;
    return whole;
}

static int unknown(struct blame *blame) {
    struct context *context = blame->context;
    const char *asked = context->options.arguments[0];

    diag_fail(&context->diag, "the model \"%s\" has no \"%s\" behind its last migration", blame->workspace.place->name, asked);
    if (blame->thread.name)
        diag_hint(&context->diag, "\"persist blame %s\" tells what it has; \"persist log %s\" tells of what is gone", blame->thread.owner,
                  asked);
    else
        diag_hint(&context->diag, "\"persist show\" tells what it has; \"persist log %s\" tells of what is gone", asked);
    return -1;
}

static int find_parts(struct blame *blame) {
    struct arena *arena = &blame->context->arena;
    const struct schema *schema = lineage_schema(&blame->lineage, blame->lineage.count - 1);
    const char *owner = blame->thread.owner;
    struct renames none = {0};
    struct deltas deltas = {0};

    if (!schema)
        return -1;
    if (!schema_entity(schema, owner) && !schema_enum(schema, owner) && !schema_object(schema, owner))
        return unknown(blame);
    deltas_find(arena, without_parts(arena, schema, owner), schema, &none, &deltas);
    if (!blame->thread.name)
        vec_push(arena, &blame->parts, ((struct part){whole_of(schema, owner), blame->thread, NOBODY}));
    for (size_t i = 0; i < deltas.list.count; i++) {
        const struct delta *delta = &deltas.list.at[i];

        if (strcmp(delta->entity, owner) == 0 && delta->name && (!blame->thread.name || strcmp(delta->name, blame->thread.name) == 0))
            add_part(blame, schema, (struct part){*delta, {owner, delta->name}, NOBODY});
    }
    return blame->parts.count ? 0 : unknown(blame);
}

/* --- who made it so --- */

/* Did a migration make the part what it is? The whole is what its own changes made it, not those of its parts. */
static bool made(const struct part *part, const struct deltas *deltas) {
    for (size_t i = 0; i < deltas->list.count; i++) {
        const struct delta *delta = &deltas->list.at[i];

        if (!thread_has(&part->thread, deltas, delta))
            continue;
        if (part->thread.name ? !delta_is_whole(delta) || delta->verb == DELTA_ADDED : !delta->name)
            return true;
    }
    return false;
}

static int walk(struct blame *blame) {
    size_t open = blame->parts.count;

    for (size_t at = blame->lineage.count; open && at-- > 0;) {
        struct deltas deltas;
        int touched = lineage_touches(&blame->lineage, at, blame->thread.owner);

        if (touched < 0 || (touched && lineage_deltas(&blame->lineage, at, &deltas)))
            return -1;
        if (!touched)
            continue;
        for (size_t i = 0; i < blame->parts.count; i++) {
            struct part *part = &blame->parts.at[i];

            if (part->at == NOBODY && made(part, &deltas)) {
                part->at = (int)at;
                open--;
            }
            thread_step_back(&part->thread, &deltas);
        }
        thread_step_back(&blame->thread, &deltas);
    }
    return 0;
}

/* --- the answer --- */

static const char *words_of(struct blame *blame, const struct part *part) {
    static const char *const nouns[] = {"entity",      "",          "relation",      "key",  "index", "unique", "check",
                                        "foreign key", "exclusion", "table options", "enum", ""};
    const char *noun = part->now.noun == DELTA_OBJECT ? part->now.kind : nouns[part->now.noun];
    const char *detail = part->now.detail ? part->now.detail : "";

    return utf8_printable(&blame->context->arena,
                          arena_printf(&blame->context->arena, "%s%s%s", noun, *noun && *detail ? " " : "", detail));
}

static size_t columns_of(const char *text) {
    return utf8_width(text, strlen(text));
}

/* The id, the author and the name of the part are columns as wide as their widest. */
static void print_text(struct blame *blame) {
    struct arena *arena = &blame->context->arena;
    FILE *out = blame->context->out;
    size_t widest[3] = {0};

    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < blame->parts.count; i++) {
            const struct part *part = &blame->parts.at[i];
            const struct lineage *lineage = &blame->lineage;
            const char *cells[] = {lineage_migration(lineage, (size_t)part->at)->id,
                                   utf8_printable(arena, lineage_who(lineage, (size_t)part->at)),
                                   utf8_printable(arena, delta_subject(arena, &part->now))};

            for (size_t k = 0; pass == 0 && k < 3; k++)
                widest[k] = columns_of(cells[k]) > widest[k] ? columns_of(cells[k]) : widest[k];
            if (pass == 0)
                continue;
            fprintf(out, "%s%*s  %s%*s  %s  %s", cells[0], (int)(widest[0] - columns_of(cells[0])), "", cells[1],
                    (int)(widest[1] - columns_of(cells[1])), "", lineage_date(arena, lineage, (size_t)part->at), cells[2]);
            fprintf(out, "%*s  %s\n", (int)(widest[2] - columns_of(cells[2])), "", words_of(blame, part));
        }
}

static void print_json(struct blame *blame) {
    json_t *list = json_array();

    for (size_t i = 0; i < blame->parts.count; i++) {
        const struct part *part = &blame->parts.at[i];
        json_t *object = json_pack("{s:s, s:s}", "what", delta_subject(&blame->context->arena, &part->now), "is", words_of(blame, part));

        json_object_update_missing_new(object, lineage_json(&blame->lineage, (size_t)part->at));
        json_array_append_new(list, object);
    }
    output_json(blame->context, list);
}

/* What no migration is known to have made was there before the first. */
static void settle(struct blame *blame) {
    for (size_t i = 0; i < blame->parts.count; i++)
        if (blame->parts.at[i].at == NOBODY)
            blame->parts.at[i].at = 0;
}

static int run(struct blame *blame) {
    struct context *context = blame->context;

    blame->thread = thread_of(&context->arena, context->options.arguments[0]);
    if (workspace_open(context, &blame->workspace) || workspace_open_migrations(context, &blame->workspace) ||
        lineage_open(context, &blame->workspace, &blame->lineage) || find_parts(blame) || walk(blame))
        return -1;
    settle(blame);
    if (context->options.json)
        print_json(blame);
    else
        print_text(blame);
    return 0;
}

enum exit_code cmd_blame(struct context *context) {
    struct blame blame = {.context = context};
    int result;

    if (!context->options.argument_count) {
        fprintf(context->err, "persist blame: what? name an entity, or a field as in Invoice.note; see persist blame --help\n");
        return EXIT_USAGE;
    }
    result = run(&blame);
    workspace_close(&blame.workspace);
    return result ? EXIT_FAILED : EXIT_DONE;
}
