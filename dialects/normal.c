#include <string.h>

#include "dialect.h"
#include "hash.h"
#include "utf8.h"

struct schema *normal_copy(struct arena *arena, const struct schema *schema) {
    struct schema *copy = ARENA_NEW(arena, struct schema);

    copy->source = schema->source;
    copy->entity_count = schema->entity_count;
    copy->entities = ARENA_ARRAY(arena, struct entity *, schema->entity_count);
    for (size_t i = 0; i < schema->entity_count; i++)
        copy->entities[i] = entity_copy(arena, schema->entities[i]);
    copy->enum_count = schema->enum_count;
    copy->enums = ARENA_ARRAY(arena, struct enumeration *, schema->enum_count);
    for (size_t i = 0; i < schema->enum_count; i++)
        copy->enums[i] = enumeration_copy(arena, schema->enums[i]);
    copy->object_count = schema->object_count;
    copy->objects = ARENA_ARRAY(arena, struct object *, schema->object_count);
    for (size_t i = 0; i < schema->object_count; i++)
        copy->objects[i] = object_copy(arena, schema->objects[i]);
    copy->unsupported = schema->unsupported;
    copy->unsupported_count = schema->unsupported_count;
    copy->taken_along = schema->taken_along;
    return copy;
}

/* Giving names. A taken name is kept under "<what is unique><namespace or table>\n<name>". */
struct namer {
    struct arena *arena;
    const struct schema *schema;
    const struct dialect *dialect;
    enum flavor flavor;
    struct diag *diag;
    struct map taken;
};

/* What shares a namespace: relations of a schema (tables, and mostly indexes), foreign keys, checks. */
enum scope_kind { SCOPE_RELATION, SCOPE_FOREIGN_KEY, SCOPE_CHECK };

static void fold(char *text) {
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

/* The key under which NAME is unique; per table when PER_TABLE. */
static char *scope_key(const struct namer *namer, enum scope_kind kind, const struct entity *entity, const char *name) {
    static const char *const kinds[] = {"0", "1", "2"};
    const struct name_rules *rules = &namer->dialect->names;
    bool per_table = kind == SCOPE_RELATION ? rules->indexes_per_table : !rules->constraints_per_schema;
    const char *space = entity->namespace && namer->dialect->quoting.namespaces ? entity->namespace : "";
    bool own_checks = kind == SCOPE_CHECK && rules->checks_per_table != FLAVOR_NONE && rules->checks_per_table == namer->flavor;
    const char *table = per_table || own_checks ? entity->table : "";
    char *key = arena_join(namer->arena, (const char *[]){kinds[kind], space, "\n", table, "\n", name}, 6);

    if (rules->fold_case)
        fold(key);
    return key;
}

/* Unique constraints are foreign to the namespace of indexes on SQLite. */
static enum scope_kind index_scope(const struct namer *namer, const struct index *index) {
    return index->constraint && namer->dialect->names.unique_is_constraint ? SCOPE_CHECK : SCOPE_RELATION;
}

static int check_length(struct namer *namer, const char *name, struct span at) {
    const struct dialect *dialect = namer->dialect;
    size_t length = dialect->limit_in_bytes ? strlen(name) : utf8_count(name, strlen(name));

    if (!dialect->name_limit || length <= dialect->name_limit)
        return 0;
    diag_error(namer->diag, namer->schema->source, at, 0, "the name \"%s\" is %zu %s long, %s allows %zu", name, length,
               dialect->limit_in_bytes ? "bytes" : "characters", dialect->title, dialect->name_limit);
    diag_hint(namer->diag, "give a shorter one: @sql:Name on an entity or a field, name: \"…\" on what has one");
    return -1;
}

/* Takes a name that the model says. */
static int take_said(struct namer *namer, enum scope_kind kind, const struct entity *entity, const char *name, struct span at) {
    const struct span *first;
    struct span *place = ARENA_NEW(namer->arena, struct span);

    *place = at;
    first = map_put(namer->arena, &namer->taken, scope_key(namer, kind, entity, name), place);
    if (!first)
        return check_length(namer, name, at);
    diag_error(namer->diag, namer->schema->source, at, 0, "the name \"%s\" is used twice; on %s it must be unique%s", name,
               namer->dialect->title,
               kind == SCOPE_RELATION && !namer->dialect->names.indexes_per_table ? " among all tables and indexes" : "");
    diag_note(namer->diag, namer->schema->source, *first, "\"%s\" is first used here", name);
    return -1;
}

/* What tells the name of PARTS apart from the same one made of others, after AGAIN tries that met a third. */
static const char *hash_apart(struct arena *arena, const struct names *parts, size_t again) {
    struct str text = STR_INIT;
    char hex[HASH_HEX_LENGTH + 1];

    for (size_t i = 0; i < parts->count; i++)
        str_addf(&text, "%s\n", parts->at[i]);
    for (size_t i = 0; i < again; i++)
        str_add(&text, "again\n");
    hash_print(hash_bytes(text.text, text.length), hex);
    str_free(&text);
    return arena_strndup(arena, hex, 8);
}

const char *normal_name(struct arena *arena, const struct dialect *dialect, const char *prefix, const struct names *parts, size_t again) {
    struct names apart = {.at = ARENA_ARRAY(arena, const char *, parts->count + 1), .count = parts->count};

    memcpy(apart.at, parts->at, parts->count * sizeof *parts->at);
    if (again)
        apart.at[apart.count++] = hash_apart(arena, parts, again - 1);
    return dialect_name(arena, dialect, prefix, &apart);
}

/* Makes the name PREFIX_<table>_<parts> and takes it. Where another thing has it (table "a_b" with "c", table "a" with "b_c") a hash of
 * the parts apart is put behind. */
static const char *take_new(struct namer *namer, enum scope_kind kind, const char *prefix, const struct entity *entity,
                            const struct names *parts) {
    struct names all = {.at = ARENA_ARRAY(namer->arena, const char *, parts->count + 1), .count = parts->count + 1};
    const char *name;
    size_t again = 0;

    all.at[0] = entity->table;
    for (size_t i = 0; i < parts->count; i++)
        all.at[i + 1] = parts->at[i];
    do
        name = normal_name(namer->arena, namer->dialect, prefix, &all, again++);
    while (map_put(namer->arena, &namer->taken, scope_key(namer, kind, entity, name), namer));
    return name;
}

static struct names columns_of(struct namer *namer, const struct entity *entity, const struct names *fields) {
    struct names columns = {.at = ARENA_ARRAY(namer->arena, const char *, fields->count), .count = fields->count};

    for (size_t i = 0; i < fields->count; i++)
        columns.at[i] = entity_column(entity, fields->at[i]);
    return columns;
}

/* The columns of an index; "expr" stands for an expression. */
static struct names index_columns(struct namer *namer, const struct entity *entity, const struct index *index) {
    struct names columns = {.at = ARENA_ARRAY(namer->arena, const char *, index->part_count), .count = index->part_count};

    for (size_t i = 0; i < index->part_count; i++)
        columns.at[i] = index->parts[i].field ? entity_column(entity, index->parts[i].field) : "expr";
    return columns;
}

const char *normal_check_part(struct arena *arena, const struct entity *entity, const struct check *check) {
    char hex[HASH_HEX_LENGTH + 1];

    if (check->derived && check->field)
        return entity_column(entity, check->field);
    hash_print(hash_bytes(check->value, strlen(check->value)), hex);
    return arena_strndup(arena, hex, 8);
}

/* The names that the model says, so that none given later collides with one. */
static int take_said_names(struct namer *namer, const struct entity *entity) {
    int result = 0;

    for (size_t i = 0; i < entity->field_count; i++)
        result |= check_length(namer, entity->fields[i].column, entity->fields[i].at);
    if (entity->key.name)
        result |= check_length(namer, entity->key.name, entity->at);
    for (size_t i = 0; i < entity->index_count; i++) {
        const struct index *index = &entity->indexes[i];

        if (index->name)
            result |= take_said(namer, index_scope(namer, index), entity, index->name, index->at);
    }
    for (size_t i = 0; i < entity->foreign_key_count; i++) {
        const struct foreign_key *key = &entity->foreign_keys[i];

        if (key->name)
            result |= take_said(namer, SCOPE_FOREIGN_KEY, entity, key->name, key->at);
    }
    for (size_t i = 0; i < entity->check_count; i++)
        if (entity->checks[i].name)
            result |= take_said(namer, SCOPE_CHECK, entity, entity->checks[i].name, entity->checks[i].at);
    return result;
}

static void give_names(struct namer *namer, struct entity *entity) {
    for (size_t i = 0; i < entity->index_count; i++) {
        struct index *index = &entity->indexes[i];
        struct names columns = index_columns(namer, entity, index);

        if (!index->name)
            index->name = take_new(namer, index_scope(namer, index), index->unique ? "uq" : "idx", entity, &columns);
    }
    for (size_t i = 0; i < entity->foreign_key_count; i++) {
        struct foreign_key *key = &entity->foreign_keys[i];
        struct names columns = columns_of(namer, entity, &key->fields);

        if (!key->name)
            key->name = take_new(namer, SCOPE_FOREIGN_KEY, "fk", entity, &columns);
    }
    for (size_t i = 0; i < entity->check_count; i++) {
        struct check *check = &entity->checks[i];
        const char *part;

        if (check->name)
            continue;
        part = normal_check_part(namer->arena, entity, check);
        check->name = take_new(namer, SCOPE_CHECK, "ck", entity, &(struct names){.at = &part, .count = 1});
    }
}

/* Table names live in the namespace of indexes; where indexes are their tables' own, tables cannot meet them. */
static int take_table(struct namer *namer, const struct entity *entity) {
    if (namer->dialect->names.indexes_per_table)
        return check_length(namer, entity->table, entity->at);
    return take_said(namer, SCOPE_RELATION, entity, entity->table, entity->at);
}

int normal_names(struct arena *arena, struct schema *schema, const struct target *target, struct diag *diag) {
    struct namer namer = {.arena = arena, .schema = schema, .dialect = target->dialect, .flavor = target->flavor, .diag = diag};
    int result = 0;

    for (size_t i = 0; i < schema->entity_count; i++)
        result |= take_table(&namer, schema->entities[i]);
    for (size_t i = 0; i < schema->entity_count; i++)
        result |= take_said_names(&namer, schema->entities[i]);
    for (size_t i = 0; i < schema->entity_count; i++)
        give_names(&namer, schema->entities[i]);
    return result ? -1 : 0;
}

const char *normal_enum_check(struct arena *arena, const struct dialect *dialect, const struct field *field,
                              const struct enumeration *values) {
    struct sql sql = SQL_INIT(&dialect->quoting);
    const char *kept;

    sqlf(&sql, "%I IN (", field->column);
    for (size_t i = 0; i < values->member_count; i++) {
        if (i)
            sqlf(&sql, ", ");
        sqlf(&sql, "%L", values->members[i].value);
    }
    sqlf(&sql, ")");
    kept = str_keep(&sql.text, arena);
    sql_free(&sql);
    return kept;
}

uint32_t normal_enum_length(const struct enumeration *values) {
    size_t longest = 1;

    for (size_t i = 0; i < values->member_count; i++) {
        size_t length = utf8_count(values->members[i].value, strlen(values->members[i].value));

        if (length > longest)
            longest = length;
    }
    return (uint32_t)longest;
}
