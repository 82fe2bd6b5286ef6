#include "review.h"

#include <string.h>

const char *review_verdict_word(const struct review_hazard *hazard) {
    static const char *const words[] = {[VERDICT_NOTE] = "note", [VERDICT_WARN] = "warns", [VERDICT_FAIL] = "fails"};

    return hazard->accepted ? "accepted" : words[hazard->verdict];
}

const char *review_remark(const struct review_migration *migration) {
    if (migration->pending)
        return "The model is ahead of its last migration; this is what persist migrate would plan now.";
    if (migration->edited)
        return "Written or changed by hand: the scripts are not what the snapshots and the recorded decisions give, so the risks below may "
               "not be all.";
    if (migration->joined)
        return "Squashed with --concatenate: the scripts are those of its parts, one behind the other, and so are the risks below.";
    return NULL;
}

size_t review_hazard_count(const struct review_migration *migration, bool down) {
    size_t count = 0;

    for (size_t i = 0; i < migration->hazards.count; i++)
        count += migration->hazards.at[i].down == down;
    return count;
}

const char *review_hazard_words(const struct review_hazard *hazard) {
    return hazard->summary ? hazard->summary : hazard->text;
}

bool review_hazards_alike(const struct review_hazard *a, const struct review_hazard *b) {
    return a->rule == b->rule && a->down == b->down && a->verdict == b->verdict && text_equal(a->accepted, b->accepted) &&
           text_equal(a->blocks, b->blocks) && text_equal(a->time, b->time) && strcmp(review_hazard_words(a), review_hazard_words(b)) == 0;
}

size_t review_hazard_first(const struct review_migration *migration, size_t index) {
    size_t first = 0;

    while (!review_hazards_alike(&migration->hazards.at[first], &migration->hazards.at[index]))
        first++;
    return first;
}
