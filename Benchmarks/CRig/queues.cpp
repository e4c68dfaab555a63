#include "rig.h"
#include "twin.hpp"

#include <boost/lockfree/spsc_queue.hpp>
#include <boost/version.hpp>

#include <cstdio>
#include <memory>

namespace {

// Each contender: a queue made of a capacity, and the values its two ends work on.

struct Twin {
	twin::Storage<rig_cell> storage{RIG_CAPACITY};
	static constexpr bool writes_in_place = true;
	twin::Producer<rig_cell> producer() { return twin::Producer<rig_cell>(&storage); }
	twin::Consumer<rig_cell> consumer() { return twin::Consumer<rig_cell>(&storage); }
};

template <class Queue> struct BoostEnd {
	Queue *queue;
	bool push(rig_cell cell) { return queue->push(cell); }
	bool pop(rig_cell &cell) { return queue->pop(cell); }
	std::size_t push(const rig_cell *cells, std::size_t count) { return queue->push(cells, count); }
	std::size_t pop(rig_cell *cells, std::size_t count) { return queue->pop(cells, count); }
};

struct BoostRuntime {
	using Queue = boost::lockfree::spsc_queue<rig_cell>;
	Queue queue{RIG_CAPACITY};
	static constexpr bool writes_in_place = false;
	BoostEnd<Queue> producer() { return {&queue}; }
	BoostEnd<Queue> consumer() { return {&queue}; }
};

struct BoostFixed {
	using Queue = boost::lockfree::spsc_queue<rig_cell, boost::lockfree::capacity<RIG_CAPACITY>>;
	Queue queue;
	static constexpr bool writes_in_place = false;
	BoostEnd<Queue> producer() { return {&queue}; }
	BoostEnd<Queue> consumer() { return {&queue}; }
};

/// Collects every difference between what came and what was sent.
struct Check {
	uint64_t next = 0;
	uint64_t difference = 0;

	void operator()(rig_cell cell)
	{
		rig_cell expected = rig_element(next);

		difference |= (cell.word0 ^ expected.word0) | (cell.word1 ^ expected.word1);
		next += 1;
	}
	void operator()(const rig_cell *cells, std::size_t count)
	{
		for (std::size_t i = 0; i < count; i++)
			(*this)(cells[i]);
	}
};

template <class Contender> struct Passage {
	Contender queue;
	uint64_t count;
};

template <class Contender> bool send_singly(void *raw)
{
	auto &passage = *static_cast<Passage<Contender> *>(raw);
	auto end = passage.queue.producer();

	for (uint64_t i = 0; i < passage.count; i++)
		while (!end.push(rig_element(i)))
			rig_pause();
	return true;
}

template <class Contender> bool receive_singly(void *raw)
{
	auto &passage = *static_cast<Passage<Contender> *>(raw);
	auto end = passage.queue.consumer();
	Check check;
	rig_cell cell;

	for (uint64_t i = 0; i < passage.count; i++) {
		while (!end.pop(cell))
			rig_pause();
		check(cell);
	}
	return check.difference == 0;
}

template <class Contender> bool send_copied(void *raw)
{
	auto &passage = *static_cast<Passage<Contender> *>(raw);
	auto end = passage.queue.producer();
	rig_cell batch[RIG_BATCH];

	for (uint64_t next = 0; next < passage.count; next += RIG_BATCH) {
		for (std::size_t i = 0; i < RIG_BATCH; i++)
			batch[i] = rig_element(next + i);
		for (std::size_t sent = 0; sent < RIG_BATCH;) {
			std::size_t more = end.push(batch + sent, RIG_BATCH - sent);
			if (more == 0)
				rig_pause();
			sent += more;
		}
	}
	return true;
}

template <class Contender> bool receive_copied(void *raw)
{
	auto &passage = *static_cast<Passage<Contender> *>(raw);
	auto end = passage.queue.consumer();
	Check check;
	rig_cell batch[RIG_BATCH];

	while (check.next < passage.count) {
		std::size_t got = end.pop(batch, RIG_BATCH);
		if (got == 0)
			rig_pause();
		check(batch, got);
	}
	return check.difference == 0;
}

template <class Contender> bool send_in_place(void *raw)
{
	auto &passage = *static_cast<Passage<Contender> *>(raw);
	auto end = passage.queue.producer();

	for (uint64_t next = 0; next < passage.count;) {
		std::size_t limit = std::min<uint64_t>(RIG_BATCH, passage.count - next);
		std::size_t written = end.write(limit, [&](rig_cell *cells, std::size_t room) {
			for (std::size_t i = 0; i < room; i++)
				cells[i] = rig_element(next + i);
			return room;
		});
		if (written == 0)
			rig_pause();
		next += written;
	}
	return true;
}

template <class Contender> bool receive_in_place(void *raw)
{
	auto &passage = *static_cast<Passage<Contender> *>(raw);
	auto end = passage.queue.consumer();
	Check check;

	while (check.next < passage.count) {
		std::size_t taken = end.read(RIG_BATCH, [&](const rig_cell *cells, std::size_t count) {
			check(cells, count);
			return count;
		});
		if (taken == 0)
			rig_pause();
	}
	return check.difference == 0;
}

template <class Contender> struct RoundTrip {
	Contender there;
	Contender back;
	uint64_t count;
};

template <class Contender> bool serve(void *raw)
{
	auto &trip = *static_cast<RoundTrip<Contender> *>(raw);
	auto there = trip.there.producer();
	auto back = trip.back.consumer();
	Check check;
	rig_cell cell;

	for (uint64_t i = 0; i < trip.count; i++) {
		while (!there.push(rig_element(i)))
			rig_pause();
		while (!back.pop(cell))
			rig_pause();
		check(cell);
	}
	return check.difference == 0;
}

template <class Contender> bool answer(void *raw)
{
	auto &trip = *static_cast<RoundTrip<Contender> *>(raw);
	auto there = trip.there.consumer();
	auto back = trip.back.producer();
	rig_cell cell;

	for (uint64_t i = 0; i < trip.count; i++) {
		while (!there.pop(cell))
			rig_pause();
		while (!back.push(cell))
			rig_pause();
	}
	return true;
}

template <class Contender> rig_result pass(rig_body send, rig_body receive, uint64_t count, rig_placement placement)
{
	auto passage = std::make_unique<Passage<Contender>>();

	passage->count = count;
	return rig_run(placement, send, passage.get(), receive, passage.get());
}

template <class Contender> rig_result run(rig_case which, uint64_t count, rig_placement placement)
{
	switch (which) {
	case RIG_SINGLY:
		return pass<Contender>(send_singly<Contender>, receive_singly<Contender>, count, placement);
	case RIG_IN_PLACE:
		if constexpr (Contender::writes_in_place)
			return pass<Contender>(send_in_place<Contender>, receive_in_place<Contender>, count, placement);
		[[fallthrough]];
	case RIG_COPIED:
		return pass<Contender>(send_copied<Contender>, receive_copied<Contender>, count, placement);
	case RIG_ROUND_TRIP: {
		auto trip = std::make_unique<RoundTrip<Contender>>();
		trip->count = count;
		return rig_run(placement, serve<Contender>, trip.get(), answer<Contender>, trip.get());
	}
	case RIG_NOTHING:
		break;
	}
	return {};
}

/// What making and checking cost without a queue between.
rig_result run_nothing(uint64_t count, rig_placement placement)
{
	auto make = [](void *raw) {
		uint64_t count = *static_cast<uint64_t *>(raw);
		rig_cell batch[RIG_BATCH];
		for (uint64_t next = 0; next < count; next += RIG_BATCH) {
			for (std::size_t i = 0; i < RIG_BATCH; i++)
				batch[i] = rig_element(next + i);
			rig_clobber(batch);
		}
		return true;
	};
	auto check = [](void *raw) {
		uint64_t count = *static_cast<uint64_t *>(raw);
		rig_cell batch[RIG_BATCH];
		Check check;
		for (std::size_t i = 0; i < RIG_BATCH; i++)
			batch[i] = rig_element(i);
		while (check.next < count) {
			rig_clobber(batch);
			check(batch, RIG_BATCH);
		}
		rig_clobber(&check);
		return true;
	};
	return rig_run(placement, make, &count, check, &count);
}

} // namespace

extern "C" rig_result rig_run_cpp(rig_queue queue, rig_case which, uint64_t count, rig_placement placement)
{
	if (which == RIG_NOTHING)
		return run_nothing(count, placement);
	switch (queue) {
	case RIG_TWIN:
		return run<Twin>(which, count, placement);
	case RIG_BOOST_RUNTIME:
		return run<BoostRuntime>(which, count, placement);
	case RIG_BOOST_FIXED:
		return run<BoostFixed>(which, count, placement);
	}
	return {};
}


extern "C" const char *rig_boost_version(void)
{
	static char text[16];

	snprintf(text, sizeof text, "%d.%d", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000);
	return text;
}
