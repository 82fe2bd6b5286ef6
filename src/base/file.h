/* Files, written so that a crash leaves either the old or the new content, never half of one. */
#ifndef PERSIST_FILE_H
#define PERSIST_FILE_H

#include <stdbool.h>
#include <stddef.h>

struct arena;
struct diag;

/* Reads the whole file PATH into ARENA, a NUL behind it. 0; 1 when there is no such file (nothing reported); -1 reported. */
int file_read(struct arena *arena, const char *path, char **bytes, size_t *count, struct diag *diag);

/* Writes PATH atomically: a temporary file beside it, synced, renamed over it, the folder synced. Folders are not made; a pipe or a device is
 * written to as it is. 0 or -1 reported. */
int file_write(const char *path, const char *bytes, size_t count, struct diag *diag);

/* Makes the folder PATH and those above it. 0 or -1 reported. */
int file_make_folder(const char *path, struct diag *diag);

/* Renames OLD to NEW, which must not exist, and syncs the folder of NEW. 0; 1 when NEW exists (nothing reported); -1 reported. */
int file_rename_new(const char *old, const char *new_path, struct diag *diag);

/* Removes a file or a folder with all in it. A path that does not exist is no error. 0 or -1 reported. */
int file_remove(const char *path, struct diag *diag);

bool file_exists(const char *path);
bool file_is_folder(const char *path);

/* The names in folder PATH, sorted by bytes, without "." and "..". 0; 1 when there is no such folder; -1 reported. */
int file_list(struct arena *arena, const char *path, const char ***names, size_t *count, struct diag *diag);

/* A lock on PATH, a folder or a file (made if missing), that ends with the process. Waits at most SECONDS; 0 gives *LOCK, 1 when another holds it, -1 reported. */
int file_lock(const char *path, int seconds, int *lock, struct diag *diag);
void file_unlock(int lock);

/* FOLDER/NAME in ARENA. */
char *file_join(struct arena *arena, const char *folder, const char *name);

#endif
