#include "text_diff.h"

#include <git2.h>
#include <stdbool.h>
#include <string.h>

void text_diff_print(const char *path, const struct str *old, const struct str *new_text, struct str *out) {
    git_patch *patch = NULL;
    git_buf text = {0};

    git_libgit2_init();
    if (git_patch_from_buffers(&patch, old->text, old->length, path, new_text->text, new_text->length, path, NULL) == 0 &&
        git_patch_num_hunks(patch) && git_patch_to_buf(&text, patch) == 0)
        str_add_bytes(out, text.ptr, text.size);
    git_buf_dispose(&text);
    git_patch_free(patch);
    git_libgit2_shutdown();
}

int text_lines_merge(const struct text_lines *lines, enum text_lines_way way, struct str *out) {
    static const git_merge_file_favor_t favors[] = {
        [LINES_MARKED] = GIT_MERGE_FILE_FAVOR_NORMAL, [LINES_BOTH] = GIT_MERGE_FILE_FAVOR_UNION, [LINES_OURS] = GIT_MERGE_FILE_FAVOR_OURS};
    const struct str *texts[] = {&lines->base, &lines->ours, &lines->theirs};
    git_merge_file_input inputs[3];
    git_merge_file_options how;
    git_merge_file_result result = {0};
    bool clean = false;

    git_libgit2_init();
    git_merge_file_options_init(&how, GIT_MERGE_FILE_OPTIONS_VERSION);
    how.favor = favors[way];
    how.our_label = "ours";
    how.their_label = "theirs";
    for (size_t i = 0; i < 3; i++) {
        git_merge_file_input_init(&inputs[i], GIT_MERGE_FILE_INPUT_VERSION);
        inputs[i].ptr = texts[i]->text;
        inputs[i].size = texts[i]->length;
    }
    if (git_merge_file(&result, &inputs[0], &inputs[1], &inputs[2], &how) == 0) {
        clean = result.automergeable != 0;
        str_add_bytes(out, result.ptr, result.len);
    }
    git_merge_file_result_free(&result);
    git_libgit2_shutdown();
    return clean ? 0 : 1;
}

struct line_walk {
    const char *at;
    size_t line; /* of AT, from 1 */
};

/* Appends the lines up to line END, which stays out. */
static void add_lines(struct line_walk *walk, size_t end, struct str *out) {
    const char *start = walk->at;

    for (; walk->line < end && *walk->at; walk->line++)
        walk->at += strcspn(walk->at, "\n") + (walk->at[strcspn(walk->at, "\n")] == '\n');
    str_add_bytes(out, start, (size_t)(walk->at - start));
}

/* A marker stands on a line of its own, also behind a last line that does not end. */
static void add_marker(const char *marker, struct str *out) {
    if (out->length && out->text[out->length - 1] != '\n')
        str_add_char(out, '\n');
    str_addf(out, "%s\n", marker);
}

static void add_hunk(const git_diff_hunk *hunk, struct line_walk *ours, struct line_walk *theirs, struct str *out) {
    size_t first = (size_t)hunk->old_start + (hunk->old_lines == 0);
    struct str skipped = STR_INIT;

    add_lines(ours, first, out);
    add_lines(theirs, (size_t)hunk->new_start + (hunk->new_lines == 0), &skipped);
    add_marker("<<<<<<< ours", out);
    add_lines(ours, first + (size_t)hunk->old_lines, out);
    add_marker("=======", out);
    add_lines(theirs, theirs->line + (size_t)hunk->new_lines, out);
    add_marker(">>>>>>> theirs", out);
    str_free(&skipped);
}

void text_lines_mark(const struct str *ours, const struct str *theirs, struct str *out) {
    git_diff_options how;
    git_patch *patch = NULL;
    struct line_walk walks[] = {{ours->text, 1}, {theirs->text, 1}};

    git_libgit2_init();
    git_diff_options_init(&how, GIT_DIFF_OPTIONS_VERSION);
    how.context_lines = 0;
    if (git_patch_from_buffers(&patch, ours->text, ours->length, "ours", theirs->text, theirs->length, "theirs", &how) == 0)
        for (size_t i = 0; i < git_patch_num_hunks(patch); i++) {
            const git_diff_hunk *hunk;
            size_t lines;

            if (git_patch_get_hunk(&hunk, &lines, patch, i) == 0)
                add_hunk(hunk, &walks[0], &walks[1], out);
        }
    str_add(out, walks[0].at);
    git_patch_free(patch);
    git_libgit2_shutdown();
}
