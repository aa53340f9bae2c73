/* Preloaded into a process by the tests: sees what it asks the disk and the network to do, and can spoil it.
 *
 * Files are watched when their path contains $EDGE_SHIM_MATCH; a `-shm` never is, since SQLite maps it and nothing in
 * it must survive. Every watched call goes through enter() and leave(): the one door where it is counted, recorded,
 * delayed, failed, torn or survived by nobody.
 *
 *   EDGE_SHIM_OUT       at exit and on SIGUSR2 the totals so far are appended here, one line a call: PID NAME CALLS BYTES.
 *                       A process that is killed, or leaves by _exit, reports nothing by itself.
 *   EDGE_SHIM_DELAY_US  each fsync and fdatasync takes so many microseconds more, as on a slow disk.
 *   EDGE_SHIM_RECORD    every watched call that changed something is appended here, in order and with its bytes: a
 *                       struct entry, the path, the second path, the data. The process under test may append MARKs.
 *   EDGE_SHIM_SOCKETS   set: sends on TCP sockets are watched too.
 *   EDGE_SHIM_CONTROL   a file of at least sizeof(struct control) bytes that is mapped: the tests change the clock, the
 *                       delay and the plan in it while the process runs.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

enum call { FSYNC, FDATASYNC, WRITE, PWRITE, TRUNCATE, ALLOCATE, CREATE, RENAME, UNLINK, LINK, MKDIR, SEND, CALLS, MARK };
static const char *const NAMES[CALLS] = {"fsync", "fdatasync", "write",  "pwrite", "truncate", "allocate",
                                         "create", "rename",   "unlink", "link",   "mkdir",    "send"};

enum action { NONE, KILL_BEFORE, KILL_AFTER, FAIL, TEAR, LIE };

/* What the tests can change while the process runs. The plan: do `action` at the watched calls of the `kinds` (a bit
 * for each enum call) numbered `first` to `last`, counted in `seen` from 1; `hits` says how often that happened. */
static struct control {
    _Atomic int64_t clock_shift_s, delay_us, action, kinds, first, last, error, seen, hits;
} alone, *control = &alone;

struct entry {
    uint32_t magic, call, outcome, path_length, other_length, data_length;
    int64_t offset; /* of the data; the new size of a truncate or allocate */
};
enum { MAGIC = 0x45444745, DONE = 0, LIED = 1, FAILED = 2 };

static const char *match, *out;
static int record = -1, sockets;
static atomic_ulong calls[CALLS], bytes[CALLS];
static pthread_mutex_t order = PTHREAD_MUTEX_INITIALIZER;

/* The library's own calls may come before our constructor, so each is looked up where it is first needed. */
static void *real(const char *name) {
    void *found = dlsym(RTLD_NEXT, name);
    if (!found) abort();
    return found;
}
#define REAL(name) ((__typeof__(&name))({ static void *found; found ? found : (found = real(#name)); }))

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
    char text[1024], *end = text;
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
    int fd = (int)syscall(SYS_openat, AT_FDCWD, out, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
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

static void *mapped(const char *path) {
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
    if (fd < 0) abort();
    void *found = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (found == MAP_FAILED) abort();
    close(fd);
    return found;
}

__attribute__((constructor)) static void begin(void) {
    const char *delay = getenv("EDGE_SHIM_DELAY_US"), *entries = getenv("EDGE_SHIM_RECORD");
    const char *plan = getenv("EDGE_SHIM_CONTROL");
    match = getenv("EDGE_SHIM_MATCH");
    out = getenv("EDGE_SHIM_OUT");
    sockets = getenv("EDGE_SHIM_SOCKETS") != NULL;
    if (entries) record = (int)syscall(SYS_openat, AT_FDCWD, entries, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (plan) control = mapped(plan);
    if (delay) control->delay_us = strtol(delay, NULL, 10);
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigaction(SIGUSR2, &action, NULL);
}

__attribute__((destructor)) static void end(void) { report(); }

static void die(void) {
    for (;;) syscall(SYS_kill, getpid(), SIGKILL);
}

/* --- which calls are watched ----------------------------------------------------------------------------------- */

static int is_watched(const char *path) {
    size_t length = strlen(path);
    return strstr(path, match) && !(length > 4 && strcmp(path + length - 4, "-shm") == 0);
}

/* The path of an open file as it is called now; 0 when it is not watched. */
static int watched_file(int fd, char path[4096]) {
    if (!match || fd < 0) return 0;
    char link[32];
    *put_number(stpcpy(link, "/proc/self/fd/"), (unsigned long)fd) = '\0';
    int before = errno;
    ssize_t length = readlink(link, path, 4095);
    errno = before;
    if (length < 0) return 0;
    path[length] = '\0';
    return is_watched(path);
}

/* A path as it was given to a call, made whole when it is relative to an open folder; 0 when it is not watched. */
static int watched_path(int folder, const char *given, char path[4096]) {
    path[0] = '\0';
    if (!match || strlen(given) > 2000) return 0;
    if (given[0] != '/' && folder != AT_FDCWD) {
        char link[32];
        *put_number(stpcpy(link, "/proc/self/fd/"), (unsigned long)folder) = '\0';
        ssize_t length = readlink(link, path, 2000);
        if (length < 0) return path[0] = '\0';
        path[length] = '/';
        path[length + 1] = '\0';
    }
    return is_watched(strcat(path, given));
}

static int watched_socket(int fd) {
    if (!sockets || !match) return 0;
    struct sockaddr_storage address;
    socklen_t length = sizeof address;
    int before = errno;
    int known = getsockname(fd, (struct sockaddr *)&address, &length) == 0;
    errno = before;
    return known && (address.ss_family == AF_INET || address.ss_family == AF_INET6);
}

/* --- the one door ---------------------------------------------------------------------------------------------- */

/* Before a watched call: counts it, and says what shall become of it. With a record, calls go one at a time, so that
 * the record's order is the order in which they took effect. */
static enum action enter(enum call call) {
    if (record >= 0) pthread_mutex_lock(&order);
    atomic_fetch_add(&calls[call], 1);
    if ((call == FSYNC || call == FDATASYNC) && control->delay_us) usleep((useconds_t)control->delay_us);
    if (!control->action || !(control->kinds >> call & 1)) return NONE;
    int64_t number = atomic_fetch_add(&control->seen, 1) + 1;
    if (number < control->first || number > control->last) return NONE;
    atomic_fetch_add(&control->hits, 1);
    if (control->action == KILL_BEFORE) die();
    errno = (int)control->error;
    return (enum action)control->action;
}

struct effect {
    enum call call;
    const char *path, *other;
    const void *data;
    size_t length;
    int64_t offset;
};

static void append(struct effect effect, uint32_t outcome) {
    struct entry entry = {MAGIC, effect.call, outcome, (uint32_t)strlen(effect.path), 0, 0, effect.offset};
    if (effect.other) entry.other_length = (uint32_t)strlen(effect.other);
    if (effect.data) entry.data_length = (uint32_t)effect.length;
    struct iovec parts[] = {{&entry, sizeof entry},
                            {(void *)effect.path, entry.path_length},
                            {(void *)effect.other, entry.other_length},
                            {(void *)effect.data, entry.data_length}};
    if (syscall(SYS_writev, record, parts, 4) < 0) abort();
}

/* After a watched call that did (or did not do) `effect`. */
static void leave(enum action action, int done, struct effect effect) {
    int before = errno;
    if (done) atomic_fetch_add(&bytes[effect.call], effect.length);
    if (record >= 0) {
        int flush = effect.call == FSYNC || effect.call == FDATASYNC;
        if (effect.call != SEND && (done || flush))
            append(effect, !done ? FAILED : action == LIE ? LIED : DONE);
        pthread_mutex_unlock(&order);
    }
    if (action == KILL_AFTER || action == TEAR) die();
    errno = before;
}

/* --- the watched calls ----------------------------------------------------------------------------------------- */

static int flushed(enum call call, int fd, int (*flush)(int)) {
    char path[4096];
    if (!watched_file(fd, path)) return flush(fd);
    enum action action = enter(call);
    int result = action == FAIL ? -1 : action == LIE ? 0 : flush(fd);
    leave(action, result == 0, (struct effect){call, path, NULL, NULL, 0, 0});
    return result;
}

int fsync(int fd) { return flushed(FSYNC, fd, REAL(fsync)); }
int fdatasync(int fd) { return flushed(FDATASYNC, fd, REAL(fdatasync)); }

/* offset < 0: at the file's own position. */
static ssize_t written(int fd, const void *data, size_t length, int64_t offset) {
    char path[4096];
    int on_socket = watched_socket(fd);
    enum call call = on_socket ? SEND : offset < 0 ? WRITE : PWRITE;
    if (!on_socket && !watched_file(fd, path))
        return offset < 0 ? REAL(write)(fd, data, length) : REAL(pwrite64)(fd, data, length, offset);
    enum action action = enter(call);
    if (action == TEAR) length /= 2;
    ssize_t result = -1;
    if (action != FAIL)
        result = offset < 0 ? REAL(write)(fd, data, length) : REAL(pwrite64)(fd, data, length, offset);
    int64_t at = offset < 0 && !on_socket && result > 0 ? lseek64(fd, 0, SEEK_CUR) - result : offset;
    leave(action, result > 0, (struct effect){call, path, NULL, data, result > 0 ? (size_t)result : 0, at});
    return result;
}

ssize_t write(int fd, const void *data, size_t length) { return written(fd, data, length, -1); }
ssize_t pwrite(int fd, const void *data, size_t length, off_t offset) { return written(fd, data, length, offset); }
ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset) { return written(fd, data, length, offset); }

static int resized(enum call call, int fd, int64_t size, int (*resize)(int, int64_t)) {
    char path[4096];
    if (!watched_file(fd, path)) return resize(fd, size);
    enum action action = enter(call);
    int result = action == FAIL ? -1 : resize(fd, size);
    leave(action, result == 0, (struct effect){call, path, NULL, NULL, 0, size});
    return result;
}

static int cut(int fd, int64_t size) { return REAL(ftruncate64)(fd, size); }
static int grow(int fd, int64_t size) { return REAL(posix_fallocate64)(fd, 0, size); }
int ftruncate(int fd, off_t size) { return resized(TRUNCATE, fd, size, cut); }
int ftruncate64(int fd, off64_t size) { return resized(TRUNCATE, fd, size, cut); }

/* Says its error by its result. */
int posix_fallocate64(int fd, off64_t offset, off64_t length) {
    int result = resized(ALLOCATE, fd, offset + length, grow);
    return result == -1 ? errno : result;
}
int posix_fallocate(int fd, off_t offset, off_t length) { return posix_fallocate64(fd, offset, length); }

/* An open counts when it makes a file or empties one. */
static int opened(int folder, const char *given, int flags, mode_t mode) {
    char path[4096];
    struct stat before;
    int changes = flags & (O_CREAT | O_TRUNC) && watched_path(folder, given, path);
    int there = changes && fstatat(folder, given, &before, 0) == 0;
    if (!changes || (there && !(flags & O_TRUNC && before.st_size))) return REAL(openat64)(folder, given, flags, mode);
    enum call call = there ? TRUNCATE : CREATE;
    enum action action = enter(call);
    int result = action == FAIL ? -1 : REAL(openat64)(folder, given, flags, mode);
    leave(action, result >= 0, (struct effect){call, path, NULL, NULL, 0, 0});
    return result;
}

#define MODE_OF(flags)                                   \
    mode_t mode = 0;                                     \
    if ((flags) & (O_CREAT | O_TMPFILE)) {               \
        va_list arguments;                               \
        va_start(arguments, flags);                      \
        mode = va_arg(arguments, mode_t);                \
        va_end(arguments);                               \
    }
int open(const char *path, int flags, ...) {
    MODE_OF(flags)
    return opened(AT_FDCWD, path, flags, mode);
}
int open64(const char *path, int flags, ...) {
    MODE_OF(flags)
    return opened(AT_FDCWD, path, flags | O_LARGEFILE, mode);
}
int openat(int folder, const char *path, int flags, ...) {
    MODE_OF(flags)
    return opened(folder, path, flags, mode);
}
int openat64(int folder, const char *path, int flags, ...) {
    MODE_OF(flags)
    return opened(folder, path, flags | O_LARGEFILE, mode);
}

/* `act` names one or two paths; "" where there is no other. */
#define ON_PATHS(call, folder, given, other_folder, other_given, act)               \
    char path[4096], other[4096];                                                   \
    int one = watched_path(folder, given, path), two = watched_path(other_folder, other_given, other); \
    if (!one && !two) return act;                                                   \
    enum action action = enter(call);                                               \
    int result = action == FAIL ? -1 : act;                                         \
    leave(action, result == 0, (struct effect){call, path, other, NULL, 0, 0});     \
    return result;

int renameat(int from, const char *old, int to, const char *new) {
    ON_PATHS(RENAME, from, old, to, new, REAL(renameat)(from, old, to, new))
}
int rename(const char *old, const char *new) { return renameat(AT_FDCWD, old, AT_FDCWD, new); }
int linkat(int from, const char *old, int to, const char *new, int flags) {
    ON_PATHS(LINK, from, old, to, new, REAL(linkat)(from, old, to, new, flags))
}
int link(const char *old, const char *new) { return linkat(AT_FDCWD, old, AT_FDCWD, new, 0); }
int unlinkat(int folder, const char *given, int flags) {
    ON_PATHS(UNLINK, folder, given, AT_FDCWD, "", REAL(unlinkat)(folder, given, flags))
}
int unlink(const char *given) { return unlinkat(AT_FDCWD, given, 0); }
int rmdir(const char *given) { return unlinkat(AT_FDCWD, given, AT_REMOVEDIR); }
int mkdirat(int folder, const char *given, mode_t mode) {
    ON_PATHS(MKDIR, folder, given, AT_FDCWD, "", REAL(mkdirat)(folder, given, mode))
}
int mkdir(const char *given, mode_t mode) { return mkdirat(AT_FDCWD, given, mode); }

ssize_t sendto(int fd, const void *data, size_t length, int flags, const struct sockaddr *to, socklen_t size) {
    if (!watched_socket(fd)) return REAL(sendto)(fd, data, length, flags, to, size);
    enum action action = enter(SEND);
    ssize_t result = action == FAIL ? -1 : REAL(sendto)(fd, data, action == TEAR ? length / 2 : length, flags, to, size);
    leave(action, result > 0, (struct effect){SEND, "", NULL, NULL, result > 0 ? (size_t)result : 0, 0});
    return result;
}
ssize_t send(int fd, const void *data, size_t length, int flags) { return sendto(fd, data, length, flags, NULL, 0); }
ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    if (!watched_socket(fd)) return REAL(sendmsg)(fd, message, flags);
    enum action action = enter(SEND);
    ssize_t result = action == FAIL ? -1 : REAL(sendmsg)(fd, message, flags);
    leave(action, result > 0, (struct effect){SEND, "", NULL, NULL, result > 0 ? (size_t)result : 0, 0});
    return result;
}

/* --- the wall clock: all three ways to ask for it; monotonic clocks stay true --------------------------------- */

int clock_gettime(clockid_t clock, struct timespec *now) {
    int result = REAL(clock_gettime)(clock, now);
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) now->tv_sec += control->clock_shift_s;
    return result;
}
int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    int result = REAL(gettimeofday)(now, zone);
    now->tv_sec += control->clock_shift_s;
    return result;
}
time_t time(time_t *now) {
    struct timespec real_now;
    clock_gettime(CLOCK_REALTIME, &real_now);
    if (now) *now = real_now.tv_sec;
    return real_now.tv_sec;
}
