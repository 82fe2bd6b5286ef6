/* The comment that up.sql begins with, read back: what report_header() wrote. */
#ifndef PERSIST_SCRIPT_HEAD_H
#define PERSIST_SCRIPT_HEAD_H

#include "decisions.h"
#include "hazard.h"

struct script_head {
    const char *proof; /* the line that says what was proved, or why nothing was; NULL: it says nothing */
    bool proved;
    bool graded;
    enum way_back way_back;
    VEC(const char *) reasons; /* of the grade */
    VEC(const char *) notes;   /* what of it was not proved */
    struct decisions decisions;
};

/* Reads as far as SCRIPT, which may be of any origin, has such lines. */
void script_head_read(struct arena *arena, const char *script, struct script_head *head);

#endif
