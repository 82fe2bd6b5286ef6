/* How much what goes looks like what comes: 0 … 100, from LIKENESS_ASK on it may be a rename and the user is asked. */
#ifndef PERSIST_LIKENESS_H
#define PERSIST_LIKENESS_H

#include "changes.h"

enum { LIKENESS_ASK = 60 };

/* Of two names: the same but for case and underscores is 100. */
int name_likeness(const char *a, const char *b);

/* Of two fields that have no partner in PAIR; ONLY: they are the only ones of their type. Neither type, place nor name decides alone: the
 * same type in the same place is asked about whatever the names are. */
int field_likeness(const struct entity_pair *pair, const struct field *old_field, const struct field *new_field, bool only);

/* Of two relations without a partner; ONLY as above. 0 when they do not hold the same foreign key. */
int relation_likeness(const struct plan *plan, const struct relation *old_relation, const struct relation *new_relation, bool only);

/* Of two members at the places OLD_AT and NEW_AT of their enums; ONLY: they are the only ones without a partner. */
int member_likeness(const struct enum_member *old_member, const struct enum_member *new_member, bool same_place, bool only);

/* Of two things that have SHARED of COUNT parts (fields, members) in common, both sides counted. */
int whole_likeness(const char *old_name, const char *new_name, size_t shared, size_t count);

#endif
