#include "my_object_kinds.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "mysql_internal.h"
#include "sqlwords.h"

static bool always(const struct object *from, const struct object *to) {
    (void)from, (void)to;
    return true;
}

/* Servers have nothing that holds on to an object: each is replaced, where there is no statement for it by a drop and a creation. */
const struct object_kind my_object_kinds[MY_OBJECT_KINDS] = {
    {"sequence", 1, false, false, always}, {"function", 2, false, false, always},     {"procedure", 2, false, false, always},
    {"package", 3, false, false, always},  {"package body", 4, false, false, always}, {"view", 5, false, false, always},
    {"trigger", 6, false, false, always},  {"event", 7, false, false, always},        {"privilege", 8, false, false, always},
};

static const char mariadb_mode[] = "STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION";
static const char mysql_mode[] =
    "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION";

/* MariaDB passes over what MySQL alone executes and the other way round. */
const char my_usual_mode[] =
    "/*!80000 'ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION' */"
    "/*M!100204 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION' */";

bool my_mode_is_usual(const char *mode, enum flavor flavor) {
    return strcmp(mode, flavor == FLAVOR_MARIADB ? mariadb_mode : mysql_mode) == 0;
}

/* --- normalize --- */

/* Which options a kind has, and whether MariaDB alone has the kind. */
static const struct kind_row {
    const char *kind;
    bool mariadb_only;
    const char *options[8];
} kind_rows[] = {
    {"view", false, {"algorithm", "checkOption", "collation", "columns", "definer", "security", NULL}},
    {"function", false, {"collation", "definer", "sqlMode", NULL}},
    {"procedure", false, {"collation", "definer", "sqlMode", NULL}},
    {"package", true, {"collation", "definer", "sqlMode", NULL}},
    {"package body", true, {"collation", "definer", "sqlMode", NULL}},
    {"trigger", false, {"collation", "definer", "follows", "sqlMode", NULL}},
    {"event", false, {"collation", "definer", "sqlMode", "timeZone", NULL}},
    {"sequence", true, {NULL}},
    {"privilege", false, {"grantOption", NULL}},
};

static const struct kind_row *find_kind(const char *kind) {
    for (size_t i = 0; i < sizeof kind_rows / sizeof *kind_rows; i++)
        if (strcasecmp(kind_rows[i].kind, kind) == 0)
            return &kind_rows[i];
    return NULL;
}

struct refusal {
    const struct schema *schema;
    const struct target *target;
    struct diag *diag;
};

static int refuse(const struct refusal *refusal, const struct object *object, const char *what) {
    diag_error(refusal->diag, refusal->schema->source, object->at, 0, "%s has no %s", refusal->target->dialect->title, what);
    return -1;
}

static bool has_option(const struct kind_row *row, const char *key) {
    for (size_t i = 0; row->options[i]; i++)
        if (strcmp(row->options[i], key) == 0)
            return true;
    return false;
}

/* TEXT without white space and ";" around it. A body whose statement was followed by others keeps its ";" on MySQL, where it can be told: it is
 * kept where KEEPS. */
static const char *trimmed(struct arena *arena, const char *text, bool keeps) {
    size_t length;
    bool ended = false;

    text += strspn(text, " \t\r\n");
    length = strlen(text);
    for (; length && (isspace((unsigned char)text[length - 1]) || text[length - 1] == ';'); length--)
        ended = ended || text[length - 1] == ';';
    return arena_printf(arena, "%.*s%s", (int)length, text, ended && keeps ? ";" : "");
}

static bool has_body(const struct kind_row *row) {
    return strcmp(row->kind, "view") != 0 && strcmp(row->kind, "sequence") != 0 && strcmp(row->kind, "privilege") != 0;
}

static int normalize_object(struct arena *arena, const struct refusal *refusal, struct object *object) {
    const struct kind_row *row = find_kind(object->kind);

    if (!row)
        return refuse(refusal, object, arena_printf(arena, "objects of the kind \"%s\"", object->kind));
    if (row->mariadb_only && refusal->target->flavor == FLAVOR_MYSQL)
        return refuse(refusal, object, arena_printf(arena, "objects of the kind \"%s\": they are MariaDB's", object->kind));
    for (size_t i = 0; i < object->options.count; i++)
        if (!has_option(row, object->options.at[i].key))
            return refuse(refusal, object,
                          arena_printf(arena, "option \"%s\" of a %s that persist knows", object->options.at[i].key, row->kind));
    object->kind = row->kind;
    object->namespace = NULL;
    object->definition =
        trimmed(arena, object->definition ? object->definition : "", has_body(row) && refusal->target->flavor != FLAVOR_MARIADB);
    my_options_sort(&object->options);
    return 0;
}

int my_normalize_objects(struct arena *arena, struct schema *schema, const struct target *target, struct diag *diag) {
    const struct refusal refusal = {.schema = schema, .target = target, .diag = diag};
    int result = 0;

    for (size_t i = 0; i < schema->object_count; i++)
        if (normalize_object(arena, &refusal, schema->objects[i]) != 0)
            result = -1;
    return result;
}
