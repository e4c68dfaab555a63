// What Linux has and Swift's Glibc module does not show (it is built without _GNU_SOURCE).
#ifndef TAP_LINUX_H
#define TAP_LINUX_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "tap_machine.h"

/// A pipe, both ends close-on-exec and non-blocking. Returns 0 or an errno.
int tap_pipe(int *reader, int *writer);

/// ppoll(2). timeout_ns < 0 waits without end. Returns the number of ready entries, or -errno.
int tap_poll(struct pollfd *polled, unsigned count, int64_t timeout_ns);

/// The processor's hint that the thread spins: it lets the other one on the core go first, and takes some nanoseconds.
static inline void tap_spin_hint(void)
{
#if defined(__x86_64__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("isb" ::: "memory");
#endif
}

/// Names the calling thread; the kernel keeps 15 bytes.
void tap_thread_name(const char *name);

/// Starts a thread. Returns 0 or an errno.
int tap_thread_start(uint64_t *thread, void (*body)(void *), void *argument);
void tap_thread_join(uint64_t thread);
/// Lets it end on its own: it cannot be joined any more.
void tap_thread_leave(uint64_t thread);

/// How much later than asked the calling thread may be woken; 50 us unless set (PR_SET_TIMERSLACK in prctl(2)).
void tap_timer_slack(unsigned long slack_ns);

/// CLOCK_MONOTONIC and CLOCK_REALTIME, nanoseconds.
uint64_t tap_monotonic_ns(void);
uint64_t tap_realtime_ns(void);

/// An epoll instance, close-on-exec, or -errno. Descriptors are distinguished by tokens.
int tap_epoll_open(void);
/// Returns 0 or -errno.
int tap_epoll_add(int epoll, int descriptor, uint32_t token);
int tap_epoll_remove(int epoll, int descriptor);

struct tap_ready {
	uint32_t token;
	bool readable;
	/// The other end or the device is gone (EPOLLHUP, EPOLLERR).
	bool gone;
};

/// Does not block. Returns how many of `ready` were filled, or -errno.
int tap_epoll_ready(int epoll, struct tap_ready *ready, int most);

/// The names of a directory's entries that start with `prefix`, each followed by a newline, sorted by the kernel's
/// order; at most `size` - 1 bytes. Returns the length, or -errno.
int tap_list(const char *directory, const char *prefix, char *names, int size);

/// Opens a file and takes an advisory lock of it (flock(2)), or none where another process has it. Does not block.
///
/// `making`: for one's own use alone, the file is made where it is missing. Otherwise for looking whether somebody has it.
/// Returns a descriptor, which holds the lock until it is closed, or -errno: EAGAIN if another process has it.
int tap_lock(const char *path, bool making);

/// Text of an encoding that iconv(3) knows as UTF-8. Returns its length, or -errno: EINVAL if the encoding is unknown,
/// EILSEQ if the text is not of it, E2BIG if it has no room.
long tap_recode(const char *encoding, const uint8_t *text, size_t count, uint8_t *utf8, size_t size);

/// Sends a datagram to a Unix socket; path: a leading @ names one without a file. Does not block. Returns 0 or -errno.
int tap_datagram(const char *path, const void *bytes, size_t count);

#endif
