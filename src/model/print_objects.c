#include <stdio.h>
#include <string.h>

#include "print_internal.h"
#include "utf8.h"

/* Templates. */

/* What a template cannot hold exactly: its end, the beginning of an interpolation, and characters that editors or git change or that
 * nobody sees. Line ends and tabs stay as they are. */
static bool needs_interpolation(const char *at, uint32_t point) {
    if (point == '`' || (point == '$' && at[1] == '{'))
        return true;
    return utf8_is_control(point) && point != '\n' && point != '\t';
}

static bool is_plain_in_template(char c) {
    return ((unsigned char)c >= 0x20 && (unsigned char)c < 0x7F && c != '`' && c != '$') || c == '\n' || c == '\t';
}

void print_template(struct printer *printer, const char *text) {
    PRINT(printer, "string `");
    while (*text) {
        size_t length = 0;
        uint32_t point;

        while (is_plain_in_template(text[length]))
            length++;
        print_bytes(printer, text, length);
        text += length;
        if (!*text)
            break;
        point = utf8_decode(text, &length);
        if (needs_interpolation(text, point)) {
            char one[8] = "";

            memcpy(one, text, length);
            PRINT(printer, "${");
            print_string(printer, one);
            PRINT(printer, "}");
        } else {
            print_bytes(printer, text, length);
        }
        text += length;
    }
    PRINT(printer, "`");
}

/* Objects. */

void print_object(struct printer *printer, const struct object *object) {
    print_before(printer, object->at, "");
    print_documentation(printer, object->comment, "");
    print_own_annotations(printer, IR_OBJECT, object, "");
    PRINT(printer, "const string ");
    print_name(printer, object->name);
    PRINT(printer, " = ");
    print_template(printer, object->definition ? object->definition : "");
    PRINT(printer, ";");
    print_line_end(printer, object->at);
    print_finish(printer);
}

/* What could not be said. */

/* TEXT on one line: a comment ends where the line does. */
static void put_in_comment(struct printer *printer, const char *text) {
    for (size_t length; *text; text += length) {
        uint32_t point = utf8_decode(text, &length);
        char escape[16];

        if (utf8_is_control(point))
            print_bytes(printer, escape, (size_t)snprintf(escape, sizeof escape, "\\u{%X}", (unsigned)point));
        else
            print_bytes(printer, text, length);
    }
}

static void put_unsupported(struct printer *printer, const struct unsupported *unsupported, const char *indent) {
    print_text(printer, indent);
    PRINT(printer, PRINT_UNSUPPORTED);
    put_in_comment(printer, unsupported->kind);
    PRINT(printer, "] ");
    put_in_comment(printer, unsupported->name);
    if (unsupported->why) {
        PRINT(printer, ": ");
        put_in_comment(printer, unsupported->why);
    } else {
        PRINT(printer, ";");
    }
    PRINT(printer, "\n");
}

/* The next one of the same entity, by place in the list. */
struct unsupported_list {
    const struct unsupported *first;
    struct unsupported_list *next;
    struct unsupported_list **end;
};

void print_find_unsupported(struct printer *printer) {
    const struct schema *schema = printer->schema;

    for (size_t i = 0; schema && i < schema->unsupported_count; i++) {
        const struct unsupported *unsupported = &schema->unsupported[i];
        struct unsupported_list *added = ARENA_NEW(&printer->arena, struct unsupported_list);
        const char *entity = unsupported->entity && schema_entity(schema, unsupported->entity) ? unsupported->entity : "";
        struct unsupported_list *first = map_put(&printer->arena, &printer->unsupported, entity, added);

        added->first = unsupported;
        if (first)
            *first->end = added;
        first = first ? first : added;
        first->end = &added->next;
    }
}

bool print_unsupported(struct printer *printer, const char *entity, const char *indent) {
    const struct unsupported_list *list = map_get(&printer->unsupported, entity);

    for (const struct unsupported_list *at = list; at; at = at->next)
        put_unsupported(printer, at->first, indent);
    return list != NULL;
}
