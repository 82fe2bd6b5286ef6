#include <string.h>

#include "bug.h"
#include "print_internal.h"

/* Values of annotations. */

static void put_names(struct printer *printer, const struct names *names) {
    PRINT(printer, "[");
    for (size_t i = 0; i < names->count; i++) {
        if (i)
            PRINT(printer, ", ");
        print_string(printer, names->at[i]);
    }
    PRINT(printer, "]");
}

/* Is VALUE what a whole number, true or false looks like, so that it is written without quotes? */
static bool is_bare(const char *value) {
    size_t digits = strspn(value, "0123456789");

    if (strcmp(value, "true") == 0 || strcmp(value, "false") == 0)
        return true;
    return digits && digits <= 18 && !value[digits] && (value[0] != '0' || digits == 1);
}

static void put_options(struct printer *printer, const struct options *options) {
    PRINT(printer, "{");
    for (size_t i = 0; i < options->count; i++) {
        if (i)
            PRINT(printer, ", ");
        if (print_plain_length(options->at[i].key) && !print_is_digit(options->at[i].key[0]))
            print_name(printer, options->at[i].key);
        else
            print_string(printer, options->at[i].key);
        PRINT(printer, ": ");
        if (is_bare(options->at[i].value))
            print_text(printer, options->at[i].value);
        else
            print_string(printer, options->at[i].value);
    }
    PRINT(printer, "}");
}

static bool is_plain_part(const struct index_part *part) {
    return part->field && !part->opclass && !part->collation && !part->prefix && part->order == ORDER_ASCENDING &&
           part->nulls == NULLS_DEFAULT;
}

static void put_part_text(struct printer *printer, const char *key, const char *value) {
    if (!value)
        return;
    print_text(printer, key);
    print_string(printer, value);
}

static void put_part(struct printer *printer, const struct index_part *part) {
    if (is_plain_part(part)) {
        print_string(printer, part->field);
        return;
    }
    put_part_text(printer, "{'field: ", part->field);
    put_part_text(printer, "{expression: ", part->expression);
    if (part->order == ORDER_DESCENDING)
        PRINT(printer, ", direction: \"desc\"");
    if (part->nulls != NULLS_DEFAULT)
        print_text(printer, part->nulls == NULLS_FIRST ? ", nulls: \"first\"" : ", nulls: \"last\"");
    put_part_text(printer, ", opclass: ", part->opclass);
    put_part_text(printer, ", collation: ", part->collation);
    if (part->prefix) {
        PRINT(printer, ", prefix: ");
        print_number(printer, part->prefix);
    }
    PRINT(printer, "}");
}

static void put_parts(struct printer *printer, const struct index *index) {
    PRINT(printer, "[");
    for (size_t i = 0; i < index->part_count; i++) {
        if (i)
            PRINT(printer, ", ");
        put_part(printer, &index->parts[i]);
    }
    PRINT(printer, "]");
}

static void put_precision(struct printer *printer, const uint16_t *precision) {
    PRINT(printer, "[");
    print_number(printer, precision[0]);
    PRINT(printer, ", ");
    print_number(printer, precision[1]);
    PRINT(printer, "]");
}

static void put_choice(struct printer *printer, const struct ir_attr *attr, uint8_t choice) {
    if (attr->flags & ATTR_PRESENCE)
        print_text(printer, attr->choices[choice]);
    else
        print_string(printer, attr->choices[choice]);
}

/* The value of ATTR in OBJECT as its annotation says it. */
static void put_value(struct printer *printer, const struct ir_attr *attr, const void *object) {
    const void *at = (const char *)object + attr->offset;

    switch (attr->type) {
    case ATTR_TEXT:
        print_string(printer, *(const char *const *)at);
        return;
    case ATTR_BOOL:
        print_text(printer, attr->flags & ATTR_INVERTED ? "false" : "true");
        return;
    case ATTR_LENGTH:
        print_number(printer, *(const uint32_t *)at);
        return;
    case ATTR_NUMBER:
        print_number(printer, *(const int64_t *)at);
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

enum print_rule print_rule_of(const struct ir_attr *attr) {
    for (size_t i = 0; i < sizeof special_rows / sizeof *special_rows; i++)
        if (strcmp(special_rows[i].annotation, attr->annotation) == 0 &&
            (!special_rows[i].argument || text_equal(special_rows[i].argument, attr->argument)))
            return special_rows[i].rule;
    return PRINT_ALWAYS;
}

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
        return !print_is_documentation(*(const char *const *)((const char *)object + attr->offset));
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

void print_begin_annotation(struct printer *printer, const char *name, const char *indent) {
    printer->uses_sql = printer->uses_sql || name[0] == 's';
    printer->uses_db = printer->uses_db || name[0] == 'd';
    print_text(printer, indent);
    PRINT(printer, "@");
    print_text(printer, name);
}

void print_annotation(struct printer *printer, size_t annotation, const void *object, const char *indent) {
    const struct ir_rows *rows = &printer->rows[annotation];
    bool begun = false;
    size_t arguments = 0;

    for (size_t i = rows->first; i < rows->first + rows->count; i++) {
        const struct ir_attr *attr = &ir_attrs[i];

        if (is_default(attr, object) || !says(printer, i, object))
            continue;
        if (!begun)
            print_begin_annotation(printer, ir_annotations[annotation].name, indent);
        begun = true;
        if (attr->flags & ATTR_FORMAT_2)
            printer->format = 2;
        if (attr->type == ATTR_FLAG || (attr->flags & ATTR_PRESENCE && *((const char *)object + attr->offset) == 1))
            continue;
        if (attr->argument) {
            print_text(printer, arguments++ ? ", " : " {");
            print_name(printer, attr->argument);
            PRINT(printer, ": ");
        } else {
            PRINT(printer, " ");
        }
        put_value(printer, attr, object);
    }
    if (arguments)
        PRINT(printer, "}");
    if (begun)
        PRINT(printer, "\n");
}

void print_own_annotations(struct printer *printer, enum ir_kind kind, const void *object, const char *indent) {
    for (size_t i = printer->annotations[kind].start; i < printer->annotations[kind].end; i++)
        if (ir_annotations[i].makes == kind)
            print_annotation(printer, i, object, indent);
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

/* From the last on, so that each field has them in their order. */
void print_find_field_indexes(struct printer *printer, const struct entity *entity) {
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

void print_field_indexes(struct printer *printer, const struct field_index *list, bool unique) {
    const struct index *only = NULL;
    size_t count = 0;

    for (; list; list = list->next) {
        const struct index *index = list->index;

        if (index->unique != unique)
            continue;
        if (!count)
            print_begin_annotation(printer, unique ? "sql:UniqueIndex" : "sql:Index", "    ");
        if (count == 1) {
            PRINT(printer, " {name: [");
            print_string(printer, only->name);
        }
        if (count++) {
            PRINT(printer, ", ");
            print_string(printer, index->name);
        }
        only = index;
    }
    if (count == 1 && !is_default_index_name(only)) {
        PRINT(printer, " {name: ");
        print_string(printer, only->name);
        PRINT(printer, "}");
    }
    if (count > 1)
        PRINT(printer, "]}");
    if (count)
        PRINT(printer, "\n");
}
