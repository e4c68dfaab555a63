#if IIO
    import TapCore
    import Testing

    @testable import TapDriver

    /// Real libiio against a server that is not what it should be.
    @Suite(.serialized) struct IIONetworkTests {
        private func options(
            _ server: FakeIIOD, method: DeviceInfo.Method = .buffered, channels: [String] = ["voltage0", "voltage1"],
            rate_hz: Double? = 1000, trigger: String? = "fake-trigger", bufferLength: Int? = 20,
            timeout: Nanoseconds = .seconds(5)
        ) -> IIOOptions {
            IIOOptions(
                name: "adc", context: server.uri, device: "fake-adc", deviceID: DeviceID(0),
                channels: channels.map { BoardChannel(name: "c-\($0)", channel: $0, unit: "V") }, method: method,
                trigger: trigger, rate_hz: rate_hz, bufferLength: bufferLength, timeout: timeout)
        }

        @Test func `delivers every scan as it came`() throws {
            let server = FakeIIOD()
            defer { server.stop() }
            let captured = capture(options(server)) { $0.scans >= 500 }
            #expect(captured.failure == nil)
            #expect(captured.content.gaps == [])
            let count = captured.content.scans
            #expect(captured.samples(0) == (0..<count).map { Int64($0 & 0xFFF) })
            #expect(captured.samples(1) == (0..<count).map { Int64(-$0) })
            let device = captured.info.devices[0]
            #expect(device.bytesPerScan == 16)
            #expect(device.isTimestamped)
            #expect(device.timestamp?.byteOffset == 8)
            #expect(device.rate_hz == 1000)
            #expect(captured.info.provenance == .remote)
            #expect(captured.info.clock == ClockDomain(.remote, uncertainty: nil))
            #expect(captured.info.capabilities == [.scans, .returns, .findsMissingScans])
            var expected: UInt64 = 0
            for block in captured.content.blocks {
                #expect(block.sequence == expected)
                #expect(block.period == .milliseconds(1))
                #expect(block.stamps == .device)
                expected += UInt64(block.count)
            }
        }

        @Test(arguments: [
            ("simulated", Provenance.simulated), ("emulated-kernel", .emulatedKernel), ("replayed", .replayed),
            ("hardware", .remote), ("remote", .remote), ("gold", .remote),
        ])
        func `what a context says of itself is believed where it is weaker`(_ said: String, _ provenance: Provenance) {
            var adc = FakeIIOD.ADC()
            adc.provenance = said
            let server = FakeIIOD(adc)
            defer { server.stop() }
            let info = capture(options(server)) { $0.scans >= 1 }.info
            #expect(info.provenance == provenance)
            // It is another machine's all the same.
            #expect(info.clock == ClockDomain(.remote, uncertainty: nil))
            #expect(info.allowedLateness == .milliseconds(270))
        }

        @Test func `of two devices of one name neither is taken, and their labels are`() throws {
            var adc = FakeIIOD.ADC()
            adc.hasTwin = true
            let server = FakeIIOD(adc)
            defer { server.stop() }
            let error = capture(options(server)) { $0.scans >= 1 }.failure
            #expect(
                error?.description
                    == "adc: 2 devices fit fake-adc, so it is ambiguous; name one by its label: right, left")
            var named = options(server)
            for device in ["left", "lef*", "iio:device0"] {
                named.device = device
                let captured = capture(named) { $0.scans >= 20 }
                #expect(captured.failure == nil)
                #expect(captured.content.scans >= 20)
            }
            #expect(try IIOInventory.read(server.uri).devices.map(\.label) == ["right", "left"])
        }

        @Test func `a remote that ends its scans is gone, and that is a gap`() {
            var adc = FakeIIOD.ADC()
            adc.attributes["trigger0 sampling_frequency"] = nil
            adc.turns = [(60, .end)]
            let server = FakeIIOD(adc)
            defer { server.stop() }
            let captured = capture(options(server, rate_hz: nil)) { !$0.gaps.isEmpty }
            #expect(captured.content.scans == 60)
            #expect(captured.content.gaps.map(\.kind) == [.sourceGone])
        }

        @Test(arguments: [FakeIIOD.Turn.flood, .longMask])
        func `a remote that answers with more than was asked for is disconnected`(_ turn: FakeIIOD.Turn) {
            var adc = FakeIIOD.ADC()
            adc.turns = [(60, turn)]
            let server = FakeIIOD(adc)
            defer { server.stop() }
            let captured = capture(options(server)) { $0.gaps.count >= 2 }
            #expect(captured.failure == nil)
            #expect(captured.content.gaps.map(\.kind) == [.sourceGone, .sourceBack])
            let count = captured.content.scans
            #expect(captured.samples(0) == (0..<count).map { Int64($0 & 0xFFF) })
        }

        @Test func `a star stands for what the kernel numbers`() {
            let server = FakeIIOD()
            defer { server.stop() }
            var wanted = options(server)
            wanted.device = "f*adc"
            #expect(capture(wanted) { $0.scans >= 20 }.failure == nil)
        }

        @Test func `channels are in SI units`() {
            let server = FakeIIOD()
            defer { server.stop() }
            let channels = capture(options(server)) { $0.scans >= 1 }.info.devices[0].channels
            #expect(channels.map(\.unit) == ["V", "V"])
            #expect(channels.map(\.scale) == [0.0005, 0.002])
            #expect(channels.map(\.offset) == [0, -7])
            #expect(channels[1].value(ofRaw: 507) == 1)
            #expect(channels.map(\.format.description) == ["le:u12/16>>4", "be:s16/16>>0"])
        }

        @Test func `every setting is put back at the end`() {
            let server = FakeIIOD()
            defer { server.stop() }
            _ = capture(options(server, rate_hz: 500)) { $0.scans >= 1 }
            let writes = server.commands.filter { $0.hasPrefix("WRITE") || $0.hasPrefix("SETTRIG") }
            #expect(
                writes == [
                    "WRITE iio:device0 current_timestamp_clock 10", "SETTRIG iio:device0 trigger0",
                    "WRITE trigger0 sampling_frequency 4", "WRITE trigger0 sampling_frequency 5", "SETTRIG iio:device0",
                    "WRITE iio:device0 current_timestamp_clock 9",
                ])
            #expect(server.attribute("iio:device0 current_timestamp_clock") == "realtime")
            #expect(server.attribute("trigger0 sampling_frequency") == "1000")
            #expect(server.trigger == nil)
        }

        @Test func `missing scans are gaps before the scans after them`() {
            var adc = FakeIIOD.ADC()
            adc.missing = [50, 51, 52, 75, 140]
            let server = FakeIIOD(adc)
            defer { server.stop() }
            let captured = capture(options(server)) { $0.scans >= 200 }
            #expect(captured.content.gaps.map(\.kind) == [.scansMissing, .scansMissing, .scansMissing])
            #expect(captured.content.gaps.map(\.count) == [.about(3), .about(1), .about(1)])
            let delivered = captured.samples(0)
            #expect(delivered.prefix(200) == ArraySlice((0..<205).filter { !adc.missing.contains($0) }.map(Int64.init)))
            var scans = 0
            var before: [Int] = []
            for place in captured.content.order {
                if place < 0 { before.append(scans) } else { scans += captured.content.blocks[place].count }
            }
            #expect(before == [50, 72, 136])
            for gap in captured.content.gaps {
                #expect((gap.to - gap.from).count % 1_000_000 == 0)
                #expect(gap.discovered == gap.to)
            }
        }

        @Test func `a rate that nobody gives is found from the first scans`() {
            var adc = FakeIIOD.ADC()
            adc.attributes["trigger0 sampling_frequency"] = nil
            adc.missing = [3, 30]
            let server = FakeIIOD(adc)
            defer { server.stop() }
            let captured = capture(options(server, rate_hz: nil, bufferLength: 4)) { $0.scans >= 60 }
            #expect(captured.info.devices[0].rate_hz == nil)
            #expect(captured.content.gaps.map(\.count) == [.about(1), .about(1)])
            #expect(captured.content.gaps.map { ($0.to - $0.from) } == [.milliseconds(2), .milliseconds(2)])
        }

        @Test func `a wrong rate is no loss`() {
            var adc = FakeIIOD.ADC()
            adc.period_ns = 10_000_000
            let server = FakeIIOD(adc)
            defer { server.stop() }
            #expect(capture(options(server, rate_hz: nil)) { $0.scans >= 100 }.content.gaps == [])
        }

        @Test func `without timestamps loss cannot be known and that is said`() {
            var adc = FakeIIOD.ADC()
            adc.isTimestamped = false
            adc.missing = [10]
            let server = FakeIIOD(adc)
            defer { server.stop() }
            let captured = capture(options(server)) { $0.scans >= 100 }
            #expect(captured.content.gaps == [])
            #expect(captured.info.capabilities == [.scans, .returns])
            #expect(captured.info.clock == ClockDomain(.monotonic))
            #expect(captured.info.limits == ["adc: lost scans cannot be detected: the device has no timestamps"])
            #expect(captured.content.blocks.allSatisfy { $0.stamps == .arrival && $0.period == .milliseconds(1) })
            #expect(captured.info.devices[0].bytesPerScan == 4)
        }

        @Test func `channels of another client are left out`() {
            var adc = FakeIIOD.ADC()
            adc.isTimestamped = false
            adc.otherMask = 0b100
            let server = FakeIIOD(adc)
            defer { server.stop() }
            let captured = capture(options(server)) { $0.scans >= 100 }
            #expect(captured.info.devices[0].bytesPerScan == 4)
            #expect(captured.samples(0).prefix(100) == ArraySlice((0..<100).map(Int64.init)))
            #expect(captured.samples(1).prefix(100) == ArraySlice((0..<100).map { Int64(-$0) }))
        }

        @Test func `a remote clock is mapped to the gateway's with its uncertainty`() {
            let server = FakeIIOD()
            defer { server.stop() }
            let before = SystemClock().now()
            let captured = capture(options(server)) { $0.scans >= 100 }
            let after = SystemClock().now()
            let first = captured.content.blocks[0]
            let end = first.firstTime + first.period * Int64(first.count - 1)
            #expect(end + first.uncertainty >= before)
            #expect(end <= after)
            #expect(first.uncertainty > .zero)
        }

        @Test func `a trigger that stops is reported as gone and then as back`() {
            var adc = FakeIIOD.ADC()
            adc.turns = [(100, .pause)]
            let server = FakeIIOD(adc)
            defer { server.stop() }
            let captured = capture(options(server, timeout: .milliseconds(300))) { content in
                if !content.gaps.isEmpty { server.resume() }
                return content.gaps.last?.kind == .sourceBack && content.scans >= 200
            }
            #expect(captured.failure == nil)
            #expect(captured.content.gaps.map(\.kind) == [.sourceGone, .sourceBack])
            #expect(captured.content.gaps.map(\.count) == [.unknown, .unknown])
            #expect(captured.samples(0).prefix(200) == ArraySlice((0..<200).map(Int64.init)))
            #expect(server.commands.count { $0.hasPrefix("OPEN") } == 1)
        }

        @Test(arguments: [FakeIIOD.Turn.drop, .stall, .babble])
        func `a connection that breaks is reported and made again`(_ turn: FakeIIOD.Turn) {
            var adc = FakeIIOD.ADC()
            adc.turns = [(100, turn)]
            let server = FakeIIOD(adc)
            defer { server.stop() }
            let captured = capture(options(server, timeout: .seconds(1))) { $0.scans >= 200 }
            #expect(captured.failure == nil)
            #expect(captured.content.gaps.map(\.kind) == [.sourceGone, .sourceBack])
            #expect(captured.content.gaps[1].count == .unknown)
            #expect(captured.content.gaps[1].to > captured.content.gaps[1].from)
            #expect(captured.samples(0).prefix(200) == ArraySlice((0..<200).map(Int64.init)))
        }

        @Test(arguments: [FakeIIOD.Turn.stall, .vanish])
        func `a dead remote does not hold up the end`(_ turn: FakeIIOD.Turn) throws {
            var adc = FakeIIOD.ADC()
            adc.turns = [(100, turn)]
            let server = FakeIIOD(adc)
            defer { server.stop() }
            let captured = capture(options(server, timeout: .seconds(5))) { $0.scans >= 100 }
            let longest = try #require(captured.longestBlock)
            #expect(captured.stopTook < longest)
            #expect(captured.stopTook < .seconds(2))
            #expect(captured.failure == nil)
        }
    }
#endif
