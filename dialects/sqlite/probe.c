#include "sqlite_internal.h"

#include "expression.h"

/* A query on the tables as they are before the script runs. Each part gives two columns: what is wrong, and the key of a row. */
struct prober {
    struct arena *arena;
    const struct plan *plan;
    const struct entity_pair *pair;
    struct sql sql;
    bool any;
};

static void begin(struct prober *prober, const char *problem) {
    const struct entity *from = prober->pair->from;

    if (prober->any)
        sqlf(&prober->sql, "\nUNION ALL ");
    prober->any = true;
    sqlf(&prober->sql, "SELECT %L AS problem, ", problem);
    if (from->key.fields.count)
        sqlf(&prober->sql, "%I.%I AS \"row\"", from->table, entity_column(from, from->key.fields.at[0]));
    else
        sqlf(&prober->sql, "%I.rowid AS \"row\"", from->table);
    sqlf(&prober->sql, " FROM %E", from);
}

static const struct field *old_field(const struct entity_pair *pair, const char *name) {
    const struct field *field = entity_field(pair->to, name);

    return pair->from ? pair->old_of_new[field - pair->to->fields] : NULL;
}

static bool all_existed(const struct entity_pair *pair, const struct names *fields) {
    for (size_t i = 0; i < fields->count; i++)
        if (!old_field(pair, fields->at[i]))
            return false;
    return pair->from != NULL;
}

/* "a" AND "b" … with CONDITION behind each. */
static void add_each(struct prober *prober, const struct names *fields, const char *condition) {
    for (size_t i = 0; i < fields->count; i++) {
        sqlf(&prober->sql, i ? " AND " : "");
        sqlf(&prober->sql, "%I.%I %T", prober->pair->from->table, old_field(prober->pair, fields->at[i])->column, condition);
    }
}

static void probe_unique(struct prober *prober, const struct index *index) {
    struct names fields = {.at = ARENA_ARRAY(prober->arena, const char *, index->part_count), .count = index->part_count};

    for (size_t i = 0; i < fields.count; i++)
        if (!(fields.at[i] = index->parts[i].field))
            return;
    if (index->where || !all_existed(prober->pair, &fields))
        return;
    begin(prober, arena_printf(prober->arena, "not unique, as %s asks", index->name));
    sqlf(&prober->sql, " WHERE ");
    add_each(prober, &fields, "IS NOT NULL");
    sqlf(&prober->sql, " GROUP BY ");
    for (size_t i = 0; i < fields.count; i++) {
        const struct field *field = entity_field(prober->pair->to, fields.at[i]), *old = old_field(prober->pair, fields.at[i]);

        sqlf(&prober->sql, i ? ", " : "");
        sqlf(&prober->sql, "%I", old->column);
        if (!text_equal(field->collation, old->collation))
            sqlf(&prober->sql, " COLLATE %I", field->collation ? field->collation : "BINARY");
    }
    sqlf(&prober->sql, " HAVING count(*) > 1");
}

static void probe_null(struct prober *prober, const struct change *change) {
    if (!(change->aspects & COLUMN_NULLABLE) || change->new_field->nullable || change->fill || change->new_field->default_sql)
        return;
    begin(prober, arena_printf(prober->arena, "%s is null", change->new_field->name));
    sqlf(&prober->sql, " WHERE %I IS NULL", change->old_field->column);
}

static bool was_there(const struct prober *prober, const struct index *index) {
    for (size_t i = 0; i < prober->pair->from->index_count; i++)
        if (text_equal(prober->pair->from->indexes[i].name, index->name) && prober->pair->from->indexes[i].unique)
            return true;
    return false;
}

/* What was unique byte for byte may not be so under the new collation of a column. */
static void probe_collation(struct prober *prober, const struct change *change) {
    const struct entity *to = prober->pair->to;

    for (size_t i = 0; change->aspects & COLUMN_COLLATION && i < to->index_count; i++)
        for (size_t k = 0; to->indexes[i].unique && k < to->indexes[i].part_count; k++)
            if (text_equal(to->indexes[i].parts[k].field, change->new_field->name) && was_there(prober, &to->indexes[i]))
                probe_unique(prober, &to->indexes[i]);
}

/* Can be told which stored values a column of a STRICT table refuses? What is stored was converted by the old type; a text that the new one
 * may convert yet is told by no condition, and ANY refuses nothing. */
static bool strict_refusal_is_known(const struct field *from, const struct field *to) {
    enum affinity old = type_affinity(from->native_type), new = type_affinity(to->native_type);

    if (new == AFFINITY_TEXT || new == AFFINITY_BLOB)
        return true;
    return new != AFFINITY_NUMERIC &&old != AFFINITY_TEXT &&old != AFFINITY_BLOB;
}

static void add_strict_refusal(struct prober *prober, const char *column, enum affinity affinity) {
    if (affinity == AFFINITY_TEXT)
        sqlf(&prober->sql, "typeof(%I) = 'blob'", column);
    else if (affinity == AFFINITY_BLOB)
        sqlf(&prober->sql, "typeof(%I) NOT IN ('blob', 'null')", column);
    else
        sqlf(&prober->sql, "typeof(%I) IN ('text', 'blob')", column);
    if (affinity == AFFINITY_INTEGER)
        sqlf(&prober->sql, " OR (typeof(%I) = 'real' AND %I <> CAST(%I AS INTEGER))", column, column, column);
}

static void probe_strict(struct prober *prober) {
    const struct entity *to = prober->pair->to;

    for (size_t i = 0; to->options.strict && !prober->pair->from->options.strict && i < to->field_count; i++) {
        const struct field *new = &to->fields[i], *old = prober->pair->old_of_new[i];

        if (!old || old->computed || new->computed || new->key || !strict_refusal_is_known(old, new))
            continue;
        begin(prober, arena_printf(prober->arena, "%s is of another type", new->name));
        sqlf(&prober->sql, " WHERE ");
        add_strict_refusal(prober, old->column, type_affinity(new->native_type));
    }
}

/* The condition with the columns called as before. One that reads a new column, or columns that swap names, cannot be asked. */
static const char *old_condition(struct prober *prober, const char *condition) {
    const struct entity_pair *pair = prober->pair;
    const char *result = condition;

    for (size_t i = 0; i < pair->to->field_count; i++) {
        const struct field *field = &pair->to->fields[i], *old = pair->old_of_new[i];

        if (!expression_mentions(condition, field->column))
            continue;
        if (!old)
            return NULL;
        if (text_equal(field->column, old->column))
            continue;
        if (expression_mentions(condition, old->column))
            return NULL;
        result = expression_replace(prober->arena, result, field->column, old->column);
    }
    return result;
}

static void probe_check(struct prober *prober, const struct change *change) {
    const char *condition = change->forced ? NULL : old_condition(prober, change->new_check->value);

    if (!condition)
        return;
    begin(prober, arena_printf(prober->arena, "does not meet %s", change->new_check->name));
    sqlf(&prober->sql, " WHERE NOT (%X)", condition);
}

static void probe_foreign_key(struct prober *prober, const struct change *change) {
    const struct foreign_key *key = change->new_foreign_key;
    const struct entity_pair *target = plan_pair(prober->plan, schema_entity(prober->plan->to, key->target));

    if (change->forced || !target || !all_existed(prober->pair, &key->fields) || !all_existed(target, &key->target_fields))
        return;
    begin(prober, arena_printf(prober->arena, "points to no row of %s", target->from->table));
    sqlf(&prober->sql, " WHERE ");
    add_each(prober, &key->fields, "IS NOT NULL");
    sqlf(&prober->sql, " AND NOT EXISTS (SELECT 1 FROM %E AS parent WHERE ", target->from);
    for (size_t i = 0; i < key->fields.count; i++) {
        sqlf(&prober->sql, i ? " AND " : "");
        sqlf(&prober->sql, "parent.%I = %I.%I", old_field(target, key->target_fields.at[i])->column, prober->pair->from->table,
             old_field(prober->pair, key->fields.at[i])->column);
    }
    sqlf(&prober->sql, ")");
}

static const char *finish(struct prober *prober) {
    const char *kept = prober->any ? str_keep(&prober->sql.text, prober->arena) : NULL;

    sql_free(&prober->sql);
    return kept;
}

const char *probe_index(struct arena *arena, const struct plan *plan, const struct entity *entity, const struct index *index) {
    struct prober prober = {.arena = arena, .plan = plan, .pair = plan_pair(plan, entity), .sql = SQL_INIT(&dialect_sqlite.quoting)};

    if (index->unique && prober.pair->from)
        probe_unique(&prober, index);
    return finish(&prober);
}

const char *probe_rebuild(struct arena *arena, const struct plan *plan, const struct job *job) {
    struct prober prober = {.arena = arena, .plan = plan, .pair = job->pair, .sql = SQL_INIT(&dialect_sqlite.quoting)};

    for (size_t i = 0; i < job->changes.count; i++) {
        const struct change *change = job->changes.at[i];

        if (change->kind == CHANGE_ALTER_COLUMN) {
            probe_null(&prober, change);
            probe_collation(&prober, change);
        } else if (change->kind == CHANGE_ALTER_TABLE)
            probe_strict(&prober);
        else if (change->kind == CHANGE_ADD_CHECK)
            probe_check(&prober, change);
        else if (change->kind == CHANGE_ADD_FOREIGN_KEY)
            probe_foreign_key(&prober, change);
        else if (change->kind == CHANGE_ADD_INDEX && change->new_index->constraint && change->new_index->unique)
            probe_unique(&prober, change->new_index);
    }
    return finish(&prober);
}
