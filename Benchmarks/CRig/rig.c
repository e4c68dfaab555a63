#define _GNU_SOURCE
#include "rig.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

struct end {
	int cpu;
	bool is_realtime;
	rig_body body;
	void *argument;
	atomic_int *arrived;
	uint64_t started_ns;
	uint64_t ended_ns;
	bool is_placed;
	bool is_right;
};

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static bool place(const struct end *end)
{
	bool is_placed = true;

	if (end->cpu >= 0) {
		cpu_set_t set;

		CPU_ZERO(&set);
		CPU_SET(end->cpu, &set);
		is_placed = pthread_setaffinity_np(pthread_self(), sizeof set, &set) == 0;
	}
	if (end->is_realtime) {
		struct sched_param lowest = {.sched_priority = sched_get_priority_min(SCHED_FIFO)};

		is_placed = pthread_setschedparam(pthread_self(), SCHED_FIFO, &lowest) == 0 && is_placed;
	}
	return is_placed;
}

static void *run(void *raw)
{
	struct end *end = raw;

	end->is_placed = place(end);
	atomic_fetch_add(end->arrived, 1);
	while (atomic_load(end->arrived) < 2)
		rig_pause();
	end->started_ns = now_ns();
	end->is_right = end->body(end->argument);
	end->ended_ns = now_ns();
	return NULL;
}

rig_result rig_run(rig_placement placement, rig_body producer, void *producer_argument, rig_body consumer,
		   void *consumer_argument)
{
	atomic_int arrived = 0;
	struct end ends[2] = {
		{.cpu = placement.producer_cpu, .body = producer, .argument = producer_argument},
		{.cpu = placement.consumer_cpu, .body = consumer, .argument = consumer_argument},
	};
	pthread_t threads[2];
	uint64_t started, ended;

	for (int i = 0; i < 2; i++) {
		ends[i].is_realtime = placement.is_realtime;
		ends[i].arrived = &arrived;
	}
	for (int i = 0; i < 2; i++)
		if (pthread_create(&threads[i], NULL, run, &ends[i]) != 0)
			abort();
	for (int i = 0; i < 2; i++)
		pthread_join(threads[i], NULL);
	started = ends[0].started_ns < ends[1].started_ns ? ends[0].started_ns : ends[1].started_ns;
	ended = ends[0].ended_ns > ends[1].ended_ns ? ends[0].ended_ns : ends[1].ended_ns;
	return (rig_result){
		.elapsed_ns = ended - started,
		.is_right = ends[0].is_right && ends[1].is_right,
		.is_placed = ends[0].is_placed && ends[1].is_placed,
	};
}
