#include "parse_internal.h"

#include <string.h>

#include "str.h"

/* Tokens. */

struct token parse_peek(const struct parser *parser) {
    struct lexer ahead = parser->lexer;
    struct token token;

    ahead.comments = NULL;
    lexer_next(&ahead, &token);
    return token;
}

/* What the current token is, for "…, found %s". */
static const char *token_words(struct parser *parser) {
    const struct token *token = &parser->token;
    char *text;

    if (parser->diag->truncated)
        return ""; /* nobody will see it */
    if (token->kind == TOKEN_END)
        return "the end of the file";
    if (token->kind == TOKEN_DOC)
        return "a documentation line";
    text = source_text(parser->diag->arena, parser->tree->source, token->at);
    return strlen(text) > 40 ? arena_printf(parser->diag->arena, "\"%.30s…\"", text) : arena_printf(parser->diag->arena, "\"%s\"", text);
}

void parse_error_bad_token(struct parser *parser) {
    char first = parser->lexer.text[parser->token.at.start];
    struct span at = parser->token.at;

    if (first == '"')
        diag_error(parser->diag, parser->tree->source, at, 0, "a string without its closing quote");
    else if (first == '`')
        diag_error(parser->diag, parser->tree->source, at, 0, "a string template without its closing \"`\"");
    else
        diag_error(parser->diag, parser->tree->source, at, 0, "unexpected character %s", token_words(parser));
}

int parse_error_expected(struct parser *parser, const char *what) {
    if (parser->token.kind == TOKEN_BAD)
        parse_error_bad_token(parser);
    else
        diag_error(parser->diag, parser->tree->source, parser->token.at, 0, "expected %s, found %s", what, token_words(parser));
    return -1;
}

int parse_error_missing(struct parser *parser, const char *what, const char *behind, const char *name) {
    struct span at = {parser->end, parser->end};

    if (parser->token.kind == TOKEN_BAD)
        parse_error_bad_token(parser);
    else
        diag_error(parser->diag, parser->tree->source, at, 0, "expected \"%s\" %s \"%s\"", what, behind, name);
    return -1;
}

const char *parse_name(struct parser *parser, const char *what) {
    const char *name;

    if (parser->token.kind != TOKEN_NAME) {
        parse_error_expected(parser, what);
        return NULL;
    }
    name = lexer_name(parser->memory.texts, &parser->lexer, &parser->token);
    if (!name)
        diag_error(parser->diag, parser->tree->source, parser->token.at, 0,
                   "a wrong escape in a name: write \\u{…} or a backslash before a sign");
    parse_next(parser);
    return name;
}

/* Recovery. */

static bool begins_item(const struct parser *parser) {
    char first = parser->lexer.text[parser->token.at.start];

    if (first != 'p' && first != 't' && first != 'e' && first != 'i' && first != 'c')
        return false;
    return parse_is_word(parser, "public") || parse_is_word(parser, "type") || parse_is_word(parser, "enum") ||
           parse_is_word(parser, "import") || parse_is_word(parser, "const");
}

/* Files are laid out with their items at the beginning of the line: where braces do not match, that is what can be relied on. */
static bool at_line_start(const struct parser *parser) {
    uint32_t start = parser->token.at.start;

    return start == 0 || parser->lexer.text[start - 1] == '\n';
}

bool parse_begins_item_for_sure(const struct parser *parser) {
    return at_line_start(parser) && (begins_item(parser) || parser->token.kind == '@' || parser->token.kind == TOKEN_DOC);
}

void parse_skip_balanced(struct parser *parser) {
    size_t depth = 0;

    do {
        depth += parse_opens(parser->token.kind);
        if (parse_closes(parser->token.kind) && depth)
            depth--;
        parse_next(parser);
    } while (depth && parser->token.kind != TOKEN_END && !parse_begins_item_for_sure(parser));
}

/* To the next item of the file. */
static void skip_to_item(struct parser *parser) {
    while (parser->token.kind != TOKEN_END && !parse_begins_item_for_sure(parser))
        parse_next(parser);
}

/* Behind the next ";" of the record, or to its end. */
static void skip_field(struct parser *parser) {
    while (parser->token.kind != TOKEN_END && parser->token.kind != '}' && parser->token.kind != TOKEN_CLOSE_RECORD &&
           !parse_begins_item_for_sure(parser)) {
        if (parse_accept(parser, ';'))
            return;
        parse_skip_balanced(parser);
    }
}

/* Records. */

static void add_odd_member(struct parser *parser, struct ast_entity *entity, int kind, uint32_t start) {
    struct ast_odd_member *member = vec_add(parser->memory.tree, &entity->odd_members);

    if (!parse_accept(parser, ';'))
        parse_error_missing(parser, ";", "in", entity->name);
    if (kind == AST_INCLUSION)
        member->kind = AST_INCLUSION;
    member->at = parse_span_from(parser, start);
}

/* "readonly" may be the type itself: "readonly r;". */
static bool parse_readonly(struct parser *parser) {
    int after;

    if (!parse_is_word(parser, "readonly"))
        return false;
    after = parse_peek(parser).kind;
    if (after == TOKEN_NAME) {
        struct lexer ahead = parser->lexer;
        struct token token;

        ahead.comments = NULL;
        lexer_next(&ahead, &token);
        lexer_next(&ahead, &token);
        if (token.kind == ';')
            return false;
    }
    parse_next(parser);
    return true;
}

/* Behind the type: the name and what may follow it. 0, or -1: reported. */
static int parse_field_rest(struct parser *parser, struct ast_field *field) {
    field->name_at = parser->token.at;
    field->name = parse_name(parser, "the name of a field");
    if (!field->name)
        return -1;
    field->optional = parse_accept(parser, '?');
    if (parse_accept(parser, '=')) {
        field->has_default = true;
        while (parser->token.kind != ';' && parser->token.kind != TOKEN_END && !parse_closes(parser->token.kind) &&
               !parse_begins_item_for_sure(parser))
            parse_skip_balanced(parser);
    }
    if (parse_accept(parser, ';'))
        return 0;
    parse_error_missing(parser, ";", "after field", field->name);
    return parser->token.kind == TOKEN_NAME || parser->token.kind == '@' || parser->token.kind == TOKEN_DOC ||
                   parser->token.kind == TOKEN_CLOSE_RECORD
               ? 0
               : -1;
}

/* A member that is no field: reported or kept elsewhere, or the end of a record that was not closed, of which its caller speaks. */
static bool parse_odd_member(struct parser *parser, struct ast_entity *entity, const struct ast_field *field) {
    struct ast_type included;

    if (begins_item(parser))
        return true;
    if (!parse_accept(parser, '*'))
        return false;
    parse_type(parser, &included);
    add_odd_member(parser, entity, AST_INCLUSION, field->metadata.at.start);
    return true;
}

/* Reads one member of the record into FIELD, with recovery behind it. 0, or -1: it is no field. */
static int parse_field(struct parser *parser, struct ast_entity *entity, struct ast_field *field) {
    uint32_t start;

    memset(field, 0, sizeof *field);
    parse_metadata(parser, &field->metadata);
    start = parser->token.at.start;
    if (parse_odd_member(parser, entity, field))
        return -1;
    field->readonly = parse_readonly(parser);
    parse_type(parser, &field->type);
    if (field->type.name && parse_accept(parser, TOKEN_ELLIPSIS)) {
        add_odd_member(parser, entity, AST_REST_FIELD, field->metadata.at.start);
        return -1;
    }
    if (!field->type.name || parse_field_rest(parser, field) < 0) {
        skip_field(parser);
        return -1;
    }
    field->core_at = parse_span_from(parser, start);
    field->at = parse_span_from(parser, field->metadata.at.start);
    return 0;
}

static void keep_fields(struct parser *parser, struct ast_entity *entity) {
    size_t count = parser->fields.count;

    entity->fields.at = ARENA_ARRAY(parser->memory.tree, struct ast_field, count);
    if (count)
        memcpy(entity->fields.at, parser->fields.at, count * sizeof *entity->fields.at);
    entity->fields.count = entity->fields.capacity = count;
    for (size_t i = 0; i < count; i++) {
        entity->key_count += entity->fields.at[i].readonly;
        entity->named_count += !entity->fields.at[i].type.builtin;
    }
}

/* From "record" to ";". */
static void parse_record(struct parser *parser, struct ast_entity *entity) {
    int closing;
    bool closed;
    uint32_t start = parser->token.at.start;

    parse_next(parser);
    entity->open = parser->token.kind == '{';
    closing = entity->open ? '}' : TOKEN_CLOSE_RECORD;
    parse_next(parser);
    parser->fields.count = 0;
    while (parser->token.kind != '}' && parser->token.kind != TOKEN_CLOSE_RECORD && parser->token.kind != TOKEN_END && !begins_item(parser))
        if (parse_field(parser, entity, vec_add(parser->memory.tree, &parser->fields)) < 0)
            parser->fields.count--;
    keep_fields(parser, entity);
    closed = parse_accept(parser, closing);
    if (!closed) {
        parse_error_missing(parser, entity->open ? "}" : "|}", "to close", entity->name);
        if (parse_closes(parser->token.kind))
            parse_next(parser);
    }
    entity->record_at = parse_span_from(parser, start);
    if (!parse_accept(parser, ';') && closed)
        parse_error_missing(parser, ";", "after entity", entity->name);
    entity->at = parse_span_from(parser, entity->metadata.at.start);
}

/* Items. */

struct item {
    struct ast_metadata metadata;
    bool is_public;
};

/* Does the text read on as a record type, behind "type NAME"? */
static bool at_record(const struct parser *parser) {
    int after = parse_is_word(parser, "record") ? parse_peek(parser).kind : 0;

    return after == '{' || after == TOKEN_OPEN_RECORD;
}

/* Words that begin an item of Ballerina: where "}" ended the one before. */
static bool begins_any_item(const struct parser *parser) {
    static const char *const words[] = {
        "public",   "type",   "enum",       "import",       "function",      "const",  "final",    "isolated", "class",    "service",
        "listener", "client", "annotation", "configurable", "transactional", "remote", "resource", "distinct", "readonly", "xmlns",
    };

    if (parser->token.kind == '@' || parser->token.kind == TOKEN_DOC || parser->token.kind == TOKEN_END)
        return true;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (token_is(&parser->lexer, &parser->token, words[i], strlen(words[i])))
            return true;
    return false;
}

/* Passes over an item that is neither entity nor enum: to its ";", or to a "}" behind which it does not go on. */
static void skip_item(struct parser *parser) {
    while (parser->token.kind != TOKEN_END) {
        bool block = parser->token.kind == '{';

        if (parse_accept(parser, ';'))
            return;
        parse_skip_balanced(parser);
        if (parse_begins_item_for_sure(parser) || (block && parser->token.kind != ';' && begins_any_item(parser)))
            return;
    }
}

static void parse_other(struct parser *parser, const struct item *item) {
    struct ast_other other;

    skip_item(parser);
    other.at = parse_span_from(parser, item->metadata.at.start);
    vec_push(parser->memory.tree, &parser->tree->others, other);
}

/* Behind "=": the text, and the ";". 0, or -1: reported. */
static int parse_definition(struct parser *parser, struct ast_object *object) {
    const struct ast_value *value = parse_value(parser);

    object->definition = value->text;
    object->definition_at = value->at;
    if (value->kind != AST_STRING)
        return diag_error(parser->diag, parser->tree->source, value->at, 0, "the definition of \"%s\" must be a string: string `…`",
                          object->name);
    if (!parse_accept(parser, ';'))
        return parse_error_missing(parser, ";", "after object", object->name);
    return 0;
}

/* From "const" on; @db:Object stands before it. */
static void parse_object(struct parser *parser, const struct item *item) {
    struct ast_object object = {.metadata = item->metadata};
    uint32_t start = parser->token.at.start;
    int result = 0;

    parse_next(parser);
    if (parse_is_word(parser, "string"))
        parse_next(parser);
    object.name_at = parser->token.at;
    object.name = parse_name(parser, "the name of an object, behind \"const string\"");
    if (object.name && !parse_accept(parser, '='))
        result = parse_error_missing(parser, "=", "behind", object.name);
    if (!object.name || result || parse_definition(parser, &object)) {
        skip_to_item(parser);
        return;
    }
    object.at = parse_span_from(parser, item->metadata.at.start);
    object.core_at = parse_span_from(parser, start);
    vec_push(parser->memory.tree, &parser->tree->objects, object);
}

static void parse_entity(struct parser *parser, const struct item *item) {
    struct lexer before = parser->lexer;
    struct token type = parser->token;
    uint32_t end = parser->end;
    struct ast_entity entity = {.metadata = item->metadata, .is_public = item->is_public};

    parse_next(parser);
    entity.name_at = parser->token.at;
    entity.name = parse_name(parser, "the name of an entity");
    if (!entity.name) {
        skip_to_item(parser);
        return;
    }
    if (at_record(parser)) {
        parse_record(parser, &entity);
        vec_push(parser->memory.tree, &parser->tree->entities, entity);
    } else if (parser->token.kind == TOKEN_OPEN_RECORD) {
        parse_error_missing(parser, "record", "behind", entity.name);
        skip_to_item(parser);
    } else {
        parser->lexer = before;
        parser->token = type;
        parser->end = end;
        parse_other(parser, item);
    }
}

static void parse_member(struct parser *parser, struct ast_enum *enumeration) {
    struct ast_enum_member member = {0};

    parse_metadata(parser, &member.metadata);
    member.name_at = parser->token.at;
    member.name = parse_name(parser, "the name of an enum member");
    if (!member.name) {
        while (parser->token.kind != TOKEN_END && parser->token.kind != ',' && !parse_closes(parser->token.kind) &&
               !parse_begins_item_for_sure(parser))
            parse_skip_balanced(parser);
        return;
    }
    if (parse_accept(parser, '=')) {
        const struct ast_value *value = parse_value(parser);

        member.value = value->text;
        if (value->kind != AST_STRING)
            diag_error(parser->diag, parser->tree->source, value->at, 0, "the value of enum member \"%s\" must be a string", member.name);
    }
    member.at = parse_span_from(parser, member.metadata.at.start);
    vec_push(parser->memory.tree, &enumeration->members, member);
}

static void parse_enum(struct parser *parser, const struct item *item) {
    struct ast_enum enumeration = {.metadata = item->metadata, .is_public = item->is_public};

    parse_next(parser);
    enumeration.name_at = parser->token.at;
    enumeration.name = parse_name(parser, "the name of an enum");
    if (!enumeration.name || parser->token.kind != '{') {
        if (enumeration.name)
            parse_error_missing(parser, "{", "after enum", enumeration.name);
        skip_to_item(parser);
        return;
    }
    parse_next(parser);
    while (parser->token.kind != '}' && parser->token.kind != TOKEN_END && !parse_begins_item_for_sure(parser)) {
        parse_member(parser, &enumeration);
        if (!parse_accept(parser, ','))
            break;
    }
    if (!parse_accept(parser, '}')) {
        parse_error_missing(parser, ",\" or \"}", "in enum", enumeration.name);
        skip_to_item(parser);
    }
    parse_accept(parser, ';');
    enumeration.at = parse_span_from(parser, item->metadata.at.start);
    vec_push(parser->memory.tree, &parser->tree->enums, enumeration);
}

/* The module's name, joined: "ballerinax/persist.sql". *LAST gets its last part. NULL: reported. */
static const char *parse_module(struct parser *parser, const char **last) {
    struct str module = STR_INIT;
    const char *kept = NULL;

    while ((*last = parse_name(parser, "the name of a module"))) {
        str_add(&module, *last);
        if (parser->token.kind != '/' && parser->token.kind != '.')
            break;
        str_add_char(&module, (char)parser->token.kind);
        parse_next(parser);
    }
    if (*last)
        kept = str_keep(&module, parser->memory.tree);
    str_free(&module);
    return kept;
}

static void parse_import(struct parser *parser) {
    struct ast_import import = {.at = parser->token.at};

    parse_next(parser);
    import.prefix_at = parser->token.at;
    import.module = parse_module(parser, &import.prefix);
    if (!import.module) {
        skip_to_item(parser);
        return;
    }
    import.prefix_at.end = parser->end;
    if (parse_is_word(parser, "as")) {
        import.prefix_at = parser->token.at;
        import.prefix_written = true;
        parse_next(parser);
        import.prefix = parse_name(parser, "a prefix");
        import.prefix_at = parse_span_from(parser, import.prefix_at.start);
    }
    if (import.prefix && !parse_accept(parser, ';'))
        parse_error_missing(parser, ";", "after import", import.module);
    import.at = parse_span_from(parser, import.at.start);
    if (import.prefix)
        vec_push(parser->memory.tree, &parser->tree->imports, import);
    else
        skip_to_item(parser);
}

static void parse_item(struct parser *parser) {
    struct item item;

    parse_metadata(parser, &item.metadata);
    if (parse_is_word(parser, "import")) {
        parse_import(parser);
        return;
    }
    item.is_public = parse_accept_word(parser, "public");
    if (parse_is_word(parser, "type")) {
        parse_entity(parser, &item);
    } else if (parse_is_word(parser, "enum")) {
        parse_enum(parser, &item);
    } else if (parse_is_word(parser, "const") && ast_annotation_find(&item.metadata, "db:Object")) {
        parse_object(parser, &item);
    } else if (parser->token.kind == TOKEN_NAME) {
        parse_other(parser, &item);
    } else {
        parse_error_expected(parser, "an entity, an enum or an object");
        if (parser->token.kind != TOKEN_END)
            parse_next(parser);
        skip_to_item(parser);
    }
}

void ast_parse_into(const struct ast_memory *memory, struct source *source, struct ast *tree, struct diag *diag) {
    struct comment_spans comments = {0};
    struct parser parser = {.memory = *memory, .tree = tree, .diag = diag};

    *tree = (struct ast){.source = source};
    parser.lexer = (struct lexer){.text = source->text, .at = source->text, .arena = memory->tree};
    if (memory->comments)
        parser.lexer.comments = &comments;
    parse_next(&parser);
    while (parser.token.kind != TOKEN_END)
        parse_item(&parser);
    tree->comments.at = comments.list.at;
    tree->comments.count = comments.list.count;
    tree->comments.capacity = comments.list.capacity;
}

void ast_parse(struct arena *arena, struct source *source, struct ast *tree, struct diag *diag) {
    struct ast_memory memory = {.tree = arena, .texts = arena};

    ast_parse_into(&memory, source, tree, diag);
}

const struct ast_value *ast_argument(const struct ast_annotation *annotation, const char *key) {
    const struct ast_value *mapping = annotation ? annotation->value : NULL;

    for (size_t i = 0; mapping && i < mapping->count; i++)
        if (strcmp(mapping->items[i]->key, key) == 0)
            return mapping->items[i];
    return NULL;
}
