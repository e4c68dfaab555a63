// Unsafe here: the ring's packets, lent for one call, and the handle, which the class alone frees.

import CPackets
import Glibc
import TapCore

/// The packets of an interface, through a ring that the kernel fills (TPACKET_V3 of packet(7)). Not thread-safe.
@safe final class PacketSocket {
    struct Head: Sendable {
        /// CLOCK_REALTIME when the kernel took it from the card.
        var stamp_ns: UInt64
        /// On the network.
        var length: Int
    }

    private let packets: OpaquePointer

    private init(_ packets: OpaquePointer) { unsafe self.packets = packets }

    deinit { unsafe tap_packets_close(packets) }

    static func exists(_ interface: String) -> Bool { unsafe tap_packets_has(interface) }

    /// - Throws: that there is no such interface, it is down or no Ethernet, or may not be heard.
    static func open(_ interface: String, ring_bytes: Int) throws(TapError) -> PacketSocket {
        var opened: OpaquePointer?
        let status = unsafe tap_packets_open(interface, ring_bytes, &opened)
        guard status == 0, let opened = unsafe opened else {
            throw PacketSocket.refusal(Errno(-status), printable(interface), ring_bytes)
        }
        return unsafe PacketSocket(opened)
    }

    private static func refusal(_ error: Errno, _ name: String, _ ring_bytes: Int) -> TapError {
        switch error {
        case .noDevice: TapError(.notFound, name, "no such interface", remedy: "'ip link' lists them")
        case .notPermitted, .denied:
            TapError(
                .permission, name, "may not be heard: \(error.words)",
                remedy: "run as root, or with the capability CAP_NET_RAW")
        case .networkDown: TapError(.device, name, "is down", remedy: "'ip link set \(name) up' sets it up")
        case .noMedium:
            TapError(.unsupported, name, "is no Ethernet interface", remedy: "name the port that is mirrored to")
        case .noMemory:
            TapError(
                .unsupported, name, "the kernel has no \(ring_bytes >> 20) MiB for its packets",
                remedy: "take a smaller --ring")
        default:
            TapError(
                .unsupported, name, "cannot be heard: \(error.words)",
                remedy: "the kernel must have packet sockets (CONFIG_PACKET)")
        }
    }

    /// From now on the kernel kills this process when it sends anything, or makes a socket. There is no way back.
    func forbidSending() throws(Errno) { try Errno.check(unsafe tap_packets_forbid(packets)) }

    /// For tests: what may not be written to.
    package var descriptor: Int32 { unsafe tap_packets_descriptor(packets) }

    /// Blocks until packets are in, or for so long; less where a signal comes or the interface goes.
    func wait(_ limit: Nanoseconds) { unsafe tap_packets_wait(packets, limit.count) }

    /// Gives the next packet that is in. Does not block.
    ///
    /// - Returns: false: there is none now.
    ///
    /// Sound: the bytes stay in the ring until the next call.
    func next(_ body: (Head, Span<UInt8>) -> Void) -> Bool {
        var packet = unsafe tap_packet()
        guard unsafe tap_packets_next(packets, &packet) else { return false }
        let bytes = unsafe UnsafeBufferPointer(start: packet.bytes, count: Int(packet.captured))
        unsafe body(
            Head(stamp_ns: packet.stamp_ns, length: Int(packet.length)), Span(_unsafeElements: bytes))
        return true
    }

    /// Packets for which the ring had no room since the last call.
    func takeLost() throws(Errno) -> UInt64 {
        var lost: UInt64 = 0
        try Errno.check(unsafe tap_packets_lost(packets, &lost))
        return lost
    }

    /// Why nothing more comes; nil: all is well.
    func takeFailure() -> Errno? {
        let error = unsafe tap_packets_failure(packets)
        return error == 0 ? nil : Errno(error)
    }
}

extension Errno {
    fileprivate static let networkDown = Errno(ENETDOWN)
    fileprivate static let noMedium = Errno(EMEDIUMTYPE)
    fileprivate static let noMemory = Errno(ENOMEM)
}
