#include <string.h>
#include <strings.h>

#include "bug.h"
#include "lower.h"
#include "utf8.h"

/* Near misses. */

/* What of the names seen so far is nearest to TEXT, within a third of its length. */
struct suggestion {
    const char *text; /* NULL: nobody will see it */
    const char *best;
    size_t distance;
};

static struct suggestion suggest(const struct lowering *lowering, const char *text) {
    if (lowering->diag->truncated)
        return (struct suggestion){0};
    return (struct suggestion){.text = text, .distance = strlen(text) / 3 + 1};
}

static void consider(struct suggestion *suggestion, const char *name) {
    size_t distance;

    if (!suggestion->text)
        return;
    distance = utf8_distance(suggestion->text, name, suggestion->distance);

    if (distance <= suggestion->distance && (!suggestion->best || distance < suggestion->distance)) {
        suggestion->best = name;
        suggestion->distance = distance;
    }
}

static void hint_suggestion(struct lowering *lowering, const struct suggestion *suggestion) {
    if (suggestion->best)
        diag_hint(lowering->diag, "did you mean \"%s\"?", suggestion->best);
}

/* Values. */

static void wrong_value(struct lowering *lowering, const struct ast_value *value, const struct ir_attr *attr, const char *wanted) {
    if (value->kind == AST_OTHER && value->at.start == value->at.end)
        return; /* reported by the parser */
    lower_error(lowering, value->at, "\"%s\" of \"@%s\" must be %s", value->key ? value->key : attr->argument, attr->annotation, wanted);
}

static void set_text(struct lowering *lowering, const struct ir_attr *attr, const struct ast_value *value, const char **out) {
    if (value->kind == AST_STRING)
        *out = value->text;
    else
        wrong_value(lowering, value, attr, "a string");
}

static void set_bool(struct lowering *lowering, const struct ir_attr *attr, const struct ast_value *value, bool *out) {
    if (value->kind == AST_BOOL)
        *out = (value->integer != 0) != ((attr->flags & ATTR_INVERTED) != 0);
    else
        wrong_value(lowering, value, attr, "true or false");
}

/* The constraint library lets a limit be written with a message: {value: 20, message: "…"}. */
static const struct ast_value *plain_limit(const struct ir_attr *attr, const struct ast_value *value) {
    if (value->kind == AST_MAPPING && strcmp(attr->annotation, "constraint:String") == 0)
        for (size_t i = 0; i < value->count; i++)
            if (strcmp(value->items[i]->key, "value") == 0)
                return value->items[i];
    return value;
}

static void set_length(struct lowering *lowering, const struct ir_attr *attr, const struct ast_value *value, uint32_t *out) {
    value = plain_limit(attr, value);
    if (value->kind == AST_INT && value->integer >= 0 && value->integer <= UINT32_MAX)
        *out = (uint32_t)value->integer;
    else
        wrong_value(lowering, value, attr, "a whole number that is not negative");
}

static void set_number(struct lowering *lowering, const struct ir_attr *attr, const struct ast_value *value, int64_t *out) {
    if (value->kind == AST_INT)
        *out = value->integer;
    else
        wrong_value(lowering, value, attr, "a whole number");
}

static void set_precision(struct lowering *lowering, const struct ir_attr *attr, const struct ast_value *value, uint16_t *out) {
    bool fits = value->kind == AST_LIST && value->count == 2;

    for (size_t i = 0; fits && i < 2; i++)
        fits = value->items[i]->kind == AST_INT && value->items[i]->integer >= 0 && value->items[i]->integer <= UINT16_MAX;
    if (!fits) {
        wrong_value(lowering, value, attr, "a list of two whole numbers, precision and scale");
        return;
    }
    out[0] = (uint16_t)value->items[0]->integer;
    out[1] = (uint16_t)value->items[1]->integer;
}

/* "one of "a", "b"", without the default that has no name. */
static const char *choice_words(struct lowering *lowering, const struct ir_attr *attr) {
    const char *words = "one of";

    for (size_t i = 0; attr->choices[i]; i++)
        if (*attr->choices[i])
            words = arena_printf(lowering->scratch, "%s%s \"%s\"", words, strcmp(words, "one of") == 0 ? "" : ",", attr->choices[i]);
    return words;
}

static void set_choice(struct lowering *lowering, const struct ir_attr *attr, const struct ast_value *value, uint8_t *out) {
    const char *text = value->kind == AST_BOOL ? (value->integer ? "true" : "false") : value->kind == AST_STRING ? value->text : "";

    for (size_t i = 0; attr->choices[i]; i++)
        if (*text && strcasecmp(attr->choices[i], text) == 0) {
            *out = (uint8_t)i;
            return;
        }
    wrong_value(lowering, value, attr, attr->flags & ATTR_PRESENCE ? "true or false" : choice_words(lowering, attr));
}

static void set_names(struct lowering *lowering, const struct ir_attr *attr, const struct ast_value *value, struct names *out) {
    bool strings = value->kind == AST_LIST;

    for (size_t i = 0; strings && i < value->count; i++)
        strings = value->items[i]->kind == AST_STRING;
    if (!strings) {
        wrong_value(lowering, value, attr, "a list of strings");
        return;
    }
    out->at = ARENA_ARRAY(lowering->arena, const char *, value->count);
    out->count = value->count;
    for (size_t i = 0; i < value->count; i++)
        out->at[i] = value->items[i]->text;
}

/* An option's value as text: "70" and 70 are the same option. NULL: reported. */
static const char *option_text(struct lowering *lowering, const struct ast_value *value) {
    switch (value->kind) {
    case AST_STRING:
    case AST_INT:
    case AST_FLOAT:
        return value->text;
    case AST_BOOL:
        return value->integer ? "true" : "false";
    case AST_LIST:
    case AST_MAPPING:
    case AST_OTHER:
        break;
    }
    lower_error(lowering, value->at, "option \"%s\" must be a string, a number, true or false", value->key);
    return NULL;
}

static void set_options(struct lowering *lowering, const struct ir_attr *attr, const struct ast_value *value, struct options *out) {
    if (value->kind != AST_MAPPING) {
        wrong_value(lowering, value, attr, "a mapping");
        return;
    }
    out->at = ARENA_ARRAY(lowering->arena, struct option, value->count);
    for (size_t i = 0; i < value->count; i++) {
        const char *text = option_text(lowering, value->items[i]);

        if (text)
            out->at[out->count++] = (struct option){value->items[i]->key, text};
    }
}

static void set_attribute(struct lowering *lowering, const struct ir_attr *attr, const struct ast_value *value, void *object) {
    void *out = (char *)object + attr->offset;

    switch (attr->type) {
    case ATTR_TEXT:
        set_text(lowering, attr, value, out);
        return;
    case ATTR_BOOL:
    case ATTR_FLAG:
        set_bool(lowering, attr, value, out);
        return;
    case ATTR_LENGTH:
        set_length(lowering, attr, value, out);
        return;
    case ATTR_NUMBER:
        set_number(lowering, attr, value, out);
        return;
    case ATTR_CHOICE:
        set_choice(lowering, attr, value, out);
        return;
    case ATTR_NAMES:
        set_names(lowering, attr, value, out);
        return;
    case ATTR_OPTIONS:
        set_options(lowering, attr, value, out);
        return;
    case ATTR_PARTS:
        return;
    case ATTR_PRECISION:
        set_precision(lowering, attr, value, out);
        return;
    }
    BUG("attribute type %d", (int)attr->type);
}

/* Annotations. */

static const struct ir_attr *find_row(const struct ir_rows *rows, const char *argument) {
    for (size_t i = rows->first; i < rows->first + rows->count; i++)
        if (ir_attrs[i].argument && strcmp(ir_attrs[i].argument, argument) == 0)
            return &ir_attrs[i];
    return NULL;
}

static void unknown_argument(struct lowering *lowering, const struct ir_rows *rows, const char *annotation, const struct ast_value *value) {
    struct suggestion suggestion = suggest(lowering, value->key);

    for (size_t i = rows->first; i < rows->first + rows->count; i++)
        if (ir_attrs[i].argument)
            consider(&suggestion, ir_attrs[i].argument);
    lower_error(lowering, value->key_at, "\"@%s\" has no argument \"%s\"", annotation, value->key);
    hint_suggestion(lowering, &suggestion);
}

/* What the annotation says by standing there: flags, presence, and all its arguments as options. */
static void set_by_presence(struct lowering *lowering, const struct ast_annotation *annotation, const struct ir_rows *rows, void *object) {
    for (size_t i = rows->first; i < rows->first + rows->count; i++) {
        const struct ir_attr *attr = &ir_attrs[i];
        char *out = (char *)object + attr->offset;

        if (attr->type == ATTR_FLAG || attr->flags & ATTR_PRESENCE)
            *out = 1;
        else if (attr->type == ATTR_OPTIONS && !attr->argument && annotation->value)
            set_attribute(lowering, attr, annotation->value, object);
        else if (attr->flags & ATTR_REQUIRED && !ast_argument(annotation, attr->argument))
            lower_error(lowering, annotation->at, "\"@%s\" needs the argument \"%s\"", annotation->name, attr->argument);
    }
}

static bool takes_all_arguments(const struct ir_rows *rows) {
    return rows->count == 1 && ir_attrs[rows->first].type == ATTR_OPTIONS && !ir_attrs[rows->first].argument;
}

void lower_annotation(struct lowering *lowering, const struct ast_annotation *annotation, const struct ir_annotation *known, void *object) {
    const struct ir_rows *rows = &lowering->rows[known - ir_annotations];
    const struct ast_value *mapping = annotation->value;

    set_by_presence(lowering, annotation, rows, object);
    for (size_t i = 0; mapping && i < mapping->count && !takes_all_arguments(rows); i++) {
        const struct ast_value *value = mapping->items[i];
        const struct ir_attr *attr = find_row(rows, value->key);

        if (attr)
            set_attribute(lowering, attr, value, object);
        else if (strncmp(annotation->name, "constraint:", strlen("constraint:")) != 0)
            unknown_argument(lowering, rows, annotation->name, value);
    }
}

static const char *kind_words(enum ir_kind kind) {
    switch (kind) {
    case IR_ENTITY:
        return "an entity";
    case IR_FIELD:
        return "a field";
    case IR_RELATION:
        return "a relation field";
    case IR_ENUM:
        return "an enum";
    case IR_ENUM_MEMBER:
        return "an enum member";
    case IR_OBJECT:
        return "an object";
    case IR_FOREIGN_KEY:
    case IR_KEY:
    case IR_INDEX:
    case IR_CHECK:
    case IR_EXCLUDE:
    case IR_TABLE:
        break;
    }
    BUG("annotations do not stand on kind %d", (int)kind);
}

/* An annotation that says nothing about objects of kind ON. Those of other libraries mean nothing here; those of part 1 on a relation
 * field have codes of their own and are reported by ast_validate(). */
static void error_misplaced(struct lowering *lowering, const struct ast_annotation *annotation, enum ir_kind on) {
    struct suggestion suggestion = suggest(lowering, annotation->name);
    bool part1 = strncmp(annotation->name, "sql:", 4) == 0;

    if (!part1 && strncmp(annotation->name, "db:", 3) != 0)
        return;
    for (size_t i = 0; i < ir_annotation_count; i++) {
        if (strcmp(ir_annotations[i].name, annotation->name) == 0) {
            if (!part1 || on != IR_RELATION)
                lower_error(lowering, annotation->at, "\"@%s\" cannot stand on %s", annotation->name, kind_words(on));
            return;
        }
        if (ir_annotations[i].on == on)
            consider(&suggestion, ir_annotations[i].name);
    }
    lower_error(lowering, annotation->name_at, "there is no annotation \"@%s\"", annotation->name);
    hint_suggestion(lowering, &suggestion);
}

static bool stands_before(const struct ast_metadata *metadata, size_t index) {
    for (size_t i = 0; i < index; i++)
        if (strcmp(metadata->annotations[i].name, metadata->annotations[index].name) == 0)
            return true;
    return false;
}

void lower_annotations(struct lowering *lowering, const struct ast_metadata *metadata, enum ir_kind on, void *object) {
    for (size_t i = 0; i < metadata->annotation_count; i++) {
        const struct ast_annotation *annotation = &metadata->annotations[i];
        const struct ir_annotation *known = ir_annotation_find(annotation->name, on);

        if (!known)
            error_misplaced(lowering, annotation, on);
        else if (!known->repeats && stands_before(metadata, i))
            lower_error(lowering, annotation->at, "\"@%s\" stands here twice", annotation->name);
        else if (known->makes == on)
            lower_annotation(lowering, annotation, known, object);
    }
}

/* Lists of keys. */

const struct foreign_key *lower_relation_key(const struct entity *entity, const char *name) {
    const struct relation *relation = entity_relation(entity, name);

    return relation && relation->owner ? &entity->foreign_keys[relation->foreign_key] : NULL;
}

static void error_no_field(struct lowering *lowering, const struct entity *entity, struct span at, const char *name) {
    struct suggestion suggestion = suggest(lowering, name);

    for (size_t i = 0; i < entity->field_count; i++)
        consider(&suggestion, entity->fields[i].name);
    if (entity_relation(entity, name)) {
        lower_error(lowering, at, "relation \"%s\" has no columns in entity \"%s\": its foreign key lies on the other side", name,
                    entity->name);
        return;
    }
    lower_error(lowering, at, "\"%s\" is no field of entity \"%s\"", name, entity->name);
    hint_suggestion(lowering, &suggestion);
}

enum { MANY_FIELDS = 64 };

/* The field NAME of ENTITY, or NULL. A large entity gets a map, so that thousands of keys are found in time. */
static const struct field *find_field(struct lowering *lowering, const struct entity *entity, const char *name) {
    if (entity->field_count < MANY_FIELDS)
        return entity_field(entity, name);
    if (lowering->mapped != entity) {
        lowering->mapped = entity;
        lowering->by_name = (struct map){0};
        for (size_t i = 0; i < entity->field_count; i++)
            map_put(lowering->scratch, &lowering->by_name, entity->fields[i].name, &entity->fields[i]);
    }
    return map_get(&lowering->by_name, name);
}

/* The fields that NAME stands for: itself, or a relation's. NULL: reported. */
static const struct names *fields_meant(struct lowering *lowering, const struct entity *entity, const struct ast_value *value,
                                        struct names *one) {
    const struct foreign_key *key;

    if (find_field(lowering, entity, value->text)) {
        one->at = &((struct ast_value *)(size_t)value)->text;
        one->count = 1;
        return one;
    }
    key = lower_relation_key(entity, value->text);
    if (!key)
        error_no_field(lowering, entity, value->at, value->text);
    return key ? &key->fields : NULL;
}

void lower_names(struct lowering *lowering, const struct entity *entity, const struct ast_value *value, struct names *names) {
    VEC(const char *) list = {0};

    for (size_t i = 0; i < value->count; i++) {
        struct names one;
        const struct names *meant = value->items[i]->kind == AST_STRING ? fields_meant(lowering, entity, value->items[i], &one) : NULL;

        for (size_t j = 0; meant && j < meant->count; j++)
            vec_push(lowering->arena, &list, meant->at[j]);
    }
    names->at = list.at;
    names->count = list.count;
}

/* The arguments of a key that is written as a mapping. */
struct part_argument {
    const char *name;
    enum { PART_FIELD, PART_EXPRESSION, PART_OPCLASS, PART_COLLATION, PART_PREFIX, PART_DIRECTION, PART_NULLS } meaning;
};

static const struct part_argument part_arguments[] = {
    {"field", PART_FIELD},     {"expression", PART_EXPRESSION}, {"direction", PART_DIRECTION}, {"nulls", PART_NULLS},
    {"opclass", PART_OPCLASS}, {"collation", PART_COLLATION},   {"prefix", PART_PREFIX},
};

static const char *const directions[] = {"asc", "desc", NULL};
static const char *const nulls_places[] = {"", "first", "last", NULL};

static void set_part(struct lowering *lowering, const struct part_argument *argument, const struct ast_value *value,
                     struct index_part *part) {
    struct ir_attr attr = {.kind = IR_INDEX, .annotation = "db:Index", .argument = argument->name, .choices = directions};

    switch (argument->meaning) {
    case PART_FIELD:
        set_text(lowering, &attr, value, &part->field);
        return;
    case PART_EXPRESSION:
        set_text(lowering, &attr, value, &part->expression);
        return;
    case PART_OPCLASS:
        set_text(lowering, &attr, value, &part->opclass);
        return;
    case PART_COLLATION:
        set_text(lowering, &attr, value, &part->collation);
        return;
    case PART_PREFIX:
        set_length(lowering, &attr, value, &part->prefix);
        return;
    case PART_DIRECTION:
        set_choice(lowering, &attr, value, &part->order);
        return;
    case PART_NULLS:
        attr.choices = nulls_places;
        set_choice(lowering, &attr, value, &part->nulls);
        return;
    }
}

static void unknown_part_argument(struct lowering *lowering, const struct ast_value *value) {
    struct suggestion suggestion = suggest(lowering, value->key);

    for (size_t i = 0; i < sizeof part_arguments / sizeof *part_arguments; i++)
        consider(&suggestion, part_arguments[i].name);
    lower_error(lowering, value->key_at, "a key of an index has no argument \"%s\"", value->key);
    hint_suggestion(lowering, &suggestion);
}

/* {field: "a", direction: "desc"} or {expression: "lower(a)"}. 0, or -1: reported. */
static int lower_part(struct lowering *lowering, const struct ast_value *value, struct index_part *part) {
    for (size_t i = 0; i < value->count; i++) {
        size_t at = 0;

        while (at < sizeof part_arguments / sizeof *part_arguments && strcmp(part_arguments[at].name, value->items[i]->key) != 0)
            at++;
        if (at < sizeof part_arguments / sizeof *part_arguments)
            set_part(lowering, &part_arguments[at], value->items[i], part);
        else
            unknown_part_argument(lowering, value->items[i]);
    }
    if (!part->field == !part->expression)
        return lower_error(lowering, value->at, "a key of an index needs either \"field\" or \"expression\"");
    return 0;
}

struct part_list {
    VEC(struct index_part) list;
};

/* One key: a name may stand for several fields, then each gets what the mapping says. */
static void add_parts(struct lowering *lowering, const struct entity *entity, const struct ast_value *value, struct part_list *parts) {
    struct index_part part = {0};
    struct ast_value name = *value;
    struct names one;
    const struct names *meant;

    if (value->kind == AST_MAPPING) {
        if (lower_part(lowering, value, &part) < 0)
            return;
        name.text = part.field;
    } else if (value->kind != AST_STRING) {
        lower_error(lowering, value->at, "a key of an index must be the name of a field or a mapping");
        return;
    }
    if (part.expression) {
        vec_push(lowering->arena, &parts->list, part);
        return;
    }
    meant = name.text ? fields_meant(lowering, entity, &name, &one) : NULL;
    for (size_t i = 0; meant && i < meant->count; i++) {
        part.field = meant->at[i];
        vec_push(lowering->arena, &parts->list, part);
    }
}

void lower_parts(struct lowering *lowering, const struct entity *entity, const struct ast_value *value, struct index *index) {
    struct part_list parts = {0};

    if (!value)
        return;
    if (value->kind != AST_LIST || !value->count) {
        lower_error(lowering, value->at, "\"keys\" must be a list of fields");
        return;
    }
    for (size_t i = 0; i < value->count; i++)
        add_parts(lowering, entity, value->items[i], &parts);
    index->parts = parts.list.at;
    index->part_count = parts.list.count;
}
