#include "pg_introspect.h"

#include <stdlib.h>
#include <string.h>

/* NAME, or with its namespace or a number where another has it; OWNER is what is called so. */
static const char *unique_name(struct introspection *in, const char *namespace, const char *name, const void *owner) {
    const char *unique = name;

    for (int i = 1; map_put(in->arena, &in->names, arena_lower(in->arena, unique), owner); i++)
        unique = i == 1 && namespace ? arena_printf(in->arena, "%s_%s", namespace, name) : arena_printf(in->arena, "%s_%d", name, i + 1);
    return unique;
}

void pg_add_unsupported(struct introspection *in, const char *kind, const char *name, const struct entity *entity, const char *why) {
    struct unsupported *unsupported = vec_add(in->arena, &in->unsupported);

    *unsupported = (struct unsupported){.kind = kind, .name = name, .entity = entity ? entity->name : NULL, .why = why};
}

/* Sorted by key: storage parameters have no order of their own. */
void pg_add_option(struct introspection *in, struct options *options, const char *key, const char *value) {
    struct option *at = ARENA_ARRAY(in->arena, struct option, options->count + 1);
    size_t i = options->count;

    if (i)
        memcpy(at, options->at, i * sizeof *at);
    for (; i > 0 && strcmp(at[i - 1].key, key) > 0; i--)
        at[i] = at[i - 1];
    at[i] = (struct option){.key = key, .value = value};
    options->at = at;
    options->count++;
}

/* "fillfactor=70\1autovacuum_enabled=off". What begins with "pg_" is the server's own bookkeeping, which pg_dump leaves out too. */
void pg_read_options(struct introspection *in, const char *text, struct options *options) {
    while (text && *text) {
        size_t length = strcspn(text, "\1"), key = strcspn(text, "=");
        const char *value = key < length ? arena_strndup(in->arena, text + key + 1, length - key - 1) : "true";

        if (strncmp(text, "pg_", 3) != 0)
            pg_add_option(in, options, arena_strndup(in->arena, text, key < length ? key : length), value);
        text += length;
        text += *text == '\1';
    }
}

/* The fields of "{1,2}". */
struct names pg_read_numbers(struct introspection *in, const struct table *table, const char *text) {
    VEC(const char *) list = {0};

    while (text && *text && *text != '}') {
        char *end;
        long number = strtol(text + 1, &end, 10);

        if (number > 0 && number < table->field_max && table->fields[number])
            vec_push(in->arena, &list, table->fields[number]);
        text = end;
    }
    return (struct names){.at = list.at, .count = list.count};
}

static void read_table(struct introspection *in, size_t row) {
    const struct rows *rows = &in->catalog.tables;
    struct table *table = &in->tables[row];
    struct entity *entity = ARENA_NEW(in->arena, struct entity);

    table->entity = table->node.entity = in->schema->entities[row] = entity;
    table->node.state = NODE_READ;
    entity->namespace = rows_text(rows, row, TABLE_NAMESPACE);
    entity->table = rows_text(rows, row, TABLE_NAME);
    entity->name = unique_name(in, entity->namespace, entity->table, entity);
    entity->comment = rows_text(rows, row, TABLE_COMMENT);
    entity->options.unlogged = strcmp(rows_text(rows, row, TABLE_PERSISTENCE), "u") == 0;
    entity->options.tablespace = rows_text(rows, row, TABLE_TABLESPACE);
    entity->options.partition_by = rows_text(rows, row, TABLE_PARTITION_BY);
    entity->key.absent = true;
    pg_read_options(in, rows_text(rows, row, TABLE_OPTIONS), &entity->options.options);
    map_put(in->arena, &in->by_oid, rows_text(rows, row, TABLE_OID), table);
    map_put(in->arena, &in->nodes, rows_text(rows, row, TABLE_OID), &table->node);
}

static void read_tables(struct introspection *in) {
    const struct rows *rows = &in->catalog.tables;
    VEC(const char *) along = {0};

    in->schema->entity_count = rows->row_count;
    in->schema->entities = ARENA_ARRAY(in->arena, struct entity *, rows->row_count);
    in->tables = ARENA_ARRAY(in->arena, struct table, rows->row_count);
    for (size_t row = 0; row < rows->row_count; row++) {
        read_table(in, row);
        if (!rows_true(rows, row, TABLE_CHOSEN))
            vec_push(in->arena, &along, in->tables[row].entity->name);
    }
    in->schema->taken_along = (struct names){.at = along.at, .count = along.count};
}

/* The parents of a table, "16400 16407"; one that is not read makes a table of its own of it. */
static void read_inheritance(struct introspection *in, size_t row) {
    const char *oids = rows_text(&in->catalog.tables, row, TABLE_INHERITS);
    struct entity *entity = in->tables[row].entity;
    VEC(const char *) parents = {0};

    while (oids && *oids) {
        size_t length = strcspn(oids, " ");
        const struct table *parent = map_get(&in->by_oid, arena_strndup(in->arena, oids, length));

        if (parent)
            vec_push(in->arena, &parents, parent->entity->name);
        else
            pg_add_unsupported(in, "inheritance", entity->table, entity, "it inherits from a table that is not read");
        oids += length + (oids[length] == ' ');
    }
    entity->options.inherits = (struct names){.at = parents.at, .count = parents.count};
}

static void read_enum_label(struct introspection *in, struct enumeration *enumeration, size_t *room, const char *label) {
    if (!label)
        return;
    if (enumeration->member_count == *room) {
        struct enum_member *members = ARENA_ARRAY(in->arena, struct enum_member, *room = *room * 2 + 8);

        if (enumeration->member_count)
            memcpy(members, enumeration->members, enumeration->member_count * sizeof *members);
        enumeration->members = members;
    }
    enumeration->members[enumeration->member_count].name = enumeration->members[enumeration->member_count].value = label;
    enumeration->member_count++;
}

static struct enumeration *read_enum(struct introspection *in, size_t row) {
    const struct rows *rows = &in->catalog.enums;
    struct enumeration *enumeration = ARENA_NEW(in->arena, struct enumeration);
    const char *oid = rows_text(rows, row, ENUM_OID), *chosen = rows_text(rows, row, ENUM_CHOSEN);
    struct node *node = pg_node_add(in, arena_printf(in->arena, "1247:%s", oid),
                                    !chosen                             ? NODE_EXCLUDED
                                    : rows_true(rows, row, ENUM_CHOSEN) ? NODE_READ
                                                                        : NODE_UNREAD);

    enumeration->type_namespace = rows_text(rows, row, ENUM_NAMESPACE);
    enumeration->type_name = rows_text(rows, row, ENUM_NAME);
    enumeration->name = unique_name(in, enumeration->type_namespace, enumeration->type_name, enumeration);
    enumeration->comment = rows_text(rows, row, ENUM_COMMENT);
    node->enumeration = enumeration;
    map_put(in->arena, &in->enums, oid, enumeration);
    return enumeration;
}

static void read_enums(struct introspection *in) {
    const struct rows *rows = &in->catalog.enums;
    struct enumeration *enumeration = NULL;
    size_t room = 0;

    for (size_t row = 0; row < rows->row_count; row++) {
        if (row == 0 || strcmp(rows_text(rows, row, ENUM_OID), rows_text(rows, row - 1, ENUM_OID)) != 0) {
            enumeration = read_enum(in, row);
            room = 0;
        }
        read_enum_label(in, enumeration, &room, rows_text(rows, row, ENUM_LABEL));
    }
}

static void finish_table(struct table *table) {
    struct entity *entity = table->entity;

    entity->checks = table->checks.at;
    entity->check_count = table->checks.count;
    entity->foreign_keys = table->foreign_keys.at;
    entity->foreign_key_count = table->foreign_keys.count;
    entity->excludes = table->excludes.at;
    entity->exclude_count = table->excludes.count;
    entity->indexes = table->indexes.at;
    entity->index_count = table->indexes.count;
    for (size_t i = 0; i < entity->key.fields.count; i++)
        entity_field(entity, entity->key.fields.at[i])->key = true;
}

struct schema *pg_introspect_database(struct db *db, const struct scope *scope, struct arena *arena, struct diag *diag) {
    struct introspection in = {.arena = arena, .schema = ARENA_NEW(arena, struct schema)};

    in.whole = !scope || !(scope->tables.count || scope->exclude.count || scope->namespaces.count);
    if (pg_catalog_read(db, scope, arena, &in.catalog, diag) != 0)
        return NULL;
    read_tables(&in);
    read_enums(&in);
    pg_read_columns(&in);
    for (size_t row = 0; row < in.schema->entity_count; row++)
        read_inheritance(&in, row);
    pg_read_constraints(&in);
    pg_read_indexes(&in);
    pg_read_objects(&in);
    pg_read_dependencies(&in);
    pg_choose_nodes(&in);
    for (size_t i = 0; i < in.schema->entity_count; i++)
        finish_table(&in.tables[i]);
    in.schema->unsupported = in.unsupported.at;
    in.schema->unsupported_count = in.unsupported.count;
    schema_index(arena, in.schema);
    return in.schema;
}
