// Counts allocations, thread by thread. Stands before glibc's allocator, which is also reachable by names of its own,
// so that nothing has to be looked up before the first allocation.
#define _GNU_SOURCE
#include "internal.h"

#include <errno.h>
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

void *__libc_malloc(size_t);
void *__libc_calloc(size_t, size_t);
void *__libc_realloc(void *, size_t);
void *__libc_memalign(size_t, size_t);
void __libc_free(void *);

#define THREADS 256

struct counted {
	struct tap_preload_counters counters;
	char name[16];
};

// Kept after a thread's end. The last is shared by all that come too late.
static struct counted threads[THREADS];
static atomic_uint thread_count;
// Initial-exec: the other models may allocate.
static __thread struct counted *here __attribute__((tls_model("initial-exec")));

static struct counted *counted_here(void)
{
	if (!here) {
		unsigned index = atomic_fetch_add(&thread_count, 1);

		here = &threads[index < THREADS ? index : THREADS - 1];
	}
	return here;
}

static void *counted(void *memory, size_t size)
{
	struct tap_preload_counters *counters = &counted_here()->counters;

	counters->allocations++;
	counters->allocated_bytes += size;
	return memory;
}

void *malloc(size_t size) { return counted(__libc_malloc(size), size); }
void *calloc(size_t count, size_t size) { return counted(__libc_calloc(count, size), count * size); }
void *realloc(void *memory, size_t size) { return counted(__libc_realloc(memory, size), size); }
void *memalign(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size), size); }
void *aligned_alloc(size_t alignment, size_t size) { return counted(__libc_memalign(alignment, size), size); }

int posix_memalign(void **result, size_t alignment, size_t size)
{
	void *memory = counted(__libc_memalign(alignment, size), size);

	if (!memory)
		return ENOMEM;
	*result = memory;
	return 0;
}

void free(void *memory)
{
	if (memory)
		counted_here()->counters.frees++;
	__libc_free(memory);
}

int pthread_setname_np(pthread_t thread, const char *name)
{
	if (pthread_equal(thread, pthread_self()))
		strncpy(counted_here()->name, name, sizeof here->name - 1);
	return NEXT(pthread_setname_np)(thread, name);
}

void tap_preload_counters_here(struct tap_preload_counters *counters) { *counters = counted_here()->counters; }

int tap_preload_counters_of(const char *thread, struct tap_preload_counters *counters)
{
	unsigned known = atomic_load(&thread_count);
	int found = 0;

	memset(counters, 0, sizeof *counters);
	for (unsigned index = 0; index < known && index < THREADS; index++) {
		if (strncmp(threads[index].name, thread, sizeof threads[index].name - 1) != 0)
			continue;
		counters->allocations += threads[index].counters.allocations;
		counters->allocated_bytes += threads[index].counters.allocated_bytes;
		counters->frees += threads[index].counters.frees;
		found++;
	}
	return found;
}
