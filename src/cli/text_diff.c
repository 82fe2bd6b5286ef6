#include "text_diff.h"

#include <git2.h>

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
