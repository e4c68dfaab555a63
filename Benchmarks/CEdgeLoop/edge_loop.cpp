#include "edge_loop.h"

#include "../CRig/twin.hpp"

#include <gpiod.h>

#include <atomic>
#include <cerrno>
#include <fcntl.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <thread>
#include <time.h>
#include <unistd.h>

namespace {

constexpr std::size_t ring_cells = 1 << 21;

struct Cell {
	uint64_t timestamp_ns;
	/// The line's number, and its polarity above.
	uint64_t number;
};

constexpr uint64_t rising = 1ull << 56;

struct Loop {
	const char *chip_path;
	unsigned line;
	uint64_t edges;
	unsigned batch;
	twin::Storage<Cell> storage{ring_cells};
	uint64_t wrong = 0;
	uint64_t refused = 0;
	int error = 0;
	std::atomic<bool> is_over{false};
};

class Request {
	gpiod_chip *chip = nullptr;
	gpiod_line_request *request = nullptr;
	gpiod_edge_event_buffer *buffer = nullptr;

	bool open(const Loop &loop)
	{
		auto *settings = gpiod_line_settings_new();
		auto *config = gpiod_line_config_new();
		chip = gpiod_chip_open(loop.chip_path);
		buffer = gpiod_edge_event_buffer_new(loop.batch);
		if (settings && config && chip && buffer) {
			gpiod_line_settings_set_direction(settings, GPIOD_LINE_DIRECTION_INPUT);
			gpiod_line_settings_set_edge_detection(settings, GPIOD_LINE_EDGE_BOTH);
			gpiod_line_config_add_line_settings(config, &loop.line, 1, settings);
			request = gpiod_chip_request_lines(chip, nullptr, config);
		}
		gpiod_line_config_free(config);
		gpiod_line_settings_free(settings);
		return request && fcntl(descriptor(), F_SETFL, O_NONBLOCK) == 0;
	}

public:
	bool is_open;

	explicit Request(const Loop &loop) { is_open = open(loop); }
	~Request()
	{
		if (request)
			gpiod_line_request_release(request);
		if (buffer)
			gpiod_edge_event_buffer_free(buffer);
		if (chip)
			gpiod_chip_close(chip);
	}
	Request(const Request &) = delete;
	Request &operator=(const Request &) = delete;

	int descriptor() const { return gpiod_line_request_get_fd(request); }
	int read(unsigned batch) { return gpiod_line_request_read_edge_events(request, buffer, batch); }
	gpiod_edge_event *event(int index) { return gpiod_edge_event_buffer_get_event(buffer, index); }
};

/// Takes all that waits. Returns how many edges, or -errno.
int64_t take(Loop &loop, Request &request, twin::Producer<Cell> &ring, uint64_t &number)
{
	int64_t taken = 0;

	for (;;) {
		int count = request.read(loop.batch);
		if (count < 0)
			return errno == EAGAIN ? taken : -errno;
		for (int index = 0; index < count; index++) {
			gpiod_edge_event *event = request.event(index);
			uint64_t seen = gpiod_edge_event_get_line_seqno(event);
			bool is_rising = gpiod_edge_event_get_event_type(event) == GPIOD_EDGE_EVENT_RISING_EDGE;

			loop.wrong += seen - number - 1;
			number = seen;
			if (!ring.stage({gpiod_edge_event_get_timestamp_ns(event), seen | (is_rising ? rising : 0)}))
				loop.refused++;
		}
		ring.publish();
		taken += count;
		if (count < (int)loop.batch)
			return taken;
	}
}

/// Takes all that waits and throws it away.
int64_t discard(Loop &loop, Request &request)
{
	char events[1024 * 48];
	ssize_t most = std::min<ssize_t>(sizeof events, loop.batch * 48), length;
	int64_t taken = 0;

	do {
		length = read(request.descriptor(), events, (std::size_t)most);
		if (length < 0)
			return errno == EAGAIN ? taken : -errno;
		taken += length / 48;
	} while (length == most);
	return taken;
}

int listen(Loop &loop, bool is_discarded)
{
	Request request(loop);
	twin::Producer<Cell> ring(&loop.storage);
	epoll_event wanted{}, ready;
	uint64_t edges = 0, number = 0;
	int error = 0;

	if (!request.is_open)
		return errno;
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	wanted.events = EPOLLIN;
	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, request.descriptor(), &wanted) != 0)
		return errno;
	while (edges < loop.edges) {
		if (epoll_wait(epoll, &ready, 1, -1) < 0) {
			if (errno == EINTR)
				continue;
			error = errno;
			break;
		}
		int64_t taken = is_discarded ? discard(loop, request) : take(loop, request, ring, number);
		if (taken < 0) {
			error = (int)-taken;
			break;
		}
		edges += (uint64_t)taken;
	}
	// Back for more, as a loop without an end would be.
	epoll_wait(epoll, &ready, 1, 0);
	close(epoll);
	return error;
}

/// Empties the ring every 5 ms, as tap's consumers do.
edge_loop_result consume(Loop &loop)
{
	edge_loop_result result{};
	twin::Consumer<Cell> ring(&loop.storage);
	uint64_t stamp = 0, number = 0;

	for (bool is_last = false; !is_last;) {
		is_last = loop.is_over.load();
		while (ring.read(ring_cells, [&](const Cell *cells, std::size_t count) {
			for (std::size_t index = 0; index < count; index++) {
				uint64_t now = cells[index].number & (rising - 1);
				bool is_rising = cells[index].number & rising;

				if (cells[index].timestamp_ns <= stamp || now != number + 1 || is_rising != (now % 2 == 1))
					result.wrong++;
				stamp = cells[index].timestamp_ns;
				number = now;
			}
			result.edges += count;
			return count;
		}) > 0) {
		}
		if (!is_last) {
			timespec tick{0, 5000000};
			nanosleep(&tick, nullptr);
		}
	}
	return result;
}

} // namespace

void edge_put(edge_place place)
{
	cpu_set_t set;
	sched_param parameters{};

	if (place.cpu >= 0) {
		CPU_ZERO(&set);
		CPU_SET(place.cpu, &set);
		pthread_setaffinity_np(pthread_self(), sizeof set, &set);
	}
	parameters.sched_priority = place.priority;
	if (place.priority > 0)
		pthread_setschedparam(pthread_self(), SCHED_FIFO, &parameters);
}

edge_loop_result edge_loop(const char *chip, unsigned line, uint64_t edges, unsigned batch, edge_place capture,
			   edge_place drain)
{
	Loop loop{.chip_path = chip, .line = line, .edges = edges, .batch = batch};

	std::thread capturing([&] {
		edge_put(capture);
		pthread_setname_np(pthread_self(), "c-loop");
		loop.error = listen(loop, false);
		loop.is_over.store(true);
	});
	edge_loop_result result{};
	std::thread draining([&] {
		edge_put(drain);
		result = consume(loop);
	});
	capturing.join();
	draining.join();
	result.wrong += loop.wrong;
	result.refused = loop.refused;
	result.error = loop.error;
	return result;
}

edge_loop_result edge_read(const char *chip, unsigned line, uint64_t edges, unsigned batch, edge_place capture)
{
	Loop loop{.chip_path = chip, .line = line, .edges = edges, .batch = batch};

	std::thread capturing([&] {
		edge_put(capture);
		pthread_setname_np(pthread_self(), "c-read");
		loop.error = listen(loop, true);
	});
	capturing.join();
	return {.edges = loop.error ? 0 : edges, .wrong = 0, .refused = 0, .error = loop.error};
}

struct tap_preload_counters {
	uint64_t allocations;
	uint64_t allocated_bytes;
	uint64_t frees;
};

extern "C" __attribute__((weak)) void tap_preload_counters_here(tap_preload_counters *counters);

bool edge_allocations(uint64_t *allocations)
{
	tap_preload_counters counters;

	if (!tap_preload_counters_here)
		return false;
	tap_preload_counters_here(&counters);
	*allocations = counters.allocations;
	return true;
}
