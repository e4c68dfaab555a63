// What this machine is and allows: system calls behind `tap doctor`, and real-time scheduling.
#ifndef TAP_MACHINE_H
#define TAP_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

/// The name of an errno, as "EPERM", and its words; NULL for one that glibc does not know.
const char *tap_errno_name(int error);
const char *tap_errno_words(int error);

/// Reads a file from its start: at most `size` bytes. Returns the number, or -errno.
int tap_read_file(const char *path, void *bytes, int size);
/// What a symbolic link says, without a NUL: at most `size` bytes. Returns the length, or -errno.
int tap_read_link(const char *path, void *bytes, int size);
/// The canonical absolute path. Returns its length, or -errno. `size` is PATH_MAX at least.
int tap_real_path(const char *path, void *bytes, int size);

struct tap_file_owner {
	uint32_t mode;
	uint32_t user;
	uint32_t group;
};

/// stat(2). Returns 0 or -errno.
int tap_file_owner(const char *path, struct tap_file_owner *owner);
/// The device number (st_rdev) of a character device, through links: stat(2). Returns 0 or -errno, -ENODEV for another
/// kind of file.
int tap_device_number(const char *path, uint64_t *number);
/// Whether the effective user may read (and write): faccessat(2). Returns 0 or -errno.
int tap_file_access(const char *path, bool writing);

struct tap_space {
	uint64_t free_bytes;
	uint64_t total_bytes;
	bool read_only;
};

/// statvfs(3); `free_bytes` is what an ordinary user may fill. Returns 0 or -errno.
int tap_space(const char *path, struct tap_space *space);

/// uname(2): each is cut at 127 bytes.
void tap_kernel_name(char release[128], char version[128], char machine[128]);

/// The effective user. Fills at most `most` of its groups, the effective one first. Returns how many, or -errno.
int tap_user(uint32_t *user, uint32_t *groups, int most);

/// Soft limits (getrlimit(2)); UINT64_MAX is none.
uint64_t tap_limit_locked_memory(void);
uint64_t tap_limit_real_time(void);

/// clock_getres(2) of CLOCK_MONOTONIC, nanoseconds: 1 where the kernel's timers are high-resolution.
uint64_t tap_timer_resolution_ns(void);

struct tap_kernel_clock {
	/// adjtimex(2): STA_UNSYNC is clear and the call did not return TIME_ERROR.
	bool synchronised;
	int64_t maximum_error_us;
	int64_t estimated_error_us;
};

/// adjtimex(2), reading only. Returns 0 or -errno.
int tap_kernel_clock(struct tap_kernel_clock *clock);

/// The calling thread becomes SCHED_FIFO (children are not). Returns 0 or -errno.
int tap_fifo(int priority);
/// The same in a thread that ends at once, to see whether it is permitted. Returns 0 or -errno.
int tap_try_fifo(int priority);
/// The calling thread runs on these CPUs only. Returns 0 or -errno; -ENODEV if one of them is not to be had, and then
/// the thread runs on the others.
int tap_affinity(const int *cpus, int count);
/// mlockall(2): what is mapped now and later stays in memory. Of the whole process. Returns 0 or -errno.
int tap_lock_memory(void);
/// Touches 256 KiB of the calling thread's stack, so that its pages are there.
void tap_prefault_stack(void);

#endif
