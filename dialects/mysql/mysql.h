/* The dialect of its folder; see dialect.h. */
#ifndef PERSIST_MYSQL_H
#define PERSIST_MYSQL_H

#include "dialect.h"

extern const struct dialect dialect_mysql;

#endif
