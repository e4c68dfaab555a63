// What the thread that reads the events spends, from its 1,000th event to its last: processor time, allocations.
//
// A thread is done with its events when it comes back to read or to wait, so both samples are taken there, on the
// thread itself.
#define _GNU_SOURCE
#include "internal.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#define WARM 1000

struct sample {
	uint64_t events;
	uint64_t user_us;
	uint64_t system_us;
	uint64_t at_ns;
	struct tap_preload_counters counters;
};

struct meter {
	uint64_t events;
	uint64_t reads;
	bool is_started;
	bool is_over;
	struct sample first;
};

static atomic_ullong expected;
static atomic_ullong taken;
static __thread struct meter meter __attribute__((tls_model("initial-exec")));

uint64_t setting(const char *name, uint64_t otherwise)
{
	const char *words = getenv(name);

	return words && *words ? strtoull(words, NULL, 10) : otherwise;
}

/// Not inlined: whoever counts instructions from outside sees the reading thread come here when it begins and when it ends.
static __attribute__((noinline)) struct sample sample(void)
{
	struct sample sample = {.events = meter.events, .at_ns = monotonic_ns()};
	struct rusage usage;

	getrusage(RUSAGE_THREAD, &usage);
	sample.user_us = (uint64_t)usage.ru_utime.tv_sec * 1000000 + (uint64_t)usage.ru_utime.tv_usec;
	sample.system_us = (uint64_t)usage.ru_stime.tv_sec * 1000000 + (uint64_t)usage.ru_stime.tv_usec;
	tap_preload_counters_here(&sample.counters);
	return sample;
}

__attribute__((constructor)) static void say_where(void)
{
	const char *path = getenv("TAP_PRELOAD_WHERE");
	FILE *file = path ? fopen(path, "w") : NULL;

	if (!file)
		return;
	fprintf(file, "%016llx\n", (unsigned long long)(uintptr_t)&sample);
	fclose(file);
}

static void report(const struct sample *last)
{
	const char *path = getenv("TAP_PRELOAD_REPORT");
	const struct sample *first = &meter.first;
	char name[16] = "", line[512];
	int length, file;

	if (!path)
		return;
	pthread_getname_np(pthread_self(), name, sizeof name);
	length = snprintf(line, sizeof line,
			  "{\"thread\": \"%s\", \"first_edge\": %llu, \"last_edge\": %llu, \"reads\": %llu, "
			  "\"user_us\": %llu, \"system_us\": %llu, \"elapsed_ns\": %llu, \"allocations\": %llu, "
			  "\"allocated_bytes\": %llu, \"frees\": %llu}\n",
			  name, (unsigned long long)first->events, (unsigned long long)last->events,
			  (unsigned long long)meter.reads, (unsigned long long)(last->user_us - first->user_us),
			  (unsigned long long)(last->system_us - first->system_us),
			  (unsigned long long)(last->at_ns - first->at_ns),
			  (unsigned long long)(last->counters.allocations - first->counters.allocations),
			  (unsigned long long)(last->counters.allocated_bytes - first->counters.allocated_bytes),
			  (unsigned long long)(last->counters.frees - first->counters.frees));
	file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	if (file < 0 || write(file, line, (size_t)length) != length)
		fprintf(stderr, "preload chip: cannot write %s\n", path);
	if (file >= 0)
		close(file);
}

void meter_expect(uint64_t events) { atomic_fetch_add(&expected, events); }

void meter_took(uint64_t events)
{
	meter.events += events;
	meter.reads++;
	atomic_fetch_add_explicit(&taken, events, memory_order_relaxed);
}

void meter_comes_back(void)
{
	if (meter.events < WARM || meter.is_over)
		return;
	if (!meter.is_started) {
		meter.is_started = true;
		meter.first = sample();
	} else if (meter.events >= atomic_load_explicit(&expected, memory_order_relaxed)) {
		struct sample last = sample();

		meter.is_over = true;
		report(&last);
	}
}

bool tap_preload_is_delivered(void)
{
	return atomic_load(&expected) > 0 && atomic_load(&taken) >= atomic_load(&expected);
}
