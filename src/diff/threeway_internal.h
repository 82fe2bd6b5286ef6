/* What the parts of the three-way merge share.
 *
 * threeway_names.c     identities: names that both sides and the base share, and the way back to names
 * threeway_elements.c  the elements of the three schemas side by side
 * threeway_reads.c     what an element reads, and where the other side wrote it
 * threeway_order.c     lists whose order counts
 * threeway_groups.c    what is in conflict, what is settled together, and how
 * threeway_build.c     the merged schema, put together from what is taken
 * threeway.c           the driver
 *
 * All work is done on copies in which everything is called by its identity: the name in the base, or for what is new its own. A column,
 * table or value that follows its name is NULL there, so that it follows a rename of the other side too. */
#ifndef PERSIST_THREEWAY_INTERNAL_H
#define PERSIST_THREEWAY_INTERNAL_H

#include "threeway.h"

enum side { SIDE_BASE, SIDE_OURS, SIDE_THEIRS, SIDE_COUNT };

/* Names in scopes: 'E' entities, 'N' enums, 'O' objects; 'F' fields, 'R' relations, 'M' members of an owner, which is an identity. */
struct name_map {
    struct arena *arena;
    struct map map;
    bool back; /* from identities to names */
};

const char *name_map_get(struct name_map *names, char scope, const char *owner, const char *name);
void name_map_put(struct name_map *names, char scope, const char *owner, const char *name, const char *value);

/* The same element in the three schemas. */
struct element {
    enum delta_noun noun;
    const char *owner; /* identity of the entity or enum; NULL for entities, enums and objects */
    const char *name;  /* identity; of what has no name its content */
    const void *at[SIDE_COUNT];
    const struct entity *in[SIDE_COUNT]; /* the owner, of parts of entities */
    bool changed[SIDE_COUNT];            /* against the base */
    const char *renamed[SIDE_COUNT];     /* its new name */
    size_t leader;                       /* of the group that is settled together */
    const char *reason;                  /* why it is in conflict; NULL: it is not */
    bool conflict;                       /* of the leader: something in the group is */
    bool settled;                        /* of the leader: by a take, as ->taken says */
    enum side taken;
    enum side pick; /* whose version is taken */
};

struct element_list {
    VEC(struct element *) list; /* in the order of the base, then of ours, then of theirs */
};

struct threeway_job {
    struct arena *arena;
    const struct threeway_request *request;
    struct threeway *result;
    struct diag *diag;
    const struct schema *named[SIDE_COUNT]; /* as given */
    struct schema *sides[SIDE_COUNT];       /* called by identities */
    struct renames renames[SIDE_COUNT];
    struct name_map to_identity[SIDE_COUNT];
    struct name_map renamed[SIDE_COUNT]; /* identity → the side's name for it, of what the side renamed */
    struct name_map names;               /* identity → merged name */
    VEC(struct element) elements;
    struct map parts;  /* owner → its elements, as a struct element_list */
    struct map by_key; /* → struct element_slot */
};

/* threeway_names.c: finds the renames of both sides, and fills ->sides. 0, or -1 reported. */
int identities_find(struct threeway_job *job);

/* Notes what each side renamed; two names for one thing are a conflict of its element. */
void names_note(struct threeway_job *job);

/* What ELEMENT is called in the merged schema, when its ->pick is known. */
const char *merged_name(struct threeway_job *job, struct element *element);

/* Decides the merged names, once it is known whose version is taken of each element. */
void names_decide(struct threeway_job *job);

/* The scope of the names of ELEMENT's kind; '\0' when they are no names of the model. */
char scope_of(const struct element *element);

/* SCHEMA with all names taken through NAMES. */
struct schema *schema_translate(struct name_map *names, const struct schema *schema);

/* threeway_elements.c */
void elements_collect(struct threeway_job *job);
struct element *element_find(struct threeway_job *job, enum delta_noun noun, const char *owner, const char *name);
struct element *element_of_index(struct threeway_job *job, const struct entity *entity, const struct index *index);

/* Are the versions A and B of ELEMENT the same; both may be absent. */
bool element_same(const struct element *element, enum side a, enum side b);

/* Is the version of A that of B but for its name? Of indexes, checks, exclusions and foreign keys. */
bool element_alike(struct threeway_job *job, const struct element *a, enum side of_a, const struct element *b, enum side of_b);

const char *element_subject(struct threeway_job *job, const struct element *element);
const char *element_verb(struct threeway_job *job, const struct element *element, enum side side);

/* "index", "field": for messages. */
const char *element_noun(const struct element *element);

/* The column of FIELD in a copy that is called by identities. */
const char *identity_column(const struct field *field);

/* threeway_groups.c: A and B are settled together. */
void element_join(struct threeway_job *job, struct element *a, struct element *b);
struct element *element_leader(struct threeway_job *job, struct element *element);
void element_conflict(struct element *element, const char *reason);

/* Finds all conflicts and what must be settled together, and decides whose version is taken of each element. */
int groups_settle(struct threeway_job *job);

/* The side that the request's takes give to SUBJECT; SIDE_BASE: none. */
enum side take_of(const struct threeway_job *job, const char *subject);

/* threeway_build.c: the merged schema, in identities. */
struct schema *merged_build(struct threeway_job *job);

/* threeway_reads.c: finds the conflicts between what one side reads and the other writes. */
void reads_check(struct threeway_job *job);

/* Joins what must be settled together with what is in conflict, as one reads the other. True when there was something: again. */
bool reads_join(struct threeway_job *job);

/* threeway_order.c: the order of the names in KEPT, of which each stands in at least one list; lists[SIDE_BASE] may be empty. A name of
 * theirs alone stands behind what it stands behind there. 0; 1: both sides changed the order of what they share, each in its own way. */
struct order_request {
    struct arena *arena;
    struct names lists[SIDE_COUNT];
    struct names kept;
};
int order_merge(const struct order_request *request, struct names *order);

#endif
