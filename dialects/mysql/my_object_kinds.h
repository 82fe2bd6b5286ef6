/* Objects in the database's own words (@db:Object) on MySQL and MariaDB. The definition of
 *
 *   view                     its query
 *   function, procedure, trigger, event, package, package body
 *                            the whole CREATE statement without DEFINER
 *   sequence                 what follows its name (MariaDB)
 *   privilege                what is granted: "SELECT, UPDATE (`a`)"; its name is the account, quoted as the server does
 *
 * Their options: algorithm, security, columns, checkOption (views); definer where it is not the user who connects; sqlMode, timeZone,
 * collation where they are not what a session has (my_mode_is_usual()); follows, the trigger that fires before; grantOption. */
#ifndef PERSIST_MYSQL_OBJECT_KINDS_H
#define PERSIST_MYSQL_OBJECT_KINDS_H

#include "dialect.h"

enum { MY_OBJECT_KINDS = 9 };
extern const struct object_kind my_object_kinds[MY_OBJECT_KINDS];

/* Is MODE the sql_mode that a server of FLAVOR has when nobody sets another? Such a one goes without saying in an object. */
bool my_mode_is_usual(const char *mode, enum flavor flavor);

/* That mode for either flavor, as an SQL expression which each server reads in its own way. */
extern const char my_usual_mode[];

/* normalize: brings the objects of SCHEMA into the form that introspection gives, and reports what TARGET has not. 0 or -1. */
int my_normalize_objects(struct arena *arena, struct schema *schema, const struct target *target, struct diag *diag);

/* Which objects of a plan a call emits. */
enum my_object_phase { MY_DROP_DEPENDENT, MY_PUT_BASE, MY_PUT_DEPENDENT, MY_DROP_BASE };

/* emit: the statements for the objects of one phase. */
void my_emit_objects(const struct plan *plan, const struct target *target, enum my_object_phase phase, struct script *script);

#endif
