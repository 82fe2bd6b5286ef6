#include <string.h>

#include "git_merge.h"
#include "output.h"
#include "workspace.h"

static size_t count_takes(const struct context *context) {
    size_t count = 0;

    while (context->options.takes && context->options.takes[count])
        count++;
    return count;
}

/* Does the repository know REV? */
static bool is_known(struct context *context, struct workspace *workspace, const char *rev) {
    struct diag ignored = {.arena = &context->arena};

    return history_git_commit(workspace->history, &context->arena, rev, &ignored) != NULL;
}

static const char *find_upstream(struct context *context, struct workspace *workspace) {
    const char *name;

    if (context->options.argument_count > count_takes(context))
        return context->options.arguments[0];
    name = history_git_main(workspace->history, &context->arena, &context->diag);
    if (name || context->diag.errors)
        return name;
    diag_fail(&context->diag, "there is no main branch to rebase on");
    diag_hint(&context->diag, "name the branch, as in \"persist rebase origin/develop\"");
    return NULL;
}

/* In the middle of a git rebase: the commit that it stopped at, on top of those that are there already. */
static int continue_rebase(struct context *context, struct workspace *workspace, struct git_merge_request *request) {
    if (context->options.argument_count > count_takes(context)) {
        diag_fail(&context->diag, "a git rebase is going on, which says what is on top of what");
        diag_hint(&context->diag, "say \"persist rebase\" alone; or end it first with git rebase --abort");
        return -1;
    }
    request->ours = "HEAD";
    request->theirs = "REBASE_HEAD";
    request->base = is_known(context, workspace, "REBASE_HEAD^") ? "REBASE_HEAD^" : NULL;
    request->next = ", then git rebase --continue";
    return 0;
}

/* 0; 1 when there is nothing to do; -1 reported. */
static int begin_rebase(struct context *context, struct workspace *workspace, struct git_merge_request *request) {
    struct history_merge merge = {.theirs = "HEAD"};

    request->ours = merge.ours = find_upstream(context, workspace);
    request->theirs = "HEAD";
    request->first_name = context->options.argument_count > count_takes(context);
    if (!request->ours || history_git_merge(workspace->history, &context->arena, &merge, &context->diag))
        return -1;
    if (!merge.base || (strcmp(merge.base, merge.ours) != 0 && strcmp(merge.base, merge.theirs) != 0))
        return 0;
    if (strcmp(merge.base, merge.ours) == 0)
        say(context, "the branch is on top of %s already", request->ours);
    else
        say(context, "the branch has nothing of its own: git merge --ff-only %s", request->ours);
    return 1;
}

static int find_sides(struct context *context, struct git_merge_request *request) {
    struct workspace workspace = {0};
    int result = workspace_open(context, &workspace) || workspace_open_history(context, &workspace) ? -1 : 0;

    if (result == 0)
        result = history_git_is_rebasing(workspace.history) ? continue_rebase(context, &workspace, request)
                                                            : begin_rebase(context, &workspace, request);
    workspace_close(&workspace);
    return result;
}

enum exit_code cmd_rebase(struct context *context) {
    struct git_merge_request request = {.linear = true, .done = "rebased", .next = ""};
    int found = find_sides(context, &request);

    if (found)
        return found < 0 ? EXIT_FAILED : EXIT_DONE;
    return git_merge_run(context, &request);
}
