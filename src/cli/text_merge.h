/* The three-way merge of model files and snapshots: what the schemas say is merged, and what people wrote stays as far as it can. */
#ifndef PERSIST_TEXT_MERGE_H
#define PERSIST_TEXT_MERGE_H

#include "str.h"
#include "threeway.h"

struct text_merge_request {
    const char *name; /* of the file, for messages */
    struct str base;  /* empty: there was none */
    struct str ours;
    struct str theirs;
    const struct threeway_take *takes;
    size_t take_count;
    const struct renames *our_renames; /* from base to ours, where the text does not say them; or NULL */
    const struct renames *their_renames;
    const struct renames *renames; /* from ours to what is merged, as far as they are known: names change in the text; or NULL */
    bool indexes_over_tables;      /* as in struct threeway_request */
    bool as_base;                  /* what is in conflict is as in the base, and no conflict is told of: for what is a base itself */
};

struct text_merge {
    struct str text;             /* merged; with git's markers where there are conflicts. The caller frees it */
    const struct schema *merged; /* what it says, with what the sides say of old names (@db:Was); NULL when there are conflicts */
    struct threeway result;
    const char *our_comment; /* comments that both sides changed at one place, so that one would be lost: one of each; or NULL */
    const char *their_comment;
};

/* Are there markers in the text? */
static inline bool text_merge_conflicts(const struct text_merge *merge) {
    return merge->result.conflicts.count || merge->our_comment;
}

/* Merges. Where the lines of the three files can be merged as git does it, and say what the merged schema says, that is the text; else the
 * file of ours changed to say it, or that of theirs where ours would lose a comment. Where each would lose one of the other's the comments
 * are in conflict, unless takes say whose words to keep. Of two texts in canonical form comes one in canonical form. Conflicts that are left are no error. 0, or -1 reported. */
int text_merge(struct arena *arena, const struct text_merge_request *request, struct text_merge *merge, struct diag *diag);

/* The lines alone, as git merges them, appended to OUT. 0; 1 with markers in it. */
int text_merge_lines(const struct text_merge_request *request, struct str *out);

/* Is TEXT a snapshot, not a model that people write? */
bool text_is_snapshot(const struct str *text);

/* What FROM says of old names (@db:Was), which is no part of a text that was printed, in TO, which says the same else. */
void schema_copy_old_names(const struct schema *from, const struct schema *to);

/* The schema that TEXT says, whether a model or a snapshot; an empty one for an empty text; NULL when reported. */
const struct schema *text_schema(struct arena *arena, const char *name, const struct str *text, struct diag *diag);

#endif
