/* Durations as options say them: "500ms", "5s", "2m", "1h"; "0" is none. */
#ifndef PERSIST_DURATION_H
#define PERSIST_DURATION_H

#include "command.h"

/* *MILLISECONDS gets what TEXT says; 0, or -1 when it says nothing that is understood, or more than a day. */
int duration_parse(const char *text, unsigned *milliseconds);

/* The same for the value TEXT of the option NAME ("--wait"); USUAL, a text too, where it was not given (NULL). 0, or -1 reported. */
int duration_of_option(struct context *context, const char *name, const char *text, const char *usual, unsigned *milliseconds);

#endif
