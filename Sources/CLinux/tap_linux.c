#define _GNU_SOURCE
#include "tap_linux.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

int tap_pipe(int *reader, int *writer)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
		return errno;
	*reader = ends[0];
	*writer = ends[1];
	return 0;
}

int tap_poll(struct pollfd *polled, unsigned count, int64_t timeout_ns)
{
	struct timespec timeout = {timeout_ns / 1000000000, timeout_ns % 1000000000};
	int ready = ppoll(polled, count, timeout_ns < 0 ? NULL : &timeout, NULL);

	return ready < 0 ? -errno : ready;
}

void tap_thread_name(const char *name)
{
	char kept[16] = {0};

	strncpy(kept, name, sizeof kept - 1);
	pthread_setname_np(pthread_self(), kept);
}

struct start {
	void (*body)(void *);
	void *argument;
};

static void *run(void *raw)
{
	struct start start = *(struct start *)raw;

	free(raw);
	start.body(start.argument);
	return NULL;
}

int tap_thread_start(uint64_t *thread, void (*body)(void *), void *argument)
{
	struct start *start = malloc(sizeof *start);
	pthread_t made;
	int status;

	if (!start)
		return ENOMEM;
	*start = (struct start){body, argument};
	status = pthread_create(&made, NULL, run, start);
	if (status != 0)
		free(start);
	else
		*thread = (uint64_t)made;
	return status;
}

void tap_thread_join(uint64_t thread)
{
	pthread_join((pthread_t)thread, NULL);
}

void tap_thread_leave(uint64_t thread) { pthread_detach((pthread_t)thread); }

void tap_timer_slack(unsigned long slack_ns) { prctl(PR_SET_TIMERSLACK, slack_ns, 0, 0, 0); }

static uint64_t now_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

uint64_t tap_monotonic_ns(void) { return now_ns(CLOCK_MONOTONIC); }
uint64_t tap_realtime_ns(void) { return now_ns(CLOCK_REALTIME); }

int tap_epoll_open(void)
{
	int epoll = epoll_create1(EPOLL_CLOEXEC);

	return epoll < 0 ? -errno : epoll;
}

int tap_epoll_add(int epoll, int descriptor, uint32_t token)
{
	struct epoll_event event = {.events = EPOLLIN, .data.u32 = token};

	return epoll_ctl(epoll, EPOLL_CTL_ADD, descriptor, &event) ? -errno : 0;
}

int tap_epoll_remove(int epoll, int descriptor)
{
	return epoll_ctl(epoll, EPOLL_CTL_DEL, descriptor, NULL) ? -errno : 0;
}

int tap_epoll_ready(int epoll, struct tap_ready *ready, int most)
{
	struct epoll_event events[64];
	int count = epoll_wait(epoll, events, most < 64 ? most : 64, 0);

	if (count < 0)
		return errno == EINTR ? 0 : -errno;
	for (int index = 0; index < count; index++) {
		ready[index].token = events[index].data.u32;
		ready[index].readable = events[index].events & EPOLLIN;
		ready[index].gone = events[index].events & (EPOLLHUP | EPOLLERR);
	}
	return count;
}

int tap_lock(const char *path, bool making)
{
	int descriptor = open(path, O_CLOEXEC | (making ? O_RDWR | O_CREAT : O_RDONLY), 0644);

	if (descriptor < 0)
		return -errno;
	if (flock(descriptor, LOCK_NB | (making ? LOCK_EX : LOCK_SH)) < 0) {
		int error = errno;

		close(descriptor);
		return -error;
	}
	return descriptor;
}

int tap_list(const char *directory, const char *prefix, char *names, int size)
{
	DIR *opened = opendir(directory);
	struct dirent *entry;
	int length = 0;

	if (!opened)
		return -errno;
	while ((entry = readdir(opened))) {
		int left = size - length;
		int wanted = (int)strlen(entry->d_name) + 1;

		if (strncmp(entry->d_name, prefix, strlen(prefix)) != 0 || entry->d_name[0] == '.')
			continue;
		if (wanted >= left)
			break;
		memcpy(names + length, entry->d_name, (size_t)wanted - 1);
		length += wanted;
		names[length - 1] = 0;
	}
	names[length] = 0;
	closedir(opened);
	return length;
}

long tap_recode(const char *encoding, const uint8_t *text, size_t count, uint8_t *utf8, size_t size)
{
	iconv_t converter = iconv_open("UTF-8", encoding);
	if (converter == (iconv_t)-1)
		return -errno;
	char *from = (char *)text;
	char *to = (char *)utf8;
	size_t room = size;
	long result = iconv(converter, &from, &count, &to, &room) == (size_t)-1 ? -errno : (long)(size - room);
	// An incomplete character at the end is one that is wrong.
	if (result == -EINVAL)
		result = -EILSEQ;
	iconv_close(converter);
	return result;
}

int tap_datagram(const char *path, const void *bytes, size_t count)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t length = strlen(path);
	int status = 0;
	int descriptor;

	if (length == 0 || length >= sizeof address.sun_path)
		return -EINVAL;
	memcpy(address.sun_path, path, length);
	if (path[0] == '@')
		address.sun_path[0] = 0;
	descriptor = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (descriptor < 0)
		return -errno;
	if (sendto(descriptor, bytes, count, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&address,
	           (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length)) < 0)
		status = -errno;
	close(descriptor);
	return status;
}
