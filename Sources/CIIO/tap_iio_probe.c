// Asking a TCP port whether an IIOD listens there, before libiio is let near it: libiio 0.2x waits 5 s for each
// answer whatever timeout is wanted, and takes what comes for an answer.
#define _GNU_SOURCE
#include "tap_iio.h"

#ifdef TAP_IIO

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

// Waits until the socket is ready, at most until `end`.
static int wait_ready(int fd, short events, int64_t end)
{
	struct pollfd polled = {.fd = fd, .events = events};

	for (;;) {
		int64_t left = end - now_ms();
		int ready = poll(&polled, 1, left > 0 ? (int)left : 0);

		if (ready > 0)
			return 0;
		if (ready == 0)
			return -ETIMEDOUT;
		if (errno != EINTR)
			return -errno;
	}
}

static int connect_to(const struct addrinfo *address, int64_t end)
{
	int fd = socket(address->ai_family, address->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	socklen_t size = sizeof(int);
	int error = 0, refused = 0;

	if (fd < 0)
		return -errno;
	if (connect(fd, address->ai_addr, address->ai_addrlen) != 0)
		error = errno == EINPROGRESS ? wait_ready(fd, POLLOUT, end) : -errno;
	if (error == 0 && getsockopt(fd, SOL_SOCKET, SO_ERROR, &refused, &size) == 0)
		error = -refused;
	if (error == 0)
		return fd;
	close(fd);
	return error;
}

// "0.25.abcdefg": what IIOD's VERSION answers.
static int judge(const char *line)
{
	const char *at = line;

	for (int part = 0; part < 2; part++) {
		if (!isdigit((unsigned char)*at))
			return -EPROTO;
		while (isdigit((unsigned char)*at))
			at++;
		if (*at++ != '.')
			return -EPROTO;
	}
	for (; *at; at++)
		if (!isprint((unsigned char)*at))
			return -EPROTO;
	return 0;
}

static int ask(int fd, int64_t end)
{
	static const char question[] = "VERSION\r\n";
	char answer[64];
	size_t count = 0;

	if (send(fd, question, sizeof question - 1, MSG_NOSIGNAL) != (ssize_t)sizeof question - 1)
		return errno > 0 ? -errno : -EIO;
	while (count < sizeof answer - 1) {
		int error = wait_ready(fd, POLLIN, end);
		ssize_t got = error == 0 ? recv(fd, answer + count, sizeof answer - 1 - count, 0) : error;
		char *line_end;

		if (error != 0)
			return error;
		if (got <= 0)
			return got == 0 ? -EPIPE : -errno;
		count += (size_t)got;
		answer[count] = '\0';
		line_end = memchr(answer, '\n', count);
		if (line_end) {
			*line_end = '\0';
			return strlen(answer) == (size_t)(line_end - answer) ? judge(answer) : -EPROTO;
		}
		if (!isdigit((unsigned char)answer[0]))
			return -EPROTO;
	}
	return -EPROTO;
}

int tap_iio_probe(const char *host, const char *port, unsigned timeout_ms)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM}, *addresses;
	int64_t end = now_ms() + timeout_ms;
	int fd, error;

	if (getaddrinfo(host, port, &hints, &addresses) != 0)
		return -ENOENT;
	// The first address only, as libiio does.
	fd = connect_to(addresses, end);
	freeaddrinfo(addresses);
	if (fd < 0)
		return fd;
	error = ask(fd, end);
	send(fd, "EXIT\r\n", 6, MSG_NOSIGNAL);
	close(fd);
	return error;
}

void tap_iio_block_sigpipe(void)
{
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, SIGPIPE);
	// libiio 0.2x sends without MSG_NOSIGNAL: a connection that the remote has closed would end the program.
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

#endif
