/* What the parts of declaring share.
 *
 * declare.c            the order of the work
 * declare_names.c      names of entities, fields and objects, and what tells apart those that meet
 * declare_types.c      native types and defaults as the model says them: the dialect's normalize is asked
 * declare_enums.c      enums, from types, columns and checks
 * declare_relations.c  foreign keys as relations with both sides
 * declare_same.c       parts of the known model that mean what was seen
 * declare_parts.c      keys, indexes, checks and the rest of an entity; objects
 * declare_check.c      does normalize give back what was seen? Names that do not come by themselves are said, losses are named
 * declare_known.c      what the known model says in a way of its own
 *
 * "Seen" is the introspected form, "made" the declared form that is being made of it, "known" the model that is there already. */
#ifndef PERSIST_DECLARE_INTERNAL_H
#define PERSIST_DECLARE_INTERNAL_H

#include "declare.h"
#include "ir_fields.h"
#include "map.h"
#include "vec.h"

struct link;

/* One entity on its way. Its fields are made one for one from those seen. */
struct declared {
    const struct entity *seen;
    struct entity *made;
    const struct entity *known;        /* of the same table, or NULL */
    const struct entity *known_normal; /* the same in physical form: what the dialect makes of it; NULL when it refuses the model */
    const struct field **same;         /* per field: that of the known model, when it means what was seen; else NULL */
    size_t place;                      /* in the order seen */
    const char *plural;                /* its name in camel case in the plural, once it was asked for */
    struct map taken;                  /* its fields and relations, in lower case */
    bool *is_enum;                     /* per check seen: an enum field says it */
    VEC(struct link *) own;            /* the foreign keys that are relations, in the order of their fields */
    VEC(struct link *) others;         /* those of other entities that point here */
};

/* A foreign key that is a relation. */
struct link {
    struct declared *owner;
    struct declared *target;
    size_t foreign_key;               /* index into owner->seen->foreign_keys */
    const struct relation *known;     /* the owner's side in the known model, or NULL */
    const struct relation *known_far; /* the other side there */
    const char *name;                 /* of the owner's side */
    const char *inverse;              /* of the other side */
    size_t sequence;                  /* among all: by owner, then by field */
    bool unique;                      /* a key or unique index has exactly its fields */
    bool only_key;                    /* … and it is the primary key alone */
    bool nullable;
    bool several; /* others of the same owner have the same target, or it is a relation to itself */
};

struct declaring {
    struct arena *arena;  /* of the result */
    struct arena scratch; /* of what only the work needs */
    const struct target *target;
    const struct schema *seen;
    const struct schema *known;
    struct schema *made;
    struct declared *entities; /* in the order of seen->entities */
    struct map by_name;        /* name seen → struct declared */
    struct map taken;          /* entities, enums and objects, in lower case */
    struct map numbers;        /* name in lower case → the number that was tried last */
    struct map types[2];       /* native type → struct type_way; the second of STRICT tables */
    struct map camels;         /* column → its name in camel case: columns of many tables are called alike */
    struct map enums;          /* name seen of an enum type → its struct enumeration */
    struct map objects;        /* name seen → name made */
    struct map known_objects;  /* what identifies an object → known object */
    VEC(struct unsupported) unsupported;
};

/* Names. */

/* The first of the COUNT candidates (NULL ones are passed over) that is not in TAKEN, which then has it; else the first of them with a
 * number from 2 on behind it. Case does not count. */
const char *declare_take(struct declaring *work, struct map *taken, const char *const *candidates, size_t count);

void declare_name_entities(struct declaring *work);
void declare_name_fields(struct declaring *work, struct declared *entity);
void declare_objects(struct declaring *work);

/* NAME in camel case with its last word in the plural: "albumRatings". */
const char *declare_plural(struct arena *arena, const char *name);

/* NAME with a small or a capital first letter. */
const char *declare_small(struct arena *arena, const char *name);
const char *declare_capital(struct arena *arena, const char *name);

/* The field made of the field that is called NAME as it was seen. */
struct field *declare_field(const struct declared *entity, const char *name);

/* The names made of the fields NAMES as they were seen. */
struct names declare_fields(struct declaring *work, const struct declared *entity, const struct names *names);

/* The known model: finds its entities and which of their fields say what was seen. */
void declare_find_known(struct declaring *work);

/* The fields that do so take its words. Its enums must be there already. */
void declare_reuse_fields(struct declared *entity);

/* The words of the known model for parts of ENTITY that mean what was seen: an index, a check, a foreign key; the key and the table. */
void declare_reuse_index(struct declaring *work, const struct declared *entity, const struct index *seen, struct index *made);
void declare_reuse_check(struct declaring *work, const struct declared *entity, const struct check *seen, struct check *made);
void declare_reuse_foreign_key(struct declaring *work, const struct declared *entity, const struct foreign_key *seen,
                               struct foreign_key *made);
void declare_reuse_table(struct declaring *work, const struct declared *entity);

/* Types. */

/* FIELD with VALUES (or NULL), alone in a table with the options of ENTITY, as the dialect has it: the only entity of a normal form in the
 * scratch arena, or NULL when the dialect refuses it. */
const struct entity *declare_ask(struct declaring *work, const struct entity *entity, const struct field *field,
                                 struct enumeration *values);

/* Does the dialect take native types A and B for one? */
bool declare_same_type(const struct declaring *work, const char *a, const char *b);

/* Type and default of the field number INDEX, which is no enum. */
void declare_type(struct declaring *work, struct declared *entity, size_t index);

/* The default of FIELD, which may be an enum field of VALUES: as a literal where that gives the same. */
void declare_default(struct declaring *work, const struct declared *entity, struct field *field, struct enumeration *values);

/* Enums of all entities; the types of their fields, and of all others. */
void declare_enums(struct declaring *work);

/* Relations and foreign keys of all entities. */
void declare_relations(struct declaring *work);

/* Key, indexes, checks, exclusions. */
void declare_parts(struct declaring *work, struct declared *entity);

/* Marks with @db:Inverse where the order of declaration would pair otherwise. */
void declare_mark_inverses(struct declaring *work);

/* Do A, as it was seen, and B, in physical form, say the same to this database in all attributes of KIND? */
bool declare_same(struct declaring *work, enum ir_kind kind, const void *a, const void *b);

/* Compares with what was seen; says names, and what was lost. */
void declare_check(struct declaring *work);

/* The last step: foreign key columns that a relation of the known model brings without declaring them, and the known order of fields. */
void declare_as_known(struct declaring *work);

#endif
