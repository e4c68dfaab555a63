// A plugin of qemu-user that counts a program's instructions, for scripts/build-arm64 --count-edges.
//
//   qemu-aarch64 -plugin libinstructions.so,where=FILE,out=FILE[,profile=FILE] PROGRAM
//
// `out` gets a line for each thread: its name, its instructions from its start on, and those from the first time to the
// second that it runs the function whose address stands in the file `where` (the preload library has such a function,
// TAP_PRELOAD_WHERE). `profile` gets a line for each block of code of the second count: address, instructions of one run,
// runs.
#define _GNU_SOURCE
#include <inttypes.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

// Version 1 of the interface, as far as it is used here: docs/devel/tcg-plugins.rst of QEMU 4.2 to 8.2. Debian has no
// header of it.
typedef uint64_t plugin_id;
struct qemu_plugin_tb;
enum { NO_REGISTERS };
void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id, void (*)(plugin_id, struct qemu_plugin_tb *));
void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *, void (*)(unsigned, void *), int, void *);
void qemu_plugin_register_vcpu_exit_cb(plugin_id, void (*)(plugin_id, unsigned));
void qemu_plugin_register_atexit_cb(plugin_id, void (*)(plugin_id, void *), void *);
size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *);
uint64_t qemu_plugin_tb_vaddr(const struct qemu_plugin_tb *);

#define EXPORTED __attribute__((visibility("default")))
#define THREADS 1024

EXPORTED int qemu_plugin_version = 1;

struct block {
	uint64_t address;
	uint64_t instructions;
	uint64_t runs;
	struct block *next;
};

struct thread {
	pid_t id;
	uint64_t all;
	uint64_t marked;
	bool is_marked;
};

static const char *where, *profile;
static FILE *out;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
// Under the lock.
static struct block *blocks;
static uint64_t marker;
// Each of the thread alone that has the number.
static struct thread threads[THREADS];

static void runs(unsigned number, void *raw)
{
	struct thread *thread = &threads[number];
	struct block *block = raw;

	if (!thread->id)
		thread->id = gettid();
	thread->all += block->instructions;
	if (block->address == marker)
		thread->is_marked = !thread->is_marked;
	if (!thread->is_marked)
		return;
	thread->marked += block->instructions;
	block->runs++;
}

/// The file is written before the function is called, and so before it is translated.
static void find_marker(void)
{
	FILE *file = marker ? NULL : fopen(where, "r");

	if (!file)
		return;
	if (fscanf(file, "%" SCNx64, &marker) != 1)
		marker = 0;
	fclose(file);
}

static void translated(plugin_id id, struct qemu_plugin_tb *raw)
{
	struct block *block = malloc(sizeof *block);

	(void)id;
	if (!block)
		abort();
	*block = (struct block){.address = qemu_plugin_tb_vaddr(raw), .instructions = qemu_plugin_tb_n_insns(raw)};
	pthread_mutex_lock(&lock);
	find_marker();
	block->next = blocks;
	blocks = block;
	pthread_mutex_unlock(&lock);
	qemu_plugin_register_vcpu_tb_exec_cb(raw, runs, NO_REGISTERS, block);
}

static FILE *opened(const char *path)
{
	FILE *file = fopen(path, "w");

	if (!file) {
		perror(path);
		abort();
	}
	return file;
}

/// A thread that has ended has no name any more.
static void thread_ended(plugin_id id, unsigned number)
{
	struct thread *thread = &threads[number];
	char path[64], name[32] = "";
	FILE *file;

	(void)id;
	if (!thread->id)
		return;
	snprintf(path, sizeof path, "/proc/self/task/%d/comm", (int)thread->id);
	file = fopen(path, "r");
	if (file) {
		if (fscanf(file, "%31[^\n]", name) != 1)
			name[0] = 0;
		fclose(file);
	}
	pthread_mutex_lock(&lock);
	fprintf(out, "%s %" PRIu64 " %" PRIu64 "\n", name[0] ? name : "?", thread->all, thread->marked);
	fflush(out);
	pthread_mutex_unlock(&lock);
	*thread = (struct thread){0};
}

static void ended(plugin_id id, void *unused)
{
	FILE *file;

	(void)unused;
	for (unsigned number = 0; number < THREADS; number++)
		thread_ended(id, number);
	if (!profile)
		return;
	file = opened(profile);
	for (struct block *block = blocks; block; block = block->next)
		if (block->runs)
			fprintf(file, "%" PRIx64 " %" PRIu64 " %" PRIu64 "\n", block->address, block->instructions, block->runs);
	fclose(file);
}

EXPORTED int qemu_plugin_install(plugin_id id, const void *information, int count, char **words)
{
	(void)information;
	for (int index = 0; index < count; index++) {
		if (strncmp(words[index], "where=", 6) == 0)
			where = strdup(words[index] + 6);
		else if (strncmp(words[index], "out=", 4) == 0)
			out = opened(words[index] + 4);
		else if (strncmp(words[index], "profile=", 8) == 0)
			profile = strdup(words[index] + 8);
	}
	if (!where || !out) {
		fprintf(stderr, "instructions: where=FILE and out=FILE are wanted\n");
		return -1;
	}
	qemu_plugin_register_vcpu_tb_trans_cb(id, translated);
	qemu_plugin_register_vcpu_exit_cb(id, thread_ended);
	qemu_plugin_register_atexit_cb(id, ended, NULL);
	return 0;
}
