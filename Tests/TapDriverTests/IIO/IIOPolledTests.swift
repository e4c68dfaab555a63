#if IIO
    import TapCore
    import Testing

    @testable import TapDriver

    @Suite(.serialized) struct IIOPolledTests {
        private func options(_ server: FakeIIOD, _ channels: [String], rate_hz: Double? = 200) -> IIOOptions {
            IIOOptions(
                name: "adc", context: server.uri, device: "fake-adc", deviceID: DeviceID(0),
                channels: channels.map { BoardChannel(name: $0, channel: $0, unit: "") }, method: .polled,
                rate_hz: rate_hz, timeout: .seconds(5))
        }

        @Test func `each scan is bracketed by two stamps`() {
            let server = FakeIIOD()
            defer { server.stop() }
            let clock = SystemClock()
            let before = clock.now()
            let captured = capture(options(server, ["voltage0", "voltage1"])) { $0.scans >= 10 }
            let after = clock.now()
            #expect(captured.failure == nil)
            #expect(captured.content.gaps == [])
            for block in captured.content.blocks {
                #expect(block.count == 1)
                #expect(block.stamps == .bracket)
                #expect(block.period == .milliseconds(5))
                #expect(block.firstTime - block.uncertainty >= before)
                #expect(block.firstTime + block.uncertainty <= after)
                #expect(block.uncertainty > .zero)
            }
            #expect(captured.samples(0).allSatisfy { $0 == 1234 })
            #expect(captured.samples(1).allSatisfy { $0 == -5 })
            #expect(captured.info.clock == ClockDomain(.monotonic))
            #expect(captured.info.devices[0].channels.map(\.format.description) == ["le:s32/32>>0", "le:s32/32>>0"])
        }

        @Test func `processed values keep six decimals`() {
            let server = FakeIIOD()
            defer { server.stop() }
            let captured = capture(options(server, ["temp"])) { $0.scans >= 1 }
            let channel = captured.info.devices[0].channels[0]
            #expect(channel.format.description == "le:s64/64>>0")
            #expect(channel.unit == "°C")
            #expect(captured.samples(0)[0] == 23_437_500_000)
            #expect(abs(channel.value(ofRaw: captured.samples(0)[0]) - 23.4375) < 1e-9)
        }

        @Test func `the rate is kept`() {
            let server = FakeIIOD()
            defer { server.stop() }
            let captured = capture(options(server, ["voltage0"], rate_hz: nil)) { $0.scans >= 3 }
            let times = captured.content.blocks.map(\.firstTime)
            #expect(times[2] - times[0] >= .milliseconds(195))
            #expect(captured.info.devices[0].rate_hz == 10)
        }

        @Test func `a channel with nothing to read is refused`() {
            let server = FakeIIOD()
            defer { server.stop() }
            #expect(
                capture(options(server, ["voltage2"])) { _ in false }.failure?.description
                    == "adc.voltage2: the driver does not allow single samples to be read; "
                    + "read this ADC with 'how: buffered'")
        }

        @Test func `values out of range are a loss not a number`() {
            var adc = FakeIIOD.ADC()
            adc.attributes["iio:device0 voltage0 raw"] = "banana"
            let server = FakeIIOD(adc)
            defer { server.stop() }
            let captured = capture(options(server, ["voltage0"])) { !$0.gaps.isEmpty }
            #expect(captured.content.gaps.map(\.kind) == [.sourceGone])
            #expect(captured.content.blocks == [])
        }
    }
#endif
