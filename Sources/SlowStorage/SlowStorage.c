/* Delays what a server does with files below one directory; see SlowStorage.h. */
#define _GNU_SOURCE
#include "SlowStorage.h"
#include "waits.h"
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* The function behind ours, looked up once; a race looks it up twice. */
#define BEHIND(name) (real_##name ? real_##name : (real_##name = dlsym(RTLD_NEXT, #name)))

enum { FILES = 65536, PAGE = 4096 };
enum knowledge { UNKNOWN = 0, OURS, OTHER };

/* What is known of a descriptor. Changed under `lock`, but for the one word that a write of a socket looks at. */
static struct {
    enum knowledge knowledge;
    int syncing;
    size_t dirty;
    dev_t device;
    ino_t inode;
} files[FILES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t synced = PTHREAD_COND_INITIALIZER;

static int is_ours(int file) {
    char link[64], path[4096];
    struct stat status;
    size_t length = strlen(slow_root());
    if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t count = readlink(link, path, sizeof path - 1);
    if (count < 0) return 0;
    path[count] = 0;
    if (strncmp(path, slow_root(), length) != 0 || path[length] != '/') return 0;
    files[file].device = status.st_dev;
    files[file].inode = status.st_ino;
    return 1;
}

/* True where the descriptor is a file below the root. */
static int ours(int file) {
    if (!slow_root() || file < 0 || file >= FILES) return 0;
    if (files[file].knowledge == UNKNOWN) {
        int kept = errno;
        pthread_mutex_lock(&lock);
        files[file].dirty = 0;
        files[file].knowledge = is_ours(file) ? OURS : OTHER;
        pthread_mutex_unlock(&lock);
        errno = kept;
    }
    return files[file].knowledge == OURS;
}

static int path_is_ours(const char *path) {
    char full[4096], parent[4096];
    if (!slow_root() || !path) return 0;
    int kept = errno;
    snprintf(parent, sizeof parent, "%s", path);
    char *slash = strrchr(parent, '/');
    if (slash) slash[slash == parent] = 0;
    int found = realpath(slash ? parent : ".", full) != NULL;
    errno = kept;
    size_t length = strlen(slow_root());
    return found && strncmp(full, slow_root(), length) == 0 && (full[length] == '/' || full[length] == 0);
}

/* How many bytes wait to be flushed, and that none do from now on. */
static size_t take_dirty(int file) {
    pthread_mutex_lock(&lock);
    size_t dirty = files[file].dirty;
    files[file].dirty = 0;
    pthread_mutex_unlock(&lock);
    return dirty;
}

static void wait_for_flush(size_t dirty) {
    if (dirty > PAGE && slow_is_nfs()) slow_request();
    if (dirty > 0) slow_stable_request();
}

/* fsync and fdatasync: writes of the same file by other threads wait meanwhile. */
static int sync_slowly(int file, int (*behind)(int)) {
    if (!ours(file)) return behind(file);
    pthread_mutex_lock(&lock);
    files[file].syncing++;
    pthread_mutex_unlock(&lock);
    int result = behind(file);
    int kept = errno;
    wait_for_flush(take_dirty(file));
    pthread_mutex_lock(&lock);
    files[file].syncing--;
    pthread_cond_broadcast(&synced);
    pthread_mutex_unlock(&lock);
    errno = kept;
    return result;
}

static void before_write(int file) {
    if (!ours(file)) return;
    pthread_mutex_lock(&lock);
    while (files[file].syncing > 0) pthread_cond_wait(&synced, &lock);
    pthread_mutex_unlock(&lock);
}

static void after_write(int file, ssize_t written) {
    if (written <= 0 || !ours(file)) return;
    pthread_mutex_lock(&lock);
    files[file].dirty += (size_t)written;
    pthread_mutex_unlock(&lock);
}

/* A new descriptor; its number may have been another file's. */
static int opened(int file) {
    if (file < 0 || file >= FILES) return file;
    files[file].knowledge = UNKNOWN;
    int kept = errno;
    if (ours(file) && slow_is_nfs()) slow_request();
    errno = kept;
    return file;
}

/* Before a descriptor goes: its flush, and a CLOSE where it was the file's last. */
static void closing(int file) {
    if (!ours(file)) {
        if (file >= 0 && file < FILES) files[file].knowledge = UNKNOWN;
        return;
    }
    size_t dirty = take_dirty(file);
    pthread_mutex_lock(&lock);
    int is_last = 1;
    for (int other = 0; other < FILES && is_last; other++)
        is_last = other == file || files[other].knowledge != OURS || files[other].inode != files[file].inode ||
                  files[other].device != files[file].device;
    files[file].knowledge = UNKNOWN;
    pthread_mutex_unlock(&lock);
    if (!slow_is_nfs()) return;
    wait_for_flush(dirty);
    if (is_last) slow_request();
}

/* What interposes: names of the C library, with its signatures. */

static int (*real_fsync)(int);
int fsync(int file) { return sync_slowly(file, BEHIND(fsync)); }

static int (*real_fdatasync)(int);
int fdatasync(int file) { return sync_slowly(file, BEHIND(fdatasync)); }

static ssize_t (*real_write)(int, const void *, size_t);
ssize_t write(int file, const void *bytes, size_t count) {
    before_write(file);
    ssize_t written = BEHIND(write)(file, bytes, count);
    after_write(file, written);
    return written;
}

static ssize_t (*real_writev)(int, const struct iovec *, int);
ssize_t writev(int file, const struct iovec *pieces, int count) {
    before_write(file);
    ssize_t written = BEHIND(writev)(file, pieces, count);
    after_write(file, written);
    return written;
}

static int (*real_close)(int);
int close(int file) {
    int kept = errno;
    closing(file);
    errno = kept;
    return BEHIND(close)(file);
}

static int (*real_fclose)(FILE *);
int fclose(FILE *stream) {
    int file = fileno(stream);
    /* What the stream still holds is dirty too, and stdio writes it past us. */
    if (file >= 0 && ours(file)) {
        off_t before = lseek(file, 0, SEEK_CUR);
        fflush(stream);
        after_write(file, lseek(file, 0, SEEK_CUR) - before);
    }
    closing(file);
    return BEHIND(fclose)(stream);
}

static FILE *(*real_fopen)(const char *, const char *);
FILE *fopen(const char *path, const char *mode) {
    FILE *stream = BEHIND(fopen)(path, mode);
    if (stream) opened(fileno(stream));
    return stream;
}

static FILE *(*real_fopen64)(const char *, const char *);
FILE *fopen64(const char *path, const char *mode) {
    FILE *stream = BEHIND(fopen64)(path, mode);
    if (stream) opened(fileno(stream));
    return stream;
}

/* The mode is there only where a file may be made. */
#define MODE_AFTER(flags)                                  \
    mode_t mode = 0;                                       \
    if ((flags) & (O_CREAT | (O_TMPFILE & ~O_DIRECTORY))) { \
        va_list rest;                                      \
        va_start(rest, flags);                             \
        mode = va_arg(rest, mode_t);                       \
        va_end(rest);                                      \
    }

static int (*real_open)(const char *, int, ...);
int open(const char *path, int flags, ...) {
    MODE_AFTER(flags)
    return opened(BEHIND(open)(path, flags, mode));
}

static int (*real_open64)(const char *, int, ...);
int open64(const char *path, int flags, ...) {
    MODE_AFTER(flags)
    return opened(BEHIND(open64)(path, flags, mode));
}

static int (*real_openat)(int, const char *, int, ...);
int openat(int directory, const char *path, int flags, ...) {
    MODE_AFTER(flags)
    return opened(BEHIND(openat)(directory, path, flags, mode));
}

static int (*real_openat64)(int, const char *, int, ...);
int openat64(int directory, const char *path, int flags, ...) {
    MODE_AFTER(flags)
    return opened(BEHIND(openat64)(directory, path, flags, mode));
}

static void after_change(int is_ours) {
    int kept = errno;
    if (is_ours && slow_is_nfs()) slow_stable_request();
    errno = kept;
}

static int (*real_ftruncate)(int, off_t);
int ftruncate(int file, off_t length) {
    struct stat status;
    int shrinks = ours(file) && fstat(file, &status) == 0 && length < status.st_size;
    int result = BEHIND(ftruncate)(file, length);
    after_change(shrinks);
    return result;
}

static int (*real_ftruncate64)(int, off64_t);
int ftruncate64(int file, off64_t length) {
    struct stat status;
    int shrinks = ours(file) && fstat(file, &status) == 0 && length < status.st_size;
    int result = BEHIND(ftruncate64)(file, length);
    after_change(shrinks);
    return result;
}

static int (*real_rename)(const char *, const char *);
int rename(const char *from, const char *to) {
    int result = BEHIND(rename)(from, to);
    after_change(path_is_ours(to));
    return result;
}

static int (*real_unlink)(const char *);
int unlink(const char *path) {
    int result = BEHIND(unlink)(path);
    after_change(path_is_ours(path));
    return result;
}
