/* What the files of the PostgreSQL dialect share. */
#ifndef PERSIST_POSTGRESQL_INTERNAL_H
#define PERSIST_POSTGRESQL_INTERNAL_H

#include "cost.h"
#include "dialect.h"
#include "postgresql.h"

/* --- types.c: SQL types, spelled as format_type() prints them --- */

/* TYPE in the spelling of format_type(): "int4" → "integer", "varchar(10)" → "character varying(10)", "numeric(5)" → "numeric(5,0)".
 * A type that is not known keeps its words, blanks made single. */
const char *pg_type_canonical(struct arena *arena, const char *type);

/* Fills the model's side of FIELD (type, length, fixed, precision, scale) from its canonical native_type. */
void pg_type_describe(struct field *field);

bool pg_type_is_text(const char *type);   /* character varying, character, text */
bool pg_type_is_number(const char *type); /* integers, numeric, floats */
bool pg_type_is_boolean(const char *type);

/* "SERIAL", "BIGSERIAL", "SMALLSERIAL" for an integer type; NULL for another. */
const char *pg_type_serial(const char *type);

/* The integer type behind "serial", "bigserial", "smallserial", "serial4" …; NULL when TYPE is none. */
const char *pg_type_of_serial(const char *type);

/* --- casts.c: what changing a column from one canonical type to another does --- */

enum cast_risk pg_cast_risk_of(const char *from, const char *to);

/* Does the change rewrite the table and its indexes? (measured on 15; timestamp ↔ timestamptz does not under TimeZone UTC) */
bool pg_cast_rewrites(const char *from, const char *to);

/* The expression for USING that turns COLUMN (quoted) from one type into the other, or NULL where PostgreSQL casts by itself and refuses
 * what does not fit. */
const char *pg_cast_expression(struct arena *arena, const char *column, const char *from, const char *to);

/* A condition that is true for the values of COLUMN (quoted) which the change refuses; NULL when there is none to name. */
const char *pg_cast_refuses(struct arena *arena, const char *column, const char *from, const char *to);

/* --- expressions.c: expressions in one spelling --- */

/* A default in the spelling both sides agree on: a literal without its cast ('open'::character varying → 'open', '-1'::integer → -1),
 * function names in lower case; NULL for the default NULL. Other expressions are kept, outer parentheses removed. */
const char *pg_default_canonical(struct arena *arena, const char *expression, const char *type);

/* EXPRESSION, or a whole definition, with the lists that PostgreSQL prints as ANY over a cast array of character varying written as IN
 * (NULL stays): read back as printed they would become something else, as IN they stay what they are.
 *
 *     status::text = ANY (ARRAY['a'::character varying, 'b'::character varying]::text[])   gives   status IN ('a', 'b') */
const char *pg_expression_tidy(struct arena *arena, const char *expression);

/* Can DEFAULT in a column definition take EXPRESSION as it is, without parentheses around it? */
bool pg_default_is_operand(const char *expression);

/* EXPRESSION without parentheses around all of it. */
const char *pg_expression_bare(struct arena *arena, const char *expression);

/* TEXT as PostgreSQL prints it, without the parentheses around a beginning that it does not keep when it reads them:
 * "((a AND b) AND c)" → "(a AND b AND c)"; "(a AND (b AND c))" is kept. */
const char *pg_expression_flat(struct arena *arena, const char *text);

/* Reads the check PostgreSQL makes of "column" IN ('a', 'b'). False when EXPRESSION is another. */
bool pg_enum_check_parse(struct arena *arena, const char *expression, const char **column, struct names *values);

/* That check again as normalize makes it. */
const char *pg_enum_check(struct arena *arena, const struct field *field, const struct names *values);

/* Takes the DEFINITION that PostgreSQL prints apart into method, value and where. */
void pg_exclude_parse(struct arena *arena, const char *definition, struct exclude *exclude);

/* --- emit_options.c: options by words of ours and storage parameters --- */

bool pg_option_is_storage(const char *key);                                  /* not a word of ours for something else */
const char *pg_option_value(const struct options *options, const char *key); /* NULL: not said */

/* --- emit_sequence.c --- */

/* The name that PostgreSQL gives the sequence of a serial or identity column: of names too long for it the longer one is cut. */
const char *pg_sequence_usual_name(struct arena *arena, const char *table, const char *column);

/* --- normalize.c, emit.c, introspect.c, driver.c, fault.c, live.c, rights.c, trace.c --- */

struct schema *pg_normalize_schema(struct arena *arena, const struct schema *schema, const struct target *target, struct diag *diag);
void pg_emit_plan(const struct plan *plan, const struct target *target, struct script *script);
struct schema *pg_introspect_database(struct db *db, const struct scope *scope, struct arena *arena, struct diag *diag);
extern const struct driver driver_postgresql;
extern const struct live_sql live_postgresql;
extern const struct expand_rules pg_expand;
const char *pg_missing_rights(struct arena *arena, const struct rows *grants, const struct script *script);
struct trace pg_trace(struct arena *arena, const struct db_head *head, const struct statement *statement);

/* What an error with this SQLSTATE means for a runner. */
enum fault pg_fault_of(const char *state);

/* The spelling of the enum type of ENUMERATION as a column's type: "status", "shop"."status". */
const char *pg_enum_type(struct arena *arena, const struct enumeration *enumeration);

/* hazards.c: what locks, rewrites or scans. */
enum { PG_COST_RULES = 27 };
extern const struct cost_rule pg_cost_rules[PG_COST_RULES];

#endif
