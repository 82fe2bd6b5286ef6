/* Finding renames: rename.c (what was said), answers.c (the command line), question.c (what looks like one). */
#ifndef PERSIST_RENAME_INTERNAL_H
#define PERSIST_RENAME_INTERNAL_H

#include "changes.h"

/* A text of --rename, taken apart. */
struct answer {
    const char *text;
    enum rename_kind kind; /* known for entities and enums at once, for the rest when their owner is */
    const char *owner;     /* as written; its new name when resolved */
    const char *from;
    const char *to;
    bool resolved;
};

struct renamer {
    struct arena *arena;
    const struct schema *from;
    const struct schema *to;
    struct renames *renames;
    struct diag *diag;
    VEC(struct answer) answers;
    struct map drops; /* "Invoice.note", with the owner's new name where it has one */
    bool changed;     /* there are renames that the pairing does not know yet */
};

/* Takes the texts of --rename apart and finds out which rename an entity and which an enum. Says what is wrong with the rest. */
int answers_parse(struct renamer *renamer, const struct rename_answers *answers);

/* Finds out what the answers about names inside an entity or enum rename. */
int answers_resolve(struct renamer *renamer, const struct plan *plan);

/* Checks the texts of --drop: each must name something that goes. */
int drops_resolve(struct renamer *renamer, const struct plan *plan, const struct rename_answers *answers);

/* Asks about what goes and looks like something that comes. */
void questions_find(struct renamer *renamer, const struct plan *plan);

#endif
