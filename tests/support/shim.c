/* Preloaded into a process by the tests: counts what it asks the disk to do, for files whose path contains
 * $EDGE_SHIM_MATCH. At exit and on SIGUSR2 the totals so far are appended to the file $EDGE_SHIM_OUT, one line a call:
 *
 *     PID NAME CALLS BYTES
 *
 * Every watched call passes through admitted(), which knows its name and its number: the place to delay it, to fail
 * it or to kill the process at the n-th one. A process that is killed, or leaves by _exit, reports nothing by itself.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

enum call { FSYNC, FDATASYNC, WRITE, PWRITE, CALLS };
static const char *const NAMES[CALLS] = {"fsync", "fdatasync", "write", "pwrite"};

static const char *match, *out;
static atomic_ulong calls[CALLS], bytes[CALLS];

static int (*real_fsync)(int), (*real_fdatasync)(int);
static ssize_t (*real_write)(int, const void *, size_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static ssize_t (*real_pwrite64)(int, const void *, size_t, off64_t);

static char *put_number(char *to, unsigned long number) {
    char digits[20];
    int length = 0;
    do digits[length++] = (char)('0' + number % 10);
    while (number /= 10);
    while (length) *to++ = digits[--length];
    return to;
}

/* Also runs as a signal handler: only async-signal-safe calls, and none of the watched ones. */
static void report(void) {
    if (!out) return;
    char text[512], *end = text;
    for (int call = 0; call < CALLS; call++) {
        end = put_number(end, (unsigned long)getpid());
        *end++ = ' ';
        end = stpcpy(end, NAMES[call]);
        *end++ = ' ';
        end = put_number(end, atomic_load(&calls[call]));
        *end++ = ' ';
        end = put_number(end, atomic_load(&bytes[call]));
        *end++ = '\n';
    }
    int fd = open(out, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd < 0) return;
    syscall(SYS_write, fd, text, (size_t)(end - text));
    close(fd);
}

static void on_signal(int number) {
    (void)number;
    int before = errno;
    report();
    errno = before;
}

/* The library's own calls may come before our constructor, so each is looked up where it is first needed. */
static void *real(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}

__attribute__((constructor)) static void begin(void) {
    match = getenv("EDGE_SHIM_MATCH");
    out = getenv("EDGE_SHIM_OUT");
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigaction(SIGUSR2, &action, NULL);
}

__attribute__((destructor)) static void end(void) { report(); }

/* 0 when the call is not watched, else its number, from 1. */
static unsigned long admitted(enum call call, int fd) {
    if (!match) return 0;
    char link[32], path[4096];
    char *tail = stpcpy(link, "/proc/self/fd/");
    *put_number(tail, (unsigned long)fd) = '\0';
    int before = errno;
    ssize_t length = fd < 0 ? -1 : readlink(link, path, sizeof path - 1);
    errno = before;
    if (length < 0) return 0;
    path[length] = '\0';
    return strstr(path, match) ? atomic_fetch_add(&calls[call], 1) + 1 : 0;
}

static ssize_t counted(enum call call, unsigned long number, ssize_t written) {
    if (number && written > 0) atomic_fetch_add(&bytes[call], (unsigned long)written);
    return written;
}

int fsync(int fd) {
    if (!real_fsync) real_fsync = real("fsync");
    admitted(FSYNC, fd);
    return real_fsync(fd);
}

int fdatasync(int fd) {
    if (!real_fdatasync) real_fdatasync = real("fdatasync");
    admitted(FDATASYNC, fd);
    return real_fdatasync(fd);
}

ssize_t write(int fd, const void *data, size_t length) {
    if (!real_write) real_write = real("write");
    unsigned long number = admitted(WRITE, fd);
    return counted(WRITE, number, real_write(fd, data, length));
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) {
    if (!real_pwrite) real_pwrite = real("pwrite");
    unsigned long number = admitted(PWRITE, fd);
    return counted(PWRITE, number, real_pwrite(fd, data, length, offset));
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) {
    if (!real_pwrite64) real_pwrite64 = real("pwrite64");
    unsigned long number = admitted(PWRITE, fd);
    return counted(PWRITE, number, real_pwrite64(fd, data, length, offset));
}
