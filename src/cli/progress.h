/* Progress of what takes over a second: one line on standard error that names what is being done, and nothing for what is quick. */
#ifndef PERSIST_PROGRESS_H
#define PERSIST_PROGRESS_H

#include "command.h"

/* The command now does WHAT ("proving on a scratch database"), text that lives on: said when the command has run for a second, and for
 * every step that begins after that. Not with --quiet. */
void progress_step(const struct context *context, const char *what);

/* The person is asked something: nothing is said until the next step has taken a second. */
void progress_pause(void);

#endif
