/* What toml.c (tables and keys) and toml_scalar.c (strings, numbers, dates) share. */
#ifndef PERSIST_TOML_INTERNAL_H
#define PERSIST_TOML_INTERNAL_H

#include <stdbool.h>
#include <stdint.h>

#include "str.h"
#include "toml.h"

/* The text has no NUL but the one behind its end (source.h), so that text[at] can always be looked at. */
struct toml_parser {
    struct arena *arena;
    struct source *source;
    struct diag *diag;
    const char *text;
    uint32_t at;
    unsigned section;  /* number of the header that we are below, from 1; see toml.c */
    struct str buffer; /* the string or number that is being read */
};

/* Report; always -1. toml_expected() says what stands there instead. */
int toml_refuse(struct toml_parser *parser, struct span at, const char *format, ...) __attribute__((format(printf, 3, 4)));
int toml_expected(struct toml_parser *parser, const char *what);

/* The bytes of the line end at TEXT: 1, 2, or 0 when there is none. */
uint32_t toml_line_end(const char *text);

/* May BYTE stand in a comment or a string? All but control characters; a tab may. */
bool toml_is_plain(char byte);

/* Report the control character at the parser's place; always -1. */
int toml_refuse_control(struct toml_parser *parser);

/* Reads a string of one line, which begins here with a quote, into the buffer. 0 or -1 reported. */
int toml_read_line_string(struct toml_parser *parser);

/* Reads a string, a boolean, a number, a date or a time into VALUE. 0 or -1 reported. */
int toml_read_scalar(struct toml_parser *parser, struct toml_value *value);

#endif
