/* Golden cases: files of named sections, one runner for each folder of them.
 *
 *     What the case is about, in a line or two.
 *     -- model --
 *     type A record {| readonly int id; |};
 *     -- diagnostics --
 *     model.bal:1:1: error: …
 *
 * The lines behind "-- name --" up to the next such line are the section's text; blank lines at its end are not part of it. A runner
 * reads a case, makes the text of a section again, and calls case_expect(). With PERSIST_UPDATE=1 in the environment that rewrites the
 * file instead of failing, and git shows the change.
 *
 *     struct case_file *file = case_read(&arena, path);
 *     failed += case_expect(file, "diagnostics", printed) != 0;
 */
#ifndef PERSIST_CASE_H
#define PERSIST_CASE_H

#include <stddef.h>

#include "arena.h"
#include "vec.h"

struct case_section {
    const char *name;
    const char *text; /* ends with a newline unless it is empty */
};

struct case_file {
    struct arena *arena;
    const char *path;
    const char *intro; /* what stands before the first section */
    VEC(struct case_section) sections;
};

/* Reads the case PATH into ARENA. Ends the program with a message when it cannot be read. */
struct case_file *case_read(struct arena *arena, const char *path);

/* The text of the section NAME, or NULL. */
const char *case_text(const struct case_file *file, const char *name);

/* Is WORD one of the words in the section "options"? */
int case_has_option(const struct case_file *file, const char *word);

/* Compares ACTUAL with the section NAME (missing: empty): 0, or -1 with both printed on stderr. With PERSIST_UPDATE=1 the file gets ACTUAL
 * and the result is 0. */
int case_expect(struct case_file *file, const char *name, const char *actual);

/* The paths of the files in FOLDER that end in ".case", sorted. Ends the program with a message when FOLDER cannot be read. */
const char **case_list(struct arena *arena, const char *folder, size_t *count);

#endif
