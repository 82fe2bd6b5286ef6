#include <string.h>

#include "expression.h"
#include "threeway_internal.h"
#include "words.h"

/* One new or changed element of SIDE, looked at for what OTHER wrote of what it reads. */
struct reading {
    struct threeway_job *job;
    struct element *element;
    enum side side;
    enum side other;
    const struct entity *entity; /* that it is part of, or NULL */
    bool hangs;                  /* look for what must be settled with it, not for conflicts */
    bool joined;
};

/* How an element reads another. */
enum reading_kind {
    READS_NAME,  /* a name in the model: follows a rename */
    READS_THERE, /* as that, and only that it is there counts */
    READS_TEXT   /* text in SQL that mentions it */
};

static bool field_is_written(const struct field *old, const struct field *new) {
    return old->type != new->type || old->length != new->length || old->precision != new->precision || old->scale != new->scale ||
           old->nullable != new->nullable || old->key != new->key || old->fixed != new->fixed || old->generated != new->generated ||
           old->identity != new->identity || old->stored != new->stored || !text_equal(old->enum_name, new->enum_name) ||
           !text_equal(old->native_type, new->native_type) || !text_equal(old->computed, new->computed) ||
           !text_equal(old->collation, new->collation) || !text_equal(old->charset, new->charset) || !text_equal(old->column, new->column);
}

/* Did SIDE write what others read of ELEMENT? Both doing the same is no harm. */
static bool is_written(const struct element *element, enum side side, enum reading_kind kind) {
    const void *old = element->at[SIDE_BASE];
    const void *new = element->at[side];
    enum side other = side == SIDE_OURS ? SIDE_THEIRS : SIDE_OURS;

    if (!old)
        return false;
    if (kind == READS_TEXT && element->renamed[side] && !text_equal(element->renamed[side], element->renamed[other]))
        return true;
    if (!element->changed[side] || element_same(element, SIDE_OURS, SIDE_THEIRS))
        return false;
    if (!new || kind == READS_THERE)
        return !new;
    if (element->noun == DELTA_FIELD)
        return field_is_written(old, new);
    return true;
}

static bool touched(const struct element *element, enum side side) {
    return element->changed[side] || element->renamed[side];
}

/* What is in conflict may be taken from either side, and what it reads there must be there too; what one side changed together with what is
 * in conflict goes with that. */
static void hang_together(struct reading *reading, struct element *other) {
    struct threeway_job *job = reading->job;
    struct element *first = element_leader(job, reading->element);
    struct element *second = element_leader(job, other);

    if (first == second)
        return;
    if ((first->conflict && touched(other, reading->other)) ||
        (second->conflict && touched(reading->element, reading->side) && touched(other, reading->side))) {
        bool conflict = first->conflict || second->conflict;

        element_join(job, first, second);
        element_leader(job, first)->conflict = conflict;
        reading->joined = true;
    }
}

static void read_element(struct reading *reading, struct element *other, enum reading_kind kind) {
    struct threeway_job *job = reading->job;
    const char *subject;

    if (!other || other == reading->element)
        return;
    if (reading->hangs) {
        hang_together(reading, other);
        return;
    }
    if (!is_written(other, reading->other, kind))
        return;
    subject = element_subject(job, other);
    element_join(job, reading->element, other);
    element_conflict(reading->element, arena_printf(job->arena, "it reads %s %s, and one side %s", element_noun(other), subject,
                                                    other->at[reading->other] ? "changes it" : "drops it"));
}

/* NAME of ENTITY: a field, or the column of a relation, which stands on that and on the key it points to. */
static void read_field(struct reading *reading, const struct entity *entity, const char *name) {
    struct threeway_job *job = reading->job;
    const struct relation *relation;

    read_element(reading, element_find(job, DELTA_FIELD, entity->name, name), READS_NAME);
    relation = words_relation_of(entity, name);
    if (!relation)
        return;
    read_element(reading, element_find(job, DELTA_RELATION, entity->name, relation->name), READS_NAME);
    read_element(reading, element_find(job, DELTA_KEY, relation->target, "key"), READS_NAME);
}

static void read_fields(struct reading *reading, const struct entity *entity, const struct names *names) {
    for (size_t i = 0; entity && i < names->count; i++)
        read_field(reading, entity, names->at[i]);
}

static void read_entity(struct reading *reading, const char *name, enum reading_kind kind) {
    if (name)
        read_element(reading, element_find(reading->job, DELTA_ENTITY, NULL, name), kind);
}

/* "total" of "total(integer, text)". */
static const char *bare_name(struct arena *arena, const char *name) {
    return name ? arena_strndup(arena, name, strcspn(name, "(")) : NULL;
}

/* Objects that TEXT names: a function, a domain, a view. */
static void read_objects(struct reading *reading, const char *text) {
    const struct schema *schema = reading->job->sides[reading->side];

    for (size_t i = 0; text && i < schema->object_count; i++) {
        const char *name = bare_name(reading->job->arena, schema->objects[i]->object_name);

        if (name && expression_names(text, name))
            read_element(reading, element_find(reading->job, DELTA_OBJECT, NULL, schema->objects[i]->name), READS_TEXT);
    }
}

/* Does TEXT mention a column that RELATION of ENTITY brings, or may it read it? */
static bool mentions_relation(const struct entity *entity, const struct relation *relation, const char *text) {
    const struct names *fields = relation->owner ? &entity->foreign_keys[relation->foreign_key].fields : NULL;

    for (size_t i = 0; fields && i < fields->count; i++) {
        const struct field *field = entity_field(entity, fields->at[i]);

        if (field && field->derived && expression_mentions(text, identity_column(field)))
            return true;
    }
    return false;
}

/* Texts of entities call a column by its identity, objects by the side's own name. */
static bool mentions_field(const struct reading *reading, const struct entity *entity, const struct field *field, const char *text) {
    const char *name = name_map_get(&reading->job->renamed[reading->side], 'F', entity->name, field->name);

    return expression_mentions(text, identity_column(field)) || expression_mentions(text, field->name) || expression_mentions(text, name);
}

/* The columns of ENTITY that TEXT mentions; with ALL all of them. */
static void read_columns(struct reading *reading, const struct entity *entity, const char *text, bool all) {
    struct threeway_job *job = reading->job;

    for (size_t i = 0; text && i < entity->field_count; i++) {
        const struct field *field = &entity->fields[i];

        if (!field->derived && (all || mentions_field(reading, entity, field, text)))
            read_element(reading, element_find(job, DELTA_FIELD, entity->name, field->name), READS_TEXT);
    }
    for (size_t i = 0; text && i < entity->relation_count; i++)
        if (all || mentions_relation(entity, &entity->relations[i], text))
            read_element(reading, element_find(job, DELTA_RELATION, entity->name, entity->relations[i].name), READS_TEXT);
}

static void read_expression(struct reading *reading, const char *text) {
    if (!text)
        return;
    read_columns(reading, reading->entity, text, false);
    read_objects(reading, text);
}

/* Members that go, are renamed or get another value; new ones do no harm. */
static void read_enum(struct reading *reading, const char *name) {
    const struct enumeration *enumeration = name ? schema_enum(reading->job->sides[reading->side], name) : NULL;

    if (!enumeration)
        return;
    read_element(reading, element_find(reading->job, DELTA_ENUM, NULL, name), READS_NAME);
    for (size_t i = 0; i < enumeration->member_count; i++)
        read_element(reading, element_find(reading->job, DELTA_MEMBER, name, enumeration->members[i].name), READS_TEXT);
}

static void read_of_field(struct reading *reading, const struct field *field) {
    read_enum(reading, field->enum_name);
    read_expression(reading, field->computed);
    read_expression(reading, field->default_sql);
    read_expression(reading, field->on_update);
    read_objects(reading, field->native_type);
}

/* What a foreign key to TARGET stands on: its key, or a unique constraint over FIELDS. */
static void read_target(struct reading *reading, const char *target, const struct names *fields) {
    const struct entity *entity = schema_entity(reading->job->sides[reading->side], target);

    read_entity(reading, target, READS_THERE);
    read_element(reading, element_find(reading->job, DELTA_KEY, target, "key"), READS_NAME);
    read_fields(reading, entity, fields);
    for (size_t i = 0; entity && i < entity->index_count; i++)
        if (entity->indexes[i].unique && !entity->indexes[i].derived)
            read_element(reading, element_of_index(reading->job, entity, &entity->indexes[i]), READS_NAME);
}

static void read_of_foreign_key(struct reading *reading, const struct foreign_key *key) {
    read_fields(reading, reading->entity, &key->fields);
    read_fields(reading, reading->entity, &key->set_columns);
    read_target(reading, key->target, &key->target_fields);
}

static void read_of_relation(struct reading *reading, const struct relation *relation) {
    const struct entity *entity = reading->entity;

    read_entity(reading, relation->target, READS_THERE);
    read_fields(reading, entity, &relation->keys);
    if (relation->owner)
        read_target(reading, relation->target, &entity->foreign_keys[relation->foreign_key].target_fields);
}

static void read_of_index(struct reading *reading, const struct index *index) {
    for (size_t i = 0; i < index->part_count; i++) {
        if (index->parts[i].field)
            read_field(reading, reading->entity, index->parts[i].field);
        read_expression(reading, index->parts[i].expression);
    }
    read_expression(reading, index->where);
    read_fields(reading, reading->entity, &index->include);
}

static void read_of_options(struct reading *reading, const struct table_options *options) {
    for (size_t i = 0; i < options->inherits.count; i++)
        read_entity(reading, options->inherits.at[i], READS_NAME);
    read_expression(reading, options->partition_by);
    read_element(reading, element_find(reading->job, DELTA_KEY, reading->entity->name, "key"), READS_NAME);
}

static bool depends_on(const struct object *object, const char *name) {
    if (object->on && strcmp(object->on, name) == 0)
        return true;
    for (size_t i = 0; i < object->depends_on.count; i++)
        if (strcmp(object->depends_on.at[i], name) == 0)
            return true;
    return false;
}

/* Columns that the other side adds to what a "*" reads. */
static void read_additions(struct reading *reading, const struct entity *entity) {
    struct threeway_job *job = reading->job;

    const struct entity *wider = schema_entity(job->sides[reading->other], entity->name);

    for (size_t i = 0; wider && i < wider->field_count; i++) {
        struct element *added = element_find(job, DELTA_FIELD, entity->name, wider->fields[i].name);

        if (!added || added->at[SIDE_BASE] || added->at[reading->side] || reading->hangs)
            continue;
        element_join(job, reading->element, added);
        element_conflict(reading->element,
                         arena_printf(job->arena, "it reads all columns, and one side adds %s", element_subject(job, added)));
    }
}

static bool names_entity(const struct reading *reading, const struct object *object, const struct entity *entity) {
    const char *text = object->definition ? object->definition : "";
    const char *name = name_map_get(&reading->job->renamed[reading->side], 'E', NULL, entity->name);

    return depends_on(object, entity->name) || expression_names(text, entity->name) || expression_names(text, name) ||
           (entity->table && expression_names(text, entity->table));
}

static void read_of_object(struct reading *reading, const struct object *object) {
    const struct schema *schema = reading->job->sides[reading->side];
    const char *text = object->definition ? object->definition : "";

    for (size_t i = 0; i < schema->entity_count; i++) {
        const struct entity *entity = schema->entities[i];
        bool all = expression_reads_all(text);

        if (!names_entity(reading, object, entity))
            continue;
        read_entity(reading, entity->name, READS_TEXT);
        read_columns(reading, entity, text, all);
        if (all)
            read_additions(reading, entity);
    }
    for (size_t i = 0; i < schema->enum_count; i++)
        if (depends_on(object, schema->enums[i]->name) ||
            (schema->enums[i]->type_name && expression_names(text, schema->enums[i]->type_name)))
            read_enum(reading, schema->enums[i]->name);
    for (size_t i = 0; i < schema->object_count; i++)
        if (depends_on(object, schema->objects[i]->name))
            read_element(reading, element_find(reading->job, DELTA_OBJECT, NULL, schema->objects[i]->name), READS_TEXT);
    read_objects(reading, text);
}

static void read_of_check(struct reading *reading, const struct check *check) {
    read_expression(reading, check->value);
}

static void read_of_exclude(struct reading *reading, const struct exclude *exclude) {
    read_expression(reading, exclude->value);
    read_expression(reading, exclude->where);
}

static void read_of_key(struct reading *reading, const struct key *key) {
    read_fields(reading, reading->entity, &key->fields);
    read_fields(reading, reading->entity, &key->include);
}

static void read_part(struct reading *reading, const void *at) {
    switch (reading->element->noun) {
    case DELTA_FIELD:
        read_of_field(reading, at);
        return;
    case DELTA_RELATION:
        read_of_relation(reading, at);
        return;
    case DELTA_KEY:
        read_of_key(reading, at);
        return;
    case DELTA_INDEX:
    case DELTA_UNIQUE:
        read_of_index(reading, at);
        return;
    case DELTA_CHECK:
        read_of_check(reading, at);
        return;
    case DELTA_FOREIGN_KEY:
        read_of_foreign_key(reading, at);
        return;
    case DELTA_EXCLUDE:
        read_of_exclude(reading, at);
        return;
    case DELTA_TABLE_OPTIONS:
        read_of_options(reading, at);
        return;
    case DELTA_OBJECT:
        read_of_object(reading, at);
        return;
    case DELTA_ENTITY:
    case DELTA_ENUM:
    case DELTA_MEMBER:
        return;
    }
}

static struct reading reading_of(struct threeway_job *job, struct element *element, enum side side) {
    return (struct reading){
        .job = job, .element = element, .side = side, .other = side == SIDE_OURS ? SIDE_THEIRS : SIDE_OURS, .entity = element->in[side]};
}

void reads_check(struct threeway_job *job) {
    for (size_t i = 0; i < job->elements.count; i++)
        for (size_t side = SIDE_OURS; side < SIDE_COUNT; side++) {
            struct element *element = &job->elements.at[i];
            struct reading reading = reading_of(job, element, (enum side)side);

            if (!element->changed[side] || !element->at[side])
                continue;
            read_part(&reading, element->at[side]);
        }
}

bool reads_join(struct threeway_job *job) {
    bool joined = false;

    for (size_t i = 0; i < job->elements.count; i++)
        for (size_t side = SIDE_OURS; side < SIDE_COUNT; side++) {
            struct element *element = &job->elements.at[i];
            struct reading reading = reading_of(job, element, (enum side)side);

            if (!element->at[side] || !(touched(element, (enum side)side) || element_leader(job, element)->conflict))
                continue;
            reading.hangs = true;
            read_part(&reading, element->at[side]);
            joined = joined || reading.joined;
        }
    return joined;
}
