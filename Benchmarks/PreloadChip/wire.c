// Events: made as the kernel makes them, by one thread for each request.
//
// Levels and stamps are settled under a lock, the event is written after it: an event may be read later than a level
// that already shows it, but its stamp is never later. So it is with a kernel's queue.
#define _GNU_SOURCE
#include "wire.h"

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

// What fits into PIPE_BUF is written whole or not at all, so that no read ends within an event.
#define BATCH (4096 / sizeof(struct gpio_v2_line_event))
#define PIPE_BYTES (1 << 20)

struct wire {
	int writer;
	uint32_t count;
	uint32_t offsets[GPIO_V2_LINES_MAX];
	uint64_t total;
	uint64_t period_ns;

	pthread_mutex_t lock;
	pthread_cond_t listened;
	// Under the lock from here on.
	uint64_t flags;
	uint64_t made;
	uint64_t stamp_ns;
	/// When event 0 would have been due.
	uint64_t origin_ns;
	uint64_t levels;
	uint32_t numbers[GPIO_V2_LINES_MAX];
};

/// Lines that have not delivered everything yet, for "interrupt".
static atomic_int unfinished;

uint64_t monotonic_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

#define DRIVES                                                                                                         \
	(GPIO_V2_LINE_FLAG_OUTPUT | GPIO_V2_LINE_FLAG_OPEN_DRAIN | GPIO_V2_LINE_FLAG_OPEN_SOURCE)
#define EDGES (GPIO_V2_LINE_FLAG_EDGE_RISING | GPIO_V2_LINE_FLAG_EDGE_FALLING)

/// The flags of all lines together; an attribute of a line adds to what the others have.
static uint64_t flags_of(const struct gpio_v2_line_config *config)
{
	uint64_t flags = config->flags;

	for (uint32_t index = 0; index < config->num_attrs && index < GPIO_V2_LINE_NUM_ATTRS_MAX; index++) {
		if (config->attrs[index].attr.id == GPIO_V2_LINE_ATTR_ID_FLAGS)
			flags |= config->attrs[index].attr.flags;
		if (config->attrs[index].attr.id == GPIO_V2_LINE_ATTR_ID_OUTPUT_VALUES)
			flags |= GPIO_V2_LINE_FLAG_OUTPUT;
	}
	return flags;
}

int wire_open(struct gpio_v2_line_request *request, struct wire **result)
{
	uint64_t flags = flags_of(&request->config), rate = setting("TAP_PRELOAD_RATE_HZ", 0);
	struct wire *wire;
	int ends[2];

	if (flags & DRIVES)
		return EPERM;
	if (request->num_lines == 0 || request->num_lines > GPIO_V2_LINES_MAX)
		return EINVAL;
	wire = calloc(1, sizeof *wire);
	if (!wire)
		return ENOMEM;
	if (pipe2(ends, O_CLOEXEC) != 0) {
		free(wire);
		return errno;
	}
	// As much as an unprivileged process may have; less only costs speed.
	fcntl(ends[1], F_SETPIPE_SZ, PIPE_BYTES);
	fcntl(ends[1], F_SETFL, O_NONBLOCK);
	wire->writer = ends[1];
	wire->count = request->num_lines;
	memcpy(wire->offsets, request->offsets, sizeof wire->offsets);
	wire->total = setting("TAP_PRELOAD_EDGES", 1000000) * wire->count;
	wire->period_ns = rate ? 1000000000u / rate / wire->count : 0;
	wire->flags = flags;
	wire->origin_ns = monotonic_ns();
	pthread_mutex_init(&wire->lock, NULL);
	pthread_cond_init(&wire->listened, NULL);
	request->fd = ends[0];
	*result = wire;
	return 0;
}

bool wire_has(const struct wire *wire, uint32_t offset)
{
	for (uint32_t index = 0; index < wire->count; index++)
		if (wire->offsets[index] == offset)
			return true;
	return false;
}

int wire_levels(struct wire *wire, struct gpio_v2_line_values *values)
{
	pthread_mutex_lock(&wire->lock);
	values->bits = wire->levels & values->mask;
	pthread_mutex_unlock(&wire->lock);
	return 0;
}

int wire_configure(struct wire *wire, const struct gpio_v2_line_config *config)
{
	uint64_t flags = flags_of(config);

	if (flags & DRIVES)
		return EPERM;
	pthread_mutex_lock(&wire->lock);
	// While nobody listens the wires stand still.
	if ((flags & EDGES) && !(wire->flags & EDGES))
		wire->origin_ns = monotonic_ns() - wire->made * wire->period_ns;
	wire->flags = flags;
	pthread_cond_signal(&wire->listened);
	pthread_mutex_unlock(&wire->lock);
	return 0;
}

static struct gpio_v2_line_event make(struct wire *wire, uint64_t now_ns)
{
	uint32_t line = (uint32_t)(wire->made % wire->count);
	bool is_rising;

	if ((wire->flags & EDGES) == EDGES)
		is_rising = !(wire->levels >> line & 1);
	else
		is_rising = wire->flags & GPIO_V2_LINE_FLAG_EDGE_RISING;
	wire->levels = (wire->levels & ~(1ull << line)) | (uint64_t)is_rising << line;
	wire->stamp_ns = now_ns > wire->stamp_ns ? now_ns : wire->stamp_ns + 1;
	wire->made++;
	return (struct gpio_v2_line_event){
		.timestamp_ns = wire->stamp_ns,
		.id = is_rising ? GPIO_V2_LINE_EVENT_RISING_EDGE : GPIO_V2_LINE_EVENT_FALLING_EDGE,
		.offset = wire->offsets[line],
		.seqno = (uint32_t)wire->made,
		.line_seqno = ++wire->numbers[line],
	};
}

/// Makes what is due. Returns how many events, and when to look again if there are none.
static size_t make_due(struct wire *wire, struct gpio_v2_line_event *events, uint64_t *next_ns)
{
	uint64_t now = monotonic_ns();
	size_t count = 0;

	pthread_mutex_lock(&wire->lock);
	while (!(wire->flags & EDGES))
		pthread_cond_wait(&wire->listened, &wire->lock);
	while (count < BATCH && wire->made < wire->total) {
		uint64_t due = wire->period_ns ? wire->origin_ns + (wire->made + 1) * wire->period_ns : now;

		if (due > now) {
			*next_ns = due;
			break;
		}
		events[count++] = make(wire, due);
	}
	pthread_mutex_unlock(&wire->lock);
	return count;
}

static void sleep_until(uint64_t time_ns)
{
	struct timespec until = {(time_t)(time_ns / 1000000000u), (long)(time_ns % 1000000000u)};

	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL) == EINTR) {
	}
}

/// Bytes that wait to be read.
static int waiting(const struct wire *wire)
{
	int bytes = 0;

	ioctl(wire->writer, FIONREAD, &bytes);
	return bytes;
}

/// Returns false if nobody reads any more.
static bool put(struct wire *wire, const struct gpio_v2_line_event *events, size_t count)
{
	while (write(wire->writer, events, count * sizeof *events) < 0) {
		if (errno != EAGAIN)
			return false;
		// A full pipe is left alone until it is half empty: reader and writer would take its lock in turn, and
		// what is measured would be that.
		do
			sleep_until(monotonic_ns() + 100000u);
		while (waiting(wire) > PIPE_BYTES / 2);
	}
	return true;
}

static bool feed(struct wire *wire)
{
	struct gpio_v2_line_event events[BATCH];
	uint64_t sent = 0, next = 0;

	while (sent < wire->total) {
		size_t count = make_due(wire, events, &next);

		if (count == 0) {
			// Events closer together than this come in one go.
			uint64_t soonest = monotonic_ns() + 200000;

			sleep_until(next > soonest ? next : soonest);
			continue;
		}
		if (!put(wire, events, count))
			return false;
		sent += count;
	}
	return true;
}

static void finish(struct wire *wire)
{
	const char *end = getenv("TAP_PRELOAD_END");
	struct pollfd reader = {.fd = wire->writer};
	int left;

	while (waiting(wire) > 0 && !(poll(&reader, 1, 5) > 0 && reader.revents & POLLERR)) {
	}
	left = atomic_fetch_sub(&unfinished, 1) - 1;
	if (end && strcmp(end, "close") == 0)
		return;
	if (end && strcmp(end, "interrupt") == 0 && left == 0) {
		// Time for the program to do what it does with the last of them.
		sleep_until(monotonic_ns() + 100000000u);
		kill(getpid(), SIGINT);
	}
	// Readable for nobody, until the reader closes its end.
	while (!(reader.revents & POLLERR))
		poll(&reader, 1, -1);
}

static void *run(void *raw)
{
	struct wire *wire = raw;
	uint64_t cpu = setting("TAP_PRELOAD_CPU", UINT64_MAX);
	struct sched_param parameters = {.sched_priority = (int)setting("TAP_PRELOAD_PRIORITY", 0)};
	cpu_set_t set;

	pthread_setname_np(pthread_self(), "preload-wire");
	CPU_ZERO(&set);
	// Not where the requesting thread was pinned.
	for (int index = 0; index < CPU_SETSIZE; index++)
		if (cpu == UINT64_MAX || cpu == (uint64_t)index)
			CPU_SET(index, &set);
	pthread_setaffinity_np(pthread_self(), sizeof set, &set);
	// Neither the requesting thread's policy.
	pthread_setschedparam(pthread_self(), parameters.sched_priority > 0 ? SCHED_FIFO : SCHED_OTHER, &parameters);
	if (feed(wire))
		finish(wire);
	else
		atomic_fetch_sub(&unfinished, 1);
	close(wire->writer);
	pthread_mutex_destroy(&wire->lock);
	pthread_cond_destroy(&wire->listened);
	free(wire);
	return NULL;
}

void wire_feed(struct wire *wire)
{
	sigset_t all, before;
	pthread_attr_t attributes;
	pthread_t thread;

	meter_expect(wire->total);
	atomic_fetch_add(&unfinished, 1);
	// Signals are the program's: above all SIGPIPE, which a closed request would bring, and SIGINT.
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	pthread_attr_init(&attributes);
	pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
	if (pthread_create(&thread, &attributes, run, wire) != 0) {
		fprintf(stderr, "preload chip: no thread could be made\n");
		abort();
	}
	pthread_attr_destroy(&attributes);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
}
