/* Grants: those that the model says, and those that an object has besides, which are kept while it is dropped and made again. */
#include <string.h>
#include <strings.h>

#include "emit_object.h"

/* Where the catalog keeps the owner and the access list of a kind of object, and what GRANT calls it. */
struct acl_place {
    const char *kind;
    const char *grant;
    const char *catalog;
    const char *owner;
    const char *acl;
    const char *lookup; /* the type that finds it by name */
};

static const struct acl_place places[] = {
    {"view", "TABLE", "pg_class", "relowner", "relacl", "regclass"},
    {"materialized view", "TABLE", "pg_class", "relowner", "relacl", "regclass"},
    {"partition", "TABLE", "pg_class", "relowner", "relacl", "regclass"},
    {"foreign table", "TABLE", "pg_class", "relowner", "relacl", "regclass"},
    {"sequence", "SEQUENCE", "pg_class", "relowner", "relacl", "regclass"},
    {"function", "FUNCTION", "pg_proc", "proowner", "proacl", "regprocedure"},
    {"aggregate", "FUNCTION", "pg_proc", "proowner", "proacl", "regprocedure"},
    {"procedure", "PROCEDURE", "pg_proc", "proowner", "proacl", "regprocedure"},
    {"type", "TYPE", "pg_type", "typowner", "typacl", "regtype"},
    {"domain", "DOMAIN", "pg_type", "typowner", "typacl", "regtype"},
    {"schema", "SCHEMA", "pg_namespace", "nspowner", "nspacl", "regnamespace"},
    {"server", "FOREIGN SERVER", NULL, NULL, NULL, NULL},
    {"foreign data wrapper", "FOREIGN DATA WRAPPER", NULL, NULL, NULL, NULL},
};

static const struct acl_place *place_of(const char *kind) {
    for (size_t i = 0; i < sizeof places / sizeof *places; i++)
        if (strcmp(places[i].kind, kind) == 0)
            return &places[i];
    return NULL;
}

/* "TABLE x": what a privilege is on. */
static const char *granted_on(struct emitter *e, const struct schema *schema, const struct object *privilege) {
    const struct object *object = privilege->on ? schema_object(schema, privilege->on) : NULL;
    const struct enumeration *type = privilege->on && !object ? schema_enum(schema, privilege->on) : NULL;
    const struct acl_place *place = object ? place_of(object->kind) : NULL;

    if (type && type->type_name)
        return SQL(e, "TYPE %T", pg_enum_type(e->arena, type));
    if (!privilege->on)
        return "DATABASE CURRENT";
    return SQL(e, "%T %T", place ? place->grant : "TABLE", pg_object_on(e, schema, privilege));
}

static const char *grantee(struct emitter *e, const struct object *privilege) {
    return strcasecmp(privilege->object_name, "public") == 0 ? "PUBLIC" : SQL(e, "%I", privilege->object_name);
}

static bool is_default(const struct object *privilege) {
    return pg_object_is(privilege, "default privilege");
}

/* The first WORD of TEXT that stands in no quoted name. */
static const char *find_word(const char *text, const char *word) {
    bool quoted = false;

    for (; *text; text++) {
        quoted ^= *text == '"';
        if (!quoted && strncmp(text, word, strlen(word)) == 0)
            return text;
    }
    return NULL;
}

/* "… GRANT x ON y TO z WITH GRANT OPTION" or "… REVOKE x ON y FROM z" the other way round. */
static const char *revoked_default(struct emitter *e, const struct object *privilege) {
    static const char option[] = " WITH GRANT OPTION";
    const char *text = pg_object_query(e->arena, privilege), *revoke = find_word(text, " REVOKE ");
    const char *verb = revoke ? revoke : find_word(text, " GRANT "), *to = find_word(text, revoke ? " FROM " : " TO ");
    const char *what, *whom;
    size_t length;

    if (!verb || !to)
        return text;
    what = verb + strlen(revoke ? " REVOKE " : " GRANT ");
    whom = to + strlen(revoke ? " FROM " : " TO ");
    length = strlen(whom);
    if (length > sizeof option && strcmp(whom + length - (sizeof option - 1), option) == 0)
        length -= sizeof option - 1;
    return WORDS(e, "%.*s %s %.*s %s %.*s", (int)(verb - text), text, revoke ? "GRANT" : "REVOKE", (int)(to - what), what,
                 revoke ? "TO" : "FROM", (int)length, whom);
}

static const char *revoke_text(struct emitter *e, const struct schema *schema, const struct object *privilege) {
    return is_default(privilege) ? revoked_default(e, privilege)
                                 : SQL(e, "REVOKE ALL ON %T FROM %T", granted_on(e, schema, privilege), grantee(e, privilege));
}

/* Nothing granted means that what everybody has by himself was taken away. */
static bool is_nothing(struct emitter *e, const struct object *privilege) {
    return !*pg_object_query(e->arena, privilege);
}

/* PRIVILEGES of it, or all that it says. */
static const char *grant_text(struct emitter *e, const struct object *privilege, const char *privileges, bool with_option) {
    return SQL(e, "GRANT %X ON %T TO %T%T", privileges, granted_on(e, e->plan->to, privilege), grantee(e, privilege),
               with_option ? " WITH GRANT OPTION" : "");
}

static void emit_grant(struct emitter *e, const struct object *privilege) {
    const char *reason = WORDS(e, "%s: granted", pg_object_subject(e, privilege));
    const char *grantable = pg_object_option(privilege, "grantable"), *all = pg_object_query(e->arena, privilege);
    bool all_grantable = grantable && strcmp(grantable, "true") == 0;

    if (is_default(privilege)) {
        pg_emit_statement(e, all, reason, NULL);
        return;
    }
    pg_emit_statement(e, grant_text(e, privilege, all, all_grantable), reason, NULL);
    if (grantable && !all_grantable)
        pg_emit_statement(e, grant_text(e, privilege, grantable, true), WORDS(e, "%s: may be granted on", pg_object_subject(e, privilege)),
                          NULL);
}

/* Does it stand in place of what its grantee has by himself? */
static bool is_instead(const struct object *privilege) {
    return pg_object_option(privilege, "only") != NULL;
}

/* What its grantee, the owner or everybody, has on a new object of its kind, to be given back. */
static const char *usual_grant(struct emitter *e, const struct object *privilege) {
    const char *on = granted_on(e, e->plan->from, privilege), *to = grantee(e, privilege);
    bool routine = strncmp(on, "FUNCTION", 8) == 0 || strncmp(on, "PROCEDURE", 9) == 0;

    return SQL(e, "GRANT %T ON %T TO %T", strcmp(to, "PUBLIC") != 0 ? "ALL" : routine ? "EXECUTE" : "USAGE", on, to);
}

void pg_privilege_drop(struct emitter *e) {
    const struct object *old = e->change->old_object;
    const struct object *base = old->on ? schema_object(e->plan->from, old->on) : NULL;
    bool nothing = is_nothing(e, old) || is_instead(old);

    if (base && pg_adopt_goes(e, base)) /* and takes its grants along */
        return;
    pg_emit_statement(e, nothing ? usual_grant(e, old) : revoke_text(e, e->plan->from, old),
                      WORDS(e, "%s: %s", pg_object_subject(e, old), nothing ? "given back" : "taken back"), NULL);
}

void pg_privilege_put(struct emitter *e) {
    const struct object *old = e->change->old_object, *new = e->change->new_object;
    bool nothing = is_nothing(e, new);

    if (old || nothing || is_instead(new))
        pg_emit_statement(e, revoke_text(e, is_default(new) ? e->plan->from : e->plan->to, is_default(new) ? old : new),
                          WORDS(e, "%s: %s", pg_object_subject(e, new), nothing ? "taken away" : "changed"), NULL);
    if (!nothing)
        emit_grant(e, new);
}

/* What is kept. */

static void begin_keeping(struct emitter *e) {
    if (e->keeps)
        return;
    e->keeps = true;
    pg_emit_statement(e, "CREATE TEMPORARY TABLE persist_kept (object text, command text)",
                      "owners and grants of what is dropped to be made again", NULL);
}

static const char *kept_key(struct emitter *e, const struct object *object) {
    return SQL(e, "%T %T", pg_object_words_of(object->kind)->words, pg_object_sql_name(e->arena, object));
}

static const char *privileges_of_columns(struct emitter *e, const char *name, const char *key) {
    return SQL(e,
               " UNION ALL SELECT %L, format('GRANT %%s (%%I) ON %%s TO %%s%%s', a.privilege_type, c.attname, %L, "
               "CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END, "
               "CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) "
               "FROM pg_catalog.pg_attribute c, aclexplode(c.attacl) a WHERE c.attrelid = %L::regclass AND NOT c.attisdropped",
               key, name, name);
}

/* A list that was never touched is NULL and needs no words; one that was is written down whole. */
void pg_kept_save(struct emitter *e, const struct object *object) {
    const struct acl_place *place = place_of(object->kind);
    const char *name = pg_object_sql_name(e->arena, object), *key = kept_key(e, object), *columns = "", *text;

    if (!place || !place->catalog)
        return;
    begin_keeping(e);
    if (strcmp(place->lookup, "regclass") == 0)
        columns = privileges_of_columns(e, name, key);
    text = SQL(e,
               "INSERT INTO persist_kept SELECT %L, format('ALTER %%s OWNER TO %%I', %L, pg_get_userbyid(c.%T)) "
               "FROM pg_catalog.%T c WHERE c.oid = %L::%T AND pg_get_userbyid(c.%T) <> current_user "
               "UNION ALL SELECT %L, format('REVOKE ALL ON %T %%s FROM PUBLIC', %L) FROM pg_catalog.%T c "
               "WHERE c.oid = %L::%T AND c.%T IS NOT NULL "
               "UNION ALL SELECT %L, format('GRANT %%s ON %T %%s TO %%s%%s', a.privilege_type, %L, "
               "CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(a.grantee)) END, "
               "CASE WHEN a.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END) "
               "FROM pg_catalog.%T c, aclexplode(c.%T) a WHERE c.oid = %L::%T%T",
               key, key, place->owner, place->catalog, name, place->lookup, place->owner, key, place->grant, name, place->catalog, name,
               place->lookup, place->acl, key, place->grant, name, place->catalog, place->acl, name, place->lookup, columns);
    pg_emit_statement(e, text, WORDS(e, "%s: its owner and grants are kept", pg_object_subject(e, object)), NULL);
}

/* A grant on a column that is gone has nothing to come back to. */
void pg_kept_restore(struct emitter *e, const struct object *object) {
    const struct acl_place *place = place_of(object->kind);
    const char *body;

    if (!place || !place->catalog || !e->keeps)
        return;
    body = SQL(e,
               "DECLARE kept text; BEGIN FOR kept IN SELECT command FROM persist_kept WHERE object = %L LOOP "
               "BEGIN EXECUTE kept; EXCEPTION WHEN undefined_column THEN NULL; END; END LOOP; END",
               kept_key(e, object));
    pg_emit_statement(e, pg_emit_do(e, body), WORDS(e, "%s: its owner and grants come back", pg_object_subject(e, object)), NULL);
}

void pg_kept_end(struct emitter *e) {
    if (e->keeps)
        pg_emit_statement(e, "DROP TABLE persist_kept", "what was kept is back in its place", NULL);
}
