/* The dialect of its folder; see dialect.h. */
#ifndef PERSIST_POSTGRESQL_H
#define PERSIST_POSTGRESQL_H

#include "dialect.h"

extern const struct dialect dialect_postgresql;

#endif
