/* Stands between a program and the C library (LD_PRELOAD) and counts the calls that change files. From call FAULT_AT on:
 *
 *   FAULT=kill   the program is killed as by SIGKILL, before the call
 *   FAULT=full   every call that needs space fails, as on a full disk
 *   FAULT=once   that one call fails with an input/output error
 *   FAULT=broken every call from there on fails with an input/output error
 *
 * Output on the standard streams is not counted. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long calls;

/* Whether the call is to fail; errno says how. */
static int fault(int needs_space) {
    const char *at = getenv("FAULT_AT"), *kind = getenv("FAULT");
    if (!at || !kind) return 0;
    long wanted = atol(at), call = atomic_fetch_add(&calls, 1) + 1;
    if (call < wanted) return 0;
    if (!strcmp(kind, "kill")) {
        kill(getpid(), SIGKILL);
        for (;;) pause();
    }
    if (!strcmp(kind, "full") && needs_space) return errno = ENOSPC, 1;
    if (!strcmp(kind, "once") && call == wanted) return errno = EIO, 1;
    if (!strcmp(kind, "broken")) return errno = EIO, 1;
    return 0;
}

#define REAL(name) __typeof__(name) *real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)
#define CHANGES(space, result, name, parameters, arguments) \
    result name parameters { \
        REAL(name); \
        return fault(space) ? (result)-1 : real arguments; \
    }

CHANGES(1, int, mkdir, (const char *path, mode_t mode), (path, mode))
CHANGES(0, int, rmdir, (const char *path), (path))
CHANGES(0, int, unlink, (const char *path), (path))
CHANGES(0, int, unlinkat, (int at, const char *path, int flags), (at, path, flags))
CHANGES(0, int, rename, (const char *from, const char *to), (from, to))
CHANGES(1, int, link, (const char *from, const char *to), (from, to))
CHANGES(1, int, linkat, (int a, const char *from, int b, const char *to, int flags), (a, from, b, to, flags))
CHANGES(0, int, chmod, (const char *path, mode_t mode), (path, mode))
CHANGES(0, int, fchmod, (int file, mode_t mode), (file, mode))
CHANGES(0, int, ftruncate64, (int file, off64_t length), (file, length))
CHANGES(0, int, ftruncate, (int file, off_t length), (file, length))
CHANGES(1, int, fsync, (int file), (file))
CHANGES(1, int, fdatasync, (int file), (file))
CHANGES(1, ssize_t, pwrite, (int file, const void *bytes, size_t length, off_t at), (file, bytes, length, at))
CHANGES(1, ssize_t, pwrite64, (int file, const void *bytes, size_t length, off64_t at), (file, bytes, length, at))

ssize_t write(int file, const void *bytes, size_t length) {
    REAL(write);
    return file > 2 && fault(1) ? -1 : real(file, bytes, length);
}

ssize_t writev(int file, const struct iovec *pieces, int count) {
    REAL(writev);
    return file > 2 && fault(1) ? -1 : real(file, pieces, count);
}

#define OPENS(name, parameters, arguments) \
    int name parameters { \
        REAL(name); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0; \
        va_end(rest); \
        return flags & (O_CREAT | O_TRUNC) && fault(1) ? -1 : real arguments; \
    }

OPENS(open64, (const char *path, int flags, ...), (path, flags, mode))
OPENS(open, (const char *path, int flags, ...), (path, flags, mode))
OPENS(openat64, (int at, const char *path, int flags, ...), (at, path, flags, mode))
OPENS(openat, (int at, const char *path, int flags, ...), (at, path, flags, mode))
