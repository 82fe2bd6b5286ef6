/* DOT, for Graphviz's own programs and for those that read it: a table for each entity. */
#include "diagram.h"
#include "markup.h"

static const char *const colors[] = {"#57606a", "#1a7f37", "#cf222e", "#9a6700"};
static const char *const fills[] = {"#f6f8fa", "#dafbe1", "#ffebe9", "#fff8c5"};

static void add_marked(struct str *out, enum diagram_change change, const char *name, const char *was) {
    const char *mark = diagram_mark(change);

    str_addf(out, "%s%s", mark, *mark ? " " : "");
    if (change == DIAGRAM_REMOVED)
        str_add(out, "<S>");
    markup_text(out, name);
    if (change == DIAGRAM_REMOVED)
        str_add(out, "</S>");
    if (was) {
        str_add(out, " ← ");
        markup_text(out, was);
    }
}

static void add_field(struct str *out, const struct diagram_field *field, size_t number) {
    str_addf(out, "            <TR><TD ALIGN=\"LEFT\" PORT=\"f%zu\" BGCOLOR=\"%s\">", number,
             field->change == DIAGRAM_SAME ? "#ffffff" : fills[field->change]);
    add_marked(out, field->change, field->name, field->was);
    str_addf(out, "%s%s", field->key ? " <B>PK</B>" : "", field->reference ? " <B>FK</B>" : "");
    str_add(out, "  <FONT COLOR=\"#57606a\">");
    markup_text(out, field->type);
    if (field->was_type) {
        str_add(out, " ← ");
        markup_text(out, field->was_type);
    }
    str_add(out, "</FONT></TD></TR>\n");
}

static void add_entity(struct str *out, const struct diagram_entity *entity, size_t number) {
    str_addf(out, "    e%zu [label=<\n        <TABLE BORDER=\"0\" CELLBORDER=\"1\" CELLSPACING=\"0\" CELLPADDING=\"4\" COLOR=\"%s\">\n",
             number, colors[entity->change]);
    str_addf(out, "            <TR><TD PORT=\"h\" BGCOLOR=\"%s\"><B>", fills[entity->change]);
    add_marked(out, entity->change, entity->name, entity->was);
    str_add(out, "</B>");
    if (entity->kind) {
        str_add(out, " (");
        markup_text(out, entity->kind);
        str_add_char(out, ')');
    }
    str_add(out, "</TD></TR>\n");
    for (size_t i = 0; i < entity->fields.count; i++)
        add_field(out, &entity->fields.at[i], i);
    str_add(out, "        </TABLE>>];\n");
}

static void add_relation(struct str *out, const struct diagram_relation *relation) {
    static const char *const styles[] = {"solid", "bold", "dashed", "bold"};
    const char *mark = diagram_mark(relation->change);
    const char *tail = relation->reads ? "none" : relation->optional ? "teeodot" : "teetee";
    const char *head = relation->reads ? "none" : relation->many ? "crow" : "tee";

    str_addf(out, "    e%zu -> e%zu [arrowtail=%s, arrowhead=%s, color=\"%s\", style=%s, label=", relation->to, relation->from, tail, head,
             colors[relation->change], relation->reads ? "dotted" : styles[relation->change]);
    if (!relation->name && !*mark) {
        str_add(out, "\"\"];\n");
        return;
    }
    str_addf(out, "<%s%s", mark, *mark ? " " : "");
    markup_text(out, relation->name ? relation->name : "");
    str_add(out, ">];\n");
}

void diagram_dot(const struct diagram *diagram, struct str *out) {
    str_add(out, "digraph model {\n    rankdir=LR;\n    node [shape=plain, fontname=\"Helvetica\", fontsize=11];\n"
                 "    edge [dir=both, fontname=\"Helvetica\", fontsize=9, fontcolor=\"#57606a\"];\n");
    for (size_t i = 0; i < diagram->entities.count; i++)
        add_entity(out, &diagram->entities.at[i], i);
    for (size_t i = 0; i < diagram->relations.count; i++)
        add_relation(out, &diagram->relations.at[i]);
    str_add(out, "}\n");
}
