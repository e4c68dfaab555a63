#if IIO
    import CLinux
    import TapConformance
    import TapCore
    import Testing

    @testable import TapDriver

    /// Where the IIO source meets a real kernel, its dummy ADC and its timer trigger: scripts/hil runs them.
    @Suite(
        .serialized,
        .enabled(
            if: IIODummy.isHere || IIODummy.isDemanded,
            "no writable /sys/kernel/config/iio here: scripts/hil runs these in a kernel that has it"))
    struct IIOKernelTests {
        private func options(
            _ device: IIODummy, _ trigger: IIODummy?, channels: [String] = ["voltage0", "accel_x"],
            method: DeviceInfo.Method = .buffered, rate_hz: Double? = nil, bufferLength: Int? = nil,
            kernelBuffers: Int = 16
        ) -> IIOOptions {
            IIOOptions(
                name: "adc", device: device.name, deviceID: DeviceID(0),
                channels: channels.map { BoardChannel(name: $0, channel: $0, unit: "") }, method: method,
                trigger: trigger?.name, rate_hz: rate_hz, bufferLength: bufferLength, kernelBuffers: kernelBuffers)
        }

        /// Waits, in the virtual time of a test kernel.
        private func pause(_ span: Nanoseconds) { WakePipe().wait(span) }

        @Test func `every scan of a timer trigger arrives, and the device is left as it was found`() throws {
            let device = try IIODummy.device("tap-adc")
            let trigger = try IIODummy.trigger("tap-timer", rate_hz: 100)
            try device.write("current_timestamp_clock", "realtime")
            let clock = SystemClock()
            let before = clock.now()
            let captured = capture(options(device, trigger, rate_hz: 1000)) { $0.scans >= 2000 }
            let after = clock.now()
            #expect(captured.failure == nil)
            #expect(captured.content.gaps == [])
            #expect(captured.content.scans >= 2000)
            // The driver's constants.
            #expect(Set(captured.samples(0)) == [7])
            #expect(Set(captured.samples(1)) == [344])
            var sequence: UInt64 = 0
            var end = before
            for block in captured.content.blocks {
                #expect(block.sequence == sequence)
                #expect(block.firstTime > end)
                #expect(block.stamps == .device)
                #expect(abs(block.period.count - 1_000_000) < 200_000)
                sequence += UInt64(block.count)
                end = block.firstTime + block.period * Int64(block.count - 1)
            }
            #expect(end <= after)
            #expect(captured.info.clock == ClockDomain(.monotonic))
            #expect(captured.info.provenance == .emulatedKernel)
            #expect(captured.info.devices[0].rate_hz == 1000)
            #expect(captured.info.devices[0].bytesPerScan == 16)
            #expect(try device.read("current_timestamp_clock") == "realtime")
            #expect(try device.read("trigger/current_trigger") == "")
            #expect(try device.read("buffer/enable") == "0")
            #expect(try trigger.read("sampling_frequency").hasPrefix("100"))
            #expect(try trigger.read("sampling_frequency").hasPrefix("1000") == false)
        }

        @Test func `a star stands for what the kernel numbers, and of two devices of one name neither is taken`() throws
        {
            let device = try IIODummy.device("2b1f0000.tap-adc:adc.1.auto")
            let trigger = try IIODummy.trigger("tap-timer", rate_hz: 100)
            var wanted = options(device, trigger, rate_hz: 100)
            for name in ["*.tap-adc:adc.*.auto", "2b1f0000.tap-adc:adc.*.auto"] {
                wanted.device = name
                let captured = capture(wanted) { $0.scans >= 2 }
                // One star alone.
                #expect((captured.failure == nil) == (name.count { $0 == "*" } == 1))
            }
            let other = try IIODummy.device("2b1f1000.tap-adc:adc.1.auto")
            wanted.device = "*.tap-adc:adc.1.auto"
            let failure = capture(wanted) { $0.scans >= 2 }.failure
            #expect(failure?.what == "2 devices fit *.tap-adc:adc.1.auto, so it is ambiguous")
            _ = other
        }

        @Test func `the IIO source conforms`() throws {
            let device = try IIODummy.device("tap-adc")
            let trigger = try IIODummy.trigger("tap-timer", rate_hz: 1000)
            // Four buffers of eight scans; the driver's constants.
            let options = options(device, trigger, rate_hz: 1000, bufferLength: 8, kernelBuffers: 4)
            var bench = Bench(
                "IIO dummy kernel", capabilities: [.scans, .returns, .findsMissingScans], spacing: .milliseconds(1),
                latency: .milliseconds(1), repeatsExactly: false, realClock: SystemClock()
            ) { plan in
                let clock = SystemClock()
                return Rig(IIOSource(options, clock: clock), plan, clock: clock)
            }
            bench.scans = ScanBench(
                period: .milliseconds(1), tolerance: .microseconds(500), samples: .constants([7, 344]),
                loss: .unstepped(.milliseconds(150)))
            let outcomes = Conformance.run(on: bench)
            #expect(outcomes.filter { $0.verdict == .failed }.map(\.description) == [])
            // Every scanning case but those of a time that waits.
            #expect(outcomes.count { $0.verdict == .passed } == 11)
        }

        @Test func `samples lie where the kernel puts them`() throws {
            let device = try IIODummy.device("tap-adc")
            let trigger = try IIODummy.trigger("tap-timer", rate_hz: 1000)
            let all = ["accel_x", "voltage3-voltage4", "voltage0", "voltage1-voltage2"]
            let captured = capture(options(device, trigger, channels: all)) { $0.scans >= 10 }
            #expect(captured.failure == nil)
            #expect((0..<4).map { Set(captured.samples($0)) } == [[344], [-2], [7], [-33]])
            let channels = captured.info.devices[0].channels
            #expect(channels.map(\.byteOffset) == [6, 4, 0, 2])
            #expect(channels.map(\.unit) == ["raw", "V", "V", "V"])
            // (7 + 7) * 0.001333 mV
            #expect(abs(channels[2].value(ofRaw: 7) - 14 * 0.001333e-3) < 1e-15)
        }

        @Test func `a full kernel buffer shows as missing scans`() throws {
            let device = try IIODummy.device("tap-adc")
            let trigger = try IIODummy.trigger("tap-timer", rate_hz: 1000)
            let bench = KernelBench(options(device, trigger, rate_hz: 1000, bufferLength: 8, kernelBuffers: 2))
            try bench.open()
            pause(.milliseconds(100))
            bench.step()
            pause(.milliseconds(5))
            bench.step()
            let content = bench.finish()
            let gap = try #require(content.gaps.first)
            #expect(content.gaps.map(\.kind) == [.scansMissing])
            // Two buffers of eight; what comes when they are full is refused.
            #expect(content.blocks.prefix(2).map(\.count) == [8, 8])
            #expect(content.order[2] == -1)
            let lost = Double((gap.to - gap.from).count) / 1e6 - 1
            #expect(gap.count == .about(UInt64(lost.rounded())))
            #expect(lost > 70)
        }

        @Test func `a polled channel is read between two stamps`() throws {
            let device = try IIODummy.device("tap-adc")
            let clock = SystemClock()
            let before = clock.now()
            let captured = capture(options(device, nil, channels: ["voltage0", "voltage1-voltage2"], method: .polled)) {
                $0.scans >= 5
            }
            let after = clock.now()
            #expect(captured.failure == nil)
            #expect(captured.content.gaps == [])
            #expect(Set(captured.samples(0)) == [73])
            #expect(Set(captured.samples(1)) == [33])
            #expect(abs(captured.info.devices[0].channels[0].value(ofRaw: 73) - 80 * 0.001333e-3) < 1e-15)
            for block in captured.content.blocks {
                #expect(block.stamps == .bracket)
                #expect(block.firstTime >= before && block.firstTime <= after)
            }
            let times = captured.content.blocks.map(\.firstTime)
            #expect(times[4] - times[0] >= .milliseconds(395))
        }

        @Test func `a device that somebody else reads is busy, and is not disturbed`() throws {
            let device = try IIODummy.device("tap-adc")
            let trigger = try IIODummy.trigger("tap-timer", rate_hz: 1000)
            let bench = KernelBench(options(device, trigger, rate_hz: 1000))
            try bench.open()
            let second = capture(options(device, trigger)) { _ in false }.failure
            #expect(second?.description == "adc: another program captures from \(device.id); stop that program")
            #expect(second?.kind == .busy)
            pause(.milliseconds(50))
            bench.step()
            let content = bench.finish()
            #expect(content.gaps == [])
            #expect(content.scans >= 45)
        }

        @Test func `a source that is dropped unstopped leaves the device as it was found too`() throws {
            let device = try IIODummy.device("tap-adc")
            let trigger = try IIODummy.trigger("tap-timer", rate_hz: 1000)
            do {
                let bench = KernelBench(options(device, trigger))
                try bench.open()
                #expect(try device.read("current_timestamp_clock") == "monotonic")
            }
            #expect(try device.read("current_timestamp_clock") == "realtime")
            #expect(try device.read("buffer/enable") == "0")
        }

        @Test func `without a trigger the refusal is one line`() throws {
            let device = try IIODummy.device("tap-adc")
            let error = capture(options(device, nil)) { _ in false }.failure
            #expect(error?.subject == "adc")
            #expect(error?.what.hasPrefix("its buffer cannot be opened: ") == true)
            #expect(try device.read("current_timestamp_clock") == "realtime")
        }

        @Test func `a device that goes and comes back is reported`() throws {
            let device = try IIODummy.device("tap-adc")
            let trigger = try IIODummy.trigger("tap-timer", rate_hz: 1000)
            let bench = KernelBench(options(device, trigger, rate_hz: 1000))
            try bench.open()
            pause(.milliseconds(50))
            bench.step()
            device.unplug()
            bench.step()
            try device.plugIn()
            pause(.milliseconds(1_100))
            bench.step()
            pause(.milliseconds(50))
            bench.step()
            let content = bench.finish()
            #expect(content.gaps.map(\.kind) == [.sourceGone, .sourceBack])
            #expect(content.scans >= 90)
        }

        @Test func `the inventory shows what is there and takes nothing`() throws {
            let device = try IIODummy.device("tap-adc")
            let trigger = try IIODummy.trigger("tap-timer", rate_hz: 1000)
            let inventory = try IIOInventory.read("local:")
            #expect(inventory.backend == "local")
            #expect(inventory.triggers.contains(trigger.name))
            let found = try #require(inventory.devices.first { $0.name == device.name })
            #expect(found.isTimestamped)
            let voltage = try #require(found.channels.first { $0.id == "voltage0" && !$0.isOutput })
            #expect(voltage.format == "le:u13/16>>0")
            #expect(voltage.unit == "V")
            #expect(voltage.offset == 7)
            #expect(try device.read("buffer/enable") == "0")
        }
    }

    /// A source that is stepped by hand, with the reading end of its ring.
    private final class KernelBench {
        private let clock = SystemClock()
        private let stage: CaptureStage<IIOSource>
        private let recording = ScanRecording { _ in }
        private var merge: MergeStage<ScanRecordingSink>?

        init(_ options: IIOOptions) {
            stage = CaptureStage(
                IIOSource(options, clock: clock), ringCapacity: 1 << 14, lines: 0..<0, devices: 0..<1)
        }

        func open() throws {
            try stage.open(at: clock.now())
            merge = MergeStage([stage.makeInput()], into: ScanRecordingSink(recording: recording))
            _ = stage.start(at: clock.now())
        }

        func step() { _ = stage.step(at: clock.now()) }

        func finish() -> ScanRecording.Content {
            stage.requestStop()
            step()
            _ = merge?.step(at: clock.now())
            return recording.content
        }
    }
#endif
