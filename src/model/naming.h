/* Names in the model from names in a database: words, their number and their case. English rules; ASCII letters have a case, all other
 * letters have none and stay.
 *
 *     word_singular(arena, "categories")    "category"
 *     name_pascal(arena, "album_ratings")   "AlbumRatings"
 *     name_camel(arena, "building_code")    "buildingCode"
 *     name_upper_snake(arena, "inProgress") "IN_PROGRESS" */
#ifndef PERSIST_NAMING_H
#define PERSIST_NAMING_H

#include "arena.h"

/* The singular and the plural of one English word; a word that is both (series) stays. The case of the word is kept. */
const char *word_singular(struct arena *arena, const char *word);
const char *word_plural(struct arena *arena, const char *word);

/* NAME split into words (at runs of what is neither letter nor digit, between a lower-case letter or digit and a capital, and before the
 * last of several capitals that a lower-case letter follows) and put together again. What is no identifier of the model language afterwards
 * is made one: it begins with "_" when its first character cannot begin one, and is spelled by code points ("u1F389") when NAME has no
 * letter and no digit. */
const char *name_pascal(struct arena *arena, const char *name);
const char *name_camel(struct arena *arena, const char *name);
const char *name_upper_snake(struct arena *arena, const char *name);

/* NAME with each of its words singular, in Pascal case: the name of an entity ("album_ratings" gives "AlbumRating"). */
const char *name_entity(struct arena *arena, const char *name);

#endif
