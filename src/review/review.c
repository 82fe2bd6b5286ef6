#include "review.h"

const char *review_verdict_word(const struct review_hazard *hazard) {
    static const char *const words[] = {[VERDICT_NOTE] = "note", [VERDICT_WARN] = "warns", [VERDICT_FAIL] = "fails"};

    return hazard->accepted ? "accepted" : words[hazard->verdict];
}
