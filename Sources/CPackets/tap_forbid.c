#define _GNU_SOURCE
#include "tap_packets.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef ARCHITECTURE

// Since Linux 5.1, 5.6: older headers do not have them.
#ifndef __NR_io_uring_setup
#define __NR_io_uring_setup 425
#define __NR_io_uring_enter 426
#define __NR_io_uring_register 427
#endif
#ifndef __NR_pidfd_getfd
#define __NR_pidfd_getfd 438
#endif

// Whatever they are called with: sending, sockets that are new or come from others, ways past this filter.
static const uint32_t forbidden[] = {
	__NR_sendto, __NR_sendmsg, __NR_sendmmsg, __NR_socket, __NR_socketpair, __NR_accept, __NR_accept4, __NR_recvmsg,
	__NR_recvmmsg, __NR_pidfd_getfd, __NR_io_uring_setup, __NR_io_uring_enter, __NR_io_uring_register, __NR_io_setup,
	__NR_io_submit, __NR_ptrace, __NR_process_vm_writev, __NR_execve, __NR_execveat,
};

// With the socket of the packets as that argument: writing to it, copies of it, and changes, of which one makes a ring that sends.
static const struct {
	uint32_t call;
	uint32_t argument;
} guarded[] = {
	{__NR_write, 0}, {__NR_writev, 0}, {__NR_pwrite64, 0}, {__NR_pwritev, 0}, {__NR_pwritev2, 0}, {__NR_sendfile, 0},
	{__NR_splice, 2}, {__NR_dup, 0}, {__NR_dup3, 0}, {__NR_fcntl, 0}, {__NR_ioctl, 0}, {__NR_setsockopt, 0},
	{__NR_bind, 0}, {__NR_connect, 0},
#ifdef __NR_dup2
	{__NR_dup2, 0},
#endif
};

enum { LENGTH = 6 + 2 * sizeof forbidden / sizeof *forbidden + 5 * sizeof guarded / sizeof *guarded + 1 };

static const struct sock_filter kill_it = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
static const struct sock_filter allow_it = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);

static struct sock_filter load(size_t offset)
{
	return (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offset);
}

// Where the value is that, goes on; otherwise leaves out so many.
static struct sock_filter unless_equal(uint32_t value, uint8_t skipped)
{
	return (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, skipped);
}

static unsigned short make(struct sock_filter *filter, int descriptor)
{
	struct sock_filter *at = filter;

	*at++ = load(offsetof(struct seccomp_data, arch));
	*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0);
	*at++ = kill_it;
	*at++ = load(offsetof(struct seccomp_data, nr));
	// Calls of x32 have numbers of their own.
	*at++ = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 0x40000000, 0, 1);
	*at++ = kill_it;
	for (size_t index = 0; index < sizeof forbidden / sizeof *forbidden; index++) {
		*at++ = unless_equal(forbidden[index], 1);
		*at++ = kill_it;
	}
	for (size_t index = 0; index < sizeof guarded / sizeof *guarded; index++) {
		// The lower half: the kernel looks at no more of a descriptor. Both machines are little-endian.
		size_t argument = offsetof(struct seccomp_data, args) + 8 * guarded[index].argument;

		*at++ = unless_equal(guarded[index].call, 4);
		*at++ = load(argument);
		*at++ = unless_equal((uint32_t)descriptor, 1);
		*at++ = kill_it;
		*at++ = allow_it;
	}
	*at++ = allow_it;
	return (unsigned short)(at - filter);
}

int tap_packets_forbid(const struct tap_packets *packets)
{
	struct sock_filter filter[LENGTH];
	struct sock_fprog program = {make(filter, tap_packets_descriptor(packets)), filter};
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
		return -errno;
	if (syscall(__NR_capset, &header, none))
		return -errno;
	// Above 0: the number of a thread that has another filter.
	long status = syscall(__NR_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &program);
	return status < 0 ? -errno : status > 0 ? -EBUSY : 0;
}

#else

int tap_packets_forbid(const struct tap_packets *packets)
{
	(void)packets;
	return -ENOSYS;
}

#endif
