import Glibc
import TapConfig
import TapCore
import TapSim
import Testing

@testable import TapServe

/// Clients that connect and say nothing.
@Suite struct IdleClientTests {
    /// A connection to a server; closed with its value.
    private final class Client {
        private let connection: Int32

        init(port: Int) throws {
            connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
            address.sin_port = UInt16(port).bigEndian
            let size = socklen_t(MemoryLayout<sockaddr_in>.size)
            let status = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe connect(connection, $0, size)
                }
            }
            try #require(status == 0)
            var limit = timeval(tv_sec: 5, tv_usec: 0)
            unsafe setsockopt(
                connection, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        }

        deinit { close(connection) }

        func say(_ text: String) {
            let bytes = Array((text + "\r\n").utf8)
            _ = unsafe send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
        }

        /// What comes next; empty: the server has closed the connection; nil: nothing within 5 s.
        func hear() -> String? {
            var bytes = [UInt8](repeating: 0, count: 256)
            let count = unsafe recv(connection, &bytes, bytes.count, 0)
            return count < 0 && errno == EAGAIN ? nil : String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
        }
    }

    private func serve(_ body: (Int) throws -> Void) throws {
        let scenario = Scenario(
            name: "idle",
            converters: [
                Converter(
                    name: "adc", rate_hz: 10,
                    channels: [
                        ConverterChannel(
                            name: "n", unit: "V", bottom: 0, top: 10, bits: 16,
                            wave: .periodic(Periodic(.ramp, offset: 5, amplitude: 5, period: .seconds(10))))
                    ])
            ])
        var options = IIODServer.Options()
        options.port = 0
        options.connections = 3
        options.idle = .milliseconds(300)
        let clock = PacedClock(SystemClock(), times: 1)
        _ = clock.now()
        let server = IIODServer(SimScans(scenario), description: "idle", clock: clock, options: options) { _ in }
        defer { server.stop() }
        try body(try server.start())
    }

    private struct SystemClock: TapClock {
        func now() -> Timestamp {
            var time = timespec()
            unsafe clock_gettime(CLOCK_MONOTONIC, &time)
            return Timestamp(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
        }
    }

    @Test func `silent clients make room for others`() throws {
        try serve { port in
            let silent = try (0..<3).map { _ in try Client(port: port) }
            silent[1].say("VERSION")
            #expect(silent[1].hear() == "0.25.tap-sim\n")
            for client in silent { #expect(client.hear() == "") }
            let other = try Client(port: port)
            other.say("VERSION")
            #expect(other.hear() == "0.25.tap-sim\n")
        }
    }

    @Test func `a client that waits for scans is not silent, nor is its other connection`() throws {
        try serve { port in
            let (first, second) = (try Client(port: port), try Client(port: port))
            first.say("VERSION")
            #expect(first.hear() == "0.25.tap-sim\n")
            second.say("OPEN adc 10 00000003")
            #expect(second.hear() == "0\n")
            // A second of scans: three times the limit.
            second.say("READBUF adc 160")
            #expect(second.hear()?.hasPrefix("160\n00000003\n") == true)
            first.say("VERSION")
            #expect(first.hear() == "0.25.tap-sim\n")
            // Once that is silent too, both go.
            #expect(second.hear() == "")
            #expect(first.hear() == "")
        }
    }
}
