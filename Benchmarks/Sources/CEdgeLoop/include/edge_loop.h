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
	/// Missing line_seqno, edges without room in the ring, and edges out of order behind it.
	uint64_t lost;
	/// 0, or an errno.
	int error;
} edge_loop_result;

/// Captures `edges` edges of one line: waits in epoll, reads `batch` at once through libgpiod until none waits, checks
/// the numbers, and puts 16 bytes for each edge into a ring, which another thread drains every 5 ms.
///
/// The capturing thread is named "c-loop"; it and the draining one are pinned, unless their CPU is below zero.
edge_loop_result edge_loop(const char *chip, unsigned line, uint64_t edges, unsigned batch, int capture_cpu,
			   int drain_cpu);

#ifdef __cplusplus
}
#endif

#endif
