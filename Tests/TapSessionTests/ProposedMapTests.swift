import TapClaims
import TapConfig
import TapCore
import TapDecode
import TapSession
import TapSim
import Testing

/// An hour of the pump station, whose registers are known: sites/pump-station.yaml has them.
@Suite(.timeLimit(.minutes(5))) struct ProposedMapTests {
    private static let folder = #filePath.split(separator: "/").dropLast(3).reduce("") { $0 + "/" + $1 }

    /// Of each register of unit 1 that has a wire, by the tag's name in the site file: where it is, and its wires.
    private static let truth: [(tag: String, wires: [String: String])] = [
        ("LEVEL", ["0-1": "LT1"]), ("FLOW", ["2": "FT1"]), ("P1_CURRENT", ["4": "P1_I"]), ("P2_CURRENT", ["5": "P2_I"]),
        ("VOLUME", ["6": "FLOW_PULSE"]), ("P1_RUN", ["8.0": "P1_FB"]), ("P2_RUN", ["8.1": "P2_FB"]),
        ("P1_CMD", ["8.2": "P1_CMD"]), ("P2_CMD", ["8.3": "P2_CMD"]), ("SIREN", ["8.4": "SIREN"]),
        ("P1_MODE", ["10.0": "P1_AUTO", "10.1": "P1_HAND"]), ("P2_MODE", ["10.2": "P2_AUTO", "10.3": "P2_HAND"]),
        ("P1_STARTS", ["15": "P1_CMD"]), ("P2_STARTS", ["17": "P2_CMD"]),
    ]

    /// The station as it comes, with these events.
    private func scenario(_ events: String) throws -> Scenario {
        let path = "\(Self.folder)/scenarios/pump-station.yaml"
        let text = String(decoding: try SystemFile.bytes(path, atMost: 1 << 20), as: UTF8.self)
        let start = try #require(text.firstRange(of: "  events:\n"))
        let end = try #require(text.firstRange(of: "lines:\n"))
        return try ScenarioFile.parse(
            String(text[..<start.lowerBound]) + events + String(text[end.lowerBound...]), file: "station.yaml",
            plants: Plants.all)
    }

    private func proposal(_ events: String) throws -> MapProposal {
        var options = SessionOptions(version: "1")
        options.speed = .max
        options.duration = .seconds(3_600)
        let format = try UARTFormat("19200,8e1", subject: "RS485")
        let survey = MergedConsumer("map") { header in
            MapSurvey(header, bus: header.lines.filter { $0.name == "RS485" }, format)
        }
        _ = try SessionPlan(scenario(events), options: options).run([survey])
        return survey.withSink { survey in
            survey.finish(at: .zero)
            return survey.proposal()
        }
    }

    /// What of the truth was found, was found with others that fit as well first, and the sure ones that are wrong.
    private func judged(_ proposal: MapProposal) -> (
        right: [String], notMoved: [String], other: [String], wrong: [String]
    ) {
        let found = proposal.entries.filter { $0.unit == 1 && $0.wire != nil }
        func isRight(_ wires: [String: String]) -> Bool {
            wires.allSatisfy { place, wire in found.contains { $0.registers == place && $0.wire == wire } }
        }
        let places = Self.truth.reduce(into: [String: String]()) { all, row in
            all.merge(row.wires) { wire, _ in wire }
        }
        let wrong = found.filter { $0.verdict == .sure && places[$0.registers] != $0.wire }
        let right = Self.truth.filter { isRight($0.wires) }.map(\.tag)
        let notMoved = Self.truth.filter { row in
            !proposal.entries.contains {
                $0.unit == 1 && row.wires[$0.place] != nil && $0.verdict != .still
            }
        }.map(\.tag)
        let rest = Self.truth.map(\.tag).filter { !right.contains($0) && !notMoved.contains($0) }
        return (right, notMoved, rest, wrong.map { "\($0.registers) \($0.wire ?? "")" })
    }

    @Test
    func
        `of an hour in which each pump ran by hand once, 13 of 14 wired registers are right, and none is called sure that is wrong`()
        throws
    {
        let proposal = try proposal(
            """
              events:
                - {what: hand-mode, at: 10min, for: 3min, pump: 2}
                - {what: hand-mode, at: 35min, for: 3min, pump: 1}

            """)
        let judged = judged(proposal)
        #expect(judged.right == Self.truth.map(\.tag).filter { $0 != "SIREN" })
        #expect(judged.notMoved == ["SIREN"])
        #expect(judged.other.isEmpty)
        #expect(judged.wrong.isEmpty)
        let sure = proposal.entries.filter { $0.unit == 1 && $0.verdict == .sure }
        #expect(sure.map(\.registers) == ["0-1", "2", "4", "5", "6", "8.1"])
        // What a pressure without a wire follows is no wire.
        #expect(proposal.entries.first { $0.registers == "3" }?.verdict == .unexplained)
        #expect(try parsed(proposal).map(\.name) == ["plc1", "plc2"])
    }

    /// The proposed claims, in a site file with the wires of the capture.
    private func parsed(_ proposal: MapProposal) throws -> [SiteClaimSource] {
        var draft = SiteDraft(name: "station")
        try draft.add(board: "\(Self.folder)/scenarios/pump-station.yaml", plants: Plants.all)
        let text = draft.text.replacing(
            "RS485: {asset: plant, role: unset}", with: "RS485: {asset: plant, role: bus, uart: \"19200,8e1\"}")
        return try SiteFile.parse(text + proposal.site, file: "site.yaml").sources
    }

    @Test
    func `of an ordinary hour none is called sure that is wrong, and where two wires move at one time both are named`()
        throws
    {
        let proposal = try proposal("")
        let judged = judged(proposal)
        #expect(judged.wrong.isEmpty)
        #expect(judged.right.prefix(5) == ["LEVEL", "FLOW", "P1_CURRENT", "P2_CURRENT", "VOLUME"])
        #expect(judged.notMoved == ["SIREN", "P1_MODE", "P2_MODE"])
        for place in ["8.0", "8.1", "8.2", "8.3"] {
            let entry = try #require(proposal.entries.first { $0.registers == place })
            let pump = place == "8.0" || place == "8.2" ? "P1" : "P2"
            #expect(entry.verdict == .probable)
            #expect(Set(entry.rivals + [entry.wire ?? ""]) == ["\(pump)_CMD", "\(pump)_FB"])
        }
    }
}

extension MapProposal.Entry {
    /// A counter that stepped once may be listed as its lowest bit, which holds no tag of its own.
    fileprivate var place: String { address > 10 ? "\(address)" : registers }
}
