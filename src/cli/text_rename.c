#include "text_rename.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct edit {
    size_t start;
    size_t length;
    const char *text;
};

struct renaming {
    struct arena *arena;
    const struct schema *schema;
    VEC(struct edit) edits;
    bool forgot; /* a @db:Was went */
};

static bool is_name_byte(char c) {
    return isalnum((unsigned char)c) || c == '_' || (unsigned char)c >= 0x80;
}

/* The name FROM, whole, in the text from START to END becomes TO: the first of them, or the last. */
static void edit_name(struct renaming *renaming, size_t start, size_t end, const char *from, const char *to, bool last) {
    const char *text = renaming->schema->source->text;
    size_t length = strlen(from);
    size_t found = end;

    for (size_t at = start; at + length <= end; at++) {
        if (strncmp(text + at, from, length) != 0 || is_name_byte(text[at + length]) || (at && is_name_byte(text[at - 1])))
            continue;
        if (found == end || last)
            found = at;
    }
    if (found < end)
        vec_push(renaming->arena, &renaming->edits, ((struct edit){found, length, to}));
}

static void edit_span(struct renaming *renaming, struct span at, const char *from, const char *to, bool last) {
    edit_name(renaming, at.start, at.end, from, to, last);
}

/* What is called NAME again needs no @db:Was that says so, in front of its declaration at START. */
static void drop_old_name(struct renaming *renaming, size_t start, const char *name) {
    const char *text = renaming->schema->source->text;
    const char *said = arena_printf(renaming->arena, "@db:Was {name: \"%s\"}", name);
    size_t length = strlen(said);

    for (size_t at = start; at-- > 0 && text[at] != ';';)
        if (strncmp(text + at, said, length) == 0 && at + length <= start) {
            length += strspn(text + at + length, " \t\r\n");
            vec_push(renaming->arena, &renaming->edits, ((struct edit){at, length, ""}));
            renaming->forgot = true;
            return;
        }
}

/* Where the entity or enum is the type of a field: the type stands first. */
static void edit_types(struct renaming *renaming, const struct rename *rename) {
    const struct schema *schema = renaming->schema;

    for (size_t i = 0; i < schema->entity_count; i++) {
        const struct entity *entity = schema->entities[i];

        for (size_t k = 0; rename->kind == RENAME_ENTITY && k < entity->relation_count; k++)
            if (strcmp(entity->relations[k].target, rename->from) == 0)
                edit_span(renaming, entity->relations[k].at, rename->from, rename->to, false);
        for (size_t k = 0; rename->kind == RENAME_ENUM && k < entity->field_count; k++)
            if (entity->fields[k].enum_name && strcmp(entity->fields[k].enum_name, rename->from) == 0)
                edit_span(renaming, entity->fields[k].at, rename->from, rename->to, false);
    }
}

/* RENAME's owner is called by its new name; in the text it may still have the old one. */
static const char *owner_in_text(const struct renames *renames, const struct rename *rename) {
    enum rename_kind kind = rename->kind == RENAME_MEMBER ? RENAME_ENUM : RENAME_ENTITY;

    for (size_t i = 0; i < renames->list.count; i++)
        if (renames->list.at[i].kind == kind && strcmp(renames->list.at[i].to, rename->owner) == 0)
            return renames->list.at[i].from;
    return rename->owner;
}

static void edit_name_of(struct renaming *renaming, struct span at, const struct rename *rename, bool last) {
    edit_span(renaming, at, rename->from, rename->to, last);
    drop_old_name(renaming, at.start, rename->to);
}

static void edit_declaration(struct renaming *renaming, const struct renames *renames, const struct rename *rename) {
    const char *owner = rename->owner ? owner_in_text(renames, rename) : rename->from;
    const struct entity *entity = schema_entity(renaming->schema, owner);
    const struct enumeration *enumeration = schema_enum(renaming->schema, owner);
    const struct field *field = entity && rename->kind == RENAME_FIELD ? entity_field(entity, rename->from) : NULL;
    const struct relation *relation = entity && rename->kind == RENAME_RELATION ? entity_relation(entity, rename->from) : NULL;

    if (field && !field->derived)
        edit_name_of(renaming, field->at, rename, true);
    if (relation)
        edit_name_of(renaming, relation->at, rename, true);
    if (entity && rename->kind == RENAME_ENTITY)
        edit_name_of(renaming, entity->at, rename, false);
    if (enumeration && rename->kind == RENAME_ENUM)
        edit_name_of(renaming, enumeration->at, rename, false);
    for (size_t i = 0; enumeration && rename->kind == RENAME_MEMBER && i < enumeration->member_count; i++)
        if (strcmp(enumeration->members[i].name, rename->from) == 0)
            edit_name_of(renaming, enumeration->members[i].at, rename, false);
    if (!rename->owner)
        edit_types(renaming, rename);
}

static int compare_edits(const void *a, const void *b) {
    size_t left = ((const struct edit *)a)->start, right = ((const struct edit *)b)->start;

    return (left > right) - (left < right);
}

/* The import that nothing needs any more. */
static void drop_import(struct str *out) {
    static const char import[] = "import persist/db;\n";
    char *at = strstr(out->text, import);

    if (!at || strstr(out->text, "@db:"))
        return;
    memmove(at, at + sizeof import - 1, strlen(at + sizeof import - 1) + 1);
    str_truncate(out, out->length - (sizeof import - 1));
}

void text_rename(struct arena *arena, const struct schema *schema, const struct renames *renames, struct str *out) {
    struct renaming renaming = {.arena = arena, .schema = schema};
    const char *text = schema->source->text;
    size_t done = 0;

    for (size_t i = 0; i < renames->list.count; i++)
        edit_declaration(&renaming, renames, &renames->list.at[i]);
    if (renaming.edits.count)
        qsort(renaming.edits.at, renaming.edits.count, sizeof *renaming.edits.at, compare_edits);
    for (size_t i = 0; i < renaming.edits.count; i++) {
        const struct edit *edit = &renaming.edits.at[i];

        if (edit->start < done)
            continue;
        str_add_bytes(out, text + done, edit->start - done);
        str_add(out, edit->text);
        done = edit->start + edit->length;
    }
    str_add_bytes(out, text + done, schema->source->length - done);
    if (renaming.forgot)
        drop_import(out);
}
