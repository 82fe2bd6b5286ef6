/* What happens to each table, before anything is written: which changes are an ALTER that SQLite can do, which tables are rebuilt, and who
 * is renamed how. */
#include <string.h>

#include "expression.h"
#include "sqlite_internal.h"
#include "token.h"

/* How many times a table's definition may be read again by the RENAMEs and DROP COLUMNs of a script. Each of them reads the definitions of
 * the whole schema, 0.1 to 0.25 ms a table; a rebuild without RENAME costs a second copy of one table instead. Below the limit, some
 * seconds, the shorter script is worth more. Measured with SQLite 3.40 on 5,000 tables of 12 columns, 2 foreign keys and an index, 50 of
 * them rebuilt: 58 s of processor time with 50 RENAMEs, 1.5 s without. */
enum { RENAME_COST_LIMIT = 20000 };

/* Who points to an entity. */
struct referrer {
    const struct entity *entity;
    const struct foreign_key *key;
    struct referrer *next;
};

struct job *job_of(const struct emitter *emitter, const struct entity *entity) {
    return &emitter->jobs[plan_pair(emitter->plan, entity) - emitter->plan->pairs.at];
}

struct job *job_of_change(const struct emitter *emitter, const struct change *change) {
    return job_of(emitter, change->to ? change->to : change->from);
}

static const struct change *find_change(const struct job *job, enum change_kind kind, const void *object) {
    for (size_t i = 0; i < job->changes.count; i++) {
        const struct change *change = job->changes.at[i];

        if (change->kind == kind && (change->old_index == object || change->new_field == object))
            return change;
    }
    return NULL;
}

static bool has_part(const struct index *index, const struct field *field) {
    for (size_t i = 0; i < index->part_count; i++) {
        const struct index_part *part = &index->parts[i];

        if (part->field ? strcmp(part->field, field->name) == 0 : expression_mentions(part->expression, field->column))
            return true;
    }
    return index->where && expression_mentions(index->where, field->column);
}

static bool has_name(const struct names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->at[i], name) == 0)
            return true;
    return false;
}

/* Does anything in the table's own text name the column? Then DROP COLUMN refuses. */
static bool is_named_in_table(const struct entity *entity, const struct field *field) {
    for (size_t i = 0; i < entity->check_count; i++)
        if (expression_mentions(entity->checks[i].value, field->column))
            return true;
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        if (has_name(&entity->foreign_keys[i].fields, field->name))
            return true;
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].computed && expression_mentions(entity->fields[i].computed, field->column))
            return true;
    return has_name(&entity->key.fields, field->name);
}

static bool can_drop_column(const struct job *job, const struct change *change) {
    const struct entity *from = job->pair->from;

    if (change->recreated || job->drops > 1 || from->field_count == 1 || is_named_in_table(from, change->old_field))
        return false; /* the only column of a table stays */
    for (size_t i = 0; i < from->index_count; i++) {
        const struct index *index = &from->indexes[i];

        if (has_part(index, change->old_field) && (index->constraint || !find_change(job, CHANGE_DROP_INDEX, index)))
            return false;
    }
    return true;
}

/* See the table of facts in https://www.sqlite.org/lang_altertable.html#altertabaddcol */
static bool can_add_column(const struct change *change) {
    const struct field *field = change->new_field;
    bool constant = true;

    if (change->recreated || change->fill || field->key || field->generated || (field->computed && field->stored))
        return false;
    if (field->default_sql && (!default_is_plain(field->default_sql, &constant) || !constant))
        return false;
    if (field->computed)
        return true;
    return field->nullable || (field->default_sql && !name_equal(field->default_sql, "NULL"));
}

static bool column_is_added(const struct job *job, const char *field) {
    return find_change(job, CHANGE_ADD_COLUMN, entity_field(job->pair->to, field)) != NULL;
}

/* Added with its column, by REFERENCES or CHECK in the column's own definition. */
static bool foreign_key_comes_with_column(const struct job *job, const struct foreign_key *key) {
    if (key->fields.count != 1 || !column_is_added(job, key->fields.at[0]) || entity_field(job->pair->to, key->fields.at[0])->default_sql)
        return false;
    for (size_t i = 0; i < job->changes.count; i++) {
        const struct change *other = job->changes.at[i];

        if (other->kind == CHANGE_ADD_FOREIGN_KEY && other->new_foreign_key != key &&
            has_name(&other->new_foreign_key->fields, key->fields.at[0]))
            return false;
    }
    return true;
}

static bool check_comes_with_column(const struct job *job, const struct check *check) {
    return check->derived && check->field && column_is_added(job, check->field);
}

static bool name_stays_given(const struct emitter *emitter, const struct job *job, const struct change *change) {
    struct arena *arena = emitter->arena;
    const struct entity_pair *pair = job->pair;

    if (change->new_foreign_key)
        return foreign_key_name_is_given(arena, pair->from, change->old_foreign_key) &&
               foreign_key_name_is_given(arena, pair->to, change->new_foreign_key);
    if (change->new_check)
        return check_name_is_given(arena, pair->from, change->old_check) && check_name_is_given(arena, pair->to, change->new_check);
    return change->new_index && unique_name_is_given(arena, pair->from, change->old_index) &&
           unique_name_is_given(arena, pair->to, change->new_index);
}

/* RENAME COLUMN fails on the key of a table without rowid, when it is one INTEGER and a unique constraint has it too: "error in table t after
 * rename" (SQLite 3.40). Such a table, and what points to that column, is rebuilt. */
static bool rename_is_broken(const struct entity *entity, const struct change *change) {
    if (!entity->options.without_rowid || entity->key.fields.count != 1 || !change->old_field ||
        !text_equal(entity->key.fields.at[0], change->old_field->name) || !types_equal(change->old_field->native_type, "INTEGER"))
        return false;
    for (size_t i = 0; i < entity->index_count; i++)
        if (entity->indexes[i].constraint && has_part(&entity->indexes[i], change->old_field))
            return true;
    return false;
}

static bool any_rename_is_broken(const struct job *job) {
    for (size_t i = 0; i < job->changes.count; i++)
        if (job->changes.at[i]->kind == CHANGE_RENAME_COLUMN && rename_is_broken(job->pair->from, job->changes.at[i]))
            return true;
    return false;
}

/* Does CHANGE ask for a rebuild of its table? */
static bool needs_rebuild(const struct emitter *emitter, const struct job *job, const struct change *change) {
    switch (change->kind) {
    case CHANGE_DROP_FOREIGN_KEY:
    case CHANGE_DROP_CHECK:
        return !change->forced;
    case CHANGE_ADD_FOREIGN_KEY:
        return !change->forced && !foreign_key_comes_with_column(job, change->new_foreign_key);
    case CHANGE_ADD_CHECK:
        return !change->forced && !check_comes_with_column(job, change->new_check);
    case CHANGE_DROP_INDEX:
        return change->old_index->constraint && !change->forced;
    case CHANGE_ADD_INDEX:
        return change->new_index->constraint && !change->forced;
    case CHANGE_RENAME_INDEX:
        return (!change->new_index || change->new_index->constraint) && !name_stays_given(emitter, job, change);
    case CHANGE_RENAME_CONSTRAINT:
        return !name_stays_given(emitter, job, change);
    case CHANGE_DROP_KEY:
    case CHANGE_ADD_KEY:
        return !change->forced;
    case CHANGE_ALTER_TABLE:
    case CHANGE_ALTER_COLUMN:
        return true;
    case CHANGE_DROP_COLUMN:
        return !can_drop_column(job, change);
    case CHANGE_ADD_COLUMN:
        return !can_add_column(change);
    case CHANGE_RENAME_COLUMN:
        return rename_is_broken(job->pair->from, change);
    case CHANGE_DROP_EXCLUDE:
    case CHANGE_ADD_EXCLUDE:
    case CHANGE_DROP_DEPENDENT:
    case CHANGE_PUT_BASE:
    case CHANGE_PUT_DEPENDENT:
    case CHANGE_DROP_BASE:
    case CHANGE_RENAME_ENUM:
    case CHANGE_RENAME_TABLE:
    case CHANGE_DROP_TABLE:
    case CHANGE_CREATE_ENUM:
    case CHANGE_ALTER_ENUM:
    case CHANGE_CREATE_TABLE:
    case CHANGE_COMMENT_TABLE:
    case CHANGE_DROP_ENUM:
        return false;
    case CHANGE_KIND_COUNT:
        break;
    }
    BUG("change of kind %d", (int)change->kind);
}

static void collect_changes(struct emitter *emitter) {
    for (size_t i = 0; i < emitter->plan->changes.count; i++) {
        const struct change *change = &emitter->plan->changes.at[i];
        struct job *job;

        if (!change->from && !change->to)
            continue;
        job = job_of_change(emitter, change);
        vec_push(emitter->arena, &job->changes, change);
        job->renamed |= change->kind == CHANGE_RENAME_TABLE;
        job->drops += change->kind == CHANGE_DROP_COLUMN;
        job->column_renames += change->kind == CHANGE_RENAME_COLUMN && change->new_field;
    }
}

static void choose_work(struct emitter *emitter, struct job *job) {
    if (!job->pair->from || !job->pair->to) {
        job->work = job->pair->to ? WORK_CREATE : WORK_DROP;
        return;
    }
    job->work = job->changes.count ? WORK_ALTER : WORK_NONE;
    for (size_t i = 0; i < job->changes.count; i++)
        if (needs_rebuild(emitter, job, job->changes.at[i]))
            job->work = WORK_REBUILD;
}

/* Statements that would make SQLite read the whole schema again. */
static size_t count_rereads(const struct emitter *emitter) {
    size_t count = 0;

    for (size_t i = 0; i < emitter->job_count; i++) {
        const struct job *job = &emitter->jobs[i];

        if (job->work == WORK_ALTER)
            count += job->renamed + job->column_renames + job->drops;
        else if (job->work == WORK_REBUILD)
            count += 1;
    }
    return count;
}

static bool resists_alter(const struct emitter *emitter) {
    for (size_t i = 0; i < emitter->job_count; i++)
        if (emitter->jobs[i].pair->from && emitter->jobs[i].pair->to && (emitter->jobs[i].column_renames || emitter->jobs[i].drops))
            return schema_resists_alter(emitter->arena, emitter->plan->from);
    return false;
}

/* From an entity's name in plan->from to its referrers. */
static void index_referrers(const struct emitter *emitter, struct map *referrers) {
    for (size_t i = 0; i < emitter->plan->from->entity_count; i++) {
        const struct entity *entity = emitter->plan->from->entities[i];

        for (size_t k = 0; k < entity->foreign_key_count; k++) {
            struct referrer *node = ARENA_NEW(emitter->arena, struct referrer);
            struct referrer *first;

            node->entity = entity;
            node->key = &entity->foreign_keys[k];
            first = map_put(emitter->arena, referrers, node->key->target, node);
            if (!first)
                continue;
            node->next = first->next;
            first->next = node;
        }
    }
}

/* Is a field renamed that KEY points to? */
static bool renames_target_of(const struct job *job, const struct foreign_key *key) {
    for (size_t i = 0; i < job->changes.count; i++) {
        const struct change *change = job->changes.at[i];

        if (change->kind == CHANGE_RENAME_COLUMN && change->old_field && has_name(&key->target_fields, change->old_field->name))
            return true;
    }
    return false;
}

/* Rebuilds what points to JOB's table by a name that changes: to its columns, and with TABLES to the table itself. */
static void rebuild_referrers(struct emitter *emitter, const struct job *job, const struct map *referrers, bool tables) {
    for (const struct referrer *at = map_get(referrers, job->pair->from->name); at; at = at->next)
        if (job_of(emitter, at->entity)->pair->to && ((tables && job->renamed) || renames_target_of(job, at->key)))
            job_of(emitter, at->entity)->work = WORK_REBUILD;
}

/* Without RENAMEs all that would be renamed, or lose a column, is rebuilt, and so is what points to a new name. */
static void rebuild_instead_of_renames(struct emitter *emitter, const struct map *referrers) {
    for (size_t i = 0; i < emitter->job_count; i++) {
        struct job *job = &emitter->jobs[i];

        if ((job->work != WORK_ALTER && job->work != WORK_REBUILD) || !(job->renamed || job->column_renames || job->drops))
            continue;
        job->work = WORK_REBUILD;
        rebuild_referrers(emitter, job, referrers, true);
    }
}

/* Is a table of the other tables' called NAME, before or after? */
static bool name_is_taken(const struct emitter *emitter, const struct job *job, const char *name) {
    for (size_t i = 0; i < emitter->job_count; i++) {
        const struct entity_pair *pair = emitter->jobs[i].pair;

        if (&emitter->jobs[i] != job &&
            ((pair->from && name_equal(pair->from->table, name)) || (pair->to && name_equal(pair->to->table, name))))
            return true;
    }
    return false;
}

/* A rebuilt table gets its new names by the way, unless a table that is not rebuilt points to the old ones: RENAME carries its text over. */
static void choose_renames(struct emitter *emitter, struct job *job, const struct map *referrers) {
    const struct entity_pair *pair = job->pair;

    if (job->work != WORK_REBUILD || !(job->renamed || job->column_renames))
        return;
    for (const struct referrer *at = map_get(referrers, pair->from->name); at; at = at->next) {
        enum work work = job_of(emitter, at->entity)->work;

        if (work == WORK_REBUILD || work == WORK_DROP)
            continue;
        job->rename_first |= job->renamed;
        job->columns_first |= renames_target_of(job, at->key);
    }
    if (job->renamed && (name_is_taken(emitter, job, pair->to->table) || name_is_taken(emitter, job, pair->from->table)))
        job->rename_first = true;
}

void jobs_prepare(struct emitter *emitter, const struct target *target) {
    struct map referrers = {0};
    size_t tables = target->table_count > emitter->plan->to->entity_count ? target->table_count : emitter->plan->to->entity_count;
    bool any_rename = false;

    emitter->job_count = emitter->plan->pairs.count;
    emitter->jobs = ARENA_ARRAY(emitter->arena, struct job, emitter->job_count);
    for (size_t i = 0; i < emitter->job_count; i++)
        emitter->jobs[i].pair = &emitter->plan->pairs.at[i];
    collect_changes(emitter);
    for (size_t i = 0; i < emitter->job_count; i++) {
        choose_work(emitter, &emitter->jobs[i]);
        any_rename |= emitter->jobs[i].renamed || emitter->jobs[i].column_renames;
    }
    if (any_rename)
        index_referrers(emitter, &referrers);
    for (size_t i = 0; i < emitter->job_count; i++)
        if (emitter->jobs[i].column_renames && emitter->jobs[i].pair->from && any_rename_is_broken(&emitter->jobs[i]))
            rebuild_referrers(emitter, &emitter->jobs[i], &referrers, false);
    emitter->without_renames = count_rereads(emitter) * tables > RENAME_COST_LIMIT || resists_alter(emitter);
    if (emitter->without_renames)
        rebuild_instead_of_renames(emitter, &referrers);
    for (size_t i = 0; i < emitter->job_count; i++) {
        struct job *job = &emitter->jobs[i];

        if (!emitter->without_renames)
            choose_renames(emitter, job, &referrers);
        emitter->guarded |= job->work == WORK_REBUILD || job->work == WORK_DROP || (job->work == WORK_ALTER && job->renamed);
    }
}
