#ifndef _GNU_SOURCE
#define _GNU_SOURCE /* renameat2 */
#endif
#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "diag.h"
#include "vec.h"

/* A file that does not end (a device, a pipe) must not eat the memory. */
enum { READ_MAX = 1 << 30, READ_STEP = 64 * 1024 };

static int fail(struct diag *diag, const char *doing, const char *path) {
    return diag_fail(diag, "cannot %s \"%s\": %s", doing, path, strerror(errno));
}

/* read() that is not interrupted. */
static ssize_t read_some(int file, char *bytes, size_t count) {
    ssize_t got;

    do
        got = read(file, bytes, count);
    while (got < 0 && errno == EINTR);
    return got;
}

/* The size that stat() knows is a first guess: the file may grow meanwhile, and a pipe has none. */
static int read_all(struct arena *arena, int file, char **bytes, size_t *count) {
    struct stat status;
    size_t room;
    ssize_t got;

    if (fstat(file, &status))
        return -1;
    room = status.st_size > 0 && status.st_size < READ_MAX ? (size_t)status.st_size + 1 : READ_STEP;
    *bytes = arena_alloc(arena, room + 1);
    *count = 0;
    while ((got = read_some(file, *bytes + *count, room - *count)) > 0) {
        *count += (size_t)got;
        if (*count > READ_MAX) {
            errno = EFBIG;
            return -1;
        }
        if (*count == room) {
            char *grown = arena_alloc(arena, room * 2 + 1);

            *bytes = memcpy(grown, *bytes, room);
            room *= 2;
        }
    }
    return got < 0 ? -1 : 0;
}

int file_read(struct arena *arena, const char *path, char **bytes, size_t *count, struct diag *diag) {
    int file = open(path, O_RDONLY | O_CLOEXEC);
    int result;

    if (file < 0)
        return errno == ENOENT ? 1 : fail(diag, "open", path);
    result = read_all(arena, file, bytes, count);
    if (result)
        fail(diag, "read", path);
    close(file);
    return result;
}

/* The folder that holds PATH. */
static char *folder_of(struct arena *arena, const char *path) {
    size_t length = strlen(path);

    while (length > 1 && path[length - 1] == '/')
        length--;
    while (length && path[length - 1] != '/')
        length--;
    while (length > 1 && path[length - 1] == '/')
        length--;
    return length ? arena_strndup(arena, path, length) : arena_strdup(arena, ".");
}

/* Makes a rename or a new name in FOLDER last. Some file systems cannot sync a folder and need not: EINVAL. */
static int sync_folder(const char *folder, struct diag *diag) {
    int file = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int result;

    if (file < 0)
        return fail(diag, "open the folder", folder);
    result = fsync(file) && errno != EINVAL ? fail(diag, "sync the folder", folder) : 0;
    close(file);
    return result;
}

static int sync_folder_of(const char *path, struct diag *diag) {
    struct arena arena = {0};
    int result = sync_folder(folder_of(&arena, path), diag);

    arena_free(&arena);
    return result;
}

static int write_all(int file, const char *bytes, size_t count) {
    while (count) {
        ssize_t written = write(file, bytes, count);

        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return -1;
        bytes += written;
        count -= (size_t)written;
    }
    return 0;
}

/* Opens a new file beside PATH; its name goes to *NAME. The file keeps the mode of the one that it replaces, else 0644 under the umask;
 * mkstemp() would make it 0600, and asking for the umask changes it for other threads. */
static int open_beside(struct arena *arena, const char *path, char **name) {
    struct stat status;
    bool exists = stat(path, &status) == 0;
    int file = -1;

    for (int i = 0; file < 0 && i < 1000; i++) {
        *name = arena_printf(arena, "%s.%ld-%d.tmp", path, (long)getpid(), i);
        file = open(*name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
        if (file < 0 && errno != EEXIST)
            return -1;
    }
    if (file >= 0 && exists && fchmod(file, status.st_mode & 07777)) {
        /* Another's file on a file system that knows no modes: the content matters more. */
        errno = 0;
    }
    return file;
}

/* Writes and syncs, and closes FILE in any case. */
static int fill_file(int file, const char *bytes, size_t count) {
    int result = write_all(file, bytes, count);
    int error;

    if (!result)
        result = fsync(file);
    error = errno;
    if (close(file) && !result)
        return -1;
    errno = error;
    return result;
}

/* A pipe or a device ("-o /dev/stdout") is written to: a file put in its place would take it away. */
static bool is_written_in_place(const char *path) {
    struct stat status;

    return stat(path, &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode);
}

static int write_in_place(const char *path, const char *bytes, size_t count, struct diag *diag) {
    int file = open(path, O_WRONLY | O_CLOEXEC);
    int result = file < 0 ? -1 : write_all(file, bytes, count);

    if (result)
        fail(diag, "write", path);
    if (file >= 0 && close(file) && !result)
        result = fail(diag, "write", path);
    return result;
}

int file_write(const char *path, const char *bytes, size_t count, struct diag *diag) {
    struct arena arena = {0};
    char real[PATH_MAX];
    char *name = NULL;
    int file;
    int result;

    if (is_written_in_place(path))
        return write_in_place(path, bytes, count, diag);
    /* What a link points to is written, and the link stays. */
    if (realpath(path, real))
        path = real;
    file = open_beside(&arena, path, &name);
    result = file < 0 ? -1 : fill_file(file, bytes, count);
    if (!result)
        result = rename(name, path);
    if (result) {
        fail(diag, "write", path);
        if (file >= 0)
            unlink(name);
    } else {
        result = sync_folder_of(path, diag);
    }
    arena_free(&arena);
    return result;
}

/* Makes the one folder PATH. */
static int make_one_folder(const char *path, struct diag *diag) {
    if (mkdir(path, 0777) == 0)
        return sync_folder_of(path, diag);
    if (errno == EEXIST && !file_is_folder(path))
        errno = ENOTDIR;
    else if (errno == EEXIST)
        return 0;
    return fail(diag, "make the folder", path);
}

int file_make_folder(const char *path, struct diag *diag) {
    struct arena arena = {0};
    char *part = arena_strdup(&arena, path);
    int result = 0;

    for (size_t i = 1; !result && i < strlen(path); i++) {
        if (path[i] != '/')
            continue;
        part[i] = '\0';
        if (!file_is_folder(part))
            result = make_one_folder(part, diag);
        part[i] = '/';
    }
    if (!result && !file_is_folder(path))
        result = make_one_folder(path, diag);
    arena_free(&arena);
    return result;
}

/* For file systems without RENAME_NOREPLACE. A file is linked, which never replaces; a folder goes over an empty one made for it. */
static int rename_new_slowly(const char *old, const char *new_path) {
    if (file_is_folder(old)) {
        if (mkdir(new_path, 0777))
            return -1;
        if (rename(old, new_path) == 0)
            return 0;
        if (errno == ENOTEMPTY)
            errno = EEXIST;
        else
            rmdir(new_path);
        return -1;
    }
    if (link(old, new_path))
        return -1;
    return unlink(old);
}

int file_rename_new(const char *old, const char *new_path, struct diag *diag) {
    int result = renameat2(AT_FDCWD, old, AT_FDCWD, new_path, RENAME_NOREPLACE);

    if (result && (errno == EINVAL || errno == ENOSYS))
        result = rename_new_slowly(old, new_path);
    if (result && errno == EEXIST)
        return 1;
    if (result)
        return diag_fail(diag, "cannot rename \"%s\" to \"%s\": %s", old, new_path, strerror(errno));
    return sync_folder_of(new_path, diag);
}

static int remove_at(int folder, const char *name);

/* Removes all in the folder that is open as FILE, and closes it. */
static int empty_folder(int file) {
    DIR *folder = fdopendir(file);
    struct dirent *entry;
    int result = 0;
    int error;

    if (!folder) {
        close(file);
        return -1;
    }
    while (!result && (errno = 0, entry = readdir(folder)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            result = remove_at(file, entry->d_name);
    error = errno;
    closedir(folder);
    errno = error;
    return result || error ? -1 : 0;
}

/* Links are removed, never followed. A name that is gone meanwhile is no error. */
static int remove_at(int folder, const char *name) {
    int file;

    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
        return 0;
    if (errno != EISDIR && errno != EPERM)
        return -1;
    file = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    if (file < 0 || empty_folder(file))
        return -1;
    return unlinkat(folder, name, AT_REMOVEDIR) && errno != ENOENT ? -1 : 0;
}

int file_remove(const char *path, struct diag *diag) {
    return remove_at(AT_FDCWD, path) ? fail(diag, "remove", path) : 0;
}

bool file_exists(const char *path) {
    struct stat status;

    return stat(path, &status) == 0;
}

bool file_is_folder(const char *path) {
    struct stat status;

    return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

static int compare_names(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int file_list(struct arena *arena, const char *path, const char ***names, size_t *count, struct diag *diag) {
    VEC(const char *) list = {0};
    DIR *folder = opendir(path);
    struct dirent *entry;
    int result;

    if (!folder)
        return errno == ENOENT ? 1 : fail(diag, "list the folder", path);
    while ((errno = 0, entry = readdir(folder)))
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            vec_push(arena, &list, arena_strdup(arena, entry->d_name));
    result = errno ? fail(diag, "list the folder", path) : 0;
    closedir(folder);
    if (list.count)
        qsort(list.at, list.count, sizeof *list.at, compare_names);
    *names = list.at;
    *count = list.count;
    return result;
}

static double now(void) {
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* 0 when the lock is ours, 1 when another still holds it at the time END, -1 for an error. Waiting in flock() itself could not end in time. */
static int wait_for_lock(int file, double end) {
    const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};

    while (flock(file, LOCK_EX | LOCK_NB)) {
        if (errno != EWOULDBLOCK && errno != EINTR)
            return -1;
        if (now() >= end)
            return 1;
        nanosleep(&pause, NULL);
    }
    return 0;
}

int file_lock(const char *path, int seconds, int *lock, struct diag *diag) {
    int file = open(path, file_is_folder(path) ? O_RDONLY | O_DIRECTORY | O_CLOEXEC : O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    int result;

    if (file < 0)
        return fail(diag, "lock", path);
    result = wait_for_lock(file, now() + seconds);
    if (result < 0)
        fail(diag, "lock", path);
    if (result)
        close(file);
    else
        *lock = file;
    return result;
}

void file_unlock(int lock) {
    close(lock);
}

char *file_join(struct arena *arena, const char *folder, const char *name) {
    size_t length = strlen(folder);

    if (!length)
        return arena_strdup(arena, name);
    return arena_printf(arena, "%s%s%s", folder, folder[length - 1] == '/' ? "" : "/", name);
}
