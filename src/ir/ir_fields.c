#include "ir_fields.h"

#include <stdint.h>
#include <string.h>

#include "bug.h"
#include "ir.h"

static const char *const identities[] = {"", "false", "true", NULL};
static const char *const distinctness[] = {"distinct", "not distinct", NULL};
static const char *const deferrables[] = {"no", "immediate", "deferred", NULL};
static const char *const actions[] = {"", "NO ACTION", "RESTRICT", "CASCADE", "SET NULL", "SET DEFAULT", NULL};
static const char *const matches[] = {"simple", "full", NULL};

#define ROW(kind, annotation, argument, type, tag, member, flags)                                                                          \
    { kind, annotation, argument, type, offsetof(struct tag, member), flags, NULL }
#define CHOICE(kind, annotation, argument, choices, tag, member, flags)                                                                    \
    { kind, annotation, argument, ATTR_CHOICE, offsetof(struct tag, member), flags, choices }

/* The rows of the fields come first: they are walked most. A bool that is read as a choice is one byte with the values 0 and 1. */
const struct ir_attr ir_attrs[] = {
    ROW(IR_FIELD, "sql:Name", "value", ATTR_TEXT, field, column, ATTR_REQUIRED | ATTR_UNSEEN),
    ROW(IR_FIELD, "sql:Varchar", "length", ATTR_LENGTH, field, length, ATTR_REQUIRED),
    ROW(IR_FIELD, "sql:Char", "length", ATTR_LENGTH, field, length, ATTR_REQUIRED | ATTR_AGAIN),
    ROW(IR_FIELD, "sql:Char", NULL, ATTR_FLAG, field, fixed, 0),
    ROW(IR_FIELD, "sql:Decimal", "precision", ATTR_PRECISION, field, precision, ATTR_REQUIRED),
    ROW(IR_FIELD, "sql:Generated", NULL, ATTR_FLAG, field, generated, 0),
    ROW(IR_FIELD, "db:Type", "value", ATTR_TEXT, field, native_type, ATTR_REQUIRED),
    ROW(IR_FIELD, "db:Default", "value", ATTR_TEXT, field, default_sql, ATTR_EXPRESSION),
    ROW(IR_FIELD, "db:Default", "literal", ATTR_TEXT, field, default_literal, 0),
    ROW(IR_FIELD, "db:Computed", "value", ATTR_TEXT, field, computed, ATTR_REQUIRED | ATTR_EXPRESSION),
    ROW(IR_FIELD, "db:Computed", "stored", ATTR_BOOL, field, stored, 0),
    CHOICE(IR_FIELD, "db:Identity", "always", identities, field, identity, ATTR_PRESENCE),
    ROW(IR_FIELD, "db:Identity", "start", ATTR_NUMBER, field, identity_start, 0),
    ROW(IR_FIELD, "db:Identity", "increment", ATTR_NUMBER, field, identity_increment, 0),
    ROW(IR_FIELD, "db:Charset", "value", ATTR_TEXT, field, charset, ATTR_REQUIRED),
    ROW(IR_FIELD, "db:Collation", "value", ATTR_TEXT, field, collation, ATTR_REQUIRED),
    ROW(IR_FIELD, "db:OnUpdate", "value", ATTR_TEXT, field, on_update, ATTR_REQUIRED | ATTR_EXPRESSION),
    ROW(IR_FIELD, "db:Inherited", NULL, ATTR_FLAG, field, inherited, ATTR_FORMAT_2),
    ROW(IR_FIELD, "db:Check", "name", ATTR_TEXT, field, check_name, ATTR_REQUIRED | ATTR_FORMAT_2),
    ROW(IR_FIELD, "db:Options", NULL, ATTR_OPTIONS, field, options, 0),
    ROW(IR_FIELD, "db:Comment", "value", ATTR_TEXT, field, comment, ATTR_REQUIRED),
    ROW(IR_FIELD, "db:Was", "name", ATTR_TEXT, field, was, ATTR_REQUIRED | ATTR_UNSEEN),
    ROW(IR_FIELD, "constraint:String", "maxLength", ATTR_LENGTH, field, length, ATTR_AGAIN),
    ROW(IR_FIELD, "constraint:String", "length", ATTR_LENGTH, field, length, ATTR_AGAIN),

    ROW(IR_RELATION, "sql:Relation", "keys", ATTR_NAMES, relation, keys, 0),
    ROW(IR_RELATION, "db:Inverse", "field", ATTR_TEXT, relation, inverse, ATTR_REQUIRED),
    ROW(IR_FOREIGN_KEY, "db:Reference", "name", ATTR_TEXT, foreign_key, name, ATTR_AGAIN),
    CHOICE(IR_FOREIGN_KEY, "db:Reference", "onDelete", actions, foreign_key, on_delete, ATTR_AGAIN),
    CHOICE(IR_FOREIGN_KEY, "db:Reference", "onUpdate", actions, foreign_key, on_update, ATTR_AGAIN),
    CHOICE(IR_FOREIGN_KEY, "db:Reference", "deferrable", deferrables, foreign_key, deferrable, ATTR_AGAIN),
    CHOICE(IR_FOREIGN_KEY, "db:Reference", "match", matches, foreign_key, match_full, ATTR_AGAIN),
    ROW(IR_FOREIGN_KEY, "db:Reference", "validated", ATTR_BOOL, foreign_key, not_validated, ATTR_INVERTED | ATTR_AGAIN),
    ROW(IR_FOREIGN_KEY, "db:Reference", "setColumns", ATTR_NAMES, foreign_key, set_columns, ATTR_AGAIN | ATTR_FORMAT_2),
    ROW(IR_FOREIGN_KEY, "db:Reference", "comment", ATTR_TEXT, foreign_key, comment, ATTR_AGAIN | ATTR_FORMAT_2),
    ROW(IR_FOREIGN_KEY, "db:Reference", "unique", ATTR_BOOL, foreign_key, not_unique, ATTR_INVERTED | ATTR_UNSEEN | ATTR_FORMAT_2),
    ROW(IR_RELATION, "db:Comment", "value", ATTR_TEXT, relation, comment, ATTR_REQUIRED | ATTR_UNSEEN),
    ROW(IR_RELATION, "db:Was", "name", ATTR_TEXT, relation, was, ATTR_REQUIRED | ATTR_UNSEEN),

    ROW(IR_ENTITY, "sql:Name", "value", ATTR_TEXT, entity, table, ATTR_REQUIRED | ATTR_UNSEEN),
    ROW(IR_ENTITY, "sql:Schema", "value", ATTR_TEXT, entity, namespace, ATTR_REQUIRED),
    ROW(IR_KEY, "db:Key", "name", ATTR_TEXT, key, name, 0),
    ROW(IR_KEY, "db:Key", "keys", ATTR_NAMES, key, fields, 0),
    CHOICE(IR_KEY, "db:Key", "deferrable", deferrables, key, deferrable, ATTR_FORMAT_2),
    ROW(IR_KEY, "db:Key", "include", ATTR_NAMES, key, include, ATTR_FORMAT_2),
    ROW(IR_KEY, "db:Key", "comment", ATTR_TEXT, key, comment, ATTR_FORMAT_2),
    ROW(IR_KEY, "db:Key", "options", ATTR_OPTIONS, key, options, 0),
    ROW(IR_KEY, "db:NoKey", NULL, ATTR_FLAG, key, absent, 0),
    ROW(IR_INDEX, "db:Unique", "name", ATTR_TEXT, index, name, ATTR_AGAIN),
    ROW(IR_INDEX, "db:Unique", "keys", ATTR_PARTS, index, parts, ATTR_REQUIRED | ATTR_AGAIN),
    CHOICE(IR_INDEX, "db:Unique", "nulls", distinctness, index, nulls_not_distinct, ATTR_AGAIN),
    ROW(IR_INDEX, "db:Unique", "using", ATTR_TEXT, index, method, ATTR_AGAIN),
    ROW(IR_INDEX, "db:Unique", "include", ATTR_NAMES, index, include, ATTR_AGAIN),
    CHOICE(IR_INDEX, "db:Unique", "deferrable", deferrables, index, deferrable, 0),
    ROW(IR_INDEX, "db:Unique", "comment", ATTR_TEXT, index, comment, ATTR_AGAIN),
    ROW(IR_INDEX, "db:Unique", "options", ATTR_OPTIONS, index, options, ATTR_AGAIN),
    ROW(IR_INDEX, "db:Index", "name", ATTR_TEXT, index, name, 0),
    ROW(IR_INDEX, "db:Index", "keys", ATTR_PARTS, index, parts, ATTR_REQUIRED),
    ROW(IR_INDEX, "db:Index", "unique", ATTR_BOOL, index, unique, 0),
    CHOICE(IR_INDEX, "db:Index", "nulls", distinctness, index, nulls_not_distinct, 0),
    ROW(IR_INDEX, "db:Index", "using", ATTR_TEXT, index, method, 0),
    ROW(IR_INDEX, "db:Index", "where", ATTR_TEXT, index, where, ATTR_EXPRESSION),
    ROW(IR_INDEX, "db:Index", "include", ATTR_NAMES, index, include, 0),
    ROW(IR_INDEX, "db:Index", "comment", ATTR_TEXT, index, comment, 0),
    ROW(IR_INDEX, "db:Index", "options", ATTR_OPTIONS, index, options, 0),
    ROW(IR_CHECK, "db:Check", "name", ATTR_TEXT, check, name, 0),
    ROW(IR_CHECK, "db:Check", "value", ATTR_TEXT, check, value, ATTR_REQUIRED | ATTR_EXPRESSION),
    ROW(IR_CHECK, "db:Check", "validated", ATTR_BOOL, check, not_validated, ATTR_INVERTED),
    ROW(IR_CHECK, "db:Check", "enforced", ATTR_BOOL, check, not_enforced, ATTR_INVERTED | ATTR_FORMAT_2),
    ROW(IR_CHECK, "db:Check", "inherit", ATTR_BOOL, check, no_inherit, ATTR_INVERTED | ATTR_FORMAT_2),
    ROW(IR_CHECK, "db:Check", "comment", ATTR_TEXT, check, comment, ATTR_FORMAT_2),
    ROW(IR_EXCLUDE, "db:Exclude", "name", ATTR_TEXT, exclude, name, 0),
    ROW(IR_EXCLUDE, "db:Exclude", "using", ATTR_TEXT, exclude, method, 0),
    ROW(IR_EXCLUDE, "db:Exclude", "value", ATTR_TEXT, exclude, value, ATTR_REQUIRED | ATTR_EXPRESSION),
    ROW(IR_EXCLUDE, "db:Exclude", "where", ATTR_TEXT, exclude, where, ATTR_EXPRESSION),
    CHOICE(IR_EXCLUDE, "db:Exclude", "deferrable", deferrables, exclude, deferrable, 0),
    ROW(IR_EXCLUDE, "db:Exclude", "comment", ATTR_TEXT, exclude, comment, ATTR_FORMAT_2),
    ROW(IR_FOREIGN_KEY, "db:ForeignKey", "name", ATTR_TEXT, foreign_key, name, 0),
    ROW(IR_FOREIGN_KEY, "db:ForeignKey", "keys", ATTR_NAMES, foreign_key, fields, ATTR_REQUIRED),
    ROW(IR_FOREIGN_KEY, "db:ForeignKey", "entity", ATTR_TEXT, foreign_key, target, ATTR_REQUIRED),
    ROW(IR_FOREIGN_KEY, "db:ForeignKey", "to", ATTR_NAMES, foreign_key, target_fields, 0),
    CHOICE(IR_FOREIGN_KEY, "db:ForeignKey", "onDelete", actions, foreign_key, on_delete, 0),
    CHOICE(IR_FOREIGN_KEY, "db:ForeignKey", "onUpdate", actions, foreign_key, on_update, 0),
    CHOICE(IR_FOREIGN_KEY, "db:ForeignKey", "deferrable", deferrables, foreign_key, deferrable, 0),
    CHOICE(IR_FOREIGN_KEY, "db:ForeignKey", "match", matches, foreign_key, match_full, 0),
    ROW(IR_FOREIGN_KEY, "db:ForeignKey", "validated", ATTR_BOOL, foreign_key, not_validated, ATTR_INVERTED),
    ROW(IR_FOREIGN_KEY, "db:ForeignKey", "setColumns", ATTR_NAMES, foreign_key, set_columns, ATTR_FORMAT_2),
    ROW(IR_FOREIGN_KEY, "db:ForeignKey", "comment", ATTR_TEXT, foreign_key, comment, ATTR_FORMAT_2),
    ROW(IR_TABLE, "db:Table", "engine", ATTR_TEXT, table_options, engine, 0),
    ROW(IR_TABLE, "db:Table", "charset", ATTR_TEXT, table_options, charset, 0),
    ROW(IR_TABLE, "db:Table", "collation", ATTR_TEXT, table_options, collation, 0),
    ROW(IR_TABLE, "db:Table", "rowFormat", ATTR_TEXT, table_options, row_format, 0),
    ROW(IR_TABLE, "db:Table", "tablespace", ATTR_TEXT, table_options, tablespace, 0),
    ROW(IR_TABLE, "db:Table", "inherits", ATTR_NAMES, table_options, inherits, ATTR_FORMAT_2),
    ROW(IR_TABLE, "db:Table", "partitionBy", ATTR_TEXT, table_options, partition_by, 0),
    ROW(IR_TABLE, "db:Table", "strict", ATTR_BOOL, table_options, strict, 0),
    ROW(IR_TABLE, "db:Table", "withoutRowid", ATTR_BOOL, table_options, without_rowid, 0),
    ROW(IR_TABLE, "db:Table", "unlogged", ATTR_BOOL, table_options, unlogged, 0),
    ROW(IR_TABLE, "db:Table", "options", ATTR_OPTIONS, table_options, options, 0),
    ROW(IR_ENTITY, "db:Comment", "value", ATTR_TEXT, entity, comment, ATTR_REQUIRED),
    ROW(IR_ENTITY, "db:Was", "name", ATTR_TEXT, entity, was, ATTR_REQUIRED | ATTR_UNSEEN),

    ROW(IR_ENUM, "db:Enum", "name", ATTR_TEXT, enumeration, type_name, ATTR_REQUIRED),
    ROW(IR_ENUM, "db:Enum", "schema", ATTR_TEXT, enumeration, type_namespace, 0),
    ROW(IR_ENUM, "db:Comment", "value", ATTR_TEXT, enumeration, comment, ATTR_REQUIRED),
    ROW(IR_ENUM, "db:Was", "name", ATTR_TEXT, enumeration, was, ATTR_REQUIRED | ATTR_UNSEEN),
    ROW(IR_ENUM_MEMBER, "db:Comment", "value", ATTR_TEXT, enum_member, comment, ATTR_REQUIRED | ATTR_UNSEEN),
    ROW(IR_ENUM_MEMBER, "db:Was", "name", ATTR_TEXT, enum_member, was, ATTR_REQUIRED | ATTR_UNSEEN),

    ROW(IR_OBJECT, "db:Object", "kind", ATTR_TEXT, object, kind, ATTR_REQUIRED | ATTR_FORMAT_2),
    ROW(IR_OBJECT, "db:Object", "name", ATTR_TEXT, object, object_name, ATTR_REQUIRED | ATTR_FORMAT_2),
    ROW(IR_OBJECT, "db:Object", "schema", ATTR_TEXT, object, namespace, 0),
    ROW(IR_OBJECT, "db:Object", "on", ATTR_TEXT, object, on, 0),
    ROW(IR_OBJECT, "db:Object", "dependsOn", ATTR_NAMES, object, depends_on, ATTR_UNSEEN),
    ROW(IR_OBJECT, "db:Object", "options", ATTR_OPTIONS, object, options, 0),
    ROW(IR_OBJECT, "db:Comment", "value", ATTR_TEXT, object, comment, ATTR_REQUIRED),
    ROW(IR_OBJECT, "db:Was", "name", ATTR_TEXT, object, was, ATTR_REQUIRED | ATTR_UNSEEN),
};
const size_t ir_attr_count = sizeof ir_attrs / sizeof *ir_attrs;

const struct ir_annotation ir_annotations[] = {
    {"sql:Name", IR_FIELD, IR_FIELD, false},
    {"sql:Varchar", IR_FIELD, IR_FIELD, false},
    {"sql:Char", IR_FIELD, IR_FIELD, false},
    {"sql:Decimal", IR_FIELD, IR_FIELD, false},
    {"sql:Generated", IR_FIELD, IR_FIELD, false},
    {"sql:Index", IR_FIELD, IR_INDEX, false},
    {"sql:UniqueIndex", IR_FIELD, IR_INDEX, false},
    {"db:Type", IR_FIELD, IR_FIELD, false},
    {"db:Default", IR_FIELD, IR_FIELD, false},
    {"db:Computed", IR_FIELD, IR_FIELD, false},
    {"db:Identity", IR_FIELD, IR_FIELD, false},
    {"db:Charset", IR_FIELD, IR_FIELD, false},
    {"db:Collation", IR_FIELD, IR_FIELD, false},
    {"db:OnUpdate", IR_FIELD, IR_FIELD, false},
    {"db:Inherited", IR_FIELD, IR_FIELD, false},
    {"db:Check", IR_FIELD, IR_FIELD, false},
    {"db:Options", IR_FIELD, IR_FIELD, false},
    {"db:Comment", IR_FIELD, IR_FIELD, false},
    {"db:Was", IR_FIELD, IR_FIELD, false},
    {"constraint:String", IR_FIELD, IR_FIELD, false},

    {"sql:Relation", IR_RELATION, IR_RELATION, false},
    {"db:Inverse", IR_RELATION, IR_RELATION, false},
    {"db:Reference", IR_RELATION, IR_FOREIGN_KEY, false},
    {"db:Comment", IR_RELATION, IR_RELATION, false},
    {"db:Was", IR_RELATION, IR_RELATION, false},

    {"sql:Name", IR_ENTITY, IR_ENTITY, false},
    {"sql:Schema", IR_ENTITY, IR_ENTITY, false},
    {"db:Key", IR_ENTITY, IR_KEY, false},
    {"db:NoKey", IR_ENTITY, IR_KEY, false},
    {"db:Unique", IR_ENTITY, IR_INDEX, true},
    {"db:Index", IR_ENTITY, IR_INDEX, true},
    {"db:Check", IR_ENTITY, IR_CHECK, true},
    {"db:Exclude", IR_ENTITY, IR_EXCLUDE, true},
    {"db:ForeignKey", IR_ENTITY, IR_FOREIGN_KEY, true},
    {"db:Table", IR_ENTITY, IR_TABLE, false},
    {"db:Comment", IR_ENTITY, IR_ENTITY, false},
    {"db:Was", IR_ENTITY, IR_ENTITY, false},

    {"db:Enum", IR_ENUM, IR_ENUM, false},
    {"db:Comment", IR_ENUM, IR_ENUM, false},
    {"db:Was", IR_ENUM, IR_ENUM, false},
    {"db:Comment", IR_ENUM_MEMBER, IR_ENUM_MEMBER, false},
    {"db:Was", IR_ENUM_MEMBER, IR_ENUM_MEMBER, false},

    {"db:Object", IR_OBJECT, IR_OBJECT, false},
    {"db:Comment", IR_OBJECT, IR_OBJECT, false},
    {"db:Was", IR_OBJECT, IR_OBJECT, false},
};
const size_t ir_annotation_count = sizeof ir_annotations / sizeof *ir_annotations;

_Static_assert(sizeof ir_annotations / sizeof *ir_annotations <= IR_ANNOTATION_MAX, "IR_ANNOTATION_MAX is too small");
_Static_assert(sizeof(bool) == 1, "a bool is read as a choice");

const struct ir_annotation *ir_annotation_find(const char *name, enum ir_kind on) {
    for (size_t i = 0; i < ir_annotation_count; i++)
        if (ir_annotations[i].on == on && strcmp(ir_annotations[i].name, name) == 0)
            return &ir_annotations[i];
    return NULL;
}

void ir_annotation_rows(struct ir_rows rows[IR_ANNOTATION_MAX]) {
    size_t row = 0;

    for (size_t i = 0; i < ir_annotation_count; i++) {
        rows[i].first = row;
        while (row < ir_attr_count && ir_attrs[row].kind == ir_annotations[i].makes &&
               strcmp(ir_attrs[row].annotation, ir_annotations[i].name) == 0)
            row++;
        rows[i].count = row - rows[i].first;
    }
    if (row != ir_attr_count)
        BUG("row %zu of ir_attrs is out of the order of ir_annotations", row);
}

static bool parts_equal(const struct index *a, const struct index *b) {
    if (a->part_count != b->part_count)
        return false;
    for (size_t i = 0; i < a->part_count; i++) {
        const struct index_part *first = &a->parts[i];
        const struct index_part *second = &b->parts[i];

        if (!text_equal(first->field, second->field) || !text_equal(first->expression, second->expression) ||
            !text_equal(first->opclass, second->opclass) || !text_equal(first->collation, second->collation) ||
            first->prefix != second->prefix || first->order != second->order || first->nulls != second->nulls)
            return false;
    }
    return true;
}

static bool texts_equal(const void *a, const void *b) {
    const char *const *first = a;
    const char *const *second = b;

    return text_equal(*first, *second);
}

/* A and B are the structs, which ATTR_PARTS needs whole. */
static bool attribute_equal(const struct ir_attr *attr, const void *a, const void *b) {
    const char *first = (const char *)a + attr->offset;
    const char *second = (const char *)b + attr->offset;

    switch (attr->type) {
    case ATTR_TEXT:
        return texts_equal(first, second);
    case ATTR_BOOL:
    case ATTR_FLAG:
    case ATTR_CHOICE:
        return *first == *second;
    case ATTR_LENGTH:
        return memcmp(first, second, sizeof(uint32_t)) == 0;
    case ATTR_NUMBER:
        return memcmp(first, second, sizeof(int64_t)) == 0;
    case ATTR_NAMES:
        return names_equal((const void *)first, (const void *)second);
    case ATTR_OPTIONS:
        return options_equal((const void *)first, (const void *)second);
    case ATTR_PARTS:
        return parts_equal(a, b);
    case ATTR_PRECISION:
        return memcmp(first, second, 2 * sizeof(uint16_t)) == 0;
    }
    BUG("attribute type %d", (int)attr->type);
}

size_t ir_first_difference(enum ir_kind kind, const void *a, const void *b, size_t from) {
    for (size_t i = from; i < ir_attr_count; i++) {
        const struct ir_attr *attr = &ir_attrs[i];

        if (attr->kind != kind) {
            if (kind == IR_FIELD)
                break;
            continue;
        }
        if (!(attr->flags & (ATTR_UNSEEN | ATTR_AGAIN)) && !attribute_equal(attr, a, b))
            return i;
    }
    return ir_attr_count;
}

static bool field_shape_equal(const struct field *a, const struct field *b) {
    return a->type == b->type && a->nullable == b->nullable && a->key == b->key && text_equal(a->enum_name, b->enum_name);
}

static bool relation_shape_equal(const struct relation *a, const struct relation *b) {
    return a->kind == b->kind && a->owner == b->owner && text_equal(a->target, b->target);
}

static bool members_equal(const struct enumeration *a, const struct enumeration *b) {
    if (a->member_count != b->member_count)
        return false;
    for (size_t i = 0; i < a->member_count; i++)
        if (!text_equal(a->members[i].value, b->members[i].value) || !text_equal(a->members[i].name, b->members[i].name))
            return false;
    return true;
}

/* No definition and an empty one are the same: both are written as an empty template. */
static bool definitions_equal(const struct object *a, const struct object *b) {
    return text_equal(a->definition ? a->definition : "", b->definition ? b->definition : "");
}

/* What the language says without an annotation. */
static bool shape_equal(enum ir_kind kind, const void *a, const void *b) {
    switch (kind) {
    case IR_FIELD:
        return field_shape_equal(a, b);
    case IR_RELATION:
        return relation_shape_equal(a, b);
    case IR_INDEX:
        return ((const struct index *)a)->unique == ((const struct index *)b)->unique &&
               ((const struct index *)a)->constraint == ((const struct index *)b)->constraint;
    case IR_ENUM:
        return members_equal(a, b);
    case IR_ENUM_MEMBER:
        return text_equal(((const struct enum_member *)a)->value, ((const struct enum_member *)b)->value);
    case IR_OBJECT:
        return definitions_equal(a, b);
    case IR_ENTITY:
    case IR_FOREIGN_KEY:
    case IR_KEY:
    case IR_CHECK:
    case IR_EXCLUDE:
    case IR_TABLE:
        return true;
    }
    BUG("kind %d", (int)kind);
}

bool ir_equal(enum ir_kind kind, const void *a, const void *b) {
    return a == b || (shape_equal(kind, a, b) && ir_first_difference(kind, a, b, 0) == ir_attr_count);
}
