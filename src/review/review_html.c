/* The review as one page: no reference leads outside, the policy in its head forbids any, and without scripts all of it is there to be
 * read. What moves stands in page/page.js. */
#include <string.h>

#include "diagram.h"
#include "markup.h"
#include "page.h"
#include "review.h"

struct page {
    struct arena *arena;
    const struct review *review;
    struct str *out;
    struct diag *diag;
};

/* A sign, a class for the color, and a word for those that see neither. */
struct sign {
    const char *sign;
    const char *class;
    const char *word;
};

static void add_sign(struct page *page, const struct sign *sign) {
    markup_format(page->out, "<span class=\"sign %s\" role=\"img\" aria-label=\"%s\">%s</span>", sign->class, sign->word, sign->sign);
}

/* The head of the page. */

static void add_head(struct page *page) {
    markup_format(
        page->out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '%s'; script-src '%s'; "
        "base-uri 'none'; form-action 'none'\">\n"
        "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n"
        "<meta name=\"color-scheme\" content=\"light dark\">\n<title>%s: %s</title>\n<style>",
        page_style_hash, page_script_hash, page->review->model, page->review->range);
    str_add(page->out, page_palette_css);
    str_add(page->out, page_diagram_css);
    str_add(page->out, page_page_css);
    str_add(page->out, "</style>\n</head>\n<body>\n");
}

static const char *plural(size_t count, const char *one, const char *many) {
    return count == 1 ? one : many;
}

static void add_title(struct page *page) {
    const struct review *review = page->review;

    markup_format(page->out,
                  "<header class=\"page-head\">\n<div>\n<p class=\"kicker\">Schema review · %s</p>\n<h1>%s</h1>\n"
                  "<p class=\"range\">%s · %zu %s · <code>%s</code></p>\n</div>\n"
                  "<button id=\"theme\" class=\"scripted-only\" type=\"button\">Theme: <output>auto</output></button>\n</header>\n",
                  review->datastore, review->model, review->range, review->migrations.count,
                  plural(review->migrations.count, "migration", "migrations"), review->model_file);
}

/* The summary. */

struct count_row {
    size_t count;
    struct sign sign;
    const char *one;
    const char *many;
};

static void add_counts(struct page *page) {
    static const struct sign added = {"+", "added", "added"}, removed = {"−", "removed", "removed"}, changed = {"~", "changed", "changed"};
    const struct deltas *deltas = &page->review->deltas;
    const struct count_row rows[] = {
        {deltas->entities_added, added, "entity", "entities"},     {deltas->entities_removed, removed, "entity", "entities"},
        {deltas->entities_changed, changed, "entity", "entities"}, {deltas->enums_added, added, "enum", "enums"},
        {deltas->enums_removed, removed, "enum", "enums"},         {deltas->enums_changed, changed, "enum", "enums"},
        {deltas->objects_added, added, "object", "objects"},       {deltas->objects_removed, removed, "object", "objects"},
        {deltas->objects_changed, changed, "object", "objects"},
    };
    bool first = true;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        if (!rows[i].count)
            continue;
        str_add(page->out, first ? "" : "<br>");
        add_sign(page, &rows[i].sign);
        markup_format(page->out, " %zu %s %s", rows[i].count, plural(rows[i].count, rows[i].one, rows[i].many), rows[i].sign.word);
        first = false;
    }
    if (first)
        str_add(page->out, "nothing");
}

/* A verdict or a grade: a sign, a word and, on top, a color. */
struct pill {
    const char *class;
    const char *text;
};

static void add_pill(struct page *page, const struct pill *pill) {
    markup_format(page->out, "<span class=\"pill %s\">%s</span>", pill->class, pill->text);
}

enum { VERDICT_ACCEPTED = VERDICT_FAIL + 1, VERDICTS };

static const struct pill verdict_pills[] = {[VERDICT_NOTE] = {"plain", "· note"},
                                            [VERDICT_WARN] = {"fair", "! warns"},
                                            [VERDICT_FAIL] = {"bad", "✕ fails"},
                                            [VERDICT_ACCEPTED] = {"plain", "✓ accepted"}};

static const struct pill grade_pills[] = {
    {"good", "✓ lossless"}, {"good", "✓ lossless while unused"}, {"fair", "! lossy"}, {"bad", "✕ none"}};

/* What matters most comes first. */
static const int verdict_order[] = {VERDICT_FAIL, VERDICT_WARN, VERDICT_NOTE, VERDICT_ACCEPTED};

static int verdict_of(const struct review_hazard *hazard) {
    return hazard->accepted ? VERDICT_ACCEPTED : (int)hazard->verdict;
}

static void add_hazard_counts(struct page *page) {
    size_t counts[VERDICTS] = {0}, all = 0;

    for (size_t i = 0; i < page->review->migrations.count; i++) {
        const struct review_migration *migration = &page->review->migrations.at[i];

        for (size_t k = 0; k < migration->hazards.count; k++)
            if (!migration->hazards.at[k].down)
                all++, counts[verdict_of(&migration->hazards.at[k])]++;
    }
    for (size_t i = 0; i < VERDICTS; i++) {
        if (!counts[verdict_order[i]])
            continue;
        add_pill(page, &verdict_pills[verdict_order[i]]);
        markup_format(page->out, " × %zu<br>", counts[verdict_order[i]]);
    }
    if (!all)
        str_add(page->out, "none found");
}

static void add_way_back_summary(struct page *page) {
    enum way_back worst = WAY_BACK_LOSSLESS;

    for (size_t i = 0; i < page->review->migrations.count; i++)
        if (page->review->migrations.at[i].way_back > worst)
            worst = page->review->migrations.at[i].way_back;
    if (page->review->migrations.count)
        add_pill(page, &grade_pills[worst]);
    else
        str_add(page->out, "nothing to undo");
}

static const struct pill proof_pills[] = {{"fair", "! not proved"}, {"good", "✓ proved"}};

static void add_proof_summary(struct page *page) {
    size_t proved = 0, count = page->review->migrations.count;

    for (size_t i = 0; i < count; i++)
        proved += page->review->migrations.at[i].proved;
    if (!count) {
        str_add(page->out, "nothing to prove");
        return;
    }
    add_pill(page, &proof_pills[proved == count]);
    if (proved < count && count > 1)
        markup_format(page->out, " %zu of %zu", count - proved, count);
}

static void add_summary(struct page *page) {
    static const struct {
        const char *title;
        void (*add)(struct page *page);
    } rows[] = {
        {"What changes", add_counts}, {"Hazards", add_hazard_counts}, {"Way back", add_way_back_summary}, {"Proof", add_proof_summary}};

    str_add(page->out, "<section class=\"summary\" aria-label=\"Summary\">\n<dl>\n");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        markup_format(page->out, "<div><dt>%s</dt><dd>", rows[i].title);
        rows[i].add(page);
        str_add(page->out, "</dd></div>\n");
    }
    str_add(page->out, "</dl>\n");
}

/* "20261120101500_due" is called "due". */
static const char *migration_title(const struct review_migration *migration) {
    const char *line = migration->pending ? NULL : strchr(migration->id, '_');

    return line && line[1] ? line + 1 : migration->id;
}

static void add_contents(struct page *page) {
    if (page->review->migrations.count > 1) {
        str_add(page->out, "<nav class=\"contents\" aria-label=\"Migrations\">\n<ol>\n");
        for (size_t i = 0; i < page->review->migrations.count; i++)
            markup_format(page->out, "<li><a href=\"#m%zu\">%s</a></li>\n", i + 1, migration_title(&page->review->migrations.at[i]));
        str_add(page->out, "</ol>\n</nav>\n");
    }
    str_add(page->out, "</section>\n");
}

/* The diagram. */

static void add_switch(struct page *page, const char *name, const char *label, const char *const (*values)[2], size_t count,
                       size_t checked) {
    markup_format(page->out, "<fieldset class=\"switch%s\"><legend class=\"hidden-text\">%s</legend>",
                  strcmp(name, "scope") == 0 ? " scripted-only" : "", label);
    for (size_t i = 0; i < count; i++)
        markup_format(page->out, "<label><input type=\"radio\" name=\"%s\" value=\"%s\"%s>%s</label>", name, values[i][0],
                      i == checked ? " checked" : "", values[i][1]);
    str_add(page->out, "</fieldset>\n");
}

static void add_tools(struct page *page, bool two_scopes, bool changes) {
    static const char *const views[][2] = {{"before", "Before"}, {"diff", "Difference"}, {"after", "After"}};
    static const char *const scopes[][2] = {{"changes", "What changes"}, {"whole", "Whole model"}};
    static const char *const tools[][3] = {
        {"previous", "‹", "Previous change"},    {"next", "›", "Next change"},       {"out", "−", "Zoom out"}, {"in", "+", "Zoom in"},
        {"fit", "Fit", "Fit the whole diagram"}, {"expand", "⤢", "Fill the window"},
    };

    str_add(page->out, "<div class=\"bar\">\n");
    if (changes)
        add_switch(page, "view", "Show the model", views, 3, 1);
    if (two_scopes)
        add_switch(page, "scope", "Draw", scopes, 2, 0);
    str_add(page->out, "<div class=\"search scripted-only\"><input id=\"search\" type=\"search\" placeholder=\"Find an entity or a field\" "
                       "aria-label=\"Find an entity or a field\" autocomplete=\"off\" spellcheck=\"false\" role=\"combobox\" "
                       "aria-controls=\"results\" aria-expanded=\"false\"><ul id=\"results\" class=\"results\" role=\"listbox\" "
                       "aria-label=\"Found\" hidden></ul></div>\n<div class=\"tools scripted-only\">");
    for (size_t i = changes ? 0 : 2; i < sizeof tools / sizeof *tools; i++)
        markup_format(page->out, "<button type=\"button\" data-action=\"%s\" title=\"%s\" aria-label=\"%s\">%s</button>", tools[i][0],
                      tools[i][2], tools[i][2], tools[i][1]);
    str_add(page->out, "</div>\n</div>\n");
}

static int add_frame(struct page *page, const struct diagram *diagram, const char *scope, const char *prefix) {
    markup_format(page->out, "<div class=\"frame\" data-scope=\"%s\" data-prefix=\"%s\">\n", scope, prefix);
    if (diagram_svg(page->arena, diagram, prefix, page->out, page->diag))
        return -1;
    str_add(page->out, "</div>\n");
    return 0;
}

static void add_legend(struct page *page) {
    str_add(page->out, "<p class=\"legend\"><span>");
    str_add(page->out,
            "<span class=\"sign added\">+</span> added</span><span><span class=\"sign removed\">−</span> removed</span>"
            "<span><span class=\"sign changed\">~</span> changed</span><span>the crow’s foot stands at the many, the ring where "
            "there may be none</span><span class=\"scripted-only\"><kbd>/</kbd> finds, a click on a foreign key or a line follows "
            "it, <kbd>n</kbd> <kbd>p</kbd> step through the changes, <kbd>Ctrl</kbd> + wheel zooms</span></p>\n");
}

/* In a small model, or where all of it is touched, one picture says everything. */
enum { SMALL_MODEL = 12 };

static int add_diagram(struct page *page) {
    const struct review *review = page->review;
    struct diagram whole, touched;
    bool changes = review->deltas.list.count > 0, two_scopes;
    int result;

    diagram_make(page->arena, review->before, review->after, review->renames, DIAGRAM_WHOLE, &whole);
    diagram_make(page->arena, review->before, review->after, review->renames, DIAGRAM_TOUCHED, &touched);
    two_scopes = touched.entities.count && whole.entities.count > SMALL_MODEL && touched.entities.count < whole.entities.count;
    str_add(page->out, "<section class=\"diagram\" id=\"diagram\" aria-labelledby=\"diagram-title\">\n"
                       "<h2 id=\"diagram-title\" class=\"hidden-text\">Diagram</h2>\n<div class=\"viewer\">\n");
    add_tools(page, two_scopes, changes);
    result = (two_scopes ? add_frame(page, &touched, "changes", "c-") : 0) || add_frame(page, &whole, "whole", "w-");
    str_add(page->out, "<aside class=\"card\" aria-live=\"polite\" aria-label=\"Relations\" hidden></aside>\n</div>\n");
    add_legend(page);
    str_add(page->out, "</section>\n");
    return result ? -1 : 0;
}

/* What a migration changes. */

static void add_subject(struct page *page, const char *subject, const char *element) {
    markup_format(page->out, "<a href=\"#diagram\" data-goto=\"%s\"><code>%s</code></a>", element, subject);
}

static void add_delta(struct page *page, const struct delta *delta) {
    static const struct sign signs[] = {
        {"+", "added", "added"}, {"−", "removed", "removed"}, {"~", "changed", "renamed"}, {"~", "changed", "changed"}};
    const char *subject = delta_subject(page->arena, delta);

    str_add(page->out, "<li>");
    add_sign(page, &signs[delta->verb]);
    str_add(page->out, "<span>");
    add_subject(page, subject, delta->name ? arena_printf(page->arena, "%s.%s", delta->entity, delta->name) : delta->entity);
    markup_format(page->out, "</span><span class=\"what\">%s</span></li>\n", delta_text(page->arena, delta));
}

static void add_deltas(struct page *page, const struct review_migration *migration) {
    str_add(page->out, "<h3>What changes</h3>\n");
    if (!migration->deltas.list.count)
        str_add(page->out, "<p>Nothing in the words of the model.</p>\n");
    str_add(page->out, "<ul class=\"deltas\">\n");
    for (size_t i = 0; i < migration->deltas.list.count; i++)
        add_delta(page, &migration->deltas.list.at[i]);
    str_add(page->out, "</ul>\n");
}

/* Hazards. */

/* The number of the statement that the line of the script is in, counted from 1; 0: none. */
static size_t statement_at(const struct review_migration *migration, const struct review_hazard *hazard) {
    size_t count = hazard->down ? migration->down.count : migration->up.count, found = 0;
    const struct review_statement *list = hazard->down ? migration->down.at : migration->up.at;

    for (size_t i = 0; hazard->script_line && i < count && list[i].line <= hazard->script_line; i++)
        found = i + 1;
    return found;
}

static void add_hazard_place(struct page *page, const struct review_migration *migration, size_t number,
                             const struct review_hazard *hazard) {
    size_t statement = statement_at(migration, hazard);
    const char *script = hazard->down ? "down" : "up";

    if (statement)
        markup_format(page->out, " <a class=\"quiet\" href=\"#m%zu-%s-%zu\">%s.sql:%zu</a>", number, script, statement, script,
                      hazard->script_line);
}

/* The subjects of those that are like the one at FIRST, each with its statement. */
static void add_subjects(struct page *page, const struct review_migration *migration, size_t number, size_t first) {
    for (size_t i = first; i < migration->hazards.count; i++) {
        const struct review_hazard *hazard = &migration->hazards.at[i];

        if (!review_hazards_alike(hazard, &migration->hazards.at[first]))
            continue;
        str_add(page->out, i == first ? "<p>" : "<br>");
        add_subject(page, hazard->subject, hazard->subject);
        add_hazard_place(page, migration, number, hazard);
    }
    str_add(page->out, "</p>");
}

static void add_hazard(struct page *page, const struct review_migration *migration, size_t number, size_t index) {
    const struct review_hazard *hazard = &migration->hazards.at[index];

    str_add(page->out, "<tr><td>");
    add_pill(page, &verdict_pills[verdict_of(hazard)]);
    str_add(page->out, "</td><td>");
    add_subjects(page, migration, number, index);
    markup_format(page->out, "<p>%s</p><p class=\"quiet\">%s %s: %s</p>", review_hazard_words(hazard), hazard->rule->code,
                  hazard->rule->name, hazard->rule->why);
    if (hazard->accepted)
        markup_format(page->out, "<p><b>accepted:</b> %s</p>", hazard->accepted);
    str_add(page->out, "</td><td data-label=\"Who waits\">");
    if (hazard->blocks || hazard->time)
        markup_format(page->out, "<p>%s%s%s</p>", hazard->blocks ? hazard->blocks : "", hazard->blocks && hazard->time ? ", " : "",
                      hazard->time ? hazard->time : "");
    str_add(page->out, "</td><td data-label=\"More gently\">");
    if (hazard->rule->gentle)
        markup_format(page->out, "<p>%s</p>", hazard->rule->gentle);
    str_add(page->out, "</td></tr>\n");
}

/* Those of the way up, or of the way back. */
static void add_hazards(struct page *page, const struct review_migration *migration, size_t number, bool down) {
    if (!review_hazard_count(migration, down))
        return;
    str_add(page->out, "<table>\n<thead><tr><th scope=\"col\">Verdict</th><th scope=\"col\">What</th><th scope=\"col\">Who waits</th>"
                       "<th scope=\"col\">More gently</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < VERDICTS; i++)
        for (size_t k = 0; k < migration->hazards.count; k++)
            if (migration->hazards.at[k].down == down && verdict_of(&migration->hazards.at[k]) == verdict_order[i] &&
                review_hazard_first(migration, k) == k)
                add_hazard(page, migration, number, k);
    str_add(page->out, "</tbody>\n</table>\n");
}

/* Scripts. */

static void add_line(struct page *page, const char *label, const char *text) {
    if (text)
        markup_format(page->out, "<p><b>%s</b>%s</p>", label, text);
}

static void add_statement(struct page *page, const struct review_statement *statement, const char *id) {
    markup_format(page->out, "<div class=\"statement\" id=\"%s\">", id);
    add_line(page, "", statement->reason);
    str_add(page->out, "<pre tabindex=\"0\"><code>");
    markup_sql(page->out, statement->text);
    str_add(page->out, "</code></pre>");
    add_line(page, "lock: ", statement->lock);
    if (statement->outside_transaction)
        add_line(page, "", "runs outside a transaction");
    if (statement->probe) {
        str_add(page->out, "<div class=\"probe\"><p>finds the rows on which it would fail:</p><pre tabindex=\"0\"><code>");
        markup_sql(page->out, statement->probe);
        str_add(page->out, "</code></pre></div>");
    }
    str_add(page->out, "</div>\n");
}

static void add_script(struct page *page, size_t number, const char *script, const struct review_statement *list, size_t count) {
    markup_format(page->out, "<details open><summary><code>%s.sql</code> · %zu %s</summary>\n", script, count,
                  plural(count, "statement", "statements"));
    for (size_t i = 0; i < count; i++)
        add_statement(page, &list[i], arena_printf(page->arena, "m%zu-%s-%zu", number, script, i + 1));
    str_add(page->out, "</details>\n");
}

/* A list of texts; nothing when there are none. */
static void add_texts(struct page *page, const char *title, const char *const *texts, size_t count, bool code) {
    if (!count)
        return;
    if (title)
        markup_format(page->out, "<h3>%s</h3>\n", title);
    str_add(page->out, "<ul class=\"reasons\">\n");
    for (size_t i = 0; i < count; i++)
        code ? markup_format(page->out, "<li><code>%s</code></li>\n", texts[i]) : markup_format(page->out, "<li>%s</li>\n", texts[i]);
    str_add(page->out, "</ul>\n");
}

static void add_way_back(struct page *page, const struct review_migration *migration, size_t number) {
    str_add(page->out, "<h3>Way back</h3>\n<p class=\"wayback\">");
    add_pill(page, &grade_pills[migration->way_back]);
    str_add(page->out, "</p>\n");
    add_texts(page, NULL, migration->reasons.at, migration->reasons.count, false);
    add_hazards(page, migration, number, true);
    if (migration->down.count)
        add_script(page, number, "down", migration->down.at, migration->down.count);
}

static void add_migration(struct page *page, const struct review_migration *migration, size_t number) {
    markup_format(page->out, "<section class=\"migration\" id=\"m%zu\">\n<div class=\"migration-head\"><h2>%s", number,
                  migration_title(migration));
    if (migration->edited)
        str_add(page->out, "<span class=\"pill fair\">~ edited by hand</span>");
    if (migration->pending)
        str_add(page->out, "<span class=\"pill plain\">pending</span>");
    str_add(page->out, "</h2>");
    if (migration->folder)
        markup_format(page->out, "<p class=\"mono\">%s</p>", migration->folder);
    str_add(page->out, "</div>\n");
    if (review_remark(migration))
        markup_format(page->out, "<p class=\"remark\">%s</p>\n", review_remark(migration));
    add_deltas(page, migration);
    add_texts(page, "Decided", migration->decisions.at, migration->decisions.count, true);
    str_add(page->out, "<h3>Hazards</h3>\n");
    if (!review_hazard_count(migration, false))
        markup_format(page->out, "<p>%s</p>\n", REVIEW_NO_HAZARD);
    add_hazards(page, migration, number, false);
    str_add(page->out, "<h3>SQL</h3>\n");
    add_script(page, number, "up", migration->up.at, migration->up.count);
    add_way_back(page, migration, number);
    str_add(page->out, "<h3>Proof</h3>\n<p class=\"proof\">");
    add_pill(page, &proof_pills[migration->proved]);
    markup_format(page->out, " %s</p>\n", migration->proof ? migration->proof : "");
    add_texts(page, NULL, migration->notes.at, migration->notes.count, false);
    str_add(page->out, "</section>\n");
}

int review_html(struct arena *arena, const struct review *review, struct str *out, struct diag *diag) {
    struct page page = {.arena = arena, .review = review, .out = out, .diag = diag};

    add_head(&page);
    add_title(&page);
    str_add(out, "<main>\n");
    add_summary(&page);
    add_contents(&page);
    if (add_diagram(&page))
        return -1;
    for (size_t i = 0; i < review->migrations.count; i++)
        add_migration(&page, &review->migrations.at[i], i + 1);
    markup_format(out, "</main>\n<footer class=\"page-foot\">Made by persist review. %s</footer>\n<script>",
                  review->sized ? "Times are estimated from the committed sizes of the tables."
                                : "Times are not known: persist stats writes down how large the tables are.");
    str_add(out, page_page_js);
    str_add(out, "</script>\n</body>\n</html>\n");
    return 0;
}
