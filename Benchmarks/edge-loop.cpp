// The C loop as a program of its own, for scripts/build-arm64 --count-edges: edge-loop EDGES [read]
#include "CEdgeLoop/include/edge_loop.h"

#include <cstdio>
#include <cstdlib>

int main(int count, char **words)
{
	const edge_place anywhere{.cpu = -1, .priority = 0};
	const char *chip = "/dev/gpiochip77";
	uint64_t edges = count > 1 ? strtoull(words[1], nullptr, 10) : 0;
	edge_loop_result result = count > 2 ? edge_read(chip, 0, edges, 256, anywhere)
					    : edge_loop(chip, 0, edges, 256, anywhere, anywhere);

	printf("%llu edges, %llu wrong, %llu refused, errno %d\n", (unsigned long long)result.edges,
	       (unsigned long long)result.wrong, (unsigned long long)result.refused, result.error);
	return result.edges == edges && !result.wrong && !result.refused && !result.error ? 0 : 1;
}
