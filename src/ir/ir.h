/* The IR: a data model as data.
 *
 * A schema is what a model file says and what a database holds. The same structs carry three forms:
 *
 *   declared    as lowered from a model: entity and field names, relations with both sides, annotations resolved. Printing it gives the
 *               canonical text. Types are the model's; native_type is set only where @db:Type says so.
 *   normal      as one database sees it, made by dialect->normalize: every table, column, index, key, check and foreign key has its
 *               final name (quoted by nobody yet), native_type is the complete SQL type of each column, defaults and actions are in the
 *               database's canonical spelling, an enum without a type of its own has become a check.
 *   introspected  read from a live database by dialect->introspect: as the normal form, with entity name = table, field name = column.
 *
 * Invariants: entities, enums and objects are sorted by name (byte order); names are unique ignoring case. Fields are in column order: the
 * declared ones first, then the derived foreign key columns, relation by relation. Every string lives in the arena of its maker. A NULL
 * string means "not said". Lists of names hold field names of the entity (model names, not columns), also in the normal form.
 * All structs are plain data; readers walk them. A schema is not changed after it was handed on: entities may be shared by schemas. */
#ifndef PERSIST_IR_H
#define PERSIST_IR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arena.h"
#include "map.h"
#include "source.h"

enum field_type {
    TYPE_INT,
    TYPE_BOOLEAN,
    TYPE_FLOAT,
    TYPE_DECIMAL,
    TYPE_STRING,
    TYPE_BYTES, /* byte[] */
    TYPE_DATE,
    TYPE_TIME_OF_DAY,
    TYPE_UTC,
    TYPE_CIVIL,
    TYPE_ENUM
};

enum ref_action { ACTION_NONE, ACTION_NO_ACTION, ACTION_RESTRICT, ACTION_CASCADE, ACTION_SET_NULL, ACTION_SET_DEFAULT };
enum deferrable { DEFERRABLE_NOT, DEFERRABLE_IMMEDIATE, DEFERRABLE_DEFERRED }; /* not · initially immediate · initially deferred */
enum sort_order { ORDER_ASCENDING, ORDER_DESCENDING };
enum nulls_order { NULLS_DEFAULT, NULLS_FIRST, NULLS_LAST };
enum identity_kind { IDENTITY_NONE, IDENTITY_BY_DEFAULT, IDENTITY_ALWAYS };

struct names {
    const char **at;
    size_t count;
};

/* One "key: value" of @db:Options or of an index's or table's options, in the order written; VALUE is text as the user wrote it. */
struct option {
    const char *key;
    const char *value;
};

struct options {
    struct option *at;
    size_t count;
};

struct field {
    const char *name;
    const char *column;          /* never NULL: the name where no @sql:Name says otherwise */
    const char *comment;         /* documentation lines joined with "\n" */
    const char *was;             /* @db:Was: the name in the last snapshot; a fact about one step, never compared or hashed */
    const char *enum_name;       /* TYPE_ENUM */
    const char *native_type;     /* @db:Type; in the normal form the complete SQL type */
    const char *default_sql;     /* @db:Default {value}: an SQL expression; in the normal form literals have become one */
    const char *default_literal; /* @db:Default {literal} */
    const char *computed;        /* @db:Computed {value}: an SQL expression */
    const char *collation;
    const char *charset;
    const char *on_update;      /* @db:OnUpdate: an SQL expression (MySQL) */
    const char *check_name;     /* @db:Check {name}: the check that an enum field becomes; none in the normal form */
    struct options options;     /* @db:Options */
    int64_t identity_start;     /* 0: not said */
    int64_t identity_increment; /* 0: not said */
    uint32_t length;            /* characters of TYPE_STRING; 0: not said */
    uint16_t precision;         /* digits of TYPE_DECIMAL; 0: not said */
    uint16_t scale;
    uint8_t type;     /* enum field_type */
    uint8_t identity; /* enum identity_kind */
    bool nullable;
    bool key;       /* readonly: member of the primary key */
    bool generated; /* @sql:Generated */
    bool fixed;     /* CHAR(length) instead of VARCHAR(length) */
    bool stored;    /* a computed column that is stored */
    bool derived;   /* a foreign key column that a relation brought, not declared: not printed */
    bool inherited; /* @db:Inherited: the column comes from a table that this one inherits from (PostgreSQL) */
    struct span at; /* the declaration, in the source the schema came from */
};

enum relation_kind { RELATION_ONE, RELATION_OPTIONAL, RELATION_MANY }; /* B b · B? b · B[] bs */

/* One relation field: one side of a relation. */
struct relation {
    const char *name;
    const char *target;  /* entity */
    const char *inverse; /* the relation field of the target that is the other side; never NULL after lowering */
    const char *comment;
    const char *was;
    struct names keys;     /* @sql:Relation {keys}: declared fields that are the foreign key; else none */
    uint8_t kind;          /* enum relation_kind */
    bool owner;            /* the foreign key lies here */
    bool explicit_owner;   /* @sql:Relation stands here without being needed for keys: 1-1 optional on both sides */
    bool explicit_inverse; /* the order of declaration alone would not pair the two: print @db:Inverse */
    size_t foreign_key;    /* of an owner: index into entity->foreign_keys */
    struct span at;
};

struct foreign_key {
    const char *name; /* constraint; NULL until the normal form */
    struct names fields;
    const char *target; /* entity */
    struct names target_fields;
    const char *relation; /* the relation field it belongs to, or NULL for @db:ForeignKey */
    const char *comment;
    struct names set_columns; /* those of ->fields that onDelete sets, where it does not set all (PostgreSQL) */
    uint8_t on_delete;        /* enum ref_action; ACTION_NONE: not said */
    uint8_t on_update;
    uint8_t deferrable; /* enum deferrable */
    bool match_full;
    bool not_validated; /* @db:Reference {validated: false} */
    bool not_unique;    /* @db:Reference {unique: false}: a 1-1 relation makes no unique constraint, as its fields are the primary key */
    struct span at;
};

/* One member of an index: a field or an expression. */
struct index_part {
    const char *field;      /* or NULL */
    const char *expression; /* or NULL */
    const char *opclass;
    const char *collation;
    uint32_t prefix; /* characters of the column (MySQL); 0: all */
    uint8_t order;   /* enum sort_order */
    uint8_t nulls;   /* enum nulls_order */
};

/* An index, or a unique constraint. */
struct index {
    const char *name;
    struct index_part *parts;
    size_t part_count;
    const char *method;   /* btree, hash, gin, fulltext, spatial …; NULL: the database's default */
    const char *where;    /* partial: an SQL expression */
    struct names include; /* covering columns that are no key */
    const char *comment;
    struct options options;
    bool unique;
    bool constraint; /* @db:Unique: a constraint, not just an index */
    bool nulls_not_distinct;
    bool derived;       /* made by a 1-1 relation: not printed */
    uint8_t deferrable; /* enum deferrable; constraints only */
    struct span at;
};

struct check {
    const char *name;  /* NULL until the normal form when not said */
    const char *value; /* an SQL expression */
    const char *comment;
    bool not_validated;
    bool not_enforced; /* @db:Check {enforced: false} (MySQL) */
    bool no_inherit;   /* @db:Check {inherit: false}: not for tables that inherit from this one (PostgreSQL) */
    bool derived;      /* made by an enum: not printed */
    const char *field; /* derived: the enum field it is for */
    struct span at;
};

/* An exclusion constraint (PostgreSQL). */
struct exclude {
    const char *name;
    const char *method;
    const char *value; /* the element list in the database's own words: "room WITH =, during WITH &&" */
    const char *where;
    const char *comment;
    uint8_t deferrable;
    struct span at;
};

struct key {
    const char *name;    /* @db:Key {name}: the constraint; NULL: the database's own */
    struct names fields; /* in key order */
    const char *comment;
    struct names include; /* covering columns that are no key */
    struct options options;
    uint8_t deferrable;  /* enum deferrable */
    bool absent;         /* @db:NoKey */
    bool explicit_order; /* @db:Key {keys} differs from the order of declaration */
};

struct table_options {
    const char *engine;
    const char *charset;
    const char *collation;
    const char *row_format;
    const char *tablespace;
    const char *partition_by; /* in the database's own words */
    struct names inherits;    /* entities whose tables this one inherits from, in their order (PostgreSQL) */
    struct options options;
    bool strict;
    bool without_rowid;
    bool unlogged;
};

struct entity {
    const char *name;
    const char *table;     /* never NULL */
    const char *namespace; /* @sql:Schema, or NULL */
    const char *comment;
    const char *was;
    struct field *fields;
    size_t field_count;
    struct relation *relations;
    size_t relation_count;
    struct key key;
    struct index *indexes;
    size_t index_count;
    struct check *checks;
    size_t check_count;
    struct exclude *excludes;
    size_t exclude_count;
    struct foreign_key *foreign_keys;
    size_t foreign_key_count;
    struct table_options options;
    struct span at;
};

struct enum_member {
    const char *name;
    const char *value; /* never NULL: the name where nothing is said */
    const char *comment;
    const char *was; /* the member's name in the last snapshot */
    struct span at;
};

struct enumeration {
    const char *name;
    const char *type_name; /* @db:Enum: an enum type of the database's own (PostgreSQL); NULL: none */
    const char *type_namespace;
    const char *comment;
    const char *was;
    struct enum_member *members; /* in declaration order */
    size_t member_count;
    struct span at;
};

/* What is defined in the database's own words: a view, a function, a trigger … (@db:Object). Which kinds a database has, and how each is
 * ordered, replaced and dropped, stands in the dialect's table of struct object_kind. Two objects are the same thing when kind, namespace,
 * object_name and what they stand ON are.
 *
 * Of an introspected schema ->name is "kind namespace.object_name" or, with what it stands on, "kind namespace.object_name on TABLE". */
struct object {
    const char *name;        /* the constant's; unique among entities, enums and objects */
    const char *kind;        /* "view" */
    const char *object_name; /* in the database; of what can be overloaded with the types of its arguments: "total(integer, text)" */
    const char *namespace;   /* or NULL */
    const char *on;          /* the entity, enum or object it belongs to (trigger, policy, partition, index); NULL: none */
    const char *definition;  /* as the kind wants it, in the database's own words: a view's query, a function's whole statement; of a kind
                              * that has none (an extension) "" when it was read, and NULL counts as "" */
    const char *comment;
    const char *was;
    struct names depends_on; /* entities, enums and objects whose change or absence it feels, besides ON; byte order, each once */
    struct options options;  /* what the kind knows besides: {"owner": …}, {"securityBarrier": …} */
    struct span at;
};

/* Something a database holds that the language cannot say. Printed as a comment, "//Unsupported[KIND] NAME: WHY", in the record of its
 * entity or behind the imports; it is no part of a snapshot. */
struct unsupported {
    const char *kind; /* "column", "operator class", … or, of a column, its type */
    const char *name;
    const char *entity; /* or NULL */
    const char *why;    /* or NULL */
};

struct schema {
    struct source *source; /* where the spans point; NULL for an introspected schema */
    struct entity **entities;
    size_t entity_count;
    struct enumeration **enums;
    size_t enum_count;
    struct object **objects;
    size_t object_count;
    struct unsupported *unsupported; /* in the order found; introspected, and declared from such a schema */
    size_t unsupported_count;
    struct names taken_along;  /* introspected: tables outside the scope that tables in it refer to, and that were read too */
    struct map entity_by_name; /* filled by schema_index() */
    struct map enum_by_name;
    struct map object_by_name;
};

/* Sorts the entities, enums and objects of SCHEMA by name and fills the maps. Call once, when the schema is complete. */
void schema_index(struct arena *arena, struct schema *schema);

/* By name; NULL when there is none. */
struct entity *schema_entity(const struct schema *schema, const char *name);
struct enumeration *schema_enum(const struct schema *schema, const char *name);
struct object *schema_object(const struct schema *schema, const char *name);
struct field *entity_field(const struct entity *entity, const char *name);
struct field *entity_field_by_column(const struct entity *entity, const char *column);
struct relation *entity_relation(const struct entity *entity, const char *name);

/* The column of the field NAME of ENTITY; NAME must be a field. */
const char *entity_column(const struct entity *entity, const char *name);

/* Brings what an entity has in no order of its own into the canonical one: indexes, checks, exclusions and the foreign keys of no
 * relation, by name, those without a name by content. Derived indexes stand behind the others and foreign keys of relations before the
 * others, which is the caller's to see to; they stay as they are. Lowering does it; whoever makes a declared form in another way does it
 * before printing. */
void entity_sort(struct entity *entity);

/* Deep copies into ARENA: the structs and arrays, not the strings. For normalize, which may then change the copy. */
struct entity *entity_copy(struct arena *arena, const struct entity *entity);
struct enumeration *enumeration_copy(struct arena *arena, const struct enumeration *enumeration);
struct object *object_copy(struct arena *arena, const struct object *object);

bool names_equal(const struct names *a, const struct names *b);
bool text_equal(const char *a, const char *b); /* NULL equals NULL only */
bool options_equal(const struct options *a, const struct options *b);

/* The names in the model language, for messages and printing: "int", "time:Date"; "CASCADE". */
const char *field_type_name(enum field_type type);
const char *ref_action_name(enum ref_action action);

#endif
