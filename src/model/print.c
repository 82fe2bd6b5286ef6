#include "print.h"

#include <stdio.h>
#include <string.h>

#include "bug.h"
#include "model.h"
#include "utf8.h"

/* Text. */

/* Without the NUL, which finish() puts behind everything. */
static inline void put(struct printer *printer, const char *bytes, size_t count) {
    struct str *out = printer->out;

    if (out->length + count >= out->capacity)
        str_reserve(out, count);
    memcpy(out->text + out->length, bytes, count);
    out->length += count;
}

static void finish(struct printer *printer) {
    if (printer->out->capacity)
        printer->out->text[printer->out->length] = '\0';
}

#define PUT(printer, literal) put((printer), "" literal "", sizeof literal - 1)

static void put_text(struct printer *printer, const char *text) {
    put(printer, text, strlen(text));
}

static void put_number(struct printer *printer, int64_t number) {
    char digits[24];

    put(printer, digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)number));
}

/* Names. */

/* The keywords of Ballerina, sorted. */
static const char *const reserved[] = {
    "abstract",     "annotation", "any",      "anydata",  "as",         "ascending",   "base16",        "base64",   "boolean",
    "break",        "by",         "byte",     "check",    "checkpanic", "class",       "client",        "collect",  "commit",
    "configurable", "conflict",   "const",    "continue", "decimal",    "default",     "descending",    "distinct", "do",
    "else",         "enum",       "equals",   "error",    "external",   "fail",        "false",         "field",    "final",
    "float",        "flush",      "foreach",  "fork",     "from",       "function",    "future",        "group",    "handle",
    "if",           "import",     "in",       "int",      "is",         "isolated",    "join",          "json",     "let",
    "limit",        "listener",   "lock",     "map",      "match",      "natural",     "never",         "new",      "null",
    "object",       "on",         "order",    "outer",    "panic",      "parameter",   "private",       "public",   "readonly",
    "record",       "remote",     "resource", "retry",    "return",     "returns",     "rollback",      "select",   "service",
    "source",       "start",      "stream",   "string",   "table",      "transaction", "transactional", "trap",     "true",
    "type",         "typedesc",   "typeof",   "var",      "wait",       "where",       "while",         "worker",   "xml",
    "xmlns",
};

enum { RESERVED_COUNT = sizeof reserved / sizeof *reserved, RESERVED_LONGEST = 13 };

bool model_is_reserved(const char *name) {
    size_t low = 0;
    size_t high = RESERVED_COUNT;

    if (name[0] < 'a' || name[0] > 'x')
        return false;
    while (low < high) {
        size_t middle = (low + high) / 2;
        int order = name[0] - reserved[middle][0];

        order = order ? order : strcmp(name, reserved[middle]);
        if (!order)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

static bool is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* The length of NAME when it can be written as it is, but for a quote; else 0. */
static size_t plain_length(const char *name) {
    size_t length = 0;

    while (is_letter(name[length]) || is_digit(name[length]))
        length++;
    return name[length] ? 0 : length;
}

/* A character that a name holds only behind a backslash or as a code point. */
static void put_name_escape(struct printer *printer, uint32_t point, const char *bytes, size_t length) {
    char escape[16];

    if (point < 0x80 && !utf8_is_control(point)) {
        PUT(printer, "\\");
        put(printer, bytes, length);
    } else {
        put(printer, escape, (size_t)snprintf(escape, sizeof escape, "\\u{%X}", (unsigned)point));
    }
}

/* A name with more than ASCII letters and digits: quoted when something in it is escaped. */
static void put_odd_name(struct printer *printer, const char *name) {
    size_t length;
    bool quoted = is_digit(name[0]);

    for (const char *at = name; *at && !quoted; at += length) {
        uint32_t point = utf8_decode(at, &length);

        quoted = !utf8_continues_name(point) || utf8_is_control(point);
    }
    if (quoted)
        PUT(printer, "'");
    for (; *name; name += length) {
        uint32_t point = utf8_decode(name, &length);

        if (utf8_continues_name(point) && !utf8_is_control(point))
            put(printer, name, length);
        else
            put_name_escape(printer, point, name, length);
    }
}

/* Which lengths the keywords with each first letter have, as bits: most names are told apart by that. */
static const uint16_t reserved_lengths[26] = {
    0x078c, 0x00f4, 0x15e0, 0x0584, 0x0170, 0x01f0, 0x0020, 0x0040, 0x014c, 0x0010, 0x0000, 0x0138, 0x0028,
    0x00b8, 0x0064, 0x02e0, 0x0000, 0x01e0, 0x00e0, 0x2970, 0x0000, 0x0008, 0x0070, 0x0028, 0x0000, 0x0000,
};

static bool may_be_reserved(const char *name, size_t length) {
    return name[0] >= 'a' && name[0] <= 'z' && length <= RESERVED_LONGEST && reserved_lengths[name[0] - 'a'] >> length & 1;
}

static void put_name(struct printer *printer, const char *name) {
    size_t length = plain_length(name);

    if (!length) {
        put_odd_name(printer, name);
        return;
    }
    if (is_digit(name[0]) || (may_be_reserved(name, length) && model_is_reserved(name)))
        PUT(printer, "'");
    put(printer, name, length);
}

/* String literals. */

static bool is_plain_in_string(char c) {
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7F && c != '"' && c != '\\';
}

static void put_escaped(struct printer *printer, uint32_t point, const char *bytes, size_t length) {
    char escape[16];

    switch (point) {
    case '"':
        PUT(printer, "\\\"");
        return;
    case '\\':
        PUT(printer, "\\\\");
        return;
    case '\n':
        PUT(printer, "\\n");
        return;
    case '\t':
        PUT(printer, "\\t");
        return;
    case '\r':
        PUT(printer, "\\r");
        return;
    default:
        break;
    }
    if (utf8_is_control(point))
        put(printer, escape, (size_t)snprintf(escape, sizeof escape, "\\u{%X}", (unsigned)point));
    else
        put(printer, bytes, length);
}

static void put_string(struct printer *printer, const char *text) {
    PUT(printer, "\"");
    while (*text) {
        size_t length = 0;

        while (is_plain_in_string(text[length]))
            length++;
        put(printer, text, length);
        text += length;
        if (*text) {
            uint32_t point = utf8_decode(text, &length);

            put_escaped(printer, point, text, length);
            text += length;
        }
    }
    PUT(printer, "\"");
}

/* Documentation. */

/* Can "#" lines hold COMMENT exactly? Nothing that is invisible, and no blank at the end of a line, which editors take away. */
static bool is_documentation(const char *comment) {
    const char *at = comment;

    if (!*comment)
        return false;
    for (size_t length; *at; at += length) {
        uint32_t point = utf8_decode(at, &length);

        if (utf8_is_control(point) && point != '\n')
            return false;
        if (point == ' ' && (at[1] == '\0' || at[1] == '\n'))
            return false;
    }
    return true;
}

static void put_documentation(struct printer *printer, const char *comment, const char *indent) {
    if (!comment || !is_documentation(comment))
        return;
    for (;;) {
        size_t length = strcspn(comment, "\n");

        put_text(printer, indent);
        put_text(printer, length ? "# " : "#");
        put(printer, comment, length);
        PUT(printer, "\n");
        if (!comment[length])
            return;
        comment += length + 1;
    }
}

/* Values of annotations. */

static void put_names(struct printer *printer, const struct names *names) {
    PUT(printer, "[");
    for (size_t i = 0; i < names->count; i++) {
        if (i)
            PUT(printer, ", ");
        put_string(printer, names->at[i]);
    }
    PUT(printer, "]");
}

/* Is VALUE what a whole number, true or false looks like, so that it is written without quotes? */
static bool is_bare(const char *value) {
    size_t digits = strspn(value, "0123456789");

    if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
        return true;
    return digits && digits <= 18 && !value[digits] && (value[0] != '0' || digits == 1);
}

static void put_options(struct printer *printer, const struct options *options) {
    PUT(printer, "{");
    for (size_t i = 0; i < options->count; i++) {
        if (i)
            PUT(printer, ", ");
        if (plain_length(options->at[i].key) && !is_digit(options->at[i].key[0]))
            put_name(printer, options->at[i].key);
        else
            put_string(printer, options->at[i].key);
        PUT(printer, ": ");
        if (is_bare(options->at[i].value))
            put_text(printer, options->at[i].value);
        else
            put_string(printer, options->at[i].value);
    }
    PUT(printer, "}");
}

static bool is_plain_part(const struct index_part *part) {
    return part->field && !part->opclass && !part->collation && !part->prefix && part->order == ORDER_ASCENDING &&
           part->nulls == NULLS_DEFAULT;
}

static void put_part_text(struct printer *printer, const char *key, const char *value) {
    if (!value)
        return;
    put_text(printer, key);
    put_string(printer, value);
}

static void put_part(struct printer *printer, const struct index_part *part) {
    if (is_plain_part(part)) {
        put_string(printer, part->field);
        return;
    }
    put_part_text(printer, "{'field: ", part->field);
    put_part_text(printer, "{expression: ", part->expression);
    if (part->order == ORDER_DESCENDING)
        PUT(printer, ", direction: \"desc\"");
    if (part->nulls != NULLS_DEFAULT)
        put_text(printer, part->nulls == NULLS_FIRST ? ", nulls: \"first\"" : ", nulls: \"last\"");
    put_part_text(printer, ", opclass: ", part->opclass);
    put_part_text(printer, ", collation: ", part->collation);
    if (part->prefix) {
        PUT(printer, ", prefix: ");
        put_number(printer, part->prefix);
    }
    PUT(printer, "}");
}

static void put_parts(struct printer *printer, const struct index *index) {
    PUT(printer, "[");
    for (size_t i = 0; i < index->part_count; i++) {
        if (i)
            PUT(printer, ", ");
        put_part(printer, &index->parts[i]);
    }
    PUT(printer, "]");
}

static void put_precision(struct printer *printer, const uint16_t *precision) {
    PUT(printer, "[");
    put_number(printer, precision[0]);
    PUT(printer, ", ");
    put_number(printer, precision[1]);
    PUT(printer, "]");
}

static void put_choice(struct printer *printer, const struct ir_attr *attr, uint8_t choice) {
    if (attr->flags & ATTR_PRESENCE)
        put_text(printer, attr->choices[choice]);
    else
        put_string(printer, attr->choices[choice]);
}

/* The value of ATTR in OBJECT as its annotation says it. */
static void put_value(struct printer *printer, const struct ir_attr *attr, const void *object) {
    const void *at = (const char *)object + attr->offset;

    switch (attr->type) {
    case ATTR_TEXT:
        put_string(printer, *(const char *const *)at);
        return;
    case ATTR_BOOL:
        put_text(printer, attr->flags & ATTR_INVERTED ? "false" : "true");
        return;
    case ATTR_LENGTH:
        put_number(printer, *(const uint32_t *)at);
        return;
    case ATTR_NUMBER:
        put_number(printer, *(const int64_t *)at);
        return;
    case ATTR_CHOICE:
        put_choice(printer, attr, *(const uint8_t *)at);
        return;
    case ATTR_NAMES:
        put_names(printer, at);
        return;
    case ATTR_OPTIONS:
        put_options(printer, at);
        return;
    case ATTR_PARTS:
        put_parts(printer, object);
        return;
    case ATTR_PRECISION:
        put_precision(printer, at);
        return;
    case ATTR_FLAG:
        break;
    }
    BUG("attribute \"%s\" has no value to print", attr->annotation);
}

/* Annotations. */

static bool is_default(const struct ir_attr *attr, const void *object) {
    const void *at = (const char *)object + attr->offset;

    switch (attr->type) {
    case ATTR_TEXT:
        return *(const char *const *)at == NULL;
    case ATTR_BOOL:
    case ATTR_FLAG:
    case ATTR_CHOICE:
        return *(const uint8_t *)at == 0;
    case ATTR_LENGTH:
        return *(const uint32_t *)at == 0;
    case ATTR_NUMBER:
        return *(const int64_t *)at == 0;
    case ATTR_NAMES:
        return ((const struct names *)at)->count == 0;
    case ATTR_OPTIONS:
        return ((const struct options *)at)->count == 0;
    case ATTR_PARTS:
        return false;
    case ATTR_PRECISION:
        return *(const uint16_t *)at == 0;
    }
    BUG("attribute type %d", (int)attr->type);
}

/* The name of an entity or a field, which is its table's or column's unless said otherwise. */
static bool is_renamed(const struct ir_attr *attr, const void *object) {
    if (attr->kind == IR_ENTITY)
        return !text_equal(((const struct entity *)object)->name, ((const struct entity *)object)->table);
    return !text_equal(((const struct field *)object)->name, ((const struct field *)object)->column);
}

static bool is_to_needed(const struct printer *printer, const struct foreign_key *key) {
    const struct entity *target = schema_entity(printer->schema, key->target);

    return !target || !names_equal(&key->target_fields, &target->key.fields);
}

/* Is the row ROW of OBJECT, which is not its default, said by its annotation? */
static bool says(const struct printer *printer, size_t row, const void *object) {
    const struct ir_attr *attr = &ir_attrs[row];

    switch ((enum print_rule)printer->rules[row]) {
    case PRINT_ALWAYS:
        return true;
    case PRINT_NEVER:
        return false;
    case PRINT_RENAMED:
        return is_renamed(attr, object);
    case PRINT_VARYING:
        return !((const struct field *)object)->fixed;
    case PRINT_FIXED:
        return ((const struct field *)object)->fixed;
    case PRINT_COMMENT:
        return !is_documentation(*(const char *const *)((const char *)object + attr->offset));
    case PRINT_WAS:
        return printer->was;
    case PRINT_INVERSE:
        return ((const struct relation *)object)->explicit_inverse;
    case PRINT_KEY_ORDER:
        return ((const struct key *)object)->explicit_order;
    case PRINT_TO:
        return is_to_needed(printer, object);
    }
    BUG("rule %d", (int)printer->rules[row]);
}

static void begin_annotation(struct printer *printer, const char *name, const char *indent) {
    printer->uses_sql = printer->uses_sql || name[0] == 's';
    printer->uses_db = printer->uses_db || name[0] == 'd';
    put_text(printer, indent);
    PUT(printer, "@");
    put_text(printer, name);
}

/* One annotation with the arguments that are said; nothing when none is. */
static void put_annotation(struct printer *printer, size_t annotation, const void *object, const char *indent) {
    const struct ir_rows *rows = &printer->rows[annotation];
    bool begun = false;
    size_t arguments = 0;

    for (size_t i = rows->first; i < rows->first + rows->count; i++) {
        const struct ir_attr *attr = &ir_attrs[i];

        if (is_default(attr, object) || !says(printer, i, object))
            continue;
        if (!begun)
            begin_annotation(printer, ir_annotations[annotation].name, indent);
        begun = true;
        if (attr->type == ATTR_FLAG || (attr->flags & ATTR_PRESENCE && *((const char *)object + attr->offset) == 1))
            continue;
        if (attr->argument) {
            put_text(printer, arguments++ ? ", " : " {");
            put_name(printer, attr->argument);
            PUT(printer, ": ");
        } else {
            PUT(printer, " ");
        }
        put_value(printer, attr, object);
    }
    if (arguments)
        PUT(printer, "}");
    if (begun)
        PUT(printer, "\n");
}

/* The annotations of OBJECT that are read through rows of its own kind. */
static void put_own_annotations(struct printer *printer, enum ir_kind kind, const void *object, const char *indent) {
    for (size_t i = printer->annotations[kind].start; i < printer->annotations[kind].end; i++)
        if (ir_annotations[i].makes == kind)
            put_annotation(printer, i, object, indent);
}

/* Indexes that part 1 can say: on the fields themselves. */

static void lower_letters(char *text) {
    for (; *text; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

static bool is_default_index_name(const struct index *index) {
    struct str name = STR_INIT;
    bool same;

    if (index->part_count != 1)
        return false;
    str_add(&name, index->unique ? "unique_idx_" : "idx_");
    str_add(&name, index->parts[0].field);
    lower_letters(name.text);
    same = strcmp(name.text, index->name) == 0;
    str_free(&name);
    return same;
}

static bool is_blank(const char *text) {
    return text[strspn(text, " \t\r\n")] == '\0';
}

/* Indexes are sorted by name: those with the same one are neighbors. */
static bool has_namesake(const struct entity *entity, size_t at) {
    const struct index *indexes = entity->indexes;

    for (size_t i = at; i-- > 0 && text_equal(indexes[i].name, indexes[at].name);)
        if (indexes[i].unique == indexes[at].unique)
            return true;
    for (size_t i = at + 1; i < entity->index_count && text_equal(indexes[i].name, indexes[at].name); i++)
        if (indexes[i].unique == indexes[at].unique)
            return true;
    return false;
}

/* Fields by name; a large entity has a map. */
struct field_finder {
    const struct entity *entity;
    struct map map;
};

enum { MANY_FIELDS = 64 };

static void init_finder(struct printer *printer, const struct entity *entity, struct field_finder *finder) {
    *finder = (struct field_finder){.entity = entity};
    for (size_t i = 0; entity->field_count >= MANY_FIELDS && i < entity->field_count; i++)
        map_put(&printer->arena, &finder->map, entity->fields[i].name, &entity->fields[i]);
}

static const struct field *find_field(const struct field_finder *finder, const char *name) {
    return finder->map.count ? map_get(&finder->map, name) : entity_field(finder->entity, name);
}

/* Are the parts declared fields in the order of their declaration? */
static bool parts_in_order(const struct field_finder *finder, const struct index *index) {
    const struct field *before = NULL;

    for (size_t i = 0; i < index->part_count; i++) {
        const struct field *field = is_plain_part(&index->parts[i]) ? find_field(finder, index->parts[i].field) : NULL;

        if (!field || field->derived || (before && field <= before))
            return false;
        before = field;
    }
    return index->part_count > 0;
}

static bool can_stand_on_fields(const struct field_finder *finder, size_t at) {
    const struct index *index = &finder->entity->indexes[at];

    if (!index->name || is_blank(index->name) || index->constraint || index->derived || index->method || index->where ||
        index->include.count || index->comment || index->options.count || index->nulls_not_distinct)
        return false;
    return !has_namesake(finder->entity, at) && parts_in_order(finder, index);
}

static void add_field_index(struct printer *printer, const struct index *index, struct field_index **list) {
    struct field_index *added = ARENA_NEW(&printer->arena, struct field_index);

    *added = (struct field_index){index, *list};
    *list = added;
}

/* Finds the indexes of ENTITY that stand on its fields. From the last on, so that each field has them in their order. */
static void find_field_indexes(struct printer *printer, const struct entity *entity) {
    struct field_finder finder;

    printer->on_fields = NULL;
    if (!entity->index_count)
        return;
    init_finder(printer, entity, &finder);
    printer->on_fields = ARENA_ARRAY(&printer->arena, struct field_index *, entity->field_count);
    printer->stands = ARENA_ARRAY(&printer->arena, bool, entity->index_count);
    for (size_t i = entity->index_count; i-- > 0;) {
        const struct index *index = &entity->indexes[i];

        printer->stands[i] = can_stand_on_fields(&finder, i);
        for (size_t j = 0; printer->stands[i] && j < index->part_count; j++)
            add_field_index(printer, index, &printer->on_fields[find_field(&finder, index->parts[j].field) - entity->fields]);
    }
}

/* The names of the indexes of one kind in LIST: alone, as a list, or not at all where the name is the default. */
static void put_field_indexes(struct printer *printer, const struct field_index *list, bool unique) {
    const struct index *only = NULL;
    size_t count = 0;

    for (; list; list = list->next) {
        const struct index *index = list->index;

        if (index->unique != unique)
            continue;
        if (!count)
            begin_annotation(printer, unique ? "sql:UniqueIndex" : "sql:Index", "    ");
        if (count == 1) {
            PUT(printer, " {name: [");
            put_string(printer, only->name);
        }
        if (count++) {
            PUT(printer, ", ");
            put_string(printer, index->name);
        }
        only = index;
    }
    if (count == 1 && !is_default_index_name(only)) {
        PUT(printer, " {name: ");
        put_string(printer, only->name);
        PUT(printer, "}");
    }
    if (count > 1)
        PUT(printer, "]}");
    if (count)
        PUT(printer, "\n");
}

/* Fields. */

static void put_before(struct printer *printer, struct span at, const char *indent) {
    if (printer->hooks)
        printer->hooks->before(printer->hooks->data, printer->out, at, indent);
}

static void put_line_end(struct printer *printer, struct span at) {
    if (printer->hooks)
        printer->hooks->behind(printer->hooks->data, printer->out, at);
    PUT(printer, "\n");
}

static void put_field_type(struct printer *printer, const struct field *field) {
    const char *name = field->type == TYPE_ENUM ? NULL : field_type_name(field->type);

    printer->uses_time = printer->uses_time || (field->type >= TYPE_DATE && field->type <= TYPE_CIVIL);
    if (name)
        put_text(printer, name);
    else
        put_name(printer, field->enum_name);
    if (field->nullable)
        PUT(printer, "?");
}

/* Nearly all fields have no annotation at all: one comparison of bytes tells. */
static bool is_plain_field(const struct field *field) {
    struct field plain;

    memset(&plain, 0, sizeof plain);
    plain.name = field->name;
    plain.column = field->name;
    plain.enum_name = field->enum_name;
    plain.type = field->type;
    plain.nullable = field->nullable;
    plain.key = field->key;
    plain.at = field->at;
    return memcmp(&plain, field, sizeof plain) == 0;
}

static void put_field_annotations(struct printer *printer, const struct entity *entity, const struct field *field) {
    bool plain = is_plain_field(field);
    const struct field_index *indexes = printer->on_fields ? printer->on_fields[field - entity->fields] : NULL;

    if (plain && !indexes)
        return;
    for (size_t i = printer->annotations[IR_FIELD].start; i < printer->annotations[IR_FIELD].end; i++) {
        if (ir_annotations[i].makes == IR_FIELD && !plain)
            put_annotation(printer, i, field, "    ");
        else if (ir_annotations[i].makes == IR_INDEX && indexes)
            put_field_indexes(printer, indexes, strcmp(ir_annotations[i].name, "sql:UniqueIndex") == 0);
    }
}

static void put_field(struct printer *printer, const struct entity *entity, const struct field *field) {
    put_before(printer, field->at, "    ");
    put_documentation(printer, field->comment, "    ");
    put_field_annotations(printer, entity, field);
    PUT(printer, "    ");
    if (field->key)
        PUT(printer, "readonly ");
    put_field_type(printer, field);
    PUT(printer, " ");
    put_name(printer, field->name);
    PUT(printer, ";");
    put_line_end(printer, field->at);
}

/* Relations. */

static void put_relation_annotations(struct printer *printer, const struct entity *entity, const struct relation *relation) {
    if (relation->explicit_owner && !relation->keys.count) {
        begin_annotation(printer, "sql:Relation", "    ");
        PUT(printer, "\n");
    }
    for (size_t i = printer->annotations[IR_RELATION].start; i < printer->annotations[IR_RELATION].end; i++) {
        if (ir_annotations[i].makes == IR_RELATION)
            put_annotation(printer, i, relation, "    ");
        else if (relation->owner)
            put_annotation(printer, i, &entity->foreign_keys[relation->foreign_key], "    ");
    }
}

static void put_relation(struct printer *printer, const struct entity *entity, const struct relation *relation) {
    put_before(printer, relation->at, "    ");
    put_documentation(printer, relation->comment, "    ");
    put_relation_annotations(printer, entity, relation);
    PUT(printer, "    ");
    put_name(printer, relation->target);
    if (relation->kind == RELATION_MANY)
        PUT(printer, "[]");
    else if (relation->kind == RELATION_OPTIONAL)
        PUT(printer, "?");
    PUT(printer, " ");
    put_name(printer, relation->name);
    PUT(printer, ";");
    put_line_end(printer, relation->at);
}

/* Entities. */

static void put_indexes(struct printer *printer, const struct entity *entity, size_t annotation) {
    bool constraint = strcmp(ir_annotations[annotation].name, "db:Unique") == 0;

    for (size_t i = 0; i < entity->index_count; i++) {
        const struct index *index = &entity->indexes[i];

        if (index->constraint == constraint && !index->derived && !printer->stands[i])
            put_annotation(printer, annotation, index, "");
    }
}

static void put_foreign_keys(struct printer *printer, const struct entity *entity, size_t annotation) {
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        if (!entity->foreign_keys[i].relation)
            put_annotation(printer, annotation, &entity->foreign_keys[i], "");
}

/* What ENTITY has of what ANNOTATION makes. */
static void put_made(struct printer *printer, const struct entity *entity, size_t annotation) {
    switch (ir_annotations[annotation].makes) {
    case IR_ENTITY:
        put_annotation(printer, annotation, entity, "");
        return;
    case IR_KEY:
        put_annotation(printer, annotation, &entity->key, "");
        return;
    case IR_TABLE:
        put_annotation(printer, annotation, &entity->options, "");
        return;
    case IR_INDEX:
        put_indexes(printer, entity, annotation);
        return;
    case IR_CHECK:
        for (size_t i = 0; i < entity->check_count; i++)
            if (!entity->checks[i].derived)
                put_annotation(printer, annotation, &entity->checks[i], "");
        return;
    case IR_EXCLUDE:
        for (size_t i = 0; i < entity->exclude_count; i++)
            put_annotation(printer, annotation, &entity->excludes[i], "");
        return;
    case IR_FOREIGN_KEY:
        put_foreign_keys(printer, entity, annotation);
        return;
    case IR_FIELD:
    case IR_RELATION:
    case IR_ENUM:
    case IR_ENUM_MEMBER:
        break;
    }
    BUG("annotation \"%s\" on an entity", ir_annotations[annotation].name);
}

static void put_entity_annotations(struct printer *printer, const struct entity *entity) {
    find_field_indexes(printer, entity);
    for (size_t i = printer->annotations[IR_ENTITY].start; i < printer->annotations[IR_ENTITY].end; i++)
        put_made(printer, entity, i);
}

void print_entity(struct printer *printer, const struct entity *entity) {
    put_before(printer, entity->at, "");
    put_documentation(printer, entity->comment, "");
    put_entity_annotations(printer, entity);
    PUT(printer, "public type ");
    put_name(printer, entity->name);
    PUT(printer, " record {|\n");
    for (size_t i = 0; i < entity->field_count; i++)
        if (!entity->fields[i].derived)
            put_field(printer, entity, &entity->fields[i]);
    for (size_t i = 0; i < entity->relation_count; i++)
        put_relation(printer, entity, &entity->relations[i]);
    if (printer->hooks)
        printer->hooks->inside_end(printer->hooks->data, printer->out, entity->at, "    ");
    PUT(printer, "|};");
    put_line_end(printer, entity->at);
    finish(printer);
}

/* Enums. */

static void put_member(struct printer *printer, const struct enum_member *member, bool last) {
    put_before(printer, member->at, "    ");
    put_documentation(printer, member->comment, "    ");
    put_own_annotations(printer, IR_ENUM_MEMBER, member, "    ");
    PUT(printer, "    ");
    put_name(printer, member->name);
    if (strcmp(member->name, member->value) != 0) {
        PUT(printer, " = ");
        put_string(printer, member->value);
    }
    if (!last)
        PUT(printer, ",");
    put_line_end(printer, member->at);
}

void print_enum(struct printer *printer, const struct enumeration *enumeration) {
    put_before(printer, enumeration->at, "");
    put_documentation(printer, enumeration->comment, "");
    put_own_annotations(printer, IR_ENUM, enumeration, "");
    PUT(printer, "public enum ");
    put_name(printer, enumeration->name);
    PUT(printer, " {\n");
    for (size_t i = 0; i < enumeration->member_count; i++)
        put_member(printer, &enumeration->members[i], i + 1 == enumeration->member_count);
    if (printer->hooks)
        printer->hooks->inside_end(printer->hooks->data, printer->out, enumeration->at, "    ");
    PUT(printer, "}");
    put_line_end(printer, enumeration->at);
    finish(printer);
}

/* The whole. */

struct rule_of_row {
    const char *annotation;
    const char *argument; /* NULL: any */
    enum print_rule rule;
};

static const struct rule_of_row special_rows[] = {
    {"sql:Name", NULL, PRINT_RENAMED},   {"sql:Varchar", NULL, PRINT_VARYING}, {"sql:Char", NULL, PRINT_FIXED},
    {"db:Comment", NULL, PRINT_COMMENT}, {"db:Was", NULL, PRINT_WAS},          {"constraint:String", NULL, PRINT_NEVER},
    {"db:Inverse", NULL, PRINT_INVERSE}, {"db:Key", "keys", PRINT_KEY_ORDER},  {"db:ForeignKey", "to", PRINT_TO},
};

static enum print_rule rule_of(const struct ir_attr *attr) {
    for (size_t i = 0; i < sizeof special_rows / sizeof *special_rows; i++)
        if (strcmp(special_rows[i].annotation, attr->annotation) == 0 &&
            (!special_rows[i].argument || text_equal(special_rows[i].argument, attr->argument)))
            return special_rows[i].rule;
    return PRINT_ALWAYS;
}

void printer_init(struct printer *printer, const struct schema *schema, struct str *out) {
    *printer = (struct printer){.out = out, .schema = schema};
    ir_annotation_rows(printer->rows);
    if (ir_attr_count > PRINT_ROWS_MAX)
        BUG("%zu rows, PRINT_ROWS_MAX is too small", ir_attr_count);
    for (size_t i = 0; i < ir_attr_count; i++)
        printer->rules[i] = (unsigned char)rule_of(&ir_attrs[i]);
    for (size_t i = ir_annotation_count; i-- > 0;)
        printer->annotations[ir_annotations[i].on].start = (uint32_t)i;
    for (size_t i = 0; i < ir_annotation_count; i++)
        printer->annotations[ir_annotations[i].on].end = (uint32_t)i + 1;
}

void printer_free(struct printer *printer) {
    arena_free(&printer->arena);
}

void print_items(struct printer *printer) {
    const struct schema *schema = printer->schema;

    for (size_t i = 0; i < schema->enum_count; i++) {
        PUT(printer, "\n");
        print_enum(printer, schema->enums[i]);
    }
    for (size_t i = 0; i < schema->entity_count; i++) {
        PUT(printer, "\n");
        print_entity(printer, schema->entities[i]);
    }
}

void print_imports(const struct printer *printer, struct str *out) {
    str_add(out, "import ballerina/persist as _;\n");
    if (printer->uses_time)
        str_add(out, "import ballerina/time;\n");
    if (printer->uses_sql)
        str_add(out, "import ballerinax/persist.sql;\n");
    if (printer->uses_db)
        str_add(out, "import persist/db;\n");
}

/* The imports stand first but are known last. */
void model_print(const struct schema *schema, struct str *out) {
    struct printer printer;
    struct str items = STR_INIT;

    printer_init(&printer, schema, &items);
    print_items(&printer);
    print_imports(&printer, out);
    str_add_bytes(out, items.text, items.length);
    str_free(&items);
    printer_free(&printer);
}

void model_print_entity(const struct schema *schema, const struct entity *entity, struct str *out) {
    struct printer printer;

    printer_init(&printer, schema, out);
    print_entity(&printer, entity);
    printer_free(&printer);
}

void model_print_enum(const struct enumeration *enumeration, struct str *out) {
    struct printer printer;

    printer_init(&printer, NULL, out);
    print_enum(&printer, enumeration);
    printer_free(&printer);
}
