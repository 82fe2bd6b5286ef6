#include "targets.h"

#include <fnmatch.h>
#include <glob.h>
#include <string.h>

#include "file.h"
#include "map.h"
#include "pulled.h"
#include "utf8.h"

/* The search for what --target and --all call. */
struct search {
    struct context *context;
    const struct workspace *workspace;
    const struct config_target *target; /* the one that is looked at */
    struct names globs;                 /* of --target; none: --all */
    bool *used;                         /* per glob: it fits a name */
    struct map taken;                   /* names → their destination's target */
    struct targets *targets;
};

static const char glob_signs[] = "*?[";

/* --- names --- */

/* Could the glob fit BASE, or a name that begins with BASE and "-"? A target that cannot be meant is not looked into, because the variable
 * or the folder it names need not be there. */
static bool may_fit(struct arena *arena, const char *glob, const char *base) {
    const char *longer = arena_printf(arena, "%s-", base);
    size_t fixed = strcspn(glob, glob_signs);

    return fnmatch(glob, base, 0) == 0 || strncmp(glob, longer, fixed < strlen(longer) ? fixed : strlen(longer)) == 0;
}

static bool may_be_meant(const struct search *search) {
    for (size_t i = 0; i < search->globs.count; i++)
        if (may_fit(&search->context->arena, search->globs.at[i], search->target->name))
            return true;
    return !search->globs.count;
}

/* Is NAME, of the target that is looked at, called? The name of the target calls all of it. */
static bool is_meant(struct search *search, const char *name) {
    bool meant = !search->globs.count;

    for (size_t i = 0; i < search->globs.count; i++)
        if (fnmatch(search->globs.at[i], name, 0) == 0 || strcmp(search->globs.at[i], search->target->name) == 0)
            meant = search->used[i] = true;
    return meant;
}

/* --- what a target stands for --- */

static int check_dialect(struct context *context, const struct workspace *workspace, const struct destination *destination) {
    const struct dialect *found = destination->connection.dialect;

    if (found == workspace->target.dialect)
        return 0;
    diag_fail(&context->diag, "\"%s\" is %s, and the model \"%s\" is for %s", destination->name, found->title, workspace->place->name,
              workspace->target.dialect->title);
    diag_hint(&context->diag, "options.datastore in the model's entry of the configuration says what it is for");
    return -1;
}

static int take(struct search *search, const char *name, const char *url) {
    struct context *context = search->context;
    const struct config_target *other = map_put(&context->arena, &search->taken, name, search->target);
    struct destination *destination;

    if (other) {
        diag_error(&context->diag, search->workspace->project.config.source, search->target->at, 0, "two databases are called \"%s\"",
                   name);
        if (other != search->target)
            diag_note(&context->diag, search->workspace->project.config.source, other->at, "the other is of this target");
        return -1;
    }
    if (!is_meant(search, name))
        return 0;
    destination = vec_add(&context->arena, &search->targets->list);
    destination->name = name;
    if (connection_of_setting(context, &search->workspace->project, url, &destination->connection))
        return -1;
    return check_dialect(context, search->workspace, destination);
}

/* What SQLite writes beside a database, for as long as it is open. */
static bool is_beside(const char *path) {
    static const char *const ends[] = {"-journal", "-wal", "-shm"};
    size_t length = strlen(path);

    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (length > strlen(ends[i]) && strcmp(path + length - strlen(ends[i]), ends[i]) == 0)
            return true;
    return file_is_folder(path);
}

/* "tenants/acme.db" → "acme". */
static const char *stem_of(struct arena *arena, const char *path) {
    const char *base = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
    const char *dot = strrchr(base, '.');

    return dot && dot > base ? arena_strndup(arena, base, (size_t)(dot - base)) : base;
}

/* Where files of several folders have one name, the folders from the first glob on tell them apart: "tenants/acme/data.db" → "acme-data". */
static const char *long_stem_of(struct arena *arena, const char *path, const char *pattern) {
    size_t fixed = strcspn(pattern, glob_signs);
    char *name;

    while (fixed && pattern[fixed - 1] != '/')
        fixed--;
    name = arena_strdup(arena, path + fixed);
    if (strrchr(name, '.') > strrchr(name, '/'))
        *strrchr(name, '.') = '\0';
    for (char *at = name; *at; at++)
        if (*at == '/')
            *at = '-';
    return name;
}

static bool stems_meet(struct arena *arena, const struct names *paths) {
    struct map stems = {0};

    for (size_t i = 0; i < paths->count; i++)
        if (map_put(arena, &stems, stem_of(arena, paths->at[i]), paths->at[i]))
            return true;
    return false;
}

/* The files that PATTERN fits, sorted by bytes. */
static void list_files(struct arena *arena, const char *pattern, struct names *paths) {
    glob_t found;

    *paths = (struct names){0};
    if (glob(pattern, 0, NULL, &found))
        return;
    paths->at = ARENA_ARRAY(arena, const char *, found.gl_pathc);
    for (size_t i = 0; i < found.gl_pathc; i++)
        if (!is_beside(found.gl_pathv[i]))
            paths->at[paths->count++] = arena_strdup(arena, found.gl_pathv[i]);
    globfree(&found);
}

/* NAME, of the files that PATTERN fits. */
static int take_files(struct search *search, const char *name, const char *pattern) {
    struct arena *arena = &search->context->arena;
    struct names paths;
    bool meet;

    list_files(arena, pattern, &paths);
    if (!paths.count)
        return diag_error(&search->context->diag, search->workspace->project.config.source, search->target->at, 0, "no file fits \"%s\"",
                          pattern);
    meet = stems_meet(arena, &paths);
    for (size_t i = 0; i < paths.count; i++) {
        const char *stem = meet ? long_stem_of(arena, paths.at[i], pattern) : stem_of(arena, paths.at[i]);

        if (take(search, arena_printf(arena, "%s-%s", name, stem), arena_printf(arena, "sqlite:%s", paths.at[i])))
            return -1;
    }
    return 0;
}

static int take_url(struct search *search, const char *name, const char *setting) {
    const char *url;

    if (project_url(search->context, setting, &url))
        return -1;
    if (strncmp(url, "sqlite:", 7) != 0 || !strpbrk(url, glob_signs))
        return take(search, name, setting);
    return take_files(search, name, url + (strncmp(url, "sqlite://", 9) == 0 ? 9 : 7));
}

static int take_target(struct search *search) {
    const struct config_target *target = search->target;

    if (!may_be_meant(search))
        return 0;
    for (size_t i = 0; i < target->urls.count; i++) {
        const char *name = target->is_list ? arena_printf(&search->context->arena, "%s-%zu", target->name, i + 1) : target->name;

        if (take_url(search, name, target->urls.at[i]))
            return -1;
    }
    return 0;
}

/* --- the options --- */

static const char *nearest_name(const struct model_config *config, const char *glob) {
    const char *nearest = NULL;
    size_t best = 4;

    for (size_t i = 0; i < config->targets.count; i++) {
        size_t distance = utf8_distance(glob, config->targets.at[i].name, best - 1);

        if (distance < best) {
            best = distance;
            nearest = config->targets.at[i].name;
        }
    }
    return nearest;
}

static const char *list_names(struct arena *arena, const struct model_config *config) {
    struct str out = STR_INIT;
    const char *text;

    for (size_t i = 0; i < config->targets.count; i++)
        str_addf(&out, "%s%s", i ? ", " : "", config->targets.at[i].name);
    text = str_keep(&out, arena);
    str_free(&out);
    return text;
}

static int refuse_glob(struct search *search, const char *glob) {
    const struct model_config *config = search->workspace->place->config;
    const char *nearest = nearest_name(config, glob);

    diag_fail(&search->context->diag, "no target of the model \"%s\" is called \"%s\"", search->workspace->place->name, glob);
    if (nearest)
        diag_hint(&search->context->diag, "did you mean \"%s\"?", nearest);
    else
        diag_hint(&search->context->diag, "the targets are: %s", list_names(&search->context->arena, config));
    return -1;
}

static int refuse_none(struct context *context, const struct model_place *place) {
    diag_fail(&context->diag, "the configuration names no targets for the model \"%s\"", place->name);
    diag_hint(&context->diag, "write targets.prod = \"env:PROD_URL\" into the model's entry, or use --url URL");
    return -1;
}

static int find_named(struct search *search) {
    struct context *context = search->context;
    const struct model_config *config = search->workspace->place->config;

    if (!config->targets.count)
        return refuse_none(context, search->workspace->place);
    if (!context->options.all)
        search->globs = pulled_globs(&context->arena, context->options.targets);
    search->used = ARENA_ARRAY(&context->arena, bool, search->globs.count);
    for (size_t i = 0; i < config->targets.count; i++) {
        search->target = &config->targets.at[i];
        if (take_target(search))
            return -1;
    }
    for (size_t i = 0; i < search->globs.count; i++)
        if (!search->used[i])
            return refuse_glob(search, search->globs.at[i]);
    return 0;
}

static int find_one(struct context *context, const struct workspace *workspace, struct targets *targets) {
    struct destination *destination = vec_add(&context->arena, &targets->list);

    if (connection_of_options(context, &workspace->project, workspace->place, &destination->connection))
        return -1;
    destination->name = destination->connection.shown;
    return check_dialect(context, workspace, destination);
}

int targets_find(struct context *context, const struct workspace *workspace, struct targets *targets) {
    const struct command_options *options = &context->options;
    struct search search = {.context = context, .workspace = workspace, .targets = targets};

    *targets = (struct targets){.named = options->targets || options->all};
    if (!targets->named)
        return find_one(context, workspace, targets);
    if (options->url)
        return diag_fail(&context->diag, "--url names the database: leave --target and --all out");
    if (options->targets && options->all)
        return diag_fail(&context->diag, "--all calls every target: leave --target out");
    return find_named(&search);
}
