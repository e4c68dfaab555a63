// What a careful C programmer would write to capture one line: the peer of tap's GPIO source.
#ifndef EDGE_LOOP_H
#define EDGE_LOOP_H

#include <stdbool.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
	/// Edges that came out of the ring.
	uint64_t edges;
	/// Missing line_seqno, and edges out of order or not alternating behind the ring.
	uint64_t wrong;
	/// Edges that found the ring full.
	uint64_t refused;
	/// 0, or an errno.
	int error;
} edge_loop_result;

/// Where the threads of a run are: unpinned below zero. With a priority above zero they run SCHED_FIFO, so that other
/// work of the machine comes between less.
typedef struct {
	int cpu;
	int priority;
} edge_place;

/// Captures `edges` edges of one line: waits in epoll, reads `batch` at once through libgpiod until none waits, checks
/// the numbers, and puts 16 bytes for each edge into a ring, which another thread drains every 5 ms.
///
/// The capturing thread is named "c-loop".
edge_loop_result edge_loop(const char *chip, unsigned line, uint64_t edges, unsigned batch, edge_place capture,
			   edge_place drain);

/// The rig alone: takes the events out of the kernel with read(2) and looks at none.
edge_loop_result edge_read(const char *chip, unsigned line, uint64_t edges, unsigned batch, edge_place capture);

/// Puts the calling thread there, as far as it may.
void edge_put(edge_place place);

/// Allocations of the calling thread so far. Returns false where the preload library, which counts them, is missing.
bool edge_allocations(uint64_t *allocations);

#ifdef __cplusplus
}
#endif

#endif
