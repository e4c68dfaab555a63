import TapConfig
import TapCore
import Testing

struct SiteDraftTests {
    private func tag(
        _ name: String, _ kind: SiteDraft.Tag.Kind, claims: Int = 3_600, changes: Int = 3_000,
        same: Nanoseconds = .seconds(10)
    ) -> SiteDraft.Tag {
        var tag = SiteDraft.Tag(name: name, kind: kind)
        (tag.claims, tag.changes, tag.longestSame) = (claims, changes, same)
        return tag
    }

    private func draft(_ tags: [SiteDraft.Tag]) -> SiteDraft {
        var source = SiteDraft.Source(name: "hmi")
        source.heardFor = .seconds(3_600)
        source.longestSilence = .seconds(1)
        source.tags = tags
        var draft = SiteDraft(name: "Well 7.yaml")
        draft.sources = [source]
        return draft
    }

    @Test func `what was heard is a site with silence, frozen values and repetition`() throws {
        let draft = draft([
            tag("LEVEL", .number(unit: "m")), tag("RUN", .bool), tag("MODE", .words(["off", "auto"])),
            tag("SET", .number(unit: "mm"), changes: 0, same: .seconds(3_600)),
        ])
        let site = try SiteFile.parse(draft.text, file: "s")
        #expect(site.name == "well-7-yaml")
        #expect(
            site.meanings.map(\.sentence) == [
                "hmi must not be silent for 3 polls.",
                "60 polls of LEVEL must not be, digit for digit, those of an earlier time of the last 24h: that is a replay.",
                "hmi must not make more than 1000 claims within 1s.",
                "There must never be hmi.LEVEL steady 1min.",
            ])
        #expect(site.sources[0].tags.map(\.kind) == [.number, .bool, .words(["off", "auto"]), .number])
        #expect(site.sources[0].tags[0].unit == "m")
    }

    @Test func `each line and channel is a signal that a rule watches`() throws {
        var draft = SiteDraft(name: "b")
        draft.lines = ["P1_CMD", "52A", "max", "hmi", "Pump+S.d", "on"].map { SiteDraft.Line(name: $0) }
        draft.channels = [
            SiteDraft.Channel(adc: "a", name: "LT", unit: "A"), SiteDraft.Channel(adc: "b", name: "LT", unit: "degC"),
        ]
        draft.sources = self.draft([tag("LEVEL", .number(unit: "m"))]).sources
        let site = try SiteFile.parse(draft.text, file: "s")
        #expect(site.signals.map(\.name) == ["P1_CMD", "X52A", "max_", "hmi_2", "Pump_S_d", "on", "LT", "LT_2"])
        #expect(
            site.signals.map(\.wire) == [
                .line("P1_CMD"), .line("52A"), .line("max"), .line("hmi"), .line("Pump+S.d"), .line("on"),
                .channel("a.LT"),
                .channel("b.LT"),
            ])
        #expect(site.signals.map(\.role) == Array(repeating: .unset, count: 6) + [.measurement, .measurement])
        #expect(site.unwatched.signals == [])
    }

    @Test func `what the board uses, does not have or has in an unknown unit stands in comments`() throws {
        var draft = SiteDraft(name: "b")
        draft.lines = [SiteDraft.Line(name: "GPIO2")]
        draft.lines[0].function = "I2C1 SDA"
        draft.channels = [
            SiteDraft.Channel(adc: "a", name: "LT", unit: "furlong"),
            SiteDraft.Channel(adc: "a", name: "FT", unit: "V"),
        ]
        draft.channels[1].isOptional = true
        #expect(try SiteFile.parse(draft.text, file: "s").signals == [])
        for words in ["the board uses it as I2C1 SDA", "its unit 'furlong'", "that a is fitted"] {
            #expect(draft.text.contains(words))
        }
    }

    @Test(arguments: [
        "", "a\nb: c", "on", "\u{202E}x", "it's \"#\" {", "Süd.Pumpe 1", String(repeating: "x", count: 300),
    ])
    func `whatever things are called, it is a site without a mistake`(name: String) throws {
        var draft = draft([
            tag(name, .number(unit: name)), tag("T", .number(unit: name)), tag("W", .words([name])), tag("C", .clock),
            tag("O", .other),
        ])
        draft.sources.append(SiteDraft.Source(name: name))
        draft.sources[1].tags = [tag("R", .bool)]
        draft.lines = [SiteDraft.Line(name: name), SiteDraft.Line(name: name)]
        draft.lines[0].note = name
        draft.channels = [SiteDraft.Channel(adc: "a", name: "max", unit: name)]
        draft.channels[0].note = name
        (draft.title, draft.board, draft.origins) = (name, "b.yaml", [name])
        _ = try SiteFile.parse(draft.text, file: "s")
    }

    @Test func `registers that were read are tags, and who wrote is said`() throws {
        var draft = draft([tag("R0", .number(unit: "")), tag("R7", .number(unit: ""))])
        for place in [0, 1] { draft.sources[0].tags[place].address = [0, 7][place] }
        draft.sources[0].server = SiteDraft.Source.Server(
            packets: "plant.pcapng", address: "10.0.0.5", port: 1502, unit: 3, function: 3)
        (draft.sources[0].writes, draft.sources[0].writers) = ([4...4, 11...14], ["10.0.0.9"])
        let source = try SiteFile.parse(draft.text, file: "s").sources[0]
        #expect(
            source.origin
                == .packets(of: "plant.pcapng", server: "10.0.0.5", port: 1_502, unit: 3, function: 3, socket: nil))
        #expect(source.tags.map { $0.register?.address } == [0, 7])
        #expect(source.writes == .addresses([4...4, 11...14]))
        #expect(draft.text.contains("Heard from 10.0.0.9."))
    }
}
