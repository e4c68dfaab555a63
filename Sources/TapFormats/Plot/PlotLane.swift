import TapCore

/// One row of a picture: a signal with the claims that speak of it, or claims alone.
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

    /// A claim over the signal that it speaks of.
    struct Overlay {
        var name: String
        var content: Content
        /// Brings its numbers to the lane's unit.
        var factor = 1.0
        var isLimit = false
    }

    let name: String
    /// Of its axis.
    var unit: String
    let content: Content
    /// In columns.
    let losses: [ClosedRange<Double>]
    /// Brings the signal's values to the lane's unit.
    var factor = 1.0
    var offset = 0.0
    /// A current of 4 to 20 mA.
    var isLoop = false
    var overlays: [Overlay] = []

    init(_ name: String, unit: String = "", _ content: Content, losses: [ClosedRange<Double>] = []) {
        self.name = name
        self.unit = unit
        self.content = content
        self.losses = losses
    }

    /// Those whose names stand beside the lane.
    var claims: [Overlay] { overlays.filter { !$0.isLimit } }

    var height: Double {
        let rows = Double(1 + claims.count + (unit.isEmpty ? 0 : 1))
        return switch content {
        case .digital: max(26, 15 * rows)
        case .claimedLevel, .claimedText: 22
        case .analog, .claimedValue: overlays.isEmpty && loopLimits.isEmpty ? 88 : max(118, 15 * rows)
        }
    }

    var hasAxis: Bool {
        switch content {
        case .analog, .claimedValue: true
        case .digital, .claimedLevel, .claimedText: false
        }
    }

    var isClaim: Bool {
        switch content {
        case .claimedLevel, .claimedValue, .claimedText: true
        case .digital, .analog: false
        }
    }

    /// The least and the greatest of what it shows, in its unit; nil: nothing.
    var range: ClosedRange<Double>? {
        func range(_ content: Content, _ factor: Double, _ offset: Double) -> ClosedRange<Double>? {
            switch content {
            case .analog(let trace), .claimedValue(let trace):
                guard trace.low <= trace.high else { return nil }
                let (one, other) = (trace.low * factor + offset, trace.high * factor + offset)
                return min(one, other)...max(one, other)
            case .digital, .claimedLevel, .claimedText: return nil
            }
        }
        let ranges = [range(content, factor, offset)] + overlays.map { range($0.content, $0.factor, 0) }
        let known = ranges.compactMap { $0 }
        guard let low = known.map(\.lowerBound).min(), let high = known.map(\.upperBound).max() else { return nil }
        return low...high
    }

    /// NAMUR NE 43: the ends of measurement, and where a transmitter's failure begins. Those that are shown lie within
    /// reach of the signal.
    var loopLimits: [(value: Double, text: String)] {
        guard isLoop, case .analog(let trace) = content, trace.low <= trace.high else { return [] }
        return [(0.0036, "3.6 mA"), (0.0038, "3.8 mA"), (0.0205, "20.5 mA"), (0.021, "21 mA")]
            .filter { $0.0 < 0.01 ? trace.low < 0.00395 : trace.high > 0.02005 }
            .map { ($0.0 * factor + offset, $0.1) }
    }

    /// What brings its values to numbers that are easy to read, and the factor for it.
    var prefix: (text: String, scale: Double) {
        guard ["V", "A", "W", "Hz", "Pa", "s", "Ohm", "F", "H", "N", "J"].contains(unit), let range else {
            return ("", 1)
        }
        return switch max(range.lowerBound.magnitude, range.upperBound.magnitude) {
        case 1e6...: ("M", 1e-6)
        case 1e4..<1e6: ("k", 1e-3)
        case 1e-4..<0.1: ("m", 1e3)
        case 1e-9..<1e-4: ("u", 1e6)
        default: ("", 1)
        }
    }

    /// What it is all the time, in words; nil: it changes, something is lost, or it is a channel's.
    var constant: String? {
        guard losses.isEmpty, let word = PlotLane.constant(content) else { return nil }
        guard overlays.allSatisfy({ PlotLane.constant($0.content) == word }) else { return nil }
        return "\(name) \(word)" + (isClaim && !unit.isEmpty ? " \(unit)" : "")
    }

    private static func constant(_ content: Content) -> String? {
        switch content {
        case .digital(let trace), .claimedLevel(let trace):
            guard trace.changes.isEmpty || trace.first == nil && trace.changes.count == 1 else { return nil }
            return trace.isHigh.map { $0 ? "1" : "0" } ?? "unknown"
        case .claimedValue(let trace): return trace.low == trace.high ? Words.digits(trace.low, 6) : nil
        case .claimedText(let words): return words.count == 1 ? words[0].text : nil
        case .analog: return nil
        }
    }
}
