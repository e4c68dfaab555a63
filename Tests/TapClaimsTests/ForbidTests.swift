// Unsafe here: system calls of C, in processes that end with them.

import CPackets
import Glibc
import TapCore
import Testing

@testable import TapClaims

/// Ways to send, each tried in a process of its own that hears the loopback.
@Suite(.enabled(if: geteuid() == 0, "opening a packet socket needs root"))
struct ForbidTests {
    /// Hears and can send no more, as long as the process is there.
    private static func hear() -> Int32 {
        var packets: OpaquePointer?
        guard unsafe tap_packets_open("lo", 1 << 20, &packets) == 0, let packets = unsafe packets else { exit(1) }
        guard unsafe tap_packets_forbid(packets) == 0 else { exit(2) }
        return unsafe tap_packets_descriptor(packets)
    }

    private static let frame = [UInt8](repeating: 0, count: 60)

    private static func send() { _ = unsafe Glibc.send(hear(), frame, 60, 0) }
    private static func sendTo() { _ = unsafe sendto(hear(), frame, 60, 0, nil, 0) }
    private static func sendMessage() {
        var message = unsafe msghdr()
        _ = unsafe sendmsg(hear(), &message, 0)
    }
    private static func write() { _ = unsafe Glibc.write(hear(), frame, 60) }
    private static func writeParts() {
        var part = unsafe iovec()
        _ = unsafe writev(hear(), &part, 1)
    }

    @Test func `whoever hears is killed when it sends a frame`() async {
        await #expect(processExitsWith: .signal(SIGSYS)) { ForbidTests.send() }
        await #expect(processExitsWith: .signal(SIGSYS)) { ForbidTests.sendTo() }
        await #expect(processExitsWith: .signal(SIGSYS)) { ForbidTests.sendMessage() }
        await #expect(processExitsWith: .signal(SIGSYS)) { ForbidTests.write() }
        await #expect(processExitsWith: .signal(SIGSYS)) { ForbidTests.writeParts() }
    }

    private static func makeSocket() {
        _ = hear()
        _ = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
    }
    private static func copy() { _ = dup(hear()) }
    private static func copyElsewhere() { _ = dup2(hear(), 900) }
    private static func copyAbove() { _ = fcntl(hear(), F_DUPFD, 900) }
    private static func makeRing() {
        var size: Int32 = 0
        // One that sends: PACKET_TX_RING of SOL_PACKET.
        _ = unsafe setsockopt(hear(), 263, 13, &size, 4)
    }
    private static func start() {
        _ = hear()
        _ = unsafe execv("/bin/true", [nil])
    }

    @Test func `whoever hears is killed when it makes a socket, or changes or copies that of the packets`() async {
        await #expect(processExitsWith: .signal(SIGSYS)) { ForbidTests.makeSocket() }
        await #expect(processExitsWith: .signal(SIGSYS)) { ForbidTests.copy() }
        await #expect(processExitsWith: .signal(SIGSYS)) { ForbidTests.copyElsewhere() }
        await #expect(processExitsWith: .signal(SIGSYS)) { ForbidTests.copyAbove() }
        await #expect(processExitsWith: .signal(SIGSYS)) { ForbidTests.makeRing() }
        await #expect(processExitsWith: .signal(SIGSYS)) { ForbidTests.start() }
    }

    @Test func `a thread that was there before can send no more either`() async {
        await #expect(processExitsWith: .signal(SIGSYS)) {
            let other = WakePipe()
            let thread = try? SystemThread("sends") {
                other.waitReadable()
                _ = socket(AF_UNIX, Int32(SOCK_DGRAM.rawValue), 0)
            }
            _ = ForbidTests.hear()
            other.wake()
            thread?.join()
        }
    }

    @Test func `whoever hears may go on writing elsewhere and reading files`() async {
        await #expect(processExitsWith: .success) {
            _ = ForbidTests.hear()
            let pipe = WakePipe()
            pipe.wake()
            pipe.wait(.seconds(1))
            guard (try? SystemFile.bytes("/proc/self/net/dev", atMost: 4096)) != nil else { exit(3) }
        }
    }
}
