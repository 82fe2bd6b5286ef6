#include "subject.h"

#include <string.h>

enum { WORDS_BEFORE_KIND = 24 };

struct walk {
    struct arena *arena;
    const struct lexing *lexing;
    struct piece piece;
};

static bool is_nothing(struct piece piece) {
    return piece.kind == PIECE_BLANK || piece.kind == PIECE_COMMENT;
}

static void walk_to(struct walk *walk, const char *at) {
    do {
        walk->piece = lexing_piece(walk->lexing, at);
        at = walk->piece.at + walk->piece.length;
    } while (is_nothing(walk->piece));
}

static void step(struct walk *walk) {
    walk_to(walk, walk->piece.at + walk->piece.length);
}

static const char *upper(struct arena *arena, struct piece piece) {
    return arena_upper(arena, arena_strndup(arena, piece.at, piece.length));
}

/* The name that a piece stands for: quotes go, doubled ones are one. */
static const char *unquoted(struct arena *arena, struct piece piece) {
    char *text, *out;

    if (piece.kind != PIECE_QUOTED)
        return arena_strndup(arena, piece.at, piece.length);
    text = out = arena_strndup(arena, piece.at + 1, piece.length - 2);
    for (const char *at = text; *at; at++) {
        if (*at == piece.at[piece.length - 1] && at[1] == *at)
            at++;
        *out++ = *at;
    }
    *out = '\0';
    return text;
}

static bool is_name(struct piece piece) {
    return piece.kind == PIECE_WORD || (piece.kind == PIECE_QUOTED && !piece.open && *piece.at != '\'');
}

static bool take_name(struct walk *walk, struct subject_name *name) {
    if (!is_name(walk->piece))
        return false;
    *name = (struct subject_name){.name = unquoted(walk->arena, walk->piece)};
    step(walk);
    if (!piece_is(walk->piece, "."))
        return true;
    step(walk);
    if (!is_name(walk->piece))
        return true;
    name->namespace = name->name;
    name->name = unquoted(walk->arena, walk->piece);
    step(walk);
    return true;
}

bool subject_read_name(struct arena *arena, const char *text, const struct lexing *lexing, struct subject_name *name) {
    struct walk walk = {.arena = arena, .lexing = lexing};

    *name = (struct subject_name){0};
    walk_to(&walk, text);
    return take_name(&walk, name);
}

const char *subject_find(const char *text, const struct lexing *lexing, const char *word) {
    struct walk walk = {.lexing = lexing};
    unsigned depth = 0;

    for (walk_to(&walk, text); walk.piece.kind != PIECE_END; step(&walk)) {
        if (piece_is(walk.piece, "("))
            depth++;
        else if (piece_is(walk.piece, ")"))
            depth -= depth > 0;
        else if (depth == 0 && piece_is(walk.piece, word))
            return walk.piece.at;
    }
    return NULL;
}

static bool is_any(struct piece piece, const char *const *words) {
    for (; *words; words++)
        if (piece_is(piece, *words))
            return true;
    return false;
}

/* The word that says the kind, past what may stand before it: OR REPLACE, TEMPORARY, UNIQUE, DEFINER = …, MATERIALIZED. */
static void take_kind(struct walk *walk, struct subject *subject) {
    static const char *const kinds[] = {"TABLE", "VIEW",    "INDEX",     "TRIGGER",   "PROCEDURE",  "FUNCTION", "EVENT",     "SEQUENCE",
                                        "TYPE",  "DOMAIN",  "SCHEMA",    "DATABASE",  "POLICY",     "RULE",     "EXTENSION", "ROLE",
                                        "USER",  "PACKAGE", "AGGREGATE", "COLLATION", "STATISTICS", NULL};

    for (int i = 0; i < WORDS_BEFORE_KIND && walk->piece.kind != PIECE_END; i++) {
        subject->replaces |= piece_is(walk->piece, "REPLACE");
        if (is_any(walk->piece, kinds)) {
            subject->kind = upper(walk->arena, walk->piece);
            step(walk);
            if (strcmp(subject->kind, "PACKAGE") == 0 && piece_is(walk->piece, "BODY")) {
                subject->kind = "PACKAGE BODY";
                step(walk);
            }
            return;
        }
        step(walk);
    }
}

static void take_names(struct walk *walk, struct subject *subject) {
    static const char *const before[] = {"CONCURRENTLY", "IF", "NOT", "EXISTS", "ONLY", NULL};
    static const char *const between[] = {",", "TO", NULL};
    struct subject_name name;

    for (; is_any(walk->piece, before); step(walk))
        subject->conditional |= piece_is(walk->piece, "EXISTS");
    if (piece_is(walk->piece, "ON")) /* an index without a name */
        return;
    while (take_name(walk, &name)) {
        vec_push(walk->arena, &subject->names, name);
        if (!is_any(walk->piece, between))
            break;
        step(walk);
    }
}

static void find_on(struct walk *walk, struct subject *subject) {
    static const char *const kinds[] = {"TABLE", "ONLY", NULL};
    const char *on = subject_find(walk->piece.at, walk->lexing, "ON");

    if (!on)
        return;
    walk_to(walk, on + 2);
    while (is_any(walk->piece, kinds))
        step(walk);
    take_name(walk, &subject->on);
}

/* INSERT INTO t, DELETE FROM t, UPDATE t. */
static void take_rows(struct walk *walk, struct subject *subject) {
    static const char *const before[] = {"INTO", "FROM", "ONLY", "IGNORE", "OR", "ROLLBACK", NULL};
    struct subject_name name;

    while (is_any(walk->piece, before))
        step(walk);
    if (take_name(walk, &name))
        vec_push(walk->arena, &subject->names, name);
    subject->rest = walk->piece.at;
}

void subject_read(struct arena *arena, const char *text, const struct lexing *lexing, struct subject *subject) {
    static const char *const definitions[] = {"CREATE", "ALTER", "DROP", "RENAME", "TRUNCATE", "REINDEX", "COMMENT", NULL};
    static const char *const rows[] = {"INSERT", "UPDATE", "DELETE", "REPLACE", NULL};
    struct walk walk = {.arena = arena, .lexing = lexing};
    struct piece verb;

    *subject = (struct subject){.verb = "", .kind = ""};
    walk_to(&walk, text);
    verb = walk.piece;
    subject->rest = text;
    if (verb.kind != PIECE_WORD)
        return;
    subject->verb = upper(arena, verb);
    subject->concurrently = subject_find(text, lexing, "CONCURRENTLY") != NULL;
    step(&walk);
    if (is_any(verb, rows)) {
        take_rows(&walk, subject);
        return;
    }
    if (is_any(verb, definitions)) {
        take_kind(&walk, subject);
        take_names(&walk, subject);
    }
    subject->rest = walk.piece.at;
    find_on(&walk, subject);
}
