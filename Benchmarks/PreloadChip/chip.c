// The chip: what libgpiod asks of the system about it, and the requests.
#define _GNU_SOURCE
#include "internal.h"
#include "wire.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/gpio.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#define DESCRIPTORS 1024
#define MAJOR 254
#define MINOR 777

static bool is_chip[DESCRIPTORS];
static struct wire *wires[DESCRIPTORS];
// What a directory shows once more than it holds.
static DIR *listed;
static bool is_shown;
static pthread_mutex_t listing = PTHREAD_MUTEX_INITIALIZER;

static const char *chip_path(void)
{
	const char *path = getenv("TAP_PRELOAD_CHIP");

	return path && *path ? path : "/dev/gpiochip77";
}

static const char *chip_name(void)
{
	const char *slash = strrchr(chip_path(), '/');

	return slash ? slash + 1 : chip_path();
}

static bool is_path(const char *path) { return path && strcmp(path, chip_path()) == 0; }

static struct wire *wire_of(int descriptor)
{
	return descriptor >= 0 && descriptor < DESCRIPTORS ? wires[descriptor] : NULL;
}

// MARK: Files

static int open_chip(int flags)
{
	// Any device does: only this library is asked about it.
	int descriptor = NEXT(open)("/dev/null", O_RDWR | (flags & O_CLOEXEC));

	if (descriptor >= DESCRIPTORS) {
		close(descriptor);
		errno = EMFILE;
		return -1;
	}
	if (descriptor >= 0)
		is_chip[descriptor] = true;
	return descriptor;
}

static mode_t mode_of(int flags, va_list arguments)
{
	return flags & (O_CREAT | O_TMPFILE) ? va_arg(arguments, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	if (is_path(path))
		return open_chip(flags);
	va_start(arguments, flags);
	mode = mode_of(flags, arguments);
	va_end(arguments);
	return NEXT(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
	va_list arguments;
	mode_t mode;

	if (is_path(path))
		return open_chip(flags);
	va_start(arguments, flags);
	mode = mode_of(flags, arguments);
	va_end(arguments);
	return NEXT(open64)(path, flags, mode);
}

static int describe(struct stat *result)
{
	memset(result, 0, sizeof *result);
	result->st_mode = S_IFCHR | 0660;
	result->st_nlink = 1;
	result->st_rdev = makedev(MAJOR, MINOR);
	return 0;
}

int stat(const char *path, struct stat *result) { return is_path(path) ? describe(result) : NEXT(stat)(path, result); }
int lstat(const char *path, struct stat *result)
{
	return is_path(path) ? describe(result) : NEXT(lstat)(path, result);
}

char *realpath(const char *path, char *resolved)
{
	char device[64];

	// libgpiod takes for a GPIO chip what this link says is one.
	snprintf(device, sizeof device, "/sys/dev/char/%d:%d/subsystem", MAJOR, MINOR);
	if (!path || strcmp(path, device) != 0)
		return NEXT(realpath)(path, resolved);
	if (!resolved)
		return strdup("/sys/bus/gpio");
	return strcpy(resolved, "/sys/bus/gpio");
}

DIR *opendir(const char *path)
{
	DIR *opened = NEXT(opendir)(path);
	size_t length = strlen(chip_path()) - strlen(chip_name());

	if (opened && length > 1 && strlen(path) == length - 1 && strncmp(path, chip_path(), length - 1) == 0) {
		pthread_mutex_lock(&listing);
		listed = opened;
		is_shown = false;
		pthread_mutex_unlock(&listing);
	}
	return opened;
}

struct dirent *readdir(DIR *opened)
{
	static struct dirent entry = {.d_ino = 1, .d_type = DT_CHR};
	struct dirent *next = NEXT(readdir)(opened);

	pthread_mutex_lock(&listing);
	if (!next && opened == listed && !is_shown) {
		is_shown = true;
		snprintf(entry.d_name, sizeof entry.d_name, "%s", chip_name());
		next = &entry;
	}
	pthread_mutex_unlock(&listing);
	return next;
}

// MARK: Requests

static int answer(int error)
{
	if (!error)
		return 0;
	errno = error;
	return -1;
}

static int describe_chip(struct gpiochip_info *info)
{
	memset(info, 0, sizeof *info);
	snprintf(info->name, sizeof info->name, "%s", chip_name());
	snprintf(info->label, sizeof info->label, "preload");
	info->lines = (uint32_t)setting("TAP_PRELOAD_LINES", 64);
	return 0;
}

static int describe_line(struct gpio_v2_line_info *info)
{
	uint32_t offset = info->offset;

	if (offset >= setting("TAP_PRELOAD_LINES", 64))
		return EINVAL;
	memset(info, 0, sizeof *info);
	info->offset = offset;
	info->flags = GPIO_V2_LINE_FLAG_INPUT;
	for (int index = 0; index < DESCRIPTORS; index++)
		if (wires[index] && wire_has(wires[index], offset)) {
			info->flags |= GPIO_V2_LINE_FLAG_USED;
			snprintf(info->consumer, sizeof info->consumer, "preload");
		}
	return 0;
}

static int request(struct gpio_v2_line_request *wanted)
{
	struct wire *wire;
	int error;

	for (uint32_t index = 0; index < wanted->num_lines && index < GPIO_V2_LINES_MAX; index++) {
		struct gpio_v2_line_info info = {.offset = wanted->offsets[index]};

		error = describe_line(&info);
		if (error)
			return error;
		if (info.flags & GPIO_V2_LINE_FLAG_USED)
			return EBUSY;
	}
	error = wire_open(wanted, &wire);
	if (error)
		return error;
	if (wanted->fd >= DESCRIPTORS) {
		close(wanted->fd);
		return EMFILE;
	}
	wires[wanted->fd] = wire;
	wire_feed(wire);
	return 0;
}

static int ask_chip(unsigned long code, void *argument)
{
	switch (code) {
	case GPIO_GET_CHIPINFO_IOCTL:
		return describe_chip(argument);
	case GPIO_V2_GET_LINEINFO_IOCTL:
		return describe_line(argument);
	case GPIO_V2_GET_LINE_IOCTL:
		return request(argument);
	case GPIO_GET_LINEHANDLE_IOCTL:
		// The old interface's way to an output.
		return EPERM;
	default:
		return ENOTTY;
	}
}

static int ask_wire(struct wire *wire, unsigned long code, void *argument)
{
	switch (code) {
	case GPIO_V2_LINE_GET_VALUES_IOCTL:
		return wire_levels(wire, argument);
	case GPIO_V2_LINE_SET_CONFIG_IOCTL:
		return wire_configure(wire, argument);
	case GPIO_V2_LINE_SET_VALUES_IOCTL:
		return EPERM;
	default:
		return ENOTTY;
	}
}

int ioctl(int descriptor, unsigned long code, ...)
{
	struct wire *wire = wire_of(descriptor);
	va_list arguments;
	void *argument;

	va_start(arguments, code);
	argument = va_arg(arguments, void *);
	va_end(arguments);
	// Callers that keep it in an int extend its sign; the kernel looks at 32 bits only.
	code &= 0xFFFFFFFF;
	if (wire && (code & 0xFF00) == 0xB400)
		return answer(ask_wire(wire, code, argument));
	if (descriptor >= 0 && descriptor < DESCRIPTORS && is_chip[descriptor])
		return answer(ask_chip(code, argument));
	return NEXT(ioctl)(descriptor, code, argument);
}

int close(int descriptor)
{
	if (descriptor >= 0 && descriptor < DESCRIPTORS) {
		is_chip[descriptor] = false;
		// Its feeding thread finds that nobody reads any more, and frees it.
		wires[descriptor] = NULL;
	}
	return NEXT(close)(descriptor);
}

ssize_t read(int descriptor, void *buffer, size_t size)
{
	ssize_t length;

	if (!wire_of(descriptor))
		return NEXT(read)(descriptor, buffer, size);
	meter_comes_back();
	length = NEXT(read)(descriptor, buffer, size);
	if (length > 0)
		meter_took((uint64_t)length / sizeof(struct gpio_v2_line_event));
	return length;
}

// MARK: Waiting, where the meter looks too

int poll(struct pollfd *polled, nfds_t count, int timeout)
{
	meter_comes_back();
	return NEXT(poll)(polled, count, timeout);
}

int ppoll(struct pollfd *polled, nfds_t count, const struct timespec *timeout, const sigset_t *mask)
{
	meter_comes_back();
	return NEXT(ppoll)(polled, count, timeout, mask);
}

int epoll_wait(int epoll, struct epoll_event *events, int most, int timeout)
{
	meter_comes_back();
	return NEXT(epoll_wait)(epoll, events, most, timeout);
}
