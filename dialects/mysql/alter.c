/* One table's changes as few ALTER TABLE statements: all in one, so that no name is needed half-way and no foreign key is ever without an
 * index; but columns that are added or dropped at once stand apart from indexes that are built, for which MySQL would otherwise rebuild the
 * table; and what must wait until rows are filled comes behind. */
#include <string.h>
#include <strings.h>

#include "alter_internal.h"
#include "batch.h"
#include "expression.h"
#include "str.h"

void my_clause_add(struct my_alter *alter, struct my_clauses *clauses, enum my_operation operation, const char *text) {
    vec_push(alter->arena, &clauses->list, ((struct my_clause){.text = text, .operation = operation, .change = alter->change}));
}

/* --- indexes --- */

static const char *index_text(const struct my_alter *alter, const struct entity *entity, const struct index *index) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    my_define_index(&sql, entity, index, alter->job->target->flavor);
    kept = str_keep(&sql.text, alter->arena);
    sql_free(&sql);
    return kept;
}

static bool has_expression(const struct index *index) {
    for (size_t i = 0; i < index->part_count; i++)
        if (index->parts[i].expression)
            return true;
    return false;
}

/* A unique index over all of a TEXT or BLOB is one over hashes (MariaDB), for which the server has its own ways. */
static bool is_of_hashes(const struct entity *entity, const struct index *index) {
    for (size_t i = 0; index->unique && i < index->part_count; i++)
        if (!index->parts[i].prefix && my_type_is_large(entity_field(entity, index->parts[i].field)->native_type))
            return true;
    return false;
}

static bool is_fulltext(const struct index *index) {
    return index->method && strcmp(index->method, "fulltext") == 0;
}

static enum my_operation index_operation(const struct entity *entity, const struct index *index) {
    if (has_expression(index) || is_of_hashes(entity, index) || my_option(&index->options, "withoutOverlaps"))
        return OPERATION_UNSURE;
    return my_index_is_tree(index) ? OPERATION_ADD_INDEX : OPERATION_ADD_FULLTEXT;
}

/* InnoDB builds one FULLTEXT index at a time: all but the first come by themselves, behind everything. */
static struct my_clauses *place_of_index(struct my_alter *alter, const struct index *index) {
    if (is_fulltext(index) && alter->builds_fulltext)
        return &alter->one_by_one;
    alter->builds_fulltext |= is_fulltext(index);
    return my_columns_defer_index(alter, index) ? &alter->after : &alter->main;
}

static void add_index(struct my_alter *alter, const struct index *index) {
    struct my_clauses *clauses = place_of_index(alter, index);

    CLAUSE(alter, clauses, index_operation(alter->to, index), "ADD %X", index_text(alter, alter->to, index));
}

/* An index that reads a column goes before that one is renamed. */
static bool reads_columns(const struct entity *entity, const struct index *index) {
    for (size_t i = 0; i < index->part_count; i++)
        if (index->parts[i].expression || entity_field(entity, index->parts[i].field)->computed)
            return true;
    return false;
}

/* The reference system of a column does not change under a SPATIAL index, not even one that goes in the same statement. */
static bool holds_srid(const struct my_alter *alter, const struct index *index) {
    bool spatial = index->method && strcmp(index->method, "spatial") == 0;

    for (size_t i = 0; spatial && i < index->part_count; i++) {
        const struct field *old = entity_field(alter->from, index->parts[i].field);

        for (size_t k = 0; k < alter->to->field_count; k++)
            if (alter->table->pair->old_of_new[k] == old &&
                !text_equal(my_option(&old->options, "srid"), my_option(&alter->to->fields[k].options, "srid")))
                return true;
    }
    return false;
}

static void drop_index(struct my_alter *alter, const struct index *index) {
    bool first = (alter->renames_first && reads_columns(alter->from, index)) || holds_srid(alter, index);
    struct my_clauses *clauses = first ? &alter->before : &alter->main;

    CLAUSE(alter, clauses, has_expression(index) || is_of_hashes(alter->from, index) ? OPERATION_UNSURE : OPERATION_DROP_INDEX,
           "DROP INDEX %I", index->name);
}

/* Where a name is free only half-way, the plan goes over a temporary one; in one statement that is not needed. */
static void rename_index(struct my_alter *alter, const struct change *change) {
    if (change->old_index && change->new_index && strcmp(change->new_name, change->new_index->name) == 0)
        CLAUSE(alter, &alter->main, OPERATION_RENAME_INDEX, "RENAME INDEX %I TO %I", change->old_index->name, change->new_index->name);
}

static const struct index *find_index(const struct entity *entity, const char *name) {
    for (size_t i = 0; i < entity->index_count; i++)
        if (strcmp(entity->indexes[i].name, name) == 0)
            return &entity->indexes[i];
    return NULL;
}

static bool is_dropped(const struct my_alter *alter, const struct index *index) {
    for (size_t i = 0; i < alter->table->changes.count; i++) {
        const struct change *change = alter->table->changes.at[i];

        if (change->kind == CHANGE_DROP_INDEX && change->old_index == index)
            return true;
    }
    return false;
}

static bool is_replaced(const struct my_alter *alter, const char *name) {
    const struct field *field = entity_field(alter->to, name);

    return field && (alter->columns[field - alter->to->fields].fate == FATE_REPLACED ||
                     alter->columns[field - alter->to->fields].fate == FATE_SAVED);
}

/* A column that is dropped and added leaves its indexes: they are made again. */
static void remake_indexes(struct my_alter *alter) {
    for (size_t i = 0; i < alter->to->index_count; i++) {
        const struct index *index = &alter->to->indexes[i];
        const struct index *old = find_index(alter->from, index->name);
        bool touched = false;

        for (size_t k = 0; k < index->part_count && !touched; k++)
            touched = index->parts[k].field && is_replaced(alter, index->parts[k].field);
        if (!touched || !old || is_dropped(alter, old))
            continue;
        drop_index(alter, old);
        add_index(alter, index);
    }
}

/* --- the indexes that servers make for foreign keys --- */

/* The foreign keys of ENTITY that are there all the time, or come back as they were. */
static void staying_keys(const struct my_alter *alter, const struct entity *entity, struct my_implicit *staying) {
    for (size_t i = 0; i < entity->foreign_key_count; i++) {
        const struct foreign_key *key = &entity->foreign_keys[i];
        bool stays = my_key_stays(alter->table, entity == alter->from ? key : NULL, entity == alter->to ? key : NULL);

        if (stays)
            vec_push(alter->arena, &staying->list, key);
    }
}

static void find_staying_implicit(const struct my_alter *alter, const struct entity *entity, struct my_implicit *implicit) {
    struct my_implicit staying = {0};

    staying_keys(alter, entity, &staying);
    my_implicit_find(alter->arena, entity, staying.list.at, staying.list.count, implicit);
}

static bool has_key(const struct my_implicit *implicit, const struct foreign_key *key) {
    for (size_t i = 0; i < implicit->list.count; i++)
        if (strcmp(implicit->list.at[i]->name, key->name) == 0)
            return true;
    return false;
}

/* An index that is dropped may have served a foreign key that now needs one of its own, and the other way round. */
static void replace_implicit(struct my_alter *alter) {
    struct my_implicit before = {.flavor = alter->job->target->flavor}, now = before;

    find_staying_implicit(alter, alter->from, &before);
    find_staying_implicit(alter, alter->to, &now);
    for (size_t i = 0; i < before.list.count; i++)
        if (!has_key(&now, before.list.at[i]))
            CLAUSE(alter, &alter->main, OPERATION_DROP_INDEX, "DROP INDEX %I", before.list.at[i]->name);
    for (size_t i = 0; i < now.list.count; i++)
        if (!has_key(&before, now.list.at[i]))
            CLAUSE(alter, &alter->main, OPERATION_ADD_INDEX, "ADD INDEX %I (%C)", now.list.at[i]->name, alter->to, &now.list.at[i]->fields);
}

/* --- keys and checks --- */

static const struct change *find_change(const struct my_table *table, enum change_kind kind) {
    for (size_t i = 0; i < table->changes.count; i++)
        if (table->changes.at[i]->kind == kind)
            return table->changes.at[i];
    return NULL;
}

static const char *key_text(const struct my_alter *alter) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    my_define_key(&sql, alter->to);
    kept = str_keep(&sql.text, alter->arena);
    sql_free(&sql);
    return kept;
}

/* Dropped and added in one statement, so that an AUTO_INCREMENT column always has its key. */
static void change_key(struct my_alter *alter) {
    const struct change *drop = find_change(alter->table, CHANGE_DROP_KEY), *add = find_change(alter->table, CHANGE_ADD_KEY);
    struct my_clauses *clauses = add && my_columns_defer_names(alter, &alter->to->key.fields) ? &alter->after : &alter->main;

    alter->change = drop;
    if (drop)
        CLAUSE(alter, clauses, add ? OPERATION_REPLACE_KEY : OPERATION_DROP_KEY, "DROP PRIMARY KEY");
    alter->change = add;
    if (add)
        CLAUSE(alter, clauses, OPERATION_ADD_KEY, "ADD %X", key_text(alter));
}

static void drop_check(struct my_alter *alter, const struct check *check) {
    CLAUSE(alter, alter->renames_first ? &alter->before : &alter->main, OPERATION_DROP_CHECK, "DROP CONSTRAINT %I", check->name);
}

static void add_check(struct my_alter *alter, const struct check *check) {
    struct my_clauses *clauses = my_columns_defer_expression(alter, check->value) ? &alter->after : &alter->main;
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);

    my_define_check(&sql, check);
    CLAUSE(alter, clauses, check->not_enforced ? OPERATION_ADD_UNENFORCED_CHECK : OPERATION_ADD_CHECK, "ADD %X", sql.text.text);
    sql_free(&sql);
}

/* --- the table --- */

static void emit_change(struct my_alter *alter, const struct change *change) {
    alter->change = change;
    switch ((int)change->kind) {
    case CHANGE_DROP_CHECK:
        drop_check(alter, change->old_check);
        break;
    case CHANGE_ADD_CHECK:
        add_check(alter, change->new_check);
        break;
    case CHANGE_RENAME_CONSTRAINT:
        if (!change->old_check || strcmp(change->new_name, change->new_check->name) != 0)
            break;
        drop_check(alter, change->old_check);
        add_check(alter, change->new_check);
        break;
    case CHANGE_DROP_INDEX:
        drop_index(alter, change->old_index);
        break;
    case CHANGE_ADD_INDEX:
        add_index(alter, change->new_index);
        break;
    case CHANGE_RENAME_INDEX:
        rename_index(alter, change);
        break;
    case CHANGE_ALTER_TABLE:
        my_options_emit(alter);
        break;
    case CHANGE_COMMENT_TABLE:
        CLAUSE(alter, &alter->main, OPERATION_TABLE_COMMENT, "COMMENT=%L", alter->to->comment ? alter->to->comment : "");
        break;
    }
}

/* --- probes --- */

/* The columns of INDEX as they are called before the statement, or NULL when one of them is new or an expression. */
static const char *old_columns(const struct my_alter *alter, const struct index *index) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept = NULL;
    size_t i;

    for (i = 0; i < index->part_count && index->parts[i].field; i++) {
        const struct field *field = entity_field(alter->to, index->parts[i].field);
        const struct field *old = alter->table->pair->old_of_new[field - alter->to->fields];

        if (!old)
            break;
        sqlf(&sql, "%T%I", i ? ", " : "", my_columns_current(alter, field));
    }
    if (i == index->part_count)
        kept = str_keep(&sql.text, alter->arena);
    sql_free(&sql);
    return kept;
}

/* Rows with a NULL in it are all different to a unique index. */
static const char *without_nulls(const struct my_alter *alter, const struct index *index) {
    struct sql sql = SQL_INIT(&dialect_mysql.quoting);
    const char *kept;

    for (size_t i = 0; i < index->part_count; i++) {
        const struct field *field = entity_field(alter->to, index->parts[i].field);
        const struct field *old = alter->table->pair->old_of_new[field - alter->to->fields];

        if (old->nullable)
            sqlf(&sql, "%T%I IS NOT NULL", sql.text.length ? " AND " : " WHERE ", my_columns_current(alter, field));
    }
    kept = str_keep(&sql.text, alter->arena);
    sql_free(&sql);
    return kept;
}

static void probe_unique(struct my_alter *alter, const struct index *index) {
    const char *columns = old_columns(alter, index);

    if (columns)
        alter->probe = sql_format(alter->arena, &dialect_mysql.quoting, "SELECT %X, COUNT(*) FROM %E%X GROUP BY %X HAVING COUNT(*) > 1",
                                  columns, alter->to, without_nulls(alter, index), columns);
}

/* Columns that are new or renamed cannot be asked for yet. */
static bool reads_old_columns(const struct my_alter *alter, const char *expression) {
    for (size_t i = 0; i < alter->to->field_count; i++) {
        const struct field *old = alter->table->pair->old_of_new[i];

        if ((!old || strcmp(old->column, alter->to->fields[i].column) != 0) && expression_mentions(expression, alter->to->fields[i].column))
            return false;
    }
    return true;
}

static void find_probe(struct my_alter *alter, const struct change *change) {
    if (alter->probe || change->forced)
        return;
    if (change->kind == CHANGE_ADD_CHECK && reads_old_columns(alter, change->new_check->value))
        alter->probe =
            sql_format(alter->arena, &dialect_mysql.quoting, "SELECT * FROM %E WHERE NOT (%X)", alter->to, change->new_check->value);
    else if (change->kind == CHANGE_ADD_INDEX && change->new_index->unique)
        probe_unique(alter, change->new_index);
}

/* --- statements --- */

struct statement_text {
    struct sql sql;
    struct my_costs costs;
    struct my_costs most; /* of one clause, and the change it serves */
    const struct change *costly;
    size_t count;
    VEC(const struct change *) changes;
};

typedef bool selector(enum my_operation operation);

static void count_costs(const struct my_alter *alter, struct statement_text *text, const struct my_clause *clause) {
    struct my_costs one = {0};

    my_costs_add(&one, clause->operation);
    my_costs_add(&text->costs, clause->operation);
    if (clause->change && (!text->costly || my_costs_more(&one, &text->most, alter->job->target))) {
        text->most = one;
        text->costly = clause->change;
    }
}

/* Appends the clauses of which SELECTED is true. */
static void add_clauses(struct my_alter *alter, struct statement_text *text, const struct my_clauses *clauses, selector *selected) {
    for (size_t i = 0; i < clauses->list.count; i++) {
        const struct my_clause *clause = &clauses->list.at[i];

        if (selected && !selected(clause->operation))
            continue;
        count_costs(alter, text, clause);
        if (clause->change)
            vec_push(alter->arena, &text->changes, clause->change);
        if (*clause->text)
            sqlf(&text->sql, "%T%X", text->count++ ? ",\n    " : "\n    ", clause->text);
    }
}

/* A copy is checked row by row against the tables that the foreign keys point to. */
static void lock_parents(struct my_alter *alter, struct statement *statement) {
    for (size_t i = 0; i < alter->to->foreign_key_count; i++) {
        const struct foreign_key *key = &alter->to->foreign_keys[i];

        if (my_key_stays(alter->table, NULL, key))
            my_lock_referenced(alter->job, statement, schema_entity(alter->job->plan->to, key->target), MY_HOLD_ROWS);
    }
}

static void finish_statement(struct my_alter *alter, struct statement_text *text) {
    struct statement *statement;
    struct effect effect;

    if (alter->unsure)
        my_costs_add(&text->costs, OPERATION_UNSURE);
    sqlf(&text->sql, "%T", my_costs_clause(&text->costs, alter->job->target));
    statement = script_add(alter->job->script, str_keep(&text->sql.text, alter->arena), text->changes.count ? text->changes.at[0] : NULL);
    statement->reason = text->changes.count ? my_reasons(alter->arena, text->changes.at, text->changes.count)
                                            : arena_printf(alter->arena, "%s: index of a foreign key", alter->to->name);
    effect = my_costs_effect(&text->costs, alter->job->target, alter->to);
    effect.change = text->costly;
    effect_add(alter->arena, statement, effect);
    if (effect.work == WORK_REWRITE && effect.blocks >= BLOCKS_WRITES)
        lock_parents(alter, statement);
}

static void emit_statement(struct my_alter *alter, const struct my_clauses *clauses, selector *selected) {
    struct statement_text text = {.sql = SQL_INIT(&dialect_mysql.quoting)};

    sqlf(&text.sql, "ALTER TABLE %E", alter->to);
    add_clauses(alter, &text, clauses, selected);
    if (text.count)
        finish_statement(alter, &text);
    sql_free(&text.sql);
}

static void emit_one_by_one(struct my_alter *alter) {
    for (size_t i = 0; i < alter->one_by_one.list.count; i++) {
        struct my_clauses one = {0};

        vec_push(alter->arena, &one.list, alter->one_by_one.list.at[i]);
        emit_statement(alter, &one, NULL);
    }
}

static bool is_built(enum my_operation operation) {
    return operation == OPERATION_ADD_INDEX || operation == OPERATION_ADD_FULLTEXT;
}

static bool is_dropped_index(enum my_operation operation) {
    return operation == OPERATION_DROP_INDEX;
}

static bool is_column_operation(enum my_operation operation) {
    return my_operation_is_instant(operation);
}

/* Indexes are dropped before columns go and built behind the columns that come. What rebuilds the table anyway stays together, and so
 * does an index that may stand in for another under a foreign key. */
static bool can_split(const struct my_alter *alter) {
    bool columns = false, drops = false, adds = false;

    for (size_t i = 0; i < alter->main.list.count; i++) {
        enum my_operation operation = alter->main.list.at[i].operation;

        if (operation == OPERATION_DROP_INDEX)
            drops = true;
        else if (is_built(operation))
            adds = true;
        else if (is_column_operation(operation))
            columns = true;
        else
            return false;
    }
    return columns && (drops != adds || (drops && !my_is_in_key(alter->job, alter->from, NULL)));
}

static void set_checks(struct my_alter *alter, bool on) {
    const char *text = on ? "SET SESSION foreign_key_checks = 1" : "SET SESSION foreign_key_checks = 0";
    struct statement *statement;

    if (!alter->unchecked || !alter->main.list.count)
        return;
    statement = script_add(alter->job->script, text, alter->table->changes.at[0]);
    statement->reason =
        on ? "checked again from here" : "a column that a foreign key refers to changes its auto-increment alone: no row needs a check";
}

static void emit_main(struct my_alter *alter) {
    size_t first;

    set_checks(alter, false);
    first = alter->job->script->list.count;
    if (can_split(alter)) {
        emit_statement(alter, &alter->main, is_dropped_index);
        emit_statement(alter, &alter->main, is_column_operation);
        emit_statement(alter, &alter->main, is_built);
    } else {
        emit_statement(alter, &alter->main, NULL);
    }
    if (alter->job->script->list.count > first)
        alter->job->script->list.at[alter->job->script->list.count - 1].probe = alter->probe;
    set_checks(alter, true);
}

/* The key, quoted, by which rows that have no value yet are filled in batches. Values that are changed into each other are changed at once: half
 * of them would be read as the other ones. */
static const char *batch_of(struct my_alter *alter, const struct my_clause *fill) {
    const struct field *key = fill->change->fill && !fill->change->value_count ? batch_key(alter->table->pair) : NULL;

    return key ? sql_format(alter->arena, &dialect_mysql.quoting, "%I", key->column) : NULL;
}

static void emit_fills(struct my_alter *alter, const struct my_clauses *fills) {
    for (size_t i = 0; i < fills->list.count; i++) {
        const struct my_clause *fill = &fills->list.at[i];
        struct statement *statement = script_add(alter->job->script, fill->text, fill->change);

        statement->reason = arena_printf(alter->arena, "%s.%s: fills the rows", alter->to->name, fill->change->new_field->name);
        statement->batch = batch_of(alter, fill);
        effect_add(alter->arena, statement,
                   (struct effect){.entity = alter->to,
                                   .table = alter->to->table,
                                   .note = "the rows that are filled",
                                   .blocks = statement->batch ? BLOCKS_NOTHING : BLOCKS_WRITES,
                                   .work = WORK_ROWS});
    }
}

static void emit_alter(struct my_alter *alter) {
    size_t last;

    emit_statement(alter, &alter->before, NULL);
    emit_fills(alter, &alter->fills_before);
    emit_main(alter);
    emit_fills(alter, &alter->fills);
    last = alter->job->script->list.count;
    emit_statement(alter, &alter->after, NULL);
    if (alter->job->script->list.count > last)
        alter->job->script->list.at[last].reason =
            arena_printf(alter->arena, "%s:\n%s", alter->fills.list.count ? "now that the rows are filled" : "now that the name is free",
                         alter->job->script->list.at[last].reason);
    emit_one_by_one(alter);
}

/* Tables of other engines, packed, partitioned, with a FULLTEXT index or computed columns know fewer algorithms. */
static bool is_unsure(const struct entity *entity) {
    if (entity->options.engine || entity->options.row_format || entity->options.partition_by)
        return true;
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].computed)
            return true;
    for (size_t i = 0; i < entity->index_count; i++)
        if (!my_index_is_tree(&entity->indexes[i]) || has_expression(&entity->indexes[i]))
            return true;
    return false;
}

void my_alter_table(struct my_job *job, const struct my_table *table) {
    struct my_alter alter = {.arena = job->arena, .job = job, .table = table};

    alter.from = table->pair->from;
    alter.to = table->pair->to;
    alter.unsure = is_unsure(alter.from) || is_unsure(alter.to);
    my_columns_decide(&alter);
    for (size_t i = 0; i < table->changes.count; i++)
        if (table->changes.at[i]->kind < CHANGE_RENAME_TABLE)
            emit_change(&alter, table->changes.at[i]);
    change_key(&alter);
    my_columns_emit(&alter);
    for (size_t i = 0; i < table->changes.count; i++)
        if (table->changes.at[i]->kind > CHANGE_RENAME_TABLE)
            emit_change(&alter, table->changes.at[i]);
    alter.change = NULL;
    remake_indexes(&alter);
    replace_implicit(&alter);
    for (size_t i = 0; i < table->changes.count; i++)
        find_probe(&alter, table->changes.at[i]);
    my_periods_emit(&alter);
    my_partitions_emit(&alter, true);
    emit_alter(&alter);
    my_partitions_emit(&alter, false);
}
