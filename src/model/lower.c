#include "lower.h"

#include <string.h>

#include "bug.h"

const struct ast_field *lower_relation_field(const struct lowering *lowering, const struct ast_relation *relation) {
    return &lowering->tree->entities.at[relation->entity].fields.at[relation->field];
}

static enum relation_kind relation_kind(const struct ast_field *field) {
    if (field->type.array)
        return RELATION_MANY;
    return field->type.nilable ? RELATION_OPTIONAL : RELATION_ONE;
}

const char *lower_documentation(const struct lowering *lowering, const struct ast_metadata *metadata) {
    return lowering->options->comments && metadata->comment && *metadata->comment ? metadata->comment : NULL;
}

void lower_settle_comment(const struct lowering *lowering, const char **comment) {
    if (*comment && (!lowering->options->comments || !**comment))
        *comment = NULL;
}

/* Does @sql:Relation of FIELD name declared fields as the foreign key? */
static bool names_keys(const struct ast_field *field) {
    const struct ast_value *keys = ast_argument(ast_annotation_find(&field->metadata, "sql:Relation"), "keys");

    return keys && keys->kind == AST_LIST && keys->count;
}

/* Columns: declared fields. */

static void lower_field_type(const struct lowering *lowering, const struct ast_type *type, struct field *field) {
    const struct ast_enum *enumeration = type->builtin || type->prefix ? NULL : map_get(&lowering->enums, type->name);

    field->nullable = type->nilable;
    if (type->builtin) {
        field->type = (uint8_t)(type->builtin - 1);
    } else if (enumeration) {
        field->type = TYPE_ENUM;
        field->enum_name = enumeration->name;
    }
}

/* FIELD is zeroed memory: there are many, and most of their members are nothing. */
static void lower_field(struct lowering *lowering, const struct ast_field *declared, struct field *field) {
    field->name = field->column = declared->name;
    field->key = declared->readonly;
    field->at = declared->core_at;
    field->comment = lower_documentation(lowering, &declared->metadata);
    lower_field_type(lowering, &declared->type, field);
    if (!declared->metadata.annotation_count)
        return;
    lower_annotations(lowering, &declared->metadata, IR_FIELD, field);
    lower_settle_comment(lowering, &field->comment);
    if (field->default_sql && field->default_literal)
        lower_error(lowering, ast_annotation_find(&declared->metadata, "db:Default")->at,
                    "\"@db:Default\" takes \"value\" or \"literal\", not both");
}

/* Columns that the relations of entity INDEX bring. */
static size_t count_derived(const struct lowering *lowering, size_t index) {
    const struct ast_relation *relations = lowering->relations.of_entity[index];
    size_t count = 0;

    for (size_t i = 0; i < lowering->relations.count[index]; i++)
        if (relations[i].owner && !names_keys(lower_relation_field(lowering, &relations[i])))
            count += lowering->tree->entities.at[relations[i].target].key_count;
    return count;
}

/* The fields of an entity but for its relations, with room behind them for the derived ones. */
static void lower_fields(struct lowering *lowering, size_t index, struct entity *entity) {
    const struct ast_entity *declared = &lowering->tree->entities.at[index];
    const struct ast_relation *relation = lowering->relations.of_entity[index];
    const struct ast_relation *end = relation + lowering->relations.count[index];

    entity->fields = ARENA_ARRAY(lowering->arena, struct field, declared->fields.count + count_derived(lowering, index));
    for (size_t i = 0; i < declared->fields.count; i++) {
        if (relation < end && relation->field == i)
            relation++;
        else
            lower_field(lowering, &declared->fields.at[i], &entity->fields[entity->field_count++]);
    }
}

/* The primary key: the readonly fields, in their order or in that of @db:Key. */

static void declared_key(struct lowering *lowering, struct entity *entity, struct names *names) {
    names->at = ARENA_ARRAY(lowering->arena, const char *, entity->field_count);
    for (size_t i = 0; i < entity->field_count; i++)
        if (entity->fields[i].key)
            names->at[names->count++] = entity->fields[i].name;
}

bool lower_holds(const struct names *names, const char *name) {
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->at[i], name) == 0)
            return true;
    return false;
}

static void order_key(struct lowering *lowering, const struct ast_annotation *annotation, const struct names *declared, struct key *key) {
    bool same = key->fields.count == declared->count;

    for (size_t i = 0; same && i < declared->count; i++)
        same = lower_holds(&key->fields, declared->at[i]);
    if (!same)
        lower_error(lowering, annotation->at, "\"keys\" of \"@db:Key\" must be the readonly fields in another order");
    key->explicit_order = same && !names_equal(&key->fields, declared);
    if (!same)
        key->fields = *declared;
}

static void lower_key(struct lowering *lowering, const struct ast_metadata *metadata, struct entity *entity) {
    const struct ast_annotation *key = ast_annotation_find(metadata, "db:Key");
    const struct ast_annotation *no_key = ast_annotation_find(metadata, "db:NoKey");
    struct names declared = {0};

    declared_key(lowering, entity, &declared);
    entity->key.fields = declared;
    if (key) {
        lower_annotation(lowering, key, ir_annotation_find("db:Key", IR_ENTITY), &entity->key);
        order_key(lowering, key, &declared, &entity->key);
    }
    if (no_key) {
        lower_annotation(lowering, no_key, ir_annotation_find("db:NoKey", IR_ENTITY), &entity->key);
        if (declared.count)
            lower_error(lowering, no_key->at, "an entity with \"@db:NoKey\" has no readonly field, but \"%s\" is one", declared.at[0]);
    }
}

static struct entity *lower_entity(struct lowering *lowering, size_t index) {
    const struct ast_entity *declared = &lowering->tree->entities.at[index];
    const struct ast_metadata *metadata = &declared->metadata;
    struct entity *entity = ARENA_NEW(lowering->arena, struct entity);
    const struct ast_annotation *table = ast_annotation_find(metadata, "db:Table");

    entity->name = entity->table = declared->name;
    entity->at = declared->name_at;
    entity->comment = lower_documentation(lowering, metadata);
    lower_annotations(lowering, metadata, IR_ENTITY, entity);
    lower_settle_comment(lowering, &entity->comment);
    if (table)
        lower_annotation(lowering, table, ir_annotation_find("db:Table", IR_ENTITY), &entity->options);
    lower_fields(lowering, index, entity);
    lower_key(lowering, metadata, entity);
    return entity;
}

/* Relations and their foreign keys. */

static char capital(char c) {
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static char small(char c) {
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* homeAddress, id → homeaddressId */
static const char *derived_name(struct lowering *lowering, const char *relation, const char *key) {
    size_t length = strlen(relation);
    size_t key_length = strlen(key);
    char *name = arena_alloc(lowering->arena, length + key_length + 1);

    for (size_t i = 0; i < length; i++)
        name[i] = small(relation[i]);
    memcpy(name + length, key, key_length + 1);
    name[length] = capital(name[length]);
    return name;
}

/* A foreign key column has the type of the key it refers to, never its generation. */
static void add_derived_field(struct lowering *lowering, struct entity *entity, const struct relation *relation, const struct field *key) {
    struct field field = {.type = key->type, .enum_name = key->enum_name, .native_type = key->native_type, .length = key->length};

    field.name = field.column = derived_name(lowering, relation->name, key->name);
    field.precision = key->precision;
    field.scale = key->scale;
    field.fixed = key->fixed;
    field.collation = key->collation;
    field.charset = key->charset;
    field.nullable = relation->kind == RELATION_OPTIONAL;
    field.derived = true;
    field.at = relation->at;
    entity->fields[entity->field_count++] = field;
}

/* One derived field for each key field of the target. */
static void derive_key(struct lowering *lowering, const struct entity *target, struct entity *entity, const struct relation *relation) {
    struct foreign_key *key = &entity->foreign_keys[relation->foreign_key];

    key->fields.at = ARENA_ARRAY(lowering->arena, const char *, target->key.fields.count);
    for (size_t i = 0; i < target->key.fields.count; i++) {
        add_derived_field(lowering, entity, relation, entity_field(target, target->key.fields.at[i]));
        key->fields.at[key->fields.count++] = entity->fields[entity->field_count - 1].name;
    }
    if (!target->key.fields.count && target->key.absent)
        lower_error(lowering, relation->at, "entity \"%s\" has no key that relation \"%s\" could refer to", target->name, relation->name);
}

/* Of what a foreign key holds, onDelete may set a part: names of ENTITY that are in it. */
static void lower_set_columns(struct lowering *lowering, const struct ast_annotation *annotation, const struct entity *entity,
                              struct foreign_key *key) {
    const struct ast_value *list = ast_argument(annotation, "setColumns");

    if (!list || list->kind != AST_LIST)
        return;
    lower_names(lowering, entity, list, &key->set_columns);
    for (size_t i = 0; i < key->set_columns.count; i++)
        if (!lower_holds(&key->fields, key->set_columns.at[i])) {
            lower_error(lowering, list->at, "\"%s\" is no field of the foreign key", key->set_columns.at[i]);
            return;
        }
    if (key->set_columns.count && key->on_delete != ACTION_SET_NULL && key->on_delete != ACTION_SET_DEFAULT)
        lower_error(lowering, list->at, "\"setColumns\" goes with onDelete: \"SET NULL\" or \"SET DEFAULT\"");
}

static void lower_foreign_key(struct lowering *lowering, const struct ast_relation *paired, struct entity *entity,
                              struct relation *relation) {
    const struct ast_annotation *reference = ast_annotation_find(&lower_relation_field(lowering, paired)->metadata, "db:Reference");
    struct foreign_key *key = &entity->foreign_keys[entity->foreign_key_count];
    const struct entity *target = lowering->entities[paired->target];

    relation->foreign_key = entity->foreign_key_count++;
    key->target = relation->target;
    key->target_fields = target->key.fields;
    key->relation = relation->name;
    key->at = relation->at;
    if (reference)
        lower_annotation(lowering, reference, ir_annotation_find("db:Reference", IR_RELATION), key);
    if (relation->keys.count)
        key->fields = relation->keys;
    else
        derive_key(lowering, target, entity, relation);
    lower_set_columns(lowering, reference, entity, key);
}

/* Is @db:Inverse needed to pair RELATION as it is? */
static bool needs_inverse(const struct lowering *lowering, const struct ast_relation *relation) {
    const struct ast_relation *by_order;
    size_t index;

    if (!lowering->by_order.of_entity || !relation->inverse)
        return false;
    index = (size_t)(relation - lowering->relations.of_entity[relation->entity]);
    by_order = &lowering->by_order.of_entity[relation->entity][index];
    return !by_order->inverse || by_order->inverse->entity != relation->inverse->entity ||
           by_order->inverse->field != relation->inverse->field;
}

static void check_inverse(struct lowering *lowering, const struct ast_field *field, const struct relation *relation) {
    const struct ast_annotation *annotation = ast_annotation_find(&field->metadata, "db:Inverse");
    const struct ast_value *name = ast_argument(annotation, "field");

    if (name && name->kind == AST_STRING && strcmp(name->text, relation->inverse) != 0)
        lower_error(lowering, name->at, "\"%s\" is no relation of entity \"%s\" that could be the other side of \"%s\"", name->text,
                    relation->target, relation->name);
}

static void lower_relation(struct lowering *lowering, const struct ast_relation *paired, struct entity *entity) {
    const struct ast_field *field = lower_relation_field(lowering, paired);
    const struct ast_annotation *reference = ast_annotation_find(&field->metadata, "db:Reference");
    struct relation *relation = &entity->relations[entity->relation_count++];
    bool equals = paired->inverse && relation_kind(field) == relation_kind(lower_relation_field(lowering, paired->inverse));

    relation->name = field->name;
    relation->target = lowering->entities[paired->target]->name;
    relation->at = field->core_at;
    relation->kind = (uint8_t)relation_kind(field);
    relation->owner = paired->owner;
    relation->comment = lower_documentation(lowering, &field->metadata);
    lower_annotations(lowering, &field->metadata, IR_RELATION, relation);
    lower_settle_comment(lowering, &relation->comment);
    relation->inverse = paired->inverse ? lower_relation_field(lowering, paired->inverse)->name : "";
    relation->explicit_owner = paired->owner && equals && !relation->keys.count;
    relation->explicit_inverse = paired->owner && needs_inverse(lowering, paired);
    check_inverse(lowering, field, relation);
    if (relation->owner)
        lower_foreign_key(lowering, paired, entity, relation);
    else if (reference && paired->inverse)
        lower_error(lowering, reference->at, "\"@db:Reference\" belongs on \"%s\" of entity \"%s\", where the foreign key lies",
                    relation->inverse, relation->target);
}

static size_t count_annotations(const struct ast_metadata *metadata, const char *name) {
    size_t count = 0;

    for (size_t i = 0; i < metadata->annotation_count; i++)
        count += strcmp(metadata->annotations[i].name, name) == 0;
    return count;
}

static void lower_relations(struct lowering *lowering, size_t index) {
    const struct ast_relation *paired = lowering->relations.of_entity[index];
    const struct ast_metadata *metadata = &lowering->tree->entities.at[index].metadata;
    size_t count = lowering->relations.count[index];
    struct entity *entity = lowering->entities[index];

    entity->relations = ARENA_ARRAY(lowering->arena, struct relation, count);
    entity->foreign_keys = ARENA_ARRAY(lowering->arena, struct foreign_key, count + count_annotations(metadata, "db:ForeignKey"));
    for (size_t i = 0; i < count; i++)
        lower_relation(lowering, &paired[i], entity);
}

/* Checks, exclusions and foreign keys of an entity. */

static void lower_check(struct lowering *lowering, const struct ast_annotation *annotation, struct entity *entity) {
    struct check *check = &entity->checks[entity->check_count++];

    check->at = annotation->at;
    lower_annotation(lowering, annotation, ir_annotation_find("db:Check", IR_ENTITY), check);
}

static void lower_exclude(struct lowering *lowering, const struct ast_annotation *annotation, struct entity *entity) {
    struct exclude *exclude = &entity->excludes[entity->exclude_count++];

    exclude->at = annotation->at;
    lower_annotation(lowering, annotation, ir_annotation_find("db:Exclude", IR_ENTITY), exclude);
}

static void lower_entity_foreign_key(struct lowering *lowering, const struct ast_annotation *annotation, struct entity *entity) {
    struct foreign_key key = {.at = annotation->at};
    const struct ast_value *keys = ast_argument(annotation, "keys");
    const struct ast_value *to = ast_argument(annotation, "to");
    const struct entity *target;

    lower_annotation(lowering, annotation, ir_annotation_find("db:ForeignKey", IR_ENTITY), &key);
    target = key.target ? schema_entity(lowering->schema, key.target) : NULL;
    if (key.target && !target)
        lower_error(lowering, ast_argument(annotation, "entity")->at, "there is no entity \"%s\"", key.target);
    if (!target || !keys || keys->kind != AST_LIST)
        return;
    lower_names(lowering, entity, keys, &key.fields);
    lower_set_columns(lowering, annotation, entity, &key);
    key.target_fields = target->key.fields;
    if (to && to->kind == AST_LIST)
        lower_names(lowering, target, to, &key.target_fields);
    if (key.fields.count != key.target_fields.count)
        lower_error(lowering, annotation->at, "the foreign key has %zu fields, but it refers to %zu", key.fields.count,
                    key.target_fields.count);
    entity->foreign_keys[entity->foreign_key_count++] = key;
}

/* The annotations that make something of their own, but for indexes. */
static void lower_parts_of_entity(struct lowering *lowering, const struct ast_metadata *metadata, struct entity *entity) {
    entity->checks = ARENA_ARRAY(lowering->arena, struct check, count_annotations(metadata, "db:Check"));
    entity->excludes = ARENA_ARRAY(lowering->arena, struct exclude, count_annotations(metadata, "db:Exclude"));
    for (size_t i = 0; i < metadata->annotation_count; i++) {
        const struct ast_annotation *annotation = &metadata->annotations[i];

        if (strcmp(annotation->name, "db:Check") == 0)
            lower_check(lowering, annotation, entity);
        else if (strcmp(annotation->name, "db:Exclude") == 0)
            lower_exclude(lowering, annotation, entity);
        else if (strcmp(annotation->name, "db:ForeignKey") == 0)
            lower_entity_foreign_key(lowering, annotation, entity);
    }
}

/* What the columns and the entities must be there for: the columns that a key covers, the tables that are inherited from. */
static void settle_names(struct lowering *lowering, const struct ast_metadata *metadata, struct entity *entity) {
    const struct ast_value *include = ast_argument(ast_annotation_find(metadata, "db:Key"), "include");
    struct names *parents = &entity->options.inherits;
    size_t kept = 0;

    if (include && include->kind == AST_LIST)
        lower_names(lowering, entity, include, &entity->key.include);
    for (size_t i = 0; i < parents->count; i++)
        if (schema_entity(lowering->schema, parents->at[i]))
            parents->at[kept++] = parents->at[i]; /* the others are not in this part of the model */
    parents->count = kept;
}

static void lower_rest(struct lowering *lowering, size_t index) {
    const struct ast_metadata *metadata = &lowering->tree->entities.at[index].metadata;
    struct entity *entity = lowering->entities[index];

    if (metadata->annotation_count) {
        settle_names(lowering, metadata, entity);
        lower_parts_of_entity(lowering, metadata, entity);
    }
    lower_indexes(lowering, index);
    entity_sort(entity);
}

/* Enums. */

static void lower_member(struct lowering *lowering, const struct ast_enum_member *declared, struct enum_member *member) {
    *member = (struct enum_member){.name = declared->name, .value = declared->value ? declared->value : declared->name};
    member->at = declared->name_at;
    member->comment = lower_documentation(lowering, &declared->metadata);
    lower_annotations(lowering, &declared->metadata, IR_ENUM_MEMBER, member);
    lower_settle_comment(lowering, &member->comment);
}

static struct enumeration *lower_enum(struct lowering *lowering, const struct ast_enum *declared) {
    struct enumeration *enumeration = ARENA_NEW(lowering->arena, struct enumeration);

    enumeration->name = declared->name;
    enumeration->at = declared->name_at;
    enumeration->comment = lower_documentation(lowering, &declared->metadata);
    lower_annotations(lowering, &declared->metadata, IR_ENUM, enumeration);
    lower_settle_comment(lowering, &enumeration->comment);
    enumeration->members = ARENA_ARRAY(lowering->arena, struct enum_member, declared->members.count);
    enumeration->member_count = declared->members.count;
    for (size_t i = 0; i < declared->members.count; i++)
        lower_member(lowering, &declared->members.at[i], &enumeration->members[i]);
    return enumeration;
}

static void lower_enums(struct lowering *lowering) {
    const struct ast *tree = lowering->tree;

    lowering->schema->enums = ARENA_ARRAY(lowering->arena, struct enumeration *, tree->enums.count);
    lowering->schema->enum_count = tree->enums.count;
    for (size_t i = 0; i < tree->enums.count; i++) {
        map_put(lowering->scratch, &lowering->enums, tree->enums.at[i].name, &tree->enums.at[i]);
        lowering->schema->enums[i] = lower_enum(lowering, &tree->enums.at[i]);
    }
}

/* The whole. */

static bool names_inverses(const struct ast *tree, const struct ast_relations *relations) {
    for (size_t i = 0; i < tree->entities.count; i++)
        for (size_t j = 0; j < relations->count[i]; j++)
            if (ast_annotation_find(&tree->entities.at[i].fields.at[relations->of_entity[i][j].field].metadata, "db:Inverse"))
                return true;
    return false;
}

static void pair_relations(struct lowering *lowering) {
    ast_pair_relations(lowering->scratch, lowering->tree, &lowering->relations);
    if (names_inverses(lowering->tree, &lowering->relations))
        ast_pair_by_order(lowering->scratch, lowering->tree, &lowering->by_order);
}

/* Entities first, each with its fields and key; then what refers to other entities' keys; then what refers to the columns of that. */
static void lower_entities(struct lowering *lowering) {
    size_t count = lowering->tree->entities.count;
    struct schema *schema = lowering->schema;

    lowering->entities = ARENA_ARRAY(lowering->scratch, struct entity *, count);
    schema->entities = ARENA_ARRAY(lowering->arena, struct entity *, count);
    schema->entity_count = count;
    for (size_t i = 0; i < count; i++)
        schema->entities[i] = lowering->entities[i] = lower_entity(lowering, i);
    schema_index(lowering->arena, schema);
    for (size_t i = 0; i < count; i++)
        lower_relations(lowering, i);
    for (size_t i = 0; i < count; i++)
        lower_rest(lowering, i);
}

struct schema *ast_lower(struct arena *arena, struct arena *scratch, const struct ast *tree, const struct model_options *options,
                         struct diag *diag) {
    struct lowering lowering = {.arena = arena, .scratch = scratch, .tree = tree, .options = options, .diag = diag};

    lowering.schema = ARENA_NEW(arena, struct schema);
    lowering.schema->source = tree->source;
    ir_annotation_rows(lowering.rows);
    pair_relations(&lowering);
    lower_enums(&lowering);
    lower_objects(&lowering);
    lower_entities(&lowering);
    return lowering.schema;
}
