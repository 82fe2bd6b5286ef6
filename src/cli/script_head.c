#include "script_head.h"

#include <string.h>

/* What stands behind PREFIX in LINE; NULL: something else. */
static const char *behind(const char *line, const char *prefix) {
    return strncmp(line, prefix, strlen(prefix)) == 0 ? line + strlen(prefix) : NULL;
}

static void read_grade(const char *name, struct script_head *head) {
    for (int grade = WAY_BACK_LOSSLESS; grade <= WAY_BACK_NONE; grade++)
        if (strcmp(way_back_name((enum way_back)grade), name) == 0) {
            head->graded = true;
            head->way_back = (enum way_back)grade;
        }
}

static void read_line(struct arena *arena, const char *line, struct script_head *head) {
    const char *text;

    if (!head->proof && (behind(line, "proved on ") || behind(line, "not proved, because "))) {
        head->proof = line;
        head->proved = *line == 'p';
    } else if ((text = behind(line, "way back: ")) != NULL)
        read_grade(text, head);
    else if ((text = behind(line, "not proved: ")) != NULL)
        vec_push(arena, &head->notes, text);
    else if (head->graded && (text = behind(line, "  ")) != NULL)
        vec_push(arena, &head->reasons, text);
}

void script_head_read(struct arena *arena, const char *script, struct script_head *head) {
    for (const char *line = script; strncmp(line, "-- ", 3) == 0; line += strcspn(line, "\n"), line += *line == '\n')
        read_line(arena, arena_strndup(arena, line + 3, strcspn(line + 3, "\r\n")), head);
    decisions_read(arena, script, &head->decisions);
}
