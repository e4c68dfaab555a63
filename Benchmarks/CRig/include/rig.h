// The bench that every contender stands on: two pinned threads, one clock, and the same busy wait for all.
#ifndef RIG_H
#define RIG_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// What is passed through the queues: 16 bytes, as a ring's `Cell`.
typedef struct {
	uint64_t word0;
	uint64_t word1;
} rig_cell;

/// The busy wait of both ends of every contender: nothing but the processor's hint, no yield and no sleep.
static inline void rig_pause(void)
{
#if defined(__x86_64__) || defined(__i386__)
	__builtin_ia32_pause();
#elif defined(__aarch64__)
	__asm__ volatile("yield");
#endif
}

/// Makes the compiler believe that `pointer`'s target is read and written here.
static inline void rig_clobber(void *pointer) { __asm__ volatile("" : : "r"(pointer) : "memory"); }

/// One of the two ends. Returns whether what it saw was right.
typedef bool (*rig_body)(void *argument);

typedef struct {
	/// From the start of the first end to the return of the last; both spin at a barrier before.
	uint64_t elapsed_ns;
	bool is_right;
	/// Whether both threads could be placed as asked.
	bool is_placed;
} rig_result;

/// Where and how the two threads run. A CPU below zero leaves a thread where the kernel puts it.
typedef struct {
	int producer_cpu;
	int consumer_cpu;
	/// SCHED_FIFO, the lowest priority: other work of the machine does not come between.
	bool is_realtime;
} rig_placement;

/// Runs both ends, each on a new thread, and joins them.
rig_result rig_run(rig_placement placement, rig_body producer, void *producer_argument, rig_body consumer,
		   void *consumer_argument);

/// The contenders written in C++.
typedef enum {
	/// The tap ring's algorithm, statement by statement.
	RIG_TWIN,
	/// boost::lockfree::spsc_queue, capacity given at run time, as the tap ring's is.
	RIG_BOOST_RUNTIME,
	/// The same with its capacity known to the compiler.
	RIG_BOOST_FIXED,
} rig_queue;

typedef enum {
	RIG_SINGLY,
	/// Arrays of 64, copied into the queue and out of it.
	RIG_COPIED,
	/// Up to 64 written and read where they lie.
	RIG_IN_PLACE,
	/// One element to and fro over two queues.
	RIG_ROUND_TRIP,
	/// No queue: both ends make and check their elements by themselves.
	RIG_NOTHING,
} rig_case;

/// The capacity of `RIG_BOOST_FIXED`; what the others are given should be the same.
#define RIG_CAPACITY 4096
#define RIG_BATCH 64

/// Passes `count` elements. boost's queues write no batch in place: they take part there with their copied batches.
rig_result rig_run_cpp(rig_queue queue, rig_case which, uint64_t count, rig_placement placement);

/// Boost's version as "1.74".
const char *rig_boost_version(void);

/// Element `index`, as every producer makes it and every consumer expects it.
static inline rig_cell rig_element(uint64_t index)
{
	rig_cell cell = {index, index ^ 0x9E3779B97F4A7C15u};
	return cell;
}

#ifdef __cplusplus
}
#endif

#endif
