/* The canonical printer, with the places where the formatter adds what is no data. Private to the model layer. */
#ifndef PERSIST_PRINT_H
#define PERSIST_PRINT_H

#include "ir.h"
#include "ir_fields.h"
#include "map.h"
#include "str.h"

/* What the formatter prints of comments: before an item, behind it on its line, and at the end of what a record or enum holds. */
struct print_hooks {
    void (*before)(void *data, struct str *out, struct span at, const char *indent);
    void (*behind)(void *data, struct str *out, struct span at);
    void (*inside_end)(void *data, struct str *out, struct span at, const char *indent);
    void *data;
};

/* When a member that is not its default is said by the annotation of its row. */
enum print_rule {
    PRINT_ALWAYS,
    PRINT_NEVER,   /* another annotation says it */
    PRINT_RENAMED, /* a column or table that is not named as its field or entity */
    PRINT_VARYING, /* a length that is the longest allowed */
    PRINT_FIXED,   /* a length that is the only one */
    PRINT_COMMENT, /* a comment that "#" lines cannot hold */
    PRINT_WAS,
    PRINT_INVERSE,   /* the other side of a relation that order alone would not find */
    PRINT_KEY_ORDER, /* key fields in another order than theirs */
    PRINT_TO         /* target fields that are not the target's key */
};

enum { PRINT_ROWS_MAX = 144 };

/* One of the indexes that stand on a field. */
struct field_index {
    const struct index *index;
    struct field_index *next;
};

struct printer {
    struct str *out;
    const struct schema *schema;
    const struct print_hooks *hooks; /* NULL: none */
    bool was;                        /* print @db:Was: a fact about one step, no part of the canonical text */
    bool uses_time;                  /* set by what was printed: the imports it needs */
    bool uses_sql;
    bool uses_db;
    struct ir_rows rows[IR_ANNOTATION_MAX];
    unsigned char rules[PRINT_ROWS_MAX];    /* enum print_rule of each row of ir_attrs */
    struct span annotations[IR_OBJECT + 1]; /* per kind of object: the range of its annotations in ir_annotations */
    struct arena arena;                     /* of what follows */
    struct field_index **on_fields;         /* of the entity at hand, per field: the indexes that stand on it; NULL: no index at all */
    bool *stands;                           /* per index: does it stand on its fields? */
    struct map unsupported;                 /* entity, "" for none → what of it cannot be said */
    unsigned format;                        /* set by what was printed: the lowest format of snapshots that can say it */
};

void printer_init(struct printer *printer, const struct schema *schema, struct str *out);
void printer_free(struct printer *printer);

/* "public enum …" and "public type …" with their line end. */
void print_enum(struct printer *printer, const struct enumeration *enumeration);
void print_entity(struct printer *printer, const struct entity *entity);

/* How a comment begins that names what cannot be said. */
#define PRINT_UNSUPPORTED "//Unsupported["

/* "const string …", likewise. */
void print_object(struct printer *printer, const struct object *object);

/* All enums, entities and objects, an empty line before each; before them what cannot be said of no entity. */
void print_items(struct printer *printer);

/* The imports that what was printed needs. */
void print_imports(const struct printer *printer, struct str *out);

#endif
