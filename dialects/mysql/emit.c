/* The whole plan as statements: objects that stand on tables go · foreign keys go · tables are renamed and dropped · each table that stays is altered · new tables come ·
 * foreign keys come. Every statement commits by itself, so each leaves a database that works. */
#include <string.h>
#include <strings.h>

#include "alter_internal.h"
#include "bug.h"
#include "my_object_kinds.h"
#include "str.h"

struct emitter {
    struct my_job job;
    struct arena *arena;
    struct map by_old;                /* name of the entity before → struct my_table */
    struct map by_new;                /* name of the entity after → struct my_table */
    struct map made;                  /* entities that were created, by name */
    VEC(struct my_table *) tables;    /* in the order of their first change */
    VEC(const struct change *) moves; /* renamed and dropped tables */
    VEC(const struct change *) creates;
};

/* --- gathering --- */

static struct my_table *table_of(struct emitter *emitter, const struct change *change) {
    struct map *map = change->to ? &emitter->by_new : &emitter->by_old;
    const char *name = change->to ? change->to->name : change->from->name;
    struct my_table *table = map_get(map, name);

    if (table)
        return table;
    table = ARENA_NEW(emitter->arena, struct my_table);
    table->pair = plan_pair(emitter->job.plan, change->to ? change->to : change->from);
    map_put(emitter->arena, map, name, table);
    vec_push(emitter->arena, &emitter->tables, table);
    return table;
}

/* A foreign key cannot be renamed: it goes and comes. A step over a temporary name is none. */
static void gather_renamed_key(struct emitter *emitter, const struct change *change) {
    struct my_table *table = table_of(emitter, change);

    if (strcmp(change->new_name, change->new_foreign_key->name) != 0)
        return;
    vec_push(emitter->arena, &table->dropped_keys, change);
    vec_push(emitter->arena, &table->added_keys, change);
}

static void gather_other(struct emitter *emitter, const struct change *change) {
    struct my_table *table;

    if (!change->from || !change->to)
        return; /* goes or comes with its table */
    table = table_of(emitter, change);
    vec_push(emitter->arena, &table->changes, change);
}

static void gather(struct emitter *emitter, const struct change *change) {
    struct arena *arena = emitter->arena;

    switch ((int)change->kind) {
    case CHANGE_DROP_FOREIGN_KEY:
        vec_push(arena, &table_of(emitter, change)->dropped_keys, change);
        break;
    case CHANGE_ADD_FOREIGN_KEY:
        vec_push(arena, &table_of(emitter, change)->added_keys, change);
        break;
    case CHANGE_RENAME_TABLE:
    case CHANGE_DROP_TABLE:
        vec_push(arena, &emitter->moves, change);
        break;
    case CHANGE_CREATE_TABLE:
        vec_push(arena, &emitter->creates, change);
        break;
    case CHANGE_RENAME_CONSTRAINT:
        if (change->old_foreign_key)
            gather_renamed_key(emitter, change);
        else
            gather_other(emitter, change);
        break;
    case CHANGE_DROP_DEPENDENT:
    case CHANGE_PUT_BASE:
    case CHANGE_PUT_DEPENDENT:
    case CHANGE_DROP_BASE:
        break; /* my_emit_objects() */
    case CHANGE_RENAME_ENUM:
    case CHANGE_CREATE_ENUM:
    case CHANGE_ALTER_ENUM:
    case CHANGE_DROP_ENUM:
        break; /* each column says its values */
    default:
        gather_other(emitter, change);
        break;
    }
}

/* --- foreign keys --- */

static void note_fields(struct my_job *job, const char *entity, const struct names *fields) {
    map_put(job->arena, &job->in_keys, arena_printf(job->arena, "%s\n", entity), job);
    for (size_t i = 0; i < fields->count; i++)
        map_put(job->arena, &job->in_keys, arena_printf(job->arena, "%s\n%s", entity, fields->at[i]), job);
}

/* By entity and name: the foreign keys that go first of all. */
static void find_dropped(const struct my_job *job, struct map *dropped) {
    for (size_t i = 0; i < job->plan->changes.count; i++) {
        const struct change *change = &job->plan->changes.at[i];

        if (change->old_foreign_key)
            map_put(job->arena, dropped, arena_printf(job->arena, "%s\n%s", change->from->name, change->old_foreign_key->name), change);
    }
}

static void find_in_keys(struct my_job *job) {
    const struct schema *from = job->plan->from;
    struct map dropped = {0};

    find_dropped(job, &dropped);
    for (size_t i = 0; i < from->entity_count; i++)
        for (size_t k = 0; k < from->entities[i]->foreign_key_count; k++) {
            const struct foreign_key *key = &from->entities[i]->foreign_keys[k];

            if (map_get(&dropped, arena_printf(job->arena, "%s\n%s", from->entities[i]->name, key->name)))
                continue;
            note_fields(job, from->entities[i]->name, &key->fields);
            note_fields(job, key->target, &key->target_fields);
        }
    job->in_keys_known = true;
}

bool my_is_in_key(struct my_job *job, const struct entity *entity, const struct field *field) {
    if (!job->in_keys_known)
        find_in_keys(job);
    return map_get(&job->in_keys, arena_printf(job->arena, "%s\n%s", entity->name, field ? field->name : "")) != NULL;
}

static bool same_fields(const struct my_table *table, const struct names *old, const struct names *new) {
    const struct entity_pair *pair = table->pair;

    for (size_t i = 0; i < old->count; i++) {
        const struct field *field = i < new->count ? entity_field(pair->to, new->at[i]) : NULL;
        const struct field *was = field ? pair->old_of_new[field - pair->to->fields] : NULL;

        if (!was || strcmp(was->name, old->at[i]) != 0)
            return false;
    }
    return old->count == new->count;
}

/* The change of LIST for this foreign key, or NULL. */
static const struct change *change_of(const struct change *const *list, size_t count, const struct foreign_key *key, bool old) {
    for (size_t i = 0; i < count; i++)
        if ((old ? list[i]->old_foreign_key : list[i]->new_foreign_key) == key)
            return list[i];
    return NULL;
}

bool my_key_stays(const struct my_table *table, const struct foreign_key *old_key, const struct foreign_key *new_key) {
    const struct change *const *others = old_key ? table->added_keys.at : table->dropped_keys.at;
    size_t count = old_key ? table->added_keys.count : table->dropped_keys.count;
    const struct change *own = old_key ? change_of(table->dropped_keys.at, table->dropped_keys.count, old_key, true)
                                       : change_of(table->added_keys.at, table->added_keys.count, new_key, false);

    if (!own)
        return true;
    if (!table->pair->from || !table->pair->to)
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct foreign_key *old = old_key ? old_key : others[i]->old_foreign_key;
        const struct foreign_key *new = old_key ? others[i]->new_foreign_key : new_key;

        if (strcmp(old->name, new->name) == 0 && same_fields(table, &old->fields, &new->fields))
            return true;
    }
    return false;
}

static bool has_key(const struct my_implicit *implicit, const struct foreign_key *key) {
    for (size_t i = 0; i < implicit->list.count; i++)
        if (implicit->list.at[i] == key)
            return true;
    return false;
}

/* The indexes that the server made for foreign keys which now go; another foreign key may have leant on one and gets its own. */
static void drop_implicit(struct emitter *emitter, const struct my_table *table, struct sql *sql) {
    const struct entity *from = table->pair->from;
    struct my_implicit all = {0}, kept = {0};
    struct my_implicit before = {.flavor = emitter->job.target->flavor}, after = before;

    for (size_t i = 0; i < from->foreign_key_count; i++) {
        vec_push(emitter->arena, &all.list, &from->foreign_keys[i]);
        if (my_key_stays(table, &from->foreign_keys[i], NULL))
            vec_push(emitter->arena, &kept.list, &from->foreign_keys[i]);
    }
    my_implicit_find(emitter->arena, from, all.list.at, all.list.count, &before);
    my_implicit_find(emitter->arena, from, kept.list.at, kept.list.count, &after);
    for (size_t i = 0; i < before.list.count; i++)
        if (!has_key(&after, before.list.at[i]))
            sqlf(sql, ",\n    DROP INDEX %I", before.list.at[i]->name);
    for (size_t i = 0; i < after.list.count; i++)
        if (!has_key(&before, after.list.at[i]))
            sqlf(sql, ",\n    ADD INDEX %I (%C)", after.list.at[i]->name, from, &after.list.at[i]->fields);
}

/* Is NAME what servers call the index of a foreign key without a name: as its first column, perhaps numbered? */
static bool is_named_by_server(const char *name, const char *column) {
    size_t length = strlen(column);

    return strncasecmp(name, column, length) == 0 && (!name[length] || (name[length] == '_' && strspn(name + length + 1, "0123456789")));
}

/* The index of ENTITY that a server may have made for KEY by itself, under a name of its own; NULL: there is none. */
static const struct index *made_index(const struct entity *entity, const struct foreign_key *key) {
    for (size_t i = 0; i < entity->index_count; i++) {
        const struct index *index = &entity->indexes[i];
        bool same = !index->unique && !index->method && !index->comment && index->part_count == key->fields.count;

        for (size_t k = 0; same && k < index->part_count; k++)
            same = index->parts[k].field && !index->parts[k].prefix && strcmp(index->parts[k].field, key->fields.at[k]) == 0;
        if (same && is_named_by_server(index->name, entity_column(entity, key->fields.at[0])))
            return index;
    }
    return NULL;
}

static bool comes_over(const struct my_table *table, const struct foreign_key *key) {
    for (size_t i = 0; i < table->added_keys.count; i++)
        if (same_fields(table, &key->fields, &table->added_keys.at[i]->new_foreign_key->fields))
            return true;
    return false;
}

/* An index that a server made by itself goes without a word when another foreign key over its columns comes. Made again it is one of the
 * user's, and stays. */
static void keep_made(const struct my_table *table, struct sql *sql, struct my_costs *costs) {
    const struct entity *from = table->pair->from, *to = table->pair->to;

    for (size_t i = 0; i < table->dropped_keys.count; i++) {
        const struct foreign_key *key = table->dropped_keys.at[i]->old_foreign_key;
        const struct index *index = comes_over(table, key) ? made_index(from, key) : NULL;
        bool stays = false;

        for (size_t k = 0; index && k < to->index_count && !stays; k++)
            stays = strcmp(to->indexes[k].name, index->name) == 0;
        if (!stays)
            continue;
        sqlf(sql, ",\n    DROP INDEX %I,\n    ADD INDEX %I (%C)", index->name, index->name, from, &key->fields);
        my_costs_add(costs, OPERATION_ADD_INDEX);
    }
}

static struct statement *add_statement(struct emitter *emitter, struct sql *sql, const struct change *const *changes, size_t count) {
    struct statement *statement = script_add(emitter->job.script, str_keep(&sql->text, emitter->arena), changes[0]);

    statement->reason = my_reasons(emitter->arena, changes, count);
    sql_free(sql);
    return statement;
}

static struct effect referenced_effect(const struct entity *target, enum my_hold hold, enum flavor flavor) {
    struct effect effect = my_moment_effect(target);

    effect.referenced = true;
    if (hold != MY_HOLD_COPY && hold != MY_HOLD_ROWS && flavor != FLAVOR_MARIADB)
        return effect;
    effect.blocks = BLOCKS_WRITES;
    effect.note = hold == MY_HOLD_COPY   ? "writes wait meanwhile"
                  : hold == MY_HOLD_ROWS ? "writes to the rows it refers to wait meanwhile"
                                         : "for a moment, writes wait";
    return effect;
}

void my_lock_referenced(struct my_job *job, struct statement *statement, const struct entity *target, enum my_hold hold) {
    const struct entity_pair *pair = target ? plan_pair(job->plan, target) : NULL;
    enum flavor flavor = job->target->flavor;

    if (!pair || !pair->from || ((hold == MY_HOLD_CREATE || hold == MY_HOLD_ROWS) && flavor == FLAVOR_MARIADB))
        return;
    for (size_t i = 0; i < statement->effects.count; i++)
        if (statement->effects.at[i].entity == target)
            return;
    effect_add(job->arena, statement, referenced_effect(target, hold, flavor));
}

static void drop_keys(struct emitter *emitter, const struct my_table *table) {
    struct sql sql = SQL_INIT(&emitter->job.target->dialect->quoting);
    struct statement *statement;
    struct my_costs costs = {0};

    if (!table->dropped_keys.count)
        return;
    sqlf(&sql, "ALTER TABLE %E", table->pair->from);
    for (size_t i = 0; i < table->dropped_keys.count; i++)
        sqlf(&sql, "%T\n    DROP FOREIGN KEY %I", i ? "," : "", table->dropped_keys.at[i]->old_foreign_key->name);
    my_costs_add(&costs, OPERATION_DROP_FOREIGN_KEY);
    my_costs_add(&costs, OPERATION_DROP_INDEX);
    if (table->pair->to) {
        drop_implicit(emitter, table, &sql);
        keep_made(table, &sql, &costs);
    }
    sqlf(&sql, "%T", my_costs_clause(&costs, emitter->job.target));
    statement = add_statement(emitter, &sql, table->dropped_keys.at, table->dropped_keys.count);
    effect_add(emitter->arena, statement, my_costs_effect(&costs, emitter->job.target, table->pair->from));
    for (size_t i = 0; i < table->dropped_keys.count; i++)
        my_lock_referenced(&emitter->job, statement,
                           schema_entity(emitter->job.plan->from, table->dropped_keys.at[i]->old_foreign_key->target), MY_HOLD_MOMENT);
}

/* The rows whose foreign key points nowhere. */
static const char *orphans(struct emitter *emitter, const struct my_table *table, const struct foreign_key *key) {
    const struct entity *target = schema_entity(emitter->job.plan->to, key->target);
    const struct entity *to = table->pair->to;
    struct sql sql = SQL_INIT(&emitter->job.target->dialect->quoting);
    const char *kept;

    sqlf(&sql, "SELECT c.* FROM %E c LEFT JOIN %E p ON ", to, target);
    for (size_t i = 0; i < key->fields.count; i++)
        sqlf(&sql, "%Tp.%I = c.%I", i ? " AND " : "", entity_column(target, key->target_fields.at[i]),
             entity_column(to, key->fields.at[i]));
    sqlf(&sql, " WHERE p.%I IS NULL", entity_column(target, key->target_fields.at[0]));
    for (size_t i = 0; i < key->fields.count; i++)
        sqlf(&sql, " AND c.%I IS NOT NULL", entity_column(to, key->fields.at[i]));
    kept = str_keep(&sql.text, emitter->arena);
    sql_free(&sql);
    return kept;
}

static bool is_made(const struct emitter *emitter, const struct entity *entity) {
    return map_get(&emitter->made, entity->name) != NULL;
}

/* Was the foreign key written into its CREATE TABLE? Then all it refers to was there. */
static bool is_inline(const struct emitter *emitter, const struct entity *entity, const struct foreign_key *key) {
    const struct entity_pair *target = plan_pair(emitter->job.plan, schema_entity(emitter->job.plan->to, key->target));

    return target->to == entity || target->from || is_made(emitter, target->to);
}

/* Foreign keys that are checked (foreign_key_checks stays on) copy the table. */
static void add_keys(struct emitter *emitter, const struct my_table *table) {
    const struct entity *to = table->pair->to;
    struct my_costs costs = {0};
    VEC(const struct change *) open = {0};
    struct statement *statement;
    struct sql sql = SQL_INIT(&emitter->job.target->dialect->quoting);

    for (size_t i = 0; i < table->added_keys.count; i++)
        if (table->pair->from ||
            !map_get(&emitter->made, arena_printf(emitter->arena, "%s\n%s", to->name, table->added_keys.at[i]->new_foreign_key->name)))
            vec_push(emitter->arena, &open, table->added_keys.at[i]);
    if (!open.count)
        return;
    sqlf(&sql, "ALTER TABLE %E", to);
    for (size_t i = 0; i < open.count; i++) {
        sqlf(&sql, "%T\n    ADD ", i ? "," : "");
        my_define_foreign_key(&sql, emitter->job.plan->to, to, open.at[i]->new_foreign_key);
    }
    my_costs_add(&costs, OPERATION_ADD_FOREIGN_KEY);
    sqlf(&sql, "%T", my_costs_clause(&costs, emitter->job.target));
    statement = add_statement(emitter, &sql, open.at, open.count);
    if (table->pair->from)
        effect_add(emitter->arena, statement, my_costs_effect(&costs, emitter->job.target, to));
    for (size_t i = 0; i < open.count; i++)
        my_lock_referenced(&emitter->job, statement, schema_entity(emitter->job.plan->to, open.at[i]->new_foreign_key->target),
                           table->pair->from ? MY_HOLD_COPY : MY_HOLD_CREATE);
    if (table->pair->from && !open.at[0]->forced)
        statement->probe = orphans(emitter, table, open.at[0]->new_foreign_key);
}

/* --- foreign keys around another collation --- */

static bool recollates(const struct entity_pair *pair) {
    if (!pair || !pair->from || !pair->to)
        return false;
    return !text_equal(pair->from->options.collation, pair->to->options.collation) ||
           !text_equal(pair->from->options.charset, pair->to->options.charset);
}

/* Is one of the FIELDS a text that compares as its table does? */
static bool follows_table(const struct entity *entity, const struct names *fields) {
    for (size_t i = 0; i < fields->count; i++) {
        const struct field *field = entity_field(entity, fields->at[i]);

        if (my_type_is_text(field->native_type) && !field->collation && !field->charset)
            return true;
    }
    return false;
}

static const struct foreign_key *find_key(const struct entity *entity, const char *name) {
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        if (strcmp(entity->foreign_keys[i].name, name) == 0)
            return &entity->foreign_keys[i];
    return NULL;
}

/* OLD goes before all else and comes back as NEW. */
static void remake_key(struct emitter *emitter, const struct entity_pair *pair, const struct foreign_key *old,
                       const struct foreign_key *new) {
    struct change *drop = ARENA_NEW(emitter->arena, struct change), *add = ARENA_NEW(emitter->arena, struct change);
    struct my_table *table;

    *drop = (struct change){.kind = CHANGE_DROP_FOREIGN_KEY, .from = pair->from, .to = pair->to, .recreated = true, .forced = true};
    *add = *drop;
    drop->old_foreign_key = old;
    add->kind = CHANGE_ADD_FOREIGN_KEY;
    add->new_foreign_key = new;
    table = table_of(emitter, drop);
    if (change_of(table->dropped_keys.at, table->dropped_keys.count, old, true))
        return;
    vec_push(emitter->arena, &table->dropped_keys, drop);
    vec_push(emitter->arena, &table->added_keys, add);
}

/* A text column under a foreign key cannot change its collation, not even by way of its table's. */
static void remake_keys(struct emitter *emitter) {
    const struct plan *plan = emitter->job.plan;

    for (size_t i = 0; i < plan->pairs.count; i++) {
        const struct entity_pair *pair = &plan->pairs.at[i];

        for (size_t k = 0; pair->from && pair->to && k < pair->from->foreign_key_count; k++) {
            const struct foreign_key *key = &pair->from->foreign_keys[k], *new = find_key(pair->to, key->name);
            const struct entity_pair *target = plan_old_pair(plan, key->target);

            if (new && ((recollates(pair) && follows_table(pair->from, &key->fields)) ||
                        (recollates(target) && follows_table(target->from, &key->target_fields))))
                remake_key(emitter, pair, key, new);
        }
    }
}

/* --- tables --- */

static bool is_dropped(const struct emitter *emitter, const struct foreign_key *key) {
    for (size_t i = 0; i < emitter->job.plan->changes.count; i++)
        if (emitter->job.plan->changes.at[i].kind == CHANGE_DROP_FOREIGN_KEY && emitter->job.plan->changes.at[i].old_foreign_key == key)
            return true;
    return false;
}

static void drop_table(struct emitter *emitter, const struct change *change) {
    struct sql sql = SQL_INIT(&emitter->job.target->dialect->quoting);
    struct statement *statement;

    sqlf(&sql, "DROP TABLE %I", change->old_name ? change->old_name : change->from->table);
    statement = add_statement(emitter, &sql, &change, 1);
    effect_add(emitter->arena, statement, my_moment_effect(change->from));
    for (size_t i = 0; i < change->from->foreign_key_count; i++)
        if (!is_dropped(emitter, &change->from->foreign_keys[i]))
            my_lock_referenced(&emitter->job, statement, schema_entity(emitter->job.plan->from, change->from->foreign_keys[i].target),
                               MY_HOLD_MOMENT);
}

/* Renames that follow each other are one statement, which is carried out whole or not at all: tables that swap their names never stand
 * under the temporary one. */
static void rename_tables(struct emitter *emitter, const struct change *const *changes, size_t count) {
    struct sql sql = SQL_INIT(&emitter->job.target->dialect->quoting);
    struct statement *statement;

    sqlf(&sql, "RENAME TABLE ");
    for (size_t i = 0; i < count; i++)
        sqlf(&sql, "%T%I TO %I", i ? ", " : "", changes[i]->old_name, changes[i]->new_name);
    statement = add_statement(emitter, &sql, changes, count);
    for (size_t i = 0; i < count; i++)
        effect_add(emitter->arena, statement, my_moment_effect(changes[i]->from));
}

static void move_tables(struct emitter *emitter) {
    size_t count;

    for (size_t i = 0; i < emitter->moves.count; i += count) {
        const struct change *const *first = &emitter->moves.at[i];

        count = 0;
        while (i + count < emitter->moves.count && first[count]->kind == CHANGE_RENAME_TABLE)
            count++;
        if (count) {
            rename_tables(emitter, first, count);
            continue;
        }
        drop_table(emitter, *first);
        count = 1;
    }
}

static void define_keys(struct emitter *emitter, const struct entity *entity, struct sql *sql) {
    for (size_t i = 0; i < entity->foreign_key_count; i++) {
        const struct foreign_key *key = &entity->foreign_keys[i];

        if (!is_inline(emitter, entity, key))
            continue;
        sqlf(sql, ",\n    ");
        my_define_foreign_key(sql, emitter->job.plan->to, entity, key);
        map_put(emitter->arena, &emitter->made, arena_printf(emitter->arena, "%s\n%s", entity->name, key->name), key);
    }
}

/* What stands behind the columns and constraints. */
static void finish_table(struct sql *sql, const struct entity *entity) {
    my_define_options(sql, &entity->options);
    if (entity->comment)
        sqlf(sql, " COMMENT=%L", entity->comment);
    if (my_option_is(&entity->options.options, "systemVersioning"))
        sqlf(sql, " WITH SYSTEM VERSIONING");
    if (entity->options.partition_by)
        sqlf(sql, " PARTITION BY %X", entity->options.partition_by);
}

static void create_table(struct emitter *emitter, const struct change *change) {
    const struct entity *entity = change->to;
    struct sql sql = SQL_INIT(&emitter->job.target->dialect->quoting);
    struct statement *statement;

    sqlf(&sql, "CREATE TABLE %E (", entity);
    for (size_t i = 0; i < entity->field_count; i++) {
        sqlf(&sql, "%T\n    ", i ? "," : "");
        my_define_column(&sql, &(struct my_definition){.field = &entity->fields[i]});
    }
    if (!entity->key.absent && entity->key.fields.count) {
        sqlf(&sql, ",\n    ");
        my_define_key(&sql, entity);
    }
    my_define_periods(&sql, entity);
    for (size_t i = 0; i < entity->index_count; i++) {
        sqlf(&sql, ",\n    ");
        my_define_index(&sql, entity, &entity->indexes[i], emitter->job.target->flavor);
    }
    define_keys(emitter, entity, &sql);
    for (size_t i = 0; i < entity->check_count; i++) {
        sqlf(&sql, ",\n    ");
        my_define_check(&sql, &entity->checks[i]);
    }
    sqlf(&sql, "\n)");
    finish_table(&sql, entity);
    map_put(emitter->arena, &emitter->made, entity->name, entity);
    statement = add_statement(emitter, &sql, &change, 1);
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        if (is_inline(emitter, entity, &entity->foreign_keys[i]))
            my_lock_referenced(&emitter->job, statement, schema_entity(emitter->job.plan->to, entity->foreign_keys[i].target),
                               MY_HOLD_CREATE);
}

/* Does the table only need its foreign keys changed? An index that one leaves may still have to come or go. */
static bool is_altered(const struct my_table *table) {
    return table->pair->from && table->pair->to && table->changes.count;
}

void my_emit(const struct plan *plan, const struct target *target, struct script *script) {
    struct emitter emitter = {.arena = script->arena, .job = {.arena = script->arena, .plan = plan, .target = target, .script = script}};

    for (size_t i = 0; i < plan->changes.count; i++)
        gather(&emitter, &plan->changes.at[i]);
    remake_keys(&emitter);
    my_emit_objects(plan, target, MY_DROP_DEPENDENT, script);
    for (size_t i = 0; i < emitter.tables.count; i++)
        drop_keys(&emitter, emitter.tables.at[i]);
    move_tables(&emitter);
    my_emit_objects(plan, target, MY_PUT_BASE, script);
    for (size_t i = 0; i < emitter.tables.count; i++)
        if (is_altered(emitter.tables.at[i]))
            my_alter_table(&emitter.job, emitter.tables.at[i]);
    for (size_t i = 0; i < emitter.creates.count; i++)
        create_table(&emitter, emitter.creates.at[i]);
    for (size_t i = 0; i < emitter.tables.count; i++)
        add_keys(&emitter, emitter.tables.at[i]);
    my_emit_objects(plan, target, MY_PUT_DEPENDENT, script);
    my_emit_objects(plan, target, MY_DROP_BASE, script);
}
