/* The diagram as SVG. Everything that a view, a search or a theme has to find has a class or a data attribute; colors stand in
 * page/diagram.css alone. */
#include <math.h>
#include <string.h>

#include "diagram.h"
#include "diagram_layout.h"
#include "markup.h"
#include "page.h"
#include "utf8.h"

enum {
    TEXT_X = 10, /* of what stands left */
    MARK_SPACE = 14,
    KEY_SPACE = 24,
    COLUMN_GAP = 18, /* between name and type */
    LONGEST = 44,    /* columns of a name before it is cut */
    LEAST_WIDTH = 96
};

static const double field_advance = 7.25; /* of a 12 px fixed-width letter */
static const double title_advance = 8.2;  /* of a bold 13 px letter, on the generous side */

static const char *const change_classes[] = {"", " added", " removed", " changed"};

struct drawing {
    struct arena *arena;
    const struct diagram *diagram;
    struct layout layout;
    const char *id; /* NULL: a file that stands alone */
    struct str *out;
};

/* What a text says in the difference, before, and after. */
struct variants {
    const char *both;
    const char *before; /* NULL: all say the same */
    const char *after;
};

static struct variants make_variants(struct arena *arena, const char *now, const char *was) {
    struct variants result = {utf8_cut(arena, now, LONGEST), NULL, NULL};

    if (!was)
        return result;
    result.before = utf8_cut(arena, was, LONGEST);
    result.after = result.both;
    result.both = arena_printf(arena, "%s → %s", result.before, result.after);
    return result;
}

static double columns(const char *text) {
    return (double)utf8_width(text, strlen(text));
}

/* Sizes. */

static int key_space(const struct diagram_entity *entity) {
    for (size_t i = 0; i < entity->fields.count; i++)
        if (entity->fields.at[i].key || entity->fields.at[i].reference)
            return KEY_SPACE;
    return 0;
}

static double box_width(struct drawing *drawing, const struct diagram_entity *entity) {
    double name = 0, type = 0, title = columns(make_variants(drawing->arena, entity->name, entity->was).both) * title_advance;

    for (size_t i = 0; i < entity->fields.count; i++) {
        const struct diagram_field *field = &entity->fields.at[i];

        name = fmax(name, columns(make_variants(drawing->arena, field->name, field->was).both));
        type = fmax(type, columns(make_variants(drawing->arena, field->type, field->was_type).both));
    }
    if (entity->change != DIAGRAM_SAME)
        title += MARK_SPACE;
    if (entity->kind)
        title += columns(entity->kind) * field_advance;
    if (entity->fields.count)
        name = MARK_SPACE + key_space(entity) + (name + type) * field_advance + COLUMN_GAP;
    return ceil(fmax(fmax(name, title) + 2 * TEXT_X, LEAST_WIDTH));
}

static void measure(struct drawing *drawing) {
    size_t count = drawing->diagram->entities.count;

    drawing->layout.boxes = ARENA_ARRAY(drawing->arena, struct layout_box, count);
    for (size_t i = 0; i < count; i++) {
        const struct diagram_entity *entity = &drawing->diagram->entities.at[i];
        struct layout_box *box = &drawing->layout.boxes[i];

        box->width = box_width(drawing, entity);
        box->height = LAYOUT_HEAD + (entity->fields.count ? (double)(entity->fields.count * LAYOUT_ROW + LAYOUT_FOOT) : 0);
    }
}

/* Texts. */

static void add_attribute(struct drawing *drawing, const char *name, const char *value) {
    if (!value)
        return;
    str_addf(drawing->out, " %s=\"", name);
    markup_text(drawing->out, value);
    str_add_char(drawing->out, '"');
}

static void add_title(struct drawing *drawing, const char *text) {
    str_add(drawing->out, "<title>");
    markup_text(drawing->out, text);
    str_add(drawing->out, "</title>");
}

static void add_text(struct drawing *drawing, const char *classes, double x, double y, const char *text) {
    str_addf(drawing->out, "<text class=\"%s\" x=\"%ld\" y=\"%ld\">", classes, lround(x), lround(y));
    markup_text(drawing->out, text);
    str_add(drawing->out, "</text>");
}

/* A file shows the difference alone; a page can also show the two sides. */
static void add_variants(struct drawing *drawing, const char *class, double x, double y, const struct variants *texts) {
    if (!texts->before || !drawing->id) {
        add_text(drawing, class, x, y, texts->both);
        return;
    }
    add_text(drawing, arena_printf(drawing->arena, "%s in-diff", class), x, y, texts->both);
    add_text(drawing, arena_printf(drawing->arena, "%s in-before", class), x, y, texts->before);
    add_text(drawing, arena_printf(drawing->arena, "%s in-after", class), x, y, texts->after);
}

/* Entities. */

static void add_field(struct drawing *drawing, const struct diagram_entity *entity, const struct diagram_field *field, size_t number,
                      double width) {
    struct variants name = make_variants(drawing->arena, field->name, field->was);
    struct variants type = make_variants(drawing->arena, field->type, field->was_type);

    str_addf(drawing->out, "<g class=\"field%s%s\"", change_classes[field->change], field->reference ? " reference" : "");
    add_attribute(drawing, "data-name", field->name);
    add_attribute(drawing, "data-was", field->was);
    str_addf(drawing->out, " transform=\"translate(0 %zu)\">", LAYOUT_HEAD + number * LAYOUT_ROW);
    if (field->detail)
        add_title(drawing, field->detail);
    if (field->change != DIAGRAM_SAME || field->reference)
        str_addf(drawing->out, "<rect class=\"row\" x=\"1\" width=\"%ld\" height=\"%d\"/>", lround(width - 2), LAYOUT_ROW);
    if (field->change != DIAGRAM_SAME)
        add_text(drawing, "mark", TEXT_X - 2, 14, diagram_mark(field->change));
    if (field->key || field->reference)
        add_text(drawing, "key", TEXT_X + MARK_SPACE, 14, field->key ? "PK" : "FK");
    add_variants(drawing, "name", TEXT_X + MARK_SPACE + key_space(entity), 14, &name);
    add_variants(drawing, "type", width - TEXT_X, 14, &type);
    str_add(drawing->out, "</g>\n");
}

/* The name as large as the box allows, for a look from far away. */
static void add_far_title(struct drawing *drawing, const char *name, const struct layout_box *box) {
    double size = fmin(fmin((box->width - 12) / columns(name) / title_advance * 13, box->height * 0.6), 44);

    str_addf(drawing->out, "<g font-size=\"%ld\"><text class=\"far-title\" x=\"%ld\" y=\"%ld\">", lround(size), lround(box->width / 2),
             lround(box->height / 2 + size * 0.35));
    markup_text(drawing->out, name);
    str_add(drawing->out, "</text></g>");
}

static void add_head(struct drawing *drawing, const struct diagram_entity *entity, const struct layout_box *box) {
    struct variants name = make_variants(drawing->arena, entity->name, entity->was);
    bool marked = entity->change != DIAGRAM_SAME;
    long width = lround(box->width);

    str_addf(drawing->out, "<rect class=\"box\" width=\"%ld\" height=\"%ld\" rx=\"6\"/>", width, lround(box->height));
    if (entity->fields.count)
        str_addf(drawing->out, "<path class=\"head\" d=\"M0 %dV6a6 6 0 0 1 6-6h%lda6 6 0 0 1 6 6v%dz\"/>", LAYOUT_HEAD, width - 12,
                 LAYOUT_HEAD - 6);
    else
        str_addf(drawing->out, "<rect class=\"head\" width=\"%ld\" height=\"%d\" rx=\"6\"/>", width, LAYOUT_HEAD);
    if (marked)
        add_text(drawing, "mark", TEXT_X - 2, 20, diagram_mark(entity->change));
    add_variants(drawing, "title", TEXT_X + (marked ? MARK_SPACE : 0), 20, &name);
    if (entity->kind)
        add_text(drawing, "type", box->width - TEXT_X, 20, entity->kind);
    if (drawing->id)
        add_far_title(drawing, name.after ? name.after : name.both, box);
}

static void add_entity(struct drawing *drawing, size_t number) {
    const struct diagram_entity *entity = &drawing->diagram->entities.at[number];
    const struct layout_box *box = &drawing->layout.boxes[number];

    str_addf(drawing->out, "<g class=\"entity%s%s\" id=\"%se%zu\"", change_classes[entity->change], entity->kind ? " object" : "",
             drawing->id ? drawing->id : "", number);
    add_attribute(drawing, "data-name", entity->name);
    add_attribute(drawing, "data-was", entity->was);
    str_addf(drawing->out, " transform=\"translate(%ld %ld)\">\n", lround(box->x), lround(box->y));
    add_head(drawing, entity, box);
    str_add_char(drawing->out, '\n');
    for (size_t i = 0; i < entity->fields.count; i++)
        add_field(drawing, entity, &entity->fields.at[i], i, box->width);
    str_add(drawing->out, "</g>\n");
}

/* Relations. */

/* An end of a line: the point at the box, and the direction away from it. */
struct end {
    struct point at;
    struct point away;
};

static struct end line_end(const struct layout_line *line, bool last) {
    struct end end = {.at = line->points[last ? line->count - 1 : 0]};
    double length = 0;

    for (size_t i = 1; i < line->count && length < 0.5; i++) {
        const struct point *next = &line->points[last ? line->count - 1 - i : i];

        end.away = (struct point){next->x - end.at.x, next->y - end.at.y};
        length = hypot(end.away.x, end.away.y);
    }
    if (length >= 0.5)
        end.away = (struct point){end.away.x / length, end.away.y / length};
    return end;
}

/* The point OUT away from the box and ASIDE of the line. */
static void add_point(struct drawing *drawing, char command, const struct end *end, double out, double aside) {
    double x = end->at.x + end->away.x * out - end->away.y * aside;
    double y = end->at.y + end->away.y * out + end->away.x * aside;

    str_addf(drawing->out, "%c%ld %ld", command, lround(x), lround(y));
}

static void add_bar(struct drawing *drawing, const struct end *end, double out) {
    add_point(drawing, 'M', end, out, 5);
    add_point(drawing, 'L', end, out, -5);
}

static void add_crow_foot(struct drawing *drawing, const struct end *end) {
    add_point(drawing, 'M', end, 11, 0);
    add_point(drawing, 'L', end, 0, 5);
    add_point(drawing, 'M', end, 11, 0);
    add_point(drawing, 'L', end, 0, -5);
}

static void add_ring(struct drawing *drawing, const struct end *end, double out) {
    add_point(drawing, 'M', end, out - 4, 0);
    for (int side = 0; side < 2; side++) {
        double x = end->away.x * (side ? -8 : 8), y = end->away.y * (side ? -8 : 8);

        str_addf(drawing->out, "a4 4 0 1 0 %ld %ld", lround(x), lround(y));
    }
}

/* Crow's foot notation: none or one (ring and bar) or exactly one (two bars) that is referred to; one (bar) or many (foot) that refer. */
static void add_ends(struct drawing *drawing, const struct diagram_relation *relation, const struct layout_line *line) {
    struct end one = line_end(line, false), other = line_end(line, true);

    str_add(drawing->out, "<path class=\"end\" d=\"");
    add_bar(drawing, &one, 5);
    if (relation->optional)
        add_ring(drawing, &one, 12);
    else
        add_bar(drawing, &one, 9);
    str_add(drawing->out, "\"/><path class=\"end foot\" d=\"");
    if (relation->many)
        add_crow_foot(drawing, &other);
    else
        add_bar(drawing, &other, 7);
    str_add(drawing->out, "\"/>");
}

static void add_path(struct drawing *drawing, const char *class, const struct layout_line *line) {
    str_addf(drawing->out, "<path class=\"%s\" d=\"", class);
    for (size_t i = 0; i < line->count; i++)
        str_addf(drawing->out, "%s%ld %ld", i == 0 ? "M" : i == 1 ? "C" : " ", lround(line->points[i].x), lround(line->points[i].y));
    str_add(drawing->out, "\"/>");
}

/* The middle of the middle curve. */
static struct point line_middle(const struct layout_line *line) {
    const struct point *p = line->points + (line->count - 1) / 3 / 2 * 3;

    return (struct point){(p[0].x + 3 * p[1].x + 3 * p[2].x + p[3].x) / 8, (p[0].y + 3 * p[1].y + 3 * p[2].y + p[3].y) / 8};
}

static const char *relation_words(struct drawing *drawing, const struct diagram_relation *relation) {
    static const char *const words[] = {"", ", added", ", removed", ", changed"};
    const char *from = drawing->diagram->entities.at[relation->from].name, *to = drawing->diagram->entities.at[relation->to].name;

    if (relation->reads)
        return arena_printf(drawing->arena, "%s reads %s%s", from, to, words[relation->change]);
    return arena_printf(drawing->arena, "%s%s%s → %s: %s to %s%s", from, relation->name ? "." : "", relation->name ? relation->name : "",
                        to, relation->many ? "many" : "one", relation->optional ? "none or one" : "one", words[relation->change]);
}

static void add_relation(struct drawing *drawing, size_t number) {
    const struct diagram_relation *relation = &drawing->diagram->relations.at[number];
    const struct layout_line *line = &drawing->layout.lines[number];
    struct point middle;

    if (line->count < 4)
        return;
    middle = line_middle(line);
    str_addf(drawing->out, "<g class=\"relation%s%s\" data-from=\"%zu\" data-to=\"%zu\"", change_classes[relation->change],
             relation->reads ? " reads" : "", relation->from, relation->to);
    add_attribute(drawing, "data-name", relation->name);
    add_attribute(drawing, "data-field", relation->field);
    str_add_char(drawing->out, '>');
    add_title(drawing, relation_words(drawing, relation));
    if (drawing->id)
        add_path(drawing, "hit", line);
    add_path(drawing, "line", line);
    if (!relation->reads)
        add_ends(drawing, relation, line);
    if (relation->change != DIAGRAM_SAME) {
        str_addf(drawing->out, "<circle class=\"badge\" cx=\"%ld\" cy=\"%ld\" r=\"7\"/>", lround(middle.x), lround(middle.y));
        add_text(drawing, "mark", middle.x, middle.y + 4, diagram_mark(relation->change));
    }
    if (relation->name && drawing->id)
        add_text(drawing, "label", middle.x, middle.y - 10, relation->name);
    str_add(drawing->out, "</g>\n");
}

/* The whole. */

static void add_opening(struct drawing *drawing) {
    long width = lround(drawing->layout.width), height = lround(drawing->layout.height);

    str_addf(drawing->out,
             "<svg class=\"erd\" xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %ld %ld\" width=\"%ld\" height=\"%ld\" role=\"img\" "
             "aria-label=\"Entity-relationship diagram, %zu %s, %zu %s\">\n",
             width, height, width, height, drawing->diagram->entities.count, drawing->diagram->entities.count == 1 ? "entity" : "entities",
             drawing->diagram->relations.count, drawing->diagram->relations.count == 1 ? "relation" : "relations");
    if (!drawing->id)
        str_addf(drawing->out, "<style>\n%s%s</style>\n<rect class=\"paper\" width=\"100%%\" height=\"100%%\"/>\n", page_palette_css,
                 page_diagram_css);
    str_add(drawing->out, "<g class=\"view\">\n<g class=\"relations\">\n");
}

int diagram_svg(struct arena *arena, const struct diagram *diagram, const char *inline_id, struct str *out, struct diag *diag) {
    struct drawing drawing = {.arena = arena, .diagram = diagram, .id = inline_id, .out = out};

    measure(&drawing);
    if (layout_make(arena, diagram, &drawing.layout, diag))
        return -1;
    add_opening(&drawing);
    for (size_t i = 0; i < diagram->relations.count; i++)
        add_relation(&drawing, i);
    str_add(out, "</g>\n<g class=\"entities\">\n");
    for (size_t i = 0; i < diagram->entities.count; i++)
        add_entity(&drawing, i);
    str_add(out, "</g>\n</g>\n</svg>\n");
    return 0;
}
