/* The canonical printer, with the places where the formatter adds what is no data. Private to the model layer. */
#ifndef PERSIST_PRINT_H
#define PERSIST_PRINT_H

#include "ir.h"
#include "ir_fields.h"
#include "str.h"

/* What the formatter prints of comments: before an item, behind it on its line, and at the end of what a record or enum holds. */
struct print_hooks {
    void (*before)(void *data, struct str *out, struct span at, const char *indent);
    void (*behind)(void *data, struct str *out, struct span at);
    void (*inside_end)(void *data, struct str *out, struct span at, const char *indent);
    void *data;
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
};

void printer_init(struct printer *printer, const struct schema *schema, struct str *out);

/* "public enum …" and "public type …" with their line end. */
void print_enum(struct printer *printer, const struct enumeration *enumeration);
void print_entity(struct printer *printer, const struct entity *entity);

/* All enums and entities, an empty line before each. */
void print_items(struct printer *printer);

/* The imports that what was printed needs. */
void print_imports(const struct printer *printer, struct str *out);

#endif
