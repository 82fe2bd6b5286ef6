#include "review.h"

#include <stdint.h>
#include <string.h>

#include "diagram.h"
#include "markdown.h"
#include "utf8.h"

/* What can be long is told in part, and where the rest is; the less is told, the longer the whole would be. */
struct detail {
    size_t rows;    /* of a table or a list */
    size_t columns; /* of a text in one */
    size_t sql;     /* bytes, of all scripts together */
    size_t diagram; /* bytes */
};

static const struct detail details[] = {
    {100, 1000, 40000, 12000},
    {60, 400, 20000, 8000},
    {30, 200, 8000, 5000},
    {10, 120, 0, 0},
};

enum { DETAILS = sizeof details / sizeof *details };

struct writer {
    struct arena *arena;
    const struct review *review;
    struct str *out;
    const struct detail *detail;
    size_t room; /* bytes of SQL that may still be shown */
    size_t told; /* migrations, before the one at hand */
};

static const char *text_of(struct writer *writer, const char *text) {
    return markdown_text(writer->arena, utf8_cut(writer->arena, text, writer->detail->columns));
}

static const char *code_of(struct writer *writer, const char *text) {
    return markdown_code(writer->arena, utf8_cut(writer->arena, text, writer->detail->columns));
}

static const char *plural(size_t count) {
    return count == 1 ? "" : "s";
}

/* What changes, in the words of the model. */

static void add_more(struct writer *writer, size_t count, const char *where) {
    if (count > writer->detail->rows)
        str_addf(writer->out, "\n… and %zu more: see %s.\n", count - writer->detail->rows, where);
}

static void add_delta_table(struct writer *writer, const struct deltas *deltas) {
    if (!deltas->list.count) {
        str_add(writer->out, "Nothing in the words of the model.\n\n");
        return;
    }
    str_add(writer->out, "| what | change |\n|---|---|\n");
    for (size_t i = 0; i < deltas->list.count && i < writer->detail->rows; i++) {
        const struct delta *delta = &deltas->list.at[i];

        str_addf(writer->out, "| %s | %s |\n", code_of(writer, delta_subject(writer->arena, delta)),
                 text_of(writer, delta_text(writer->arena, delta)));
    }
    add_more(writer, deltas->list.count, "the model");
    str_add_char(writer->out, '\n');
}

/* Pictures of the change, the best first: the one that is drawn is the first that is short enough to be looked at. */
static const struct picture {
    enum diagram_extent extent;
    size_t most; /* bytes */
    const char *remark;
} pictures[] = {
    {DIAGRAM_TOUCHED, 3000, ""},
    {DIAGRAM_CHANGES, 8000, "Of a large change the diagram shows keys and changed fields alone; "},
    {DIAGRAM_NAMES, SIZE_MAX, "Of a large change the diagram shows names alone; "},
    {DIAGRAM_NAMES, 0, "The diagram is too large for a comment; "},
};

static const struct picture *draw(struct writer *writer, struct str *text) {
    const struct review *review = writer->review;
    const struct picture *picture = pictures;

    for (; picture->most; picture++) {
        struct diagram diagram;

        str_truncate(text, 0);
        diagram_make(writer->arena, review->before, review->after, review->renames, picture->extent, &diagram);
        if (diagram.entities.count)
            diagram_mermaid(&diagram, text);
        if (text->length <= picture->most && text->length <= writer->detail->diagram)
            return picture;
    }
    return picture;
}

static void add_diagram(struct writer *writer) {
    struct str text = STR_INIT;
    const struct picture *picture = draw(writer, &text);

    if (picture->most && text.length)
        markdown_add_fenced(writer->out, "mermaid", text.text);
    if (*picture->remark)
        str_addf(writer->out, "%s`persist review --html` and `persist diagram` draw all of it.\n\n", picture->remark);
    str_free(&text);
}

/* The scripts. */

/* TEXT as comment lines, PREFIX in front of the first. */
static void add_comment(struct str *sql, const char *prefix, const char *text) {
    for (const char *line = text; line && *line; line += strcspn(line, "\r\n"), line += strspn(line, "\r\n"))
        str_addf(sql, "-- %s%.*s\n", line == text ? prefix : "", (int)strcspn(line, "\r\n"), line);
}

static void add_statement(struct str *sql, const struct review_statement *statement) {
    add_comment(sql, "", statement->reason);
    add_comment(sql, "lock: ", statement->lock);
    add_comment(sql, "rows that stand in the way: ", statement->probe);
    str_addf(sql, "%s;\n", statement->text);
}

static void add_script(struct writer *writer, const struct review_migration *migration, bool down) {
    const struct review_statement *statements = down ? migration->down.at : migration->up.at;
    size_t count = down ? migration->down.count : migration->up.count, shown = 0;
    struct str sql = STR_INIT;

    for (; shown < count; shown++) {
        size_t before = sql.length;

        add_statement(&sql, &statements[shown]);
        if (sql.length > writer->room) {
            str_truncate(&sql, before);
            break;
        }
        if (shown + 1 < count && (statements[shown + 1].reason || statements[shown + 1].lock))
            str_add_char(&sql, '\n');
    }
    writer->room -= sql.length < writer->room ? sql.length : writer->room;
    str_addf(writer->out, "<details>\n<summary>%s.sql: %zu statement%s</summary>\n\n", down ? "down" : "up", count, plural(count));
    if (shown)
        markdown_add_fenced(writer->out, "sql", sql.text);
    if (shown < count)
        str_addf(writer->out, "%s%zu%s statement%s, too long for a comment: see %s.\n\n", shown ? "… and " : "", count - shown,
                 shown ? " more" : "", plural(count - shown), migration->pending ? "`persist review --html`" : "the file");
    str_add(writer->out, "</details>\n\n");
    str_free(&sql);
}

/* What it risks and costs. */

static const char *verdict_cell(struct writer *writer, const struct review_hazard *hazard) {
    if (hazard->accepted)
        return arena_printf(writer->arena, "accepted: %s", text_of(writer, hazard->accepted));
    return hazard->verdict == VERDICT_FAIL ? "**fails**" : review_verdict_word(hazard);
}

static const char *waiting_cell(struct writer *writer, const struct review_hazard *hazard) {
    if (!hazard->blocks && !hazard->time)
        return "";
    return arena_printf(writer->arena, "%s%s%s", hazard->blocks ? text_of(writer, hazard->blocks) : "",
                        hazard->blocks && hazard->time ? ", " : "", hazard->time ? text_of(writer, hazard->time) : "");
}

/* Was the rule of the hazard at INDEX told before: above it in its table, or in the one of the way up? */
static bool is_told(const struct review_migration *migration, size_t index) {
    const struct review_hazard *hazard = &migration->hazards.at[index];

    for (size_t i = 0; i < migration->hazards.count; i++) {
        const struct review_hazard *other = &migration->hazards.at[i];

        if (other->rule == hazard->rule && (other->down == hazard->down ? i < index : hazard->down))
            return true;
    }
    return false;
}

static bool has_untold(const struct review_migration *migration, bool down) {
    for (size_t i = 0; i < migration->hazards.count; i++)
        if (migration->hazards.at[i].down == down && !is_told(migration, i))
            return true;
    return false;
}

static void add_reasons(struct writer *writer, const struct review_migration *migration, bool down) {
    if (!has_untold(migration, down))
        return;
    str_add(writer->out, "<details>\n<summary>Why, and how to do it more gently</summary>\n\n");
    for (size_t i = 0; i < migration->hazards.count; i++) {
        const struct hazard_rule *rule = migration->hazards.at[i].rule;

        if (migration->hazards.at[i].down != down || is_told(migration, i))
            continue;
        str_addf(writer->out, "* **%s %s**: %s", rule->code, text_of(writer, rule->name), text_of(writer, rule->why));
        if (rule->gentle)
            str_addf(writer->out, " *More gently:* %s", text_of(writer, rule->gentle));
        str_add_char(writer->out, '\n');
    }
    str_add(writer->out, "\n</details>\n\n");
}

/* Is there a lock whose time is not known for want of the sizes? */
static bool lacks_sizes(const struct review *review, const struct review_migration *migration, bool down) {
    for (size_t i = 0; i < migration->hazards.count && !review->sized; i++)
        if (migration->hazards.at[i].down == down && migration->hazards.at[i].rule->kind == HAZARD_LOCK)
            return true;
    return false;
}

/* What stands below a table of hazards. Of the way back what the way up did not say. */
static void explain(struct writer *writer, const struct review_migration *migration, bool down) {
    if (lacks_sizes(writer->review, migration, down) && !(down && lacks_sizes(writer->review, migration, false)))
        str_add(writer->out, "For how long is not known: `persist stats` writes down how large the tables are.\n\n");
    add_reasons(writer, migration, down);
}

/* The subjects of those that are like the one at FIRST. */
static void add_subjects(struct writer *writer, const struct review_migration *migration, size_t first) {
    size_t count = 0;

    for (size_t i = first; i < migration->hazards.count; i++) {
        if (!review_hazards_alike(&migration->hazards.at[i], &migration->hazards.at[first]))
            continue;
        if (count++ < writer->detail->rows)
            str_addf(writer->out, "%s%s", count > 1 ? ", " : "", code_of(writer, migration->hazards.at[i].subject));
    }
    if (count > writer->detail->rows)
        str_addf(writer->out, " and %zu more", count - writer->detail->rows);
}

static void add_hazard(struct writer *writer, const struct review_migration *migration, size_t index) {
    const struct review_hazard *hazard = &migration->hazards.at[index];

    str_addf(writer->out, "| %s | %s | ", verdict_cell(writer, hazard), hazard->rule->code);
    add_subjects(writer, migration, index);
    str_addf(writer->out, " | %s | %s |\n", text_of(writer, review_hazard_words(hazard)), waiting_cell(writer, hazard));
}

static void add_hazard_table(struct writer *writer, const struct review_migration *migration, bool down) {
    size_t count = 0;

    str_add(writer->out, "| policy | code | where | what | who waits |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < migration->hazards.count; i++)
        if (migration->hazards.at[i].down == down && review_hazard_first(migration, i) == i && count++ < writer->detail->rows)
            add_hazard(writer, migration, i);
    add_more(writer, count, "`persist review --json`");
    str_add_char(writer->out, '\n');
}

static void add_hazards(struct writer *writer, const struct review_migration *migration) {
    str_add(writer->out, "**Risks**\n\n");
    if (review_hazard_count(migration, false))
        add_hazard_table(writer, migration, false);
    else
        str_addf(writer->out, "%s\n\n", REVIEW_NO_HAZARD);
    explain(writer, migration, false);
}

/* The way back, and the proof. */

static void add_list(struct writer *writer, const char *const *texts, size_t count) {
    for (size_t i = 0; i < count && i < writer->detail->rows; i++)
        str_addf(writer->out, "* %s\n", text_of(writer, texts[i]));
    add_more(writer, count, "`persist review --json`");
    if (count)
        str_add_char(writer->out, '\n');
}

static void add_way_back(struct writer *writer, const struct review_migration *migration) {
    str_addf(writer->out, "**Way back**: %s\n\n", way_back_name(migration->way_back));
    add_list(writer, migration->reasons.at, migration->reasons.count);
    if (review_hazard_count(migration, true)) {
        add_hazard_table(writer, migration, true);
        explain(writer, migration, true);
    }
    add_script(writer, migration, true);
}

static void add_proof(struct writer *writer, const struct review_migration *migration) {
    if (!migration->proof)
        return;
    str_addf(writer->out, "**Proof**: %s\n\n", text_of(writer, migration->proof));
    add_list(writer, migration->notes.at, migration->notes.count);
}

static void add_decisions(struct writer *writer, const struct review_migration *migration) {
    if (!migration->decisions.count)
        return;
    str_add(writer->out, "**Decided**:");
    for (size_t i = 0; i < migration->decisions.count && i < writer->detail->rows; i++)
        str_addf(writer->out, "%s %s", i ? "," : "", code_of(writer, migration->decisions.at[i]));
    add_more(writer, migration->decisions.count, "the head of up.sql");
    str_add(writer->out, "\n\n");
}

static void add_migration(struct writer *writer, const struct review_migration *migration) {
    str_addf(writer->out, "### %s\n\n", migration->pending ? "Not yet a migration" : code_of(writer, migration->id));
    if (review_remark(migration))
        str_addf(writer->out, "> %s\n\n", review_remark(migration));
    if (writer->review->migrations.count > 1)
        add_delta_table(writer, &migration->deltas);
    add_decisions(writer, migration);
    add_script(writer, migration, false);
    add_hazards(writer, migration);
    add_way_back(writer, migration);
    add_proof(writer, migration);
}

/* All of them. */

static size_t count_verdict(const struct review *review, enum verdict verdict, bool accepted) {
    size_t count = 0;

    for (size_t i = 0; i < review->migrations.count; i++)
        for (size_t k = 0; k < review->migrations.at[i].hazards.count; k++) {
            const struct review_hazard *hazard = &review->migrations.at[i].hazards.at[k];

            count += accepted ? hazard->accepted != NULL : !hazard->accepted && hazard->verdict == verdict;
        }
    return count;
}

static void add_summary(struct writer *writer) {
    size_t fail = count_verdict(writer->review, VERDICT_FAIL, false);
    size_t warn = count_verdict(writer->review, VERDICT_WARN, false);
    size_t accepted = count_verdict(writer->review, VERDICT_NOTE, true);

    if (fail)
        str_addf(writer->out, "**%zu risk%s the policy.**", fail, fail == 1 ? " fails" : "s fail");
    if (warn)
        str_addf(writer->out, "%s%zu risk%s warned about.", fail ? " " : "", warn, warn == 1 ? " is" : "s are");
    if (accepted)
        str_addf(writer->out, "%s%zu risk%s accepted.", fail || warn ? " " : "", accepted, accepted == 1 ? " is" : "s are");
    if (fail || warn || accepted)
        str_add(writer->out, "\n\n");
}

static void add_opening(struct writer *writer) {
    const struct review *review = writer->review;
    size_t count = review->migrations.count;

    str_addf(writer->out, "## Schema of %s\n\n", code_of(writer, review->model));
    if (!count)
        str_addf(writer->out, "Nothing to review in %s: it adds no migration%s.\n\n", text_of(writer, review->range),
                 review->pending ? ", and the model is at its last one" : "");
    else
        str_addf(writer->out, "%s, %s: %zu migration%s, %s.\n\n", review->datastore, text_of(writer, review->range), count, plural(count),
                 deltas_counts(writer->arena, &review->deltas));
    add_summary(writer);
}

static void add_changes(struct writer *writer) {
    str_add(writer->out, "### What changes\n\n");
    add_delta_table(writer, &writer->review->deltas);
    add_diagram(writer);
}

static void add_rest(struct writer *writer, size_t count) {
    str_addf(writer->out, "… and %zu migration%s, too long for a comment: `persist review --html` tells all.\n\n", count, plural(count));
}

/* Ends before the part that would make it longer than MOST bytes. */
static void write_parts(struct writer *writer, size_t most) {
    size_t count = writer->review->migrations.count, start = writer->out->length, kept;

    add_opening(writer);
    kept = writer->out->length;
    if (count)
        add_changes(writer);
    for (size_t told = 0; writer->out->length - start <= most; told++) {
        kept = writer->out->length;
        if (told == count)
            return;
        add_migration(writer, &writer->review->migrations.at[told]);
        writer->told = told;
    }
    str_truncate(writer->out, kept);
    add_rest(writer, count - writer->told);
}

void review_markdown(struct arena *arena, const struct review *review, size_t most, struct str *out) {
    size_t start = out->length;

    for (size_t i = 0; i < DETAILS; i++) {
        struct writer writer = {.arena = arena, .review = review, .out = out, .detail = &details[i], .room = details[i].sql};

        str_truncate(out, start);
        write_parts(&writer, i + 1 < DETAILS ? SIZE_MAX : most);
        str_truncate(out, out->length - 1);
        if (out->length - start <= most)
            return;
    }
}
