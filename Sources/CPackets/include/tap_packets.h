// Hearing the packets of an interface: an AF_PACKET socket with a ring of TPACKET_V3 (packet(7)), and a filter of system
// calls after which the process can send nothing more.
#ifndef TAP_PACKETS_H
#define TAP_PACKETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tap_packets;

struct tap_packet {
	/// From its Ethernet header on, with the tag of its VLAN. They stay until the next call.
	const uint8_t *bytes;
	uint32_t captured;
	uint32_t length;
	/// CLOCK_REALTIME when the kernel took it from the card.
	uint64_t stamp_ns;
};

/// Whether this machine has an interface of that name.
bool tap_packets_has(const char *interface);

/// Opens an Ethernet interface for hearing, all that passes it (promiscuous). Changes nothing of it that stays; blocks shortly.
///
/// ring_bytes: rounded up to whole blocks of 256 KiB, of which there are at least two.
/// Returns 0, or -errno: -ENODEV no such interface, -EPERM not permitted (CAP_NET_RAW), -ENETDOWN it is down, -EMEDIUMTYPE it
/// is no Ethernet, -ENOMEM no room for the ring.
int tap_packets_open(const char *interface, size_t ring_bytes, struct tap_packets **opened);

/// From now on the kernel kills this process, all threads of it, when it sends on a socket, writes to the packets' socket,
/// changes or copies it, or makes or receives another one. It gives up its capabilities and can start no other program.
/// There is no way back. Returns 0 or -errno.
int tap_packets_forbid(const struct tap_packets *packets);

/// Waits until packets are in, the interface has gone, a signal comes, or for so long. Packets are in 10 ms after they came
/// at the latest.
void tap_packets_wait(const struct tap_packets *packets, int64_t timeout_ns);

/// The next packet that is in. Does not block. Returns false: there is none now.
bool tap_packets_next(struct tap_packets *packets, struct tap_packet *packet);

/// Packets for which the ring had no room, since the last call. Returns 0 or -errno.
int tap_packets_lost(const struct tap_packets *packets, uint64_t *lost);

/// The error of the socket since the last call: ENETDOWN where the interface went down or away; 0: none.
int tap_packets_failure(const struct tap_packets *packets);

int tap_packets_descriptor(const struct tap_packets *packets);

/// NULL is fine.
void tap_packets_close(struct tap_packets *packets);

#endif
