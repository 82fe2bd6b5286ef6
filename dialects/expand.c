#define _GNU_SOURCE /* strcasestr */
#include "expand.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "batch.h"
#include "expression.h"

struct finder {
    struct arena *arena;
    const struct expand_request *request;
    struct expansions *expansions;
};

/* A change that may go in two steps. */
struct candidate {
    const struct expand_request *request;
    const struct change *change;
    const struct field *old; /* NULL: the column is new */
    const struct field *new;
    bool retyped; /* and called as before */
};

/* --- what stands in the way --- */

static bool has_name(const struct names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->at[i], name) == 0)
            return true;
    return false;
}

static bool is_key(const struct candidate *candidate) {
    const struct field *old = candidate->old, *new = candidate->new;

    return new->key || (old && old->key) || has_name(&candidate->change->to->key.fields, new->name);
}

/* Does a foreign key of SCHEMA begin or end at FIELD of ENTITY? */
static bool is_referring(const struct schema *schema, const struct entity *entity, const struct field *field) {
    for (size_t i = 0; i < schema->entity_count; i++) {
        const struct entity *other = schema->entities[i];

        for (size_t k = 0; k < other->foreign_key_count; k++) {
            const struct foreign_key *key = &other->foreign_keys[k];

            if ((strcmp(other->name, entity->name) == 0 && has_name(&key->fields, field->name)) ||
                (strcmp(key->target, entity->name) == 0 && has_name(&key->target_fields, field->name)))
                return true;
        }
    }
    return false;
}

static bool is_reference(const struct candidate *candidate) {
    const struct plan *up = candidate->request->up;
    const struct change *change = candidate->change;

    return is_referring(up->to, change->to, candidate->new) || (candidate->old && is_referring(up->from, change->from, candidate->old));
}

static bool is_made_field(const struct field *field) {
    return field && (field->generated || field->identity || field->computed || field->on_update);
}

static bool is_made(const struct candidate *candidate) {
    return is_made_field(candidate->old) || is_made_field(candidate->new);
}

static bool is_computed_from(const struct entity *entity, const struct field *field) {
    for (size_t i = 0; field && i < entity->field_count; i++)
        if (entity->fields[i].computed && expression_mentions(entity->fields[i].computed, field->column))
            return true;
    return false;
}

static bool is_read_by_computed(const struct candidate *candidate) {
    return is_computed_from(candidate->change->from, candidate->old) || is_computed_from(candidate->change->to, candidate->new);
}

static bool is_inherited(const struct candidate *candidate) {
    const struct schema *to = candidate->request->up->to;

    for (size_t i = 0; i < to->entity_count; i++)
        if (has_name(&to->entities[i]->options.inherits, candidate->change->to->name))
            return true;
    return candidate->change->to->options.inherits.count > 0;
}

static bool is_partitioned(const struct candidate *candidate) {
    return candidate->change->to->options.partition_by || candidate->change->from->options.partition_by;
}

/* In between both are there: does something else have the name of one of them? */
static bool is_taken(const struct candidate *candidate) {
    const struct entity *entity = schema_entity(candidate->request->to, candidate->change->to->name);
    const struct field *old = candidate->old;

    if (!old || candidate->retyped)
        return false;
    return entity_field(entity, old->name) || entity_relation(entity, old->name) || entity_field_by_column(entity, old->column);
}

static bool is_among(const struct names *names, const struct candidate *candidate) {
    return has_name(names, candidate->new->name);
}

static bool is_indexed(const struct candidate *candidate) {
    const struct entity *entity = candidate->change->to;

    for (size_t i = 0; i < entity->index_count; i++) {
        const struct index *index = &entity->indexes[i];

        if (is_among(&index->include, candidate) || (index->where && expression_mentions(index->where, candidate->new->column)))
            return true;
        for (size_t k = 0; k < index->part_count; k++)
            if (text_equal(index->parts[k].field, candidate->new->name) ||
                (index->parts[k].expression && expression_mentions(index->parts[k].expression, candidate->new->column)))
                return true;
    }
    return false;
}

static bool is_checked(const struct candidate *candidate) {
    const struct entity *entity = candidate->change->to;

    for (size_t i = 0; i < entity->check_count; i++)
        if (expression_mentions(entity->checks[i].value, candidate->new->column))
            return true;
    return entity->exclude_count > 0;
}

/* A view over the table, say. */
static bool is_read_by_object(const struct candidate *candidate) {
    const struct schema *to = candidate->request->up->to;
    const char *name = candidate->change->to->name;

    for (size_t i = 0; i < to->object_count; i++)
        if (text_equal(to->objects[i]->on, name) || has_name(&to->objects[i]->depends_on, name))
            return true;
    return false;
}

/* Of a column that keeps its name everything that stands on it would have to be made twice. */
static bool is_stood_on(const struct candidate *candidate) {
    return candidate->retyped && (is_indexed(candidate) || is_checked(candidate) || is_read_by_object(candidate));
}

static bool is_word_byte(char c) {
    return isalnum((unsigned char)c) || c == '_';
}

/* Bodies of functions are texts to SQL: any word in them counts. */
static bool has_word(const char *text, const char *word, size_t length) {
    for (const char *at = text; at && *at; at++)
        if ((at == text || !is_word_byte(at[-1])) && strncasecmp(at, word, length) == 0 && !is_word_byte(at[length]))
            return true;
    return false;
}

/* Does TRIGGER, or a function that it calls, name COLUMN? */
static bool is_read_by(const struct schema *schema, const struct object *trigger, const char *column) {
    if (has_word(trigger->definition, column, strlen(column)))
        return true;
    for (size_t i = 0; i < schema->object_count; i++) {
        const struct object *function = schema->objects[i];

        if (strcmp(function->kind, "function") == 0 && has_word(function->definition, column, strlen(column)) &&
            has_word(trigger->definition, function->object_name, strcspn(function->object_name, "(")))
            return true;
    }
    return false;
}

/* A trigger that changes or refuses rows: before the one that keeps two columns in step it does not see what an old client wrote, behind it
 * parts them. */
static bool is_changed_by_trigger(const struct candidate *candidate) {
    const struct schema *to = candidate->request->up->to;

    for (size_t i = 0; !candidate->request->dialect->expand->behind && i < to->object_count; i++) {
        const struct object *object = to->objects[i];

        if (strcmp(object->kind, "trigger") == 0 && text_equal(object->on, candidate->change->to->name) &&
            has_word(object->definition, "BEFORE", strlen("BEFORE")) && is_read_by(to, object, candidate->new->column))
            return true;
    }
    return false;
}

/* The triggers assign values as they are: both ways of the cast must be the database's own. */
static bool is_cast(const struct candidate *candidate) {
    const struct dialect *dialect = candidate->request->dialect;
    const struct field *old = candidate->old, *new = candidate->new;

    return old && !text_equal(old->native_type, new->native_type) && !dialect->expand->convert &&
           dialect->cast_risk(old->native_type, new->native_type) != CAST_SAFE;
}

static const struct obstacle {
    bool (*stands)(const struct candidate *candidate);
    const char *why;
} obstacles[] = {
    {is_key, "it is in the primary key"},
    {is_reference, "a foreign key holds it"},
    {is_made, "the database makes its values"},
    {is_read_by_computed, "a computed column reads it"},
    {is_inherited, "the table inherits, or is inherited from"},
    {is_partitioned, "the table is partitioned"},
    {is_taken, "another field has its old name now"},
    {is_stood_on, "an index, a check or an object reads it"},
    {is_changed_by_trigger, "a trigger before the row is written reads it"},
    {is_cast, "its values may not fit the other type"},
};

static const char *obstacle_of(const struct candidate *candidate) {
    for (size_t i = 0; i < sizeof obstacles / sizeof *obstacles; i++)
        if (obstacles[i].stands(candidate))
            return obstacles[i].why;
    return NULL;
}

/* --- candidates --- */

/* Does an INSERT that does not name the column fail? */
static bool is_required(const struct field *field) {
    return !field->nullable && !field->default_sql && !is_made_field(field);
}

/* Is a statement of CHANGE one that writes the whole table while others wait? */
static bool is_rewritten(const struct script *script, const struct change *change) {
    for (size_t i = 0; i < script->list.count; i++) {
        const struct statement *statement = &script->list.at[i];

        for (size_t k = 0; statement->change == change && k < statement->effects.count; k++)
            if (statement->effects.at[k].work == WORK_REWRITE && statement->effects.at[k].blocks >= BLOCKS_WRITES)
                return true;
    }
    return false;
}

static bool read_candidate(const struct finder *finder, const struct change *change, struct candidate *candidate) {
    const struct field *old = change->old_field, *new = change->new_field;

    *candidate = (struct candidate){finder->request, change, old, new, false};
    if (!change->from || !change->to || !new || change->recreated)
        return false;
    if (change->kind == CHANGE_RENAME_COLUMN)
        return strcmp(change->new_name, new->column) == 0;
    if (change->kind == CHANGE_ADD_COLUMN)
        return is_required(new) && change->fill;
    candidate->retyped = true;
    return change->kind == CHANGE_ALTER_COLUMN && change->aspects & COLUMN_TYPE && strcmp(old->column, new->column) == 0 &&
           finder->request->dialect->expand->retypes && is_rewritten(finder->request->script, change);
}

/* A name for the field that comes beside NAME: what nothing else in ENTITY is called. */
static const char *free_name(struct arena *arena, const struct entity *entity, const char *name, const char *tail) {
    const char *free = arena_printf(arena, "%s%s", name, tail);

    for (unsigned number = 2; entity_field(entity, free) || entity_relation(entity, free) || entity_field_by_column(entity, free); number++)
        free = arena_printf(arena, "%s%s%u", name, tail, number);
    return free;
}

static const struct field *field_between(const struct finder *finder, const struct candidate *candidate) {
    struct field *field = ARENA_NEW(finder->arena, struct field);

    *field = *candidate->new;
    if (candidate->retyped) {
        field->name = free_name(finder->arena, candidate->change->to, field->name, "New");
        field->column = free_name(finder->arena, candidate->change->to, field->column, "_new");
    }
    return field;
}

static void add_expansion(struct finder *finder, const struct candidate *candidate) {
    struct expansion *expansion = vec_add(finder->arena, &finder->expansions->list);

    *expansion = (struct expansion){
        .entity = candidate->change->to,
        .old = candidate->change->kind == CHANGE_ADD_COLUMN ? NULL : candidate->old,
        .new = field_between(finder, candidate),
        .fill = candidate->change->kind == CHANGE_ADD_COLUMN ? candidate->change->fill : NULL,
        .required = !candidate->new->nullable,
    };
}

static const char *verb_of(const struct candidate *candidate) {
    return candidate->retyped ? "gets its type" : candidate->change->kind == CHANGE_ADD_COLUMN ? "comes" : "is renamed";
}

static void consider(struct finder *finder, const struct change *change) {
    struct candidate candidate;
    const char *why;

    if (!read_candidate(finder, change, &candidate))
        return;
    why = obstacle_of(&candidate);
    if (why)
        vec_push(
            finder->arena, &finder->expansions->plain,
            arena_printf(finder->arena, "%s.%s %s in one step: %s", change->to->name, change->new_field->name, verb_of(&candidate), why));
    else
        add_expansion(finder, &candidate);
}

/* What changes the names that the schema in between would have to say in two ways. */
static const char *obstacle_of_all(const struct plan *up) {
    for (size_t i = 0; i < up->changes.count; i++) {
        enum change_kind kind = up->changes.at[i].kind;

        if (kind == CHANGE_RENAME_TABLE || kind == CHANGE_DROP_TABLE)
            return "a table is renamed or goes in the same migration; give that one of its own";
        if (kind == CHANGE_RENAME_ENUM || kind == CHANGE_ALTER_ENUM || kind == CHANGE_DROP_ENUM)
            return "an enum changes in the same migration; give that one of its own";
    }
    return NULL;
}

void expansions_find(struct arena *arena, const struct expand_request *request, struct expansions *expansions) {
    struct finder finder = {arena, request, expansions};
    const char *why = obstacle_of_all(request->up);

    if (!request->dialect->expand)
        return;
    for (size_t i = 0; i < request->up->changes.count; i++)
        consider(&finder, &request->up->changes.at[i]);
    if (!why || !expansions->list.count)
        return;
    for (size_t i = 0; i < expansions->list.count; i++)
        vec_push(arena, &expansions->plain,
                 arena_printf(arena, "%s.%s changes in one step: %s", expansions->list.at[i].entity->name, expansions->list.at[i].new->name,
                              why));
    expansions->list.count = 0;
}

/* --- the schema in between --- */

static void insert_field(struct arena *arena, struct entity *entity, size_t at, struct field field) {
    struct field *fields = ARENA_ARRAY(arena, struct field, entity->field_count + 1);

    for (size_t i = 0; i < entity->field_count; i++)
        fields[i + (i >= at)] = entity->fields[i];
    fields[at] = field;
    entity->fields = fields;
    entity->field_count++;
}

static bool has_index(const struct entity *entity, const char *name) {
    for (size_t i = 0; name && i < entity->index_count; i++)
        if (text_equal(entity->indexes[i].name, name))
            return true;
    return false;
}

static bool covers(const struct entity *entity, const struct index *index, const char *name) {
    bool found = false;

    for (size_t i = 0; i < index->part_count; i++) {
        if (!index->parts[i].field || !entity_field(entity, index->parts[i].field))
            return false;
        found = found || strcmp(index->parts[i].field, name) == 0;
    }
    return found && !index->derived && !index->where && !index->include.count && !has_index(entity, index->name);
}

/* Old clients search by the old column: its indexes stay as long as it does. */
static void keep_indexes(struct arena *arena, struct entity *entity, const struct entity *from, const char *old) {
    for (size_t i = 0; i < from->index_count; i++) {
        struct index *indexes;

        if (!covers(entity, &from->indexes[i], old))
            continue;
        indexes = ARENA_ARRAY(arena, struct index, entity->index_count + 1);
        indexes[0] = from->indexes[i]; /* derived ones stand behind */
        for (size_t k = 0; k < entity->index_count; k++)
            indexes[k + 1] = entity->indexes[k];
        entity->indexes = indexes;
        entity->index_count++;
    }
}

static bool has_default(const struct field *field) {
    return field->default_sql || field->default_literal;
}

/* Rows of either sort of client may lack it until a trigger or the contract gives it. */
static void loosen_new(struct field *field) {
    field->nullable = true;
    field->default_sql = field->default_literal = field->was = NULL;
}

static void expand_entity(struct arena *arena, const struct expand_request *request, const struct expansion *expansion,
                          struct entity *entity) {
    const struct entity *from = schema_entity(request->from, expansion->entity->name);
    struct field *new = entity_field(entity, expansion->new->name), old;

    if (!new) { /* a column that keeps its name: the new one comes behind it under another */
        struct field *kept = entity_field(entity, expansion->old->name);
        struct field beside = *kept;

        *kept = *entity_field(from, expansion->old->name);
        kept->was = NULL;
        beside.name = expansion->new->name;
        beside.column = expansion->new->column;
        loosen_new(&beside);
        insert_field(arena, entity, (size_t)(kept - entity->fields) + 1, beside);
        return;
    }
    old = expansion->old ? *entity_field(from, expansion->old->name) : (struct field){0};
    if (expansion->old && !has_default(&old) && text_equal(expansion->old->native_type, expansion->new->native_type)) {
        old.default_sql = new->default_sql; /* for new clients that leave it to the database */
        old.default_literal = new->default_literal;
    }
    loosen_new(new);
    if (!expansion->old)
        return;
    old.was = NULL;
    old.nullable = old.nullable || request->dialect->expand->behind;
    insert_field(arena, entity, (size_t)(new - entity->fields), old);
    keep_indexes(arena, entity, from, old.name);
}

static struct entity *entity_between(struct arena *arena, struct schema *schema, const char *name) {
    for (size_t i = 0; i < schema->entity_count; i++)
        if (strcmp(schema->entities[i]->name, name) == 0)
            return schema->entities[i] = entity_copy(arena, schema->entities[i]);
    return NULL;
}

/* A column that goes beside what is cut goes with the contract too: old clients know it. One of a key or a reference goes at once, and one that
 * another field takes the name of. */
static bool goes_later(const struct expand_request *request, const struct change *change, const struct entity *entity) {
    const struct field *old = change->old_field;

    if (change->kind != CHANGE_DROP_COLUMN || !change->to || change->recreated || old->derived || old->key || old->inherited ||
        is_made_field(old) || is_referring(request->up->from, change->from, old) || is_computed_from(change->from, old))
        return false;
    return !entity_field(entity, old->name) && !entity_relation(entity, old->name) && !entity_field_by_column(entity, old->column);
}

/* Behind the field that it stood behind, or in front. */
static size_t place_between(const struct entity *entity, const struct entity *from, const struct field *field) {
    for (size_t i = (size_t)(field - from->fields); i-- > 0;) {
        const struct field *before = entity_field(entity, from->fields[i].name);

        if (before && !before->derived)
            return (size_t)(before - entity->fields) + 1;
    }
    return 0;
}

/* New clients do not write it: it may be missing. */
static void keep_column(struct arena *arena, const struct entity *from, const char *name, struct entity *entity) {
    const struct field *old = entity_field(from, name);
    struct field kept = *old;

    kept.was = NULL;
    kept.nullable = kept.nullable || !has_default(&kept);
    insert_field(arena, entity, place_between(entity, from, old), kept);
    keep_indexes(arena, entity, from, name);
}

static void keep_columns(struct arena *arena, const struct expand_request *request, struct schema *schema) {
    for (size_t i = 0; i < request->up->changes.count; i++) {
        const struct change *change = &request->up->changes.at[i];
        struct entity *entity;

        if (change->kind != CHANGE_DROP_COLUMN || !change->to)
            continue;
        entity = entity_between(arena, schema, change->to->name);
        if (!goes_later(request, change, entity))
            continue;
        keep_column(arena, schema_entity(request->from, change->from->name), change->old_field->name, entity);
        entity_sort(entity);
    }
}

const char *expansion_constant(struct arena *arena, const struct expansion *expansion) {
    return arena_printf(arena, "in_step_%s_%s", expansion->entity->name, expansion->new->name);
}

struct schema *expansions_between(struct arena *arena, const struct expand_request *request, const struct expansions *expansions) {
    struct schema *schema = ARENA_NEW(arena, struct schema);
    struct object_list objects = {0};

    *schema = *request->to;
    schema->entity_by_name = schema->enum_by_name = schema->object_by_name = (struct map){0};
    schema->entities = ARENA_ARRAY(arena, struct entity *, schema->entity_count);
    for (size_t i = 0; i < schema->entity_count; i++)
        schema->entities[i] = request->to->entities[i];
    for (size_t i = 0; i < schema->object_count; i++)
        vec_push(arena, &objects.list, request->to->objects[i]);
    for (size_t i = 0; i < expansions->list.count; i++) {
        const struct expansion *expansion = &expansions->list.at[i];
        struct entity *entity = entity_between(arena, schema, expansion->entity->name);

        expand_entity(arena, request, expansion, entity);
        entity_sort(entity);
        request->dialect->expand->add_triggers(arena, expansion, expansion_constant(arena, expansion), &objects);
    }
    if (expansions->list.count)
        keep_columns(arena, request, schema);
    schema->objects = objects.list.at;
    schema->object_count = objects.list.count;
    schema_index(arena, schema);
    return schema;
}

/* --- as it is recorded --- */

const char *expansion_text(struct arena *arena, const struct expansion *expansion) {
    if (expansion->old)
        return arena_printf(arena, "%s.%s=%s", expansion->entity->name, expansion->old->name, expansion->new->name);
    return arena_printf(arena, "%s.%s=%s", expansion->entity->name, expansion->new->name, expansion->fill);
}

bool expansion_read(struct arena *arena, const struct schema *schema, const char *text, bool fills, struct expansion *expansion) {
    size_t dot = strcspn(text, "."), equals = strcspn(text, "=");
    const char *first;

    if (!text[dot] || !text[equals] || dot > equals)
        return false;
    first = arena_strndup(arena, text + dot + 1, equals - dot - 1);
    *expansion = (struct expansion){.entity = schema_entity(schema, arena_strndup(arena, text, dot))};
    if (!expansion->entity)
        return false;
    expansion->old = fills ? NULL : entity_field(expansion->entity, first);
    expansion->new = entity_field(expansion->entity, fills ? first : text + equals + 1);
    expansion->fill = fills ? text + equals + 1 : NULL;
    return expansion->new && (fills || expansion->old);
}

/* --- rows --- */

const char *expansion_value(struct arena *arena, const struct dialect *dialect, const struct field *from, const struct field *to) {
    const char *column = sql_format(arena, &dialect->quoting, "%I", from->column);
    const char *converted = dialect->expand->convert ? dialect->expand->convert(arena, column, from, to) : NULL;

    return converted ? converted : column;
}

/* Columns with ON UPDATE keep what they have: the row is changed by nobody. */
static const char *kept_stamps(struct arena *arena, const struct quoting *quoting, const struct expansion *expansion,
                               const struct field *filled) {
    const char *kept = "";

    for (size_t i = 0; i < expansion->entity->field_count; i++) {
        const struct field *field = &expansion->entity->fields[i];

        if (field->on_update && field != filled)
            kept = sql_format(arena, quoting, "%T, %I = %I", kept, field->column, field->column);
    }
    return kept;
}

/* In batches by the key of the table, each by itself; without such a key at once, but not in the transaction that closed the table. */
static void fill_apart(const struct dialect *dialect, const struct entity *entity, struct script *script, struct statement *statement) {
    const struct field *key = batch_field(entity);

    if (dialect->scratch_in_memory)
        return;
    statement->outside_transaction = dialect->style.begin != NULL;
    statement->batch = key ? sql_format(script->arena, &dialect->quoting, "%I", key->column) : NULL;
    effect_add(script->arena, statement,
               (struct effect){.entity = entity,
                               .table = entity->table,
                               .note = "the rows that are filled",
                               .blocks = key ? BLOCKS_NOTHING : BLOCKS_WRITES,
                               .work = WORK_ROWS});
}

void expansion_fill(const struct dialect *dialect, const struct expansion *expansion, bool back, struct script *script) {
    const struct quoting *quoting = &dialect->quoting;
    const struct field *from = back ? expansion->new : expansion->old, *to = back ? expansion->old : expansion->new;
    const char *column = from ? sql_format(script->arena, quoting, "%I", from->column) : NULL;
    const char *value = from ? expansion_value(script->arena, dialect, from, to) : expansion->fill;
    struct statement *statement;
    const char *text;

    text = sql_format(script->arena, quoting, "UPDATE %E SET %I = %X%X WHERE %I IS NULL%T", expansion->entity, to->column, value,
                      kept_stamps(script->arena, quoting, expansion, to), to->column,
                      column ? sql_format(script->arena, quoting, " AND %X IS NOT NULL", column) : "");
    statement = script_add(script, text, NULL);
    statement->reason = arena_printf(script->arena, "%s.%s: the rows that are there get %s", expansion->entity->name, to->name,
                                     from ? arena_printf(script->arena, "what %s holds", from->name) : expansion->fill);
    fill_apart(dialect, expansion->entity, script, statement);
}

void expansion_release(const struct target *target, const struct expansion *expansion, struct script *script) {
    size_t first = script->list.count;

    if (!target->dialect->expand->release || !expansion->old || !is_required(expansion->old))
        return;
    target->dialect->expand->release(target, expansion, script);
    for (size_t i = first; i < script->list.count; i++)
        script->list.at[i].reason =
            arena_printf(script->arena, "%s.%s: new rows can do without it until it goes", expansion->entity->name, expansion->old->name);
}

/* --- for the databases --- */

const char *expansion_name(struct arena *arena, const struct dialect *dialect, const struct expansion *expansion, const char *part) {
    const char *parts[] = {expansion->entity->table, expansion->new->column};

    return dialect_name(arena, dialect, part ? arena_printf(arena, "in_step_%s", part) : "in_step", &(struct names){parts, 2});
}

const char *expansion_row(struct arena *arena, const struct dialect *dialect, const struct entity *entity, const char *rowid) {
    const struct quoting *quoting = &dialect->quoting;
    const char *row = NULL;

    for (size_t i = 0; !entity->key.absent && i < entity->key.fields.count; i++) {
        const char *column = entity_column(entity, entity->key.fields.at[i]);

        row = row ? sql_format(arena, quoting, "%T AND %I = NEW.%I", row, column, column)
                  : sql_format(arena, quoting, "%I = NEW.%I", column, column);
    }
    return row ? row : sql_format(arena, quoting, "%T = NEW.%T", rowid, rowid);
}

struct object *expansion_object(struct arena *arena, struct object_list *objects, const struct object *words) {
    struct object *object = ARENA_NEW(arena, struct object);

    *object = *words;
    vec_push(arena, &objects->list, object);
    return object;
}
