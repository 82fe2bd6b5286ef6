/* After a migration @db:Was has no effect: "persist migrate --tidy" takes it out of the model. */
#ifndef PERSIST_TIDY_H
#define PERSIST_TIDY_H

#include "command.h"

/* Removes every @db:Was from the model FILE; the rest stays to the byte. 0, or -1 reported. */
int tidy_model(struct context *context, const char *file);

#endif
