/* A text with a name, and places in it.
 *
 * Input is checked once, here: valid UTF-8, no NUL, at most SOURCE_MAX_BYTES. Behind this border every text is a NUL-terminated,
 * valid UTF-8 string, and a place is a span of byte offsets. */
#ifndef PERSIST_SOURCE_H
#define PERSIST_SOURCE_H

#include <stddef.h>
#include <stdint.h>

struct arena;
struct diag;

enum { SOURCE_MAX_BYTES = 1 << 30 };

/* The bytes [start, end) of a source. */
struct span {
    uint32_t start;
    uint32_t end;
};

struct source {
    const char *name;   /* as shown in messages: a path as the user knows it */
    const char *text;   /* NUL-terminated */
    size_t length;      /* bytes without the NUL */
    struct span *lines; /* private: line table, made on first use by source_position() */
    size_t line_count;
};

/* 1-based line and column; the column counts Unicode code points. */
struct position {
    size_t line;
    size_t column;
};

/* Checks LENGTH bytes at TEXT (which must be followed by a NUL and outlive the source) and makes a source of them. Reports invalid
 * UTF-8, a NUL and too large a text at their place. Gives NULL when one was reported. */
struct source *source_new(struct arena *arena, const char *name, const char *text, size_t length, struct diag *diag);

/* Reads the file PATH into ARENA as source_new() does, past a byte order mark; NULL when something was reported. */
struct source *source_read(struct arena *arena, const char *path, struct diag *diag);

/* The place of byte OFFSET. The line table is made in ARENA on the first call. */
struct position source_position(struct arena *arena, struct source *source, uint32_t offset);

/* The span of line LINE (1-based) without its line end. */
struct span source_line(struct arena *arena, struct source *source, size_t line);

/* The text of SPAN, copied. */
char *source_text(struct arena *arena, const struct source *source, struct span span);

#endif
