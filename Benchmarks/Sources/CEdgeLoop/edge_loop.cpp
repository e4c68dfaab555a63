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

constexpr std::size_t ring_cells = 1 << 18;

/// Polarity in the high bits, the line's number below.
constexpr uint64_t rising = 1ull << 56;

struct Loop {
	const char *chip_path;
	unsigned line;
	uint64_t edges;
	unsigned batch;
	twin::Storage storage{ring_cells};
	uint64_t lost = 0;
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
int64_t drain(Loop &loop, Request &request, twin::Producer &ring, uint64_t &number)
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

			loop.lost += seen - number - 1;
			number = seen;
			if (!ring.stage({gpiod_edge_event_get_timestamp_ns(event), seen | (is_rising ? rising : 0)}))
				loop.lost++;
		}
		ring.publish();
		taken += count;
		if (count < (int)loop.batch)
			return taken;
	}
}

int capture(Loop &loop)
{
	Request request(loop);
	twin::Producer ring(&loop.storage);
	epoll_event wanted{}, ready;
	uint64_t edges = 0, number = 0;
	int error = 0;

	if (!request.is_open)
		return errno;
	int epoll = epoll_create1(EPOLL_CLOEXEC);
	wanted.events = EPOLLIN;
	if (epoll < 0 || epoll_ctl(epoll, EPOLL_CTL_ADD, request.descriptor(), &wanted) != 0)
		return errno;
	while (edges + loop.lost < loop.edges) {
		if (epoll_wait(epoll, &ready, 1, -1) < 0) {
			if (errno == EINTR)
				continue;
			error = errno;
			break;
		}
		int64_t taken = drain(loop, request, ring, number);
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

void pin(int cpu)
{
	cpu_set_t set;

	if (cpu < 0)
		return;
	CPU_ZERO(&set);
	CPU_SET(cpu, &set);
	pthread_setaffinity_np(pthread_self(), sizeof set, &set);
}

/// Empties the ring every 5 ms, as tap's consumers do.
edge_loop_result consume(Loop &loop)
{
	edge_loop_result result{};
	twin::Consumer ring(&loop.storage);
	uint64_t stamp = 0, number = 0;

	for (bool is_last = false; !is_last;) {
		is_last = loop.is_over.load();
		while (ring.read(ring_cells, [&](const rig_cell *cells, std::size_t count) {
			for (std::size_t index = 0; index < count; index++) {
				uint64_t now = cells[index].word1 & (rising - 1);
				bool is_rising = cells[index].word1 & rising;

				if (cells[index].word0 <= stamp || now <= number || is_rising != (now % 2 == 1))
					result.lost++;
				stamp = cells[index].word0;
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

edge_loop_result edge_loop(const char *chip, unsigned line, uint64_t edges, unsigned batch, int capture_cpu,
			   int drain_cpu)
{
	Loop loop{.chip_path = chip, .line = line, .edges = edges, .batch = batch};

	std::thread capturing([&] {
		pin(capture_cpu);
		pthread_setname_np(pthread_self(), "c-loop");
		loop.error = capture(loop);
		loop.is_over.store(true);
	});
	edge_loop_result result{};
	std::thread draining([&] {
		pin(drain_cpu);
		result = consume(loop);
	});
	capturing.join();
	draining.join();
	result.lost += loop.lost;
	result.error = loop.error;
	return result;
}
