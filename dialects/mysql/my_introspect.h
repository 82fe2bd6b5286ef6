/* The state while a database becomes a schema. Shared by catalog.c (what is asked), introspect.c (tables), describe.c (what SHOW CREATE TABLE
 * alone says) and introspect_objects.c. */
#ifndef PERSIST_MYSQL_INTROSPECT_INTERNAL_H
#define PERSIST_MYSQL_INTROSPECT_INTERNAL_H

#include "mysql_internal.h"

/* The queries whose results are at hand while the schema is put together. */
enum my_query {
    QUERY_DATABASE,
    QUERY_TABLES,
    QUERY_COLUMNS,
    QUERY_INDEXES,
    QUERY_KEYS,  /* foreign keys, a row a column */
    QUERY_RULES, /* what they do ON DELETE and ON UPDATE */
    QUERY_CHECKS,
    QUERY_OBJECTS,    /* views, routines, triggers and events: their names */
    QUERY_PRIVILEGES, /* only where they are wanted */
    QUERY_COUNT
};

/* What a table gathers while its rows are read. */
struct my_read_table {
    struct entity *entity;
    const char *collation; /* the table's default */
    VEC(struct field) fields;
    VEC(const char *) collations; /* of each column; NULL: it has none */
    VEC(struct index) indexes;
    VEC(struct index_part) parts; /* of the index at work */
    VEC(struct foreign_key) foreign_keys;
    VEC(struct check) checks;
    VEC(const char *) key;
    VEC(uint32_t) key_prefixes;
    VEC(bool) key_descends;
    VEC(const char *) hashed; /* unique indexes that are of hashes in truth */
};

struct my_reading {
    struct db *db;
    struct arena *arena;
    struct diag *diag;
    const struct db_head *head;
    const struct scope *scope; /* never NULL */
    struct schema *schema;
    struct rows results[QUERY_COUNT];
    const char *database;
    const char *user;              /* user@host of the account we are connected as */
    const char *collation;         /* the database's default, where it goes without saying; or NULL: each table says its own */
    const char *session_collation; /* of texts in definitions, when nothing is said */
    struct map wanted;             /* names of the tables and views within the scope, with those taken along */
    VEC(const char *) wanted_names;
    bool is_scoped;    /* only what is wanted is read */
    struct map tables; /* name → struct my_read_table */
    VEC(struct my_read_table *) list;
    VEC(struct enumeration *) enums;
    VEC(struct object *) objects;
    VEC(struct unsupported) unsupported;
};

bool my_is_mariadb(const struct my_reading *reading);

/* Notes what the language cannot say. ENTITY and WHY may be NULL. */
void my_note_unsupported(struct my_reading *reading, struct unsupported what);

/* TEXT, or NULL when it is empty. */
const char *my_said(const char *text);

/* Appends KEY: VALUE. */
void my_options_add(struct arena *arena, struct options *options, const char *key, const char *value);

typedef void my_row_reader(struct my_reading *reading, struct my_read_table *table, const struct rows *rows, size_t row);

/* Gives READ each row of the query that belongs to a table at hand; the table's name stands first. */
void my_each_row(struct my_reading *reading, enum my_query query, my_row_reader *read);

/* MySQL escapes the text of expressions once more: _utf8mb4\'it\\\'s\' is _utf8mb4'it\'s'. */
const char *my_unescape(const struct my_reading *reading, const char *text);

/* --- introspect_parts.c --- */

/* Indexes, keys, foreign keys and checks of all tables at hand. */
void my_read_parts(struct my_reading *reading);

/* --- catalog.c --- */

/* Asks everything that information_schema says, in one packet: at most nine queries, two more before them when the scope names tables. */
int my_catalog_read(struct my_reading *reading);

/* " AND <column> IN ('a', 'b')" with the names that are wanted, or nothing. */
const char *my_catalog_filter(const struct my_reading *reading, const char *column);

/* Is the table or view NAME within the scope? */
bool my_is_wanted(const struct my_reading *reading, const char *name);

/* --- describe.c --- */

/* What SHOW CREATE TABLE says of TABLE beyond the catalog: partitions, periods, parsers, options. */
void my_describe_table(struct my_reading *reading, struct my_read_table *table, const char *statement);

/* --- introspect_objects.c --- */

/* Asks and reads what SHOW CREATE says of views, routines, triggers, events, sequences, and of the tables beyond the catalog. */
int my_read_statements(struct my_reading *reading);
void my_read_privileges(struct my_reading *reading);

#endif
