/* The dialect of its folder; see dialect.h. */
#ifndef PERSIST_SQLITE_H
#define PERSIST_SQLITE_H

#include "dialect.h"

extern const struct dialect dialect_sqlite;

#endif
