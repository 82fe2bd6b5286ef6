#include <string.h>

#include "emit_internal.h"
#include "expression.h"

static bool index_reads(const struct index *index, const struct field *field, bool plain) {
    if (index->where && expression_mentions(index->where, field->column))
        return true;
    for (size_t i = 0; i < index->part_count; i++) {
        const struct index_part *part = &index->parts[i];

        if (part->expression ? expression_mentions(part->expression, field->column) : plain && strcmp(part->field, field->name) == 0)
            return true;
    }
    for (size_t i = 0; plain && i < index->include.count; i++)
        if (strcmp(index->include.at[i], field->name) == 0)
            return true;
    return false;
}

/* Each is found once, though several columns may lead to it. */
#define REMEMBER(emitter, list, object)                                                                                                    \
    do {                                                                                                                                   \
        size_t seen = 0;                                                                                                                   \
        while (seen < (list)->count && (list)->at[seen] != (object))                                                                       \
            seen++;                                                                                                                        \
        if (seen == (list)->count)                                                                                                         \
            vec_push((emitter)->arena, (list), (object));                                                                                  \
    } while (0)

static void find_constraints(struct emitter *e, const struct entity *entity, const struct field *field, bool plain,
                             struct dependants *found) {
    for (size_t i = 0; i < entity->check_count; i++)
        if (expression_mentions(entity->checks[i].value, field->column) && !pg_emit_find(e, CHANGE_ADD_CHECK, &entity->checks[i]))
            REMEMBER(e, &found->checks, &entity->checks[i]);
    for (size_t i = 0; i < entity->index_count; i++)
        if (index_reads(&entity->indexes[i], field, plain) && !pg_emit_find(e, CHANGE_ADD_INDEX, &entity->indexes[i]))
            REMEMBER(e, &found->indexes, &entity->indexes[i]);
}

void pg_dependants_find(struct emitter *e, const struct entity *entity, const struct field *field, bool plain, struct dependants *found) {
    find_constraints(e, entity, field, plain, found);
    for (size_t i = 0; i < entity->field_count; i++) {
        const struct field *other = &entity->fields[i];

        if (!other->computed || !expression_mentions(other->computed, field->column) || pg_emit_find(e, CHANGE_ADD_COLUMN, other))
            continue;
        REMEMBER(e, &found->computed, other);
        find_constraints(e, entity, other, true, found);
    }
}

void pg_dependants_drop(struct emitter *e, const struct entity *entity, const struct dependants *found) {
    const struct effect *lock = pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_CATALOG);

    for (size_t i = 0; i < found->checks.count; i++)
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E DROP CONSTRAINT %I", entity, found->checks.at[i]->name),
                          WORDS(e, "%s: check %s reads a column that is replaced", entity->name, found->checks.at[i]->name), lock);
    for (size_t i = 0; i < found->indexes.count; i++) {
        const struct index *index = found->indexes.at[i];
        const char *text = index->constraint ? SQL(e, "ALTER TABLE %E DROP CONSTRAINT %I", entity, index->name)
                                             : SQL(e, "DROP INDEX %T", pg_emit_object(e, entity, index->name));

        pg_emit_statement(e, text, WORDS(e, "%s: index %s reads a column that is replaced", entity->name, index->name), lock);
    }
    for (size_t i = 0; i < found->computed.count; i++)
        pg_emit_statement(e, SQL(e, "ALTER TABLE %E DROP COLUMN %I", entity, found->computed.at[i]->column),
                          WORDS(e, "%s.%s: computed from a column that is replaced", entity->name, found->computed.at[i]->name), lock);
}

static void add_computed(struct emitter *e, const struct entity *entity, const struct field *field) {
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);

    sqlf(&sql, "ALTER TABLE %E ADD COLUMN ", entity);
    pg_emit_column_definition(&sql, field);
    pg_emit_statement(e, str_keep(&sql.text, e->arena), WORDS(e, "%s.%s: recomputed for every row", entity->name, field->name),
                      pg_effect(e, entity, PG_ACCESS_EXCLUSIVE, WORK_REWRITE));
    sql_free(&sql);
    if (field->comment)
        pg_emit_statement(e, SQL(e, "COMMENT ON COLUMN %E.%I IS %L", entity, field->column, field->comment),
                          WORDS(e, "%s.%s: documentation", entity->name, field->name), NULL);
}

void pg_dependants_add(struct emitter *e, const struct entity *entity, const struct dependants *found) {
    for (size_t i = 0; i < found->computed.count; i++)
        add_computed(e, entity, found->computed.at[i]);
    for (size_t i = 0; i < found->checks.count; i++)
        pg_emit_check(e, entity, found->checks.at[i]);
    for (size_t i = 0; i < found->indexes.count; i++)
        pg_emit_index_again(e, entity, found->indexes.at[i]);
}
