// The tap ring's algorithm in C++: what it costs in a language without Swift's checks.
//
// Power-of-two capacity, indices that only grow, each end with a cached copy of the other's index, indices 128 bytes
// apart, cells that start on a line, one release store for a batch. The ends are values, as in Swift, so that a
// compiler can keep their indices in registers.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstring>
#include <new>

#include "include/rig.h"

namespace twin {

template <class Cell> struct Storage {
	Cell *base;
	std::size_t capacity;
	alignas(128) std::atomic<std::size_t> tail{0};
	alignas(128) std::atomic<std::size_t> head{0};
	alignas(128) char behind = 0;

	explicit Storage(std::size_t capacity)
	    : base(new (std::align_val_t(128)) Cell[capacity]()), capacity(capacity)
	{
	}
	~Storage() { ::operator delete[](base, std::align_val_t(128)); }
	Storage(const Storage &) = delete;
	Storage &operator=(const Storage &) = delete;

	Cell *at(std::size_t index) const { return base + (index & (capacity - 1)); }
	std::size_t contiguous(std::size_t index) const { return capacity - (index & (capacity - 1)); }
};

template <class Cell> class Producer {
	Storage<Cell> *storage;
	std::size_t tail = 0;
	std::size_t cached_head = 0;

	std::size_t free_cells(std::size_t wanted)
	{
		std::size_t used = tail - cached_head;

		if (storage->capacity - used < wanted) {
			cached_head = storage->head.load(std::memory_order_acquire);
			used = tail - cached_head;
		}
		return storage->capacity - used;
	}

public:
	explicit Producer(Storage<Cell> *storage) : storage(storage) {}

	bool stage(Cell cell)
	{
		if (free_cells(1) == 0)
			return false;
		*storage->at(tail) = cell;
		tail += 1;
		return true;
	}

	void publish() { storage->tail.store(tail, std::memory_order_release); }

	bool push(Cell cell)
	{
		if (!stage(cell))
			return false;
		publish();
		return true;
	}

	std::size_t push(const Cell *cells, std::size_t wanted)
	{
		std::size_t count = std::min(wanted, free_cells(wanted));
		std::size_t first = std::min(count, storage->contiguous(tail));

		std::memcpy(storage->at(tail), cells, first * sizeof *cells);
		if (count > first)
			std::memcpy(storage->base, cells + first, (count - first) * sizeof *cells);
		tail += count;
		publish();
		return count;
	}

	template <class Body> std::size_t write(std::size_t limit, Body body)
	{
		std::size_t count = std::min({limit, free_cells(limit), storage->contiguous(tail)});
		std::size_t written = body(storage->at(tail), count);

		tail += written;
		publish();
		return written;
	}
};

template <class Cell> class Consumer {
	Storage<Cell> *storage;
	std::size_t head = 0;
	std::size_t cached_tail = 0;
	std::size_t looks_without_slip = 0;

	__attribute__((noinline)) void slip()
	{
		std::size_t before = cached_tail;

		if (looks_without_slip > 0) {
			looks_without_slip -= 1;
			return;
		}
		for (int i = 0; i < 128; i++)
			rig_pause();
		cached_tail = storage->tail.load(std::memory_order_acquire);
		if (cached_tail == before)
			looks_without_slip = 1000;
	}

	std::size_t available(std::size_t wanted)
	{
		if (cached_tail - head < wanted)
			cached_tail = storage->tail.load(std::memory_order_acquire);
		return cached_tail - head;
	}

	void release() { storage->head.store(head, std::memory_order_release); }

public:
	explicit Consumer(Storage<Cell> *storage) : storage(storage) {}

	bool pop(Cell &cell)
	{
		if (cached_tail == head) {
			if (available(1) == 0)
				return false;
			if (cached_tail - head < 8)
				slip();
		}
		cell = *storage->at(head);
		head += 1;
		release();
		return true;
	}

	std::size_t pop(Cell *cells, std::size_t wanted)
	{
		std::size_t count = std::min(wanted, available(wanted));
		std::size_t first = std::min(count, storage->contiguous(head));

		std::memcpy(cells, storage->at(head), first * sizeof *cells);
		if (count > first)
			std::memcpy(cells + first, storage->base, (count - first) * sizeof *cells);
		head += count;
		release();
		return count;
	}

	template <class Body> std::size_t read(std::size_t limit, Body body)
	{
		std::size_t there = available(std::min(limit, storage->capacity));
		std::size_t count = std::min({limit, there, storage->contiguous(head)});
		std::size_t taken = body(static_cast<const Cell *>(storage->at(head)), count);

		head += taken;
		release();
		return taken;
	}
};

} // namespace twin
