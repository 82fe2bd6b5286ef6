#include <string.h>
#include <strings.h>

#include "ddl.h"
#include "options.h"
#include "sqlite_introspect.h"
#include "token.h"

/* The field's own spelling of the column NAME, which the text may write in another case. */
static const char *field_called(const struct entity *entity, const char *name) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (name_equal(entity->fields[i].column, name))
            return entity->fields[i].name;
    return NULL;
}

static void spell_fields(const struct entity *entity, struct names *names) {
    for (size_t i = 0; i < names->count; i++) {
        const char *name = field_called(entity, names->at[i]);

        if (name)
            names->at[i] = name;
    }
}

/* Lists of parts: a name that is no column is an expression ("rowid", or a string where one was meant); a collation that the column has
 * anyway, and BINARY on a column without one, is not said. */
static void spell_parts(struct arena *arena, const struct entity *entity, struct index *index) {
    for (size_t i = 0; i < index->part_count; i++) {
        struct index_part *part = &index->parts[i];
        const char *name = part->field ? field_called(entity, part->field) : NULL;
        const char *own = name ? entity_field(entity, name)->collation : NULL;

        if (part->field && !name)
            part->expression = sql_format(arena, &dialect_sqlite.quoting, "%I", part->field);
        part->field = name;
        if (name && part->collation && name_equal(part->collation, own ? own : "BINARY"))
            part->collation = NULL;
    }
}

static const char *collation_spelled(const char *collation) {
    if (!collation || strcasecmp(collation, "BINARY") == 0)
        return NULL;
    if (strcasecmp(collation, "NOCASE") == 0)
        return "NOCASE";
    return strcasecmp(collation, "RTRIM") == 0 ? "RTRIM" : collation;
}

static void read_field(struct arena *arena, const struct ddl_column *column, struct field *field) {
    field->name = field->column = column->name;
    field->native_type = column->type;
    field->nullable = !column->not_null;
    field->default_sql = column->default_sql;
    field->collation = collation_spelled(column->collation);
    field->computed = column->computed;
    field->stored = column->stored;
    option_add(arena, &field->options, "notNullName", column->not_null_name);
    option_add(arena, &field->options, "onConflict", column->conflict);
    type_to_field(field);
}

/* A member of the key is NOT NULL in the model, and in the database where SQLite's rules make it so. What the text says besides is an
 * option, where persist would not write the same. */
static void read_key_field(struct arena *arena, const struct ddl_table *table, struct entity *entity, struct field *field) {
    bool said = !field->nullable;

    field->key = true;
    field->nullable = false;
    field->generated = table->autoincrement;
    if (table->without_rowid || (table->strict && !key_is_rowid(entity)))
        return;
    if (said != field_says_not_null(field))
        option_add(arena, &field->options, "notNull", said ? "true" : "false");
}

/* DESC at the table's constraint over one INTEGER means nothing: the key is the rowid. */
static void read_key_part(struct arena *arena, const struct ddl_table *table, const struct index_part *part, struct field *field) {
    bool rowid =
        !table->key_in_column && !table->without_rowid && table->key.part_count == 1 && strcasecmp(field->native_type, "INTEGER") == 0;

    if (part->order == ORDER_DESCENDING && !rowid)
        option_add(arena, &field->options, "keyOrder", "DESC");
    option_add(arena, &field->options, "keyCollation", part->collation);
}

static void read_key(struct arena *arena, struct ddl_table *table, struct entity *entity) {
    struct key *key = &entity->key;

    spell_parts(arena, entity, &table->key);
    key->name = table->key.name;
    key->options = table->key.options;
    key->absent = !table->key.part_count;
    key->fields.at = ARENA_ARRAY(arena, const char *, table->key.part_count);
    for (size_t i = 0; i < table->key.part_count; i++)
        if (table->key.parts[i].field)
            key->fields.at[key->fields.count++] = table->key.parts[i].field;
    for (size_t i = 0; i < table->key.part_count; i++)
        if (table->key.parts[i].field)
            read_key_part(arena, table, &table->key.parts[i], entity_field(entity, table->key.parts[i].field));
    for (size_t i = 0; i < key->fields.count; i++)
        read_key_field(arena, table, entity, entity_field(entity, key->fields.at[i]));
}

static void read_indexes(struct introspector *in, const struct ddl_table *table, const struct item *item, struct entity *entity) {
    entity->indexes = ARENA_ARRAY(in->arena, struct index, item->indexes.count + table->uniques.count);
    for (size_t i = 0; i < table->uniques.count; i++)
        entity->indexes[entity->index_count++] = table->uniques.at[i];
    for (size_t i = 0; i < item->indexes.count; i++) {
        struct index *index = &entity->indexes[entity->index_count];

        if (ddl_read_index(in->arena, item->indexes.at[i].text, index) < 0) {
            *index = (struct index){0};
            introspect_unsupported(in, "index", item->indexes.at[i].name, entity->name, "its definition is not understood");
            continue;
        }
        index->name = item->indexes.at[i].name;
        entity->index_count++;
    }
    for (size_t i = 0; i < entity->index_count; i++)
        spell_parts(in->arena, entity, &entity->indexes[i]);
}

/* Such a check gets the name that normal_names() gives it; a second one of the column is an ordinary check. */
static void mark_enum_checks(struct arena *arena, struct entity *entity) {
    struct map marked = {0};

    for (size_t i = 0; i < entity->check_count; i++) {
        struct check *check = &entity->checks[i];
        const char *field = enum_check_field(arena, entity, check);

        if (!field || map_put(arena, &marked, field, entity) || check->name)
            continue;
        check->field = field;
        check->derived = true;
    }
}

static void read_entity(struct introspector *in, struct ddl_table *table, const struct item *item, struct entity *entity) {
    entity->name = entity->table = item->name;
    entity->options.strict = table->strict;
    entity->options.without_rowid = table->without_rowid;
    entity->fields = ARENA_ARRAY(in->arena, struct field, table->columns.count);
    entity->field_count = table->columns.count;
    for (size_t i = 0; i < table->columns.count; i++)
        read_field(in->arena, &table->columns.at[i], &entity->fields[i]);
    read_key(in->arena, table, entity);
    entity->checks = table->checks.at;
    entity->check_count = table->checks.count;
    entity->foreign_keys = table->foreign_keys.at;
    entity->foreign_key_count = table->foreign_keys.count;
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        spell_fields(entity, &entity->foreign_keys[i].fields);
    mark_enum_checks(in->arena, entity);
    read_indexes(in, table, item, entity);
    for (size_t i = 0; i < table->ignored.count; i++)
        introspect_unsupported(in, table->ignored.at[i].kind, table->ignored.at[i].name, entity->name, table->ignored.at[i].why);
}

static bool has_empty_name(const struct ddl_table *table) {
    for (size_t i = 0; i < table->columns.count; i++)
        if (!*table->columns.at[i].name)
            return true;
    return false;
}

void introspect_table(struct introspector *in, struct item *item) {
    struct ddl_table table;

    if (ddl_read_table(in->arena, item->text, &table) < 0) {
        introspect_unsupported(in, "table", item->name, NULL, "its definition is not understood");
        return;
    }
    if (!*item->name || has_empty_name(&table)) {
        introspect_unsupported(in, "table", item->name, NULL, "the name of it or of a column is empty");
        return;
    }
    item->entity = ARENA_NEW(in->arena, struct entity);
    item->said = item->name;
    read_entity(in, &table, item, item->entity);
    vec_push(in->arena, &in->entities, item->entity);
    for (size_t i = 0; i < item->entity->foreign_key_count; i++)
        introspect_take_along(in, item->entity->foreign_keys[i].target);
}

static const char *list(struct arena *arena, const struct names *names) {
    const char *text = names->count ? names->at[0] : "";

    for (size_t i = 1; i < names->count; i++)
        text = arena_printf(arena, "%s, %s", text, names->at[i]);
    return text;
}

/* What is wrong with the target of KEY; NULL: nothing. */
static const char *target_problem(struct introspector *in, const struct foreign_key *key, const struct item *target) {
    if (!target)
        return arena_printf(in->arena, "it points to the table %s, which does not exist", key->target);
    if (target->excluded)
        return arena_printf(in->arena, "it points to the table %s, which is excluded", key->target);
    if (!target->entity)
        return arena_printf(in->arena, "it points to %s, which is no table that can be read", key->target);
    if (!key->target_fields.count && target->entity->key.fields.count != key->fields.count)
        return arena_printf(in->arena, "it points to the primary key of %s, which has other columns", key->target);
    for (size_t i = 0; i < key->target_fields.count; i++)
        if (!field_called(target->entity, key->target_fields.at[i]))
            return arena_printf(in->arena, "it points to the column %s of %s, which does not exist", key->target_fields.at[i], key->target);
    return NULL;
}

/* Foreign keys name their targets as the text does: in any case, without columns for the primary key, or what does not exist. Those of the
 * last kind are legal in SQLite, but cannot be said in a model. */
void introspect_targets(struct introspector *in, struct entity *entity) {
    size_t kept = 0;

    for (size_t i = 0; i < entity->foreign_key_count; i++) {
        struct foreign_key *key = &entity->foreign_keys[i];
        const struct item *target = introspect_item(in, key->target);
        const char *problem = target_problem(in, key, target);

        if (problem) {
            introspect_unsupported(in, "foreign key", list(in->arena, &key->fields), entity->name, problem);
            continue;
        }
        key->target = target->entity->name;
        if (key->target_fields.count)
            spell_fields(target->entity, &key->target_fields);
        else
            key->target_fields = target->entity->key.fields;
        entity->foreign_keys[kept++] = *key;
    }
    entity->foreign_key_count = kept;
}
