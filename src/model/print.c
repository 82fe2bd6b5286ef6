#include "print_internal.h"

#include <stdio.h>
#include <string.h>

#include "bug.h"
#include "model.h"
#include "utf8.h"

/* Text. */

void print_finish(struct printer *printer) {
    if (printer->out->capacity)
        printer->out->text[printer->out->length] = '\0';
}

void print_number(struct printer *printer, int64_t number) {
    char digits[24];

    print_bytes(printer, digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)number));
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

size_t print_plain_length(const char *name) {
    size_t length = 0;

    while (is_letter(name[length]) || print_is_digit(name[length]))
        length++;
    return name[length] ? 0 : length;
}

/* A character that a name holds only behind a backslash or as a code point. */
static void put_name_escape(struct printer *printer, uint32_t point, const char *bytes, size_t length) {
    char escape[16];

    if (point < 0x80 && !utf8_is_control(point)) {
        PRINT(printer, "\\");
        print_bytes(printer, bytes, length);
    } else {
        print_bytes(printer, escape, (size_t)snprintf(escape, sizeof escape, "\\u{%X}", (unsigned)point));
    }
}

/* A name with more than ASCII letters and digits: quoted when something in it is escaped. */
static void put_odd_name(struct printer *printer, const char *name) {
    size_t length;
    bool quoted = print_is_digit(name[0]);

    for (const char *at = name; *at && !quoted; at += length) {
        uint32_t point = utf8_decode(at, &length);

        quoted = !utf8_continues_name(point) || utf8_is_control(point);
    }
    if (quoted)
        PRINT(printer, "'");
    for (; *name; name += length) {
        uint32_t point = utf8_decode(name, &length);

        if (utf8_continues_name(point) && !utf8_is_control(point))
            print_bytes(printer, name, length);
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

void print_name(struct printer *printer, const char *name) {
    size_t length = print_plain_length(name);

    if (!length) {
        put_odd_name(printer, name);
        return;
    }
    if (print_is_digit(name[0]) || (may_be_reserved(name, length) && model_is_reserved(name)))
        PRINT(printer, "'");
    print_bytes(printer, name, length);
}

/* String literals. */

static bool is_plain_in_string(char c) {
    return (unsigned char)c >= 0x20 && (unsigned char)c < 0x7F && c != '"' && c != '\\';
}

static void put_escaped(struct printer *printer, uint32_t point, const char *bytes, size_t length) {
    char escape[16];

    switch (point) {
    case '"':
        PRINT(printer, "\\\"");
        return;
    case '\\':
        PRINT(printer, "\\\\");
        return;
    case '\n':
        PRINT(printer, "\\n");
        return;
    case '\t':
        PRINT(printer, "\\t");
        return;
    case '\r':
        PRINT(printer, "\\r");
        return;
    default:
        break;
    }
    if (utf8_is_control(point))
        print_bytes(printer, escape, (size_t)snprintf(escape, sizeof escape, "\\u{%X}", (unsigned)point));
    else
        print_bytes(printer, bytes, length);
}

void print_string(struct printer *printer, const char *text) {
    PRINT(printer, "\"");
    while (*text) {
        size_t length = 0;

        while (is_plain_in_string(text[length]))
            length++;
        print_bytes(printer, text, length);
        text += length;
        if (*text) {
            uint32_t point = utf8_decode(text, &length);

            put_escaped(printer, point, text, length);
            text += length;
        }
    }
    PRINT(printer, "\"");
}

/* Documentation. */

bool print_is_documentation(const char *comment) {
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

void print_documentation(struct printer *printer, const char *comment, const char *indent) {
    if (!comment || !print_is_documentation(comment))
        return;
    for (;;) {
        size_t length = strcspn(comment, "\n");

        print_text(printer, indent);
        print_text(printer, length ? "# " : "#");
        print_bytes(printer, comment, length);
        PRINT(printer, "\n");
        if (!comment[length])
            return;
        comment += length + 1;
    }
}

/* Fields. */

void print_before(struct printer *printer, struct span at, const char *indent) {
    if (printer->hooks)
        printer->hooks->before(printer->hooks->data, printer->out, at, indent);
}

void print_line_end(struct printer *printer, struct span at) {
    if (printer->hooks)
        printer->hooks->behind(printer->hooks->data, printer->out, at);
    PRINT(printer, "\n");
}

static void put_field_type(struct printer *printer, const struct field *field) {
    const char *name = field->type == TYPE_ENUM ? NULL : field_type_name(field->type);

    printer->uses_time = printer->uses_time || (field->type >= TYPE_DATE && field->type <= TYPE_CIVIL);
    if (name)
        print_text(printer, name);
    else
        print_name(printer, field->enum_name);
    if (field->nullable)
        PRINT(printer, "?");
}

/* Nearly all fields have no annotation at all: one comparison of bytes tells. Where what lies between two members differs it says no, and the
 * members are asked one by one. */
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
    return memcmp(&plain, field, sizeof plain) == 0; /* NOLINT(bugprone-suspicious-memory-comparison) */
}

static void put_field_annotations(struct printer *printer, const struct entity *entity, const struct field *field) {
    bool plain = is_plain_field(field);
    const struct field_index *indexes = printer->on_fields ? printer->on_fields[field - entity->fields] : NULL;

    if (plain && !indexes)
        return;
    for (size_t i = printer->annotations[IR_FIELD].start; i < printer->annotations[IR_FIELD].end; i++) {
        if (ir_annotations[i].makes == IR_FIELD && !plain)
            print_annotation(printer, i, field, "    ");
        else if (ir_annotations[i].makes == IR_INDEX && indexes)
            print_field_indexes(printer, indexes, strcmp(ir_annotations[i].name, "sql:UniqueIndex") == 0);
    }
}

static void put_field(struct printer *printer, const struct entity *entity, const struct field *field) {
    print_before(printer, field->at, "    ");
    print_documentation(printer, field->comment, "    ");
    put_field_annotations(printer, entity, field);
    PRINT(printer, "    ");
    if (field->key)
        PRINT(printer, "readonly ");
    put_field_type(printer, field);
    PRINT(printer, " ");
    print_name(printer, field->name);
    PRINT(printer, ";");
    print_line_end(printer, field->at);
}

/* Relations. */

static void put_relation_annotations(struct printer *printer, const struct entity *entity, const struct relation *relation) {
    if (relation->explicit_owner && !relation->keys.count) {
        print_begin_annotation(printer, "sql:Relation", "    ");
        PRINT(printer, "\n");
    }
    for (size_t i = printer->annotations[IR_RELATION].start; i < printer->annotations[IR_RELATION].end; i++) {
        if (ir_annotations[i].makes == IR_RELATION)
            print_annotation(printer, i, relation, "    ");
        else if (relation->owner)
            print_annotation(printer, i, &entity->foreign_keys[relation->foreign_key], "    ");
    }
}

static void put_relation(struct printer *printer, const struct entity *entity, const struct relation *relation) {
    print_before(printer, relation->at, "    ");
    print_documentation(printer, relation->comment, "    ");
    put_relation_annotations(printer, entity, relation);
    PRINT(printer, "    ");
    print_name(printer, relation->target);
    if (relation->kind == RELATION_MANY)
        PRINT(printer, "[]");
    else if (relation->kind == RELATION_OPTIONAL)
        PRINT(printer, "?");
    PRINT(printer, " ");
    print_name(printer, relation->name);
    PRINT(printer, ";");
    print_line_end(printer, relation->at);
}

/* Entities. */

static void put_indexes(struct printer *printer, const struct entity *entity, size_t annotation) {
    bool constraint = strcmp(ir_annotations[annotation].name, "db:Unique") == 0;

    for (size_t i = 0; i < entity->index_count; i++) {
        const struct index *index = &entity->indexes[i];

        if (index->constraint == constraint && !index->derived && !printer->stands[i])
            print_annotation(printer, annotation, index, "");
    }
}

static void put_foreign_keys(struct printer *printer, const struct entity *entity, size_t annotation) {
    for (size_t i = 0; i < entity->foreign_key_count; i++)
        if (!entity->foreign_keys[i].relation)
            print_annotation(printer, annotation, &entity->foreign_keys[i], "");
}

/* What ENTITY has of what ANNOTATION makes. */
static void put_made(struct printer *printer, const struct entity *entity, size_t annotation) {
    switch (ir_annotations[annotation].makes) {
    case IR_ENTITY:
        print_annotation(printer, annotation, entity, "");
        return;
    case IR_KEY:
        print_annotation(printer, annotation, &entity->key, "");
        return;
    case IR_TABLE:
        print_annotation(printer, annotation, &entity->options, "");
        return;
    case IR_INDEX:
        put_indexes(printer, entity, annotation);
        return;
    case IR_CHECK:
        for (size_t i = 0; i < entity->check_count; i++)
            if (!entity->checks[i].derived)
                print_annotation(printer, annotation, &entity->checks[i], "");
        return;
    case IR_EXCLUDE:
        for (size_t i = 0; i < entity->exclude_count; i++)
            print_annotation(printer, annotation, &entity->excludes[i], "");
        return;
    case IR_FOREIGN_KEY:
        put_foreign_keys(printer, entity, annotation);
        return;
    case IR_FIELD:
    case IR_RELATION:
    case IR_ENUM:
    case IR_ENUM_MEMBER:
    case IR_OBJECT:
        break;
    }
    BUG("annotation \"%s\" on an entity", ir_annotations[annotation].name);
}

static void put_entity_annotations(struct printer *printer, const struct entity *entity) {
    print_find_field_indexes(printer, entity);
    for (size_t i = printer->annotations[IR_ENTITY].start; i < printer->annotations[IR_ENTITY].end; i++)
        put_made(printer, entity, i);
}

void print_entity(struct printer *printer, const struct entity *entity) {
    print_before(printer, entity->at, "");
    print_documentation(printer, entity->comment, "");
    put_entity_annotations(printer, entity);
    PRINT(printer, "public type ");
    print_name(printer, entity->name);
    PRINT(printer, " record {|\n");
    for (size_t i = 0; i < entity->field_count; i++)
        if (!entity->fields[i].derived)
            put_field(printer, entity, &entity->fields[i]);
    for (size_t i = 0; i < entity->relation_count; i++)
        put_relation(printer, entity, &entity->relations[i]);
    print_unsupported(printer, entity->name, "    ");
    if (printer->hooks)
        printer->hooks->inside_end(printer->hooks->data, printer->out, entity->at, "    ");
    PRINT(printer, "|};");
    print_line_end(printer, entity->at);
    print_finish(printer);
}

/* Enums. */

static void put_member(struct printer *printer, const struct enum_member *member, bool last) {
    print_before(printer, member->at, "    ");
    print_documentation(printer, member->comment, "    ");
    print_own_annotations(printer, IR_ENUM_MEMBER, member, "    ");
    PRINT(printer, "    ");
    print_name(printer, member->name);
    if (strcmp(member->name, member->value) != 0) {
        PRINT(printer, " = ");
        print_string(printer, member->value);
    }
    if (!last)
        PRINT(printer, ",");
    print_line_end(printer, member->at);
}

void print_enum(struct printer *printer, const struct enumeration *enumeration) {
    print_before(printer, enumeration->at, "");
    print_documentation(printer, enumeration->comment, "");
    print_own_annotations(printer, IR_ENUM, enumeration, "");
    PRINT(printer, "public enum ");
    print_name(printer, enumeration->name);
    PRINT(printer, " {\n");
    for (size_t i = 0; i < enumeration->member_count; i++)
        put_member(printer, &enumeration->members[i], i + 1 == enumeration->member_count);
    if (printer->hooks)
        printer->hooks->inside_end(printer->hooks->data, printer->out, enumeration->at, "    ");
    PRINT(printer, "}");
    print_line_end(printer, enumeration->at);
    print_finish(printer);
}

/* The whole. */

void printer_init(struct printer *printer, const struct schema *schema, struct str *out) {
    *printer = (struct printer){.out = out, .schema = schema, .format = 1};
    ir_annotation_rows(printer->rows);
    if (ir_attr_count > PRINT_ROWS_MAX)
        BUG("%zu rows, PRINT_ROWS_MAX is too small", ir_attr_count);
    for (size_t i = 0; i < ir_attr_count; i++)
        printer->rules[i] = (unsigned char)print_rule_of(&ir_attrs[i]);
    for (size_t i = ir_annotation_count; i-- > 0;)
        printer->annotations[ir_annotations[i].on].start = (uint32_t)i;
    for (size_t i = 0; i < ir_annotation_count; i++)
        printer->annotations[ir_annotations[i].on].end = (uint32_t)i + 1;
    print_find_unsupported(printer);
}

void printer_free(struct printer *printer) {
    arena_free(&printer->arena);
}

void print_items(struct printer *printer) {
    const struct schema *schema = printer->schema;

    if (map_get(&printer->unsupported, "")) {
        PRINT(printer, "\n");
        print_unsupported(printer, "", "");
    }
    for (size_t i = 0; i < schema->enum_count; i++) {
        PRINT(printer, "\n");
        print_enum(printer, schema->enums[i]);
    }
    for (size_t i = 0; i < schema->entity_count; i++) {
        PRINT(printer, "\n");
        print_entity(printer, schema->entities[i]);
    }
    for (size_t i = 0; i < schema->object_count; i++) {
        PRINT(printer, "\n");
        print_object(printer, schema->objects[i]);
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
unsigned model_print(const struct schema *schema, struct str *out) {
    struct printer printer;
    struct str items = STR_INIT;

    printer_init(&printer, schema, &items);
    print_items(&printer);
    print_imports(&printer, out);
    str_add_bytes(out, items.text, items.length);
    str_free(&items);
    printer_free(&printer);
    return printer.format;
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

void model_print_object(const struct object *object, struct str *out) {
    struct printer printer;

    printer_init(&printer, NULL, out);
    print_object(&printer, object);
    printer_free(&printer);
}
