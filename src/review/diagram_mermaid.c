/* Mermaid's erDiagram, in what its versions since 10.5 know: entities are called e0, e1 … and show their names, so that any name is safe.
 * Changes are told by marks, not by classes, which older versions refuse. */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "diagram.h"
#include "utf8.h"

/* Is AT in TEXT behind a word that Mermaid reads with a blank behind it as a line of its own, even in a text? */
static bool is_behind_direction(const char *text, const char *at) {
    static const char word[] = "direction";
    size_t length = sizeof word - 1;

    return (size_t)(at - text) >= length && strncasecmp(at - length, word, length) == 0;
}

/* Text between double quotes. What could end it, begin markup or end the block of Markdown around it is shown by a likeness. */
static void add_text(struct str *out, const char *text) {
    static const char *const likenesses[] = {
        ['"'] = "'", ['<'] = "‹", ['>'] = "›", ['`'] = "'", ['\\'] = "/", ['#'] = "＃", [';'] = ",", ['%'] = "％", ['~'] = "∼"};

    for (const char *at = text; *at;) {
        size_t length;
        uint32_t code = utf8_decode(at, &length);

        if (utf8_is_control(code) || code == ' ')
            str_add_char(out, is_behind_direction(text, at) ? '_' : ' ');
        else if (code < sizeof likenesses / sizeof *likenesses && likenesses[code])
            str_add(out, likenesses[code]);
        else
            str_add_bytes(out, at, length);
        at += length;
    }
}

/* Mermaid takes these for the key of an attribute, in any case, and also before a sign. */
static bool begins_as_key(const char *text) {
    static const char *const keys[] = {"pk", "fk", "uk"};

    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (strncasecmp(text, keys[i], 2) == 0 && !isalnum((unsigned char)text[2]) && text[2] != '_')
            return true;
    return false;
}

/* A bare word: what Mermaid takes as the type or the name of an attribute. True when it is TEXT to the letter. */
static bool add_word(struct str *out, const char *text) {
    bool exact = true;

    if ((!isalpha((unsigned char)*text) && *text != '_') || begins_as_key(text)) {
        str_add_char(out, '_');
        exact = false;
    }
    for (const char *at = text; *at; at++) {
        bool fits = isalnum((unsigned char)*at) || strchr("_-()[]", *at);

        str_add_char(out, fits ? *at : '_');
        exact = exact && fits;
    }
    return exact;
}

/* Without the module, the mark of what may be NULL, and parameters that do not fit into a word. */
static void add_type(struct str *out, const char *text) {
    const char *colon = memchr(text, ':', strcspn(text, "("));
    const char *type = colon ? colon + 1 : text;
    struct str bare = STR_INIT;

    str_add_bytes(&bare, type, strcspn(type, strpbrk(type, ",'") ? "(" : "?"));
    add_word(out, bare.text);
    str_free(&bare);
}

static void add_change(struct str *out, const struct diagram_field *field) {
    if (field->was) {
        str_add(out, "was ");
        add_text(out, field->was);
        str_add(out, field->was_type ? ", " : "");
    }
    if (field->was_type) {
        add_text(out, field->was_type);
        str_add(out, " → ");
        add_text(out, field->type);
    } else if (!field->was) {
        add_text(out, field->detail ? field->detail : "changed");
    }
}

/* "+ added", "− removed", "~ was note, string → string?": what the mark of a field stands for. */
static void add_comment(struct str *out, const struct diagram_field *field, bool exact) {
    static const char *const words[] = {"", "+ added", "− removed", "~ "};

    if (exact && field->change == DIAGRAM_SAME)
        return;
    str_add(out, " \"");
    str_add(out, words[field->change]);
    if (field->change == DIAGRAM_CHANGED)
        add_change(out, field);
    if (!exact) {
        str_add(out, field->change == DIAGRAM_SAME ? "" : ": ");
        add_text(out, field->name);
    }
    str_add_char(out, '"');
}

static void add_field(struct str *out, const struct diagram_field *field) {
    bool exact;

    str_add(out, "        ");
    add_type(out, field->type);
    str_add_char(out, ' ');
    exact = add_word(out, field->name);
    if (field->key || field->reference)
        str_addf(out, " %s%s%s", field->key ? "PK" : "", field->key && field->reference ? ", " : "", field->reference ? "FK" : "");
    add_comment(out, field, exact);
    str_add_char(out, '\n');
}

static void add_entity(struct str *out, const struct diagram_entity *entity, size_t number) {
    const char *mark = diagram_mark(entity->change);

    str_addf(out, "    e%zu[\"%s%s", number, mark, *mark ? " " : "");
    add_text(out, entity->name);
    if (entity->was || entity->kind) {
        str_add(out, entity->was ? " (was " : " (");
        add_text(out, entity->was ? entity->was : entity->kind);
        str_add_char(out, ')');
    }
    str_add(out, entity->fields.count ? "\"] {\n" : "\"]\n");
    for (size_t i = 0; i < entity->fields.count; i++)
        add_field(out, &entity->fields.at[i]);
    if (entity->fields.count)
        str_add(out, "    }\n");
}

static void add_relation(struct str *out, const struct diagram_relation *relation) {
    const char *mark = diagram_mark(relation->change);

    str_addf(out, "    e%zu %s%s%s e%zu : \"%s%s", relation->to,
             relation->reads      ? "}o"
             : relation->optional ? "|o"
                                  : "||",
             relation->reads ? ".." : "--", relation->many ? "o{" : "o|", relation->from, mark, *mark ? " " : "");
    add_text(out, relation->name ? relation->name : relation->reads ? "reads" : "");
    str_add(out, "\"\n");
}

void diagram_mermaid(const struct diagram *diagram, struct str *out) {
    str_add(out, "erDiagram\n");
    for (size_t i = 0; i < diagram->entities.count; i++)
        add_entity(out, &diagram->entities.at[i], i);
    for (size_t i = 0; i < diagram->relations.count; i++)
        add_relation(out, &diagram->relations.at[i]);
}
