#define _GNU_SOURCE
#include "tap_packets.h"

#include <arpa/inet.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <net/if_arp.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	BLOCK_BYTES = 1 << 18,
	FRAME_BYTES = 1 << 11,
	// A block that is not full is handed over after this.
	RETIRE_MS = 10,
	TAG_BYTES = 4,
};

struct tap_packets {
	int descriptor;
	uint8_t *ring;
	unsigned blocks;
	// The block that is being read, and its packets that are not.
	unsigned block;
	uint32_t left;
	struct tpacket3_hdr *next;
	bool holds;
};

bool tap_packets_has(const char *interface) { return if_nametoindex(interface) != 0; }

static int set(int descriptor, int option, int value)
{
	return setsockopt(descriptor, SOL_PACKET, option, &value, sizeof value) ? -errno : 0;
}

// Its number, or -errno.
static int look_at(int descriptor, const char *interface, bool *is_loopback)
{
	struct ifreq request = {0};
	int number;

	if (strlen(interface) >= sizeof request.ifr_name)
		return -ENODEV;
	strcpy(request.ifr_name, interface);
	if (ioctl(descriptor, SIOCGIFINDEX, &request))
		return -errno;
	number = request.ifr_ifindex;
	if (ioctl(descriptor, SIOCGIFHWADDR, &request))
		return -errno;
	*is_loopback = request.ifr_hwaddr.sa_family == ARPHRD_LOOPBACK;
	if (request.ifr_hwaddr.sa_family != ARPHRD_ETHER && !*is_loopback)
		return -EMEDIUMTYPE;
	if (ioctl(descriptor, SIOCGIFFLAGS, &request))
		return -errno;
	return request.ifr_flags & IFF_UP ? number : -ENETDOWN;
}

static int make_ring(struct tap_packets *packets, size_t bytes)
{
	size_t blocks = (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
	struct tpacket_req3 request = {
		.tp_block_size = BLOCK_BYTES,
		.tp_block_nr = packets->blocks = blocks < 2 ? 2 : (unsigned)blocks,
		.tp_frame_size = FRAME_BYTES,
		.tp_frame_nr = packets->blocks * (BLOCK_BYTES / FRAME_BYTES),
		.tp_retire_blk_tov = RETIRE_MS,
	};

	if (setsockopt(packets->descriptor, SOL_PACKET, PACKET_RX_RING, &request, sizeof request))
		return -errno;
	packets->ring = mmap(NULL, (size_t)packets->blocks * BLOCK_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED,
	                     packets->descriptor, 0);
	if (packets->ring != MAP_FAILED)
		return 0;
	packets->ring = NULL;
	return -errno;
}

static int begin(struct tap_packets *packets, const char *interface, size_t ring_bytes)
{
	bool is_loopback = false;
	int number = look_at(packets->descriptor, interface, &is_loopback);
	struct packet_mreq all = {.mr_ifindex = number, .mr_type = PACKET_MR_PROMISC};
	struct sockaddr_ll address = {
		.sll_family = AF_PACKET, .sll_protocol = htons(ETH_P_ALL), .sll_ifindex = number};
	int on = 1, status;

	if (number < 0)
		return number;
	if ((status = set(packets->descriptor, PACKET_VERSION, TPACKET_V3)) ||
	    (status = set(packets->descriptor, PACKET_RESERVE, TAG_BYTES)) ||
	    (status = make_ring(packets, ring_bytes)))
		return status;
	// What a loopback is given comes back as received.
	if (is_loopback && (status = set(packets->descriptor, PACKET_IGNORE_OUTGOING, 1)))
		return status;
	// Stamped when the card's driver hands it over, not only when it reaches this socket.
	if (setsockopt(packets->descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on))
		return -errno;
	if (setsockopt(packets->descriptor, SOL_PACKET, PACKET_ADD_MEMBERSHIP, &all, sizeof all))
		return -errno;
	return bind(packets->descriptor, (struct sockaddr *)&address, sizeof address) ? -errno : 0;
}

int tap_packets_open(const char *interface, size_t ring_bytes, struct tap_packets **opened)
{
	struct tap_packets *packets = calloc(1, sizeof *packets);
	int status;

	if (!packets)
		return -ENOMEM;
	// Of no protocol: nothing comes before it is bound.
	packets->descriptor = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC, 0);
	status = packets->descriptor < 0 ? -errno : begin(packets, interface, ring_bytes);
	if (status != 0)
		tap_packets_close(packets);
	else
		*opened = packets;
	return status;
}

void tap_packets_close(struct tap_packets *packets)
{
	if (!packets)
		return;
	if (packets->ring)
		munmap(packets->ring, (size_t)packets->blocks * BLOCK_BYTES);
	if (packets->descriptor >= 0)
		close(packets->descriptor);
	free(packets);
}

int tap_packets_descriptor(const struct tap_packets *packets) { return packets->descriptor; }

static struct tpacket_block_desc *block(const struct tap_packets *packets)
{
	return (struct tpacket_block_desc *)(packets->ring + (size_t)packets->block * BLOCK_BYTES);
}

static bool is_in(const struct tap_packets *packets)
{
	return __atomic_load_n(&block(packets)->hdr.bh1.block_status, __ATOMIC_ACQUIRE) & TP_STATUS_USER;
}

void tap_packets_wait(const struct tap_packets *packets, int64_t timeout_ns)
{
	struct pollfd polled = {.fd = packets->descriptor, .events = POLLIN | POLLERR};
	struct timespec timeout = {timeout_ns / 1000000000, timeout_ns % 1000000000};

	if (timeout_ns > 0 && packets->left == 0)
		ppoll(&polled, 1, &timeout, NULL);
}

// The kernel strips the tag of a VLAN: it is put back in the room that PACKET_RESERVE has left.
static void put_back_tag(const struct tpacket3_hdr *header, struct tap_packet *packet)
{
	uint16_t type = header->tp_status & TP_STATUS_VLAN_TPID_VALID ? header->hv1.tp_vlan_tpid : ETH_P_8021Q;
	uint8_t *bytes = (uint8_t *)(uintptr_t)packet->bytes - TAG_BYTES;

	if (packet->captured < 2 * ETH_ALEN)
		return;
	memmove(bytes, packet->bytes, 2 * ETH_ALEN);
	bytes[12] = (uint8_t)(type >> 8);
	bytes[13] = (uint8_t)type;
	bytes[14] = (uint8_t)(header->hv1.tp_vlan_tci >> 8);
	bytes[15] = (uint8_t)header->hv1.tp_vlan_tci;
	packet->bytes = bytes;
	packet->captured += TAG_BYTES;
	packet->length += TAG_BYTES;
}

bool tap_packets_next(struct tap_packets *packets, struct tap_packet *packet)
{
	struct tpacket3_hdr *header;

	while (packets->left == 0) {
		if (packets->holds) {
			__atomic_store_n(&block(packets)->hdr.bh1.block_status, TP_STATUS_KERNEL, __ATOMIC_RELEASE);
			packets->block = (packets->block + 1) % packets->blocks;
			packets->holds = false;
		}
		if (!is_in(packets))
			return false;
		packets->holds = true;
		packets->left = block(packets)->hdr.bh1.num_pkts;
		packets->next = (void *)((uint8_t *)block(packets) + block(packets)->hdr.bh1.offset_to_first_pkt);
	}
	header = packets->next;
	packets->left--;
	packets->next = (void *)((uint8_t *)header + header->tp_next_offset);
	*packet = (struct tap_packet){
		.bytes = (const uint8_t *)header + header->tp_mac,
		.captured = header->tp_snaplen,
		.length = header->tp_len,
		.stamp_ns = header->tp_sec * UINT64_C(1000000000) + header->tp_nsec,
	};
	if (header->tp_status & TP_STATUS_VLAN_VALID)
		put_back_tag(header, packet);
	return true;
}

int tap_packets_lost(const struct tap_packets *packets, uint64_t *lost)
{
	struct tpacket_stats_v3 counts;
	socklen_t size = sizeof counts;

	// Reading sets them to zero.
	if (getsockopt(packets->descriptor, SOL_PACKET, PACKET_STATISTICS, &counts, &size))
		return -errno;
	*lost = counts.tp_drops;
	return 0;
}

int tap_packets_failure(const struct tap_packets *packets)
{
	int error = 0;
	socklen_t size = sizeof error;

	return getsockopt(packets->descriptor, SOL_SOCKET, SO_ERROR, &error, &size) ? errno : error;
}
