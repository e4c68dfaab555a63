#if IIO
    import Synchronization
    import TapCore
    import Testing

    @testable import TapDriver

    @Suite struct ScanCutterTests {
        private func time(ms: Int64) -> Timestamp { Timestamp.zero + .milliseconds(ms) }

        /// Scans of nothing but their times.
        private func bytes(_ times_ms: [Double]) -> [UInt8] {
            times_ms.flatMap { time in (0..<8).map { UInt8(truncatingIfNeeded: Int64(time * 1e6) >> Int64(8 * $0)) } }
        }

        private func cutter(rate_hz: Double? = 1000, isForeign: Bool = false) -> ScanCutter {
            let format = ScanFormat(isBigEndian: false, isSigned: true, bits: 64, storageBits: 64)
            return ScanCutter(
                device: DeviceID(0), bytesPerScan: 8, stamp: ScanCutter.Stamp(offset: 0, format: format),
                isForeignClock: isForeign, rate_hz: rate_hz, isRateSure: true)
        }

        /// What deliveries come out as.
        private func cut(_ deliveries: [[Double]], _ cutter: ScanCutter, capacity: Int = 4096) -> ScanRecording.Content
        {
            let recording = ScanRecording { _ in }
            let source = CaptureStage(
                Deliveries(left: deliveries.map { bytes($0) }, cutter: cutter), ringCapacity: capacity,
                lines: 0..<0, devices: 0..<1)
            let merge = MergeStage([source.makeInput()], into: ScanRecordingSink(recording: recording))
            StepDriver(clock: VirtualClock(), sources: [source], consumers: [merge]).run()
            return recording.content
        }

        /// One delivery each second of virtual time, asked for half a second before.
        private struct Deliveries: TapSource {
            let info = SourceInfo(
                name: "deliveries", provenance: .simulated, clock: ClockDomain(.virtual), capabilities: .scans)
            var left: [[UInt8]]
            var cutter: ScanCutter

            func start(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
                .at(now + .seconds(1))
            }
            mutating func step(at now: Timestamp, into writer: inout RecordWriter) throws(TapError) -> Wake {
                guard !left.isEmpty else { return .ended }
                let delivery = ScanCutter.Delivery(asked: now - .milliseconds(500), arrived: now)
                left.removeFirst().withRaw { cutter.take($0, delivery, into: &writer) }
                return .at(now + .seconds(1))
            }
            func stop(at now: Timestamp, into writer: inout RecordWriter) {}
        }

        @Test func `a jump is a gap of the scans that fit into it`() {
            let content = cut([[1, 2, 3, 7, 8], [9, 12]], cutter())
            #expect(content.gaps.map(\.count) == [.about(3), .about(2)])
            #expect(content.gaps.map(\.from) == [time(ms: 3), time(ms: 9)])
            #expect(content.gaps.map(\.to) == [time(ms: 7), time(ms: 12)])
            #expect(content.order == [0, -1, 1, 2, -2, 3])
            #expect(content.blocks.map(\.count) == [3, 2, 1, 1])
            #expect(content.blocks.map(\.sequence) == [0, 3, 5, 6])
        }

        @Test func `jitter is no loss`() {
            let content = cut([[1, 2.4, 3, 3.8, 5.2, 6]], cutter())
            #expect(content.gaps == [])
            #expect(content.blocks.map(\.count) == [6])
            #expect(content.blocks[0].uncertainty == .microseconds(400))
            #expect(content.blocks[0].period == .milliseconds(1))
        }

        @Test func `a step back is no loss but times go forward in a block`() {
            let content = cut([[5, 6, 2, 3]], cutter())
            #expect(content.gaps == [])
            #expect(content.blocks.map(\.count).sorted() == [2, 2])
        }

        @Test func `an unknown period is learned and earlier losses are reported then`() {
            let content = cut([[0, 1], [2, 5], [6, 7], [8, 9], [10, 11], [12, 13], [15]], cutter(rate_hz: nil))
            #expect(content.gaps.map(\.count) == [.about(2), .about(1)])
            #expect(content.gaps.map(\.to) == [time(ms: 5), time(ms: 15)])
        }

        @Test func `blocks fit into the ring`() {
            let content = cut([(0..<1000).map(Double.init)], cutter(), capacity: 4096)
            #expect(content.gaps == [])
            #expect(content.scans == 1000)
            let small = cut([(0..<150).map(Double.init)], cutter(), capacity: 256)
            #expect(small.blocks.map(\.count) == [120, 30])
            #expect(small.blocks.map(\.firstTime) == [time(ms: 0), time(ms: 120)])
        }

        @Test func `a foreign clock is mapped by the first delivery`() {
            // The last scan of the first delivery was taken between 0.5 s and 1 s.
            let content = cut([[90_001, 90_002], [90_003, 90_004]], cutter(isForeign: true))
            #expect(content.blocks.map(\.firstTime) == [time(ms: 749), time(ms: 751)])
            #expect(content.blocks.map(\.uncertainty) == [.milliseconds(250), .milliseconds(250)])
            #expect(content.gaps == [])
        }

        @Test func `a buffer is whole scans whatever libiio counts them as`() {
            let options = IIOOptions(
                name: "a", device: "a", deviceID: DeviceID(0), channels: [], method: .buffered, bufferLength: 10)
            let plan = BufferPlan(options, rate_hz: 1000, isRemote: false)
            #expect(plan.scans(sampleSize: 8, bytesPerScan: 8) == 10)
            #expect(plan.scans(sampleSize: 5, bytesPerScan: 8) == 16)
            #expect(plan.scans(sampleSize: 6, bytesPerScan: 8) == 12)
            #expect(plan.span == .milliseconds(10))
        }

        @Test func `a slow remote gets answers that fit into its timeout`() {
            var options = IIOOptions(name: "a", device: "a", deviceID: DeviceID(0), channels: [], method: .buffered)
            #expect(BufferPlan(options, rate_hz: 1, isRemote: true).timeout == .seconds(3))
            #expect(BufferPlan(options, rate_hz: 1000, isRemote: true).timeout == .seconds(1))
            #expect(BufferPlan(options, rate_hz: nil, isRemote: true).scans(sampleSize: 8, bytesPerScan: 8) == 1)
            options.bufferLength = 2000
            #expect(BufferPlan(options, rate_hz: 1000, isRemote: true).timeout == .seconds(6))
        }
    }
#endif
