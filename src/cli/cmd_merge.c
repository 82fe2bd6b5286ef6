#include "git_merge.h"

enum exit_code cmd_merge(struct context *context) {
    const struct command_options *options = &context->options;
    struct git_merge_request request = {
        .base = options->base, .ours = options->ours, .theirs = options->theirs, .done = "merged", .next = ""};

    return git_merge_run(context, &request);
}
