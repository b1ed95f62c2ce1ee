/* Moves the wall clock of a process and of its children, when it is preloaded.

   ON_DATES_CLOCK names a file of eight bytes: the nanoseconds to add, which may change at any time.
   Time that only passes (CLOCK_MONOTONIC: timeouts, sleeps) stays as it is. libfaketime 0.9.10
   cannot do that: under it Python's time.sleep() fails, or waits for as long as it moves. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static const int64_t nothing;
static const volatile int64_t *shift = &nothing;

__attribute__((constructor)) static void open_clock(void) {
    const char *path = getenv("ON_DATES_CLOCK");
    int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    void *mapped = mmap(NULL, sizeof *shift, PROT_READ, MAP_SHARED, file, 0);
    if (mapped != MAP_FAILED) shift = mapped;
}

static struct timespec add(struct timespec time, int64_t nanoseconds) {
    int64_t all = time.tv_sec * INT64_C(1000000000) + time.tv_nsec + nanoseconds;
    return (struct timespec){all / 1000000000, all % 1000000000};
}

int clock_gettime(clockid_t clock, struct timespec *now) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int result = real(clock, now);
    if (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE) *now = add(*now, *shift);
    return result;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
    (void)zone;
    struct timespec exact;
    int result = clock_gettime(CLOCK_REALTIME, &exact);
    now->tv_sec = exact.tv_sec;
    now->tv_usec = exact.tv_nsec / 1000;
    return result;
}

time_t time(time_t *also) {
    struct timespec exact;
    clock_gettime(CLOCK_REALTIME, &exact);
    if (also) *also = exact.tv_sec;
    return exact.tv_sec;
}

/* The lock of a Python that was built for an old glibc waits until an instant of the wall clock. */
int sem_timedwait(sem_t *restrict sem, const struct timespec *restrict until) {
    static int (*real)(sem_t *, const struct timespec *);
    if (!real) real = (int (*)(sem_t *, const struct timespec *))dlsym(RTLD_NEXT, "sem_timedwait");
    struct timespec truly = add(*until, -*shift);
    return real(sem, &truly);
}
