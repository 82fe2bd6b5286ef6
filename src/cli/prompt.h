/* Asking for a password at the terminal, without showing it. */
#ifndef PERSIST_PROMPT_H
#define PERSIST_PROMPT_H

#include "command.h"
#include "db.h"

/* A source of passwords that asks the person at the terminal of CONTEXT; it answers NULL where there is none. */
struct prompt {
    struct password_source source; /* first */
    const struct context *context;
};

struct prompt prompt_of(const struct context *context);

#endif
