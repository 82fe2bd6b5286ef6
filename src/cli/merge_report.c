#include "merge_report.h"

#include <string.h>

void merge_report_conflicts(struct context *context, const char *name, const struct text_merge *merge) {
    const char *command = strcmp(context->command->name, "rebase") == 0 ? "rebase" : "merge";

    for (size_t i = 0; i < merge->result.conflicts.count; i++) {
        const struct threeway_conflict *conflict = &merge->result.conflicts.at[i];

        diag_fail(&context->diag, "%s: conflict in %s: ours %s, theirs %s: %s", name, conflict->subject, conflict->ours, conflict->theirs,
                  conflict->reason);
        if (i == 0)
            diag_hint(&context->diag,
                      "settle it with \"persist %s --take ours %s\" or \"--take theirs %s\", or in the file, then \"persist %s --edited\"",
                      command, conflict->subject, conflict->subject, command);
    }
    if (merge->our_comment) {
        diag_fail(&context->diag, "%s: conflict in a comment: ours \"%s\", theirs \"%s\"", name, merge->our_comment, merge->their_comment);
        diag_hint(&context->diag, "choose in the file, then \"persist %s --edited\"", command);
    }
}
