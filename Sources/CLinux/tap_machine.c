#define _GNU_SOURCE
#include "tap_machine.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/timex.h>
#include <sys/utsname.h>
#include <time.h>
#include <unistd.h>

const char *tap_errno_name(int error) { return strerrorname_np(error); }
const char *tap_errno_words(int error) { return strerrordesc_np(error); }

int tap_read_file(const char *path, void *bytes, int size)
{
	int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK), length = 0;

	if (file < 0)
		return -errno;
	while (length < size) {
		ssize_t count = read(file, (char *)bytes + length, (size_t)(size - length));

		if (count < 0 && errno == EINTR)
			continue;
		if (count < 0)
			length = -errno;
		if (count <= 0)
			break;
		length += (int)count;
	}
	close(file);
	return length;
}

int tap_read_link(const char *path, void *bytes, int size)
{
	ssize_t length = readlink(path, bytes, (size_t)size);

	return length < 0 ? -errno : (int)length;
}

int tap_real_path(const char *path, void *bytes, int size)
{
	if (size < PATH_MAX)
		return -ENAMETOOLONG;
	return realpath(path, bytes) ? (int)strlen(bytes) : -errno;
}

int tap_file_owner(const char *path, struct tap_file_owner *owner)
{
	struct stat found;

	if (stat(path, &found))
		return -errno;
	*owner = (struct tap_file_owner){found.st_mode, found.st_uid, found.st_gid};
	return 0;
}

int tap_device_number(const char *path, uint64_t *number)
{
	struct stat found;

	if (stat(path, &found))
		return -errno;
	if (!S_ISCHR(found.st_mode))
		return -ENODEV;
	*number = found.st_rdev;
	return 0;
}

int tap_file_access(const char *path, bool writing)
{
	return faccessat(AT_FDCWD, path, R_OK | (writing ? W_OK : 0), AT_EACCESS) ? -errno : 0;
}

int tap_space(const char *path, struct tap_space *space)
{
	struct statvfs found;

	if (statvfs(path, &found))
		return -errno;
	space->free_bytes = (uint64_t)found.f_bavail * found.f_frsize;
	space->total_bytes = (uint64_t)found.f_blocks * found.f_frsize;
	space->read_only = found.f_flag & ST_RDONLY;
	return 0;
}

static void copy(char to[128], const char *from)
{
	memset(to, 0, 128);
	strncpy(to, from, 127);
}

void tap_kernel_name(char release[128], char version[128], char machine[128])
{
	struct utsname name = {0};

	uname(&name);
	copy(release, name.release);
	copy(version, name.version);
	copy(machine, name.machine);
}

int tap_user(uint32_t *user, uint32_t *groups, int most)
{
	gid_t others[1024];
	int count = getgroups(1024, others), filled = 0;

	*user = geteuid();
	if (count < 0)
		return -errno;
	if (most > 0)
		groups[filled++] = getegid();
	for (int index = 0; index < count && filled < most; index++)
		groups[filled++] = others[index];
	return filled;
}

static uint64_t limit_of(__rlimit_resource_t resource)
{
	struct rlimit limit;

	if (getrlimit(resource, &limit))
		return 0;
	return limit.rlim_cur == RLIM_INFINITY ? UINT64_MAX : limit.rlim_cur;
}

uint64_t tap_limit_locked_memory(void) { return limit_of(RLIMIT_MEMLOCK); }
uint64_t tap_limit_real_time(void) { return limit_of(RLIMIT_RTPRIO); }

uint64_t tap_timer_resolution_ns(void)
{
	struct timespec resolution = {0};

	clock_getres(CLOCK_MONOTONIC, &resolution);
	return (uint64_t)resolution.tv_sec * 1000000000u + (uint64_t)resolution.tv_nsec;
}

int tap_kernel_clock(struct tap_kernel_clock *clock)
{
	struct timex state = {.modes = 0};
	int result = adjtimex(&state);

	if (result < 0)
		return -errno;
	clock->synchronised = !(state.status & STA_UNSYNC) && result != TIME_ERROR;
	clock->maximum_error_us = state.maxerror;
	clock->estimated_error_us = state.esterror;
	return 0;
}

int tap_fifo(int priority)
{
	struct sched_param parameter = {.sched_priority = priority};

	// 0 is the calling thread, not its process, for the system call and glibc's wrapper of it (sched(7)).
	return sched_setscheduler(0, SCHED_FIFO | SCHED_RESET_ON_FORK, &parameter) ? -errno : 0;
}

static void *try_fifo(void *raw)
{
	int *priority = raw;

	*priority = tap_fifo(*priority);
	return NULL;
}

int tap_try_fifo(int priority)
{
	pthread_t thread;
	int status = pthread_create(&thread, NULL, try_fifo, &priority);

	if (status)
		return -status;
	pthread_join(thread, NULL);
	return priority;
}

int tap_affinity(const int *cpus, int count)
{
	cpu_set_t set, granted;

	CPU_ZERO(&set);
	for (int index = 0; index < count; index++) {
		if (cpus[index] < 0 || cpus[index] >= CPU_SETSIZE)
			return -EINVAL;
		CPU_SET(cpus[index], &set);
	}
	// The kernel leaves out what is not there, without a word.
	if (sched_setaffinity(0, sizeof set, &set) || sched_getaffinity(0, sizeof granted, &granted))
		return -errno;
	return CPU_EQUAL(&set, &granted) ? 0 : -ENODEV;
}

int tap_lock_memory(void)
{
	return mlockall(MCL_CURRENT | MCL_FUTURE) ? -errno : 0;
}

void tap_prefault_stack(void)
{
	volatile char stack[256 * 1024];

	for (size_t offset = 0; offset < sizeof stack; offset += 1024)
		stack[offset] = 0;
}
