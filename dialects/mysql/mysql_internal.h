/* What the files of the MySQL dialect share. Names start with "my_" so that no other dialect's meet them when all are linked together. */
#ifndef PERSIST_MYSQL_INTERNAL_H
#define PERSIST_MYSQL_INTERNAL_H

#include "cost.h"
#include "dialect.h"
#include "mysql.h"

/* --- types.c: SQL types in one spelling --- */

/* A type in parts: "decimal(10) unsigned" is base DECIMAL, arguments "10,0", is_unsigned. */
struct my_type {
    const char *base;      /* in capitals, synonyms resolved */
    const char *arguments; /* between the parentheses, without blanks; or NULL */
    const char *suffix;    /* other words behind it, each with a blank before: " COMPRESSED"; or "" */
    bool is_unsigned;
    bool zerofill;
};

struct my_type my_type_parse(struct arena *arena, const char *text);

/* TEXT as both sides spell it: "integer(11)" → INT, "bool" → TINYINT(1), "dec(5)" → DECIMAL(5,0), "enum ('a', 'b')" → ENUM('a','b').
 * Widths that mean nothing are left out. A type that is not known keeps its words, in capitals. */
const char *my_type_canonical(struct arena *arena, const char *text);

/* The canonical TYPE without a display width of its own, which MySQL has no more: "INT(3)" → INT; BOOLEAN and ZEROFILL keep theirs. */
const char *my_type_without_width(struct arena *arena, const char *type);

/* Fills the model's side of FIELD (type, length, fixed, precision, scale) from its canonical native_type. */
void my_type_describe(struct arena *arena, struct field *field);

bool my_type_is(const char *type, const char *base); /* is BASE the base of the canonical TYPE? */
bool my_type_is_text(const char *type);              /* has a character set: CHAR, VARCHAR, TEXT, ENUM, SET */
bool my_type_is_number(const char *type);
bool my_type_is_large(const char *type); /* TEXT, BLOB, JSON, GEOMETRY …: no literal default, no index without prefix */

/* The members of an ENUM or SET, unquoted; none for another type. */
struct names my_type_values(struct arena *arena, const char *type);

/* "ENUM('a','b')" of VALUES; quotes doubled, backslashes too. */
const char *my_type_enum(struct arena *arena, const struct names *values);

/* Bytes of a character: 4 for utf8mb4, 1 for latin1; 4 when nothing is said. */
unsigned my_charset_width(const char *charset, const char *collation);

/* For struct diff_rules. A name is that of a collation or of a character set. */
bool my_charset_narrows(const char *from, const char *to);
bool my_collation_folds(const struct schema *schema, const char *collation);

/* The bytes a column takes in an index: of PREFIX characters, or all of it. */
size_t my_type_key_bytes(const struct field *field, uint32_t prefix);

enum cast_risk my_cast_risk(const char *from, const char *to);

/* A condition that holds for the values of COLUMN (quoted) that the change refuses; NULL: there is none to name. */
const char *my_cast_refuses(struct arena *arena, const char *column, const char *from, const char *to);

/* --- define.c: definitions of columns and indexes as text, and the canonical spelling of defaults --- */

/* A default in the spelling both sides agree on: NOW() and current_timestamp() → CURRENT_TIMESTAMP, TRUE → 1, parentheses around all of
 * it removed; NULL for the default NULL. */
const char *my_default_canonical(struct arena *arena, const char *expression);

/* Is it a number or a text, not an expression? */
bool my_default_is_literal(const char *expression);
bool my_default_is_now(const char *expression);

/* EXPRESSION without parentheses around all of it. */
const char *my_expression_bare(struct arena *arena, const char *expression);

/* How a definition differs from what FIELD says, for the steps between. */
struct my_definition {
    const struct field *field;
    const char *column; /* another name; or NULL */
    const char *type;   /* another type; or NULL */
    bool nullable;      /* NULL is allowed for now, and no default is needed */
    bool plain;         /* without its computation */
};

void my_define_column(struct sql *sql, const struct my_definition *definition);
/* Does the column number its rows: as a key (@sql:Generated) or, by an option, in another place? */
bool my_is_numbered(const struct field *field);
/* "UNIQUE INDEX `name` (`a`, `b`(10) DESC)" */
void my_define_index(struct sql *sql, const struct entity *entity, const struct index *index, enum flavor flavor);
/* "PRIMARY KEY (`a`(10), `b`)" */
void my_define_key(struct sql *sql, const struct entity *entity);
/* How many characters of its member at PLACE the primary key holds; 0: all. */
uint32_t my_key_prefix(const struct entity *entity, size_t place);
/* "CONSTRAINT `name` CHECK (…)" */
void my_define_check(struct sql *sql, const struct check *check);
/* The periods of ENTITY, each with ",\n    " before it. */
void my_define_periods(struct sql *sql, const struct entity *entity);
/* "CONSTRAINT `name` FOREIGN KEY (…) REFERENCES …" */
void my_define_foreign_key(struct sql *sql, const struct schema *schema, const struct entity *entity, const struct foreign_key *key);
/* The options of the table one by one, each with a blank before it, without the comment. */
void my_define_option(struct sql *sql, const struct option *option);
void my_define_options(struct sql *sql, const struct table_options *options);

/* Sorts OPTIONS by their keys: their order says nothing here. */
void my_options_sort(struct options *options);

/* The value under KEY, ignoring case, or NULL; and whether it says true. */
const char *my_option(const struct options *options, const char *key);
bool my_option_is(const struct options *options, const char *key);

/* --- implicit.c: the index that a server makes for a foreign key which has none --- */

/* Is it an ordinary index, not a FULLTEXT, SPATIAL or VECTOR one? */
bool my_index_is_tree(const struct index *index);

/* The foreign keys among KEYS (of ENTITY, COUNT of them) that no primary key, index or earlier foreign key's index serves: the server keeps
 * an index of their name for them. */
struct my_implicit {
    enum flavor flavor; /* of the server: filled before */
    VEC(const struct foreign_key *) list;
};
void my_implicit_find(struct arena *arena, const struct entity *entity, const struct foreign_key *const *keys, size_t count,
                      struct my_implicit *implicit);

/* Is INDEX of ENTITY nothing but the index that the server made for a foreign key of the same name? */
bool my_index_is_implicit(const struct entity *entity, const struct index *index);

/* --- normalize.c, emit.c, introspect.c, driver.c, fault.c, live.c, rights.c, trace.c --- */

struct schema *my_normalize(struct arena *arena, const struct schema *schema, const struct target *target, struct diag *diag);
void my_emit(const struct plan *plan, const struct target *target, struct script *script);
struct schema *my_introspect(struct db *db, const struct scope *scope, struct arena *arena, struct diag *diag);
extern const struct driver my_driver;
extern const struct live_sql my_live;
extern const struct expand_rules my_expand;
extern const char my_grants[];
const char *my_missing_rights(struct arena *arena, const struct rows *grants, const struct script *script);
struct trace my_trace(struct arena *arena, const struct db_head *head, const struct statement *statement);

/* What the error NUMBER with the server's MESSAGE means for a runner. */
enum fault my_fault_of(unsigned number, const char *message);

/* What a session is set to before anything runs, line by line: strict, with names and quoting as we write them. */
extern const char my_session[];

/* hazards.c: what locks, rewrites or scans. */
enum { MY_COST_RULES = 15 };
extern const struct cost_rule my_cost_rules[MY_COST_RULES];

#endif
