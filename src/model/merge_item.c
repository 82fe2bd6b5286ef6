#include <string.h>

#include "merge_internal.h"

/* Where things stand. */

/* Behind METADATA, past blanks and comments; START where there is none. */
static uint32_t behind_metadata(const struct merge *merge, const struct ast_metadata *metadata, uint32_t start) {
    uint32_t at = metadata->at.end;

    if (metadata->at.end <= metadata->at.start)
        return start;
    for (;;) {
        at += (uint32_t)strspn(merge->text + at, " \t\r\n");
        if (merge->text[at] != '/' || merge->text[at + 1] != '/')
            return at;
        at += (uint32_t)strcspn(merge->text + at, "\n");
    }
}

static struct written written_at(const struct merge *merge, const struct ast_metadata *metadata, struct span at) {
    return (struct written){.metadata = metadata, .start = at.start, .core = behind_metadata(merge, metadata, at.start)};
}

/* Documentation that is no data stays: *COMMENT is that of the field or relation NAME in the file. */
static void keep_comment(const struct merge *merge, const char *entity, const char *name, const char **comment) {
    const struct entity *documented = merge->documented ? schema_entity(merge->documented, entity) : NULL;
    const struct field *field = documented ? entity_field(documented, name) : NULL;
    const struct relation *relation = documented ? entity_relation(documented, name) : NULL;

    if (documented)
        *comment = field ? field->comment : relation ? relation->comment : NULL;
}

/* Where the field or relation NAME stands, and what it was. */
static struct span known_place(const struct entity *known, const char *name, const char **was) {
    const struct field *field = known ? entity_field(known, name) : NULL;
    const struct relation *relation = known ? entity_relation(known, name) : NULL;

    *was = field ? field->was : relation ? relation->was : NULL;
    return field ? field->at : relation ? relation->at : (struct span){0, 0};
}

struct entity *with_places(struct merge *merge, const struct entity *pulled) {
    const struct entity *known = schema_entity(&merge->known, pulled->name);
    struct entity *entity = entity_copy(merge->arena, pulled);

    entity->at = known ? known->at : (struct span){0, 0};
    entity->was = known ? known->was : NULL;
    if (merge->documented && known)
        entity->comment = schema_entity(merge->documented, pulled->name)->comment;
    for (size_t i = 0; i < entity->field_count; i++) {
        entity->fields[i].at = known_place(known, entity->fields[i].name, &entity->fields[i].was);
        keep_comment(merge, entity->name, entity->fields[i].name, &entity->fields[i].comment);
    }
    for (size_t i = 0; i < entity->relation_count; i++) {
        entity->relations[i].at = known_place(known, entity->relations[i].name, &entity->relations[i].was);
        keep_comment(merge, entity->name, entity->relations[i].name, &entity->relations[i].comment);
    }
    return entity;
}

static const struct enum_member *find_member(const struct enumeration *enumeration, const char *name) {
    for (size_t i = 0; enumeration && i < enumeration->member_count; i++)
        if (strcmp(enumeration->members[i].name, name) == 0)
            return &enumeration->members[i];
    return NULL;
}

struct enumeration *enum_with_places(struct merge *merge, const struct enumeration *pulled) {
    const struct enumeration *known = schema_enum(&merge->known, pulled->name);
    const struct enumeration *documented = merge->documented ? schema_enum(merge->documented, pulled->name) : NULL;
    struct enumeration *enumeration = enumeration_copy(merge->arena, pulled);

    enumeration->at = known ? known->at : (struct span){0, 0};
    enumeration->was = known ? known->was : NULL;
    if (documented)
        enumeration->comment = documented->comment;
    for (size_t i = 0; i < enumeration->member_count; i++) {
        const struct enum_member *member = find_member(known, enumeration->members[i].name);

        enumeration->members[i].at = member ? member->at : (struct span){0, 0};
        enumeration->members[i].was = member ? member->was : NULL;
        member = find_member(documented, enumeration->members[i].name);
        if (member)
            enumeration->members[i].comment = member->comment;
    }
    return enumeration;
}

struct object *object_with_places(struct merge *merge, const struct object *pulled) {
    const struct object *known = schema_object(&merge->known, pulled->name);
    struct object *object = object_copy(merge->arena, pulled);

    object->at = known ? known->at : (struct span){0, 0};
    object->was = known ? known->was : NULL;
    if (merge->documented && known)
        object->comment = schema_object(merge->documented, pulled->name)->comment;
    return object;
}

/* An item printed anew, with its comments. */

const char *merge_take_printed(struct merge *merge) {
    const char *text = arena_strndup(merge->arena, merge->printed.text, merge->printed.length);

    merge->printer.hooks = NULL;
    merge->printer.was = false;
    str_truncate(&merge->printed, 0);
    return text;
}

/* For what is printed next, instead of the item at AT whose span in the schema begins at KEY: with what was, and with the comments in it,
 * right above and right behind it. */
static void begin_anew(struct merge *merge, struct print_hooks *hooks, struct span at, uint32_t key) {
    *hooks = formatter_hooks(merge->formatter);
    formatter_cut(merge->formatter, key, place_with_comments(merge, at.start));
    merge->printer.hooks = hooks;
    merge->printer.was = true;
}

static void end_anew(struct merge *merge, struct span at) {
    const char *text = merge_take_printed(merge);

    edit_replace(merge, (struct span){place_with_comments(merge, at.start), place_behind(merge, at.end)}, text);
}

/* Members: fields and relations of an entity, members of an enum. */

/* Members of one item by their order in the file, as far as they are in the file, with where they stand. */
struct member {
    const struct piece *old; /* NULL: new */
    const struct piece *new; /* NULL: gone */
    const struct ast_metadata *metadata;
    struct span at;    /* of an old one */
    struct span typed; /* what its declaration says, without its name: what is replaced when it differs */
    const char *said;  /* that of NEW */
    bool relation;
};

struct members {
    VEC(struct member) list; /* those that are to be there, in their order */
    VEC(struct member) gone;
    struct span brackets;  /* of the item: to its closing bracket, exclusive */
    const char *separator; /* "," between the members of an enum, else "" */
};

/* Is each member on lines of its own, and the closing bracket on another? Only then is there a place for new ones. */
static bool is_plain_layout(const struct merge *merge, const struct members *members) {
    for (size_t i = 0; i < members->list.count; i++)
        if (members->list.at[i].old && !place_begins_line(merge, members->list.at[i].at.start))
            return false;
    for (size_t i = 0; i < members->gone.count; i++)
        if (!place_begins_line(merge, members->gone.at[i].at.start))
            return false;
    return place_begins_line(merge, members->brackets.end);
}

static bool is_structure_same(const struct members *members) {
    for (size_t i = 0; i < members->list.count; i++)
        if (!members->list.at[i].old)
            return false;
    return members->gone.count == 0;
}

/* Members that stay are in the order in which they are wanted; relations and columns do not mind each other. */
static bool is_order_same(const struct members *members) {
    uint32_t last[2] = {0, 0};

    for (size_t i = 0; i < members->list.count; i++) {
        const struct member *member = &members->list.at[i];

        if (!member->old)
            continue;
        if (member->at.start < last[member->relation])
            return false;
        last[member->relation] = member->at.start;
    }
    return true;
}

static bool merge_member(struct merge *merge, const struct member *member) {
    struct written written = written_at(merge, member->metadata, member->at);

    if (piece_same(member->old, member->new))
        return true;
    if (strcmp(member->old->declaration, member->new->declaration) != 0)
        edit_replace(merge, member->typed, member->said);
    return piece_merge(merge, &written, member->old, member->new);
}

/* The member behind or before which the new one at INDEX comes: the nearest of its sort that is there already; a relation comes behind
 * the columns. NULL: none. */
static const struct member *find_neighbor(const struct members *members, size_t index, bool before) {
    const struct member *member = &members->list.at[index];

    for (size_t i = index; before ? i-- > 0 : ++i < members->list.count;)
        if (members->list.at[i].old && (members->list.at[i].relation == member->relation || (before && member->relation)))
            return &members->list.at[i];
    return NULL;
}

/* The last of those that stay, in the order of the file. */
static const struct member *last_member(const struct members *members) {
    const struct member *last = NULL;

    for (size_t i = 0; i < members->list.count; i++)
        if (members->list.at[i].old && (!last || members->list.at[i].at.start > last->at.start))
            last = &members->list.at[i];
    return last;
}

static bool insert_member(struct merge *merge, const struct members *members, size_t index) {
    const struct member *before = find_neighbor(members, index, true);
    const struct member *behind = find_neighbor(members, index, false);
    const struct member *anchor = before ? before : behind;
    bool last = index + 1 == members->list.count;
    const char *text;

    if (members->list.at[index].relation && (!before || !before->relation)) { /* the first relation: behind all columns */
        before = behind ? NULL : last_member(members);
        anchor = behind ? behind : before;
    }
    if (!anchor)
        return false;
    text = piece_text(merge, members->list.at[index].new, place_indent(merge, anchor->at.start), last ? "" : members->separator);
    edit_insert(merge, before ? place_behind(merge, before->at.end) : place_with_comments(merge, behind->at.start), text);
    return true;
}

/* Each member of an enum but the last one has a comma behind it. */
static void merge_separators(struct merge *merge, const struct members *members) {
    for (size_t i = 0; i < members->list.count && *members->separator; i++) {
        const struct member *member = &members->list.at[i];
        uint32_t comma = member->at.end + (uint32_t)strspn(merge->text + member->at.end, " \t\r\n");
        bool has_comma = member->old && merge->text[comma] == ',';

        if (!member->old)
            continue;
        if (i + 1 < members->list.count && !has_comma)
            edit_insert(merge, member->at.end, members->separator);
        else if (i + 1 == members->list.count && has_comma)
            edit_replace(merge, (struct span){comma, comma + 1}, "");
    }
}

/* False: the item is to be printed anew. */
static bool merge_members(struct merge *merge, const struct members *members) {
    if (!is_order_same(members) || (!is_structure_same(members) && !is_plain_layout(merge, members)))
        return false;
    for (size_t i = 0; i < members->gone.count; i++)
        edit_remove_lines(merge, place_with_comments(merge, members->gone.at[i].at.start), place_behind(merge, members->gone.at[i].at.end));
    for (size_t i = 0; i < members->list.count; i++)
        if (members->list.at[i].old ? !merge_member(merge, &members->list.at[i]) : !insert_member(merge, members, i))
            return false;
    if (!is_structure_same(members))
        merge_separators(merge, members);
    return true;
}

/* Puts MEMBER where its piece belongs; OLD are the pieces of the file by name. */
static void add_member(struct merge *merge, struct members *members, const struct map *old, struct member member) {
    member.old = map_get(old, member.new->name);
    vec_push(merge->arena, &members->list, member);
}

static void map_pieces(struct merge *merge, const struct pieces *pieces, struct map *map) {
    for (size_t i = 0; i < pieces->members.count; i++)
        map_put(merge->arena, map, pieces->members.at[i].name, &pieces->members.at[i]);
}

/* Entities. */

/* The names of the pieces: columns that are declared, then relations, as the printer has them. The count of the columns. */
static size_t name_fields(const struct entity *entity, struct pieces *pieces) {
    size_t at = 0;
    size_t columns;

    for (size_t i = 0; i < entity->field_count; i++)
        if (!entity->fields[i].derived)
            pieces->members.at[at++].name = entity->fields[i].name;
    columns = at;
    for (size_t i = 0; i < entity->relation_count; i++)
        pieces->members.at[at++].name = entity->relations[i].name;
    return columns;
}

const char *merge_print_entity(struct merge *merge, const struct schema *schema, const struct entity *entity) {
    const struct printer before = merge->printer;

    merge->printer.schema = schema;
    merge->printer.unsupported = (struct map){0};
    print_entity(&merge->printer, entity);
    merge->printer.schema = before.schema;
    merge->printer.unsupported = before.unsupported;
    return merge_take_printed(merge);
}

/* "readonly int? " of "readonly int? id;": what stands before the name. */
static const char *declared_type(struct merge *merge, const struct piece *piece) {
    size_t name = strlen(printed_name(merge, piece->name)) + 1;

    return arena_strndup(merge->arena, piece->declaration, strlen(piece->declaration) - name);
}

static void place_field(struct merge *merge, const struct ast_field *field, struct member *member) {
    member->metadata = &field->metadata;
    member->at = field->at;
    member->typed = (struct span){field->core_at.start, field->name_at.start};
    if (member->new)
        member->said = declared_type(merge, member->new);
}

/* The fields of DECLARED as they are to be. False: a field is a column here and a relation there. */
static bool find_fields(struct merge *merge, const struct ast_entity *declared, struct pieces *sides, struct members *members) {
    struct map old = {0};
    struct map new = {0};
    struct map written = {0};
    size_t old_columns = name_fields(schema_entity(&merge->known, declared->name), &sides[0]);
    size_t new_columns = name_fields(schema_entity(&merge->pulled, declared->name), &sides[1]);

    map_pieces(merge, &sides[0], &old);
    map_pieces(merge, &sides[1], &new);
    for (size_t i = 0; i < declared->fields.count; i++)
        map_put(merge->arena, &written, declared->fields.at[i].name, &declared->fields.at[i]);
    for (size_t i = 0; i < sides[1].members.count; i++) {
        const struct piece *piece = &sides[1].members.at[i];
        const struct piece *before = map_get(&old, piece->name);
        struct member member = {.new = piece, .relation = i >= new_columns};

        if (before && ((size_t)(before - sides[0].members.at) >= old_columns) != member.relation)
            return false;
        if (before)
            place_field(merge, map_get(&written, piece->name), &member);
        add_member(merge, members, &old, member);
    }
    for (size_t i = 0; i < declared->fields.count; i++) {
        struct member member = {.old = map_get(&old, declared->fields.at[i].name)};

        place_field(merge, &declared->fields.at[i], &member);
        if (!map_get(&new, declared->fields.at[i].name))
            vec_push(merge->arena, &members->gone, member);
    }
    return true;
}

static void merge_entity_unsupported(struct merge *merge, const struct ast_entity *declared) {
    uint32_t closing = declared->record_at.end - 2;
    bool plain = place_begins_line(merge, closing);
    struct unsupported_place place = {.entity = declared->name,
                                      .at = declared->at,
                                      .place = plain ? place_line(merge, closing) : closing,
                                      .lead = plain ? "" : "\n",
                                      .indent = "    "};

    if (declared->fields.count && place_begins_line(merge, declared->fields.at[0].at.start))
        place.indent = place_indent(merge, declared->fields.at[0].at.start);
    merge_unsupported(merge, &place);
}

/* Is an index of ENTITY written before it that canonical text has on its fields? What is said on those then says it too. */
static bool has_moved_index(struct merge *merge, const struct entity *entity, const struct piece *head) {
    for (size_t i = 0; i < entity->index_count; i++) {
        const struct index *index = &entity->indexes[i];

        if (strncmp(merge->text + index->at.start, "@db:", 4) == 0 && !index->derived &&
            !piece_has(merge, head, index->constraint ? "db:Unique" : "db:Index", index))
            return true;
    }
    return false;
}

static bool annotations_same(const struct members *members) {
    for (size_t i = 0; i < members->list.count; i++)
        if (!members->list.at[i].old || !texts_same(&members->list.at[i].old->annotations, &members->list.at[i].new->annotations))
            return false;
    return members->gone.count == 0;
}

/* Does a @db:Inverse that canonical text does not need name another field than the one that is now the other side? */
static bool has_stale_inverse(struct merge *merge, const struct ast_entity *declared) {
    const struct entity *new = schema_entity(&merge->pulled, declared->name);

    for (size_t i = 0; i < declared->fields.count; i++) {
        const struct ast_annotation *said = ast_annotation_find(&declared->fields.at[i].metadata, "db:Inverse");
        const struct ast_value *name = said ? ast_argument(said, "field") : NULL;
        const struct relation *relation = name ? entity_relation(new, declared->fields.at[i].name) : NULL;

        if (relation && name->text && !relation->explicit_inverse && strcmp(relation->inverse, name->text) != 0)
            return true;
    }
    return false;
}

/* Does a @db:ForeignKey name the key that it refers to, as it need not, where that is another now? */
static bool has_stale_target(struct merge *merge, const struct ast_entity *declared) {
    for (size_t i = 0; i < declared->metadata.annotation_count; i++) {
        const struct ast_annotation *annotation = &declared->metadata.annotations[i];
        const struct ast_value *name = ast_argument(annotation, "entity");
        const struct entity *old = name && ast_argument(annotation, "to") ? schema_entity(&merge->known, name->text) : NULL;
        const struct entity *new = old ? schema_entity(&merge->pulled, name->text) : NULL;

        if (new && !names_equal(&old->key.fields, &new->key.fields))
            return true;
    }
    return false;
}

/* False: to be printed anew. */
static bool merge_finely(struct merge *merge, const struct ast_entity *declared, struct pieces *sides) {
    struct members members = {.separator = ""};
    struct written head = written_at(merge, &declared->metadata, declared->at);

    head.entity = schema_entity(&merge->known, declared->name);
    members.brackets = (struct span){declared->record_at.start, declared->record_at.end - 2};
    if (!find_fields(merge, declared, sides, &members) ||
        (!annotations_same(&members) && has_moved_index(merge, head.entity, &sides[0].head)))
        return false;
    return piece_merge(merge, &head, &sides[0].head, &sides[1].head) && merge_members(merge, &members);
}

void merge_entity(struct merge *merge, const struct ast_entity *declared) {
    const struct entity *old = schema_entity(&merge->known, declared->name);
    const struct entity *new = schema_entity(&merge->pulled, declared->name);
    const char *texts[] = {merge_print_entity(merge, &merge->known, old), merge_print_entity(merge, &merge->pulled, new)};
    size_t edits = merge->edits.count;
    bool anew = has_stale_inverse(merge, declared) || has_stale_target(merge, declared) || map_get(&merge->anew, declared->name);
    struct print_hooks hooks;
    struct pieces sides[2];

    if (anew || strcmp(texts[0], texts[1]) != 0) {
        pieces_read(merge, texts[0], false, &sides[0]);
        pieces_read(merge, texts[1], false, &sides[1]);
        if (merge->coarse || anew || !merge_finely(merge, declared, sides)) {
            merge->edits.count = edits;
            begin_anew(merge, &hooks, declared->at, old->at.start);
            print_entity(&merge->printer, with_places(merge, new));
            end_anew(merge, declared->at);
            return;
        }
    }
    merge_entity_unsupported(merge, declared);
}

/* Enums. */

static const char *print_values(struct merge *merge, const struct enumeration *enumeration) {
    print_enum(&merge->printer, enumeration);
    return merge_take_printed(merge);
}

static void name_members(const struct enumeration *enumeration, struct pieces *pieces) {
    for (size_t i = 0; i < enumeration->member_count; i++)
        pieces->members.at[i].name = enumeration->members[i].name;
}

static void place_member(struct merge *merge, const struct ast_enum_member *written, struct member *member) {
    member->metadata = &written->metadata;
    member->at = written->at;
    member->typed = (struct span){written->name_at.end, written->at.end};
    if (member->new)
        member->said = member->new->declaration + strlen(printed_name(merge, member->new->name));
}

static void find_members(struct merge *merge, const struct ast_enum *declared, struct pieces *sides, struct members *members) {
    struct map old = {0};
    struct map new = {0};
    struct map written = {0};

    name_members(schema_enum(&merge->known, declared->name), &sides[0]);
    name_members(schema_enum(&merge->pulled, declared->name), &sides[1]);
    map_pieces(merge, &sides[0], &old);
    map_pieces(merge, &sides[1], &new);
    for (size_t i = 0; i < declared->members.count; i++)
        map_put(merge->arena, &written, declared->members.at[i].name, &declared->members.at[i]);
    for (size_t i = 0; i < sides[1].members.count; i++) {
        struct member member = {.new = &sides[1].members.at[i]};

        if (map_get(&written, member.new->name))
            place_member(merge, map_get(&written, member.new->name), &member);
        add_member(merge, members, &old, member);
    }
    for (size_t i = 0; i < declared->members.count; i++) {
        struct member member = {.old = map_get(&old, declared->members.at[i].name)};

        place_member(merge, &declared->members.at[i], &member);
        if (!map_get(&new, declared->members.at[i].name))
            vec_push(merge->arena, &members->gone, member);
    }
}

static bool merge_enum_finely(struct merge *merge, const struct ast_enum *declared, struct pieces *sides) {
    struct members members = {.separator = ","};
    struct written head = written_at(merge, &declared->metadata, declared->at);
    uint32_t closing = declared->at.end;

    while (closing > declared->at.start && merge->text[closing] != '}')
        closing--;
    members.brackets = (struct span){declared->at.start, closing};
    find_members(merge, declared, sides, &members);
    return piece_merge(merge, &head, &sides[0].head, &sides[1].head) && merge_members(merge, &members);
}

void merge_enum(struct merge *merge, const struct ast_enum *declared) {
    const struct enumeration *old = schema_enum(&merge->known, declared->name);
    const struct enumeration *new = schema_enum(&merge->pulled, declared->name);
    const char *texts[] = {print_values(merge, old), print_values(merge, new)};
    size_t edits = merge->edits.count;
    struct print_hooks hooks;
    struct pieces sides[2];

    if (strcmp(texts[0], texts[1]) == 0)
        return;
    pieces_read(merge, texts[0], false, &sides[0]);
    pieces_read(merge, texts[1], false, &sides[1]);
    if (!merge->coarse && merge_enum_finely(merge, declared, sides))
        return;
    merge->edits.count = edits;
    begin_anew(merge, &hooks, declared->at, old->at.start);
    print_enum(&merge->printer, enum_with_places(merge, new));
    end_anew(merge, declared->at);
}

/* Objects. */

static const char *print_definition(struct merge *merge, const struct object *object) {
    print_object(&merge->printer, object);
    return merge_take_printed(merge);
}

static bool merge_object_finely(struct merge *merge, const struct ast_object *declared, const struct pieces *sides) {
    struct written written = written_at(merge, &declared->metadata, declared->at);
    const char *text = sides[1].head.declaration;
    size_t before = strlen("const string ") + strlen(printed_name(merge, declared->name)) + strlen(" = ");

    if (strcmp(sides[0].head.declaration, text) != 0)
        edit_replace(merge, declared->definition_at, arena_strndup(merge->arena, text + before, strlen(text) - before - strlen(";\n")));
    return piece_merge(merge, &written, &sides[0].head, &sides[1].head);
}

void merge_object(struct merge *merge, const struct ast_object *declared) {
    const struct object *old = schema_object(&merge->known, declared->name);
    const struct object *new = schema_object(&merge->pulled, declared->name);
    const char *texts[] = {print_definition(merge, old), print_definition(merge, new)};
    size_t edits = merge->edits.count;
    struct print_hooks hooks;
    struct pieces sides[2];

    if (strcmp(texts[0], texts[1]) == 0)
        return;
    pieces_read(merge, texts[0], true, &sides[0]);
    pieces_read(merge, texts[1], true, &sides[1]);
    if (!merge->coarse && merge_object_finely(merge, declared, sides))
        return;
    merge->edits.count = edits;
    begin_anew(merge, &hooks, declared->at, old->at.start);
    print_object(&merge->printer, object_with_places(merge, new));
    end_anew(merge, declared->at);
}
