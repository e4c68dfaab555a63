import TapCore

/// One row of a picture.
struct PlotLane {
    enum Content {
        case digital(DigitalTrace)
        case analog(AnalogTrace)
        /// A claim that is true or false.
        case claimedLevel(DigitalTrace)
        case claimedValue(AnalogTrace)
        /// Words, each from its place on.
        case claimedText([(x: Double, text: String)])
    }

    let name: String
    let unit: String
    let content: Content
    /// In columns.
    let losses: [ClosedRange<Double>]

    init(_ name: String, unit: String = "", _ content: Content, losses: [ClosedRange<Double>] = []) {
        self.name = name
        self.unit = unit
        self.content = content
        self.losses = losses
    }

    var height: Double {
        switch content {
        case .digital: 26
        case .claimedLevel, .claimedText: 22
        case .analog, .claimedValue: 88
        }
    }

    static func content(of claims: [Plot.Claim], place: (Nanoseconds) -> Double) -> Content {
        switch claims.first?.value {
        case .number:
            var trace = AnalogTrace(columns: PlotWriter.columns)
            for claim in claims { if case .number(let value) = claim.value { trace.add(value, at: place(claim.time)) } }
            return .claimedValue(trace)
        case .text:
            var words: [(x: Double, text: String)] = []
            for claim in claims {
                guard case .text(let text) = claim.value, words.last?.text != text else { continue }
                words.append((place(claim.time), text))
            }
            return .claimedText(words)
        case .bool, nil:
            var trace = DigitalTrace(columns: PlotWriter.columns)
            for claim in claims { if case .bool(let isTrue) = claim.value { trace.set(isTrue, at: place(claim.time)) } }
            return .claimedLevel(trace)
        }
    }
}
