/* What the parts of the printer share.
 *
 * print.c              imports, entities, fields, relations and enums, with the text, names and strings that everything is made of
 * print_annotations.c  annotations: which rows are said, their values, and the indexes that stand on fields
 * print_objects.c      objects with their templates, and the comments that name what the language cannot say
 *
 * Nothing here ends the text with a NUL: the functions of print.h do, when they are done. */
#ifndef PERSIST_PRINT_INTERNAL_H
#define PERSIST_PRINT_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "print.h"

static inline void print_bytes(struct printer *printer, const char *bytes, size_t count) {
    struct str *out = printer->out;

    if (out->length + count >= out->capacity)
        str_reserve(out, count);
    memcpy(out->text + out->length, bytes, count);
    out->length += count;
}

/* A literal, whose length the compiler knows. */
#define PRINT(printer, literal) print_bytes((printer), "" literal "", sizeof literal - 1)

static inline void print_text(struct printer *printer, const char *text) {
    print_bytes(printer, text, strlen(text));
}

static inline bool print_is_digit(char c) {
    return c >= '0' && c <= '9';
}

void print_number(struct printer *printer, int64_t number);

/* NAME as the language writes it: quoted and escaped where it has to be. */
void print_name(struct printer *printer, const char *name);

/* The length of NAME when it can be written as it is, but for a quote; else 0. */
size_t print_plain_length(const char *name);

/* TEXT as a string literal. */
void print_string(struct printer *printer, const char *text);

/* TEXT as a string template, which holds any text. */
void print_template(struct printer *printer, const char *text);

/* Ends the text with a NUL, so that it can be read. */
void print_finish(struct printer *printer);

/* What the formatter has before an item and behind it, with the line's end. */
void print_before(struct printer *printer, struct span at, const char *indent);
void print_line_end(struct printer *printer, struct span at);

/* COMMENT as "#" lines; nothing when they cannot hold it. */
void print_documentation(struct printer *printer, const char *comment, const char *indent);

/* Sorts what cannot be said by entity; then the lines of one ("" for none). False: there are none. */
void print_find_unsupported(struct printer *printer);
bool print_unsupported(struct printer *printer, const char *entity, const char *indent);

/* Can "#" lines hold COMMENT exactly? Nothing that is invisible, and no blank at the end of a line, which editors take away. */
bool print_is_documentation(const char *comment);

/* When the annotation of ATTR says a value that is not the default. */
enum print_rule print_rule_of(const struct ir_attr *attr);

/* "@" and NAME, without arguments and line end; notes which import the name needs. */
void print_begin_annotation(struct printer *printer, const char *name, const char *indent);

/* One annotation with the arguments that are said; nothing when none is. */
void print_annotation(struct printer *printer, size_t annotation, const void *object, const char *indent);

/* The annotations of OBJECT that are read through rows of its own kind. */
void print_own_annotations(struct printer *printer, enum ir_kind kind, const void *object, const char *indent);

/* Finds the indexes of ENTITY that stand on its fields: printer->on_fields and printer->stands. */
void print_find_field_indexes(struct printer *printer, const struct entity *entity);

/* The names of the indexes of one kind in LIST: alone, as a list, or not at all where the name is the default. */
void print_field_indexes(struct printer *printer, const struct field_index *list, bool unique);

#endif
