// Stands between libiio and a remote IIOD: libiio 0.2x writes as many bytes into a buffer as the remote announces
// (iiod_client_read_unlocked in iiod-client.c), however small the buffer is. So libiio talks to a port of this machine's
// own, and gets from there no answer to a READBUF that is longer than what it asked for: the connection ends instead.
//
// Each answer is read whole, in step with libiio's own reading of it, before any of it is passed on; numbers are passed
// on as they were understood here. What is in the answers is passed on as it came.
#define _GNU_SOURCE
#include "tap_iio.h"

#ifdef TAP_IIO

#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

// libiio makes one for the context and one for each buffer.
#define CONNECTIONS 4
// Longer than any command or number; a value or description of more than `LARGEST` is not passed on.
#define LINE 512
#define LARGEST (64 << 20)

struct end {
	int fd;
	size_t from, count;
	unsigned char bytes[4096];
};

struct relay {
	struct tap_iio_guard *guard;
	pthread_t thread;
	bool is_used;
	// client is libiio; server is the remote. -1: not open.
	struct end client, server;
	// Digits of the mask of the last OPEN.
	size_t mask;
	unsigned char *answer;
	size_t length, room;
};

struct tap_iio_guard {
	struct addrinfo *remote;
	int listener;
	pthread_t thread;
	// Guards `is_closing`, and the descriptors of relays against being closed while they are shut down.
	pthread_mutex_t lock;
	bool is_closing;
	struct relay relays[CONNECTIONS];
};

// Waits for bytes of `end`; ends when the other side hangs up.
static int fill(struct end *end, const struct end *other)
{
	struct pollfd polled[2] = {{.fd = end->fd, .events = POLLIN}, {.fd = other->fd, .events = POLLRDHUP}};
	ssize_t got;

	while (poll(polled, 2, -1) < 0)
		if (errno != EINTR)
			return -errno;
	if (!(polled[0].revents & POLLIN))
		return -EPIPE;
	got = recv(end->fd, end->bytes, sizeof end->bytes, 0);
	if (got <= 0)
		return -EPIPE;
	end->from = 0;
	end->count = (size_t)got;
	return 0;
}

static int send_all(const struct end *end, const void *bytes, size_t count)
{
	while (count > 0) {
		ssize_t sent = send(end->fd, bytes, count, MSG_NOSIGNAL);

		if (sent <= 0 && errno != EINTR)
			return -EPIPE;
		if (sent > 0) {
			bytes = (const char *)bytes + sent;
			count -= (size_t)sent;
		}
	}
	return 0;
}

// A line without its end, as a string.
static int read_line(struct end *end, const struct end *other, char line[LINE])
{
	for (size_t length = 0; length < LINE;) {
		int error = end->count == 0 ? fill(end, other) : 0;

		if (error)
			return error;
		end->count--;
		line[length] = (char)end->bytes[end->from++];
		if (line[length] == '\0')
			return -EPROTO;
		if (line[length++] != '\n')
			continue;
		line[--length] = '\0';
		if (length > 0 && line[length - 1] == '\r')
			line[length - 1] = '\0';
		return 0;
	}
	return -EPROTO;
}

static int number_of(const char *text, long *value)
{
	const char *digits = text + (*text == '-');
	size_t count = strspn(digits, "0123456789");

	if (count == 0 || count > 9 || digits[count] != '\0')
		return -EPROTO;
	*value = atol(text);
	return 0;
}

static int make_room(struct relay *relay, size_t more)
{
	if (relay->length + more > relay->room) {
		unsigned char *grown = realloc(relay->answer, relay->length + more);

		if (!grown)
			return -ENOMEM;
		relay->answer = grown;
		relay->room = relay->length + more;
	}
	return 0;
}

// Takes bytes as they come into the answer that is being made.
static int take(struct relay *relay, struct end *end, const struct end *other, size_t count)
{
	int error = make_room(relay, count);

	while (!error && count > 0) {
		size_t part = end->count < count ? end->count : count;

		memcpy(relay->answer + relay->length, end->bytes + end->from, part);
		relay->length += part;
		end->from += part;
		end->count -= part;
		count -= part;
		if (count > 0)
			error = fill(end, other);
	}
	return error;
}

static int take_text(struct relay *relay, const char *text)
{
	size_t count = strlen(text);
	int error = make_room(relay, count + 1);

	if (error)
		return error;
	memcpy(relay->answer + relay->length, text, count);
	relay->answer[relay->length + count] = '\n';
	relay->length += count + 1;
	return 0;
}

static int take_number(struct relay *relay, long *value)
{
	char line[LINE];
	int error = read_line(&relay->server, &relay->client, line);

	if (!error)
		error = number_of(line, value);
	if (error)
		return error;
	snprintf(line, sizeof line, "%ld", *value);
	return take_text(relay, line);
}

static int pass(struct relay *relay)
{
	return send_all(&relay->client, relay->answer, relay->length);
}

static int answer_buffer(struct relay *relay, long wanted)
{
	bool is_first = true;

	while (wanted > 0) {
		char mask[LINE];
		long count;
		int error;

		relay->length = 0;
		error = take_number(relay, &count);
		if (!error && count > wanted)
			error = -EPROTO;
		if (!error && count > 0 && is_first) {
			error = read_line(&relay->server, &relay->client, mask);
			if (!error && (strlen(mask) != relay->mask || mask[strspn(mask, "0123456789abcdefABCDEF")]))
				error = -EPROTO;
			if (!error)
				error = take_text(relay, mask);
		}
		if (!error && count > 0)
			error = take(relay, &relay->server, &relay->client, (size_t)count);
		if (!error)
			error = pass(relay);
		if (error)
			return error;
		if (count <= 0)
			return 0;
		is_first = false;
		wanted -= count;
	}
	return 0;
}

// A number, and after it so many bytes and a line's end; `has_empty`: also after 0.
static int answer_text(struct relay *relay, bool has_empty)
{
	long count;
	int error = take_number(relay, &count);

	if (!error && count > LARGEST)
		error = -EPROTO;
	if (!error && (count > 0 || (count == 0 && has_empty)))
		error = take(relay, &relay->server, &relay->client, (size_t)count + 1);
	return error ? error : pass(relay);
}

static int answer_line(struct relay *relay)
{
	char line[LINE];
	int error = read_line(&relay->server, &relay->client, line);

	if (!error)
		error = take_text(relay, line);
	return error ? error : pass(relay);
}

// One command and its answer.
static int converse(struct relay *relay)
{
	char line[LINE], copy[LINE], *words[8] = {0}, *rest;
	long count = 0, value;
	int words_count = 0, error = read_line(&relay->client, &relay->server, line);

	if (error)
		return error;
	memcpy(copy, line, sizeof copy);
	for (char *word = strtok_r(copy, " \t", &rest); word && words_count < 8; word = strtok_r(NULL, " \t", &rest))
		words[words_count++] = word;
	if (words_count == 0)
		return 0;
	// A client does without them.
	if (!strcmp(words[0], "ZPRINT") || !strcmp(words[0], "BINARY"))
		return send_all(&relay->client, "-22\n", 4);
	relay->length = 0;
	error = take_text(relay, line);
	if (!error && !strncmp(words[0], "WRITE", 5)) {
		error = number_of(words[words_count - 1], &count);
		if (!error)
			error = count < 0 || count > LARGEST ? -EPROTO
							     : take(relay, &relay->client, &relay->server, (size_t)count);
	}
	if (!error)
		error = send_all(&relay->server, relay->answer, relay->length);
	if (error)
		return error;
	relay->length = 0;
	if (!strcmp(words[0], "EXIT"))
		return -EPIPE;
	if (!strcmp(words[0], "READBUF"))
		return words_count == 3 && !number_of(words[2], &count) ? answer_buffer(relay, count) : -EPROTO;
	if (!strcmp(words[0], "OPEN") && words_count >= 4)
		relay->mask = strlen(words[3]);
	if (!strcmp(words[0], "VERSION"))
		return answer_line(relay);
	if (!strcmp(words[0], "READ"))
		return answer_text(relay, true);
	if (!strcmp(words[0], "PRINT") || !strcmp(words[0], "GETTRIG"))
		return answer_text(relay, false);
	error = take_number(relay, &value);
	return error ? error : pass(relay);
}

static void close_end(struct tap_iio_guard *guard, struct end *end)
{
	pthread_mutex_lock(&guard->lock);
	if (end->fd >= 0)
		close(end->fd);
	end->fd = -1;
	pthread_mutex_unlock(&guard->lock);
}

static void *run_relay(void *argument)
{
	struct relay *relay = argument;
	struct tap_iio_guard *guard = relay->guard;
	// The first address only, as libiio does.
	const struct addrinfo *remote = guard->remote;
	int one = 1, fd = socket(remote->ai_family, remote->ai_socktype | SOCK_CLOEXEC, 0);
	bool is_open;

	// Known before it connects, so that whoever closes the guard need not wait for that.
	pthread_mutex_lock(&guard->lock);
	relay->server.fd = fd;
	is_open = fd >= 0 && !guard->is_closing;
	pthread_mutex_unlock(&guard->lock);
	if (is_open && connect(fd, remote->ai_addr, remote->ai_addrlen) == 0) {
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		while (converse(relay) == 0)
			;
	}
	close_end(guard, &relay->server);
	close_end(guard, &relay->client);
	free(relay->answer);
	relay->answer = NULL;
	return NULL;
}

static void *run_guard(void *argument)
{
	struct tap_iio_guard *guard = argument;
	int one = 1;

	for (int index = 0;;) {
		int fd = accept4(guard->listener, NULL, NULL, SOCK_CLOEXEC);
		struct relay *relay = &guard->relays[index];

		if (fd < 0) {
			if (errno == EINTR || errno == ECONNABORTED)
				continue;
			return NULL;
		}
		if (index == CONNECTIONS) {
			close(fd);
			continue;
		}
		setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
		relay->client.fd = fd;
		relay->is_used = pthread_create(&relay->thread, NULL, run_relay, relay) == 0;
		if (relay->is_used)
			index++;
		else
			close_end(guard, &relay->client);
	}
}

static int listen_here(struct tap_iio_guard *guard, unsigned short *port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof address;

	guard->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (guard->listener < 0 || bind(guard->listener, (struct sockaddr *)&address, sizeof address) ||
	    listen(guard->listener, CONNECTIONS) || getsockname(guard->listener, (struct sockaddr *)&address, &size))
		return -errno;
	*port = ntohs(address.sin_port);
	return 0;
}

int tap_iio_guard_open(const char *host, const char *port, struct tap_iio_guard **opened, unsigned short *own_port)
{
	struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM};
	struct tap_iio_guard *guard = calloc(1, sizeof *guard);
	int error;

	if (!guard)
		return -ENOMEM;
	guard->listener = -1;
	pthread_mutex_init(&guard->lock, NULL);
	for (int index = 0; index < CONNECTIONS; index++) {
		guard->relays[index].guard = guard;
		guard->relays[index].client.fd = guard->relays[index].server.fd = -1;
	}
	error = getaddrinfo(host, port, &hints, &guard->remote) ? -ENOENT : listen_here(guard, own_port);
	if (!error)
		error = -pthread_create(&guard->thread, NULL, run_guard, guard);
	if (!error) {
		*opened = guard;
		return 0;
	}
	if (guard->listener >= 0)
		close(guard->listener);
	if (guard->remote)
		freeaddrinfo(guard->remote);
	pthread_mutex_destroy(&guard->lock);
	free(guard);
	return error;
}

void tap_iio_guard_close(struct tap_iio_guard *guard)
{
	shutdown(guard->listener, SHUT_RDWR);
	pthread_join(guard->thread, NULL);
	close(guard->listener);
	pthread_mutex_lock(&guard->lock);
	guard->is_closing = true;
	for (int index = 0; index < CONNECTIONS; index++) {
		if (guard->relays[index].client.fd >= 0)
			shutdown(guard->relays[index].client.fd, SHUT_RDWR);
		if (guard->relays[index].server.fd >= 0)
			shutdown(guard->relays[index].server.fd, SHUT_RDWR);
	}
	pthread_mutex_unlock(&guard->lock);
	for (int index = 0; index < CONNECTIONS; index++)
		if (guard->relays[index].is_used)
			pthread_join(guard->relays[index].thread, NULL);
	freeaddrinfo(guard->remote);
	pthread_mutex_destroy(&guard->lock);
	free(guard);
}

#endif
