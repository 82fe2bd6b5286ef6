#include "policy.h"

#include <string.h>
#include <strings.h>

#include "registry.h"
#include "utf8.h"

static const char mark[] = "persist:";
static const char directive[] = "persist:accept";

/* --- words --- */

static bool is_rule(const struct hazard_rule *rule, const char *text) {
    return strcmp(rule->code, text) == 0 || strcmp(rule->name, text) == 0;
}

const struct hazard_rule *policy_rule(const char *text) {
    const struct hazard_rule *rule;

    for (size_t i = 0; (rule = registry_rule(i)) != NULL; i++)
        if (is_rule(rule, text))
            return rule;
    return NULL;
}

/* The kind that TEXT names, or -1. */
static int kind_of(const char *text) {
    for (int kind = HAZARD_DESTROY; kind <= HAZARD_LOCK; kind++)
        if (strcmp(hazard_kind_word((enum hazard_kind)kind), text) == 0)
            return kind;
    return -1;
}

static void hint_nearest(struct diag *diag, const char *text) {
    const struct hazard_rule *rule;
    const char *nearest = NULL;
    size_t best = 4;

    for (size_t i = 0; (rule = registry_rule(i)) != NULL; i++) {
        const char *const words[] = {rule->code, rule->name};

        for (size_t j = 0; j < 2; j++) {
            size_t distance = utf8_distance(text, words[j], best - 1);

            nearest = distance < best ? words[j] : nearest;
            best = distance < best ? distance : best;
        }
    }
    if (nearest)
        diag_hint(diag, "did you mean \"%s\"? persist-hazards(7) has them all", nearest);
    else
        diag_hint(diag, "persist-hazards(7) has the codes and names of all");
}

/* Do the two words mean the same: one rule by its code and by its name, or one kind? */
static bool are_same(const char *a, const char *b) {
    const struct hazard_rule *rule = policy_rule(a);

    return rule ? is_rule(rule, b) : strcmp(a, b) == 0;
}

int policy_check(const struct policy *policy, struct source *source, struct diag *diag) {
    for (size_t i = 0; i < policy->words.count; i++) {
        const struct policy_word *word = &policy->words.at[i];

        if (!policy_rule(word->text) && kind_of(word->text) < 0) {
            diag_error(diag, source, word->at, 0, "no hazard has the code or name \"%s\"", word->text);
            hint_nearest(diag, word->text);
            return -1;
        }
        for (size_t j = 0; j < i; j++)
            if (are_same(policy->words.at[j].text, word->text)) {
                diag_error(diag, source, word->at, 0, "the policy says two things of \"%s\"", word->text);
                diag_note(diag, source, policy->words.at[j].at, "the other one");
                return -1;
            }
    }
    return 0;
}

/* --- lines of approval --- */

struct line {
    struct source *source;
    struct diag *diag;
    const char *start;
    const char *end; /* without blanks behind */
    const char *at;
};

static struct span span_of(const struct line *line, const char *start, const char *end) {
    return (struct span){(uint32_t)(start - line->source->text), (uint32_t)(end - line->source->text)};
}

static int refuse(const struct line *line, const char *message) {
    diag_error(line->diag, line->source, span_of(line, line->start, line->end), 0, "%s", message);
    diag_hint(line->diag, "write it as in: %s drop-column Invoice.note \"exported in May\"", directive);
    return -1;
}

static bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\r';
}

static void skip_blanks(struct line *line) {
    while (line->at < line->end && is_blank(*line->at))
        line->at++;
}

static bool skip_text(struct line *line, const char *text) {
    size_t length = strlen(text);

    if ((size_t)(line->end - line->at) < length || strncmp(line->at, text, length) != 0)
        return false;
    line->at += length;
    return true;
}

/* Goes to the mark of a line that begins with it, and takes the signs of a comment off. However it is written: whoever writes "Persist:" means
 * it too. */
static bool find_mark(struct line *line) {
    static const char *const openings[] = {"//", "<!--", "- ", "* "};
    static const char closing[] = "-->";
    bool has = false;

    skip_blanks(line);
    for (size_t i = 0; i < sizeof openings / sizeof *openings && !has; i++)
        has = skip_text(line, openings[i]);
    skip_blanks(line);
    line->start = line->at;
    if ((size_t)(line->end - line->at) < sizeof mark - 1 || strncasecmp(line->at, mark, sizeof mark - 1) != 0)
        return false;
    if (line->end - line->at >= 3 && strncmp(line->end - 3, closing, 3) == 0)
        line->end -= 3;
    while (is_blank(line->end[-1]))
        line->end--;
    return true;
}

/* The next word, or what stands in quotes; NULL: there is none. */
static const char *read_word(struct arena *arena, struct line *line) {
    const char *start;
    bool quoted;

    skip_blanks(line);
    quoted = line->at < line->end && *line->at == '"';
    start = line->at += quoted;
    while (line->at < line->end && (quoted ? *line->at != '"' : !is_blank(*line->at)))
        line->at++;
    if (line->at == start || (quoted && line->at == line->end))
        return NULL;
    line->at += quoted;
    return arena_strndup(arena, start, (size_t)(line->at - start) - quoted);
}

/* What is left of the line, in quotes; NULL: nothing is, or blanks. */
static const char *read_reason(struct arena *arena, struct line *line) {
    const char *start;

    skip_blanks(line);
    if (line->end - line->at < 3 || *line->at != '"' || line->end[-1] != '"')
        return NULL;
    start = line->at + 1;
    for (line->at = start; is_blank(*line->at);)
        line->at++;
    return line->at == line->end - 1 ? NULL : arena_strndup(arena, start, (size_t)(line->end - 1 - start));
}

static int refuse_word(const struct line *line, const char *word) {
    if (kind_of(word) >= 0)
        return refuse(line, "a whole kind cannot be accepted: say the code or the name of the hazard");
    diag_error(line->diag, line->source, span_of(line, line->start, line->end), 0, "no hazard has the code or name \"%s\"", word);
    hint_nearest(line->diag, word);
    return -1;
}

static int read_accept(struct arena *arena, struct line *line, struct accepts *accepts) {
    struct accept accept = {.source = line->source};
    const char *word = read_word(arena, line);

    if (!word)
        return refuse(line, "this line does not say which hazard it accepts");
    accept.rule = policy_rule(word);
    if (!accept.rule)
        return refuse_word(line, word);
    accept.subject = read_word(arena, line);
    if (!accept.subject)
        return refuse(line, "this line does not say of what it accepts the hazard");
    accept.reason = read_reason(arena, line);
    if (!accept.reason)
        return refuse(line, "this line gives no reason, in double quotes at its end");
    accept.at = span_of(line, line->start, line->end);
    vec_push(arena, &accepts->list, ARENA_NEW(arena, struct accept));
    *accepts->list.at[accepts->list.count - 1] = accept;
    return 0;
}

/* A line that was meant to be one would accept nothing, and say nothing. A blank behind the mark makes it a sentence, unless "accept" follows,
 * or nearly so. */
static int refuse_directive(struct arena *arena, struct line *line) {
    const char *const word = line->at + sizeof mark - 1;
    bool sentence = word == line->end || is_blank(*word);
    const char *text;
    size_t distance;

    line->at = word;
    text = read_word(arena, line);
    distance = text ? utf8_distance(text, directive + sizeof mark - 1, 2) : 3;
    if (sentence && distance > 2)
        return 0;
    diag_error(line->diag, line->source, span_of(line, line->start, line->end), 0, "there is no directive \"%s\"",
               arena_strndup(arena, line->start, (size_t)(line->at - line->start)));
    diag_hint(line->diag, "%s: %s drop-column Invoice.note \"exported in May\"",
              distance > 2 ? "the only one is as in" : "did you mean, as in", directive);
    return -1;
}

static int read_line(struct arena *arena, struct line *line, struct accepts *accepts) {
    if (!find_mark(line))
        return 0;
    if (skip_text(line, directive) && (line->at == line->end || is_blank(*line->at)))
        return read_accept(arena, line, accepts);
    line->at = line->start;
    return refuse_directive(arena, line);
}

int accepts_read(struct arena *arena, struct source *source, struct accepts *accepts, struct diag *diag) {
    int result = 0;

    for (const char *at = source->text; *at; at += *at == '\n') {
        struct line line = {.source = source, .diag = diag, .at = at, .end = at + strcspn(at, "\n")};

        at = line.end;
        if (read_line(arena, &line, accepts))
            result = -1;
    }
    return result;
}

void accepts_copy(const char *text, struct str *out) {
    while (*text) {
        size_t length = strcspn(text, "\n");
        struct line line = {.at = text, .end = text + length};

        if (find_mark(&line)) {
            str_add_bytes(out, text, length);
            str_add_char(out, '\n');
        }
        text += length + (text[length] == '\n');
    }
}

void accepts_warn_unused(const struct accepts *accepts, struct diag *diag) {
    for (size_t i = 0; i < accepts->list.count; i++) {
        const struct accept *accept = accepts->list.at[i];

        if (accept->used)
            continue;
        diag_warning(diag, accept->source, accept->at, 0, "nothing here is \"%s\" of \"%s\": this line accepts nothing", accept->rule->name,
                     accept->subject);
        diag_hint(diag, "remove it, so that it cannot accept something later");
    }
}

/* --- the verdict --- */

/* BRIEF: it is a lock that is known to be short. */
static enum policy_level level_of(const struct policy *policy, const struct hazard_rule *rule, bool brief) {
    enum policy_level level = rule->kind == HAZARD_DESTROY ? POLICY_APPROVE : brief ? POLICY_IGNORE : POLICY_WARN;

    for (size_t i = 0; i < policy->words.count; i++) {
        if (is_rule(rule, policy->words.at[i].text))
            return policy->words.at[i].level;
        if (kind_of(policy->words.at[i].text) == (int)rule->kind)
            level = policy->words.at[i].level;
    }
    return level;
}

bool policy_may_accept(const struct policy *policy, const struct hazard_rule *rule) {
    return level_of(policy, rule, false) != POLICY_FAIL;
}

/* The first line that accepts HAZARD; all that do are used. */
static struct accept *find_accept(struct accepts *accepts, const struct review_hazard *hazard) {
    struct accept *found = NULL;

    for (size_t i = 0; i < accepts->list.count; i++) {
        struct accept *accept = accepts->list.at[i];

        if (strcmp(accept->rule->code, hazard->rule->code) != 0 ||
            (strcmp(accept->subject, "*") != 0 && strcmp(accept->subject, hazard->subject) != 0))
            continue;
        accept->used = true;
        found = found ? found : accept;
    }
    return found;
}

void policy_judge(const struct policy *policy, struct accepts *accepts, struct review_hazard *hazard) {
    static const enum verdict verdicts[] = {
        [POLICY_FAIL] = VERDICT_FAIL, [POLICY_WARN] = VERDICT_WARN, [POLICY_APPROVE] = VERDICT_FAIL, [POLICY_IGNORE] = VERDICT_NOTE};
    enum policy_level level = level_of(policy, hazard->rule, hazard->brief);
    const struct accept *accept = find_accept(accepts, hazard);

    hazard->accepted = accept && level != POLICY_FAIL ? accept->reason : NULL;
    hazard->verdict = hazard->accepted ? VERDICT_NOTE : verdicts[level];
}
