import TapConfig
import TapCore
import Testing

/// The signals and claims of a small site; a tag's map begins at 13:14.
private func site(tag: String = "{at: 0}", from: String = "{heard: BUS, unit: 1, function: 3}") -> String {
    """
    tap-site: 1
    name: door
    title: Door
    each: {P#: [P1, P2]}
    assets: {P1: Pump 1, P2: Pump 2}
    signals:
      P#_FB: {asset: P#, role: feedback, at: [X2:1, X2:11], settle: 20ms}
      BUS: {role: bus, uart: "19200,8e1"}
    claims:
      hmi:
        from: \(from)
        every: 1s
        late: 150ms
        tags: {
          TAG: \(tag)}
    """
}

struct SiteClaimTests {
    private func tag(_ text: String) throws -> SiteTag {
        try #require(try SiteFile.parse(site(tag: text), file: "s.yaml").sources[0].tags.first)
    }

    @Test func `an entry with a template stands once for each`() throws {
        let signals = try SiteFile.parse(site(), file: "s.yaml").signals
        #expect(signals.map(\.name) == ["P1_FB", "P2_FB", "BUS"])
        #expect(signals.map(\.terminal) == ["X2:1", "X2:11", ""])
        #expect(signals.map(\.asset) == ["P1", "P2", ""])
    }

    @Test func `a tag in registers says how a number becomes a value`() throws {
        let current = try tag("{at: 4, is: 10 mA}")
        #expect(current.register?.scale.value(20) == 200)
        #expect((current.unit, current.unitSize) == ("mA", 0.001))
        let level = try tag("{at: 0, words: 2, float: true, is: m}")
        #expect(level.register?.form == .float)
        let pressure = try tag("{at: 3, raw: 5530..27648 = 0..4 bar}")
        #expect(pressure.register?.scale.value(27_648) == 4)
        #expect((pressure.unit, pressure.unitSize) == ("bar", 100_000))
        let volume = try tag("{at: 6, words: 2, order: low-first, is: 0.1 m3}")
        #expect(volume.register?.order == .lowFirst)
        #expect(try tag("{at: 8, bit: 3}").register?.bits == 3...3)
        #expect(try tag("{at: 8, bit: 3}").kind == .bool)
        let mode = try tag("{at: 10, bits: 4..7, one-of: [auto, \"off\"]}")
        #expect(mode.kind == .words(["auto", "off"]))
        #expect(mode.register?.bits == 4...7)
    }

    @Test func `a tag may be about an asset of its own, if it is compared with something`() throws {
        #expect(
            siteMistakes(in: site(tag: "{at: 0, of: P1_FB, asset: pump}")) == [
                "s:15:38: asset 'pump' is not declared under assets: add it to assets, with what it is"
            ])
        #expect(
            siteMistakes(in: site(tag: "{at: 0, asset: P1}")) == [
                "s:15:20: key 'asset' is not allowed here, because the tag is compared with nothing: delete it"
            ])
    }

    @Test func `claims come from a bus, packets, polls, a file or whoever starts the watch`() throws {
        func origin(_ text: String, tag: String = "{at: 0}") throws -> SiteClaimSource.Origin {
            try SiteFile.parse(site(tag: tag, from: text), file: "s.yaml").sources[0].origin
        }
        #expect(try origin("{heard: BUS, unit: 1, function: 3}") == .heard(lines: ["BUS"], unit: 1, function: 3))
        #expect(
            try origin("{packets: eth1, server: 10.0.0.5, unit: 1}")
                == .packets(of: "eth1", server: "10.0.0.5", port: 502, unit: 1, function: nil, socket: nil))
        #expect(
            try origin("{packets: eth1, unit: 1, socket: /run/claims.sock}")
                == .packets(of: "eth1", server: nil, port: 502, unit: 1, function: nil, socket: "/run/claims.sock"))
        #expect(try origin("{socket: claims.sock}", tag: "{}") == .socket("claims.sock"))
        #expect(
            try origin("{poll: modbus-tcp, host: plc, port: 5020}")
                == .poll(host: "plc", port: 5020, unit: 1, function: 3))
        #expect(try origin("{file: claims.jsonl}", tag: "{}") == .file("claims.jsonl"))
        var broker = SiteBroker(host: "mq", port: 1_883)
        #expect(try origin("{broker: mq}", tag: "{topic: a}") == .broker(broker))
        (broker.port, broker.authorities, broker.login) = (8_883, "/ca.pem", "words")
        #expect(try origin("{broker: mq, cafile: /ca.pem, login: words}", tag: "{topic: a}") == .broker(broker))
    }

    @Test func `a tag of a broker is one topic's, a member's, or a metric's`() throws {
        func message(_ tag: String) throws -> SiteMessage? {
            try SiteFile.parse(site(tag: tag, from: "{broker: mq}"), file: "s.yaml").sources[0].tags.first?.message
        }
        #expect(try message("{topic: well/level, is: m}") == .topic("well/level", member: nil))
        #expect(try message("{topic: well/flow, member: value, is: m}") == .topic("well/flow", member: "value"))
        #expect(
            try message("{node: plant/edge/plc, metric: Inputs/Level, is: m}")
                == .metric("Inputs/Level", of: SparkplugNode(group: "plant", node: "edge", device: "plc")))
        #expect(
            siteMistakes(in: site(tag: "{is: m}", from: "{broker: mq}")) == [
                "s:15:12: tag TAG has no topic, and hmi is what a broker passes on: add 'topic: plant/level', or of Sparkplug "
                    + "B 'node: GROUP/NODE' and 'metric: NAME'"
            ])
        #expect(
            siteMistakes(in: site(tag: "{at: 0, topic: a}")) == [
                "s:15:20: key 'topic' is not allowed here, because no broker passes on what hmi says: delete it"
            ])
    }

    @Test func `mistakes in claims are all reported with their places`() {
        #expect(
            siteMistakes(
                in: site(tag: "{at: 0, words: 3, is: 1 furlong, hold: -3 polls, late: 5m, bit: 16, approved: 5}")) == [
                    "s:15:27: words is 3: write 1, 2 or 4",
                    "s:15:34: is 1 furlong: the unit 'furlong' is not known: write one of mm, m, m/s, l, m3, m3/h, kg, "
                        + "ms, s, min, h, mA, A, V, kW, bar, mbar, degC, %, Hz, rpm, or one over another as mm/s",
                    "s:15:51: hold -3 polls is no number of polls: write 0 to 100000 polls",
                    "s:15:67: late 5m is a length in metres, where a time is expected: write 5min for minutes",
                    "s:15:76: bit 16 is out of range: write 0 to 15",
                ])
        #expect(
            siteMistakes(in: site(tag: "{at: 0, one-of: [auto, off]}")) == [
                "s:15:35: a word of one-of is off, which many programs read as true or false: write \"off\""
            ])
        #expect(
            siteMistakes(in: site(from: "{heard: P1_FB, unit: 1}")) == [
                "s:11:19: heard 'P1_FB' is no bus: write 'role: bus' and 'uart: \"19200,8e1\"' at that signal"
            ])
        #expect(
            siteMistakes(in: site(from: "{heard: BUS, file: x, unit: 300}")) == [
                "s:11:11: from has two origins: write one of heard: LINE, packets: INTERFACE or FILE, "
                    + "poll: modbus-tcp, file: claims.jsonl, socket: claims.sock, broker: HOST"
            ])
        #expect(
            siteMistakes(in: site(from: "{socket: x, unit: 3}")) == [
                "s:11:23: key 'unit' is not allowed here, because claims come by name through a socket: delete it"
            ])
    }

    @Test func `a mistake in an entry that stands for several is reported once`() {
        let text = site().replacing("settle: 20ms", with: "settle: -20ms").replacing("asset: P#", with: "asset: Q#")
        #expect(
            siteMistakes(in: text) == [
                "s:7:18: asset 'Q#' is no name, which is letters, digits, _ and -, not beginning with -: "
                    + "write for example siren-sounds",
                "s:7:65: settle -20ms is negative: write a time above 0",
            ])
    }
}
