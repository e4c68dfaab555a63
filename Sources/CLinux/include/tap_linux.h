// What Linux has and Swift's Glibc module does not show (it is built without _GNU_SOURCE).
#ifndef TAP_LINUX_H
#define TAP_LINUX_H

#include <poll.h>
#include <stdbool.h>
#include <stdint.h>

/// A pipe, both ends close-on-exec and non-blocking. Returns 0 or an errno.
int tap_pipe(int *reader, int *writer);

/// ppoll(2). timeout_ns < 0 waits without end. Returns the number of ready entries, or -errno.
int tap_poll(struct pollfd *polled, unsigned count, int64_t timeout_ns);

/// Names the calling thread; the kernel keeps 15 bytes.
void tap_thread_name(const char *name);

/// Starts a thread. Returns 0 or an errno.
int tap_thread_start(uint64_t *thread, void (*body)(void *), void *argument);
void tap_thread_join(uint64_t thread);

/// CLOCK_MONOTONIC and CLOCK_REALTIME, nanoseconds.
uint64_t tap_monotonic_ns(void);
uint64_t tap_realtime_ns(void);

#endif
