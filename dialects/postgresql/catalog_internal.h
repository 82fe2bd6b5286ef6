/* The texts of the catalog's queries; catalog.c fills them in and sends them.
 *
 * In a text "<<name>>" stands for a fragment of catalog.c, and "<<150000 new ;; old>>" for the one or the other by the server's version. */
#ifndef PERSIST_POSTGRESQL_CATALOG_INTERNAL_H
#define PERSIST_POSTGRESQL_CATALOG_INTERNAL_H

/* catalog_tables.c */
extern const char pg_query_tables[];
extern const char pg_query_columns[];
extern const char pg_query_constraints[];
extern const char pg_query_indexes[];
extern const char pg_query_parts[];
extern const char pg_query_enums[];
extern const char pg_query_sequences[];

/* catalog_objects.c: "<<objects>>" is the union of the branches */
extern const char *const pg_object_branches[];
extern const char pg_query_objects[];

/* catalog_attached.c: "<<attached>>" likewise */
extern const char *const pg_attached_branches[];
extern const char pg_query_attached[];

/* catalog_rest.c */
extern const char pg_query_privileges[];
extern const char pg_default_privileges[]; /* a part of the last */
extern const char pg_query_dependencies[];
extern const char pg_query_unsupported[];
extern const char pg_unsupported_columns[]; /* a part of the last */

#endif
