#if IIO
    import TapConfig
    import TapConformance
    import TapCore
    import TapDriver
    import TapServe
    import TapSim
    import Testing

    /// The IIO source over the network, on tap's own server.
    @Suite(.serialized) struct IIOConformanceTests {
        @Test func `the IIO source conforms over the network`() {
            var bench = Bench(
                "IIO over the network", capabilities: [.scans, .returns, .findsMissingScans],
                spacing: .milliseconds(1), latency: .zero, repeatsExactly: false, realClock: SystemClock()
            ) { plan in
                let served = try ServedCounter(missing: plan.missing)
                let clock = SystemClock()
                let options = IIOOptions(
                    name: "adc", context: served.uri, device: "counter", deviceID: DeviceID(0),
                    channels: [BoardChannel(name: "n", channel: "voltage0", unit: "V")], method: .buffered,
                    // Ten seconds, so that a machine with other work on it loses none.
                    isTimestamped: true, bufferLength: 10, kernelBuffers: 1_000)
                return Rig(IIOSource(options, clock: clock), plan, clock: clock, wires: served)
            }
            bench.scans = ScanBench(
                period: .milliseconds(1), samples: .number { Int($0[0]) }, loss: .planned)
            let outcomes = Conformance.run(on: bench)
            #expect(outcomes.filter { $0.verdict == .failed }.map(\.description) == [])
            // Every scanning case but those of a time that waits.
            #expect(outcomes.count { $0.verdict == .passed } == 11)
        }
    }

    /// A server of its own for a converter whose codes are the numbers of its scans, 1,000 a second.
    private final class ServedCounter: Wires {
        let uri: String
        private let server: IIODServer

        init(missing: Range<Int>) throws {
            let counter = Scenario(
                name: "bench",
                converters: [
                    Converter(
                        name: "counter", rate_hz: 1_000,
                        channels: [
                            ConverterChannel(
                                name: "n", unit: "V", bottom: 0, top: 10, bits: 16,
                                wave: .periodic(
                                    Periodic(.ramp, offset: 5, amplitude: 5, period: .milliseconds(65_535))))
                        ])
                ])
            var options = IIODServer.Options()
            options.port = 0
            let clock = PacedClock(SystemClock(), times: 1)
            _ = clock.now()
            server = IIODServer(
                Dropping(base: SimScans(counter), missing: missing), description: "a counter", clock: clock,
                options: options
            ) { Issue.record("the server said: \($0)") }
            uri = "ip:127.0.0.1:\(try server.start())"
        }

        deinit { server.stop() }

        func drive(_ line: Int, high: Bool) {}
        func unplug() {}
        func plugIn() {}
    }

    /// Scans of 1 ms without some.
    private struct Dropping: ScanProvider {
        let base: SimScans
        let missing: Range<Int>
        var devices: [DeviceInfo] { base.devices }

        func makeReader(of device: Int) -> any ScanReader {
            Reader(base: base.makeReader(of: device), missing: missing)
        }

        struct Reader: ScanReader {
            var base: any ScanReader
            let missing: Range<Int>

            /// Where the missing ones begin, what follows them.
            var next: Timestamp? {
                base.next.map { missing.contains(scan($0)) ? .zero + .milliseconds(Int64(missing.upperBound)) : $0 }
            }

            mutating func read(_ count: Int, until end: Timestamp, into scans: inout Scans) {
                for _ in 0..<count {
                    guard let time = next, time <= end else { return }
                    if base.next != time { base.skip(until: time - Nanoseconds(1)) }
                    base.read(1, until: end, into: &scans)
                }
            }

            mutating func skip(until end: Timestamp) { base.skip(until: end) }

            private func scan(_ time: Timestamp) -> Int { Int(time.nanoseconds / 1_000_000) }
        }
    }
#endif
