/* Domains and composite types, altered in place. Their definitions are taken apart as introspection prints them:
 *
 *     text COLLATE "C" DEFAULT 'x'::text NOT NULL CONSTRAINT filled CHECK (VALUE <> '')
 *     (street text, "number" integer)
 *
 * What cannot be altered (the type under a domain, the type or order of attributes) steps aside under another name: the type is made
 * again, the columns that have it are moved to it one by one, and the old one goes when none has it any more. */
#include <string.h>

#include "emit_object.h"
#include "expression.h"
#include "vec.h"

/* Behind the text in QUOTE that begins at AT. */
static const char *skip_quoted(const char *at, char quote) {
    for (at++; *at; at++)
        if (*at == quote && at[1] == quote)
            at++;
        else if (*at == quote)
            return at + 1;
    return at;
}

const char *pg_skip_part(const char *at) {
    int depth = 0;

    do {
        depth += *at == '(' || *at == '[';
        depth -= *at == ')' || *at == ']';
        at = *at == '\'' || *at == '"' ? skip_quoted(at, *at) : at + 1;
    } while (depth > 0 && *at);
    return at;
}

const char *pg_skip_name(const char *at) {
    return *at == '"' ? skip_quoted(at, '"') : at + strcspn(at, " ");
}

/* Domains. */

enum clause { CLAUSE_TYPE, CLAUSE_COLLATE, CLAUSE_DEFAULT, CLAUSE_NOT_NULL, CLAUSE_CONSTRAINT };

static const struct {
    const char *words;
    enum clause clause;
} clause_words[] = {{" COLLATE ", CLAUSE_COLLATE},
                    {" DEFAULT ", CLAUSE_DEFAULT},
                    {" NOT NULL", CLAUSE_NOT_NULL},
                    {" CONSTRAINT ", CLAUSE_CONSTRAINT},
                    {" CHECK ", CLAUSE_CONSTRAINT}};

struct domain {
    const char *type;
    const char *collation;
    const char *default_sql;
    bool not_null;
    VEC(const char *) constraints; /* "name CHECK (…)", as ADD CONSTRAINT wants it */
};

/* The words of a clause that begin at AT, or none: the count. A constraint's CHECK stands behind its name. */
static size_t find_clause(const char *at, enum clause current) {
    for (size_t i = 0; i < sizeof clause_words / sizeof *clause_words; i++)
        if (strncmp(at, clause_words[i].words, strlen(clause_words[i].words)) == 0 &&
            !(current == CLAUSE_CONSTRAINT && strcmp(clause_words[i].words, " CONSTRAINT ") != 0))
            return i;
    return sizeof clause_words / sizeof *clause_words;
}

static void add_clause(struct arena *arena, struct domain *domain, enum clause clause, const char *text) {
    switch (clause) {
    case CLAUSE_TYPE:
        domain->type = text;
        break;
    case CLAUSE_COLLATE:
        domain->collation = text;
        break;
    case CLAUSE_DEFAULT:
        domain->default_sql = text;
        break;
    case CLAUSE_NOT_NULL:
        domain->not_null = true;
        break;
    case CLAUSE_CONSTRAINT:
        vec_push(arena, &domain->constraints, text);
        break;
    }
}

static struct domain parse_domain(struct arena *arena, const struct object *object) {
    const char *text = pg_object_query(arena, object), *start = text, *at = text;
    enum clause current = CLAUSE_TYPE;
    struct domain domain = {0};

    while (*at) {
        size_t found = find_clause(at, current);

        if (found == sizeof clause_words / sizeof *clause_words) {
            at = pg_skip_part(at);
            continue;
        }
        add_clause(arena, &domain, current, arena_strndup(arena, start, (size_t)(at - start)));
        current = clause_words[found].clause;
        at += strlen(clause_words[found].words);
        start = at;
    }
    add_clause(arena, &domain, current, start);
    return domain;
}

const char *pg_domain_base(struct emitter *e, const struct schema *schema, const char *type) {
    for (size_t i = 0; i < schema->object_count; i++) {
        const struct object *object = schema->objects[i];

        if (pg_object_is(object, "domain") && pg_object_is_type(e->arena, object, type)) {
            const char *base = parse_domain(e->arena, object).type;

            return strcmp(base, type) == 0 ? type : pg_domain_base(e, schema, base);
        }
    }
    return type;
}

bool pg_domain_replaceable(const struct object *from, const struct object *to) {
    struct arena arena = {0};
    struct domain old = parse_domain(&arena, from), new = parse_domain(&arena, to);
    bool same = text_equal(old.type, new.type) && text_equal(old.collation, new.collation);

    arena_free(&arena);
    return same;
}

static struct statement *alter(struct emitter *e, const struct object *object, const char *change, const char *what) {
    return pg_emit_statement(e, SQL(e, "ALTER DOMAIN %T %T", pg_object_sql_name(e->arena, object), change),
                             WORDS(e, "%s: %s", pg_object_subject(e, object), what), NULL);
}

static bool has_column_of(struct emitter *e, const struct entity *entity, const struct object *domain) {
    for (size_t i = 0; i < entity->field_count; i++)
        if (pg_object_is_type(e->arena, domain, entity->fields[i].native_type))
            return true;
    return false;
}

/* The values of the domain for which REFUSED holds, a condition on VALUE; NULL: no column has the domain. */
static const char *find_values(struct emitter *e, const struct object *domain, const char *refused) {
    const char *kept;
    struct sql sql = SQL_INIT(&dialect_postgresql.quoting);

    for (size_t i = 0; i < e->plan->pairs.count; i++) {
        const struct entity_pair *pair = &e->plan->pairs.at[i];

        for (size_t k = 0; pair->from && pair->to && k < pair->to->field_count; k++) {
            const struct field *field = &pair->to->fields[k];

            if (pair->old_of_new[k] && pg_object_is_type(e->arena, domain, field->native_type))
                sqlf(&sql, "%TSELECT %L AS place, %I::text AS value FROM %E WHERE %X", sql.text.length ? "\nUNION ALL " : "",
                     WORDS(e, "%s.%s", pair->to->name, field->name), field->column, pair->to,
                     expression_replace(e->arena, refused, "VALUE", field->column));
        }
    }
    kept = sql.text.length ? str_keep(&sql.text, e->arena) : NULL;
    sql_free(&sql);
    return kept;
}

/* What the values are that "name CHECK (…)" refuses. */
static const char *refused_by(struct arena *arena, const char *constraint) {
    const char *condition = strstr(constraint, "CHECK ");

    condition = condition ? strchr(condition, '(') : NULL;
    return condition ? arena_printf(arena, "NOT %.*s", (int)(pg_skip_part(condition) - condition), condition) : NULL;
}

/* All values of the domain are read, while writers wait. */
static void check_rows(struct emitter *e, const struct object *domain, const char *refused, struct statement *statement) {
    for (size_t i = 0; i < e->plan->from->entity_count; i++)
        if (has_column_of(e, e->plan->from->entities[i], domain))
            pg_emit_effect(e, statement, pg_effect(e, e->plan->from->entities[i], PG_SHARE, WORK_SCAN));
    statement->probe = refused ? find_values(e, domain, refused) : NULL;
}

static bool has_constraint(const struct domain *domain, const char *constraint) {
    for (size_t i = 0; i < domain->constraints.count; i++)
        if (strcmp(domain->constraints.at[i], constraint) == 0)
            return true;
    return false;
}

/* The name in "name CHECK (…)". */
static const char *constraint_name(struct arena *arena, const char *constraint) {
    return arena_strndup(arena, constraint, (size_t)(pg_skip_name(constraint) - constraint));
}

static bool is_unvalidated(const char *constraint) {
    static const char words[] = " NOT VALID";
    size_t length = strlen(constraint);

    return length >= sizeof words && strcmp(constraint + length - (sizeof words - 1), words) == 0;
}

const char *pg_domain_definition(struct emitter *e, const struct object *object) {
    struct domain domain = parse_domain(e->arena, object);
    const char *text = pg_object_query(e->arena, object);

    for (size_t i = 0; i < domain.constraints.count; i++) {
        const char *clause = WORDS(e, " CONSTRAINT %s", domain.constraints.at[i]);
        const char *at = is_unvalidated(domain.constraints.at[i]) ? strstr(text, clause) : NULL;

        if (at)
            text = WORDS(e, "%.*s%s", (int)(at - text), text, at + strlen(clause));
    }
    return text;
}

void pg_domain_add_unvalidated(struct emitter *e, const struct object *object) {
    struct domain domain = parse_domain(e->arena, object);

    for (size_t i = 0; i < domain.constraints.count; i++)
        if (is_unvalidated(domain.constraints.at[i]))
            alter(e, object, SQL(e, "ADD CONSTRAINT %X", domain.constraints.at[i]), "a constraint for new values");
}

void pg_domain_alter(struct emitter *e, const struct object *old_object, const struct object *new_object) {
    struct domain old = parse_domain(e->arena, old_object), new = parse_domain(e->arena, new_object);

    if (!text_equal(old.default_sql, new.default_sql))
        alter(e, new_object, new.default_sql ? SQL(e, "SET DEFAULT %X", new.default_sql) : "DROP DEFAULT", "default");
    for (size_t i = 0; i < old.constraints.count; i++)
        if (!has_constraint(&new, old.constraints.at[i]))
            alter(e, new_object, SQL(e, "DROP CONSTRAINT %T", constraint_name(e->arena, old.constraints.at[i])), "a constraint goes");
    if (old.not_null && !new.not_null)
        alter(e, new_object, "DROP NOT NULL", "may be NULL");
    if (new.not_null && !old.not_null)
        check_rows(e, new_object, "VALUE IS NULL", alter(e, new_object, "SET NOT NULL", "NOT NULL"));
    for (size_t i = 0; i < new.constraints.count; i++)
        if (!has_constraint(&old, new.constraints.at[i]))
            check_rows(e, new_object, refused_by(e->arena, new.constraints.at[i]),
                       alter(e, new_object, SQL(e, "ADD CONSTRAINT %X", new.constraints.at[i]), "a constraint"));
}

/* Composite types. */

struct attribute {
    const char *name; /* as it is quoted */
    const char *type; /* and collation */
};

struct attributes {
    VEC(struct attribute) list;
};

static struct attribute parse_attribute(struct arena *arena, const char *text, size_t length) {
    const char *whole = arena_strndup(arena, text, length), *end;

    whole += strspn(whole, " \n");
    end = pg_skip_name(whole);
    return (struct attribute){.name = arena_strndup(arena, whole, (size_t)(end - whole)), .type = end + strspn(end, " ")};
}

/* False when the type is none of attributes: a range. */
static bool parse_attributes(struct arena *arena, const struct object *object, struct attributes *attributes) {
    const char *text = pg_object_query(arena, object), *start, *at;
    size_t length = strlen(text);

    if (*text != '(' || text[length - 1] != ')')
        return false;
    for (start = at = text + 1; at < text + length - 1;) {
        if (*at != ',') {
            at = pg_skip_part(at);
            continue;
        }
        vec_push(arena, &attributes->list, parse_attribute(arena, start, (size_t)(at - start)));
        start = ++at;
    }
    if (at > start)
        vec_push(arena, &attributes->list, parse_attribute(arena, start, (size_t)(at - start)));
    return true;
}

static const struct attribute *find_attribute(const struct attributes *attributes, const char *name) {
    for (size_t i = 0; i < attributes->list.count; i++)
        if (strcmp(attributes->list.at[i].name, name) == 0)
            return &attributes->list.at[i];
    return NULL;
}

/* Those that stay keep their types and their order, new ones stand behind them. */
static bool is_extended(const struct attributes *old, const struct attributes *new) {
    const struct attribute *last = NULL;
    bool added = false;

    for (size_t i = 0; i < new->list.count; i++) {
        const struct attribute *same = find_attribute(old, new->list.at[i].name);

        added = added || !same;
        if (same && (added || same < last || strcmp(same->type, new->list.at[i].type) != 0))
            return false;
        last = same ? same : last;
    }
    return true;
}

bool pg_type_replaceable(const struct object *from, const struct object *to) {
    struct arena arena = {0};
    struct attributes old = {0}, new = {0};
    bool result = text_equal(from->definition, to->definition) ||
                  (parse_attributes(&arena, from, &old) && parse_attributes(&arena, to, &new) && is_extended(&old, &new));

    arena_free(&arena);
    return result;
}

void pg_type_alter(struct emitter *e, const struct object *old_object, const struct object *new_object) {
    const char *name = pg_object_sql_name(e->arena, new_object), *subject = pg_object_subject(e, new_object);
    struct attributes old = {0}, new = {0};

    parse_attributes(e->arena, old_object, &old);
    parse_attributes(e->arena, new_object, &new);
    for (size_t i = 0; i < old.list.count; i++)
        if (!find_attribute(&new, old.list.at[i].name))
            pg_emit_statement(e, SQL(e, "ALTER TYPE %T DROP ATTRIBUTE %T", name, old.list.at[i].name),
                              WORDS(e, "%s: %s goes, in every value", subject, old.list.at[i].name), NULL);
    for (size_t i = 0; i < new.list.count; i++)
        if (!find_attribute(&old, new.list.at[i].name))
            pg_emit_statement(e, SQL(e, "ALTER TYPE %T ADD ATTRIBUTE %T %T", name, new.list.at[i].name, new.list.at[i].type),
                              WORDS(e, "%s: %s is new", subject, new.list.at[i].name), NULL);
}
