#include "migration.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "file.h"
#include "utf8.h"

static const char pending_name[] = ".pending";
static const char chain_name[] = "chain";
static const char snapshot_name[] = "snapshot.bal";

enum { LOCK_SECONDS = 60, LABEL_MAX = 60 };

bool migration_is_id(const char *name) {
    for (int i = 0; i < 14; i++)
        if (!isdigit((unsigned char)name[i]))
            return false;
    return name[14] == '\0' || name[14] == '_';
}

/* LABEL as the tail of an id: runs of anything but letters and digits become one "_". */
static void add_label(struct str *id, const char *label) {
    size_t start = id->length;
    bool gap = true;

    for (; *label && id->length - start < LABEL_MAX; label++) {
        unsigned char c = (unsigned char)*label;

        if (c < 0x80 && !isalnum(c)) {
            gap = true;
            continue;
        }
        if (gap)
            str_add_char(id, '_');
        gap = false;
        str_add_char(id, (char)(c < 0x80 ? tolower(c) : c));
    }
    /* A multi-byte character that the limit cut is left out whole. */
    str_truncate(id, start + utf8_check(id->text + start, id->length - start));
}

const char *migration_label(struct arena *arena, const char *label) {
    struct str text = STR_INIT;
    const char *result;

    add_label(&text, label);
    result = str_keep(&text, arena);
    str_free(&text);
    return *result ? result + 1 : result;
}

static void add_time(struct str *id, long long seconds) {
    time_t when = (time_t)seconds;
    struct tm utc;
    char digits[16];

    gmtime_r(&when, &utc);
    strftime(digits, sizeof digits, "%Y%m%d%H%M%S", &utc);
    str_add(id, digits);
}

const char *migration_id(struct arena *arena, const struct chain *chain, long long seconds, const char *label) {
    const char *last = chain->list.count ? chain->list.at[chain->list.count - 1].id : "";
    const char *result = NULL;

    /* Two in one second, or a clock that went back: the first second after the last migration. */
    while (!result) {
        struct str id = STR_INIT;

        add_time(&id, seconds);
        if (strncmp(id.text, last, 14) > 0) {
            add_label(&id, label);
            result = str_keep(&id, arena);
        }
        if (strncmp(id.text, last, 12) < 0)
            seconds += 60;
        else
            seconds++;
        str_free(&id);
    }
    return result;
}

const struct migration *migration_find(const struct chain *chain, const char *text) {
    const struct migration *found = NULL;
    size_t length = strlen(text);

    for (size_t i = chain->list.count; i-- > 0;) {
        const struct migration *migration = &chain->list.at[i];

        if (strcmp(migration->id, text) == 0 || (migration->id[14] && strcmp(migration->id + 15, text) == 0))
            return migration;
        if (length && strncmp(migration->id, text, length) == 0) {
            if (found)
                return NULL;
            found = migration;
        }
    }
    return found;
}

static void add_parts(struct arena *arena, const struct migration *migration, struct chain *all) {
    for (size_t i = 0; i < migration->part_count; i++)
        add_parts(arena, &migration->parts[i], all);
    vec_push(arena, &all->list, *migration);
}

const struct migration *migration_find_any(struct arena *arena, const struct chain *chain, const char *text) {
    const struct migration *found = migration_find(chain, text);
    struct chain all = {0};

    if (found)
        return found;
    for (size_t i = 0; i < chain->list.count; i++)
        add_parts(arena, &chain->list.at[i], &all);
    return migration_find(&all, text);
}

/* Moves NAME out of the pending folder to its place; one that is not there was moved before. */
static int settle_part(struct arena *arena, const char *folder, const char *name, struct diag *diag) {
    const char *from = file_join(arena, file_join(arena, folder, pending_name), name);
    const char *to = file_join(arena, folder, name);

    if (!file_exists(from))
        return 0;
    /* Over the old file, so that a reader always sees one of the two. */
    if (rename(from, to))
        return diag_fail(diag, "cannot move \"%s\" to \"%s\": %s", from, to, strerror(errno));
    return 0;
}

static int read_chain(struct arena *arena, const char *folder, struct source **source, struct chain *chain, struct diag *diag);

/* What became part of a squashed migration lies in its folder now, and no more where it was. */
static int remove_parts(struct arena *arena, const char *folder, struct diag *diag) {
    struct source *source;
    struct chain chain;

    if (read_chain(arena, folder, &source, &chain, diag))
        return -1;
    for (size_t i = 0; i < chain.list.count; i++)
        for (size_t k = 0; k < chain.list.at[i].part_count; k++)
            if (file_remove(file_join(arena, folder, chain.list.at[i].parts[k].id), diag))
                return -1;
    return 0;
}

/* Moves the parts of a pending migration into place, the chain last, and removes its folder. */
static int settle(struct arena *arena, const char *folder, struct diag *diag) {
    const char *pending = file_join(arena, folder, pending_name);
    const char **names;
    size_t count;

    if (file_list(arena, pending, &names, &count, diag))
        return -1;
    for (size_t i = 0; i < count; i++)
        if (migration_is_id(names[i]) && settle_part(arena, folder, names[i], diag))
            return -1;
    if (settle_part(arena, folder, snapshot_name, diag) || settle_part(arena, folder, chain_name, diag) ||
        remove_parts(arena, folder, diag))
        return -1;
    return file_remove(pending, diag);
}

/* A killed run left a pending migration: it is finished, whoever comes first. The caller holds the lock. */
static int settle_pending(struct arena *arena, const char *folder, struct diag *diag) {
    return file_is_folder(file_join(arena, folder, pending_name)) ? settle(arena, folder, diag) : 0;
}

/* The chain of FOLDER as it lies there; *SOURCE is NULL when there is none. */
static int read_chain(struct arena *arena, const char *folder, struct source **source, struct chain *chain, struct diag *diag) {
    const char *path = file_join(arena, folder, chain_name);

    *source = NULL;
    *chain = (struct chain){0};
    if (!file_exists(path))
        return 0;
    *source = source_read(arena, path, diag);
    return *source ? chain_parse(arena, *source, chain, diag) : -1;
}

static int read_head(struct arena *arena, struct migrations *migrations, struct diag *diag) {
    const struct chain *chain = &migrations->chain;
    const char *path = file_join(arena, migrations->folder, snapshot_name);
    struct source *source;

    if (!chain->list.count) {
        if (!file_exists(path))
            return 0;
        diag_fail(diag, "\"%s\" has no chain beside it: its migrations are lost", path);
        diag_hint(diag, "restore \"%s\" from version control", file_join(arena, migrations->folder, chain_name));
        return -1;
    }
    if (!file_exists(path)) {
        diag_fail(diag, "\"%s\" is missing, but the chain has %zu migrations", path, chain->list.count);
        diag_hint(diag, "restore it from version control");
        return -1;
    }
    source = source_read(arena, path, diag);
    migrations->head = source ? snapshot_open(arena, source, &chain->list.at[chain->list.count - 1].snapshot, diag) : NULL;
    return migrations->head ? 0 : -1;
}

/* The name of the one model file in a migration folder of bal persist, or NULL. */
static const char *foreign_model(struct arena *arena, const char *folder, struct diag *diag) {
    const char **names;
    size_t count;

    if (file_list(arena, folder, &names, &count, diag))
        return NULL;
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(names[i]);

        if (length > 4 && strcmp(names[i] + length - 4, ".bal") == 0 && strcmp(names[i], snapshot_name) != 0)
            return file_join(arena, folder, names[i]);
    }
    return NULL;
}

/* The newest migration of bal persist in FOLDER: its model is the head to continue from. */
static int read_foreign(struct arena *arena, const char *folder, struct migrations *migrations, struct diag *diag) {
    const struct model_options options = {.comments = false};
    const char **names;
    size_t count;

    if (!folder || file_list(arena, folder, &names, &count, diag))
        return diag->errors ? -1 : 0;
    while (count-- > 0) {
        const char *path = file_join(arena, folder, names[count]);
        const char *model = migration_is_id(names[count]) && file_is_folder(path) ? foreign_model(arena, path, diag) : NULL;
        struct source *source = model ? source_read(arena, model, diag) : NULL;

        if (!model)
            continue;
        migrations->head = ARENA_NEW(arena, struct snapshot);
        migrations->head->source = source;
        migrations->head->schema = source ? model_read(arena, source, &options, diag) : NULL;
        migrations->foreign = path;
        return migrations->head->schema ? 0 : -1;
    }
    return 0;
}

/* Under the lock, when there is a folder: a migration that another process moves into place is seen whole or not at all. */
static int read_state(struct arena *arena, struct migrations *migrations, struct diag *diag) {
    const char *folder = migrations->folder;
    int lock = -1;
    int result;

    if (file_is_folder(folder) && file_lock(folder, LOCK_SECONDS, &lock, diag))
        return diag->errors ? -1 : diag_fail(diag, "\"%s\" is locked by another process", folder);
    result = settle_pending(arena, folder, diag);
    if (result == 0)
        result = read_chain(arena, folder, &migrations->chain_source, &migrations->chain, diag);
    if (result == 0)
        result = read_head(arena, migrations, diag);
    if (lock >= 0)
        file_unlock(lock);
    return result;
}

int migrations_settle(struct arena *arena, const char *folder, struct diag *diag) {
    int lock;
    int result;

    if (!file_is_folder(folder))
        return 0;
    if (file_lock(folder, LOCK_SECONDS, &lock, diag))
        return diag->errors ? -1 : diag_fail(diag, "\"%s\" is locked by another process", folder);
    result = settle_pending(arena, folder, diag);
    file_unlock(lock);
    return result;
}

int migrations_open(struct arena *arena, const char *folder, const char *foreign_folder, struct migrations *migrations, struct diag *diag) {
    *migrations = (struct migrations){.folder = folder};
    if (read_state(arena, migrations, diag))
        return -1;
    return migrations->head ? 0 : read_foreign(arena, foreign_folder, migrations, diag);
}

static int write_part(struct arena *arena, const char *folder, const char *name, const struct str *text, struct diag *diag) {
    return file_write(file_join(arena, folder, name), text->text, text->length, diag);
}

static int copy_file(struct arena *arena, const char *from, const char *to, const char *name, struct diag *diag) {
    char *bytes;
    size_t count;
    int found = file_read(arena, file_join(arena, from, name), &bytes, &count, diag);

    return found ? (found < 0 ? -1 : 0) : file_write(file_join(arena, to, name), bytes, count, diag);
}

/* The files of MIGRATION and of its parts, into TO. */
static int copy_migration(struct arena *arena, const char *folder, const struct migration *migration, const char *to, struct diag *diag) {
    static const char *const names[] = {"up.sql", "down.sql", "plan.md"};
    const char *from = file_join(arena, folder, migration->folder);

    if (file_make_folder(to, diag))
        return -1;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (copy_file(arena, from, to, names[i], diag))
            return -1;
    for (size_t i = 0; i < migration->part_count; i++)
        if (copy_migration(arena, folder, &migration->parts[i], arena_printf(arena, "%s/squashed/%s", to, migration->parts[i].id), diag))
            return -1;
    return 0;
}

static bool has_id(const struct chain *chain, const char *id) {
    for (size_t i = 0; i < chain->list.count; i++)
        if (strcmp(chain->list.at[i].id, id) == 0)
            return true;
    return false;
}

/* The parts of a squashed migration, from where they lie in BEFORE to the staged folder of it. */
static int stage_parts(struct arena *arena, const struct migrations *migrations, const struct chain *before, const char *folder,
                       struct diag *diag) {
    for (size_t i = 0; i < before->list.count; i++) {
        const struct migration *part = &before->list.at[i];

        if (!has_id(&migrations->chain, part->id) &&
            copy_migration(arena, migrations->folder, part, arena_printf(arena, "%s/squashed/%s", folder, part->id), diag))
            return -1;
    }
    return 0;
}

static int write_scripts(struct arena *arena, const char *folder, const struct migration_files *files, struct diag *diag) {
    return file_make_folder(folder, diag) || write_part(arena, folder, "up.sql", &files->up, diag) ||
                   write_part(arena, folder, "down.sql", &files->down, diag) || write_part(arena, folder, "plan.md", &files->plan, diag)
               ? -1
               : 0;
}

/* Those of FILES, and of all that are written with it. */
static int write_all_scripts(struct arena *arena, const char *staging, const struct migration_files *files, struct diag *diag) {
    for (; files; files = files->before)
        if (write_scripts(arena, file_join(arena, staging, files->id), files, diag))
            return -1;
    return 0;
}

/* Makes the folder TEMPORARY with everything that the migration brings, then gives it the name that counts. BEFORE: the chain as it was. */
static int stage(struct arena *arena, const struct migrations *migrations, const struct chain *before, const struct migration_files *files,
                 struct diag *diag) {
    const char *staging = file_join(arena, migrations->folder, ".staging");
    const char *folder = file_join(arena, staging, files->id);
    struct str chain = STR_INIT;
    int result = -1;

    chain_print(&migrations->chain, &chain);
    if (file_remove(staging, diag) == 0 && write_all_scripts(arena, staging, files, diag) == 0 &&
        stage_parts(arena, migrations, before, folder, diag) == 0 &&
        (!files->snapshot.length || write_part(arena, staging, snapshot_name, &files->snapshot, diag) == 0) &&
        write_part(arena, staging, chain_name, &chain, diag) == 0)
        result = file_rename_new(staging, file_join(arena, migrations->folder, pending_name), diag) ? -1 : 0;
    if (result)
        file_remove(staging, diag);
    str_free(&chain);
    return result;
}

static struct migration migration_of(const struct migration_files *files) {
    return (struct migration){
        .id = files->id,
        .snapshot = hash_bytes(files->snapshot.text, files->snapshot.length),
        .up = hash_bytes(files->up.text, files->up.length),
        .down = hash_bytes(files->down.text, files->down.length),
    };
}

/* Those that are written with FILES stand before it. */
static void append_all(struct arena *arena, struct chain *chain, const struct migration_files *files) {
    if (files->before)
        append_all(arena, chain, files->before);
    chain_append(arena, chain, migration_of(files));
}

/* Puts FILES and the chain CHANGED into place under the lock, when the chain is still that of MIGRATIONS. */
static int put(struct arena *arena, struct migrations *migrations, const struct chain *changed, const struct migration_files *files,
               struct diag *diag) {
    struct chain before = migrations->chain;
    struct chain now;
    struct source *source;
    int lock;
    int result = -1;

    if (file_make_folder(migrations->folder, diag))
        return -1;
    if (file_lock(migrations->folder, LOCK_SECONDS, &lock, diag))
        return diag->errors ? -1 : diag_fail(diag, "\"%s\" is locked by another process", migrations->folder);
    if (settle_pending(arena, migrations->folder, diag) || read_chain(arena, migrations->folder, &source, &now, diag))
        goto out;
    if (!hash_equal(now.head, before.head)) {
        result = 1;
        goto out;
    }
    migrations->chain = *changed;
    if (stage(arena, migrations, &before, files, diag) == 0)
        result = settle(arena, migrations->folder, diag);
out:
    file_unlock(lock);
    return result;
}

int migrations_add(struct arena *arena, struct migrations *migrations, const struct migration_files *files, struct diag *diag) {
    struct chain changed = migrations->chain;

    append_all(arena, &changed, files);
    return put(arena, migrations, &changed, files, diag);
}

int migrations_squash(struct arena *arena, struct migrations *migrations, size_t first, size_t last, const struct migration_files *files,
                      struct diag *diag) {
    struct chain changed;

    chain_squash(arena, &migrations->chain, first, last, migration_of(files), &changed);
    return put(arena, migrations, &changed, files, diag);
}

/* Compares the hash of FOLDER/NAME with EXPECTED. */
static int verify_file(struct arena *arena, const char *folder, const char *name, struct hash expected, struct diag *diag) {
    const char *path = file_join(arena, folder, name);
    char *bytes;
    size_t count;
    int found = file_read(arena, path, &bytes, &count, diag);

    if (found < 0)
        return -1;
    if (found > 0)
        diag_fail(diag, "\"%s\" is missing", path);
    else if (!hash_equal(hash_bytes(bytes, count), expected))
        diag_fail(diag, "\"%s\" was edited: its hash is not the one in the chain", path);
    else
        return 0;
    diag_hint(diag, "restore it from version control");
    return -1;
}

static int report_unknown(struct diag *diag, const char *folder) {
    diag_fail(diag, "\"%s\" is not in the chain", folder);
    diag_hint(diag, "it is never run: restore the chain that has it from version control, or remove it");
    return -1;
}

static int verify_unknown(struct arena *arena, const struct migrations *migrations, struct diag *diag) {
    const char **names;
    size_t count;
    size_t known = 0;
    int result = 0;

    if (file_list(arena, migrations->folder, &names, &count, diag))
        return diag->errors ? -1 : 0;
    for (size_t i = 0; i < count; i++) {
        /* A folder of bal persist's may lie here from before. */
        if (!migration_is_id(names[i]) || foreign_model(arena, file_join(arena, migrations->folder, names[i]), diag))
            continue;
        while (known < migrations->chain.list.count && strcmp(migrations->chain.list.at[known].id, names[i]) < 0)
            known++;
        if (known == migrations->chain.list.count || strcmp(migrations->chain.list.at[known].id, names[i]) != 0)
            result = report_unknown(diag, file_join(arena, migrations->folder, names[i]));
    }
    return result;
}

static int verify_migration(struct arena *arena, const struct migrations *migrations, const struct migration *migration,
                            struct diag *diag) {
    const char *folder = file_join(arena, migrations->folder, migration->folder);
    int result = 0;

    for (size_t i = 0; i < migration->part_count; i++)
        result |= verify_migration(arena, migrations, &migration->parts[i], diag);
    result |= verify_file(arena, folder, "up.sql", migration->up, diag);
    return result | verify_file(arena, folder, "down.sql", migration->down, diag);
}

int migrations_verify(struct arena *arena, const struct migrations *migrations, struct diag *diag) {
    int result = 0;

    for (size_t i = 0; i < migrations->chain.list.count; i++)
        result |= verify_migration(arena, migrations, &migrations->chain.list.at[i], diag);
    return migrations->chain.list.count ? result | verify_unknown(arena, migrations, diag) : 0;
}
