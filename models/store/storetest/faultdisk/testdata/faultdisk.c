/*
 * A disk that fails, for tests. Loaded before the C library (LD_PRELOAD) into a program whose SQLite reads and writes through libc, it watches the files of
 * the database and, as the control page says, kills the program at a chosen operation, lets calls fail, makes flushes slow, or cuts the power: then it takes
 * back a random part of what was written and not flushed before the program dies, as a disk with a cache does.
 *
 * The control page is a file of 64-bit words that the test maps too, see the list below. Without one only FAULTDISK_SYNC_DELAY_US is looked at.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* Words of the control page; the Go side has the same list. */
enum {
  OPERATIONS, /* how many writes, flushes and truncations there were */
  SYNCS,      /* how many of them were flushes */
  DIE_AT,     /* the operation at which the program dies; 0 for never */
  DIE_HOW,    /* see below */
  FAIL_FROM,  /* the operation from which on calls fail; 0 for none */
  FAIL_LEFT,  /* how many calls fail yet */
  FAIL_ERRNO, /* with what */
  FAIL_KINDS, /* which calls, as bits */
  SHORT,      /* a failing write first writes a half */
  FAILED,     /* how many calls were let fail */
  DELAY,      /* microseconds that each flush takes longer */
  UNDO,       /* remember what is not flushed yet, for a power cut */
  SEED,       /* of the power cut's choices; changes */
  UNFLUSHED,  /* how many operations were not flushed when the power was cut */
  TAKEN_BACK, /* how many sectors were taken back */
  WORDS
};
enum { BEFORE = 1, HALFWAY, AFTER, POWER_CUT };
enum { WRITE = 1, SYNC = 2, TRUNCATE = 4, OPEN = 8, READ = 16 };
enum { SECTOR = 512, FILES = 32, FDS = 65536 };

struct change {
  struct change *older;
  int truncation;
  off_t at, length; /* what it covers; of a truncation what it cuts off */
  off_t kept;       /* how many of these bytes were there before, and are in old */
  char old[];
};

static struct file {
  char path[4096];
  off_t flushed; /* its length when it was flushed last */
  struct change *newest;
} files[FILES];

static volatile uint64_t *control;
static short watched[FDS]; /* the file's number + 1; 0 for files of no concern */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint64_t own_delay;

static int (*real_open)(const char *, int, ...);
static int (*real_close)(int);
static ssize_t (*real_pread)(int, void *, size_t, off_t);
static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_fsync)(int);
static int (*real_ftruncate)(int, off_t);
static int (*real_unlink)(const char *);

__attribute__((constructor)) static void begin(void) {
  real_open = dlsym(RTLD_NEXT, "open64");
  real_close = dlsym(RTLD_NEXT, "close");
  real_pread = dlsym(RTLD_NEXT, "pread64");
  real_pwrite = dlsym(RTLD_NEXT, "pwrite64");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate64");
  real_unlink = dlsym(RTLD_NEXT, "unlink");
  const char *delay = getenv("FAULTDISK_SYNC_DELAY_US"), *path = getenv("FAULTDISK_CONTROL");
  if (delay) own_delay = strtoull(delay, NULL, 10);
  if (!path) return;
  int fd = real_open(path, O_RDWR);
  if (fd < 0) _exit(70);
  void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  if (page == MAP_FAILED) _exit(70);
  control = page;
  real_close(fd);
}

static int ends(const char *text, const char *end) {
  size_t n = strlen(text), m = strlen(end);
  return n >= m && strcmp(text + n - m, end) == 0;
}

/* number gives which watched file a path is, with one added; 0 if it is none. */
static short number(const char *path) {
  if (!ends(path, ".db") && !ends(path, ".db-wal") && !ends(path, ".db-journal")) return 0;
  for (short i = 0; i < FILES; i++) {
    if (strcmp(files[i].path, path) == 0) return i + 1;
    if (!files[i].path[0] && strlen(path) < sizeof files[i].path) {
      strcpy(files[i].path, path);
      struct stat now;
      files[i].flushed = stat(path, &now) == 0 ? now.st_size : 0;
      return i + 1;
    }
  }
  return 0;
}

static void forget(struct file *file) {
  while (file->newest) {
    struct change *older = file->newest->older;
    free(file->newest);
    file->newest = older;
  }
}

/* remember keeps what an operation is about to destroy. */
static void remember(int fd, struct file *file, int truncation, off_t at, off_t length) {
  if (!control || !control[UNDO] || length <= 0) return;
  struct change *change = calloc(1, sizeof *change + (size_t)length);
  if (!change) _exit(71);
  change->truncation = truncation, change->at = at, change->length = length;
  ssize_t got = real_pread(fd, change->old, (size_t)length, at);
  change->kept = got > 0 ? got : 0;
  change->older = file->newest;
  file->newest = change;
}

static uint64_t chance(void) {
  uint64_t x = control[SEED] ? control[SEED] : 88172645463325252ull;
  x ^= x << 13, x ^= x >> 7, x ^= x << 17;
  return control[SEED] = x;
}

static void put_back(int fd, const struct change *change, off_t from, off_t until) {
  char bytes[SECTOR] = {0};
  off_t kept = change->at + change->kept;
  if (from < kept) memcpy(bytes, change->old + (from - change->at), (size_t)((until < kept ? until : kept) - from));
  if (real_pwrite(fd, bytes, (size_t)(until - from), from) < 0) _exit(72);
  control[TAKEN_BACK]++;
}

/* take_back goes from the newest change to the oldest: of each sector a random number of the newest changes is undone, so that it ends as it was at some
   moment since the last flush. */
static void take_back(int fd, const struct change *change, unsigned char *settled) {
  off_t end = change->at + change->length;
  int whole = change->truncation ? (int)(chance() & 1) : 0; /* a length is changed or it is not */
  for (off_t from = change->at, until; from < end; from = until) {
    off_t sector = from / SECTOR;
    until = (sector + 1) * SECTOR < end ? (sector + 1) * SECTOR : end;
    if (settled[sector]) continue;
    if (change->truncation ? whole : (int)(chance() & 1))
      put_back(fd, change, from, until);
    else
      settled[sector] = 1;
  }
}

static void cut_power(void) {
  for (int i = 0; i < FILES && files[i].path[0]; i++) {
    if (!files[i].newest) continue;
    int fd = real_open(files[i].path, O_RDWR);
    if (fd < 0) continue;
    off_t most = 0;
    for (struct change *c = files[i].newest; c; c = c->older) {
      if (c->at + c->length > most) most = c->at + c->length;
      control[UNFLUSHED]++;
    }
    unsigned char *settled = calloc((size_t)(most / SECTOR + 1), 1);
    if (!settled) _exit(71);
    for (struct change *c = files[i].newest; c; c = c->older) take_back(fd, c, settled);
    off_t size = lseek(fd, 0, SEEK_END);
    if (size > files[i].flushed && (chance() & 1)) /* the new length did not reach the disk either */
      (void)!real_ftruncate(fd, files[i].flushed + (off_t)(chance() % (uint64_t)(size - files[i].flushed + 1)));
    real_close(fd);
  }
}

static void die(void) {
  kill(getpid(), SIGKILL);
  for (;;) pause();
}

/* step counts an operation. It tells whether the call is to fail, and dies before it if that is asked for; *last asks to die after it (AFTER) or in the
   middle (HALFWAY). The lock is held. */
static int step(int kind, int *last) {
  *last = 0;
  if (!control) return 0;
  uint64_t present = control[OPERATIONS];
  if (kind & (WRITE | SYNC | TRUNCATE)) {
    present = ++control[OPERATIONS];
    if (kind == SYNC) control[SYNCS]++;
    if (control[DIE_AT] && present == control[DIE_AT]) {
      *last = (int)control[DIE_HOW];
      if (*last == POWER_CUT) cut_power();
      if (*last == POWER_CUT || *last == BEFORE) die();
    }
  }
  if (!control[FAIL_FROM] || present < control[FAIL_FROM] || !control[FAIL_LEFT] || !(control[FAIL_KINDS] & (uint64_t)kind)) return 0;
  control[FAIL_LEFT]--;
  control[FAILED]++;
  errno = (int)control[FAIL_ERRNO];
  return 1;
}

static struct file *file_of(int fd) { return fd >= 0 && fd < FDS && watched[fd] ? &files[watched[fd] - 1] : NULL; }

static int open_any(const char *path, int flags, mode_t mode) {
  pthread_mutex_lock(&lock);
  short which = number(path);
  int last, fd = -1;
  if (!which || !(flags & (O_WRONLY | O_RDWR)) || !step(OPEN, &last)) fd = real_open(path, flags, mode);
  int problem = errno;
  if (fd >= 0 && fd < FDS) watched[fd] = which;
  pthread_mutex_unlock(&lock);
  errno = problem;
  return fd;
}

int open64(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_any(path, flags, mode);
}

int open(const char *path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  mode_t mode = flags & (O_CREAT | O_TMPFILE) ? va_arg(more, mode_t) : 0;
  va_end(more);
  return open_any(path, flags, mode);
}

int close(int fd) {
  if (fd >= 0 && fd < FDS) watched[fd] = 0;
  return real_close(fd);
}

int unlink(const char *path) {
  pthread_mutex_lock(&lock);
  short which = number(path);
  if (which) forget(&files[which - 1]), files[which - 1].flushed = 0;
  int result = real_unlink(path);
  pthread_mutex_unlock(&lock);
  return result;
}

ssize_t pread64(int fd, void *bytes, size_t count, off_t at) {
  if (file_of(fd) && control && control[FAIL_FROM] && (control[FAIL_KINDS] & READ)) {
    int last;
    pthread_mutex_lock(&lock);
    int fails = step(READ, &last);
    int problem = errno;
    pthread_mutex_unlock(&lock);
    errno = problem;
    if (fails) return -1;
  }
  return real_pread(fd, bytes, count, at);
}

ssize_t pread(int fd, void *bytes, size_t count, off_t at) { return pread64(fd, bytes, count, at); }

ssize_t pwrite64(int fd, const void *bytes, size_t count, off_t at) {
  struct file *file = file_of(fd);
  if (!file) return real_pwrite(fd, bytes, count, at);
  pthread_mutex_lock(&lock);
  int last, fails = step(WRITE, &last), problem = errno;
  size_t part = count;
  if (last == HALFWAY || (fails && control[SHORT] && count > 64)) part = count / 2;
  ssize_t result = -1;
  if (!fails || part < count) {
    remember(fd, file, 0, at, (off_t)part);
    result = real_pwrite(fd, bytes, part, at);
    problem = errno;
  }
  if (last) die();
  pthread_mutex_unlock(&lock);
  errno = problem;
  return result;
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at) { return pwrite64(fd, bytes, count, at); }

static int flush(int fd) {
  struct file *file = file_of(fd);
  if (!file) return real_fsync(fd);
  uint64_t delay = control && control[DELAY] ? control[DELAY] : own_delay;
  if (delay) {
    struct timespec time = {(time_t)(delay / 1000000), (long)(delay % 1000000 * 1000)};
    nanosleep(&time, NULL);
  }
  pthread_mutex_lock(&lock);
  int last, fails = step(SYNC, &last), problem = errno, result = -1;
  if (last == HALFWAY) die();
  if (!fails && (result = real_fsync(fd)) == 0) {
    forget(file);
    struct stat now;
    if (fstat(fd, &now) == 0) file->flushed = now.st_size;
  }
  if (!fails) problem = errno;
  if (last) die();
  pthread_mutex_unlock(&lock);
  errno = problem;
  return result;
}

int fsync(int fd) { return flush(fd); }
int fdatasync(int fd) { return flush(fd); }

int ftruncate64(int fd, off_t length) {
  struct file *file = file_of(fd);
  if (!file) return real_ftruncate(fd, length);
  pthread_mutex_lock(&lock);
  int last, fails = step(TRUNCATE, &last), problem = errno, result = -1;
  if (last == HALFWAY) die();
  if (!fails) {
    struct stat now;
    if (fstat(fd, &now) == 0) remember(fd, file, 1, length, now.st_size - length);
    result = real_ftruncate(fd, length);
    problem = errno;
  }
  if (last) die();
  pthread_mutex_unlock(&lock);
  errno = problem;
  return result;
}

int ftruncate(int fd, off_t length) { return ftruncate64(fd, length); }
