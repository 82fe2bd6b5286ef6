/* Objects in PostgreSQL's own words, as nodes. */
#include <string.h>

#include "pg_introspect.h"

struct node *pg_node_add(struct introspection *in, const char *key, enum node_state state) {
    struct node *node = ARENA_NEW(in->arena, struct node);

    node->state = state;
    if (key)
        map_put(in->arena, &in->nodes, key, node);
    vec_push(in->arena, &in->all, node);
    return node;
}

/* The table, enum or object that NODE is, as it is written behind "on". */
static const char *shown(struct introspection *in, const struct node *node) {
    const struct object *object = node->object;

    if (node->entity)
        return node->entity->name;
    if (node->enumeration)
        return node->enumeration->name;
    return object->namespace ? arena_printf(in->arena, "%s.%s", object->namespace, object->object_name) : object->object_name;
}

/* "kind namespace.object_name on TABLE" */
static void name_object(struct introspection *in, struct object *object, const struct node *base) {
    const char *parts[] = {object->kind,
                           " ",
                           object->namespace ? object->namespace : "",
                           object->namespace ? "." : "",
                           object->object_name,
                           base ? " on " : "",
                           base ? shown(in, base) : ""};

    object->name = arena_join(in->arena, parts, sizeof parts / sizeof *parts);
    object->on = NULL;
    if (base)
        object->on = base->entity ? base->entity->name : base->object ? base->object->name : base->enumeration->name;
}

static enum node_state chosen_state(const struct rows *rows, size_t row, size_t column) {
    if (!rows_text(rows, row, column))
        return NODE_EXCLUDED;
    return rows_true(rows, row, column) ? NODE_READ : NODE_UNREAD;
}

/* What PostgreSQL keeps parsed, and prints. */
static bool is_printed(const char *kind) {
    static const char *const kinds[] = {"view", "materialized view", "domain", "policy", "constraint", "rule", "trigger", "index"};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i], kind) == 0)
            return true;
    return false;
}

static struct object *read_object(struct introspection *in, const struct rows *rows, size_t row) {
    struct object *object = ARENA_NEW(in->arena, struct object);

    object->kind = rows_text(rows, row, OBJECT_KIND);
    object->namespace = rows_text(rows, row, OBJECT_NAMESPACE);
    object->object_name = rows_text(rows, row, OBJECT_NAME);
    object->definition = rows_text(rows, row, OBJECT_DEFINITION);
    if (object->definition && is_printed(object->kind))
        object->definition = pg_expression_flat(in->arena, pg_expression_tidy(in->arena, object->definition));
    object->comment = rows_text(rows, row, OBJECT_COMMENT);
    pg_read_options(in, rows_text(rows, row, OBJECT_OPTIONS), &object->options);
    return object;
}

static void read_standalone(struct introspection *in, size_t row) {
    const struct rows *rows = &in->catalog.objects;
    enum node_state state = chosen_state(rows, row, OBJECT_CHOSEN);
    struct object *object = read_object(in, rows, row);
    const char *alias = rows_text(rows, row, OBJECT_ALIAS);
    struct node *node;

    name_object(in, object, NULL);
    if (!object->definition && state != NODE_READ)
        return;
    if (!object->definition) {
        pg_add_unsupported(in, object->kind, object->name + strlen(object->kind) + 1, NULL, rows_text(rows, row, OBJECT_WHY));
        return;
    }
    node = pg_node_add(in, rows_text(rows, row, OBJECT_KEY), state);
    node->object = object;
    if (alias)
        map_put(in->arena, &in->nodes, alias, node);
}

/* --- sequences --- */

static const char *sequence_text(struct introspection *in, size_t row) {
    const struct rows *rows = &in->catalog.sequences;

    return arena_printf(in->arena, "AS %s INCREMENT BY %s MINVALUE %s MAXVALUE %s START WITH %s CACHE %s%s",
                        rows_text(rows, row, SEQUENCE_TYPE), rows_text(rows, row, SEQUENCE_INCREMENT), rows_text(rows, row, SEQUENCE_MIN),
                        rows_text(rows, row, SEQUENCE_MAX), rows_text(rows, row, SEQUENCE_START), rows_text(rows, row, SEQUENCE_CACHE),
                        rows_true(rows, row, SEQUENCE_CYCLE) ? " CYCLE" : "");
}

/* "table.column", quoted where a name has a dot itself. */
static const char *owner_of(struct introspection *in, size_t row) {
    const struct rows *rows = &in->catalog.sequences;
    const char *oid = rows_text(rows, row, SEQUENCE_OWNER);
    const struct table *table = oid ? map_get(&in->by_oid, oid) : NULL;
    const char *column = table ? table->fields[rows_number(rows, row, SEQUENCE_NUMBER)] : NULL;
    const struct entity *entity = table ? table->entity : NULL;

    if (!table)
        return NULL;
    if (strpbrk(entity->table, ".\"") || strpbrk(column, ".\"") || (entity->namespace && strpbrk(entity->namespace, ".\"")))
        return sql_format(in->arena, &dialect_postgresql.quoting, "%E.%I", entity, column);
    return entity->namespace ? arena_printf(in->arena, "%s.%s.%s", entity->namespace, entity->table, column)
                             : arena_printf(in->arena, "%s.%s", entity->table, column);
}

/* One that a serial or identity column says is that column's table; of a table that is not read, only what else needs it is read. */
static void read_sequence(struct introspection *in, const struct sequence *sequence) {
    const struct rows *rows = &in->catalog.sequences;
    const char *oid = rows_text(rows, sequence->row, SEQUENCE_OID), *table = rows_text(rows, sequence->row, SEQUENCE_OWNER);
    struct node *owner = table ? map_get(&in->nodes, table) : NULL;
    const char *owned = owner_of(in, sequence->row);
    enum node_state state = chosen_state(rows, sequence->row, SEQUENCE_CHOSEN);
    struct object *object;
    struct node *node;

    if (sequence->used) {
        map_put(in->arena, &in->nodes, oid, owner);
        return;
    }
    object = ARENA_NEW(in->arena, struct object);
    object->kind = "sequence";
    object->namespace = rows_text(rows, sequence->row, SEQUENCE_NAMESPACE);
    object->object_name = rows_text(rows, sequence->row, SEQUENCE_NAME);
    object->definition = sequence_text(in, sequence->row);
    object->comment = rows_text(rows, sequence->row, SEQUENCE_COMMENT);
    if (owned)
        pg_add_option(in, &object->options, "ownedBy", owned);
    if (rows_true(rows, sequence->row, SEQUENCE_UNLOGGED))
        pg_add_option(in, &object->options, "unlogged", "true");
    name_object(in, object, NULL);
    node = pg_node_add(in, oid, state == NODE_READ && table && !owner ? NODE_UNREAD : state);
    node->object = object;
    if (owner)
        vec_push(in->arena, &owner->needs, node);
}

/* --- what stands on something --- */

/* The bases of partitions may come behind them: all are nodes before any is named. */
static void add_attached(struct introspection *in, const struct rows *rows, struct node **nodes) {
    for (size_t row = 0; row < rows->row_count; row++) {
        nodes[row] = pg_node_add(in, rows_text(rows, row, OBJECT_KEY), chosen_state(rows, row, OBJECT_CHOSEN));
        nodes[row]->object = read_object(in, rows, row);
    }
}

/* A sequence that a column says is that column's table: what is granted on it has no place to stand. */
static bool is_on_hidden_sequence(const struct introspection *in, const struct node *node, const char *on) {
    return strcmp(node->object->kind, "privilege") == 0 && node->base && node->base->entity && !map_get(&in->by_oid, on);
}

static void name_attached(struct introspection *in, const struct rows *rows, size_t row, struct node *node) {
    const char *on = rows_text(rows, row, OBJECT_ON);

    node->base = on ? map_get(&in->nodes, on) : NULL;
    if (!node->object->definition || is_on_hidden_sequence(in, node, on)) {
        const char *why = node->object->definition ? "it is on the sequence of a column" : rows_text(rows, row, OBJECT_WHY);

        node->base = NULL;
        node->state = NODE_EXCLUDED;
        name_object(in, node->object, NULL);
        pg_add_unsupported(in, node->object->kind, node->object->object_name, NULL, why);
        return;
    }
    if (on && !node->base) {
        node->state = NODE_EXCLUDED;
        name_object(in, node->object, NULL);
        if (in->whole && strcmp(node->object->kind, "privilege") != 0)
            pg_add_unsupported(in, node->object->kind, node->object->object_name, NULL, "what it stands on is not read");
        return;
    }
    if (node->base && node->base->object && !node->base->object->name) /* a partition of a partition */
        name_object(in, node->base->object, NULL);
    name_object(in, node->object, node->base);
}

static void read_attached(struct introspection *in, const struct rows *rows) {
    struct node **nodes = ARENA_ARRAY(in->arena, struct node *, rows->row_count);

    add_attached(in, rows, nodes);
    for (size_t row = 0; row < rows->row_count; row++)
        name_attached(in, rows, row, nodes[row]);
    for (size_t row = 0; row < rows->row_count; row++)
        if (nodes[row]->base)
            name_object(in, nodes[row]->object, nodes[row]->base);
}

struct object *pg_add_constraint(struct introspection *in, struct table *table, const char *key, const char *name, const char *definition) {
    struct object *object = ARENA_NEW(in->arena, struct object);
    struct node *node = pg_node_add(in, key, NODE_UNREAD);

    object->kind = "constraint";
    object->object_name = name;
    object->definition = pg_expression_tidy(in->arena, definition);
    node->object = object;
    node->base = &table->node;
    name_object(in, object, node->base);
    return object;
}

static void read_unsupported(struct introspection *in) {
    const struct rows *rows = &in->catalog.unsupported;

    for (size_t row = 0; row < rows->row_count; row++) {
        const char *on = rows_text(rows, row, UNSUPPORTED_ON);
        const struct node *node = on ? map_get(&in->nodes, on) : NULL;

        if (on ? node != NULL || in->whole : in->whole)
            pg_add_unsupported(in, rows_text(rows, row, UNSUPPORTED_KIND), rows_text(rows, row, UNSUPPORTED_NAME),
                               node ? node->entity : NULL, rows_text(rows, row, UNSUPPORTED_WHY));
    }
}

void pg_read_objects(struct introspection *in) {
    for (size_t row = 0; row < in->catalog.sequences.row_count; row++)
        read_sequence(in, &in->sequences[row]);
    for (size_t row = 0; row < in->catalog.objects.row_count; row++)
        read_standalone(in, row);
    read_attached(in, &in->catalog.attached);
    if (in->catalog.privileges.row_count)
        read_attached(in, &in->catalog.privileges);
    read_unsupported(in);
}
