#if IIO
    import TapCore
    import TestSupport
    import Testing

    @testable import TapDriver

    /// What is wrong is said in one line, and nothing hangs.
    @Suite(.serialized) struct IIORefusalTests {
        private func options(
            _ context: String, device: String = "fake-adc", channel: String = "voltage0",
            method: DeviceInfo.Method = .buffered, trigger: String? = nil,
            timeout: Nanoseconds = .seconds(5)
        ) -> IIOOptions {
            IIOOptions(
                name: "adc", context: context, device: device, deviceID: DeviceID(0),
                channels: [BoardChannel(name: "level", channel: channel, unit: "V")], method: method, trigger: trigger,
                timeout: timeout)
        }

        private func failure(_ options: IIOOptions) -> TapError? { capture(options) { _ in false }.failure }

        @Test func `garbage is no IIOD`() {
            for text in [
                "HTTP/1.1 400 Bad Request\r\n\r\n", "\0\u{1}\u{2}\n", "17\n", "0.25\n", "0.25.a\0b\n", "SSH-2.0-none",
            ] {
                let server = FakeIIOD(FakeIIOD.ADC(), .babbles(text))
                defer { server.stop() }
                let error = failure(options(server.uri))
                #expect(
                    error?.description
                        == "\(server.uri): the server at port \(server.port) is not IIOD: its answer is invalid; "
                        + "give the port of iiod")
            }
        }

        @Test func `silence is no answer`() {
            let server = FakeIIOD(FakeIIOD.ADC(), .silent)
            defer { server.stop() }
            let clock = SystemClock()
            let before = clock.now()
            let error = failure(options(server.uri, timeout: .milliseconds(300)))
            #expect(
                error?.description
                    == "\(server.uri): no answer within 0.3 s; check that 127.0.0.1 is up and runs iiod")
            #expect(clock.now() - before < .seconds(2))
        }

        @Test func `a remote that answers nothing but its version ends in time`() {
            let server = FakeIIOD(FakeIIOD.ADC(), .stuck)
            defer { server.stop() }
            let clock = SystemClock()
            let before = clock.now()
            let error = failure(options(server.uri, timeout: .milliseconds(100)))
            #expect(error?.kind == .device)
            #expect(error?.subject == server.uri)
            #expect(clock.now() - before < .seconds(8))
        }

        @Test func `whoever wishes to stop need not wait for a remote to open`() throws {
            let server = FakeIIOD(FakeIIOD.ADC(), .stuck)
            defer { server.stop() }
            let clock = SystemClock()
            let source = IIOSource(options(server.uri), clock: clock)
            let found = source.stopper
            let stopper = try #require(found)
            server.onStuck { stopper.stop() }
            let stage = CaptureStage(source, ringCapacity: 256, lines: 0..<0, devices: 0..<1)
            let before = clock.now()
            #expect(throws: TapError.self) { try stage.open(at: before) }
            #expect(clock.now() - before < .seconds(2))
        }

        @Test func `a port where nobody listens is no connection`() {
            let server = FakeIIOD()
            server.stop()
            let error = failure(options(server.uri))
            #expect(
                error?.description
                    == "\(server.uri): no connection: Connection refused; check that iiod runs on 127.0.0.1")
        }

        @Test func `what is not there is named with what is`() {
            let server = FakeIIOD()
            defer { server.stop() }
            #expect(
                failure(options(server.uri, device: "ad7606"))?.description
                    == "adc: \(server.uri) has no device ad7606; it has: fake-adc")
            #expect(
                failure(options(server.uri, channel: "voltage9"))?.description
                    == "adc.level: the device has no input voltage9; "
                    + "it has: voltage0, voltage1, voltage2, pressure, temp")
            #expect(
                failure(options(server.uri, trigger: "nope"))?.description
                    == "adc: there is no trigger nope; there are: fake-trigger")
        }

        @Test func `a channel that cannot be buffered says so`() {
            let server = FakeIIOD()
            defer { server.stop() }
            #expect(
                failure(options(server.uri, channel: "temp"))?.description
                    == "adc.temp: the channel is not scannable: the driver cannot put it into a buffer; "
                    + "read this ADC with 'how: polled'")
            #expect(
                failure(options(server.uri, channel: "pressure"))?.description
                    == "adc.pressure: samples of the form le:u24/24>>0 cannot be read; read this ADC with 'how: polled'"
            )
        }

        @Test func `a description captures nothing`() throws {
            let folder = ScratchFolder()
            let path = folder.write("context.xml", FakeIIOD.xml())
            #expect(
                failure(options("xml:\(path)"))?.description
                    == "adc: xml:\(path) only describes devices and cannot capture; use local: or ip:HOST")
        }

        @Test func `names that resolve to nothing`() {
            #expect(
                failure(options("ip:nowhere.invalid"))?.description
                    == "ip:nowhere.invalid: the host nowhere.invalid is not known; check its name")
            #expect(
                failure(options("carrier-pigeon:"))?.description
                    == "carrier-pigeon:: this libiio does not support such a context; write local:, or ip:HOST, or ip:HOST:PORT"
            )
        }

        @Test func `no host is no context`() {
            #expect(
                failure(options("ip:"))?.description
                    == "ip:: names no host: whichever machine answers would be believed, without a guard; "
                    + "write ip:HOST, or ip:HOST:PORT")
        }

        @Test(arguments: [("usb:1.2.3", 1), ("serial:/dev/ttyUSB0,115200", 1), ("ip:192.0.2.7", 0), ("local:", 0)])
        func `a context without a guard is a limit of the source`(context: String, count: Int) {
            let description = IIODescription(
                device: DeviceInfo(
                    id: DeviceID(0), name: "adc", method: .polled, isTimestamped: false, rate_hz: nil, bytesPerScan: 0,
                    channels: []),
                provenance: .remote, clock: ClockDomain(.monotonic), isForeignClock: false, isRateSure: false,
                bufferSpan: .zero, limits: [])
            let options = IIOOptions(
                name: "adc", context: context, device: "adc", deviceID: DeviceID(0), channels: [], method: .polled)
            let limits = SourceInfo(description, options).limits
            #expect(limits.count == count)
            #expect(
                limits.allSatisfy {
                    $0 == "no guard stands before \(context): what answers there is trusted with this process"
                })
        }

        @Test func `hosts are read as libiio reads them`() {
            #expect(IIOAddress("local:") == .local)
            #expect(IIOAddress("ip:") == .network(nil))
            #expect(IIOHost("gateway") == IIOHost(host: "gateway", port: "30431"))
            #expect(IIOHost("10.0.0.1:40000") == IIOHost(host: "10.0.0.1", port: "40000"))
            #expect(IIOHost("fe80::1") == IIOHost(host: "fe80::1", port: "30431"))
            #expect(IIOHost("[fe80::1]:9") == IIOHost(host: "fe80::1", port: "9"))
        }
    }

    extension IIOHost {
        init(host: String, port: String) {
            self.init(Substring(host))!
            self.host = host
            self.port = port
        }
    }
#endif
