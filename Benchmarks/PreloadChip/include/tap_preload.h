// A GPIO chip that is not there, for measuring: LD_PRELOAD this library under any program that uses libgpiod 2.x.
//
// The program sees one more /dev/gpiochip, with the label "preload". Each line that it requests is fed events by a
// thread of its own, through a pipe, in the kernel's format: numbered, alternating, the first one rising. The levels
// it reads agree with them. Whatever would drive a line is answered with EPERM.
//
// It is also the meter: allocations are counted thread by thread, and what the thread that reads the events spends on
// them is written down from the inside, so that the program measured needs no change.
//
// Set by the environment:
//   TAP_PRELOAD_CHIP      path of the chip; its last part is its name (default /dev/gpiochip77)
//   TAP_PRELOAD_LINES     lines of the chip (default 64)
//   TAP_PRELOAD_EDGES     events of each requested line (default 1,000,000)
//   TAP_PRELOAD_RATE_HZ   events a second of each line, stamped with the time they are due; 0, the default: as fast as
//                         they are taken, stamped with the time at which they are made, never the same twice
//   TAP_PRELOAD_CPU       where the feeding threads run (default: anywhere)
//   TAP_PRELOAD_PRIORITY  above 0: they run SCHED_FIFO with it, if they may
//   TAP_PRELOAD_END       once a line's events have all been taken: "hold" (default) leaves it silent, as a quiet
//                         wire; "close" ends it, as a chip that goes away (reads fail); "interrupt" waits for the other
//                         lines too and sends SIGINT to the process, as a person would
//   TAP_PRELOAD_REPORT    file to which one line of JSON is added for the thread that took all events
//   TAP_PRELOAD_WHERE     file in which an address stands from the start on, for whoever counts instructions from
//                         outside: where that thread begins and ends what the line of JSON speaks of
//
// What it does not do: kernel queues never overflow here (a full pipe makes the wire wait), interrupts cost nothing,
// and events are read from a pipe and not from the GPIO driver. So it shows what user space costs, and only that.
#ifndef TAP_PRELOAD_H
#define TAP_PRELOAD_H

#include <stdbool.h>
#include <stdint.h>

/// Of one thread, from its start on.
struct tap_preload_counters {
	/// Calls that returned new memory: malloc, calloc, realloc, memalign and their like.
	uint64_t allocations;
	uint64_t allocated_bytes;
	uint64_t frees;
};

/// Of the calling thread. Look it up with dlsym(RTLD_DEFAULT, ...): it is there only when preloaded.
void tap_preload_counters_here(struct tap_preload_counters *counters);

/// Of the threads of that name, also of those that have ended. Returns how many there are.
int tap_preload_counters_of(const char *thread, struct tap_preload_counters *counters);

/// Whether every event of every line requested so far has been read.
bool tap_preload_is_delivered(void);

#endif
