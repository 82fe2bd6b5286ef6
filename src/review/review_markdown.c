#include "review.h"

#include <string.h>

#include "diagram.h"
#include "markdown.h"

/* A comment on GitHub holds 65536 characters, so what can be long is told in part: the rest is in the files. */
enum { MOST_ROWS = 100, MOST_ROOM = 40000, MOST_DIAGRAM = 12000 };

struct writer {
    struct arena *arena;
    const struct review *review;
    struct str *out;
    size_t room; /* bytes of SQL that may still be shown */
};

static const char *text_of(struct writer *writer, const char *text) {
    return markdown_text(writer->arena, text);
}

static const char *code_of(struct writer *writer, const char *text) {
    return markdown_code(writer->arena, text);
}

static const char *plural(size_t count) {
    return count == 1 ? "" : "s";
}

/* What changes, in the words of the model. */

static void add_more(struct writer *writer, size_t count, const char *where) {
    if (count > MOST_ROWS)
        str_addf(writer->out, "\n… and %zu more: see %s.\n", count - MOST_ROWS, where);
}

static void add_delta_table(struct writer *writer, const struct deltas *deltas) {
    if (!deltas->list.count) {
        str_add(writer->out, "Nothing in the words of the model.\n\n");
        return;
    }
    str_add(writer->out, "| what | change |\n|---|---|\n");
    for (size_t i = 0; i < deltas->list.count && i < MOST_ROWS; i++) {
        const struct delta *delta = &deltas->list.at[i];

        str_addf(writer->out, "| %s | %s |\n", code_of(writer, delta_subject(writer->arena, delta)),
                 text_of(writer, delta_text(writer->arena, delta)));
    }
    add_more(writer, deltas->list.count, "the model");
    str_add_char(writer->out, '\n');
}

static void add_diagram(struct writer *writer) {
    const struct review *review = writer->review;
    struct diagram diagram = {0};
    struct str text = STR_INIT;

    diagram_make(writer->arena, review->before, review->after, review->renames, true, &diagram);
    if (diagram.entities.count)
        diagram_mermaid(&diagram, &text);
    if (text.length > MOST_DIAGRAM)
        str_add(writer->out, "The diagram is too large for a comment; `persist diagram` and `persist review --html` draw it.\n\n");
    else if (text.length)
        markdown_add_fenced(writer->out, "mermaid", text.text);
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

static void add_script(struct writer *writer, const char *name, const struct review_statement *statements, size_t count) {
    struct str sql = STR_INIT;
    size_t shown = 0;

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
    str_addf(writer->out, "<details>\n<summary>%s: %zu statement%s</summary>\n\n", name, count, plural(count));
    if (shown)
        markdown_add_fenced(writer->out, "sql", sql.text);
    if (shown < count)
        str_addf(writer->out, "%s%zu%s statement%s: too long for a comment, see the file.\n\n", shown ? "… and " : "", count - shown,
                 shown ? " more" : "", plural(count - shown));
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

/* Those of the way up, or of the way back. */
static size_t count_hazards(const struct review_migration *migration, bool down) {
    size_t count = 0;

    for (size_t i = 0; i < migration->hazards.count; i++)
        count += migration->hazards.at[i].down == down;
    return count;
}

static void add_hazard_table(struct writer *writer, const struct review_migration *migration, bool down) {
    size_t told = 0;

    str_add(writer->out, "| policy | code | where | what | who waits |\n|---|---|---|---|---|\n");
    for (size_t i = 0; i < migration->hazards.count && told < MOST_ROWS; i++) {
        const struct review_hazard *hazard = &migration->hazards.at[i];

        if (hazard->down != down)
            continue;
        str_addf(writer->out, "| %s | %s | %s | %s | %s |\n", verdict_cell(writer, hazard), hazard->rule->code,
                 code_of(writer, hazard->subject), text_of(writer, hazard->text), waiting_cell(writer, hazard));
        told++;
    }
    add_more(writer, count_hazards(migration, down), "`persist review --json`");
    str_add_char(writer->out, '\n');
}

static void add_hazards(struct writer *writer, const struct review_migration *migration) {
    if (count_hazards(migration, false)) {
        str_add(writer->out, "**Risks**\n\n");
        add_hazard_table(writer, migration, false);
    } else
        str_add(writer->out,
                "**Risks**: none that is known. No data is lost, no row can make it fail, no client breaks or waits long.\n\n");
    explain(writer, migration, false);
}

/* The way back, and the proof. */

static void add_list(struct writer *writer, const char *const *texts, size_t count) {
    for (size_t i = 0; i < count && i < MOST_ROWS; i++)
        str_addf(writer->out, "* %s\n", text_of(writer, texts[i]));
    if (count)
        str_add_char(writer->out, '\n');
}

static void add_way_back(struct writer *writer, const struct review_migration *migration) {
    str_addf(writer->out, "**Way back**: %s\n\n", way_back_name(migration->way_back));
    add_list(writer, migration->reasons.at, migration->reasons.count);
    if (count_hazards(migration, true)) {
        add_hazard_table(writer, migration, true);
        explain(writer, migration, true);
    }
    add_script(writer, "down.sql", migration->down.at, migration->down.count);
}

static void add_proof(struct writer *writer, const struct review_migration *migration) {
    if (!migration->proof)
        return;
    str_addf(writer->out, "**%s**: %s\n\n", migration->proved ? "Proof" : "No proof", text_of(writer, migration->proof));
    add_list(writer, migration->notes.at, migration->notes.count);
}

static void add_decisions(struct writer *writer, const struct review_migration *migration) {
    if (!migration->decisions.count)
        return;
    str_add(writer->out, "**Decided**:");
    for (size_t i = 0; i < migration->decisions.count && i < MOST_ROWS; i++)
        str_addf(writer->out, "%s %s", i ? "," : "", code_of(writer, migration->decisions.at[i]));
    str_add(writer->out, "\n\n");
}

static void add_migration(struct writer *writer, const struct review_migration *migration) {
    str_addf(writer->out, "### %s\n\n", migration->pending ? "Not yet a migration" : code_of(writer, migration->id));
    if (migration->pending)
        str_add(writer->out, "The model is ahead of its last migration; this is what `persist migrate` would plan now.\n\n");
    if (migration->edited)
        str_add(writer->out, "> **Written or changed by hand**: the scripts are not what the snapshots and the recorded decisions give, "
                             "so the risks below may not be all.\n\n");
    if (writer->review->migrations.count > 1)
        add_delta_table(writer, &migration->deltas);
    add_decisions(writer, migration);
    add_script(writer, "up.sql", migration->up.at, migration->up.count);
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

void review_markdown(struct arena *arena, const struct review *review, struct str *out) {
    struct writer writer = {.arena = arena, .review = review, .out = out, .room = MOST_ROOM};
    size_t count = review->migrations.count;

    str_addf(out, "## Schema of %s\n\n", code_of(&writer, review->model));
    if (!count) {
        str_addf(out, "Nothing to review in %s: it adds no migration, and the model is at its last one.\n",
                 text_of(&writer, review->range));
        return;
    }
    str_addf(out, "%s, %s: %zu migration%s, %s.\n\n", review->datastore, text_of(&writer, review->range), count, plural(count),
             deltas_counts(arena, &review->deltas));
    add_summary(&writer);
    str_add(out, "### What changes\n\n");
    add_delta_table(&writer, &review->deltas);
    add_diagram(&writer);
    for (size_t i = 0; i < count; i++)
        add_migration(&writer, &review->migrations.at[i]);
    if (out->length > 1 && out->text[out->length - 2] == '\n')
        str_truncate(out, out->length - 1);
}
