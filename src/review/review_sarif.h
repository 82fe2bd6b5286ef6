/* The hazards of a review in a SARIF that holds more: those of other models, what the gate found. */
#ifndef PERSIST_REVIEW_SARIF_H
#define PERSIST_REVIEW_SARIF_H

#include "review.h"
#include "sarif.h"

void review_sarif_add(struct arena *arena, const struct review *review, struct sarif *sarif);

#endif
